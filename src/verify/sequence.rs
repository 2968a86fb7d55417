//! The numbers that issuers give to what they say: two of one number, and one that is missing.
//!
//! Statements that can be superseded or contested are numbered per issuer, kind and subject. A licence
//! is neither: no later one narrows it, and one that is granted to another party says nothing of it.
//! Whoever gives one number twice tells different people different things: neither counts for
//! anything, and what such events are about is Unknown. An event whose predecessor
//! nobody knows shows that the caller's status lacks one: for what it is about the status
//! is not fresh. Both only where the issuer's events could do more than object, so that nobody
//! else can bring it about.

use std::collections::{BTreeMap, BTreeSet};

use super::authenticate::StatusEvent;
use super::events::{Heard, place};
use super::facts::Facts;
use super::{Finding, FindingCode, Node};
use crate::id::{KeyId, StatementId, Subject};
use crate::rights::{Event, Missing};
use crate::statement::{Header, Kind, Signed};

/// One issuer's statements of one kind about one subject.
///
/// Of an issuer whom the trust store does not know by name only those of one key are one issuer's.
type Chain<'a> = (Kind, &'a Subject, &'a str, Option<KeyId>);

/// Finds conflicts and gaps, and what they make of what they are about.
pub(super) fn check(
    heard: &Heard<'_>,
    status_events: &[StatusEvent<'_>],
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) {
    let mut doubted = BTreeSet::new();
    for id in conflicts(heard, findings) {
        match heard.events.get(&id) {
            // What is said in somebody's favour by such an event does not count either.
            Some(event) if heard.may_bind(event, facts) => {
                facts.doubt(id, Missing::SequenceConflict);
                doubted.insert(event.payload().target.clone());
            }
            Some(_) => {}
            None => facts.doubt(id, Missing::SequenceConflict),
        }
    }
    let mut incomplete = BTreeSet::new();
    for StatusEvent { event, .. } in status_events.iter().filter(|one| one.sound) {
        let Some(prev) = event.payload().prev else { continue };
        if heard.events.get(&prev).is_some_and(|prev| follows(of(event), of(prev))) {
            continue;
        }
        let detail = format!("number {} by {}", event.payload().seq, event.header().issuer);
        findings.push(Finding::new(FindingCode::EventGap, place(event), detail));
        if heard.may_bind(event, facts) {
            incomplete.insert(event.payload().target.clone());
        }
    }
    if doubted.is_empty() && incomplete.is_empty() {
        return;
    }
    for statement in heard.proof.statements() {
        let batches = heard.proof.batches_of(statement.id()).map(Subject::Statement);
        let own = [Subject::Statement(statement.id()), Subject::Key(statement.header().key)];
        let concerned: Vec<Subject> = own.into_iter().chain(batches).collect();
        if concerned.iter().any(|subject| doubted.contains(subject)) {
            facts.doubt(statement.id(), Missing::SequenceConflict);
        }
        if concerned.iter().any(|subject| incomplete.contains(subject)) {
            facts.incomplete.insert(statement.id());
        }
    }
}

/// Every statement that shares its number with another one.
fn conflicts(heard: &Heard<'_>, findings: &mut Vec<Finding>) -> BTreeSet<StatementId> {
    // Licences contradict each other in nothing: each is a grant of its own, to whom it names.
    let statements = heard.proof.statements().iter().filter(|one| one.as_licence().is_none());
    let numbered = statements
        .filter_map(|one| one.sequence().map(|number| (one.header(), number.seq, one.id())));
    // Events stand in the status too.
    let events = heard.events.values().map(|one| (one.header(), one.payload().seq, one.id()));
    let mut first: BTreeMap<(Chain<'_>, u64), StatementId> = BTreeMap::new();
    let mut conflicts = BTreeSet::new();
    for (header, seq, id) in numbered.chain(events) {
        let known = *first.entry((chain(heard, header), seq)).or_insert(id);
        if known != id {
            let detail = format!("number {seq} of {} is {known} too", header.issuer);
            let code = FindingCode::SequenceConflict;
            findings.push(Finding::new(code, Node::Statement(id), detail));
            conflicts.extend([known, id]);
        }
    }
    conflicts
}

fn chain<'a>(heard: &Heard<'_>, header: &'a Header) -> Chain<'a> {
    let key = (!heard.is_listed(header)).then_some(header.key);
    (header.kind, &header.subject, &header.issuer, key)
}

fn of(event: &Signed<Event>) -> (&Header, u64) {
    (event.header(), event.payload().seq)
}

/// Whether `prev` has the number before, of the same kind by the same issuer about the same subject.
pub(super) fn follows((this, seq): (&Header, u64), (prev, before): (&Header, u64)) -> bool {
    this.kind == prev.kind
        && this.issuer == prev.issuer
        && this.subject == prev.subject
        && before.checked_add(1) == Some(seq)
}
