//! Who held the trees of a dataset against its rows.

use datadeed::lineage::TreeName;
use datadeed::rights::{Assessment, AssessmentKind, AssessmentResult};
use datadeed::trust::{Delegation, Mandate};

use super::*;
use crate::story::{key, revocation};

/// The content tree of the source, as the observer computed it again on day 3.
fn audit(result: AssessmentResult) -> Assessment {
    let audit = Assessment::manifest_audit(manifest("source"), [TreeName::Content], day(3));
    but(audit, |one| one.result = Some(result))
}

/// With audits by these, who are auditors.
fn audited(audits: &[Signed<Assessment>]) -> Case {
    let auditors = ["observer", "dealer"].map(|name| anchor(name, &[Role::Auditor]));
    let all = everybody();
    let others = all.anchors().filter(|one| auditors.iter().all(|other| other.iss != one.iss));
    let trust = TrustStore::new(others.cloned().chain(auditors.clone()));
    audits.iter().cloned().fold(Case { trust, ..Case::source([]) }, Case::with)
}

fn found(case: &Case) -> Option<StatementId> {
    case.verify().audit(manifest("source"), &TreeName::Content)
}

#[test]
fn an_audit_stands_until_it_is_taken_back_disputed_or_in_doubt() {
    let passed = sign("observer", &audit(AssessmentResult::Passed));
    let case = audited(std::slice::from_ref(&passed));
    assert_eq!(found(&case), Some(passed.id()));
    for (by, event) in [
        ("observer", revocation(passed.id(), day(12))),
        ("court", Event::dispute(passed.id(), day(12))),
        ("observer", Event::key_revocation(key("observer").id(), day(12))),
    ] {
        assert_eq!(found(&case.clone().recorded(by, &event)), None, "{}", event.kind);
    }
    let other = but(audit(AssessmentResult::Passed), |one| {
        (one.kind, one.trees) = (AssessmentKind::Compliance, [].into());
    });
    assert_eq!(found(&audited(&[sign("observer", &other)])), None);
    assert_eq!(found(&audited(&[sign("trainer", passed.payload())])), None);
}

#[test]
fn one_auditor_who_found_otherwise_decides_even_by_a_lost_key() {
    let passed = sign("observer", &audit(AssessmentResult::Passed));
    let failed = sign("dealer", &audit(AssessmentResult::Failed));
    let case = audited(&[passed.clone(), failed.clone()]);
    assert_eq!(found(&case), None);
    let lost = Event::key_revocation(key("dealer").id(), day(12));
    assert_eq!(found(&case.clone().recorded("dealer", &lost)), None);
    let taken_back = case.recorded("dealer", &revocation(failed.id(), day(12)));
    assert_eq!(found(&taken_back), Some(passed.id()));
}

/// Nor does it become sound when the dealer ends the delegation of whoever found otherwise.
#[test]
fn one_who_found_otherwise_decides_also_when_his_delegation_has_ended() {
    let mandate = Mandate::new([Role::Auditor]).scope(["manifest:"]).between(day(0), day(900));
    let delegation = Delegation::new(iss("other"), key("other"), mandate);
    let delegation = delegation.sign(&issuer("dealer"), day(0)).unwrap();
    let passed = sign("observer", &audit(AssessmentResult::Passed));
    let failed = sign("other", &audit(AssessmentResult::Failed));
    let delegated = |audits: &[Signed<Assessment>]| {
        let case = audited(audits);
        let dealer = anchor("dealer", &[Role::Auditor]).scope(["manifest:"]);
        let dealer = dealer.between(day(0), day(900)).depth(1);
        let others = case.trust.anchors().filter(|one| one.iss != iss("dealer")).cloned();
        let trust = TrustStore::new(others.chain([dealer]));
        Case { trust, ..case }.with(delegation.clone())
    };
    let ended = revocation(delegation.id(), day(12));
    let case = delegated(&[passed.clone(), failed]);
    assert_eq!(found(&case), None);
    assert_eq!(found(&case.recorded("dealer", &ended)), None);
    // What he found to be sound needs somebody who is believed.
    let sound = sign("other", passed.payload());
    let case = delegated(std::slice::from_ref(&sound));
    assert_eq!(found(&case), Some(sound.id()));
    assert_eq!(found(&case.recorded("dealer", &ended)), None);
}
