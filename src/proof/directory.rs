//! Finding many ids.

/// An id, whose first bytes tell where in the order of all ids it stands, more or less.
pub(crate) trait Id: Copy + Ord {
    /// Its first eight bytes, big-endian.
    fn leading(&self) -> u64;
}

macro_rules! leading {
    ($($id:ty),*) => {$(
        impl Id for $id {
            fn leading(&self) -> u64 {
                self.as_bytes().first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
            }
        }
    )*};
}
leading!(crate::id::ManifestId, crate::id::StatementId);

/// Distinct ids in their order, each with a number.
///
/// A table says where the ids with each beginning stand, so that as a rule the first look finds one. Ids
/// can be made to begin alike; then finding one is a binary search among all of them, and no worse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory<I> {
    /// Sorted by id.
    entries: Vec<(I, usize)>,
    /// For each beginning, and one more: how many entries stand before those with it.
    starts: Vec<usize>,
    /// A beginning is what is left of the leading bytes without so many bits.
    rest: u32,
}

impl<I: Id> Directory<I> {
    /// Each id with its place in the list.
    ///
    /// # Errors
    ///
    /// The least id that is in the list twice.
    pub(crate) fn of_places(ids: impl ExactSizeIterator<Item = I> + Clone) -> Result<Self, I> {
        let directory = Self::sorted(ids);
        let mut pairs = directory.entries.windows(2);
        let twin = pairs.find_map(|pair| match pair {
            [(a, _), (b, _)] if a == b => Some(*a),
            _ => None,
        });
        twin.map_or(Ok(directory), Err)
    }

    /// Each id of the list once, with its rank; and the rank of each in the list.
    pub(crate) fn of_ranks(ids: impl ExactSizeIterator<Item = I> + Clone) -> (Self, Vec<usize>) {
        let mut ranks = vec![0; ids.len()];
        let mut directory = Self::sorted(ids);
        let mut last = None;
        let mut rank = 0_usize;
        for (id, place) in &mut directory.entries {
            if last.is_some_and(|last| last != *id) {
                rank = rank.saturating_add(1);
            }
            last = Some(*id);
            if let Some(of) = ranks.get_mut(*place) {
                *of = rank;
            }
            *place = rank;
        }
        directory.entries.dedup_by_key(|(id, _)| *id);
        directory.count();
        (directory, ranks)
    }

    /// Sorted by id, the same ids by place.
    fn sorted(ids: impl ExactSizeIterator<Item = I> + Clone) -> Self {
        // Some four ids have a beginning in common.
        let bits = ids.len().checked_ilog2().unwrap_or(0).saturating_sub(2).max(1);
        let rest = u64::BITS.saturating_sub(bits);
        let mut directory = Self { entries: Vec::new(), starts: Vec::new(), rest };
        directory.entries.extend(ids.zip(0..));
        directory.entries.sort_unstable();
        directory.count();
        directory
    }

    /// Fills the table.
    fn count(&mut self) {
        let beginnings = 1_usize << u64::BITS.saturating_sub(self.rest);
        self.starts.clear();
        for (place, (id, _)) in self.entries.iter().enumerate() {
            let beginning = self.beginning(id);
            if self.starts.len() <= beginning {
                self.starts.resize(beginning.saturating_add(1), place);
            }
        }
        self.starts.resize(beginnings.saturating_add(1), self.entries.len());
    }

    fn beginning(&self, id: &I) -> usize {
        usize::try_from(id.leading() >> self.rest).unwrap_or(usize::MAX)
    }

    /// The number of an id.
    pub(crate) fn get(&self, id: &I) -> Option<usize> {
        let beginning = self.beginning(id);
        let [start, end] = [beginning, beginning.saturating_add(1)].map(|at| self.starts.get(at));
        let alike = self.entries.get(*start?..*end?)?;
        let at = alike.binary_search_by(|(other, _)| other.cmp(id)).ok()?;
        alike.get(at).map(|(_, number)| *number)
    }

    /// How many ids there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// All ids, in their order.
    pub(crate) fn ids(&self) -> impl ExactSizeIterator<Item = &I> {
        self.entries.iter().map(|(id, _)| id)
    }

    /// The id with this rank.
    pub(crate) fn at(&self, rank: usize) -> Option<&I> {
        self.entries.get(rank).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::id::StatementId;

    /// Ids of which many begin alike.
    fn ids() -> impl Strategy<Value = Vec<StatementId>> {
        let id = (0..4_u8, prop::bool::ANY, any::<u8>()).prop_map(|(first, spread, last)| {
            let mut bytes = [0; 32];
            bytes[0] = if spread { last } else { first };
            bytes[31] = last;
            StatementId::from_bytes(bytes)
        });
        prop::collection::vec(id, 0..200)
    }

    proptest! {
        #[test]
        fn places_are_those_of_a_map(ids in ids(), other: [u8; 32]) {
            let distinct: BTreeSet<StatementId> = ids.iter().copied().collect();
            let map: BTreeMap<StatementId, usize> =
                ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
            match Directory::of_places(ids.iter().copied()) {
                Err(twin) => {
                    prop_assert!(distinct.len() < ids.len());
                    prop_assert_eq!(ids.iter().filter(|id| **id == twin).count() > 1, true);
                }
                Ok(directory) => {
                    prop_assert_eq!(distinct.len(), ids.len());
                    for id in ids.iter().copied().chain([StatementId::from_bytes(other)]) {
                        prop_assert_eq!(directory.get(&id), map.get(&id).copied());
                    }
                }
            }
        }

        #[test]
        fn ranks_are_those_in_a_set(ids in ids()) {
            let distinct: BTreeSet<StatementId> = ids.iter().copied().collect();
            let (directory, ranks) = Directory::of_ranks(ids.iter().copied());
            prop_assert!(directory.ids().eq(&distinct));
            for (id, rank) in ids.iter().zip(ranks) {
                prop_assert_eq!(directory.get(id), Some(rank));
                prop_assert_eq!(directory.at(rank), Some(id));
            }
        }
    }
}
