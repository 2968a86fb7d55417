//! Bytes that every decoder must refuse, each for one fault.
//!
//! Statements are put together anew around the fault and signed, so nothing
//! but the fault speaks against them.

mod activities;
mod checkpoints;
mod equivocations;
mod evidence;
mod files;
mod heads;
mod manifest_files;
mod maps;
mod partial_files;
mod pieces;
mod pruned_trees;
pub(crate) mod raw;
mod receipts;
mod record_index_files;
mod rights;
mod speakers;
mod statements;
mod trust;

use std::error::Error;

use datadeed::CborError;
use datadeed::log::{Receipt, ReceiptError, SignedCheckpoint};
use datadeed::manifest::{
    ContentRow, Evidence, EvidenceError, FileEntry, Head, HeadError, ManifestFile,
    ManifestFileError, Partial, PartialFileError, RecordIndex,
};
use datadeed::proof::{LineageProof, ProofError, Statement};
use datadeed::statement::StatementError;
use datadeed::tree::{PrunedTree, PrunedTreeError};
use datadeed::trust::{
    Equivocation, EquivocationError, RootError, StateError, Status, StatusError, TrustRoot,
    TrustState, TrustStore,
};
use datadeed::verify::{Code, Rejection};
use serde_json::{Value, json};

use crate::logs;

/// One file of `v1/malformed`.
pub(crate) struct Malformed {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    shows: &'static str,
    format: Format,
}

#[derive(Clone, Copy)]
pub(crate) enum Format {
    Checkpoint,
    Equivocation,
    Evidence,
    Head,
    ManifestFile,
    PartialFile,
    Proof,
    /// Of rows of contents.
    PrunedContents,
    /// Of files.
    PrunedFiles,
    Receipt,
    RecordIndexFile,
    Statement,
    Status,
    Trust,
    TrustRoot,
    TrustState,
}

pub(crate) fn all() -> Vec<Malformed> {
    let mut vectors = manifest_files::all();
    vectors.extend(record_index_files::all());
    vectors.extend(heads::all());
    vectors.extend(partial_files::all());
    vectors.extend(pruned_trees::all());
    vectors.extend(evidence::all());
    vectors.extend(files::proofs());
    vectors.extend(statements::envelopes());
    vectors.extend(statements::headers());
    vectors.extend(statements::payloads());
    vectors.extend(activities::all());
    vectors.extend(rights::all());
    vectors.extend(speakers::all());
    vectors.extend(checkpoints::all());
    vectors.extend(receipts::all());
    vectors.extend(files::statuses());
    vectors.extend(files::trust_files());
    vectors.extend(equivocations::all());
    vectors.extend(trust::all());
    vectors
}

impl Malformed {
    pub(crate) fn new(format: Format, name: &str, bytes: Vec<u8>, shows: &'static str) -> Self {
        let folder = match format {
            Format::Checkpoint => "checkpoint",
            Format::Equivocation => "equivocation",
            Format::Evidence => "evidence",
            Format::Head => "manifest-head",
            Format::ManifestFile => "manifest-file",
            Format::PartialFile => "partial-file",
            Format::Proof => "proof",
            Format::Receipt => "receipt",
            Format::RecordIndexFile => "record-index-file",
            Format::PrunedContents => "pruned-contents",
            Format::PrunedFiles => "pruned-files",
            Format::Statement => "statement",
            Format::Status => "status",
            Format::Trust => "trust",
            Format::TrustRoot => "trust-root",
            Format::TrustState => "trust-state",
        };
        Self { name: format!("{folder}-{name}"), bytes, shows, format }
    }

    pub(crate) const fn extension(&self) -> &'static str {
        match self.format {
            Format::Checkpoint => "note",
            Format::PrunedContents | Format::PrunedFiles => "bin",
            _ => "cbor",
        }
    }

    /// The entry of the index, from what the decoder says.
    pub(crate) fn entry(&self, file: &str) -> Value {
        let mut entry = json!({"name": self.name, "file": file, "shows": self.shows});
        let (code, fault, error) = match self.format {
            Format::Checkpoint => self.checkpoint(),
            Format::Equivocation => {
                let error =
                    Equivocation::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                (None, equivocation_fault(&error), chain(&error))
            }
            Format::Evidence => {
                let error = Evidence::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                let code = Rejection::from(ProofError::from(error.clone())).code;
                (Some(code), evidence_fault(&error), chain(&error))
            }
            Format::Head => {
                let error = Head::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                (None, head_fault(&error), chain(&error))
            }
            Format::ManifestFile => self.rows(ManifestFile::decode(&self.bytes)),
            Format::RecordIndexFile => self.rows(RecordIndex::decode(&self.bytes)),
            Format::PartialFile => {
                let error = Partial::decode(&self.bytes);
                let error = error.err().unwrap_or_else(|| self.accepted());
                let fault = match &error {
                    PartialFileError::Cbor(error) => cbor_fault(error),
                    other => (variant(other), None),
                };
                (None, fault, chain(&error))
            }
            Format::Proof => {
                let error =
                    LineageProof::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                let code = Rejection::from(error.clone()).code;
                (Some(code), proof_fault(&error), chain(&error))
            }
            Format::PrunedContents => self.pruned(PrunedTree::<ContentRow>::decode),
            Format::PrunedFiles => self.pruned(PrunedTree::<FileEntry>::decode),
            Format::Receipt => self.receipt(),
            Format::Statement => {
                let error = self.statement_error();
                let within = ProofError::Statement { index: 0, source: error.clone() };
                let code = match error {
                    StatementError::BadSignature => Code::BadSignature,
                    _ => Rejection::from(within).code,
                };
                (Some(code), statement_fault(&error), chain(&error))
            }
            Format::Status => {
                let error = Status::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                let fault = match &error {
                    StatusError::Cbor(error) => cbor_fault(error),
                    other => (variant(other), None),
                };
                (None, fault, chain(&error))
            }
            Format::Trust => {
                let error =
                    TrustStore::decode(&self.bytes).err().unwrap_or_else(|| self.accepted());
                (None, cbor_fault(&error), chain(&error))
            }
            Format::TrustRoot => {
                let error = TrustRoot::pinned(&self.bytes).err().unwrap_or_else(|| self.accepted());
                let fault = match &error {
                    RootError::Cbor(error) => cbor_fault(error),
                    other => (variant(other), None),
                };
                (None, fault, chain(&error))
            }
            Format::TrustState => {
                let error = TrustState::decode(&self.bytes);
                let error = error.err().unwrap_or_else(|| self.accepted());
                (None, state_fault(&error), chain(&error))
            }
        };
        if let Some(code) = code {
            entry["code"] = json!(code.code());
        }
        let (fault, offset) = fault;
        entry["fault"] = json!(fault);
        if let Some(offset) = offset {
            entry["offset"] = json!(offset);
        }
        entry["error"] = json!(error);
        entry
    }

    /// Code, fault and error of a pruned tree.
    fn pruned<T>(
        &self,
        decode: fn(&[u8], usize) -> Result<T, PrunedTreeError>,
    ) -> (Option<Code>, Fault, String) {
        let error = decode(&self.bytes, 100).err().unwrap_or_else(|| self.accepted());
        (None, pruned_fault(&error), chain(&error))
    }

    /// Code, fault and error of a file of rows.
    fn rows<T>(&self, decoded: Result<T, ManifestFileError>) -> (Option<Code>, Fault, String) {
        let error = decoded.err().unwrap_or_else(|| self.accepted());
        let fault = match &error {
            ManifestFileError::Cbor(error) => cbor_fault(error),
            other => (variant(other), None),
        };
        (None, fault, chain(&error))
    }

    /// Code, fault and error of a checkpoint, by itself or as its log did not sign it.
    fn checkpoint(&self) -> (Option<Code>, Fault, String) {
        let signed = match SignedCheckpoint::decode(&self.bytes) {
            Ok(signed) => signed,
            Err(error) => {
                let fault = (variant(&error), None);
                let text = chain(&error);
                let within = ProofError::Checkpoint { index: 0, source: error };
                return (Some(Rejection::from(within).code), fault, text);
            }
        };
        let error = signed.verify(&logs::pinned()).err().unwrap_or_else(|| self.accepted());
        (Some(Code::BadCheckpoint), (variant(&error), None), chain(&error))
    }

    /// Code, fault and error of a receipt, by itself or as its log did not sign it.
    fn receipt(&self) -> (Option<Code>, Fault, String) {
        let (statement, log) = (logs::logged(), logs::pinned());
        let verified =
            Receipt::decode(&self.bytes).and_then(|one| one.verify(&statement, log.key()));
        let error = verified.err().unwrap_or_else(|| self.accepted());
        let fault = match &error {
            ReceiptError::Cbor(error) => cbor_fault(error),
            other => (variant(other), None),
        };
        let text = chain(&error);
        let code = match error {
            ReceiptError::BadSignature(_) => Code::BadReceipt,
            error => {
                let source = Box::new(error);
                Rejection::from(ProofError::Receipt { id: statement.id(), source }).code
            }
        };
        (Some(code), fault, text)
    }

    fn accepted<T>(&self) -> T {
        panic!("{} is accepted", self.name)
    }

    /// What decoding says, or else the signature.
    fn statement_error(&self) -> StatementError {
        let key = raw::key();
        match Statement::decode(&self.bytes) {
            Ok(statement) => {
                statement.check_signature(&key).err().unwrap_or_else(|| self.accepted())
            }
            Err(error) => error,
        }
    }
}

type Fault = (String, Option<usize>);

fn proof_fault(error: &ProofError) -> Fault {
    match error {
        ProofError::Cbor(error) => cbor_fault(error),
        ProofError::Evidence(error) => (evidence_fault(error).0, None),
        ProofError::Statement { source, .. } => (statement_fault(source).0, None),
        other => (variant(other), None),
    }
}

fn statement_fault(error: &StatementError) -> Fault {
    match error {
        StatementError::Cbor(error) => cbor_fault(error),
        other => (variant(other), None),
    }
}

fn equivocation_fault(error: &EquivocationError) -> Fault {
    match error {
        EquivocationError::Cbor(error) => cbor_fault(error),
        EquivocationError::Checkpoint(error) => (variant(error), None),
        EquivocationError::Root(RootError::Cbor(error)) => (cbor_fault(error).0, None),
        EquivocationError::Statement(error) => (statement_fault(error).0, None),
        other => (variant(other), None),
    }
}

fn state_fault(error: &StateError) -> Fault {
    match error {
        StateError::Cbor(error) => cbor_fault(error),
        StateError::Checkpoint { source, .. } => (variant(source), None),
        StateError::NoLink(error) => equivocation_fault(error),
        StateError::Statement { source, .. } => (statement_fault(source).0, None),
        StateError::Unverified(error) => (variant(error), None),
        other => (variant(other), None),
    }
}

fn evidence_fault(error: &EvidenceError) -> Fault {
    match error {
        EvidenceError::Cbor(error) => cbor_fault(error),
        EvidenceError::Head { source, .. } => (head_fault(source).0, None),
        EvidenceError::Tree { source, .. } => (pruned_fault(source).0, None),
        other => (variant(other), None),
    }
}

fn head_fault(error: &HeadError) -> Fault {
    match error {
        HeadError::Cbor(error) => cbor_fault(error),
        other => (variant(other), None),
    }
}

fn pruned_fault(error: &PrunedTreeError) -> Fault {
    let offset = match error {
        PrunedTreeError::Row(error) => return cbor_fault(error),
        PrunedTreeError::Bit { offset }
        | PrunedTreeError::Closed { offset }
        | PrunedTreeError::Depth { offset, .. }
        | PrunedTreeError::Empty { offset }
        | PrunedTreeError::Number { offset }
        | PrunedTreeError::OffPath { offset, .. }
        | PrunedTreeError::Prefix { offset }
        | PrunedTreeError::Sums { offset, .. }
        | PrunedTreeError::Tag { offset, .. }
        | PrunedTreeError::Truncated { offset } => Some(*offset),
        _ => None,
    };
    (variant(error), offset)
}

fn cbor_fault(error: &CborError) -> Fault {
    (variant(&error.fault), Some(error.offset))
}

/// The name of an error's variant.
fn variant(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(']).next().unwrap().to_owned()
}

/// The texts of an error and of its sources.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}
