//! Laws of verdicts on whole lineages: what can never make a verdict better.
//!
//! Better is Permit than Unknown and Unknown than Deny. On the left of each law is a lineage of any shape under
//! terms of any kind, on the right the same with one thing more, and both are asked the same questions.

mod plan;

use datadeed::ManifestId;
use datadeed::rights::{Action, Profile, Use, Verdict};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::plan::{
    Plan, everything, happening, hindrance, plan, prohibition, question, registered, source,
};
use crate::story::but;

/// 0 permit, 1 unknown, 2 deny.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Permit { .. } => 0,
        Verdict::Unknown { .. } => 1,
        Verdict::Deny { .. } => 2,
        _ => panic!("a verdict unknown here: {verdict}"),
    }
}

/// That share-alike terms do not go together: of several licences with the same terms one is named.
const OF_SHARE_ALIKE: [&str; 2] = ["offer", "share-alike-conflict"];

/// The other reasons, or what else is missing, with the datasets where that arises.
fn grounds(verdict: &Verdict) -> Vec<(&str, ManifestId)> {
    let grounds = verdict.grounds().map(|one| (one.code, one.manifest));
    grounds.filter(|(code, _)| !OF_SHARE_ALIKE.contains(code)).collect()
}

/// Whether nothing stands against the use but that share-alike terms do not go together.
///
/// They are of those licences that permit it. One of them that permits nothing any longer asks nothing either:
/// then its own answer stands in place of the conflict, and where another licence of the same data permits the
/// use too, that one's.
fn is_for_share_alike(verdict: &Verdict) -> bool {
    !verdict.is_permit() && verdict.grounds().all(|one| OF_SHARE_ALIKE.contains(&one.code))
}

/// No better; a mere conflict of share-alike terms is no better than Unknown, and no Deny becomes a Permit.
fn is_no_better(less: &Verdict, more: &Verdict) -> bool {
    rank(less) <= rank(more) || (is_for_share_alike(less) && (rank(less), rank(more)) != (2, 0))
}

/// Whether nothing is missing but a fresh status.
///
/// Whoever has none does not know whether a statement still counts; once it is known that it does not, nothing
/// depends on that any longer.
fn is_for_status(verdict: &Verdict) -> bool {
    !verdict.is_permit() && verdict.grounds().all(|one| one.code == "status")
}

fn questions() -> impl Strategy<Value = Vec<Use>> {
    vec(question(), 12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// One more input, which nothing else used: no verdict is better, and where it is as it was everything that
    /// stood against the use still does, or was owed still is.
    #[test]
    fn another_source_helps_nobody(
        plan in plan(), which in any::<Index>(), source in source(), asks in questions(),
    ) {
        let (less, more) = (plan.tell().verify(), plan.with_source(which, source).tell().verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            prop_assert!(rank(&less) <= rank(&more), "{:?}: {:?}, {:?}", ask, less, more);
            if rank(&less) == rank(&more) {
                let (before, after) = (grounds(&less), grounds(&more));
                let kept = before.iter().all(|one| after.contains(one));
                prop_assert!(kept, "{:?}: {:?}, {:?}", ask, less, more);
                let kept = less.duties().iter().all(|one| more.duties().contains(one));
                prop_assert!(kept, "{:?}: {:?}, {:?}", ask, less, more);
            }
        }
    }

    /// One more input, which was there before: nothing is permitted that was not.
    ///
    /// A Deny may become Unknown: what two parties do with one dataset, at two times, is asked of its licences
    /// at once, and of who acts, or when, then nobody can tell what the Deny rested on.
    #[test]
    fn using_more_of_what_is_there_permits_nothing(
        plan in plan(), which in any::<Index>(), input in any::<Index>(), asks in questions(),
    ) {
        let Some(more) = plan.with_known(which, input) else { return Ok(()) };
        let (less, more) = (plan.tell().verify(), more.tell().verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            prop_assert!(less.is_permit() || !more.is_permit(), "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// One more prohibition, whatever the licence says of conflicts.
    ///
    /// Not in a sublicence: one that lacks what is prohibited above grants nothing, and is within it once it
    /// prohibits that as well.
    #[test]
    fn another_prohibition_helps_nobody(
        plan in plan(), which in any::<Index>(), rule in prohibition(), asks in questions(),
    ) {
        let Some(more) = plan.with_rule(which, rule) else { return Ok(()) };
        let (less, more) = (plan.tell(), more.tell());
        // Of two licences that were one statement now only one is another.
        prop_assume!(less.statements.len() == more.statements.len());
        let (less, more) = (less.verify(), more.verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            prop_assert!(is_no_better(&less, &more), "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// One more thing that is said, which lets nobody in question do anything: nothing is permitted that was not.
    #[test]
    fn what_lets_nobody_permits_nothing(
        plan in plan(), which in any::<Index>(), said in hindrance(), asks in questions(),
    ) {
        let (less, more) = (plan.tell().verify(), plan.tell_besides(which, &said).verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            let is_kept = less.is_permit() || !more.is_permit() || is_for_share_alike(&less);
            prop_assert!(is_kept, "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// One more licence that a collector saw where one was seen: all have to let it be, so nothing is permitted
    /// that was not.
    #[test]
    fn another_observation_permits_nothing(
        plan in plan(), which in any::<Index>(), asks in questions(),
        by in select(vec!["collector", "observer"]),
        spdx in select(vec!["CC0-1.0", "CC-BY-4.0", "CC-BY-NC-ND-4.0", "NOASSERTION", "MIT"]),
    ) {
        let Some(more) = plan.tell_observed(which, by, spdx) else { return Ok(()) };
        let (less, more) = (plan.tell().verify(), more.verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            let is_kept = less.is_permit() || !more.is_permit() || is_for_share_alike(&less);
            prop_assert!(is_kept, "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// One more dispute, revocation or breach that the caller knows of.
    ///
    /// Not what ends a rival's title (a cancellation, a transfer, a revocation of the registration), nor what
    /// silences somebody (a revocation of a key or a delegation), nor a number given twice, by which Unknown is
    /// what was Deny.
    #[test]
    fn another_event_helps_nobody(plan in plan(), happening in happening(), asks in questions()) {
        let mut told = plan.tell();
        let less = told.verify();
        told.happens(&happening);
        let more = told.verify();
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            prop_assert!(is_no_better(&less, &more), "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// A title goes to somebody who grants nothing: nothing is permitted that was not.
    #[test]
    fn a_transfer_to_whoever_grants_nothing_permits_nothing(
        plan in plan(), claimant in select(vec!["seller", "supplier", "trainer"]), of in any::<Index>(),
        which in any::<Index>(), on in 1_u64..18, known in 1_u64..19, asks in questions(),
    ) {
        let mut told = plan.tell_besides(of, &registered(claimant));
        let less = told.verify();
        told.transfers(which, on, known);
        let more = told.verify();
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            let is_kept = less.is_permit() || !more.is_permit() || is_for_share_alike(&less);
            prop_assert!(is_kept, "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// A key that was lost, whoever had it and whenever, or a delegation that ended since: nothing is permitted
    /// that was not.
    ///
    /// A Deny may become Unknown: what somebody said against the use is in doubt then. And of share-alike terms that
    /// do not go together one set may be asked no longer, nor, where the status is too old, a licence that was not needed.
    #[test]
    fn whoever_is_silenced_permits_nothing(
        plan in plan(), whose in any::<Index>(), is_lost in any::<bool>(), on in 10_u64..18, asks in questions(),
    ) {
        let mut told = plan.fresh().tell();
        let less = told.verify();
        if is_lost {
            told.loses_key(whose, on);
        } else {
            told.revokes(whose, on);
        }
        let more = told.verify();
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            let is_open = is_for_share_alike(&less) || is_for_status(&less);
            let is_kept = less.is_permit() || !more.is_permit() || is_open;
            prop_assert!(is_kept, "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// What a question leaves unsaid may be anything: what is permitted then is permitted whatever it is.
    ///
    /// Of licences that permit more then, one with other share-alike terms may be the one that is relied on.
    #[test]
    fn what_is_unsaid_may_be_anything(plan in plan(), asks in questions()) {
        let lineage = plan.tell().verify();
        for ask in &asks {
            let said = lineage.rights(ask);
            for unsaid in without_each(ask) {
                let verdict = lineage.rights(&unsaid);
                let is_kept =
                    said.is_permit() || !verdict.is_permit() || is_for_share_alike(&said);
                prop_assert!(is_kept, "{:?}: {:?}, unsaid {:?}: {:?}", ask, said, unsaid, verdict);
            }
        }
    }

    /// Whatever lies within what is permitted is permitted: a narrower action, a more lenient reading, no regime.
    ///
    /// Of licences that permit more then, one with other share-alike terms may be the one that is relied on.
    #[test]
    fn what_is_within_what_is_permitted_is_permitted(plan in plan(), asks in questions()) {
        let lineage = plan.tell().verify();
        for ask in &asks {
            if !lineage.rights(ask).is_permit() {
                continue;
            }
            for less in within(ask) {
                let verdict = lineage.rights(&less);
                let is_kept = verdict.is_permit() || is_for_share_alike(&verdict);
                prop_assert!(is_kept, "{:?}, {:?}: {:?}", ask, less, verdict);
            }
        }
    }

    /// Whoever holds the rights lets everybody do everything, for good: what was permitted still is.
    ///
    /// But for what becomes of his word: whether it still counts, or is disputed, needs a fresh status.
    #[test]
    fn whoever_permits_everything_hurts_nobody(
        plan in plan(), which in any::<Index>(), asks in questions(),
    ) {
        let (less, more) = (plan.tell().verify(), plan.tell_besides(which, &everything()).verify());
        for ask in &asks {
            let (less, more) = (less.rights(ask), more.rights(ask));
            let is_open = is_for_share_alike(&more) || is_for_status(&more);
            let is_kept = more.is_permit() || !less.is_permit() || is_open;
            prop_assert!(is_kept, "{:?}: {:?}, {:?}", ask, less, more);
        }
    }

    /// Statements are told in any order, and so is what the caller knows. Inputs of a step are a set.
    #[test]
    fn the_order_of_telling_changes_nothing(
        plan in plan(), swaps in vec(any::<Index>(), 1..20), asks in questions(),
    ) {
        let told = plan.tell();
        let other = told.reordered(&swaps);
        prop_assert_eq!(told.proof(), other.proof());
        let (told, other) = (told.verify(), other.verify());
        prop_assert_eq!(told.findings(), other.findings());
        for ask in &asks {
            prop_assert_eq!(told.rights(ask), other.rights(ask));
        }
    }
}

/// Questions that ask for less.
fn within(ask: &Use) -> Vec<Use> {
    let narrower = Action::ALL.iter().filter(|action| action.is_within(ask.action));
    let narrower = narrower.map(|action| but(ask.clone(), |ask| ask.action = *action));
    let lenient = but(ask.clone(), |ask| ask.profile = Profile::Declared);
    let elsewhere = but(ask.clone(), |ask| ask.regime = None);
    narrower.chain([lenient, elsewhere]).collect()
}

/// The question with one thing unsaid, for each.
fn without_each(ask: &Use) -> [Use; 4] {
    [
        but(ask.clone(), |ask| ask.purpose = None),
        but(ask.clone(), |ask| ask.processing = None),
        but(ask.clone(), |ask| ask.storage = None),
        but(ask.clone(), |ask| ask.distribution = None),
    ]
}

fn some<T>(runner: &mut TestRunner, of: &impl Strategy<Value = T>) -> T {
    of.new_tree(runner).unwrap().current()
}

/// By rank, how many verdicts there were, and how many are worse with one thing more, for that reason if one is said.
fn compare(plan: &Plan, more: &Plan, asks: &[Use], why: Option<&str>) -> ([usize; 3], usize) {
    let (less, more) = (plan.tell().verify(), more.tell().verify());
    let (mut known, mut worse) = ([0; 3], 0);
    for ask in asks {
        let (less, more) = (less.rights(ask), more.rights(ask));
        known[usize::from(rank(&less))] += 1;
        let is_why = |code: &str| why.is_none_or(|why| why == code);
        worse +=
            usize::from(rank(&less) < rank(&more) && more.grounds().any(|one| is_why(one.code)));
    }
    (known, worse)
}

/// A law about lineages that are all denied anyway would say nothing.
#[test]
fn the_laws_are_about_something() {
    let mut runner = TestRunner::deterministic();
    let (mut known, mut worse) = ([0; 3], [0; 2]);
    for _ in 0..24 {
        let plan = some(&mut runner, &plan());
        let (asks, which) = (some(&mut runner, &questions()), some(&mut runner, &any::<Index>()));
        let source = plan.with_source(which, some(&mut runner, &source()));
        let rule = plan.with_rule(which, some(&mut runner, &prohibition()));
        let (of_each, by_source) = compare(&plan, &source, &asks, None);
        let by_rule = rule.map_or(0, |rule| compare(&plan, &rule, &asks, Some("prohibited")).1);
        (0..3).for_each(|one| known[one] += of_each[one]);
        (worse[0], worse[1]) = (worse[0] + by_source, worse[1] + by_rule);
    }
    assert!(known.iter().all(|count| *count > 24), "{known:?}");
    assert!(worse.iter().all(|count| *count > 0), "{worse:?}");
}
