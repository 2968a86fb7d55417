//! Receipts in the unprotected header.

use super::*;
use crate::limits::{MAX_RECEIPT, MAX_RECEIPTS, MAX_STATEMENT};

fn receipts() -> Vec<Vec<u8>> {
    vec![b"one".to_vec(), b"two".to_vec()]
}

/// The envelope of [`signed`] with `unprotected` in place of the empty map.
fn with_unprotected(unprotected: &[u8]) -> Vec<u8> {
    let signed = signed();
    let bytes = signed.as_bytes();
    let at = bytes.len() - 66 - encoded_payload().len() - 1;
    assert_eq!(bytes[at], 0xa0);
    [&bytes[..at], unprotected, &bytes[at + 1..]].concat()
}

fn encoded_payload() -> Vec<u8> {
    let payload = crate::cbor::encode(&dataset());
    let mut writer = crate::cbor::Writer::new();
    writer.bytes(&payload);
    writer.finish()
}

fn refused(unprotected: &[u8]) -> (usize, CborFault) {
    let at = with_unprotected(b"").len() - 66 - encoded_payload().len();
    match Envelope::decode(&with_unprotected(unprotected)) {
        Err(StatementError::Cbor(CborError { offset, fault, .. })) => (offset - at, fault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn receipts_are_no_part_of_a_statement() {
    let plain = signed();
    let attached = signed().with_receipts(receipts()).unwrap();
    assert_eq!((attached.id(), attached.as_bytes()), (plain.id(), plain.as_bytes()));
    assert_eq!(attached.to_be_signed(), plain.to_be_signed());
    assert_eq!(attached.to_bytes(), with_unprotected(b"\xa1\x19\x01\x8a\x82\x43one\x43two"));

    let decoded = Signed::<Dataset>::decode(&attached.to_bytes()).unwrap();
    assert_eq!(decoded, attached);
    assert_eq!(decoded.receipts(), receipts());
    assert_eq!((decoded.id(), decoded.as_bytes()), (plain.id(), plain.as_bytes()));
    assert_eq!(decoded.clone().without_receipts(), plain);
    decoded.verify(&issuer().public_key()).unwrap();
}

#[test]
fn receipts_are_a_set() {
    let twice = signed().with_receipts(receipts()).unwrap().with_receipts(receipts()).unwrap();
    assert_eq!(twice.receipts(), receipts());
    let reversed = signed().with_receipts(receipts().into_iter().rev()).unwrap();
    assert_eq!(reversed, twice);
    assert_eq!(refused(b"\xa1\x19\x01\x8a\x82\x43two\x43one"), (9, CborFault::Unordered));
    assert_eq!(refused(b"\xa1\x19\x01\x8a\x82\x43one\x43one"), (9, CborFault::Unordered));
}

#[test]
fn nothing_but_receipts_stands_unprotected() {
    assert_eq!(refused(b"\xa1\x19\x01\x8a\x80"), (4, CborFault::EmptyCollection));
    let (at, _) = refused(b"\xa1\x04\x81\x43one");
    assert_eq!(at, 1);
    let two = b"\xa2\x04\x41\x00\x19\x01\x8a\x81\x43one";
    assert_eq!(refused(two), (0, CborFault::TooLong { found: 2, limit: 1 }));
}

#[test]
fn receipts_are_bounded() {
    let many = (0..=MAX_RECEIPTS).map(|n| n.to_be_bytes().to_vec());
    let (found, limit) = (MAX_RECEIPTS + 1, MAX_RECEIPTS);
    assert_eq!(signed().with_receipts(many), Err(StatementError::TooManyReceipts { found, limit }));

    let mut long = b"\xa1\x19\x01\x8a\x81\x59\x40\x01".to_vec();
    long.resize(long.len() + MAX_RECEIPT + 1, 0);
    let found = u64::try_from(MAX_RECEIPT).unwrap() + 1;
    assert_eq!(refused(&long), (5, CborFault::TooLong { found, limit: MAX_RECEIPT }));

    let huge = signed().with_receipts([vec![0; MAX_STATEMENT]]);
    assert!(matches!(huge, Err(StatementError::TooLarge { limit: MAX_STATEMENT, .. })), "{huge:?}");
}

proptest! {
    #[test]
    fn any_receipts_read_back(
        receipts in proptest::collection::btree_set(proptest::collection::vec(any::<u8>(), 0..40), 0..5)
    ) {
        let attached = signed().with_receipts(receipts.clone()).unwrap();
        let decoded = Signed::<Dataset>::decode(&attached.to_bytes()).unwrap();
        prop_assert_eq!(decoded.receipts().iter().cloned().collect::<std::collections::BTreeSet<_>>(), receipts);
        prop_assert_eq!(decoded.id(), signed().id());
    }
}
