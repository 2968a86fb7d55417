//! The lineage as a picture for people: datasets, steps, arrows in the direction of time.
//!
//! Sources that were collected alike and used alike are one vertex with a count.

use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use super::document::{Anchor, clamp, short, visible};
use super::message::{Phrase, phrase};
use crate::id::{ManifestId, StatementId};
use crate::lineage::{Activity, ActivityKind};
use crate::statement::Signed;

/// Vertices, the subject first, nearer ones before farther ones; and arrows between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    pub(super) vertices: Vec<Vertex>,
    /// From what was used or did it to what came of it; sorted, each once.
    pub(super) arrows: Vec<(usize, usize)>,
}

#[derive(Clone, Debug)]
pub(super) struct Vertex {
    pub(super) shape: Shape,
    /// How many datasets or steps it stands for, from 1.
    pub(super) count: usize,
    /// In large letters: a title, or what was done.
    pub(super) name: Name,
    /// In small letters.
    pub(super) detail: Detail,
    /// The row that says more.
    pub(super) anchor: Option<Anchor>,
}

#[derive(Clone, Debug)]
pub(super) enum Name {
    /// Of many sources.
    Sources,
    /// What an activity does.
    Step(Phrase),
    /// A title, not ours.
    Title(String),
}

#[derive(Clone, Debug)]
pub(super) enum Detail {
    /// So many licences that differ.
    Licences(usize),
    /// An id, a licence, an issuer.
    Text(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Activity,
    Dataset,
    Subject,
    /// An activity whose signer is not believed.
    Unbelieved,
}

/// What sources have in common that stand for each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Alike<'a> {
    issuer: &'a str,
    believed: bool,
    /// Whether a licence was negotiated: such a source is seldom like another.
    negotiated: bool,
    /// Which activities used it.
    users: Vec<StatementId>,
}

impl Picture {
    pub(super) fn new(report: &Report<'_>) -> Self {
        let lineage = report.lineage;
        let mut users: BTreeMap<ManifestId, Vec<StatementId>> = BTreeMap::new();
        let mut makers: BTreeMap<ManifestId, Vec<&Signed<Activity>>> = BTreeMap::new();
        for activity in lineage.activities() {
            for input in activity.payload().used() {
                users.entry(input).or_default().push(activity.id());
            }
            for output in activity.payload().generated() {
                makers.entry(output).or_default().push(activity);
            }
        }
        let mut groups: BTreeMap<Alike<'_>, Vec<(ManifestId, StatementId)>> = BTreeMap::new();
        for manifest in lineage.manifests() {
            if let Some([maker]) = makers.get(&manifest).map(Vec::as_slice)
                && manifest != lineage.subject()
                && maker.payload().kind == ActivityKind::Collect
                && maker.payload().inputs.is_empty()
                && maker.payload().outputs.len() == 1
            {
                let alike = Alike {
                    issuer: &maker.header().issuer,
                    believed: lineage.is_believed(maker.id()),
                    negotiated: lineage.licences(manifest).any(|one| one.payload().spdx.is_none()),
                    users: users.get(&manifest).cloned().unwrap_or_default(),
                };
                groups.entry(alike).or_default().push((manifest, maker.id()));
            }
        }
        groups.retain(|_, members| members.len() > 1);
        let mut picture = Self::default();
        let mut datasets: BTreeMap<ManifestId, usize> = BTreeMap::new();
        let mut steps: BTreeMap<StatementId, usize> = BTreeMap::new();
        for (alike, members) in &groups {
            let shape = if alike.believed { Shape::Activity } else { Shape::Unbelieved };
            let step = picture.vertices.len();
            let (dataset, count) = (step.saturating_add(1), members.len());
            picture.vertices.push(Vertex {
                shape,
                count,
                name: Name::Step(phrase(ActivityKind::Collect)),
                detail: Detail::Text(bounded(alike.issuer)),
                anchor: None,
            });
            let licences: BTreeSet<&str> = members
                .iter()
                .flat_map(|(manifest, _)| lineage.licences(*manifest))
                .filter_map(|licence| licence.payload().spdx.as_deref())
                .collect();
            let detail = match (licences.first(), licences.len()) {
                (Some(only), 1) => Detail::Text(bounded(only)),
                (_, count) => Detail::Licences(count),
            };
            picture.vertices.push(Vertex {
                shape: Shape::Dataset,
                count,
                name: Name::Sources,
                detail,
                anchor: None,
            });
            for (manifest, activity) in members {
                datasets.insert(*manifest, dataset);
                steps.insert(*activity, step);
            }
        }
        for manifest in lineage.manifests() {
            datasets.entry(manifest).or_insert_with(|| {
                picture.vertices.push(dataset(report, manifest));
                picture.vertices.len().saturating_sub(1)
            });
        }
        for activity in lineage.activities() {
            let step = *steps.entry(activity.id()).or_insert_with(|| {
                picture.vertices.push(step(report, activity));
                picture.vertices.len().saturating_sub(1)
            });
            let known = |manifest: ManifestId| datasets.get(&manifest).copied();
            let used = activity.payload().used().filter_map(known).map(|from| (from, step));
            let made = activity.payload().generated().filter_map(known).map(|to| (step, to));
            picture.arrows.extend(used.chain(made));
        }
        picture.arrows.sort_unstable();
        picture.arrows.dedup();
        picture
    }
}

fn dataset(report: &Report<'_>, manifest: ManifestId) -> Vertex {
    let is_subject = manifest == report.lineage.subject();
    let (id, name) = (short(&manifest.to_string()), report.name(manifest));
    // Without a title the digits stand large, and below them the id that they are of.
    let name = if name == id { name.replace("manifest:", "") } else { name };
    Vertex {
        shape: if is_subject { Shape::Subject } else { Shape::Dataset },
        count: 1,
        name: Name::Title(name),
        detail: Detail::Text(id),
        anchor: report.dataset_anchor(manifest),
    }
}

fn step(report: &Report<'_>, activity: &Signed<Activity>) -> Vertex {
    let believed = report.lineage.is_believed(activity.id());
    Vertex {
        shape: if believed { Shape::Activity } else { Shape::Unbelieved },
        count: 1,
        name: Name::Step(phrase(activity.payload().kind)),
        detail: Detail::Text(bounded(&activity.header().issuer)),
        anchor: report.statement_anchor(activity.id()),
    }
}

/// Text that is not ours, as far as a picture shows it.
fn bounded(text: &str) -> String {
    clamp(&visible(text))
}
