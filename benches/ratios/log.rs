//! Logs against the SHA-256 under them.

use std::hint::black_box;

use datadeed::Digest;
use datadeed::id::Origin;
use datadeed::key::SigningKey;
use datadeed::log::{
    Checkpoint, Log, LogKey, LogPolicy, MemoryStore, MerkleTree, Receipt, leaf_hash, leaf_of,
};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::statement::{Envelope, Payload as _};
use datadeed::{ManifestId, Timestamp};
use sha2::Digest as _;

use crate::common::{KEY_SEED, dataset, issuer, now};
use crate::interleave::{each, interleave, timed};

const ROUNDS: usize = 41;
/// Receipts verified together.
const TIMES: usize = 1_000;
const ENTRIES: u64 = 1_000_000;
/// Statements of one publication.
const BATCH: u64 = 10_000;

fn origin() -> Origin {
    Origin::new("registry.example/log").expect("a sound name")
}

/// So many hashes of 65 bytes, each over the one before: the nodes of a path.
fn nodes(count: usize) -> [u8; 32] {
    let mut node = [1; 65];
    for _ in 0..count {
        let hash = sha2::Sha256::digest(black_box(node));
        node[1..33].copy_from_slice(&hash);
    }
    node[1..33].try_into().expect("32 bytes")
}

/// A receipt at 10^6 entries by a client who has verified the checkpoint v 20 nodes.
///
/// Its signature is over the same root, so he decodes it, folds its path from the hashes of the
/// statement and compares: what he reads of `Receipt` without `Receipt::verify`.
pub(crate) fn receipt_verify() -> f64 {
    let signed = dataset().sign(&issuer(), now()).expect("a sound statement");
    let (statement, place) = (signed.envelope(), 654_321);
    let mut tree = MerkleTree::new();
    for number in 0..ENTRIES {
        let is_it = number == place;
        tree.push(if is_it { leaf_of(statement) } else { leaf_hash(&number.to_be_bytes()) });
    }
    let pinned = LogKey::new(origin(), issuer().public_key());
    let checkpoint = Checkpoint::new(origin(), ENTRIES, tree.root()).expect("a sound checkpoint");
    let checkpoint = checkpoint.sign(&SigningKey::from_seed(&KEY_SEED), now()).expect("signed");
    let checkpoint = checkpoint.verify(&pinned).expect("signed before");
    let proof = tree.prove_inclusion(place, ENTRIES).expect("a leaf");
    let leaf = leaf_of(statement);
    let receipt = Receipt::sign(&issuer(), &checkpoint, leaf, &proof, now()).expect("in the log");
    let bytes = receipt.as_bytes();
    interleave(
        ROUNDS,
        || {
            each(TIMES, || {
                let receipt = Receipt::decode(black_box(bytes)).expect("decoded before");
                let proof = receipt.proof();
                assert_eq!(receipt.origin(), checkpoint.log().origin());
                assert_eq!(proof.tree_size, checkpoint.size());
                let leaf = leaf_of(black_box(statement));
                proof.verify(leaf, checkpoint.root()).expect("in the log");
            })
        },
        || each(TIMES, || nodes(20)),
    )
}

/// Publication of 10,000 statements in memory v 3 hashes of 65 bytes for each.
///
/// They were let in before, which takes a signature check each and the hash of the whole statement.
/// Timed is all the rest: leaves and nodes hashed, entries, tiles and statements encoded and
/// stored, and one checkpoint signed and verified.
pub(crate) fn append() -> f64 {
    let supplier = issuer();
    let own = supplier.public_key();
    let statements: Vec<Envelope> = (0..BATCH)
        .map(|number| {
            let manifest = ManifestId::from_bytes(*Digest::of(&number.to_le_bytes()).as_bytes());
            let dataset = Dataset::new(manifest, format!("Dataset {number}"), ScanMethod::Full);
            dataset.sign(&supplier, now()).expect("a sound statement").envelope().clone()
        })
        .collect();
    let admitted = || {
        let policy = LogPolicy::new(origin());
        let log = Log::create(MemoryStore::new(), issuer(), &policy, now());
        let mut log = log.expect("an empty store");
        for statement in &statements {
            log.append(statement, &|_: &Envelope, _: Timestamp| Ok(own), now()).expect("signed");
        }
        log
    };
    interleave(
        5,
        || {
            let mut log = admitted();
            timed(|| log.publish(now()).expect("a store in memory"))
        },
        || each(usize::try_from(BATCH).expect("10,000"), || nodes(3)),
    )
}
