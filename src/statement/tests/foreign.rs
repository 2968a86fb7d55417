use super::*;
use crate::cbor::CborFault as F;
use crate::key::Signer as _;

/// 18([protected, unprotected, payload, signature])
fn sign1(protected: &[u8], unprotected: &[u8], payload: &[u8], signature: &[u8]) -> Vec<u8> {
    [b"\xd2\x84", protected, unprotected, payload, signature].concat()
}

const PROTECTED: &[u8] = b"\x43\xa1\x01\x32";

#[track_caller]
fn refused(bytes: &[u8], offset: usize, fault: CborFault) {
    let found = Foreign::decode(bytes).expect_err("malformed or ambiguous");
    assert_eq!(found, ForeignError::Cbor(CborError::new(offset, fault)), "{bytes:02x?}");
}

#[test]
fn a_statement_is_also_a_foreign_one() {
    let signed = signed();
    let foreign = Foreign::decode(signed.as_bytes()).unwrap();
    assert_eq!(foreign.to_be_signed(b""), Ok(signed.to_be_signed()));
    assert_eq!(foreign.verify(&issuer().public_key(), b""), Ok(()));
    assert_eq!(foreign.verify(&issuer().public_key(), b"x"), Err(ForeignError::BadSignature));
    let other = SigningKey::from_seed(&[8; 32]).public_key();
    assert_eq!(foreign.verify(&other, b""), Err(ForeignError::BadSignature));
}

#[test]
fn members_of_a_foreign_header_may_stand_in_any_order() {
    let key = SigningKey::from_seed(&[7; 32]);
    // {3: "x", 15: {1: "iss", 2: "sub"}, 1: -8}, and {394: [h'00'], 4: h'31'}
    let protected = b"\x52\xa3\x03\x61x\x0f\xa2\x01\x63iss\x02\x63sub\x01\x27";
    let unprotected = b"\xa2\x19\x01\x8a\x81\x41\x00\x04\x41\x31";
    let unsigned = sign1(protected, unprotected, b"\x41x", b"\x40");
    let message = Foreign::decode(&unsigned).unwrap().to_be_signed(b"aad").unwrap();
    assert_eq!(message, [b"\x84\x6aSignature1", &protected[..], b"\x43aad\x41x"].concat());
    let signature = [b"\x58\x40", &key.sign(&message).unwrap().as_bytes()[..]].concat();
    let signed = sign1(protected, unprotected, b"\x41x", &signature);
    let foreign = Foreign::decode(&signed).unwrap();
    assert_eq!((foreign.algorithm(), foreign.payload()), (-8, Some(&b"x"[..])));
    assert_eq!(foreign.verify(&key.public_key(), b"aad"), Ok(()));
    let short = Foreign::decode(&unsigned).unwrap();
    assert_eq!(short.verify(&key.public_key(), b"aad"), Err(ForeignError::BadSignature));
}

#[test]
fn nothing_is_signed_where_the_payload_is_detached() {
    let bytes = sign1(PROTECTED, b"\xa0", b"\xf6", b"\x40");
    let foreign = Foreign::decode(&bytes).unwrap();
    assert_eq!(foreign.payload(), None);
    assert_eq!(foreign.to_be_signed(b""), Err(ForeignError::Detached));
    assert_eq!(foreign.verify(&issuer().public_key(), b""), Err(ForeignError::Detached));
}

#[test]
fn an_ambiguous_or_critical_header_is_refused() {
    let with =
        |protected: &[u8], unprotected: &[u8]| sign1(protected, unprotected, b"\x41x", b"\x40");
    refused(&with(b"\x40", b"\xa1\x01\x32"), 3, F::MissingKey { key: "1 (alg)" });
    refused(&with(b"\x41\xa0", b"\xa0"), 3, F::EmptyCollection);
    refused(&with(b"\x43\xa1\x04\x40", b"\xa0"), 3, F::MissingKey { key: "1 (alg)" });
    refused(&with(b"\x45\xa2\x01\x32\x01\x32", b"\xa0"), 6, F::Duplicate);
    refused(&with(PROTECTED, b"\xa2\x04\x40\x04\x40"), 9, F::Duplicate);
    // Labels in both headers.
    refused(&with(PROTECTED, b"\xa1\x01\x32"), 6, F::Duplicate);
    refused(&with(b"\x45\xa2\x01\x32\x04\x40", b"\xa2\x05\x40\x04\x40"), 8, F::Duplicate);
    let critical = || F::UnknownKey { key: "2 (crit)".into() };
    refused(&with(b"\x46\xa2\x01\x32\x02\x81\x01", b"\xa0"), 7, critical());
    refused(&with(PROTECTED, b"\xa1\x02\x81\x01"), 8, critical());
    refused(&with(b"\x44\xa1\x01\x32\x00", b"\xa0"), 6, F::TrailingBytes { count: 1 });
    // RS1, ES256 and ML-DSA-44 are registered; A128GCM and -20 are no signatures.
    for registered in
        [&b"\x45\xa1\x01\x39\xff\xfe"[..], b"\x43\xa1\x01\x26", b"\x44\xa1\x01\x38\x2f"]
    {
        let bytes = with(registered, b"\xa0");
        let foreign = Foreign::decode(&bytes).unwrap();
        let fault = ForeignError::OtherAlgorithm { found: foreign.algorithm() };
        assert_eq!(foreign.verify(&issuer().public_key(), b""), Err(fault));
    }
    for (protected, found) in [(b"\x43\xa1\x01\x01", "1"), (b"\x43\xa1\x01\x33", "-20")] {
        let of = "registered COSE signature algorithm";
        refused(&with(protected, b"\xa0"), 5, F::UnknownCode { found: found.into(), of });
    }
}

/// RFC 9995 section 4: the payload is a hash to one reader, and content to another.
#[test]
fn a_content_type_beside_a_hash_algorithm_is_refused() {
    let with =
        |protected: &[u8], unprotected: &[u8]| sign1(protected, unprotected, b"\x41x", b"\x40");
    let key = "3 (content type) beside 258".to_owned();
    let both = || F::UnknownKey { key: key.clone() };
    // {1: -19, 3: 0, 258: -16}, and the same over both headers.
    refused(&with(b"\x49\xa3\x01\x32\x03\x00\x19\x01\x02\x2f", b"\xa0"), 7, both());
    refused(&with(b"\x47\xa2\x01\x32\x19\x01\x02\x2f", b"\xa1\x03\x00"), 12, both());
    assert!(Foreign::decode(&with(b"\x47\xa2\x01\x32\x19\x01\x02\x2f", b"\xa0")).is_ok());
    assert!(Foreign::decode(&with(b"\x45\xa2\x01\x32\x03\x00", b"\xa0")).is_ok());
}

#[test]
fn a_foreign_envelope_that_is_not_well_formed_is_refused() {
    let good = sign1(PROTECTED, b"\xa0", b"\x41x", b"\x40");
    for len in 1..good.len() {
        assert!(Foreign::decode(&good[..len]).is_err(), "{len}");
    }
    let tag = F::UnexpectedType { found: "byte string", expected: "tag" };
    refused(b"", 0, F::Truncated);
    refused(b"\x40", 0, tag);
    refused(&[b"\xd1", &good[1..]].concat(), 0, F::Tag { found: 17 });
    refused(&[b"\xd2\x83", &good[2..]].concat(), 1, F::OutOfRange { found: 3, min: 4, max: 4 });
    refused(&[&good[..], b"\x00"].concat(), good.len(), F::TrailingBytes { count: 1 });
    refused(&sign1(PROTECTED, b"\xbf\xff", b"\x41x", b"\x40"), 6, F::IndefiniteLength);
    refused(&sign1(PROTECTED, b"\xa0", b"\x58\x01x", b"\x40"), 7, F::NonMinimal);
    let text = F::UnexpectedType { found: "text string", expected: "byte string" };
    refused(&sign1(PROTECTED, b"\xa0", b"\x61x", b"\x40"), 7, text);
    let limit = crate::limits::MAX_STATEMENT;
    let of_size = |size: usize| {
        let len = size - 13;
        let head = [&[0x5a][..], &u32::try_from(len).unwrap().to_be_bytes()].concat();
        sign1(PROTECTED, b"\xa0", &[head, vec![0; len]].concat(), b"\x40")
    };
    assert_eq!(of_size(limit).len(), limit);
    assert!(Foreign::decode(&of_size(limit)).is_ok());
    let fault = F::TooLong { found: u64::try_from(limit + 1).unwrap(), limit };
    refused(&of_size(limit + 1), 0, fault);
}

/// The signature algorithms of the COSE registry, and their neighbours.
#[test]
fn exactly_the_registered_algorithms_are_read() {
    let decodes = |algorithm: i64| {
        let mut header = crate::cbor::Writer::new();
        header.map(1);
        header.int(1);
        header.int(algorithm);
        let mut protected = crate::cbor::Writer::new();
        protected.bytes(header.as_bytes());
        let bytes = sign1(protected.as_bytes(), b"\xa0", b"\x41x", b"\x40");
        Foreign::decode(&bytes).is_ok()
    };
    let read: Vec<i64> = (-300..300).chain([-65_536, -65_535, -65_534, 65_535]).collect();
    let read: Vec<i64> = read.into_iter().filter(|algorithm| decodes(*algorithm)).collect();
    let expected = (-268..=-265).chain(-259..=-257).chain(-53..=-46).chain(-39..=-35);
    assert_eq!(read, expected.chain([-19, -9, -8, -7, -65_535]).collect::<Vec<i64>>());
}
