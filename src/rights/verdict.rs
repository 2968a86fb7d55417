//! Answers about a use.

use std::collections::BTreeSet;
use std::fmt;

use super::{Duty, Profile};
use crate::cbor::codes;
use crate::id::{ManifestId, StatementId};
use crate::timestamp::Timestamp;

codes! {
    /// Why a use is denied.
    pub enum Reason("reason") in rights {
        /// The party broke the terms, and they do not count for him since.
        Breach = "breach",
        /// Personal information is in it, and no basis of processing covers the use.
        Consent = "consent",
        /// What was delivered is not what is registered.
        ContentMismatch = "content-mismatch",
        /// The term has ended.
        Expired = "expired",
        /// The field of use is not allowed.
        Field = "field",
        /// It is derived over more steps than are allowed.
        Hops = "hops",
        /// The party is not among the licensees.
        Licensee = "licensee",
        /// What is derived may not be shared, or not even made.
        NoDerivatives = "no-derivatives",
        /// Nothing grants it.
        NoGrant = "no-grant",
        /// The term has not begun.
        NotYetValid = "not-yet-valid",
        /// The terms it is offered under allow more than the licence does.
        OutboundTooBroad = "outbound-too-broad",
        /// The terms it is offered under lack restrictions that must be passed on.
        PassThrough = "pass-through",
        /// The product is not among those allowed.
        Product = "product",
        /// A rule prohibits it.
        Prohibited = "prohibited",
        /// The purpose is not allowed.
        Purpose = "purpose",
        /// The licence was revoked before the act.
        Revoked = "revoked",
        /// No one licence satisfies every share-alike duty.
        ShareAlikeConflict = "share-alike-conflict",
        /// A sublicence grants what the licence above does not, and so nothing.
        SublicenceTooBroad = "sublicence-too-broad",
        /// The territory is not allowed.
        Territory = "territory",
        /// A duty that comes first is not fulfilled.
        UnmetDuty = "unmet-duty",
        /// The policy permits and prohibits the same, and says that this makes it void.
        VoidPolicy = "void-policy",
        /// More is used than is allowed.
        Volume = "volume",
    }
}

codes! {
    /// What would have to be known for an answer.
    pub enum Missing("missing fact") in rights {
        /// Whether an act took place before a right ended.
        ActTimeUnproven = "act-time-unproven",
        /// A condition that this version cannot evaluate.
        Constraint = "constraint",
        /// A record of the provision of data abroad.
        CrossBorder = "cross-border",
        /// Who is right: two claims of title stand against each other, or a dispute was accepted and is open.
        Disputed = "disputed",
        /// The field of use.
        Field = "field",
        /// Inputs that an activity does not disclose.
        InputsUndisclosed = "inputs-undisclosed",
        /// A licence: none is there, or none that can be evaluated.
        Licence = "licence",
        /// Who the user is.
        Licensee = "licensee",
        /// Under which terms it is offered on, where licences leave a choice that bears on it.
        Offer = "offer",
        /// Where the content came from.
        Origin = "origin",
        /// The signature of a party to the only deal.
        Parties = "parties",
        /// Whether personal information is in it.
        PersonalInformation = "personal-information",
        /// Which product the use is for.
        Product = "product",
        /// What the use is for.
        Purpose = "purpose",
        /// Whether a licence whose text is silent can be taken back.
        RevocationContested = "revocation-contested",
        /// Which of two statements that one issuer gave the same number counts.
        SequenceConflict = "sequence-conflict",
        /// The standing of whoever granted the only licence.
        Standing = "standing",
        /// A fresh status: whether what could be revoked was.
        Status = "status",
        /// Whether models outlive the term they were trained in.
        Survival = "survival",
        /// Where the use takes place, by a code that is assigned.
        Territory = "territory",
        /// A trusted signer for a statement that everything hangs on.
        Trust = "trust",
        /// How much is used.
        Volume = "volume",
        /// The voucher was withdrawn by its own issuer.
        Withdrawn = "withdrawn",
    }
}

/// One reason or missing fact, and where it arises.
///
/// How the subject depends on that place is
/// [`VerifiedLineage::path_to`](crate::verify::VerifiedLineage::path_to).
///
/// ```
/// use datadeed::rights::{Action, Ground, Missing, Use, Verdict};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
///
/// // A lineage of which nobody said anything:
/// let Verdict::Unknown { missing } = lineage.rights(&Use::new(Action::Train)) else {
///     unreachable!("nothing permits and nothing denies")
/// };
/// let at = |ground: &Ground<Missing>| (ground.code, ground.manifest);
/// assert!(missing.iter().map(at).any(|ground| ground == (Missing::Origin, corpus)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Ground<C> {
    /// The stable code.
    pub code: C,
    /// The dataset or model at which it arises.
    pub manifest: ManifestId,
    /// The statement it comes from, where there is one.
    pub statement: Option<StatementId>,
}

/// A duty owed for a use.
///
/// ```
/// use datadeed::rights::{Action, DutyKind, Use, Verdict};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::rights::{Licence, Observation};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{Digest, ManifestId, Timestamp, proof::LineageProof, verify::Verifier};
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
/// # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(collector.iss(), collector.public_key(), [Role::Collector])]);
/// # let seen = Observation::new("https://data.example/corpus", "http-get", Digest::of(b"page"), now);
/// # let licence = Licence::observed(corpus, "CC-BY-4.0", seen).sign(&collector, now)?;
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&collector, now)?;
/// # let licence_id = licence.id();
/// # let proof = LineageProof::builder(corpus).statement(collect).statement(licence).build()?.to_bytes();
/// # let lineage = Verifier::new(&trust, now).verify(&proof, corpus)?;
///
/// // A corpus that its collector saw under CC-BY-4.0:
/// let Verdict::Permit { duties, .. } = lineage.rights(&Use::new(Action::Distribute)) else {
///     unreachable!("the licence permits it")
/// };
/// let kinds: Vec<DutyKind> = duties.iter().map(|due| due.duty.kind).collect();
/// assert_eq!(kinds, [DutyKind::Attribute, DutyKind::NoExtraRestrictions, DutyKind::Notice]);
/// assert!(duties.iter().all(|due| due.manifest == corpus && due.licence == licence_id));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct DutyDue {
    /// The duty.
    pub duty: Duty,
    /// The dataset it is owed for.
    pub manifest: ManifestId,
    /// The licence that asks it.
    pub licence: StatementId,
}

impl DutyDue {
    pub(crate) const fn new(duty: Duty, manifest: ManifestId, licence: StatementId) -> Self {
        Self { duty, manifest, licence }
    }
}

impl<C> Ground<C> {
    pub(crate) const fn new(code: C, manifest: ManifestId, statement: Option<StatementId>) -> Self {
        Self { code, manifest, statement }
    }
}

/// The answer to a [`Use`](super::Use). Only `Permit` authorises.
///
/// ```
/// use datadeed::rights::{Action, Use, Verdict};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
///
/// // A lineage of which nobody said anything:
/// let answer = match lineage.rights(&Use::new(Action::Train)) {
///     Verdict::Permit { duties, .. } => format!("yes, with {} duties", duties.len()),
///     Verdict::Deny { reasons } => format!("no, for {} reasons", reasons.len()),
///     Verdict::Unknown { .. } | _ => "no, until more is known".to_owned(),
/// };
/// assert_eq!(answer, "no, until more is known");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Some term or fact stands against it.
    Deny {
        /// Why, each with its place.
        reasons: Vec<Ground<Reason>>,
    },
    /// Everything needed is there, verified.
    #[non_exhaustive]
    Permit {
        /// What is owed in return, and what [came first](super::DutyKind::is_precondition) and is fulfilled.
        duties: Vec<DutyDue>,
        /// Up to when the caller knew of adverse events; `None` where he gave no status.
        status_as_of: Option<Timestamp>,
        /// Which licences were relied on although they, or the registration they rest on, may have been
        /// revoked and no fresh status was given, because the caller allowed it; and any statement about
        /// which the status is known to lack an event.
        stale_status_relied_on: BTreeSet<StatementId>,
        /// How contested licences were read.
        profile: Profile,
    },
    /// Something needed is missing, and nothing denies.
    Unknown {
        /// What is missing, each with its place.
        missing: Vec<Ground<Missing>>,
    },
}

impl Verdict {
    /// `permit`, `deny` or `unknown`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Deny { .. } => "deny",
            Self::Permit { .. } => "permit",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether the use is authorised, which nothing but [`Verdict::Permit`] does.
    pub const fn is_permit(&self) -> bool {
        matches!(self, Self::Permit { .. })
    }

    /// What is owed for a permitted use; nothing for any other.
    pub fn duties(&self) -> &[DutyDue] {
        if let Self::Permit { duties, .. } = self { duties } else { &[] }
    }

    /// The reasons or missing facts with their codes as text, sorted; none for a permitted use.
    ///
    /// ```
    /// # use datadeed::{id::ManifestId, proof::LineageProof, trust::TrustStore, verify::Verifier};
    /// use datadeed::rights::{Action, Use};
    /// # let weights = ManifestId::from_bytes([1; 32]);
    /// # let proof = LineageProof::builder(weights).build()?.to_bytes();
    /// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
    /// # let lineage = Verifier::new(&trust, now).verify(&proof, weights)?;
    /// let verdict = lineage.rights(&Use::new(Action::DistributeModel));
    /// let codes: Vec<&str> = verdict.grounds().map(|ground| ground.code).collect();
    /// assert_eq!((verdict.word(), codes), ("unknown", vec!["licence", "origin"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn grounds(&self) -> impl Iterator<Item = Ground<&'static str>> + Clone + '_ {
        let (reasons, missing): (&[Ground<Reason>], &[Ground<Missing>]) = match self {
            Self::Deny { reasons } => (reasons, &[]),
            Self::Permit { .. } => (&[], &[]),
            Self::Unknown { missing } => (&[], missing),
        };
        let reasons = reasons.iter().map(|g| Ground::new(g.code.code(), g.manifest, g.statement));
        let missing = missing.iter().map(|g| Ground::new(g.code.code(), g.manifest, g.statement));
        reasons.chain(missing)
    }
}

impl fmt::Display for Verdict {
    /// `permit`, or `deny` / `unknown` with the codes, each once.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        let codes: BTreeSet<&str> = self.grounds().map(|ground| ground.code).collect();
        codes.iter().try_for_each(|code| write!(f, " {code}"))
    }
}

/// Whether no one licence is in every set of share-alike terms.
pub(crate) fn share_alike_conflict<'a>(
    sets: impl IntoIterator<Item = &'a BTreeSet<String>>,
) -> bool {
    let mut sets = sets.into_iter();
    let Some(first) = sets.next() else { return false };
    let common = |common: BTreeSet<&'a String>, set: &'a BTreeSet<String>| {
        common.into_iter().filter(|one| set.contains(*one)).collect()
    };
    sets.fold(first.iter().collect(), common).is_empty()
}
