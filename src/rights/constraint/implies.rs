//! Which conditions are as narrow as others, so that a sublicence lies within its parent.

use std::collections::BTreeSet;

use super::{Condition, Constraint};
use crate::rights::{Purpose, Rule, Territory};

impl Condition {
    /// Whether `other` holds whenever this one does.
    ///
    /// `false` where that does not follow from one alone: conditions of
    /// different kinds never imply one another here, whatever they say.
    ///
    /// ```
    /// use datadeed::rights::Condition;
    ///
    /// let (china, beijing) = ("CN".parse()?, "CN-BJ".parse()?);
    /// let wide = Condition::Processing([china].into());
    /// let narrow = Condition::Processing([beijing].into());
    /// assert!(narrow.implies(&wide) && !wide.implies(&narrow));
    /// assert!(!narrow.implies(&Condition::Storage([china].into())));
    /// # Ok::<(), datadeed::rights::TerritoryError>(())
    /// ```
    pub fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Distribution(here), Self::Distribution(there))
            | (Self::Processing(here), Self::Processing(there))
            | (Self::Storage(here), Self::Storage(there)) => lie_in(here, there),
            (Self::Field(narrow), Self::Field(wide))
            | (Self::Licensee(narrow), Self::Licensee(wide))
            | (Self::Product(narrow), Self::Product(wide)) => narrow.is_subset(wide),
            (Self::From(from), Self::From(earlier)) => from >= earlier,
            (Self::Hops { at_most: fewer }, Self::Hops { at_most }) => fewer <= at_most,
            (Self::Purpose(narrow), Self::Purpose(wide)) => narrow.is_subset(wide),
            (Self::Until(until), Self::Until(later)) => until <= later,
            (Self::Volume { at_most: less, unit }, Self::Volume { at_most, unit: of }) => {
                unit == of && less <= at_most
            }
            (
                Self::Distribution(_)
                | Self::Field(_)
                | Self::From(_)
                | Self::Hops { .. }
                | Self::Licensee(_)
                | Self::Processing(_)
                | Self::Product(_)
                | Self::Purpose(_)
                | Self::Storage(_)
                | Self::Until(_)
                | Self::Volume { .. },
                _,
            ) => false,
        }
    }

    /// Whether `other` holds nowhere that this one does; `false` where that does not follow.
    pub(in crate::rights) fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Distribution(here), Self::Distribution(there))
            | (Self::Processing(here), Self::Processing(there))
            | (Self::Storage(here), Self::Storage(there)) => {
                here.iter().all(|here| there.iter().all(|there| here.is_apart_from(there)))
            }
            (Self::Field(names), Self::Field(other))
            | (Self::Licensee(names), Self::Licensee(other))
            | (Self::Product(names), Self::Product(other)) => names.is_disjoint(other),
            (Self::From(from), Self::Until(until)) | (Self::Until(until), Self::From(from)) => {
                until <= from
            }
            (Self::Purpose(here), Self::Purpose(there)) => {
                here.iter().all(|this| there.iter().all(|that| this.excludes(*that)))
            }
            (
                Self::Distribution(_)
                | Self::Field(_)
                | Self::From(_)
                | Self::Hops { .. }
                | Self::Licensee(_)
                | Self::Processing(_)
                | Self::Product(_)
                | Self::Purpose(_)
                | Self::Storage(_)
                | Self::Until(_)
                | Self::Volume { .. },
                _,
            ) => false,
        }
    }
}

impl Purpose {
    /// Whether nothing is for both: research, teaching and government may be for gain or not.
    const fn excludes(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Commercial, Self::NonCommercial | Self::Personal)
                | (Self::NonCommercial | Self::Personal, Self::Commercial)
        )
    }

    /// Whether whatever is for the other is for this: what is personal is not commercial.
    pub(super) fn includes(self, other: Self) -> bool {
        self == other || (self, other) == (Self::NonCommercial, Self::Personal)
    }

    /// Whether it says what is done, and not to what end: for gain or without.
    pub(super) const fn is_activity(self) -> bool {
        matches!(self, Self::Education | Self::Government | Self::Research)
    }
}

impl Constraint {
    /// Whether `other` holds whenever this one does; one that nobody can evaluate implies itself alone.
    pub fn implies(&self, other: &Self) -> bool {
        let conditions = || self.condition().zip(other.condition());
        self == other || conditions().is_some_and(|(this, that)| this.implies(&that))
    }
}

impl Rule {
    /// The conditions of `parent` that no one condition of this rule implies.
    ///
    /// Where there are none, whatever this rule's conditions let through the parent's do too.
    ///
    /// ```
    /// use datadeed::rights::{Action, Constraint, Purpose, Rule};
    ///
    /// let research = Constraint::purpose([Purpose::Research]);
    /// let parent = Rule::permit([Action::Train]).when(research.clone()).when(Constraint::hops(2));
    /// let child = Rule::permit([Action::Train]).when(Constraint::hops(1));
    /// assert!(child.conditions_dropped_from(&parent).eq([&research]));
    /// ```
    pub fn conditions_dropped_from<'a>(
        &'a self,
        parent: &'a Self,
    ) -> impl Iterator<Item = &'a Constraint> {
        let implied =
            |condition: &Constraint| self.constraints.iter().any(|own| own.implies(condition));
        parent.constraints.iter().filter(move |condition| !implied(condition))
    }
}

/// Whether each of the places lies in one of the areas. Of a code that is not assigned nothing follows.
fn lie_in(places: &BTreeSet<Territory>, areas: &BTreeSet<Territory>) -> bool {
    areas.iter().all(Territory::is_assigned)
        && places.iter().all(|place| areas.iter().any(|area| area.contains(place)))
}
