//! What else somebody said of the datasets: deals, assessments, bases of processing, preferences.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use super::answer::{self, joined};
use super::described;
use super::document::{Inline, Row, Table, Tone, fill, number, quote, say};
use super::evidence::{belief, short};
use super::message::{Phrase, phrase};
use crate::id::ManifestId;
use crate::rights::{Action, Assessment, Consent, Effect, Preference, Transaction};
use crate::statement::Signed;
use crate::verify::{FindingCode, Node};

/// Each deal once, whoever of its parties signed it.
pub(super) fn deals(report: &Report<'_>) -> Table {
    let lineage = report.lineage;
    let mut deals: BTreeMap<&Transaction, Vec<&Signed<Transaction>>> = BTreeMap::new();
    for signed in lineage.manifests().flat_map(|manifest| lineage.transactions(manifest)) {
        deals.entry(signed.payload()).or_default().push(signed);
    }
    let mismatched = lineage.findings().iter();
    let mismatched = mismatched.filter(|finding| finding.code == FindingCode::ContentMismatch);
    let mismatched: BTreeSet<Node> = mismatched.map(|finding| finding.node).collect();
    let counts = |signed: &[&Signed<Transaction>]| {
        let mut ids = signed.iter().map(|one| one.id());
        ids.clone().any(|id| lineage.is_believed(id))
            && !ids.any(|id| mismatched.contains(&Node::Statement(id)))
    };
    let rows = deals.into_iter().map(|(deal, signed)| {
        let by = |party: &str| signed.iter().any(|one| one.header().issuer == party);
        let party = |role: Phrase, iss: &str| {
            let parts = vec![Inline::Say(role, Vec::new()), quote(iss)];
            vec![if by(iss) {
                fill("{0} {1}, signed", "{0} {1}，已签署", parts)
            } else {
                fill("{0} {1}, not signed", "{0} {1}，未签署", parts)
            }]
        };
        let parties = vec![
            party(Phrase::new("seller", "卖方"), &deal.seller),
            party(Phrase::new("buyer", "买方"), &deal.buyer),
            party(Phrase::new("exchange", "交易所"), &deal.exchange),
        ];
        let number = vec![fill("no. {0}", "编号 {0}", vec![quote(&deal.number)])];
        let statements = signed.iter().map(|one| vec![short(report, one.id())]);
        Row::new(vec![
            joined([number].into_iter().chain(statements).collect()),
            vec![answer::dataset(report, deal.manifest)],
            joined(parties),
            vec![minor(deal.amount, &deal.currency)],
            vec![Inline::Say(phrase(deal.delivery), Vec::new())],
            vec![if counts(&signed) {
                say("counts", "有效力")
            } else {
                Inline::Badge(Tone::Unsure, Phrase::new("grants nothing", "无授权效力"))
            }],
        ])
    });
    let head = vec![
        Phrase::new("Deal", "交易合约"),
        Phrase::new("Object", "标的"),
        Phrase::new("Parties", "交易主体"),
        Phrase::new("Price", "报价"),
        Phrase::new("Delivery", "交割方式"),
        Phrase::new("Effect", "效力"),
    ];
    Table { head, rows: rows.collect() }
}

/// What somebody found who examined a dataset.
pub(super) fn assessments(report: &Report<'_>) -> Table {
    let all = report.lineage.manifests().flat_map(|one| report.lineage.assessments(one));
    let head = vec![
        Phrase::new("Assessment", "评估"),
        Phrase::new("Of", "对象"),
        Phrase::new("By", "评估方"),
        Phrase::new("Signer", "采信情况"),
        Phrase::new("Result", "结论"),
        Phrase::new("How", "方法"),
        Phrase::new("Claimed, not proven", "声称时间（未经证明）"),
    ];
    Table { head, rows: all.map(|signed| assessment(report, signed)).collect() }
}

fn assessment(report: &Report<'_>, signed: &Signed<Assessment>) -> Row {
    let payload = signed.payload();
    let result = match (payload.result, payload.amount) {
        (Some(result), _) => vec![Inline::Say(phrase(result), Vec::new())],
        (None, Some(amount)) => {
            vec![minor(amount, payload.currency.as_deref().unwrap_or_default())]
        }
        (None, None) => Vec::new(),
    };
    let kind = vec![Inline::Say(phrase(payload.kind), Vec::new())];
    Row::new(vec![
        joined(vec![kind, vec![short(report, signed.id())]]),
        vec![answer::dataset(report, payload.manifest)],
        vec![quote(&signed.header().issuer)],
        belief(report.lineage.is_believed(signed.id())),
        result,
        described::examined(payload),
        vec![Inline::Time(payload.assessed_at)],
    ])
}

/// On what basis personal information is processed.
pub(super) fn consents(report: &Report<'_>) -> Table {
    let all = report.lineage.manifests().flat_map(|one| report.lineage.consents(one));
    let head = vec![
        Phrase::new("Basis", "处理依据"),
        Phrase::new("Of", "对象"),
        Phrase::new("By", "签发方"),
        Phrase::new("Signer", "采信情况"),
        Phrase::new("Uses", "使用行为"),
        Phrase::new("Purposes", "使用目的"),
        Phrase::new("Until", "截止"),
    ];
    Table { head, rows: all.map(|signed| consent(report, signed)).collect() }
}

fn consent(report: &Report<'_>, signed: &Signed<Consent>) -> Row {
    let payload = signed.payload();
    let basis = vec![Inline::Say(phrase(payload.basis), Vec::new())];
    let any = || vec![say("all", "全部")];
    let purposes = payload.purposes.iter().map(|one| vec![Inline::Say(phrase(*one), Vec::new())]);
    Row::new(vec![
        joined(vec![basis, vec![short(report, signed.id())]]),
        vec![answer::dataset(report, payload.manifest)],
        vec![quote(&signed.header().issuer)],
        belief(report.lineage.is_believed(signed.id())),
        if payload.actions.is_empty() { any() } else { actions(&payload.actions) },
        if payload.purposes.is_empty() { any() } else { joined(purposes.collect()) },
        match (report.lineage.ended_at(signed.id()), payload.until) {
            (Some(at), _) => vec![
                Inline::Badge(Tone::Bad, Phrase::new("taken back", "已撤回")),
                Inline::Plain(" ".to_owned()),
                Inline::Time(at),
            ],
            (None, Some(until)) => vec![Inline::Time(until)],
            (None, None) => vec![say("no end", "无期限")],
        },
    ])
}

/// What publishers state for machines, equal ones together.
pub(super) fn preferences(report: &Report<'_>) -> Table {
    type Key<'a> = (&'static str, [BTreeSet<Action>; 2], &'a str, bool);
    let lineage = report.lineage;
    let mut groups: BTreeMap<Key<'_>, (usize, BTreeSet<ManifestId>)> = BTreeMap::new();
    for signed in lineage.manifests().flat_map(|manifest| lineage.preferences(manifest)) {
        let payload = signed.payload();
        let said = [Effect::Permit, Effect::Prohibit].map(|effect| of_effect(payload, effect));
        let believed = lineage.is_believed(signed.id());
        let key = (payload.vocabulary.code(), said, signed.header().issuer.as_str(), believed);
        let (count, about) = groups.entry(key).or_default();
        *count = count.saturating_add(1);
        about.insert(payload.manifest);
    }
    let rows =
        groups.into_iter().map(|((code, [allowed, against], by, believed), (count, about))| {
            let none = || vec![say("nothing", "无")];
            let of_actions =
                |all: &BTreeSet<Action>| if all.is_empty() { none() } else { actions(all) };
            Row::new(vec![
                vec![number(count)],
                vec![Inline::Code(code)],
                of_actions(&allowed),
                of_actions(&against),
                vec![quote(by)],
                belief(believed),
                answer::datasets(report, &about),
            ])
        });
    let head = vec![
        Phrase::new("Number", "项数"),
        Phrase::new("Vocabulary", "词汇表"),
        Phrase::new("Allows", "允许"),
        Phrase::new("Is against", "不同意"),
        Phrase::new("Seen by", "查见方"),
        Phrase::new("Signer", "采信情况"),
        Phrase::new("For", "适用对象"),
    ];
    Table { head, rows: rows.collect() }
}

/// Whatever some rule of this effect names, conditions apart.
fn of_effect(preference: &Preference, effect: Effect) -> BTreeSet<Action> {
    let rules = preference.rules.iter().filter(|rule| rule.effect == effect);
    rules.flat_map(|rule| rule.actions.iter().copied()).collect()
}

fn actions(all: &BTreeSet<Action>) -> Vec<Inline> {
    joined(all.iter().map(|one| vec![Inline::Say(phrase(*one), Vec::new())]).collect())
}

fn minor(amount: u64, currency: &str) -> Inline {
    let parts = vec![Inline::Plain(amount.to_string()), quote(currency)];
    fill("{0} minor units of {1}", "{0}（{1} 最小货币单位）", parts)
}
