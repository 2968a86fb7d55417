use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

use super::*;
use crate::key::SigningKey;
use crate::manifest::{Dataset, ScanMethod};
use crate::statement::Issuer;
use crate::{ManifestId, tree::oracle};

fn issuer() -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]))
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(1_800_000_000 + seconds).unwrap()
}

fn member(n: u8) -> Signed<Dataset> {
    let dataset = Dataset::new(ManifestId::from_bytes([n; 32]), "title", ScanMethod::Full);
    dataset.unsigned(&issuer(), at(0)).unwrap()
}

fn batch_of(members: &Members, by: &Issuer<SigningKey>, now: Timestamp) -> Verified<Batch> {
    let signed = members.batch().unwrap().sign(by, now).unwrap();
    signed.verify(&by.public_key()).unwrap()
}

fn several() -> Members {
    Members::new((0..9).map(|n| member(n).id()))
}

#[test]
fn the_index_is_the_documented_one() {
    let batch = several().batch().unwrap();
    let ids = several().ids().to_vec();
    let leaves: Vec<Leaf> = ids
        .iter()
        .map(|id| Leaf { key: *id.as_bytes(), value: [0; 32], count: 1, bytes: 0 })
        .collect();
    assert_eq!(batch.tree, oracle::root(tree::Kind::Index, &leaves));
    assert_eq!((batch.tree.count(), batch.tree.bytes()), (9, 0));
    let preimage =
        [&b"\xa3\x61v\x01\x64rule\x6bstatement/1\x64tree\x58\x30"[..], &batch.tree.to_bytes()]
            .concat();
    assert_eq!(batch.index(), IndexId::from_bytes(Role::Index.hash(&preimage)));
    assert_eq!(batch.subject(), Subject::Index(batch.index()));
}

#[test]
fn a_batch_stands_for_its_members() {
    let batch = batch_of(&several(), &issuer(), at(0));
    for n in 0..9 {
        let member = member(n);
        let opened = several().open([member.id()]);
        assert_eq!(vouch(&batch, &opened, member.clone()).unwrap().id(), member.id());
    }
}

#[test]
fn a_batch_stands_for_nothing_else() {
    let batch = batch_of(&several(), &issuer(), at(0));
    let id = member(9).id();
    assert_eq!(vouch(&batch, &several().open([id]), member(9)), Err(VouchError::NoMember { id }));
    let id = member(3).id();
    assert_eq!(vouch(&batch, &several().open([]), member(3)), Err(VouchError::Closed { id }));
    let others = Members::new([id]);
    assert_eq!(vouch(&batch, &others.open([id]), member(3)), Err(VouchError::Root));
}

/// Only a missing signature leans on a batch, never a bad one.
#[test]
fn a_signature_of_its_own_is_what_counts() {
    let dataset = Dataset::new(ManifestId::from_bytes([3; 32]), "title", ScanMethod::Full);
    let signed = dataset.sign(&issuer(), at(0)).unwrap();
    let mut bytes = signed.as_bytes().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let bad = Signed::<Dataset>::decode(&bytes).unwrap();
    let batch = batch_of(&several(), &issuer(), at(0));
    let opened = several().open([signed.id()]);
    assert_eq!(vouch(&batch, &opened, bad), Err(VouchError::Signed));
    assert_eq!(vouch(&batch, &opened, signed), Err(VouchError::Signed));
}

#[test]
fn a_batch_speaks_for_its_own_issuer_and_key() {
    let opened = several().open([member(3).id()]);
    let other = Issuer::new("did:web:other.example", SigningKey::from_seed(&[7; 32]));
    let batch = batch_of(&several(), &other, at(0));
    assert_eq!(vouch(&batch, &opened, member(3)), Err(VouchError::OtherIssuer));
    let other = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[8; 32]));
    let batch = batch_of(&several(), &other, at(0));
    let keys =
        VouchError::OtherKey { batch: other.public_key().id(), member: issuer().public_key().id() };
    assert_eq!(vouch(&batch, &opened, member(3)), Err(keys));
}

#[test]
fn a_batch_speaks_of_what_was_issued_before() {
    let earlier = Timestamp::from_seconds(1_799_999_999).unwrap();
    let batch = batch_of(&several(), &issuer(), earlier);
    let later = VouchError::Later { issued_at: at(0), batch: earlier };
    assert_eq!(vouch(&batch, &several().open([member(3).id()]), member(3)), Err(later));
}

#[test]
fn a_batch_has_members_and_no_bytes() {
    let error = Members::new([]).batch().unwrap_err();
    assert_eq!((error.field, error.fault), ("tree", "must not be empty"));
    let mut bytes = several().root().to_bytes();
    bytes[40] = 1;
    let batch = Batch { tree: Summary::from_bytes(&bytes).unwrap() };
    assert_eq!(batch.check().unwrap_err().fault, "must have no bytes");
}

proptest! {
    #[test]
    fn membership_is_that_of_the_set(
        ids in btree_set(any::<[u8; 32]>(), 1..40),
        asked in vec(any::<[u8; 32]>(), 0..8),
    ) {
        let members = Members::new(ids.iter().rev().map(|id| StatementId::from_bytes(*id)));
        let asked = asked.iter().chain(ids.iter().step_by(3)).map(|id| StatementId::from_bytes(*id));
        let asked: Vec<StatementId> = asked.collect();
        let opened = members.open(asked.iter().copied());
        let decoded = PrunedTree::<StatementId>::decode(&opened.to_bytes(), 1_000).unwrap();
        prop_assert_eq!(decoded.root(), &members.root());
        for id in asked {
            let expected = if ids.contains(id.as_bytes()) { Membership::Present(&id) } else { Membership::Absent };
            prop_assert_eq!(decoded.get(id.as_bytes()), expected);
        }
    }
}
