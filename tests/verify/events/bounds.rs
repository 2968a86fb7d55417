//! How much work events and delegations may be, and that nobody makes more of it by objecting.

use datadeed::batch::Members;
use datadeed::lineage::Activity;
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
use datadeed::statement::{Issuer, Payload};
use datadeed::trust::{Delegation, Mandate, Role};
use datadeed::verify::{Bound, Budget, Verifier};

use super::*;

const LAB: &str = "did:web:lab.example";

/// The story with so many more licences that were observed, in one batch of the collector's.
fn observed_in_a_batch(members: usize, events: &[Event], by: &str) -> (Vec<u8>, StatementId) {
    let (statements, batch) = batch_of(members);
    let batch_id = batch.0.id();
    let events = events.iter().map(|event| Statement::from(signed(by, event, 12)));
    let proof = LineageProof::builder(manifest("weights"))
        .statements(Story::default().statements)
        .statements(statements)
        .statements(events)
        .batch(batch.0, &batch.1)
        .build()
        .unwrap();
    (proof.to_bytes(), batch_id)
}

fn batch_of(members: usize) -> (Vec<Statement>, (Signed<datadeed::batch::Batch>, Members)) {
    let licence = |number: usize| {
        let licence = observed(manifest("source"), "CC-BY-4.0");
        let licence = but(licence, |one| {
            let observation = one.observation.as_mut().unwrap();
            observation.source = format!("https://data.example/{number}");
        });
        Statement::from(licence.unsigned(&issuer("collector"), day(10)).unwrap())
    };
    let statements: Vec<Statement> = (0..members).map(licence).collect();
    let members = Members::new(statements.iter().map(Statement::id));
    let batch = sign("collector", &members.batch().unwrap());
    (statements, (batch, members))
}

fn batch_id(members: usize) -> StatementId {
    batch_of(members).1.0.id()
}

fn disputes(of: StatementId, count: usize) -> Vec<Event> {
    let dispute = |number: u64| Event::dispute(of, day(12).saturating_add(seconds(number)));
    (0..count).map(|number| dispute(u64::try_from(number).unwrap())).collect()
}

const fn seconds(number: u64) -> std::time::Duration {
    std::time::Duration::from_secs(number)
}

#[track_caller]
fn refused(story: &Story, proof: &[u8], bound: Bound, node: Node) {
    let rejection = story.verify_bytes(proof).unwrap_err();
    assert_eq!((rejection.bound, rejection.node), (Some(bound), node));
}

/// The least budget of edges within which a proof is verified.
fn least(story: &Story, proof: &[u8]) -> usize {
    let verify = |edges: &usize| {
        let verifier = Verifier::new(&story.trust, day(20));
        let verifier = verifier.known_events(story.status.as_ref().unwrap());
        let budget = Budget { edges: *edges, ..Budget::default() };
        verifier.budget(budget).verify(proof, manifest("weights")).is_ok()
    };
    (0..1_000).find(verify).unwrap()
}

#[test]
fn many_events_about_one_large_batch_are_refused_in_the_proof() {
    let events = disputes(batch_id(1_500), 1_400);
    let (proof, _) = observed_in_a_batch(1_500, &events, "registrar");
    refused(&Story::default(), &proof, Bound::Edges, Node::Proof);
}

#[test]
fn many_events_about_one_large_batch_are_refused_in_the_status() {
    let (proof, batch) = observed_in_a_batch(1_500, &[], "registrar");
    let mut story = Story::default();
    for event in disputes(batch, 1_400) {
        recorded(&mut story, &signed("registrar", &event, 12), 13);
    }
    refused(&story, &proof, Bound::Edges, Node::Status);
}

/// Objections may come from anybody, and as many as he likes.
#[test]
fn many_objections_to_one_large_batch_stop_nothing() {
    let (proof, batch) = observed_in_a_batch(1_500, &[], "registrar");
    let mut story = Story::default();
    for number in 0..1_400 {
        let event = Event::objection(batch, day(12).saturating_add(seconds(number)));
        recorded(&mut story, &signed("trainer", &event, 12), 13);
    }
    permitted(&story.verify_bytes(&proof).unwrap().rights(&sell()));
}

/// One finding for one event, whatever it happened to; the verdict names each of them.
#[test]
fn an_event_about_a_large_batch_is_one_finding_with_the_number_of_members() {
    let (proof, batch) = observed_in_a_batch(1_500, &[], "registrar");
    let batch_node = Node::Statement(batch);
    for (by, event, code) in [
        ("registrar", Event::dispute(batch, day(12)), FindingCode::Disputed),
        ("trainer", Event::objection(batch, day(12)), FindingCode::Objection),
        ("trainer", Event::dispute(batch, day(12)), FindingCode::EventWithoutEffect),
    ] {
        let mut story = Story::default();
        recorded(&mut story, &signed(by, &event, 12), 12);
        let lineage = story.verify_bytes(&proof).unwrap();
        let found = lineage.findings().iter().filter(|one| one.node == batch_node);
        let found: Vec<_> = found.map(|one| (one.code, one.detail.clone())).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, code);
        assert!(found[0].1.ends_with("; members: 1500"), "{found:?}");
        let verdict = lineage.rights(&sell());
        let disputed = verdict.grounds().filter(|one| one.code == Missing::Disputed.code());
        assert_eq!(disputed.count(), if code == FindingCode::Disputed { 1_500 } else { 0 });
    }
}

/// A member that is a step is looked up for each of its outputs; a settlement for all that was disputed.
#[test]
fn an_event_counts_for_all_that_it_reaches() {
    let (proof, batch) = observed_in_a_batch(7, &[], "registrar");
    let mut story = Story::default();
    let before = least(&story, &proof);
    let dispute = signed("registrar", &Event::dispute(batch, day(12)), 12);
    recorded(&mut story, &dispute, 12);
    assert_eq!(least(&story, &proof), before + 8); // the batch and its members
    recorded(&mut story, &signed("registrar", &Event::settlement(dispute.id(), day(13)), 13), 13);
    assert_eq!(least(&story, &proof), before + 16);
    recorded(&mut story, &signed("trainer", &Event::objection(batch, day(13)), 13), 13);
    assert_eq!(least(&story, &proof), before + 17);

    let train = Activity::train().input(manifest("corpus"), []).output(manifest("weights"), []);
    let train = train.output(manifest("other"), []).output(manifest("another"), []);
    let train = train.unsigned(&issuer("trainer"), day(10)).unwrap();
    let members = Members::new([train.id()]);
    let batch = sign("trainer", &members.batch().unwrap());
    let id = batch.id();
    let proof = LineageProof::builder(manifest("weights"))
        .statements(Story::default().statements)
        .statement(train)
        .batch(batch, &members)
        .build()
        .unwrap()
        .to_bytes();
    let mut story = Story::default();
    let before = least(&story, &proof);
    recorded(&mut story, &signed("registrar", &Event::dispute(id, day(12)), 12), 12);
    assert_eq!(least(&story, &proof), before + 4);
}

fn registered(number: u64, by: &str) -> Signed<Registration> {
    let iss = format!("did:web:claimant-{number}.example");
    let who = Registrant::new(iss, "Claimant", RegistrantKind::LegalPerson, RegistrantRole::Holder);
    sign(by, &Registration::new(manifest("source"), "Source", [who], day(3), day(300)))
}

/// Each licence is held against each title of its dataset, and against what happened to them.
#[test]
fn a_licence_counts_for_every_title_of_its_dataset() {
    let registration = registered(0, "registrar");
    let mut story = Story::default().with(registration.clone());
    story.statements.push(granted("supplier", 10).into());
    let once = least(&story, &story.proof());
    // Two licences of the source, and one title more.
    story.statements.push(registered(1, "registrar").into());
    assert_eq!(least(&story, &story.proof()), once + 2);
    // Nobody has a title by what the curator registers, and an objection changes none.
    story.statements.push(registered(2, "curator").into());
    assert_eq!(least(&story, &story.proof()), once + 2);
    recorded(&mut story, &signed("trainer", &Event::objection(registration.id(), day(12)), 12), 12);
    assert_eq!(least(&story, &story.proof()), once + 3);
    recorded(&mut story, &signed("registrar", &Event::dispute(registration.id(), day(12)), 12), 12);
    assert_eq!(least(&story, &story.proof()), once + 6);
}

#[test]
fn many_licences_of_a_dataset_with_many_titles_are_refused() {
    let (licences, (batch, members)) = batch_of(1_500);
    let registrations = (0..1_500).map(|number| {
        let iss = format!("did:web:claimant-{number}.example");
        let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
        let who = Registrant::new(iss, "Claimant", kind, role);
        let one = Registration::new(manifest("source"), "Source", [who], day(3), day(300));
        Statement::from(one.unsigned(&issuer("registrar"), day(10)).unwrap())
    });
    let registrations: Vec<Statement> = registrations.collect();
    let titles = Members::new(registrations.iter().map(Statement::id));
    let proof = LineageProof::builder(manifest("weights"))
        .statements(Story::default().statements)
        .statements(licences)
        .statements(registrations)
        .batch(batch, &members)
        .batch(sign("registrar", &titles.batch().unwrap()), &titles)
        .build()
        .unwrap();
    refused(&Story::default(), &proof.to_bytes(), Bound::Edges, Node::Proof);
}

fn given(by: &str, iss: &str, to: &str, mandate: Mandate, depth: u64) -> Signed<Delegation> {
    let delegation = but(Delegation::new(iss, key(to), mandate), |one| one.depth = depth);
    delegation.sign(&issuer(by), day(4)).unwrap()
}

fn by_the_lab() -> Story {
    let mut story = Story::default();
    let train = story.statements[4].as_activity().unwrap().payload().clone();
    let train = train.sign(&Issuer::new(LAB, signing_key("lab")), day(10)).unwrap();
    story.train = train.id();
    story.statements[4] = train.into();
    story
}

fn numbered(mandate: Mandate, number: u64) -> Mandate {
    mandate.between(day(0), day(300).saturating_add(seconds(number)))
}

/// What comes to nothing is as much work: each of many ways to a delegator, with each of what he gives in vain.
#[test]
fn ways_of_delegation_that_give_nothing_are_bounded() {
    let story = |each: u64| {
        let mut story = by_the_lab();
        for number in 0..each {
            let mandate = numbered(Mandate::new([Role::Trainer]), number);
            let mut to_group = given("trainer", "did:web:group.example", "group", mandate, 1);
            let again = |one: &mut Delegation| one.seq = number;
            if number > 0 {
                let prev = story.statements.last().unwrap().id();
                let next = but(to_group.payload().clone(), again);
                to_group = but(next, |one| one.prev = Some(prev))
                    .sign(&issuer("trainer"), day(4))
                    .unwrap();
            }
            story = story.with(to_group);
        }
        for number in 0..each {
            let wide = numbered(Mandate::new([Role::Curator]), number);
            story = story.with(given("group", LAB, "lab", wide, 0));
        }
        story
    };
    // 90 ways, 90 * 90 of them in vain; and 110 * 110.
    let few = story(90);
    unknown(&few.verdict(), Missing::Trust, "weights");
    let many = story(110);
    refused(&many, &many.proof(), Bound::Delegations, Node::Proof);
}

/// A holder who lets another act for many datasets, one by one.
#[test]
fn many_delegations_to_one_delegate_are_well() {
    let mut story = by_the_lab();
    let mut prev = None;
    for number in 0..500 {
        let mandate = numbered(Mandate::new([Role::Trainer]), number);
        let next = but(Delegation::new(LAB, key("lab"), mandate), |one| {
            (one.seq, one.prev) = (number, prev);
        });
        let next = next.sign(&issuer("trainer"), day(4)).unwrap();
        prev = Some(next.id());
        story = story.with(next);
    }
    permitted(&story.verdict());
}

/// Whatever he says is held against each.
#[test]
fn what_a_delegate_says_counts_for_each_way_to_him() {
    let mut story =
        by_the_lab().with(given("trainer", LAB, "lab", Mandate::new([Role::Trainer]), 0));
    let once = least(&story, &story.proof());
    let Some(Statement::Delegation(first)) = story.statements.last().cloned() else { panic!() };
    let again = but(first.payload().clone(), |one| (one.seq, one.prev) = (1, Some(first.id())));
    story = story.with(again.sign(&issuer("trainer"), day(4)).unwrap());
    assert_eq!(least(&story, &story.proof()), once + 1);
}
