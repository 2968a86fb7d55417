//! Which witnesses must have seen a checkpoint.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use super::verified::{AgeError, UnverifiedCheckpoint, VerifiedCheckpoint, age};
use crate::id::Origin;
use crate::key::{PublicKey, Threshold, ThresholdError, ThresholdNotMet};
use crate::timestamp::Timestamp;

/// So many of some witnesses must have cosigned.
///
/// A witness is a party that keeps the latest checkpoint it saw and cosigns only what extends it;
/// a log that shows different parties different entries then has to win over that many. It takes as
/// many distinct keys and as many distinct names: neither one key under two names nor two keys of one
/// name are two witnesses. A log is no witness of its own.
///
/// ```
/// use datadeed::id::Origin;
/// use datadeed::key::{Signer, SigningKey};
/// use datadeed::log::{Checkpoint, LogKey, WitnessError, WitnessPolicy, leaf_hash};
///
/// let origin = Origin::new("registry.example/log")?;
/// let [court_name, union_name] = ["court.example/w", "union.example/w"].map(Origin::new);
/// let (court_name, union_name) = (court_name?, union_name?);
/// let [log, court, union] = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// let now = "2026-11-21T00:00:00Z".parse()?;
/// let pinned = LogKey::new(origin.clone(), log.public_key());
/// let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// let verified = checkpoint.sign(&log, now)?.verify(&pinned)?;
///
/// let witnesses = [(court_name.clone(), court.public_key()), (union_name, union.public_key())];
/// let one_of_two = WitnessPolicy::new(witnesses, 1)?;
/// let too_few = one_of_two.check(verified.clone(), now).unwrap_err();
/// assert!(matches!(too_few, WitnessError::NotMet { in_future: 0, .. }));
/// let cosigned = verified.cosign(&court_name, &court, now)?.verify(&pinned)?;
/// assert_eq!(one_of_two.check(cosigned, now)?.witnessed_at(), now);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessPolicy {
    witnesses: Vec<Witness>,
    threshold: Threshold,
    /// Of each name one key that stands for all under it, and as many of those again.
    by_name: BTreeMap<Origin, PublicKey>,
    names: Threshold,
}

/// A key that cosigns under a name, and the term in which it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Witness {
    pub(crate) name: Origin,
    pub(crate) key: PublicKey,
    /// Inclusive; absent: no start.
    pub(crate) from: Option<Timestamp>,
    /// Exclusive; absent: no end. From then on nothing that it signed counts, since nobody but it
    /// says when it did.
    pub(crate) until: Option<Timestamp>,
}

/// A checkpoint that too few witnesses are known to have seen.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// use datadeed::key::ThresholdNotMet;
/// # use datadeed::log::{Checkpoint, LogKey, WitnessPolicy, leaf_hash};
/// use datadeed::log::WitnessError;
/// # let (origin, court_name) = (Origin::new("registry.example/log")?, Origin::new("court.example/w")?);
/// # let [log, court] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// # let now = "2026-11-21T00:00:00Z".parse()?;
/// # let pinned = LogKey::new(origin.clone(), log.public_key());
/// # let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// # let verified = checkpoint.sign(&log, now)?.verify(&pinned)?;
/// # let policy = WitnessPolicy::new([(court_name.clone(), court.public_key())], 1)?;
///
/// let count = ThresholdNotMet { valid: 0, needed: 1 };
/// let error = WitnessError::NotMet { count, in_future: 0 };
/// assert_eq!(policy.check(verified, now), Err(error));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// Fewer distinct witnesses cosigned than needed.
    #[error("too few witnesses, and {in_future} with times yet to come")]
    NotMet {
        /// How many there are, and how many it takes.
        #[source]
        count: ThresholdNotMet,
        /// Cosignatures that did not count because their time is after the caller's.
        in_future: usize,
    },
    /// A line says that it is of a known witness, and its signature is not.
    #[error(transparent)]
    Unverified(#[from] UnverifiedCheckpoint),
}

/// A checkpoint that enough witnesses cosigned.
///
/// ```
/// # use datadeed::id::Origin;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::log::{Checkpoint, LogKey, WitnessPolicy, leaf_hash};
/// use std::time::Duration;
///
/// use datadeed::log::WitnessedCheckpoint;
/// # let (origin, court_name) = (Origin::new("registry.example/log")?, Origin::new("court.example/w")?);
/// # let [log, court] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]));
/// # let then = "2026-11-21T00:00:00Z".parse()?;
/// # let pinned = LogKey::new(origin.clone(), log.public_key());
/// # let checkpoint = Checkpoint::new(origin.clone(), 1, leaf_hash(b"entry"))?;
/// # let verified = checkpoint.sign(&log, then)?.verify(&pinned)?;
/// # let cosigned = verified.cosign(&court_name, &court, then)?.verify(&pinned)?;
/// # let policy = WitnessPolicy::new([(court_name.clone(), court.public_key())], 1)?;
///
/// let now = "2026-11-21T00:05:00Z".parse()?;
/// let witnessed: WitnessedCheckpoint = policy.check(cosigned, now)?;
/// assert_eq!(witnessed.age(now), Ok(Duration::from_secs(300)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessedCheckpoint {
    checkpoint: VerifiedCheckpoint,
    existed_by: Timestamp,
    witnessed_at: Timestamp,
}

impl WitnessPolicy {
    /// At least `needed` of the distinct keys, and of the distinct names, among `witnesses`, each with the
    /// name it signs under.
    ///
    /// # Errors
    ///
    /// [`ThresholdError`] where `needed` is 0 or more than there are distinct keys or names.
    pub fn new(
        witnesses: impl IntoIterator<Item = (Origin, PublicKey)>,
        needed: usize,
    ) -> Result<Self, ThresholdError> {
        let witness = |(name, key)| Witness { name, key, from: None, until: None };
        Self::of(witnesses.into_iter().map(witness).collect(), needed)
    }

    /// The same of witnesses with terms.
    pub(crate) fn of(witnesses: Vec<Witness>, needed: usize) -> Result<Self, ThresholdError> {
        let threshold = Threshold::new(witnesses.iter().map(|witness| witness.key), needed)?;
        let mut by_name = BTreeMap::new();
        for Witness { name, key, .. } in &witnesses {
            by_name.entry(name.clone()).or_insert(*key);
        }
        let names = Threshold::new(by_name.values().copied(), needed)?;
        Ok(Self { witnesses, threshold, by_name, names })
    }

    /// The keys of the witnesses.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.threshold.keys()
    }

    /// Whether enough witnesses cosigned, and when.
    ///
    /// A cosignature of a time after `now` counts for nothing; one of the log's own key neither.
    ///
    /// # Errors
    ///
    /// [`WitnessError::Unverified`] where a line of a known witness is unsound,
    /// [`WitnessError::NotMet`] where too few are left.
    pub fn check(
        &self,
        checkpoint: VerifiedCheckpoint,
        now: Timestamp,
    ) -> Result<WitnessedCheckpoint, WitnessError> {
        self.check_by(checkpoint, now, |_| true)
    }

    /// As [`WitnessPolicy::check`], by those keys alone that count.
    pub(crate) fn check_by(
        &self,
        checkpoint: VerifiedCheckpoint,
        now: Timestamp,
        counts: impl Fn(&PublicKey) -> bool,
    ) -> Result<WitnessedCheckpoint, WitnessError> {
        let (mut seen, mut seen_under) = (Vec::new(), Vec::new());
        let mut in_future = 0_usize;
        for Witness { name, key, from, until } in &self.witnesses {
            let cosigned = checkpoint
                .signed()
                .cosigned_at(name, key)
                .map_err(|_| UnverifiedCheckpoint::BadSignature { name: name.clone() })?;
            let has_ended = until.is_some_and(|until| now >= until);
            if key == checkpoint.log().key() || has_ended || !counts(key) {
                continue;
            }
            for time in cosigned {
                if from.is_some_and(|from| time < from) {
                    continue;
                }
                if time > now {
                    in_future = in_future.saturating_add(1);
                } else {
                    seen.push((*key, time));
                    seen_under.extend(self.by_name.get(name).map(|key| (*key, time)));
                }
            }
        }
        let not_met = |count| WitnessError::NotMet { count, in_future };
        let supported = |threshold: &Threshold, seen: Vec<(PublicKey, Timestamp)>| {
            let earliest = seen.iter().map(|(key, time)| (*key, Reverse(*time)));
            let Reverse(existed_by) = threshold.supported(earliest).map_err(not_met)?;
            Ok::<_, WitnessError>((existed_by, threshold.supported(seen).map_err(not_met)?))
        };
        let by_key = supported(&self.threshold, seen)?;
        let by_name = supported(&self.names, seen_under)?;
        let (existed_by, witnessed_at) = (by_key.0.max(by_name.0), by_key.1.min(by_name.1));
        Ok(WitnessedCheckpoint { checkpoint, existed_by, witnessed_at })
    }
}

impl WitnessedCheckpoint {
    /// The checkpoint.
    pub const fn checkpoint(&self) -> &VerifiedCheckpoint {
        &self.checkpoint
    }

    /// The earliest time by which as many witnesses as needed say that they saw the checkpoint, and
    /// so by which everything under its root existed.
    pub const fn existed_by(&self) -> Timestamp {
        self.existed_by
    }

    /// The latest time at which as many witnesses as needed say that they knew no later checkpoint.
    pub const fn witnessed_at(&self) -> Timestamp {
        self.witnessed_at
    }

    /// How long ago that was, in whole seconds.
    ///
    /// # Errors
    ///
    /// [`AgeError::Future`] for a `now` before it.
    pub fn age(&self, now: Timestamp) -> Result<Duration, AgeError> {
        age(self.witnessed_at, now)
    }
}

#[cfg(test)]
mod tests;
