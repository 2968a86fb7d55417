use proptest::prelude::*;

use super::*;
use crate::log::{ConsistencyError, InclusionError, leaf_hash};

fn leaf(number: u64) -> Sha256 {
    leaf_hash(&number.to_be_bytes())
}

fn tree(size: u64) -> MerkleTree {
    let mut tree = MerkleTree::new();
    (0..size).for_each(|number| tree.push(leaf(number)));
    tree
}

/// RFC 9162 section 2.1.1, to the letter.
fn mth(leaves: &[Sha256]) -> Sha256 {
    match leaves {
        [] => Sha256::of(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(largest_power_below(leaves.len()));
            Sha256::of(&[&[1], &mth(left).as_bytes()[..], mth(right).as_bytes()].concat())
        }
    }
}

/// RFC 9162 section 2.1.3.1, to the letter.
fn path(index: usize, leaves: &[Sha256]) -> Vec<Sha256> {
    if leaves.len() == 1 {
        return vec![];
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    if index < k {
        [path(index, left), vec![mth(right)]].concat()
    } else {
        [path(index - k, right), vec![mth(left)]].concat()
    }
}

/// RFC 9162 section 2.1.4.1, to the letter.
fn subproof(old: usize, leaves: &[Sha256], is_known: bool) -> Vec<Sha256> {
    if old == leaves.len() {
        return if is_known { vec![] } else { vec![mth(leaves)] };
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    if old <= k {
        [subproof(old, left, is_known), vec![mth(right)]].concat()
    } else {
        [subproof(old - k, right, false), vec![mth(left)]].concat()
    }
}

fn largest_power_below(len: usize) -> usize {
    len.next_power_of_two() / 2
}

#[test]
fn roots_and_proofs_are_those_of_the_definition() {
    const MOST: usize = 70;
    let leaves: Vec<Sha256> = (0..MOST as u64).map(leaf).collect();
    let whole = tree(MOST as u64);
    for size in 0..=MOST {
        let (some, len) = (&leaves[..size], size as u64);
        let root = mth(some);
        assert_eq!(whole.root_of(len), Ok(root), "{size}");
        assert_eq!(tree(len).root(), root, "{size}");
        for (index, leaf) in some.iter().enumerate() {
            let proof = whole.prove_inclusion(index as u64, len).unwrap();
            assert_eq!(proof.path, path(index, some), "{index} of {size}");
            assert_eq!(proof.verify(*leaf, root), Ok(()), "{index} of {size}");
        }
        for old in 1..=size {
            let proof = whole.prove_consistency(old as u64, len).unwrap();
            assert_eq!(proof.path, subproof(old, some, true), "{old} to {size}");
            assert_eq!(proof.verify(mth(&leaves[..old]), root), Ok(()), "{old} to {size}");
        }
    }
}

#[test]
fn what_was_never_there_is_not_proven() {
    let tree = tree(5);
    let beyond = |size, len| SizeError { size, len };
    assert_eq!(tree.root_of(6), Err(beyond(6, 5)));
    assert_eq!(tree.prove_inclusion(0, 6), Err(beyond(6, 5)));
    assert_eq!(tree.prove_inclusion(3, 3), Err(beyond(4, 3)));
    assert_eq!(tree.prove_consistency(1, 6), Err(beyond(6, 5)));
    assert_eq!(tree.prove_consistency(4, 3), Err(beyond(4, 3)));
    assert_eq!(tree.prove_consistency(0, 3), Err(beyond(0, 3)));
}

#[test]
fn proofs_of_impossible_trees_are_refused() {
    let (path, root) = (vec![leaf(0); 3], leaf(1));
    let inclusion = |tree_size, leaf_index| {
        InclusionProof { tree_size, leaf_index, path: path.clone() }.verify(leaf(0), root)
    };
    let index = |leaf_index, tree_size| Err(InclusionError::Index { leaf_index, tree_size });
    assert_eq!(inclusion(0, 0), index(0, 0));
    assert_eq!(inclusion(4, 4), index(4, 4));
    assert_eq!(inclusion(4, u64::MAX), index(u64::MAX, 4));
    let length = |expected| Err(InclusionError::Length { found: 3, expected });
    assert_eq!(inclusion(1, 0), length(0));
    assert_eq!(inclusion(u64::MAX, 0), length(64));
    assert_eq!(inclusion(u64::MAX, u64::MAX - 1), length(63));
    let consistency = |old_size, new_size| {
        ConsistencyProof { old_size, new_size, path: path.clone() }.verify(leaf(0), root)
    };
    let sizes = |old_size, new_size| Err(ConsistencyError::Sizes { old_size, new_size });
    assert_eq!(consistency(0, 0), sizes(0, 0));
    assert_eq!(consistency(0, 4), sizes(0, 4));
    assert_eq!(consistency(5, 4), sizes(5, 4));
    let length = |expected| Err(ConsistencyError::Length { found: 3, expected });
    assert_eq!(consistency(4, 4), length(0));
    assert_eq!(consistency(u64::MAX - 1, u64::MAX), length(64));
    assert_eq!(consistency(1 << 63, u64::MAX), length(1));
}

proptest! {
    #[test]
    fn a_changed_proof_of_inclusion_is_refused(
        size in 1_u64..200, index in 0_u64..200, other in 0_u64..200, bit in 0_usize..256, at in 0_usize..8,
    ) {
        let (index, other) = (index % size, other % size);
        let tree = tree(size);
        let (proof, root) = (tree.prove_inclusion(index, size).unwrap(), tree.root());
        prop_assert_eq!(proof.verify(leaf(index), root), Ok(()));
        if other != index {
            let found = proof.root(leaf(other)).unwrap();
            let error = InclusionError::Root { found, expected: root };
            prop_assert_eq!(proof.verify(leaf(other), root), Err(error));
            let moved = InclusionProof { leaf_index: other, ..proof.clone() };
            let length = tree.prove_inclusion(other, size).unwrap().path.len();
            let error = match moved.root(leaf(index)) {
                Ok(found) => InclusionError::Root { found, expected: root },
                Err(_) => InclusionError::Length { found: proof.path.len(), expected: length },
            };
            prop_assert_eq!(moved.verify(leaf(index), root), Err(error));
            prop_assert_eq!(moved.root(leaf(index)).is_ok(), proof.path.len() == length);
        }
        let mut changed = proof.clone();
        if let Some(hash) = changed.path.get_mut(at) {
            let mut bytes = *hash.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            *hash = Sha256::from_bytes(bytes);
            let refused = matches!(changed.verify(leaf(index), root), Err(InclusionError::Root { .. }));
            prop_assert!(refused);
        }
        let mut longer = proof.clone();
        longer.path.push(root);
        let length = InclusionError::Length { found: longer.path.len(), expected: proof.path.len() };
        prop_assert_eq!(longer.verify(leaf(index), root), Err(length));
    }

    #[test]
    fn a_log_that_changed_an_entry_is_not_consistent(
        old in 1_u64..100, more in 1_u64..100, changed in 0_u64..100,
    ) {
        let (new, changed) = (old + more, changed % old);
        let honest = tree(new);
        let mut forked = MerkleTree::new();
        (0..new).for_each(|number| forked.push(leaf(if number == changed { new } else { number })));
        let (old_root, new_root) = (honest.root_of(old).unwrap(), forked.root());
        let mine = honest.prove_consistency(old, new).unwrap();
        prop_assert_eq!(mine.verify(old_root, honest.root()), Ok(()));
        let error = ConsistencyError::NewRoot { found: honest.root(), expected: new_root };
        prop_assert_eq!(mine.verify(old_root, new_root), Err(error));
        // Where the old tree is a subtree of the new one, its root is what the proof begins with.
        let error = if old.is_power_of_two() {
            error
        } else {
            let found = forked.root_of(old).unwrap();
            ConsistencyError::OldRoot { found, expected: old_root }
        };
        let theirs = forked.prove_consistency(old, new).unwrap();
        prop_assert_eq!(theirs.verify(old_root, new_root), Err(error));
    }
}
