//! Making evidence from datasets whose rows are at hand.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt;

use super::apply::{Rows, content_changes, works};
use super::{Evidence, Opened};
use crate::digest::{Digest, Role};
use crate::id::ManifestId;
use crate::manifest::prover::{AnyTree, AnyWalk, Preimage};
use crate::manifest::relation::Claim;
use crate::manifest::{
    Document, FileEntry, Index, ManifestReadError, Provable, RecordRule, Sha256Index,
};
use crate::tree::{
    Change, Cut, Front, Judgement, Merged, Region, RelationKind, Root, Row as _, Summary, TreeName,
};

/// Collects what has to be opened of some datasets, so that all their proofs share paths.
///
/// Steps for which a dataset has no such tree, such as tensors of a dataset of
/// files, open nothing, and the evidence then does not tell.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{ContentAnswer, EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
///
/// let entry = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
/// let corpus = Manifest::files(vec![entry("a"), entry("b")], NameProfile::Portable)?;
/// let works = [Digest::of(b"a"), Digest::of(b"mine")];
/// let prover = Prover::new(&corpus);
/// let mut evidence = EvidenceBuilder::new();
/// evidence.contents(&prover, works);
/// let Ok(evidence) = evidence.build();
/// let answers = evidence.contents(corpus.id(), works);
/// assert_eq!(answers.to_string(), "2 asked: 1 present, 1 absent, 0 unknown");
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
///
/// The datasets may be in memory or in files, together in one builder; `E` is how reading
/// them can fail.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::lineage::{RelationKind, TreeName};
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, ManifestReader, NameProfile, Prover};
/// use datadeed::tree::Judgement;
///
/// let files = |name: &str| {
///     Manifest::files(vec![FileEntry::new(name, 1, Digest::of(name.as_bytes()))], NameProfile::Any)
/// };
/// let (ours, theirs) = (files("a")?, files("b")?);
/// let prover = Prover::new(&ours);
/// let reader = ManifestReader::open(theirs.to_bytes(), theirs.id())?;
/// let mut evidence = EvidenceBuilder::reading();
/// let apart = RelationKind::DisjointFrom;
/// let judged = evidence.relation(apart, &TreeName::Content, &prover, &[&reader])?;
/// assert_eq!(judged, Judgement::Holds);
/// let evidence = evidence.build()?;
/// # assert_eq!(evidence.manifests().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct EvidenceBuilder<'a, E = Infallible> {
    plans: BTreeMap<(ManifestId, TreeName), Plan<'a, E>>,
    /// What is opened of composites.
    pub(super) composites: Evidence,
}

/// What to open of one tree.
struct Plan<'a, E> {
    /// Who may have it: not everybody who has a dataset has all its indexes.
    datasets: Vec<&'a dyn Provable<E>>,
    keys: BTreeSet<[u8; 32]>,
    regions: BTreeSet<Region>,
}

/// The trees of which something is to be opened.
impl<E> fmt::Debug for EvidenceBuilder<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EvidenceBuilder")
            .field("trees", &self.plans.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<E> Default for EvidenceBuilder<'_, E> {
    fn default() -> Self {
        Self { plans: BTreeMap::new(), composites: Evidence::default() }
    }
}

impl EvidenceBuilder<'_> {
    /// Nothing opened yet, of datasets that are all in memory: nothing can fail.
    pub fn new() -> Self {
        Self::default()
    }
}

impl EvidenceBuilder<'_, ManifestReadError> {
    /// Nothing opened yet, of datasets some of which are in files.
    ///
    /// [`EvidenceBuilder::default`] is one that fails with whatever a [`ManifestReadError`] can
    /// be made into.
    pub fn reading() -> Self {
        Self::default()
    }
}

impl<'a, E> EvidenceBuilder<'a, E> {
    /// Answers for entries of these names, files or tensors, whether or not they are there.
    pub fn names<N: AsRef<str>>(
        &mut self,
        dataset: &'a dyn Provable<E>,
        names: impl IntoIterator<Item = N>,
    ) {
        let keys = names.into_iter().map(|name| Role::Name.hash(name.as_ref().as_bytes()));
        self.plan(dataset, &TreeName::Parts).keys.extend(keys);
    }

    /// Answers for these contents, whether or not they are there.
    pub fn contents(
        &mut self,
        dataset: &'a dyn Provable<E>,
        digests: impl IntoIterator<Item = Digest>,
    ) {
        let keys = digests.into_iter().map(|digest| *digest.as_bytes());
        self.plan(dataset, &TreeName::Content).keys.extend(keys);
    }

    /// Answers for records with these digests ([`Document::digest`](crate::manifest::Document::digest)),
    /// by the index with this rule.
    pub fn records(
        &mut self,
        dataset: &'a dyn Provable<E>,
        rule: &RecordRule,
        digests: impl IntoIterator<Item = Digest>,
    ) {
        let keys = digests.into_iter().map(|digest| *digest.as_bytes());
        self.plan(dataset, &TreeName::Index(rule.to_string())).keys.extend(keys);
    }

    /// Answers for documents, by the index with this rule; what makes no record under it opens nothing.
    pub fn documents<'d>(
        &mut self,
        dataset: &'a dyn Provable<E>,
        rule: &RecordRule,
        documents: impl IntoIterator<Item = Document<'d>>,
    ) {
        let digests = documents.into_iter().filter_map(|document| document.digest(rule).ok());
        self.records(dataset, rule, digests);
    }

    /// Answers for the SHA-256 of files of these names.
    pub fn sha256<N: AsRef<str>>(
        &mut self,
        dataset: &'a dyn Provable<E>,
        names: impl IntoIterator<Item = N>,
    ) {
        let keys = names.into_iter().map(|name| Role::Name.hash(name.as_ref().as_bytes()));
        self.plan(dataset, &TreeName::Index(Sha256Index::RULE.to_owned())).keys.extend(keys);
    }

    /// Opens what tells the id after `changes` to the files: [`Evidence::apply`].
    ///
    /// # Errors
    ///
    /// Those of reading the dataset.
    pub fn changes(
        &mut self,
        dataset: &'a dyn Provable<E>,
        changes: impl IntoIterator<Item = Change<FileEntry>>,
    ) -> Result<(), E> {
        let rows: Rows<FileEntry> = changes.into_iter().map(Change::keyed).collect();
        let (parts, content) = (TreeName::Parts, TreeName::Content);
        let cut = |keys| Cut { keys, regions: BTreeSet::new() };
        let of_parts = cut(rows.keys().copied().collect());
        let Some(Opened::Files(files)) = opened(dataset, &parts, &of_parts)? else { return Ok(()) };
        let works = works(&files, &rows).unwrap_or_default();
        let of_content = cut(works.iter().map(|digest| *digest.as_bytes()).collect());
        let Some(Opened::Content(works)) = opened(dataset, &content, &of_content)? else {
            return Ok(());
        };
        // What makes no manifest leaves nothing more to open, and `apply` says so.
        let counts = content_changes(&files, &works, &rows).ok().flatten().unwrap_or_default();
        let lifted = [
            (parts, of_parts, files.lifted(&rows).unwrap_or_default()),
            (content, of_content, works.lifted(&counts).unwrap_or_default()),
        ];
        for (tree, cut, lifted) in lifted {
            let plan = self.plan(dataset, &tree);
            plan.keys.extend(cut.keys);
            plan.regions.extend(lifted);
        }
        Ok(())
    }

    /// Opens what decides a relation, and says whether it holds.
    ///
    /// Unknown where a dataset has no such tree, or has it of some files only, or `with` is not one where the
    /// relation is to one. Work and size grow with the places where the trees
    /// differ, not with their rows. On `content` a composite
    /// ([`CompositeProver`](crate::manifest::CompositeProver)) is all its parts together: its
    /// mounts are opened, and of its parts whatever does not follow from mounts.
    ///
    /// # Errors
    ///
    /// Those of reading the datasets.
    pub fn relation(
        &mut self,
        kind: RelationKind,
        tree: &TreeName,
        of: &'a dyn Provable<E>,
        with: &[&'a dyn Provable<E>],
    ) -> Result<Judgement, E> {
        let known = known(of, with);
        let composites = RefCell::new(BTreeMap::new());
        let mounts = |id| {
            let (composite, mounts) =
                known.get(&id)?.iter().find_map(|one| Some((*one, one.mounts()?)))?;
            let keys: Vec<[u8; 32]> = mounts.rows.iter().map(|mount| mount.key()).collect();
            composites.borrow_mut().insert(id, (composite, keys));
            Some(mounts)
        };
        let others = with.iter().map(|dataset| dataset.of());
        let Some(claim) = Claim::new(kind, tree, of.of(), others, &mounts) else {
            return Ok(Judgement::Unknown);
        };
        let mut sums = Vec::with_capacity(with.len().saturating_add(1));
        let mut datasets: Vec<Vec<Option<&'a dyn Provable<E>>>> = Vec::new();
        for bag in std::iter::once(&claim.of).chain(&claim.with) {
            let mut parts = Vec::with_capacity(bag.len());
            let mut those = Vec::with_capacity(bag.len());
            for (id, part) in bag {
                let mut all = known.get(id).into_iter().flatten();
                let found = all.find_map(|one| Some((*one, whole(*one, tree)?)));
                let (dataset, walk) = match (found, part.content) {
                    (Some((dataset, tree)), _) => (Some(dataset), tree.walk()?),
                    (None, Some(root)) => (None, root_alone(root)),
                    (None, None) => return Ok(Judgement::Unknown),
                };
                parts.push((walk, part.times));
                those.push(dataset);
            }
            sums.push(Merged::new(parts));
            datasets.push(those);
        }
        let Some((first, others)) = sums.split_first_mut() else { return Ok(Judgement::Unknown) };
        let mut fronts: Vec<&mut dyn Front<Error = E>> = Vec::with_capacity(with.len());
        for sum in others {
            fronts.push(sum);
        }
        let judgement = crate::tree::judge(claim.kind, first, &mut fronts)?;
        for (sum, those) in sums.into_iter().zip(datasets) {
            for (mut walk, dataset) in sum.into_parts().zip(those) {
                if let Some(dataset) = dataset {
                    self.plan(dataset, tree).regions.extend(walk.opened());
                }
            }
        }
        for (composite, keys) in composites.into_inner().into_values() {
            self.plan(composite, &TreeName::Parts).keys.extend(keys);
        }
        Ok(judgement)
    }

    /// The evidence.
    ///
    /// # Errors
    ///
    /// Those of reading the datasets.
    pub fn build(self) -> Result<Evidence, E> {
        let mut evidence = self.composites;
        for ((of, tree), plan) in self.plans {
            let cut = Cut { keys: plan.keys.into_iter().collect(), regions: plan.regions };
            for dataset in plan.datasets {
                let Some(preimage) = dataset.preimage(&tree) else { continue };
                let Some(opened) = opened(dataset, &tree, &cut)? else { continue };
                match (preimage, &tree) {
                    (Preimage::Index(index), TreeName::Index(rule)) => {
                        evidence.indexes.insert((of, rule.clone()), index);
                    }
                    (Preimage::Head(head), _) => {
                        evidence.heads.insert(of, head);
                    }
                    (Preimage::Index(_), _) => continue,
                }
                let key = (of, tree);
                let both = evidence.trees.get(&key).and_then(|before| before.join(&opened));
                evidence.trees.insert(key, both.unwrap_or(opened));
                break;
            }
        }
        Ok(evidence)
    }

    fn plan(&mut self, dataset: &'a dyn Provable<E>, tree: &TreeName) -> &mut Plan<'a, E> {
        let plan = self.plans.entry((dataset.of(), tree.clone())).or_insert_with(|| Plan {
            datasets: Vec::new(),
            keys: BTreeSet::new(),
            regions: BTreeSet::new(),
        });
        if !plan.datasets.iter().any(|known| std::ptr::addr_eq(*known, dataset)) {
            plan.datasets.push(dataset);
        }
        plan
    }
}

/// One tree of a dataset with what `cut` says, if it has it.
fn opened<E>(dataset: &dyn Provable<E>, tree: &TreeName, cut: &Cut) -> Result<Option<Opened>, E> {
    dataset.tree(tree).map(|tree| tree.open(cut)).transpose()
}

/// One tree of a dataset, if it has it of all files: what an index leaves out might decide.
fn whole<'d, E>(
    dataset: &'d dyn Provable<E>,
    tree: &'d TreeName,
) -> Option<Box<dyn AnyTree<E> + 'd>> {
    match dataset.preimage(tree)? {
        Preimage::Index(Index { files: Some(_), .. }) => None,
        Preimage::Index(_) | Preimage::Head(_) => dataset.tree(tree),
    }
}

fn root_alone<'a, E: 'a>(root: Summary) -> Box<dyn AnyWalk<E> + 'a> {
    Box::new(Root::new(root))
}

/// Everything that is at hand of these datasets and, through composites, of their parts.
fn known<'a, E>(
    of: &'a dyn Provable<E>,
    with: &[&'a dyn Provable<E>],
) -> BTreeMap<ManifestId, Vec<&'a dyn Provable<E>>> {
    let mut known: BTreeMap<ManifestId, Vec<&'a dyn Provable<E>>> = BTreeMap::new();
    let mut open: Vec<&'a dyn Provable<E>> = with.to_vec();
    open.push(of);
    while let Some(dataset) = open.pop() {
        let same = known.entry(dataset.of()).or_default();
        if !same.iter().any(|one| std::ptr::addr_eq(*one, dataset)) {
            same.push(dataset);
            open.extend(dataset.parts());
        }
    }
    known
}
