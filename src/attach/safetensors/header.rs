//! The header: read strictly, written compactly.

use std::io::{self, Read, Seek, SeekFrom};

use super::{KEY, json};
use crate::attach::AttachError;
use crate::limits::MAX_SAFETENSORS_HEADER;
use crate::manifest::{Dtype, TensorEntry, size_in_words};
use crate::text::{excerpt, parse_base64url};

/// A header that two readers could take differently, or that does not fit its file.
///
/// Names and other text of the file are cut to 80 bytes.
///
/// ```
/// use std::io::Cursor;
/// use datadeed::attach::{AttachError, safetensors::{HeaderError, Model}};
///
/// // The first byte of the data belongs to no tensor: something could hide there.
/// let header = br#"{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#;
/// let file = [&53_u64.to_le_bytes()[..], header, &[1, 2]].concat();
/// let Err(AttachError::Header(error)) = Model::open(Cursor::new(file)) else { unreachable!() };
/// assert_eq!(error, HeaderError::Gap { name: "w".into(), begin: 1, expected: 0 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// A dtype that this version does not know.
    #[error("tensor {name:?} has the unknown dtype {found:?}")]
    Dtype {
        /// The tensor.
        name: String,
        /// Its dtype as spelled.
        found: String,
    },
    /// A tensor, or `__metadata__`, occurs twice.
    #[error("{name:?} occurs twice")]
    DuplicateEntry {
        /// The key.
        name: String,
    },
    /// A tensor has one field twice.
    #[error("tensor {name:?} has {field:?} twice")]
    DuplicateField {
        /// The tensor.
        name: String,
        /// The field.
        field: &'static str,
    },
    /// A metadata key occurs twice.
    #[error("metadata key {key:?} occurs twice")]
    DuplicateMetadata {
        /// The key.
        key: String,
    },
    /// Something other than spaces follows the header's object.
    #[error("byte {found:#04x} at the end of the header, only spaces are allowed there")]
    End {
        /// The last byte that is not a space.
        found: u8,
    },
    /// No tensor covers some data.
    #[error("tensor {name:?} begins at {begin}, the data before it ends at {expected}")]
    Gap {
        /// The tensor after the gap.
        name: String,
        /// Where it begins, in bytes of the data area.
        begin: u64,
        /// Where it had to begin.
        expected: u64,
    },
    /// A tensor lacks a field.
    #[error("tensor {name:?} has no {field:?}")]
    MissingField {
        /// The tensor.
        name: String,
        /// The field.
        field: &'static str,
    },
    /// Two tensors share data.
    #[error("tensor {name:?} begins at {begin}, the data before it ends at {expected}")]
    Overlap {
        /// The later of the two, by offset.
        name: String,
        /// Where it begins, in bytes of the data area.
        begin: u64,
        /// Where it had to begin.
        expected: u64,
    },
    /// A tensor has more dimensions than this crate accepts.
    #[error("tensor {name:?} has {found} dimensions, at most {limit} allowed")]
    Rank {
        /// The tensor.
        name: String,
        /// Its number of dimensions.
        found: usize,
        /// [`MAX_RANK`](crate::limits::MAX_RANK).
        limit: usize,
    },
    /// A tensor ends before it begins.
    #[error("tensor {name:?} begins at {begin} and ends at {end}")]
    Reversed {
        /// The tensor.
        name: String,
        /// Where it begins, in bytes of the data area.
        begin: u64,
        /// Where it ends, exclusive.
        end: u64,
    },
    /// A tensor's offsets are not as far apart as its dtype and shape require.
    #[error("tensor {name:?} has {found} bytes, its dtype and shape require {}", size_in_words(*required))]
    Size {
        /// The tensor.
        name: String,
        /// Distance of its offsets, in bytes.
        found: u64,
        /// What its dtype and shape require, in bytes; `None` where that is no whole number below 2^64.
        required: Option<u64>,
    },
    /// The header does not begin with `{`.
    #[error("the header begins with {}, not with '{{'", shown(*found))]
    Start {
        /// The first byte; `None` in an empty header.
        found: Option<u8>,
    },
    /// The header is not JSON.
    #[error("the header is not JSON at line {line} column {column}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, in bytes from 1.
        column: usize,
    },
    /// The header is longer than this crate, or the reference implementation, accepts.
    #[error("header of {found} bytes, at most {limit} allowed")]
    TooLong {
        /// Declared length, in bytes.
        found: u64,
        /// [`MAX_SAFETENSORS_HEADER`].
        limit: u64,
    },
    /// Data follows the last tensor.
    #[error("the data area has {found} bytes, its tensors end at {end}")]
    Trailing {
        /// Where the last tensor ends, in bytes of the data area.
        end: u64,
        /// Length of the data area, in bytes.
        found: u64,
    },
    /// A tensor has a field that this version does not know.
    #[error("tensor {name:?} has the unknown field {field:?}")]
    UnknownField {
        /// The tensor.
        name: String,
        /// The field.
        field: String,
    },
    /// The header is not UTF-8.
    #[error("the header is not UTF-8 at byte {position}")]
    Utf8 {
        /// Offset of the first byte at fault, in the header.
        position: usize,
    },
    /// A value has the wrong JSON type.
    #[error("the value of {name:?} is not {expected}")]
    WrongType {
        /// The tensor, or the key in `__metadata__`, or `__metadata__` itself.
        name: String,
        /// What had to stand there.
        expected: &'static str,
    },
}

fn shown(byte: Option<u8>) -> String {
    byte.map_or_else(|| "nothing".to_owned(), |byte| format!("byte {byte:#04x}"))
}

/// One tensor as the header describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) dtype: Dtype,
    /// At most [`MAX_RANK`](crate::limits::MAX_RANK) dimensions.
    pub(super) shape: Vec<u64>,
    /// In bytes of the data area.
    pub(super) begin: u64,
    /// Exclusive, at least `begin`.
    pub(super) end: u64,
}

impl Tensor {
    pub(super) const fn size(&self) -> u64 {
        self.end.saturating_sub(self.begin)
    }

    fn check(&self) -> Result<(), HeaderError> {
        let name = || excerpt(&self.name);
        if self.end < self.begin {
            return Err(HeaderError::Reversed { name: name(), begin: self.begin, end: self.end });
        }
        let required = TensorEntry::required_size(self.dtype, &self.shape);
        if required != Some(self.size()) {
            return Err(HeaderError::Size { name: name(), found: self.size(), required });
        }
        Ok(())
    }
}

/// A proof where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    /// How many other metadata pairs stand before it.
    pub(super) at: usize,
    pub(super) bytes: Vec<u8>,
}

/// A checked header and where in its file it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// How many tensors stand before `__metadata__`; 0 where there is none.
    pub(super) metadata_at: usize,
    /// Every metadata pair but the proof's.
    pub(super) pairs: Vec<(String, String)>,
    pub(super) proof: Option<Proof>,
    /// In the header's order.
    pub(super) tensors: Vec<Tensor>,
    /// Where the data area begins in the file, in bytes.
    pub(super) end: u64,
    /// Length of the file, in bytes.
    pub(super) file: u64,
}

impl Header {
    /// Reads the header and leaves the reader at the data.
    pub(super) fn read(reader: &mut (impl Read + Seek)) -> Result<Self, AttachError> {
        let file = reader.seek(SeekFrom::End(0)).map_err(AttachError::Read)?;
        reader.rewind().map_err(AttachError::Read)?;
        let prefix = take(reader, 0, 8)?;
        let length = prefix.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        if length > MAX_SAFETENSORS_HEADER {
            return Err(
                HeaderError::TooLong { found: length, limit: MAX_SAFETENSORS_HEADER }.into()
            );
        }
        let end = length.saturating_add(8);
        if end > file {
            return Err(AttachError::Truncated { found: file, required: end });
        }
        let bytes = take(reader, 8, length)?;
        let mut header = parse(&bytes)?;
        (header.end, header.file) = (end, file);
        header.check_coverage()?;
        if let Some(at) = header.pairs.iter().position(|(key, _)| key == KEY) {
            let (_, text) = header.pairs.remove(at);
            let bytes = parse_base64url(&text).map_err(AttachError::Proof)?;
            header.proof = Some(Proof { at, bytes });
        }
        Ok(header)
    }

    /// The tensors in the order of their data.
    pub(super) fn by_offset(&self) -> Vec<&Tensor> {
        let mut tensors: Vec<&Tensor> = self.tensors.iter().collect();
        // By `end` too: an empty tensor goes before the one that begins where it stands.
        tensors.sort_by_key(|tensor| (tensor.begin, tensor.end));
        tensors
    }

    fn check_coverage(&self) -> Result<(), AttachError> {
        let mut expected = 0;
        for tensor in self.by_offset() {
            let (name, begin) = (|| excerpt(&tensor.name), tensor.begin);
            if begin > expected {
                return Err(HeaderError::Gap { name: name(), begin, expected }.into());
            }
            if begin < expected {
                return Err(HeaderError::Overlap { name: name(), begin, expected }.into());
            }
            expected = tensor.end;
        }
        let found = self.file.saturating_sub(self.end);
        if expected > found {
            let required = self.end.saturating_add(expected);
            return Err(AttachError::Truncated { found: self.file, required });
        }
        if expected < found {
            return Err(HeaderError::Trailing { end: expected, found }.into());
        }
        Ok(())
    }

    /// The header as written, around the text of a proof where it is to have one.
    pub(super) fn frame(&self, with_proof: bool) -> io::Result<Frame> {
        let at = with_proof.then(|| self.proof.as_ref().map_or(self.pairs.len(), |proof| proof.at));
        json::frame(self, at)
    }
}

/// The text of a header before and after the proof's; all of it stands before where there is none.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

/// Exactly `length` bytes, which stand at `offset`; grows as they arrive.
fn take(reader: &mut impl Read, offset: u64, length: u64) -> Result<Vec<u8>, AttachError> {
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes).map_err(AttachError::Read)?;
    let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if found < length {
        let (found, required) = (offset.saturating_add(found), offset.saturating_add(length));
        return Err(AttachError::Truncated { found, required });
    }
    Ok(bytes)
}

/// A header of its own, without regard to its file.
fn parse(bytes: &[u8]) -> Result<Header, HeaderError> {
    let found = bytes.first().copied();
    if found != Some(b'{') {
        return Err(HeaderError::Start { found });
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|fault| HeaderError::Utf8 { position: fault.valid_up_to() })?;
    let header = json::parse(text)?;
    match text.trim_end_matches(' ').as_bytes().last() {
        Some(found) if *found != b'}' => return Err(HeaderError::End { found: *found }),
        _ => {}
    }
    if let Some(name) = repeated(header.tensors.iter().map(|tensor| &tensor.name)) {
        return Err(HeaderError::DuplicateEntry { name });
    }
    if let Some(key) = repeated(header.pairs.iter().map(|(key, _)| key)) {
        return Err(HeaderError::DuplicateMetadata { key });
    }
    header.tensors.iter().try_for_each(Tensor::check)?;
    Ok(header)
}

/// The first text, in bytewise order, that occurs twice; an excerpt of it.
fn repeated<'a>(texts: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut sorted: Vec<&String> = texts.collect();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(excerpt(a)),
        _ => None,
    })
}
