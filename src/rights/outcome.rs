//! What comes of one question: an answer with all that led to it.

use std::collections::BTreeSet;

use super::duties::Duties;
use super::{Duty, DutyKind, Missing, Reason};

/// Which answer an outcome is. The lesser is the better for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Permit,
    Unknown,
    Deny,
}

/// Deny > Unknown > Permit, with everything that led to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Deny(BTreeSet<Reason>),
    Permit(Duties),
    Unknown(BTreeSet<Missing>),
}

impl Outcome {
    pub(crate) fn deny(reason: Reason) -> Self {
        Self::Deny([reason].into())
    }

    pub(crate) fn unknown(missing: Missing) -> Self {
        Self::Unknown([missing].into())
    }

    /// Nothing stands against it and nothing is owed: what changes nothing in a [`meet`](Self::meet).
    pub(crate) const fn free() -> Self {
        Self::Permit(Duties::NONE)
    }

    pub(crate) const fn rank(&self) -> Rank {
        match self {
            Self::Permit(_) => Rank::Permit,
            Self::Unknown(_) => Rank::Unknown,
            Self::Deny(_) => Rank::Deny,
        }
    }

    /// All must agree: Deny > Unknown > Permit; duties add up.
    pub(crate) fn meet(self, other: Self) -> Self {
        match (self, other) {
            (Self::Deny(a), Self::Deny(b)) => Self::Deny(both(a, b)),
            (deny @ Self::Deny(_), _) | (_, deny @ Self::Deny(_)) => deny,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(both(a, b)),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            (Self::Permit(a), Self::Permit(b)) => Self::Permit(a.both(b)),
        }
    }

    /// Any suffices: Permit > Unknown > Deny; of two permits the lighter [`burden`], then the lesser set.
    pub(crate) fn best(self, other: Self) -> Self {
        match (self, other) {
            (Self::Permit(a), Self::Permit(b)) => {
                Self::Permit(if (burden(&b), &b) < (burden(&a), &a) { b } else { a })
            }
            (permit @ Self::Permit(_), _) | (_, permit @ Self::Permit(_)) => permit,
            (Self::Unknown(a), Self::Unknown(b)) => Self::Unknown(both(a, b)),
            (unknown @ Self::Unknown(_), _) | (_, unknown @ Self::Unknown(_)) => unknown,
            (Self::Deny(a), Self::Deny(b)) => Self::Deny(both(a, b)),
        }
    }
}

/// How much is owed, as far as duties can be compared: first how often a part of the revenue, then how much else.
pub(crate) fn burden(duties: &BTreeSet<Duty>) -> (usize, usize) {
    let shares = duties.iter().filter(|duty| duty.kind == DutyKind::RevenueShare);
    (shares.count(), duties.len())
}

/// The union; the larger set is kept as it is.
fn both<T: Ord>(a: BTreeSet<T>, b: BTreeSet<T>) -> BTreeSet<T> {
    let (mut more, fewer) = if a.len() < b.len() { (b, a) } else { (a, b) };
    more.extend(fewer);
    more
}
