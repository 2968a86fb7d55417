//! 256 entries of a log: how they and their statements are kept.

use super::edge::TILE;
use crate::cbor::{CborError, CborFault, Reader, Writer};
use crate::digest::Sha256;
use crate::limits::MAX_STATEMENT;

/// Every entry is a SHA-256, behind its length in two bytes.
const ENTRY_HEAD: [u8; 2] = [0, 32];

/// Entries as C2SP tlog-tiles has them.
pub(super) fn encode_entries(entries: &[Sha256]) -> Vec<u8> {
    entries.iter().flat_map(|entry| [&ENTRY_HEAD[..], entry.as_bytes()].concat()).collect()
}

/// So many entries and nothing else; `None` for other bytes.
pub(super) fn decode_entries(bytes: &[u8], width: usize) -> Option<Vec<Sha256>> {
    let (entries, rest) = bytes.as_chunks::<34>();
    let decoded = entries.iter().map(|entry| {
        let entry = entry.strip_prefix(&ENTRY_HEAD)?;
        Some(Sha256::from_bytes(entry.try_into().ok()?))
    });
    if entries.len() != width || !rest.is_empty() { None } else { decoded.collect() }
}

/// Hashes of a tile, 32 bytes each; `None` for other bytes than so many.
pub(super) fn decode_tile(bytes: &[u8], width: usize) -> Option<Vec<Sha256>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let is_tile = hashes.len() == width && rest.is_empty();
    is_tile.then(|| hashes.iter().map(|hash| Sha256::from_bytes(*hash)).collect())
}

pub(super) fn encode_tile(hashes: &[Sha256]) -> Vec<u8> {
    hashes.iter().flat_map(Sha256::as_bytes).copied().collect()
}

/// Statements of one segment that were published together.
///
/// A publication never rewrites an earlier one, so a segment is in as many parts as publications
/// reached into it. Each has the places at which those before it and itself begin: whoever knows
/// where the last ends, as the size of the log tells, finds any with one more read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Places in the segment, from 0: first 0, last where this part begins.
    pub(super) begins: Vec<u8>,
    /// The envelopes.
    pub(super) statements: Vec<Vec<u8>>,
}

impl Part {
    /// `[1, begins, [+ bstr]]`
    pub(super) fn encode(begins: &[u8], statements: &[&[u8]]) -> Vec<u8> {
        let size: usize = statements.iter().map(|bytes| bytes.len().saturating_add(5)).sum();
        let mut writer =
            Writer::with_capacity(size.saturating_add(begins.len()).saturating_add(10));
        writer.array(3);
        writer.uint(1);
        writer.bytes(begins);
        writer.array(statements.len());
        for statement in statements {
            writer.bytes(statement);
        }
        writer.finish()
    }

    /// A part that ends at `width`.
    pub(super) fn decode(bytes: &[u8], width: u16) -> Result<Self, CborError> {
        let mut reader = Reader::new(bytes);
        reader.exact_array(3)?;
        reader.exactly(1)?;
        let offset = reader.offset();
        let begins = reader.bytes(usize::from(TILE))?.to_vec();
        let [first, rest @ ..] = begins.as_slice() else {
            return Err(CborError::new(offset, CborFault::EmptyCollection));
        };
        let last = rest.last().unwrap_or(first);
        if *first != 0 || !begins.is_sorted_by(|a, b| a < b) || u16::from(*last) >= width {
            return Err(CborError::new(offset, CborFault::Unordered));
        }
        let len = usize::from(width.saturating_sub(u16::from(*last)));
        reader.exact_array(len)?;
        let mut statements = Vec::new();
        for _ in 0..len {
            statements.push(reader.bytes(MAX_STATEMENT)?.to_vec());
        }
        reader.end()?;
        Ok(Self { begins, statements })
    }

    /// Where this part begins.
    pub(super) fn begin(&self) -> u8 {
        self.begins.last().copied().unwrap_or(0)
    }

    /// Where the part with the statement at `place` ends, if it is an earlier one.
    pub(super) fn end_before(&self, place: u8) -> Option<u8> {
        self.begins.iter().copied().find(|begin| *begin > place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_and_tiles_read_back_in_one_form() {
        let hashes: Vec<Sha256> = (0..3).map(|byte| Sha256::from_bytes([byte; 32])).collect();
        let (entries, tile) = (encode_entries(&hashes), encode_tile(&hashes));
        assert_eq!((entries.len(), tile.len()), (102, 96));
        assert_eq!(decode_entries(&entries, 3), Some(hashes.clone()));
        assert_eq!(decode_tile(&tile, 3), Some(hashes));
        assert_eq!(decode_entries(&entries, 2), None);
        assert_eq!(decode_entries(&entries[..101], 3), None);
        assert_eq!(decode_tile(&tile, 4), None);
        assert_eq!(decode_tile(&tile[..95], 3), None);
        let mut longer = entries;
        longer[1] = 33;
        assert_eq!(decode_entries(&longer, 3), None);
    }

    #[test]
    fn a_part_says_where_those_before_it_begin() {
        let bytes = Part::encode(&[0, 3, 7], &[b"x", b"yy"]);
        assert_eq!(bytes, b"\x83\x01\x43\x00\x03\x07\x82\x41x\x42yy");
        let part = Part::decode(&bytes, 9).unwrap();
        assert_eq!((part.begin(), part.statements.len()), (7, 2));
        assert_eq!(part.end_before(0), Some(3));
        assert_eq!(part.end_before(2), Some(3));
        assert_eq!(part.end_before(3), Some(7));
        assert_eq!(part.end_before(7), None);
        assert_eq!(part.end_before(8), None);
    }

    #[test]
    fn a_part_that_contradicts_itself_is_refused() {
        let fault = |bytes: &[u8], width| Part::decode(bytes, width).unwrap_err().fault;
        let length =
            |found, expected| CborFault::OutOfRange { found, min: expected, max: expected };
        let two = Part::encode(&[0, 3], &[b"x", b"y"]);
        assert_eq!(fault(&two, 6), length(2, 3));
        assert_eq!(fault(&two, 3), CborFault::Unordered);
        assert_eq!(fault(&Part::encode(&[1, 3], &[b"x"]), 4), CborFault::Unordered);
        assert_eq!(fault(&Part::encode(&[0, 3, 3], &[b"x"]), 4), CborFault::Unordered);
        assert_eq!(fault(&Part::encode(&[], &[b"x"]), 1), CborFault::EmptyCollection);
        assert_eq!(fault(&[&two[..], b"\0"].concat(), 5), CborFault::TrailingBytes { count: 1 });
    }
}
