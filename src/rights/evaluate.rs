//! One licence, one question, one outcome.

mod contradiction;
mod offer;

use std::collections::BTreeMap;

use self::contradiction::contradiction;
use self::offer::offered;
use super::acts::{Acts, Ended};
use super::outbound::Outbound;
use super::public::{public, shares_adaptation};
use super::read::{Meaning, ReadRule, ReadTerms, rules};
use super::{
    Action, BrokenTerms, Condition, ConflictStrategy, Duty, DutyKind, Effect, Fulfilment, Licence,
    Missing, Outcome, Profile, Purpose, Reason, Rule, Territory, VolumeUnit, expression,
};
use crate::timestamp::Timestamp;

/// A question to one licence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) action: Action,
    pub(crate) acts: Acts,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) processing: Option<Territory>,
    pub(crate) storage: Option<Territory>,
    pub(crate) distribution: Option<Territory>,
    pub(crate) field: Option<&'a str>,
    pub(crate) product: Option<&'a str>,
    pub(crate) volumes: &'a BTreeMap<VolumeUnit, u64>,
    /// Activities between the asset and what is used, on the longest way.
    pub(crate) hops: u64,
    pub(crate) licensee: Option<&'a str>,
    pub(crate) profile: Profile,
    /// Under which terms it is offered on, where that is said.
    pub(crate) outbound: Option<&'a Outbound>,
    /// From when the licence grants, inclusive; absent: it always did.
    pub(crate) since: Option<Timestamp>,
    /// When the licence was revoked, where it was.
    pub(crate) revoked: Option<Timestamp>,
    /// By when the licence is proven to exist, where an adverse event bears on it: it is in favour of
    /// whoever relies on it, and a date that may be invented to get ahead of the event is worth nothing.
    pub(crate) proven: Option<Timestamp>,
    /// The duties of these terms that were fulfilled, by whomever; sorted.
    pub(crate) fulfilled: &'a [Fulfilment],
    /// When these terms were broken, by whomever.
    pub(crate) broken: &'a [BrokenTerms],
    /// When models in question were trained on the asset; absent where no training lies between.
    pub(crate) trained: Option<Acts>,
}

impl<'a> Ask<'a> {
    /// Under which terms it is offered on, where it is said and the action passes anything on.
    pub(super) fn offer(&self) -> Option<&'a Outbound> {
        self.outbound.filter(|_| self.action.is_distribution())
    }
}

/// Whether a constraint or a term holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    No(Reason),
    Unknown(Missing),
    Yes,
}

impl From<Holds> for Outcome {
    fn from(holds: Holds) -> Self {
        match holds {
            Holds::Yes => Self::free(),
            Holds::Unknown(missing) => Self::unknown(missing),
            Holds::No(reason) => Self::deny(reason),
        }
    }
}

/// What `licence`, as it was read, says to `ask`, its standing apart.
pub(crate) fn evaluate(licence: &Licence, read: &ReadTerms, ask: &Ask<'_>) -> Outcome {
    grants(licence, read, ask).meet(bounds(licence, ask))
}

/// The same within its [`bounds`].
///
/// Of a choice of licences one branch has to allow both the use and what it is offered on under, so they
/// are asked together.
pub(crate) fn grants(licence: &Licence, read: &ReadTerms, ask: &Ask<'_>) -> Outcome {
    let contradicted = match read {
        ReadTerms::Negotiated(meanings) if licence.conflict == Some(ConflictStrategy::Invalid) => {
            contradiction(licence, meanings, ask)
        }
        ReadTerms::Negotiated(_) | ReadTerms::Public(_) => Outcome::free(),
    };
    // No text of the table tells one training from another; where no rule does either, one answer is that for both.
    let below_training = [Action::TrainGenerative, Action::TrainNongenerative];
    let tells = |rule: &Rule| below_training.iter().any(|below| rule.actions.contains(below));
    let alike = ask.action == Action::Train && !licence.rules.iter().any(tells);
    let leaves = ask.action.leaves().skip(usize::from(alike));
    leaves
        .map(|action| Ask { action, ..*ask })
        .map(|leaf| match (read, leaf.outbound) {
            (ReadTerms::Public(terms), None) => terms.evaluate(|row| public(row, &leaf)),
            (ReadTerms::Public(terms), Some(outbound)) => {
                terms.evaluate(|row| public(row, &leaf).meet(outbound.answers(row, &leaf)))
            }
            (ReadTerms::Negotiated(meanings), _) => {
                negotiated(licence, meanings, &leaf, &contradicted)
            }
        })
        .reduce(Outcome::meet)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant))
}

/// Whether every licence id in an observed expression is a public one of the table.
pub(crate) fn is_public(spdx: &str) -> bool {
    expression::is_public(spdx)
}

/// Whether the answer to `ask` could be worse if the licence had been revoked, which nobody here may know of.
pub(crate) fn depends_on_status(licence: &Licence, read: &ReadTerms, ask: &Ask<'_>) -> bool {
    let revoked = Ask { revoked: Some(Timestamp::MIN), ..*ask };
    evaluate(licence, read, &revoked) != evaluate(licence, read, ask)
}

/// Whether nobody can take the licence back by its terms.
pub(crate) fn is_irrevocable(licence: &Licence) -> bool {
    match &licence.spdx {
        Some(spdx) => expression::is_irrevocable(spdx),
        None => !licence.revocable,
    }
}

/// The term, the licensees and breaches, which bound every grant of a licence, wherever it is used.
pub(crate) fn bounds(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    let licensee = match ask.licensee {
        _ if licence.licensees.is_empty() => Outcome::free(),
        Some(licensee) if licence.licensees.contains(licensee) => Outcome::free(),
        Some(_) => Outcome::deny(Reason::Licensee),
        None => Outcome::unknown(Missing::Licensee),
    };
    let begun = match ask.since {
        Some(since) if ask.acts.earliest < since => Outcome::deny(Reason::NotYetValid),
        Some(_) | None => match ask.proven {
            Some(proven) if ask.acts.earliest < proven => {
                Outcome::unknown(Missing::ActTimeUnproven)
            }
            Some(_) | None => Outcome::free(),
        },
    };
    let until = licence.until.map(|until| ended(licence, ask, until, Reason::Expired));
    unbroken(licence, ask).meet(licensee).meet(begun).meet(until.unwrap_or(Outcome::free()))
}

/// What breaches by whoever acts leave of the terms, whether they are granted to him or not.
pub(crate) fn unbroken(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    let may_be_his = |broken: &&BrokenTerms| {
        ask.licensee.is_none_or(|licensee| broken.parties.contains(licensee))
    };
    let Some(first) = ask.broken.iter().filter(may_be_his).map(|broken| broken.from).min() else {
        return Outcome::free();
    };
    let cures = licence.spdx.as_deref().map(expression::Cures::of);
    let kept = ask.broken.iter().map(|broken| {
        let in_time = |cured: &Timestamp| {
            let is_first = first >= broken.from;
            cures.as_ref().is_none_or(|cures| cures.reinstate(broken.from, *cured, is_first))
        };
        kept(ask, broken, broken.cured.filter(in_time))
    });
    kept.fold(Outcome::free(), Outcome::meet)
}

/// What a breach of the terms leaves of them: nothing from then on, and all again once it is cured in the
/// time that they give for it.
fn kept(ask: &Ask<'_>, broken: &BrokenTerms, reinstated: Option<Timestamp>) -> Outcome {
    let BrokenTerms { from, parties, .. } = broken;
    let acts = ask.acts.ended_by(*from);
    if acts == Ended::Before {
        return Outcome::free();
    }
    match ask.licensee {
        Some(licensee) if parties.contains(licensee) => {}
        Some(_) => return Outcome::free(),
        None => return Outcome::unknown(Missing::Licensee),
    }
    let Acts { earliest, latest, .. } = ask.acts;
    match acts {
        _ if reinstated.is_some_and(|cured| earliest >= cured) => Outcome::free(),
        // Of several acts some came before and some after the cure: whether one lies between is not known.
        Ended::After if earliest < *from && reinstated.is_some_and(|cured| latest >= cured) => {
            Outcome::unknown(Missing::ActTimeUnproven)
        }
        Ended::After => Outcome::deny(Reason::Breach),
        Ended::Before | Ended::Unproven => Outcome::unknown(Missing::ActTimeUnproven),
    }
}

/// What the end of a right at `end` does to acts that may lie after it.
fn ended(licence: &Licence, ask: &Ask<'_>, end: Timestamp, reason: Reason) -> Outcome {
    let acts = ask.acts.ended_by(end);
    if acts == Ended::Before {
        return Outcome::free();
    }
    let late = match (ask.trained.map(|trained| trained.ended_by(end)), licence.survives) {
        // The model was made in time: whether it outlives the term is for the terms to say.
        (Some(Ended::Before), Some(true)) => Outcome::free(),
        (Some(Ended::Before), None) => Outcome::unknown(Missing::Survival),
        (Some(Ended::Unproven), Some(true) | None) => Outcome::unknown(Missing::ActTimeUnproven),
        (Some(_), Some(false)) | (Some(Ended::After) | None, _) => Outcome::deny(reason),
    };
    match acts {
        Ended::Unproven if late != Outcome::free() => Outcome::unknown(Missing::ActTimeUnproven),
        Ended::After | Ended::Before | Ended::Unproven => late,
    }
}

/// The best permission, if no prohibition and no revocation stands against it, nor a [`contradiction()`].
fn negotiated(
    licence: &Licence,
    meanings: &[Meaning],
    ask: &Ask<'_>,
    contradicted: &Outcome,
) -> Outcome {
    let granted = granted(licence, meanings, ask).meet(offered(licence, meanings, ask));
    let prohibited = prohibited(licence, meanings, ask);
    let revoked = ask.revoked.filter(|_| licence.revocable);
    let revocation = revoked.map(|revoked| ended(licence, ask, revoked, Reason::Revoked));
    let terms = match licence.conflict {
        Some(ConflictStrategy::Invalid) => match contradicted {
            Outcome::Deny(_) => contradicted.clone(),
            Outcome::Permit(_) | Outcome::Unknown(_) => {
                contradicted.clone().meet(reconciled(licence, granted, prohibited))
            }
        },
        Some(ConflictStrategy::Permit | ConflictStrategy::Prohibit) | None => {
            reconciled(licence, granted, prohibited)
        }
    };
    terms.meet(revocation.unwrap_or(Outcome::free()))
}

fn covering<'a>(
    licence: &'a Licence,
    meanings: &'a [Meaning],
    effect: Effect,
    action: Action,
) -> impl Iterator<Item = ReadRule<'a>> {
    rules(licence, meanings, effect)
        .filter(move |read| read.rule.actions.iter().any(|of| action.is_within(*of)))
}

/// What is left of the best permission by prohibitions, but for policies that are void by a contradiction.
fn reconciled(licence: &Licence, granted: Outcome, prohibited: Outcome) -> Outcome {
    match licence.conflict {
        // What is not known of a permission decides what becomes of a prohibition.
        Some(ConflictStrategy::Permit) if !matches!(granted, Outcome::Deny(_)) => granted,
        Some(ConflictStrategy::Invalid | ConflictStrategy::Permit | ConflictStrategy::Prohibit)
        | None => granted.meet(prohibited),
    }
}

/// What the best permission says.
fn granted(licence: &Licence, meanings: &[Meaning], ask: &Ask<'_>) -> Outcome {
    covering(licence, meanings, Effect::Permit, ask.action)
        .map(|rule| permission(rule, ask))
        .reduce(Outcome::best)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant))
}

/// What all prohibitions say: nothing stands against it, or something does, or may.
fn prohibited(licence: &Licence, meanings: &[Meaning], ask: &Ask<'_>) -> Outcome {
    covering(licence, meanings, Effect::Prohibit, ask.action)
        .map(|rule| prohibition(rule, ask))
        .fold(Outcome::free(), Outcome::meet)
}

/// Every condition must hold, every duty that comes first be fulfilled, and recipients be bound to no less.
pub(super) fn permission(read: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
    let ReadRule { rule, conditions, duties: owed } = read;
    let unread = Holds::Unknown(Missing::Constraint);
    let holds = |one: &Option<Condition>| one.as_ref().map_or(unread, |one| one.holds(ask));
    let conditions = conditions.iter().map(|one| holds(one).into());
    let duties = rule.duties.iter().map(|duty| {
        if duty.kind.is_precondition() {
            return precondition(duty, ask);
        }
        match duty.after.map(|after| ask.acts.ended_by(after)) {
            Some(Ended::After) => Outcome::deny(Reason::UnmetDuty),
            Some(Ended::Unproven) => Outcome::unknown(Missing::ActTimeUnproven),
            Some(Ended::Before) | None => Outcome::free(),
        }
    });
    let offer = ask.offer().map(|outbound| outbound.answers_permission(read, ask));
    let owed = if rule.duties.iter().all(|duty| arises(duty, ask)) {
        owed.clone()
    } else {
        rule.duties.iter().filter(|duty| arises(duty, ask)).cloned().collect()
    };
    conditions.chain(duties).chain(offer).fold(Outcome::Permit(owed), Outcome::meet)
}

/// Share-alike terms are about what is adapted, and unchanged copies no adaptation.
fn arises(duty: &Duty, ask: &Ask<'_>) -> bool {
    duty.kind != DutyKind::ShareAlike || shares_adaptation(ask.action)
}

/// Closed world: what comes first and has no evidence is not fulfilled.
fn precondition(duty: &Duty, ask: &Ask<'_>) -> Outcome {
    if Fulfilment::is_among(ask.fulfilled, duty, ask.licensee, ask.acts.earliest) {
        match ask.licensee {
            Some(_) => Outcome::free(),
            // Somebody did, and nobody says that he is the one who acts.
            None => Outcome::unknown(Missing::Licensee),
        }
    } else {
        Outcome::deny(Reason::UnmetDuty)
    }
}

/// A prohibition applies where all of its conditions touch what is asked, or what recipients may do.
pub(super) fn prohibition(rule: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
    match (touching(rule, ask), ask.offer()) {
        (outcome @ Outcome::Deny(_), _) | (outcome, None) => outcome,
        (outcome, Some(outbound)) => outcome.meet(outbound.answers_prohibition(rule, ask)),
    }
}

/// Whether the conditions of a rule may hold for any part of what is asked: surely (Deny), perhaps, or not.
fn touching(rule: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
    let mut outcome = Outcome::deny(Reason::Prohibited);
    for condition in rule.conditions {
        let unread = Holds::Unknown(Missing::Constraint);
        let touches = condition.as_ref().map_or(unread, |one| match rule.rule.effect {
            Effect::Permit if !one.binds(ask.action) => Holds::Yes,
            Effect::Permit | Effect::Prohibit => one.touches(ask),
        });
        outcome = match (touches, outcome) {
            (Holds::No(_), _) => return Outcome::free(),
            (Holds::Yes, outcome) => outcome,
            (Holds::Unknown(missing), Outcome::Unknown(known)) => {
                Outcome::Unknown(known).meet(Outcome::unknown(missing))
            }
            (Holds::Unknown(missing), _) => Outcome::unknown(missing),
        };
    }
    outcome
}
