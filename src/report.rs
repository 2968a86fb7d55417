//! Verified results for people and programs: text, Markdown, HTML, JSON, Mermaid and DOT.
//!
//! [`Report`] shows a verified lineage and the verdicts asked of it,
//! [`Refusal`] a proof that was refused, [`Shares`] who gets what of an amount; [`EvidencePack`] is all that a
//! lineage rests on, as files to be checked by hand. Each report is the same in every format;
//! text folds long lists to their counts, HTML folds them to be opened.
//! Nothing is looked up: the HTML is one page without scripts, fonts or
//! pictures from elsewhere, in English and Chinese at once.
//!
//! Titles, issuers and everything else that statements say is hostile until
//! shown otherwise. It is bounded, freed of characters that hide or reorder
//! text, and escaped for its format in one place each, so no statement can
//! change the structure of a report, and a report is never longer than a
//! fixed multiple of its proof for each use asked about.
//!
#![doc = include_str!("report/json.md")]

mod answer;
mod beside;
mod content;
mod described;
mod diagnostic;
mod document;
mod evidence;
mod graph;
mod html;
mod json;
mod layout;
mod markdown;
mod message;
mod pack;
mod picture;
mod refusal;
mod shares;
mod svg;
mod text;
mod titles;

use std::collections::BTreeMap;

use document::{Anchor, clamp, short, shows, visible};
pub use message::{Explain, Language};
pub use pack::EvidencePack;
use picture::Picture;
pub use refusal::Refusal;
pub use shares::Shares;

use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{Use, Verdict};
use crate::verify::VerifiedLineage;

/// A verified lineage and the verdicts on some uses, to be shown.
///
/// ```
/// use datadeed::report::{Language, Report};
/// use datadeed::rights::{Action, Use};
/// # use datadeed::{id::ManifestId, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let weights = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(weights).build()?.to_bytes();
/// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
///
/// let lineage = Verifier::new(&trust, now).verify(&proof, weights)?;
/// let report = Report::new(&lineage).ask("sell the model", Use::new(Action::DistributeModel));
/// assert!(report.text(Language::English).contains("1. sell the model: unknown"));
/// assert!(report.text(Language::Chinese).contains("1. sell the model: 无法认定"));
/// assert!(report.html(Language::Chinese).starts_with("<!DOCTYPE html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Report<'a> {
    lineage: &'a VerifiedLineage,
    questions: Vec<Question>,
    places: BTreeMap<ManifestId, Place>,
    /// Places in the list of statements.
    statements: BTreeMap<StatementId, usize>,
    titles: titles::Titles<'a>,
}

/// Where a dataset stands, found for all of them at once.
#[derive(Clone, Debug)]
struct Place {
    /// In the list of datasets.
    number: usize,
    /// The title or the short form of the id, bounded.
    name: String,
    /// The next one on a shortest way to the subject, which has none.
    towards: Option<ManifestId>,
    /// How many steps the subject is away.
    depth: usize,
    /// The datasets of the way that are nearest to the subject, it included.
    head: [Option<ManifestId>; PATH_END],
}

/// How many datasets are shown of either end of a way; a longer one lacks its middle.
const PATH_END: usize = 3;

/// A use that was asked about, and the verdict.
#[derive(Clone, Debug)]
struct Question {
    label: String,
    ask: Use,
    verdict: Verdict,
}

/// A question with the verdict on it, for programs: one object with the fields of `questions[]` of the [module](self).
///
/// ```
/// use datadeed::report;
/// use datadeed::rights::{Action, Use};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
/// let train = Use::new(Action::Train);
/// let json = report::verdict_json("may we?", &train, &lineage.rights(&train));
/// assert!(json.contains("\"verdict\": \"unknown\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verdict_json(label: &str, ask: &Use, verdict: &Verdict) -> String {
    let (label, ask, verdict) = (label.to_owned(), ask.clone(), verdict.clone());
    json::answer(&Question { label, ask, verdict })
}

impl<'a> Report<'a> {
    /// A report of the lineage, no use asked about so far.
    pub fn new(lineage: &'a VerifiedLineage) -> Self {
        let towards = lineage.towards_subject();
        let mut places: BTreeMap<ManifestId, Place> = BTreeMap::new();
        // Whatever is nearer to the subject comes first.
        for (number, manifest) in lineage.manifests().enumerate() {
            let towards = towards.get(&manifest).copied();
            let nearer = towards.and_then(|towards| places.get(&towards));
            let depth = nearer.map_or(0, |nearer| nearer.depth.saturating_add(1));
            let mut head = nearer.map_or([None; PATH_END], |nearer| nearer.head);
            if let Some(last) = head.get_mut(depth) {
                *last = Some(manifest);
            }
            let name = clamp(&title(lineage, manifest));
            places.insert(manifest, Place { number, name, towards, depth, head });
        }
        let statements = lineage.proof().statements().iter().enumerate();
        Self {
            lineage,
            questions: Vec::new(),
            places,
            statements: statements.map(|(number, one)| (one.id(), number)).collect(),
            titles: titles::Titles::new(lineage),
        }
    }

    /// Adds the verdict on a use, under a label for people.
    pub fn ask(mut self, label: impl Into<String>, intended: Use) -> Self {
        let verdict = self.lineage.rights(&intended);
        self.questions.push(Question { label: label.into(), ask: intended, verdict });
        self
    }

    /// A few lines for a terminal: long lists by their counts.
    pub fn text(&self, language: Language) -> String {
        text::render(&content::document(self), language)
    }

    /// Markdown (`CommonMark`) with the tables of GitHub and a Mermaid picture, every list in full.
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(&content::document(self), language)
    }

    /// One self-contained page in both languages; the reader can change from `language` to the other.
    pub fn html(&self, language: Language) -> String {
        html::render(&content::document(self), language)
    }

    /// For programs; the fields are those of the [module](self).
    pub fn json(&self) -> String {
        json::report(self)
    }

    /// The lineage as a Mermaid flowchart, origins above and the subject below.
    ///
    /// Sources that were collected and used alike are one vertex with a count.
    pub fn mermaid(&self) -> String {
        graph::mermaid(&Picture::new(self))
    }

    /// The lineage as a DOT digraph (Graphviz), with the vertices of [`Report::mermaid`].
    pub fn dot(&self) -> String {
        graph::dot(&Picture::new(self))
    }

    /// What to call a dataset: its title or the short form of its id, bounded.
    fn name(&self, manifest: ManifestId) -> String {
        let place = self.places.get(&manifest).map(|place| place.name.clone());
        place.unwrap_or_else(|| clamp(&title(self.lineage, manifest)))
    }

    /// The way from the subject to a dataset: its beginning, how many are left out, and its end.
    fn path(&self, manifest: ManifestId) -> (Vec<ManifestId>, usize, Vec<ManifestId>) {
        let Some(place) = self.places.get(&manifest) else {
            return (Vec::new(), 0, vec![manifest]);
        };
        let length = place.depth.saturating_add(1);
        // One in the middle takes no more room than to say that it is left out.
        let whole = length <= PATH_END.saturating_mul(2).saturating_add(1);
        let tail = if whole { length } else { PATH_END };
        let towards = |at: &ManifestId| self.places.get(at)?.towards;
        let mut end: Vec<ManifestId> =
            std::iter::successors(Some(manifest), towards).take(tail).collect();
        end.reverse();
        if whole {
            return (Vec::new(), 0, end);
        }
        let left_out = length.saturating_sub(PATH_END.saturating_mul(2));
        (place.head.iter().copied().flatten().collect(), left_out, end)
    }

    fn dataset_anchor(&self, manifest: ManifestId) -> Option<Anchor> {
        self.places.get(&manifest).map(|place| Anchor::Dataset(place.number))
    }

    fn statement_anchor(&self, statement: StatementId) -> Option<Anchor> {
        self.statements.get(&statement).copied().map(Anchor::Statement)
    }

    /// Nearer datasets come first, those that are not in use last.
    fn place_in_order(&self, manifest: ManifestId) -> usize {
        self.places.get(&manifest).map_or(usize::MAX, |place| place.number)
    }

    /// The dataset in use at which a ground arises.
    ///
    /// A ground of a step names its first output, which may be one that nobody
    /// used; then it is one that was.
    fn place(&self, manifest: ManifestId, statement: Option<StatementId>) -> ManifestId {
        if self.places.contains_key(&manifest) {
            return manifest;
        }
        let activity = statement.and_then(|id| self.lineage.statement(id)?.as_activity());
        activity
            .and_then(|step| {
                step.payload().generated().find(|output| self.places.contains_key(output))
            })
            .unwrap_or(manifest)
    }
}

/// The title that a believed `dataset` statement gives a manifest, else the short form of its id.
///
/// Without control characters and without the marks that reorder or hide text.
pub fn title(lineage: &VerifiedLineage, manifest: ManifestId) -> String {
    believed_title(lineage, manifest)
        .map(visible)
        .filter(|title| title.chars().any(shows))
        .unwrap_or_else(|| short(&manifest.to_string()))
}

fn believed_title(lineage: &VerifiedLineage, manifest: ManifestId) -> Option<&str> {
    let mut datasets = lineage.datasets(manifest);
    let dataset = datasets.find(|dataset| lineage.is_believed(dataset.id()))?;
    Some(&dataset.payload().title)
}

/// Whether the signer of a statement is believed; of batches and events it says nothing.
fn believed(lineage: &VerifiedLineage, statement: &Statement) -> Option<bool> {
    let says_nothing = statement.as_event().is_some() || statement.as_batch().is_some();
    (!says_nothing).then(|| lineage.is_believed(statement.id()))
}

mod sealed {
    /// Implemented by the codes of this crate alone.
    #[expect(unnameable_types, reason = "a trait that cannot be named cannot be implemented")]
    pub trait Sealed {
        /// English and Chinese.
        fn words(self) -> (&'static str, &'static str);
    }
}

#[cfg(test)]
mod tests;
