//! What evidence says of composites: their mounts, and the contents of all their parts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Audit, ContentAnswer, Evidence, EvidenceBuilder, Opened};
use crate::digest::{Digest, Role};
use crate::id::ManifestId;
use crate::manifest::composite::{Below, Mounts, Part};
use crate::manifest::{Composite, ContentRow, Mount, NameProfile};
use crate::tree::{Cut, Membership, Nodes, PrunedTree, Row as _, TreeName};

impl Evidence {
    /// Whether something is mounted under this name, and what.
    ///
    /// Absent: no traversal of the tree of mounts finds it. Unknown: nothing is opened
    /// that tells, or the manifest is no composite.
    pub fn mount(&self, composite: ManifestId, name: &str) -> Membership<&Mount> {
        match self.opened_mounts(composite) {
            Some(tree) => tree.get(&Role::Name.hash(name.as_bytes())),
            None => Membership::Unknown,
        }
    }

    /// What is opened of the tree of mounts, for a composite.
    pub fn opened_mounts(&self, composite: ManifestId) -> Option<&PrunedTree<Mount>> {
        if let Opened::Mounts(tree) = self.tree(composite, &TreeName::Parts)? {
            Some(tree)
        } else {
            None
        }
    }

    /// A composite, where all its mounts are opened: evidence is how it is kept and sent.
    ///
    /// `None` too where its maker put mounts together that make no composite,
    /// such as `a` beside `a/b`.
    pub fn composite(&self, composite: ManifestId) -> Option<Composite> {
        let tree = self.opened_mounts(composite).filter(|tree| tree.is_whole())?;
        let mounts = tree.rows().cloned().collect();
        // Of other rows than those of the tree no composite would have its id.
        Composite::new(mounts, NameProfile::Any).ok().filter(|made| made.id() == composite)
    }

    /// What a manifest consists of, as far as it is opened; itself unless it is a composite.
    pub(super) fn below(&self, manifest: ManifestId) -> Below {
        Below::new(manifest, &|id| self.mounts_of(id)).unwrap_or_else(|| Below {
            datasets: BTreeMap::from([(manifest, Part::ITSELF)]),
            is_whole: true,
        })
    }

    /// The mounts that are opened; `None` unless it is a composite.
    pub(crate) fn mounts_of(&self, composite: ManifestId) -> Option<Mounts<'_>> {
        let tree = self.opened_mounts(composite)?;
        Some(Mounts { rows: tree.rows().collect(), is_whole: tree.is_whole() })
    }

    /// The trees that tell the contents of these datasets, through all that is opened to be mounted in them.
    pub(crate) fn content_trees(
        &self,
        datasets: impl IntoIterator<Item = ManifestId>,
    ) -> BTreeSet<(ManifestId, TreeName)> {
        let mut trees = BTreeSet::new();
        let mut open: Vec<ManifestId> = datasets.into_iter().collect();
        while let Some(id) = open.pop() {
            match self.opened_mounts(id) {
                None => {
                    trees.insert((id, TreeName::Content));
                }
                Some(tree) => {
                    if trees.insert((id, TreeName::Parts)) {
                        open.extend(tree.rows().map(Mount::manifest));
                    }
                }
            }
        }
        trees
    }

    /// Whether any of these datasets has this content, and how often all of them together.
    pub(super) fn ask(&self, below: &Below, digest: Digest) -> ContentAnswer {
        let mut is_exact = below.is_whole;
        let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
        for (dataset, part) in &below.datasets {
            match self.own_content(*dataset, digest) {
                ContentAnswer::Present(row) | ContentAnswer::AtLeast(row) => {
                    // The counts of a tree add up to those in its head, and these to 64 bits.
                    let count = counts.entry(row.size).or_insert(0);
                    *count = count.saturating_add(row.count.saturating_mul(part.times));
                }
                ContentAnswer::Absent { .. } => {}
                ContentAnswer::Unknown => is_exact = false,
            }
        }
        let most = counts.iter().max_by_key(|(size, count)| (**count, Reverse(**size)));
        match most.map(|(size, count)| ContentRow { digest, count: *count, size: *size }) {
            Some(row) if is_exact && counts.len() == 1 => ContentAnswer::Present(row),
            Some(row) => ContentAnswer::AtLeast(row),
            None if is_exact => ContentAnswer::Absent { audit: Audit::None },
            None => ContentAnswer::Unknown,
        }
    }

    /// Adds what answers for these names of a composite.
    fn open_mounts(&mut self, composite: &Composite, keys: BTreeSet<[u8; 32]>) {
        #[expect(clippy::expect_used, reason = "a composite is made only from mounts that make it")]
        let nodes = Nodes::new(composite.mounts()).expect("they made the tree");
        let cut = Cut { keys: keys.into_iter().collect(), regions: BTreeSet::new() };
        let Ok(tree) = PrunedTree::new(&nodes, &cut);
        let (key, mut tree) = ((composite.id(), TreeName::Parts), Opened::Mounts(tree));
        if let Some(both) = self.trees.get(&key).and_then(|before| before.join(&tree)) {
            tree = both;
        }
        self.heads.insert(composite.id(), composite.head().clone());
        self.trees.insert(key, tree);
    }
}

impl Composite {
    /// All mounts, as evidence: [`Evidence::composite`] makes the composite of it again.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{Composite, Evidence, FileEntry, Manifest, Mount, NameProfile};
    ///
    /// let file = FileEntry::new("a.txt", 1, Digest::of(b"x"));
    /// let news = Manifest::files(vec![file], NameProfile::Portable)?;
    /// let mounts = vec![Mount::new("news", news.head().clone())];
    /// let corpus = Composite::new(mounts, NameProfile::Portable)?;
    ///
    /// let bytes = corpus.to_evidence().to_bytes();
    /// assert_eq!(Evidence::decode(&bytes)?.composite(corpus.id()), Some(corpus));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_evidence(&self) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.open_mounts(self, self.mounts().iter().map(Mount::key).collect());
        evidence
    }
}

impl<E> EvidenceBuilder<'_, E> {
    /// All mounts of a composite, so that questions about its contents can be answered.
    ///
    /// What answers them stands in the parts: each is a dataset of its own to
    /// [`EvidenceBuilder::contents`], each composite among them one to this.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{
    ///     Composite, ContentAnswer, EvidenceBuilder, FileEntry, Manifest, Mount, NameProfile, Prover,
    /// };
    ///
    /// let work = Digest::of(b"my work");
    /// let file = |name: &str, digest| Manifest::files(vec![FileEntry::new(name, 7, digest)], NameProfile::Any);
    /// let (news, books) = (file("1.txt", work)?, file("2.txt", Digest::of(b"another"))?);
    /// let mount = |name: &str, manifest: &Manifest| Mount::new(name, manifest.head().clone());
    /// let mounts = vec![mount("news", &news), mount("books", &books)];
    /// let corpus = Composite::new(mounts, NameProfile::Portable)?;
    ///
    /// let parts = [Prover::new(&news), Prover::new(&books)];
    /// let mut evidence = EvidenceBuilder::new();
    /// evidence.composite(&corpus);
    /// evidence.contents(&parts[0], [work]);
    /// evidence.contents(&parts[1], [work]);
    /// let Ok(evidence) = evidence.build();
    /// let answer = evidence.content(corpus.id(), work);
    /// assert!(matches!(answer, ContentAnswer::Present(row) if row.count == 1));
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    pub fn composite(&mut self, composite: &Composite) {
        let keys = composite.mounts().iter().map(Mount::key).collect();
        self.composites.open_mounts(composite, keys);
    }

    /// Answers for mounts of these names, whether or not they are there.
    pub fn mounts<N: AsRef<str>>(
        &mut self,
        composite: &Composite,
        names: impl IntoIterator<Item = N>,
    ) {
        let keys = names.into_iter().map(|name| Role::Name.hash(name.as_ref().as_bytes()));
        self.composites.open_mounts(composite, keys.collect());
    }
}

#[cfg(test)]
mod tests;
