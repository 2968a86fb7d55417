//! Scans that learn the SHA-256 of every file too.

use super::hash::{Digests, Hashed};
use super::{Scan, ScanError};
use crate::digest::Sha256;
use crate::manifest::{Dataset, Manifest, ManifestBuilder, ManifestFile, ScanMethod, Sha256Index};

/// A scan that takes the SHA-256 of every file too; made by [`Scan::with_sha256`].
///
/// ```
/// use datadeed::digest::Sha256;
/// use datadeed::scan::Scan;
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("a"), "1")?;
/// let file = Scan::new(root.path()).with_sha256().run()?;
/// assert_eq!(file.sha256_of("a"), Some(Sha256::of(b"1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `run`"]
pub struct WithSha256<'a> {
    scan: Scan<'a>,
}

impl<'a> Scan<'a> {
    /// To take the SHA-256 of every file too, with the options of this scan.
    ///
    /// For hubs, Git LFS, Croissant and OCI, which know files by it. Every byte
    /// is still read once. SHA-256 is sequential, so one thread reads a file
    /// from its first byte to its last while the others take other files: a
    /// single large file takes as long on many threads as on one.
    pub fn with_sha256(&self) -> WithSha256<'a> {
        WithSha256 { scan: self.clone() }
    }
}

impl WithSha256<'_> {
    /// Reads every file; the manifest is the one that [`Scan::run`] gives.
    ///
    /// [`ManifestFile::sha256`] is always there.
    ///
    /// # Errors
    ///
    /// As [`Scan::run`].
    pub fn run(&self) -> Result<ManifestFile, ScanError> {
        let Hashed { entries, sha256 } = self.scan.read(Digests::WithSha256)?;
        let manifest = ManifestBuilder::new().threads(self.scan.threads).checked_files(entries)?;
        let entries = manifest.file_entries().unwrap_or_default().iter();
        let digests = entries.filter_map(|entry| sha256.get(&entry.digest)).copied().collect();
        Ok(with_index(manifest, digests))
    }

    /// Scans, and begins a `dataset` statement which says that every byte was read and names the `sha256` index.
    ///
    /// ```
    /// use datadeed::scan::Scan;
    ///
    /// let root = tempfile::tempdir()?;
    /// std::fs::write(root.path().join("a"), "1")?;
    /// let (file, dataset) = Scan::new(root.path()).with_sha256().dataset("Court decisions")?;
    /// assert_eq!(dataset.manifest, file.manifest().id());
    /// assert!(dataset.indexes.iter().any(|index| index.rule == "sha256"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Scan::run`].
    pub fn dataset(&self, title: impl Into<String>) -> Result<(ManifestFile, Dataset), ScanError> {
        let file = self.run()?;
        let mut dataset = Dataset::new(file.manifest().id(), title, ScanMethod::Full);
        dataset.indexes.extend(file.sha256().map(Sha256Index::dataset_index));
        Ok((file, dataset))
    }
}

#[expect(
    clippy::expect_used,
    reason = "every content that was read has its SHA-256, and the tree has the sums of `parts`"
)]
fn with_index(manifest: Manifest, digests: Vec<Sha256>) -> ManifestFile {
    Sha256Index::new(&manifest, digests)
        .and_then(|index| ManifestFile::with_sha256(manifest, index))
        .expect("a manifest that was built has an index over its own files")
}

#[cfg(test)]
mod tests;
