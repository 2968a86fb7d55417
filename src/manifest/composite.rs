//! Composites: a dataset of datasets, a model with all that belongs to it.

mod below;

pub(crate) use below::{Below, Mounts, Part};

use super::name;
use super::row::Checked;
use super::{Head, ManifestError, ManifestKind, NameProfile};
use crate::cbor::{Version1, encode, record};
use crate::digest::Role;
use crate::id::ManifestId;
use crate::text::excerpt;
use crate::tree::{Kind, Leaf, RootBuilder, Row, Summary, TreeError};

record! {
    /// What the leaf of a mount is the hash of.
    pub(super) struct MountEntry {
        "name" => name: String,
        "manifest" => manifest: ManifestId,
    }
}

record! {
    /// A manifest, mounted under a name: one row of a composite.
    ///
    /// The whole head of the manifest, not its id alone, so that whoever sees the
    /// row sees what its sums are sums of. In a pruned tree it stands as it is here.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{FileEntry, Manifest, Mount, NameProfile};
    ///
    /// let file = FileEntry::new("a.txt", 1, Digest::of(b"x"));
    /// let manifest = Manifest::files(vec![file], NameProfile::Portable)?;
    /// let mount = Mount::new("news/2026", manifest.head().clone());
    /// assert_eq!((mount.manifest(), mount.head.parts.count()), (manifest.id(), 1));
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    pub struct Mount {
        /// The manifest.
        "head" => head: Head,
        /// Relative path, as of a file.
        "name" => name: String,
    }
}

impl Mount {
    /// A mount; name and head are checked when a composite is built.
    pub fn new(name: impl Into<String>, head: Head) -> Self {
        Self { head, name: name.into() }
    }

    /// The id of the manifest.
    pub fn manifest(&self) -> ManifestId {
        self.head.id()
    }
}

/// The value is of name and id, the sums are those of the manifest.
impl Row for Mount {
    const KIND: Kind = Kind::Parts;
    const COUNTED: bool = false;

    fn key(&self) -> [u8; 32] {
        Role::Name.hash(self.name.as_bytes())
    }

    fn leaf(&self, key: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
        let entry = MountEntry { name: self.name.clone(), manifest: self.manifest() };
        let parts = &self.head.parts;
        let value = Role::Entry.hash(&encode(&entry));
        Ok(Leaf { key, value, count: parts.count(), bytes: parts.bytes() })
    }
}

impl Checked for Mount {
    fn check(&self) -> Result<(), ManifestError> {
        name::check_file(&self.name)?;
        let name = || excerpt(&self.name);
        self.head.check().map_err(|source| ManifestError::MountHead { name: name(), source })?;
        // A leaf that counts nothing would pass for the empty tree.
        if self.head.parts.count() == 0 {
            return Err(ManifestError::EmptyMount { name: name(), manifest: self.manifest() });
        }
        Ok(())
    }
}

/// A manifest whose entries are manifests, each mounted under a name.
///
/// Its id commits to the names and ids of what is mounted, and its sums to the
/// entries and bytes of all parts together. The parts may be of files, tensors or
/// composites themselves; that they form no cycle follows from their being named
/// by hash. One manifest may be mounted under several names, and then counts as often.
///
/// A mount's name obeys the rules of file names: whoever writes the parts to a disk
/// makes a directory of it. Mounts do not nest (`a` beside `a/b`), so that the path
/// of a mount and that of a file below it have one reading. What has no entries
/// cannot be mounted: it would add nothing to any sum.
///
/// A composite has no tree of contents: its contents are those of its parts together, each as
/// often as it is mounted. Questions about them ([`Evidence::content`](super::Evidence::content))
/// and relations on `content` are decided through all its parts; relations on `parts` are
/// about mounts.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{Composite, FileEntry, Manifest, Mount, NameProfile};
///
/// let one_file = |name: &str| {
///     let file = FileEntry::new(name, 5, Digest::of(name.as_bytes()));
///     Manifest::files(vec![file], NameProfile::Portable)
/// };
/// let (news, books) = (one_file("1.txt")?, one_file("2.txt")?);
/// let mount = |name: &str, manifest: &Manifest| Mount::new(name, manifest.head().clone());
/// let mounts = vec![mount("news", &news), mount("books", &books)];
/// let corpus = Composite::new(mounts, NameProfile::Portable)?;
/// assert_eq!((corpus.parts().count(), corpus.parts().bytes()), (2, 10));
/// assert_eq!(corpus.mount("news").map(Mount::manifest), Some(news.id()));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    head: Head,
    id: ManifestId,
    /// In the order of the tree's keys.
    mounts: Vec<Mount>,
}

impl Composite {
    /// Where [`Composite::model`] mounts the tensors of a model.
    pub const WEIGHTS: &'static str = "weights";

    /// Where [`Composite::model`] mounts all other files of a model.
    pub const FILES: &'static str = "files";

    /// A composite of these mounts, in any order.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Name`] for a name that no manifest of files or not this
    /// [`NameProfile`] allows, [`ManifestError::MountHead`] for a head that is that
    /// of no manifest, [`ManifestError::EmptyMount`] for a manifest without entries,
    /// [`ManifestError::Tree`] where entries or bytes add up to 2^64 or more.
    pub fn new(mut mounts: Vec<Mount>, profile: NameProfile) -> Result<Self, ManifestError> {
        let mut names: Vec<&str> = mounts.iter().map(|mount| mount.name.as_str()).collect();
        names.sort_unstable();
        name::check_together(&names, profile, 1)?;
        for mount in &mounts {
            mount.check()?;
        }
        mounts.sort_by_cached_key(Row::key);
        let mut root = RootBuilder::new(Mount::KIND);
        for mount in &mounts {
            root.push(&mount.leaf(mount.key(), &[])?)?;
        }
        let (kind, parts) = (ManifestKind::Composite, root.finish()?);
        let head = Head { v: Version1, kind, parts, content: None };
        Ok(Self { id: head.id(), head, mounts })
    }

    /// A model and everything that belongs to it: tensors at [`Composite::WEIGHTS`],
    /// configuration, tokenizer, code and the like at [`Composite::FILES`].
    ///
    /// The id of the tensors says nothing of the other files, this id does. A model
    /// file is not among the other files: its tensors stand for it, whatever proof is
    /// attached to it.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{Composite, Dtype, FileEntry, Manifest, NameProfile, TensorEntry};
    ///
    /// let tensor = TensorEntry::new("w", Dtype::U8, vec![4], 4, Digest::of(b"1234"));
    /// let config = FileEntry::new("config.json", 2, Digest::of(b"{}"));
    /// let weights = Manifest::tensors(vec![tensor])?;
    /// let files = Manifest::files(vec![config], NameProfile::Portable)?;
    /// let model = Composite::model(weights.head().clone(), files.head().clone())?;
    /// assert_eq!(model.mount(Composite::WEIGHTS).map(|mount| mount.manifest()), Some(weights.id()));
    /// # Ok::<(), datadeed::manifest::ManifestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ManifestError::MountKind`] where `weights` are no tensors or `files` no files,
    /// else as for [`Composite::new`].
    pub fn model(weights: Head, files: Head) -> Result<Self, ManifestError> {
        let mount = |name: &str, expected, head: Head| {
            if head.kind == expected {
                return Ok(Mount::new(name, head));
            }
            Err(ManifestError::MountKind { name: name.to_owned(), found: head.kind, expected })
        };
        let weights = mount(Self::WEIGHTS, ManifestKind::Tensors, weights)?;
        let files = mount(Self::FILES, ManifestKind::Files, files)?;
        Self::new(vec![weights, files], NameProfile::Portable)
    }

    /// The content address of mount names and manifests.
    pub const fn id(&self) -> ManifestId {
        self.id
    }

    /// The preimage of the id.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Root of the tree keyed by mount name; its sums are those of all parts together.
    pub const fn parts(&self) -> &Summary {
        &self.head.parts
    }

    /// The mounts in the order of the tree.
    pub fn mounts(&self) -> &[Mount] {
        &self.mounts
    }

    /// What is mounted under exactly this name.
    pub fn mount(&self, name: &str) -> Option<&Mount> {
        self.mounts.iter().find(|mount| mount.name == name)
    }
}

#[cfg(test)]
mod tests;
