//! A caller's cache of verified signatures, on which no result depends.

use std::sync::OnceLock;

use ciborium::Value;
use datadeed::key::SignatureCache;
use datadeed::log::Receipt;
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::Event;
use datadeed::statement::Signed;
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{Code, FindingCode, Node, Rejection, VerifiedLineage, Verifier};
use datadeed::{StatementId, Timestamp};
use proptest::prelude::*;

use super::batches::batched;
use super::delegation::{NEW, rotation, trained_by};
use super::receipts::{Case, Log, log_anchor, trust_with};
use super::story::*;

/// The proofs that every test here begins with: signed, logged in part and in whole, batched, delegated.
fn proofs() -> &'static [LineageProof] {
    static PROOFS: OnceLock<Vec<LineageProof>> = OnceLock::new();
    PROOFS.get_or_init(|| {
        let decode = |bytes: &[u8]| LineageProof::decode(bytes).unwrap();
        let case = Case::new();
        let log = Log::with(&case.train);
        let one = case.builder().receipt(case.train.id(), log.receipt(&case.train, day(6)));
        let one = one.checkpoint(log.checkpoint(day(6)).signed().clone());
        let all = case.story.statements.iter().fold(case.builder(), |builder, one| {
            let at = if one.as_licence().is_some() { day(1) } else { day(6) };
            builder.receipt(one.id(), Log::with(one).receipt(one, at))
        });
        let rotated = trained_by("did:web:trainer.example", NEW).with(rotation());
        vec![
            decode(&Story::default().proof()),
            case.builder().build().unwrap(),
            one.build().unwrap(),
            all.build().unwrap(),
            batched([]).0,
            batched([StatementId::from_bytes([1; 32])]).0,
            decode(&rotated.proof()),
        ]
    })
}

/// Where in the bytes of the proof its signatures begin: of statements, then of receipts.
fn signatures(proof: &LineageProof) -> Vec<usize> {
    let bytes = proof.to_bytes();
    let signed = proof.statements().iter().filter(|one| one.is_signed());
    let receipts = proof.statements().iter().flat_map(|one| proof.receipts(one.id()));
    let ends_with = signed.map(Statement::as_bytes).chain(receipts.map(Receipt::as_bytes));
    let start = |part: &[u8]| bytes.windows(part.len()).position(|found| found == part).unwrap();
    ends_with.map(|part| start(part) + part.len() - 64).collect()
}

fn flipped(mut bytes: Vec<u8>, at: usize, bit: u8) -> Vec<u8> {
    bytes[at] ^= 1 << (bit % 8);
    bytes
}

/// What is wrong with a proof.
#[derive(Clone, Debug)]
enum Twist {
    Nothing,
    /// One bit of the `.0`th signature: the twin envelope, or the twin receipt.
    Signature(usize, usize, u8),
    /// One bit anywhere.
    Byte(usize, u8),
    /// The `.1`th item of a list is left out.
    Without(&'static str, usize),
}

impl Twist {
    fn of(&self, proof: &LineageProof) -> Vec<u8> {
        let bytes = proof.to_bytes();
        match *self {
            Self::Nothing => bytes,
            Self::Signature(number, byte, bit) => {
                let starts = signatures(proof);
                flipped(bytes, starts[number % starts.len()] + byte % 64, bit)
            }
            Self::Byte(at, bit) => {
                let at = at % bytes.len();
                flipped(bytes, at, bit)
            }
            Self::Without(list, number) => {
                let Value::Map(mut pairs) = ciborium::from_reader(&bytes[..]).unwrap() else {
                    panic!()
                };
                for (key, value) in &mut pairs {
                    if let (true, Value::Array(items)) = (key.as_text() == Some(list), value) {
                        items.remove(number % items.len());
                    }
                }
                pairs.retain(|(_, value)| *value != Value::Array(vec![]));
                let mut bytes = Vec::new();
                ciborium::into_writer(&Value::Map(pairs), &mut bytes).unwrap();
                bytes
            }
        }
    }
}

/// Everybody but the curator.
fn without_curator() -> Vec<Anchor> {
    trust().anchors().filter(|one| one.iss != "did:web:curator.example").cloned().collect()
}

/// Whom a caller may trust: everybody, no log, a log of other times, no curator, another curator.
fn trusts() -> &'static [TrustStore] {
    static TRUSTS: OnceLock<Vec<TrustStore>> = OnceLock::new();
    TRUSTS.get_or_init(|| {
        let impostor = Anchor::new("did:web:curator.example", key("impostor"), [Role::Curator]);
        vec![
            trust_with([log_anchor()]),
            trust(),
            trust_with([log_anchor().between(day(7), day(300))]),
            TrustStore::new(without_curator()),
            TrustStore::new(without_curator().into_iter().chain([impostor])),
        ]
    })
}

/// The event in the story of [`Case`], and its twin.
fn revocation_and_twin() -> [Signed<Event>; 2] {
    let status = Case::new().story.status.unwrap();
    let sound = status.events()[0].event.clone();
    let bytes = sound.as_bytes().to_vec();
    let last = bytes.len() - 1;
    [Signed::decode(&flipped(bytes, last, 0)).unwrap(), sound]
}

/// What a caller may know: nothing, that nothing happened, a revocation, the same that nobody signed.
fn statuses() -> &'static [Option<Status>] {
    static STATUSES: OnceLock<Vec<Option<Status>>> = OnceLock::new();
    STATUSES.get_or_init(|| {
        let told = |event| Status::new(day(20)).event(event, day(10)).unwrap();
        let events = revocation_and_twin().map(told).map(Some);
        [None, Some(Status::new(day(20)))].into_iter().chain(events).collect()
    })
}

/// One verification.
#[derive(Clone, Debug)]
struct Trial {
    proof: usize,
    twist: Twist,
    trust: usize,
    status: usize,
    now: Timestamp,
}

impl Trial {
    /// Everything that the result says, or why there is none.
    fn outcome(&self, cache: Option<&SignatureCache>) -> Result<String, Rejection> {
        let verifier = Verifier::new(&trusts()[self.trust], self.now);
        let verifier = match &statuses()[self.status] {
            Some(status) => verifier.known_events(status),
            None => verifier,
        };
        let verifier = cache.map_or(verifier, |cache| verifier.cache(cache));
        let proof = self.twist.of(&proofs()[self.proof]);
        verifier.verify(&proof, manifest("weights")).map(|lineage| told(&lineage))
    }
}

/// All of a lineage, and what it says of a use, of times and of receipts.
pub(super) fn told(lineage: &VerifiedLineage) -> String {
    let statements = lineage.proof().statements().iter().map(|one| {
        let id = one.id();
        (id, lineage.is_believed(id), lineage.proof_of_time(id), lineage.logged(id))
    });
    let statements: Vec<_> = statements.collect();
    let verdict = lineage.rights(&sell());
    format!("{verdict:?}\n{:?}\n{statements:?}\n{lineage:?}", lineage.findings())
}

fn twist() -> impl Strategy<Value = Twist> {
    const LISTS: [&str; 5] = ["statements", "receipts", "checkpoints", "batches", "keys"];
    prop_oneof![
        3 => Just(Twist::Nothing),
        3 => any::<(usize, usize, u8)>().prop_map(|(of, byte, bit)| Twist::Signature(of, byte, bit)),
        1 => any::<(usize, u8)>().prop_map(|(at, bit)| Twist::Byte(at, bit)),
        1 => (prop::sample::select(&LISTS[..]), any::<usize>()).prop_map(|(l, n)| Twist::Without(l, n)),
    ]
}

fn trial() -> impl Strategy<Value = Trial> {
    let now = prop_oneof![3 => Just(20), 1 => Just(9), 1 => Just(22)].prop_map(day);
    let trust = prop_oneof![3 => Just(0), 2 => 0..trusts().len()];
    (0..proofs().len(), twist(), trust, 0..statuses().len(), now)
        .prop_map(|(proof, twist, trust, status, now)| Trial { proof, twist, trust, status, now })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Guide threats: Twin envelope.
    ///
    /// And whatever else a cache could do: whatever was verified with it before.
    #[test]
    fn a_warm_cache_changes_no_result(
        trials in prop::collection::vec(trial(), 1..12),
        size in prop::sample::select(vec![0, 2, 4, 1_000]),
    ) {
        let cache = SignatureCache::of(size);
        for trial in trials {
            let cold = trial.outcome(None);
            for _ in 0..2 {
                let warm = trial.outcome(Some(&cache));
                prop_assert_eq!(&warm, &cold, "{:?}", &trial);
                prop_assert!(cache.len() <= size);
            }
        }
    }
}

/// A cache in which everything is that any of the proofs and statuses has.
fn warm() -> SignatureCache {
    let cache = SignatureCache::new();
    for proof in 0..proofs().len() {
        let sound = Trial { proof, twist: Twist::Nothing, trust: 0, status: 3, now: day(20) };
        sound.outcome(Some(&cache)).unwrap();
    }
    cache
}

/// Verified on day 20, nothing known, everybody trusted.
fn verify(proof: &[u8], cache: &SignatureCache) -> Result<VerifiedLineage, Rejection> {
    Verifier::new(&trusts()[0], day(20)).cache(cache).verify(proof, manifest("weights"))
}

/// Guide threats: Twin envelope.
#[test]
fn the_twin_of_a_verified_statement_is_refused() {
    let cache = warm();
    let known = cache.len();
    for proof in proofs() {
        let signed = proof.statements().iter().filter(|one| one.is_signed());
        for (one, start) in signed.zip(signatures(proof)) {
            for byte in [0, 31, 32, 63] {
                let twin = flipped(proof.to_bytes(), start + byte, 0);
                let Rejection { code, node, .. } = verify(&twin, &cache).unwrap_err();
                assert_eq!((code, node), (Code::BadSignature, Node::Statement(one.id())), "{byte}");
            }
        }
    }
    assert_eq!(cache.len(), known, "no twin left anything");
}

#[test]
fn the_twin_of_a_verified_receipt_is_refused() {
    let cache = warm();
    let mut twins = 0;
    for proof in proofs() {
        let of = proof
            .statements()
            .iter()
            .flat_map(|one| proof.receipts(one.id()).iter().map(move |_| one));
        let signed = proof.statements().iter().filter(|one| one.is_signed()).count();
        for (one, start) in of.zip(signatures(proof).into_iter().skip(signed)) {
            let twin = flipped(proof.to_bytes(), start + 63, 0);
            let Rejection { code, node, .. } = verify(&twin, &cache).unwrap_err();
            assert_eq!((code, node), (Code::BadReceipt, Node::Statement(one.id())));
            twins += 1;
        }
    }
    assert_eq!(twins, 7);
}

/// An event that nobody signed is as if it were not there.
#[test]
fn the_twin_of_a_verified_event_counts_for_nothing() {
    let [twin, sound] = revocation_and_twin();
    assert_eq!(twin.id(), sound.id());
    let (cache, proof) = (warm(), proofs()[1].to_bytes());
    let found = |event: Signed<Event>| {
        let status = Status::new(day(20)).event(event, day(10)).unwrap();
        let verifier = Verifier::new(&trusts()[0], day(20)).cache(&cache).known_events(&status);
        let lineage = verifier.verify(&proof, manifest("weights")).unwrap();
        lineage.findings().iter().map(|one| one.code).collect::<Vec<_>>()
    };
    assert!(found(sound).contains(&FindingCode::StatementRevoked));
    let of_twin = found(twin);
    assert!(of_twin.contains(&FindingCode::EventUnverifiable), "{of_twin:?}");
    assert!(!of_twin.contains(&FindingCode::StatementRevoked), "{of_twin:?}");
}

/// What stands before the bad signature is verified and kept; the bad one is not.
#[test]
fn a_rejected_proof_lets_no_other_pass() {
    let proof = &proofs()[0];
    let starts = signatures(proof);
    for (number, start) in starts.iter().enumerate() {
        let cache = SignatureCache::new();
        let forged = flipped(proof.to_bytes(), start + 63, 0);
        let rejection = verify(&forged, &cache).unwrap_err();
        assert_eq!(rejection.code, Code::BadSignature);
        assert_eq!(cache.len(), number, "those before it");
        assert_eq!(verify(&forged, &cache).unwrap_err(), rejection);
        // The sound proof puts in its own, and the forged one remains what it is.
        verify(&proof.to_bytes(), &cache).unwrap();
        assert_eq!(cache.len(), starts.len());
        assert_eq!(verify(&forged, &cache).unwrap_err(), rejection);
    }
}

/// In the cache is that a key signed, not whose key it is, nor that it counts, nor when.
#[test]
fn whom_the_caller_trusts_and_when_is_judged_anew() {
    let (cache, proof) = (warm(), proofs()[0].to_bytes());
    let code = |trust: &TrustStore, now| {
        let verifier = Verifier::new(trust, now).cache(&cache);
        verifier.verify(&proof, manifest("weights")).unwrap_err().code
    };
    let [everybody, .., nobody, another] = trusts() else { panic!() };
    assert_eq!(code(everybody, day(9)), Code::FutureStatement);
    assert_eq!(code(nobody, day(20)), Code::MissingKey);
    assert_eq!(code(another, day(20)), Code::IssuerKeyMismatch);
}
