//! The COSE_Sign1 envelope, in the one form this crate writes and reads.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Header, Kind, PayloadError, statement_id};
use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::id::{KeyId, StatementId, Subject};
use crate::key::{Algorithm, PublicKey, Signature, SignatureCache};
use crate::limits::{MAX_RECEIPT, MAX_RECEIPTS, MAX_STATEMENT, MAX_TEXT};
use crate::text::excerpt;

/// COSE_Sign1 (RFC 9052 section 4.2).
pub(crate) const TAG: u64 = 18;
const ALGORITHM: u64 = 1;
const CONTENT_TYPE: u64 = 3;
const KEY_ID: u64 = 4;
const CLAIMS: u64 = 15;
const TYPE: u64 = 16;
const RECEIPTS: u64 = 394;
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
    /// The envelope or the payload is not the CBOR it should be; offsets count from the first byte
    /// of the envelope, in the payload from that of the envelope without receipts.
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
    /// There are more receipts than this crate accepts.
    #[error("{found} receipts, at most {limit} allowed")]
    TooManyReceipts {
        /// How many.
        found: usize,
        /// [`MAX_RECEIPTS`].
        limit: usize,
    },
    /// A statement of this kind is no part of a lineage.
    #[error("a statement of kind {found} is no part of a lineage")]
    NoLineage {
        /// Its kind.
        found: Kind,
    },
    /// There is no signature: a batch has to name the statement, if its kind allows that.
    #[error("not signed, so a batch has to name it")]
    Unsigned,
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

/// A statement of any kind, its payload not looked at: for whoever keeps or passes on statements.
///
/// ```
/// use datadeed::statement::{Envelope, Kind};
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let signed = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
///
/// let envelope = Envelope::decode(signed.as_bytes())?;
/// assert_eq!((envelope.id(), envelope.header().kind), (signed.id(), Kind::Dataset));
/// envelope.verify(&curator.public_key())?;
///
/// // What a log says of a statement travels with it and is no part of it.
/// let with_receipt = envelope.clone().with_receipts([b"a receipt".to_vec()])?;
/// assert_ne!(with_receipt.to_bytes(), envelope.to_bytes());
/// assert_eq!((with_receipt.id(), with_receipt.as_bytes()), (envelope.id(), envelope.as_bytes()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// With an empty unprotected header.
    bytes: Vec<u8>,
    header: Header,
    id: StatementId,
    /// The protected header with its byte string head.
    protected: Range<usize>,
    /// The payload with its byte string head.
    payload: Range<usize>,
    /// Where the payload's content begins.
    payload_start: usize,
    /// None leans on a batch.
    signature: Option<Signature>,
    /// Of the unprotected header; strictly increasing.
    receipts: Vec<Vec<u8>>,
}

impl Envelope {
    /// Decodes the one form of an envelope, with or without receipts; neither payload nor signature is looked at.
    ///
    /// # Errors
    ///
    /// [`StatementError::TooLarge`], [`StatementError::UnknownKind`], [`StatementError::Unsigned`] for a
    /// kind that must have a signature, and [`StatementError::Cbor`] for any other bytes that [`Envelope::to_bytes`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
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
        let unprotected = reader.offset();
        let receipts = decode_unprotected(&mut reader)?;
        // Offsets are those of the envelope without its receipts.
        let left_out = reader.offset().saturating_sub(unprotected).saturating_sub(1);
        let start = reader.offset();
        let content = reader.bytes(MAX_STATEMENT)?;
        let payload = start..reader.offset();
        let content_start = payload.end.saturating_sub(content.len());
        let signature = decode_signature(&mut reader)?;
        reader.end()?;
        if signature.is_none() && !header.kind.may_lean_on_a_batch() {
            return Err(StatementError::Unsigned);
        }
        let id = statement_id(&sig_structure(
            bytes.get(protected.clone()).unwrap_or_default(),
            NO_AAD,
            bytes.get(payload.clone()).unwrap_or_default(),
        ));
        let payload_start = content_start.saturating_sub(left_out);
        let place = start.saturating_sub(left_out)..payload.end.saturating_sub(left_out);
        let bytes = if receipts.is_empty() {
            bytes.to_vec()
        } else {
            let before = bytes.get(..unprotected).unwrap_or_default();
            let after = bytes.get(start..).unwrap_or_default();
            [before, EMPTY_MAP, after].concat()
        };
        let payload = place;
        Ok(Self { bytes, header, id, protected, payload, payload_start, signature, receipts })
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
        let mut draft = Self {
            bytes,
            header,
            id: StatementId::from_bytes([0; 32]),
            protected,
            payload: place,
            payload_start,
            signature: Some(Signature::from_bytes([0; 64])),
            receipts: Vec::new(),
        };
        let to_be_signed = draft.to_be_signed();
        draft.id = statement_id(&to_be_signed);
        Ok((draft, to_be_signed))
    }

    /// The payload and its offset in the envelope.
    pub(super) fn payload(&self) -> (&[u8], usize) {
        let content = self.bytes.get(self.payload_start..self.payload.end).unwrap_or_default();
        (content, self.payload_start)
    }

    /// What the signature covers beside the payload.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The id: what the signature covers, neither the signature nor receipts.
    pub const fn id(&self) -> StatementId {
        self.id
    }

    /// The envelope without its receipts, as its issuer wrote it; a log's entry is a hash of these bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The envelope with its receipts: a transparent statement (RFC 9943 section 7), if there are any.
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.receipts.is_empty() {
            return self.bytes.clone();
        }
        let (before, after) = self.bytes.split_at_checked(self.protected.end).unwrap_or_default();
        let mut writer = Writer::with_capacity(self.bytes.len());
        writer.raw(before);
        writer.map(1);
        writer.uint(RECEIPTS);
        writer.array(self.receipts.len());
        for receipt in &self.receipts {
            writer.bytes(receipt);
        }
        // All but the empty map.
        writer.raw(after.get(1..).unwrap_or_default());
        writer.finish()
    }

    /// Receipts (RFC 9942), strictly increasing by bytes. Nobody has looked at them.
    pub fn receipts(&self) -> &[Vec<u8>] {
        &self.receipts
    }

    /// The same statement with these receipts beside those it has, each once.
    ///
    /// # Errors
    ///
    /// [`StatementError::TooManyReceipts`], [`StatementError::TooLarge`] beyond what a decoder takes.
    pub fn with_receipts(
        mut self,
        receipts: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Self, StatementError> {
        let all: BTreeSet<Vec<u8>> = self.receipts.drain(..).chain(receipts).collect();
        if all.len() > MAX_RECEIPTS {
            return Err(StatementError::TooManyReceipts { found: all.len(), limit: MAX_RECEIPTS });
        }
        self.receipts = all.into_iter().collect();
        let found = self.to_bytes().len();
        if found > MAX_STATEMENT {
            return Err(StatementError::TooLarge { found, limit: MAX_STATEMENT });
        }
        Ok(self)
    }

    /// The same statement without receipts.
    #[must_use]
    pub fn without_receipts(mut self) -> Self {
        self.receipts.clear();
        self
    }

    /// Whether it has a signature of its own; one that has none leans on a batch that names it.
    pub const fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// The COSE `Sig_structure` (RFC 9052 section 4.4) that is signed.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(
            self.bytes.get(self.protected.clone()).unwrap_or_default(),
            NO_AAD,
            self.bytes.get(self.payload.clone()).unwrap_or_default(),
        )
    }

    /// Verifies the signature with the key that the header names.
    ///
    /// # Errors
    ///
    /// [`StatementError::WrongKey`] where the header names another key, [`StatementError::Unsigned`]
    /// where there is no signature, [`StatementError::BadSignature`] where it is not this key's.
    pub fn verify(&self, key: &PublicKey) -> Result<(), StatementError> {
        self.verify_with(None, key)
    }

    /// As [`Envelope::verify`], but for a signature that the cache has seen verify.
    pub(crate) fn verify_with(
        &self,
        cache: Option<&SignatureCache>,
        key: &PublicKey,
    ) -> Result<(), StatementError> {
        if key.id() != self.header.key {
            return Err(StatementError::WrongKey { named: self.header.key, given: key.id() });
        }
        let signature = self.signature.as_ref().ok_or(StatementError::Unsigned)?;
        Ok(key.verify_named(cache, self.id.as_bytes(), || self.to_be_signed(), signature)?)
    }

    /// Replaces the signature, which is the envelope's last 64 bytes.
    pub(super) fn set_signature(&mut self, signature: Signature) {
        if let Some(place) = self.bytes.last_chunk_mut::<64>() {
            *place = *signature.as_bytes();
            self.signature = Some(signature);
        }
    }

    /// Takes the signature away: a zero-length one stands in its place.
    pub(super) fn unsign(&mut self) {
        // 58 40 and 64 bytes, in a draft.
        self.bytes.truncate(self.payload.end);
        self.bytes.push(EMPTY_BYTES);
        self.signature = None;
    }
}

/// The encoded empty byte string.
const EMPTY_BYTES: u8 = 0x40;
/// The encoded empty map.
const EMPTY_MAP: &[u8] = &[0xa0];

/// What a statement has for external data (RFC 9943 section 6).
const NO_AAD: &[u8] = &[EMPTY_BYTES];

/// No unprotected header, or one with receipts and nothing else (RFC 9942 section 4).
fn decode_unprotected(reader: &mut Reader<'_>) -> Result<Vec<Vec<u8>>, CborError> {
    let len = reader.map_or_empty(1)?;
    if len == 0 {
        return Ok(Vec::new());
    }
    reader.exactly(RECEIPTS)?;
    let len = reader.array(MAX_RECEIPTS)?;
    let mut receipts: Vec<Vec<u8>> = Vec::with_capacity(len);
    for _ in 0..len {
        let offset = reader.offset();
        let receipt = reader.bytes(MAX_RECEIPT)?;
        if receipts.last().is_some_and(|last| last.as_slice() >= receipt) {
            return Err(CborError::new(offset, CborFault::Unordered));
        }
        receipts.push(receipt.to_vec());
    }
    Ok(receipts)
}

/// 64 bytes, or none where a batch stands for them.
fn decode_signature(reader: &mut Reader<'_>) -> Result<Option<Signature>, CborError> {
    let mut ahead = reader.clone();
    if ahead.bytes(MAX_STATEMENT)?.is_empty() {
        *reader = ahead;
        return Ok(None);
    }
    Ok(Some(Signature::from_bytes(reader.fixed()?)))
}

/// `["Signature1", protected, external_aad, payload]`, all three given with their heads.
pub(crate) fn sig_structure(protected: &[u8], external_aad: &[u8], payload: &[u8]) -> Vec<u8> {
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
pub(crate) fn expect_pairs(reader: &mut Reader<'_>, expected: u64) -> Result<(), CborError> {
    let offset = reader.offset();
    let found = u64::try_from(reader.map(usize::MAX)?).unwrap_or(u64::MAX);
    if found == expected {
        return Ok(());
    }
    let fault = CborFault::OutOfRange { found, min: expected, max: expected };
    Err(CborError::new(offset, fault))
}
