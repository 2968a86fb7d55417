//! Events of the caller's status that are wrong, and what they are matched on.

use datadeed::key::{Signer, SigningKey};
use datadeed::statement::Issuer;
use datadeed::verify::{Bound, Budget, Code, Verifier};

use super::*;

/// The event with another signature.
fn forged(event: &Signed<Event>) -> Signed<Event> {
    let mut bytes = event.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    Signed::decode(&bytes).unwrap()
}

#[test]
fn an_event_that_nobody_signed_neither_stops_a_verification_nor_counts() {
    let mut story = Story::default();
    let event = signed("trainer", &revocation(story.train, day(12)), 10);
    recorded(&mut story, &forged(&event), 12);
    permitted(&story.verdict());
    let node = Node::Statement(story.train);
    assert_eq!(found(&story, FindingCode::EventUnverifiable), [node]);
    // In the proof it is its prover's doing.
    story.statements.push(forged(&event).into());
    let rejection = story.verify().unwrap_err();
    assert_eq!((rejection.code, rejection.node), (Code::BadSignature, Node::Statement(event.id())));
}

#[test]
fn an_event_by_a_known_issuer_with_another_key_does_not_count() {
    let mallory = SigningKey::from_seed(&[66; 32]);
    let mut story = Story::default();
    let by = Issuer::new("did:web:trainer.example", &mallory);
    let event = revocation(story.train, day(12)).sign(&by, day(10)).unwrap();
    recorded(&mut story, &event, 12);
    permitted(&story.verdict());
    let node = Node::Statement(story.train);
    assert_eq!(found(&story, FindingCode::EventUnverifiable), [node]);
    // A known key under another name is no better.
    let seed = datadeed::Digest::of(b"trainer");
    let by = Issuer::new("did:web:other.example", SigningKey::from_seed(seed.as_bytes()));
    let event = revocation(story.train, day(12)).sign(&by, day(10)).unwrap();
    let mut story = Story::default();
    recorded(&mut story, &event, 12);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventUnverifiable), [node]);
}

/// The forged copy stands before and after the sound one, and was recorded earlier and later.
#[test]
fn a_forged_copy_neither_hides_an_event_nor_proves_its_time() {
    let licence = revocable("supplier", 1);
    let event = signed("supplier", &revocation(licence.id(), day(4)), 10);
    let verdict = |copies: &[(&Signed<Event>, u64)]| {
        let mut story = Story::licensed([licence.clone().into()]);
        seen(&mut story, licence.id(), 1);
        for (copy, on) in copies {
            recorded(&mut story, copy, *on);
        }
        assert_eq!(found(&story, FindingCode::EventUnverifiable), []);
        story.verdict()
    };
    let copy = forged(&event);
    for copies in [[(&copy, 4), (&event, 4)], [(&event, 4), (&copy, 4)], [(&event, 4), (&copy, 2)]]
    {
        denied(&verdict(&copies), Reason::Revoked, "source");
    }
    // The sound one was recorded on day 8: the forged one of day 4 does not make it older.
    unknown(&verdict(&[(&copy, 4), (&event, 8)]), Missing::ActTimeUnproven, "source");
}

#[test]
fn a_forged_predecessor_leaves_a_gap() {
    let licence = granted("supplier", 10);
    let first = signed("supplier", &Event::objection(licence.id(), day(4)), 4);
    let second = signed("supplier", &Event::objection(licence.id(), day(5)).after(&first), 5);
    let mut story = Story::licensed([licence.into()]);
    recorded(&mut story, &forged(&first), 5);
    recorded(&mut story, &second, 5);
    unknown(&story.verdict(), Missing::Status, "source");
    recorded(&mut story, &first, 5);
    permitted(&story.verdict());
}

/// A clock that is fast does not get rid of a revocation.
#[test]
fn an_event_dated_after_the_verification_counts() {
    let mut story = Story::default();
    let event = signed("trainer", &revocation(story.train, day(12)), 21);
    recorded(&mut story, &event, 12);
    unknown(&story.verdict(), Missing::Withdrawn, "weights");
}

/// Of the same dataset, issuer, time and content: what is revoked is one statement, by its id.
#[test]
fn a_revocation_matches_a_statement_id_and_nothing_else() {
    let (first, second) = (revocable("supplier", 1), revocable("supplier", 2));
    let event = signed("supplier", &revocation(first.id(), day(4)), 4);
    for (licence, revoked) in [(&first, true), (&second, false)] {
        let mut story = Story::licensed([licence.clone().into()]);
        recorded(&mut story, &event, 4);
        seen(&mut story, licence.id(), 2);
        if revoked {
            denied(&story.verdict(), Reason::Revoked, "source");
        } else {
            permitted(&story.verdict());
        }
    }
}

/// What a key signed is matched by the key's id, not by the name it signs under.
#[test]
fn a_key_revocation_matches_a_key_id_and_nothing_else() {
    let other = SigningKey::from_seed(&[77; 32]);
    let mut story = Story::default();
    let iss = "did:web:trainer.example";
    let more = datadeed::trust::Anchor::new(iss, other.public_key(), []);
    let anchors = trust();
    story.trust = datadeed::trust::TrustStore::new(anchors.anchors().cloned().chain([more]));
    let event = Event::key_revocation(other.public_key().id(), day(4));
    recorded(&mut story, &event.sign(&Issuer::new(iss, &other), day(4)).unwrap(), 4);
    permitted(&story.verdict());
    recorded(
        &mut story,
        &signed("trainer", &Event::key_revocation(key("trainer").id(), day(4)), 4),
        4,
    );
    unknown(&story.verdict(), Missing::ActTimeUnproven, "weights");
}

/// Events that bear on the proof by way of other events are verified, and counted, like others.
#[test]
fn the_signatures_of_a_status_are_counted() {
    let mut story = Story::default();
    let dispute = signed("registrar", &Event::dispute(story.train, day(12)), 12);
    let settlement = signed("registrar", &Event::settlement(dispute.id(), day(13)), 13);
    let unrelated = StatementId::from_bytes([9; 32]);
    let unrelated = signed("registrar", &Event::dispute(unrelated, day(12)), 12);
    for event in [&dispute, &settlement, &unrelated] {
        recorded(&mut story, event, 13);
    }
    let proof = story.proof();
    let verify = |signatures| {
        Verifier::new(&story.trust, day(20))
            .known_events(story.status.as_ref().unwrap())
            .budget(Budget { signatures, ..Budget::default() })
            .verify(&proof, manifest("weights"))
    };
    let statements = story.statements.len();
    permitted(&verify(statements + 2).unwrap().rights(&sell()));
    let rejection = verify(statements + 1).unwrap_err();
    assert_eq!((rejection.bound, rejection.node), (Some(Bound::Signatures), Node::Status));
}

/// Who may issue an event about a step is looked up for each of its outputs.
#[test]
fn events_about_a_step_count_as_many_edges_as_it_has_outputs() {
    let story = Story::default();
    let edges = |proof: &[u8], edges| {
        let budget = Budget { edges, ..Budget::default() };
        Verifier::new(&story.trust, day(20)).budget(budget).verify(proof, manifest("weights"))
    };
    let plain = story.proof();
    let least = (0..100).find(|most| edges(&plain, *most).is_ok()).unwrap();
    let objection = signed("supplier", &Event::objection(story.train, day(4)), 4);
    let told = Story::default().with(objection).proof();
    assert!(edges(&told, least + 1).is_ok());
    let rejection = edges(&told, least).unwrap_err();
    assert_eq!((rejection.bound, rejection.node), (Some(Bound::Edges), Node::Proof));
}

/// Whoever recorded it would think that he knows of it, and no verification could make anything of it.
#[test]
fn an_event_that_leans_on_a_batch_is_no_part_of_a_status() {
    use datadeed::statement::StatementError;
    use datadeed::trust::StatusError;

    let event = revocation(granted("supplier", 10).id(), day(7));
    let event = event.unsigned(&issuer("supplier"), day(10)).unwrap();
    let error = StatusError::Event { index: 0, source: StatementError::Unsigned };
    assert_eq!(Status::new(day(20)).event(event, day(10)), Err(error));
}
