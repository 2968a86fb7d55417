//! A tree of a manifest file, opened subtree by subtree.

use std::sync::OnceLock;

use super::fault::{ManifestReadError, overflow};
use super::part::Block;
use super::range::ReadAt;
use super::section::{Section, Stored};
use crate::cbor::encode;
use crate::tree::{At, Joints, Leaf, Opened, Row, Summary, TreeError, Trie};

/// One of the trees of a file.
///
/// The nodes above its blocks follow from the directory; a block is read where
/// something below its root is asked for.
pub(super) struct FileTrie<'a, S, R> {
    source: &'a S,
    section: &'a Section<R>,
    above: &'a Joints,
}

/// A subtree of a file's tree.
#[derive(Clone, Copy, Debug)]
pub(super) enum FileAt {
    /// A node above blocks, by its number.
    Above(usize),
    /// All of a block.
    Block(usize),
    /// A node or leaf of the block with this number.
    Inside(usize, At),
}

impl FileAt {
    fn above(at: At) -> Self {
        match at {
            At::Leaf(block) => Self::Block(block),
            At::Node(node) => Self::Above(node),
        }
    }
}

impl<'a, S: ReadAt, R: Stored> FileTrie<'a, S, R> {
    pub(super) fn new(source: &'a S, section: &'a Section<R>) -> Self {
        Self { source, section, above: section.above() }
    }
}

impl<S: ReadAt, R: Stored> Trie for FileTrie<'_, S, R> {
    type Row = R;
    type Error = ManifestReadError;
    type At = FileAt;

    fn root(&self) -> Option<FileAt> {
        self.above.root().map(FileAt::above)
    }

    fn summary(&self, at: FileAt) -> Result<Summary, ManifestReadError> {
        match at {
            FileAt::Above(node) => Ok(*self.above.summary(node)),
            FileAt::Block(block) => Ok(*self.section.summary(block)),
            FileAt::Inside(block, at) => {
                Ok(self.section.block(self.source, block)?.summary(at).map_err(overflow)?)
            }
        }
    }

    fn open(&self, at: FileAt) -> Result<Opened<FileAt>, ManifestReadError> {
        let (number, at) = match at {
            FileAt::Above(node) => {
                return Ok(Opened::Node(self.above.branch(node).map(FileAt::above)));
            }
            FileAt::Block(block) => (block, None),
            FileAt::Inside(block, at) => (block, Some(at)),
        };
        let block = self.section.block(self.source, number)?;
        match block.open(at).map_err(overflow)? {
            Opened::Leaf(leaf) => Ok(Opened::Leaf(leaf)),
            Opened::Node(node) => Ok(Opened::Node(node.map(|at| FileAt::Inside(number, at)))),
        }
    }

    fn row(&self, at: FileAt) -> Result<R, ManifestReadError> {
        let (block, row) = match at {
            FileAt::Above(block) | FileAt::Block(block) => (block, 0),
            FileAt::Inside(block, At::Leaf(row) | At::Node(row)) => (block, row),
        };
        Ok(self.section.block(self.source, block)?.row(row).clone())
    }
}

/// A block that was read, and the nodes in it once they are asked for.
#[derive(Debug)]
pub(super) struct OpenBlock<R> {
    pub(super) block: Block<R>,
    nodes: OnceLock<Joints>,
}

impl<R: Row> OpenBlock<R> {
    pub(super) fn new(block: Block<R>) -> Self {
        Self { block, nodes: OnceLock::new() }
    }

    fn nodes(&self) -> Result<&Joints, TreeError> {
        if let Some(nodes) = self.nodes.get() {
            return Ok(nodes);
        }
        let rows = self.block.keys.iter().zip(&self.block.rows);
        let leaf = |(key, row): (&[u8; 32], &R)| Ok((*key, leaf(key, row)?.summary(R::KIND)));
        let nodes = Joints::new(rows.map(leaf))?;
        Ok(self.nodes.get_or_init(|| nodes))
    }

    fn summary(&self, at: At) -> Result<Summary, TreeError> {
        match at {
            At::Leaf(row) => Ok(self.leaf(row)?.summary(R::KIND)),
            At::Node(node) => Ok(*self.nodes()?.summary(node)),
        }
    }

    /// A subtree, the whole block without `at`.
    fn open(&self, at: Option<At>) -> Result<Opened<At>, TreeError> {
        let nodes = self.nodes()?;
        // A block has rows, so it has a root.
        match at.or(nodes.root()).unwrap_or(At::Leaf(0)) {
            At::Leaf(row) => Ok(Opened::Leaf(self.leaf(row)?)),
            At::Node(node) => Ok(Opened::Node(nodes.branch(node))),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a row's number is from the block itself")]
    fn leaf(&self, row: usize) -> Result<Leaf, TreeError> {
        leaf(&self.block.keys[row], self.row(row))
    }

    #[expect(clippy::indexing_slicing, reason = "a row's number is from the block itself")]
    fn row(&self, row: usize) -> &R {
        &self.block.rows[row]
    }
}

fn leaf<R: Row>(key: &[u8; 32], row: &R) -> Result<Leaf, TreeError> {
    row.leaf(*key, &encode(row))
}
