//! COSE_Sign1 as other implementations write it.

use super::envelope::{TAG, sig_structure};
use crate::cbor::{CborError, CborFault, Labels, Reader, Writer};
use crate::key::{PublicKey, Signature};
use crate::limits::MAX_STATEMENT;

const ALGORITHM: i64 = 1;
const CRITICAL: i64 = 2;
const CONTENT_TYPE: i64 = 3;
const HASH_ALGORITHM: i64 = 258;

/// Algorithms that this crate verifies: Ed25519 and `EdDSA`.
const VERIFIED: [i64; 2] = [-19, -8];

/// Signature algorithms of the COSE registry: RSA, ECDSA, `EdDSA`, ML-DSA, HSS-LMS.
const REGISTERED: [i64; 25] = [
    -65_535, -268, -267, -266, -265, -259, -258, -257, -53, -52, -51, -50, -49, -48, -47, -46, -39,
    -38, -37, -36, -35, -19, -9, -8, -7,
];

/// Bytes that are no COSE_Sign1 this crate can work with.
///
/// ```
/// use datadeed::statement::{Foreign, ForeignError};
///
/// // 18([h'a10127', {}, nil, h'00']): what was signed stands elsewhere.
/// let detached = Foreign::decode(b"\xd2\x84\x43\xa1\x01\x27\xa0\xf6\x41\x00")?;
/// assert_eq!(detached.to_be_signed(b""), Err(ForeignError::Detached));
/// # Ok::<(), ForeignError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The signature does not verify with the key.
    #[error("signature does not verify")]
    BadSignature,
    /// The bytes are malformed or ambiguous.
    #[error("malformed COSE_Sign1")]
    Cbor(#[from] CborError),
    /// The payload is detached, so there is nothing here that was signed.
    #[error("detached payload")]
    Detached,
    /// The signature is of an algorithm that this crate does not verify.
    #[error("COSE algorithm {found}, only -19 and -8 are verified")]
    OtherAlgorithm {
        /// The algorithm in the protected header.
        found: i64,
    },
}

/// A COSE_Sign1 (RFC 9052 section 4.2) of anybody: unambiguous, and no statement.
///
/// For what other systems sign. Nothing of it enters a lineage:
/// [`Signed`](super::Signed) reads the one form of this crate and no other. Here members may
/// stand in any order and labels may be unknown, but heads are minimal,
/// lengths definite, integer labels unique within and across both headers, the
/// algorithm is protected and registered, `crit` is refused, since nothing
/// behind it would be evaluated, and so is a content type of a hash (3 beside 258).
///
/// Receipts of other services (RFC 9942) can be read, but their payload is detached and their
/// proofs are not evaluated here: a time is proven by a [`Receipt`](crate::log::Receipt) of the
/// one form that RFC 9943 asks for, whose log is an anchor, and by nothing else in this version.
///
/// ```
/// use datadeed::statement::Foreign;
///
/// // 18([h'a10127', {}, 'hi', h'00'])
/// let foreign = Foreign::decode(b"\xd2\x84\x43\xa1\x01\x27\xa0\x42hi\x41\x00")?;
/// assert_eq!((foreign.algorithm(), foreign.payload()), (-8, Some(&b"hi"[..])));
/// assert_eq!(foreign.to_be_signed(b"")?, b"\x84\x6aSignature1\x43\xa1\x01\x27\x40\x42hi");
/// # Ok::<(), datadeed::statement::ForeignError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Foreign<'a> {
    algorithm: i64,
    /// The protected header with its byte string head.
    protected: &'a [u8],
    /// The payload with its byte string head, and without.
    payload: Option<(&'a [u8], &'a [u8])>,
    signature: &'a [u8],
}

impl<'a> Foreign<'a> {
    /// Reads a COSE_Sign1, tagged 18 or untagged, of at most [`MAX_STATEMENT`] bytes.
    ///
    /// # Errors
    ///
    /// [`ForeignError::Cbor`] with the offset of the first fault.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, ForeignError> {
        let mut reader = Reader::new(bytes);
        if bytes.len() > MAX_STATEMENT {
            let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let fault = CborFault::TooLong { found, limit: MAX_STATEMENT };
            return Err(CborError::new(0, fault).into());
        }
        if bytes.first() != Some(&0x84) {
            reader.tag(TAG)?;
        }
        reader.exact_array(4)?;
        let start = reader.offset();
        let content = reader.bytes(MAX_STATEMENT)?;
        let protected = reader.since(start);
        let content_start = reader.offset().saturating_sub(content.len());
        let (algorithm, labels) = decode_protected(content, content_start)?;
        let unprotected_start = reader.offset();
        let unprotected = Labels::read(&mut reader)?;
        if unprotected.overlaps(&labels) {
            return Err(CborError::new(unprotected_start, CborFault::Duplicate).into());
        }
        refuse_critical(&unprotected)?;
        refuse_content_type_of_hash(&labels, &unprotected)?;
        let payload = if reader.null()? {
            None
        } else {
            let start = reader.offset();
            let content = reader.bytes(MAX_STATEMENT)?;
            Some((reader.since(start), content))
        };
        let signature = reader.bytes(MAX_STATEMENT)?;
        reader.end()?;
        Ok(Self { algorithm, protected, payload, signature })
    }

    /// The algorithm in the protected header.
    pub const fn algorithm(&self) -> i64 {
        self.algorithm
    }

    /// The payload; `None` where it is detached.
    pub fn payload(&self) -> Option<&'a [u8]> {
        self.payload.map(|(_, content)| content)
    }

    /// The COSE `Sig_structure` (RFC 9052 section 4.4), with the protected header as received.
    ///
    /// # Errors
    ///
    /// [`ForeignError::Detached`] where no payload is attached.
    pub fn to_be_signed(&self, external_aad: &[u8]) -> Result<Vec<u8>, ForeignError> {
        let (payload, _) = self.payload.ok_or(ForeignError::Detached)?;
        let mut aad = Writer::with_capacity(external_aad.len().saturating_add(9));
        aad.bytes(external_aad);
        Ok(sig_structure(self.protected, aad.as_bytes(), payload))
    }

    /// Verifies an Ed25519 signature strictly, as [`PublicKey::verify`].
    ///
    /// The key is the caller's choice; a `kid` is not looked at.
    ///
    /// # Errors
    ///
    /// [`ForeignError::OtherAlgorithm`] before anything is verified,
    /// [`ForeignError::Detached`], [`ForeignError::BadSignature`].
    pub fn verify(&self, key: &PublicKey, external_aad: &[u8]) -> Result<(), ForeignError> {
        if !VERIFIED.contains(&self.algorithm) {
            return Err(ForeignError::OtherAlgorithm { found: self.algorithm });
        }
        let message = self.to_be_signed(external_aad)?;
        let signature = self.signature.try_into().map_err(|_| ForeignError::BadSignature)?;
        key.verify(&message, &Signature::from_bytes(signature))
            .map_err(|_| ForeignError::BadSignature)
    }
}

/// The algorithm and all labels of a protected header.
fn decode_protected(bytes: &[u8], base: usize) -> Result<(i64, Labels<'_>), CborError> {
    let mut reader = Reader::at(bytes, base);
    let labels = if bytes.is_empty() { Labels::none(base) } else { Labels::read(&mut reader)? };
    reader.end()?;
    // An empty header is the empty byte string (RFC 9052 section 3), so that there is one spelling.
    if !bytes.is_empty() && labels.is_empty() {
        return Err(CborError::new(base, CborFault::EmptyCollection));
    }
    refuse_critical(&labels)?;
    let mut algorithm = labels.required(ALGORITHM, "1 (alg)")?;
    let offset = algorithm.offset();
    let found = algorithm.int()?;
    if !REGISTERED.contains(&found) {
        let of = "registered COSE signature algorithm";
        let fault = CborFault::UnknownCode { found: found.to_string(), of };
        return Err(CborError::new(offset, fault));
    }
    Ok((found, labels))
}

/// A payload that is a hash has no content type of its own (RFC 9995 section 4): one that says both
/// would be content to one reader and the hash of content to another.
fn refuse_content_type_of_hash(
    protected: &Labels<'_>,
    unprotected: &Labels<'_>,
) -> Result<(), CborError> {
    let get = |label| protected.get(label).or_else(|| unprotected.get(label));
    match (get(HASH_ALGORITHM), get(CONTENT_TYPE)) {
        (Some(_), Some(reader)) => {
            let fault = CborFault::UnknownKey { key: "3 (content type) beside 258".to_owned() };
            Err(CborError::new(reader.offset(), fault))
        }
        _ => Ok(()),
    }
}

/// Whoever marks a label as critical asks for more than this reader does.
fn refuse_critical(labels: &Labels<'_>) -> Result<(), CborError> {
    match labels.get(CRITICAL) {
        None => Ok(()),
        Some(reader) => {
            let fault = CborFault::UnknownKey { key: "2 (crit)".to_owned() };
            Err(CborError::new(reader.offset(), fault))
        }
    }
}
