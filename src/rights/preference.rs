//! The `preference` statement: what a publisher states for machines, as a collector saw it.

use std::collections::BTreeSet;

use super::licence::{check_rules, terms};
use super::{Observation, Rule};
use crate::cbor::{codes, record};
use crate::id::{ManifestId, Subject};
use crate::statement::{Kind, Payload, PayloadError};

codes! {
    /// The vocabulary in which a preference was stated, with its version.
    pub enum Vocabulary("preference vocabulary") in rights {
        /// `Content-Usage` of the AIPREF drafts.
        Aipref = "aipref",
        /// `robots.txt` (RFC 9309).
        Robots = "robots",
    }
}

record! {
    /// Payload of a `preference` statement.
    ///
    /// ```
    /// use datadeed::rights::{Action, Observation, Preference, Rule, Vocabulary};
    /// use datadeed::statement::Payload;
    /// use datadeed::{Digest, ManifestId};
    ///
    /// let seen = Observation::new(
    ///     "https://news.example/",
    ///     "http-get",
    ///     Digest::of(b"Content-Usage: train-ai=n"),
    ///     "2026-11-21T00:00:00Z".parse()?,
    /// );
    /// let page = ManifestId::from_bytes([1; 32]);
    /// let rules = [Rule::prohibit([Action::TrainGenerative])];
    /// assert_eq!(Preference::new(page, Vocabulary::Aipref, seen, rules).check(), Ok(()));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Preference {
        /// What it permits and prohibits; silent on everything else.
        "rules" => rules: BTreeSet<Rule>,
        /// The dataset that the publisher's content is.
        "manifest" => manifest: ManifestId,
        /// In which vocabulary it was stated.
        "vocabulary" => vocabulary: Vocabulary,
        /// What was seen.
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
        check_rules(&self.rules)
    }
}
