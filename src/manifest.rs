//! Content-addressed manifests: what exactly a dataset, or a model's weights, consists of.
//!
//! A manifest is a set of named entries, committed to twice: `parts` keyed by
//! name, `content` keyed by content digest with multiplicity. Its
//! [`ManifestId`] depends on names, sizes and bytes only, so one dataset has one
//! id whoever scans it.
//!
//! ```
//! use datadeed::{Digest, manifest::{FileEntry, Manifest, NameProfile}};
//!
//! let entry = |name: &str, text: &str| {
//!     FileEntry::new(name, text.len() as u64, Digest::of(text.as_bytes()))
//! };
//! let a = Manifest::files(vec![entry("a.txt", "x"), entry("b.txt", "y")], NameProfile::Portable)?;
//! let b = Manifest::files(vec![entry("b.txt", "y"), entry("a.txt", "x")], NameProfile::Any)?;
//! assert_eq!(a.id(), b.id());
//! assert_eq!((a.parts().count(), a.parts().bytes()), (2, 2));
//! # Ok::<(), datadeed::manifest::ManifestError>(())
//! ```

mod build;
mod composite;
mod dataset;
mod diff;
mod entry;
mod evidence;
mod file;
mod head;
mod index;
mod items;
mod name;
mod partial;
mod prover;
mod record;
pub(crate) mod relation;
mod row;
mod split;

use std::collections::BTreeMap;

pub use build::ManifestBuilder;
pub(crate) use composite::Mounts;
pub use composite::{Composite, Mount};
pub use dataset::{Dataset, DatasetIndex, Modality, ReleaseMode, ScanMethod};
pub use diff::{FileChanges, diff};
pub(crate) use entry::size_in_words;
pub use entry::{Dtype, FileEntry, Shape, TensorEntry};
pub(crate) use evidence::EvidenceFile;
pub use evidence::{
    Answer, Answers, Audit, ChangeError, ContentAnswer, Contradiction, Evidence, EvidenceBuilder,
    EvidenceError, Outcome,
};
pub use file::{
    FilePlace, FileTree, ManifestFile, ManifestFileError, ManifestReadError, ManifestReader,
    NameCheck, ReadAt, RecordIndexReader, VerifiedFile, VerifiedRecords,
};
#[cfg(feature = "fs")]
pub(crate) use file::{RowsWriter, WriteFault, write_index};
pub use head::{Head, HeadError};
pub use index::{Index, IndexError, Sha256Entry, Sha256Index};
pub(crate) use name::is_mark;
#[cfg(feature = "fs")]
pub(crate) use name::{Collisions, Folds, SortedNames, check_alone, check_together};
pub use name::{NameError, NameProfile, name_key};
#[cfg(feature = "fs")]
pub(crate) use partial::Shards;
pub use partial::{
    Partial, PartialError, PartialFileError, PartialReadError, ShardId, ShardIdError,
};
pub use prover::{CompositeProver, Provable, Prover, Readable};
pub use record::{
    Document, JsonPointer, OwnRule, RecordAnswer, RecordError, RecordFault, RecordIndex,
    RecordIndexBuilder, RecordIndexError, RecordPresence, RecordReadError, RecordRow, RecordRule,
    RecordSplitter, RuleError, TarFault,
};
pub use split::Split;

use crate::cbor::codes;
use crate::digest::Digest;
use crate::id::{IndexId, ManifestId};
use crate::text::excerpt;
use crate::tree::{Summary, TreeError};

codes! {
    /// What the entries of a manifest are.
    pub enum ManifestKind("manifest kind") in manifest {
        /// Other manifests, mounted by name: see [`Composite`].
        Composite = "composite",
        /// Files with relative paths.
        Files = "files",
        /// Tensors of a model.
        Tensors = "tensors",
    }
}

/// One distinct content of a dataset.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
///
/// let same = Digest::of(b"x");
/// let files = vec![FileEntry::new("a.txt", 1, same), FileEntry::new("b.txt", 1, same)];
/// let manifest = Manifest::files(files, NameProfile::Portable)?;
/// let [row] = manifest.content_rows() else { unreachable!("one content under two names") };
/// assert_eq!((row.digest, row.count, row.size), (same, 2, 1));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentRow {
    /// BLAKE3 of the content.
    pub digest: Digest,
    /// How many entries have it; at least 1.
    pub count: u64,
    /// Its size, in bytes.
    pub size: u64,
}

/// All entries of a dataset or model with both their roots.
///
/// Made only from entries, so its id and roots are always those of its rows.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
///
/// let one_file = |name| {
///     let file = FileEntry::new(name, 1, Digest::of(b"x"));
///     Manifest::files(vec![file], NameProfile::Portable)
/// };
/// let (before, after) = (one_file("a.txt")?, one_file("renamed.txt")?);
/// assert_ne!(before.id(), after.id());
/// assert_eq!(before.content(), after.content());
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    head: Head,
    id: ManifestId,
    entries: Entries,
    content: Vec<ContentRow>,
}

/// In the order of the `parts` tree's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Entries {
    Files(Vec<FileEntry>),
    Tensors(Vec<TensorEntry>),
}

/// Entries that make no manifest.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Dtype, Manifest, ManifestError, TensorEntry};
///
/// let short = TensorEntry::new("w", Dtype::F32, vec![2], 4, Digest::of(&[0; 4]));
/// let (name, required) = ("w".into(), Some(8));
/// let error = ManifestError::Shape { name, found: 4, required };
/// assert_eq!(Manifest::tensors(vec![short]), Err(error));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// A name is not allowed, alone or beside the others.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A tensor has more dimensions than this crate accepts.
    #[error("tensor {name:?} has {found} dimensions, at most {limit} allowed")]
    Rank {
        /// The tensor, at most 80 bytes of its name.
        name: String,
        /// Its number of dimensions.
        found: usize,
        /// [`MAX_RANK`](crate::limits::MAX_RANK).
        limit: usize,
    },
    /// A tensor's size is not what its dtype and shape require.
    #[error("tensor {name:?} has {found} bytes, its dtype and shape require {}", size_in_words(*required))]
    Shape {
        /// The tensor, at most 80 bytes of its name.
        name: String,
        /// Its size, in bytes.
        found: u64,
        /// What its dtype and shape require, in bytes; `None` where that is no whole number below 2^64.
        required: Option<u64>,
    },
    /// A manifest without entries, which a tree of mounts has no place for.
    #[error("{manifest} at {name:?} has no entries: what is empty is left out")]
    EmptyMount {
        /// Where it is mounted, at most 80 bytes of the name.
        name: String,
        /// The manifest.
        manifest: ManifestId,
    },
    /// What is mounted is no manifest.
    #[error("what is mounted at {name:?} is no manifest")]
    MountHead {
        /// Where it is mounted, at most 80 bytes of the name.
        name: String,
        /// What is wrong with its head.
        #[source]
        source: HeadError,
    },
    /// Another kind of manifest is mounted than belongs there.
    #[error("{found} mounted at {name:?}, where {expected} belong")]
    MountKind {
        /// Where it is mounted, at most 80 bytes of the name.
        name: String,
        /// Its kind.
        found: ManifestKind,
        /// The kind that belongs there.
        expected: ManifestKind,
    },
    /// One digest stands with two sizes.
    #[error("{digest} stands with {one} bytes and with {other} bytes")]
    SizeConflict {
        /// The digest.
        digest: Digest,
        /// A size it stands with, in bytes.
        one: u64,
        /// Another size it stands with, in bytes.
        other: u64,
    },
    /// The trees cannot be built.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

impl Manifest {
    /// A manifest of files, in any order; [`ManifestBuilder`] does it on several threads.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Name`] for a name that no manifest or not this
    /// [`NameProfile`] allows, [`ManifestError::SizeConflict`] for one digest with two
    /// sizes, [`ManifestError::Tree`] where sizes add up to 2^64 or more.
    pub fn files(entries: Vec<FileEntry>, profile: NameProfile) -> Result<Self, ManifestError> {
        ManifestBuilder::new().profile(profile).files(entries)
    }

    /// A manifest of tensors, in any order.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Name`] for an empty, overlong or repeated name,
    /// [`ManifestError::Rank`] and [`ManifestError::Shape`] for a size that dtype
    /// and shape contradict, [`ManifestError::SizeConflict`] and
    /// [`ManifestError::Tree`] as for [`Manifest::files`].
    pub fn tensors(entries: Vec<TensorEntry>) -> Result<Self, ManifestError> {
        for entry in &entries {
            name::check_any(&entry.name)?;
            entry.check_shape()?;
        }
        let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        if let Some(name) = names.windows(2).find_map(|pair| match pair {
            [a, b] if a == b => Some(excerpt(a)),
            _ => None,
        }) {
            return Err(NameError::Duplicate { name }.into());
        }
        build::build(ManifestKind::Tensors, entries, Entries::Tensors, 1)
    }

    /// The content address of names and content.
    pub const fn id(&self) -> ManifestId {
        self.id
    }

    /// What the entries are.
    pub const fn kind(&self) -> ManifestKind {
        self.head.kind
    }

    /// The preimage of the id.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Root of the tree keyed by name; its sums are the number of entries and their bytes.
    pub const fn parts(&self) -> &Summary {
        &self.head.parts
    }

    /// Root of the tree keyed by content digest; the same sums as [`Manifest::parts`].
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a manifest is made only from entries, which make both trees"
    )]
    pub const fn content(&self) -> &Summary {
        self.head.content.as_ref().expect("entries have contents")
    }

    /// The files in the order of the `parts` tree; `None` for tensors.
    pub fn file_entries(&self) -> Option<&[FileEntry]> {
        match &self.entries {
            Entries::Files(entries) => Some(entries),
            Entries::Tensors(_) => None,
        }
    }

    /// The tensors in the order of the `parts` tree; `None` for files.
    pub fn tensor_entries(&self) -> Option<&[TensorEntry]> {
        match &self.entries {
            Entries::Files(_) => None,
            Entries::Tensors(entries) => Some(entries),
        }
    }

    /// Every distinct content once, in the order of its digest.
    pub fn content_rows(&self) -> &[ContentRow] {
        &self.content
    }
}

/// Where a verifier finds full manifests, to check relations that are otherwise only asserted.
///
/// A source need not be trusted: a [`Manifest`], [`Composite`] or index computes its own id from
/// its rows. Only what it declares by [`ManifestSource::declared`] is taken at its word.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{Manifest, ManifestSource};
///
/// /// Ours before theirs; who lies about an id is not believed anyway.
/// struct Shelf<'a> {
///     ours: &'a [Manifest],
///     bought: &'a dyn ManifestSource,
/// }
///
/// impl ManifestSource for Shelf<'_> {
///     fn manifest(&self, id: ManifestId) -> Option<&Manifest> {
///         self.ours.manifest(id).or_else(|| self.bought.manifest(id))
///     }
/// }
/// # let shelf = Shelf { ours: &[], bought: &Vec::new() };
/// # assert_eq!(shelf.manifest(ManifestId::from_bytes([1; 32])), None);
/// ```
pub trait ManifestSource {
    /// The manifest with this id, where the source has it.
    fn manifest(&self, id: ManifestId) -> Option<&Manifest>;

    /// The composite with this id, where the source has it; none unless said otherwise.
    fn composite(&self, id: ManifestId) -> Option<&Composite> {
        let _ = id;
        None
    }

    /// The index over records with this id, where the source has it; none unless said otherwise.
    fn records(&self, id: IndexId) -> Option<&RecordIndex> {
        let _ = id;
        None
    }

    /// The index over SHA-256 digests with this id, where the source has it; none unless said otherwise.
    ///
    /// It has digests alone, so it is of use together with the manifest that it is over.
    fn sha256(&self, id: IndexId) -> Option<&Sha256Index> {
        let _ = id;
        None
    }

    /// The index by `rule` that the caller himself takes for that of a dataset; none unless said otherwise.
    ///
    /// Asked by [`judge_relation`](crate::verify::judge_relation) alone: in a proof it is for
    /// believed statements to declare indexes.
    fn declared(&self, of: ManifestId, rule: &str) -> Option<IndexId> {
        let _ = (of, rule);
        None
    }
}

impl ManifestSource for BTreeMap<ManifestId, Manifest> {
    fn manifest(&self, id: ManifestId) -> Option<&Manifest> {
        self.get(&id)
    }
}

impl ManifestSource for [Manifest] {
    fn manifest(&self, id: ManifestId) -> Option<&Manifest> {
        self.iter().find(|manifest| manifest.id() == id)
    }
}

impl ManifestSource for Vec<Manifest> {
    fn manifest(&self, id: ManifestId) -> Option<&Manifest> {
        self.as_slice().manifest(id)
    }
}

#[cfg(test)]
mod tests;
