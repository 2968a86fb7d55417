//! What the logs that the caller trusts say of the statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{Code, Finding, FindingCode, Node, Rejection, Verifier};
use crate::digest::Sha256;
use crate::id::{KeyId, Origin, StatementId};
use crate::log::{
    LogKey, Receipt, UnverifiedCheckpoint, VerifiedCheckpoint, VerifiedReceipt, WitnessedCheckpoint,
};
use crate::proof::{LineageProof, Statement};
use crate::timestamp::Timestamp;
use crate::trust;

/// That a trusted log has a statement, and what that proves.
///
/// A receipt alone proves that the log has the statement, and by the word of the log since when. It
/// proves neither where in the log it stands, nor that the log shows everybody the same, nor
/// anything of later events.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash, leaf_of};
/// # use datadeed::proof::LineageProof;
/// # use datadeed::statement::{Issuer, Payload};
/// use datadeed::trust::{Anchor, Role, TrustStore};
/// use datadeed::verify::{Registered, Verifier};
/// # use datadeed::{ManifestId, Timestamp};
/// # let issuer = |byte| Issuer::new("did:web:registry.example", SigningKey::from_seed(&[byte; 32]));
/// # let registry = issuer(1);
/// # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[2; 32]));
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-21T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&collector, then)?;
/// # let id = collect.id();
/// # let mut tree = MerkleTree::new();
/// # tree.push(leaf_hash(b"policy"));
/// # tree.push(leaf_of(collect.envelope()));
/// # let origin = Origin::new("registry.example/log")?;
/// # let pinned = LogKey::new(origin.clone(), registry.public_key());
/// # let checkpoint = Checkpoint::new(origin, 2, tree.root())?;
/// # let checkpoint = checkpoint.sign(&SigningKey::from_seed(&[1; 32]), then)?;
/// # let verified = checkpoint.clone().verify(&pinned)?;
/// # let (leaf, path) = (leaf_of(collect.envelope()), tree.prove_inclusion(1, 2)?);
/// # let receipt = Receipt::sign(&registry, &verified, leaf, &path, then)?;
/// # let registry = Anchor::new("did:web:registry.example", registry.public_key(), [Role::Log]);
/// # let builder = LineageProof::builder(corpus).statement(collect).key(collector.public_key());
/// # let proof = builder.receipt(id, receipt).checkpoint(checkpoint).build()?.to_bytes();
///
/// let trust = TrustStore::new([registry.scope(["registry.example/log"])]);
/// let lineage = Verifier::new(&trust, now).verify(&proof, corpus)?;
/// let [registered]: &[Registered] = lineage.registered(id) else { unreachable!("it was, once") };
/// assert_eq!((registered.origin.as_str(), registered.at), ("registry.example/log", then));
/// // The checkpoint with it tells the place; that others saw it, no witness says.
/// assert_eq!((registered.index, registered.witnessed_at), (Some(1), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// The log.
    pub origin: Origin,
    /// Who keeps it.
    pub issuer: String,
    /// The key that signed the receipt.
    pub key: KeyId,
    /// Since when, by the word of the log; its `iat`.
    pub at: Timestamp,
    /// Where in the log, from 0; `None` without a checkpoint of the same root, for a receipt signs no place.
    pub index: Option<u64>,
    /// Since when, by as many witnesses as the caller demands; `None` where he demands none, or too few saw it.
    pub witnessed_at: Option<Timestamp>,
}

impl Registered {
    /// Since when, for this verifier: by its witnesses where it demands any.
    fn proven_at(&self, verifier: &Verifier<'_>) -> Option<Timestamp> {
        if verifier.witnesses.is_some() { self.witnessed_at } else { Some(self.at) }
    }
}

/// The registrations of every statement that count.
#[derive(Clone, Debug, Default)]
pub(super) struct Registrations {
    pub(super) by_statement: BTreeMap<StatementId, Vec<Registered>>,
}

impl Registrations {
    /// Leaves out what a lost key could have signed since, but for what witnesses saw before.
    pub(super) fn without(
        mut self,
        lost: &BTreeMap<KeyId, Timestamp>,
        now: Timestamp,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let counts = |one: &Registered| {
            let end = lost.get(&one.key).filter(|end| **end <= now);
            end.is_none_or(|end| one.witnessed_at.is_some_and(|seen| seen < *end))
        };
        for (id, registered) in &mut self.by_statement {
            for one in registered.iter().filter(|one| !counts(one)) {
                let code = FindingCode::ReceiptNotTrusted;
                findings.push(Finding::new(code, Node::Statement(*id), one.origin.to_string()));
            }
            registered.retain(counts);
        }
        self.by_statement.retain(|_, registered| !registered.is_empty());
        self
    }

    /// By when statements are proven to exist; what names a statement is no older than the statement.
    pub(super) fn times(
        &self,
        verifier: &Verifier<'_>,
        proof: &LineageProof,
    ) -> Vec<(StatementId, Timestamp)> {
        let mut first: BTreeMap<StatementId, Timestamp> = BTreeMap::new();
        for (id, registered) in &self.by_statement {
            let proven = registered.iter().filter_map(|one| one.proven_at(verifier)).min();
            first.extend(proven.map(|proven| (*id, proven)));
        }
        let mut of_members = Vec::new();
        // A receipt of a batch is one of all its members.
        let statements = if first.is_empty() { &[] } else { proof.statements() };
        for (member, batches) in statements.iter().zip(proof.vouched().iter()) {
            let batches = batches.iter().filter_map(|place| statements.get(*place));
            let proven = batches.filter_map(|batch| first.get(&batch.id()));
            of_members.extend(proven.map(|proven| (member.id(), *proven)));
        }
        first.into_iter().chain(of_members).collect()
    }
}

/// Verifies every receipt of a log that the caller trusts, and every checkpoint of one.
///
/// Receipts of other logs count for nothing.
pub(super) fn check(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    findings: &mut Vec<Finding>,
) -> Result<Registrations, Rejection> {
    let checkpoints = known_checkpoints(verifier, proof)?;
    let mut registrations = Registrations::default();
    for statement in proof.statements() {
        let id = statement.id();
        for receipt in proof.receipts(id) {
            let Some(sound) = verify(verifier, statement, receipt)? else {
                findings.push(finding(FindingCode::ReceiptNotTrusted, id, receipt));
                continue;
            };
            let registered = registered(&sound, &checkpoints);
            let proven = registered.proven_at(verifier);
            let Some(proven) = proven else {
                findings.push(finding(FindingCode::ReceiptNotWitnessed, id, receipt));
                continue;
            };
            // A key that counts no longer could have signed any time; witnesses tell when it did.
            let trusted = verifier.trust.believes_log(
                receipt.issuer(),
                receipt.key(),
                receipt.origin().as_str(),
                proven,
                registered.witnessed_at.unwrap_or(verifier.now),
            );
            if !trusted {
                findings.push(finding(FindingCode::ReceiptNotTrusted, id, receipt));
                continue;
            }
            registrations.by_statement.entry(id).or_default().push(registered);
        }
    }
    Ok(registrations)
}

/// The receipt if a log that the trust store lists signed it; `None` if it is of no listed log.
///
/// Logs are anchors and nobody's delegates: what proves times cannot rest on what they prove.
fn verify(
    verifier: &Verifier<'_>,
    statement: &Statement,
    receipt: &Receipt,
) -> Result<Option<VerifiedReceipt>, Rejection> {
    let id = statement.id();
    match verifier.trust.known_as(receipt.issuer(), receipt.key()) {
        trust::Known::Conflict => return Err(Rejection::statement(Code::IssuerKeyMismatch, id)),
        trust::Known::Unlisted => return Ok(None),
        trust::Known::Listed => {}
    }
    if receipt.issued_at() > verifier.now {
        return Err(Rejection::statement(Code::FutureReceipt, id));
    }
    let bad = Rejection::statement(Code::BadReceipt, id);
    let key = verifier.trust.key(receipt.key()).ok_or_else(|| bad.clone())?;
    receipt.verify_with(verifier.cache, statement.envelope(), &key).map(Some).map_err(|_| bad)
}

fn registered(receipt: &VerifiedReceipt, checkpoints: &Checkpoints) -> Registered {
    let place = (receipt.origin().clone(), receipt.key().id(), receipt.root());
    let known = checkpoints.get(&place);
    let of_size = known.and_then(|known| known.by_size.get(&receipt.receipt().proof().tree_size));
    Registered {
        origin: receipt.origin().clone(),
        issuer: receipt.issuer().to_owned(),
        key: receipt.key().id(),
        at: receipt.issued_at(),
        index: of_size.and_then(|checkpoint| receipt.index_at(checkpoint)),
        witnessed_at: known.and_then(|known| known.witnessed_at),
    }
}

/// The checkpoints of one root that a listed log signed.
#[derive(Default)]
struct Known {
    by_size: BTreeMap<u64, VerifiedCheckpoint>,
    /// By when as many witnesses as the caller demands saw one of them.
    witnessed_at: Option<Timestamp>,
}

/// By log, key and root; each verified once, however many receipts are of it.
type Checkpoints = BTreeMap<(Origin, KeyId, Sha256), Known>;

/// The checkpoints that a listed log signed. One that says so and is not so is refused.
fn known_checkpoints(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
) -> Result<Checkpoints, Rejection> {
    let mut keys: BTreeMap<&Origin, BTreeSet<KeyId>> = BTreeMap::new();
    for statement in proof.statements() {
        for receipt in proof.receipts(statement.id()) {
            keys.entry(receipt.origin()).or_default().insert(receipt.key());
        }
    }
    let mut checkpoints = Checkpoints::new();
    for (index, signed) in proof.checkpoints().iter().enumerate() {
        let origin = signed.checkpoint().origin();
        for id in keys.get(origin).into_iter().flatten() {
            let Some(key) = verifier.trust.key(*id) else { continue };
            match signed.clone().verify(&LogKey::new(origin.clone(), key)) {
                Ok(checkpoint) => {
                    let witnessed = verifier
                        .witnesses
                        .and_then(|policy| policy.check(checkpoint.clone(), verifier.now).ok());
                    let witnessed_at = witnessed.as_ref().map(WitnessedCheckpoint::existed_by);
                    let place = (origin.clone(), *id, checkpoint.root());
                    let known = checkpoints.entry(place).or_default();
                    let times = known.witnessed_at.into_iter().chain(witnessed_at);
                    known.witnessed_at = times.min();
                    known.by_size.insert(checkpoint.size(), checkpoint);
                }
                Err(UnverifiedCheckpoint::NotSigned { .. }) => {}
                Err(
                    UnverifiedCheckpoint::BadSignature { .. }
                    | UnverifiedCheckpoint::OtherLog { .. },
                ) => {
                    return Err(Rejection::new(Code::BadCheckpoint, Node::Checkpoint(index)));
                }
            }
        }
    }
    Ok(checkpoints)
}

fn finding(code: FindingCode, id: StatementId, receipt: &Receipt) -> Finding {
    Finding::new(code, Node::Statement(id), receipt.origin().to_string())
}
