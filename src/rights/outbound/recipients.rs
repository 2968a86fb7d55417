//! Whether those to whom something is offered on stay within the terms that it came under.
//!
//! Purpose, field, product and where it is distributed say what may become of
//! it, with whomever it is. Time, volume, hops, licensees and the places of
//! processing and storage say what the licensee may do, and are done with
//! when he may.

use std::collections::BTreeSet;
use std::mem::discriminant;

use super::super::{Action, Condition, Duty, Missing, Purpose, Reason};
use super::{Offered, Outbound};
use crate::rights::evaluate::{Ask, Holds};
use crate::rights::outcome::Outcome;
use crate::rights::public::shares_adaptation;
use crate::rights::read::ReadRule;
use crate::rights::table::Adaptations;

/// What one licence of an offer lets its recipients do.
#[derive(Clone, Copy)]
pub(in crate::rights) enum Recipients<'a> {
    /// Whatever is not for commercial advantage.
    NonCommercial,
    /// Anything.
    Unlimited,
    /// What these conditions allow, of which nobody knows whether they are all.
    Under(&'a BTreeSet<Condition>),
    /// Whatever terms that nobody here knows let them do.
    Unknown,
}

impl Outbound {
    /// The recipients of each licence of the expression, of which `NONE` has no one.
    pub(super) fn recipients(&self) -> impl Iterator<Item = Recipients<'_>> {
        self.licences.iter().flatten().filter_map(|(_, one)| match one {
            Offered::Contract => Some(Recipients::Under(&self.limits)),
            Offered::Nothing => None,
            Offered::Public(row) if row.is_commercial() => Some(Recipients::Unlimited),
            Offered::Public(_) => Some(Recipients::NonCommercial),
            Offered::Unlisted => Some(Recipients::Unknown),
        })
    }
}

impl Outbound {
    /// Whether some licence of the expression is public: whoever has a copy has rights in it then.
    pub(in crate::rights) fn is_public(&self) -> bool {
        let mut licences = self.licences.iter().flatten();
        licences.any(|(_, one)| matches!(one, Offered::Public(_) | Offered::Unlisted))
    }

    /// What the public licences of the expression let their recipients do with copies, leaf by leaf.
    ///
    /// None lets them grant it on in their own name for certain, and what other terms let nobody says.
    pub(in crate::rights) fn grants(&self) -> impl Iterator<Item = (Action, Recipients<'_>)> {
        let public = self.licences.iter().flatten().filter_map(|(_, one)| match one {
            Offered::Contract | Offered::Nothing => None,
            Offered::Public(row) if row.is_commercial() => {
                Some((row.adaptations, Recipients::Unlimited))
            }
            Offered::Public(row) => Some((row.adaptations, Recipients::NonCommercial)),
            Offered::Unlisted => Some((Adaptations::Shared, Recipients::Unknown)),
        });
        public.flat_map(|(adaptations, to)| {
            let is_granted = move |action: &Action| match adaptations {
                Adaptations::Shared => true,
                Adaptations::Private(_) => !shares_adaptation(*action),
                Adaptations::None(_) => !shares_adaptation(*action) && *action != Action::Derive,
            };
            let leaves = Action::Use.leaves().filter(is_granted);
            let own = |action: &Action| !matches!(action, Action::Sublicense | Action::Transfer);
            leaves.filter(own).map(move |action| (action, to))
        })
    }
}

impl Recipients<'_> {
    /// What stands against them, where it is known what they may do.
    pub(in crate::rights) fn against(self, outcome: Outcome) -> Outcome {
        match (self, outcome) {
            (Self::Unknown, Outcome::Deny(_)) => Outcome::unknown(Missing::Licence),
            (_, outcome) => outcome,
        }
    }

    /// Whether a permission of one action covers whatever they may do of it, wherever, whenever and however often,
    /// without having done anything for it.
    pub(in crate::rights) fn are_permitted(self, read: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
        let conditions = read.conditions.iter().map(|condition| match condition {
            Some(condition) => self.may_act(condition, ask).into(),
            None => Outcome::unknown(Missing::Constraint),
        });
        let is_earned = |duty: &Duty| duty.kind.is_precondition() || duty.after.is_some();
        let earned = read.rule.duties.iter().any(is_earned);
        let duties = earned.then(|| Outcome::deny(Reason::OutboundTooBroad));
        conditions.chain(duties).fold(Outcome::free(), Outcome::meet)
    }

    /// Whether a condition holds of all that they may do themselves.
    fn may_act(self, condition: &Condition, ask: &Ask<'_>) -> Holds {
        match condition {
            Condition::Distribution(_)
            | Condition::Field(_)
            | Condition::Product(_)
            | Condition::Purpose(_) => self.meet(condition),
            // They act later than who lets them.
            Condition::From(_) => condition.holds(ask),
            Condition::Hops { .. }
            | Condition::Licensee(_)
            | Condition::Processing(_)
            | Condition::Storage(_)
            | Condition::Until(_)
            | Condition::Volume { .. } => Holds::No(Reason::OutboundTooBroad),
        }
    }

    /// Whether a prohibition of one action is of nothing that they may do of it.
    pub(in crate::rights) fn are_prohibited(
        self,
        conditions: &[Option<Condition>],
        ask: &Ask<'_>,
    ) -> Outcome {
        match conditions {
            [] => Outcome::deny(Reason::OutboundTooBroad),
            _ => self.stay_clear_of(conditions, ask),
        }
    }

    /// Whether whatever they may do meets the conditions of a permission.
    ///
    /// A condition that nobody can evaluate lets nothing go on at all.
    pub(super) fn stay_within(self, conditions: &[Option<Condition>]) -> Outcome {
        let each = conditions.iter().flatten().map(|condition| self.meet(condition).into());
        each.fold(Outcome::free(), Outcome::meet)
    }

    /// Whether nothing that they may do is what a prohibition forbids.
    ///
    /// It is enough that one of its conditions cannot hold of them; one without any is answered already.
    pub(super) fn stay_clear_of(self, conditions: &[Option<Condition>], ask: &Ask<'_>) -> Outcome {
        let each = conditions.iter().map(|condition| match condition {
            Some(condition) => self.avoid(condition, ask).into(),
            None => Outcome::unknown(Missing::Constraint),
        });
        each.reduce(Outcome::best).unwrap_or(Outcome::free())
    }

    /// Whether a condition holds of all that they may do.
    fn meet(self, condition: &Condition) -> Holds {
        match condition {
            // Whoever lets it be used for gain lets it be used.
            Condition::Purpose(allowed) if allowed.contains(&Purpose::Commercial) => Holds::Yes,
            Condition::Distribution(_)
            | Condition::Field(_)
            | Condition::Product(_)
            | Condition::Purpose(_) => {
                self.are_bound_by(condition, |limit| limit.implies(condition))
            }
            Condition::From(_)
            | Condition::Hops { .. }
            | Condition::Licensee(_)
            | Condition::Processing(_)
            | Condition::Storage(_)
            | Condition::Until(_)
            | Condition::Volume { .. } => Holds::Yes,
        }
    }

    /// Whether a condition holds of nothing that they may do.
    fn avoid(self, condition: &Condition, ask: &Ask<'_>) -> Holds {
        match condition {
            Condition::Distribution(_)
            | Condition::Field(_)
            | Condition::Product(_)
            | Condition::Purpose(_) => {
                self.are_bound_by(condition, |limit| limit.excludes(condition))
            }
            Condition::From(_)
            | Condition::Hops { .. }
            | Condition::Licensee(_)
            | Condition::Processing(_)
            | Condition::Storage(_)
            | Condition::Until(_)
            | Condition::Volume { .. } => match condition.touches(ask) {
                Holds::No(_) => Holds::Yes,
                Holds::Unknown(missing) => Holds::Unknown(missing),
                Holds::Yes => Holds::No(Reason::OutboundTooBroad),
            },
        }
    }

    /// Whether a limit that they are bound to is as is asked.
    fn are_bound_by(self, condition: &Condition, suits: impl Fn(&Condition) -> bool) -> Holds {
        let is_same = |limit: &&Condition| discriminant(*limit) == discriminant(condition);
        match self {
            Self::NonCommercial if suits(&non_commercial()) => Holds::Yes,
            Self::NonCommercial | Self::Unlimited => Holds::No(Reason::OutboundTooBroad),
            Self::Under(limits) if limits.iter().any(suits) => Holds::Yes,
            Self::Under(limits) if limits.iter().any(|limit| is_same(&limit)) => {
                Holds::No(Reason::OutboundTooBroad)
            }
            Self::Under(_) | Self::Unknown => Holds::Unknown(Missing::Licence),
        }
    }
}

fn non_commercial() -> Condition {
    Condition::Purpose([Purpose::NonCommercial].into())
}
