//! What a constraint means, where this version knows.

use std::collections::BTreeSet;

use super::{Constraint, Purpose, VolumeUnit};
use crate::statement::Territory;
use crate::timestamp::Timestamp;

/// A [`Constraint`] that this version can evaluate.
///
/// A territory is one whose code is assigned: of any other nobody can tell
/// what lies in it. A set allows each of its members and nothing else, so an empty one never
/// holds. Names are compared exactly, byte by byte.
///
/// ```
/// use datadeed::rights::{Condition, Constraint, VolumeUnit};
///
/// let little = Condition::Volume { at_most: 1_000, unit: VolumeUnit::Records };
/// let constraint: Constraint = little.clone().into();
/// assert_eq!(constraint, Constraint::new("volume", "at_most", ["1000 records".into()]));
/// assert_eq!(constraint.condition(), Some(little));
/// assert_eq!(Constraint::new("zodiac", "any_of", ["leo".into()]).condition(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Condition {
    /// Distributed in one of these territories.
    Distribution(BTreeSet<Territory>),
    /// In one of these fields of use, such as `medical`.
    Field(BTreeSet<String>),
    /// Not before this instant.
    From(Timestamp),
    /// No more activities than this lie between the asset and what is used.
    Hops {
        /// The bound, allowed itself; 0 for the asset itself.
        at_most: u64,
    },
    /// By one of these parties, as `iss` texts.
    Licensee(BTreeSet<String>),
    /// Processed in one of these territories.
    Processing(BTreeSet<Territory>),
    /// For one of these products.
    Product(BTreeSet<String>),
    /// For one of these purposes.
    Purpose(BTreeSet<Purpose>),
    /// Stored in one of these territories.
    Storage(BTreeSet<Territory>),
    /// Before this instant.
    Until(Timestamp),
    /// No more than this is used.
    Volume {
        /// The bound, allowed itself.
        at_most: u64,
        /// What is counted.
        unit: VolumeUnit,
    },
}

impl From<Condition> for Constraint {
    fn from(condition: Condition) -> Self {
        fn codes<T: ToString>(set: BTreeSet<T>) -> impl Iterator<Item = String> {
            set.into_iter().map(|value| value.to_string())
        }
        match condition {
            Condition::Distribution(places) => {
                Self::new("territory.distribution", "any_of", codes(places))
            }
            Condition::Field(fields) => Self::new("field", "any_of", fields),
            Condition::From(from) => Self::new("time", "from", [from.to_string()]),
            Condition::Hops { at_most } => Self::new("hops", "at_most", [at_most.to_string()]),
            Condition::Licensee(parties) => Self::new("licensee", "any_of", parties),
            Condition::Processing(places) => {
                Self::new("territory.processing", "any_of", codes(places))
            }
            Condition::Product(products) => Self::new("product", "any_of", products),
            Condition::Purpose(purposes) => Self::new("purpose", "any_of", codes(purposes)),
            Condition::Storage(places) => Self::new("territory.storage", "any_of", codes(places)),
            Condition::Until(until) => Self::new("time", "until", [until.to_string()]),
            Condition::Volume { at_most, unit } => {
                Self::new("volume", "at_most", [format!("{at_most} {unit}")])
            }
        }
    }
}

/// A [`Condition`] whose sets are those of the constraint, so that reading it allocates nothing.
pub(super) enum View<'a> {
    Distribution(Listed<'a, Territory>),
    Field(&'a BTreeSet<String>),
    From(Timestamp),
    Hops(u64),
    Licensee(&'a BTreeSet<String>),
    Processing(Listed<'a, Territory>),
    Product(&'a BTreeSet<String>),
    Purpose(Listed<'a, Purpose>),
    Storage(Listed<'a, Territory>),
    Until(Timestamp),
    Volume { at_most: u64, unit: VolumeUnit },
}

impl<'a> View<'a> {
    /// `None` where this version cannot evaluate it.
    pub(super) fn of(constraint: &'a Constraint) -> Option<Self> {
        let values = &constraint.values;
        let places = || {
            let places: Listed<'a, Territory> = Listed::new(values, |code| code.parse().ok())?;
            places.iter().all(|place| place.is_assigned()).then_some(places)
        };
        match (constraint.operand.as_str(), constraint.operator.as_str()) {
            ("field", "any_of") => Some(Self::Field(values)),
            ("hops", "at_most") => integer(sole(values)?).map(Self::Hops),
            ("licensee", "any_of") => Some(Self::Licensee(values)),
            ("product", "any_of") => Some(Self::Product(values)),
            ("purpose", "any_of") => Listed::new(values, Purpose::from_code).map(Self::Purpose),
            ("territory.distribution", "any_of") => places().map(Self::Distribution),
            ("territory.processing", "any_of") => places().map(Self::Processing),
            ("territory.storage", "any_of") => places().map(Self::Storage),
            ("time", "from") => sole(values)?.parse().ok().map(Self::From),
            ("time", "until") => sole(values)?.parse().ok().map(Self::Until),
            ("volume", "at_most") => {
                let (amount, unit) = sole(values)?.split_once(' ')?;
                let (at_most, unit) = (integer(amount)?, VolumeUnit::from_code(unit)?);
                Some(Self::Volume { at_most, unit })
            }
            _ => None,
        }
    }

    pub(super) fn condition(&self) -> Condition {
        match self {
            Self::Distribution(places) => Condition::Distribution(places.iter().collect()),
            Self::Field(fields) => Condition::Field((*fields).clone()),
            Self::From(from) => Condition::From(*from),
            Self::Hops(at_most) => Condition::Hops { at_most: *at_most },
            Self::Licensee(parties) => Condition::Licensee((*parties).clone()),
            Self::Processing(places) => Condition::Processing(places.iter().collect()),
            Self::Product(products) => Condition::Product((*products).clone()),
            Self::Purpose(purposes) => Condition::Purpose(purposes.iter().collect()),
            Self::Storage(places) => Condition::Storage(places.iter().collect()),
            Self::Until(until) => Condition::Until(*until),
            Self::Volume { at_most, unit } => Condition::Volume { at_most: *at_most, unit: *unit },
        }
    }
}

/// Texts of which each reads as a `T`.
#[derive(Clone, Copy)]
pub(super) struct Listed<'a, T> {
    values: &'a BTreeSet<String>,
    read: fn(&str) -> Option<T>,
}

impl<'a, T> Listed<'a, T> {
    fn new(values: &'a BTreeSet<String>, read: fn(&str) -> Option<T>) -> Option<Self> {
        values.iter().all(|value| read(value).is_some()).then_some(Self { values, read })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.values.iter().filter_map(|value| (self.read)(value))
    }
}

/// The one value of a set; `None` for none or several.
fn sole(values: &BTreeSet<String>) -> Option<&str> {
    let mut values = values.iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// A decimal number in its one spelling: no sign, no leading zero.
fn integer(text: &str) -> Option<u64> {
    let spelled =
        text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()));
    if spelled { text.parse().ok() } else { None }
}
