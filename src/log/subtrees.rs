//! Roots and proofs out of the hashes of full subtrees, wherever those are kept.

use super::hash::node_hash;
use super::{ConsistencyProof, InclusionProof};
use crate::digest::Sha256;

/// The hashes of full subtrees.
pub(super) trait Subtrees {
    type Error;

    /// The subtree of 2^level leaves that begins with the leaf `at`, a multiple of that.
    fn full(&self, level: u32, at: u64) -> Result<Sha256, Self::Error>;
}

/// The hash of the leaves from `begin` to before `end`, a subtree of a tree that ends there or later.
pub(super) fn range<T: Subtrees>(tree: &T, begin: u64, end: u64) -> Result<Sha256, T::Error> {
    let mut full = Vec::new();
    let mut at = begin;
    while let Some(level) = end.saturating_sub(at).checked_ilog2() {
        full.push(tree.full(level, at)?);
        at = at.saturating_add(1_u64.checked_shl(level).unwrap_or(0));
    }
    Ok(joined(full))
}

/// The hash of full subtrees that stand side by side, the largest first; of none that of nothing.
pub(super) fn joined(mut full: Vec<Sha256>) -> Sha256 {
    let last = full.pop().unwrap_or_else(|| Sha256::of(b""));
    full.iter().rev().fold(last, |right, left| node_hash(left, &right))
}

/// Proof for a leaf below `tree_size`.
pub(super) fn inclusion<T: Subtrees>(
    tree: &T,
    leaf_index: u64,
    tree_size: u64,
) -> Result<InclusionProof, T::Error> {
    let (mut path, mut begin, mut end) = (Vec::new(), 0, tree_size);
    while let Some(middle) = middle(begin, end) {
        if leaf_index < middle {
            path.push(range(tree, middle, end)?);
            end = middle;
        } else {
            path.push(range(tree, begin, middle)?);
            begin = middle;
        }
    }
    path.reverse();
    Ok(InclusionProof { tree_size, leaf_index, path })
}

/// Proof from `old_size`, at least 1, to `new_size`, at least that.
pub(super) fn consistency<T: Subtrees>(
    tree: &T,
    old_size: u64,
    new_size: u64,
) -> Result<ConsistencyProof, T::Error> {
    let (mut path, mut begin, mut end) = (Vec::new(), 0, new_size);
    // Down to the largest full subtree that the earlier tree ends with.
    while old_size != end
        && let Some(middle) = middle(begin, end)
    {
        if old_size <= middle {
            path.push(range(tree, middle, end)?);
            end = middle;
        } else {
            path.push(range(tree, begin, middle)?);
            begin = middle;
        }
    }
    if begin > 0 {
        path.push(range(tree, begin, end)?);
    }
    path.reverse();
    Ok(ConsistencyProof { old_size, new_size, path })
}

/// Where a subtree of more than one leaf parts: behind the largest power of two of leaves that is not all.
fn middle(begin: u64, end: u64) -> Option<u64> {
    let level = end.saturating_sub(begin).checked_sub(1)?.checked_ilog2()?;
    begin.checked_add(1_u64.checked_shl(level)?)
}
