use std::fs;
use std::io::Cursor;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::manifest::RecordIndexBuilder;

const OF: ManifestId = ManifestId::from_bytes([7; 32]);
const RULE: RecordRule = RecordRule::LineRaw;

/// Little enough for a run of a few records each.
const LITTLE: usize = 1_000;

fn spill() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn entries(dir: &TempDir) -> usize {
    fs::read_dir(dir.path()).unwrap().count()
}

fn writer(dir: &TempDir, memory: usize) -> RecordIndexWriter<'static> {
    RecordIndexWriter::new(dir.path(), memory, OF, RULE).unwrap()
}

fn written(
    dir: &TempDir,
    writer: RecordIndexWriter<'_>,
) -> Result<(Vec<u8>, Index), RecordIndexWriterError> {
    let mut out = Cursor::new(Vec::new());
    let index = writer.finish(&mut out);
    assert_eq!(entries(dir), 0, "nothing is left behind");
    Ok((out.into_inner(), index?))
}

#[track_caller]
fn refused(records: &[(Digest, u64)]) -> RecordIndexError {
    let dir = spill();
    let mut writer = writer(&dir, LITTLE);
    writer.digests(records.iter().copied()).unwrap();
    match written(&dir, writer) {
        Err(RecordIndexWriterError::Index(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn record() -> impl Strategy<Value = (Digest, u64)> {
    let size = prop_oneof![300 => Just(1_u64), 1 => Just(2), 1 => Just(u64::MAX)];
    (0_u8..40, size).prop_map(|(byte, size)| (Digest::of(&[byte]), size))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_file_or_fault_is_that_of_the_builder_whatever_order_memory_and_writers(
        (records, shuffled) in prop::collection::vec(record(), 0..150)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle())),
        memory in 100_usize..8_000,
        writers in 1_usize..4,
        some: bool,
    ) {
        let files = Summary::EMPTY;
        let mut builder = RecordIndexBuilder::new(OF, RULE);
        if some {
            builder = builder.only(files);
        }
        builder.digests(records.iter().copied());
        let dir = spill();
        let part = || {
            let part = writer(&dir, memory);
            if some { part.only(files) } else { part }
        };
        let mut whole = part();
        for piece in shuffled.chunks(records.len() / writers + 1) {
            let mut part = part();
            part.digests(piece.iter().copied()).unwrap();
            whole.merge(part).unwrap();
        }
        match (written(&dir, whole), builder.finish()) {
            (Ok((file, index)), Ok(expected)) => {
                prop_assert_eq!(index.id(), expected.id());
                prop_assert_eq!(file, expected.to_bytes());
            }
            (Err(RecordIndexWriterError::Index(fault)), Err(expected)) => {
                let is_sum = |fault: &RecordIndexError| matches!(fault, RecordIndexError::Tree(_));
                // Whether sums or sizes are found first depends on where sums are made.
                prop_assert!(fault == expected || is_sum(&fault) || is_sum(&expected));
            }
            (found, expected) => prop_assert!(false, "{:?} {:?}", found, expected),
        }
    }

    #[test]
    fn files_are_split_as_the_builder_splits_them(
        lines in prop::collection::vec("[a-d]{0,3}", 0..200), memory in 100_usize..4_000
    ) {
        let content = lines.join("\n");
        let mut builder = RecordIndexBuilder::new(OF, RULE);
        builder.file(content.as_bytes()).unwrap();
        let dir = spill();
        let mut writer = writer(&dir, memory);
        writer.read(content.as_bytes()).unwrap();
        prop_assert_eq!(written(&dir, writer).unwrap().0, builder.finish().unwrap().to_bytes());
    }
}

#[test]
fn memory_is_bounded_and_runs_are_merged() {
    let dir = spill();
    let mut writer = writer(&dir, LITTLE);
    let mut builder = RecordIndexBuilder::new(OF, RULE);
    for i in 0..3_000_u32 {
        let record = (Digest::of(&(i % 2_000).to_le_bytes()), 4);
        writer.digests([record]).unwrap();
        builder.digests([record]);
    }
    assert!(writer.runs.len() > 100, "{}", writer.runs.len());
    assert_eq!(written(&dir, writer).unwrap().0, builder.finish().unwrap().to_bytes());
}

#[test]
fn one_digest_with_two_sizes_and_sums_that_overflow_are_refused() {
    let (digest, other) = (Digest::of(b"x"), Digest::of(b"y"));
    let conflict = RecordIndexError::SizeConflict { digest, one: 1, other: 2 };
    assert_eq!(refused(&[(digest, 2), (other, 1), (digest, 1)]), conflict);
    let overflow = RecordIndexError::Tree(TreeError::SumOverflow);
    assert_eq!(refused(&[(digest, u64::MAX), (other, 1)]), overflow);
    assert_eq!(refused(&[(digest, u64::MAX), (digest, u64::MAX)]), overflow);
}

#[test]
fn a_file_that_was_not_taken_to_its_end_makes_no_index() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let dir = spill();
    let mut writer = RecordIndexWriter::new(dir.path(), LITTLE, OF, RecordRule::JsonJcs).unwrap();
    let fault = writer.read(&b"{}\n{]\n"[..]).unwrap_err();
    assert!(matches!(
        fault,
        RecordIndexWriterError::Records(RecordReadError::Record(error)) if error.offset == 4
    ));
    assert!(matches!(
        written(&dir, writer),
        Err(RecordIndexWriterError::Index(RecordIndexError::Incomplete { source: Some(_) }))
    ));
    let mut writer = self::writer(&dir, LITTLE);
    assert!(matches!(
        writer.read(Fails),
        Err(RecordIndexWriterError::Records(RecordReadError::Read(_)))
    ));
    // Nor one that it is merged into.
    let mut whole = self::writer(&dir, LITTLE);
    whole.merge(writer).unwrap();
    assert!(matches!(
        written(&dir, whole),
        Err(RecordIndexWriterError::Index(RecordIndexError::Incomplete { source: None }))
    ));
}

#[test]
fn records_of_another_dataset_rule_or_files_are_not_merged() {
    let dir = spill();
    let mut here = writer(&dir, LITTLE);
    let found = ManifestId::from_bytes([8; 32]);
    let make = |of, rule| RecordIndexWriter::new(dir.path(), LITTLE, of, rule).unwrap();
    let mut refused = |other| match here.merge(other) {
        Err(RecordIndexWriterError::Index(fault)) => fault,
        other => panic!("{other:?}"),
    };
    let fault = RecordIndexError::OtherManifest { found, expected: OF };
    assert_eq!(refused(make(found, RULE)), fault);
    let fault = RecordIndexError::OtherRule { found: RecordRule::JsonJcs, expected: RULE };
    assert_eq!(refused(make(OF, RecordRule::JsonJcs)), fault);
    let fault = RecordIndexError::OtherFiles { of: OF };
    assert_eq!(refused(make(OF, RULE).only(Summary::EMPTY)), fault);
    assert!(written(&dir, here).is_ok());
}

#[test]
fn a_run_that_changed_is_not_believed() {
    let dir = spill();
    let mut writer = writer(&dir, LITTLE);
    writer.digests((0..100_u32).map(|i| (Digest::of(&i.to_le_bytes()), 4))).unwrap();
    let path = writer.runs[2].path().to_owned();
    let mut bytes = fs::read(&path).unwrap();
    // A count that is another.
    *bytes.last_mut().unwrap() ^= 2;
    fs::write(&path, bytes).unwrap();
    let fault = writer.finish(Cursor::new(Vec::new())).unwrap_err();
    assert!(matches!(fault, RecordIndexWriterError::Damaged { path: found } if found == path));
}

#[test]
fn a_size_that_changed_in_a_run_is_damage_and_no_conflict_of_records() {
    // From the last byte back: count, size, and what the last digest does not share.
    for back in 1..=24 {
        let dir = spill();
        let mut writer = writer(&dir, LITTLE);
        for _ in 0..2 {
            writer.digests((0..100_u32).map(|i| (Digest::of(&i.to_le_bytes()), 4))).unwrap();
        }
        let path = writer.runs[0].path().to_owned();
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.len() - back;
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        let fault = writer.finish(Cursor::new(Vec::new())).unwrap_err();
        let is_damage =
            matches!(&fault, RecordIndexWriterError::Damaged { path: found } if *found == path);
        assert!(is_damage, "{back}: {fault:?}");
    }
}

#[test]
fn a_set_flag_stops_writing_and_leaves_no_index() {
    let cancel = AtomicBool::new(false);
    let dir = spill();
    let mut writer = writer(&dir, LITTLE).cancel(&cancel);
    let record = |i: u32| (Digest::of(&i.to_le_bytes()), 4);
    writer.digests((0..100).map(record)).unwrap();
    cancel.store(true, Ordering::Relaxed);
    let fault = writer.digests((0..100).map(record)).unwrap_err();
    assert!(matches!(fault, RecordIndexWriterError::Cancelled));
    cancel.store(false, Ordering::Relaxed);
    assert!(matches!(
        written(&dir, writer),
        Err(RecordIndexWriterError::Index(RecordIndexError::Incomplete { source: None }))
    ));
}

#[test]
fn an_output_or_directory_that_fails_is_told() {
    let dir = spill();
    let nowhere = dir.path().join("nowhere");
    let fault = RecordIndexWriter::new(&nowhere, LITTLE, OF, RULE).unwrap_err();
    assert!(matches!(fault, RecordIndexWriterError::Spill { .. }));
    let mut writer = writer(&dir, LITTLE);
    writer.digests([(Digest::of(b"x"), 1)]).unwrap();
    let mut small = [0; 64];
    let fault = writer.finish(Cursor::new(&mut small[..])).unwrap_err();
    assert!(matches!(fault, RecordIndexWriterError::Output { .. }));
}

#[test]
fn records_that_could_not_be_kept_make_no_index() {
    let cancel = AtomicBool::new(true);
    let lines = "line\n".repeat(1_000);
    let unkept = |fault: Result<(), RecordIndexWriterError>, writer: RecordIndexWriter<'_>| {
        assert!(matches!(fault, Err(RecordIndexWriterError::Cancelled)), "{fault:?}");
        cancel.store(false, Ordering::Relaxed);
        let made = writer.finish(Cursor::new(Vec::new()));
        let incomplete = RecordIndexError::Incomplete { source: None };
        assert!(matches!(made, Err(RecordIndexWriterError::Index(fault)) if fault == incomplete));
        cancel.store(true, Ordering::Relaxed);
    };
    let dir = spill();
    // Of a file that is read.
    let mut reading = writer(&dir, LITTLE).cancel(&cancel);
    unkept(reading.read(lines.as_bytes()), reading);
    // Of another writer, which has not written them to a file yet.
    let mut gathered = writer(&dir, 1 << 20).cancel(&cancel);
    gathered.read(lines.as_bytes()).unwrap();
    let mut merging = writer(&dir, LITTLE).cancel(&cancel);
    unkept(merging.merge(gathered), merging);
    assert_eq!(entries(&dir), 0);
}
