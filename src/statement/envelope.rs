//! The COSE_Sign1 envelope, in the one form this crate writes and reads.

use std::ops::Range;

use super::{Header, Kind, PayloadError, statement_id};
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::id::{KeyId, StatementId, Subject};
use crate::key::{Algorithm, PublicKey, Signature};
use crate::limits::{MAX_STATEMENT, MAX_TEXT};
use crate::text::excerpt;

/// COSE_Sign1 (RFC 9052 section 4.2).
pub(super) const TAG: u64 = 18;
const ALGORITHM: u64 = 1;
const CONTENT_TYPE: u64 = 3;
const KEY_ID: u64 = 4;
const CLAIMS: u64 = 15;
const TYPE: u64 = 16;
const ISSUER: u64 = 1;
const SUBJECT: u64 = 2;
const ISSUED_AT: u64 = 6;

const STATEMENT_TYPE: &str = "application/scitt-statement+cose";
const CONTENT_TYPE_PREFIX: &str = "application/vnd.datadeed.";
const CONTENT_TYPE_SUFFIX: &str = ".v1+cbor";

/// Bytes that are no statement, or no sound one.
///
/// ```
/// use datadeed::manifest::Dataset;
/// use datadeed::rights::Licence;
/// use datadeed::statement::{Kind, Signed, StatementError};
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::ScanMethod;
/// # use datadeed::statement::{Issuer, Payload};
/// # let issuer = |byte| Issuer::new("did:web:curator.example", SigningKey::from_seed(&[byte; 32]));
/// # let (curator, other) = (issuer(7), issuer(8));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let signed = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
///
/// let (found, expected) = (Kind::Dataset, Kind::Licence);
/// let no_licence = Signed::<Licence>::decode(signed.as_bytes());
/// assert_eq!(no_licence, Err(StatementError::WrongKind { found, expected }));
///
/// let (named, given) = (curator.public_key().id(), other.public_key().id());
/// let by_another = signed.verify(&other.public_key());
/// assert_eq!(by_another, Err(StatementError::WrongKey { named, given }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// The signature does not verify with the key.
    #[error("signature does not verify")]
    BadSignature,
    /// The envelope or the payload is not the CBOR it should be; offsets count from the envelope's first byte.
    #[error("malformed statement")]
    Cbor(#[from] CborError),
    /// Fields of the payload contradict each other.
    #[error("inconsistent payload")]
    Payload(#[from] PayloadError),
    /// `sub` is not what the payload is about.
    #[error("sub is {claimed}, the payload is about {payload}")]
    SubjectMismatch {
        /// The `sub` of the header.
        claimed: Subject,
        /// The subject that the payload gives.
        payload: Subject,
    },
    /// The envelope is larger than this crate accepts.
    #[error("statement of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Size of the envelope, in bytes.
        found: usize,
        /// [`MAX_STATEMENT`].
        limit: usize,
    },
    /// The content type is none of this version's.
    #[error("unknown content type {found:?}")]
    UnknownKind {
        /// The content type, at most 80 bytes of it.
        found: String,
    },
    /// The statement names another key than the one at hand.
    #[error("signed by {named}, not by {given}")]
    WrongKey {
        /// The key id in the header.
        named: KeyId,
        /// The id of the key at hand.
        given: KeyId,
    },
    /// The statement is of another kind than asked for.
    #[error("statement is of kind {found}, not {expected}")]
    WrongKind {
        /// Its kind.
        found: Kind,
        /// The kind asked for.
        expected: Kind,
    },
}

/// A decoded envelope that keeps the bytes it was decoded from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    bytes: Vec<u8>,
    header: Header,
    id: StatementId,
    /// The protected header with its byte string head.
    protected: Range<usize>,
    /// The payload with its byte string head.
    payload: Range<usize>,
    /// Where the payload's content begins.
    payload_start: usize,
    signature: Signature,
}

impl Envelope {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > MAX_STATEMENT {
            return Err(StatementError::TooLarge { found: bytes.len(), limit: MAX_STATEMENT });
        }
        let mut reader = Reader::new(bytes);
        reader.tag(TAG)?;
        reader.exact_array(4)?;
        let start = reader.offset();
        let protected_bytes = reader.bytes(MAX_STATEMENT)?;
        let protected = start..reader.offset();
        let header_start = protected.end.saturating_sub(protected_bytes.len());
        let header = decode_header(protected_bytes, header_start)?;
        reader.empty_map()?;
        let start = reader.offset();
        let content = reader.bytes(MAX_STATEMENT)?;
        let payload = start..reader.offset();
        let payload_start = payload.end.saturating_sub(content.len());
        let signature = Signature::from_bytes(reader.fixed()?);
        reader.end()?;
        let id = statement_id(&sig_structure(
            bytes.get(protected.clone()).unwrap_or_default(),
            NO_AAD,
            bytes.get(payload.clone()).unwrap_or_default(),
        ));
        let bytes = bytes.to_vec();
        Ok(Self { bytes, header, id, protected, payload, payload_start, signature })
    }

    /// The envelope that says `header` and `payload`, with 64 zero bytes for a signature, and
    /// what is to be signed.
    ///
    /// The header's types leave nothing to refuse but the issuer; the payload is not looked at.
    pub(super) fn draft(header: Header, payload: &[u8]) -> Result<(Self, Vec<u8>), StatementError> {
        // d2                         tag 18
        //    84                      array(4)
        //       58 .. ..             protected
        //       a0                   unprotected
        //       58 .. ..             payload
        //       58 40 ..             signature
        let protected = encode_header(&header);
        let size = payload.len().saturating_add(protected.len()).saturating_add(90);
        let mut writer = Writer::with_capacity(size);
        writer.tag(TAG);
        writer.array(4);
        let start = writer.as_bytes().len();
        writer.bytes(&protected);
        let protected = start..writer.as_bytes().len();
        writer.map(0);
        let start = writer.as_bytes().len();
        writer.bytes(payload);
        let place = start..writer.as_bytes().len();
        let payload_start = place.end.saturating_sub(payload.len());
        writer.bytes(&[0; 64]);
        let bytes = writer.finish();
        if bytes.len() > MAX_STATEMENT || header.issuer.is_empty() || header.issuer.len() > MAX_TEXT
        {
            // The decoder says what is wrong, and where.
            let draft = Self::decode(&bytes)?;
            let to_be_signed = draft.to_be_signed();
            return Ok((draft, to_be_signed));
        }
        let signature = Signature::from_bytes([0; 64]);
        let id = StatementId::from_bytes([0; 32]);
        let payload = place;
        let mut draft = Self { bytes, header, id, protected, payload, payload_start, signature };
        let to_be_signed = draft.to_be_signed();
        draft.id = statement_id(&to_be_signed);
        Ok((draft, to_be_signed))
    }

    /// The payload and its offset in the envelope.
    pub(super) fn payload(&self) -> (&[u8], usize) {
        let content = self.bytes.get(self.payload_start..self.payload.end).unwrap_or_default();
        (content, self.payload_start)
    }

    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) const fn id(&self) -> StatementId {
        self.id
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(
            self.bytes.get(self.protected.clone()).unwrap_or_default(),
            NO_AAD,
            self.bytes.get(self.payload.clone()).unwrap_or_default(),
        )
    }

    pub(crate) fn verify(&self, key: &PublicKey) -> Result<(), StatementError> {
        if key.id() != self.header.key {
            return Err(StatementError::WrongKey { named: self.header.key, given: key.id() });
        }
        Ok(key.verify(&self.to_be_signed(), &self.signature)?)
    }

    /// Replaces the signature, which is the envelope's last 64 bytes.
    pub(super) fn set_signature(&mut self, signature: Signature) {
        if let Some(place) = self.bytes.last_chunk_mut::<64>() {
            *place = *signature.as_bytes();
            self.signature = signature;
        }
    }
}

/// The encoded empty byte string: what a statement has for external data (RFC 9943 section 6).
const NO_AAD: &[u8] = &[0x40];

/// `["Signature1", protected, external_aad, payload]`, all three given with their heads.
pub(super) fn sig_structure(protected: &[u8], external_aad: &[u8], payload: &[u8]) -> Vec<u8> {
    // 84                         array(4)
    //    6a 5369676e617475726531 "Signature1"
    //    58 .. ..                protected
    //    40                      external_aad, empty in statements
    //    58 .. ..                payload
    [b"\x84\x6aSignature1", protected, external_aad, payload].concat()
}

fn encode_header(header: &Header) -> Vec<u8> {
    let mut writer = Writer::with_capacity(300);
    writer.map(5);
    writer.uint(ALGORITHM);
    header.algorithm.encode(&mut writer);
    writer.uint(CONTENT_TYPE);
    let kind = header.kind.code();
    writer.text_of(&[CONTENT_TYPE_PREFIX, kind, CONTENT_TYPE_SUFFIX]);
    writer.uint(KEY_ID);
    header.key.encode(&mut writer);
    writer.uint(CLAIMS);
    writer.map(3);
    writer.uint(ISSUER);
    header.issuer.encode(&mut writer);
    writer.uint(SUBJECT);
    header.subject.encode(&mut writer);
    writer.uint(ISSUED_AT);
    header.issued_at.encode(&mut writer);
    writer.uint(TYPE);
    writer.text(STATEMENT_TYPE);
    writer.finish()
}

fn decode_header(bytes: &[u8], base: usize) -> Result<Header, StatementError> {
    let mut reader = Reader::at(bytes, base);
    expect_pairs(&mut reader, 5)?;
    reader.exactly(ALGORITHM)?;
    let algorithm = Algorithm::decode(&mut reader)?;
    reader.exactly(CONTENT_TYPE)?;
    let content_type = reader.text(MAX_TEXT)?;
    let kind = content_type
        .strip_prefix(CONTENT_TYPE_PREFIX)
        .and_then(|rest| rest.strip_suffix(CONTENT_TYPE_SUFFIX))
        .and_then(Kind::from_code)
        .ok_or_else(|| StatementError::UnknownKind { found: excerpt(content_type) })?;
    reader.exactly(KEY_ID)?;
    let key = KeyId::decode(&mut reader)?;
    reader.exactly(CLAIMS)?;
    expect_pairs(&mut reader, 3)?;
    reader.exactly(ISSUER)?;
    let issuer = String::decode(&mut reader)?;
    reader.exactly(SUBJECT)?;
    let subject = Subject::decode(&mut reader)?;
    reader.exactly(ISSUED_AT)?;
    let issued_at = Codec::decode(&mut reader)?;
    reader.exactly(TYPE)?;
    reader.exact_text(STATEMENT_TYPE)?;
    reader.end()?;
    Ok(Header { algorithm, kind, key, issuer, subject, issued_at })
}

/// Every label is required and no other is allowed, so `crit`, `x5chain` and the like are refused here.
fn expect_pairs(reader: &mut Reader<'_>, expected: u64) -> Result<(), CborError> {
    let offset = reader.offset();
    let found = u64::try_from(reader.map(usize::MAX)?).unwrap_or(u64::MAX);
    if found == expected {
        return Ok(());
    }
    let fault = CborFault::OutOfRange { found, min: expected, max: expected };
    Err(CborError::new(offset, fault))
}
