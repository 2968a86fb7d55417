//! Claimed times, proven times, and from when an event counts: the one place for all three.
//!
//! `iat`, `started`, `ended` and `effective` are claims. A claim against the interest of whoever
//! relies on it is believed, one in his favour only as long as nothing adverse bears on it:
//!
//! - an adverse event counts from [`effective_from`] on, never from before it is proven to exist,
//!   whatever it states and whatever the text of a licence says of retroaction;
//! - an act that is proven to lie before that stays as it was; one that claims to lie after it, or
//!   at it, is late; of any other nobody can tell ([`Acts::ended_by`]);
//! - a licence, transfer or delegation counts from its claimed time, and where an adverse event
//!   bears on it only from when it is proven to exist.

use crate::timestamp::Timestamp;

/// From when an event counts against somebody: as stated, and never before it is proven to exist.
///
/// May lie in the future; then what it is about counts until then.
pub(crate) fn effective_from(stated: Timestamp, proven: Timestamp) -> Timestamp {
    stated.max(proven)
}

/// When the acts in question took place, as far as it matters: their extremes.
///
/// Starts are claims. `proven` is the latest instant by which an act is proven
/// to have taken place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acts {
    pub(crate) earliest: Timestamp,
    pub(crate) latest: Timestamp,
    pub(crate) proven: Timestamp,
}

/// Where acts stand to the instant at which a right ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// One claims to have begun at the end or later, which is believed.
    After,
    /// All are proven to lie before the end.
    Before,
    /// All claim to lie before the end, and one cannot prove it.
    Unproven,
}

impl Acts {
    /// One act whose time is beyond doubt.
    pub(crate) const fn proven_at(at: Timestamp) -> Self {
        Self { earliest: at, latest: at, proven: at }
    }

    /// Both sets of acts.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            earliest: self.earliest.min(other.earliest),
            latest: self.latest.max(other.latest),
            proven: self.proven.max(other.proven),
        }
    }

    /// Where the acts stand to a right that ends at `end`, exclusive.
    pub(crate) fn ended_by(self, end: Timestamp) -> Ended {
        if self.latest >= end {
            Ended::After
        } else if self.proven < end {
            Ended::Before
        } else {
            Ended::Unproven
        }
    }
}
