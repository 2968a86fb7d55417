//! An evidence pack (证据包): a folder with which somebody checks a verified lineage by hand, without this crate.

mod index;
mod page;
mod parts;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::message::{Language, Phrase};
use super::{Report, diagnostic};
use crate::digest::{Role, Sha256};
use crate::id::KeyId;
use crate::key::PublicKey;
use crate::log::Receipt;
use crate::manifest::{Evidence, Head};
use crate::proof::Statement;
use crate::statement::{Envelope, Header};
use crate::text::hex;
use crate::tree::PrunedTree;
use crate::trust::{Status, TrustStore};
use parts::{Parts, path_of};

/// Everything that a verified lineage rests on, as files for a dispute: what was signed, by whom, and how to
/// check it with common tools.
///
/// Beside the proof, whom it was verified against and the report stand, each by itself, every statement and event
/// with the bytes that its signature is over, its signature and its payload in readable
/// notation (CBOR diagnostic notation, RFC 8949 section 8), the keys, what logs and their
/// checkpoints say, and what of datasets is opened. `CHECK.en.md` and `CHECK.zh.md` say step by step how
/// each is checked with `openssl`, `sha256sum` and `b3sum`, and what it does **not** prove. What the
/// verifier was told beside proof, trust and status is not in it: number of witnesses, age of a status, budget,
/// manifests, delegations.
/// `index.json` says for programs what each file is, `SHA256SUMS` is for `sha256sum -c`.
///
/// Nothing is written: a path has letters, digits, `.`, `-`, `_` and `/` alone, none of it chosen by
/// whoever signed anything, and is relative. The pack is never larger than a fixed multiple of proof, trust, status and
/// report together. The same lineage gives the same files.
///
/// # Fields of `index.json`
///
/// As those of the [report](super), from version 0.1.0 on: a field keeps its name, type and meaning.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `format` | text | `datadeed-evidence-pack` |
/// | `version` | number | 1 |
/// | `subject` | id | what the lineage is about |
/// | `verified_at` | time | the time of the verification |
/// | `status_as_of` | time | up to when later events were known; absent: no status was given |
/// | `files` | list | every file but `index.json` and `SHA256SUMS`, by path |
/// | `files[].path` | text | |
/// | `files[].size` | number | in bytes |
/// | `files[].sha256` | text | 64 hexadecimal digits |
/// | `files[].blake3` | text | 64 hexadecimal digits |
/// | `files[].kind` | text | what it is: the same for all files of a sort |
/// | `files[].shows` | text | what it shows, in English |
/// | `files[].shows_zh` | text | the same in Chinese |
/// | `files[].of` | id | the statement, key or manifest it belongs to |
/// | `files[].statement` | code | of what belongs to a statement: its [`Kind`](crate::statement::Kind) |
/// | `files[].issuer` | text | who signed that, as an `iss`; of a receipt, who keeps the log |
/// | `files[].key` | id | with which key |
/// | `files[].believed` | flag | whether he is believed in it, as in the report; absent for events and batches |
///
/// ```
/// use datadeed::report::{EvidencePack, Report};
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, Status, TrustStore};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, verify::Verifier};
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
/// # let collector = Issuer::new("did:web:collector.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(collector.iss(), collector.public_key(), [Role::Collector])]);
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&collector, now)?;
/// # let id = collect.id().to_string().replace("statement:", "");
/// # let proof = LineageProof::builder(corpus).statement(collect).build()?.to_bytes();
/// # let status = Status::new(now);
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
///
/// let lineage = Verifier::new(&trust, now).known_events(&status).verify(&proof, corpus)?;
/// let report = Report::new(&lineage);
/// for (path, bytes) in EvidencePack::new(&report, &trust).status(&status).files() {
///     let path = folder.join(path);
///     std::fs::create_dir_all(path.parent().unwrap())?;
///     std::fs::write(path, bytes)?;
/// }
/// assert!(std::fs::read_to_string(folder.join("CHECK.en.md"))?.contains("openssl pkeyutl -verify"));
/// assert_eq!(std::fs::read(folder.join(format!("statements/{id}/signature.bin")))?.len(), 64);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct EvidencePack<'a> {
    report: &'a Report<'a>,
    trust: &'a TrustStore,
    status: Option<&'a Status>,
}

/// One file, and what it is.
struct PackFile<'a> {
    path: String,
    bytes: Cow<'a, [u8]>,
    kind: FileKind,
    /// The statement, key or manifest it belongs to.
    of: Option<String>,
    signed: Option<Signed<'a>>,
}

/// What a file that belongs to a statement or receipt says of its signer.
#[derive(Clone, Copy)]
struct Signed<'a> {
    statement: Option<&'a Header>,
    issuer: &'a str,
    key: KeyId,
    believed: Option<bool>,
}

/// What a file is: its code, and what it shows.
type FileKind = (&'static str, Phrase);

const fn kind(code: &'static str, en: &'static str, zh: &'static str) -> FileKind {
    (code, Phrase::new(en, zh))
}

const PROOF: FileKind =
    kind("proof", "everything that was verified, in one file", "核验所依据的全部材料（单一文件）");
const TRUST: FileKind = kind(
    "trust",
    "whom the verifier believed, in what and for how long",
    "核验方采信何人、何种事项及期限",
);
const STATUS: FileKind = kind(
    "status",
    "which later events the verifier knew, and when he recorded what",
    "核验方已知的后续事件及其记录时间",
);
const STATEMENT: FileKind = kind(
    "statement",
    "the statement as it was signed (COSE_Sign1)",
    "声明原文（COSE_Sign1 签名封装）",
);
const EVENT: FileKind = kind(
    "event",
    "an event that the verifier knew from elsewhere, as it was signed",
    "核验方另行知悉的事件原文（签名封装）",
);
const TO_BE_SIGNED: FileKind = kind(
    "to-be-signed",
    "the bytes that the signature is over (Sig_structure)",
    "被签名的字节（Sig_structure）",
);
const SIGNATURE: FileKind =
    kind("signature", "the Ed25519 signature, 64 bytes", "Ed25519 签名，64 字节");
const PAYLOAD: FileKind = kind("payload", "what was said, as CBOR", "声明内容（CBOR 编码）");
const PAYLOAD_TEXT: FileKind =
    kind("payload-text", "what was said, in readable notation", "声明内容（可读文本）");
const KEY: FileKind = kind("key", "a public key for openssl", "公钥（供 openssl 使用）");
const KEY_BYTES: FileKind = kind(
    "key-preimage",
    "what the id of a key is the SHA-256 of",
    "密钥标识所对应的原文（SHA-256）",
);
const KEY_NAME: FileKind = kind("signed-by", "the id of the key that signed it", "签名密钥的标识");
const RECEIPT: FileKind =
    kind("receipt", "that a log has the statement, as the log signed it", "日志出具的收录回执原文");
const PATH: FileKind = kind(
    "path",
    "the way from a statement to the root that a log signed",
    "从声明到日志所签根哈希的路径",
);
const CHECKPOINT: FileKind = kind(
    "checkpoint",
    "what a log said it had, with the signatures of whoever saw it",
    "日志检查点及见证方签名",
);
const EVIDENCE: FileKind =
    kind("evidence", "what is opened of the trees of datasets", "数据集树中已展开的部分");
const HEAD: FileKind = kind(
    "manifest-preimage",
    "what the id of a manifest is the keyed BLAKE3 of",
    "清单标识所对应的原文（带密钥 BLAKE3）",
);
const ROWS: FileKind = kind(
    "rows",
    "digests of files in a dataset, for b3sum --check",
    "数据集中文件的摘要（供 b3sum --check 使用）",
);
const ROLE: FileKind = kind(
    "role-key",
    "the key of a keyed hash: b3sum --derive-key of nothing",
    "带密钥哈希的密钥（由空输入派生）",
);
const HTML: FileKind = kind("report-html", "the report, for people", "核验报告（供阅读）");
const JSON: FileKind = kind("report-json", "the report, for programs", "核验报告（供程序读取）");
const PAGE: FileKind = kind("page", "how to check each by hand", "人工核对方法");

/// The keyed hashes that ids are, by the names of their keys' files.
const ROLES: [(&str, Role); 2] = [("manifest", Role::Manifest), ("statement", Role::Statement)];

impl<'a> EvidencePack<'a> {
    /// The pack of a lineage as a report shows it, by the trust store with which it was verified.
    pub const fn new(report: &'a Report<'a>, trust: &'a TrustStore) -> Self {
        Self { report, trust, status: None }
    }

    /// What was known of later events when it was verified.
    pub const fn status(mut self, status: &'a Status) -> Self {
        self.status = Some(status);
        self
    }

    /// Every file, by its path relative to the folder.
    pub fn files(&self) -> impl Iterator<Item = (String, Cow<'a, [u8]>)> {
        let mut files = self.content();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let index = index::json(self, &files);
        let mut sums = String::new();
        let all = files.iter().map(|file| (file.path.as_str(), &*file.bytes));
        for (path, bytes) in all.chain([("index.json", index.as_bytes())]) {
            sums.extend([&hex(Sha256::of(bytes).as_bytes()), "  ", path, "\n"]);
        }
        let last = [("index.json", index), ("SHA256SUMS", sums)];
        let last = last.map(|(path, text)| (path.to_owned(), Cow::Owned(text.into_bytes())));
        files.into_iter().map(|file| (file.path, file.bytes)).chain(last)
    }

    fn content(&self) -> Vec<PackFile<'a>> {
        let lineage = self.report.lineage;
        let proof = lineage.proof();
        let mut files = vec![
            PackFile::owned("proof.cbor", proof.to_bytes(), PROOF),
            PackFile::owned("trust.cbor", self.trust.to_bytes(), TRUST),
            PackFile::owned("report.html", self.report.html(Language::English).into(), HTML),
            PackFile::owned("report.json", self.report.json().into(), JSON),
        ];
        files.extend(self.status.map(|one| PackFile::owned("status.cbor", one.to_bytes(), STATUS)));
        for (name, role) in ROLES {
            let path = format!("roles/{name}.key");
            files.push(PackFile::owned(&path, role.key().to_vec(), ROLE));
        }
        for statement in proof.statements() {
            let believed = super::believed(lineage, statement);
            let folder = format!("statements/{}", digits(&statement.id()));
            files.extend(envelope(&folder, statement.envelope(), STATEMENT, believed));
            for (number, receipt) in proof.receipts(statement.id()).iter().enumerate() {
                files.extend(receipt_files(&folder, number, statement.envelope(), receipt));
            }
        }
        for recorded in self.status.into_iter().flat_map(Status::events) {
            let folder = format!("events/{}", digits(&recorded.event.id()));
            files.extend(envelope(&folder, recorded.event.envelope(), EVENT, None));
        }
        for (number, checkpoint) in proof.checkpoints().iter().enumerate() {
            let path = format!("checkpoints/{number}.note");
            files.push(PackFile::owned(&path, checkpoint.to_bytes(), CHECKPOINT));
        }
        files.extend(keys(self.trust, proof.keys(), proof.statements()));
        files.extend(evidence(proof.evidence()));
        let example = proof.statements().iter().find(|one| one.is_signed()).map(Statement::header);
        let id = proof.statements().iter().find(|one| one.is_signed()).map(Statement::id);
        let example = example.zip(id).map(|(header, id)| (digits(&id), digits(&header.key)));
        for (name, language) in [("en", Language::English), ("zh", Language::Chinese)] {
            let text = page::text(language, example.as_ref(), lineage);
            files.push(PackFile::owned(&format!("CHECK.{name}.md"), text.into(), PAGE));
        }
        // An event may stand in the status twice, with other times.
        let mut paths = BTreeSet::new();
        files.retain(|file| paths.insert(file.path.clone()));
        files
    }
}

impl<'a> PackFile<'a> {
    fn new(path: String, bytes: Cow<'a, [u8]>, kind: FileKind) -> Self {
        Self { path, bytes, kind, of: None, signed: None }
    }

    fn owned(path: &str, bytes: Vec<u8>, kind: FileKind) -> Self {
        Self::new(path.to_owned(), Cow::Owned(bytes), kind)
    }

    fn of(self, id: &impl ToString) -> Self {
        Self { of: Some(id.to_string()), ..self }
    }
}

/// A statement or event and its parts.
fn envelope<'a>(
    folder: &str,
    envelope: &'a Envelope,
    kind: FileKind,
    believed: Option<bool>,
) -> Vec<PackFile<'a>> {
    let (id, header) = (envelope.id(), envelope.header());
    let (issuer, key) = (header.issuer.as_str(), header.key);
    let signed = Signed { statement: Some(header), issuer, key, believed };
    let file = |name: &str, bytes: Cow<'a, [u8]>, kind: FileKind| {
        let file = PackFile::new(format!("{folder}/{name}"), bytes, kind).of(&id);
        PackFile { signed: Some(signed), ..file }
    };
    let Parts { payload, signature, .. } = Parts::of(envelope.as_bytes());
    let mut files = vec![
        file("statement.cose", envelope.as_bytes().into(), kind),
        file("to-be-signed.cbor", envelope.to_be_signed().into(), TO_BE_SIGNED),
        file("payload.cbor", payload.into(), PAYLOAD),
        file(
            "payload.txt",
            (diagnostic::notation(payload) + "\n").into_bytes().into(),
            PAYLOAD_TEXT,
        ),
    ];
    // A member of a batch has none of its own.
    if envelope.is_signed() {
        files.push(file("signature.bin", signature.into(), SIGNATURE));
        let key = format!("{}\n", digits(&key)).into_bytes();
        files.push(file("key.txt", key.into(), KEY_NAME));
    }
    files
}

/// A receipt, what the log signed, and the way there.
fn receipt_files<'a>(
    folder: &str,
    number: usize,
    statement: &'a Envelope,
    receipt: &'a Receipt,
) -> Vec<PackFile<'a>> {
    let folder = format!("{folder}/receipts/{number}");
    let Parts { protected, signature, .. } = Parts::of(receipt.as_bytes());
    let (path, root) = path_of(statement, receipt.proof());
    let payload = [&[0x58, 0x20], &root.as_bytes()[..]].concat();
    let signed_bytes = crate::statement::sig_structure(protected, &[0x40], &payload);
    let key = format!("{}\n", digits(&receipt.key())).into_bytes();
    let all: [(&str, Cow<'a, [u8]>, FileKind); 5] = [
        ("receipt.cose", receipt.as_bytes().into(), RECEIPT),
        ("path.txt", path.into_bytes().into(), PATH),
        ("to-be-signed.cbor", signed_bytes.into(), TO_BE_SIGNED),
        ("signature.bin", signature.into(), SIGNATURE),
        ("key.txt", key.into(), KEY_NAME),
    ];
    let signed =
        Signed { statement: None, issuer: receipt.issuer(), key: receipt.key(), believed: None };
    all.into_iter()
        .map(|(name, bytes, kind)| {
            let file = PackFile::new(format!("{folder}/{name}"), bytes, kind).of(&statement.id());
            PackFile { signed: Some(signed), ..file }
        })
        .collect()
}

/// The keys of the proof, of the trust store and of delegations, each once.
fn keys<'a>(
    trust: &TrustStore,
    in_proof: &[PublicKey],
    statements: &[Statement],
) -> Vec<PackFile<'a>> {
    let delegated = statements.iter().filter_map(Statement::as_delegation);
    let delegated = delegated.map(|one| one.payload().key);
    let anchored = trust.anchors().map(|anchor| anchor.key);
    let all: BTreeMap<KeyId, PublicKey> = in_proof
        .iter()
        .copied()
        .chain(delegated)
        .chain(anchored)
        .map(|key| (key.id(), key))
        .collect();
    let files = all.into_iter().flat_map(|(id, key)| {
        let pem = format!("keys/{}.pem", digits(&id));
        let preimage = format!("keys/{}.cose", digits(&id));
        // {1: 1 (OKP), -1: 6 (Ed25519), -2: x} (RFC 9679)
        let cose =
            [&[0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20], &key.as_bytes()[..]].concat();
        [
            PackFile::owned(&pem, key.to_spki_pem().into(), KEY).of(&id),
            PackFile::owned(&preimage, cose, KEY_BYTES).of(&id),
        ]
    });
    files.collect()
}

/// What of datasets is opened: the preimages of their ids, and rows.
fn evidence<'a>(evidence: &Evidence) -> Vec<PackFile<'a>> {
    if evidence.is_empty() {
        return Vec::new();
    }
    let mut files = vec![PackFile::owned("evidence.cbor", evidence.to_bytes(), EVIDENCE)];
    for manifest in evidence.manifests() {
        let path = |ending: &str| format!("manifests/{}.{ending}", digits(&manifest));
        let head = evidence.head(manifest).map(Head::to_bytes);
        files.extend(head.map(|head| PackFile::owned(&path("cbor"), head, HEAD).of(&manifest)));
        let rows = evidence.opened_files(manifest).into_iter().flat_map(PrunedTree::rows);
        // A file's name has neither line breaks nor backslashes.
        let mut lines = String::new();
        for row in rows {
            lines.extend([&hex(row.digest.as_bytes()), "  ", &row.name, "\n"]);
        }
        if !lines.is_empty() {
            files.push(PackFile::owned(&path("b3"), lines.into(), ROWS).of(&manifest));
        }
    }
    files
}

/// The hexadecimal digits of an id, which no statement chooses.
fn digits(id: &impl ToString) -> String {
    let text = id.to_string();
    text.rsplit(':').next().unwrap_or_default().to_owned()
}
