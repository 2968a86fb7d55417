use super::*;
use crate::digest::Sha256;
use crate::id::{ManifestId, Origin};
use crate::key::{Algorithm, Signer as _, SigningKey};
use crate::log::{Checkpoint, leaf_hash};
use crate::manifest::ScanMethod;
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
    assert_eq!(received.name(), "did:web:curator.example");
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
    assert_eq!((received.name(), received.statements()), ("log.example", None));
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
fn a_contradiction_is_written_one_way() {
    let found = Equivocation::of_issuer(&told("a"), &told("b")).unwrap();
    let Pair::Issuer(pair) = &found.pair else { unreachable!("of an issuer") };
    let [first, second] = pair.each_ref().map(|one| Bytes(one.as_bytes().to_vec()));
    let by = Equivocator::Issuer;
    let swapped = EquivocationFile { v: Version1, by, first: second, second: first };
    let unordered = CborError::new(0, CborFault::Unordered);
    assert_eq!(Equivocation::decode(&encode(&swapped)), Err(EquivocationError::Cbor(unordered)));
}
