//! What became of terms: duties that were fulfilled, and terms that were broken.

use std::collections::BTreeSet;

use super::{Duty, Event};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// That a party fulfilled a duty of certain terms, as whoever it is owed to says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fulfilment {
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
        Some(Self { duty, party, from: said.effective })
    }

    /// Of those in `all`, which are sorted: whether somebody fulfilled a duty by `at`, or `party` did.
    pub(crate) fn is_among(all: &[Self], duty: &Duty, party: Option<&str>, at: Timestamp) -> bool {
        let of_duty = |from: usize| {
            let rest = all.get(from..).unwrap_or_default().iter();
            rest.take_while(|one| one.duty == *duty)
        };
        let Some(party) = party else {
            let begin = all.partition_point(|one| one.duty < *duty);
            return of_duty(begin).any(|one| one.from <= at);
        };
        let his = |one: &Self| (&one.duty, one.party.as_str()) < (duty, party);
        let first = of_duty(all.partition_point(his)).next();
        first.is_some_and(|one| one.party == party && one.from <= at)
    }
}

/// That certain terms were broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokenTerms {
    /// From when it counts, inclusive.
    pub(crate) from: Timestamp,
    /// When it was remedied, where it was.
    pub(crate) cured: Option<Timestamp>,
    /// By whom, as `iss` texts.
    pub(crate) parties: BTreeSet<String>,
}
