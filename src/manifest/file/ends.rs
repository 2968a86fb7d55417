//! The ends of a file, from which it is opened: header, directory and trailer.

use super::ITEM_DIRECTORY;
use super::directory::{self, Described, Roots};
use super::fault::{FilePlace, FileTree, ManifestFileError, ManifestReadError, overflow};
use super::part::Lead;
use super::range::ReadAt;
use super::section::{MAX_HEAD, Placed, fault_at, read};
use crate::cbor::CborFault;
use crate::limits::MAX_DIRECTORY;
use crate::manifest::items::Input;

/// How much of the end of a file is read at once, in bytes: the directory of some two million rows.
const TAIL: u64 = 64 << 10;

/// Length of the trailer, in bytes.
const TRAILER: u64 = 9;

/// The most blocks that so many rows can have.
///
/// Every block but a sole one hangs from a node of more than `limit` rows, and no
/// row is below more than 256 nodes.
pub(super) fn most_blocks(rows: u64, limit: usize) -> usize {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let nodes = rows.checked_div(limit).unwrap_or(rows).saturating_add(1).saturating_mul(256);
    let most = nodes.saturating_add(1).min(rows);
    usize::try_from(most).unwrap_or(usize::MAX)
}

/// The end of a file, which of a short one is all of it.
pub(super) struct Ends {
    pub(super) size: u64,
    /// Where `tail` begins.
    start: u64,
    tail: Vec<u8>,
}

impl Ends {
    pub(super) fn read(source: &impl ReadAt) -> Result<Self, ManifestReadError> {
        let size = source.size().map_err(|source| ManifestReadError::Read { offset: 0, source })?;
        let start = size.saturating_sub(TAIL);
        Ok(Self { size, start, tail: read(source, start, size.saturating_sub(start))? })
    }

    /// The beginning of the file, with the whole header in it, of at most `limit` bytes.
    pub(super) fn header(
        &self,
        source: &impl ReadAt,
        limit: usize,
    ) -> Result<Vec<u8>, ManifestReadError> {
        let end = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(MAX_HEAD);
        self.range(source, 0, end.min(self.size))
    }

    /// Where the directory begins, after byte `begin` and of not more than `blocks` blocks.
    fn directory(&self, begin: u64, blocks: usize) -> Result<u64, ManifestFileError> {
        let trailer = self.size.saturating_sub(TRAILER);
        let skipped = usize::try_from(trailer.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let tail = self.tail.get(skipped..).unwrap_or_default();
        let found = directory::trailer(&mut Input::at(tail, trailer))?;
        if !(begin..trailer).contains(&found) {
            let max = trailer.saturating_sub(1);
            return Err(fault_at(trailer, CborFault::OutOfRange { found, min: begin, max }));
        }
        let len = trailer.saturating_sub(found);
        let limit = directory::max_len(blocks).min(MAX_DIRECTORY);
        if usize::try_from(len).is_ok_and(|len| len <= limit) {
            return Ok(found);
        }
        Err(fault_at(found, CborFault::TooLong { found: len, limit }))
    }

    /// The bytes from `start` to `end`, which is not beyond the end of the file.
    fn range(
        &self,
        source: &impl ReadAt,
        start: u64,
        end: u64,
    ) -> Result<Vec<u8>, ManifestReadError> {
        let index = |place: u64| usize::try_from(place.checked_sub(self.start)?).ok();
        let known = index(start).zip(index(end)).and_then(|(start, end)| self.tail.get(start..end));
        match known {
            Some(bytes) => Ok(bytes.to_vec()),
            None => read(source, start, end.saturating_sub(start)),
        }
    }
}

/// What the directory says of all blocks, and the roots that follow from it.
pub(super) struct Blocks {
    /// In the order of the file, those of `parts` before those of `content`.
    placed: Vec<Placed>,
    pub(super) roots: Roots,
    /// Where the last block ends.
    end: u64,
    has_sha256: bool,
}

impl Blocks {
    /// Of at most `most` blocks from byte `begin` on, all of `tree` where the file has one alone.
    pub(super) fn read(
        source: &impl ReadAt,
        ends: &Ends,
        begin: u64,
        most: usize,
        tree: Option<FileTree>,
        has_sha256: bool,
    ) -> Result<Self, ManifestReadError> {
        let start = ends.directory(begin, most)?;
        let bytes = ends.range(source, start, ends.size)?;
        let mut blocks = Self { placed: Vec::new(), roots: Roots::new(), end: begin, has_sha256 };
        blocks.directory(Input::at(bytes.as_slice(), start), tree)?;
        Ok(blocks)
    }

    /// All blocks of the first tree, and those after them.
    pub(super) fn split(mut self) -> (Vec<Placed>, Vec<Placed>) {
        let parts = self.placed.partition_point(|block| block.described.tree == FileTree::Parts);
        let content = self.placed.split_off(parts);
        (self.placed, content)
    }

    /// Reads the directory and the trailer.
    fn directory(
        &mut self,
        mut input: Input<&[u8]>,
        tree: Option<FileTree>,
    ) -> Result<(), ManifestFileError> {
        let lead = Lead::next(&mut input, MAX_DIRECTORY)?;
        let offset = input.start();
        if lead.kind != ITEM_DIRECTORY {
            return Err(ManifestFileError::Misplaced { offset, found: lead.kind });
        }
        lead.skip(&mut input);
        let count = lead.len.saturating_sub(1);
        directory::read(&mut input, count, |_| tree, |block, found| self.push(block, found))?;
        let found = directory::trailer(&mut input)?;
        input.end()?;
        if (found, self.end) == (offset, offset) {
            return Ok(());
        }
        Err(ManifestFileError::Trailer { found, expected: self.end })
    }

    fn push(&mut self, block: usize, described: Described) -> Result<(), ManifestFileError> {
        let is_parts = described.tree == FileTree::Parts;
        let follows = self.placed.last().is_none_or(|Placed { described: last, .. }| {
            if last.tree == described.tree {
                last.key < described.key
            } else {
                last.tree == FileTree::Parts
            }
        });
        if !follows {
            return Err(ManifestFileError::Unordered { block, row: 0 });
        }
        if described.sha256.is_some() != (is_parts && self.has_sha256) {
            return Err(ManifestFileError::Sha256 { place: FilePlace::Directory(block) });
        }
        self.roots.push(&described).map_err(overflow)?;
        let start = self.end;
        self.end = start.saturating_add(described.length);
        self.placed.push(Placed::new(described, start));
        Ok(())
    }
}
