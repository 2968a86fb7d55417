use super::*;
use crate::id::ManifestId;
use crate::key::{Signer as _, SigningKey};
use crate::manifest::{Dataset, ScanMethod};
use crate::statement::Issuer;
use crate::timestamp::Timestamp;

fn said(seed: u8, iss: &str, title: &str) -> Verified<Dataset> {
    let issuer = Issuer::new(iss, SigningKey::from_seed(&[seed; 32]));
    let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), title, ScanMethod::Full);
    let signed = dataset.sign(&issuer, Timestamp::MIN).unwrap();
    signed.verify(&issuer.public_key()).unwrap()
}

fn parties(seeds: &[u8], needed: usize) -> Threshold {
    let keys = seeds.iter().map(|seed| SigningKey::from_seed(&[*seed; 32]).public_key());
    Threshold::new(keys, needed).unwrap()
}

fn too_few(valid: usize) -> AgreementError {
    AgreementError::TooFew(ThresholdNotMet { valid, needed: 2 })
}

#[test]
fn a_board_agrees_by_as_many_members_as_it_asks_for() {
    let board = parties(&[1, 2, 3], 2);
    let both = [said(1, "did:web:a.example", "x"), said(3, "did:web:c.example", "x")];
    let agreement = agreed(&both, &board).unwrap();
    assert_eq!((agreement.payload().title.as_str(), agreement.statements().len()), ("x", 2));
    assert_eq!(agreed(&both[..1], &board), Err(too_few(1)));
    assert_eq!(agreed::<Dataset>(&[], &board), Err(AgreementError::Nothing));
}

#[test]
fn one_key_under_two_identities_counts_once() {
    let twice = [said(1, "did:web:a.example", "x"), said(1, "did:web:b.example", "x")];
    assert_ne!(twice[0].id(), twice[1].id());
    assert_eq!(agreed(&twice, &parties(&[1, 2], 2)), Err(too_few(1)));
}

#[test]
fn a_bystander_does_not_count() {
    let with_another = [said(1, "did:web:a.example", "x"), said(4, "did:web:d.example", "x")];
    assert_eq!(agreed(&with_another, &parties(&[1, 2], 2)), Err(too_few(1)));
}

#[test]
fn who_says_something_else_agrees_to_nothing() {
    let apart = [said(1, "did:web:a.example", "x"), said(2, "did:web:b.example", "y")];
    let differs = AgreementError::Differs { first: apart[0].id(), other: apart[1].id() };
    assert_eq!(agreed(&apart, &parties(&[1, 2], 1)), Err(differs));
}
