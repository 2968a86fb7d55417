use std::fs;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use tempfile::TempDir;

use super::*;
use crate::manifest::{Dtype, NameProfile, RecordFault, TensorEntry};
use crate::parallel::locked;
use crate::scan::tests::{append, entry, manifest, root};
use crate::scan::{Progress, directory};

const SOLD: &[(&str, &[u8])] = &[
    ("README", b"read"),
    ("a/1.jsonl", b"[1]\n[2]\n"),
    ("b/2.jsonl", b"[2]\n[1.0]"),
    ("empty", b""),
];

fn lines(root: &TempDir, threads: usize) -> Result<RecordIndex, RecordsError> {
    let scan = Scan::new(root.path()).threads(threads);
    scan.records(&manifest(SOLD), RecordRule::LineRaw).run()
}

fn is_jsonl(file: &FileEntry) -> bool {
    file.name.contains(".jsonl")
}

/// The error of indexing the JSON of [`SOLD`], on any number of threads.
#[track_caller]
fn fails(root: &TempDir) -> String {
    let [one, two, seven] = [1, 2, 7].map(|threads| {
        let (scan, manifest) = (Scan::new(root.path()).threads(threads), manifest(SOLD));
        let records = scan.records(&manifest, RecordRule::JsonJcs).only(&is_jsonl);
        format!("{:?}", records.run().unwrap_err())
    });
    assert_eq!((&one, &one), (&two, &seven));
    one
}

#[test]
fn a_directory_has_the_index_of_its_files() {
    let root = root(SOLD);
    let mut builder = RecordIndexBuilder::new(manifest(SOLD).id(), RecordRule::LineRaw);
    for (_, content) in SOLD {
        builder.file(content).unwrap();
    }
    let expected = builder.finish().unwrap();
    for threads in [0, 1, 2, 7] {
        assert_eq!(lines(&root, threads).unwrap(), expected, "{threads} threads");
    }
    assert_eq!((expected.records(), expected.distinct()), (5, 4));
}

#[test]
fn only_chosen_files_are_read() {
    let root = root(SOLD);
    fs::write(root.path().join("README"), "else").unwrap();
    let manifest = manifest(SOLD);
    let scan = Scan::new(root.path());
    let index = scan.records(&manifest, RecordRule::JsonJcs).only(&is_jsonl).run().unwrap();
    assert_eq!((index.records(), index.distinct(), index.duplicates()), (4, 2, 2));
    assert_eq!(index.of(), manifest.id());
    // Which they are, the index says.
    let chosen = manifest.file_entries().unwrap().iter().filter(|file| is_jsonl(file));
    let chosen = Manifest::files(chosen.cloned().collect(), NameProfile::Any).unwrap();
    assert_eq!(index.files(), Some(chosen.parts()));
}

#[test]
fn all_files_chosen_one_by_one_are_all_files() {
    let root = root(SOLD);
    let manifest = manifest(SOLD);
    let scan = Scan::new(root.path());
    let all = scan.records(&manifest, RecordRule::LineRaw).only(&|_| true).run().unwrap();
    assert_eq!(all.files(), None);
    assert_eq!(all, lines(&root, 1).unwrap());
}

#[test]
fn a_file_longer_than_a_block_is_one_file() {
    let content = "line\n".repeat(200_000);
    let root = root(&[("a", content.as_bytes())]);
    let manifest = manifest(&[("a", content.as_bytes())]);
    let index = Scan::new(root.path()).records(&manifest, RecordRule::LineRaw).run().unwrap();
    assert_eq!((index.records(), index.distinct()), (200_000, 1));
}

#[test]
fn other_bytes_than_the_manifests_make_no_index() {
    let long = "[".repeat(300_000);
    for content in [&b"[1]\n[3]\n"[..], b"[1]\n", b"[1]\n{]}\n", b"", long.as_bytes()] {
        let root = root(SOLD);
        fs::write(root.path().join("a/1.jsonl"), content).unwrap();
        let expected = Changed {
            expected: entry("a/1.jsonl", b"[1]\n[2]\n"),
            found: entry("a/1.jsonl", content),
        };
        assert_eq!(fails(&root), format!("Differs({expected:?})"));
    }
}

#[test]
fn what_the_manifest_does_not_have_is_not_read() {
    let root = root(SOLD);
    fs::write(root.path().join("a/0.jsonl"), "{]").unwrap();
    assert_eq!(lines(&root, 2).unwrap().records(), 5);
}

#[test]
fn a_missing_file_is_named() {
    let root = root(SOLD);
    fs::remove_file(root.path().join("b/2.jsonl")).unwrap();
    assert_eq!(fails(&root), "Missing { name: \"b/2.jsonl\" }");
}

#[test]
fn of_several_faults_that_of_the_smallest_name_is_told() {
    let root = root(SOLD);
    let manifest = manifest(SOLD);
    for threads in [1, 2, 7] {
        let scan = Scan::new(root.path()).threads(threads);
        let fault = scan.records(&manifest, "text/1#/text".parse().unwrap()).run();
        let Err(RecordsError::Record { name, source }) = fault else { panic!("{fault:?}") };
        let expected = RecordFault::Syntax { expected: "a value" };
        assert_eq!((name.as_str(), source.offset, source.fault), ("README", 0, expected));
    }
}

#[test]
fn a_manifest_of_tensors_has_no_records() {
    let weights = TensorEntry::new("w", Dtype::U8, vec![1], 1, Digest::of(b"x"));
    let weights = Manifest::tensors(vec![weights]).unwrap();
    let fault = Scan::new("nowhere").records(&weights, RecordRule::LineRaw).run();
    assert!(matches!(fault, Err(RecordsError::Tensors)));
}

#[test]
fn nobody_here_knows_an_own_rule() {
    let root = root(SOLD);
    let manifest = manifest(SOLD);
    let rule = "urn:example:words".parse().unwrap();
    let fault = Scan::new(root.path()).records(&manifest, rule).run();
    let Err(RecordsError::Record { source, .. }) = fault else { panic!("{fault:?}") };
    assert_eq!(source.fault, RecordFault::OwnRule { rule: "urn:example:words".into() });
}

#[test]
fn a_file_that_grows_meanwhile_has_changed() {
    let content = "line\n".repeat(200_000);
    let root = root(&[("a", content.as_bytes())]);
    let manifest = manifest(&[("a", content.as_bytes())]);
    let grow = |progress: Progress| {
        if progress.bytes_done == 0 {
            append(&root.path().join("a"));
        }
    };
    let scan = Scan::new(root.path()).progress(&grow);
    let fault = scan.records(&manifest, RecordRule::LineRaw).run();
    assert!(matches!(fault, Err(RecordsError::Scan(ScanError::Changed { .. }))), "{fault:?}");
}

#[test]
fn progress_ends_with_all_chosen_files() {
    let root = root(SOLD);
    let manifest = manifest(SOLD);
    let seen = Mutex::new(Vec::new());
    let note = |progress: Progress| locked(&seen).push(progress);
    let scan = Scan::new(root.path()).progress(&note);
    scan.records(&manifest, RecordRule::JsonJcs).only(&is_jsonl).run().unwrap();
    let seen = locked(&seen);
    let told = |progress: &Progress| {
        (progress.files_done, progress.files, progress.bytes_done, progress.bytes)
    };
    assert_eq!(seen.first().map(told), Some((0, 2, 0, 17)));
    assert_eq!(seen.last().map(told), Some((2, 2, 17, 17)));
}

#[test]
fn a_cancelled_run_makes_no_index() {
    let root = root(SOLD);
    let manifest = manifest(SOLD);
    let stop = AtomicBool::new(false);
    let set = |_| stop.store(true, Ordering::Relaxed);
    let scan = Scan::new(root.path()).progress(&set).cancel(&stop);
    let fault = scan.records(&manifest, RecordRule::LineRaw).run();
    assert!(matches!(fault, Err(RecordsError::Scan(ScanError::Cancelled))));
}

#[test]
fn a_file_is_that_of_the_index_on_any_number_of_threads_and_memory() {
    let (root, spill) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for file in 0..7_u32 {
        let lines: Vec<String> = (0..200).map(|i| (i * file).to_string()).collect();
        fs::write(root.path().join(format!("{file}.txt")), lines.join("\n")).unwrap();
    }
    let manifest = directory(root.path()).unwrap();
    let some = |file: &FileEntry| file.name.as_str() < "5";
    for threads in [1, 3] {
        let scan = Scan::new(root.path()).threads(threads);
        let all = scan.records(&manifest, RecordRule::LineRaw);
        for records in [all.clone(), all.only(&some)] {
            let expected = records.run().unwrap();
            for memory in [0, 3_000, 1 << 20] {
                let mut file = std::io::Cursor::new(Vec::new());
                let index = records.write(&mut file, spill.path(), memory).unwrap();
                assert_eq!(index.id(), expected.id());
                assert_eq!(index.files, expected.files().copied());
                assert_eq!(file.into_inner(), expected.to_bytes());
            }
        }
    }
    assert_eq!(fs::read_dir(spill.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn what_stops_a_writer_stops_the_scan() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.txt"), "one\ntwo\n").unwrap();
    let manifest = directory(root.path()).unwrap();
    let scan = Scan::new(root.path());
    let records = scan.records(&manifest, RecordRule::LineRaw);
    let nowhere = root.path().join("nowhere");
    let fault = records.write(std::io::Cursor::new(Vec::new()), &nowhere, 0).unwrap_err();
    let RecordsError::Write(RecordIndexWriterError::Spill { path, .. }) = fault else {
        panic!("{fault:?}")
    };
    assert!(path.starts_with(nowhere));
}

#[test]
fn a_run_that_cannot_be_written_is_what_is_told() {
    let lines = (0..20_000).map(|line| format!("{line:060}")).collect::<Vec<_>>().join("\n");
    let root = root(&[("a.txt", lines.as_bytes())]);
    let (spill, manifest) = (tempfile::tempdir().unwrap(), directory(root.path()).unwrap());
    // The runs are out of reach while one block is read, and back before the index is written.
    let (away, calls) = (tempfile::tempdir().unwrap(), AtomicUsize::new(0));
    let lose = |_| {
        let (from, to) = match calls.fetch_add(1, Ordering::Relaxed) {
            2 => (spill.path(), away.path()),
            3 => (away.path(), spill.path()),
            _ => return,
        };
        for scratch in fs::read_dir(from).unwrap() {
            let scratch = scratch.unwrap();
            fs::rename(scratch.path(), to.join(scratch.file_name())).unwrap();
        }
    };
    let scan = Scan::new(root.path()).progress(&lose).threads(1);
    let records = scan.records(&manifest, RecordRule::LineRaw);
    let fault = records.write(std::io::Cursor::new(Vec::new()), spill.path(), 0).unwrap_err();
    let RecordsError::Write(RecordIndexWriterError::Spill { path, source }) = fault else {
        panic!("{fault:?}")
    };
    assert!(path.starts_with(spill.path()) && calls.into_inner() > 3);
    assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
}
