//! From the checkpoint one knows to the next: what a client checks.

use super::consistency::{ConsistencyError, ConsistencyProof};
use super::verified::{LogKey, VerifiedCheckpoint};
use crate::digest::Sha256;

/// The checkpoint to keep from now on: the larger of two, if it extends the other.
///
/// `pinned` is what one kept of a log, `seen` what one was given. Of two that say the same the one
/// that the log signed later is kept; without times, `seen`.
///
/// ```
/// use datadeed::log::{AdvanceError, advance};
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, VerifiedCheckpoint, leaf_hash};
/// # let (key, now) = (SigningKey::from_seed(&[7; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), key.public_key());
/// # let mut tree = MerkleTree::new();
/// # let mut grow = |entry: &[u8]| -> Result<VerifiedCheckpoint, Box<dyn std::error::Error>> {
/// #     tree.push(leaf_hash(entry));
/// #     let checkpoint = Checkpoint::new(origin.clone(), tree.len(), tree.root())?;
/// #     Ok(checkpoint.sign(&key, now)?.verify(&pinned)?)
/// # };
/// # let (old, new) = (grow(b"policy")?, grow(b"entry")?);
/// # let proof = tree.prove_consistency(1, 2)?;
///
/// let kept = advance(&old, &new, Some(&proof))?;
/// assert_eq!(kept, new);
/// let (pinned, seen) = (2, 1);
/// assert_eq!(advance(&new, &old, Some(&proof)), Err(AdvanceError::Rollback { pinned, seen }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`AdvanceError`]; `pinned` is then still the one to keep.
pub fn advance(
    pinned: &VerifiedCheckpoint,
    seen: &VerifiedCheckpoint,
    proof: Option<&ConsistencyProof>,
) -> Result<VerifiedCheckpoint, AdvanceError> {
    if pinned.log() != seen.log() {
        let (pinned, seen) = (pinned.log().clone(), seen.log().clone());
        return Err(AdvanceError::OtherLog { pinned: Box::new(pinned), seen: Box::new(seen) });
    }
    let (old, new) = (pinned.size(), seen.size());
    if new < old {
        return Err(AdvanceError::Rollback { pinned: old, seen: new });
    }
    if new == old {
        let (one, other) = (pinned.root(), seen.root());
        if one != other {
            return Err(AdvanceError::Fork { size: new, pinned: one, seen: other });
        }
        let is_later = seen.claimed_at() >= pinned.claimed_at();
        return Ok(if is_later { seen.clone() } else { pinned.clone() });
    }
    // Everything extends a log without entries.
    if old > 0 {
        let proof = proof.ok_or(AdvanceError::Unproven { pinned: old, seen: new })?;
        let sizes = (proof.old_size, proof.new_size);
        if sizes != (old, new) {
            return Err(AdvanceError::OtherSizes { found: sizes, expected: (old, new) });
        }
        proof.verify(pinned.root(), seen.root())?;
    }
    Ok(seen.clone())
}

/// A checkpoint that does not take the place of the one that is kept.
///
/// Only [`AdvanceError::Fork`] is evidence that anybody else need believe. A log that answers with
/// an earlier checkpoint, or with a proof that fails, may have been asked over a bad line: an
/// inclusion or consistency proof is signed by nobody, so that one fails shows nothing about the
/// log. Both checkpoints are genuine, though, and no proof will ever lead from one to the other if
/// they have parted: whoever keeps them can ask anybody for one.
///
/// ```
/// use datadeed::log::AdvanceError;
///
/// let unproven = AdvanceError::Unproven { pinned: 12, seen: 15 };
/// assert_eq!(unproven.to_string(), "nothing shows that the log of 15 entries extends that of 12");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdvanceError {
    /// The proof does not lead from the one to the other.
    #[error("proof leads nowhere")]
    Consistency(#[from] ConsistencyError),
    /// The log signed two roots for one size: the two checkpoints prove it to anybody.
    #[error("the log signed two roots for {size} entries")]
    Fork {
        /// Entries that it has by both.
        size: u64,
        /// The root that is kept.
        pinned: Sha256,
        /// The root seen.
        seen: Sha256,
    },
    /// The checkpoints are of two logs, or of one under two keys.
    #[error("checkpoints of {pinned} and {seen}", pinned = pinned.origin(), seen = seen.origin())]
    OtherLog {
        /// The log that is kept.
        pinned: Box<LogKey>,
        /// The one seen.
        seen: Box<LogKey>,
    },
    /// The proof is between other sizes.
    #[error("proof from {} to {} entries, {} to {} expected", found.0, found.1, expected.0, expected.1)]
    OtherSizes {
        /// From and to, in entries.
        found: (u64, u64),
        /// From and to, in entries.
        expected: (u64, u64),
    },
    /// The log is smaller than it was.
    #[error("log of {seen} entries, which had {pinned} before")]
    Rollback {
        /// Entries that it had.
        pinned: u64,
        /// Entries that it has now.
        seen: u64,
    },
    /// The log is larger, and no proof is at hand.
    #[error("nothing shows that the log of {seen} entries extends that of {pinned}")]
    Unproven {
        /// Entries that it had.
        pinned: u64,
        /// Entries that it has now.
        seen: u64,
    },
}

#[cfg(test)]
mod tests;
