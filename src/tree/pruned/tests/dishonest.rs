//! Whatever a liar makes, an answer is what a traversal finds and a change changes nothing else.

use super::*;
use crate::tree::dishonest::{Raw, assemble, raw};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_is_read_of_a_dishonest_tree_is_what_a_traversal_finds(
        tree in raw(),
        opened in any::<u64>(),
        strangers in prop::collection::vec(key(), 4),
        changes in prop::collection::btree_map(key(), prop::option::of(0_u64..2), 0..3),
        removed in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let (mut bytes, mut subtrees) = (Vec::new(), Vec::new());
        // Mostly what belongs where it is: a liar does not show what gives him away.
        let mut at = 0_u32;
        let mut opens = |fits: bool| {
            at += 1;
            (opened.rotate_right(at * 2) & 3 != 0) == fits
        };
        tree.write(Region::ALL, &mut opens, &mut bytes, &mut subtrees);
        let Ok(pruned) = PrunedTree::<Named>::decode(&bytes, 100) else { return Ok(()) };
        if *pruned.root() != tree.summary() {
            return Ok(());
        }
        let leaves = tree.keys();
        for key in leaves.iter().chain(&strangers) {
            match pruned.get(key) {
                Membership::Present(row) => prop_assert_eq!(tree.find(key), Some(row)),
                Membership::Absent => prop_assert_eq!(tree.find(key), None),
                Membership::Unknown => {}
            }
        }

        let mut changes: BTreeMap<[u8; 32], Option<Named>> = changes
            .into_iter()
            .map(|(key, size)| (key, size.map(|size| Named { key, size })))
            .collect();
        changes.extend(removed.iter().map(|index| (*index.get(&leaves), None)));
        let Ok(Some(root)) = pruned.apply(listed(&changes)) else { return Ok(()) };
        let spots = pruned.spots().iter().zip(subtrees);
        let kept = spots.filter(|(spot, _)| {
            spot.leaf.is_none() || !changes.contains_key(spot.region.first())
        });
        let mut pieces: Vec<([u8; 32], Raw)> =
            kept.map(|(spot, raw)| (*spot.region.first(), raw.clone())).collect();
        let inserted = changes.values().flatten().map(|row| (row.key, Raw::Leaf(row.clone())));
        pieces.extend(inserted);
        pieces.sort_by_key(|(key, _)| *key);
        if pieces.is_empty() {
            prop_assert_eq!(root, Summary::EMPTY);
            return Ok(());
        }
        let after = assemble(&pieces);
        prop_assert_eq!(after.summary(), root);
        for key in leaves.iter().chain(&strangers).chain(changes.keys()) {
            let expected = changes.get(key).map_or(tree.find(key), Option::as_ref);
            prop_assert_eq!(after.find(key), expected);
        }
    }
}

fn leaf(first: u8) -> Raw {
    let mut key = [0; 32];
    key[0] = first;
    Raw::Leaf(Named { key, size: 1 })
}

fn node(first: u8, depth: u8, left: Raw, right: Raw) -> Raw {
    let mut key = [0; 32];
    key[0] = first;
    Raw::Node { key, depth, left: Box::new(left), right: Box::new(right), lie: 0 }
}

/// The bytes of `tree` with everything opened, or everything but the subtrees `closed` in preorder.
fn bytes(tree: &Raw, closed: &[usize]) -> Vec<u8> {
    let (mut bytes, mut number) = (Vec::new(), 0);
    let mut opens = |_: bool| {
        number += 1;
        !closed.contains(&(number - 1))
    };
    tree.write(Region::ALL, &mut opens, &mut bytes, &mut Vec::new());
    bytes
}

#[test]
fn a_leaf_off_its_path_is_no_entry_and_does_not_become_one() {
    // 0x40 hangs on the side of keys that begin with 1; its sibling is the only real one there.
    let hidden = node(0x80, 1, leaf(0x40), leaf(0xc0));
    let tree = node(0, 0, leaf(0), hidden);
    assert!(tree.find(&[0x40; 32]).is_none() && tree.keys().len() == 3);
    let (offset, depth) = (1 + encoded(&Named { key: [0; 32], size: 1 }).len() + 1, 1);
    let off_path = Err(PrunedTreeError::OffPath { offset, depth });
    assert_eq!(PrunedTree::<Named>::decode(&bytes(&tree, &[]), 9), off_path);
    // Kept closed it is found by nobody, and cannot be lifted by deleting its sibling.
    let closed = PrunedTree::<Named>::decode(&bytes(&tree, &[3]), 9).unwrap();
    assert_eq!(*closed.root(), tree.summary());
    let (mut forty, mut c0) = ([0; 32], [0; 32]);
    (forty[0], c0[0]) = (0x40, 0xc0);
    assert_eq!(closed.get(&forty), Membership::Absent);
    let gone = Change::Removed(Named { key: c0, size: 1 });
    assert_eq!(closed.apply([gone]), Ok(None));
}

#[test]
fn a_prefix_that_does_not_extend_the_one_above_is_refused_or_gives_another_root() {
    // Both below the side of 1, and the inner node says that its keys begin with 00.
    let inner = node(0, 2, leaf(0x80), leaf(0xa0));
    let tree = node(0, 0, leaf(0), inner);
    let read = PrunedTree::<Named>::decode(&bytes(&tree, &[]), 9).unwrap();
    // The prefix follows from the keys, and they begin with 10.
    assert_ne!(*read.root(), tree.summary());
    let offset = 0;
    let off_path = Err(PrunedTreeError::OffPath { offset, depth: 0 });
    assert_eq!(PrunedTree::<Named>::decode(&bytes(&tree, &[3, 4]), 9), off_path);
}

#[test]
fn sums_that_lie_give_another_root() {
    let Raw::Node { key, depth, left, right, .. } = node(0, 0, leaf(0), leaf(0x80)) else {
        unreachable!()
    };
    let tree = Raw::Node { key, depth, left, right, lie: 1 };
    let read = PrunedTree::<Named>::decode(&bytes(&tree, &[]), 9).unwrap();
    assert_eq!(read.root().hash(), tree.summary().hash());
    assert_ne!(*read.root(), tree.summary());
}
