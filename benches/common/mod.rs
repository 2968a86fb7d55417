//! Seeded data for both benches.

use datadeed::key::SigningKey;
use datadeed::manifest::{Dataset, FileEntry, Modality, ReleaseMode, ScanMethod};
use datadeed::statement::{DataClass, Issuer};
use datadeed::{Digest, ManifestId, StatementId, Timestamp};

/// The seed of every signing key here.
pub(crate) const KEY_SEED: [u8; 32] = [7; 32];

/// Files of a sharded dataset, as a scan would list them.
pub(crate) fn file_entries(count: u64) -> Vec<FileEntry> {
    (0..count)
        .map(|number| {
            let name = format!("train/shard-{:05}/part-{number:08}.parquet", number / 1_000);
            FileEntry::new(name, 4_096 + number % 1_000, Digest::of(&number.to_le_bytes()))
        })
        .collect()
}

pub(crate) fn issuer() -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", SigningKey::from_seed(&KEY_SEED))
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T08:30:00Z".parse().expect("a timestamp")
}

/// The payload of a statement of about 600 bytes.
pub(crate) fn dataset() -> Dataset {
    let manifest = ManifestId::from_bytes([1; 32]);
    let mut dataset = Dataset::new(manifest, "Court decisions", ScanMethod::Full);
    dataset.seq = 1;
    dataset.prev = Some(StatementId::from_bytes([2; 32]));
    dataset.version = Some("2026-11".into());
    dataset.languages = ["en".into(), "zh-Hans".into()].into();
    dataset.data_class = Some(DataClass::Public);
    dataset.modalities = [Modality::Text].into();
    dataset.description = Some("Decisions of the courts of first instance, without names.".into());
    dataset.media_types = ["text/plain".into()].into();
    dataset.release_mode = Some(ReleaseMode::Open);
    dataset
}
