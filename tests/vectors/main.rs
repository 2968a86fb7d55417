//! Golden vectors: bytes of every format with what follows from them, and bytes that are refused.
//!
//! They lie in `v1/`, for any implementation to use; `index.json` describes
//! them and `NAME.txt` explains each byte by byte. This test makes them anew
//! and compares, so whatever changes a byte on the wire fails here.
//! `DATADEED_WRITE_VECTORS=1 cargo test --test vectors` writes them.
//!
//! From version 0.1.0 on vectors are append-only: a file that has been
//! published is never changed or removed.

mod agreement;
mod annotate;
mod catalogue;
mod evidence;
mod log;
#[path = "../decoders/seeds/logs.rs"]
mod logs;
mod malformed;
mod manifest_files;
mod manifests;
mod oracle;
mod partial_files;
mod pitfalls;
#[path = "../decoders/seeds/proofs.rs"]
mod proofs;
mod pruned_trees;
mod records;
#[path = "../decoders/targets/statement.rs"]
mod statement;
#[path = "../decoders/seeds/statements.rs"]
mod statements;
#[path = "../decoders/seeds/trust.rs"]
mod trust;
#[path = "../decoders/targets/verify.rs"]
mod verify;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use oracle::{hex, role_key, sha256};
use serde_json::{Value, json};

/// A name and its bytes, as the makers of seeds give them.
pub(crate) type Seed = (&'static str, Vec<u8>);

/// The roles of keyed hashes.
const ROLES: &[&str] = &[
    "content leaf",
    "entry",
    "index",
    "index leaf",
    "manifest",
    "multiset",
    "name",
    "node",
    "parts leaf",
    "signature",
    "statement",
];

const COMMENT: &[&str] = &[
    "Test vectors of datadeed, wire version 1. Append-only from version 0.1.0 on.",
    "`vectors` are accepted: `file` holds the bytes, `annotated` explains each of them, and the other fields are what follows from the bytes. Ids are in their text form; `blake3` is the plain digest of the file.",
    "`malformed` are refused, for one fault each. `code` is the rejection code of a lineage proof at fault or of one that holds the statement or evidence at fault; `fault` names the fault and `offset` the byte at which the item at fault begins, counted from the first byte of the file. The words of `error` may change, the others not.",
    "`roles` are the keys of keyed BLAKE3: derive_key(context, \"\"). Whatever is hashed but plain content is hashed with one of them.",
    "All keys are made from public seeds: trust none of them.",
];

#[test]
fn every_vector_is_what_the_crate_writes() {
    let expected = tree();
    if env::var_os("DATADEED_WRITE_VECTORS").is_some() {
        write_all(&folder(), &expected);
    }
    let found = files(&folder());
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    let hint = "DATADEED_WRITE_VECTORS=1 writes them anew";
    assert_eq!(names(&found), names(&expected), "{hint}");
    for (name, bytes) in &expected {
        assert!(found[name] == *bytes, "v1/{name} differs; {hint}");
    }
}

#[test]
fn every_annotation_is_of_exactly_the_bytes() {
    for vector in catalogue::all() {
        assert_eq!(annotate::hex_column(&vector.annotated), vector.bytes, "{}", vector.name);
    }
}

#[test]
fn every_line_of_an_annotation_is_short() {
    for vector in catalogue::all() {
        for line in vector.annotated.lines() {
            assert!(line.chars().count() <= 120, "{}: {line}", vector.name);
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1")
}

/// Everything that lies in `v1`, by path.
fn tree() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut vectors = Vec::new();
    for vector in catalogue::all() {
        let (file, annotated) =
            (format!("{}.{}", vector.name, vector.extension), format!("{}.txt", vector.name));
        let mut entry = json!({
            "name": vector.name,
            "file": file,
            "annotated": annotated,
            "shows": vector.shows,
            "blake3": datadeed::Digest::of(&vector.bytes).to_string(),
        });
        let facts = vector.facts.as_object().unwrap().clone();
        entry.as_object_mut().unwrap().extend(facts);
        vectors.push(entry);
        files.insert(annotated, vector.annotated.into_bytes());
        files.insert(file, vector.bytes);
    }
    let mut refused = Vec::new();
    for vector in malformed::all() {
        let file = format!("malformed/{}.{}", vector.name, vector.extension());
        refused.push(vector.entry(&file));
        files.insert(file, vector.bytes);
    }
    files.insert("index.json".into(), index(&vectors, &refused));
    let sums = files.iter().map(|(name, bytes)| format!("{}  {name}\n", hex(&sha256(bytes))));
    let sums: String = sums.collect();
    files.insert("SHA256SUMS".into(), sums.into_bytes());
    files
}

fn index(vectors: &[Value], malformed: &[Value]) -> Vec<u8> {
    let role = |role: &&str| {
        let context = format!("datadeed v1 {role}");
        json!({"role": role, "context": context, "key": hex(&role_key(role))})
    };
    let index = json!({
        "_comment": COMMENT,
        "version": 1,
        "roles": ROLES.iter().map(role).collect::<Vec<_>>(),
        "vectors": vectors,
        "malformed": malformed,
    });
    (serde_json::to_string_pretty(&index).unwrap() + "\n").into_bytes()
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(open) = folders.pop() {
        let entries =
            fs::read_dir(&open).unwrap_or_else(|error| panic!("{}: {error}", open.display()));
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let parts = path.strip_prefix(folder).unwrap().iter();
            let parts: Vec<&str> = parts.map(|part| part.to_str().unwrap()).collect();
            files.insert(parts.join("/"), fs::read(&path).unwrap());
        }
    }
    files
}

fn write_all(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
