//! The `event` statement: something happened to a statement or to a key.

mod standing;

use std::collections::BTreeSet;

use crate::cbor::{codes, record};
use crate::digest::Digest;
use crate::id::{KeyId, StatementId, Subject};
use crate::statement::{Kind, Payload, PayloadError, Sequence, Signed, check_sequence};
use crate::timestamp::Timestamp;

pub(crate) use standing::{EventEffect, EventIssuer, EventRule, EventTarget, event_rules};

codes! {
    /// What happened. Who may say so, and what follows, is one table:
    ///
    /// | event | target | by | effect |
    /// |---|---|---|---|
    /// | `cancellation` | registration | its issuer | ends the title |
    /// | `dispute` | registration | its issuer, a registrar, a court | disputed while it is open |
    /// | `dispute` | activity, dataset, licence | a registrar, a court | disputed while it is open |
    /// | `key_revocation` | key | whoever holds it, a court | what it signed counts only if proven to be earlier |
    /// | `objection` | activity, dataset, licence, registration | anybody | a finding, nothing else |
    /// | `revocation` | granted licence | its issuer | ends the grant, if its terms allow that |
    /// | `revocation` | observed licence | its issuer | takes back what was said |
    /// | `revocation` | observed licence | a rights holder | ends the grant, if its terms allow that |
    /// | `revocation` | activity, dataset, delegation, registration | its issuer | takes back what was said |
    /// | `settlement` | dispute | its issuer | ends the dispute |
    /// | `transfer` | registration | its issuer | gives the title to others |
    ///
    /// The first line that fits decides. Any other event has no effect and is a finding. *Its issuer* is
    /// the same `iss` with the same key or another that trust store or delegation gives him; *a court*, *a
    /// registrar*, *a rights holder* is whoever has that role for the dataset (for a key: for its id), as an
    /// anchor or as a delegate; *whoever holds it* is the key itself, or its `iss` with another of the
    /// keys that are his. An event is nobody's to take back: what it ended stays ended.
    ///
    /// A registrar who is bounded to schemes and places is one of the registrations there, and of nothing
    /// else: no other statement has a scheme or a place. What another registrar issued he may dispute; to
    /// strike it off or to give its title to others is its issuer's alone.
    ///
    /// A delegate counts for himself, within his mandate: what his principal issued is not his to take
    /// back, nor is what he issued his principal's, who may end the delegation. Only a delegation to
    /// the principal's own `iss` (another key of his) makes the delegate the principal.
    ///
    /// What happens to a batch happens to each of its members, as far as the table has a line for it; who
    /// may say so is asked for each.
    pub enum EventKind("event kind") in rights {
        /// The registrar strikes a registration off, as on request of the claimants (注销).
        Cancellation = "cancellation",
        /// A registrar or court accepted a dispute about the target (争议受理).
        Dispute = "dispute",
        /// A key is not to be relied on any longer.
        KeyRevocation = "key_revocation",
        /// Somebody objects to the target (异议).
        Objection = "objection",
        /// The target counts no longer (撤销).
        Revocation = "revocation",
        /// A dispute has ended (争议解决).
        Settlement = "settlement",
        /// The title passes to others (转移).
        Transfer = "transfer",
    }
}

record! {
    /// Who holds a title after a transfer; compared with others by `iss` alone.
    ///
    /// ```
    /// use datadeed::StatementId;
    /// use datadeed::rights::{Event, Transferee};
    /// use datadeed::statement::Payload;
    ///
    /// let mut buyer = Transferee::new("did:web:buyer.example");
    /// buyer.share = Some(6_000); // three fifths
    /// let others = Transferee::new("did:web:fund.example");
    /// let registration = StatementId::from_bytes([9; 32]);
    /// let transfer = Event::transfer(registration, [buyer, others], "2026-12-01T00:00:00Z".parse()?);
    /// assert_eq!(transfer.check(), Ok(()));
    /// # Ok::<(), datadeed::TimestampError>(())
    /// ```
    pub struct Transferee {
        /// Identity in statements.
        "iss" => iss: String,
        /// Share of a joint title, in hundredths of a percent, 1 to 10,000.
        "share" => share: Option<u64>,
    }
}

impl Transferee {
    /// A claimant without a stated share.
    pub fn new(iss: impl Into<String>) -> Self {
        Self { iss: iss.into(), share: None }
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
        /// The claimants from then on; of a transfer only.
        "to" => to: BTreeSet<Transferee>,
        /// Number of this event by its issuer about this target, from 0.
        "seq" => seq: u64,
        /// What happened.
        "kind" => kind: EventKind,
        /// The event before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// Why, in words.
        "reason" => reason: Option<String>,
        /// What it happened to: a key for a key revocation, a statement for every other kind.
        "target" => target: Subject,
        /// BLAKE3 of a document that shows it, such as a court decision.
        "evidence" => evidence: Option<Digest>,
        /// From when it counts, as stated; never before it is proven to exist.
        "effective" => effective: Timestamp,
    }
}

impl Event {
    const fn new(kind: EventKind, target: Subject, effective: Timestamp) -> Self {
        Self {
            to: BTreeSet::new(),
            seq: 0,
            kind,
            prev: None,
            reason: None,
            target,
            evidence: None,
            effective,
        }
    }

    /// A registration is struck off from `effective` on.
    pub const fn cancellation(registration: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Cancellation, Subject::Statement(registration), effective)
    }

    /// A dispute about a statement is accepted and open from `effective` on.
    pub const fn dispute(target: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Dispute, Subject::Statement(target), effective)
    }

    /// What a key signed counts only if it is proven to be from before `effective`.
    pub const fn key_revocation(key: KeyId, effective: Timestamp) -> Self {
        Self::new(EventKind::KeyRevocation, Subject::Key(key), effective)
    }

    /// Somebody objects to a statement.
    pub const fn objection(target: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Objection, Subject::Statement(target), effective)
    }

    /// The target counts no longer from `effective` on.
    pub const fn revocation(target: Subject, effective: Timestamp) -> Self {
        Self::new(EventKind::Revocation, target, effective)
    }

    /// A dispute is open no longer from `effective` on; `dispute` is the event that says it was accepted.
    pub const fn settlement(dispute: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Settlement, Subject::Statement(dispute), effective)
    }

    /// The title that a registration gives is that of others from `effective` on.
    pub fn transfer(
        registration: StatementId,
        to: impl IntoIterator<Item = Transferee>,
        effective: Timestamp,
    ) -> Self {
        let event = Self::new(EventKind::Transfer, Subject::Statement(registration), effective);
        Self { to: to.into_iter().collect(), ..event }
    }

    /// Numbers the event as the next one of its issuer about this target.
    ///
    /// ```
    /// use datadeed::StatementId;
    /// use datadeed::key::SigningKey;
    /// use datadeed::rights::{Event, Transferee};
    /// use datadeed::statement::{Issuer, Payload};
    ///
    /// let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
    /// let (registration, on) = (StatementId::from_bytes([9; 32]), "2026-12-01T00:00:00Z".parse()?);
    /// let sold = Event::transfer(registration, [Transferee::new("did:web:buyer.example")], on);
    /// let sold = sold.sign(&registrar, on)?;
    /// let struck_off = Event::cancellation(registration, on).after(&sold);
    /// assert_eq!((struck_off.seq, struck_off.prev), (1, Some(sold.id())));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn after(mut self, before: &Signed<Self>) -> Self {
        self.seq = before.payload().seq.saturating_add(1);
        self.prev = Some(before.id());
        self
    }
}

impl Payload for Event {
    const KIND: Kind = Kind::Event;

    fn subject(&self) -> Subject {
        self.target.clone()
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        let must = PayloadError::unless;
        check_sequence(self.seq, self.prev)?;
        // What nothing evaluates must not be accepted as if it had been.
        must(
            match self.kind {
                EventKind::KeyRevocation => matches!(self.target, Subject::Key(_)),
                EventKind::Cancellation
                | EventKind::Dispute
                | EventKind::Objection
                | EventKind::Revocation
                | EventKind::Settlement
                | EventKind::Transfer => matches!(self.target, Subject::Statement(_)),
            },
            "target",
            "must be a key in a key revocation and a statement in any other event",
        )?;
        must(
            self.to.is_empty() != (self.kind == EventKind::Transfer),
            "to",
            "must name the claimants after a transfer and be absent in any other event",
        )?;
        let identities: BTreeSet<&str> = self.to.iter().map(|one| one.iss.as_str()).collect();
        must(identities.len() == self.to.len(), "to", "must name each claimant once")?;
        let shares = self.to.iter().filter_map(|one| one.share);
        must(
            self.to.iter().all(|one| one.share != Some(0))
                && shares.fold(0, u64::saturating_add) <= 10_000,
            "share",
            "must be positive and add up to 10000 at most",
        )
    }
}
