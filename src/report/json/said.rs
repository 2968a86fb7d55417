//! What datasets, steps, licences and events say, as JSON.

use super::question::{constraint, owed};
use super::{Fields, Json, borrowed, shown};
use crate::lineage::{Activity, Agents, Sampling};
use crate::manifest::{Dataset, ReleaseMode};
use crate::rights::{ConflictStrategy, Event, Licence, Rule};
use crate::statement::DataClass;

/// Absent where there is none.
fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Option<Json<'a>> {
    some(items.into_iter().map(borrowed))
}

fn some<'a>(items: impl Iterator<Item = Json<'a>>) -> Option<Json<'a>> {
    let items: Vec<Json<'a>> = items.collect();
    (!items.is_empty()).then_some(Json::List(items))
}

pub(super) fn dataset<'a>(fields: Fields<'a>, dataset: &'a Dataset) -> Fields<'a> {
    let modalities = dataset.modalities.iter().map(|one| one.code());
    fields
        .text("title", dataset.title.as_str())
        .text("version", dataset.version.as_deref())
        .json("languages", texts(dataset.languages.iter().map(String::as_str)))
        .json("modalities", texts(modalities))
        .json("media_types", texts(dataset.media_types.iter().map(String::as_str)))
        .text("data_class", dataset.data_class.map(DataClass::code))
        .text("source_category", dataset.source_category.as_deref())
        .text("confidentiality", dataset.confidentiality.as_deref())
        .text("release_mode", dataset.release_mode.map(ReleaseMode::code))
        .json("personal_information", dataset.personal_information.map(Json::Flag))
}

pub(super) fn activity<'a>(fields: Fields<'a>, activity: &'a Activity) -> Fields<'a> {
    let agents = |agents: &'a Agents| {
        Fields::default()
            .text("role", agents.role.code())
            .number("count", Some(agents.count))
            .text("party", agents.party.as_deref())
            .text("qualification", agents.qualification.as_deref())
            .object()
    };
    let sampling = |sampling: &'a Sampling| {
        Fields::default()
            .number("drawn", Some(sampling.drawn))
            .number("passed", Some(sampling.passed))
            .text("method", sampling.method.as_deref())
            .object()
    };
    fields
        .text("activity", activity.kind.code())
        .text("completeness", activity.completeness.code())
        .list("inputs", activity.used(), |input| shown(&input))
        .list("outputs", activity.generated(), |output| shown(&output))
        .show("rules", activity.rules)
        .json("agents", some(activity.agents.iter().map(agents)))
        .json("sampling", activity.sampling.as_ref().map(sampling))
        .json("processed_in", some(activity.processed_in.iter().map(shown)))
        .json("stored_in", some(activity.stored_in.iter().map(shown)))
}

pub(super) fn licence<'a>(fields: Fields<'a>, licence: &'a Licence) -> Fields<'a> {
    let source = licence.observation.as_ref().map(|seen| seen.source.as_str());
    fields
        .text("basis", licence.basis.code())
        .text("spdx", licence.spdx.as_deref())
        .text("source", source)
        .json("terms", some(licence.rules.iter().map(rule)))
        .text("conflict", licence.conflict.map(ConflictStrategy::code))
        .json("licensees", texts(licence.licensees.iter().map(String::as_str)))
        .show("parent", licence.parent)
        .show("valid_from", licence.from)
        .show("valid_until", licence.until)
        .json("survives", licence.survives.map(Json::Flag))
        .json("revocable", licence.spdx.is_none().then_some(Json::Flag(licence.revocable)))
}

fn rule(rule: &Rule) -> Json<'_> {
    let duty = |duty| owed(Fields::default(), duty).object();
    Fields::default()
        .text("effect", rule.effect.code())
        .json("actions", texts(rule.actions.iter().map(|action| action.code())))
        .json("conditions", some(rule.constraints.iter().cloned().map(constraint)))
        .json("duties", some(rule.duties.iter().map(duty)))
        .object()
}

pub(super) fn event<'a>(fields: Fields<'a>, event: &'a Event) -> Fields<'a> {
    fields
        .text("event", event.kind.code())
        .json("claimants", texts(event.to.iter().map(|one| one.iss.as_str())))
        .json("parties", texts(event.parties.iter().map(String::as_str)))
        .text("duty", event.duty.as_ref().map(|duty| duty.kind.code()))
        .json("into", some(event.into.iter().map(shown)))
        .show("licence", event.licence)
        .number("amount", event.amount)
        .text("currency", event.currency.as_deref())
        .text("reason", event.reason.as_deref())
        .show("evidence", event.evidence)
        .show("effective", Some(event.effective))
}
