//! COSE key thumbprints (RFC 9679): the [`KeyId`] of any public COSE_Key.

use crate::cbor::{CborError, CborFault, Labels, Reader, Writer};
use crate::digest::sha256;
use crate::id::KeyId;

/// `kty` (RFC 9053 section 7, RFC 8230, RFC 8778).
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const HSS_LMS: i64 = 5;

/// `crv`.
const ED25519: i64 = 6;

/// The thumbprint of a COSE_Key (RFC 9679 section 3), whoever encoded it.
///
/// Of the members only those that make up the key count: `kty` with `crv` and
/// `x` (OKP), `crv`, `x` and `y` (EC2), `n` and `e` (RSA) or `pub` (HSS-LMS).
/// They are encoded anew, so their order in `cose_key` is free; lengths must be
/// definite, heads minimal and labels unique. Coordinates must have their
/// curve's length, and RSA numbers no leading zeros, so that one key has one
/// thumbprint. Whether the key is sound is not looked at.
///
/// Symmetric keys are refused: the hash of a secret is not for publication
/// (RFC 9679 section 7).
///
/// ```
/// use datadeed::key::{PublicKey, Signer, SigningKey, cose_key_id};
///
/// let key: PublicKey = SigningKey::from_seed(&[7; 32]).public_key();
/// // {-2: x, 1: 1, -1: 6}, in no particular order
/// let cose_key = [b"\xa3\x21\x58\x20", &key.as_bytes()[..], b"\x01\x01\x20\x06"].concat();
/// assert_eq!(cose_key_id(&cose_key), Ok(key.id()));
/// ```
///
/// # Errors
///
/// [`CborError`] with the offset of the member at fault; a member that is
/// missing has the offset of the map.
pub fn cose_key_id(cose_key: &[u8]) -> Result<KeyId, CborError> {
    let mut reader = Reader::new(cose_key);
    let members = Labels::read(&mut reader)?;
    reader.end()?;
    let mut kty = members.required(1, "1 (kty)")?;
    let offset = kty.offset();
    match kty.int()? {
        OKP => {
            let (curve, size) = curve(&members)?;
            let x = coordinate(members.required(-2, "-2 (x)")?, size)?;
            Ok(thumbprint(OKP, Some(curve), &[x]))
        }
        EC2 => {
            let (curve, size) = curve(&members)?;
            let x = coordinate(members.required(-2, "-2 (x)")?, size)?;
            // A compressed y is a boolean; to expand it takes the curve's arithmetic.
            let y = coordinate(members.required(-3, "-3 (y)")?, size)?;
            Ok(thumbprint(EC2, Some(curve), &[x, y]))
        }
        RSA => {
            let n = number(members.required(-1, "-1 (n)")?)?;
            let e = number(members.required(-2, "-2 (e)")?)?;
            Ok(thumbprint(RSA, None, &[n, e]))
        }
        HSS_LMS => {
            let public = members.required(-1, "-1 (pub)")?.bytes(usize::MAX)?;
            Ok(thumbprint(HSS_LMS, None, &[public]))
        }
        other => {
            let of = "public COSE key type (1, 2, 3 or 5)";
            let fault = CborFault::UnknownCode { found: other.to_string(), of };
            Err(CborError::new(offset, fault))
        }
    }
}

/// The thumbprint of an Ed25519 key.
pub(super) fn ed25519_id(x: &[u8; 32]) -> KeyId {
    thumbprint(OKP, Some(ED25519), &[x])
}

/// SHA-256 over the deterministic map of `kty`, `crv` if any, and byte strings under the next labels.
fn thumbprint(kty: i64, curve: Option<i64>, values: &[&[u8]]) -> KeyId {
    // a3                map(3)
    //    01 01          kty: OKP
    //    20 06          crv: Ed25519
    //    21 58 20 ...   x
    let size: usize = values.iter().map(|value| value.len().saturating_add(4)).sum();
    let mut writer = Writer::with_capacity(size.saturating_add(16));
    let curves = usize::from(curve.is_some());
    writer.map(values.len().saturating_add(curves).saturating_add(1));
    writer.int(1);
    writer.int(kty);
    let mut label = -1;
    if let Some(curve) = curve {
        writer.int(label);
        writer.int(curve);
        label = -2;
    }
    for value in values {
        writer.int(label);
        writer.bytes(value);
        label = label.saturating_sub(1);
    }
    KeyId::from_bytes(sha256(writer.as_bytes()))
}

/// `crv`, and the length of its coordinates where this crate knows it (RFC 9053 section 7.1).
fn curve(members: &Labels<'_>) -> Result<(i64, Option<u64>), CborError> {
    let curve = members.required(-1, "-1 (crv)")?.int()?;
    let size = match curve {
        // P-256, X25519, Ed25519, secp256k1.
        1 | 4 | ED25519 | 8 => Some(32),
        // P-384.
        2 => Some(48),
        // P-521.
        3 => Some(66),
        // X448.
        5 => Some(56),
        // Ed448.
        7 => Some(57),
        _ => None,
    };
    Ok((curve, size))
}

fn coordinate(mut reader: Reader<'_>, size: Option<u64>) -> Result<&[u8], CborError> {
    let offset = reader.offset();
    let bytes = reader.bytes(usize::MAX)?;
    let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    match size {
        Some(size) if size != found => {
            let fault = CborFault::OutOfRange { found, min: size, max: size };
            Err(CborError::new(offset, fault))
        }
        _ => Ok(bytes),
    }
}

/// An unsigned big-endian number in as few bytes as it needs (RFC 8230 section 4).
fn number(mut reader: Reader<'_>) -> Result<&[u8], CborError> {
    let offset = reader.offset();
    match reader.bytes(usize::MAX)? {
        [] | [0, ..] => {
            let expected = "a positive number without leading zeros";
            Err(CborError::new(offset, CborFault::Unreadable { expected }))
        }
        bytes => Ok(bytes),
    }
}
