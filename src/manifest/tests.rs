use proptest::prelude::*;

use super::relation::{Given, judge};
use super::*;
use crate::cbor::encode;
use crate::digest::Role;
use crate::tree::{self, Leaf, oracle};
use crate::tree::{Judgement, RelationKind, TreeName};

fn file(name: &str, content: &str) -> FileEntry {
    FileEntry::new(name, content.len() as u64, Digest::of(content.as_bytes()))
}

fn files(pairs: &[(&str, &str)]) -> Manifest {
    let entries = pairs.iter().map(|(name, content)| file(name, content)).collect();
    Manifest::files(entries, NameProfile::Portable).unwrap()
}

fn tensor(name: &str, dtype: Dtype, shape: &[u64], size: u64) -> TensorEntry {
    TensorEntry::new(name, dtype, shape.to_vec(), size, Digest::of(name.as_bytes()))
}

/// Both roots and the id from the definition alone.
fn slow_id(entries: &[FileEntry]) -> ManifestId {
    let parts: Vec<Leaf> = entries
        .iter()
        .map(|entry| Leaf {
            key: Role::Name.hash(entry.name.as_bytes()),
            value: Role::Entry.hash(&encode(entry)),
            count: 1,
            bytes: entry.size,
        })
        .collect();
    let mut counts: BTreeMap<Digest, (u64, u64)> = BTreeMap::new();
    for entry in entries {
        let count = counts.get(&entry.digest).map_or(0, |(count, _)| *count);
        counts.insert(entry.digest, (count + 1, entry.size));
    }
    let content: Vec<Leaf> = counts
        .into_iter()
        .map(|(digest, (count, size))| {
            let value = [&count.to_le_bytes()[..], &size.to_le_bytes(), &[0; 16]].concat();
            let key = *digest.as_bytes();
            Leaf { key, value: value.try_into().unwrap(), count, bytes: count * size }
        })
        .collect();
    let parts = oracle::root(tree::Kind::Parts, &parts);
    let content = oracle::root(tree::Kind::Content, &content);
    Head::new(ManifestKind::Files, parts, content).id()
}

fn entries() -> impl Strategy<Value = Vec<FileEntry>> {
    proptest::collection::btree_map("f-[a-z]{1,6}\\.txt", "[xy]{0,3}", 0..40)
        .prop_map(|map| map.iter().map(|(name, content)| file(name, content)).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn any_order_gives_the_id_of_the_definition(entries in entries().prop_shuffle()) {
        let manifest = Manifest::files(entries.clone(), NameProfile::Portable).unwrap();
        prop_assert_eq!(manifest.id(), slow_id(&entries));
        prop_assert_eq!(manifest.parts().count(), manifest.content().count());
        prop_assert_eq!(manifest.parts().bytes(), manifest.content().bytes());
    }

    #[test]
    fn relations_agree_with_their_definitions(
        a in proptest::collection::vec(0_u64..6, 0..8),
        b in proptest::collection::vec(0_u64..6, 0..8),
        c in proptest::collection::vec(0_u64..6, 0..8),
    ) {
        let manifest = |values: &[u64]| {
            let entries = values.iter().enumerate()
                .map(|(i, value)| file(&format!("{i}"), &value.to_string())).collect();
            Manifest::files(entries, NameProfile::Portable).unwrap()
        };
        let count = |values: &[u64], value| values.iter().filter(|v| **v == value).count();
        let (of, b_rows, c_rows) = (manifest(&a), manifest(&b), manifest(&c));
        let two = [Given::All(&b_rows), Given::All(&c_rows)];
        let holds = |kind, with: &[Given<'_>]| match judge(kind, &TreeName::Content, Given::All(&of), with) {
            Judgement::Holds => true,
            Judgement::Fails => false,
            Judgement::Unknown => panic!("all rows are at hand"),
        };
        let (one, several) = (|kind| holds(kind, &two[..1]), |kind| holds(kind, &two));
        let all = |rule: &dyn Fn(usize, usize, usize) -> bool| {
            (0..6).all(|v| rule(count(&a, v), count(&b, v), count(&c, v)))
        };
        prop_assert_eq!(one(RelationKind::Same), all(&|a, b, _| a == b));
        prop_assert_eq!(one(RelationKind::SameKeys), all(&|a, b, _| (a > 0) == (b > 0)));
        prop_assert_eq!(one(RelationKind::SubsetOf), all(&|a, b, _| a <= b));
        prop_assert_eq!(one(RelationKind::SupersetOf), all(&|a, b, _| a >= b));
        prop_assert_eq!(several(RelationKind::UnionOf), all(&|a, b, c| (a > 0) == (b + c > 0)));
        prop_assert_eq!(several(RelationKind::SumOf), all(&|a, b, c| a == b + c));
        let parted = all(&|a, b, c| a == b + c && (b == 0 || c == 0));
        prop_assert_eq!(several(RelationKind::PartitionOf), parted);
        prop_assert_eq!(several(RelationKind::DisjointFrom), all(&|a, b, c| a == 0 || b + c == 0));
    }
}

#[test]
fn the_id_ignores_the_profile_and_nothing_else() {
    let base = files(&[("a", "x"), ("b", "y")]);
    assert_ne!(files(&[("a", "x"), ("c", "y")]).id(), base.id(), "a name");
    assert_ne!(files(&[("a", "x"), ("b", "z")]).id(), base.id(), "a content");
    assert_ne!(files(&[("a", "x")]).id(), base.id(), "an entry");
    assert_ne!(files(&[("a", "x"), ("b", "y"), ("c", "")]).id(), base.id(), "an empty file");
    let any = Manifest::files(vec![file("b", "y"), file("a", "x")], NameProfile::Any).unwrap();
    assert_eq!(any.id(), base.id());
}

#[test]
fn one_digest_has_one_size() {
    let digest = Digest::of(b"x");
    let entries = vec![FileEntry::new("a", 1, digest), FileEntry::new("b", 2, digest)];
    assert_eq!(
        Manifest::files(entries, NameProfile::Any),
        Err(ManifestError::SizeConflict { digest, one: 1, other: 2 })
    );
}

#[test]
fn sizes_that_overflow_are_refused() {
    let entry = |name, seed: &[u8]| FileEntry::new(name, u64::MAX, Digest::of(seed));
    assert_eq!(
        Manifest::files(vec![entry("a", b"1"), entry("b", b"2")], NameProfile::Any),
        Err(ManifestError::Tree(TreeError::SumOverflow))
    );
    assert_eq!(
        Manifest::files(vec![entry("a", b"1"), entry("b", b"1")], NameProfile::Any),
        Err(ManifestError::Tree(TreeError::SumOverflow))
    );
}

#[test]
fn a_tensor_is_as_large_as_its_dtype_and_shape_say() {
    for (dtype, shape, size) in [
        (Dtype::F32, &[2, 3][..], 24),
        (Dtype::U8, &[], 1),
        (Dtype::F4, &[2], 1),
        (Dtype::F64, &[0, u64::MAX, u64::MAX], 0),
        (Dtype::C64, &[1], 8),
    ] {
        let manifest = Manifest::tensors(vec![tensor("t", dtype, shape, size)]).unwrap();
        assert_eq!(Manifest::decode(&manifest.to_bytes()), Ok(manifest));
        assert_eq!(
            Manifest::tensors(vec![tensor("t", dtype, shape, size + 1)]),
            Err(ManifestError::Shape { name: "t".into(), found: size + 1, required: Some(size) })
        );
    }
    for (dtype, shape) in [(Dtype::F4, &[3][..]), (Dtype::U8, &[u64::MAX, 2])] {
        assert_eq!(
            Manifest::tensors(vec![tensor("t", dtype, shape, 1)]),
            Err(ManifestError::Shape { name: "t".into(), found: 1, required: None })
        );
    }
}

#[test]
fn a_wrong_size_is_told_in_words_and_long_names_in_part() {
    let told = |dtype, shape: &[u64], size| {
        Manifest::tensors(vec![tensor(&"t".repeat(90), dtype, shape, size)])
            .unwrap_err()
            .to_string()
    };
    let name = "t".repeat(80);
    assert_eq!(
        told(Dtype::F32, &[2], 4),
        format!("tensor {name:?} has 4 bytes, its dtype and shape require 8")
    );
    assert_eq!(
        told(Dtype::F4, &[3], 1),
        format!(
            "tensor {name:?} has 1 bytes, its dtype and shape require no whole number below 2^64"
        )
    );
    let twice = vec![tensor(&"t".repeat(90), Dtype::U8, &[], 1); 2];
    assert_eq!(Manifest::tensors(twice), Err(NameError::Duplicate { name }.into()));
}

#[test]
fn tensors_and_files_never_share_an_id() {
    assert_ne!(
        Manifest::tensors(vec![]).unwrap().id(),
        Manifest::files(vec![], NameProfile::Any).unwrap().id()
    );
    let twice = vec![tensor("t", Dtype::U8, &[], 1), tensor("t", Dtype::U8, &[], 1)];
    assert_eq!(
        Manifest::tensors(twice),
        Err(ManifestError::Name(NameError::Duplicate { name: "t".into() }))
    );
}
