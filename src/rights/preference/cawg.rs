//! The training and data mining assertion of the Creator Assertions Working Group, version 1.1.

use std::collections::BTreeSet;

use super::super::{Action, Rule};
use super::json::Json;
use super::reading::{bounded, data_mine, unevaluated};
use super::{Reading, ReadingError, Vocabulary, WhyIgnored};
use crate::limits::MAX_TEXT;

impl Reading {
    /// The data of a `cawg.training-mining` assertion as JSON, or of the `c2pa.training-mining` before it.
    ///
    /// `ai_training` is of models that do not generate content. `constrained`
    /// permits under a condition that nothing here evaluates, so the answer is
    /// Unknown; the specification treats it as `notAllowed` where nothing more
    /// is known (section 3.1), and neither authorises. The signature of the asset that
    /// carries the assertion is for its reader to check.
    ///
    /// ```
    /// use datadeed::rights::{Action, Reading, Rule};
    ///
    /// let data = br#"{"entries": {"cawg.ai_generative_training": {"use": "notAllowed"},
    ///                             "cawg.ai_training": {"use": "allowed"}}}"#;
    /// assert_eq!(Reading::training_mining(data)?.rules, [
    ///     Rule::permit([Action::TrainNongenerative]),
    ///     Rule::prohibit([Action::TrainGenerative]),
    /// ].into());
    /// # Ok::<(), datadeed::rights::ReadingError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadingError::TooLong`], or [`ReadingError::TooManyRules`] where entries repeat with ever other
    /// constraints; whatever else is wrong is in [`Reading::ignored`].
    pub fn training_mining(data: &[u8]) -> Result<Self, ReadingError> {
        bounded(data)?;
        let mut reading = Self::new(Vocabulary::Cawg);
        let data_value = Json::parse(data);
        // Version 1.0 left `entries` out of its grammar.
        let entries = data_value.as_ref().map(|value| value.get("entries").unwrap_or(value));
        let Some(Json::Object(entries)) = entries else {
            reading.ignore(WhyIgnored::Malformed, data);
            return Ok(reading);
        };
        // Only what is understood is an entry of its own.
        let is_read = |entry: &Json| {
            let said = entry.get("use").and_then(Json::text);
            matches!(said, Some("allowed" | "constrained" | "notAllowed"))
        };
        let read = entries.iter().filter(|(_, entry)| is_read(entry));
        let own: BTreeSet<Action> = read.filter_map(|(name, _)| leaf(name)).collect();
        for (name, entry) in entries {
            let mined = is_data_mining(name);
            let leaves: BTreeSet<Action> = match leaf(name) {
                Some(leaf) => [leaf].into(),
                None if mined => data_mine().difference(&own).copied().collect(),
                None => {
                    reading.ignore(WhyIgnored::UnknownName, name);
                    continue;
                }
            };
            match entry.get("use").and_then(Json::text) {
                Some("notAllowed") => reading.add(Rule::prohibit(leaves)),
                Some("constrained") => {
                    let info = ["constraint_info", "constraints_info"]
                        .iter()
                        .find_map(|name| entry.get(name).and_then(Json::text))
                        .filter(|info| info.len() <= MAX_TEXT);
                    let values = [info.unwrap_or("constrained").to_owned()];
                    reading.add(Rule::permit(leaves).when(unevaluated(
                        "cawg.constraint",
                        "as_stated",
                        values,
                    )));
                }
                Some("allowed") if mined => reading.ignore(WhyIgnored::Narrower, name),
                Some("allowed") => reading.add(Rule::permit(leaves)),
                Some(_) | None => reading.ignore(WhyIgnored::UnknownValue, name),
            }
        }
        reading.checked()
    }
}

/// The name of an entry without the prefix of who defined it.
fn entry_name(name: &str) -> Option<&str> {
    name.strip_prefix("cawg.").or_else(|| name.strip_prefix("c2pa."))
}

fn is_data_mining(name: &str) -> bool {
    entry_name(name) == Some("data_mining")
}

/// The leaf that an entry is about.
fn leaf(name: &str) -> Option<Action> {
    match entry_name(name)? {
        "ai_generative_training" => Some(Action::TrainGenerative),
        "ai_inference" => Some(Action::InferInput),
        "ai_training" => Some(Action::TrainNongenerative),
        _ => None,
    }
}
