//! Conditions under which a rule applies.

use std::collections::BTreeSet;

use super::acts::Ended;
use super::evaluate::{Ask, Holds};
use super::{Missing, Reason, Territory};
use crate::cbor::{codes, record};
use crate::timestamp::Timestamp;

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

record! {
    /// One condition: an operand, an operator and values, as text.
    ///
    /// A condition whose operand, operator or values this version cannot
    /// evaluate makes the answer Unknown, never Permit. Evaluated are
    ///
    /// | operand | operator | values |
    /// |---|---|---|
    /// | `purpose` | `any_of` | codes of [`Purpose`] |
    /// | `territory.processing`, `.storage`, `.distribution` | `any_of` | [`Territory`] codes |
    /// | `time` | `from` (inclusive), `until` (exclusive) | one [`Timestamp`] |
    /// | `licensee` | `any_of` | `iss` texts |
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
        Self::new("purpose", "any_of", purposes.into_iter().map(|purpose| purpose.to_string()))
    }

    /// Processed in one of these territories.
    pub fn processing_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Self::new(
            "territory.processing",
            "any_of",
            territories.into_iter().map(ToString::to_string),
        )
    }

    /// Stored in one of these territories.
    pub fn storage_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Self::new("territory.storage", "any_of", territories.into_iter().map(ToString::to_string))
    }

    /// Distributed in one of these territories.
    pub fn distribution_in<'a>(territories: impl IntoIterator<Item = &'a Territory>) -> Self {
        Self::new(
            "territory.distribution",
            "any_of",
            territories.into_iter().map(ToString::to_string),
        )
    }

    /// Not before `from`.
    pub fn from(from: Timestamp) -> Self {
        Self::new("time", "from", [from.to_string()])
    }

    /// Before `until`.
    pub fn until(until: Timestamp) -> Self {
        Self::new("time", "until", [until.to_string()])
    }

    /// By one of these parties.
    pub fn licensee(parties: impl IntoIterator<Item = String>) -> Self {
        Self::new("licensee", "any_of", parties)
    }

    /// Whether it holds for everything that is asked, as a permission needs it.
    pub(super) fn holds(&self, ask: &Ask<'_>) -> Holds {
        match (self.operand.as_str(), self.operator.as_str()) {
            ("purpose", "any_of") => self.purpose_holds(ask),
            ("territory.processing", "any_of") if ask.action.is_distribution() => Holds::Yes,
            ("territory.distribution", "any_of") if !ask.action.is_distribution() => Holds::Yes,
            ("territory.processing" | "territory.storage" | "territory.distribution", "any_of") => {
                self.territory_is(ask, Territory::contains)
            }
            ("time", "from") => match self.instant() {
                Some(from) if ask.acts.earliest < from => Holds::No(Reason::NotYetValid),
                Some(_) => Holds::Yes,
                None => Holds::Unknown(Missing::Constraint),
            },
            ("time", "until") => match self.instant().map(|until| ask.acts.ended_by(until)) {
                Some(Ended::Before) => Holds::Yes,
                Some(Ended::After) => Holds::No(Reason::Expired),
                Some(Ended::Unproven) => Holds::Unknown(Missing::ActTimeUnproven),
                None => Holds::Unknown(Missing::Constraint),
            },
            ("licensee", "any_of") => match ask.licensee {
                Some(licensee) if self.values.contains(licensee) => Holds::Yes,
                Some(_) => Holds::No(Reason::Licensee),
                None => Holds::Unknown(Missing::Licensee),
            },
            _ => Holds::Unknown(Missing::Constraint),
        }
    }

    /// Whether it holds for any part of what is asked, which is enough for a prohibition.
    ///
    /// Whoever asks about a country asks about its subdivisions, and acts
    /// between two instants lie on both sides of one in between.
    pub(super) fn touches(&self, ask: &Ask<'_>) -> Holds {
        match (self.operand.as_str(), self.operator.as_str()) {
            ("territory.processing" | "territory.storage" | "territory.distribution", "any_of") => {
                self.territory_is(ask, |area, place| area.contains(place) || place.contains(area))
            }
            ("time", "from") => match self.instant().map(|from| ask.acts.ended_by(from)) {
                Some(Ended::Before) => Holds::No(Reason::NotYetValid),
                Some(Ended::After) => Holds::Yes,
                Some(Ended::Unproven) => Holds::Unknown(Missing::ActTimeUnproven),
                None => Holds::Unknown(Missing::Constraint),
            },
            ("time", "until") => match self.instant() {
                Some(until) if ask.acts.earliest < until => Holds::Yes,
                Some(_) => Holds::No(Reason::Expired),
                None => Holds::Unknown(Missing::Constraint),
            },
            ("purpose", "any_of") => self.purpose_touches(ask),
            _ => self.holds(ask),
        }
    }

    /// Research, teaching and government may be commercial or not; the question must say which.
    fn purpose_touches(&self, ask: &Ask<'_>) -> Holds {
        let either = [Purpose::Commercial, Purpose::NonCommercial]
            .iter()
            .any(|purpose| self.values.contains(purpose.code()));
        match (self.purpose_holds(ask), ask.purpose) {
            (Holds::No(_), Some(Purpose::Research | Purpose::Education | Purpose::Government))
                if either =>
            {
                Holds::Unknown(Missing::Purpose)
            }
            (holds, _) => holds,
        }
    }

    fn purpose_holds(&self, ask: &Ask<'_>) -> Holds {
        let allowed: Option<BTreeSet<Purpose>> =
            self.values.iter().map(|code| Purpose::from_code(code)).collect();
        match (allowed, ask.purpose) {
            (Some(allowed), Some(purpose)) if allowed.contains(&purpose) => Holds::Yes,
            (Some(_), Some(_)) => Holds::No(Reason::Purpose),
            (Some(_), None) => Holds::Unknown(Missing::Purpose),
            (None, _) => Holds::Unknown(Missing::Constraint),
        }
    }

    fn territory_is(
        &self,
        ask: &Ask<'_>,
        applies: impl Fn(&Territory, &Territory) -> bool,
    ) -> Holds {
        let areas: Result<Vec<Territory>, _> =
            self.values.iter().map(|code| code.parse()).collect();
        match (areas, ask.territory) {
            (Ok(areas), Some(place)) if areas.iter().any(|area| applies(area, place)) => Holds::Yes,
            (Ok(_), Some(_)) => Holds::No(Reason::Territory),
            (Ok(_), None) => Holds::Unknown(Missing::Territory),
            (Err(_), _) => Holds::Unknown(Missing::Constraint),
        }
    }

    fn instant(&self) -> Option<Timestamp> {
        let mut values = self.values.iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.parse().ok(),
            _ => None,
        }
    }
}
