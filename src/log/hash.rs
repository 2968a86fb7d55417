//! The hashes of a log (RFC 9162 section 2.1.1): SHA-256 behind a byte that parts leaves from nodes.

use crate::digest::{Sha256, Sha256Hasher};

/// The hash of an entry: `SHA-256(00 | entry)`.
///
/// ```
/// use datadeed::log::leaf_hash;
///
/// // The hash of the empty entry, as RFC 9162's test data have it.
/// let empty = "sha256:6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
/// assert_eq!(leaf_hash(b"").to_string(), empty);
/// ```
pub fn leaf_hash(entry: &[u8]) -> Sha256 {
    hash(0x00, &[entry])
}

/// The hash of two subtrees: `SHA-256(01 | left | right)`.
pub(super) fn node_hash(left: &Sha256, right: &Sha256) -> Sha256 {
    hash(0x01, &[left.as_bytes(), right.as_bytes()])
}

fn hash(first: u8, rest: &[&[u8]]) -> Sha256 {
    let mut hasher = Sha256Hasher::new();
    hasher.update(&[first]);
    for piece in rest {
        hasher.update(piece);
    }
    hasher.finish()
}
