//! All names of a manifest that is written, against each other.

use std::sync::Arc;

use super::{ManifestWriterError, Watch, blamed};
use crate::manifest::{Collisions, Folds, ManifestError, SortedNames};
use crate::scan::spill::{Buffer, Merge, Pushed, Run, Scratch, SpillFault, reduce, spill};

/// Every name against the others.
pub(super) fn check_names(
    runs: &[Run],
    scratch: &Arc<Scratch>,
    memory: usize,
    folds: Folds,
    watch: &mut Watch<'_>,
) -> Result<(), ManifestWriterError> {
    let mut names = Merge::open(runs, memory)?;
    let mut sorted = SortedNames::new();
    let mut paths = Paths { buffer: Buffer::new(memory / 2), runs: Vec::new(), scratch };
    loop {
        let mut kept = Ok(());
        let pushed = names.read(|name| {
            let name = std::str::from_utf8(name).ok()?;
            Some(match folds {
                Folds::No => sorted.push_plain(name),
                Folds::Maybe => sorted.push(name, |record| {
                    if kept.is_ok() {
                        kept = paths.push(record);
                    }
                }),
            })
        })?;
        let Some(pushed) = pushed else { break };
        pushed.map_err(ManifestError::from)?;
        kept?;
        watch.step()?;
    }
    drop(names);
    if folds == Folds::Maybe {
        check_collisions(paths, runs, memory, watch)?;
    }
    Ok(())
}

/// Records of paths, in the order of their arrival.
struct Paths<'a> {
    buffer: Buffer,
    runs: Vec<Run>,
    scratch: &'a Arc<Scratch>,
}

impl Paths<'_> {
    fn push(&mut self, record: &[u8]) -> Result<(), SpillFault> {
        if self.buffer.push(&[record]) == Pushed::Full {
            self.spill()?;
            self.buffer.push(&[record]);
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<(), SpillFault> {
        self.runs.push(spill(&self.buffer, self.scratch, |record| record)?);
        self.buffer.clear();
        Ok(())
    }
}

/// No two paths may have one folded form; the names are read again only where some do.
fn check_collisions(
    mut paths: Paths<'_>,
    names: &[Run],
    memory: usize,
    watch: &mut Watch<'_>,
) -> Result<(), ManifestWriterError> {
    paths.spill()?;
    let Paths { mut runs, scratch, buffer } = paths;
    drop(buffer);
    reduce(&mut runs, scratch, memory, || watch.look())?;
    let mut merge = Merge::open(&runs, memory)?;
    let mut collisions = Collisions::default();
    let mut names = Names { runs: names, memory, merge: None, read: 0, last: String::new() };
    loop {
        let record = merge.next()?;
        let is_end = record.is_none();
        let collision = match record {
            Some(record) => collisions.push(record),
            None => collisions.settle(),
        };
        if let Some(collision) = collision {
            collisions.keep(&collision, names.at(collision.place, watch)?);
        }
        if is_end {
            let finished = collisions.finish().map_err(ManifestError::from);
            return finished.map_err(|fault| blamed(&runs, fault.into()));
        }
        watch.look()?;
    }
}

/// The names in order, once more, for those who know their places.
struct Names<'a> {
    runs: &'a [Run],
    memory: usize,
    merge: Option<Merge<'a>>,
    /// How many were read.
    read: u64,
    last: String,
}

impl Names<'_> {
    /// The name at a place that is not before the last one asked for.
    fn at(&mut self, place: u64, watch: &mut Watch<'_>) -> Result<&str, ManifestWriterError> {
        let merge = match &mut self.merge {
            Some(merge) => merge,
            none => none.insert(Merge::open(self.runs, self.memory)?),
        };
        while self.read <= place {
            let last = &mut self.last;
            let name = merge.read(|name| {
                last.clear();
                last.push_str(std::str::from_utf8(name).ok()?);
                Some(())
            })?;
            if name.is_none() {
                break;
            }
            self.read = self.read.saturating_add(1);
            watch.look()?;
        }
        Ok(&self.last)
    }
}
