//! What this crate writes, read by coset and ciborium.

use std::collections::{BTreeMap, BTreeSet};

use ciborium::Value;
use coset::{
    CoseSign1, Label, RegisteredLabel, RegisteredLabelWithPrivate, TaggedCborSerializable, iana,
};
use datadeed::digest::Sha256;
use datadeed::key::{Algorithm, Signer as _, SigningKey};
use datadeed::proof::{LineageProof, Statement};
use datadeed::statement::{Foreign, Kind};
use datadeed::trust::TrustStore;
use ed25519_dalek::{Signature, VerifyingKey};

use super::seeds;
use super::statement::SEED;

#[test]
fn coset_reads_and_verifies_every_statement() {
    let key = SigningKey::from_seed(&SEED).public_key();
    let verifying = VerifyingKey::from_bytes(key.as_bytes()).unwrap();
    let (mut kinds, mut algorithms) = (BTreeSet::new(), BTreeSet::new());
    for (name, bytes) in seeds::statement() {
        let ours = Statement::decode(&bytes).unwrap();
        let theirs = CoseSign1::from_tagged_slice(&bytes).unwrap();
        kinds.insert(ours.header().kind);
        algorithms.insert(ours.header().algorithm);
        check_header(name, &ours, &theirs);
        assert_eq!(ours.header().key, key.id(), "{name}");
        let message = theirs.tbs_data(&[]);
        assert_eq!(Foreign::decode(&bytes).unwrap().to_be_signed(&[]), Ok(message), "{name}");
        if ours.is_signed() {
            check_signature(name, &theirs, &verifying);
        } else {
            assert!(theirs.signature.is_empty(), "{name}");
        }
        is_canonical(name, theirs.payload.as_deref().unwrap());
        assert_eq!(theirs.to_tagged_vec().unwrap(), bytes, "{name}");
    }
    let others = [Kind::LogPolicy];
    let expected: Vec<Kind> =
        Kind::ALL.iter().filter(|kind| !others.contains(kind)).copied().collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(algorithms.len(), 2, "{algorithms:?}");
}

/// A receipt by coset and RFC 9162 section 2.1.3.2, with nothing of this crate but the hash.
#[test]
fn coset_reads_and_verifies_every_receipt() {
    let key = SigningKey::from_seed(&SEED).public_key();
    let key = VerifyingKey::from_bytes(key.as_bytes()).unwrap();
    for (name, bytes) in seeds::receipt() {
        let theirs = CoseSign1::from_tagged_slice(&bytes).unwrap();
        assert_eq!(theirs.clone().to_tagged_vec().unwrap(), bytes, "{name}");
        let vds = (Label::Int(395), Value::from(1));
        assert!(theirs.protected.header.rest.contains(&vds), "{name}");
        let [(Label::Int(396), Value::Map(proofs))] = &theirs.unprotected.rest[..] else {
            panic!("{name}: {:?}", theirs.unprotected)
        };
        let [(inclusion, Value::Array(proofs))] = &proofs[..] else { panic!("{name}") };
        assert_eq!(inclusion, &Value::from(-1), "{name}");
        let [Value::Bytes(proof)] = &proofs[..] else { panic!("{name}") };
        let (size, index, path): (u64, u64, Vec<Value>) =
            ciborium::from_reader(&proof[..]).unwrap();
        let entry = Sha256::of(seeds::logged().as_bytes());
        let mut root = Sha256::of(&[&[0], &entry.as_bytes()[..]].concat());
        let (mut place, mut last) = (index, size - 1);
        for beside in &path {
            let beside = beside.as_bytes().unwrap();
            let is_right = place % 2 == 1 || place == last;
            let below = root.as_bytes().to_vec();
            let (left, right) = if is_right { (beside, &below) } else { (&below, beside) };
            root = Sha256::of(&[&[1], &left[..], right].concat());
            while is_right && place % 2 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        assert_eq!(last, 0, "{name}");
        theirs
            .verify_detached_signature(root.as_bytes(), &[], |signature, message| {
                key.verify_strict(message, &Signature::from_slice(signature)?)
            })
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

/// By what coset takes to be signed.
fn check_signature(name: &str, theirs: &CoseSign1, key: &VerifyingKey) {
    theirs
        .verify_signature(&[], |signature, message| {
            key.verify_strict(message, &Signature::from_slice(signature)?)
        })
        .unwrap_or_else(|error| panic!("{name}: {error}"));
}

fn check_header(name: &str, ours: &Statement, theirs: &CoseSign1) {
    let header = ours.header();
    // d2 84, then the protected header as a byte string; its bytes are kept.
    let kept = theirs.protected.original_data.as_deref().unwrap();
    assert!(ours.as_bytes().windows(kept.len()).any(|window| window == kept), "{name}");
    is_canonical(name, kept);
    assert!(theirs.unprotected.is_empty(), "{name}");

    let protected = &theirs.protected.header;
    let algorithm = match header.algorithm {
        Algorithm::EdDsa => iana::Algorithm::EdDSA,
        _ => iana::Algorithm::Ed25519,
    };
    assert_eq!(protected.alg, Some(RegisteredLabelWithPrivate::Assigned(algorithm)), "{name}");
    let content_type = format!("application/vnd.datadeed.{}.v1+cbor", header.kind);
    assert_eq!(protected.content_type, Some(RegisteredLabel::Text(content_type)), "{name}");
    assert_eq!(protected.key_id, header.key.as_bytes(), "{name}");
    assert!(protected.crit.is_empty(), "{name}");
    let int = |value: u64| Value::Integer(value.into());
    let claims = Value::Map(vec![
        (int(1), Value::Text(header.issuer.clone())),
        (int(2), Value::Text(header.subject.to_string())),
        (int(6), int(header.issued_at.seconds())),
    ]);
    let typ = Value::Text("application/scitt-statement+cose".into());
    assert_eq!(protected.rest, [(Label::Int(15), claims), (Label::Int(16), typ)], "{name}");
}

/// Another encoder writes the same bytes of what another decoder read.
fn is_canonical(name: &str, bytes: &[u8]) -> Value {
    let value: Value = ciborium::from_reader(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut again = Vec::new();
    ciborium::into_writer(&value, &mut again).unwrap();
    assert_eq!(again, bytes, "{name}");
    value
}

#[test]
fn ciborium_reads_and_writes_trust_and_status_files() {
    for (name, bytes) in seeds::trust_store().into_iter().chain(seeds::status()) {
        let value = is_canonical(name, &bytes);
        let (key, version) = &value.as_map().unwrap()[0];
        assert_eq!((key.as_text(), version.as_integer()), (Some("v"), Some(1.into())), "{name}");
    }
}

#[test]
fn ciborium_and_coset_read_and_verify_proofs() {
    let mut keys_of_anchors = BTreeMap::new();
    for (_, bytes) in seeds::trust_store() {
        let trust = TrustStore::decode(&bytes).unwrap();
        keys_of_anchors.extend(trust.anchors().map(|anchor| (anchor.key.id(), anchor.key)));
    }
    let mut verified = 0;
    for (name, bytes) in seeds::proofs() {
        let ours = LineageProof::decode(&bytes).unwrap();
        let mut known = keys_of_anchors.clone();
        known.extend(ours.keys().iter().map(|key| (key.id(), *key)));
        let value = is_canonical(name, &bytes);
        let field = |key: &str| {
            let pairs = value.as_map().unwrap();
            pairs.iter().find(|(found, _)| found.as_text() == Some(key)).map(|(_, value)| value)
        };
        let list = |key| field(key).map_or(&[][..], |list| list.as_array().unwrap());
        assert_eq!(field("subject").unwrap().as_bytes().unwrap(), ours.subject().as_bytes());
        let keys: Vec<&[u8]> =
            list("keys").iter().map(|key| key.as_bytes().unwrap().as_slice()).collect();
        let expected: Vec<&[u8]> = ours.keys().iter().map(|key| &key.as_bytes()[..]).collect();
        assert_eq!(keys, expected, "{name}");
        let statements = list("statements");
        assert_eq!(statements.len(), ours.statements().len(), "{name}");
        for (theirs, ours) in statements.iter().zip(ours.statements()) {
            assert_eq!(theirs.as_bytes().unwrap(), ours.as_bytes(), "{name}");
            let theirs = CoseSign1::from_tagged_slice(theirs.as_bytes().unwrap()).unwrap();
            check_header(name, ours, &theirs);
            let key = VerifyingKey::from_bytes(known[&ours.header().key].as_bytes()).unwrap();
            if ours.is_signed() {
                check_signature(name, &theirs, &key);
                verified += 1;
            }
        }
    }
    assert!(verified >= 5, "only {verified} statements verified");
}
