//! Registrations: what each said when it was issued, and what it comes to at the time of the verification.

use std::collections::BTreeMap;

use super::Report;
use super::answer::{self, joined};
use super::document::{Inline, Row, Table, Tone, fill, number, quote, say};
use super::evidence::{belief, between, short};
use super::message::{Phrase, phrase};
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{EventKind, EvidenceDeposit, Registration};
use crate::statement::Signed;
use crate::verify::{
    Dispute, Encumbrance, RegisteredTitle, TitleNote, TitleState, Transfer, VerifiedLineage,
};

/// The titles of a lineage at the time of its verification.
#[derive(Clone, Debug)]
pub(super) struct Titles<'a> {
    /// By registration.
    pub(super) own: BTreeMap<StatementId, RegisteredTitle<'a>>,
    /// Of each registration, the later versions in use that it covers.
    versions: BTreeMap<StatementId, Vec<ManifestId>>,
}

impl<'a> Titles<'a> {
    pub(super) fn new(lineage: &'a VerifiedLineage) -> Self {
        let now = lineage.now();
        let registrations =
            lineage.proof().statements().iter().filter_map(Statement::as_registration);
        let mut registered: Vec<ManifestId> =
            registrations.map(|one| one.payload().manifest).collect();
        registered.sort_unstable();
        registered.dedup();
        let own = registered.into_iter().flat_map(|manifest| lineage.titles(manifest, now));
        let own = own.filter(|title| title.version_by.is_none());
        let own: BTreeMap<_, _> = own.map(|title| (title.registration.id(), title)).collect();
        let mut versions: BTreeMap<StatementId, Vec<ManifestId>> = BTreeMap::new();
        let used = if own.is_empty() { None } else { Some(lineage.manifests()) };
        for manifest in used.into_iter().flatten() {
            for title in lineage.titles(manifest, now) {
                if title.version_by.is_some() {
                    versions.entry(title.registration.id()).or_default().push(manifest);
                }
            }
        }
        Self { own, versions }
    }
}

pub(super) fn registrations(report: &Report<'_>) -> Table {
    let all =
        report.lineage.manifests().flat_map(|manifest| report.lineage.registrations(manifest));
    let head = vec![
        Phrase::new("Object and registration", "登记对象与登记证书"),
        Phrase::new("Registered claimants", "登记主体"),
        Phrase::new("Registrar", "登记机构"),
        Phrase::new("Kind, term, state when verified", "登记类型、有效期、核验时状态"),
        Phrase::new("Noted beside it", "附注"),
    ];
    Table { head, rows: all.map(|signed| registration(report, signed)).collect() }
}

fn registration(report: &Report<'_>, signed: &Signed<Registration>) -> Row {
    let payload = signed.payload();
    let registered = payload.registration_no.as_deref();
    let registered = registered.map(|text| fill("no. {0}", "登记号 {0}", vec![quote(text)]));
    let certified = payload.certificate_no.as_deref();
    let certified =
        certified.map(|text| fill("certificate {0}", "证书编号 {0}", vec![quote(text)]));
    let object = quote(&payload.object_name);
    let names = [Some(object), registered, certified, Some(short(report, signed.id()))];
    let title = report.titles.own.get(&signed.id());
    Row::new(vec![
        joined(names.into_iter().flatten().map(|one| vec![one]).collect()),
        claimants(report, signed),
        registrar(report, signed),
        joined(vec![
            vec![Inline::Say(phrase(payload.kind), Vec::new())],
            between((payload.issued_at, payload.ends_at())),
            state(report, title),
        ]),
        beside(report, signed, title),
    ])
}

/// Who registered it, under which rules, and how it was examined.
fn registrar(report: &Report<'_>, signed: &Signed<Registration>) -> Vec<Inline> {
    let payload = signed.payload();
    let rules = [&payload.scheme, &payload.jurisdiction].into_iter().flatten();
    let mut lines = vec![vec![quote(&signed.header().issuer)]];
    lines.push(belief(report.lineage.is_believed(signed.id())));
    lines.extend(rules.map(|one| vec![quote(one)]));
    lines.extend(payload.review_kind.map(|kind| vec![Inline::Say(phrase(kind), Vec::new())]));
    joined(lines)
}

/// Those whom the certificate names, and those to whom the title passed since.
fn claimants(report: &Report<'_>, signed: &Signed<Registration>) -> Vec<Inline> {
    let mut transfers = report.lineage.transfers(signed.id()).peekable();
    let until = transfers.peek().map(|first| Inline::Time(first.from));
    let named = signed.payload().registrants.iter().map(|one| {
        let mut parts = vec![quote(&one.name), quote(&one.iss)];
        parts.extend(until.clone());
        match until {
            Some(_) => fill("{0} ({1}), until {2}", "{0}（{1}），至 {2}", parts),
            None => fill("{0} ({1})", "{0}（{1}）", parts),
        }
    });
    let mut lines: Vec<Vec<Inline>> = named.map(|one| vec![one]).collect();
    for Transfer { from, to, .. } in transfers {
        let since = Inline::Time(*from);
        if to.is_empty() {
            let (en, zh) = ("nobody shown to hold the title, from {0}", "自 {0} 起登记主体不明");
            lines.push(vec![fill(en, zh, vec![since.clone()])]);
        }
        let to = to
            .iter()
            .map(|iss| fill("{0}, from {1}", "{0}，自 {1} 起", vec![quote(iss), since.clone()]));
        lines.extend(to.map(|one| vec![one]));
    }
    let shares = report.titles.own.get(&signed.id()).into_iter();
    let shares = shares.flat_map(|title| &title.claimants).filter_map(|(iss, share)| {
        let (whole, hundredths) = ((*share)?.checked_div(100)?, (*share)?.checked_rem(100)?);
        let percent = Inline::Plain(format!("{whole}.{hundredths:02} %"));
        Some(vec![fill("{0}: share of {1}", "{0}：份额 {1}", vec![quote(iss), percent])])
    });
    lines.extend(shares);
    joined(lines)
}

/// What a registration comes to, by what, and what casts doubt on it.
fn state(report: &Report<'_>, title: Option<&RegisteredTitle<'_>>) -> Vec<Inline> {
    let Some(title) = title else { return vec![say("gives no title", "不构成有效登记")] };
    let tone = match title.state {
        TitleState::Registered if title.doubts.is_empty() => Tone::Good,
        TitleState::Disputed | TitleState::Publicised | TitleState::Registered => Tone::Unsure,
        TitleState::Cancelled
        | TitleState::Expired
        | TitleState::Replaced
        | TitleState::Revoked => Tone::Bad,
    };
    let mut lines = vec![vec![Inline::Badge(tone, phrase(title.state))]];
    lines.extend(title.ended_by.map(|by| {
        let parts = vec![Inline::Time(title.until), short(report, by)];
        vec![fill("on {0}, by {1}", "{0}，依据 {1}", parts)]
    }));
    lines.extend(title.doubts.iter().map(|doubt| {
        let why = Inline::Say(phrase(*doubt), Vec::new());
        vec![fill("in doubt, missing: {0}", "存疑，尚缺：{0}", vec![why])]
    }));
    joined(lines)
}

/// Disputes, pledges, notes and objections; rights claimed, evidence deposited, and versions covered.
fn beside(
    report: &Report<'_>,
    signed: &Signed<Registration>,
    title: Option<&RegisteredTitle<'_>>,
) -> Vec<Inline> {
    let mut lines = Vec::new();
    if let Some(title) = title {
        lines.extend(title.disputes().map(|one| disputed(report, one)));
        lines.extend(title.pledges().map(|one| pledged(report, one)));
        lines.extend(title.notes().map(|one| noted(report, one)));
        lines.extend(title.objections().map(|one| objected(report, one)));
    }
    let registration = signed.payload();
    let rights = registration.rights.iter();
    lines.extend(rights.map(|right| {
        let right = Inline::Say(phrase(*right), Vec::new());
        fill("claimed: {0}", "申请登记的权利：{0}", vec![right])
    }));
    lines.extend(registration.evidence_deposit.as_ref().map(deposited));
    let versions = report.titles.versions.get(&signed.id()).map_or(&[][..], Vec::as_slice);
    lines.extend(versions.iter().map(|version| {
        let version = vec![answer::dataset(report, *version)];
        fill("covers the later version {0}", "及于后续版本 {0}", version)
    }));
    if lines.is_empty() {
        return vec![say("nothing", "无")];
    }
    joined(lines.into_iter().map(|line| vec![line]).collect())
}

fn disputed(report: &Report<'_>, one: &Dispute) -> Inline {
    let parts = vec![Inline::Time(one.from), short(report, one.event)];
    fill("dispute open since {0}, {1}", "自 {0} 起存在已受理的争议，{1}", parts)
}

fn pledged(report: &Report<'_>, one: &Encumbrance) -> Inline {
    let parties = one.parties.iter().take(1).map(|party| quote(party));
    let mut parts: Vec<Inline> = parties.collect();
    parts.extend([number(one.parties.len()), Inline::Time(one.from), short(report, one.event)]);
    let pledge = fill(
        "pledged to {0} ({1} in all) since {2}, {3}",
        "自 {2} 起质押予 {0}（共 {1} 方），{3}",
        parts,
    );
    amount(pledge, one.amount, one.currency.as_deref())
}

fn noted(report: &Report<'_>, one: &TitleNote) -> Inline {
    let kind = Inline::Say(phrase(one.kind), Vec::new());
    let parts = vec![kind, Inline::Time(one.from), short(report, one.event)];
    let note = fill("{0}, {1}, {2}", "{0}，{1}，{2}", parts);
    let note = match one.licence.filter(|_| one.kind == EventKind::LicenceFiling) {
        Some(licence) => fill("{0}: {1}", "{0}：{1}", vec![note, short(report, licence)]),
        None => note,
    };
    amount(note, one.amount, one.currency.as_deref())
}

fn amount(of: Inline, amount: Option<u64>, currency: Option<&str>) -> Inline {
    let Some((amount, currency)) = amount.zip(currency) else { return of };
    let parts = vec![of, Inline::Plain(amount.to_string()), quote(currency)];
    fill("{0}: {1} minor units of {2}", "{0}：{2} {1} 最小货币单位", parts)
}

fn objected(report: &Report<'_>, one: &TitleNote) -> Inline {
    let parts = vec![quote(&one.issuer), Inline::Time(one.from), short(report, one.event)];
    fill("objection of {0} on {1}, {2}", "{0} 于 {1} 提出异议，{2}", parts)
}

/// Anchoring is told apart from what it is said to show.
fn deposited(deposit: &EvidenceDeposit) -> Inline {
    let kind = Inline::Say(phrase(deposit.kind), Vec::new());
    let parts = vec![kind, quote(&deposit.platform), Inline::Time(deposit.anchored_at)];
    fill(
        "{0} at {1}, which says it was anchored on {2}; that shows nothing of the time before",
        "{0}：{1} 称于 {2} 上链或固定；对此前的真实性不构成证明",
        parts,
    )
}
