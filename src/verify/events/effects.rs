//! What one event comes to: what it ends, moves, disputes or settles.

use std::collections::BTreeMap;

use super::super::beside_title::{Dispute, Encumbrance, ProvidedAbroad, TitleNote};
use super::super::facts::Facts;
use super::super::proven::earliest;
use super::super::{Finding, FindingCode};
use super::{Aim, Heard, TitleChange, TitleChanges, place, said, without_effect};
use crate::id::{StatementId, Subject};
use crate::proof::Statement;
use crate::rights::{
    Basis, BrokenTerms, Event, EventEffect, Fulfilment, Licence, effective_from, is_irrevocable,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Role};

/// What events come to beside what stands in the facts at once.
#[derive(Default)]
pub(super) struct Effects<'a> {
    pub(super) changes: TitleChanges<'a>,
    /// By the event that says that a dispute was accepted: what is disputed, and when.
    pub(super) disputes: BTreeMap<StatementId, Vec<(StatementId, Dispute)>>,
    /// By the event that says that terms were broken: of which licence, and when.
    pub(super) breaches: BTreeMap<StatementId, Vec<(StatementId, BrokenTerms)>>,
    /// By the event that says so: which title is not free, and when.
    pub(super) encumbrances: BTreeMap<StatementId, Vec<(StatementId, Encumbrance)>>,
    /// By what they are about, a batch for all its members, and the event.
    pub(super) objections: BTreeMap<(StatementId, StatementId), TitleNote>,
}

impl<'a> Effects<'a> {
    /// `member` is of the batch that the event is about.
    pub(super) fn apply(
        &mut self,
        heard: &Heard<'a>,
        authorities: &Authorities<'_>,
        event: &'a Signed<Event>,
        member: Option<Aim<'a>>,
        facts: &mut Facts,
    ) -> Finding {
        let rule = match member {
            Some(aim) => heard.rule_about(aim, event, facts),
            None => heard.rule(event, facts),
        };
        let Some((rule, aim)) = rule else { return without_effect(event) };
        let from = effective_from(event.payload().effective, facts.proven_by(event.id()));
        let code = match (rule.effect, aim) {
            (EventEffect::Disputes, Aim::Statement(target)) => {
                let dispute = Dispute { event: event.id(), from, until: None };
                self.disputes.entry(event.id()).or_default().push((target.id(), dispute));
                FindingCode::Disputed
            }
            (EventEffect::EndsGrant, Aim::Statement(Statement::Licence(licence))) => {
                if let Some(ignored) = end_grant(event, licence, from, facts) {
                    return ignored;
                }
                FindingCode::StatementRevoked
            }
            (EventEffect::EndsTitle | EventEffect::Withdraws, Aim::Statement(target)) => {
                facts.end(target.id(), from);
                self.change(authorities, event, target, from, false, facts);
                FindingCode::StatementRevoked
            }
            (EventEffect::MovesTitle, Aim::Statement(target)) => {
                let roles = &[Role::Registrar];
                let favours = Heard::favours(authorities, event, target, roles, facts);
                self.change(authorities, event, target, from, favours, facts);
                FindingCode::TitleTransferred
            }
            (EventEffect::Breaches, Aim::Statement(target)) => {
                self.breach(event, target, from);
                FindingCode::LicenceBroken
            }
            (EventEffect::Cures, Aim::Event(breach)) if is_sure(authorities, event, facts) => {
                let breaches = self.breaches.get_mut(&breach.id());
                for (_, breach) in breaches.into_iter().flatten() {
                    breach.cured = Some(breach.cured.map_or(from, |first| first.min(from)));
                }
                FindingCode::BreachCured
            }
            (EventEffect::Encumbers, Aim::Statement(target)) => {
                let encumbrance = Encumbrance::new(event, from);
                self.encumbrances.entry(event.id()).or_default().push((target.id(), encumbrance));
                FindingCode::TitleEncumbered
            }
            (EventEffect::Releases, Aim::Event(pledge)) if is_sure(authorities, event, facts) => {
                self.release(pledge, from);
                FindingCode::TitleReleased
            }
            (EventEffect::Fulfils, Aim::Statement(target))
                if is_sure(authorities, event, facts) =>
            {
                facts.fulfilments.entry(target.id()).or_default().extend(Fulfilment::of(event));
                FindingCode::DutyFulfilled
            }
            (EventEffect::Notes, Aim::Statement(target)) => {
                note(authorities, event, target, from, facts);
                FindingCode::TitleNoted
            }
            (EventEffect::ProvidesAbroad, Aim::Statement(target)) => {
                if is_sure(authorities, event, facts) {
                    facts.abroad.entry(target.id()).or_default().push(ProvidedAbroad::new(event));
                }
                FindingCode::ProvidedAbroad
            }
            (EventEffect::Objects, _) => {
                self.object(event, from);
                FindingCode::Objection
            }
            (EventEffect::Settles, Aim::Event(dispute))
                if self.settle(heard, authorities, event, dispute, from, facts) =>
            {
                FindingCode::DisputeSettled
            }
            // The table has no such line.
            (
                EventEffect::Breaches
                | EventEffect::Cures
                | EventEffect::Disputes
                | EventEffect::Encumbers
                | EventEffect::EndsGrant
                | EventEffect::EndsTitle
                | EventEffect::Fulfils
                | EventEffect::MovesTitle
                | EventEffect::Notes
                | EventEffect::ProvidesAbroad
                | EventEffect::Releases
                | EventEffect::RevokesKey
                | EventEffect::Settles
                | EventEffect::Withdraws,
                Aim::Event(_) | Aim::Key(_) | Aim::Statement(_),
            ) => return without_effect(event),
        };
        said(event, from, code, facts)
    }

    /// Ends what is disputed by one event, as far as its settlement is beyond doubt; whether it ends anything.
    fn settle(
        &mut self,
        heard: &Heard<'a>,
        authorities: &Authorities<'_>,
        event: &Signed<Event>,
        dispute: &Signed<Event>,
        from: Timestamp,
        facts: &Facts,
    ) -> bool {
        let roles = &[Role::Court, Role::Registrar];
        let mut settled = false;
        for (target, open) in self.disputes.get_mut(&dispute.id()).into_iter().flatten() {
            let target = heard.proof.statement(*target);
            let favours = |target| Heard::favours(authorities, event, target, roles, facts);
            if target.is_some_and(favours) {
                open.until = Some(open.until.map_or(from, |first| first.min(from)));
                settled = true;
            }
        }
        settled
    }

    fn breach(&mut self, event: &Signed<Event>, target: &Statement, from: Timestamp) {
        let parties = event.payload().parties.clone();
        let breach = BrokenTerms { from, cured: None, parties };
        self.breaches.entry(event.id()).or_default().push((target.id(), breach));
    }

    fn release(&mut self, pledge: &Signed<Event>, from: Timestamp) {
        for (_, pledge) in self.encumbrances.get_mut(&pledge.id()).into_iter().flatten() {
            pledge.until = Some(pledge.until.map_or(from, |first| first.min(from)));
        }
    }

    fn object(&mut self, event: &Signed<Event>, from: Timestamp) {
        if let Subject::Statement(target) = &event.payload().target {
            let note = || TitleNote::new(event, from);
            self.objections.entry((*target, event.id())).or_insert_with(note);
        }
    }

    fn change(
        &mut self,
        authorities: &Authorities<'_>,
        event: &'a Signed<Event>,
        target: &Statement,
        from: Timestamp,
        favours: bool,
        facts: &Facts,
    ) {
        if target.as_registration().is_some() {
            let roles = &[Role::Court, Role::Registrar];
            let sure = Heard::favours(authorities, event, target, roles, facts);
            let change = TitleChange { event, from, sure, favours };
            self.changes.entry(target.id()).or_default().push(change);
        }
    }
}

/// Ends a grant or what was seen of one; a finding in its place where the terms let nobody do that.
fn end_grant(
    event: &Signed<Event>,
    licence: &Signed<Licence>,
    from: Timestamp,
    facts: &mut Facts,
) -> Option<Finding> {
    let payload = licence.payload();
    let ends = match payload.basis {
        Basis::Granted => &mut facts.ended,
        Basis::Observed => &mut facts.withdrawn,
    };
    earliest(ends, licence.id(), from);
    is_irrevocable(payload).then(|| {
        let detail = format!("{}, from {from}", event.header().issuer);
        Finding::new(FindingCode::WithdrawalIgnored, place(event), detail)
    })
}

/// Notes something beside a title, which is in its claimants' favour.
fn note(
    authorities: &Authorities<'_>,
    event: &Signed<Event>,
    target: &Statement,
    from: Timestamp,
    facts: &mut Facts,
) {
    if is_sure(authorities, event, facts) {
        facts.notes.entry(target.id()).or_default().push(TitleNote::new(event, from));
    }
}

/// Whether who signed is beyond doubt, which whatever counts in somebody's favour needs.
fn is_sure(authorities: &Authorities<'_>, event: &Signed<Event>, facts: &Facts) -> bool {
    let (by, proven) = (event.header(), facts.proven_by(event.id()));
    !facts.doubts.contains_key(&event.id())
        && authorities.identifies(by, by.issued_at, proven).is_some()
}
