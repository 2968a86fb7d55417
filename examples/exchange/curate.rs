//! From many datasets to one training set, in steps that prove themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use datadeed::cbor::Item;
use datadeed::lineage::{
    Activity, ActivityKind, AgentRole, Agents, Relation, RelationKind, Sampling, Tool, TreeName,
};
use datadeed::manifest::{Dataset, FileEntry, Manifest, NameProfile, ScanMethod, Split};
use datadeed::{Digest, StatementId};

use crate::ledger::{Day, Ledger};
use crate::party::CURATOR;
use crate::source::{Contents, Source, Terms};

/// A dataset on its way, with the statement that vouches for it.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) manifest: Manifest,
    pub(crate) voucher: StatementId,
}

/// What the curator leaves behind.
pub(crate) struct Curated {
    pub(crate) merged: Stage,
    pub(crate) training: Stage,
}

const LABEL: &str = "one label a picture, in the words of the notes; seen by two people";
const COLLECT: &str = "each component as it was, in a directory of its own";
const CLEAN: &str = "keep files that are valid UTF-8";
const DEDUPLICATE: &str = "of files with the same content keep the one whose name sorts first";
const SPLIT: &str = "files whose BLAKE3 digest begins with three zero bits are for testing";
/// The same for the program.
const HOLD_OUT: Split = Split::new(3);

/// Names were judged when they were scanned.
const PROFILE: NameProfile = NameProfile::Any;

/// Merges, cleans, deduplicates and splits. A step that would change nothing is left out.
pub(crate) fn curate(
    ledger: &mut Ledger,
    sources: &[(&Source, StatementId)],
    contents: &mut Contents,
) -> Result<Curated, Box<dyn Error>> {
    let components = sources
        .iter()
        .map(|(source, voucher)| component(ledger, source, *voucher, contents))
        .collect::<Result<Vec<_>, _>>()?;
    let merged = merge(ledger, &components)?;
    println!("merged        {}", size(&merged.manifest));

    let readable = readable(&merged.manifest, contents)?;
    let kept = |entry: &FileEntry| readable.contains(&entry.digest);
    let cleaned = narrow(ledger, ActivityKind::Clean, "Clean corpus", CLEAN, &merged, kept)?;
    println!("cleaned       {} (UTF-8 only)", size(&cleaned.manifest));

    let first = first_names(&cleaned.manifest);
    let kept = |entry: &FileEntry| first.get(&entry.digest) == Some(&entry.name);
    let kind = ActivityKind::Deduplicate;
    let unique = narrow(ledger, kind, "Distinct corpus", DEDUPLICATE, &cleaned, kept)?;
    println!("deduplicated  {}", size(&unique.manifest));

    let training = split(ledger, &unique)?;
    println!("training set  {}", size(&training.manifest));
    Ok(Curated { merged, training })
}

/// A source as it goes into the corpus: pictures with labels, everything else as it is.
fn component<'a>(
    ledger: &mut Ledger,
    source: &'a Source,
    voucher: StatementId,
    contents: &mut Contents,
) -> Result<(&'a str, Stage), Box<dyn Error>> {
    let as_it_is = Stage { manifest: source.manifest.clone(), voucher };
    let stage = match source.terms {
        Terms::Granted(_) => annotate(ledger, &as_it_is, &source.root, contents)?,
        Terms::Negotiated | Terms::Public { .. } => as_it_is,
    };
    Ok((&source.prefix, stage))
}

/// People say what is on each picture, others look at their labels, and some are inspected.
fn annotate(
    ledger: &mut Ledger,
    from: &Stage,
    root: &Path,
    contents: &mut Contents,
) -> Result<Stage, Box<dyn Error>> {
    const LABELS: &str = "file,label\nsluice.svg,sluice\nwell.svg,well\n";
    contents.add(root.with_extension("labels.csv"), LABELS.as_bytes())?;
    let size = u64::try_from(LABELS.len())?;
    let labels = FileEntry::new("labels.csv", size, Digest::of(LABELS.as_bytes()));
    let pictures = from.manifest.file_entries().unwrap_or_default();
    let manifest = Manifest::files([pictures, &[labels]].concat(), PROFILE)?;
    let (of, with) = (manifest.id(), from.manifest.id());
    let mut step = step(ActivityKind::Annotate, LABEL)
        .input(with, [from.voucher])
        .relation(Relation::new(of, RelationKind::SupersetOf, TreeName::Parts, [with]));
    step.agents =
        [Agents::new(AgentRole::Annotator, 2), Agents::new(AgentRole::Reviewer, 1)].into();
    step.sampling = Some(Sampling::new(2, 2));
    let described = describe(ledger, "Labelled sketches", &manifest)?;
    let voucher = ledger.sign(CURATOR, Day::CURATED, &step.output(of, [described]))?;
    Ok(Stage { manifest, voucher })
}

/// Collects all components, each in a directory of its own and under its own licence.
fn merge(ledger: &mut Ledger, components: &[(&str, Stage)]) -> Result<Stage, Box<dyn Error>> {
    let entries = components.iter().flat_map(|(prefix, stage)| {
        let entries = stage.manifest.file_entries().unwrap_or_default();
        entries.iter().map(move |entry| {
            FileEntry::new(format!("{prefix}/{}", entry.name), entry.size, entry.digest)
        })
    });
    let merged = Manifest::files(entries.collect(), PROFILE)?;
    // Names changed, content did not: every file of every component is there, counted.
    let all = components.iter().map(|(_, stage)| stage.manifest.id());
    let sum = Relation::new(merged.id(), RelationKind::SumOf, TreeName::Content, all);
    let activity = components
        .iter()
        .fold(step(ActivityKind::MergeCollect, COLLECT).relation(sum), |activity, (_, stage)| {
            activity.input(stage.manifest.id(), [stage.voucher])
        });
    let described = describe(ledger, "Merged corpus", &merged)?;
    let voucher = ledger.sign(CURATOR, Day::CURATED, &activity.output(merged.id(), [described]))?;
    Ok(Stage { manifest: merged, voucher })
}

/// Keeps some of the files, under their names.
fn narrow(
    ledger: &mut Ledger,
    kind: ActivityKind,
    title: &str,
    rule: &str,
    from: &Stage,
    kept: impl Fn(&FileEntry) -> bool,
) -> Result<Stage, Box<dyn Error>> {
    let manifest = select(&from.manifest, kept)?;
    let (of, with) = (manifest.id(), from.manifest.id());
    if of == with {
        return Ok(from.clone());
    }
    let mut activity = step(kind, rule).input(with, [from.voucher]).relation(Relation::new(
        of,
        RelationKind::SubsetOf,
        TreeName::Parts,
        [with],
    ));
    if kind == ActivityKind::Deduplicate {
        // No content was lost.
        let union = Relation::new(of, RelationKind::UnionOf, TreeName::Content, [with]);
        activity = activity.relation(union);
    }
    let described = describe(ledger, title, &manifest)?;
    let voucher = ledger.sign(CURATOR, Day::CURATED, &activity.output(of, [described]))?;
    Ok(Stage { manifest, voucher })
}

/// Takes a test set away; what is left is the training set.
fn split(ledger: &mut Ledger, from: &Stage) -> Result<Stage, Box<dyn Error>> {
    let Some((training, test)) = HOLD_OUT.files(&from.manifest)? else { return Ok(from.clone()) };
    if test.parts().count() == 0 || training.parts().count() == 0 {
        return Ok(from.clone());
    }
    let whole = from.manifest.id();
    let sides = [training.id(), test.id()];
    let parted = |tree| Relation::new(whole, RelationKind::PartitionOf, tree, sides);
    // No content for testing was trained on, under whatever name.
    let disjoint =
        Relation::new(test.id(), RelationKind::DisjointFrom, TreeName::Content, [training.id()]);
    let activity = step(ActivityKind::Subset, SPLIT)
        .input(whole, [from.voucher])
        .output(training.id(), [describe(ledger, "Training set", &training)?])
        .output(test.id(), [describe(ledger, "Test set", &test)?])
        .relation(parted(TreeName::Parts))
        .relation(parted(TreeName::Content))
        .relation(disjoint);
    let voucher = ledger.sign(CURATOR, Day::CURATED, &activity)?;
    Ok(Stage { manifest: training, voucher })
}

fn step(kind: ActivityKind, rule: &str) -> Activity {
    let mut activity =
        Activity::new(kind).tool(Tool::new("datadeed exchange example", env!("CARGO_PKG_VERSION")));
    activity.rules = Some(Digest::of(rule.as_bytes()));
    activity.params = [("rule".to_owned(), Item::text(rule))].into();
    activity
}

/// The curator's word that he holds the dataset under this title.
fn describe(
    ledger: &mut Ledger,
    title: &str,
    manifest: &Manifest,
) -> Result<StatementId, Box<dyn Error>> {
    let dataset = Dataset::new(manifest.id(), title, ScanMethod::Computed);
    ledger.keep(&title.to_lowercase().replace(' ', "-"), manifest);
    ledger.sign(CURATOR, Day::CURATED, &dataset)
}

fn select(from: &Manifest, kept: impl Fn(&FileEntry) -> bool) -> Result<Manifest, Box<dyn Error>> {
    let entries = from.file_entries().unwrap_or_default();
    let entries = entries.iter().filter(|entry| kept(entry)).cloned().collect();
    Ok(Manifest::files(entries, PROFILE)?)
}

/// The contents that are UTF-8, each read once.
pub(crate) fn readable(
    manifest: &Manifest,
    contents: &Contents,
) -> Result<BTreeSet<Digest>, Box<dyn Error>> {
    let mut readable = BTreeSet::new();
    for row in manifest.content_rows() {
        if std::str::from_utf8(&contents.read(row.digest)?).is_ok() {
            readable.insert(row.digest);
        }
    }
    Ok(readable)
}

/// For each content the first of its names.
fn first_names(manifest: &Manifest) -> BTreeMap<Digest, String> {
    let mut names: BTreeMap<Digest, String> = BTreeMap::new();
    for entry in manifest.file_entries().unwrap_or_default() {
        let first = names.entry(entry.digest).or_insert_with(|| entry.name.clone());
        if entry.name < *first {
            first.clone_from(&entry.name);
        }
    }
    names
}

/// Files and bytes, for people.
pub(crate) fn size(manifest: &Manifest) -> String {
    let parts = manifest.parts();
    let bytes = indicatif::DecimalBytes(parts.bytes());
    format!("{} files, {bytes}", indicatif::HumanCount(parts.count()))
}
