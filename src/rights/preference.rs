//! The `preference` statement: what a publisher tells machines about a dataset, as a collector saw it.
//!
//! A preference is an open world: what it does not mention it leaves open. It is
//! read from one of several small syntaxes, by functions of [`Reading`] that take
//! the text and do nothing else, and mapped to *leaf* actions, because each
//! vocabulary cuts the same field differently; the table of what maps to which
//! leaf stands in [the guide](crate::guide::preferences).
//!
//! Where a word covers a part of a leaf, its no is a no to the leaf, of which
//! some part is then forbidden, and its yes leaves the leaf open, of which some
//! part is then unsaid. Nothing malformed ever turns into a permission.

use std::collections::BTreeSet;

use super::licence::{check_rules, terms};
use super::{Duty, Observation, Rule};
use crate::cbor::{codes, record};
use crate::id::{ManifestId, Subject};
use crate::limits::MAX_PREFERENCE_RULES;
use crate::statement::{Kind, Payload, PayloadError};

mod aipref;
mod cawg;
mod combine;
mod json;
mod pattern;
mod reading;
mod robots;
mod rsl;
mod structured;
mod tdmrep;

#[cfg(test)]
pub(crate) use combine::Stated;
pub(crate) use combine::{Together, preferences};
pub use reading::{Ignored, Reading, ReadingError, WhyIgnored};

codes! {
    /// In which words a preference is stated, and by which version of them it was read.
    ///
    /// Most of them still change; a mapping of another version gets a code of its own.
    pub enum Vocabulary("preference vocabulary") in rights {
        /// `Content-Usage`: draft-ietf-aipref-vocab-08, September 2026; an unagreed draft.
        Aipref = "aipref/vocab-08",
        /// The assertion `cawg.training-mining` 1.1, May 2025, and its predecessor in C2PA 1.x.
        Cawg = "cawg/training-mining-1.1",
        /// `robots.txt`: RFC 9309, with `Content-Usage` as draft-ietf-aipref-attach-05, August 2026, adds it.
        Robots = "robots/rfc9309+aipref-attach-05",
        /// Really Simple Licensing 1.0, December 2025.
        Rsl = "rsl/1.0",
        /// TDM Reservation Protocol, W3C Community Group Final Report of 10 May 2024.
        Tdmrep = "tdmrep/20240510",
    }
}

record! {
    /// Payload of a `preference` statement: what a publisher stated for machines, where and when it was seen.
    ///
    /// It stands for itself: a later one does not replace it, and all that were seen for one dataset count
    /// together. One without rules records that a collector looked and found nothing that says anything.
    ///
    /// ```
    /// use datadeed::rights::{Action, Observation, Reading, Rule, Vocabulary};
    /// use datadeed::{Digest, ManifestId};
    ///
    /// let field = b"train-ai=n";
    /// let seen = Observation::new(
    ///     "https://news.example/2026/11/",
    ///     "http-header content-usage",
    ///     Digest::of(field),
    ///     "2026-11-21T00:00:00Z".parse()?,
    /// );
    /// let preference =
    ///     Reading::content_usage(field)?.preference(ManifestId::from_bytes([1; 32]), seen);
    /// assert_eq!(preference.vocabulary, Vocabulary::Aipref);
    /// assert_eq!(preference.rules, [Rule::prohibit([Action::TrainGenerative])].into());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Preference {
        /// What is stated, in leaf actions.
        "rules" => rules: BTreeSet<Rule>,
        /// The dataset.
        "manifest" => manifest: ManifestId,
        /// The words it was stated in.
        "vocabulary" => vocabulary: Vocabulary,
        /// Where, how and when it was seen.
        "observation" => observation: Observation,
    }
}

impl Preference {
    /// A preference as it was seen.
    pub fn new(
        manifest: ManifestId,
        vocabulary: Vocabulary,
        observation: Observation,
        rules: impl IntoIterator<Item = Rule>,
    ) -> Self {
        Self { rules: rules.into_iter().collect(), manifest, vocabulary, observation }
    }

    /// What evaluation may have to look at.
    pub(crate) fn terms(&self) -> usize {
        terms(&self.rules)
    }
}

impl Payload for Preference {
    const KIND: Kind = Kind::Preference;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        must(self.rules.len() <= MAX_PREFERENCE_RULES, "rules", "must be at most 256")?;
        let mut actions = self.rules.iter().flat_map(|rule| &rule.actions);
        must(actions.all(|action| action.is_leaf()), "actions", "must be leaves")?;
        check_rules(&self.rules, Duty::is_sound_as_seen)
    }
}
