//! Rules by which all is void if they prohibit what they permit: ODRL Information Model, section 2.10.

use std::collections::BTreeSet;

use super::{Ask, touching};
use crate::limits::MAX_COMPARED;
use crate::rights::read::{Meaning, ReadRule, rules};
use crate::rights::{Action, Effect, Licence, Outcome, Reason, Rule};

/// What becomes of rules by which all is void if they prohibit what they permit, whatever is asked.
///
/// Where they do for a part of what is asked they do for all of it: who uses something twice, once while they
/// contradict each other, is not permitted to by the other time.
pub(super) fn contradiction(licence: &Licence, meanings: &[Meaning], ask: &Ask<'_>) -> Outcome {
    let among = |distributes: bool| {
        let leaves = Action::Use.leaves().filter(|leaf| leaf.is_distribution() == distributes);
        let leaves: BTreeSet<Action> = leaves.collect();
        // The same conditions bind all of them, so each pair of rules is held against each other once.
        let ask = leaves.first().map(|action| Ask { action: *action, outbound: None, ..*ask });
        ask.map_or(Outcome::free(), |ask| contradiction_of(licence, meanings, &leaves, &ask))
    };
    among(false).meet(among(true))
}

/// A rule that touches what is asked, or may, with the leaves that it is about.
struct Touching<'a> {
    read: ReadRule<'a>,
    leaves: BTreeSet<Action>,
    outcome: Outcome,
}

/// The same of leaves that the [same conditions bind](crate::rights::Condition).
fn contradiction_of(
    licence: &Licence,
    meanings: &[Meaning],
    leaves: &BTreeSet<Action>,
    ask: &Ask<'_>,
) -> Outcome {
    let of = |effect| -> Vec<Touching<'_>> {
        let all = rules(licence, meanings, effect).map(|read| Touching {
            read,
            leaves: covered(read.rule, leaves),
            outcome: touching(read, ask),
        });
        let is_touching = |one: &Touching<'_>| !matches!(one.outcome, Outcome::Permit(_));
        all.filter(|one| !one.leaves.is_empty() && is_touching(one)).collect()
    };
    let (mut may, mut must_not) = (of(Effect::Permit), of(Effect::Prohibit));
    let (permitted, prohibited) = (all_leaves(&may), all_leaves(&must_not));
    may.retain(|one| !one.leaves.is_disjoint(&prohibited));
    must_not.retain(|one| !one.leaves.is_disjoint(&permitted));
    if weight(&may).saturating_mul(weight(&must_not)) > MAX_COMPARED {
        let all = |rules: Vec<Touching<'_>>| {
            rules.into_iter().map(|one| one.outcome).reduce(Outcome::meet)
        };
        return all(may).zip(all(must_not)).map_or(Outcome::free(), void);
    }
    let pairs = may.iter().flat_map(|one| must_not.iter().map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| {
            !one.leaves.is_disjoint(&other.leaves)
                && !one.read.is_apart_from(other.read, ask.action)
        })
        .map(|(one, other)| void((one.outcome.clone(), other.outcome.clone())))
        .fold(Outcome::free(), Outcome::meet)
}

/// Those of `leaves` that a rule is about.
fn covered(rule: &Rule, leaves: &BTreeSet<Action>) -> BTreeSet<Action> {
    let is_covered = |leaf: &&Action| rule.actions.iter().any(|of| leaf.is_within(*of));
    leaves.iter().filter(is_covered).copied().collect()
}

fn all_leaves(rules: &[Touching<'_>]) -> BTreeSet<Action> {
    rules.iter().flat_map(|one| &one.leaves).copied().collect()
}

fn weight(rules: &[Touching<'_>]) -> usize {
    rules.iter().map(|one| one.read.weight()).fold(0, usize::saturating_add)
}

/// What becomes of two rules, one of which permits what the other prohibits, by what each touches.
fn void(touched: (Outcome, Outcome)) -> Outcome {
    match touched {
        (Outcome::Permit(_), _) | (_, Outcome::Permit(_)) => Outcome::free(),
        (Outcome::Deny(_), Outcome::Deny(_)) => Outcome::deny(Reason::VoidPolicy),
        (unknown @ Outcome::Unknown(_), Outcome::Deny(_))
        | (Outcome::Deny(_), unknown @ Outcome::Unknown(_)) => unknown,
        (one @ Outcome::Unknown(_), other @ Outcome::Unknown(_)) => one.meet(other),
    }
}
