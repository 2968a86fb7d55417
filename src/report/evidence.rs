//! The lists at the end of a report: every dataset and every statement.

use super::document::{Block, Inline, Row, Table, Tone, fill, number, quote, say};
use super::message::{Phrase, phrase};
use super::{Report, answer, believed};
use crate::id::{StatementId, Subject};
use crate::proof::Statement;
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// Every dataset, with the next one towards the subject.
pub(super) fn datasets(report: &Report<'_>) -> Block {
    let lineage = report.lineage;
    let rows = lineage.manifests().map(|manifest| Row {
        anchor: report.dataset_anchor(manifest),
        cells: vec![
            vec![Inline::Quote(report.name(manifest))],
            match report.places.get(&manifest).and_then(|place| place.towards) {
                Some(next) => vec![answer::dataset(report, next)],
                None => vec![say("the subject", "核验对象")],
            },
            vec![Inline::Id(manifest.to_string())],
        ],
    });
    let head = vec![
        Phrase::new("Dataset", "数据集"),
        Phrase::new("Towards the subject", "通向核验对象"),
        Phrase::new("Id", "标识"),
    ];
    let table = Table { head, rows: rows.collect() };
    let summary = fill("All {0} datasets", "全部 {0} 个数据集", vec![number(table.rows.len())]);
    Block::Fold { told: false, summary: vec![summary], blocks: vec![Block::Table(table)] }
}

/// Every statement, with what its signer claims and what is proven.
pub(super) fn statements(report: &Report<'_>) -> Block {
    let lineage = report.lineage;
    let rows = lineage.proof().statements().iter().map(|one| {
        let (header, id) = (one.header(), one.id());
        let about = match &header.subject {
            Subject::Manifest(manifest) => vec![answer::dataset(report, *manifest)],
            Subject::Statement(target) => vec![short(report, *target)],
            Subject::Index(_) | Subject::Key(_) | Subject::Origin(_) => {
                vec![Inline::ShortId(header.subject.to_string())]
            }
        };
        let activity = one.as_activity().map(Signed::payload);
        let mut claimed =
            vec![fill("signed {0}", "签发 {0}", vec![Inline::Time(header.issued_at)])];
        if let Some((from, activity)) = activity.and_then(|one| one.started.zip(Some(one))) {
            claimed.push(Inline::Next);
            claimed.push(fill("from {0}", "始于 {0}", vec![Inline::Time(from)]));
            let to = activity.ended.filter(|to| *to != from);
            if let Some(to) = to {
                claimed.push(Inline::Next);
                claimed.push(fill("to {0}", "止于 {0}", vec![Inline::Time(to)]));
            }
        }
        let proven = lineage.proof_of_time(id);
        Row {
            anchor: report.statement_anchor(id),
            cells: vec![
                kind(one),
                vec![quote(&header.issuer)],
                match (believed(lineage, one), ended(report, id)) {
                    (_, Some(ended)) => ended,
                    (Some(believed), None) => belief(believed),
                    (None, None) => vec![say("see findings", "见核验发现")],
                },
                about,
                claimed,
                vec![
                    Inline::Time(proven.by),
                    Inline::Next,
                    Inline::Say(phrase(proven.source), Vec::new()),
                ],
                logged(report, id),
                vec![Inline::Id(id.to_string())],
            ],
        }
    });
    let head = vec![
        Phrase::new("Kind", "类型"),
        Phrase::new("Issuer", "签发方"),
        Phrase::new("Signer", "采信情况"),
        Phrase::new("About", "对象"),
        Phrase::new("Claimed, not proven", "声称时间（未经证明）"),
        Phrase::new("Proven by", "可证不晚于"),
        Phrase::new("In logs", "日志收录"),
        Phrase::new("Id", "标识"),
    ];
    let table = Table { head, rows: rows.collect() };
    let summary = fill("All {0} statements", "全部 {0} 项声明", vec![number(table.rows.len())]);
    Block::Fold { told: false, summary: vec![summary], blocks: vec![Block::Table(table)] }
}

/// Which logs have a statement, since when, where, and who saw it; no more than each receipt proves.
fn logged(report: &Report<'_>, id: StatementId) -> Vec<Inline> {
    let lineage = report.lineage;
    let own = lineage.logged(id).iter().flat_map(|one| {
        let since = vec![quote(one.origin.as_str()), quote(&one.issuer), Inline::Time(one.at)];
        let place = match one.index {
            Some(index) => fill(
                "entry {0} (from 0)",
                "第 {0} 项（自 0 起）",
                vec![Inline::Plain(index.to_string())],
            ),
            None => say("place in the log not proven by the receipt", "回执不证明其在日志中的位置"),
        };
        let seen = match one.witnessed_at {
            Some(at) => fill("witnessed since {0}", "见证方自 {0} 起见证", vec![Inline::Time(at)]),
            None => say("no witness asked for", "未要求见证"),
        };
        [fill("{0}: since {2}, says {1}", "{0}：{1} 称自 {2} 起收录", since), place, seen]
    });
    let batches = lineage.proof().batches_of(id).filter(|batch| !lineage.logged(*batch).is_empty());
    let batches =
        batches.map(|batch| fill("as its batch {0}", "同其批次 {0}", vec![short(report, batch)]));
    let words = answer::joined(own.chain(batches).map(|one| vec![one]).collect());
    if words.is_empty() { vec![say("none", "无")] } else { words }
}

/// The kind of a statement, and of what it says the most telling word.
fn kind(statement: &Statement) -> Vec<Inline> {
    let mut words = vec![Inline::Say(phrase(statement.header().kind), Vec::new())];
    let more = match statement {
        Statement::Activity(signed) => Some(Inline::Say(phrase(signed.payload().kind), Vec::new())),
        Statement::Delegation(signed) => Some(quote(&signed.payload().iss)),
        Statement::Event(signed) => Some(Inline::Say(phrase(signed.payload().kind), Vec::new())),
        Statement::Licence(signed) => signed.payload().spdx.as_deref().map(quote),
        Statement::Assessment(signed) => {
            Some(Inline::Say(phrase(signed.payload().kind), Vec::new()))
        }
        Statement::Batch(signed) => Some(quote(&signed.payload().tree.count().to_string())),
        Statement::Consent(signed) => Some(Inline::Say(phrase(signed.payload().basis), Vec::new())),
        Statement::Dataset(_) => None,
        Statement::Preference(signed) => Some(quote(signed.payload().vocabulary.code())),
        Statement::Registration(signed) => signed.payload().registration_no.as_deref().map(quote),
        Statement::Transaction(signed) => Some(quote(&signed.payload().number)),
    };
    if let Some(more) = more {
        words.extend([Inline::Plain(": ".to_owned()), more]);
    }
    words
}

/// From when a statement counts no longer, where that is known.
pub(super) fn ended(report: &Report<'_>, id: StatementId) -> Option<Vec<Inline>> {
    let at = report.lineage.ended_at(id)?;
    let (tone, words) = if at > report.lineage.now() {
        (Tone::Unsure, Phrase::new("will end", "将终止"))
    } else {
        (Tone::Bad, Phrase::new("ended", "已终止"))
    };
    Some(vec![Inline::Badge(tone, words), Inline::Plain(" ".to_owned()), Inline::Time(at)])
}

/// Whether a signer is believed, in words.
pub(super) fn belief(believed: bool) -> Vec<Inline> {
    vec![if believed {
        say("believed", "采信")
    } else {
        Inline::Badge(Tone::Unsure, Phrase::new("not believed", "不采信"))
    }]
}

/// From when to when, once where both are the same.
pub(super) fn between((from, to): (Timestamp, Timestamp)) -> Vec<Inline> {
    if from == to {
        return vec![Inline::Time(from)];
    }
    vec![fill("{0} to {1}", "{0} 至 {1}", vec![Inline::Time(from), Inline::Time(to)])]
}

/// The short form of a statement's id, leading to its row.
pub(super) fn short(report: &Report<'_>, id: StatementId) -> Inline {
    let short = Inline::ShortId(id.to_string());
    match report.statement_anchor(id) {
        Some(anchor) => Inline::Link(anchor, Box::new(short)),
        None => short,
    }
}
