use super::super::{RootDraft, TrustStore};
use super::*;
use crate::cbor::CborFault;
use crate::id::{ManifestId, StatementId};
use crate::key::{Signer as _, SigningKey, Threshold, ThresholdNotMet};
use crate::limits::MAX_TRUST_STATE;
use crate::lineage::Activity;
use crate::log::{Checkpoint, ConsistencyProof, LogKey, MerkleTree, SignedCheckpoint, leaf_hash};
use crate::manifest::{Dataset, ScanMethod};
use crate::statement::{Issuer, Payload as _, Verified};

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn public(seed: u8) -> PublicKey {
    key(seed).public_key()
}

/// Number `seq` about one dataset.
fn told(seq: u64, prev: Option<StatementId>, title: &str) -> Verified<Dataset> {
    let issuer = Issuer::new("did:web:curator.example", key(1));
    let mut dataset = Dataset::new(ManifestId::from_bytes([1; 32]), title, ScanMethod::Full);
    (dataset.seq, dataset.prev) = (seq, prev);
    dataset.sign(&issuer, at(0)).unwrap().verify(&issuer.public_key()).unwrap()
}

/// Numbers 0 to 3.
fn chain() -> [Verified<Dataset>; 4] {
    let zero = told(0, None, "0");
    let one = told(1, Some(zero.id()), "1");
    let two = told(2, Some(one.id()), "2");
    let three = told(3, Some(two.id()), "3");
    [zero, one, two, three]
}

fn known(last: usize) -> TrustState {
    let mut state = TrustState::new(at(0));
    assert_eq!(state.observe(&chain()[..=last]), Ok(Progress::Advanced));
    state
}

/// Refused for `error`, and nothing has changed.
#[track_caller]
fn refused(mut state: TrustState, shown: &[Verified<Dataset>], error: &StateError) {
    let before = state.clone();
    assert_eq!(state.observe(shown).as_ref(), Err(error));
    assert_eq!(state, before);
}

fn issuer() -> String {
    "did:web:curator.example".to_owned()
}

#[test]
fn a_chain_leads_on() {
    let [zero, one, two, three] = chain();
    let mut state = known(1);
    assert_eq!(state.last_of(&zero), Some((1, one.id())));
    assert_eq!(state.observe(&[zero.clone(), one.clone()]), Ok(Progress::Unchanged));
    assert_eq!(state.observe(&[two.clone(), one.clone(), zero]), Ok(Progress::Advanced));
    assert_eq!(state.observe(std::slice::from_ref(&three)), Ok(Progress::Advanced));
    assert_eq!(state.last_of(&three), Some((3, three.id())));
    assert_eq!(state.observe::<Dataset>(&[]), Ok(Progress::Unchanged));
    // Where nothing is known, whatever is shown is where it begins.
    assert_eq!(TrustState::new(at(0)).observe(&[one, two]), Ok(Progress::Advanced));
}

#[test]
fn a_chain_that_ends_early_is_rolled_back() {
    let error = StateError::RolledBack { issuer: issuer(), known: 2, found: 1 };
    refused(known(2), &chain()[..2], &error);
}

#[test]
fn a_gap_is_no_step() {
    let error = |known, found| StateError::Gap { issuer: issuer(), known, found };
    refused(known(0), &chain()[2..], &error(0, 2));
    let [zero, _, two, _] = chain();
    refused(TrustState::new(at(0)), &[zero, two], &error(0, 2));
}

#[test]
fn two_of_one_number_are_proof_against_their_issuer() {
    let [zero, one, ..] = chain();
    let other = told(1, Some(zero.id()), "another");
    for (state, shown) in [
        (known(1), vec![other.clone()]),
        (known(0), vec![one.clone(), other.clone()]),
        (TrustState::new(at(0)), vec![other.clone(), zero, one.clone()]),
    ] {
        let proof = Equivocation::of_issuer(one.envelope(), other.envelope()).unwrap();
        assert_eq!(proof.verify(&[public(1)]), Ok(()));
        refused(state, &shown, &StateError::Forked(Box::new(proof)));
    }
}

#[test]
fn one_that_follows_another_is_proof_against_its_issuer() {
    let [zero, one, ..] = chain();
    let other = told(1, Some(zero.id()), "another");
    let beside = told(2, Some(other.id()), "beside");
    let proof = Equivocation::of_issuer(one.envelope(), beside.envelope()).unwrap();
    assert_eq!(proof.verify(&[public(1)]), Ok(()));
    refused(known(1), &[beside], &StateError::Forked(Box::new(proof)));
}

#[test]
fn one_bad_chain_keeps_the_others_from_being_recorded() {
    let fresh = {
        let issuer = Issuer::new("did:web:other.example", key(2));
        let dataset = Dataset::new(ManifestId::from_bytes([1; 32]), "x", ScanMethod::Full);
        dataset.sign(&issuer, at(0)).unwrap().verify(&issuer.public_key()).unwrap()
    };
    let error = StateError::RolledBack { issuer: issuer(), known: 2, found: 0 };
    let [zero, ..] = chain();
    refused(known(2), &[fresh.clone(), zero], &error);
    assert_eq!(known(2).observe(&[fresh]), Ok(Progress::Advanced));
}

#[test]
fn statements_without_numbers_form_no_chain() {
    let issuer = Issuer::new("did:web:curator.example", key(1));
    let train = Activity::train().output(ManifestId::from_bytes([1; 32]), []);
    let train = train.undisclosed_inputs().sign(&issuer, at(0)).unwrap();
    let train = train.verify(&issuer.public_key()).unwrap();
    let found = Kind::Activity;
    let error = StateError::NoLink(EquivocationError::NoSequence { found });
    assert_eq!(TrustState::new(at(0)).observe(&[train]), Err(error));
}

#[test]
fn time_never_goes_back() {
    let mut state = TrustState::new(at(10));
    assert_eq!(state.advance(at(10)), Ok(Progress::Unchanged));
    assert_eq!(state.advance(at(11)), Ok(Progress::Advanced));
    let error = StateError::TimeReversed { now: at(10), last: at(11) };
    assert_eq!(state.advance(at(10)), Err(error));
    assert_eq!(state.time(), at(11));
}

#[test]
fn a_trust_root_never_goes_back() {
    let root = |version, end, after: Option<&TrustRoot>| {
        let keys = Threshold::new([public(1)], 1).unwrap();
        let draft = RootDraft::new(version, keys, at(end), TrustStore::default());
        let draft = after.map_or(draft.clone(), |before| draft.after(before.signed()));
        TrustRoot::pinned(&draft.sign(&key(1)).unwrap().to_bytes()).unwrap()
    };
    let (second, twin) = (root(2, 100, None), root(2, 101, None));
    let mut state = TrustState::new(at(0));
    assert_eq!(state.root_version(), None);
    assert_eq!(state.root(&second), Ok(Progress::Advanced));
    assert_eq!(state.root(&second), Ok(Progress::Unchanged));
    let before = state.clone();
    let back = StateError::RootRolledBack { known: 2, found: 1 };
    assert_eq!(state.root(&root(1, 100, None)), Err(back));
    for other in [twin.clone(), root(3, 100, Some(&twin))] {
        let proof = Equivocation::of_board(second.signed(), other.signed()).unwrap();
        assert_eq!(proof.verify_board(second.threshold()), Ok(()));
        assert_eq!(state.root(&other), Err(StateError::RootForked(Box::new(proof))));
    }
    let unlinked = StateError::RootUnlinked { known: 2, found: 3 };
    assert_eq!(state.root(&root(3, 100, None)), Err(unlinked));
    assert_eq!(state, before);
    assert_eq!(state.root(&root(3, 100, Some(&second))), Ok(Progress::Advanced));
    assert_eq!(state.root_version(), Some(3));
}

/// A version of the board of these keys, of which one is enough, signed by `signer`.
fn root_of(version: u64, keys: &[u8], signers: &[u8], after: Option<&TrustRoot>) -> TrustRoot {
    let keys = Threshold::new(keys.iter().map(|seed| public(*seed)), 1).unwrap();
    let draft = RootDraft::new(version, keys, at(100), TrustStore::default());
    let draft = after.map_or(draft.clone(), |before| draft.after(before.signed()));
    let [first, others @ ..] = signers else { panic!("nobody signs") };
    let signed = draft.sign(&key(*first)).unwrap();
    let signed = others.iter().fold(signed, |signed, seed| signed.cosign(&key(*seed)).unwrap());
    TrustRoot::pinned(&signed.to_bytes()).unwrap()
}

/// Anybody can write the next version and sign it with keys of his own.
#[test]
fn a_trust_root_that_the_last_board_did_not_sign_is_not_recorded() {
    let second = root_of(2, &[1], &[1], None);
    let mut state = TrustState::new(at(0));
    state.root(&second).unwrap();
    let before = state.clone();
    let source = ThresholdNotMet { valid: 0, needed: 1 };
    let unsigned = StateError::Root(RootError::Unsigned { version: 3, by: 2, source });
    // Nor is one that follows another a proof against the board.
    let twin = root_of(2, &[4], &[4], None);
    for prev in [Some(&second), None, Some(&twin)] {
        assert_eq!(state.root(&root_of(3, &[4], &[4], prev)), Err(unsigned.clone()));
        assert_eq!(state, before);
    }
    let handed_over = root_of(3, &[4], &[1, 4], Some(&second));
    assert_eq!(state.root(&handed_over), Ok(Progress::Advanced));
}

#[test]
fn a_trust_root_out_of_turn_is_not_recorded() {
    let second = root_of(2, &[1], &[1], None);
    let third = root_of(3, &[1], &[1], Some(&second));
    let fourth = root_of(4, &[1], &[1], Some(&third));
    let mut state = TrustState::new(at(0));
    state.root(&second).unwrap();
    let before = state.clone();
    for later in [fourth.clone(), root_of(4, &[1], &[1], Some(&second))] {
        let gap = StateError::RootGap { known: 2, found: 4 };
        assert_eq!(state.root(&later), Err(gap));
        assert_eq!(state, before);
    }
    let last = root_of(u64::MAX, &[4], &[4], None);
    assert_eq!(state.root(&last), Err(StateError::RootGap { known: 2, found: u64::MAX }));
    // In their turn they are.
    assert_eq!(state.root(&third), Ok(Progress::Advanced));
    assert_eq!(state.root(&fourth), Ok(Progress::Advanced));
}

// ---- logs ---------------------------------------------------------------------------------------

fn origin() -> Origin {
    Origin::new("log.example").unwrap()
}

fn pinned() -> LogKey {
    LogKey::new(origin(), public(9))
}

fn tree(entries: &[&[u8]]) -> MerkleTree {
    let mut tree = MerkleTree::new();
    for entry in entries {
        tree.push(leaf_hash(entry));
    }
    tree
}

fn signed(tree: &MerkleTree, seed: u8, on: u64) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new(origin(), tree.len(), tree.root()).unwrap();
    checkpoint.sign(&key(seed), at(on)).unwrap()
}

fn checkpoint(tree: &MerkleTree, on: u64) -> VerifiedCheckpoint {
    signed(tree, 9, on).verify(&pinned()).unwrap()
}

const ENTRIES: [&[u8]; 3] = [b"a", b"b", b"c"];

/// Knows the log at two entries, as of second 100.
fn with_log() -> TrustState {
    let mut state = TrustState::new(at(0));
    assert_eq!(state.pin(&pinned()), Ok(Progress::Advanced));
    let two = checkpoint(&tree(&ENTRIES[..2]), 100);
    assert_eq!(state.checkpoint(&two, None), Ok(Progress::Advanced));
    state
}

#[track_caller]
fn log_refused(seen: &VerifiedCheckpoint, proof: Option<&ConsistencyProof>, error: &StateError) {
    let mut state = with_log();
    assert_eq!(state.checkpoint(seen, proof).as_ref(), Err(error));
    assert_eq!(state, with_log());
}

#[test]
fn a_log_grows_by_proof() {
    let three = tree(&ENTRIES);
    let proof = three.prove_consistency(2, 3).unwrap();
    let mut state = with_log();
    assert_eq!(state.checkpoint(&checkpoint(&three, 200), Some(&proof)), Ok(Progress::Advanced));
    assert_eq!(state.last_checkpoint(&origin()).map(VerifiedCheckpoint::size), Some(3));
    // Everything extends the empty log.
    let mut state = TrustState::new(at(0));
    state.pin(&pinned()).unwrap();
    assert_eq!(state.checkpoint(&checkpoint(&tree(&[]), 1), None), Ok(Progress::Advanced));
    assert_eq!(state.checkpoint(&checkpoint(&three, 2), None), Ok(Progress::Advanced));
}

#[test]
fn a_log_that_shrank_is_rolled_back() {
    let error = StateError::LogRolledBack { origin: origin(), known: 2, found: 1 };
    let one = tree(&ENTRIES[..1]);
    log_refused(&checkpoint(&one, 100), None, &error);
    log_refused(&checkpoint(&one, 99), None, &error);
    // By its own word it had fewer entries later: everybody can see that.
    let later = checkpoint(&one, 101);
    let known = checkpoint(&tree(&ENTRIES[..2]), 100);
    let proof = Equivocation::of_rollback(&known, &later).unwrap();
    assert_eq!(proof.verify(&[public(9)]), Ok(()));
    log_refused(&later, None, &StateError::LogForked(Box::new(proof)));
}

/// Whether the one known is the smaller or the larger of the two.
#[test]
fn a_path_from_another_root_is_proof_against_the_log() {
    let (told, other) = (tree(&ENTRIES), tree(&[b"a", b"x", b"c", b"d", b"e"]));
    let (smaller, larger) = (checkpoint(&told, 100), checkpoint(&other, 100));
    let link = other.prove_consistency(3, 5).unwrap();
    let proof = Equivocation::of_failed(&smaller, &larger, &link).unwrap();
    assert_eq!(proof.verify(&[public(9)]), Ok(()));
    for (first, second) in [(&smaller, &larger), (&larger, &smaller)] {
        let mut state = TrustState::new(at(0));
        state.pin(&pinned()).unwrap();
        state.checkpoint(first, None).unwrap();
        let before = state.clone();
        let error = Err(StateError::LogForked(Box::new(proof.clone())));
        assert_eq!(state.checkpoint(second, Some(&link)), error);
        assert_eq!(state, before);
    }
}

#[test]
fn a_larger_log_without_proof_is_not_taken() {
    let (origin, known, found) = (origin(), 2, 3);
    let three = checkpoint(&tree(&ENTRIES), 200);
    let error = StateError::Unconnected { origin, known, found };
    log_refused(&three, None, &error);
    // Nor with one between other sizes.
    let between = tree(&ENTRIES).prove_consistency(1, 3).unwrap();
    log_refused(&three, Some(&between), &error);
}

#[test]
fn a_log_that_forgot_an_entry_is_inconsistent() {
    let forked = tree(&[b"a", b"x", b"c"]);
    let proof = forked.prove_consistency(2, 3).unwrap();
    let source = proof.verify(tree(&ENTRIES[..2]).root(), forked.root()).unwrap_err();
    let (origin, known, found) = (origin(), 2, 3);
    let error = StateError::Inconsistent { origin, known, found, source };
    log_refused(&checkpoint(&forked, 200), Some(&proof), &error);
}

#[test]
fn two_roots_of_one_size_are_proof_against_the_log() {
    let other = checkpoint(&tree(&[b"a", b"x"]), 200);
    let mut state = with_log();
    let Err(StateError::LogForked(proof)) = state.checkpoint(&other, None) else {
        panic!("a fork is not noticed")
    };
    assert_eq!(proof.verify(&[public(9)]), Ok(()));
    assert_eq!(state, with_log());
}

#[test]
fn only_a_pinned_log_is_taken() {
    let one = tree(&ENTRIES[..1]);
    let mut state = TrustState::new(at(0));
    let unknown = StateError::UnknownLog { origin: origin() };
    assert_eq!(state.checkpoint(&checkpoint(&one, 1), None), Err(unknown));
    let mut state = with_log();
    let other = LogKey::new(origin(), public(8));
    let (known, found) = (public(9).id(), public(8).id());
    let error = StateError::OtherLogKey { origin: origin(), known, found };
    assert_eq!(state.pin(&other), Err(error.clone()));
    assert_eq!(state.pin(&pinned()), Ok(Progress::Unchanged));
    let by_other = signed(&tree(&ENTRIES), 8, 1).verify(&other).unwrap();
    log_refused(&by_other, None, &error);
    assert_eq!(state.logs().collect::<Vec<_>>(), [pinned()]);
}

#[test]
fn a_checkpoint_grows_old() {
    let max = Duration::from_secs(60);
    let state = with_log();
    assert_eq!(state.check_fresh(&origin(), at(160), max), Ok(max));
    let too_old = StateError::Stale { origin: origin(), age: Duration::from_secs(61), max };
    assert_eq!(state.check_fresh(&origin(), at(161), max), Err(too_old));
    let source = AgeError::Future { time: at(100), now: at(99) };
    let ageless = StateError::Ageless { origin: origin(), source };
    assert_eq!(state.check_fresh(&origin(), at(99), max), Err(ageless));
    let unknown = StateError::UnknownLog { origin: origin() };
    assert_eq!(TrustState::new(at(0)).check_fresh(&origin(), at(0), max), Err(unknown));
    // The same size signed anew is fresh again; signed before, it changes nothing.
    let mut state = with_log();
    let two = tree(&ENTRIES[..2]);
    assert_eq!(state.checkpoint(&checkpoint(&two, 150), None), Ok(Progress::Unchanged));
    assert_eq!(state.checkpoint(&checkpoint(&two, 120), None), Ok(Progress::Unchanged));
    assert_eq!(state.check_fresh(&origin(), at(161), max), Ok(Duration::from_secs(11)));
}

// ---- bytes --------------------------------------------------------------------------------------

fn full() -> TrustState {
    let mut state = with_log();
    state.observe(&chain()).unwrap();
    let keys = Threshold::new([public(1)], 1).unwrap();
    let draft = RootDraft::new(7, keys, at(100), TrustStore::default());
    let root = draft.sign(&key(1)).unwrap().to_bytes();
    state.root(&TrustRoot::pinned(&root).unwrap()).unwrap();
    state
}

#[test]
fn a_state_reads_back() {
    for state in [TrustState::new(at(5)), known(2), with_log(), full()] {
        assert_eq!(TrustState::decode(&state.to_bytes()), Ok(state));
    }
}

/// What does not fit the file is refused before it is recorded.
#[test]
fn a_state_takes_no_more_than_its_file_holds() {
    let limit = MAX_TRUST_STATE;
    let log = |number| Origin::new(format!("{number}.example")).unwrap();
    let mut state = with_log();
    let with = |state: &TrustState, next: &Origin| state.room() + file::room_of_log(next);
    let next = (0..10_000).map(log).find(|next| {
        let fits = with(&state, next) <= limit;
        assert!(!fits || state.pin(&LogKey::new(next.clone(), public(9))).is_ok());
        !fits
    });
    let (next, before) = (next.unwrap(), state.clone());
    let full = StateError::Full { found: with(&state, &next), limit };
    assert_eq!(state.pin(&LogKey::new(next, public(9))), Err(full));
    assert_eq!(state, before);
    let about = |number: u8| {
        let issuer = Issuer::new("did:web:curator.example", key(1));
        let of = ManifestId::from_bytes([number; 32]);
        let dataset = Dataset::new(of, "x".repeat(2000), ScanMethod::Full);
        dataset.sign(&issuer, at(0)).unwrap().verify(&issuer.public_key()).unwrap()
    };
    let with = |state: &TrustState, next: &Verified<Dataset>| {
        state.room() + file::room_of_link(next.envelope())
    };
    let next = (0..=u8::MAX).map(about).find(|next| {
        let fits = with(&state, next) <= limit;
        assert!(!fits || state.observe(std::slice::from_ref(next)).is_ok());
        !fits
    });
    let (next, before) = (next.unwrap(), state.clone());
    let full = StateError::Full { found: with(&state, &next), limit };
    assert_eq!(state.observe(&[next]), Err(full));
    assert_eq!(state, before);
    // What was known is known, and reads back.
    assert_eq!(state.observe(&[about(0)]), Ok(Progress::Unchanged));
    assert_eq!(TrustState::decode(&state.to_bytes()), Ok(state));
}

#[test]
fn a_checkpoint_in_a_state_is_the_logs() {
    let bytes = full().to_bytes();
    let note = full().last_checkpoint(&origin()).unwrap().signed().to_bytes();
    let place = bytes.windows(note.len()).position(|window| window == note).unwrap();
    let mut forged = bytes;
    // The size is signed, in the second line.
    let size = place + "log.example\n".len();
    assert_eq!(forged[size], b'2');
    forged[size] = b'1';
    let name = origin();
    let error = StateError::Unverified(UnverifiedCheckpoint::BadSignature { name });
    assert_eq!(TrustState::decode(&forged), Err(error));
}

#[test]
fn a_chain_stands_once_in_a_state() {
    let [zero, one, ..] = chain();
    let mut bytes = known(0).to_bytes();
    let shorter = one.as_bytes().len() < zero.as_bytes().len();
    assert!(!shorter);
    // From one chain to two of the same.
    let head = bytes.windows(7).position(|window| window == b"\x66chains").unwrap() + 7;
    assert_eq!(bytes[head], 0x81);
    bytes[head] = 0x82;
    let length = u16::try_from(one.as_bytes().len()).unwrap().to_be_bytes();
    bytes.extend([&[0x59][..], &length, one.as_bytes()].concat());
    let error = CborError::new(0, CborFault::Duplicate);
    assert_eq!(TrustState::decode(&bytes), Err(StateError::Cbor(error)));
}
