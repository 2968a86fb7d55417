//! A log in memory.

use std::convert::Infallible;

use super::hash::node_hash;
use super::subtrees::{self, Subtrees};
use super::{ConsistencyProof, InclusionProof};
use crate::digest::Sha256;

/// The hashes of a log in memory, 64 bytes for each leaf.
///
/// ```
/// use datadeed::log::{MerkleTree, leaf_hash};
///
/// let mut tree = MerkleTree::new();
/// tree.push(leaf_hash(b"one"));
/// assert_eq!(tree.len(), 1);
/// assert_eq!(tree.root(), leaf_hash(b"one"));
/// assert!(tree.root_of(2).is_err_and(|error| (error.size, error.len) == (2, 1)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MerkleTree {
    /// The hashes of all full subtrees, leaves first: those of 2^level leaves at `level`.
    levels: Vec<Vec<Sha256>>,
}

/// A size that a tree did not have.
///
/// ```
/// use datadeed::log::MerkleTree;
///
/// let none = MerkleTree::new().prove_inclusion(0, 1);
/// assert!(none.is_err_and(|error| error.to_string() == "1 asked of a tree of 0"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{size} asked of a tree of {len}")]
#[non_exhaustive]
pub struct SizeError {
    /// What was asked for, in leaves.
    pub size: u64,
    /// What there is to ask for.
    pub len: u64,
}

impl MerkleTree {
    /// No leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    pub fn len(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| u64::try_from(leaves.len()).unwrap_or(u64::MAX))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a leaf; on average that hashes one node.
    pub fn push(&mut self, leaf: Sha256) {
        let mut hash = leaf;
        for level in 0.. {
            let Some(hashes) = self.levels.get_mut(level) else {
                self.levels.push(vec![hash]);
                return;
            };
            hashes.push(hash);
            match hashes.as_slice() {
                [.., left, right] if hashes.len().is_multiple_of(2) => {
                    hash = node_hash(left, right);
                }
                _ => return,
            }
        }
    }

    /// The root of all leaves; of none the hash of nothing (RFC 9162 section 2.1.1).
    pub fn root(&self) -> Sha256 {
        self.first(self.len())
    }

    /// The root when there were `size` leaves.
    ///
    /// # Errors
    ///
    /// [`SizeError`] where there have never been so many.
    pub fn root_of(&self, size: u64) -> Result<Sha256, SizeError> {
        self.check(size)?;
        Ok(self.first(size))
    }

    /// Proof that the leaf at `leaf_index` stood there when there were `tree_size` leaves.
    ///
    /// # Errors
    ///
    /// [`SizeError`] where there have never been so many leaves, or `leaf_index` is not below `tree_size`.
    pub fn prove_inclusion(
        &self,
        leaf_index: u64,
        tree_size: u64,
    ) -> Result<InclusionProof, SizeError> {
        self.check(tree_size)?;
        if leaf_index >= tree_size {
            return Err(SizeError { size: leaf_index.saturating_add(1), len: tree_size });
        }
        let Ok(proof) = subtrees::inclusion(self, leaf_index, tree_size);
        Ok(proof)
    }

    /// Proof that the first leaves of `new_size` are those of `old_size`.
    ///
    /// # Errors
    ///
    /// [`SizeError`] where there have never been `new_size` leaves, `old_size` is larger, or is 0.
    pub fn prove_consistency(
        &self,
        old_size: u64,
        new_size: u64,
    ) -> Result<ConsistencyProof, SizeError> {
        self.check(new_size)?;
        if old_size == 0 || old_size > new_size {
            return Err(SizeError { size: old_size, len: new_size });
        }
        let Ok(proof) = subtrees::consistency(self, old_size, new_size);
        Ok(proof)
    }

    fn check(&self, size: u64) -> Result<(), SizeError> {
        let len = self.len();
        if size <= len { Ok(()) } else { Err(SizeError { size, len }) }
    }

    /// The root of so many leaves as there are at least.
    fn first(&self, size: u64) -> Sha256 {
        let Ok(root) = subtrees::range(self, 0, size);
        root
    }
}

impl Subtrees for MerkleTree {
    type Error = Infallible;

    fn full(&self, level: u32, at: u64) -> Result<Sha256, Infallible> {
        let hashes = usize::try_from(level).ok().and_then(|level| self.levels.get(level));
        let index = at.checked_shr(level).and_then(|index| usize::try_from(index).ok());
        // Whoever asks has compared the size.
        let hash = hashes.zip(index).and_then(|(hashes, index)| hashes.get(index));
        Ok(hash.copied().unwrap_or_else(|| Sha256::of(b"")))
    }
}

#[cfg(test)]
mod tests;
