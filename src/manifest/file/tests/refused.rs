//! One fault each, with its exact error.

mod blocks;
mod manifest;
mod tail;

use super::*;
use crate::cbor::CborFault;

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
