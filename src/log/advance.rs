//! From the checkpoint one knows to the next: what a client checks, and what a fork proves.

use super::checkpoint::{CheckpointError, SignedCheckpoint};
use super::consistency::{ConsistencyError, ConsistencyProof};
use super::verified::{LogKey, UnverifiedCheckpoint, VerifiedCheckpoint};
use crate::cbor::{CborError, Codec, Reader, Version1, Writer, decode, encode, record};
use crate::digest::Sha256;
use crate::limits::MAX_CHECKPOINT;

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
        if let Ok(fork) = Equivocation::new(pinned, seen) {
            return Err(AdvanceError::Fork(Box::new(fork)));
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
    /// The log signed two roots for one size: here is the proof.
    #[error("the log signed two roots for one size")]
    Fork(Box<Equivocation>),
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

/// Proof that a log said two things: two checkpoints of one size and different roots, both signed.
///
/// Complete in itself: whoever knows the log's key verifies it, and nothing the log can add takes
/// it back. That two checkpoints of *different* sizes have parted can be known, and not shown like
/// this: it takes the entries of the smaller one, or a second checkpoint of either size.
///
/// ```
/// use datadeed::log::Equivocation;
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::log::{Checkpoint, LogKey, VerifiedCheckpoint, leaf_hash};
/// # let (key, now) = (SigningKey::from_seed(&[7; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), key.public_key());
/// # let say = |entry: &[u8]| -> Result<VerifiedCheckpoint, Box<dyn std::error::Error>> {
/// #     let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(entry))?;
/// #     Ok(checkpoint.sign(&key, now)?.verify(&pinned)?)
/// # };
/// # let (shown_to_a, shown_to_b) = (say(b"one")?, say(b"another")?);
///
/// let file = Equivocation::new(&shown_to_a, &shown_to_b)?.to_bytes();
/// // Elsewhere, by somebody who knows the log's key:
/// let received = Equivocation::decode(&file)?;
/// assert_eq!(received.verify(&pinned), Ok(()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equivocation {
    first: SignedCheckpoint,
    second: SignedCheckpoint,
}

/// Two checkpoints, or a file, that prove no equivocation.
///
/// ```
/// use datadeed::log::{Equivocation, EquivocationError};
///
/// let empty = Equivocation::decode(b"");
/// assert!(matches!(empty, Err(EquivocationError::Cbor(_))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EquivocationError {
    /// The bytes are not the CBOR they should be.
    #[error("malformed proof of equivocation")]
    Cbor(#[from] CborError),
    /// One of the two is no checkpoint.
    #[error("malformed checkpoint")]
    Checkpoint(#[from] CheckpointError),
    /// They stand in the other order.
    #[error("checkpoints out of order")]
    Order,
    /// They are of two logs.
    #[error("checkpoints of two logs")]
    OtherLog,
    /// They are of two sizes, which proves nothing by itself.
    #[error("checkpoints of {first} and {second} entries")]
    Sizes {
        /// Entries of the first.
        first: u64,
        /// Entries of the second.
        second: u64,
    },
    /// They have the same root: the log said one thing.
    #[error("both have root {root}")]
    SameRoot {
        /// The root.
        root: Sha256,
    },
    /// The log did not sign both.
    #[error("not signed by the log")]
    Unverified(#[from] UnverifiedCheckpoint),
}

/// A signed note as a byte string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Note(Vec<u8>);

impl Codec for Note {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        Ok(Self(reader.bytes(MAX_CHECKPOINT)?.to_vec()))
    }
}

record! {
    struct EquivocationFile {
        "v" => v: Version1,
        "first" => first: Note,
        "second" => second: Note,
    }
}

impl Equivocation {
    /// The proof that two checkpoints make, in whichever order.
    ///
    /// # Errors
    ///
    /// [`EquivocationError::OtherLog`], [`EquivocationError::Sizes`] and
    /// [`EquivocationError::SameRoot`] where they contradict each other in nothing.
    pub fn new(
        one: &VerifiedCheckpoint,
        other: &VerifiedCheckpoint,
    ) -> Result<Self, EquivocationError> {
        if one.log() != other.log() {
            return Err(EquivocationError::OtherLog);
        }
        let (first, second) = if one.root() < other.root() { (one, other) } else { (other, one) };
        Self::of(first.signed().clone(), second.signed().clone())
    }

    fn of(first: SignedCheckpoint, second: SignedCheckpoint) -> Result<Self, EquivocationError> {
        let (a, b) = (first.checkpoint(), second.checkpoint());
        if a.origin() != b.origin() {
            return Err(EquivocationError::OtherLog);
        }
        if a.size() != b.size() {
            return Err(EquivocationError::Sizes { first: a.size(), second: b.size() });
        }
        match a.root().cmp(&b.root()) {
            std::cmp::Ordering::Less => Ok(Self { first, second }),
            std::cmp::Ordering::Equal => Err(EquivocationError::SameRoot { root: a.root() }),
            std::cmp::Ordering::Greater => Err(EquivocationError::Order),
        }
    }

    /// Decodes what [`Equivocation::to_bytes`] writes, and nothing else. Signatures are not looked at.
    ///
    /// # Errors
    ///
    /// Every variant of [`EquivocationError`] but [`EquivocationError::Unverified`].
    pub fn decode(bytes: &[u8]) -> Result<Self, EquivocationError> {
        let file: EquivocationFile = decode(bytes)?;
        let first = SignedCheckpoint::decode(&file.first.0)?;
        Self::of(first, SignedCheckpoint::decode(&file.second.0)?)
    }

    /// Both notes, verbatim, the lesser root first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (first, second) = (Note(self.first.to_bytes()), Note(self.second.to_bytes()));
        encode(&EquivocationFile { v: Version1, first, second })
    }

    /// The two checkpoints, that of the lesser root first.
    pub const fn checkpoints(&self) -> [&SignedCheckpoint; 2] {
        [&self.first, &self.second]
    }

    /// Whether `log` signed both.
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Unverified`] where it did not.
    pub fn verify(&self, log: &LogKey) -> Result<(), EquivocationError> {
        self.first.clone().verify(log)?;
        self.second.clone().verify(log)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
