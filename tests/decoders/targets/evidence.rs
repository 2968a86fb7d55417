//! Evidence, asked for everything that it may tell.

use ciborium::Value;
use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{
    ContentAnswer, ContentRow, Evidence, FileEntry, ManifestKind, TensorEntry,
};
use datadeed::tree::{Judgement, Membership, PrunedTree, Summary};
use datadeed::{Digest, ManifestId};

/// The rule of records in the seeds.
const RULE: &str = "line-raw/1";

/// Most items of a tree.
const LIMIT: usize = 1_000;

/// Names of the seeds, and one that is in none.
const NAMES: [&str; 6] = ["a", "b", "bias", "data/1.txt", "weight", "nowhere"];

/// Whether `data` is evidence.
///
/// Nobody can give another tree to a dataset, so mutants would end at their
/// roots: whatever decodes item by item is asked under the ids that its trees have.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let accepted = Evidence::decode(data);
    if let Ok(evidence) = &accepted {
        assert_eq!(evidence.to_bytes(), data);
        ask(evidence);
    }
    if let Some(evidence) = headed(data).and_then(|bytes| Evidence::decode(&bytes).ok()) {
        ask(&evidence);
    }
    accepted.is_ok()
}

fn ask(evidence: &Evidence) {
    assert_eq!(evidence.join(evidence).as_ref(), Ok(evidence));
    assert_eq!(evidence.join(&Evidence::default()).as_ref(), Ok(evidence));
    let ids: Vec<ManifestId> = evidence.manifests().collect();
    for id in &ids {
        let (files, contents) = (evidence.opened_files(*id), evidence.opened_contents(*id));
        let Some(head) = evidence.head(*id) else {
            // Only the tree of some index is opened.
            assert!(files.is_none() && contents.is_none());
            continue;
        };
        assert_eq!(head.id(), *id);
        assert!(files.is_none_or(|tree| tree.root() == &head.parts));
        assert!(contents.is_none_or(|tree| Some(*tree.root()) == head.content));
        for name in NAMES {
            let file = evidence.file(*id, name);
            assert!(file == Membership::Unknown || head.kind == ManifestKind::Files);
            assert!(file.present().is_none_or(|row| row.name == name));
            let tensor = evidence.tensor(*id, name);
            assert!(tensor == Membership::Unknown || head.kind == ManifestKind::Tensors);
            let digest = Digest::of(name.as_bytes());
            match evidence.content(*id, digest) {
                ContentAnswer::Present(row) | ContentAnswer::AtLeast(row) => {
                    assert!(row.digest == digest && row.count > 0);
                }
                ContentAnswer::Absent { .. } | ContentAnswer::Unknown => {}
            }
        }
        if let Some(found) = evidence.contradiction(*id) {
            assert!(found.count < u64::try_from(found.names.len()).expect("few"));
            for name in &found.names {
                let file = evidence.file(*id, name).present().map(|row| row.digest);
                let tensor = evidence.tensor(*id, name).present().map(|row| row.digest);
                assert_eq!(file.or(tensor), Some(found.digest));
            }
        }
    }
    let index = |rule: &str| TreeName::Index(rule.into());
    for tree in [TreeName::Content, TreeName::Parts, index(RULE), index("sha256")] {
        for (a, b) in ids.iter().flat_map(|a| ids.iter().map(move |b| (*a, *b))) {
            relate(evidence, &tree, a, b);
        }
    }
}

/// What is told of one relation goes with what is told of another.
fn relate(evidence: &Evidence, tree: &TreeName, a: ManifestId, b: ManifestId) {
    let holds =
        |kind, of, with: &[ManifestId]| evidence.relation(kind, tree, of, with.iter().copied());
    let agree = |one: Judgement, other: Judgement| {
        let is_told = one != Judgement::Unknown && other != Judgement::Unknown;
        assert!(!is_told || one == other, "{one:?} {other:?}");
    };
    let subset = holds(RelationKind::SubsetOf, a, &[b]);
    agree(subset, holds(RelationKind::SupersetOf, b, &[a]));
    for symmetric in [RelationKind::DisjointFrom, RelationKind::Same, RelationKind::SameKeys] {
        agree(holds(symmetric, a, &[b]), holds(symmetric, b, &[a]));
    }
    let same = holds(RelationKind::Same, a, &[b]);
    agree(same, holds(RelationKind::PartitionOf, a, &[b]));
    agree(same, holds(RelationKind::SumOf, a, &[b]));
    if same == Judgement::Holds {
        assert_ne!(subset, Judgement::Fails);
        assert_ne!(holds(RelationKind::SameKeys, a, &[b]), Judgement::Fails);
        assert_ne!(holds(RelationKind::UnionOf, a, &[a, b]), Judgement::Fails);
    }
    // One dataset is not several.
    assert_eq!(holds(RelationKind::Same, a, &[a, b]), Judgement::Unknown);
}

/// Evidence with these pruned trees, each of a dataset that has its root.
fn headed(data: &[u8]) -> Option<Vec<u8>> {
    let evidence: Value = ciborium::from_reader(data).ok()?;
    let member = |map: &Value, name: &str| {
        let pairs = map.as_map()?.iter();
        pairs.clone().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value.clone())
    };
    let map = |pairs: Vec<(&str, Value)>| {
        Value::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    let mut made = Vec::new();
    for dataset in member(&evidence, "datasets")?.as_array()? {
        for name in ["parts", "content"] {
            let Some(pruned) = member(dataset, name) else { continue };
            let (kind, root) = root(name, pruned.as_bytes()?)?;
            let summary = Value::Bytes(root.to_bytes().into());
            let head = map(vec![
                ("v", 1.into()),
                ("kind", kind.into()),
                ("parts", summary.clone()),
                ("content", summary),
            ]);
            let key = blake3::derive_key("datadeed v1 manifest", b"");
            let id = *blake3::keyed_hash(&key, &encode(&head)).as_bytes();
            made.push((id, map(vec![("head", head), (name, pruned)])));
        }
    }
    made.sort_by_key(|(id, _)| *id);
    let datasets = made.into_iter().map(|(_, dataset)| dataset).collect();
    Some(encode(&map(vec![("v", 1.into()), ("datasets", Value::Array(datasets))])))
}

/// Of what the rows are, and the root that they make.
fn root(name: &str, pruned: &[u8]) -> Option<(&'static str, Summary)> {
    if name == "content" {
        let tree = PrunedTree::<ContentRow>::decode(pruned, LIMIT).ok()?;
        return Some(("files", *tree.root()));
    }
    if let Ok(tree) = PrunedTree::<FileEntry>::decode(pruned, LIMIT) {
        return Some(("files", *tree.root()));
    }
    let tree = PrunedTree::<TensorEntry>::decode(pruned, LIMIT).ok()?;
    Some(("tensors", *tree.root()))
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("writing to memory");
    bytes
}
