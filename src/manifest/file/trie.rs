//! A tree of a manifest file, opened subtree by subtree.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::OnceLock;

use super::directory::Described;
use super::fault::{ManifestReadError, overflow};
use super::part::Block;
use super::range::ReadAt;
use super::section::{Section, Stored};
use crate::cbor::encode;
use crate::manifest::{FileEntry, Sha256Entry};
use crate::tree::{At, Joints, Leaf, Opened, Row, Summary, TreeError, Trie};

/// A tree over the rows of blocks: the one that they are of, or another over the same keys.
pub(super) trait View<R> {
    /// What its leaves are made of.
    type Row: Row;

    /// What the directory says of the subtree that a block is.
    fn summary(described: &Described) -> Summary;

    /// The row with this number.
    fn row(block: &Block<R>, row: usize) -> Cow<'_, Self::Row>;

    /// Where its nodes are kept.
    fn nodes(kept: &Kept) -> &OnceLock<Joints>;
}

/// The nodes of every [`View`], once they are asked for.
#[derive(Debug, Default)]
pub(super) struct Kept {
    own: OnceLock<Joints>,
    sha256: OnceLock<Joints>,
}

/// The tree that blocks are of.
pub(super) struct Own;

impl<R: Row + Clone> View<R> for Own {
    type Row = R;

    fn summary(described: &Described) -> Summary {
        described.summary
    }

    #[expect(clippy::indexing_slicing, reason = "a row's number is from the block itself")]
    fn row(block: &Block<R>, row: usize) -> Cow<'_, R> {
        Cow::Borrowed(&block.rows[row])
    }

    fn nodes(kept: &Kept) -> &OnceLock<Joints> {
        &kept.own
    }
}

/// The `sha256` index of a file that has it.
pub(super) struct Column;

impl View<FileEntry> for Column {
    type Row = Sha256Entry;

    /// Of a directory that describes the index, as the header has said.
    fn summary(described: &Described) -> Summary {
        described.sha256.unwrap_or(Summary::EMPTY)
    }

    #[expect(clippy::indexing_slicing, reason = "a row's number is from the block itself")]
    fn row(block: &Block<FileEntry>, row: usize) -> Cow<'_, Sha256Entry> {
        let FileEntry { name, size, .. } = &block.rows[row];
        Cow::Owned(Sha256Entry { name: name.clone(), size: *size, sha256: block.sha256[row] })
    }

    fn nodes(kept: &Kept) -> &OnceLock<Joints> {
        &kept.sha256
    }
}

/// One of the trees of a file.
///
/// The nodes above its blocks follow from the directory; a block is read where
/// something below its root is asked for.
pub(super) struct FileTrie<'a, S, R, V = Own> {
    source: &'a S,
    section: &'a Section<R>,
    above: &'a Joints,
    view: PhantomData<V>,
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

impl<'a, S: ReadAt, R: Stored, V: View<R>> FileTrie<'a, S, R, V> {
    pub(super) fn new(source: &'a S, section: &'a Section<R>) -> Self {
        Self { source, section, above: section.above::<V>(), view: PhantomData }
    }
}

impl<S: ReadAt, R: Stored, V: View<R>> Trie for FileTrie<'_, S, R, V> {
    type Row = V::Row;
    type Error = ManifestReadError;
    type At = FileAt;

    fn root(&self) -> Option<FileAt> {
        self.above.root().map(FileAt::above)
    }

    fn summary(&self, at: FileAt) -> Result<Summary, ManifestReadError> {
        match at {
            FileAt::Above(node) => Ok(*self.above.summary(node)),
            FileAt::Block(block) => Ok(self.section.summary::<V>(block)),
            FileAt::Inside(block, at) => {
                let block = self.section.block(self.source, block)?;
                Ok(block.summary::<V>(at).map_err(overflow)?)
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
        match block.open::<V>(at).map_err(overflow)? {
            Opened::Leaf(leaf) => Ok(Opened::Leaf(leaf)),
            Opened::Node(node) => Ok(Opened::Node(node.map(|at| FileAt::Inside(number, at)))),
        }
    }

    fn row(&self, at: FileAt) -> Result<V::Row, ManifestReadError> {
        let (block, row) = match at {
            FileAt::Above(block) | FileAt::Block(block) => (block, 0),
            FileAt::Inside(block, At::Leaf(row) | At::Node(row)) => (block, row),
        };
        Ok(V::row(&self.section.block(self.source, block)?.block, row).into_owned())
    }
}

/// A block that was read, and the nodes in it once they are asked for.
#[derive(Debug)]
pub(super) struct OpenBlock<R> {
    pub(super) block: Block<R>,
    nodes: Kept,
}

impl<R> OpenBlock<R> {
    pub(super) fn new(block: Block<R>) -> Self {
        Self { block, nodes: Kept::default() }
    }

    fn nodes<V: View<R>>(&self) -> Result<&Joints, TreeError> {
        let kept = V::nodes(&self.nodes);
        if let Some(nodes) = kept.get() {
            return Ok(nodes);
        }
        let leaf = |row| {
            let leaf = self.leaf::<V>(row)?;
            Ok((leaf.key, leaf.summary(V::Row::KIND)))
        };
        let nodes = Joints::new((0..self.block.rows.len()).map(leaf))?;
        Ok(kept.get_or_init(|| nodes))
    }

    fn summary<V: View<R>>(&self, at: At) -> Result<Summary, TreeError> {
        match at {
            At::Leaf(row) => Ok(self.leaf::<V>(row)?.summary(V::Row::KIND)),
            At::Node(node) => Ok(*self.nodes::<V>()?.summary(node)),
        }
    }

    /// A subtree, the whole block without `at`.
    fn open<V: View<R>>(&self, at: Option<At>) -> Result<Opened<At>, TreeError> {
        let nodes = self.nodes::<V>()?;
        // A block has rows, so it has a root.
        match at.or(nodes.root()).unwrap_or(At::Leaf(0)) {
            At::Leaf(row) => Ok(Opened::Leaf(self.leaf::<V>(row)?)),
            At::Node(node) => Ok(Opened::Node(nodes.branch(node))),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a row's number is from the block itself")]
    fn leaf<V: View<R>>(&self, row: usize) -> Result<Leaf, TreeError> {
        let key = self.block.keys[row];
        let row = V::row(&self.block, row);
        row.leaf(key, &encode(&*row))
    }
}
