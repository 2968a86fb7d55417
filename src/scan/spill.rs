//! More records than memory holds: gathered, written in order as runs, and merged.

mod buffer;
mod merge;
mod run;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use buffer::{Buffer, Pushed};
#[cfg(test)]
pub(super) use merge::FAN_IN;
pub(super) use merge::{Merge, reduce};
pub(super) use run::{Run, RunWriter, Scratch};

/// What is wrong with the files of runs.
#[derive(Debug)]
pub(super) enum SpillFault {
    /// A file is not what was written to it.
    Damaged { path: PathBuf },
    /// A file or directory cannot be made, written or read.
    Io { path: PathBuf, source: io::Error },
}

/// What `view` shows of the records of a buffer, as a run.
pub(super) fn spill(
    buffer: &Buffer,
    scratch: &Arc<Scratch>,
    view: fn(&[u8]) -> &[u8],
) -> Result<Run, SpillFault> {
    let mut run = RunWriter::create(scratch)?;
    for record in buffer.sorted(view) {
        run.push(record)?;
    }
    run.finish()
}
