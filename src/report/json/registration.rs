//! What registrations say and come to, as JSON.

use super::{Fields, Json, borrowed, said};
use crate::id::StatementId;
use crate::report::{Report, described};
use crate::rights::{EvidenceDeposit, Registrant, Registration, ReviewKind};
use crate::statement::Signed;
use crate::verify::{RegisteredTitle, TitleNote};

/// To whom a title passed, where it did.
fn transfers<'a>(report: &Report<'a>, registration: StatementId) -> Option<Json<'a>> {
    let each = report.lineage.transfers(registration).map(|one| {
        Fields::default()
            .show("event", Some(one.event))
            .show("from", Some(one.from))
            .list("claimants", &one.to, |iss| borrowed(iss))
            .object()
    });
    let each: Vec<_> = each.collect();
    (!each.is_empty()).then_some(Json::List(each))
}

/// What a registration says, and what it comes to.
pub(super) fn registered<'a>(
    report: &Report<'a>,
    signed: &'a Signed<Registration>,
    fields: Fields<'a>,
) -> Fields<'a> {
    let registration = signed.payload();
    said::all(fields, described::registration(registration))
        .text("registration_kind", registration.kind.code())
        .text("registration_no", registration.registration_no.as_deref())
        .text("certificate_no", registration.certificate_no.as_deref())
        .text("application_no", registration.application_no.as_deref())
        .show("certificate_hash", registration.certificate_hash)
        .show("certificate_issued_at", Some(registration.issued_at))
        .text("scheme", registration.scheme.as_deref())
        .text("jurisdiction", registration.jurisdiction.as_deref())
        .text("registrar_code", registration.registrar_code.as_deref())
        .text("review_kind", registration.review_kind.map(ReviewKind::code))
        .show("publicity_from", registration.publicity_from)
        .show("publicity_to", registration.publicity_to)
        .show("announced_at", registration.announced_at)
        .show("update_until", registration.update_until)
        .show("agreement_cap", registration.agreement_cap)
        .show("supersedes", registration.supersedes)
        .list("registrants", &registration.registrants, registrant)
        .list("claimants", &registration.registrants, |one| borrowed(&one.iss))
        .json("transfers", transfers(report, signed.id()))
        .json("rights", rights(registration))
        .json("deposit", registration.evidence_deposit.as_ref().map(deposit))
        .json("held", report.titles.own.get(&signed.id()).map(held))
        .show("valid_until", Some(registration.ends_at()))
}

fn registrant(one: &Registrant) -> Json<'_> {
    Fields::default()
        .text("iss", one.iss.as_str())
        .text("name", one.name.as_str())
        .text("id", one.id.as_deref())
        .text("kind", one.kind.code())
        .text("role", one.role.code())
        .number("share", one.share)
        .object()
}

fn rights(registration: &Registration) -> Option<Json<'_>> {
    let each = registration.rights.iter().map(|right| borrowed(right.code()));
    (!registration.rights.is_empty()).then(|| Json::List(each.collect()))
}

fn deposit(deposit: &EvidenceDeposit) -> Json<'_> {
    Fields::default()
        .text("kind", deposit.kind.code())
        .text("platform", deposit.platform.as_str())
        .text("hash_algorithm", deposit.hash_algorithm.as_str())
        .text("hash", deposit.hash.as_str())
        .text("code", deposit.code.as_deref())
        .show("anchored_at", Some(deposit.anchored_at))
        .object()
}

/// What a registration comes to.
fn held<'a>(title: &RegisteredTitle<'a>) -> Json<'a> {
    Fields::default()
        .text("state", title.state.code())
        .list("by", &title.claimants, |(iss, share)| {
            Fields::default().text("iss", *iss).number("share", *share).object()
        })
        .show("from", Some(title.from))
        .show("until", Some(title.until))
        .show("transfer", title.transfer)
        .show("ended_by", title.ended_by)
        .list("doubts", &title.doubts, |doubt| borrowed(doubt.code()))
        .list("disputes", title.disputes(), |one| {
            Fields::default().show("event", Some(one.event)).show("from", Some(one.from)).object()
        })
        .list("pledges", title.pledges(), |one| {
            Fields::default()
                .show("event", Some(one.event))
                .show("from", Some(one.from))
                .list("parties", &one.parties, |party| borrowed(party))
                .number("amount", one.amount)
                .text("currency", one.currency.as_deref())
                .object()
        })
        .list("notes", title.notes(), note)
        .list("objections", title.objections(), note)
        .object()
}

fn note(note: &TitleNote) -> Json<'_> {
    Fields::default()
        .show("event", Some(note.event))
        .text("kind", note.kind.code())
        .text("issuer", note.issuer.as_str())
        .show("from", Some(note.from))
        .number("amount", note.amount)
        .text("currency", note.currency.as_deref())
        .show("licence", note.licence)
        .object()
}
