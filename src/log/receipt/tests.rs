use proptest::prelude::*;

use super::*;
use crate::cbor::CborFault;
use crate::id::ManifestId;
use crate::key::SigningKey;
use crate::log::{Checkpoint, LogKey, leaf_hash};
use crate::manifest::{Dataset, ScanMethod};
use crate::statement::{Payload as _, Signed};

fn log() -> Issuer<SigningKey> {
    Issuer::new("did:web:registry.example", SigningKey::from_seed(&[1; 32]))
}

fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000).unwrap()
}

fn statement(manifest: u8) -> Signed<Dataset> {
    let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[2; 32]));
    let dataset = Dataset::new(ManifestId::from_bytes([manifest; 32]), "title", ScanMethod::Full);
    dataset.sign(&curator, now()).unwrap()
}

fn leaf() -> Sha256 {
    leaf_of(statement(1).envelope())
}

/// A proof for `leaf` at this place, with anything beside the way up.
fn proof(tree_size: u64, leaf_index: u64, len: usize) -> InclusionProof {
    let path = (0..len).map(|level| leaf_hash(&level.to_be_bytes())).collect();
    InclusionProof { tree_size, leaf_index, path }
}

fn checkpoint(size: u64, root: Sha256) -> VerifiedCheckpoint {
    let checkpoint = Checkpoint::new(origin(), size, root).unwrap();
    let signed = checkpoint.sign(log().signer(), now()).unwrap();
    signed.verify(&LogKey::new(origin(), log().public_key())).unwrap()
}

/// What a log signs whose root comes out of `proof`.
fn receipt(proof: &InclusionProof) -> Receipt {
    let checkpoint = checkpoint(proof.tree_size, proof.root(leaf()).unwrap());
    Receipt::sign(&log(), &checkpoint, leaf(), proof, now()).unwrap()
}

fn of_three() -> Receipt {
    receipt(&proof(3, 0, 2))
}

fn verify(bytes: &[u8]) -> Result<VerifiedReceipt, ReceiptError> {
    Receipt::decode(bytes)?.verify(statement(1).envelope(), &log().public_key())
}

/// The receipt with the only occurrence of `from` replaced.
fn edited(from: &[u8], to: &[u8]) -> Vec<u8> {
    let bytes = of_three().as_bytes().to_vec();
    let mut places = bytes.windows(from.len()).enumerate().filter(|(_, found)| *found == from);
    let (at, _) = places.next().unwrap();
    assert_eq!(places.next(), None, "{from:02x?} stands there twice");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[track_caller]
fn refused(bytes: &[u8]) -> CborFault {
    match Receipt::decode(bytes) {
        Err(ReceiptError::Cbor(CborError { fault, .. })) => fault,
        other => panic!("{other:?}"),
    }
}

fn length(found: u64, expected: u64) -> CborFault {
    CborFault::OutOfRange { found, min: expected, max: expected }
}

fn mismatch(found: &str, expected: &str) -> CborFault {
    CborFault::Mismatch { found: found.into(), expected: expected.into() }
}

#[test]
fn the_entry_is_the_hash_of_the_canonical_envelope() {
    let statement = statement(1);
    assert_eq!(entry_of(statement.envelope()), Sha256::of(statement.as_bytes()));
    assert_eq!(statement.as_bytes()[..2], [0xd2, 0x84]);
    let expected = Sha256::of(&[&[0], &entry_of(statement.envelope()).as_bytes()[..]].concat());
    assert_eq!(leaf(), expected);
    let carried = statement.envelope().clone().with_receipts([of_three().bytes]).unwrap();
    assert_ne!(carried.to_bytes(), carried.as_bytes());
    assert_eq!((leaf_of(&carried), carried.id()), (leaf(), statement.id()));
}

/// The layout of the module documentation, byte by byte.
#[test]
fn a_receipt_is_the_documented_one() {
    let header = [
        &b"\xa5\x01\x32\x04\x58\x20"[..],
        log().public_key().id().as_bytes(),
        b"\x0f\xa3\x01\x78\x18did:web:registry.example\x02\x74registry.example/log",
        b"\x06\x1a\x6b\x49\xd2\x00\x10\x78\x1eapplication/scitt-receipt+cose\x19\x01\x8b\x01",
    ]
    .concat();
    let path = proof(3, 0, 2).path;
    let inclusion = [b"\x83\x03\x00\x82\x58\x20", &path[0].as_bytes()[..], b"\x58\x20"].concat();
    let inclusion = [&inclusion, &path[1].as_bytes()[..]].concat();
    let head = |bytes: &[u8]| vec![0x58, u8::try_from(bytes.len()).unwrap()];
    let protected = [head(&header), header].concat();
    let root = proof(3, 0, 2).root(leaf()).unwrap();
    let signed = [b"\x84\x6aSignature1", &protected[..], b"\x40\x58\x20", root.as_bytes()].concat();
    let expected = [
        &b"\xd2\x84"[..],
        &protected,
        b"\xa1\x19\x01\x8c\xa1\x20\x81",
        &head(&inclusion),
        &inclusion,
        b"\xf6\x58\x40",
        log().signer().sign(&signed).unwrap().as_bytes(),
    ]
    .concat();
    assert_eq!(of_three().as_bytes(), expected);
}

#[test]
fn a_receipt_says_which_log_and_when() {
    let verified = verify(of_three().as_bytes()).unwrap();
    assert_eq!(verified.receipt(), &of_three());
    assert_eq!((verified.issuer(), verified.origin()), ("did:web:registry.example", &origin()));
    assert_eq!((verified.issued_at(), verified.key()), (now(), &log().public_key()));
    assert_eq!(verified.root(), proof(3, 0, 2).root(leaf()).unwrap());
    assert_eq!(verified.receipt().key(), log().public_key().id());
    assert_eq!(verified.receipt().algorithm(), Algorithm::Ed25519);
}

#[test]
fn the_older_algorithm_label_verifies_too() {
    let proof = proof(3, 0, 2);
    let checkpoint = checkpoint(3, proof.root(leaf()).unwrap());
    let older = log().algorithm(Algorithm::EdDsa);
    let receipt = Receipt::sign(&older, &checkpoint, leaf(), &proof, now()).unwrap();
    assert_eq!(receipt.algorithm(), Algorithm::EdDsa);
    assert!(verify(receipt.as_bytes()).is_ok());
}

#[test]
fn paths_of_any_length_verify() {
    for (size, index, len) in
        [(2, 1, 1), (5, 4, 1), (8, 5, 3), (9, 3, 4), (1 << 30, 12_345, 30), (1 << 63, 1, 63)]
    {
        let receipt = receipt(&proof(size, index, len));
        assert!(verify(receipt.as_bytes()).is_ok(), "{len}");
        assert_eq!(Receipt::decode(receipt.as_bytes()), Ok(receipt));
    }
}

/// RFC 9942 signs the root alone: the position stays untrusted until a checkpoint of this root signs it.
#[test]
fn size_and_index_are_not_signed() {
    let receipt = of_three();
    let rewritten = edited(b"\x83\x03\x00\x82", b"\x83\x04\x00\x82");
    let of_four = verify(&rewritten).unwrap();
    assert_eq!(of_four.receipt().proof().tree_size, 4);
    let of_three = verify(receipt.as_bytes()).unwrap();
    assert_eq!(of_four.root(), of_three.root());
    let checkpoint = checkpoint(3, of_three.root());
    assert_eq!(of_three.index_at(&checkpoint), Some(0));
    assert_eq!(of_four.index_at(&checkpoint), None);
}

#[test]
fn a_position_takes_a_checkpoint_of_the_same_log_key_and_root() {
    let verified = verify(of_three().as_bytes()).unwrap();
    let signed = |origin: &Origin, seed: u8, root| {
        let key = SigningKey::from_seed(&[seed; 32]);
        let checkpoint = Checkpoint::new(origin.clone(), 3, root).unwrap();
        let pinned = LogKey::new(origin.clone(), key.public_key());
        checkpoint.sign(&key, now()).unwrap().verify(&pinned).unwrap()
    };
    let elsewhere = Origin::new("registry.example/other").unwrap();
    assert_eq!(verified.index_at(&signed(&origin(), 1, verified.root())), Some(0));
    assert_eq!(verified.index_at(&signed(&elsewhere, 1, verified.root())), None);
    assert_eq!(verified.index_at(&signed(&origin(), 2, verified.root())), None);
    assert_eq!(verified.index_at(&signed(&origin(), 1, leaf())), None);
}

#[test]
fn another_statement_signature_or_key_is_refused() {
    let receipt = of_three();
    let other = statement(2);
    assert_eq!(
        receipt.verify(other.envelope(), &log().public_key()),
        Err(ReceiptError::BadSignature(BadSignature))
    );
    // The same statement with another signature is another entry.
    let mut twin = statement(1).as_bytes().to_vec();
    *twin.last_mut().unwrap() ^= 1;
    let twin = Envelope::decode(&twin).unwrap();
    assert_eq!(twin.id(), statement(1).id());
    assert_eq!(
        receipt.verify(&twin, &log().public_key()),
        Err(ReceiptError::BadSignature(BadSignature))
    );
    let key = SigningKey::from_seed(&[9; 32]).public_key();
    assert_eq!(
        receipt.verify(statement(1).envelope(), &key),
        Err(ReceiptError::WrongKey { named: log().public_key().id(), given: key.id() })
    );
}

#[test]
fn a_log_of_one_entry_has_no_receipt() {
    let size = |found| Err(ReceiptError::Size { found });
    let of_size = |size: u8| Receipt::decode(&edited(b"\x83\x03\x00\x82", &[0x83, size, 0, 0x82]));
    assert_eq!(of_size(1), size(1));
    assert_eq!(of_size(0), size(0));
    let alone = proof(1, 0, 0);
    let checkpoint = checkpoint(1, leaf());
    let Err(ReceiptSignError::Receipt(ReceiptError::Size { found: 1 })) =
        Receipt::sign(&log(), &checkpoint, leaf(), &alone, now())
    else {
        panic!("signed")
    };
}

#[test]
fn a_path_of_another_length_than_size_and_index_ask_for_is_refused() {
    let found = |size: u8, index: u8| {
        Receipt::decode(&edited(b"\x83\x03\x00\x82", &[0x83, size, index, 0x82]))
    };
    let error = |expected| InclusionError::Length { found: 2, expected };
    assert_eq!(found(2, 0), Err(ReceiptError::Proof(error(1))));
    assert_eq!(found(5, 0), Err(ReceiptError::Proof(error(3))));
    assert_eq!(found(3, 2), Err(ReceiptError::Proof(error(1))));
    let beyond = InclusionError::Index { leaf_index: 3, tree_size: 3 };
    assert_eq!(found(3, 3), Err(ReceiptError::Proof(beyond)));
    // 64 hashes are beyond any log, whatever size and index say.
    let (header, path) = (of_three().decoded.header, vec![leaf(); 64]);
    let bytes = wire::encode(&header, &InclusionProof { tree_size: u64::MAX, leaf_index: 0, path });
    assert_eq!(refused(&bytes), CborFault::TooLong { found: 64, limit: 63 });
    let empty = wire::encode(&header, &proof(2, 0, 0));
    assert_eq!(refused(&empty), CborFault::EmptyCollection);
}

#[test]
fn exactly_one_proof_is_read() {
    let proofs = b"\xa1\x19\x01\x8c\xa1\x20\x81\x58\x48";
    let two = edited(proofs, b"\xa1\x19\x01\x8c\xa1\x20\x82\x41\x00\x58\x48");
    assert_eq!(refused(&two), length(2, 1));
    assert_eq!(
        refused(&edited(proofs, b"\xa1\x19\x01\x8c\xa1\x20\x80\x58\x48")),
        CborFault::EmptyCollection
    );
    // A consistency proof, -2, beside the inclusion proof or in its place.
    let both = edited(proofs, b"\xa1\x19\x01\x8c\xa2\x20\x81\x58\x48");
    assert_eq!(refused(&both), length(2, 1));
    let other = edited(proofs, b"\xa1\x19\x01\x8c\xa1\x21\x81\x58\x48");
    assert_eq!(refused(&other), mismatch("-2", "-1"));
}

#[test]
fn nothing_that_decides_is_read_from_the_unprotected_header() {
    let proofs = b"\xa1\x19\x01\x8c";
    // alg, kid, typ and vds beside the proofs.
    for label in [&b"\x01\x32"[..], b"\x04\x41\x00", b"\x10\x61a", b"\x19\x01\x8b\x01"] {
        let beside = [b"\xa2", label, b"\x19\x01\x8c"].concat();
        assert_eq!(refused(&edited(proofs, &beside)), length(2, 1));
    }
    // In the protected header all five are needed, in their order.
    let header = of_three().bytes[..6].to_vec();
    let shorter = [&header[..4], b"\xa4", &header[5..]].concat();
    assert_eq!(refused(&edited(&header, &shorter)), length(4, 5));
    assert_eq!(refused(&edited(b"\x10\x78\x1e", b"\x11\x78\x1e")), mismatch("17", "16"));
    assert_eq!(refused(&edited(b"\x19\x01\x8b\x01", b"\x19\x01\x8a\x01")), mismatch("394", "395"));
}

#[test]
fn other_structures_types_algorithms_and_critical_labels_are_refused() {
    // The profile of CCF.
    assert_eq!(refused(&edited(b"\x19\x01\x8b\x01", b"\x19\x01\x8b\x02")), mismatch("2", "1"));
    let bytes = edited(
        b"\x78\x1eapplication/scitt-receipt+cose",
        b"\x78\x1eapplication/scitt-bananas+cose",
    );
    assert_eq!(
        refused(&bytes),
        mismatch("application/scitt-bananas+cose", "application/scitt-receipt+cose")
    );
    let of = "COSE algorithm (-19 or -8)";
    let other = CborFault::UnknownCode { found: "-7".into(), of };
    assert_eq!(refused(&edited(b"\xa5\x01\x32\x04", b"\xa5\x01\x26\x04")), other);
    assert_eq!(refused(&edited(b"\xa5\x01\x32\x04", b"\xa5\x02\x32\x04")), mismatch("2", "1"));
}

#[test]
fn a_receipt_without_claims_or_of_no_log_is_refused() {
    assert_eq!(refused(&edited(b"\x0f\xa3\x01\x78", b"\x0d\xa3\x01\x78")), mismatch("13", "15"));
    assert_eq!(refused(&edited(b"\x0f\xa3\x01\x78", b"\x0f\xa2\x01\x78")), length(2, 3));
    let found = "registry example/log".to_owned();
    let spaced = edited(b"registry.example/log", b"registry example/log");
    assert_eq!(Receipt::decode(&spaced), Err(ReceiptError::Origin(TextError::Name { found })));
    // A float and a tagged time are no times here.
    assert_eq!(
        refused(&edited(b"\x06\x1a\x6b\x49\xd2\x00", b"\x06\xfa\x6b\x49\xd2\x00")),
        CborFault::Float
    );
    assert_eq!(
        refused(&edited(b"\x06\x1a\x6b\x49\xd2\x00", b"\x06\xc1\x19\xd2\x00\x00")),
        CborFault::Tag { found: 1 }
    );
}

#[test]
fn a_payload_tag_or_trailing_byte_that_is_not_expected_is_refused() {
    assert_eq!(
        refused(&edited(b"\xf6\x58\x40", b"\x40\x58\x40")),
        CborFault::Unreadable { expected: "null" }
    );
    let bytes = of_three().bytes;
    assert_eq!(refused(&[&bytes[..], b"\0"].concat()), CborFault::TrailingBytes { count: 1 });
    let untagged = CborFault::UnexpectedType { found: "array", expected: "tag" };
    assert_eq!(refused(&bytes[1..]), untagged);
    let limit = crate::limits::MAX_RECEIPT;
    let large = vec![0; limit + 1];
    assert_eq!(Receipt::decode(&large), Err(ReceiptError::TooLarge { found: limit + 1, limit }));
}

#[test]
fn what_is_not_in_the_checkpoint_is_not_signed() {
    let proof = proof(3, 0, 2);
    let root = proof.root(leaf()).unwrap();
    let sign = |log: &Issuer<SigningKey>, size, root, leaf| {
        Receipt::sign(log, &checkpoint(size, root), leaf, &proof, now()).unwrap_err()
    };
    let other = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[9; 32]));
    let wrong = sign(&other, 3, root, leaf());
    assert!(
        matches!(wrong, ReceiptSignError::WrongKey { log, .. } if log == other.public_key().id())
    );
    let size = sign(&log(), 4, root, leaf());
    assert!(matches!(size, ReceiptSignError::OtherSize { proof: 3, checkpoint: 4 }));
    let found = root;
    let elsewhere = sign(&log(), 3, leaf(), leaf());
    assert!(matches!(
        elsewhere,
        ReceiptSignError::Proof(InclusionError::Root { found: is, .. }) if is == found
    ));
    let nobody = sign(&Issuer::new("", SigningKey::from_seed(&[1; 32])), 3, root, leaf());
    assert!(matches!(nobody, ReceiptSignError::Receipt(ReceiptError::Cbor(_))));
}

proptest! {
    #[test]
    fn every_flipped_bit_is_refused_or_moves_an_unsigned_position(
        size in 2_u64..300, index in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        let index = index.index(usize::try_from(size).unwrap()) as u64;
        let mut leaves = crate::log::MerkleTree::new();
        (0..size).for_each(|_| leaves.push(leaf()));
        let genuine = receipt(&leaves.prove_inclusion(index, size).unwrap());
        let mut bytes = genuine.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let Ok(changed) = Receipt::decode(&bytes) else { return Ok(()) };
        prop_assert_eq!(changed.as_bytes(), &bytes[..]);
        if let Ok(verified) = changed.verify(statement(1).envelope(), &log().public_key()) {
            prop_assert_eq!(&verified.receipt().proof().path, &genuine.proof().path);
            prop_assert_eq!(verified.root(), leaves.root());
            let checkpoint = checkpoint(size, leaves.root());
            let place = verified.index_at(&checkpoint);
            prop_assert!(place.is_none_or(|place| place < size));
        }
    }
}
