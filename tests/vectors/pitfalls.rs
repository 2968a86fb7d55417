//! Where implementations of the same formats went wrong: bytes that another reader would let pass.

use datadeed::cbor::{CborError, CborFault};
use datadeed::digest::Sha256;
use datadeed::log::{
    ConsistencyError, ConsistencyProof, Receipt, ReceiptError, SignedCheckpoint,
    UnverifiedCheckpoint,
};
use datadeed::manifest::Dataset;
use datadeed::statement::{Envelope, Foreign, ForeignError, Signed, StatementError};

use crate::logs;
use crate::malformed::raw::{
    array, but, bytes, claims, header, key, map, payload, statement, text, uint, with,
};

#[track_caller]
fn refused(statement: &[u8]) -> CborFault {
    match Envelope::decode(statement) {
        Err(StatementError::Cbor(error)) => error.fault,
        other => panic!("{other:?}"),
    }
}

fn length(found: u64, expected: u64) -> CborFault {
    CborFault::OutOfRange { found, min: expected, max: expected }
}

fn mismatch(found: &str, expected: &str) -> CborFault {
    CborFault::Mismatch { found: found.into(), expected: expected.into() }
}

fn receipt() -> Vec<u8> {
    logs::receipt().into_iter().find(|(name, _)| *name == "one-hash").unwrap().1
}

/// What a receipt signs does not stand in it; who verified it as it is would verify a signature
/// over nothing.
#[test]
fn a_receipt_is_no_statement_and_says_nothing_by_itself() {
    let receipt = receipt();
    let foreign = Foreign::decode(&receipt).unwrap();
    assert_eq!(foreign.payload(), None);
    assert_eq!(foreign.to_be_signed(b""), Err(ForeignError::Detached));
    assert_eq!(foreign.verify(&key(), b""), Err(ForeignError::Detached));
    // Its header has another label where a statement has its content type.
    assert_eq!(refused(&receipt), mismatch("4", "3"));
}

/// A proof of nothing, between sizes that are equal, proves no more than that the roots are.
#[test]
fn between_logs_of_one_size_only_equal_roots_are_consistent() {
    let (root, other) = (Sha256::of(b"one"), Sha256::of(b"another"));
    let proof = ConsistencyProof { old_size: 4, new_size: 4, path: vec![] };
    assert_eq!(proof.verify(root, root), Ok(()));
    assert_eq!(
        proof.verify(root, other),
        Err(ConsistencyError::NewRoot { found: root, expected: other })
    );
    let longer = ConsistencyProof { path: vec![root], ..proof };
    let length = ConsistencyError::Length { found: 1, expected: 0 };
    assert_eq!(longer.verify(root, root), Err(length));
}

/// `258` makes the payload the hash of one that is elsewhere, so nobody could say what is signed.
#[test]
fn a_statement_has_its_payload_and_no_hash_of_it() {
    let hashed = (vec![0x19, 0x01, 0x02], vec![0x2f]);
    let beside = with(header(), 5, hashed.clone());
    assert_eq!(refused(&statement(&beside, &payload())), length(6, 5));
    // Content types of the payload that was hashed, 259, and of what is attached.
    let instead = but(with(header(), 5, hashed), 1, (uint(4), bytes(key().id().as_bytes())));
    assert_eq!(refused(&statement(&instead, &payload())), length(6, 5));
    let last = but(header(), 4, (vec![0x19, 0x01, 0x02], vec![0x2f]));
    assert_eq!(refused(&statement(&last, &payload())), mismatch("258", "16"));
}

/// 13 is the label that one implementation uses.
#[test]
fn claims_stand_under_the_label_15() {
    let other = but(header(), 3, (uint(13), map(&claims())));
    assert_eq!(refused(&statement(&other, &payload())), mismatch("13", "15"));
}

#[test]
fn a_time_is_neither_a_float_nor_tagged() {
    let issued_at = |value: &[u8]| {
        let claims = but(claims(), 2, (uint(6), value.to_vec()));
        refused(&statement(&but(header(), 3, (uint(15), map(&claims))), &payload()))
    };
    assert_eq!(issued_at(&[0xfb, 0x41, 0xda, 0xc0, 0x55, 0xa2, 0, 0, 0]), CborFault::Float);
    assert_eq!(issued_at(&[0xc1, 0x1a, 0x6b, 0x01, 0x56, 0x88]), CborFault::Tag { found: 1 });
    let negative =
        CborFault::UnexpectedType { found: "negative integer", expected: "unsigned integer" };
    assert_eq!(issued_at(&[0x20]), negative);
}

/// Of two issuers one reader believes the first, another the last.
#[test]
fn a_claim_and_a_label_stand_once() {
    let twice = with(claims(), 1, (uint(1), text("did:web:mallory.example")));
    let ours = statement(&but(header(), 3, (uint(15), map(&twice))), &payload());
    assert_eq!(refused(&ours), length(4, 3));
    // What others sign is not looked into; its labels are.
    let again = with(header(), 1, (uint(1), vec![0x32]));
    let again = statement(&again, &payload());
    let foreign = Foreign::decode(&again).map(|_| ());
    let Err(ForeignError::Cbor(CborError { fault, .. })) = foreign else { panic!("{foreign:?}") };
    assert_eq!(fault, CborFault::Duplicate);
}

/// Also inside what a statement carries verbatim.
#[test]
fn a_key_stands_once_in_whatever_is_nested() {
    let twice = map(&vec![(text("a"), uint(1)), (text("a"), uint(2))]);
    let nested = map(&vec![(text("deeper"), array(&[twice]))]);
    let fault = datadeed::cbor::Item::decode(&nested).unwrap_err().fault;
    assert_eq!(fault, CborFault::Duplicate);
}

/// One key may have signed all of them; what it said is told by the bytes under the signature.
#[test]
fn a_signature_of_one_kind_is_none_of_another() {
    let sound = statement(&header(), &payload());
    let signature = |bytes: &[u8]| bytes[bytes.len() - 64..].to_vec();
    let signed_by =
        |bytes: &[u8], signature: &[u8]| [&bytes[..bytes.len() - 64], signature].concat();
    let verify =
        |bytes: &[u8]| Signed::<Dataset>::decode(bytes).unwrap().verify(&key()).map(|_| ());
    assert_eq!(verify(&sound), Ok(()));
    assert_eq!(
        verify(&signed_by(&sound, &signature(&receipt()))),
        Err(StatementError::BadSignature)
    );
    let note = logs::checkpoint().into_iter().find(|(name, _)| *name == "alone").unwrap().1;
    let line = str::from_utf8(&note).unwrap().lines().nth(4).unwrap();
    let line = line.rsplit(' ').next().unwrap();
    let line = data_encoding::BASE64.decode(line.as_bytes()).unwrap();
    assert_eq!(
        verify(&signed_by(&sound, &line[line.len() - 64..])),
        Err(StatementError::BadSignature)
    );
    let forged = Receipt::decode(&signed_by(&receipt(), &signature(&sound))).unwrap();
    let refused = forged.verify(&logs::logged(), &key()).unwrap_err();
    assert!(matches!(refused, ReceiptError::BadSignature(_)), "{refused:?}");
    let forged = note_with(&note, &signature(&sound));
    let forged = SignedCheckpoint::decode(&forged).unwrap();
    let refused = forged.verify(&logs::pinned()).unwrap_err();
    let name = logs::pinned().origin().clone();
    assert_eq!(refused, UnverifiedCheckpoint::BadSignature { name });
}

/// The note with this signature in its first line.
fn note_with(note: &[u8], signature: &[u8]) -> Vec<u8> {
    let note = str::from_utf8(note).unwrap();
    let line = note.lines().nth(4).unwrap();
    let (name, old) = line.rsplit_once(' ').unwrap();
    let old = data_encoding::BASE64.decode(old.as_bytes()).unwrap();
    let new = [&old[..old.len() - 64], signature].concat();
    let new = format!("{name} {}", data_encoding::BASE64.encode(&new));
    note.replace(line, &new).into_bytes()
}
