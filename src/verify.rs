//! The only judge: a lineage against trust, status, a given time and a budget.
//!
//! [`Verifier::verify`] either refuses a proof as a whole, with one stable
//! [`Code`] and the [`Node`] at fault, or gives a [`VerifiedLineage`] in which
//! every signature was verified, every reference resolved and every structural
//! claim recomputed or marked as asserted. Whether a use is permitted is then
//! a question to it.
//!
//! No network, no clock, no state: the same arguments give the same result, whatever is in a
//! [cache of signatures](Verifier::cache).
//!
//! ```
//! use datadeed::rights::{Action, Purpose, Use, Verdict};
//! use datadeed::trust::{Status, TrustStore};
//! use datadeed::verify::Verifier;
//! # use datadeed::{ManifestId, Timestamp, proof::LineageProof};
//! # let (weights, now) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
//! # let (trust, status) = (TrustStore::default(), Status::new(now));
//! # let proof = LineageProof::builder(weights).build()?.to_bytes();
//!
//! let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, weights)?;
//! let sell = Use::new(Action::DistributeModel).purpose(Purpose::Commercial);
//! let may_sell = matches!(lineage.rights(&sell), Verdict::Permit { .. });
//! assert!(!may_sell); // of these weights nothing is known
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod asset;
mod audit;
mod authenticate;
mod beside_title;
mod budget;
mod deals;
mod events;
mod facts;
mod finding;
mod graph;
mod instants;
mod lineage;
mod makers;
mod memory;
mod offers;
mod passing;
mod personal;
mod proven;
mod question;
mod questions;
mod receipts;
mod registered_title;
mod rejection;
mod relations;
mod rights;
mod roles;
mod sequence;
mod sharing;
mod standing;
mod structure;
mod supersession;
mod title;
mod titled;
mod transfer;
mod ways;

use std::fmt;
use std::time::Duration;

use crate::id::ManifestId;
use crate::key::SignatureCache;
use crate::limits::MAX_STATUS_AGE;
use crate::manifest::ManifestSource;
use crate::proof::{Bounds, LineageProof};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Delegation, Status, TrustStore};

pub use beside_title::{Dispute, Encumbrance, TitleNote};
pub use budget::{Bound, Budget};
pub use finding::{Finding, FindingCode};
pub use lineage::VerifiedLineage;
pub use memory::remember_logs;
pub use proven::{ProofOfTime, TimeSource};
pub use receipts::Logged;
pub use registered_title::{RegisteredTitle, TitleState};
pub use rejection::{Code, Node, Rejection};
pub use relations::judge_relation;
pub use transfer::Transfer;

/// Everything a verification depends on.
///
/// ```
/// use datadeed::id::ManifestId;
/// use datadeed::proof::LineageProof;
/// use datadeed::rights::{Action, Missing, Use, Verdict};
/// use datadeed::trust::{Status, TrustStore};
/// use datadeed::verify::Verifier;
///
/// let weights = ManifestId::from_bytes([1; 32]);
/// let says_nothing = LineageProof::builder(weights).build()?;
///
/// let now = "2026-11-22T00:00:00Z".parse()?;
/// let (trust, status) = (TrustStore::default(), Status::new(now));
/// let lineage = Verifier::new(&trust, now)
///     .known_events(&status)
///     .verify(&says_nothing.to_bytes(), weights)?;
///
/// let Verdict::Unknown { missing } = lineage.rights(&Use::new(Action::DistributeModel)) else {
///     unreachable!("nothing is known of these weights")
/// };
/// assert!(missing.iter().any(|ground| ground.code == Missing::Origin));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
#[must_use]
pub struct Verifier<'a> {
    trust: &'a TrustStore,
    now: Timestamp,
    budget: Budget,
    status: Option<&'a Status>,
    delegations: &'a [Signed<Delegation>],
    max_status_age: Duration,
    stale_status: StaleStatus,
    manifests: Option<&'a dyn ManifestSource>,
    witnesses: usize,
    cache: Option<&'a SignatureCache>,
}

/// What to do without a fresh status about licences that may have been taken back meanwhile.
///
/// These are the ones that can be revoked, those whose text does not say that they cannot, and
/// those whose signer has standing by a registration, which may have been revoked.
///
/// ```
/// use datadeed::rights::{Action, Use};
/// use datadeed::verify::{StaleStatus, Verifier};
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::rights::{Licence, Rule};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof};
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
/// # let holder = Issuer::new("did:web:holder.example", SigningKey::from_seed(&[7; 32]));
/// # let roles = [Role::Collector, Role::RightsHolder];
/// # let trust = TrustStore::new([Anchor::new(holder.iss(), holder.public_key(), roles)]);
/// # let mut licence = Licence::granted(corpus, [Rule::permit([Action::Train])]);
/// # licence.revocable = true;
/// # let licence = licence.sign(&holder, now)?;
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&holder, now)?;
/// # let proof = LineageProof::builder(corpus).statement(collect).statement(licence).build()?.to_bytes();
///
/// // A revocable licence, and no status at all:
/// let (verifier, ask) = (Verifier::new(&trust, now), Use::new(Action::Train));
/// assert_eq!(verifier.verify(&proof, corpus)?.rights(&ask).to_string(), "unknown status");
/// let bold = verifier.stale_status(StaleStatus::Accept);
/// assert_eq!(bold.verify(&proof, corpus)?.rights(&ask).to_string(), "permit");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaleStatus {
    /// Rely on them; the verdict names each one.
    Accept,
    /// Answer Unknown.
    #[default]
    Refuse,
}

impl fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("now", &self.now)
            .field("budget", &self.budget)
            .field("status_as_of", &self.status.map(Status::as_of))
            .finish_non_exhaustive()
    }
}

impl<'a> Verifier<'a> {
    /// A verifier that believes `trust` and takes `now` as the time.
    pub fn new(trust: &'a TrustStore, now: Timestamp) -> Self {
        Self {
            trust,
            now,
            budget: Budget::default(),
            status: None,
            max_status_age: Duration::from_secs(MAX_STATUS_AGE),
            stale_status: StaleStatus::default(),
            manifests: None,
            witnesses: 0,
            cache: None,
            delegations: &[],
        }
    }

    /// Bounds the work.
    pub const fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// What the caller knows of later events: a prover may have left out what hurts him.
    pub const fn known_events(mut self, status: &'a Status) -> Self {
        self.status = Some(status);
        self
    }

    /// Delegations that the caller knows, of those who speak in his events.
    ///
    /// An event of a court's or registrar's delegate counts only where his delegation is at hand, and a
    /// prover may have left that out, too. These count for what hurts and for nothing else: nobody is
    /// believed by them in his own favour. One whose signature does not verify counts for nothing.
    pub const fn known_delegations(mut self, delegations: &'a [Signed<Delegation>]) -> Self {
        self.delegations = delegations;
        self
    }

    /// The age up to which a status counts as fresh, inclusive; 24 hours unless set.
    pub const fn max_status_age(mut self, age: Duration) -> Self {
        self.max_status_age = age;
        self
    }

    /// What to do without a fresh status about licences that may have been taken back meanwhile.
    pub const fn stale_status(mut self, policy: StaleStatus) -> Self {
        self.stale_status = policy;
        self
    }

    /// Full manifests, with which structural claims are recomputed.
    pub const fn manifests(mut self, source: &'a dyn ManifestSource) -> Self {
        self.manifests = Some(source);
        self
    }

    /// How many witnesses must have seen a log, or its receipts count for nothing; 0 unless set.
    ///
    /// A log could date a receipt back, and show it to one party alone. Then only those count that
    /// come with a checkpoint of the same root that so many witnesses cosigned, from when they saw it:
    /// those that the trust store believes about this log ([`TrustStore::witnesses`]), each key and name once.
    /// Where it believes fewer, no receipt counts.
    pub const fn witnesses(mut self, needed: usize) -> Self {
        self.witnesses = needed;
        self
    }

    /// Signatures of statements, events and receipts that need not be verified again, and where to add others.
    ///
    /// No result depends on it: everything but whether a signature verifies is judged anew. The few of
    /// checkpoints are verified each time.
    pub const fn cache(mut self, cache: &'a SignatureCache) -> Self {
        self.cache = Some(cache);
        self
    }

    /// Verifies the bytes of a proof about `subject`, which the caller computed himself.
    ///
    /// # Errors
    ///
    /// [`Rejection`] with the first fault in this order: size, structure, subject, budget (what
    /// delegates and events are to be looked up for last, once delegations are verified), each
    /// statement's issuer, dates and signature, the status, receipts, checkpoints, references,
    /// structural claims.
    pub fn verify(&self, proof: &[u8], subject: ManifestId) -> Result<VerifiedLineage, Rejection> {
        let Budget { bytes, statements, nodes, receipts, .. } = self.budget;
        let bounds = Bounds { bytes, statements, nodes, receipts };
        let proof = LineageProof::decode_within(proof, bounds)?;
        if proof.subject() != subject {
            return Err(Rejection::new(Code::SubjectMismatch, Node::Manifest(proof.subject())));
        }
        let edges = structure::check_budget(&proof, &self.budget)?;
        let authenticated = authenticate::check(self, &proof, edges)?;
        let mut findings = Vec::new();
        let receipts = receipts::check(self, &proof, &mut findings)?;
        structure::check_references(&proof)?;
        let facts = facts::gather(self, &proof, &authenticated, receipts, &mut findings)?;
        Ok(VerifiedLineage::new(proof, facts, findings))
    }

    /// Until when the status is not older than allowed, inclusive.
    fn fresh_until(&self) -> Option<Timestamp> {
        self.status.map(|status| status.as_of().saturating_add(self.max_status_age))
    }
}
