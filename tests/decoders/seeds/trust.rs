//! Whom to believe, and what was seen of them: trust files, roots and states, proofs of equivocation.

use datadeed::id::{ManifestId, Origin, StatementId};
use datadeed::key::{PublicKey, Signer as _, SigningKey, Threshold};
use datadeed::log::{Checkpoint, LogKey, MerkleTree, SignedCheckpoint, leaf_hash};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{
    Anchor, Equivocation, Role, RootDraft, SignedRoot, TrustRoot, TrustState, TrustStore,
};

use super::Seed;
use crate::verify;

pub(crate) fn trust_store() -> Vec<Seed> {
    vec![
        ("bounded", bounded().to_bytes()),
        ("none", TrustStore::default().to_bytes()),
        ("story", verify::trust().to_bytes()),
    ]
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn public_key(seed: u8) -> PublicKey {
    key(seed).public_key()
}

/// Anchors of every role, and every bound.
pub(crate) fn bounded() -> TrustStore {
    let (beijing, germany) = ("CN-BJ".parse().unwrap(), "DE".parse().unwrap());
    let registry = Anchor::new("did:web:registry.example", public_key(21), [Role::Registrar])
        .schemes(["数据知识产权登记", "数据产权登记"])
        .jurisdictions([beijing, germany])
        .scope(["manifest:"])
        .between(verify::day(0), verify::day(30))
        .depth(1);
    let others = Role::ALL.iter().copied().filter(|role| *role != Role::Registrar);
    TrustStore::new([
        registry,
        Anchor::new("did:web:everything.example", public_key(22), others),
        Anchor::new("did:web:log.example", public_key(23), [Role::Log])
            .scope(["log.example"])
            .depth(0),
    ])
}

/// The keys of the board of the first root, two of which have to sign.
pub(crate) const BOARD: [u8; 3] = [31, 32, 33];

/// The second is signed by the board of the first and by its own.
pub(crate) fn trust_root() -> Vec<Seed> {
    let [first, second] = roots();
    vec![("first", first.to_bytes()), ("second", second.to_bytes())]
}

fn roots() -> [SignedRoot; 2] {
    let first = sign(draft(1, &BOARD, TrustStore::default()), &BOARD[..2]);
    let second = draft(2, &[BOARD[2], 34], bounded()).after(&first);
    let second = sign(second, &[31, 32, 33, 34]);
    [first, second]
}

fn draft(version: u64, board: &[u8], store: TrustStore) -> RootDraft {
    let keys = Threshold::new(board.iter().map(|seed| public_key(*seed)), 2).unwrap();
    RootDraft::new(version, keys, verify::day(400), store)
}

fn sign(draft: RootDraft, signers: &[u8]) -> SignedRoot {
    let first = draft.sign(&key(signers[0])).unwrap();
    signers[1..].iter().fold(first, |signed, seed| signed.cosign(&key(*seed)).unwrap())
}

fn told(title: &str) -> Signed<Dataset> {
    told_after(None, title)
}

fn told_after(prev: Option<StatementId>, title: &str) -> Signed<Dataset> {
    let issuer = Issuer::new("did:web:curator.example", key(35));
    let mut dataset = Dataset::new(ManifestId::from_bytes([1; 32]), title, ScanMethod::Full);
    (dataset.seq, dataset.prev) = (prev.iter().count() as u64, prev);
    dataset.sign(&issuer, verify::day(1)).unwrap()
}

fn log_key() -> LogKey {
    LogKey::new(Origin::new("log.example").unwrap(), public_key(36))
}

fn checkpoint(entry: &[u8]) -> SignedCheckpoint {
    checkpoint_of(&tree(&[entry]), 1)
}

fn tree(entries: &[&[u8]]) -> MerkleTree {
    let mut tree = MerkleTree::new();
    for entry in entries {
        tree.push(leaf_hash(entry));
    }
    tree
}

fn checkpoint_of(tree: &MerkleTree, day: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(log_key().origin().clone(), tree.len(), tree.root()).unwrap();
    checkpoint.sign(&key(36), verify::day(day)).unwrap()
}

pub(crate) fn trust_state() -> Vec<Seed> {
    let new = TrustState::new(verify::day(1));
    let mut full = new.clone();
    let told = told("Court decisions").verify(&public_key(35)).unwrap();
    full.observe(&[told]).unwrap();
    full.pin(&log_key()).unwrap();
    full.pin(&LogKey::new(Origin::new("other.example").unwrap(), public_key(37))).unwrap();
    full.checkpoint(&checkpoint(b"entry").verify(&log_key()).unwrap(), None).unwrap();
    let (_, root) = trust_root().remove(0);
    full.root(&TrustRoot::pinned(&root).unwrap()).unwrap();
    vec![("full", full.to_bytes()), ("new", new.to_bytes())]
}

pub(crate) fn equivocation() -> Vec<Seed> {
    let [one, other] = ["Public data", "Licensed data"].map(told);
    let issuer = Equivocation::of_issuer(one.envelope(), other.envelope()).unwrap();
    let log = Equivocation::of_log(&checkpoint(b"entry"), &checkpoint(b"another")).unwrap();
    let after = told_after(Some(other.id()), "Licensed data, corrected");
    let after = Equivocation::of_issuer(one.envelope(), after.envelope()).unwrap();

    let (told, now) = (tree(&[b"a", b"b", b"c"]), tree(&[b"a", b"x", b"b", b"c", b"d"]));
    let (smaller, larger) = (checkpoint_of(&told, 1), checkpoint_of(&now, 2));
    let (root, proof) = (now.root_of(3).unwrap(), now.prove_consistency(3, 5).unwrap());
    let histories = Equivocation::of_histories(&smaller, &larger, root, &proof).unwrap();
    let later = checkpoint_of(&told, 3).verify(&log_key()).unwrap();
    let rollback = Equivocation::of_rollback(&larger.verify(&log_key()).unwrap(), &later).unwrap();

    let first = roots().into_iter().next().unwrap();
    let twin = sign(draft(1, &BOARD, bounded()), &BOARD[1..]);
    let board = Equivocation::of_board(&first, &twin).unwrap();
    board.verify_board(TrustRoot::pinned(&first.to_bytes()).unwrap().threshold()).unwrap();
    issuer.verify(&[public_key(35)]).unwrap();
    after.verify(&[public_key(35)]).unwrap();
    for one in [&log, &histories, &rollback] {
        one.verify(&[public_key(36)]).unwrap();
    }
    vec![
        ("board", board.to_bytes()),
        ("histories", histories.to_bytes()),
        ("issuer", issuer.to_bytes()),
        ("log", log.to_bytes()),
        ("predecessor", after.to_bytes()),
        ("rollback", rollback.to_bytes()),
    ]
}
