//! Keys in PEM (RFC 8410): PKCS#8 for secret ones, `SubjectPublicKeyInfo` for public ones.

use datadeed::key::{PublicKey, SigningKey};
use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
};

use super::Failure;

pub(crate) fn secret_from_pem(pem: &str) -> Result<SigningKey, Failure> {
    let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem).map_err(|error| error.to_string())?;
    Ok(SigningKey::from_seed(key.as_bytes()))
}

/// The secret as a file's content, wiped when dropped.
pub(crate) fn secret_to_pem(
    seed: &[u8; 32],
) -> Result<impl std::ops::Deref<Target = String>, Failure> {
    let key = ed25519_dalek::SigningKey::from_bytes(seed);
    Ok(key.to_pkcs8_pem(LineEnding::LF).map_err(|error| error.to_string())?)
}

pub(crate) fn public_from_pem(pem: &str) -> Result<PublicKey, Failure> {
    let key = VerifyingKey::from_public_key_pem(pem).map_err(|error| error.to_string())?;
    Ok(PublicKey::from_bytes(key.to_bytes())?)
}

pub(crate) fn public_to_pem(key: &PublicKey) -> Result<String, Failure> {
    let key = VerifyingKey::from_bytes(key.as_bytes()).map_err(|error| error.to_string())?;
    Ok(key.to_public_key_pem(LineEnding::LF).map_err(|error| error.to_string())?)
}
