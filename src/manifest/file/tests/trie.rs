//! Trees of a file, opened step by step, against the same trees in memory.

use super::reader::Noted;
use super::*;
use crate::tree::{
    Cut, Judgement, Nodes, Opened, PrunedTree, RelationKind, Row, Trie, Walk, judge,
};

/// Every subtree of both trees, side by side.
fn same<F: Trie<Row: PartialEq + std::fmt::Debug>>(of_file: &F, rows: &[F::Row])
where
    F::Error: std::fmt::Debug,
{
    let in_memory = Nodes::new(rows).unwrap();
    assert_eq!(of_file.root().is_some(), in_memory.root().is_some());
    let mut open: Vec<_> = of_file.root().into_iter().zip(in_memory.root()).collect();
    let mut leaves = 0;
    while let Some((a, b)) = open.pop() {
        assert_eq!(of_file.summary(a).unwrap(), in_memory.summary(b).unwrap());
        match (of_file.open(a).unwrap(), in_memory.open(b).unwrap()) {
            (Opened::Leaf(one), Opened::Leaf(other)) => {
                assert_eq!(one, other);
                assert_eq!(of_file.row(a).unwrap(), in_memory.row(b).unwrap());
                leaves += 1;
            }
            (Opened::Node(one), Opened::Node(other)) => {
                assert_eq!(one.depth, other.depth);
                let prefix = |key| tree::prefix(key, u32::from(one.depth));
                assert_eq!(prefix(&one.key), prefix(&other.key));
                open.extend([(one.left, other.left), (one.right, other.right)]);
            }
            _ => panic!("a leaf and a node"),
        }
    }
    assert_eq!(leaves, rows.len());
}

fn opened(file: &ManifestFile, limit: usize) -> ManifestReader<Vec<u8>> {
    ManifestReader::open_blocks(written(file, limit), file.manifest.id(), limit).unwrap()
}

fn judged<A, B>(claim: RelationKind, of: &A, with: &B) -> Judgement
where
    A: Trie<Error = ManifestReadError>,
    B: Trie<Error = ManifestReadError>,
{
    let (mut of, mut with) = (Walk::new(of).unwrap(), Walk::new(with).unwrap());
    judge(claim, &mut of, &mut [&mut with]).unwrap()
}

proptest! {
    #[test]
    fn every_subtree_of_a_file_is_that_of_its_rows(
        entries in file_entries(), limit in 1_usize..9, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let reader = opened(&file, limit);
        same(&reader.files().unwrap().unwrap(), file.manifest.file_entries().unwrap());
        same(&reader.contents().unwrap(), file.manifest.content_rows());
        prop_assert!(reader.tensors().unwrap().is_none());
    }

    #[test]
    fn every_subtree_of_a_file_of_tensors_is_that_of_its_rows(
        entries in tensor_entries(), limit in 1_usize..9
    ) {
        let file = ManifestFile::new(Manifest::tensors(entries).unwrap());
        let reader = opened(&file, limit);
        same(&reader.tensors().unwrap().unwrap(), file.manifest.tensor_entries().unwrap());
        prop_assert!(reader.files().unwrap().is_none());
        prop_assert_eq!(reader.prune_files(["a"]).unwrap(), None);
    }

    #[test]
    fn a_tree_pruned_from_a_file_is_the_one_from_its_rows(
        entries in file_entries(), wanted in proptest::collection::vec("f-[a-z]\\.txt", 0..5),
        limit in 1_usize..9,
    ) {
        let names: Vec<String> = entries.iter().step_by(3).map(|entry| entry.name.clone()).collect();
        let names: Vec<&str> = names.iter().chain(&wanted).map(String::as_str).collect();
        let digests: Vec<Digest> = names.iter().map(|name| Digest::of(name.as_bytes())).collect();
        let file = ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap());
        let reader = opened(&file, limit);
        let keys = names.iter().map(|name| Role::Name.hash(name.as_bytes())).collect();
        let expected = pruned(file.manifest.file_entries().unwrap(), keys);
        prop_assert_eq!(reader.prune_files(names).unwrap(), Some(expected));
        let rows = file.manifest.content_rows();
        let digests = || digests.iter().copied().chain(rows.iter().map(|row| row.digest).take(2));
        let expected = pruned(rows, digests().map(|digest| *digest.as_bytes()).collect());
        prop_assert_eq!(reader.prune_contents(digests()).unwrap(), expected);
    }
}

fn pruned<R: Row>(rows: &[R], mut keys: Vec<[u8; 32]>) -> PrunedTree<R> {
    keys.sort_unstable();
    keys.dedup();
    PrunedTree::new(&Nodes::new(rows).unwrap(), &Cut { keys, ..Cut::default() }).unwrap()
}

#[test]
fn a_proof_for_some_names_reads_their_blocks_once() {
    let file = reader::long();
    let bytes = written(&file, 64);
    let source = Noted::new(&bytes);
    let reader = ManifestReader::open_blocks(&source, file.manifest.id(), 64).unwrap();
    source.count();
    let one = reader.prune_files(["1234"]).unwrap().unwrap();
    assert_eq!(one.root(), file.manifest.parts());
    assert_eq!(source.count(), 1);
    let all = file.manifest.file_entries().unwrap().iter();
    reader.prune_files(all.map(|entry| entry.name.as_str())).unwrap();
    let blocks = items(&bytes).len() - 3;
    let parts = contents(&bytes).iter().filter(|item| item[..2] == [0x85, 0]).count();
    assert!(parts < blocks);
    assert_eq!(source.count(), parts);
    // No keys, no reading: the root alone.
    reader.prune_contents([]).unwrap();
    assert_eq!(source.count(), 0);
}

#[test]
fn relations_between_files_read_only_blocks_that_differ() {
    let one = reader::long();
    let mut entries = one.manifest.file_entries().unwrap().to_vec();
    entries[1_000].digest = Digest::of(b"another");
    let other = ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap());
    let (a, b) = (written(&one, 64), written(&other, 64));
    let (a, b) = (Noted::new(&a), Noted::new(&b));
    let one = ManifestReader::open_blocks(&a, one.manifest.id(), 64).unwrap();
    let other = ManifestReader::open_blocks(&b, other.manifest.id(), 64).unwrap();
    a.count();
    b.count();
    let (mine, theirs) = (one.files().unwrap().unwrap(), other.files().unwrap().unwrap());
    assert_eq!(judged(RelationKind::Same, &mine, &mine), Judgement::Holds);
    assert_eq!(a.count(), 0);
    assert_eq!(judged(RelationKind::Same, &mine, &theirs), Judgement::Fails);
    assert_eq!((a.count(), b.count()), (1, 1));
    assert_eq!(judged(RelationKind::SameKeys, &mine, &theirs), Judgement::Holds);
    assert!(a.count() <= 1 && b.count() <= 1);
}

#[test]
fn a_block_that_is_faulty_stops_a_walk() {
    let file = ManifestFile::new(ten());
    let mut bytes = written(&file, 3);
    let block = items(&bytes)[1].clone();
    bytes[block.end - 1] ^= 1;
    let reader = ManifestReader::open_blocks(bytes, file.manifest.id(), 3).unwrap();
    let tree = reader.files().unwrap().unwrap();
    let walked =
        PrunedTree::new(&tree, &Cut { keys: vec![described_key(&file)], ..Cut::default() });
    assert!(matches!(
        walked,
        Err(ManifestReadError::File(ManifestFileError::Summary { place: FilePlace::Block(0), .. }))
    ));
}

/// The key of the first row.
fn described_key(file: &ManifestFile) -> [u8; 32] {
    Role::Name.hash(file.manifest.file_entries().unwrap()[0].name.as_bytes())
}
