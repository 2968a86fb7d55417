//! A delivered directory against the manifest of what was to be delivered.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::hash::Digests;
use super::{Scan, ScanError};
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::manifest::{FileEntry, Manifest};

/// A directory to be held against a [`Manifest`]; made by [`Scan::check`].
///
/// ```
/// use datadeed::scan::{Scan, directory};
///
/// let sold = tempfile::tempdir()?;
/// std::fs::write(sold.path().join("a"), "1")?;
/// std::fs::write(sold.path().join("b"), "2")?;
/// let manifest = directory(sold.path())?;
///
/// let received = tempfile::tempdir()?;
/// std::fs::write(received.path().join("a"), "1")?;
/// let scan = Scan::new(received.path());
/// assert!(scan.check(&manifest).only(["a"]).run()?.is_complete());
/// let all = scan.check(&manifest).run()?;
/// assert!(!all.is_complete());
/// assert_eq!(all.missing()[0].name, "b");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `run`"]
pub struct Check<'a> {
    scan: Scan<'a>,
    manifest: &'a Manifest,
    /// `None` for all names.
    only: Option<BTreeSet<String>>,
}

impl<'a> Scan<'a> {
    /// To hold the directory against `manifest`, with the options of this scan.
    ///
    /// [`Scan::profile`] applies to the names that are found, not to those of the manifest.
    pub fn check(&self, manifest: &'a Manifest) -> Check<'a> {
        Check { scan: self.clone(), manifest, only: None }
    }
}

impl Check<'_> {
    /// To ask for these of the manifest's names alone; called again, for these too.
    ///
    /// What the manifest has besides may be there or not
    /// ([`Delivery::not_asked`]). Everything in the directory is read all the same.
    pub fn only(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.only.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Reads every file below the root and compares.
    ///
    /// The names asked for are held against the manifest before anything is read.
    ///
    /// # Errors
    ///
    /// - [`CheckError::Tensors`] and [`CheckError::NotInManifest`] for a question
    ///   that the manifest cannot answer;
    /// - [`CheckError::Scan`] for a directory that cannot be read in full, as
    ///   [`Scan::run`] says. There is no answer about the rest of it.
    pub fn run(&self) -> Result<Delivery, CheckError> {
        let rows = self.manifest.file_entries().ok_or(CheckError::Tensors)?;
        let mut rows: Vec<Row<'_>> =
            rows.iter().map(|entry| Row { entry, asked: self.only.is_none() }).collect();
        rows.sort_unstable_by(|a, b| a.entry.name.cmp(&b.entry.name));
        if let Some(only) = &self.only {
            ask(&mut rows, only)?;
        }
        let asked = rows.iter().filter(|row| row.asked);
        let mut delivery = Delivery {
            manifest: self.manifest.id(),
            asked: asked.clone().fold(0, |count, _| u64::saturating_add(count, 1)),
            // Within the sum of all sizes, which the manifest has checked.
            bytes: asked.fold(0, |sum, row| u64::saturating_add(sum, row.entry.size)),
            missing: Vec::new(),
            extra: Vec::new(),
            changed: Vec::new(),
            renamed: Vec::new(),
            not_asked: Vec::new(),
        };
        delivery.compare(&rows, self.scan.read(Digests::Blake3)?.entries);
        delivery.pair();
        Ok(delivery)
    }
}

/// An entry of the manifest and whether the caller asks for it.
struct Row<'a> {
    entry: &'a FileEntry,
    asked: bool,
}

/// Marks the rows of these names; `rows` are in order of names.
fn ask(rows: &mut [Row<'_>], only: &BTreeSet<String>) -> Result<(), CheckError> {
    let mut unknown = Vec::new();
    for name in only {
        match rows.binary_search_by(|row| row.entry.name.cmp(name)) {
            Ok(at) => rows.iter_mut().skip(at).take(1).for_each(|row| row.asked = true),
            Err(_) => unknown.push(name.clone()),
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(CheckError::NotInManifest { names: unknown }) }
}

/// How a directory differs from a manifest, by name; all lists are in bytewise order of names.
///
/// ```
/// # let sold = tempfile::tempdir()?;
/// # std::fs::write(sold.path().join("a"), "1")?;
/// # let manifest = datadeed::scan::directory(sold.path())?;
/// std::fs::write(sold.path().join("b"), "2")?;
/// let delivery = datadeed::scan::Scan::new(sold.path()).check(&manifest).run()?;
/// assert!(!delivery.is_complete());
/// assert_eq!(delivery.extra()[0].name, "b");
/// assert!(delivery.to_string().ends_with("\n1 extra, the first \"b\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What is proven
///
/// When [`Delivery::is_complete`]: each name asked for was a regular file below
/// the root, read to its end, with exactly the size and the BLAKE3 digest that
/// the manifest of this id states; there was no file that the manifest does not
/// have, and none with a name of the manifest but other content. So, if all
/// names were asked for, a scan of the directory gives this very
/// [`ManifestId`].
///
/// It says nothing of directories without files, of permissions, owners, dates,
/// extended attributes, or of which names are hard links of one file; nothing
/// of the time after each file was read, and no more about changes meanwhile
/// than [`scan`](super) does; and nothing of who vouches for the manifest. No
/// cache is ever used: what a [`Scan`] may take from elsewhere, a check reads.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a check that ran need not have passed"]
pub struct Delivery {
    manifest: ManifestId,
    asked: u64,
    bytes: u64,
    missing: Vec<FileEntry>,
    extra: Vec<FileEntry>,
    changed: Vec<Changed>,
    renamed: Vec<Renamed>,
    not_asked: Vec<FileEntry>,
}

/// A file with a name of the manifest and other content.
///
/// ```
/// # let (sold, received) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// # std::fs::write(sold.path().join("a"), "1")?;
/// # std::fs::write(received.path().join("a"), "22")?;
/// # let manifest = datadeed::scan::directory(sold.path())?;
/// let delivery = datadeed::scan::Scan::new(received.path()).check(&manifest).run()?;
/// for changed in delivery.changed() {
///     println!("{}: {} bytes, not {}", changed.found.name, changed.found.size, changed.expected.size);
/// }
/// # assert_eq!(delivery.changed()[0].found.size, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changed {
    /// What the manifest has under this name.
    pub expected: FileEntry,
    /// What the directory has under it.
    pub found: FileEntry,
}

/// A file that has the content of a missing one under a name that the manifest does not have.
///
/// ```
/// # let (sold, received) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// # std::fs::write(sold.path().join("a"), "1")?;
/// # std::fs::write(received.path().join("b"), "1")?;
/// # let manifest = datadeed::scan::directory(sold.path())?;
/// let delivery = datadeed::scan::Scan::new(received.path()).check(&manifest).run()?;
/// for renamed in delivery.renamed() {
///     println!("{} instead of {}", renamed.found.name, renamed.expected.name);
/// }
/// # assert_eq!(delivery.renamed()[0].found.name, "b");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// What the manifest has and the directory lacks.
    pub expected: FileEntry,
    /// What the directory has; of the same size and digest.
    pub found: FileEntry,
}

impl Delivery {
    /// Whether everything asked for is there as it should be, and nothing strange beside it.
    ///
    /// Exactly when nothing is [missing](Self::missing), [extra](Self::extra),
    /// [changed](Self::changed) or [renamed](Self::renamed).
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
            && self.extra.is_empty()
            && self.changed.is_empty()
            && self.renamed.is_empty()
    }

    /// The manifest that the directory was held against.
    pub const fn manifest(&self) -> ManifestId {
        self.manifest
    }

    /// How many names were asked for.
    pub const fn asked(&self) -> u64 {
        self.asked
    }

    /// The sizes that the manifest states for them, together, in bytes.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What was asked for and is not there, under its name or another.
    pub fn missing(&self) -> &[FileEntry] {
        &self.missing
    }

    /// What is there under a name that the manifest does not have, with no missing file's content.
    pub fn extra(&self) -> &[FileEntry] {
        &self.extra
    }

    /// What is there with other content than the manifest states, asked for or not; in order of its name.
    pub fn changed(&self) -> &[Changed] {
        &self.changed
    }

    /// What was asked for and is there under a name that the manifest does not have.
    ///
    /// In order of the missing name. Of several missing and several strange
    /// names of one content the first are paired, then the second, and so on;
    /// what remains is missing or extra.
    pub fn renamed(&self) -> &[Renamed] {
        &self.renamed
    }

    /// What is there as the manifest states it, though not asked for.
    pub fn not_asked(&self) -> &[FileEntry] {
        &self.not_asked
    }

    /// Holds each name of either side against the other; both are in order of names.
    fn compare(&mut self, rows: &[Row<'_>], found: Vec<FileEntry>) {
        let mut rows = rows.iter().peekable();
        for found in found {
            while let Some(row) = rows.next_if(|row| row.entry.name < found.name) {
                self.miss(row);
            }
            match rows.next_if(|row| row.entry.name == found.name) {
                None => self.extra.push(found),
                Some(row) if *row.entry != found => {
                    self.changed.push(Changed { expected: row.entry.clone(), found });
                }
                Some(row) if !row.asked => self.not_asked.push(found),
                Some(_) => {}
            }
        }
        rows.for_each(|row| self.miss(row));
    }

    fn miss(&mut self, row: &Row<'_>) {
        if row.asked {
            self.missing.push(row.entry.clone());
        }
    }

    /// Moves what is missing under one name and extra under another to `renamed`.
    fn pair(&mut self) {
        // Names that share a content, the last in order on top.
        let mut strange: BTreeMap<(Digest, u64), Vec<FileEntry>> = BTreeMap::new();
        for entry in std::mem::take(&mut self.extra).into_iter().rev() {
            strange.entry((entry.digest, entry.size)).or_default().push(entry);
        }
        for expected in std::mem::take(&mut self.missing) {
            let same = strange.get_mut(&(expected.digest, expected.size));
            match same.and_then(Vec::pop) {
                Some(found) => self.renamed.push(Renamed { expected, found }),
                None => self.missing.push(expected),
            }
        }
        self.extra.extend(strange.into_values().flatten());
        self.extra.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    }
}

/// One line for the result, and one for each kind of difference with its number and first name.
impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { manifest, asked, bytes, .. } = self;
        let verdict = if self.is_complete() { "complete" } else { "not as stated" };
        write!(f, "{manifest}: {asked} files of {bytes} bytes, {verdict}")?;
        line(f, "missing", self.missing.iter())?;
        line(f, "changed", self.changed.iter().map(|changed| &changed.expected))?;
        line(f, "renamed", self.renamed.iter().map(|renamed| &renamed.expected))?;
        line(f, "extra", self.extra.iter())?;
        line(f, "not asked for", self.not_asked.iter())
    }
}

fn line<'a>(
    f: &mut fmt::Formatter<'_>,
    kind: &str,
    mut entries: impl ExactSizeIterator<Item = &'a FileEntry>,
) -> fmt::Result {
    let count = entries.len();
    match entries.next() {
        None => Ok(()),
        Some(first) => write!(f, "\n{count} {kind}, the first {:?}", first.name),
    }
}

/// A directory that cannot be held against a manifest.
///
/// ```
/// use datadeed::manifest::Manifest;
/// use datadeed::scan::{CheckError, Scan};
///
/// let weights = Manifest::tensors(vec![])?;
/// let fault = Scan::new(".").check(&weights).run().unwrap_err();
/// assert!(matches!(fault, CheckError::Tensors));
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// Names are asked for that the manifest does not have.
    #[error("{} names asked for are not in the manifest, the first {:?}", names.len(), names.first().map_or("", String::as_str))]
    NotInManifest {
        /// All of them, in bytewise order; at least one.
        names: Vec<String>,
    },
    /// The directory cannot be read in full.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The manifest lists tensors, not files.
    #[error("the manifest lists tensors, not files")]
    Tensors,
}

#[cfg(test)]
mod tests;
