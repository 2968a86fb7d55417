//! Who speaks for whom: delegations in a proof.

use datadeed::lineage::Activity;
use datadeed::proof::{LineageProof, ProofError};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Delegation, Mandate, Role, TrustStore};
use datadeed::verify::{Budget, Code, Node, Rejection, Verifier};

use crate::story::*;

/// The trainer's new key.
const NEW: &str = "trainer's new key";

/// The trainer of the story, who has another key by now.
fn rotation() -> Signed<Delegation> {
    sign("trainer", &Delegation::new("did:web:trainer.example", key(NEW), mandate()))
}

fn mandate() -> Mandate {
    Mandate::new([Role::Trainer])
}

/// The story, its training signed by `iss` with the key of `name`.
fn trained_by(iss: &str, name: &str) -> Story {
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
        verifier.verify(&story.proof(), manifest("weights")).map_err(|one| (one.code, one.node))
    };
    assert!(verify(1).is_ok());
    assert_eq!(verify(0).err(), Some((Code::BudgetExceeded, Node::Proof)));
    // Two anchors of one identity and key are two ways.
    let again = Anchor::new("did:web:trainer.example", key("trainer"), [Role::Trainer, Role::Log]);
    let mut twice = trained_by("did:web:trainer.example", NEW).with(rotation());
    twice.trust = TrustStore::new(trust().anchors().cloned().chain([again]));
    let budget = Budget { delegations: 1, ..Budget::default() };
    let verifier = Verifier::new(&twice.trust, day(20)).budget(budget);
    let error = verifier.verify(&twice.proof(), manifest("weights")).unwrap_err();
    assert_eq!((error.code, error.node), (Code::BudgetExceeded, Node::Proof));
}
