//! Inputs that each decoder accepts, from which mutation starts.

use datadeed::key::{Algorithm, Signer as _, SigningKey};
use datadeed::manifest::{
    Dataset, Dtype, FileEntry, Manifest, Modality, Profile, ReleaseMode, ScanMethod, TensorEntry,
};
use datadeed::statement::{DataClass, Issuer, Payload as _};
use datadeed::{Digest, IndexId, KeyId, ManifestId, StatementId, Timestamp};

use super::statement::SEED;

/// A file name and its content.
pub(crate) type Seed = (&'static str, Vec<u8>);

pub(crate) fn cbor_item() -> Vec<Seed> {
    let mut deepest = vec![0x81; 16];
    deepest.push(0x00);
    let mut long_bytes = vec![0x59, 0x01, 0x00];
    long_bytes.resize(3 + 256, 0xab);
    vec![
        ("uint-1-byte", vec![0x17]),
        ("uint-2-bytes", vec![0x18, 0x18]),
        ("uint-9-bytes", vec![0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("nint-5-bytes", vec![0x3a, 0x00, 0x01, 0x00, 0x00]),
        ("nint-least", vec![0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
        ("bytes-empty", vec![0x40]),
        ("bytes-256", long_bytes),
        ("text", [&[0x68][..], "h水𐅑".as_bytes()].concat()),
        ("array", vec![0x83, 0x01, 0xf4, 0xf5]),
        // {"a": 1, "b": ["c"], "aa": {1: h'', 24: true}}
        (
            "maps",
            vec![
                0xa3, 0x61, b'a', 0x01, 0x61, b'b', 0x81, 0x61, b'c', 0x62, b'a', b'a', 0xa2, 0x01,
                0x40, 0x18, 0x18, 0xf5,
            ],
        ),
        ("deepest", deepest),
    ]
}

pub(crate) fn statement() -> Vec<Seed> {
    let issuer = || Issuer::new("did:web:curator.example", SigningKey::from_seed(&SEED));
    let now: Timestamp = "2026-11-21T08:30:00Z".parse().unwrap();
    let least = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);

    let mut later = least.clone();
    later.seq = 1;
    later.prev = Some(StatementId::from_bytes([2; 32]));

    let mut full = later.clone();
    full.title = "裁判文书".into();
    full.created = Some(now);
    full.version = Some("2026-11".into());
    full.languages = ["en".into(), "zh-Hans".into()].into();
    full.data_class = Some(DataClass::Public);
    full.modalities = [Modality::Text, Modality::Tabular].into();
    full.description = Some("Decisions of the courts of first instance".into());
    full.media_types = ["text/plain".into()].into();
    full.release_mode = Some(ReleaseMode::Open);
    full.confidentiality = Some("L1".into());
    full.source_category = Some("court decisions".into());
    full.personal_information = Some(true);

    let sign = |dataset: &Dataset, issuer: &Issuer<SigningKey>| {
        dataset.sign(issuer, now).unwrap().as_bytes().to_vec()
    };
    vec![
        ("dataset-least", sign(&least, &issuer())),
        ("dataset-eddsa", sign(&least, &issuer().algorithm(Algorithm::EdDsa))),
        ("dataset-later", sign(&later, &issuer())),
        ("dataset-full", sign(&full, &issuer())),
    ]
}

pub(crate) fn manifest_file() -> Vec<Seed> {
    let file = |name: &str, text: &str| {
        FileEntry::new(name, u64::try_from(text.len()).unwrap(), Digest::of(text.as_bytes()))
    };
    let files = |entries| Manifest::files(entries, Profile::Any).unwrap().to_file();
    let tensor = |name: &str, dtype, shape: &[u64]| {
        let size = TensorEntry::required_size(dtype, shape).unwrap();
        let data = vec![0; usize::try_from(size).unwrap()];
        TensorEntry::new(name, dtype, shape.to_vec(), size, Digest::of(&data))
    };
    let tensors = vec![
        tensor("bias", Dtype::F32, &[4]),
        tensor("scale", Dtype::F16, &[]),
        tensor("weight", Dtype::Bf16, &[2, 3]),
        tensor("none", Dtype::U8, &[0, 7]),
    ];
    vec![
        ("files-none", files(vec![])),
        ("files-one", files(vec![file("a", "x")])),
        (
            "files-many",
            files(vec![
                file("README.md", ""),
                file("data/1.txt", "same"),
                file("data/2.txt", "same"),
                file("数据/三.txt", "other"),
            ]),
        ),
        ("tensors", Manifest::tensors(tensors).unwrap().to_file()),
    ]
}

pub(crate) fn timestamp() -> Vec<Seed> {
    vec![
        ("first", Timestamp::MIN.to_string().into_bytes()),
        ("last", Timestamp::MAX.to_string().into_bytes()),
        ("leap-day", b"2028-02-29T23:59:59Z".to_vec()),
    ]
}

pub(crate) fn ids() -> Vec<Seed> {
    let key = SigningKey::from_seed(&SEED).public_key();
    vec![
        ("digest", Digest::of(b"x").to_string().into_bytes()),
        ("index", IndexId::from_bytes([0xa5; 32]).to_string().into_bytes()),
        ("key", KeyId::from_bytes([0x5a; 32]).to_string().into_bytes()),
        ("manifest", ManifestId::from_bytes([0xff; 32]).to_string().into_bytes()),
        ("public-key", key.to_string().into_bytes()),
        ("statement", StatementId::from_bytes([0; 32]).to_string().into_bytes()),
    ]
}
