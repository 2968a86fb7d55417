//! What datasets, steps, licences and events say, as JSON.

use std::borrow::Cow;

use super::question::{constraint, owed};
use super::{Fields, Json, borrowed, shown};
use crate::report::described::{Said, Value};
use crate::rights::{ConflictStrategy, Consent, Event, Licence, Preference, Rule, Transaction};

/// Absent where there is none.
fn texts<'a>(items: impl IntoIterator<Item = &'a str>) -> Option<Json<'a>> {
    some(items.into_iter().map(borrowed))
}

fn some<'a>(items: impl Iterator<Item = Json<'a>>) -> Option<Json<'a>> {
    let items: Vec<Json<'a>> = items.collect();
    (!items.is_empty()).then_some(Json::List(items))
}

/// What the tables of a report show in words.
pub(super) fn all<'a>(fields: Fields<'a>, said: Vec<Said<'a>>) -> Fields<'a> {
    said.into_iter().fold(fields, |fields, one| fields.json(one.field, json(one.value)))
}

fn json(value: Value<'_>) -> Json<'_> {
    match value {
        Value::Code(code, _) => borrowed(code),
        Value::Flag(flag) => Json::Flag(flag),
        Value::Id(id) => Json::Text(Cow::Owned(id)),
        Value::List(items) => Json::List(items.into_iter().map(json).collect()),
        Value::Named(name, value) => {
            Fields::default().text("name", name).json("value", Json::Text(value.into())).object()
        }
        Value::Number(number) => Json::Number(number),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, _, value)| (name, json(value)));
            Json::Object(fields.collect())
        }
        Value::Place(place) => borrowed(place.code()),
        Value::Text(text) => borrowed(text),
        Value::Tree(name) => Json::Text(name.into()),
    }
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

pub(super) fn deal<'a>(fields: Fields<'a>, deal: &'a Transaction) -> Fields<'a> {
    fields
        .text("number", deal.number.as_str())
        .text("seller", deal.seller.as_str())
        .text("buyer", deal.buyer.as_str())
        .text("exchange", deal.exchange.as_str())
        .text("delivery", deal.delivery.code())
        .number("amount", Some(deal.amount))
        .text("currency", deal.currency.as_str())
        .text("evidence_code", deal.evidence_code.as_deref())
        .show("registration", deal.registration)
        .json("terms", some(deal.rules.iter().map(rule)))
        .show("valid_from", deal.from)
        .show("valid_until", deal.until)
        .json("survives", deal.survives.map(Json::Flag))
}

pub(super) fn preference<'a>(fields: Fields<'a>, stated: &'a Preference) -> Fields<'a> {
    fields
        .text("vocabulary", stated.vocabulary.code())
        .text("source", stated.observation.source.as_str())
        .json("terms", some(stated.rules.iter().map(rule)))
}

pub(super) fn consent<'a>(fields: Fields<'a>, consent: &'a Consent) -> Fields<'a> {
    fields
        .text("basis", consent.basis.code())
        .json("actions", texts(consent.actions.iter().map(|one| one.code())))
        .json("purposes", texts(consent.purposes.iter().map(|one| one.code())))
        .show("valid_from", consent.from)
        .show("valid_until", consent.until)
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
