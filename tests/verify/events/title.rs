//! Titles that pass to others, and titles that end.

use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration, Transferee};

use super::*;

/// The source is the claimant's from day 0 on, as the registrar said on day 0.
fn registered(claimant: &str) -> Signed<Registration> {
    let iss = format!("did:web:{claimant}.example");
    let who = Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let registration = Registration::new(manifest("source"), "Source", [who], day(0), day(300));
    registration.sign(&issuer("registrar"), day(0)).unwrap()
}

fn transfer(of: &Signed<Registration>, to: &str, effective: u64) -> Event {
    let to = Transferee::new(format!("did:web:{to}.example"));
    Event::transfer(of.id(), [to], day(effective))
}

/// A licence of the trainer's, who is registered first; the title passes to the curator on day 8.
fn passed_on(licence: &Signed<Licence>) -> (Story, Signed<Registration>) {
    let registration = registered("trainer");
    let event = signed("registrar", &transfer(&registration, "curator", 8), 8);
    let statements = [licence.clone().into(), registration.clone().into()];
    let mut story = Story::licensed(statements);
    recorded(&mut story, &event, 8);
    // The curator is a claimant alone here, no anchor for the source.
    let others = trust();
    let others = others.anchors().filter(|anchor| anchor.iss != "did:web:curator.example");
    let curator = anchor("curator", &[datadeed::trust::Role::RightsHolder])
        .scope([manifest("corpus").to_string()]);
    let cleans = anchor("curator", &[datadeed::trust::Role::Curator]);
    story.trust = datadeed::trust::TrustStore::new(others.cloned().chain([curator, cleans]));
    (story, registration)
}

#[test]
fn a_licence_dated_before_a_transfer_has_to_be_proven_to_be_from_before() {
    let licence = granted("trainer", 7);
    let (mut story, registration) = passed_on(&licence);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
    assert_eq!(found(&story, FindingCode::TitleTransferred), [Node::Statement(registration.id())]);
    seen(&mut story, licence.id(), 8);
    unknown(&story.verdict(), Missing::ActTimeUnproven, "source");
    // In time: that he holds the title no longer is a finding beside the verdict.
    seen(&mut story, licence.id(), 7);
    permitted(&story.verdict());
    assert_eq!(found(&story, FindingCode::TitleTransferred), [Node::Statement(registration.id())]);
}

#[test]
fn whoever_gave_his_title_away_grants_nothing_more() {
    let (mut story, _) = passed_on(&granted("trainer", 8));
    unknown(&story.verdict(), Missing::Standing, "source");
    let licence = granted("trainer", 8);
    seen(&mut story, licence.id(), 7);
    unknown(&story.verdict(), Missing::Standing, "source");
}

#[test]
fn whoever_was_given_a_title_grants_from_then_on() {
    let (story, _) = passed_on(&granted("curator", 8));
    permitted(&story.verdict());
    let (story, _) = passed_on(&granted("curator", 7));
    unknown(&story.verdict(), Missing::Standing, "source");
}

#[test]
fn a_registrar_of_some_places_passes_titles_on_there() {
    use datadeed::trust::{Role, TrustStore};

    let (first, _) = passed_on(&granted("curator", 8));
    let others = first.trust.anchors().filter(|one| one.iss != "did:web:registrar.example");
    let registrar = anchor("registrar", &[Role::Registrar]).jurisdictions(["CN".parse().unwrap()]);
    let trust = TrustStore::new(others.cloned().chain([registrar]));
    let told = |place: &str| {
        let mut registration = registered("trainer").payload().clone();
        registration.jurisdiction = Some(place.to_owned());
        let registration = registration.sign(&issuer("registrar"), day(0)).unwrap();
        let event = signed("registrar", &transfer(&registration, "curator", 8), 8);
        let mut story = Story::licensed([granted("curator", 8).into(), registration.into()]);
        recorded(&mut story, &event, 8);
        Story { trust: trust.clone(), ..story }
    };
    permitted(&told("CN-BJ").verdict());
    unknown(&told("DE").verdict(), Missing::Standing, "source");
}

/// Signed on day 8 with effect from day 2: no grant of before is the new claimant's.
#[test]
fn a_transfer_gives_no_title_from_before_it_was_signed() {
    let registration = registered("trainer");
    let event = signed("registrar", &transfer(&registration, "collector", 2), 8);
    let by_new = granted("collector", 7);
    let mut story = Story::licensed([by_new.into(), registration.clone().into()]);
    recorded(&mut story, &event, 8);
    unknown(&story.verdict(), Missing::Standing, "source");
    // And none of before it was recorded is the old one's to lose.
    let by_old = granted("trainer", 5);
    let mut story = Story::licensed([by_old.clone().into(), registration.into()]);
    recorded(&mut story, &event, 8);
    seen(&mut story, by_old.id(), 7);
    permitted(&story.verdict());
}

/// The curator's title comes from a transfer that claims day 8 and is first seen on day 12; it is over on day 15.
#[test]
fn a_transfer_counts_from_its_claimed_time_until_something_adverse_bears_on_it() {
    let registration = registered("trainer");
    let event = signed("registrar", &transfer(&registration, "collector", 8), 8);
    let story = |on: u64, ended: bool| {
        let licence = granted("collector", on);
        let statements =
            [licence.clone().into(), registration.clone().into(), event.clone().into()];
        let mut story = Story::licensed(statements);
        seen(&mut story, event.id(), 12);
        seen(&mut story, licence.id(), on.max(13));
        if ended {
            let end = Event::cancellation(registration.id(), day(15)).after(&event);
            recorded(&mut story, &signed("registrar", &end, 15), 15);
        }
        story
    };
    permitted(&story(10, false).verdict());
    unknown(&story(10, true).verdict(), Missing::ActTimeUnproven, "source");
    permitted(&story(12, true).verdict());
}

/// Of a registrar whose time is over, a transfer takes a title, and gives it only if it was seen before.
#[test]
fn a_transfer_gives_a_title_by_a_registrar_who_still_is_one() {
    let registration = registered("trainer");
    let event = signed("registrar", &transfer(&registration, "collector", 8), 8);
    let verdict = |on: u64| {
        let licence = granted("collector", 10);
        let mut story = Story::licensed([licence.into(), registration.clone().into()]);
        let anchors = trust();
        let registrar = "did:web:registrar.example";
        let others = anchors.anchors().filter(|one| one.iss != registrar).cloned();
        let over = anchor("registrar", &[datadeed::trust::Role::Registrar]);
        story.trust =
            datadeed::trust::TrustStore::new(others.chain([over.between(day(0), day(18))]));
        seen(&mut story, registration.id(), 7);
        recorded(&mut story, &event, on);
        story.verdict()
    };
    permitted(&verdict(17));
    unknown(&verdict(18), Missing::ActTimeUnproven, "source");
}

/// Of a registrar whose time is over, an end takes a title, and clears none for a rival unless it was seen before.
#[test]
fn a_rivals_title_is_ended_by_a_registrar_who_still_is_one() {
    let verdict = |event: fn(&Signed<Registration>) -> Event, rival: bool, on: u64| {
        let (mine, theirs) = (registered("trainer"), registered("supplier"));
        let mut theirs = theirs.payload().clone();
        (theirs.seq, theirs.prev) = (1, Some(mine.id()));
        let theirs = theirs.sign(&issuer("registrar"), day(0)).unwrap();
        let event = event(if rival { &theirs } else { &mine });
        let event = signed("registrar", &event, 8);
        let licence = granted("trainer", 16);
        let registrations = [mine.clone().into(), theirs.clone().into()];
        let mut story = Story::licensed(registrations.into_iter().chain([licence.into()]));
        let anchors = trust();
        let registrar = "did:web:registrar.example";
        let others = anchors.anchors().filter(|one| one.iss != registrar).cloned();
        let over = anchor("registrar", &[datadeed::trust::Role::Registrar]);
        story.trust =
            datadeed::trust::TrustStore::new(others.chain([over.between(day(0), day(15))]));
        for id in [mine.id(), theirs.id()] {
            seen(&mut story, id, 7);
        }
        recorded(&mut story, &event, on);
        story.verdict()
    };
    let cancelled = |of: &Signed<Registration>| Event::cancellation(of.id(), day(8));
    let given = |of: &Signed<Registration>| transfer(of, "trainer", 8);
    permitted(&verdict(cancelled, true, 14));
    unknown(&verdict(cancelled, true, 15), Missing::Disputed, "source");
    permitted(&verdict(given, true, 14));
    unknown(&verdict(given, true, 15), Missing::Disputed, "source");
    // What is in doubt hurts all the same.
    unknown(&verdict(cancelled, false, 14), Missing::Standing, "source");
    unknown(&verdict(cancelled, false, 15), Missing::Disputed, "source");
}

#[test]
fn a_title_passes_on_and_on() {
    let registration = registered("trainer");
    let first = signed("registrar", &transfer(&registration, "curator", 4), 4);
    let second = transfer(&registration, "collector", 8).after(&first);
    let second = signed("registrar", &second, 8);
    let verdict = |name: &str, on: u64| {
        let licence = granted(name, on);
        let mut story = Story::licensed([licence.clone().into(), registration.clone().into()]);
        story.trust = passed_on(&licence).0.trust;
        recorded(&mut story, &first, 4);
        recorded(&mut story, &second, 8);
        seen(&mut story, licence.id(), on);
        story.verdict()
    };
    permitted(&verdict("trainer", 3));
    unknown(&verdict("trainer", 4), Missing::Standing, "source");
    permitted(&verdict("curator", 4));
    permitted(&verdict("curator", 7));
    unknown(&verdict("curator", 8), Missing::Standing, "source");
    permitted(&verdict("collector", 8));
}

#[test]
fn a_cancelled_registration_gives_no_title() {
    for (on, missing) in [(7, None), (8, Some(Missing::Standing))] {
        let (licence, registration) = (granted("trainer", on), registered("trainer"));
        let event = signed("registrar", &Event::cancellation(registration.id(), day(8)), 8);
        let mut story = Story::licensed([licence.clone().into(), registration.clone().into()]);
        recorded(&mut story, &event, 8);
        seen(&mut story, licence.id(), on);
        match missing {
            Some(missing) => unknown(&story.verdict(), missing, "source"),
            None => permitted(&story.verdict()),
        }
        assert_eq!(
            found(&story, FindingCode::StatementRevoked),
            [Node::Statement(registration.id())]
        );
    }
}

#[test]
fn nobody_but_its_registrar_transfers_or_cancels_a_registration() {
    let (licence, registration) = (granted("trainer", 10), registered("trainer"));
    for name in ["trainer", "curator", "supplier", "court"] {
        for event in [
            transfer(&registration, "curator", 4),
            Event::cancellation(registration.id(), day(4)),
            revocation(registration.id(), day(4)),
        ] {
            let mut story = Story::licensed([licence.clone().into(), registration.clone().into()]);
            let court = anchor("court", &[datadeed::trust::Role::Court]);
            let anchors = trust();
            let anchors = anchors.anchors().cloned().chain([court]);
            story.trust = datadeed::trust::TrustStore::new(anchors);
            recorded(&mut story, &signed(name, &event, 4), 4);
            permitted(&story.verdict());
            let node = Node::Statement(registration.id());
            assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node], "{name}");
        }
    }
}

/// A licence or a step is nobody's to transfer or to strike off.
#[test]
fn events_about_what_they_cannot_be_about_have_no_effect() {
    let licence = granted("supplier", 10);
    let to = || [Transferee::new("did:web:curator.example")];
    for event in [
        Event::transfer(licence.id(), to(), day(4)),
        Event::cancellation(licence.id(), day(4)),
        Event::settlement(licence.id(), day(4)),
    ] {
        let mut story = Story::licensed([licence.clone().into()]);
        recorded(&mut story, &signed("supplier", &event, 4), 4);
        permitted(&story.verdict());
        let node = Node::Statement(licence.id());
        assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
    }
}
