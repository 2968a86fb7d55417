//! Manifest files of more entries than memory holds.
//!
//! Three orders are needed of entries that come in none: of their names, so
//! that these are known to suit each other; of the keys of `parts`; and of the
//! digests of `content`. Entries are gathered up to the memory that the caller
//! grants, written to the caller's directory in each of these orders as one
//! run, and the runs are merged at the end, 64 at a time. From then on memory
//! holds a buffer for each run and one block.

mod fault;
mod names;
mod pass;
mod rows;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use fault::ManifestWriterError;
use names::check_names;
pub use pass::WriterProgress;
use pass::{Pass, Watch};
use rows::{Contents, Parts};

use super::Stop;
use super::spill::{Buffer, Merge, Pushed, Run, Scratch, reduce, spill};
use crate::digest::Role;
use crate::manifest::{
    FileEntry, Folds, Head, ManifestError, NameProfile, Partial, RowsWriter, ShardId, Shards,
    WriteFault, check_alone,
};
use crate::parallel;
use crate::tree::Summary;

/// Writes the manifest file of any number of files in the memory that the caller grants.
///
/// The file is the one that [`Manifest::write_to`](crate::manifest::Manifest::write_to)
/// writes. Hashing is done by the calling thread, and all else where [`ManifestWriter::threads`]
/// says nothing of others.
///
/// ```
/// use std::io::Cursor;
///
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::scan::ManifestWriter;
///
/// let spill = tempfile::tempdir()?;
/// let mut writer = ManifestWriter::new(spill.path(), 64 << 20)?;
/// let entries = ["b", "a", "c"].map(|name| FileEntry::new(name, 1, Digest::of(name.as_bytes())));
/// for entry in &entries {
///     writer.push(entry)?;
/// }
/// let mut file = Cursor::new(Vec::new());
/// let head = writer.finish(&mut file)?;
///
/// let manifest = Manifest::files(entries.into(), NameProfile::Portable)?;
/// assert_eq!(head.id(), manifest.id());
/// assert_eq!(file.into_inner(), manifest.to_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is written before `finish`"]
pub struct ManifestWriter<'a> {
    // Runs are removed before the directory that they are in.
    runs: Runs,
    scratch: Arc<Scratch>,
    buffer: Buffer,
    memory: usize,
    threads: usize,
    rows: u64,
    /// Whether any path may have another folded form.
    folds: Folds,
    profile: NameProfile,
    progress: Option<&'a (dyn Fn(WriterProgress) + Sync)>,
    cancel: Option<&'a AtomicBool>,
    /// Those of which all entries are here, with the commitments to them.
    shards: BTreeMap<ShardId, Summary>,
    /// One of which some entries are here that may not be its own.
    broken: Option<ShardId>,
}

/// All entries so far but those in the buffer, in three orders.
#[derive(Debug, Default)]
struct Runs {
    names: Vec<Run>,
    parts: Vec<Run>,
    contents: Vec<Run>,
}

/// Length of a key and of a digest, in bytes.
const HASH: usize = 32;

/// In how many orders entries are needed.
const ORDERS: usize = 3;

/// Where the name begins in `key | digest | size u64be | name`.
const NAME: usize = 2 * HASH + 8;

impl<'a> ManifestWriter<'a> {
    /// A writer that gathers entries in `memory` bytes and keeps the rest in a new directory inside of `directory`.
    ///
    /// What is gathered is counted by its real size: every entry as its name and
    /// 92 bytes. Beside it stand one block of the output (some 4096 entries) and
    /// what its directory takes (some 150 bytes for every 4096 entries), and
    /// while runs are merged, when `memory` is free again, a buffer of 4 to 256 KiB
    /// for each of at most 64. The files take some 120 bytes and its name once or
    /// twice for each entry and are removed when the writer is dropped; a process
    /// that is killed leaves them behind.
    ///
    /// Default: [`NameProfile::Portable`].
    ///
    /// # Errors
    ///
    /// [`ManifestWriterError::Spill`] where no directory can be made.
    pub fn new(directory: impl AsRef<Path>, memory: usize) -> Result<Self, ManifestWriterError> {
        Ok(Self {
            runs: Runs::default(),
            scratch: Scratch::create(directory.as_ref())?,
            buffer: Buffer::new(memory),
            memory,
            threads: 1,
            rows: 0,
            folds: Folds::No,
            profile: NameProfile::Portable,
            progress: None,
            cancel: None,
            shards: BTreeMap::new(),
            broken: None,
        })
    }

    /// Most threads at work, the calling one included, of which more than three gain nothing; 0
    /// counts as 1.
    ///
    /// They put what is gathered in its three orders, which takes 16 bytes more of each entry for
    /// each of them, and check names while entries are written. The file does not depend on it.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.clamp(1, ORDERS);
        self.buffer.orders(self.threads);
        self
    }

    /// Which names to accept, from the next entry on; to be chosen before the first. The id does not depend on it.
    pub const fn profile(mut self, profile: NameProfile) -> Self {
        self.profile = profile;
        self
    }

    /// Whom to tell how far [`ManifestWriter::finish`] has come: every 65,536 rows, and at the end.
    pub const fn progress(mut self, progress: &'a (dyn Fn(WriterProgress) + Sync)) -> Self {
        self.progress = Some(progress);
        self
    }

    /// A flag that ends the work with [`ManifestWriterError::Cancelled`] once it is `true`.
    ///
    /// It is looked at before entries are written to files, and every 4096 rows of merging.
    pub const fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Entries so far.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds an entry, in any order.
    ///
    /// Whatever the error, the entry is not in the file unless it is pushed again;
    /// the writer may be used on.
    ///
    /// # Errors
    ///
    /// [`ManifestWriterError::Manifest`] for a name that no manifest or not this
    /// [`NameProfile`] allows by itself; [`ManifestWriterError::Spill`] and
    /// [`ManifestWriterError::Cancelled`] while the entries before it are written to files.
    pub fn push(&mut self, entry: &FileEntry) -> Result<(), ManifestWriterError> {
        self.push_keyed(&Role::Name.hash(entry.name.as_bytes()), entry)
    }

    /// Adds an entry with its key.
    fn push_keyed(
        &mut self,
        key: &[u8; HASH],
        entry: &FileEntry,
    ) -> Result<(), ManifestWriterError> {
        let folds = check_alone(&entry.name, self.profile).map_err(ManifestError::from)?;
        let name = entry.name.as_bytes();
        let size = entry.size.to_be_bytes();
        let record = [&key[..], entry.digest.as_bytes(), &size, name];
        if self.buffer.push(&record) == Pushed::Full {
            self.spill()?;
            self.buffer.push(&record);
        }
        if folds == Folds::Maybe {
            self.folds = folds;
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }

    /// Adds the entries of all shards of a partial file, as
    /// [`Partial::merge`](crate::manifest::Partial::merge) adds them: files in any order, and
    /// shards that come again once.
    ///
    /// The file is read to its end as [`Partial::read_from`](crate::manifest::Partial::read_from)
    /// reads it, one block of it in memory and 80 bytes for each entry of one shard beside what the
    /// writer has. Shards that came before are read and checked as well. What stands between
    /// entries, of one shard or of several, is told by [`ManifestWriter::finish`].
    ///
    /// ```
    /// use std::io::Cursor;
    ///
    /// use datadeed::Digest;
    /// use datadeed::manifest::{FileEntry, Manifest, NameProfile, Partial};
    /// use datadeed::scan::ManifestWriter;
    ///
    /// let file = |name: &str| FileEntry::new(name, 1, Digest::of(b"x"));
    /// let first = Partial::files("part-1".parse()?, vec![file("a"), file("c")])?.to_bytes();
    /// let second = Partial::files("part-2".parse()?, vec![file("b")])?.to_bytes();
    ///
    /// let spill = tempfile::tempdir()?;
    /// let mut writer = ManifestWriter::new(spill.path(), 64 << 20)?;
    /// // A worker that was thought dead answers after all.
    /// for file in [&second, &first, &second] {
    ///     writer.push_partial(file.as_slice())?;
    /// }
    /// assert_eq!((writer.shards().count(), writer.rows()), (2, 3));
    /// let head = writer.finish(Cursor::new(Vec::new()))?;
    /// let plain = Manifest::files(vec![file("a"), file("b"), file("c")], NameProfile::Portable)?;
    /// assert_eq!(head.id(), plain.id());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ManifestWriterError::Partial`] for what is no partial file or cannot be read;
    /// [`ManifestWriterError::Shard`] for a shard that came with different entries before; as
    /// [`ManifestWriter::push`] for its entries. Shards before the one at fault stay; where entries
    /// of that one are here already, no manifest is made any more
    /// ([`ManifestWriterError::Incomplete`]).
    pub fn push_partial(&mut self, input: impl Read) -> Result<(), ManifestWriterError> {
        let mut shards = Shards::open(input)?;
        while let Some((id, commitment)) = shards.next()? {
            match self.shards.get(&id) {
                None => {
                    let before = self.broken.take();
                    let taken = shards.entries(&id, commitment, |key, entry| {
                        self.broken = Some(id.clone());
                        self.push_keyed(key, entry)
                    });
                    self.broken = before.or(self.broken.take().filter(|_| taken.is_err()));
                    taken?;
                    self.shards.insert(id, commitment);
                }
                Some(known) if *known == commitment => {
                    shards.entries(&id, commitment, |_, _| Ok::<_, ManifestWriterError>(()))?;
                }
                Some(known) => return Err(Partial::conflict(id, *known, commitment).into()),
            }
        }
        Ok(())
    }

    /// The shards of all partial files so far with the commitment to the entries of each, in
    /// bytewise order of their ids.
    ///
    /// Whether every shard of the input is there, only the caller knows.
    pub fn shards(&self) -> impl ExactSizeIterator<Item = (&ShardId, &Summary)> {
        self.shards.iter()
    }

    /// Writes what is gathered as a run in each order.
    fn spill(&mut self) -> Result<(), ManifestWriterError> {
        if Stop(self.cancel).is_set() {
            return Err(ManifestWriterError::Cancelled);
        }
        let views: [View; ORDERS] = [
            |record| record.get(NAME..).unwrap_or_default(),
            |record| record.get(HASH..NAME).unwrap_or_default(),
            |record| record,
        ];
        let run = |view| spill(&self.buffer, &self.scratch, view);
        let runs = parallel::map(self.threads, views, run);
        let runs = runs.into_iter().collect::<Result<Vec<_>, _>>()?;
        let Runs { names, contents, parts } = &mut self.runs;
        for (order, run) in [names, contents, parts].into_iter().zip(runs) {
            order.push(run);
        }
        self.buffer.clear();
        Ok(())
    }

    /// Writes the manifest file where `out` stands; what its id is computed from.
    ///
    /// Its header is written last. Where this fails, `out` is left with bytes
    /// that are no manifest file.
    ///
    /// # Errors
    ///
    /// [`ManifestWriterError::Manifest`] for what [`Manifest::files`] refuses too,
    /// with the same error: names that do not suit each other, sizes that add up
    /// to 2^64 or more, one digest with two sizes. (Of several faults, some of
    /// them of single names, it reports the first in order of names; here those
    /// are refused as they come.) [`ManifestWriterError::Spill`] and
    /// [`ManifestWriterError::Damaged`] for the files of the runs,
    /// [`ManifestWriterError::Output`] for `out`,
    /// [`ManifestWriterError::Cancelled`] once the flag was seen.
    ///
    /// [`ManifestWriterError::Incomplete`] after a partial file whose entries cannot be taken back.
    ///
    /// [`Manifest::files`]: crate::manifest::Manifest::files
    pub fn finish(mut self, out: impl Write + Seek) -> Result<Head, ManifestWriterError> {
        if let Some(shard) = self.broken {
            return Err(ManifestWriterError::Incomplete { shard });
        }
        if self.buffer.records() > 0 {
            self.spill()?;
        }
        let Self { runs, scratch, memory, threads, rows, folds, progress, cancel, buffer, .. } =
            self;
        // Its room is for the buffers of runs now.
        drop(buffer);
        let Runs { mut names, mut parts, mut contents } = runs;
        let pass = Pass::new(rows, progress, cancel);
        // All who merge at a time share the memory.
        let share = memory.checked_div(threads).unwrap_or(memory);
        let orders = [&mut names, &mut parts, &mut contents];
        let reduced = parallel::map(threads, orders, |runs| {
            let mut watch = pass.watch();
            reduce(runs, &scratch, share, || watch.look())
        });
        reduced.into_iter().collect::<Result<(), ManifestWriterError>>()?;
        let share = if threads > 1 { memory / 2 } else { memory };
        let check = || {
            let checked = check_names(&names, &scratch, share, folds, &mut pass.watch());
            checked.map_err(|fault| blamed(&names, fault)).inspect_err(|_| pass.abandon())
        };
        let write = || {
            let mut writer = RowsWriter::begin(out).map_err(WriteFault::Out)?;
            let merge = Merge::open(&parts, share)?;
            let written = writer.parts(Parts { merge, watch: &mut pass.watch() });
            written.map_err(|fault| blamed(&parts, fault.into()))?;
            let merge = Merge::open(&contents, share)?;
            let written = writer.content(Contents { merge, watch: &mut pass.watch(), next: None });
            written.map_err(|fault| blamed(&contents, fault.into()))?;
            Ok::<_, ManifestWriterError>(writer.finish::<ManifestWriterError>()?)
        };
        let written = if threads > 1 {
            let (checked, written) = parallel::beside(check, write);
            // What is wrong with names comes first, as it does without a second thread.
            checked.and(written)
        } else {
            check().and_then(|()| write())
        };
        written.inspect(|_| pass.tell())
    }
}

impl fmt::Debug for ManifestWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManifestWriter")
            .field("memory", &self.memory)
            .field("rows", &self.rows)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// What is wrong with entries, unless the runs are not what was written: those are read to their ends only here.
fn blamed(runs: &[Run], fault: ManifestWriterError) -> ManifestWriterError {
    let is_entries = matches!(fault, ManifestWriterError::Manifest(_));
    let damaged = runs.iter().filter(|_| is_entries).find_map(|run| run.verify().err());
    damaged.map_or(fault, Into::into)
}

/// What of a record stands in a run.
type View = fn(&[u8]) -> &[u8];

#[cfg(test)]
mod tests;
