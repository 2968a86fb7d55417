//! Proofs from trees of 1,000,000 entries against the hashes that they need.
//!
//! A proof is an `Evidence`, as it is sent: the head of the manifest and what is
//! opened of one tree.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Duration;

use datadeed::Digest;
use datadeed::manifest::{
    ContentAnswer, Evidence, EvidenceBuilder, FileEntry, ManifestBuilder, NameProfile, Prover,
};

use crate::common::file_entries;
use crate::interleave::{each, interleave, timed};

const ENTRIES: u64 = 1_000_000;
/// Proofs that are made and read, and how often in one round.
const PROOFS: usize = 500;
const TIMES: usize = 10;
/// Two compressions for each of some 20 nodes above an entry.
const HASHES: usize = 40;
const ROUNDS: usize = 15;

/// The dataset of all ratios here; to make it takes seconds.
static CORPUS: LazyLock<Prover<'static>> = LazyLock::new(|| prover(file_entries(ENTRIES)));

fn prover(entries: Vec<FileEntry>) -> Prover<'static> {
    let builder = ManifestBuilder::new().profile(NameProfile::Any).threads(2);
    Prover::new(Box::leak(Box::new(builder.files(entries).expect("sound entries"))))
}

/// Some of the files, each at its place in the list, in no order but the same in every run.
fn draw(count: usize) -> impl Iterator<Item = (usize, &'static FileEntry)> {
    let files = CORPUS.manifest().file_entries().expect("files");
    (0..count).map(move |number| {
        let digest = Digest::of(&number.to_be_bytes());
        let at = u64::from_le_bytes(*digest.as_bytes().first_chunk().expect("32 bytes")) % ENTRIES;
        let at = usize::try_from(at).expect("an index");
        (at, &files[at])
    })
}

fn evidence(ask: impl FnOnce(&mut EvidenceBuilder<'static>)) -> Vec<u8> {
    let mut evidence = EvidenceBuilder::new();
    ask(&mut evidence);
    let evidence: Result<Evidence, Infallible> = evidence.build();
    let Ok(evidence) = evidence;
    evidence.to_bytes()
}

fn inclusion(name: &str) -> Vec<u8> {
    evidence(|evidence| evidence.names(&*CORPUS, [name]))
}

fn hashes() -> Duration {
    let block = [0x5a; 64];
    each(TIMES * PROOFS * HASHES, || blake3::hash(black_box(&block)))
}

/// Proof that a file is there, made and written, v 40 `blake3::hash(64 B)`.
pub(crate) fn make() -> f64 {
    let names: Vec<&str> = draw(PROOFS).map(|(_, file)| file.name.as_str()).collect();
    let make = || names.iter().for_each(|name| drop(black_box(inclusion(black_box(name)))));
    interleave(ROUNDS, || each(TIMES, make), hashes)
}

/// The same proof read, its roots and id computed, and its one question answered, v the same.
///
/// The definition takes some 49 compressions, where the target counts 40: two for each of 20.3
/// nodes, three for the head, two for the entry, and one each for the leaf, its key and the name that
/// is asked for. In a loop by themselves, as 25 keyed hashes each of which prepares and reads out a
/// state, they take 1.4 of the rival; reading some 1,000 bytes item by item is the rest.
pub(crate) fn verify() -> f64 {
    let id = CORPUS.id();
    let proofs: Vec<(Vec<u8>, &FileEntry)> =
        draw(PROOFS).map(|(_, file)| (inclusion(&file.name), file)).collect();
    let verify = |(proof, file): &(Vec<u8>, &FileEntry)| {
        let evidence = Evidence::decode(black_box(proof)).expect("a proof");
        assert_eq!(evidence.file(id, &file.name).present(), Some(*file));
    };
    interleave(ROUNDS, || each(TIMES, || proofs.iter().for_each(verify)), hashes)
}

/// Bytes of the proof that one of 10^9 files is there: those at 10^6, measured, and 10 levels more.
///
/// The lower levels of the larger tree are those of the smaller one. Above them come
/// `log2(10^9 / 10^6) = 10` more; each adds a node, 1 B, and the subtree beside the path: 33 B, and
/// its count and its sum of bytes in 7 bits a byte, of `10^6 x 2^level` files of 4.6 KB.
pub(crate) fn bytes_1e9() -> f64 {
    let bytes: usize = draw(PROOFS).map(|(_, file)| inclusion(&file.name).len()).sum();
    let of = |number: u64| number.max(1).ilog2() / 7 + 1;
    let levels: u32 =
        (0..10).map(|level| 1 + 33 + of(ENTRIES << level) + of((ENTRIES << level) * 4_600)).sum();
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let mean = bytes as f64 / PROOFS as f64;
    mean + f64::from(levels)
}

/// Bytes of one proof that 10,000 contents are absent v those of 10,000 proofs of one each.
pub(crate) fn batch_absent_10k() -> f64 {
    let works: Vec<Digest> =
        (0..10_000_u64).map(|work| Digest::of(format!("work {work}").as_bytes())).collect();
    let proof = |works: &[Digest]| evidence(|e| e.contents(&*CORPUS, works.iter().copied()));
    let together = proof(&works);
    let decoded = Evidence::decode(&together).expect("a proof");
    let answer = |work: &Digest| decoded.content(CORPUS.id(), *work);
    assert!(works.iter().all(|work| matches!(answer(work), ContentAnswer::Absent { .. })));
    let single: usize = works.chunks(1).map(|work| proof(work).len()).sum();
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let ratio = together.len() as f64 / single as f64;
    ratio
}

/// What changed between two datasets, 100 changes, v a walk over the rows of both.
///
/// The walk finds both lists in the order of their keys, is told which names are gone, and hashes nothing.
/// It also leaves nothing of the trees in the caches: a diff then waits for some 1,400 nodes in each,
/// with their keys and the summaries of both sides. One diff after another takes two thirds of the time.
pub(crate) fn diff_100() -> f64 {
    let mut entries = CORPUS.manifest().file_entries().expect("files").to_vec();
    for (number, (at, file)) in draw(67).enumerate() {
        entries[at] = if number < 33 {
            // One file in place of another is two changes.
            FileEntry::new(format!("{}.new", file.name), file.size, file.digest)
        } else {
            FileEntry::new(file.name.clone(), file.size, Digest::of(file.name.as_bytes()))
        };
    }
    let to = prover(entries);
    let before = CORPUS.manifest().file_entries().expect("files");
    let after = to.manifest().file_entries().expect("files");
    let gone: BTreeSet<&str> = draw(33).map(|(_, file)| file.name.as_str()).collect();
    let diff = || CORPUS.diff(&to).expect("files").count();
    let walk = || walk(black_box(before), black_box(after), &gone);
    assert_eq!((diff(), walk()), (100, 100));
    interleave(ROUNDS, || timed(diff), || timed(walk))
}

/// How many rows are in one list alone, or are others under one name; `gone` are the names that the
/// second list has not.
fn walk(mut a: &[FileEntry], mut b: &[FileEntry], gone: &BTreeSet<&str>) -> usize {
    let mut changes = 0;
    while let ([x, rest_of_a @ ..], [y, rest_of_b @ ..]) = (a, b) {
        changes += usize::from(x != y);
        if x.name == y.name {
            (a, b) = (rest_of_a, rest_of_b);
        } else if gone.contains(x.name.as_str()) {
            a = rest_of_a;
        } else {
            b = rest_of_b;
        }
    }
    changes + a.len() + b.len()
}
