//! That a log has only grown (RFC 9162 section 2.1.4).

use super::hash::node_hash;
use super::inclusion::{border_length, inner_length, up_border, up_inner};
use crate::digest::Sha256;

/// Proof that the first leaves of a log are all of an earlier one, in its order.
///
/// ```
/// use datadeed::log::{ConsistencyError, MerkleTree, leaf_hash};
///
/// let mut tree = MerkleTree::new();
/// tree.push(leaf_hash(b"one"));
/// let old = tree.root();
/// tree.push(leaf_hash(b"two"));
/// let proof = tree.prove_consistency(1, 2)?;
/// assert_eq!(proof.new_root(old)?, tree.root());
/// let forked = proof.verify(leaf_hash(b"another"), tree.root());
/// assert!(matches!(forked, Err(ConsistencyError::NewRoot { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 9162 section 4.13: these three and no more")]
pub struct ConsistencyProof {
    /// Number of leaves of the earlier tree, at least 1.
    pub old_size: u64,
    /// Number of leaves of the later tree, at least `old_size`.
    pub new_size: u64,
    /// The subtrees that both roots follow from, the lowest first; none where the sizes are equal.
    pub path: Vec<Sha256>,
}

/// A proof of consistency that proves nothing.
///
/// ```
/// use datadeed::log::{ConsistencyError, ConsistencyProof, leaf_hash};
///
/// let of_nothing = ConsistencyProof { old_size: 0, new_size: 1, path: vec![] };
/// let error = ConsistencyError::Sizes { old_size: 0, new_size: 1 };
/// assert_eq!(of_nothing.new_root(leaf_hash(b"")), Err(error));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsistencyError {
    /// The path is not as long as that between any trees of these sizes.
    #[error("path of {found} hashes, {expected} expected")]
    Length {
        /// Number of hashes.
        found: usize,
        /// Number that the sizes ask for.
        expected: usize,
    },
    /// The later root is another.
    #[error("new root {found}, {expected} expected")]
    NewRoot {
        /// What comes out of the earlier root and the path.
        found: Sha256,
        /// The later root that was given.
        expected: Sha256,
    },
    /// The earlier root is another.
    #[error("old root {found}, {expected} expected")]
    OldRoot {
        /// What comes out of the path.
        found: Sha256,
        /// The earlier root that was given.
        expected: Sha256,
    },
    /// The later tree is smaller, or the earlier one is empty: everything is consistent with nothing.
    #[error("no proof leads from {old_size} leaves to {new_size}")]
    Sizes {
        /// Leaves of the earlier tree.
        old_size: u64,
        /// Leaves of the later tree.
        new_size: u64,
    },
}

impl ConsistencyProof {
    /// The later root, if `old_root` is the earlier one.
    ///
    /// # Errors
    ///
    /// [`ConsistencyError::Sizes`] where there is nothing to prove or the later tree is smaller,
    /// [`ConsistencyError::Length`] for a path of another length than the sizes ask for,
    /// [`ConsistencyError::OldRoot`] where the path leads to another earlier root.
    pub fn new_root(&self, old_root: Sha256) -> Result<Sha256, ConsistencyError> {
        let Self { old_size, new_size, ref path } = *self;
        if old_size == 0 || old_size > new_size {
            return Err(ConsistencyError::Sizes { old_size, new_size });
        }
        let length = |expected: usize| {
            let found = path.len();
            let error = ConsistencyError::Length { found, expected };
            if found == expected { Ok(()) } else { Err(error) }
        };
        if old_size == new_size {
            return length(0).map(|()| old_root);
        }
        // The last leaf of the earlier tree, seen from the largest full subtree that ends with it.
        let (last, shift) = (old_size.saturating_sub(1), old_size.trailing_zeros());
        let index = last.checked_shr(shift).unwrap_or(0);
        let inner = inner_length(last, new_size);
        let border = border_length(last, inner);
        let inner = inner.saturating_sub(usize::try_from(shift).unwrap_or(64));
        // Where that subtree is the earlier tree, its hash is the earlier root and not repeated.
        let is_whole = old_size.is_power_of_two();
        length(inner.saturating_add(border).saturating_add(usize::from(!is_whole)))?;
        let (seed, rest) = match path.split_first() {
            Some((seed, rest)) if !is_whole => (*seed, rest),
            _ => (old_root, path.as_slice()),
        };
        let (inner, border) = rest.split_at_checked(inner).unwrap_or_default();
        let found = up_border(up_left(seed, inner, index), border);
        if found != old_root {
            return Err(ConsistencyError::OldRoot { found, expected: old_root });
        }
        Ok(up_border(up_inner(seed, inner, index), border))
    }

    /// Whether the log has only grown from `old_root` to `new_root`.
    ///
    /// # Errors
    ///
    /// As [`ConsistencyProof::new_root`]; [`ConsistencyError::NewRoot`] where another one comes out.
    pub fn verify(&self, old_root: Sha256, new_root: Sha256) -> Result<(), ConsistencyError> {
        let found = self.new_root(old_root)?;
        let error = ConsistencyError::NewRoot { found, expected: new_root };
        if found == new_root { Ok(()) } else { Err(error) }
    }
}

/// From a subtree up, with what stands on its left alone: the earlier tree has nothing on the right.
fn up_left(from: Sha256, path: &[Sha256], index: u64) -> Sha256 {
    let sides = (0..u64::BITS).map(|level| index.checked_shr(level).unwrap_or(0) & 1 == 1);
    let left = path.iter().zip(sides).filter(|(_, is_right)| *is_right);
    left.fold(from, |below, (beside, _)| node_hash(beside, &below))
}
