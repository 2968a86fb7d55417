//! Trees of a file, opened step by step, against the same trees in memory.

use std::convert::Infallible;

use super::reader::Noted;
use super::*;
use crate::manifest::prover::Forest;
use crate::manifest::{Evidence, EvidenceBuilder, Provable, Prover};
use crate::tree::{
    Cut, Judgement, Membership, Nodes, Opened, PrunedTree, RelationKind, Trie, Walk, judge,
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
        same(&reader.files().unwrap(), file.manifest.file_entries().unwrap());
        same(&Forest::content(&reader), file.manifest.content_rows());
        match (Forest::sha256(&reader), file.sha256()) {
            (Some(tree), Some(index)) => same(&tree, &index.rows(&file.manifest)),
            (tree, index) => prop_assert!(tree.is_none() && index.is_none()),
        }
        prop_assert!(reader.tensors().is_none());
    }

    #[test]
    fn every_subtree_of_a_file_of_tensors_is_that_of_its_rows(
        entries in tensor_entries(), limit in 1_usize..9
    ) {
        let file = ManifestFile::new(Manifest::tensors(entries).unwrap());
        let reader = opened(&file, limit);
        same(&reader.tensors().unwrap(), file.manifest.tensor_entries().unwrap());
        prop_assert!(reader.files().is_none());
    }

    #[test]
    fn evidence_from_a_file_is_that_from_its_rows(
        entries in file_entries(), wanted in proptest::collection::vec("f-[a-z]\\.txt", 0..5),
        limit in 1_usize..9, hashed: bool,
    ) {
        let known = entries.iter().step_by(3).map(|entry| entry.name.clone());
        let names: Vec<String> = known.chain(wanted).collect();
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let rows = file.manifest.content_rows().iter().take(2).map(|row| row.digest);
        let absent = names.iter().map(|name| Digest::of(name.as_bytes()));
        let digests: Vec<Digest> = rows.chain(absent).collect();
        let (reader, mut prover) = (opened(&file, limit), Prover::new(&file.manifest));
        if let Some(index) = file.sha256() {
            prover = prover.with_sha256(index).unwrap();
        }
        let Ok(expected) = hashed_evidence::<Infallible>(&prover, &names, &digests);
        let found = hashed_evidence::<ManifestReadError>(&reader, &names, &digests).unwrap();
        prop_assert_eq!(found.to_bytes(), expected.to_bytes());
        for name in &names {
            let sha256 = found.sha256(reader.id(), name).present().map(|row| row.sha256);
            prop_assert_eq!(sha256, file.sha256_of(name));
        }
        prop_assert_eq!(found, expected);
    }
}

fn evidence<E>(of: &dyn Provable<E>, names: &[String], digests: &[Digest]) -> Result<Evidence, E> {
    let mut evidence = EvidenceBuilder::default();
    evidence.names(of, names);
    evidence.contents(of, digests.iter().copied());
    evidence.build()
}

/// With the SHA-256 of the files, where `of` knows them.
fn hashed_evidence<E>(
    of: &dyn Provable<E>,
    names: &[String],
    digests: &[Digest],
) -> Result<Evidence, E> {
    let mut evidence = EvidenceBuilder::default();
    evidence.names(of, names);
    evidence.contents(of, digests.iter().copied());
    evidence.sha256(of, names);
    evidence.build()
}

#[test]
fn a_proof_for_some_names_reads_their_blocks_once() {
    let file = reader::long();
    let bytes = written(&file, 64);
    let source = Noted::new(&bytes);
    let reader = ManifestReader::open_blocks(&source, file.manifest.id(), 64).unwrap();
    source.count();
    let one = evidence::<ManifestReadError>(&reader, &["1234".to_owned()], &[]).unwrap();
    assert!(matches!(one.file(reader.id(), "1234"), Membership::Present(_)));
    assert_eq!(source.count(), 1);
    let all = file.manifest.file_entries().unwrap().iter();
    let all: Vec<String> = all.map(|entry| entry.name.clone()).collect();
    evidence::<ManifestReadError>(&reader, &all, &[]).unwrap();
    let parts = contents(&bytes).iter().filter(|item| item[..2] == [0x85, 0]).count();
    assert!((60..items(&bytes).len() - 3).contains(&parts), "{parts}");
    assert_eq!(source.count(), parts);
    // No keys, no reading: the root alone.
    evidence::<ManifestReadError>(&reader, &[], &[]).unwrap();
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
    let (mine, theirs) = (one.files().unwrap(), other.files().unwrap());
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
    let tree = reader.files().unwrap();
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
