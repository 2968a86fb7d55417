//! How bytes can fail to be a pruned tree.

use crate::cbor::CborError;
use crate::tree::TreeError;

/// Bytes that are no pruned tree.
///
/// Offsets are those of the item at fault, from the beginning of the tree, in bytes.
///
/// ```
/// use datadeed::manifest::FileEntry;
/// use datadeed::tree::{PrunedTree, PrunedTreeError};
///
/// // A node at bit 0, and nothing below it.
/// let error = PrunedTree::<FileEntry>::decode(&[0x80], 100).unwrap_err();
/// assert_eq!(error, PrunedTreeError::Truncated { offset: 1 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrunedTreeError {
    /// The bit at which a node parts its keys is not in its shortest form, or exceeds 255.
    #[error("a node at no bit, or not in its shortest form, at {offset}")]
    Bit {
        /// Where.
        offset: usize,
    },
    /// A leaf of a counted tree stands without its row.
    #[error("a leaf without its row at {offset}, where rows are counted")]
    Closed {
        /// Where.
        offset: usize,
    },
    /// A node parts its keys at a bit that the node above has decided.
    #[error("a node at bit {found} below one at bit {above}, at {offset}")]
    Depth {
        /// Where.
        offset: usize,
        /// Its bit.
        found: u8,
        /// The bit of the node above.
        above: u8,
    },
    /// The empty tree, or a summary of it, stands inside a tree.
    #[error("an empty subtree at {offset}")]
    Empty {
        /// Where.
        offset: usize,
    },
    /// A number is not in its shortest form, or exceeds 2^64 - 1.
    #[error("no number at {offset}")]
    Number {
        /// Where.
        offset: usize,
    },
    /// A key or prefix on a side does not continue the prefix of the node with the bit of that side.
    #[error("a side does not extend the prefix of its node at bit {depth}, at {offset}")]
    OffPath {
        /// Where the node stands.
        offset: usize,
        /// The bit at which it parts its keys.
        depth: u8,
    },
    /// A prefix stands where a key below tells it, is missing where none does, or has bits after its end.
    #[error("not the one way to write the prefix of the node at {offset}")]
    Prefix {
        /// Where the node stands.
        offset: usize,
    },
    /// A row is not what it should be.
    #[error("malformed row")]
    Row(#[from] CborError),
    /// Sums exceed 2^64 - 1.
    #[error("at {offset}")]
    Sums {
        /// Where.
        offset: usize,
        /// What is wrong.
        #[source]
        source: TreeError,
    },
    /// An item begins with a byte that begins none.
    #[error("no item begins with {found}, at {offset}")]
    Tag {
        /// Where.
        offset: usize,
        /// The byte.
        found: u8,
    },
    /// There are more items than allowed.
    #[error("more than {limit} items")]
    TooManyItems {
        /// The bound.
        limit: usize,
    },
    /// Bytes follow the end.
    #[error("{count} bytes after the end")]
    TrailingBytes {
        /// How many.
        count: usize,
    },
    /// The bytes end before the tree does.
    #[error("ends at {offset} before the tree does")]
    Truncated {
        /// Where they end.
        offset: usize,
    },
}
