mod corrupt;
mod faults;

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::ManifestId;
use crate::key::{PublicKey, Signature, SigningKey};
use crate::log::{MemoryStore, MerkleTree, leaf_of};
use crate::manifest::{Dataset, ScanMethod};

pub(super) fn origin() -> Origin {
    Origin::new("registry.example/log").unwrap()
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

pub(super) fn issuer<K: Signer>(key: K) -> Issuer<K> {
    Issuer::new("did:web:registry.example", key)
}

pub(super) fn now() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000).unwrap()
}

pub(super) fn curator() -> Issuer<SigningKey> {
    Issuer::new("did:web:curator.example", SigningKey::from_seed(&[2; 32]))
}

pub(super) fn statement(number: u64) -> Envelope {
    let mut manifest = [0; 32];
    manifest[..8].copy_from_slice(&number.to_be_bytes());
    let dataset = Dataset::new(ManifestId::from_bytes(manifest), "title", ScanMethod::Full);
    dataset.sign(&curator(), now()).unwrap().envelope().clone()
}

pub(super) fn curators(statement: &Envelope, _: Timestamp) -> Result<PublicKey, Refusal> {
    let is_known = statement.header().issuer == "did:web:curator.example";
    if is_known { Ok(curator().public_key()) } else { Err(Refusal::new("unknown")) }
}

pub(super) fn policy() -> LogPolicy {
    LogPolicy::new(origin())
}

pub(super) fn created(store: &MemoryStore) -> Log<&MemoryStore, SigningKey> {
    Log::create(store, issuer(key()), &policy(), now()).unwrap()
}

/// A signer that can be told to fail, or to give nonsense.
struct Moody {
    key: SigningKey,
    mood: Cell<Mood>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Good,
    Locked,
    Nonsense,
}

impl Signer for Moody {
    fn public_key(&self) -> PublicKey {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        match self.mood.get() {
            Mood::Good => self.key.sign(message),
            Mood::Locked => Err(SignerError::new("locked")),
            Mood::Nonsense => Ok(Signature::from_bytes([0; 64])),
        }
    }
}

#[test]
fn a_log_begins_with_its_policy() {
    let store = MemoryStore::new();
    let log = created(&store);
    assert_eq!((log.checkpoint().size(), log.pending()), (1, 0));
    let first = log.statement(0).unwrap();
    let first = crate::statement::Signed::<LogPolicy>::decode(first.as_bytes()).unwrap();
    let verified = first.verify(&key().public_key()).unwrap();
    assert_eq!(verified.payload(), &policy());
    assert_eq!(log.checkpoint().root(), leaf_of(verified.envelope()));
    let Err(LogError::Receipt(ReceiptSignError::Receipt(_))) = log.receipt(0, now()) else {
        panic!("a log of one entry gave a receipt")
    };
    let again = Log::create(&store, issuer(key()), &policy(), now());
    assert!(matches!(again, Err(LogError::Exists)));
}

#[test]
fn nothing_is_in_the_log_before_it_is_published() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    let before = store.checkpoint().unwrap();
    log.append(&statement(1), &curators, now()).unwrap();
    assert_eq!((log.pending(), log.checkpoint().size()), (1, 1));
    assert_eq!(store.checkpoint().unwrap(), before);
    assert!(matches!(log.statement(1), Err(LogError::Size(SizeError { size: 2, len: 1 }))));
    assert!(matches!(log.receipt(1, now()), Err(LogError::Size(SizeError { size: 2, len: 1 }))));
    let published = log.publish(now()).unwrap();
    assert_eq!((published.indices, log.pending()), (1..2, 0));
    assert_eq!(log.statement(1).unwrap(), statement(1));
    let receipt = log.receipt(1, now()).unwrap();
    let verified = receipt.verify(&statement(1), log.key().key()).unwrap();
    assert_eq!(verified.index_at(&published.checkpoint), Some(1));
    let stored = store.checkpoint().unwrap().unwrap();
    assert_eq!(stored, published.checkpoint.signed().to_bytes());
}

/// Who shows both has evidence that the log had more entries before.
#[test]
fn a_log_never_signs_a_time_before_its_last() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    log.append(&statement(1), &curators, now()).unwrap();
    let before = Timestamp::from_seconds(now().seconds() - 1).unwrap();
    let (Err(LogError::TimeReversed { now: found, last }), stored) =
        (log.publish(before), store.checkpoint().unwrap().unwrap())
    else {
        panic!("a clock that was set back")
    };
    assert_eq!((found, last), (before, now()));
    assert_eq!(stored, log.checkpoint().signed().to_bytes());
    // What is pending stays so, and the log after a restart knows as well.
    assert_eq!((log.pending(), log.publish(now()).unwrap().indices), (1, 1..2));
    let mut log = Log::open(&store, issuer(key()), &origin()).unwrap();
    assert!(matches!(log.publish(before), Err(LogError::TimeReversed { .. })));
}

#[test]
fn what_the_policy_refuses_or_did_not_sign_does_not_get_in() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    let nobody = |_: &Envelope, _: Timestamp| Err(Refusal::new("nobody"));
    assert!(matches!(log.append(&statement(1), &nobody, now()), Err(AppendError::Refused(_))));
    let another = |_: &Envelope, _: Timestamp| Ok(key().public_key());
    assert!(matches!(
        log.append(&statement(1), &another, now()),
        Err(AppendError::Statement(StatementError::WrongKey { .. }))
    ));
    let mut forged = statement(1).as_bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = Envelope::decode(&forged).unwrap();
    assert!(matches!(
        log.append(&forged, &curators, now()),
        Err(AppendError::Statement(StatementError::BadSignature))
    ));
    // A member that leans on a batch.
    let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "title", ScanMethod::Full);
    let member = dataset.unsigned(&curator(), now()).unwrap();
    assert!(matches!(
        log.append(member.envelope(), &curators, now()),
        Err(AppendError::Statement(StatementError::Unsigned))
    ));
    assert_eq!(log.pending(), 0);
}

#[test]
fn receipts_that_a_statement_carries_do_not_get_in() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    let carried = statement(1).with_receipts([b"of another log".to_vec()]).unwrap();
    log.append(&carried, &curators, now()).unwrap();
    log.publish(now()).unwrap();
    assert_eq!(log.statement(1).unwrap(), statement(1));
}

#[test]
fn what_is_pending_is_bounded() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    let entry = Sha256::from_bytes([0; 32]);
    log.pending.extend((0..MAX_PENDING).map(|_| Pending { bytes: vec![], entry }));
    let full = log.append(&statement(1), &curators, now());
    let size = statement(1).as_bytes().len();
    assert!(matches!(
        full,
        Err(AppendError::Full { pending: MAX_PENDING, bytes }) if bytes == size
    ));
    log.pending.clear();
    log.pending_bytes = MAX_PENDING_BYTES - size + 1;
    let full = log.append(&statement(1), &curators, now());
    let found = MAX_PENDING_BYTES + 1;
    assert!(matches!(full, Err(AppendError::Full { pending: 0, bytes }) if bytes == found));
    log.pending_bytes -= 1;
    assert!(log.append(&statement(1), &curators, now()).is_ok());
}

#[test]
fn a_log_goes_on_where_it_was_published() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    log.append(&statement(1), &curators, now()).unwrap();
    let published = log.publish(now()).unwrap();
    log.append(&statement(2), &curators, now()).unwrap();
    let mut again = Log::open(&store, issuer(key()), &origin()).unwrap();
    assert_eq!((again.checkpoint(), again.pending()), (&published.checkpoint, 0));
    again.append(&statement(3), &curators, now()).unwrap();
    assert_eq!(again.publish(now()).unwrap().indices, 2..3);
    // The first writer does not know of that.
    assert!(matches!(log.publish(now()), Err(LogError::Conflict)));
    assert!(matches!(log.publish(now()), Err(LogError::Poisoned)));
    assert!(matches!(log.append(&statement(4), &curators, now()), Err(AppendError::Poisoned)));
}

#[test]
fn a_log_of_another_name_or_key_is_not_opened() {
    let store = MemoryStore::new();
    drop(created(&store));
    let other = Origin::new("registry.example/other").unwrap();
    assert!(matches!(
        Log::open(&store, issuer(key()), &other),
        Err(LogError::Unverified(UnverifiedCheckpoint::OtherLog { .. }))
    ));
    assert!(matches!(
        Log::open(&store, issuer(SigningKey::from_seed(&[9; 32])), &origin()),
        Err(LogError::Unverified(UnverifiedCheckpoint::NotSigned { .. }))
    ));
    assert!(matches!(
        Log::open(MemoryStore::new(), issuer(key()), &origin()),
        Err(LogError::NoLog)
    ));
}

#[test]
fn a_signer_that_fails_leaves_everything_as_it_was() {
    let store = MemoryStore::new();
    let signer = Moody { key: key(), mood: Cell::new(Mood::Good) };
    let mut log = Log::create(&store, issuer(&signer), &policy(), now()).unwrap();
    let before = store.checkpoint().unwrap();
    log.append(&statement(1), &curators, now()).unwrap();
    signer.mood.set(Mood::Locked);
    assert!(matches!(log.publish(now()), Err(LogError::Signer(_))));
    signer.mood.set(Mood::Nonsense);
    assert!(matches!(
        log.publish(now()),
        Err(LogError::Unverified(UnverifiedCheckpoint::BadSignature { .. }))
    ));
    assert_eq!((store.checkpoint().unwrap(), log.pending()), (before, 1));
    signer.mood.set(Mood::Good);
    log.append(&statement(2), &curators, now()).unwrap();
    assert_eq!(log.publish(now()).unwrap().indices, 1..3);
    assert_eq!(log.statement(2).unwrap(), statement(2));
}

#[test]
fn cosignatures_are_kept_with_the_checkpoint() {
    let store = MemoryStore::new();
    let mut log = created(&store);
    let (court, witness) =
        (Origin::new("court.example/w").unwrap(), SigningKey::from_seed(&[5; 32]));
    let cosigned = log.checkpoint().cosign(&court, &witness, now()).unwrap();
    log.add_cosignatures(&cosigned).unwrap();
    assert_eq!(log.checkpoint().signed(), &cosigned);
    let again = Log::open(&store, issuer(key()), &origin()).unwrap();
    assert_eq!(again.checkpoint().signed(), &cosigned);
    log.append(&statement(1), &curators, now()).unwrap();
    log.publish(now()).unwrap();
    assert!(matches!(
        log.add_cosignatures(&cosigned),
        Err(LogError::Checkpoint(CheckpointError::OtherText))
    ));
}

/// A store that says which resources were read.
struct Counting<'a> {
    store: &'a MemoryStore,
    read: Cell<usize>,
}

impl Store for Counting<'_> {
    fn read(&self, resource: &Resource) -> Result<Option<Vec<u8>>, StoreError> {
        self.read.set(self.read.get() + 1);
        self.store.read(resource)
    }

    fn write(&self, resource: &Resource, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.write(resource, bytes)
    }

    fn checkpoint(&self) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.checkpoint()
    }

    fn swap_checkpoint(&self, old: Option<&[u8]>, new: &[u8]) -> Result<bool, StoreError> {
        self.store.swap_checkpoint(old, new)
    }
}

/// A log of so many entries that nobody signed, and the tree of the same.
fn large(store: &MemoryStore, size: u64) -> MerkleTree {
    let mut log = created(store);
    let mut tree = MerkleTree::new();
    tree.push(leaf_of(&log.statement(0).unwrap()));
    for number in 1..size {
        let entry = Sha256::of(&number.to_be_bytes());
        tree.push(super::super::leaf_hash(entry.as_bytes()));
        log.pending.push(Pending { bytes: vec![], entry });
        if log.pending.len() == 20_000 {
            log.publish(now()).unwrap();
        }
    }
    log.publish(now()).unwrap();
    tree
}

#[test]
fn a_large_log_is_proven_with_few_reads_and_opened_with_few() {
    let store = MemoryStore::new();
    let size = 200_123;
    let tree = large(&store, size);
    let counting = Counting { store: &store, read: Cell::new(0) };
    let log = Log::open(&counting, issuer(key()), &origin()).unwrap();
    // Three tiles, the entries and the statements at the edge.
    assert_eq!(counting.read.get(), 5);
    assert_eq!(log.checkpoint().root(), tree.root());
    for index in [0, 1, 255, 256, 65_535, 65_536, 131_071, 199_999, size - 1] {
        counting.read.set(0);
        let proof = log.prove_inclusion(index, size).unwrap();
        assert_eq!(Ok(&proof), tree.prove_inclusion(index, size).as_ref());
        assert!(counting.read.get() <= 3, "{} reads for {index}", counting.read.get());
        let receipt = log.receipt(index, now()).unwrap();
        assert_eq!(receipt.proof(), &proof);
        counting.read.set(0);
        let early = log.prove_inclusion(index, index + 1).unwrap();
        assert_eq!(Ok(early), tree.prove_inclusion(index, index + 1));
        assert!(counting.read.get() <= 6, "{} reads for {index}", counting.read.get());
        let proof = log.prove_consistency(index + 1, size).unwrap();
        assert_eq!(Ok(proof), tree.prove_consistency(index + 1, size));
    }
}

#[test]
fn what_was_never_there_is_not_proven() {
    let store = MemoryStore::new();
    let log = created(&store);
    let size = |error: LogError| match error {
        LogError::Size(SizeError { size, len }) => (size, len),
        other => panic!("{other}"),
    };
    assert_eq!(size(log.prove_inclusion(0, 2).unwrap_err()), (2, 1));
    assert_eq!(size(log.prove_inclusion(1, 1).unwrap_err()), (2, 1));
    assert_eq!(size(log.prove_inclusion(0, 0).unwrap_err()), (1, 0));
    assert_eq!(size(log.prove_consistency(1, 2).unwrap_err()), (2, 1));
    assert_eq!(size(log.prove_consistency(0, 1).unwrap_err()), (0, 1));
    assert_eq!(size(log.statement(u64::MAX).unwrap_err()), (u64::MAX, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_log_is_the_tree_of_its_statements_however_it_was_published(
        batches in proptest::collection::vec(prop_oneof![0_u64..4, 0_u64..300], 1..8),
        reopened: u8, asked in proptest::collection::vec((any::<u64>(), any::<u64>()), 12),
    ) {
        let store = MemoryStore::new();
        let mut log = created(&store);
        let mut tree = MerkleTree::new();
        tree.push(leaf_of(&log.statement(0).unwrap()));
        let mut statements = vec![log.statement(0).unwrap()];
        let mut roots = BTreeSet::new();
        for (turn, batch) in batches.iter().enumerate() {
            for _ in 0..*batch {
                // Bytes that are a statement, and no signature to check.
                let next = statement(statements.len() as u64);
                let (bytes, entry) = (next.as_bytes().to_vec(), entry_of(&next));
                log.pending.push(Pending { bytes, entry });
                tree.push(leaf_of(&next));
                statements.push(next);
            }
            let published = log.publish(now()).unwrap();
            prop_assert_eq!(published.indices.end, tree.len());
            prop_assert_eq!(published.indices.end - published.indices.start, *batch);
            prop_assert_eq!(published.checkpoint.root(), tree.root());
            roots.insert((tree.len(), tree.root()));
            if reopened >> turn & 1 == 1 {
                let again = Log::open(&store, issuer(key()), &origin()).unwrap();
                prop_assert_eq!((&again.edge.root(), &again.tail), (&log.edge.root(), &log.tail));
                log = again;
            }
        }
        let size = tree.len();
        for (index, new) in asked {
            let new = new % size + 1;
            let index = index % new;
            let asked = &statements[usize::try_from(index).unwrap()];
            prop_assert_eq!(&log.statement(index).unwrap(), asked);
            prop_assert_eq!(log.prove_inclusion(index, new).ok(), tree.prove_inclusion(index, new).ok());
            let proof = log.prove_consistency(index + 1, new).unwrap();
            prop_assert_eq!(Ok(proof), tree.prove_consistency(index + 1, new));
            if size > 1 {
                let receipt = log.receipt(index, now()).unwrap();
                let verified = receipt.verify(asked, log.key().key()).unwrap();
                prop_assert_eq!(verified.index_at(log.checkpoint()), Some(index));
            }
        }
        for (size, root) in roots {
            prop_assert_eq!(tree.root_of(size), Ok(root));
        }
    }
}
