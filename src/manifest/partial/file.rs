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
use crate::cbor::{self, CborError, Codec, Reader, Version1, Writer, decode, record};
use crate::limits::{BLOCK_ROWS, MAX_BLOCK, MAX_PARTIAL_ITEM};
use crate::manifest::build::Row;
use crate::manifest::file::in_memory;
use crate::manifest::items::{Input, Item, ItemFault, Source, take};
use crate::manifest::name::{check_file, check_together};
use crate::manifest::{FileEntry, ManifestError, NameProfile};
#[cfg(feature = "fs")]
use crate::tree::RootBuilder;
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
/// assert_eq!(Partial::decode(&file[..3]), Err(error));
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

impl From<ItemFault> for PartialReadError {
    fn from(fault: ItemFault) -> Self {
        Self::File(match fault {
            ItemFault::Cbor(fault) => PartialFileError::Cbor(fault),
            ItemFault::TrailingBytes { offset } => PartialFileError::TrailingBytes { offset },
            ItemFault::Truncated { start, offset } => PartialFileError::Truncated { start, offset },
        })
    }
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
        let mut shards = Shards::open(input)?;
        let mut partial = Self::new();
        while let Some((id, found)) = shards.next()? {
            let mut rows: Vec<Row<FileEntry>> = Vec::new();
            shards.rows(&id, found, |row| {
                rows.push(row);
                Ok::<(), PartialReadError>(())
            })?;
            let entries = |source| PartialFileError::Entries { shard: id.clone(), source };
            let names: Vec<&str> = rows.iter().map(|row| row.entry.name.as_str()).collect();
            check_together(&names, NameProfile::Any, 1).map_err(|fault| entries(fault.into()))?;
            let shard = Shard::new(rows).map_err(entries)?;
            same(&id, found, shard.commitment)?;
            partial.shards.insert(id, shard);
        }
        Ok(partial)
    }

    /// Reads the bytes of a partial file.
    ///
    /// # Errors
    ///
    /// [`PartialFileError`] with the place of the first fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, PartialFileError> {
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

/// A stream of a partial file.
#[derive(Debug)]
struct Stream<R>(R);

impl<R: Read> Source for Stream<R> {
    type Error = PartialReadError;

    fn take(&mut self, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error> {
        let before = bytes.len();
        take(&mut self.0, len, bytes).map_err(|source| {
            let got = u64::try_from(bytes.len().saturating_sub(before)).unwrap_or(u64::MAX);
            PartialReadError::Read { offset: offset.saturating_add(got), source }
        })
    }
}

/// The shards of a file, one after another, one block of their rows in memory.
#[derive(Debug)]
pub(crate) struct Shards<R> {
    input: Input<Stream<R>>,
    /// Shards that were not begun.
    left: u64,
    last: Option<ShardId>,
}

impl<R: Read> Shards<R> {
    /// Reads the header.
    pub(crate) fn open(input: R) -> Result<Self, PartialReadError> {
        let mut input = Input::new(Stream(input));
        let item = input.item(MAX_PARTIAL_ITEM)?;
        let header: PartialHeader = decode(item.bytes).map_err(|fault| item.fault(fault))?;
        Ok(Self { input, left: header.shards, last: None })
    }

    /// The next shard with the commitment to its rows, which are to be read before the next one;
    /// after the last one nothing may follow.
    pub(crate) fn next(&mut self) -> Result<Option<(ShardId, Summary)>, PartialReadError> {
        if self.left == 0 {
            self.input.end()?;
            return Ok(None);
        }
        self.left = self.left.saturating_sub(1);
        let item = self.input.item(MAX_PARTIAL_ITEM)?;
        let (id, commitment) = shard(&item).map_err(|fault| item.fault(fault))?;
        if let Some(last) = self.last.replace(id.clone()).filter(|last| *last >= id) {
            return Err(PartialFileError::UnorderedShard { shard: id, last }.into());
        }
        Ok(Some((id, commitment)))
    }

    /// The entries of the shard with their keys, to `accept` one by one; an error at the end where
    /// they are not those that were committed to.
    ///
    /// Keeps 80 bytes of each until then. Whether names suit each other is not checked.
    #[cfg(feature = "fs")]
    pub(crate) fn entries<E: From<PartialReadError>>(
        &mut self,
        id: &ShardId,
        commitment: Summary,
        mut accept: impl FnMut(&[u8; 32], &FileEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut leaves: Vec<([u8; 32], Summary)> = Vec::new();
        self.rows(id, commitment, |row| {
            leaves.push((row.key, row.leaf));
            accept(&row.key, &row.entry)
        })?;
        leaves.sort_unstable_by_key(|leaf| leaf.0);
        let mut builder = RootBuilder::new(tree::Kind::Parts);
        let pushed = leaves.into_iter().try_for_each(|(key, leaf)| builder.push_subtree(key, leaf));
        let expected = pushed.and_then(|()| builder.finish()).map_err(|fault| {
            let (shard, source) = (id.clone(), fault.into());
            PartialReadError::from(PartialFileError::Entries { shard, source })
        })?;
        Ok(same(id, commitment, expected).map_err(PartialReadError::from)?)
    }

    /// The rows of the shard, to `accept` one by one; whether they are those that were committed
    /// to, the caller finds out.
    fn rows<E: From<PartialReadError>>(
        &mut self,
        id: &ShardId,
        commitment: Summary,
        mut accept: impl FnMut(Row<FileEntry>) -> Result<(), E>,
    ) -> Result<(), E> {
        let most = u64::try_from(BLOCK_ROWS).unwrap_or(u64::MAX);
        let mut last: Option<String> = None;
        let mut done = 0_u64;
        while done < commitment.count() {
            let expected = commitment.count().saturating_sub(done).min(most);
            let item = self.input.item(MAX_BLOCK).map_err(E::from)?;
            for row in block(&item, id, done, expected, &mut last)? {
                accept(row)?;
            }
            done = done.saturating_add(expected);
        }
        Ok(())
    }
}

/// A commitment in a file must be that of the rows.
fn same(shard: &ShardId, found: Summary, expected: Summary) -> Result<(), PartialFileError> {
    if found == expected {
        return Ok(());
    }
    Err(PartialFileError::Commitment { shard: shard.clone(), found, expected })
}

fn shard(item: &Item<'_>) -> Result<(ShardId, Summary), CborError> {
    let mut reader = Reader::new(item.bytes);
    reader.exact_array(2)?;
    let shard = (Codec::decode(&mut reader)?, Codec::decode(&mut reader)?);
    reader.end()?;
    Ok(shard)
}

/// The `expected` rows of a block, of which the first is row `first` of its shard and follows the
/// name `last`.
fn block(
    item: &Item<'_>,
    id: &ShardId,
    first: u64,
    expected: u64,
    last: &mut Option<String>,
) -> Result<Vec<Row<FileEntry>>, PartialReadError> {
    let mut reader = Reader::new(item.bytes);
    let cbor = |fault| PartialReadError::from(item.fault(fault));
    let found = reader.array(usize::MAX).map_err(cbor)?;
    let found = u64::try_from(found).unwrap_or(u64::MAX);
    if found != expected {
        let (shard, row) = (id.clone(), first);
        return Err(PartialFileError::Block { shard, row, found, expected }.into());
    }
    let mut rows: Vec<Row<FileEntry>> = Vec::new();
    for row in first..first.saturating_add(found) {
        let start = reader.offset();
        let entry = FileEntry::decode(&mut reader).map_err(cbor)?;
        check_file(&entry.name).map_err(|fault| {
            let source = fault.into();
            PartialFileError::Entry { shard: id.clone(), row, source }
        })?;
        if last.as_ref().is_some_and(|last| *last >= entry.name) {
            return Err(PartialFileError::Unordered { shard: id.clone(), row }.into());
        }
        last.get_or_insert_default().clone_from(&entry.name);
        let key = entry.key();
        // What was read is the one encoding of the entry.
        let leaf = entry.leaf(key, reader.since(start)).map_err(|fault| {
            let source = fault.into();
            PartialFileError::Entry { shard: id.clone(), row, source }
        })?;
        rows.push(Row { key, leaf: leaf.summary(tree::Kind::Parts), entry });
    }
    reader.end().map_err(cbor)?;
    Ok(rows)
}
