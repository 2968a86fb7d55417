//! SHA-256 of content, for those who know content by that name.

use std::fmt;
use std::str::FromStr;

use sha2::Digest as _;

use crate::text::{TextError, parse_prefixed, prefixed};

/// SHA-256 of plain content; text `sha256:<64 lower-case hex>`, as OCI writes it.
///
/// Hubs, Git LFS, Croissant and OCI name content by it. Identities of this
/// crate rest on [`Digest`](super::Digest) alone.
///
/// ```
/// use datadeed::digest::Sha256;
///
/// let digest = Sha256::of(b"hello");
/// assert!(digest.to_string().starts_with("sha256:2cf24dba5fb0a30e"));
/// assert_eq!(digest.to_string().parse(), Ok(digest));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(sha2::Sha256::digest(content).into())
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

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&prefixed("sha256", &self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256 {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        parse_prefixed("sha256", text).map(Self)
    }
}

/// A SHA-256 of content that arrives in pieces.
///
/// ```
/// use datadeed::digest::{Sha256, Sha256Hasher};
///
/// let mut hasher = Sha256Hasher::new();
/// hasher.update(b"hel");
/// hasher.update(b"lo");
/// assert_eq!(hasher.finish(), Sha256::of(b"hello"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sha256Hasher(sha2::Sha256);

impl Sha256Hasher {
    /// A hasher that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece of content.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces in order.
    pub fn finish(self) -> Sha256 {
        Sha256(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4, the message "abc".
    const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn pieces_hash_as_the_whole() {
        let content: Vec<u8> = (0..1_000_u16).map(|i| u8::try_from(i % 251).unwrap()).collect();
        for piece in [1, 63, 64, 65, 999, 1_000] {
            let mut hasher = Sha256Hasher::new();
            content.chunks(piece).for_each(|piece| hasher.update(piece));
            assert_eq!(hasher.finish(), Sha256::of(&content), "{piece}");
        }
        assert_eq!(Sha256::of(b"abc").to_string(), ABC);
    }

    #[test]
    fn only_its_own_prefix_is_read() {
        assert_eq!(ABC.parse(), Ok(Sha256::of(b"abc")));
        let other = ABC.replace("sha256", "blake3");
        assert_eq!(
            other.parse::<Sha256>(),
            Err(TextError::Prefix { found: other, expected: "sha256" })
        );
    }
}
