//! The records of a delivered directory.

use std::fmt;
use std::io::{Seek, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::hash::{BLOCK, Desk, Fault, Meter, Pulse, Then, check, open, pieces};
use super::walk::Found;
use super::{
    Changed, FirstFault, RecordIndexWriter, RecordIndexWriterError, Scan, ScanError, Stop,
};
use crate::cbor::encode;
use crate::digest::{Digest, Hasher};
use crate::manifest::{
    FileEntry, Index, Manifest, RecordError, RecordIndex, RecordIndexBuilder, RecordIndexError,
    RecordRule,
};
use crate::parallel::on_threads;
use crate::tree::{RootBuilder, Row as _, Summary, TreeError};

/// A directory whose records are to be indexed; made by [`Scan::records`].
///
/// ```
/// use datadeed::manifest::RecordRule;
/// use datadeed::scan::{Scan, directory};
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("a.jsonl"), "{\"text\": \"To be\"}\n{\"text\": \"or not\"}\n")?;
/// std::fs::write(root.path().join("README"), "not JSON")?;
/// let manifest = directory(root.path())?;
///
/// let rule: RecordRule = "text/1#/text".parse()?;
/// let is_jsonl = |file: &datadeed::manifest::FileEntry| file.name.ends_with(".jsonl");
/// let index = Scan::new(root.path()).records(&manifest, rule).only(&is_jsonl).run()?;
/// assert_eq!((index.of(), index.records()), (manifest.id(), 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "nothing is read before `run`"]
pub struct Records<'a> {
    scan: Scan<'a>,
    manifest: &'a Manifest,
    rule: RecordRule,
    only: Option<&'a (dyn Fn(&FileEntry) -> bool + Sync)>,
}

impl<'a> Scan<'a> {
    /// To index the records of the files of `manifest`, with the options of this scan.
    pub fn records(&self, manifest: &'a Manifest, rule: RecordRule) -> Records<'a> {
        Records { scan: self.clone(), manifest, rule, only: None }
    }
}

impl<'a> Records<'a> {
    /// To index these of the manifest's files alone.
    ///
    /// Where that leaves any out, the index says of which it is
    /// ([`RecordIndex::files`]), and does not tell that a document is absent from the dataset:
    /// [`RecordPresence::AbsentFromFiles`](crate::manifest::RecordPresence::AbsentFromFiles).
    pub fn only(mut self, choose: &'a (dyn Fn(&FileEntry) -> bool + Sync)) -> Self {
        self.only = Some(choose);
        self
    }

    /// Reads every chosen file once, from its first byte to its last, and makes the index.
    ///
    /// What is split into records is what is hashed: each file must have the size
    /// and the digest that the manifest states, so the index is of those very
    /// bytes. Files that the manifest does not have are not read. One thread reads
    /// one file, so a single large one takes as long on many threads as on one.
    ///
    /// Of several faults that of the smallest name is reported; a file that is not
    /// the manifest's is told as such, whatever is wrong with its records.
    ///
    /// # Errors
    ///
    /// - [`RecordsError::Tensors`] where the manifest is not one of files, and
    ///   [`RecordsError::Missing`] where a chosen file is not there;
    /// - [`RecordsError::Differs`] for a file with other bytes;
    /// - [`RecordsError::Record`] for a file that makes no records under the rule;
    /// - [`RecordsError::Index`] for records that make no index;
    /// - [`RecordsError::Scan`] for what cannot be read, as [`Scan::run`] says.
    pub fn run(&self) -> Result<RecordIndex, RecordsError> {
        let builder = |files| {
            let all = RecordIndexBuilder::new(self.manifest.id(), self.rule.clone());
            let all = if let Some(files) = files { all.only(files) } else { all };
            Ok(all.threads(self.scan.threads))
        };
        self.gather(builder)?.finish().map_err(Into::into)
    }

    /// Reads as [`Records::run`] does, and writes the record index file where `out` stands; the
    /// preimage of its id.
    ///
    /// For more records than memory holds: those that are gathered take `memory` bytes, shared by
    /// all threads, and the others files in a new directory inside of `directory`, as
    /// [`RecordIndexWriter`] says. The file is that of the index that [`Records::run`] gives.
    ///
    /// ```
    /// use datadeed::manifest::{RecordIndex, RecordRule};
    /// use datadeed::scan::{Scan, directory};
    ///
    /// let (root, spill) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// std::fs::write(root.path().join("a.txt"), "one\ntwo\n")?;
    /// let manifest = directory(root.path())?;
    /// let scan = Scan::new(root.path());
    /// let records = scan.records(&manifest, RecordRule::LineRaw);
    /// let mut file = std::io::Cursor::new(Vec::new());
    /// let index = records.write(&mut file, spill.path(), 64 << 20)?;
    /// assert_eq!(index.id(), records.run()?.id());
    /// assert_eq!(RecordIndex::decode(file.get_ref())?.records(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Records::run`]; [`RecordsError::Write`] for what a [`RecordIndexWriter`] refuses.
    pub fn write(
        &self,
        out: impl Write + Seek,
        directory: impl AsRef<Path>,
        memory: usize,
    ) -> Result<Index, RecordsError> {
        let (id, rule, directory) = (self.manifest.id(), &self.rule, directory.as_ref());
        // Every thread has one, and one more puts them together.
        let share = memory.checked_div(self.scan.threads).unwrap_or(memory);
        let writer = |files| {
            let writer = RecordIndexWriter::new(directory, share, id, rule.clone())?;
            let writer = if let Some(files) = files { writer.only(files) } else { writer };
            Ok(match self.scan.cancel {
                Some(cancel) => writer.cancel(cancel),
                None => writer,
            })
        };
        Ok(self.gather(writer)?.with_memory(memory).finish(out)?)
    }

    /// All records of the chosen entries; `make` makes what takes them, once for each thread.
    fn gather<T: Taking>(
        &self,
        make: impl Fn(Option<Summary>) -> Result<T, RecordsError> + Sync,
    ) -> Result<T, RecordsError> {
        let (scan, stop) = (&self.scan, Stop(self.scan.cancel));
        let entries = self.manifest.file_entries().ok_or(RecordsError::Tensors)?;
        let (root, found) = scan.walk()?;
        let files = self.choose(entries, found)?;
        let lengths = files.iter().map(|(file, _)| file.stamp.len);
        let meter = scan.progress.map(|callback| Meter::new(callback, lengths));
        let reading = Reading {
            shown: &scan.root,
            root: &root,
            files: &files,
            rule: &self.rule,
            next: AtomicUsize::new(0),
            meter: meter.as_ref(),
            stop,
            faults: FirstFault::new(),
        };
        let tell = || meter.as_ref().map_or((), Meter::tell);
        tell();
        let indexed = self.indexed(entries).map_err(RecordIndexError::from)?;
        let mut all = make(indexed)?;
        let work = || make(indexed).map(|taking| reading.work(taking));
        let builders = on_threads(scan.threads.min(files.len()), work);
        if stop.is_set() {
            return Err(ScanError::Cancelled.into());
        }
        reading.faults.into_result()?;
        for builder in builders {
            all.merge(builder?)?;
        }
        tell();
        Ok(all)
    }

    fn is_chosen(&self, entry: &FileEntry) -> bool {
        self.only.is_none_or(|choose| choose(entry))
    }

    /// Root of the chosen entries, where they are not all.
    fn indexed(&self, entries: &[FileEntry]) -> Result<Option<Summary>, TreeError> {
        if entries.iter().all(|entry| self.is_chosen(entry)) {
            return Ok(None);
        }
        let mut files = RootBuilder::new(FileEntry::KIND);
        // They stand in the order of the tree.
        for entry in entries.iter().filter(|entry| self.is_chosen(entry)) {
            files.push(&entry.leaf(entry.key(), &encode(entry))?)?;
        }
        files.finish().map(Some)
    }

    /// What is there of the chosen entries, in order of names.
    fn choose<'m>(
        &self,
        entries: &'m [FileEntry],
        found: Vec<Found>,
    ) -> Result<Vec<(Found, &'m FileEntry)>, RecordsError> {
        let mut chosen: Vec<&FileEntry> =
            entries.iter().filter(|entry| self.is_chosen(entry)).collect();
        chosen.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let mut found = found.into_iter().peekable();
        let mut files = Vec::with_capacity(chosen.len());
        for entry in chosen {
            while found.next_if(|file| file.name < entry.name).is_some() {}
            match found.next_if(|file| file.name == entry.name) {
                Some(file) => files.push((file, entry)),
                None => return Err(RecordsError::Missing { name: entry.name.clone() }),
            }
        }
        Ok(files)
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("scan", &self.scan)
            .field("manifest", &self.manifest.id())
            .field("rule", &self.rule)
            .finish_non_exhaustive()
    }
}

/// What takes the records of files.
trait Taking: Sized + Send {
    /// Takes one record.
    fn take(&mut self, digest: Digest, size: u64) -> Result<(), RecordsError>;

    /// Takes all that another one has.
    fn merge(&mut self, other: Self) -> Result<(), RecordsError>;
}

impl Taking for RecordIndexBuilder {
    fn take(&mut self, digest: Digest, size: u64) -> Result<(), RecordsError> {
        self.digests([(digest, size)]);
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<(), RecordsError> {
        Ok(Self::merge(self, other)?)
    }
}

impl Taking for RecordIndexWriter<'_> {
    fn take(&mut self, digest: Digest, size: u64) -> Result<(), RecordsError> {
        Ok(self.digests([(digest, size)])?)
    }

    fn merge(&mut self, other: Self) -> Result<(), RecordsError> {
        Ok(Self::merge(self, other)?)
    }
}

struct Reading<'a> {
    shown: &'a Path,
    root: &'a Path,
    files: &'a [(Found, &'a FileEntry)],
    rule: &'a RecordRule,
    next: AtomicUsize,
    meter: Option<&'a Meter<'a>>,
    stop: Stop<'a>,
    faults: FirstFault<usize, RecordsError>,
}

/// Why a file gives no records.
enum Refused {
    Unread(Fault),
    Unfit(RecordsError),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Unread(fault)
    }
}

impl Reading<'_> {
    /// Takes files until none is left or one has failed.
    fn work<T: Taking>(&self, mut builder: T) -> T {
        let mut desk = Desk::new();
        loop {
            let job = self.next.fetch_add(1, Ordering::Relaxed);
            let Some((file, entry)) = self.files.get(job) else { return builder };
            if self.stop.is_set() || self.faults.is_before(&job) {
                return builder;
            }
            let error = match self.file(&mut desk, file, entry, job, &mut builder) {
                Ok(()) => continue,
                Err(Refused::Unread(Fault::Abandoned)) => return builder,
                Err(Refused::Unread(Fault::Changed)) => {
                    ScanError::changed(self.shown, &file.name).into()
                }
                Err(Refused::Unread(Fault::Io(source))) => {
                    ScanError::read(self.shown, &file.name, source).into()
                }
                Err(Refused::Unfit(error)) => error,
            };
            self.faults.report(job, error);
        }
    }

    /// Gives `builder` the records of a file, which must be as `entry` states.
    fn file(
        &self,
        desk: &mut Desk,
        file: &Found,
        entry: &FileEntry,
        job: usize,
        builder: &mut impl Taking,
    ) -> Result<(), Refused> {
        let of_record = |source: RecordError| {
            let name = file.name.clone();
            Refused::Unfit(RecordsError::Record { name, source })
        };
        let mut splitter = self.rule.splitter().map_err(of_record)?;
        let (path, block) = desk.lay_out(self.root, file);
        let mut handle = open(path).map_err(Fault::Io)?;
        if u64::try_from(BLOCK).is_ok_and(|block| file.stamp.len >= block) {
            check(&handle, &file.stamp)?;
        }
        let mut hasher = Hasher::new();
        let mut split = Ok(());
        let mut taken = Ok(());
        let mut sink = |digest, size| {
            if taken.is_ok() {
                taken = builder.take(digest, size);
            }
        };
        let is_over = || self.stop.is_set() || self.faults.is_before(&job);
        let pulse = Pulse { meter: self.meter, is_over };
        let read = pieces(&mut handle, block, file.stamp.len, Then::End, &pulse, |piece| {
            hasher.update(piece);
            // After a fault only the digest matters.
            if split.is_ok() {
                split = splitter.push(piece, &mut sink);
            }
        });
        match read {
            // Something else in the file's place may answer anything.
            Err(Fault::Io(error)) => check(&handle, &file.stamp).and(Err(Fault::Io(error))),
            answer => answer,
        }?;
        // Whatever changed meanwhile, the digest of what was split decides.
        let found = FileEntry::new(file.name.as_str(), file.stamp.len, hasher.finish());
        if found != *entry {
            let changed = Changed { expected: entry.clone(), found };
            return Err(Refused::Unfit(RecordsError::Differs(Box::new(changed))));
        }
        split.and_then(|()| splitter.finish(&mut sink)).map_err(of_record)?;
        taken.map_err(Refused::Unfit)?;
        if let Some(meter) = self.meter {
            meter.finish_job(0, 1);
        }
        Ok(())
    }
}

/// A directory that yields no record index of a manifest.
///
/// ```
/// use datadeed::manifest::RecordRule;
/// use datadeed::scan::{RecordsError, Scan, directory};
///
/// let root = tempfile::tempdir()?;
/// std::fs::write(root.path().join("a.jsonl"), "{}\n{]\n")?;
/// let manifest = directory(root.path())?;
/// let scan = Scan::new(root.path());
/// let fault = scan.records(&manifest, RecordRule::JsonJcs).run();
/// assert!(matches!(fault, Err(RecordsError::Record { source, .. }) if source.offset == 4));
///
/// std::fs::write(root.path().join("a.jsonl"), "{}\n{}\n")?;
/// let other_bytes = scan.records(&manifest, RecordRule::JsonJcs).run();
/// assert!(matches!(other_bytes, Err(RecordsError::Differs(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// A file is not the one that the manifest states.
    #[error("{:?} has {} bytes of {}, the manifest states {} bytes of {}", .0.found.name, .0.found.size, .0.found.digest, .0.expected.size, .0.expected.digest)]
    Differs(Box<Changed>),
    /// The records make no index.
    #[error(transparent)]
    Index(#[from] RecordIndexError),
    /// A chosen file of the manifest is not below the root.
    #[error("{name:?} is missing")]
    Missing {
        /// Its name in the manifest.
        name: String,
    },
    /// A file makes no records under the rule.
    #[error("{name:?} makes no records")]
    Record {
        /// Its name in the manifest.
        name: String,
        /// What is wrong, and where in the file.
        #[source]
        source: RecordError,
    },
    /// The directory cannot be read.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The manifest lists tensors, not files.
    #[error("the manifest lists tensors, not files")]
    Tensors,
    /// The record index file cannot be written, or not what is written before it.
    #[error("no record index file")]
    Write(#[source] RecordIndexWriterError),
}

impl From<RecordIndexWriterError> for RecordsError {
    fn from(fault: RecordIndexWriterError) -> Self {
        match fault {
            RecordIndexWriterError::Cancelled => Self::Scan(ScanError::Cancelled),
            RecordIndexWriterError::Index(fault) => Self::Index(fault),
            fault @ (RecordIndexWriterError::Damaged { .. }
            | RecordIndexWriterError::Output { .. }
            | RecordIndexWriterError::Records(_)
            | RecordIndexWriterError::Spill { .. }) => Self::Write(fault),
        }
    }
}

#[cfg(test)]
mod tests;
