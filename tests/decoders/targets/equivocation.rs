//! Proofs that a log said two things.

use datadeed::log::{Equivocation, SignedCheckpoint};

/// Whether `data` is such a proof; it is the one it writes, of two roots for one size.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(proof) = Equivocation::decode(data) else { return false };
    assert_eq!(proof.to_bytes(), data);
    let [first, second] = proof.checkpoints().map(SignedCheckpoint::checkpoint);
    assert_eq!((first.origin(), first.size()), (second.origin(), second.size()));
    assert!(first.root() < second.root());
//! Proofs of equivocation.

use datadeed::trust::Equivocation;

/// Whether `data` is one; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(found) = Equivocation::decode(data) else { return false };
    assert_eq!(found.to_bytes(), data);
    // Nobody has signed it with no key.
    assert!(found.verify(&[]).is_err());
    if let Some([one, other]) = found.statements() {
        assert_ne!(one, other);
    }
    true
}
