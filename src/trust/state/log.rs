//! What is known of logs.

use std::time::Duration;

use super::super::Equivocation;
use super::file::{check_room, room_of_log};
use super::{PinnedLog, Progress, StateError, TrustState};
use crate::id::Origin;
use crate::log::{AdvanceError, AgeError, ConsistencyProof, LogKey, VerifiedCheckpoint, advance};
use crate::timestamp::Timestamp;

impl TrustState {
    /// Pins a log: from now on it has this key and no other.
    ///
    /// # Errors
    ///
    /// [`StateError::OtherLogKey`] where it is pinned with another, [`StateError::Full`] where there is
    /// no room for its largest checkpoint.
    pub fn pin(&mut self, log: &LogKey) -> Result<Progress, StateError> {
        let (origin, found) = (log.origin(), *log.key());
        match self.logs.get(origin).map(|known| known.key) {
            Some(known) if known == found => Ok(Progress::Unchanged),
            Some(known) => {
                let (known, found) = (known.id(), found.id());
                Err(StateError::OtherLogKey { origin: origin.clone(), known, found })
            }
            None => {
                check_room(self.room().saturating_add(room_of_log(origin)))?;
                self.logs.insert(origin.clone(), PinnedLog { key: found, last: None });
                Ok(Progress::Advanced)
            }
        }
    }

    /// The logs that are pinned.
    pub fn logs(&self) -> impl Iterator<Item = LogKey> {
        self.logs.iter().map(|(origin, log)| LogKey::new(origin.clone(), log.key))
    }

    /// The last checkpoint known of a log.
    pub fn last_checkpoint(&self, origin: &Origin) -> Option<&VerifiedCheckpoint> {
        self.logs.get(origin)?.last.as_ref()
    }

    /// Records a checkpoint, which has to be what is known or to extend it.
    ///
    /// The first one is taken as it is. Of a size that is known the latest signature is kept.
    ///
    /// # Errors
    ///
    /// [`StateError::UnknownLog`] and [`StateError::OtherLogKey`] where it is not of a pinned log,
    /// [`StateError::LogForked`] for another root of the size known, for a proof that leads to the
    /// larger of the two from another root than the smaller's, and for a smaller size signed later;
    /// [`StateError::LogRolledBack`] for any other smaller size, [`StateError::Unconnected`] for a
    /// larger one without proof that leads from the size known to it, [`StateError::Inconsistent`]
    /// where the proof leads nowhere.
    pub fn checkpoint(
        &mut self,
        seen: &VerifiedCheckpoint,
        proof: Option<&ConsistencyProof>,
    ) -> Result<Progress, StateError> {
        let origin = seen.log().origin();
        let unknown = || StateError::UnknownLog { origin: origin.clone() };
        let log = self.logs.get_mut(origin).ok_or_else(unknown)?;
        let (known, found) = (log.key.id(), seen.log().key().id());
        if known != found {
            return Err(StateError::OtherLogKey { origin: origin.clone(), known, found });
        }
        let (kept, progress) = match &log.last {
            None => (seen.clone(), Progress::Advanced),
            Some(last) => {
                let kept = advance(last, seen, proof)
                    .map_err(|fault| contradicts(last, seen, proof, fault))?;
                let grew = kept.size() > last.size();
                (kept, if grew { Progress::Advanced } else { Progress::Unchanged })
            }
        };
        log.last = Some(kept);
        Ok(progress)
    }

    /// Whether the last checkpoint known of a log is at most `max` old at `now`; its age.
    ///
    /// By the log's own word: what others saw is said by witnesses.
    ///
    /// # Errors
    ///
    /// [`StateError::UnknownLog`] where none is known, [`StateError::Ageless`] where it has no time
    /// or one that is yet to come, [`StateError::Stale`] where it is older.
    pub fn check_fresh(
        &self,
        origin: &Origin,
        now: Timestamp,
        max: Duration,
    ) -> Result<Duration, StateError> {
        let unknown = || StateError::UnknownLog { origin: origin.clone() };
        let last = self.last_checkpoint(origin).ok_or_else(unknown)?;
        let ageless = |source: AgeError| StateError::Ageless { origin: origin.clone(), source };
        let age = last.age(now).map_err(ageless)?;
        if age > max {
            return Err(StateError::Stale { origin: origin.clone(), age, max });
        }
        Ok(age)
    }
}

/// What stands between the checkpoint known and the one seen.
fn contradicts(
    last: &VerifiedCheckpoint,
    seen: &VerifiedCheckpoint,
    proof: Option<&ConsistencyProof>,
    fault: AdvanceError,
) -> StateError {
    let (known, found) = (last.size(), seen.size());
    let origin = seen.log().origin().clone();
    let (smaller, larger) = if found < known { (seen, last) } else { (last, seen) };
    let by_proof = || proof.and_then(|proof| Equivocation::of_failed(smaller, larger, proof));
    let (contradiction, otherwise) = match fault {
        AdvanceError::Consistency(source) => {
            (by_proof(), StateError::Inconsistent { origin, known, found, source })
        }
        // Two roots of one size are nothing but a contradiction.
        AdvanceError::Fork { .. } => (
            Equivocation::of_log(last.signed(), seen.signed()).ok(),
            StateError::Unconnected { origin, known, found },
        ),
        AdvanceError::OtherLog { pinned, seen } => {
            let (known, found) = (pinned.key().id(), seen.key().id());
            (None, StateError::OtherLogKey { origin, known, found })
        }
        AdvanceError::OtherSizes { .. } | AdvanceError::Unproven { .. } => {
            (None, StateError::Unconnected { origin, known, found })
        }
        AdvanceError::Rollback { .. } => (
            by_proof().or_else(|| Equivocation::of_rollback(larger, smaller).ok()),
            StateError::LogRolledBack { origin, known, found },
        ),
    };
    contradiction.map_or(otherwise, |proof| StateError::LogForked(Box::new(proof)))
}
