//! Manifest files.

use datadeed::manifest::{Manifest, ManifestFile};

/// Whether `data` is a manifest file; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(file) = ManifestFile::from_bytes(data) else {
        assert!(ManifestFile::read_from(data).is_err());
        return false;
    };
    assert_eq!(file.to_bytes(), data);
    assert_eq!(ManifestFile::read_from(data).ok().as_ref(), Some(&file));
    let manifest = file.manifest();
    assert_eq!(Manifest::from_file(data).as_ref(), Ok(manifest));
    assert_eq!(manifest.head().id(), manifest.id());
    assert_eq!(manifest.parts().count(), manifest.content().count());
    assert_eq!(manifest.parts().bytes(), manifest.content().bytes());
    if let Some(index) = file.sha256() {
        assert_eq!(index.of(), manifest.id());
        assert_eq!(index.root().bytes(), manifest.parts().bytes());
    }
    true
}
