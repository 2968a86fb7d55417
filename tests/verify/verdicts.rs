//! What follows from a lineage that is not refused.

use std::time::Duration;

use datadeed::key::{Signer, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Action, DutyKind, Licence, Missing, Purpose, Reason, Registrant, RegistrantKind,
    RegistrantRole, Registration, Rule, Use, Verdict,
};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Delegation, Mandate, Role, Status, TrustStore};
use datadeed::verify::{FindingCode, StaleStatus, Verifier};
use datadeed::{ManifestId, Timestamp};

use super::story::*;

#[track_caller]
fn denied(verdict: &Verdict, reason: Reason, at: ManifestId) {
    let Verdict::Deny { reasons } = verdict else { panic!("{verdict:?}") };
    assert!(reasons.iter().any(|g| g.code == reason && g.manifest == at), "{reasons:?}");
    assert!(reasons.iter().all(|g| g.code == reason), "{reasons:?}");
}

#[track_caller]
fn unknown(verdict: &Verdict, missing: Missing, at: ManifestId) {
    let Verdict::Unknown { missing: found } = verdict else { panic!("{verdict:?}") };
    assert!(found.iter().any(|g| g.code == missing && g.manifest == at), "{found:?}");
    assert!(found.iter().all(|g| g.code == missing), "{found:?}");
}

#[track_caller]
fn permitted(verdict: &Verdict) -> Vec<(DutyKind, ManifestId)> {
    let Verdict::Permit { duties, .. } = verdict else { panic!("{verdict:?}") };
    duties.iter().map(|due| (due.duty.kind, due.manifest)).collect()
}

fn has(story: &Story, code: FindingCode) -> bool {
    story.verify().unwrap().findings().iter().any(|finding| finding.code == code)
}

#[test]
fn a_complete_lineage_permits_with_its_duties() {
    let verdict = Story::default().verdict();
    assert_eq!(
        permitted(&verdict),
        [(DutyKind::Attribute, manifest("source")), (DutyKind::Notice, manifest("source"))]
    );
    let Verdict::Permit { status_as_of, .. } = verdict else { unreachable!() };
    assert_eq!(status_as_of, Some(day(20)));
    assert_eq!(verdict.to_string(), "permit");
}

#[test]
fn a_non_commercial_source_denies_with_its_path() {
    let story =
        Story::licensed([sign("collector", &observed(manifest("source"), "CC-BY-NC-4.0")).into()]);
    let verdict = story.verdict();
    denied(&verdict, Reason::Purpose, manifest("source"));
    assert_eq!(verdict.to_string(), "deny purpose");
    let path = story.verify().unwrap().path_to(manifest("source"));
    assert_eq!(path, [manifest("weights"), manifest("corpus"), manifest("source")]);
}

#[test]
fn deny_outweighs_unknown() {
    let mut story =
        Story::licensed([sign("collector", &observed(manifest("source"), "CC-BY-NC-4.0")).into()]);
    story.trust = TrustStore::new(
        trust().anchors().filter(|anchor| !anchor.mandate.roles.contains(&Role::Trainer)).cloned(),
    );
    story.extra_keys.push(key("trainer"));
    denied(&story.verdict(), Reason::Purpose, manifest("source"));
}

#[test]
fn an_origin_without_licence_is_unknown() {
    unknown(&Story::licensed([]).verdict(), Missing::Licence, manifest("source"));
}

#[test]
fn what_passes_to_somebody_else_needs_a_licence_of_its_maker() {
    let mut story = Story::default();
    story.statements.retain(|statement| {
        !matches!(statement, Statement::Licence(l) if l.payload().manifest == manifest("corpus"))
    });
    unknown(&story.verdict(), Missing::Licence, manifest("corpus"));
    // The weights stay with their maker until somebody else asks.
    let lineage = Story::default().verify().unwrap();
    unknown(
        &lineage.rights(&sell().party("did:web:buyer.example")),
        Missing::Licence,
        manifest("weights"),
    );
}

#[test]
fn a_signer_who_is_not_believed_vouches_for_nothing() {
    let believed = trust();
    let believed =
        believed.anchors().filter(|anchor| !anchor.mandate.roles.contains(&Role::Trainer));
    let mut story = Story { trust: TrustStore::new(believed.cloned()), ..Story::default() };
    story.extra_keys.push(key("trainer"));
    unknown(&story.verdict(), Missing::Trust, manifest("weights"));
    assert!(has(&story, FindingCode::SignerNotTrusted));
}

#[test]
fn a_role_is_not_another() {
    // The curator may clean, and not train.
    let mut story = Story::default();
    let old = story.train;
    story.statements.retain(|statement| statement.id() != old);
    let train = Activity::train().input(manifest("corpus"), []).output(manifest("weights"), []);
    let story = story.with(sign("curator", &train));
    unknown(&story.verdict(), Missing::Trust, manifest("weights"));
}

#[test]
fn an_anchor_outside_its_term_or_scope_is_none() {
    for anchor in [
        anchor("trainer", &[Role::Trainer]).between(day(11), day(30)),
        anchor("trainer", &[Role::Trainer]).between(day(1), day(10)),
        anchor("trainer", &[Role::Trainer]).scope([manifest("other").to_string()]),
    ] {
        let mut story = Story::default();
        let others = trust();
        let others =
            others.anchors().filter(|other| other.iss != anchor.iss).cloned().collect::<Vec<_>>();
        story.trust = TrustStore::new(others.into_iter().chain([anchor]));
        unknown(&story.verdict(), Missing::Trust, manifest("weights"));
    }
}

#[test]
fn an_observation_counts_only_by_a_collector_within_his_scope() {
    let licence = observed(manifest("source"), "CC-BY-4.0");
    let story = Story::licensed([sign("curator", &licence).into()]);
    unknown(&story.verdict(), Missing::Trust, manifest("source"));
    assert!(has(&story, FindingCode::LicenceWithoutStanding));

    let mut elsewhere = licence;
    if let Some(observation) = &mut elsewhere.observation {
        observation.source = "https://data.example.evil/source".into();
    }
    let story = Story::licensed([sign("collector", &elsewhere).into()]);
    unknown(&story.verdict(), Missing::Trust, manifest("source"));
}

#[test]
fn an_observed_licence_must_be_a_public_one() {
    let licence = observed(manifest("source"), "LicenseRef-Terms");
    let story = Story::licensed([sign("collector", &licence).into()]);
    unknown(&story.verdict(), Missing::Licence, manifest("source"));
}

#[test]
fn observed_licences_that_differ_must_both_permit() {
    let both = |other: &str| {
        let first = sign("collector", &observed(manifest("source"), "CC0-1.0"));
        let other = numbered(observed(manifest("source"), other), 1, first.id());
        Story::licensed([first.into(), sign("collector", &other).into()])
    };
    denied(&both("CC-BY-NC-4.0").verdict(), Reason::Purpose, manifest("source"));
    assert!(has(&both("CC-BY-4.0"), FindingCode::LicenceMismatch));
    assert_eq!(permitted(&both("CC-BY-4.0").verdict()).len(), 2);
}

#[test]
fn what_a_maker_grants_to_others_does_not_bind_him() {
    let curator = "did:web:curator.example";
    let ask = |party: Option<&str>| {
        let others = but(negotiated(manifest("corpus")), |l| {
            l.licensees = ["did:web:trainer.example".to_owned()].into();
            l.from = Some(day(2));
        });
        let mut builder = LineageProof::builder(manifest("corpus"));
        let grants = [sign("curator", &others).into()];
        for statement in Story::default().statements.into_iter().chain(grants) {
            let of_corpus = matches!(&statement, Statement::Licence(l) if l.payload().manifest == manifest("corpus") && l.payload().licensees.is_empty());
            let trains = matches!(&statement, Statement::Activity(a) if a.payload().kind == ActivityKind::Train);
            if !of_corpus && !trains {
                builder = builder.statement(statement);
            }
        }
        let (proof, trust) = (builder.build().unwrap().to_bytes(), trust());
        let lineage = Verifier::new(&trust, day(20)).verify(&proof, manifest("corpus")).unwrap();
        let ask = Use::new(Action::Derive).purpose(Purpose::Commercial).at(day(20));
        lineage.rights(&match party {
            Some(party) => ask.party(party),
            None => ask,
        })
    };
    permitted(&ask(Some(curator)));
    permitted(&ask(Some("did:web:trainer.example")));
    denied(&ask(Some("did:web:buyer.example")), Reason::Licensee, manifest("corpus"));
    // Who does not say that he is the maker is not taken for him.
    denied(&ask(None), Reason::Licensee, manifest("corpus"));
}

#[test]
fn any_granted_licence_suffices() {
    let research = Rule::permit([Action::Use])
        .when(datadeed::rights::Constraint::purpose([Purpose::Research]));
    let since_day_1 = |licence| but(licence, |l: &mut Licence| l.from = Some(day(1)));
    let narrow = sign("supplier", &since_day_1(Licence::granted(manifest("source"), [research])));
    let broad = numbered(since_day_1(negotiated(manifest("source"))), 1, narrow.id());
    let story = Story::licensed([
        narrow.into(),
        sign("supplier", &broad).into(),
        sign("collector", &observed(manifest("source"), "CC-BY-NC-4.0")).into(),
    ]);
    assert!(permitted(&story.verdict()).is_empty());
}

#[test]
fn a_grant_counts_from_its_signature_unless_it_says_from_when() {
    // Signed on day 10; the cleaning took place on day 2.
    let story = Story::licensed([sign("supplier", &negotiated(manifest("source"))).into()]);
    denied(&story.verdict(), Reason::NotYetValid, manifest("source"));
}

#[test]
fn a_licence_by_somebody_without_standing_grants_nothing() {
    let licence = but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
    });
    let story = Story::licensed([sign("trainer", &licence).into()]);
    unknown(&story.verdict(), Missing::Standing, manifest("source"));
    // Nor does it take anything from who made it himself.
    let licence = but(negotiated(manifest("weights")), |l| {
        l.from = Some(day(1));
    });
    let story = Story::default().with(sign("supplier", &licence));
    assert_eq!(story.verdict(), Story::default().verdict());
    let lineage = story.verify().unwrap();
    let without_standing = lineage
        .findings()
        .iter()
        .filter(|one| one.code == FindingCode::LicenceWithoutStanding)
        .count();
    assert_eq!(without_standing, 1);
}

#[test]
fn a_sublicence_under_a_licence_without_standing_grants_nothing() {
    let parent = sign("trainer", &negotiated(manifest("source")));
    let licence = but(negotiated(manifest("source")), |l| {
        l.from = Some(day(1));
        l.parent = Some(parent.id());
    });
    let story = Story::licensed([parent.into(), sign("supplier", &licence).into()]);
    unknown(&story.verdict(), Missing::Standing, manifest("source"));
}

mod title {
    use super::*;

    fn registration(of: ManifestId, claimant: &str) -> Registration {
        let iss = format!("did:web:{claimant}.example");
        let registrant =
            Registrant::new(iss, claimant, RegistrantKind::LegalPerson, RegistrantRole::Holder);
        Registration::new(of, "Source", [registrant], day(3), day(30))
    }

    fn grant() -> Licence {
        but(negotiated(manifest("source")), |l| {
            l.from = Some(day(1));
        })
    }

    #[test]
    fn a_registered_claimant_may_grant() {
        let registration = sign("registrar", &registration(manifest("source"), "trainer"));
        let story = Story::licensed([sign("trainer", &grant()).into(), registration.into()]);
        permitted(&story.verdict());
    }

    #[test]
    fn a_registration_counts_only_by_a_registrar_and_within_its_term() {
        let by_curator = sign("curator", &registration(manifest("source"), "trainer"));
        let story = Story::licensed([sign("trainer", &grant()).into(), by_curator.into()]);
        unknown(&story.verdict(), Missing::Standing, manifest("source"));
        for (from, until) in [(day(11), day(30)), (day(3), day(10))] {
            let outside = but(registration(manifest("source"), "trainer"), |r| {
                r.issued_at = from;
                r.valid_until = until;
            });
            let outside = outside.sign(&issuer("registrar"), day(12)).unwrap();
            let story = Story::licensed([sign("trainer", &grant()).into(), outside.into()]);
            unknown(&story.verdict(), Missing::Standing, manifest("source"));
        }
    }

    #[test]
    fn two_live_titles_are_disputed() {
        let mine = sign("registrar", &registration(manifest("source"), "trainer"));
        let theirs = but(registration(manifest("source"), "supplier"), |r| {
            (r.seq, r.prev) = (1, Some(mine.id()));
        });
        let theirs = sign("registrar", &theirs);
        let story = Story::licensed([sign("trainer", &grant()).into(), mine.into(), theirs.into()]);
        unknown(&story.verdict(), Missing::Disputed, manifest("source"));
    }

    #[test]
    fn a_revoked_registration_gives_no_standing_to_what_is_granted_after() {
        let registration = sign("registrar", &registration(manifest("source"), "trainer"));
        let licence = sign("trainer", &grant());
        let event = sign("registrar", &revocation(registration.id(), day(8)));
        let story = |recorded| {
            let mut story = Story::licensed([licence.clone().into(), registration.clone().into()]);
            story.status = Some(Status::new(day(20)).event(event.clone(), recorded).unwrap());
            story
        };
        unknown(&story(day(8)).verdict(), Missing::Standing, manifest("source"));
        // Recorded on day 15: the grant claims to be earlier and cannot prove it.
        unknown(&story(day(15)).verdict(), Missing::ActTimeUnproven, manifest("source"));
        let mut proven = story(day(15));
        proven.status = proven.status.map(|status| status.seen(licence.id(), day(11)).unwrap());
        permitted(&proven.verdict());
    }

    #[test]
    fn a_claimants_name_with_a_strangers_key_grants_nothing() {
        let mallory = SigningKey::from_seed(&[66; 32]);
        let iss = "did:web:claimant.example";
        let licence = grant().sign(&Issuer::new(iss, &mallory), day(10)).unwrap();
        let registration = sign("registrar", &registration(manifest("source"), "claimant"));
        let mut story = Story::licensed([licence.into(), registration.into()]);
        story.extra_keys.push(mallory.public_key());
        unknown(&story.verdict(), Missing::Trust, manifest("source"));
    }

    /// A delegation by somebody who has no say in the data gives his delegate no name in it.
    #[test]
    fn a_claimants_name_from_a_trainer_grants_nothing() {
        let mallory = SigningKey::from_seed(&[66; 32]);
        let iss = "did:web:claimant.example";
        let licence = grant().sign(&Issuer::new(iss, &mallory), day(10)).unwrap();
        let registration = sign("registrar", &registration(manifest("source"), "claimant"));
        let named = |name, role| {
            let mandate = Mandate::new([role]);
            sign(name, &Delegation::new(iss, mallory.public_key(), mandate))
        };
        let story = |by: Signed<Delegation>| {
            Story::licensed([licence.clone().into(), registration.clone().into()]).with(by)
        };
        let by_trainer = story(named("trainer", Role::Trainer));
        unknown(&by_trainer.verdict(), Missing::Trust, manifest("source"));
        // The registrar knows whom he registered.
        let by_registrar = story(named("registrar", Role::Registrar));
        assert!(by_registrar.verdict().is_permit(), "{}", by_registrar.verdict());
    }

    #[test]
    fn standing_by_registration_needs_a_fresh_status() {
        let registration = sign("registrar", &registration(manifest("source"), "trainer"));
        let mut story = Story::licensed([sign("trainer", &grant()).into(), registration.into()]);
        story.status = None;
        unknown(&story.verdict(), Missing::Status, manifest("source"));
    }
}

mod events {
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
        let mut builder =
            LineageProof::builder(manifest("bundle")).statement(merged).statement(grant);
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
        assert!(
            reasons.iter().any(|g| g.code == Reason::Expired && g.manifest == manifest("source"))
        );
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
}

mod shapes {
    use super::*;

    fn verify(subject: ManifestId, statements: Vec<Statement>) -> Verdict {
        let mut builder = LineageProof::builder(subject);
        for statement in statements {
            builder = builder.statement(statement);
        }
        let proof = builder.build().unwrap().to_bytes();
        let status = Status::new(day(20));
        let trust = trust();
        let lineage =
            Verifier::new(&trust, day(20)).known_events(&status).verify(&proof, subject).unwrap();
        lineage.rights(&Use::new(Action::Train).purpose(Purpose::Commercial).at(day(20)))
    }

    #[test]
    fn undisclosed_inputs_are_unknown() {
        let train = Activity::train().output(manifest("weights"), []).undisclosed_inputs();
        let verdict = verify(manifest("weights"), vec![sign("trainer", &train).into()]);
        unknown(&verdict, Missing::InputsUndisclosed, manifest("weights"));
    }

    #[test]
    fn an_input_that_nobody_made_is_unknown() {
        let clean = Activity::new(ActivityKind::Clean)
            .input(manifest("source"), [])
            .output(manifest("corpus"), []);
        let licence = sign("collector", &observed(manifest("source"), "CC0-1.0"));
        let verdict =
            verify(manifest("corpus"), vec![sign("curator", &clean).into(), licence.into()]);
        unknown(&verdict, Missing::Origin, manifest("source"));
    }

    #[test]
    fn datasets_made_of_each_other_have_no_origin() {
        let step = |from: &str, to: &str| {
            let clean = Activity::new(ActivityKind::Clean)
                .input(manifest(from), [])
                .output(manifest(to), []);
            Statement::from(sign("curator", &clean))
        };
        let verdict = verify(manifest("a"), vec![step("a", "b"), step("b", "a")]);
        let Verdict::Unknown { missing } = &verdict else { panic!("{verdict:?}") };
        assert!(missing.iter().any(|g| g.code == Missing::Origin && g.manifest == manifest("a")));
        // With an origin below, the circle stands.
        let collect = Activity::new(ActivityKind::Collect).output(manifest("a"), []);
        let verdict = verify(
            manifest("b"),
            vec![
                step("a", "b"),
                step("b", "a"),
                sign("collector", &collect).into(),
                sign("collector", &observed(manifest("a"), "CC0-1.0")).into(),
                sign(
                    "curator",
                    &but(Licence::granted(manifest("b"), [Rule::permit([Action::Use])]), |l| {
                        l.from = Some(day(0));
                    }),
                )
                .into(),
            ],
        );
        assert_eq!(permitted(&verdict), []);
    }

    #[test]
    fn an_output_may_equal_its_input() {
        let collect = Activity::new(ActivityKind::Collect).output(manifest("a"), []);
        let collect = sign("collector", &collect);
        let clean = Activity::new(ActivityKind::Clean)
            .input(manifest("a"), [collect.id()])
            .output(manifest("a"), []);
        let licences = [sign("collector", &observed(manifest("a"), "CC-BY-4.0")).into()];
        let verdict = verify(
            manifest("a"),
            [collect.into(), sign("curator", &clean).into()].into_iter().chain(licences).collect(),
        );
        assert_eq!(permitted(&verdict).len(), 2);
    }

    /// 2^60 paths lead to the origin; every statement is visited once.
    #[test]
    fn shared_ancestors_are_visited_once() {
        let mut statements: Vec<Statement> = Vec::new();
        let name = |level: usize, side: usize| manifest(&format!("{level}/{side}"));
        for side in 0..2 {
            let collect = Activity::new(ActivityKind::Collect).output(name(0, side), []);
            statements.push(sign("collector", &collect).into());
            statements.push(sign("collector", &observed(name(0, side), "CC-BY-4.0")).into());
        }
        for level in 1..60 {
            for side in 0..2 {
                let clean = Activity::new(ActivityKind::MergeDerive)
                    .input(name(level - 1, 0), [])
                    .input(name(level - 1, 1), [])
                    .output(name(level, side), []);
                statements.push(sign("curator", &clean).into());
            }
        }
        // The other side of the last level is not part of the subject's lineage.
        statements.pop();
        assert_eq!(permitted(&verify(name(59, 0), statements)).len(), 4);
    }

    /// Two models merged without training: what is passed on is derived from each.
    #[test]
    fn a_model_merged_from_a_model_is_derived_from_it() {
        let collect = Activity::new(ActivityKind::Collect).output(manifest("base"), []);
        let merge = Activity::new(ActivityKind::MergeDerive)
            .input(manifest("base"), [])
            .output(manifest("merged"), []);
        let licence = observed(manifest("base"), "CC-BY-ND-4.0");
        let proof = LineageProof::builder(manifest("merged"))
            .statement(sign("collector", &collect))
            .statement(sign("collector", &licence))
            .statement(sign("curator", &merge))
            .build()
            .unwrap();
        let trust = trust();
        let lineage =
            Verifier::new(&trust, day(20)).verify(&proof.to_bytes(), manifest("merged")).unwrap();
        denied(&lineage.rights(&sell()), Reason::NoDerivatives, manifest("base"));
    }

    #[test]
    fn share_alike_sets_without_a_common_licence_deny() {
        let mut statements: Vec<Statement> = Vec::new();
        let mut merge = Activity::new(ActivityKind::MergeDerive).output(manifest("merged"), []);
        for (name, spdx) in [("a", "CC-BY-SA-4.0"), ("b", "CC-BY-NC-SA-4.0")] {
            let collect = Activity::new(ActivityKind::Collect).output(manifest(name), []);
            statements.push(sign("collector", &collect).into());
            statements.push(sign("collector", &observed(manifest(name), spdx)).into());
            merge = merge.input(manifest(name), []);
        }
        statements.push(sign("curator", &merge).into());
        let mut builder = LineageProof::builder(manifest("merged"));
        for statement in statements {
            builder = builder.statement(statement);
        }
        let (proof, trust) = (builder.build().unwrap().to_bytes(), trust());
        let lineage = Verifier::new(&trust, day(20)).verify(&proof, manifest("merged")).unwrap();
        let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial);
        let Verdict::Deny { reasons } = lineage.rights(&ask) else {
            panic!("no terms satisfy both")
        };
        let mut found: Vec<_> = reasons.iter().map(|one| (one.code, one.manifest)).collect();
        let mut both = ["a", "b"].map(|of| (Reason::ShareAlikeConflict, manifest(of)));
        found.sort_unstable();
        both.sort_unstable();
        assert_eq!(found, both);
    }
}
