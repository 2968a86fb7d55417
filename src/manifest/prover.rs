//! The trees of a manifest with all their nodes, from which proofs are made.

use std::convert::Infallible;

use super::{ContentRow, Entries, FileEntry, Head, Manifest, TensorEntry};
use crate::id::ManifestId;
use crate::tree::{Change, Diff, Nodes, Trie};

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
        Self { manifest, parts, content }
    }

    /// The manifest.
    pub const fn manifest(&self) -> &'a Manifest {
        self.manifest
    }

    /// Its id.
    pub const fn id(&self) -> ManifestId {
        self.manifest.id()
    }

    /// What leads from these files to those of `to`, in the order of the tree of names.
    ///
    /// Takes time in proportion to the changes. `None` where either is a manifest of tensors.
    pub fn diff<'b>(
        &'b self,
        to: &'b Prover<'_>,
    ) -> Option<impl Iterator<Item = Change<FileEntry>>> {
        let (Parts::Files(from), Parts::Files(to)) = (&self.parts, &to.parts) else { return None };
        let Ok(diff) = Diff::new(from, to);
        Some(diff.map(|change| {
            let Ok(change) = change;
            change
        }))
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
}
