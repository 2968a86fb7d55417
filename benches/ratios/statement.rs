//! Statements against the bare signature operation under them.

use std::hint::black_box;

use datadeed::key::{Signer as _, SigningKey};
use datadeed::manifest::Dataset;
use datadeed::statement::{Payload as _, Signed};
use ed25519_dalek::{Signer as _, VerifyingKey};

use crate::common::{KEY_SEED, dataset, issuer, now};
use crate::interleave::{each, interleave};

const ROUNDS: usize = 41;
/// Operations timed together: about 10 ms.
const TIMES: usize = 256;

fn signed() -> Signed<Dataset> {
    let signed = dataset().sign(&issuer(), now()).expect("a sound statement");
    let len = signed.as_bytes().len();
    assert!((570..=630).contains(&len), "a statement of {len} bytes, not about 600");
    signed
}

/// Strict decode, ids and verification v bare `verify_strict` of the same bytes with a parsed key.
pub(crate) fn verify() -> f64 {
    let signed = signed();
    let key = SigningKey::from_seed(&KEY_SEED).public_key();
    let message = signed.to_be_signed();
    let signature = signed.as_bytes().last_chunk().expect("64 bytes");
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    let bare = VerifyingKey::from_bytes(key.as_bytes()).expect("a point");
    interleave(
        ROUNDS,
        || {
            each(TIMES, || {
                let signed = Signed::<Dataset>::decode(black_box(signed.as_bytes()));
                signed.expect("decoded before").verify(black_box(&key)).expect("verified before")
            })
        },
        || {
            each(TIMES, || {
                bare.verify_strict(black_box(&message), black_box(&signature)).expect("verified");
            })
        },
    )
}

/// Encoding, ids and signature v a bare signature over the same bytes.
pub(crate) fn sign() -> f64 {
    let (dataset, issuer, now) = (dataset(), issuer(), now());
    let message = signed().to_be_signed();
    let bare = ed25519_dalek::SigningKey::from_bytes(&KEY_SEED);
    interleave(
        ROUNDS,
        || each(TIMES, || black_box(&dataset).sign(&issuer, now).expect("signed before")),
        || each(TIMES, || bare.sign(black_box(&message))),
    )
}
