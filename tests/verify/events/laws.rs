//! What no event can do, whatever it says: laws over random events in the caller's status.

use std::sync::LazyLock;

use datadeed::proof::Statement;
use datadeed::rights::{
    Duty, EventKind, Registrant, RegistrantKind, RegistrantRole, Registration, Transferee,
};
use datadeed::trust::{Role, TrustStore};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// Everybody who could bind somebody; a stranger has a key that is known and no role.
const NAMES: [&str; 6] = ["collector", "court", "curator", "registrar", "supplier", "trainer"];

fn court_and_others() -> TrustStore {
    let anchors = trust();
    let more = [anchor("court", &[Role::Court]), anchor("stranger", &[])];
    TrustStore::new(anchors.anchors().cloned().chain(more))
}

/// One dataset with two titles, licensed by a claimant on day 17 and observed under a public licence;
/// everything else is of day 10 and seen on day 11.
fn contested() -> Vec<Statement> {
    let registered = |claimant: &str, after: Option<StatementId>| {
        let iss = format!("did:web:{claimant}.example");
        let kind = RegistrantKind::LegalPerson;
        let who = Registrant::new(iss, claimant, kind, RegistrantRole::Holder);
        let mut one = Registration::new(manifest("source"), "Source", [who], day(3), day(300));
        (one.seq, one.prev) = (u64::from(after.is_some()), after);
        sign("registrar", &one)
    };
    let mine = registered("trainer", None);
    let theirs = registered("supplier", Some(mine.id()));
    let licences = [
        granted("trainer", 17).into(),
        sign("collector", &observed(manifest("source"), "MIT")).into(),
    ];
    let story = Story::licensed([mine.into(), theirs.into()].into_iter().chain(licences));
    story.statements
}

static CONTESTED: LazyLock<Vec<Statement>> = LazyLock::new(contested);

/// The events of a story, by who, on which day, and when the caller recorded them.
#[derive(Clone, Debug)]
struct Told {
    kind: EventKind,
    /// Absent: whoever issued the target.
    by: Option<&'static str>,
    target: Index,
    effective: u64,
    recorded: u64,
}

fn told(recorded: std::ops::Range<u64>) -> impl Strategy<Value = Told> {
    let by = proptest::option::weighted(0.4, select(&NAMES[..]));
    (select(EventKind::ALL), by, any::<Index>(), 2..24_u64, recorded).prop_map(
        |(kind, by, target, effective, recorded)| Told { kind, by, target, effective, recorded },
    )
}

/// The event, about one of the statements or of the events before.
fn event(told: &Told, before: &[Signed<Event>]) -> Signed<Event> {
    let statements = CONTESTED.iter().map(Statement::id);
    let targets: Vec<_> = match told.kind {
        EventKind::Cure | EventKind::Release | EventKind::Settlement if !before.is_empty() => {
            before.iter().map(Signed::id).collect()
        }
        _ => statements.collect(),
    };
    let (target, on) = (targets[told.target.index(targets.len())], day(told.effective));
    let revoked = NAMES[told.target.index(NAMES.len())];
    let issued = || {
        let statement = CONTESTED.iter().find(|one| one.id() == target).map(Statement::header);
        let event = before.iter().find(|one| one.id() == target).map(Signed::header);
        let iss = &statement.or(event).expect("a target").issuer;
        NAMES.into_iter().find(|name| issuer(name).iss() == iss).expect("an issuer")
    };
    let own = if told.kind == EventKind::KeyRevocation { revoked } else { issued() };
    let by = told.by.unwrap_or(own);
    let to = [Transferee::new("did:web:trainer.example")];
    let party = "did:web:trainer.example".to_owned();
    let event = match told.kind {
        EventKind::AssetEntry => Event::asset_entry(target, on),
        EventKind::Breach => Event::breach(target, [party], on),
        EventKind::CrossBorder => Event::cross_border(target, ["SG".parse().unwrap()], on),
        EventKind::Cure => Event::cure(target, on),
        EventKind::Fulfilment => {
            let duty = Duty::revenue_share(issuer(by).iss(), 100);
            Event::fulfilment(target, duty, party, on)
        }
        EventKind::LicenceFiling => Event::licence_filing(target, target, on),
        EventKind::Pledge => Event::pledge(target, [party], on),
        EventKind::Release => Event::release(target, on),
        EventKind::Cancellation => Event::cancellation(target, on),
        EventKind::Dispute => Event::dispute(target, on),
        EventKind::KeyRevocation => Event::key_revocation(key(revoked).id(), on),
        EventKind::Objection => Event::objection(target, on),
        EventKind::Revocation => revocation(target, on),
        EventKind::Settlement => Event::settlement(target, on),
        EventKind::Transfer => Event::transfer(target, to, on),
        _ => panic!("an event of a kind unknown here"),
    };
    let event = next(event, by, before);
    signed(by, &event, told.effective.min(20))
}

/// With the next number of whoever issues it about what it is about.
fn next(event: Event, by: &str, before: &[Signed<Event>]) -> Event {
    let last = before.iter().rev().find(|one| {
        one.header().subject == event.target && one.header().issuer == issuer(by).iss()
    });
    match last {
        Some(last) => event.after(last),
        None => event,
    }
}

/// A status in which everything was seen in time.
fn status(events: &[(Signed<Event>, u64)]) -> Status {
    let mut status = Status::new(day(20));
    for statement in CONTESTED.iter() {
        status = status.seen(statement.id(), day(11)).unwrap();
    }
    for (event, on) in events {
        status = status.event(event.clone(), day(*on)).unwrap();
    }
    status
}

fn answer(events: &[(Signed<Event>, u64)], without: &[StatementId]) -> Verdict {
    let statements = CONTESTED.iter().filter(|one| !without.contains(&one.id())).cloned();
    let story = Story {
        statements: statements.collect(),
        trust: court_and_others(),
        status: Some(status(events)),
        ..Story::default()
    };
    story.verdict()
}

fn events(told: &[Told]) -> Vec<(Signed<Event>, u64)> {
    let mut events: Vec<Signed<Event>> = Vec::new();
    for one in told {
        let next = event(one, &events);
        events.push(next);
    }
    events.into_iter().zip(told).map(|(event, told)| (event, told.recorded)).collect()
}

/// Leaves out the rival's title, or the licence that was observed, or neither.
fn left_out(which: usize) -> Vec<StatementId> {
    let registrations = CONTESTED.iter().filter(|one| one.as_registration().is_some());
    let observed = CONTESTED.iter().filter(|one| {
        one.as_licence().is_some_and(|one| one.header().issuer == issuer("collector").iss())
    });
    match which {
        0 => Vec::new(),
        1 => registrations.skip(1).map(Statement::id).collect(),
        2 => observed.map(Statement::id).collect(),
        _ => registrations.skip(1).chain(observed).map(Statement::id).collect(),
    }
}

#[test]
fn without_events_the_cases_differ() {
    let words: Vec<&str> = (0..4).map(|which| answer(&[], &left_out(which)).word()).collect();
    assert_eq!(words, ["permit", "permit", "unknown", "permit"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Every key but the claimant's is revoked from day 15 on; what it signed and nobody saw before helps nobody.
    #[test]
    fn an_event_by_a_key_in_doubt_makes_no_answer_better(
        before in proptest::collection::vec(told(2..15), 0..5),
        late in told(15..20).prop_filter("the claimant's key is beyond doubt", |one| {
            one.by != Some("trainer") && (one.by.is_some() || one.kind != EventKind::KeyRevocation)
        }),
        which in 0_usize..4,
    ) {
        let mut all = events(&before);
        for name in NAMES.into_iter().filter(|name| *name != "trainer") {
            let event = Event::key_revocation(key(name).id(), day(15));
            let sooner: Vec<Signed<Event>> = all.iter().map(|(event, _)| event.clone()).collect();
            let event = next(but(event, |one| one.reason = Some("lost".into())), name, &sooner);
            all.push((signed(name, &event, 15), 15));
        }
        let sooner: Vec<Signed<Event>> = all.iter().map(|(event, _)| event.clone()).collect();
        let without = left_out(which);
        let known = answer(&all, &without);
        all.push((event(&late, &sooner), late.recorded));
        let then = answer(&all, &without);
        prop_assert!(known.is_permit() || !then.is_permit(), "{known} became {then}");
    }

    /// Nor does an event with another signature change anything.
    #[test]
    fn a_forged_event_changes_no_answer(
        before in proptest::collection::vec(told(2..20), 0..5),
        forged in told(2..20),
        first in any::<bool>(),
        which in 0_usize..4,
    ) {
        let mut all = events(&before);
        let sooner: Vec<Signed<Event>> = all.iter().map(|(event, _)| event.clone()).collect();
        let without = left_out(which);
        let known = answer(&all, &without);
        let mut bytes = event(&forged, &sooner).as_bytes().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        let copy = (Signed::decode(&bytes).unwrap(), forged.recorded);
        if first { all.insert(0, copy) } else { all.push(copy) }
        prop_assert_eq!(answer(&all, &without), known);
    }

    /// The answer does not hang on the order in which the caller lists what he knows.
    #[test]
    fn the_order_of_a_status_does_not_matter(
        told in proptest::collection::vec(told(2..20), 0..6),
        which in 0_usize..4,
    ) {
        let mut all = events(&told);
        let without = left_out(which);
        let known = answer(&all, &without);
        all.reverse();
        prop_assert_eq!(answer(&all, &without), known);
    }

    /// Whoever can only object stops nothing.
    #[test]
    fn objections_change_no_answer(
        before in proptest::collection::vec(told(2..20), 0..4),
        target in any::<Index>(),
        on in 2..20_u64,
        which in 0_usize..4,
    ) {
        let mut all = events(&before);
        let without = left_out(which);
        let known = answer(&all, &without);
        let targets: Vec<StatementId> = CONTESTED.iter().map(Statement::id).collect();
        let mut objection = Event::objection(targets[target.index(targets.len())], day(on));
        (objection.seq, objection.prev) = (7, Some(StatementId::from_bytes([9; 32])));
        all.push((signed("stranger", &objection, on), on));
        prop_assert_eq!(answer(&all, &without), known);
    }
}
