//! Two statements of one number, and numbers that are missing.

use datadeed::key::{Signer, SigningKey};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::Statement;
use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
use datadeed::statement::Issuer;
use datadeed::trust::{Anchor, Role, TrustStore};
use datadeed::verify::{StaleStatus, Verifier};

use super::*;

fn nodes(of: &[StatementId]) -> Vec<Node> {
    let mut nodes: Vec<Node> = of.iter().map(|id| Node::Statement(*id)).collect();
    nodes.sort_unstable();
    nodes
}

/// One of the two is named by the place of the finding, the other one in its detail.
#[track_caller]
fn names_both(story: &Story, a: StatementId, b: StatementId) {
    let lineage = story.verify().unwrap();
    let conflicts = lineage.findings().iter();
    let mut conflicts = conflicts.filter(|one| one.code == FindingCode::SequenceConflict);
    let conflict = conflicts.next().expect("a conflict");
    let text = conflict.to_string();
    assert!(text.contains(&a.to_string()) && text.contains(&b.to_string()), "{text}");
    assert_eq!(conflicts.next(), None);
}

/// A holder grants to many, and nobody has to show what he bought to show what another did.
#[test]
fn two_licences_of_one_number_are_two_grants() {
    let first = granted("supplier", 10);
    let other = but(negotiated(manifest("source")), |l| l.from = Some(day(0)));
    let story = Story::licensed([first.into(), sign("supplier", &other).into()]);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::SequenceConflict), []);
    // What was observed has to permit a use as a whole, whatever its numbers.
    let one = |spdx: &str| sign("collector", &observed(manifest("source"), spdx));
    let story = Story::licensed([one("CC0-1.0").into(), one("CC-BY-NC-4.0").into()]);
    assert!(matches!(story.verdict(), Verdict::Deny { .. }));
}

/// Whoever has several keys still counts once.
#[test]
fn two_keys_of_one_issuer_share_its_numbers() {
    let second = SigningKey::from_seed(&[77; 32]);
    let iss = "did:web:collector.example";
    let again = Dataset::new(manifest("source"), "Other", ScanMethod::Full);
    let again = again.sign(&Issuer::new(iss, &second), day(10)).unwrap();
    let mut story = Story::default().with(again);
    let more = Anchor::new(iss, second.public_key(), [Role::Collector]);
    let anchors = trust();
    story.trust = TrustStore::new(anchors.anchors().cloned().chain([more]));
    unknown(&story.verdict(), Missing::SequenceConflict, "source");
}

#[test]
fn two_datasets_of_one_number_vouch_for_nothing() {
    let again = sign("collector", &Dataset::new(manifest("source"), "Other", ScanMethod::Full));
    let story = Story::default().with(again.clone());
    unknown(&story.verdict(), Missing::SequenceConflict, "source");
    names_both(&story, again.id(), Story::default().statements[0].id());
    // Nobody is hurt by two of somebody who is not believed.
    let one = |title| sign("supplier", &Dataset::new(manifest("corpus"), title, ScanMethod::Full));
    let stranger = |title| {
        let dataset = Dataset::new(manifest("corpus"), title, ScanMethod::Full);
        sign("stranger", &dataset)
    };
    let mut story = Story::default().with(stranger("A")).with(stranger("B"));
    story.extra_keys.push(key("stranger"));
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::SequenceConflict).len(), 1);
    unknown(
        &Story::default().with(one("A")).with(one("B")).verdict(),
        Missing::SequenceConflict,
        "corpus",
    );
}

fn registered(claimant: &str) -> Signed<Registration> {
    let iss = format!("did:web:{claimant}.example");
    let who = Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
    sign("registrar", &Registration::new(manifest("source"), "Source", [who], day(3), day(300)))
}

#[test]
fn two_registrations_of_one_number_give_no_title() {
    let (mine, theirs) = (registered("trainer"), registered("supplier"));
    let statements = [granted("trainer", 10).into(), mine.clone().into(), theirs.clone().into()];
    let story = Story::licensed(statements);
    unknown(&story.verdict(), Missing::SequenceConflict, "source");
    names_both(&story, mine.id(), theirs.id());
}

/// One in the proof and one in the status, both in the status, both in the proof.
#[test]
fn two_events_of_one_number_leave_their_target_unknown() {
    let licence = but(revocable("supplier", 1).payload().clone(), |l| l.survives = Some(true));
    let licence = licence.sign(&issuer("supplier"), day(1)).unwrap();
    // Neither takes effect before day 21; that there are two of them is enough.
    let one = signed("supplier", &revocation(licence.id(), day(21)), 10);
    let other = signed("supplier", &revocation(licence.id(), day(22)), 10);
    for (in_proof, in_status) in [
        (vec![], vec![&one, &other]),
        (vec![&one], vec![&other]),
        (vec![&one, &other], vec![]),
        (vec![&one, &other], vec![&one, &other]),
    ] {
        let mut story = Story::licensed([licence.clone().into()]);
        for event in in_proof {
            story.statements.push(event.clone().into());
        }
        for event in in_status {
            recorded(&mut story, event, 12);
        }
        unknown(&story.verdict(), Missing::SequenceConflict, "source");
        names_both(&story, one.id(), other.id());
    }
    // The same event twice is one event.
    let mut story = Story::licensed([licence.into()]).with(one.clone());
    recorded(&mut story, &one, 12);
    recorded(&mut story, &one, 13);
    permitted(&story.verdict());
}

/// An objection binds nobody, nor do two.
#[test]
fn two_objections_of_one_number_stop_nothing() {
    let licence = granted("supplier", 10);
    let event = |reason: &str, name: &str| {
        let mut event = Event::objection(licence.id(), day(4));
        event.reason = Some(reason.to_owned());
        signed(name, &event, 4)
    };
    let mut story = Story::licensed([licence.clone().into()]);
    recorded(&mut story, &event("a", "trainer"), 4);
    recorded(&mut story, &event("b", "trainer"), 4);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::SequenceConflict).len(), 1);
    // The issuer of the licence could have revoked it with one of them.
    recorded(&mut story, &event("a", "supplier"), 4);
    recorded(&mut story, &event("b", "supplier"), 4);
    unknown(&story.verdict(), Missing::SequenceConflict, "source");
}

#[test]
fn two_key_revocations_of_one_number_leave_what_the_key_signed_unknown() {
    let event =
        |on: u64| signed("trainer", &Event::key_revocation(key("trainer").id(), day(on)), 10);
    let mut story = Story::default();
    recorded(&mut story, &event(21), 12);
    permitted(&story.verdict());
    recorded(&mut story, &event(22), 12);
    unknown(&story.verdict(), Missing::SequenceConflict, "weights");
}

#[test]
fn two_settlements_of_one_number_settle_nothing() {
    let registration = registered("trainer");
    let dispute = signed("registrar", &Event::dispute(registration.id(), day(12)), 12);
    let settlement = |on: u64| signed("registrar", &Event::settlement(dispute.id(), day(on)), 13);
    let statements = [granted("trainer", 10).into(), registration.into()];
    let mut story = Story::licensed(statements);
    recorded(&mut story, &dispute, 12);
    recorded(&mut story, &settlement(13), 13);
    permitted(&story.verdict());
    recorded(&mut story, &settlement(14), 14);
    unknown(&story.verdict(), Missing::Disputed, "source");
}

/// Three events about a licence that is not revocable, the last of which is a revocation all the same.
fn chain(of: StatementId) -> [Signed<Event>; 3] {
    let first = signed("supplier", &Event::objection(of, day(4)), 4);
    let second = signed("supplier", &Event::objection(of, day(5)).after(&first), 5);
    let third = signed("supplier", &Event::objection(of, day(6)).after(&second), 6);
    [first, second, third]
}

#[test]
fn a_gap_in_the_events_of_a_status_makes_it_stale_for_their_target() {
    let licence = granted("supplier", 10);
    let events = chain(licence.id());
    for missing in 0..3 {
        let mut story = Story::licensed([licence.clone().into()]);
        for (number, event) in events.iter().enumerate() {
            if number != missing {
                recorded(&mut story, event, 6);
            }
        }
        if missing == 2 {
            // Nobody can know that there is a later one.
            permitted(&story.verdict());
            assert_eq!(found(&story, FindingCode::EventGap), []);
            continue;
        }
        unknown(&story.verdict(), Missing::Status, "source");
        assert_eq!(found(&story, FindingCode::EventGap), nodes(&[licence.id()]));
        // The caller may rely on it all the same, and is told.
        let proof = story.proof();
        let verifier = Verifier::new(&story.trust, day(20))
            .known_events(story.status.as_ref().unwrap())
            .stale_status(StaleStatus::Accept);
        let verdict = verifier.verify(&proof, manifest("weights")).unwrap().rights(&sell());
        let Verdict::Permit { stale_status_relied_on, .. } = verdict else { panic!("{verdict}") };
        assert_eq!(stale_status_relied_on, [licence.id()].into());
    }
}

#[test]
fn earlier_events_may_stand_in_the_status_or_in_the_proof_alone() {
    let licence = granted("supplier", 10);
    let events = chain(licence.id());
    let mut story = Story::licensed([licence.clone().into()]);
    for event in &events {
        recorded(&mut story, event, 6);
    }
    permitted(&story.verdict());
    let mut story = Story::licensed([licence.into()]).with(events[0].clone());
    recorded(&mut story, &events[1], 6);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventGap), []);
}

/// The predecessor is there, and is none: another number, another issuer, another target.
#[test]
fn what_is_no_predecessor_leaves_a_gap() {
    let licence = granted("supplier", 10);
    let others = [
        signed("trainer", &Event::objection(licence.id(), day(4)), 4),
        signed("supplier", &Event::objection(Story::default().train, day(4)), 4),
    ];
    for other in &others {
        let mut story = Story::licensed([licence.clone().into()]);
        recorded(&mut story, other, 4);
        let event = Event::objection(licence.id(), day(5)).after(other);
        recorded(&mut story, &signed("supplier", &event, 5), 5);
        unknown(&story.verdict(), Missing::Status, "source");
    }
    let [first, second, _] = chain(licence.id());
    let mut far = Event::objection(licence.id(), day(6)).after(&first);
    far.seq = 2;
    let mut story = Story::licensed([licence.into()]);
    for event in [&first, &second, &signed("supplier", &far, 6)] {
        recorded(&mut story, event, 6);
    }
    unknown(&story.verdict(), Missing::Status, "source");
}

/// Whoever can only object does not stop a use by events that nobody ever saw.
#[test]
fn a_gap_in_a_strangers_objections_stops_nothing() {
    let licence = granted("supplier", 10);
    let mut event = Event::objection(licence.id(), day(5));
    (event.seq, event.prev) = (7, Some(StatementId::from_bytes([9; 32])));
    let mut story = Story::licensed([licence.clone().into()]);
    recorded(&mut story, &signed("trainer", &event, 5), 5);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::EventGap), nodes(&[licence.id()]));
}

/// A gap about a registration, a step, a dataset and a key.
#[test]
fn a_gap_makes_stale_whatever_the_events_are_about() {
    let gap = |name: &str, event: Event| {
        let mut event = event;
        (event.seq, event.prev) = (1, Some(StatementId::from_bytes([9; 32])));
        signed(name, &event, 5)
    };
    let registration = registered("trainer");
    let mut titled = Story::licensed([granted("trainer", 10).into(), registration.clone().into()]);
    recorded(&mut titled, &gap("registrar", Event::objection(registration.id(), day(5))), 5);
    unknown(&titled.verdict(), Missing::Status, "source");

    let dataset = Story::default().statements.iter().find_map(Statement::as_dataset).unwrap().id();
    let key = key("trainer").id();
    for (name, event, at) in [
        ("trainer", Event::objection(Story::default().train, day(5)), "weights"),
        ("collector", Event::objection(dataset, day(5)), "source"),
        ("trainer", Event::key_revocation(key, day(21)), "weights"),
    ] {
        let mut story = Story::default();
        recorded(&mut story, &gap(name, event), 5);
        unknown(&story.verdict(), Missing::Status, at);
    }
}
