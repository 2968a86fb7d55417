//! Reading any of our files by its content.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use datadeed::ManifestId;
use datadeed::attach::AttachError;
use datadeed::attach::safetensors::Model;
use datadeed::key::{PublicKey, SigningKey};
use datadeed::manifest::{
    DatasetIndex, Evidence, Index, Manifest, ManifestFile, RecordIndex, Sha256Index,
};
use datadeed::proof::{LineageProof, Statement};
use datadeed::trust::{Status, TrustStore};
use indicatif::{ProgressBar, ProgressBarIter, ProgressStyle};

use super::{Args, Failure, Refused};

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{path:?} cannot be {used}")]
pub(crate) struct FileError {
    path: PathBuf,
    used: &'static str,
    #[source]
    source: Failure,
}

pub(crate) fn cannot(used: &'static str, path: &Path, source: impl Into<Failure>) -> FileError {
    FileError { path: path.to_owned(), used, source: source.into() }
}

/// A file of a wrong kind.
pub(crate) fn unusable(path: &Path, reason: impl Into<Failure>) -> FileError {
    cannot("used", path, reason)
}

/// All bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|error| cannot("read", path, error))
}

/// What a file is, by its first bytes; its name says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Evidence,
    Manifest,
    Model,
    Proof,
    PublicKey,
    Records,
    SecretKey,
    Statement,
    Status,
    Trust,
}

impl Kind {
    pub(crate) fn of(path: &Path) -> Result<Self, FileError> {
        let mut begin = Vec::new();
        let read = File::open(path).and_then(|file| file.take(32).read_to_end(&mut begin));
        read.map_err(|error| cannot("read", path, error))?;
        Self::begins(&begin).ok_or_else(|| unusable(path, "it is no kind of file known here"))
    }

    fn begins(begin: &[u8]) -> Option<Self> {
        match begin {
            // The length of a JSON object, of which any byte but the last may be as in the others.
            [_, _, _, _, _, _, _, 0x00, b'{', ..] => Some(Self::Model),
            // Tag 18: COSE_Sign1.
            [0xd2, ..] => Some(Self::Statement),
            // A map that begins with `"v": 1`; the key after it tells which; of a trust file nothing may follow.
            [0xa1, 0x61, b'v', 0x01] => Some(Self::Trust),
            [0xa1..=0xb7, 0x61, b'v', 0x01, _, key @ ..] => match key {
                [b'd', b'a', ..] | [b'i', b'n', ..] => Some(Self::Evidence),
                [b'a', b'n', ..] => Some(Self::Trust),
                [b'a', b's', ..] | [b's', b'e', ..] => Some(Self::Status),
                [b'k', b'e', ..] | [b's', b'u', ..] => Some(Self::Proof),
                _ => None,
            },
            // A byte string with a map that goes on with `"head"`.
            [0x58, _, 0xa2..=0xb7, 0x61, b'v', 0x01, 0x64, b'h', ..] => Some(Self::Manifest),
            // The same with `"of"`; the rule may be long.
            [0x58, _, map @ ..] | [0x59, _, _, map @ ..]
                if matches!(map, [0xa2..=0xb7, 0x61, b'v', 0x01, 0x62, b'o', ..]) =>
            {
                Some(Self::Records)
            }
            _ if begin.starts_with(b"-----BEGIN PRIVATE KEY-----") => Some(Self::SecretKey),
            _ if begin.starts_with(b"-----BEGIN PUBLIC KEY-----") => Some(Self::PublicKey),
            _ => None,
        }
    }
}

/// What a file holds.
pub(crate) enum Content {
    Evidence(Evidence),
    Manifest(ManifestFile),
    Model(Box<Model<Reader>>),
    Proof(Box<LineageProof>),
    PublicKey(PublicKey),
    Records(RecordIndex),
    SecretKey(Box<SigningKey>),
    Statement(Box<Statement>),
    Status(Status),
    Trust(TrustStore),
}

/// A file that shows on a terminal how far it has been read.
pub(crate) type Reader = ProgressBarIter<File>;

impl Content {
    /// Reads a file of any kind, a model to its end.
    pub(crate) fn of(path: &Path) -> Result<Self, FileError> {
        match Kind::of(path)? {
            Kind::Model => Ok(Self::Model(Box::new(model(path)?))),
            kind => Self::decode(kind, &read(path)?).map_err(|error| unusable(path, error)),
        }
    }

    fn decode(kind: Kind, bytes: &[u8]) -> Result<Self, Failure> {
        let text = || std::str::from_utf8(bytes);
        Ok(match kind {
            Kind::Evidence => Self::Evidence(Evidence::decode(bytes)?),
            Kind::Manifest => Self::Manifest(ManifestFile::decode(bytes)?),
            Kind::Model => return Err("a model is read piece by piece".into()),
            Kind::Proof => Self::Proof(Box::new(LineageProof::decode(bytes)?)),
            Kind::PublicKey => Self::PublicKey(PublicKey::from_spki_pem(text()?)?),
            Kind::Records => Self::Records(RecordIndex::decode(bytes)?),
            Kind::SecretKey => Self::SecretKey(Box::new(SigningKey::from_pkcs8_pem(text()?)?)),
            Kind::Statement => Self::Statement(Box::new(Statement::decode(bytes)?)),
            Kind::Status => Self::Status(Status::decode(bytes)?),
            Kind::Trust => Self::Trust(TrustStore::decode(bytes)?),
        })
    }

    /// The proof that the file is, or that the model carries.
    pub(crate) fn into_proof(self, path: &Path) -> Result<LineageProof, Failure> {
        match self {
            Self::Proof(proof) => Ok(*proof),
            Self::Model(model) => {
                let proof = model.proof().ok_or(AttachError::NoProof)?;
                Ok(LineageProof::decode(proof).map_err(|error| unusable(path, error))?)
            }
            _ => Err(unusable(path, "it is no proof").into()),
        }
    }

    /// The dataset or model that the file is, or is about.
    pub(crate) fn subject(&self) -> Option<ManifestId> {
        match self {
            Self::Manifest(file) => Some(file.manifest().id()),
            Self::Model(model) => Some(model.weights()),
            Self::Proof(proof) => Some(proof.subject()),
            _ => None,
        }
    }
}

/// A dataset or model: its id, or a file that is it or is about it.
pub(crate) fn subject(id_or_path: &Path) -> Result<ManifestId, Failure> {
    indexed(id_or_path).map(|(subject, _)| subject)
}

/// As [`subject`], with the SHA-256 index that a manifest file may hold.
pub(crate) fn indexed(id_or_path: &Path) -> Result<(ManifestId, Option<DatasetIndex>), Failure> {
    if let Some(id) = id_or_path.to_str().and_then(|text| text.parse().ok()) {
        return Ok((id, None));
    }
    let content = Content::of(id_or_path)?;
    let index = match &content {
        Content::Manifest(file) => file.sha256().map(Sha256Index::dataset_index),
        _ => None,
    };
    let subject = content.subject();
    let subject =
        subject.ok_or_else(|| unusable(id_or_path, "it is no manifest, model or proof"))?;
    Ok((subject, index))
}

/// A manifest file.
pub(crate) fn manifest(path: &Path) -> Result<Manifest, FileError> {
    match Content::of(path)? {
        Content::Manifest(file) => Ok(file.into_parts().0),
        Content::Model(model) => Ok(model.manifest().clone()),
        _ => Err(unusable(path, "it is no manifest")),
    }
}

/// A trust file.
pub(crate) fn trust(path: &Path) -> Result<TrustStore, FileError> {
    match Content::of(path)? {
        Content::Trust(trust) => Ok(trust),
        _ => Err(unusable(path, "it is no trust file")),
    }
}

/// A status file.
pub(crate) fn status(path: &Path) -> Result<Status, FileError> {
    match Content::of(path)? {
        Content::Status(status) => Ok(status),
        _ => Err(unusable(path, "it is no status file")),
    }
}

/// The index of a record index file, verified as a stream: it may be larger than memory.
pub(crate) fn record_index(path: &Path) -> Result<Index, FileError> {
    let file = File::open(path).map_err(|error| cannot("read", path, error))?;
    let verified = RecordIndex::verify(BufReader::new(file));
    verified.map(|file| file.index().clone()).map_err(|error| unusable(path, error))
}

/// A model, with a bar while it is read.
pub(crate) fn model(path: &Path) -> Result<Model<Reader>, FileError> {
    let open = || -> io::Result<Reader> {
        let file = File::open(path)?;
        Ok(bar("reading", file.metadata()?.len()).wrap_read(file))
    };
    let file = open().map_err(|error| cannot("read", path, error))?;
    Model::open(file).map_err(|error| unusable(path, error))
}

/// The bytes of a proof, from a model or a proof file, and what the reader knows that it has to be about: by `--of`,
/// or by the weights.
pub(crate) fn verifiable(args: &Args, path: &Path) -> Result<(Vec<u8>, ManifestId), Failure> {
    let of = args.find_path("of").map(subject).transpose()?;
    match Kind::of(path)? {
        Kind::Model => {
            let model = model(path)?;
            let (proof, weights) = (model.proof().ok_or(AttachError::NoProof)?, model.weights());
            match of.filter(|of| *of != weights) {
                Some(of) => Err(Refused::new(format!("refused: {weights}, not {of}")).into()),
                None => Ok((proof.to_vec(), weights)),
            }
        }
        Kind::Proof => {
            let of = of.ok_or("a proof alone, and no --of given; --help says how")?;
            Ok((read(path)?, of))
        }
        _ => Err(unusable(path, "it is neither a model nor a proof").into()),
    }
}

/// The statements of a file: one, or those of a proof.
pub(crate) fn statements(path: &Path) -> Result<Vec<Statement>, FileError> {
    match Content::of(path)? {
        Content::Statement(statement) => Ok(vec![*statement]),
        Content::Proof(proof) => Ok(proof.statements().to_vec()),
        _ => Err(unusable(path, "it is no statement and no proof")),
    }
}

/// A bar in bytes, on a terminal only, that vanishes when it is done.
pub(crate) fn bar(prefix: &'static str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {wide_bar} {bytes}/{total_bytes} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length)
        .with_style(style)
        .with_prefix(prefix)
        .with_finish(indicatif::ProgressFinish::AndClear)
}
