//! All regular files below a root, in bytewise order of their names.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
#[cfg(unix)]
use std::time::Duration;

use super::cache::Look;
use super::{FirstFault, Links, ScanError, SpecialKind, Stop, full_path};
use crate::parallel::{locked, on_threads};

/// Entries of one directory that one thread takes at a time.
///
/// Looking at an entry costs about twice as much as listing it, so a directory
/// of many files is shared among threads; a batch is 100 us of work or more.
const BATCH: usize = 256;

/// A file that the walk saw.
pub(super) struct Found {
    /// Path below the root, with `/`.
    pub(super) name: String,
    /// Where to open it, if not at its name below the root.
    pub(super) place: Option<PathBuf>,
    /// What it must still be when it is read.
    pub(super) stamp: Stamp,
}

/// What tells one state of one file from another, as far as the platform can.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    /// In bytes.
    pub(super) len: u64,
    identity: Identity,
    times: Times,
}

impl Stamp {
    /// `None` for anything but a regular file.
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self {
            len: metadata.len(),
            identity: identity(metadata),
            times: times(metadata),
        })
    }
}

impl Stamp {
    /// What a cache keeps of it; `None` for times before 1970.
    #[cfg(unix)]
    pub(super) fn look(&self) -> Option<Look> {
        let time = |(seconds, nanos): (i64, i64)| {
            Some(Duration::new(seconds.try_into().ok()?, nanos.try_into().ok()?))
        };
        let ((dev, ino), [modified, changed]) = (self.identity, self.times);
        Some(Look { size: self.len, dev, ino, times: [time(modified)?, time(changed)?] })
    }

    /// The standard library does not tell enough.
    #[cfg(not(unix))]
    pub(super) fn look(&self) -> Option<Look> {
        None
    }
}

/// Device and inode of the root; `None` where the platform does not tell.
pub(super) fn root_identity(root: &Path) -> Result<Option<(u64, u64)>, ScanError> {
    let metadata = fs::metadata(root).map_err(|source| ScanError::read(root, "", source))?;
    #[cfg(unix)]
    return Ok(Some(identity(&metadata)));
    #[cfg(not(unix))]
    return Ok(identity(&metadata).and(None));
}

/// Device and inode.
#[cfg(unix)]
type Identity = (u64, u64);
/// Modification and status change, in seconds and nanoseconds.
#[cfg(unix)]
type Times = [(i64, i64); 2];

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(unix)]
fn times(metadata: &Metadata) -> Times {
    use std::os::unix::fs::MetadataExt as _;
    [(metadata.mtime(), metadata.mtime_nsec()), (metadata.ctime(), metadata.ctime_nsec())]
}

/// Creation: the nearest to an identity that the standard library offers.
#[cfg(not(unix))]
type Identity = Option<std::time::SystemTime>;
#[cfg(not(unix))]
type Times = Option<std::time::SystemTime>;

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Identity {
    metadata.created().ok()
}

#[cfg(not(unix))]
fn times(metadata: &Metadata) -> Times {
    metadata.modified().ok()
}

/// What the entry is itself, a link not followed.
#[cfg(not(windows))]
fn look(entry: &DirEntry) -> io::Result<Metadata> {
    entry.metadata()
}

/// A Windows directory may list old lengths and times; the file itself knows.
#[cfg(windows)]
fn look(entry: &DirEntry) -> io::Result<Metadata> {
    fs::symlink_metadata(entry.path())
}

#[cfg(unix)]
fn special_kind(file_type: FileType) -> SpecialKind {
    use std::os::unix::fs::FileTypeExt as _;
    if file_type.is_block_device() {
        SpecialKind::BlockDevice
    } else if file_type.is_char_device() {
        SpecialKind::CharDevice
    } else if file_type.is_fifo() {
        SpecialKind::Fifo
    } else if file_type.is_socket() {
        SpecialKind::Socket
    } else {
        SpecialKind::Other
    }
}

#[cfg(not(unix))]
fn special_kind(_: FileType) -> SpecialKind {
    SpecialKind::Other
}

/// The root to open files below, and the files in order of their names.
pub(super) fn walk(
    shown: &Path,
    links: Links,
    threads: usize,
    stop: Stop<'_>,
) -> Result<(PathBuf, Vec<Found>), ScanError> {
    let root = match links {
        Links::Refuse => shown.to_owned(),
        Links::FollowInside => {
            fs::canonicalize(shown).map_err(|source| ScanError::read(shown, "", source))?
        }
    };
    let top =
        Directory { name: String::new(), path: root.clone(), identity: None, way: Way::Direct };
    let walk = Walk {
        shown,
        root: &root,
        links,
        stop,
        faults: FirstFault::new(),
        queue: Mutex::new(Queue { tasks: vec![Task::List(top)], busy: 0 }),
        wake: Condvar::new(),
    };
    let runs = on_threads(threads, || walk.work());
    let Walk { faults, .. } = walk;
    if stop.is_set() {
        return Err(ScanError::Cancelled);
    }
    faults.into_result()?;
    let mut found: Vec<Found> = runs.into_iter().flatten().collect();
    // The stable sort makes use of the sorted runs that are there.
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((root, found))
}

struct Walk<'a> {
    /// The root as the caller wrote it, for errors.
    shown: &'a Path,
    /// The root as it is opened; canonical where links are followed.
    root: &'a Path,
    links: Links,
    stop: Stop<'a>,
    faults: FirstFault<OsString>,
    queue: Mutex<Queue>,
    wake: Condvar,
}

struct Queue {
    tasks: Vec<Task>,
    /// Threads that work on a task and may add more.
    busy: usize,
}

enum Task {
    List(Directory),
    Look(Arc<Directory>, Vec<DirEntry>),
}

struct Directory {
    /// Path below the root, with `/`; empty for the root.
    name: String,
    path: PathBuf,
    /// `None` for the root, which is what the caller says.
    identity: Option<Identity>,
    way: Way,
}

/// How a directory was reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Direct,
    ThroughLink,
}

impl Walk<'_> {
    /// Takes tasks until none is left or to come.
    fn work(&self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut queue = locked(&self.queue);
        loop {
            if let Some(task) = queue.tasks.pop() {
                queue.busy = queue.busy.saturating_add(1);
                drop(queue);
                if !self.stop.is_set() {
                    match task {
                        Task::List(directory) => self.list(directory),
                        Task::Look(directory, entries) => {
                            self.look_at(&directory, entries, &mut found);
                        }
                    }
                }
                queue = locked(&self.queue);
                queue.busy = queue.busy.saturating_sub(1);
            } else if queue.busy == 0 {
                drop(queue);
                self.wake.notify_all();
                return found;
            } else {
                queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn push(&self, task: Task) {
        locked(&self.queue).tasks.push(task);
        self.wake.notify_one();
    }

    fn list(&self, directory: Directory) {
        if self.faults.is_before(OsStr::new(&directory.name)) {
            return;
        }
        let directory = Arc::new(directory);
        if let Err(error) = self.try_list(&directory) {
            self.faults.report(directory.name.clone().into(), error);
        }
    }

    fn try_list(&self, directory: &Arc<Directory>) -> Result<(), ScanError> {
        let unreadable = |source| ScanError::read(self.shown, &directory.name, source);
        let listing = fs::read_dir(&directory.path).map_err(unreadable)?;
        if let Some(seen) = directory.identity {
            // What was listed may be a link put in the directory's place.
            let now = fs::symlink_metadata(&directory.path).map_err(unreadable)?;
            if !now.is_dir() || identity(&now) != seen {
                return Err(ScanError::changed(self.shown, &directory.name));
            }
        }
        let mut batch = Vec::new();
        for entry in listing {
            batch.push(entry.map_err(unreadable)?);
            if batch.len() == BATCH {
                self.push(Task::Look(Arc::clone(directory), std::mem::take(&mut batch)));
            }
        }
        if !batch.is_empty() {
            self.push(Task::Look(Arc::clone(directory), batch));
        }
        Ok(())
    }

    fn look_at(&self, directory: &Directory, entries: Vec<DirEntry>, found: &mut Vec<Found>) {
        let start = found.len();
        for entry in entries {
            let file_name = match entry.file_name().into_string() {
                Ok(file_name) => file_name,
                Err(file_name) => {
                    let mut name = OsString::from(&directory.name);
                    if !name.is_empty() {
                        name.push("/");
                    }
                    name.push(&file_name);
                    let path = full_path(self.shown, &directory.name).join(&file_name);
                    self.faults.report(name, ScanError::NotUtf8 { path });
                    continue;
                }
            };
            let name = below(&directory.name, file_name);
            if self.faults.is_before(OsStr::new(&name)) {
                continue;
            }
            match self.try_look(directory, &entry, &name) {
                Ok(Seen::File(stamp, place)) => found.push(Found { name, place, stamp }),
                Ok(Seen::Directory(path, identity, way)) => {
                    self.push(Task::List(Directory { name, path, identity: Some(identity), way }));
                }
                Err(error) => self.faults.report(name.into(), error),
            }
        }
        if let Some(run) = found.get_mut(start..) {
            run.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        }
    }

    fn try_look(
        &self,
        directory: &Directory,
        entry: &DirEntry,
        name: &str,
    ) -> Result<Seen, ScanError> {
        let metadata = look(entry).map_err(|source| ScanError::read(self.shown, name, source))?;
        if metadata.is_symlink() {
            return self.follow(directory, &entry.path(), name);
        }
        // Windows takes no `/` in the canonical form of a path.
        let apart = cfg!(windows) || directory.way == Way::ThroughLink;
        if let Some(stamp) = Stamp::of(&metadata) {
            Ok(Seen::File(stamp, apart.then(|| entry.path())))
        } else if metadata.is_dir() {
            Ok(Seen::Directory(entry.path(), identity(&metadata), directory.way))
        } else {
            Err(self.special(name, &metadata))
        }
    }

    fn follow(&self, directory: &Directory, link: &Path, name: &str) -> Result<Seen, ScanError> {
        let path = || full_path(self.shown, name);
        match self.links {
            Links::Refuse => return Err(ScanError::LinkRefused { path: path() }),
            Links::FollowInside => {}
        }
        let unreadable = |source| ScanError::read(self.shown, name, source);
        let target = fs::canonicalize(link).map_err(unreadable)?;
        if !target.starts_with(self.root) {
            return Err(ScanError::LinkOutside { path: path(), target });
        }
        let metadata = fs::symlink_metadata(&target).map_err(unreadable)?;
        if let Some(stamp) = Stamp::of(&metadata) {
            Ok(Seen::File(stamp, Some(target)))
        } else if metadata.is_symlink() {
            // It was none a moment ago.
            Err(ScanError::Changed { path: path() })
        } else if !metadata.is_dir() {
            Err(self.special(name, &metadata))
        } else if directory.path.starts_with(&target) {
            Err(ScanError::LinkLoop { path: path() })
        } else if directory.way == Way::ThroughLink {
            Err(ScanError::LinkNested { path: path() })
        } else {
            Ok(Seen::Directory(target, identity(&metadata), Way::ThroughLink))
        }
    }

    fn special(&self, name: &str, metadata: &Metadata) -> ScanError {
        let kind = special_kind(metadata.file_type());
        ScanError::Special { path: full_path(self.shown, name), kind }
    }
}

enum Seen {
    File(Stamp, Option<PathBuf>),
    Directory(PathBuf, Identity, Way),
}

/// The name of an entry of a directory.
fn below(directory: &str, file_name: String) -> String {
    if directory.is_empty() {
        return file_name;
    }
    [directory, "/", &file_name].concat()
}
