//! What a verification found beside its result.

use super::Node;
use crate::cbor::codes;

codes! {
    /// Stable code of a finding.
    pub enum FindingCode("finding code") in verify {
        /// A breach of terms that was remedied.
        BreachCured = "breach-cured",
        /// Data that were collected, as by scraping, and of which nobody says by what right: neither a licence, a
        /// deal, a registration or a basis of processing, nor what their publisher states for machines.
        CollectedWithoutTerms = "collected-without-terms",
        /// A deal about other content than what is registered under the registration that it names.
        ContentMismatch = "content-mismatch",
        /// A deal that not all of its parties signed, each under a name that is his.
        DealIncomplete = "deal-incomplete",
        /// A number that an exchange gave to two deals; neither counts.
        DealNumberReused = "deal-number-reused",
        /// A delegation that gives nothing, and why; whoever it names is believed in nothing by it.
        DelegationWithoutEffect = "delegation-without-effect",
        /// A dispute that has ended.
        DisputeSettled = "dispute-settled",
        /// A dispute that a registrar or a court accepted.
        Disputed = "disputed",
        /// A duty that comes first and was fulfilled.
        DutyFulfilled = "duty-fulfilled",
        /// An event in the caller's status whose predecessor nobody knows: the status lacks one.
        EventGap = "event-gap",
        /// An event that takes effect after the time of the verification.
        EventPending = "event-pending",
        /// An event in the caller's status of an issuer with another key, whose key is not known or whose
        /// signature does not verify; it has no effect.
        EventUnverifiable = "event-unverifiable",
        /// An event by somebody who may not issue it; it has no effect.
        EventWithoutEffect = "event-without-effect",
        /// Inputs that an activity does not disclose.
        InputsUndisclosed = "inputs-undisclosed",
        /// A key that is not to be relied on, from some instant on.
        KeyRevoked = "key-revoked",
        /// Somebody does not keep to the terms of a licence.
        LicenceBroken = "licence-broken",
        /// Observed licences of one dataset that differ; both must permit a use.
        LicenceMismatch = "licence-mismatch",
        /// A licence that grants nothing, because its signer has no standing, or because nobody here can read
        /// the terms that a collector saw.
        LicenceWithoutStanding = "licence-without-standing",
        /// A receipt of a log that signed two roots of one size; none of that log counts.
        LogContradictsItself = "log-contradicts-itself",
        /// A dataset that is mounted in a composite, as its mounts show; both are named here, and what holds
        /// of the one is not said of the other.
        Mounted = "mounted",
        /// An objection, which binds nobody.
        Objection = "objection",
        /// A dataset that no activity in the proof produces.
        OriginMissing = "origin-missing",
        /// Data that were provided abroad, on a stated basis.
        ProvidedAbroad = "provided-abroad",
        /// A receipt of a log that is not trusted, or not for that time; it counts for nothing.
        ReceiptNotTrusted = "receipt-not-trusted",
        /// A receipt that too few of the witnesses demanded are known to have seen; it counts for nothing.
        ReceiptNotWitnessed = "receipt-not-witnessed",
        /// A registration that another one claims to replace, which its registrar did not issue; it has no effect.
        RecordWithoutEffect = "record-without-effect",
        /// A registration that its registrar replaced by another one.
        RegistrationReplaced = "registration-replaced",
        /// A structural claim that neither rows nor evidence at hand decide: somebody says so.
        RelationAsserted = "relation-asserted",
        /// A structural claim that was recomputed to the roots.
        RelationProven = "relation-proven",
        /// Two statements to which one issuer gave the same number.
        SequenceConflict = "sequence-conflict",
        /// A statement by a revoked key that is not proven to be from before.
        SignedByRevokedKey = "signed-by-revoked-key",
        /// A signer who is not believed in what he says.
        SignerNotTrusted = "signer-not-trusted",
        /// A statement that counts no longer, from some instant on.
        StatementRevoked = "statement-revoked",
        /// The caller gave no status: what could be revoked was not checked.
        StatusNotChecked = "status-not-checked",
        /// The caller's status is older than he allows.
        StatusStale = "status-stale",
        /// A sublicence that grants what the licence above does not, and so nothing.
        SublicenceTooBroad = "sublicence-too-broad",
        /// A title that is pledged to somebody.
        TitleEncumbered = "title-encumbered",
        /// A title whose term has ended; what was granted before stays.
        TitleExpired = "title-expired",
        /// Something is noted beside a title: an asset entry, a filed licence.
        TitleNoted = "title-noted",
        /// A pledge of a title that has ended.
        TitleReleased = "title-released",
        /// A title that passed to others.
        TitleTransferred = "title-transferred",
        /// A later version of a growing dataset, which a registration of an earlier one covers.
        VersionCovered = "version-covered",
        /// An event against a licence whose terms are irrevocable; it has no effect.
        WithdrawalIgnored = "withdrawal-ignored",
    }
}

/// One finding, at one place.
///
/// ```
/// use datadeed::verify::{FindingCode, Node};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
///
/// // A lineage of which nobody said anything, verified without a status:
/// let [origin, status] = lineage.findings() else { unreachable!("two things stand out") };
/// assert_eq!((origin.code, origin.node), (FindingCode::OriginMissing, Node::Manifest(corpus)));
/// assert_eq!(status.to_string(), "status-not-checked at proof");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Finding {
    /// What was found.
    pub code: FindingCode,
    /// Where.
    pub node: Node,
    /// For people: the relation, the issuer, the instant.
    pub detail: String,
}

impl Finding {
    pub(super) fn new(code: FindingCode, node: Node, detail: impl Into<String>) -> Self {
        Self { code, node, detail: detail.into() }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.code, self.node)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}
