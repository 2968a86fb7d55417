//! What a log signed and may not both have signed.

use super::{Equivocation, EquivocationError, History, Pair, same};
use crate::digest::Sha256;
use crate::id::Origin;
use crate::key::PublicKey;
use crate::log::{
    ConsistencyError, ConsistencyProof, LogKey, SignedCheckpoint, UnverifiedCheckpoint,
    VerifiedCheckpoint,
};

impl Equivocation {
    /// Two checkpoints of one log at one size. Signatures are looked at by [`Equivocation::verify`].
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Same`] for one root, [`EquivocationError::Compatible`] where both may be.
    pub fn of_log(
        first: &SignedCheckpoint,
        second: &SignedCheckpoint,
    ) -> Result<Self, EquivocationError> {
        same(first.checkpoint().size() == second.checkpoint().size(), "size")?;
        Self::of_checkpoints([first.clone(), second.clone()], None)
    }

    /// Two checkpoints of one log, the larger of which does not extend the smaller.
    ///
    /// `root` is what the larger has as the root of as many entries as the smaller, and `proof`
    /// leads from there to the root of the larger: whoever has the entries of the larger, such as a
    /// mirror or a monitor, makes both with [`MerkleTree`](crate::log::MerkleTree). A tree of a size
    /// has one root at each smaller one, so that nobody can make them for a log that only grew.
    /// Signatures are looked at by [`Equivocation::verify`].
    ///
    /// ```
    /// use datadeed::trust::Equivocation;
    /// # use datadeed::id::Origin;
    /// # use datadeed::key::{Signer, SigningKey};
    /// # use datadeed::log::{Checkpoint, MerkleTree, SignedCheckpoint, leaf_hash};
    /// # let (key, now) = (SigningKey::from_seed(&[7; 32]), "2026-11-21T00:00:00Z".parse()?);
    /// # let tree = |entries: &[&[u8]]| {
    /// #     let mut tree = MerkleTree::new();
    /// #     entries.iter().for_each(|entry| tree.push(leaf_hash(entry)));
    /// #     tree
    /// # };
    /// # let sign = |tree: &MerkleTree| -> Result<SignedCheckpoint, Box<dyn std::error::Error>> {
    /// #     let origin = Origin::new("registry.example/log")?;
    /// #     Ok(Checkpoint::new(origin, tree.len(), tree.root())?.sign(&key, now)?)
    /// # };
    ///
    /// let (told, now_told) = (tree(&[b"policy", b"sold"]), tree(&[b"policy", b"never", b"sold"]));
    /// let (smaller, larger) = (sign(&told)?, sign(&now_told)?);
    /// let proof = now_told.prove_consistency(2, 3)?;
    /// let found = Equivocation::of_histories(&smaller, &larger, now_told.root_of(2)?, &proof)?;
    /// found.verify(&[key.public_key()])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Same`] where `root` is that of the smaller,
    /// [`EquivocationError::Consistency`] where `proof` does not lead from it to the larger's,
    /// [`EquivocationError::Compatible`] for other logs and sizes.
    pub fn of_histories(
        smaller: &SignedCheckpoint,
        larger: &SignedCheckpoint,
        root: Sha256,
        proof: &ConsistencyProof,
    ) -> Result<Self, EquivocationError> {
        let sizes = (smaller.checkpoint().size(), larger.checkpoint().size());
        same((proof.old_size, proof.new_size) == sizes, "size")?;
        let history = History { root, path: proof.path.clone() };
        Self::of_checkpoints([smaller.clone(), larger.clone()], Some(history))
    }

    /// Two checkpoints of one log, the smaller of which the log signed later, by its own word.
    ///
    /// A log that signs a time beside a checkpoint (C2SP tlog-cosignature) says that it had no more
    /// entries by then.
    ///
    /// # Errors
    ///
    /// [`EquivocationError::Compatible`] for other logs, where the smaller is not later, and where
    /// one of them has no time.
    pub fn of_rollback(
        larger: &VerifiedCheckpoint,
        smaller: &VerifiedCheckpoint,
    ) -> Result<Self, EquivocationError> {
        same(larger.log() == smaller.log(), "log")?;
        same(larger.size() > smaller.size(), "size")?;
        is_later(larger, smaller)?;
        Self::of_checkpoints([larger.signed().clone(), smaller.signed().clone()], None)
    }

    /// What a proof that does not lead from the smaller shows, if it leads to the larger from another root.
    ///
    /// A proof from a power of two has no root but the one it is held against; then a path that fails
    /// shows nothing, and only who has the entries can show more.
    pub(crate) fn of_failed(
        smaller: &VerifiedCheckpoint,
        larger: &VerifiedCheckpoint,
        proof: &ConsistencyProof,
    ) -> Option<Self> {
        let fault = proof.verify(smaller.root(), larger.root()).err()?;
        let ConsistencyError::OldRoot { found, .. } = fault else { return None };
        Self::of_histories(smaller.signed(), larger.signed(), found, proof).ok()
    }

    /// What contradicts itself if both are the log's, and if `history` is none and the sizes differ,
    /// if the smaller is later.
    pub(super) fn of_checkpoints(
        mut pair: [SignedCheckpoint; 2],
        history: Option<History>,
    ) -> Result<Self, EquivocationError> {
        pair.sort_unstable_by_key(|one| one.checkpoint().size());
        let [smaller, larger] = pair.each_ref().map(SignedCheckpoint::checkpoint);
        same(smaller.origin() == larger.origin(), "origin")?;
        if let Some(History { root, path }) = &history {
            let (old_size, new_size) = (smaller.size(), larger.size());
            same(old_size < new_size, "size")?;
            let proof = ConsistencyProof { old_size, new_size, path: path.clone() };
            proof.verify(*root, larger.root())?;
            if *root == smaller.root() {
                return Err(EquivocationError::Same);
            }
        } else if smaller.size() == larger.size() && smaller.root() == larger.root() {
            return Err(EquivocationError::Same);
        }
        pair.sort_unstable_by_key(SignedCheckpoint::to_bytes);
        Ok(Self { pair: Pair::Log(Box::new(pair), history) })
    }
}

/// Whether one key is the log's under both, and, where nothing else tells, the smaller is later.
pub(super) fn verify(
    pair: &[SignedCheckpoint; 2],
    has_history: bool,
    keys: &[PublicKey],
) -> Result<(), EquivocationError> {
    let [first, second] = pair;
    let origin = first.checkpoint().origin();
    let not_signed = |name: &Origin| UnverifiedCheckpoint::NotSigned { name: name.clone() };
    let mut last = not_signed(origin);
    for key in keys {
        let log = LogKey::new(origin.clone(), *key);
        match first.clone().verify(&log).and_then(|first| Ok((first, second.clone().verify(&log)?)))
        {
            Ok((one, other)) if has_history || one.size() == other.size() => return Ok(()),
            Ok((one, other)) if one.size() > other.size() => return is_later(&one, &other),
            Ok((one, other)) => return is_later(&other, &one),
            Err(fault) => last = fault,
        }
    }
    Err(last.into())
}

/// Whether the log signed the smaller after the larger.
fn is_later(
    larger: &VerifiedCheckpoint,
    smaller: &VerifiedCheckpoint,
) -> Result<(), EquivocationError> {
    let times = larger.claimed_at().zip(smaller.claimed_at());
    same(times.is_some_and(|(before, after)| after > before), "time")
}
