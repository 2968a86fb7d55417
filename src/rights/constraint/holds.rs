//! Whether a constraint holds for what is asked.
//!
//! A permission needs its conditions to hold for *everything* that is asked
//! ([`Constraint::holds`]); for a prohibition it is enough that *some part* of
//! what is asked may meet them ([`Constraint::touches`]). So whatever holds
//! also touches, and what was not said is unknown to both.

use std::collections::BTreeSet;

use super::condition::{Listed, View};
use super::{Constraint, Purpose};
use crate::rights::acts::Ended;
use crate::rights::evaluate::{Ask, Holds};
use crate::rights::{Missing, Reason, Territory};

impl Constraint {
    /// Whether it holds for everything that is asked, as a permission needs it.
    ///
    /// Where something is distributed is no condition of acts that distribute
    /// nothing, and where it is processed none of those that do; where it is
    /// stored is one of all acts, for all of them need a copy. Of a place that
    /// ISO 3166-2 lists under a country of whose territory it need not be
    /// ([`Territory`]) only the text of a licence can tell.
    pub(in crate::rights) fn holds(&self, ask: &Ask<'_>) -> Holds {
        let Some(view) = View::of(self) else { return Holds::Unknown(Missing::Constraint) };
        match view {
            View::Distribution(_) if !ask.action.is_distribution() => Holds::Yes,
            View::Distribution(areas) => within(&areas, ask.distribution),
            View::Field(fields) => name(fields, ask.field, Reason::Field, Missing::Field),
            View::From(from) if ask.acts.earliest < from => Holds::No(Reason::NotYetValid),
            View::From(_) => Holds::Yes,
            View::Hops(at_most) if ask.hops <= at_most => Holds::Yes,
            View::Hops(_) => Holds::No(Reason::Hops),
            View::Licensee(parties) => {
                name(parties, ask.licensee, Reason::Licensee, Missing::Licensee)
            }
            View::Processing(_) if ask.action.is_distribution() => Holds::Yes,
            View::Processing(areas) => within(&areas, ask.processing),
            View::Product(products) => {
                name(products, ask.product, Reason::Product, Missing::Product)
            }
            View::Purpose(purposes) => purpose(&purposes, ask),
            View::Storage(areas) => within(&areas, ask.storage),
            View::Until(until) => match ask.acts.ended_by(until) {
                Ended::Before => Holds::Yes,
                Ended::After => Holds::No(Reason::Expired),
                Ended::Unproven => Holds::Unknown(Missing::ActTimeUnproven),
            },
            View::Volume { at_most, unit } => match ask.volumes.get(&unit) {
                Some(volume) if *volume <= at_most => Holds::Yes,
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
        let Some(view) = View::of(self) else { return Holds::Unknown(Missing::Constraint) };
        match view {
            View::Distribution(areas) => meeting(&areas, ask.distribution),
            View::Processing(areas) => meeting(&areas, ask.processing),
            View::Storage(areas) => meeting(&areas, ask.storage),
            View::From(from) => match ask.acts.ended_by(from) {
                Ended::Before => Holds::No(Reason::NotYetValid),
                Ended::After => Holds::Yes,
                Ended::Unproven => Holds::Unknown(Missing::ActTimeUnproven),
            },
            View::Hops(_) => Holds::Yes,
            View::Purpose(purposes) => purpose_touches(&purposes, ask),
            View::Until(until) if ask.acts.earliest < until => Holds::Yes,
            View::Until(_) => Holds::No(Reason::Expired),
            View::Volume { unit, .. } => match ask.volumes.get(&unit) {
                Some(_) => Holds::Yes,
                None => Holds::Unknown(Missing::Volume),
            },
            View::Field(_) | View::Licensee(_) | View::Product(_) => self.holds(ask),
        }
    }
}

/// Research, teaching and government may be commercial or not; the question must say which.
fn purpose_touches(purposes: &Listed<'_, Purpose>, ask: &Ask<'_>) -> Holds {
    let either = purposes
        .iter()
        .any(|purpose| matches!(purpose, Purpose::Commercial | Purpose::NonCommercial));
    match (purpose(purposes, ask), ask.purpose) {
        (Holds::No(_), Some(Purpose::Research | Purpose::Education | Purpose::Government))
            if either =>
        {
            Holds::Unknown(Missing::Purpose)
        }
        (holds, _) => holds,
    }
}

fn purpose(purposes: &Listed<'_, Purpose>, ask: &Ask<'_>) -> Holds {
    match ask.purpose {
        Some(purpose) if purposes.iter().any(|allowed| allowed == purpose) => Holds::Yes,
        Some(_) => Holds::No(Reason::Purpose),
        None => Holds::Unknown(Missing::Purpose),
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
fn within(areas: &Listed<'_, Territory>, place: Option<Territory>) -> Holds {
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
fn meeting(areas: &Listed<'_, Territory>, place: Option<Territory>) -> Holds {
    match place.filter(Territory::is_assigned) {
        Some(place) if areas.iter().all(|area| area.is_apart_from(&place)) => {
            Holds::No(Reason::Territory)
        }
        Some(_) => Holds::Yes,
        None => Holds::Unknown(Missing::Territory),
    }
}
