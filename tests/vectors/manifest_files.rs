//! Manifest files and indexes.

use std::collections::BTreeMap;

use ciborium::Value as Cbor;
use datadeed::digest::Sha256;
use datadeed::manifest::{Index, Manifest, ManifestFile, Sha256Index};
use datadeed::{IndexId, ManifestId};
use serde_json::{Value, json};

use crate::annotate;
use crate::catalogue::Vector;
use crate::manifests::{content, manifest, text};
use crate::oracle::{Leaf, encode, hex, leaf, role_hash, root, sha256};

pub(crate) fn vectors() -> Vec<Vector> {
    vec![
        index("sha256", &manifest("files-many"), &hashed()),
        file("files-many", &ManifestFile::new(manifest("files-many")), "One block of each tree"),
        file("files-none", &ManifestFile::new(manifest("files-none")), "No blocks at all"),
        file("files-sha256", &with_sha256(), "`files-many` with the SHA-256 of every file"),
        file("tensors", &ManifestFile::new(manifest("tensors")), "A file of tensors"),
    ]
}

pub(crate) fn with_sha256() -> ManifestFile {
    ManifestFile::with_sha256(manifest("files-many"), hashed()).unwrap()
}

/// The SHA-256 of every file of `files-many`.
pub(crate) fn hashed() -> Sha256Index {
    let manifest = manifest("files-many");
    let contents = content();
    let entries = manifest.file_entries().unwrap().iter();
    let digests = entries.map(|entry| Sha256::of(contents[entry.name.as_str()].as_bytes()));
    Sha256Index::new(&manifest, digests.collect()).unwrap()
}

fn index(name: &str, manifest: &Manifest, index: &Sha256Index) -> Vector {
    let contents = content();
    let digests: BTreeMap<&str, [u8; 32]> =
        contents.iter().map(|(name, text)| (*name, sha256(text.as_bytes()))).collect();
    let leaves: Vec<Leaf> = contents
        .iter()
        .map(|(name, content)| {
            let size = u64::try_from(content.len()).unwrap();
            let row = encode(&Cbor::Map(vec![
                (text("name"), text(name)),
                (text("size"), Cbor::Integer(size.into())),
                (text("sha256"), Cbor::Bytes(digests[name].to_vec())),
            ]));
            let key = role_hash("name", name.as_bytes());
            leaf("index leaf", key, role_hash("entry", &row), (1, size))
        })
        .collect();
    let tree = root(leaves);
    assert_eq!(tree, index.root().to_bytes());
    let bytes = encode(&Cbor::Map(vec![
        (text("v"), Cbor::Integer(1.into())),
        (text("of"), Cbor::Bytes(manifest.id().as_bytes().to_vec())),
        (text("rule"), text("sha256")),
        (text("tree"), Cbor::Bytes(tree.to_vec())),
    ]));
    assert_eq!(index.id(), IndexId::from_bytes(role_hash("index", &bytes)));
    assert_eq!(index.id(), Index::new(manifest.id(), "sha256", *index.root()).id());
    let rows: Vec<Value> =
        digests.iter().map(|(name, digest)| json!({"name": name, "sha256": hex(digest)})).collect();
    let facts = json!({
        "index_id": index.id().to_string(),
        "of": manifest.id().to_string(),
        "rows": rows,
    });
    let shows = "The preimage of the id of the SHA-256 index over `manifest-head/files-many`";
    Vector::cbor("index", name, "Index", bytes, shows, facts)
}

fn file(name: &str, file: &ManifestFile, shows: &'static str) -> Vector {
    let bytes = file.to_bytes();
    assert_eq!(ManifestFile::decode(&bytes), Ok(file.clone()), "{name}");
    let head = role_hash("manifest", &head(&bytes));
    assert_eq!(file.manifest().id(), ManifestId::from_bytes(head), "{name}");
    let mut facts = json!({"manifest_id": file.manifest().id().to_string()});
    if let Some(index) = file.sha256() {
        facts["index_id"] = json!(index.id().to_string());
    }
    let annotated = annotate::manifest_file(&bytes);
    let name = format!("manifest-file/{name}");
    Vector { name, extension: "cborseq", bytes, annotated, shows, facts }
}

/// The head in the first item of a file, encoded anew.
fn head(file: &[u8]) -> Vec<u8> {
    let header: Cbor = ciborium::from_reader(file).unwrap();
    let header: Cbor = ciborium::from_reader(&header.as_bytes().unwrap()[..]).unwrap();
    let pairs = header.as_map().unwrap();
    let (_, head) = pairs.iter().find(|(key, _)| key.as_text() == Some("head")).unwrap();
    encode(head)
}
