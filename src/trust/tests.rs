use super::*;
use crate::cbor::{CborError, CborFault};
use crate::key::{PublicKey, Signer, SigningKey};
use crate::statement::Header;
use crate::timestamp::Timestamp;

fn key(seed: u8) -> PublicKey {
    SigningKey::from_seed(&[seed; 32]).public_key()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

#[test]
fn two_keys_of_one_identity_and_two_identities_are_kept_apart() {
    let trust = TrustStore::new([
        Anchor::new("did:web:a.example", key(1), [Role::Trainer]),
        Anchor::new("did:web:a.example", key(2), [Role::Trainer]),
        Anchor::new("did:web:b.example", key(3), [Role::Trainer]),
    ]);
    let authorities = Authorities::resolve(&trust, [], 0).unwrap();
    let header = |iss: &str, seed| Header {
        algorithm: crate::key::Algorithm::Ed25519,
        kind: crate::statement::Kind::Activity,
        key: key(seed).id(),
        issuer: iss.to_owned(),
        subject: crate::id::Subject::Key(key(seed).id()),
        issued_at: at(0),
    };
    for (iss, seed, known) in [
        ("did:web:a.example", 1, Known::Listed),
        ("did:web:a.example", 2, Known::Listed),
        ("did:web:b.example", 3, Known::Listed),
        ("did:web:a.example", 3, Known::Conflict),
        ("did:web:b.example", 1, Known::Conflict),
        ("did:web:a.example", 4, Known::Conflict),
        ("did:web:c.example", 3, Known::Conflict),
        ("did:web:c.example", 4, Known::Unlisted),
    ] {
        assert_eq!(authorities.known(&header(iss, seed)), known, "{iss} {seed}");
    }
}

#[test]
fn a_trust_file_reads_back_and_refuses_unsound_keys() {
    let trust = TrustStore::new([
        Anchor::new("did:web:a.example", key(1), [Role::Trainer, Role::Curator]),
        Anchor::new("did:web:b.example", key(3), [Role::Registrar]).between(at(1), at(2)),
    ]);
    let bytes = trust.to_bytes();
    assert_eq!(TrustStore::decode(&bytes), Ok(trust));
    let place = bytes.windows(32).position(|window| window == key(1).as_bytes()).unwrap();
    let mut weak = bytes;
    weak[place..place + 32].copy_from_slice(&[0; 32]);
    let fault = CborFault::Unreadable { expected: "a sound Ed25519 public key" };
    assert_eq!(TrustStore::decode(&weak), Err(CborError::new(place - 2, fault)));
}

#[test]
fn anchors_are_counted_before_they_are_read() {
    // {"v": 1, "anchors": [so many, of which none is an anchor]}
    let file = |count: u16, bytes: usize| {
        let head = [&b"\xa2\x61v\x01\x67anchors\x99"[..], &count.to_be_bytes()].concat();
        [head, vec![0; bytes]].concat()
    };
    let found = u64::try_from(crate::limits::MAX_ANCHORS).unwrap() + 1;
    let decoded = TrustStore::decode(&file(16_385, 16_385)).unwrap_err();
    let limit = crate::limits::MAX_ANCHORS;
    assert_eq!(decoded.fault, CborFault::TooLong { found, limit });
    let decoded = TrustStore::decode(&file(16_384, 16_384)).unwrap_err();
    assert!(!matches!(decoded.fault, CborFault::TooLong { .. }), "{decoded:?}");
}

#[test]
fn nothing_is_recorded_after_the_status() {
    let id = crate::id::StatementId::from_bytes([1; 32]);
    assert_eq!(
        Status::new(at(10)).seen(id, at(11)),
        Err(StatusError::RecordedLater { recorded_at: at(11), as_of: at(10) })
    );
    assert!(Status::new(at(10)).seen(id, at(10)).is_ok());
}
