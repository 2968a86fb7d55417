//! The items of a CBOR sequence of byte strings, one after another from memory or from a stream.

use std::io::{self, Read};

use crate::cbor::{CborError, CborFault, Reader, head_rest};

/// Bytes that are no sequence of byte strings, or hold what they should not.
///
/// Every file says this in its own error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ItemFault {
    /// An item is not the CBOR it should be.
    Cbor(CborError),
    /// Bytes follow the last item.
    TrailingBytes {
        /// Where the file should end.
        offset: u64,
    },
    /// The file ends before its last item does.
    Truncated {
        /// Where the unfinished item begins.
        start: u64,
        /// Where the file ends.
        offset: u64,
    },
}

/// Where bytes come from.
pub(super) trait Source {
    /// How reading can fail; memory cannot but hold the wrong bytes.
    type Error: From<ItemFault>;

    /// Appends the next `len` bytes to `bytes`, or as many as there are.
    ///
    /// Allocates in proportion to the bytes received, whatever `len`.
    fn take(&mut self, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), Self::Error>;
}

/// Appends the next `len` bytes of `input` to `bytes`, or as many as there are.
///
/// The buffer grows as bytes arrive, by doubling.
pub(super) fn take(input: &mut impl Read, len: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    let limit = u64::try_from(len).unwrap_or(u64::MAX);
    input.by_ref().take(limit).read_to_end(bytes).map(drop)
}

/// How much of an item that is read piece by piece is read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// A source with the place it has reached, and room for one item.
#[derive(Debug)]
pub(super) struct Input<S> {
    source: S,
    /// Bytes read so far, or where in the file reading began and they.
    offset: u64,
    /// Where the current item begins.
    start: u64,
    /// Bytes of the current item's content that are not read yet.
    left: usize,
    /// Bytes at the front of `buffer` that are done with.
    used: usize,
    buffer: Vec<u8>,
}

impl<S: Source> Input<S> {
    pub(super) fn new(source: S) -> Self {
        Self::at(source, 0)
    }

    /// A source that begins at byte `offset` of the file.
    pub(super) fn at(source: S, offset: u64) -> Self {
        Self { source, offset, start: offset, left: 0, used: 0, buffer: Vec::new() }
    }

    /// The content of the next item, a byte string of at most `limit` bytes.
    pub(super) fn item(&mut self, limit: usize) -> Result<Item<'_>, S::Error> {
        self.open(limit)?;
        self.rest(limit)
    }

    /// Begins the next item, a byte string of at most `limit` bytes.
    pub(super) fn open(&mut self, limit: usize) -> Result<(), S::Error> {
        self.begin();
        self.fill(1)?;
        let rest = self.buffer.first().copied().map_or(0, head_rest);
        self.fill(rest)?;
        self.left = Reader::new(&self.buffer)
            .bytes_head(limit)
            .map_err(|fault| shifted(fault, self.start))?;
        self.buffer.clear();
        Ok(())
    }

    /// What is left of the item: `len` bytes at least, unless it ends before.
    pub(super) fn peek(&mut self, len: usize) -> Result<Item<'_>, S::Error> {
        if self.seen() < len {
            self.buffer.drain(..self.used);
            self.used = 0;
            self.fill_content(len.max(PIECE).min(self.left))?;
        }
        Ok(self.view())
    }

    /// All that is left of the item, at most `limit` bytes.
    pub(super) fn rest(&mut self, limit: usize) -> Result<Item<'_>, S::Error> {
        let len = self.len_left();
        if len > limit {
            let found = u64::try_from(len).unwrap_or(u64::MAX);
            let fault = CborError::new(0, CborFault::TooLong { found, limit });
            return Err(shifted(fault, self.start).into());
        }
        self.fill_content(self.left)?;
        Ok(self.view())
    }

    /// The item goes on after `len` bytes of what [`Input::peek`] has shown.
    pub(super) fn skip(&mut self, len: usize) {
        self.used = self.used.saturating_add(len).min(self.buffer.len());
    }

    /// Nothing is left of the item.
    pub(super) fn end_item(&mut self) -> Result<(), S::Error> {
        match self.len_left() {
            0 => Ok(()),
            count => {
                let fault = CborError::new(0, CborFault::TrailingBytes { count });
                Err(self.view().fault(fault).into())
            }
        }
    }

    /// Bytes of the item that are not done with.
    fn len_left(&self) -> usize {
        self.seen().saturating_add(self.left)
    }

    /// Where the current item begins.
    pub(super) const fn start(&self) -> u64 {
        self.start
    }

    /// The next `N` bytes, which are the whole next item.
    pub(super) fn fixed<const N: usize>(&mut self) -> Result<Item<'_>, S::Error> {
        self.begin();
        self.fill(N)?;
        Ok(self.view())
    }

    /// Room for items so far, in bytes.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Nothing may follow.
    pub(super) fn end(&mut self) -> Result<(), S::Error> {
        self.begin();
        self.source.take(self.offset, 1, &mut self.buffer)?;
        if self.buffer.is_empty() {
            return Ok(());
        }
        Err(ItemFault::TrailingBytes { offset: self.offset }.into())
    }

    fn begin(&mut self) {
        self.start = self.offset;
        self.left = 0;
        self.used = 0;
        self.buffer.clear();
    }

    /// Bytes in the buffer that are not done with.
    fn seen(&self) -> usize {
        self.buffer.len().saturating_sub(self.used)
    }

    fn view(&self) -> Item<'_> {
        let seen = u64::try_from(self.seen()).unwrap_or(u64::MAX);
        Item {
            bytes: self.buffer.get(self.used..).unwrap_or_default(),
            start: self.start,
            content: self.offset.saturating_sub(seen),
            end: self.offset,
        }
    }

    fn fill_content(&mut self, len: usize) -> Result<(), S::Error> {
        self.fill(len)?;
        self.left = self.left.saturating_sub(len);
        Ok(())
    }

    fn fill(&mut self, len: usize) -> Result<(), S::Error> {
        let before = self.buffer.len();
        self.source.take(self.offset, len, &mut self.buffer)?;
        let taken = self.buffer.len().saturating_sub(before);
        self.offset = self.offset.saturating_add(u64::try_from(taken).unwrap_or(u64::MAX));
        if taken < len {
            let (start, offset) = (self.start, self.offset);
            return Err(ItemFault::Truncated { start, offset }.into());
        }
        Ok(())
    }
}

/// What one item holds, or a piece of it, and where it stands in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    pub(super) bytes: &'a [u8],
    /// Where the item begins.
    pub(super) start: u64,
    /// Where `bytes` begin.
    content: u64,
    end: u64,
}

impl Item<'_> {
    /// Length with the head, in bytes.
    pub(super) fn length(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Where the item ends.
    pub(super) const fn end(&self) -> u64 {
        self.end
    }

    /// A fault at an offset in `bytes`, with its offset in the file.
    pub(super) fn fault(&self, fault: CborError) -> ItemFault {
        shifted(fault, self.content)
    }
}

/// Offsets beyond what memory can hold are given as the greatest one.
fn shifted(fault: CborError, base: u64) -> ItemFault {
    let base = usize::try_from(base).unwrap_or(usize::MAX);
    ItemFault::Cbor(CborError { offset: fault.offset.saturating_add(base), ..fault })
}
