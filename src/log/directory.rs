//! A log in a directory, in the layout of C2SP tlog-tiles: any server of files serves it.

mod files;

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::store::{Resource, Store, StoreError};
use files::{Disk, Files};

const CHECKPOINT: &str = "checkpoint";
const LOCK: &str = "lock";
/// What a resource is called until it is whole, with the token of its writer behind it.
const TEMPORARY: &str = "writing";

/// A [`Store`] of files below one directory.
///
/// A resource is written beside its place, flushed to the disk, moved there, and its directories
/// flushed; a crash leaves the old, the new or nothing. Every path is made of numbers, none of input.
///
/// **One writer.** The file `lock` says that a process writes here; [`DirectoryStore::open`] makes
/// it or refuses, and dropping the store removes it. A process that is killed leaves it behind, and
/// no file can tell whether its maker is alive: whoever knows that he alone writes here, such as the
/// one service that is configured to, calls [`DirectoryStore::take_over`]. Should the other one be
/// alive after all, it finds the lock changed before its next write, and again before it moves what
/// it wrote, and fails. Between that look and the move it can still be overtaken: a lock of a kind
/// that no system breaks is what whoever takes over has to have. Each writes under names of its own,
/// and opening removes what others left behind under theirs.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::SigningKey;
/// use datadeed::log::{DirectoryStore, Log, LogPolicy};
/// use datadeed::statement::Issuer;
/// # let directory = tempfile::tempdir()?;
/// # let directory = directory.path();
///
/// let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// let policy = LogPolicy::new(Origin::new("registry.example/log")?);
/// let now = "2026-11-21T00:00:00Z".parse()?;
/// let log = Log::create(DirectoryStore::open(directory)?, registry, &policy, now)?;
///
/// let checkpoint = std::fs::read_to_string(directory.join("checkpoint"))?;
/// assert!(checkpoint.starts_with("registry.example/log\n1\n"));
/// assert!(directory.join("tile/entries/000.p/1").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DirectoryStore {
    directory: Directory<Disk>,
}

/// The same over any files.
#[derive(Debug)]
struct Directory<F: Files> {
    files: F,
    root: PathBuf,
    /// Who writes here, for as long as it stands in the lock.
    token: String,
    /// Directories whose entries above are on the disk.
    flushed: Mutex<BTreeSet<PathBuf>>,
}

/// A directory that cannot be a store, or not do what it was asked to.
///
/// ```
/// use datadeed::log::{DirectoryError, DirectoryStore};
/// # let directory = tempfile::tempdir()?;
/// # let directory = directory.path();
///
/// let first = DirectoryStore::open(directory)?;
/// let second = DirectoryStore::open(directory);
/// assert!(matches!(second, Err(DirectoryError::Locked { path }) if path.ends_with("lock")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A file could not be read or written.
    #[error("{path}", path = path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Another process writes here, or was killed while it did.
    #[error("{path} exists: another process writes here, or was killed", path = path.display())]
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// Another process has taken over.
    #[error("{path} is another's: another process has taken over", path = path.display())]
    TakenOver {
        /// The lock.
        path: PathBuf,
    },
}

impl DirectoryStore {
    /// The directory `root`, which is made if there is none, for this process alone.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Locked`] where a process writes there or was killed,
    /// [`DirectoryError::Io`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, DirectoryError> {
        Ok(Self { directory: Directory::open(Disk, root.into())? })
    }

    /// The directory `root` in place of whoever wrote there.
    ///
    /// The caller knows that nobody does any more: see [`DirectoryStore`].
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn take_over(root: impl Into<PathBuf>) -> Result<Self, DirectoryError> {
        Ok(Self { directory: Directory::take_over(Disk, root.into())? })
    }
}

impl<F: Files> Directory<F> {
    fn open(files: F, root: PathBuf) -> Result<Self, DirectoryError> {
        let store = Self::at(files, root)?;
        let path = store.root.join(LOCK);
        let mut lock = store.files.claim(&path).map_err(|source| {
            let path = path.clone();
            if source.kind() == io::ErrorKind::AlreadyExists {
                DirectoryError::Locked { path }
            } else {
                DirectoryError::Io { path, source }
            }
        })?;
        if let Err(source) = store.files.write(&mut lock, store.token.as_bytes()) {
            // It is this one's, though it does not say so; nobody to tell if it stays.
            drop(store.files.remove(&path));
            return Err(DirectoryError::Io { path, source });
        }
        store.clean()?;
        Ok(store)
    }

    fn take_over(files: F, root: PathBuf) -> Result<Self, DirectoryError> {
        let store = Self::at(files, root)?;
        let path = store.root.join(LOCK);
        let temporary = store.root.join(&store.token);
        let mut lock = store.files.create(&temporary).map_err(at(&temporary))?;
        store.files.write(&mut lock, store.token.as_bytes()).map_err(at(&temporary))?;
        store.files.rename(&temporary, &path).map_err(at(&path))?;
        store.clean()?;
        Ok(store)
    }

    fn at(files: F, root: PathBuf) -> Result<Self, DirectoryError> {
        files.make_path(&root).map_err(at(&root))?;
        // Two numbers of the random source that seeds the maps of the standard library.
        let random = || RandomState::new().build_hasher().finish();
        let token = format!("{LOCK}-{:016x}{:016x}", random(), random());
        let store = Self { files, root, token, flushed: Mutex::default() };
        // What a process that was killed renamed last may be read and not be on the disk: it has to
        // be there before anybody is told of it. So has the directory itself.
        store.flush(&store.root)?;
        match store.root.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => store.flush(parent)?,
            Some(_) | None => {}
        }
        Ok(store)
    }

    /// Removes what was never moved to its place by whoever wrote here before.
    fn clean(&self) -> Result<(), DirectoryError> {
        let is_stale = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            [TEMPORARY, LOCK]
                .iter()
                .any(|kind| name.strip_prefix(kind).is_some_and(|token| token.starts_with('-')))
        };
        let found = self.files.list(&self.root).map_err(at(&self.root))?;
        for path in found.into_iter().filter(is_stale) {
            self.files.remove(&path).map_err(at(&path))?;
        }
        Ok(())
    }

    /// Whether the lock is still the one that this store made.
    fn check_lock(&self) -> Result<(), DirectoryError> {
        let path = self.root.join(LOCK);
        match self.files.read(&path) {
            Ok(found) if found == self.token.as_bytes() => Ok(()),
            Ok(_) => Err(DirectoryError::TakenOver { path }),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                Err(DirectoryError::TakenOver { path })
            }
            Err(source) => Err(DirectoryError::Io { path, source }),
        }
    }

    /// Puts `bytes` in the place of `path` at once, and on the disk.
    fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), DirectoryError> {
        self.check_lock()?;
        let directory = path.parent().unwrap_or(&self.root);
        self.make(directory)?;
        let temporary = self.root.join(format!("{TEMPORARY}-{}", self.token));
        let mut file = self.files.create(&temporary).map_err(at(&temporary))?;
        self.files.write(&mut file, bytes).map_err(at(&temporary))?;
        self.files.flush(&file).map_err(at(&temporary))?;
        drop(file);
        // What takes longest lies between.
        self.check_lock()?;
        self.files.rename(&temporary, path).map_err(at(path))?;
        self.flush(directory)
    }

    /// Makes a directory below the root, with those above it, and flushes the entry of each.
    fn make(&self, directory: &Path) -> Result<(), DirectoryError> {
        let mut flushed = self.flushed.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&Path> = directory
            .ancestors()
            .take_while(|path| *path != self.root && !flushed.contains(*path))
            .collect();
        for path in missing.into_iter().rev() {
            match self.files.make_directory(path) {
                Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(DirectoryError::Io { path: path.to_owned(), source });
                }
                _ => {}
            }
            // One that exists may have been made by a process that was killed before it flushed.
            self.flush(path.parent().unwrap_or(&self.root))?;
            // There are as many directories of partial resources as resources: too many to remember.
            if path.extension().is_none() {
                flushed.insert(path.to_owned());
            }
        }
        Ok(())
    }

    fn flush(&self, directory: &Path) -> Result<(), DirectoryError> {
        self.files.flush_directory(directory).map_err(at(directory))
    }

    fn get(&self, path: &Path) -> Result<Option<Vec<u8>>, DirectoryError> {
        match self.files.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DirectoryError::Io { path: path.to_owned(), source }),
        }
    }
}

/// Removes the lock, if it is still its own.
impl<F: Files> Drop for Directory<F> {
    fn drop(&mut self) {
        if self.check_lock().is_ok() {
            // Nobody to tell; whoever comes next is told that it is locked.
            drop(self.files.remove(&self.root.join(LOCK)));
        }
    }
}

impl Store for DirectoryStore {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        self.directory.read(resource)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.directory.write(resource, bytes)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.directory.checkpoint()
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        self.directory.swap_checkpoint(old, new)
    }
}

impl<F: Files> Store for Directory<F> {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.root.join(resource.to_string())).map_err(StoreError::new)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.replace(&self.root.join(resource.to_string()), bytes).map_err(StoreError::new)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(&self.root.join(CHECKPOINT)).map_err(StoreError::new)
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        if self.checkpoint()?.as_deref() != old {
            return Ok(false);
        }
        self.replace(&self.root.join(CHECKPOINT), new).map_err(StoreError::new)?;
        Ok(true)
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> DirectoryError {
    let path = path.to_owned();
    move |source| DirectoryError::Io { path, source }
}

#[cfg(test)]
mod tests;
