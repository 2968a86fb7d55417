//! Titles: those that ended, are disputed or pledged, and those of datasets that grow.

use datadeed::lineage::{Relation, RelationKind, TreeName};
use datadeed::manifest::{FileEntry, NameProfile};
use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration, Transferee};

use super::*;

/// The source is registered for the seller from day 0 on.
fn title(of: ManifestId, change: impl FnOnce(&mut Registration)) -> Signed<Registration> {
    let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let who = Registrant::new(iss("seller"), "seller", kind, role);
    let registration = Registration::new(of, "Source", [who], day(0), day(300));
    but(registration, change).sign(&issuer("registrar"), day(0)).unwrap()
}

/// Granted by the seller on day 5.
fn grant(of: ManifestId) -> Signed<Licence> {
    let rule = Rule::permit([Action::Train, Action::DistributeModel]);
    Licence::granted(of, [rule]).sign(&issuer("seller"), day(5)).unwrap()
}

fn titled(registration: &Signed<Registration>) -> (Case, Signed<Licence>) {
    let licence = grant(manifest("source"));
    (Case::source([registration.clone().into(), licence.clone().into()]), licence)
}

fn train() -> Use {
    commercial(Action::Train)
}

#[test]
fn case_53_a_title_that_has_ended_and_a_grant_that_has_not() {
    let registration = title(manifest("source"), |one| one.valid_until = day(12));
    let (case, licence) = titled(&registration);
    // Since whoever has no title any longer could give it an earlier date, it has to be proven.
    let unproven = [(Missing::ActTimeUnproven, "source", Some(licence.id()))];
    lacks(&case.rights(&train()), &unproven);
    lacks(&case.clone().seen(licence.id(), 12).rights(&train()), &unproven);
    let case = case.seen(licence.id(), 11);
    permits(&case.rights(&train()), &[]);
    assert_eq!(case.found(FindingCode::TitleExpired), [Node::Statement(registration.id())]);
    // The source agreement's end caps the term; a grant from after it is nobody's.
    for change in [
        |one: &mut Registration| one.valid_until = day(5),
        |one: &mut Registration| one.agreement_cap = Some(day(5)),
    ] {
        let registration = title(manifest("source"), change);
        let case = Case::source([registration.clone().into(), licence.clone().into()]);
        lacks(&case.rights(&train()), &[(Missing::Standing, "source", Some(licence.id()))]);
        assert_eq!(case.found(FindingCode::TitleExpired), [Node::Statement(registration.id())]);
    }
    // In its last second.
    let registration = title(manifest("source"), |one| {
        one.valid_until = Timestamp::from_seconds(day(5).seconds() + 1).unwrap();
    });
    let case = Case::source([registration.into(), licence.clone().into()]).seen(licence.id(), 5);
    permits(&case.rights(&train()), &[]);
}

#[test]
fn case_55_a_dispute_that_was_accepted_and_an_objection() {
    let registration = title(manifest("source"), |_| {});
    let (case, licence) = titled(&registration);
    let at_title = [Node::Statement(registration.id())];
    for by in ["registrar", "court"] {
        let case = case.clone().recorded(by, &Event::dispute(registration.id(), day(12)));
        lacks(&case.rights(&train()), &[(Missing::Disputed, "source", Some(licence.id()))]);
        assert_eq!(case.found(FindingCode::Disputed), at_title);
    }
    // Whoever grants says that he may, also by another right than that title; what was seen nobody granted.
    let anchored = granted("supplier", [Rule::permit([Action::Train])]);
    let observed = seen("source", "CC-BY-4.0");
    for (other, is_free) in [(anchored, false), (observed, true)] {
        let case = Case::source([registration.clone().into(), other.clone().into()]);
        permits_anyhow(&case.rights(&train()));
        let case = case.recorded("court", &Event::dispute(registration.id(), day(12)));
        if is_free {
            permits_anyhow(&case.rights(&train()));
        } else {
            lacks(&case.rights(&train()), &[(Missing::Disputed, "source", Some(other.id()))]);
        }
    }
    for by in ["buyer", "stranger", "supplier"] {
        let objection = Event::objection(registration.id(), day(12));
        let objection = objection.sign(&issuer(by), day(12)).unwrap();
        let case = case.clone().with(objection);
        permits(&case.rights(&train()), &[]);
        assert_eq!(case.found(FindingCode::Objection), at_title);
    }
    // Nor is it a dispute because somebody calls it one.
    let case = case.recorded("buyer", &Event::dispute(registration.id(), day(12)));
    permits(&case.rights(&train()), &[]);
    assert_eq!(case.found(FindingCode::EventWithoutEffect), at_title);
}

#[test]
fn pledges_filings_and_asset_entries_change_no_verdict() {
    let registration = title(manifest("source"), |_| {});
    let (case, licence) = titled(&registration);
    let id = registration.id();
    let at_title = [Node::Statement(id)];
    for (event, code) in [
        (Event::pledge(id, [iss("buyer")], day(2)), FindingCode::TitleEncumbered),
        (Event::licence_filing(id, licence.id(), day(6)), FindingCode::TitleNoted),
        (Event::licence_filing(id, id, day(6)), FindingCode::TitleNoted),
        (Event::asset_entry(id, day(2)), FindingCode::TitleNoted),
    ] {
        let case = case.clone().recorded("registrar", &event);
        permits(&case.rights(&train()), &[]);
        assert_eq!(case.found(code), at_title, "{}", event.kind);
        let strangers = titled(&registration).0.recorded("buyer", &event);
        permits(&strangers.rights(&train()), &[]);
        assert_eq!(strangers.found(FindingCode::EventWithoutEffect), at_title, "{}", event.kind);
        // And they give nobody a right that he has not.
        let nobody = Case::source([registration.clone().into()]).recorded("registrar", &event);
        lacks(&nobody.rights(&train()), &[(Missing::Licence, "source", None)]);
    }
}

/// What somebody found of quality, rules and worth is shown beside the verdict.
#[test]
fn assessments_change_no_verdict() {
    use datadeed::rights::{Assessment, AssessmentKind, AssessmentResult};

    let (case, _) = titled(&title(manifest("source"), |_| {}));
    let failed =
        |kind| Assessment::new(manifest("source"), kind, Some(AssessmentResult::Failed), day(6));
    for assessment in [
        failed(AssessmentKind::Compliance),
        failed(AssessmentKind::Quality),
        Assessment::valuation(manifest("source"), 1_000_000, "CNY", day(6)),
    ] {
        for by in ["collector", "registrar", "stranger"] {
            let case = case.clone().with(assessment.sign(&issuer(by), day(7)).unwrap());
            permits_anyhow(&case.rights(&train()));
        }
    }
}

/// Whoever knows of no dispute yet has to have asked lately.
#[test]
fn what_is_granted_in_a_registered_dataset_needs_a_fresh_status() {
    let anchored = granted("supplier", [Rule::permit([Action::Train])]);
    let stale = |case: Case| Case { status: Status::new(day(1)), ..case }.rights(&train());
    let alone = Case::source([anchored.clone().into()]);
    permits_anyhow(&stale(alone.clone()));
    let registered = alone.with(title(manifest("source"), |_| {}));
    permits_anyhow(&registered.rights(&train()));
    let missing = [(Missing::Status, "source", Some(anchored.id()))];
    lacks(&stale(registered), &missing);
}

#[track_caller]
fn permits_anyhow(verdict: &Verdict) {
    assert!(verdict.is_permit(), "{verdict:?}");
}

/// What the curator made of a free source, with a registration of it for somebody.
fn made(claimants: &[&str]) -> (Signed<Registration>, Case) {
    let who = |name: &&str| {
        Registrant::new(iss(name), *name, RegistrantKind::LegalPerson, RegistrantRole::Holder)
    };
    let who: Vec<Registrant> = claimants.iter().map(who).collect();
    let registration = Registration::new(manifest("corpus"), "Corpus", who, day(3), day(300));
    let registration = registration.sign(&issuer("registrar"), day(3)).unwrap();
    let case = Case::cleaned([seen("source", "CC0-1.0").into()]);
    (registration.clone(), case.with(registration))
}

/// He needs nobody's licence in what he made, unless somebody else is on record for it.
#[test]
fn whoever_made_what_is_registered_for_others_needs_their_licence() {
    let by_curator = [train(), train().party(iss("curator"))];
    for claimants in [&["curator"][..], &["curator", "seller"], &["seller"]] {
        let (registration, case) = made(claimants);
        let used_again =
            case.clone().step("curator", ActivityKind::Deduplicate, &["corpus"], "distinct", 4);
        for (case, ask) in by_curator.iter().flat_map(|ask| [(&case, ask), (&used_again, ask)]) {
            if claimants.contains(&"curator") {
                permits(&case.rights(ask), &[]);
                continue;
            }
            let missing = [(Missing::Licence, "corpus", Some(registration.id()))];
            lacks(&case.rights(ask), &missing);
            let licence = Licence::granted(manifest("corpus"), [Rule::permit([Action::Use])]);
            let licence = licence.sign(&issuer("seller"), day(3)).unwrap();
            permits(&case.clone().with(licence).rights(ask), &[]);
            // Whoever may grant it by another right may use it.
            let others = Licence::granted(manifest("corpus"), [Rule::permit([Action::Search])]);
            let others = others.sign(&issuer("curator"), day(3)).unwrap();
            let roles = [Role::Curator, Role::RightsHolder];
            let anchored = Case { trust: but_for("curator", &roles), ..case.clone() };
            let verdict = anchored.with(others).rights(&train().party(iss("curator")));
            permits(&verdict, &[]);
            // It never was theirs if it was taken back, and is his where it passed to him: from then on.
            let ended = case
                .clone()
                .recorded("registrar", &crate::story::revocation(registration.id(), day(12)));
            permits(&ended.rights(ask), &[]);
            let to = [Transferee::new(iss("curator"))];
            let passed = Event::transfer(registration.id(), to, day(12));
            let passed = case.clone().recorded("registrar", &passed).rights(ask);
            if used_again.subject == case.subject {
                lacks(&passed, &missing);
            } else {
                permits(&passed, &[]);
            }
        }
    }
}

/// What he made is no less disputed for that.
#[test]
fn a_dispute_about_a_title_stands_against_its_maker() {
    let (registration, case) = made(&["curator"]);
    let granted = Licence::granted(manifest("corpus"), [Rule::permit([Action::Distribute])]);
    let granted = granted.sign(&issuer("curator"), day(4)).unwrap();
    let ask = train().party(iss("curator"));
    for case in [case.clone(), case.with(granted)] {
        permits(&case.rights(&ask), &[]);
        let disputed = case.clone().recorded("court", &Event::dispute(registration.id(), day(12)));
        let missing = [(Missing::Disputed, "corpus", Some(registration.id()))];
        lacks(&disputed.rights(&ask), &missing);
        // Whether it is nobody knows without a fresh status.
        let stale = Case { status: Status::new(day(1)), ..case };
        lacks(&stale.rights(&ask), &[(Missing::Status, "corpus", Some(registration.id()))]);
    }
}

fn rows(names: &[&str]) -> Manifest {
    let entry = |name: &&str| FileEntry::new(*name, 1, Digest::of(name.as_bytes()));
    Manifest::files(names.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

/// What was registered, and what its claimant made of it on a day.
struct Growth {
    registered: Manifest,
    grown: Manifest,
    by: &'static str,
    on: u64,
    /// Whether the rows are at hand.
    is_proven: bool,
    update_until: Option<Timestamp>,
}

impl Growth {
    fn new(registered: &[&str], grown: &[&str]) -> Self {
        let (registered, grown) = (rows(registered), rows(grown));
        let update_until = Some(day(4));
        Self { registered, grown, by: "seller", on: 3, is_proven: true, update_until }
    }

    /// The registration, and a lineage of the new version.
    fn case(&self) -> (Signed<Registration>, Case) {
        let (before, after) = (self.registered.id(), self.grown.id());
        let registration = title(before, |one| one.update_until = self.update_until);
        let superset = RelationKind::SupersetOf;
        let step = Activity::new(ActivityKind::MergeDerive)
            .input(before, [])
            .output(after, [])
            .relation(Relation::new(after, superset, TreeName::Parts, [before]))
            .between(day(self.on), day(self.on));
        let step = step.sign(&issuer(self.by), day(self.on)).unwrap();
        let free = seen_by("collector", before, "CC0-1.0");
        let case = Case::about(after)
            .collected(before)
            .with(free)
            .with(registration.clone())
            .seen(step.id(), self.on)
            .with(step);
        let rows = [&self.registered, &self.grown].map(Clone::clone);
        (registration, Case { rows: rows.into_iter().filter(|_| self.is_proven).collect(), ..case })
    }

    /// The seller grants the new version; what comes of it, and whether the title is said to cover it.
    fn told(&self) -> (Verdict, bool, StatementId) {
        let after = self.grown.id();
        let licence = grant(after);
        let case = self.case().1.with(licence.clone());
        let covered = case.found(FindingCode::VersionCovered) == [Node::Manifest(after)];
        (case.rights(&train().party(iss("buyer"))), covered, licence.id())
    }

    #[track_caller]
    fn is_covered(&self) {
        let (verdict, covered, _) = self.told();
        permits(&verdict, &[]);
        assert!(covered);
    }

    #[track_caller]
    fn is_not(&self) {
        let (verdict, covered, licence) = self.told();
        let Verdict::Unknown { missing } = &verdict else { panic!("{verdict:?}") };
        let found: Vec<_> =
            missing.iter().map(|one| (one.code, one.manifest, one.statement)).collect();
        assert_eq!(found, [(Missing::Standing, self.grown.id(), Some(licence))]);
        assert!(!covered);
    }
}

#[test]
fn a_title_covers_what_its_claimant_added_in_time() {
    let growth = || Growth::new(&["a", "b"], &["a", "b", "c"]);
    growth().is_covered();
    // By rows, not by word.
    Growth { is_proven: false, ..growth() }.is_not();
    // By its claimant, before the day that the registration names.
    Growth { by: "curator", ..growth() }.is_not();
    Growth { on: 4, ..growth() }.is_not();
    Growth { update_until: None, ..growth() }.is_not();
}

/// What is delivered is what is registered, or a version that the registration covers.
#[test]
fn a_deal_about_a_covered_version_names_the_registration_of_the_first() {
    use datadeed::rights::{DeliveryMethod, Transaction};

    let growth = || Growth::new(&["a", "b"], &["a", "b", "c"]);
    let sold = |growth: &Growth| {
        let (registration, case) = growth.case();
        let parties = ["seller", "buyer", "exchange"];
        let names = parties.map(iss);
        let names = [names[0].as_str(), &names[1], &names[2]];
        let delivered = growth.grown.id();
        let deal = Transaction::new("T-1", delivered, names, DeliveryMethod::Download);
        let deal = but(deal, |deal| {
            deal.rules = [Rule::permit([Action::Train])].into();
            deal.registration = Some(registration.id());
        });
        let sign = |name| deal.sign(&issuer(name), day(5)).unwrap();
        parties.map(sign).into_iter().fold(case, Case::with)
    };
    let train = train().party(iss("buyer"));
    permits(&sold(&growth()).rights(&train), &[]);
    // That it was added in time is a claim without a record of the step, whoever sells.
    for trust in [everybody(), but_for("seller", &[Role::Curator, Role::RightsHolder])] {
        let unseen = Case { status: Status::new(day(20)), trust, ..sold(&growth()) };
        let verdict = unseen.rights(&train);
        let Verdict::Unknown { missing } = &verdict else { panic!("{verdict:?}") };
        let found: Vec<_> = missing.iter().map(|one| (one.code, one.manifest)).collect();
        assert_eq!(found, [(Missing::ActTimeUnproven, growth().grown.id())]);
    }
    for other in [Growth { is_proven: false, ..growth() }, Growth { on: 4, ..growth() }] {
        let case = sold(&other);
        let verdict = case.rights(&train);
        let Verdict::Deny { reasons } = &verdict else { panic!("{verdict:?}") };
        let found: Vec<_> = reasons.iter().map(|one| (one.code, one.manifest)).collect();
        assert_eq!(found, [(Reason::ContentMismatch, other.grown.id())]);
    }
}
