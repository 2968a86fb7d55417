//! The id of a dataset after changes, from what is opened of both its trees.

use std::collections::BTreeMap;

use super::{Contradiction, Evidence};
use crate::cbor::Version1;
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::manifest::name::check_together;
use crate::manifest::{ContentRow, FileEntry, Head, ManifestError, ManifestKind, NameProfile};
use crate::tree::{Change, Membership, PrunedTree};

/// Rows under their keys after changes; `None` where none is left.
pub(super) type Rows<R> = BTreeMap<[u8; 32], Option<R>>;

/// Changes that make no manifest.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{ChangeError, EvidenceBuilder, FileEntry, Manifest, ManifestError, NameProfile, Prover};
/// use datadeed::tree::Change;
///
/// let manifest = Manifest::files(vec![FileEntry::new("a", 1, Digest::of(b"x"))], NameProfile::Any)?;
/// let prover = Prover::new(&manifest);
/// let mut evidence = EvidenceBuilder::new();
/// let changes = [Change::Added(FileEntry::new("b", 2, Digest::of(b"x")))];
/// let Ok(()) = evidence.changes(&prover, changes.clone());
/// let Ok(evidence) = evidence.build();
/// let conflict = ManifestError::SizeConflict { digest: Digest::of(b"x"), one: 1, other: 2 };
/// assert_eq!(evidence.apply(manifest.id(), changes), Err(ChangeError::Manifest(conflict)));
/// # Ok::<(), ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// The dataset itself is two: no change makes one of it.
    #[error("{} has {} less often among its contents than among its files", .0.manifest, .0.digest)]
    Contradiction(Box<Contradiction>),
    /// No manifest has what comes out.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl Evidence {
    /// The head of a dataset of files after `changes`: whoever knows its old id knows the new one.
    ///
    /// Of several changes of one name the last one counts. A file that is added takes the place of one
    /// that is there, and to remove what is not there changes nothing. `None` where not
    /// enough is opened, as [`EvidenceBuilder::changes`](super::EvidenceBuilder::changes) opens
    /// it, or the entries are no files.
    ///
    /// Proven is that the new dataset has the files of the old one with the changes, and their
    /// contents as often as there are files of them, if that was so before. That
    /// the new names get along with all old ones, such as no file `a` beside `a/b`, only a
    /// holder of all names can see.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{Evidence, EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
    /// use datadeed::tree::Change;
    ///
    /// let file = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
    /// let files = |names: &[&str]| {
    ///     Manifest::files(names.iter().map(|name| file(name)).collect(), NameProfile::Portable)
    /// };
    /// let (before, after) = (files(&["a", "b", "c"])?, files(&["a", "b", "d"])?);
    /// let changes = [Change::Removed(file("c")), Change::Added(file("d"))];
    ///
    /// let prover = Prover::new(&before);
    /// let mut evidence = EvidenceBuilder::new();
    /// let Ok(()) = evidence.changes(&prover, changes.clone());
    /// let Ok(evidence) = evidence.build();
    ///
    /// // Sent to somebody who knows nothing but the id of the old version.
    /// let evidence = Evidence::decode(&evidence.to_bytes())?;
    /// let head = evidence.apply(before.id(), changes)?;
    /// assert_eq!(head.map(|head| head.id()), Some(after.id()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`ChangeError::Contradiction`] where the dataset has one, as [`Evidence::contradiction`] finds it;
    /// - [`ChangeError::Manifest`] with [`ManifestError::Name`] for a new name that no manifest allows,
    ///   alone or beside the other new ones,
    ///   [`ManifestError::SizeConflict`] for a content that then has two sizes,
    ///   [`ManifestError::Tree`] where counts or bytes exceed 2^64 - 1.
    pub fn apply(
        &self,
        manifest: ManifestId,
        changes: impl IntoIterator<Item = Change<FileEntry>>,
    ) -> Result<Option<Head>, ChangeError> {
        if let Some(found) = self.contradiction(manifest) {
            return Err(ChangeError::Contradiction(Box::new(found)));
        }
        let files: Rows<FileEntry> = changes.into_iter().map(Change::keyed).collect();
        let mut names: Vec<&str> =
            files.values().flatten().map(|file| file.name.as_str()).collect();
        names.sort_unstable();
        check_together(&names, NameProfile::Any, 1).map_err(ManifestError::from)?;
        let opened = self.opened_files(manifest).zip(self.opened_contents(manifest));
        let Some((parts, content)) = opened else { return Ok(None) };
        let Some(works) = content_changes(parts, content, &files)? else { return Ok(None) };
        let parts = parts.apply_rows(&files).map_err(ManifestError::from)?;
        let content = content.apply_rows(&works).map_err(ManifestError::from)?;
        let head = |(parts, content)| Head {
            v: Version1,
            kind: ManifestKind::Files,
            parts,
            content: Some(content),
        };
        Ok(parts.zip(content).map(head))
    }
}

/// Digests of all contents that come, go or stay with these files; `None` where not all of them are opened.
pub(super) fn works(parts: &PrunedTree<FileEntry>, files: &Rows<FileEntry>) -> Option<Vec<Digest>> {
    let mut works = Vec::new();
    for (key, to) in files {
        match parts.get(key) {
            Membership::Present(from) => works.push(from.digest),
            Membership::Absent => {}
            Membership::Unknown => return None,
        }
        works.extend(to.as_ref().map(|to| to.digest));
    }
    works.sort_unstable();
    works.dedup();
    Some(works)
}

/// What changes of the contents when these files do; `None` where not enough is opened.
pub(super) fn content_changes(
    parts: &PrunedTree<FileEntry>,
    content: &PrunedTree<ContentRow>,
    files: &Rows<FileEntry>,
) -> Result<Option<Rows<ContentRow>>, ManifestError> {
    let Some(works) = works(parts, files) else { return Ok(None) };
    let mut rows: BTreeMap<Digest, ContentRow> = BTreeMap::new();
    for digest in &works {
        match content.get(digest.as_bytes()) {
            Membership::Present(row) => rows.insert(*digest, *row),
            Membership::Absent => None,
            Membership::Unknown => return Ok(None),
        };
    }
    for from in files.keys().filter_map(|key| parts.get(key).present()) {
        if let Some(row) = rows.get_mut(&from.digest) {
            // It counts all files that are opened, or the dataset contradicts itself.
            row.count = row.count.saturating_sub(1);
        }
    }
    for to in files.values().flatten() {
        let (digest, size) = (to.digest, to.size);
        let row = rows.entry(digest).or_insert(ContentRow { digest, count: 0, size });
        if row.count == 0 {
            row.size = size;
        }
        if row.size != size {
            let (one, other) = (row.size.min(size), row.size.max(size));
            return Err(ManifestError::SizeConflict { digest, one, other });
        }
        // There are no 2^64 files in memory.
        row.count = row.count.saturating_add(1);
    }
    let after = |digest: &Digest| rows.get(digest).copied().filter(|row| row.count > 0);
    Ok(Some(works.iter().map(|digest| (*digest.as_bytes(), after(digest))).collect()))
}
