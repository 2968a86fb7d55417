//! The registrar's certificates, and what an auditor found.

use std::error::Error;

use datadeed::cbor::Item;
use datadeed::lineage::TreeName;
use datadeed::manifest::{Manifest, NameProfile};
use datadeed::rights::{
    Assessment, AssessmentKind, AssessmentResult, Registrant, RegistrantKind, RegistrantRole,
    Registration, RegistrationKind, ReviewKind, RightsClaim, SourceEvidence, SourceKind,
};
use datadeed::statement::DataClass;
use datadeed::{Digest, StatementId};

use crate::curate::{Curated, readable, size};
use crate::ledger::{Day, Ledger};
use crate::party::{AUDITOR, CURATOR, REGISTRAR};
use crate::source::Contents;

/// Registers the merged corpus and the training set for the curator.
///
/// Gives the registration of the training set.
pub(crate) fn register(
    ledger: &mut Ledger,
    curated: &Curated,
) -> Result<StatementId, Box<dyn Error>> {
    let Curated { merged, training } = curated;
    let corpus = certificate(ledger, "Merged corpus", "DEMO-2026-0001", &merged.manifest);
    let corpus = ledger.sign(REGISTRAR, Day::REGISTERED, &corpus)?;
    if training.manifest.id() == merged.manifest.id() {
        return Ok(corpus);
    }
    let mut product = certificate(ledger, "Training set", "DEMO-2026-0002", &training.manifest);
    let derived = Item::text(&corpus.to_string());
    product.extra = [("derived_from_registered".to_owned(), derived)].into();
    ledger.sign(REGISTRAR, Day::REGISTERED, &product)
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

/// Somebody else reads every file, computes the trees again, and looks for what the rules asked for.
pub(crate) fn examine(
    ledger: &mut Ledger,
    training: &Manifest,
    contents: &Contents,
) -> Result<(), Box<dyn Error>> {
    const RULES: &str = "every file is valid UTF-8, and no content occurs twice";
    let (id, on) = (training.id(), ledger.time(Day::REGISTERED));
    let files = training.file_entries().unwrap_or_default().to_vec();
    if Manifest::files(files, NameProfile::Any)?.id() != id {
        return Err("the trees are not those of the rows".into());
    }
    let audit = Assessment::manifest_audit(id, [TreeName::Parts, TreeName::Content], on);
    let audit = ledger.sign(AUDITOR, Day::REGISTERED, &audit)?;

    let (readable, rows) = (readable(training, contents)?.len(), training.content_rows().len());
    let files = usize::try_from(training.parts().count())?;
    let passed = readable == rows && rows == files;
    let result = if passed { AssessmentResult::Passed } else { AssessmentResult::Failed };
    let mut quality = Assessment::new(id, AssessmentKind::Quality, Some(result), on);
    quality.rules = Some(Digest::of(RULES.as_bytes()));
    quality.method = Some(RULES.to_owned());
    let counted = [("files", files), ("contents", rows), ("readable", readable)];
    quality.measures =
        counted.map(|(name, count)| (name.to_owned(), Item::text(&count.to_string()))).into();
    (quality.seq, quality.prev) = (1, Some(audit));
    ledger.sign(AUDITOR, Day::REGISTERED, &quality)?;
    Ok(())
}

const fn three_years() -> std::time::Duration {
    std::time::Duration::from_secs(3 * 365 * 86_400)
}
