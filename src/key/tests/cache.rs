use super::super::cache::{SignatureCache, entry, name};
use super::*;

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn signed(message: &[u8]) -> Signature {
    signing_key(1).sign(message).unwrap()
}

/// A cache in which the key of seed 1 under "100 yuan" is.
fn warm() -> (SignatureCache, PublicKey, Signature) {
    let (cache, key, signature) =
        (SignatureCache::new(), signing_key(1).public_key(), signed(b"100 yuan"));
    assert_eq!(key.verify_with(Some(&cache), b"100 yuan", &signature), Ok(()));
    (cache, key, signature)
}

#[test]
fn what_is_in_the_cache_is_not_verified_again() {
    let (cache, key, bad) =
        (SignatureCache::new(), signing_key(1).public_key(), Signature::from_bytes([7; 64]));
    cache.insert(entry(&key, &name(b"100 yuan"), &bad));
    // Nothing but a test can put there what never verified.
    assert_eq!(key.verify_with(Some(&cache), b"100 yuan", &bad), Ok(()));
    assert_eq!(key.verify_with(None, b"100 yuan", &bad), Err(BadSignature));
}

#[test]
fn another_signature_is_not_the_one_that_was_verified() {
    let (cache, key, signature) = warm();
    for byte in 0..64 {
        let mut twin = *signature.as_bytes();
        twin[byte] ^= 1;
        let twin = Signature::from_bytes(twin);
        assert_eq!(key.verify_with(Some(&cache), b"100 yuan", &twin), Err(BadSignature), "{byte}");
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn another_message_is_not_the_one_that_was_verified() {
    let (cache, key, signature) = warm();
    for message in [&b"900 yuan"[..], b"100 yuan\0", b"100 yua", b""] {
        assert_eq!(key.verify_with(Some(&cache), message, &signature), Err(BadSignature));
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn another_key_is_not_the_one_that_was_verified() {
    let (cache, _, signature) = warm();
    let other = signing_key(2).public_key();
    assert_eq!(other.verify_with(Some(&cache), b"100 yuan", &signature), Err(BadSignature));
    assert_eq!(cache.len(), 1);
}

#[test]
fn a_signature_that_does_not_verify_leaves_nothing() {
    let (cache, key) = (SignatureCache::new(), signing_key(1).public_key());
    let bad = Signature::from_bytes([7; 64]);
    for _ in 0..2 {
        assert_eq!(key.verify_with(Some(&cache), b"100 yuan", &bad), Err(BadSignature));
        assert!(cache.is_empty());
    }
}

#[test]
fn a_full_cache_forgets_its_older_half() {
    let key = signing_key(1).public_key();
    for (limit, most) in [(0, 0), (1, 0), (2, 2), (3, 2), (8, 8), (9, 8)] {
        let cache = SignatureCache::of(limit);
        let mut fullest = 0;
        for message in (0..40_u8).map(|n| [n]) {
            assert_eq!(key.verify_with(Some(&cache), &message, &signed(&message)), Ok(()));
            fullest = fullest.max(cache.len());
        }
        assert_eq!(fullest, most, "{limit}");
        // The last ones are there, as many as one half takes at least.
        for message in (0..40_u8).rev().take(most / 2).map(|n| [n]) {
            assert!(cache.has(&entry(&key, &name(&message), &signed(&message))));
        }
    }
}

#[test]
fn what_is_asked_for_again_is_not_forgotten() {
    let (key, cache) = (signing_key(1).public_key(), SignatureCache::of(4));
    let kept = entry(&key, &name(b"kept"), &signed(b"kept"));
    cache.insert(kept);
    for n in 0..40_u8 {
        assert_eq!(key.verify_with(Some(&cache), &[n], &signed(&[n])), Ok(()));
        assert!(cache.has(&kept), "{n}");
        assert!(cache.len() <= 4, "{n}");
    }
}

/// Two verifications at the same time may find one signature at the same time.
#[test]
fn what_is_inserted_twice_is_there_once() {
    let cache = SignatureCache::of(4);
    for n in [1, 1, 2, 3, 1, 2] {
        cache.insert([n; 32]);
    }
    // 3 and 1 in the order of their last insertion, then 2.
    assert_eq!(cache.len(), 3);
    assert!(cache.has(&[2; 32]) && cache.has(&[1; 32]) && cache.has(&[3; 32]));
}

#[test]
fn one_cache_serves_several_threads() {
    let (cache, key) = (SignatureCache::new(), signing_key(1).public_key());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for n in 0..20_u8 {
                    assert_eq!(key.verify_with(Some(&cache), &[n], &signed(&[n])), Ok(()));
                }
            });
        }
    });
    assert_eq!(cache.len(), 20);
}
