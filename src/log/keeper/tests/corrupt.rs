//! Stores that have something else than was published.

use super::*;
use crate::log::segment::Part;

/// A log of 300 entries, the second publication of which begins in the middle of a segment.
fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let mut log = created(&store);
    for number in 1..300 {
        log.append(&statement(number), &curators, now()).unwrap();
        if number == 100 {
            log.publish(now()).unwrap();
        }
    }
    log.publish(now()).unwrap();
    store
}

const LEAVES: Resource = Resource::Tile { level: 0, index: 1, width: 44 };
const ABOVE: Resource = Resource::Tile { level: 1, index: 0, width: 1 };
const FULL: Resource = Resource::Tile { level: 0, index: 0, width: 256 };
const ENTRIES: Resource = Resource::Entries { index: 1, width: 44 };
const LAST: Resource = Resource::Statements { index: 1, width: 44 };
const FIRST: Resource = Resource::Statements { index: 0, width: 101 };
const REST: Resource = Resource::Statements { index: 0, width: 256 };

fn damaged(resource: Resource, damage: impl Fn(&[u8]) -> Vec<u8>) -> MemoryStore {
    let store = store();
    let bytes = store.read(&resource).unwrap().unwrap_or_else(|| panic!("no {resource}"));
    store.write(&resource, &damage(&bytes)).unwrap();
    store
}

fn flip(bytes: &[u8]) -> Vec<u8> {
    flip_at(bytes, bytes.len() / 2 + 5)
}

fn flip_at(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut flipped = bytes.to_vec();
    flipped[at] ^= 1;
    flipped
}

fn shorten(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() - 1].to_vec()
}

fn open(store: &MemoryStore) -> Result<Log<&MemoryStore, SigningKey>, LogError> {
    Log::open(store, issuer(key()), &origin())
}

#[track_caller]
fn fault<T>(result: Result<T, LogError>, expected: Resource) -> &'static str {
    match result {
        Err(LogError::Corrupt { resource, fault }) if resource == expected => fault,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("{expected} was not looked at"),
    }
}

/// Without one resource.
struct Without<'a>(&'a MemoryStore, Resource);

impl Store for Without<'_> {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        if *resource == self.1 { Ok(None) } else { self.0.read(resource) }
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.write(resource, bytes)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.checkpoint()
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        self.0.swap_checkpoint(old, new)
    }
}

#[test]
fn a_log_whose_edge_is_damaged_is_not_opened() {
    assert!(open(&store()).is_ok());
    for tile in [LEAVES, ABOVE] {
        assert!(matches!(open(&damaged(tile, flip)), Err(LogError::OtherRoot { .. })), "{tile}");
        assert_eq!(fault(open(&damaged(tile, shorten)), tile), "not as many hashes");
    }
    assert_eq!(fault(open(&damaged(ENTRIES, flip)), ENTRIES), "other entries than the leaves");
    assert_eq!(fault(open(&damaged(ENTRIES, shorten)), ENTRIES), "not as many entries");
    assert_eq!(fault(open(&damaged(LAST, shorten)), LAST), "no statements");
    for resource in [LEAVES, ABOVE, ENTRIES, LAST] {
        let store = store();
        let missing = Log::open(Without(&store, resource), issuer(key()), &origin());
        assert!(matches!(missing, Err(LogError::Missing { resource: found }) if found == resource));
    }
}

#[test]
fn an_unsound_checkpoint_is_not_opened() {
    let store = store();
    let bytes = store.checkpoint().unwrap().unwrap();
    let swap = |new: &[u8]| {
        let old = store.checkpoint().unwrap();
        assert!(store.swap_checkpoint(old.as_deref(), new).unwrap());
        open(&store)
    };
    let torn = swap(&bytes[..bytes.len() - 1]);
    assert!(matches!(torn, Err(LogError::Checkpoint(CheckpointError::Unterminated))));
    let text = String::from_utf8(bytes).unwrap().replace("\n300\n", "\n301\n");
    let resized = swap(text.as_bytes());
    assert!(matches!(
        resized,
        Err(LogError::Unverified(UnverifiedCheckpoint::BadSignature { .. }))
    ));
}

/// What is behind the edge is found when it is read, before anything is proven with it.
#[test]
fn nothing_is_proven_from_a_damaged_tile() {
    let flipped = damaged(FULL, flip);
    let log = open(&flipped).unwrap();
    assert!(matches!(log.prove_inclusion(3, 300), Err(LogError::OtherRoot { .. })));
    assert!(matches!(log.prove_inclusion(3, 256), Err(LogError::OtherRoot { .. })));
    assert!(matches!(log.prove_consistency(200, 300), Err(LogError::OtherRoot { .. })));
    assert!(matches!(log.receipt(3, now()), Err(LogError::Receipt(ReceiptSignError::Proof(_)))));
    let shorter = damaged(FULL, shorten);
    let log = open(&shorter).unwrap();
    assert_eq!(fault(log.prove_inclusion(3, 300), FULL), "not as many hashes");
    let store = store();
    let log = Log::open(Without(&store, FULL), issuer(key()), &origin()).unwrap();
    let missing = log.prove_inclusion(3, 300);
    assert!(matches!(missing, Err(LogError::Missing { resource }) if resource == FULL));
}

#[test]
fn a_damaged_statement_is_not_given_out() {
    let flipped = damaged(FIRST, |bytes| flip_at(bytes, bytes.len() - 1));
    let log = open(&flipped).unwrap();
    assert_eq!(log.statement(99).unwrap(), statement(99));
    assert_eq!(fault(log.statement(100), FIRST), "another statement than was published");
    let shorter = damaged(REST, shorten);
    let log = open(&shorter).unwrap();
    assert_eq!(fault(log.statement(0), REST), "no statements");
    let moved = damaged(FIRST, |bytes| {
        let statements = Part::decode(bytes, 101).unwrap().statements;
        let statements: Vec<&[u8]> = statements[49..].iter().map(Vec::as_slice).collect();
        Part::encode(&[0, 50], &statements)
    });
    let log = open(&moved).unwrap();
    assert_eq!(fault(log.statement(10), FIRST), "begins elsewhere");
    assert_eq!(log.statement(60).unwrap(), statement(60));
}
