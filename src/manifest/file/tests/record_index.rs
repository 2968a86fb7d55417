//! Record index files: as the index in memory says it, or refused.

use std::convert::Infallible;

use super::reader::Noted;
use super::*;
use crate::cbor::CborFault;
use crate::id::ManifestId;
use crate::limits::MAX_BLOCK;
use crate::manifest::prover::Provable;
use crate::manifest::{
    Document, Evidence, EvidenceBuilder, Index, IndexError, Prover, RecordIndex,
    RecordIndexBuilder, RecordPresence, RecordRow, RecordRule,
};

type Fault = ManifestFileError;

const RULE: RecordRule = RecordRule::LineRaw;

fn indexed(of: ManifestId, lines: &[String]) -> RecordIndex {
    let mut builder = RecordIndexBuilder::new(of, RULE);
    for line in lines {
        builder.file(line.as_bytes()).unwrap();
    }
    builder.finish().unwrap()
}

/// Of nearly as many different lines.
fn lines(count: u32) -> RecordIndex {
    let lines: Vec<String> = (0..count).map(|i| format!("{}", i / 3 * 2)).collect();
    indexed(ManifestId::from_bytes([7; 32]), &lines)
}

fn written(index: &RecordIndex, limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    write::write_records(index, limit, &mut bytes).unwrap();
    bytes
}

fn whole(bytes: &[u8], limit: usize) -> Result<RecordIndex, Fault> {
    records::whole(bytes, limit)
}

fn opened<S: ReadAt>(
    source: S,
    index: &RecordIndex,
    limit: usize,
) -> Result<RecordIndexReader<S>, ManifestReadError> {
    RecordIndexReader::open_blocks(source, index.id(), limit)
}

/// What whoever reads all of it refuses it for, with rows kept or not.
#[track_caller]
fn refused(bytes: &[u8]) -> Fault {
    let fault = whole(bytes, 3).expect_err("a faulty file");
    assert_eq!(records::verify(bytes, 3), Err(fault.clone()));
    fault
}

/// What whoever opens it under the id of `index` refuses it for.
#[track_caller]
fn unopened(bytes: &[u8], index: &RecordIndex) -> Fault {
    match opened(bytes, index, 3).expect_err("a faulty file") {
        ManifestReadError::File(fault) => fault,
        other => panic!("{other:?}"),
    }
}

/// Every answer is that of `index`, or an error; returns whether all were answers.
fn tells_the_truth<S: ReadAt>(reader: &RecordIndexReader<S>, index: &RecordIndex) -> bool {
    let mut all = true;
    for row in index.rows() {
        for (digest, count) in [(row.digest, row.count), (Digest::of(row.digest.as_bytes()), 0)] {
            let found = reader.count_of(digest);
            assert!(found.as_ref().map_or(true, |found| *found == count));
            all &= found.is_ok();
        }
    }
    all
}

fn some_lines() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-c]{0,4}", 0..60)
}

proptest! {
    #[test]
    fn a_file_reads_back_and_answers_as_the_index_does(
        lines in some_lines(), limit in 1_usize..9, some: bool
    ) {
        let mut index = indexed(ManifestId::from_bytes([7; 32]), &lines);
        if some {
            let files = *ten().parts();
            let mut builder = RecordIndexBuilder::new(index.of(), RULE).only(files);
            builder.digests(lines.iter().flat_map(|line| {
                line.lines().map(|line| (Digest::of(line.as_bytes()), line.len() as u64))
            }));
            index = builder.finish().unwrap();
        }
        let bytes = written(&index, limit);
        prop_assert_eq!(whole(&bytes, limit), Ok(index.clone()));
        let dribbled = records::whole(Stream(Dribble(&bytes, false)), limit).unwrap();
        prop_assert_eq!(&dribbled, &index);
        let verified = records::verify(bytes.as_slice(), limit).unwrap();
        prop_assert_eq!(verified.id(), index.id());
        prop_assert_eq!(verified.index().files, index.files().copied());
        prop_assert_eq!(verified.distinct(), index.distinct());
        let reader = opened(bytes, &index, limit).unwrap();
        prop_assert_eq!((reader.id(), reader.rule()), (index.id(), index.rule()));
        prop_assert!(tells_the_truth(&reader, &index));
        for text in lines.iter().map(String::as_str).chain(["none", "two\nlines"]) {
            let document = Document::Text(text);
            prop_assert_eq!(reader.look_up(document).unwrap(), index.look_up(document));
        }
    }

    #[test]
    fn evidence_of_records_from_files_is_that_from_rows(
        entries in file_entries(), lines in some_lines(), limit in 1_usize..9
    ) {
        let manifest = Manifest::files(entries, NameProfile::Any).unwrap();
        let index = indexed(manifest.id(), &lines);
        let source = |bytes: Vec<u8>| -> Box<dyn ReadAt> { Box::new(bytes) };
        let records = opened(source(written(&index, limit)), &index, limit).unwrap();
        let reader = ManifestReader::open(source(manifest.to_bytes()), manifest.id()).unwrap();
        let reader = reader.with_records(records).unwrap();
        let prover = Prover::new(&manifest).with_records(&index).unwrap();
        let Ok(expected) = evidence::<Infallible>(&prover, &lines);
        let found = evidence::<ManifestReadError>(&reader, &lines).unwrap();
        prop_assert_eq!(found.to_bytes(), expected.to_bytes());
        for line in &lines {
            let document = Document::Record(line.as_bytes());
            let told = found.look_up(manifest.id(), &index.dataset_index(), document);
            prop_assert_eq!(told, index.look_up(document));
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_flipped_bit_is_refused_or_changes_no_answer(
        lines in some_lines(), at in any::<prop::sample::Index>(), bit in 0_u8..8
    ) {
        let index = indexed(ManifestId::from_bytes([7; 32]), &lines);
        let mut bytes = written(&index, 3);
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        match whole(&bytes, 3) {
            Err(_) => prop_assert!(records::verify(bytes.as_slice(), 3).is_err()),
            // Another dataset or another rule of the same length.
            Ok(other) => prop_assert_ne!(other.id(), index.id()),
        }
        if let Ok(reader) = opened(bytes, &index, 3) {
            prop_assert!(!tells_the_truth(&reader, &index));
        }
    }
}

fn evidence<E>(of: &dyn Provable<E>, lines: &[String]) -> Result<Evidence, E> {
    let mut evidence = EvidenceBuilder::default();
    let asked = lines.iter().step_by(2).map(|line| Digest::of(line.as_bytes()));
    evidence.records(of, &RULE, asked.chain(lines.iter().map(|line| Digest::of(line.as_bytes()))));
    evidence.build()
}

#[test]
fn three_readings_open_a_long_file_and_one_answers() {
    let index = lines(30_000);
    let bytes = index.to_bytes();
    let source = Noted::new(&bytes);
    let reader = RecordIndexReader::open(&source, index.id()).unwrap();
    assert!(source.count() <= 3);
    assert_eq!(reader.count_of(Digest::of(b"4000")).unwrap(), 3);
    assert_eq!(source.count(), 1);
    assert_eq!(reader.count_of(Digest::of(b"4001")).unwrap(), 0);
    assert!(source.count() <= 1);
    assert_eq!(RecordIndex::decode(&bytes), Ok(index));
    assert_eq!(RecordIndex::verify(bytes.as_slice()).unwrap().distinct(), 10_000);
}

#[test]
fn an_index_without_records_has_a_file_without_blocks() {
    let index = indexed(ManifestId::from_bytes([7; 32]), &[]);
    let bytes = index.to_bytes();
    assert_eq!(items(&bytes).len(), 3);
    assert_eq!(RecordIndex::decode(&bytes), Ok(index.clone()));
    let reader = RecordIndexReader::open(bytes, index.id()).unwrap();
    assert_eq!(reader.count_of(Digest::of(b"")).unwrap(), 0);
}

#[test]
fn the_file_of_another_index_is_refused() {
    let (one, other) = (lines(10), lines(11));
    let fault = opened(written(&one, 3), &other, 3).unwrap_err();
    let (found, expected) = (one.id(), other.id());
    assert!(matches!(
        fault,
        ManifestReadError::OtherIndex { found: f, expected: e } if (f, e) == (found, expected)
    ));
    let manifest = ten();
    let reader = ManifestReader::open(manifest.to_bytes(), manifest.id()).unwrap();
    let records = RecordIndexReader::open(one.to_bytes(), one.id()).unwrap();
    let (found, expected) = (one.of(), manifest.id());
    let fault = reader.with_records(records).unwrap_err();
    assert_eq!(fault, IndexError::OtherManifest { found, expected });
}

#[test]
fn records_that_no_index_at_hand_has_open_nothing() {
    let manifest = ten();
    let reader = ManifestReader::open(manifest.to_bytes(), manifest.id()).unwrap();
    let evidence = evidence::<ManifestReadError>(&reader, &["one".to_owned()]).unwrap();
    let declared = indexed(manifest.id(), &[]).dataset_index();
    let told = evidence.look_up(manifest.id(), &declared, Document::Text("one"));
    assert_eq!(told, RecordPresence::Unknown);
}

/// The file of some records, with one item edited.
fn edited(index: &RecordIndex, item: usize, edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut contents = contents(&written(index, 3));
    edit(&mut contents[item]);
    joined(&contents)
}

#[test]
fn an_index_that_is_not_over_records_has_no_such_file() {
    for rule in ["sha256", "line-raw/2"] {
        let header = Index::new(ManifestId::from_bytes([7; 32]), rule, Summary::EMPTY);
        let bytes = edited(&lines(0), 0, |item| *item = encode(&header));
        let fault = refused(&bytes);
        assert!(matches!(fault, Fault::Rule(_)), "{rule}: {fault:?}");
        let opened = RecordIndexReader::open(bytes, header.id());
        let fault = opened.unwrap_err();
        assert!(matches!(fault, ManifestReadError::File(Fault::Rule(_))), "{fault:?}");
    }
}

#[test]
fn blocks_of_other_trees_are_refused() {
    let index = lines(30);
    for (kind, found) in [(0, 0), (1, 1), (4, 4)] {
        let bytes = edited(&index, 1, |item| item[1] = kind);
        let offset = items(&bytes)[1].start as u64;
        assert_eq!(refused(&bytes), Fault::Misplaced { offset, found });
        let digest = index.rows()[0].digest;
        let reader = opened(bytes, &index, 3).unwrap();
        assert!(matches!(
            reader.count_of(digest),
            Err(ManifestReadError::File(Fault::Misplaced { offset: o, found: f })) if (o, f) == (offset, found)
        ));
    }
    // And those of records in a manifest file.
    let file = ManifestFile::new(ten());
    let mut contents = contents(&super::written(&file, 3));
    contents[1][1] = 3;
    let bytes = joined(&contents);
    let offset = items(&bytes)[1].start as u64;
    assert!(
        matches!(read(&bytes, 3), Err(Fault::Rows { tree: FileTree::Parts, found: 0, .. })),
        "{offset}"
    );
}

#[test]
fn every_row_block_and_summary_is_held_against_the_others() {
    let index = lines(30);
    let count = contents(&written(&index, 3)).len();
    assert!(count > 6, "{count}");
    // The last byte of a block is the size of its last record.
    let bytes = edited(&index, 1, |item| *item.last_mut().unwrap() ^= 1);
    let place = FilePlace::Block(0);
    assert!(
        matches!(refused(&bytes), Fault::Summary { place: p, tree: FileTree::Records, .. } if p == place)
    );
    // A header that counts otherwise, of which the id is not that of the index.
    let mut header = index.preimage();
    header.tree = *lines(31).root();
    let bytes = edited(&index, 0, |item| *item = encode(&header));
    let (found, expected) = (header.tree, *index.root());
    let fault =
        Fault::Summary { place: FilePlace::Header, tree: FileTree::Records, found, expected };
    assert_eq!(refused(&bytes), fault);
    let opened = RecordIndexReader::open_blocks(bytes, header.id(), 3).unwrap_err();
    assert!(matches!(opened, ManifestReadError::File(found) if found == fault));
    // Another first key in the directory: the root it gives may be the same, the block is another.
    let directory = count - 2;
    let bytes = edited(&index, directory, |item| item[2 + 2 + 2 + 31] ^= 1);
    assert_eq!(refused(&bytes), Fault::Directory);
    let reader = RecordIndexReader::open_blocks(bytes, index.id(), 3).unwrap();
    let fault = reader.count_of(index.rows()[0].digest).unwrap_err();
    assert!(matches!(fault, ManifestReadError::File(Fault::Key { block: 0, .. })), "{fault:?}");
    // A directory that describes blocks of another tree.
    let bytes = edited(&index, directory, |item| item[3] = 1);
    let offset = items(&bytes)[directory].start + 3 + 3;
    let fault = CborFault::Mismatch { found: "1".into(), expected: "3".into() };
    assert_eq!(refused(&bytes), CborError::new(offset, fault.clone()).into());
    assert_eq!(unopened(&bytes, &index), CborError::new(offset, fault).into());
}

#[test]
fn blocks_end_where_their_keys_say_and_rows_count_something() {
    let index = lines(30);
    let bytes = written(&index, 2);
    assert!(matches!(refused(&bytes), Fault::Boundary { .. }));
    // A record that occurs no times.
    let row = |digest: Digest| RecordRow { digest, count: 0, size: 1 };
    let bytes = edited(&index, 1, |item| {
        let mut writer = Writer::new();
        writer.array(3);
        writer.uint(3);
        Summary::EMPTY.encode(&mut writer);
        writer.array(1);
        row(index.rows()[0].digest).encode(&mut writer);
        *item = writer.finish();
    });
    let offset = items(&bytes)[1].start + 2 + 2 + 50 + 1 + 1 + 34;
    let fault = CborFault::OutOfRange { found: 0, min: 1, max: u64::MAX };
    assert_eq!(refused(&bytes), CborError::new(offset, fault).into());
}

#[test]
fn every_truncation_and_addition_is_refused() {
    let index = lines(30);
    let bytes = written(&index, 3);
    for len in 0..bytes.len() {
        let fault = refused(&bytes[..len]);
        assert!(matches!(fault, Fault::Truncated { offset, .. } if offset == len as u64), "{len}");
        unopened(&bytes[..len], &index);
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert_eq!(refused(&longer), Fault::TrailingBytes { offset: bytes.len() as u64 });
    // Its last nine bytes begin within the trailer.
    let fault = unopened(&longer, &index);
    assert!(matches!(&fault, Fault::Cbor(fault) if fault.offset == bytes.len() - 8), "{fault:?}");
    let mut moved = contents(&bytes);
    let trailer = moved.last_mut().unwrap();
    trailer[0] ^= 1;
    let expected = items(&bytes)[moved.len() - 2].start as u64;
    let fault = Fault::Trailer { found: expected ^ 1, expected };
    assert_eq!(refused(&joined(&moved)), fault);
}

#[test]
fn a_claimed_length_allocates_nothing() {
    let mut writer = Writer::new();
    writer.bytes(&encode(&lines(9).preimage()));
    writer.bytes_head(MAX_BLOCK);
    let bytes = writer.finish();
    let mut input = Input::new(bytes.as_slice());
    let start = input.item(2_048).unwrap().end();
    let truncated = Fault::Truncated { start, offset: bytes.len() as u64 };
    assert_eq!(input.item(MAX_BLOCK).map(drop), Err(truncated.clone()));
    assert!(input.capacity() < 4_096, "{}", input.capacity());
    assert_eq!(refused(&bytes), truncated);
}

#[test]
fn a_block_that_is_not_the_one_described_answers_nothing() {
    let index = lines(30);
    let mut bytes = written(&index, 3);
    // In the summary or the rows of the first block.
    let header = encode(&index.preimage()).len();
    bytes[header + 80] ^= 1;
    let reader = opened(bytes, &index, 3).unwrap();
    let text = |row: &RecordRow| {
        (0..30).map(|i| i.to_string()).find(|line| Digest::of(line.as_bytes()) == row.digest)
    };
    let text = text(&index.rows()[0]).unwrap();
    assert!(matches!(reader.count_of(index.rows()[0].digest), Err(ManifestReadError::File(_))));
    let answer = reader.look_up(Document::Text(&text));
    assert!(matches!(answer, Err(ManifestReadError::File(_))), "{answer:?}");
}

#[test]
fn the_last_blocks_end_where_their_keys_say_too() {
    // Two rows, which are one block of at most three.
    let index = lines(4);
    assert_eq!(whole(&written(&index, 3), 3).as_ref(), Ok(&index));
    let fault = Fault::Boundary { block: 0, found: 1, expected: 2 };
    assert_eq!(whole(&written(&index, 1), 3), Err(fault));
}
