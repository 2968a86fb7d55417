use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::manifest::{Dtype, FileEntry, NameProfile, TensorEntry};
use crate::tree::oracle;

fn file(name: &str) -> FileEntry {
    let size = u64::try_from(name.len()).unwrap();
    FileEntry::new(name, size, Digest::of(name.as_bytes()))
}

fn manifest(names: &[&str]) -> Manifest {
    Manifest::files(names.iter().map(|name| file(name)).collect(), NameProfile::Any).unwrap()
}

/// One digest for each entry: that of its name.
fn index(manifest: &Manifest) -> Sha256Index {
    let digests = manifest.file_entries().unwrap().iter();
    let digests = digests.map(|entry| Sha256::of(entry.name.as_bytes())).collect();
    Sha256Index::new(manifest, digests).unwrap()
}

record! {
    /// A row as it is defined.
    struct SlowRow {
        "name" => name: String,
        "size" => size: u64,
        "sha256" => sha256: Sha256,
    }
}

proptest! {
    #[test]
    fn the_root_and_the_id_are_those_of_the_definition(
        names in proptest::collection::btree_set("[a-z]{1,5}", 0..30)
    ) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let manifest = manifest(&names);
        let index = index(&manifest);
        let leaves: Vec<Leaf> = names.iter().map(|name| {
            let size = u64::try_from(name.len()).unwrap();
            let sha256 = Sha256::of(name.as_bytes());
            let row = SlowRow { name: (*name).to_owned(), size, sha256 };
            let key = Role::Name.hash(name.as_bytes());
            Leaf { key, value: Role::Entry.hash(&encode(&row)), count: 1, bytes: size }
        }).collect();
        let root = oracle::root(tree::Kind::Index, &leaves);
        prop_assert_eq!(index.root(), &root);
        prop_assert_eq!(index.root().count(), manifest.parts().count());
        prop_assert_eq!(index.root().bytes(), manifest.parts().bytes());
        // {"v": 1, "of": bstr32, "rule": "sha256", "tree": bstr48}
        let preimage = [
            &b"\xa4\x61v\x01\x62of\x58\x20"[..], manifest.id().as_bytes(),
            b"\x64rule\x66sha256\x64tree\x58\x30", &root.to_bytes(),
        ].concat();
        prop_assert_eq!(index.id(), IndexId::from_bytes(Role::Index.hash(&preimage)));
        for name in names {
            prop_assert_eq!(index.get(&manifest, name), Some(Sha256::of(name.as_bytes())));
        }
        prop_assert_eq!(index.get(&manifest, "Absent"), None);
    }
}

#[test]
fn another_digest_is_another_index_of_the_same_manifest() {
    let manifest = manifest(&["a", "b"]);
    let one = index(&manifest);
    let mut digests = one.digests().to_vec();
    digests.swap(0, 1);
    let other = Sha256Index::new(&manifest, digests).unwrap();
    assert_ne!(other.root(), one.root());
    assert_ne!(other.id(), one.id());
    assert_eq!(other.of(), one.of());
    assert_eq!(one.dataset_index(), DatasetIndex::new(one.id(), "sha256"));
}

#[test]
fn there_is_one_digest_for_each_file() {
    let manifest = manifest(&["a", "b"]);
    for found in [0, 1, 3] {
        assert_eq!(
            Sha256Index::new(&manifest, vec![Sha256::of(b""); found]),
            Err(IndexError::Length { found, expected: 2 })
        );
    }
}

#[test]
fn tensors_have_no_sha256_index() {
    let tensor = TensorEntry::new("t", Dtype::U8, vec![], 1, Digest::of(b"x"));
    let manifest = Manifest::tensors(vec![tensor]).unwrap();
    assert_eq!(Sha256Index::new(&manifest, vec![Sha256::of(b"x")]), Err(IndexError::Tensors));
}

#[test]
fn a_look_up_beside_another_manifest_finds_nothing() {
    let index = index(&manifest(&["a", "b"]));
    assert_eq!(index.get(&manifest(&["a"]), "a"), None);
}
