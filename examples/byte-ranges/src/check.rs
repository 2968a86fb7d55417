//! The buyer's side: bytes that are proven, or why they are not.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::ops::Range;

use bao_tree::blake3::Hash;
use bao_tree::io::sync::DecodeResponseIter;
use bao_tree::io::{BaoContentItem, DecodeError, Leaf};
use bao_tree::{BaoTree, ChunkNum, TreeNode};
use datadeed::Digest;

use crate::{GROUP, Span};

/// What a slice has proven.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proven {
    /// The bytes of the file that were written: those of the span that it has.
    pub bytes: Range<u64>,
    /// Whether the size of the file is proven too.
    pub size: FileSize,
}

/// What is known of the size of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileSize {
    /// Its last chunk is in the slice, and is the last.
    Proven,
    /// It is as the caller has stated it; the bytes stand where the span says, whatever it is.
    Stated,
}

/// Why a slice was not accepted, or could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It proves nothing more than was written before.
    #[error(transparent)]
    Slice(#[from] SliceError),
    /// The slice cannot be read.
    #[error("the slice cannot be read")]
    Read(#[source] io::Error),
    /// The bytes cannot be written.
    #[error("the bytes cannot be written")]
    Write(#[source] io::Error),
}

/// A slice that is not the one of these bytes of this file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SliceError {
    /// It is of a file of another size.
    #[error("a slice of a file of {found} bytes, the file has {expected}")]
    Size {
        /// The size in the slice, in bytes.
        found: u64,
        /// The size of the file, in bytes.
        expected: u64,
    },
    /// Something does not hash to what the digest requires.
    ///
    /// A slice does not say of which range it is, so bytes that were changed, bytes of another
    /// file and a slice of another range all look like this, unless
    /// they end too early or too late.
    #[error("{0} do not lead to the digest: other bytes, or a slice of another range")]
    Mismatch(Place),
    /// It ends too early.
    #[error("the slice ends within {0}")]
    Truncated(Place),
    /// It goes on after all that belongs to the range.
    #[error("the slice goes on after {0}")]
    TrailingBytes(Place),
}

/// A part of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The size of the file, with which it begins.
    Size,
    /// The two hashes over these bytes of the file.
    Hashes(Range<u64>),
    /// These bytes of the file.
    Bytes(Range<u64>),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => f.write_str("the size"),
            Self::Hashes(Range { start, end }) => write!(f, "the hashes over bytes {start}..{end}"),
            Self::Bytes(Range { start, end }) => write!(f, "the bytes {start}..{end}"),
        }
    }
}

/// Writes the bytes of `span` to `out`, each only after it was proven to be that byte of
/// the one file with this digest.
///
/// `digest` and `size` are those of a manifest entry. Memory is a few KiB,
/// whatever the slice. A span past the end of the file has fewer bytes, which
/// [`Proven::bytes`] tells.
///
/// A byte that was written is proven even where an error follows; that nothing is missing is
/// known once this returns.
///
/// # Errors
///
/// [`CheckError::Slice`] with the first fault, such as bytes after the end;
/// [`CheckError::Read`] and [`CheckError::Write`] where `slice` or `out` fails.
pub fn check(
    slice: impl Read,
    digest: Digest,
    size: u64,
    span: Span,
    mut out: impl Write,
) -> Result<Proven, CheckError> {
    let mut slice = BufReader::new(slice);
    let found = read_size(&mut slice)?;
    if found != size {
        return Err(SliceError::Size { found, expected: size }.into());
    }
    let (bytes, chunks) = (span.within(size), span.chunks(size));
    let tree = BaoTree::new(size, GROUP);
    let root = Hash::from_bytes(*digest.as_bytes());
    let mut end = 0;
    for item in DecodeResponseIter::new(root, tree, &mut slice, &chunks) {
        match item.map_err(|error| fault(error, size))? {
            BaoContentItem::Parent(_) => {}
            BaoContentItem::Leaf(leaf) => {
                out.write_all(wanted(&leaf, &bytes)).map_err(CheckError::Write)?;
                end = leaf.offset.saturating_add(length(&leaf));
            }
        }
    }
    match slice.read_exact(&mut [0]) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {}
        Err(error) => return Err(CheckError::Read(error)),
        Ok(()) => {
            let last = Place::Bytes(end.saturating_sub(1) / CHUNK * CHUNK..end);
            return Err(SliceError::TrailingBytes(last).into());
        }
    }
    out.flush().map_err(CheckError::Write)?;
    // Only with this size is the path to the last chunk the one that was walked.
    Ok(Proven { bytes, size: if end == size { FileSize::Proven } else { FileSize::Stated } })
}

/// Length of a chunk, in bytes.
const CHUNK: u64 = 1024;

fn read_size(slice: &mut impl Read) -> Result<u64, CheckError> {
    let mut size = [0; 8];
    match slice.read_exact(&mut size) {
        Ok(()) => Ok(u64::from_le_bytes(size)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(SliceError::Truncated(Place::Size).into())
        }
        Err(error) => Err(CheckError::Read(error)),
    }
}

/// Those bytes of a chunk that are in the range.
fn wanted<'l>(leaf: &'l Leaf, bytes: &Range<u64>) -> &'l [u8] {
    let inside = |at: u64| {
        let at = at.clamp(leaf.offset, leaf.offset.saturating_add(length(leaf)));
        usize::try_from(at - leaf.offset).unwrap_or(usize::MAX)
    };
    leaf.data.get(inside(bytes.start)..inside(bytes.end)).unwrap_or_default()
}

fn length(leaf: &Leaf) -> u64 {
    u64::try_from(leaf.data.len()).unwrap_or(u64::MAX)
}

fn fault(error: DecodeError, size: u64) -> CheckError {
    let span = |chunks: Range<ChunkNum>| chunks.start.to_bytes()..chunks.end.to_bytes().min(size);
    let node = |node: TreeNode| Place::Hashes(span(node.chunk_range()));
    let leaf = |chunk: ChunkNum| Place::Bytes(span(chunk..chunk + 1));
    match error {
        DecodeError::ParentHashMismatch(at) => SliceError::Mismatch(node(at)).into(),
        DecodeError::LeafHashMismatch(at) => SliceError::Mismatch(leaf(at)).into(),
        DecodeError::ParentNotFound(at) => SliceError::Truncated(node(at)).into(),
        DecodeError::LeafNotFound(at) => SliceError::Truncated(leaf(at)).into(),
        DecodeError::Io(error) => CheckError::Read(error),
    }
}
