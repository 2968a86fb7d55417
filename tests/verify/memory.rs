//! What a caller remembers between verifications.

use datadeed::id::Origin;
use datadeed::key::SigningKey;
use datadeed::log::{
    Checkpoint, ConsistencyProof, LogKey, MerkleTree, Receipt, SignedCheckpoint,
    VerifiedCheckpoint, leaf_hash, leaf_of,
};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{Builder, LineageProof, Statement};
use datadeed::rights::Event;
use datadeed::statement::{Issuer, Payload as _};
use datadeed::trust::{Anchor, Progress, Role, StateError, Status, TrustState, TrustStore};
use datadeed::verify::{FindingCode, remember_logs};

use super::story::*;

fn registry() -> SigningKey {
    signing_key("registry")
}

fn log() -> LogKey {
    LogKey::new(Origin::new("registry.example/log").unwrap(), key("registry"))
}

/// A log of so many entries, one of which is the training of the story; `other` stands for another history.
fn tree(size: u64, other: bool) -> MerkleTree {
    let mut tree = MerkleTree::new();
    tree.push(leaf_hash(if other { b"other" } else { b"policy" }));
    tree.push(leaf_of(train().envelope()));
    for number in 2..size {
        tree.push(leaf_hash(&number.to_be_bytes()));
    }
    tree
}

fn train() -> Statement {
    let story = Story::default();
    story.statements.iter().find(|one| one.id() == story.train).unwrap().clone()
}

fn checkpoint(tree: &MerkleTree, on: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(log().origin().clone(), tree.len(), tree.root()).unwrap();
    checkpoint.sign(&registry(), day(on)).unwrap()
}

/// The story with a receipt and checkpoint of this tree.
fn proof(tree: &MerkleTree) -> LineageProof {
    proof_of(tree, 11)
}

/// The same, with a checkpoint of this day.
fn proof_of(tree: &MerkleTree, on: u64) -> LineageProof {
    let signed = checkpoint(tree, on);
    let verified = signed.clone().verify(&log()).unwrap();
    let path = tree.prove_inclusion(1, tree.len()).unwrap();
    let leaf = leaf_of(train().envelope());
    let receipt = Receipt::sign(&issuer("registry"), &verified, leaf, &path, day(11)).unwrap();
    LineageProof::builder(manifest("weights"))
        .statements(Story::default().statements)
        .receipt(train().id(), receipt)
        .checkpoint(signed)
        .build()
        .unwrap()
}

fn pinned() -> TrustState {
    let mut state = TrustState::new(day(12));
    state.pin(&log()).unwrap();
    state
}

fn known(state: &TrustState) -> Option<u64> {
    state.last_checkpoint(log().origin()).map(VerifiedCheckpoint::size)
}

#[test]
fn what_a_log_said_is_kept_whatever_becomes_of_the_lineage() {
    let mut state = pinned();
    let mut bytes = proof(&tree(5, false)).to_bytes();
    let decoded = LineageProof::decode(&bytes).unwrap();
    assert_eq!(remember_logs(&decoded, &[], &mut state), [Ok(Progress::Advanced)]);
    let envelope = train().as_bytes().to_vec();
    let at = bytes.windows(envelope.len()).position(|window| window == envelope).unwrap();
    bytes[at + envelope.len() - 1] ^= 1;
    assert!(Story::default().verify_bytes(&bytes).is_err());
    assert_eq!(known(&state), Some(5));
}

#[test]
fn a_log_that_grew_has_to_prove_it() {
    let mut state = pinned();
    remember_logs(&proof(&tree(5, false)), &[], &mut state);
    let later = proof(&tree(9, false));
    let origin = log().origin().clone();
    let unconnected = StateError::Unconnected { origin, known: 5, found: 9 };
    assert_eq!(remember_logs(&later, &[], &mut state), [Err(unconnected)]);
    assert_eq!(known(&state), Some(5));
    let link = tree(9, false).prove_consistency(5, 9).unwrap();
    assert_eq!(remember_logs(&later, &[link], &mut state), [Ok(Progress::Advanced)]);
    assert_eq!(known(&state), Some(9));
    // A proof from before is no rollback; whether it is part of the log, only a link tells.
    let before = proof(&tree(5, false));
    assert_eq!(remember_logs(&before, &[], &mut state), [Ok(Progress::Unlinked)]);
    let link = tree(9, false).prove_consistency(5, 9).unwrap();
    assert_eq!(remember_logs(&before, &[link], &mut state), [Ok(Progress::Unchanged)]);
    assert_eq!(known(&state), Some(9));
}

#[test]
fn a_log_that_shows_two_histories_is_caught() {
    let mut state = pinned();
    remember_logs(&proof(&tree(5, false)), &[], &mut state);
    let results = remember_logs(&proof(&tree(5, true)), &[], &mut state);
    let [Err(StateError::LogForked(evidence))] = results.as_slice() else { panic!("{results:?}") };
    evidence.verify(&[key("registry")]).unwrap();
    let link = tree(9, false).prove_consistency(5, 9).unwrap();
    let results = remember_logs(&proof(&tree(9, true)), &[link], &mut state);
    assert!(matches!(results.as_slice(), [Err(StateError::Inconsistent { .. })]), "{results:?}");
    assert_eq!(known(&state), Some(5));
}

/// A verifier that is shown less than it knows, of another history, has a link that proves it.
#[test]
fn a_smaller_checkpoint_of_another_history_is_evidence() {
    let link = tree(9, false).prove_consistency(5, 9).unwrap();
    let (smaller, larger) = (proof(&tree(5, true)), proof(&tree(9, false)));
    for (first, second) in [(&smaller, &larger), (&larger, &smaller)] {
        let mut state = pinned();
        remember_logs(first, &[], &mut state);
        let before = known(&state);
        let garbage = ConsistencyProof { old_size: 5, new_size: 9, path: vec![] };
        let results = remember_logs(second, &[garbage, link.clone()], &mut state);
        let [Err(StateError::LogForked(evidence))] = results.as_slice() else {
            panic!("{results:?}")
        };
        evidence.verify(&[key("registry")]).unwrap();
        assert_eq!(known(&state), before);
    }
}

/// Two sellers each had a checkpoint; the buyer has both, and knew nothing before.
#[test]
fn checkpoints_of_one_proof_are_held_against_each_other() {
    let join = |one: &MerkleTree, other: &MerkleTree| {
        LineageProof::builder(manifest("weights"))
            .join(&proof(one))
            .join(&proof(other))
            .build()
            .unwrap()
    };
    let link = tree(9, true).prove_consistency(5, 9).unwrap();
    for (joined, links) in [
        (join(&tree(5, false), &tree(5, true)), vec![]),
        (join(&tree(5, false), &tree(9, true)), vec![link]),
    ] {
        let mut state = pinned();
        let results = remember_logs(&joined, &links, &mut state);
        let [Ok(Progress::Advanced), Err(StateError::LogForked(evidence))] = results.as_slice()
        else {
            panic!("{results:?}")
        };
        evidence.verify(&[key("registry")]).unwrap();
        assert_eq!(known(&state), Some(5));
    }
}

#[test]
fn a_log_that_signed_less_at_a_later_time_is_caught() {
    let mut state = pinned();
    remember_logs(&proof(&tree(9, false)), &[], &mut state);
    let results = remember_logs(&proof_of(&tree(5, false), 12), &[], &mut state);
    let [Err(StateError::LogForked(evidence))] = results.as_slice() else { panic!("{results:?}") };
    evidence.verify(&[key("registry")]).unwrap();
    // In one proof too.
    let joined = LineageProof::builder(manifest("weights"))
        .join(&proof(&tree(9, false)))
        .join(&proof_of(&tree(5, false), 12))
        .build()
        .unwrap();
    let results = remember_logs(&joined, &[], &mut pinned());
    assert!(matches!(results.as_slice(), [Ok(_), Err(StateError::LogForked(_))]), "{results:?}");
}

/// What a log says again later does not cover what it said before.
#[test]
fn a_log_that_signs_again_what_it_took_back_is_caught() {
    for again in 13..60 {
        let joined =
            [(9, 11), (5, 12), (9, again)].map(|(size, on)| proof_of(&tree(size, false), on));
        let joined = joined.iter().fold(LineageProof::builder(manifest("weights")), Builder::join);
        let results = remember_logs(&joined.build().unwrap(), &[], &mut pinned());
        let evidence = results.iter().find_map(|result| match result {
            Err(StateError::LogForked(evidence)) => Some(evidence),
            _ => None,
        });
        evidence.unwrap().verify(&[key("registry")]).unwrap();
    }
}

#[test]
fn logs_that_are_not_pinned_are_nobodys() {
    let mut state = TrustState::new(day(12));
    assert_eq!(remember_logs(&proof(&tree(5, false)), &[], &mut state), []);
    let other = LogKey::new(log().origin().clone(), key("other"));
    state.pin(&other).unwrap();
    let results = remember_logs(&proof(&tree(5, false)), &[], &mut state);
    assert!(matches!(results.as_slice(), [Err(StateError::Unverified(_))]), "{results:?}");
}

/// Guide threats: Rollback.
///
/// What one has seen of a chain is not to be taken back by showing less.
#[test]
fn a_chain_that_ends_earlier_than_known_is_seen() {
    let first = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let second = but(first.clone(), |one| {
        one.seq = 1;
        one.prev = Some(sign("collector", &first).id());
        one.title = "Source, corrected".into();
    });
    let both = Story::default().with(sign("collector", &second));
    let mut state = TrustState::new(day(12));
    let results = both.verify().unwrap().remember(&mut state);
    assert_eq!(results[0], Ok(Progress::Advanced));
    let results = Story::default().verify().unwrap().remember(&mut state);
    let issuer = "did:web:collector.example".to_owned();
    assert_eq!(results[0], Err(StateError::RolledBack { issuer, known: 1, found: 0 }));
}

#[test]
fn an_issuer_who_says_two_things_is_caught() {
    let mut state = TrustState::new(day(12));
    assert_eq!(Story::default().verify().unwrap().remember(&mut state)[0], Ok(Progress::Advanced));
    let mut story = Story::default();
    let other = Dataset::new(manifest("source"), "Something else", ScanMethod::Full);
    story.statements.retain(|one| one.as_dataset().is_none() && one.as_activity().is_none());
    story.statements.push(sign("collector", &other).into());
    story.statements.push(
        sign(
            "trainer",
            &datadeed::lineage::Activity::train()
                .input(manifest("source"), [])
                .input(manifest("corpus"), [])
                .output(manifest("weights"), []),
        )
        .into(),
    );
    let results = story.verify().unwrap().remember(&mut state);
    let Err(StateError::Forked(evidence)) = &results[0] else { panic!("{results:?}") };
    evidence.verify(&[key("collector")]).unwrap();
}

/// Whoever has a key that was revoked cannot make the honest issuer contradict himself.
#[test]
fn what_a_revoked_key_said_is_not_remembered() {
    let first = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    let next = |title: &str| {
        but(first.clone(), |one| {
            one.seq = 1;
            one.prev = Some(sign("collector", &first).id());
            one.title = title.into();
        })
    };
    let mut state = TrustState::new(day(12));
    assert_eq!(Story::default().verify().unwrap().remember(&mut state)[0], Ok(Progress::Advanced));
    let before = state.clone();
    let revoked = sign("collector", &Event::key_revocation(key("collector").id(), day(4)));
    let status = Status::new(day(20)).event(revoked, day(11)).unwrap();
    let mut thiefs = Story::default().with(sign("collector", &next("Source, by a thief")));
    thiefs.status = Some(status.clone());
    let lineage = thiefs.verify().unwrap();
    let found = lineage.findings().iter().map(|finding| finding.code);
    assert!(found.into_iter().any(|code| code == FindingCode::SignedByRevokedKey));
    assert_eq!(lineage.remember(&mut state)[0], Ok(Progress::Unchanged));
    assert_eq!(state, before);
    // The issuer goes on with another key.
    let anew = Anchor::new("did:web:collector.example", key("collector anew"), [Role::Collector]);
    let anew = anew.scope(["manifest:", "https://data.example/"]);
    let by = Issuer::new("did:web:collector.example", signing_key("collector anew"));
    let mut honest = Story::default().with(next("Source, corrected").sign(&by, day(12)).unwrap());
    honest.status = Some(status);
    honest.trust = TrustStore::new(honest.trust.anchors().cloned().chain([anew]));
    assert_eq!(honest.verify().unwrap().remember(&mut state)[0], Ok(Progress::Advanced));
}

/// Strangers cannot fill the memory.
#[test]
fn strangers_are_not_remembered() {
    let mut story = Story::default();
    let dataset = Dataset::new(manifest("corpus"), "Mine", ScanMethod::Full);
    story.statements.push(sign("stranger", &dataset).into());
    story.extra_keys.push(key("stranger"));
    let (mut with, mut without) = (TrustState::new(day(12)), TrustState::new(day(12)));
    let results = story.verify().unwrap().remember(&mut with);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let results = Story::default().verify().unwrap().remember(&mut without);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(with, without);
}
