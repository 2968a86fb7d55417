//! A log in a directory, in the layout of C2SP tlog-tiles: any server of files serves it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::store::{Resource, Store, StoreError};

const CHECKPOINT: &str = "checkpoint";
const LOCK: &str = "lock";
/// One writer, so one name.
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
/// alive after all, it finds the lock changed before its next write and fails.
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
    root: PathBuf,
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
        let store = Self::at(root.into())?;
        let path = store.root.join(LOCK);
        let lock = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut lock = lock.map_err(|source| {
            let path = path.clone();
            if source.kind() == io::ErrorKind::AlreadyExists {
                DirectoryError::Locked { path }
            } else {
                DirectoryError::Io { path, source }
            }
        })?;
        lock.write_all(store.token.as_bytes()).map_err(at(&path))?;
        Ok(store)
    }

    /// The directory `root` in place of whoever wrote there.
    ///
    /// The caller knows that nobody does any more: see [`DirectoryStore`].
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn take_over(root: impl Into<PathBuf>) -> Result<Self, DirectoryError> {
        let store = Self::at(root.into())?;
        let path = store.root.join(LOCK);
        let temporary = store.root.join(&store.token);
        fs::write(&temporary, &store.token).map_err(at(&temporary))?;
        fs::rename(&temporary, &path).map_err(at(&path))?;
        Ok(store)
    }

    fn at(root: PathBuf) -> Result<Self, DirectoryError> {
        fs::create_dir_all(&root).map_err(at(&root))?;
        // Two numbers of the random source that seeds the maps of the standard library.
        let random = || RandomState::new().build_hasher().finish();
        let token = format!("{LOCK}-{:016x}{:016x}", random(), random());
        // What a process that was killed renamed last may be read and not be on the disk: it has to
        // be there before anybody is told of it. So has the directory itself.
        flush(&root)?;
        match root.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => flush(parent)?,
            Some(_) | None => {}
        }
        Ok(Self { root, token, flushed: Mutex::default() })
    }

    /// Whether the lock is still the one that this store made.
    fn check_lock(&self) -> Result<(), DirectoryError> {
        let path = self.root.join(LOCK);
        match fs::read(&path) {
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
        let temporary = self.root.join(TEMPORARY);
        let mut file = File::create(&temporary).map_err(at(&temporary))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&temporary))?;
        drop(file);
        fs::rename(&temporary, path).map_err(at(path))?;
        flush(directory)
    }

    /// Makes a directory below the root, with those above it, and flushes the entry of each.
    fn make(&self, directory: &Path) -> Result<(), DirectoryError> {
        let mut flushed = self.flushed.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&Path> = directory
            .ancestors()
            .take_while(|path| *path != self.root && !flushed.contains(*path))
            .collect();
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(DirectoryError::Io { path: path.to_owned(), source });
                }
                _ => {}
            }
            // One that exists may have been made by a process that was killed before it flushed.
            flush(path.parent().unwrap_or(&self.root))?;
            // There are as many directories of partial resources as resources: too many to remember.
            if path.extension().is_none() {
                flushed.insert(path.to_owned());
            }
        }
        Ok(())
    }

    fn get(path: &Path) -> Result<Option<Vec<u8>>, DirectoryError> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(DirectoryError::Io { path: path.to_owned(), source }),
        }
    }
}

/// Removes the lock, if it is still its own.
impl Drop for DirectoryStore {
    fn drop(&mut self) {
        if self.check_lock().is_ok() {
            // Nobody to tell; whoever comes next is told that it is locked.
            drop(fs::remove_file(self.root.join(LOCK)));
        }
    }
}

impl Store for DirectoryStore {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        Self::get(&self.root.join(resource.to_string())).map_err(StoreError::new)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.replace(&self.root.join(resource.to_string()), bytes).map_err(StoreError::new)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Self::get(&self.root.join(CHECKPOINT)).map_err(StoreError::new)
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

/// Puts the entries of a directory on the disk, where the system lets one ask for it.
#[cfg(unix)]
fn flush(directory: &Path) -> Result<(), DirectoryError> {
    File::open(directory).and_then(|open| open.sync_all()).map_err(at(directory))
}

#[cfg(not(unix))]
fn flush(_directory: &Path) -> Result<(), DirectoryError> {
    Ok(())
}

#[cfg(test)]
mod tests;
