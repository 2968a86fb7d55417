mod foreign;
mod receipts;
mod unsigned;

use proptest::prelude::*;

use super::*;
use crate::cbor::{CborError, CborFault};
use crate::id::ManifestId;
use crate::key::{Signature, Signer as _, SigningKey};
use crate::manifest::{Dataset, ScanMethod};

fn issuer() -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]))
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000).unwrap()
}

fn dataset() -> Dataset {
    Dataset::new(ManifestId::from_bytes([1; 32]), "title", ScanMethod::Full)
}

fn signed() -> Signed<Dataset> {
    dataset().sign(&issuer(), now()).unwrap()
}

#[test]
fn a_statement_reads_back_and_verifies() {
    let signed = signed();
    let decoded = Signed::<Dataset>::decode(signed.as_bytes()).unwrap();
    assert_eq!(decoded, signed);
    let verified = decoded.verify(&issuer().public_key()).unwrap();
    assert_eq!(verified.payload(), &dataset());
    assert_eq!(verified.header().issuer, "did:web:curator.example");
}

/// The layout of the module documentation, byte by byte.
#[test]
fn the_envelope_is_the_documented_one() {
    let signed = signed();
    let bytes = signed.as_bytes();
    let expected_header = [
        &b"\xa5\x01\x32\x03\x78\x28application/vnd.datadeed.dataset.v1+cbor\x04\x58\x20"[..],
        issuer().public_key().id().as_bytes(),
        b"\x0f\xa3\x01\x77did:web:curator.example\x02\x78\x49manifest:",
        "01".repeat(32).as_bytes(),
        b"\x06\x1a\x6b\x49\xd2\x00\x10\x78\x20application/scitt-statement+cose",
    ]
    .concat();
    assert_eq!(&bytes[..4], [0xd2, 0x84, 0x58, u8::try_from(expected_header.len()).unwrap()]);
    assert_eq!(&bytes[4..4 + expected_header.len()], expected_header);
    assert_eq!(bytes[4 + expected_header.len()], 0xa0);
    assert_eq!(bytes[bytes.len() - 66..][..2], [0x58, 0x40]);
    assert!(signed.to_be_signed().starts_with(b"\x84\x6aSignature1\x58"));
}

#[test]
fn an_issuer_is_who_its_statements_say() {
    assert_eq!(issuer().iss(), "did:web:curator.example");
    assert_eq!(signed().header().issuer, issuer().iss());
    assert_eq!(signed().header().key, issuer().public_key().id());
    assert_eq!(signed().header().issued_at, now());
}

#[test]
fn the_older_algorithm_label_is_another_statement() {
    let other = dataset().sign(&issuer().algorithm(Algorithm::EdDsa), now()).unwrap();
    assert_ne!(other.id(), signed().id());
    assert!(other.verify(&issuer().public_key()).is_ok());
}

#[test]
fn a_signature_is_not_part_of_the_id() {
    let twin = signed().with_signature(Signature::from_bytes([1; 64]));
    assert_eq!(twin.id(), signed().id());
    assert_eq!(twin.verify(&issuer().public_key()).unwrap_err(), StatementError::BadSignature);
}

#[test]
fn another_key_is_refused_before_its_signature_is_tried() {
    let other = SigningKey::from_seed(&[8; 32]).public_key();
    assert_eq!(
        signed().verify(&other).unwrap_err(),
        StatementError::WrongKey { named: issuer().public_key().id(), given: other.id() }
    );
}

#[test]
fn what_a_verifier_would_refuse_is_never_signed() {
    let mut payload = dataset();
    payload.title = String::new();
    let Err(SignError::Statement(StatementError::Cbor(CborError { fault, .. }))) =
        payload.sign(&issuer(), now())
    else {
        panic!("an empty title was signed")
    };
    assert_eq!(fault, CborFault::EmptyText);
    let mut payload = dataset();
    payload.seq = 1;
    let Err(SignError::Statement(fault)) = payload.sign(&issuer(), now()) else {
        panic!("a gap was signed")
    };
    assert_eq!(
        fault,
        StatementError::Payload(PayloadError {
            field: "prev",
            fault: "must name the predecessor of every statement but number 0"
        })
    );
}

#[test]
fn an_issuer_that_a_verifier_would_refuse_signs_nothing() {
    let sign = |iss: String| {
        let issuer = Issuer::new(iss, SigningKey::from_seed(&[7; 32]));
        dataset().sign(&issuer, now()).map(|signed| signed.as_bytes().to_vec())
    };
    let fault = |iss| {
        let Err(SignError::Statement(StatementError::Cbor(fault))) = sign(iss) else {
            panic!("signed")
        };
        fault
    };
    assert_eq!(fault(String::new()), CborError::new(88, CborFault::EmptyText));
    let limit = crate::limits::MAX_TEXT;
    let long = CborFault::TooLong { found: 8_193, limit };
    assert_eq!(fault("x".repeat(limit + 1)), CborError::new(89, long));
    let longest = sign("x".repeat(limit)).unwrap();
    assert_eq!(Signed::<Dataset>::decode(&longest).unwrap().header().issuer.len(), limit);
}

#[test]
fn an_envelope_larger_than_the_limit_is_neither_read_nor_drafted() {
    let limit = crate::limits::MAX_STATEMENT;
    let draft = |len: usize| {
        Envelope::draft(signed().header().clone(), &vec![0; len]).map(|(draft, _)| draft)
    };
    let around = draft(1 << 16).unwrap().as_bytes().len() - (1 << 16);
    let largest = draft(limit - around).unwrap();
    assert_eq!(largest.as_bytes().len(), limit);
    assert_eq!(Envelope::decode(largest.as_bytes()), Ok(largest.clone()));
    let fault = StatementError::TooLarge { found: limit + 1, limit };
    assert_eq!(draft(limit - around + 1), Err(fault.clone()));
    let longer = [largest.as_bytes(), &[0]].concat();
    assert_eq!(Envelope::decode(&longer), Err(fault));
}

/// `envelope` with the only occurrence of `from` replaced.
fn edited(from: &[u8], to: &[u8]) -> Vec<u8> {
    let bytes = signed().as_bytes().to_vec();
    let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[track_caller]
fn refused(bytes: &[u8]) -> StatementError {
    Signed::<Dataset>::decode(bytes).expect_err("not a statement of this crate")
}

#[test]
fn headers_that_differ_are_refused() {
    let cbor = |offset, fault| StatementError::Cbor(CborError::new(offset, fault));
    assert_eq!(refused(&[]), cbor(0, CborFault::Truncated));
    assert_eq!(
        refused(&signed().as_bytes()[1..]),
        cbor(0, CborFault::UnexpectedType { found: "array", expected: "tag" })
    );
    assert_eq!(refused(&edited(b"\xd2\x84", b"\xd1\x84")), cbor(0, CborFault::Tag { found: 17 }));
    // alg -20
    assert_eq!(
        refused(&edited(b"\xa5\x01\x32", b"\xa5\x01\x33")),
        cbor(6, CborFault::UnknownCode { found: "-20".into(), of: "COSE algorithm (-19 or -8)" })
    );
    assert_eq!(
        refused(&edited(b"scitt-statement+cose", b"scitt-receiptxx+cose")),
        cbor(
            195,
            CborFault::Mismatch {
                found: "application/scitt-receiptxx+cose".into(),
                expected: "application/scitt-statement+cose".into()
            }
        )
    );
    assert_eq!(
        refused(&edited(b"datadeed.dataset.v1", b"datadeed.dataset.v2")),
        StatementError::UnknownKind { found: "application/vnd.datadeed.dataset.v2+cbor".into() }
    );
    assert_eq!(
        refused(&edited(b"datadeed.dataset.v1", b"datadeed.deedset.v1")),
        StatementError::UnknownKind { found: "application/vnd.datadeed.deedset.v1+cbor".into() }
    );
    assert_eq!(
        refused(&edited(b"vnd.datadeed.dataset.v1", b"vnd.datadead.dataset.v1")),
        StatementError::UnknownKind { found: "application/vnd.datadead.dataset.v1+cbor".into() }
    );
    assert_eq!(
        refused(&edited(b"datadeed.dataset.v1", b"datadeed.licence.v1")),
        StatementError::WrongKind { found: Kind::Licence, expected: Kind::Dataset }
    );
}

#[test]
fn nothing_may_stand_behind_the_envelope_its_header_or_its_payload() {
    let bytes = signed().as_bytes().to_vec();
    let trailing = |offset, count| {
        StatementError::Cbor(CborError::new(offset, CborFault::TrailingBytes { count }))
    };
    assert_eq!(refused(&[&bytes[..], b"\0\0"].concat()), trailing(bytes.len(), 2));
    let header_end = 4 + usize::from(bytes[3]);
    let mut longer = bytes.clone();
    longer[3] += 1;
    longer.insert(header_end, 0);
    assert_eq!(refused(&longer), trailing(header_end, 1));
    let payload_end = bytes.len() - 66;
    let mut longer = bytes;
    assert_eq!(longer[header_end + 1], 0x58);
    longer[header_end + 2] += 1;
    longer.insert(payload_end, 0);
    assert_eq!(refused(&longer), trailing(payload_end, 1));
}

/// A head that announces more or fewer members than follow is another spelling of them.
#[test]
fn the_envelope_and_its_header_have_one_number_of_members() {
    let length = |offset, found, expected| {
        let fault = CborFault::OutOfRange { found, min: expected, max: expected };
        StatementError::Cbor(CborError::new(offset, fault))
    };
    assert_eq!(refused(&edited(b"\xd2\x84", b"\xd2\x85")), length(1, 5, 4));
    assert_eq!(refused(&edited(b"\xa5\x01\x32", b"\xa6\x01\x32")), length(4, 6, 5));
    assert_eq!(refused(&edited(b"\xa5\x01\x32", b"\xa4\x01\x32")), length(4, 4, 5));
    assert_eq!(refused(&edited(b"\x0f\xa3\x01\x77", b"\x0f\xa2\x01\x77")), length(86, 2, 3));
}

/// Another label before the same value would be another header, `crit` (2) among them.
#[test]
fn every_label_of_the_header_and_its_claims_is_the_one_expected() {
    let labels = [(5, 1), (7, 3), (50, 4), (85, 15), (87, 1), (112, 2), (188, 6), (194, 16_u8)];
    for (offset, label) in labels {
        let mut bytes = signed().as_bytes().to_vec();
        assert_eq!(bytes[offset], label);
        bytes[offset] ^= 1;
        let (found, expected) = ((label ^ 1).to_string(), label.to_string());
        let fault = CborFault::Mismatch { found, expected };
        assert_eq!(refused(&bytes), StatementError::Cbor(CborError::new(offset, fault)));
    }
}

#[test]
fn a_statement_about_something_else_is_refused() {
    assert_eq!(
        refused(&edited(b"manifest:0101", b"manifest:0102")),
        StatementError::SubjectMismatch {
            claimed: format!("manifest:0102{}", "01".repeat(30)).parse().unwrap(),
            payload: Subject::Manifest(ManifestId::from_bytes([1; 32])),
        }
    );
}

proptest! {
    #[test]
    fn every_flipped_bit_is_refused_or_another_statement(
        at in any::<prop::sample::Index>(), bit in 0_u8..8
    ) {
        let signed = signed();
        let mut bytes = signed.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(other) = Signed::<Dataset>::decode(&bytes) {
            prop_assert_eq!(other.as_bytes(), &bytes[..]);
            // Within the signature the id stays; everywhere else it changes.
            prop_assert_eq!(other.id() == signed.id(), at >= bytes.len() - 64);
            let fault = other.verify(&issuer().public_key()).unwrap_err();
            let refused =
                matches!(fault, StatementError::BadSignature | StatementError::WrongKey { .. });
            prop_assert!(refused, "{fault:?}");
        }
    }

    /// The draft that is signed is what a decoder makes of its bytes, so nothing is signed unread.
    #[test]
    fn whatever_is_signed_decodes_to_itself(
        iss in "[^\\x00]{1,60}", seq: u64, title in ".{0,300}", seconds in 0_u64..4_000_000_000,
        algorithm in prop_oneof![Just(Algorithm::Ed25519), Just(Algorithm::EdDsa)],
    ) {
        let mut payload = dataset();
        payload.title = title;
        payload.seq = seq;
        payload.prev = (seq > 0).then_some(StatementId::from_bytes([2; 32]));
        let issuer = Issuer::new(iss, SigningKey::from_seed(&[7; 32])).algorithm(algorithm);
        let now = Timestamp::from_seconds(seconds).unwrap();
        if let Ok(signed) = payload.sign(&issuer, now) {
            prop_assert_eq!(signed.payload(), &payload);
            prop_assert_eq!(Signed::decode(signed.as_bytes()), Ok(signed.clone()));
            prop_assert!(signed.verify(&issuer.public_key()).is_ok());
        } else {
            prop_assert!(payload.title.is_empty());
        }
    }
}
