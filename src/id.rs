//! Typed identities: 32 bytes each, one text spelling each.
//!
//! They are opaque here; the module that owns the preimage computes them.
//!
//! ```
//! use datadeed::{ManifestId, StatementId, TextError};
//!
//! let text = ManifestId::from_bytes([7; 32]).to_string();
//! assert_eq!(text.parse(), Ok(ManifestId::from_bytes([7; 32])));
//! let of_another_type = text.parse::<StatementId>();
//! assert!(matches!(of_another_type, Err(TextError::Prefix { expected: "statement", .. })));
//! let spelled_in_another_way = text.replace("07", "0A").parse::<ManifestId>();
//! assert!(matches!(spelled_in_another_way, Err(TextError::Hex { .. })));
//! ```

use std::fmt;
use std::str::FromStr;

use crate::text::{TextError, parse_prefixed, prefixed};

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        ///
        /// ```
        #[doc = concat!("use datadeed::", stringify!($name), ";")]
        ///
        #[doc = concat!("let id = ", stringify!($name), "::from_bytes([7; 32]);")]
        #[doc = concat!("assert!(id.to_string().starts_with(\"", $prefix, ":0707\"));")]
        /// assert_eq!(id.to_string().parse(), Ok(id));
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            const PREFIX: &'static str = $prefix;

            /// An id computed elsewhere.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&prefixed(Self::PREFIX, &self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                parse_prefixed(Self::PREFIX, text).map(Self)
            }
        }
    };
}

identity! {
    /// Names and content of a dataset, or of a model's tensors; text `manifest:<64 hex>`.
    ///
    /// Computed by [`Manifest`](crate::manifest::Manifest) from names, sizes and
    /// bytes alone, so that one dataset has one id.
    ManifestId, "manifest"
}
identity! {
    /// An additional commitment over a dataset (records, SHA-256); text `index:<64 hex>`.
    IndexId, "index"
}
identity! {
    /// What a statement's signature covers; text `statement:<64 hex>`.
    ///
    /// The keyed hash of the COSE `Sig_structure` (RFC 9052 section 4.4): payload,
    /// key id, algorithm, issuer and subject, not the signature and not the
    /// unprotected header. Known before signing.
    StatementId, "statement"
}
identity! {
    /// COSE key thumbprint (RFC 9679); text `key:<64 hex>`.
    KeyId, "key"
}

/// What a statement is about: the `sub` of its CWT claims, in its one text form.
///
/// ```
/// use datadeed::id::{ManifestId, Subject};
///
/// let subject = Subject::Manifest(ManifestId::from_bytes([7; 32]));
/// assert_eq!(subject.to_string().parse(), Ok(subject));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// An index; no statement of this version is about one.
    Index(IndexId),
    /// A key; no statement of this version is about one.
    Key(KeyId),
    /// A dataset or a model's weights.
    Manifest(ManifestId),
    /// Another statement: of an event about it.
    Statement(StatementId),
}

impl Subject {
    /// What the text form is made of.
    pub(crate) const fn parts(&self) -> (&'static str, &[u8; 32]) {
        match self {
            Self::Index(id) => (IndexId::PREFIX, id.as_bytes()),
            Self::Key(id) => (KeyId::PREFIX, id.as_bytes()),
            Self::Manifest(id) => (ManifestId::PREFIX, id.as_bytes()),
            Self::Statement(id) => (StatementId::PREFIX, id.as_bytes()),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, bytes) = self.parts();
        f.write_str(&prefixed(prefix, bytes))
    }
}

/// # Errors
///
/// [`TextError::Hex`] or [`TextError::Prefix`] where the text is no id of the four kinds.
impl FromStr for Subject {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        match text.split_once(':').map(|(prefix, _)| prefix) {
            Some("index") => text.parse().map(Self::Index),
            Some("key") => text.parse().map(Self::Key),
            Some("statement") => text.parse().map(Self::Statement),
            _ => text.parse().map(Self::Manifest),
        }
    }
}
