//! The manifest file: a CBOR sequence (RFC 8742) of byte strings.
//!
//! ```text
//! file      = header block* directory trailer          each item a byte string
//! header    = << {"v": 1, "head": head, ? "sha256": summary} >>
//! block     = << [0, summary, [entry +]] >>            of the `parts` tree
//!           / << [0, summary, [entry +], column, summary] >>   where the header has "sha256"
//!           / << [1, summary, [content row +]] >>      of the `content` tree
//! directory = << [2, described *] >>
//! trailer   = h'48' offset                             9 bytes
//!
//! head        = the CBOR preimage of the ManifestId, 4 pairs
//! summary     = bstr48: hash[32] | count u64le | bytes u64le of the subtree
//! entry       = {"name": tstr, "size": uint, "digest": bstr32}, or a tensor's
//! content row = [digest bstr32, count uint, size uint]
//! column      = bstr: the SHA-256 of the entries, 32 bytes each
//! described   = [0 / 1, first key bstr32, summary, length uint, ? sha256 summary]
//! offset      = u64le: where the item of the directory begins
//! ```
//!
//! `<< >>` is CBOR embedded in a byte string (RFC 8610 section 3.8.4), so that a
//! stream is read item by item, each with its length ahead. Blocks come in key
//! order, those of `parts` before those of `content`; the numbers 0, 1 and 2
//! tell what an item is. The length of a block in the directory is that of the
//! whole item, so blocks stand one after another from the end of the header to
//! the directory. A last summary, of a block or in the directory, is that of the
//! same subtree of the `sha256` index.
//!
//! **A block is a whole subtree**: a largest one of at most
//! [`BLOCK_ROWS`] rows. So where blocks end is a
//! function of the set of keys, a manifest has one file whoever writes it, and
//! two files share the bytes of every subtree that they share.
//!
//! **One row needs three reads.** Header and trailer are at known places; the
//! directory names the first key, summary and length of each block. Its keys
//! and summaries give the roots in the header (the nodes above blocks part
//! where neighbouring first keys do), and the rows of one block give the
//! summary of that block: [`ManifestReader`].
//!
//! **Whatever is read is held against the rows**: their order, where blocks
//! end, every summary, length and root. Nothing else in the file is believed,
//! and there is one encoding of everything, so a file that reads writes the same
//! bytes again.
//!
//! Only a manifest of files may have SHA-256 digests: hubs list files by them,
//! nobody lists tensors.
//!
//! **A record index has a file of the same make**, with one tree:
//!
//! ```text
//! header    = << the CBOR preimage of the IndexId >>
//! block     = << [3, summary, [record row +]] >>
//! described = [3, first key bstr32, summary, length uint]
//! ```

mod boundary;
mod directory;
mod ends;
mod fault;
mod multiset;
mod part;
mod range;
mod read;
mod reader;
mod records;
mod row;
mod section;
mod source;
#[cfg(feature = "fs")]
mod stream;
mod trie;
mod verify;
mod write;

use std::io::{self, Read, Write};

pub use fault::{FilePlace, FileTree, ManifestFileError, ManifestReadError};
pub use range::ReadAt;
pub use reader::ManifestReader;
pub use records::{RecordIndexReader, VerifiedRecords};
#[cfg(feature = "fs")]
pub(crate) use stream::{RowsWriter, write_index};
pub use verify::{NameCheck, VerifiedFile};
#[cfg(feature = "fs")]
pub(crate) use write::WriteFault;

use super::items::Item;
use super::{Head, IndexError, Manifest, ManifestKind, Sha256Index};
use crate::cbor::{Version1, decode, record};
use crate::digest::Sha256;
use crate::limits::BLOCK_ROWS;
use crate::tree::Summary;
use source::Stream;

/// The number that the directory begins with; those of blocks are 0, 1 and 3.
const ITEM_DIRECTORY: u64 = 2;

record! {
    /// The first item.
    pub(super) struct Header {
        "v" => v: Version1,
        "head" => head: Head,
        "sha256" => sha256: Option<Summary>,
    }
}

impl Header {
    /// What the first item holds.
    fn read(item: &Item<'_>) -> Result<Self, ManifestFileError> {
        let header: Self = decode(item.bytes).map_err(|fault| item.fault(fault))?;
        header.head.check()?;
        // That it has a content tree, too, tells a composite from what has rows.
        header.content()?;
        if header.head.kind == ManifestKind::Tensors && header.sha256.is_some() {
            return Err(ManifestFileError::Sha256 { place: FilePlace::Header });
        }
        Ok(header)
    }

    /// The root of the `content` tree, which all but composites have.
    fn content(&self) -> Result<&Summary, ManifestFileError> {
        self.head.content.as_ref().ok_or(ManifestFileError::Composite)
    }
}

/// A manifest, with the SHA-256 of its files where they are known: what a manifest file holds.
///
/// A bare manifest is read and written by [`Manifest::read_from`] and
/// [`Manifest::write_to`] as well.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::digest::Sha256;
/// use datadeed::manifest::{FileEntry, Manifest, ManifestFile, NameProfile, Sha256Index};
///
/// let entry = FileEntry::new("a.txt", 1, Digest::of(b"x"));
/// let manifest = Manifest::files(vec![entry], NameProfile::Portable)?;
/// let sha256 = Sha256Index::new(&manifest, vec![Sha256::of(b"x")])?;
/// let file = ManifestFile::with_sha256(manifest, sha256)?;
///
/// let mut bytes = Vec::new();
/// file.write_to(&mut bytes)?;
/// let read = ManifestFile::read_from(bytes.as_slice())?;
/// assert_eq!(read.sha256_of("a.txt"), Some(Sha256::of(b"x")));
/// assert_eq!(read, file);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestFile {
    manifest: Manifest,
    sha256: Option<Sha256Index>,
}

impl ManifestFile {
    /// A file without SHA-256 digests.
    pub const fn new(manifest: Manifest) -> Self {
        Self { manifest, sha256: None }
    }

    /// A file with the SHA-256 of every entry.
    ///
    /// # Errors
    ///
    /// [`IndexError::OtherManifest`] where `sha256` is over another manifest.
    pub fn with_sha256(manifest: Manifest, sha256: Sha256Index) -> Result<Self, IndexError> {
        let (found, expected) = (sha256.of(), manifest.id());
        if found != expected {
            return Err(IndexError::OtherManifest { found, expected });
        }
        Ok(Self { manifest, sha256: Some(sha256) })
    }

    /// The manifest.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The index over its SHA-256 digests, where they are known.
    pub const fn sha256(&self) -> Option<&Sha256Index> {
        self.sha256.as_ref()
    }

    /// The SHA-256 of the file `name`; `None` where there is no such file or no index.
    pub fn sha256_of(&self, name: &str) -> Option<Sha256> {
        self.sha256.as_ref()?.get(&self.manifest, name)
    }

    /// The manifest and the index.
    pub fn into_parts(self) -> (Manifest, Option<Sha256Index>) {
        (self.manifest, self.sha256)
    }

    /// Writes the file, holding one block of it in memory.
    ///
    /// Blocks are written whole, so a buffer around `out` gains nothing.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        write::write(&self.manifest, self.sha256.as_ref(), BLOCK_ROWS, out)
    }

    /// The bytes of the file: the same whoever writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        in_memory(|out| self.write_to(out))
    }

    /// Reads a file to its end, holding one block of it in memory beside the rows.
    ///
    /// Memory grows with the bytes received, whatever they announce. Blocks are
    /// read whole, so a buffer around `input` gains nothing.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::File`] with the place of the first fault, such as
    /// bytes after the end; [`ManifestReadError::Read`] where `input` fails.
    /// Names are held to what every manifest requires
    /// ([`NameProfile::Any`](super::NameProfile::Any)).
    pub fn read_from(input: impl Read) -> Result<Self, ManifestReadError> {
        read::read(Stream(input), BLOCK_ROWS)
    }

    /// Reads a file to its end and keeps none of its rows: memory is bounded
    /// whatever its length.
    ///
    /// Everything is checked that [`ManifestFile::read_from`] checks, but for what
    /// [`VerifiedFile::names`] says was not. Memory is that of one block (of
    /// at most [`BLOCK_ROWS`] rows) and of the paths of three trees.
    ///
    /// # Errors
    ///
    /// As for [`ManifestFile::read_from`]; where rows must be kept to name the
    /// first of them at fault, [`ManifestFileError::ContentSet`] or
    /// [`ManifestFileError::Directory`] stands for what is wrong in all of them.
    pub fn verify(input: impl Read) -> Result<VerifiedFile, ManifestReadError> {
        verify::verify(Stream(input), BLOCK_ROWS)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// [`ManifestFileError`] with the place of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, ManifestFileError> {
        read::read(bytes, BLOCK_ROWS)
    }
}

impl Manifest {
    /// Writes the manifest file, as [`ManifestFile::write_to`] does, without SHA-256 digests.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        write::write(self, None, BLOCK_ROWS, out)
    }

    /// The bytes of the manifest file: the same whoever writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        in_memory(|out| self.write_to(out))
    }

    /// Reads a manifest file, as [`ManifestFile::read_from`] does.
    ///
    /// SHA-256 digests in it are checked and left out.
    ///
    /// # Errors
    ///
    /// As for [`ManifestFile::read_from`].
    pub fn read_from(input: impl Read) -> Result<Self, ManifestReadError> {
        ManifestFile::read_from(input).map(|file| file.manifest)
    }

    /// Reads the bytes of a manifest file, as [`Manifest::read_from`] does a stream.
    ///
    /// # Errors
    ///
    /// [`ManifestFileError`] with the place of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, ManifestFileError> {
        ManifestFile::decode(bytes).map(|file| file.manifest)
    }
}

#[expect(
    clippy::expect_used,
    reason = "memory takes every write, and what is written was built before"
)]
pub(super) fn in_memory(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes).expect("what was built can be written to memory");
    bytes
}

#[cfg(test)]
mod tests;
