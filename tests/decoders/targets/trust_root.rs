//! Trust roots.

use datadeed::Timestamp;
use datadeed::trust::{SignedRoot, TrustRoot};

/// Whether `data` is a trust root, pinned or not; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(signed) = SignedRoot::decode(data) else {
        assert!(TrustRoot::pinned(data).is_err());
        return false;
    };
    assert_eq!(signed.to_bytes(), data);
    if let Ok(root) = TrustRoot::pinned(data) {
        assert_eq!((root.version(), root.to_bytes()), (signed.version(), data.to_vec()));
        // It never follows itself.
        assert!(root.update([data], Timestamp::MIN).is_err());
    }
    true
}
