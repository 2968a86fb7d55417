use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::manifest::{Dtype, FileEntry, HeadError, Manifest, NameError, TensorEntry};
use crate::tree::oracle;

fn files(name: &str, size: u64) -> Head {
    let entry = FileEntry::new(name, size, Digest::of(name.as_bytes()));
    Manifest::files(vec![entry], NameProfile::Any).unwrap().head().clone()
}

fn composite(mounts: &[(&str, Head)]) -> Result<Composite, ManifestError> {
    let mounts = mounts.iter().map(|(name, head)| Mount::new(*name, head.clone()));
    Composite::new(mounts.collect(), NameProfile::Portable)
}

/// The id from the definition alone.
fn slow_id(mounts: &[Mount]) -> ManifestId {
    let leaves: Vec<Leaf> = mounts
        .iter()
        .map(|mount| {
            let id = mount.head.id();
            let mut entry = b"\xa2\x64name".to_vec();
            entry.extend(encode(&mount.name));
            entry.extend([b"\x68manifest\x58\x20", &id.as_bytes()[..]].concat());
            Leaf {
                key: Role::Name.hash(mount.name.as_bytes()),
                value: Role::Entry.hash(&entry),
                count: mount.head.parts.count(),
                bytes: mount.head.parts.bytes(),
            }
        })
        .collect();
    let mut head = b"\xa3\x61v\x01\x64kind\x69composite\x65parts\x58\x30".to_vec();
    head.extend(oracle::root(Kind::Parts, &leaves).to_bytes());
    ManifestId::from_bytes(Role::Manifest.hash(&head))
}

proptest! {
    #[test]
    fn any_order_gives_the_id_of_the_definition(
        sizes in proptest::collection::btree_map("m-[a-z]{1,6}", 0_u64..9, 0..20),
    ) {
        let mounts = sizes.iter().map(|(name, size)| Mount::new(name, files(name, *size)));
        let mut mounts: Vec<Mount> = mounts.collect();
        let made = Composite::new(mounts.clone(), NameProfile::Portable).unwrap();
        prop_assert_eq!(made.id(), slow_id(&mounts));
        prop_assert_eq!(made.parts().count(), sizes.len() as u64);
        prop_assert_eq!(made.parts().bytes(), sizes.values().sum::<u64>());
        mounts.reverse();
        prop_assert_eq!(Composite::new(mounts, NameProfile::Any), Ok(made));
    }
}

#[test]
fn names_and_manifests_are_what_the_id_is_of() {
    let (one, other) = (files("a", 1), files("b", 1));
    let id = |mounts: &[(&str, Head)]| composite(mounts).unwrap().id();
    let both = id(&[("x", one.clone()), ("y", other.clone())]);
    assert_ne!(both, id(&[("x", other.clone()), ("y", one.clone())]));
    assert_ne!(both, id(&[("x", one.clone()), ("z", other)]));
    assert_ne!(both, id(&[("x", one.clone()), ("y", one.clone())]));
    // What is mounted is another manifest than what it consists of.
    assert_ne!(id(&[("x", one.clone())]), one.id());
}

#[test]
fn a_composite_may_be_mounted_and_one_manifest_twice() {
    let one = files("a", 3);
    let inner = composite(&[("x", one.clone()), ("y", one.clone())]).unwrap();
    let outer = composite(&[("inner", inner.head().clone()), ("x", one)]).unwrap();
    assert_eq!((outer.parts().count(), outer.parts().bytes()), (3, 9));
    assert_eq!(outer.mount("inner").map(Mount::manifest), Some(inner.id()));
    assert_eq!(outer.mount("y"), None);
}

#[test]
fn mounts_are_named_as_files_are() {
    let head = files("a", 1);
    let refused = |names: &[&str]| {
        let mounts: Vec<(&str, Head)> = names.iter().map(|name| (*name, head.clone())).collect();
        composite(&mounts).unwrap_err()
    };
    let name = |name: &str| name.to_owned();
    assert_eq!(refused(&["../a"]), NameError::DotComponent { name: name("../a") }.into());
    assert_eq!(refused(&["a", "a/b"]), NameError::FileAndDirectory { name: name("a") }.into());
    assert_eq!(refused(&["a", "a"]), NameError::Duplicate { name: name("a") }.into());
    let collision = NameError::Collision { name: name("a"), other: name("A") };
    assert_eq!(refused(&["a", "A"]), collision.into());
    let mounts = ["a", "A"].map(|name| Mount::new(name, head.clone()));
    assert!(Composite::new(mounts.to_vec(), NameProfile::Any).is_ok());
}

#[test]
fn what_is_empty_cannot_be_mounted() {
    let empty = Manifest::files(vec![], NameProfile::Any).unwrap();
    let error = ManifestError::EmptyMount { name: "a".into(), manifest: empty.id() };
    assert_eq!(composite(&[("a", empty.head().clone())]), Err(error));
    // A composite without mounts is what it is, and cannot be mounted either.
    let nothing = composite(&[]).unwrap();
    assert_eq!(nothing.parts(), &Summary::EMPTY);
    let error = ManifestError::EmptyMount { name: "b".into(), manifest: nothing.id() };
    assert_eq!(composite(&[("b", nothing.head().clone())]), Err(error));
}

#[test]
fn heads_of_no_manifest_cannot_be_mounted() {
    let mut head = files("a", 1);
    head.content = None;
    let source = HeadError::NoContent { kind: ManifestKind::Files };
    let error = ManifestError::MountHead { name: "m".into(), source };
    assert_eq!(composite(&[("m", head)]), Err(error));
}

#[test]
fn bytes_that_overflow_are_refused() {
    let (most, one) = (files("a", u64::MAX), files("b", 1));
    assert_eq!(composite(&[("a", most.clone()), ("b", one)]), Err(TreeError::SumOverflow.into()));
    assert!(composite(&[("a", most)]).is_ok());
}

#[test]
fn a_model_is_its_weights_and_its_files() {
    let tensor = TensorEntry::new("w", Dtype::U8, vec![4], 4, Digest::of(b"1234"));
    let weights = Manifest::tensors(vec![tensor]).unwrap().head().clone();
    let config = files("config.json", 2);
    let model = Composite::model(weights.clone(), config.clone()).unwrap();
    let spelled = composite(&[("weights", weights.clone()), ("files", config.clone())]);
    assert_eq!(spelled.as_ref(), Ok(&model));
    let kind = |name: &str, found, expected| {
        Err(ManifestError::MountKind { name: name.into(), found, expected })
    };
    let (files, tensors) = (ManifestKind::Files, ManifestKind::Tensors);
    assert_eq!(Composite::model(config, weights.clone()), kind("weights", files, tensors));
    let of_models = model.head().clone();
    assert_eq!(Composite::model(weights, of_models), kind("files", ManifestKind::Composite, files));
}
