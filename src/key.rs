//! Ed25519 keys and signatures: checks at load, strict verification, fallible signing.
//!
//! A public key is accepted only if its encoding is canonical, it is not of
//! small order and it has no torsion part; a signature only by
//! `verify_strict`. On such keys cofactored and cofactorless verifiers agree,
//! so what this crate accepts, every other verifier accepts ("dalek-strict").
//! Batch verification has another accept set and is never used.
//!
//! ```
//! use datadeed::key::{BadSignature, PublicKey, Signer, SigningKey};
//!
//! let key = SigningKey::from_seed(&[7; 32]); // of a secure random source, for anything but examples
//! let signature = key.sign(b"message")?;
//! let public: PublicKey = key.public_key().to_string().parse()?;
//! assert_eq!(public.verify(b"message", &signature), Ok(()));
//! assert!(matches!(public.verify(b"another", &signature), Err(BadSignature { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cache;
mod pkcs8;
mod threshold;
mod thumbprint;

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, VerifyingKey};

use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::id::KeyId;
use crate::text::{TextError, parse_prefixed, prefixed};

pub use cache::SignatureCache;
pub use pkcs8::{KeyFileError, Secret};
pub use threshold::{Threshold, ThresholdError, ThresholdNotMet};
pub use thumbprint::cose_key_id;
use thumbprint::ed25519_id;

/// A public key that passed every check at load.
///
/// Text is `ed25519:<64 lower-case hex>`.
///
/// ```
/// use datadeed::key::{PublicKey, Signer, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]).public_key();
/// assert_eq!(PublicKey::from_bytes(*key.as_bytes()), Ok(key));
/// assert!(key.to_string().starts_with("ed25519:"));
/// assert_eq!(key.to_string().parse(), Ok(key));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey {
    key: VerifyingKey,
    id: KeyId,
}

/// Bytes that are not a public key this crate works with.
///
/// ```
/// use datadeed::key::{KeyError, PublicKey};
///
/// // The neutral point: one signature of it verifies for every message.
/// let mut neutral = [0; 32];
/// neutral[0] = 1;
/// assert_eq!(PublicKey::from_bytes(neutral), Err(KeyError::SmallOrder));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The point is not encoded the one canonical way (RFC 8032 section 5.1.3).
    #[error("public key is not encoded canonically")]
    NonCanonical,
    /// The bytes are no point of the curve.
    #[error("public key is no point of the curve")]
    NotOnCurve,
    /// The point is of small order: anybody can sign for it.
    #[error("public key is of small order")]
    SmallOrder,
    /// The text form is malformed.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The point has a torsion part: verifiers disagree about its signatures.
    #[error("public key has a torsion part")]
    Torsion,
}

impl PublicKey {
    /// Loads a key from its 32 bytes (RFC 8032 section 5.1.5).
    ///
    /// # Errors
    ///
    /// Every variant of [`KeyError`] but [`KeyError::Text`], each for the one fault it names.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::NotOnCurve)?;
        let point = key.to_edwards();
        if point.compress().to_bytes() != bytes {
            return Err(KeyError::NonCanonical);
        }
        if key.is_weak() {
            return Err(KeyError::SmallOrder);
        }
        if !point.is_torsion_free() {
            return Err(KeyError::Torsion);
        }
        Ok(Self { key, id: ed25519_id(&bytes) })
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The COSE key thumbprint (RFC 9679), recomputed from the key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Verifies strictly: canonical S, no small-order R, no cofactor.
    ///
    /// # Errors
    ///
    /// [`BadSignature`] whatever the fault; a signature says nothing more.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.key.verify_strict(message, &signature).map_err(|_| BadSignature)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&prefixed("ed25519", self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    /// Reads what is displayed; errors quote nothing of text without the prefix, which may be a secret.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let quotable = if text.starts_with("ed25519:") { text } else { "" };
        Self::from_bytes(parse_prefixed("ed25519", quotable)?)
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

/// A byte string of 32 bytes; every check at load applies.
impl Codec for PublicKey {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(self.as_bytes());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        Self::from_bytes(reader.fixed()?).map_err(|_| {
            CborError::new(offset, CborFault::Unreadable { expected: "a sound Ed25519 public key" })
        })
    }
}

/// A signature that does not verify.
///
/// ```
/// use datadeed::key::{BadSignature, Signer, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let signature = key.sign(b"100 yuan")?;
/// let refused: Result<(), BadSignature> = key.public_key().verify(b"900 yuan", &signature);
/// assert_eq!(refused.unwrap_err().to_string(), "signature does not verify");
/// # Ok::<(), datadeed::key::SignerError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signature does not verify")]
#[non_exhaustive]
pub struct BadSignature;

/// An Ed25519 signature, 64 bytes; nothing is claimed of it.
///
/// ```
/// use datadeed::key::{Signature, Signer, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let sent = *key.sign(b"message")?.as_bytes();
/// let received = Signature::from_bytes(sent);
/// assert_eq!(key.public_key().verify(b"message", &received), Ok(()));
/// # Ok::<(), datadeed::key::SignerError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// A signature made elsewhere.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}

/// The COSE algorithm in a protected header.
///
/// ```
/// use datadeed::key::{Algorithm, SigningKey};
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Issuer, Payload};
/// # use datadeed::ManifestId;
/// # let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
/// # let now = "2026-11-21T00:00:00Z".parse()?;
///
/// let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// assert_eq!(dataset.sign(&curator, now)?.header().algorithm, Algorithm::Ed25519);
/// let for_old_peers = curator.algorithm(Algorithm::EdDsa);
/// assert_eq!(dataset.sign(&for_old_peers, now)?.header().algorithm, Algorithm::EdDsa);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// Ed25519, -19 (RFC 9864): what is emitted unless asked otherwise.
    #[default]
    Ed25519,
    /// `EdDSA`, -8 (RFC 9053, deprecated): for peers that do not know -19 yet.
    EdDsa,
}

impl Algorithm {
    /// The `n` of the negative label `-1 - n`.
    const fn negated(self) -> u64 {
        match self {
            Self::Ed25519 => 18,
            Self::EdDsa => 7,
        }
    }
}

/// A negative integer.
impl Codec for Algorithm {
    fn encode(&self, writer: &mut Writer) {
        writer.nint(self.negated());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        match reader.nint()? {
            18 => Ok(Self::Ed25519),
            7 => Ok(Self::EdDsa),
            other => Err(CborError::new(
                offset,
                CborFault::UnknownCode {
                    found: format!("-{}", other.saturating_add(1)),
                    of: "COSE algorithm (-19 or -8)",
                },
            )),
        }
    }
}

/// Whatever can sign: a key in memory, an HSM, a KMS.
///
/// An implementation gets the to-be-signed bytes and answers with 64 bytes, or
/// says why not.
///
/// ```
/// use datadeed::key::{PublicKey, Signature, Signer, SignerError};
/// # use datadeed::key::SigningKey;
/// # struct Session(SigningKey);
/// # impl Session {
/// #     fn eddsa(&self, _slot: u32, message: &[u8]) -> Result<[u8; 64], std::io::Error> {
/// #         Ok(*self.0.sign(message).map_err(std::io::Error::other)?.as_bytes())
/// #     }
/// # }
///
/// /// A key that never leaves its hardware.
/// struct Hsm {
///     session: Session,
///     slot: u32,
///     public: PublicKey,
/// }
///
/// impl Signer for Hsm {
///     fn public_key(&self) -> PublicKey {
///         self.public
///     }
///
///     fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
///         let bytes = self.session.eddsa(self.slot, message).map_err(SignerError::new)?;
///         Ok(Signature::from_bytes(bytes))
///     }
/// }
/// # let key = SigningKey::from_seed(&[7; 32]);
/// # let hsm = Hsm { public: key.public_key(), slot: 1, session: Session(key) };
/// # assert_eq!(hsm.public_key().verify(b"x", &hsm.sign(b"x")?), Ok(()));
/// # Ok::<(), SignerError>(())
/// ```
pub trait Signer {
    /// The public key whose signatures [`Signer::sign`] makes.
    fn public_key(&self) -> PublicKey;

    /// Signs `message` with Ed25519 (RFC 8032, no prehash, no context).
    ///
    /// # Errors
    ///
    /// [`SignerError`] with the signer's own reason.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError>;
}

impl<S: Signer + ?Sized> Signer for &S {
    fn public_key(&self) -> PublicKey {
        (**self).public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        (**self).sign(message)
    }
}

/// A signer that could not sign: locked, unreachable, refused.
///
/// ```
/// use std::error::Error;
///
/// use datadeed::key::SignerError;
///
/// let error = SignerError::new("the token is locked");
/// assert_eq!(error.to_string(), "signer gave no signature");
/// assert_eq!(error.source().map(ToString::to_string), Some("the token is locked".into()));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("signer gave no signature")]
pub struct SignerError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl SignerError {
    /// Wraps the signer's own error.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// A signing key held in memory, wiped when dropped, never printed.
///
/// ```
/// use datadeed::key::{Signer, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let signature = key.sign(b"message")?;
/// assert_eq!(key.public_key().verify(b"message", &signature), Ok(()));
/// assert!(!format!("{key:?}").contains("7, 7"));
/// # Ok::<(), datadeed::key::SignerError>(())
/// ```
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    public: PublicKey,
}

impl SigningKey {
    /// The key of a 32-byte seed (RFC 8032 section 5.1.5), which must come from a secure random source.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        // A clamped multiple of the base point is canonical, of large order and
        // free of torsion, so the checks at load have nothing to find.
        let verifying = key.verifying_key();
        let public = PublicKey { key: verifying, id: ed25519_id(verifying.as_bytes()) };
        Self { key, public }
    }
}

impl Signer for SigningKey {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        let signature = self.key.try_sign(message).map_err(SignerError::new)?;
        Ok(Signature(signature.to_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
