//! Trees whose subtrees can be opened one by one, from memory or from a file.

use std::borrow::Cow;
use std::convert::Infallible;

use super::region::Region;
use super::{Leaf, Row, Side, Summary, TreeError, common_prefix, join};
use crate::cbor::{Writer, encode};

/// A tree over rows, opened where an algorithm looks at it.
pub(crate) trait Trie {
    /// What its leaves are made of.
    type Row: Row;
    /// How opening can fail.
    type Error;
    /// A subtree, in the implementation's own terms.
    type At: Copy;

    /// The whole tree; `None` where it is empty.
    fn root(&self) -> Option<Self::At>;

    /// What a subtree commits to.
    fn summary(&self, at: Self::At) -> Result<Summary, Self::Error>;

    /// What a subtree is.
    fn open(&self, at: Self::At) -> Result<Opened<Self::At>, Self::Error>;

    /// The row of a subtree that is a leaf.
    fn row(&self, at: Self::At) -> Result<Self::Row, Self::Error>;

    /// Whether a subtree is a leaf, where that is known without opening it.
    fn is_leaf(&self, _: Self::At) -> Option<bool> {
        None
    }
}

/// A subtree that was opened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Opened<A> {
    /// An entry.
    Leaf(Leaf),
    /// A place where keys part.
    Node(Branch<A>),
}

/// An opened node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Branch<A> {
    /// The bit at which the keys below part.
    pub(crate) depth: u8,
    /// Any key that begins with the node's prefix, such as one below it.
    pub(crate) key: [u8; 32],
    pub(crate) left: A,
    pub(crate) right: A,
}

impl<A> Branch<A> {
    /// The same node in the terms of another tree.
    pub(crate) fn map<B>(self, at: impl Fn(A) -> B) -> Branch<B> {
        let Self { depth, key, left, right } = self;
        Branch { depth, key, left: at(left), right: at(right) }
    }

    /// The place of the child on `side`.
    pub(crate) fn region(&self, side: Side) -> Region {
        Region::below(&self.key, self.depth, side)
    }
}

/// All nodes of a tree over rows in memory: some 100 bytes a row beside the rows.
#[derive(Clone, Debug)]
pub(crate) struct Nodes<'a, R: Clone> {
    rows: Cow<'a, [R]>,
    joints: Joints,
}

/// The nodes above leaves, or above whole subtrees, which are numbered in key order.
#[derive(Clone, Debug)]
pub(crate) struct Joints {
    keys: Vec<[u8; 32]>,
    /// Node `i` is the one at which leaf `i` and leaf `i + 1` part.
    inner: Vec<Node>,
    root: Option<At>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    summary: Summary,
    left: Child,
    right: Child,
    depth: u8,
}

/// A node's child: the number of a node, or [`Child::LEAF`] for the row next to the parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Child(usize);

impl Child {
    const LEAF: Self = Self(usize::MAX);

    fn at(self, leaf: usize) -> At {
        if self == Self::LEAF { At::Leaf(leaf) } else { At::Node(self.0) }
    }
}

/// A row or a node, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Leaf(usize),
    Node(usize),
}

impl Joints {
    /// The nodes above leaves or subtrees in key order; of a subtree, `key` is any in it.
    pub(crate) fn new(
        leaves: impl ExactSizeIterator<Item = Result<([u8; 32], Summary), TreeError>>,
    ) -> Result<Self, TreeError> {
        let (keys, inner) = (Vec::with_capacity(leaves.len()), Vec::with_capacity(leaves.len()));
        let mut tree = Self { keys, inner, root: None };
        // Subtrees that wait for their right side, each with the number of the node above.
        let mut open: Vec<usize> = Vec::new();
        let mut last: Option<(Summary, Child)> = None;
        for (index, leaf) in leaves.enumerate() {
            let (key, leaf) = leaf?;
            if let Some((summary, child)) = last {
                let depth = depth(tree.keys.last(), &key)?;
                let (summary, left) = tree.close(&mut open, summary, child, Some(depth))?;
                open.push(index.saturating_sub(1));
                tree.inner.push(Node { summary, left, right: Child::LEAF, depth });
            }
            tree.keys.push(key);
            last = Some((leaf, Child::LEAF));
        }
        if let Some((summary, child)) = last {
            let (_, root) = tree.close(&mut open, summary, child, None)?;
            tree.root = Some(root.at(0));
        }
        Ok(tree)
    }

    /// Joins a finished subtree to those that wait and part deeper than `depth`.
    ///
    /// Until its right side is known a node has the summary of its left side.
    fn close(
        &mut self,
        open: &mut Vec<usize>,
        mut right: Summary,
        mut child: Child,
        depth: Option<u8>,
    ) -> Result<(Summary, Child), TreeError> {
        while let Some(&index) = open.last()
            && let (Some(node), Some(key)) = (self.inner.get_mut(index), self.keys.get(index))
            && depth.is_none_or(|depth| node.depth > depth)
        {
            node.summary = join(key, u32::from(node.depth), &node.summary, &right)?;
            node.right = child;
            (right, child) = (node.summary, Child(index));
            open.pop();
        }
        Ok((right, child))
    }

    /// The whole tree; `None` where it is empty.
    pub(crate) const fn root(&self) -> Option<At> {
        self.root
    }

    /// The key of a leaf.
    #[expect(clippy::indexing_slicing, reason = "a leaf's number is from the tree itself")]
    pub(crate) fn key(&self, leaf: usize) -> &[u8; 32] {
        &self.keys[leaf]
    }

    /// What a node commits to.
    #[expect(clippy::indexing_slicing, reason = "a node's number is from the tree itself")]
    pub(crate) fn summary(&self, node: usize) -> &Summary {
        &self.inner[node].summary
    }

    /// What a node is.
    #[expect(clippy::indexing_slicing, reason = "a node's number is from the tree itself")]
    pub(crate) fn branch(&self, node: usize) -> Branch<At> {
        let Node { left, right, depth, .. } = self.inner[node];
        let (left, right) = (left.at(node), right.at(node.saturating_add(1)));
        Branch { depth, key: self.keys[node], left, right }
    }
}

impl<'a, R: Row> Nodes<'a, R> {
    /// The tree over `rows`, which are in key order.
    pub(crate) fn new(rows: impl Into<Cow<'a, [R]>>) -> Result<Self, TreeError> {
        let rows = rows.into();
        let mut writer = Writer::with_capacity(256);
        let joints = Joints::new(rows.iter().map(|row| {
            let key = row.key();
            writer.clear();
            row.encode(&mut writer);
            Ok((key, row.leaf(key, writer.as_bytes())?.summary(R::KIND)))
        }))?;
        Ok(Self { rows, joints })
    }

    #[expect(clippy::indexing_slicing, reason = "a leaf's number is that of a row")]
    #[expect(clippy::expect_used, reason = "every row made its leaf when the tree was built")]
    fn leaf(&self, index: usize) -> Leaf {
        let row = &self.rows[index];
        row.leaf(*self.joints.key(index), &encode(row)).expect("it was made before")
    }
}

impl<R: Row> Trie for Nodes<'_, R> {
    type Row = R;
    type Error = Infallible;
    type At = At;

    fn root(&self) -> Option<At> {
        self.joints.root()
    }

    fn summary(&self, at: At) -> Result<Summary, Infallible> {
        match at {
            At::Leaf(index) => Ok(self.leaf(index).summary(R::KIND)),
            At::Node(index) => Ok(*self.joints.summary(index)),
        }
    }

    fn open(&self, at: At) -> Result<Opened<At>, Infallible> {
        match at {
            At::Leaf(index) => Ok(Opened::Leaf(self.leaf(index))),
            At::Node(index) => Ok(Opened::Node(self.joints.branch(index))),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "places come from the tree itself")]
    fn row(&self, at: At) -> Result<R, Infallible> {
        let (At::Leaf(index) | At::Node(index)) = at;
        Ok(self.rows[index].clone())
    }

    fn is_leaf(&self, at: At) -> Option<bool> {
        Some(matches!(at, At::Leaf(_)))
    }
}

/// Whoever may look at a tree may lend it.
impl<T: Trie> Trie for &T {
    type Row = T::Row;
    type Error = T::Error;
    type At = T::At;

    fn root(&self) -> Option<T::At> {
        (**self).root()
    }

    fn summary(&self, at: T::At) -> Result<Summary, T::Error> {
        (**self).summary(at)
    }

    fn open(&self, at: T::At) -> Result<Opened<T::At>, T::Error> {
        (**self).open(at)
    }

    fn row(&self, at: T::At) -> Result<T::Row, T::Error> {
        (**self).row(at)
    }

    fn is_leaf(&self, at: T::At) -> Option<bool> {
        (**self).is_leaf(at)
    }
}

/// At which bit `key` parts from the key before it.
fn depth(last: Option<&[u8; 32]>, key: &[u8; 32]) -> Result<u8, TreeError> {
    let Some(last) = last else { return Ok(0) };
    if last > key {
        return Err(TreeError::Unordered);
    }
    u8::try_from(common_prefix(last, key)).map_err(|_| TreeError::DuplicateKey)
}
