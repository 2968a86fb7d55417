//! A composite with the datasets that it consists of, from which proofs are made.

use std::convert::Infallible;
use std::fmt;

use super::{AnyTree, Preimage, Provable, Trees, erased};
use crate::id::ManifestId;
use crate::manifest::{Composite, Mount, Mounts};
use crate::tree::{Nodes, TreeName};

/// A composite with its mounts, some 100 bytes for each, and what is at hand of its parts.
///
/// What an [`EvidenceBuilder`](crate::manifest::EvidenceBuilder) needs to prove a relation: one on
/// `content` is about all parts together, one on `parts` about mounts.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::lineage::{RelationKind, TreeName};
/// use datadeed::manifest::{
///     Composite, CompositeProver, EvidenceBuilder, FileEntry, Manifest, Mount, NameProfile, Prover,
/// };
/// use datadeed::tree::Judgement;
///
/// let one_file = |text: &str| {
///     let file = FileEntry::new("a.txt", 1, Digest::of(text.as_bytes()));
///     Manifest::files(vec![file], NameProfile::Portable)
/// };
/// let (news, books, test) = (one_file("n")?, one_file("b")?, one_file("t")?);
/// let mount = |name: &str, manifest: &Manifest| Mount::new(name, manifest.head().clone());
/// let mounts = vec![mount("news", &news), mount("books", &books)];
/// let corpus = Composite::new(mounts, NameProfile::Portable)?;
///
/// // No content of the test set is in the corpus, whichever part of it.
/// let [news, books, test] = [&news, &books, &test].map(Prover::new);
/// let all = CompositeProver::new(&corpus).with(&news).with(&books);
/// let mut evidence = EvidenceBuilder::new();
/// let apart = (RelationKind::DisjointFrom, TreeName::Content);
/// let Ok(judged) = evidence.relation(apart.0, &apart.1, &all, &[&test]);
/// assert_eq!(judged, Judgement::Holds);
/// let Ok(evidence) = evidence.build();
/// let judged = evidence.relation(apart.0, &apart.1, corpus.id(), [test.id()]);
/// assert_eq!(judged, Judgement::Holds);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
pub struct CompositeProver<'a, E = Infallible> {
    composite: &'a Composite,
    mounts: Nodes<'a, Mount>,
    parts: Vec<&'a dyn Provable<E>>,
}

impl<'a, E> CompositeProver<'a, E> {
    /// A composite of whose parts nothing is at hand yet.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a composite is made only from mounts that make its tree"
    )]
    pub fn new(composite: &'a Composite) -> Self {
        let mounts = Nodes::new(composite.mounts()).expect("they made the tree");
        Self { composite, mounts, parts: Vec::new() }
    }

    /// The same with one of its parts, or with what is mounted in one: a dataset, or another of these.
    ///
    /// What nothing mounts is not used.
    #[must_use]
    pub fn with(mut self, part: &'a dyn Provable<E>) -> Self {
        self.parts.push(part);
        self
    }
}

impl<E> Provable<E> for CompositeProver<'_, E> {}

impl<E> Trees<E> for CompositeProver<'_, E> {
    fn of(&self) -> ManifestId {
        self.composite.id()
    }

    fn preimage(&self, tree: &TreeName) -> Option<Preimage> {
        let head = Preimage::Head(self.composite.head().clone());
        (*tree == TreeName::Parts).then_some(head)
    }

    fn tree<'a>(&'a self, tree: &'a TreeName) -> Option<Box<dyn AnyTree<E> + 'a>>
    where
        E: 'a,
    {
        (*tree == TreeName::Parts).then(|| erased(&self.mounts))
    }

    fn mounts(&self) -> Option<Mounts<'_>> {
        let rows = self.composite.mounts().iter().collect();
        Some(Mounts { rows, is_whole: true })
    }

    fn parts(&self) -> Vec<&dyn Provable<E>> {
        self.parts.clone()
    }
}

/// The composite, and of which parts something is at hand.
impl<E> fmt::Debug for CompositeProver<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<ManifestId> = self.parts.iter().map(|part| part.of()).collect();
        f.debug_struct("CompositeProver")
            .field("composite", &self.composite.id())
            .field("parts", &parts)
            .finish_non_exhaustive()
    }
}
