//! Later versions of what was registered.

use super::*;

fn rows(names: &[&str]) -> Manifest {
    let entry = |name: &&str| FileEntry::new(*name, 1, Digest::of(name.as_bytes()));
    Manifest::files(names.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

/// A registered dataset, a version with more in it, and one with still more.
pub(super) fn versions() -> [Manifest; 3] {
    [rows(&["a"]), rows(&["a", "b"]), rows(&["a", "b", "c"])]
}

pub(super) fn trust() -> TrustStore {
    TrustStore::new([
        anchor("claimant", &[Role::Curator]),
        anchor("collector", &[Role::Collector]),
        anchor("curator", &[Role::Curator]),
        anchor("registrar", &[Role::Registrar]),
    ])
}

/// The first version is the claimant's, who may add to it until day 10.
pub(super) fn registered() -> Signed<Registration> {
    let [first, ..] = versions();
    certificate(&but(form(first.id(), &[("claimant", None)], 2), |form| {
        form.update_until = Some(day(10));
    }))
}

/// One version from another, made by somebody on a day.
fn step(by: &str, kind: RelationKind, from: &Manifest, to: &Manifest, on: u64) -> Signed<Activity> {
    let step = Activity::new(ActivityKind::MergeCollect)
        .input(from.id(), [])
        .output(to.id(), [])
        .relation(Relation::new(to.id(), kind, TreeName::Parts, [from.id()]))
        .between(day(on), day(on));
    step.sign(&issuer(by), day(on)).unwrap()
}

pub(super) struct Grown {
    pub(super) steps: Vec<Signed<Activity>>,
    pub(super) registration: Signed<Registration>,
    pub(super) others: Vec<Statement>,
    pub(super) status: Status,
    pub(super) has_rows: bool,
}

impl Grown {
    pub(super) fn new(by: &str, on: u64) -> Self {
        let [first, second, _] = versions();
        let step = step(by, RelationKind::SupersetOf, &first, &second, on);
        let status = Status::new(day(20)).seen(step.id(), day(on)).unwrap();
        let registration = registered();
        Self { steps: vec![step], registration, others: vec![], status, has_rows: true }
    }

    pub(super) fn verify(&self) -> VerifiedLineage {
        let versions = versions();
        let subject = self.steps.last().unwrap().payload().generated().next().unwrap();
        let collect = Activity::new(ActivityKind::Collect).output(versions[0].id(), []);
        let proof = LineageProof::builder(subject)
            .statement(sign("collector", &collect))
            .statements(self.steps.iter().cloned().map(Statement::from))
            .statement(self.registration.clone())
            .statements(self.others.iter().cloned());
        // Whose key no trust store has.
        let is_known = |step: &Signed<Activity>| step.header().issuer != iss("nobody");
        let known = self.steps.iter().all(is_known);
        let proof = if known { proof } else { proof.key(key("nobody")) };
        let (trust, source) = (trust(), versions.to_vec());
        let verifier = Verifier::new(&trust, day(20)).known_events(&self.status);
        let verifier = if self.has_rows { verifier.manifests(&source) } else { verifier };
        verifier.verify(&proof.build().unwrap().to_bytes(), subject).unwrap()
    }

    fn covered(&self) -> usize {
        let lineage = self.verify();
        let code = FindingCode::VersionCovered;
        let found = lineage.findings().iter().filter(|one| one.code == code).count();
        let titles = lineage.titles(lineage.subject(), day(20));
        assert_eq!(titles.len(), found, "{titles:?}");
        found
    }
}

#[test]
fn whoever_adds_to_what_he_registered_has_the_title_to_that_too() {
    let grown = Grown::new("claimant", 9);
    let lineage = grown.verify();
    let titles = lineage.titles(lineage.subject(), day(9));
    let [title] = &titles[..] else { panic!("{titles:?}") };
    assert_eq!(title.registration.id(), grown.registration.id());
    assert_eq!(title.version_by, Some(grown.steps[0].id()));
    assert_eq!((title.state, title.doubts.len()), (TitleState::Registered, 0));
    held(title, &[("claimant", None)], 2, 300);
    let own = lineage.titles(versions()[0].id(), day(9));
    assert_eq!(own.iter().map(|title| title.version_by).collect::<Vec<_>>(), [None]);
    // There was no such version before.
    assert!(lineage.titles(lineage.subject(), day(8)).is_empty());
    assert_eq!(grown.covered(), 1);
}

#[test]
fn and_so_on_from_version_to_version() {
    let [_, second, third] = versions();
    let mut grown = Grown::new("claimant", 8);
    let next = step("claimant", RelationKind::SupersetOf, &second, &third, 9);
    grown.status = grown.status.clone().seen(next.id(), day(9)).unwrap();
    grown.steps.push(next.clone());
    let lineage = grown.verify();
    let titles = lineage.titles(third.id(), day(20));
    assert_eq!(titles.iter().map(|one| one.version_by).collect::<Vec<_>>(), [Some(next.id())]);
}

#[test]
fn what_a_stranger_adds_is_not_covered() {
    assert_eq!(Grown::new("curator", 9).covered(), 0);
}

#[test]
fn a_claimant_whom_no_trust_store_names_covers_nothing() {
    let mut grown = Grown::new("nobody", 9);
    grown.registration = certificate(&but(registered().payload().clone(), |form| {
        let own = Registrant::new(
            iss("nobody"),
            "Nobody",
            RegistrantKind::LegalPerson,
            RegistrantRole::Holder,
        );
        form.registrants = [own].into();
    }));
    assert_eq!(grown.covered(), 0);
}

#[test]
fn what_is_covered_in_two_ways_is_in_doubt_only_by_both() {
    let [first, second, _] = versions();
    let mut grown = Grown::new("claimant", 9);
    // The same on another day, which nobody saw in time.
    let again = step("claimant", RelationKind::SupersetOf, &first, &second, 8);
    for steps in [[grown.steps[0].clone(), again.clone()], [again, grown.steps[0].clone()]] {
        grown.steps = steps.into();
        let lineage = grown.verify();
        let titles = lineage.titles(second.id(), day(20));
        let [title] = &titles[..] else { panic!("{titles:?}") };
        assert_eq!(title.doubts, [].into());
    }
}

#[test]
fn what_is_added_too_late_is_not_covered() {
    assert_eq!(Grown::new("claimant", 10).covered(), 0);
    // Where the registration says nothing of new versions, none is.
    let mut grown = Grown::new("claimant", 9);
    grown.registration = certificate(&but(registered().payload().clone(), |form| {
        form.update_until = None;
    }));
    assert_eq!(grown.covered(), 0);
}

#[test]
fn what_is_not_proven_to_be_in_time_is_in_doubt() {
    let mut grown = Grown::new("claimant", 9);
    grown.status = Status::new(day(20));
    let lineage = grown.verify();
    let titles = lineage.titles(lineage.subject(), day(20));
    let doubts: Vec<_> = titles.iter().flat_map(|title| title.doubts.clone()).collect();
    assert_eq!(doubts, [Missing::ActTimeUnproven]);
}

#[test]
fn what_is_asserted_only_is_not_covered() {
    assert_eq!(Grown { has_rows: false, ..Grown::new("claimant", 9) }.covered(), 0);
}

#[test]
fn what_takes_away_is_no_later_version() {
    let [first, second, _] = versions();
    let mut grown = Grown::new("claimant", 9);
    let shrink = step("claimant", RelationKind::SubsetOf, &second, &first, 9);
    grown.registration = certificate(&but(registered().payload().clone(), |form| {
        form.manifest = second.id();
    }));
    grown.status = Status::new(day(20)).seen(shrink.id(), day(9)).unwrap();
    grown.steps = vec![shrink];
    let collect = Activity::new(ActivityKind::Collect).output(second.id(), []);
    grown.others = vec![sign("collector", &collect).into()];
    assert_eq!(grown.covered(), 0);
}

#[test]
fn who_sold_the_title_covers_nothing_by_what_he_adds_after() {
    let mut grown = Grown::new("claimant", 9);
    let sold = transfer(&grown.registration, &[("curator", None)], 8);
    let sold = signed("registrar", &sold, 8);
    grown.status = grown.status.clone().event(sold, day(8)).unwrap();
    assert_eq!(grown.covered(), 0);
}

#[test]
fn a_version_covered_before_a_sale_is_sold_with_the_rest() {
    let mut grown = Grown::new("claimant", 7);
    let sold = transfer(&grown.registration, &[("curator", None)], 8);
    let sold = signed("registrar", &sold, 8);
    grown.status = grown.status.clone().event(sold, day(8)).unwrap();
    let lineage = grown.verify();
    let titles = |on| lineage.titles(lineage.subject(), day(on));
    held(&titles(7)[0], &[("claimant", None)], 2, 8);
    held(&titles(8)[0], &[("curator", None)], 8, 300);
}

/// A later version of a registered dataset of which everything there is about titles is known, and its certificate.
pub(crate) fn everything() -> (VerifiedLineage, Signed<Registration>) {
    let mut grown = Grown::new("claimant", 7);
    let deposit = EvidenceDeposit::new(
        EvidenceKind::Notarisation,
        "https://notary.example",
        "SM3",
        "66c7f0f462eeedd9",
        day(1),
    );
    let deposit = but(deposit, |deposit| deposit.code = Some("N-1".to_owned()));
    let registration = certificate(&but(registered().payload().clone(), |form| {
        form.rights = [RightsClaim::Hold, RightsClaim::ProcessAndUse].into();
        form.evidence_deposit = Some(deposit);
    }));
    let of = registration.id();
    let second = certificate(&but(registered().payload().clone(), |form| {
        (form.seq, form.prev) = (1, Some(of));
    }));
    let shared = [("fund", Some(2_525)), ("curator", Some(7_475))];
    let mut last = signed("registrar", &transfer(&registration, &shared, 8), 8);
    let mut events = vec![last.clone()];
    let booked = but(Event::asset_entry(of, day(9)), |event| {
        (event.amount, event.currency) = (Some(1_000), Some("CNY".to_owned()));
    });
    let pledge = but(Event::pledge(of, [iss("bank")], day(9)), |event| {
        (event.amount, event.currency) = (Some(2_000), Some("CNY".to_owned()));
    });
    let filed = Event::licence_filing(of, StatementId::from_bytes([5; 32]), day(9));
    for event in [booked, pledge, filed, Event::dispute(of, day(9))] {
        last = signed("registrar", &event.after(&last), 9);
        events.push(last.clone());
    }
    events.push(signed("registrar", &Event::cancellation(second.id(), day(9)), 9));
    events.push(signed("curator", &Event::objection(of, day(9)), 9));
    for event in events {
        grown.status = grown.status.clone().event(event, day(9)).unwrap();
    }
    grown.registration = registration.clone();
    grown.others = vec![second.into()];
    (grown.verify(), registration)
}
