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
