//! A manifest built by many machines: what each makes of its shard of the input, and what all make together.
//!
//! Whoever distributes the work names the shards of its input. One worker
//! makes a [`Partial`] of each shard; partials are merged in any order and
//! along any tree of workers, as often as a retry sends one, and the last one
//! is finished to the [`Manifest`] that one machine would have built.
//!
//! **Merging is a union by shard.** A partial keeps the rows of every shard
//! apart, under a commitment to them: the root of the `parts` tree over the
//! shard alone. A shard that comes twice counts once if its commitment is the
//! same, for then its rows are; otherwise it is refused by name. So merging is
//! associative, commutative and idempotent, `{1, 2} + {2}` included, and it
//! touches no row. Rows of different shards meet in [`Partial::finish`] alone,
//! which is why what is wrong between them does not depend on the order of
//! merging either.
//!
//! **No entry is hashed twice by one process.** A row carries its key and its
//! leaf from where it was made or read; finishing hashes the nodes above them
//! and the `content` tree, whose rows are counted anew, never received. Subtrees
//! of a shard are of no use to that: keys are hashes, so nearly every node of
//! the whole has rows of many shards below it.
//!
//! In memory a row takes some 150 bytes and its name. Where the rows of all
//! shards are too many for that, a `scan::ManifestWriter` (feature `fs`) takes one
//! partial file after another as a stream, under the same rules, and writes the
//! manifest file.

mod file;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "fs")]
pub(crate) use file::Shards;
pub use file::{PartialFileError, PartialReadError};

use super::build::{self, Row, build_rows};
use super::{Entries, FileEntry, Manifest, ManifestError, ManifestKind, NameError, NameProfile};
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::limits::MAX_SHARD_ID;
use crate::manifest::name::check_together;
use crate::text::excerpt;
use crate::tree::{self, RootBuilder, Summary};

/// The name of one shard of the input of a distributed build: 1 to 255 bytes without control characters.
///
/// Whatever names a shard for the engine names it here, such as a path or
/// `part-00017`. It is no part of the manifest.
///
/// ```
/// use datadeed::manifest::{ShardId, ShardIdError};
///
/// let shard: ShardId = "s3://crawl/2026-11/part-00017".parse()?;
/// assert_eq!(shard.as_str(), "s3://crawl/2026-11/part-00017");
/// assert_eq!("".parse::<ShardId>(), Err(ShardIdError::Empty));
/// # Ok::<(), ShardIdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShardId(String);

/// A text that names no shard.
///
/// ```
/// use datadeed::manifest::{ShardId, ShardIdError};
///
/// let error = ShardIdError::Control { id: "a\n".into() };
/// assert_eq!(ShardId::new("a\n"), Err(error));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShardIdError {
    /// Contains a control character.
    #[error("shard id {id:?} contains a control character")]
    Control {
        /// The text, at most 80 bytes of it.
        id: String,
    },
    /// Has no characters.
    #[error("empty shard id")]
    Empty,
    /// Is longer than this crate accepts.
    #[error("shard id {id:?} has {found} bytes, at most {limit} allowed")]
    TooLong {
        /// The text, at most 80 bytes of it.
        id: String,
        /// Its length, in bytes.
        found: usize,
        /// [`MAX_SHARD_ID`].
        limit: usize,
    },
}

impl ShardId {
    /// Checks a text.
    ///
    /// # Errors
    ///
    /// [`ShardIdError`] for a text that is empty, longer than [`MAX_SHARD_ID`] or
    /// has control characters.
    pub fn new(id: impl Into<String>) -> Result<Self, ShardIdError> {
        let id = id.into();
        if id.is_empty() {
            return Err(ShardIdError::Empty);
        }
        if id.len() > MAX_SHARD_ID {
            let (found, limit) = (id.len(), MAX_SHARD_ID);
            return Err(ShardIdError::TooLong { id: excerpt(&id), found, limit });
        }
        if id.contains(char::is_control) {
            return Err(ShardIdError::Control { id: excerpt(&id) });
        }
        Ok(Self(id))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ShardId {
    type Err = ShardIdError;

    fn from_str(id: &str) -> Result<Self, ShardIdError> {
        Self::new(id)
    }
}

/// A text string.
impl Codec for ShardId {
    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.0);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let id = reader.text(MAX_SHARD_ID)?;
        let fault = CborFault::Unreadable { expected: "the id of a shard" };
        Self::new(id).map_err(|_| CborError::new(offset, fault))
    }
}

/// The rows of some shards of a dataset, to be merged with those of the others.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile, Partial};
///
/// let file = |name: &str| FileEntry::new(name, 1, Digest::of(b"x"));
/// let first = Partial::files("part-1".parse()?, vec![file("a"), file("c")])?;
/// let second = Partial::files("part-2".parse()?, vec![file("b")])?;
///
/// // Elsewhere, in any order; a worker that was thought dead answers after all.
/// let received = Partial::decode(&second.to_bytes())?;
/// let all = Partial::merge_all([received, first, second])?;
/// assert_eq!(all.shards().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["part-1", "part-2"]);
///
/// let plain = Manifest::files(vec![file("a"), file("b"), file("c")], NameProfile::Portable)?;
/// assert_eq!(all.finish(NameProfile::Portable, 2)?, plain);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partial {
    shards: BTreeMap<ShardId, Shard>,
}

/// The rows of one shard.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shard {
    /// Root of the `parts` tree over `rows`.
    commitment: Summary,
    /// In bytewise order of names, each once: what is checked between shards is checked in that order.
    rows: Vec<Row<FileEntry>>,
}

/// Partials that make no whole.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, NameProfile, Partial, PartialError, ShardId};
///
/// let one_file = |shard: &ShardId| {
///     Partial::files(shard.clone(), vec![FileEntry::new("a", 1, Digest::of(b"x"))])
/// };
/// let (one, other) = (ShardId::new("part-1")?, ShardId::new("part-2")?);
/// let both = one_file(&one)?.merge(one_file(&other)?)?;
/// let error = PartialError::SharedName { name: "a".into(), one, other };
/// assert_eq!(both.finish(NameProfile::Portable, 1), Err(error));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartialError {
    /// The rows of all shards make no manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// One shard comes with different rows.
    #[error("shard {shard:?} comes with different rows")]
    Conflict {
        /// The shard.
        shard: ShardId,
        /// The lesser commitment to its rows.
        one: Summary,
        /// The greater one.
        other: Summary,
    },
    /// One name stands in two shards.
    #[error("{name:?} stands in shard {one:?} and in shard {other:?}")]
    SharedName {
        /// The name, at most 80 bytes of it.
        name: String,
        /// The first shard that has it, in bytewise order of ids.
        one: ShardId,
        /// The next one.
        other: ShardId,
    },
}

impl Partial {
    /// No shard: what merging leaves everything as it is with.
    pub fn new() -> Self {
        Self::default()
    }

    /// The files of one shard of the input, in any order; also none, so that a shard without files is known to be done.
    ///
    /// # Errors
    ///
    /// [`ManifestError::Name`] for a name that no manifest allows, alone or beside
    /// the others of the shard ([`NameProfile::Any`]); [`ManifestError::Tree`]
    /// where sizes add up to 2^64 or more. One digest with two sizes is found by
    /// [`Partial::finish`].
    pub fn files(shard: ShardId, mut entries: Vec<FileEntry>) -> Result<Self, ManifestError> {
        entries.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        check_together(&names, NameProfile::Any, 1)?;
        let mut writer = Writer::with_capacity(256);
        let rows = entries.into_iter().map(|entry| Row::new(entry, &mut writer)).collect();
        Ok(Self { shards: BTreeMap::from([(shard, Shard::new(rows)?)]) })
    }

    /// The shards with the commitment to the rows of each, in bytewise order of their ids.
    ///
    /// A commitment is the root of the `parts` tree over the shard alone; its sums
    /// are the number of files and their bytes.
    pub fn shards(&self) -> impl ExactSizeIterator<Item = (&ShardId, &Summary)> {
        self.shards.iter().map(|(id, shard)| (id, &shard.commitment))
    }

    /// The files, each with its shard, in bytewise order of ids and in each shard of names.
    pub fn entries(&self) -> impl Iterator<Item = (&ShardId, &FileEntry)> {
        let rows = self
            .shards
            .iter()
            .map(|(id, shard)| shard.rows.iter().map(move |row| (id, &row.entry)));
        rows.flatten()
    }

    /// Files of all shards.
    pub fn rows(&self) -> usize {
        self.shards.values().map(|shard| shard.rows.len()).fold(0, usize::saturating_add)
    }

    /// The shards of both; one that both have counts once.
    ///
    /// # Errors
    ///
    /// [`PartialError::Conflict`] for a shard that comes with different rows; of
    /// several the first in bytewise order of ids.
    pub fn merge(self, other: Self) -> Result<Self, PartialError> {
        // Every shard costs one look into the greater of the two.
        let (mut all, fewer) =
            if self.shards.len() < other.shards.len() { (other, self) } else { (self, other) };
        all.absorb(fewer)?;
        Ok(all)
    }

    /// The shards of all `partials`, as merging them one after another gives.
    ///
    /// # Errors
    ///
    /// As [`Partial::merge`], of the first of them that conflicts with any before it.
    pub fn merge_all(partials: impl IntoIterator<Item = Self>) -> Result<Self, PartialError> {
        let mut all = Self::new();
        for partial in partials {
            all.absorb(partial)?;
        }
        Ok(all)
    }

    /// What is wrong with a shard that comes with two commitments.
    pub(crate) fn conflict(shard: ShardId, one: Summary, other: Summary) -> PartialError {
        PartialError::Conflict { shard, one: one.min(other), other: one.max(other) }
    }

    fn absorb(&mut self, other: Self) -> Result<(), PartialError> {
        for (shard, found) in other.shards {
            match self.shards.entry(shard) {
                Place::Vacant(place) => drop(place.insert(found)),
                // Equal roots are of equal rows: the key set determines the tree.
                Place::Occupied(known) if known.get().commitment == found.commitment => {}
                Place::Occupied(known) => {
                    let (one, other) = (known.get().commitment, found.commitment);
                    return Err(Self::conflict(known.key().clone(), one, other));
                }
            }
        }
        Ok(())
    }

    /// The manifest of all files, on up to `threads` threads: the one that [`Manifest::files`] builds of them.
    ///
    /// Whether every shard of the input is there, only the caller knows; see
    /// [`Partial::shards`].
    ///
    /// # Errors
    ///
    /// [`PartialError::SharedName`] for a name in two shards;
    /// [`PartialError::Manifest`] as [`Manifest::files`] fails for all files. Of
    /// several faults of names the first in bytewise order is reported.
    pub fn finish(self, profile: NameProfile, threads: usize) -> Result<Manifest, PartialError> {
        let mut names: Vec<&str> = self.shards.values().flat_map(Shard::names).collect();
        sort_runs(&mut names);
        if let Err(fault) = check_together(&names, profile, threads) {
            return Err(self.shared_name(&names, fault));
        }
        let count = names.len();
        let rows = self.shards.into_values().flat_map(|shard| shard.rows);
        let kind = ManifestKind::Files;
        Ok(build_rows(kind, rows, count, Entries::Files, threads)?)
    }

    /// Tells from which shards a name comes that occurs twice; other faults stay as they are.
    fn shared_name(&self, names: &[&str], fault: NameError) -> PartialError {
        let is_duplicate = matches!(fault, NameError::Duplicate { .. });
        // No shard has a name twice, and the first such name is the one at fault.
        let name = names.windows(2).find_map(|pair| match pair {
            [a, b] if a == b => Some(*a),
            _ => None,
        });
        if let Some(name) = name.filter(|_| is_duplicate) {
            let mut shards = self.shards.iter().filter(|(_, shard)| shard.has(name));
            if let (Some((one, _)), Some((other, _))) = (shards.next(), shards.next()) {
                let (one, other) = (one.clone(), other.clone());
                return PartialError::SharedName { name: excerpt(name), one, other };
            }
        }
        PartialError::Manifest(fault.into())
    }
}

impl Shard {
    /// Rows in bytewise order of their names, no two of which are the same.
    fn new(rows: Vec<Row<FileEntry>>) -> Result<Self, ManifestError> {
        let mut builder = RootBuilder::new(tree::Kind::Parts);
        let order = build::order(&rows, |row| &row.key, |a, b| a.key.cmp(&b.key));
        for row in order.into_iter().filter_map(|index| rows.get(index)) {
            builder.push_subtree(row.key, row.leaf)?;
        }
        Ok(Self { commitment: builder.finish()?, rows })
    }

    /// In bytewise order.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| row.entry.name.as_str())
    }

    fn has(&self, name: &str) -> bool {
        self.rows.binary_search_by(|row| row.entry.name.as_str().cmp(name)).is_ok()
    }
}

/// Sorts names that stand in one run for each shard.
#[expect(
    clippy::stable_sort_primitive,
    reason = "a stable sort finds the runs and merges them; the other sorts anew"
)]
fn sort_runs(names: &mut [&str]) {
    names.sort();
}

#[cfg(test)]
mod tests;
