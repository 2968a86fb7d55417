//! Evidence: heads of datasets with parts of their trees, from which questions about content are answered.
//!
//! ```text
//! evidence = {
//!   "v": 1,
//!   ? "indexes": [ { "index": index, "pruned": bstr } ],                      sorted by manifest and rule
//!   ? "datasets": [ { "head": head, ? "parts": bstr, ? "content": bstr } ],   sorted by ManifestId
//! }
//! ```
//!
//! Nothing in it needs to be trusted. An id is recomputed from its head, every
//! pruned tree has the root that its head or index names, and a head of which
//! nothing is opened is refused. So whoever knows a [`ManifestId`] may believe what
//! evidence says of it, whoever made it.
//!
//! Exact names, bytes and records are found, or are not in that tree; who looked whether the
//! tree leaves something out is another question. [What a root proves, and what it does
//! not](crate::guide::proven#what-a-root-proves-and-what-it-does-not) says it in full.

mod answer;
mod answers;
mod apply;
mod build;
mod composite;
mod contradiction;
mod fault;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub use answer::{Audit, ContentAnswer};
pub use answers::{Answer, Answers, Outcome};
pub use apply::ChangeError;
pub use build::EvidenceBuilder;
pub use contradiction::Contradiction;
pub use fault::EvidenceError;
pub(crate) use wire::EvidenceFile;

use super::relation::{Claim, Decidable, Given};
use super::{
    ContentRow, Dataset, DatasetIndex, Document, FileEntry, Head, Index, Mount, RecordAnswer,
    RecordPresence, RecordRow, RecordRule, Sha256Entry, Sha256Index, TensorEntry, name_key,
};
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::tree::{Judgement, Membership, PrunedTree, RelationKind, Row, Summary, TreeName};

/// Parts of the trees of some datasets, each checked against its head.
///
/// [What it proves, and what it does not](crate::guide::proven#what-a-root-proves-and-what-it-does-not).
///
/// ```
/// use datadeed::Digest;
/// use datadeed::lineage::{RelationKind, TreeName};
/// use datadeed::manifest::{Evidence, EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
/// use datadeed::tree::Judgement;
///
/// let entry = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
/// let files = |names: &[&str]| {
///     Manifest::files(names.iter().map(|name| entry(name)).collect(), NameProfile::Portable)
/// };
/// let (train, test) = (files(&["a", "b", "c"])?, files(&["x", "y"])?);
///
/// // Who has all rows shows that no content of the test set was trained on ...
/// let mut evidence = EvidenceBuilder::new();
/// let (all, held_out) = (Prover::new(&train), Prover::new(&test));
/// let apart = (RelationKind::DisjointFrom, TreeName::Content);
/// let Ok(holds) = evidence.relation(apart.0, &apart.1, &all, &[&held_out]);
/// assert_eq!(holds, Judgement::Holds);
/// let Ok(evidence) = evidence.build();
///
/// // ... to whoever knows the two ids.
/// let evidence = Evidence::decode(&evidence.to_bytes())?;
/// assert_eq!(evidence.relation(apart.0, &apart.1, train.id(), [test.id()]), Judgement::Holds);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    heads: BTreeMap<ManifestId, Head>,
    indexes: BTreeMap<(ManifestId, String), Index>,
    trees: BTreeMap<(ManifestId, TreeName), Opened>,
}

/// A pruned tree of some kind of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    Content(PrunedTree<ContentRow>),
    Files(PrunedTree<FileEntry>),
    Mounts(PrunedTree<Mount>),
    Records(PrunedTree<RecordRow>),
    Sha256(PrunedTree<Sha256Entry>),
    Tensors(PrunedTree<TensorEntry>),
}

/// A pruned tree of each kind of rows.
macro_rules! opened {
    ($($kind:ident of $row:ty,)+) => {
        $(impl From<PrunedTree<$row>> for Opened {
            fn from(tree: PrunedTree<$row>) -> Self {
                Self::$kind(tree)
            }
        })+
    };
}

opened! {
    Content of ContentRow,
    Files of FileEntry,
    Mounts of Mount,
    Records of RecordRow,
    Sha256 of Sha256Entry,
    Tensors of TensorEntry,
}

impl Opened {
    fn root(&self) -> &Summary {
        match self {
            Self::Content(tree) => tree.root(),
            Self::Files(tree) => tree.root(),
            Self::Mounts(tree) => tree.root(),
            Self::Records(tree) => tree.root(),
            Self::Sha256(tree) => tree.root(),
            Self::Tensors(tree) => tree.root(),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Content(tree) => tree.to_bytes(),
            Self::Files(tree) => tree.to_bytes(),
            Self::Mounts(tree) => tree.to_bytes(),
            Self::Records(tree) => tree.to_bytes(),
            Self::Sha256(tree) => tree.to_bytes(),
            Self::Tensors(tree) => tree.to_bytes(),
        }
    }

    /// Nodes, leaves and subtrees.
    pub(crate) fn items(&self) -> usize {
        match self {
            Self::Content(tree) => tree.items(),
            Self::Files(tree) => tree.items(),
            Self::Mounts(tree) => tree.items(),
            Self::Records(tree) => tree.items(),
            Self::Sha256(tree) => tree.items(),
            Self::Tensors(tree) => tree.items(),
        }
    }

    /// All that either has opened; `None` where they are not of one tree.
    fn join(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Content(a), Self::Content(b)) => a.join(b).map(Self::Content),
            (Self::Files(a), Self::Files(b)) => a.join(b).map(Self::Files),
            (Self::Mounts(a), Self::Mounts(b)) => a.join(b).map(Self::Mounts),
            (Self::Records(a), Self::Records(b)) => a.join(b).map(Self::Records),
            (Self::Sha256(a), Self::Sha256(b)) => a.join(b).map(Self::Sha256),
            (Self::Tensors(a), Self::Tensors(b)) => a.join(b).map(Self::Tensors),
            (
                Self::Content(_)
                | Self::Files(_)
                | Self::Mounts(_)
                | Self::Records(_)
                | Self::Sha256(_)
                | Self::Tensors(_),
                _,
            ) => None,
        }
    }
}

impl Evidence {
    /// The datasets it says something of, sorted by id.
    pub fn manifests(&self) -> impl Iterator<Item = ManifestId> {
        let all: BTreeSet<ManifestId> = self.trees.keys().map(|(of, _)| *of).collect();
        all.into_iter()
    }

    /// The head of a dataset of whose own trees something is opened: its kind, and their roots.
    pub fn head(&self, manifest: ManifestId) -> Option<&Head> {
        self.heads.get(&manifest)
    }

    /// What is opened of the tree of names, for a dataset of files.
    pub fn opened_files(&self, manifest: ManifestId) -> Option<&PrunedTree<FileEntry>> {
        let Opened::Files(tree) = self.tree(manifest, &TreeName::Parts)? else { return None };
        Some(tree)
    }

    /// What is opened of the tree of names, for a model.
    pub fn opened_tensors(&self, manifest: ManifestId) -> Option<&PrunedTree<TensorEntry>> {
        let Opened::Tensors(tree) = self.tree(manifest, &TreeName::Parts)? else { return None };
        Some(tree)
    }

    /// What is opened of the tree of contents.
    pub fn opened_contents(&self, manifest: ManifestId) -> Option<&PrunedTree<ContentRow>> {
        let Opened::Content(tree) = self.tree(manifest, &TreeName::Content)? else { return None };
        Some(tree)
    }

    /// What is opened of the index over records by `rule`.
    pub fn opened_records(
        &self,
        manifest: ManifestId,
        rule: &str,
    ) -> Option<&PrunedTree<RecordRow>> {
        let Opened::Records(tree) = self.tree(manifest, &TreeName::Index(rule.to_owned()))? else {
            return None;
        };
        Some(tree)
    }

    /// What is opened of the `sha256` index.
    pub fn opened_sha256(&self, manifest: ManifestId) -> Option<&PrunedTree<Sha256Entry>> {
        let Opened::Sha256(tree) =
            self.tree(manifest, &TreeName::Index(Sha256Index::RULE.to_owned()))?
        else {
            return None;
        };
        Some(tree)
    }

    /// Whether it has nothing to say.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// Whether a file of this name is in a dataset.
    ///
    /// Absent: no traversal of the tree of names finds it. Unknown: nothing is
    /// opened that tells, or the entries are no files.
    pub fn file(&self, manifest: ManifestId, name: &str) -> Membership<&FileEntry> {
        by_name(self.opened_files(manifest), name)
    }

    /// The same question about many files.
    pub fn files<N: AsRef<str>>(
        &self,
        manifest: ManifestId,
        names: impl IntoIterator<Item = N>,
    ) -> Answers<N, Membership<&FileEntry>> {
        all_by_name(self.opened_files(manifest), names)
    }

    /// Whether a tensor of this name is in a model, as [`Evidence::file`] for files.
    pub fn tensor(&self, manifest: ManifestId, name: &str) -> Membership<&TensorEntry> {
        by_name(self.opened_tensors(manifest), name)
    }

    /// The same question about many tensors.
    pub fn tensors<N: AsRef<str>>(
        &self,
        manifest: ManifestId,
        names: impl IntoIterator<Item = N>,
    ) -> Answers<N, Membership<&TensorEntry>> {
        all_by_name(self.opened_tensors(manifest), names)
    }

    /// Whether any entry of a dataset has this content, and how often.
    ///
    /// Absence is what the maker of the manifest committed to: no audit of the
    /// content tree against the rows comes with it. Of a composite the question is
    /// asked of all its parts, and theirs: absent only where every mount is opened
    /// and it is absent from each part.
    pub fn content(&self, manifest: ManifestId, digest: Digest) -> ContentAnswer {
        self.ask(&self.below(manifest), digest)
    }

    /// The same question about many contents, such as all works of a publisher.
    pub fn contents(
        &self,
        manifest: ManifestId,
        digests: impl IntoIterator<Item = Digest>,
    ) -> Answers<Digest, ContentAnswer> {
        let below = self.below(manifest);
        digests.into_iter().map(|digest| (digest, self.ask(&below, digest))).collect()
    }

    /// The SHA-256 of the file of this name, by the `sha256` index that [`Evidence::index`] names.
    pub fn sha256(&self, manifest: ManifestId, name: &str) -> Membership<&Sha256Entry> {
        let found = by_name(self.opened_sha256(manifest), name);
        let tree = TreeName::Index(Sha256Index::RULE.to_owned());
        // An index of some files says nothing of the others.
        let tells = found != Membership::Absent || self.is_whole(manifest, &tree);
        if tells { found } else { Membership::Unknown }
    }

    /// The index by `rule` of which something is opened.
    ///
    /// Evidence ties an index to a dataset only in so far as the index says so.
    /// That its rows are those of the dataset is the word of whoever declares its
    /// [id](Index::id), and so is that it is of all files unless it names some.
    pub fn index(&self, manifest: ManifestId, rule: &str) -> Option<&Index> {
        self.indexes.get(&(manifest, rule.to_owned()))
    }

    /// Every index of which something is opened, sorted by dataset and rule.
    pub fn indexes(&self) -> impl Iterator<Item = &Index> {
        self.indexes.values()
    }

    /// Whether a tree is of all files of its dataset, as far as it says.
    fn is_whole(&self, of: ManifestId, tree: &TreeName) -> bool {
        match tree {
            TreeName::Content | TreeName::Parts => true,
            TreeName::Index(rule) => {
                self.index(of, rule).is_some_and(|index| index.files.is_none())
            }
        }
    }

    /// Whether a document is among the records of a dataset, by an index that somebody declares.
    ///
    /// Unknown also where the evidence is of an index with another id.
    pub fn look_up(
        &self,
        manifest: ManifestId,
        declared: &DatasetIndex,
        document: Document<'_>,
    ) -> RecordPresence {
        self.look_up_all(manifest, declared, [document])
            .into_iter()
            .next()
            .map_or(RecordPresence::Unknown, |(_, answer)| answer)
    }

    /// The same question about many documents, such as all works of a publisher.
    pub fn look_up_all<'a>(
        &self,
        manifest: ManifestId,
        declared: &DatasetIndex,
        documents: impl IntoIterator<Item = Document<'a>>,
    ) -> Answers<Document<'a>, RecordPresence> {
        let asked = self.declared_index(manifest, declared);
        let presence = |document: Document<'_>| match &asked {
            Some((rule, files, opened)) => RecordPresence::of(document, rule, *files, |digest| {
                match opened.get(digest.as_bytes()) {
                    Membership::Present(row) => Some(row.count),
                    Membership::Absent => Some(0),
                    Membership::Unknown => None,
                }
            }),
            None => RecordPresence::Unknown,
        };
        documents.into_iter().map(|document| (document, presence(document))).collect()
    }

    /// Whether a document is in a dataset, under every rule for records that its statement declares.
    ///
    /// As [`Dataset::look_up`] from indexes at hand: [`RecordPresence::Unknown`] stands for every
    /// index of which the evidence does not tell.
    pub fn look_up_declared(&self, dataset: &Dataset, document: Document<'_>) -> Vec<RecordAnswer> {
        let presence = |index: &DatasetIndex| self.look_up(dataset.manifest, index, document);
        dataset.record_answers(presence)
    }

    /// The rule of an index over records, the files that it is of, and what is opened of it;
    /// `None` where it is not the one that is declared.
    fn declared_index(
        &self,
        manifest: ManifestId,
        declared: &DatasetIndex,
    ) -> Option<(RecordRule, Option<Summary>, &PrunedTree<RecordRow>)> {
        let index =
            self.index(manifest, &declared.rule).filter(|index| index.id() == declared.id)?;
        let opened = self.opened_records(manifest, &declared.rule)?;
        Some((declared.rule.parse().ok()?, index.files, opened))
    }

    /// Whether one dataset, which is no composite, has this content.
    fn own_content(&self, manifest: ManifestId, digest: Digest) -> ContentAnswer {
        match self.tree(manifest, &TreeName::Content) {
            Some(Opened::Content(tree)) => {
                ContentAnswer::new(tree.get(digest.as_bytes()), Audit::None)
            }
            _ => ContentAnswer::Unknown,
        }
    }

    /// Whether a relation holds between datasets; unknown where what is opened does not tell.
    ///
    /// `of` is the one it is about and `with` what that is compared with, on one
    /// tree: what holds on one says nothing of another. For a relation to one
    /// other dataset, unknown too where `with` is not one. Unknown also on an index that is
    /// of some files of a dataset only: what it leaves out might decide.
    pub fn relation(
        &self,
        kind: RelationKind,
        tree: &TreeName,
        of: ManifestId,
        with: impl IntoIterator<Item = ManifestId>,
    ) -> Judgement {
        let claim = Claim::new(kind, tree, of, with, &|id| self.mounts_of(id));
        let given = |id| self.comparable(id, tree).map(Given::Pruned);
        claim
            .and_then(|claim| claim.given(tree, given))
            .map_or(Judgement::Unknown, Decidable::judge)
    }

    /// Proof that a maker committed to two manifests in one id: a file that is
    /// among the parts, its content not as often among the contents.
    ///
    /// Looks at every file that is opened; `None` where none contradicts what is opened
    /// of the content tree.
    pub fn contradiction(&self, manifest: ManifestId) -> Option<Contradiction> {
        Contradiction::find(self, manifest)
    }

    /// All of this and of `other`.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::IndexConflict`] where the two name different indexes of one dataset by one rule.
    pub fn join(&self, other: &Self) -> Result<Self, EvidenceError> {
        let mut joined = self.clone();
        joined.add(other)?;
        Ok(joined)
    }

    /// Adds all of `other`, as [`Evidence::join`].
    pub(crate) fn add(&mut self, other: &Self) -> Result<(), EvidenceError> {
        self.heads.extend(other.heads.iter().map(|(id, head)| (*id, head.clone())));
        for (key, index) in &other.indexes {
            let ours = self.indexes.entry(key.clone()).or_insert_with(|| index.clone());
            if ours != index {
                let (of, rule) = key.clone();
                return Err(EvidenceError::IndexConflict { of, rule });
            }
        }
        for (key, tree) in &other.trees {
            let both = self.trees.get(key).and_then(|ours| ours.join(tree));
            self.trees.insert(key.clone(), both.unwrap_or_else(|| tree.clone()));
        }
        Ok(())
    }

    /// What is left when only these trees are kept.
    pub(crate) fn retain(&self, keep: impl Fn(ManifestId, &TreeName) -> bool) -> Self {
        let trees = self.trees.iter().filter(|((of, tree), _)| keep(*of, tree));
        let mut kept = Self {
            trees: trees.map(|(key, tree)| (key.clone(), tree.clone())).collect(),
            ..Self::default()
        };
        let heads = self.heads.iter().filter(|(id, _)| kept.needs_head(**id));
        kept.heads = heads.map(|(id, head)| (*id, head.clone())).collect();
        let indexes = self.indexes.iter().filter(|((of, rule), _)| kept.needs_index(*of, rule));
        kept.indexes = indexes.map(|(key, index)| (key.clone(), index.clone())).collect();
        kept
    }

    /// Whether a tree is opened whose root a head names.
    fn needs_head(&self, of: ManifestId) -> bool {
        self.tree(of, &TreeName::Content).or_else(|| self.tree(of, &TreeName::Parts)).is_some()
    }

    /// Whether the tree of an index is opened.
    fn needs_index(&self, of: ManifestId, rule: &str) -> bool {
        self.tree(of, &TreeName::Index(rule.to_owned())).is_some()
    }

    /// What is opened of a tree that stands for all of its dataset, as relations need it.
    pub(crate) fn comparable(&self, of: ManifestId, tree: &TreeName) -> Option<&Opened> {
        self.tree(of, tree).filter(|_| self.is_whole(of, tree))
    }

    /// What is opened of one tree.
    pub(crate) fn tree(&self, of: ManifestId, tree: &TreeName) -> Option<&Opened> {
        self.trees.get(&(of, tree.clone()))
    }

    /// Every tree of which something is opened.
    pub(crate) fn trees(&self) -> impl Iterator<Item = (ManifestId, &TreeName)> {
        self.trees.keys().map(|(of, tree)| (*of, tree))
    }
}

/// What a tree keyed by names tells of many.
fn all_by_name<R: Row, N: AsRef<str>>(
    tree: Option<&PrunedTree<R>>,
    names: impl IntoIterator<Item = N>,
) -> Answers<N, Membership<&R>> {
    let answer = |name: N| {
        let answer = by_name(tree, name.as_ref());
        (name, answer)
    };
    names.into_iter().map(answer).collect()
}

/// What a tree keyed by names tells of one.
fn by_name<'a, R: Row>(tree: Option<&'a PrunedTree<R>>, name: &str) -> Membership<&'a R> {
    tree.map_or(Membership::Unknown, |tree| tree.get(&name_key(name)))
}

#[cfg(test)]
mod tests;
