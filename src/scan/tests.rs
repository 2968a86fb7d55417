use std::fs::{self, File};
use std::io::Write as _;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use tempfile::TempDir;

use super::*;
use crate::Digest;
use crate::digest::SEGMENT;
use crate::manifest::{FileEntry, NameError};

pub(super) fn root(files: &[(&str, &[u8])]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    root
}

pub(super) fn manifest(files: &[(&str, &[u8])]) -> Manifest {
    let entries = files.iter().map(|(name, content)| entry(name, content)).collect();
    Manifest::files(entries, NameProfile::Any).unwrap()
}

pub(super) fn entry(name: &str, content: &[u8]) -> FileEntry {
    FileEntry::new(name, u64::try_from(content.len()).unwrap(), Digest::of(content))
}

/// Fails with an error that `expected` shows with `ROOT` for the root, on any number of threads.
#[track_caller]
fn fails(root: &TempDir, links: Links, expected: &str) {
    for threads in [1, 2, 7] {
        let error = Scan::new(root.path()).links(links).threads(threads).run().unwrap_err();
        let shown = format!("{error:?}").replace(root.path().to_str().unwrap(), "ROOT");
        assert_eq!(shown, expected, "{threads} threads");
    }
}

#[test]
fn a_manifest_has_every_regular_file_and_no_directory() {
    let files: &[(&str, &[u8])] = &[
        ("a", b"1"),
        ("b/a", b""),
        ("b/c/d.txt", b"22"),
        ("b-", b"1"),
        ("数据/训练.jsonl", b"{}"),
    ];
    let root = root(files);
    fs::create_dir_all(root.path().join("empty/below")).unwrap();
    fs::hard_link(root.path().join("a"), root.path().join("hard")).unwrap();
    let expected = manifest(&[files, &[("hard", b"1")]].concat());
    for threads in [0, 1, 2, 7] {
        let scanned = Scan::new(root.path()).threads(threads).run().unwrap();
        assert_eq!(scanned, expected, "{threads} threads");
    }
    assert_eq!(directory(root.path()).unwrap(), expected);
}

#[test]
fn an_empty_root_has_an_empty_manifest() {
    assert_eq!(directory(root(&[]).path()).unwrap(), manifest(&[]));
}

#[test]
fn thousands_of_files_are_shared_among_threads() {
    let names: Vec<String> = (0..3_000)
        .map(|i| if i < 1_500 { format!("{i}") } else { format!("d{}/{i}", i % 40) })
        .collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
    let (root, expected) = (root(&files), manifest(&files));
    for threads in [1, 2, 7] {
        assert_eq!(Scan::new(root.path()).threads(threads).run().unwrap(), expected);
    }
}

#[test]
fn lengths_around_blocks_and_segments_have_their_digest() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let block = hash::BLOCK;
    let content: Vec<u8> = (0..segment * 2 + 5).map(|i| u8::try_from(i % 251).unwrap()).collect();
    let lengths = [
        0,
        1,
        block - 1,
        block,
        block + 1,
        2 * block,
        segment - 1,
        segment,
        segment + 1,
        2 * segment,
        2 * segment + 5,
    ];
    let names = lengths.map(|length| format!("{length}"));
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .zip(lengths)
        .map(|(name, length)| (name.as_str(), &content[..length]))
        .collect();
    let (root, expected) = (root(&files), manifest(&files));
    for threads in [1, 2, 7] {
        assert_eq!(Scan::new(root.path()).threads(threads).run().unwrap(), expected);
    }
}

#[test]
fn names_must_suit_the_profile() {
    let root = root(&[("a", b""), ("A", b"")]);
    let error = directory(root.path()).unwrap_err();
    let collision = NameError::Collision { name: "a".into(), other: "A".into() };
    assert!(matches!(error, ScanError::Manifest(e) if e == collision.into()));
    assert!(Scan::new(root.path()).profile(NameProfile::Any).run().is_ok());
}

#[test]
fn names_that_make_no_manifest_are_refused_before_anything_is_read() {
    let root = root(&[("a", b"1"), ("A", b"2")]);
    let callback = |_: Progress| panic!("read");
    let error = Scan::new(root.path()).progress(&callback).run().unwrap_err();
    assert!(matches!(error, ScanError::Manifest(_)));
}

#[test]
fn a_root_must_be_a_directory() {
    let root = root(&[("file", b"")]);
    for (name, kind) in [("file", io::ErrorKind::NotADirectory), ("none", io::ErrorKind::NotFound)]
    {
        let given = root.path().join(name);
        for links in [Links::Refuse, Links::FollowInside] {
            let error = Scan::new(&given).links(links).run().unwrap_err();
            assert!(
                matches!(&error, ScanError::Read { path, source } if *path == given && source.kind() == kind),
                "{error:?}"
            );
        }
    }
}

#[test]
fn errors_name_the_path_and_leave_the_cause_to_their_source() {
    let error = directory("/no such directory").unwrap_err();
    assert_eq!(error.to_string(), "\"/no such directory\" cannot be read");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<io::Error>());
}

#[cfg(unix)]
#[test]
fn links_are_refused_by_name() {
    let outside = tempfile::tempdir().unwrap();
    let root = root(&[("b/file", b"")]);
    symlink(outside.path(), root.path().join("z")).unwrap();
    symlink("file", root.path().join("b/link")).unwrap();
    symlink("nothing", root.path().join("c")).unwrap();
    fails(&root, Links::Refuse, r#"LinkRefused { path: "ROOT/b/link" }"#);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_on_request() {
    let root = root(&[("blobs/1", b"one"), ("blobs/deep/2", b"two"), ("versions/3", b"three")]);
    symlink("../blobs/1", root.path().join("versions/one")).unwrap();
    symlink("../blobs", root.path().join("versions/all")).unwrap();
    // A link to a file may stand in a linked directory, and lead over another.
    symlink("../../versions/one", root.path().join("blobs/deep/hop")).unwrap();
    symlink(root.path().join("blobs/1"), root.path().join("absolute")).unwrap();
    let expected = manifest(&[
        ("absolute", b"one"),
        ("blobs/1", b"one"),
        ("blobs/deep/2", b"two"),
        ("blobs/deep/hop", b"one"),
        ("versions/3", b"three"),
        ("versions/all/1", b"one"),
        ("versions/all/deep/2", b"two"),
        ("versions/all/deep/hop", b"one"),
        ("versions/one", b"one"),
    ]);
    for threads in [1, 2, 7] {
        let scan = Scan::new(root.path()).links(Links::FollowInside).threads(threads);
        assert_eq!(scan.run().unwrap(), expected);
    }
    // The root itself is the caller's word, link or not.
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("root");
    symlink(root.path(), &link).unwrap();
    assert_eq!(Scan::new(&link).links(Links::FollowInside).run().unwrap(), expected);
}

#[cfg(unix)]
#[test]
fn links_never_leave_the_root() {
    let outside = root(&[("secret", b"")]);
    let target = fs::canonicalize(outside.path().join("secret")).unwrap();
    let root = root(&[("a", b"")]);
    symlink(&target, root.path().join("out")).unwrap();
    let expected = format!(r#"LinkOutside {{ path: "ROOT/out", target: {target:?} }}"#);
    fails(&root, Links::FollowInside, &expected);

    // A sibling that shares the root's name as a prefix is outside.
    let parent = self::root(&[("data/a", b""), ("data-2/b", b"")]);
    symlink("../data-2", parent.path().join("data/link")).unwrap();
    let error = Scan::new(parent.path().join("data")).links(Links::FollowInside).run().unwrap_err();
    assert!(matches!(error, ScanError::LinkOutside { target, .. } if target.ends_with("data-2")));

    // Outside by way of a link inside.
    fs::remove_file(root.path().join("out")).unwrap();
    symlink(outside.path(), root.path().join("z")).unwrap();
    symlink("z/secret", root.path().join("b")).unwrap();
    let expected = format!(r#"LinkOutside {{ path: "ROOT/b", target: {target:?} }}"#);
    fails(&root, Links::FollowInside, &expected);
}

#[cfg(unix)]
#[test]
fn links_to_nothing_or_to_each_other_cannot_be_read() {
    let root = root(&[]);
    symlink("nothing", root.path().join("dangling")).unwrap();
    fails(
        &root,
        Links::FollowInside,
        r#"Read { path: "ROOT/dangling", source: Os { code: 2, kind: NotFound, message: "No such file or directory" } }"#,
    );
    let root = self::root(&[]);
    symlink("b", root.path().join("a")).unwrap();
    symlink("a", root.path().join("b")).unwrap();
    let error = Scan::new(root.path()).links(Links::FollowInside).run().unwrap_err();
    assert!(matches!(error, ScanError::Read { path, .. } if path == root.path().join("a")));
}

#[cfg(unix)]
#[test]
fn links_make_no_endless_walk() {
    let root = root(&[("a/b/file", b"")]);
    symlink("..", root.path().join("a/b/up")).unwrap();
    fails(&root, Links::FollowInside, r#"LinkLoop { path: "ROOT/a/b/up" }"#);
    fs::remove_file(root.path().join("a/b/up")).unwrap();
    symlink("../..", root.path().join("a/b/root")).unwrap();
    fails(&root, Links::FollowInside, r#"LinkLoop { path: "ROOT/a/b/root" }"#);

    // Two directories that link to each other.
    let root = self::root(&[("a/1", b""), ("b/2", b"")]);
    symlink("../b", root.path().join("a/x")).unwrap();
    symlink("../a", root.path().join("b/y")).unwrap();
    fails(&root, Links::FollowInside, r#"LinkNested { path: "ROOT/a/x/y" }"#);
}

#[cfg(unix)]
#[test]
fn special_files_are_refused_by_name_and_kind() {
    let root = root(&[("a", b"")]);
    let status =
        std::process::Command::new("mkfifo").arg(root.path().join("pipe")).status().unwrap();
    assert!(status.success());
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("socket")).unwrap();
    fails(&root, Links::Refuse, r#"Special { path: "ROOT/pipe", kind: Fifo }"#);
    symlink("socket", root.path().join("link")).unwrap();
    fails(&root, Links::FollowInside, r#"Special { path: "ROOT/link", kind: Socket }"#);
    fs::remove_file(root.path().join("pipe")).unwrap();
    fs::remove_file(root.path().join("link")).unwrap();
    fails(&root, Links::Refuse, r#"Special { path: "ROOT/socket", kind: Socket }"#);
    let error = directory("/dev/null").unwrap_err();
    assert!(matches!(error, ScanError::Read { .. }), "{error:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn names_must_be_utf_8() {
    use std::os::unix::ffi::OsStrExt as _;
    let root = root(&[("a/b", b"")]);
    File::create(root.path().join("a").join(std::ffi::OsStr::from_bytes(b"\xff"))).unwrap();
    fails(&root, Links::Refuse, r#"NotUtf8 { path: "ROOT/a/\xFF" }"#);
}

/// The error of a scan whose root changes when the walk is over and nothing has been read.
fn after_walk(root: &TempDir, threads: usize, change: impl Fn(&Path) + Sync) -> ScanError {
    let changed = AtomicBool::new(false);
    let callback = |progress: Progress| {
        if !changed.swap(true, Ordering::Relaxed) {
            assert_eq!((progress.files_done, progress.bytes_done), (0, 0));
            change(root.path());
        }
    };
    Scan::new(root.path()).threads(threads).progress(&callback).run().unwrap_err()
}

#[track_caller]
pub(super) fn assert_changed(error: &ScanError, expected: &Path) {
    assert!(matches!(error, ScanError::Changed { path } if path == expected), "{error:?}");
}

pub(super) fn append(path: &Path) {
    File::options().append(true).open(path).unwrap().write_all(b"!").unwrap();
}

#[test]
fn a_file_must_stay_as_the_walk_saw_it() {
    let segment = usize::try_from(SEGMENT).unwrap();
    for length in [0, 5, hash::BLOCK, hash::BLOCK + 1, segment + 1] {
        let content = vec![b'x'; length];
        let changes: [fn(&Path); 3] = [
            append,
            // The same length and content, but another file.
            |path| {
                let other = path.with_extension("tmp");
                fs::copy(path, &other).unwrap();
                fs::rename(other, path).unwrap();
            },
            |path| {
                File::options().write(true).open(path).unwrap().set_len(0).unwrap();
                append(path);
                append(path);
            },
        ];
        for change in changes {
            let root = root(&[("a", b"1"), ("b", &content), ("c", b"2")]);
            let error = after_walk(&root, 2, |root| change(&root.join("b")));
            assert_changed(&error, &root.path().join("b"));
        }
    }
}

#[cfg(unix)]
#[test]
fn what_takes_the_place_of_a_file_is_not_taken_for_it() {
    let outside = root(&[("secret", b"12345")]);
    let root = || root(&[("a", b"12345")]);
    let (link, directory, pipe) = (root(), root(), root());
    let error = after_walk(&link, 1, |root| {
        fs::remove_file(root.join("a")).unwrap();
        symlink(outside.path().join("secret"), root.join("a")).unwrap();
    });
    assert_changed(&error, &link.path().join("a"));
    let error = after_walk(&directory, 1, |root| {
        fs::remove_file(root.join("a")).unwrap();
        fs::create_dir(root.join("a")).unwrap();
    });
    assert_changed(&error, &directory.path().join("a"));
    // Opening must not wait for a writer.
    let error = after_walk(&pipe, 1, |root| {
        fs::remove_file(root.join("a")).unwrap();
        std::process::Command::new("mkfifo").arg(root.join("a")).status().unwrap();
    });
    assert_changed(&error, &pipe.path().join("a"));
}

#[test]
fn a_file_that_grows_while_it_is_read_has_changed() {
    let root = root(&[("a", &vec![0; 4 * hash::BLOCK])]);
    let path = root.path().join("a");
    let callback = |progress: Progress| {
        if progress.bytes_done == 2 * u64::try_from(hash::BLOCK).unwrap() {
            append(&path);
        }
    };
    let error = Scan::new(root.path()).threads(1).progress(&callback).run().unwrap_err();
    assert_changed(&error, &path);
}

/// Root may read anything, so permissions cannot be tested here.
#[test]
fn a_file_that_is_gone_cannot_be_read_and_the_first_by_name_is_reported() {
    for threads in [1, 2, 7] {
        let names: Vec<String> = (100..400).map(|i| i.to_string()).collect();
        let files: Vec<(&str, &[u8])> =
            names.iter().map(|name| (name.as_str(), name.as_bytes())).collect();
        let root = root(&files);
        let error = after_walk(&root, threads, |root| {
            for gone in ["390", "250", "251"] {
                fs::remove_file(root.join(gone)).unwrap();
            }
        });
        let expected: PathBuf = root.path().join("250");
        assert!(
            matches!(&error, ScanError::Read { path, source }
                if *path == expected && source.kind() == io::ErrorKind::NotFound),
            "{error:?}"
        );
    }
}

#[test]
fn progress_begins_at_nothing_and_ends_at_everything() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let root = root(&[("a", b"1"), ("b", b""), ("c", &vec![0; segment + 1])]);
    for threads in [1, 2] {
        let seen = Mutex::new(Vec::new());
        let callback = |progress: Progress| seen.lock().unwrap().push(progress);
        Scan::new(root.path()).threads(threads).progress(&callback).run().unwrap();
        let seen = seen.into_inner().unwrap();
        let (files, bytes) = (3, SEGMENT + 2);
        let at = |files_done, bytes_done| Progress { files_done, files, bytes_done, bytes };
        assert_eq!(seen.first(), Some(&at(0, 0)));
        assert_eq!(seen.last(), Some(&at(files, bytes)));
        // A block at a time.
        assert!(seen.len() > segment / hash::BLOCK);
    }
}

#[test]
fn a_cancelled_scan_stops() {
    let segment = usize::try_from(SEGMENT).unwrap();
    let root = root(&[("a", &vec![0; segment]), ("b", &vec![0; 3 * segment])]);
    let set = AtomicBool::new(true);
    let error = Scan::new(root.path()).cancel(&set).run().unwrap_err();
    assert!(matches!(error, ScanError::Cancelled));

    for threads in [1, 2] {
        let flag = AtomicBool::new(false);
        let most = AtomicU64::new(0);
        let callback = |progress: Progress| {
            most.fetch_max(progress.bytes_done, Ordering::Relaxed);
            flag.store(progress.bytes_done > 0, Ordering::Relaxed);
        };
        let scan = Scan::new(root.path()).threads(threads).progress(&callback).cancel(&flag);
        assert!(matches!(scan.run(), Err(ScanError::Cancelled)));
        // No thread begins a second block.
        let blocks = u64::try_from(threads * hash::BLOCK).unwrap();
        assert!(most.into_inner() <= blocks);
    }
}

#[test]
fn a_panic_in_the_callback_reaches_the_caller() {
    let root = root(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let callback = |progress: Progress| assert_eq!(progress.bytes_done, 0, "callback");
    let run = || Scan::new(root.path()).threads(2).progress(&callback).run();
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err());
}
