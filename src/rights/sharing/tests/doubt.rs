//! What is withheld, and that nobody else gets it.

use super::*;

/// Reason, of whose receipts, who asks, and how much.
type Entry<'a> = (WithheldReason, Option<&'a str>, Option<&'a str>, u64);

#[track_caller]
fn withholds(sharing: &Sharing, duties: &[DutyDue], entries: &[Entry<'_>]) -> Allocation {
    let shares = allocated(sharing, duties);
    let found: Vec<Entry<'_>> = shares
        .withheld
        .iter()
        .map(|one| (one.reason, one.of.as_deref(), one.payee.as_deref(), one.amount))
        .collect();
    assert_eq!(found, entries);
    assert!(!shares.is_determined());
    shares
}

#[test]
fn shares_above_the_whole_are_all_withheld() {
    use WithheldReason::Exceeds;
    let duties = [share(1, "a", 6_000), share(2, "b", 5_000)];
    let entries = [
        (Exceeds, None, None, 1_000),
        (Exceeds, None, Some("a"), 0),
        (Exceeds, None, Some("b"), 0),
    ];
    let shares = withholds(&yuan(1_000), &duties, &entries);
    assert_eq!((shares.lines.len(), shares.retained), (0, 0));
    assert_eq!(shares.withheld[0].owed, Some(1_100));
    assert_eq!(shares.withheld[1].due.as_ref(), Some(&duties[0]));
    assert_eq!(shares.withheld_total(), 1_000);
}

#[test]
fn a_floor_above_the_whole_withholds_it() {
    let duties = [limited(1, 100, [Some(1_001), None], "CNY")];
    let entries = [
        (WithheldReason::Exceeds, None, None, 1_000),
        (WithheldReason::Exceeds, None, Some("a"), 0),
    ];
    assert_eq!(withholds(&yuan(1_000), &duties, &entries).withheld[0].owed, Some(1_001));
    let entries = entries.map(|(reason, of, payee, _)| (reason, of, payee, 0));
    withholds(&yuan(0), &duties, &entries);
}

#[test]
fn too_much_of_one_payees_receipts_leaves_the_others_theirs() {
    use WithheldReason::Exceeds;
    let duties = [
        share(1, "c", 1_000),
        share(2, "d", 1_000),
        nested(3, "a", 6_000, "c"),
        nested(4, "b", 6_000, "c"),
    ];
    let sharing = yuan(1_000).bound("c", licence(3)).bound("c", licence(4));
    let entries = [
        (Exceeds, Some("c"), None, 100),
        (Exceeds, Some("c"), Some("a"), 0),
        (Exceeds, Some("c"), Some("b"), 0),
    ];
    let shares = withholds(&sharing, &duties, &entries);
    assert_eq!((shares.totals()["d"], shares.totals()["c"], shares.retained), (100, 0, 800));
    assert_eq!(shares.lines[0].share, 100);
}

#[test]
fn a_ceiling_in_another_currency_withholds_the_share() {
    // A floor of nothing is none.
    for limits in [[None, Some(1)], [Some(0), Some(1)], [Some(0), None]] {
        let duties = [limited(1, 1_000, limits, "USD"), share(2, "b", 1_000)];
        let entries = [(WithheldReason::Currency, None, Some("a"), 100)];
        let shares = withholds(&yuan(1_000), &duties, &entries);
        assert_eq!((shares.totals()["b"], shares.retained), (100, 800));
    }
}

/// It may be more than there is.
#[test]
fn a_floor_in_another_currency_withholds_all_that_it_is_of() {
    use WithheldReason::Currency;
    for limits in [[Some(1), None], [Some(1), Some(2)]] {
        let foreign = limited(1, 1_000, limits, "USD");
        let entries = [
            (Currency, None, None, 1_000),
            (Currency, None, Some("a"), 0),
            (Currency, None, Some("b"), 0),
        ];
        let duties = [foreign.clone(), share(2, "b", 1_000)];
        let shares = withholds(&yuan(1_000), &duties, &entries);
        assert_eq!((shares.totals(), shares.retained), ([].into(), 0));
        // Of what one payee receives, nothing is withheld from others.
        let of_b = due(1, Duty { of: Some("b".into()), ..foreign.duty });
        let duties = [of_b, share(2, "b", 1_000), share(3, "c", 1_000)];
        let entries = [(Currency, Some("b"), None, 100), (Currency, Some("b"), Some("a"), 0)];
        let shares = withholds(&yuan(1_000).bound("b", licence(1)), &duties, &entries);
        assert_eq!((shares.totals(), shares.retained), ([("b", 0), ("c", 100)].into(), 800));
    }
}

#[test]
fn whoever_shares_in_what_is_withheld_waits_with_its_payee() {
    use WithheldReason::{Base, Currency};
    // `a` receives 100 for certain, and 100 or less.
    let duties =
        [limited(1, 1_000, [None, Some(1)], "USD"), share(2, "a", 1_000), nested(3, "b", 500, "a")];
    let entries = [
        (Currency, None, Some("a"), 100),
        (Base, Some("a"), None, 100),
        (Base, Some("a"), Some("b"), 0),
    ];
    let shares = withholds(&yuan(1_000).bound("a", licence(3)), &duties, &entries);
    assert_eq!((shares.totals()["a"], shares.retained), (0, 800));
    // With nobody to share in it, what is certain is his.
    let shares = withholds(&yuan(1_000), &duties[..2], &entries[..1]);
    assert_eq!(shares.totals()["a"], 100);
}

#[test]
fn claimants_wait_for_whoever_shares_in_their_title() {
    let title = licence(9).to_string();
    let of = Some(title.as_str());
    let sharing = yuan(1_000)
        .claimants(licence(9), [("x", None)])
        .bound(&title, licence(2))
        .bound("x", licence(3));
    let duties = [
        share(1, &title, 1_000),
        due(2, Duty { of: Some(title.clone()), ..limited(2, 100, [None, Some(1)], "USD").duty }),
        nested(3, "b", 5_000, "x"),
    ];
    let entries = [(WithheldReason::Currency, of, Some("a"), 1)];
    let shares = withholds(&sharing, &duties, &entries);
    assert_eq!((shares.totals()["x"], shares.totals()["b"]), (49, 50));
}

#[test]
fn a_title_in_doubt_leaves_its_claimants_in_doubt() {
    use WithheldReason::{Base, Currency};
    let title = licence(9).to_string();
    let foreign =
        Duty { payee: Some(title.clone()), ..limited(1, 1_000, [None, Some(1)], "USD").duty };
    let duties = [due(1, foreign), share(2, &title, 1_000), nested(3, "b", 5_000, "x")];
    let sharing = yuan(1_000)
        .claimants(licence(9), [("x", Some(5_000)), ("y", Some(5_000))])
        .bound("x", licence(3));
    let entries = [
        (Currency, None, Some(title.as_str()), 100),
        (Base, Some("x"), None, 50),
        (Base, Some("x"), Some("b"), 0),
    ];
    let shares = withholds(&sharing, &duties, &entries);
    assert_eq!(shares.totals()["y"], 50);
}

#[test]
fn payees_who_share_in_each_others_receipts_all_wait() {
    use WithheldReason::{Base, Cycle};
    let duties = [
        share(1, "a", 1_000),
        nested(2, "a", 1_000, "b"),
        nested(3, "b", 1_000, "a"),
        nested(4, "c", 1_000, "b"),
        nested(5, "d", 1_000, "c"),
        share(6, "e", 1_000),
    ];
    let bonds = [("b", 2), ("a", 3), ("b", 4), ("c", 5)];
    let sharing = bonds.iter().fold(yuan(1_000), |all, (who, by)| all.bound(*who, licence(*by)));
    let entries = [
        (Cycle, Some("a"), None, 100),
        (Cycle, Some("a"), Some("b"), 0),
        (Cycle, Some("b"), Some("a"), 0),
        (Cycle, Some("b"), Some("c"), 0),
        (Base, Some("c"), Some("d"), 0),
    ];
    let shares = withholds(&sharing, &duties, &entries);
    assert_eq!((shares.totals()["a"], shares.totals()["e"], shares.retained), (0, 100, 800));
}

#[test]
fn a_claimant_who_shares_in_his_title_waits() {
    let title = licence(9).to_string();
    let duties = [share(1, &title, 1_000), nested(2, &title, 1_000, "x")];
    let sharing = yuan(1_000).claimants(licence(9), [("x", None)]).bound("x", licence(2));
    let entries = [
        (WithheldReason::Cycle, Some(title.as_str()), None, 100),
        (WithheldReason::Cycle, Some("x"), Some(title.as_str()), 0),
    ];
    withholds(&sharing, &duties, &entries);
}

#[test]
fn nobody_shares_in_the_receipts_of_who_receives_nothing() {
    use WithheldReason::{Base, NobodyReceives};
    let duties = [nested(1, "a", 1_000, "z"), nested(2, "b", 1_000, "a")];
    let sharing = yuan(1_000).bound("z", licence(1)).bound("a", licence(2));
    let entries = [(Base, Some("a"), Some("b"), 0), (NobodyReceives, Some("z"), Some("a"), 0)];
    assert_eq!(withholds(&sharing, &duties, &entries).retained, 1_000);
}

#[test]
fn a_licence_takes_nothing_from_who_is_not_bound_by_it() {
    let duties = [share(1, "a", 1_000), nested(2, "onlooker", 10_000, "a")];
    let entries = [(WithheldReason::NotBound, Some("a"), Some("onlooker"), 0)];
    for sharing in [yuan(1_000), yuan(1_000).bound("a", licence(1)).bound("onlooker", licence(2))] {
        let shares = withholds(&sharing, &duties, &entries);
        assert_eq!((shares.totals()["a"], shares.retained), (100, 900));
    }
    gives(&yuan(1_000).bound("a", licence(2)), &duties, &[("a", 0), ("onlooker", 100)]);
}

#[test]
fn a_share_that_is_withheld_leaves_its_payee_in_doubt() {
    let duties =
        [share(1, "a", 1_000), nested(2, "b", 1_000, "a"), nested(3, "a", 1_000, "stranger")];
    let entries = [
        (WithheldReason::Base, Some("a"), None, 100),
        (WithheldReason::Base, Some("a"), Some("b"), 0),
        (WithheldReason::NotBound, Some("stranger"), Some("a"), 0),
    ];
    withholds(&yuan(1_000).bound("a", licence(2)), &duties, &entries);
}

#[test]
fn unknown_claimants_get_nothing_and_lose_nothing() {
    let title = licence(9).to_string();
    let of = Some(title.as_str());
    let duties = [share(1, &title, 1_000)];
    let entries = [(WithheldReason::Claimants, of, None, 100)];
    for sharing in [yuan(1_000), yuan(1_000).claimants(licence(9), [("x", None); 0])] {
        let shares = withholds(&sharing, &duties, &entries);
        assert_eq!((shares.lines[0].share, shares.lines[0].amount), (100, 0));
        assert_eq!((shares.totals().len(), shares.retained), (0, 900));
    }
}

#[test]
fn shares_of_claimants_are_not_made_up() {
    let title = licence(9).to_string();
    let entries = [(WithheldReason::Shares, Some(title.as_str()), None, 100)];
    let duties = [share(1, &title, 1_000)];
    let shares: [&[(&str, Option<u64>)]; 6] = [
        &[("x", None), ("y", None)],
        &[("x", Some(5_000)), ("y", None)],
        &[("x", Some(5_000)), ("y", Some(4_999))],
        &[("x", Some(5_000)), ("y", Some(5_001))],
        &[("x", Some(9_999))],
        &[("x", Some(u64::MAX)), ("y", Some(10_001))],
    ];
    for claimants in shares {
        let sharing = yuan(1_000).claimants(licence(9), claimants.iter().copied());
        assert_eq!(withholds(&sharing, &duties, &entries).retained, 900);
    }
}

#[test]
fn a_duty_without_what_it_needs_is_withheld() {
    let whole = share(1, "a", 1_000);
    let broken = [
        Duty { basis_points: None, ..whole.duty.clone() },
        Duty { basis_points: Some(10_001), ..whole.duty.clone() },
        Duty { of: Some("a".into()), ..whole.duty.clone() },
    ];
    for duty in broken {
        let of = duty.of.clone();
        let entries = [(WithheldReason::Malformed, of.as_deref(), Some("a"), 0)];
        withholds(&yuan(1_000).bound("a", licence(1)), &[due(1, duty)], &entries);
    }
    let anonymous = due(1, Duty { payee: None, ..whole.duty });
    withholds(&yuan(1_000), &[anonymous], &[(WithheldReason::Malformed, None, None, 0)]);
}
