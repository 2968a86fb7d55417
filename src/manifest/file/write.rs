//! Writing a manifest file or a record index file, one block in memory at a time.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, Write};
use std::ops::Range;

use super::Header;
use super::boundary::Boundaries;
use super::directory::{self, Described};
use super::row::BlockRow;
use crate::cbor::{Codec, Version1, Writer, encode};
use crate::digest::Sha256;
use crate::manifest::index::{self, Sha256Index};
use crate::manifest::{
    ContentRow, Entries, FileEntry, Manifest, RecordIndex, RecordRow, TensorEntry,
};
use crate::tree::{RootBuilder, Summary, TreeError};

/// Writes the file with blocks of at most `limit` rows.
pub(super) fn write(
    manifest: &Manifest,
    sha256: Option<&Sha256Index>,
    limit: usize,
    out: impl Write,
) -> io::Result<()> {
    let mut output = Output::new(out);
    let root = sha256.map(|index| *index.root());
    output.header(&Header { v: Version1, head: manifest.head.clone(), sha256: root })?;
    match &manifest.entries {
        Entries::Files(entries) => {
            let column = sha256.map(|index| Column { entries, digests: index.digests() });
            output.tree::<FileEntry, _, _>(keyed(entries), column, limit)?;
        }
        Entries::Tensors(entries) => {
            output.tree::<TensorEntry, _, _>(keyed(entries), None, limit)?;
        }
    }
    output.tree::<ContentRow, _, _>(keyed(&manifest.content), None, limit)?;
    output.end()?;
    output.out.flush()
}

/// Writes the file of an index over records with blocks of at most `limit` rows.
pub(super) fn write_records(index: &RecordIndex, limit: usize, out: impl Write) -> io::Result<()> {
    let mut output = Output::new(out);
    output.header(&index.preimage())?;
    output.tree::<RecordRow, _, _>(keyed(index.rows()), None, limit)?;
    output.end()?;
    output.out.flush()
}

/// Rows of memory, which can always be had.
fn keyed<R: BlockRow>(
    rows: &[R],
) -> impl Iterator<Item = Result<([u8; 32], &R), WriteFault<Infallible>>> {
    rows.iter().map(|row| Ok((row.key(), row)))
}

/// Why the rows of a tree were not written.
#[derive(Debug)]
pub(crate) enum WriteFault<E> {
    /// The output's answer.
    Out(io::Error),
    /// A row cannot be had.
    #[cfg_attr(not(feature = "fs"), expect(dead_code, reason = "memory always has its rows"))]
    Rows(E),
    /// The rows make no tree.
    Tree(TreeError),
}

impl<E> From<io::Error> for WriteFault<E> {
    fn from(fault: io::Error) -> Self {
        Self::Out(fault)
    }
}

impl<E> From<TreeError> for WriteFault<E> {
    fn from(fault: TreeError) -> Self {
        Self::Tree(fault)
    }
}

/// Of a manifest or an index, whose trees were built before.
impl From<WriteFault<Infallible>> for io::Error {
    fn from(fault: WriteFault<Infallible>) -> Self {
        match fault {
            WriteFault::Out(fault) => fault,
            WriteFault::Rows(never) => match never {},
            WriteFault::Tree(fault) => Self::other(fault),
        }
    }
}

/// Where bytes go, and what has gone there.
#[derive(Debug)]
pub(super) struct Output<W> {
    pub(super) out: W,
    /// Bytes written so far.
    offset: u64,
    pub(super) blocks: Vec<Described>,
}

impl<W: Write> Output<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, offset: 0, blocks: Vec::new() }
    }

    pub(super) fn header(&mut self, header: &impl Codec) -> io::Result<()> {
        self.item(&[&encode(header)]).map(drop)
    }

    /// What comes after the blocks.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let start = self.offset;
        self.item(&[&directory::encode(&self.blocks)])?;
        self.item(&[&start.to_le_bytes()]).map(drop)
    }

    /// A byte string of all `pieces`; its length with the head, in bytes.
    fn item(&mut self, pieces: &[&[u8]]) -> io::Result<u64> {
        let mut head = Writer::new();
        head.bytes_head(pieces.iter().map(|piece| piece.len()).sum());
        let before = self.offset;
        for piece in [head.as_bytes()].iter().chain(pieces) {
            self.out.write_all(piece)?;
            let written = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            self.offset = self.offset.saturating_add(written);
        }
        Ok(self.offset.saturating_sub(before))
    }

    /// The blocks of one tree, whose `rows` come in key order with their keys; `limit` of them are held at a time.
    pub(super) fn tree<R: BlockRow, B: Borrow<R>, E>(
        &mut self,
        rows: impl Iterator<Item = Result<([u8; 32], B), WriteFault<E>>>,
        column: Option<Column<'_>>,
        limit: usize,
    ) -> Result<(), WriteFault<E>> {
        let mut boundaries = Boundaries::new(limit);
        let mut window: VecDeque<([u8; 32], B)> = VecDeque::new();
        let mut written = 0_usize;
        let mut block = |window: &mut VecDeque<([u8; 32], B)>, count: usize| {
            let end = written.saturating_add(count);
            let range = written..end;
            let rows = window.drain(..count.min(window.len()));
            self.block(rows, column.map(|column| (column, range)))?;
            written = end;
            Ok::<_, WriteFault<E>>(())
        };
        for row in rows {
            let row = row?;
            if let Some(count) = boundaries.push(&row.0) {
                block(&mut window, count)?;
            }
            window.push_back(row);
        }
        for count in boundaries.finish() {
            block(&mut window, count)?;
        }
        Ok(())
    }

    /// One block, with the part of the column that goes with it.
    fn block<R: BlockRow, B: Borrow<R>, E>(
        &mut self,
        rows: impl ExactSizeIterator<Item = ([u8; 32], B)>,
        column: Option<(Column<'_>, Range<usize>)>,
    ) -> Result<(), WriteFault<E>> {
        let mut body = Writer::with_capacity(rows.len().saturating_mul(128));
        let mut root = RootBuilder::new(R::KIND);
        let mut keys = Vec::with_capacity(rows.len());
        body.array(rows.len());
        for (key, row) in rows {
            let start = body.as_bytes().len();
            row.borrow().encode(&mut body);
            let encoded = body.as_bytes().get(start..).unwrap_or_default();
            root.push(&row.borrow().leaf(key, encoded)?)?;
            keys.push(key);
        }
        let Some(first) = keys.first() else { return Ok(()) };
        let summary = root.finish()?;
        let sha256 = match column {
            Some((column, range)) => Some(column.write(range, &keys, &mut body)?),
            None => None,
        };
        let mut head = Writer::new();
        head.array(if sha256.is_some() { 5 } else { 3 });
        head.uint(R::TREE.code());
        summary.encode(&mut head);
        let length = self.item(&[head.as_bytes(), body.as_bytes()])?;
        self.blocks.push(Described { tree: R::TREE, key: *first, summary, length, sha256 });
        Ok(())
    }
}

/// The SHA-256 of all entries.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    entries: &'a [FileEntry],
    digests: &'a [Sha256],
}

impl Column<'_> {
    /// Appends the digests of one block and the root of its subtree of the index; the root.
    fn write(
        &self,
        range: Range<usize>,
        keys: &[[u8; 32]],
        body: &mut Writer,
    ) -> Result<Summary, TreeError> {
        let entries = self.entries.get(range.clone()).unwrap_or_default();
        let digests = self.digests.get(range).unwrap_or_default();
        body.bytes_head(digests.len().saturating_mul(32));
        for digest in digests {
            body.raw(digest.as_bytes());
        }
        let summary = index::root(keys, entries, digests)?;
        summary.encode(body);
        Ok(summary)
    }
}
