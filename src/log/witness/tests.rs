use super::*;
use crate::digest::Sha256;
use crate::key::{Signer as _, SigningKey};
use crate::log::{Checkpoint, LogKey, SignedCheckpoint};

const LOG: u8 = 1;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn name(name: &str) -> Origin {
    Origin::new(name).unwrap()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn pinned() -> LogKey {
    LogKey::new(name("log"), key(LOG).public_key())
}

/// A checkpoint that those named cosigned, each with its key and time.
fn cosigned(by: &[(&str, u8, u64)]) -> VerifiedCheckpoint {
    let checkpoint = Checkpoint::new(name("log"), 12, Sha256::from_bytes([3; 32])).unwrap();
    let first = checkpoint.sign(&key(LOG), at(100)).unwrap().verify(&pinned()).unwrap();
    by.iter().fold(first, |verified, (by, seed, time)| {
        let signed: SignedCheckpoint = verified.cosign(&name(by), &key(*seed), at(*time)).unwrap();
        signed.verify(&pinned()).unwrap()
    })
}

fn policy(witnesses: &[(&str, u8)], needed: usize) -> WitnessPolicy {
    let witnesses = witnesses.iter().map(|(by, seed)| (name(by), key(*seed).public_key()));
    WitnessPolicy::new(witnesses, needed).unwrap()
}

fn two_of_three() -> WitnessPolicy {
    policy(&[("a", 2), ("b", 3), ("c", 4)], 2)
}

fn not_met(valid: usize, in_future: usize) -> WitnessError {
    WitnessError::NotMet { count: ThresholdNotMet { valid, needed: 2 }, in_future }
}

#[test]
fn enough_witnesses_make_a_quorum_at_the_time_that_enough_support() {
    let check = |by: &[(&str, u8, u64)]| two_of_three().check(cosigned(by), at(1_000));
    let quorum = check(&[("a", 2, 100), ("b", 3, 300)]).unwrap();
    assert_eq!(quorum.witnessed_at(), at(100));
    assert_eq!(quorum.age(at(160)), Ok(Duration::from_secs(60)));
    assert_eq!(quorum.age(at(99)), Err(AgeError::Future { time: at(100), now: at(99) }));
    assert_eq!(quorum.checkpoint().size(), 12);
    let all = check(&[("a", 2, 100), ("b", 3, 300), ("c", 4, 200)]).unwrap();
    assert_eq!(all.witnessed_at(), at(200));
    assert_eq!(check(&[("a", 2, 100)]), Err(not_met(1, 0)));
}

/// One that changed its key keeps the old one for what that cosigned, and is one witness still.
#[test]
fn a_witness_with_two_keys_counts_once() {
    let witnesses = [("a", 2), ("a", 3), ("b", 4)];
    let both = policy(&witnesses, 2);
    assert_eq!(
        both.check(cosigned(&[("a", 2, 100), ("a", 3, 300)]), at(1_000)),
        Err(not_met(1, 0))
    );
    let quorum = both.check(cosigned(&[("a", 2, 100), ("a", 3, 300), ("b", 4, 200)]), at(1_000));
    let quorum = quorum.unwrap();
    assert_eq!((quorum.existed_by(), quorum.witnessed_at()), (at(200), at(200)));
    let named = witnesses.map(|(by, seed)| (name(by), key(seed).public_key()));
    let error = ThresholdError { keys: 2, needed: 3 };
    assert_eq!(WitnessPolicy::new(named, 3), Err(error));
}

/// What is new is told by the later ones, what is old by the earlier ones.
#[test]
fn what_existed_is_proven_by_as_many_as_saw_it_first() {
    let existed_by = |by: &[(&str, u8, u64)]| {
        two_of_three().check(cosigned(by), at(1_000)).unwrap().existed_by()
    };
    assert_eq!(existed_by(&[("a", 2, 100), ("b", 3, 300)]), at(300));
    assert_eq!(existed_by(&[("a", 2, 100), ("b", 3, 300), ("c", 4, 200)]), at(200));
    // One key that saw it twice saw it at the earlier time, and is one key.
    assert_eq!(existed_by(&[("a", 2, 100), ("a", 2, 50), ("b", 3, 300), ("c", 4, 200)]), at(200));
    assert_eq!(existed_by(&[("a", 2, 400), ("a", 2, 50), ("b", 3, 300)]), at(300));
}

#[test]
fn a_witness_that_signed_twice_counts_once() {
    let twice = cosigned(&[("a", 2, 100), ("a", 2, 200)]);
    assert_eq!(two_of_three().check(twice, at(1_000)), Err(not_met(1, 0)));
}

#[test]
fn a_witness_under_two_names_counts_once() {
    let listed = policy(&[("a", 2), ("also-a", 2), ("b", 3)], 2);
    let twice = cosigned(&[("a", 2, 100), ("also-a", 2, 200)]);
    assert_eq!(listed.check(twice, at(1_000)), Err(not_met(1, 0)));
    let both = cosigned(&[("also-a", 2, 100), ("b", 3, 200)]);
    assert_eq!(listed.check(both, at(1_000)).unwrap().witnessed_at(), at(100));
}

#[test]
fn a_log_is_no_witness_of_its_own() {
    let listed = policy(&[("log", LOG), ("log-witness", LOG), ("a", 2)], 2);
    let own = cosigned(&[("log-witness", LOG, 200), ("a", 2, 200)]);
    assert_eq!(listed.check(own, at(1_000)), Err(not_met(1, 0)));
}

#[test]
fn strangers_and_known_keys_under_other_names_do_not_count() {
    let strangers = cosigned(&[("a", 2, 100), ("d", 5, 100), ("x", 3, 100), ("c", 6, 100)]);
    assert_eq!(two_of_three().check(strangers, at(1_000)), Err(not_met(1, 0)));
}

#[test]
fn a_time_yet_to_come_does_not_count() {
    let early = cosigned(&[("a", 2, 100), ("b", 3, 301)]);
    assert_eq!(two_of_three().check(early.clone(), at(300)), Err(not_met(1, 1)));
    assert_eq!(two_of_three().check(early, at(301)).unwrap().witnessed_at(), at(100));
}

#[test]
fn an_unsound_line_of_a_known_witness_is_refused() {
    let enough = cosigned(&[("a", 2, 100), ("b", 3, 300), ("c", 4, 200)]);
    let mut bytes = enough.signed().to_bytes();
    // The last characters of the last line are the end of a signature.
    let last = bytes.len() - 8;
    bytes[last] = if bytes[last] == b'A' { b'B' } else { b'A' };
    let changed = SignedCheckpoint::decode(&bytes).unwrap().verify(&pinned()).unwrap();
    let error = UnverifiedCheckpoint::BadSignature { name: name("c") };
    assert_eq!(two_of_three().check(changed, at(1_000)), Err(WitnessError::Unverified(error)));
}

#[test]
fn a_cosignature_of_another_checkpoint_is_unsound() {
    let other = Checkpoint::new(name("log"), 13, Sha256::from_bytes([3; 32])).unwrap();
    let other = other.sign(&key(LOG), at(100)).unwrap().to_bytes();
    let mine = cosigned(&[("a", 2, 100)]).signed().to_bytes();
    let line = mine.split(|byte| *byte == b'\n').nth(6).unwrap();
    let moved = [&other, line, b"\n"].concat();
    let moved = SignedCheckpoint::decode(&moved).unwrap().verify(&pinned()).unwrap();
    let error = UnverifiedCheckpoint::BadSignature { name: name("a") };
    assert_eq!(two_of_three().check(moved, at(1_000)), Err(WitnessError::Unverified(error)));
}
