//! Why a proof is refused: one fault, one code.

use std::fmt;

use super::Bound;
use crate::cbor::codes;
use crate::id::{KeyId, ManifestId, StatementId};
use crate::manifest::EvidenceError;
use crate::proof::ProofError;
use crate::statement::StatementError;
use crate::tree::PrunedTreeError;

codes! {
    /// Stable code of a rejection.
    pub enum Code("rejection code") in verify {
        /// Receipts in an envelope within a proof, where they stand apart.
        AttachedReceipts = "attached-receipts",
        /// A checkpoint that its log did not sign.
        BadCheckpoint = "bad-checkpoint",
        /// A receipt that its log did not sign, or of a statement that cannot have one.
        BadReceipt = "bad-receipt",
        /// A signature does not verify.
        BadSignature = "bad-signature",
        /// More work than the caller allows.
        BudgetExceeded = "budget-exceeded",
        /// A statement speaks of a time after its own signature.
        ClaimAfterSignature = "claim-after-signature",
        /// A dataset whose two trees, as far as they are opened, are not of the same rows.
        Contradiction = "contradiction",
        /// Two envelopes of one statement.
        DuplicateStatement = "duplicate-statement",
        /// A receipt is dated after the verification.
        FutureReceipt = "future-receipt",
        /// A statement is dated after the verification.
        FutureStatement = "future-statement",
        /// The status is dated after the verification.
        FutureStatus = "future-status",
        /// A known issuer with another key, or a known key under another issuer.
        IssuerKeyMismatch = "issuer-key-mismatch",
        /// Members that are not those of the batch they are shown for, or more than needed.
        MalformedBatch = "malformed-batch",
        /// A checkpoint's bytes are not sound.
        MalformedCheckpoint = "malformed-checkpoint",
        /// Evidence of structural claims that is not sound: other roots, or bytes that are not canonical.
        MalformedEvidence = "malformed-evidence",
        /// The proof's own bytes are not canonical.
        MalformedProof = "malformed-proof",
        /// A receipt's bytes are not canonical, or no statement can have it.
        MalformedReceipt = "malformed-receipt",
        /// A statement's bytes are not canonical or contradict each other.
        MalformedStatement = "malformed-statement",
        /// The public key of a statement is neither in the proof nor in the trust store.
        MissingKey = "missing-key",
        /// A statement that is referred to is not there.
        MissingStatement = "missing-statement",
        /// `prev`, `parent` or `supersedes` names a statement that cannot stand there.
        ReferenceMismatch = "reference-mismatch",
        /// A structural claim is false.
        RelationFalse = "relation-false",
        /// The proof is about something else.
        SubjectMismatch = "subject-mismatch",
        /// The content type is none of this version's.
        UnknownKind = "unknown-kind",
        /// Statements or keys do not stand in their one order.
        Unordered = "unordered",
        /// Members of a batch that is not in the proof.
        UnreachableBatch = "unreachable-batch",
        /// A checkpoint of a log that gave no receipt.
        UnreachableCheckpoint = "unreachable-checkpoint",
        /// Evidence that no structural claim needs.
        UnreachableEvidence = "unreachable-evidence",
        /// A key that signed nothing.
        UnreachableKey = "unreachable-key",
        /// A receipt of a statement that is not there.
        UnreachableReceipt = "unreachable-receipt",
        /// A statement that the subject does not rest on.
        UnreachableStatement = "unreachable-statement",
        /// A statement without a signature, for which no batch stands.
        Unvouched = "unvouched",
        /// A voucher of a kind that cannot vouch.
        VoucherKind = "voucher-kind",
        /// A voucher that vouches for something else.
        VoucherMismatch = "voucher-mismatch",
    }
}

/// Where in a proof something is.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::verify::{Code, Node};
/// # use datadeed::{Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let (ours, theirs) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
/// # let proof = LineageProof::builder(theirs).build()?.to_bytes();
/// # let rejection = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, ours).unwrap_err();
///
/// // A proof about their weights, attached to ours:
/// assert_eq!((rejection.code, rejection.node), (Code::SubjectMismatch, Node::Manifest(theirs)));
/// assert_eq!(rejection.node.to_string(), theirs.to_string());
/// # Ok::<(), datadeed::proof::ProofError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Node {
    /// A checkpoint, by its place in the proof, from 0.
    Checkpoint(usize),
    /// A public key.
    Key(KeyId),
    /// A dataset or model.
    Manifest(ManifestId),
    /// A statement that cannot be decoded, by its place from 0.
    Position(usize),
    /// The proof as a whole.
    Proof,
    /// A statement.
    Statement(StatementId),
    /// The status that the caller gave.
    Status,
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(index) => write!(f, "checkpoint:{index}"),
            Self::Key(id) => id.fmt(f),
            Self::Manifest(id) => id.fmt(f),
            Self::Position(index) => write!(f, "position:{index}"),
            Self::Proof => f.write_str("proof"),
            Self::Statement(id) => id.fmt(f),
            Self::Status => f.write_str("status"),
        }
    }
}

/// A proof that is refused as a whole: nothing in it counts.
///
/// ```
/// use datadeed::verify::{Code, Node, Verifier};
/// # use datadeed::{ManifestId, Timestamp, trust::TrustStore};
/// # let (weights, trust, now) = (ManifestId::from_bytes([1; 32]), TrustStore::default(), Timestamp::MIN);
///
/// let rejection = Verifier::new(&trust, now).verify(b"no proof", weights).unwrap_err();
/// assert_eq!((rejection.code, rejection.node), (Code::MalformedProof, Node::Proof));
/// assert_eq!(rejection.to_string(), "malformed-proof at proof");
/// assert!(rejection.cause.is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} at {node}{}", bound.map(|bound| format!(", {bound}")).unwrap_or_default())]
#[non_exhaustive]
pub struct Rejection {
    /// What is wrong.
    pub code: Code,
    /// Where.
    pub node: Node,
    /// Which bound of the [`Budget`](super::Budget) is too small, of [`Code::BudgetExceeded`] alone.
    pub bound: Option<Bound>,
    /// What the decoder found, for faults in bytes.
    #[source]
    pub cause: Option<Box<ProofError>>,
}

impl Rejection {
    pub(super) const fn new(code: Code, node: Node) -> Self {
        Self { code, node, bound: None, cause: None }
    }

    /// More work than this bound allows.
    pub(super) const fn over(bound: Bound, node: Node) -> Self {
        Self { code: Code::BudgetExceeded, node, bound: Some(bound), cause: None }
    }

    pub(super) const fn statement(code: Code, id: StatementId) -> Self {
        Self::new(code, Node::Statement(id))
    }
}

impl From<ProofError> for Rejection {
    fn from(cause: ProofError) -> Self {
        let (code, node) = match &cause {
            ProofError::AttachedReceipts { id } => (Code::AttachedReceipts, Node::Statement(*id)),
            ProofError::Members { batch, source: PrunedTreeError::TooManyItems { .. } } => {
                return over(Bound::Nodes, Node::Statement(*batch), cause);
            }
            ProofError::BatchRoot { batch }
            | ProofError::Members { batch, .. }
            | ProofError::NeedlessMembers { batch } => {
                (Code::MalformedBatch, Node::Statement(*batch))
            }
            ProofError::UnorderedBatch { batch } => (Code::Unordered, Node::Statement(*batch)),
            ProofError::UnreachableMembers { batch } => {
                (Code::UnreachableBatch, Node::Statement(*batch))
            }
            ProofError::Unvouched { id } => (Code::Unvouched, Node::Statement(*id)),
            ProofError::Checkpoint { index, .. } => {
                (Code::MalformedCheckpoint, Node::Checkpoint(*index))
            }
            ProofError::Receipt { id, .. } => (Code::MalformedReceipt, Node::Statement(*id)),
            ProofError::UnorderedCheckpoint { index } => {
                (Code::Unordered, Node::Checkpoint(*index))
            }
            ProofError::UnreachableCheckpoint { index } => {
                (Code::UnreachableCheckpoint, Node::Checkpoint(*index))
            }
            ProofError::UnreachableReceipt { id } => {
                (Code::UnreachableReceipt, Node::Statement(*id))
            }
            ProofError::UnsignedReceipt { id } => (Code::BadReceipt, Node::Statement(*id)),
            ProofError::Cbor(_) => (Code::MalformedProof, Node::Proof),
            ProofError::DuplicateStatement { id } => {
                (Code::DuplicateStatement, Node::Statement(*id))
            }
            ProofError::Evidence(EvidenceError::Tree {
                source: PrunedTreeError::TooManyItems { .. },
                of,
                ..
            }) => return over(Bound::Nodes, Node::Manifest(*of), cause),
            ProofError::Evidence(source) => evidence(source),
            ProofError::MissingStatement { id, .. } => {
                (Code::MissingStatement, Node::Statement(*id))
            }
            ProofError::Statement { index, source } => (malformed(source), Node::Position(*index)),
            ProofError::TooLarge { .. } => return over(Bound::Bytes, Node::Proof, cause),
            ProofError::TooManyReceipts { .. } => return over(Bound::Receipts, Node::Proof, cause),
            ProofError::TooManyStatements { .. } => {
                return over(Bound::Statements, Node::Proof, cause);
            }
            ProofError::TooManyKeys { .. } => (Code::UnreachableKey, Node::Proof),
            ProofError::UnorderedKey { id } => (Code::Unordered, Node::Key(*id)),
            ProofError::UnorderedReceipt { id } | ProofError::UnorderedStatement { id } => {
                (Code::Unordered, Node::Statement(*id))
            }
            ProofError::EmptyEvidence => (Code::UnreachableEvidence, Node::Proof),
            ProofError::UnreachableEvidence { of, .. } => {
                (Code::UnreachableEvidence, Node::Manifest(*of))
            }
            ProofError::UnreachableKey { id } => (Code::UnreachableKey, Node::Key(*id)),
            ProofError::UnreachableStatement { id } => {
                (Code::UnreachableStatement, Node::Statement(*id))
            }
        };
        Self { code, node, bound: None, cause: Some(Box::new(cause)) }
    }
}

/// The bound at which a decoder stopped.
fn over(bound: Bound, node: Node, cause: ProofError) -> Rejection {
    Rejection { cause: Some(Box::new(cause)), ..Rejection::over(bound, node) }
}

fn evidence(source: &EvidenceError) -> (Code, Node) {
    match source {
        EvidenceError::Cbor(_) | EvidenceError::TooLarge { .. } => {
            (Code::MalformedEvidence, Node::Proof)
        }
        EvidenceError::Entry { of, .. }
        | EvidenceError::Head { of, .. }
        | EvidenceError::IndexConflict { of, .. }
        | EvidenceError::NoTree { of, .. }
        | EvidenceError::Root { of, .. }
        | EvidenceError::Tree { of, .. }
        | EvidenceError::Unopened { of }
        | EvidenceError::Unordered { of, .. } => (Code::MalformedEvidence, Node::Manifest(*of)),
    }
}

fn malformed(source: &StatementError) -> Code {
    match source {
        StatementError::NoLineage { .. } | StatementError::UnknownKind { .. } => Code::UnknownKind,
        StatementError::BadSignature
        | StatementError::Cbor(_)
        | StatementError::Payload(_)
        | StatementError::SubjectMismatch { .. }
        | StatementError::TooLarge { .. }
        | StatementError::TooManyReceipts { .. }
        | StatementError::Unsigned
        | StatementError::WrongKey { .. }
        | StatementError::WrongKind { .. } => Code::MalformedStatement,
    }
}
