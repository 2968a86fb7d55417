//! Objections and disputes: what anybody says, and what a registrar or a court accepted.

use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
use datadeed::statement::{Issuer, Payload};
use datadeed::trust::{Delegation, Mandate, Role, TrustStore};
use datadeed::verify::Verifier;

use super::*;

fn with_court() -> TrustStore {
    let anchors = trust();
    TrustStore::new(anchors.anchors().cloned().chain([anchor("court", &[Role::Court])]))
}

fn registered(claimant: &str) -> Signed<Registration> {
    let iss = format!("did:web:{claimant}.example");
    let who = Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
    sign("registrar", &Registration::new(manifest("source"), "Source", [who], day(3), day(300)))
}

/// A licence of a registered claimant's.
fn story() -> (Story, Signed<Registration>) {
    let registration = registered("trainer");
    let statements = [granted("trainer", 10).into(), registration.clone().into()];
    let mut story = Story::licensed(statements);
    story.trust = with_court();
    (story, registration)
}

#[test]
fn an_objection_stops_nothing_whoever_makes_it() {
    for name in ["stranger", "supplier", "registrar", "court", "trainer"] {
        let (mut story, registration) = story();
        story.extra_keys.push(key("stranger"));
        let objection = signed(name, &Event::objection(registration.id(), day(4)), 4);
        recorded(&mut story, &objection, 4);
        // A stranger's key is known only where the proof carries it.
        story.statements.push(objection.into());
        if name != "stranger" {
            story.extra_keys.clear();
        }
        permitted(&story.verdict());
        assert_eq!(
            found(&story, FindingCode::Objection),
            [Node::Statement(registration.id())],
            "{name}"
        );
    }
}

#[test]
fn a_dispute_binds_once_a_registrar_or_a_court_accepted_it() {
    for (name, binds) in
        [("registrar", true), ("court", true), ("supplier", false), ("curator", false)]
    {
        let (mut story, registration) = story();
        recorded(&mut story, &signed(name, &Event::dispute(registration.id(), day(4)), 4), 4);
        let node = Node::Statement(registration.id());
        if binds {
            unknown(&story.verdict(), Missing::Disputed, "source");
            assert_eq!(found(&story, FindingCode::Disputed), [node]);
        } else {
            permitted(&story.verdict());
            assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
        }
    }
}

#[test]
fn a_dispute_is_open_from_its_day_until_its_settlement() {
    let (mut story, registration) = story();
    let dispute = signed("court", &Event::dispute(registration.id(), day(21)), 12);
    recorded(&mut story, &dispute, 12);
    let ask = |story: &Story, on| story.verify().unwrap().rights(&sell().at(day(on)));
    permitted(&ask(&story, 20));
    unknown(&ask(&story, 21), Missing::Disputed, "source");
    let settlement = signed("court", &Event::settlement(dispute.id(), day(22)), 13);
    recorded(&mut story, &settlement, 13);
    unknown(&ask(&story, 21), Missing::Disputed, "source");
    let lineage = story.verify().unwrap();
    // A status of day 20 says nothing of day 22.
    unknown(&lineage.rights(&sell().at(day(22))), Missing::Status, "source");
}

/// A use of long ago is as disputed as one of today while it is open, and as one of then afterwards.
#[test]
fn what_is_disputed_now_was_not_settled_then() {
    let (mut story, registration) = story();
    let dispute = signed("court", &Event::dispute(registration.id(), day(15)), 15);
    recorded(&mut story, &dispute, 15);
    let ask = |story: &Story, on| story.verify().unwrap().rights(&sell().at(day(on)));
    unknown(&ask(&story, 14), Missing::Disputed, "source");
    recorded(&mut story, &signed("court", &Event::settlement(dispute.id(), day(18)), 18), 18);
    permitted(&ask(&story, 14));
    unknown(&ask(&story, 17), Missing::Disputed, "source");
    permitted(&ask(&story, 18));
}

/// A settlement is in favour of the claimant: it counts from when it is proven, not from when it says.
#[test]
fn a_settlement_is_not_dated_back() {
    let (mut story, registration) = story();
    let dispute = signed("court", &Event::dispute(registration.id(), day(12)), 12);
    recorded(&mut story, &dispute, 12);
    recorded(&mut story, &signed("court", &Event::settlement(dispute.id(), day(12)), 12), 18);
    let ask = |on| story.verify().unwrap().rights(&sell().at(day(on)));
    unknown(&ask(17), Missing::Disputed, "source");
    permitted(&ask(18));
}

#[test]
fn a_dispute_is_settled_by_whoever_accepted_it() {
    for (name, settles) in [("court", true), ("registrar", false), ("trainer", false)] {
        let (mut story, registration) = story();
        let dispute = signed("court", &Event::dispute(registration.id(), day(12)), 12);
        recorded(&mut story, &dispute, 12);
        recorded(&mut story, &signed(name, &Event::settlement(dispute.id(), day(15)), 15), 15);
        if settles {
            permitted(&story.verdict());
            let node = Node::Statement(dispute.id());
            assert_eq!(found(&story, FindingCode::DisputeSettled), [node]);
        } else {
            unknown(&story.verdict(), Missing::Disputed, "source");
        }
    }
}

/// Of a registrar whose time is over, a settlement counts if it was seen before: it favours the claimant.
#[test]
fn a_settlement_needs_a_registrar_or_a_court_who_still_is_one() {
    let verdict = |on: u64| {
        let (mut story, registration) = story();
        let anchors = trust();
        let others =
            anchors.anchors().filter(|one| !one.mandate.roles.contains(&Role::Registrar)).cloned();
        let over = anchor("registrar", &[Role::Registrar]).between(day(0), day(18));
        story.trust = TrustStore::new(others.chain([over]));
        seen(&mut story, registration.id(), 11);
        let dispute = signed("registrar", &Event::dispute(registration.id(), day(12)), 12);
        recorded(&mut story, &dispute, 12);
        let settlement = signed("registrar", &Event::settlement(dispute.id(), day(13)), 13);
        recorded(&mut story, &settlement, on);
        story.verdict()
    };
    permitted(&verdict(17));
    unknown(&verdict(18), Missing::Disputed, "source");
}

/// Each of two disputes has to be settled; the same in the proof as in the status.
#[test]
fn one_settlement_ends_one_dispute() {
    let (mut story, registration) = story();
    let first = signed("court", &Event::dispute(registration.id(), day(12)), 12);
    let second = Event::dispute(registration.id(), day(13)).after(&first);
    let second = signed("court", &second, 13);
    let settled = |of: &Signed<Event>| signed("court", &Event::settlement(of.id(), day(15)), 15);
    for event in [&first, &second, &settled(&first)] {
        recorded(&mut story, event, 15);
    }
    unknown(&story.verdict(), Missing::Disputed, "source");
    recorded(&mut story, &settled(&second), 15);
    permitted(&story.verdict());
    for event in [&first, &second, &settled(&first), &settled(&second)] {
        story.statements.push(event.clone().into());
    }
    permitted(&story.verdict());
}

#[test]
fn whatever_rests_on_what_is_disputed_is_unknown() {
    // A licence, by a registrar or by a court.
    let licence = granted("supplier", 10);
    for name in ["registrar", "court"] {
        let mut story = Story::licensed([licence.clone().into()]);
        story.trust = with_court();
        recorded(&mut story, &signed(name, &Event::dispute(licence.id(), day(12)), 12), 12);
        unknown(&story.verdict(), Missing::Disputed, "source");
    }
    // A step, and a dataset.
    let dataset = Story::default().statements[0].id();
    for (target, at) in [(Story::default().train, "weights"), (dataset, "source")] {
        let mut story = Story { trust: with_court(), ..Story::default() };
        recorded(&mut story, &signed("court", &Event::dispute(target, day(12)), 12), 12);
        unknown(&story.verdict(), Missing::Disputed, at);
    }
}

/// Whoever hears of a dispute about his dataset does not end it by taking back what he said.
#[test]
fn what_is_disputed_is_so_after_its_issuer_took_it_back() {
    let dataset = Story::default().statements[0].id();
    let mut story = Story { trust: with_court(), ..Story::default() };
    recorded(&mut story, &signed("court", &Event::dispute(dataset, day(12)), 12), 12);
    recorded(&mut story, &signed("collector", &revocation(dataset, day(13)), 13), 13);
    unknown(&story.verdict(), Missing::Disputed, "source");
    assert!(!story.verify().unwrap().is_believed(dataset));
}

/// Another title of the same dataset is in dispute as well.
#[test]
fn a_dispute_about_one_title_is_one_about_all_of_the_dataset() {
    let (mut story, registration) = story();
    let again = but(registration.payload().clone(), |r| {
        (r.seq, r.prev, r.supersedes) = (1, Some(registration.id()), Some(registration.id()));
    });
    story.statements.push(sign("registrar", &again).into());
    permitted(&story.verdict());
    recorded(&mut story, &signed("court", &Event::dispute(registration.id(), day(12)), 12), 12);
    unknown(&story.verdict(), Missing::Disputed, "source");
}

/// A court for other datasets is none here.
#[test]
fn a_court_decides_within_its_scope() {
    let (mut story, registration) = story();
    let elsewhere = anchor("court", &[Role::Court]).scope([manifest("corpus").to_string()]);
    let anchors = trust();
    story.trust = TrustStore::new(anchors.anchors().cloned().chain([elsewhere]));
    recorded(&mut story, &signed("court", &Event::dispute(registration.id(), day(12)), 12), 12);
    permitted(&story.verdict());
    let node = Node::Statement(registration.id());
    assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
}

/// A registrar of some schemes and places, or of some datasets, who issued nothing here.
fn second(mandate: impl FnOnce(datadeed::trust::Anchor) -> datadeed::trust::Anchor) -> TrustStore {
    let anchors = trust();
    let second = mandate(anchor("second", &[Role::Registrar]));
    TrustStore::new(anchors.anchors().cloned().chain([second]))
}

fn registered_in(place: &str, scheme: &str, by: &str) -> Signed<Registration> {
    let registration = but(registered("trainer").payload().clone(), |one| {
        one.jurisdiction = Some(place.to_owned());
        one.scheme = Some(scheme.to_owned());
    });
    sign(by, &registration)
}

#[test]
fn a_registrar_disputes_the_registrations_of_his_schemes_and_places() {
    let bounded =
        || second(|one| one.jurisdictions(["CN-BJ".parse().unwrap()]).schemes(["data-ip"]));
    for (place, scheme, binds) in
        [("CN-BJ", "data-ip", true), ("CN-SH", "data-ip", false), ("CN-BJ", "data-rights", false)]
    {
        let registration = registered_in(place, scheme, "registrar");
        let mut story =
            Story::licensed([granted("trainer", 10).into(), registration.clone().into()]);
        story.trust = bounded();
        permitted(&story.verdict());
        let dispute = signed("second", &Event::dispute(registration.id(), day(12)), 12);
        recorded(&mut story, &dispute, 12);
        if !binds {
            permitted(&story.verdict());
            let node = Node::Statement(registration.id());
            assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
            continue;
        }
        unknown(&story.verdict(), Missing::Disputed, "source");
        let settlement = signed("second", &Event::settlement(dispute.id(), day(14)), 14);
        recorded(&mut story, &settlement, 14);
        permitted(&story.verdict());
    }
}

/// Nothing but a registration has a scheme or a place.
#[test]
fn a_registrar_of_some_places_disputes_nothing_but_registrations() {
    let licence = granted("supplier", 10);
    let (dataset, train) = (Story::default().statements[0].id(), Story::default().train);
    for target in [licence.id(), dataset, train] {
        for (place, binds) in [(None, true), (Some("CN-BJ"), false)] {
            let mut story = Story::licensed([licence.clone().into()]);
            story.trust = second(|one| match place {
                Some(place) => one.jurisdictions([place.parse().unwrap()]),
                None => one,
            });
            recorded(&mut story, &signed("second", &Event::dispute(target, day(12)), 12), 12);
            assert_eq!(story.verdict().is_permit(), !binds, "{}", story.verdict());
        }
    }
}

/// He issued it, so he disputes and settles it, whatever else he may do.
#[test]
fn a_registrar_of_some_places_settles_what_he_disputed() {
    let registration = registered_in("CN-BJ", "data-ip", "second");
    let mut story = Story::licensed([granted("trainer", 10).into(), registration.clone().into()]);
    story.trust = second(|one| one.jurisdictions(["CN".parse().unwrap()]));
    let dispute = signed("second", &Event::dispute(registration.id(), day(12)), 12);
    recorded(&mut story, &dispute, 12);
    unknown(&story.verdict(), Missing::Disputed, "source");
    recorded(&mut story, &signed("second", &Event::settlement(dispute.id(), day(14)), 14), 14);
    permitted(&story.verdict());
}

/// Two registrars of one place: neither takes away or gives away what the other registered.
#[test]
fn a_registrar_ends_and_moves_no_title_of_another_registrar() {
    let registration = registered_in("CN-BJ", "data-ip", "registrar");
    let to = [datadeed::rights::Transferee::new("did:web:curator.example")];
    for event in [
        Event::cancellation(registration.id(), day(4)),
        Event::transfer(registration.id(), to, day(4)),
        revocation(registration.id(), day(4)),
    ] {
        let mut story =
            Story::licensed([granted("trainer", 10).into(), registration.clone().into()]);
        story.trust = second(|one| one);
        recorded(&mut story, &signed("second", &event, 12), 12);
        permitted(&story.verdict());
        let node = Node::Statement(registration.id());
        assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
    }
}

const CLERK: &str = "did:web:clerk.example";

/// The clerk's name for the key of this name, by somebody who may delegate this role.
fn named_clerk(by: &str, key_of: &str, role: Role) -> Signed<Delegation> {
    Delegation::new(CLERK, key(key_of), Mandate::new([role])).sign(&issuer(by), day(2)).unwrap()
}

/// Gives the clerk's name to another key, which signed something, so that neither delegation counts.
fn contest(story: Story) -> Story {
    let rival = Issuer::new(CLERK, signing_key("rival"));
    let described = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let described = described.sign(&rival, day(3)).unwrap();
    story.with(named_clerk("trainer", "rival", Role::Trainer)).with(described)
}

/// Whoever may delegate anything could silence a court's delegate otherwise.
#[test]
fn a_dispute_by_a_delegate_binds_though_somebody_contests_his_name() {
    let (story, registration) = story();
    let clerk = Issuer::new(CLERK, signing_key("clerk"));
    let dispute = Event::dispute(registration.id(), day(4)).sign(&clerk, day(4)).unwrap();
    let story = story.with(named_clerk("court", "clerk", Role::Court)).with(dispute);
    unknown(&story.verdict(), Missing::Disputed, "source");
    let story = contest(story);
    assert_eq!(found(&story, FindingCode::DelegationWithoutEffect).len(), 2);
    unknown(&story.verdict(), Missing::Disputed, "source");
}

/// Nor does a rival title vanish because somebody contests the registrar's branch.
#[test]
fn a_title_by_a_delegate_stands_against_others_though_somebody_contests_his_name() {
    let clerk = Issuer::new(CLERK, signing_key("clerk"));
    let theirs = registered("supplier").payload().clone().sign(&clerk, day(3)).unwrap();
    let given = named_clerk("registrar", "clerk", Role::Registrar);
    let story = story().0.with(given).with(theirs);
    unknown(&story.verdict(), Missing::Disputed, "source");
    let story = contest(story);
    assert_eq!(found(&story, FindingCode::DelegationWithoutEffect).len(), 2);
    unknown(&story.verdict(), Missing::Disputed, "source");
}

/// Nor because a key was lost meanwhile: what it signed stands against others as before.
#[test]
fn a_title_by_the_delegate_of_a_lost_key_stands_against_others() {
    let clerk = Issuer::new(CLERK, signing_key("clerk"));
    let theirs = registered("supplier").payload().clone().sign(&clerk, day(3)).unwrap();
    let mut story = story().0.with(named_clerk("branch", "clerk", Role::Registrar)).with(theirs);
    let branch = anchor("branch", &[Role::Registrar]);
    story.trust = TrustStore::new(with_court().anchors().cloned().chain([branch]));
    unknown(&story.verdict(), Missing::Disputed, "source");
    let lost = Event::key_revocation(key("branch").id(), day(1));
    recorded(&mut story, &signed("court", &lost, 5), 5);
    unknown(&story.verdict(), Missing::Disputed, "source");
}

/// The prover leaves out by which delegation the clerk speaks against him.
#[test]
fn a_delegation_that_the_caller_knows_lets_its_delegate_speak_against_others() {
    let (mut story, registration) = story();
    let clerk = Issuer::new(CLERK, signing_key("clerk"));
    let dispute = Event::dispute(registration.id(), day(4)).sign(&clerk, day(4)).unwrap();
    recorded(&mut story, &dispute, 4);
    permitted(&story.verdict());
    let proof = story.proof();
    let verdict = |known: &[Signed<Delegation>]| {
        let verifier = Verifier::new(&story.trust, day(20)).known_delegations(known);
        let verifier = verifier.known_events(story.status.as_ref().unwrap());
        verifier.verify(&proof, manifest("weights")).unwrap().rights(&sell())
    };
    let given = named_clerk("court", "clerk", Role::Court);
    unknown(&verdict(std::slice::from_ref(&given)), Missing::Disputed, "source");
    // Neither whoever has no such role nor a forger gives it to him.
    permitted(&verdict(&[named_clerk("trainer", "clerk", Role::Court)]));
    let mut forged = given.as_bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    permitted(&verdict(&[Signed::decode(&forged).unwrap()]));
}

/// What is said by such a delegation in somebody's favour does not count.
#[test]
fn a_delegation_that_the_caller_knows_settles_nothing() {
    let (mut story, registration) = story();
    let dispute = signed("court", &Event::dispute(registration.id(), day(4)), 4);
    recorded(&mut story, &dispute, 4);
    let clerk = Issuer::new(CLERK, signing_key("clerk"));
    let settlement = Event::settlement(dispute.id(), day(5)).sign(&clerk, day(5)).unwrap();
    recorded(&mut story, &settlement, 5);
    let proof = story.proof();
    let known = [named_clerk("court", "clerk", Role::Court)];
    let verifier = Verifier::new(&story.trust, day(20)).known_delegations(&known);
    let verifier = verifier.known_events(story.status.as_ref().unwrap());
    let verdict = verifier.verify(&proof, manifest("weights")).unwrap().rights(&sell());
    unknown(&verdict, Missing::Disputed, "source");
}
