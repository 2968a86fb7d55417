//! A store that stops or fails at every single operation in turn.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::log::edge::{TILE, subtrees};
use crate::log::segment::{Part, decode_entries, decode_tile};
use crate::log::subtrees::Subtrees as _;

/// What becomes of the operation at which the store fails; every later one fails too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It did not happen.
    Before,
    /// It happened.
    After,
    /// Half of a resource was written. A checkpoint is swapped at once or not at all.
    Torn,
}

/// What outlives the process, with everything that anybody could have seen.
#[derive(Default)]
struct Disk {
    store: MemoryStore,
    /// Every checkpoint that was ever served, by size.
    served: RefCell<BTreeMap<u64, Sha256>>,
}

impl Disk {
    /// Nobody may ever see two roots for one size.
    fn serve(&self, bytes: &[u8]) {
        let checkpoint = SignedCheckpoint::decode(bytes).unwrap();
        let (size, root) = (checkpoint.checkpoint().size(), checkpoint.checkpoint().root());
        audit(&self.store, size, root);
        let before = self.served.borrow_mut().insert(size, root);
        assert!(before.is_none_or(|before| before == root), "two roots of {size} entries");
    }
}

/// One life of a process.
struct Failing<'a> {
    disk: &'a Disk,
    left: Cell<usize>,
    fault: Fault,
}

impl Failing<'_> {
    fn operation<T>(
        &self,
        torn: impl FnOnce() -> Result<T, StoreError>,
        whole: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let failed = || Err(StoreError::new("stopped"));
        match self.left.get() {
            0 => failed(),
            1 => {
                self.left.set(0);
                match self.fault {
                    Fault::Before => {}
                    Fault::After => drop(whole()),
                    Fault::Torn => drop(torn()),
                }
                failed()
            }
            left => {
                self.left.set(left - 1);
                whole()
            }
        }
    }
}

impl Store for Failing<'_> {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        let read = || self.disk.store.read(resource);
        self.operation(read, read)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        let write = |bytes: &[u8]| self.disk.store.write(resource, bytes);
        self.operation(|| write(&bytes[..bytes.len() / 2]), || write(bytes))
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let read = || self.disk.store.checkpoint();
        self.operation(read, read)
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        let swap = || {
            let swapped = self.disk.store.swap_checkpoint(old, new)?;
            if swapped {
                self.disk.serve(new);
            }
            Ok(swapped)
        };
        self.operation(|| Ok(false), swap)
    }
}

/// A signer that looks whether what it signs is stored.
struct Spy<'a> {
    key: SigningKey,
    store: &'a MemoryStore,
    signed: Cell<usize>,
}

impl Signer for Spy<'_> {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        if let Ok(text) = std::str::from_utf8(message) {
            // The time is signed after the checkpoint, of the same text.
            if !text.starts_with("cosignature/v1\n") {
                let note = format!("{text}\n\u{2014} a AAAAAAE=\n");
                let note = SignedCheckpoint::decode(note.as_bytes()).unwrap();
                audit(self.store, note.checkpoint().size(), note.checkpoint().root());
            }
            self.signed.set(self.signed.get() + 1);
        }
        self.key.sign(message)
    }
}

/// Whether everything of a log of this size is in the store: every statement, entry and tile.
fn audit(store: &MemoryStore, size: u64, root: Sha256) {
    let read = |resource: Resource| {
        store.read(&resource).unwrap().unwrap_or_else(|| panic!("{resource} is not stored"))
    };
    let mut tree = MerkleTree::new();
    for index in 0..size.div_ceil(256) {
        let width = u16::try_from(size - index * 256).unwrap_or(TILE).min(TILE);
        let entries = read(Resource::Entries { index, width });
        let entries = decode_entries(&entries, usize::from(width)).expect("entries");
        let mut end = width;
        while end > 0 {
            let part =
                Part::decode(&read(Resource::Statements { index, width: end }), end).unwrap();
            end = u16::from(part.begin());
            for (statement, entry) in part.statements.iter().zip(&entries[usize::from(end)..]) {
                assert_eq!(Sha256::of(statement), *entry, "a statement of bundle {index}");
            }
        }
        for entry in entries {
            tree.push(crate::log::leaf_hash(entry.as_bytes()));
        }
    }
    assert_eq!((tree.len(), tree.root()), (size, root));
    for level in 0_u8..8 {
        let hashes = subtrees(size, level);
        for index in 0..hashes.div_ceil(256) {
            let width = u16::try_from(hashes - index * 256).unwrap_or(TILE).min(TILE);
            let tile = read(Resource::Tile { level, index, width });
            let tile = decode_tile(&tile, usize::from(width)).expect("a tile");
            for (hash, number) in tile.iter().zip(index * 256..) {
                let Ok(expected) = tree.full(8 * u32::from(level), number << (8 * level));
                assert_eq!(*hash, expected, "hash {number} of level {level}");
            }
        }
    }
}

const BATCHES: [usize; 5] = [3, 256, 1, 0, 2];

/// What a party was told, in the order in which it was told.
#[derive(Default)]
struct Told {
    statements: BTreeMap<u64, usize>,
    checkpoints: Vec<VerifiedCheckpoint>,
}

/// Creates or opens the log and publishes what nobody was told of, batch by batch.
fn live(
    disk: &Disk,
    store: &dyn Store,
    statements: &[Envelope],
    told: &mut Told,
) -> Result<(), LogError> {
    let spy = Spy { key: key(), store: &disk.store, signed: Cell::new(0) };
    let mut log = match Log::open(store, issuer(&spy), &origin()) {
        Err(LogError::NoLog) => Log::create(store, issuer(&spy), &policy(), now())?,
        other => other?,
    };
    let mut next = told.statements.len();
    for batch in BATCHES {
        let end = (next + batch).min(statements.len());
        for statement in &statements[next..end] {
            log.append(statement, &curators, now()).unwrap();
        }
        let published = log.publish(now()).inspect_err(|_| {
            // Nothing goes on, and nothing is lost of what was told.
            assert!(matches!(log.publish(now()), Err(LogError::Poisoned)));
            let again = log.append(&statements[0], &curators, now());
            assert!(matches!(again, Err(AppendError::Poisoned)));
        })?;
        for (index, number) in published.indices.clone().zip(next..) {
            told.statements.insert(index, number);
        }
        told.checkpoints.push(published.checkpoint);
        next = end;
    }
    Ok(())
}

/// What was told still holds, for whoever asks.
fn check(disk: &Disk, statements: &[Envelope], told: &Told) {
    let log = Log::open(&disk.store, issuer(key()), &origin()).unwrap();
    let size = log.checkpoint().size();
    audit(&disk.store, size, log.checkpoint().root());
    for (index, number) in &told.statements {
        assert_eq!(log.statement(*index).unwrap(), statements[*number], "{index}");
        if index % 37 == 0 {
            let receipt = log.receipt(*index, now()).unwrap();
            assert!(receipt.verify(&statements[*number], log.key().key()).is_ok());
        }
    }
    for earlier in &told.checkpoints {
        let proof = log.prove_consistency(earlier.size(), size).unwrap();
        assert_eq!(proof.verify(earlier.root(), log.checkpoint().root()), Ok(()));
    }
    for (size, root) in &*disk.served.borrow() {
        let proof = log.prove_consistency(*size, log.checkpoint().size()).unwrap();
        assert_eq!(proof.verify(*root, log.checkpoint().root()), Ok(()));
    }
}

fn statements() -> Vec<Envelope> {
    (0..BATCHES.iter().sum::<usize>() as u64).map(statement).collect()
}

fn operations() -> usize {
    let (disk, plenty) = (Disk::default(), 1_000_000);
    let store = Failing { disk: &disk, left: Cell::new(plenty), fault: Fault::Before };
    let mut told = Told::default();
    live(&disk, &store, &statements(), &mut told).unwrap();
    assert_eq!(told.statements.len(), statements().len());
    check(&disk, &statements(), &told);
    plenty - store.left.get()
}

/// One life that ends at operation `stop`, a second one that goes on to the end.
fn stopped_at(stop: usize, fault: Fault, statements: &[Envelope]) {
    let disk = Disk::default();
    let mut told = Told::default();
    let store = Failing { disk: &disk, left: Cell::new(stop), fault };
    let stopped = live(&disk, &store, statements, &mut told);
    assert!(matches!(stopped, Err(LogError::Store(_) | LogError::Conflict)), "{stop} {fault:?}");
    if disk.store.checkpoint().unwrap().is_some() {
        check(&disk, statements, &told);
    }
    live(&disk, &&disk.store, statements, &mut told).unwrap();
    assert_eq!(told.statements.len(), statements.len());
    check(&disk, statements, &told);
}

#[test]
fn nothing_that_was_told_is_lost_wherever_the_store_stops() {
    let (operations, statements) = (operations(), statements());
    assert!(operations > 25, "only {operations} operations");
    for stop in 1..=operations {
        stopped_at(stop, Fault::Before, &statements);
    }
}

#[test]
fn nothing_that_was_told_is_lost_wherever_the_store_fails_after_the_fact() {
    let (operations, statements) = (operations(), statements());
    for stop in 1..=operations {
        stopped_at(stop, Fault::After, &statements);
    }
}

#[test]
fn nothing_that_was_told_is_lost_wherever_a_write_is_torn() {
    let (operations, statements) = (operations(), statements());
    for stop in 1..=operations {
        stopped_at(stop, Fault::Torn, &statements);
    }
}

#[test]
fn a_spy_sees_what_is_not_stored() {
    let disk = Disk::default();
    let spy = Spy { key: key(), store: &disk.store, signed: Cell::new(0) };
    let log = Log::create(&disk.store, issuer(&spy), &policy(), now()).unwrap();
    assert_eq!(spy.signed.get(), 2);
    let text = log.checkpoint().checkpoint().to_text().replace("\n1\n", "\n2\n");
    let unstored = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        drop(spy.sign(text.as_bytes()));
    }));
    let said = unstored.unwrap_err();
    let said = said.downcast_ref::<String>().unwrap();
    assert!(said.ends_with(" is not stored"), "{said}");
}
