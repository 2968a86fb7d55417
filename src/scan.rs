//! Directories to manifests: every regular file below a root, read once, on several threads.
//!
//! A scan either answers for all files or fails; there is no partial
//! [`Manifest`]. It reads no clock and its answer does not depend on the number
//! of threads. [`ManifestWriter`] is for entries that come from elsewhere and are
//! too many for memory.
//!
//! ```
//! use datadeed::Digest;
//! use datadeed::scan::Scan;
//!
//! let root = tempfile::tempdir()?;
//! std::fs::create_dir(root.path().join("train"))?;
//! std::fs::write(root.path().join("train/a.jsonl"), "{}\n")?;
//!
//! let manifest = Scan::new(root.path()).threads(2).run()?;
//! let [file] = manifest.file_entries().unwrap_or_default() else { unreachable!() };
//! assert_eq!(file.name, "train/a.jsonl");
//! assert_eq!((file.size, file.digest), (3, Digest::of(b"{}\n")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is in a manifest
//!
//! - Regular files, those of zero bytes included, named by their path below the
//!   root with `/` between components. Hard links are files like any other.
//! - Never directories: an empty one leaves no trace.
//! - Everything else (FIFO, socket, device) is refused by name, and so are
//!   symbolic links unless [`Links::FollowInside`] is chosen.
//!
//! # What may change meanwhile
//!
//! Every file is read through handles that must be the very file which the walk
//! saw (on Unix: device and inode) with the length and the times (on Unix: of
//! modification and of status change) it had then, when opened and again when
//! read; else [`ScanError::Changed`]. Files are never memory-mapped. Beyond reach
//! are: a file created after the walk has listed its directory; a write that
//! keeps the length within the tick of the file system's clock in which the walk
//! looked; a write through a memory map that the kernel has not yet dated; and a
//! directory of the path that is exchanged and put back between two looks. Scan
//! what nobody else writes, or a snapshot of it.

mod cache;
mod cached;
mod check;
mod hash;
mod index_writer;
mod records;
mod spill;
mod walk;
mod with_sha256;
mod writer;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

pub use cache::{Cache, CacheError, probe};
pub use cached::{Cached, CachedScan};
pub use check::{Changed, Check, CheckError, Delivery, Renamed};
pub use index_writer::{RecordIndexWriter, RecordIndexWriterError};
pub use records::{Records, RecordsError};
pub use with_sha256::WithSha256;
pub use writer::{ManifestWriter, ManifestWriterError, WriterProgress};

use crate::manifest::{Manifest, ManifestBuilder, ManifestError, NameProfile, check_together};
use crate::parallel::locked;
use hash::{Digests, Hashed};

/// The manifest of a directory, with the default of every option of [`Scan`].
///
/// ```
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("empty"), "")?;
/// assert_eq!(datadeed::scan::directory(root.path())?.parts().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`Scan::run`].
pub fn directory(root: impl Into<PathBuf>) -> Result<Manifest, ScanError> {
    Scan::new(root).run()
}

/// How to scan a directory.
///
/// ```
/// use datadeed::manifest::NameProfile;
/// use datadeed::scan::{Scan, ScanError};
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("what?.txt"), "no name for Windows")?;
/// assert!(matches!(Scan::new(root.path()).run(), Err(ScanError::Manifest(_))));
/// let manifest = Scan::new(root.path()).profile(NameProfile::Any).threads(1).run()?;
/// assert_eq!(manifest.parts().count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is read before `run`"]
pub struct Scan<'a> {
    root: PathBuf,
    profile: NameProfile,
    links: Links,
    threads: usize,
    progress: Option<&'a (dyn Fn(Progress) + Sync)>,
    cancel: Option<&'a AtomicBool>,
}

impl<'a> Scan<'a> {
    /// A scan of all that is below `root`, which may itself be a symbolic link to a directory.
    ///
    /// Defaults: [`NameProfile::Portable`], [`Links::Refuse`], one thread for each
    /// unit of [`std::thread::available_parallelism`].
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            profile: NameProfile::default(),
            links: Links::default(),
            threads: thread::available_parallelism().map_or(1, usize::from),
            progress: None,
            cancel: None,
        }
    }

    /// Which names to accept. The id of the manifest does not depend on it.
    pub const fn profile(mut self, profile: NameProfile) -> Self {
        self.profile = profile;
        self
    }

    /// What to do about symbolic links.
    pub const fn links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// Most threads at work, the calling one included; 0 counts as 1.
    ///
    /// Each holds one buffer of 256 KiB. Where the system grants fewer threads,
    /// the scan does with those.
    pub const fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Whom to tell how far reading has come.
    ///
    /// Called once when the walk is over and the totals are known, then on any
    /// of the threads after each file and after each block of a large file, and
    /// once more when everything is read. Calls may overlap and overtake each
    /// other; only the first and the last stand in order. A slow callback slows
    /// the scan.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use datadeed::scan::{Progress, Scan};
    ///
    /// let root = tempfile::tempdir()?;
    /// std::fs::write(root.path().join("a"), "five!")?;
    /// let seen = AtomicU64::new(0);
    /// let show = |progress: Progress| {
    ///     seen.fetch_max(progress.bytes_done, Ordering::Relaxed);
    /// };
    /// Scan::new(root.path()).progress(&show).run()?;
    /// assert_eq!(seen.into_inner(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn progress(mut self, progress: &'a (dyn Fn(Progress) + Sync)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// A flag that ends the scan with [`ScanError::Cancelled`] once it is `true`.
    ///
    /// Every thread looks at it before each directory, file and block of a file,
    /// so a scan ends within the time that one read of 256 KiB takes.
    pub const fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Walks the directory, reads every file and builds the manifest.
    ///
    /// The walk is complete, and the names are known to make a manifest, before
    /// the first file is read. Of several faults in the walk the one of the smallest name (in bytewise order) is reported, and
    /// likewise of several in reading, whatever the number of threads.
    ///
    /// # Errors
    ///
    /// - [`ScanError::Special`], [`ScanError::LinkRefused`],
    ///   [`ScanError::LinkOutside`], [`ScanError::LinkLoop`],
    ///   [`ScanError::LinkNested`] and [`ScanError::NotUtf8`] for what the walk
    ///   must not or cannot name;
    /// - [`ScanError::Read`] for what cannot be listed, opened or read;
    /// - [`ScanError::Changed`] for what is no longer as the walk saw it;
    /// - [`ScanError::Manifest`] for names that no manifest or not this
    ///   [`NameProfile`] allows, and sizes that add up to 2^64 or more;
    /// - [`ScanError::Cancelled`] once the flag was seen.
    pub fn run(&self) -> Result<Manifest, ScanError> {
        let Hashed { entries, .. } = self.read(Digests::Blake3)?;
        Ok(ManifestBuilder::new().threads(self.threads).checked_files(entries)?)
    }

    /// Every file, read.
    fn read(&self, digests: Digests) -> Result<Hashed, ScanError> {
        let (root, found) = self.walk()?;
        hash::hash(self, &root, found, digests)
    }

    /// The root to open files below, and all files in bytewise order of their names, which suit each other.
    fn walk(&self) -> Result<(PathBuf, Vec<walk::Found>), ScanError> {
        let threads = self.threads.max(1);
        let (root, found) = walk::walk(&self.root, self.links, threads, Stop(self.cancel))?;
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        check_together(&names, self.profile, threads).map_err(ManifestError::from)?;
        Ok((root, found))
    }
}

impl fmt::Debug for Scan<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("root", &self.root)
            .field("profile", &self.profile)
            .field("links", &self.links)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// What a scan does about symbolic links below its root.
///
/// ```
/// # #[cfg(unix)] {
/// use datadeed::scan::{Links, Scan, ScanError};
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("a.txt"), "text")?;
/// std::os::unix::fs::symlink("a.txt", root.path().join("b.txt"))?;
///
/// let scan = Scan::new(root.path());
/// assert!(matches!(scan.run(), Err(ScanError::LinkRefused { .. })));
/// assert_eq!(scan.links(Links::FollowInside).run()?.parts().count(), 2);
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Links {
    /// Any link is refused by name.
    #[default]
    Refuse,
    /// A link is followed where all of it resolves to a place inside the root.
    ///
    /// Its target then enters under the link's name, in addition to its own. A
    /// link to a directory is followed unless it stands in its own target
    /// ([`ScanError::LinkLoop`]) or in a directory that was itself reached
    /// through a link ([`ScanError::LinkNested`]). So every walk ends, and n
    /// links make it at most n + 1 times as long.
    FollowInside,
}

/// How far a scan has come.
///
/// ```
/// use datadeed::scan::{Progress, Scan};
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("a.txt"), "five!")?;
/// let bar = |progress: Progress| println!("{} of {} bytes", progress.bytes_done, progress.bytes);
/// Scan::new(root.path()).progress(&bar).run()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Files read to their end.
    pub files_done: u64,
    /// All files that the walk found.
    pub files: u64,
    /// Bytes read, of unfinished files too.
    pub bytes_done: u64,
    /// Bytes of all files that the walk found.
    pub bytes: u64,
}

/// What stands where a file or directory is expected.
///
/// ```
/// # #[cfg(unix)] {
/// use datadeed::scan::{ScanError, SpecialKind, directory};
///
/// let root = tempfile::tempdir()?;
/// let _listener = std::os::unix::net::UnixListener::bind(root.path().join("socket"))?;
/// let socket = SpecialKind::Socket;
/// assert!(matches!(directory(root.path()), Err(ScanError::Special { kind, .. }) if kind == socket));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecialKind {
    /// A block device.
    BlockDevice,
    /// A character device.
    CharDevice,
    /// A FIFO, or named pipe.
    Fifo,
    /// None of the kinds that the platform names.
    Other,
    /// A Unix domain socket.
    Socket,
}

impl fmt::Display for SpecialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BlockDevice => "a block device",
            Self::CharDevice => "a character device",
            Self::Fifo => "a FIFO",
            Self::Other => "of an unknown kind",
            Self::Socket => "a socket",
        })
    }
}

/// A directory that yields no manifest.
///
/// Paths are the root as given, followed by the name below it.
///
/// ```
/// use std::sync::atomic::AtomicBool;
///
/// use datadeed::scan::{Scan, ScanError, directory};
///
/// let root = tempfile::tempdir()?;
/// let missing = directory(root.path().join("missing"));
/// assert!(matches!(missing, Err(ScanError::Read { path, .. }) if path.ends_with("missing")));
///
/// let stop = AtomicBool::new(true);
/// let stopped = Scan::new(root.path()).cancel(&stop).run();
/// assert!(matches!(stopped, Err(ScanError::Cancelled)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The caller's flag was set.
    #[error("scan cancelled")]
    Cancelled,
    /// No longer the file or directory, the length or the times that the walk saw.
    #[error("{path:?} changed during the scan")]
    Changed {
        /// What changed.
        path: PathBuf,
    },
    /// A link to a directory that contains the link.
    #[error("{path:?} links to a directory that contains it")]
    LinkLoop {
        /// The link.
        path: PathBuf,
    },
    /// A link to a directory, in a directory that was reached through a link.
    #[error("{path:?} links to a directory from below a linked directory")]
    LinkNested {
        /// The link.
        path: PathBuf,
    },
    /// A link to a place outside the root.
    #[error("{path:?} links to {target:?}, outside the root")]
    LinkOutside {
        /// The link.
        path: PathBuf,
        /// What it resolves to, in canonical form.
        target: PathBuf,
    },
    /// A symbolic link where [`Links::Refuse`] holds.
    #[error("{path:?} is a symbolic link")]
    LinkRefused {
        /// The link.
        path: PathBuf,
    },
    /// The files make no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file or directory whose name is not UTF-8.
    #[error("{path:?} is not named in UTF-8")]
    NotUtf8 {
        /// What is so named.
        path: PathBuf,
    },
    /// Cannot be listed, resolved, opened or read.
    #[error("{path:?} cannot be read")]
    Read {
        /// The file, directory or link.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
    /// Neither a regular file nor a directory nor a link.
    #[error("{path:?} is {kind}, not a regular file")]
    Special {
        /// What is refused.
        path: PathBuf,
        /// What it is.
        kind: SpecialKind,
    },
}

impl ScanError {
    fn changed(root: &Path, name: &str) -> Self {
        Self::Changed { path: full_path(root, name) }
    }

    fn read(root: &Path, name: &str, source: io::Error) -> Self {
        Self::Read { path: full_path(root, name), source }
    }
}

/// The root itself has the empty name, and joining that would append a separator.
fn full_path(root: &Path, name: &str) -> PathBuf {
    if name.is_empty() { root.to_owned() } else { root.join(name) }
}

/// Whether the caller wants no more.
#[derive(Clone, Copy)]
struct Stop<'a>(Option<&'a AtomicBool>);

impl Stop<'_> {
    fn is_set(self) -> bool {
        self.0.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

/// The fault of the smallest key, whichever thread finds which first.
///
/// Work above the key of a known fault is in vain; work below it goes on.
struct FirstFault<K, E = ScanError> {
    any: AtomicBool,
    slot: Mutex<Option<(K, E)>>,
}

impl<K: Ord, E> FirstFault<K, E> {
    fn new() -> Self {
        Self { any: AtomicBool::new(false), slot: Mutex::new(None) }
    }

    fn report(&self, key: K, error: E) {
        let mut slot = locked(&self.slot);
        if slot.as_ref().is_none_or(|(known, _)| key < *known) {
            *slot = Some((key, error));
        }
        self.any.store(true, Ordering::Relaxed);
    }

    /// Whether a fault of a smaller key is known.
    fn is_before<Q>(&self, key: &Q) -> bool
    where
        Q: Ord + ?Sized,
        K: std::borrow::Borrow<Q>,
    {
        self.any.load(Ordering::Relaxed)
            && locked(&self.slot).as_ref().is_some_and(|(known, _)| known.borrow() < key)
    }

    fn into_result(self) -> Result<(), E> {
        let slot = self.slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        slot.map_or(Ok(()), |(_, error)| Err(error))
    }
}

#[cfg(test)]
mod tests;
