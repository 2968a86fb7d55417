//! Heads and entries of manifests, with the ids and roots that follow from them.

use std::collections::BTreeMap;

use ciborium::Value as Cbor;
use datadeed::manifest::{
    Composite, Dtype, FileEntry, Head, Manifest, Mount, NameProfile, TensorEntry,
};
use datadeed::{Digest, ManifestId};
use serde_json::{Value, json};

use crate::catalogue::Vector;
use crate::oracle::pruned::bit;
use crate::oracle::{Leaf, encode, hex, leaf, role_hash, root};
use crate::verify;

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> =
        all().into_iter().map(|(name, manifest, shows)| head(name, &manifest, shows)).collect();
    for (name, manifest, shows) in [
        ("file", files(vec![file("data/1.txt", "same")]), "A file"),
        ("tensor", tensors(vec![tensor("weight", Dtype::Bf16, &[2, 3])]), "A matrix"),
        (
            "tensor-scalar",
            tensors(vec![tensor("scale", Dtype::F16, &[])]),
            "A scalar, whose shape is the one empty array allowed",
        ),
    ] {
        vectors.push(entry(name, &manifest, shows));
    }
    for (name, composite, shows) in composites() {
        vectors.push(composite_head(name, &composite, shows));
    }
    vectors.push(mount());
    vectors
}

fn composites() -> Vec<(&'static str, Composite, &'static str)> {
    let model = Composite::model(head_of("tensors"), head_of("files-many")).unwrap();
    let mounts = vec![
        Mount::new("again", model.head().clone()),
        Mount::new("data/one", head_of("files-one")),
        Mount::new("model", model.head().clone()),
    ];
    let nested = Composite::new(mounts, NameProfile::Portable).unwrap();
    vec![
        ("composite-model", model, "A model: `tensors` and, as its other files, `files-many`"),
        ("composite-nested", nested, "A dataset beside a composite that is mounted twice"),
    ]
}

/// The head of the manifest of this name.
fn head_of(name: &str) -> Head {
    manifest(name).head().clone()
}

/// The entry of a mount, and its leaf.
fn mounted(mount: &Mount) -> (Vec<u8>, Leaf) {
    let entry = encode(&Cbor::Map(vec![
        (text("name"), text(&mount.name)),
        (text("manifest"), Cbor::Bytes(mount.manifest().as_bytes().to_vec())),
    ]));
    let key = role_hash("name", mount.name.as_bytes());
    let sums = (mount.head.parts.count(), mount.head.parts.bytes());
    let leaf = leaf("parts leaf", key, role_hash("entry", &entry), sums);
    (entry, leaf)
}

fn composite_head(name: &str, composite: &Composite, shows: &'static str) -> Vector {
    let parts = root(composite.mounts().iter().map(|mount| mounted(mount).1).collect());
    assert_eq!(parts, composite.parts().to_bytes(), "{name}");
    let bytes = encode(&Cbor::Map(vec![
        (text("v"), Cbor::Integer(1.into())),
        (text("kind"), text("composite")),
        (text("parts"), Cbor::Bytes(parts.to_vec())),
    ]));
    assert_eq!(composite.id(), ManifestId::from_bytes(role_hash("manifest", &bytes)), "{name}");
    let mounts = composite.mounts().iter();
    let mounts: Vec<Value> = mounts
        .map(|mount| {
            let (count, bytes) = (mount.head.parts.count(), mount.head.parts.bytes());
            let manifest = mount.manifest().to_string();
            json!({"name": mount.name, "manifest": manifest, "count": count, "bytes": bytes})
        })
        .collect();
    let facts = json!({"manifest_id": composite.id().to_string(), "entries": mounts});
    Vector::cbor("manifest-head", name, "Head", bytes, shows, facts)
}

fn mount() -> Vector {
    let mount = Mount::new("data", head_of("files-many"));
    let (entry, (key, leaf, ..)) = mounted(&mount);
    let facts = json!({
        "parts_key": hex(&key),
        "parts_value": hex(&role_hash("entry", &entry)),
        "parts_leaf": hex(&leaf),
    });
    let shows = "`files-many`, mounted: the entry has its id, the leaf its sums";
    Vector::cbor("manifest-entry", "mount", "MountEntry", entry, shows, facts)
}

fn all() -> Vec<(&'static str, Manifest, &'static str)> {
    let many = files(content().into_iter().map(|(name, text)| file(name, text)).collect());
    let works = (1..=8).map(|number| (format!("works/{number}.txt"), format!("work {number}")));
    let works = files(works.map(|(name, text)| file(&name, &text)).collect());
    let half = |side| {
        let entries = works.file_entries().unwrap().iter();
        let of_side =
            entries.filter(|file| bit(&role_hash("name", file.name.as_bytes()), 0) == side);
        files(of_side.cloned().collect())
    };
    let halves = [half(false), half(true)];
    let two = files(vec![file("a", "x"), file("b", "y")]);
    let model = vec![
        tensor("bias", Dtype::F32, &[4]),
        tensor("none", Dtype::U8, &[0, 7]),
        tensor("scale", Dtype::F16, &[]),
        tensor("weight", Dtype::Bf16, &[2, 3]),
    ];
    let weights = TensorEntry::new("w", Dtype::U8, vec![4], 4, Digest::of(verify::TENSOR));
    vec![
        ("corpus", verify::corpus(), "What the curator of the story made of `source`"),
        ("files-many", many, "Two files of the same content, an empty one, a name beyond ASCII"),
        ("files-none", files(vec![]), "No files: both roots are 48 zero bytes"),
        ("files-one", files(vec![file("a", "x")]), "One file: its leaf is the root"),
        ("files-two", two, "Two files: a node over two leaves"),
        ("files-works-0", halves[0].clone(), "Those of the eight files whose keys begin with 0"),
        ("files-works-1", halves[1].clone(), "Those of the eight files whose keys begin with 1"),
        ("files-works", works, "Eight files"),
        ("source", verify::source(), "What the collector of the story collected"),
        ("tensors", tensors(model), "Tensors of all shapes: a vector, none, a scalar, a matrix"),
        ("weights", tensors(vec![weights]), "The tensor of the model of the story"),
    ]
}

/// The manifest of this name.
pub(crate) fn manifest(name: &str) -> Manifest {
    all().into_iter().find(|(found, ..)| *found == name).unwrap().1
}

/// What stands in the files of `files-many`.
pub(crate) fn content() -> BTreeMap<&'static str, &'static str> {
    [("README.md", ""), ("data/1.txt", "same"), ("data/2.txt", "same"), ("数据/三.txt", "other")]
        .into()
}

fn files(entries: Vec<FileEntry>) -> Manifest {
    Manifest::files(entries, NameProfile::Any).unwrap()
}

fn tensors(entries: Vec<TensorEntry>) -> Manifest {
    Manifest::tensors(entries).unwrap()
}

fn file(name: &str, text: &str) -> FileEntry {
    FileEntry::new(name, u64::try_from(text.len()).unwrap(), Digest::of(text.as_bytes()))
}

/// A tensor of zeros.
fn tensor(name: &str, dtype: Dtype, shape: &[u64]) -> TensorEntry {
    let size = TensorEntry::required_size(dtype, shape).unwrap();
    let data = vec![0; usize::try_from(size).unwrap()];
    TensorEntry::new(name, dtype, shape.to_vec(), size, Digest::of(&data))
}

fn head(name: &str, manifest: &Manifest, shows: &'static str) -> Vector {
    let rows = rows(manifest);
    let parts = rows.iter().map(Row::parts_leaf).collect();
    let (parts, content) = (root(parts), root(content_leaves(&rows)));
    assert_eq!(parts, manifest.parts().to_bytes(), "{name}");
    assert_eq!(content, manifest.content().to_bytes(), "{name}");
    let bytes = encode(&Cbor::Map(vec![
        (text("v"), Cbor::Integer(1.into())),
        (text("kind"), text(manifest.kind().code())),
        (text("parts"), Cbor::Bytes(parts.to_vec())),
        (text("content"), Cbor::Bytes(content.to_vec())),
    ]));
    assert_eq!(manifest.id(), ManifestId::from_bytes(role_hash("manifest", &bytes)), "{name}");
    let entries: Vec<Value> = rows.iter().map(Row::facts).collect();
    let facts = json!({"manifest_id": manifest.id().to_string(), "entries": entries});
    Vector::cbor("manifest-head", name, "Head", bytes, shows, facts)
}

fn entry(name: &str, manifest: &Manifest, shows: &'static str) -> Vector {
    let [row] = <[Row; 1]>::try_from(rows(manifest)).unwrap_or_else(|_| panic!("{name}"));
    let of = if row.tensor.is_some() { "TensorEntry" } else { "FileEntry" };
    let (key, leaf, ..) = row.parts_leaf();
    let facts = json!({
        "parts_key": hex(&key),
        "parts_value": hex(&role_hash("entry", &row.encoded())),
        "parts_leaf": hex(&leaf),
        "content_leaf": hex(&content_leaves(std::slice::from_ref(&row))[0].1),
    });
    Vector::cbor("manifest-entry", name, of, row.encoded(), shows, facts)
}

/// An entry of either kind.
struct Row {
    name: String,
    size: u64,
    digest: Digest,
    tensor: Option<(&'static str, Vec<u64>)>,
}

impl Row {
    fn encoded(&self) -> Vec<u8> {
        let mut pairs =
            vec![(text("name"), text(&self.name)), (text("size"), Cbor::Integer(self.size.into()))];
        if let Some((dtype, shape)) = &self.tensor {
            let shape = shape.iter().map(|dimension| Cbor::Integer((*dimension).into()));
            pairs.push((text("dtype"), text(dtype)));
            pairs.push((text("shape"), Cbor::Array(shape.collect())));
        }
        pairs.push((text("digest"), Cbor::Bytes(self.digest.as_bytes().to_vec())));
        encode(&Cbor::Map(pairs))
    }

    fn parts_leaf(&self) -> Leaf {
        let key = role_hash("name", self.name.as_bytes());
        leaf("parts leaf", key, role_hash("entry", &self.encoded()), (1, self.size))
    }

    fn facts(&self) -> Value {
        let mut facts =
            json!({"name": self.name, "size": self.size, "digest": self.digest.to_string()});
        if let Some((dtype, shape)) = &self.tensor {
            facts["dtype"] = json!(dtype);
            facts["shape"] = json!(shape);
        }
        facts
    }
}

fn rows(manifest: &Manifest) -> Vec<Row> {
    let files = manifest.file_entries().unwrap_or_default().iter().map(|file| Row {
        name: file.name.clone(),
        size: file.size,
        digest: file.digest,
        tensor: None,
    });
    let tensors = manifest.tensor_entries().unwrap_or_default().iter().map(|tensor| Row {
        name: tensor.name.clone(),
        size: tensor.size,
        digest: tensor.digest,
        tensor: Some((tensor.dtype.code(), tensor.shape.dimensions().to_vec())),
    });
    files.chain(tensors).collect()
}

fn content_leaves(rows: &[Row]) -> Vec<Leaf> {
    let mut digests: Vec<(Digest, u64)> = rows.iter().map(|row| (row.digest, row.size)).collect();
    digests.sort_unstable();
    digests
        .chunk_by(|a, b| a == b)
        .map(|same| {
            let (digest, size) = same[0];
            let count = u64::try_from(same.len()).unwrap();
            let value = [&count.to_le_bytes()[..], &size.to_le_bytes(), &[0; 16]].concat();
            let value = value.try_into().unwrap();
            leaf("content leaf", *digest.as_bytes(), value, (count, count * size))
        })
        .collect()
}

pub(crate) fn text(text: &str) -> Cbor {
    Cbor::Text(text.to_owned())
}
