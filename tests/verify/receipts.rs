//! Receipts and checkpoints in a proof, and what they prove.

use datadeed::batch::Members;
use datadeed::digest::Sha256;
use datadeed::id::Origin;
use datadeed::key::SigningKey;
use datadeed::log::{
    Checkpoint, LogKey, MerkleTree, Receipt, SignedCheckpoint, VerifiedCheckpoint, leaf_hash,
    leaf_of,
};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{Builder, LineageProof, ProofError, Statement};
use datadeed::rights::{Missing, Reason, Verdict};
use datadeed::statement::Payload;
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{
    Bound, Budget, Code, Finding, FindingCode, Node, Rejection, VerifiedLineage, Verifier,
};
use datadeed::{StatementId, Timestamp};

use super::story::*;

const ORIGIN: &str = "registry.example/log";

fn origin() -> Origin {
    Origin::new(ORIGIN).unwrap()
}

fn signing_key(name: &str) -> SigningKey {
    SigningKey::from_seed(datadeed::Digest::of(name.as_bytes()).as_bytes())
}

fn log_key() -> LogKey {
    LogKey::new(origin(), key("registry"))
}

/// A log with some other entries before and after the one asked about.
pub(super) struct Log {
    tree: MerkleTree,
}

impl Log {
    pub(super) fn with(statement: &Statement) -> Self {
        let mut tree = MerkleTree::new();
        for entry in ["policy", "another"] {
            tree.push(leaf_hash(entry.as_bytes()));
        }
        tree.push(leaf_of(statement.envelope()));
        tree.push(leaf_hash(b"one more"));
        Self { tree }
    }

    pub(super) fn checkpoint(&self, at: Timestamp) -> VerifiedCheckpoint {
        let checkpoint = Checkpoint::new(origin(), self.tree.len(), self.tree.root()).unwrap();
        checkpoint.sign(&signing_key("registry"), at).unwrap().verify(&log_key()).unwrap()
    }

    pub(super) fn receipt(&self, statement: &Statement, at: Timestamp) -> Receipt {
        let path = self.tree.prove_inclusion(2, self.tree.len()).unwrap();
        let leaf = leaf_of(statement.envelope());
        Receipt::sign(&issuer("registry"), &self.checkpoint(at), leaf, &path, at).unwrap()
    }
}

pub(super) fn log_anchor() -> Anchor {
    anchor("registry", &[Role::Log]).scope([ORIGIN])
}

pub(super) fn trust_with(anchors: impl IntoIterator<Item = Anchor>) -> TrustStore {
    TrustStore::new(trust().anchors().cloned().chain(anchors))
}

/// The story in which the collector's licence is revoked from day 7 on, as the status of day 20 has
/// it, recorded on day 8. Training began on day 5.
pub(super) struct Case {
    pub(super) story: Story,
    pub(super) train: Statement,
}

impl Case {
    pub(super) fn new() -> Self {
        let mut licence = negotiated(manifest("source"));
        licence.revocable = true;
        licence.from = Some(day(1));
        licence.survives = Some(true);
        let licence = sign("supplier", &licence);
        let revoked = sign("supplier", &revocation(licence.id(), day(7)));
        let mut story = Story::licensed([Statement::from(licence)]);
        story.trust = trust_with([log_anchor()]);
        story.status = Some(Status::new(day(20)).event(revoked, day(10)).unwrap());
        let train = story.statements.iter().find(|one| one.id() == story.train).unwrap().clone();
        Self { story, train }
    }

    pub(super) fn builder(&self) -> Builder {
        LineageProof::builder(manifest("weights")).statements(self.story.statements.clone())
    }

    /// With a receipt of the training of this day.
    fn registered(&self, at: Timestamp) -> Builder {
        self.builder().receipt(self.train.id(), Log::with(&self.train).receipt(&self.train, at))
    }

    fn verify(&self, builder: Builder) -> Result<VerifiedLineage, Rejection> {
        self.story.verify_bytes(&builder.build().unwrap().to_bytes())
    }
}

#[track_caller]
fn unproven(lineage: &VerifiedLineage) {
    let Verdict::Unknown { missing } = lineage.rights(&sell()) else {
        panic!("{}", lineage.rights(&sell()))
    };
    assert!(missing.iter().any(|ground| ground.code == Missing::ActTimeUnproven), "{missing:?}");
}

/// Guide threats: Claimed for proven time, Backdating.
///
/// Whoever signs can write any date; a log that he does not run cannot be asked to.
#[test]
fn a_receipt_proves_that_training_came_before_a_revocation() {
    let case = Case::new();
    unproven(&case.verify(case.builder()).unwrap());

    // The statement is dated day 10; by a receipt of then the revocation, recorded that day, came first.
    unproven(&case.verify(case.registered(day(10))).unwrap());

    // So did the cleaning, which nothing proves yet.
    let lineage = case.verify(case.registered(day(6))).unwrap();
    unproven(&lineage);
    let [registered] = lineage.logged(case.train.id()) else { panic!() };
    assert_eq!((registered.origin.as_str(), registered.at), (ORIGIN, day(6)));
    assert_eq!(registered.issuer, "did:web:registry.example");

    // And the licence, against which the revocation speaks, was there before both.
    let all = case.story.statements.iter().fold(case.builder(), |builder, one| {
        let at = if one.as_licence().is_some() { day(1) } else { day(6) };
        builder.receipt(one.id(), Log::with(one).receipt(one, at))
    });
    let lineage = case.verify(all).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(6));
    let verdict = lineage.rights(&sell());
    assert!(matches!(verdict, Verdict::Permit { .. }), "{verdict}");
}

/// A receipt signs the root alone.
#[test]
fn a_receipt_alone_proves_neither_place_nor_that_others_saw_it() {
    let case = Case::new();
    let lineage = case.verify(case.registered(day(6))).unwrap();
    let [registered] = lineage.logged(case.train.id()) else { panic!() };
    assert_eq!((registered.index, registered.witnessed_at), (None, None));

    let log = Log::with(&case.train);
    let checkpoint = log.checkpoint(day(6)).signed().clone();
    let lineage = case.verify(case.registered(day(6)).checkpoint(checkpoint)).unwrap();
    let [registered] = lineage.logged(case.train.id()) else { panic!() };
    assert_eq!((registered.index, registered.witnessed_at), (Some(2), None));
}

/// Neither does it say anything of later events: there the status has to be fresh.
#[test]
fn a_receipt_is_no_status() {
    let mut case = Case::new();
    case.story.status = None;
    let lineage = case.verify(case.registered(day(6))).unwrap();
    let Verdict::Unknown { missing } = lineage.rights(&sell()) else { panic!() };
    assert!(missing.iter().any(|ground| ground.code == Missing::Status), "{missing:?}");
}

#[test]
fn a_receipt_of_a_log_nobody_trusts_counts_for_nothing() {
    let mut case = Case::new();
    for anchors in [
        vec![],
        // Of another log, in another role, too late, and no longer.
        vec![anchor("registry", &[Role::Log]).scope(["registry.example/other"])],
        vec![anchor("registry", &[Role::Registrar])],
        vec![log_anchor().between(day(7), day(300))],
        vec![log_anchor().between(day(1), day(20))],
    ] {
        case.story.trust = trust_with(anchors);
        let lineage = case.verify(case.registered(day(6))).unwrap();
        unproven(&lineage);
        assert_eq!(lineage.logged(case.train.id()), []);
        let node = Node::Statement(case.train.id());
        let found = |finding: &&Finding| finding.code == FindingCode::ReceiptNotTrusted;
        let found: Vec<&Finding> = lineage.findings().iter().filter(found).collect();
        let [finding] = found.as_slice() else { panic!("{:?}", lineage.findings()) };
        assert_eq!((finding.node, finding.detail.as_str()), (node, ORIGIN));
    }
}

#[test]
fn a_log_that_signed_two_roots_of_one_size_proves_nothing() {
    let case = Case::new();
    let log = Log::with(&case.train);
    let signed = |root| {
        let checkpoint = Checkpoint::new(origin(), log.tree.len(), root).unwrap();
        checkpoint.sign(&signing_key("registry"), day(6)).unwrap()
    };
    let with = |root| {
        let builder = case.registered(day(6)).checkpoint(log.checkpoint(day(6)).signed().clone());
        case.verify(builder.checkpoint(signed(root))).unwrap()
    };
    let lineage = with(Sha256::from_bytes([7; 32]));
    assert_eq!(lineage.logged(case.train.id()), []);
    assert_eq!(lineage.proven_by(case.train.id()), day(20));
    let (code, node) = (FindingCode::LogContradictsItself, Node::Statement(case.train.id()));
    let is_told = |one: &Finding| (one.code, one.node, &*one.detail) == (code, node, ORIGIN);
    assert_eq!(lineage.findings().iter().filter(|one| is_told(one)).count(), 1);
    // Another size is no contradiction.
    let mut larger = log.tree.clone();
    larger.push(leaf_hash(b"later"));
    let checkpoint = Checkpoint::new(origin(), larger.len(), larger.root()).unwrap();
    let later = checkpoint.sign(&signing_key("registry"), day(7)).unwrap();
    let builder = case.registered(day(6)).checkpoint(log.checkpoint(day(6)).signed().clone());
    let lineage = case.verify(builder.checkpoint(later)).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(6));
}

#[test]
fn a_known_log_with_another_key_is_refused() {
    let mut case = Case::new();
    let other = Anchor::new("did:web:registry.example", key("other"), [Role::Log]);
    case.story.trust = trust_with([other]);
    let rejection = case.verify(case.registered(day(6))).unwrap_err();
    let at = Node::Statement(case.train.id());
    assert_eq!((rejection.code, rejection.node), (Code::IssuerKeyMismatch, at));
}

/// Guide threats: Receipt moved.
///
/// The leaf is of the whole envelope, so a receipt belongs to one statement with one signature.
#[test]
fn a_receipt_of_another_statement_is_refused() {
    let case = Case::new();
    let other = case.story.statements[0].clone();
    let receipt = Log::with(&other).receipt(&other, day(6));
    let rejection = case.verify(case.builder().receipt(case.train.id(), receipt)).unwrap_err();
    let at = Node::Statement(case.train.id());
    assert_eq!((rejection.code, rejection.node), (Code::BadReceipt, at));
}

#[test]
fn a_receipt_from_the_future_is_refused() {
    let case = Case::new();
    let rejection = case.verify(case.registered(day(21))).unwrap_err();
    let at = Node::Statement(case.train.id());
    assert_eq!((rejection.code, rejection.node), (Code::FutureReceipt, at));
    assert!(case.verify(case.registered(day(20))).is_ok());
}

#[test]
fn a_checkpoint_that_the_log_did_not_sign_is_refused() {
    let case = Case::new();
    let log = Log::with(&case.train);
    let mut text = log.checkpoint(day(6)).signed().to_bytes();
    // One more entry than was signed.
    let at = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    assert_eq!(text[at], b'4');
    text[at] = b'5';
    let forged = SignedCheckpoint::decode(&text).unwrap();
    let rejection = case.verify(case.registered(day(6)).checkpoint(forged)).unwrap_err();
    assert_eq!((rejection.code, rejection.node), (Code::BadCheckpoint, Node::Checkpoint(0)));
}

const WITNESSES: [&str; 3] = ["court", "union", "press"];

fn witness(name: &str) -> Anchor {
    Anchor::new(format!("{name}.example/w"), key(name), [Role::Witness]).scope([ORIGIN])
}

/// A trust store that believes the log and these witnesses.
fn witnessed_by(witnesses: impl IntoIterator<Item = Anchor>) -> TrustStore {
    trust_with(witnesses.into_iter().chain([log_anchor()]).collect::<Vec<_>>())
}

fn cosigned(checkpoint: &VerifiedCheckpoint, by: &[(&str, u64)]) -> SignedCheckpoint {
    let first = checkpoint.signed().clone();
    by.iter().fold(first, |signed, (name, number)| {
        let witness = Origin::new(format!("{name}.example/w")).unwrap();
        let verified = signed.verify(&log_key()).unwrap();
        verified.cosign(&witness, &signing_key(name), day(*number)).unwrap()
    })
}

/// A log could date its receipts back, or show one to a single party.
#[test]
fn whoever_demands_witnesses_believes_them_and_not_the_log() {
    let mut case = Case::new();
    case.story.trust = witnessed_by(WITNESSES.map(witness));
    let log = Log::with(&case.train);
    let verify = |by: &[(&str, u64)]| {
        let checkpoint = cosigned(&log.checkpoint(day(4)), by);
        let builder = case.registered(day(4)).checkpoint(checkpoint);
        let proof = builder.build().unwrap().to_bytes();
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(2);
        let status = case.story.status.as_ref().unwrap();
        verifier.known_events(status).verify(&proof, manifest("weights")).unwrap()
    };
    for too_few in
        [&[][..], &[("court", 5)], &[("court", 5), ("court", 6)], &[("court", 5), ("union", 21)]]
    {
        let lineage = verify(too_few);
        unproven(&lineage);
        assert_eq!(lineage.logged(case.train.id()), []);
        let found = |finding: &Finding| finding.code == FindingCode::ReceiptNotWitnessed;
        assert!(lineage.findings().iter().any(found), "{too_few:?}");
    }
    let lineage = verify(&[("court", 5), ("union", 6), ("press", 15)]);
    assert_eq!(lineage.proven_by(case.train.id()), day(6));
    let [registered] = lineage.logged(case.train.id()) else { panic!() };
    assert_eq!((registered.at, registered.witnessed_at), (day(4), Some(day(6))));
}

/// Without a checkpoint, or with one of another root, there is nothing that witnesses could have seen.
#[test]
fn witnesses_vouch_for_the_root_of_the_receipt() {
    let mut case = Case::new();
    case.story.trust = witnessed_by(WITNESSES.map(witness));
    let mut other = Log::with(&case.train);
    other.tree.push(leaf_hash(b"later"));
    let later = cosigned(&other.checkpoint(day(5)), &[("court", 5), ("union", 6)]);
    for builder in [case.registered(day(4)), case.registered(day(4)).checkpoint(later)] {
        let proof = builder.build().unwrap().to_bytes();
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(2);
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        assert_eq!(lineage.logged(case.train.id()), []);
    }
}

/// Years later the key of the log counts no longer; witnesses have seen what it signed while it did.
#[test]
fn witnesses_outlast_the_key_of_a_log() {
    let mut case = Case::new();
    let log = log_anchor().between(day(1), day(15));
    case.story.trust = trust_with(vec![log, witness("court")]);
    unproven(&case.verify(case.registered(day(6))).unwrap());
    let checkpoint = cosigned(&Log::with(&case.train).checkpoint(day(6)), &[("court", 6)]);
    let proof = case.registered(day(6)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(1);
    let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(6));
    // What they saw after its end, anybody with the key could have signed.
    let checkpoint = cosigned(&Log::with(&case.train).checkpoint(day(6)), &[("court", 15)]);
    let proof = case.registered(day(6)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(20));
}

/// What the trust store says of witnesses is all that counts: role, scope, name, key, term, and how many.
#[test]
fn witnesses_are_those_that_the_trust_store_believes_about_the_log() {
    let mut case = Case::new();
    let checkpoint = cosigned(&Log::with(&case.train).checkpoint(day(4)), &[("court", 5)]);
    let proof = case.registered(day(4)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let mut registered = |anchors: Vec<Anchor>, needed| {
        case.story.trust = witnessed_by(anchors);
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(needed);
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        let seen = lineage.logged(case.train.id()).iter().map(|one| one.witnessed_at);
        let code = FindingCode::ReceiptNotWitnessed;
        let missed = lineage.findings().iter().any(|finding| finding.code == code);
        let seen = seen.collect::<Vec<_>>();
        assert_eq!(missed, seen.is_empty());
        seen
    };
    let court = || witness("court");
    assert_eq!(registered(vec![court()], 1), [Some(day(5))]);
    assert_eq!(registered(vec![court(), witness("union")], 1), [Some(day(5))]);
    let named = |name: &str, by| Anchor::new(name, key(by), [Role::Witness]);
    for (anchors, needed) in [
        (vec![], 1),
        (vec![court()], 2),
        (vec![court(), witness("union")], 2),
        // One key under two names is one witness.
        (vec![court(), named("other.example/w", "court")], 2),
        (vec![court().scope(["registry.example/other"])], 1),
        (vec![Anchor::new("court.example/w", key("court"), [Role::Court])], 1),
        (vec![named("other.example/w", "court")], 1),
        (vec![named("court.example/w", "union")], 1),
        (vec![court().between(day(6), day(300))], 1),
        // It has ended, and could have been made since.
        (vec![court().between(day(1), day(20))], 1),
    ] {
        assert_eq!(registered(anchors.clone(), needed), [], "{needed} of {anchors:?}");
    }
    assert_eq!(registered(vec![court().between(day(5), day(21))], 1), [Some(day(5))]);
    // Who asks for none is told the place, and by nobody since when.
    assert_eq!(registered(vec![court()], 0), [None]);
}

/// Whoever keeps the log has seen nothing but himself, whichever of his keys he cosigns with.
#[test]
fn a_log_is_no_witness_of_its_own_by_another_key_either() {
    let mut case = Case::new();
    let checkpoint = cosigned(&Log::with(&case.train).checkpoint(day(4)), &[("court", 5)]);
    let proof = case.registered(day(4)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let mut registered = |anchors: Vec<Anchor>| {
        case.story.trust = witnessed_by(anchors);
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(1);
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        lineage.logged(case.train.id()).len()
    };
    let registry = issuer("registry");
    let log = |iss: &str, of: &str| Anchor::new(iss, key("court"), [Role::Log]).scope([of]);
    assert_eq!(registered(vec![witness("court")]), 1);
    // The key is one of the log's, under the name of its witness or of its keeper.
    assert_eq!(registered(vec![witness("court"), log("court.example/w", ORIGIN)]), 0);
    assert_eq!(registered(vec![witness("court"), log(registry.iss(), ORIGIN)]), 0);
    // It keeps another log.
    assert_eq!(registered(vec![witness("court"), log("court.example/w", "court.example/log")]), 1);
}

/// A thief of the key of a witness can cosign any time: what it says counts for nothing.
#[test]
fn a_witness_whose_key_is_lost_has_seen_nothing() {
    let mut case = Case::new();
    case.story.trust = witnessed_by(WITNESSES.map(witness));
    let checkpoint = Log::with(&case.train).checkpoint(day(4));
    let checkpoint = cosigned(&checkpoint, &[("court", 5), ("union", 6)]);
    let proof = case.registered(day(4)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let court = datadeed::statement::Issuer::new("court.example/w", signing_key("court"));
    let event = datadeed::rights::Event::key_revocation(key("court").id(), day(10));
    let event = event.sign(&court, day(10)).unwrap();
    let status = Status::new(day(20)).event(event, day(10)).unwrap();
    let seen = |status: Option<&Status>, needed| {
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(needed);
        let verifier = status.map_or(verifier, |status| verifier.known_events(status));
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        let registered = lineage.logged(case.train.id()).iter();
        registered.map(|one| one.witnessed_at).collect::<Vec<_>>()
    };
    assert_eq!(seen(None, 2), [Some(day(6))]);
    assert_eq!(seen(Some(&status), 2), []);
    assert_eq!(seen(None, 1), [Some(day(5))]);
    assert_eq!(seen(Some(&status), 1), [Some(day(6))]);
}

#[test]
fn the_receipt_of_a_batch_is_one_of_its_members() {
    let source = manifest("source");
    let dataset = Dataset::new(source, "Source", ScanMethod::Full);
    let dataset = dataset.unsigned(&issuer("collector"), day(10)).unwrap();
    let members = Members::new([dataset.id()]);
    let batch = sign("collector", &members.batch().unwrap());
    let logged = Statement::from(batch.clone());
    let receipt = Log::with(&logged).receipt(&logged, day(12));
    let case = Case::new();
    let rest = case.story.statements.iter().filter(|one| one.id() != dataset.id()).cloned();
    let builder = LineageProof::builder(manifest("weights"))
        .statements(rest)
        .statement(dataset.clone())
        .batch(batch.clone(), &members);
    let lineage = case.verify(builder.clone().receipt(batch.id(), receipt.clone())).unwrap();
    assert_eq!(lineage.proven_by(batch.id()), day(12));
    assert_eq!(lineage.proven_by(dataset.id()), day(12));
    // A member itself was never in a log, whatever somebody signs.
    let refused = builder.receipt(dataset.id(), receipt).build();
    assert_eq!(refused, Err(ProofError::UnsignedReceipt { id: dataset.id() }));
}

#[test]
fn receipts_and_checkpoints_belong_to_the_proof() {
    let case = Case::new();
    let log = Log::with(&case.train);
    let receipt = log.receipt(&case.train, day(6));
    let id = StatementId::from_bytes([9; 32]);
    let stray = case.builder().receipt(id, receipt).build();
    assert_eq!(stray, Err(ProofError::UnreachableReceipt { id }));

    let other =
        Checkpoint::new(Origin::new("other.example/log").unwrap(), 2, Sha256::of(b"")).unwrap();
    let other = other.sign(&signing_key("other"), day(6)).unwrap();
    let mine = case.registered(day(6));
    let with_other = mine.clone().checkpoint(other).build();
    assert_eq!(with_other, mine.build(), "what no receipt is of is left out");
}

#[test]
fn a_proof_with_receipts_reads_back() {
    let case = Case::new();
    let log = Log::with(&case.train);
    let (first, second) = (log.receipt(&case.train, day(6)), log.receipt(&case.train, day(7)));
    let checkpoint = log.checkpoint(day(6)).signed().clone();
    let id = case.train.id();
    let proof = case
        .builder()
        .receipt(id, second.clone())
        .checkpoint(checkpoint.clone())
        .receipt(id, first.clone())
        .receipt(id, first.clone())
        .build()
        .unwrap();
    assert_eq!(LineageProof::decode(&proof.to_bytes()).as_ref(), Ok(&proof));
    assert_eq!(proof.receipts(id).len(), 2);
    assert_eq!(proof.checkpoints(), [checkpoint]);
    // In the envelope or beside it, it is the same proof.
    let attached = case.train.envelope().clone();
    let attached = attached.with_receipts([first.as_bytes().to_vec(), second.as_bytes().to_vec()]);
    let attached = Statement::decode(&attached.unwrap().to_bytes()).unwrap();
    let rest = case.story.statements.iter().filter(|one| one.id() != id).cloned();
    let again = LineageProof::builder(manifest("weights"))
        .statements(rest)
        .statement(attached)
        .join(&proof)
        .build();
    assert_eq!(again.as_ref(), Ok(&proof));
    // Pruning keeps what is of the kept.
    assert_eq!(proof.prune(manifest("weights")).as_ref(), Ok(&proof));
    let upstream = proof.prune(manifest("source")).unwrap();
    assert!(upstream.receipts(id).is_empty() && upstream.checkpoints().is_empty());
}

#[test]
fn unsound_receipts_are_named() {
    let case = Case::new();
    let attached = case.train.envelope().clone().with_receipts([b"no receipt".to_vec()]).unwrap();
    let attached = Statement::decode(&attached.to_bytes()).unwrap();
    let rest = case.story.statements.iter().filter(|one| one.id() != case.train.id()).cloned();
    let builder = LineageProof::builder(manifest("weights")).statements(rest).statement(attached);
    let Err(ProofError::Receipt { id, .. }) = builder.build() else { panic!() };
    assert_eq!(id, case.train.id());
}

#[test]
fn receipts_are_within_the_budget() {
    let case = Case::new();
    let checkpoint = Log::with(&case.train).checkpoint(day(6)).signed().clone();
    let proof = case.registered(day(6)).checkpoint(checkpoint).build().unwrap().to_bytes();
    let verify = |receipts| {
        let budget = Budget { receipts, ..Budget::default() };
        Verifier::new(&case.story.trust, day(20)).budget(budget).verify(&proof, manifest("weights"))
    };
    // The checkpoint has a signature and a cosignature of its log.
    assert!(verify(3).is_ok());
    for less in [2, 1] {
        let rejection = verify(less).unwrap_err();
        assert_eq!((rejection.bound, rejection.node), (Some(Bound::Receipts), Node::Proof));
    }
}

/// Denied is what the signer himself says came later.
#[test]
fn a_receipt_does_not_help_an_act_that_says_it_was_later() {
    let mut case = Case::new();
    let late = sign(
        "trainer",
        &datadeed::lineage::Activity::train()
            .input(manifest("corpus"), [])
            .output(manifest("weights"), [])
            .between(day(10), day(10)),
    );
    let late = Statement::from(late);
    case.story.statements.retain(|one| one.id() != case.story.train);
    case.story.statements.push(late.clone());
    let receipt = Log::with(&late).receipt(&late, day(10));
    let lineage = case.verify(case.builder().receipt(late.id(), receipt)).unwrap();
    let Verdict::Deny { reasons } = lineage.rights(&sell()) else {
        panic!("{}", lineage.rights(&sell()))
    };
    assert!(reasons.iter().any(|ground| ground.code == Reason::Revoked), "{reasons:?}");
}

/// A thief of the log's key could date any receipt back; what witnesses saw before stays.
#[test]
fn a_receipt_of_a_lost_key_counts_if_witnesses_saw_it_before() {
    let mut case = Case::new();
    case.story.trust = witnessed_by([witness("court")]);
    let lost = |effective| {
        let event = datadeed::rights::Event::key_revocation(key("registry").id(), day(effective));
        event.sign(&issuer("registry"), day(12)).unwrap()
    };
    let status = case.story.status.take().unwrap();
    let with = |effective| Some(status.clone().event(lost(effective), day(15)).unwrap());
    case.story.status = with(21);
    let lineage = case.verify(case.registered(day(6))).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(6), "it is to come");

    case.story.status = with(15);
    let lineage = case.verify(case.registered(day(6))).unwrap();
    assert_eq!(lineage.proven_by(case.train.id()), day(20));
    assert_eq!(lineage.logged(case.train.id()), []);
    let found = |finding: &Finding| finding.code == FindingCode::ReceiptNotTrusted;
    assert!(lineage.findings().iter().any(found));

    for (seen, proven) in [(14, 14), (15, 20)] {
        let checkpoint = cosigned(&Log::with(&case.train).checkpoint(day(6)), &[("court", seen)]);
        let proof = case.registered(day(6)).checkpoint(checkpoint).build().unwrap().to_bytes();
        let verifier = Verifier::new(&case.story.trust, day(20)).witnesses(1);
        let verifier = verifier.known_events(case.story.status.as_ref().unwrap());
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        assert_eq!(lineage.proven_by(case.train.id()), day(proven));
    }
}

/// Size and place of a receipt are unsigned, so that anybody can make many of one that verify.
#[test]
fn the_receipts_of_a_statement_are_few() {
    let case = Case::new();
    let log = Log::with(&case.train);
    let limit = datadeed::limits::MAX_RECEIPTS;
    let many = |count: usize| {
        (0..count).fold(case.builder(), |builder, second| {
            let at = Timestamp::from_seconds(day(6).seconds() + second as u64).unwrap();
            builder.receipt(case.train.id(), log.receipt(&case.train, at))
        })
    };
    assert!(many(limit).build().is_ok());
    let found = limit + 1;
    assert_eq!(many(found).build(), Err(ProofError::TooManyReceipts { found, limit }));
}
