//! The `dataset` statement: its signer vouches for a manifest and describes what it holds.

use std::collections::BTreeSet;

use crate::cbor::{codes, record};
use crate::id::{IndexId, ManifestId, StatementId, Subject};
use crate::statement::{DataClass, Kind, Payload, PayloadError, Sequence, check_sequence};
use crate::timestamp::Timestamp;

codes! {
    /// What kind of signal the content is.
    pub enum Modality("modality") in manifest {
        /// Sound.
        Audio = "audio",
        /// Source code.
        Code = "code",
        /// Geographic data.
        Geospatial = "geospatial",
        /// Graphs.
        Graph = "graph",
        /// Still pictures.
        Image = "image",
        /// Sensor readings.
        Sensor = "sensor",
        /// Tables.
        Tabular = "tabular",
        /// Text in natural language.
        Text = "text",
        /// Time series.
        TimeSeries = "time_series",
        /// Moving pictures.
        Video = "video",
    }
}

codes! {
    /// How the dataset is meant to circulate (开放、共享、流通、交易).
    pub enum ReleaseMode("release mode") in manifest {
        /// Under agreements outside an exchange (流通).
        Circulation = "circulation",
        /// To everybody (开放).
        Open = "open",
        /// Within a circle (共享).
        Shared = "shared",
        /// On an exchange (交易).
        Trade = "trade",
    }
}

codes! {
    /// How the signer knows the content.
    pub enum ScanMethod("scan method") in manifest {
        /// Some digests were taken from a cache without reading the files.
        Cached = "cached",
        /// Computed from rows, without the files at hand.
        Computed = "computed",
        /// Every byte was read.
        Full = "full",
    }
}

record! {
    /// An additional commitment over the same dataset.
    ///
    /// ```
    /// use datadeed::manifest::{Dataset, DatasetIndex, ScanMethod};
    /// use datadeed::{IndexId, ManifestId};
    ///
    /// let corpus = ManifestId::from_bytes([1; 32]);
    /// let mut dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full);
    /// let by_line = DatasetIndex::new(IndexId::from_bytes([2; 32]), "line-raw/1");
    /// dataset.indexes.insert(by_line.clone());
    /// assert!(dataset.indexes.contains(&by_line));
    /// ```
    pub struct DatasetIndex {
        /// The commitment.
        "id" => id: IndexId,
        /// How its keys are made: `sha256`, or a [`RecordRule`](super::RecordRule).
        "rule" => rule: String,
    }
}

record! {
    /// Payload of a `dataset` statement.
    ///
    /// ```
    /// use datadeed::id::ManifestId;
    /// use datadeed::key::SigningKey;
    /// use datadeed::manifest::{Dataset, ScanMethod};
    /// use datadeed::statement::{Issuer, Payload};
    ///
    /// let issuer = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
    /// let mut dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "Court decisions", ScanMethod::Full);
    /// dataset.version = Some("2026-11".into());
    /// let signed = dataset.sign(&issuer, "2026-11-21T00:00:00Z".parse()?)?;
    /// assert_eq!(signed.payload(), &dataset);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct Dataset {
        /// Number of this statement by its issuer about this manifest, from 0.
        "seq" => seq: u64,
        /// The statement before it; absent for number 0.
        "prev" => prev: Option<StatementId>,
        /// How the signer knows the content.
        "scan" => scan: ScanMethod,
        /// A name for people.
        "title" => title: String,
        /// When the content was fixed, as claimed.
        "created" => created: Option<Timestamp>,
        /// Additional commitments over the same content.
        "indexes" => indexes: BTreeSet<DatasetIndex>,
        /// The publisher's version label.
        "version" => version: Option<String>,
        /// The dataset.
        "manifest" => manifest: ManifestId,
        /// Languages, as BCP 47 tags.
        "languages" => languages: BTreeSet<String>,
        /// Public, enterprise or personal data.
        "data_class" => data_class: Option<DataClass>,
        /// Kinds of signal.
        "modalities" => modalities: BTreeSet<Modality>,
        /// A description for people.
        "description" => description: Option<String>,
        /// Media types (RFC 6838).
        "media_types" => media_types: BTreeSet<String>,
        /// Circulation the publisher intends.
        "release_mode" => release_mode: Option<ReleaseMode>,
        /// Confidentiality level in the publisher's own scheme.
        "confidentiality" => confidentiality: Option<String>,
        /// Publications, medical images, court decisions and so on (来源类别).
        "source_category" => source_category: Option<String>,
        /// Whether it contains personal information (个人信息).
        "personal_information" => personal_information: Option<bool>,
    }
}

impl DatasetIndex {
    /// The commitment `id`, its keys made by `rule`.
    pub fn new(id: IndexId, rule: impl Into<String>) -> Self {
        Self { id, rule: rule.into() }
    }
}

impl Dataset {
    /// Number 0 about this manifest, with no optional field.
    pub fn new(manifest: ManifestId, title: impl Into<String>, scan: ScanMethod) -> Self {
        Self {
            seq: 0,
            prev: None,
            scan,
            title: title.into(),
            version: None,
            created: None,
            indexes: BTreeSet::new(),
            manifest,
            languages: BTreeSet::new(),
            data_class: None,
            modalities: BTreeSet::new(),
            media_types: BTreeSet::new(),
            description: None,
            source_category: None,
            confidentiality: None,
            release_mode: None,
            personal_information: None,
        }
    }
}

impl Payload for Dataset {
    const KIND: Kind = Kind::Dataset;

    fn subject(&self) -> Subject {
        Subject::Manifest(self.manifest)
    }

    fn sequence(&self) -> Option<Sequence> {
        Some(Sequence { seq: self.seq, prev: self.prev })
    }

    fn check(&self) -> Result<(), PayloadError> {
        check_sequence(self.seq, self.prev)
    }
}
