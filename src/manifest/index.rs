//! Indexes: additional commitments over a dataset, and the one over SHA-256.
//!
//! A manifest is known by BLAKE3 alone, so that one dataset has one id. Hubs,
//! Git LFS, Croissant and OCI know files by SHA-256; the `sha256` index commits
//! to those digests beside a manifest, under an id of its own:
//!
//! ```text
//! IndexId = H[index]({"v": 1, "of": bstr32, "rule": tstr, "tree": bstr48, ? "files": bstr48})
//! leaf    : H[index leaf](key | value), count 1, bytes = size
//! key     = H[name](name)                       as in the `parts` tree
//! value   = H[entry]({"name": tstr, "size": uint, "sha256": bstr32})
//! ```
//!
//! An index is what its maker says: that its digests are those of the files,
//! only a reader of the files can check.

use super::entry::Entry;
use super::{DatasetIndex, Entries, FileEntry, Manifest};
use crate::cbor::{Codec, Version1, Writer, encode, record};
use crate::digest::{Role, Sha256};
use crate::id::{IndexId, ManifestId};
use crate::tree::{self, Leaf, RootBuilder, Row, Summary, TreeError};

record! {
    /// A row of the `sha256` index: a file by its name, with its SHA-256.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::digest::Sha256;
    /// use datadeed::manifest::{
    ///     EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover, Sha256Index,
    /// };
    ///
    /// let manifest = Manifest::files(vec![FileEntry::new("a", 1, Digest::of(b"x"))], NameProfile::Any)?;
    /// let index = Sha256Index::new(&manifest, vec![Sha256::of(b"x")])?;
    /// let prover = Prover::new(&manifest).with_sha256(&index)?;
    /// let mut evidence = EvidenceBuilder::new();
    /// evidence.sha256(&prover, ["a"]);
    /// let Ok(evidence) = evidence.build();
    /// let row = evidence.sha256(manifest.id(), "a").present();
    /// assert_eq!(row.map(|row| row.sha256), Some(Sha256::of(b"x")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Sha256Entry {
        /// The name of the file.
        "name" => name: String,
        /// Its size, in bytes.
        "size" => size: u64,
        /// SHA-256 of its content.
        "sha256" => sha256: Sha256,
    }
}

impl Row for Sha256Entry {
    const KIND: tree::Kind = tree::Kind::Index;
    const COUNTED: bool = false;

    fn key(&self) -> [u8; 32] {
        Role::Name.hash(self.name.as_bytes())
    }

    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError> {
        Ok(Leaf { key, value: Role::Entry.hash(encoded), count: 1, bytes: self.size })
    }
}

record! {
    /// The CBOR preimage of an [`IndexId`].
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::manifest::Index;
    /// use datadeed::tree::Summary;
    ///
    /// let of = ManifestId::from_bytes([7; 32]);
    /// let one = Index::new(of, "sha256", Summary::EMPTY);
    /// assert_ne!(one.id(), Index::new(of, "line-raw/1", Summary::EMPTY).id());
    /// ```
    pub struct Index {
        /// Format version, 1.
        "v" => v: Version1,
        /// The dataset.
        "of" => of: ManifestId,
        /// How its keys are made: `sha256`, or a [`RecordRule`](super::RecordRule).
        "rule" => rule: String,
        /// Root of its tree.
        "tree" => tree: Summary,
        /// Root of the `parts` tree of those files of the dataset that it is of; omitted
        /// where it is of all.
        "files" => files: Option<Summary>,
    }
}

impl Index {
    /// An index over `of`, its keys made by `rule`.
    pub fn new(of: ManifestId, rule: impl Into<String>, tree: Summary) -> Self {
        Self { v: Version1, of, rule: rule.into(), tree, files: None }
    }

    /// The same, of some files of the dataset only: those of the `parts` tree with this root.
    ///
    /// So an index that leaves files out has another id than one that does not, and
    /// nobody takes what is absent from it for absent from the dataset.
    #[must_use]
    pub fn only(self, files: Summary) -> Self {
        Self { files: Some(files), ..self }
    }

    /// The id: the keyed hash of these bytes.
    pub fn id(&self) -> IndexId {
        IndexId::from_bytes(Role::Index.hash(&encode(self)))
    }
}

/// SHA-256 digests that make no index.
///
/// ```
/// use datadeed::digest::Sha256;
/// use datadeed::manifest::{IndexError, Manifest, NameProfile, Sha256Index};
///
/// let nothing = Manifest::files(vec![], NameProfile::Portable)?;
/// let one_too_many = Sha256Index::new(&nothing, vec![Sha256::of(b"x")]);
/// assert!(matches!(one_too_many, Err(IndexError::Length { found: 1, expected: 0, .. })));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There are more or fewer digests than entries.
    #[error("{found} SHA-256 digests for {expected} entries")]
    Length {
        /// Number of digests.
        found: usize,
        /// Number of entries of the manifest.
        expected: usize,
    },
    /// The index is over another manifest.
    #[error("the index is over {found}, not over {expected}")]
    OtherManifest {
        /// The manifest that the index is over.
        found: ManifestId,
        /// The manifest that it should be over.
        expected: ManifestId,
    },
    /// The manifest is one of tensors: nobody names a single tensor by SHA-256.
    #[error("a manifest of tensors has no SHA-256 index")]
    Tensors,
    /// The tree cannot be built.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The SHA-256 of every file of a manifest, committed to under an [`IndexId`].
///
/// Made only from a manifest and as many digests, so its root is always that of
/// its rows. It holds the digests alone; the names stay with the manifest.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::digest::Sha256;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile, Sha256Index};
///
/// let content = [("a.txt", b"x"), ("b.txt", b"y")];
/// let entries = content.map(|(name, bytes)| FileEntry::new(name, 1, Digest::of(bytes)));
/// let manifest = Manifest::files(entries.into(), NameProfile::Portable)?;
/// // One digest for each entry, in the manifest's order.
/// let digests = manifest.file_entries().unwrap_or_default().iter();
/// let digests = digests.map(|entry| Sha256::of(if entry.name == "a.txt" { b"x" } else { b"y" }));
/// let index = Sha256Index::new(&manifest, digests.collect())?;
/// assert_eq!(index.get(&manifest, "b.txt"), Some(Sha256::of(b"y")));
/// assert_eq!(index.dataset_index().rule, "sha256");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sha256Index {
    of: ManifestId,
    root: Summary,
    digests: Vec<Sha256>,
}

impl Sha256Index {
    /// The `rule` of this index.
    pub const RULE: &'static str = "sha256";

    /// The index over `manifest`, with one digest for each of its entries in their order.
    ///
    /// # Errors
    ///
    /// [`IndexError::Length`] where there are more or fewer digests than
    /// entries, [`IndexError::Tensors`] where the manifest is not one of files.
    pub fn new(manifest: &Manifest, digests: Vec<Sha256>) -> Result<Self, IndexError> {
        let Entries::Files(entries) = &manifest.entries else { return Err(IndexError::Tensors) };
        if entries.len() != digests.len() {
            let (found, expected) = (digests.len(), entries.len());
            return Err(IndexError::Length { found, expected });
        }
        let keys: Vec<[u8; 32]> = entries.iter().map(Entry::key).collect();
        let root = root(&keys, entries, &digests)?;
        Ok(Self::from_rows(manifest.id(), root, digests))
    }

    /// What a reader of rows has computed.
    pub(super) fn from_rows(of: ManifestId, root: Summary, digests: Vec<Sha256>) -> Self {
        Self { of, root, digests }
    }

    /// The content address of these digests beside the manifest.
    pub fn id(&self) -> IndexId {
        Index::new(self.of, Self::RULE, self.root).id()
    }

    /// The manifest that it is over.
    pub const fn of(&self) -> ManifestId {
        self.of
    }

    /// Root of its tree; the same sums as [`Manifest::parts`].
    pub const fn root(&self) -> &Summary {
        &self.root
    }

    /// The digests, in the order of the manifest's entries.
    pub fn digests(&self) -> &[Sha256] {
        &self.digests
    }

    /// The SHA-256 of the file `name`; `None` where `manifest` is not the one
    /// that this index is over, or has no such file.
    pub fn get(&self, manifest: &Manifest, name: &str) -> Option<Sha256> {
        if manifest.id() != self.of {
            return None;
        }
        let entries = manifest.file_entries()?;
        let key = Role::Name.hash(name.as_bytes());
        // Some 2 log n short hashes, and no second copy of the keys.
        let at = entries.binary_search_by_key(&key, Entry::key).ok()?;
        self.digests.get(at).copied()
    }

    /// The preimage of its id.
    pub(super) fn preimage(&self) -> Index {
        Index::new(self.of, Self::RULE, self.root)
    }

    /// Its rows, in the order of the manifest's entries; none where `manifest` is another one.
    pub(crate) fn rows(&self, manifest: &Manifest) -> Vec<Sha256Entry> {
        let entries = manifest.file_entries().filter(|_| manifest.id() == self.of);
        let rows = entries.unwrap_or_default().iter().zip(&self.digests);
        let row = |(entry, sha256): (&FileEntry, &Sha256)| Sha256Entry {
            name: entry.name.clone(),
            size: entry.size,
            sha256: *sha256,
        };
        rows.map(row).collect()
    }

    /// How a `dataset` statement names it.
    pub fn dataset_index(&self) -> DatasetIndex {
        DatasetIndex::new(self.id(), Self::RULE)
    }
}

/// The root over entries in key order, each with its key and its SHA-256.
pub(super) fn root<E: Entry>(
    keys: &[[u8; 32]],
    entries: &[E],
    digests: &[Sha256],
) -> Result<Summary, TreeError> {
    let mut builder = RootBuilder::new(tree::Kind::Index);
    for ((key, entry), sha256) in keys.iter().zip(entries).zip(digests) {
        builder.push(&leaf(*key, entry, *sha256))?;
    }
    builder.finish()
}

/// The leaf of an entry under `key`.
fn leaf<E: Entry>(key: [u8; 32], entry: &E, sha256: Sha256) -> Leaf {
    // {"name": tstr, "size": uint, "sha256": bstr32}
    let mut row = Writer::with_capacity(entry.name().len().saturating_add(72));
    row.map(3);
    row.text("name");
    row.text(entry.name());
    row.text("size");
    row.uint(entry.size());
    row.text("sha256");
    sha256.encode(&mut row);
    Leaf { key, value: Role::Entry.hash(row.as_bytes()), count: 1, bytes: entry.size() }
}

#[cfg(test)]
mod tests;
