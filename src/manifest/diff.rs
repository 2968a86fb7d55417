//! What changed between two datasets of files: added, removed, changed, renamed.

use std::collections::BTreeMap;
use std::fmt;

use super::FileEntry;
use super::prover::{Forest, Prover};
use crate::digest::Digest;
use crate::tree::{Change, Diff};

/// The changes that lead from the files of one dataset to those of another, one after another.
///
/// In the order of the tree of names. Subtrees that both have are not opened, so
/// it takes time, and reads blocks of manifest files, in proportion to changes times
/// depth. A renamed file is one removed and one added; [`FileChanges`] brings the
/// two together. `None` where either dataset is not one of files.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileChanges, FileEntry, Manifest, ManifestReader, NameProfile, diff};
///
/// let file = |name: &str, text: &str| FileEntry::new(name, 1, Digest::of(text.as_bytes()));
/// let old = vec![file("a", "1"), file("b", "2"), file("c", "3")];
/// let new = vec![file("a", "9"), file("moved", "2"), file("c", "3")];
/// let [old, new] = [old, new].map(|files| Manifest::files(files, NameProfile::Portable));
/// let (old, new) = (old?, new?);
/// // From the bytes of two manifest files, of which only what differs is read.
/// let from = ManifestReader::open(old.to_bytes(), old.id())?;
/// let to = ManifestReader::open(new.to_bytes(), new.id())?;
/// let changes: FileChanges = diff(&from, &to).ok_or("not files")?.collect::<Result<_, _>>()?;
/// assert_eq!(changes.changed, [(file("a", "1"), file("a", "9"))]);
/// assert_eq!(changes.renamed, [(file("b", "2"), file("moved", "2"))]);
/// assert!(changes.added.is_empty() && changes.removed.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Each step may give one of reading the datasets; what follows it is of no use.
#[expect(private_bounds, reason = "sealed: trees come from this crate's own readers")]
pub fn diff<'a, A: Forest, B: Forest<Error = A::Error>>(
    from: &'a A,
    to: &'a B,
) -> Option<impl Iterator<Item = Result<Change<FileEntry>, A::Error>>> {
    Some(Diff::new(from.files()?, to.files()?))
}

impl Prover<'_> {
    /// [`diff`] of two datasets in memory, which cannot fail.
    pub fn diff<'b>(
        &'b self,
        to: &'b Prover<'_>,
    ) -> Option<impl Iterator<Item = Change<FileEntry>>> {
        Some(diff(self, to)?.map(|change| {
            let Ok(change) = change;
            change
        }))
    }
}

/// All changes between two datasets, with files that only moved told from others.
///
/// A file that is gone and one of the same content under a new name are one that
/// was renamed. Where several share a content, they are paired in the order of
/// their names. Takes memory for the changes.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileChanges, FileEntry};
/// use datadeed::tree::Change;
///
/// let file = |name: &str| FileEntry::new(name, 1, Digest::of(b"x"));
/// let changes: FileChanges = [Change::Removed(file("a")), Change::Added(file("b"))].into_iter().collect();
/// assert_eq!(changes.renamed, [(file("a"), file("b"))]);
/// assert_eq!(changes.to_string(), "0 added, 0 removed, 0 changed, 1 renamed");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileChanges {
    /// New files of new content.
    pub added: Vec<FileEntry>,
    /// Files that are gone.
    pub removed: Vec<FileEntry>,
    /// Files of another content under the same name: before and after.
    pub changed: Vec<(FileEntry, FileEntry)>,
    /// Files of the same content under another name: before and after.
    pub renamed: Vec<(FileEntry, FileEntry)>,
}

impl FileChanges {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
    }
}

impl FromIterator<Change<FileEntry>> for FileChanges {
    fn from_iter<I: IntoIterator<Item = Change<FileEntry>>>(changes: I) -> Self {
        let mut all = Self::default();
        for change in changes {
            match change {
                Change::Added(to) => all.added.push(to),
                Change::Changed { from, to } => all.changed.push((from, to)),
                Change::Removed(from) => all.removed.push(from),
            }
        }
        let by_name = |a: &FileEntry, b: &FileEntry| a.name.cmp(&b.name);
        all.added.sort_unstable_by(by_name);
        all.removed.sort_unstable_by(by_name);
        all.changed.sort_unstable_by(|a, b| by_name(&a.0, &b.0));
        // Names that share a content, the last in order on top.
        let mut new: BTreeMap<(Digest, u64), Vec<FileEntry>> = BTreeMap::new();
        for entry in std::mem::take(&mut all.added).into_iter().rev() {
            new.entry((entry.digest, entry.size)).or_default().push(entry);
        }
        for from in std::mem::take(&mut all.removed) {
            match new.get_mut(&(from.digest, from.size)).and_then(Vec::pop) {
                Some(to) => all.renamed.push((from, to)),
                None => all.removed.push(from),
            }
        }
        all.added.extend(new.into_values().flatten());
        all.added.sort_unstable_by(by_name);
        all
    }
}

impl fmt::Display for FileChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { added, removed, changed, renamed } = self;
        let (added, removed) = (added.len(), removed.len());
        let (changed, renamed) = (changed.len(), renamed.len());
        write!(f, "{added} added, {removed} removed, {changed} changed, {renamed} renamed")
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;

    use super::*;
    use crate::manifest::{Dtype, Manifest, ManifestReader, NameProfile, ReadAt, TensorEntry};

    fn file(name: &str, text: &str) -> FileEntry {
        FileEntry::new(name, text.len() as u64, Digest::of(text.as_bytes()))
    }

    fn manifest(files: &[FileEntry]) -> Manifest {
        Manifest::files(files.to_vec(), NameProfile::Any).unwrap()
    }

    #[test]
    fn files_that_share_a_content_are_paired_in_the_order_of_their_names() {
        let old = manifest(&[file("a", "x"), file("b", "x"), file("c", "x"), file("d", "y")]);
        let new = manifest(&[file("1", "x"), file("2", "x"), file("d", "z"), file("e", "y")]);
        let (from, to) = (Prover::new(&old), Prover::new(&new));
        let changes: FileChanges = from.diff(&to).unwrap().collect();
        let expected = FileChanges {
            removed: vec![file("c", "x")],
            changed: vec![(file("d", "y"), file("d", "z"))],
            renamed: vec![(file("a", "x"), file("1", "x")), (file("b", "x"), file("2", "x"))],
            added: vec![file("e", "y")],
        };
        assert_eq!(changes, expected);
        let none: FileChanges = from.diff(&from).unwrap().collect();
        assert!(none.is_empty() && !changes.is_empty());
    }

    #[test]
    fn tensors_are_no_files() {
        let tensor = TensorEntry::new("w", Dtype::U8, vec![1], 1, Digest::of(b"x"));
        let (files, tensors) = (manifest(&[]), Manifest::tensors(vec![tensor]).unwrap());
        let (files, tensors) = (Prover::new(&files), Prover::new(&tensors));
        assert!(files.diff(&tensors).is_none() && tensors.diff(&files).is_none());
    }

    /// Counts the reads.
    struct Counted<'a>(Vec<u8>, &'a Cell<usize>);

    impl ReadAt for Counted<'_> {
        fn size(&self) -> io::Result<u64> {
            self.0.size()
        }

        fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            self.1.set(self.1.get() + 1);
            self.0.read_range(offset, buffer)
        }
    }

    #[test]
    fn of_two_files_only_blocks_that_differ_are_read() {
        let mut files: Vec<FileEntry> =
            (0..20_000).map(|i| file(&format!("{i}"), &format!("{i}"))).collect();
        let old = manifest(&files);
        files[7] = file("7", "other");
        let new = manifest(&files);
        let reads = Cell::new(0);
        let open = |manifest: &Manifest| {
            ManifestReader::open(Counted(manifest.to_bytes(), &reads), manifest.id()).unwrap()
        };
        let (from, to) = (open(&old), open(&new));
        reads.set(0);
        let changes: Vec<_> = diff(&from, &to).unwrap().map(Result::unwrap).collect();
        assert_eq!(changes, [Change::Changed { from: file("7", "7"), to: file("7", "other") }]);
        // One block of each.
        assert_eq!(reads.get(), 2);
    }
}
