//! The records of a file that arrives in pieces.

use super::lines::{JsonLines, JsonRecord, RawLines};
use super::tar::Archive;
use super::webdataset::Samples;
use super::{RecordError, RecordRule, tar};
use crate::digest::Digest;

/// Takes a file in pieces and gives its records; made by [`RecordRule::splitter`].
///
/// It reads nothing itself, so pieces may come from wherever they are. Where they
/// are cut makes no difference.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::RecordRule;
///
/// let mut records = Vec::new();
/// let mut sink = |digest, size| records.push((digest, size));
/// let mut splitter = RecordRule::LineRaw.splitter()?;
/// splitter.push(b"one\ntw", &mut sink)?;
/// splitter.push(b"o\n", &mut sink)?;
/// splitter.finish(&mut sink)?;
/// assert_eq!(records, [(Digest::of(b"one"), 3), (Digest::of(b"two"), 3)]);
/// # Ok::<(), datadeed::manifest::RecordError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a file has not ended before `finish`"]
pub struct RecordSplitter {
    state: State,
    /// After a fault there is no telling where records begin.
    failed: Option<RecordError>,
}

#[derive(Clone, Debug)]
enum State {
    Json(Box<JsonLines>),
    Raw(Box<RawLines>),
    Samples(Box<Archive<Samples>>),
    Tar(Box<Archive<tar::Contents>>),
}

impl RecordSplitter {
    pub(super) fn new(rule: &RecordRule) -> Result<Self, RecordError> {
        let json = |record| State::Json(Box::new(JsonLines::new(record)));
        let state = match rule {
            RecordRule::JsonJcs => json(JsonRecord::Whole),
            RecordRule::LineRaw => State::Raw(Box::default()),
            RecordRule::Own(rule) => return Err(rule.fault()),
            RecordRule::TarMember => State::Tar(Box::default()),
            RecordRule::Text(pointer) => json(JsonRecord::Text(pointer.clone())),
            RecordRule::WebDataset => State::Samples(Box::default()),
        };
        Ok(Self { state, failed: None })
    }

    /// Takes the next piece; `sink` is given the digest and the size of each record that ends in it.
    ///
    /// # Errors
    ///
    /// [`RecordError`] with the place of the first fault in the file, for every
    /// piece from then on.
    pub fn push(
        &mut self,
        piece: &[u8],
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<(), RecordError> {
        self.go_on()?;
        let pushed = match &mut self.state {
            State::Json(lines) => lines.push(piece, sink),
            State::Raw(lines) => {
                lines.push(piece, sink);
                Ok(())
            }
            State::Samples(archive) => archive.push(piece, sink),
            State::Tar(archive) => archive.push(piece, sink),
        };
        self.failed = pushed.err();
        self.go_on()
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// [`RecordError`] where it ends too early, or as for the pieces before.
    pub fn finish(mut self, sink: &mut dyn FnMut(Digest, u64)) -> Result<(), RecordError> {
        self.go_on()?;
        match &mut self.state {
            State::Json(lines) => lines.finish(sink),
            State::Raw(lines) => {
                lines.finish(sink);
                Ok(())
            }
            State::Samples(archive) => archive.finish(sink),
            State::Tar(archive) => archive.finish(sink),
        }
    }

    fn go_on(&self) -> Result<(), RecordError> {
        self.failed.clone().map_or(Ok(()), Err)
    }
}
