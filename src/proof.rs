//! The lineage proof: every statement that a subject rests on, in one deterministic byte string.
//!
//! ```text
//! proof = {
//!   "v": 1,
//!   ? "keys": [ + bstr32 ],         public keys, sorted by key id; untrusted, ids recomputed
//!   ? "batches": [ + {              sorted by id
//!     "batch": bstr32,              StatementId
//!     "pruned": bstr,               what is opened of its tree
//!   } ],
//!   "subject": bstr32,              ManifestId
//!   ? "evidence": evidence,         of structural claims, each tree one that an activity's relation needs
//!   ? "receipts": [ + {             sorted by (id, bytes)
//!     "id": bstr32,                 StatementId
//!     "receipt": bstr,
//!   } ],
//!   ? "statements": [ + bstr ],     envelopes, sorted by (height, id)
//!   ? "checkpoints": [ + bstr ],    signed notes, sorted
//! }
//! ```
//!
//! The height of a statement is 0 without references to statements (vouchers,
//! `target`, `prev`, `parent`, `supersedes`), else 1 more than the largest height
//! among those it refers to. Everything in a proof is reachable from its
//! subject, targets something reachable or delegates to a key that signed something
//! reachable; anything else is refused, so a proof cannot carry what nobody looked at.
//!
//! ```
//! use datadeed::proof::LineageProof;
//! # use datadeed::key::SigningKey;
//! # use datadeed::lineage::{Activity, ActivityKind};
//! # use datadeed::statement::{Issuer, Payload};
//! # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[7; 32]));
//! # let corpus = datadeed::ManifestId::from_bytes([1; 32]);
//! # let collect = Activity::new(ActivityKind::Collect).output(corpus, []);
//! # let collect = collect.sign(&collector, "2026-11-21T00:00:00Z".parse()?)?;
//!
//! let proof = LineageProof::builder(corpus)
//!     .statement(collect)
//!     .key(collector.public_key()) // for verifiers who do not have it
//!     .build()?;
//! assert_eq!(LineageProof::decode(&proof.to_bytes())?.statements(), proof.statements());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod check;
mod directory;
mod file;
mod lists;
mod logged;
mod numbers;
mod prune;
mod reach;
mod statement;
mod vouched;

use crate::cbor::CborError;
use crate::id::{KeyId, ManifestId, StatementId};
use crate::key::PublicKey;
use crate::limits::{BUDGET_BYTES, BUDGET_NODES, BUDGET_RECEIPTS, BUDGET_STATEMENTS};
use crate::log::{CheckpointError, Receipt, ReceiptError, SignedCheckpoint};
use crate::manifest::{Evidence, EvidenceError};
use crate::statement::{Header, StatementError};
use crate::tree::{PrunedTree, PrunedTreeError, TreeName};

pub use build::Builder;
pub(crate) use lists::Lists;
use logged::Logged;
pub(crate) use numbers::Numbers;
pub use prune::NotInProof;
pub use statement::Statement;

/// Statements and keys about one subject: structurally sound, and nothing verified yet.
///
/// ```
/// use datadeed::id::ManifestId;
/// use datadeed::proof::LineageProof;
///
/// let empty = LineageProof::builder(ManifestId::from_bytes([1; 32])).build()?;
/// assert_eq!(LineageProof::decode(&empty.to_bytes()), Ok(empty));
/// # Ok::<(), datadeed::proof::ProofError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageProof {
    subject: ManifestId,
    /// Sorted by id.
    keys: Vec<PublicKey>,
    /// Sorted by (height, id).
    statements: Vec<Statement>,
    numbers: Box<Numbers>,
    /// Each tree one that a relation of an activity needs.
    evidence: Evidence,
    /// Of a batch that is not here all members are.
    batches: vouched::Opened,
    /// Of each statement, by place, the batches that stand for it; of each unsigned one at least one.
    vouched: Lists,
    logged: Logged,
    /// The greatest height, 0 without statements.
    height: usize,
}

/// Bytes or statements that are no lineage proof.
///
/// ```
/// use datadeed::lineage::Activity;
/// use datadeed::proof::{LineageProof, ProofError};
/// # use datadeed::key::SigningKey;
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::{ManifestId, StatementId};
/// # let (corpus, weights) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
/// # let trainer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
/// # let now = "2026-11-21T00:00:00Z".parse()?;
/// # let id = StatementId::from_bytes([3; 32]);
///
/// // The statement that vouches for the corpus was not added.
/// let train = Activity::train().input(corpus, [id]).output(weights, []).sign(&trainer, now)?;
/// let by = train.id();
/// let missing = ProofError::MissingStatement { id, by };
/// assert_eq!(LineageProof::builder(weights).statement(train).build(), Err(missing));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// Receipts stand apart from statements, so that a statement has one form.
    #[error("receipts in the envelope of {id}")]
    AttachedReceipts {
        /// The statement.
        id: StatementId,
    },
    /// The members that are shown, or without them all that could be, are not those of the batch.
    #[error("other members than those of {batch}")]
    BatchRoot {
        /// The batch.
        batch: StatementId,
    },
    /// The bytes are not the CBOR they should be.
    #[error("malformed proof")]
    Cbor(#[from] CborError),
    /// A checkpoint is not sound.
    #[error("checkpoint {index} is not sound")]
    Checkpoint {
        /// Its place in the proof, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: CheckpointError,
    },
    /// Two envelopes have one statement id.
    #[error("{id} occurs twice")]
    DuplicateStatement {
        /// The id.
        id: StatementId,
    },
    /// Evidence that opens no tree.
    #[error("evidence of nothing")]
    EmptyEvidence,
    /// The evidence is not sound.
    #[error("unsound evidence")]
    Evidence(#[from] EvidenceError),
    /// What is opened of the tree of a batch is not sound.
    #[error("unsound members of {batch}")]
    Members {
        /// The batch.
        batch: StatementId,
        /// What is wrong with the tree.
        #[source]
        source: PrunedTreeError,
    },
    /// A statement that is referred to is not there.
    #[error("{id}, which {by} refers to, is missing")]
    MissingStatement {
        /// The statement that is missing.
        id: StatementId,
        /// The statement that refers to it.
        by: StatementId,
    },
    /// A receipt is not sound.
    #[error("unsound receipt of {id}")]
    Receipt {
        /// The statement.
        id: StatementId,
        /// What is wrong with the receipt.
        #[source]
        source: Box<ReceiptError>,
    },
    /// A statement cannot be decoded.
    #[error("statement {index} is not sound")]
    Statement {
        /// Its place in the proof, from 0.
        index: usize,
        /// What is wrong with it.
        #[source]
        source: StatementError,
    },
    /// The proof is larger than allowed.
    #[error("proof of {found} bytes, at most {limit} allowed")]
    TooLarge {
        /// Size in bytes.
        found: usize,
        /// The bound, in bytes.
        limit: usize,
    },
    /// There are more keys than statements they could have signed.
    #[error("{found} keys for {limit} statements")]
    TooManyKeys {
        /// How many keys.
        found: usize,
        /// How many statements.
        limit: usize,
    },
    /// There are more receipts and signatures of checkpoints than allowed.
    #[error("{found} receipts and signatures of checkpoints, at most {limit} allowed")]
    TooManyReceipts {
        /// How many.
        found: usize,
        /// The bound.
        limit: usize,
    },
    /// There are more statements than allowed.
    #[error("{found} statements, at most {limit} allowed")]
    TooManyStatements {
        /// How many.
        found: usize,
        /// The bound.
        limit: usize,
    },
    /// Batches are not strictly increasing by id.
    #[error("members of {batch} out of order")]
    UnorderedBatch {
        /// The batch that should stand earlier.
        batch: StatementId,
    },
    /// More is opened of the tree of a batch than its members in the proof need.
    #[error("more members of {batch} than needed")]
    NeedlessMembers {
        /// The batch.
        batch: StatementId,
    },
    /// Checkpoints are not strictly increasing by bytes.
    #[error("checkpoint {index} out of order")]
    UnorderedCheckpoint {
        /// The place of the one that should stand earlier, from 0.
        index: usize,
    },
    /// Receipts are not strictly increasing by statement and bytes.
    #[error("receipt of {id} out of order")]
    UnorderedReceipt {
        /// The statement whose receipt should stand earlier.
        id: StatementId,
    },
    /// Keys are not strictly increasing by id.
    #[error("key {id} out of order")]
    UnorderedKey {
        /// The key that should stand earlier.
        id: KeyId,
    },
    /// Statements are not strictly increasing by height and id.
    #[error("{id} out of order")]
    UnorderedStatement {
        /// The statement that should stand earlier.
        id: StatementId,
    },
    /// No relation of an activity needs this tree: it is about other datasets, and none of their
    /// contents, through opened mounts, consist of this one.
    #[error("no relation needs {tree} of {of}")]
    UnreachableEvidence {
        /// The dataset.
        of: ManifestId,
        /// The tree.
        tree: TreeName,
    },
    /// No statement was signed with this key.
    #[error("{id} signed nothing here")]
    UnreachableKey {
        /// The key.
        id: KeyId,
    },
    /// Members of a batch that is not in the proof.
    #[error("members of {batch}, which is not there")]
    UnreachableMembers {
        /// The batch.
        batch: StatementId,
    },
    /// A checkpoint of a log that gave no receipt here.
    #[error("checkpoint {index} of a log that gave no receipt")]
    UnreachableCheckpoint {
        /// Its place in the proof, from 0.
        index: usize,
    },
    /// A receipt of a statement that is not in the proof.
    #[error("receipt of {id}, which is not there")]
    UnreachableReceipt {
        /// The statement.
        id: StatementId,
    },
    /// The subject does not rest on this statement.
    #[error("the subject does not rest on {id}")]
    UnreachableStatement {
        /// The statement.
        id: StatementId,
    },
    /// A receipt of a statement without a signature: it proves nothing of its issuer, that of its batch does.
    #[error("receipt of {id}, which is not signed")]
    UnsignedReceipt {
        /// The statement.
        id: StatementId,
    },
    /// A statement without a signature, for which no batch stands.
    #[error("{id} is not signed, and no batch stands for it")]
    Unvouched {
        /// The statement.
        id: StatementId,
    },
}

/// How much a decoder may take in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) bytes: usize,
    pub(crate) statements: usize,
    pub(crate) nodes: usize,
    pub(crate) receipts: usize,
}

impl LineageProof {
    /// Begins a proof about `subject`.
    pub const fn builder(subject: ManifestId) -> Builder {
        Builder::new(subject)
    }

    /// Decodes a proof within the default [`Budget`](crate::verify::Budget) and checks its structure.
    ///
    /// # Errors
    ///
    /// [`ProofError`] for anything that [`LineageProof::to_bytes`] would not have written.
    pub fn decode(bytes: &[u8]) -> Result<Self, ProofError> {
        Self::decode_within(
            bytes,
            Bounds {
                bytes: BUDGET_BYTES,
                statements: BUDGET_STATEMENTS,
                nodes: BUDGET_NODES,
                receipts: BUDGET_RECEIPTS,
            },
        )
    }

    /// What the proof is about.
    pub const fn subject(&self) -> ManifestId {
        self.subject
    }

    /// The public keys it carries, sorted by id; nobody vouches for them.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The statements, sorted by (height, id).
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What it opens of the trees that relations need.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// What is opened of the tree of a batch; of one that is not here, all members are in the proof.
    pub fn members(&self, batch: StatementId) -> Option<&PrunedTree<StatementId>> {
        self.batches.get(&batch)
    }

    /// The receipts of a statement, in the order of their bytes; nobody has looked at their signatures.
    pub fn receipts(&self, id: StatementId) -> &[Receipt] {
        self.logged.receipts.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Checkpoints of the logs that gave receipts, in the order of their bytes; nobody has looked at
    /// their signatures.
    pub fn checkpoints(&self) -> &[SignedCheckpoint] {
        &self.logged.checkpoints
    }

    /// The batches that stand for a statement without a signature of its own.
    pub fn batches_of(&self, id: StatementId) -> impl Iterator<Item = StatementId> {
        let batches = self.numbers.statement(&id).map_or(&[][..], |place| self.vouched.of(place));
        batches.iter().filter_map(|place| self.statements.get(*place)).map(Statement::id)
    }

    /// The places of the batches that stand for each statement, by its own place.
    pub(crate) const fn vouched(&self) -> &Lists {
        &self.vouched
    }

    /// The issuer of the statement at this place, as it stands in his first one: the same text for all that he signed.
    pub(crate) fn issuer(&self, place: usize) -> Option<&str> {
        let signer = self.numbers.signer_of.get(place)?;
        let first = self.statements.get(*self.numbers.signers.get(*signer)?)?;
        Some(&first.header().issuer)
    }

    /// Which statements refer to which, and to which datasets.
    pub(crate) fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// What of each statement, by place, is so because of its issuer and key alone; each such signer is
    /// judged once.
    pub(crate) fn by_signer<T: Copy>(&self, judge: impl Fn(&Header) -> T) -> Vec<T> {
        let signed = self.numbers.signers.iter().filter_map(|place| self.statements.get(*place));
        let judged: Vec<T> = signed.map(|statement| judge(statement.header())).collect();
        self.numbers.signer_of.iter().filter_map(|signer| judged.get(*signer).copied()).collect()
    }

    /// The statement with this id.
    pub(crate) fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(self.numbers.statement(&id)?)
    }

    /// The statements that an activity may name as vouchers for `manifest`.
    ///
    /// ```
    /// use datadeed::lineage::Activity;
    /// use datadeed::{ManifestId, proof::LineageProof};
    ///
    /// /// What a trainer says of a corpus that came with its proof.
    /// fn trained_on(corpus: &LineageProof, weights: ManifestId) -> Activity {
    ///     let manifest = corpus.subject();
    ///     Activity::train().input(manifest, corpus.vouchers(manifest)).output(weights, [])
    /// }
    /// ```
    pub fn vouchers(&self, manifest: ManifestId) -> impl Iterator<Item = StatementId> {
        let vouching = self.statements.iter().filter(move |one| one.vouches_for(manifest));
        vouching.map(Statement::id)
    }

    /// The greatest height of a statement.
    pub(crate) const fn height(&self) -> usize {
        self.height
    }
}
