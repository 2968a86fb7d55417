//! Personal information and important data: what the law of a place asks of whoever uses them.

use std::collections::BTreeSet;

use super::TitleState;
use super::beside_title::ProvidedAbroad;
use super::instants::Instants;
use super::lineage::VerifiedLineage;
use super::question::Question;
use super::questions::Questions;
use super::rights::Answer;
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{
    Action, Consent, Ended, Missing, Outcome, Rank, Reason, Regime, Territory, Use, is_for,
};
use crate::statement::{DataClass, Signed};
use crate::timestamp::Timestamp;

/// What believed statements say of a dataset; one that says so decides, for it is against his interest who
/// would rather not have it said. That there is none counts only while whoever says it stands by it.
struct Said {
    /// Absent where nobody says.
    personal: Option<bool>,
    /// The first statement that says that personal information is in it.
    personal_by: Option<StatementId>,
    /// The first that says that important data are.
    important_by: Option<StatementId>,
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
    let said = said(lineage, intended, manifest);
    match said.personal {
        Some(true) => {
            for (action, question) in direct() {
                let (outcome, by) = consented(lineage, intended, manifest, action, &question);
                // Individuals may withdraw their consent (article 15).
                let (facts, at) = (lineage.facts(), intended.at);
                let is_current = |id| facts.is_fresh_at(at) && !facts.lacks_status(id, at);
                if let Some(id) = by.filter(|id| outcome.rank() == Rank::Permit && !is_current(*id))
                {
                    answer.without_status(facts, manifest, id);
                }
                // Where no basis decides, what needs one is named.
                answer.add(outcome, manifest, by.or(said.personal_by));
            }
        }
        None if !lineage.is_model(manifest) => {
            let missing = Missing::PersonalInformation;
            answer.add(Outcome::unknown(missing), manifest, None);
        }
        Some(false) | None => {}
    }
    if let Some(by) = said.personal_by.or(said.important_by) {
        for (action, question) in direct() {
            let outcome = provided(lineage, intended, manifest, action, &question);
            answer.add(outcome, manifest, Some(by));
        }
    }
}

fn said(lineage: &VerifiedLineage, intended: &Use, manifest: ManifestId) -> Said {
    let facts = lineage.facts();
    let Instants { used: at, known: by_then } = Instants::of(intended, facts);
    let mut said = Said { personal: None, personal_by: None, important_by: None };
    let mut add =
        |id: StatementId, personal: Option<bool>, class: Option<DataClass>, stands: bool| {
            match if class == Some(DataClass::Personal) { Some(true) } else { personal } {
                Some(true) => {
                    said.personal = Some(true);
                    said.personal_by.get_or_insert(id);
                }
                // `Some(true)` is the greatest.
                Some(false) if stands => said.personal = said.personal.max(Some(false)),
                Some(false) | None => {}
            }
        };
    // What is free of personal information needs somebody who is believed; that it is not, somebody who may have been.
    for dataset in lineage.datasets(manifest).filter(|one| lineage.is_heard(one.id())) {
        let (id, payload) = (dataset.id(), dataset.payload());
        let ended = facts.ended.get(&id).is_some_and(|end| *end <= by_then);
        let stands = lineage.is_believed(id) && !ended;
        add(id, payload.personal_information, payload.data_class, stands);
    }
    let in_force: BTreeSet<StatementId> = lineage
        .titles(manifest, at)
        .into_iter()
        .filter(|title| title.state == TitleState::Registered)
        .map(|title| title.registration.id())
        .collect();
    let registrations = || lineage.registrations(manifest).filter(|one| lineage.is_heard(one.id()));
    for registration in registrations() {
        let (id, payload) = (registration.id(), registration.payload());
        let stands = lineage.is_believed(id) && in_force.contains(&id);
        add(id, payload.personal_information, payload.data_class, stands);
    }
    let mut important = registrations().filter(|one| one.payload().important_data == Some(true));
    said.important_by = important.next().map(Signed::id);
    said
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
        let dispute = Instants::of(intended, facts).undisputed(facts.disputes.get(&id));
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
    let purpose = match is_for(&payload.purposes, intended.purpose) {
        _ if payload.purposes.is_empty() => Outcome::free(),
        Outcome::Deny(_) => Outcome::deny(Reason::Consent),
        known @ (Outcome::Permit(_) | Outcome::Unknown(_)) => known,
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
    let [processed, stored] = question.places.where_done(processing, storage);
    let does = |distributes: bool| action.leaves().any(|one| one.is_distribution() == distributes);
    let processed = does(false).then_some(processed).into_iter().flatten();
    let distributed = does(true).then_some(distribution);
    let places = processed.chain(stored).chain(distributed);
    let facts = lineage.facts();
    // What nobody is believed in gives its issuer no say in what happens to the data.
    let about = lineage.statements_about(manifest).map(Statement::id);
    let about = about.filter(|id| lineage.has_role(*id));
    let records: Vec<&ProvidedAbroad> =
        about.filter_map(|id| facts.abroad.get(&id)).flatten().collect();
    // Who receives what is passed on no question says.
    let passes_on = action.leaves().any(Action::is_distribution);
    let recipient = question.party.name().filter(|_| !passes_on);
    let is_recorded = |place: &Territory| {
        records.iter().any(|record| {
            let is_to = |one: &String| Some(one.as_str()) == recipient;
            record.from <= question.acts.earliest
                && (record.parties.is_empty() || record.parties.iter().any(is_to))
                && record.into.iter().any(|into| into.contains(place))
        })
    };
    let each = places.map(|place| match place {
        None => Outcome::unknown(Missing::Territory),
        Some(place) if !place.is_assigned() => Outcome::unknown(Missing::Territory),
        Some(place) if Territory::CHINA.contains(&place) || is_recorded(&place) => Outcome::free(),
        Some(_) => Outcome::unknown(Missing::CrossBorder),
    });
    each.fold(Outcome::free(), Outcome::meet)
}
