//! Partial files.

use datadeed::manifest::{NameProfile, Partial, PartialError};

/// Whether `data` is a partial file; such a file is the one that is written of it, and merging it again changes nothing.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(partial) = Partial::decode(data) else {
        assert!(Partial::read_from(data).is_err());
        return false;
    };
    assert_eq!(partial.to_bytes(), data);
    assert_eq!(Partial::read_from(data).ok().as_ref(), Some(&partial));
    assert_eq!(partial.clone().merge(partial.clone()).as_ref(), Ok(&partial));
    let count: u64 = partial.shards().map(|(_, commitment)| commitment.count()).sum();
    match partial.finish(NameProfile::Any, 1) {
        Ok(manifest) => assert_eq!(manifest.parts().count(), count),
        Err(fault) => assert!(!matches!(fault, PartialError::Conflict { .. })),
    }
    true
}
