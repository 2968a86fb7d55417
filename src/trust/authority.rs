//! What somebody may do, by an anchor or by a delegation, and when.

use super::{Anchor, Delegation, Dimension, Mandate};
use crate::id::StatementId;
use crate::key::PublicKey;
use crate::limits::MAX_DELEGATIONS_BELOW;
use crate::statement::{Signed, Verified};
use crate::timestamp::Timestamp;

/// A delegation whose signature was verified, and what is known of its time.
///
/// ```
/// use datadeed::trust::{Authorities, ProvenDelegation, TrustStore};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Delegation, Mandate, Role};
/// # let (then, now) = ("2026-11-20T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let branch = SigningKey::from_seed(&[8; 32]).public_key();
/// # let trust = TrustStore::new([Anchor::new(registry.iss(), registry.public_key(), [Role::Registrar])]);
/// # let delegation = Delegation::new("did:web:branch.example", branch, Mandate::new([Role::Registrar]));
/// # let verified = delegation.sign(&registry, then)?.verify(&registry.public_key())?;
///
/// // Received now, so that it may have been made at any time until now; and taken back.
/// let revoked = ProvenDelegation::new(&verified, now).ended(now);
/// let authorities = Authorities::resolve(&trust, [revoked], 100)?;
/// assert_eq!(authorities.refused().count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ProvenDelegation<'a> {
    pub(super) signed: &'a Signed<Delegation>,
    proven_by: Timestamp,
    ended: Option<Timestamp>,
}

impl<'a> ProvenDelegation<'a> {
    /// A delegation that is proven to exist by this instant, which is the present where nothing else is known.
    pub fn new(delegation: &'a Verified<Delegation>, proven_by: Timestamp) -> Self {
        Self::of_signed(delegation, proven_by)
    }

    /// The same of one whose signature the caller has verified.
    pub(crate) const fn of_signed(signed: &'a Signed<Delegation>, proven_by: Timestamp) -> Self {
        Self { signed, proven_by, ended: None }
    }

    /// From when on it was taken back: statements that rest on it count if they are proven to be from before.
    pub const fn ended(mut self, at: Timestamp) -> Self {
        self.ended = Some(at);
        self
    }
}

/// What somebody may do, with the delegations that it rests on.
///
/// ```
/// use datadeed::trust::{Anchor, Authorities, Role, TrustStore};
/// # use datadeed::key::{Signer, SigningKey};
/// # let key = SigningKey::from_seed(&[7; 32]).public_key();
///
/// let trust = TrustStore::new([Anchor::new("did:web:registry.example", key, [Role::Registrar])]);
/// let authorities = Authorities::resolve(&trust, [], 100)?;
/// let [registry] = authorities.as_slice() else { unreachable!("there is one anchor") };
/// assert_eq!((registry.iss(), registry.key()), ("did:web:registry.example", key));
/// assert!(registry.rests_on().is_empty()); // on the trust store alone
/// # Ok::<(), datadeed::trust::TooManyAuthorities>(())
/// ```
#[derive(Clone, Debug)]
pub struct Authority<'a> {
    iss: &'a str,
    key: PublicKey,
    mandate: &'a Mandate,
    /// Levels of delegation that may be added.
    depth: u64,
    rests_on: Vec<StatementId>,
    /// From when it counts, beside its mandate's start.
    since: Option<Timestamp>,
    /// From when a delegation that it rests on counts no longer.
    ended: Option<Timestamp>,
}

impl<'a> Authority<'a> {
    pub(super) fn of_anchor(anchor: &'a Anchor) -> Self {
        Self {
            iss: &anchor.iss,
            key: anchor.key,
            mandate: &anchor.mandate,
            depth: anchor.depth.unwrap_or(MAX_DELEGATIONS_BELOW.saturating_add(1)),
            rests_on: Vec::new(),
            since: None,
            ended: None,
        }
    }

    /// The identity.
    pub const fn iss(&self) -> &'a str {
        self.iss
    }

    /// Its key.
    pub const fn key(&self) -> PublicKey {
        self.key
    }

    /// What it may do.
    pub const fn mandate(&self) -> &'a Mandate {
        self.mandate
    }

    /// The delegations it rests on, from the anchor's downwards. Each may be taken back, so whoever
    /// relies on them has to know that none was.
    pub fn rests_on(&self) -> &[StatementId] {
        &self.rests_on
    }

    /// Whether it stands behind a statement dated `at` that is proven to exist by `proven_by`.
    ///
    /// The date is a claim. After its term, and after a delegation that it rests on was taken back,
    /// whoever has the key can still sign and date back, so that only proof counts.
    pub fn stands_at(&self, at: Timestamp, proven_by: Timestamp) -> bool {
        let ends = [self.mandate.until, self.ended];
        self.mandate.is_valid_at(at)
            && self.since.is_none_or(|since| since <= at)
            && ends.into_iter().flatten().all(|end| proven_by < end)
    }

    /// What `delegation`, signed by this one, gives; or why nothing.
    pub(super) fn delegate(
        &self,
        delegation: &ProvenDelegation<'a>,
    ) -> Result<Self, DelegationFault> {
        let ProvenDelegation { signed, proven_by, ended } = *delegation;
        let (header, payload) = (signed.header(), signed.payload());
        if let Some(dimension) = self.mandate.exceeded_by(&payload.mandate) {
            return Err(DelegationFault::Exceeds { dimension });
        }
        if payload.depth >= self.depth {
            return Err(DelegationFault::Exceeds { dimension: Dimension::Depth });
        }
        let issued_at = header.issued_at;
        if !self.stands_at(issued_at, proven_by) {
            return Err(DelegationFault::Untimely { issued_at, proven_by });
        }
        // As good as its weakest link: what was taken back above ends what is below.
        let ended = self.ended.into_iter().chain(ended).min();
        let since = if ended.is_some() { issued_at.max(proven_by) } else { issued_at };
        let mut rests_on = self.rests_on.clone();
        rests_on.push(signed.id());
        Ok(Self {
            iss: &payload.iss,
            key: payload.key,
            mandate: &payload.mandate,
            depth: payload.depth,
            rests_on,
            since: self.since.max(Some(since)),
            ended,
        })
    }
}

/// Why a delegation gives nothing.
///
/// ```
/// use datadeed::trust::{Authorities, DelegationFault, Dimension, ProvenDelegation, TrustStore};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Delegation, Mandate, Role};
/// # let now = "2026-11-22T00:00:00Z".parse()?;
/// # let registry = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let branch = SigningKey::from_seed(&[8; 32]).public_key();
/// # let trust = TrustStore::new([Anchor::new(registry.iss(), registry.public_key(), [Role::Registrar])]);
///
/// // Whoever registers cannot let somebody train.
/// let delegation = Delegation::new("did:web:branch.example", branch, Mandate::new([Role::Trainer]));
/// let verified = delegation.sign(&registry, now)?.verify(&registry.public_key())?;
/// let proven = ProvenDelegation::new(&verified, now);
/// let authorities = Authorities::resolve(&trust, [proven], 100)?;
/// let fault = DelegationFault::Exceeds { dimension: Dimension::Roles };
/// assert_eq!(authorities.refused().collect::<Vec<_>>(), [(verified.id(), &fault)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DelegationFault {
    /// Another delegator gives the same identity another key: two organisations with one name stay two.
    #[error("another delegator gives this identity another key")]
    Contested,
    /// It allows more than its issuer may do himself.
    #[error("exceeds what its issuer may do, in {dimension}")]
    Exceeds {
        /// In what.
        dimension: Dimension,
    },
    /// The trust store lists the identity, so only the identity itself can give it a key.
    #[error("the trust store lists the identity, which alone can give itself a key")]
    IssuerListed,
    /// The trust store lists the key, of another identity.
    #[error("the trust store lists the key, of another identity")]
    KeyListed,
    /// Its issuer has no authority with the key that signed it.
    #[error("its issuer has no authority with this key")]
    NoAuthority,
    /// Its issuer's authority does not stand behind it: not yet, no longer, or not provably still.
    #[error(
        "issued at {issued_at}, proven by {proven_by}: its issuer's authority does not cover that"
    )]
    Untimely {
        /// When it claims to be issued.
        issued_at: Timestamp,
        /// By when it is proven to exist.
        proven_by: Timestamp,
    },
}
