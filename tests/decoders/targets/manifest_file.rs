//! Manifest files.

use datadeed::manifest::Manifest;

/// Whether `data` is a manifest file; such a file is the one its manifest writes.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(manifest) = Manifest::from_file(data) else { return false };
    assert_eq!(manifest.to_file(), data);
    assert_eq!(manifest.head().id(), manifest.id());
    assert_eq!(manifest.parts().count(), manifest.content().count());
    assert_eq!(manifest.parts().bytes(), manifest.content().bytes());
    true
}
