//! What collector and supplier say of the datasets they bring.

use std::error::Error;

use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, Modality, ReleaseMode, ScanMethod};
use datadeed::rights::{
    Action, Consent, ConsentBasis, Constraint, Duty, DutyKind, Licence, Observation, Purpose, Rule,
};
use datadeed::statement::DataClass;
use datadeed::{Digest, ManifestId, StatementId};

use crate::ledger::{Day, Ledger};
use crate::party::{COLLECTOR, CURATOR, SUPPLIER, TRAINER};
use crate::source::{Source, Terms};

/// Signs the origin of a dataset; gives the activity that vouches for it.
pub(crate) fn collect(ledger: &mut Ledger, source: &Source) -> Result<StatementId, Box<dyn Error>> {
    let manifest = source.manifest.id();
    let party = bringer(source);
    let mut dataset = Dataset::new(manifest, &source.title, ScanMethod::Full);
    dataset.created = Some(ledger.time(Day::COLLECTED));
    describe(&mut dataset, &source.terms);
    let described = ledger.sign(party, Day::COLLECTED, &dataset)?;
    // Complete, and without inputs: an origin.
    let collected = Activity::new(ActivityKind::Collect).output(manifest, [described]);
    let collected = ledger.sign(party, Day::COLLECTED, &collected)?;
    ledger.keep(&source.prefix, &source.manifest);
    Ok(collected)
}

/// What is in it, as far as whoever brings it has looked.
fn describe(dataset: &mut Dataset, terms: &Terms) {
    let (modality, media_type) = match terms {
        Terms::Public { .. } => return,
        Terms::Granted(_) => (Modality::Image, "image/svg+xml"),
        Terms::Negotiated => (Modality::Text, "text/plain"),
    };
    dataset.modalities = [modality].into();
    dataset.media_types = [media_type.to_owned()].into();
    dataset.release_mode = Some(ReleaseMode::Trade);
    dataset.source_category = Some("field work".to_owned());
    dataset.data_class = Some(DataClass::Enterprise);
    dataset.personal_information = Some(matches!(terms, Terms::Negotiated));
}

/// Signs the licence that a dataset came with; and where it tells of people, that they agreed.
pub(crate) fn license(ledger: &mut Ledger, source: &Source) -> Result<(), Box<dyn Error>> {
    let manifest = source.manifest.id();
    let licence = match &source.terms {
        Terms::Public { expression, source, method, text } => {
            let seen = ledger.time(Day::COLLECTED);
            let observation = Observation::new(source, *method, Digest::of(text), seen);
            Licence::observed(manifest, expression, observation)
        }
        Terms::Granted(spdx) => Licence::granted_spdx(manifest, *spdx),
        Terms::Negotiated => {
            let mut consent = Consent::new(manifest, ConsentBasis::Consent);
            consent.actions = [Action::Derive, Action::Reproduce, Action::Train].into();
            consent.purposes = [Purpose::Commercial, Purpose::Research].into();
            consent.method = Some("signed form".to_owned());
            ledger.sign(SUPPLIER, Day::GRANTED, &consent)?;
            negotiated(manifest)?
        }
    };
    ledger.sign(bringer(source), Day::GRANTED, &licence)?;
    Ok(())
}

/// Who signs for a dataset: whoever may grant it, else whoever found it.
const fn bringer(source: &Source) -> &'static str {
    match source.terms {
        Terms::Public { .. } => COLLECTOR,
        Terms::Granted(_) | Terms::Negotiated => SUPPLIER,
    }
}

/// A licence that curator and trainer negotiated, and that the supplier may end.
fn negotiated(manifest: ManifestId) -> Result<Licence, Box<dyn Error>> {
    let china = "CN".parse()?;
    let owed = |kind, terms: &str| {
        let mut duty = Duty::new(kind);
        duty.payee = Some(SUPPLIER.to_owned());
        duty.terms = Some(terms.to_owned());
        duty
    };
    let rule = Rule::permit([
        Action::Train,
        Action::Derive,
        Action::Reproduce,
        Action::DistributeDerived,
        Action::DistributeModel,
        Action::ServeOutputs,
    ])
    .when(Constraint::purpose([Purpose::Commercial]))
    .when(Constraint::processing_in([&china]))
    .when(Constraint::distribution_in([&china]))
    .duty(owed(DutyKind::Attribute, "Contains field notes of the supplier."))
    .duty(owed(DutyKind::Notice, "Keep the notice of the agreement."))
    .duty(Duty::revenue_share(SUPPLIER, 250));
    let mut licence = Licence::granted(manifest, [rule]);
    licence.licensees = [CURATOR, TRAINER].map(str::to_owned).into();
    licence.revocable = true;
    Ok(licence)
}
