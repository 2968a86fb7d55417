//! Typed identities: 32 bytes each but for the names of logs, one text spelling each.
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

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::limits::MAX_ORIGIN;
use crate::text::{TextError, excerpt, parse_prefixed, prefixed};

/// Eight bytes at a time, which are in the order of the bytes: most ids differ in the first eight.
fn words(bytes: &[u8; 32]) -> [u64; 4] {
    let (words, _) = bytes.as_chunks();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_be_bytes(*word)))
}

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
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
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

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                words(&self.0).cmp(&words(&other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
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

/// The name of a transparency log, of its keys and of witnesses (C2SP tlog-checkpoint, signed-note).
///
/// 1 to [`MAX_ORIGIN`] bytes without white space, control characters and `+`; by convention a URL
/// without its scheme. Never resolved. As a subject it is written `origin:<name>`, like every other id.
///
/// ```
/// use datadeed::TextError;
/// use datadeed::id::{Origin, Subject};
///
/// let origin = Origin::new("log.registry.example/2026")?;
/// assert_eq!(Subject::Origin(origin).to_string(), "origin:log.registry.example/2026");
/// let found = "two words".to_owned();
/// assert_eq!(Origin::new("two words"), Err(TextError::Name { found }));
/// # Ok::<(), TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    const PREFIX: &'static str = "origin";

    /// A name.
    ///
    /// # Errors
    ///
    /// [`TextError::Name`] for one that could not stand in a signed note.
    pub fn new(name: impl Into<String>) -> Result<Self, TextError> {
        let name = name.into();
        let excluded = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if name.is_empty() || name.len() > MAX_ORIGIN || name.contains(excluded) {
            return Err(TextError::Name { found: excerpt(&name) });
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a statement is about: the `sub` of its CWT claims, in its one text form.
///
/// ```
/// use datadeed::id::{ManifestId, Subject};
///
/// let subject = Subject::Manifest(ManifestId::from_bytes([7; 32]));
/// assert_eq!(subject.to_string().parse(), Ok(subject));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// An index: of a batch, the one over the ids of its members.
    Index(IndexId),
    /// A key: of a delegation to whoever holds it, of an event that revokes it.
    Key(KeyId),
    /// A dataset or a model's weights.
    Manifest(ManifestId),
    /// A transparency log: of its policy.
    Origin(Origin),
    /// Another statement: of an event about it.
    Statement(StatementId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(id) => id.fmt(f),
            Self::Key(id) => id.fmt(f),
            Self::Manifest(id) => id.fmt(f),
            Self::Origin(origin) => write!(f, "{}:{origin}", Origin::PREFIX),
            Self::Statement(id) => id.fmt(f),
        }
    }
}

/// # Errors
///
/// [`TextError::Hex`], [`TextError::Name`] or [`TextError::Prefix`] where the text is no id of the five kinds.
impl FromStr for Subject {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        match text.split_once(':').map(|(prefix, _)| prefix) {
            Some("index") => text.parse().map(Self::Index),
            Some("key") => text.parse().map(Self::Key),
            Some(Origin::PREFIX) => {
                Origin::new(text.split_once(':').map_or("", |(_, name)| name)).map(Self::Origin)
            }
            Some("statement") => text.parse().map(Self::Statement),
            _ => text.parse().map(Self::Manifest),
        }
    }
}
