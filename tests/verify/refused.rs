//! One fault, one code, one place.

use datadeed::digest::Digest;
use datadeed::key::{Signer, SigningKey};
use datadeed::lineage::Activity;
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, ProofError, Statement};
use datadeed::report::{Explain as _, Language, Refusal};
use datadeed::rights::{
    Action, Constraint, Event, Licence, Registrant, RegistrantKind, RegistrantRole, Registration,
    Rule,
};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::Status;
use datadeed::verify::{Bound, Budget, Code, Node, Verifier};
use proptest::prelude::*;

use super::story::*;

#[track_caller]
fn refused(story: &Story, proof: &[u8], code: Code, node: Node) {
    let rejection = story.verify_bytes(proof).expect_err("must be refused");
    assert_eq!((rejection.code, rejection.node), (code, node), "{rejection:?}");
}

fn envelopes(story: &Story) -> Vec<Vec<u8>> {
    let proof = LineageProof::decode(&story.proof()).unwrap();
    proof.statements().iter().map(|statement| statement.as_bytes().to_vec()).collect()
}

fn raw(envelopes: &[Vec<u8>]) -> Vec<u8> {
    let envelopes: Vec<&[u8]> = envelopes.iter().map(Vec::as_slice).collect();
    raw_proof(manifest("weights"), &[], &envelopes)
}

#[test]
fn the_story_itself_is_accepted() {
    let story = Story::default();
    assert_eq!(raw(&envelopes(&story)), story.proof(), "both encoders agree");
    let lineage = story.verify().unwrap();
    assert_eq!(lineage.activities().count(), 3);
    assert!(lineage.findings().is_empty(), "{:?}", lineage.findings());
}

#[test]
fn empty_and_truncated_proofs() {
    let story = Story::default();
    refused(&story, &[], Code::MalformedProof, Node::Proof);
    let proof = story.proof();
    for length in (0..proof.len()).step_by(7) {
        refused(&story, &proof[..length], Code::MalformedProof, Node::Proof);
    }
    let trailing = [&proof[..], &[0]].concat();
    refused(&story, &trailing, Code::MalformedProof, Node::Proof);
}

#[test]
fn a_statement_of_an_unknown_kind() {
    let story = Story::default();
    let mut envelopes = envelopes(&story);
    let at = envelopes[0].windows(8).position(|w| w == b".dataset" || w == b".licence").unwrap();
    envelopes[0][at + 1] ^= 0x20;
    refused(&story, &raw(&envelopes), Code::UnknownKind, Node::Position(0));
}

#[test]
fn a_statement_with_a_head_longer_than_needed() {
    let story = Story::default();
    let mut envelopes = envelopes(&story);
    // The protected header's length: 58 xx becomes 59 00 xx.
    assert_eq!(envelopes[2][2], 0x58);
    envelopes[2].splice(2..3, [0x59, 0x00]);
    refused(&story, &raw(&envelopes), Code::MalformedStatement, Node::Position(2));
}

#[test]
fn a_signature_that_does_not_verify() {
    let story = Story::default();
    let mut envelopes = envelopes(&story);
    let last = envelopes.last_mut().unwrap();
    let end = last.len() - 1;
    last[end] ^= 1;
    refused(&story, &raw(&envelopes), Code::BadSignature, Node::Statement(story.train));
}

#[test]
fn a_known_issuer_with_another_key() {
    let mallory = SigningKey::from_seed(&[66; 32]);
    let licence = negotiated(manifest("source"))
        .sign(&Issuer::new("did:web:curator.example", &mallory), day(10))
        .unwrap();
    let mut story = Story::default().with(licence.clone());
    story.extra_keys.push(mallory.public_key());
    refused(&story, &story.proof(), Code::IssuerKeyMismatch, Node::Statement(licence.id()));
}

#[test]
fn a_known_key_under_another_issuer() {
    let seed = Digest::of(b"curator");
    let curator = SigningKey::from_seed(seed.as_bytes());
    let licence = negotiated(manifest("source"))
        .sign(&Issuer::new("did:web:other.example", curator), day(10))
        .unwrap();
    let story = Story::default().with(licence.clone());
    refused(&story, &story.proof(), Code::IssuerKeyMismatch, Node::Statement(licence.id()));
}

#[test]
fn a_key_that_nobody_supplies() {
    let stranger = sign("stranger", &negotiated(manifest("source")));
    let story = Story::default().with(stranger.clone());
    refused(&story, &story.proof(), Code::MissingKey, Node::Statement(stranger.id()));
}

#[test]
fn a_statement_from_the_future() {
    let late = negotiated(manifest("source")).sign(&issuer("supplier"), day(21)).unwrap();
    let story = Story::default().with(late.clone());
    refused(&story, &story.proof(), Code::FutureStatement, Node::Statement(late.id()));
    // The very second of the verification is not the future.
    let now = negotiated(manifest("source")).sign(&issuer("supplier"), day(20)).unwrap();
    assert!(Story::default().with(now).verify().is_ok());
}

#[test]
fn a_claim_about_a_time_after_the_signature() {
    let dataset = but(Dataset::new(manifest("source"), "S", ScanMethod::Full), |d| {
        d.created = Some(day(11));
    });
    let dataset = sign("collector", &dataset);
    let story = Story::default().with(dataset.clone());
    refused(&story, &story.proof(), Code::ClaimAfterSignature, Node::Statement(dataset.id()));
}

#[test]
fn a_registration_issued_after_its_signature() {
    let curator = Registrant::new(
        "did:web:curator.example",
        "Curator",
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    let registration = Registration::new(manifest("corpus"), "Corpus", [curator], day(11), day(30));
    let registration = sign("registrar", &registration);
    let story = Story::default().with(registration.clone());
    let node = Node::Statement(registration.id());
    refused(&story, &story.proof(), Code::ClaimAfterSignature, node);
}

#[test]
fn a_missing_parent() {
    let story = Story::default();
    let envelopes: Vec<Vec<u8>> = envelopes(&story);
    for missing in 0..envelopes.len() {
        let statement = Statement::decode(&envelopes[missing]).unwrap();
        let mut rest = envelopes.clone();
        rest.remove(missing);
        let result = story.verify_bytes(&raw(&rest));
        // Whatever is referred to is missed; the train step and the licences are what nothing refers to.
        match statement {
            Statement::Dataset(_) => {
                assert_eq!(result.unwrap_err().code, Code::MissingStatement);
            }
            Statement::Activity(activity) if activity.id() != story.train => {
                let rejection = result.unwrap_err();
                assert_eq!(rejection.code, Code::MissingStatement);
                assert_eq!(rejection.node, Node::Statement(activity.id()));
            }
            Statement::Activity(_) => {
                assert_eq!(result.unwrap_err().code, Code::UnreachableStatement);
            }
            _ => assert!(result.is_ok()),
        }
    }
}

/// The story with another train step.
fn trained(train: &Activity) -> (Story, Signed<Activity>) {
    let mut story = Story::default();
    let old = story.train;
    story.statements.retain(|statement| statement.id() != old);
    let train = sign("trainer", train);
    let story = story.with(train.clone());
    (story, train)
}

fn id_of(story: &Story, wanted: impl Fn(&Statement) -> bool) -> datadeed::StatementId {
    story.statements.iter().find(|statement| wanted(statement)).unwrap().id()
}

#[test]
fn a_parent_of_another_kind() {
    let licence = id_of(
        &Story::default(),
        |s| matches!(s, Statement::Licence(l) if l.payload().manifest == manifest("corpus")),
    );
    let (story, train) = trained(
        &Activity::train().input(manifest("corpus"), [licence]).output(manifest("weights"), []),
    );
    refused(&story, &story.proof(), Code::VoucherKind, Node::Statement(train.id()));
}

#[test]
fn a_parent_of_another_dataset() {
    let dataset = id_of(&Story::default(), |s| matches!(s, Statement::Dataset(_)));
    let (story, train) = trained(
        &Activity::train().input(manifest("corpus"), [dataset]).output(manifest("weights"), []),
    );
    refused(&story, &story.proof(), Code::VoucherMismatch, Node::Statement(train.id()));
}

#[test]
fn a_predecessor_that_is_none() {
    let first = sign("supplier", &negotiated(manifest("source")));
    let second = but(negotiated(manifest("source")), |l| {
        l.seq = 2;
        l.prev = Some(first.id());
    });
    let gap = sign("supplier", &second);
    let story = Story::default().with(first.clone()).with(gap.clone());
    refused(&story, &story.proof(), Code::ReferenceMismatch, Node::Statement(gap.id()));
    let second = but(negotiated(manifest("source")), |l| {
        l.seq = 1;
        l.prev = Some(first.id());
    });
    let fits = sign("supplier", &second);
    assert!(Story::default().with(first.clone()).with(fits).verify().is_ok());
    let of_another = sign("curator", &second);
    let story = Story::default().with(first).with(of_another.clone());
    refused(&story, &story.proof(), Code::ReferenceMismatch, Node::Statement(of_another.id()));
}

#[test]
fn two_envelopes_of_one_statement() {
    let story = Story::default();
    let mut envelopes = envelopes(&story);
    let mut twin = envelopes[0].clone();
    *twin.last_mut().unwrap() ^= 1;
    envelopes.insert(1, twin);
    let id = Statement::decode(&envelopes[0]).unwrap().id();
    refused(&story, &raw(&envelopes), Code::DuplicateStatement, Node::Statement(id));
}

#[test]
fn statements_out_of_order() {
    let story = Story::default();
    let mut envelopes = envelopes(&story);
    envelopes.swap(0, 1);
    let id = Statement::decode(&envelopes[1]).unwrap().id();
    refused(&story, &raw(&envelopes), Code::Unordered, Node::Statement(id));
    envelopes.swap(0, 1);
    envelopes.reverse();
    let rejection = story.verify_bytes(&raw(&envelopes)).unwrap_err();
    assert_eq!(rejection.code, Code::Unordered);
}

#[test]
fn a_statement_that_the_subject_does_not_rest_on() {
    let story = Story::default();
    let stray = Statement::from(sign("supplier", &negotiated(manifest("elsewhere"))));
    let mut statements: Vec<Statement> =
        envelopes(&story).iter().map(|bytes| Statement::decode(bytes).unwrap()).collect();
    statements.push(stray.clone());
    // By (height, id): the stray licence has height 0.
    let zero = statements.iter().filter(|s| !matches!(s, Statement::Activity(_)));
    let mut order: Vec<Vec<u8>> = Vec::new();
    let mut zero: Vec<&Statement> = zero.collect();
    zero.sort_by_key(|statement| statement.id());
    order.extend(zero.iter().map(|statement| statement.as_bytes().to_vec()));
    order.extend(
        statements
            .iter()
            .filter(|s| matches!(s, Statement::Activity(_)))
            .map(|statement| statement.as_bytes().to_vec()),
    );
    refused(&story, &raw(&order), Code::UnreachableStatement, Node::Statement(stray.id()));
}

#[test]
fn a_key_that_signed_nothing() {
    let story = Story::default();
    let envelopes = envelopes(&story);
    let envelopes: Vec<&[u8]> = envelopes.iter().map(Vec::as_slice).collect();
    let key = key("nobody");
    let proof = raw_proof(manifest("weights"), &[key.as_bytes()], &envelopes);
    refused(&story, &proof, Code::UnreachableKey, Node::Key(key.id()));
}

#[test]
fn more_keys_than_statements() {
    let keys: Vec<[u8; 32]> = (0..7).map(|seed| *Digest::of(&[seed]).as_bytes()).collect();
    let keys: Vec<&[u8]> = keys.iter().map(<[u8; 32]>::as_slice).collect();
    // None of them is loaded: most are no keys at all.
    let story = Story::default();
    let proof = raw_proof(manifest("weights"), &keys, &[]);
    refused(&story, &proof, Code::UnreachableKey, Node::Proof);
}

#[test]
fn a_proof_of_other_weights() {
    let story = Story::default();
    let verifier = Verifier::new(&story.trust, day(20));
    let rejection = verifier.verify(&story.proof(), manifest("other weights")).unwrap_err();
    assert_eq!(
        (rejection.code, rejection.node),
        (Code::SubjectMismatch, Node::Manifest(manifest("weights")))
    );
}

#[test]
fn more_work_than_allowed() {
    let story = Story::default();
    let proof = story.proof();
    let verify = |budget| {
        Verifier::new(&story.trust, day(20)).budget(budget).verify(&proof, manifest("weights"))
    };
    let enough = Budget {
        bytes: proof.len(),
        statements: 6,
        edges: 8,
        depth: 3,
        signatures: 6,
        terms: 8,
        delegations: 0,
        nodes: 0,
        receipts: 0,
        rows: 0,
    };
    assert!(verify(enough).is_ok());
    for (bound, less) in [
        (Bound::Bytes, Budget { bytes: proof.len() - 1, ..enough }),
        (Bound::Statements, Budget { statements: 5, ..enough }),
        (Bound::Edges, Budget { edges: 7, ..enough }),
        (Bound::Depth, Budget { depth: 2, ..enough }),
        (Bound::Signatures, Budget { signatures: 5, ..enough }),
        (Bound::Terms, Budget { terms: 7, ..enough }),
    ] {
        let rejection = verify(less).expect_err("one less is not enough");
        assert_eq!((rejection.code, rejection.node), (Code::BudgetExceeded, Node::Proof));
        assert_eq!(rejection.bound, Some(bound), "{less:?}");
        assert!(rejection.to_string().ends_with(&format!("at proof, {bound}")), "{rejection}");
        // It says so to whoever reads a report.
        let refusal = Refusal::new(&rejection);
        let json: serde_json::Value = serde_json::from_str(&refusal.json()).unwrap();
        assert_eq!(json["rejection"]["bound"], bound.code());
        for language in [Language::English, Language::Chinese] {
            assert!(refusal.text(language).contains(bound.explain(language)), "{bound}");
        }
    }
}

/// Each rule of a sublicence is held against those above it, and the licences above are asked with it.
#[test]
fn sublicences_with_more_terms_than_the_budget_allows_to_compare() {
    let parties = |count: usize| (0..count).map(|one| format!("did:web:{one}.example"));
    let rules = |count| [Rule::permit([Action::Train]).when(Constraint::licensee(parties(count)))];
    let parent = sign("supplier", &Licence::granted(manifest("source"), rules(1_000)));
    let mut below = Licence::granted(manifest("source"), rules(1_000));
    below.parent = Some(parent.id());
    let story = Story::licensed([parent.into(), sign("trainer", &below).into()]);
    let trust = story.trust.clone();
    let verify = |terms| {
        let budget = Budget { terms, ..Budget::default() };
        Verifier::new(&trust, day(20)).budget(budget).verify(&story.proof(), manifest("weights"))
    };
    assert!(verify(20_000).is_ok());
    // Each alone is some thousand.
    let rejection = verify(10_000).expect_err("they are compared");
    assert_eq!((rejection.bound, rejection.node), (Some(Bound::Terms), Node::Proof));
}

/// The least budget of terms within which the story is verified.
fn least_terms(story: &Story) -> usize {
    let proof = story.proof();
    let is_enough = |terms: &usize| {
        let budget = Budget { terms: *terms, ..Budget::default() };
        let verifier = Verifier::new(&story.trust, day(20)).budget(budget);
        verifier.verify(&proof, manifest("weights")).is_ok()
    };
    (0..1_000).find(is_enough).expect("there are few terms")
}

/// Each sublicence asks again who broke the terms of those above.
#[test]
fn breaches_count_for_each_licence_under_the_one_that_was_broken() {
    let parent = sign("supplier", &negotiated(manifest("source")));
    let mut below = negotiated(manifest("source"));
    below.parent = Some(parent.id());
    let told = |breaches: u64| {
        let licences = [parent.clone().into(), sign("trainer", &below).into()];
        let mut story = Story::licensed(licences);
        let mut last: Option<Signed<Event>> = None;
        for _ in 0..breaches {
            let breach = Event::breach(parent.id(), ["did:web:trainer.example".into()], day(12));
            let breach = last.as_ref().map_or(breach.clone(), |last| breach.after(last));
            let breach = sign("supplier", &breach);
            story = story.with(breach.clone());
            last = Some(breach);
        }
        least_terms(&story)
    };
    assert_eq!([told(1), told(3)], [told(0) + 2, told(0) + 6]);
}

#[test]
fn a_status_from_the_future() {
    let story = Story { status: Some(Status::new(day(21))), ..Story::default() };
    refused(&story, &story.proof(), Code::FutureStatus, Node::Status);
}

#[test]
fn every_rejection_of_bytes_tells_its_cause() {
    let story = Story::default();
    let rejection = story.verify_bytes(&[0xa0]).unwrap_err();
    let Some(ProofError::Cbor(cause)) = rejection.cause.as_deref() else { panic!("no cause") };
    assert_eq!(cause.offset, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The subject and the statements' ids are what the caller compares; nothing else may change unseen.
    #[test]
    fn every_flipped_bit_of_a_proof_is_refused(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let story = Story::default();
        let mut proof = story.proof();
        let at = at.index(proof.len());
        proof[at] ^= 1 << bit;
        prop_assert!(story.verify_bytes(&proof).is_err());
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let rejection = Story::default().verify_bytes(&bytes).unwrap_err();
        prop_assert_eq!((rejection.code, rejection.node), (Code::MalformedProof, Node::Proof));
    }

    #[test]
    fn every_flipped_bit_of_trust_and_status_is_refused_or_another(
        at in any::<prop::sample::Index>(), bit in 0_u8..8
    ) {
        let trust = trust();
        let mut bytes = trust.to_bytes();
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(other) = datadeed::trust::TrustStore::decode(&bytes) {
            prop_assert_eq!(other.to_bytes(), bytes);
            prop_assert_ne!(other, trust);
        }
        let event = sign("supplier", &revocation(Story::default().train, day(12)));
        let status = Status::new(day(20)).event(event, day(12)).unwrap().seen(Story::default().train, day(7)).unwrap();
        let mut bytes = status.to_bytes();
        prop_assert_eq!(Status::decode(&bytes), Ok(status.clone()));
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(other) = Status::decode(&bytes) {
            prop_assert_eq!(other.to_bytes(), bytes);
            prop_assert_ne!(other, status);
        }
    }
}
