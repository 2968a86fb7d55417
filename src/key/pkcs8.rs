//! Keys in files: PKCS#8 and `SubjectPublicKeyInfo` (RFC 8410), as DER and as PEM (RFC 7468).
//!
//! Read: version 1 (secret alone) and version 2 (with the public key, which
//! must then be that of the secret). Written: version 1, because OpenSSL 3.0
//! does not read version 2. Nothing is decrypted here: a passphrase-protected
//! key is refused by name.

use std::fmt;

use ed25519_dalek::pkcs8::spki::der::pem::{self, LineEnding};
use ed25519_dalek::pkcs8::spki::der::zeroize::Zeroizing;
use ed25519_dalek::pkcs8::spki::{DecodePublicKey as _, Error as SpkiError};
use ed25519_dalek::pkcs8::{
    Error, KeypairBytes, PrivateKeyInfoRef, PublicKeyBytes, SecretDocument,
};

use super::{KeyError, PublicKey, SigningKey};
use crate::limits::MAX_KEY_FILE;
use crate::text::excerpt;

const PRIVATE: &str = "PRIVATE KEY";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";

/// A file that is no key this crate works with.
///
/// Reasons are the parser's words; they name offsets and types, never content.
///
/// ```
/// use datadeed::key::{KeyFileError, PublicKey, Signer, SigningKey};
///
/// let secret = SigningKey::from_seed(&[7; 32]).to_pkcs8_pem();
/// let mistaken = PublicKey::from_spki_pem(str::from_utf8(secret.as_bytes())?);
/// assert!(matches!(mistaken, Err(KeyFileError::Label { expected: "PUBLIC KEY", .. })));
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The DER is malformed, or of another structure.
    #[error("malformed DER: {reason}")]
    Der {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// The private key is protected by a passphrase.
    #[error("private key is protected by a passphrase; decrypt it first")]
    Encrypted,
    /// The PEM block is of another kind.
    #[error("PEM block {found:?}, expected {expected:?}")]
    Label {
        /// Its label, at most 80 bytes of it.
        found: String,
        /// The label expected.
        expected: &'static str,
    },
    /// The file holds a key of another algorithm.
    #[error("key of algorithm {found}, expected Ed25519 (1.3.101.112)")]
    OtherAlgorithm {
        /// The object identifier of that algorithm.
        found: String,
    },
    /// The text is no PEM.
    #[error("malformed PEM: {reason}")]
    Pem {
        /// What is wrong with it.
        reason: String,
    },
    /// The file holds an Ed25519 key that is not sound.
    #[error("unsound public key")]
    PublicKey(#[from] KeyError),
    /// The file names a public key that is not that of its secret.
    #[error("public key in the file is not that of its secret")]
    PublicKeyMismatch,
    /// The file is larger than this crate accepts.
    #[error("key file of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Size of the file, in bytes.
        found: usize,
        /// [`MAX_KEY_FILE`].
        limit: usize,
    },
}

impl From<Error> for KeyFileError {
    fn from(error: Error) -> Self {
        if let Error::PublicKey(error) = error {
            return error.into();
        }
        Self::Der { reason: error.to_string() }
    }
}

impl From<SpkiError> for KeyFileError {
    fn from(error: SpkiError) -> Self {
        if let SpkiError::OidUnknown { oid } = error {
            return Self::OtherAlgorithm { found: oid.to_string() };
        }
        Self::Der { reason: error.to_string() }
    }
}

/// Bytes of a file that holds a secret: wiped when dropped, never printed.
///
/// ```
/// use datadeed::key::{Signer, SigningKey};
///
/// let key = SigningKey::from_seed(&[7; 32]);
/// let file = key.to_pkcs8_pem(); // std::fs::write(path, file.as_bytes())
/// assert_eq!(format!("{file:?}"), "Secret(..)");
/// let text = str::from_utf8(file.as_bytes())?;
/// assert_eq!(SigningKey::from_pkcs8_pem(text)?.public_key(), key.public_key());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Secret(pub(super) Zeroizing<Vec<u8>>);

impl Secret {
    /// The bytes; whoever copies them must wipe the copy.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl SigningKey {
    /// Reads a PKCS#8 private key in DER, version 1 or 2 (RFC 8410 section 7); attributes are ignored.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`]: [`Encrypted`](KeyFileError::Encrypted) for a passphrase-protected key,
    /// [`PublicKeyMismatch`](KeyFileError::PublicKeyMismatch) for a version 2 key whose halves
    /// do not belong together.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyFileError> {
        check_size(der.len())?;
        if is_encrypted(der) {
            return Err(KeyFileError::Encrypted);
        }
        let info = PrivateKeyInfoRef::try_from(der)?;
        // A bit string with unused bits would count as no public key at all.
        let names_public = info.public_key.is_some();
        let pair = KeypairBytes::try_from(info)?;
        let key = Self::from_seed(&pair.secret_key);
        let embedded = pair.public_key.as_ref().map(PublicKeyBytes::to_bytes);
        if names_public && embedded != Some(*key.public.as_bytes()) {
            return Err(KeyFileError::PublicKeyMismatch);
        }
        Ok(key)
    }

    /// Reads a PKCS#8 private key in PEM, `-----BEGIN PRIVATE KEY-----`.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] as [`SigningKey::from_pkcs8_der`], and for text that is not one such block.
    pub fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyFileError> {
        check_label(pem, PRIVATE)?;
        let (_, document) = SecretDocument::from_pem(pem).map_err(malformed_pem)?;
        Self::from_pkcs8_der(document.as_bytes())
    }

    /// The key as PKCS#8 version 1 in DER, 48 bytes.
    pub fn to_pkcs8_der(&self) -> Secret {
        // 30 2e                      SEQUENCE
        //    02 01 00                version 1
        //    30 05 06 03 2b 65 70    Ed25519
        //    04 22 04 20 ..          the seed, an OCTET STRING in an OCTET STRING
        let mut der = Zeroizing::new(Vec::with_capacity(48));
        der.extend_from_slice(b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20");
        der.extend_from_slice(self.key.as_bytes());
        Secret(der)
    }

    /// The key as PKCS#8 version 1 in PEM, lines ending in LF.
    pub fn to_pkcs8_pem(&self) -> Secret {
        let text = encode_pem(PRIVATE, self.to_pkcs8_der().as_bytes());
        Secret(Zeroizing::new(text.into_bytes()))
    }
}

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` in DER (RFC 8410 section 4); every check at load applies.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`], with [`KeyFileError::PublicKey`] for a point that is refused at load.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyFileError> {
        check_size(der.len())?;
        let bytes = PublicKeyBytes::from_public_key_der(der)?;
        Ok(Self::from_bytes(bytes.to_bytes())?)
    }

    /// Reads a `SubjectPublicKeyInfo` in PEM, `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    ///
    /// [`KeyFileError`] as [`PublicKey::from_spki_der`], and for text that is not one such block.
    pub fn from_spki_pem(pem: &str) -> Result<Self, KeyFileError> {
        check_label(pem, PUBLIC)?;
        let (_, der) = pem::decode_vec(pem.as_bytes()).map_err(malformed_pem)?;
        Self::from_spki_der(&der)
    }

    /// The key as `SubjectPublicKeyInfo` in DER, 44 bytes.
    pub fn to_spki_der(&self) -> Vec<u8> {
        // 30 2a                      SEQUENCE
        //    30 05 06 03 2b 65 70    Ed25519
        //    03 21 00 ..             the point, a BIT STRING without unused bits
        [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", &self.as_bytes()[..]].concat()
    }

    /// The key as `SubjectPublicKeyInfo` in PEM, lines ending in LF.
    pub fn to_spki_pem(&self) -> String {
        encode_pem(PUBLIC, &self.to_spki_der())
    }
}

fn check_size(found: usize) -> Result<(), KeyFileError> {
    if found <= MAX_KEY_FILE {
        return Ok(());
    }
    Err(KeyFileError::TooLarge { found, limit: MAX_KEY_FILE })
}

fn check_label(pem: &str, expected: &'static str) -> Result<(), KeyFileError> {
    check_size(pem.len())?;
    match pem::decode_label(pem.as_bytes()).map_err(malformed_pem)? {
        found if found == expected => Ok(()),
        ENCRYPTED => Err(KeyFileError::Encrypted),
        found => Err(KeyFileError::Label { found: excerpt(found), expected }),
    }
}

/// Whether `der` begins as an `EncryptedPrivateKeyInfo` does (RFC 5958 section 3): a SEQUENCE of
/// an algorithm and an OCTET STRING, where a private key has its version first.
fn is_encrypted(der: &[u8]) -> bool {
    sequence(der)
        .and_then(|(content, _)| sequence(content))
        .is_some_and(|(_, rest)| rest.first() == Some(&0x04))
}

/// The content of a SEQUENCE and what follows it; no file is long enough for longer lengths.
fn sequence(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = match der {
        [0x30, len @ 0..=0x7f, rest @ ..] | [0x30, 0x81, len, rest @ ..] => (u16::from(*len), rest),
        [0x30, 0x82, high, low, rest @ ..] => (u16::from_be_bytes([*high, *low]), rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(len))
}

fn malformed_pem(error: impl fmt::Display) -> KeyFileError {
    KeyFileError::Pem { reason: error.to_string() }
}

#[expect(clippy::expect_used, reason = "fixed labels and less than 100 bytes always encode")]
fn encode_pem(label: &str, der: &[u8]) -> String {
    pem::encode_string(label, LineEnding::LF, der).expect("a short DER under a fixed label")
}
