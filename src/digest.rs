//! All hashing: BLAKE3 content digests, keyed hashes by role, SHA-256 for key thumbprints and hubs.
//!
//! Only plain content has an unkeyed digest. Every other hash is
//! `keyed_hash(ROLE_KEY, input)` with `ROLE_KEY = derive_key("datadeed v1 <role>", "")`,
//! so no value of one role can stand for a value of another.
//!
//! ```
//! use datadeed::Digest;
//!
//! let digest = Digest::of(b"hello");
//! assert_eq!(
//!     digest.to_string(),
//!     "blake3:ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f",
//! );
//! ```

#[cfg(feature = "fs")]
mod segment;
mod sha256;

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

use crate::text::{TextError, parse_prefixed, prefixed};

#[cfg(feature = "fs")]
pub(crate) use segment::{SEGMENT, Segment, join_segments};
pub use sha256::{Sha256, Sha256Hasher};

/// BLAKE3 of plain content; text `blake3:<64 lower-case hex>`.
///
/// ```
/// use datadeed::Digest;
///
/// let digest = Digest::of(b"hello");
/// assert_eq!(digest.to_string().parse(), Ok(digest));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(*blake3::hash(content).as_bytes())
    }

    /// A digest computed elsewhere.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&prefixed("blake3", &self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        parse_prefixed("blake3", text).map(Self)
    }
}

/// A digest of content that arrives in pieces.
///
/// ```
/// use datadeed::digest::{Digest, Hasher};
///
/// let mut hasher = Hasher::new();
/// hasher.update(b"hel");
/// hasher.update(b"lo");
/// assert_eq!(hasher.finish(), Digest::of(b"hello"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Hasher(blake3::Hasher);

impl Hasher {
    /// A hasher that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece of content.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces in order.
    pub fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

/// What a keyed hash is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A leaf of a `content` tree.
    ContentLeaf,
    /// The value of a `parts` leaf: an entry's CBOR.
    Entry,
    /// An `IndexId`: the CBOR preimage.
    Index,
    /// A leaf of an index tree.
    IndexLeaf,
    /// A `ManifestId`: the CBOR head.
    Manifest,
    /// The key under which one manifest's rows are added up: a `ManifestId`.
    Multiset,
    /// The key of a `parts` leaf: a name.
    Name,
    /// An inner node of any tree.
    Node,
    /// A leaf of a `parts` tree.
    PartsLeaf,
    /// What a cache keeps of a verified signature: public key, signature and message.
    Signature,
    /// A `StatementId`: the COSE `Sig_structure`.
    Statement,
}

impl Role {
    /// `derive_key("datadeed v1 <role>", "")`, as constants; a test recomputes them.
    pub(crate) const fn key(self) -> &'static [u8; 32] {
        match self {
            Self::ContentLeaf => &CONTENT_LEAF,
            Self::Entry => &ENTRY,
            Self::Index => &INDEX,
            Self::IndexLeaf => &INDEX_LEAF,
            Self::Manifest => &MANIFEST,
            Self::Multiset => &MULTISET,
            Self::Name => &NAME,
            Self::Node => &NODE,
            Self::PartsLeaf => &PARTS_LEAF,
            Self::Signature => &SIGNATURE,
            Self::Statement => &STATEMENT,
        }
    }

    /// `keyed_hash(ROLE_KEY, input)`.
    pub(crate) fn hash(self, input: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(self.key(), input).as_bytes()
    }
}

const CONTENT_LEAF: [u8; 32] = [
    0x4a, 0x4d, 0xe2, 0x6b, 0xe7, 0x4a, 0xe3, 0xed, 0x88, 0xc7, 0xc5, 0x60, 0x30, 0xff, 0xe0, 0xf2,
    0x62, 0x99, 0x37, 0xb8, 0x05, 0xe2, 0x11, 0xc6, 0x1b, 0x26, 0x6b, 0x99, 0xdf, 0x26, 0x6a, 0x75,
];
const ENTRY: [u8; 32] = [
    0x92, 0xa6, 0x40, 0x8e, 0xc3, 0x73, 0xf0, 0xb7, 0x61, 0x9e, 0x9a, 0xc0, 0x36, 0xe7, 0xb1, 0x65,
    0x54, 0x9a, 0x5d, 0x83, 0xc3, 0x1e, 0xda, 0xa6, 0x4c, 0x67, 0x3d, 0x59, 0x12, 0xd6, 0x04, 0xf2,
];
const INDEX: [u8; 32] = [
    0xb2, 0x52, 0x89, 0x27, 0xd5, 0x93, 0x6d, 0xb5, 0x3c, 0x37, 0x3a, 0x60, 0x88, 0x00, 0xa2, 0x33,
    0x57, 0xd3, 0xfc, 0xc4, 0xff, 0xb1, 0x64, 0x9d, 0x9d, 0x1a, 0xe8, 0x73, 0x7e, 0xe2, 0x0c, 0x7d,
];
const INDEX_LEAF: [u8; 32] = [
    0xc7, 0xa8, 0x04, 0xd0, 0x4d, 0x5d, 0x3e, 0x26, 0x8e, 0x92, 0xcb, 0x49, 0x0d, 0x29, 0xa0, 0xdc,
    0xc3, 0x5d, 0x65, 0x09, 0x9e, 0xde, 0xb5, 0x64, 0x6d, 0x1a, 0x6b, 0x72, 0x9e, 0x3a, 0xf2, 0xf9,
];
const MANIFEST: [u8; 32] = [
    0x44, 0xa1, 0x7c, 0x2a, 0xce, 0x99, 0x68, 0xab, 0x03, 0x86, 0x14, 0xe2, 0x8a, 0x5a, 0x78, 0x60,
    0x57, 0xde, 0x97, 0x8a, 0xbd, 0xa5, 0xc0, 0x5d, 0xef, 0xeb, 0xff, 0xe5, 0xf7, 0xb6, 0x7d, 0xd4,
];
const MULTISET: [u8; 32] = [
    0xd1, 0x68, 0x75, 0x8f, 0x6a, 0x9c, 0x61, 0x4a, 0xce, 0xab, 0x82, 0xc0, 0x77, 0xd7, 0x4c, 0xd0,
    0xcf, 0x36, 0xdc, 0x26, 0x8c, 0x9a, 0x13, 0xdc, 0x03, 0x03, 0x8e, 0xa2, 0xe7, 0xaa, 0xc0, 0xd5,
];
const NAME: [u8; 32] = [
    0xad, 0xb4, 0x53, 0xad, 0x3d, 0xc3, 0x4e, 0xee, 0xf2, 0x5d, 0x66, 0x9a, 0x25, 0x31, 0x05, 0x61,
    0x7e, 0x83, 0x01, 0xe1, 0x57, 0xc3, 0xf3, 0x31, 0xea, 0x10, 0x27, 0x4b, 0x4d, 0xb9, 0xc0, 0x92,
];
const NODE: [u8; 32] = [
    0x89, 0x13, 0x8a, 0xa6, 0x57, 0xf7, 0xd5, 0x4f, 0xbb, 0x5e, 0x0e, 0x53, 0x56, 0xc4, 0x58, 0x91,
    0xf8, 0x22, 0xc8, 0x9e, 0x58, 0x54, 0xf7, 0x8e, 0x93, 0xff, 0x4f, 0xf1, 0x26, 0xcb, 0x27, 0x3a,
];
const PARTS_LEAF: [u8; 32] = [
    0xac, 0xca, 0x75, 0xea, 0xa4, 0x0c, 0xf8, 0x26, 0xb9, 0xcd, 0x61, 0xcd, 0xfd, 0xb9, 0xfe, 0xae,
    0xb4, 0xe8, 0x47, 0xdf, 0x17, 0x65, 0x13, 0xa5, 0xf2, 0x73, 0x4f, 0x0d, 0x25, 0x4a, 0x2f, 0x23,
];
const SIGNATURE: [u8; 32] = [
    0xf8, 0x02, 0x95, 0xea, 0x8e, 0x31, 0x08, 0xeb, 0xc0, 0x81, 0x23, 0xcf, 0x6f, 0x74, 0xe6, 0x11,
    0xa2, 0x51, 0x11, 0xfa, 0x2a, 0xc7, 0x66, 0x45, 0x28, 0x30, 0xb7, 0xd6, 0x5b, 0xc6, 0xfa, 0x08,
];
const STATEMENT: [u8; 32] = [
    0x7f, 0x3c, 0x50, 0x84, 0x33, 0xe7, 0x16, 0x84, 0x11, 0x7a, 0x78, 0xf1, 0x95, 0x8e, 0xa9, 0x3f,
    0x8a, 0x66, 0x20, 0xe5, 0x7c, 0x66, 0x17, 0xbd, 0xc3, 0xac, 0x81, 0x83, 0x16, 0x80, 0xa4, 0x46,
];

/// `keyed_hash(key, input)` under a key that is itself a keyed hash of some [`Role`].
pub(crate) fn keyed(key: &[u8; 32], input: &[u8]) -> [u8; 32] {
    *blake3::keyed_hash(key, input).as_bytes()
}

/// SHA-256, which RFC 9679 fixes for key thumbprints.
pub(crate) fn sha256(input: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(input).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_keys_are_derived_from_their_names() {
        for (role, name) in [
            (Role::ContentLeaf, "content leaf"),
            (Role::Entry, "entry"),
            (Role::Index, "index"),
            (Role::IndexLeaf, "index leaf"),
            (Role::Manifest, "manifest"),
            (Role::Multiset, "multiset"),
            (Role::Name, "name"),
            (Role::Node, "node"),
            (Role::PartsLeaf, "parts leaf"),
            (Role::Signature, "signature"),
            (Role::Statement, "statement"),
        ] {
            let derived = blake3::derive_key(&format!("datadeed v1 {name}"), b"");
            assert_eq!(role.key(), &derived, "{name}: {derived:#04x?}");
        }
    }

    #[test]
    fn sha256_is_the_standard_one() {
        // FIPS 180-4, the message "abc".
        assert_eq!(
            data_encoding::HEXLOWER.encode(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
