mod faults;

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::id::{ManifestId, Origin};
use crate::key::{PublicKey, Signer as _, SigningKey};
use crate::log::{Log, LogError, LogPolicy, MemoryStore, Refusal};
use crate::manifest::{Dataset, ScanMethod};
use crate::statement::{Envelope, Issuer, Payload as _};
use crate::timestamp::Timestamp;

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn registry() -> Issuer<SigningKey> {
    Issuer::new("did:web:registry.example", key())
}

fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000).unwrap()
}

fn statement(number: u8) -> Envelope {
    let dataset = Dataset::new(ManifestId::from_bytes([number; 32]), "title", ScanMethod::Full);
    dataset.sign(&registry(), now()).unwrap().envelope().clone()
}

/// The log of a registrar who registers his own datasets.
fn grow<S: Store>(log: &mut Log<S, SigningKey>, numbers: std::ops::Range<u8>) {
    let own = key().public_key();
    let policy = move |_: &Envelope, _: Timestamp| -> Result<PublicKey, Refusal> { Ok(own) };
    for number in numbers {
        log.append(&statement(number), &policy, now()).unwrap();
    }
    log.publish(now()).unwrap();
}

fn create<S: Store>(store: S) -> Log<S, SigningKey> {
    Log::create(store, registry(), &LogPolicy::new(origin()), now()).unwrap()
}

/// All files below a directory, with their paths from it.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_log_in_a_directory_is_laid_out_as_tiles() {
    let directory = directory();
    let mut log = create(DirectoryStore::open(directory.path()).unwrap());
    grow(&mut log, 0..255);
    grow(&mut log, 0..2);
    let expected = [
        "checkpoint",
        "lock",
        "statement/000",
        "statement/000.p/1",
        "statement/001.p/2",
        "tile/0/000",
        "tile/0/000.p/1",
        "tile/0/001.p/2",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/000.p/1",
        "tile/entries/001.p/2",
    ];
    assert_eq!(files(directory.path()), expected);
    let bytes = |path: &str| fs::read(directory.path().join(path)).unwrap();
    assert_eq!((bytes("tile/0/000").len(), bytes("tile/entries/000").len()), (8_192, 8_704));
    assert_eq!(bytes("checkpoint"), log.checkpoint().signed().to_bytes());
    drop(log);
    assert!(!directory.path().join("lock").exists());
}

#[test]
fn a_log_in_a_directory_is_the_one_in_memory() {
    let directory = directory();
    let memory = MemoryStore::new();
    let mut a = create(DirectoryStore::open(directory.path()).unwrap());
    let mut b = create(&memory);
    for (from, to) in [(0, 3), (3, 200), (0, 100)] {
        grow(&mut a, from..to);
        grow(&mut b, from..to);
        assert_eq!(a.checkpoint(), b.checkpoint());
        drop(a);
        let store = DirectoryStore::open(directory.path()).unwrap();
        a = Log::open(store, registry(), &origin()).unwrap();
    }
    for index in [0, 1, 3, 4, 200, 255, 256, 300] {
        assert_eq!(a.statement(index).unwrap(), b.statement(index).unwrap());
        assert_eq!(a.prove_inclusion(index, 301).unwrap(), b.prove_inclusion(index, 301).unwrap());
    }
}

#[test]
fn one_process_writes_at_a_time() {
    let directory = directory();
    let first = DirectoryStore::open(directory.path()).unwrap();
    let second = DirectoryStore::open(directory.path());
    let lock = directory.path().join("lock");
    assert!(matches!(second, Err(DirectoryError::Locked { path }) if path == lock));
    drop(first);
    assert!(DirectoryStore::open(directory.path()).is_ok());
}

/// What a kill leaves is a lock, perhaps half a file, and a log that goes on.
#[test]
fn whoever_takes_over_from_a_killed_process_goes_on() {
    let directory = directory();
    let mut killed = create(DirectoryStore::open(directory.path()).unwrap());
    grow(&mut killed, 0..5);
    let checkpoint = killed.checkpoint().clone();
    std::mem::forget(killed);
    let stale = ["writing-lock-0123456789abcdef0123456789abcdef", "lock-0123"];
    let stale = stale.map(|name| directory.path().join(name));
    for path in &stale {
        fs::write(path, b"half a ti").unwrap();
    }
    let leftover = Resource::Tile { level: 0, index: 0, width: 7 };
    let path = directory.path().join(leftover.to_string());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, b"of a publication that came to nothing").unwrap();
    assert!(matches!(DirectoryStore::open(directory.path()), Err(DirectoryError::Locked { .. })));
    let store = DirectoryStore::take_over(directory.path()).unwrap();
    assert!(!stale.iter().any(|path| path.exists()), "what was never whole stays");
    let mut log = Log::open(store, registry(), &origin()).unwrap();
    assert_eq!(log.checkpoint(), &checkpoint);
    grow(&mut log, 5..6);
    drop(log);
    let log = Log::open(DirectoryStore::open(directory.path()).unwrap(), registry(), &origin());
    assert_eq!(log.unwrap().statement(6).unwrap(), statement(5));
}

#[test]
fn a_process_from_which_another_took_over_writes_no_more() {
    let directory = directory();
    let mut log = create(DirectoryStore::open(directory.path()).unwrap());
    let other = DirectoryStore::take_over(directory.path()).unwrap();
    let before = files(directory.path());
    let Err(LogError::Store(error)) = log.publish(now()) else { panic!("published") };
    let reason = std::error::Error::source(&error).unwrap();
    assert!(reason.to_string().ends_with("lock is another's: another process has taken over"));
    // Nor does it take the other's lock away.
    drop(log);
    assert_eq!(files(directory.path()), before);
    drop(other);
    assert!(DirectoryStore::open(directory.path()).is_ok());
}

/// Each writes under a name of its own, so that neither moves what the other wrote.
#[test]
fn two_writers_share_no_temporary_file() {
    let directory = directory();
    let first = DirectoryStore::open(directory.path()).unwrap();
    let second = DirectoryStore::take_over(directory.path()).unwrap();
    assert_ne!(first.directory.token, second.directory.token);
    assert!(second.directory.token.starts_with("lock-"));
    drop((first, second));
    // Two that open at once: one gets it.
    let path = directory.path();
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(move || DirectoryStore::open(path).ok())).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(opened.len(), 1);
}

#[test]
fn a_checkpoint_is_swapped_for_the_one_that_is_there() {
    let directory = directory();
    let store = DirectoryStore::open(directory.path().join("made/on/the/way")).unwrap();
    let swap = |old, new| store.swap_checkpoint(old, new).unwrap();
    assert!(!swap(Some(b"a"), b"b"));
    assert!(swap(None, b"a"));
    assert!(!swap(None, b"b"));
    assert!(!swap(Some(b"b"), b"c"));
    assert!(swap(Some(b"a"), b"b"));
    assert_eq!(store.checkpoint().unwrap(), Some(b"b".to_vec()));
    assert_eq!(files(directory.path()), ["made/on/the/way/checkpoint", "made/on/the/way/lock"]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let directory = directory();
    let store = DirectoryStore::open(directory.path()).unwrap();
    // A file where a directory should be.
    fs::write(directory.path().join("tile"), b"").unwrap();
    let tile = Resource::Tile { level: 0, index: 0, width: 1 };
    let error = store.write(&tile, &[0; 32]).unwrap_err();
    let reason = std::error::Error::source(&error).unwrap();
    let reason = reason.downcast_ref::<DirectoryError>().unwrap();
    assert!(matches!(reason, DirectoryError::Io { path, .. } if path.ends_with("tile/0")));
    let on_a_file = DirectoryStore::open(directory.path().join("tile"));
    assert!(matches!(on_a_file, Err(DirectoryError::Io { .. })));
}
