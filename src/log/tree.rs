//! A log in memory.

use super::hash::node_hash;
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
        self.range(0, self.len())
    }

    /// The root when there were `size` leaves.
    ///
    /// # Errors
    ///
    /// [`SizeError`] where there have never been so many.
    pub fn root_of(&self, size: u64) -> Result<Sha256, SizeError> {
        self.check(size)?;
        Ok(self.range(0, size))
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
        let (mut path, mut begin, mut end) = (Vec::new(), 0, tree_size);
        while let Some(middle) = middle(begin, end) {
            if leaf_index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(begin, middle));
                begin = middle;
            }
        }
        path.reverse();
        Ok(InclusionProof { tree_size, leaf_index, path })
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
        let (mut path, mut begin, mut end) = (Vec::new(), 0, new_size);
        // Down to the largest full subtree that the earlier tree ends with.
        while old_size != end
            && let Some(middle) = middle(begin, end)
        {
            if old_size <= middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(begin, middle));
                begin = middle;
            }
        }
        if begin > 0 {
            path.push(self.range(begin, end));
        }
        path.reverse();
        Ok(ConsistencyProof { old_size, new_size, path })
    }

    fn check(&self, size: u64) -> Result<(), SizeError> {
        let len = self.len();
        if size <= len { Ok(()) } else { Err(SizeError { size, len }) }
    }

    /// The hash of the leaves from `begin` to before `end`, a subtree of a tree that ends there or later.
    fn range(&self, begin: u64, end: u64) -> Sha256 {
        let mut full = Vec::new();
        let mut at = begin;
        while let Some(level) = end.saturating_sub(at).checked_ilog2() {
            full.extend(self.full(level, at));
            at = at.saturating_add(1_u64.checked_shl(level).unwrap_or(0));
        }
        let last = full.pop().unwrap_or_else(|| Sha256::of(b""));
        full.iter().rev().fold(last, |right, left| node_hash(left, &right))
    }

    /// The full subtree of 2^level leaves that begins with the leaf `at`.
    fn full(&self, level: u32, at: u64) -> Option<Sha256> {
        let index = usize::try_from(at.checked_shr(level)?).ok()?;
        self.levels.get(usize::try_from(level).ok()?)?.get(index).copied()
    }
}

/// Where a subtree of more than one leaf parts: behind the largest power of two of leaves that is not all.
fn middle(begin: u64, end: u64) -> Option<u64> {
    let level = end.saturating_sub(begin).checked_sub(1)?.checked_ilog2()?;
    begin.checked_add(1_u64.checked_shl(level)?)
}

#[cfg(test)]
mod tests;
