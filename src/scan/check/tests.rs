use std::fs::{self, File};
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::manifest::{Dtype, NameError, NameProfile, TensorEntry};
use crate::scan::tests::{append, assert_changed, entry, manifest, root};
use crate::scan::{Links, Progress, SpecialKind};

const SOLD: &[(&str, &[u8])] =
    &[("README", b"read"), ("data/1", b"same"), ("data/2", b"same"), ("data/3", b"three")];

/// What a check of `root` against [`SOLD`] gives, on any number of threads.
#[track_caller]
fn delivery(root: &TempDir) -> Delivery {
    let manifest = manifest(SOLD);
    let [one, two, seven] = [1, 2, 7]
        .map(|threads| Scan::new(root.path()).threads(threads).check(&manifest).run().unwrap());
    assert_eq!((&one, &one), (&two, &seven));
    one
}

/// The error of a check of `root` against [`SOLD`].
#[track_caller]
fn fails(root: &TempDir, links: Links) -> ScanError {
    let manifest = manifest(SOLD);
    match Scan::new(root.path()).links(links).check(&manifest).run() {
        Err(CheckError::Scan(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn names(entries: &[FileEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}

fn move_file(root: &TempDir, from: &str, to: &str) {
    fs::rename(root.path().join(from), root.path().join(to)).unwrap();
}

#[test]
fn a_directory_as_sold_is_complete_and_has_the_id() {
    let root = root(SOLD);
    fs::create_dir(root.path().join("empty")).unwrap();
    let delivery = delivery(&root);
    assert!(delivery.is_complete());
    assert_eq!((delivery.asked(), delivery.bytes()), (4, 17));
    assert_eq!(delivery.manifest(), Scan::new(root.path()).run().unwrap().id());
    assert_eq!(
        delivery.to_string(),
        format!("{}: 4 files of 17 bytes, complete", delivery.manifest())
    );
}

#[test]
fn every_difference_is_told_by_name() {
    let root = root(SOLD);
    fs::remove_file(root.path().join("README")).unwrap();
    fs::write(root.path().join("data/1"), "else").unwrap();
    fs::write(root.path().join("data/4"), "more").unwrap();
    fs::write(root.path().join("0"), "").unwrap();
    move_file(&root, "data/3", "three");
    let delivery = delivery(&root);
    assert!(!delivery.is_complete());
    assert_eq!(delivery.missing(), [entry("README", b"read")]);
    assert_eq!(delivery.extra(), [entry("0", b""), entry("data/4", b"more")]);
    let changed = Changed { expected: entry("data/1", b"same"), found: entry("data/1", b"else") };
    assert_eq!(delivery.changed(), [changed]);
    let renamed = Renamed { expected: entry("data/3", b"three"), found: entry("three", b"three") };
    assert_eq!(delivery.renamed(), [renamed]);
    let lines = [
        ": 4 files of 17 bytes, not as stated",
        "1 missing, the first \"README\"",
        "1 changed, the first \"data/1\"",
        "1 renamed, the first \"data/3\"",
        "2 extra, the first \"0\"",
    ];
    assert_eq!(delivery.to_string(), format!("{}{}", delivery.manifest(), lines.join("\n")));
}

#[test]
fn one_difference_of_any_kind_is_enough() {
    let changes: [fn(&TempDir); 5] = [
        |root| fs::remove_file(root.path().join("data/2")).unwrap(),
        |root| fs::write(root.path().join("empty"), "").unwrap(),
        |root| fs::write(root.path().join("data/2"), "same ").unwrap(),
        |root| move_file(root, "data/2", "data/0"),
        // Two names that change places: nothing is new and nothing is gone.
        |root| {
            move_file(root, "README", "data/x");
            move_file(root, "data/3", "README");
            move_file(root, "data/x", "data/3");
        },
    ];
    for change in changes {
        let root = root(SOLD);
        assert!(delivery(&root).is_complete());
        change(&root);
        assert!(!delivery(&root).is_complete());
    }
}

#[test]
fn renamed_files_of_one_content_are_paired_in_order() {
    let root = root(SOLD);
    move_file(&root, "data/1", "z");
    move_file(&root, "data/2", "b");
    fs::write(root.path().join("a"), "same").unwrap();
    let delivery = delivery(&root);
    let pairs: Vec<_> = delivery
        .renamed()
        .iter()
        .map(|renamed| (renamed.expected.name.as_str(), renamed.found.name.as_str()))
        .collect();
    assert_eq!(pairs, [("data/1", "a"), ("data/2", "b")]);
    assert_eq!(names(delivery.extra()), ["z"]);
    assert_eq!(names(delivery.missing()), [""; 0]);
}

#[test]
fn a_part_may_be_asked_for() {
    let manifest = manifest(SOLD);
    let root = root(&SOLD[..2]);
    let check = Scan::new(root.path()).check(&manifest);
    let part = check.clone().only(["data/1"]).only(["README"]).run().unwrap();
    assert!(part.is_complete());
    assert_eq!((part.asked(), part.bytes(), part.not_asked()), (2, 8, &[][..]));
    let less = check.clone().only(["data/1"]).run().unwrap();
    assert!(less.is_complete());
    assert_eq!(names(less.not_asked()), ["README"]);
    assert!(less.to_string().ends_with(", complete\n1 not asked for, the first \"README\""));
    let more = check.clone().only(["data/1", "data/3"]).run().unwrap();
    assert_eq!((more.is_complete(), names(more.missing())), (false, vec!["data/3"]));
    let nothing = check.clone().only([""; 0]).run().unwrap();
    assert_eq!((nothing.asked(), names(nothing.not_asked())), (0, vec!["README", "data/1"]));
    assert_eq!(check.run().unwrap().asked(), 4);
}

#[test]
fn what_is_not_asked_for_must_be_as_stated_all_the_same() {
    let manifest = manifest(SOLD);
    let root = root(SOLD);
    fs::write(root.path().join("data/3"), "3").unwrap();
    fs::write(root.path().join("new"), "three").unwrap();
    let part = Scan::new(root.path()).check(&manifest).only(["README"]).run().unwrap();
    assert!(!part.is_complete());
    assert_eq!(names(part.not_asked()), ["data/1", "data/2"]);
    assert_eq!(part.changed()[0].found, entry("data/3", b"3"));
    // Nobody asked for its content under the old name.
    assert_eq!((names(part.extra()), part.renamed()), (vec!["new"], &[][..]));
}

#[test]
fn only_names_of_the_manifest_can_be_asked_for() {
    let manifest = manifest(SOLD);
    let check = Scan::new("/no such directory").check(&manifest);
    let error = check.only(["z", "README", "data", "readme"]).run().unwrap_err();
    assert_eq!(error.to_string(), "3 names asked for are not in the manifest, the first \"data\"");
    assert!(
        matches!(error, CheckError::NotInManifest { names } if names == ["data", "readme", "z"])
    );
    let tensor = TensorEntry::new("t", Dtype::U8, vec![], 1, Digest::of(b"1"));
    let tensors = Manifest::tensors(vec![tensor]).unwrap();
    let error = Scan::new("/no such directory").check(&tensors).run().unwrap_err();
    assert!(matches!(error, CheckError::Tensors));
}

#[cfg(unix)]
#[test]
fn a_link_is_no_delivery() {
    let outside = root(SOLD);
    let root = root(SOLD);
    // The same content, elsewhere.
    fs::remove_file(root.path().join("data/1")).unwrap();
    symlink("2", root.path().join("data/1")).unwrap();
    let refused = fails(&root, Links::Refuse);
    assert!(matches!(refused, ScanError::LinkRefused { path } if path.ends_with("data/1")));
    let manifest = manifest(SOLD);
    let inside = Scan::new(root.path()).links(Links::FollowInside).check(&manifest).run().unwrap();
    assert!(inside.is_complete(), "on request, and inside");

    fs::remove_dir_all(root.path().join("data")).unwrap();
    symlink(outside.path().join("data"), root.path().join("data")).unwrap();
    let refused = fails(&root, Links::Refuse);
    assert!(matches!(refused, ScanError::LinkRefused { path } if path.ends_with("data")));
    let refused = fails(&root, Links::FollowInside);
    assert!(matches!(refused, ScanError::LinkOutside { path, .. } if path.ends_with("data")));
}

#[cfg(unix)]
#[test]
fn special_files_are_refused_whether_the_manifest_has_their_name_or_not() {
    for name in ["README", "new"] {
        let root = root(SOLD);
        let path = root.path().join(name);
        drop(fs::remove_file(&path));
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let error = fails(&root, Links::Refuse);
        assert!(
            matches!(error, ScanError::Special { path: found, kind: SpecialKind::Socket } if found == path)
        );
        fs::remove_file(&path).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let error = fails(&root, Links::Refuse);
        assert!(
            matches!(error, ScanError::Special { path: found, kind: SpecialKind::Fifo } if found == path)
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_strange_name_that_is_not_utf_8_is_refused_too() {
    use std::os::unix::ffi::OsStrExt as _;
    let root = root(SOLD);
    let path = root.path().join(std::ffi::OsStr::from_bytes(b"\xff"));
    File::create(&path).unwrap();
    assert!(
        matches!(fails(&root, Links::Refuse), ScanError::NotUtf8 { path: found } if found == path)
    );
}

/// Runs a check whose directory changes when the walk is over and nothing has been read.
fn after_walk(root: &TempDir, only: Option<&str>, change: impl Fn(&Path) + Sync) -> ScanError {
    let manifest = manifest(SOLD);
    let changed = AtomicBool::new(false);
    let callback = |_: Progress| {
        if !changed.swap(true, std::sync::atomic::Ordering::Relaxed) {
            change(root.path());
        }
    };
    let mut check = Scan::new(root.path()).progress(&callback).check(&manifest);
    if let Some(name) = only {
        check = check.only([name]);
    }
    match check.run() {
        Err(CheckError::Scan(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_that_changes_meanwhile_fails_the_check_asked_for_or_not() {
    for only in [None, Some("README")] {
        let root = root(SOLD);
        let error = after_walk(&root, only, |root| append(&root.join("data/3")));
        assert_changed(&error, &root.path().join("data/3"));
    }
}

#[cfg(unix)]
#[test]
fn a_link_swapped_in_meanwhile_is_not_followed() {
    let outside = root(SOLD);
    let file = root(SOLD);
    let error = after_walk(&file, None, |root| {
        fs::remove_file(root.join("data/1")).unwrap();
        symlink(outside.path().join("data/1"), root.join("data/1")).unwrap();
    });
    assert_changed(&error, &file.path().join("data/1"));
    let directory = root(SOLD);
    let error = after_walk(&directory, None, |root| {
        fs::rename(root.join("data"), root.join("gone")).unwrap();
        symlink(outside.path().join("data"), root.join("data")).unwrap();
    });
    assert_changed(&error, &directory.path().join("data/1"));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let gone = root(SOLD);
    let path = gone.path().join("data/2");
    let error = after_walk(&gone, None, |_| fs::remove_file(&path).unwrap());
    assert!(matches!(&error, ScanError::Read { path: found, .. } if *found == path), "{error:?}");

    let closed = root(SOLD);
    let path = closed.path().join("README");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read anything.
    if File::open(&path).is_err() {
        let error = fails(&closed, Links::Refuse);
        assert!(
            matches!(&error, ScanError::Read { path: found, .. } if *found == path),
            "{error:?}"
        );
    } else {
        assert!(delivery(&closed).is_complete());
    }
}

#[test]
fn hard_links_are_files_like_any_other() {
    let root = root(SOLD);
    fs::remove_file(root.path().join("data/2")).unwrap();
    fs::hard_link(root.path().join("data/1"), root.path().join("data/2")).unwrap();
    assert!(delivery(&root).is_complete());
    fs::hard_link(root.path().join("data/1"), root.path().join("data/9")).unwrap();
    assert_eq!(names(delivery(&root).extra()), ["data/9"]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_only_by_case_or_form_are_different_and_may_be_refused() {
    let root = root(SOLD);
    move_file(&root, "README", "readme");
    let renamed = delivery(&root);
    assert_eq!(renamed.renamed()[0].found.name, "readme");
    fs::write(root.path().join("README"), "read").unwrap();
    let collision = NameError::Collision { name: "readme".into(), other: "README".into() };
    let refused = fails(&root, Links::Refuse);
    assert!(matches!(refused, ScanError::Manifest(error) if error == collision.into()));
    let manifest = manifest(SOLD);
    let any = Scan::new(root.path()).profile(NameProfile::Any).check(&manifest).run().unwrap();
    assert_eq!(names(any.extra()), ["readme"]);

    fs::remove_file(root.path().join("readme")).unwrap();
    fs::write(root.path().join("e\u{301}"), "").unwrap();
    let refused = fails(&root, Links::Refuse);
    let form = NameError::NotNfc { name: "e\u{301}".into() };
    assert!(matches!(refused, ScanError::Manifest(error) if error == form.into()));
}

#[test]
fn a_cancelled_check_gives_no_answer() {
    let (root, manifest, flag) = (root(SOLD), manifest(SOLD), AtomicBool::new(true));
    let error = Scan::new(root.path()).cancel(&flag).check(&manifest).run().unwrap_err();
    assert!(matches!(error, CheckError::Scan(ScanError::Cancelled)));
}

#[test]
fn progress_tells_of_all_that_is_there() {
    let (root, manifest, last) = (root(SOLD), manifest(SOLD), Mutex::new(None));
    let callback = |progress: Progress| *last.lock().unwrap() = Some(progress);
    let check = Scan::new(root.path()).threads(1).progress(&callback).check(&manifest);
    assert!(check.only(["README"]).run().unwrap().is_complete());
    let end = Progress { files_done: 4, files: 4, bytes_done: 17, bytes: 17 };
    assert_eq!(last.into_inner().unwrap(), Some(end));
}

/// Names with content out of few, so that all kinds of difference occur.
fn tree() -> impl Strategy<Value = BTreeMap<String, u8>> {
    proptest::collection::btree_map("[a-h]", 0_u8..4, 0..8)
}

proptest! {
    #[test]
    fn every_name_of_either_side_is_accounted_for_once(
        sold in tree(), found in tree(), asked in proptest::collection::btree_set("[a-h]", 0..8)
    ) {
        let asked: BTreeSet<String> =
            asked.into_iter().filter(|name| sold.contains_key(name)).collect();
        let entries = |tree: &BTreeMap<String, u8>| -> Vec<FileEntry> {
            tree.iter().map(|(name, byte)| entry(name, &[*byte])).collect()
        };
        let sold_rows = entries(&sold);
        let rows: Vec<Row<'_>> = sold_rows
            .iter()
            .map(|entry| Row { entry, asked: asked.contains(&entry.name) })
            .collect();
        let mut delivery = Delivery {
            manifest: ManifestId::from_bytes([0; 32]),
            asked: 0,
            bytes: 0,
            missing: vec![],
            extra: vec![],
            changed: vec![],
            renamed: vec![],
            not_asked: vec![],
        };
        delivery.compare(&rows, entries(&found));
        delivery.pair();
        let correct = asked.iter().filter(|name| sold.get(*name) == found.get(*name)).count();
        let (renamed, changed) = (delivery.renamed.len(), delivery.changed.len());
        let asked_and_changed =
            delivery.changed.iter().filter(|pair| asked.contains(&pair.found.name)).count();
        prop_assert_eq!(
            asked.len(), correct + delivery.missing.len() + renamed + asked_and_changed
        );
        prop_assert_eq!(
            found.len(),
            correct + delivery.extra.len() + renamed + changed + delivery.not_asked.len()
        );
        for pair in &delivery.changed {
            prop_assert!(pair.expected.name == pair.found.name && pair.expected != pair.found);
        }
        for Renamed { expected, found } in &delivery.renamed {
            prop_assert_eq!((expected.digest, expected.size), (found.digest, found.size));
            prop_assert!(asked.contains(&expected.name) && !sold.contains_key(&found.name));
        }
        // Nothing that could be paired is left.
        let missing: BTreeSet<Digest> = delivery.missing.iter().map(|entry| entry.digest).collect();
        prop_assert!(delivery.extra.iter().all(|entry| !missing.contains(&entry.digest)));
    }
}
