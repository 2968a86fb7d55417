//! Both trees from entries in any order, on any number of threads.
//!
//! Rows are dealt into shards by the first bits of their keys. A shard is a
//! whole subtree, so any thread can sort it and compute its root, in a core's
//! own cache; joining the shards is a handful of hashes. What can be hashed of
//! one entry alone is hashed while dealing, when its name is at hand.

use std::cmp::Ordering;
use std::sync::Mutex;

use super::entry::Entry;
use super::name::check_together;
use super::{
    ContentRow, Entries, FileEntry, Head, Manifest, ManifestError, ManifestKind, NameProfile,
};
use crate::cbor::Writer;
use crate::digest::Digest;
use crate::parallel::{self, locked};
use crate::tree::{self, Leaf, RootBuilder, Summary, TreeError};

/// How to build a [`Manifest`] of files.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{ManifestBuilder, FileEntry, Manifest, NameProfile};
///
/// let entries = vec![FileEntry::new("a", 1, Digest::of(b"x"))];
/// let manifest = ManifestBuilder::new().profile(NameProfile::Any).threads(2).files(entries.clone())?;
/// assert_eq!(manifest, Manifest::files(entries, NameProfile::Any)?);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is built before `files`"]
pub struct ManifestBuilder {
    profile: NameProfile,
    threads: usize,
}

impl ManifestBuilder {
    /// [`NameProfile::Portable`], on the calling thread alone.
    pub const fn new() -> Self {
        Self { profile: NameProfile::Portable, threads: 1 }
    }

    /// Which names to accept. The id of the manifest does not depend on it.
    pub const fn profile(mut self, profile: NameProfile) -> Self {
        self.profile = profile;
        self
    }

    /// Most threads at work, the calling one included; 0 counts as 1.
    ///
    /// Neither the manifest nor the error depends on it. Where the system grants
    /// fewer threads, or none, the calling one does the work.
    pub const fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// A manifest of files, in any order.
    ///
    /// # Errors
    ///
    /// As [`Manifest::files`].
    pub fn files(self, entries: Vec<FileEntry>) -> Result<Manifest, ManifestError> {
        let mut names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        check_together(&names, self.profile, self.threads)?;
        self.checked_files(entries)
    }

    /// A manifest of files whose names [`check_together`] has accepted.
    pub(crate) fn checked_files(self, entries: Vec<FileEntry>) -> Result<Manifest, ManifestError> {
        build(ManifestKind::Files, entries, Entries::Files, self.threads)
    }
}

impl Default for ManifestBuilder {
    fn default() -> Self {
        Self::new()
    }
}

/// Entries that one thread takes at a time.
const BATCH: usize = 1_024;

/// Rows of one shard, if keys are spread evenly: as many as a core's own cache holds.
const SHARD: usize = 4_096;

/// Most leading bits by which rows are dealt: 256 places that are written to in turn.
const MOST_BITS: u32 = 8;

pub(super) fn build<E: Entry + Send>(
    kind: ManifestKind,
    entries: Vec<E>,
    wrap: impl FnOnce(Vec<E>) -> Entries,
    threads: usize,
) -> Result<Manifest, ManifestError> {
    let plan = Plan::new(entries.len(), threads);
    let dealt = deal(entries.into_iter(), plan, Row::new);
    join(kind, dealt, wrap, plan)
}

/// As [`build`], of `count` rows whose hashes are known; their names suit each other.
pub(super) fn build_rows<E: Entry + Send>(
    kind: ManifestKind,
    rows: impl Iterator<Item = Row<E>> + Send,
    count: usize,
    wrap: impl FnOnce(Vec<E>) -> Entries,
    threads: usize,
) -> Result<Manifest, ManifestError> {
    let plan = Plan::new(count, threads);
    join(kind, deal(rows, plan, |row, _| row), wrap, plan)
}

/// How to divide the work, on which nothing but speed depends.
#[derive(Clone, Copy)]
struct Plan {
    /// Rows in all.
    count: usize,
    /// At least 1.
    threads: usize,
    /// There are 2^`bits` shards.
    bits: u32,
}

impl Plan {
    fn new(count: usize, threads: usize) -> Self {
        let bits = (count / SHARD).checked_ilog2().map_or(0, |log| log.saturating_add(1));
        let threads = threads.clamp(1, count.div_ceil(BATCH).max(1));
        Self { count, threads, bits: bits.min(MOST_BITS) }
    }
}

/// Both trees of what was dealt.
fn join<E: Entry + Send>(
    kind: ManifestKind,
    dealt: Vec<Vec<Pile<E>>>,
    wrap: impl FnOnce(Vec<E>) -> Entries,
    Plan { count, threads, .. }: Plan,
) -> Result<Manifest, ManifestError> {
    let roots = parallel::map(threads, dealt, |hands| {
        let pile = Pile::gather(hands);
        (pile.parts.root(), pile.content.root())
    });

    let contents = roots.iter().map(|(_, content)| content.as_ref().map_or(0, |c| c.rows.len()));
    let mut content = Tree::new(tree::Kind::Content, contents.fold(0, usize::saturating_add));
    let mut parts = Tree::new(tree::Kind::Parts, count);
    let mut content_fault = None;
    for (parts_shard, content_shard) in roots {
        parts.push(parts_shard?)?;
        // What is wrong with the parts comes first, whatever the shard.
        let pushed = content_shard.and_then(|shard| Ok(content.push(shard)?));
        content_fault = content_fault.or(pushed.err());
    }
    let (entries, parts) = (parts.rows, parts.builder.finish()?);
    if let Some(fault) = content_fault {
        return Err(fault);
    }
    let (rows, content) = (content.rows, content.builder.finish()?);
    let head = Head::new(kind, parts, content);
    Ok(Manifest { id: head.id(), head, entries: wrap(entries), content: rows })
}

/// The rows of all shards so far, and the tree over them.
struct Tree<T> {
    rows: Vec<T>,
    builder: RootBuilder,
}

/// The rows of one shard in key order, and its root with one of its keys; none without rows.
struct Shard<T> {
    rows: Vec<T>,
    root: Option<([u8; 32], Summary)>,
}

impl<T> Tree<T> {
    fn new(kind: tree::Kind, rows: usize) -> Self {
        Self { rows: Vec::with_capacity(rows), builder: RootBuilder::new(kind) }
    }

    fn push(&mut self, mut shard: Shard<T>) -> Result<(), TreeError> {
        if let Some((key, root)) = shard.root {
            self.builder.push_subtree(key, root)?;
        }
        self.rows.append(&mut shard.rows);
        Ok(())
    }
}

/// An entry with what the `parts` tree needs of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row<E> {
    pub(super) key: [u8; 32],
    pub(super) leaf: Summary,
    pub(super) entry: E,
}

impl<E: Entry> Row<E> {
    /// `writer` lends its room.
    pub(super) fn new(entry: E, writer: &mut Writer) -> Self {
        let key = entry.key();
        let leaf = entry.leaf(key, writer).summary(tree::Kind::Parts);
        Self { key, leaf, entry }
    }
}

/// What is dealt to the two shards of the same leading bits.
struct Pile<E> {
    parts: Parts<E>,
    content: Content,
}

struct Parts<E>(Vec<Row<E>>);
struct Content(Vec<(Digest, u64)>);

/// Deals all entries by the first bits of their keys; what each thread has for each shard.
fn deal<T: Send, E: Entry + Send>(
    entries: impl Iterator<Item = T> + Send,
    Plan { count, threads, bits }: Plan,
    row: impl Fn(T, &mut Writer) -> Row<E> + Sync,
) -> Vec<Vec<Pile<E>>> {
    let shards = 1_usize.checked_shl(bits).unwrap_or(1);
    // Hashes spread evenly, within an eighth of such numbers.
    let expected = count.div_ceil(shards).div_ceil(threads);
    let room = expected.saturating_add(expected / 8);
    let entries = Mutex::new(entries);
    let next = || locked(&entries).by_ref().take(BATCH).collect::<Vec<T>>();
    let hands = parallel::on_threads(threads, || {
        let mut writer = Writer::with_capacity(256);
        let mut piles: Vec<Pile<E>> = (0..shards).map(|_| Pile::with_capacity(room)).collect();
        loop {
            let batch = next();
            if batch.is_empty() {
                return piles;
            }
            for entry in batch {
                let row = row(entry, &mut writer);
                let (digest, size) = (row.entry.digest(), row.entry.size());
                if let Some(pile) = piles.get_mut(shard(digest.as_bytes(), bits)) {
                    pile.content.0.push((digest, size));
                }
                if let Some(pile) = piles.get_mut(shard(&row.key, bits)) {
                    pile.parts.0.push(row);
                }
            }
        }
    });
    let mut dealt: Vec<Vec<Pile<E>>> = (0..shards).map(|_| Vec::new()).collect();
    for hand in hands {
        for (shard, pile) in dealt.iter_mut().zip(hand) {
            shard.push(pile);
        }
    }
    dealt
}

impl<E> Pile<E> {
    fn with_capacity(rows: usize) -> Self {
        Self { parts: Parts(Vec::with_capacity(rows)), content: Content(Vec::with_capacity(rows)) }
    }

    /// What all threads have for one shard.
    fn gather(hands: Vec<Self>) -> Self {
        let mut hands = hands.into_iter();
        let mut all = hands.next().unwrap_or_else(|| Self::with_capacity(0));
        for mut hand in hands {
            all.parts.0.append(&mut hand.parts.0);
            all.content.0.append(&mut hand.content.0);
        }
        all
    }
}

impl<E> Parts<E> {
    fn root(self) -> Result<Shard<E>, ManifestError> {
        let order = order(&self.0, |row| &row.key, |a, b| a.key.cmp(&b.key));
        let mut dealt: Vec<Option<Row<E>>> = self.0.into_iter().map(Some).collect();
        let mut rows = Vec::with_capacity(dealt.len());
        let mut builder = RootBuilder::new(tree::Kind::Parts);
        let mut some_key = None;
        for index in order {
            let Some(row) = dealt.get_mut(index).and_then(Option::take) else { continue };
            builder.push_subtree(row.key, row.leaf)?;
            some_key = Some(row.key);
            rows.push(row.entry);
        }
        let root = builder.finish()?;
        Ok(Shard { rows, root: some_key.map(|key| (key, root)) })
    }
}

/// Every distinct digest of `entries` with its multiplicity, in the order of the `content` tree.
pub(super) fn content_rows<E: Entry>(entries: &[E]) -> Result<Vec<ContentRow>, ManifestError> {
    Content(entries.iter().map(|entry| (entry.digest(), entry.size())).collect()).rows()
}

impl Content {
    /// Every distinct digest with its multiplicity.
    fn rows(self) -> Result<Vec<ContentRow>, ManifestError> {
        let order = order(&self.0, |row| row.0.as_bytes(), Ord::cmp);
        let mut rows: Vec<ContentRow> = Vec::with_capacity(self.0.len());
        for (digest, size) in order.into_iter().filter_map(|index| self.0.get(index).copied()) {
            match rows.last_mut() {
                Some(row) if row.digest == digest => {
                    if row.size != size {
                        let (one, other) = (row.size, size);
                        return Err(ManifestError::SizeConflict { digest, one, other });
                    }
                    row.count = row.count.saturating_add(1);
                }
                _ => rows.push(ContentRow { digest, count: 1, size }),
            }
        }
        Ok(rows)
    }

    fn root(self) -> Result<Shard<ContentRow>, ManifestError> {
        let rows = self.rows()?;
        let mut builder = RootBuilder::new(tree::Kind::Content);
        for row in &rows {
            builder.push(&Leaf::counted(*row.digest.as_bytes(), row.count, row.size)?)?;
        }
        let root = builder.finish()?;
        let some_key = rows.last().map(|row| *row.digest.as_bytes());
        Ok(Shard { rows, root: some_key.map(|key| (key, root)) })
    }
}

/// The first 64 bits of a key: their order is that of the keys, wherever they differ.
fn head(key: &[u8; 32]) -> u64 {
    key.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
}

/// The first `bits` bits of a key.
fn shard(key: &[u8; 32], bits: u32) -> usize {
    let shift = u64::BITS.saturating_sub(bits);
    usize::try_from(head(key).checked_shr(shift).unwrap_or(0)).unwrap_or(0)
}

/// The indexes of `rows` in the order of `compare`, which orders by `key` first.
///
/// Sorts pairs of 16 bytes instead of rows. Digests may be chosen so that their
/// first 64 bits agree; such rows are compared whole.
pub(super) fn order<T>(
    rows: &[T],
    key: impl Fn(&T) -> &[u8; 32],
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<usize> {
    let mut order: Vec<(u64, usize)> = rows.iter().map(|row| head(key(row))).zip(0..).collect();
    order.sort_unstable_by_key(|(head, _)| *head);
    for same in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        same.sort_by(|a, b| match (rows.get(a.1), rows.get(b.1)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
    }
    order.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Digests of which many agree in their first bits, some in all, and some stand with two sizes.
    fn entry() -> impl Strategy<Value = FileEntry> {
        let digest = prop_oneof![
            any::<[u8; 32]>(),
            (0_usize..32, 0_u8..3).prop_map(|(at, byte)| {
                let mut digest = [0xaa; 32];
                digest[at] = byte;
                digest
            }),
        ];
        let size = prop_oneof![20 => 0_u64..2, 1 => Just(u64::MAX)];
        ("[a-z]{3}", digest, size)
            .prop_map(|(name, digest, size)| FileEntry::new(name, size, Digest::from_bytes(digest)))
    }

    fn distinct(mut entries: Vec<FileEntry>) -> Vec<FileEntry> {
        entries.sort();
        entries.dedup_by(|a, b| a.name == b.name);
        entries
    }

    proptest! {
        #[test]
        fn neither_threads_nor_shards_change_the_manifest_or_the_fault(
            entries in prop::collection::vec(entry(), 0..60).prop_map(distinct).prop_shuffle(),
            threads in 1_usize..5,
            bits in 0_u32..=MOST_BITS,
        ) {
            let built = |entries: Vec<FileEntry>, threads, bits| {
                let plan = Plan { count: entries.len(), threads, bits };
                let dealt = deal(entries.into_iter(), plan, Row::new);
                join(ManifestKind::Files, dealt, Entries::Files, plan)
            };
            let plain = built(distinct(entries.clone()), 1, 0);
            prop_assert_eq!(built(entries, threads, bits), plain);
        }
    }

    #[test]
    fn many_files_have_one_manifest_on_any_number_of_threads() {
        let entries: Vec<FileEntry> = (0..3 * SHARD)
            .map(|i| {
                let content = (i / 2).to_le_bytes();
                FileEntry::new(format!("d{:03}/{i}", i / 100), 8, Digest::of(&content))
            })
            .collect();
        let one = Manifest::files(entries.clone(), NameProfile::Portable).unwrap();
        assert!(one.file_entries().unwrap().is_sorted_by_key(Entry::key));
        assert_eq!(one.content_rows().len(), entries.len() / 2);
        for threads in [0, 2, 7] {
            let mut entries = entries.clone();
            entries.rotate_left(threads);
            assert_eq!(ManifestBuilder::new().threads(threads).files(entries).as_ref(), Ok(&one));
        }
    }
}
