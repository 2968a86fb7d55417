//! Statements without a signature of their own.

use super::*;
use crate::batch::Members;

#[test]
fn a_statement_without_a_signature_has_the_same_id() {
    let unsigned = dataset().unsigned(&issuer(), now()).unwrap();
    assert_eq!(unsigned.id(), signed().id());
    assert!(!unsigned.is_signed() && signed().is_signed());
    let bytes = signed().as_bytes().to_vec();
    assert_eq!(unsigned.as_bytes(), [&bytes[..bytes.len() - 66], &[0x40]].concat());
    assert_eq!(Signed::decode(unsigned.as_bytes()), Ok(unsigned));
}

#[test]
fn what_is_not_signed_does_not_verify() {
    let unsigned = dataset().unsigned(&issuer(), now()).unwrap();
    assert_eq!(unsigned.verify(&issuer().public_key()), Err(StatementError::Unsigned));
}

#[test]
fn a_signature_has_64_bytes_or_none() {
    let bytes = dataset().unsigned(&issuer(), now()).unwrap().as_bytes().to_vec();
    let before = &bytes[..bytes.len() - 1];
    for short in [b"\x41\x00".to_vec(), [b"\x58\x3f".to_vec(), vec![0; 63]].concat()] {
        let found = Signed::<Dataset>::decode(&[before, &short].concat());
        let Err(StatementError::Cbor(CborError { offset, .. })) = found else {
            panic!("{found:?}")
        };
        assert_eq!(offset, before.len());
    }
}

#[test]
fn what_speaks_for_others_is_signed() {
    let batch = Members::new([signed().id()]).batch().unwrap();
    assert_eq!(batch.unsigned(&issuer(), now()), Err(StatementError::Unsigned));
    let signed = batch.sign(&issuer(), now()).unwrap();
    let bytes = signed.as_bytes();
    let unsigned = [&bytes[..bytes.len() - 66], &[0x40]].concat();
    assert_eq!(Envelope::decode(&unsigned), Err(StatementError::Unsigned));
}
