//! Indexes from records in any order.

use std::fmt;
use std::io::{ErrorKind, Read};

use super::{RecordError, RecordIndex, RecordIndexError, RecordReadError, RecordRow, RecordRule};
use crate::digest::Digest;
use crate::id::ManifestId;
use crate::manifest::build::order;
use crate::parallel;
use crate::tree::{RootBuilder, Row as _, Summary, TreeError};

/// Piles by the first byte of the digest: whole subtrees, each of which any thread can sort.
const PILES: usize = 256;

/// Rows of a pile below which duplicates in it do not matter: 25 MB in all piles.
const COMPACT: usize = 2_048;

/// Bytes of one read.
const BLOCK: usize = 256 << 10;

/// Collects the records of a dataset, file by file and in any order.
///
/// One builder for each thread, [merged](Self::merge) in any order, makes the same
/// index as one for all; what other machines find comes as [rows](Self::rows) of their
/// indexes. Memory grows with the distinct records: some 100 bytes each, 200 where many of
/// them occur again.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::{RecordIndexBuilder, RecordRule};
///
/// let of = ManifestId::from_bytes([7; 32]);
/// let builder = || RecordIndexBuilder::new(of, RecordRule::LineRaw);
/// let (mut here, mut there, mut alone) = (builder(), builder(), builder());
/// here.file(b"a\nb\n")?;
/// there.read(&b"b\n"[..])?;
/// there.merge(here)?;
/// alone.file(b"b\nb\na\n")?;
/// assert_eq!(there.finish()?.id(), alone.finish()?.id());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "there is no index before `finish`"]
pub struct RecordIndexBuilder {
    of: ManifestId,
    rule: RecordRule,
    /// Root of the files that are indexed, where they are not all.
    files: Option<Summary>,
    threads: usize,
    piles: Vec<Pile>,
    /// Why there is no index whatever follows.
    fault: Option<RecordIndexError>,
}

impl RecordIndexBuilder {
    /// No records yet, of the files of `of`. [`finish`](Self::finish) works on the calling thread alone.
    ///
    /// Whether the files are those of the manifest is the caller's care; with the
    /// feature `fs`, `scan::Scan::records` sees to it.
    pub fn new(of: ManifestId, rule: RecordRule) -> Self {
        Self { of, rule, files: None, threads: 1, piles: vec![Pile::default(); PILES], fault: None }
    }

    /// The index is of these files of the dataset only: the root of the `parts` tree of a manifest
    /// that has no others. All files need no such root.
    ///
    /// ```
    /// use datadeed::Digest;
    /// use datadeed::manifest::{
    ///     Document, FileEntry, Manifest, NameProfile, RecordIndexBuilder, RecordPresence, RecordRule,
    /// };
    ///
    /// let lines = b"one\ntwo\n";
    /// let data = FileEntry::new("data.txt", 8, Digest::of(lines));
    /// let readme = FileEntry::new("README", 5, Digest::of(b"three"));
    /// let all = Manifest::files(vec![data.clone(), readme], NameProfile::Portable)?;
    /// let chosen = Manifest::files(vec![data], NameProfile::Portable)?;
    ///
    /// let mut builder = RecordIndexBuilder::new(all.id(), RecordRule::LineRaw).only(*chosen.parts());
    /// builder.file(lines)?;
    /// let index = builder.finish()?;
    /// // It does not tell what is in the other files.
    /// let answer = index.look_up(Document::Text("three"));
    /// assert!(matches!(answer, RecordPresence::AbsentFromFiles { files, .. } if files == *chosen.parts()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn only(mut self, files: Summary) -> Self {
        self.files = Some(files);
        self
    }

    /// Most threads at work in [`finish`](Self::finish), the calling one included; 0 counts as 1.
    ///
    /// The index does not depend on it.
    pub const fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// Adds the records of a whole file.
    ///
    /// # Errors
    ///
    /// [`RecordError`] with the place of the first fault; this builder makes no
    /// index then, as the file's other records are not known.
    pub fn file(&mut self, content: &[u8]) -> Result<(), RecordError> {
        let Self { rule, piles, .. } = self;
        let split = rule.split(content, &mut |digest, size| push(piles, digest, 1, size));
        self.note(split)
    }

    /// Adds the records of a file that is read to its end, 256 KiB at a time.
    ///
    /// # Errors
    ///
    /// [`RecordReadError::Read`] where `input` fails, [`RecordReadError::Record`]
    /// as for [`file`](Self::file). This builder makes no index then.
    pub fn read(&mut self, input: impl Read) -> Result<(), RecordReadError> {
        let Self { rule, piles, .. } = self;
        let outcome = rule.read(input, &mut |digest, size| push(piles, digest, 1, size));
        match &outcome {
            Ok(()) => {}
            Err(RecordReadError::Record(error)) => self.spoil(Some(error.clone())),
            Err(RecordReadError::Read(_)) => self.spoil(None),
        }
        outcome
    }

    /// Adds records by their digests and the sizes of their canonical bytes.
    ///
    /// For what a [`RecordSplitter`](super::RecordSplitter) gives, and the only way
    /// for [`RecordRule::Own`]. A pair stands for one occurrence.
    pub fn digests(&mut self, records: impl IntoIterator<Item = (Digest, u64)>) {
        for (digest, size) in records {
            push(&mut self.piles, digest, 1, size);
        }
    }

    /// Adds records with how often they occur, such as those that another machine has found.
    ///
    /// Whether they are of other files than those that are indexed here is the caller's care.
    ///
    /// ```
    /// use datadeed::ManifestId;
    /// use datadeed::manifest::{RecordIndex, RecordIndexBuilder, RecordRule};
    ///
    /// let builder = || RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), RecordRule::LineRaw);
    /// let (mut elsewhere, mut here, mut alone) = (builder(), builder(), builder());
    /// elsewhere.file(b"a\nb\nb\n")?;
    /// let received = RecordIndex::decode(&elsewhere.finish()?.to_bytes())?;
    /// here.file(b"b\n")?;
    /// here.rows(received.rows().iter().copied());
    /// alone.file(b"a\nb\nb\nb\n")?;
    /// assert_eq!(here.finish()?, alone.finish()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rows(&mut self, rows: impl IntoIterator<Item = RecordRow>) {
        for RecordRow { digest, count, size } in rows {
            push(&mut self.piles, digest, count, size);
        }
    }

    /// Adds all that another builder has.
    ///
    /// # Errors
    ///
    /// [`RecordIndexError::OtherManifest`], [`RecordIndexError::OtherRule`] or
    /// [`RecordIndexError::OtherFiles`] where they are not about the same; nothing is added then. That `other` makes no
    /// index is told by [`finish`](Self::finish).
    pub fn merge(&mut self, other: Self) -> Result<(), RecordIndexError> {
        if other.of != self.of {
            let (found, expected) = (other.of, self.of);
            return Err(RecordIndexError::OtherManifest { found, expected });
        }
        if other.rule != self.rule {
            let (found, expected) = (other.rule, self.rule.clone());
            return Err(RecordIndexError::OtherRule { found, expected });
        }
        if other.files != self.files {
            return Err(RecordIndexError::OtherFiles { of: self.of });
        }
        for (pile, other) in self.piles.iter_mut().zip(other.piles) {
            pile.append(other);
        }
        self.fault = self.fault.take().or(other.fault);
        Ok(())
    }

    /// The index over all records.
    ///
    /// # Errors
    ///
    /// [`RecordIndexError::Incomplete`] where a file was not taken to its end,
    /// [`RecordIndexError::SizeConflict`] for one digest with two sizes,
    /// [`RecordIndexError::Tree`] where counts or sizes add up to 2^64 or more.
    pub fn finish(self) -> Result<RecordIndex, RecordIndexError> {
        let Self { of, rule, files, threads, piles, fault } = self;
        fault.map_or(Ok(()), Err)?;
        let piles = piles.into_iter().filter(|pile| !pile.rows.is_empty()).collect::<Vec<_>>();
        let shards = parallel::map(threads.min(piles.len()), piles, Pile::finish);
        let shards = shards.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut rows = Vec::with_capacity(shards.iter().map(|shard| shard.0.len()).sum());
        let mut builder = RootBuilder::new(RecordRow::KIND);
        for (mut shard, root) in shards {
            if let Some(row) = shard.last() {
                builder.push_subtree(row.key(), root)?;
            }
            rows.append(&mut shard);
        }
        Ok(RecordIndex { of, rule, files, root: builder.finish()?, rows })
    }

    #[cfg(test)]
    pub(super) fn rows_held(&self) -> usize {
        self.piles.iter().map(|pile| pile.rows.capacity()).sum()
    }

    /// Keeps the first fault of all.
    fn spoil(&mut self, source: Option<RecordError>) {
        self.fault.get_or_insert(RecordIndexError::Incomplete { source });
    }

    fn note(&mut self, split: Result<(), RecordError>) -> Result<(), RecordError> {
        if let Err(error) = &split {
            self.spoil(Some(error.clone()));
        }
        split
    }
}

impl fmt::Debug for RecordIndexBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordIndexBuilder")
            .field("of", &self.of)
            .field("rule", &self.rule)
            .field("files", &self.files)
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

impl RecordRule {
    /// Gives `sink` the records of a file that is read to its end.
    pub(crate) fn read(
        &self,
        mut input: impl Read,
        sink: &mut dyn FnMut(Digest, u64),
    ) -> Result<(), RecordReadError> {
        let mut splitter = self.splitter()?;
        let mut block = vec![0; BLOCK];
        loop {
            match input.read(&mut block) {
                Ok(0) => return Ok(splitter.finish(sink)?),
                Ok(read) => splitter.push(block.get(..read).unwrap_or_default(), sink)?,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn push(piles: &mut [Pile], digest: Digest, count: u64, size: u64) {
    let [first, ..] = *digest.as_bytes();
    if let Some(pile) = piles.get_mut(usize::from(first)) {
        pile.push(RecordRow { digest, count, size });
    }
}

/// Rows whose digests begin with the same byte, in any order.
#[derive(Clone, Debug, Default)]
struct Pile {
    rows: Vec<RecordRow>,
    /// Above so many they are compacted.
    most: usize,
}

impl Pile {
    fn push(&mut self, row: RecordRow) {
        self.rows.push(row);
        self.bound();
    }

    fn append(&mut self, mut other: Self) {
        self.rows.append(&mut other.rows);
        self.bound();
    }

    /// Keeps duplicates from taking more memory than distinct rows do.
    fn bound(&mut self) {
        if self.rows.len() >= self.most.max(COMPACT) {
            let before = self.rows.len();
            self.compact();
            // Sorting is in vain where nothing occurs twice.
            let factor = if self.rows.len() < before { 2 } else { 4 };
            self.most = self.rows.len().saturating_mul(factor);
        }
    }

    /// Sorts by digest and size, and makes one row of equal ones.
    fn compact(&mut self) {
        let order = order(
            &self.rows,
            |row| row.digest.as_bytes(),
            |a, b| (a.digest, a.size).cmp(&(b.digest, b.size)),
        );
        let mut rows: Vec<RecordRow> = Vec::with_capacity(self.rows.len());
        for row in order.into_iter().filter_map(|index| self.rows.get(index).copied()) {
            match rows.last_mut() {
                Some(last) if (last.digest, last.size) == (row.digest, row.size) => {
                    // No machine counts to 2^64; whoever claims to is told by the tree.
                    last.count = last.count.saturating_add(row.count);
                }
                _ => rows.push(row),
            }
        }
        self.rows = rows;
    }

    /// Every distinct record in key order, and the root over them.
    fn finish(mut self) -> Result<(Vec<RecordRow>, Summary), RecordIndexError> {
        self.compact();
        let rows = self.rows;
        for (one, other) in rows.iter().zip(rows.iter().skip(1)) {
            if one.digest == other.digest {
                let (digest, one, other) = (one.digest, one.size, other.size);
                return Err(RecordIndexError::SizeConflict { digest, one, other });
            }
        }
        let root = root(&rows)?;
        Ok((rows, root))
    }
}

/// The root over rows in key order.
fn root(rows: &[RecordRow]) -> Result<Summary, TreeError> {
    let mut builder = RootBuilder::new(RecordRow::KIND);
    for row in rows {
        builder.push(&row.leaf(row.key(), &[])?)?;
    }
    builder.finish()
}
