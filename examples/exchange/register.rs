//! The registrar's certificates, and the licence that rests on one of them.

use std::error::Error;

use datadeed::cbor::Item;
use datadeed::manifest::Manifest;
use datadeed::rights::{
    Action, Duty, DutyKind, Licence, Registrant, RegistrantKind, RegistrantRole, Registration,
    RegistrationKind, ReviewKind, RightsClaim, Rule, SourceEvidence, SourceKind,
};
use datadeed::statement::DataClass;
use datadeed::{Digest, StatementId};

use crate::curate::{Curated, Stage, size};
use crate::ledger::{Day, Ledger};
use crate::party::{CURATOR, REGISTRAR, TRAINER};

/// Registers the merged corpus and the training set for the curator.
pub(crate) fn register(ledger: &mut Ledger, curated: &Curated) -> Result<(), Box<dyn Error>> {
    let Curated { merged, training } = curated;
    let corpus = certificate(ledger, "Merged corpus", "DEMO-2026-0001", &merged.manifest);
    let corpus = ledger.sign(REGISTRAR, Day::REGISTERED, &corpus)?;
    if training.manifest.id() != merged.manifest.id() {
        let mut product = certificate(ledger, "Training set", "DEMO-2026-0002", &training.manifest);
        let derived = Item::text(&corpus.to_string());
        product.extra = [("derived_from_registered".to_owned(), derived)].into();
        ledger.sign(REGISTRAR, Day::REGISTERED, &product)?;
    }
    Ok(())
}

/// An initial registration after a formal review, its term three years from announcement.
fn certificate(ledger: &Ledger, name: &str, number: &str, manifest: &Manifest) -> Registration {
    let issued = ledger.time(Day::REGISTERED);
    let expires = ledger.time(Day::REGISTERED).saturating_add(three_years());
    let mut curator = Registrant::new(
        CURATOR,
        "Demonstration Curator",
        RegistrantKind::LegalPerson,
        RegistrantRole::Processor,
    );
    curator.share = Some(10_000);
    let mut certificate = Registration::new(manifest.id(), name, [curator], issued, expires);
    certificate.kind = RegistrationKind::Initial;
    certificate.scheme = Some("demonstration of 数据知识产权登记".to_owned());
    certificate.jurisdiction = Some("CN-BJ".to_owned());
    certificate.registrar_code = Some("DEMO".to_owned());
    certificate.application_no = Some(format!("A-{number}"));
    certificate.registration_no = Some(number.to_owned());
    certificate.certificate_no = Some(format!("C-{number}"));
    certificate.object_class = Some("数据集合".to_owned());
    certificate.data_class = Some(DataClass::Enterprise);
    certificate.industry = Some("software".to_owned());
    certificate.application_scenario = Some("training of language models".to_owned());
    certificate.source_kind = Some(SourceKind::Public);
    let list = SourceEvidence::new("manifest file", Digest::of(&manifest.to_bytes()));
    certificate.source_evidence = [list].into();
    certificate.structure = Some("files in one directory a source".to_owned());
    certificate.format = Some("files as published".to_owned());
    certificate.scale = Some(size(manifest));
    certificate.update_frequency = Some("none".to_owned());
    certificate.processing_rule_summary =
        Some("merged from its sources; each step is an activity with its rule".to_owned());
    certificate.ai_generated = Some(false);
    certificate.disclosure_state = Some("公开".to_owned());
    certificate.rights = [RightsClaim::ProcessAndUse, RightsClaim::OperateProducts].into();
    // Nobody looked for personal information or important data, so nothing is said of them.
    certificate.review_kind = Some(ReviewKind::Formal);
    certificate.publicity_from = Some(ledger.time(Day::PUBLICISED));
    certificate.publicity_to = Some(issued);
    certificate.announced_at = Some(issued);
    certificate.cross_border = Some(false);
    certificate
}

/// The trainer's licence in the training set; the curator has standing by registration.
pub(crate) fn license(
    ledger: &mut Ledger,
    training: &Stage,
) -> Result<StatementId, Box<dyn Error>> {
    let owed = |kind| {
        let mut duty = Duty::new(kind);
        duty.payee = Some(CURATOR.to_owned());
        duty
    };
    let rule = Rule::permit([
        Action::Train,
        Action::Reproduce,
        Action::Distribute,
        Action::DistributeModel,
        Action::ServeOutputs,
    ])
    .duty(owed(DutyKind::Attribute))
    .duty(owed(DutyKind::Report))
    .duty(Duty::revenue_share(CURATOR, 500));
    let mut licence = Licence::granted(training.manifest.id(), [rule]);
    licence.licensees = [TRAINER.to_owned()].into();
    ledger.sign(CURATOR, Day::SOLD, &licence)
}

const fn three_years() -> std::time::Duration {
    std::time::Duration::from_secs(3 * 365 * 86_400)
}
