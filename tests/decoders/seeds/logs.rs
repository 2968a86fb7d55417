//! What logs write: policies, checkpoints, receipts, and the proof that one of them lied.

use datadeed::digest::Sha256;
use datadeed::id::Origin;
use datadeed::key::{Algorithm, Signer as _, SigningKey};
use datadeed::log::{
    Checkpoint, LogKey, LogPolicy, MerkleTree, Receipt, VerifiedCheckpoint, leaf_hash, leaf_of,
};
use datadeed::statement::{Envelope, Issuer, Kind, Payload as _};
use datadeed::{Digest, StatementId, Timestamp};

use super::{Seed, statements};
use crate::statement::SEED;

pub(crate) fn log_policy() -> Vec<Seed> {
    let least = LogPolicy::new(origin());
    let mut full = least.clone();
    full.seq = 1;
    full.prev = Some(StatementId::from_bytes([2; 32]));
    full.kinds = [Kind::Event, Kind::Registration].into();
    full.terms = Some("https://registry.example/terms".into());
    full.trust = Some(Digest::of(b"a document"));
    let sign = |policy: &LogPolicy| policy.sign(&registry(), now()).unwrap().as_bytes().to_vec();
    vec![("full", sign(&full)), ("least", sign(&least))]
}

pub(crate) fn checkpoint() -> Vec<Seed> {
    let (court, witness) =
        (Origin::new("court.example/w").unwrap(), SigningKey::from_seed(&[8; 32]));
    let root = MerkleTree::new().root();
    let empty = Checkpoint::new(origin(), 0, root).unwrap().sign(&key(), now()).unwrap();
    let alone = of(&tree(12));
    let witnessed = alone.cosign(&court, &witness, now()).unwrap();
    vec![
        ("alone", alone.signed().to_bytes()),
        ("empty", empty.to_bytes()),
        ("witnessed", last_line_first(&witnessed.to_bytes())),
    ]
}

/// The lines of signatures stand in no particular order.
fn last_line_first(note: &[u8]) -> Vec<u8> {
    let note = str::from_utf8(note).unwrap();
    let (text, lines) = note.split_once("\n\n").unwrap();
    let mut lines: Vec<&str> = lines.split_inclusive('\n').collect();
    lines.rotate_right(1);
    format!("{text}\n\n{}", lines.concat()).into_bytes()
}

/// Of `dataset-least`, in logs in which the way up has 1 hash and 4.
pub(crate) fn receipt() -> Vec<Seed> {
    let receipt = |log: &Issuer<SigningKey>, size| {
        let tree = tree(size);
        let proof = tree.prove_inclusion(1, size).unwrap();
        let leaf = leaf_of(&logged());
        Receipt::sign(log, &of(&tree), leaf, &proof, now()).unwrap().as_bytes().to_vec()
    };
    let eddsa = registry().algorithm(Algorithm::EdDsa);
    vec![
        ("eddsa", receipt(&eddsa, 2)),
        ("four-hashes", receipt(&registry(), 12)),
        ("one-hash", receipt(&registry(), 2)),
    ]
}

/// The statement that the receipts are of.
pub(crate) fn logged() -> Envelope {
    let least = statements::statement().into_iter().find(|(name, _)| *name == "dataset-least");
    Envelope::decode(&least.unwrap().1).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&SEED)
}

fn registry() -> Issuer<SigningKey> {
    Issuer::new("did:web:registry.example", key())
}

fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

/// Name and key of the log.
pub(crate) fn pinned() -> LogKey {
    LogKey::new(origin(), key().public_key())
}

fn now() -> Timestamp {
    "2026-11-21T08:30:00Z".parse().unwrap()
}

/// A log in which the statement stands at 1.
fn tree(size: u64) -> MerkleTree {
    let mut tree = MerkleTree::new();
    for index in 0..size {
        let entry = Sha256::of(&index.to_be_bytes());
        tree.push(if index == 1 { leaf_of(&logged()) } else { leaf_hash(entry.as_bytes()) });
    }
    tree
}

fn of(tree: &MerkleTree) -> VerifiedCheckpoint {
    let checkpoint = Checkpoint::new(origin(), tree.len(), tree.root()).unwrap();
    checkpoint.sign(&key(), now()).unwrap().verify(&pinned()).unwrap()
}
