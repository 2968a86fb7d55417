//! Lineage proofs: structure alone, nothing verified.

use datadeed::proof::LineageProof;

/// Whether `data` is a proof; the builder puts the same parts together to the same bytes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(proof) = LineageProof::decode(data) else { return false };
    assert_eq!(proof.to_bytes(), data);
    let mut builder = LineageProof::builder(proof.subject());
    for statement in proof.statements().iter().rev() {
        builder = builder.statement(statement.clone());
    }
    for key in proof.keys().iter().rev() {
        builder = builder.key(*key);
    }
    assert_eq!(builder.build(), Ok(proof));
    true
}
