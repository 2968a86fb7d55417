//! The blocks of a manifest file or a record index file: each held against its own rows.

use super::FileTree;
use super::directory::Described;
use super::fault::{FilePlace, ManifestFileError, overflow, same_summary};
use super::row::{BlockRow, PartsRow};
use super::source::RowSource;
use crate::cbor::{CborError, CborFault, Codec as _, Reader};
use crate::digest::Sha256;
use crate::limits::MAX_BLOCK;
use crate::manifest::index;
use crate::manifest::items::{Input, Item};
use crate::tree::{RootBuilder, Summary};

/// How a block or the directory begins: the head of its array and the number of its kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lead {
    /// Length of the array.
    pub(super) len: usize,
    pub(super) kind: u64,
    /// Length of what was read, in bytes.
    used: usize,
}

impl Lead {
    /// Opens the next item, of at most `limit` bytes, and looks at its beginning.
    pub(super) fn next<S: RowSource>(input: &mut Input<S>, limit: usize) -> Result<Self, S::Error> {
        input.open(limit)?;
        // Two heads have at most 18 bytes.
        let item = input.peek(18)?;
        let mut reader = Reader::new(item.bytes);
        let len = reader.array_head().map_err(|fault| item.fault(fault))?;
        let kind = reader.uint().map_err(|fault| item.fault(fault))?;
        Ok(Self { len, kind, used: reader.offset() })
    }

    /// Goes on after the beginning.
    pub(super) fn skip<S: RowSource>(&self, input: &mut Input<S>) {
        input.skip(self.used);
    }
}

/// Where a block stands, and what its rows must satisfy beside their own rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Its number in the file.
    pub(super) block: usize,
    /// The most rows it may have.
    pub(super) limit: usize,
    /// The greatest key before it in its tree, where that is known.
    pub(super) last: Option<[u8; 32]>,
}

/// A block whose rows give its summaries.
#[derive(Clone, Debug)]
pub(super) struct Block<R> {
    /// Keys of the rows, in increasing order.
    pub(super) keys: Vec<[u8; 32]>,
    pub(super) rows: Vec<R>,
    /// One for each row, or none at all.
    pub(super) sha256: Vec<Sha256>,
    /// What the directory must say of it.
    pub(super) described: Described,
}

/// Reads the block of `parts` that `lead` has begun.
pub(super) fn parts_block<E: PartsRow, S: RowSource>(
    input: &mut Input<S>,
    lead: Lead,
    place: Place,
    has_sha256: bool,
) -> Result<Block<E>, S::Error> {
    let mut part = Part::new(input.rest(MAX_BLOCK)?, lead)?;
    part.check_len(place.block, has_sha256)?;
    let mut block = part.rows(place, |entry: &E, row| {
        let block = place.block;
        entry.check().map_err(|source| ManifestFileError::Entry { block, row, source })
    })?;
    if has_sha256 {
        part.column(place.block, &mut block)?;
    }
    part.end()?;
    Ok(block)
}

/// Reads the block of digests that `lead` has begun; gives each row to `accept` with its place.
pub(super) fn digest_block<R: BlockRow, S: RowSource>(
    input: &mut Input<S>,
    lead: Lead,
    place: Place,
    accept: impl FnMut(&R, usize) -> Result<(), ManifestFileError>,
) -> Result<Block<R>, S::Error> {
    let mut part = Part::new(input.rest(MAX_BLOCK)?, lead)?;
    part.check_len(place.block, false)?;
    let block = part.rows(place, accept)?;
    part.end()?;
    Ok(block)
}

/// A whole item, read on from its lead.
struct Part<'a> {
    item: Item<'a>,
    reader: Reader<'a>,
    /// Length of the array.
    len: usize,
}

impl<'a> Part<'a> {
    fn new(item: Item<'a>, lead: Lead) -> Result<Self, ManifestFileError> {
        let mut part = Self { item, reader: Reader::new(item.bytes), len: lead.len };
        // Now that all has arrived, an array longer than its item is found.
        part.read(|reader| reader.array(usize::MAX))?;
        part.read(|reader| reader.exactly(lead.kind))?;
        Ok(part)
    }

    /// Reads on with `read`.
    fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, CborError>,
    ) -> Result<T, ManifestFileError> {
        Ok(read(&mut self.reader).map_err(|fault| self.item.fault(fault))?)
    }

    /// The array of a block has 3 elements, with SHA-256 digests 5.
    fn check_len(&self, block: usize, has_sha256: bool) -> Result<(), ManifestFileError> {
        let expected = if has_sha256 { 5 } else { 3 };
        match self.len {
            len if len == expected => Ok(()),
            3 | 5 => Err(ManifestFileError::Sha256 { place: FilePlace::Block(block) }),
            len => Err(self.item.fault(wrong_length(0, len, expected)).into()),
        }
    }

    /// Summary and rows; gives each row to `accept` with its place.
    fn rows<R: BlockRow>(
        &mut self,
        place: Place,
        mut accept: impl FnMut(&R, usize) -> Result<(), ManifestFileError>,
    ) -> Result<Block<R>, ManifestFileError> {
        let Place { block, limit, mut last } = place;
        let claimed = self.read(|reader| Summary::decode(reader))?;
        let count = self.read(|reader| reader.array(limit))?;
        let (mut keys, mut rows) = (Vec::new(), Vec::new());
        let mut root = RootBuilder::new(R::KIND);
        for row in 0..count {
            let start = self.reader.offset();
            let decoded = self.read(|reader| R::decode(reader))?;
            let key = decoded.key();
            if last.is_some_and(|last| last >= key) {
                return Err(ManifestFileError::Unordered { block, row });
            }
            last = Some(key);
            // What was read is the one encoding of the row.
            let leaf = decoded.leaf(key, self.reader.since(start));
            leaf.and_then(|leaf| root.push(&leaf)).map_err(overflow)?;
            accept(&decoded, row)?;
            keys.push(key);
            rows.push(decoded);
        }
        let computed = root.finish().map_err(overflow)?;
        same_summary(FilePlace::Block(block), R::TREE, claimed, computed)?;
        let (key, length) = (keys.first().copied().unwrap_or_default(), self.item.length());
        let described = Described { tree: R::TREE, key, summary: computed, length, sha256: None };
        Ok(Block { keys, rows, sha256: Vec::new(), described })
    }

    /// The SHA-256 of the block's entries, and the root of their subtree.
    fn column<E: PartsRow>(
        &mut self,
        number: usize,
        block: &mut Block<E>,
    ) -> Result<(), ManifestFileError> {
        let len = block.keys.len().saturating_mul(32);
        let bytes = self.read(|reader| {
            let offset = reader.offset();
            let bytes = reader.bytes(MAX_BLOCK)?;
            if bytes.len() == len {
                return Ok(bytes);
            }
            Err(wrong_length(offset, bytes.len(), len))
        })?;
        let (digests, _) = bytes.as_chunks::<32>();
        block.sha256 = digests.iter().copied().map(Sha256::from_bytes).collect();
        let claimed = self.read(|reader| Summary::decode(reader))?;
        let computed = index::root(&block.keys, &block.rows, &block.sha256).map_err(overflow)?;
        same_summary(FilePlace::Block(number), FileTree::Sha256, claimed, computed)?;
        block.described.sha256 = Some(computed);
        Ok(())
    }

    /// Nothing may follow in the item.
    fn end(&self) -> Result<(), ManifestFileError> {
        Ok(self.reader.end().map_err(|fault| self.item.fault(fault))?)
    }
}

fn wrong_length(offset: usize, found: usize, expected: usize) -> CborError {
    let number = |len| u64::try_from(len).unwrap_or(u64::MAX);
    let (found, expected) = (number(found), number(expected));
    CborError::new(offset, CborFault::OutOfRange { found, min: expected, max: expected })
}
