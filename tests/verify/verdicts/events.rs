//! What ends, and what that does to acts before and after it.

use super::*;

fn revocable() -> Signed<Licence> {
    let licence = but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
        l.revocable = true;
    });
    sign("supplier", &licence)
}

/// A revocation effective on day `effective`, recorded by the caller on day `recorded`.
fn revoked(effective: u64, recorded: u64) -> Story {
    let licence = revocable();
    let event = sign("supplier", &revocation(licence.id(), day(effective)));
    let mut story = Story::licensed([licence.into()]);
    story.status = Some(Status::new(day(20)).event(event, day(recorded)).unwrap());
    story
}

#[test]
fn a_revocation_before_training_denies_though_the_proof_leaves_it_out() {
    denied(&revoked(4, 4).verdict(), Reason::Revoked, manifest("source"));
}

#[test]
fn a_revocation_in_the_proof_counts_too() {
    let mut story = revoked(4, 4);
    let status = story.status.clone().unwrap();
    story.statements.push(status.events()[0].event.clone().into());
    denied(&story.verdict(), Reason::Revoked, manifest("source"));
}

#[test]
fn an_event_is_never_retroactive_by_its_issuers_word() {
    // Stated for day 4, recorded on day 15: training claims day 5, and nobody saw it by day 15.
    unknown(&revoked(4, 15).verdict(), Missing::ActTimeUnproven, manifest("source"));
    // Nobody recorded it at all: it exists from now on, as far as anyone can tell.
    let licence = revocable();
    let event = sign("supplier", &revocation(licence.id(), day(4)));
    let story = Story::licensed([licence.into(), event.into()]);
    unproven(&story.verdict());
}

/// The sale is on day 20, which is when the event is first proven to exist.
#[track_caller]
fn unproven(verdict: &Verdict) {
    let Verdict::Unknown { missing } = verdict else { panic!("{verdict:?}") };
    assert!(missing.iter().all(|g| g.code == Missing::ActTimeUnproven), "{missing:?}");
}

#[test]
fn backdated_training_is_not_believed_and_proven_training_is() {
    let licence = revocable().payload().sign(&issuer("supplier"), day(1)).unwrap();
    let event = sign("supplier", &revocation(licence.id(), day(15)));
    let seen = Status::new(day(20)).event(event, day(15)).unwrap();
    let seen = seen.seen(licence.id(), day(1)).unwrap();
    let mut story = Story::licensed([licence.into()]);
    story.status = Some(seen);
    unknown(&story.verdict(), Missing::ActTimeUnproven, manifest("source"));
    let others: Vec<_> = story
        .statements
        .iter()
        .filter(|s| matches!(s, Statement::Activity(_)))
        .map(Statement::id)
        .collect();
    for id in others {
        story.status = story.status.map(|status| status.seen(id, day(12)).unwrap());
    }
    // Trained in time, sold after: the terms do not say whether models outlive them.
    unknown(&story.verdict(), Missing::Survival, manifest("source"));
}

#[test]
fn no_status_no_permit() {
    let mut story = Story::licensed([revocable().into()]);
    permitted(&story.verdict());
    story.status = None;
    unknown(&story.verdict(), Missing::Status, manifest("source"));
    assert!(has(&story, FindingCode::StatusNotChecked));
}

#[test]
fn a_status_is_fresh_up_to_its_age_and_no_longer() {
    let story = Story::licensed([revocable().into()]);
    let (proof, trust) = (story.proof(), trust());
    let status = Status::new(day(19));
    let verdict = |age: u64, policy| {
        Verifier::new(&trust, day(20))
            .known_events(&status)
            .max_status_age(Duration::from_secs(age))
            .stale_status(policy)
            .verify(&proof, manifest("weights"))
            .unwrap()
            .rights(&sell())
    };
    permitted(&verdict(DAY, StaleStatus::Refuse));
    unknown(&verdict(DAY - 1, StaleStatus::Refuse), Missing::Status, manifest("source"));
    let Verdict::Permit { stale_status_relied_on, .. } = verdict(DAY - 1, StaleStatus::Accept)
    else {
        panic!("the caller allowed it")
    };
    assert_eq!(stale_status_relied_on, [revocable().id()].into());
}

fn withdrawn(licence: Signed<Licence>, by: &str) -> Story {
    let event = sign(by, &revocation(licence.id(), day(1)));
    let mut story = Story::licensed([licence.into()]);
    story.status = Some(Status::new(day(20)).event(event, day(1)).unwrap());
    story
}

#[test]
fn an_irrevocable_licence_cannot_be_withdrawn() {
    // By the rights holder of the dataset, of a licence that a collector observed.
    let observed = sign("collector", &observed(manifest("source"), "CC-BY-4.0"));
    // And by whoever granted it.
    let irrevocable = but(negotiated(manifest("source")), |l| l.from = Some(day(1)));
    let public = but(Licence::granted_spdx(manifest("source"), "CC-BY-4.0"), |l| {
        l.from = Some(day(1));
    });
    for licence in [observed, sign("supplier", &irrevocable), sign("supplier", &public)] {
        let story = withdrawn(licence, "supplier");
        permitted(&story.verdict());
        assert!(has(&story, FindingCode::WithdrawalIgnored));
    }
}

#[test]
fn a_licence_silent_about_its_end_leaves_its_withdrawal_open() {
    let licence = sign("collector", &observed(manifest("source"), "MIT"));
    let mut story = withdrawn(licence, "supplier");
    unknown(&story.verdict(), Missing::RevocationContested, manifest("source"));
    // So without a status nobody knows.
    story.status = None;
    unknown(&story.verdict(), Missing::Status, manifest("source"));
}

#[test]
fn a_collector_may_take_back_what_he_observed() {
    let licence = sign("collector", &observed(manifest("source"), "CC-BY-4.0"));
    let story = withdrawn(licence, "collector");
    unknown(&story.verdict(), Missing::Withdrawn, manifest("source"));
    assert!(has(&story, FindingCode::StatementRevoked));
}

#[test]
fn training_in_time_saves_no_late_act_on_the_data_itself() {
    // The corpus is both trained on and passed on; only models survive.
    let licence = but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
        l.until = Some(day(8));
        l.survives = Some(true);
    });
    let mut story = Story::licensed([sign("supplier", &licence).into()]);
    for statement in story.statements.clone() {
        story.status = story.status.map(|status| status.seen(statement.id(), day(7)).unwrap());
    }
    permitted(&story.verdict());
    let merged = Activity::new(ActivityKind::MergeDerive)
        .input(manifest("source"), [])
        .input(manifest("weights"), [])
        .output(manifest("bundle"), [])
        .between(day(7), day(7));
    let merged = sign("curator", &merged);
    let grant = sign("trainer", &Licence::granted_spdx(manifest("weights"), "CC0-1.0"));
    let mut builder = LineageProof::builder(manifest("bundle")).statement(merged).statement(grant);
    for statement in &story.statements {
        builder = builder.statement(statement.clone());
    }
    let proof = builder.build().unwrap().to_bytes();
    let lineage = Verifier::new(&story.trust, day(20))
        .known_events(story.status.as_ref().unwrap())
        .verify(&proof, manifest("bundle"))
        .unwrap();
    let ask = sell();
    let Verdict::Deny { reasons } = lineage.rights(&ask) else {
        panic!("the data were passed on late")
    };
    assert!(reasons.iter().any(|g| g.code == Reason::Expired && g.manifest == manifest("source")));
}

#[test]
fn a_models_own_licence_binds_under_every_profile() {
    let own = but(Licence::granted_spdx(manifest("weights"), "CC-BY-NC-4.0"), |l| {
        l.from = Some(day(1));
    });
    let mut story = Story::default().with(sign("trainer", &own));
    let believed = trust();
    story.trust = TrustStore::new(
        believed
            .anchors()
            .filter(|anchor| !anchor.mandate.roles.contains(&Role::Trainer))
            .cloned()
            .chain([anchor("trainer", &[Role::Trainer, Role::RightsHolder])]),
    );
    let lineage = story.verify().unwrap();
    for profile in [datadeed::rights::Profile::Strict, datadeed::rights::Profile::Declared] {
        denied(&lineage.rights(&sell().profile(profile)), Reason::Purpose, manifest("weights"));
    }
}

#[test]
fn somebody_elses_revocation_has_no_effect() {
    let licence = revocable();
    for other in ["trainer", "registrar", "curator"] {
        let event = sign(other, &revocation(licence.id(), day(4)));
        let mut story = Story::licensed([licence.clone().into()]);
        story.status = Some(Status::new(day(20)).event(event, day(4)).unwrap());
        permitted(&story.verdict());
        assert!(has(&story, FindingCode::EventWithoutEffect));
    }
}

#[test]
fn a_revocation_cannot_be_taken_back() {
    let licence = revocable();
    let revoked = sign("supplier", &revocation(licence.id(), day(2)));
    let taken_back = sign("supplier", &revocation(revoked.id(), day(3)));
    let id = revoked.id();
    let mut story = Story::licensed([licence.into()]).with(revoked.clone()).with(taken_back);
    story.status = Some(Status::new(day(20)).event(revoked, day(2)).unwrap());
    denied(&story.verdict(), Reason::Revoked, manifest("source"));
    let lineage = story.verify().unwrap();
    assert_eq!(lineage.ended_at(id), None);
    assert!(has(&story, FindingCode::EventWithoutEffect));
}

#[test]
fn an_event_whose_key_nobody_knows_has_no_effect_and_is_reported() {
    let licence = revocable();
    let event = sign("stranger", &revocation(licence.id(), day(4)));
    let mut story = Story::licensed([licence.into()]);
    story.status = Some(Status::new(day(20)).event(event, day(4)).unwrap());
    permitted(&story.verdict());
    assert!(has(&story, FindingCode::EventUnverifiable));
}

#[test]
fn a_status_must_be_fresh_when_the_act_takes_place() {
    let lineage = Story::licensed([revocable().into()]).verify().unwrap();
    permitted(&lineage.rights(&sell().at(day(21))));
    let later = Timestamp::from_seconds(day(21).seconds() + 1).unwrap();
    unknown(&lineage.rights(&sell().at(later)), Missing::Status, manifest("source"));
}

#[test]
fn a_dataset_taken_back_gives_no_title() {
    let mut story = Story::default();
    let dataset = story.statements.iter().find_map(Statement::as_dataset).unwrap().clone();
    assert_eq!(datadeed::report::title(&story.verify().unwrap(), manifest("source")), "Source");
    let event = sign("collector", &revocation(dataset.id(), day(12)));
    story.status = Some(Status::new(day(20)).event(event, day(12)).unwrap());
    assert!(!story.verify().unwrap().is_believed(dataset.id()));
    assert_ne!(datadeed::report::title(&story.verify().unwrap(), manifest("source")), "Source");
}

#[test]
fn a_step_withdrawn_before_the_use_vouches_for_nothing() {
    let mut story = Story::default();
    let event = sign("trainer", &revocation(story.train, day(21)));
    story.status = Some(Status::new(day(20)).event(event, day(12)).unwrap());
    let lineage = story.verify().unwrap();
    permitted(&lineage.rights(&sell()));
    unknown(&lineage.rights(&sell().at(day(21))), Missing::Withdrawn, manifest("weights"));
}

#[test]
fn a_withdrawn_step_vouches_for_nothing() {
    let mut story = Story::default();
    let event = sign("trainer", &revocation(story.train, day(12)));
    story.status = Some(Status::new(day(20)).event(event, day(12)).unwrap());
    unknown(&story.verdict(), Missing::Withdrawn, manifest("weights"));
}
