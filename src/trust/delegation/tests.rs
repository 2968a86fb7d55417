use super::*;
use crate::key::{Signer as _, SigningKey};
use crate::statement::{Issuer, SignError, Signed, StatementError};
use crate::timestamp::Timestamp;
use crate::trust::Role;

fn delegation() -> Delegation {
    let key = SigningKey::from_seed(&[2; 32]).public_key();
    Delegation::new("did:web:branch.example", key, Mandate::new([Role::Registrar]))
}

#[track_caller]
fn fault(delegation: &Delegation) -> PayloadError {
    let issuer = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[1; 32]));
    match delegation.sign(&issuer, Timestamp::MIN) {
        Err(SignError::Statement(StatementError::Payload(fault))) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_delegation_is_about_the_key_that_it_names() {
    let issuer = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[1; 32]));
    let signed = delegation().sign(&issuer, Timestamp::MIN).unwrap();
    assert_eq!(signed.header().subject, Subject::Key(delegation().key.id()));
    assert_eq!(Signed::<Delegation>::decode(signed.as_bytes()), Ok(signed));
}

#[test]
fn a_delegation_of_nothing_is_none() {
    let at = |seconds| Timestamp::from_seconds(seconds).unwrap();
    let with = |mandate| Delegation { mandate, ..delegation() };
    let registrar = || Mandate::new([Role::Registrar]);
    let empty = "must not be empty";
    for (delegation, field, fault) in [
        (with(Mandate::new([])), "roles", empty),
        (with(registrar().scope([""; 0])), "scope", empty),
        (with(registrar().between(at(5), at(5))), "until", "must be later than from"),
        (delegation().depth(MAX_DELEGATIONS_BELOW + 1), "depth", "must be 15 at most"),
        (
            with(registrar().scope((0..=MAX_MANDATE).map(|n| n.to_string()))),
            "scope",
            "must have at most 256 entries",
        ),
        (
            with(registrar().schemes((0..=MAX_MANDATE).map(|n| n.to_string()))),
            "schemes",
            "must have at most 256 entries",
        ),
    ] {
        assert_eq!(self::fault(&delegation), PayloadError { field, fault });
    }
    assert_eq!(MAX_DELEGATIONS_BELOW, 15);
    assert_eq!(delegation().depth(MAX_DELEGATIONS_BELOW).check(), Ok(()));
}

#[test]
fn a_later_delegation_names_the_one_before() {
    let later = Delegation { seq: 1, ..delegation() };
    assert_eq!(fault(&later).field, "prev");
}
