//! Lineage proofs: structure alone, nothing verified.

use datadeed::id::Subject;
use datadeed::proof::LineageProof;

/// Whether `data` is a proof; the builder puts the same parts together to the same bytes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(proof) = LineageProof::decode(data) else { return false };
    assert_eq!(proof.to_bytes(), data);
    let mut builder = LineageProof::builder(proof.subject()).evidence(proof.evidence());
    for statement in proof.statements().iter().rev() {
        builder = builder.statement(statement.clone());
    }
    for key in proof.keys().iter().rev() {
        builder = builder.key(*key);
    }
    assert_eq!(builder.build().as_ref(), Ok(&proof));
    prunes(&proof);
    true
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
