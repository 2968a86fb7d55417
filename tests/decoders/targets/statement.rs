//! Signed statements, each kind by its own decoder and all by the common one.

use datadeed::batch::Batch;
use datadeed::key::{Algorithm, Signer as _, SigningKey};
use datadeed::lineage::Activity;
use datadeed::log::LogPolicy;
use datadeed::manifest::Dataset;
use datadeed::proof::Statement;
use datadeed::rights::{
    Assessment, Consent, Event, Licence, Preference, Registration, Transaction,
};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::Delegation;

/// The key that signed the seeds.
pub(crate) const SEED: [u8; 32] = [7; 32];

/// Whether `data` is a statement of any kind; it is of exactly one, whoever decodes it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let by_kind = [
        accepts_as::<Activity>(data),
        accepts_as::<Assessment>(data),
        accepts_as::<Batch>(data),
        accepts_as::<Consent>(data),
        accepts_as::<Dataset>(data),
        accepts_as::<Delegation>(data),
        accepts_as::<Event>(data),
        accepts_as::<Licence>(data),
        accepts_as::<Preference>(data),
        accepts_as::<Registration>(data),
        accepts_as::<Transaction>(data),
    ];
    let kinds = by_kind.iter().filter(|accepted| **accepted).count();
    let Ok(statement) = Statement::decode(data) else {
        assert_eq!(kinds, 0);
        // No part of any lineage.
        return accepts_as::<LogPolicy>(data);
    };
    assert_eq!(kinds, 1);
    assert_eq!(statement.to_bytes(), data);
    true
}

/// What decodes is kept byte for byte, and is what the encoder writes for the
/// same header and payload.
fn accepts_as<T: Payload>(data: &[u8]) -> bool {
    let Ok(signed) = Signed::<T>::decode(data) else { return false };
    assert_eq!(signed.to_bytes(), data);
    let twin = Signed::<T>::decode(signed.as_bytes()).expect("decoded before");
    assert_eq!(twin, signed.clone().without_receipts());
    assert_eq!(twin.id(), signed.id());

    let header = signed.header();
    let key = SigningKey::from_seed(&SEED);
    if header.key == key.public_key().id() {
        let issuer = Issuer::new(&header.issuer, &key).algorithm(match header.algorithm {
            Algorithm::EdDsa => Algorithm::EdDsa,
            _ => Algorithm::Ed25519,
        });
        let again = signed.payload().sign(&issuer, header.issued_at).expect("decoded before");
        assert_eq!(again.to_be_signed(), signed.to_be_signed());
        assert_eq!(again.id(), signed.id());
        // Only the signature may differ; it counts exactly where it does not.
        let verifies = signed.clone().verify(&key.public_key()).is_ok();
        assert_eq!(verifies, again == twin);
        if !signed.is_signed() {
            let unsigned = signed.payload().unsigned(&issuer, header.issued_at);
            assert_eq!(unsigned.expect("decoded before"), twin);
        }
    }
    true
}
