//! Writing a manifest file, one block in memory at a time.

use std::io::{self, Write};
use std::ops::Range;

use super::Header;
use super::boundary::Boundaries;
use super::directory::{self, Described};
use super::row::BlockRow;
use crate::cbor::{Codec as _, Version1, Writer, encode};
use crate::digest::Sha256;
use crate::manifest::index::{self, Sha256Index};
use crate::manifest::{Entries, FileEntry, Manifest};
use crate::tree::{RootBuilder, Summary, TreeError};

/// Writes the file with blocks of at most `limit` rows.
pub(super) fn write(
    manifest: &Manifest,
    sha256: Option<&Sha256Index>,
    limit: usize,
    out: impl Write,
) -> io::Result<()> {
    let mut output = Output { out, offset: 0, blocks: Vec::new() };
    let root = sha256.map(|index| *index.root());
    output.item(&[&encode(&Header { v: Version1, head: manifest.head.clone(), sha256: root })])?;
    match &manifest.entries {
        Entries::Files(entries) => {
            let column = sha256.map(|index| Column { entries, digests: index.digests() });
            output.tree(entries, column, limit)?;
        }
        Entries::Tensors(entries) => output.tree(entries, None, limit)?,
    }
    output.tree(&manifest.content, None, limit)?;
    let start = output.offset;
    output.item(&[&directory::encode(&output.blocks)])?;
    output.item(&[&start.to_le_bytes()])?;
    output.out.flush()
}

/// Where bytes go, and what has gone there.
struct Output<W> {
    out: W,
    /// Bytes written so far.
    offset: u64,
    blocks: Vec<Described>,
}

impl<W: Write> Output<W> {
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

    /// The blocks of one tree, whose `rows` are in key order.
    fn tree<R: BlockRow>(
        &mut self,
        rows: &[R],
        column: Option<Column<'_>>,
        limit: usize,
    ) -> io::Result<()> {
        let mut boundaries = Boundaries::new(limit);
        let mut keys = Vec::new();
        let mut written = 0_usize;
        let mut block = |keys: &mut Vec<[u8; 32]>, count: usize| {
            let end = written.saturating_add(count);
            let range = written..end;
            let rows = rows.get(range.clone()).unwrap_or_default();
            let keys = keys.drain(..count.min(keys.len()));
            self.block(rows, keys.as_slice(), column.map(|column| (column, range)))?;
            written = end;
            io::Result::Ok(())
        };
        for row in rows {
            let key = row.key();
            let count = boundaries.push(&key);
            if let Some(count) = count {
                block(&mut keys, count)?;
            }
            keys.push(key);
        }
        for count in boundaries.finish() {
            block(&mut keys, count)?;
        }
        Ok(())
    }

    /// One block, with the part of the column that goes with it.
    fn block<R: BlockRow>(
        &mut self,
        rows: &[R],
        keys: &[[u8; 32]],
        column: Option<(Column<'_>, Range<usize>)>,
    ) -> io::Result<()> {
        let Some(first) = keys.first() else { return Ok(()) };
        let mut body = Writer::with_capacity(rows.len().saturating_mul(128));
        let mut root = RootBuilder::new(R::KIND);
        body.array(rows.len());
        for (row, key) in rows.iter().zip(keys) {
            let start = body.as_bytes().len();
            row.encode(&mut body);
            let encoded = body.as_bytes().get(start..).unwrap_or_default();
            root.push(&row.leaf(*key, encoded).map_err(io::Error::other)?)
                .map_err(io::Error::other)?;
        }
        let summary = root.finish().map_err(io::Error::other)?;
        let sha256 = match column {
            Some((column, range)) => {
                Some(column.write(range, keys, &mut body).map_err(io::Error::other)?)
            }
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
struct Column<'a> {
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
