//! Laws of every allocation, and a slow oracle.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

const PARTIES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Parties and two titles.
fn payee() -> impl Strategy<Value = String> {
    let titles = [licence(250).to_string(), licence(251).to_string()];
    select(PARTIES.iter().map(|party| (*party).to_owned()).chain(titles).collect::<Vec<_>>())
}

prop_compose! {
    fn duty(most: u64)(
        to in payee(),
        of in proptest::option::weighted(0.5, payee()),
        basis_points in 0..=most,
        limits in prop_oneof![
            4 => Just([None, None]),
            1 => (0_u64..300).prop_map(|most| [None, Some(most)]),
            1 => (0_u64..30).prop_map(|least| [Some(least), None]),
        ],
        currency in prop_oneof![9 => Just("CNY"), 1 => Just("USD")],
    ) -> Duty {
        let [floor, ceiling] = limits;
        let limited = floor.is_some() || ceiling.is_some();
        Duty {
            of: of.filter(|of| *of != to),
            floor,
            ceiling,
            currency: limited.then(|| currency.to_owned()),
            ..Duty::revenue_share(to, basis_points)
        }
    }
}

/// Each by a licence of its own, so that it can be told where it went.
fn duties(most: u64) -> impl Strategy<Value = Vec<DutyDue>> {
    let duties = prop::collection::vec(duty(most), 0..8);
    duties.prop_map(|all| (1..).zip(all).map(|(seed, duty)| due(seed, duty)).collect())
}

fn amount() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0_u64..2_000, 1 => any::<u64>(), 1 => Just(u64::MAX)]
}

fn titled(sharing: Sharing) -> Sharing {
    sharing
        .claimants(licence(250), [("a", Some(6_000)), ("b", Some(4_000))])
        .claimants(licence(251), [("c", Some(3_333)), ("d", Some(3_333)), ("e", Some(3_334))])
}

/// Everybody is bound by whatever shares in what he receives, but for the licences left out.
fn sharing(amount: u64, duties: &[DutyDue], unbound: &[u8]) -> Sharing {
    let ofs = duties.iter().filter_map(|due| Some((due.duty.of.as_deref()?, due.licence)));
    let bound = ofs.filter(|(_, by)| !unbound.iter().any(|seed| licence(*seed) == *by));
    titled(bound.fold(yuan(amount), |all, (of, by)| all.bound(of, by)).pool("pool", 100))
}

proptest! {
    #[test]
    fn everything_adds_up_and_each_duty_goes_somewhere_once(
        amount in amount(),
        duties in duties(6_000),
        unbound in subsequence((1..8).collect::<Vec<u8>>(), 0..2),
    ) {
        let shares = sharing(amount, &duties, &unbound).allocate(&duties).unwrap();
        prop_assert_eq!(sum(&shares), u128::from(amount));
        prop_assert_eq!(shares.totals().values().map(|total| u128::from(*total)).sum::<u128>()
            + u128::from(shares.withheld_total()) + u128::from(shares.retained), u128::from(amount));
        for due in &duties {
            let by = Entitlement::Duty { manifest: due.manifest, licence: due.licence };
            let lines = shares.lines.iter().filter(|line| line.by == by).count();
            let withheld = shares.withheld.iter().filter(|one| one.due.as_ref() == Some(due));
            prop_assert_eq!(lines + withheld.count(), 1);
        }
    }

    #[test]
    fn every_line_is_within_one_unit_of_its_share_or_at_its_limit(
        amount in amount(),
        duties in duties(4_000),
    ) {
        let shares = sharing(amount, &duties, &[]).allocate(&duties).unwrap();
        for line in &shares.lines {
            prop_assert!(line.amount <= line.share && line.share <= line.base);
            let exact = u128::from(line.base) * u128::from(line.basis_points);
            let found = u128::from(line.share) * 10_000;
            let within = match line.limit {
                Some(Limit::Ceiling(most)) => line.share == most && exact > found,
                Some(Limit::Floor(least)) => line.share == least && exact < found,
                None => exact.abs_diff(found) < 10_000,
            };
            prop_assert!(within, "{:?}", line);
            let rounding = match exact.cmp(&found) {
                _ if line.limit.is_some() => Rounding::Exact,
                std::cmp::Ordering::Equal => Rounding::Exact,
                std::cmp::Ordering::Greater => Rounding::Down,
                std::cmp::Ordering::Less => Rounding::Up,
            };
            prop_assert_eq!(line.rounding, rounding);
        }
    }

    #[test]
    fn the_order_of_duties_and_how_often_they_are_named_never_matter(
        amount in amount(),
        duties in duties(6_000),
        shuffled in Just(()).prop_perturb(|(), mut rng| rng.random::<u64>()),
    ) {
        let sharing = sharing(amount, &duties, &[]);
        let mut others: Vec<DutyDue> = duties.iter().chain(duties.first()).cloned().collect();
        others.sort_by_key(|due| {
            u64::from(due.licence.as_bytes()[0]).wrapping_mul(shuffled | 1).rotate_left(17)
        });
        prop_assert_eq!(sharing.allocate(&others), sharing.allocate(&duties));
    }

    #[test]
    fn every_allocation_is_that_of_the_oracle(amount in 0_u64..1_500, duties in duties(1_500)) {
        let sharing = sharing(amount, &duties, &[]);
        let shares = sharing.allocate(&duties).unwrap();
        // What is withheld is tested by hand; every other allocation has an oracle.
        prop_assume!(shares.is_determined());
        let (totals, retained) = oracle(amount, &duties);
        let found: BTreeMap<String, u64> =
            shares.totals().into_iter().map(|(iss, total)| (iss.to_owned(), total)).collect();
        prop_assert_eq!(found, totals);
        prop_assert_eq!(shares.retained, retained);
    }
}

/// Exact shares as ten-thousandths of a unit, in the stated order, given out unit by unit.
fn give_out(amount: u64, exact: &[u64]) -> Vec<u64> {
    let mut given = vec![0_u64; exact.len()];
    let mut left = amount;
    for (given, exact) in given.iter_mut().zip(exact) {
        while (*given + 1) * 10_000 <= *exact {
            *given += 1;
            left -= 1;
        }
    }
    while left > 0 {
        let short = |at: &usize| exact[*at].saturating_sub(given[*at] * 10_000);
        let most = (0..exact.len()).map(|at| short(&at)).max().unwrap();
        let first = (0..exact.len()).find(|at| short(at) == most).unwrap();
        given[first] += 1;
        left -= 1;
    }
    given
}

/// Whom a payee pays, and what is left: asked anew each time, without memory.
fn paid(of: Option<&str>, amount: u64, duties: &[DutyDue]) -> (Vec<(String, u64)>, u64) {
    let mut asking: Vec<&DutyDue> =
        duties.iter().filter(|due| due.duty.of.as_deref() == of).collect();
    asking.sort_by_key(|due| (due.duty.payee.clone(), due.licence));
    let exact = |duty: &Duty| {
        let share = received(of, amount, duties) * duty.basis_points.unwrap();
        let most = duty.ceiling.map_or(share, |most| share.min(most * 10_000));
        duty.floor.map_or(most, |least| most.max(least * 10_000))
    };
    let mut to: Vec<String> = asking.iter().map(|due| due.duty.payee.clone().unwrap()).collect();
    let mut asked: Vec<u64> = asking.iter().map(|due| exact(&due.duty)).collect();
    let whole = received(of, amount, duties);
    if of.is_none() {
        // After `e`, and before every title.
        let place = to.iter().filter(|payee| payee.as_str() < "pool").count();
        to.insert(place, "pool".to_owned());
        asked.insert(place, whole * 100);
    }
    asked.push(whole * 10_000 - asked.iter().sum::<u64>());
    let mut given = give_out(whole, &asked);
    let rest = given.pop().unwrap();
    let mut paid: Vec<(String, u64)> = to.into_iter().zip(given).collect();
    let claimants: &[(&str, u64)] = match of {
        Some(title) if title == licence(250).to_string() => &[("a", 6_000), ("b", 4_000)],
        Some(title) if title == licence(251).to_string() => {
            &[("c", 3_333), ("d", 3_333), ("e", 3_334)]
        }
        _ => return (paid, rest),
    };
    let exact: Vec<u64> = claimants.iter().map(|(_, share)| rest * share).collect();
    let given = give_out(rest, &exact);
    paid.extend(claimants.iter().zip(given).map(|((iss, _), share)| ((*iss).to_owned(), share)));
    (paid, 0)
}

/// All names there can be; the whole is nobody.
fn everybody() -> Vec<Option<String>> {
    let named = PARTIES.map(|party| Some(party.to_owned()));
    let titles = [licence(250).to_string(), licence(251).to_string()].map(Some);
    [None, Some("pool".to_owned())].into_iter().chain(named).chain(titles).collect()
}

fn received(who: Option<&str>, amount: u64, duties: &[DutyDue]) -> u64 {
    let Some(who) = who else { return amount };
    let is_claimant = |of: &str| {
        (of == licence(250).to_string() && "ab".contains(who))
            || (of == licence(251).to_string() && "cde".contains(who))
    };
    let pays = |of: Option<&str>| {
        let asks =
            |due: &&DutyDue| due.duty.of.as_deref() == of && due.duty.payee.as_deref() == Some(who);
        duties.iter().any(|due| asks(&due))
            || (who == "pool" && of.is_none())
            || of.is_some_and(is_claimant)
    };
    let from = everybody().into_iter().filter(|of| pays(of.as_deref()));
    let each = from.flat_map(|of| paid(of.as_deref(), amount, duties).0);
    each.filter(|(payee, _)| payee == who).map(|(_, share)| share).sum()
}

/// What each payee keeps, and whoever uses.
fn oracle(amount: u64, duties: &[DutyDue]) -> (BTreeMap<String, u64>, u64) {
    let mut totals = BTreeMap::new();
    for who in everybody().into_iter().flatten().filter(|who| !who.starts_with("statement:")) {
        let is_paid = everybody().into_iter().any(|of| {
            // A title pays whom it belongs to as soon as anybody pays the title.
            let holds = of.as_deref().is_some_and(|of| {
                let claimants = if of == licence(250).to_string() { "ab" } else { "cde" };
                of.starts_with("statement:")
                    && claimants.contains(who.as_str())
                    && duties.iter().any(|due| due.duty.payee.as_deref() == Some(of))
            });
            let asks = |due: &DutyDue| {
                due.duty.of == of && due.duty.payee.as_deref() == Some(who.as_str())
            };
            holds || duties.iter().any(asks) || who == "pool"
        });
        if is_paid {
            totals.insert(who.clone(), paid(Some(&who), amount, duties).1);
        }
    }
    (totals, paid(None, amount, duties).1)
}
