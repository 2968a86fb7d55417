//! Who signed what: issuer, key, dates and signature of every statement.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::check_look_ups;
use super::{Bound, Code, Node, Rejection, Verifier};
use crate::id::{KeyId, StatementId, Subject};
use crate::key::PublicKey;
use crate::log::Receipt;
use crate::proof::{LineageProof, Statement};
use crate::rights::Event;
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Delegation, Known, ProvenDelegation, Recorded, Status};

/// An event of the caller's status that concerns the proof.
pub(super) struct StatusEvent<'a> {
    pub(super) event: &'a Signed<Event>,
    /// When the caller recorded it.
    pub(super) recorded_at: Timestamp,
    /// Whether its issuer has its key and its signature was verified.
    pub(super) sound: bool,
}

/// Who signed, and what the caller knows beside the proof.
pub(super) struct Authenticated<'a> {
    /// Who has which key, dates taken as they stand and nothing ended: whoever may hurt, and nobody a stranger.
    pub(super) identities: Authorities<'a>,
    pub(super) status_events: Vec<StatusEvent<'a>>,
}

/// Verifies every statement of the proof, and every event of the status that bears on one of them; at most
/// `edges` are to be looked up for what events and delegates reach.
///
/// What is wrong with a statement of the proof rejects it: its prover put it there. An event of
/// the status may come from anybody, and one that nobody signed must not stop a
/// verification, so it is as if it were not there, and said to be. That makes no answer
/// better: it neither takes the place of a sound copy of itself nor proves any time, and
/// a sound event that follows it shows the gap. Nor does its date matter: one that hurts
/// is not got rid of by a clock that was fast.
pub(super) fn check<'a>(
    verifier: &Verifier<'a>,
    proof: &'a LineageProof,
    edges: usize,
) -> Result<Authenticated<'a>, Rejection> {
    // A delegation carries its delegate's key.
    let delegations = proof.statements().iter().filter_map(Statement::as_delegation);
    let delegated = delegations.chain(verifier.delegations).map(|one| one.payload().key);
    let keys: BTreeMap<KeyId, PublicKey> =
        proof.keys().iter().copied().chain(delegated).map(|key| (key.id(), key)).collect();
    let (authorities, sound) = identities(verifier, proof, &keys)?;
    let concerning =
        verifier.status.map_or_else(Vec::new, |status| concerning(verifier, proof, status));
    let events = concerning.iter().map(|one| &one.event);
    check_look_ups(edges, proof, &authorities, events)?;
    let key_of = |id| verifier.trust.key(id).or_else(|| keys.get(&id).copied());
    let known = proof.by_signer(|header| authorities.known(header));
    let all = proof.statements().iter().zip(known).zip(proof.vouched().iter());
    for ((statement, known), batches) in all {
        let id = statement.id();
        check_header(verifier, known, statement)?;
        // The batch that stands for it is a statement of the proof, too.
        let is_vouched_for = !statement.is_signed() && !batches.is_empty();
        if is_vouched_for || sound.contains(&id) {
            continue;
        }
        let key =
            key_of(statement.header().key).ok_or(Rejection::statement(Code::MissingKey, id))?;
        statement
            .envelope()
            .verify_with(verifier.cache, &key)
            .map_err(|_| Rejection::statement(Code::BadSignature, id))?;
    }
    let Some(status) = verifier.status else {
        return Ok(Authenticated { identities: authorities, status_events: Vec::new() });
    };
    if status.as_of() > verifier.now {
        return Err(Rejection::new(Code::FutureStatus, Node::Status));
    }
    if proof.statements().len().saturating_add(concerning.len()) > verifier.budget.signatures {
        return Err(Rejection::over(Bound::Signatures, Node::Status));
    }
    let events = concerning.into_iter().map(|Recorded { event, recorded_at, .. }| {
        let key = key_of(event.header().key);
        let sound = authorities.known(event.header()) != Known::Conflict
            && key.is_some_and(|key| event.envelope().verify_with(verifier.cache, &key).is_ok());
        StatusEvent { event, recorded_at: *recorded_at, sound }
    });
    let status_events = events.collect();
    Ok(Authenticated { identities: authorities, status_events })
}

/// The events about a statement of the proof, about a key that signed one or a receipt of one or
/// that cosigns logs, and about such events.
fn concerning<'a>(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    status: &'a Status,
) -> Vec<&'a Recorded> {
    if status.events().is_empty() {
        return Vec::new();
    }
    let mut by_target: BTreeMap<Subject, Vec<(usize, &Recorded)>> = BTreeMap::new();
    for (index, recorded) in status.events().iter().enumerate() {
        by_target
            .entry(recorded.event.payload().target.clone())
            .or_default()
            .push((index, recorded));
    }
    let mut found: BTreeMap<usize, &Recorded> = BTreeMap::new();
    let mut keys: BTreeSet<KeyId> = proof.statements().iter().map(|one| one.header().key).collect();
    // A log whose key was lost proves nothing any more.
    let receipts = proof.statements().iter().flat_map(|one| proof.receipts(one.id()));
    keys.extend(receipts.map(Receipt::key));
    // So does a witness whose key was.
    if verifier.witnesses > 0 && !proof.checkpoints().is_empty() {
        keys.extend(verifier.trust.witness_keys());
    }
    let is_concerned = |target: &Subject| match target {
        Subject::Key(key) => keys.contains(key),
        Subject::Statement(id) => proof.statement(*id).is_some(),
        Subject::Index(_) | Subject::Manifest(_) | Subject::Origin(_) => false,
    };
    let mut open: Vec<Subject> =
        by_target.keys().filter(|target| is_concerned(target)).cloned().collect();
    while let Some(subject) = open.pop() {
        for (index, recorded) in by_target.remove(&subject).unwrap_or_default() {
            let event = &recorded.event;
            open.extend([Subject::Statement(event.id()), Subject::Key(event.header().key)]);
            found.insert(index, recorded);
        }
    }
    found.into_values().collect()
}

/// Who has which key by trust store or delegation, whenever; and the delegations whose signatures were verified.
///
/// Whether a delegate is believed depends on proven times and on events, and is not judged here:
/// dates are taken as they stand and nothing has ended, so that a delegate of old is no stranger.
fn identities<'a>(
    verifier: &Verifier<'a>,
    proof: &'a LineageProof,
    keys: &BTreeMap<KeyId, PublicKey>,
) -> Result<(Authorities<'a>, BTreeSet<StatementId>), Rejection> {
    let delegations = proof.statements().iter().filter_map(Statement::as_delegation);
    let key_of = |id| verifier.trust.key(id).or_else(|| keys.get(&id).copied());
    let is_sound = |one: &&Signed<Delegation>| {
        let key = key_of(one.header().key);
        key.is_some_and(|key| one.envelope().verify_with(verifier.cache, &key).is_ok())
    };
    let sound: Vec<&Signed<Delegation>> = delegations.filter(is_sound).collect();
    let as_dated = |one| ProvenDelegation::of_signed(one, Signed::header(one).issued_at);
    let adverse = verifier.delegations.iter().filter(is_sound).map(as_dated);
    let (in_proof, limit) = (sound.iter().copied().map(as_dated), verifier.budget.delegations);
    let authorities = Authorities::resolve_with(verifier.trust, in_proof, adverse, limit)
        .map_err(|_| Rejection::over(Bound::Delegations, Node::Proof))?;
    Ok((authorities, sound.into_iter().map(Signed::id).collect()))
}

/// The issuer and the dates.
fn check_header(
    verifier: &Verifier<'_>,
    known: Known,
    statement: &Statement,
) -> Result<(), Rejection> {
    let (id, header) = (statement.id(), statement.header());
    if known == Known::Conflict {
        return Err(Rejection::statement(Code::IssuerKeyMismatch, id));
    }
    if header.issued_at > verifier.now {
        return Err(Rejection::statement(Code::FutureStatement, id));
    }
    let claimed = match statement {
        // An end is never before its start.
        Statement::Activity(activity) => activity.payload().ended.or(activity.payload().started),
        Statement::Assessment(assessment) => Some(assessment.payload().assessed_at),
        Statement::Licence(licence) => licence.payload().observation.as_ref().map(|o| o.time),
        Statement::Preference(preference) => Some(preference.payload().observation.time),
        Statement::Dataset(dataset) => dataset.payload().created,
        Statement::Registration(registration) => {
            let registration = registration.payload();
            registration.announced_at.max(Some(registration.issued_at))
        }
        Statement::Batch(_)
        | Statement::Consent(_)
        | Statement::Delegation(_)
        | Statement::Event(_)
        | Statement::Transaction(_) => None,
    };
    if claimed.is_some_and(|claimed| claimed > header.issued_at) {
        return Err(Rejection::statement(Code::ClaimAfterSignature, id));
    }
    Ok(())
}
