//! Rules by which records are made, and their names.

use std::fmt;
use std::str::FromStr;

use super::{JsonPointer, RecordError, RecordFault, RecordSplitter, json, text, webdataset};
use crate::digest::Digest;
use crate::limits::MAX_RULE;
use crate::text::excerpt;

const JSON_JCS: &str = "json-jcs/1";
const LINE_RAW: &str = "line-raw/1";
const TAR_MEMBER: &str = "tar-member/1";
/// Followed by a pointer.
pub(super) const TEXT: &str = "text/1#";
const WEBDATASET: &str = "webdataset/1";

/// What a record of a file is, and which bytes stand for it.
///
/// The key of a record is the plain BLAKE3 [`Digest`] of its canonical bytes,
/// and its size is their number. [`format`](mod@crate::guide::format) defines
/// each rule byte by byte.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::RecordRule;
///
/// let mut found = Vec::new();
/// let file = b"{\"b\":1.0, \"a\":2}\n{\"a\":2,\"b\":1}\n";
/// RecordRule::JsonJcs.split(file, &mut |digest, size| found.push((digest, size)))?;
/// let canonical = Digest::of(br#"{"a":2,"b":1}"#);
/// assert_eq!(found, [(canonical, 13), (canonical, 13)]);
///
/// assert_eq!("json-jcs/1".parse(), Ok(RecordRule::JsonJcs));
/// # Ok::<(), datadeed::manifest::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RecordRule {
    /// `json-jcs/1`: every line is one JSON text, in the canonical form of RFC 8785.
    ///
    /// Lines of nothing but JSON white space are no records. Refused is what two
    /// readers could take differently: a key that occurs twice, half a surrogate
    /// pair, bytes that are not UTF-8, a whole number that RFC 8785
    /// would spell as another ([`RecordFault::BigInteger`]), a number beyond all
    /// doubles.
    JsonJcs,
    /// `line-raw/1`: the bytes between line feeds, as they are.
    ///
    /// A last line without line feed counts, an empty line is an empty record, and
    /// a carriage return belongs to its line. What follows the last line feed is
    /// no record where it is empty.
    LineRaw,
    /// A rule that its maker alone defines.
    ///
    /// Its records are pushed as digests and sizes
    /// ([`RecordIndexBuilder::digests`](super::RecordIndexBuilder::digests)).
    Own(OwnRule),
    /// `tar-member/1`: the content of every regular file of a tar archive; names do not matter.
    TarMember,
    /// `text/1#<pointer>`: the string at a JSON pointer in every line that is a JSON text.
    ///
    /// In Unicode normalization form C, each run of white space one space, none at
    /// either end. A line where nothing or no string stands there is refused: an
    /// index that left it out would answer for what it never looked at. Elsewhere
    /// in the line a whole number may be any that is not beyond all doubles.
    Text(JsonPointer),
    /// `webdataset/1`: the samples of a tar archive, each of the members with one key that follow each other.
    ///
    /// A sample's record lists its members by extension, with their sizes and
    /// digests. The key of the sample is no part of it.
    WebDataset,
}

impl RecordRule {
    /// What takes a file in pieces and gives its records.
    ///
    /// # Errors
    ///
    /// [`RecordFault::OwnRule`] for [`RecordRule::Own`].
    pub fn splitter(&self) -> Result<RecordSplitter, RecordError> {
        RecordSplitter::new(self)
    }

    /// Gives `sink` the digest and the size of each record of a file, in their order.
    ///
    /// # Errors
    ///
    /// [`RecordError`] with the place of the first fault; `sink` has been given
    /// the records before it.
    pub fn split(&self, file: &[u8], sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        let mut splitter = self.splitter()?;
        splitter.push(file, sink)?;
        splitter.finish(sink)
    }

    /// The key of one document, as it stands in a file: to ask whether it is among the records of an index.
    ///
    /// A document is a line without its line feed, a JSON text on as many lines as
    /// it likes, the content of a member, an archive of one sample. For
    /// [`RecordRule::Text`] it is a JSON text too; a bare text goes to
    /// [`digest_of_text`](Self::digest_of_text).
    ///
    /// ```
    /// use datadeed::manifest::RecordRule;
    ///
    /// let by_text: RecordRule = "text/1#/body".parse()?;
    /// let in_json = by_text.digest_of(br#"{"id": 7, "body": "To be,\n or not"}"#)?;
    /// assert_eq!(by_text.digest_of_text("To be, or not "), Some(in_json));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RecordError`] where the document is no record, or more than one: so
    /// nothing of the kind is in the index.
    pub fn digest_of(&self, document: &[u8]) -> Result<Digest, RecordError> {
        match self {
            Self::JsonJcs => {
                let mut json = json::Canonicalizer::default();
                let canonical = json.canonicalize(document, json::Integers::Own)?;
                Ok(Digest::of(canonical.as_bytes()))
            }
            Self::LineRaw => match memchr::memchr(b'\n', document) {
                Some(at) => Err(RecordError::new(at, RecordFault::LineFeed)),
                None => Ok(Digest::of(document)),
            },
            Self::Own(rule) => Err(rule.fault()),
            Self::TarMember => Ok(Digest::of(document)),
            Self::Text(pointer) => {
                let mut json = json::Canonicalizer::default();
                Ok(Digest::of(text::field(&mut json, document, pointer)?.as_bytes()))
            }
            Self::WebDataset => webdataset::only_sample(document),
        }
    }

    /// The key of a bare text; `None` unless the records of this rule are texts.
    ///
    /// It is the same for every pointer.
    pub fn digest_of_text(&self, text: &str) -> Option<Digest> {
        matches!(self, Self::Text(_)).then(|| Digest::of(text::fold(text).as_bytes()))
    }
}

/// The name that stands as `rule` in an [`Index`](super::super::Index).
impl fmt::Display for RecordRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::JsonJcs => f.write_str(JSON_JCS),
            Self::LineRaw => f.write_str(LINE_RAW),
            Self::Own(rule) => f.write_str(&rule.0),
            Self::TarMember => f.write_str(TAR_MEMBER),
            Self::Text(pointer) => write!(f, "{TEXT}{pointer}"),
            Self::WebDataset => f.write_str(WEBDATASET),
        }
    }
}

/// # Errors
///
/// [`RuleError`] where the text names no rule for records.
impl FromStr for RecordRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text.len() > MAX_RULE {
            return Err(RuleError::TooLong { found: text.len(), limit: MAX_RULE });
        }
        match text {
            JSON_JCS => Ok(Self::JsonJcs),
            LINE_RAW => Ok(Self::LineRaw),
            TAR_MEMBER => Ok(Self::TarMember),
            WEBDATASET => Ok(Self::WebDataset),
            _ => match text.strip_prefix(TEXT) {
                Some(pointer) => pointer.parse().map(Self::Text),
                None => text.parse().map(Self::Own),
            },
        }
    }
}

/// The name of a rule that its maker alone defines: a URI, such as `https://curator.example/sentence/1`.
///
/// A scheme in lower case, a colon, and at least one more character; only ASCII
/// that is visible. No name of a rule of this crate has a colon before a `#`, so
/// none is ever taken for another.
///
/// ```
/// use datadeed::manifest::{OwnRule, RecordRule, RuleError};
///
/// let sentences: OwnRule = "https://curator.example/sentence/1".parse()?;
/// assert_eq!(RecordRule::Own(sentences.clone()).to_string(), sentences.as_str());
/// let found = "line-raw/2".to_owned();
/// assert_eq!(found.parse::<OwnRule>(), Err(RuleError::Unknown { found }));
/// # Ok::<(), RuleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnRule(String);

impl OwnRule {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn fault(&self) -> RecordError {
        RecordError::new(0, RecordFault::OwnRule { rule: excerpt(&self.0) })
    }
}

impl fmt::Display for OwnRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// # Errors
///
/// [`RuleError::Unknown`] where the text has not the form of a URI as said above,
/// [`RuleError::TooLong`] where it is longer than any rule may be.
impl FromStr for OwnRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        if text.len() > MAX_RULE {
            return Err(RuleError::TooLong { found: text.len(), limit: MAX_RULE });
        }
        let is_scheme = |scheme: &str| {
            let mut bytes = scheme.bytes();
            bytes.next().is_some_and(|first| first.is_ascii_lowercase())
                && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
        };
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        match text.split_once(':') {
            Some((scheme, rest)) if visible && is_scheme(scheme) && !rest.is_empty() => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(RuleError::Unknown { found: excerpt(text) }),
        }
    }
}

/// A text that names no rule for records.
///
/// ```
/// use datadeed::manifest::{RecordRule, RuleError};
///
/// let found = "sha256".to_owned(); // an index of files, not of records
/// assert_eq!(found.parse::<RecordRule>(), Err(RuleError::Unknown { found }));
/// let found = "body".to_owned();
/// assert_eq!("text/1#body".parse::<RecordRule>(), Err(RuleError::Pointer { found }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// What should be a JSON pointer (RFC 6901) is none.
    #[error("{found:?} is no JSON pointer")]
    Pointer {
        /// What stood there, at most 80 bytes of it.
        found: String,
    },
    /// The name is longer than this crate accepts.
    #[error("a rule of {found} bytes, at most {limit} allowed")]
    TooLong {
        /// Its length, in bytes.
        found: usize,
        /// [`MAX_RULE`], less what stands before a pointer.
        limit: usize,
    },
    /// Neither a rule of this crate nor a URI, as callers' own rules are.
    #[error("{found:?} is no rule for records that this version knows, nor a URI")]
    Unknown {
        /// The name, at most 80 bytes of it.
        found: String,
    },
}
