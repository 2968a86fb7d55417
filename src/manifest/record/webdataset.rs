//! Samples of a tar archive, as `WebDataset` names them.
//!
//! `images/0001.seg.png` is the member `seg.png` of the sample `images/0001`:
//! the last component of the name, cut at its first dot. Members with one key
//! that follow each other are a sample.

use std::collections::BTreeMap;

use super::lines::Partial;
use super::tar::{Archive, Members, shown};
use super::{RecordError, RecordFault};
use crate::cbor::{Codec, Writer};
use crate::digest::Digest;
use crate::limits::MAX_SAMPLE;

/// The sample that is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Samples {
    key: Vec<u8>,
    /// Its members by extension; none before the first sample.
    members: BTreeMap<String, (Digest, u64)>,
    extension: String,
    open: Partial,
}

impl Samples {
    /// Gives the record of the sample that has ended.
    ///
    /// `[[extension, size, digest], ...]` in CBOR, the extensions in bytewise order.
    fn flush(&mut self, sink: &mut dyn FnMut(Digest, u64)) {
        if self.members.is_empty() {
            return;
        }
        let mut record = Writer::with_capacity(64);
        record.array(self.members.len());
        for (extension, (digest, size)) in &self.members {
            record.array(3);
            record.text(extension);
            record.uint(*size);
            digest.encode(&mut record);
        }
        self.members.clear();
        let record = record.as_bytes();
        sink(Digest::of(record), super::lines::len(record));
    }
}

impl Members for Samples {
    fn begin(&mut self, name: &[u8], sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordFault> {
        let (key, extension) =
            split(name).ok_or_else(|| RecordFault::NoSample { name: shown(name) })?;
        if key != self.key {
            self.flush(sink);
            self.key = key.to_vec();
        }
        if self.members.contains_key(&extension) {
            return Err(RecordFault::DuplicateExtension {
                extension: crate::text::excerpt(&extension),
            });
        }
        if self.members.len() >= MAX_SAMPLE {
            return Err(RecordFault::TooManyMembers { limit: MAX_SAMPLE });
        }
        self.extension = extension;
        self.open = Partial::default();
        Ok(())
    }

    fn content(&mut self, piece: &[u8]) {
        self.open.update(piece);
    }

    fn end(&mut self, _: &mut dyn FnMut(Digest, u64)) {
        let extension = std::mem::take(&mut self.extension);
        self.members.insert(extension, self.open.finish());
    }

    fn finish(&mut self, sink: &mut dyn FnMut(Digest, u64)) {
        self.flush(sink);
    }
}

/// The key, and the extension in lower case as readers of such archives take it.
///
/// `None` without either, and for an extension of anything but visible ASCII.
fn split(name: &[u8]) -> Option<(&[u8], String)> {
    let last = name.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at.saturating_add(1));
    let dot = name.get(last..)?.iter().position(|byte| *byte == b'.').filter(|at| *at > 0)?;
    let (key, rest) = name.split_at_checked(last.saturating_add(dot))?;
    let extension = str::from_utf8(rest.get(1..)?).ok()?;
    let visible = extension.bytes().all(|byte| byte.is_ascii_graphic());
    (visible && !extension.is_empty()).then(|| (key, extension.to_ascii_lowercase()))
}

/// The key of the one sample that an archive holds.
pub(super) fn only_sample(archive: &[u8]) -> Result<Digest, RecordError> {
    let (mut found, mut only) = (0_u64, None);
    let mut sink = |digest, _| {
        found = found.saturating_add(1);
        only = Some(digest);
    };
    let mut samples = Archive::<Samples>::default();
    samples.push(archive, &mut sink)?;
    samples.finish(&mut sink)?;
    only.filter(|_| found == 1).ok_or(RecordError::new(0, RecordFault::Samples { found }))
}
