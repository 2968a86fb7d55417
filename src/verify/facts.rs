//! What follows from verified statements, trust and status, whatever use is asked about.

use std::collections::{BTreeMap, BTreeSet};

use super::authenticate::{Authenticated, StatusEvent};
use super::beside_title::{Encumbrance, ProvidedAbroad, TitleNote};
use super::deals::{self, Deal};
use super::events::{self, Disputes, Heard};
use super::proven::{self, ProofOfTime, TimeSource, Times};
use super::receipts::{Logged, Receipts};
use super::registered_title::Register;
use super::relations;
use super::roles::{self, Speakers};
use super::standing::{self, Standing};
use super::supersession;
use super::title;
use super::transfer::{self, Transfer};
use super::{Bound, Finding, FindingCode, Node, Rejection, StaleStatus, Verifier};
use crate::id::{ManifestId, StatementId};
use crate::lineage::{Activity, Relation};
use crate::proof::{LineageProof, Statement};
use crate::rights::{Acts, BrokenTerms, Fulfilment, Missing, ReadTerms};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Authority, Delegation, Known, ProvenDelegation, Status};

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) status_as_of: Option<Timestamp>,
    /// Until when the status counts as fresh, inclusive; absent without one.
    fresh_until: Option<Timestamp>,
    pub(super) stale_status: StaleStatus,
    times: Times,
    /// Of each statement of the proof, by place, whether trust store or delegation give its signer his key.
    listed: Vec<bool>,
    /// Of each statement of the proof, by place, whether its signer has the role to say what he says,
    /// doubts apart.
    roles: Vec<bool>,
    /// Why a statement counts for nothing although its signer has the role or standing to make it.
    pub(super) doubts: BTreeMap<StatementId, BTreeSet<Missing>>,
    /// From when a statement counts no longer, because its issuer takes it back.
    ///
    /// Of granted licences: from when they are revoked, whether their terms allow that or not.
    pub(super) ended: BTreeMap<StatementId, Timestamp>,
    /// Datasets that their own issuers do not vouch for any longer.
    taken_back: BTreeSet<StatementId>,
    /// From when the rights holder revokes a licence that was observed, whether its terms allow that or not.
    pub(super) withdrawn: BTreeMap<StatementId, Timestamp>,
    /// Of each licence, when and by whom its terms were broken.
    pub(super) breaches: BTreeMap<StatementId, Vec<BrokenTerms>>,
    /// Of each licence, preference or deal, the duties that were fulfilled.
    pub(super) fulfilments: BTreeMap<StatementId, Vec<Fulfilment>>,
    /// Of each registration, the pledges of its title.
    pub(super) encumbrances: BTreeMap<StatementId, Vec<Encumbrance>>,
    /// Of each registration, what is noted beside its title.
    pub(super) notes: BTreeMap<StatementId, Vec<TitleNote>>,
    /// Of each statement, who objects to it; of a batch, to all of its members.
    pub(super) objections: BTreeMap<StatementId, Vec<TitleNote>>,
    /// What registrars gave to whom, and for which datasets.
    pub(super) register: Register,
    /// Of each dataset and registration, where its data were provided.
    pub(super) abroad: BTreeMap<StatementId, Vec<ProvidedAbroad>>,
    /// When disputes about a statement are open.
    pub(super) disputes: BTreeMap<StatementId, Disputes>,
    /// Statements of which the status is known to lack an event.
    pub(super) incomplete: BTreeSet<StatementId>,
    /// The delegations by which signers are believed, each of which may have been taken back.
    pub(super) delegated: BTreeMap<StatementId, Vec<StatementId>>,
    /// Statements under a name that no anchor has: whoever delegated to the signer gave it to him.
    pub(super) lent_names: BTreeSet<StatementId>,
    /// Structural claims that were recomputed: the place of the activity, the number of the claim.
    proven_relations: BTreeSet<(usize, usize)>,
    /// Deals, by what they are about.
    pub(super) deals: BTreeMap<ManifestId, Vec<Deal>>,
    /// By which right a licence counts.
    pub(super) standing: BTreeMap<StatementId, Standing>,
    /// What the terms of each licence mean, counting or not.
    pub(super) read: BTreeMap<StatementId, ReadTerms>,
    /// Per registration, in the order of their numbers.
    pub(super) transfers: BTreeMap<StatementId, Vec<Transfer>>,
    pub(super) logged: BTreeMap<StatementId, Vec<Logged>>,
    /// What nobody is believed in for no other reason than that a delegation has ended, is contested or in
    /// doubt: it counts for what hurts.
    pub(super) hurtful: BTreeSet<StatementId>,
    /// Grants that count for what hurts: it is in doubt whether they were made by right, and by this one if by any.
    pub(super) doubtful_grants: BTreeMap<StatementId, Standing>,
    /// What nobody is believed in for no other reason than that a delegation is contested or in doubt, or ended
    /// when nothing shows that it was said before.
    pub(super) contested: BTreeSet<StatementId>,
    /// When disputes about a registration of a dataset are open.
    pub(super) title_disputes: BTreeMap<ManifestId, Disputes>,
    /// Datasets to which somebody has, or had, a title, as far as the proof shows.
    pub(super) titled: BTreeSet<ManifestId>,
    /// Datasets of which the status is known to lack an event about a registration.
    pub(super) incomplete_titles: BTreeSet<ManifestId>,
}

impl Facts {
    pub(super) const fn now(&self) -> Timestamp {
        self.times.now()
    }

    /// By when the statement is proven to exist, and how.
    pub(super) fn proof_of_time(&self, id: StatementId) -> ProofOfTime {
        self.times.proof(id)
    }

    /// The earliest instant by which the statement is proven to exist.
    pub(super) fn proven_by(&self, id: StatementId) -> Timestamp {
        self.times.proof(id).by
    }

    /// Whether trust store or delegation give the signer of the statement at this place his key.
    pub(super) fn is_listed(&self, place: usize) -> bool {
        self.listed.get(place).copied().unwrap_or_default()
    }

    /// Whether the signer of the statement at this place has the role to say what he says, doubts apart.
    pub(super) fn has_role(&self, place: usize) -> bool {
        self.roles.get(place).copied().unwrap_or_default()
    }

    /// Whether the signer of the statement of this id, at this place, is believed in what he says.
    pub(super) fn is_believed(&self, place: usize, id: StatementId) -> bool {
        self.has_role(place) && !self.doubts.contains_key(&id) && !self.taken_back.contains(&id)
    }

    /// The structural claims of the activity at this place that were recomputed.
    pub(super) fn proven_relations<'a>(
        &self,
        place: usize,
        activity: &'a Signed<Activity>,
    ) -> impl Iterator<Item = &'a Relation> {
        let relations = activity.payload().relations.iter().enumerate();
        let is_proven =
            move |(number, _): &(usize, _)| self.proven_relations.contains(&(place, *number));
        relations.filter(is_proven).map(|(_, relation)| relation)
    }

    /// Whether the status is fresh for an act at `at`, or now where that is later or not said.
    pub(super) fn is_fresh_at(&self, at: Option<Timestamp>) -> bool {
        let at = at.map_or(self.now(), |at| at.max(self.now()));
        self.fresh_until.is_some_and(|until| at <= until)
    }

    /// Whether something may have happened that the caller does not know of: to the statement, as its
    /// status shows, or to a delegation by which its signer is believed, without a fresh status.
    pub(super) fn lacks_status(&self, id: StatementId, at: Option<Timestamp>) -> bool {
        let delegations = self.delegated.get(&id).map_or(&[][..], Vec::as_slice);
        let lacks = |one: &StatementId| self.incomplete.contains(one);
        lacks(&id)
            || delegations.iter().any(lacks)
            || (!delegations.is_empty() && !self.is_fresh_at(at))
    }

    /// Whether there is anything that may stand against a statement for itself: an end, a dispute, a doubt, or a
    /// status that lacks something.
    pub(super) fn is_questioned(&self, id: StatementId) -> bool {
        self.ended.contains_key(&id)
            || self.disputes.contains_key(&id)
            || self.doubts.contains_key(&id)
            || self.incomplete.contains(&id)
            || self.delegated.contains_key(&id)
    }

    /// When an activity took place: its claimed start, and when it is proven.
    ///
    /// Whoever saw it earlier than it claims to have begun disproves the claim as far as it is in its favour.
    pub(super) fn acts(&self, activity: &Signed<Activity>) -> Acts {
        let claimed = activity.payload().started.unwrap_or(activity.header().issued_at);
        let proven = self.proven_by(activity.id());
        Acts { earliest: claimed.min(proven), latest: claimed, proven }
    }

    /// That a statement counts by these authorities.
    pub(super) fn rests_on<'a>(
        &mut self,
        id: StatementId,
        by: impl IntoIterator<Item = &'a Authority<'a>>,
    ) {
        let delegations: BTreeSet<StatementId> =
            by.into_iter().flat_map(Authority::rests_on).copied().collect();
        if !delegations.is_empty() {
            self.delegated.entry(id).or_default().extend(delegations);
        }
    }

    /// That a statement counts by another one.
    pub(super) fn rests_on_all_of(&mut self, id: StatementId, other: StatementId) {
        if let Some(delegations) = self.delegated.get(&other).cloned() {
            self.delegated.entry(id).or_default().extend(delegations);
        }
    }

    /// That a statement counts no longer, from `from` on or from when it ended before.
    pub(super) fn end(&mut self, id: StatementId, from: Timestamp) {
        proven::earliest(&mut self.ended, id, from);
    }

    pub(super) fn doubt(&mut self, id: StatementId, why: Missing) {
        self.doubts.entry(id).or_default().insert(why);
    }
}

/// Gathers the facts and what there is to say about them.
pub(super) fn gather(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    authenticated: &Authenticated<'_>,
    receipts: Receipts,
    findings: &mut Vec<Finding>,
) -> Result<Facts, Rejection> {
    let Authenticated { identities, status_events } = authenticated;
    let mut facts = Facts {
        status_as_of: verifier.status.map(Status::as_of),
        fresh_until: verifier.fresh_until(),
        stale_status: verifier.stale_status,
        // By the caller's records alone: which logs count depends on what was revoked.
        times: Times::new(verifier.now, records(verifier, proof, status_events)),
        listed: proof.by_signer(|header| identities.known(header) == Known::Listed),
        roles: Vec::new(),
        doubts: BTreeMap::new(),
        ended: BTreeMap::new(),
        taken_back: BTreeSet::new(),
        withdrawn: BTreeMap::new(),
        logged: BTreeMap::new(),
        breaches: BTreeMap::new(),
        fulfilments: BTreeMap::new(),
        encumbrances: BTreeMap::new(),
        notes: BTreeMap::new(),
        objections: BTreeMap::new(),
        register: Register::default(),
        abroad: BTreeMap::new(),
        disputes: BTreeMap::new(),
        incomplete: BTreeSet::new(),
        delegated: BTreeMap::new(),
        lent_names: lent_names(verifier, proof),
        proven_relations: BTreeSet::new(),
        deals: BTreeMap::new(),
        standing: BTreeMap::new(),
        read: read(proof),
        transfers: BTreeMap::new(),
        contested: BTreeSet::new(),
        hurtful: BTreeSet::new(),
        doubtful_grants: BTreeMap::new(),
        title_disputes: BTreeMap::new(),
        titled: BTreeSet::new(),
        incomplete_titles: BTreeSet::new(),
    };
    findings.extend(status_finding(&facts));
    let heard = Heard::new(identities, proof, status_events);
    let receipts = receipts.without(&heard.lost_keys(&facts), verifier, findings);
    let times = receipts.times(verifier, proof).into_iter();
    let times = times.map(|(id, at)| (id, at, TimeSource::Receipt));
    let records = records(verifier, proof, status_events).into_iter();
    facts.times = Times::new(verifier.now, records.chain(times));
    facts.logged = receipts.into_inner();
    heard.check_keys(status_events, &mut facts, findings);
    let authorities = authorities(verifier, &heard, &facts)?;
    let speakers = Speakers { trusted: &authorities, heard: heard.identities.adverse() };
    facts.roles = roles::judge(speakers, proof, &mut facts, findings);
    let changes = events::apply(&heard, &authorities, &mut facts, findings);
    facts.transfers = transfer::of(&changes);
    let datasets = proof.statements().iter().filter_map(Statement::as_dataset).map(Signed::id);
    let ended = |id: &StatementId| facts.ended.get(id).is_some_and(|end| *end <= facts.now());
    facts.taken_back = datasets.filter(ended).collect();
    let replaced = supersession::apply(&heard, &authorities, &mut facts, findings);
    facts.proven_relations = relations::check(verifier, proof, &facts, findings)?;
    let mut titles = title::given(proof, (&changes, &replaced), &facts, findings);
    title::cover(&authorities, proof, &mut titles, (&facts, verifier.budget.edges), findings)?;
    facts.register = Register::new(proof, &titles);
    standing::judge(speakers, proof, &titles, &mut facts, findings);
    deals::judge(speakers, proof, &titles, &mut facts, findings);
    licence_mismatches(proof, &facts, findings);
    Ok(facts)
}

/// What stands out of how much the caller knows of events.
fn status_finding(facts: &Facts) -> Option<Finding> {
    match (facts.status_as_of, facts.is_fresh_at(None)) {
        (None, _) => Some(Finding::new(FindingCode::StatusNotChecked, Node::Proof, "")),
        (Some(as_of), false) => {
            Some(Finding::new(FindingCode::StatusStale, Node::Status, as_of.to_string()))
        }
        (Some(_), true) => None,
    }
}

fn read(proof: &LineageProof) -> BTreeMap<StatementId, ReadTerms> {
    let licences = proof.statements().iter().filter_map(Statement::as_licence);
    licences.map(|licence| (licence.id(), ReadTerms::of(licence.payload()))).collect()
}

fn lent_names(verifier: &Verifier<'_>, proof: &LineageProof) -> BTreeSet<StatementId> {
    let lent = proof.by_signer(|header| !verifier.trust.lists(&header.issuer));
    let statements = proof.statements().iter().zip(lent).filter(|(_, lent)| *lent);
    statements.map(|(statement, _)| statement.id()).collect()
}

/// Who is believed in what, with what is proven of times, and without keys and delegations that ended.
fn authorities<'a>(
    verifier: &Verifier<'a>,
    heard: &Heard<'a>,
    facts: &Facts,
) -> Result<Authorities<'a>, Rejection> {
    let delegations = || heard.proof.statements().iter().filter_map(Statement::as_delegation);
    let in_doubt = |one: &&Signed<Delegation>| facts.doubts.contains_key(&one.id());
    let proven = |one| {
        let id = Signed::id(one);
        let proven = ProvenDelegation::of_signed(one, facts.proven_by(id));
        // What is to end later speaks against nobody yet.
        let ended = facts.ended.get(&id).filter(|end| **end <= facts.now());
        ended.map_or(proven, |end| proven.ended(*end))
    };
    // One by a key that was lost, or of a number that was given twice, speaks in nobody's favour. What a
    // lost key signed is in doubt already, whoever gave it to its holder.
    let (sure, doubted) = (
        delegations().filter(|one| !in_doubt(one)).map(proven),
        delegations().filter(in_doubt).map(proven),
    );
    let limit = verifier.budget.delegations;
    Authorities::resolve_with(verifier.trust, sure, doubted, limit)
        .map_err(|_| Rejection::over(Bound::Delegations, Node::Proof))
}

/// What the caller recorded of the times of statements.
///
/// An event that the caller recorded proves its own time only if its signature was verified.
fn records(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    status_events: &[StatusEvent<'_>],
) -> Vec<(StatementId, Timestamp, TimeSource)> {
    let sightings = verifier.status.into_iter().flat_map(Status::sightings);
    let sightings = sightings.map(|seen| (seen.id, seen.recorded_at));
    let sound = status_events.iter().filter(|event| event.sound);
    let recorded = sound.map(|event| (event.event.id(), event.recorded_at));
    let mut first: BTreeMap<StatementId, Timestamp> = BTreeMap::new();
    for (id, at) in sightings.chain(recorded) {
        proven::earliest(&mut first, id, at);
    }
    let records = proven::with_members(proof, first).into_iter();
    records.map(|(id, at)| (id, at, TimeSource::CallerRecord)).collect()
}

/// Observed licences of one dataset that say different things.
fn licence_mismatches(proof: &LineageProof, facts: &Facts, findings: &mut Vec<Finding>) {
    let mut observed: BTreeMap<ManifestId, BTreeSet<&str>> = BTreeMap::new();
    for statement in proof.statements() {
        if let Statement::Licence(licence) = statement
            && let Some(Standing::Observed | Standing::Unreadable) =
                facts.standing.get(&licence.id())
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
