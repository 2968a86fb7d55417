//! That an entry stands at a place of a log (RFC 9162 section 2.1.3).

use super::hash::node_hash;
use crate::digest::Sha256;

/// Proof that a leaf stands at a place of a log of a given size.
///
/// Size and place are part of what is proven only where the root is of a log of that size, which
/// a root alone does not say: a checkpoint signs both.
///
/// ```
/// use datadeed::log::{InclusionError, MerkleTree, leaf_hash};
///
/// let mut tree = MerkleTree::new();
/// tree.push(leaf_hash(b"one"));
/// tree.push(leaf_hash(b"two"));
/// let proof = tree.prove_inclusion(0, 2)?;
/// assert_eq!(proof.path, [leaf_hash(b"two")]);
/// assert_eq!(proof.root(leaf_hash(b"one"))?, tree.root());
/// let other = proof.verify(leaf_hash(b"three"), tree.root());
/// assert!(matches!(other, Err(InclusionError::Root { expected, .. }) if expected == tree.root()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 9162 section 4.12: these three and no more")]
pub struct InclusionProof {
    /// Number of leaves.
    pub tree_size: u64,
    /// Place of the leaf, from 0, below `tree_size`.
    pub leaf_index: u64,
    /// The subtrees beside the way from the leaf to the root, the lowest first.
    pub path: Vec<Sha256>,
}

/// A proof of inclusion that proves nothing.
///
/// ```
/// use datadeed::log::{InclusionError, InclusionProof, leaf_hash};
///
/// let beyond = InclusionProof { tree_size: 1, leaf_index: 1, path: vec![] };
/// let error = InclusionError::Index { leaf_index: 1, tree_size: 1 };
/// assert_eq!(beyond.root(leaf_hash(b"")), Err(error));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// The place is not in the tree.
    #[error("leaf {leaf_index} of a tree of {tree_size}")]
    Index {
        /// The place, from 0.
        leaf_index: u64,
        /// Number of leaves.
        tree_size: u64,
    },
    /// The path is not as long as that of any leaf at this place.
    #[error("path of {found} hashes, {expected} expected")]
    Length {
        /// Number of hashes.
        found: usize,
        /// Number that size and place ask for.
        expected: usize,
    },
    /// The leaf is not at this place below this root.
    #[error("root {found}, {expected} expected")]
    Root {
        /// What comes out of leaf and path.
        found: Sha256,
        /// The root that was given.
        expected: Sha256,
    },
}

impl InclusionProof {
    /// The root below which `leaf` stands at this place.
    ///
    /// # Errors
    ///
    /// [`InclusionError::Index`] for a place that is not in the tree,
    /// [`InclusionError::Length`] where the path has another length than every path from there.
    pub fn root(&self, leaf: Sha256) -> Result<Sha256, InclusionError> {
        let inner = self.shape()?;
        let (inner, border) = self.path.split_at_checked(inner).unwrap_or_default();
        Ok(up_border(up_inner(leaf, inner, self.leaf_index), border))
    }

    /// How many hashes of the path stand below the right border, if it is as long as it must be.
    pub(super) fn shape(&self) -> Result<usize, InclusionError> {
        let Self { tree_size, leaf_index, .. } = *self;
        if leaf_index >= tree_size {
            return Err(InclusionError::Index { leaf_index, tree_size });
        }
        let inner = inner_length(leaf_index, tree_size);
        let border = border_length(leaf_index, inner);
        let (found, expected) = (self.path.len(), inner.saturating_add(border));
        if found != expected {
            return Err(InclusionError::Length { found, expected });
        }
        Ok(inner)
    }

    /// Whether `leaf` stands at this place below `root`.
    ///
    /// # Errors
    ///
    /// As [`InclusionProof::root`]; [`InclusionError::Root`] where another root comes out.
    pub fn verify(&self, leaf: Sha256, root: Sha256) -> Result<(), InclusionError> {
        let found = self.root(leaf)?;
        if found == root { Ok(()) } else { Err(InclusionError::Root { found, expected: root }) }
    }
}

/// Hashes of a path before it reaches the right border of the tree, where every subtree is full.
pub(super) fn inner_length(leaf_index: u64, tree_size: u64) -> usize {
    let last = tree_size.saturating_sub(1);
    usize::try_from(u64::BITS.saturating_sub((leaf_index ^ last).leading_zeros())).unwrap_or(64)
}

/// Hashes of a path along the right border, all of them on the left.
pub(super) fn border_length(leaf_index: u64, inner: usize) -> usize {
    let above = u32::try_from(inner).ok().and_then(|inner| leaf_index.checked_shr(inner));
    usize::try_from(above.unwrap_or(0).count_ones()).unwrap_or(64)
}

/// From a subtree up, where bit `i` of `index` says on which side it stands at level `i`.
pub(super) fn up_inner(from: Sha256, path: &[Sha256], index: u64) -> Sha256 {
    let sides = (0..u64::BITS).map(|level| index.checked_shr(level).unwrap_or(0) & 1 == 1);
    path.iter().zip(sides).fold(from, |below, (beside, is_right)| {
        if is_right { node_hash(beside, &below) } else { node_hash(&below, beside) }
    })
}

/// From a subtree at the right border up.
pub(super) fn up_border(from: Sha256, path: &[Sha256]) -> Sha256 {
    path.iter().fold(from, |below, beside| node_hash(beside, &below))
}
