//! What statements say of datasets and steps, once for the JSON and for the tables of a report.
//!
//! Nothing here is a finding: it is what the signers wrote, shown to whoever has to judge it.

mod certificate;
mod table;

use std::collections::BTreeMap;

pub(super) use certificate::registration;
pub(super) use table::{datasets, steps};

use super::answer::joined;
use super::diagnostic;
use super::document::{Inline, fill, number, quote, say};
use super::message::{Phrase, phrase};
use crate::cbor::Item;
use crate::digest::Digest;
use crate::lineage::{Activity, Agents, Sampling, Tool};
use crate::manifest::Dataset;
use crate::rights::Assessment;
use crate::statement::Territory;

/// Most items of a list that a cell shows; the others are counted, and JSON has them.
const MAX_ITEMS: usize = 6;

/// Where in a table something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Circulation,
    Class,
    Content,
    Name,
    People,
    PersonalInformation,
    Places,
    Samples,
    Signer,
    Step,
    Tools,
}

/// One thing that a statement says.
pub(super) struct Said<'a> {
    /// The field of the JSON.
    pub(super) field: &'static str,
    pub(super) value: Value<'a>,
    /// The column of a table, and what stands before the value there; `None`: the table has it in another way.
    shown: Option<(Column, Phrase)>,
}

pub(super) enum Value<'a> {
    /// A stable code, and what it means.
    Code(&'static str, Phrase),
    Flag(bool),
    /// An id or a digest.
    Id(String),
    List(Vec<Self>),
    /// A value that its signer named, in CBOR diagnostic notation.
    Named(&'a str, String),
    Number(u64),
    /// Its fields, each with what stands before it in a table.
    Object(Vec<(&'static str, Phrase, Self)>),
    Place(&'a Territory),
    Text(&'a str),
    /// The name of a tree.
    Tree(String),
}

/// Nothing stands before a value.
const BARE: Phrase = Phrase::new("", "");

/// The value of a code.
macro_rules! code {
    ($code:expr) => {
        Value::Code($code.code(), phrase($code))
    };
}
use code;

/// What one statement says, in the order of the JSON.
#[derive(Default)]
struct Sayings<'a>(Vec<Said<'a>>);

impl<'a> Sayings<'a> {
    /// In the column, where there is a value.
    fn put(
        self,
        column: Column,
        label: Phrase,
        field: &'static str,
        value: impl Into<Option<Value<'a>>>,
    ) -> Self {
        self.add(field, Some((column, label)), value.into())
    }

    /// In the JSON, where a table has it in another way.
    fn apart(self, field: &'static str, value: Value<'a>) -> Self {
        self.add(field, None, Some(value))
    }

    fn add(
        mut self,
        field: &'static str,
        shown: Option<(Column, Phrase)>,
        value: Option<Value<'a>>,
    ) -> Self {
        self.0.extend(value.map(|value| Said { field, value, shown }));
        self
    }
}

/// `None` where there are none.
fn some<'a>(items: impl Iterator<Item = Value<'a>>) -> Option<Value<'a>> {
    let items: Vec<Value<'a>> = items.collect();
    (!items.is_empty()).then_some(Value::List(items))
}

/// What a signer measured or set, by the names that he gave it.
fn named(items: &BTreeMap<String, Item>) -> Option<Value<'_>> {
    some(
        items
            .iter()
            .map(|(name, value)| Value::Named(name, diagnostic::notation(value.as_bytes()))),
    )
}

fn texts<'a>(items: impl IntoIterator<Item = &'a String>) -> Option<Value<'a>> {
    some(items.into_iter().map(|item| Value::Text(item)))
}

pub(super) fn dataset(dataset: &Dataset) -> Vec<Said<'_>> {
    let languages = Phrase::new("languages", "语言");
    let category = Phrase::new("category", "来源类别");
    let confidentiality = Phrase::new("confidentiality", "密级");
    Sayings::default()
        .apart("title", Value::Text(&dataset.title))
        .put(
            Column::Name,
            Phrase::new("version", "版本"),
            "version",
            dataset.version.as_deref().map(Value::Text),
        )
        .put(Column::Content, languages, "languages", texts(&dataset.languages))
        .put(
            Column::Content,
            BARE,
            "modalities",
            some(dataset.modalities.iter().map(|one| code!(*one))),
        )
        .put(Column::Content, BARE, "media_types", texts(&dataset.media_types))
        .put(Column::Class, BARE, "data_class", dataset.data_class.map(|one| code!(one)))
        .put(
            Column::Class,
            category,
            "source_category",
            dataset.source_category.as_deref().map(Value::Text),
        )
        .put(
            Column::Circulation,
            confidentiality,
            "confidentiality",
            dataset.confidentiality.as_deref().map(Value::Text),
        )
        .put(Column::Circulation, BARE, "release_mode", dataset.release_mode.map(|one| code!(one)))
        .put(
            Column::PersonalInformation,
            BARE,
            "personal_information",
            dataset.personal_information.map(Value::Flag),
        )
        .put(Column::Signer, BARE, "scan", code!(dataset.scan))
        .0
}

pub(super) fn activity(activity: &Activity) -> Vec<Said<'_>> {
    let ids = |ids: Vec<String>| Value::List(ids.into_iter().map(Value::Id).collect());
    Sayings::default()
        .put(Column::Step, BARE, "activity", code!(activity.kind))
        .put(Column::Step, BARE, "completeness", code!(activity.completeness))
        .apart("inputs", ids(activity.used().map(|one| one.to_string()).collect()))
        .apart("outputs", ids(activity.generated().map(|one| one.to_string()).collect()))
        .put(
            Column::Tools,
            Phrase::new("rules", "规则"),
            "rules",
            activity.rules.map(|one| Value::Id(one.to_string())),
        )
        .put(Column::Tools, Phrase::new("tool", "工具"), "tool", activity.tool.as_ref().map(tool))
        .put(Column::Tools, Phrase::new("parameters", "参数"), "params", named(&activity.params))
        .put(Column::People, BARE, "agents", some(activity.agents.iter().map(agents)))
        .put(Column::Samples, BARE, "sampling", activity.sampling.as_ref().map(sampling))
        .put(Column::Samples, BARE, "measures", named(&activity.measures))
        .put(
            Column::Places,
            Phrase::new("processed in", "处理地"),
            "processed_in",
            some(activity.processed_in.iter().map(Value::Place)),
        )
        .put(
            Column::Places,
            Phrase::new("stored in", "存储地"),
            "stored_in",
            some(activity.stored_in.iter().map(Value::Place)),
        )
        .0
}

/// How somebody examined a dataset.
pub(super) fn assessment(assessment: &Assessment) -> Vec<Said<'_>> {
    let digest = |one: Digest| Value::Id(one.to_string());
    let trees = assessment.trees.iter().map(|one| Value::Tree(one.to_string()));
    Sayings::default()
        .put(
            Column::Tools,
            Phrase::new("method", "方法"),
            "method",
            assessment.method.as_deref().map(Value::Text),
        )
        .put(Column::Tools, Phrase::new("rules", "规则"), "rules", assessment.rules.map(digest))
        .put(Column::Tools, Phrase::new("trees", "哈希树"), "trees", some(trees))
        .put(Column::Tools, Phrase::new("report", "报告"), "report", assessment.report.map(digest))
        .put(Column::Samples, BARE, "measures", named(&assessment.measures))
        .0
}

fn tool(tool: &Tool) -> Value<'_> {
    let version = tool.version.as_deref().map(Value::Text);
    let digest = tool.digest.map(|one| Value::Id(one.to_string()));
    let version = version.map(|one| ("version", Phrase::new("version", "版本"), one));
    let digest = digest.map(|one| ("digest", BARE, one));
    let name = ("name", BARE, Value::Text(&tool.name));
    Value::Object([Some(name), version, digest].into_iter().flatten().collect())
}

fn agents(agents: &Agents) -> Value<'_> {
    let party = agents.party.as_deref().map(Value::Text);
    let party = party.map(|one| ("party", Phrase::new("of", "所属"), one));
    let qualification = agents.qualification.as_deref().map(Value::Text);
    let qualification =
        qualification.map(|one| ("qualification", Phrase::new("qualification", "资质"), one));
    let count = ("count", Phrase::new("persons", "人数"), Value::Number(agents.count));
    let all = [Some(("role", BARE, code!(agents.role))), Some(count), party, qualification];
    Value::Object(all.into_iter().flatten().collect())
}

fn sampling(sampling: &Sampling) -> Value<'_> {
    let method = sampling.method.as_deref().map(Value::Text);
    let method = method.map(|one| ("method", Phrase::new("method", "方法"), one));
    let drawn = ("drawn", Phrase::new("drawn", "抽取"), Value::Number(sampling.drawn));
    let passed = ("passed", Phrase::new("passed", "合格"), Value::Number(sampling.passed));
    Value::Object([Some(drawn), Some(passed), method].into_iter().flatten().collect())
}

/// How somebody examined a dataset, and what he measured.
pub(super) fn examined(of: &Assessment) -> Vec<Inline> {
    let said = assessment(of);
    joined([Column::Tools, Column::Samples].map(|column| cell(&said, column)).into())
}

/// Whatever is said in a column; empty where nothing is.
fn cell(said: &[Said<'_>], column: Column) -> Vec<Inline> {
    let here = said.iter().filter_map(|one| {
        let (_, label) = one.shown.filter(|(of, _)| *of == column)?;
        Some(labelled(label, &one.value))
    });
    joined(here.collect())
}

/// Whether a table has anything of it.
fn is_shown(said: &[Said<'_>]) -> bool {
    said.iter().any(|one| one.shown.is_some())
}

fn labelled(label: Phrase, value: &Value<'_>) -> Vec<Inline> {
    let mut words = Vec::new();
    if label != BARE {
        words.extend([Inline::Say(label, Vec::new()), Inline::Plain(": ".to_owned())]);
    }
    words.extend(inlines(value));
    words
}

fn inlines(value: &Value<'_>) -> Vec<Inline> {
    match value {
        Value::Code(_, words) => vec![Inline::Say(*words, Vec::new())],
        Value::Flag(true) => vec![say("yes", "是")],
        Value::Flag(false) => vec![say("no", "否")],
        Value::Id(id) => vec![Inline::ShortId(id.clone())],
        Value::List(items) => {
            let each = bounded(items.iter().map(inlines), items.len());
            // Commas stand between the fields of an object.
            let has_fields =
                items.iter().any(|one| matches!(one, Value::Named(..) | Value::Object(_)));
            if has_fields { joined(each.collect()) } else { listed(each) }
        }
        Value::Named(name, value) => {
            vec![quote(name), Inline::Plain(": ".to_owned()), quote(value)]
        }
        Value::Number(value) => vec![Inline::Plain(value.to_string())],
        Value::Object(fields) => {
            let fields = fields.iter().map(|(_, label, value)| labelled(*label, value));
            listed(fields)
        }
        Value::Place(place) => vec![quote(place.code())],
        Value::Text(text) => vec![quote(text)],
        Value::Tree(name) => vec![quote(name)],
    }
}

/// The first [`MAX_ITEMS`] of `all`, and how many more there are.
fn bounded(
    items: impl Iterator<Item = Vec<Inline>>,
    all: usize,
) -> impl Iterator<Item = Vec<Inline>> {
    let left_out = all.saturating_sub(MAX_ITEMS);
    let more = fill("{0} more", "另 {0} 项", vec![number(left_out)]);
    items.take(MAX_ITEMS).chain((left_out > 0).then(|| vec![more]))
}

/// Between commas.
fn listed(items: impl Iterator<Item = Vec<Inline>>) -> Vec<Inline> {
    let mut words = Vec::new();
    for item in items {
        if !words.is_empty() {
            words.push(Inline::Plain(", ".to_owned()));
        }
        words.extend(item);
    }
    words
}

#[cfg(test)]
pub(super) mod tests;
