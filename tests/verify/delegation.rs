//! Who has which key by a delegation, and what it gives. From when to when is told with events.

use datadeed::lineage::Activity;
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, ProofError};
use datadeed::rights::{Missing, Verdict};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Delegation, Mandate, Role, TrustStore};
use datadeed::verify::{Bound, Budget, Code, FindingCode, Node, Rejection, Verifier};

use crate::story::*;

/// The trainer's new key.
pub(super) const NEW: &str = "trainer's new key";

/// The trainer of the story, who has another key by now.
pub(super) fn rotation() -> Signed<Delegation> {
    sign("trainer", &Delegation::new("did:web:trainer.example", key(NEW), mandate()))
}

fn mandate() -> Mandate {
    Mandate::new([Role::Trainer])
}

/// The story, its training signed by `iss` with the key of `name`.
pub(super) fn trained_by(iss: &str, name: &str) -> Story {
    let mut story = Story::default();
    let at = story.statements.iter().position(|one| one.id() == story.train).unwrap();
    let train: Activity = story.statements[at].as_activity().unwrap().payload().clone();
    let issuer = Issuer::new(iss, signing_key(name));
    let signed = train.sign(&issuer, day(10)).unwrap();
    story.train = signed.id();
    story.statements[at] = signed.into();
    story
}

#[track_caller]
fn refused(story: &Story) -> (Code, Node) {
    let Rejection { code, node, .. } = story.verify().unwrap_err();
    (code, node)
}

#[test]
fn a_known_issuer_with_another_key_needs_a_delegation_of_his_own() {
    let story = trained_by("did:web:trainer.example", NEW);
    let mismatch = (Code::IssuerKeyMismatch, Node::Statement(story.train));
    assert_eq!(refused(&story), mismatch);
    assert!(trained_by("did:web:trainer.example", NEW).with(rotation()).verify().is_ok());
    // Nobody else can give it to him, whatever he may do.
    let by_curator = Delegation::new("did:web:trainer.example", key(NEW), mandate());
    let mut story = story.with(sign("curator", &by_curator));
    story.trust =
        TrustStore::new(trust().anchors().cloned().chain([anchor("curator", &[Role::Trainer])]));
    assert_eq!(refused(&story), mismatch);
}

#[test]
fn the_key_of_a_delegate_is_nobody_elses() {
    let story = trained_by("did:web:other.example", NEW).with(rotation());
    let mismatch = (Code::IssuerKeyMismatch, Node::Statement(story.train));
    assert_eq!(refused(&story), mismatch);
}

#[test]
fn a_delegation_carries_the_key_of_its_delegate() {
    let story = trained_by("did:web:other.example", "other");
    let missing = (Code::MissingKey, Node::Statement(story.train));
    assert_eq!(refused(&story), missing);
    let given = Delegation::new("did:web:other.example", key("other"), mandate());
    assert!(story.with(sign("trainer", &given)).verify().is_ok());
}

#[test]
fn a_delegation_to_a_key_that_signed_nothing_is_unreachable() {
    let rotation = rotation();
    let id = rotation.id();
    let mut builder = LineageProof::builder(manifest("weights"));
    for statement in Story::default().with(rotation).statements {
        builder = builder.statement(statement);
    }
    assert_eq!(builder.build(), Err(ProofError::UnreachableStatement { id }));
}

#[test]
fn a_delegation_with_a_bad_signature_rejects_the_proof() {
    let mut forged = rotation().as_bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = Signed::<Delegation>::decode(&forged).unwrap();
    let id = forged.id();
    let story = trained_by("did:web:unlisted.example", NEW).with(forged);
    assert_eq!(refused(&story), (Code::BadSignature, Node::Statement(id)));
}

#[test]
fn pruning_keeps_the_delegations_of_what_is_kept() {
    let story = trained_by("did:web:trainer.example", NEW).with(rotation());
    let proof = LineageProof::decode(&story.proof()).unwrap();
    let has =
        |proof: &LineageProof| proof.statements().iter().any(|one| one.id() == rotation().id());
    assert!(has(&proof.prune(manifest("weights")).unwrap()));
    assert!(!has(&proof.prune(manifest("corpus")).unwrap()));
}

#[test]
fn delegations_and_the_ways_over_them_are_bounded() {
    let story = trained_by("did:web:trainer.example", NEW).with(rotation());
    let verify = |delegations| {
        let budget = Budget { delegations, ..Budget::default() };
        let verifier = Verifier::new(&story.trust, day(20)).budget(budget);
        verifier.verify(&story.proof(), manifest("weights")).map_err(|one| (one.bound, one.node))
    };
    assert!(verify(1).is_ok());
    assert_eq!(verify(0).err(), Some((Some(Bound::Delegations), Node::Proof)));
    // Two anchors of one identity and key are two ways.
    let again = Anchor::new("did:web:trainer.example", key("trainer"), [Role::Trainer, Role::Log]);
    let mut twice = trained_by("did:web:trainer.example", NEW).with(rotation());
    twice.trust = TrustStore::new(trust().anchors().cloned().chain([again]));
    let budget = Budget { delegations: 1, ..Budget::default() };
    let verifier = Verifier::new(&twice.trust, day(20)).budget(budget);
    let error = verifier.verify(&twice.proof(), manifest("weights")).unwrap_err();
    assert_eq!((error.bound, error.node), (Some(Bound::Delegations), Node::Proof));
}

/// The training of the story by another, whom the trainer lets train from day 10 to 900.
fn delegated() -> (Story, Signed<Delegation>) {
    let mandate = mandate().between(day(10), day(900));
    let delegation = Delegation::new("did:web:other.example", key("other"), mandate);
    let delegation = sign("trainer", &delegation);
    (trained_by("did:web:other.example", "other").with(delegation.clone()), delegation)
}

fn missing(verdict: &Verdict) -> Vec<Missing> {
    let Verdict::Unknown { missing } = verdict else { panic!("{verdict}") };
    missing.iter().map(|ground| ground.code).collect()
}

#[track_caller]
fn has_finding(story: &Story, code: FindingCode, detail: &str) {
    let lineage = story.verify().unwrap();
    let found =
        lineage.findings().iter().any(|one| one.code == code && one.detail.contains(detail));
    assert!(found, "{:?}", lineage.findings());
}

#[test]
fn each_bound_that_a_delegation_exceeds_is_named() {
    for (dimension, mandate, depth) in [
        ("roles", Mandate::new([Role::Trainer, Role::Curator]), 0),
        ("scope", mandate().scope(["any"]), 0),
        ("from", mandate().scope(["manifest:"]), 0),
        ("until", mandate().scope(["manifest:"]).between(day(0), day(901)), 0),
        ("depth", mandate().scope(["manifest:"]).between(day(0), day(900)), 1),
    ] {
        let delegation = Delegation::new("did:web:other.example", key("other"), mandate);
        let delegation = sign("trainer", &delegation.depth(depth));
        let mut story = trained_by("did:web:other.example", "other").with(delegation);
        let others = trust();
        let others = others.anchors().filter(|one| one.iss != "did:web:trainer.example").cloned();
        let bounded = anchor("trainer", &[Role::Trainer]).scope(["manifest:"]);
        let bounded = bounded.between(day(0), day(900)).depth(1);
        story.trust = TrustStore::new(others.chain([bounded]));
        let detail = format!("exceeds what its issuer may do, in {dimension}");
        has_finding(&story, FindingCode::DelegationWithoutEffect, &detail);
        assert_eq!(missing(&story.verdict()), [Missing::Trust], "{dimension}");
    }
}

#[test]
fn two_organisations_with_one_name_stay_two() {
    let (story, _) = delegated();
    // Somebody else who may train gives the same name another key, which signed a dataset.
    let rival = Delegation::new("did:web:other.example", key("rival"), mandate());
    let rival = rival.sign(&issuer("second"), day(10)).unwrap();
    let described = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let by_rival = Issuer::new("did:web:other.example", signing_key("rival"));
    let described = described.sign(&by_rival, day(10)).unwrap();
    let mut story = story.with(rival).with(described);
    let second = anchor("second", &[Role::Trainer]);
    story.trust = TrustStore::new(trust().anchors().cloned().chain([second]));
    has_finding(&story, FindingCode::DelegationWithoutEffect, "another delegator");
    assert!(missing_trust(&story), "{}", story.verdict());
}

fn missing_trust(story: &Story) -> bool {
    missing(&story.verdict()).contains(&Missing::Trust)
}
