use super::super::{RootDraft, TrustStore};
use super::*;
use crate::digest::Sha256;
use crate::id::{ManifestId, Origin};
use crate::key::ThresholdNotMet;
use crate::key::{Algorithm, Signer as _, SigningKey};
use crate::log::{Checkpoint, ConsistencyProof, LogKey, MerkleTree, VerifiedCheckpoint, leaf_hash};
use crate::manifest::ScanMethod;
use crate::rights::Licence;
use crate::statement::{Issuer, Payload as _};
use crate::timestamp::Timestamp;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn issuer(seed: u8) -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", key(seed))
}

fn dataset(title: &str) -> Dataset {
    Dataset::new(ManifestId::from_bytes([1; 32]), title, ScanMethod::Full)
}

fn told(title: &str) -> Envelope {
    sign(&dataset(title), &issuer(1))
}

fn sign(dataset: &Dataset, issuer: &Issuer<SigningKey>) -> Envelope {
    dataset.sign(issuer, Timestamp::MIN).unwrap().envelope().clone()
}

fn checkpoint(origin: &str, size: u64, root: Sha256, seed: u8) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(Origin::new(origin).unwrap(), size, root).unwrap();
    checkpoint.sign(&key(seed), Timestamp::MIN).unwrap()
}

fn compatible<T>(field: &'static str) -> Result<T, EquivocationError> {
    Err(EquivocationError::Compatible { field })
}

#[test]
fn two_statements_of_one_number_are_shown_to_a_third_party() {
    let (a, b) = (told("a"), told("b"));
    let found = Equivocation::of_issuer(&a, &b).unwrap();
    assert_eq!(found, Equivocation::of_issuer(&b, &a).unwrap());
    let received = Equivocation::decode(&found.to_bytes()).unwrap();
    assert_eq!(received, found);
    assert_eq!(received.name(), Some("did:web:curator.example"));
    let mut ids = received.statements().unwrap();
    ids.sort_unstable();
    let mut expected = [a.id(), b.id()];
    expected.sort_unstable();
    assert_eq!(ids, expected);
    assert_eq!(received.verify(&[key(1).public_key()]), Ok(()));
    let missing = EquivocationError::MissingKey { key: key(1).public_key().id() };
    assert_eq!(received.verify(&[key(2).public_key()]), Err(missing));
}

#[test]
fn an_issuer_who_changed_his_key_has_two() {
    let (a, b) = (told("a"), sign(&dataset("b"), &issuer(2)));
    let found = Equivocation::of_issuer(&a, &b).unwrap();
    assert_eq!(found.verify(&[key(1).public_key(), key(2).public_key()]), Ok(()));
    let missing = EquivocationError::MissingKey { key: key(2).public_key().id() };
    assert_eq!(found.verify(&[key(1).public_key()]), Err(missing));
}

#[test]
fn one_statement_under_two_algorithms_is_two() {
    let again = sign(&dataset("a"), &issuer(1).algorithm(Algorithm::EdDsa));
    assert!(Equivocation::of_issuer(&told("a"), &again).is_ok());
    assert_eq!(Equivocation::of_issuer(&again, &again), Err(EquivocationError::Same));
}

#[test]
fn what_may_both_be_said_is_no_contradiction() {
    let mut later = dataset("b");
    (later.seq, later.prev) = (1, Some(told("a").id()));
    let later = sign(&later, &issuer(1));
    assert_eq!(Equivocation::of_issuer(&told("a"), &later), compatible("number"));
    let of_another = Dataset::new(ManifestId::from_bytes([2; 32]), "b", ScanMethod::Full);
    let other = sign(&of_another, &issuer(1));
    assert_eq!(Equivocation::of_issuer(&told("a"), &other), compatible("subject"));
    let by_another = sign(&dataset("b"), &Issuer::new("did:web:b.example", key(1)));
    assert_eq!(Equivocation::of_issuer(&told("a"), &by_another), compatible("issuer"));
    let licence = Licence::granted_spdx(ManifestId::from_bytes([1; 32]), "MIT");
    let licence = licence.sign(&issuer(1), Timestamp::MIN).unwrap();
    assert_eq!(Equivocation::of_issuer(&told("a"), licence.envelope()), compatible("kind"));
}

/// A holder grants to many, each for himself: whoever bought twice could show it as a contradiction.
#[test]
fn a_holder_who_licenses_two_parties_does_not_contradict_himself() {
    let granted = |to: &str| {
        let mut licence = Licence::granted_spdx(ManifestId::from_bytes([1; 32]), "MIT");
        licence.licensees = [to.to_owned()].into();
        licence.sign(&issuer(1), Timestamp::MIN).unwrap().envelope().clone()
    };
    let found = Kind::Licence;
    let both =
        Equivocation::of_issuer(&granted("did:web:a.example"), &granted("did:web:b.example"));
    assert_eq!(both, Err(EquivocationError::NoSequence { found }));
}

#[test]
fn a_log_has_one_policy_of_each_number() {
    let mut policy = LogPolicy::new(Origin::new("log.example").unwrap());
    let sign =
        |policy: &LogPolicy| policy.sign(&issuer(1), Timestamp::MIN).unwrap().envelope().clone();
    let one = sign(&policy);
    policy.terms = Some("other terms".to_owned());
    let found = Equivocation::of_issuer(&one, &sign(&policy)).unwrap();
    assert_eq!(found.verify(&[key(1).public_key()]), Ok(()));
}

#[test]
fn what_leans_on_a_batch_proves_nothing_by_itself() {
    let unsigned = dataset("b").unsigned(&issuer(1), Timestamp::MIN).unwrap();
    let found = Equivocation::of_issuer(&told("a"), unsigned.envelope());
    assert_eq!(found, Err(EquivocationError::Statement(StatementError::Unsigned)));
}

#[test]
fn a_forged_contradiction_is_refused() {
    let mut forged = told("b").as_bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = Envelope::decode(&forged).unwrap();
    let found = Equivocation::of_issuer(&told("a"), &forged).unwrap();
    let refused = EquivocationError::Statement(StatementError::BadSignature);
    assert_eq!(found.verify(&[key(1).public_key()]), Err(refused));
}

#[test]
fn two_roots_of_one_size_are_shown_to_a_third_party() {
    let [a, b] = [b"a", b"b"].map(|entry| checkpoint("log.example", 1, leaf_hash(entry), 1));
    let found = Equivocation::of_log(&b, &a).unwrap();
    let received = Equivocation::decode(&found.to_bytes()).unwrap();
    assert_eq!((received.name(), received.statements()), (Some("log.example"), None));
    assert_eq!(received.verify(&[key(2).public_key(), key(1).public_key()]), Ok(()));
    let name = Origin::new("log.example").unwrap();
    let not_signed = EquivocationError::Unverified(UnverifiedCheckpoint::NotSigned { name });
    assert_eq!(received.verify(&[key(2).public_key()]), Err(not_signed.clone()));
    assert_eq!(received.verify(&[]), Err(not_signed.clone()));
    // One by each of two keys is nobody's contradiction.
    let by_another = checkpoint("log.example", 1, leaf_hash(b"b"), 2);
    let mixed = Equivocation::of_log(&a, &by_another).unwrap();
    assert_eq!(mixed.verify(&[key(1).public_key(), key(2).public_key()]), Err(not_signed));
}

#[test]
fn a_log_may_say_one_thing_twice_and_other_things_of_other_sizes() {
    let one = checkpoint("log.example", 1, leaf_hash(b"a"), 1);
    assert_eq!(Equivocation::of_log(&one, &one), Err(EquivocationError::Same));
    let two = checkpoint("log.example", 2, leaf_hash(b"b"), 1);
    assert_eq!(Equivocation::of_log(&one, &two), compatible("size"));
    let other = checkpoint("other.example", 1, leaf_hash(b"b"), 1);
    assert_eq!(Equivocation::of_log(&one, &other), compatible("origin"));
}

#[test]
fn a_statement_that_follows_another_is_shown_to_a_third_party() {
    let mut after = dataset("c");
    (after.seq, after.prev) = (1, Some(told("b").id()));
    let after = sign(&after, &issuer(1));
    let found = Equivocation::of_issuer(&told("a"), &after).unwrap();
    assert_eq!(found, Equivocation::of_issuer(&after, &told("a")).unwrap());
    assert_eq!(Equivocation::decode(&found.to_bytes()), Ok(found.clone()));
    assert_eq!(found.verify(&[key(1).public_key()]), Ok(()));
    assert_eq!(Equivocation::of_issuer(&told("b"), &after), compatible("number"));
    // Nor is one after the next but one.
    let mut later = dataset("d");
    (later.seq, later.prev) = (2, Some(told("b").id()));
    assert_eq!(
        Equivocation::of_issuer(&told("a"), &sign(&later, &issuer(1))),
        compatible("number")
    );
}

// ---- histories of logs --------------------------------------------------------------------------

fn tree(entries: &[&[u8]]) -> MerkleTree {
    let mut tree = MerkleTree::new();
    for entry in entries {
        tree.push(leaf_hash(entry));
    }
    tree
}

fn of_tree(tree: &MerkleTree, on: u64) -> SignedCheckpoint {
    let origin = Origin::new("log.example").unwrap();
    let checkpoint = Checkpoint::new(origin, tree.len(), tree.root()).unwrap();
    checkpoint.sign(&key(1), Timestamp::from_seconds(on).unwrap()).unwrap()
}

fn verified(tree: &MerkleTree, on: u64) -> VerifiedCheckpoint {
    let log = LogKey::new(Origin::new("log.example").unwrap(), key(1).public_key());
    of_tree(tree, on).verify(&log).unwrap()
}

const TOLD: [&[u8]; 5] = [b"a", b"b", b"c", b"d", b"e"];
const NOW: [&[u8]; 7] = [b"a", b"x", b"b", b"c", b"d", b"e", b"f"];

/// At every size of the smaller, powers of two included: whoever has the larger's entries can show it.
#[test]
fn a_log_that_forgot_an_entry_is_shown_to_a_third_party() {
    let now = tree(&NOW);
    for size in 2..=5 {
        let told = tree(&TOLD[..size]);
        let (smaller, larger, size) = (of_tree(&told, 1), of_tree(&now, 2), size as u64);
        let (root, proof) = (now.root_of(size).unwrap(), now.prove_consistency(size, 7).unwrap());
        let found = Equivocation::of_histories(&smaller, &larger, root, &proof).unwrap();
        let received = Equivocation::decode(&found.to_bytes()).unwrap();
        assert_eq!(received, found);
        assert_eq!(received.verify(&[key(1).public_key()]), Ok(()));
        let name = Origin::new("log.example").unwrap();
        let not_signed = EquivocationError::Unverified(UnverifiedCheckpoint::NotSigned { name });
        assert_eq!(received.verify(&[key(2).public_key()]), Err(not_signed));
    }
}

#[test]
fn nobody_shows_that_a_log_forgot_which_only_grew() {
    let (told, now) = (tree(&NOW[..3]), tree(&NOW));
    let (smaller, larger) = (of_tree(&told, 1), of_tree(&now, 2));
    let proof = now.prove_consistency(3, 7).unwrap();
    let histories =
        |root, proof: &ConsistencyProof| Equivocation::of_histories(&smaller, &larger, root, proof);
    assert_eq!(histories(told.root(), &proof), Err(EquivocationError::Same));
    let other = tree(&TOLD[..3]).root();
    let fault = proof.verify(other, now.root()).unwrap_err();
    assert_eq!(histories(other, &proof), Err(EquivocationError::Consistency(fault)));
    // Not with a path from another tree, either.
    let forged = tree(&[b"z", b"x", b"b", b"c", b"d", b"e", b"f"]);
    let (other, proof) = (forged.root_of(3).unwrap(), forged.prove_consistency(3, 7).unwrap());
    let fault = proof.verify(other, now.root()).unwrap_err();
    assert_eq!(histories(other, &proof), Err(EquivocationError::Consistency(fault)));
    let whole = now.prove_consistency(7, 7).unwrap();
    let alike = Equivocation::of_histories(&larger, &larger, now.root(), &whole);
    assert_eq!(alike, compatible("size"));
    let between = now.prove_consistency(2, 7).unwrap();
    assert_eq!(histories(other, &between), compatible("size"));
}

#[test]
fn a_smaller_log_at_a_later_time_is_shown_to_a_third_party() {
    let (told, now) = (tree(&NOW[..3]), tree(&NOW));
    let found = Equivocation::of_rollback(&verified(&now, 10), &verified(&told, 11)).unwrap();
    let received = Equivocation::decode(&found.to_bytes()).unwrap();
    assert_eq!(received.verify(&[key(1).public_key()]), Ok(()));
    // In the same second, or before, it had not yet grown.
    for on in [9, 10] {
        let earlier = Equivocation::of_rollback(&verified(&now, 10), &verified(&told, on));
        assert_eq!(earlier, compatible("time"));
        // Bytes that say so are no proof either.
        let pair = [of_tree(&now, 10), of_tree(&told, on)];
        let claimed = Equivocation::of_checkpoints(pair, None).unwrap();
        let claimed = Equivocation::decode(&claimed.to_bytes()).unwrap();
        assert_eq!(claimed.verify(&[key(1).public_key()]), compatible("time"));
    }
    let swapped = Equivocation::of_rollback(&verified(&told, 10), &verified(&now, 11));
    assert_eq!(swapped, compatible("size"));
}

// ---- boards -------------------------------------------------------------------------------------

/// A version of a board of keys 1, 2 and 3, two of which have to sign.
fn root(version: u64, end: u64, after: Option<&SignedRoot>, signers: [u8; 2]) -> SignedRoot {
    let draft = RootDraft::new(
        version,
        board(),
        Timestamp::from_seconds(end).unwrap(),
        TrustStore::default(),
    );
    let draft = after.map_or(draft.clone(), |before| draft.after(before));
    let [first, second] = signers.map(key);
    draft.sign(&first).unwrap().cosign(&second).unwrap()
}

fn board() -> Threshold {
    Threshold::new([1, 2, 3].map(|seed| key(seed).public_key()), 2).unwrap()
}

#[test]
fn two_trust_roots_of_one_version_are_shown_to_a_third_party() {
    let (one, other) = (root(2, 100, None, [1, 2]), root(2, 200, None, [2, 3]));
    let found = Equivocation::of_board(&one, &other).unwrap();
    assert_eq!(found, Equivocation::of_board(&other, &one).unwrap());
    let received = Equivocation::decode(&found.to_bytes()).unwrap();
    assert_eq!((received.by(), received.name()), (Equivocator::Board, None));
    assert_eq!(received.verify_board(&board()), Ok(()));
    // Further signatures make no other root.
    let again = root(2, 100, None, [2, 3]);
    assert_eq!(Equivocation::of_board(&one, &again), Err(EquivocationError::Same));
}

#[test]
fn a_trust_root_that_follows_another_is_shown_to_a_third_party() {
    let (one, other) = (root(2, 100, None, [1, 2]), root(2, 200, None, [2, 3]));
    let after = root(3, 300, Some(&other), [1, 3]);
    let found = Equivocation::of_board(&after, &one).unwrap();
    let received = Equivocation::decode(&found.to_bytes()).unwrap();
    assert_eq!(received.verify_board(&board()), Ok(()));
    assert_eq!(Equivocation::of_board(&after, &other), compatible("version"));
    let unlinked = root(3, 300, None, [1, 3]);
    assert_eq!(Equivocation::of_board(&one, &unlinked), compatible("version"));
    let later = root(4, 300, Some(&other), [1, 3]);
    assert_eq!(Equivocation::of_board(&one, &later), compatible("version"));
}

/// Anybody writes a root that asks for his own keys, and one rogue of a board signs it too.
#[test]
fn a_board_is_not_framed_by_fewer_keys_than_it_takes() {
    let rogue = Threshold::new([key(3).public_key()], 1).unwrap();
    let end = Timestamp::from_seconds(100).unwrap();
    let forged = RootDraft::new(2, rogue, end, TrustStore::default()).sign(&key(3)).unwrap();
    let found = Equivocation::of_board(&root(2, 100, None, [1, 2]), &forged).unwrap();
    let source = ThresholdNotMet { valid: 1, needed: 2 };
    let unsigned = RootError::Unsigned { version: 2, by: 2, source };
    assert_eq!(found.verify_board(&board()), Err(EquivocationError::Root(unsigned)));
}

#[test]
fn a_contradiction_is_held_against_its_own_party() {
    let of_board =
        Equivocation::of_board(&root(2, 1, None, [1, 2]), &root(2, 2, None, [1, 2])).unwrap();
    let found = Equivocator::Board;
    let keys = [1, 2, 3].map(|seed| key(seed).public_key());
    assert_eq!(of_board.verify(&keys), Err(EquivocationError::OtherParty { found }));
    let of_issuer = Equivocation::of_issuer(&told("a"), &told("b")).unwrap();
    let found = Equivocator::Issuer;
    assert_eq!(of_issuer.verify_board(&board()), Err(EquivocationError::OtherParty { found }));
}

#[test]
fn a_contradiction_is_written_one_way() {
    let found = Equivocation::of_issuer(&told("a"), &told("b")).unwrap();
    let Pair::Issuer(pair) = &found.pair else { unreachable!("of an issuer") };
    let [first, second] = pair.each_ref().map(|one| Whole(one.as_bytes().to_vec()));
    let by = Equivocator::Issuer;
    let swapped = EquivocationFile {
        v: Version1,
        by,
        path: Vec::new(),
        root: None,
        first: second,
        second: first,
    };
    let unordered = CborError::new(0, CborFault::Unordered);
    assert_eq!(Equivocation::decode(&encode(&swapped)), Err(EquivocationError::Cbor(unordered)));
}
