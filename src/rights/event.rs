//! The `event` statement: something happened to a statement.

use crate::cbor::{codes, record};
use crate::digest::Digest;
use crate::id::{StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError, check_sequence};
use crate::timestamp::Timestamp;

codes! {
    /// What happened. Who may say so is decided where it is applied:
    ///
    /// | event | target | may be issued by |
    /// |---|---|---|
    /// | `revocation` | granted licence | its issuer; ends the grant if its terms allow that |
    /// | `revocation` | observed licence | the collector who observed it; takes back the observation |
    /// | `revocation` | observed licence | an anchor as rights holder of the dataset; ends the licence if its terms allow that |
    /// | `revocation` | registration | its registrar |
    /// | `revocation` | dataset, activity | its issuer |
    ///
    /// Anybody else's, and one of an event, has no effect and is a finding.
    pub enum EventKind("event kind") in rights {
        /// The target counts no longer (撤销).
        Revocation = "revocation",
    }
}

record! {
    /// Payload of an `event` statement.
    ///
    /// ```
    /// use datadeed::id::{StatementId, Subject};
    /// use datadeed::rights::Event;
    ///
    /// let licence = Subject::Statement(StatementId::from_bytes([9; 32]));
    /// let event = Event::revocation(licence.clone(), "2026-12-01T00:00:00Z".parse()?);
    /// assert_eq!(event.target, licence);
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Event {
        /// Number of this event by its issuer about this target, from 0.
        "seq" => seq: u64,
        /// What happened.
        "kind" => kind: EventKind,
        /// The event before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// Why, in words.
        "reason" => reason: Option<String>,
        /// What it happened to; a statement, for every kind that this version evaluates.
        "target" => target: Subject,
        /// BLAKE3 of a document that shows it, such as a court decision.
        "evidence" => evidence: Option<Digest>,
        /// From when it counts, as stated; never before it is proven to exist.
        "effective" => effective: Timestamp,
    }
}

impl Event {
    /// The target counts no longer from `effective` on.
    pub const fn revocation(target: Subject, effective: Timestamp) -> Self {
        Self {
            seq: 0,
            kind: EventKind::Revocation,
            prev: None,
            reason: None,
            target,
            evidence: None,
            effective,
        }
    }
}

impl Payload for Event {
    const KIND: Kind = Kind::Event;

    fn subject(&self) -> Subject {
        self.target.clone()
    }

    fn check(&self) -> Result<(), PayloadError> {
        check_sequence(self.seq, self.prev)?;
        // What nothing evaluates must not be accepted as if it had been.
        PayloadError::unless(
            matches!(self.target, Subject::Statement(_)),
            "target",
            "must be a statement",
        )
    }
}
