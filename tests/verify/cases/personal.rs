//! Personal information: who says that there is some, and who says where it went.

use Purpose::{Commercial, NonCommercial, Personal, Research};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::{Consent, ConsentBasis, Regime, Territory};

use super::*;
use crate::story::revocation;

fn said(by: &str, holds: bool) -> Signed<Dataset> {
    let dataset = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    sign(by, &but(dataset, |one| one.personal_information = Some(holds)))
}

fn free() -> Case {
    Case::source([seen("source", "CC0-1.0").into()])
}

fn in_china() -> Use {
    commercial(Action::Train).regime(Regime::China)
}

/// Whoever takes back that there is no personal information has not said it.
#[test]
fn what_was_taken_back_is_no_word_that_data_are_free_of_personal_information() {
    let no = said("collector", false);
    permits(&free().with(no.clone()).rights(&in_china()), &[]);
    let case = free().with(no.clone()).recorded("collector", &revocation(no.id(), day(12)));
    lacks(&case.rights(&in_china()), &[(Missing::PersonalInformation, "source", None)]);
    // Whoever takes back that there is some has said it all the same.
    let yes = said("collector", true);
    let case = free().with(yes.clone()).recorded("collector", &revocation(yes.id(), day(12)));
    denies(&case.rights(&in_china()), &[(Reason::Consent, "source", Some(yes.id()))]);
}

fn consent() -> Signed<Consent> {
    let consent = Consent::new(manifest("source"), ConsentBasis::Consent);
    consent.sign(&issuer("collector"), day(1)).unwrap()
}

/// Personal information with a basis of processing, used in Singapore.
fn abroad() -> (Case, Signed<Dataset>, Use) {
    let yes = said("collector", true);
    let ask = in_china().territory("SG".parse().unwrap()).party(iss("trainer"));
    (free().with(yes.clone()).with(consent()), yes, ask)
}

#[test]
fn a_record_of_provision_abroad_is_for_whoever_is_believed_about_the_data() {
    let (case, yes, ask) = abroad();
    lacks(&case.rights(&ask), &[(Missing::CrossBorder, "source", Some(yes.id()))]);
    let record = |of: StatementId| Event::cross_border(of, ["SG".parse().unwrap()], day(4));
    permits(&case.clone().recorded("collector", &record(yes.id())).rights(&ask), &[]);
    // Of a description by somebody who is no one to describe it, its issuer may say what he wants.
    let own = said("exchange", true);
    let case = case.with(own.clone()).recorded("exchange", &record(own.id()));
    lacks(&case.rights(&ask), &[(Missing::CrossBorder, "source", Some(yes.id()))]);
}

#[test]
fn a_record_of_provision_abroad_is_about_whom_it_names() {
    let (case, yes, ask) = abroad();
    let to = |name: &str| {
        let record = Event::cross_border(yes.id(), ["SG".parse().unwrap()], day(4));
        but(record, |record| record.parties = [iss(name)].into())
    };
    let told = |name| case.clone().recorded("collector", &to(name)).rights(&ask);
    permits(&told("trainer"), &[]);
    lacks(&told("buyer"), &[(Missing::CrossBorder, "source", Some(yes.id()))]);
}

/// What is consented to is meant as a condition of a licence on the purpose is.
#[test]
fn a_consent_for_one_purpose_covers_what_that_includes() {
    let yes = said("collector", true);
    let asked = |covered: Purpose, purpose: Purpose| {
        let consent = Consent::new(manifest("source"), ConsentBasis::Consent);
        let consent = but(consent, |one| one.purposes = [covered].into());
        let consent = consent.sign(&issuer("collector"), day(1)).unwrap();
        let case = free().with(yes.clone()).with(consent.clone());
        (case.rights(&in_china().purpose(purpose)), consent.id())
    };
    permits(&asked(NonCommercial, Personal).0, &[]);
    permits(&asked(Research, Research).0, &[]);
    let (verdict, _) = asked(NonCommercial, Commercial);
    assert_eq!(verdict.word(), "deny", "{verdict}");
    // Research may be for gain or not.
    let (verdict, consent) = asked(NonCommercial, Research);
    lacks(&verdict, &[(Missing::Purpose, "source", Some(consent))]);
}

/// A code that nobody assigned is no place, in China neither.
#[test]
fn a_subdivision_that_there_is_not_lies_nowhere() {
    let yes = said("collector", true);
    let case = free().with(yes.clone()).with(consent());
    let at = |code: &str| case.rights(&in_china().territory(code.parse().unwrap()));
    permits(&at("CN-BJ"), &[]);
    lacks(&at("CN-ZZ"), &[(Missing::Territory, "source", Some(yes.id()))]);
}

/// Where a step says only where it was done, its data are kept where the use is.
#[test]
fn a_step_at_home_does_not_keep_its_data_at_home() {
    let (case, yes, ask) = abroad();
    let china: Territory = "CN".parse().unwrap();
    let told = |stored: bool| {
        let step = Activity::train()
            .input(manifest("source"), [])
            .output(manifest("weights"), [])
            .between(day(5), day(5));
        let step = but(step, |step| {
            step.processed_in = [china].into();
            if stored {
                step.stored_in = [china].into();
            }
        });
        let case = Case { subject: manifest("weights"), ..case.clone() };
        case.with(step.sign(&issuer("trainer"), day(5)).unwrap()).rights(&ask)
    };
    permits(&told(true), &[]);
    lacks(&told(false), &[(Missing::CrossBorder, "source", Some(yes.id()))]);
}
