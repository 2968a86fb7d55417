//! What became of terms: duties that were fulfilled, and terms that were broken.

use std::collections::BTreeSet;

use super::{Duty, Event};
use crate::id::StatementId;
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// That a party fulfilled a duty of certain terms, as whoever it is owed to says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fulfilment {
    pub(crate) event: StatementId,
    pub(crate) duty: Duty,
    pub(crate) party: String,
    /// From when it counts, inclusive.
    pub(crate) from: Timestamp,
}

impl Fulfilment {
    /// What an event says; nothing where it is no fulfilment.
    pub(crate) fn of(event: &Signed<Event>) -> Option<Self> {
        let said = event.payload();
        let (duty, party) = (said.duty.clone()?, said.parties.first()?.clone());
        Some(Self { event: event.id(), duty, party, from: said.effective })
    }
}

/// That certain terms were broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokenTerms {
    /// From when it counts, inclusive.
    pub(crate) from: Timestamp,
    /// When it was remedied, where it was.
    pub(crate) cured: Option<Timestamp>,
    /// By whom, as `iss` texts; empty: everybody.
    pub(crate) parties: BTreeSet<String>,
}
