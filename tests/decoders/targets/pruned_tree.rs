//! Pruned trees, alone and in evidence of a dataset whose root they have.

#[path = "../../vectors/oracle/pruned.rs"]
mod oracle;

use ciborium::Value;
use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{
    ContentAnswer, ContentRow, DatasetIndex, Document, Evidence, FileEntry, Mount, RecordPresence,
    RecordRow, Sha256Entry, TensorEntry,
};
use datadeed::tree::{Change, Judgement, Membership, PrunedTree, PrunedTreeError};
use datadeed::{Digest, ManifestId};

use oracle::{Found, Rows, Tree, role_hash};

/// Most items of a tree.
const LIMIT: usize = 1_000;

/// The rule of records.
const RULE: &str = "line-raw/1";

/// Names that are in no tree, or in some, whether or not their rows are given.
const NAMES: [&str; 6] = ["a", "b", "bias", "data/2.txt", "none", "weight"];

/// Whether `data` is the number of a kind of rows and a pruned tree of such rows.
///
/// What is accepted says what a slow reader of the same bytes says.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Some((kind, bytes)) = data.split_first() else { return false };
    let rows = match kind {
        0 | 2 => Rows::Entries,
        1 => Rows::Contents,
        3 => Rows::Records,
        4 => Rows::Sha256,
        _ => Rows::Mounts,
    };
    // The traits that rows have are the crate's own.
    macro_rules! decoded {
        ($row:ty) => {
            PrunedTree::<$row>::decode(bytes, LIMIT).ok().map(|tree| {
                let items = Tree::read(rows, bytes).items();
                let limit = items - 1;
                let refused = PrunedTree::<$row>::decode(bytes, limit).err();
                // The empty tree is there, whatever the limit.
                let expected = (bytes != [0]).then_some(PrunedTreeError::TooManyItems { limit });
                assert_eq!(refused, expected);
                assert_eq!(tree.to_bytes(), bytes);
                assert_eq!(tree.apply([]), Ok(Some(*tree.root())));
                tree.root().to_bytes()
            })
        };
    }
    let root = match kind {
        0 => decoded!(FileEntry),
        1 => decoded!(ContentRow),
        2 => decoded!(TensorEntry),
        3 => decoded!(RecordRow),
        4 => decoded!(Sha256Entry),
        5 => decoded!(Mount),
        _ => None,
    };
    let Some(root) = root else { return false };
    let tree = Tree::read(rows, bytes);
    assert_eq!(tree.root(), root);
    let (id, in_evidence) = evidence(*kind, bytes, &root);
    // Rows may be such as stand in no manifest.
    if let Ok(evidence) = Evidence::decode(&in_evidence) {
        assert_eq!(evidence.to_bytes(), in_evidence);
        ask(&tree, &evidence, id, *kind);
        join(&evidence, id, *kind, &root);
        relate(&evidence, id, *kind, root[32..40] == [0; 8]);
    }
    true
}

/// Evidence of a dataset that has this tree, and another with the same sums.
fn evidence(kind: u8, pruned: &[u8], root: &[u8; 48]) -> (ManifestId, Vec<u8>) {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let map = |pairs: Vec<(&str, Value)>| {
        Value::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    };
    let of = match kind {
        2 => "tensors",
        5 => "composite",
        _ => "files",
    };
    let mut head = vec![("v", 1.into()), ("kind", of.into()), ("parts", bytes(root))];
    if kind != 5 {
        head.push(("content", bytes(root)));
    }
    let head = map(head);
    let id = role_hash("manifest", &encode(&head));
    let name = name(kind).to_string();
    let tree =
        map(vec![("of", bytes(&id)), ("tree", name.as_str().into()), ("pruned", bytes(pruned))]);
    let trees = ("trees", Value::Array(vec![tree]));
    let lists = if let Some(rule) = name.strip_prefix("index/") {
        let index =
            vec![("v", 1.into()), ("of", bytes(&id)), ("rule", rule.into()), ("tree", bytes(root))];
        [trees, ("indexes", Value::Array(vec![map(index)]))]
    } else {
        [("heads", Value::Array(vec![head])), trees]
    };
    let evidence = map([("v", 1.into())].into_iter().chain(lists).collect());
    (ManifestId::from_bytes(id), encode(&evidence))
}

/// Which tree has rows of a kind.
fn name(kind: u8) -> TreeName {
    match kind {
        1 => TreeName::Content,
        3 => TreeName::Index(RULE.into()),
        4 => TreeName::Index("sha256".into()),
        _ => TreeName::Parts,
    }
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("writing to memory");
    bytes
}

/// The same answers as a traversal by definition, and changes that change nothing.
fn ask(tree: &Tree, evidence: &Evidence, id: ManifestId, kind: u8) {
    if kind == 1 {
        let opened = evidence.opened_contents(id).expect("contents are opened");
        for key in tree.keys() {
            let answer = answer(evidence.content(id, Digest::from_bytes(key)));
            if let Membership::Present(row) = answer {
                assert_eq!(opened.apply([Change::Added(row)]), Ok(Some(*opened.root())));
                assert_ne!(opened.apply([Change::Removed(row)]), Ok(Some(*opened.root())));
            }
            for flipped in (0..256).step_by(5).map(|bit| flip(key, bit)).chain([key]) {
                let found = evidence.content(id, Digest::from_bytes(flipped));
                assert!(is_same(&tree.find(&flipped), &self::answer(found)), "{flipped:?}");
            }
        }
        return;
    }
    if kind == 3 {
        // Records are asked for by what they are, and nobody knows what has a given digest.
        for record in NAMES {
            let digest = Digest::of(record.as_bytes());
            let index = evidence.index(id, RULE).expect("an index is opened");
            let declared = DatasetIndex::new(index.id(), RULE);
            let found = evidence.look_up(id, &declared, Document::Record(record.as_bytes()));
            let expected = match tree.find(digest.as_bytes()) {
                Found::Present(_) => matches!(found, RecordPresence::Present { .. }),
                Found::Absent => found == RecordPresence::Absent { digest },
                Found::Unknown => found == RecordPresence::Unknown,
            };
            assert!(expected, "{record} {found:?}");
        }
        return;
    }
    let rows = tree.rows();
    let names: Vec<String> = rows.iter().map(|row| name_of(row)).collect();
    for name in NAMES.into_iter().chain(names.iter().map(String::as_str)) {
        let found = tree.find(&role_hash("name", name.as_bytes()));
        if kind == 2 {
            let answer = evidence.tensor(id, name);
            assert!(is_same(&found, &answer), "{name}");
            assert!(answer.present().is_none_or(|row| row.name == name));
            assert_eq!(evidence.file(id, name), Membership::Unknown);
            continue;
        }
        if kind == 5 {
            let answer = evidence.mount(id, name);
            assert!(is_same(&found, &answer), "{name}");
            if let Membership::Present(row) = answer {
                let opened = evidence.opened_mounts(id).expect("mounts are opened");
                let same = Ok(Some(*opened.root()));
                assert_eq!(opened.apply([Change::Added(row.clone())]), same);
                assert_ne!(opened.apply([Change::Removed(row.clone())]), same);
            }
            continue;
        }
        if kind == 4 {
            let answer = evidence.sha256(id, name);
            assert!(is_same(&found, &answer), "{name}");
            assert!(answer.present().is_none_or(|row| row.name == name));
            continue;
        }
        let answer = evidence.file(id, name);
        assert!(is_same(&found, &answer), "{name}");
        let opened = evidence.opened_files(id).expect("files are opened");
        let same = Ok(Some(*opened.root()));
        match answer {
            Membership::Present(row) => {
                assert_eq!(row.name, name);
                assert_eq!(opened.apply([Change::Added(row.clone())]), same);
                assert_ne!(opened.apply([Change::Removed(row.clone())]), same);
            }
            Membership::Absent => {
                let row = FileEntry::new(name, u64::MAX, Digest::of(b""));
                assert_eq!(opened.apply([Change::Removed(row.clone())]), same);
                assert_ne!(opened.apply([Change::Added(row)]), same);
            }
            Membership::Unknown => {}
        }
    }
}

fn flip(mut key: [u8; 32], bit: usize) -> [u8; 32] {
    key[bit / 8] ^= 0x80 >> (bit % 8);
    key
}

fn answer(answer: ContentAnswer) -> Membership<ContentRow> {
    match answer {
        ContentAnswer::Present(row) => Membership::Present(row),
        ContentAnswer::Absent { .. } => Membership::Absent,
        ContentAnswer::AtLeast(_) | ContentAnswer::Unknown => Membership::Unknown,
    }
}

fn is_same<T>(found: &Found, answer: &Membership<T>) -> bool {
    match answer {
        Membership::Present(_) => matches!(found, Found::Present(_)),
        Membership::Absent => *found == Found::Absent,
        Membership::Unknown => *found == Found::Unknown,
    }
}

fn name_of(row: &[u8]) -> String {
    let row: Value = ciborium::from_reader(row).expect("a row");
    let pairs = row.into_map().expect("an entry");
    let name = pairs.into_iter().find(|(key, _)| key.as_text() == Some("name"));
    name.and_then(|(_, name)| name.into_text().ok()).expect("a name")
}

/// Nothing is gained from what one has, or from less.
fn join(evidence: &Evidence, id: ManifestId, kind: u8, root: &[u8; 48]) {
    assert_eq!(evidence.join(evidence).as_ref(), Ok(evidence));
    if root[32..40] == [0; 8] {
        return;
    }
    let mut closed = vec![1];
    closed.extend(&root[..32]);
    for sum in [&root[32..40], &root[40..]] {
        let mut sum = u64::from_le_bytes(sum.try_into().expect("8 bytes"));
        while sum > 0x7f {
            closed.push(u8::try_from(sum & 0x7f).expect("7 bits") | 0x80);
            sum >>= 7;
        }
        closed.push(u8::try_from(sum).expect("7 bits"));
    }
    let (same, closed) = self::evidence(kind, &closed, root);
    assert_eq!(same, id);
    let closed = Evidence::decode(&closed).expect("a tree that is not opened");
    assert_eq!(closed.join(evidence).as_ref(), Ok(evidence));
    assert_eq!(evidence.join(&closed).as_ref(), Ok(evidence));
}

/// How a dataset relates to itself.
fn relate(evidence: &Evidence, id: ManifestId, kind: u8, is_empty: bool) {
    let tree = name(kind);
    for relation in RelationKind::ALL {
        let holds = evidence.relation(*relation, &tree, id, [id]);
        let is_so = *relation != RelationKind::DisjointFrom || is_empty;
        let expected = if is_so { Judgement::Holds } else { Judgement::Fails };
        assert_eq!(holds, expected, "{relation}");
    }
}
