use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn leaf(key: [u8; 32]) -> Leaf {
    Leaf { key, value: [9; 32], count: 1, bytes: 10 }
}

/// Keys that share long prefixes as well as keys that share none.
fn key() -> impl Strategy<Value = [u8; 32]> {
    prop_oneof![
        any::<[u8; 32]>(),
        (0_usize..32, any::<u8>()).prop_map(|(at, byte)| {
            let mut key = [0xaa; 32];
            key[at] = byte;
            key
        }),
    ]
}

fn leaves() -> impl Strategy<Value = BTreeMap<[u8; 32], Leaf>> {
    proptest::collection::btree_map(
        key(),
        (any::<[u8; 32]>(), 1_u64..1_000, 0_u64..1_000_000),
        0..60,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(|(key, (value, count, bytes))| (key, Leaf { key, value, count, bytes }))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_builder_agrees_with_the_definition(
        leaves in leaves().prop_flat_map(|map| {
            let shuffled: Vec<Leaf> = map.values().copied().collect();
            (Just(map), Just(shuffled).prop_shuffle())
        })
    ) {
        let (sorted, shuffled) = leaves;
        for kind in [Kind::Content, Kind::Index, Kind::Parts] {
            let built = root(kind, sorted.values().copied());
            prop_assert_eq!(built, Ok(oracle::root(kind, &shuffled)));
        }
    }

    #[test]
    fn subtrees_of_any_number_of_leading_bits_join_to_the_whole(
        leaves in leaves(), bits in 0_u32..=256
    ) {
        let mut whole = RootBuilder::new(Kind::Parts);
        let leaves: Vec<Leaf> = leaves.into_values().collect();
        for shard in leaves.chunk_by(|a, b| common_prefix(&a.key, &b.key) >= bits) {
            let summary = root(Kind::Parts, shard.iter().copied()).unwrap();
            let some_key = shard[shard.len() / 2].key;
            whole.push_subtree(some_key, summary).unwrap();
        }
        prop_assert_eq!(whole.finish(), root(Kind::Parts, leaves));
    }

    #[test]
    fn any_other_set_has_another_root(
        map in leaves(), at in any::<prop::sample::Index>(), byte in 0_usize..32, flip in 1_u8..
    ) {
        prop_assume!(!map.is_empty());
        let before = root(Kind::Parts, map.values().copied());
        let mut changed: Vec<Leaf> = map.values().copied().collect();
        let at = at.index(changed.len());
        changed[at].value[byte] ^= flip;
        prop_assert_ne!(root(Kind::Parts, changed.iter().copied()), before);
        changed.remove(at);
        prop_assert_ne!(root(Kind::Parts, changed), before);
    }

    #[test]
    fn a_summary_reads_back(hash in any::<[u8; 32]>(), count in 1_u64.., bytes: u64) {
        let summary = Summary { hash, count, bytes };
        prop_assume!(hash != [0; 32]);
        prop_assert_eq!(Summary::from_bytes(&summary.to_bytes()), Some(summary));
    }
}

/// The layout of the module documentation, byte by byte.
#[test]
fn a_summary_is_its_hash_and_its_sums() {
    let (a, b) = (leaf([1; 32]), Leaf { count: 3, bytes: 0x0102, ..leaf([2; 32]) });
    let pair = root(Kind::Parts, [a, b]).unwrap();
    assert_eq!((pair.count(), pair.bytes()), (4, 0x010c));
    let expected = [&pair.hash()[..], &[4, 0, 0, 0, 0, 0, 0, 0], &[0x0c, 1, 0, 0, 0, 0, 0, 0]];
    assert_eq!(pair.to_bytes()[..], expected.concat());
    let bytes = crate::cbor::encode(&pair);
    assert_eq!(bytes, [b"\x58\x30", &pair.to_bytes()[..]].concat());
    assert_eq!(crate::cbor::decode(&bytes), Ok(pair));
    let empty = [b"\x58\x30", &[0; 47][..], &[1]].concat();
    let fault = CborFault::Unreadable { expected: "a tree summary" };
    assert_eq!(crate::cbor::decode::<Summary>(&empty), Err(CborError::new(0, fault)));
}

#[test]
fn the_tree_kinds_differ() {
    let one = [leaf([1; 32])];
    assert_ne!(root(Kind::Content, one), root(Kind::Parts, one));
    assert_ne!(root(Kind::Content, one), root(Kind::Index, one));
    assert_ne!(root(Kind::Parts, one), root(Kind::Index, one));
}

#[test]
fn sums_are_part_of_the_root() {
    let mut other = leaf([1; 32]);
    other.bytes = 11;
    let pair = |first| root(Kind::Parts, [first, leaf([2; 32])]).unwrap();
    assert_ne!(pair(leaf([1; 32])).hash(), pair(other).hash());
}

#[test]
fn repeated_unordered_and_overflowing_leaves_are_refused() {
    let (a, b) = (leaf([1; 32]), leaf([2; 32]));
    assert_eq!(root(Kind::Parts, [a, a]), Err(TreeError::DuplicateKey));
    assert_eq!(root(Kind::Parts, [b, a]), Err(TreeError::Unordered));
    let huge = Leaf { bytes: u64::MAX, ..b };
    assert_eq!(root(Kind::Parts, [a, huge]), Err(TreeError::SumOverflow));
    let many = Leaf { count: u64::MAX, ..b };
    assert_eq!(root(Kind::Parts, [a, many]), Err(TreeError::SumOverflow));
}

#[test]
fn only_48_zero_bytes_are_empty() {
    assert_eq!(Summary::from_bytes(&[0; 48]), Some(Summary::EMPTY));
    let mut look_alike = [0; 48];
    look_alike[47] = 1;
    assert_eq!(Summary::from_bytes(&look_alike), None, "bytes without entries");
    look_alike[32] = 1;
    assert_eq!(Summary::from_bytes(&look_alike), None, "an all-zero hash");
    let mut no_count = [1; 48];
    no_count[32..40].fill(0);
    assert_eq!(Summary::from_bytes(&no_count), None, "a hash without entries");
}

#[test]
fn prefixes_are_injective_at_every_depth() {
    let key = [0xff; 32];
    let prefixes: std::collections::BTreeSet<_> = (0..256).map(|d| prefix(&key, d)).collect();
    assert_eq!(prefixes.len(), 256);
    assert_eq!(prefix(&key, 0)[..2], [0x80, 0]);
    assert_eq!(prefix(&key, 9)[..3], [0xff, 0xc0, 0]);
    assert_eq!(prefix(&[0; 32], 255)[31], 1);
}

#[test]
fn a_tree_of_depth_256_needs_no_grinding() {
    let mut last = [0; 32];
    let mut leaves = vec![leaf([0; 32])];
    for depth in (0..256_usize).rev() {
        last = [0; 32];
        last[depth / 8] = 0x80 >> (depth % 8);
        leaves.push(leaf(last));
    }
    assert_eq!(last[0], 0x80);
    assert_eq!(root(Kind::Parts, leaves.iter().copied()), Ok(oracle::root(Kind::Parts, &leaves)));
}
