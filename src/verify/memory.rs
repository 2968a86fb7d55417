//! What a verification leaves in the memory of its caller.

use std::collections::BTreeMap;

use super::VerifiedLineage;
use crate::id::Origin;
use crate::log::{ConsistencyProof, VerifiedCheckpoint};
use crate::proof::{LineageProof, Statement};
use crate::rights::Missing;
use crate::statement::{Payload, Signed, Verified};
use crate::trust::{Equivocation, Progress, StateError, TrustState};

/// Holds the checkpoints of a proof against what is known of the logs that `state` pins, and records them.
///
/// One result for each checkpoint of a pinned log: first those that no pinned key signed, then log by
/// log the smaller ones first. To be called before the lineage is judged: what is learnt of a log is
/// kept whatever becomes of it. `links` are proofs from smaller sizes to larger ones, of those known
/// and those in the proof, which the log serves.
///
/// A checkpoint of fewer entries than are known is no rollback by itself, since a proof may be old:
/// it is [`Progress::Unchanged`] with a link that leads from it to what is known, and without one
/// [`Progress::Unlinked`]: nothing is shown either way, and it may be of another history. Ask the log
/// for a link between the two sizes, and call this again. Where it contradicts what is known, or another one of the proof, the error is
/// [`StateError::LogForked`], with evidence for anybody.
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
    let (mut seen, mut results) = (Vec::new(), Vec::new());
    for log in state.logs().collect::<Vec<_>>() {
        let of_log = proof.checkpoints().iter();
        for signed in of_log.filter(|one| one.checkpoint().origin() == log.origin()) {
            match signed.clone().verify(&log) {
                Ok(verified) => seen.push(verified),
                Err(source) => results.push(Err(source.into())),
            }
        }
    }
    // Of one size the earliest first: what was signed again later would hide that it was known before.
    seen.sort_by_key(|one| (one.log().origin().clone(), one.size(), one.claimed_at()));
    let mut before = Before::default();
    for checkpoint in &seen {
        results.push(match before.contradicts(checkpoint, links) {
            Some(evidence) => Err(StateError::LogForked(Box::new(evidence))),
            None => hold(state, checkpoint, links),
        });
        before.push(checkpoint);
    }
    results
}

/// The checkpoints of a proof that are no larger than the one at hand.
#[derive(Default)]
struct Before<'a> {
    /// The first of each log and size.
    by_size: BTreeMap<(&'a Origin, u64), &'a VerifiedCheckpoint>,
    /// Of each log the one that was signed last; the smaller of several.
    latest: BTreeMap<&'a Origin, &'a VerifiedCheckpoint>,
}

impl<'a> Before<'a> {
    fn push(&mut self, checkpoint: &'a VerifiedCheckpoint) {
        let origin = checkpoint.log().origin();
        self.by_size.entry((origin, checkpoint.size())).or_insert(checkpoint);
        let latest = self.latest.entry(origin).or_insert(checkpoint);
        if checkpoint.claimed_at() > latest.claimed_at() {
            *latest = checkpoint;
        }
    }

    fn contradicts(
        &self,
        checkpoint: &VerifiedCheckpoint,
        links: &[ConsistencyProof],
    ) -> Option<Equivocation> {
        let (origin, size) = (checkpoint.log().origin(), checkpoint.size());
        let of_size = self.by_size.get(&(origin, size));
        let by_size = of_size
            .and_then(|known| Equivocation::of_log(known.signed(), checkpoint.signed()).ok());
        let by_link = || {
            links.iter().filter(|link| link.new_size == size).find_map(|link| {
                let smaller = self.by_size.get(&(origin, link.old_size))?;
                Equivocation::of_failed(smaller, checkpoint, link)
            })
        };
        let by_time = || Equivocation::of_rollback(checkpoint, self.latest.get(origin)?).ok();
        by_size.or_else(by_link).or_else(by_time)
    }
}

/// Holds one checkpoint against what is known, with whatever links there are between the two.
fn hold(
    state: &mut TrustState,
    checkpoint: &VerifiedCheckpoint,
    links: &[ConsistencyProof],
) -> Result<Progress, StateError> {
    let origin = checkpoint.log().origin();
    let Some(known) = state.last_checkpoint(origin).cloned() else {
        return state.checkpoint(checkpoint, None);
    };
    let is_earlier = checkpoint.size() < known.size();
    let (smaller, larger) = if is_earlier { (checkpoint, &known) } else { (&known, checkpoint) };
    let sizes = (smaller.size(), larger.size());
    let between = || links.iter().filter(|link| (link.old_size, link.new_size) == sizes);
    let sound = between().find(|link| link.verify(smaller.root(), larger.root()).is_ok());
    let telling =
        || between().find(|link| Equivocation::of_failed(smaller, larger, link).is_some());
    let link = sound.or_else(telling).or_else(|| between().next());
    match state.checkpoint(checkpoint, link) {
        Err(StateError::LogRolledBack { .. }) if sound.is_some() => Ok(Progress::Unchanged),
        Err(StateError::LogRolledBack { .. }) => Ok(Progress::Unlinked),
        result => result,
    }
}

impl VerifiedLineage {
    /// Holds what known signers said against what `state` has of their chains, and records it.
    ///
    /// One result each for datasets, delegations, events and registrations. What goes wrong shows that
    /// an issuer contradicts himself, or that the prover left out what came later or between; nothing
    /// of that kind is then recorded. What a revoked key signed is passed over unless it is proven to be
    /// from before: whoever has the key could otherwise bring the chain out of step with its issuer.
    pub fn remember(&self, state: &mut TrustState) -> [Result<Progress, StateError>; 4] {
        let statements = self.proof().statements();
        [
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_dataset))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_delegation))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_event))),
            state.observe(&self.heard(statements.iter().filter_map(Statement::as_registration))),
        ]
    }

    /// Those by signers whom trust store or delegation give their key, with signatures of their own
    /// that are not by a revoked key.
    ///
    /// Two of one number are both heard, since that is for the state to refuse, with evidence.
    fn heard<'a, T: Payload + 'a>(
        &self,
        statements: impl Iterator<Item = &'a Signed<T>>,
    ) -> Vec<Verified<T>> {
        let place = |id| self.proof().numbers().statement(&id);
        let is_listed = |id| place(id).is_some_and(|place| self.facts().is_listed(place));
        // Whether the key had been lost when it signed, for all that is proven.
        let is_lost = |id| {
            let doubts = self.facts().doubts.get(&id);
            doubts.is_some_and(|doubts| doubts.contains(&Missing::ActTimeUnproven))
        };
        let signed =
            statements.filter(|one| one.is_signed() && is_listed(one.id()) && !is_lost(one.id()));
        signed.map(|one| Verified::sealed(one.clone())).collect()
    }
}
