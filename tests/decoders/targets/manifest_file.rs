//! Manifest files.

use datadeed::manifest::{
    Index, Manifest, ManifestError, ManifestFile, ManifestFileError, NameCheck, NameError,
    Sha256Index,
};

/// Whether `data` is a manifest file; such a file is the one that is written of it.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let verified = ManifestFile::verify(data);
    let file = match ManifestFile::decode(data) {
        Ok(file) => file,
        Err(fault) => {
            assert!(ManifestFile::read_from(data).is_err());
            if let Ok(verified) = verified {
                // All that a verifier leaves to others, and says so.
                assert_eq!(verified.names(), NameCheck::OneByOne);
                assert!(is_file_and_directory(&fault), "verified though {fault:?}");
            }
            return false;
        }
    };
    let verified = verified.expect("what reads is verified");
    assert_eq!(verified.head(), file.manifest().head());
    assert_eq!(verified.id(), file.manifest().id());
    assert_eq!(verified.contents(), file.manifest().content_rows().len() as u64);
    assert_eq!(verified.sha256().map(Index::id), file.sha256().map(Sha256Index::id));
    assert_eq!(file.to_bytes(), data);
    assert_eq!(ManifestFile::read_from(data).ok().as_ref(), Some(&file));
    let manifest = file.manifest();
    assert_eq!(Manifest::decode(data).as_ref(), Ok(manifest));
    assert_eq!(manifest.head().id(), manifest.id());
    assert_eq!(manifest.parts().count(), manifest.content().count());
    assert_eq!(manifest.parts().bytes(), manifest.content().bytes());
    if let Some(index) = file.sha256() {
        assert_eq!(index.of(), manifest.id());
        assert_eq!(index.root().bytes(), manifest.parts().bytes());
    }
    true
}

fn is_file_and_directory(fault: &ManifestFileError) -> bool {
    matches!(
        fault,
        ManifestFileError::Entries(ManifestError::Name(NameError::FileAndDirectory { .. }))
    )
}
