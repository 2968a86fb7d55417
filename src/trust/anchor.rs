//! Identities that a verifier believes because his trust store says so.

use super::{Mandate, Role};
use crate::cbor::record;
use crate::key::PublicKey;
use crate::statement::Territory;
use crate::timestamp::Timestamp;

record! {
    /// An identity with a key, believed in some roles, for some subjects, for some time.
    ///
    /// ```
    /// use datadeed::key::{Signer, SigningKey};
    /// use datadeed::trust::{Anchor, Role};
    ///
    /// let key = SigningKey::from_seed(&[7; 32]).public_key();
    /// let (from, until) = ("2026-01-01T00:00:00Z".parse()?, "2027-01-01T00:00:00Z".parse()?);
    /// let collector = Anchor::new("did:web:collector.example", key, [Role::Collector])
    ///     .scope(["https://data.example/"])
    ///     .between(from, until);
    /// assert!(collector.covers(Role::Collector, "https://data.example/corpus", from));
    /// assert!(!collector.covers(Role::Collector, "https://data.example/corpus", until));
    /// assert!(!collector.covers(Role::Trainer, "https://data.example/corpus", from));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Anchor {
        /// The identity, as it stands in statements.
        "iss" => iss: String,
        /// Its key.
        "key" => key: PublicKey,
        /// Levels of delegation that it may add; absent: as many as a delegation can name.
        "depth" => depth: Option<u64>,
        /// What it is believed in.
        "mandate" => mandate: Mandate,
    }
}

impl Anchor {
    /// An anchor for any subject, without start or end.
    pub fn new(
        iss: impl Into<String>,
        key: PublicKey,
        roles: impl IntoIterator<Item = Role>,
    ) -> Self {
        Self { iss: iss.into(), key, depth: None, mandate: Mandate::new(roles) }
    }

    /// Restricts the anchor to subjects with one of these prefixes, as [`Mandate::scope`] says.
    #[must_use]
    pub fn scope<T: Into<String>>(mut self, prefixes: impl IntoIterator<Item = T>) -> Self {
        self.mandate = self.mandate.scope(prefixes);
        self
    }

    /// Restricts a registrar to these registration schemes, as [`Mandate::schemes`] says.
    #[must_use]
    pub fn schemes<T: Into<String>>(mut self, schemes: impl IntoIterator<Item = T>) -> Self {
        self.mandate = self.mandate.schemes(schemes);
        self
    }

    /// Restricts a registrar to these territories and their subdivisions.
    #[must_use]
    pub fn jurisdictions(mut self, territories: impl IntoIterator<Item = Territory>) -> Self {
        self.mandate = self.mandate.jurisdictions(territories);
        self
    }

    /// Restricts the anchor to statements from `from` (inclusive) to `until` (exclusive), as
    /// [`Mandate::between`] says.
    #[must_use]
    pub fn between(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.mandate = self.mandate.between(from, until);
        self
    }

    /// Restricts how many levels of delegation it may add; 0 lets it delegate to nobody.
    #[must_use]
    pub const fn depth(mut self, levels: u64) -> Self {
        self.depth = Some(levels);
        self
    }

    /// Whether it is believed in `role` about `subject` at `at`, as [`Mandate::covers`] says.
    pub fn covers(&self, role: Role, subject: &str, at: Timestamp) -> bool {
        self.mandate.covers(role, subject, at)
    }

    /// Whether it is valid at `at`.
    pub fn is_valid_at(&self, at: Timestamp) -> bool {
        self.mandate.is_valid_at(at)
    }
}
