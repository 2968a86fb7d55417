//! The trees of a manifest with all their nodes, from which proofs are made.

mod any_tree;
mod composite;

use std::collections::BTreeMap;
use std::convert::Infallible;

pub(crate) use any_tree::{AnyTree, AnyWalk, erased};
pub use composite::CompositeProver;

use super::{
    ContentRow, Entries, FileEntry, Head, Index, IndexError, Manifest, ManifestReadError, Mounts,
    RecordIndex, RecordRow, Sha256Entry, Sha256Index, TensorEntry,
};
use crate::id::ManifestId;
use crate::tree::{Nodes, TreeName, Trie};

/// A dataset of which an [`EvidenceBuilder`](super::EvidenceBuilder) can make evidence where its reading
/// may fail with `E`; sealed.
///
/// What is in memory never fails, so it goes with any `E`.
///
/// ```
/// use std::convert::Infallible;
/// use datadeed::manifest::{ManifestReadError, Provable, Prover};
///
/// fn in_memory(_: &dyn Provable<Infallible>) {}
/// fn from_anywhere(_: &dyn Provable<ManifestReadError>) {}
/// # let manifest = datadeed::manifest::Manifest::files(vec![], Default::default())?;
/// let prover = Prover::new(&manifest);
/// in_memory(&prover);
/// from_anywhere(&prover);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[expect(private_bounds, reason = "sealed by what it rests on")]
pub trait Provable<E>: Trees<E> {}

/// The trees that somebody has of one dataset, each by its name: of a whole one, or of an index
/// that is kept elsewhere.
pub(crate) trait Trees<E> {
    /// The dataset.
    fn of(&self) -> ManifestId;

    /// What names the root of a tree.
    fn preimage(&self, tree: &TreeName) -> Option<Preimage>;

    /// A tree, if it is at hand.
    fn tree<'a>(&'a self, tree: &'a TreeName) -> Option<Box<dyn AnyTree<E> + 'a>>
    where
        E: 'a;

    /// Its mounts, where it is a composite.
    fn mounts(&self) -> Option<Mounts<'_>> {
        None
    }

    /// Other datasets that are at hand with it, of which it may consist.
    fn parts(&self) -> Vec<&dyn Provable<E>> {
        Vec::new()
    }
}

/// What an id is the hash of.
#[derive(Clone, Debug)]
pub(crate) enum Preimage {
    Head(Head),
    Index(Index),
}

/// How a way of reading fails, in terms of whoever reads in several ways.
pub(crate) trait Fails<E> {
    fn into_fault(self) -> E;
}

impl<E> Fails<E> for Infallible {
    fn into_fault(self) -> E {
        match self {}
    }
}

impl<E: From<Self>> Fails<E> for ManifestReadError {
    fn into_fault(self) -> E {
        self.into()
    }
}

/// The one place that tells which tree a name means.
impl<F: Forest, E> Trees<E> for F
where
    F::Error: Fails<E>,
{
    fn of(&self) -> ManifestId {
        self.head().id()
    }

    fn preimage(&self, tree: &TreeName) -> Option<Preimage> {
        match tree {
            TreeName::Content | TreeName::Parts => Some(Preimage::Head(self.head().clone())),
            TreeName::Index(rule) => self.index(rule).map(Preimage::Index),
        }
    }

    fn tree<'a>(&'a self, tree: &'a TreeName) -> Option<Box<dyn AnyTree<E> + 'a>>
    where
        E: 'a,
    {
        match tree {
            TreeName::Content => Some(erased(self.content())),
            TreeName::Parts => self.files().map(erased).or_else(|| self.tensors().map(erased)),
            TreeName::Index(rule) if rule == Sha256Index::RULE => self.sha256().map(erased),
            TreeName::Index(rule) => self.records(rule).map(erased),
        }
    }
}

/// A whole dataset that is read entry by entry, from memory or from a file; sealed.
///
/// ```
/// use std::convert::Infallible;
/// use datadeed::manifest::{Prover, Readable};
///
/// fn in_memory<D: Readable<Error = Infallible>>(_: &D) {}
/// # let manifest = datadeed::manifest::Manifest::files(vec![], Default::default())?;
/// in_memory(&Prover::new(&manifest));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[expect(private_bounds, reason = "sealed by what it rests on")]
pub trait Readable: Sealed {
    /// How reading it can fail.
    type Error;
}

/// What only this crate's own datasets are.
pub(crate) trait Sealed {}

/// Both trees of one dataset, from memory or from a file.
pub(crate) trait Forest: Readable {
    /// The preimage of the id.
    fn head(&self) -> &Head;

    /// The `parts` tree of files; `None` where the entries are something else.
    fn files(&self) -> Option<impl Trie<Row = FileEntry, Error = Self::Error>>;

    /// The `parts` tree of tensors; `None` where the entries are something else.
    fn tensors(&self) -> Option<impl Trie<Row = TensorEntry, Error = Self::Error>>;

    /// The `content` tree.
    fn content(&self) -> impl Trie<Row = ContentRow, Error = Self::Error>;

    /// The preimage of an index that is at hand.
    fn index(&self, rule: &str) -> Option<Index>;

    /// The tree of the index over records by this rule, if it is at hand.
    fn records(&self, rule: &str) -> Option<impl Trie<Row = RecordRow, Error = Self::Error>>;

    /// The tree of the `sha256` index, if it is at hand.
    fn sha256(&self) -> Option<impl Trie<Row = Sha256Entry, Error = Self::Error>>;
}

/// A manifest with all nodes of its trees, some 100 bytes for each row of either.
///
/// Making it hashes every row once; then each proof costs what its paths do.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
///
/// let entry = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
/// let manifest = Manifest::files(vec![entry("a"), entry("b")], NameProfile::Portable)?;
/// let prover = Prover::new(&manifest);
/// let mut evidence = EvidenceBuilder::new();
/// evidence.names(&prover, ["a", "c"]);
/// let Ok(evidence) = evidence.build();
/// assert_eq!(evidence.file(manifest.id(), "a").present(), Some(&entry("a")));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Prover<'a> {
    manifest: &'a Manifest,
    parts: Parts<'a>,
    content: Nodes<'a, ContentRow>,
    records: BTreeMap<String, (Index, Nodes<'a, RecordRow>)>,
    sha256: Option<(Index, Nodes<'a, Sha256Entry>)>,
}

#[derive(Clone, Debug)]
enum Parts<'a> {
    Files(Nodes<'a, FileEntry>),
    Tensors(Nodes<'a, TensorEntry>),
}

impl<'a> Prover<'a> {
    /// Hashes all rows of `manifest`.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a manifest is made only from rows that make its trees"
    )]
    pub fn new(manifest: &'a Manifest) -> Self {
        let parts = match &manifest.entries {
            Entries::Files(entries) => Nodes::new(entries).map(Parts::Files),
            Entries::Tensors(entries) => Nodes::new(entries).map(Parts::Tensors),
        };
        let content = Nodes::new(&manifest.content);
        let (parts, content) =
            (parts.expect("they made the tree"), content.expect("they made the tree"));
        Self { manifest, parts, content, records: BTreeMap::new(), sha256: None }
    }

    /// The same with an index over records of the dataset, some 100 bytes for each of its rows.
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherManifest`] where it is over another manifest.
    pub fn with_records(mut self, index: &'a RecordIndex) -> Result<Self, IndexError> {
        self.check_is_of(index.of())?;
        let preimage = index.preimage();
        self.records.insert(preimage.rule.clone(), (preimage, Nodes::new(index.rows())?));
        Ok(self)
    }

    /// The same with the `sha256` index of the dataset, some 250 bytes for each of its files.
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherManifest`] where it is over another manifest.
    pub fn with_sha256(mut self, index: &Sha256Index) -> Result<Self, IndexError> {
        self.check_is_of(index.of())?;
        let rows = index.rows(self.manifest);
        self.sha256 = Some((index.preimage(), Nodes::new(rows)?));
        Ok(self)
    }

    fn check_is_of(&self, found: ManifestId) -> Result<(), IndexError> {
        let expected = self.id();
        if found == expected { Ok(()) } else { Err(IndexError::OtherManifest { found, expected }) }
    }

    /// The manifest.
    pub const fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    /// Its id.
    pub const fn id(&self) -> ManifestId {
        self.manifest.id()
    }
}

impl<E> Provable<E> for Prover<'_> {}

impl Sealed for Prover<'_> {}

impl Readable for Prover<'_> {
    type Error = Infallible;
}

impl Forest for Prover<'_> {
    fn head(&self) -> &Head {
        self.manifest.head()
    }

    fn files(&self) -> Option<impl Trie<Row = FileEntry, Error = Infallible>> {
        match &self.parts {
            Parts::Files(tree) => Some(tree),
            Parts::Tensors(_) => None,
        }
    }

    fn tensors(&self) -> Option<impl Trie<Row = TensorEntry, Error = Infallible>> {
        match &self.parts {
            Parts::Files(_) => None,
            Parts::Tensors(tree) => Some(tree),
        }
    }

    fn content(&self) -> impl Trie<Row = ContentRow, Error = Infallible> {
        &self.content
    }

    fn index(&self, rule: &str) -> Option<Index> {
        match &self.sha256 {
            Some((index, _)) if index.rule == rule => Some(index.clone()),
            _ => self.records.get(rule).map(|(index, _)| index.clone()),
        }
    }

    fn records(&self, rule: &str) -> Option<impl Trie<Row = RecordRow, Error = Infallible>> {
        self.records.get(rule).map(|(_, tree)| tree)
    }

    fn sha256(&self) -> Option<impl Trie<Row = Sha256Entry, Error = Infallible>> {
        self.sha256.as_ref().map(|(_, tree)| tree)
    }
}
