use std::fs;
use std::io::{self, Cursor, SeekFrom};
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::digest::Digest;
use crate::manifest::{
    Manifest, ManifestBuilder, ManifestFileError, NameError, PartialFileError, PartialReadError,
};
use crate::scan::spill::{FAN_IN, RunWriter, SpillFault};
use crate::tree::TreeError;

/// Little enough for a run of a few rows each.
const LITTLE: usize = 1_000;

fn file(name: &str, content: &str) -> FileEntry {
    FileEntry::new(name, content.len() as u64, Digest::of(content.as_bytes()))
}

fn spill() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn entries(dir: &TempDir) -> usize {
    fs::read_dir(dir.path()).unwrap().count()
}

/// Pushed with this much memory; the file and its head.
fn written(
    entries: &[FileEntry],
    profile: NameProfile,
    memory: usize,
) -> Result<(Vec<u8>, Head), ManifestWriterError> {
    written_on(1, entries, profile, memory)
}

fn written_on(
    threads: usize,
    entries: &[FileEntry],
    profile: NameProfile,
    memory: usize,
) -> Result<(Vec<u8>, Head), ManifestWriterError> {
    let spill = spill();
    let writer = ManifestWriter::new(spill.path(), memory)?.threads(threads);
    let mut writer = writer.profile(profile);
    for entry in entries {
        writer.push(entry)?;
    }
    let mut out = Cursor::new(Vec::new());
    let head = writer.finish(&mut out);
    assert_eq!(self::entries(&spill), 0, "nothing is left behind");
    Ok((out.into_inner(), head?))
}

#[track_caller]
fn refused(entries: &[FileEntry]) -> ManifestError {
    match written(entries, NameProfile::Portable, LITTLE) {
        Err(ManifestWriterError::Manifest(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn entry() -> impl Strategy<Value = FileEntry> {
    let digest = (0_u8..9).prop_map(|byte| Digest::from_bytes([byte; 32]));
    let size = prop_oneof![150 => Just(1_u64), 1 => Just(2), 1 => Just(u64::MAX)];
    let name = prop_oneof![60 => "[a-z]{2,3}(/[a-z.]?[a-z]{2})?", 10 => "[A-Zé]{2}(/[b-z]{2})?", 1 => "[a-cA-C]"];
    (name, digest, size).prop_map(|(name, digest, size)| FileEntry::new(name, size, digest))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_file_or_fault_is_that_of_the_build_in_memory(
        mut entries in prop::collection::vec(entry(), 0..60),
        repeat in any::<bool>(),
        portable in any::<bool>(),
        memory in 200_usize..20_000,
        threads in 0_usize..5,
    ) {
        if !repeat {
            let mut seen = std::collections::BTreeSet::new();
            entries.retain(|entry| seen.insert(entry.name.clone()));
        }
        let profile = if portable { NameProfile::Portable } else { NameProfile::Any };
        // What is wrong with single names is found as they come.
        entries.retain(|entry| check_alone(&entry.name, profile).is_ok());
        let plain = ManifestBuilder::new().profile(profile).files(entries.clone());
        match (written_on(threads, &entries, profile, memory), plain) {
            (Ok((bytes, head)), Ok(plain)) => {
                prop_assert_eq!(&head, plain.head());
                prop_assert!(bytes == plain.to_bytes());
            }
            (Err(ManifestWriterError::Manifest(fault)), Err(plain)) => prop_assert_eq!(fault, plain),
            (written, plain) => prop_assert!(false, "{:?} {:?}", written.map(|_| ()), plain),
        }
    }
}

#[test]
fn many_runs_are_merged_in_passes() {
    let entries: Vec<FileEntry> = (0..1_500_u32)
        .map(|i| {
            file(
                &format!("D{:02}/{:05}", i % 37, i.wrapping_mul(7_919) % 100_000),
                &(i / 3).to_string(),
            )
        })
        .collect();
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    for entry in &entries {
        writer.push(entry).unwrap();
    }
    assert!(writer.runs.parts.len() > 2 * FAN_IN, "only {} runs", writer.runs.parts.len());
    let mut out = Cursor::new(Vec::new());
    writer.finish(&mut out).unwrap();
    let plain = Manifest::files(entries, NameProfile::Portable).unwrap();
    assert!(out.into_inner() == plain.to_bytes());
    assert_eq!(self::entries(&spill), 0);
}

#[test]
fn no_more_runs_than_64_are_open_at_a_time() {
    let spill = spill();
    let scratch = Scratch::create(spill.path()).unwrap();
    for count in [0, 1, FAN_IN, FAN_IN + 1, 3 * FAN_IN] {
        let mut runs: Vec<Run> = (0..count)
            .map(|i| {
                let mut run = RunWriter::create(&scratch).unwrap();
                run.push(&i.to_be_bytes()).unwrap();
                run.finish().unwrap()
            })
            .collect();
        reduce(&mut runs, &scratch, LITTLE, || Ok::<_, SpillFault>(())).unwrap();
        assert!(runs.len() <= FAN_IN, "{} of {count}", runs.len());
        let mut merge = Merge::open(&runs, LITTLE).unwrap();
        for i in 0..count {
            assert_eq!(merge.next().unwrap(), Some(&i.to_be_bytes()[..]));
        }
        assert_eq!(merge.next().unwrap(), None);
    }
}

#[test]
fn several_blocks_are_those_of_the_build_in_memory() {
    let entries: Vec<FileEntry> =
        (0..20_000).map(|i| file(&format!("{i}"), &i.to_string())).collect();
    let plain = Manifest::files(entries.clone(), NameProfile::Portable).unwrap();
    let (bytes, head) = written(&entries, NameProfile::Portable, 300_000).unwrap();
    assert!(bytes == plain.to_bytes());
    assert_eq!(head.id(), plain.id());
    assert_eq!(Manifest::decode(&bytes), Ok(plain));
}

#[test]
fn names_are_refused_alone_as_they_come() {
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    let refused = writer.push(&file("a/../b", "x"));
    let fault = NameError::DotComponent { name: "a/../b".into() };
    assert!(
        matches!(refused, Err(ManifestWriterError::Manifest(ManifestError::Name(found))) if found == fault)
    );
    let refused = writer.push(&file("nul", "x"));
    let fault = NameError::Device { name: "nul".into() };
    assert!(
        matches!(refused, Err(ManifestWriterError::Manifest(ManifestError::Name(found))) if found == fault)
    );
    // What was refused is not there, and others are welcome.
    writer.push(&file("a", "x")).unwrap();
    assert_eq!(writer.rows(), 1);
    let head = writer.finish(Cursor::new(Vec::new())).unwrap();
    assert_eq!(head, *Manifest::files(vec![file("a", "x")], NameProfile::Any).unwrap().head());
}

#[test]
fn names_are_refused_together_across_runs() {
    let between = |first: &str, last: &str| {
        let mut entries = vec![file(last, "x")];
        entries.extend((0..100).map(|i| file(&format!("k{i}"), "x")));
        entries.push(file(first, "x"));
        refused(&entries)
    };
    let name = |name: &str| name.to_owned();
    assert_eq!(between("a", "a"), NameError::Duplicate { name: name("a") }.into());
    assert_eq!(between("a", "a/b"), NameError::FileAndDirectory { name: name("a") }.into());
    let collision = NameError::Collision { name: name("x/dir"), other: name("x/Dir") };
    assert_eq!(between("x/Dir/1", "x/dir/2"), collision.into());
}

#[test]
fn what_makes_no_tree_is_refused() {
    let digest = Digest::of(b"x");
    let conflict = [FileEntry::new("a", 1, digest), FileEntry::new("b", 2, digest)];
    let error = ManifestError::SizeConflict { digest, one: 1, other: 2 };
    assert_eq!(refused(&conflict), error);
    let overflow = [FileEntry::new("a", u64::MAX, digest), file("b", "y")];
    assert_eq!(refused(&overflow), TreeError::SumOverflow.into());
}

#[test]
fn what_a_fault_leaves_behind_is_no_manifest_file() {
    let digest = Digest::of(b"x");
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    for (name, size) in [("a", 1), ("b", 2)] {
        writer.push(&FileEntry::new(name, size, digest)).unwrap();
    }
    let mut out = Cursor::new(Vec::new());
    let conflict = ManifestError::SizeConflict { digest, one: 1, other: 2 };
    let fault = writer.finish(&mut out).unwrap_err();
    assert!(matches!(fault, ManifestWriterError::Manifest(error) if error == conflict));
    // The blocks that were written, and nothing after them.
    let end = out.get_ref().len() as u64;
    let truncated = ManifestFileError::Truncated { start: end, offset: end };
    assert_eq!(Manifest::decode(out.get_ref()), Err(truncated));
}

#[test]
fn a_file_begins_where_the_output_stands() {
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    writer.push(&file("a", "x")).unwrap();
    let mut out = Cursor::new(b"before".to_vec());
    out.seek(SeekFrom::End(0)).unwrap();
    writer.finish(&mut out).unwrap();
    let end = out.position();
    let bytes = out.into_inner();
    assert_eq!(end, bytes.len() as u64);
    assert_eq!(&bytes[..6], b"before");
    let plain = Manifest::files(vec![file("a", "x")], NameProfile::Any).unwrap();
    assert_eq!(Manifest::decode(&bytes[6..]), Ok(plain));
}

/// A writer that has written runs.
fn spilled(spill: &TempDir) -> ManifestWriter<'static> {
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    for i in 0..100 {
        writer.push(&file(&format!("file-{i}"), "x")).unwrap();
    }
    writer
}

#[test]
fn nothing_is_left_of_a_writer_that_is_dropped() {
    let spill = spill();
    let writer = spilled(&spill);
    let other = spilled(&spill);
    assert_eq!(entries(&spill), 2, "each has a directory of its own");
    drop(writer);
    assert_eq!(entries(&spill), 1);
    drop(other);
    assert_eq!(entries(&spill), 0);
}

#[cfg(unix)]
#[test]
fn runs_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let spill = spill();
    let writer = spilled(&spill);
    let directory = fs::read_dir(spill.path()).unwrap().next().unwrap().unwrap();
    assert_eq!(directory.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    drop(writer);
}

#[test]
fn a_run_that_was_changed_is_not_believed() {
    // Names, contents and parts; the last byte, and one that says what a record shares.
    for (order, at) in [(0, usize::MAX), (1, usize::MAX), (2, usize::MAX), (2, 0), (0, 40)] {
        let spill = spill();
        let writer = spilled(&spill);
        let run = [&writer.runs.names, &writer.runs.contents, &writer.runs.parts][order];
        let run = run[0].path().to_owned();
        let mut bytes = fs::read(&run).unwrap();
        let at = at.min(bytes.len() - 1);
        bytes[at] ^= 1;
        fs::write(&run, bytes).unwrap();
        let found = writer.finish(Cursor::new(Vec::new()));
        assert!(
            matches!(&found, Err(ManifestWriterError::Damaged { path }) if *path == run),
            "{order} {at}: {found:?}"
        );
    }
}

#[test]
fn a_run_that_was_cut_or_grew_is_not_believed() {
    for grow in [false, true] {
        let spill = spill();
        let writer = spilled(&spill);
        let run = writer.runs.parts[0].path().to_owned();
        let mut bytes = fs::read(&run).unwrap();
        if grow {
            bytes.push(0);
        } else {
            bytes.pop();
        }
        fs::write(&run, bytes).unwrap();
        let found = writer.finish(Cursor::new(Vec::new()));
        assert!(matches!(found, Err(ManifestWriterError::Damaged { path }) if path == run));
    }
}

#[test]
fn faults_of_files_name_them() {
    let spill = spill();
    let missing = spill.path().join("missing");
    let made = ManifestWriter::new(&missing, LITTLE);
    let Err(ManifestWriterError::Spill { path, source }) = made else { panic!("no directory") };
    assert_eq!((path, source.kind()), (missing.join("datadeed-0"), io::ErrorKind::NotFound));

    let writer = spilled(&spill);
    let run = writer.runs.contents[0].path().to_owned();
    fs::remove_file(&run).unwrap();
    let found = writer.finish(Cursor::new(Vec::new()));
    assert!(matches!(found, Err(ManifestWriterError::Spill { path, .. }) if path == run));
}

#[test]
fn a_failing_output_is_told() {
    let spill = spill();
    let mut little = [0_u8; 300];
    let found = spilled(&spill).finish(Cursor::new(&mut little[..]));
    let Err(ManifestWriterError::Output { source }) = found else { panic!("{found:?}") };
    assert_eq!(source.kind(), io::ErrorKind::WriteZero);
}

#[test]
fn a_flag_ends_pushing_and_finishing() {
    let spill = spill();
    let stop = AtomicBool::new(false);
    let mut writer = spilled(&spill).cancel(&stop);
    stop.store(true, Ordering::Relaxed);
    let pushed = (0..100).try_for_each(|i| writer.push(&file(&format!("more-{i}"), "x")));
    assert!(matches!(pushed, Err(ManifestWriterError::Cancelled)));
    let found = writer.finish(Cursor::new(Vec::new()));
    assert!(matches!(found, Err(ManifestWriterError::Cancelled)));
    assert_eq!(entries(&spill), 0);
}

#[test]
fn progress_ends_with_all_rows_of_all_orders() {
    let (spill, seen) = (spill(), Mutex::new(Vec::new()));
    let show = |progress: WriterProgress| seen.lock().unwrap().push(progress);
    let mut writer = ManifestWriter::new(spill.path(), 1 << 22).unwrap().progress(&show);
    for i in 0..30_000 {
        writer.push(&file(&i.to_string(), "x")).unwrap();
    }
    writer.finish(Cursor::new(Vec::new())).unwrap();
    let all = |rows_done| WriterProgress { rows_done, rows: 90_000 };
    assert_eq!(seen.into_inner().unwrap(), [all(65_536), all(90_000)]);
}

/// Files with names that suit each other or do not, dealt to shards.
fn dealt() -> impl Strategy<Value = Vec<(FileEntry, usize)>> {
    prop::collection::vec((entry(), 0_usize..5), 0..60).prop_map(|mut dealt| {
        let mut seen = std::collections::BTreeSet::new();
        dealt.retain(|(entry, _)| seen.insert(entry.name.clone()));
        dealt
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn partial_files_in_any_order_with_any_retries_make_the_file_of_all(
        dealt in dealt(),
        files in prop::collection::vec(prop::collection::vec(0_usize..5, 0..4), 0..6),
        portable in any::<bool>(),
        memory in 200_usize..20_000,
    ) {
        let profile = if portable { NameProfile::Portable } else { NameProfile::Any };
        let shard = |number: usize| {
            let of = dealt.iter().filter(|(_, shard)| *shard == number);
            let entries = of.map(|(entry, _)| entry.clone()).collect();
            Partial::files(ShardId::new(number.to_string()).unwrap(), entries)
        };
        let Ok(shards) = (0..5).map(shard).collect::<Result<Vec<_>, _>>() else { return Ok(()) };
        let entries: Vec<FileEntry> = dealt.iter().map(|(entry, _)| entry.clone()).collect();
        if entries.iter().any(|entry| check_alone(&entry.name, profile).is_err()) {
            return Ok(());
        }
        let plain = ManifestBuilder::new().profile(profile).files(entries);
        let spill = spill();
        let mut writer = ManifestWriter::new(spill.path(), memory).unwrap().profile(profile);
        // Some shards come in several files, and each at last.
        for numbers in files.into_iter().chain((0..5).rev().map(|number| vec![number])) {
            let partials = numbers.into_iter().map(|number| shards[number].clone());
            let file = Partial::merge_all(partials).unwrap().to_bytes();
            writer.push_partial(file.as_slice()).unwrap();
        }
        let expected = Partial::merge_all(shards).unwrap();
        prop_assert!(writer.shards().eq(expected.shards()));
        prop_assert_eq!(writer.rows(), expected.rows() as u64);
        let mut out = Cursor::new(Vec::new());
        match (writer.finish(&mut out), plain) {
            (Ok(head), Ok(plain)) => {
                prop_assert_eq!(&head, plain.head());
                prop_assert_eq!(out.into_inner(), plain.to_bytes());
            }
            (Err(ManifestWriterError::Manifest(fault)), Err(plain)) => prop_assert_eq!(fault, plain),
            (found, plain) => prop_assert!(false, "{:?} {:?}", found, plain),
        }
    }
}

fn partial(shard: &str, files: &[(&str, &str)]) -> Partial {
    let files = files.iter().map(|(name, content)| file(name, content)).collect();
    Partial::files(shard.parse().unwrap(), files).unwrap()
}

#[test]
fn a_shard_with_other_entries_than_before_is_refused_and_changes_nothing() {
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    let one = partial("1", &[("a", "x")]);
    let other = partial("1", &[("a", "y")]);
    let expected = one.clone().merge(other.clone()).unwrap_err();
    writer.push_partial(one.to_bytes().as_slice()).unwrap();
    let fault = writer.push_partial(other.to_bytes().as_slice()).unwrap_err();
    assert!(matches!(fault, ManifestWriterError::Shard(fault) if fault == expected));
    let head = writer.finish(Cursor::new(Vec::new())).unwrap();
    let plain = one.finish(NameProfile::Any, 1).unwrap();
    assert_eq!(head.id(), plain.id());
}

#[test]
fn a_partial_file_that_lies_of_a_shard_leaves_no_manifest() {
    let sound = partial("1", &[("a", "x"), ("b", "y")]).to_bytes();
    let digest = Digest::of(b"x");
    let at = sound.windows(32).position(|window| window == digest.as_bytes()).unwrap();
    let mut lying = sound.clone();
    lying[at] ^= 1;
    let spill = spill();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    let fault = writer.push_partial(lying.as_slice()).unwrap_err();
    let commitment = |fault: &ManifestWriterError| {
        let ManifestWriterError::Partial(PartialReadError::File(fault)) = fault else {
            return false;
        };
        matches!(fault, PartialFileError::Commitment { .. })
    };
    assert!(commitment(&fault), "{fault:?}");
    // The true one is taken, and does not make good what was taken before.
    writer.push_partial(sound.as_slice()).unwrap();
    let fault = writer.finish(Cursor::new(Vec::new())).unwrap_err();
    let shard: ShardId = "1".parse().unwrap();
    assert!(matches!(fault, ManifestWriterError::Incomplete { shard: found } if found == shard));

    // A shard that is here already is checked, but none of its entries are taken.
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    writer.push_partial(sound.as_slice()).unwrap();
    let fault = writer.push_partial(lying.as_slice()).unwrap_err();
    assert!(commitment(&fault), "{fault:?}");
    assert!(writer.finish(Cursor::new(Vec::new())).is_ok());
}

#[test]
fn every_truncation_of_a_partial_file_is_refused() {
    let sound = partial("1", &[("a", "x")]).merge(partial("2", &[("b", "y")])).unwrap().to_bytes();
    let spill = spill();
    for len in 0..sound.len() {
        let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
        let fault = writer.push_partial(&sound[..len]).unwrap_err();
        assert!(matches!(
            fault,
            ManifestWriterError::Partial(PartialReadError::File(PartialFileError::Truncated {
                offset, ..
            })) if offset == len as u64
        ));
    }
    let longer = [sound.as_slice(), &[0]].concat();
    let mut writer = ManifestWriter::new(spill.path(), LITTLE).unwrap();
    assert!(matches!(
        writer.push_partial(longer.as_slice()),
        Err(ManifestWriterError::Partial(PartialReadError::File(
            PartialFileError::TrailingBytes { .. }
        )))
    ));
}
