//! Which tree of a dataset is meant.

use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::limits::MAX_TEXT;
use crate::text::excerpt;

/// Which rows a relation is about; on the wire `parts`, `content` or `index/<rule>`.
///
/// ```
/// use datadeed::lineage::TreeName;
///
/// assert_eq!(TreeName::Content.to_string(), "content");
/// assert_eq!(TreeName::Index("line-raw/1".into()).to_string(), "index/line-raw/1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TreeName {
    /// Rows keyed by content digest.
    Content,
    /// Rows of an index with this rule.
    Index(String),
    /// Rows keyed by name.
    Parts,
}

impl std::fmt::Display for TreeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Content => f.write_str("content"),
            Self::Index(rule) => write!(f, "index/{rule}"),
            Self::Parts => f.write_str("parts"),
        }
    }
}

impl Codec for TreeName {
    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.to_string());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let text = reader.text(MAX_TEXT)?;
        match (text, text.strip_prefix("index/")) {
            ("content", _) => Ok(Self::Content),
            ("parts", _) => Ok(Self::Parts),
            (_, Some(rule)) if !rule.is_empty() => Ok(Self::Index(rule.to_owned())),
            _ => {
                let fault = CborFault::UnknownCode { found: excerpt(text), of: "tree name" };
                Err(CborError::new(offset, fault))
            }
        }
    }
}
