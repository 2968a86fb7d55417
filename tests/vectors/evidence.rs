//! Evidence, with what it answers.

use ciborium::Value as Cbor;
use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{
    Audit, Composite, ContentAnswer, Document, Evidence, EvidenceBuilder, Manifest, Mount,
    NameProfile, Provable, Prover, RecordPresence, RecordRule,
};
use datadeed::tree::{Judgement, Membership};
use datadeed::{Digest, ManifestId};
use serde_json::{Value, json};

use crate::catalogue::Vector;
use crate::manifests::manifest;
use crate::oracle::pruned::{Rows, Tree};
use crate::{manifest_files, records};

/// A relation on one tree between datasets of the folder `manifest-head`.
type Claim = (RelationKind, TreeName, &'static str, &'static [&'static str]);

pub(crate) fn vectors() -> Vec<Vector> {
    let whole = "files-works";
    let halves = &["files-works-0", "files-works-1"];
    vec![
        vector(
            "answers",
            &answers("files-many", &["data/1.txt", "data/9.txt"], &["same", "nowhere"]),
            "A name and a content that are there, and that are not",
            answered("files-many", &["data/1.txt", "data/9.txt"], &["same", "nowhere"]),
        ),
        composite(),
        claim(
            "disjoint",
            (RelationKind::DisjointFrom, TreeName::Content, whole, &["files-two"]),
            "Two datasets have no content in common",
        ),
        vector(
            "empty-dataset",
            &answers("files-none", &["a"], &["x"]),
            "A dataset of no files has neither a name nor a content",
            answered("files-none", &["a"], &["x"]),
        ),
        vector("none", &Evidence::default(), "No evidence of anything", json!({"manifests": []})),
        claim(
            "partition",
            (RelationKind::PartitionOf, TreeName::Parts, whole, halves),
            "Two datasets part a third by the first bit of their keys: no row is opened",
        ),
        vector(
            "records",
            &records().0,
            "A line that is there twice and one that is not, by the index `index/line-raw`",
            records().1,
        ),
        vector(
            "sha256",
            &sha256().0,
            "The SHA-256 of a file by the index `index/sha256`, and that another has none",
            sha256().1,
        ),
        claim(
            "subset",
            (RelationKind::SubsetOf, TreeName::Parts, "corpus", &["source"]),
            "The corpus of the story is a subset of its source",
        ),
    ]
}

/// One of the vectors.
pub(crate) fn bytes(name: &str) -> Vec<u8> {
    let name = format!("evidence/{name}");
    vectors().into_iter().find(|vector| vector.name == name).unwrap().bytes
}

fn answers(of: &str, names: &[&str], texts: &[&str]) -> Evidence {
    let of = manifest(of);
    let prover = Prover::new(&of);
    let mut builder = EvidenceBuilder::new();
    builder.names(&prover, names);
    builder.contents(&prover, texts.iter().map(|text| Digest::of(text.as_bytes())));
    let Ok(evidence) = builder.build();
    evidence
}

/// The first of each is there, the others are not; of a dataset without files none is.
fn answered(of: &str, names: &[&str], texts: &[&str]) -> Value {
    let evidence = answers(of, names, texts);
    let dataset = manifest(of);
    let id = dataset.id();
    let names = names.iter().map(|name| match evidence.file(id, name) {
        Membership::Present(_) => json!({"of": id.to_string(), "name": name, "answer": "present"}),
        Membership::Absent => json!({"of": id.to_string(), "name": name, "answer": "absent"}),
        Membership::Unknown => panic!("made for {name}"),
    });
    let found = evidence.contents(id, texts.iter().map(|text| Digest::of(text.as_bytes())));
    assert_eq!(found.unknown().count(), 0);
    let present = found.present().map(|(digest, _)| (*digest, "present"));
    let absent = found.absent().map(|(digest, _)| (*digest, "absent"));
    let contents = present.chain(absent).map(
        |(digest, answer)| json!({"of": id.to_string(), "digest": digest.to_string(), "answer": answer}),
    );
    let answers: Vec<Value> = names.chain(contents).collect();
    json!({"manifests": [id.to_string()], "answers": answers})
}

/// Two datasets under one id, of which one has a content twice.
fn composite() -> Vector {
    let mount = |name: &str, of: &Manifest| Mount::new(name, of.head().clone());
    let (many, works) = (manifest("files-many"), manifest("files-works"));
    let mounts = vec![mount("many", &many), mount("works", &works)];
    let composite = Composite::new(mounts, NameProfile::Portable).unwrap();
    let parts = [Prover::new(&many), Prover::new(&works)];
    let asked = ["same", "nowhere"].map(|text| Digest::of(text.as_bytes()));
    let mut builder = EvidenceBuilder::new();
    builder.composite(&composite);
    for part in &parts {
        builder.contents(part, asked);
    }
    let Ok(evidence) = builder.build();
    let found = evidence.contents(composite.id(), asked);
    let answers: Vec<_> = found.into_iter().map(|(_, answer)| answer).collect();
    assert!(matches!(answers[0], ContentAnswer::Present(row) if row.count == 2));
    assert_eq!(answers[1], ContentAnswer::Absent { audit: Audit::None });
    let manifests: Vec<String> = evidence.manifests().map(|id| id.to_string()).collect();
    let facts = json!({
        "manifests": manifests,
        "of": composite.id().to_string(),
        "answers": [
            {"digest": asked[0].to_string(), "answer": {"present": 2}},
            {"digest": asked[1].to_string(), "answer": "absent"},
        ],
    });
    let shows = "A content that a composite has twice, and one that none of its parts has";
    vector("composite", &evidence, shows, facts)
}

fn records() -> (Evidence, Value) {
    let (of, index) = records::lines();
    let prover = Prover::new(&of).with_records(&index).unwrap();
    let mut builder = EvidenceBuilder::new();
    let asked = ["one", "two"];
    builder.records(&prover, &RecordRule::LineRaw, asked.map(|text| Digest::of(text.as_bytes())));
    let Ok(evidence) = builder.build();
    let answers = asked.map(|asked| {
        let document = Document::Record(asked.as_bytes());
        let answer = match evidence.look_up(of.id(), &index.dataset_index(), document) {
            RecordPresence::Present { count, .. } => json!({"present": count}),
            RecordPresence::Absent { .. } => json!("absent"),
            other => panic!("{other:?}"),
        };
        json!({"record": asked, "answer": answer})
    });
    let (id, index) = (of.id().to_string(), index.id().to_string());
    let facts = json!({"manifests": [id], "index_id": index, "answers": answers});
    (evidence, facts)
}

fn sha256() -> (Evidence, Value) {
    let (of, index) = (manifest("files-many"), manifest_files::hashed());
    let prover = Prover::new(&of).with_sha256(&index).unwrap();
    let mut builder = EvidenceBuilder::new();
    let asked = ["data/1.txt", "data/9.txt"];
    builder.sha256(&prover, asked);
    let Ok(evidence) = builder.build();
    let answers = asked.map(|name| match evidence.sha256(of.id(), name) {
        Membership::Present(row) => json!({"name": name, "answer": row.sha256.to_string()}),
        Membership::Absent => json!({"name": name, "answer": "absent"}),
        Membership::Unknown => panic!("made for {name}"),
    });
    let (id, index) = (of.id().to_string(), index.id().to_string());
    let facts = json!({"manifests": [id], "index_id": index, "answers": answers});
    (evidence, facts)
}

fn claim(name: &str, claim: Claim, shows: &'static str) -> Vector {
    let (kind, tree, of, with) = claim;
    let (of, with) = (manifest(of), with.iter().map(|with| manifest(with)).collect::<Vec<_>>());
    let prover = Prover::new(&of);
    let provers: Vec<Prover<'_>> = with.iter().map(Prover::new).collect();
    let mut builder = EvidenceBuilder::new();
    let others: Vec<&dyn Provable<_>> = provers.iter().map(|one| one as _).collect();
    assert_eq!(builder.relation(kind, &tree, &prover, &others), Ok(Judgement::Holds), "{name}");
    let Ok(evidence) = builder.build();
    let with: Vec<ManifestId> = with.iter().map(Manifest::id).collect();
    assert_eq!(evidence.relation(kind, &tree, of.id(), with.clone()), Judgement::Holds, "{name}");
    let manifests: Vec<String> = evidence.manifests().map(|id| id.to_string()).collect();
    let facts = json!({
        "manifests": manifests,
        "relation": kind.code(),
        "tree": tree.to_string(),
        "of": of.id().to_string(),
        "with": with.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    vector(name, &evidence, shows, facts)
}

fn vector(name: &str, evidence: &Evidence, shows: &'static str, facts: Value) -> Vector {
    let bytes = evidence.to_bytes();
    assert_eq!(Evidence::decode(&bytes).as_ref(), Ok(evidence), "{name}");
    check(&bytes);
    Vector::cbor("evidence", name, "EvidenceFile", bytes, shows, facts)
}

/// Every tree has the root that the head of its dataset or its index names, by nothing of the crate.
fn check(bytes: &[u8]) {
    let evidence: Cbor = ciborium::from_reader(bytes).unwrap();
    let list =
        |name| member(&evidence, name).map_or(vec![], |list| list.as_array().unwrap().clone());
    let check = |rows: Rows, pruned: &Cbor, root: &Cbor| {
        let read = Tree::read(rows, pruned.as_bytes().unwrap());
        assert_eq!(root.as_bytes().unwrap()[..], read.root());
    };
    for dataset in list("datasets") {
        let head = member(&dataset, "head").unwrap();
        let is_composite = member(head, "kind").unwrap().as_text() == Some("composite");
        let parts = if is_composite { Rows::Mounts } else { Rows::Entries };
        for (name, rows) in [("parts", parts), ("content", Rows::Contents)] {
            if let Some(pruned) = member(&dataset, name) {
                check(rows, pruned, member(head, name).unwrap());
            }
        }
    }
    for opened in list("indexes") {
        let index = member(&opened, "index").unwrap();
        let is_sha256 = member(index, "rule").unwrap().as_text() == Some("sha256");
        let rows = if is_sha256 { Rows::Sha256 } else { Rows::Records };
        check(rows, member(&opened, "pruned").unwrap(), member(index, "tree").unwrap());
    }
}

fn member<'a>(map: &'a Cbor, name: &str) -> Option<&'a Cbor> {
    let pairs = map.as_map().unwrap();
    pairs.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

/// Half a tree is a tree: its root is the summary of the side, which is opened one level on both sides.
#[test]
fn a_partition_by_one_bit_opens_no_row() {
    const CLOSED: usize = 35;
    let trees = crate::pruned_trees::trees(&bytes("partition"));
    let found: Vec<usize> = trees.iter().map(Vec::len).collect();
    assert_eq!(found, [1 + 2 * (3 + 2 * CLOSED), 3 + 2 * CLOSED, 3 + 2 * CLOSED]);
}
