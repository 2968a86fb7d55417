//! The encoder.

/// Major types of RFC 8949 section 3.1.
pub(super) const UINT: u8 = 0;
pub(super) const NINT: u8 = 1;
pub(super) const BYTES: u8 = 2;
pub(super) const TEXT: u8 = 3;
pub(super) const ARRAY: u8 = 4;
pub(super) const MAP: u8 = 5;
pub(super) const TAG: u8 = 6;
pub(super) const SIMPLE: u8 = 7;

/// Additional information: the value stands in the next 1, 2, 4 or 8 bytes.
pub(super) const ONE_BYTE: u8 = 0x18;
pub(super) const TWO_BYTES: u8 = 0x19;
pub(super) const FOUR_BYTES: u8 = 0x1a;
pub(super) const EIGHT_BYTES: u8 = 0x1b;
/// Additional information: items follow until a break.
pub(super) const INDEFINITE: u8 = 0x1f;

pub(super) const FALSE: u8 = 20;
pub(super) const TRUE: u8 = 21;
pub(super) const NULL: u8 = 22;

/// Appends items with minimal heads and definite lengths.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes) }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Forgets everything written so far and keeps its room.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Everything written so far.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn uint(&mut self, value: u64) {
        self.head(UINT, value);
    }

    /// `-1 - value`, CBOR's negative integers.
    pub(crate) fn nint(&mut self, value: u64) {
        self.head(NINT, value);
    }

    pub(crate) fn int(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.uint(value),
            // -1 - n is the complement of n.
            Err(_) => self.nint((!value).unsigned_abs()),
        }
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.len(BYTES, value.len());
        self.bytes.extend_from_slice(value);
    }

    /// The head of a byte string; `len` bytes must follow.
    pub(crate) fn bytes_head(&mut self, len: usize) {
        self.len(BYTES, len);
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.len(TEXT, value.len());
        self.bytes.extend_from_slice(value.as_bytes());
    }

    /// One text in several parts.
    pub(crate) fn text_of(&mut self, parts: &[&str]) {
        self.len(TEXT, parts.iter().map(|part| part.len()).sum());
        for part in parts {
            self.bytes.extend_from_slice(part.as_bytes());
        }
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.head(SIMPLE, u64::from(if value { TRUE } else { FALSE }));
    }

    /// The head of an array; `len` items must follow.
    pub(crate) fn array(&mut self, len: usize) {
        self.len(ARRAY, len);
    }

    /// The head of a map; `len` keys with their values must follow, in order.
    pub(crate) fn map(&mut self, len: usize) {
        self.len(MAP, len);
    }

    pub(crate) fn tag(&mut self, tag: u64) {
        self.head(TAG, tag);
    }

    /// Items that are encoded already.
    pub(crate) fn raw(&mut self, encoded: &[u8]) {
        self.bytes.extend_from_slice(encoded);
    }

    fn len(&mut self, major: u8, len: usize) {
        // usize has at most 64 bits on every platform of Rust.
        self.head(major, u64::try_from(len).unwrap_or(u64::MAX));
    }

    fn head(&mut self, major: u8, value: u64) {
        let major = major << 5;
        if let Ok(small) = u8::try_from(value) {
            if small < ONE_BYTE {
                self.bytes.push(major | small);
            } else {
                self.bytes.extend_from_slice(&[major | ONE_BYTE, small]);
            }
        } else if let Ok(value) = u16::try_from(value) {
            self.bytes.push(major | TWO_BYTES);
            self.bytes.extend_from_slice(&value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.bytes.push(major | FOUR_BYTES);
            self.bytes.extend_from_slice(&value.to_be_bytes());
        } else {
            self.bytes.push(major | EIGHT_BYTES);
            self.bytes.extend_from_slice(&value.to_be_bytes());
        }
    }
}
