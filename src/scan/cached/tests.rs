use std::fs::{self, File};
use std::path::Path;
use std::sync::Mutex;
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::scan::tests::root;
use crate::scan::{Links, Progress, probe};

const FILES: &[(&str, &[u8])] = &[("a", b"1"), ("b/c", b"22"), ("b/d", b"333")];

/// A time of the file system of `root` that is after all that was written there so far.
fn later(root: &TempDir) -> SystemTime {
    let path = root.path().with_extension("probe");
    let start = probe(&path).unwrap();
    loop {
        sleep(Duration::from_millis(2));
        let now = probe(&path).unwrap();
        if now > start {
            return now;
        }
    }
}

/// What a scan of `root` that begins now gives; its manifest may be another than a full scan's.
fn cached(root: &TempDir, cache: &[u8]) -> CachedScan {
    let as_of = later(root);
    let [one, two] = [1, 2]
        .map(|threads| Scan::new(root.path()).threads(threads).cached(cache, as_of).run().unwrap());
    assert_eq!(
        (&one.manifest, one.reused, one.read, &one.notice, &one.cache),
        (&two.manifest, two.reused, two.read, &two.notice, &two.cache)
    );
    one
}

/// As [`cached`], and the manifest must be that of a full scan.
#[track_caller]
fn sound(root: &TempDir, cache: &[u8]) -> CachedScan {
    let scanned = cached(root, cache);
    assert_eq!(scanned.manifest(), &Scan::new(root.path()).run().unwrap());
    assert_eq!(scanned.reused + scanned.read, scanned.manifest.parts().count());
    scanned
}

#[test]
fn what_looks_unchanged_is_not_read_again() {
    let root = root(FILES);
    let first = sound(&root, &[]);
    assert_eq!((first.reused(), first.read(), first.notice()), (0, 3, None));
    assert_eq!(first.cache().files(), 3);
    let cache = first.cache().to_bytes();
    let last = Mutex::new(None);
    let callback = |progress: Progress| *last.lock().unwrap() = Some(progress);
    let scan = Scan::new(root.path()).progress(&callback);
    let second = scan.cached(&cache, later(&root)).run().unwrap();
    assert_eq!(last.into_inner().unwrap().unwrap().files, 0);
    assert_eq!((second.reused(), second.read(), second.notice()), (3, 0, None));
    assert_eq!(second.manifest(), first.manifest());
    assert_eq!(second.cache(), first.cache());
}

#[test]
fn a_scan_that_trusted_a_cache_says_so_in_its_statement() {
    let root = root(FILES);
    let first = sound(&root, &[]);
    assert_eq!(first.method(), ScanMethod::Full);
    let second = sound(&root, &first.cache().to_bytes());
    assert_eq!(second.method(), ScanMethod::Cached);
    assert_eq!(second.dataset("t"), Dataset::new(first.manifest().id(), "t", ScanMethod::Cached));
    let (manifest, full) = Scan::new(root.path()).dataset("t").unwrap();
    assert_eq!(full, first.dataset("t"));
    assert_eq!(full, Dataset::new(manifest.id(), "t", ScanMethod::Full));
    // With nothing reused every byte was read.
    for (name, _) in FILES {
        fs::write(root.path().join(name), "new").unwrap();
    }
    assert_eq!(sound(&root, &second.cache().to_bytes()).method(), ScanMethod::Full);
}

#[test]
fn whatever_changes_is_read_again() {
    let changes: [fn(&Path); 5] = [
        |path| fs::write(path, "other length").unwrap(),
        // The same length and time of modification; the status change tells.
        |path| {
            let modified = fs::metadata(path).unwrap().modified().unwrap();
            fs::write(path, "!!").unwrap();
            File::options().write(true).open(path).unwrap().set_modified(modified).unwrap();
            assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), modified);
        },
        // Another file of the same length and time.
        |path| {
            let other = path.with_extension("tmp");
            fs::write(&other, "!!").unwrap();
            let modified = fs::metadata(path).unwrap().modified().unwrap();
            File::options().write(true).open(&other).unwrap().set_modified(modified).unwrap();
            fs::rename(other, path).unwrap();
        },
        |path| fs::rename(path, path.with_file_name("moved")).unwrap(),
        |path| {
            fs::remove_file(path).unwrap();
            fs::write(path, "!!").unwrap();
        },
    ];
    for change in changes {
        let root = root(FILES);
        let cache = sound(&root, &[]).cache().to_bytes();
        change(&root.path().join("b/c"));
        let again = sound(&root, &cache);
        assert_eq!((again.reused(), again.read()), (2, 1));
        assert_eq!(sound(&root, &again.cache().to_bytes()).reused(), 3);
    }
}

#[test]
fn a_file_that_is_gone_is_gone() {
    let root = root(FILES);
    let cache = sound(&root, &[]).cache().to_bytes();
    fs::remove_file(root.path().join("b/c")).unwrap();
    let again = sound(&root, &cache);
    assert_eq!((again.reused(), again.read(), again.cache().files()), (2, 0, 2));
}

/// A write in the tick of the scan that fills the cache would not show.
#[test]
fn a_file_as_young_as_the_scan_is_not_cached() {
    let root = root(&[]);
    let as_of = later(&root);
    for (name, content) in [("a", "1"), ("b", "2")] {
        fs::write(root.path().join(name), content).unwrap();
    }
    let first = Scan::new(root.path()).cached(&[], as_of).run().unwrap();
    assert_eq!((first.read(), first.cache().files()), (2, 0));
    // Exactly as old is too young.
    let modified = fs::metadata(root.path().join("b")).unwrap().modified().unwrap();
    let second = Scan::new(root.path()).cached(&[], modified).run().unwrap();
    assert!(second.cache().files() < 2);
    assert_eq!(sound(&root, &first.cache().to_bytes()).reused(), 0);
    assert_eq!(sound(&root, &sound(&root, &[]).cache().to_bytes()).reused(), 2);
}

/// Whoever sets times may set them to come.
#[test]
fn a_file_modified_in_the_future_is_never_cached() {
    let root = root(FILES);
    let file = File::options().write(true).open(root.path().join("a")).unwrap();
    file.set_modified(later(&root) + Duration::from_secs(3_600)).unwrap();
    let first = sound(&root, &[]);
    assert_eq!(first.cache().files(), 2);
    // Nor one from before 1970.
    file.set_modified(SystemTime::UNIX_EPOCH - Duration::from_secs(1)).unwrap();
    assert_eq!(sound(&root, &first.cache().to_bytes()).cache().files(), 2);
}

#[test]
fn a_damaged_cache_is_not_used_and_the_caller_is_told() {
    let root = root(FILES);
    let cache = sound(&root, &[]).cache().to_bytes();
    for at in (0..cache.len()).step_by(7) {
        let mut damaged = cache.clone();
        damaged[at] ^= 1;
        let scanned = Scan::new(root.path()).cached(&damaged, later(&root)).run().unwrap();
        assert_eq!(scanned.reused(), 0, "byte {at}");
        assert!(scanned.notice().is_some(), "byte {at}");
    }
    let cut = sound(&root, &cache[..cache.len() - 1]);
    assert!(matches!(cut.notice(), Some(CacheError::Cbor(_))));
    // The checksum stands last.
    let mut other = cache;
    *other.last_mut().unwrap() ^= 1;
    let other = sound(&root, &other);
    assert!(matches!(other.notice(), Some(CacheError::Checksum { .. })), "{:?}", other.notice());
}

#[test]
fn a_cache_of_another_root_is_not_used() {
    let (one, two) = (root(FILES), root(FILES));
    let cache = sound(&one, &[]).cache().to_bytes();
    let scanned = sound(&two, &cache);
    assert_eq!((scanned.reused(), scanned.notice()), (0, Some(&CacheError::OtherRoot)));
    // A part of the root is another root, and another path to it is not.
    let inside = Scan::new(one.path().join("b")).cached(&cache, later(&one)).run().unwrap();
    assert_eq!(inside.notice(), Some(&CacheError::OtherRoot));
    let link = two.path().join("link");
    std::os::unix::fs::symlink(one.path(), &link).unwrap();
    assert_eq!(Scan::new(&link).cached(&cache, later(&one)).run().unwrap().reused(), 3);
}

#[test]
fn a_link_turned_elsewhere_is_read_again() {
    let root = root(FILES);
    std::os::unix::fs::symlink("b/c", root.path().join("link")).unwrap();
    let scan = Scan::new(root.path()).links(Links::FollowInside);
    let first = scan.cached(&[], later(&root)).run().unwrap();
    fs::remove_file(root.path().join("link")).unwrap();
    std::os::unix::fs::symlink("b/d", root.path().join("link")).unwrap();
    let cache = first.cache().to_bytes();
    let second = scan.cached(&cache, later(&root)).run().unwrap();
    assert_eq!((second.reused(), second.read()), (3, 1));
    assert_eq!(second.manifest(), &scan.run().unwrap());
}

#[test]
fn a_cache_excuses_no_fault() {
    let root = root(FILES);
    let cache = sound(&root, &[]).cache().to_bytes();
    fs::write(root.path().join("B"), "").unwrap();
    let error = Scan::new(root.path()).cached(&cache, later(&root)).run().unwrap_err();
    assert!(matches!(error, ScanError::Manifest(_)), "{error:?}");
    fs::remove_file(root.path().join("B")).unwrap();
    std::os::unix::fs::symlink("a", root.path().join("link")).unwrap();
    let error = Scan::new(root.path()).cached(&cache, later(&root)).run().unwrap_err();
    assert!(matches!(error, ScanError::LinkRefused { .. }), "{error:?}");
}

#[test]
fn a_probe_leaves_nothing_and_overwrites_nothing() {
    let root = root(FILES);
    let path = root.path().join("probe");
    probe(&path).unwrap();
    assert!(!path.exists());
    let error = probe(&root.path().join("a")).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(root.path().join("a")).unwrap(), b"1");
}
