//! Checkpoints that a known log signed.

use std::time::Duration;

use super::checkpoint::{Checkpoint, SignedCheckpoint, cosign};
use crate::digest::Sha256;
use crate::id::Origin;
use crate::key::{PublicKey, Signer, SignerError};
use crate::timestamp::Timestamp;

/// A log or witness that one knows: its name and the key it signs with, pinned.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::LogKey;
///
/// let key = SigningKey::from_seed(&[7; 32]).public_key();
/// let log = LogKey::new(Origin::new("registry.example/log")?, key);
/// assert_eq!((log.origin().as_str(), log.key()), ("registry.example/log", &key));
/// # Ok::<(), datadeed::TextError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogKey {
    origin: Origin,
    key: PublicKey,
}

impl LogKey {
    /// Who calls himself `origin` and signs with `key`.
    pub const fn new(origin: Origin, key: PublicKey) -> Self {
        Self { origin, key }
    }

    /// The name.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key.
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }
}

/// A checkpoint that the log at hand did not sign.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::{Checkpoint, LogKey, UnverifiedCheckpoint, leaf_hash};
///
/// let origin = Origin::new("registry.example/log")?;
/// let [key, other] = [7, 8].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// let signed = checkpoint.sign(&other, "2026-11-21T00:00:00Z".parse()?)?;
/// let pinned = LogKey::new(origin.clone(), key.public_key());
/// assert_eq!(signed.verify(&pinned), Err(UnverifiedCheckpoint::NotSigned { name: origin }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnverifiedCheckpoint {
    /// A line says that it is of a known key, and its signature is not.
    #[error("signature under {name} does not verify")]
    BadSignature {
        /// The name in the line.
        name: Origin,
    },
    /// There is no signature of the log's key.
    #[error("no signature of the known key of {name}")]
    NotSigned {
        /// The name of the log.
        name: Origin,
    },
    /// It is of another log.
    #[error("checkpoint of {found}, not of {expected}")]
    OtherLog {
        /// The origin in the checkpoint.
        found: Origin,
        /// The log at hand.
        expected: Origin,
    },
}

/// A time that tells no age.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::AgeError;
/// # use datadeed::log::{Checkpoint, LogKey, leaf_hash};
/// # let key = SigningKey::from_seed(&[7; 32]);
/// # let origin = Origin::new("registry.example/log")?;
/// # let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// # let signed_at = "2026-11-21T00:00:00Z".parse()?;
/// # let pinned = LogKey::new(origin.clone(), key.public_key());
/// # let verified = checkpoint.sign(&key, signed_at)?.verify(&pinned)?;
///
/// let now = "2026-11-20T23:59:59Z".parse()?;
/// assert_eq!(verified.age(now), Err(AgeError::Future { time: signed_at, now }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgeError {
    /// It is later than now.
    #[error("of {time}, which is after {now}")]
    Future {
        /// The time.
        time: Timestamp,
        /// The caller's time.
        now: Timestamp,
    },
    /// Nobody who counts has said when.
    #[error("of no known time")]
    Untimed,
}

/// A checkpoint that a pinned key signed: what this log says of itself, to whoever was given it.
///
/// Made by [`SignedCheckpoint::verify`] alone. That everybody is shown the same takes
/// [witnesses](super::WitnessPolicy), that it extends what one knew a
/// [proof](super::ConsistencyProof).
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::{Checkpoint, LogKey, VerifiedCheckpoint, leaf_hash};
///
/// let origin = Origin::new("registry.example/log")?;
/// let (key, signed_at) = (SigningKey::from_seed(&[7; 32]), "2026-11-21T00:00:00Z".parse()?);
/// let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// let pinned = LogKey::new(origin.clone(), key.public_key());
/// let verified: VerifiedCheckpoint = checkpoint.sign(&key, signed_at)?.verify(&pinned)?;
/// assert_eq!((verified.size(), verified.root()), (1, leaf_hash(b"entry")));
/// assert_eq!(verified.claimed_at(), Some(signed_at));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedCheckpoint {
    signed: SignedCheckpoint,
    log: LogKey,
    claimed_at: Option<Timestamp>,
}

impl SignedCheckpoint {
    /// Whether `log` signed this.
    ///
    /// # Errors
    ///
    /// [`UnverifiedCheckpoint::OtherLog`] for another origin,
    /// [`UnverifiedCheckpoint::NotSigned`] without a line of this key,
    /// [`UnverifiedCheckpoint::BadSignature`] where one is unsound, be it plain or with a time.
    pub fn verify(self, log: &LogKey) -> Result<VerifiedCheckpoint, UnverifiedCheckpoint> {
        let name = || log.origin.clone();
        let found = self.checkpoint().origin();
        if *found != log.origin {
            let found = found.clone();
            return Err(UnverifiedCheckpoint::OtherLog { found, expected: name() });
        }
        let bad = |_| UnverifiedCheckpoint::BadSignature { name: name() };
        if !self.is_signed_by(&log.origin, &log.key).map_err(bad)? {
            return Err(UnverifiedCheckpoint::NotSigned { name: name() });
        }
        let claimed_at = self.cosigned_at(&log.origin, &log.key).map_err(bad)?.into_iter().max();
        Ok(VerifiedCheckpoint { signed: self, log: log.clone(), claimed_at })
    }
}

impl VerifiedCheckpoint {
    /// How many entries the log has.
    pub const fn size(&self) -> u64 {
        self.checkpoint().size()
    }

    /// The root over them.
    pub const fn root(&self) -> Sha256 {
        self.checkpoint().root()
    }

    /// What the log signed.
    pub const fn checkpoint(&self) -> &Checkpoint {
        self.signed.checkpoint()
    }

    /// The log whose key it was verified with.
    pub const fn log(&self) -> &LogKey {
        &self.log
    }

    /// The note, with all lines under it.
    pub const fn signed(&self) -> &SignedCheckpoint {
        &self.signed
    }

    /// When the log says that it signed, if it says so.
    ///
    /// A log that wants to seem fresh can say anything; what others saw is
    /// [`WitnessedCheckpoint::witnessed_at`](super::WitnessedCheckpoint::witnessed_at).
    pub const fn claimed_at(&self) -> Option<Timestamp> {
        self.claimed_at
    }

    /// How long ago the log says that it signed, in whole seconds.
    ///
    /// # Errors
    ///
    /// [`AgeError::Untimed`] where it does not say, [`AgeError::Future`] for a time after `now`.
    pub fn age(&self, now: Timestamp) -> Result<Duration, AgeError> {
        age(self.claimed_at.ok_or(AgeError::Untimed)?, now)
    }

    /// The note with a cosignature of a witness under it.
    ///
    /// A witness says that at `now` this is the latest it knows and that it extends all it has
    /// known, which it has to establish first: see [`ConsistencyProof`](super::ConsistencyProof).
    ///
    /// # Errors
    ///
    /// [`SignerError`] with the signer's reason, or with
    /// [`CheckpointError::TooManySignatures`](super::CheckpointError::TooManySignatures) or
    /// [`CheckpointError::TooLarge`](super::CheckpointError::TooLarge) beyond what a decoder takes.
    pub fn cosign<S: Signer + ?Sized>(
        &self,
        name: &Origin,
        witness: &S,
        now: Timestamp,
    ) -> Result<SignedCheckpoint, SignerError> {
        let mut signed = self.signed.clone();
        signed.push(cosign(signed.text(), name, witness, now)?);
        signed.check_size().map_err(SignerError::new)?;
        Ok(signed)
    }
}

pub(super) fn age(time: Timestamp, now: Timestamp) -> Result<Duration, AgeError> {
    if time > now { Err(AgeError::Future { time, now }) } else { Ok(now.saturating_since(time)) }
}
