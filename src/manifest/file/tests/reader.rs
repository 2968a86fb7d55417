//! Answers by range reads: as the whole file gives them, or none.

mod refused;

use std::cell::RefCell;

use super::*;
use crate::id::ManifestId;
use crate::manifest::{Audit, ContentAnswer};

/// As a root tells it that nobody has audited.
const ABSENT: ContentAnswer = ContentAnswer::Absent { audit: Audit::None };

type Fault = ManifestFileError;

/// Notes where each reading begins and how long it is.
pub(super) struct Noted<'a>(&'a [u8], RefCell<Vec<(u64, usize)>>);

impl<'a> Noted<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes, RefCell::default())
    }

    /// How many there were since the last call.
    pub(super) fn count(&self) -> usize {
        self.1.borrow_mut().drain(..).count()
    }
}

impl ReadAt for Noted<'_> {
    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }

    fn read_range(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.1.borrow_mut().push((offset, buffer.len()));
        self.0.read_range(offset, buffer)
    }
}

fn open<S: ReadAt>(
    source: S,
    id: ManifestId,
    limit: usize,
) -> Result<ManifestReader<S>, ManifestReadError> {
    ManifestReader::open_blocks(source, id, limit)
}

/// The fault of a file.
#[track_caller]
fn fault<T: std::fmt::Debug>(result: Result<T, ManifestReadError>) -> Fault {
    match result.expect_err("a faulty file") {
        ManifestReadError::File(fault) => fault,
        other => panic!("{other:?}"),
    }
}

/// Every answer is that of `file`, or an error; returns whether all were answers.
fn tells_the_truth<S: ReadAt>(reader: &ManifestReader<S>, file: &ManifestFile) -> bool {
    let mut all = true;
    let mut is = |told: bool, failed: bool| {
        assert!(told || failed);
        all &= !failed;
    };
    for entry in file.manifest.file_entries().unwrap_or_default() {
        let found = reader.file(&entry.name);
        is(found.as_ref().is_ok_and(|found| found.as_ref() == Some(entry)), found.is_err());
        let absent = reader.file(&format!("{}-", entry.name));
        is(matches!(absent, Ok(None)), absent.is_err());
        let sha256 = reader.sha256_of(&entry.name);
        let expected = file.sha256_of(&entry.name);
        is(sha256.as_ref().is_ok_and(|sha256| *sha256 == expected), sha256.is_err());
    }
    for entry in file.manifest.tensor_entries().unwrap_or_default() {
        let found = reader.tensor(&entry.name);
        is(found.as_ref().is_ok_and(|found| found.as_ref() == Some(entry)), found.is_err());
    }
    for row in file.manifest.content_rows() {
        let found = reader.content(row.digest);
        let present = ContentAnswer::Present(*row);
        is(found.as_ref().is_ok_and(|found| *found == present), found.is_err());
        let absent = reader.content(Digest::of(row.digest.as_bytes()));
        is(matches!(absent, Ok(ABSENT)), absent.is_err());
    }
    all
}

proptest! {
    #[test]
    fn answers_are_those_of_the_whole_file(
        entries in file_entries(), limit in 1_usize..9, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let reader = open(written(&file, limit), file.manifest.id(), limit).unwrap();
        prop_assert_eq!(reader.head(), file.manifest.head());
        prop_assert_eq!(reader.id(), file.manifest.id());
        let index = reader.sha256().map(crate::manifest::Index::id);
        prop_assert_eq!(index, file.sha256().map(Sha256Index::id));
        prop_assert!(tells_the_truth(&reader, &file));
        prop_assert!(matches!(reader.tensor("f-a.txt"), Ok(None)));
    }

    #[test]
    fn answers_of_tensors_are_those_of_the_whole_file(
        entries in tensor_entries(), limit in 1_usize..9
    ) {
        let file = ManifestFile::new(Manifest::tensors(entries).unwrap());
        let reader = open(written(&file, limit), file.manifest.id(), limit).unwrap();
        prop_assert!(tells_the_truth(&reader, &file));
        prop_assert!(matches!(reader.file("a"), Ok(None)));
        prop_assert!(matches!(reader.sha256_of("a"), Ok(None)));
    }

    #[test]
    fn a_flipped_bit_is_refused_or_changes_no_answer(
        entries in file_entries(), at in any::<prop::sample::Index>(), bit in 0_u8..8, hashed: bool
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let file = if hashed { with_sha256(manifest) } else { ManifestFile::new(manifest) };
        let mut bytes = written(&file, 4);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(reader) = open(bytes, file.manifest.id(), 4) {
            // What was flipped is in a block, or in the end of a key in the directory.
            prop_assert!(!tells_the_truth(&reader, &file));
        }
    }

    #[test]
    fn two_files_spliced_tell_no_lie(
        one in file_entries(), other in file_entries(), at in any::<prop::sample::Index>()
    ) {
        let [one, other] = [one, other]
            .map(|entries| ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap()));
        let (mut bytes, rest) = (written(&one, 4), written(&other, 4));
        let at = at.index(bytes.len().min(rest.len()));
        bytes.truncate(at);
        bytes.extend(&rest[at..]);
        if let Ok(reader) = open(bytes.as_slice(), one.manifest.id(), 4) {
            tells_the_truth(&reader, &one);
        }
        if let Ok(reader) = open(bytes.as_slice(), other.manifest.id(), 4) {
            tells_the_truth(&reader, &other);
        }
    }
}

/// A file of 4000 files, some 500 KiB.
pub(super) fn long() -> ManifestFile {
    let names: Vec<String> = (0..4_000).map(|i| format!("{i}")).collect();
    let pairs: Vec<(&str, &str)> =
        names.iter().map(|name| (name.as_str(), name.as_str())).collect();
    with_sha256(files(&pairs))
}

#[test]
fn a_proof_needs_at_most_four_reads() {
    let file = long();
    let id = file.manifest.id();
    // With few blocks, the directory is read with the trailer; with many, by itself.
    for (limit, opening) in [(1_000, 2), (2, 3)] {
        let bytes = written(&file, limit);
        let source = Noted::new(&bytes);
        let reader = open(&source, id, limit).unwrap();
        assert_eq!(source.count(), opening, "{limit}");
        let entry = &file.manifest.file_entries().unwrap()[1_234];
        assert_eq!(reader.file(&entry.name).unwrap().as_ref(), Some(entry));
        assert_eq!(source.count(), 1, "{limit}");
        assert_eq!(reader.sha256_of(&entry.name).unwrap(), file.sha256_of(&entry.name));
        assert_eq!(source.count(), 0, "the block is still there");
        assert!(reader.content(entry.digest).unwrap() != ABSENT);
        assert_eq!(source.count(), 1, "{limit}");
        assert_eq!(reader.content(Digest::of(b"no such work")).unwrap(), ABSENT);
        assert!(source.count() <= 1, "{limit}");
    }
    let bytes = written(&ManifestFile::new(ten()), 3);
    let source = Noted::new(&bytes);
    open(&source, ten().id(), 3).unwrap();
    assert_eq!(source.count(), 1);
}

#[test]
fn questions_in_order_read_every_block_once() {
    let file = long();
    let bytes = written(&file, 64);
    let source = Noted::new(&bytes);
    let reader = open(&source, file.manifest.id(), 64).unwrap();
    source.count();
    for row in file.manifest.content_rows() {
        assert_eq!(reader.content(row.digest).unwrap(), ContentAnswer::Present(*row));
    }
    let blocks = contents(&bytes).iter().filter(|item| item[..2] == [0x83, 1]).count();
    assert_eq!(source.count(), blocks);
    // The last four blocks are still there, those before them are not.
    let rows = file.manifest.content_rows();
    assert!(reader.content(rows[rows.len() - 1].digest).unwrap() != ABSENT);
    assert_eq!(source.count(), 0);
    assert!(reader.content(rows[0].digest).unwrap() != ABSENT);
    assert_eq!(source.count(), 1);
}

#[test]
fn the_file_of_another_manifest_is_told_by_its_id() {
    let bytes = written(&ManifestFile::new(ten()), 3);
    let asked = ManifestId::from_bytes([1; 32]);
    assert!(matches!(
        open(bytes, asked, 3),
        Err(ManifestReadError::OtherManifest { found, expected })
            if found == ten().id() && expected == asked
    ));
}

#[test]
fn a_key_that_belongs_to_no_block_is_absent_without_reading_one() {
    // Both begin with seven 0 bits, and part at the eighth.
    let digests = [[0; 32], [1; 32]].map(Digest::from_bytes);
    let entries = vec![FileEntry::new("a", 0, digests[0]), FileEntry::new("b", 0, digests[1])];
    let file = ManifestFile::new(Manifest::files(entries, NameProfile::Any).unwrap());
    let bytes = written(&file, 1);
    let source = Noted::new(&bytes);
    let reader = open(&source, file.manifest.id(), 1).unwrap();
    source.count();
    for first in [2, 3, 0x7f, 0x80, 0xff] {
        assert_eq!(reader.content(Digest::from_bytes([first; 32])).unwrap(), ABSENT);
    }
    assert_eq!(source.count(), 0);
    let mut near = [1; 32];
    near[31] = 0;
    assert_eq!(reader.content(Digest::from_bytes(near)).unwrap(), ABSENT);
    assert_eq!(source.count(), 1);
}

#[cfg(feature = "fs")]
#[test]
fn a_file_on_disk_answers_on_several_threads() {
    use std::io::Write as _;

    let file = long();
    let mut on_disk = tempfile::tempfile().unwrap();
    on_disk.write_all(&written(&file, 64)).unwrap();
    let reader = open(on_disk, file.manifest.id(), 64).unwrap();
    std::thread::scope(|scope| {
        for part in file.manifest.file_entries().unwrap().chunks(1_000) {
            let reader = &reader;
            scope.spawn(move || {
                for entry in part {
                    assert_eq!(reader.file(&entry.name).unwrap().as_ref(), Some(entry));
                }
            });
        }
    });
}

#[test]
fn a_reader_of_a_manifest_without_rows_finds_nothing() {
    let empty = files(&[]);
    let reader = ManifestReader::open(empty.to_bytes(), empty.id()).unwrap();
    assert_eq!(reader.file("a").unwrap(), None);
    assert_eq!(reader.content(Digest::of(b"")).unwrap(), ABSENT);
}
