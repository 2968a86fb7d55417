//! The times that an answer is about.

use super::events::Disputes;
use super::facts::Facts;
use crate::rights::{Missing, Outcome, Use};
use crate::timestamp::Timestamp;

/// When something is used, and until when what became known bears on that.
#[derive(Clone, Copy)]
pub(super) struct Instants {
    pub(super) used: Timestamp,
    /// When it is verified; of a use still to come, when that is.
    pub(super) known: Timestamp,
}

impl Instants {
    pub(super) fn of(intended: &Use, facts: &Facts) -> Self {
        let used = intended.at.unwrap_or(facts.now());
        Self { used, known: used.max(facts.now()) }
    }

    /// Whether disputes are open at one of them.
    pub(super) fn are_disputed(self, disputes: &Disputes) -> bool {
        [self.used, self.known].iter().any(|at| disputes.open_at(*at))
    }

    /// What disputes leave while one of them is open.
    pub(super) fn undisputed<'a>(
        self,
        disputes: impl IntoIterator<Item = &'a Disputes>,
    ) -> Outcome {
        if disputes.into_iter().any(|one| self.are_disputed(one)) {
            Outcome::unknown(Missing::Disputed)
        } else {
            Outcome::free()
        }
    }
}
