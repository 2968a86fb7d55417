//! The items of a manifest file, one after another from memory or from a stream.

use std::io::Read;

use super::fault::{ManifestFileError, ManifestReadError};
use crate::cbor::{CborError, Reader, head_rest};

/// Where bytes come from.
pub(super) trait Source {
    /// How reading can fail; memory cannot but hold the wrong bytes.
    type Error: From<ManifestFileError>;

    /// Appends the next `len` bytes to `bytes`, or as many as there are.
    ///
    /// Allocates in proportion to the bytes received, whatever `len`.
    fn take(&mut self, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error>;
}

impl Source for &[u8] {
    type Error = ManifestFileError;

    fn take(&mut self, _: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error> {
        let (taken, rest) = self.split_at_checked(len).unwrap_or((self, &[]));
        bytes.extend_from_slice(taken);
        *self = rest;
        Ok(())
    }
}

/// A source over any reader.
#[derive(Debug)]
pub(super) struct Stream<R>(pub(super) R);

impl<R: Read> Source for Stream<R> {
    type Error = ManifestReadError;

    fn take(&mut self, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error> {
        let limit = u64::try_from(len).unwrap_or(u64::MAX);
        // Grows the buffer as bytes arrive, by doubling.
        let taken = self.0.by_ref().take(limit).read_to_end(bytes);
        taken.map(drop).map_err(|source| ManifestReadError::Read { offset, source })
    }
}

/// A source with the place it has reached, and room for one item.
#[derive(Debug)]
pub(super) struct Input<S> {
    source: S,
    /// Bytes read so far.
    offset: u64,
    /// Where the current item begins.
    start: u64,
    buffer: Vec<u8>,
}

impl<S: Source> Input<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source, offset: 0, start: 0, buffer: Vec::new() }
    }

    /// The content of the next item, a byte string of at most `limit` bytes.
    pub(super) fn item(&mut self, limit: usize) -> Result<Item<'_>, S::Error> {
        self.start = self.offset;
        self.buffer.clear();
        self.fill(1)?;
        let rest = self.buffer.first().copied().map_or(0, head_rest);
        self.fill(rest)?;
        let len = Reader::new(&self.buffer)
            .bytes_head(limit)
            .map_err(|fault| shifted(fault, self.start))?;
        self.buffer.clear();
        let content = self.offset;
        self.fill(len)?;
        let start = self.start;
        Ok(Item { bytes: &self.buffer, start, content, end: self.offset })
    }

    /// The next `N` bytes, which are the whole next item.
    pub(super) fn fixed<const N: usize>(&mut self) -> Result<Item<'_>, S::Error> {
        self.start = self.offset;
        self.buffer.clear();
        self.fill(N)?;
        let start = self.start;
        Ok(Item { bytes: &self.buffer, start, content: start, end: self.offset })
    }

    /// Room for items so far, in bytes.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), S::Error> {
        self.buffer.clear();
        self.source.take(self.offset, 1, &mut self.buffer)?;
        if self.buffer.is_empty() {
            return Ok(());
        }
        Err(ManifestFileError::TrailingBytes { offset: self.offset }.into())
    }

    fn fill(&mut self, len: usize) -> Result<(), S::Error> {
        let before = self.buffer.len();
        self.source.take(self.offset, len, &mut self.buffer)?;
        let taken = self.buffer.len().saturating_sub(before);
        self.offset = self.offset.saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
        if taken < len {
            let (start, offset) = (self.start, self.offset);
            return Err(ManifestFileError::Truncated { start, offset }.into());
        }
        Ok(())
    }
}

/// What one item holds, and where it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    pub(super) bytes: &'a [u8],
    /// Where the item begins.
    pub(super) start: u64,
    /// Where `bytes` begin, after the head.
    content: u64,
    end: u64,
}

impl Item<'_> {
    /// Length with the head, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// A fault at an offset in `bytes`, with its offset in the file.
    pub(super) fn fault(&self, fault: CborError) -> ManifestFileError {
        shifted(fault, self.content)
    }
}

/// Offsets beyond what memory can hold are given as the greatest one.
fn shifted(fault: CborError, base: u64) -> ManifestFileError {
    let base = usize::try_from(base).unwrap_or(usize::MAX);
    CborError { offset: fault.offset.saturating_add(base), ..fault }.into()
}
