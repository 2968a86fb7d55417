//! A question with its answer, as JSON.

use super::{Fields, Json, borrowed, shown};
use crate::report::Question;
use crate::rights::{Constraint, Duty, DutyDue, Ground, Outbound, Purpose, Verdict};

pub(super) fn question(question: &Question) -> Json<'_> {
    let Question { label, ask, verdict } = question;
    let mut fields = Fields::default()
        .text("label", label.as_str())
        .text("action", ask.action.code())
        .text("purpose", ask.purpose.map(Purpose::code))
        .text("field", ask.field.as_deref())
        .text("product", ask.product.as_deref())
        .show("processing", ask.processing)
        .show("storage", ask.storage)
        .show("distribution", ask.distribution)
        .list("volumes", &ask.volumes, |(unit, at_most)| {
            Fields::default().number("at_most", Some(*at_most)).text("unit", unit.code()).object()
        })
        .show("at", ask.at)
        .text("party", ask.party.as_deref())
        .text("outbound", ask.outbound.as_ref().map(Outbound::expression))
        .json("passes_on", ask.outbound.as_ref().and_then(passes_on))
        .json("limited_to", ask.outbound.as_ref().and_then(limited_to))
        .show("regime", ask.regime)
        .show("profile", Some(ask.profile))
        .text("verdict", verdict.word());
    if let Verdict::Permit { status_as_of, stale_status_relied_on, .. } = verdict {
        fields = fields
            .list("duties", verdict.duties(), duty)
            .show("status_as_of", *status_as_of)
            .list("stale_status_relied_on", stale_status_relied_on, shown);
    } else {
        fields = fields.list("grounds", verdict.grounds(), |ground| self::ground(&ground));
    }
    fields.object()
}

/// Whose restrictions the terms repeat, where they repeat any.
fn passes_on(outbound: &Outbound) -> Option<Json<'_>> {
    let repeated: Vec<_> = outbound.repeated().map(borrowed).collect();
    (!repeated.is_empty()).then_some(Json::List(repeated))
}

/// What the terms bind recipients to, where they do.
fn limited_to(outbound: &Outbound) -> Option<Json<'_>> {
    let limits: Vec<_> = outbound.limits().cloned().map(Constraint::from).map(constraint).collect();
    (!limits.is_empty()).then_some(Json::List(limits))
}

pub(super) fn constraint<'a>(constraint: Constraint) -> Json<'a> {
    let values = constraint.values.into_iter().map(|value| Json::Text(value.into())).collect();
    Fields::default()
        .json("operand", Some(Json::Text(constraint.operand.into())))
        .json("operator", Some(Json::Text(constraint.operator.into())))
        .json("values", Some(Json::List(values)))
        .object()
}

fn ground<'a>(ground: &Ground<&'static str>) -> Json<'a> {
    Fields::default()
        .text("code", ground.code)
        .show("manifest", Some(ground.manifest))
        .show("statement", ground.statement)
        .object()
}

fn duty(due: &DutyDue) -> Json<'_> {
    owed(Fields::default(), &due.duty)
        .show("manifest", Some(due.manifest))
        .show("licence", Some(due.licence))
        .object()
}

/// What a duty asks.
pub(super) fn owed<'a>(fields: Fields<'a>, duty: &'a Duty) -> Fields<'a> {
    let alike = (!duty.licences.is_empty())
        .then(|| Json::List(duty.licences.iter().map(|licence| borrowed(licence)).collect()));
    fields
        .text("duty", duty.kind.code())
        .text("payee", duty.payee.as_deref())
        .text("of", duty.of.as_deref())
        .number("basis_points", duty.basis_points)
        .number("floor", duty.floor)
        .number("ceiling", duty.ceiling)
        .number("amount", duty.amount)
        .text("currency", duty.currency.as_deref())
        .show("after", duty.after)
        .json("licences", alike)
        .text("terms", duty.terms.as_deref())
}
