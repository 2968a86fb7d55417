//! Evidence that is refused, each with its error.

use super::super::wire::EvidenceIndex;
use super::*;
use crate::limits::BUDGET_NODES;

/// What `change` makes of sound evidence about two datasets.
#[track_caller]
fn check(
    change: impl FnOnce(&mut EvidenceFile),
    error: impl FnOnce(ManifestId, ManifestId) -> EvidenceError,
) {
    let (a, b) = (hundred(), files(&[("0", "content 0"), ("1", "content 1")]));
    let (a, b) = if a.id() < b.id() { (a, b) } else { (b, a) };
    let mut file = evidence(&a).join(&evidence(&b)).unwrap().to_file();
    let sound = cbor::encode(&file);
    assert_eq!(Evidence::decode(&sound).unwrap().to_bytes(), sound);
    change(&mut file);
    let refused = Evidence::decode(&cbor::encode(&file)).unwrap_err();
    assert_eq!(refused, error(a.id(), b.id()));
}

#[test]
fn a_tree_of_another_dataset() {
    check(
        |file| {
            let (a, b) = file.datasets.split_at_mut(1);
            std::mem::swap(&mut a[0].parts, &mut b[0].parts);
        },
        |of, _| {
            let (a, b) = (hundred(), files(&[("0", "content 0"), ("1", "content 1")]));
            let (found, expected) = if a.id() < b.id() { (b, a) } else { (a, b) };
            let (found, expected) = (Box::new(*found.parts()), Box::new(*expected.parts()));
            EvidenceError::Root { of, tree: TreeName::Parts, found, expected }
        },
    );
}

#[test]
fn a_tree_of_another_kind() {
    check(
        |file| file.datasets[0].content = file.datasets[0].parts.clone(),
        |of, _| {
            // A leaf with its name is not a counted row.
            let refused = PrunedTree::<ContentRow>::decode(&parts_bytes(of), 1 << 20);
            let source = refused.unwrap_err();
            EvidenceError::Tree { of, tree: TreeName::Content, source }
        },
    );
}

fn parts_bytes(of: ManifestId) -> Vec<u8> {
    let all = [hundred(), files(&[("0", "content 0"), ("1", "content 1")])];
    let manifest = all.iter().find(|manifest| manifest.id() == of).unwrap();
    evidence(manifest).opened_files(of).unwrap().to_bytes()
}

#[test]
fn datasets_out_of_order() {
    let unordered = |of| EvidenceError::Unordered { list: "datasets", of };
    check(|file| file.datasets.swap(0, 1), |of, _| unordered(of));
    check(|file| file.datasets[1] = file.datasets[0].clone(), |of, _| unordered(of));
}

#[test]
fn a_dataset_of_which_nothing_is_opened() {
    check(
        |file| (file.datasets[1].parts, file.datasets[1].content) = (None, None),
        |_, of| EvidenceError::Unopened { of },
    );
}

#[test]
fn indexes_out_of_order_and_two_by_one_rule() {
    let of = hundred().id();
    let index = |rule: &str, bytes: &str| {
        let root = *files(&[("x", bytes)]).content();
        EvidenceIndex { index: Index::new(of, rule, root), pruned: closed(&root).into() }
    };
    let unordered = EvidenceError::Unordered { list: "indexes", of };
    let by = |rules: [(&str, &str); 2]| {
        let indexes = rules.map(|(rule, bytes)| index(rule, bytes)).into();
        let file = EvidenceFile { indexes, ..Evidence::default().to_file() };
        Evidence::decode(&cbor::encode(&file)).map(|evidence| evidence.indexes.len())
    };
    assert_eq!(by([("a", "x"), ("b", "y")]), Ok(2));
    assert_eq!(by([("b", "x"), ("a", "y")]), Err(unordered.clone()));
    assert_eq!(by([("a", "x"), ("a", "y")]), Err(unordered.clone()));
    assert_eq!(by([("a", "x"), ("a", "x")]), Err(unordered));
}

/// A tree of which nothing is opened.
fn closed(root: &Summary) -> Vec<u8> {
    let [count, bytes] = [root.count(), root.bytes()].map(|sum| u8::try_from(sum).unwrap());
    [&[1][..], root.hash(), &[count, bytes]].concat()
}

#[test]
fn an_index_with_another_root() {
    let (found, expected) = (files(&[("x", "x")]), files(&[("x", "y")]));
    let index = Index::new(found.id(), "line-raw/1", *expected.content());
    let indexes = vec![EvidenceIndex { index, pruned: closed(found.content()).into() }];
    let file = EvidenceFile { indexes, ..Evidence::default().to_file() };
    let error = EvidenceError::Root {
        of: found.id(),
        tree: TreeName::Index("line-raw/1".into()),
        found: Box::new(*found.content()),
        expected: Box::new(*expected.content()),
    };
    assert_eq!(Evidence::decode(&cbor::encode(&file)), Err(error));
}

#[test]
fn a_row_that_no_manifest_holds() {
    let bad = FileEntry::new("../escape", 1, digest("x"));
    let bytes = [vec![3], cbor::encode(&bad)].concat();
    let tree: PrunedTree<FileEntry> = PrunedTree::decode(&bytes, 1).unwrap();
    let head = Head { parts: *tree.root(), ..files(&[("a", "x")]).head().clone() };
    let mut evidence = Evidence::default();
    let of = head.id();
    evidence.heads.insert(of, head);
    evidence.trees.insert((of, TreeName::Parts), Opened::Files(tree));
    let source = ManifestError::Name(NameError::DotComponent { name: "../escape".into() });
    let error = EvidenceError::Entry { of, tree: TreeName::Parts, source: Box::new(source) };
    assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(error));
}

#[test]
fn more_nodes_than_allowed_in_all_trees_together() {
    let file = evidence(&hundred()).to_file();
    let all = Evidence::from_file(file.clone(), BUDGET_NODES).unwrap();
    // `content` stands first among the trees, and last in the file.
    let items: Vec<usize> = all.trees.values().map(Opened::items).collect();
    let (of, tree) = (hundred().id(), TreeName::Content);
    let enough = items.iter().sum();
    assert_eq!(Evidence::from_file(file.clone(), enough), Ok(all));
    let source = PrunedTreeError::TooManyItems { limit: items[0] - 1 };
    let error = EvidenceError::Tree { of, tree, source };
    assert_eq!(Evidence::from_file(file, enough - 1), Err(error));
}

#[test]
fn more_nodes_than_allowed_in_all_indexes_together() {
    let manifest = hundred();
    let [first, second] = [RecordRule::JsonJcs, RecordRule::LineRaw].map(|rule| {
        let mut builder = RecordIndexBuilder::new(manifest.id(), rule);
        builder.file(b"1\n2\n3\n").unwrap();
        builder.finish().unwrap()
    });
    let prover = Prover::new(&manifest).with_records(&first).unwrap();
    let prover = prover.with_records(&second).unwrap();
    let mut builder = EvidenceBuilder::new();
    builder.records(&prover, first.rule(), first.rows().iter().map(|row| row.digest));
    builder.records(&prover, second.rule(), second.rows().iter().map(|row| row.digest));
    let Ok(all) = builder.build();
    let file = all.to_file();
    // Three leaves and two nodes each.
    assert_eq!(Evidence::from_file(file.clone(), 10), Ok(all));
    let (of, tree) = (manifest.id(), TreeName::Index(second.rule().to_string()));
    let error =
        EvidenceError::Tree { of, tree, source: PrunedTreeError::TooManyItems { limit: 4 } };
    assert_eq!(Evidence::from_file(file, 9), Err(error));
}

#[test]
fn indexes_that_disagree_are_not_joined() {
    let of = hundred().id();
    let with = |content| {
        let mut evidence = Evidence::default();
        let index = Index::new(of, "line-raw/1", *files(&[("x", content)]).content());
        evidence.indexes.insert((of, "line-raw/1".into()), index);
        evidence
    };
    let error = EvidenceError::IndexConflict { of, rule: "line-raw/1".into() };
    assert_eq!(with("x").join(&with("y")), Err(error));
    assert_eq!(with("x").join(&with("x")), Ok(with("x")));
}
