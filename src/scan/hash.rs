//! The content of the files that a walk found, on several threads.
//!
//! Work is cut into jobs in the order of names: a file, or one [`SEGMENT`] of a
//! larger file. Threads take jobs from the front, so when one fails, all jobs
//! before it are taken and the first fault of all is found. SHA-256 cannot begin
//! in the middle, so with it every file is one job.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::walk::{Found, Stamp};
use super::{FirstFault, Progress, Scan, ScanError, Stop};
use crate::digest::{Digest, Hasher, SEGMENT, Segment, Sha256, Sha256Hasher, join_segments};
use crate::manifest::FileEntry;
use crate::parallel::{locked, on_threads};

/// Bytes of one read.
///
/// Large enough for every lane of BLAKE3 and to make system calls cheap, small
/// enough to stay in a core's own cache between the copy and the hash.
pub(super) const BLOCK: usize = 256 << 10;

/// Where a block of memory begins: at a multiple of so many bytes.
///
/// Allocators put a large block 16 bytes after the start of a page, across
/// the lines of the cache, and the kernel's copy into it then takes a quarter
/// longer, reading and hashing together a twentieth.
const PAGE: usize = 4 << 10;

/// Which digests to take of every file.
#[derive(Clone, Copy)]
pub(super) enum Digests {
    Blake3,
    /// That of BLAKE3 too, in one pass.
    WithSha256,
}

impl Digests {
    /// Jobs of a file of `len` bytes.
    fn jobs(self, len: u64) -> u64 {
        match self {
            Self::Blake3 => len.div_ceil(SEGMENT).max(1),
            Self::WithSha256 => 1,
        }
    }
}

/// What was read.
pub(super) struct Hashed {
    /// In order of names.
    pub(super) entries: Vec<FileEntry>,
    /// By content, of every file; empty without [`Digests::WithSha256`].
    pub(super) sha256: BTreeMap<Digest, Sha256>,
}

/// The content of `found`, which is in order of names, read below `root`.
pub(super) fn hash(
    scan: &Scan<'_>,
    root: &Path,
    found: Vec<Found>,
    digests: Digests,
) -> Result<Hashed, ScanError> {
    let (shown, stop) = (scan.root.as_path(), Stop(scan.cancel));
    let mut starts = Vec::with_capacity(found.len());
    let mut jobs: u64 = 0;
    for file in &found {
        starts.push(jobs);
        jobs = jobs.saturating_add(digests.jobs(file.stamp.len));
    }
    let meter =
        scan.progress.map(|callback| Meter::new(callback, found.iter().map(|file| file.stamp.len)));
    let reading = Reading {
        shown,
        root,
        found: &found,
        digests,
        starts,
        jobs,
        next: AtomicU64::new(0),
        meter: meter.as_ref(),
        stop,
        faults: FirstFault::new(),
    };
    if let Some(meter) = &meter {
        meter.tell();
    }
    let threads = scan.threads.min(usize::try_from(jobs).unwrap_or(usize::MAX));
    let mut parts: Vec<(u64, Part)> =
        on_threads(threads, || reading.work()).into_iter().flatten().collect();
    let Reading { faults, .. } = reading;
    if stop.is_set() {
        return Err(ScanError::Cancelled);
    }
    faults.into_result()?;
    parts.sort_by_key(|(job, _)| *job);
    let hashed = join(shown, found, parts, digests)?;
    if let Some(meter) = &meter {
        meter.tell();
    }
    Ok(hashed)
}

/// The result of one job.
enum Part {
    Whole(Digest, Option<Sha256>),
    Segment([u8; 32]),
}

/// Entries from the results of all jobs, in order.
fn join(
    shown: &Path,
    found: Vec<Found>,
    parts: Vec<(u64, Part)>,
    digests: Digests,
) -> Result<Hashed, ScanError> {
    let mut parts = parts.into_iter().map(|(_, part)| part);
    let mut entries = Vec::with_capacity(found.len());
    let mut known = BTreeMap::new();
    for file in found {
        let digest = match parts.next() {
            Some(Part::Whole(digest, sha256)) => {
                known.extend(sha256.map(|sha256| (digest, sha256)));
                Some(digest)
            }
            Some(Part::Segment(first)) => {
                let mut values = vec![first];
                for _ in 1..digests.jobs(file.stamp.len) {
                    match parts.next() {
                        Some(Part::Segment(value)) => values.push(value),
                        Some(Part::Whole(..)) | None => break,
                    }
                }
                join_segments(&values)
            }
            None => None,
        };
        // Every job has a result when none has failed.
        let Some(digest) = digest else {
            return Err(ScanError::changed(shown, &file.name));
        };
        entries.push(FileEntry::new(file.name, file.stamp.len, digest));
    }
    Ok(Hashed { entries, sha256: known })
}

struct Reading<'a> {
    shown: &'a Path,
    root: &'a Path,
    found: &'a [Found],
    digests: Digests,
    /// The first job of each file.
    starts: Vec<u64>,
    jobs: u64,
    next: AtomicU64,
    meter: Option<&'a Meter<'a>>,
    stop: Stop<'a>,
    faults: FirstFault<u64>,
}

/// What one thread keeps from job to job.
pub(super) struct Desk {
    path: PathBuf,
    /// Room for [`BLOCK`] bytes from the start of a page.
    room: Vec<u8>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self { path: PathBuf::new(), room: vec![0; BLOCK.saturating_add(PAGE)] }
    }

    /// The path to open a file at, and the block to read it into.
    pub(super) fn lay_out<'a>(
        &'a mut self,
        root: &Path,
        file: &'a Found,
    ) -> (&'a Path, &'a mut [u8]) {
        let path = file.place.as_deref().unwrap_or_else(|| {
            self.path.as_mut_os_string().clear();
            self.path.push(root);
            self.path.push(&file.name);
            &self.path
        });
        (path, block(&mut self.room))
    }
}

/// The [`BLOCK`] bytes of `room` from the start of a page.
fn block(room: &mut [u8]) -> &mut [u8] {
    // No more than the room has to spare, whatever the platform answers.
    let start = room.as_ptr().align_offset(PAGE).min(PAGE);
    room.get_mut(start..).and_then(|rest| rest.get_mut(..BLOCK)).unwrap_or_default()
}

/// Why a job has no result.
pub(super) enum Fault {
    /// Another fault comes first, or the caller wants no more.
    Abandoned,
    Changed,
    Io(io::Error),
}

impl Reading<'_> {
    /// Takes jobs until none is left or one has failed.
    fn work(&self) -> Vec<(u64, Part)> {
        let mut desk = Desk::new();
        let mut parts = Vec::new();
        loop {
            let job = self.next.fetch_add(1, Ordering::Relaxed);
            if job >= self.jobs || self.stop.is_set() || self.faults.is_before(&job) {
                return parts;
            }
            let index = self.starts.partition_point(|start| *start <= job).saturating_sub(1);
            let (Some(file), Some(start)) = (self.found.get(index), self.starts.get(index)) else {
                return parts;
            };
            match self.part(&mut desk, file, job, job.saturating_sub(*start)) {
                Ok(part) => parts.push((job, part)),
                Err(Fault::Abandoned) => return parts,
                Err(Fault::Changed) => {
                    self.faults.report(job, ScanError::changed(self.shown, &file.name));
                }
                Err(Fault::Io(source)) => {
                    self.faults.report(job, ScanError::read(self.shown, &file.name, source));
                }
            }
        }
    }

    /// Reads segment `segment` of a file, or all of a file that has only one.
    fn part(&self, desk: &mut Desk, file: &Found, job: u64, segment: u64) -> Result<Part, Fault> {
        let (path, block) = desk.lay_out(self.root, file);
        let len = file.stamp.len;
        let mut handle = open(path).map_err(Fault::Io)?;
        // One read is checked well enough after it; many are not begun in vain.
        if u64::try_from(BLOCK).is_ok_and(|block| len >= block) {
            check(&handle, &file.stamp)?;
        }
        let part = match self.read(&mut handle, block, len, job, segment) {
            // Something else in the file's place may answer anything.
            Err(Fault::Io(error)) => check(&handle, &file.stamp).and(Err(Fault::Io(error))),
            answer => answer,
        }?;
        check(&handle, &file.stamp)?;
        if let Some(meter) = self.meter {
            meter.finish_job(job.saturating_sub(segment), self.digests.jobs(len));
        }
        Ok(part)
    }

    fn read(
        &self,
        handle: &mut File,
        block: &mut [u8],
        len: u64,
        job: u64,
        segment: u64,
    ) -> Result<Part, Fault> {
        if self.digests.jobs(len) == 1 {
            return self.whole(handle, block, len, job);
        }
        let offset = segment.saturating_mul(SEGMENT);
        if offset > 0 {
            handle.seek(SeekFrom::Start(offset)).map_err(Fault::Io)?;
        }
        let rest = len.saturating_sub(offset);
        let then = if rest > SEGMENT { Then::More } else { Then::End };
        let mut hasher = Segment::new(segment);
        let take = |piece: &[u8]| hasher.update(piece);
        pieces(handle, block, rest.min(SEGMENT), then, &self.pulse(job), take)?;
        Ok(Part::Segment(hasher.finish()))
    }

    fn whole(
        &self,
        handle: &mut File,
        block: &mut [u8],
        len: u64,
        job: u64,
    ) -> Result<Part, Fault> {
        let mut hasher: Option<Hasher> = None;
        let mut only: Option<Digest> = None;
        let mut sha256 = match self.digests {
            Digests::Blake3 => None,
            Digests::WithSha256 => Some(Sha256Hasher::new()),
        };
        pieces(handle, block, len, Then::End, &self.pulse(job), |piece| {
            if let Some(sha256) = &mut sha256 {
                sha256.update(piece);
            }
            if u64::try_from(piece.len()) == Ok(len) {
                only = Some(Digest::of(piece));
            } else {
                hasher.get_or_insert_default().update(piece);
            }
        })?;
        let digest = only.unwrap_or_else(|| hasher.unwrap_or_default().finish());
        Ok(Part::Whole(digest, sha256.map(Sha256Hasher::finish)))
    }

    fn pulse(&self, job: u64) -> Pulse<'_, impl Fn() -> bool> {
        let is_over = move || self.stop.is_set() || self.faults.is_before(&job);
        Pulse { meter: self.meter, is_over }
    }
}

/// What a thread does between two reads of a file.
pub(super) struct Pulse<'a, F> {
    /// Whom to tell what was read.
    pub(super) meter: Option<&'a Meter<'a>>,
    /// Whether to read on is in vain.
    pub(super) is_over: F,
}

/// Hands over the next `left` bytes, block by block.
pub(super) fn pieces(
    handle: &mut File,
    block: &mut [u8],
    mut left: u64,
    then: Then,
    pulse: &Pulse<'_, impl Fn() -> bool>,
    mut take: impl FnMut(&[u8]),
) -> Result<(), Fault> {
    loop {
        let room = match then {
            // Room for more than is expected, so that growth shows.
            Then::End => block.len(),
            Then::More => block.len().min(usize::try_from(left).unwrap_or(usize::MAX)),
        };
        if room == 0 {
            return Ok(());
        }
        let read = match handle.read(block.get_mut(..room).unwrap_or_default()) {
            Ok(0) if left == 0 => return Ok(()),
            Ok(0) => return Err(Fault::Changed),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Fault::Io(error)),
        };
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        left = left.checked_sub(bytes).ok_or(Fault::Changed)?;
        take(block.get(..read).unwrap_or_default());
        if let Some(meter) = pulse.meter {
            meter.add_bytes(bytes);
        }
        // A regular file gives less than asked for only at its end.
        if left == 0 && read < room {
            return Ok(());
        }
        if (pulse.is_over)() {
            return Err(Fault::Abandoned);
        }
    }
}

/// What follows the bytes of a job.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// The end of the file.
    End,
    /// Another segment.
    More,
}

/// Whether the open file is, and is as, the walk saw it.
pub(super) fn check(handle: &File, seen: &Stamp) -> Result<(), Fault> {
    if Stamp::of(&handle.metadata().map_err(Fault::Io)?) == Some(*seen) {
        Ok(())
    } else {
        Err(Fault::Changed)
    }
}

/// Opens for reading; a FIFO put in the file's place does not hold up the scan.
#[cfg(unix)]
pub(super) fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).custom_flags(NONBLOCK).open(path)
}

#[cfg(not(unix))]
pub(super) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// `O_NONBLOCK`, which means nothing to a regular file; 0 where its value is not known.
#[cfg(unix)]
const NONBLOCK: i32 = if cfg!(any(
    target_vendor = "apple",
    target_os = "dragonfly",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
)) {
    4
} else if cfg!(all(
    any(target_os = "android", target_os = "linux"),
    any(
        target_arch = "aarch64",
        target_arch = "arm",
        target_arch = "loongarch64",
        target_arch = "powerpc",
        target_arch = "powerpc64",
        target_arch = "riscv32",
        target_arch = "riscv64",
        target_arch = "s390x",
        target_arch = "x86",
        target_arch = "x86_64",
    )
)) {
    0o4000
} else {
    0
};

/// Counts for the caller's callback.
pub(super) struct Meter<'a> {
    callback: &'a (dyn Fn(Progress) + Sync),
    files: u64,
    bytes: u64,
    files_done: AtomicU64,
    bytes_done: AtomicU64,
    /// Segments still to read, by the first job of files begun.
    open: Mutex<BTreeMap<u64, u64>>,
}

impl<'a> Meter<'a> {
    /// For files of these lengths.
    pub(super) fn new(
        callback: &'a (dyn Fn(Progress) + Sync),
        files: impl ExactSizeIterator<Item = u64>,
    ) -> Self {
        Self {
            callback,
            files: u64::try_from(files.len()).unwrap_or(u64::MAX),
            bytes: files.fold(0, u64::saturating_add),
            files_done: AtomicU64::new(0),
            bytes_done: AtomicU64::new(0),
            open: Mutex::new(BTreeMap::new()),
        }
    }

    pub(super) fn tell(&self) {
        (self.callback)(Progress {
            files_done: self.files_done.load(Ordering::Relaxed),
            files: self.files,
            bytes_done: self.bytes_done.load(Ordering::Relaxed),
            bytes: self.bytes,
        });
    }

    fn add_bytes(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.tell();
    }

    /// One job is done, of the `jobs` of the file whose first is `start`.
    pub(super) fn finish_job(&self, start: u64, jobs: u64) {
        if jobs > 1 {
            let mut open = locked(&self.open);
            let left = open.entry(start).or_insert(jobs);
            *left = left.saturating_sub(1);
            if *left > 0 {
                return;
            }
            open.remove(&start);
        }
        self.files_done.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_begins_where_a_page_does() {
        for _ in 0..8 {
            let mut desk = Desk::new();
            let block = block(&mut desk.room);
            assert_eq!((block.len(), block.as_ptr().align_offset(PAGE)), (BLOCK, 0));
        }
    }
}
