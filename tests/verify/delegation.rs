//! Who speaks for whom: delegations in a proof.

use datadeed::lineage::Activity;
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, ProofError};
use datadeed::rights::{Missing, Verdict};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Delegation, Mandate, Role, Status, TrustStore};
use datadeed::verify::{Budget, Code, FindingCode, Node, Rejection, StaleStatus, Verifier};

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

// ---- who is believed ----------------------------------------------------------------------------

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
fn what_a_delegate_says_counts() {
    let (story, delegation) = delegated();
    assert!(story.verdict().is_permit(), "{}", story.verdict());
    let lineage = story.verify().unwrap();
    assert!(lineage.is_believed(delegation.id()) && lineage.is_believed(story.train));
    // Without the delegation he is nobody.
    let mut alone = trained_by("did:web:other.example", "other");
    alone.extra_keys = vec![key("other")];
    assert_eq!(missing(&alone.verdict()), [Missing::Trust]);
}

#[test]
fn what_rests_on_a_delegation_needs_a_fresh_status() {
    let (mut story, _) = delegated();
    story.status = None;
    assert_eq!(missing(&story.verdict()), [Missing::Status]);
    story.status = Some(Status::new(day(18)));
    assert_eq!(missing(&story.verdict()), [Missing::Status]);
    let bold = Verifier::new(&story.trust, day(20)).stale_status(StaleStatus::Accept);
    let verdict = bold.verify(&story.proof(), manifest("weights")).unwrap().rights(&sell());
    let Verdict::Permit { stale_status_relied_on, .. } = &verdict else { panic!("{verdict}") };
    assert!(stale_status_relied_on.contains(&story.train));
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

/// The status knows on day 20 that the delegation is revoked from day 15 on.
fn revoked(delegation: &Signed<Delegation>, by: &str) -> Status {
    let event = revocation(delegation.id(), day(15)).sign(&issuer(by), day(15)).unwrap();
    Status::new(day(20)).event(event, day(15)).unwrap()
}

#[test]
fn a_late_delegate_does_not_count() {
    let (mut story, delegation) = delegated();
    // Dated day 10, and nobody saw it before the revocation.
    story.status = Some(revoked(&delegation, "trainer"));
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
    // Nor if the delegation alone was seen in time.
    let seen = |status: Status, id, on| status.seen(id, day(on)).unwrap();
    let in_time = seen(revoked(&delegation, "trainer"), delegation.id(), 10);
    story.status = Some(in_time.clone());
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
    for (on, permitted) in [(14, true), (15, false)] {
        story.status = Some(seen(in_time.clone(), story.train, on));
        assert_eq!(story.verdict().is_permit(), permitted, "{on}: {}", story.verdict());
    }
}

#[test]
fn a_revocation_that_is_to_come_ends_no_delegation_yet() {
    let (mut story, delegation) = delegated();
    let event = revocation(delegation.id(), day(25)).sign(&issuer("trainer"), day(15)).unwrap();
    story.status = Some(Status::new(day(20)).event(event, day(15)).unwrap());
    assert!(story.verdict().is_permit(), "{}", story.verdict());
    has_finding(&story, FindingCode::EventPending, "trainer");
}

#[test]
fn a_delegation_dated_back_does_not_count() {
    let (mut story, delegation) = delegated();
    // The delegate's statement was seen in time, but the delegation only after it was revoked.
    let status = revoked(&delegation, "trainer").seen(story.train, day(12)).unwrap();
    story.status = Some(status.clone().seen(delegation.id(), day(16)).unwrap());
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
    // Or after what it is to cover.
    story.status = Some(status.seen(delegation.id(), day(11)).unwrap());
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
}

#[test]
fn only_its_issuer_takes_a_delegation_back() {
    let (mut story, delegation) = delegated();
    story.status = Some(revoked(&delegation, "curator"));
    assert!(story.verdict().is_permit());
    has_finding(&story, FindingCode::EventWithoutEffect, "curator");
}

#[test]
fn a_delegate_whose_term_is_over_counts_by_proof_alone() {
    let mandate = mandate().between(day(10), day(15));
    let delegation = Delegation::new("did:web:other.example", key("other"), mandate);
    let delegation = sign("trainer", &delegation);
    let mut story = trained_by("did:web:other.example", "other").with(delegation);
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
    for (on, permitted) in [(14, true), (15, false)] {
        story.status = Some(Status::new(day(20)).seen(story.train, day(on)).unwrap());
        assert_eq!(story.verdict().is_permit(), permitted, "{on}: {}", story.verdict());
    }
}

#[test]
fn a_revoked_middle_link_ends_the_chain() {
    let middle = Delegation::new("did:web:middle.example", key("middle"), mandate()).depth(1);
    let middle = sign("trainer", &middle);
    let last = Delegation::new("did:web:other.example", key("other"), mandate());
    let last = sign("middle", &last);
    let chained = trained_by("did:web:other.example", "other").with(middle.clone()).with(last);
    assert!(chained.verdict().is_permit(), "{}", chained.verdict());
    let story = Story { status: Some(revoked(&middle, "trainer")), ..chained };
    assert_eq!(missing(&story.verdict()), [Missing::Trust]);
}

#[test]
fn a_delegate_grants_within_his_scope() {
    let grant = |scope: String| {
        let mandate = Mandate::new([Role::RightsHolder]).scope([scope]);
        let delegation = Delegation::new("did:web:agent.example", key("agent"), mandate);
        let licence = but(negotiated(manifest("source")), |one| one.from = Some(day(0)));
        let licence = sign("agent", &licence);
        Story::licensed([licence.into()]).with(sign("supplier", &delegation))
    };
    let story = grant(manifest("source").to_string());
    assert!(story.verdict().is_permit(), "{}", story.verdict());
    let elsewhere = grant(manifest("corpus").to_string());
    assert!(!elsewhere.verdict().is_permit());
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
