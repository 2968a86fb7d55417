mod doubt;
mod law;
mod split;

use super::*;
use crate::id::ManifestId;
use crate::limits::{MAX_SHARE_DEPTH, MAX_SHARES};
use crate::rights::Duty;

fn manifest(seed: u8) -> ManifestId {
    ManifestId::from_bytes([seed; 32])
}

fn licence(seed: u8) -> StatementId {
    StatementId::from_bytes([seed; 32])
}

/// A duty of the licence of this number, for the dataset of the same number.
fn due(seed: u8, duty: Duty) -> DutyDue {
    DutyDue::new(duty, manifest(seed), licence(seed))
}

fn share(seed: u8, payee: &str, basis_points: u64) -> DutyDue {
    due(seed, Duty::revenue_share(payee, basis_points))
}

fn nested(seed: u8, payee: &str, basis_points: u64, of: &str) -> DutyDue {
    due(seed, Duty { of: Some(of.into()), ..Duty::revenue_share(payee, basis_points) })
}

/// A share with a floor and a ceiling in a currency.
fn limited(seed: u8, points: u64, limits: [Option<u64>; 2], currency: &str) -> DutyDue {
    let [floor, ceiling] = limits;
    let currency = Some(currency.to_owned());
    due(seed, Duty { floor, ceiling, currency, ..Duty::revenue_share("a", points) })
}

fn yuan(amount: u64) -> Sharing {
    Sharing::new(amount, "CNY")
}

/// The sum is checked wherever anything is shared.
#[track_caller]
fn allocated(sharing: &Sharing, duties: &[DutyDue]) -> Allocation {
    let shares = sharing.allocate(duties).unwrap();
    assert_eq!(sum(&shares), u128::from(shares.amount), "{shares:#?}");
    shares
}

fn sum(shares: &Allocation) -> u128 {
    let lines = shares.lines.iter().map(|line| u128::from(line.amount));
    let withheld = shares.withheld.iter().map(|one| u128::from(one.amount));
    lines.chain(withheld).sum::<u128>() + u128::from(shares.retained)
}

/// Everything is determined, and each gets this.
#[track_caller]
fn gives(sharing: &Sharing, duties: &[DutyDue], totals: &[(&str, u64)]) -> Allocation {
    let shares = allocated(sharing, duties);
    assert_eq!(shares.withheld, []);
    assert_eq!(shares.totals(), totals.iter().copied().collect());
    shares
}

#[test]
fn two_payees_get_their_shares_of_the_whole() {
    // Case 36: 10 % and 5 % stack.
    let duties = [share(1, "a", 1_000), share(2, "b", 500)];
    let shares = gives(&yuan(1_000_000), &duties, &[("a", 100_000), ("b", 50_000)]);
    assert_eq!(shares.retained, 850_000);
    let [a, b] = shares.lines.as_slice() else { panic!("{shares:#?}") };
    assert_eq!(
        *a,
        Line {
            payee: "a".into(),
            amount: 100_000,
            share: 100_000,
            of: None,
            base: 1_000_000,
            basis_points: 1_000,
            by: Entitlement::Duty { manifest: manifest(1), licence: licence(1) },
            limit: None,
            rounding: Rounding::Exact,
        }
    );
    assert_eq!(b.by, Entitlement::Duty { manifest: manifest(2), licence: licence(2) });
}

#[test]
fn nothing_owed_leaves_everything() {
    let attribute = due(1, Duty::new(DutyKind::Attribute));
    assert_eq!(gives(&yuan(77), &[attribute], &[]).retained, 77);
    assert_eq!(gives(&yuan(77), &[share(1, "a", 0)], &[("a", 0)]).retained, 77);
}

#[test]
fn a_ceiling_is_the_most() {
    let most = |most| [limited(1, 1_000, [None, Some(most)], "CNY")];
    let shares = gives(&yuan(1_000), &most(99), &[("a", 99)]);
    assert_eq!((shares.retained, shares.lines[0].limit), (901, Some(Limit::Ceiling(99))));
    let shares = gives(&yuan(1_000), &most(100), &[("a", 100)]);
    assert_eq!(shares.lines[0].limit, None);
    assert_eq!(gives(&yuan(1_000), &most(0), &[("a", 0)]).retained, 1_000);
}

#[test]
fn a_floor_is_the_least() {
    let least = |least| [limited(1, 1_000, [Some(least), None], "CNY")];
    let shares = gives(&yuan(1_000), &least(101), &[("a", 101)]);
    assert_eq!((shares.retained, shares.lines[0].limit), (899, Some(Limit::Floor(101))));
    let shares = gives(&yuan(1_000), &least(100), &[("a", 100)]);
    assert_eq!(shares.lines[0].limit, None);
    assert_eq!(gives(&yuan(1_000), &least(1_000), &[("a", 1_000)]).retained, 0);
}

#[test]
fn shares_above_the_whole_fit_where_ceilings_make_them() {
    let duties = [limited(1, 6_000, [None, Some(400)], "CNY"), share(2, "b", 6_000)];
    assert_eq!(gives(&yuan(1_000), &duties, &[("a", 400), ("b", 600)]).retained, 0);
}

#[test]
fn who_shares_in_receipts_takes_from_the_payee() {
    let duties = [share(1, "c", 2_000), nested(2, "b", 1_000, "c"), nested(3, "a", 5_000, "b")];
    let sharing = yuan(1_000).bound("c", licence(2)).bound("b", licence(3));
    let shares = gives(&sharing, &duties, &[("a", 10), ("b", 10), ("c", 180)]);
    assert_eq!(shares.retained, 800);
    let lines: Vec<_> =
        shares.lines.iter().map(|l| (&*l.payee, l.base, l.share, l.amount)).collect();
    assert_eq!(lines, [("c", 1_000, 200, 180), ("b", 200, 20, 10), ("a", 20, 10, 10)]);
    let of: Vec<Option<&str>> = shares.lines.iter().map(|line| line.of.as_deref()).collect();
    assert_eq!(of, [None, Some("c"), Some("b")]);
}

#[test]
fn receipts_on_every_way_are_added_up_before_others_share_in_them() {
    let duties = [share(1, "c", 3_000), share(2, "c", 2_000), nested(3, "b", 1_000, "c")];
    let shares = gives(&yuan(1_000).bound("c", licence(3)), &duties, &[("b", 50), ("c", 450)]);
    let kept: Vec<_> = shares.lines.iter().map(|l| (&*l.payee, l.share, l.amount)).collect();
    assert_eq!(kept, [("c", 300, 270), ("c", 200, 180), ("b", 50, 50)]);
}

#[test]
fn a_payee_gets_a_share_for_each_dataset_and_each_duty_once() {
    let again = DutyDue::new(Duty::revenue_share("a", 1_000), manifest(2), licence(1));
    let duties = [share(1, "a", 1_000), again, share(1, "a", 1_000)];
    assert_eq!(gives(&yuan(1_000), &duties, &[("a", 200)]).lines.len(), 2);
}

#[test]
fn joint_claimants_split_by_their_shares() {
    let title = licence(9).to_string();
    let duties = [share(1, &title, 1_000)];
    let joint = yuan(1_000).claimants(licence(9), [("y", Some(4_000)), ("x", Some(6_000))]);
    let shares = gives(&joint, &duties, &[("x", 60), ("y", 40)]);
    assert_eq!((shares.lines[0].payee.as_str(), shares.lines[0].amount), (title.as_str(), 0));
    assert_eq!(shares.lines[1].by, Entitlement::Title(licence(9)));
    assert_eq!((shares.lines[1].base, shares.lines[1].basis_points), (100, 6_000));
}

#[test]
fn thirds_leave_a_unit_to_the_largest_remainder() {
    let duties = [share(1, &licence(9).to_string(), 10_000)];
    let thirds = [("x", Some(3_333)), ("y", Some(3_333)), ("z", Some(3_334))];
    let shares = gives(
        &yuan(100).claimants(licence(9), thirds),
        &duties,
        &[("x", 33), ("y", 33), ("z", 34)],
    );
    let rounding: Vec<Rounding> = shares.lines.iter().skip(1).map(|line| line.rounding).collect();
    assert_eq!(rounding, [Rounding::Down, Rounding::Down, Rounding::Up]);
}

#[test]
fn of_equal_remainders_the_first_payee_and_then_the_first_licence_goes_up() {
    let by_payee = [share(1, "b", 5_000), share(2, "a", 5_000)];
    gives(&yuan(3), &by_payee, &[("a", 2), ("b", 1)]);
    // A duty with a ceiling sorts after one without; what counts is the licence.
    let by_licence = [share(2, "a", 5_000), limited(1, 5_000, [None, Some(3)], "CNY")];
    let shares = gives(&yuan(3), &by_licence, &[("a", 3)]);
    let lines: Vec<_> = shares.lines.iter().map(|line| (line.by, line.amount)).collect();
    let by = |seed| Entitlement::Duty { manifest: manifest(seed), licence: licence(seed) };
    assert_eq!(lines, [(by(1), 2), (by(2), 1)]);
    let joint = [("y", Some(5_000)), ("x", Some(5_000))];
    let title = [share(1, &licence(9).to_string(), 10_000)];
    gives(&yuan(3).claimants(licence(9), joint), &title, &[("x", 2), ("y", 1)]);
}

#[test]
fn a_sole_claimant_needs_no_share() {
    let duties = [share(1, &licence(9).to_string(), 1_000)];
    gives(&yuan(1_000).claimants(licence(9), [("x", None)]), &duties, &[("x", 100)]);
    gives(&yuan(1_000).claimants(licence(9), [("x", Some(10_000))]), &duties, &[("x", 100)]);
}

#[test]
fn a_claimant_named_twice_holds_the_sum() {
    let duties = [share(1, &licence(9).to_string(), 1_000)];
    let twice = [("x", Some(2_000)), ("y", Some(5_000)), ("x", Some(3_000))];
    gives(&yuan(1_000).claimants(licence(9), twice), &duties, &[("x", 50), ("y", 50)]);
    gives(&yuan(1_000).claimants(licence(9), [("x", None), ("x", None)]), &duties, &[("x", 100)]);
}

#[test]
fn whoever_shares_in_a_title_comes_before_its_claimants() {
    let title = licence(9).to_string();
    let duties = [share(1, &title, 1_000), nested(2, "a", 1_000, &title), share(3, "x", 500)];
    let sharing = yuan(1_000)
        .claimants(licence(9), [("x", Some(5_000)), ("y", Some(5_000))])
        .bound(&title, licence(2));
    let shares = gives(&sharing, &duties, &[("a", 10), ("x", 45 + 50), ("y", 45)]);
    // The claimant receives on two ways, by title and by duty.
    assert_eq!(shares.lines.iter().filter(|line| line.payee == "x").count(), 2);
}

#[test]
fn a_title_can_be_held_by_title() {
    let duties = [share(1, &licence(9).to_string(), 1_000)];
    let sharing = yuan(1_000)
        .claimants(licence(9), [(licence(8).to_string(), None)])
        .claimants(licence(8), [("x", None)]);
    gives(&sharing, &duties, &[("x", 100)]);
}

#[test]
fn a_pool_is_a_share_of_the_whole_and_lessens_no_other() {
    let duties = [share(1, "a", 1_000)];
    let pooled = yuan(1_000).pool("pool", 200).pool("pool", 100);
    let shares = gives(&pooled, &duties, &[("a", 100), ("pool", 30)]);
    assert_eq!(shares.retained, 870);
    assert_eq!(shares.lines[1].by, Entitlement::Pool);
    let sharing = yuan(1_000).pool("pool", 200).bound("pool", licence(2));
    gives(&sharing, &[nested(2, "a", 5_000, "pool")], &[("a", 10), ("pool", 10)]);
}

#[test]
fn payments_were_made_before_and_take_nothing() {
    let pay = Duty {
        payee: Some("a".into()),
        amount: Some(5_000),
        currency: Some("USD".into()),
        ..Duty::new(DutyKind::Pay)
    };
    let pay = due(1, pay);
    let shares = gives(&yuan(1_000), &[pay.clone(), share(2, "a", 1_000)], &[("a", 100)]);
    assert_eq!(shares.settled, [pay]);
}

#[test]
fn nothing_and_everything_can_be_shared() {
    let duties = [share(1, "a", 5_000), share(2, "b", 5_000)];
    assert_eq!(gives(&yuan(0), &duties, &[("a", 0), ("b", 0)]).retained, 0);
    let half = u64::MAX / 2;
    gives(&yuan(u64::MAX), &duties, &[("a", half + 1), ("b", half)]);
    gives(&yuan(u64::MAX), &[share(1, "a", 10_000)], &[("a", u64::MAX)]);
    let duties = [share(1, "a", 10_000), nested(2, "b", 10_000, "a")];
    let sharing = yuan(u64::MAX).bound("a", licence(2));
    gives(&sharing, &duties, &[("a", 0), ("b", u64::MAX)]);
}

#[test]
fn only_a_permit_is_shared() {
    let deny = Verdict::Deny { reasons: Vec::new() };
    let unknown = Verdict::Unknown { missing: Vec::new() };
    for (verdict, word) in [(deny, "deny"), (unknown, "unknown")] {
        let refused = SharingError::NotPermitted { verdict: word };
        assert_eq!(yuan(1).of_verdict(&verdict), Err(refused));
    }
    let permit = Verdict::Permit {
        duties: vec![share(1, "a", 1_000)],
        status_as_of: None,
        stale_status_relied_on: BTreeSet::new(),
        profile: crate::rights::Profile::Strict,
    };
    assert_eq!(yuan(10).of_verdict(&permit), yuan(10).allocate(permit.duties()));
}

#[test]
fn receipts_are_shared_only_so_often_in_a_row() {
    let chain = |length: usize| {
        let mut duties = vec![share(0, "0", 10_000)];
        let mut sharing = yuan(7);
        for number in 1..length {
            let seed = u8::try_from(number).unwrap();
            let before = (number - 1).to_string();
            duties.push(nested(seed, &number.to_string(), 10_000, &before));
            sharing = sharing.bound(before, licence(seed));
        }
        sharing.allocate(&duties)
    };
    let last = (MAX_SHARE_DEPTH - 1).to_string();
    assert_eq!(chain(MAX_SHARE_DEPTH).unwrap().totals()[&*last], 7);
    let refused = Err(SharingError::TooDeep { limit: MAX_SHARE_DEPTH });
    assert_eq!(chain(MAX_SHARE_DEPTH + 1), refused);
}

#[test]
fn there_are_only_so_many_shares() {
    let mut sharing = yuan(7);
    sharing.pools = vec![("a".to_owned(), 0); MAX_SHARES + 1];
    let refused = SharingError::TooManyShares { found: MAX_SHARES + 1, limit: MAX_SHARES };
    assert_eq!(sharing.allocate(&[]), Err(refused));
    // Claimants count as well.
    sharing.pools.truncate(MAX_SHARES - 1);
    let sharing = sharing.claimants(licence(9), [("x", Some(5_000)), ("y", Some(5_000))]);
    assert_eq!(
        sharing.allocate(&[share(1, &licence(9).to_string(), 1)]),
        Err(SharingError::TooManyShares { found: MAX_SHARES + 2, limit: MAX_SHARES })
    );
}
