//! One licence, one question, one outcome.

use std::collections::BTreeSet;

use super::acts::{Acts, Ended};
use super::expression::Terms;
use super::public::public;
use super::{
    Action, Duty, Effect, Licence, Missing, Profile, Purpose, Reason, Rule, Territory, expression,
};
use crate::timestamp::Timestamp;

/// A question to one licence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) action: Action,
    pub(crate) acts: Acts,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) territory: Option<&'a Territory>,
    pub(crate) licensee: Option<&'a str>,
    pub(crate) profile: Profile,
    /// From when the licence grants, inclusive; absent: it always did.
    pub(crate) since: Option<Timestamp>,
    /// When the licence was revoked, where it was.
    pub(crate) revoked: Option<Timestamp>,
    /// By when the licence is proven to exist, where an adverse event bears on it: it is in favour of
    /// whoever relies on it, and a date that may be invented to get ahead of the event is worth nothing.
    pub(crate) proven: Option<Timestamp>,
    /// When models in question were trained on the asset; absent where no training lies between.
    pub(crate) trained: Option<Acts>,
}

/// Whether a constraint or a term holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    No(Reason),
    Unknown(Missing),
    Yes,
}

/// Deny > Unknown > Permit, with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Deny(BTreeSet<Reason>),
    Permit(BTreeSet<Duty>),
    Unknown(BTreeSet<Missing>),
}

impl Outcome {
    pub(crate) fn deny(reason: Reason) -> Self {
        Self::Deny([reason].into())
    }

    pub(crate) fn unknown(missing: Missing) -> Self {
        Self::Unknown([missing].into())
    }

    /// Nothing stands against it and nothing is owed: what changes nothing in a [`meet`](Self::meet).
    pub(crate) const fn free() -> Self {
        Self::Permit(BTreeSet::new())
    }

    /// All must agree: Deny > Unknown > Permit; duties add up.
    pub(crate) fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Deny(a), Self::Deny(b)) => Self::Deny(a.into_iter().chain(b).collect()),
            (deny @ Self::Deny(_), _) | (_, deny @ Self::Deny(_)) => deny,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(a.into_iter().chain(b).collect()),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            (Self::Permit(a), Self::Permit(b)) => Self::Permit(a.into_iter().chain(b).collect()),
        }
    }

    /// Any suffices: Permit > Unknown > Deny; of two permits the one with fewer duties, then the first.
    pub(crate) fn best(self, other: Self) -> Self {
        match (self, other) {
            (Self::Permit(a), Self::Permit(b)) => {
                Self::Permit(if b.len() < a.len() { b } else { a })
            }
            (permit @ Self::Permit(_), _) | (_, permit @ Self::Permit(_)) => permit,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(a.into_iter().chain(b).collect()),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            (Self::Deny(a), Self::Deny(b)) => Self::Deny(a.into_iter().chain(b).collect()),
        }
    }
}

/// What `licence` says to `ask`, its standing apart.
pub(crate) fn evaluate(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    let terms = licence.spdx.as_deref().map(Terms::parse);
    let leaves = ask.action.leaves().map(|action| Ask { action, ..*ask });
    leaves
        .map(|leaf| match &terms {
            Some(terms) => terms.evaluate(|row| public(row, &leaf)),
            None => negotiated(licence, &leaf),
        })
        .reduce(Outcome::meet)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant))
        .meet(bounds(licence, ask))
}

/// Whether every licence id in an observed expression is a public one of the table.
pub(crate) fn is_public(spdx: &str) -> bool {
    expression::is_public(spdx)
}

/// Whether the answer to `ask` could be worse if the licence had been revoked, which nobody here may know of.
pub(crate) fn depends_on_status(licence: &Licence, ask: &Ask<'_>) -> bool {
    let revoked = Ask { revoked: Some(Timestamp::MIN), ..*ask };
    evaluate(licence, &revoked) != evaluate(licence, ask)
}

/// Whether nobody can take the licence back by its terms.
pub(crate) fn is_irrevocable(licence: &Licence) -> bool {
    match &licence.spdx {
        Some(spdx) => expression::is_irrevocable(spdx),
        None => !licence.revocable,
    }
}

/// The term and the licensees, which bound every grant of a licence.
fn bounds(licence: &Licence, ask: &Ask<'_>) -> Outcome {
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
    licensee.meet(begun).meet(until.unwrap_or(Outcome::free()))
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

/// The best permission, if no prohibition and no revocation stands against it.
fn negotiated(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    let covering = |effect| {
        licence.rules.iter().filter(move |rule| {
            rule.effect == effect && rule.actions.iter().any(|action| ask.action.is_within(*action))
        })
    };
    let granted = covering(Effect::Permit)
        .map(|rule| permission(rule, ask))
        .reduce(Outcome::best)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant));
    let revoked = ask.revoked.filter(|_| licence.revocable);
    let revocation = revoked.map(|revoked| ended(licence, ask, revoked, Reason::Revoked));
    covering(Effect::Prohibit)
        .map(|rule| prohibition(rule, ask))
        .fold(granted, Outcome::meet)
        .meet(revocation.unwrap_or(Outcome::free()))
}

/// Every condition must hold and every duty that comes first be fulfilled.
fn permission(rule: &Rule, ask: &Ask<'_>) -> Outcome {
    let conditions = rule.constraints.iter().map(|constraint| match constraint.holds(ask) {
        Holds::Yes => Outcome::free(),
        Holds::Unknown(missing) => Outcome::unknown(missing),
        Holds::No(reason) => Outcome::deny(reason),
    });
    let duties = rule.duties.iter().map(|duty| {
        // Closed world: a precondition without evidence is not fulfilled.
        if duty.kind.is_precondition() {
            return Outcome::deny(Reason::UnmetDuty);
        }
        match duty.after.map(|after| ask.acts.ended_by(after)) {
            Some(Ended::After) => Outcome::deny(Reason::UnmetDuty),
            Some(Ended::Unproven) => Outcome::unknown(Missing::ActTimeUnproven),
            Some(Ended::Before) | None => Outcome::free(),
        }
    });
    conditions.chain(duties).fold(Outcome::Permit(rule.duties.clone()), Outcome::meet)
}

/// A prohibition applies where all of its conditions touch what is asked.
fn prohibition(rule: &Rule, ask: &Ask<'_>) -> Outcome {
    let mut outcome = Outcome::deny(Reason::Prohibited);
    for constraint in &rule.constraints {
        outcome = match (constraint.touches(ask), outcome) {
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
