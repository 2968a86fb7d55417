//! What a verifier has seen so far, so that nobody shows him less, or something else, later.

mod chain;
mod file;
mod log;

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Equivocation, EquivocationError, TrustRoot};
use crate::cbor::CborError;
use crate::digest::Digest;
use crate::id::{KeyId, Origin, StatementId, Subject};
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
    root: Option<SeenRoot>,
    logs: BTreeMap<Origin, PinnedLog>,
    chains: BTreeMap<Chain, Link>,
}

/// The last version of a trust root, and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct SeenRoot {
    version: u64,
    digest: Digest,
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
    /// A statement names another predecessor than the one known; show that one to prove a fork.
    #[error("{id} follows {prev}, not {known}")]
    Branched {
        /// The statement.
        id: StatementId,
        /// Whom it names.
        prev: StatementId,
        /// The statement with the number before.
        known: StatementId,
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
    /// Two statements with one number in one chain: here is the proof.
    #[error("{} contradicts itself", .0.name())]
    Forked(Box<Equivocation>),
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
    /// The log did not grow from what is known to this checkpoint.
    #[error("{origin} did not grow from {known} to {found} entries")]
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
    /// Two roots of one size: here is the proof.
    #[error("{} shows two logs of one size", .0.name())]
    LogForked(Box<Equivocation>),
    /// A checkpoint of fewer entries than are known.
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
    /// One version of a trust root that says two things.
    #[error("two trust roots of version {version}")]
    RootForked {
        /// The version.
        version: u64,
    },
    /// A trust root before the last one known.
    #[error("trust root of version {found}, {known} is known")]
    RootRolledBack {
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
    /// It is what was known.
    Unchanged,
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
        self.root.map(|root| root.version)
    }

    /// Records that this trust root is in force.
    ///
    /// # Errors
    ///
    /// [`StateError::RootRolledBack`] for an earlier version, [`StateError::RootForked`] for the
    /// same one that says something else.
    pub fn root(&mut self, root: &TrustRoot) -> Result<Progress, StateError> {
        let (found, digest) = (root.version(), root.digest());
        if let Some(known) = self.root {
            if found < known.version {
                return Err(StateError::RootRolledBack { known: known.version, found });
            }
            if found == known.version {
                let same = digest == known.digest;
                let forked = StateError::RootForked { version: found };
                return if same { Ok(Progress::Unchanged) } else { Err(forked) };
            }
        }
        self.root = Some(SeenRoot { version: found, digest });
        Ok(Progress::Advanced)
    }
}

#[cfg(test)]
mod tests;
