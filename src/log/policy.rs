//! What a log takes: as it says, and as it decides.

use std::collections::BTreeSet;

use crate::cbor::record;
use crate::digest::Digest;
use crate::id::{Origin, StatementId, Subject};
use crate::key::PublicKey;
use crate::statement::{Envelope, Kind, Payload, PayloadError, Sequence, check_sequence};
use crate::timestamp::Timestamp;

record! {
    /// Payload of a `log-policy` statement: what a log says it takes. Every log begins with one.
    ///
    /// It is what the log can be held to (RFC 9943 section 5.1.1.1); what it takes in fact is
    /// decided by its [`RegistrationPolicy`]. A changed policy is a further statement.
    ///
    /// ```
    /// use datadeed::id::{Origin, Subject};
    /// use datadeed::log::LogPolicy;
    /// use datadeed::statement::{Kind, Payload};
    ///
    /// let origin = Origin::new("registry.example/log")?;
    /// let mut policy = LogPolicy::new(origin.clone());
    /// policy.kinds = [Kind::Registration, Kind::Event].into();
    /// policy.terms = Some("https://registry.example/terms".into());
    /// assert_eq!(policy.subject(), Subject::Origin(origin));
    /// # Ok::<(), datadeed::TextError>(())
    /// ```
    pub struct LogPolicy {
        /// Number of this policy of the log, from 0.
        "seq" => seq: u64,
        /// The policy before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// The kinds of statements that it takes; any where none are named.
        "kinds" => kinds: BTreeSet<Kind>,
        /// By what rules, in words, or where they stand.
        "terms" => terms: Option<String>,
        /// BLAKE3 of the trust file that tells whose statements it takes.
        "trust" => trust: Option<Digest>,
        /// The log.
        "origin" => origin: Origin,
    }
}

impl LogPolicy {
    /// A log that names neither kinds nor terms.
    pub const fn new(origin: Origin) -> Self {
        Self { seq: 0, prev: None, kinds: BTreeSet::new(), terms: None, trust: None, origin }
    }
}

impl Payload for LogPolicy {
    const KIND: Kind = Kind::LogPolicy;

    fn subject(&self) -> Subject {
        Subject::Origin(self.origin.clone())
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        check_sequence(self.seq, self.prev)
    }
}

/// Decides what goes into a log, before it goes in.
///
/// It answers with the key that the statement must be signed with; the log verifies that it is, so
/// that a policy which forgets to lets nothing in unsigned. Functions are policies too.
///
/// ```
/// use datadeed::key::{PublicKey, Signer, SigningKey};
/// use datadeed::log::{Refusal, RegistrationPolicy};
/// use datadeed::statement::{Envelope, Kind};
/// use datadeed::Timestamp;
///
/// struct Registrars(Vec<(String, PublicKey)>);
///
/// impl RegistrationPolicy for Registrars {
///     fn admit(&self, statement: &Envelope, _now: Timestamp) -> Result<PublicKey, Refusal> {
///         let header = statement.header();
///         if header.kind != Kind::Registration {
///             return Err(Refusal::new("registrations only"));
///         }
///         let known = self.0.iter().find(|(iss, _)| *iss == header.issuer);
///         known.map(|(_, key)| *key).ok_or_else(|| Refusal::new("no registrar"))
///     }
/// }
/// ```
pub trait RegistrationPolicy {
    /// The key with which `statement` must be signed to be taken at `now`.
    ///
    /// # Errors
    ///
    /// [`Refusal`] with the reason, for the party that sent it.
    fn admit(&self, statement: &Envelope, now: Timestamp) -> Result<PublicKey, Refusal>;
}

impl<F: Fn(&Envelope, Timestamp) -> Result<PublicKey, Refusal>> RegistrationPolicy for F {
    fn admit(&self, statement: &Envelope, now: Timestamp) -> Result<PublicKey, Refusal> {
        self(statement, now)
    }
}

/// Why a log does not take a statement.
///
/// ```
/// use std::error::Error;
///
/// use datadeed::log::Refusal;
///
/// let refusal = Refusal::new("no registrar");
/// assert_eq!(refusal.source().map(ToString::to_string), Some("no registrar".into()));
/// ```
#[derive(Debug, thiserror::Error)]
#[error("not taken by the log's policy")]
pub struct Refusal(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Refusal {
    /// Wraps the policy's own reason.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}
