use super::*;
use crate::cbor::CborFault;
use crate::key::{Signer as _, SigningKey};
use crate::trust::{Anchor, Role};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn board(seeds: &[u8], needed: usize) -> Threshold {
    Threshold::new(seeds.iter().map(|seed| key(*seed).public_key()), needed).unwrap()
}

/// Believes one more registry with every version.
fn store(version: u64) -> TrustStore {
    let anchor = |number: u64| {
        let iss = format!("did:web:{number}.example");
        Anchor::new(iss, key(100).public_key(), [Role::Registrar])
    };
    TrustStore::new((1..=version.min(5)).map(anchor))
}

/// A version whose keys are `keys`, `needed` of which have to sign, signed by `signers`; ends on second 100.
fn version(version: u64, keys: &[u8], needed: usize, signers: &[u8]) -> SignedRoot {
    ending(100, version, keys, needed, signers)
}

fn ending(end: u64, version: u64, keys: &[u8], needed: usize, signers: &[u8]) -> SignedRoot {
    following(&first(), end, version, keys, needed, signers)
}

fn first() -> SignedRoot {
    let draft = RootDraft::new(1, board(&[1, 2, 3], 2), at(100), store(1));
    draft.sign(&key(1)).unwrap().cosign(&key(2)).unwrap()
}

/// The first follows none.
fn following(
    before: &SignedRoot,
    end: u64,
    version: u64,
    keys: &[u8],
    needed: usize,
    signers: &[u8],
) -> SignedRoot {
    let draft = RootDraft::new(version, board(keys, needed), at(end), store(version));
    let draft = if version == 1 { draft } else { draft.after(before) };
    let [first, others @ ..] = signers else { panic!("nobody signs") };
    let signed = draft.sign(&key(*first)).unwrap();
    others.iter().fold(signed, |signed, seed| signed.cosign(&key(*seed)).unwrap())
}

fn pinned() -> TrustRoot {
    TrustRoot::pinned(&first().to_bytes()).unwrap()
}

#[track_caller]
fn update(next: &[SignedRoot]) -> Result<TrustRoot, RootError> {
    pinned().update(next.iter().map(SignedRoot::to_bytes), at(50))
}

fn unsigned(version: u64, by: u64, valid: usize) -> RootError {
    RootError::Unsigned { version, by, source: ThresholdNotMet { valid, needed: 2 } }
}

#[test]
fn a_root_hands_over_by_the_old_keys_and_the_new() {
    let next = version(2, &[3, 4], 2, &[1, 2, 3, 4]);
    let root = update(std::slice::from_ref(&next)).unwrap();
    assert_eq!((root.version(), root.store(at(50))), (2, Ok(&store(2))));
    assert_eq!(root.to_bytes(), next.to_bytes());
    // Whoever pins it later knows no old keys and needs none.
    assert_eq!(TrustRoot::pinned(&next.to_bytes()), Ok(root));
}

#[test]
fn too_few_old_keys_hand_nothing_over() {
    assert_eq!(update(&[version(2, &[3, 4], 2, &[3, 4])]), Err(unsigned(2, 1, 1)));
    assert_eq!(update(&[version(2, &[4, 5], 2, &[4, 5])]), Err(unsigned(2, 1, 0)));
}

#[test]
fn too_few_new_keys_take_nothing_over() {
    assert_eq!(update(&[version(2, &[3, 4], 2, &[1, 2, 3])]), Err(unsigned(2, 2, 1)));
}

#[test]
fn a_pinned_root_satisfies_its_own_threshold() {
    let by_one = version(1, &[1, 2, 3], 2, &[1]);
    assert_eq!(TrustRoot::pinned(&by_one.to_bytes()), Err(unsigned(1, 1, 1)));
    let by_strangers = version(1, &[1, 2, 3], 2, &[4, 5]);
    assert_eq!(TrustRoot::pinned(&by_strangers.to_bytes()), Err(unsigned(1, 1, 0)));
}

#[test]
fn one_key_signing_twice_counts_once() {
    assert_eq!(update(&[version(2, &[1, 2, 3], 2, &[1, 1])]), Err(unsigned(2, 1, 1)));
    // Nor does a second signature of it stand in the file.
    let bytes = version(2, &[1, 2, 3], 2, &[1, 2]).to_bytes();
    let signature = 1 + 40 + 1 + 66;
    let last = bytes.len() - signature;
    let twice = [&bytes[..last - signature], &bytes[last..], &bytes[last..]].concat();
    let fault = CborError::new(last, CborFault::Duplicate);
    assert_eq!(TrustRoot::pinned(&twice), Err(RootError::Cbor(fault)));
    let swapped = [&bytes[..last - signature], &bytes[last..], &bytes[last - signature..last]];
    let fault = CborError::new(last, CborFault::Unordered);
    assert_eq!(TrustRoot::pinned(&swapped.concat()), Err(RootError::Cbor(fault)));
}

#[test]
fn a_version_follows_the_one_before() {
    let wrong = |found, expected| Err(RootError::Version { found, expected });
    assert_eq!(update(&[version(1, &[1, 2, 3], 2, &[1, 2])]), wrong(1, 2));
    assert_eq!(update(&[version(3, &[1, 2, 3], 2, &[1, 2])]), wrong(3, 2));
    assert_eq!(update(&[version(0, &[1, 2, 3], 2, &[1, 2])]), wrong(0, 2));
    let last = version(u64::MAX, &[1, 2, 3], 2, &[1, 2]).to_bytes();
    let last = TrustRoot::pinned(&last).unwrap();
    let again = version(0, &[1, 2, 3], 2, &[1, 2]).to_bytes();
    assert_eq!(last.update([again], at(50)), wrong(0, u64::MAX));
}

#[test]
fn a_version_names_the_one_before() {
    let (by, twin) = ([1, 2, 3], ending(99, 1, &[1, 2, 3], 2, &[2, 3]));
    let after_twin = following(&twin, 100, 2, &by, 2, &by);
    let after_none = RootDraft::new(2, board(&by, 2), at(100), store(2));
    let after_none = after_none.sign(&key(1)).unwrap().cosign(&key(2)).unwrap();
    let expected = pinned().digest();
    for (next, found) in [(after_twin, Some(twin.digest())), (after_none, None)] {
        assert_eq!(update(&[next]), Err(RootError::OtherPrev { version: 2, found, expected }));
    }
}

#[test]
fn several_versions_lead_on_at_once_or_not_at_all() {
    let second = version(2, &[4, 5], 2, &[1, 2, 4, 5]);
    let third = following(&second, 100, 3, &[6, 7], 2, &[4, 5, 6, 7]);
    let root = update(&[second.clone(), third.clone()]).unwrap();
    assert_eq!(root.version(), 3);
    let by_first = following(&second, 100, 3, &[6, 7], 2, &[1, 2, 6, 7]);
    assert_eq!(update(&[second, by_first]), Err(unsigned(3, 2, 0)));
    assert_eq!(update(&[third]), Err(RootError::Version { found: 3, expected: 2 }));
}

#[test]
fn only_the_last_version_must_not_have_expired() {
    let expired = |version, expires| {
        let expires = at(expires);
        Err(RootError::Expired { version, expires, now: at(50) })
    };
    let first = ending(10, 1, &[1, 2], 2, &[1, 2]);
    let old = TrustRoot::pinned(&first.to_bytes()).unwrap();
    assert_eq!(old.store(at(9)), Ok(&store(1)));
    assert_eq!(old.store(at(10)).err(), old.update::<Vec<u8>>([], at(10)).err());
    assert_eq!(old.update::<Vec<u8>>([], at(50)), expired(1, 10));
    let second = following(&first, 50, 2, &[1, 2], 2, &[1, 2]);
    assert_eq!(old.update([second.to_bytes()], at(50)), expired(2, 50));
    let third = following(&second, 51, 3, &[1, 2], 2, &[1, 2]);
    assert_eq!(
        old.update([second, third].map(|root| root.to_bytes()), at(50)).map(|root| root.version()),
        Ok(3)
    );
}

#[test]
fn a_signature_that_does_not_verify_is_no_missing_one() {
    let sound = version(2, &[1, 2, 3], 2, &[1, 2, 3]).to_bytes();
    let mut forged = sound.clone();
    *forged.last_mut().unwrap() ^= 1;
    let last = [1, 2, 3].map(|seed| key(seed).public_key().id()).into_iter().max().unwrap();
    let refused = pinned().update([forged], at(50));
    assert_eq!(refused, Err(RootError::BadSignature { version: 2, key: last }));
    assert!(pinned().update([sound], at(50)).is_ok());
}

#[test]
fn signatures_cover_every_byte_of_the_payload() {
    let signed = version(1, &[1, 2, 3], 2, &[1, 2]).to_bytes();
    for bit in 0..signed.len() * 8 {
        let mut flipped = signed.clone();
        flipped[bit / 8] ^= 0x80 >> (bit % 8);
        assert!(TrustRoot::pinned(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn copies_of_one_root_are_joined() {
    let of_a = version(1, &[1, 2, 3], 2, &[1]);
    let of_b = version(1, &[1, 2, 3], 2, &[2]);
    let joined = of_a.clone().join(of_b.clone()).unwrap();
    assert_eq!(joined, version(1, &[1, 2, 3], 2, &[2, 1]));
    assert_eq!(of_b.join(of_a.clone()), Ok(joined));
    let other = version(2, &[1, 2, 3], 2, &[2]);
    assert_eq!(of_a.join(other), Err(RootError::OtherRoot));
}

/// Checking keys is what takes long: too many are refused at their number, before the first is read.
#[test]
fn keys_are_counted_before_they_are_read() {
    let signed = version(1, &[1, 2], 2, &[1, 2]).to_bytes();
    // Keys of zeros are no keys, and those of the file are two of more than there may be.
    let keys = signed.windows(5).position(|window| window == b"\x64keys").unwrap() + 5;
    assert_eq!(signed[keys], 0x82);
    let zeros = [&[0x58, 0x20][..], &[0; 32]].concat();
    let with = |count: u8| {
        let payload = signed.windows(3).position(|window| window == b"\xa6\x61v").unwrap();
        let end = signed.windows(10).position(|window| window == b"\x69threshold").unwrap() + 11;
        let many = [&[0x98, count][..], &zeros.repeat(count.into())].concat();
        let rest = &signed[keys + 1 + 2 * 34..end];
        let inner = [&signed[payload..keys], &many, rest].concat();
        let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
        let head = payload - if signed[payload - 2] == 0x58 { 2 } else { 3 };
        [&signed[..head], &[0x59], &length, &inner, &signed[end..]].concat()
    };
    let Err(RootError::Cbor(error)) = SignedRoot::decode(&with(65)) else { panic!("65 keys") };
    assert_eq!(error.fault, CborFault::TooLong { found: 65, limit: 64 });
    let Err(RootError::Cbor(error)) = SignedRoot::decode(&with(64)) else { panic!("no keys") };
    let expected = "a sound Ed25519 public key";
    assert_eq!(error.fault, CborFault::Unreadable { expected });
}

#[test]
fn a_threshold_that_nothing_meets_is_refused() {
    let signed = version(1, &[1, 2], 2, &[1, 2]).to_bytes();
    // The threshold is the last byte of the payload.
    let place = signed.windows(10).position(|window| window == b"\x69threshold").unwrap() + 10;
    assert_eq!(signed[place], 2);
    for needed in [0, 3] {
        let mut bytes = signed.clone();
        bytes[place] = needed;
        let source = ThresholdError { keys: 2, needed: usize::from(needed) };
        let error = RootError::Threshold { version: 1, source };
        assert_eq!(TrustRoot::pinned(&bytes), Err(error));
    }
}

/// The reason for which a signer was not asked, or what he signed was not taken.
#[track_caller]
fn refused(result: Result<SignedRoot, crate::key::SignerError>) -> String {
    std::error::Error::source(&result.unwrap_err()).unwrap().to_string()
}

/// Nothing is written that no decoder takes.
#[test]
fn a_root_is_signed_only_as_large_as_it_is_read() {
    let anchors = |count: usize| {
        let anchor = |number| {
            let iss = format!("did:web:{number}.example");
            Anchor::new(iss, key(100).public_key(), [Role::Registrar])
        };
        TrustStore::new((0..count).map(anchor))
    };
    let draft = |keys: u8, store| {
        let seeds: Vec<u8> = (1..=keys).collect();
        RootDraft::new(1, board(&seeds, 1), at(100), store)
    };
    let sound = draft(64, TrustStore::default()).sign(&key(1)).unwrap();
    assert!(TrustRoot::pinned(&sound.to_bytes()).is_ok());
    let keys = refused(draft(65, TrustStore::default()).sign(&key(1)));
    assert_eq!(keys, "65 keys, at most 64 allowed");
    let many = refused(draft(1, anchors(16_385)).sign(&key(1)));
    assert_eq!(many, "16385 anchors, at most 16384 allowed");
}

#[test]
fn signatures_of_a_root_are_only_as_many_as_are_read() {
    let by =
        |seeds: std::ops::RangeInclusive<u8>| version(1, &[1, 2, 3], 2, &seeds.collect::<Vec<_>>());
    let full = by(1..=128);
    assert!(TrustRoot::pinned(&full.to_bytes()).is_ok());
    // One of the same key takes the place of the one before.
    assert!(full.clone().cosign(&key(1)).is_ok());
    let cosigned = refused(full.clone().cosign(&key(129)));
    assert_eq!(cosigned, "129 signatures, at most 128 allowed");
    let error = RootError::TooMany { what: "signatures", found: 129, limit: 128 };
    assert_eq!(full.join(by(129..=129)), Err(error));
}
