//! What a scan read, for the next one.
//!
//! ```text
//! {"v": 1, "body": bstr, "checksum": bstr32}         checksum = BLAKE3 of the body
//! body = {"dev": uint, "ino": uint, "files": [row *]}
//! row  = [name, size, dev, ino, mtime, ns, ctime, ns, digest]        in order of names
//! ```

use std::cmp::Ordering;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::walk::Stamp;
use crate::cbor::{CborError, CborFault, Codec, Reader, Version1, Writer, decode, encode, record};
use crate::digest::Digest;
use crate::limits::{MAX_CACHE, MAX_NAME};
use crate::manifest::FileEntry;

/// The digests of the files of one root, each with what its file looked like.
///
/// Never evidence: a checksum guards it against damage, and nothing against
/// whoever can write it.
///
/// ```
/// use datadeed::scan::{Cache, Scan, probe};
///
/// let (root, state) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let scanned = Scan::new(root.path()).cached(&[], probe(&state.path().join("now"))?).run()?;
/// let bytes = scanned.cache().to_bytes();
/// assert_eq!(&Cache::decode(&bytes)?, scanned.cache());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    /// Device and inode; `None` where the platform does not tell.
    root: Option<(u64, u64)>,
    /// In bytewise order of names.
    rows: Vec<Row>,
}

/// Bytes that are no cache of a root.
///
/// ```
/// use datadeed::scan::{CacheError, Scan};
///
/// let root = tempfile::tempdir()?;
/// let scanned = Scan::new(root.path()).cached(b"damaged", std::time::UNIX_EPOCH).run()?;
/// assert!(matches!(scanned.notice(), Some(CacheError::Cbor(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The bytes are not the CBOR they should be, or of another version.
    #[error("malformed cache")]
    Cbor(#[from] CborError),
    /// The checksum is not that of the body.
    #[error("cache with checksum {found}, its body has {computed}")]
    Checksum {
        /// What the bytes say.
        found: Digest,
        /// What the body gives.
        computed: Digest,
    },
    /// The cache is of another directory, or the directory is another one than it was.
    #[error("cache of another root")]
    OtherRoot,
    /// The cache is longer than this crate accepts.
    #[error("cache of {found} bytes, at most {limit} allowed")]
    TooLong {
        /// Its length, in bytes.
        found: usize,
        /// [`MAX_CACHE`].
        limit: usize,
    },
}

/// One file as it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    name: String,
    pub(super) look: Look,
    pub(super) digest: Digest,
}

/// What a file looks like to those who do not read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    pub(super) size: u64,
    pub(super) dev: u64,
    pub(super) ino: u64,
    /// Of modification and of status change, since 1970.
    pub(super) times: [Duration; 2],
}

record! {
    struct Sealed {
        "v" => v: Version1,
        "body" => body: Bytes,
        "checksum" => checksum: Digest,
    }
}

record! {
    struct Body {
        "dev" => dev: u64,
        "ino" => ino: u64,
        "files" => files: Rows,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bytes(Vec<u8>);

impl Codec for Bytes {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.bytes(MAX_CACHE).map(|bytes| Self(bytes.to_vec()))
    }
}

/// Rows in strictly increasing order of names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rows(Vec<Row>);

impl Codec for Rows {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.0.len());
        self.0.iter().for_each(|row| row.encode(writer));
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        // No more is reserved than the input can fill, which MAX_CACHE bounds.
        let len = reader.array(MAX_CACHE)?;
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..len {
            let offset = reader.offset();
            let row = Row::decode(reader)?;
            match rows.last().map(|last| last.name.cmp(&row.name)) {
                None | Some(Ordering::Less) => rows.push(row),
                Some(Ordering::Equal) => {
                    return Err(CborError::new(offset, CborFault::Duplicate));
                }
                Some(Ordering::Greater) => {
                    return Err(CborError::new(offset, CborFault::Unordered));
                }
            }
        }
        Ok(Self(rows))
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}

impl Codec for Row {
    fn encode(&self, writer: &mut Writer) {
        let Look { size, dev, ino, times } = self.look;
        writer.array(9);
        writer.text(&self.name);
        writer.uint(size);
        writer.uint(dev);
        writer.uint(ino);
        for time in times {
            writer.uint(time.as_secs());
            writer.uint(time.subsec_nanos().into());
        }
        self.digest.encode(writer);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.exact_array(9)?;
        let offset = reader.offset();
        let name = match reader.text(MAX_NAME)? {
            "" => return Err(CborError::new(offset, CborFault::EmptyText)),
            name => name.to_owned(),
        };
        let look = Look {
            size: reader.uint()?,
            dev: reader.uint()?,
            ino: reader.uint()?,
            times: [time(reader)?, time(reader)?],
        };
        Ok(Self { name, look, digest: Codec::decode(reader)? })
    }
}

/// Seconds, then nanoseconds below a second.
fn time(reader: &mut Reader<'_>) -> Result<Duration, CborError> {
    const MAX: u32 = 999_999_999;
    let seconds = reader.uint()?;
    let offset = reader.offset();
    let found = reader.uint()?;
    match u32::try_from(found) {
        Ok(nanos) if nanos <= MAX => Ok(Duration::new(seconds, nanos)),
        _ => {
            let fault = CborFault::OutOfRange { found, min: 0, max: MAX.into() };
            Err(CborError::new(offset, fault))
        }
    }
}

impl Cache {
    /// Rows in any order, each name once.
    pub(super) fn new(root: Option<(u64, u64)>, mut rows: Vec<Row>) -> Self {
        rows.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Self { root, rows }
    }

    /// The cache that `bytes` hold, if it is of this root.
    pub(super) fn for_root(bytes: &[u8], root: Option<(u64, u64)>) -> Result<Self, CacheError> {
        let cache = Self::decode(bytes)?;
        if cache.root.is_some() && cache.root != root {
            return Err(CacheError::OtherRoot);
        }
        Ok(cache)
    }

    /// Reads what [`Cache::to_bytes`] writes; no bytes are a cache of nothing.
    ///
    /// # Errors
    ///
    /// [`CacheError`], but never [`CacheError::OtherRoot`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CacheError> {
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if bytes.len() > MAX_CACHE {
            return Err(CacheError::TooLong { found: bytes.len(), limit: MAX_CACHE });
        }
        let Sealed { body: Bytes(body), checksum: found, .. } = decode(bytes)?;
        let computed = Digest::of(&body);
        if found != computed {
            return Err(CacheError::Checksum { found, computed });
        }
        let Body { dev, ino, files: Rows(rows) } = decode(&body)?;
        Ok(Self { root: Some((dev, ino)), rows })
    }

    /// The cache as a file; no bytes where there is nothing to keep.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Some((dev, ino)) = self.root else { return Vec::new() };
        let body = encode(&Body { dev, ino, files: Rows(self.rows.clone()) });
        let checksum = Digest::of(&body);
        encode(&Sealed { v: Version1, body: Bytes(body), checksum })
    }

    /// How many files it vouches for.
    pub fn files(&self) -> usize {
        self.rows.len()
    }

    /// The row of a file that looks as it did.
    pub(super) fn get(&self, name: &str, stamp: &Stamp) -> Option<&Row> {
        let at = self.rows.binary_search_by(|row| row.name.as_str().cmp(name)).ok()?;
        self.rows.get(at).filter(|row| Some(row.look) == stamp.look())
    }
}

impl Row {
    /// `None` where the platform does not tell what a file looks like.
    pub(super) fn new(entry: &FileEntry, stamp: &Stamp) -> Option<Self> {
        Some(Self { name: entry.name.clone(), look: stamp.look()?, digest: entry.digest })
    }

    /// Whether the file was last written before `as_of`, so that a later write shows.
    ///
    /// Equal is not before: two writes within one tick have one time.
    pub(super) fn is_before(&self, as_of: SystemTime) -> bool {
        let as_of = as_of.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.look.times.iter().all(|time| *time < as_of)
    }
}

/// What time it is for the file system that holds `path`, by making a file there and removing it.
///
/// `path` must not exist. It must be on the file system that is to be scanned,
/// and should be outside the root.
///
/// # Errors
///
/// What the system answers to making, looking at or removing the file.
pub fn probe(path: &Path) -> io::Result<SystemTime> {
    let file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let time = file.metadata().and_then(|metadata| metadata.modified());
    drop(file);
    fs::remove_file(path)?;
    time
}
