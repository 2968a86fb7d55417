//! The COSE working group's examples of COSE_Sign1.
//!
//! All but one are ES256, which this crate does not verify: of those, parsing
//! and the to-be-signed bytes are compared.

use datadeed::CborError;
use datadeed::cbor::CborFault;
use datadeed::key::PublicKey;
use datadeed::manifest::Dataset;
use datadeed::statement::{Foreign, ForeignError, Signed, StatementError};
use serde_json::Value;

use super::{suite, text, unhex};

struct Example {
    suite: Value,
    /// The COSE_Sign1.
    bytes: Vec<u8>,
    /// What the example's signature was made over.
    signed: Vec<u8>,
    external: Vec<u8>,
}

impl Example {
    fn read(file: &str) -> Self {
        let suite = suite(file);
        let bytes = unhex(text(&suite["output"], "cbor"));
        let signed = unhex(text(&suite["intermediates"], "ToBeSign_hex"));
        let external = suite["input"]["sign0"]["external"].as_str().map_or_else(Vec::new, unhex);
        Self { suite, bytes, signed, external }
    }

    fn to_be_signed(&self) -> Vec<u8> {
        let foreign = Foreign::decode(&self.bytes).expect("well-formed");
        assert_eq!(foreign.payload(), Some(&b"This is the content."[..]));
        foreign.to_be_signed(&self.external).expect("attached")
    }

    #[track_caller]
    fn is_refused(&self, offset: usize, fault: CborFault) {
        let found = Foreign::decode(&self.bytes).expect_err("malformed or ambiguous");
        let ForeignError::Cbor(CborError { offset: place, fault: found, .. }) = found else {
            panic!("{found:?}")
        };
        assert_eq!((place, found), (offset, fault));
    }
}

/// None is a statement of this crate, whatever it is otherwise.
#[track_caller]
fn is_no_statement(bytes: &[u8]) {
    let fault = Signed::<Dataset>::decode(bytes).expect_err("another's COSE_Sign1");
    assert!(matches!(fault, StatementError::Cbor(_)), "{fault:?}");
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_eddsa_sig_01() {
    let example = Example::read("cose-eddsa-sig-01.json");
    assert_eq!(example.to_be_signed(), example.signed);
    let key = unhex(text(&example.suite["input"]["sign0"]["key"], "x_hex"));
    let key = PublicKey::from_bytes(key.try_into().expect("32 bytes")).expect("a sound key");
    let foreign = Foreign::decode(&example.bytes).expect("well-formed");
    assert_eq!(foreign.algorithm(), -8);
    assert_eq!(foreign.verify(&key, &[]), Ok(()));
    assert_eq!(foreign.verify(&key, b"x"), Err(ForeignError::BadSignature));
    is_no_statement(&example.bytes);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_pass_01_header_of_an_empty_map_is_refused() {
    // h'a0' where h'' should stand; the algorithm is not protected either.
    Example::read("cose-sign1/sign-pass-01.json").is_refused(3, CborFault::EmptyCollection);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_pass_02_external_data_is_signed() {
    let example = Example::read("cose-sign1/sign-pass-02.json");
    assert_eq!(example.external.len(), 12);
    assert_eq!(example.to_be_signed(), example.signed);
    is_no_statement(&example.bytes);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_pass_03_without_tag() {
    let example = Example::read("cose-sign1/sign-pass-03.json");
    assert_eq!(example.bytes[0], 0x84);
    assert_eq!(example.to_be_signed(), example.signed);
    is_no_statement(&example.bytes);
    let key = PublicKey::from_bytes(
        unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
            .try_into()
            .expect("32 bytes"),
    )
    .expect("a sound key");
    let foreign = Foreign::decode(&example.bytes).expect("well-formed");
    assert_eq!(foreign.verify(&key, &[]), Err(ForeignError::OtherAlgorithm { found: -7 }));
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_fail_01_other_tag() {
    Example::read("cose-sign1/sign-fail-01.json").is_refused(0, CborFault::Tag { found: 998 });
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_fail_02_changed_payload_is_not_what_was_signed() {
    let example = Example::read("cose-sign1/sign-fail-02.json");
    let foreign = Foreign::decode(&example.bytes).expect("well-formed");
    assert_eq!(foreign.payload(), Some(&b"This is the content/"[..]));
    let mut found = foreign.to_be_signed(&[]).expect("attached");
    assert_ne!(found, example.signed);
    *found.last_mut().expect("not empty") = b'.';
    assert_eq!(found, example.signed, "but for that byte");
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_fail_03_unregistered_algorithm() {
    let of = "registered COSE signature algorithm";
    let fault = CborFault::UnknownCode { found: "-999".into(), of };
    Example::read("cose-sign1/sign-fail-03.json").is_refused(5, fault);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_fail_04_algorithm_in_text() {
    let fault = CborFault::UnexpectedType { found: "text string", expected: "integer" };
    Example::read("cose-sign1/sign-fail-04.json").is_refused(5, fault);
}

#[test]
#[ignore = "needs DATADEED_VECTORS"]
fn conformance_cose_sign1_fail_06_and_07_changed_header_is_not_what_was_signed() {
    for (file, protected) in [("06", "45a201260300"), ("07", "43a10126")] {
        let example = Example::read(&format!("cose-sign1/sign-fail-{file}.json"));
        let expected = ["846a5369676e617475726531", protected, "4054"].concat();
        let expected = [unhex(&expected), b"This is the content.".to_vec()].concat();
        assert_eq!(example.to_be_signed(), expected);
        assert_ne!(example.to_be_signed(), example.signed);
    }
}
