//! Byte ranges of a file that whoever knows its digest can check without the rest of it.
//!
//! A BLAKE3 digest is the root of a binary tree over chunks of 1,024 bytes. A
//! *bao slice* is some chunks with the hashes beside their paths to that root,
//! in the order in which a reader needs them:
//!
//! ```text
//! slice   = size u64le | subtree of the whole file
//! subtree = chunk                                   1,024 bytes; the last of the file 0 to 1,024
//!         / left hash[32] | right hash[32] | subtree of the left ? | subtree of the right ?
//!                                                   each only where it has a byte of the range
//! ```
//!
//! So whoever bought 3 % of a file needs 3 % of its bytes, 6 % of that in hashes, and the
//! digest and size that the manifest has of the file:
//!
//! ```
//! use std::fs;
//!
//! use datadeed::Digest;
//! use datadeed_byte_ranges::{Span, check, cut};
//!
//! let dir = tempfile::tempdir()?;
//! let path = dir.path().join("large");
//! let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
//! fs::write(&path, &bytes)?;
//!
//! // The seller has the file.
//! let span: Span = "50000..53000".parse()?;
//! let mut slice = Vec::new();
//! cut(&fs::File::open(&path)?, span, tempfile::tempfile()?, &mut slice)?;
//! assert_eq!(slice.len(), 8 + 8 * 64 + 4 * 1024);
//!
//! // The buyer has digest and size, from a manifest whose id he believes.
//! let (digest, size) = (Digest::of(&bytes), 100_000);
//! let mut bought = Vec::new();
//! let proven = check(slice.as_slice(), digest, size, span, &mut bought)?;
//! assert_eq!(proven.bytes, 50_000..53_000);
//! assert_eq!(bought, bytes[50_000..53_000]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Slices are those of [the bao specification](https://github.com/oconnor663/bao/blob/master/docs/spec.md),
//! with no larger groups of chunks, so other tools for them read ours and we read theirs.
//!
//! **Which implementation.** `bao-tree` walks the tree here. It is in active use and
//! maintained, checks against a size that the reader knows already, names the
//! chunk or the hashes at fault, and needs no seeking in what it reads; its
//! defaults (async, serde) are off. `bao`, by the author of the format and of BLAKE3,
//! has no version 1 either, takes the size from the slice, and says of every fault only that
//! some hash is wrong; the tests hold each slice against it, both ways.

mod check;
mod cut;
mod span;

pub use check::{CheckError, FileSize, Place, Proven, SliceError, check};
pub use cut::{Cut, CutError, cut};
pub use span::{Span, SpanError};

use bao_tree::BlockSize;

/// No groups of chunks: with any, a slice is one that other tools do not read.
const GROUP: BlockSize = BlockSize::from_chunk_log(0);
