//! Lineage proofs: structure alone, nothing verified.

use datadeed::StatementId;
use datadeed::batch::Members;
use datadeed::id::Subject;
use datadeed::proof::{LineageProof, Statement};

/// Whether `data` is a proof; the builder puts the same parts together to the same bytes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(proof) = LineageProof::decode(data) else { return false };
    assert_eq!(proof.to_bytes(), data);
    let mut builder = LineageProof::builder(proof.subject()).evidence(proof.evidence());
    for statement in proof.statements().iter().rev() {
        let Some(batch) = statement.as_batch() else {
            builder = builder.statement(statement.clone());
            continue;
        };
        builder = match proof.members(batch.id()) {
            Some(opened) => builder.members(batch.clone(), opened),
            None => builder.batch(batch.clone(), &members(&proof, batch.id())),
        };
    }
    for checkpoint in proof.checkpoints().iter().rev() {
        builder = builder.checkpoint(checkpoint.clone());
    }
    for id in proof.statements().iter().map(Statement::id) {
        for receipt in proof.receipts(id).iter().rev() {
            builder = builder.receipt(id, receipt.clone());
        }
    }
    for key in proof.keys().iter().rev() {
        builder = builder.key(*key);
    }
    assert_eq!(builder.build().as_ref(), Ok(&proof));
    prunes(&proof);
    true
}

/// The statements that a batch without a tree stands for.
fn members(proof: &LineageProof, batch: StatementId) -> Members {
    let ids = proof.statements().iter().map(Statement::id);
    Members::new(ids.filter(|id| proof.batches_of(*id).any(|by| by == batch)))
}

/// Whatever a statement is about has a proof of its own, no larger, that a decoder accepts.
fn prunes(proof: &LineageProof) {
    assert_eq!(proof.prune(proof.subject()).as_ref(), Ok(proof));
    for statement in proof.statements() {
        let Subject::Manifest(output) = statement.header().subject else { continue };
        let pruned = proof.prune(output).expect("a statement is about it");
        let bytes = pruned.to_bytes();
        assert!(bytes.len() <= proof.to_bytes().len());
        assert_eq!(LineageProof::decode(&bytes).as_ref(), Ok(&pruned));
    }
}
