//! A signed statement of any kind.

use crate::batch::Batch;
use crate::id::{ManifestId, StatementId, Subject};
use crate::key::PublicKey;
use crate::lineage::Activity;
use crate::manifest::Dataset;
use crate::rights::{Assessment, Consent, Event, Licence, Preference, Registration, Transaction};
use crate::statement::{Envelope, Header, Kind, Payload as _, Sequence, Signed, StatementError};
use crate::trust::Delegation;

/// A signed statement of any kind: decoded, not trusted.
///
/// ```
/// use datadeed::proof::Statement;
/// use datadeed::statement::Kind;
/// # use datadeed::key::SigningKey;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[6; 32]));
/// # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
/// # let received = dataset.sign(&curator, "2026-11-21T00:00:00Z".parse()?)?.as_bytes().to_vec();
///
/// let statement = Statement::decode(&received)?;
/// assert_eq!(statement.header().kind, Kind::Dataset);
/// assert_eq!(statement.as_dataset().map(|signed| signed.payload()), Some(&dataset));
/// assert_eq!(statement.check_signature(&curator.public_key()), Ok(()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Statement {
    /// A processing step.
    Activity(Signed<Activity>),
    /// What somebody found who examined a dataset.
    Assessment(Box<Signed<Assessment>>),
    /// One signature for many statements.
    Batch(Signed<Batch>),
    /// On what basis personal information is processed.
    Consent(Box<Signed<Consent>>),
    /// A dataset.
    Dataset(Signed<Dataset>),
    /// Somebody lets somebody else speak within his own mandate.
    Delegation(Box<Signed<Delegation>>),
    /// An event.
    Event(Signed<Event>),
    /// A licence.
    Licence(Signed<Licence>),
    /// What a publisher states for machines.
    Preference(Box<Signed<Preference>>),
    /// A registration.
    Registration(Box<Signed<Registration>>),
    /// A deal, as one of its parties signed it.
    Transaction(Box<Signed<Transaction>>),
}

impl Statement {
    /// Decodes a statement of the kind that its content type names.
    ///
    /// # Errors
    ///
    /// [`StatementError`] as [`Signed::decode`].
    pub fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        let envelope = Envelope::decode(bytes)?;
        match envelope.header().kind {
            Kind::Activity => Signed::from_envelope(envelope).map(Self::Activity),
            Kind::Assessment => Signed::from_envelope(envelope).map(Box::new).map(Self::Assessment),
            Kind::Batch => Signed::from_envelope(envelope).map(Self::Batch),
            Kind::Consent => Signed::from_envelope(envelope).map(Box::new).map(Self::Consent),
            Kind::Dataset => Signed::from_envelope(envelope).map(Self::Dataset),
            Kind::Delegation => Signed::from_envelope(envelope).map(Box::new).map(Self::Delegation),
            Kind::LogPolicy => Err(StatementError::NoLineage { found: Kind::LogPolicy }),
            Kind::Event => Signed::from_envelope(envelope).map(Self::Event),
            Kind::Licence => Signed::from_envelope(envelope).map(Self::Licence),
            Kind::Preference => Signed::from_envelope(envelope).map(Box::new).map(Self::Preference),
            Kind::Registration => {
                Signed::from_envelope(envelope).map(Box::new).map(Self::Registration)
            }
            Kind::Transaction => {
                Signed::from_envelope(envelope).map(Box::new).map(Self::Transaction)
            }
        }
    }

    /// The activity, if it is one.
    pub fn as_activity(&self) -> Option<&Signed<Activity>> {
        if let Self::Activity(signed) = self { Some(signed) } else { None }
    }

    /// The assessment, if it is one.
    pub fn as_assessment(&self) -> Option<&Signed<Assessment>> {
        if let Self::Assessment(signed) = self { Some(signed) } else { None }
    }

    /// The batch, if it is one.
    pub fn as_batch(&self) -> Option<&Signed<Batch>> {
        if let Self::Batch(signed) = self { Some(signed) } else { None }
    }

    /// The consent, if it is one.
    pub fn as_consent(&self) -> Option<&Signed<Consent>> {
        if let Self::Consent(signed) = self { Some(signed) } else { None }
    }

    /// The dataset, if it is one.
    pub fn as_dataset(&self) -> Option<&Signed<Dataset>> {
        if let Self::Dataset(signed) = self { Some(signed) } else { None }
    }

    /// The delegation, if it is one.
    pub fn as_delegation(&self) -> Option<&Signed<Delegation>> {
        if let Self::Delegation(signed) = self { Some(signed) } else { None }
    }

    /// The event, if it is one.
    pub fn as_event(&self) -> Option<&Signed<Event>> {
        if let Self::Event(signed) = self { Some(signed) } else { None }
    }

    /// The licence, if it is one.
    pub fn as_licence(&self) -> Option<&Signed<Licence>> {
        if let Self::Licence(signed) = self { Some(signed) } else { None }
    }

    /// The preference, if it is one.
    pub fn as_preference(&self) -> Option<&Signed<Preference>> {
        if let Self::Preference(signed) = self { Some(signed) } else { None }
    }

    /// The registration, if it is one.
    pub fn as_registration(&self) -> Option<&Signed<Registration>> {
        if let Self::Registration(signed) = self { Some(signed) } else { None }
    }

    /// The transaction, if it is one.
    pub fn as_transaction(&self) -> Option<&Signed<Transaction>> {
        if let Self::Transaction(signed) = self { Some(signed) } else { None }
    }

    /// The statement, its payload left aside.
    pub fn envelope(&self) -> &Envelope {
        match self {
            Self::Activity(signed) => signed.envelope(),
            Self::Assessment(signed) => signed.envelope(),
            Self::Batch(signed) => signed.envelope(),
            Self::Consent(signed) => signed.envelope(),
            Self::Dataset(signed) => signed.envelope(),
            Self::Delegation(signed) => signed.envelope(),
            Self::Event(signed) => signed.envelope(),
            Self::Licence(signed) => signed.envelope(),
            Self::Preference(signed) => signed.envelope(),
            Self::Registration(signed) => signed.envelope(),
            Self::Transaction(signed) => signed.envelope(),
        }
    }

    /// The id.
    pub fn id(&self) -> StatementId {
        self.envelope().id()
    }

    /// What the signature covers beside the payload.
    pub fn header(&self) -> &Header {
        self.envelope().header()
    }

    /// The envelope without receipts, as its issuer wrote it.
    pub fn as_bytes(&self) -> &[u8] {
        self.envelope().as_bytes()
    }

    /// The envelope with its receipts.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.envelope().to_bytes()
    }

    /// Whether it has a signature of its own; one that has none leans on a batch that names it.
    pub fn is_signed(&self) -> bool {
        self.envelope().is_signed()
    }

    /// The same statement without receipts.
    #[must_use]
    pub fn without_receipts(self) -> Self {
        match self {
            Self::Activity(signed) => Self::Activity(signed.without_receipts()),
            Self::Assessment(signed) => Self::Assessment(Box::new((*signed).without_receipts())),
            Self::Batch(signed) => Self::Batch(signed.without_receipts()),
            Self::Consent(signed) => Self::Consent(Box::new((*signed).without_receipts())),
            Self::Dataset(signed) => Self::Dataset(signed.without_receipts()),
            Self::Delegation(signed) => Self::Delegation(Box::new((*signed).without_receipts())),
            Self::Event(signed) => Self::Event(signed.without_receipts()),
            Self::Licence(signed) => Self::Licence(signed.without_receipts()),
            Self::Preference(signed) => Self::Preference(Box::new((*signed).without_receipts())),
            Self::Registration(signed) => {
                Self::Registration(Box::new((*signed).without_receipts()))
            }
            Self::Transaction(signed) => Self::Transaction(Box::new((*signed).without_receipts())),
        }
    }

    /// Verifies the signature with the key that the header names.
    ///
    /// # Errors
    ///
    /// [`StatementError::WrongKey`], [`StatementError::Unsigned`] and [`StatementError::BadSignature`]
    /// as [`Signed::verify`].
    pub fn check_signature(&self, key: &PublicKey) -> Result<(), StatementError> {
        self.envelope().verify(key)
    }

    /// Whether an activity may name this statement as a voucher for `manifest`.
    ///
    /// An activity vouches for what it generated, a dataset and a registration for what they are about.
    pub fn vouches_for(&self, manifest: ManifestId) -> bool {
        match self {
            Self::Activity(signed) => signed.payload().generates(manifest),
            Self::Dataset(signed) => signed.payload().manifest == manifest,
            Self::Registration(signed) => signed.payload().manifest == manifest,
            Self::Assessment(_)
            | Self::Batch(_)
            | Self::Consent(_)
            | Self::Delegation(_)
            | Self::Event(_)
            | Self::Licence(_)
            | Self::Preference(_)
            | Self::Transaction(_) => false,
        }
    }

    /// Its number per issuer, kind and subject, and what has the number before; not every kind has one.
    pub(crate) fn sequence(&self) -> Option<Sequence> {
        match self {
            Self::Activity(_) | Self::Batch(_) | Self::Preference(_) | Self::Transaction(_) => None,
            Self::Assessment(signed) => signed.payload().sequence(),
            Self::Consent(signed) => signed.payload().sequence(),
            Self::Dataset(signed) => signed.payload().sequence(),
            Self::Delegation(signed) => signed.payload().sequence(),
            Self::Event(signed) => signed.payload().sequence(),
            // A number without a chain: licences are numbered, and none takes the place of another.
            Self::Licence(signed) => {
                let licence = signed.payload();
                Some(Sequence { seq: licence.seq, prev: licence.prev })
            }
            Self::Registration(signed) => signed.payload().sequence(),
        }
    }

    /// The statements this one refers to: `prev`, `target`, parent, superseded, vouchers.
    pub(crate) fn references(&self) -> impl Iterator<Item = StatementId> {
        let [prev, other] = match self {
            Self::Activity(_) | Self::Batch(_) | Self::Preference(_) => [None, None],
            Self::Assessment(signed) => [signed.payload().prev, None],
            Self::Consent(signed) => [signed.payload().prev, None],
            Self::Dataset(signed) => [signed.payload().prev, None],
            Self::Delegation(signed) => [signed.payload().prev, None],
            Self::Event(signed) => {
                let target = match signed.payload().target {
                    Subject::Statement(id) => Some(id),
                    Subject::Index(_)
                    | Subject::Key(_)
                    | Subject::Manifest(_)
                    | Subject::Origin(_) => None,
                };
                [signed.payload().prev, target]
            }
            Self::Licence(signed) => [signed.payload().prev, signed.payload().parent],
            Self::Registration(signed) => [signed.payload().prev, signed.payload().supersedes],
            Self::Transaction(signed) => [None, signed.payload().registration],
        };
        let vouchers = self.as_activity().into_iter().flat_map(|one| one.payload().vouchers());
        prev.into_iter().chain(other).chain(vouchers.map(|(_, id)| id))
    }

    /// The manifests that this statement produces, declares or is about.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = ManifestId> {
        let named = match self {
            Self::Activity(_) | Self::Batch(_) | Self::Delegation(_) | Self::Event(_) => None,
            Self::Assessment(signed) => Some(signed.payload().manifest),
            Self::Consent(signed) => Some(signed.payload().manifest),
            Self::Dataset(signed) => Some(signed.payload().manifest),
            Self::Licence(signed) => Some(signed.payload().manifest),
            Self::Preference(signed) => Some(signed.payload().manifest),
            Self::Registration(signed) => Some(signed.payload().manifest),
            Self::Transaction(signed) => Some(signed.payload().manifest),
        };
        let generated = self.as_activity().into_iter().flat_map(|one| one.payload().generated());
        named.into_iter().chain(generated)
    }

    /// The manifests that an activity used.
    pub(crate) fn used(&self) -> impl Iterator<Item = ManifestId> {
        self.as_activity().into_iter().flat_map(|one| one.payload().used())
    }
}

macro_rules! from_signed {
    ($($kind:ident),*) => {$(
        impl From<Signed<$kind>> for Statement {
            fn from(signed: Signed<$kind>) -> Self {
                Self::$kind(signed)
            }
        }
    )*};
}
from_signed!(Activity, Batch, Dataset, Event, Licence);

macro_rules! from_boxed {
    ($($kind:ident),*) => {$(
        impl From<Signed<$kind>> for Statement {
            fn from(signed: Signed<$kind>) -> Self {
                Self::$kind(Box::new(signed))
            }
        }
    )*};
}
from_boxed!(Assessment, Consent, Delegation, Preference, Registration, Transaction);
