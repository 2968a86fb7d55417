mod dishonest;
mod refused;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::cbor::{CborError, Codec, Reader, Writer};
use crate::tree::{Kind, Nodes, oracle};

/// A row known by its key: `[key, size]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tree) struct Named {
    pub(in crate::tree) key: [u8; 32],
    pub(in crate::tree) size: u64,
}

impl Codec for Named {
    fn encode(&self, writer: &mut Writer) {
        writer.array(2);
        writer.bytes(&self.key);
        writer.uint(self.size);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.exact_array(2)?;
        Ok(Self { key: reader.fixed()?, size: reader.uint()? })
    }
}

impl Row for Named {
    const KIND: Kind = Kind::Parts;
    const COUNTED: bool = false;

    fn key(&self) -> [u8; 32] {
        self.key
    }

    fn leaf(&self, key: [u8; 32], encoded: &[u8]) -> Result<Leaf, TreeError> {
        let value = *blake3::hash(encoded).as_bytes();
        Ok(Leaf { key, value, count: 1, bytes: self.size })
    }
}

/// A row that is counted: `[key, count]`, of one byte each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::tree) struct Tally {
    pub(in crate::tree) key: [u8; 32],
    pub(in crate::tree) count: u64,
}

impl Codec for Tally {
    fn encode(&self, writer: &mut Writer) {
        writer.array(2);
        writer.bytes(&self.key);
        writer.uint(self.count);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        reader.exact_array(2)?;
        Ok(Self { key: reader.fixed()?, count: reader.uint()? })
    }
}

impl Row for Tally {
    const KIND: Kind = Kind::Content;
    const COUNTED: bool = true;

    fn key(&self) -> [u8; 32] {
        self.key
    }

    fn leaf(&self, key: [u8; 32], _: &[u8]) -> Result<Leaf, TreeError> {
        Leaf::counted(key, self.count, 1)
    }
}

/// Few enough that sets meet, and many of them part late.
pub(in crate::tree) fn key() -> impl Strategy<Value = [u8; 32]> {
    prop_oneof![
        (0_usize..32, 0_u8..4).prop_map(|(at, byte)| {
            let mut key = [0xaa; 32];
            key[at] ^= byte;
            key
        }),
        (0_u8..8).prop_map(|byte| [byte << 5; 32]),
        any::<[u8; 32]>(),
    ]
}

pub(in crate::tree) fn named() -> impl Strategy<Value = Vec<Named>> {
    prop::collection::btree_map(key(), 0_u64..9, 0..40)
        .prop_map(|map| map.into_iter().map(|(key, size)| Named { key, size }).collect())
}

pub(in crate::tree) fn tallies() -> impl Strategy<Value = Vec<Tally>> {
    prop::collection::btree_map(key(), 1_u64..4, 0..40)
        .prop_map(|map| map.into_iter().map(|(key, count)| Tally { key, count }).collect())
}

pub(in crate::tree) fn root<R: Row>(rows: &[R]) -> Summary {
    let leaves: Vec<Leaf> =
        rows.iter().map(|row| row.leaf(row.key(), &encoded(row)).unwrap()).collect();
    oracle::root(R::KIND, &leaves)
}

fn cut(keys: impl IntoIterator<Item = [u8; 32]>) -> Cut {
    let keys: BTreeSet<[u8; 32]> = keys.into_iter().collect();
    Cut { keys: keys.into_iter().collect(), regions: BTreeSet::new() }
}

fn pruned<R: Row>(rows: &[R], cut: &Cut) -> PrunedTree<R> {
    PrunedTree::new(&Nodes::new(rows).unwrap(), cut).unwrap()
}

pub(super) fn listed(changes: &BTreeMap<[u8; 32], Option<Named>>) -> Vec<Change<Named>> {
    let change = |(key, row): (&[u8; 32], &Option<Named>)| match row {
        Some(row) => Change::Added(row.clone()),
        None => Change::Removed(Named { key: *key, size: 0 }),
    };
    changes.iter().map(change).collect()
}

/// Everything is opened, no row given away.
fn all_opened<R: Row>(rows: &[R]) -> Cut {
    let nodes = Nodes::new(rows).unwrap();
    let mut regions = BTreeSet::new();
    let mut open = nodes.root().map(|root| (root, Region::ALL)).into_iter().collect::<Vec<_>>();
    while let Some((at, region)) = open.pop() {
        regions.insert(region);
        if let Opened::Node(node) = nodes.open(at).unwrap() {
            open.push((node.left, node.region(Side::Left)));
            open.push((node.right, node.region(Side::Right)));
        }
    }
    Cut { keys: Vec::new(), regions }
}

fn check<R: Row + PartialEq + std::fmt::Debug>(rows: &[R], cut: &Cut, strangers: &[[u8; 32]]) {
    let tree = pruned(rows, cut);
    assert_eq!(*tree.root(), root(rows));
    let bytes = tree.to_bytes();
    assert_eq!(PrunedTree::decode(&bytes, usize::MAX).as_ref(), Ok(&tree));

    let truth: BTreeMap<[u8; 32], &R> = rows.iter().map(|row| (row.key(), row)).collect();
    for key in truth.keys().chain(strangers).chain(&cut.keys) {
        let expected = match truth.get(key) {
            Some(row) => Membership::Present(*row),
            None => Membership::Absent,
        };
        let found = tree.get(key);
        let asked = cut.keys.contains(key);
        assert!(found == expected || (!asked && found == Membership::Unknown), "{key:?} {found:?}");
    }
}

proptest! {
    #[test]
    fn a_pruned_tree_has_the_root_and_answers_for_its_keys(
        rows in named(),
        tallies in tallies(),
        keys in prop::collection::vec(key(), 0..10),
        own in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        strangers in prop::collection::vec(key(), 10),
    ) {
        let some = |all: Vec<[u8; 32]>| -> Vec<[u8; 32]> {
            let picked = own.iter().filter(|_| !all.is_empty()).map(|index| *index.get(&all));
            picked.chain(keys.iter().copied()).collect()
        };
        check(&rows, &cut(some(rows.iter().map(Row::key).collect())), &strangers);
        check(&tallies, &cut(some(tallies.iter().map(Row::key).collect())), &strangers);
    }

    #[test]
    fn what_is_opened_in_either_is_opened_in_the_join(
        rows in named(),
        one in prop::collection::vec(key(), 0..10),
        other in prop::collection::vec(key(), 0..10),
    ) {
        let (a, b) = (pruned(&rows, &cut(one.clone())), pruned(&rows, &cut(other.clone())));
        let both = pruned(&rows, &cut(one.into_iter().chain(other)));
        prop_assert_eq!(a.join(&b), Some(both.clone()));
        prop_assert_eq!(b.join(&a), Some(both));
    }

    #[test]
    fn changes_give_the_root_of_the_changed_set_or_no_answer(
        rows in named(),
        changes in prop::collection::btree_map(key(), prop::option::of(0_u64..9), 0..8),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        open_all: bool,
    ) {
        let mut changes: BTreeMap<[u8; 32], Option<Named>> = changes
            .into_iter()
            .map(|(key, size)| (key, size.map(|size| Named { key, size })))
            .collect();
        for index in removed.iter().filter(|_| !rows.is_empty()) {
            changes.insert(index.get(&rows).key, None);
        }
        let keys = cut(changes.keys().copied());
        let tree = pruned(&rows, &(if open_all { all_opened(&rows) } else { keys }));
        let mut changed: BTreeMap<[u8; 32], Named> =
            rows.iter().map(|row| (row.key, row.clone())).collect();
        for (key, row) in &changes {
            match row {
                Some(row) => changed.insert(*key, row.clone()),
                None => changed.remove(key),
            };
        }
        let changed: Vec<Named> = changed.into_values().collect();
        let applied = tree.apply(listed(&changes)).unwrap();
        let deletes = changes.iter().any(|(key, row)| row.is_none() && rows.iter().any(|row| row.key == *key));
        if open_all || !deletes {
            prop_assert_eq!(applied, Some(root(&changed)));
        } else if let Some(applied) = applied {
            prop_assert_eq!(applied, root(&changed));
        }
        // A second look tells what else has to be opened.
        let mut enough = cut(changes.keys().copied());
        enough.regions.extend(pruned(&rows, &enough).lifted(&changes).unwrap());
        prop_assert_eq!(pruned(&rows, &enough).apply(listed(&changes)), Ok(Some(root(&changed))));
    }

    #[test]
    fn any_changed_byte_is_refused_or_changes_the_root(
        rows in named(),
        keys in prop::collection::vec(key(), 1..5),
        at: prop::sample::Index,
        flip in 1_u8..=255,
    ) {
        let tree = pruned(&rows, &cut(keys));
        let mut bytes = tree.to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(other) = PrunedTree::<Named>::decode(&bytes, usize::MAX) {
            prop_assert_ne!(other.root(), tree.root());
            prop_assert_eq!(other.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_deletion_needs_one_level_of_the_sibling() {
    // 00.., 01.. | 10..: to delete the last lifts the node above the first two.
    let rows: Vec<Named> = [0_u8, 0x40, 0x80].map(|byte| Named { key: [byte; 32], size: 1 }).into();
    let gone = vec![Change::Removed(rows[2].clone())];
    let mut cut = cut([[0x80; 32]]);
    assert_eq!(pruned(&rows, &cut).apply(gone.clone()), Ok(None));
    cut.regions.insert(Region::below(&[0; 32], 0, Side::Left));
    let opened = pruned(&rows, &cut);
    assert_eq!(opened.apply(gone), Ok(Some(root(&rows[..2]))));
    assert_eq!(PrunedTree::<Named>::decode(&opened.to_bytes(), 5), Ok(opened));
}

#[test]
fn a_tree_of_256_levels_is_read_and_written_without_recursion() {
    let mut rows = vec![Named { key: [0; 32], size: 1 }];
    for depth in (0..256_usize).rev() {
        let mut key = [0; 32];
        key[depth / 8] = 0x80 >> (depth % 8);
        rows.push(Named { key, size: 1 });
    }
    let tree = pruned(&rows, &cut([[0; 32]]));
    assert_eq!(*tree.root(), root(&rows));
    assert_eq!(tree.get(&[0; 32]), Membership::Present(&rows[0]));
    let bytes = tree.to_bytes();
    assert_eq!(PrunedTree::decode(&bytes, 513), Ok(tree));
    let limit = 512;
    let refused = PrunedTree::<Named>::decode(&bytes, limit);
    assert_eq!(refused, Err(PrunedTreeError::TooManyItems { limit }));
}
