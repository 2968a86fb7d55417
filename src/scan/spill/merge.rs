//! One sorted stream of records from many runs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::sync::Arc;

use super::SpillFault;
use super::run::{Run, RunReader, RunWriter, Scratch, Step};

/// Most runs that are read at a time: open files, and buffers that share the memory.
pub(in crate::scan) const FAN_IN: usize = 64;

/// The records of all runs in bytewise order.
pub(in crate::scan) struct Merge<'a> {
    /// The least record on top.
    sources: BinaryHeap<Source<'a>>,
    /// Whether the record on top has been given out.
    given: bool,
}

/// Ordered by its record, the least the greatest, as a heap wants it.
struct Source<'a>(RunReader<'a>);

impl Ord for Source<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.record().cmp(self.0.record())
    }
}

impl PartialOrd for Source<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Source<'_> {}

impl PartialEq for Source<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<'a> Merge<'a> {
    /// Reads runs, at most [`FAN_IN`], with buffers that take `memory` bytes together.
    pub(in crate::scan) fn open(runs: &'a [Run], memory: usize) -> Result<Self, SpillFault> {
        let buffer = (memory / FAN_IN).clamp(4 << 10, 256 << 10);
        let mut sources = BinaryHeap::new();
        for run in runs {
            let mut reader = run.open(buffer)?;
            if reader.step()? == Step::Record {
                sources.push(Source(reader));
            }
        }
        Ok(Self { sources, given: false })
    }

    /// The next record.
    pub(in crate::scan) fn next(&mut self) -> Result<Option<&[u8]>, SpillFault> {
        self.step()?;
        Ok(self.sources.peek().map(|top| top.0.record()))
    }

    fn step(&mut self) -> Result<(), SpillFault> {
        if std::mem::replace(&mut self.given, true)
            && let Some(mut top) = self.sources.peek_mut()
            && top.0.step()? == Step::End
        {
            PeekMut::pop(top);
        }
        Ok(())
    }

    /// What `decode` makes of the next record; where that is nothing, the record is none that was written.
    pub(in crate::scan) fn read<T>(
        &mut self,
        decode: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, SpillFault> {
        self.step()?;
        let Some(top) = self.sources.peek() else { return Ok(None) };
        decode(top.0.record()).map(Some).ok_or_else(|| top.0.damaged())
    }
}

/// Merges runs, the oldest first, until one merge can read those left; `look` is called for every record.
pub(in crate::scan) fn reduce<E: From<SpillFault>>(
    runs: &mut Vec<Run>,
    scratch: &Arc<Scratch>,
    memory: usize,
    mut look: impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    while runs.len() > FAN_IN {
        let rest = runs.split_off(FAN_IN);
        let merged = std::mem::replace(runs, rest);
        let mut merge = Merge::open(&merged, memory)?;
        let mut writer = RunWriter::create(scratch)?;
        while let Some(record) = merge.next()? {
            look()?;
            writer.push(record)?;
        }
        runs.push(writer.finish()?);
    }
    Ok(())
}
