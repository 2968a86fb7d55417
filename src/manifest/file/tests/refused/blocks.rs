//! Blocks, their rows and their summaries.

use super::*;

#[test]
fn blocks_in_another_order_are_refused() {
    let ten = Ten::new();
    let swapped = |one: usize, other: usize| refused(&ten.edited(|all| all.swap(one, other)));
    assert_eq!(swapped(1, 2), Fault::Unordered { block: 1, row: 0 });
    assert_eq!(swapped(2, 4), Fault::Unordered { block: 2, row: 0 });
    let content = ten.parts + 1;
    let Fault::Content { block, row: 0, found, expected } = swapped(content, content + 1) else {
        panic!("not the first content");
    };
    assert_eq!(block, ten.parts);
    assert_ne!(found, expected);
    assert_eq!(expected, ten.file.manifest.content_rows()[0]);
    // A block of the other tree: the parts end too early.
    assert!(matches!(
        swapped(ten.parts, content),
        Fault::Rows { tree: FileTree::Parts, expected: 10, .. }
    ));
    // Parts after content.
    let bytes = ten.edited(|all| {
        let part = all[1].clone();
        all.insert(ten.parts + 2, part);
    });
    let fault = refused(&bytes);
    assert!(matches!(fault, Fault::Rows { tree: FileTree::Content, expected: 5, .. }), "{fault:?}");
    let bytes = ten.edited(|all| all.insert(ten.contents.len() - 2, ten.contents[1].clone()));
    let offset = ten.offset(ten.directory(), 0) as u64 - 3;
    assert_eq!(refused(&bytes), Fault::Misplaced { offset, found: 0 });
}

#[test]
fn repeated_and_missing_blocks_are_refused() {
    let ten = Ten::new();
    let again = |item: usize| refused(&ten.edited(|all| all.insert(item, all[item].clone())));
    assert_eq!(again(1), Fault::Unordered { block: 1, row: 0 });
    let content = ten.parts + 1;
    assert_eq!(again(content), Fault::Unordered { block: content, row: 0 });
    let rows = |item: usize| {
        let mut reader = Reader::at(&ten.contents[item][2..], 0);
        Summary::decode(&mut reader).unwrap();
        reader.array(3).unwrap() as u64
    };
    let without = |item: usize| refused(&ten.edited(|all| drop(all.remove(item))));
    let found = 10 - rows(2);
    assert_eq!(without(2), Fault::Rows { tree: FileTree::Parts, found, expected: 10 });
    let last = ten.directory() - 1;
    let found = 5 - rows(last);
    assert_eq!(without(last), Fault::Rows { tree: FileTree::Content, found, expected: 5 });
    assert!(matches!(without(content), Fault::Content { row: 0, .. }));
}

#[test]
fn blocks_of_other_sizes_are_refused_though_all_else_agrees() {
    let file = with_sha256(ten());
    let finer = written(&file, 2);
    assert!(matches!(read(&finer, 3), Err(Fault::Boundary { found: 1 | 2, .. })));
    let coarser = written(&file, 10);
    let Err(Fault::Cbor(fault)) = read(&coarser, 3) else { panic!("not too long") };
    assert_eq!(fault.fault, CborFault::TooLong { found: 10, limit: 3 });
    // Two rows, one of a subtree of two and one of its neighbour.
    let entries: Vec<FileEntry> = (0..3).map(|i| entry(&format!("{i}"), "")).collect();
    let file = ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap());
    let right = written(&file, 2);
    let fault = forged(&file, &[1, 1, 1], 2);
    assert!(matches!(fault, Fault::Boundary { found: 1, expected: 2, .. }), "{fault:?}");
    let keys: Vec<_> = contents(&right)[1..3].iter().map(|block| block[ROWS - 1] & 0x1f).collect();
    let split: &[usize] = if keys == [1, 2] { &[2, 1] } else { &[1, 2] };
    let (found, expected) = (split[0], 3 - split[0]);
    assert_eq!(forged(&file, split, 2), Fault::Boundary { block: 0, found, expected });
}

/// What a file is refused for whose parts are cut into blocks of these many rows.
fn forged(file: &ManifestFile, rows: &[usize], limit: usize) -> Fault {
    let entries = file.manifest.file_entries().unwrap();
    let mut contents = contents(&written(file, limit));
    let mut start = 0;
    let blocks: Vec<Vec<u8>> = rows
        .iter()
        .map(|count| {
            let entries = &entries[start..start + count];
            start += count;
            let leaves = entries.iter().map(|entry| {
                let key = Role::Name.hash(entry.name.as_bytes());
                let value = Role::Entry.hash(&encode(entry));
                tree::Leaf { key, value, count: 1, bytes: entry.size }
            });
            let mut writer = Writer::new();
            writer.array(3);
            writer.uint(0);
            tree::root(tree::Kind::Parts, leaves).unwrap().encode(&mut writer);
            writer.array(*count);
            for entry in entries {
                entry.encode(&mut writer);
            }
            writer.finish()
        })
        .collect();
    let parts = contents[1..contents.len() - 2].iter().filter(|block| block[1] == 0).count();
    contents.splice(1..=parts, blocks);
    read(&joined(&contents), limit).expect_err("a faulty file")
}

#[test]
fn every_summary_is_recomputed() {
    let ten = Ten::new();
    let described = ten.described();
    let summary =
        |place, tree, expected| Fault::Summary { place, tree, found: flipped(expected), expected };
    for (block, described) in described.iter().enumerate() {
        let place = FilePlace::Block(block);
        let expected = summary(place, described.tree, described.summary);
        assert_eq!(ten.refused(block + 1, |item| item[4] ^= 1), expected);
        if let Some(sha256) = described.sha256 {
            let expected = summary(place, FileTree::Sha256, sha256);
            let edit = |item: &mut Vec<u8>| {
                let at = item.len() - 48;
                item[at] ^= 1;
            };
            assert_eq!(ten.refused(block + 1, edit), expected);
        }
    }
    let head = ten.file.manifest.head();
    let header = |root: Summary| {
        move |item: &mut Vec<u8>| {
            let root = root.to_bytes();
            let at = item.windows(48).position(|window| window == root).unwrap();
            item[at] ^= 1;
        }
    };
    let sha256 = *ten.file.sha256().unwrap().root();
    for (tree, root) in [
        (FileTree::Parts, head.parts),
        (FileTree::Content, head.content.unwrap()),
        (FileTree::Sha256, sha256),
    ] {
        assert_eq!(ten.refused(0, header(root)), summary(FilePlace::Header, tree, root));
    }
}

#[test]
fn every_field_of_a_row_is_part_of_its_block() {
    let ten = Ten::new();
    let rows = rows(&ten.contents[1]).0;
    let (name, size) = (&rows[0].name, rows[0].size);
    // {"name": "dir/_.txt", "size": _, "digest": ..}
    assert_eq!(&ten.contents[1][ROWS..][..7], b"\xa3\x64name\x69");
    let of_block = |fault: &Fault| {
        matches!(
            fault,
            Fault::Summary { place: FilePlace::Block(0), tree: FileTree::Parts, .. }
                | Fault::Unordered { block: 0, .. }
        )
    };
    for at in [ROWS + 7 + name.len() - 5, ROWS + 7 + name.len() + 8 + 7 + 2] {
        let fault = ten.refused(1, |item| item[at] ^= 1);
        assert!(of_block(&fault), "{at}: {fault:?}");
    }
    let at = ROWS + 7 + name.len() + 5;
    assert_eq!(u64::from(ten.contents[1][at]), size);
    let fault = ten.refused(1, |item| item[at] ^= 1);
    assert!(of_block(&fault), "{fault:?}");
    // The SHA-256 stand before the last summary.
    let sha256 = ten.refused(1, |item| {
        let at = item.len() - 51;
        item[at] ^= 1;
    });
    assert!(matches!(
        sha256,
        Fault::Summary { place: FilePlace::Block(0), tree: FileTree::Sha256, .. }
    ));
}

#[test]
fn content_rows_are_what_the_parts_give() {
    let ten = Ten::new();
    let item = ten.parts + 1;
    let expected = ten.file.manifest.content_rows()[0];
    // [digest, count, size]
    for (at, found) in [
        (ROWS + 3, {
            let mut digest = *expected.digest.as_bytes();
            digest[0] ^= 1;
            ContentRow { digest: Digest::from_bytes(digest), ..expected }
        }),
        (ROWS + 35, ContentRow { count: expected.count ^ 1, ..expected }),
        (ROWS + 36, ContentRow { size: expected.size ^ 1, ..expected }),
    ] {
        assert_eq!(
            ten.refused(item, |block| block[at] ^= 1),
            Fault::Content { block: ten.parts, row: 0, found, expected }
        );
    }
    // A row more than the parts give.
    let last = ten.directory() - 1;
    let found = ContentRow { digest: Digest::from_bytes([0xff; 32]), count: 1, size: 0 };
    let mut writer = Writer::new();
    writer.array(3);
    writer.uint(1);
    let leaf = found.leaf(found.key(), &[]).unwrap();
    leaf.summary(tree::Kind::Content).encode(&mut writer);
    writer.array(1);
    found.encode(&mut writer);
    let bytes = ten.edited(|all| all.insert(last + 1, writer.finish()));
    assert_eq!(refused(&bytes), Fault::Rows { tree: FileTree::Content, found: 6, expected: 5 });
}

#[test]
fn parts_of_two_files_do_not_mix() {
    let ten = Ten::new();
    let names: Vec<String> = (0..10).map(|i| format!("dir/{i}.txt")).collect();
    let other: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "other")).collect();
    let other = with_sha256(files(&other));
    let other_contents = contents(&written(&other, 3));
    // The names are the same, so the blocks are too, but for their content.
    let mixed =
        |item: usize| refused(&ten.edited(|all| all[item].clone_from(&other_contents[item])));
    let (one, another) = (ten.file.manifest.parts(), other.manifest.parts());
    let root = |found: &Summary, expected: &Summary| Fault::Summary {
        place: FilePlace::Header,
        tree: FileTree::Parts,
        found: *found,
        expected: *expected,
    };
    assert_eq!(mixed(0), root(another, one));
    for item in 1..=ten.parts {
        let Fault::Summary { place: FilePlace::Header, tree: FileTree::Parts, found, .. } =
            mixed(item)
        else {
            panic!("a block of another file");
        };
        assert_eq!(found, *one);
    }
    assert!(matches!(mixed(ten.parts + 1), Fault::Content { row: 0, .. }));
    // SHA-256 of another index over the same manifest.
    let manifest = ten.file.manifest.clone();
    let index = Sha256Index::new(&manifest, vec![Sha256::of(b""); 10]).unwrap();
    let (found, expected) = (*index.root(), *ten.file.sha256().unwrap().root());
    let other = ManifestFile::with_sha256(manifest, index).unwrap();
    let header = contents(&written(&other, 3)).swap_remove(0);
    assert_eq!(
        ten.refused(0, |item| *item = header),
        Fault::Summary { place: FilePlace::Header, tree: FileTree::Sha256, found, expected }
    );
}

#[test]
fn sha256_stands_in_every_block_or_in_none() {
    let ten = Ten::new();
    let bare = contents(&written(&ManifestFile::new(ten.file.manifest.clone()), 3));
    let place = FilePlace::Block(0);
    assert_eq!(ten.refused(0, |item| item.clone_from(&bare[0])), Fault::Sha256 { place });
    let place = FilePlace::Block(1);
    assert_eq!(ten.refused(2, |item| item.clone_from(&bare[2])), Fault::Sha256 { place });
    // 31 bytes for a row.
    let short = ten.refused(1, |item| {
        let rows = item[ROWS - 1] & 0x1f;
        let at = item.len() - 50 - usize::from(rows) * 32;
        item[at - 1] -= 1;
        item.remove(at);
    });
    let rows = u64::from(ten.contents[1][ROWS - 1] & 0x1f) * 32;
    let head = if rows < 24 { 1 } else { 2 };
    let at = ten.contents[1].len() - 50 - usize::try_from(rows).unwrap() - head;
    let fault = CborFault::OutOfRange { found: rows - 1, min: rows, max: rows };
    assert_eq!(short, cbor(ten.offset(1, at), fault));
}

#[test]
fn a_content_row_that_counts_nothing_is_refused() {
    let ten = Ten::new();
    let item = ten.parts + 1;
    let fault = CborFault::OutOfRange { found: 0, min: 1, max: u64::MAX };
    assert_eq!(ten.contents[item][ROWS + 35], 2);
    let expected = cbor(ten.offset(item, ROWS + 35), fault);
    assert_eq!(ten.refused(item, |block| block[ROWS + 35] = 0), expected);
}
