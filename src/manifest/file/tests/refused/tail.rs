//! The directory and the trailer.

use super::*;

#[test]
fn the_directory_is_that_of_the_blocks() {
    let ten = Ten::new();
    let described = ten.described();
    let directory = ten.directory();
    let edit = |at: usize| ten.refused(directory, |item| item[ENTRIES + at] ^= 1);
    // [tree, key, summary, length, sha256 summary]
    let len = |described: &Described| 2 + 34 + 50 + 50 + encode(&described.length).len();
    let mut at = 0;
    for (block, described) in described.iter().enumerate().take(ten.parts) {
        let mut found = described.key;
        found[0] ^= 1;
        assert_eq!(edit(at + 4), Fault::Key { block, found, expected: described.key });
        let place = FilePlace::Directory(block);
        let summary =
            |tree, expected| Fault::Summary { place, tree, found: flipped(expected), expected };
        assert_eq!(edit(at + 38), summary(FileTree::Parts, described.summary));
        let end = at + len(described);
        let expected = described.length;
        assert_eq!(edit(end - 51), Fault::Length { block, found: expected ^ 1, expected });
        assert_eq!(edit(end - 48), summary(FileTree::Sha256, described.sha256.unwrap()));
        // The number of the tree.
        let fault = CborFault::Mismatch { found: "1".into(), expected: "0".into() };
        assert_eq!(edit(at + 1), cbor(ten.offset(directory, ENTRIES + at + 1), fault));
        at = end;
    }
    let first = len(&described[0]);
    let place = FilePlace::Directory(0);
    let without = ten.refused(directory, |item| {
        item[ENTRIES] = 0x84;
        item.drain(ENTRIES + first - 50..ENTRIES + first);
    });
    assert_eq!(without, Fault::Sha256 { place });
    let (found, expected) = (described.len() - 1, described.len());
    let fewer = ten.refused(directory, |item| {
        item[0] -= 1;
        item.drain(ENTRIES..ENTRIES + first);
    });
    assert_eq!(fewer, Fault::Blocks { found, expected });
    let longer = ten.refused(directory, |item| item.push(0));
    let end = ten.contents[directory].len();
    let longer_at = ten.offset(directory, end);
    assert_eq!(longer, cbor(longer_at, CborFault::TrailingBytes { count: 1 }));
}

#[test]
fn a_directory_has_sha256_only_where_the_blocks_have() {
    let file = ManifestFile::new(ten());
    let mut contents = contents(&written(&file, 3));
    let directory = contents.len() - 2;
    let entry = &mut contents[directory];
    let blocks = described(entry);
    let length = encode(&blocks[0].length).len();
    entry[ENTRIES] = 0x85;
    let end = ENTRIES + 2 + 34 + 50 + length;
    entry.splice(end..end, encode(&Summary::EMPTY));
    let place = FilePlace::Directory(0);
    assert_eq!(refused(&joined(&contents)), Fault::Sha256 { place });
}

#[test]
fn the_trailer_points_to_the_directory() {
    let ten = Ten::new();
    let expected = items(&joined(&ten.contents))[ten.directory()].start as u64;
    let trailer = ten.contents.len() - 1;
    for bit in 0..64 {
        let found = expected ^ (1 << bit);
        assert_eq!(
            ten.refused(trailer, |item| *item = found.to_le_bytes().to_vec()),
            Fault::Trailer { found, expected }
        );
    }
    let offset = ten.offset(trailer, 0) - 1;
    assert_eq!(
        ten.refused(trailer, |item| item.push(0)),
        cbor(offset, CborFault::OutOfRange { found: 9, min: 8, max: 8 })
    );
}

#[test]
fn a_directory_longer_than_a_piece_is_checked_to_its_end() {
    let names: Vec<String> = (0..700).map(|i| format!("{i}")).collect();
    let pairs: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    let bytes = written(&ManifestFile::new(files(&pairs)), 1);
    let all = items(&bytes);
    let directory = all[all.len() - 2].clone();
    assert!(directory.len() > 1 << 16, "{}", directory.len());
    assert!(read(&bytes, 1).is_ok());
    // Across the pieces, and in the last of them.
    for at in (directory.start + 20..directory.end).step_by(1_001) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        match read(&bytes, 1).expect_err("a faulty file") {
            Fault::Cbor(fault) => assert!(fault.offset.abs_diff(at) < 200, "{at}: {fault:?}"),
            Fault::Key { block, .. }
            | Fault::Length { block, .. }
            | Fault::Summary { place: FilePlace::Directory(block), .. } => {
                assert!((at - directory.start).abs_diff(block * directory.len() / 1_400) < 200);
            }
            other => panic!("{at}: {other:?}"),
        }
    }
}
