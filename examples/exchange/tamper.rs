//! An attacker, who changes one thing in the files that were written.

use std::error::Error;
use std::fmt;
use std::fs::{self, File};
use std::io::Cursor;

use datadeed::attach::safetensors::{self, Model};
use datadeed::key::{PublicKey, Signature, Signer, SignerError, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::log::SignedCheckpoint;
use datadeed::proof::{Builder, LineageProof, Statement};
use datadeed::rights::{Licence, Rule};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::{ManifestId, StatementId};

use crate::files::Files;
use crate::party::{self, TRAINER};
use crate::train::Bigram;

/// One attack.
#[derive(Clone, Copy)]
pub(crate) enum Tamper {
    Checkpoint,
    EditedLicence,
    OtherKey,
    OtherReceipt,
    RemovedParent,
    ReplayedProof,
    Signature,
    StatementByte,
    SwappedParent,
    Weight,
}

impl Tamper {
    const ALL: [(Self, &str); 10] = [
        (Self::Checkpoint, "checkpoint"),
        (Self::EditedLicence, "edited-licence"),
        (Self::OtherKey, "other-key"),
        (Self::OtherReceipt, "other-receipt"),
        (Self::RemovedParent, "removed-parent"),
        (Self::ReplayedProof, "replayed-proof"),
        (Self::Signature, "signature"),
        (Self::StatementByte, "statement-byte"),
        (Self::SwappedParent, "swapped-parent"),
        (Self::Weight, "weight"),
    ];

    pub(crate) fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        Ok(found
            .map(|(tamper, _)| *tamper)
            .ok_or_else(|| format!("no attack is called {text:?}"))?)
    }
}

impl fmt::Display for Tamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checkpoint => "says that the log has one entry more than it signed",
            Self::EditedLicence => "loosens a licence and keeps its old signature",
            Self::OtherKey => "signs the training as the trainer, with a key of his own",
            Self::OtherReceipt => "shows for the training the receipt of another statement",
            Self::RemovedParent => "leaves out a statement that others rest on",
            Self::ReplayedProof => "puts in the true proof of another model",
            Self::Signature => "changes one bit of a signature",
            Self::StatementByte => "spells one length with more bytes than it needs",
            Self::SwappedParent => {
                "is the trainer, and names another dataset's statement as voucher"
            }
            Self::Weight => "changes one bit of one weight",
        })
    }
}

impl Tamper {
    /// Reads the model that was written, and writes it again with one thing changed.
    pub(crate) fn apply(self, files: &Files) -> Result<(), Box<dyn Error>> {
        let path = files.path("model.safetensors");
        if matches!(self, Self::Weight) {
            // Tensors end with the file.
            let mut bytes = fs::read(&path)?;
            *bytes.last_mut().ok_or("an empty file")? ^= 1;
            return Ok(fs::write(path, bytes)?);
        }
        let bytes = safetensors::read(File::open(&path)?)?.proof;
        let proof = LineageProof::decode(&bytes)?;
        let forged = match self {
            Self::Checkpoint => longer_log(&proof)?,
            Self::EditedLicence => edited_licence(&proof)?,
            Self::OtherKey => other_key(&proof)?,
            Self::OtherReceipt => other_receipt(&proof)?,
            Self::RemovedParent => removed_parent(&proof, &bytes)?,
            Self::ReplayedProof => replayed_proof(&proof)?,
            Self::Signature => changed(&proof, &bytes, |envelope| {
                if let Some(last) = envelope.last_mut() {
                    *last ^= 1;
                }
            })?,
            Self::StatementByte => changed(&proof, &bytes, |envelope| {
                // d2 84 58 nn: a tag, an array, and a byte string whose length fits one byte.
                if envelope.get(2) == Some(&0x58) {
                    envelope.splice(2..3, [0x59, 0x00]);
                }
            })?,
            Self::SwappedParent => swapped_parent(&proof)?,
            Self::Weight => return Ok(()),
        };
        let mut model = Model::open(File::open(&path)?)?;
        files.attach(&mut model, &forged)
    }
}

/// The licence of a source becomes one without conditions. Its signature cannot be made anew.
fn edited_licence(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let licence = licences(proof).max_by_key(|licence| licence.payload().revocable);
    let licence = licence.ok_or("there is no licence to edit")?;
    let mut payload: Licence = licence.payload().clone();
    payload.revocable = false;
    if let Some(spdx) = &mut payload.spdx {
        "CC0-1.0".clone_into(spdx);
    } else {
        let actions = payload.rules.iter().flat_map(|rule| rule.actions.clone());
        payload.rules = [Rule::permit(actions.collect::<Vec<_>>())].into();
    }
    let header = licence.header();
    let copied = CopiedSignature {
        key: party::issuer(&header.issuer).public_key(),
        signature: *licence.as_bytes().last_chunk().ok_or("a short envelope")?,
    };
    let edited = payload.sign(&Issuer::new(&header.issuer, copied), header.issued_at)?;
    exchanged(proof, licence.id(), proof.subject(), edited)
}

/// Answers every message with a signature that it found elsewhere.
struct CopiedSignature {
    key: PublicKey,
    signature: [u8; 64],
}

impl Signer for CopiedSignature {
    fn public_key(&self) -> PublicKey {
        self.key
    }

    fn sign(&self, _message: &[u8]) -> Result<Signature, SignerError> {
        Ok(Signature::from_bytes(self.signature))
    }
}

fn other_key(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let train = training(proof)?;
    let attacker = Issuer::new(TRAINER, SigningKey::from_seed(&[0x66; 32]));
    let signed = train.payload().sign(&attacker, train.header().issued_at)?;
    let others = without(proof, train.id(), proof.subject());
    Ok(others.statement(signed).key(attacker.public_key()).build()?.to_bytes())
}

fn swapped_parent(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let train = training(proof)?;
    let input = train.payload().used().next().ok_or("the training names no input to swap")?;
    let other = proof.statements().iter().find_map(|statement| match statement {
        Statement::Dataset(dataset) if dataset.payload().manifest != input => Some(dataset.id()),
        _ => None,
    });
    let mut payload = train.payload().clone();
    payload.inputs.retain(|entity| entity.manifest != input);
    let payload = payload.input(input, other);
    let signed = resign(&payload, train)?;
    exchanged(proof, train.id(), proof.subject(), signed)
}

/// A model that learnt nothing, with a proof as true as the first one.
fn replayed_proof(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let other = Model::open(Cursor::new(Bigram::untrained().to_safetensors()))?.weights();
    let train = training(proof)?;
    let mut payload = train.payload().clone();
    payload.outputs.clear();
    let signed = resign(&payload.output(other, []), train)?;
    exchanged(proof, train.id(), other, signed)
}

/// The training was logged when its first voucher was, says this receipt.
fn other_receipt(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let train = training(proof)?;
    let (_, earlier) = train.payload().vouchers().next().ok_or("the training names no voucher")?;
    let mut builder = with_receipts(proof, |id| if id == train.id() { earlier } else { id });
    for checkpoint in proof.checkpoints() {
        builder = builder.checkpoint(checkpoint.clone());
    }
    Ok(builder.build()?.to_bytes())
}

/// `ORIGIN\nSIZE\n..` with a larger size, and the signatures as they were.
fn longer_log(proof: &LineageProof) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut builder = with_receipts(proof, |id| id);
    for checkpoint in proof.checkpoints() {
        let size = checkpoint.checkpoint().size();
        let note = String::from_utf8(checkpoint.to_bytes())?;
        let longer = note.replacen(&format!("\n{size}\n"), &format!("\n{}\n", size + 1), 1);
        builder = builder.checkpoint(SignedCheckpoint::decode(longer.as_bytes())?);
    }
    Ok(builder.build()?.to_bytes())
}

/// The proof without checkpoints, and for each statement the receipts of the one that is said.
fn with_receipts(proof: &LineageProof, of: impl Fn(StatementId) -> StatementId) -> Builder {
    let builder = LineageProof::builder(proof.subject()).evidence(proof.evidence());
    proof.statements().iter().fold(builder, |builder, statement| {
        let receipts = proof.receipts(of(statement.id())).iter().cloned();
        receipts
            .fold(builder, |builder, receipt| builder.receipt(statement.id(), receipt))
            .statement(statement.clone())
    })
}

/// Leaves out the first statement that another one refers to.
fn removed_parent(proof: &LineageProof, bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let train = training(proof)?;
    let parent = train.payload().vouchers().map(|(_, id)| id).next();
    let parent = parent.ok_or("the training names no voucher to leave out")?;
    let rest = proof.statements().iter().filter(|statement| statement.id() != parent);
    let rest: Vec<Vec<u8>> = rest.map(|statement| statement.as_bytes().to_vec()).collect();
    Ok(spliced(proof, bytes, &rest))
}

/// The proof with one change in the envelope of the training.
fn changed(
    proof: &LineageProof,
    bytes: &[u8],
    change: impl FnOnce(&mut Vec<u8>),
) -> Result<Vec<u8>, Box<dyn Error>> {
    let train = training(proof)?.id();
    let all = proof.statements();
    let place = all.iter().position(|statement| statement.id() == train).ok_or("no training")?;
    let mut envelopes: Vec<Vec<u8>> =
        all.iter().map(|statement| statement.as_bytes().to_vec()).collect();
    change(&mut envelopes[place]);
    Ok(spliced(proof, bytes, &envelopes))
}

/// Writes other envelopes where those of the proof stand.
fn spliced(proof: &LineageProof, bytes: &[u8], envelopes: &[Vec<u8>]) -> Vec<u8> {
    let array = |envelopes: &[&[u8]]| {
        let mut array = head(0x80, envelopes.len());
        for envelope in envelopes {
            array.extend(head(0x40, envelope.len()));
            array.extend_from_slice(envelope);
        }
        array
    };
    let old: Vec<&[u8]> = proof.statements().iter().map(Statement::as_bytes).collect();
    let new: Vec<&[u8]> = envelopes.iter().map(Vec::as_slice).collect();
    let old = array(&old);
    let place = bytes.windows(old.len()).position(|part| part == old).unwrap_or_default();
    let (before, after) = (&bytes[..place], &bytes[place + old.len()..]);
    [before, &array(&new), after].concat()
}

/// The head of a CBOR item: its major type, and a length below 2^32 in as few bytes as it needs.
fn head(major: u8, length: usize) -> Vec<u8> {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    let [_, _, high, low] = length.to_be_bytes();
    match length {
        0..24 => vec![major | low],
        24..0x100 => vec![major | 0x18, low],
        0x100..0x1_0000 => vec![major | 0x19, high, low],
        _ => [&[major | 0x1a][..], &length.to_be_bytes()].concat(),
    }
}

fn resign(
    payload: &Activity,
    as_of: &Signed<Activity>,
) -> Result<Signed<Activity>, Box<dyn Error>> {
    Ok(payload.sign(&party::issuer(&as_of.header().issuer), as_of.header().issued_at)?)
}

/// The proof with one statement in the place of another, in order again.
fn exchanged(
    proof: &LineageProof,
    old: StatementId,
    subject: ManifestId,
    new: impl Into<Statement>,
) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(without(proof, old, subject).statement(new).build()?.to_bytes())
}

fn without(proof: &LineageProof, old: StatementId, subject: ManifestId) -> Builder {
    let kept = proof.statements().iter().filter(|statement| {
        // What describes another model is out of reach from this subject.
        statement.id() != old
            && (subject == proof.subject() || !describes(statement, proof.subject()))
    });
    kept.cloned().fold(LineageProof::builder(subject), Builder::statement)
}

fn describes(statement: &Statement, manifest: ManifestId) -> bool {
    matches!(statement, Statement::Dataset(dataset) if dataset.payload().manifest == manifest)
}

fn training(proof: &LineageProof) -> Result<&Signed<Activity>, Box<dyn Error>> {
    let found = proof.statements().iter().find_map(|statement| match statement {
        Statement::Activity(activity) if activity.payload().kind == ActivityKind::Train => {
            Some(activity)
        }
        _ => None,
    });
    Ok(found.ok_or("the proof names no training")?)
}

fn licences(proof: &LineageProof) -> impl Iterator<Item = &Signed<Licence>> {
    proof.statements().iter().filter_map(|statement| match statement {
        Statement::Licence(licence) => Some(licence),
        _ => None,
    })
}
