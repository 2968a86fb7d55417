//! The tables of what is said.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Column, MAX_ITEMS, Said, activity, bounded, cell, dataset, is_shown, listed, registration,
};
use crate::id::{ManifestId, StatementId};
use crate::lineage::{Activity, ActivityKind, Completeness};
use crate::report::Report;
use crate::report::answer::{self, joined};
use crate::report::document::{
    Block, Inline, Row, Table, Tone, fill, number, quote, say, shows, visible,
};
use crate::report::evidence::{belief, between, ended, short};
use crate::report::message::{Phrase, phrase};
use crate::statement::{Header, Signed};

/// Most rows shown at once; the others stand in a list to be opened.
const MAX_ROWS: usize = 12;

/// Most steps of which one cell tells what they put together.
const MAX_STEPS: usize = 2;

/// The descriptions of the datasets in use, and what each was put together from.
///
/// Those that say more than a title come first, so that many others do not hide them; nearer ones before farther ones.
pub(in crate::report) fn datasets(report: &Report<'_>) -> Vec<Block> {
    let lineage = report.lineage;
    let components = Components::new(report);
    let mut rows = Vec::new();
    for manifest in lineage.manifests() {
        let datasets = lineage.datasets(manifest).map(|one| {
            let payload = one.payload();
            (one.id(), one.header(), payload.title.as_str(), dataset(payload))
        });
        // What else a certificate says stands in the table of registrations.
        let certificates = lineage.registrations(manifest).map(|one| {
            let payload = one.payload();
            (one.id(), one.header(), payload.object_name.as_str(), registration(payload))
        });
        let certificates = certificates.filter(|(_, _, _, said)| is_shown(said));
        let mut parts = components.of(report, manifest);
        for (id, header, title, said) in datasets.chain(certificates) {
            let mut name = vec![vec![titled(report, manifest, title)]];
            name.extend(Some(cell(&said, Column::Name)).filter(|words| !words.is_empty()));
            name.push(vec![short(report, id)]);
            let mut signer = signer(report, id, header);
            signer.extend(Some(cell(&said, Column::Signer)).filter(|words| !words.is_empty()));
            let own = DATASET_COLUMNS.map(|column| cell(&said, column));
            let parts = std::mem::take(&mut parts);
            let is_bare = own.iter().chain([&parts]).all(Vec::is_empty);
            let cells = [joined(name), joined(signer)].into_iter().chain(own).chain([parts]);
            rows.push((is_bare, row(cells)));
        }
        if !parts.is_empty() {
            let undescribed = [vec![answer::dataset(report, manifest)], Vec::new()];
            let unsaid = DATASET_COLUMNS.map(|_| Vec::new());
            rows.push((false, row(undescribed.into_iter().chain(unsaid).chain([parts]))));
        }
    }
    rows.sort_by_key(|(is_bare, _)| *is_bare);
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let heading = Phrase::new(
        "What is said of the datasets (said, not checked)",
        "数据集说明（仅为签发方陈述，未经核验）",
    );
    let head = [
        Phrase::new("Dataset", "数据集"),
        Phrase::new("Said by, and how known", "签发方及获知方式"),
        Phrase::new("Class and source", "类别与来源"),
        Phrase::new("Content", "内容"),
        Phrase::new("Personal information", "个人信息"),
        Phrase::new("Circulation", "流通方式与密级"),
        Phrase::new("Put together from", "组成部分及其许可"),
    ];
    section(heading, &head, rows)
}

/// Between who says it and what the dataset was put together from.
const DATASET_COLUMNS: [Column; 4] =
    [Column::Class, Column::Content, Column::PersonalInformation, Column::Circulation];

/// The steps of which more is said than their kind, from the origins on.
pub(in crate::report) fn steps(report: &Report<'_>) -> Vec<Block> {
    let activities: Vec<&Signed<Activity>> = report.lineage.activities().collect();
    let said = activities.iter().rev().map(|one| (*one, activity(one.payload())));
    let said = said.filter(|(_, said)| STEP_COLUMNS.iter().any(|of| !cell(said, *of).is_empty()));
    let rows: Vec<Row> = said.map(|(one, said)| step(report, one, &said)).collect();
    let unsaid = activities.len().saturating_sub(rows.len());
    let heading = Phrase::new(
        "What is said of the steps (said, not checked)",
        "处理活动说明（仅为签发方陈述，未经核验）",
    );
    let head = [
        Phrase::new("Step", "处理活动"),
        Phrase::new("Said by", "签发方"),
        Phrase::new("Claimed, not proven", "声称时间（未经证明）"),
        Phrase::new("Tool, rules and parameters", "工具、规则与参数"),
        Phrase::new("People", "参与人员"),
        Phrase::new("Places", "地点"),
        Phrase::new("Samples and measures", "抽检与指标"),
    ];
    let mut blocks = section(heading, &head, rows);
    if !blocks.is_empty() && unsaid > 0 {
        blocks.push(Block::Prose(vec![fill(
            "Nothing of this is said of {0} other steps.",
            "另有 {0} 项处理活动未作上述说明。",
            vec![number(unsaid)],
        )]));
    }
    blocks
}

const STEP_COLUMNS: [Column; 4] = [Column::Tools, Column::People, Column::Places, Column::Samples];

fn step(report: &Report<'_>, signed: &Signed<Activity>, said: &[Said<'_>]) -> Row {
    let (payload, header) = (signed.payload(), signed.header());
    let outputs = payload.generated().map(|one| vec![answer::dataset(report, one)]);
    let outputs = listed(bounded(outputs, payload.outputs.len()));
    let outputs = [say("made", "产出"), Inline::Plain(": ".to_owned())].into_iter().chain(outputs);
    let name = vec![cell(said, Column::Step), outputs.collect(), vec![short(report, signed.id())]];
    let when = match payload.started {
        Some(from) => between((from, payload.ended.unwrap_or(from))),
        None => vec![fill("signed {0}", "签发 {0}", vec![Inline::Time(header.issued_at)])],
    };
    let by = joined(signer(report, signed.id(), header));
    let own = STEP_COLUMNS.map(|column| cell(said, column));
    row([joined(name), by, when].into_iter().chain(own))
}

/// Who says it, and whether that counts.
fn signer(report: &Report<'_>, id: StatementId, header: &Header) -> Vec<Vec<Inline>> {
    let standing = belief(report.lineage.is_believed(id));
    let mut words = vec![vec![quote(&header.issuer)], standing];
    words.extend(ended(report, id));
    words
}

/// A title as this statement gives it, leading to the dataset; one that shows nothing is none.
fn titled(report: &Report<'_>, manifest: ManifestId, title: &str) -> Inline {
    if !visible(title).chars().any(shows) {
        return answer::dataset(report, manifest);
    }
    let title = quote(title);
    match report.dataset_anchor(manifest) {
        Some(anchor) => Inline::Link(anchor, Box::new(title)),
        None => title,
    }
}

/// A dash where nothing is said.
fn row(cells: impl Iterator<Item = Vec<Inline>>) -> Row {
    let dash = || vec![Inline::Plain("-".to_owned())];
    Row::new(cells.map(|cell| if cell.is_empty() { dash() } else { cell }).collect())
}

/// A heading, who speaks, and the rows, where there are any.
fn section(heading: Phrase, head: &[Phrase], mut rows: Vec<Row>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let others = rows.split_off(rows.len().min(MAX_ROWS));
    let table = |rows| Block::Table(Table { head: head.to_vec(), rows });
    let mut blocks = vec![
        Block::Heading(heading),
        Block::Prose(vec![say(
            "In the words of their signers, no findings of this report. A dash: not said.",
            "以下为签发方的陈述，并非本报告的核验结论。“-”表示未作说明。",
        )]),
        table(rows),
    ];
    if !others.is_empty() {
        let summary = vec![fill("{0} more", "另有 {0} 项", vec![number(others.len())])];
        blocks.push(Block::Fold { told: true, summary, blocks: vec![table(others)] });
    }
    blocks
}

/// What steps put together, and under which licences each part is said to be.
struct Components<'a> {
    /// By what came out.
    steps: BTreeMap<ManifestId, Vec<&'a Signed<Activity>>>,
    /// Of each part that is shown. Gone through once, however often a part is used.
    licences: BTreeMap<ManifestId, Vec<Inline>>,
}

impl<'a> Components<'a> {
    fn new(report: &Report<'a>) -> Self {
        let (mut steps, mut licences) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::new());
        for signed in report.lineage.activities() {
            let step = signed.payload();
            if !matches!(step.kind, ActivityKind::MergeCollect | ActivityKind::MergeDerive) {
                continue;
            }
            for output in step.generated() {
                steps.entry(output).or_default().push(signed);
            }
            for part in step.used().take(MAX_ITEMS) {
                licences.entry(part).or_insert_with(|| licensed(report, part));
            }
        }
        Self { steps, licences }
    }

    /// By each step the parts with their licences; empty where nothing was put together.
    fn of(&self, report: &Report<'_>, manifest: ManifestId) -> Vec<Inline> {
        let steps = self.steps.get(&manifest).map_or(&[][..], Vec::as_slice);
        let each = steps.iter().take(MAX_STEPS).map(|signed| self.by(report, signed));
        let mut each: Vec<Vec<Inline>> = each.collect();
        let left_out = steps.len().saturating_sub(MAX_STEPS);
        if left_out > 0 {
            each.push(vec![fill("{0} more steps", "另有 {0} 项处理活动", vec![number(left_out)])]);
        }
        joined(each)
    }

    /// What one step put together, and who says so.
    fn by(&self, report: &Report<'_>, signed: &Signed<Activity>) -> Vec<Inline> {
        let step = signed.payload();
        let parts = step.used().map(|part| {
            let licences = self.licences.get(&part).cloned();
            let licences = licences.unwrap_or_else(|| licensed(report, part));
            let name = [answer::dataset(report, part), Inline::Plain(": ".to_owned())];
            name.into_iter().chain(licences).collect()
        });
        let parts = bounded(parts, step.inputs.len());
        let undisclosed = (step.completeness == Completeness::Undisclosed)
            .then(|| vec![Inline::Say(phrase(step.completeness), Vec::new())]);
        let by = fill("by {0}", "依据 {0}", vec![short(report, signed.id())]);
        let by = [vec![by], belief(report.lineage.is_believed(signed.id()))];
        let by = listed(by.into_iter().chain(ended(report, signed.id())));
        joined(parts.chain(undisclosed).chain([by]).collect())
    }
}

/// Under which licences a dataset is said to be, equal ones once.
fn licensed(report: &Report<'_>, manifest: ManifestId) -> Vec<Inline> {
    let lineage = report.lineage;
    let licences = lineage.licences(manifest);
    let distinct: BTreeSet<(Option<&str>, bool)> = licences
        .map(|one| (one.payload().spdx.as_deref(), lineage.is_believed(one.id())))
        .collect();
    if distinct.is_empty() {
        return vec![say("no licence", "无许可声明")];
    }
    let each = distinct.iter().map(|(spdx, counts)| {
        let terms = spdx.map_or_else(|| say("negotiated", "协议许可"), quote);
        // As the table of licences has it.
        let nothing = Inline::Badge(Tone::Unsure, Phrase::new("grants nothing", "无授权效力"));
        if *counts { vec![terms] } else { vec![terms, Inline::Plain(" ".to_owned()), nothing] }
    });
    let each: Vec<Vec<Inline>> = each.collect();
    let all = each.len();
    listed(bounded(each.into_iter(), all))
}
