//! What a verification leaves in the memory of its caller.

use super::VerifiedLineage;
use crate::log::{ConsistencyProof, VerifiedCheckpoint};
use crate::proof::{LineageProof, Statement};
use crate::statement::{Payload, Signed, Verified};
use crate::trust::{Progress, StateError, TrustState};

/// Holds the checkpoints of a proof against what is known of the logs that `state` pins, and records them.
///
/// One result for each checkpoint of a pinned log, smaller ones first. To be called before the
/// lineage is judged: what is learnt of a log is kept whatever becomes of it. `links` are proofs from
/// the sizes known to larger ones, which the log serves. A checkpoint of fewer entries than are known
/// is no rollback here, since a proof may be old; it is passed over.
///
/// ```
/// use datadeed::trust::{Progress, TrustState};
/// use datadeed::verify;
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash, leaf_of};
/// # use datadeed::proof::LineageProof;
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::{ManifestId, Timestamp};
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[1; 32]));
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&registry, now)?;
/// # let id = collect.id();
/// # let mut tree = MerkleTree::new();
/// # tree.push(leaf_hash(b"policy"));
/// # tree.push(leaf_of(collect.envelope()));
/// # let origin = Origin::new("registry.example/log")?;
/// # let log = LogKey::new(origin.clone(), registry.public_key());
/// # let checkpoint = Checkpoint::new(origin, 2, tree.root())?;
/// # let checkpoint = checkpoint.sign(&SigningKey::from_seed(&[1; 32]), now)?;
/// # let verified = checkpoint.clone().verify(&log)?;
/// # let (leaf, path) = (leaf_of(collect.envelope()), tree.prove_inclusion(1, 2)?);
/// # let receipt = Receipt::sign(&registry, &verified, leaf, &path, now)?;
/// # let builder = LineageProof::builder(corpus).statement(collect).receipt(id, receipt);
/// # let proof = builder.checkpoint(checkpoint).build()?;
///
/// let mut state = TrustState::new(now);
/// state.pin(&log)?;
/// assert_eq!(verify::remember_logs(&proof, &[], &mut state), [Ok(Progress::Advanced)]);
/// assert_eq!(state.last_checkpoint(log.origin()).map(|last| last.size()), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn remember_logs(
    proof: &LineageProof,
    links: &[ConsistencyProof],
    state: &mut TrustState,
) -> Vec<Result<Progress, StateError>> {
    let mut seen = Vec::new();
    let mut results = Vec::new();
    for log in state.logs().collect::<Vec<_>>() {
        let of_log = proof.checkpoints().iter();
        for signed in of_log.filter(|one| one.checkpoint().origin() == log.origin()) {
            match signed.clone().verify(&log) {
                Ok(verified) => seen.push(verified),
                Err(source) => {
                    results.push(Err(source.into()));
                }
            }
        }
    }
    seen.sort_by_key(|one| (one.log().origin().clone(), one.size()));
    for checkpoint in seen {
        let known = state.last_checkpoint(checkpoint.log().origin()).map(VerifiedCheckpoint::size);
        if known.is_some_and(|known| checkpoint.size() < known) {
            continue;
        }
        let link = links
            .iter()
            .find(|link| (Some(link.old_size), link.new_size) == (known, checkpoint.size()));
        results.push(state.checkpoint(&checkpoint, link));
    }
    results
}

impl VerifiedLineage {
    /// Holds what known signers said against what `state` has of their chains, and records it.
    ///
    /// One result each for datasets, delegations, events and registrations. What goes wrong shows that
    /// an issuer contradicts himself, or that the prover left out what came later or between; nothing
    /// of that kind is then recorded.
    pub fn remember(&self, state: &mut TrustState) -> [Result<Progress, StateError>; 4] {
        let statements = self.proof().statements();
        [
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_dataset))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_delegation))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_event))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_registration))),
        ]
    }

    /// Those by signers whom trust store or delegation give their key, with signatures of their own.
    fn heard<'a, T: Payload + 'a>(
        &self,
        statements: impl Iterator<Item = &'a Signed<T>>,
    ) -> Vec<Verified<T>> {
        let signed =
            statements.filter(|one| one.is_signed() && self.facts().listed.contains(&one.id()));
        signed.map(|one| Verified::sealed(one.clone())).collect()
    }
}
