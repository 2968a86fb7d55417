//! How bytes can fail to be evidence.

use crate::cbor::CborError;
use crate::id::ManifestId;
use crate::manifest::{HeadError, ManifestError};
use crate::tree::{PrunedTreeError, Summary, TreeName};

/// Bytes that are no evidence, or evidence that does not go together.
///
/// ```
/// use datadeed::manifest::{Evidence, EvidenceError};
///
/// assert!(matches!(Evidence::decode(b"proof"), Err(EvidenceError::Cbor(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed evidence")]
    Cbor(#[from] CborError),
    /// A row that is opened stands in no manifest.
    #[error("a row of {tree} of {of} is no entry")]
    Entry {
        /// The dataset.
        of: ManifestId,
        /// The tree.
        tree: TreeName,
        /// What is wrong with the row.
        #[source]
        source: Box<ManifestError>,
    },
    /// A head that says what no manifest does.
    #[error("{of} is the id of no manifest")]
    Head {
        /// The hash of the head.
        of: ManifestId,
        /// What is wrong with it.
        #[source]
        source: HeadError,
    },
    /// Two indexes of one dataset by one rule.
    #[error("two indexes of {of} by {rule}")]
    IndexConflict {
        /// The dataset.
        of: ManifestId,
        /// The rule.
        rule: String,
    },
    /// A tree that a composite does not have: its contents are those of its parts.
    #[error("{of} is a composite, which has no tree {tree}")]
    NoTree {
        /// The composite.
        of: ManifestId,
        /// The tree.
        tree: TreeName,
    },
    /// The opened parts have another root than the head or index says.
    #[error("{tree} of {of} comes out with another root")]
    Root {
        /// The dataset.
        of: ManifestId,
        /// The tree.
        tree: TreeName,
        /// The root of what is opened.
        found: Box<Summary>,
        /// The root that the head or index names.
        expected: Box<Summary>,
    },
    /// It is larger than allowed.
    #[error("evidence of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Size in bytes.
        found: usize,
        /// The bound, in bytes.
        limit: usize,
    },
    /// A pruned tree cannot be read.
    #[error("{tree} of {of} cannot be read")]
    Tree {
        /// The dataset.
        of: ManifestId,
        /// The tree.
        tree: TreeName,
        /// What is wrong with it.
        #[source]
        source: PrunedTreeError,
    },
    /// A dataset of which no tree is opened.
    #[error("nothing is opened of {of}")]
    Unopened {
        /// The dataset.
        of: ManifestId,
    },
    /// Datasets or indexes do not strictly increase.
    #[error("{of} out of order among the {list}")]
    Unordered {
        /// Which list: `datasets` or `indexes`.
        list: &'static str,
        /// The dataset that should stand earlier, or not twice.
        of: ManifestId,
    },
}
