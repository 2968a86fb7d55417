//! The authenticated trie: one root for one set of keyed leaves, whatever the order of insertion.
//!
//! A PATRICIA trie over 256-bit keys. There is exactly one node per branching
//! point, so a key set determines the tree:
//!
//! ```text
//! Summary = hash[32] | count u64le | bytes u64le                    48 bytes
//! leaf    : hash = H[leaf role](key[32] | value[32])                64 bytes
//! node    : hash = H[node role](prefix[32] | left | right)         128 bytes
//! prefix  = the d bits all keys below share, MSB first, then 1, then 0s
//! ```
//!
//! Sums of `count` and `bytes` are part of what a node hashes. The empty tree
//! is 48 zero bytes, and only that has count 0.
//!
//! ```
//! use datadeed::Digest;
//! use datadeed::manifest::{FileEntry, Manifest, NameProfile};
//! use datadeed::tree::Summary;
//!
//! // The roots of a manifest are summaries; what it sums up to is part of what they commit to.
//! let file = FileEntry::new("a.txt", 5, Digest::of(b"hello"));
//! let manifest = Manifest::files(vec![file], NameProfile::Portable)?;
//! assert_eq!((manifest.parts().count(), manifest.parts().bytes()), (1, 5));
//! assert_eq!(Manifest::files(vec![], NameProfile::Portable)?.parts(), &Summary::EMPTY);
//! # Ok::<(), datadeed::manifest::ManifestError>(())
//! ```

use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::digest::Role;

mod diff;
#[cfg(test)]
mod dishonest;
mod name;
#[cfg(test)]
pub(crate) mod oracle;
mod pruned;
mod region;
mod relation;
mod trie;

pub use diff::Change;
pub(crate) use diff::Diff;
pub use name::TreeName;
pub(crate) use pruned::Cut;
pub use pruned::{Membership, PrunedTree, PrunedTreeError};
pub(crate) use region::Region;
pub(crate) use relation::{Front, Merged, Pruned, Root, Rows, Walk, judge};
pub use relation::{Judgement, RelationKind};
pub(crate) use trie::{At, Joints, Nodes, Opened, Trie};

/// What a subtree commits to: its hash, its number of entries and their bytes.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::tree::Summary;
///
/// let file = FileEntry::new("a.txt", 5, Digest::of(b"hello"));
/// let root = *Manifest::files(vec![file], NameProfile::Portable)?.parts();
/// assert_eq!((root.count(), root.bytes()), (1, 5));
/// assert_eq!(Summary::from_bytes(&root.to_bytes()), Some(root));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Summary {
    hash: [u8; 32],
    count: u64,
    bytes: u64,
}

impl Summary {
    /// The empty tree.
    pub const EMPTY: Self = Self { hash: [0; 32], count: 0, bytes: 0 };

    /// The hash of the root node or leaf.
    pub const fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Entries below, each as often as it occurs.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Sum of the sizes of the entries below, in bytes, each as often as it occurs.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// `hash | count u64le | bytes u64le`.
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        let (hash, sums) = bytes.split_at_mut(32);
        hash.copy_from_slice(&self.hash);
        let (count, total) = sums.split_at_mut(8);
        count.copy_from_slice(&self.count.to_le_bytes());
        total.copy_from_slice(&self.bytes.to_le_bytes());
        bytes
    }

    /// Reads what [`Summary::to_bytes`] writes; `None` where it claims to be empty and is not [`Summary::EMPTY`].
    pub fn from_bytes(bytes: &[u8; 48]) -> Option<Self> {
        let (hash, sums) = bytes.split_first_chunk::<32>()?;
        let (count, total) = sums.split_first_chunk::<8>()?;
        let summary = Self {
            hash: *hash,
            count: u64::from_le_bytes(*count),
            bytes: u64::from_le_bytes(*total.first_chunk()?),
        };
        let looks_empty = summary.count == 0 || summary.hash == [0; 32];
        (!looks_empty || summary == Self::EMPTY).then_some(summary)
    }
}

/// A byte string of 48 bytes.
impl Codec for Summary {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.to_bytes());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        Self::from_bytes(&reader.fixed()?).ok_or_else(|| {
            CborError::new(offset, CborFault::Unreadable { expected: "a tree summary" })
        })
    }
}

/// Which tree a leaf belongs to; its leaves are hashed under a role of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Keyed by content digest.
    Content,
    /// An additional commitment over the names of a manifest.
    Index,
    /// Keyed by name.
    Parts,
}

/// One entry of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    pub(crate) key: [u8; 32],
    pub(crate) value: [u8; 32],
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl Leaf {
    /// A row that occurs `count` times with `size` bytes: `count u64le | size u64le | 16 zero bytes`.
    pub(crate) fn counted(key: [u8; 32], count: u64, size: u64) -> Result<Self, TreeError> {
        let mut value = [0; 32];
        let (first, rest) = value.split_at_mut(8);
        first.copy_from_slice(&count.to_le_bytes());
        let (second, _) = rest.split_at_mut(8);
        second.copy_from_slice(&size.to_le_bytes());
        let bytes = count.checked_mul(size).ok_or(TreeError::SumOverflow)?;
        Ok(Self { key, value, count, bytes })
    }

    pub(crate) fn summary(&self, kind: Kind) -> Summary {
        let mut preimage = [0; 64];
        let (key, value) = preimage.split_at_mut(32);
        key.copy_from_slice(&self.key);
        value.copy_from_slice(&self.value);
        let role = match kind {
            Kind::Content => Role::ContentLeaf,
            Kind::Index => Role::IndexLeaf,
            Kind::Parts => Role::PartsLeaf,
        };
        Summary { hash: role.hash(&preimage), count: self.count, bytes: self.bytes }
    }
}

/// What the leaves of a tree are made of.
pub(crate) trait Row: Codec + Clone {
    /// The tree it stands in.
    const KIND: Kind;

    /// Whether its leaf is [`Leaf::counted`], a function of key, count and size, or its value the hash of its encoding.
    const COUNTED: bool;

    /// Its place in the tree.
    fn key(&self) -> [u8; 32];

    /// The leaf under `key` of the row that `encoded` encodes.
    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError>;
}

/// Leaves that make no tree.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::tree::TreeError;
///
/// let huge = FileEntry::new("a", u64::MAX, Digest::of(b"a"));
/// let one_more = FileEntry::new("b", 1, Digest::of(b"b"));
/// let overflow = Manifest::files(vec![huge, one_more], NameProfile::Portable);
/// assert_eq!(overflow, Err(TreeError::SumOverflow.into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// Two leaves have one key.
    #[error("two leaves have one key")]
    DuplicateKey,
    /// The counts or the bytes of all leaves exceed 2^64 - 1.
    #[error("counts or bytes add up to more than 2^64 - 1")]
    SumOverflow,
    /// A leaf's key is smaller than the one before it.
    #[error("leaf out of key order")]
    Unordered,
}

/// A side of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// Keys that continue with a 0 bit.
    Left,
    /// Keys that continue with a 1 bit.
    Right,
}

impl Side {
    /// The side that leads to `key` at a node that parts at bit `depth`.
    pub(crate) fn of(key: &[u8; 32], depth: u8) -> Self {
        let byte = key.get(usize::from(depth / 8)).copied().unwrap_or_default();
        if byte & (0x80 >> (depth % 8)) == 0 { Self::Left } else { Self::Right }
    }
}

/// The number of leading bits that `a` and `b` share, 0 to 256.
pub(crate) fn common_prefix(a: &[u8; 32], b: &[u8; 32]) -> u32 {
    let (a, _) = a.as_chunks::<8>();
    let (b, _) = b.as_chunks::<8>();
    let mut shared = 0_u32;
    for (x, y) in a.iter().zip(b) {
        let bits = (u64::from_be_bytes(*x) ^ u64::from_be_bytes(*y)).leading_zeros();
        shared = shared.saturating_add(bits);
        if bits < u64::BITS {
            break;
        }
    }
    shared
}

/// The first `depth` bits of `key`, then a 1 bit, then 0s; `depth` is 0 to 255.
pub(crate) fn prefix(key: &[u8; 32], depth: u32) -> [u8; 32] {
    let mut prefix = *key;
    let whole = usize::try_from(depth / 8).unwrap_or(usize::MAX).min(prefix.len());
    let (_, cut) = prefix.split_at_mut(whole);
    if let Some((last, after)) = cut.split_first_mut() {
        let stop = 0x80_u8 >> (depth % 8);
        // The bits before the stop bit are kept, those after it cleared.
        *last = (*last & !(stop | stop.wrapping_sub(1))) | stop;
        after.fill(0);
    }
    prefix
}

/// The summary of the node over two subtrees that part at bit `depth`.
pub(crate) fn join(
    key: &[u8; 32],
    depth: u32,
    left: &Summary,
    right: &Summary,
) -> Result<Summary, TreeError> {
    let mut preimage = [0; 128];
    let (head, sides) = preimage.split_at_mut(32);
    head.copy_from_slice(&prefix(key, depth));
    let (left_side, right_side) = sides.split_at_mut(48);
    left_side.copy_from_slice(&left.to_bytes());
    right_side.copy_from_slice(&right.to_bytes());
    Ok(Summary {
        hash: Role::Node.hash(&preimage),
        count: left.count.checked_add(right.count).ok_or(TreeError::SumOverflow)?,
        bytes: left.bytes.checked_add(right.bytes).ok_or(TreeError::SumOverflow)?,
    })
}

/// Computes a root from leaves in key order, in memory bounded by the depth of the tree.
#[derive(Clone, Debug)]
pub(crate) struct RootBuilder {
    kind: Kind,
    /// Finished subtrees from left to right, each with the depth at which it parts from the next.
    ///
    /// The depths strictly increase, so there are at most 256.
    open: Vec<(Summary, u32)>,
    /// The subtree that is not joined to its left neighbour yet, with its last key.
    last: Option<(Summary, [u8; 32])>,
}

impl RootBuilder {
    pub(crate) fn new(kind: Kind) -> Self {
        Self { kind, open: Vec::new(), last: None }
    }

    /// Adds the leaf with the next greater key.
    pub(crate) fn push(&mut self, leaf: &Leaf) -> Result<(), TreeError> {
        self.push_subtree(leaf.key, leaf.summary(self.kind))
    }

    /// Adds a whole subtree, all of whose keys are greater than those before; `key` is any of them.
    pub(crate) fn push_subtree(
        &mut self,
        key: [u8; 32],
        subtree: Summary,
    ) -> Result<(), TreeError> {
        if let Some((mut summary, last)) = self.last {
            match last.cmp(&key) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Err(TreeError::DuplicateKey),
                std::cmp::Ordering::Greater => return Err(TreeError::Unordered),
            }
            let depth = common_prefix(&last, &key);
            // Whatever parts deeper than the new subtree does is complete.
            while let Some((left, at)) = self.open.pop_if(|open| open.1 > depth) {
                summary = join(&last, at, &left, &summary)?;
            }
            self.open.push((summary, depth));
        }
        self.last = Some((subtree, key));
        Ok(())
    }

    /// The root over all leaves; [`Summary::EMPTY`] without any.
    pub(crate) fn finish(mut self) -> Result<Summary, TreeError> {
        let Some((mut summary, key)) = self.last else { return Ok(Summary::EMPTY) };
        while let Some((left, at)) = self.open.pop() {
            summary = join(&key, at, &left, &summary)?;
        }
        Ok(summary)
    }
}

/// The root over `leaves`, which must be in key order.
#[cfg(test)]
pub(crate) fn root(
    kind: Kind,
    leaves: impl IntoIterator<Item = Leaf>,
) -> Result<Summary, TreeError> {
    let mut builder = RootBuilder::new(kind);
    for leaf in leaves {
        builder.push(&leaf)?;
    }
    builder.finish()
}

#[cfg(test)]
mod tests;
