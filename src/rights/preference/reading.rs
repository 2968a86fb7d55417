//! What a text tells machines, whatever its syntax.

use std::collections::BTreeSet;
use std::fmt;

use super::super::{Action, Constraint, Duty, DutyKind, Observation, Rule};
use super::pattern::Path;
use super::{Preference, Vocabulary};
use crate::id::ManifestId;
use crate::limits::{MAX_PREFERENCE_RULES, MAX_PREFERENCE_TEXT, MAX_TEXT};
use crate::text::excerpt;

/// What a text tells machines, in leaf actions, and what in it was not understood.
///
/// ```
/// use datadeed::rights::{Action, Reading, Rule, WhyIgnored};
///
/// // The draft has two values, and categories that this version does not know.
/// let reading = Reading::content_usage(b"train-ai=y, search=maybe, bots=n")?;
/// assert_eq!(reading.rules, [Rule::permit([Action::TrainGenerative])].into());
/// let ignored: Vec<_> = reading.ignored.iter().map(|part| (part.text.as_str(), part.why)).collect();
/// assert_eq!(ignored, [("bots", WhyIgnored::UnknownName), ("search", WhyIgnored::UnknownValue)]);
/// # Ok::<(), datadeed::rights::ReadingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The words in which it is stated.
    pub vocabulary: Vocabulary,
    /// What is stated; empty where nothing is, or nothing that was understood.
    pub rules: BTreeSet<Rule>,
    /// What was not understood or not taken, in the order of the text.
    pub ignored: Vec<Ignored>,
}

impl Reading {
    pub(super) const fn new(vocabulary: Vocabulary) -> Self {
        Self { vocabulary, rules: BTreeSet::new(), ignored: Vec::new() }
    }

    /// What was read, as a statement about a dataset.
    pub fn preference(self, manifest: ManifestId, observation: Observation) -> Preference {
        Preference::new(manifest, self.vocabulary, observation, self.rules)
    }

    pub(super) fn ignore(&mut self, why: WhyIgnored, text: impl AsRef<[u8]>) {
        let text = excerpt(&String::from_utf8_lossy(text.as_ref()));
        self.ignored.push(Ignored { text, why });
    }

    /// Rules without actions say nothing and are left out.
    pub(super) fn add(&mut self, rule: Rule) {
        if !rule.actions.is_empty() {
            self.rules.insert(rule);
        }
    }

    pub(super) fn checked(self) -> Result<Self, ReadingError> {
        let (found, limit) = (self.rules.len(), MAX_PREFERENCE_RULES);
        if found <= limit { Ok(self) } else { Err(ReadingError::TooManyRules { found, limit }) }
    }
}

/// A part of a text that gave no rule.
///
/// ```
/// use datadeed::rights::{Reading, WhyIgnored};
///
/// // Keys have no capital letters, so the whole field fails.
/// let reading = Reading::content_usage(b"Train-AI=n")?;
/// assert!(reading.rules.is_empty());
/// assert_eq!(reading.ignored[0].why, WhyIgnored::Malformed);
/// assert_eq!(reading.ignored[0].to_string(), r#""Train-AI=n": malformed"#);
/// # Ok::<(), datadeed::rights::ReadingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ignored {
    /// What stood there, at most 80 bytes of it.
    pub text: String,
    /// Why it gave no rule.
    pub why: WhyIgnored,
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.text, self.why)
    }
}

/// Why a part of a text gave no rule.
///
/// ```
/// use datadeed::rights::{Reading, WhyIgnored};
///
/// // Whoever reserves nothing has not granted anything.
/// let reading = Reading::tdm_reservation(b"0", None)?;
/// assert_eq!(reading.ignored[0].why, WhyIgnored::Narrower);
/// # Ok::<(), datadeed::rights::ReadingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyIgnored {
    /// It points to terms elsewhere, which nothing here fetches.
    Elsewhere,
    /// It has not the form that its vocabulary prescribes.
    Malformed,
    /// It allows less than the whole of any leaf action.
    Narrower,
    /// It is about the server, and names another scheme to reach it by.
    OtherScheme,
    /// This version knows no such name.
    UnknownName,
    /// This version knows no such value.
    UnknownValue,
}

impl fmt::Display for WhyIgnored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Elsewhere => "points to terms elsewhere",
            Self::Malformed => "malformed",
            Self::Narrower => "allows less than any one action",
            Self::OtherScheme => "names the server by another scheme",
            Self::UnknownName => "unknown name",
            Self::UnknownValue => "unknown value",
        })
    }
}

/// A text that was not read at all.
///
/// ```
/// use datadeed::rights::{Reading, ReadingError};
///
/// let found = "https://news.example/".to_owned();
/// let error = Reading::robots_txt(b"", "ExampleBot", &found).unwrap_err();
/// assert_eq!(error.to_string(), r#""https://news.example/" does not begin with "/""#);
/// assert_eq!(error, ReadingError::NotAPath { found });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadingError {
    /// The address is neither a path nor an absolute URL.
    #[error("{found:?} is neither a path nor an absolute URL")]
    NotAnAddress {
        /// What was given, at most 80 bytes of it.
        found: String,
    },
    /// An address without a server was given, and the text speaks of that path on a server of its own naming.
    #[error("whether the address is on the server of {found:?} is not said")]
    NoServer {
        /// What the text speaks of, at most 80 bytes of it.
        found: String,
    },
    /// The path does not begin with a slash.
    #[error("{found:?} does not begin with \"/\"")]
    NotAPath {
        /// What was given, at most 80 bytes of it.
        found: String,
    },
    /// The product token has other characters than letters, `-` and `_` (RFC 9309 section 2.2.1), or none.
    #[error("{found:?} is no product token of letters, \"-\" and \"_\"")]
    NotAProduct {
        /// What was given, at most 80 bytes of it.
        found: String,
    },
    /// The text is XML with more of something than this crate parses. What it states is not guessed.
    #[error("XML with more than {limit} {of}")]
    TooIntricate {
        /// What there is too much of, such as `attributes of an element`.
        of: &'static str,
        /// [`MAX_PREFERENCE_ATTRIBUTES`](crate::limits::MAX_PREFERENCE_ATTRIBUTES),
        /// [`MAX_PREFERENCE_NAMESPACES`](crate::limits::MAX_PREFERENCE_NAMESPACES) or
        /// [`MAX_PREFERENCE_NODES`](crate::limits::MAX_PREFERENCE_NODES).
        limit: usize,
    },
    /// The text or the address is longer than this crate reads. What stood at its end is not guessed.
    #[error("text of {found} bytes, at most {limit} allowed")]
    TooLong {
        /// Its length, in bytes.
        found: usize,
        /// [`MAX_PREFERENCE_TEXT`] or, of an address, [`MAX_TEXT`].
        limit: usize,
    },
    /// The text states more than this crate takes.
    #[error("text that states {found} rules, at most {limit} allowed")]
    TooManyRules {
        /// How many there are, of an RSL document as far as it was read.
        found: usize,
        /// [`MAX_PREFERENCE_RULES`].
        limit: usize,
    },
}

pub(super) fn bounded(text: &[u8]) -> Result<(), ReadingError> {
    at_most(MAX_PREFERENCE_TEXT, text.len())
}

/// Each of up to some hundred thousand patterns is looked for in all of an address.
pub(super) fn bounded_address(address: &str) -> Result<(), ReadingError> {
    at_most(MAX_TEXT, address.len())
}

fn at_most(limit: usize, found: usize) -> Result<(), ReadingError> {
    if found <= limit { Ok(()) } else { Err(ReadingError::TooLong { found, limit }) }
}

/// A path to hold patterns against, of bounded length.
pub(super) fn path(text: &str) -> Result<Path, ReadingError> {
    bounded_address(text)?;
    Path::new(text).ok_or_else(|| ReadingError::NotAPath { found: excerpt(text) })
}

/// A condition in the words of a vocabulary, which nothing here evaluates.
pub(super) fn unevaluated(
    operand: &str,
    operator: &str,
    values: impl IntoIterator<Item = String>,
) -> Constraint {
    Constraint::new(operand, operator, values)
}

/// What searching owes in the vocabularies that tell it from generated answers.
pub(super) fn link_to_source(terms: &str) -> Duty {
    Duty { terms: Some(terms.to_owned()), ..Duty::new(DutyKind::Attribute) }
}

/// The leaves of computational analysis.
pub(super) fn data_mine() -> BTreeSet<Action> {
    Action::DataMine.leaves().collect()
}
