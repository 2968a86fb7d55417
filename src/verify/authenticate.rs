//! Who signed what: issuer, key, dates and signature of every statement.

use std::collections::{BTreeMap, BTreeSet};

use super::{Code, Node, Rejection, Verifier};
use crate::id::{KeyId, StatementId, Subject};
use crate::key::PublicKey;
use crate::proof::{LineageProof, Statement};
use crate::rights::Event;
use crate::statement::Signed;
use crate::trust::{Authorities, Delegation, Known, ProvenDelegation};

/// An event of the caller's status that concerns the proof.
pub(super) struct StatusEvent<'a> {
    pub(super) event: &'a Signed<Event>,
    /// Whether its signature was verified; it cannot be while its key is unknown.
    pub(super) verified: bool,
}

/// Verifies every statement of the proof, and every event of the status about one of them.
pub(super) fn check<'a>(
    verifier: &Verifier<'a>,
    proof: &'a LineageProof,
) -> Result<Vec<StatusEvent<'a>>, Rejection> {
    // A delegation carries its delegate's key.
    let delegations = proof.statements().iter().filter_map(Statement::as_delegation);
    let delegated = delegations.map(|one| one.payload().key);
    let keys: BTreeMap<KeyId, PublicKey> =
        proof.keys().iter().copied().chain(delegated).map(|key| (key.id(), key)).collect();
    let (authorities, sound) = identities(verifier, proof, &keys)?;
    let key_of = |id| verifier.trust.key(id).or_else(|| keys.get(&id).copied());
    for statement in proof.statements() {
        let id = statement.id();
        check_header(verifier, &authorities, statement)?;
        // The batch that stands for it is a statement of the proof, too.
        let is_vouched_for = !statement.is_signed() && proof.vouched().contains_key(&id);
        if is_vouched_for || sound.contains(&id) {
            continue;
        }
        let key =
            key_of(statement.header().key).ok_or(Rejection::statement(Code::MissingKey, id))?;
        statement
            .check_signature(&key)
            .map_err(|_| Rejection::statement(Code::BadSignature, id))?;
    }
    let Some(status) = verifier.status else { return Ok(Vec::new()) };
    if status.as_of() > verifier.now {
        return Err(Rejection::new(Code::FutureStatus, Node::Status));
    }
    let present: BTreeSet<StatementId> = proof.statements().iter().map(Statement::id).collect();
    let mut signatures = proof.statements().len();
    let mut events = Vec::new();
    for recorded in status.events() {
        let event = &recorded.event;
        let concerns =
            matches!(event.payload().target, Subject::Statement(id) if present.contains(&id));
        if !concerns {
            continue;
        }
        signatures = signatures.saturating_add(1);
        if signatures > verifier.budget.signatures {
            return Err(Rejection::new(Code::BudgetExceeded, Node::Status));
        }
        let id = event.id();
        let statement = Statement::from(event.clone());
        check_header(verifier, &authorities, &statement)?;
        let sound = match key_of(event.header().key) {
            None => false,
            Some(key) => statement
                .check_signature(&key)
                .map(|()| true)
                .map_err(|_| Rejection::statement(Code::BadSignature, id))?,
        };
        events.push(StatusEvent { event, verified: sound });
    }
    Ok(events)
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
        key_of(one.header().key).is_some_and(|key| one.envelope().verify(&key).is_ok())
    };
    let sound: Vec<&Signed<Delegation>> = delegations.filter(is_sound).collect();
    let as_dated = sound.iter().map(|one| ProvenDelegation::of_signed(one, one.header().issued_at));
    let limit = verifier.budget.delegations;
    let authorities = Authorities::resolve(verifier.trust, as_dated, &BTreeMap::new(), limit)
        .map_err(|_| Rejection::new(Code::BudgetExceeded, Node::Proof))?;
    Ok((authorities, sound.into_iter().map(Signed::id).collect()))
}

/// The issuer and the dates.
fn check_header(
    verifier: &Verifier<'_>,
    authorities: &Authorities<'_>,
    statement: &Statement,
) -> Result<(), Rejection> {
    let (id, header) = (statement.id(), statement.header());
    if authorities.known(header) == Known::Conflict {
        return Err(Rejection::statement(Code::IssuerKeyMismatch, id));
    }
    if header.issued_at > verifier.now {
        return Err(Rejection::statement(Code::FutureStatement, id));
    }
    let claimed = match statement {
        // An end is never before its start.
        Statement::Activity(activity) => activity.payload().ended.or(activity.payload().started),
        Statement::Licence(licence) => licence.payload().observation.as_ref().map(|o| o.time),
        Statement::Dataset(dataset) => dataset.payload().created,
        Statement::Registration(registration) => {
            let registration = registration.payload();
            registration.announced_at.max(Some(registration.issued_at))
        }
        Statement::Batch(_) | Statement::Delegation(_) | Statement::Event(_) => None,
    };
    if claimed.is_some_and(|claimed| claimed > header.issued_at) {
        return Err(Rejection::statement(Code::ClaimAfterSignature, id));
    }
    Ok(())
}
