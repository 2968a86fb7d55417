//! Conditions under which a rule applies.

mod condition;
mod holds;
mod implies;

use std::collections::BTreeSet;

use super::Territory;
use crate::cbor::{codes, record};
use crate::timestamp::Timestamp;

pub use condition::Condition;
pub(crate) use holds::is_for;

codes! {
    /// What a use is for.
    pub enum Purpose("purpose") in rights {
        /// For commercial advantage or payment.
        Commercial = "commercial",
        /// Teaching.
        Education = "education",
        /// By a public body in its tasks.
        Government = "government",
        /// Not primarily for commercial advantage or payment.
        NonCommercial = "non_commercial",
        /// By a person for himself.
        Personal = "personal",
        /// Research.
        Research = "research",
    }
}

codes! {
    /// What a volume counts.
    pub enum VolumeUnit("unit of volume") in rights {
        /// Bytes of content.
        Bytes = "bytes",
        /// Files.
        Files = "files",
        /// Records, as the dataset divides itself.
        Records = "records",
        /// Requests that are answered.
        Requests = "requests",
        /// Tokens, as the user's tokeniser divides the content.
        Tokens = "tokens",
    }
}

record! {
    /// One condition: an operand, an operator and values, as text.
    ///
    /// A condition whose operand, operator or values this version cannot
    /// evaluate makes the answer Unknown, never Permit. Evaluated are
    ///
    /// | operand | operator | values |
    /// |---|---|---|
    /// | `field` | `any_of` | names of fields of use, compared exactly |
    /// | `hops` | `at_most` (inclusive) | one integer: activities between the asset and what is used |
    /// | `licensee` | `any_of` | `iss` texts |
    /// | `product` | `any_of` | names of products, compared exactly |
    /// | `purpose` | `any_of` | codes of [`Purpose`] |
    /// | `territory.processing`, `.storage`, `.distribution` | `any_of` | assigned [`Territory`] codes |
    /// | `time` | `from` (inclusive), `until` (exclusive) | one [`Timestamp`] |
    /// | `volume` | `at_most` (inclusive) | one `<integer> <unit>`, such as `1000 records`: a [`VolumeUnit`] |
    ///
    /// In a permission a condition must hold for everything that is asked. In a
    /// prohibition it is enough that it may hold for a part: all of a country
    /// has its provinces in it, who uses much uses little of it too, and steps
    /// can be claimed that never were, so that a bound on hops or volume stops
    /// nobody less for being above it.
    ///
    /// Hops are counted on the longest way through the lineage, in which each
    /// activity of a cycle counts once. Who trains on an asset uses the asset
    /// itself, at 0 hops; who sells the model uses something 1 hop away.
    ///
    /// `territory.processing` binds acts that process, `.distribution` those
    /// that make something available to others, and `.storage` all, for all
    /// need a copy; in a prohibition each is compared whatever the action.
    ///
    /// ```
    /// use datadeed::rights::{Action, Constraint, Purpose, Rule};
    ///
    /// let rule = Rule::permit([Action::Train])
    ///     .when(Constraint::purpose([Purpose::Research]))
    ///     .when(Constraint::processing_in([&"CN".parse()?]))
    ///     .when(Constraint::until("2029-01-01T00:00:00Z".parse()?));
    /// let research = Constraint::new("purpose", "any_of", ["research".into()]);
    /// assert!(rule.constraints.contains(&research));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Constraint {
        /// What the right side is compared with.
        "values" => values: BTreeSet<String>,
        /// What is compared.
        "operand" => operand: String,
        /// How it is compared.
        "operator" => operator: String,
    }
}

impl Constraint {
    /// Any condition, also one that only later versions evaluate.
    pub fn new(operand: &str, operator: &str, values: impl IntoIterator<Item = String>) -> Self {
        let values = values.into_iter().collect();
        Self { values, operand: operand.to_owned(), operator: operator.to_owned() }
    }

    /// For one of these purposes.
    pub fn purpose(purposes: impl IntoIterator<Item = Purpose>) -> Self {
        Condition::Purpose(purposes.into_iter().collect()).into()
    }

    /// Processed in one of these territories.
    pub fn processing_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Condition::Processing(territories.into_iter().copied().collect()).into()
    }

    /// Stored in one of these territories.
    pub fn storage_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Condition::Storage(territories.into_iter().copied().collect()).into()
    }

    /// Distributed in one of these territories.
    pub fn distribution_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Condition::Distribution(territories.into_iter().copied().collect()).into()
    }

    /// Not before `from`: at that instant it is allowed.
    pub fn not_before(from: Timestamp) -> Self {
        Condition::From(from).into()
    }

    /// Before `until`: at that instant it is not allowed any longer.
    pub fn until(until: Timestamp) -> Self {
        Condition::Until(until).into()
    }

    /// By one of these parties.
    pub fn licensee(parties: impl IntoIterator<Item = String>) -> Self {
        Condition::Licensee(parties.into_iter().collect()).into()
    }

    /// In one of these fields of use.
    pub fn field(fields: impl IntoIterator<Item = String>) -> Self {
        Condition::Field(fields.into_iter().collect()).into()
    }

    /// For one of these products.
    pub fn product(products: impl IntoIterator<Item = String>) -> Self {
        Condition::Product(products.into_iter().collect()).into()
    }

    /// No more than `at_most` activities away, inclusive.
    pub fn hops(at_most: u64) -> Self {
        Condition::Hops { at_most }.into()
    }

    /// No more than `at_most`, inclusive.
    pub fn volume(at_most: u64, unit: VolumeUnit) -> Self {
        Condition::Volume { at_most, unit }.into()
    }
}
