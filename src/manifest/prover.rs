//! The trees of a manifest with all their nodes, from which proofs are made.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::{
    ContentRow, Entries, FileEntry, Head, Index, IndexError, Manifest, RecordIndex, RecordRow,
    Sha256Entry, Sha256Index, TensorEntry,
};
use crate::id::ManifestId;
use crate::tree::{Nodes, Trie};

/// A dataset of which evidence can be made, as by a [`Prover`]; sealed.
///
/// ```
/// use std::convert::Infallible;
/// use datadeed::manifest::{Provable, Prover};
///
/// fn in_memory<D: Provable<Error = Infallible>>(_: &D) {}
/// # let manifest = datadeed::manifest::Manifest::files(vec![], Default::default())?;
/// in_memory(&Prover::new(&manifest));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[expect(private_bounds, reason = "sealed by what it rests on")]
pub trait Provable: Sealed {
    /// How reading it can fail.
    type Error;
}

/// What only this crate's own datasets are.
pub(crate) trait Sealed {}

/// Both trees of one dataset, from memory or from a file.
pub(crate) trait Forest: Provable {
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
/// evidence.files(&prover, ["a", "c"]);
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

impl Sealed for Prover<'_> {}

impl Provable for Prover<'_> {
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
