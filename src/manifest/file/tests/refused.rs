//! One fault each, with its exact error.

use super::*;
use crate::cbor::CborFault;
use crate::manifest::{Composite, HeadError, ManifestError, Mount, NameError};

type Fault = ManifestFileError;

/// What a file is refused for, by whoever keeps its rows; who keeps none refuses it too.
#[track_caller]
fn refused(bytes: &[u8]) -> Fault {
    let fault = read(bytes, 3).expect_err("a faulty file");
    let verified = verify::verify(bytes, 3).expect_err("a faulty file");
    match fault {
        // Those come to light only later without the rows: as another root, or another set.
        Fault::Content { .. } | Fault::Entries(_) | Fault::Rows { tree: FileTree::Content, .. } => {
        }
        Fault::Key { .. }
        | Fault::Length { .. }
        | Fault::Sha256 { place: FilePlace::Directory(_) }
        | Fault::Summary { place: FilePlace::Directory(_), .. } => {
            assert_eq!(verified, Fault::Directory);
        }
        _ => assert_eq!(verified, fault),
    }
    fault
}

/// Items of the file of [`ten`] with SHA-256: parts blocks, then content blocks of at most 3 rows.
struct Ten {
    file: ManifestFile,
    contents: Vec<Vec<u8>>,
    parts: usize,
}

impl Ten {
    fn new() -> Self {
        let file = with_sha256(ten());
        let contents = contents(&written(&file, 3));
        let blocks = &contents[1..contents.len() - 2];
        let parts = blocks.iter().filter(|block| block[1] == 0).count();
        assert!(parts >= 4 && blocks.len() - parts >= 2, "{parts} of {} blocks", blocks.len());
        Self { file, contents, parts }
    }

    fn edited(&self, edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut contents = self.contents.clone();
        edit(&mut contents);
        joined(&contents)
    }

    /// What the file is refused for after one item is edited.
    fn refused(&self, item: usize, edit: impl FnOnce(&mut Vec<u8>)) -> Fault {
        refused(&self.edited(|contents| edit(&mut contents[item])))
    }

    fn directory(&self) -> usize {
        self.contents.len() - 2
    }

    /// Offset in the file of a byte in an item's content.
    fn offset(&self, item: usize, at: usize) -> usize {
        let mut writer = Writer::new();
        writer.bytes_head(self.contents[item].len());
        items(&joined(&self.contents))[item].start + writer.as_bytes().len() + at
    }

    fn described(&self) -> Vec<Described> {
        described(&self.contents[self.directory()])
    }
}

/// Where rows begin in a block: after two heads, a summary and the head of the array.
const ROWS: usize = 2 + 50 + 1;
/// Where entries begin in the directory.
const ENTRIES: usize = 2;

fn cbor(offset: usize, fault: CborFault) -> Fault {
    Fault::Cbor(CborError::new(offset, fault))
}

fn flipped(summary: Summary) -> Summary {
    let mut bytes = summary.to_bytes();
    bytes[0] ^= 1;
    Summary::from_bytes(&bytes).unwrap()
}

#[test]
fn every_truncation_names_the_unfinished_item() {
    for file in [ManifestFile::new(ten()), with_sha256(ten()), ManifestFile::new(files(&[]))] {
        let bytes = written(&file, 3);
        let items = items(&bytes);
        for len in 0..bytes.len() {
            let start = items.iter().find(|item| item.end > len).unwrap().start as u64;
            let offset = len as u64;
            let expected = Fault::Truncated { start, offset };
            assert_eq!(read(&bytes[..len], 3), Err(expected.clone()), "{len}");
            let streamed = read::read(Stream(Dribble(&bytes[..len], true)), 3);
            assert!(matches!(streamed, Err(ManifestReadError::File(fault)) if fault == expected));
        }
    }
}

#[test]
fn bytes_after_the_end_are_refused() {
    let mut bytes = written(&ManifestFile::new(ten()), 3);
    let offset = bytes.len() as u64;
    bytes.push(0);
    assert_eq!(refused(&bytes), Fault::TrailingBytes { offset });
}

#[test]
fn a_stream_that_fails_is_told_from_one_that_ends() {
    struct Broken<'a>(&'a [u8]);
    impl Read for Broken<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::UnexpectedEof.into()),
                read => Ok(read),
            }
        }
    }
    let bytes = written(&ManifestFile::new(ten()), 3);
    for len in 0..bytes.len() {
        match read::read(Stream(Broken(&bytes[..len])), 3) {
            Err(ManifestReadError::Read { offset, source }) => {
                assert_eq!(source.kind(), io::ErrorKind::UnexpectedEof);
                assert!(offset <= len as u64, "{offset} of {len}");
            }
            other => panic!("{other:?}"),
        }
    }
}

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
fn tensors_have_no_sha256() {
    let tensors = ManifestFile::new(Manifest::tensors(vec![]).unwrap());
    let head = tensors.manifest.head().clone();
    let header = Header { v: Version1, head, sha256: Some(Summary::EMPTY) };
    let mut contents = contents(&written(&tensors, 3));
    contents[0] = encode(&header);
    assert_eq!(refused(&joined(&contents)), Fault::Sha256 { place: FilePlace::Header });
}

#[test]
fn unknown_items_and_lengths_are_refused() {
    let ten = Ten::new();
    let range = |found, len| CborFault::OutOfRange { found, min: len, max: len };
    let start = items(&joined(&ten.contents))[ten.directory()].start as u64;
    assert_eq!(
        ten.refused(ten.directory(), |item| item[1] = 3),
        Fault::Misplaced { offset: start, found: 3 }
    );
    assert_eq!(ten.refused(1, |item| item[0] = 0x84), cbor(ten.offset(1, 0), range(4, 5)));
    let content = ten.parts + 1;
    assert_eq!(
        ten.refused(content, |item| item[0] = 0x82),
        cbor(ten.offset(content, 0), range(2, 3))
    );
    let end = ten.contents[1].len();
    let grown = ten.offset(1, end);
    assert_eq!(
        ten.refused(1, |item| item.push(0)),
        cbor(grown, CborFault::TrailingBytes { count: 1 })
    );
    let end = ten.offset(content, ten.contents[content].len());
    assert_eq!(
        ten.refused(content, |item| item.push(0)),
        cbor(end, CborFault::TrailingBytes { count: 1 })
    );
    let unknown = ten.refused(0, |item| item[2] = b'u');
    assert_eq!(unknown, cbor(ten.offset(0, 1), CborFault::UnknownKey { key: "u".into() }));
    // Not a byte string.
    let mut bytes = joined(&ten.contents);
    bytes[0] = 0x78;
    let fault = CborFault::UnexpectedType { found: "text string", expected: "byte string" };
    assert_eq!(refused(&bytes), cbor(0, fault));
    // Longer than any header, block or directory.
    assert_eq!(
        refused(&[0x59, 0x04, 0x01]),
        cbor(0, CborFault::TooLong { found: 1_025, limit: 1_024 })
    );
    let mut bytes = joined(&ten.contents[..1]);
    let offset = bytes.len();
    bytes.extend([0x5a, 0x01, 0x40, 0x00, 0x01]);
    let limit = crate::limits::MAX_BLOCK;
    assert_eq!(
        refused(&bytes),
        cbor(offset, CborFault::TooLong { found: limit as u64 + 1, limit })
    );
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

#[test]
fn a_content_row_that_counts_nothing_is_refused() {
    let ten = Ten::new();
    let item = ten.parts + 1;
    let fault = CborFault::OutOfRange { found: 0, min: 1, max: u64::MAX };
    assert_eq!(ten.contents[item][ROWS + 35], 2);
    let expected = cbor(ten.offset(item, ROWS + 35), fault);
    assert_eq!(ten.refused(item, |block| block[ROWS + 35] = 0), expected);
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
