//! One question and its verdict.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Block, Inline, Row, Table, Tone, fill, number, quote, say};
use super::message::{Phrase, phrase};
use super::{Question, Report};
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{Constraint, Duty, DutyDue, Ground, Missing, Reason, Territory, Verdict};

/// Most grounds shown at once; the others stand in a list to be opened.
const MAX_GROUNDS: usize = 6;

/// The word of a verdict, with how it is to be taken.
pub(super) fn badge(verdict: &Verdict) -> (Tone, Phrase) {
    match verdict {
        Verdict::Deny { .. } => (Tone::Bad, Phrase::new("deny", "不允许")),
        Verdict::Permit { .. } => (Tone::Good, Phrase::new("permit", "允许")),
        Verdict::Unknown { .. } => (Tone::Unsure, Phrase::new("unknown", "无法认定")),
    }
}

pub(super) fn card(report: &Report<'_>, index: usize, question: &Question) -> Block {
    let (tone, word) = badge(&question.verdict);
    let title = vec![
        number(index.saturating_add(1)),
        Inline::Plain(". ".to_owned()),
        quote(&question.label),
        Inline::Plain(": ".to_owned()),
        Inline::Badge(tone, word),
    ];
    let mut blocks = vec![Block::Facts(asked(question))];
    match &question.verdict {
        Verdict::Permit { duties, status_as_of, stale_status_relied_on, .. } => {
            blocks.extend(permitted(report, duties));
            blocks.push(Block::Prose(match status_as_of {
                Some(at) => vec![fill(
                    "Adverse events were known up to {0}.",
                    "已知的撤销等不利事件截至 {0}。",
                    vec![Inline::Time(*at)],
                )],
                None => vec![say(
                    "Decided without a list of adverse events.",
                    "作出结论时未核对撤销等不利事件清单。",
                )],
            }));
            if !stale_status_relied_on.is_empty() {
                let rows = stale_status_relied_on.iter();
                let table = Table {
                    head: vec![Phrase::new(
                        "Relied on without a fresh or complete list of events about it",
                        "未以最新、完整的事件清单核对而予采用的声明",
                    )],
                    rows: rows.map(|id| Row::new(vec![statement(report, *id)])).collect(),
                };
                blocks.push(Block::Table(table));
            }
        }
        verdict @ (Verdict::Deny { .. } | Verdict::Unknown { .. }) => {
            blocks.extend(refused(report, verdict));
        }
    }
    Block::Card { tone, title, blocks }
}

/// What was asked.
fn asked(question: &Question) -> Vec<(Phrase, Vec<Inline>)> {
    let ask = &question.ask;
    let unsaid = || vec![say("not said", "未说明")];
    let words = vec![
        Inline::Say(phrase(ask.action), Vec::new()),
        Inline::Plain(" (".to_owned()),
        Inline::Code(ask.action.code()),
        Inline::Plain(")".to_owned()),
    ];
    let purpose = ask.purpose.map(|purpose| vec![Inline::Say(phrase(purpose), Vec::new())]);
    let place =
        |place: Option<Territory>| place.map_or_else(unsaid, |place| vec![quote(place.code())]);
    let mut facts = vec![
        (Phrase::new("Use", "使用行为"), words),
        (Phrase::new("Purpose", "使用目的"), purpose.unwrap_or_else(unsaid)),
    ];
    let places = [
        (Phrase::new("Processed in", "处理地域"), ask.processing),
        (Phrase::new("Stored in", "存储地域"), ask.storage),
        (Phrase::new("Distributed in", "分发地域"), ask.distribution),
    ];
    if places.iter().all(|(_, there)| *there == ask.processing) {
        facts.push((Phrase::new("Territory", "使用地域"), place(ask.processing)));
    } else {
        facts.extend(places.map(|(of, there)| (of, place(there))));
    }
    if let Some(field) = &ask.field {
        facts.push((Phrase::new("Field of use", "使用领域"), vec![quote(field)]));
    }
    if let Some(product) = &ask.product {
        facts.push((Phrase::new("Product", "所用于的产品"), vec![quote(product)]));
    }
    for (unit, at_most) in &ask.volumes {
        let words = Inline::Say(phrase(*unit), Vec::new());
        let amount = Inline::Plain(format!("{at_most} "));
        facts.push((Phrase::new("At most", "使用量上限"), vec![amount, words]));
    }
    if let Some(party) = &ask.party {
        facts.push((Phrase::new("By", "使用方"), vec![quote(party)]));
    }
    if let Some(at) = ask.at {
        facts.push((Phrase::new("At", "使用时间"), vec![Inline::Time(at)]));
    }
    if let Some(outbound) = &ask.outbound {
        let offered = vec![quote(outbound.expression())];
        let repeated = outbound.repeated().map(|one| {
            vec![fill("repeating the restrictions of {0}", "并附 {0} 的限制", vec![quote(one)])]
        });
        let limits = outbound.limits().cloned().map(Constraint::from).map(|limit| {
            let values: Vec<_> = limit.values.into_iter().collect();
            let limit = format!("{}: {}", limit.operand, values.join(", "));
            vec![fill("binding recipients to {0}", "约束接收方遵守 {0}", vec![quote(&limit)])]
        });
        let words = joined([offered].into_iter().chain(repeated).chain(limits).collect());
        facts.push((Phrase::new("Offered on under", "对外许可条款"), words));
    }
    if let Some(regime) = ask.regime {
        facts.push((
            Phrase::new("Personal information law of", "个人信息所依法律"),
            vec![quote(&regime.to_string())],
        ));
    }
    facts.push((
        Phrase::new("Licences read", "条款解释口径"),
        vec![Inline::Say(phrase(ask.profile), Vec::new())],
    ));
    facts
}

/// Reasons or missing facts, the nearest first, each with its way and the statement it rests on.
fn refused(report: &Report<'_>, verdict: &Verdict) -> Vec<Block> {
    let mut grounds: Vec<Ground<&'static str>> = verdict.grounds().collect();
    grounds.sort_by_cached_key(|ground| {
        let place = report.place(ground.manifest, ground.statement);
        (report.place_in_order(place), ground.code, ground.statement)
    });
    let (head, words) = match verdict {
        Verdict::Deny { .. } | Verdict::Permit { .. } => {
            let words: fn(&str) -> Option<Phrase> = |code| Reason::from_code(code).map(phrase);
            (Phrase::new("Reason", "理由"), words)
        }
        Verdict::Unknown { .. } => {
            let words: fn(&str) -> Option<Phrase> = |code| Missing::from_code(code).map(phrase);
            (Phrase::new("Missing", "缺少的事实"), words)
        }
    };
    let table = |grounds: &[Ground<&'static str>]| {
        let rows = grounds.iter().map(|one| {
            let place = report.place(one.manifest, one.statement);
            Row::new(vec![
                words(one.code).map(|words| Inline::Say(words, Vec::new())).into_iter().collect(),
                vec![Inline::Code(one.code)],
                path(report, place),
                one.statement.map_or_else(Vec::new, |id| statement(report, id)),
            ])
        });
        let head = vec![
            head,
            Phrase::new("Code", "代码"),
            Phrase::new("From the subject to where it arises", "自核验对象至其所在数据集"),
            Phrase::new("Rests on", "所依据的声明"),
        ];
        Block::Table(Table { head, rows: rows.collect() })
    };
    let (first, others) = grounds.split_at(grounds.len().min(MAX_GROUNDS));
    let mut blocks = vec![table(first)];
    if !others.is_empty() {
        let summary = vec![fill("{0} more", "另有 {0} 项", vec![number(others.len())])];
        blocks.push(Block::Fold { told: true, summary, blocks: vec![table(others)] });
    }
    blocks
}

/// The duties: what is owed to whom for how many datasets, and each in full.
fn permitted(report: &Report<'_>, duties: &[DutyDue]) -> Vec<Block> {
    if duties.is_empty() {
        return vec![Block::Prose(vec![say("Nothing is owed in return.", "无须履行其他义务。")])];
    }
    let mut by_dataset: BTreeMap<(Payee<'_>, ManifestId), BTreeSet<&Duty>> = BTreeMap::new();
    for due in duties {
        by_dataset.entry((payee(report, due), due.manifest)).or_default().insert(&due.duty);
    }
    let mut owed: BTreeMap<(Payee<'_>, BTreeSet<&Duty>), usize> = BTreeMap::new();
    for ((payee, _), duties) in by_dataset {
        let datasets = owed.entry((payee, duties)).or_default();
        *datasets = datasets.saturating_add(1);
    }
    let rows = owed.into_iter().map(|((payee, duties), datasets)| {
        let duties: Vec<Vec<Inline>> = duties.into_iter().map(words).collect();
        Row::new(vec![payee.words(), joined(duties), vec![number(datasets)]])
    });
    let head = vec![
        Phrase::new("Owed to", "义务相对方"),
        Phrase::new("Duties", "义务"),
        Phrase::new("Datasets", "数据集数"),
    ];
    let summed = Table { head, rows: rows.collect() };
    let rows = duties.iter().map(|due| {
        Row::new(vec![
            vec![Inline::Say(phrase(due.duty.kind), Vec::new())],
            path(report, due.manifest),
            statement(report, due.licence),
        ])
    });
    let head = vec![
        Phrase::new("Duty", "义务"),
        Phrase::new("For", "涉及的数据集"),
        Phrase::new("Asked by", "所依据的许可"),
    ];
    let each = Table { head, rows: rows.collect() };
    let summary = fill(
        "Each of the {0} duties, with its dataset and licence",
        "逐项列出 {0} 项义务及其数据集与许可",
        vec![number(duties.len())],
    );
    vec![
        Block::Table(summed),
        Block::Fold { told: false, summary: vec![summary], blocks: vec![Block::Table(each)] },
    ]
}

/// Whom a duty is owed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Payee<'a> {
    /// A party by its `iss`.
    Named(&'a str),
    /// A public licence names no payee: its duties are owed to whoever holds the rights.
    Under(&'a str),
    /// The grantor of a negotiated licence, or the seller in a deal.
    Grantor(&'a str),
    /// Whoever states it for machines at this source.
    Publisher(&'a str),
    Unsaid,
}

impl Payee<'_> {
    fn words(self) -> Vec<Inline> {
        vec![match self {
            Payee::Named(iss) | Payee::Grantor(iss) => quote(iss),
            Payee::Under(spdx) => {
                fill("holders under {0}", "{0} 许可项下的权利人", vec![quote(spdx)])
            }
            Payee::Publisher(source) => {
                fill("the publisher of {0}", "{0} 的发布方", vec![quote(source)])
            }
            Payee::Unsaid => say("not said", "未说明"),
        }]
    }
}

fn payee<'a>(report: &Report<'a>, due: &'a DutyDue) -> Payee<'a> {
    if let Some(payee) = &due.duty.payee {
        return Payee::Named(payee);
    }
    match report.lineage.statement(due.licence) {
        Some(Statement::Licence(licence)) => match &licence.payload().spdx {
            Some(spdx) => Payee::Under(spdx),
            None => Payee::Grantor(&licence.header().issuer),
        },
        Some(Statement::Preference(stated)) => {
            Payee::Publisher(&stated.payload().observation.source)
        }
        Some(Statement::Transaction(deal)) => Payee::Grantor(&deal.payload().seller),
        Some(
            Statement::Activity(_)
            | Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Consent(_)
            | Statement::Dataset(_)
            | Statement::Delegation(_)
            | Statement::Event(_)
            | Statement::Registration(_),
        )
        | None => Payee::Unsaid,
    }
}

/// A duty with its figures and words.
fn words(duty: &Duty) -> Vec<Inline> {
    let mut words = vec![
        Inline::Say(phrase(duty.kind), Vec::new()),
        Inline::Plain(" (".to_owned()),
        Inline::Code(duty.kind.code()),
        Inline::Plain(")".to_owned()),
    ];
    let terms = terms(duty);
    if !terms.is_empty() {
        words.push(Inline::Plain(": ".to_owned()));
        for (index, term) in terms.into_iter().enumerate() {
            if index > 0 {
                words.push(Inline::Plain(", ".to_owned()));
            }
            words.push(term);
        }
    }
    words
}

/// Several in one cell.
pub(super) fn joined(items: Vec<Vec<Inline>>) -> Vec<Inline> {
    let mut cell = Vec::new();
    for item in items {
        if !cell.is_empty() {
            cell.push(Inline::Next);
        }
        cell.extend(item);
    }
    cell
}

fn terms(duty: &Duty) -> Vec<Inline> {
    let minor = |amount: u64| {
        let currency = quote(duty.currency.as_deref().unwrap_or_default());
        let parts = vec![Inline::Plain(amount.to_string()), currency];
        fill("{0} minor units of {1}", "{0}（{1} 最小货币单位）", parts)
    };
    let mut terms: Vec<Inline> = Vec::new();
    terms.extend(duty.basis_points.map(|points| {
        let (whole, rest) = (points.div_euclid(100), points.rem_euclid(100));
        let share = Inline::Plain(format!("{whole}.{rest:02} %"));
        match &duty.of {
            Some(of) => fill("{0} of what {1} receives", "{1} 所得的 {0}", vec![share, quote(of)]),
            None => fill("{0} of revenue", "收入的 {0}", vec![share]),
        }
    }));
    terms.extend(duty.floor.map(|least| fill("at least {0}", "下限 {0}", vec![minor(least)])));
    terms.extend(duty.ceiling.map(|most| fill("at most {0}", "上限 {0}", vec![minor(most)])));
    terms.extend(duty.amount.map(minor));
    terms.extend(duty.after.map(|at| fill("after {0}", "{0} 之后", vec![Inline::Time(at)])));
    if !duty.licences.is_empty() {
        let licences: Vec<&str> = duty.licences.iter().map(String::as_str).collect();
        terms.push(quote(&licences.join(", ")));
    }
    terms.extend(duty.terms.as_deref().map(quote));
    terms
}

/// The datasets from the subject to a place, by title.
pub(super) fn path(report: &Report<'_>, place: ManifestId) -> Vec<Inline> {
    let (head, left_out, tail) = report.path(place);
    let mut cell = Vec::new();
    let arrow = || Inline::Plain(" ← ".to_owned());
    for manifest in head {
        cell.extend([dataset(report, manifest), arrow()]);
    }
    if left_out > 0 {
        cell.extend([fill("{0} more", "另 {0} 个", vec![number(left_out)]), arrow()]);
    }
    for manifest in tail {
        cell.extend([dataset(report, manifest), arrow()]);
    }
    cell.pop();
    cell
}

/// The one dataset, or how many there are.
pub(super) fn datasets(report: &Report<'_>, about: &BTreeSet<ManifestId>) -> Vec<Inline> {
    match (about.len(), about.first()) {
        (1, Some(one)) => vec![dataset(report, *one)],
        (count, _) => vec![fill("{0} datasets", "{0} 个数据集", vec![number(count)])],
    }
}

/// A dataset by its title.
pub(super) fn dataset(report: &Report<'_>, manifest: ManifestId) -> Inline {
    let id = manifest.to_string();
    let name = report.name(manifest);
    let name = if name == super::short(&id) { Inline::ShortId(id) } else { Inline::Quote(name) };
    match report.dataset_anchor(manifest) {
        Some(anchor) => Inline::Link(anchor, Box::new(name)),
        None => name,
    }
}

/// A statement by its kind, issuer and id.
pub(super) fn statement(report: &Report<'_>, id: StatementId) -> Vec<Inline> {
    let short = Inline::ShortId(id.to_string());
    let link = match report.statement_anchor(id) {
        Some(anchor) => Inline::Link(anchor, Box::new(short)),
        None => short,
    };
    let Some(header) = report.lineage.statement(id).map(Statement::header) else {
        return vec![link];
    };
    let kind = Inline::Say(phrase(header.kind), Vec::new());
    vec![fill("{0} by {1}, {2}", "{1} 签发的{0}，{2}", vec![kind, quote(&header.issuer), link])]
}
