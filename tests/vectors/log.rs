//! What logs write, with what follows from it.

use datadeed::KeyId;
use datadeed::id::Origin;
use datadeed::log::{LogPolicy, Receipt, SignedCheckpoint, entry_of, leaf_hash, leaf_of};
use datadeed::statement::Signed;
use serde_json::json;

use crate::catalogue::Vector;
use crate::oracle::{cose_key, role_hash, sha256, sig_structure};
use crate::{annotate, logs};

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors = policies();
    vectors.extend(checkpoints());
    vectors.extend(receipts());
    vectors
}

fn policies() -> Vec<Vector> {
    let policies = logs::log_policy().into_iter();
    policies
        .map(|(name, bytes)| {
            let statement = Signed::<LogPolicy>::decode(&bytes).unwrap();
            let computed = role_hash("statement", &sig_structure(&bytes));
            assert_eq!(statement.id().as_bytes(), &computed, "{name}");
            let statement = statement.verify(logs::pinned().key()).unwrap();
            let facts = json!({
                "kind": statement.header().kind.code(),
                "statement_id": statement.id().to_string(),
                "key_id": statement.header().key.to_string(),
                "issuer": statement.header().issuer,
                "subject": statement.header().subject.to_string(),
                "issued_at": statement.header().issued_at.to_string(),
            });
            let shows = match name {
                "full" => "A later policy of a log, with every field",
                _ => "The least with which a log begins",
            };
            Vector::cbor("log-policy", name, "Statement", bytes, shows, facts)
        })
        .collect()
}

fn checkpoints() -> Vec<Vector> {
    let checkpoints = logs::checkpoint().into_iter();
    checkpoints
        .map(|(name, bytes)| {
            let signed = SignedCheckpoint::decode(&bytes).unwrap();
            assert_eq!(signed.to_bytes(), bytes, "{name}");
            let verified = signed.clone().verify(&logs::pinned()).unwrap();
            let names: Vec<&str> = signed.signers().map(Origin::as_str).collect();
            let facts = json!({
                "origin": verified.log().origin().to_string(),
                "public_key": verified.log().key().to_string(),
                "size": verified.size(),
                "root": verified.root().to_string(),
                "claimed_at": verified.claimed_at().unwrap().to_string(),
                "signers": names,
            });
            let shows = match name {
                "alone" => {
                    "A checkpoint with the two signatures of its log: plain, and with the time"
                }
                "empty" => "A log without entries, whose root is the hash of nothing",
                _ => {
                    "`alone` with the cosignature of a witness; its key has the seed of 32 bytes 8"
                }
            };
            let annotated = annotate::lines(&bytes);
            let name = format!("checkpoint/{name}");
            Vector { name, extension: "note", bytes, annotated, shows, facts }
        })
        .collect()
}

fn receipts() -> Vec<Vector> {
    let receipts = logs::receipt().into_iter();
    receipts
        .map(|(name, bytes)| {
            let receipt = Receipt::decode(&bytes).unwrap();
            let (statement, log) = (logs::logged(), logs::pinned());
            let verified = receipt.verify(&statement, log.key()).unwrap();
            assert_eq!(entry_of(&statement).as_bytes(), &sha256(statement.as_bytes()));
            assert_eq!(leaf_of(&statement), leaf_hash(entry_of(&statement).as_bytes()));
            let thumbprint = KeyId::from_bytes(sha256(&cose_key(log.key().as_bytes())));
            assert_eq!(receipt.key(), thumbprint, "{name}");
            let facts = json!({
                "statement": "statement/dataset-least",
                "entry": entry_of(&statement).to_string(),
                "leaf": leaf_of(&statement).to_string(),
                "root": verified.root().to_string(),
                "key_id": receipt.key().to_string(),
                "issuer": receipt.issuer(),
                "origin": receipt.origin().to_string(),
                "issued_at": receipt.issued_at().to_string(),
                "unsigned": { "size": receipt.proof().tree_size, "index": receipt.proof().leaf_index },
            });
            let shows = match name {
                "eddsa" => "`one-hash` under algorithm -8",
                "four-hashes" => "A statement in a log of 12 entries, as `checkpoint/alone` has it",
                _ => "A statement in a log of two entries, the fewest of which there are receipts",
            };
            Vector::cbor("receipt", name, "Receipt", bytes, shows, facts)
        })
        .collect()
}
