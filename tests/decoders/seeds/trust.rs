//! Whom to believe, and what was seen of them: trust files, roots and states, proofs of equivocation.

use datadeed::ManifestId;
use datadeed::id::Origin;
use datadeed::key::{PublicKey, Signer as _, SigningKey, Threshold};
use datadeed::log::{Checkpoint, LogKey, SignedCheckpoint, leaf_hash};
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
    let root = |version, board: &[u8], signers: &[u8], store| -> SignedRoot {
        let keys = Threshold::new(board.iter().map(|seed| public_key(*seed)), 2).unwrap();
        let draft = RootDraft::new(version, keys, verify::day(400), store);
        let first = draft.sign(&key(signers[0])).unwrap();
        signers[1..].iter().fold(first, |signed, seed| signed.cosign(&key(*seed)).unwrap())
    };
    let first = root(1, &BOARD, &BOARD[..2], TrustStore::default());
    let second = root(2, &[BOARD[2], 34], &[31, 32, 33, 34], bounded());
    vec![("first", first.to_bytes()), ("second", second.to_bytes())]
}

fn told(title: &str) -> Signed<Dataset> {
    let issuer = Issuer::new("did:web:curator.example", key(35));
    let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), title, ScanMethod::Full);
    dataset.sign(&issuer, verify::day(1)).unwrap()
}

fn log() -> LogKey {
    LogKey::new(Origin::new("log.example").unwrap(), public_key(36))
}

fn checkpoint(entry: &[u8]) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(log().origin().clone(), 1, leaf_hash(entry)).unwrap();
    checkpoint.sign(&key(36), verify::day(1)).unwrap()
}

pub(crate) fn trust_state() -> Vec<Seed> {
    let new = TrustState::new(verify::day(1));
    let mut full = new.clone();
    let told = told("Court decisions").verify(&public_key(35)).unwrap();
    full.observe(&[told]).unwrap();
    full.pin(&log()).unwrap();
    full.pin(&LogKey::new(Origin::new("other.example").unwrap(), public_key(37))).unwrap();
    full.checkpoint(&checkpoint(b"entry").verify(&log()).unwrap(), None).unwrap();
    let (_, root) = trust_root().remove(0);
    full.root(&TrustRoot::pinned(&root).unwrap()).unwrap();
    vec![("full", full.to_bytes()), ("new", new.to_bytes())]
}

pub(crate) fn equivocation() -> Vec<Seed> {
    let [one, other] = ["Public data", "Licensed data"].map(told);
    let issuer = Equivocation::of_issuer(one.envelope(), other.envelope()).unwrap();
    let log = Equivocation::of_log(&checkpoint(b"entry"), &checkpoint(b"another")).unwrap();
    issuer.verify(&[public_key(35)]).unwrap();
    log.verify(&[public_key(36)]).unwrap();
    vec![("issuer", issuer.to_bytes()), ("log", log.to_bytes())]
}
