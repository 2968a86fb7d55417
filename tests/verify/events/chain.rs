//! The chain of title as it is shown: who is registered when, what stands beside it, and how far it reaches.

pub(crate) mod growing;
mod shared;

use std::collections::BTreeMap;

use datadeed::batch::Members;
use datadeed::digest::Digest;
use datadeed::id::Subject;
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
use datadeed::manifest::{FileEntry, Manifest, NameProfile};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Action, Duty, EventKind, EvidenceDeposit, EvidenceKind, Registrant, RegistrantKind,
    RegistrantRole, Registration, RegistrationKind, RightsClaim, Rule, Transferee, Use,
    WithheldReason,
};
use datadeed::trust::{Role, TrustStore};
use datadeed::verify::{
    RegisteredTitle, StaleStatus, TimeSource, TitleState, VerifiedLineage, Verifier,
};

use super::*;

/// Names with their shares, in hundredths of a percent where they are stated.
type Shares<'a> = &'a [(&'a str, Option<u64>)];

fn iss(name: &str) -> String {
    format!("did:web:{name}.example")
}

fn form(of: ManifestId, names: Shares<'_>, from: u64) -> Registration {
    let who = names.iter().map(|(name, share)| {
        let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
        but(Registrant::new(iss(name), *name, kind, role), |who| who.share = *share)
    });
    Registration::new(of, "Source", who, day(from), day(300))
}

fn certificate(registration: &Registration) -> Signed<Registration> {
    registration.sign(&issuer("registrar"), registration.issued_at).unwrap()
}

/// The source is the trainer's, from day 2 to day 300.
fn registered() -> Signed<Registration> {
    certificate(&form(manifest("source"), &[("trainer", None)], 2))
}

fn transfer(of: &Signed<Registration>, to: Shares<'_>, effective: u64) -> Event {
    let to = to.iter().map(|(name, share)| but(Transferee::new(iss(name)), |to| to.share = *share));
    Event::transfer(of.id(), to, day(effective))
}

/// The story with these certificates, and with events that were recorded on the day they were signed.
fn told(certificates: &[&Signed<Registration>], events: &[(&Signed<Event>, u64)]) -> Story {
    let certificates = certificates.iter().map(|one| Statement::from((*one).clone()));
    let mut story = Story::licensed(certificates);
    for (event, on) in events {
        recorded(&mut story, event, *on);
    }
    story
}

#[track_caller]
fn only(lineage: &VerifiedLineage, on: u64) -> RegisteredTitle<'_> {
    let titles = lineage.titles(manifest("source"), day(on));
    let [title] = <[_; 1]>::try_from(titles).expect("there is one");
    title
}

fn shares(of: Shares<'_>) -> BTreeMap<String, Option<u64>> {
    of.iter().map(|(name, share)| (iss(name), *share)).collect()
}

#[track_caller]
fn held(title: &RegisteredTitle<'_>, by: Shares<'_>, from: u64, until: u64) {
    let claimants: BTreeMap<String, Option<u64>> =
        title.claimants.iter().map(|(iss, share)| ((*iss).to_owned(), *share)).collect();
    assert_eq!(claimants, shares(by));
    assert_eq!((title.from, title.until), (day(from), day(until)));
}

/// The state on the day before each of these days, and on it.
#[track_caller]
fn turns(story: &Story, on: u64, before: Option<TitleState>, after: TitleState) {
    let lineage = story.verify().unwrap();
    let state = |on: u64| {
        let titles = lineage.titles(manifest("source"), day(on));
        titles.first().map(|title| title.state)
    };
    assert_eq!((state(on - 1), state(on)), (before, Some(after)));
}

#[test]
fn a_title_is_registered_from_its_issue_to_the_end_of_its_term() {
    let story = told(&[&registered()], &[]);
    turns(&story, 2, None, TitleState::Registered);
    turns(&story, 300, Some(TitleState::Registered), TitleState::Expired);
    let lineage = story.verify().unwrap();
    let title = only(&lineage, 5);
    held(&title, &[("trainer", None)], 2, 300);
    assert_eq!((title.transfer, title.ended_by, title.version_by), (None, None, None));
    assert_eq!(title.doubts, [].into());
    // Of a title that is over, who had it last.
    held(&only(&lineage, 400), &[("trainer", None)], 2, 300);
    assert!(lineage.titles(manifest("corpus"), day(5)).is_empty());
}

#[test]
fn a_term_ends_with_the_source_agreement() {
    let form = but(form(manifest("source"), &[("trainer", None)], 2), |form| {
        form.agreement_cap = Some(day(15));
    });
    let story = told(&[&certificate(&form)], &[]);
    turns(&story, 15, Some(TitleState::Registered), TitleState::Expired);
    held(&only(&story.verify().unwrap(), 5), &[("trainer", None)], 2, 15);
    assert_eq!(found(&story, FindingCode::TitleExpired).len(), 1);
    // The day of the verification is 20.
    for (cap, expired) in [(20, 1), (21, 0)] {
        let form = but(form.clone(), |form| form.agreement_cap = Some(day(cap)));
        let story = told(&[&certificate(&form)], &[]);
        assert_eq!(found(&story, FindingCode::TitleExpired).len(), expired, "{cap}");
    }
}

#[test]
fn what_is_published_for_objections_is_no_title_yet() {
    let form = but(form(manifest("source"), &[("trainer", None)], 8), |form| {
        (form.publicity_from, form.publicity_to) = (Some(day(4)), Some(day(6)));
    });
    let story = told(&[&certificate(&form)], &[]);
    turns(&story, 4, None, TitleState::Publicised);
    turns(&story, 8, Some(TitleState::Publicised), TitleState::Registered);
}

#[test]
fn a_title_that_passed_on_is_theirs_to_whom_it_was_given_with_their_shares() {
    let registration = registered();
    let buyers = [("curator", Some(6_000)), ("fund", Some(4_000))];
    let first = signed("registrar", &transfer(&registration, &buyers, 8), 8);
    let second = transfer(&registration, &[("collector", None)], 30).after(&first);
    let second = signed("registrar", &second, 9);
    let story = told(&[&registration], &[(&first, 9), (&second, 9)]);
    let lineage = story.verify().unwrap();
    // Dated day 8, and there on day 9 for certain.
    held(&only(&lineage, 8), &[("trainer", None)], 2, 9);
    let title = only(&lineage, 9);
    held(&title, &buyers, 9, 30);
    assert_eq!((title.state, title.transfer), (TitleState::Registered, Some(first.id())));
    let last = only(&lineage, 30);
    held(&last, &[("collector", None)], 30, 300);
    assert_eq!(last.transfer, Some(second.id()));
}

#[test]
fn nobody_is_shown_to_hold_what_a_registrar_gave_whose_time_was_over() {
    let registration = registered();
    let event = signed("registrar", &transfer(&registration, &[("curator", None)], 8), 8);
    let mut story = told(&[&registration], &[(&event, 12)]);
    let others = story.trust.anchors().filter(|one| one.iss != iss("registrar")).cloned();
    let over = anchor("registrar", &[Role::Registrar]).between(day(0), day(10));
    story.trust = TrustStore::new(others.chain([over]));
    seen(&mut story, registration.id(), 3);
    let lineage = story.verify().unwrap();
    held(&only(&lineage, 11), &[("trainer", None)], 2, 12);
    held(&only(&lineage, 12), &[], 12, 300);
}

#[test]
fn a_title_ends_as_its_registrar_says_and_by_what() {
    let registration = registered();
    let of = Subject::Statement(registration.id());
    for (event, state) in [
        (Event::cancellation(registration.id(), day(8)), TitleState::Cancelled),
        (Event::revocation(of, day(8)), TitleState::Revoked),
    ] {
        let event = signed("registrar", &event, 8);
        let story = told(&[&registration], &[(&event, 8)]);
        turns(&story, 8, Some(TitleState::Registered), state);
        let lineage = story.verify().unwrap();
        assert_eq!(only(&lineage, 7).ended_by, None);
        assert_eq!(only(&lineage, 8).ended_by, Some(event.id()));
        held(&only(&lineage, 8), &[("trainer", None)], 2, 8);
        // That its term was over later changes nothing.
        assert_eq!(only(&lineage, 400).state, state);
    }
}

#[test]
fn the_first_end_is_the_end_and_of_one_day_the_gravest() {
    let registration = registered();
    let of = Subject::Statement(registration.id());
    let struck = signed("registrar", &Event::cancellation(registration.id(), day(8)), 8);
    for (on, state) in [(8, TitleState::Revoked), (9, TitleState::Cancelled)] {
        let taken = Event::revocation(of.clone(), day(on)).after(&struck);
        let taken = signed("registrar", &taken, on);
        let story = told(&[&registration], &[(&struck, 8), (&taken, on)]);
        assert_eq!(only(&story.verify().unwrap(), 10).state, state);
    }
}

#[test]
fn a_record_of_renewal_takes_the_place_of_the_one_before() {
    let first = registered();
    let next = |kind, names: Shares<'_>| {
        certificate(&but(form(manifest("source"), names, 8), |form| {
            (form.kind, form.supersedes) = (kind, Some(first.id()));
            (form.seq, form.prev) = (1, Some(first.id()));
            form.valid_until = day(600);
        }))
    };
    let renewal = next(RegistrationKind::Renewal, &[("trainer", None)]);
    let mut story = told(&[&first, &renewal], &[]);
    seen(&mut story, renewal.id(), 8);
    let lineage = story.verify().unwrap();
    let titles = |on| lineage.titles(manifest("source"), day(on));
    assert_eq!(titles(7).len(), 1);
    let [old, new] = &titles(8)[..] else { panic!("two") };
    assert_eq!((old.state, old.ended_by), (TitleState::Replaced, Some(renewal.id())));
    assert_eq!((new.state, new.ended_by), (TitleState::Registered, None));
    held(new, &[("trainer", None)], 8, 600);
    assert_eq!(titles(400)[1].state, TitleState::Registered);

    for (kind, state) in [
        (RegistrationKind::Cancellation, TitleState::Cancelled),
        (RegistrationKind::Revocation, TitleState::Revoked),
    ] {
        let record = next(kind, &[("trainer", None)]);
        let mut story = told(&[&first, &record], &[]);
        seen(&mut story, record.id(), 8);
        let title = &story.verify().unwrap();
        assert_eq!((only(title, 8).state, only(title, 8).ended_by), (state, Some(record.id())));
    }
}

#[test]
fn a_title_is_disputed_while_a_dispute_is_open() {
    let registration = registered();
    let dispute = signed("registrar", &Event::dispute(registration.id(), day(8)), 8);
    let settled = signed("registrar", &Event::settlement(dispute.id(), day(12)), 12);
    let story = told(&[&registration], &[(&dispute, 8), (&settled, 12)]);
    turns(&story, 8, Some(TitleState::Registered), TitleState::Disputed);
    turns(&story, 12, Some(TitleState::Disputed), TitleState::Registered);
    let lineage = story.verify().unwrap();
    let open = |on| only(&lineage, on).disputes().map(|one| one.event).collect::<Vec<_>>();
    assert_eq!((open(7), open(8), open(12)), (vec![], vec![dispute.id()], vec![]));
}

#[test]
fn live_titles_with_other_claimants_stand_against_each_other() {
    let mine = registered();
    let theirs = |name: &str| {
        certificate(&but(form(manifest("source"), &[(name, None)], 8), |form| {
            (form.seq, form.prev) = (1, Some(mine.id()));
        }))
    };
    let rival = theirs("collector");
    let struck = signed("registrar", &Event::cancellation(rival.id(), day(12)), 12);
    let story = told(&[&mine, &rival], &[(&struck, 12)]);
    let lineage = story.verify().unwrap();
    let states = |on| {
        let titles = lineage.titles(manifest("source"), day(on));
        titles.iter().map(|title| title.state).collect::<Vec<_>>()
    };
    assert_eq!(states(7), [TitleState::Registered]);
    assert_eq!(states(8), [TitleState::Disputed, TitleState::Disputed]);
    assert_eq!(states(12), [TitleState::Registered, TitleState::Cancelled]);
    // Two certificates of the same claimant say the same.
    let again = theirs("trainer");
    let lineage = told(&[&mine, &again], &[]).verify().unwrap();
    let titles = lineage.titles(manifest("source"), day(8));
    assert!(titles.iter().all(|title| title.state == TitleState::Registered), "{titles:?}");
}

#[test]
fn a_title_is_encumbered_from_its_pledge_to_its_release() {
    let registration = registered();
    let pledge = but(Event::pledge(registration.id(), [iss("bank")], day(8)), |pledge| {
        (pledge.amount, pledge.currency) = (Some(300_000), Some("CNY".to_owned()));
    });
    let pledge = signed("registrar", &pledge, 8);
    let release = signed("registrar", &Event::release(pledge.id(), day(12)), 12);
    let node = Node::Statement(registration.id());
    let story = told(&[&registration], &[(&pledge, 8)]);
    assert_eq!(found(&story, FindingCode::TitleEncumbered), [node]);
    assert_eq!(found(&story, FindingCode::TitleReleased), []);
    assert_eq!(only(&story.verify().unwrap(), 400).pledges().count(), 1);

    let story = told(&[&registration], &[(&pledge, 8), (&release, 12)]);
    assert_eq!(found(&story, FindingCode::TitleReleased), [Node::Statement(pledge.id())]);
    let lineage = story.verify().unwrap();
    let open = |on| only(&lineage, on).pledges().map(|one| one.amount).collect::<Vec<_>>();
    assert_eq!(
        (open(7), open(8), open(11), open(12)),
        (vec![], vec![Some(300_000)], vec![Some(300_000)], vec![])
    );
    assert_eq!(only(&lineage, 8).state, TitleState::Registered);
}

#[test]
fn asset_entries_and_filed_licences_are_noted_beside_a_title() {
    let registration = registered();
    let booked = but(Event::asset_entry(registration.id(), day(8)), |event| {
        (event.amount, event.currency) = (Some(1_000), Some("CNY".to_owned()));
    });
    let booked = signed("registrar", &booked, 8);
    let licence = StatementId::from_bytes([5; 32]);
    let filed = Event::licence_filing(registration.id(), licence, day(9)).after(&booked);
    let filed = signed("registrar", &filed, 9);
    let by_stranger = signed("trainer", &Event::asset_entry(registration.id(), day(8)), 8);
    let story = told(&[&registration], &[(&booked, 8), (&filed, 9), (&by_stranger, 8)]);
    let node = Node::Statement(registration.id());
    assert_eq!(found(&story, FindingCode::TitleNoted), [node, node]);
    assert_eq!(found(&story, FindingCode::EventWithoutEffect), [node]);
    let lineage = story.verify().unwrap();
    assert_eq!(only(&lineage, 7).notes().count(), 0);
    let title = only(&lineage, 9);
    let mut notes: Vec<_> = title.notes().collect();
    notes.sort_by_key(|note| note.from);
    let [first, second] = notes[..] else { panic!("{notes:?}") };
    assert_eq!(
        (first.event, first.kind, first.amount),
        (booked.id(), EventKind::AssetEntry, Some(1_000))
    );
    assert_eq!((second.kind, second.licence), (EventKind::LicenceFiling, Some(licence)));
    assert_eq!((second.issuer.clone(), title.state), (iss("registrar"), TitleState::Registered));
}

#[test]
fn what_a_lost_key_noted_stands_nowhere() {
    let registration = registered();
    let clerk = issuer("registrar");
    let booked = signed("registrar", &Event::asset_entry(registration.id(), day(8)), 8);
    let lost = Event::key_revocation(clerk.public_key().id(), day(7));
    let lost = signed("registrar", &lost, 9);
    let mut story = told(&[&registration], &[(&booked, 8), (&lost, 9)]);
    seen(&mut story, registration.id(), 3);
    assert_eq!(found(&story, FindingCode::TitleNoted).len(), 1);
    // The key was not to be relied on from day 9, when that was known: recorded on day 8, it counts.
    assert_eq!(only(&story.verify().unwrap(), 20).notes().count(), 1);
    let mut story = told(&[&registration], &[(&booked, 10), (&lost, 9)]);
    seen(&mut story, registration.id(), 3);
    assert_eq!(only(&story.verify().unwrap(), 20).notes().count(), 0);
}

#[test]
fn objections_are_known_and_bind_nobody() {
    let registration = registered();
    let objection = signed("stranger", &Event::objection(registration.id(), day(8)), 8);
    let mut story = told(&[&registration], &[(&objection, 8)]);
    story.extra_keys.clear();
    let anchors = story.trust.anchors().cloned().chain([anchor("stranger", &[Role::Trainer])]);
    story.trust = TrustStore::new(anchors);
    let lineage = story.verify().unwrap();
    assert_eq!(only(&lineage, 7).objections().count(), 0);
    let title = only(&lineage, 8);
    assert_eq!(title.state, TitleState::Registered);
    let objections: Vec<_> = title.objections().collect();
    let [one] = objections[..] else { panic!("{objections:?}") };
    assert_eq!(
        (one.event, one.kind, &one.issuer),
        (objection.id(), EventKind::Objection, &iss("stranger"))
    );
}

#[test]
fn rights_stand_in_the_vocabulary_in_which_they_were_claimed() {
    for rights in [
        [RightsClaim::HoldResources, RightsClaim::OperateProducts, RightsClaim::ProcessAndUse],
        [RightsClaim::Hold, RightsClaim::Operate, RightsClaim::Use],
    ] {
        let form = but(form(manifest("source"), &[("trainer", None)], 2), |form| {
            form.rights = rights.into();
        });
        let lineage = told(&[&certificate(&form)], &[]).verify().unwrap();
        assert_eq!(*only(&lineage, 5).rights(), rights.into());
    }
}

#[test]
fn anchoring_of_evidence_is_no_proof_of_the_certificates_time() {
    let deposit = EvidenceDeposit::new(
        EvidenceKind::Deposit,
        "https://deposit.example",
        "SM3",
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        day(1),
    );
    let form = but(form(manifest("source"), &[("trainer", None)], 2), |form| {
        form.evidence_deposit = Some(deposit.clone());
    });
    let lineage = told(&[&certificate(&form)], &[]).verify().unwrap();
    let title = only(&lineage, 5);
    assert_eq!(title.deposit(), Some(&deposit));
    assert_eq!(title.registration.payload().issued_at, day(2));
    assert_eq!((title.proven.by, title.proven.source), (day(20), TimeSource::Verification));
}

#[test]
fn a_title_is_in_doubt_while_nobody_knows_of_later_events() {
    let mut story = told(&[&registered()], &[]);
    story.status = None;
    let lineage = story.verify().unwrap();
    assert_eq!(only(&lineage, 5).doubts, [Missing::Status].into());
    let bold = Verifier::new(&story.trust, day(20)).stale_status(StaleStatus::Accept);
    let lineage = bold.verify(&story.proof(), manifest("weights")).unwrap();
    assert_eq!(only(&lineage, 5).doubts, [].into());
}

#[test]
fn a_registration_by_somebody_who_is_no_registrar_is_no_title() {
    let form = form(manifest("source"), &[("trainer", None)], 2);
    let story = told(&[&form.sign(&issuer("trainer"), day(2)).unwrap()], &[]);
    assert!(story.verify().unwrap().titles(manifest("source"), day(5)).is_empty());
}

#[test]
fn what_is_given_away_when_it_is_over_is_nobodys() {
    let registration = registered();
    let struck = signed("registrar", &Event::cancellation(registration.id(), day(8)), 8);
    let given = transfer(&registration, &[("fund", None)], 12).after(&struck);
    let given = signed("registrar", &given, 12);
    let lineage = told(&[&registration], &[(&struck, 8), (&given, 12)]).verify().unwrap();
    held(&only(&lineage, 15), &[("trainer", None)], 2, 8);
}

/// By a registrar whose time was over when that was seen, a title is taken and no rival is helped.
#[test]
fn a_title_that_is_over_by_a_doubtful_word_stands_against_others_still() {
    let mine = registered();
    let rival = certificate(&but(form(manifest("source"), &[("collector", None)], 3), |form| {
        (form.seq, form.prev) = (1, Some(mine.id()));
    }));
    let states = |recorded_on: u64| {
        let struck = signed("registrar", &Event::cancellation(rival.id(), day(8)), 8);
        let mut story = told(&[&mine, &rival], &[(&struck, recorded_on)]);
        let others = story.trust.anchors().filter(|one| one.iss != iss("registrar")).cloned();
        let over = anchor("registrar", &[Role::Registrar]).between(day(0), day(10));
        story.trust = TrustStore::new(others.chain([over]));
        seen(&mut story, mine.id(), 4);
        seen(&mut story, rival.id(), 4);
        let lineage = story.verify().unwrap();
        let titles = lineage.titles(manifest("source"), day(15));
        titles.iter().map(|title| title.state).collect::<Vec<_>>()
    };
    assert_eq!(states(9), [TitleState::Registered, TitleState::Cancelled]);
    assert_eq!(states(10), [TitleState::Disputed, TitleState::Cancelled]);
}

#[test]
fn whoever_objects_to_a_batch_objects_to_every_certificate_in_it() {
    let forms = [("source", "trainer"), ("corpus", "curator")]
        .map(|(of, claimant)| form(manifest(of), &[(claimant, None)], 2));
    let forms = forms.map(|form| form.unsigned(&issuer("registrar"), day(2)).unwrap());
    let members = Members::new(forms.iter().map(Signed::id));
    let batch = members.batch().unwrap().sign(&issuer("registrar"), day(2)).unwrap();
    let objection = signed("curator", &Event::objection(batch.id(), day(8)), 8);
    let mut story = told(&[], &[(&objection, 8)]);
    let proof = LineageProof::builder(manifest("weights"))
        .statements(std::mem::take(&mut story.statements))
        .statements(forms.map(Statement::from))
        .batch(batch, &members);
    let lineage = story.verify_bytes(&proof.build().unwrap().to_bytes()).unwrap();
    for of in ["source", "corpus"] {
        let titles = lineage.titles(manifest(of), day(20));
        let objections: Vec<_> =
            titles.iter().flat_map(RegisteredTitle::objections).map(|one| one.event).collect();
        assert_eq!(objections, [objection.id()], "{of}");
    }
}
