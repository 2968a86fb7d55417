//! What events do to what they are about: who may say so, from when, and what follows.
//!
//! An event that hurts counts whenever its issuer has the standing that the table of
//! [`EventKind`] gives, even if its key was revoked since and nobody knows when it was
//! signed: whoever relies on the target would gain by leaving it out. What an event says in
//! somebody's favour (that a dispute has ended, that a title is his, that a rival's title
//! is gone) counts only if its signer is believed and nothing casts doubt on it.

mod effects;

use std::collections::BTreeMap;

use self::effects::Effects;
use super::authenticate::StatusEvent;
use super::beside_title::Dispute;
use super::budget::could_bind;
use super::facts::Facts;
use super::proven::earliest;
use super::{Finding, FindingCode, Node, sequence};
use crate::id::{KeyId, ManifestId, StatementId, Subject};
use crate::proof::{LineageProof, Statement};
use crate::rights::{
    Basis, Event, EventEffect, EventIssuer, EventKind, EventRule, EventTarget, Missing,
    effective_from, event_rules,
};
use crate::statement::{Header, Signed};
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Known, Role};

/// When disputes are open.
#[derive(Clone, Debug, Default)]
pub(super) struct Disputes(Vec<Dispute>);

impl Disputes {
    pub(super) fn open_at(&self, at: Timestamp) -> bool {
        self.0.iter().any(|one| one.is_open_at(at))
    }

    pub(super) fn all(&self) -> &[Dispute] {
        &self.0
    }

    pub(super) fn extend(&mut self, others: &Self) {
        self.0.extend_from_slice(&others.0);
    }
}

/// An event that ends a registration or gives its title to others.
pub(super) struct TitleChange<'a> {
    pub(super) event: &'a Signed<Event>,
    /// From when it counts against whoever held the title.
    pub(super) from: Timestamp,
    /// Whether its signer is believed and its key beyond doubt, so that it may count in favour of others.
    pub(super) sure: bool,
    /// Of a transfer: whether it gives the new claimants standing.
    pub(super) favours: bool,
}

/// Per registration.
pub(super) type TitleChanges<'a> = BTreeMap<StatementId, Vec<TitleChange<'a>>>;

/// What an event is about, where that is at hand.
#[derive(Clone, Copy)]
pub(super) enum Aim<'a> {
    /// One that another event can end: a dispute, a breach, a pledge.
    Event(&'a Signed<Event>),
    Key(KeyId),
    Statement(&'a Statement),
}

/// The members of a batch that are in the proof.
#[derive(Default)]
struct Members<'a> {
    all: Vec<&'a Statement>,
    /// One of each kind, and how many there are of it.
    kinds: Vec<(&'a Statement, usize)>,
}

impl<'a> Members<'a> {
    fn push(&mut self, member: &'a Statement) {
        self.all.push(member);
        let of = |one: &Statement| target(Aim::Statement(one));
        match self.kinds.iter_mut().find(|(one, _)| of(one) == of(member)) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.kinds.push((member, 1)),
        }
    }
}

/// The verified events of proof and status, and what they are about.
pub(super) struct Heard<'a> {
    /// Whoever may hurt: what is said against somebody's interest needs no proof of its time.
    pub(super) identities: &'a Authorities<'a>,
    pub(super) proof: &'a LineageProof,
    /// Of each batch, by its place in the proof; none where there are no events.
    members: BTreeMap<usize, Members<'a>>,
    pub(super) events: BTreeMap<StatementId, &'a Signed<Event>>,
}

impl<'a> Heard<'a> {
    pub(super) fn new(
        identities: &'a Authorities<'a>,
        proof: &'a LineageProof,
        status_events: &[StatusEvent<'a>],
    ) -> Self {
        let in_proof = proof.statements().iter().filter_map(Statement::as_event);
        let in_status = status_events.iter().filter(|one| one.sound).map(|one| one.event);
        let events: BTreeMap<StatementId, &Signed<Event>> =
            in_proof.chain(in_status).map(|event| (event.id(), event)).collect();
        let mut members: BTreeMap<usize, Members<'_>> = BTreeMap::new();
        let statements = if events.is_empty() { &[] } else { proof.statements() };
        for (statement, batches) in statements.iter().zip(proof.vouched().iter()) {
            for batch in batches {
                members.entry(*batch).or_default().push(statement);
            }
        }
        Self { identities, proof, members, events }
    }

    pub(super) fn aim(&self, target: &Subject) -> Option<Aim<'a>> {
        match target {
            Subject::Key(key) => Some(Aim::Key(*key)),
            Subject::Statement(id) => match (self.events.get(id), self.proof.statement(*id)) {
                (Some(event), _) => Some(Aim::Event(event)),
                (None, statement) => statement.map(Aim::Statement),
            },
            Subject::Index(_) | Subject::Manifest(_) | Subject::Origin(_) => None,
        }
    }

    /// The members in the proof of the batch that the event is about, and for how many each of them stands.
    ///
    /// They are one issuer's. To whoever can only object they are alike as far as they are of one kind.
    fn members(&self, event: &Signed<Event>) -> Vec<(Aim<'a>, usize)> {
        let Subject::Statement(batch) = &event.payload().target else { return Vec::new() };
        let place = self.proof.numbers().statement(batch);
        let members = place.and_then(|place| self.members.get(&place));
        let Some(members) = members else { return Vec::new() };
        let aim = |member: &&'a Statement| Aim::Statement(member);
        let by = event.header();
        if members.all.first().is_some_and(|one| could_bind(self.identities, by, one.header())) {
            members.all.iter().map(|one| (aim(one), 1)).collect()
        } else {
            members.kinds.iter().map(|(one, count)| (aim(one), *count)).collect()
        }
    }

    /// The line of the table by which the event counts, and what it is about.
    fn rule(&self, event: &Signed<Event>, facts: &Facts) -> Option<(&'static EventRule, Aim<'a>)> {
        self.rule_about(self.aim(&event.payload().target)?, event, facts)
    }

    fn rule_about(
        &self,
        aim: Aim<'a>,
        event: &Signed<Event>,
        facts: &Facts,
    ) -> Option<(&'static EventRule, Aim<'a>)> {
        let mut rules = event_rules(Some(event.payload().kind), target(aim)?);
        let rule = rules.find(|rule| self.admits(rule, event, aim, facts))?;
        Some((rule, aim))
    }

    /// Whether trust store or delegation give the issuer this key.
    pub(super) fn is_listed(&self, header: &Header) -> bool {
        self.identities.known(header) == Known::Listed
    }

    /// Whether somebody is the issuer of something else as well: by the same key, or by another of his.
    pub(super) fn is_issuer(&self, by: &Header, of: &Header, proven: Timestamp) -> bool {
        let at = by.issued_at.min(proven);
        by.issuer == of.issuer
            && (by.key == of.key || self.identities.identifies(by, at, at).is_some())
    }

    pub(super) fn statement(&self, id: StatementId) -> Option<&'a Statement> {
        self.proof.statement(id)
    }

    /// Whether its issuer could do more than object to what the event is about.
    pub(super) fn may_bind(&self, event: &Signed<Event>, facts: &Facts) -> bool {
        let members = self.members(event).into_iter().map(|(aim, _)| aim);
        let mut aims = self.aim(&event.payload().target).into_iter().chain(members);
        aims.any(|aim| {
            target(aim).into_iter().flat_map(|kind| event_rules(None, kind)).any(|rule| {
                rule.effect != EventEffect::Objects && self.admits(rule, event, aim, facts)
            })
        })
    }

    fn admits(&self, rule: &EventRule, event: &Signed<Event>, aim: Aim<'_>, facts: &Facts) -> bool {
        let (identities, adverse, by) =
            (self.identities, self.identities.adverse(), event.header());
        // No later than it was seen. That an event which hurts was signed in time needs no proof.
        let at = by.issued_at.min(facts.proven_by(event.id()));
        let identified = || identities.identifies(by, at, at).is_some();
        let issuer = |of: &Header| self.is_issuer(by, of, at);
        // Many events about an activity with many outputs are not to be looked at one by one.
        let anchor = |role: Role| match aim {
            _ if !adverse.has_any(by, &[role]) => false,
            Aim::Event(_) => false,
            Aim::Key(key) => adverse.believes(by, &[role], &key, at, at).is_some(),
            Aim::Statement(target) => believed(adverse, by, &[role], target, at, at),
        };
        rule.by.iter().any(|one| match (one, aim) {
            (EventIssuer::Anybody, _) => true,
            (EventIssuer::Auditor, _) => anchor(Role::Auditor),
            (EventIssuer::Court, _) => anchor(Role::Court),
            (EventIssuer::Holder, _) => anchor(Role::RightsHolder),
            (EventIssuer::Registrar, _) => anchor(Role::Registrar),
            (EventIssuer::Issuer, Aim::Statement(target)) => issuer(target.header()),
            (EventIssuer::Issuer, Aim::Event(target)) => issuer(target.header()),
            (EventIssuer::Payee, _) => self.is_payee(event, at),
            (EventIssuer::KeyHolder, Aim::Key(key)) => {
                let his = Header { key, ..by.clone() };
                by.key == key || (identified() && self.is_listed(&his))
            }
            (EventIssuer::Issuer, Aim::Key(_)) | (EventIssuer::KeyHolder, _) => false,
        })
    }

    /// Whether the duty that the event names is owed to its signer, under a name that an anchor has: one
    /// that is lent could be anybody's.
    fn is_payee(&self, event: &Signed<Event>, at: Timestamp) -> bool {
        let (by, duty) = (event.header(), event.payload().duty.as_ref());
        duty.is_some_and(|duty| duty.payee.as_deref() == Some(by.issuer.as_str()))
            && self.identities.has_anchor(&by.issuer)
            && self.identities.identifies(by, at, at).is_some()
    }

    /// Whether an event counts in somebody's favour: in doubt, and without the role, it does not.
    fn favours(
        authorities: &Authorities<'_>,
        event: &Signed<Event>,
        target: &Statement,
        roles: &[Role],
        facts: &Facts,
    ) -> bool {
        let (by, proven) = (event.header(), facts.proven_by(event.id()));
        !facts.doubts.contains_key(&event.id())
            && believed(authorities, by, roles, target, by.issued_at, proven)
    }
}

/// Whether somebody is believed in one of `roles` about the target.
///
/// A registrar who is bounded to schemes and places is one of the registrations there and of nothing else:
/// no other statement has a scheme or a place.
pub(super) fn believed(
    authorities: &Authorities<'_>,
    by: &Header,
    roles: &[Role],
    target: &Statement,
    at: Timestamp,
    proven: Timestamp,
) -> bool {
    let registers = |registration| {
        let dated = Header { issued_at: at, ..by.clone() };
        roles.contains(&Role::Registrar)
            && authorities.believes_registration(&dated, registration, proven).is_some()
    };
    let believes = |of: ManifestId| authorities.believes(by, roles, &of, at, proven).is_some();
    target.as_registration().is_some_and(|one| registers(one.payload()))
        || target.manifests().any(believes)
}

fn target(aim: Aim<'_>) -> Option<EventTarget> {
    Some(match aim {
        Aim::Event(event) => match event.payload().kind {
            EventKind::Breach => EventTarget::Breach,
            EventKind::Dispute => EventTarget::Dispute,
            EventKind::Pledge => EventTarget::Pledge,
            EventKind::AssetEntry
            | EventKind::Cancellation
            | EventKind::CrossBorder
            | EventKind::Cure
            | EventKind::Fulfilment
            | EventKind::KeyRevocation
            | EventKind::LicenceFiling
            | EventKind::Objection
            | EventKind::Release
            | EventKind::Revocation
            | EventKind::Settlement
            | EventKind::Transfer => return None,
        },
        Aim::Key(_) => EventTarget::Key,
        Aim::Statement(Statement::Activity(_)) => EventTarget::Activity,
        Aim::Statement(Statement::Assessment(_)) => EventTarget::Assessment,
        Aim::Statement(Statement::Consent(_)) => EventTarget::Consent,
        Aim::Statement(Statement::Dataset(_)) => EventTarget::Dataset,
        Aim::Statement(Statement::Delegation(_)) => EventTarget::Delegation,
        Aim::Statement(Statement::Batch(_) | Statement::Event(_)) => return None,
        Aim::Statement(Statement::Licence(licence)) => match licence.payload().basis {
            Basis::Granted => EventTarget::GrantedLicence,
            Basis::Observed => EventTarget::ObservedLicence,
        },
        Aim::Statement(Statement::Preference(_)) => EventTarget::Preference,
        Aim::Statement(Statement::Registration(_)) => EventTarget::Registration,
        Aim::Statement(Statement::Transaction(_)) => EventTarget::Transaction,
    })
}

/// Where a finding about an event stands: at what the event is about.
pub(super) fn place(event: &Signed<Event>) -> Node {
    match &event.payload().target {
        Subject::Key(id) => Node::Key(*id),
        Subject::Manifest(id) => Node::Manifest(*id),
        Subject::Statement(id) => Node::Statement(*id),
        Subject::Index(_) | Subject::Origin(_) => Node::Statement(event.id()),
    }
}

impl Heard<'_> {
    /// From when keys are not to be relied on.
    pub(super) fn lost_keys(&self, facts: &Facts) -> BTreeMap<KeyId, Timestamp> {
        let mut lost = BTreeMap::new();
        let all = self.events.values();
        for event in all.filter(|event| event.payload().kind == EventKind::KeyRevocation) {
            if let Some((_, Aim::Key(key))) = self.rule(event, facts) {
                let from = effective_from(event.payload().effective, facts.proven_by(event.id()));
                earliest(&mut lost, key, from);
            }
        }
        lost
    }

    /// Applies what ends keys and delegations, on which it depends who is believed in anything else.
    pub(super) fn check_keys(
        &self,
        status_events: &[StatusEvent<'_>],
        facts: &mut Facts,
        findings: &mut Vec<Finding>,
    ) {
        for StatusEvent { event, .. } in status_events.iter().filter(|one| !one.sound) {
            // A sound copy of it may be there too.
            if !self.events.contains_key(&event.id()) {
                let issuer = event.header().issuer.clone();
                findings.push(Finding::new(FindingCode::EventUnverifiable, place(event), issuer));
            }
        }
        revoke_keys(self, facts, findings);
        sequence::check(self, status_events, facts, findings);
        doubt_members(self.proof, facts);
        for event in self.events.values() {
            if let Some((rule, Aim::Statement(Statement::Delegation(target)))) =
                self.rule(event, facts)
                && rule.effect == EventEffect::Withdraws
            {
                let from = effective_from(event.payload().effective, facts.proven_by(event.id()));
                facts.end(target.id(), from);
            }
        }
    }
}

/// Applies every other event; what changes titles is left to be judged with them.
pub(super) fn apply<'a>(
    heard: &Heard<'a>,
    authorities: &Authorities<'_>,
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) -> TitleChanges<'a> {
    let mut effects = Effects::default();
    let kinds = |ends: bool| {
        heard.events.values().filter(move |event| {
            let kind = event.payload().kind;
            let ends_another =
                matches!(kind, EventKind::Cure | EventKind::Release | EventKind::Settlement);
            kind != EventKind::KeyRevocation && ends_another == ends
        })
    };
    // What another event is to end has to be known before.
    for event in kinds(false).chain(kinds(true)) {
        // What happens to a batch happens to all for which it stands; but what was paid for one was not
        // paid for the others.
        let is_fulfilment = event.payload().kind == EventKind::Fulfilment;
        let members = if is_fulfilment { Vec::new() } else { heard.members(event) };
        if members.is_empty() {
            findings.push(effects.apply(heard, authorities, event, None, facts));
        }
        // One finding for as many as it is the same of; which they are stands in the proof.
        let mut found: BTreeMap<Finding, usize> = BTreeMap::new();
        for (member, count) in members {
            let finding = effects.apply(heard, authorities, event, Some(member), facts);
            let total = found.entry(finding).or_default();
            *total = total.saturating_add(count);
        }
        findings.extend(found.into_iter().map(|(finding, count)| Finding {
            detail: format!("{}; members: {count}", finding.detail),
            ..finding
        }));
    }
    for (target, dispute) in effects.disputes.into_values().flatten() {
        facts.disputes.entry(target).or_default().0.push(dispute);
    }
    for (licence, breach) in effects.breaches.into_values().flatten() {
        facts.breaches.entry(licence).or_default().push(breach);
    }
    facts.fulfilments.values_mut().for_each(|all| all.sort_unstable());
    for (registration, encumbrance) in effects.encumbrances.into_values().flatten() {
        facts.encumbrances.entry(registration).or_default().push(encumbrance);
    }
    for ((target, _), note) in effects.objections {
        facts.objections.entry(target).or_default().push(note);
    }
    effects.changes
}

/// Finds what each revoked key signed that is not proven to be earlier.
fn revoke_keys(heard: &Heard<'_>, facts: &mut Facts, findings: &mut Vec<Finding>) {
    let revoked = heard.lost_keys(facts);
    let all = heard.events.values();
    for event in all.filter(|event| event.payload().kind == EventKind::KeyRevocation) {
        let from = effective_from(event.payload().effective, facts.proven_by(event.id()));
        if heard.rule(event, facts).is_some() {
            findings.push(said(event, from, FindingCode::KeyRevoked, facts));
        } else {
            findings.push(without_effect(event));
        }
    }
    if revoked.is_empty() {
        return;
    }
    let statements = heard.proof.statements().iter().filter(|one| one.as_event().is_none());
    let statements = statements.map(|one| (one.id(), one.header()));
    // That a key revokes itself is no doubtful use of it.
    let others = heard
        .events
        .values()
        .filter(|event| event.payload().target != Subject::Key(event.header().key));
    let events = others.map(|event| (event.id(), event.header()));
    let signed: BTreeMap<StatementId, &Header> = statements.chain(events).collect();
    for (id, header) in signed {
        let Some(end) = revoked.get(&header.key) else { continue };
        // A date after the end is believed, one before it needs proof.
        if header.issued_at >= *end || facts.proven_by(id) >= *end {
            facts.doubt(id, Missing::ActTimeUnproven);
            let detail = format!("{}, revoked from {end}", header.key);
            let code = FindingCode::SignedByRevokedKey;
            findings.push(Finding::new(code, Node::Statement(id), detail));
        }
    }
}

/// An unsigned statement has no better signature than the best of its batches, whenever anybody saw it.
fn doubt_members(proof: &LineageProof, facts: &mut Facts) {
    if facts.doubts.is_empty() {
        return;
    }
    let statements = proof.statements();
    for (member, batches) in statements.iter().zip(proof.vouched().iter()) {
        let batches = batches.iter().filter_map(|place| statements.get(*place));
        let doubts: Option<Vec<_>> = batches.map(|one| facts.doubts.get(&one.id())).collect();
        let doubts: Vec<Missing> =
            doubts.into_iter().flatten().flat_map(|of_one| of_one.iter().copied()).collect();
        for doubt in doubts {
            facts.doubt(member.id(), doubt);
        }
    }
}

/// What happened, by whom and from when; what is still to come is said to be so.
fn said(event: &Signed<Event>, from: Timestamp, code: FindingCode, facts: &Facts) -> Finding {
    let code = if from > facts.now() { FindingCode::EventPending } else { code };
    let detail = format!("{} by {}, from {from}", event.payload().kind, event.header().issuer);
    Finding::new(code, place(event), detail)
}

fn without_effect(event: &Signed<Event>) -> Finding {
    let detail = format!("{} by {}", event.payload().kind, event.header().issuer);
    Finding::new(FindingCode::EventWithoutEffect, place(event), detail)
}
