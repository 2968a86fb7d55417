//! Where a log keeps what it has: resources that are written once, and one checkpoint.
//!
//! Tiles, entry bundles and checkpoint have the layout of C2SP tlog-tiles 0.1.0, so that whatever
//! serves files serves the log. An entry is the SHA-256 of a statement's envelope; the envelopes
//! themselves stand in `statement/`, of which that specification knows nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::edge::TILE;

/// What a log keeps beside its checkpoint. Displays as the path of C2SP tlog-tiles.
///
/// ```
/// use datadeed::log::Resource;
///
/// let full = Resource::Tile { level: 0, index: 1_234_067, width: 256 };
/// assert_eq!(full.to_string(), "tile/0/x001/x234/067");
/// let partial = Resource::Entries { index: 3, width: 12 };
/// assert_eq!(partial.to_string(), "tile/entries/003.p/12");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Resource {
    /// The entries from `256 * index` on, each behind its length in two bytes.
    Entries {
        /// Number of the bundle.
        index: u64,
        /// How many entries, 1 to 256.
        width: u16,
    },
    /// Statements that were published together: the last of the first `width` of the 256 from
    /// `256 * index` on. Where in these they begin, and where those before them do, they say.
    Statements {
        /// Number of the 256.
        index: u64,
        /// Where they end, 1 to 256.
        width: u16,
    },
    /// Hashes of full subtrees of 256^level leaves each, from that of number `256 * index` on.
    Tile {
        /// The level, 0 to 7.
        level: u8,
        /// Number of the tile.
        index: u64,
        /// How many hashes, 1 to 256.
        width: u16,
    },
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match *self {
            Self::Entries { index, width } => {
                f.write_str("tile/entries/")?;
                (index, width)
            }
            Self::Statements { index, width } => {
                f.write_str("statement/")?;
                (index, width)
            }
            Self::Tile { level, index, width } => {
                write!(f, "tile/{level}/")?;
                (index, width)
            }
        };
        // Three digits to a step, so that no directory has more than a thousand entries.
        let steps = (1_u32..7).rev().filter_map(|step| 1_000_u64.checked_pow(step));
        for above in steps.filter_map(|step| index.checked_div(step)).filter(|above| *above > 0) {
            write!(f, "x{:03}/", above % 1_000)?;
        }
        write!(f, "{:03}", index % 1_000)?;
        if width < TILE { write!(f, ".p/{width}") } else { Ok(()) }
    }
}

/// A store that could not do what it was asked to, or does not know whether it did.
///
/// ```
/// use std::error::Error;
///
/// use datadeed::log::StoreError;
///
/// let error = StoreError::new("the disk is full");
/// assert_eq!(error.to_string(), "store failed");
/// assert_eq!(error.source().map(ToString::to_string), Some("the disk is full".into()));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("store failed")]
pub struct StoreError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl StoreError {
    /// Wraps the store's own error.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// Durable storage of one log: files, an object store, a table.
///
/// What a log relies on, and nothing beyond:
///
/// - When a call has returned `Ok`, what it did survives a crash.
/// - When a call has failed, it may have happened, wholly, in part or not at all; whichever it is
///   stays so once the log is opened again.
/// - One writer at a time. Two that write the same resources can damage what one of them has
///   published, so a store that more than one process can reach hands out a lock or a lease;
///   [`Store::swap_checkpoint`] is the last line, not the first.
///
/// ```
/// use datadeed::log::{MemoryStore, Resource, Store};
///
/// let store: &dyn Store = &MemoryStore::new();
/// let tile = Resource::Tile { level: 0, index: 0, width: 1 };
/// store.write(&tile, &[7; 32])?;
/// assert_eq!(store.read(&tile)?, Some(vec![7; 32]));
/// assert!(store.swap_checkpoint(None, b"first")?);
/// assert!(!store.swap_checkpoint(None, b"another first")?);
/// assert_eq!(store.checkpoint()?, Some(b"first".to_vec()));
/// # Ok::<(), datadeed::log::StoreError>(())
/// ```
pub trait Store {
    /// What was written as `resource`, if anything.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where that cannot be told.
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps `bytes` as `resource`, in place of whatever a publication that came to nothing left there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where they may not be there, or not for good.
    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError>;

    /// The checkpoint, if there is one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where that cannot be told.
    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError>;

    /// Puts `new` in the place of `old`, at once or not at all; `false` where another one is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] where it is not known which of them is there.
    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError>;
}

impl<S: Store + ?Sized> Store for &S {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).read(resource)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        (**self).write(resource, bytes)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).checkpoint()
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        (**self).swap_checkpoint(old, new)
    }
}

/// A store for tests and for what need not last: it lives as long as it is not dropped.
///
/// ```
/// use datadeed::log::{MemoryStore, Store};
///
/// assert_eq!(MemoryStore::new().checkpoint()?, None);
/// # Ok::<(), datadeed::log::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    resources: BTreeMap<Resource, Vec<u8>>,
    checkpoint: Option<Vec<u8>>,
}

impl MemoryStore {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Every change is one assignment, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.kept().resources.get(resource).cloned())
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.kept().resources.insert(*resource, bytes.to_vec());
        Ok(())
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.kept().checkpoint.clone())
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        if kept.checkpoint.as_deref() != old {
            return Ok(false);
        }
        kept.checkpoint = Some(new.to_vec());
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of C2SP tlog-tiles, and the ends of the range.
    #[test]
    fn paths_are_those_of_the_specification() {
        let tile = |level, index, width| Resource::Tile { level, index, width }.to_string();
        assert_eq!(tile(0, 0, 256), "tile/0/000");
        assert_eq!(tile(0, 273, 112), "tile/0/273.p/112");
        assert_eq!(tile(1, 1, 17), "tile/1/001.p/17");
        assert_eq!(tile(0, 999, 255), "tile/0/999.p/255");
        assert_eq!(tile(0, 1_000, 256), "tile/0/x001/000");
        assert_eq!(tile(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile(0, u64::MAX, 256), "tile/0/x018/x446/x744/x073/x709/x551/615");
        let index = 1_000_000;
        let entries = Resource::Entries { index, width: 1 };
        assert_eq!(entries.to_string(), "tile/entries/x001/x000/000.p/1");
        let statements = Resource::Statements { index, width: 256 };
        assert_eq!(statements.to_string(), "statement/x001/x000/000");
    }

    #[test]
    fn a_checkpoint_is_swapped_for_the_one_that_is_there() {
        let store = MemoryStore::new();
        let swap = |old, new| store.swap_checkpoint(old, new).unwrap();
        assert!(!swap(Some(b"a"), b"b"));
        assert!(swap(None, b"a"));
        assert!(!swap(None, b"b"));
        assert!(!swap(Some(b"b"), b"c"));
        assert!(swap(Some(b"a"), b"b"));
        assert_eq!(store.checkpoint().unwrap(), Some(b"b".to_vec()));
    }
}
