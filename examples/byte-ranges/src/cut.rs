//! The seller's side: slices of files that are at hand.

use std::fs::File;
use std::io::{self, BufReader, Seek as _, Write};

use bao_tree::blake3::Hash;
use bao_tree::io::EncodeError;
use bao_tree::io::outboard::PreOrderOutboard;
use bao_tree::io::sync::{Outboard, OutboardMut, encode_ranges_validated, outboard};
use bao_tree::{BaoTree, ChunkRanges, TreeNode};
use datadeed::Digest;

use crate::{GROUP, Span};

/// What a slice was cut from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cut {
    /// BLAKE3 of the file.
    pub digest: Digest,
    /// Its size, in bytes.
    pub size: u64,
}

/// Why no slice could be cut.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CutError {
    /// The file changed while it was read, at or after this byte.
    #[error("the file changed at or after byte {at} while it was read")]
    Changed {
        /// Where, in bytes.
        at: u64,
    },
    /// The file or its hashes cannot be read, or the slice or hashes not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes the slice of `span`.
///
/// Reads the file once for its digest and the range once more. The hashes that the
/// slice needs wait in `scratch`, an empty file: 64 bytes for each chunk
/// of the range, spread over 6 % of the file's size. Memory is a few KiB.
///
/// # Errors
///
/// [`CutError::Changed`] where the two readings differ; [`CutError::Io`].
pub fn cut(file: &File, span: Span, scratch: File, mut out: impl Write) -> Result<Cut, CutError> {
    let size = file.metadata()?.len();
    let tree = BaoTree::new(size, GROUP);
    let chunks = span.chunks(size);
    let unknown = Hash::from_bytes([0; 32]);
    let mut hashes =
        Hashes { needed: &chunks, all: PreOrderOutboard { root: unknown, tree, data: scratch } };
    (&mut &*file).rewind()?;
    let root = outboard(BufReader::with_capacity(1 << 16, file), tree, &mut hashes)?;
    hashes.all.root = root;
    out.write_all(&size.to_le_bytes())?;
    encode_ranges_validated(file, &hashes, &chunks, &mut out).map_err(|error| match error {
        EncodeError::LeafHashMismatch(chunk) => CutError::Changed { at: chunk.to_bytes() },
        EncodeError::ParentHashMismatch(node) => {
            CutError::Changed { at: node.chunk_range().start.to_bytes() }
        }
        error => CutError::Io(error.into()),
    })?;
    out.flush()?;
    Ok(Cut { digest: Digest::from_bytes(*root.as_bytes()), size })
}

/// Keeps the hashes on the paths to some chunks alone.
struct Hashes<'a> {
    needed: &'a ChunkRanges,
    all: PreOrderOutboard<File>,
}

impl OutboardMut for Hashes<'_> {
    fn save(&mut self, node: TreeNode, pair: &(Hash, Hash)) -> io::Result<()> {
        if self.needed.intersects(&ChunkRanges::from(node.chunk_range())) {
            self.all.save(node, pair)?;
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(()) // Nobody reads them after this process.
    }
}

impl Outboard for Hashes<'_> {
    fn root(&self) -> Hash {
        self.all.root
    }

    fn tree(&self) -> BaoTree {
        self.all.tree
    }

    fn load(&self, node: TreeNode) -> io::Result<Option<(Hash, Hash)>> {
        self.all.load(node)
    }
}
