//! How values of Rust types stand in CBOR.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::Reader;
use super::writer::Writer;
use super::{CborError, CborFault};
use crate::digest::{Digest, Sha256};
use crate::id::{IndexId, KeyId, ManifestId, Origin, StatementId, Subject};
use crate::limits::{MAX_LIST, MAX_TEXT};
use crate::text::excerpt;
use crate::timestamp::Timestamp;

/// A value with exactly one encoding.
///
/// `decode` accepts what `encode` writes and nothing else.
pub(crate) trait Codec: Sized {
    fn encode(&self, writer: &mut Writer);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError>;

    /// Whether a record omits this value together with its key.
    fn is_absent(&self) -> bool {
        false
    }

    /// The value that an omitted key stands for; `None` where the key is required.
    fn absent() -> Option<Self> {
        None
    }
}

/// One value and nothing after it.
pub(crate) fn decode<T: Codec>(bytes: &[u8]) -> Result<T, CborError> {
    let mut reader = Reader::new(bytes);
    let value = T::decode(&mut reader)?;
    reader.end()?;
    Ok(value)
}

pub(crate) fn encode<T: Codec>(value: &T) -> Vec<u8> {
    // Most records fit, so most are written without moving.
    let mut writer = Writer::with_capacity(128);
    value.encode(&mut writer);
    writer.finish()
}

impl Codec for u64 {
    fn encode(&self, writer: &mut Writer) {
        writer.uint(*self);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.uint()
    }
}

impl Codec for bool {
    fn encode(&self, writer: &mut Writer) {
        writer.bool(*self);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.bool()
    }
}

/// 1 to [`MAX_TEXT`] bytes.
impl Codec for String {
    fn encode(&self, writer: &mut Writer) {
        writer.text(self);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        match reader.text(MAX_TEXT)? {
            "" => Err(CborError::new(offset, CborFault::EmptyText)),
            text => Ok(text.to_owned()),
        }
    }
}

/// Seconds since 1970 as an unsigned integer.
impl Codec for Timestamp {
    fn encode(&self, writer: &mut Writer) {
        writer.uint(self.seconds());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let found = reader.uint()?;
        let max = Self::MAX.seconds();
        Self::from_seconds(found)
            .map_err(|_| CborError::new(offset, CborFault::OutOfRange { found, min: 0, max }))
    }
}

macro_rules! bytes32 {
    ($($type:ident),*) => {$(
        impl Codec for $type {
            fn encode(&self, writer: &mut Writer) {
                writer.bytes(self.as_bytes());
            }

            fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
                reader.fixed().map(Self::from_bytes)
            }
        }
    )*};
}
bytes32!(Digest, IndexId, KeyId, ManifestId, Sha256, StatementId);

/// The name alone.
impl Codec for Origin {
    fn encode(&self, writer: &mut Writer) {
        writer.text(self.as_str());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let expected = "a name of a log";
        Self::new(reader.text(MAX_TEXT)?)
            .map_err(|_| CborError::new(offset, CborFault::Unreadable { expected }))
    }
}

/// Canonical text.
impl Codec for Subject {
    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.to_string());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let text = reader.text(MAX_TEXT)?;
        text.parse().map_err(|_| {
            let found = excerpt(text);
            CborError::new(offset, CborFault::UnknownCode { found, of: "id" })
        })
    }
}

impl<T: Codec> Codec for Option<T> {
    fn encode(&self, writer: &mut Writer) {
        if let Some(value) = self {
            value.encode(writer);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        T::decode(reader).map(Some)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A list: order carries meaning, elements may repeat.
impl<T: Codec> Codec for Vec<T> {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.len());
        for element in self {
            element.encode(writer);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let len = reader.array(MAX_LIST)?;
        // No more is reserved than the input can fill.
        let mut elements = Self::new();
        for _ in 0..len {
            elements.push(T::decode(reader)?);
        }
        Ok(elements)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// A set: sorted by encoding, every element once.
impl<T: Codec + Ord> Codec for BTreeSet<T> {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.len());
        if let (1, Some(only)) = (self.len(), self.first()) {
            return only.encode(writer);
        }
        let mut encoded: Vec<Vec<u8>> = self.iter().map(encode).collect();
        encoded.sort_unstable();
        for element in encoded {
            writer.raw(&element);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let len = reader.array(MAX_LIST)?;
        let mut elements = Self::new();
        let mut last: Option<&[u8]> = None;
        for _ in 0..len {
            let start = reader.offset();
            let element = T::decode(reader)?;
            let encoded = reader.since(start);
            if let Some(last) = last {
                increasing(last, encoded, start)?;
            }
            last = Some(encoded);
            elements.insert(element);
        }
        Ok(elements)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: Codec> Codec for BTreeMap<String, T> {
    fn encode(&self, writer: &mut Writer) {
        let mut pairs: Vec<(Vec<u8>, &T)> =
            self.iter().map(|(key, value)| (encode(key), value)).collect();
        pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        writer.map(pairs.len());
        for (key, value) in pairs {
            writer.raw(&key);
            value.encode(writer);
        }
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let len = reader.map(MAX_LIST)?;
        let mut pairs = Self::new();
        let mut last: &[u8] = &[];
        for _ in 0..len {
            let start = reader.offset();
            let key = String::decode(reader)?;
            let encoded = reader.since(start);
            increasing(last, encoded, start)?;
            last = encoded;
            pairs.insert(key, T::decode(reader)?);
        }
        Ok(pairs)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

fn increasing(last: &[u8], next: &[u8], offset: usize) -> Result<(), CborError> {
    match last.cmp(next) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => Err(CborError::new(offset, CborFault::Duplicate)),
        std::cmp::Ordering::Greater => Err(CborError::new(offset, CborFault::Unordered)),
    }
}

/// A byte string of any length; what it holds is bounded where that is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ByteString(pub(crate) Vec<u8>);

impl From<Vec<u8>> for ByteString {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Codec for ByteString {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.bytes(usize::MAX)?.to_vec()))
    }
}

/// The `v` of a versioned record: the number 1 and no other.
///
/// ```
/// use datadeed::cbor::Version1;
/// use datadeed::manifest::{Manifest, NameProfile};
///
/// let manifest = Manifest::files(vec![], NameProfile::Portable)?;
/// assert_eq!(manifest.head().v, Version1::default());
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Version1;

impl Codec for Version1 {
    fn encode(&self, writer: &mut Writer) {
        writer.uint(1);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.exactly(1).map(|()| Self)
    }
}
