//! What the logs that the caller trusts say of the statements.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Code, Finding, FindingCode, Node, Rejection, Verifier, proven};
use crate::digest::Sha256;
use crate::id::{KeyId, Origin, StatementId};
use crate::key::PublicKey;
use crate::log::{
    LogKey, Receipt, UnverifiedCheckpoint, VerifiedCheckpoint, VerifiedReceipt, WitnessPolicy,
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
/// use datadeed::verify::{Logged, Verifier};
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
/// let [logged]: &[Logged] = lineage.logged(id) else { unreachable!("it was, once") };
/// assert_eq!((logged.origin.as_str(), logged.at), ("registry.example/log", then));
/// // The checkpoint with it tells the place; that others saw it, no witness says.
/// assert_eq!((logged.index, logged.witnessed_at), (Some(1), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logged {
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

impl Logged {
    /// Since when, for this verifier: by its witnesses where it demands any.
    fn proven_at(&self, verifier: &Verifier<'_>) -> Option<Timestamp> {
        if verifier.witnesses > 0 { self.witnessed_at } else { Some(self.at) }
    }
}

/// The receipts of every statement that count.
#[derive(Default)]
pub(super) struct Receipts {
    by_statement: BTreeMap<StatementId, Vec<Held>>,
    checkpoints: Checkpoints,
}

/// What a receipt proves, and the root that it was signed for.
struct Held {
    root: Sha256,
    logged: Logged,
}

impl Receipts {
    /// Leaves out what a lost key could have signed since, but for what witnesses saw before.
    ///
    /// The lost key of a witness could have cosigned any time, so it has seen nothing.
    pub(super) fn without(
        mut self,
        lost: &BTreeMap<KeyId, Timestamp>,
        verifier: &Verifier<'_>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let lost = |key: KeyId| lost.get(&key).filter(|end| **end <= verifier.now);
        for known in self.checkpoints.values_mut() {
            if known.keys().any(|key| lost(key).is_some()) {
                known.witness(verifier, |key| lost(key.id()).is_none());
            }
        }
        for (id, held) in &mut self.by_statement {
            held.retain_mut(|Held { root, logged }| {
                let place = (logged.origin.clone(), logged.key, *root);
                logged.witnessed_at =
                    self.checkpoints.get(&place).and_then(|known| known.witnessed_at);
                let seen = logged.witnessed_at;
                let counts = lost(logged.key)
                    .is_none_or(|end| seen.is_some_and(|seen| seen < *end))
                    .then_some(())
                    .ok_or(FindingCode::ReceiptNotTrusted);
                match judge(verifier, logged).and(counts) {
                    Ok(()) => true,
                    Err(code) => {
                        let detail = logged.origin.to_string();
                        findings.push(Finding::new(code, Node::Statement(*id), detail));
                        false
                    }
                }
            });
        }
        self.by_statement.retain(|_, held| !held.is_empty());
        self
    }

    /// What counts, by statement.
    pub(super) fn into_inner(self) -> BTreeMap<StatementId, Vec<Logged>> {
        let bare = |held: Vec<Held>| held.into_iter().map(|one| one.logged).collect();
        self.by_statement.into_iter().map(|(id, held)| (id, bare(held))).collect()
    }

    /// By when statements are proven to exist.
    pub(super) fn times(
        &self,
        verifier: &Verifier<'_>,
        proof: &LineageProof,
    ) -> Vec<(StatementId, Timestamp)> {
        let mut first: BTreeMap<StatementId, Timestamp> = BTreeMap::new();
        for (id, held) in &self.by_statement {
            let proven = held.iter().filter_map(|one| one.logged.proven_at(verifier)).min();
            first.extend(proven.map(|proven| (*id, proven)));
        }
        proven::with_members(proof, first)
    }
}

/// Verifies every receipt of a log that the caller trusts, and every checkpoint of one.
///
/// Receipts of other logs count for nothing, and so do those of a log that shows here two roots of one size.
pub(super) fn check(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    findings: &mut Vec<Finding>,
) -> Result<Receipts, Rejection> {
    let mut sound: Vec<(StatementId, &Receipt, VerifiedReceipt)> = Vec::new();
    for statement in proof.statements() {
        let id = statement.id();
        for receipt in proof.receipts(id) {
            match verify(verifier, statement, receipt)? {
                Some(known) => sound.push((id, receipt, known)),
                None => findings.push(finding(FindingCode::ReceiptNotTrusted, id, receipt)),
            }
        }
    }
    let checkpoints = known_checkpoints(verifier, proof, &sound)?;
    let two_faced = two_faced(&checkpoints);
    let mut by_statement: BTreeMap<StatementId, Vec<Held>> = BTreeMap::new();
    for (id, receipt, known) in sound {
        if two_faced.contains(&(receipt.origin(), receipt.key())) {
            findings.push(finding(FindingCode::LogContradictsItself, id, receipt));
            continue;
        }
        let (root, logged) = (known.root(), logged(&known, &checkpoints));
        match judge(verifier, &logged) {
            Ok(()) => by_statement.entry(id).or_default().push(Held { root, logged }),
            Err(code) => findings.push(finding(code, id, receipt)),
        }
    }
    Ok(Receipts { by_statement, checkpoints })
}

/// Whether as many witnesses as the caller demands saw it, and its log counts.
fn judge(verifier: &Verifier<'_>, one: &Logged) -> Result<(), FindingCode> {
    let proven = one.proven_at(verifier).ok_or(FindingCode::ReceiptNotWitnessed)?;
    // A key that counts no longer could have signed any time; witnesses tell when it did.
    let until = one.witnessed_at.unwrap_or(verifier.now);
    let (origin, trust) = (one.origin.as_str(), verifier.trust);
    let is_believed = trust.believes_log(&one.issuer, one.key, origin, proven, until);
    if is_believed { Ok(()) } else { Err(FindingCode::ReceiptNotTrusted) }
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

fn logged(receipt: &VerifiedReceipt, checkpoints: &Checkpoints) -> Logged {
    let place = (receipt.origin().clone(), receipt.key().id(), receipt.root());
    let known = checkpoints.get(&place);
    let of_size =
        known.and_then(|known| known.by_size.get(&receipt.receipt().proof().tree_size)?.first());
    Logged {
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
    by_size: BTreeMap<u64, Vec<VerifiedCheckpoint>>,
    /// By when as many witnesses as the caller demands saw one of them.
    witnessed_at: Option<Timestamp>,
    /// The witnesses, where enough are believed.
    witnesses: Option<Rc<WitnessPolicy>>,
}

impl Known {
    /// The keys of the witnesses, whether they saw one of them or not.
    fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.witnesses.iter().flat_map(|policy| policy.keys()).map(PublicKey::id)
    }

    /// Has those keys of the witnesses tell that count.
    fn witness(&mut self, verifier: &Verifier<'_>, counts: impl Fn(&PublicKey) -> bool) {
        let policy = self.witnesses.as_ref();
        let witnessed = self.by_size.values().flatten().filter_map(|checkpoint| {
            policy?.check_by(checkpoint.clone(), verifier.now, &counts).ok()
        });
        self.witnessed_at = witnessed.map(|one| one.existed_by()).min();
    }
}

/// By log, key and root; each verified once, however many receipts are of it.
type Checkpoints = BTreeMap<(Origin, KeyId, Sha256), Known>;

/// The checkpoints by the keys that signed `receipts`. One that says so and is not so is refused.
fn known_checkpoints(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    receipts: &[(StatementId, &Receipt, VerifiedReceipt)],
) -> Result<Checkpoints, Rejection> {
    // Nobody makes us try a key with which he has signed nothing.
    let mut keys: BTreeMap<&Origin, BTreeMap<KeyId, PublicKey>> = BTreeMap::new();
    for (_, receipt, known) in receipts {
        keys.entry(receipt.origin()).or_default().insert(receipt.key(), *known.key());
    }
    let mut checkpoints = Checkpoints::new();
    // A trust store that believes fewer than are demanded has no witnesses.
    let mut policies: BTreeMap<&Origin, Option<Rc<WitnessPolicy>>> = BTreeMap::new();
    for (index, signed) in proof.checkpoints().iter().enumerate() {
        let origin = signed.checkpoint().origin();
        for (id, key) in keys.get(origin).into_iter().flatten() {
            match signed.clone().verify(&LogKey::new(origin.clone(), *key)) {
                Ok(checkpoint) => {
                    let policy = policies.entry(origin).or_insert_with(|| {
                        verifier.trust.witnesses(origin, verifier.witnesses).ok().map(Rc::new)
                    });
                    let place = (origin.clone(), *id, checkpoint.root());
                    let known = checkpoints.entry(place).or_default();
                    known.witnesses.clone_from(policy);
                    // The same of two copies with other cosignatures.
                    known.by_size.entry(checkpoint.size()).or_default().push(checkpoint);
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
    for known in checkpoints.values_mut() {
        known.witness(verifier, |_| true);
    }
    Ok(checkpoints)
}

/// The logs that signed two roots of one size, which proves nothing but that they lie.
fn two_faced(checkpoints: &Checkpoints) -> BTreeSet<(&Origin, KeyId)> {
    let mut seen: BTreeSet<(&Origin, KeyId, u64)> = BTreeSet::new();
    let sizes = checkpoints.iter().flat_map(|((origin, key, _), known)| {
        known.by_size.keys().map(move |size| (origin, *key, *size))
    });
    let twice = sizes.filter(|one| !seen.insert(*one));
    twice.map(|(origin, key, _)| (origin, key)).collect()
}

fn finding(code: FindingCode, id: StatementId, receipt: &Receipt) -> Finding {
    Finding::new(code, Node::Statement(id), receipt.origin().to_string())
}
