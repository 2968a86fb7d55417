//! Trust files.

use datadeed::trust::TrustStore;

/// Whether `data` is a trust file; such a file is the one its store writes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(trust) = TrustStore::decode(data) else { return false };
    assert_eq!(trust.to_bytes(), data);
    assert_eq!(TrustStore::new(trust.anchors().cloned()), trust);
    true
}
