mod cache;
mod files;
mod thumbprint;

use super::*;

fn hex(text: &str) -> [u8; 32] {
    parse_prefixed("x", &format!("x:{text}")).unwrap()
}

#[test]
fn each_unsound_key_is_refused_for_its_own_fault() {
    // y = 2 is on no point.
    let mut two = [0; 32];
    two[0] = 2;
    assert_eq!(PublicKey::from_bytes(two), Err(KeyError::NotOnCurve));
    // y = p + 1 is y = 1 written another way.
    let non_canonical = hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    assert_eq!(PublicKey::from_bytes(non_canonical), Err(KeyError::NonCanonical));
    // The identity.
    let mut one = [0; 32];
    one[0] = 1;
    assert_eq!(PublicKey::from_bytes(one), Err(KeyError::SmallOrder));
    // The key of speccheck case 3: a large order with a torsion part.
    let mixed = hex("cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d");
    assert_eq!(PublicKey::from_bytes(mixed), Err(KeyError::Torsion));
}

#[test]
fn rfc_8032_test_1_signs_and_verifies() {
    let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let key = SigningKey::from_seed(&seed);
    let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_eq!(PublicKey::from_bytes(public), Ok(key.public_key()));
    let signature = key.sign(b"").unwrap();
    assert!(signature.as_bytes().starts_with(&[0xe5, 0x56, 0x43, 0x00]));
    assert_eq!(key.public_key().verify(b"", &signature), Ok(()));
    assert_eq!(key.public_key().verify(b"x", &signature), Err(BadSignature));
}

#[test]
fn a_signing_key_prints_only_its_public_half() {
    let key = SigningKey::from_seed(&[0xa5; 32]);
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ public: {}, .. }}", key.public_key()));
}

#[test]
fn text_reads_back() {
    let public = SigningKey::from_seed(&[1; 32]).public_key();
    assert_eq!(public.to_string().parse(), Ok(public));
}

/// The suites of public vectors need a folder; this holds without one.
#[test]
fn a_signature_that_is_no_canonical_one_is_refused() {
    let key = SigningKey::from_seed(&[7; 32]);
    let good = key.sign(b"message").unwrap();
    let public = key.public_key();
    // S + L verifies under the same equation, so only the bound on S refuses it.
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut malleable = *good.as_bytes();
    let mut carry = 0_u16;
    for (s, l) in malleable[32..].iter_mut().zip(order) {
        carry += u16::from(*s) + u16::from(l);
        *s = u8::try_from(carry & 0xff).unwrap();
        carry >>= 8;
    }
    assert_eq!(public.verify(b"message", &Signature::from_bytes(malleable)), Err(BadSignature));
    assert_eq!(public.verify(b"message", &good), Ok(()));
}

/// Whoever knows the key can make one with an R of small order, which lax verifiers accept.
#[test]
fn a_signature_whose_r_is_of_small_order_is_refused() {
    let public = SigningKey::from_seed(&[7; 32]).public_key();
    // R is the neutral point, S = H(R | A | "message") times the secret scalar.
    let mut signature = [0; 64];
    signature[0] = 1;
    signature[32..]
        .copy_from_slice(&hex("d4c5323131ff9683cfb3d30197c786c9043f1052d6c2d5293f19d6f36b911104"));
    let lax = ed25519_dalek::Signature::from_bytes(&signature);
    assert!(ed25519_dalek::Verifier::verify(&public.key, b"message", &lax).is_ok());
    assert_eq!(public.verify(b"message", &Signature::from_bytes(signature)), Err(BadSignature));
}

#[test]
fn a_key_in_cbor_passes_the_checks_at_load() {
    let public = SigningKey::from_seed(&[1; 32]).public_key();
    let bytes = crate::cbor::encode(&public);
    assert_eq!(bytes, [b"\x58\x20", &public.as_bytes()[..]].concat());
    assert_eq!(crate::cbor::decode(&bytes), Ok(public));
    let mut identity = bytes;
    identity[2..].fill(0);
    identity[2] = 1;
    let fault = CborFault::Unreadable { expected: "a sound Ed25519 public key" };
    assert_eq!(crate::cbor::decode::<PublicKey>(&identity), Err(CborError::new(0, fault)));
}

#[test]
fn each_algorithm_has_one_label() {
    assert_eq!(crate::cbor::encode(&Algorithm::Ed25519), [0x32]);
    assert_eq!(crate::cbor::encode(&Algorithm::EdDsa), [0x27]);
    assert_eq!(crate::cbor::decode(&[0x32]), Ok(Algorithm::Ed25519));
    assert_eq!(crate::cbor::decode(&[0x27]), Ok(Algorithm::EdDsa));
    let of = "COSE algorithm (-19 or -8)";
    let fault = CborFault::UnknownCode { found: "-7".into(), of };
    assert_eq!(crate::cbor::decode::<Algorithm>(&[0x26]), Err(CborError::new(0, fault)));
}

#[test]
fn keys_are_ordered_as_their_bytes() {
    let mut keys: Vec<PublicKey> =
        (0..8).map(|seed| SigningKey::from_seed(&[seed; 32]).public_key()).collect();
    keys.sort();
    assert!(keys.windows(2).all(|pair| pair[0].as_bytes() < pair[1].as_bytes()));
    assert_eq!(keys[0].partial_cmp(&keys[1]), Some(std::cmp::Ordering::Less));
}

#[test]
fn a_signature_is_printed_as_none() {
    assert_eq!(format!("{:?}", Signature::from_bytes([7; 64])), "Signature(..)");
}

#[test]
fn a_signer_by_reference_is_the_signer() {
    let key = SigningKey::from_seed(&[7; 32]);
    let by_reference: &dyn Signer = &&key;
    assert_eq!(by_reference.public_key(), key.public_key());
    assert_eq!(by_reference.sign(b"x").unwrap(), key.sign(b"x").unwrap());
}
