//! What stands beside a title: disputes, pledges, notes, objections, and provision of the data abroad.

use std::collections::BTreeSet;

use crate::id::StatementId;
use crate::rights::{Event, EventKind, Territory};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// A pledge of a registered title (质押), from when until when.
///
/// ```
/// use datadeed::rights::Event;
/// use datadeed::trust::Status;
/// use datadeed::verify::Verifier;
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::proof::LineageProof;
/// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-01T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(registrar.iss(), registrar.public_key(), [Role::Registrar])]);
/// # let holder = Registrant::new("did:web:supplier.example", "Supplier", RegistrantKind::LegalPerson, RegistrantRole::Holder);
/// # let certificate = Registration::new(corpus, "Court decisions", [holder], then, "2029-11-01T00:00:00Z".parse()?);
/// # let certificate = certificate.sign(&registrar, then)?;
/// # let proof = LineageProof::builder(corpus).statement(certificate.clone()).build()?.to_bytes();
///
/// let mut pledge = Event::pledge(certificate.id(), ["did:web:bank.example".into()], now);
/// (pledge.amount, pledge.currency) = (Some(300_000_000), Some("CNY".into())); // 3,000,000.00 yuan
/// let status = Status::new(now).event(pledge.sign(&registrar, now)?, now)?;
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let [found] = lineage.encumbrances(certificate.id()) else { unreachable!("there is one") };
/// assert_eq!((found.from, found.until, found.amount), (now, None, Some(300_000_000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Encumbrance {
    /// The event that says so.
    pub event: StatementId,
    /// To whom the title is pledged, as `iss` texts.
    pub parties: BTreeSet<String>,
    /// What is secured, in minor units of the currency.
    pub amount: Option<u64>,
    /// ISO 4217; with an amount.
    pub currency: Option<String>,
    /// From when, inclusive; never before it is proven.
    pub from: Timestamp,
    /// Until when, exclusive; absent: nobody released it.
    pub until: Option<Timestamp>,
}

impl Encumbrance {
    pub(super) fn new(event: &Signed<Event>, from: Timestamp) -> Self {
        let said = event.payload();
        Self {
            event: event.id(),
            parties: said.parties.clone(),
            amount: said.amount,
            currency: said.currency.clone(),
            from,
            until: None,
        }
    }

    /// Whether the title is not free at `at`.
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A dispute that a registrar or a court accepted (争议受理), from when until when.
///
/// ```
/// use datadeed::rights::Event;
/// use datadeed::trust::Status;
/// use datadeed::verify::{TitleState, Verifier};
/// # use datadeed::key::SigningKey;
/// # use datadeed::proof::LineageProof;
/// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-01T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(registrar.iss(), registrar.public_key(), [Role::Registrar])]);
/// # let holder = Registrant::new("did:web:supplier.example", "Supplier", RegistrantKind::LegalPerson, RegistrantRole::Holder);
/// # let certificate = Registration::new(corpus, "Court decisions", [holder], then, "2029-11-01T00:00:00Z".parse()?);
/// # let certificate = certificate.sign(&registrar, then)?;
/// # let proof = LineageProof::builder(corpus).statement(certificate.clone()).build()?.to_bytes();
///
/// let dispute = Event::dispute(certificate.id(), now).sign(&registrar, now)?;
/// let status = Status::new(now).event(dispute.clone(), now)?;
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let [title] = &lineage.titles(corpus, now)[..] else { unreachable!("there is one") };
/// assert_eq!(title.state, TitleState::Disputed);
/// assert!(title.disputes().all(|one| one.event == dispute.id() && one.until.is_none()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dispute {
    /// The event that says so.
    pub event: StatementId,
    /// From when, inclusive; never before it is proven.
    pub from: Timestamp,
    /// Until when, exclusive; absent: nobody settled it.
    pub until: Option<Timestamp>,
}

impl Dispute {
    /// Whether it is open at `at`.
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// Something noted beside a title that takes nothing from it: an asset entry (入表), a filed licence
/// (许可备案), an objection (异议).
///
/// ```
/// use datadeed::rights::{Event, EventKind};
/// use datadeed::trust::Status;
/// use datadeed::verify::Verifier;
/// # use datadeed::key::SigningKey;
/// # use datadeed::proof::LineageProof;
/// # use datadeed::rights::{Registrant, RegistrantKind, RegistrantRole, Registration};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let (then, now): (Timestamp, Timestamp) = ("2026-11-01T00:00:00Z".parse()?, "2026-11-22T00:00:00Z".parse()?);
/// # let registrar = Issuer::new("did:web:registry.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(registrar.iss(), registrar.public_key(), [Role::Registrar])]);
/// # let holder = Registrant::new("did:web:supplier.example", "Supplier", RegistrantKind::LegalPerson, RegistrantRole::Holder);
/// # let certificate = Registration::new(corpus, "Court decisions", [holder], then, "2029-11-01T00:00:00Z".parse()?);
/// # let certificate = certificate.sign(&registrar, then)?;
/// # let proof = LineageProof::builder(corpus).statement(certificate.clone()).build()?.to_bytes();
///
/// let mut booked = Event::asset_entry(certificate.id(), now);
/// (booked.amount, booked.currency) = (Some(120_000_000), Some("CNY".into())); // 1,200,000.00 yuan
/// let status = Status::new(now).event(booked.sign(&registrar, now)?, now)?;
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let [title] = &lineage.titles(corpus, now)[..] else { unreachable!("there is one") };
/// let [note] = &title.notes().collect::<Vec<_>>()[..] else { unreachable!("there is one") };
/// assert_eq!((note.kind, note.amount), (EventKind::AssetEntry, Some(120_000_000)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TitleNote {
    /// The event that says so.
    pub event: StatementId,
    /// What it is.
    pub kind: EventKind,
    /// Who says so, as an `iss`; of an objection it may be anybody.
    pub issuer: String,
    /// From when, inclusive; never before it is proven.
    pub from: Timestamp,
    /// At how much it was booked, in minor units of the currency.
    pub amount: Option<u64>,
    /// ISO 4217; with an amount.
    pub currency: Option<String>,
    /// The licence that was filed, which need not be at hand.
    pub licence: Option<StatementId>,
}

impl TitleNote {
    pub(super) fn new(event: &Signed<Event>, from: Timestamp) -> Self {
        let said = event.payload();
        Self {
            event: event.id(),
            kind: said.kind,
            issuer: event.header().issuer.clone(),
            from,
            amount: said.amount,
            currency: said.currency.clone(),
            licence: said.licence,
        }
    }
}

/// A record that data were provided abroad (数据出境).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ProvidedAbroad {
    pub(super) into: BTreeSet<Territory>,
    /// Who received them, as `iss` texts; empty: anybody.
    pub(super) parties: BTreeSet<String>,
    /// From when, inclusive.
    pub(super) from: Timestamp,
}

impl ProvidedAbroad {
    pub(super) fn new(event: &Signed<Event>) -> Self {
        let said = event.payload();
        Self { into: said.into.clone(), parties: said.parties.clone(), from: said.effective }
    }
}
