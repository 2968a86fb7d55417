//! The `event` statement: something happened to a statement or to a key.

mod standing;

use std::collections::BTreeSet;

use super::transaction::is_currency;
use super::{Duty, Territory};
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
    /// | `asset_entry` | registration | its issuer, an auditor | noted beside the title |
    /// | `breach` | granted licence | its issuer, a rights holder, a court | ends the grant for those in breach |
    /// | `breach` | observed licence, transaction | a rights holder, a court | ends the grant for those in breach |
    /// | `cancellation` | registration | its issuer | ends the title |
    /// | `cross_border` | dataset, registration | its issuer, a registrar | a record of provision abroad |
    /// | `cure` | breach | its issuer | ends the breach |
    /// | `dispute` | registration | its issuer, a registrar, a court | disputed while it is open |
    /// | `dispute` | activity, assessment, consent, dataset, licence, preference, transaction | a registrar, a court | disputed while it is open |
    /// | `fulfilment` | granted licence | its issuer, the payee | a duty that comes first is fulfilled |
    /// | `fulfilment` | observed licence, preference, transaction | the payee | a duty that comes first is fulfilled |
    /// | `key_revocation` | key | whoever holds it, a court | what it signed counts only if proven to be earlier |
    /// | `licence_filing` | registration | its issuer | noted beside the title |
    /// | `objection` | activity, assessment, consent, dataset, licence, preference, registration, transaction | anybody | a finding, nothing else |
    /// | `pledge` | registration | its issuer | encumbers the title |
    /// | `release` | pledge | its issuer | ends the encumbrance |
    /// | `revocation` | granted licence | its issuer | ends the grant, if its terms allow that |
    /// | `revocation` | observed licence | its issuer | takes back what was said |
    /// | `revocation` | observed licence | a rights holder | ends the grant, if its terms allow that |
    /// | `revocation` | activity, assessment, consent, dataset, delegation, preference, registration | its issuer | takes back what was said |
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
        /// The dataset was booked as an asset (数据资产入表).
        AssetEntry = "asset_entry",
        /// Somebody does not keep to the terms of a licence.
        Breach = "breach",
        /// The registrar strikes a registration off, as on request of the claimants (注销).
        Cancellation = "cancellation",
        /// The data were provided abroad, on a stated basis (数据出境).
        CrossBorder = "cross_border",
        /// A breach was remedied.
        Cure = "cure",
        /// A registrar or court accepted a dispute about the target (争议受理).
        Dispute = "dispute",
        /// A duty was fulfilled: a payment received, a consent given.
        Fulfilment = "fulfilment",
        /// A key is not to be relied on any longer.
        KeyRevocation = "key_revocation",
        /// A licence was filed with the registrar (许可备案).
        LicenceFiling = "licence_filing",
        /// Somebody objects to the target (异议).
        Objection = "objection",
        /// The title was pledged, as for financing (质押).
        Pledge = "pledge",
        /// A pledge has ended (解除质押).
        Release = "release",
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
        /// The duty that was fulfilled, as it stands in the terms; of a fulfilment only.
        "duty" => duty: Option<Duty>,
        /// Where the data went; of a provision abroad only.
        "into" => into: BTreeSet<Territory>,
        /// What happened.
        "kind" => kind: EventKind,
        /// The event before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// Of a pledge or an asset entry: the amount secured or booked, in minor units of the currency.
        "amount" => amount: Option<u64>,
        /// Why, or on what basis, in words.
        "reason" => reason: Option<String>,
        /// What it happened to: a key for a key revocation, a statement for every other kind.
        "target" => target: Subject,
        /// The licence that was filed; of a filing only. It need not be at hand.
        "licence" => licence: Option<StatementId>,
        /// Whom it concerns, as `iss` texts: who is in breach, who fulfilled a duty, to whom
        /// a title is pledged, who received data abroad.
        "parties" => parties: BTreeSet<String>,
        /// ISO 4217; with an amount.
        "currency" => currency: Option<String>,
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
            duty: None,
            into: BTreeSet::new(),
            kind,
            prev: None,
            amount: None,
            reason: None,
            target,
            licence: None,
            parties: BTreeSet::new(),
            currency: None,
            evidence: None,
            effective,
        }
    }

    /// The dataset of a registration was booked as an asset, at the amount if one is set.
    pub const fn asset_entry(registration: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::AssetEntry, Subject::Statement(registration), effective)
    }

    /// Somebody broke the terms of a licence from `effective` on: `parties`, at least one.
    ///
    /// Terms are not broken by everybody: who takes back what nobody may take back does not do so by this.
    ///
    /// For terms that count a time for cure from then, it is when the breach was noticed.
    pub fn breach(
        licence: StatementId,
        parties: impl IntoIterator<Item = String>,
        effective: Timestamp,
    ) -> Self {
        let event = Self::new(EventKind::Breach, Subject::Statement(licence), effective);
        Self { parties: parties.into_iter().collect(), ..event }
    }

    /// A breach was remedied; `breach` is the event that says that there was one.
    pub const fn cure(breach: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Cure, Subject::Statement(breach), effective)
    }

    /// The data of a dataset or registration were provided abroad.
    pub fn cross_border(
        target: StatementId,
        into: impl IntoIterator<Item = Territory>,
        effective: Timestamp,
    ) -> Self {
        let event = Self::new(EventKind::CrossBorder, Subject::Statement(target), effective);
        Self { into: into.into_iter().collect(), ..event }
    }

    /// `party` fulfilled a duty of a licence, preference or deal.
    ///
    /// It counts for the statement that it names and no other one; of a deal that is its seller's.
    pub fn fulfilment(
        terms: StatementId,
        duty: Duty,
        party: impl Into<String>,
        effective: Timestamp,
    ) -> Self {
        let event = Self::new(EventKind::Fulfilment, Subject::Statement(terms), effective);
        Self { duty: Some(duty), parties: [party.into()].into(), ..event }
    }

    /// A licence was filed with the registrar of a registration.
    pub const fn licence_filing(
        registration: StatementId,
        licence: StatementId,
        effective: Timestamp,
    ) -> Self {
        let mut event =
            Self::new(EventKind::LicenceFiling, Subject::Statement(registration), effective);
        event.licence = Some(licence);
        event
    }

    /// The title that a registration gives was pledged to others.
    pub fn pledge(
        registration: StatementId,
        pledgees: impl IntoIterator<Item = String>,
        effective: Timestamp,
    ) -> Self {
        let event = Self::new(EventKind::Pledge, Subject::Statement(registration), effective);
        Self { parties: pledgees.into_iter().collect(), ..event }
    }

    /// A pledge has ended; `pledge` is the event that says that there was one.
    pub const fn release(pledge: StatementId, effective: Timestamp) -> Self {
        Self::new(EventKind::Release, Subject::Statement(pledge), effective)
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
        let is = |kind| self.kind == kind;
        // What nothing evaluates must not be accepted as if it had been.
        must(
            matches!(self.target, Subject::Key(_)) == is(EventKind::KeyRevocation)
                && matches!(self.target, Subject::Key(_) | Subject::Statement(_)),
            "target",
            "must be a key in a key revocation and a statement in any other event",
        )?;
        must(
            self.to.is_empty() != is(EventKind::Transfer),
            "to",
            "must name the claimants after a transfer and be absent in any other event",
        )?;
        must(
            self.duty.is_some() == is(EventKind::Fulfilment),
            "duty",
            "must stand in a fulfilment and nowhere else",
        )?;
        must(
            self.duty.as_ref().is_none_or(Duty::is_sound_as_seen),
            "duty",
            "must have the fields of its kind and no others",
        )?;
        must(
            self.into.is_empty() != is(EventKind::CrossBorder),
            "into",
            "must stand in a provision abroad and nowhere else",
        )?;
        must(
            self.licence.is_some() == is(EventKind::LicenceFiling),
            "licence",
            "must stand in a filing and nowhere else",
        )?;
        must(
            match self.kind {
                EventKind::CrossBorder => true,
                EventKind::Fulfilment => self.parties.len() == 1,
                EventKind::Breach | EventKind::Pledge => !self.parties.is_empty(),
                EventKind::AssetEntry
                | EventKind::Cancellation
                | EventKind::Cure
                | EventKind::Dispute
                | EventKind::KeyRevocation
                | EventKind::LicenceFiling
                | EventKind::Objection
                | EventKind::Release
                | EventKind::Revocation
                | EventKind::Settlement
                | EventKind::Transfer => self.parties.is_empty(),
            },
            "parties",
            "must be who is in breach, the pledgees of a pledge, one for a fulfilment, any for a provision abroad, \
             and absent in any other event",
        )?;
        must(
            self.amount.is_none() || is(EventKind::AssetEntry) || is(EventKind::Pledge),
            "amount",
            "must be absent but in a pledge or an asset entry",
        )?;
        must(
            self.currency.is_some() == self.amount.is_some()
                && self.currency.as_deref().is_none_or(is_currency),
            "currency",
            "must stand with an amount, as three capital letters",
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
