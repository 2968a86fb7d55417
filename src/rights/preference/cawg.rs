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
        let Some(entries) = data_value.as_ref().and_then(entries) else {
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
                Some("allowed") if !mined && has_constraint(entry) => {
                    reading.ignore(WhyIgnored::Malformed, name);
                    reading.add(Rule::permit(leaves).when(unevaluated(
                        "cawg.constraint",
                        "as_stated",
                        ["allowed".to_owned()],
                    )));
                }
                Some("constrained") => {
                    let info = CONSTRAINTS
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

/// All entries: of the map `entries`, and what stands beside it as version 1.0 had it, whose grammar left the map out.
fn entries(data: &Json) -> Option<Vec<&(String, Json)>> {
    let Json::Object(all) = data else { return None };
    let Some(map) = data.get("entries") else { return Some(all.iter().collect()) };
    let Json::Object(entries) = map else { return None };
    let is_entry = |name: &str| leaf(name).is_some() || is_data_mining(name);
    Some(entries.iter().chain(all.iter().filter(|(name, _)| is_entry(name))).collect())
}

/// The names of what an entry is constrained by, of which specification and examples have one each.
const CONSTRAINTS: [&str; 2] = ["constraint_info", "constraints_info"];

/// Whether a constraint is stated, which is no part of an entry that allows all.
fn has_constraint(entry: &Json) -> bool {
    let Json::Object(members) = entry else { return false };
    members.iter().any(|(name, _)| CONSTRAINTS.contains(&name.as_str()))
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
