//! Files of which nothing is answered, or not everything.

use super::*;
use crate::cbor::CborFault;

#[test]
fn every_truncation_is_refused() {
    let bytes = written(&with_sha256(ten()), 3);
    for len in 0..bytes.len() {
        fault(open(&bytes[..len], ten().id(), 3));
    }
    assert_eq!(fault(open(&[][..], ten().id(), 3)), Fault::Truncated { start: 0, offset: 0 });
}

#[test]
fn a_source_that_fails_is_told_from_a_faulty_file() {
    struct Shrunk<'a>(&'a [u8]);
    impl ReadAt for Shrunk<'_> {
        fn size(&self) -> io::Result<u64> {
            Ok(self.0.len() as u64 + 1)
        }

        fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
            self.0.read_range(offset, buffer)
        }
    }
    let bytes = written(&ManifestFile::new(ten()), 3);
    match open(Shrunk(&bytes), ten().id(), 3) {
        Err(ManifestReadError::Read { offset: 0, source }) => {
            assert_eq!(source.kind(), io::ErrorKind::UnexpectedEof);
        }
        other => panic!("{other:?}"),
    }
}

/// The items of the file of [`ten`], and what is said after one of them was edited.
struct Edited {
    contents: Vec<Vec<u8>>,
    id: ManifestId,
}

impl Edited {
    fn new() -> Self {
        Self { contents: contents(&written(&ManifestFile::new(ten()), 3)), id: ten().id() }
    }

    fn open(
        &self,
        edit: impl FnOnce(&mut Vec<Vec<u8>>),
    ) -> Result<ManifestReader<Vec<u8>>, ManifestReadError> {
        let mut contents = self.contents.clone();
        edit(&mut contents);
        open(joined(&contents), self.id, 3)
    }

    fn directory(&self) -> usize {
        self.contents.len() - 2
    }

    /// With another directory.
    fn described(
        &self,
        edit: impl FnOnce(&mut Vec<Described>),
    ) -> Result<ManifestReader<Vec<u8>>, ManifestReadError> {
        let mut blocks = described(&self.contents[self.directory()]);
        edit(&mut blocks);
        self.open(|all| all[self.directory()] = directory::encode(&blocks))
    }
}

#[test]
fn a_directory_that_does_not_give_the_roots_is_refused() {
    let edited = Edited::new();
    let head = ten().head().clone();
    let blocks = described(&edited.contents[edited.directory()]);
    let parts = blocks.iter().filter(|block| block.tree == FileTree::Parts).count();
    let of_header = |tree, found| {
        move |fault: Fault| {
            matches!(fault, Fault::Summary { place: FilePlace::Header, tree: t, found: f, .. }
                if t == tree && f == found)
        }
    };
    for (block, described) in blocks.iter().enumerate() {
        let root =
            if described.tree == FileTree::Parts { head.parts } else { head.content.unwrap() };
        let is_expected = of_header(described.tree, root);
        let summary = edited.described(|blocks| {
            let mut bytes = blocks[block].summary.to_bytes();
            bytes[0] ^= 1;
            blocks[block].summary = Summary::from_bytes(&bytes).unwrap();
        });
        assert!(is_expected(fault(summary)));
        // The first bit decides where the block hangs.
        let key = edited.described(|blocks| blocks[block].key[0] ^= 0x80);
        let key = fault(key);
        assert!(matches!(key, Fault::Unordered { .. }) || is_expected(key));
    }
    let missing = edited.described(|blocks| {
        blocks.remove(0);
    });
    let length = blocks[0].length;
    let Fault::Trailer { found, expected } = fault(missing) else { panic!("not the blocks") };
    assert_eq!(found - expected, length);
    // Content before parts, and a block twice.
    let order = |edit: fn(&mut Vec<Described>, usize)| {
        fault(edited.described(|blocks| edit(blocks, parts)))
    };
    assert_eq!(
        order(|blocks, parts| blocks.rotate_left(parts)),
        Fault::Unordered { block: blocks.len() - parts, row: 0 }
    );
    assert_eq!(
        order(|blocks, _| blocks.insert(1, blocks[0])),
        Fault::Unordered { block: 1, row: 0 }
    );
    let place = FilePlace::Directory(0);
    let hashed = edited.described(|blocks| blocks[0].sha256 = Some(blocks[0].summary));
    assert_eq!(fault(hashed), Fault::Sha256 { place });
    let misplaced = fault(edited.open(|all| all[edited.directory()][1] = 1));
    assert!(matches!(misplaced, Fault::Misplaced { found: 1, .. }), "{misplaced:?}");
}

/// The id says nothing of SHA-256, the root in the header does.
#[test]
fn a_directory_gives_the_root_of_the_sha256_index() {
    let file = with_sha256(ten());
    let mut all = contents(&written(&file, 3));
    let directory = all.len() - 2;
    let mut blocks = described(&all[directory]);
    let mut bytes = blocks[0].sha256.unwrap().to_bytes();
    bytes[0] ^= 1;
    blocks[0].sha256 = Summary::from_bytes(&bytes);
    all[directory] = directory::encode(&blocks);
    let fault = fault(open(joined(&all), file.manifest.id(), 3));
    let found = *file.sha256().unwrap().root();
    assert!(
        matches!(fault, Fault::Summary { place: FilePlace::Header, tree: FileTree::Sha256, found: f, .. }
            if f == found),
        "{fault:?}"
    );
}

/// Of a first key the roots bind only the bits that tell the block from its neighbours.
#[test]
fn the_rest_of_a_first_key_is_checked_with_its_block() {
    let edited = Edited::new();
    let blocks = described(&edited.contents[edited.directory()]);
    let reader = edited.described(|blocks| blocks[0].key[31] ^= 1).unwrap();
    let mut found = blocks[0].key;
    found[31] ^= 1;
    let (rows, expected) = (ten(), blocks[0].key);
    let first = rows.file_entries().unwrap();
    assert_eq!(fault(reader.file(&first[0].name)), Fault::Key { block: 0, found, expected });
    assert_eq!(reader.file(&first[9].name).unwrap().as_ref(), Some(&first[9]));
}

#[test]
fn blocks_are_held_against_the_directory() {
    let edited = Edited::new();
    let blocks = described(&edited.contents[edited.directory()]);
    let rows = ten();
    let first = &rows.file_entries().unwrap()[0];
    // Lengths that add up to what they should, and cut the blocks elsewhere.
    let shifted = edited.described(|blocks| {
        blocks[0].length -= 1;
        blocks[1].length += 1;
    });
    let start = edited.contents[0].len() as u64 + 2;
    let offset = start + blocks[0].length - 1;
    assert_eq!(fault(shifted.unwrap().file(&first.name)), Fault::Truncated { start, offset });
    // A block of the other tree where one of parts should be.
    let content = blocks.iter().position(|block| block.tree == FileTree::Content).unwrap() + 1;
    let swapped = edited.open(|all| {
        let other = all[content].clone();
        let len = all[1].len();
        all[1] = other;
        all[1].resize(len, 0);
    });
    assert_eq!(
        fault(swapped.unwrap().file(&first.name)),
        Fault::Misplaced { offset: start, found: 1 }
    );
    // A row of which a bit was changed, with the summary of the block made to fit.
    let forged = edited.open(|all| {
        let name = first.name.as_bytes();
        let at = all[1].windows(name.len()).position(|window| window == name).unwrap();
        let digest = at + name.len() + 5 + 1 + 7 + 2;
        all[1][digest] ^= 1;
    });
    let forged = fault(forged.unwrap().file(&first.name));
    assert!(matches!(forged, Fault::Summary { place: FilePlace::Block(0), .. }), "{forged:?}");
}

#[test]
fn a_trailer_points_between_the_header_and_itself() {
    let edited = Edited::new();
    let bytes = joined(&edited.contents);
    let end = bytes.len() as u64 - 9;
    let begin = edited.contents[0].len() as u64 + 2;
    let fault_of = |found: u64| {
        fault(edited.open(|all| *all.last_mut().unwrap() = found.to_le_bytes().to_vec()))
    };
    for found in [0, begin - 1, end, end + 9, u64::MAX] {
        let range = CborFault::OutOfRange { found, min: begin, max: end - 1 };
        assert_eq!(fault_of(found), CborError::new(index(end), range).into());
    }
    // The first block instead of the directory.
    assert_eq!(fault_of(begin), Fault::Misplaced { offset: begin, found: 0 });
}

#[test]
fn a_directory_longer_than_its_rows_can_need_is_not_read() {
    let empty = files(&[]);
    let mut all = contents(&empty.to_bytes());
    all[1].resize(1 << 20, 0);
    let bytes = joined(&all);
    let source = Noted::new(&bytes);
    let begin = all[0].len() as u64 + 2;
    let found = bytes.len() as u64 - 9 - begin;
    let fault_ = CborFault::TooLong { found, limit: directory::max_len(0) };
    assert_eq!(fault(open(&source, empty.id(), 3)), CborError::new(index(begin), fault_).into());
    assert_eq!(source.count(), 2, "the end and the beginning");
}

#[test]
fn a_block_longer_than_any_is_not_read() {
    let edited = Edited::new();
    let blocks = described(&edited.contents[edited.directory()]);
    let long = crate::limits::MAX_BLOCK + 6;
    let last = blocks.len() - 1;
    let mut contents = edited.contents.clone();
    let mut changed = blocks;
    changed[last].length = long as u64;
    contents[edited.directory()] = directory::encode(&changed);
    let head: usize = contents[..=last].iter().map(|item| encode_head(item)).sum();
    // Zeros where the last block was.
    let mut bytes = joined(&contents[..=last]);
    assert_eq!(bytes.len(), head);
    bytes.resize(head + long, 0);
    let start = bytes.len() as u64;
    let mut end = Writer::new();
    end.bytes(&contents[edited.directory()]);
    end.bytes(&start.to_le_bytes());
    bytes.extend(end.as_bytes());
    let source = Noted::new(&bytes);
    let reader = open(&source, edited.id, 3).unwrap();
    source.count();
    let row = *ten().content_rows().last().unwrap();
    let limit = crate::limits::MAX_BLOCK;
    let too_long = CborFault::TooLong { found: long as u64, limit };
    assert_eq!(fault(reader.content(row.digest)), CborError::new(head, too_long).into());
    assert_eq!(source.count(), 0);
}

/// Length of an item of this content.
fn encode_head(content: &[u8]) -> usize {
    let mut writer = Writer::new();
    writer.bytes(content);
    writer.finish().len()
}

/// A tree that holds a content where no traversal comes, so that it could be shown or hidden at will.
#[test]
fn a_row_off_its_path_is_refused() {
    let digest = |first: u8| Digest::from_bytes([first; 32]);
    let row = |first| ContentRow { digest: digest(first), count: 1, size: 0 };
    // Below 0: 01 and, where it does not belong, c1. Below 1: 81 and e1.
    let blocks = [[row(0x01), row(0xc1)], [row(0x81), row(0xe1)]];
    let summary = |rows: &[ContentRow]| {
        let leaves = rows.iter().map(|row| row.leaf(row.key(), &[]).unwrap());
        tree::root(tree::Kind::Content, leaves).unwrap()
    };
    let named: Vec<(&str, &str)> = vec![("a", ""), ("b", ""), ("c", ""), ("d", "")];
    let sound = files(&named);
    let encoded: Vec<Vec<u8>> = blocks
        .iter()
        .map(|rows| {
            let mut writer = Writer::new();
            writer.array(3);
            writer.uint(1);
            summary(rows).encode(&mut writer);
            writer.array(rows.len());
            for row in rows {
                row.encode(&mut writer);
            }
            writer.finish()
        })
        .collect();
    let mut root = tree::RootBuilder::new(tree::Kind::Content);
    for rows in &blocks {
        root.push_subtree(rows[0].key(), summary(rows)).unwrap();
    }
    let head = Head { content: Some(root.finish().unwrap()), ..sound.head().clone() };
    let mut all = contents(&written(&ManifestFile::new(sound), 2));
    let mut described = described(&all[all.len() - 2]);
    let parts = described.iter().filter(|block| block.tree == FileTree::Parts).count();
    described.truncate(parts);
    for (rows, block) in blocks.iter().zip(&encoded) {
        let length = encode_head(block) as u64;
        let (tree, key, summary) = (FileTree::Content, rows[0].key(), summary(rows));
        described.push(Described { tree, key, summary, length, sha256: None });
    }
    let id = head.id();
    all[0] = encode(&Header { v: Version1, head, sha256: None });
    let end = all.len() - 2;
    all.splice(parts + 1..end, encoded);
    let end = all.len() - 2;
    all[end] = directory::encode(&described);
    let start = joined(&all[..end]).len() as u64;
    all[end + 1] = start.to_le_bytes().to_vec();
    let reader = open(joined(&all), id, 2).unwrap();
    let refused = || Fault::OffPath { block: parts, row: 1 };
    assert_eq!(fault(reader.content(digest(0x01))), refused());
    assert_eq!(fault(reader.content(digest(0x02))), refused());
    // Where the way to it leads, it is not.
    assert_eq!(reader.content(digest(0xc1)).unwrap(), ABSENT);
    assert_eq!(reader.content(digest(0x81)).unwrap(), ContentAnswer::Present(row(0x81)));
    // Whoever reads all finds it out of order.
    let verified = verify::verify(joined(&all).as_slice(), 2);
    assert_eq!(verified, Err(Fault::Unordered { block: parts + 1, row: 0 }));
}
