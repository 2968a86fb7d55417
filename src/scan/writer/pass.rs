//! How far writing has come, and whether it is to go on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::ManifestWriterError;
use crate::scan::Stop;

/// How far [`ManifestWriter::finish`](super::ManifestWriter::finish) has come.
///
/// ```
/// use datadeed::scan::{ManifestWriter, WriterProgress};
///
/// let spill = tempfile::tempdir()?;
/// let bar = |progress: WriterProgress| println!("{} of {}", progress.rows_done, progress.rows);
/// let writer = ManifestWriter::new(spill.path(), 1 << 20)?.progress(&bar);
/// assert_eq!(writer.finish(std::io::Cursor::new(Vec::new()))?.parts.count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriterProgress {
    /// Rows that were read in one of the three orders.
    pub rows_done: u64,
    /// Three times the entries.
    pub rows: u64,
}

/// What all threads have done, and whether they are to go on.
pub(super) struct Pass<'p> {
    progress: Option<&'p (dyn Fn(WriterProgress) + Sync)>,
    cancel: Option<&'p AtomicBool>,
    abandoned: AtomicBool,
    done: AtomicU64,
    rows: u64,
}

impl<'p> Pass<'p> {
    /// Over all orders of `rows`.
    pub(super) fn new(
        rows: u64,
        progress: Option<&'p (dyn Fn(WriterProgress) + Sync)>,
        cancel: Option<&'p AtomicBool>,
    ) -> Self {
        let (abandoned, done) = (AtomicBool::new(false), AtomicU64::new(0));
        Self { progress, cancel, abandoned, done, rows: rows.saturating_mul(3) }
    }

    pub(super) fn watch(&self) -> Watch<'_> {
        Watch { pass: self, looks: 0 }
    }

    /// Nobody has to go on.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    pub(super) fn tell(&self) {
        if let Some(progress) = self.progress {
            let rows_done = self.done.load(Ordering::Relaxed);
            progress(WriterProgress { rows_done, rows: self.rows });
        }
    }
}

/// Looks at the caller's flag and tells of progress, now and then.
pub(super) struct Watch<'p> {
    pass: &'p Pass<'p>,
    looks: u64,
}

impl Watch<'_> {
    /// One record more that is not counted.
    pub(super) fn look(&mut self) -> Result<(), ManifestWriterError> {
        let Pass { cancel, abandoned, .. } = self.pass;
        let is_over = || Stop(*cancel).is_set() || abandoned.load(Ordering::Relaxed);
        if self.looks.is_multiple_of(4_096) && is_over() {
            return Err(ManifestWriterError::Cancelled);
        }
        self.looks = self.looks.saturating_add(1);
        Ok(())
    }

    /// One row more.
    pub(super) fn step(&mut self) -> Result<(), ManifestWriterError> {
        self.look()?;
        let done = self.pass.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if done.is_multiple_of(1 << 16) && done < self.pass.rows {
            self.pass.tell();
        }
        Ok(())
    }
}
