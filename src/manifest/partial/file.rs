//! The partial file: a CBOR sequence (RFC 8742) of byte strings.
//!
//! ```text
//! file   = header *( shard block* )                each item a byte string
//! header = << {"v": 1, "shards": uint} >>          how many shards follow
//! shard  = << [id tstr, commitment bstr48] >>      in bytewise order of ids
//! block  = << [entry +] >>                         in bytewise order of names
//! ```
//!
//! The commitment of a shard is the root of the `parts` tree over its entries,
//! so it tells how many there are; a block has 4096 of them, the last one of a
//! shard the rest. Two files are merged without a look at a row, by copying the
//! items of their shards in order. Entries stand in the order in which names are
//! checked, which is dear to make; that of keys is not. Keys and leaves do not
//! travel: whoever reads a file hashes every entry and holds the commitment
//! against that.

use std::io::{self, Read, Write};

use super::{Partial, Shard, ShardId};
use crate::cbor::{self, CborError, Codec, Reader, Version1, Writer, head_rest, record};
use crate::limits::{BLOCK_ROWS, MAX_BLOCK, MAX_PARTIAL_ITEM};
use crate::manifest::build::Row;
use crate::manifest::file::in_memory;
use crate::manifest::name::{check_file, check_together};
use crate::manifest::{FileEntry, ManifestError, NameProfile};
use crate::tree::{self, Row as _, Summary};

record! {
    /// The first item.
    struct PartialHeader {
        "v" => v: Version1,
        "shards" => shards: u64,
    }
}

/// Bytes that are no partial file.
///
/// Bytes are counted from 0 from the beginning of the file, rows from that of
/// their shard. `found` is what the file says, `expected` what follows from
/// its rows.
///
/// ```
/// use datadeed::manifest::{Partial, PartialFileError};
///
/// let file = Partial::new().to_bytes();
/// let error = PartialFileError::Truncated { start: 0, offset: 3 };
/// assert_eq!(Partial::from_bytes(&file[..3]), Err(error));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartialFileError {
    /// A block has more or fewer rows than a block has at its place.
    #[error("block with row {row} of shard {shard:?} has {found} rows, at its place {expected}")]
    Block {
        /// The shard.
        shard: ShardId,
        /// The first row of the block.
        row: u64,
        /// How many rows it has.
        found: u64,
        /// 4096, or as many as the shard has left.
        expected: u64,
    },
    /// An item is not the CBOR it should be.
    #[error("malformed partial file")]
    Cbor(#[from] CborError),
    /// The commitment to a shard is not that of its rows.
    #[error("shard {shard:?} comes with another commitment than that of its rows")]
    Commitment {
        /// The shard.
        shard: ShardId,
        /// The commitment in the file.
        found: Summary,
        /// That of the rows.
        expected: Summary,
    },
    /// The entries of a shard make no manifest together.
    #[error("unsound entries in shard {shard:?}")]
    Entries {
        /// The shard.
        shard: ShardId,
        /// What is wrong with them.
        #[source]
        source: ManifestError,
    },
    /// An entry is none that a manifest may have.
    #[error("unsound entry in row {row} of shard {shard:?}")]
    Entry {
        /// The shard.
        shard: ShardId,
        /// The row.
        row: u64,
        /// What is wrong with it.
        #[source]
        source: ManifestError,
    },
    /// Bytes follow the last shard.
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
    /// A row does not stand in bytewise order of names, or stands twice.
    #[error("row {row} of shard {shard:?} out of the order of names")]
    Unordered {
        /// The shard.
        shard: ShardId,
        /// The row.
        row: u64,
    },
    /// A shard does not stand in bytewise order of ids, or stands twice.
    #[error("shard {shard:?} after shard {last:?}")]
    UnorderedShard {
        /// The shard.
        shard: ShardId,
        /// The one before it.
        last: ShardId,
    },
}

/// Why no partial file could be read from a stream.
///
/// ```
/// use datadeed::manifest::{Partial, PartialFileError, PartialReadError};
///
/// assert!(matches!(
///     Partial::read_from(std::io::empty()),
///     Err(PartialReadError::File(PartialFileError::Truncated { start: 0, offset: 0 }))
/// ));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartialReadError {
    /// What was read is no partial file.
    #[error(transparent)]
    File(#[from] PartialFileError),
    /// The stream failed.
    #[error("cannot read on from byte {offset}")]
    Read {
        /// How many bytes had been read.
        offset: u64,
        /// The stream's answer.
        #[source]
        source: io::Error,
    },
}

impl Partial {
    /// Writes the partial file, holding one block of it in memory.
    ///
    /// Blocks are written whole, so a buffer around `out` gains nothing.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        let shards = u64::try_from(self.shards.len()).unwrap_or(u64::MAX);
        item(&mut out, &cbor::encode(&PartialHeader { v: Version1, shards }))?;
        let mut writer = Writer::new();
        for (id, shard) in &self.shards {
            writer.clear();
            writer.array(2);
            id.encode(&mut writer);
            shard.commitment.encode(&mut writer);
            item(&mut out, writer.as_bytes())?;
            for block in shard.rows.chunks(BLOCK_ROWS) {
                writer.clear();
                writer.array(block.len());
                for row in block {
                    row.entry.encode(&mut writer);
                }
                item(&mut out, writer.as_bytes())?;
            }
        }
        out.flush()
    }

    /// The bytes of the partial file: the same for the same shards and rows.
    pub fn to_bytes(&self) -> Vec<u8> {
        in_memory(|out| self.write_to(out))
    }

    /// Reads a partial file to its end, holding one block of it in memory beside the rows.
    ///
    /// Memory grows with the bytes received, whatever they announce. Blocks are
    /// read whole, so a buffer around `input` gains nothing.
    ///
    /// # Errors
    ///
    /// [`PartialReadError::File`] with the place of the first fault;
    /// [`PartialReadError::Read`] where `input` fails.
    pub fn read_from(input: impl Read) -> Result<Self, PartialReadError> {
        let mut items = Items { input, offset: 0, start: 0, buffer: Vec::new() };
        let header: PartialHeader = items.item(MAX_PARTIAL_ITEM)?.decode()?;
        let mut partial = Self::new();
        for _ in 0..header.shards {
            let (id, commitment) = items.item(MAX_PARTIAL_ITEM)?.shard()?;
            if let Some((last, _)) =
                partial.shards.last_key_value().filter(|(last, _)| **last >= id)
            {
                let last = last.clone();
                return Err(PartialFileError::UnorderedShard { shard: id, last }.into());
            }
            let shard = items.rows(&id, commitment)?;
            partial.shards.insert(id, shard);
        }
        items.end()?;
        Ok(partial)
    }

    /// Reads the bytes of a partial file.
    ///
    /// # Errors
    ///
    /// [`PartialFileError`] with the place of the first fault.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PartialFileError> {
        Self::read_from(bytes).map_err(|error| match error {
            PartialReadError::File(error) => error,
            // Memory does not fail to be read; it ends.
            PartialReadError::Read { offset, .. } => {
                PartialFileError::Truncated { start: offset, offset }
            }
        })
    }
}

/// A byte string.
fn item(out: &mut impl Write, content: &[u8]) -> io::Result<()> {
    let mut head = Writer::new();
    head.bytes_head(content.len());
    out.write_all(head.as_bytes())?;
    out.write_all(content)
}

/// The items of a file, one after another.
struct Items<R> {
    input: R,
    /// Bytes read so far.
    offset: u64,
    /// Where the current item begins.
    start: u64,
    /// The current item's content.
    buffer: Vec<u8>,
}

/// The content of an item, and where it begins in the file.
struct Item<'a> {
    bytes: &'a [u8],
    base: usize,
}

impl<R: Read> Items<R> {
    /// The next item, a byte string of at most `limit` bytes.
    fn item(&mut self, limit: usize) -> Result<Item<'_>, PartialReadError> {
        self.start = self.offset;
        self.buffer.clear();
        self.fill(1)?;
        let rest = self.buffer.first().copied().map_or(0, head_rest);
        self.fill(rest)?;
        let len = Reader::at(&self.buffer, base(self.start))
            .bytes_head(limit)
            .map_err(PartialFileError::from)?;
        self.buffer.clear();
        let base = base(self.offset);
        self.fill(len)?;
        Ok(Item { bytes: &self.buffer, base })
    }

    /// Appends the next `len` bytes to the buffer, which grows as they arrive.
    fn fill(&mut self, len: usize) -> Result<(), PartialReadError> {
        let before = self.buffer.len();
        let limit = u64::try_from(len).unwrap_or(u64::MAX);
        let taken = self.input.by_ref().take(limit).read_to_end(&mut self.buffer);
        let got = self.buffer.len().saturating_sub(before);
        self.offset = self.offset.saturating_add(u64::try_from(got).unwrap_or(u64::MAX));
        let (start, offset) = (self.start, self.offset);
        taken.map_err(|source| PartialReadError::Read { offset, source })?;
        if got < len {
            return Err(PartialFileError::Truncated { start, offset }.into());
        }
        Ok(())
    }

    /// Nothing may follow.
    fn end(&mut self) -> Result<(), PartialReadError> {
        let offset = self.offset;
        self.start = offset;
        match self.fill(1) {
            Err(PartialReadError::File(PartialFileError::Truncated { .. })) => Ok(()),
            Err(fault) => Err(fault),
            Ok(()) => Err(PartialFileError::TrailingBytes { offset }.into()),
        }
    }

    /// The blocks of one shard.
    fn rows(&mut self, id: &ShardId, found: Summary) -> Result<Shard, PartialReadError> {
        let most = u64::try_from(BLOCK_ROWS).unwrap_or(u64::MAX);
        let mut rows: Vec<Row<FileEntry>> = Vec::new();
        let mut left = found.count();
        while left > 0 {
            let expected = left.min(most);
            self.item(MAX_BLOCK)?.rows(id, expected, &mut rows)?;
            left = left.saturating_sub(expected);
        }
        let entries = |source| PartialFileError::Entries { shard: id.clone(), source };
        let names: Vec<&str> = rows.iter().map(|row| row.entry.name.as_str()).collect();
        check_together(&names, NameProfile::Any, 1).map_err(|fault| entries(fault.into()))?;
        let shard = Shard::new(rows).map_err(entries)?;
        let expected = shard.commitment;
        if found != expected {
            return Err(PartialFileError::Commitment { shard: id.clone(), found, expected }.into());
        }
        Ok(shard)
    }
}

impl<'a> Item<'a> {
    fn reader(&self) -> Reader<'a> {
        Reader::at(self.bytes, self.base)
    }

    /// One value and nothing after it.
    fn decode<T: Codec>(&self) -> Result<T, PartialFileError> {
        let mut reader = self.reader();
        let value = T::decode(&mut reader)?;
        reader.end()?;
        Ok(value)
    }

    fn shard(&self) -> Result<(ShardId, Summary), PartialFileError> {
        let mut reader = self.reader();
        reader.exact_array(2)?;
        let shard = (Codec::decode(&mut reader)?, Codec::decode(&mut reader)?);
        reader.end()?;
        Ok(shard)
    }

    /// Appends the `expected` rows of a block.
    fn rows(
        &self,
        id: &ShardId,
        expected: u64,
        rows: &mut Vec<Row<FileEntry>>,
    ) -> Result<(), PartialFileError> {
        let mut reader = self.reader();
        let number = |len: usize| u64::try_from(len).unwrap_or(u64::MAX);
        let found = number(reader.array(usize::MAX)?);
        if found != expected {
            let (shard, row) = (id.clone(), number(rows.len()));
            return Err(PartialFileError::Block { shard, row, found, expected });
        }
        for _ in 0..found {
            let row = number(rows.len());
            let start = reader.offset();
            let entry = FileEntry::decode(&mut reader)?;
            check_file(&entry.name).map_err(|fault| {
                let source = fault.into();
                PartialFileError::Entry { shard: id.clone(), row, source }
            })?;
            if rows.last().is_some_and(|last| last.entry.name >= entry.name) {
                return Err(PartialFileError::Unordered { shard: id.clone(), row });
            }
            let key = entry.key();
            // What was read is the one encoding of the entry.
            let leaf = entry.leaf(key, reader.since(start)).map_err(|fault| {
                let source = fault.into();
                PartialFileError::Entry { shard: id.clone(), row, source }
            })?;
            rows.push(Row { key, leaf: leaf.summary(tree::Kind::Parts), entry });
        }
        Ok(reader.end()?)
    }
}

/// Offsets beyond what memory can hold are given as the greatest one.
fn base(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
