//! A report as JSON; the fields are documented in the module above.

mod question;
mod registration;
mod said;

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::document::is_hidden;
use super::{Question, Refusal, Report, believed, believed_title, described};
use crate::id::ManifestId;
use crate::proof::Statement;
use crate::rights::{Allocation, Assessment, AssessmentResult, Entitlement, Limit, Line, Withheld};
use crate::statement::Signed;
use crate::trust::Mandate;
use crate::verify::{Bound, Finding, Logged, VerifiedLineage};

/// A value whose fields keep their order, whatever features `serde_json` is built with.
pub(super) enum Json<'a> {
    Flag(bool),
    List(Vec<Self>),
    Number(u64),
    Object(Vec<(&'static str, Self)>),
    Text(Cow<'a, str>),
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Object(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// The fields of an object, absent ones left out.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<(&'static str, Json<'a>)>);

impl<'a> Fields<'a> {
    pub(super) fn json(mut self, name: &'static str, value: impl Into<Option<Json<'a>>>) -> Self {
        self.0.extend(value.into().map(|value| (name, value)));
        self
    }

    /// Text that is there.
    pub(super) fn text(self, name: &'static str, value: impl Into<Option<&'a str>>) -> Self {
        let value = value.into().map(|text| Json::Text(Cow::Borrowed(text)));
        self.json(name, value)
    }

    /// An id or an instant.
    pub(super) fn show(self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.json(name, value.map(|value| shown(&value)))
    }

    pub(super) fn number(self, name: &'static str, value: Option<u64>) -> Self {
        self.json(name, value.map(Json::Number))
    }

    pub(super) fn list<T>(
        self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
        item: impl FnMut(T) -> Json<'a>,
    ) -> Self {
        self.json(name, Json::List(items.into_iter().map(item).collect()))
    }

    pub(super) fn object(self) -> Json<'a> {
        Json::Object(self.0)
    }
}

fn shown<'a>(value: &impl ToString) -> Json<'a> {
    Json::Text(Cow::Owned(value.to_string()))
}

fn borrowed(text: &str) -> Json<'_> {
    Json::Text(Cow::Borrowed(text))
}

pub(super) fn answer(answered: &Question) -> String {
    written(&question::question(answered))
}

pub(super) fn report(report: &Report<'_>) -> String {
    let lineage = report.lineage;
    let fields = head("verified")
        .show("subject", Some(lineage.subject()))
        .show("verified_at", Some(lineage.now()))
        .show("status_as_of", lineage.status_as_of())
        .list("questions", &report.questions, question::question)
        .list("datasets", lineage.manifests(), |manifest| {
            Fields::default()
                .show("manifest", Some(manifest))
                .text("title", believed_title(lineage, manifest))
                .show(
                    "towards_subject",
                    report.places.get(&manifest).and_then(|place| place.towards),
                )
                .json("titles", covering(lineage, manifest))
                .object()
        })
        .list("statements", lineage.proof().statements(), |one| statement(report, one))
        .list("findings", lineage.findings(), finding);
    written(&fields.object())
}

pub(super) fn refusal(refusal: &Refusal<'_>) -> String {
    let rejection = refusal.rejection;
    let details = Fields::default()
        .text("code", rejection.code.code())
        .show("node", Some(rejection.node))
        .text("bound", rejection.bound.map(Bound::code))
        .list("causes", refusal.causes(), |cause| Json::Text(Cow::Owned(cause)));
    let fields = head("rejected")
        .show("subject", refusal.subject)
        .show("verified_at", refusal.at)
        .json("rejection", details.object());
    written(&fields.object())
}

pub(super) fn shares(allocation: &Allocation) -> String {
    let fields = Fields::default()
        .text("format", "datadeed-shares")
        .number("version", Some(1))
        .number("amount", Some(allocation.amount))
        .text("currency", allocation.currency.as_str())
        .number("retained", Some(allocation.retained))
        .json("determined", Json::Flag(allocation.is_determined()))
        .list("totals", allocation.totals(), |(payee, amount)| {
            Fields::default().text("payee", payee).number("amount", Some(amount)).object()
        })
        .list("lines", &allocation.lines, line)
        .list("withheld", &allocation.withheld, withheld)
        .list("settled", &allocation.settled, |due| {
            Fields::default()
                .text("payee", due.duty.payee.as_deref())
                .number("amount", due.duty.amount)
                .text("currency", due.duty.currency.as_deref())
                .show("manifest", Some(due.manifest))
                .show("licence", Some(due.licence))
                .object()
        });
    written(&fields.object())
}

fn line(line: &Line) -> Json<'_> {
    let fields = Fields::default()
        .text("payee", line.payee.as_str())
        .number("amount", Some(line.amount))
        .number("share", Some(line.share))
        .text("of", line.of.as_deref())
        .number("base", Some(line.base))
        .number("basis_points", Some(line.basis_points));
    let fields = match line.by {
        Entitlement::Duty { manifest, licence } => fields
            .text("by", "duty")
            .show("manifest", Some(manifest))
            .show("licence", Some(licence)),
        Entitlement::Pool => fields.text("by", "pool"),
        Entitlement::Title(registration) => {
            fields.text("by", "title").show("registration", Some(registration))
        }
    };
    let (ceiling, floor) = match line.limit {
        Some(Limit::Ceiling(most)) => (Some(most), None),
        Some(Limit::Floor(least)) => (None, Some(least)),
        None => (None, None),
    };
    fields
        .number("ceiling", ceiling)
        .number("floor", floor)
        .text("rounding", line.rounding.code())
        .object()
}

fn withheld(one: &Withheld) -> Json<'_> {
    Fields::default()
        .text("reason", one.reason.code())
        .number("amount", Some(one.amount))
        .text("of", one.of.as_deref())
        .text("payee", one.payee.as_deref())
        .number("owed", one.owed)
        .show("manifest", one.due.as_ref().map(|due| due.manifest))
        .show("licence", one.due.as_ref().map(|due| due.licence))
        .object()
}

fn head<'a>(outcome: &'static str) -> Fields<'a> {
    Fields::default()
        .text("format", "datadeed-report")
        .number("version", Some(1))
        .text("outcome", outcome)
}

fn statement<'a>(report: &Report<'a>, statement: &'a Statement) -> Json<'a> {
    let (lineage, header, id) = (report.lineage, statement.header(), statement.id());
    let activity = statement.as_activity().map(Signed::payload);
    let proven = lineage.proof_of_time(id);
    let fields = Fields::default()
        .show("id", Some(id))
        .text("kind", header.kind.code())
        .text("issuer", header.issuer.as_str())
        .show("key", Some(header.key))
        .show("subject", Some(&header.subject))
        .json("believed", believed(lineage, statement).map(Json::Flag))
        .show("issued_at", Some(header.issued_at))
        .show("started", activity.and_then(|activity| activity.started))
        .show("ended", activity.and_then(|activity| activity.ended))
        .show("proven_by", Some(proven.by))
        .text("proven_how", proven.source.code())
        .json("logged", logged(lineage.logged(id)))
        .show("ended_at", lineage.ended_at(id));
    let fields = if statement.is_signed() {
        fields
    } else {
        fields.list("batches", lineage.proof().batches_of(id), |batch| shown(&batch))
    };
    let fields = match statement {
        Statement::Activity(signed) => said::all(fields, described::activity(signed.payload())),
        Statement::Assessment(signed) => assessment(fields, signed.payload()),
        Statement::Batch(signed) => fields.number("members", Some(signed.payload().tree.count())),
        Statement::Consent(signed) => said::consent(fields, signed.payload()),
        Statement::Dataset(signed) => said::all(fields, described::dataset(signed.payload())),
        Statement::Delegation(signed) => {
            let delegation = signed.payload();
            let Mandate { from, roles, scope, until, schemes, jurisdictions, .. } =
                &delegation.mandate;
            let fields = fields
                .text("delegate", delegation.iss.as_str())
                .show("delegate_key", Some(delegation.key.id()))
                .number("depth", Some(delegation.depth))
                .list("roles", roles, |role| borrowed(role.code()))
                .list("scope", scope, |prefix| borrowed(prefix))
                .show("valid_from", *from)
                .show("valid_until", *until);
            let schemes = (!schemes.is_empty())
                .then(|| Json::List(schemes.iter().map(|one| borrowed(one)).collect()));
            let jurisdictions = (!jurisdictions.is_empty()).then(|| {
                Json::List(jurisdictions.iter().map(|one| borrowed(one.code())).collect())
            });
            fields.json("schemes", schemes).json("jurisdictions", jurisdictions)
        }
        Statement::Event(signed) => said::event(fields, signed.payload()),
        Statement::Licence(signed) => said::licence(fields, signed.payload()),
        Statement::Preference(signed) => said::preference(fields, signed.payload()),
        Statement::Registration(signed) => registration::registered(report, signed, fields),
        Statement::Transaction(signed) => said::deal(fields, signed.payload()),
    };
    fields.object()
}

fn assessment<'a>(fields: Fields<'a>, assessment: &'a Assessment) -> Fields<'a> {
    let fields = fields
        .text("assessment", assessment.kind.code())
        .text("result", assessment.result.map(AssessmentResult::code))
        .number("amount", assessment.amount)
        .text("currency", assessment.currency.as_deref())
        .show("assessed_at", Some(assessment.assessed_at));
    said::all(fields, described::assessment(assessment))
}

/// The registrations that cover a dataset, where there is one.
fn covering(lineage: &VerifiedLineage, manifest: ManifestId) -> Option<Json<'_>> {
    let each = lineage.titles(manifest, lineage.now()).into_iter().map(|title| {
        Fields::default()
            .show("registration", Some(title.registration.id()))
            .text("state", title.state.code())
            .show("version_by", title.version_by)
            .object()
    });
    let each: Vec<_> = each.collect();
    (!each.is_empty()).then_some(Json::List(each))
}

/// What logs have it, where there is one.
fn logged(all: &[Logged]) -> Option<Json<'_>> {
    let each = all.iter().map(|one| {
        Fields::default()
            .text("origin", one.origin.as_str())
            .text("issuer", one.issuer.as_str())
            .show("at", Some(one.at))
            .number("index", one.index)
            .show("witnessed_at", one.witnessed_at)
            .object()
    });
    (!all.is_empty()).then(|| Json::List(each.collect()))
}

fn finding(finding: &Finding) -> Json<'_> {
    Fields::default()
        .text("code", finding.code.code())
        .show("node", Some(finding.node))
        .text("detail", Some(finding.detail.as_str()).filter(|detail| !detail.is_empty()))
        .object()
}

#[expect(
    clippy::expect_used,
    reason = "keys are text, numbers finite, and a String takes everything"
)]
pub(super) fn written(value: &Json<'_>) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("nothing here can fail");
    text.push('\n');
    // These occur inside texts alone: escaped there, nothing hides in the file or ends a script.
    let special = |c: char| (is_hidden(c) && c != '\n') || matches!(c, '<' | '>' | '&');
    if !text.contains(special) {
        return text;
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if special(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}
