//! What follows from verified statements, trust and status, whatever use is asked about.

use std::collections::{BTreeMap, BTreeSet};

use super::authenticate::StatusEvent;
use super::receipts::{Registered, Registrations};
use super::{Finding, FindingCode, Node, StaleStatus, Verifier};
use crate::id::{ManifestId, StatementId, Subject};
use crate::lineage::{Activity, ActivityKind};
use crate::proof::{LineageProof, Statement};
use crate::rights::{
    Acts, Basis, Ended, Event, Licence, Missing, Registration, RegistrationKind, is_irrevocable,
    is_public,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::Role;

/// Why a licence counts, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its signer is an anchor for the dataset.
    Anchor,
    /// Its signer is the registered claimant by this registration.
    Claimant(StatementId),
    /// It grants nothing.
    None(Missing),
    /// It was observed by a collector who is believed.
    Observed,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) now: Timestamp,
    pub(super) status_as_of: Option<Timestamp>,
    /// Until when the status counts as fresh, inclusive; absent without one.
    pub(super) fresh_until: Option<Timestamp>,
    pub(super) stale_status: StaleStatus,
    /// Statements whose signer is believed in what he says.
    pub(super) believed: BTreeSet<StatementId>,
    /// From when a statement counts no longer, because its issuer takes it back.
    ///
    /// Of granted licences: from when they are revoked, if their terms allow that.
    pub(super) ended: BTreeMap<StatementId, Timestamp>,
    /// From when the rights holder revokes a licence that was observed, if its terms allow that.
    pub(super) withdrawn: BTreeMap<StatementId, Timestamp>,
    /// By when a statement is proven to exist; `now` where it is not here.
    pub(super) seen: BTreeMap<StatementId, Timestamp>,
    pub(super) standing: BTreeMap<StatementId, Standing>,
    pub(super) registered: BTreeMap<StatementId, Vec<Registered>>,
}

impl Facts {
    /// The earliest instant by which the statement is proven to exist.
    pub(super) fn proven_by(&self, id: StatementId) -> Timestamp {
        self.seen.get(&id).copied().unwrap_or(self.now)
    }

    /// Whether the status is fresh for an act at `at`, or now where that is later or not said.
    pub(super) fn is_fresh_at(&self, at: Option<Timestamp>) -> bool {
        let at = at.map_or(self.now, |at| at.max(self.now));
        self.fresh_until.is_some_and(|until| at <= until)
    }

    /// When an activity took place: its claimed start, and when it is proven.
    ///
    /// Whoever saw it earlier than it claims to have begun disproves the claim as far as it is in its favour.
    pub(super) fn acts(&self, activity: &Signed<Activity>) -> Acts {
        let claimed = activity.payload().started.unwrap_or(activity.header().issued_at);
        let proven = self.proven_by(activity.id());
        Acts { earliest: claimed.min(proven), latest: claimed, proven }
    }
}

/// Gathers the facts and what there is to say about them.
pub(super) fn gather(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    status_events: &[StatusEvent<'_>],
    registrations: Registrations,
    findings: &mut Vec<Finding>,
) -> Facts {
    let mut facts = Facts {
        now: verifier.now,
        status_as_of: verifier.status.map(crate::trust::Status::as_of),
        fresh_until: verifier.fresh_until(),
        stale_status: verifier.stale_status,
        believed: BTreeSet::new(),
        ended: BTreeMap::new(),
        withdrawn: BTreeMap::new(),
        seen: sightings(verifier, &registrations),
        registered: registrations.by_statement,
        standing: BTreeMap::new(),
    };
    match (facts.status_as_of, facts.is_fresh_at(None)) {
        (None, _) => {
            findings.push(Finding::new(FindingCode::StatusNotChecked, Node::Proof, ""));
        }
        (Some(as_of), false) => {
            let detail = as_of.to_string();
            findings.push(Finding::new(FindingCode::StatusStale, Node::Status, detail));
        }
        (Some(_), true) => {}
    }
    for statement in proof.statements() {
        if is_believed(verifier, statement, &facts) {
            facts.believed.insert(statement.id());
        } else if !matches!(
            statement,
            Statement::Batch(_)
                | Statement::Delegation(_)
                | Statement::Event(_)
                | Statement::Licence(_)
        ) {
            let node = Node::Statement(statement.id());
            let issuer = statement.header().issuer.clone();
            findings.push(Finding::new(FindingCode::SignerNotTrusted, node, issuer));
        }
    }
    apply_events(verifier, proof, status_events, &mut facts, findings);
    // A dataset that its own issuer took back is not vouched for by him any longer.
    for dataset in proof.statements().iter().filter_map(Statement::as_dataset) {
        if facts.ended.get(&dataset.id()).is_some_and(|end| *end <= facts.now) {
            facts.believed.remove(&dataset.id());
        }
    }
    let titles = titles(proof, &facts);
    for statement in proof.statements() {
        let Statement::Licence(licence) = statement else { continue };
        let standing = standing(verifier, licence, &titles, &facts);
        if let Standing::None(missing) = standing {
            let node = Node::Statement(licence.id());
            let detail = format!("{missing}: {}", licence.header().issuer);
            findings.push(Finding::new(FindingCode::LicenceWithoutStanding, node, detail));
        }
        facts.standing.insert(licence.id(), standing);
    }
    licence_mismatches(proof, &facts, findings);
    facts
}

/// When the caller first recorded each statement.
fn sightings(
    verifier: &Verifier<'_>,
    registrations: &Registrations,
) -> BTreeMap<StatementId, Timestamp> {
    let mut seen: BTreeMap<StatementId, Timestamp> = BTreeMap::new();
    for (id, at) in &registrations.times {
        seen.entry(*id).and_modify(|earliest| *earliest = *at.min(earliest)).or_insert(*at);
    }
    let Some(status) = verifier.status else { return seen };
    let sightings = status.sightings().iter().map(|seen| (seen.id, seen.recorded_at));
    let events = status.events().iter().map(|event| (event.event.id(), event.recorded_at));
    for (id, at) in sightings.chain(events) {
        seen.entry(id).and_modify(|earliest| *earliest = at.min(*earliest)).or_insert(at);
    }
    seen
}

/// Whether an anchor speaks for the statement, in a role that fits it, about everything it is about.
fn is_believed(verifier: &Verifier<'_>, statement: &Statement, facts: &Facts) -> bool {
    let header = statement.header();
    let proven = facts.proven_by(statement.id());
    let roles: &[Role] = match statement {
        Statement::Activity(activity) => match activity.payload().kind {
            ActivityKind::Collect => &[Role::Collector, Role::RightsHolder],
            ActivityKind::Clean
            | ActivityKind::Deduplicate
            | ActivityKind::MergeDerive
            | ActivityKind::Subset => &[Role::Curator],
            ActivityKind::Train => &[Role::Trainer],
        },
        Statement::Dataset(_) => {
            &[Role::Collector, Role::Curator, Role::RightsHolder, Role::Trainer]
        }
        Statement::Registration(signed) => {
            return verifier.trust.believes_registration(header, signed.payload(), proven);
        }
        // Judged by standing, by what they are aimed at, and by their members.
        Statement::Batch(_)
        | Statement::Delegation(_)
        | Statement::Event(_)
        | Statement::Licence(_) => return false,
    };
    statement.manifests().iter().all(|manifest| {
        verifier.trust.believes(header, roles, &manifest.to_string(), header.issued_at, proven)
    })
}

fn apply_events(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    status_events: &[StatusEvent<'_>],
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) {
    let by_id: BTreeMap<StatementId, &Statement> =
        proof.statements().iter().map(|statement| (statement.id(), statement)).collect();
    let in_proof =
        proof.statements().iter().filter_map(Statement::as_event).map(|event| (event, true));
    let in_status = status_events.iter().map(|event| (event.event, event.verified));
    let mut applied: BTreeSet<StatementId> = BTreeSet::new();
    for (event, verified) in in_proof.chain(in_status) {
        let Subject::Statement(target) = event.payload().target else { continue };
        let Some(statement) = by_id.get(&target) else { continue };
        if !applied.insert(event.id()) {
            continue;
        }
        let finding = |code, detail: String| Finding::new(code, Node::Statement(target), detail);
        let issuer = event.header().issuer.clone();
        if !verified {
            findings.push(finding(FindingCode::EventUnverifiable, issuer));
        } else if let Some(end) = end(verifier, event, statement) {
            // An event is never retroactive by its issuer's word.
            let from = event.payload().effective.max(facts.proven_by(event.id()));
            let irrevocable =
                statement.as_licence().is_some_and(|licence| is_irrevocable(licence.payload()));
            let code = match (end, irrevocable) {
                (End::Grant, true) => FindingCode::WithdrawalIgnored,
                (End::Grant, false) | (End::Evidence, _) => FindingCode::StatementRevoked,
            };
            findings.push(finding(code, format!("{issuer}, from {from}")));
            let observed = statement
                .as_licence()
                .is_some_and(|licence| licence.payload().basis == Basis::Observed);
            let ends = match (end, observed) {
                (End::Grant, true) => &mut facts.withdrawn,
                (End::Grant, false) | (End::Evidence, _) => &mut facts.ended,
            };
            ends.entry(target).and_modify(|first| *first = from.min(*first)).or_insert(from);
        } else {
            findings.push(finding(FindingCode::EventWithoutEffect, issuer));
        }
    }
}

/// What a revocation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The issuer takes back what he said.
    Evidence,
    /// A rights holder takes back what he granted.
    Grant,
}

/// What the event ends of its target; `None` where its issuer may not end it.
///
/// A statement is taken back by its own issuer, with the same key or one that
/// the trust store gives him. A public licence that somebody observed is also
/// its rights holder's to withdraw.
///
/// An event is nobody's to take back: what it ended stays ended.
fn end(verifier: &Verifier<'_>, event: &Signed<Event>, target: &Statement) -> Option<End> {
    if target.as_event().is_some() {
        return None;
    }
    let (by, of) = (event.header(), target.header());
    // What is said against one's own interest needs no proof of its time.
    let at = by.issued_at;
    let own = by.issuer == of.issuer && (by.key == of.key || verifier.trust.identifies(by, at, at));
    let Some(licence) = target.as_licence() else { return own.then_some(End::Evidence) };
    let payload = licence.payload();
    let holder = || {
        let manifest = payload.manifest.to_string();
        verifier.trust.believes(by, &[Role::RightsHolder], &manifest, at, at)
    };
    match payload.basis {
        Basis::Granted => own.then_some(End::Grant),
        Basis::Observed if own => Some(End::Evidence),
        Basis::Observed => holder().then_some(End::Grant),
    }
}

/// A registration by a believed registrar, with its claimants.
struct Title<'a> {
    id: StatementId,
    registration: &'a Registration,
    claimants: BTreeSet<&'a str>,
}

type Titles<'a> = BTreeMap<ManifestId, Vec<Title<'a>>>;

/// The titles that believed registrars gave. A record that takes one away gives none.
fn titles<'a>(proof: &'a LineageProof, facts: &Facts) -> Titles<'a> {
    let mut titles = Titles::new();
    for statement in proof.statements() {
        let Statement::Registration(signed) = statement else { continue };
        let (id, registration) = (signed.id(), signed.payload());
        let gives = match registration.kind {
            RegistrationKind::Initial
            | RegistrationKind::Change
            | RegistrationKind::Correction
            | RegistrationKind::Renewal
            | RegistrationKind::Transfer => true,
            RegistrationKind::Cancellation | RegistrationKind::Revocation => false,
        };
        if gives && facts.believed.contains(&id) {
            let claimants = registration.registrants.iter().map(|who| who.iss.as_str()).collect();
            let title = Title { id, registration, claimants };
            titles.entry(registration.manifest).or_default().push(title);
        }
    }
    titles
}

fn standing(
    verifier: &Verifier<'_>,
    licence: &Signed<Licence>,
    titles: &Titles<'_>,
    facts: &Facts,
) -> Standing {
    let (header, payload) = (licence.header(), licence.payload());
    let proven = facts.proven_by(licence.id());
    if let (Basis::Observed, Some(observation)) = (payload.basis, &payload.observation) {
        let public = payload.spdx.as_deref().is_some_and(is_public);
        // He has to be one when he looked, and still when he said so.
        let collector = [observation.time, header.issued_at].into_iter().all(|at| {
            verifier.trust.believes(header, &[Role::Collector], &observation.source, at, proven)
        });
        return match (collector, public) {
            (true, true) => Standing::Observed,
            (true, false) => Standing::None(Missing::Licence),
            (false, _) => Standing::None(Missing::Trust),
        };
    }
    // A sublicence would have to be held against its parent, which nothing does yet.
    if payload.parent.is_some() {
        return Standing::None(Missing::Standing);
    }
    let manifest = payload.manifest;
    let granted_at = header.issued_at;
    let anchor = verifier.trust.believes(
        header,
        &[Role::RightsHolder],
        &manifest.to_string(),
        granted_at,
        proven,
    );
    if anchor {
        return Standing::Anchor;
    }
    // Claimants are compared by `iss`, so the trust store must say whose it is.
    if !verifier.trust.identifies(header, granted_at, proven) {
        return Standing::None(Missing::Trust);
    }
    claimant(licence, titles.get(&manifest).map_or(&[], Vec::as_slice), facts)
}

/// Standing by registration at the time of the grant.
///
/// The grant was made at some time from its date, which is a claim, until it is proven to exist.
/// A title has to cover all of that time; another one that covers any of it stands against it.
fn claimant(licence: &Signed<Licence>, titles: &[Title<'_>], facts: &Facts) -> Standing {
    let granted_at = licence.header().issued_at;
    let proven = facts.proven_by(licence.id()).max(granted_at);
    let grant = Acts { earliest: granted_at, latest: granted_at, proven };
    let issuer = licence.header().issuer.as_str();
    let mut live: BTreeSet<&BTreeSet<&str>> = BTreeSet::new();
    let mut by = None;
    let mut unproven = false;
    for title in titles {
        let from = title.registration.issued_at;
        let end = title.registration.ends_at();
        let end = facts.ended.get(&title.id).map_or(end, |ended| end.min(*ended));
        let ended = grant.ended_by(end);
        if ended == Ended::After || from > proven {
            continue;
        }
        live.insert(&title.claimants);
        if from <= granted_at && title.claimants.contains(issuer) {
            match ended {
                Ended::Before => by = Some(title.id),
                Ended::Unproven | Ended::After => unproven = true,
            }
        }
    }
    // Two live titles with different claimants stand against each other.
    match by {
        _ if live.len() > 1 => Standing::None(Missing::Disputed),
        Some(id) => Standing::Claimant(id),
        None if unproven => Standing::None(Missing::ActTimeUnproven),
        None => Standing::None(Missing::Standing),
    }
}

/// Observed licences of one dataset that say different things.
fn licence_mismatches(proof: &LineageProof, facts: &Facts, findings: &mut Vec<Finding>) {
    let mut observed: BTreeMap<ManifestId, BTreeSet<&str>> = BTreeMap::new();
    for statement in proof.statements() {
        if let Statement::Licence(licence) = statement
            && facts.standing.get(&licence.id()) == Some(&Standing::Observed)
            && let Some(spdx) = &licence.payload().spdx
        {
            observed.entry(licence.payload().manifest).or_default().insert(spdx);
        }
    }
    for (manifest, expressions) in observed.iter().filter(|(_, set)| set.len() > 1) {
        let detail = expressions.iter().copied().collect::<Vec<_>>().join(" / ");
        let node = Node::Manifest(*manifest);
        findings.push(Finding::new(FindingCode::LicenceMismatch, node, detail));
    }
}
