//! The strict decoder: typed reads over borrowed bytes.

mod walk;

use super::writer::{
    ARRAY, BYTES, EIGHT_BYTES, FALSE, FOUR_BYTES, INDEFINITE, MAP, NINT, NULL, ONE_BYTE, SIMPLE,
    TAG, TEXT, TRUE, TWO_BYTES, UINT,
};
use super::{CborError, CborFault};
use crate::text::excerpt;

/// Reads items one after another; every read checks the whole profile.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
    /// Where `bytes` begins in the input that the caller knows.
    base: usize,
}

#[derive(Clone, Copy)]
struct Head {
    major: u8,
    value: u64,
    offset: usize,
}

const fn type_name(major: u8) -> &'static str {
    match major {
        UINT => "unsigned integer",
        NINT => "negative integer",
        BYTES => "byte string",
        TEXT => "text string",
        ARRAY => "array",
        MAP => "map",
        TAG => "tag",
        _ => "simple value",
    }
}

/// How many bytes of an item's head follow its first byte, 0 to 8.
///
/// For streams, where a head must be read before what it announces.
pub(crate) const fn head_rest(first: u8) -> usize {
    match first & 0x1f {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => 0,
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, base: 0 }
    }

    /// A reader over a part of a larger input, reporting offsets in the larger one.
    pub(crate) fn at(bytes: &'a [u8], base: usize) -> Self {
        Self { bytes, position: 0, base }
    }

    /// Offset of the next item in the caller's input.
    pub(crate) fn offset(&self) -> usize {
        self.base.saturating_add(self.position)
    }

    /// What was read since `start`, an earlier [`Reader::offset`].
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        let start = start.saturating_sub(self.base);
        self.bytes.get(start..self.position).unwrap_or_default()
    }

    fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.position)
    }

    fn take(&mut self, len: usize, offset: usize) -> Result<&'a [u8], CborError> {
        let truncated = || CborError::new(offset, CborFault::Truncated);
        let end = self.position.checked_add(len).ok_or_else(truncated)?;
        let taken = self.bytes.get(self.position..end).ok_or_else(truncated)?;
        self.position = end;
        Ok(taken)
    }

    fn take_array<const N: usize>(&mut self, offset: usize) -> Result<[u8; N], CborError> {
        let taken = self.take(N, offset)?;
        taken.try_into().map_err(|_| CborError::new(offset, CborFault::Truncated))
    }

    fn head(&mut self) -> Result<Head, CborError> {
        let offset = self.offset();
        let [first] = self.take_array(offset)?;
        let (major, info) = (first >> 5, first & 0x1f);
        if info < ONE_BYTE {
            return Ok(Head { major, value: u64::from(info), offset });
        }
        self.long_head(major, info, offset)
    }

    /// The rest of a head whose value is not in its first byte.
    fn long_head(&mut self, major: u8, info: u8, offset: usize) -> Result<Head, CborError> {
        let fault = |fault| Err(CborError::new(offset, fault));
        if major == SIMPLE {
            return match info {
                ONE_BYTE => {
                    let [found] = self.take_array(offset)?;
                    fault(CborFault::Simple { found })
                }
                TWO_BYTES | FOUR_BYTES | EIGHT_BYTES => fault(CborFault::Float),
                INDEFINITE => fault(CborFault::IndefiniteLength),
                _ => fault(CborFault::Reserved),
            };
        }
        let (value, least) = match info {
            ONE_BYTE => (u64::from(u8::from_be_bytes(self.take_array(offset)?)), 24),
            TWO_BYTES => (u64::from(u16::from_be_bytes(self.take_array(offset)?)), 0x100),
            FOUR_BYTES => (u64::from(u32::from_be_bytes(self.take_array(offset)?)), 0x1_0000),
            EIGHT_BYTES => (u64::from_be_bytes(self.take_array(offset)?), 0x1_0000_0000),
            INDEFINITE if matches!(major, BYTES | TEXT | ARRAY | MAP) => {
                return fault(CborFault::IndefiniteLength);
            }
            _ => return fault(CborFault::Reserved),
        };
        if value < least {
            return fault(CborFault::NonMinimal);
        }
        Ok(Head { major, value, offset })
    }

    fn expect(&mut self, major: u8) -> Result<Head, CborError> {
        let head = self.head()?;
        if head.major == major {
            return Ok(head);
        }
        Err(CborError::new(head.offset, unexpected(head, type_name(major))))
    }

    pub(crate) fn uint(&mut self) -> Result<u64, CborError> {
        Ok(self.expect(UINT)?.value)
    }

    /// The `n` of a negative integer `-1 - n`.
    pub(crate) fn nint(&mut self) -> Result<u64, CborError> {
        Ok(self.expect(NINT)?.value)
    }

    /// An integer of either sign that fits 64 bits with it.
    pub(crate) fn int(&mut self) -> Result<i64, CborError> {
        let head = self.head()?;
        if head.major != UINT && head.major != NINT {
            return Err(CborError::new(head.offset, unexpected(head, "integer")));
        }
        let magnitude = i64::try_from(head.value).map_err(|_| {
            let max = i64::MAX.unsigned_abs();
            CborError::new(head.offset, CborFault::OutOfRange { found: head.value, min: 0, max })
        })?;
        // -1 - n is the complement of n.
        Ok(if head.major == NINT { !magnitude } else { magnitude })
    }

    pub(crate) fn bool(&mut self) -> Result<bool, CborError> {
        let head = self.head()?;
        match (head.major, head.value) {
            (SIMPLE, value) if value == u64::from(FALSE) => Ok(false),
            (SIMPLE, value) if value == u64::from(TRUE) => Ok(true),
            _ => Err(CborError::new(head.offset, unexpected(head, "boolean"))),
        }
    }

    /// A byte string of at most `limit` bytes.
    pub(crate) fn bytes(&mut self, limit: usize) -> Result<&'a [u8], CborError> {
        let head = self.expect(BYTES)?;
        self.string(head, limit)
    }

    /// The head alone of a byte string of at most `limit` bytes, which follow; see [`head_rest`].
    pub(crate) fn bytes_head(&mut self, limit: usize) -> Result<usize, CborError> {
        let head = self.expect(BYTES)?;
        let too_long = || CborFault::TooLong { found: head.value, limit };
        let len = usize::try_from(head.value).ok().filter(|len| *len <= limit);
        len.ok_or_else(|| CborError::new(head.offset, too_long()))
    }

    /// A byte string of exactly `N` bytes.
    pub(crate) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], CborError> {
        let head = self.expect(BYTES)?;
        let len = u64::try_from(N).unwrap_or(u64::MAX);
        if head.value != len {
            return Err(CborError::new(
                head.offset,
                CborFault::OutOfRange { found: head.value, min: len, max: len },
            ));
        }
        self.take_array(head.offset)
    }

    /// A text string of at most `limit` bytes.
    pub(crate) fn text(&mut self, limit: usize) -> Result<&'a str, CborError> {
        let head = self.expect(TEXT)?;
        self.utf8(head, limit)
    }

    fn utf8(&mut self, head: Head, limit: usize) -> Result<&'a str, CborError> {
        let bytes = self.string(head, limit)?;
        std::str::from_utf8(bytes).map_err(|_| CborError::new(head.offset, CborFault::Utf8))
    }

    fn string(&mut self, head: Head, limit: usize) -> Result<&'a [u8], CborError> {
        let fault = |fault| CborError::new(head.offset, fault);
        let too_long = || fault(CborFault::TooLong { found: head.value, limit });
        let len = usize::try_from(head.value).map_err(|_| too_long())?;
        if len > limit {
            return Err(too_long());
        }
        self.take(len, head.offset)
    }

    /// The length of an array of 1 to `limit` items.
    pub(crate) fn array(&mut self, limit: usize) -> Result<usize, CborError> {
        let head = self.expect(ARRAY)?;
        self.collection(head, limit, 1)
    }

    /// The head alone of an array of at least 1 item, of which not all need have arrived; see [`head_rest`].
    pub(crate) fn array_head(&mut self) -> Result<usize, CborError> {
        let head = self.expect(ARRAY)?;
        let fault = |fault| CborError::new(head.offset, fault);
        let len = usize::try_from(head.value)
            .map_err(|_| fault(CborFault::TooLong { found: head.value, limit: usize::MAX }))?;
        if len == 0 {
            return Err(fault(CborFault::EmptyCollection));
        }
        Ok(len)
    }

    /// The head of an array of exactly `len` items.
    pub(crate) fn exact_array(&mut self, len: usize) -> Result<(), CborError> {
        let offset = self.offset();
        let found = u64::try_from(self.array(usize::MAX)?).unwrap_or(u64::MAX);
        let expected = u64::try_from(len).unwrap_or(u64::MAX);
        if found == expected {
            return Ok(());
        }
        let fault = CborFault::OutOfRange { found, min: expected, max: expected };
        Err(CborError::new(offset, fault))
    }

    /// The length of an array of 0 to `limit` items: a tensor's shape alone.
    pub(crate) fn array_or_empty(&mut self, limit: usize) -> Result<usize, CborError> {
        let head = self.expect(ARRAY)?;
        if head.value == 0 { Ok(0) } else { self.collection(head, limit, 1) }
    }

    /// The length of a map of 1 to `limit` pairs.
    pub(crate) fn map(&mut self, limit: usize) -> Result<usize, CborError> {
        let head = self.expect(MAP)?;
        self.collection(head, limit, 2)
    }

    /// The length of a map of 0 to `limit` pairs: an unprotected header, or any of another implementation.
    pub(crate) fn map_or_empty(&mut self, limit: usize) -> Result<usize, CborError> {
        let head = self.expect(MAP)?;
        if head.value == 0 { Ok(0) } else { self.collection(head, limit, 2) }
    }

    /// Every item takes a byte at least, so a length beyond the rest is refused before any allocation.
    fn collection(
        &self,
        head: Head,
        limit: usize,
        items_per_entry: usize,
    ) -> Result<usize, CborError> {
        let fault = |fault| CborError::new(head.offset, fault);
        let too_long = || fault(CborFault::TooLong { found: head.value, limit });
        let len = usize::try_from(head.value).map_err(|_| too_long())?;
        if len == 0 {
            return Err(fault(CborFault::EmptyCollection));
        }
        if len > limit {
            return Err(too_long());
        }
        if len.saturating_mul(items_per_entry) > self.remaining() {
            return Err(fault(CborFault::Truncated));
        }
        Ok(len)
    }

    /// The one tag allowed here.
    pub(crate) fn tag(&mut self, expected: u64) -> Result<(), CborError> {
        let head = self.head()?;
        let fault = match (head.major, head.value) {
            (TAG, value) if value == expected => return Ok(()),
            (TAG, found) => CborFault::Tag { found },
            (found, _) => {
                CborFault::UnexpectedType { found: type_name(found), expected: type_name(TAG) }
            }
        };
        Err(CborError::new(head.offset, fault))
    }

    /// The one unsigned number allowed here.
    pub(crate) fn exactly(&mut self, expected: u64) -> Result<(), CborError> {
        let offset = self.offset();
        let found = self.uint()?;
        if found == expected {
            return Ok(());
        }
        Err(mismatch(offset, &found.to_string(), &expected.to_string()))
    }

    /// The one text allowed here.
    pub(crate) fn exact_text(&mut self, expected: &'static str) -> Result<(), CborError> {
        let mut reader = self.clone();
        let head = reader.expect(TEXT)?;
        // Bytes that are equal are UTF-8 as well.
        if reader.string(head, usize::MAX)? == expected.as_bytes() {
            *self = reader;
            return Ok(());
        }
        Err(mismatch(head.offset, &excerpt(self.text(usize::MAX)?), expected))
    }

    /// Whether null stands next; it is read if so.
    pub(crate) fn null(&mut self) -> Result<bool, CborError> {
        let mut ahead = self.clone();
        let head = ahead.head()?;
        let is_null = head.major == SIMPLE && head.value == u64::from(NULL);
        if is_null {
            *self = ahead;
        }
        Ok(is_null)
    }

    /// Passes over the text `key`, of less than 24 bytes, if it stands next.
    pub(crate) fn take_key(&mut self, key: &str) -> bool {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let head = u8::try_from(key.len()).map_or(ONE_BYTE, |len| len);
        let is_next = head < ONE_BYTE
            && rest.split_first().is_some_and(|(first, rest)| {
                *first == TEXT << 5 | head && rest.starts_with(key.as_bytes())
            });
        if is_next {
            self.position = self.position.saturating_add(key.len()).saturating_add(1);
        }
        is_next
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), CborError> {
        match self.remaining() {
            0 => Ok(()),
            count => Err(CborError::new(self.offset(), CborFault::TrailingBytes { count })),
        }
    }
}

fn is_bool(value: u64) -> bool {
    value == u64::from(FALSE) || value == u64::from(TRUE)
}

fn simple(value: u64) -> CborFault {
    CborFault::Simple { found: u8::try_from(value).unwrap_or(u8::MAX) }
}

/// What to say where an item of another type was expected.
fn unexpected(head: Head, expected: &'static str) -> CborFault {
    match head.major {
        TAG => CborFault::Tag { found: head.value },
        SIMPLE if !is_bool(head.value) => simple(head.value),
        found => CborFault::UnexpectedType { found: type_name(found), expected },
    }
}

fn mismatch(offset: usize, found: &str, expected: &str) -> CborError {
    let fault = CborFault::Mismatch { found: found.to_owned(), expected: expected.to_owned() };
    CborError::new(offset, fault)
}
