//! The directory of a manifest file or a record index file: what its blocks are and where they end.

use super::ITEM_DIRECTORY;
use super::fault::{FilePlace, FileTree, ManifestFileError, overflow, same_summary};
use super::source::RowSource;
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::digest::Hasher;
use crate::manifest::items::Input;
use crate::tree::{self, RootBuilder, Summary, TreeError};

/// The most bytes that an entry can have.
const MAX_ENTRY: usize = 145;

/// What the directory says of one block.
///
/// `[tree, first key bstr32, summary bstr48, length, sha256 summary bstr48?]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// `Parts`, `Content` or `Records`.
    pub(super) tree: FileTree,
    /// The least key in the block.
    pub(super) key: [u8; 32],
    /// Root of the subtree that the block is.
    pub(super) summary: Summary,
    /// Length of the whole item, its head included, in bytes.
    pub(super) length: u64,
    /// Root of the same subtree of the `sha256` index, where the file has it.
    pub(super) sha256: Option<Summary>,
}

impl Described {
    pub(super) fn encode(&self, writer: &mut Writer) {
        writer.array(if self.sha256.is_some() { 5 } else { 4 });
        writer.uint(self.tree.code());
        writer.bytes(&self.key);
        self.summary.encode(writer);
        writer.uint(self.length);
        if let Some(sha256) = &self.sha256 {
            sha256.encode(writer);
        }
    }

    /// What stands for a block, of `tree` where that is known.
    fn decode(reader: &mut Reader<'_>, tree: Option<FileTree>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let len = reader.array(5)?;
        if len < 4 {
            let fault =
                CborFault::OutOfRange { found: u64::try_from(len).unwrap_or(0), min: 4, max: 5 };
            return Err(CborError::new(offset, fault));
        }
        Ok(Self {
            tree: Self::tree(reader, tree)?,
            key: reader.fixed()?,
            summary: Codec::decode(reader)?,
            length: reader.uint()?,
            sha256: if len == 5 { Some(Codec::decode(reader)?) } else { None },
        })
    }

    fn tree(reader: &mut Reader<'_>, known: Option<FileTree>) -> Result<FileTree, CborError> {
        if let Some(tree) = known {
            reader.exactly(tree.code())?;
            return Ok(tree);
        }
        let offset = reader.offset();
        match reader.uint()? {
            0 => Ok(FileTree::Parts),
            1 => Ok(FileTree::Content),
            found => Err(CborError::new(offset, CborFault::OutOfRange { found, min: 0, max: 1 })),
        }
    }

    /// Holds what the directory says of `block` against what the rows of that block give.
    pub(super) fn check(&self, block: usize, expected: &Self) -> Result<(), ManifestFileError> {
        let place = FilePlace::Directory(block);
        if self.key != expected.key {
            let (found, expected) = (self.key, expected.key);
            return Err(ManifestFileError::Key { block, found, expected });
        }
        same_summary(place, expected.tree, self.summary, expected.summary)?;
        if self.length != expected.length {
            let (found, expected) = (self.length, expected.length);
            return Err(ManifestFileError::Length { block, found, expected });
        }
        match (self.sha256, expected.sha256) {
            (None, None) => Ok(()),
            (Some(found), Some(expected)) => same_summary(place, FileTree::Sha256, found, expected),
            _ => Err(ManifestFileError::Sha256 { place }),
        }
    }
}

/// Entries of a directory one after another, none of which is kept; as each has one encoding, so have all.
#[derive(Default)]
pub(super) struct Listing {
    hasher: Hasher,
    room: Writer,
}

impl Listing {
    pub(super) fn push(&mut self, block: &Described) {
        self.room.clear();
        block.encode(&mut self.room);
        self.hasher.update(self.room.as_bytes());
    }

    /// Holds what the directory says against what the blocks give.
    pub(super) fn same(&self, found: &Self) -> Result<(), ManifestFileError> {
        if self.hasher.finish() == found.hasher.finish() {
            return Ok(());
        }
        Err(ManifestFileError::Directory)
    }
}

/// The most bytes that the directory of so many blocks can have.
pub(super) fn max_len(blocks: usize) -> usize {
    blocks.saturating_mul(MAX_ENTRY).saturating_add(16)
}

/// Reads the `count` entries of a directory to the end of its item, in bounded memory.
///
/// `tree` tells the tree of a block where that is known; `accept` takes what
/// stands for each block.
pub(super) fn read<S: RowSource>(
    input: &mut Input<S>,
    count: usize,
    tree: impl Fn(usize) -> Option<FileTree>,
    mut accept: impl FnMut(usize, Described) -> Result<(), ManifestFileError>,
) -> Result<(), S::Error> {
    for block in 0..count {
        let item = input.peek(MAX_ENTRY)?;
        let mut reader = Reader::new(item.bytes);
        let found =
            Described::decode(&mut reader, tree(block)).map_err(|fault| item.fault(fault))?;
        let len = reader.offset();
        input.skip(len);
        accept(block, found)?;
    }
    input.end_item()
}

/// Where the directory begins, as the trailer says, a byte string of 8 bytes.
pub(super) fn trailer<S: RowSource>(input: &mut Input<S>) -> Result<u64, S::Error> {
    let item = input.fixed::<9>()?;
    let found = Reader::new(item.bytes).fixed().map_err(|fault| item.fault(fault))?;
    Ok(u64::from_le_bytes(found))
}

/// `[2, entry *]`
pub(super) fn encode(blocks: &[Described]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(blocks.len().saturating_add(1));
    writer.uint(ITEM_DIRECTORY);
    for block in blocks {
        block.encode(&mut writer);
    }
    writer.finish()
}

/// The roots of all trees from what is known of their blocks, in memory bounded by depth.
///
/// Whoever has checked them against a head needs one block more to check a row:
/// the one below which its key leads.
#[derive(Clone, Debug)]
pub(super) struct Roots {
    content: RootBuilder,
    parts: RootBuilder,
    records: RootBuilder,
    sha256: RootBuilder,
}

impl Roots {
    pub(super) fn new() -> Self {
        Self {
            content: RootBuilder::new(tree::Kind::Content),
            parts: RootBuilder::new(tree::Kind::Parts),
            records: RootBuilder::new(tree::Kind::Index),
            sha256: RootBuilder::new(tree::Kind::Index),
        }
    }

    /// Adds the next block of its tree.
    pub(super) fn push(&mut self, block: &Described) -> Result<(), TreeError> {
        self.of(block.tree).push_subtree(block.key, block.summary)?;
        if let Some(sha256) = block.sha256 {
            self.sha256.push_subtree(block.key, sha256)?;
        }
        Ok(())
    }

    /// The root over all blocks of a tree so far.
    pub(super) fn root(&mut self, tree: FileTree) -> Result<Summary, TreeError> {
        self.of(tree).clone().finish()
    }

    /// The root that `found` should be.
    pub(super) fn check(
        &mut self,
        tree: FileTree,
        found: &Summary,
    ) -> Result<(), ManifestFileError> {
        let expected = self.root(tree).map_err(overflow)?;
        same_summary(FilePlace::Header, tree, *found, expected)
    }

    fn of(&mut self, tree: FileTree) -> &mut RootBuilder {
        match tree {
            FileTree::Content => &mut self.content,
            FileTree::Parts => &mut self.parts,
            FileTree::Records => &mut self.records,
            FileTree::Sha256 => &mut self.sha256,
        }
    }
}
