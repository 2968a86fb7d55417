//! Personal information and important data: what the law of a place asks of whoever uses them.

use super::beside_title::ProvidedAbroad;
use super::lineage::VerifiedLineage;
use super::rights::{Answer, Questions};
use super::ways::{Places, Question, instants, undisputed};
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{Action, Consent, Ended, Missing, Outcome, Reason, Regime, Territory, Use};
use crate::statement::{DataClass, Signed};
use crate::timestamp::Timestamp;

/// What believed statements say of a dataset; one that says so decides, for it is against his interest who
/// would rather not have it said.
struct Said {
    /// Absent where nobody says.
    personal: Option<bool>,
    important: bool,
}

/// Whether the law lets anybody do what is asked of this dataset itself.
///
/// What is asked of something that was made of it is asked there, whose maker says whether it holds
/// personal information still.
pub(super) fn judge(
    lineage: &VerifiedLineage,
    intended: &Use,
    manifest: ManifestId,
    asked: &Questions<'_>,
    answer: &mut Answer,
) {
    match intended.regime {
        None => return,
        Some(Regime::China) => {}
    }
    let direct = || asked.iter().filter(|(_, question)| question.is_direct);
    if direct().next().is_none() {
        return;
    }
    let said = said(lineage, manifest);
    match said.personal {
        Some(true) => {
            for (action, question) in direct() {
                let (outcome, by) = consented(lineage, intended, manifest, action, &question);
                // Individuals may withdraw their consent (article 15).
                let (facts, at) = (lineage.facts(), intended.at);
                let is_current = |id| facts.is_fresh_at(at) && !facts.lacks_status(id, at);
                if let Some(id) = by.filter(|id| outcome.rank() == 0 && !is_current(*id)) {
                    answer.without_status(facts, manifest, id);
                }
                answer.add(outcome, manifest, by);
            }
        }
        None if !is_model(lineage, manifest) => {
            let missing = Missing::PersonalInformation;
            answer.add(Outcome::unknown(missing), manifest, None);
        }
        Some(false) | None => {}
    }
    if said.important || said.personal == Some(true) {
        for (action, question) in direct() {
            answer.add(provided(lineage, intended, manifest, action, &question), manifest, None);
        }
    }
}

fn said(lineage: &VerifiedLineage, manifest: ManifestId) -> Said {
    let mut said = Said { personal: None, important: false };
    let mut add = |personal: Option<bool>, class: Option<DataClass>| {
        let personal = if class == Some(DataClass::Personal) { Some(true) } else { personal };
        // `Some(true)` is the greatest.
        said.personal = said.personal.max(personal);
    };
    for dataset in lineage.datasets(manifest).filter(|one| lineage.has_role(one.id())) {
        add(dataset.payload().personal_information, dataset.payload().data_class);
    }
    for registration in lineage.registrations(manifest).filter(|one| lineage.has_role(one.id())) {
        let registration = registration.payload();
        add(registration.personal_information, registration.data_class);
        said.important |= registration.important_data == Some(true);
    }
    said
}

/// Whether every step that made it learned it, so that it holds weights.
fn is_model(lineage: &VerifiedLineage, manifest: ManifestId) -> bool {
    let mut by = lineage.statements_about(manifest).filter_map(Statement::as_activity).peekable();
    by.peek().is_some() && by.all(|one| one.payload().kind.trains())
}

/// Whether there is a basis of processing for one action (Personal Information Protection Law, article 13; Interim
/// Measures for Generative AI Services, article 7), and by which statement that is decided.
fn consented(
    lineage: &VerifiedLineage,
    intended: &Use,
    manifest: ManifestId,
    action: Action,
    question: &Question<'_>,
) -> (Outcome, Option<StatementId>) {
    let facts = lineage.facts();
    let mut best = (Outcome::deny(Reason::Consent), None);
    for consent in lineage.consents(manifest).filter(|one| lineage.has_role(one.id())) {
        let id = consent.id();
        let doubts = facts.doubts.get(&id).cloned().map_or(Outcome::free(), Outcome::Unknown);
        let instants = instants(intended, facts);
        let dispute = undisputed(facts.disputes.get(&id), instants);
        let outcome = covers(consent, intended, action, question)
            .meet(ended(facts.ended.get(&id).copied(), question))
            .meet(doubts)
            .meet(dispute);
        if outcome.rank() < best.0.rank() {
            best = (outcome, Some(id));
        }
    }
    best
}

/// Whether one basis is about this action, for this purpose, at this time.
fn covers(
    consent: &Signed<Consent>,
    intended: &Use,
    action: Action,
    question: &Question<'_>,
) -> Outcome {
    let payload = consent.payload();
    let is_about = |leaf: Action| payload.actions.iter().any(|of| leaf.is_within(*of));
    if !payload.actions.is_empty() && !action.leaves().all(is_about) {
        return Outcome::deny(Reason::Consent);
    }
    let purpose = match intended.purpose {
        _ if payload.purposes.is_empty() => Outcome::free(),
        Some(purpose) if payload.purposes.contains(&purpose) => Outcome::free(),
        Some(_) => Outcome::deny(Reason::Consent),
        None => Outcome::unknown(Missing::Purpose),
    };
    let from = payload.from.unwrap_or(consent.header().issued_at);
    let begun = if question.acts.earliest < from {
        Outcome::deny(Reason::Consent)
    } else {
        Outcome::free()
    };
    purpose.meet(begun).meet(ended(payload.until, question))
}

fn ended(end: Option<Timestamp>, question: &Question<'_>) -> Outcome {
    match end.map(|end| question.acts.ended_by(end)) {
        None | Some(Ended::Before) => Outcome::free(),
        Some(Ended::After) => Outcome::deny(Reason::Consent),
        Some(Ended::Unproven) => Outcome::unknown(Missing::ActTimeUnproven),
    }
}

/// Whether data that go abroad are recorded to have been provided there (数据出境).
fn provided(
    lineage: &VerifiedLineage,
    intended: &Use,
    manifest: ManifestId,
    action: Action,
    question: &Question<'_>,
) -> Outcome {
    let Use { processing, storage, distribution, .. } = *intended;
    let done = if action.is_distribution() { distribution } else { processing };
    let places: Vec<Option<Territory>> = match question.places {
        Places::Intended => vec![done, storage],
        Places::Several => vec![None],
        Places::Stated { processed, stored } => {
            processed.iter().chain(stored).copied().map(Some).collect()
        }
    };
    let facts = lineage.facts();
    let about = lineage.statements_about(manifest).map(Statement::id);
    let records: Vec<&ProvidedAbroad> =
        about.filter_map(|id| facts.abroad.get(&id)).flatten().collect();
    let is_recorded = |place: &Territory| {
        records.iter().any(|record| {
            record.from <= question.acts.earliest
                && record.into.iter().any(|into| into.contains(place))
        })
    };
    let each = places.into_iter().map(|place| match place {
        None => Outcome::unknown(Missing::Territory),
        Some(place) if Territory::CHINA.contains(&place) || is_recorded(&place) => Outcome::free(),
        Some(_) => Outcome::unknown(Missing::CrossBorder),
    });
    each.fold(Outcome::free(), Outcome::meet)
}
