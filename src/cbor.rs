//! Deterministic CBOR: one encoder, one strict decoder.
//!
//! The profile is the part of RFC 8949 on which every deterministic rule set
//! agrees: definite lengths, minimal heads, map keys all text or all unsigned
//! and strictly increasing in bytewise order of their encodings (section
//! 4.2.1), no duplicate keys, no floats, no tags, no null or undefined, valid
//! UTF-8, no empty collections, no trailing bytes, at most
//! [`MAX_DEPTH`](crate::limits::MAX_DEPTH) nested containers in an [`Item`]. The decoder
//! refuses any bytes that the encoder would not have written, so whatever
//! decodes re-encodes to the same bytes.
//!
//! Records are declared once with `record!` and get both directions from that
//! one declaration.
//!
//! ```
//! use datadeed::cbor::Item;
//!
//! // {"a": [1, true]}, and the same with the 1 in two bytes.
//! assert!(Item::decode(b"\xa1\x61a\x82\x01\xf5").is_ok());
//! let error = Item::decode(b"\xa1\x61a\x82\x18\x01\xf5").unwrap_err();
//! assert_eq!(error.to_string(), "byte 4: non-minimal head");
//! ```

mod codec;
mod item;
mod labels;
mod reader;
mod record;
mod writer;

#[cfg(test)]
mod tests;

pub use codec::Version1;
pub(crate) use codec::{ByteString, Codec, decode, encode};
pub use item::Item;
pub(crate) use labels::Labels;
pub(crate) use reader::{Reader, head_rest};
pub(crate) use record::{Record, codes, record, sorted};
pub(crate) use writer::Writer;

/// What is wrong with some CBOR, and where.
///
/// ```
/// use datadeed::cbor::{CborError, CborFault, Item};
///
/// // [1, 1.5]: the float stands at byte 2.
/// let error: CborError = Item::decode(b"\x82\x01\xf9\x3e\x00").unwrap_err();
/// assert_eq!((error.offset, &error.fault), (2, &CborFault::Float));
/// assert_eq!(error.to_string(), "byte 2: floating-point number");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {offset}: {fault}")]
#[non_exhaustive]
pub struct CborError {
    /// Offset of the item at fault from the beginning of the input, in bytes.
    pub offset: usize,
    /// What is wrong there.
    pub fault: CborFault,
}

/// One way in which bytes differ from what the encoder writes.
///
/// ```
/// use datadeed::cbor::{CborFault, Item};
///
/// let fault = |bytes| Item::decode(bytes).map_err(|error| error.fault);
/// assert_eq!(fault(b"\x18\x07"), Err(CborFault::NonMinimal)); // 7 in two bytes
/// assert_eq!(fault(b"\xa2\x61a\x01\x61a\x02"), Err(CborFault::Duplicate)); // {"a": 1, "a": 2}
/// assert_eq!(fault(b"\x07\x00"), Err(CborFault::TrailingBytes { count: 1 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborFault {
    /// A key stands twice in a map, or an element twice in a set.
    #[error("duplicate key or element")]
    Duplicate,
    /// An array or map without entries; what is absent is omitted.
    #[error("empty collection")]
    EmptyCollection,
    /// A text without characters; what is absent is omitted.
    #[error("empty text")]
    EmptyText,
    /// A floating-point number.
    #[error("floating-point number")]
    Float,
    /// An array, map, byte or text string of indefinite length.
    #[error("indefinite length")]
    IndefiniteLength,
    /// A fixed value differs.
    #[error("found {found}, expected {expected}")]
    Mismatch {
        /// What stands there.
        found: String,
        /// The one value allowed there.
        expected: String,
    },
    /// A required key is missing from the map at this offset.
    #[error("key {key:?} is missing")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A map with both text and integer keys, or with keys of another type.
    #[error("map key that is neither text nor unsigned, or of another type than its neighbours")]
    MixedKeys,
    /// A head longer than its value needs.
    #[error("non-minimal head")]
    NonMinimal,
    /// A number or a byte string length outside its range.
    #[error("{found} is outside {min} to {max}")]
    OutOfRange {
        /// The number or length.
        found: u64,
        /// Least value allowed.
        min: u64,
        /// Greatest value allowed.
        max: u64,
    },
    /// Additional information 28 to 30, which RFC 8949 reserves.
    #[error("reserved additional information")]
    Reserved,
    /// null, undefined or an unassigned simple value.
    #[error("simple value {found}, only false and true are allowed")]
    Simple {
        /// The simple value's number.
        found: u8,
    },
    /// A tag where none is allowed.
    #[error("tag {found}, none allowed here")]
    Tag {
        /// The tag's number.
        found: u64,
    },
    /// More nested containers than this crate accepts.
    #[error("more than {limit} nested containers")]
    TooDeep {
        /// [`MAX_DEPTH`](crate::limits::MAX_DEPTH).
        limit: usize,
    },
    /// A text, byte string or collection is longer than this crate accepts.
    #[error("length {found}, at most {limit} allowed")]
    TooLong {
        /// Length on the wire, in bytes or entries.
        found: u64,
        /// The bound of [`limits`](crate::limits).
        limit: usize,
    },
    /// Bytes after the end of the item.
    #[error("{count} bytes after the end")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// The input ends before the item does.
    #[error("input ends before the item does")]
    Truncated,
    /// An item of another type stands here.
    #[error("found {found}, expected {expected}")]
    UnexpectedType {
        /// The type on the wire.
        found: &'static str,
        /// The type allowed here.
        expected: &'static str,
    },
    /// A text code that this version does not define.
    #[error("{found:?} is no {of}")]
    UnknownCode {
        /// The code, at most 80 bytes of it.
        found: String,
        /// What it should be a code of.
        of: &'static str,
    },
    /// A key that this version does not define.
    #[error("unknown key {key:?}")]
    UnknownKey {
        /// The key, at most 80 bytes of it.
        key: String,
    },
    /// A key or set element that should stand before its predecessor.
    #[error("key or element out of order")]
    Unordered,
    /// A text or byte string whose content is not allowed there.
    #[error("not {expected}")]
    Unreadable {
        /// What it should be.
        expected: &'static str,
    },
    /// A text string that is not UTF-8.
    #[error("invalid UTF-8")]
    Utf8,
}

impl CborError {
    pub(crate) fn new(offset: usize, fault: CborFault) -> Self {
        Self { offset, fault }
    }
}
