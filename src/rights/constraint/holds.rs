//! Whether a constraint holds for what is asked.
//!
//! A permission needs its conditions to hold for *everything* that is asked
//! ([`Condition::holds`]); for a prohibition it is enough that *some part* of
//! what is asked may meet them ([`Condition::touches`]). So whatever holds
//! also touches, and what was not said is unknown to both.

use std::collections::BTreeSet;

use super::{Condition, Purpose};
use crate::rights::acts::Ended;
use crate::rights::evaluate::{Ask, Holds};
use crate::rights::outcome::Outcome;
use crate::rights::{Action, Missing, Reason, Territory};

impl Condition {
    /// Whether a permission of an action hangs on it at all.
    pub(in crate::rights) const fn binds(&self, action: Action) -> bool {
        match self {
            Self::Distribution(_) => action.is_distribution(),
            Self::Processing(_) => !action.is_distribution(),
            Self::Field(_)
            | Self::From(_)
            | Self::Hops { .. }
            | Self::Licensee(_)
            | Self::Product(_)
            | Self::Purpose(_)
            | Self::Storage(_)
            | Self::Until(_)
            | Self::Volume { .. } => true,
        }
    }

    /// Whether it holds for everything that is asked, as a permission needs it.
    ///
    /// Where something is distributed is no condition of acts that distribute
    /// nothing, and where it is processed none of those that do; where it is
    /// stored is one of all acts, for all of them need a copy. Of a place that
    /// ISO 3166-2 lists under a country of whose territory it need not be
    /// ([`Territory`]) only the text of a licence can tell.
    pub(in crate::rights) fn holds(&self, ask: &Ask<'_>) -> Holds {
        match self {
            _ if !self.binds(ask.action) => Holds::Yes,
            Self::Distribution(areas) => within(areas, ask.distribution),
            Self::Field(fields) => name(fields, ask.field, Reason::Field, Missing::Field),
            Self::From(from) if ask.acts.earliest < *from => Holds::No(Reason::NotYetValid),
            Self::From(_) => Holds::Yes,
            Self::Hops { at_most } if ask.hops <= *at_most => Holds::Yes,
            Self::Hops { .. } => Holds::No(Reason::Hops),
            Self::Licensee(parties) => {
                name(parties, ask.licensee, Reason::Licensee, Missing::Licensee)
            }
            Self::Processing(areas) => within(areas, ask.processing),
            Self::Product(products) => {
                name(products, ask.product, Reason::Product, Missing::Product)
            }
            Self::Purpose(purposes) => purpose(purposes, ask.purpose),
            Self::Storage(areas) => within(areas, ask.storage),
            Self::Until(until) => match ask.acts.ended_by(*until) {
                Ended::Before => Holds::Yes,
                Ended::After => Holds::No(Reason::Expired),
                Ended::Unproven => Holds::Unknown(Missing::ActTimeUnproven),
            },
            Self::Volume { at_most, unit } => match ask.volumes.get(unit) {
                Some(volume) if volume <= at_most => Holds::Yes,
                Some(_) => Holds::No(Reason::Volume),
                None => Holds::Unknown(Missing::Volume),
            },
        }
    }

    /// Whether it may hold for any part of what is asked, which is enough for a prohibition.
    ///
    /// Whoever asks about a country asks about its subdivisions, acts between
    /// two instants lie on both sides of one in between, and whoever uses much
    /// uses little of it too. How far away something is can be no excuse, for
    /// steps can be claimed that never were. A prohibition about the distribution of what an
    /// act makes may stand on that act, so places count whatever the action.
    pub(in crate::rights) fn touches(&self, ask: &Ask<'_>) -> Holds {
        match self {
            Self::Distribution(areas) => meeting(areas, ask.distribution),
            Self::Processing(areas) => meeting(areas, ask.processing),
            Self::Storage(areas) => meeting(areas, ask.storage),
            Self::From(from) => match ask.acts.ended_by(*from) {
                Ended::Before => Holds::No(Reason::NotYetValid),
                Ended::After => Holds::Yes,
                Ended::Unproven => Holds::Unknown(Missing::ActTimeUnproven),
            },
            Self::Hops { .. } => Holds::Yes,
            Self::Purpose(purposes) => purpose_touches(purposes, ask),
            Self::Until(until) if ask.acts.earliest < *until => Holds::Yes,
            Self::Until(_) => Holds::No(Reason::Expired),
            Self::Volume { unit, .. } => match ask.volumes.get(unit) {
                Some(_) => Holds::Yes,
                None => Holds::Unknown(Missing::Volume),
            },
            Self::Field(_) | Self::Licensee(_) | Self::Product(_) => self.holds(ask),
        }
    }
}

/// [`purpose`], as an answer.
pub(crate) fn is_for(purposes: &BTreeSet<Purpose>, asked: Option<Purpose>) -> Outcome {
    purpose(purposes, asked).into()
}

/// Whether a use for what was asked is surely for one of the purposes.
///
/// What is for commercial or for other than commercial ends may be either of research, teaching and government.
fn purpose(purposes: &BTreeSet<Purpose>, asked: Option<Purpose>) -> Holds {
    let Some(asked) = asked else { return Holds::Unknown(Missing::Purpose) };
    let is_of_ends = |one: &Purpose| matches!(one, Purpose::Commercial | Purpose::NonCommercial);
    if purposes.iter().any(|one| one.includes(asked)) {
        Holds::Yes
    } else if asked.is_activity() && purposes.iter().any(is_of_ends) {
        Holds::Unknown(Missing::Purpose)
    } else {
        Holds::No(Reason::Purpose)
    }
}

/// Whether a use for what was asked may be for one of the purposes.
fn purpose_touches(purposes: &BTreeSet<Purpose>, ask: &Ask<'_>) -> Holds {
    let Some(asked) = ask.purpose else { return Holds::Unknown(Missing::Purpose) };
    let may_be = |one: &Purpose| one.is_activity() != asked.is_activity() || asked.includes(*one);
    if purposes.iter().any(|one| one.includes(asked)) {
        Holds::Yes
    } else if purposes.iter().any(may_be) {
        Holds::Unknown(Missing::Purpose)
    } else {
        Holds::No(Reason::Purpose)
    }
}

fn name(names: &BTreeSet<String>, said: Option<&str>, no: Reason, unsaid: Missing) -> Holds {
    match said {
        Some(said) if names.contains(said) => Holds::Yes,
        Some(_) => Holds::No(no),
        None => Holds::Unknown(unsaid),
    }
}

/// Whether one of the areas surely has all of the place in it.
fn within(areas: &BTreeSet<Territory>, place: Option<Territory>) -> Holds {
    let Some(place) = place.filter(Territory::is_assigned) else {
        return Holds::Unknown(Missing::Territory);
    };
    if areas.iter().any(|area| area.contains(&place)) {
        Holds::Yes
    } else if areas.iter().any(|area| area.may_contain(place)) {
        Holds::Unknown(Missing::Constraint)
    } else {
        Holds::No(Reason::Territory)
    }
}

/// Whether one of the areas may have a part of the place in it.
fn meeting(areas: &BTreeSet<Territory>, place: Option<Territory>) -> Holds {
    match place.filter(Territory::is_assigned) {
        Some(place) if areas.iter().all(|area| area.is_apart_from(&place)) => {
            Holds::No(Reason::Territory)
        }
        Some(_) => Holds::Yes,
        None => Holds::Unknown(Missing::Territory),
    }
}
