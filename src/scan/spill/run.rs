//! Sorted records in files of the caller's directory, which are removed when dropped.
//!
//! ```text
//! run    = record*
//! record = shared varint | length varint | rest     what it shares with the record before, and the rest
//! varint = 7 bits a byte, least first, the high bit on all but the last
//! ```
//!
//! A run is read by the process that wrote it and by nobody else. Its digest
//! stays in memory, so a run that was changed meanwhile is not believed.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::SpillFault;
use crate::digest::{Digest, Hasher};

/// Longest record, in bytes: a name with its key, digest and size has 4168, a collision less.
const MAX_RECORD: u64 = 8 << 10;

/// Bytes that are gathered before they are written.
const WRITE: usize = 128 << 10;

/// A directory for runs, inside of the caller's.
#[derive(Debug)]
pub(in crate::scan) struct Scratch {
    path: PathBuf,
    runs: AtomicU64,
}

impl Scratch {
    /// Makes a directory of a name that was free, readable by its owner alone where the system tells owners apart.
    pub(in crate::scan) fn create(parent: &Path) -> Result<Arc<Self>, SpillFault> {
        let mut number = 0_u64;
        loop {
            let path = parent.join(format!("datadeed-{number}"));
            match private().create(&path) {
                Ok(()) => return Ok(Arc::new(Self { path, runs: AtomicU64::new(0) })),
                Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                    number = number.saturating_add(1);
                }
                Err(source) => return Err(SpillFault::Io { path, source }),
            }
        }
    }
}

#[cfg(unix)]
fn private() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

#[cfg(not(unix))]
fn private() -> DirBuilder {
    DirBuilder::new()
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Whoever drops it cannot be told, and has what he wanted.
        drop(fs::remove_dir(&self.path));
    }
}

/// Records of one file, in bytewise order.
#[derive(Debug)]
pub(in crate::scan) struct Run {
    path: PathBuf,
    records: u64,
    digest: Digest,
    /// Removed after all its runs.
    _scratch: Arc<Scratch>,
}

impl Drop for Run {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.path));
    }
}

/// A run while it is written.
pub(in crate::scan) struct RunWriter {
    // Closed before the run is removed, which not every system does to open files.
    file: File,
    run: Run,
    buffer: Vec<u8>,
    hasher: Hasher,
    last: Vec<u8>,
}

impl RunWriter {
    pub(in crate::scan) fn create(scratch: &Arc<Scratch>) -> Result<Self, SpillFault> {
        let number = scratch.runs.fetch_add(1, Ordering::Relaxed);
        let path = scratch.path.join(format!("{number}.run"));
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let file = file.map_err(|source| SpillFault::Io { path: path.clone(), source })?;
        let digest = Digest::of(&[]);
        let run = Run { path, records: 0, digest, _scratch: Arc::clone(scratch) };
        let buffer = Vec::with_capacity(WRITE);
        Ok(Self { file, run, buffer, hasher: Hasher::new(), last: Vec::new() })
    }

    /// Writes the next record, which is not less than the one before.
    pub(in crate::scan) fn push(&mut self, record: &[u8]) -> Result<(), SpillFault> {
        let shared = self.last.iter().zip(record).take_while(|(a, b)| a == b).count();
        let rest = record.get(shared..).unwrap_or_default();
        varint(shared, &mut self.buffer);
        varint(rest.len(), &mut self.buffer);
        self.buffer.extend_from_slice(rest);
        self.last.truncate(shared);
        self.last.extend_from_slice(rest);
        self.run.records = self.run.records.saturating_add(1);
        if self.buffer.len() >= WRITE.saturating_sub(10 << 10) { self.flush() } else { Ok(()) }
    }

    pub(in crate::scan) fn finish(mut self) -> Result<Run, SpillFault> {
        self.flush()?;
        self.run.digest = self.hasher.finish();
        Ok(self.run)
    }

    fn flush(&mut self) -> Result<(), SpillFault> {
        self.hasher.update(&self.buffer);
        let written = self.file.write_all(&self.buffer);
        self.buffer.clear();
        written.map_err(|source| self.run.fault(source))
    }
}

fn varint(value: usize, bytes: &mut Vec<u8>) {
    let mut left = u64::try_from(value).unwrap_or(u64::MAX);
    loop {
        let [low, ..] = left.to_le_bytes();
        left >>= 7;
        if left == 0 {
            return bytes.push(low & 0x7f);
        }
        bytes.push(low | 0x80);
    }
}

impl Run {
    #[cfg(test)]
    pub(in crate::scan) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it from the beginning, `buffer` bytes at a time.
    pub(in crate::scan) fn open(&self, buffer: usize) -> Result<RunReader<'_>, SpillFault> {
        let file = File::open(&self.path).map_err(|source| self.fault(source))?;
        Ok(RunReader {
            run: self,
            file,
            hasher: Hasher::new(),
            buffer: vec![0; buffer.max(1)],
            at: 0,
            end: 0,
            left: self.records,
            record: Vec::new(),
        })
    }

    /// Whether it still is what was written.
    pub(in crate::scan) fn verify(&self) -> Result<(), SpillFault> {
        let mut reader = self.open(WRITE)?;
        while reader.step()? == Step::Record {}
        Ok(())
    }

    fn fault(&self, source: io::Error) -> SpillFault {
        SpillFault::Io { path: self.path.clone(), source }
    }

    fn damaged(&self) -> SpillFault {
        SpillFault::Damaged { path: self.path.clone() }
    }
}

/// A run while it is read.
pub(in crate::scan) struct RunReader<'a> {
    run: &'a Run,
    file: File,
    hasher: Hasher,
    buffer: Vec<u8>,
    /// What of the buffer is not read yet.
    at: usize,
    end: usize,
    /// Records not read yet.
    left: u64,
    record: Vec<u8>,
}

/// Whether there was another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scan) enum Step {
    Record,
    End,
}

impl RunReader<'_> {
    /// The record that [`RunReader::step`] went to.
    pub(in crate::scan) fn record(&self) -> &[u8] {
        &self.record
    }

    /// What to say of a record that is none of those that were written.
    pub(in crate::scan) fn damaged(&self) -> SpillFault {
        self.run.damaged()
    }

    /// Goes to the next record; at the end, all that was read must be what was written.
    pub(in crate::scan) fn step(&mut self) -> Result<Step, SpillFault> {
        if self.left == 0 {
            self.fill()?;
            if self.end != self.at || self.hasher.finish() != self.run.digest {
                return Err(self.damaged());
            }
            return Ok(Step::End);
        }
        self.left = self.left.saturating_sub(1);
        let (shared, mut rest) = (self.varint()?, self.varint()?);
        let known = u64::try_from(self.record.len()).unwrap_or(u64::MAX);
        if shared > known || shared.saturating_add(rest) > MAX_RECORD {
            return Err(self.damaged());
        }
        self.record.truncate(usize::try_from(shared).unwrap_or(usize::MAX));
        while rest > 0 {
            let most = usize::try_from(rest).unwrap_or(usize::MAX);
            let piece = self.buffer.get(self.at..self.end).unwrap_or_default();
            let piece = piece.get(..most).unwrap_or(piece);
            if piece.is_empty() {
                self.refill()?;
                continue;
            }
            self.record.extend_from_slice(piece);
            self.at = self.at.saturating_add(piece.len());
            rest = rest.saturating_sub(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        }
        Ok(Step::Record)
    }

    fn varint(&mut self) -> Result<u64, SpillFault> {
        let mut value = 0_u64;
        for shift in [0, 7, 14] {
            if self.at == self.end {
                self.refill()?;
            }
            let byte = self.buffer.get(self.at).copied().unwrap_or_default();
            self.at = self.at.saturating_add(1);
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.damaged())
    }

    /// There must be more.
    fn refill(&mut self) -> Result<(), SpillFault> {
        self.fill()?;
        if self.at == self.end { Err(self.damaged()) } else { Ok(()) }
    }

    /// Reads on once the buffer is used up; nothing at the end of the file.
    fn fill(&mut self) -> Result<(), SpillFault> {
        if self.at < self.end {
            return Ok(());
        }
        let read = loop {
            match self.file.read(&mut self.buffer) {
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                read => break read.map_err(|source| self.run.fault(source))?,
            }
        };
        (self.at, self.end) = (0, read);
        self.hasher.update(self.buffer.get(..read).unwrap_or_default());
        Ok(())
    }
}
