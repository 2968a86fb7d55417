//! AI Preferences: draft-ietf-aipref-vocab-08, as `Content-Usage` carries them.

use super::super::{Action, Rule};
use super::reading::{bounded, link_to_source};
use super::structured::{Member, dictionary};
use super::{Reading, ReadingError, Vocabulary, WhyIgnored};

/// Section 4.3 of the draft.
const SEARCH: &str =
    "link to the original location; excerpts only to judge relevance, no summaries";

impl Reading {
    /// A statement of preference: the HTTP field `Content-Usage`, or what an exemplary serialization says elsewhere.
    ///
    /// It is a structured field dictionary (draft-ietf-aipref-vocab-08 section 6, RFC 9651), so one
    /// fault makes all of it unknown, of a repeated key the last value counts, and parameters mean
    /// nothing. Several lines of one field are one field, joined by commas.
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`]; whatever else is wrong with the field is in [`Reading::ignored`].
    pub fn content_usage(field: &[u8]) -> Result<Self, ReadingError> {
        bounded(field)?;
        let mut reading = Self::new(Vocabulary::Aipref);
        reading.add_content_usage(field);
        Ok(reading)
    }

    pub(super) fn add_content_usage(&mut self, field: &[u8]) {
        let Some(members) = dictionary(field) else {
            self.ignore(WhyIgnored::Malformed, field);
            return;
        };
        for (key, member) in members {
            // Deciding about searching covers the index that serves it, and more kinds of index there are.
            match (key, member) {
                ("train-ai", Member::Token("y")) => {
                    self.add(Rule::permit([Action::TrainGenerative]));
                }
                ("train-ai", Member::Token("n")) => {
                    self.add(Rule::prohibit([Action::TrainGenerative]));
                }
                ("ai-use", Member::Token("y")) => self.ignore(WhyIgnored::Narrower, "ai-use=y"),
                ("ai-use", Member::Token("n")) => self.add(Rule::prohibit([Action::InferInput])),
                ("search", Member::Token("y")) => {
                    self.add(Rule::permit([Action::Search]).duty(link_to_source(SEARCH)));
                }
                ("search", Member::Token("n")) => {
                    self.add(Rule::prohibit([Action::Index, Action::Search]));
                }
                ("train-ai" | "ai-use" | "search", _) => self.ignore(WhyIgnored::UnknownValue, key),
                _ => self.ignore(WhyIgnored::UnknownName, key),
            }
        }
    }
}
