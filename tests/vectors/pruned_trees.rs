//! Pruned trees, with the root and the answers that follow from their bytes.

use ciborium::Value as Cbor;
use datadeed::Digest;
use datadeed::manifest::{
    ContentAnswer, Evidence, EvidenceBuilder, FileEntry, Manifest, ManifestKind, NameProfile,
    Prover,
};
use datadeed::tree::{Change, Membership, PrunedTree};
use serde_json::{Value, json};

use crate::annotate;
use crate::catalogue::Vector;
use crate::manifests::manifest;
use crate::oracle::pruned::{Found, Rows, Tree};
use crate::oracle::{encode, hex, role_hash};

/// A dataset, and what is asked of one of its trees: names of `parts`, texts of `content`.
struct Case {
    name: &'static str,
    of: &'static str,
    tree: &'static str,
    asked: &'static [&'static str],
    shows: &'static str,
}

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> = cases().iter().map(vector).collect();
    vectors.push(changes());
    vectors.push(far());
    vectors
}

fn cases() -> [Case; 9] {
    let case = |name, of, tree, asked, shows| Case { name, of, tree, asked, shows };
    [
        case("closed", "files-many", "parts", &[], "A tree of which nothing is opened"),
        case(
            "contents",
            "files-many",
            "content",
            &["same", "nowhere"],
            "One content that is there twice, one that is not there",
        ),
        case("empty", "files-none", "parts", &["a"], "The empty tree: whatever is asked is absent"),
        case("leaf", "files-one", "parts", &["a"], "A tree of one leaf, with its row"),
        case(
            "leaf-absent",
            "files-one",
            "parts",
            &["b"],
            "A tree of one leaf that is another than what is asked: its row is not given",
        ),
        case(
            "node-over-closed",
            "files-works",
            "parts",
            &["works/1858.txt"],
            "A name that parts from a prefix: the node below which it would stand, with its prefix",
        ),
        case(
            "several",
            "files-works",
            "parts",
            &["works/1.txt", "works/5.txt", "works/9.txt"],
            "Two names that are there and one that is not, sharing their paths",
        ),
        case("tensors", "tensors", "parts", &["weight", "none"], "Two tensors of a model"),
        case(
            "two",
            "files-two",
            "parts",
            &["a"],
            "A tree of two leaves with the row of one: as on the format page",
        ),
    ]
}

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    opened(cases().iter().find(|case| case.name == name).unwrap()).1
}

/// Evidence that answers, and the pruned tree in it.
fn opened(case: &Case) -> (Evidence, Vec<u8>) {
    let of = manifest(case.of);
    let prover = Prover::new(&of);
    let mut builder = EvidenceBuilder::new();
    match case.tree {
        "content" => {
            builder.contents(&prover, case.asked.iter().map(|text| Digest::of(text.as_bytes())));
        }
        _ => builder.names(&prover, case.asked),
    }
    let Ok(evidence) = builder.build();
    let bytes = trees(&evidence.to_bytes()).remove(0);
    (evidence, bytes)
}

/// The pruned trees in evidence, by another decoder.
pub(crate) fn trees(evidence: &[u8]) -> Vec<Vec<u8>> {
    let evidence: Cbor = ciborium::from_reader(evidence).unwrap();
    let field = |of: &Cbor, name: &str| {
        let pairs = of.as_map().unwrap().iter();
        pairs.clone().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value.clone())
    };
    let datasets = field(&evidence, "datasets").unwrap().into_array().unwrap();
    let trees = datasets.iter().flat_map(|dataset| {
        ["parts", "content"].into_iter().filter_map(|name| field(dataset, name))
    });
    trees.map(|tree| tree.into_bytes().unwrap()).collect()
}

fn vector(case: &Case) -> Vector {
    let Case { name, of, tree, asked, shows } = *case;
    let (evidence, bytes) = opened(case);
    let dataset = manifest(of);
    let is_content = tree == "content";
    let root = if is_content { dataset.content() } else { dataset.parts() };
    let read = Tree::read(if is_content { Rows::Contents } else { Rows::Entries }, &bytes);
    assert_eq!(read.root(), root.to_bytes(), "{name}");
    let answers: Vec<Value> = asked
        .iter()
        .map(|asked| {
            let key = if is_content {
                *Digest::of(asked.as_bytes()).as_bytes()
            } else {
                role_hash("name", asked.as_bytes())
            };
            let found = read.find(&key);
            assert_eq!(found, answer(&evidence, &dataset, is_content, asked), "{name} {asked}");
            let kind = if is_content { "text" } else { "name" };
            let answer = match found {
                Found::Present(row) => json!({"present": hex(&row)}),
                Found::Absent => json!("absent"),
                Found::Unknown => panic!("{name} was made for {asked}"),
            };
            json!({kind: asked, "key": hex(&key), "answer": answer})
        })
        .collect();
    let given = answers.iter().filter(|answer| answer["answer"]["present"].is_string()).count();
    assert_eq!(read.rows().len(), given, "{name}");
    if is_content {
        for key in read.keys() {
            let found = evidence.content(dataset.id(), Digest::from_bytes(key));
            assert_eq!(
                read.find(&key) == Found::Absent,
                matches!(found, ContentAnswer::Absent { .. })
            );
        }
    }
    let facts = json!({
        "of": format!("manifest-head/{of}"),
        "tree": tree,
        "root": hex(&read.root()),
        "items": read.items(),
        "answers": answers,
    });
    let rows = if is_content { "ContentRow" } else { "Entry" };
    Vector {
        name: format!("pruned-tree/{name}"),
        extension: "bin",
        annotated: annotate::pruned_tree(rows, &bytes),
        bytes,
        shows,
        facts,
    }
}

/// What the crate answers, rows in CBOR.
fn answer(evidence: &Evidence, of: &Manifest, is_content: bool, asked: &str) -> Found {
    let bytes = |value: &Cbor| Found::Present(encode(value));
    let digest = |digest: Digest| Cbor::Bytes(digest.as_bytes().to_vec());
    let text = |text: &str| Cbor::Text(text.to_owned());
    let entry = |name: &str, size: u64, tensor: Option<(&str, &[u64])>, found: Digest| {
        let mut pairs =
            vec![(text("name"), text(name)), (text("size"), Cbor::Integer(size.into()))];
        if let Some((dtype, shape)) = tensor {
            let shape = shape.iter().map(|dimension| Cbor::Integer((*dimension).into()));
            pairs.push((text("dtype"), text(dtype)));
            pairs.push((text("shape"), Cbor::Array(shape.collect())));
        }
        pairs.push((text("digest"), digest(found)));
        Cbor::Map(pairs)
    };
    if is_content {
        return match evidence.content(of.id(), Digest::of(asked.as_bytes())) {
            ContentAnswer::Present(row) => bytes(&Cbor::Array(vec![
                digest(row.digest),
                Cbor::Integer(row.count.into()),
                Cbor::Integer(row.size.into()),
            ])),
            ContentAnswer::Absent { .. } => Found::Absent,
            ContentAnswer::AtLeast(_) | ContentAnswer::Unknown => Found::Unknown,
        };
    }
    let found = if of.kind() == ManifestKind::Tensors {
        match evidence.tensor(of.id(), asked) {
            Membership::Present(row) => {
                let tensor = Some((row.dtype.code(), row.shape.dimensions()));
                Membership::Present(entry(&row.name, row.size, tensor, row.digest))
            }
            Membership::Absent => Membership::Absent,
            Membership::Unknown => Membership::Unknown,
        }
    } else {
        match evidence.file(of.id(), asked) {
            Membership::Present(row) => {
                Membership::Present(entry(&row.name, row.size, None, row.digest))
            }
            Membership::Absent => Membership::Absent,
            Membership::Unknown => Membership::Unknown,
        }
    };
    match found {
        Membership::Present(row) => bytes(&row),
        Membership::Absent => Found::Absent,
        Membership::Unknown => Found::Unknown,
    }
}

/// What tells the root after a removal, which lifts a subtree, and an addition.
fn changes() -> Vector {
    let before = manifest("files-works");
    let removed = before.file_entries().unwrap().iter().find(|file| file.name == "works/8.txt");
    let removed = removed.unwrap().clone();
    let added = FileEntry::new("works/new.txt", 3, Digest::of(b"new"));
    let list = [Change::Removed(removed.clone()), Change::Added(added.clone())];
    let prover = Prover::new(&before);
    let mut builder = EvidenceBuilder::new();
    let Ok(()) = builder.changes(&prover, list.clone());
    let Ok(evidence) = builder.build();
    let bytes = evidence.opened_files(before.id()).unwrap().to_bytes();
    let opened = PrunedTree::<FileEntry>::decode(&bytes, 100).unwrap();
    let mut after: Vec<FileEntry> = before.file_entries().unwrap().to_vec();
    after.retain(|file| *file != removed);
    after.push(added.clone());
    let after = Manifest::files(after, NameProfile::Portable).unwrap();
    assert_eq!(opened.apply(list.clone()).unwrap().as_ref(), Some(after.parts()));
    assert_eq!(evidence.apply(before.id(), list).unwrap().as_ref(), Some(after.head()));
    let closed = bytes_without_lifting(&before, &removed, &added);
    let closed = PrunedTree::<FileEntry>::decode(&closed, 100).unwrap();
    let again = [Change::Removed(removed.clone()), Change::Added(added.clone())];
    assert_eq!(closed.apply(again), Ok(None), "nothing is lifted");
    let read = Tree::read(Rows::Entries, &bytes);
    assert_eq!(read.root(), before.parts().to_bytes());
    let entry = |file: &FileEntry| json!({"name": file.name, "size": file.size, "digest": file.digest.to_string()});
    let facts = json!({
        "of": "manifest-head/files-works",
        "tree": "parts",
        "root": hex(&read.root()),
        "removed": [entry(&removed)],
        "added": [entry(&added)],
        "root_after": hex(&after.parts().to_bytes()),
    });
    Vector {
        name: "pruned-tree/changes".into(),
        extension: "bin",
        annotated: annotate::pruned_tree("Entry", &bytes),
        bytes,
        shows: "What tells the root after a removal, which lifts a subtree, and an addition",
        facts,
    }
}

/// A tree of contents whose digests somebody made up, so that they part late.
fn far() -> Vector {
    let digests = [[0xaa; 32], [[0xaa; 16], [0xab; 16]].concat().try_into().unwrap()];
    let files = digests.iter().zip(["a", "b"]);
    let files = files.map(|(digest, name)| FileEntry::new(name, 1, Digest::from_bytes(*digest)));
    let of = Manifest::files(files.collect(), NameProfile::Portable).unwrap();
    let prover = Prover::new(&of);
    let mut builder = EvidenceBuilder::new();
    builder.contents(&prover, [Digest::from_bytes(digests[0])]);
    let Ok(evidence) = builder.build();
    let bytes = trees(&evidence.to_bytes()).remove(0);
    let read = Tree::read(Rows::Contents, &bytes);
    assert_eq!(read.root(), of.content().to_bytes());
    let facts = json!({
        "tree": "content",
        "root": hex(&read.root()),
        "items": read.items(),
        "answers": [{"key": hex(&digests[0]), "answer": {"present": hex(&read.rows()[0])}}],
    });
    Vector {
        name: "pruned-tree/far".into(),
        extension: "bin",
        annotated: annotate::pruned_tree("ContentRow", &bytes),
        bytes,
        shows: "Two contents whose digests, which are made up, share 135 bits",
        facts,
    }
}

/// The places of the changes alone.
fn bytes_without_lifting(of: &Manifest, removed: &FileEntry, added: &FileEntry) -> Vec<u8> {
    let prover = Prover::new(of);
    let mut builder = EvidenceBuilder::new();
    builder.names(&prover, [&removed.name, &added.name]);
    let Ok(evidence) = builder.build();
    trees(&evidence.to_bytes()).remove(0)
}

#[test]
fn every_item_is_in_a_vector() {
    for item in ["0: ", "1: ", "2: ", "3: ", "4: ", "5: ", "node at bit"] {
        let line = format!("# {item}");
        assert!(vectors().iter().any(|vector| vector.annotated.contains(&line)), "{item}");
    }
}
