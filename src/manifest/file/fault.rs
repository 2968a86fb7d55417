//! How bytes can fail to be a manifest file.

use std::fmt;
use std::io;

use crate::cbor::CborError;
use crate::id::{IndexId, ManifestId};
use crate::manifest::items::ItemFault;
use crate::manifest::{ContentRow, HeadError, ManifestError, RuleError};
use crate::tree::{Summary, TreeError};

/// A tree over the rows of a manifest file or of a record index file.
///
/// ```
/// use datadeed::manifest::FileTree;
///
/// assert_eq!(FileTree::Sha256.to_string(), "sha256");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileTree {
    /// Rows keyed by content digest.
    Content,
    /// Rows keyed by name.
    Parts,
    /// Records keyed by digest; of a record index file.
    Records,
    /// The rows of `parts` with their SHA-256.
    Sha256,
}

impl FileTree {
    /// The number that blocks of this tree begin with; the SHA-256 have no blocks of their own.
    pub(super) const fn code(self) -> u64 {
        match self {
            Self::Content => 1,
            Self::Parts | Self::Sha256 => 0,
            Self::Records => 3,
        }
    }
}

impl fmt::Display for FileTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Content => "content",
            Self::Parts => "parts",
            Self::Records => "records",
            Self::Sha256 => "sha256",
        })
    }
}

/// A place in a manifest file or a record index file that says something of its rows.
///
/// ```
/// use datadeed::manifest::FilePlace;
///
/// assert_eq!(FilePlace::Block(3).to_string(), "block 3");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilePlace {
    /// The block with this number, from 0; those of `parts` come first.
    Block(usize),
    /// What the directory says of the block with this number.
    Directory(usize),
    /// The header.
    Header,
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(block) => write!(f, "block {block}"),
            Self::Directory(block) => write!(f, "directory entry {block}"),
            Self::Header => f.write_str("header"),
        }
    }
}

/// Bytes that are no manifest file, or no record index file.
///
/// Blocks, rows and bytes are counted from 0: blocks and bytes from the
/// beginning of the file, rows from that of their block. `found` is what the
/// file says, `expected` what follows from its rows.
///
/// ```
/// use datadeed::manifest::{Manifest, ManifestFileError, NameProfile};
///
/// let file = Manifest::files(vec![], NameProfile::Any)?.to_bytes();
/// assert_eq!(
///     Manifest::decode(&file[..100]),
///     Err(ManifestFileError::Truncated { start: 0, offset: 100 })
/// );
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestFileError {
    /// The directory has an entry too many or too few.
    #[error("directory of {found} blocks, the file has {expected}")]
    Blocks {
        /// How many blocks the directory describes.
        found: usize,
        /// How many blocks stand before it.
        expected: usize,
    },
    /// A block ends elsewhere than blocks of these rows do.
    #[error("block {block} has {found} rows, with these keys it has {expected}")]
    Boundary {
        /// The block.
        block: usize,
        /// How many rows it has.
        found: usize,
        /// How many rows the rule for blocks gives it.
        expected: usize,
    },
    /// An item is not the CBOR it should be.
    #[error("malformed file of rows")]
    Cbor(#[from] CborError),
    /// The header is that of a composite, which has no rows of its own; its parts have files.
    #[error("header of a composite, which has no file of rows")]
    Composite,
    /// A `content` row is not what the `parts` rows give.
    #[error("row {row} of block {block} is {found:?}, the parts give {expected:?}")]
    Content {
        /// The block.
        block: usize,
        /// The row.
        row: usize,
        /// What stands there.
        found: ContentRow,
        /// What the parts give.
        expected: ContentRow,
    },
    /// The `content` rows are not what the `parts` rows give, though both trees are those of the header.
    ///
    /// Whoever made the file left a content out of the tree that absence is
    /// proven by, or counted one otherwise. Only
    /// [`ManifestFile::verify`](super::ManifestFile::verify) says so; who keeps the rows names the
    /// first one at fault, in [`ManifestFileError::Content`].
    #[error("content rows are not those that the parts give")]
    ContentSet,
    /// The directory has as many entries as there are blocks, and describes others.
    ///
    /// [`ManifestFile::verify`](super::ManifestFile::verify) says so, and whoever reads a record
    /// index file; who keeps what the rows give names the first entry at fault and what is wrong
    /// with it.
    #[error("directory does not describe the blocks")]
    Directory,
    /// The entries make no manifest together.
    #[error("unsound entries")]
    Entries(#[source] ManifestError),
    /// An entry is none that a manifest may have.
    #[error("unsound entry in row {row} of block {block}")]
    Entry {
        /// The block.
        block: usize,
        /// The row.
        row: usize,
        /// What is wrong with it.
        #[source]
        source: ManifestError,
    },
    /// The header holds what no manifest says of itself.
    #[error("unsound head")]
    Head(#[from] HeadError),
    /// The directory names another key than the first one of a block.
    #[error("directory entry {block} names another first key than its block has")]
    Key {
        /// The block.
        block: usize,
        /// The key in the directory.
        found: [u8; 32],
        /// The first key in the block.
        expected: [u8; 32],
    },
    /// The directory gives a block another length than it has.
    #[error("directory entry {block} gives {found} bytes, its block has {expected}")]
    Length {
        /// The block.
        block: usize,
        /// The length in the directory, in bytes.
        found: u64,
        /// The length of the block, its head included, in bytes.
        expected: u64,
    },
    /// An item of another kind stands here, such as a block of `parts` after one of `content`.
    #[error("item of kind {found} at byte {offset}")]
    Misplaced {
        /// Where the item begins.
        offset: u64,
        /// The number it begins with.
        found: u64,
    },
    /// A row does not stand where its key leads in the tree that the directory gives.
    ///
    /// Who looks a key up does not come to such a row: it is no part of the set
    /// that the root commits to.
    #[error("row {row} of block {block} stands where its key does not lead")]
    OffPath {
        /// The block.
        block: usize,
        /// The row.
        row: usize,
    },
    /// A tree has more or fewer rows than the header says.
    #[error("{found} rows of the {tree} tree, {expected} expected")]
    Rows {
        /// The tree.
        tree: FileTree,
        /// How many rows the file has.
        found: u64,
        /// How many the header counts, or for `content`, how many the parts give.
        expected: u64,
    },
    /// The header names no rule for records.
    #[error("header of an index that is not one over records")]
    Rule(#[from] RuleError),
    /// Digests by SHA-256 stand in a file, block or directory entry that should not have them, or are missing.
    #[error("{place}: SHA-256 digests missing or not expected")]
    Sha256 {
        /// The place.
        place: FilePlace,
    },
    /// A root differs from the one that the rows give.
    #[error("{place} gives the {tree} tree another root than its rows do")]
    Summary {
        /// The place.
        place: FilePlace,
        /// The tree.
        tree: FileTree,
        /// The root in the file.
        found: Summary,
        /// The root of the rows.
        expected: Summary,
    },
    /// The trailer points elsewhere than to the directory.
    #[error("trailer gives byte {found} for the directory, which begins at byte {expected}")]
    Trailer {
        /// Where the trailer says that the directory begins.
        found: u64,
        /// Where it begins.
        expected: u64,
    },
    /// Bytes follow the trailer.
    #[error("bytes after the end of the file at byte {offset}")]
    TrailingBytes {
        /// Where the file should end.
        offset: u64,
    },
    /// The file ends before its last item does.
    #[error("file ends at byte {offset}, within the item that begins at byte {start}")]
    Truncated {
        /// Where the unfinished item begins.
        start: u64,
        /// Where the file ends.
        offset: u64,
    },
    /// A row does not stand in key order.
    #[error("row {row} of block {block} out of key order")]
    Unordered {
        /// The block.
        block: usize,
        /// The row.
        row: usize,
    },
}

impl From<ItemFault> for ManifestFileError {
    fn from(fault: ItemFault) -> Self {
        match fault {
            ItemFault::Cbor(fault) => Self::Cbor(fault),
            ItemFault::TrailingBytes { offset } => Self::TrailingBytes { offset },
            ItemFault::Truncated { start, offset } => Self::Truncated { start, offset },
        }
    }
}

impl From<ItemFault> for ManifestReadError {
    fn from(fault: ItemFault) -> Self {
        Self::File(fault.into())
    }
}

/// What was read must be what was computed.
pub(super) fn same_summary(
    place: FilePlace,
    tree: FileTree,
    found: Summary,
    expected: Summary,
) -> Result<(), ManifestFileError> {
    if found == expected {
        return Ok(());
    }
    Err(ManifestFileError::Summary { place, tree, found, expected })
}

/// Sums of a tree that overflow.
pub(super) fn overflow(fault: TreeError) -> ManifestFileError {
    ManifestFileError::Entries(ManifestError::Tree(fault))
}

/// Why no manifest file or record index file could be read from a stream or a [`ReadAt`](super::ReadAt).
///
/// ```
/// use datadeed::manifest::{Manifest, ManifestFileError, ManifestReadError};
///
/// assert!(matches!(
///     Manifest::read_from(std::io::empty()),
///     Err(ManifestReadError::File(ManifestFileError::Truncated { start: 0, offset: 0 }))
/// ));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestReadError {
    /// What was read is no manifest file, or no record index file.
    #[error(transparent)]
    File(#[from] ManifestFileError),
    /// The file is that of another index.
    #[error("file of {found}, not of {expected}")]
    OtherIndex {
        /// What the header is the preimage of.
        found: IndexId,
        /// The index asked for.
        expected: IndexId,
    },
    /// The file is that of another manifest.
    #[error("file of {found}, not of {expected}")]
    OtherManifest {
        /// What the header is the preimage of.
        found: ManifestId,
        /// The manifest asked for.
        expected: ManifestId,
    },
    /// The source failed.
    #[error("cannot read on from byte {offset}")]
    Read {
        /// Where in the file the reading that failed began.
        offset: u64,
        /// The source's answer.
        #[source]
        source: io::Error,
    },
}
