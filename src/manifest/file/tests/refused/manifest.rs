//! Headers and entries that no manifest has.

use super::*;
use crate::manifest::{Composite, HeadError, ManifestError, Mount, NameError};

#[test]
fn tensors_have_no_sha256() {
    let tensors = ManifestFile::new(Manifest::tensors(vec![]).unwrap());
    let head = tensors.manifest.head().clone();
    let header = Header { v: Version1, head, sha256: Some(Summary::EMPTY) };
    let mut contents = contents(&written(&tensors, 3));
    contents[0] = encode(&header);
    assert_eq!(refused(&joined(&contents)), Fault::Sha256 { place: FilePlace::Header });
}

/// A file of these entries, unsound as they are, with every summary right.
fn unsound(entries: &[FileEntry]) -> Vec<u8> {
    let mut rows: Vec<([u8; 32], &FileEntry)> =
        entries.iter().map(|entry| (Role::Name.hash(entry.name.as_bytes()), entry)).collect();
    rows.sort_by_key(|(key, _)| *key);
    let leaves = rows.iter().map(|(key, entry)| {
        let value = Role::Entry.hash(&encode(*entry));
        tree::Leaf { key: *key, value, count: 1, bytes: entry.size }
    });
    let parts = tree::root(tree::Kind::Parts, leaves).unwrap();
    let head = Head::new(ManifestKind::Files, parts, parts);
    let mut block = Writer::new();
    block.array(3);
    block.uint(0);
    parts.encode(&mut block);
    block.array(rows.len());
    for (_, entry) in &rows {
        entry.encode(&mut block);
    }
    let header = Header { v: Version1, head, sha256: None };
    joined(&[encode(&header), block.finish(), directory::encode(&[]), vec![0; 8]])
}

#[test]
fn entries_that_no_manifest_holds_are_refused() {
    let name = |name: &str| NameError::DotComponent { name: name.into() };
    assert_eq!(
        refused(&unsound(&[entry("../a", "x")])),
        Fault::Entry { block: 0, row: 0, source: name("../a").into() }
    );
    let directory = NameError::FileAndDirectory { name: "a".into() };
    assert_eq!(
        refused(&unsound(&[entry("a", "x"), entry("a/b", "y")])),
        Fault::Entries(directory.into())
    );
    let digest = Digest::of(b"x");
    let two = [FileEntry::new("a", 1, digest), FileEntry::new("b", 2, digest)];
    assert_eq!(
        refused(&unsound(&two)),
        Fault::Entries(ManifestError::SizeConflict { digest, one: 1, other: 2 })
    );
}

#[test]
fn sizes_that_overflow_are_refused() {
    let ten = Ten::new();
    let mut huge = Writer::new();
    huge.array(3);
    huge.uint(0);
    ten.file.manifest.parts().encode(&mut huge);
    huge.array(2);
    let mut rows = [("a", 1_u8), ("b", 2)].map(|(name, byte)| {
        (Role::Name.hash(name.as_bytes()), FileEntry::new(name, u64::MAX, Digest::of(&[byte])))
    });
    rows.sort_by_key(|(key, _)| *key);
    for (_, entry) in &rows {
        entry.encode(&mut huge);
    }
    let bare = contents(&written(&ManifestFile::new(ten.file.manifest.clone()), 3));
    let bytes = joined(&[bare[0].clone(), huge.finish()]);
    assert_eq!(refused(&bytes), Fault::Entries(ManifestError::Tree(tree::TreeError::SumOverflow)));
}

#[test]
fn a_header_whose_trees_sum_up_differently_is_refused() {
    let ten = Ten::new();
    let head = ten.file.manifest.head();
    let (parts, mut lied) = (head.parts, head.content.unwrap().to_bytes());
    for at in [32, 40] {
        lied[at] ^= 1;
        let content = Summary::from_bytes(&lied).unwrap();
        let fault = ten.refused(0, |item| {
            let head = Head { content: Some(content), ..head.clone() };
            *item = encode(&Header { v: Version1, head, sha256: None });
        });
        let (parts, content) = (Box::new(parts), Box::new(content));
        assert_eq!(fault, Fault::Head(HeadError::Totals { parts, content }));
    }
}

/// The file of a composite, as if its mounts were rows; there is no such file.
#[test]
fn a_composite_has_no_file_of_rows() {
    let ten = Ten::new();
    let mounts = vec![Mount::new("ten", ten.file.manifest.head().clone())];
    let composite = Composite::new(mounts, NameProfile::Any).unwrap();
    let header = Header { v: Version1, head: composite.head().clone(), sha256: None };
    let bytes = ten.edited(|contents| contents[0] = encode(&header));
    assert_eq!(refused(&bytes), Fault::Composite);
    let opened = ManifestReader::open(bytes.as_slice(), composite.id()).err();
    assert!(matches!(opened, Some(ManifestReadError::File(Fault::Composite))), "{opened:?}");
}

#[test]
fn a_header_with_the_trees_of_another_kind_is_refused() {
    let ten = Ten::new();
    let head = ten.file.manifest.head();
    let header = |kind, content| {
        let head = Head { kind, content, ..head.clone() };
        encode(&Header { v: Version1, head, sha256: None })
    };
    let kind = ManifestKind::Files;
    let neither = ten.refused(0, |item| *item = header(kind, None));
    assert_eq!(neither, Fault::Head(HeadError::NoContent { kind }));
    let both = ten.refused(0, |item| *item = header(ManifestKind::Composite, head.content));
    assert_eq!(both, Fault::Head(HeadError::CompositeContent));
}
