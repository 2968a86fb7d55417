//! Who signs, and what comes of it.

use super::StatementError;
use crate::key::{Algorithm, PublicKey, Signer, SignerError};

/// Who signs: an identity, a signer and the algorithm label.
///
/// ```
/// use datadeed::key::{Algorithm, SigningKey};
/// use datadeed::statement::Issuer;
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let issuer = Issuer::new("did:web:curator.example", key).algorithm(Algorithm::EdDsa);
/// assert_eq!(issuer.iss(), "did:web:curator.example");
/// ```
#[derive(Clone, Debug)]
pub struct Issuer<S> {
    iss: String,
    signer: S,
    algorithm: Algorithm,
}

impl<S: Signer> Issuer<S> {
    /// An issuer with the identity `iss`: a URI such as `did:web:...` or `https://...`, 1 to 8192 bytes.
    pub fn new(iss: impl Into<String>, signer: S) -> Self {
        Self { iss: iss.into(), signer, algorithm: Algorithm::default() }
    }

    /// Uses another algorithm label than -19.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// The identity.
    pub fn iss(&self) -> &str {
        &self.iss
    }

    /// The public key its statements verify with.
    pub fn public_key(&self) -> PublicKey {
        self.signer.public_key()
    }

    /// For what is signed that is no statement.
    pub(crate) const fn signer(&self) -> &S {
        &self.signer
    }

    /// The algorithm label it was made with.
    pub(crate) const fn algorithm_label(&self) -> Algorithm {
        self.algorithm
    }
}

/// A statement that could not be signed.
///
/// ```
/// use datadeed::key::SigningKey;
/// use datadeed::lineage::Activity;
/// use datadeed::statement::{Issuer, Payload, SignError, StatementError};
///
/// let trainer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
/// let no_output = Activity::train().sign(&trainer, "2026-11-21T00:00:00Z".parse()?);
/// let Err(SignError::Statement(StatementError::Payload(rule))) = no_output else { unreachable!() };
/// assert_eq!(rule.to_string(), r#"field "outputs": must not be empty"#);
/// # Ok::<(), datadeed::TimestampError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The signer gave no signature.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// A verifier would refuse the statement.
    #[error(transparent)]
    Statement(#[from] StatementError),
}
