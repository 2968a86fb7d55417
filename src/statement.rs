//! Signed statements: SCITT signed statements (RFC 9943) over typed payloads.
//!
//! ```text
//! statement = 18([ protected, {}, payload, signature ])            COSE_Sign1, tagged
//!           / 18([ protected, {394: [+ bstr]}, payload, signature ])  with receipts (RFC 9942)
//! protected = bstr .cbor {
//!     1: -19 / -8,                                                 alg
//!     3: "application/vnd.datadeed.<kind>.v1+cbor",                content type
//!     4: bstr32,                                                   kid = RFC 9679 thumbprint
//!    15: { 1: iss, 2: sub, 6: iat },                               CWT claims (RFC 9597)
//!    16: "application/scitt-statement+cose",                       typ (RFC 9596)
//! }
//! payload   = bstr .cbor { text keys }
//! signature = h''                                                  where a batch stands for it
//!           / bstr64 over ["Signature1", protected, h'', payload]  (RFC 9052 section 4.4)
//! ```
//!
//! [`Signed`] is decoded and proves nothing; [`Verified`] exists only where a
//! signature was verified:
//!
//! ```compile_fail
//! use datadeed::manifest::Dataset;
//! use datadeed::statement::{Signed, Verified};
//!
//! fn trust_me(signed: Signed<Dataset>) -> Verified<Dataset> {
//!     Verified { signed } // private field: nothing but `Signed::verify` makes one
//! }
//! ```
//!
//! ```
//! use datadeed::key::SigningKey;
//! use datadeed::manifest::{Dataset, ScanMethod};
//! use datadeed::statement::{Issuer, Payload, Signed};
//! # use datadeed::ManifestId;
//!
//! let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
//! let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
//! let sent = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?;
//!
//! let received = Signed::<Dataset>::decode(sent.as_bytes())?;
//! assert_eq!(received.verify(&curator.public_key())?.payload(), &dataset);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod envelope;
mod foreign;
mod issuer;
mod payload;
mod signed;
mod territory;
mod vocabulary;

use crate::cbor::codes;
use crate::digest::Role;
use crate::id::{KeyId, StatementId, Subject};
use crate::key::{Algorithm, BadSignature};
use crate::timestamp::Timestamp;

pub use envelope::{Envelope, StatementError};
pub(crate) use envelope::{TAG as SIGN1_TAG, expect_pairs, sig_structure};
pub use foreign::{Foreign, ForeignError};
pub use issuer::{Issuer, SignError};
pub(crate) use payload::check_sequence;
pub use payload::{Payload, PayloadError, Sequence};
pub use signed::{Signed, Verified};
pub use territory::{Territory, TerritoryError};
pub use vocabulary::DataClass;

codes! {
    /// What a statement says; part of its content type.
    pub enum Kind("kind of statement") in statement {
        /// A processing step from inputs to outputs.
        Activity = "activity",
        /// What somebody found who examined a dataset.
        Assessment = "assessment",
        /// One signature for many statements.
        Batch = "batch",
        /// On what basis personal information is processed.
        Consent = "consent",
        /// A dataset exists and its signer vouches for its manifest.
        Dataset = "dataset",
        /// Somebody may speak in the issuer's stead.
        Delegation = "delegation",
        /// Something happened to a statement.
        Event = "event",
        /// Rights in a dataset, granted or observed.
        Licence = "licence",
        /// What a transparency log takes, and whom it believes.
        LogPolicy = "log-policy",
        /// What a publisher states for machines, as somebody saw it.
        Preference = "preference",
        /// A registrar registered data IP.
        Registration = "registration",
        /// A deal made on an exchange.
        Transaction = "transaction",
    }
}

impl Kind {
    /// Whether a statement of this kind may go unsigned because a batch names it.
    ///
    /// What speaks for others has to be signed itself.
    pub(crate) const fn may_lean_on_a_batch(self) -> bool {
        match self {
            Self::Activity
            | Self::Assessment
            | Self::Consent
            | Self::Dataset
            | Self::Event
            | Self::Licence
            | Self::Preference
            | Self::Registration
            | Self::Transaction => true,
            Self::Batch | Self::Delegation | Self::LogPolicy => false,
        }
    }
}

/// What a signature covers beside the payload.
///
/// ```
/// use datadeed::key::{Algorithm, SigningKey};
/// use datadeed::manifest::{Dataset, ScanMethod};
/// use datadeed::statement::{Issuer, Kind, Payload};
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// # let now = "2026-11-21T00:00:00Z".parse()?;
///
/// let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// let signed = dataset.sign(&curator, now)?;
/// let header = signed.header();
/// assert_eq!((header.kind, header.algorithm), (Kind::Dataset, Algorithm::Ed25519));
/// assert_eq!((header.issuer.as_str(), header.issued_at), ("did:web:curator.example", now));
/// assert_eq!((header.key, &header.subject), (curator.public_key().id(), &dataset.subject()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// The algorithm; both variants are Ed25519.
    pub algorithm: Algorithm,
    /// The kind of payload.
    pub kind: Kind,
    /// Thumbprint of the signing key.
    pub key: KeyId,
    /// `iss`: the acting party, which stands nowhere else. Never resolved.
    pub issuer: String,
    /// `sub`: what the statement is about; always what the payload says.
    pub subject: Subject,
    /// `iat`: when the issuer claims to have signed.
    pub issued_at: Timestamp,
}

impl From<BadSignature> for StatementError {
    fn from(_: BadSignature) -> Self {
        Self::BadSignature
    }
}

fn statement_id(to_be_signed: &[u8]) -> StatementId {
    StatementId::from_bytes(Role::Statement.hash(to_be_signed))
}

#[cfg(test)]
mod tests;
