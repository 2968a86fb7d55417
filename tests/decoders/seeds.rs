//! Inputs that each decoder accepts, from which mutation starts.

mod logs;
mod proofs;
mod statements;
mod trust;

use datadeed::attach::safetensors::Model;
use datadeed::digest::Sha256;
use datadeed::key::{Signer as _, SigningKey};
use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{
    Composite, Dtype, Evidence, EvidenceBuilder, FileEntry, Manifest, ManifestFile, Mount,
    NameProfile, Partial, Provable, Prover, RecordIndex, RecordIndexBuilder, RecordRule,
    Sha256Index, TensorEntry,
};
use datadeed::tree::{Change, Judgement};
use datadeed::trust::Status;
use datadeed::{Digest, IndexId, KeyId, ManifestId, StatementId, Timestamp};

use super::statement::SEED;
use super::verify;

pub(crate) use logs::{checkpoint, logged, receipt};
pub(crate) use proofs::proofs;
pub(crate) use statements::statement;
pub(crate) use trust::{equivocation, trust_root, trust_state, trust_store};

/// A file name and its content.
pub(crate) type Seed = (&'static str, Vec<u8>);

/// Those of lineages, and those that are no part of any.
pub(crate) fn statements() -> Vec<Seed> {
    let policies = logs::log_policy().into_iter().map(|(name, bytes)| match name {
        "full" => ("log-policy-full", bytes),
        _ => ("log-policy-least", bytes),
    });
    statement().into_iter().chain(policies).collect()
}

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

/// Names and contents.
fn file(name: &str, text: &str) -> FileEntry {
    FileEntry::new(name, u64::try_from(text.len()).unwrap(), Digest::of(text.as_bytes()))
}

fn files(entries: Vec<FileEntry>) -> Manifest {
    Manifest::files(entries, NameProfile::Any).unwrap()
}

fn many() -> Manifest {
    files(vec![
        file("README.md", ""),
        file("data/1.txt", "same"),
        file("data/2.txt", "same"),
        file("数据/三.txt", "other"),
    ])
}

fn tensors() -> Manifest {
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
    Manifest::tensors(tensors).unwrap()
}

pub(crate) fn manifest_file() -> Vec<Seed> {
    let pair = files(vec![file("a", "x"), file("b", "y")]);
    let digests = ["x", "y"].map(|text| Sha256::of(text.as_bytes()));
    let index = Sha256Index::new(&pair, digests.into()).unwrap();
    let hashed = ManifestFile::with_sha256(pair, index).unwrap();
    vec![
        ("files-none", files(vec![]).to_bytes()),
        ("files-one", files(vec![file("a", "x")]).to_bytes()),
        ("files-many", many().to_bytes()),
        ("files-sha256", hashed.to_bytes()),
        ("tensors", tensors().to_bytes()),
    ]
}

/// What answers for these names and for the contents of these texts.
fn answers(of: &Manifest, names: &[&str], texts: &[&str]) -> Evidence {
    let prover = Prover::new(of);
    let mut evidence = EvidenceBuilder::new();
    if !names.is_empty() {
        evidence.names(&prover, names);
    }
    if !texts.is_empty() {
        evidence.contents(&prover, texts.iter().map(|text| Digest::of(text.as_bytes())));
    }
    let Ok(evidence) = evidence.build();
    evidence
}

/// The number of a kind of rows, and a pruned tree of them.
pub(crate) fn pruned_tree() -> Vec<Seed> {
    let tree = |kind: u8, evidence: Evidence| {
        let evidence: ciborium::Value = ciborium::from_reader(&evidence.to_bytes()[..]).unwrap();
        let last = |value: &ciborium::Value| value.as_map().unwrap().last().unwrap().1.clone();
        let opened = last(&evidence).into_array().unwrap();
        [&[kind], &last(opened.last().unwrap()).as_bytes().unwrap()[..]].concat()
    };
    let one = files(vec![file("a", "x")]);
    vec![
        ("contents", tree(1, answers(&many(), &[], &["same", "nowhere"]))),
        ("contents-absent", tree(1, answers(&many(), &[], &["nowhere"]))),
        ("files", tree(0, answers(&many(), &["data/1.txt", "data/9.txt"], &[]))),
        ("files-absent", tree(0, answers(&one, &["b"], &[]))),
        ("files-all", tree(0, answers(&many(), &["README.md", "data/1.txt", "data/2.txt"], &[]))),
        ("files-changed", [&[0], &changed()[..]].concat()),
        ("files-none", tree(0, answers(&files(vec![]), &["a"], &[]))),
        ("mounts", tree(5, mounted())),
        ("records", tree(3, indexed(true, false))),
        ("sha256", tree(4, indexed(false, true))),
        ("tensors", tree(2, answers(&tensors(), &["bias", "weight"], &[]))),
    ]
}

/// What answers for records, and for SHA-256.
fn indexed(records: bool, sha256: bool) -> Evidence {
    let pair = files(vec![file("a", "x"), file("b", "y")]);
    let lines = lines(&pair, b"x\ny\na\nb\na\n");
    let digests = ["x", "y"].map(|text| Sha256::of(text.as_bytes()));
    let index = Sha256Index::new(&pair, digests.into()).unwrap();
    let prover = Prover::new(&pair).with_records(&lines).unwrap().with_sha256(&index).unwrap();
    let mut evidence = EvidenceBuilder::new();
    if records {
        let asked = ["a", "nowhere"].map(|text| Digest::of(text.as_bytes()));
        evidence.records(&prover, &RecordRule::LineRaw, asked);
    }
    if sha256 {
        evidence.sha256(&prover, ["a", "nowhere"]);
    }
    let Ok(evidence) = evidence.build();
    evidence
}

fn lines(of: &Manifest, text: &[u8]) -> RecordIndex {
    let mut builder = RecordIndexBuilder::new(of.id(), RecordRule::LineRaw);
    builder.file(text).unwrap();
    builder.finish().unwrap()
}

/// That the records of one dataset are among those of another.
fn twice() -> Evidence {
    let (one, pair) = (files(vec![file("a", "x")]), files(vec![file("a", "x"), file("b", "y")]));
    let (few, many) = (lines(&one, b"a\nb\n"), lines(&pair, b"a\nb\na\nc\nd\n"));
    let kept = Prover::new(&one).with_records(&few).unwrap();
    let all = Prover::new(&pair).with_records(&many).unwrap();
    let tree = TreeName::Index("line-raw/1".into());
    let mut evidence = EvidenceBuilder::new();
    let subset = evidence.relation(RelationKind::SubsetOf, &tree, &kept, &[&all]);
    assert_eq!(subset, Ok(Judgement::Holds));
    let Ok(evidence) = evidence.build();
    evidence
}

/// What is mounted at one name of a composite, and that nothing is at another.
fn mounted() -> Evidence {
    let mount = |name: &str, of: &Manifest| Mount::new(name, of.head().clone());
    let mounts = vec![mount("a", &many()), mount("b", &tensors()), mount("c/d", &many())];
    let composite = Composite::new(mounts, NameProfile::Any).unwrap();
    let mut evidence = EvidenceBuilder::new();
    evidence.mounts(&composite, ["a", "none"]);
    let Ok(evidence) = evidence.build();
    evidence
}

/// The tree of names with what a removal lifts.
fn changed() -> Vec<u8> {
    let many = many();
    let prover = Prover::new(&many);
    let mut evidence = EvidenceBuilder::new();
    let removed = many.file_entries().unwrap().iter().cloned().map(Change::Removed);
    let Ok(()) = evidence.changes(&prover, removed.take(2));
    let Ok(evidence) = evidence.build();
    evidence.opened_files(many.id()).unwrap().to_bytes()
}

pub(crate) fn evidence() -> Vec<Seed> {
    let related = |kind, tree: &TreeName, of: &Manifest, with: &[Manifest]| {
        let (of, with) = (Prover::new(of), with.iter().map(Prover::new).collect::<Vec<_>>());
        let mut evidence = EvidenceBuilder::new();
        let others: Vec<&dyn Provable<_>> = with.iter().map(|one| one as _).collect();
        assert_eq!(evidence.relation(kind, tree, &of, &others), Ok(Judgement::Holds));
        let Ok(evidence) = evidence.build();
        evidence
    };
    let (one, pair) = (files(vec![file("a", "x")]), files(vec![file("a", "x"), file("b", "y")]));
    let other = files(vec![file("b", "y")]);
    let apart = related(
        RelationKind::DisjointFrom,
        &TreeName::Content,
        &many(),
        std::slice::from_ref(&pair),
    );
    let parted = related(RelationKind::PartitionOf, &TreeName::Parts, &pair, &[one.clone(), other]);
    let kept = related(RelationKind::SubsetOf, &TreeName::Parts, &one, &[pair]);
    vec![
        ("answers", answers(&many(), &["data/1.txt", "nowhere"], &["same", "nowhere"]).to_bytes()),
        ("disjoint", apart.to_bytes()),
        ("empty-dataset", answers(&files(vec![]), &["a"], &["a"]).to_bytes()),
        ("mounts", mounted().to_bytes()),
        ("none", Evidence::default().to_bytes()),
        ("partition", parted.to_bytes()),
        ("subset", kept.to_bytes()),
        ("records", indexed(true, true).to_bytes()),
        ("subset-records", twice().to_bytes()),
        ("tensors", answers(&tensors(), &["bias"], &["same"]).to_bytes()),
    ]
}

pub(crate) fn partial_file() -> Vec<Seed> {
    let shard = |id: &str, files| Partial::files(id.parse().unwrap(), files).unwrap();
    let one = || shard("part-1", vec![file("README.md", ""), file("data/1.txt", "same")]);
    let two = shard("分片/2", vec![file("data/2.txt", "same")]);
    let all = Partial::merge_all([one(), two, shard("part-0", vec![])]).unwrap();
    vec![
        ("none", Partial::new().to_bytes()),
        ("one", one().to_bytes()),
        ("several", all.to_bytes()),
        // Sound each, but not together.
        ("clash", one().merge(shard("part-2", vec![file("data", "x")])).unwrap().to_bytes()),
    ]
}

pub(crate) fn record_index() -> Vec<Seed> {
    let of = many().id();
    let builder = || RecordIndexBuilder::new(of, RecordRule::LineRaw);
    let indexed = |mut builder: RecordIndexBuilder, lines: &[u8]| {
        builder.file(lines).unwrap();
        builder.finish().unwrap().to_bytes()
    };
    let own = RecordRule::Own("urn:example:words".parse().unwrap());
    let mut words = RecordIndexBuilder::new(of, own);
    words.digests([(Digest::of(b"word"), 4)]);
    vec![
        ("none", indexed(builder(), b"")),
        ("lines", indexed(builder(), b"one\ntwo\none\n\nthree\n")),
        ("some-files", indexed(builder().only(*many().parts()), b"one\n")),
        ("own-rule", words.finish().unwrap().to_bytes()),
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

/// Members out of order, unknown labels, a detached payload; keys of every type.
pub(crate) fn foreign() -> Vec<Seed> {
    let x = SigningKey::from_seed(&SEED).public_key();
    let okp = [b"\xa4\x21\x58\x20", &x.as_bytes()[..], b"\x03\x27\x01\x01\x20\x06"].concat();
    let point = [0x5a; 32];
    let ec2 = [b"\xa4\x01\x02\x20\x01\x21\x58\x20", &point[..], b"\x22\x58\x20", &point].concat();
    vec![
        ("cose-key-ec2", ec2),
        ("cose-key-hss-lms", b"\xa2\x01\x05\x20\x44\x00\x00\x00\x01".to_vec()),
        ("cose-key-okp", okp),
        ("cose-key-rsa", b"\xa3\x01\x03\x20\x42\xc3\x01\x21\x43\x01\x00\x01".to_vec()),
        ("sign1-detached", b"\xd2\x84\x43\xa1\x01\x26\xa0\xf6\x41\x00".to_vec()),
        (
            "sign1-header",
            b"\xd2\x84\x4b\xa3\x03\x61x\x0f\xa1\x01\x61i\x01\x27\xa2\x19\x01\x8a\x81\x41\x00\x04\x41\x31\x41x\x40"
                .to_vec(),
        ),
        ("sign1-statement", statement().remove(0).1),
        ("sign1-untagged", b"\x84\x43\xa1\x01\x26\xa0\x42hi\x41\x00".to_vec()),
    ]
}

/// Those of RFC 8410 section 10; a PEM block ends where its last line does.
pub(crate) fn key_file() -> Vec<Seed> {
    let key = SigningKey::from_seed(&SEED);
    let public = key.public_key();
    let attributes = concat!(
        "-----BEGIN PRIVATE KEY-----\n",
        "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n",
        "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\n",
        "Z9w7lshQhqowtrbLDFw4rXAxZuE=\n",
        "-----END PRIVATE KEY-----",
    );
    let bare = |pem: &[u8]| pem.trim_ascii_end().to_vec();
    vec![
        ("private-der", key.to_pkcs8_der().as_bytes().to_vec()),
        ("private-pem", bare(key.to_pkcs8_pem().as_bytes())),
        ("private-v2-pem", attributes.into()),
        ("public-der", public.to_spki_der()),
        ("public-pem", bare(public.to_spki_pem().as_bytes())),
    ]
}

pub(crate) fn licence_expression() -> Vec<Seed> {
    let line = |text: &str| format!("{text}\n").into_bytes();
    vec![
        ("both", line("MIT AND CC-BY-SA-4.0")),
        ("conflict", line("CC-BY-SA-4.0 AND CC-BY-NC-SA-4.0")),
        ("either", line("GPL-3.0-or-later OR Apache-2.0")),
        ("exception", line("Apache-2.0 WITH LLVM-exception")),
        ("nested", line("(MIT OR LicenseRef-own) AND (CC0-1.0 OR (ISC AND CC-BY-ND-4.0))")),
        ("one", line("CC-BY-4.0")),
        ("own", line("DocumentRef-other:LicenseRef-own")),
        ("unlisted", line("Zlib")),
    ]
}

/// The number of a syntax, a text in it, and 255.
pub(crate) fn preferences() -> Vec<Seed> {
    let text = |syntax: u8, text: &str| [&[syntax], text.as_bytes(), &[255]].concat();
    let robots = "\u{feff}# all\nUser-agent: *\nDisallow: /\n\nUser-Agent: ExampleBot/1.0\nAllow: /\n\
        Disallow: /*?d$\nContent-Usage: search=y\nContent-Usage: /a%2Fb train-ai=n\n\
        Content-Usage: /a/*?c$ train-ai=y, ai-use=n\n";
    let tdmrep = r#"[{"location": "/b/", "tdm-reservation": 0},
        {"location": "/*?c$", "tdm-reservation": 1, "tdm-policy": "https://a.example/p"}]"#;
    let cawg = r#"{"entries": {"cawg.ai_training": {"use": "allowed"},
        "cawg.ai_generative_training": {"use": "constrained", "constraint_info": "CC BY"},
        "c2pa.data_mining": {"use": "notAllowed"}}}"#;
    let rsl = r#"<?xml version="1.0"?><rsl xmlns="https://rslstandard.org/rsl">
        <content url="/" server="https://l.example"><license>
        <permits type="usage">search ai-index</permits><permits type="geo">US EU</permits>
        <prohibits type="usage">ai-train</prohibits><prohibits type="user">commercial</prohibits>
        <payment type="crawl"><standard>https://a.example/s</standard>
        <amount currency="USD">0.015</amount></payment>
        <reporting type="audit" profile="https://a.example/r"/></license></content>
        <content url="https://A.example/a/*"><license><permits type="usage">ai&#45;input</permits>
        <payment type="attribution"/></license></content></rsl>"#;
    vec![
        (
            "content-usage",
            text(0, "train-ai=n, ai-use=n;a=\"b\", search=(1 @2);q=:YQ==:, search=y"),
        ),
        ("rsl", text(5, rsl)),
        ("robots", text(1, robots)),
        ("tdm-reservation", text(2, "1")),
        ("tdmrep", text(3, tdmrep)),
        ("training-mining", text(4, cawg)),
    ]
}

/// The number of a rule, a file, and 255.
pub(crate) fn records() -> Vec<Seed> {
    let file = |rule: u8, file: &[u8]| [&[rule], file, &[255]].concat();
    let json = br#"{"b":[1.50,-0,1e21,9007199254740992],"a":{"\u00e9\n":"\ud83d\ude00"}}"#;
    let text = br#"{"a":[" x\u0301  y"],"id":18446744073709551615}"#;
    let plain =
        archive(&[("d/1.txt", b'0', b"one"), ("d/1.CLS", b'0', b"7"), ("2.txt", b'0', b"")]);
    let pax = archive(&[("x", b'x', b"12 path=a.b\n"), ("long", b'0', b"one")]);
    vec![
        ("json", file(0, &[&json[..], b"\r\n\n[]\n"].concat())),
        ("lines", file(1, b"one\r\n\none\nlast")),
        ("tar", file(2, &plain)),
        ("tar-pax", file(2, &pax)),
        ("text", file(3, &[&text[..], b"\n"].concat())),
        ("webdataset", file(4, &plain)),
        ("webdataset-pax", file(4, &pax)),
    ]
}

/// A POSIX archive: names, type flags and contents.
fn archive(members: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, kind, content) in members {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..157].copy_from_slice(&[b' ', b' ', b' ', b' ', b' ', b' ', b' ', b' ', *kind]);
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(*content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1_024, 0);
    archive
}

pub(crate) fn safetensors() -> Vec<Seed> {
    let file = |header: &str, data: &[u8]| {
        let length = u64::try_from(header.len()).unwrap().to_le_bytes();
        [&length, header.as_bytes(), data].concat()
    };
    let tensors = concat!(
        r#"{"w":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"#,
        r#""b":{"dtype":"F32","shape":[],"data_offsets":[12,16]},"#,
        r#""__metadata__":{"format":"pt","\u00e9":"\n"},"#,
        r#""none":{"dtype":"U8","shape":[0,7],"data_offsets":[12,12]}}  "#,
    );
    let bare = file(tensors, &[0x5a; 16]);
    let mut attached = Vec::new();
    let mut model = Model::open(std::io::Cursor::new(&bare)).unwrap();
    model.attach(b"proof", &mut attached).unwrap();
    vec![("attached", attached), ("bare", bare), ("empty", file("{}", &[]))]
}

/// `{"v": 1, "body": bstr, "checksum": bstr}` with rows as the documentation of the cache draws them.
#[cfg(feature = "fs")]
pub(crate) fn scan_cache() -> Vec<Seed> {
    use ciborium::Value;
    let int = |number: u64| Value::from(number);
    let encode = |value: &Value| {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).unwrap();
        bytes
    };
    let row = |name: &str, numbers: [u64; 7]| {
        let digest = Value::from(Digest::of(name.as_bytes()).as_bytes().to_vec());
        let numbers = numbers.into_iter().map(int);
        Value::Array([Value::from(name)].into_iter().chain(numbers).chain([digest]).collect())
    };
    let seal = |rows: Vec<Value>| {
        let mut body = vec![("dev".into(), int(2_049)), ("ino".into(), int(131_073))];
        if !rows.is_empty() {
            body.push(("files".into(), Value::Array(rows)));
        }
        let body = encode(&Value::Map(body));
        let checksum = Digest::of(&body).as_bytes().to_vec();
        let sealed = vec![
            ("v".into(), int(1)),
            ("body".into(), Value::from(body)),
            ("checksum".into(), Value::from(checksum)),
        ];
        encode(&Value::Map(sealed))
    };
    let rows = vec![
        row("README.md", [0, 2_049, 7, 0, 0, 1, 999_999_999]),
        row("data/1.txt", [u64::MAX, 2_049, u64::MAX, 1_795_000_000, 1, 1_795_000_001, 24]),
    ];
    vec![("files", seal(rows)), ("none", seal(vec![]))]
}

pub(crate) fn status() -> Vec<Seed> {
    vec![("none", Status::new(verify::day(20)).to_bytes()), ("story", verify::status().to_bytes())]
}
