//! The blocks of one tree of a file, read where they are asked for.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use super::directory::Described;
use super::fault::{ManifestFileError, ManifestReadError};
use super::part::{self, Block, Lead, Place};
use super::range::ReadAt;
use super::row::{BlockRow, PartsRow};
use super::trie::{Kept, OpenBlock, View};
use crate::cbor::{CborError, CborFault};
use crate::digest::Sha256;
use crate::limits::MAX_BLOCK;
use crate::manifest::items::Input;
use crate::manifest::{ContentRow, RecordRow};
use crate::parallel::locked;
use crate::tree::{Joints, Region, Side, Summary, common_prefix};

/// The most bytes that the head of an item of at most [`MAX_BLOCK`] can have.
pub(super) const MAX_HEAD: u64 = 5;

/// Blocks of each tree that are kept.
const KEPT: usize = 4;

/// A block that was not read yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) described: Described,
    /// Where its item begins.
    start: u64,
    /// Which keys may stand in it.
    region: Region,
}

impl Placed {
    /// A block whose item begins at byte `start`.
    pub(super) const fn new(described: Described, start: u64) -> Self {
        Self { described, start, region: Region::ALL }
    }
}

/// The blocks of one tree, and the last of them that were read.
pub(super) struct Section<R> {
    blocks: Vec<Placed>,
    /// Number in the file of the first one.
    first: usize,
    limit: usize,
    has_sha256: bool,
    /// The one used last stands last.
    kept: Mutex<VecDeque<(usize, Arc<OpenBlock<R>>)>>,
    /// The nodes above blocks.
    above: Kept,
}

impl<R: Stored> Section<R> {
    pub(super) fn new(
        mut blocks: Vec<Placed>,
        first: usize,
        limit: usize,
        has_sha256: bool,
    ) -> Self {
        let keys: Vec<[u8; 32]> = blocks.iter().map(|block| block.described.key).collect();
        for (index, block) in blocks.iter_mut().enumerate() {
            let neighbours = [index.checked_sub(1), index.checked_add(1)];
            let key = block.described.key;
            let shared = neighbours.into_iter().filter_map(|at| keys.get(at?));
            // The node from which it hangs parts where it shares most with a neighbour.
            let parted = shared.map(|other| common_prefix(&key, other)).max();
            if let Some(depth) = parted.and_then(|depth| u8::try_from(depth).ok()) {
                block.region = Region::below(&key, depth, Side::of(&key, depth));
            }
        }
        let (kept, above) = (Mutex::default(), Kept::default());
        Self { blocks, first, limit, has_sha256, kept, above }
    }

    /// The number of blocks.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The row with this key and its SHA-256.
    pub(super) fn row(
        &self,
        source: &impl ReadAt,
        key: &[u8; 32],
    ) -> Result<Option<(R, Option<Sha256>)>, ManifestReadError> {
        // Regions have no key in common, so none but the last to begin before the key can hold it.
        let after = self.blocks.partition_point(|block| block.region.first() <= key);
        let Some(index) = after.checked_sub(1) else { return Ok(None) };
        if !self.blocks.get(index).is_some_and(|block| block.region.holds(key)) {
            return Ok(None);
        }
        let block = &self.block(source, index)?.block;
        let Ok(at) = block.keys.binary_search(key) else { return Ok(None) };
        let sha256 = block.sha256.get(at).copied();
        Ok(block.rows.get(at).map(|row| (row.clone(), sha256)))
    }

    /// The block with this number in its tree, from memory or held against the directory.
    pub(super) fn block(
        &self,
        source: &impl ReadAt,
        index: usize,
    ) -> Result<Arc<OpenBlock<R>>, ManifestReadError> {
        let known = {
            let mut kept = locked(&self.kept);
            let place = kept.iter().position(|(known, _)| *known == index);
            place.and_then(|place| kept.remove(place)).map(|(_, block)| block)
        };
        // Whoever waits for a block does not keep others from theirs.
        let block = match known {
            Some(block) => block,
            None => Arc::new(OpenBlock::new(self.read(source, index)?)),
        };
        let mut kept = locked(&self.kept);
        while kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((index, Arc::clone(&block)));
        Ok(block)
    }

    /// The nodes above all blocks.
    #[expect(clippy::expect_used, reason = "they gave the root when the file was opened")]
    pub(super) fn above<V: View<R>>(&self) -> &Joints {
        let leaf = |block: &Placed| Ok((block.described.key, V::summary(&block.described)));
        let above = || Joints::new(self.blocks.iter().map(leaf)).expect("blocks that gave a root");
        V::nodes(&self.above).get_or_init(above)
    }

    /// What the directory says of the block with this number.
    #[expect(clippy::indexing_slicing, reason = "the number is that of a block")]
    pub(super) fn summary<V: View<R>>(&self, index: usize) -> Summary {
        V::summary(&self.blocks[index].described)
    }

    #[expect(clippy::indexing_slicing, reason = "the number is that of a block")]
    fn read(&self, source: &impl ReadAt, index: usize) -> Result<Block<R>, ManifestReadError> {
        let Placed { described, start, region } = self.blocks[index];
        let number = self.first.saturating_add(index);
        let most = u64::try_from(MAX_BLOCK).unwrap_or(u64::MAX).saturating_add(MAX_HEAD);
        if described.length > most {
            let fault = CborFault::TooLong { found: described.length, limit: MAX_BLOCK };
            return Err(fault_at(start, fault).into());
        }
        let bytes = read(source, start, described.length)?;
        let mut input = Input::at(bytes.as_slice(), start);
        let lead = Lead::next(&mut input, MAX_BLOCK)?;
        if lead.kind != R::TREE.code() {
            return Err(ManifestFileError::Misplaced { offset: start, found: lead.kind }.into());
        }
        let place = Place { block: number, limit: self.limit, last: None };
        let block = R::read(&mut input, lead, place, self.has_sha256)?;
        input.end()?;
        described.check(number, &block.described)?;
        // Keys increase, so all are in the region if the first and the last are.
        let last = block.keys.len().saturating_sub(1);
        let strays = |row: &usize| block.keys.get(*row).is_some_and(|key| !region.holds(key));
        if let Some(row) = [0, last].into_iter().find(strays) {
            return Err(ManifestFileError::OffPath { block: number, row }.into());
        }
        Ok(block)
    }
}

/// A row that a section holds.
pub(super) trait Stored: BlockRow {
    /// Reads the block that `lead` has begun.
    fn read(
        input: &mut Input<&[u8]>,
        lead: Lead,
        place: Place,
        has_sha256: bool,
    ) -> Result<Block<Self>, ManifestFileError>;
}

impl<E: PartsRow> Stored for E {
    fn read(
        input: &mut Input<&[u8]>,
        lead: Lead,
        place: Place,
        has_sha256: bool,
    ) -> Result<Block<Self>, ManifestFileError> {
        part::parts_block(input, lead, place, has_sha256)
    }
}

impl Stored for ContentRow {
    fn read(
        input: &mut Input<&[u8]>,
        lead: Lead,
        place: Place,
        _: bool,
    ) -> Result<Block<Self>, ManifestFileError> {
        part::digest_block(input, lead, place, |_, _| Ok(()))
    }
}

impl Stored for RecordRow {
    fn read(
        input: &mut Input<&[u8]>,
        lead: Lead,
        place: Place,
        _: bool,
    ) -> Result<Block<Self>, ManifestFileError> {
        part::digest_block(input, lead, place, |_, _| Ok(()))
    }
}

/// `len` bytes from byte `offset` on; whoever calls has bounded them.
pub(super) fn read(
    source: &impl ReadAt,
    offset: u64,
    len: u64,
) -> Result<Vec<u8>, ManifestReadError> {
    let fault = |source| ManifestReadError::Read { offset, source };
    let len = usize::try_from(len).map_err(|_| fault(io::ErrorKind::OutOfMemory.into()))?;
    let mut bytes = vec![0; len];
    source.read_range(offset, &mut bytes).map_err(fault)?;
    Ok(bytes)
}

pub(super) fn fault_at(offset: u64, fault: CborFault) -> ManifestFileError {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    CborError::new(offset, fault).into()
}
