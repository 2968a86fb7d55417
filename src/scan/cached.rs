//! Scans that trust what an earlier one read.

use std::time::SystemTime;

use super::cache::{Cache, CacheError, Row};
use super::hash::{self, Digests};
use super::walk::{Found, root_identity};
use super::{Scan, ScanError};
use crate::manifest::{Dataset, FileEntry, Manifest, ManifestBuilder, ScanMethod};

/// A scan that reads only what has changed since an earlier one; made by [`Scan::cached`].
///
/// It takes no SHA-256: a cache holds none, and to have them of every file every
/// file must be read ([`Scan::with_sha256`]).
///
/// ```
/// use datadeed::scan::{Scan, probe};
///
/// let (root, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// std::fs::write(root.path().join("a"), "1")?;
/// let now = probe(&state.path().join("now"))?;
/// let scanned = Scan::new(root.path()).cached(&[], now).run()?;
/// assert_eq!((scanned.reused(), scanned.read()), (0, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is read before `run`"]
pub struct Cached<'a> {
    scan: Scan<'a>,
    cache: &'a [u8],
    as_of: SystemTime,
}

impl<'a> Scan<'a> {
    /// To scan with the digests of an earlier scan for files that look unchanged.
    ///
    /// `cache` is what [`Cache::to_bytes`] gave then, or empty for a first scan.
    /// One that is damaged or of another root is not used, and
    /// [`CachedScan::notice`] says why.
    ///
    /// A file looks unchanged while its path, length, device, inode and times of
    /// modification and of status change are those of the earlier scan, and both
    /// times are older than that scan: a file written as the scan began may have
    /// been written again within the same tick of the file system's clock, so it
    /// is left out of the cache. `as_of` tells when this scan begins, and must
    /// not be later than any time that the file system gives from now on.
    /// [`probe`](super::probe) asks the file system. Only Unix tells what a cache
    /// needs; elsewhere every file is read.
    ///
    /// Files that somebody writes through a memory map look unchanged until the
    /// kernel dates the write, some seconds later or, on `tmpfs`, never: scan such
    /// files without a cache.
    ///
    /// ```
    /// use datadeed::manifest::ScanMethod;
    /// use datadeed::scan::{Scan, probe};
    ///
    /// let (root, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// std::fs::write(root.path().join("a"), "1")?;
    /// let scan = Scan::new(root.path());
    /// let first = scan.cached(&[], probe(&state.path().join("now"))?).run()?;
    /// std::fs::write(state.path().join("cache"), first.cache().to_bytes())?;
    ///
    /// let cache = std::fs::read(state.path().join("cache"))?;
    /// let second = scan.cached(&cache, probe(&state.path().join("now"))?).run()?;
    /// assert_eq!(second.manifest(), first.manifest());
    /// assert_eq!(first.dataset("Records").scan, ScanMethod::Full);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cached(&self, cache: &'a [u8], as_of: SystemTime) -> Cached<'a> {
        Cached { scan: self.clone(), cache, as_of }
    }

    /// Scans, and begins a `dataset` statement which says that every byte was read.
    ///
    /// # Errors
    ///
    /// As [`Scan::run`].
    pub fn dataset(&self, title: impl Into<String>) -> Result<(Manifest, Dataset), ScanError> {
        let manifest = self.run()?;
        let dataset = Dataset::new(manifest.id(), title, ScanMethod::Full);
        Ok((manifest, dataset))
    }
}

impl Cached<'_> {
    /// Walks the directory and reads every file that the cache does not vouch for.
    ///
    /// [`Scan::progress`] tells of those files only.
    ///
    /// # Errors
    ///
    /// As [`Scan::run`]; never for the cache.
    pub fn run(&self) -> Result<CachedScan, ScanError> {
        let scan = &self.scan;
        let identity = root_identity(&scan.root)?;
        let (old, notice) = match Cache::for_root(self.cache, identity) {
            Ok(cache) => (cache, None),
            Err(fault) => (Cache::default(), Some(fault)),
        };
        let (root, found) = scan.walk()?;
        let (mut entries, mut rows) = (Vec::new(), Vec::new());
        let mut unread: Vec<Found> = Vec::new();
        for file in found {
            match old.get(&file.name, &file.stamp) {
                Some(row) => {
                    entries.push(FileEntry::new(file.name, file.stamp.len, row.digest));
                    rows.extend(row.is_before(self.as_of).then(|| row.clone()));
                }
                None => unread.push(file),
            }
        }
        let reused = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        let read = u64::try_from(unread.len()).unwrap_or(u64::MAX);
        let stamps: Vec<_> = unread.iter().map(|file| file.stamp).collect();
        let fresh = hash::hash(scan, &root, unread, Digests::Blake3)?.entries;
        rows.extend(
            fresh
                .iter()
                .zip(&stamps)
                .filter_map(|(entry, stamp)| Row::new(entry, stamp))
                .filter(|row| row.is_before(self.as_of)),
        );
        entries.extend(fresh);
        let manifest = ManifestBuilder::new().threads(scan.threads).checked_files(entries)?;
        Ok(CachedScan { manifest, reused, read, notice, cache: Cache::new(identity, rows) })
    }
}

/// The manifest of a directory of which some files may not have been read.
///
/// Whoever can write to the cache, set the file system's clock or write past
/// the file system can make such a scan say anything, so it is a type of its
/// own and what it vouches for says so: [`CachedScan::method`]. No
/// [`Check`](super::Check) takes one.
///
/// ```
/// # let (root, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// # let cache = Vec::new();
/// use datadeed::manifest::ScanMethod;
/// use datadeed::scan::{Scan, probe};
///
/// let now = probe(&state.path().join("now"))?;
/// let scanned = Scan::new(root.path()).cached(&cache, now).run()?;
/// if let Some(fault) = scanned.notice() {
///     println!("cache not used: {fault}");
/// }
/// let dataset = scanned.dataset("Court decisions");
/// assert_eq!(dataset.scan == ScanMethod::Cached, scanned.reused() > 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct CachedScan {
    manifest: Manifest,
    reused: u64,
    read: u64,
    notice: Option<CacheError>,
    cache: Cache,
}

impl CachedScan {
    /// The manifest, as far as the cache can be trusted.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Files whose digest was taken from the cache.
    pub const fn reused(&self) -> u64 {
        self.reused
    }

    /// Files that were read.
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// Why the cache was not used; `None` where it was, or where there was none.
    pub const fn notice(&self) -> Option<&CacheError> {
        self.notice.as_ref()
    }

    /// What the next scan may be given.
    pub const fn cache(&self) -> &Cache {
        &self.cache
    }

    /// [`ScanMethod::Full`] where every file was read, else [`ScanMethod::Cached`].
    pub const fn method(&self) -> ScanMethod {
        if self.reused == 0 { ScanMethod::Full } else { ScanMethod::Cached }
    }

    /// Begins a `dataset` statement that says how the content is known.
    pub fn dataset(&self, title: impl Into<String>) -> Dataset {
        Dataset::new(self.manifest.id(), title, self.method())
    }
}

#[cfg(all(test, unix))]
mod tests;
