//! Writing a manifest file or a record index file of rows that are never in memory together.

use std::io::{self, Seek, SeekFrom, Write};

use super::directory::Roots;
use super::write::{Output, WriteFault};
use super::{FileTree, Header};
use crate::cbor::{Codec, Version1};
use crate::limits::BLOCK_ROWS;
use crate::manifest::{ContentRow, FileEntry, Head, Index, ManifestKind, RecordRow};
use crate::tree::Summary;

/// A file whose roots are known last and stand first.
///
/// A header has one length, so it is written twice. Until [`Rewritten::finish`] the file has a
/// header of empty trees, which no reader takes for that of any rows.
#[derive(Debug)]
struct Rewritten<W> {
    output: Output<W>,
    /// Where in `out` the file begins.
    start: u64,
}

impl<W: Write + Seek> Rewritten<W> {
    /// Begins where `out` stands.
    fn begin(mut out: W, header: &impl Codec) -> io::Result<Self> {
        let start = out.stream_position()?;
        let mut output = Output::new(out);
        output.header(header)?;
        Ok(Self { output, start })
    }

    /// Of all blocks of a tree so far.
    fn root<E>(&self, tree: FileTree) -> Result<Summary, WriteFault<E>> {
        let mut roots = Roots::new();
        for block in &self.output.blocks {
            roots.push(block)?;
        }
        Ok(roots.root(tree)?)
    }

    /// Completes the file, `header` in the place of the first one.
    fn finish(mut self, header: &impl Codec) -> io::Result<()> {
        self.output.end()?;
        let end = self.output.out.stream_position()?;
        self.output.out.seek(SeekFrom::Start(self.start))?;
        self.output.header(header)?;
        self.output.out.seek(SeekFrom::Start(end))?;
        self.output.out.flush()
    }
}

/// Writes the file of a manifest of files, tree after tree.
#[derive(Debug)]
pub(crate) struct RowsWriter<W>(Rewritten<W>);

impl<W: Write + Seek> RowsWriter<W> {
    /// Begins where `out` stands.
    pub(crate) fn begin(out: W) -> io::Result<Self> {
        Rewritten::begin(out, &header(Summary::EMPTY, Summary::EMPTY)).map(Self)
    }

    /// The `parts` tree, from entries in key order with their keys.
    pub(crate) fn parts<E>(
        &mut self,
        rows: impl Iterator<Item = Result<([u8; 32], FileEntry), WriteFault<E>>>,
    ) -> Result<(), WriteFault<E>> {
        self.0.output.tree::<FileEntry, _, _>(rows, None, BLOCK_ROWS)?;
        // Sums that overflow between blocks are found before anything else is done.
        self.0.root(FileTree::Parts).map(drop)
    }

    /// The `content` tree, from every distinct content in the order of its digest.
    pub(crate) fn content<E>(
        &mut self,
        rows: impl Iterator<Item = Result<ContentRow, WriteFault<E>>>,
    ) -> Result<(), WriteFault<E>> {
        let rows = rows.map(|row| row.map(|row| (*row.digest.as_bytes(), row)));
        self.0.output.tree::<ContentRow, _, _>(rows, None, BLOCK_ROWS)
    }

    /// Completes the file; what its id is computed from.
    pub(crate) fn finish<E>(self) -> Result<Head, WriteFault<E>> {
        let header = header(self.0.root(FileTree::Parts)?, self.0.root(FileTree::Content)?);
        self.0.finish(&header)?;
        Ok(header.head)
    }
}

fn header(parts: Summary, content: Summary) -> Header {
    let head = Head::new(ManifestKind::Files, parts, content);
    Header { v: Version1, head, sha256: None }
}

/// Writes the file of an index over records.
///
/// The tree of `index` is that of `rows`, every distinct record in the order of its digest.
pub(crate) fn write_index<E>(
    out: impl Write + Seek,
    index: Index,
    rows: impl Iterator<Item = Result<RecordRow, WriteFault<E>>>,
) -> Result<Index, WriteFault<E>> {
    let mut file = Rewritten::begin(out, &Index { tree: Summary::EMPTY, ..index.clone() })?;
    let rows = rows.map(|row| row.map(|row| (*row.digest.as_bytes(), row)));
    file.output.tree::<RecordRow, _, _>(rows, None, BLOCK_ROWS)?;
    let index = Index { tree: file.root(FileTree::Records)?, ..index };
    file.finish(&index)?;
    Ok(index)
}
