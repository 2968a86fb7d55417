//! What follows from a lineage that is not refused.

mod events;
mod shapes;
mod title;

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
