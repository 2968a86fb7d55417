//! The bytes of a proof, read and written.

use std::ops::Range;

use super::logged::{Logged, StatementReceipt};
use super::{Bounds, LineageProof, ProofError, Statement, vouched};
use crate::cbor::{
    ByteString, CborError, CborFault, Codec, Reader, Record, Version1, Writer, record,
};
use crate::id::StatementId;
use crate::key::PublicKey;
use crate::limits::MAX_STATEMENT;
use crate::manifest::{Evidence, EvidenceFile};
use crate::tree::PrunedTree;

const KEYS: &[&str] =
    &["v", "keys", "batches", "subject", "evidence", "receipts", "statements", "checkpoints"];

record! {
    /// What is opened of the tree of a batch.
    struct BatchMembers {
        "batch" => batch: StatementId,
        "pruned" => pruned: ByteString,
    }
}

impl LineageProof {
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
        let mut statements = Vec::with_capacity(envelopes.len());
        for (index, range) in envelopes.into_iter().enumerate() {
            let statement = Statement::decode(bytes.get(range).unwrap_or_default())
                .map_err(|source| ProofError::Statement { index, source })?;
            if !statement.envelope().receipts().is_empty() {
                return Err(ProofError::AttachedReceipts { id: statement.id() });
            }
            statements.push(statement);
        }
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
