//! Writing a manifest file of rows that are never in memory together.

use std::io::{self, Seek, SeekFrom, Write};

use super::directory::Roots;
use super::write::{Output, WriteFault};
use super::{FileTree, Header};
use crate::cbor::Version1;
use crate::limits::BLOCK_ROWS;
use crate::manifest::{ContentRow, FileEntry, Head, ManifestKind};
use crate::tree::Summary;

/// Writes the file of a manifest of files, tree after tree.
///
/// The roots are known last and stand first; a header has one length, so it is
/// written twice. Until [`RowsWriter::finish`] the file has a header of empty
/// trees, which no reader takes for that of any rows.
#[derive(Debug)]
pub(crate) struct RowsWriter<W> {
    output: Output<W>,
    /// Where in `out` the file begins.
    start: u64,
}

impl<W: Write + Seek> RowsWriter<W> {
    /// Begins where `out` stands.
    pub(crate) fn begin(mut out: W) -> io::Result<Self> {
        let start = out.stream_position()?;
        let mut output = Output::new(out);
        output.header(&header(Summary::EMPTY, Summary::EMPTY))?;
        Ok(Self { output, start })
    }

    /// The `parts` tree, from entries in key order with their keys.
    pub(crate) fn parts<E>(
        &mut self,
        rows: impl Iterator<Item = Result<([u8; 32], FileEntry), WriteFault<E>>>,
    ) -> Result<(), WriteFault<E>> {
        self.output.tree::<FileEntry, _, _>(rows, None, BLOCK_ROWS)?;
        // Sums that overflow between blocks are found before anything else is done.
        self.root(FileTree::Parts).map(drop)
    }

    /// The `content` tree, from every distinct content in the order of its digest.
    pub(crate) fn content<E>(
        &mut self,
        rows: impl Iterator<Item = Result<ContentRow, WriteFault<E>>>,
    ) -> Result<(), WriteFault<E>> {
        let rows = rows.map(|row| row.map(|row| (*row.digest.as_bytes(), row)));
        self.output.tree::<ContentRow, _, _>(rows, None, BLOCK_ROWS)
    }

    /// Completes the file; what its id is computed from.
    pub(crate) fn finish<E>(mut self) -> Result<Head, WriteFault<E>> {
        let (parts, content) = (self.root(FileTree::Parts)?, self.root(FileTree::Content)?);
        self.output.end()?;
        let header = header(parts, content);
        let end = self.output.out.stream_position()?;
        self.output.out.seek(SeekFrom::Start(self.start))?;
        self.output.header(&header)?;
        self.output.out.seek(SeekFrom::Start(end))?;
        self.output.out.flush()?;
        Ok(header.head)
    }

    fn root<E>(&self, tree: FileTree) -> Result<Summary, WriteFault<E>> {
        let mut roots = Roots::new();
        for block in &self.output.blocks {
            roots.push(block)?;
        }
        Ok(roots.root(tree)?)
    }
}

fn header(parts: Summary, content: Summary) -> Header {
    let head = Head::new(ManifestKind::Files, parts, content);
    Header { v: Version1, head, sha256: None }
}
