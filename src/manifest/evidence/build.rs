//! Making evidence from datasets whose rows are at hand.

use std::collections::{BTreeMap, BTreeSet};

use super::apply::{Rows, content_changes, works};
use super::{Evidence, Opened};
use crate::digest::{Digest, Role};
use crate::id::ManifestId;
use crate::manifest::prover::{Forest, Prover};
use crate::manifest::{FileEntry, RecordRule, Sha256Index};
use crate::tree::{
    Change, Cut, Front, Judgement, PrunedTree, Region, RelationKind, TreeName, Trie, Walk,
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
#[derive(Debug)]
#[expect(private_bounds, reason = "sealed: trees come from this crate's own readers")]
pub struct EvidenceBuilder<'a, F: Forest = Prover<'a>> {
    plans: BTreeMap<(ManifestId, TreeName), Plan<'a, F>>,
    /// What is opened of composites.
    pub(super) composites: Evidence,
}

/// What to open of one tree.
#[derive(Debug)]
struct Plan<'a, F> {
    /// Who may have it: not everybody who has a dataset has all its indexes.
    datasets: Vec<&'a F>,
    keys: BTreeSet<[u8; 32]>,
    regions: BTreeSet<Region>,
}

impl<F: Forest> Default for EvidenceBuilder<'_, F> {
    fn default() -> Self {
        Self { plans: BTreeMap::new(), composites: Evidence::default() }
    }
}

#[expect(private_bounds, reason = "sealed: trees come from this crate's own readers")]
impl<'a, F: Forest> EvidenceBuilder<'a, F> {
    /// Nothing opened yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers for entries of these names, files or tensors, whether or not they are there.
    pub fn files<N: AsRef<str>>(&mut self, dataset: &'a F, names: impl IntoIterator<Item = N>) {
        let keys = names.into_iter().map(|name| Role::Name.hash(name.as_ref().as_bytes()));
        self.plan(dataset, &TreeName::Parts).keys.extend(keys);
    }

    /// Answers for these contents, whether or not they are there.
    pub fn contents(&mut self, dataset: &'a F, digests: impl IntoIterator<Item = Digest>) {
        let keys = digests.into_iter().map(|digest| *digest.as_bytes());
        self.plan(dataset, &TreeName::Content).keys.extend(keys);
    }

    /// Answers for records with these digests ([`Document::digest`](crate::manifest::Document::digest)),
    /// by the index with this rule.
    pub fn records(
        &mut self,
        dataset: &'a F,
        rule: &RecordRule,
        digests: impl IntoIterator<Item = Digest>,
    ) {
        let keys = digests.into_iter().map(|digest| *digest.as_bytes());
        self.plan(dataset, &TreeName::Index(rule.to_string())).keys.extend(keys);
    }

    /// Answers for the SHA-256 of files of these names.
    pub fn sha256<N: AsRef<str>>(&mut self, dataset: &'a F, names: impl IntoIterator<Item = N>) {
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
        dataset: &'a F,
        changes: impl IntoIterator<Item = Change<FileEntry>>,
    ) -> Result<(), F::Error> {
        let rows: Rows<FileEntry> = changes.into_iter().map(Change::keyed).collect();
        let Some(files) = dataset.files() else { return Ok(()) };
        let opened = |keys| Cut { keys, regions: BTreeSet::new() };
        let parts_cut = opened(rows.keys().copied().collect());
        let parts = PrunedTree::new(&files, &parts_cut)?;
        let works = works(&parts, &rows).unwrap_or_default();
        let content_cut = opened(works.iter().map(|digest| *digest.as_bytes()).collect());
        let content = PrunedTree::new(&dataset.content(), &content_cut)?;
        // What makes no manifest leaves nothing more to open, and `apply` says so.
        let works = content_changes(&parts, &content, &rows).ok().flatten().unwrap_or_default();
        let lifted = [
            (TreeName::Parts, parts_cut, parts.lifted(&rows).unwrap_or_default()),
            (TreeName::Content, content_cut, content.lifted(&works).unwrap_or_default()),
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
    /// Unknown where a dataset has no such tree, or `with` is not one where the
    /// relation is to one. Work and size grow with the places where the trees
    /// differ, not with their rows.
    ///
    /// # Errors
    ///
    /// Those of reading the datasets.
    pub fn relation(
        &mut self,
        kind: RelationKind,
        tree: &TreeName,
        of: &'a F,
        with: &[&'a F],
    ) -> Result<Judgement, F::Error> {
        let mut walks = Vec::with_capacity(with.len().saturating_add(1));
        for dataset in std::iter::once(&of).chain(with) {
            match walk(*dataset, tree)? {
                Some(walk) => walks.push(walk),
                None => return Ok(Judgement::Unknown),
            }
        }
        let Some((first, others)) = walks.split_first_mut() else { return Ok(Judgement::Unknown) };
        let mut others: Vec<&mut dyn Front<Error = F::Error>> =
            others.iter_mut().map(|walk| walk.front()).collect();
        let judgement = crate::tree::judge(kind, first.front(), &mut others)?;
        let opened: Vec<BTreeSet<Region>> = walks.iter_mut().map(|walk| walk.opened()).collect();
        for (dataset, opened) in std::iter::once(&of).chain(with).zip(opened) {
            self.plan(dataset, tree).regions.extend(opened);
        }
        Ok(judgement)
    }

    /// The evidence.
    ///
    /// # Errors
    ///
    /// Those of reading the datasets.
    pub fn build(self) -> Result<Evidence, F::Error> {
        let mut evidence = self.composites;
        for ((of, tree), plan) in self.plans {
            let cut = Cut { keys: plan.keys.into_iter().collect(), regions: plan.regions };
            for dataset in plan.datasets {
                let Some(opened) = open(dataset, &tree, &cut)? else { continue };
                match &tree {
                    TreeName::Content | TreeName::Parts => {
                        evidence.heads.insert(of, dataset.head().clone());
                    }
                    TreeName::Index(rule) => {
                        let Some(index) = dataset.index(rule) else { continue };
                        evidence.indexes.insert((of, rule.clone()), index);
                    }
                }
                evidence.trees.insert((of, tree), opened);
                break;
            }
        }
        Ok(evidence)
    }

    fn plan(&mut self, dataset: &'a F, tree: &TreeName) -> &mut Plan<'a, F> {
        let plan = self.plans.entry((dataset.head().id(), tree.clone())).or_insert_with(|| Plan {
            datasets: Vec::new(),
            keys: BTreeSet::new(),
            regions: BTreeSet::new(),
        });
        if !plan.datasets.iter().any(|known| std::ptr::eq(*known, dataset)) {
            plan.datasets.push(dataset);
        }
        plan
    }
}

/// A walk over whatever rows, and where it has opened the tree.
trait Opening<E> {
    fn front(&mut self) -> &mut dyn Front<Error = E>;
    fn opened(&mut self) -> BTreeSet<Region>;
}

impl<T: Trie> Opening<T::Error> for Walk<T> {
    fn front(&mut self) -> &mut dyn Front<Error = T::Error> {
        self
    }

    fn opened(&mut self) -> BTreeSet<Region> {
        self.take_opened()
    }
}

type BoxedWalk<'a, E> = Box<dyn Opening<E> + 'a>;

/// A walk over one tree of a dataset, if it has it.
fn walk<'a, F: Forest>(
    dataset: &'a F,
    tree: &'a TreeName,
) -> Result<Option<BoxedWalk<'a, F::Error>>, F::Error> {
    Ok(match tree {
        TreeName::Content => Some(boxed(dataset.content())?),
        TreeName::Parts => match (dataset.files(), dataset.tensors()) {
            (Some(files), _) => Some(boxed(files)?),
            (None, Some(tensors)) => Some(boxed(tensors)?),
            (None, None) => None,
        },
        TreeName::Index(rule) if rule == Sha256Index::RULE => {
            dataset.sha256().map(boxed).transpose()?
        }
        TreeName::Index(rule) => dataset.records(rule).map(boxed).transpose()?,
    })
}

fn boxed<'a, T: Trie + 'a>(tree: T) -> Result<BoxedWalk<'a, T::Error>, T::Error> {
    Ok(Box::new(Walk::new(tree)?))
}

/// One tree of a dataset with what `cut` says, if it has it.
fn open<F: Forest>(dataset: &F, tree: &TreeName, cut: &Cut) -> Result<Option<Opened>, F::Error> {
    Ok(match tree {
        TreeName::Content => Some(Opened::Content(PrunedTree::new(&dataset.content(), cut)?)),
        TreeName::Parts => match (dataset.files(), dataset.tensors()) {
            (Some(files), _) => Some(Opened::Files(PrunedTree::new(&files, cut)?)),
            (None, Some(tensors)) => Some(Opened::Tensors(PrunedTree::new(&tensors, cut)?)),
            (None, None) => None,
        },
        TreeName::Index(rule) if rule == Sha256Index::RULE => match dataset.sha256() {
            Some(rows) => Some(Opened::Sha256(PrunedTree::new(&rows, cut)?)),
            None => None,
        },
        TreeName::Index(rule) => match dataset.records(rule) {
            Some(rows) => Some(Opened::Records(PrunedTree::new(&rows, cut)?)),
            None => None,
        },
    })
}
