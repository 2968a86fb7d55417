//! What a verifier has seen so far, so that nobody shows him less, or something else, later.

mod chain;
mod file;
mod log;

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Equivocation, EquivocationError, RootError, TrustRoot};
use crate::cbor::CborError;
use crate::id::{KeyId, Origin, Subject};
use crate::key::PublicKey;
use crate::log::{
    AgeError, CheckpointError, ConsistencyError, UnverifiedCheckpoint, VerifiedCheckpoint,
};
use crate::statement::{Envelope, Kind, StatementError};
use crate::timestamp::Timestamp;

/// Memory between verifications: pinned logs, chains of statements, the trust root, the time.
///
/// Kept by the caller, who has to keep it from others: what it says is believed. Each method
/// records one thing, and only if that holds against what is known; a checkpoint that was recorded
/// stays recorded, whatever becomes of the lineage it came with.
///
/// ```
/// use datadeed::trust::{StateError, TrustState};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let told = |title| {
/// #     let signed = Dataset::new(corpus, title, ScanMethod::Full).sign(&curator, now).unwrap();
/// #     signed.verify(&curator.public_key()).unwrap()
/// # };
///
/// let mut state = TrustState::new(now);
/// state.observe(&[told("Public data")])?;
/// // Another number 0 about the same dataset:
/// let Err(StateError::Forked(proof)) = state.observe(&[told("Licensed data")]) else {
///     unreachable!("one of them is known")
/// };
/// proof.verify(&[curator.public_key()])?;
/// assert_eq!(TrustState::decode(&state.to_bytes())?, state);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustState {
    /// The latest time that was given.
    time: Timestamp,
    root: Option<TrustRoot>,
    logs: BTreeMap<Origin, PinnedLog>,
    chains: BTreeMap<Chain, Link>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct PinnedLog {
    key: PublicKey,
    last: Option<VerifiedCheckpoint>,
}

/// Statements that follow one another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Chain {
    issuer: String,
    kind: Kind,
    subject: Subject,
}

/// The last statement of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    seq: u64,
    envelope: Envelope,
}

/// Something that does not hold against what was seen before.
///
/// ```
/// use datadeed::trust::{StateError, TrustState};
///
/// let (last, now) = ("2026-11-22T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// let mut state = TrustState::new(last);
/// assert_eq!(state.advance(now), Err(StateError::TimeReversed { now, last }));
/// assert_eq!(state.time(), last);
/// # Ok::<(), datadeed::TimestampError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The last checkpoint known has no age.
    #[error("last checkpoint of {origin} tells no age")]
    Ageless {
        /// The log.
        origin: Origin,
        /// Why.
        #[source]
        source: AgeError,
    },
    /// The bytes are not the CBOR they should be.
    #[error("malformed trust state")]
    Cbor(#[from] CborError),
    /// A checkpoint in the file cannot be decoded.
    #[error("checkpoint of {origin} is not sound")]
    Checkpoint {
        /// The log.
        origin: Origin,
        /// What is wrong with it.
        #[source]
        source: CheckpointError,
    },
    /// Two statements with one number in one chain, or one that follows another than the one known:
    /// here is the proof.
    #[error("{} contradicts itself", .0.name().unwrap_or_default())]
    Forked(Box<Equivocation>),
    /// There is no room for it beside what is known; nothing is dropped to make some.
    #[error("state of up to {found} bytes, at most {limit} allowed")]
    Full {
        /// The bytes that it would take with it, and with the largest trust root and checkpoints.
        found: usize,
        /// [`MAX_TRUST_STATE`](crate::limits::MAX_TRUST_STATE).
        limit: usize,
    },
    /// Statements are missing between the last one known and this.
    #[error("number {found} after number {known} of {issuer}")]
    Gap {
        /// Whose chain.
        issuer: String,
        /// The last number before the gap.
        known: u64,
        /// The first number after it.
        found: u64,
    },
    /// The proof leads nowhere. Nobody signed it, so that it shows nothing of the log; one that
    /// leads to the larger of the two from another root than the smaller's is
    /// [`StateError::LogForked`].
    #[error("proof leads nowhere between {known} and {found} entries of {origin}")]
    Inconsistent {
        /// The log.
        origin: Origin,
        /// The size known.
        known: u64,
        /// The size of the checkpoint.
        found: u64,
        /// Why the proof proves nothing.
        #[source]
        source: ConsistencyError,
    },
    /// Two roots of one size, a history that is another, or fewer entries at a later time: here is
    /// the proof.
    #[error("{} shows two logs", .0.name().unwrap_or_default())]
    LogForked(Box<Equivocation>),
    /// A checkpoint of fewer entries than are known, from before or of no time; anybody may show it.
    #[error("{origin} of {found} entries, {known} are known")]
    LogRolledBack {
        /// The log.
        origin: Origin,
        /// The size known.
        known: u64,
        /// The size of the checkpoint.
        found: u64,
    },
    /// A statement of a kind without chains, or one that is not sound.
    #[error("no link of a chain")]
    NoLink(#[source] EquivocationError),
    /// The log is pinned with another key.
    #[error("{origin} is pinned with {known}, not {found}")]
    OtherLogKey {
        /// The log.
        origin: Origin,
        /// The key that is pinned.
        known: KeyId,
        /// The other one.
        found: KeyId,
    },
    /// A chain that ends before the last statement known.
    #[error("{issuer} shows number {found} as the last, {known} is known")]
    RolledBack {
        /// Whose chain.
        issuer: String,
        /// The last number known.
        known: u64,
        /// The last number shown.
        found: u64,
    },
    /// A trust root that the keys of the last one known did not sign, or, in the file, one that is
    /// not sound or not signed by its own keys.
    #[error("trust root is not sound")]
    Root(#[from] RootError),
    /// One version of a trust root that says two things, or one that follows another than the one
    /// known: here is the proof.
    #[error("two trust roots of one version")]
    RootForked(Box<Equivocation>),
    /// Versions are missing between the last trust root known and this.
    #[error("trust root of version {found}, {known} is known and none between them")]
    RootGap {
        /// The version known.
        known: u64,
        /// The version of the root.
        found: u64,
    },
    /// A trust root before the last one known.
    #[error("trust root of version {found}, {known} is known")]
    RootRolledBack {
        /// The version known.
        known: u64,
        /// The version of the root.
        found: u64,
    },
    /// The next version of a trust root, which does not say what it follows.
    #[error("trust root of version {found} follows none, {known} is known")]
    RootUnlinked {
        /// The version known.
        known: u64,
        /// The version of the root.
        found: u64,
    },
    /// The last checkpoint known is older than allowed.
    #[error("last checkpoint of {origin} is {} s old, at most {} s allowed", .age.as_secs(), .max.as_secs())]
    Stale {
        /// The log.
        origin: Origin,
        /// The age of its last checkpoint.
        age: Duration,
        /// The age allowed.
        max: Duration,
    },
    /// A statement in the file cannot be decoded.
    #[error("statement {index} is not sound")]
    Statement {
        /// Its place among the chains, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: StatementError,
    },
    /// A time before one that was given earlier.
    #[error("{now}, after {last}")]
    TimeReversed {
        /// The time given.
        now: Timestamp,
        /// The latest one known.
        last: Timestamp,
    },
    /// No proof leads from the checkpoint that is known to this one.
    #[error("{origin} of {found} entries, {known} are known, and no proof between them")]
    Unconnected {
        /// The log.
        origin: Origin,
        /// The size known.
        known: u64,
        /// The size of the checkpoint.
        found: u64,
    },
    /// The log is not pinned, or no checkpoint of it is known.
    #[error("nothing is known of {origin}")]
    UnknownLog {
        /// The log.
        origin: Origin,
    },
    /// A checkpoint in the file that its log did not sign.
    #[error("checkpoint is not the log's")]
    Unverified(#[from] UnverifiedCheckpoint),
}

/// What something new was, held against what is known.
///
/// ```
/// use datadeed::trust::{Progress, TrustState};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let (corpus, now) = (datadeed::ManifestId::from_bytes([1; 32]), "2026-11-21T00:00:00Z".parse()?);
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
/// # let verified = dataset.verify(&curator.public_key())?;
///
/// let mut state = TrustState::new(now);
/// assert_eq!(state.observe(&[verified.clone()]), Ok(Progress::Advanced));
/// assert_eq!(state.observe(&[verified]), Ok(Progress::Unchanged));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// It leads on from what was known, or nothing was.
    Advanced,
    /// It is what was known, or part of it.
    Unchanged,
    /// It is from before what was known, and nothing at hand tells whether it is part of it.
    ///
    /// Neither that the log is sound nor that it is not: ask it for a proof that leads from the one to
    /// the other.
    Unlinked,
}

impl TrustState {
    /// Nothing seen yet, at `now`.
    pub const fn new(now: Timestamp) -> Self {
        Self { time: now, root: None, logs: BTreeMap::new(), chains: BTreeMap::new() }
    }

    /// The latest time that was given.
    pub const fn time(&self) -> Timestamp {
        self.time
    }

    /// Takes the time of a verification, which never goes back.
    ///
    /// # Errors
    ///
    /// [`StateError::TimeReversed`] for a time before the latest: a clock that was set back makes
    /// what has expired look sound.
    pub fn advance(&mut self, now: Timestamp) -> Result<Progress, StateError> {
        if now < self.time {
            return Err(StateError::TimeReversed { now, last: self.time });
        }
        let progress = if now > self.time { Progress::Advanced } else { Progress::Unchanged };
        self.time = now;
        Ok(progress)
    }

    /// The version of the last trust root that was recorded.
    pub fn root_version(&self) -> Option<u64> {
        self.root.as_ref().map(TrustRoot::version)
    }

    /// Records that this trust root is in force: the one known again, or the next version.
    ///
    /// The first one is taken as it is. After several versions each is recorded in its turn; those
    /// between may have expired.
    ///
    /// # Errors
    ///
    /// [`StateError::RootRolledBack`] for an earlier version, [`StateError::RootGap`] where versions
    /// are missing between the two, [`StateError::Root`] for the next one that too few keys of the
    /// one known signed, [`StateError::RootForked`] for the same one that says something else and
    /// for the next one that follows another, [`StateError::RootUnlinked`] for the next one that
    /// says nothing of what it follows.
    pub fn root(&mut self, root: &TrustRoot) -> Result<Progress, StateError> {
        if let Some(last) = &self.root {
            let (known, found) = (last.version(), root.version());
            if found < known {
                return Err(StateError::RootRolledBack { known, found });
            }
            if root.digest() == last.digest() {
                return Ok(Progress::Unchanged);
            }
            if found > known {
                if known.checked_add(1) != Some(found) {
                    return Err(StateError::RootGap { known, found });
                }
                root.signed().check(known, last.threshold())?;
            }
            if let Ok(proof) = Equivocation::of_board(last.signed(), root.signed()) {
                return Err(StateError::RootForked(Box::new(proof)));
            }
            if root.signed().prev() != Some(last.digest()) {
                return Err(StateError::RootUnlinked { known, found });
            }
        }
        self.root = Some(root.clone());
        Ok(Progress::Advanced)
    }
}

#[cfg(test)]
mod tests;
