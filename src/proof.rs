//! The lineage proof: every statement that a subject rests on, in one deterministic byte string.
//!
//! ```text
//! proof = {
//!   "v": 1,
//!   "keys": [ bstr32 ],             public keys, sorted by key id; untrusted, ids recomputed
//!   "subject": bstr32,              ManifestId
//!   ? "evidence": evidence,         of structural claims, each tree one that an activity's relation needs
//!   "statements": [ bstr ],         envelopes, sorted by (height, id)
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
mod logged;
mod prune;
mod reach;
mod statement;
mod vouched;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::cbor::{
    ByteString, CborError, CborFault, Codec, Reader, Record, Version1, Writer, record,
};
use crate::id::{KeyId, ManifestId, StatementId};
use crate::key::PublicKey;
use crate::limits::{
    BUDGET_BYTES, BUDGET_NODES, BUDGET_RECEIPTS, BUDGET_STATEMENTS, MAX_STATEMENT,
};
use crate::log::{CheckpointError, Receipt, ReceiptError, SignedCheckpoint};
use crate::manifest::{Evidence, EvidenceError, EvidenceFile};
use crate::statement::StatementError;
use crate::tree::{PrunedTree, PrunedTreeError, TreeName};

pub use build::Builder;
use logged::{Logged, StatementReceipt};
pub use prune::NotInProof;
pub use statement::Statement;
pub(crate) use vouched::Vouched;

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
    /// Each tree one that a relation of an activity needs.
    evidence: Evidence,
    /// Of a batch that is not here all members are.
    batches: vouched::Opened,
    vouched: Vouched,
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
    /// There are more receipts and checkpoints than allowed.
    #[error("{found} receipts and checkpoints, at most {limit} allowed")]
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

const KEYS: &[&str] =
    &["v", "keys", "batches", "subject", "evidence", "receipts", "statements", "checkpoints"];

record! {
    /// What is opened of the tree of a batch.
    struct BatchMembers {
        "batch" => batch: StatementId,
        "pruned" => pruned: ByteString,
    }
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

    pub(crate) fn decode_within(bytes: &[u8], bounds: Bounds) -> Result<Self, ProofError> {
        if bytes.len() > bounds.bytes {
            return Err(ProofError::TooLarge { found: bytes.len(), limit: bounds.bytes });
        }
        let mut reader = Reader::new(bytes);
        let mut record = Record::open(&mut reader, KEYS)?;
        record.field::<Version1>(&mut reader, "v")?;
        let keys: Vec<RawKey> = record.field(&mut reader, "keys")?;
        let batches: Vec<BatchMembers> = record.field(&mut reader, "batches")?;
        let subject = record.field(&mut reader, "subject")?;
        let evidence: Option<EvidenceFile> = record.field(&mut reader, "evidence")?;
        let receipts: Vec<StatementReceipt> = record.field(&mut reader, "receipts")?;
        let Envelopes(envelopes) = record.field(&mut reader, "statements")?;
        let checkpoints: Vec<ByteString> = record.field(&mut reader, "checkpoints")?;
        record.close(&mut reader)?;
        reader.end()?;
        if envelopes.len() > bounds.statements {
            let (found, limit) = (envelopes.len(), bounds.statements);
            return Err(ProofError::TooManyStatements { found, limit });
        }
        // Loading a key costs as much as a signature check, so no more are loaded than can have signed.
        if keys.len() > envelopes.len() {
            return Err(ProofError::TooManyKeys { found: keys.len(), limit: envelopes.len() });
        }
        let keys = keys.iter().map(RawKey::load).collect::<Result<Vec<_>, _>>()?;
        let statements = envelopes
            .iter()
            .enumerate()
            .map(|(index, range)| {
                let bytes = bytes.get(range.clone()).unwrap_or_default();
                let statement = Statement::decode(bytes)
                    .map_err(|source| ProofError::Statement { index, source })?;
                if !statement.envelope().receipts().is_empty() {
                    return Err(ProofError::AttachedReceipts { id: statement.id() });
                }
                Ok(statement)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let logged = Logged::decode(receipts, checkpoints, bounds.receipts)?;
        let mut nodes = bounds.nodes;
        let batches = open_batches(batches, &mut nodes)?;
        let has_evidence = evidence.is_some();
        let evidence = match evidence {
            None => Evidence::default(),
            Some(file) => Evidence::from_file(file, nodes)?,
        };
        if has_evidence && evidence.is_empty() {
            return Err(ProofError::EmptyEvidence);
        }
        Self::check(subject, keys, statements, evidence, batches, logged)
    }

    /// Every rule on the structure of a proof.
    fn check(
        subject: ManifestId,
        keys: Vec<PublicKey>,
        statements: Vec<Statement>,
        evidence: Evidence,
        batches: vouched::Opened,
        logged: Logged,
    ) -> Result<Self, ProofError> {
        for pair in keys.windows(2) {
            if let [a, b] = pair
                && a.id() >= b.id()
            {
                return Err(ProofError::UnorderedKey { id: b.id() });
            }
        }
        let height = check_order(&statements)?;
        let vouched = vouched::check(&statements, &batches)?;
        vouched::check_needed(&statements, &batches)?;
        reach::check(subject, &statements, &vouched)?;
        let signers = reach::signers(&statements);
        if let Some(key) = keys.iter().find(|key| !signers.contains(&key.id())) {
            return Err(ProofError::UnreachableKey { id: key.id() });
        }
        reach::check_evidence(&evidence, &statements)?;
        logged.check(&statements)?;
        Ok(Self { subject, keys, statements, evidence, batches, vouched, logged, height })
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        let (has_keys, has_evidence) = (!self.keys.is_empty(), !self.evidence.is_empty());
        let (has_batches, has_statements) = (!self.batches.is_empty(), !self.statements.is_empty());
        let (receipts, checkpoints) = self.logged.to_files();
        let (has_receipts, has_checkpoints) = (!receipts.is_empty(), !checkpoints.is_empty());
        let of_logs = [has_receipts, has_checkpoints];
        let present = [true, has_keys, has_batches, true, has_evidence, has_statements];
        let present = present.into_iter().chain(of_logs);
        writer.map(present.filter(|present| *present).count());
        writer.text("v");
        Version1.encode(&mut writer);
        if has_keys {
            writer.text("keys");
            self.keys.encode(&mut writer);
        }
        if has_batches {
            writer.text("batches");
            let members = self.batches.iter().map(|(batch, tree)| BatchMembers {
                batch: *batch,
                pruned: ByteString(tree.to_bytes()),
            });
            members.collect::<Vec<_>>().encode(&mut writer);
        }
        writer.text("subject");
        self.subject.encode(&mut writer);
        if has_evidence {
            writer.text("evidence");
            self.evidence.to_file().encode(&mut writer);
        }
        if has_receipts {
            writer.text("receipts");
            receipts.encode(&mut writer);
        }
        if has_statements {
            writer.text("statements");
            writer.array(self.statements.len());
            for statement in &self.statements {
                writer.bytes(statement.as_bytes());
            }
        }
        if has_checkpoints {
            writer.text("checkpoints");
            checkpoints.encode(&mut writer);
        }
        writer.finish()
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
        self.vouched.get(&id).into_iter().flatten().copied()
    }

    /// The batches that stand for each unsigned statement, at least one for each.
    pub(crate) const fn vouched(&self) -> &Vouched {
        &self.vouched
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

/// Every reference points backwards in the order by (height, id), so one pass computes all heights.
fn check_order(statements: &[Statement]) -> Result<usize, ProofError> {
    let mut present: BTreeMap<StatementId, Option<usize>> = BTreeMap::new();
    for statement in statements {
        if present.insert(statement.id(), None).is_some() {
            return Err(ProofError::DuplicateStatement { id: statement.id() });
        }
    }
    let mut last: Option<(usize, StatementId)> = None;
    for statement in statements {
        let by = statement.id();
        let mut height = 0_usize;
        for id in statement.references() {
            match present.get(&id) {
                None => return Err(ProofError::MissingStatement { id, by }),
                Some(None) => return Err(ProofError::UnorderedStatement { id }),
                Some(Some(below)) => height = height.max(below.saturating_add(1)),
            }
        }
        let place = (height, by);
        if last.is_some_and(|last| last >= place) {
            return Err(ProofError::UnorderedStatement { id: by });
        }
        last = Some(place);
        present.insert(by, Some(height));
    }
    Ok(last.map_or(0, |(height, _)| height))
}

/// Decodes the trees of batches, which take so many `nodes` at most together.
fn open_batches(
    batches: Vec<BatchMembers>,
    nodes: &mut usize,
) -> Result<vouched::Opened, ProofError> {
    let mut opened = vouched::Opened::new();
    for BatchMembers { batch, pruned } in batches {
        if opened.last_key_value().is_some_and(|(last, _)| *last >= batch) {
            return Err(ProofError::UnorderedBatch { batch });
        }
        let tree = PrunedTree::decode(&pruned.0, *nodes)
            .map_err(|source| ProofError::Members { batch, source })?;
        *nodes = nodes.saturating_sub(tree.items());
        opened.insert(batch, tree);
    }
    Ok(opened)
}

/// A byte string of 32 bytes that is to be loaded as a key, and its place.
struct RawKey {
    bytes: [u8; 32],
    offset: usize,
}

impl RawKey {
    fn load(&self) -> Result<PublicKey, CborError> {
        PublicKey::from_bytes(self.bytes).map_err(|_| {
            let expected = "a sound Ed25519 public key";
            CborError::new(self.offset, CborFault::Unreadable { expected })
        })
    }
}

impl Codec for RawKey {
    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.bytes);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        Ok(Self { bytes: reader.fixed()?, offset })
    }
}

/// Where the byte strings stand that are envelopes; nothing is copied before they are counted.
struct Envelopes(Vec<Range<usize>>);

impl Codec for Envelopes {
    /// Nothing to write: [`LineageProof::to_bytes`] has the envelopes themselves.
    fn encode(&self, _: &mut Writer) {}

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let len = reader.array(usize::MAX)?;
        let mut envelopes = Vec::new();
        for _ in 0..len {
            let offset = reader.offset();
            let envelope = reader.bytes(MAX_STATEMENT)?;
            // The signature alone takes 66 bytes, so few strings fit where statements do not.
            if envelope.len() < 66 {
                let expected = "a statement";
                return Err(CborError::new(offset, CborFault::Unreadable { expected }));
            }
            let end = reader.offset();
            envelopes.push(end.saturating_sub(envelope.len())..end);
        }
        Ok(Self(envelopes))
    }

    fn absent() -> Option<Self> {
        Some(Self(Vec::new()))
    }
}
