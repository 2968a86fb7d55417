//! By when statements are proven to exist, and how.

use std::collections::BTreeMap;

use crate::cbor::codes;
use crate::id::StatementId;
use crate::proof::LineageProof;
use crate::timestamp::Timestamp;

codes! {
    /// How it is proven that a statement existed by some instant; stronger ways first.
    pub enum TimeSource("source of time") in verify {
        /// The caller recorded it then, or the batch that names it.
        CallerRecord = "caller-record",
        /// A log that the caller trusts has it, or the batch that names it, since then.
        Receipt = "receipt",
        /// It is there now: of an earlier time nothing is known.
        Verification = "verification",
    }
}

/// By when a statement is proven to exist, and how. What its signer says of the time is no proof.
///
/// ```
/// use datadeed::trust::Status;
/// use datadeed::verify::{TimeSource, Verifier};
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[7; 32]));
/// # let (then, now): (Timestamp, _) = ("2026-11-20T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&collector, then)?;
/// # let id = collect.id();
/// # let proof = LineageProof::builder(corpus).statement(collect).key(collector.public_key()).build()?.to_bytes();
/// # let trust = TrustStore::default();
///
/// // Whatever date it carries, it is proven to exist only now ...
/// let lineage = Verifier::new(&trust, now).verify(&proof, corpus)?;
/// let proven = lineage.proof_of_time(id);
/// assert_eq!((proven.by, proven.source), (now, TimeSource::Verification));
/// // ... unless the caller wrote down when he saw it.
/// let seen = Status::new(now).seen(id, then)?;
/// let lineage = Verifier::new(&trust, now).known_events(&seen).verify(&proof, corpus)?;
/// let proven = lineage.proof_of_time(id);
/// assert_eq!((proven.by, proven.source), (then, TimeSource::CallerRecord));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ProofOfTime {
    /// The earliest instant by which the statement is proven to exist.
    pub by: Timestamp,
    /// How.
    pub source: TimeSource,
}

/// Keeps the earlier of two times.
pub(super) fn earliest<K: Ord>(times: &mut BTreeMap<K, Timestamp>, key: K, at: Timestamp) {
    times.entry(key).and_modify(|known| *known = at.min(*known)).or_insert(at);
}

/// The times of those in `first`, and of the members of batches in it.
///
/// A batch names its members, so they are no younger: whoever saw it saw that they were there.
pub(super) fn with_members(
    proof: &LineageProof,
    first: BTreeMap<StatementId, Timestamp>,
) -> Vec<(StatementId, Timestamp)> {
    let mut of_members = Vec::new();
    let statements = if first.is_empty() { &[] } else { proof.statements() };
    for (member, batches) in statements.iter().zip(proof.vouched().iter()) {
        let batches = batches.iter().filter_map(|place| statements.get(*place));
        let proven = batches.filter_map(|batch| first.get(&batch.id())).min();
        of_members.extend(proven.map(|proven| (member.id(), *proven)));
    }
    first.into_iter().chain(of_members).collect()
}

/// The one answer to by when a statement is proven to exist.
#[derive(Clone, Debug)]
pub(super) struct Times {
    now: Timestamp,
    /// The best proof of each statement of which there is one.
    proofs: BTreeMap<StatementId, ProofOfTime>,
}

impl Times {
    /// The earliest proof of each statement counts; of several of one instant the strongest.
    pub(super) fn new(
        now: Timestamp,
        proofs: impl IntoIterator<Item = (StatementId, Timestamp, TimeSource)>,
    ) -> Self {
        let mut best: BTreeMap<StatementId, ProofOfTime> = BTreeMap::new();
        for (id, by, source) in proofs {
            let proof = ProofOfTime { by, source };
            best.entry(id).and_modify(|known| *known = proof.min(*known)).or_insert(proof);
        }
        Self { now, proofs: best }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// Without any other proof: the verifier holds it now.
    pub(super) fn proof(&self, id: StatementId) -> ProofOfTime {
        let held = ProofOfTime { by: self.now, source: TimeSource::Verification };
        self.proofs.get(&id).map_or(held, |known| held.min(*known))
    }
}
