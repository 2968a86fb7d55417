//! The directory of a manifest file: what its blocks are and where they end.

use super::{FileTree, ITEM_DIRECTORY};
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::tree::{self, RootBuilder, Summary, TreeError};

/// What the directory says of one block.
///
/// `[tree, first key bstr32, summary bstr48, length, sha256 summary bstr48?]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// `Parts` or `Content`.
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
    fn encode(&self, writer: &mut Writer) {
        writer.array(if self.sha256.is_some() { 5 } else { 4 });
        writer.uint(self.tree.code());
        writer.bytes(&self.key);
        self.summary.encode(writer);
        writer.uint(self.length);
        if let Some(sha256) = &self.sha256 {
            sha256.encode(writer);
        }
    }

    /// What stands for a block of the same tree as this one.
    pub(super) fn decode_same_tree(&self, reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let len = reader.array(5)?;
        if len < 4 {
            let fault =
                CborFault::OutOfRange { found: u64::try_from(len).unwrap_or(0), min: 4, max: 5 };
            return Err(CborError::new(offset, fault));
        }
        reader.exactly(self.tree.code())?;
        Ok(Self {
            tree: self.tree,
            key: reader.fixed()?,
            summary: Codec::decode(reader)?,
            length: reader.uint()?,
            sha256: if len == 5 { Some(Codec::decode(reader)?) } else { None },
        })
    }
}

/// The most bytes that the directory of so many blocks can have: an entry has 145 at most.
pub(super) fn max_len(blocks: usize) -> usize {
    blocks.saturating_mul(145).saturating_add(16)
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

/// The root of one tree from what the directory says of its blocks.
///
/// Whoever has checked it against a head needs one block more to check a row:
/// the last one of the tree whose first key is not greater than the row's.
pub(super) fn root(blocks: &[Described], tree: FileTree) -> Result<Summary, TreeError> {
    let (kind, section) = match tree {
        FileTree::Content => (tree::Kind::Content, FileTree::Content),
        FileTree::Parts => (tree::Kind::Parts, FileTree::Parts),
        FileTree::Sha256 => (tree::Kind::Index, FileTree::Parts),
    };
    let mut builder = RootBuilder::new(kind);
    for block in blocks.iter().filter(|block| block.tree == section) {
        let summary = if tree == FileTree::Sha256 { block.sha256 } else { Some(block.summary) };
        if let Some(summary) = summary {
            builder.push_subtree(block.key, summary)?;
        }
    }
    builder.finish()
}
