//! Manifest files of which single rows are read.

use datadeed::manifest::{
    Audit, ContentAnswer, EvidenceBuilder, ManifestFile, ManifestReadError, ManifestReader, Prover,
};
use datadeed::{Digest, ManifestId};

/// Whether `data` is a manifest file; of one that is, a reader of rows says what it holds.
///
/// Of others it may say something, as long as the rows that it read are sound.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let whole = ManifestFile::decode(data);
    // Whose file it claims to be, the refusal tells.
    let nobody = ManifestId::from_bytes([0; 32]);
    let id = match ManifestReader::open(data, nobody) {
        Err(ManifestReadError::OtherManifest { found, .. }) => found,
        opened => {
            assert!(opened.is_err() && whole.is_err());
            return false;
        }
    };
    let opened = ManifestReader::open(data, id);
    let Ok(file) = whole else {
        if let Ok(reader) = opened {
            ask(&reader, data);
        }
        return false;
    };
    let reader = opened.expect("what reads as a whole opens");
    assert_eq!(reader.head(), file.manifest().head());
    for entry in file.manifest().file_entries().unwrap_or_default() {
        assert_eq!(reader.file(&entry.name).unwrap().as_ref(), Some(entry));
        assert_eq!(reader.sha256_of(&entry.name).unwrap(), file.sha256_of(&entry.name));
        assert_eq!(reader.file(&format!("{}/", entry.name)).unwrap(), None);
    }
    for entry in file.manifest().tensor_entries().unwrap_or_default() {
        assert_eq!(reader.tensor(&entry.name).unwrap().as_ref(), Some(entry));
    }
    for row in file.manifest().content_rows() {
        assert_eq!(reader.content(row.digest).unwrap(), ContentAnswer::Present(*row));
        let absent = ContentAnswer::Absent { audit: Audit::None };
        assert_eq!(reader.content(Digest::of(row.digest.as_bytes())).unwrap(), absent);
    }
    if let Some(index) = file.sha256() {
        let names: Vec<&str> = file
            .manifest()
            .file_entries()
            .unwrap_or_default()
            .iter()
            .step_by(2)
            .map(|entry| entry.name.as_str())
            .collect();
        let prover = Prover::new(file.manifest()).with_sha256(index).unwrap();
        let (mut one, mut other) = (EvidenceBuilder::new(), EvidenceBuilder::reading());
        one.sha256(&prover, &names);
        other.sha256(&reader, &names);
        let Ok(expected) = one.build();
        assert_eq!(other.build().unwrap(), expected);
    }
    true
}

/// Asks for whatever may be there.
fn ask(reader: &ManifestReader<&[u8]>, data: &[u8]) {
    for name in ["a", "b", "bias", "scale", "weight", "none"] {
        if let Ok(Some(entry)) = reader.file(name) {
            assert_eq!(entry.name, name);
        }
        if let Ok(Some(entry)) = reader.tensor(name) {
            assert_eq!(entry.name, name);
        }
        // An error or an answer, and neither is compared with anything.
        drop(reader.sha256_of(name));
        let mut evidence = EvidenceBuilder::reading();
        evidence.sha256(reader, [name]);
        drop(evidence.build());
    }
    // Byte strings of 32 bytes: keys, digests.
    for window in data.windows(34).filter(|window| window[..2] == [0x58, 32]) {
        let digest = Digest::from_bytes(window[2..].try_into().unwrap());
        if let Ok(ContentAnswer::Present(row)) = reader.content(digest) {
            assert_eq!(row.digest, digest);
            assert!(row.count > 0);
        }
    }
}
