use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::digest::{SEGMENT, Sha256};
use crate::manifest::DatasetIndex;
use crate::scan::Progress;
use crate::scan::hash::BLOCK;
use crate::scan::tests::{append, assert_changed, root};

#[test]
fn every_file_has_the_sha_256_of_its_content_on_any_number_of_threads() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let content: Vec<u8> = (0..segment * 2 + 5).map(|i| u8::try_from(i % 251).unwrap()).collect();
    let lengths = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, segment, segment + 1, content.len()];
    let names = lengths.map(|length| length.to_string());
    let mut files: Vec<(&str, &[u8])> =
        names.iter().zip(lengths).map(|(name, len)| (name.as_str(), &content[..len])).collect();
    files.push(("twice/1", b"same"));
    files.push(("twice/2", b"same"));
    let root = root(&files);
    let manifest = Scan::new(root.path()).run().unwrap();
    for threads in [0, 1, 2, 7] {
        let file = Scan::new(root.path()).threads(threads).with_sha256().run().unwrap();
        assert_eq!(file.manifest(), &manifest, "{threads} threads");
        for (name, content) in &files {
            assert_eq!(file.sha256_of(name), Some(Sha256::of(content)), "{name}");
        }
    }
}

#[test]
fn nothing_has_an_index_too() {
    let file = Scan::new(root(&[]).path()).with_sha256().run().unwrap();
    assert_eq!(file.sha256().unwrap().digests(), []);
}

#[test]
fn a_scan_with_sha_256_is_a_file_that_reads_back() {
    let root = root(&[("a", b"1"), ("b/c", b"22")]);
    let file = Scan::new(root.path()).with_sha256().run().unwrap();
    assert_eq!(ManifestFile::decode(&file.to_bytes()).unwrap(), file);
}

#[test]
fn a_statement_of_such_a_scan_names_the_index() {
    let root = root(&[("a", b"1")]);
    let (file, dataset) = Scan::new(root.path()).with_sha256().dataset("Title").unwrap();
    let (manifest, plain) = Scan::new(root.path()).dataset("Title").unwrap();
    assert_eq!(file.manifest(), &manifest);
    assert!(plain.indexes.is_empty());
    let indexes = [DatasetIndex::new(file.sha256().unwrap().id(), "sha256")].into();
    assert_eq!(dataset, Dataset { indexes, ..plain });
}

#[test]
fn a_file_must_stay_as_the_walk_saw_it_with_sha_256_too() {
    let segment = usize::try_from(SEGMENT).unwrap();
    for length in [0, 5, BLOCK, segment + 1] {
        let root = root(&[("a", b"1"), ("b", &vec![b'x'; length]), ("c", b"2")]);
        let path = root.path().join("b");
        let changed = AtomicBool::new(false);
        let callback = |_: Progress| {
            if !changed.swap(true, Ordering::Relaxed) {
                append(&path);
            }
        };
        let scan = Scan::new(root.path()).threads(2).progress(&callback).with_sha256();
        assert_changed(&scan.run().unwrap_err(), &path);
    }
}

#[test]
fn a_large_file_that_grows_while_it_is_read_has_changed() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let root = root(&[("a", &vec![0; segment + BLOCK])]);
    let path = root.path().join("a");
    let callback = |progress: Progress| {
        if progress.bytes_done == SEGMENT {
            append(&path);
        }
    };
    let scan = Scan::new(root.path()).threads(2).progress(&callback).with_sha256();
    assert_changed(&scan.run().unwrap_err(), &path);
}

#[test]
fn every_byte_is_read_once() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let root = root(&[("a", &vec![0; 2 * segment + 1]), ("b", b"22")]);
    let seen = Mutex::new(Vec::new());
    let callback = |progress: Progress| seen.lock().unwrap().push(progress);
    Scan::new(root.path()).threads(2).progress(&callback).with_sha256().run().unwrap();
    let last = *seen.lock().unwrap().last().unwrap();
    let bytes = 2 * SEGMENT + 3;
    assert_eq!((last.files_done, last.bytes_done, last.bytes), (2, bytes, bytes));
}
