//! Lines of a file that arrives in pieces.

use super::json::{Canonicalizer, Integers, is_space};
use super::{JsonPointer, RecordError, RecordFault, text};
use crate::digest::{Digest, Hasher};
use crate::limits::MAX_RECORD;

/// A content of which a part has arrived.
#[derive(Clone, Debug, Default)]
pub(super) struct Partial {
    hasher: Hasher,
    size: u64,
}

impl Partial {
    pub(super) fn update(&mut self, piece: &[u8]) {
        self.hasher.update(piece);
        self.size = self.size.saturating_add(len(piece));
    }

    pub(super) fn finish(&self) -> (Digest, u64) {
        (self.hasher.finish(), self.size)
    }
}

/// A length as sizes are counted.
pub(super) fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Lines as they are, hashed as they arrive.
#[derive(Clone, Debug, Default)]
pub(super) struct RawLines {
    /// What has arrived of a line that has not ended.
    open: Option<Partial>,
}

impl RawLines {
    pub(super) fn push(&mut self, piece: &[u8], sink: &mut dyn FnMut(Digest, u64)) {
        let mut rest = piece;
        while let Some((line, after)) = split_line(rest) {
            rest = after;
            match self.open.take() {
                None => sink(Digest::of(line), len(line)),
                Some(mut open) => {
                    open.update(line);
                    let (digest, size) = open.finish();
                    sink(digest, size);
                }
            }
        }
        if !rest.is_empty() {
            self.open.get_or_insert_default().update(rest);
        }
    }

    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(Digest, u64)) {
        if let Some(open) = self.open.take() {
            let (digest, size) = open.finish();
            sink(digest, size);
        }
    }
}

/// What stands before and after the first line feed.
fn split_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (line, rest) = bytes.split_at_checked(memchr::memchr(b'\n', bytes)?)?;
    Some((line, rest.get(1..)?))
}

/// What of a JSON text is a record.
#[derive(Clone, Debug)]
pub(super) enum JsonRecord {
    /// All of it.
    Whole,
    /// The string at a place in it.
    Text(JsonPointer),
}

/// Lines that are JSON texts, each held until it is complete.
#[derive(Clone, Debug)]
pub(super) struct JsonLines {
    record: JsonRecord,
    json: Canonicalizer,
    /// The beginning of a line that has not ended.
    open: Vec<u8>,
    /// Where that line begins.
    start: u64,
}

impl JsonLines {
    pub(super) fn new(record: JsonRecord) -> Self {
        Self { record, json: Canonicalizer::default(), open: Vec::new(), start: 0 }
    }

    pub(super) fn push(
        &mut self,
        piece: &[u8],
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<(), RecordError> {
        let mut rest = piece;
        while let Some((line, after)) = split_line(rest) {
            rest = after;
            let length = self.open.len().saturating_add(line.len());
            if self.open.is_empty() {
                self.line(line, sink)?;
            } else {
                self.extend(line)?;
                let open = std::mem::take(&mut self.open);
                self.line(&open, sink)?;
                self.open = open;
                self.open.clear();
            }
            let length = u64::try_from(length).unwrap_or(u64::MAX);
            self.start = self.start.saturating_add(length).saturating_add(1);
        }
        self.extend(rest)
    }

    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        let open = std::mem::take(&mut self.open);
        self.line(&open, sink)
    }

    fn extend(&mut self, piece: &[u8]) -> Result<(), RecordError> {
        if self.open.len().saturating_add(piece.len()) > MAX_RECORD {
            return Err(self.too_long());
        }
        self.open.extend_from_slice(piece);
        Ok(())
    }

    fn too_long(&self) -> RecordError {
        RecordError::new(0, RecordFault::TooLong { limit: MAX_RECORD }).after(self.start)
    }

    fn line(&mut self, line: &[u8], sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        // Before anything else, so that no cut between pieces decides.
        if line.len() > MAX_RECORD {
            return Err(self.too_long());
        }
        if line.iter().all(|byte| is_space(*byte)) {
            return Ok(());
        }
        let mut record = |canonical: &str| {
            let bytes = canonical.as_bytes();
            sink(Digest::of(bytes), len(bytes));
        };
        let made = match &self.record {
            JsonRecord::Whole => self.json.canonicalize(line, Integers::Own).map(&mut record),
            JsonRecord::Text(pointer) => {
                text::field(&mut self.json, line, pointer).map(|text| record(&text))
            }
        };
        made.map_err(|error| error.after(self.start))
    }
}
