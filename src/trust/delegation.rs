//! The `delegation` statement: its issuer lets somebody else speak within its own mandate.

use super::Mandate;
use crate::cbor::record;
use crate::id::{StatementId, Subject};
use crate::key::PublicKey;
use crate::limits::{MAX_DELEGATIONS_BELOW, MAX_MANDATE};
use crate::statement::{Kind, Payload, PayloadError, Sequence, check_sequence};

record! {
    /// Payload of a `delegation` statement: `iss` has `key`, and may do what the mandate says.
    ///
    /// It counts where its own issuer may do all that himself, and attenuates only. An identity
    /// changes its key by a delegation to itself, signed with the old one.
    ///
    /// ```
    /// use datadeed::key::{Signer, SigningKey};
    /// use datadeed::statement::{Issuer, Payload};
    /// use datadeed::trust::{Delegation, Mandate, Role};
    /// # let now: datadeed::Timestamp = "2026-11-21T00:00:00Z".parse()?;
    /// # let year = "2027-11-21T00:00:00Z".parse()?;
    ///
    /// // A registry lets a branch register in Beijing for a year.
    /// let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
    /// let branch = SigningKey::from_seed(&[8; 32]).public_key();
    /// let mandate = Mandate::new([Role::Registrar])
    ///     .jurisdictions(["CN-BJ".parse()?])
    ///     .between(now, year);
    /// let delegation = Delegation::new("did:web:beijing.registry.example", branch, mandate);
    /// let signed = delegation.sign(&registry, now)?;
    /// assert_eq!(signed.header().subject, datadeed::Subject::Key(branch.id()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Delegation {
        /// To whom.
        "iss" => iss: String,
        /// His key.
        "key" => key: PublicKey,
        /// Number of this delegation by its issuer to this key, from 0.
        "seq" => seq: u64,
        /// The delegation before it; absent for number 0. A later one adds to it and ends nothing.
        "prev" => prev: Option<StatementId>,
        /// Levels of delegation that may still be added below this one; 0: none.
        "depth" => depth: u64,
        /// What he may do.
        "mandate" => mandate: Mandate,
    }
}

impl Delegation {
    /// Number 0 to this key; nothing may be delegated further.
    pub fn new(iss: impl Into<String>, key: PublicKey, mandate: Mandate) -> Self {
        Self { iss: iss.into(), key, seq: 0, prev: None, depth: 0, mandate }
    }

    /// Allows so many levels of delegation below, at most [`MAX_DELEGATIONS_BELOW`].
    #[must_use]
    pub const fn depth(mut self, levels: u64) -> Self {
        self.depth = levels;
        self
    }
}

impl Payload for Delegation {
    const KIND: Kind = Kind::Delegation;

    fn subject(&self) -> Subject {
        Subject::Key(self.key.id())
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        check_sequence(self.seq, self.prev)?;
        must(self.depth <= MAX_DELEGATIONS_BELOW, "depth", "must be 15 at most")?;
        let Mandate { from, roles, scope, until, schemes, jurisdictions } = &self.mandate;
        let few = |len: usize| len <= MAX_MANDATE;
        must(few(scope.len()), "scope", "must have at most 256 entries")?;
        must(few(schemes.len()), "schemes", "must have at most 256 entries")?;
        must(few(jurisdictions.len()), "jurisdictions", "must have at most 256 entries")?;
        must(!roles.is_empty(), "roles", "must not be empty")?;
        must(!scope.is_empty(), "scope", "must not be empty")?;
        let has_term = from.is_none_or(|from| until.is_none_or(|until| from < until));
        must(has_term, "until", "must be later than from")
    }
}

#[cfg(test)]
mod tests;
