//! Record index files: written, verified in a stream, and asked by a few range reads.

use std::fmt;
use std::io::{self, Read, Write};

use super::ends::{Blocks, Ends, most_blocks};
use super::fault::{FileTree, ManifestFileError, ManifestReadError};
use super::in_memory;
use super::range::ReadAt;
use super::section::Section;
use super::source::{RowSource, Stream};
use super::trie::{FileTrie, Own};
use super::{read, write};
use crate::cbor::decode;
use crate::digest::Digest;
use crate::id::IndexId;
use crate::limits::{BLOCK_ROWS, MAX_INDEX_HEADER};
use crate::manifest::items::{Input, Item};
use crate::manifest::{Document, Index, RecordIndex, RecordPresence, RecordRow, RecordRule};
use crate::tree::Trie;

/// A record index file that was read to its end and holds together; none of its rows were kept.
///
/// Made by [`RecordIndex::verify`] alone.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{RecordIndex, RecordIndexBuilder, RecordRule};
///
/// let of = ManifestId::from_bytes([7; 32]);
/// let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
/// builder.file(b"a\nb\na\n")?;
/// let index = builder.finish()?;
///
/// let verified = RecordIndex::verify(index.to_bytes().as_slice())?;
/// assert_eq!(verified.id(), index.id());
/// assert_eq!((verified.index().of, verified.distinct()), (of, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRecords {
    index: Index,
    distinct: u64,
}

impl VerifiedRecords {
    /// The preimage of the id; its `tree` counts the records, each as often as it occurs.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// The index whose file it is.
    pub fn id(&self) -> IndexId {
        self.index.id()
    }

    /// Number of records that differ.
    pub const fn distinct(&self) -> u64 {
        self.distinct
    }
}

impl RecordIndex {
    /// Writes the record index file, holding one block of it in memory.
    ///
    /// Blocks are written whole, so a buffer around `out` gains nothing.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        write::write_records(self, BLOCK_ROWS, out)
    }

    /// The bytes of the record index file: the same whoever writes it.
    pub fn to_bytes(&self) -> Vec<u8> {
        in_memory(|out| self.write_to(out))
    }

    /// Reads a record index file to its end, holding one block of it in memory beside the rows.
    ///
    /// Memory grows with the bytes received, whatever they announce. Blocks are
    /// read whole, so a buffer around `input` gains nothing.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::File`] with the place of the first fault;
    /// [`ManifestReadError::Read`] where `input` fails.
    pub fn read_from(input: impl Read) -> Result<Self, ManifestReadError> {
        whole(Stream(input), BLOCK_ROWS)
    }

    /// Reads the bytes of a record index file.
    ///
    /// # Errors
    ///
    /// [`ManifestFileError`] with the place of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, ManifestFileError> {
        whole(bytes, BLOCK_ROWS)
    }

    /// Reads a record index file to its end and keeps none of its rows: memory is bounded
    /// whatever its length.
    ///
    /// All is checked that [`RecordIndex::read_from`] checks. Memory is that of one
    /// block (of at most [`BLOCK_ROWS`] rows) and of the path of one tree.
    ///
    /// # Errors
    ///
    /// As for [`RecordIndex::read_from`].
    pub fn verify(input: impl Read) -> Result<VerifiedRecords, ManifestReadError> {
        verify(Stream(input), BLOCK_ROWS)
    }
}

/// What the first item holds: the preimage of the id, and the rule that it names.
fn header(item: &Item<'_>) -> Result<(Index, RecordRule), ManifestFileError> {
    let index: Index = decode(item.bytes).map_err(|fault| item.fault(fault))?;
    let rule = index.rule.parse()?;
    Ok((index, rule))
}

/// Reads a file with blocks of at most `limit` rows.
pub(super) fn whole<S: RowSource>(source: S, limit: usize) -> Result<RecordIndex, S::Error> {
    let mut input = Input::new(source);
    let (index, rule) = header(&input.item(MAX_INDEX_HEADER)?)?;
    let mut rows = Vec::new();
    read::records(input, &index.tree, limit, |block| rows.extend(block))?;
    Ok(RecordIndex::from_rows(&index, rule, rows))
}

/// Verifies a file with blocks of at most `limit` rows.
pub(super) fn verify<S: RowSource>(source: S, limit: usize) -> Result<VerifiedRecords, S::Error> {
    let mut input = Input::new(source);
    let (index, _) = header(&input.item(MAX_INDEX_HEADER)?)?;
    let mut distinct = 0_u64;
    read::records(input, &index.tree, limit, |block| {
        distinct = distinct.saturating_add(u64::try_from(block.len()).unwrap_or(u64::MAX));
    })?;
    Ok(VerifiedRecords { index, distinct })
}

/// A record index file opened under its id, of which rows are read one by one.
///
/// It takes at most three range reads to open, whatever the size, and each question takes one
/// more, as of a [`ManifestReader`](super::ManifestReader); an answer is as good as the id.
/// Whoever has many questions asks them in the order of the digests.
///
/// Given to a reader of the manifest's file ([`ManifestReader::with_records`]), it makes evidence
/// as a [`Prover`](crate::manifest::Prover) does with all rows in memory.
///
/// [`ManifestReader::with_records`]: super::ManifestReader::with_records
///
/// ```
/// use datadeed::{Digest, ManifestId};
/// use datadeed::manifest::{
///     Document, RecordIndexBuilder, RecordIndexReader, RecordPresence, RecordRule,
/// };
///
/// let of = ManifestId::from_bytes([7; 32]);
/// let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
/// builder.file(b"To be\nor not\nTo be\n")?;
/// let index = builder.finish()?;
///
/// // Bytes from anywhere; the id from a statement whose signer is believed.
/// let reader = RecordIndexReader::open(index.to_bytes(), index.id())?;
/// assert_eq!(reader.count_of(Digest::of(b"To be"))?, 2);
/// let answer = reader.look_up(Document::Record(b"to be"))?;
/// assert!(matches!(answer, RecordPresence::Absent { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RecordIndexReader<S> {
    source: S,
    index: Index,
    id: IndexId,
    rule: RecordRule,
    rows: Section<RecordRow>,
}

impl<S: ReadAt> RecordIndexReader<S> {
    /// Opens the file of the index `expected`.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::OtherIndex`] where it is the file of another,
    /// [`ManifestReadError::Read`] where `source` fails, and
    /// [`ManifestReadError::File`] for whatever is wrong in header, directory and trailer.
    pub fn open(source: S, expected: IndexId) -> Result<Self, ManifestReadError> {
        Self::open_blocks(source, expected, BLOCK_ROWS)
    }

    /// Opens a file with blocks of at most `limit` rows.
    pub(super) fn open_blocks(
        source: S,
        expected: IndexId,
        limit: usize,
    ) -> Result<Self, ManifestReadError> {
        let ends = Ends::read(&source)?;
        let bytes = ends.header(&source, MAX_INDEX_HEADER)?;
        let mut input = Input::new(bytes.as_slice());
        let item = input.item(MAX_INDEX_HEADER)?;
        let (begin, (index, rule)) = (item.end(), header(&item)?);
        let id = index.id();
        if id != expected {
            return Err(ManifestReadError::OtherIndex { found: id, expected });
        }
        // The index is known to be the one asked for, so what it counts bounds the directory.
        let most = most_blocks(index.tree.count(), limit);
        let tree = FileTree::Records;
        let mut blocks = Blocks::read(&source, &ends, begin, most, Some(tree), false)?;
        blocks.roots.check(tree, &index.tree)?;
        let (_, rows) = blocks.split();
        Ok(Self { source, index, id, rule, rows: Section::new(rows, 0, limit, false) })
    }

    /// The preimage of the id.
    pub const fn index(&self) -> &Index {
        &self.index
    }

    /// The index whose file it is.
    pub const fn id(&self) -> IndexId {
        self.id
    }

    /// How its records are made.
    pub const fn rule(&self) -> &RecordRule {
        &self.rule
    }

    /// How often the record of this digest occurs; 0 where it does not.
    ///
    /// Both answers are proven by the root of the index.
    ///
    /// # Errors
    ///
    /// [`ManifestReadError::Read`] where the source fails,
    /// [`ManifestReadError::File`] where the block is not the one that the directory describes.
    pub fn count_of(&self, digest: Digest) -> Result<u64, ManifestReadError> {
        let row = self.rows.row(&self.source, digest.as_bytes())?;
        Ok(row.map_or(0, |(row, _)| row.count))
    }

    /// Whether a document is among its records, as [`RecordIndex::look_up`] says it.
    ///
    /// # Errors
    ///
    /// As for [`RecordIndexReader::count_of`].
    pub fn look_up(&self, document: Document<'_>) -> Result<RecordPresence, ManifestReadError> {
        let mut fault = None;
        let count = |digest| self.count_of(digest).map_err(|error| fault = Some(error)).ok();
        let presence = RecordPresence::of(document, &self.rule, self.index.files, count);
        fault.map_or(Ok(presence), Err)
    }

    /// Its tree.
    pub(super) fn tree(&self) -> impl Trie<Row = RecordRow, Error = ManifestReadError> {
        FileTrie::<_, _, Own>::new(&self.source, &self.rows)
    }
}

/// Without the blocks, of which there may be many, and the source.
impl<S> fmt::Debug for RecordIndexReader<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordIndexReader")
            .field("id", &self.id)
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}
