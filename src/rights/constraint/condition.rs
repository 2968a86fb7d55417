//! What a constraint means, where this version knows.

use std::collections::BTreeSet;

use super::{Constraint, Purpose, VolumeUnit};
use crate::statement::Territory;
use crate::timestamp::Timestamp;

/// A [`Constraint`] that this version can evaluate.
///
/// A territory is one whose code is assigned: of any other nobody can tell
/// what lies in it. A set allows each of its members and nothing else; of an empty one nobody can tell what was
/// meant ([`Constraint::condition`]). Names are compared exactly, byte by byte.
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

impl Constraint {
    /// What it means; `None` where this version cannot evaluate it, or it has no values: nobody would bind anybody
    /// to what can never be.
    pub fn condition(&self) -> Option<Condition> {
        let values = Some(&self.values).filter(|values| !values.is_empty())?;
        let places = || each(values, |code| code.parse().ok().filter(Territory::is_assigned));
        match (self.operand.as_str(), self.operator.as_str()) {
            ("field", "any_of") => Some(Condition::Field(values.clone())),
            ("hops", "at_most") => {
                integer(sole(values)?).map(|at_most| Condition::Hops { at_most })
            }
            ("licensee", "any_of") => Some(Condition::Licensee(values.clone())),
            ("product", "any_of") => Some(Condition::Product(values.clone())),
            ("purpose", "any_of") => each(values, Purpose::from_code).map(Condition::Purpose),
            ("territory.distribution", "any_of") => places().map(Condition::Distribution),
            ("territory.processing", "any_of") => places().map(Condition::Processing),
            ("territory.storage", "any_of") => places().map(Condition::Storage),
            ("time", "from") => sole(values)?.parse().ok().map(Condition::From),
            ("time", "until") => sole(values)?.parse().ok().map(Condition::Until),
            ("volume", "at_most") => {
                let (amount, unit) = sole(values)?.split_once(' ')?;
                let (at_most, unit) = (integer(amount)?, VolumeUnit::from_code(unit)?);
                Some(Condition::Volume { at_most, unit })
            }
            _ => None,
        }
    }
}

/// Of texts all of which can be read so; `None` where one cannot.
fn each<T: Ord>(
    values: &BTreeSet<String>,
    read: impl Fn(&str) -> Option<T>,
) -> Option<BTreeSet<T>> {
    values.iter().map(|value| read(value)).collect()
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
