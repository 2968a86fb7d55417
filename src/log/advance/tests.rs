use super::*;
use crate::id::Origin;
use crate::key::{Signer as _, SigningKey};
use crate::log::{Checkpoint, MerkleTree, leaf_hash};
use crate::timestamp::Timestamp;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

fn pinned() -> LogKey {
    LogKey::new(origin(), key(1).public_key())
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn signed(size: u64, root: Sha256, time: u64) -> VerifiedCheckpoint {
    let checkpoint = Checkpoint::new(origin(), size, root).unwrap();
    checkpoint.sign(&key(1), at(time)).unwrap().verify(&pinned()).unwrap()
}

/// A log whose entry number `other` is another than everybody's.
fn tree(size: u64, other: Option<u64>) -> MerkleTree {
    let mut tree = MerkleTree::new();
    for number in 0..size {
        let entry = if other == Some(number) { u64::MAX } else { number };
        tree.push(leaf_hash(&entry.to_be_bytes()));
    }
    tree
}

fn of(tree: &MerkleTree) -> VerifiedCheckpoint {
    signed(tree.len(), tree.root(), 100)
}

#[test]
fn a_larger_log_takes_the_place_of_one_that_it_extends() {
    let (old, new) = (of(&tree(5, None)), of(&tree(9, None)));
    let proof = tree(9, None).prove_consistency(5, 9).unwrap();
    assert_eq!(advance(&old, &new, Some(&proof)), Ok(new.clone()));
    let unproven = AdvanceError::Unproven { pinned: 5, seen: 9 };
    assert_eq!(advance(&old, &new, None), Err(unproven));
    let empty = signed(0, Sha256::of(b""), 100);
    assert_eq!(advance(&empty, &new, None), Ok(new));
}

#[test]
fn a_smaller_log_is_a_rollback() {
    let (old, new) = (of(&tree(9, None)), of(&tree(5, None)));
    let proof = tree(9, None).prove_consistency(5, 9).unwrap();
    let rollback = Err(AdvanceError::Rollback { pinned: 9, seen: 5 });
    assert_eq!(advance(&old, &new, Some(&proof)), rollback);
    assert_eq!(advance(&old, &new, None), rollback);
}

#[test]
fn a_proof_that_leads_elsewhere_keeps_what_one_has() {
    let (old, new) = (of(&tree(5, None)), of(&tree(9, Some(2))));
    let mine = tree(9, None).prove_consistency(5, 9).unwrap();
    let found = tree(9, None).root();
    let error = ConsistencyError::NewRoot { found, expected: new.root() };
    assert_eq!(advance(&old, &new, Some(&mine)), Err(AdvanceError::Consistency(error)));
    let theirs = tree(9, Some(2)).prove_consistency(5, 9).unwrap();
    let found = tree(5, Some(2)).root();
    let error = ConsistencyError::OldRoot { found, expected: old.root() };
    assert_eq!(advance(&old, &new, Some(&theirs)), Err(AdvanceError::Consistency(error)));
}

/// Else a proof from a size that one never saw, or to one nobody signed, would do.
#[test]
fn a_proof_between_other_sizes_is_none() {
    let (old, new) = (of(&tree(5, None)), of(&tree(9, None)));
    for (from, to) in [(4, 9), (5, 8), (9, 9)] {
        let proof = tree(9, None).prove_consistency(from, to).unwrap();
        let error = AdvanceError::OtherSizes { found: (from, to), expected: (5, 9) };
        assert_eq!(advance(&old, &new, Some(&proof)), Err(error));
    }
    // A proof of equal sizes has no path, and would lead from anything to itself.
    let same = ConsistencyProof { old_size: 5, new_size: 5, path: vec![] };
    let forked = of(&tree(5, Some(2)));
    assert!(matches!(advance(&old, &forked, Some(&same)), Err(AdvanceError::Fork { size: 5, .. })));
}

#[test]
fn the_same_log_signed_later_is_kept() {
    let root = tree(5, None).root();
    let (early, late) = (signed(5, root, 100), signed(5, root, 200));
    assert_eq!(advance(&early, &late, None), Ok(late.clone()));
    assert_eq!(advance(&late, &early, None), Ok(late));
}

#[test]
fn two_roots_of_one_size_are_a_fork() {
    let (mine, theirs) = (of(&tree(7, None)), of(&tree(7, Some(3))));
    let fork = AdvanceError::Fork { size: 7, pinned: mine.root(), seen: theirs.root() };
    assert_eq!(advance(&mine, &theirs, None), Err(fork));
}

#[test]
fn a_log_under_another_key_is_another_log() {
    let root = tree(5, None).root();
    let checkpoint = Checkpoint::new(origin(), 5, root).unwrap();
    let other = LogKey::new(origin(), key(2).public_key());
    let theirs = checkpoint.sign(&key(2), at(200)).unwrap().verify(&other).unwrap();
    let (pinned, seen) = (Box::new(pinned()), Box::new(other));
    let error = AdvanceError::OtherLog { pinned, seen };
    assert_eq!(advance(&signed(5, root, 100), &theirs, None), Err(error));
}
