//! Files, their records under every rule, and the index over them.

use ciborium::Value as Cbor;
use datadeed::manifest::{
    FileEntry, Manifest, NameProfile, RecordIndex, RecordIndexBuilder, RecordRule,
};
use datadeed::{Digest, IndexId};
use serde_json::{Value, json};

use crate::annotate;
use crate::catalogue::Vector;
use crate::manifests::text;
use crate::oracle::{Leaf, encode, hex, leaf, role_hash, root};

/// A rule with a file and the canonical bytes of the records in it, written by hand.
struct Case {
    name: &'static str,
    rule: &'static str,
    /// Of the file.
    extension: &'static str,
    file: Vec<u8>,
    records: Vec<Vec<u8>>,
    /// What is no record, the fault and the byte at which it lies.
    refused: &'static [(&'static str, &'static str, u64)],
    shows: &'static str,
}

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<_> = cases().iter().flat_map(|case| [index(case), file(case)]).collect();
    vectors.push(of_some_files());
    vectors.extend(index_files());
    vectors
}

/// Files of the indexes `line-raw`, `some-files` and of no records.
fn index_files() -> [Vector; 3] {
    [
        index_file("line-raw", &lines().1, "The index `index/line-raw`: one block"),
        index_file("none", &no_records(), "No records, so no blocks"),
        index_file(
            "some-files",
            &some_lines(),
            "The index `index/some-files`, of one of two files",
        ),
    ]
}

fn no_records() -> RecordIndex {
    let none = Manifest::files(vec![], NameProfile::Portable).unwrap();
    RecordIndexBuilder::new(none.id(), RecordRule::LineRaw).finish().unwrap()
}

fn index_file(name: &str, index: &RecordIndex, shows: &'static str) -> Vector {
    let bytes = index.to_bytes();
    assert_eq!(RecordIndex::decode(&bytes).as_ref(), Ok(index), "{name}");
    // The first item is the preimage of the id.
    let header: Cbor = ciborium::from_reader(&bytes[..]).unwrap();
    let id = IndexId::from_bytes(role_hash("index", header.as_bytes().unwrap()));
    assert_eq!(index.id(), id, "{name}");
    let facts = json!({
        "index_id": id.to_string(),
        "records": index.records(),
        "distinct": index.distinct(),
    });
    let annotated = annotate::record_index_file(&bytes);
    let name = format!("record-index-file/{name}");
    Vector { name, extension: "cborseq", bytes, annotated, shows, facts }
}

fn cases() -> [Case; 5] {
    [
        Case {
            name: "json-jcs",
            rule: "json-jcs/1",
            extension: "jsonl",
            file: JSON.into(),
            records: strings(&[
                r#"{"a":1,"b":[1,0.1,1e+21,-5e-324,1424953923781206.2]}"#,
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
                r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#,
                r#"{"a":1,"b":[1,0.1,1e+21,-5e-324,1424953923781206.2]}"#,
            ]),
            refused: &[
                (r#"{"a":1,"\u0061":2}"#, "DuplicateKey", 7),
                (r#"["\ud83d"]"#, "LoneSurrogate", 2),
                ("[9007199254740993]", "BigInteger", 1),
                ("[1e400]", "NumberRange", 1),
                ("{} {}", "Syntax", 3),
                ("[01]", "Syntax", 2),
            ],
            shows: "JSON texts: the examples of RFC 8785 among them, an empty line, two spellings of one text",
        },
        Case {
            name: "line-raw",
            rule: "line-raw/1",
            extension: "lines",
            file: b"one\r\n\none\none\nlast".to_vec(),
            records: strings(&["one\r", "", "one", "one", "last"]),
            refused: &[],
            shows: "Lines: a carriage return that is kept, an empty one, two equal ones, one without line feed",
        },
        Case {
            name: "tar-member",
            rule: "tar-member/1",
            extension: "tar",
            file: tar(&[("a/1.cls", "3"), ("a/1.TXT", "three"), ("a/2.txt", "three")]),
            records: strings(&["3", "three", "three"]),
            refused: &[],
            shows: "Members: two of the same content under two names",
        },
        Case {
            name: "text",
            rule: "text/1#/text",
            extension: "jsonl",
            file: "{\"text\": \" To be,\\n or\\u3000not \", \"id\": 18446744073709551615}\n{\"id\": 2, \"text\": \"To be, or not\"}\n{\"text\": \"Cafe\u{301}\"}\n".into(),
            records: strings(&["To be, or not", "To be, or not", "Café"]),
            refused: &[
                (r#"{"body":"To be"}"#, "NoField", 0),
                (r#"{"text":null}"#, "NotText", 0),
            ],
            shows: "The member `text` of JSON texts: white space of every kind, a decomposed letter",
        },
        Case {
            name: "webdataset",
            rule: "webdataset/1",
            extension: "tar",
            file: tar(&[("a/1.cls", "3"), ("a/1.TXT", "three"), ("a/2.txt", "three")]),
            records: vec![sample(&[("cls", "3"), ("txt", "three")]), sample(&[("txt", "three")])],
            refused: &[],
            shows: "Samples: one of two members, and one of a single member",
        },
    ]
}

/// The example of RFC 8785 section 3.2.3 and that of 3.2.2 between two spellings of one text.
const JSON: &str = r#"{"b":[1.0,1E-1,1e21,-5e-324,1424953923781206.25],"a":1}

{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}
 { "\u0061" : 1 , "b" : [ 1 , 0.1 , 1000e18 , -5e-324 , 1424953923781206.2 ] }
"#;

fn strings(records: &[&str]) -> Vec<Vec<u8>> {
    records.iter().map(|record| record.as_bytes().to_vec()).collect()
}

/// A POSIX archive of regular files.
fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, content) in files {
        let mut header = [0; 512];
        let mut put = |at: usize, text: &str| {
            header[at..at + text.len()].copy_from_slice(text.as_bytes());
        };
        put(0, name);
        put(100, "0000644");
        put(124, &format!("{:011o}", content.len()));
        put(148, "        ");
        put(156, "0");
        put(257, "ustar\x0000");
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(content.as_bytes());
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1_024, 0);
    archive
}

/// `[[extension, size, digest], ...]`
fn sample(members: &[(&str, &str)]) -> Vec<u8> {
    let member = |(extension, content): &(&str, &str)| {
        let digest = blake3::hash(content.as_bytes()).as_bytes().to_vec();
        let size = Cbor::Integer(content.len().into());
        Cbor::Array(vec![text(extension), size, Cbor::Bytes(digest)])
    };
    encode(&Cbor::Array(members.iter().map(member).collect()))
}

fn file_name(case: &Case) -> String {
    format!("records.{}", case.extension)
}

fn of(case: &Case) -> Manifest {
    let size = u64::try_from(case.file.len()).unwrap();
    let entry = FileEntry::new(file_name(case), size, Digest::of(&case.file));
    Manifest::files(vec![entry], NameProfile::Portable).unwrap()
}

/// The files of `index/line-raw`, and that index.
pub(crate) fn lines() -> (Manifest, RecordIndex) {
    let case = cases().into_iter().find(|case| case.name == "line-raw").unwrap();
    let mut builder = RecordIndexBuilder::new(of(&case).id(), RecordRule::LineRaw);
    builder.file(&case.file).unwrap();
    (of(&case), builder.finish().unwrap())
}

fn index(case: &Case) -> Vector {
    let Case { name, shows, .. } = *case;
    let mut rows: Vec<(Digest, u64)> =
        case.records.iter().map(|record| record_of(record)).collect();
    rows.sort_unstable();
    let leaves: Vec<Leaf> = rows
        .chunk_by(|a, b| a == b)
        .map(|same| {
            let (digest, size) = same[0];
            let count = u64::try_from(same.len()).unwrap();
            let value = [&count.to_le_bytes()[..], &size.to_le_bytes(), &[0; 16]].concat();
            let value = value.try_into().unwrap();
            leaf("index leaf", *digest.as_bytes(), value, (count, count * size))
        })
        .collect();
    let tree = root(leaves);
    let of = of(case);
    let bytes = encode(&Cbor::Map(vec![
        (text("v"), Cbor::Integer(1.into())),
        (text("of"), Cbor::Bytes(of.id().as_bytes().to_vec())),
        (text("rule"), text(case.rule)),
        (text("tree"), Cbor::Bytes(tree.to_vec())),
    ]));
    let rule: RecordRule = case.rule.parse().unwrap();
    let mut builder = RecordIndexBuilder::new(of.id(), rule.clone());
    builder.file(&case.file).unwrap();
    let index = builder.finish().unwrap();
    assert_eq!(index.root().to_bytes(), tree, "{name}");
    assert_eq!(index.id(), IndexId::from_bytes(role_hash("index", &bytes)), "{name}");
    for (document, fault, offset) in case.refused {
        let error = rule.digest_of(document.as_bytes()).unwrap_err();
        assert_eq!(error.offset, *offset, "{document}");
        assert!(format!("{:?}", error.fault).starts_with(fault), "{document}: {error}");
    }
    let mut facts = json!({
        "index_id": index.id().to_string(),
        "of": of.id().to_string(),
        "rule": case.rule,
        "records": format!("records/{name}"),
    });
    if !case.refused.is_empty() {
        let refused = case.refused.iter();
        let refused = refused.map(|(document, fault, offset)| {
            json!({"document": document, "fault": fault, "offset": offset})
        });
        facts["refused"] = refused.collect();
    }
    Vector::cbor("index", name, "Index", bytes, shows, facts)
}

/// The records of one of two files.
fn of_some_files() -> Vector {
    let (of, files, _) = some_files();
    let leaves = [b"one", b"two"].map(|line| {
        let value = [&1_u64.to_le_bytes()[..], &3_u64.to_le_bytes(), &[0; 16]].concat();
        leaf("index leaf", *Digest::of(line).as_bytes(), value.try_into().unwrap(), (1, 3))
    });
    let bytes = encode(&Cbor::Map(vec![
        (text("v"), Cbor::Integer(1.into())),
        (text("of"), Cbor::Bytes(of.id().as_bytes().to_vec())),
        (text("rule"), text("line-raw/1")),
        (text("tree"), Cbor::Bytes(root(leaves.into()).to_vec())),
        (text("files"), Cbor::Bytes(files.parts().to_bytes().to_vec())),
    ]));
    let index = some_lines();
    assert_eq!(index.id(), IndexId::from_bytes(role_hash("index", &bytes)));
    let facts = json!({
        "index_id": index.id().to_string(),
        "of": of.id().to_string(),
        "rule": "line-raw/1",
        "files": ["data.txt"],
    });
    let shows = "The lines of `data.txt`, in a manifest where `README` is another file";
    Vector::cbor("index", "some-files", "Index", bytes, shows, facts)
}

fn some_lines() -> RecordIndex {
    let (of, files, content) = some_files();
    let mut builder = RecordIndexBuilder::new(of.id(), RecordRule::LineRaw).only(*files.parts());
    builder.file(content).unwrap();
    builder.finish().unwrap()
}

/// A manifest, one of its two files, and the content of that.
fn some_files() -> (Manifest, Manifest, &'static [u8]) {
    let content = b"one\ntwo\n";
    let data = FileEntry::new("data.txt", 8, Digest::of(content));
    let readme = FileEntry::new("README", 2, Digest::of(b"no"));
    let of = Manifest::files(vec![data.clone(), readme], NameProfile::Portable).unwrap();
    let files = Manifest::files(vec![data], NameProfile::Portable).unwrap();
    (of, files, content)
}

fn file(case: &Case) -> Vector {
    let rule: RecordRule = case.rule.parse().unwrap();
    let mut found = Vec::new();
    rule.split(&case.file, &mut |digest, size| found.push((digest, size))).unwrap();
    let expected: Vec<_> = case.records.iter().map(|record| record_of(record)).collect();
    assert_eq!(found, expected, "{}", case.name);
    let records: Vec<Value> = case
        .records
        .iter()
        .map(|record| {
            let (digest, size) = record_of(record);
            let (key, canonical) = match str::from_utf8(record) {
                Ok(text) if case.name != "webdataset" => ("canonical", text.to_owned()),
                _ => ("canonical_hex", hex(record)),
            };
            json!({key: canonical, "digest": digest.to_string(), "size": size})
        })
        .collect();
    let facts = json!({
        "rule": case.rule,
        "index": format!("index/{}", case.name),
        "name_in_manifest": file_name(case),
        "records": records,
    });
    Vector {
        name: format!("records/{}", case.name),
        extension: case.extension,
        annotated: match case.extension {
            "tar" => annotate::tar(&case.file),
            _ => annotate::lines(&case.file),
        },
        bytes: case.file.clone(),
        shows: case.shows,
        facts,
    }
}

fn record_of(canonical: &[u8]) -> (Digest, u64) {
    let digest = Digest::from_bytes(*blake3::hash(canonical).as_bytes());
    (digest, u64::try_from(canonical.len()).unwrap())
}
