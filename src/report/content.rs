//! A verified lineage as a document.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::joined;
use super::document::{self, Block, Document, Inline, Row, Table, Tone, fill, number, quote, say};
use super::evidence::{self, belief, between};
use super::message::{Phrase, phrase};
use super::picture::Picture;
use super::refusal::place;
use super::{Report, answer, beside, described, titles};
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::Licence;
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::verify::{Finding, FindingCode, Node};

pub(super) fn document(report: &Report<'_>) -> Document {
    let mut blocks = vec![Block::Facts(overview(report))];
    if !report.questions.is_empty() {
        blocks.push(Block::Heading(Phrase::new("Uses and verdicts", "拟议使用与核验结论")));
        for (index, question) in report.questions.iter().enumerate() {
            blocks.push(answer::card(report, index, question));
        }
    }
    blocks.push(Block::Heading(Phrase::new("Where it comes from", "来源链")));
    blocks.push(Block::Picture(Picture::new(report)));
    blocks.push(Block::Table(steps(report)));
    blocks.extend(described::datasets(report));
    blocks.extend(described::steps(report));
    section(&mut blocks, Phrase::new("Registrations", "登记"), titles::registrations(report));
    section(&mut blocks, Phrase::new("Licences", "许可"), licences(report));
    section(&mut blocks, Phrase::new("Deals", "交易"), beside::deals(report));
    section(&mut blocks, Phrase::new("Assessments", "评估"), beside::assessments(report));
    let personal = Phrase::new("Personal information", "个人信息");
    section(&mut blocks, personal, beside::consents(report));
    let machines = Phrase::new("Preferences for machines", "机器可读偏好");
    section(&mut blocks, machines, beside::preferences(report));
    blocks.push(Block::Heading(Phrase::new("Findings", "核验发现")));
    blocks.extend(findings(report));
    blocks.push(Block::Heading(Phrase::new("Evidence in full", "证据清单")));
    blocks.push(evidence::datasets(report));
    blocks.push(evidence::statements(report));
    blocks.push(Block::Heading(Phrase::new("How to read this", "说明")));
    blocks.extend(notes());
    Document {
        title: Phrase::new("Lineage and rights report", "数据来源与权利核验报告"), blocks
    }
}

/// A heading with its table, where there is anything in it.
fn section(blocks: &mut Vec<Block>, heading: Phrase, table: Table) {
    if !table.rows.is_empty() {
        blocks.extend([Block::Heading(heading), Block::Table(table)]);
    }
}

fn overview(report: &Report<'_>) -> Vec<(Phrase, Vec<Inline>)> {
    let lineage = report.lineage;
    let subject = lineage.subject();
    let statements = lineage.proof().statements();
    let issuers: BTreeSet<&str> =
        statements.iter().map(|one| one.header().issuer.as_str()).collect();
    let sources: BTreeSet<ManifestId> = lineage
        .activities()
        .filter(|activity| activity.payload().inputs.is_empty())
        .flat_map(|activity| activity.payload().generated())
        .filter(|manifest| *manifest != subject && report.dataset_anchor(*manifest).is_some())
        .collect();
    let events = match lineage.status_as_of() {
        Some(at) => vec![fill("known up to {0}", "已知截至 {0}", vec![Inline::Time(at)])],
        None => vec![Inline::Badge(Tone::Unsure, Phrase::new("none given", "未提供"))],
    };
    let counts = [statements.len(), issuers.len(), lineage.manifests().count(), sources.len()];
    let rests_on = fill(
        "{0} statements by {1} parties about {2} datasets, {3} of them sources",
        "{1} 个签发方就 {2} 个数据集（其中来源 {3} 个）签发的 {0} 项声明",
        counts.map(number).to_vec(),
    );
    let mut facts = vec![
        (Phrase::new("Subject", "核验对象"), vec![Inline::Quote(report.name(subject))]),
        (Phrase::new("Content id", "内容标识"), vec![Inline::Id(subject.to_string())]),
        (Phrase::new("Verified at", "核验时间"), vec![Inline::Time(lineage.now())]),
        (Phrase::new("Adverse events", "撤销等不利事件"), events),
        (Phrase::new("Rests on", "依据"), vec![rests_on]),
    ];
    let logs = logs(report);
    if !logs.is_empty() {
        facts.push((Phrase::new("In logs", "日志收录"), logs));
    }
    for (index, question) in report.questions.iter().enumerate() {
        let (tone, word) = answer::badge(&question.verdict);
        let label =
            if index == 0 { Phrase::new("Verdicts", "结论") } else { Phrase::new("", "") };
        let space = Inline::Plain(" ".to_owned());
        facts.push((label, vec![Inline::Badge(tone, word), space, quote(&question.label)]));
    }
    facts
}

/// How many of the statements each log has by a receipt that counts.
fn logs(report: &Report<'_>) -> Vec<Inline> {
    let lineage = report.lineage;
    let statements = lineage.proof().statements();
    let mut logs: BTreeMap<&str, BTreeSet<StatementId>> = BTreeMap::new();
    for id in statements.iter().map(Statement::id) {
        for logged in lineage.logged(id) {
            logs.entry(logged.origin.as_str()).or_default().insert(id);
        }
    }
    let each = logs.into_iter().map(|(origin, of)| {
        let parts = vec![quote(origin), number(of.len()), number(statements.len())];
        vec![fill("{0}: {1} of {2} statements", "{0}：{2} 项声明中的 {1} 项", parts)]
    });
    joined(each.collect())
}

fn widen(term: &mut (Timestamp, Timestamp), from: Timestamp, to: Timestamp) {
    *term = (term.0.min(from), term.1.max(to));
}

/// What was done, from the origins on, equal steps together.
fn steps(report: &Report<'_>) -> Table {
    struct Steps<'a> {
        issuer: &'a str,
        kind: Phrase,
        believed: bool,
        count: usize,
        claimed: (Timestamp, Timestamp),
        proven: (Timestamp, Timestamp),
    }
    let lineage = report.lineage;
    let mut order = BTreeMap::new();
    let mut steps: Vec<Steps<'_>> = Vec::new();
    let activities: Vec<_> = lineage.activities().collect();
    for activity in activities.into_iter().rev() {
        let (payload, header) = (activity.payload(), activity.header());
        let from = payload.started.unwrap_or(header.issued_at);
        let to = payload.ended.unwrap_or(from);
        let proven = lineage.proven_by(activity.id());
        let believed = lineage.is_believed(activity.id());
        let key = (payload.kind, header.issuer.as_str(), believed);
        let place = *order.entry(key).or_insert(steps.len());
        match steps.get_mut(place) {
            Some(known) => {
                known.count = known.count.saturating_add(1);
                widen(&mut known.claimed, from, to);
                widen(&mut known.proven, proven, proven);
            }
            None => steps.push(Steps {
                issuer: &header.issuer,
                kind: phrase(payload.kind),
                believed,
                count: 1,
                claimed: (from, to),
                proven: (proven, proven),
            }),
        }
    }
    let rows = steps.into_iter().map(|step| {
        Row::new(vec![
            vec![number(step.count)],
            vec![Inline::Say(step.kind, Vec::new())],
            vec![quote(step.issuer)],
            belief(step.believed),
            between(step.claimed),
            between(step.proven),
        ])
    });
    let head = vec![
        Phrase::new("Steps", "项数"),
        Phrase::new("What", "处理活动"),
        Phrase::new("By", "实施方"),
        Phrase::new("Signer", "采信情况"),
        Phrase::new("Claimed, not proven", "声称时间（未经证明）"),
        Phrase::new("Proven by", "可证不晚于"),
    ];
    Table { head, rows: rows.collect() }
}

/// Equal public licences together, negotiated ones with what they are for.
fn licences(report: &Report<'_>) -> Table {
    /// Negotiated terms are told apart by the statement.
    type Key<'a> =
        (Option<&'a str>, Option<StatementId>, &'a str, &'a str, bool, bool, Option<Timestamp>);
    let lineage = report.lineage;
    let mut groups: BTreeMap<Key<'_>, (usize, BTreeSet<ManifestId>, &Signed<Licence>)> =
        BTreeMap::new();
    for licence in lineage.manifests().flat_map(|manifest| lineage.licences(manifest)) {
        let payload = licence.payload();
        let spdx = payload.spdx.as_deref();
        let id = licence.id();
        let believed = lineage.is_believed(id);
        let issuer = licence.header().issuer.as_str();
        let own = spdx.is_none().then_some(id);
        let ended = lineage.ended_at(id);
        let key = (spdx, own, payload.basis.code(), issuer, believed, payload.revocable, ended);
        let (count, about, _) = groups.entry(key).or_insert((0, BTreeSet::new(), licence));
        *count = count.saturating_add(1);
        about.insert(payload.manifest);
    }
    let rows = groups.into_iter().map(
        |((spdx, _, _, issuer, believed, revocable, _), (count, about, one))| {
            let terms = match spdx {
                Some(spdx) => quote(spdx),
                None if revocable => say("negotiated, revocable", "协议许可（可撤销）"),
                None => say("negotiated, irrevocable", "协议许可（不可撤销）"),
            };
            let counts = || vec![say("counts", "有效力")];
            Row::new(vec![
                vec![number(count)],
                vec![terms],
                vec![Inline::Say(phrase(one.payload().basis), Vec::new())],
                vec![quote(issuer)],
                if believed {
                    evidence::ended(report, one.id()).unwrap_or_else(counts)
                } else {
                    vec![Inline::Badge(Tone::Unsure, Phrase::new("grants nothing", "无授权效力"))]
                },
                answer::datasets(report, &about),
            ])
        },
    );
    let head = vec![
        Phrase::new("Number", "项数"),
        Phrase::new("Terms", "许可条款"),
        Phrase::new("Basis", "依据"),
        Phrase::new("Signed by", "签发方"),
        Phrase::new("Effect", "效力"),
        Phrase::new("For", "适用对象"),
    ];
    Table { head, rows: rows.collect() }
}

/// How many findings of each code there are, and each in full.
fn findings(report: &Report<'_>) -> Vec<Block> {
    let all = report.lineage.findings();
    if all.is_empty() {
        return vec![Block::Prose(vec![say("None.", "无。")])];
    }
    let mut by_code: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for finding in all {
        let count = by_code.entry(finding.code).or_default();
        *count = count.saturating_add(1);
    }
    let rows = by_code.into_iter().map(|(code, count)| {
        Row::new(vec![
            vec![
                Inline::Plain(format!("{count} x")),
                Inline::Plain(" ".to_owned()),
                Inline::Code(code.code()),
            ],
            vec![Inline::Say(phrase(code), Vec::new())],
        ])
    });
    let head = vec![Phrase::new("Code", "代码"), Phrase::new("Meaning", "含义")];
    let counted = Table { head, rows: rows.collect() };
    let each = all.iter().map(|finding: &Finding| {
        Row::new(vec![
            vec![Inline::Code(finding.code.code())],
            found_at(report, finding.node),
            vec![quote(&with_short_ids(&finding.detail))],
        ])
    });
    let head = vec![
        Phrase::new("Code", "代码"),
        Phrase::new("Where", "位置"),
        Phrase::new("Detail", "详情"),
    ];
    let summary = fill("Each of the {0} findings", "逐项列出 {0} 项发现", vec![number(all.len())]);
    let blocks = vec![Block::Table(Table { head, rows: each.collect() })];
    vec![Block::Table(counted), Block::Fold { told: false, summary: vec![summary], blocks }]
}

/// The place of a finding, leading to its row.
fn found_at(report: &Report<'_>, node: Node) -> Vec<Inline> {
    match node {
        Node::Manifest(manifest) => vec![answer::dataset(report, manifest)],
        Node::Statement(id) => answer::statement(report, id),
        Node::Checkpoint(_) | Node::Key(_) | Node::Position(_) | Node::Proof | Node::Status => {
            place(node)
        }
    }
}

/// A detail for people, its ids shortened.
fn with_short_ids(detail: &str) -> String {
    let words = detail.split(' ').map(|word| match word.strip_prefix("manifest:") {
        Some(hex) if hex.len() >= 64 => document::short(word),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn notes() -> Vec<Block> {
    let note = |en, zh| Block::Prose(vec![say(en, zh)]);
    vec![
        note(
            "Verified are the content id, every signature, and that nothing a statement refers to is missing. \
             Whether a statement is true is not proven: it is what its issuer says, and the verdicts are what follows if it is so.",
            "已核验的是：内容标识、全部签名，以及声明所引用的内容无一缺失。声明内容本身是否属实未经证明：其为签发方的陈述，结论以陈述属实为前提。",
        ),
        note(
            "Claimed times are what the signer says, and proven by nothing here. Proven is that a statement existed by the time given, \
             in the way named beside it: as the verifier recorded, as a log that he trusts has it, or because it is there at the time of the verification.",
            "声称时间仅为签发方的陈述，本报告不证明其属实；可证时间指该声明在所示时间之前确已存在，并注明证明方式（核验方的记录、其信任的日志的回执；均无时以核验时间计）。",
        ),
        note(
            "A receipt proves that the log has the statement and, by the log's word, since when. Alone it proves neither its place in the log, \
             nor that the log shows everybody the same, nor that nothing happened since: a place takes a checkpoint of the log, \
             that others saw the same takes witnesses, and later events are known up to the time given above and no further.",
            "回执证明日志已收录该声明；自何时起收录，以日志的陈述为准。仅凭回执，既不能证明其在日志中的位置，也不能证明日志向各方出示的内容一致，更不能证明此后未发生其他事件：位置须有日志的检查点，内容一致须有见证方，后续事件仅知悉至上文所示时间。",
        ),
        note(
            "Permit is given only where everything it rests on was verified; whatever is missing makes it unknown. \
             A registration names registered claimants and is prima facie evidence. This is no legal advice.",
            "仅在所依据的事项全部核验通过时作出“允许”的结论；任何缺失均为“无法认定”。登记载明的是登记主体，登记证书为初步证据。本报告不构成法律意见。",
        ),
    ]
}
