//! The one form of a receipt, and its bytes.

use std::ops::Range;

use super::ReceiptError;
use crate::cbor::{CborError, CborFault, Codec as _, Reader, Writer};
use crate::digest::Sha256;
use crate::id::{KeyId, Origin};
use crate::key::{Algorithm, Signature};
use crate::limits::{MAX_RECEIPT, MAX_TEXT};
use crate::log::InclusionProof;
use crate::statement::{SIGN1_TAG, expect_pairs};
use crate::timestamp::Timestamp;

const ALGORITHM: u64 = 1;
const KEY_ID: u64 = 4;
const CLAIMS: u64 = 15;
const TYPE: u64 = 16;
const STRUCTURE: u64 = 395;
const PROOFS: u64 = 396;
const ISSUER: u64 = 1;
const SUBJECT: u64 = 2;
const ISSUED_AT: u64 = 6;
/// Inclusion proofs in [`PROOFS`].
const INCLUSION: i64 = -1;

const RECEIPT_TYPE: &str = "application/scitt-receipt+cose";
/// `RFC9162_SHA256` in the registry of verifiable data structures.
const RFC9162_SHA256: u64 = 1;
const NIL: u8 = 0xf6;

/// Longest path: of a log of 2^63 entries.
const MAX_PATH: usize = 63;

/// What the protected header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key: KeyId,
    pub(super) issuer: String,
    pub(super) origin: Origin,
    pub(super) issued_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) header: Header,
    /// The protected header with its byte string head.
    pub(super) protected: Range<usize>,
    pub(super) proof: InclusionProof,
    pub(super) signature: Signature,
}

/// A receipt with 64 zero bytes, its last, for a signature.
pub(super) fn encode(header: &Header, proof: &InclusionProof) -> Vec<u8> {
    // d2                           tag 18
    //    84                        array(4)
    //       58 ..                  protected
    //          a5 01 32 04 58 20 .. 0f a3 01 .. 02 .. 06 .. 10 78 1e .. 19 018b 01
    //       a1 19 018c             {396:
    //          a1 20 81            {-1: [
    //             58 .. 83 .. .. 82 58 20 ..   bstr .cbor [size, index, [+ bstr]]
    //       f6                     nil
    //       58 40 ..               signature
    let mut protected = Writer::with_capacity(200);
    protected.map(5);
    protected.uint(ALGORITHM);
    header.algorithm.encode(&mut protected);
    protected.uint(KEY_ID);
    header.key.encode(&mut protected);
    protected.uint(CLAIMS);
    protected.map(3);
    protected.uint(ISSUER);
    header.issuer.encode(&mut protected);
    protected.uint(SUBJECT);
    protected.text(header.origin.as_str());
    protected.uint(ISSUED_AT);
    header.issued_at.encode(&mut protected);
    protected.uint(TYPE);
    protected.text(RECEIPT_TYPE);
    protected.uint(STRUCTURE);
    protected.uint(RFC9162_SHA256);

    let mut inclusion =
        Writer::with_capacity(proof.path.len().saturating_mul(34).saturating_add(24));
    inclusion.array(3);
    inclusion.uint(proof.tree_size);
    inclusion.uint(proof.leaf_index);
    inclusion.array(proof.path.len());
    for hash in &proof.path {
        hash.encode(&mut inclusion);
    }

    let mut writer = Writer::with_capacity(MAX_RECEIPT);
    writer.tag(SIGN1_TAG);
    writer.array(4);
    writer.bytes(protected.as_bytes());
    writer.map(1);
    writer.uint(PROOFS);
    writer.map(1);
    writer.int(INCLUSION);
    writer.array(1);
    writer.bytes(inclusion.as_bytes());
    writer.raw(&[NIL]);
    writer.bytes(&[0; 64]);
    writer.finish()
}

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, ReceiptError> {
    if bytes.len() > MAX_RECEIPT {
        return Err(ReceiptError::TooLarge { found: bytes.len(), limit: MAX_RECEIPT });
    }
    let mut reader = Reader::new(bytes);
    reader.tag(SIGN1_TAG)?;
    reader.exact_array(4)?;
    let start = reader.offset();
    let content = reader.bytes(MAX_RECEIPT)?;
    let protected = start..reader.offset();
    let header = decode_header(content, protected.end.saturating_sub(content.len()))?;
    expect_pairs(&mut reader, 1)?;
    reader.exactly(PROOFS)?;
    expect_pairs(&mut reader, 1)?;
    expect_label(&mut reader, INCLUSION)?;
    reader.exact_array(1)?;
    let content = reader.bytes(MAX_RECEIPT)?;
    let proof = decode_proof(content, reader.offset().saturating_sub(content.len()))?;
    let offset = reader.offset();
    if !reader.null()? {
        return Err(CborError::new(offset, CborFault::Unreadable { expected: "null" }).into());
    }
    let signature = Signature::from_bytes(reader.fixed()?);
    reader.end()?;
    Ok(Decoded { header, protected, proof, signature })
}

fn decode_header(bytes: &[u8], base: usize) -> Result<Header, ReceiptError> {
    let mut reader = Reader::at(bytes, base);
    expect_pairs(&mut reader, 5)?;
    reader.exactly(ALGORITHM)?;
    let algorithm = Algorithm::decode(&mut reader)?;
    reader.exactly(KEY_ID)?;
    let key = KeyId::decode(&mut reader)?;
    reader.exactly(CLAIMS)?;
    expect_pairs(&mut reader, 3)?;
    reader.exactly(ISSUER)?;
    let issuer = String::decode(&mut reader)?;
    reader.exactly(SUBJECT)?;
    let origin = Origin::new(reader.text(MAX_TEXT)?)?;
    reader.exactly(ISSUED_AT)?;
    let issued_at = Timestamp::decode(&mut reader)?;
    reader.exactly(TYPE)?;
    reader.exact_text(RECEIPT_TYPE)?;
    reader.exactly(STRUCTURE)?;
    reader.exactly(RFC9162_SHA256)?;
    reader.end()?;
    Ok(Header { algorithm, key, issuer, origin, issued_at })
}

fn decode_proof(bytes: &[u8], base: usize) -> Result<InclusionProof, ReceiptError> {
    let mut reader = Reader::at(bytes, base);
    reader.exact_array(3)?;
    let tree_size = reader.uint()?;
    let leaf_index = reader.uint()?;
    // A log of one entry has no path, and RFC 9942 no receipt without one.
    if tree_size < 2 {
        return Err(ReceiptError::Size { found: tree_size });
    }
    let len = reader.array(MAX_PATH)?;
    let path = (0..len).map(|_| Sha256::decode(&mut reader)).collect::<Result<_, _>>()?;
    reader.end()?;
    let proof = InclusionProof { tree_size, leaf_index, path };
    proof.shape()?;
    Ok(proof)
}

/// The one label allowed here, which is negative.
fn expect_label(reader: &mut Reader<'_>, expected: i64) -> Result<(), CborError> {
    let offset = reader.offset();
    let found = reader.int()?;
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.to_string(), expected.to_string());
    Err(CborError::new(offset, CborFault::Mismatch { found, expected }))
}
