//! Set relations between manifests, decided by their full rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entries, Entry, Manifest};
use crate::cbor::encode;

/// The rows of one tree as a multiset: key -> (row, count).
///
/// On `parts` the row is the whole entry and counts 1; on `content` it is the
/// digest alone, with its multiplicity.
pub(crate) struct Rows(BTreeMap<[u8; 32], (Vec<u8>, u64)>);

impl Rows {
    pub(crate) fn parts(manifest: &Manifest) -> Self {
        fn rows<E: Entry>(entries: &[E]) -> BTreeMap<[u8; 32], (Vec<u8>, u64)> {
            entries.iter().map(|entry| (entry.key(), (encode(entry), 1))).collect()
        }
        Self(match &manifest.entries {
            Entries::Files(entries) => rows(entries),
            Entries::Tensors(entries) => rows(entries),
        })
    }

    pub(crate) fn content(manifest: &Manifest) -> Self {
        let rows = manifest.content.iter();
        Self(rows.map(|row| (*row.digest.as_bytes(), (Vec::new(), row.count))).collect())
    }
}

/// The same rows with the same counts.
pub(crate) fn same(of: &Rows, with: &Rows) -> bool {
    of.0 == with.0
}

/// Every row of `of` is in `with`, its count not larger.
pub(crate) fn subset(of: &Rows, with: &Rows) -> bool {
    of.0.iter().all(|(key, (row, count))| {
        with.0.get(key).is_some_and(|(other, limit)| row == other && count <= limit)
    })
}

/// The rows of `of` are exactly those that occur in any of `with`; counts are free.
pub(crate) fn union(of: &Rows, with: &[Rows]) -> bool {
    let covered = with
        .iter()
        .flat_map(|rows| &rows.0)
        .all(|(key, (row, _))| of.0.get(key).is_some_and(|(other, _)| row == other));
    let occurring: BTreeSet<&[u8; 32]> = with.iter().flat_map(|rows| rows.0.keys()).collect();
    covered && occurring.len() == of.0.len()
}

/// The count of every row of `of` is the sum of its counts in `with`.
pub(crate) fn sum(of: &Rows, with: &[Rows]) -> bool {
    let mut left: BTreeMap<&[u8; 32], (&Vec<u8>, u64)> =
        of.0.iter().map(|(key, (row, count))| (key, (row, *count))).collect();
    for (key, (row, count)) in with.iter().flat_map(|rows| &rows.0) {
        match left.get_mut(key) {
            Some((other, rest)) if *other == row && *rest >= *count => {
                *rest = rest.saturating_sub(*count);
            }
            _ => return false,
        }
    }
    left.values().all(|(_, rest)| *rest == 0)
}

/// No key of `of` is in any of `with`.
pub(crate) fn disjoint(of: &Rows, with: &[Rows]) -> bool {
    with.iter().all(|rows| rows.0.keys().all(|key| !of.0.contains_key(key)))
}
