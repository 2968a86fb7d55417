//! One licence, one question, one outcome.

use std::collections::BTreeSet;

use super::table::{PublicLicence, Reach, Revocation};
use super::{
    Action, Constraint, Duty, DutyKind, Effect, Licence, Missing, Profile, Purpose, Reason, Rule,
    Territory, expression,
};
use crate::timestamp::Timestamp;

/// When the acts in question took place, as far as it matters: their extremes.
///
/// Starts are claims. `proven` is the latest instant by which an act is proven
/// to have taken place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acts {
    pub(crate) earliest: Timestamp,
    pub(crate) latest: Timestamp,
    pub(crate) proven: Timestamp,
}

/// Where acts stand to the instant at which a right ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// One claims to have begun at the end or later, which is believed.
    After,
    /// All are proven to lie before the end.
    Before,
    /// All claim to lie before the end, and one cannot prove it.
    Unproven,
}

impl Acts {
    /// One act whose time is beyond doubt.
    pub(crate) const fn proven_at(at: Timestamp) -> Self {
        Self { earliest: at, latest: at, proven: at }
    }

    /// Both sets of acts.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.max(other.latest),
            proven: self.proven.max(other.proven),
        }
    }

    /// Where the acts stand to a right that ends at `end`, exclusive.
    pub(crate) fn ended_by(self, end: Timestamp) -> Ended {
        if self.latest >= end {
            Ended::After
        } else if self.proven < end {
            Ended::Before
        } else {
            Ended::Unproven
        }
    }
}

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
    /// When models in question were trained; for actions about a model.
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
    if let Some(outcome) = outside_licence(licence, ask) {
        return outcome;
    }
    let leaves = ask.action.leaves().map(|action| Ask { action, ..*ask });
    leaves
        .map(|leaf| match &licence.spdx {
            Some(spdx) => expression::evaluate(spdx, |row| public(row, &leaf)),
            None => negotiated(licence, &leaf),
        })
        .reduce(Outcome::meet)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant))
}

/// Whether every licence id in an observed expression is a public one of the table.
pub(crate) fn is_public(spdx: &str) -> bool {
    expression::is_public(spdx)
}

/// Whether nobody can take the licence back by its terms.
pub(crate) fn is_irrevocable(licence: &Licence) -> bool {
    match &licence.spdx {
        Some(spdx) => expression::is_irrevocable(spdx),
        None => !licence.revocable,
    }
}

/// The term and the licensees, which bound every grant of a licence.
fn outside_licence(licence: &Licence, ask: &Ask<'_>) -> Option<Outcome> {
    if !licence.licensees.is_empty() {
        match ask.licensee {
            Some(licensee) if licence.licensees.contains(licensee) => {}
            Some(_) => return Some(Outcome::deny(Reason::Licensee)),
            None => return Some(Outcome::unknown(Missing::Licensee)),
        }
    }
    if ask.since.is_some_and(|since| ask.acts.earliest < since) {
        return Some(Outcome::deny(Reason::NotYetValid));
    }
    licence.until.and_then(|until| ended(licence, ask, until, Reason::Expired))
}

/// What the end of a right at `end` does to acts that may lie after it; `None` where nothing.
fn ended(licence: &Licence, ask: &Ask<'_>, end: Timestamp, reason: Reason) -> Option<Outcome> {
    match ask.acts.ended_by(end) {
        Ended::Before => None,
        Ended::Unproven => Some(Outcome::unknown(Missing::ActTimeUnproven)),
        Ended::After => Some(match ask.trained.map(|trained| trained.ended_by(end)) {
            // The model was made in time: whether it outlives the term is for the terms to say.
            Some(Ended::Before) => match licence.survives {
                Some(true) => return None,
                Some(false) => Outcome::deny(reason),
                None => Outcome::unknown(Missing::Survival),
            },
            Some(Ended::Unproven) if licence.survives != Some(false) => {
                Outcome::unknown(Missing::ActTimeUnproven)
            }
            _ => Outcome::deny(reason),
        }),
    }
}

/// Prohibitions first, then the best permission.
fn negotiated(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    if let Some(revoked) = ask.revoked.filter(|_| licence.revocable)
        && let Some(outcome) = ended(licence, ask, revoked, Reason::Revoked)
    {
        return outcome;
    }
    let covering = |effect| {
        licence.rules.iter().filter(move |rule| {
            rule.effect == effect && rule.actions.iter().any(|action| ask.action.is_within(*action))
        })
    };
    let mut outcome = covering(Effect::Permit)
        .map(|rule| permission(rule, ask))
        .reduce(Outcome::best)
        .unwrap_or_else(|| Outcome::deny(Reason::NoGrant));
    for rule in covering(Effect::Prohibit) {
        outcome = match conditions(rule, |constraint| constraint.touches(ask)) {
            Holds::Yes => outcome.meet(Outcome::deny(Reason::Prohibited)),
            Holds::Unknown(missing) => outcome.meet(Outcome::unknown(missing)),
            Holds::No(_) => outcome,
        };
    }
    outcome
}

fn permission(rule: &Rule, ask: &Ask<'_>) -> Outcome {
    match conditions(rule, |constraint| constraint.holds(ask)) {
        Holds::No(reason) => return Outcome::deny(reason),
        Holds::Unknown(missing) => return Outcome::unknown(missing),
        Holds::Yes => {}
    }
    for duty in &rule.duties {
        // Closed world: a precondition without evidence is not fulfilled.
        if duty.kind.is_precondition() {
            return Outcome::deny(Reason::UnmetDuty);
        }
        let deleted = duty.after.map(|after| ask.acts.ended_by(after));
        match deleted {
            Some(Ended::After) => return Outcome::deny(Reason::UnmetDuty),
            Some(Ended::Unproven) => return Outcome::unknown(Missing::ActTimeUnproven),
            Some(Ended::Before) | None => {}
        }
    }
    Outcome::Permit(rule.duties.clone())
}

/// No outweighs Unknown outweighs Yes: one condition that fails is enough.
fn conditions(rule: &Rule, holds: impl Fn(&Constraint) -> Holds) -> Holds {
    let mut all = Holds::Yes;
    for constraint in &rule.constraints {
        match holds(constraint) {
            no @ Holds::No(_) => return no,
            unknown @ Holds::Unknown(_) => all = unknown,
            Holds::Yes => {}
        }
    }
    all
}

/// One row of the table.
fn public(row: &PublicLicence, ask: &Ask<'_>) -> Outcome {
    if ask.action.is_about_model() && !reaches_model(row, ask.profile) {
        return Outcome::Permit(BTreeSet::new());
    }
    if let (Revocation::Silent, Some(revoked)) = (row.revocation, ask.revoked)
        && ask.acts.ended_by(revoked) != Ended::Before
    {
        return Outcome::unknown(Missing::RevocationContested);
    }
    if !row.commercial {
        match ask.purpose {
            Some(Purpose::NonCommercial | Purpose::Personal) => {}
            Some(Purpose::Commercial) => return Outcome::deny(Reason::Purpose),
            // Research, teaching and government may be either; the question must say which.
            Some(Purpose::Research | Purpose::Education | Purpose::Government) | None => {
                return Outcome::unknown(Missing::Purpose);
            }
        }
    }
    let adapted = matches!(
        ask.action,
        Action::DistributeDerived | Action::DistributeModel | Action::ServeOutputs
    );
    let grants_on =
        ask.action == Action::Transfer || (ask.action == Action::Sublicense && !row.sublicense);
    if grants_on {
        return Outcome::deny(Reason::NoGrant);
    }
    if adapted && !row.share_adaptations {
        return Outcome::deny(Reason::NoDerivatives);
    }
    let mut duties = BTreeSet::new();
    if row.attribute {
        duties.insert(Duty::new(DutyKind::Attribute));
    }
    if row.notice {
        duties.insert(Duty::new(DutyKind::Notice));
    }
    if adapted && !row.share_alike.is_empty() {
        duties.insert(Duty::share_alike(row.share_alike.iter().copied()));
    }
    Outcome::Permit(duties)
}

fn reaches_model(row: &PublicLicence, profile: Profile) -> bool {
    match (row.reaches_model, profile) {
        (Reach::Yes, _) | (Reach::Contested, Profile::Strict) => true,
        (Reach::No, _) | (Reach::Contested, Profile::Declared) => false,
    }
}
