//! Record index files of more records than memory holds.
//!
//! Records are gathered up to the memory that the caller grants, put in the order of their
//! digests, counted, and written to the caller's directory as a run; the runs are merged at the
//! end, 64 at a time, as those of a [`ManifestWriter`](super::ManifestWriter) are.
//!
//! ```text
//! gathered = digest[32] | size u64be
//! in a run = digest[32] | size u64be | count u64be
//! ```

use std::fmt;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::Stop;
use super::spill::{Buffer, Merge, Pushed, Run, RunWriter, Scratch, SpillFault, reduce};
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::manifest::{
    Index, RecordError, RecordIndexError, RecordReadError, RecordRow, RecordRule, WriteFault,
    write_index,
};
use crate::tree::{Summary, TreeError};

/// Writes the file of an index over any number of records in the memory that the caller grants.
///
/// The index is the one that a [`RecordIndexBuilder`](crate::manifest::RecordIndexBuilder) makes
/// of the same records, and the file the one that
/// [`RecordIndex::write_to`](crate::manifest::RecordIndex::write_to) writes, whatever the order,
/// the memory, and the number of writers that were [merged](Self::merge).
///
/// ```
/// use std::io::Cursor;
///
/// use datadeed::ManifestId;
/// use datadeed::manifest::{RecordIndexBuilder, RecordRule};
/// use datadeed::scan::RecordIndexWriter;
///
/// let (of, rule) = (ManifestId::from_bytes([7; 32]), RecordRule::LineRaw);
/// let spill = tempfile::tempdir()?;
/// let mut writer = RecordIndexWriter::new(spill.path(), 64 << 20, of, rule.clone())?;
/// writer.read(&b"To be\nor not\nTo be\n"[..])?;
/// let mut file = Cursor::new(Vec::new());
/// let index = writer.finish(&mut file)?;
///
/// let mut builder = RecordIndexBuilder::new(of, rule);
/// builder.file(b"To be\nor not\nTo be\n")?;
/// let in_memory = builder.finish()?;
/// assert_eq!(index.id(), in_memory.id());
/// assert_eq!(file.into_inner(), in_memory.to_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is written before `finish`"]
pub struct RecordIndexWriter<'a> {
    // Runs are removed before the directory that they are in.
    runs: Vec<Run>,
    scratch: Arc<Scratch>,
    buffer: Buffer,
    memory: usize,
    of: ManifestId,
    rule: RecordRule,
    files: Option<Summary>,
    cancel: Option<&'a AtomicBool>,
    /// Why there is no index whatever follows.
    fault: Option<RecordIndexError>,
}

/// Records that were not written to a record index file.
///
/// ```
/// use datadeed::{Digest, ManifestId};
/// use datadeed::manifest::{RecordIndexError, RecordRule};
/// use datadeed::scan::{RecordIndexWriter, RecordIndexWriterError};
///
/// let (spill, digest) = (tempfile::tempdir()?, Digest::of(b"x"));
/// let of = ManifestId::from_bytes([7; 32]);
/// let mut writer = RecordIndexWriter::new(spill.path(), 1 << 20, of, RecordRule::LineRaw)?;
/// writer.digests([(digest, 1), (digest, 2)])?;
/// let refused = writer.finish(std::io::Cursor::new(Vec::new()));
/// let conflict = RecordIndexError::SizeConflict { digest, one: 1, other: 2 };
/// assert!(matches!(refused, Err(RecordIndexWriterError::Index(error)) if error == conflict));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordIndexWriterError {
    /// The caller's flag was set.
    #[error("writing cancelled")]
    Cancelled,
    /// A file in the directory for runs is not what was written to it.
    #[error("{path:?} changed since it was written")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The records make no index.
    #[error(transparent)]
    Index(#[from] RecordIndexError),
    /// The output failed.
    #[error("cannot write the record index file")]
    Output {
        /// Its answer.
        #[source]
        source: io::Error,
    },
    /// A file makes no records under the rule, or cannot be read.
    #[error(transparent)]
    Records(#[from] RecordReadError),
    /// A file in the directory for runs, or a directory there, cannot be made, written or read.
    #[error("{path:?} cannot be made, written or read")]
    Spill {
        /// The file or directory.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: io::Error,
    },
}

impl From<SpillFault> for RecordIndexWriterError {
    fn from(fault: SpillFault) -> Self {
        match fault {
            SpillFault::Damaged { path } => Self::Damaged { path },
            SpillFault::Io { path, source } => Self::Spill { path, source },
        }
    }
}

impl From<WriteFault<Self>> for RecordIndexWriterError {
    fn from(fault: WriteFault<Self>) -> Self {
        match fault {
            WriteFault::Out(source) => Self::Output { source },
            WriteFault::Rows(fault) => fault,
            WriteFault::Tree(fault) => Self::Index(fault.into()),
        }
    }
}

impl<'a> RecordIndexWriter<'a> {
    /// A writer that gathers records of the files of `of` in `memory` bytes and keeps the rest in a
    /// new directory inside of `directory`.
    ///
    /// What is gathered takes 60 bytes for each record, duplicates included. Beside it stand one
    /// block of the output, what its directory takes (some 150 bytes for every 4096 distinct
    /// records), and while runs are merged, when `memory` is free again, a buffer of 4 to 256 KiB
    /// for each of at most 64. The files take some 50 bytes for each distinct record of a run and
    /// are removed when the writer is dropped; a process that is killed leaves them behind.
    ///
    /// Whether the files are those of the manifest is the caller's care;
    /// [`Records::write`](super::Records::write) sees to it.
    ///
    /// # Errors
    ///
    /// [`RecordIndexWriterError::Spill`] where no directory can be made.
    pub fn new(
        directory: impl AsRef<Path>,
        memory: usize,
        of: ManifestId,
        rule: RecordRule,
    ) -> Result<Self, RecordIndexWriterError> {
        Ok(Self {
            runs: Vec::new(),
            scratch: Scratch::create(directory.as_ref())?,
            buffer: Buffer::new(memory),
            memory,
            of,
            rule,
            files: None,
            cancel: None,
            fault: None,
        })
    }

    /// The index is of these files of the dataset only, as
    /// [`RecordIndexBuilder::only`](crate::manifest::RecordIndexBuilder::only) says it.
    pub const fn only(mut self, files: Summary) -> Self {
        self.files = Some(files);
        self
    }

    /// A flag that ends the work with [`RecordIndexWriterError::Cancelled`] once it is `true`.
    ///
    /// It is looked at before records are written to files, and every 4096 of them in merging.
    pub const fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Adds the records of a file that is read to its end, 256 KiB at a time.
    ///
    /// # Errors
    ///
    /// [`RecordIndexWriterError::Records`] as
    /// [`RecordIndexBuilder::read`](crate::manifest::RecordIndexBuilder::read) fails;
    /// as [`digests`](Self::digests). This writer makes no index then.
    pub fn read(&mut self, input: impl Read) -> Result<(), RecordIndexWriterError> {
        let rule = self.rule.clone();
        let mut kept = Ok(());
        let split = rule.read(input, &mut |digest, size| {
            if kept.is_ok() {
                kept = self.push(digest, size);
            }
        });
        let source = match &split {
            Err(RecordReadError::Record(error)) => Some(error.clone()),
            Ok(()) | Err(RecordReadError::Read(_)) => None,
        };
        if kept.is_err() || split.is_err() {
            self.spoil(source);
        }
        kept?;
        Ok(split?)
    }

    /// Adds records by their digests and the sizes of their canonical bytes, each pair for one
    /// occurrence.
    ///
    /// # Errors
    ///
    /// [`RecordIndexWriterError::Spill`] and [`RecordIndexWriterError::Cancelled`] while the
    /// records before are written to files; this writer makes no index then.
    pub fn digests(
        &mut self,
        records: impl IntoIterator<Item = (Digest, u64)>,
    ) -> Result<(), RecordIndexWriterError> {
        for (digest, size) in records {
            if let Err(fault) = self.push(digest, size) {
                self.spoil(None);
                return Err(fault);
            }
        }
        Ok(())
    }

    /// Adds all that another writer has, of whose memory nothing is left.
    ///
    /// # Errors
    ///
    /// [`RecordIndexWriterError::Index`] as
    /// [`RecordIndexBuilder::merge`](crate::manifest::RecordIndexBuilder::merge) fails; nothing is
    /// added then. As [`digests`](Self::digests) while what `other` has gathered is written to a file.
    pub fn merge(&mut self, mut other: Self) -> Result<(), RecordIndexWriterError> {
        if other.of != self.of {
            let (found, expected) = (other.of, self.of);
            return Err(RecordIndexError::OtherManifest { found, expected }.into());
        }
        if other.rule != self.rule {
            let (found, expected) = (other.rule, self.rule.clone());
            return Err(RecordIndexError::OtherRule { found, expected }.into());
        }
        if other.files != self.files {
            return Err(RecordIndexError::OtherFiles { of: self.of }.into());
        }
        self.fault = self.fault.take().or(other.fault.take());
        if let Err(fault) = other.spill() {
            self.spoil(None);
            return Err(fault);
        }
        self.runs.append(&mut other.runs);
        Ok(())
    }

    /// Writes the record index file where `out` stands; the preimage of its id.
    ///
    /// Its header is written last. Where this fails, `out` is left with bytes
    /// that are no record index file.
    ///
    /// # Errors
    ///
    /// [`RecordIndexWriterError::Index`] for what
    /// [`RecordIndexBuilder::finish`](crate::manifest::RecordIndexBuilder::finish) refuses too;
    /// [`RecordIndexWriterError::Spill`] and [`RecordIndexWriterError::Damaged`] for the files of
    /// the runs, [`RecordIndexWriterError::Output`] for `out`,
    /// [`RecordIndexWriterError::Cancelled`] once the flag was seen.
    pub fn finish(mut self, out: impl Write + Seek) -> Result<Index, RecordIndexWriterError> {
        self.fault.take().map_or(Ok(()), Err)?;
        self.spill()?;
        let Self { mut runs, scratch, memory, buffer, of, rule, files, cancel, .. } = self;
        // Its room is for the buffers of runs now.
        drop(buffer);
        let mut watch = Watch { cancel, looks: 0 };
        reduce(&mut runs, &scratch, memory, || watch.look())?;
        let mut index = Index::new(of, rule.to_string(), Summary::EMPTY);
        index.files = files;
        let rows = Rows { merge: Merge::open(&runs, memory)?, watch, next: None };
        let written: Result<Index, RecordIndexWriterError> =
            write_index(out, index, rows).map_err(Into::into);
        written.map_err(|fault| {
            // Unless the runs are not what was written: they are read to their ends only here.
            let is_rows = matches!(fault, RecordIndexWriterError::Index(_));
            let damaged = runs.iter().filter(|_| is_rows).find_map(|run| run.verify().err());
            damaged.map_or(fault, Into::into)
        })
    }

    /// The same with other memory for what is left to do.
    pub(super) const fn with_memory(mut self, memory: usize) -> Self {
        self.memory = memory;
        self
    }

    fn push(&mut self, digest: Digest, size: u64) -> Result<(), RecordIndexWriterError> {
        let size = size.to_be_bytes();
        let record = [digest.as_bytes(), &size[..]];
        if self.buffer.push(&record) == Pushed::Full {
            self.spill()?;
            self.buffer.push(&record);
        }
        Ok(())
    }

    /// Writes what is gathered as a run, equal records once with their number.
    fn spill(&mut self) -> Result<(), RecordIndexWriterError> {
        if Stop(self.cancel).is_set() {
            return Err(RecordIndexWriterError::Cancelled);
        }
        if self.buffer.records() == 0 {
            return Ok(());
        }
        let mut run = RunWriter::create(&self.scratch)?;
        let mut records = self.buffer.sorted(|record| record).peekable();
        let mut line = Vec::with_capacity(RECORD);
        while let Some(record) = records.next() {
            let mut count = 1_u64;
            while records.next_if_eq(&record).is_some() {
                count = count.saturating_add(1);
            }
            line.clear();
            line.extend_from_slice(record);
            line.extend_from_slice(&count.to_be_bytes());
            run.push(&line)?;
        }
        drop(records);
        self.runs.push(run.finish()?);
        self.buffer.clear();
        Ok(())
    }

    /// Keeps the first fault of all.
    fn spoil(&mut self, source: Option<RecordError>) {
        self.fault.get_or_insert(RecordIndexError::Incomplete { source });
    }
}

impl fmt::Debug for RecordIndexWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordIndexWriter")
            .field("of", &self.of)
            .field("rule", &self.rule)
            .field("files", &self.files)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

/// Looks at the caller's flag now and then.
struct Watch<'a> {
    cancel: Option<&'a AtomicBool>,
    looks: u64,
}

impl Watch<'_> {
    fn look(&mut self) -> Result<(), RecordIndexWriterError> {
        if self.looks.is_multiple_of(4_096) && Stop(self.cancel).is_set() {
            return Err(RecordIndexWriterError::Cancelled);
        }
        self.looks = self.looks.saturating_add(1);
        Ok(())
    }
}

/// Length of a record in a run, in bytes.
const RECORD: usize = 48;

/// `digest | size u64be | count u64be`
fn row(record: &[u8]) -> Option<RecordRow> {
    let (digest, rest) = record.split_first_chunk::<32>()?;
    let (size, count) = rest.split_first_chunk::<8>()?;
    let (size, count) = (u64::from_be_bytes(*size), u64::from_be_bytes(count.try_into().ok()?));
    Some(RecordRow::new(Digest::from_bytes(*digest), count, size))
}

/// Every distinct record with its multiplicity.
struct Rows<'a, 'w> {
    merge: Merge<'a>,
    watch: Watch<'w>,
    /// The first of the next digest.
    next: Option<RecordRow>,
}

impl Rows<'_, '_> {
    fn read(&mut self) -> Result<Option<RecordRow>, RecordIndexWriterError> {
        self.watch.look()?;
        Ok(self.merge.read(row)?)
    }

    fn row(&mut self) -> Result<Option<RecordRow>, RecordIndexWriterError> {
        let first = match self.next.take() {
            Some(first) => Some(first),
            None => self.read()?,
        };
        let Some(mut row) = first else { return Ok(None) };
        while let Some(next) = self.read()? {
            if next.digest != row.digest {
                self.next = Some(next);
                break;
            }
            if next.size != row.size {
                let (digest, one, other) = (row.digest, row.size, next.size);
                return Err(RecordIndexError::SizeConflict { digest, one, other }.into());
            }
            let count = row.count.checked_add(next.count).ok_or(TreeError::SumOverflow);
            row.count = count.map_err(RecordIndexError::from)?;
        }
        Ok(Some(row))
    }
}

impl Iterator for Rows<'_, '_> {
    type Item = Result<RecordRow, WriteFault<RecordIndexWriterError>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.row().map_err(WriteFault::Rows).transpose()
    }
}

#[cfg(test)]
mod tests;
