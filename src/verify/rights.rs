//! From what is asked of every dataset that the subject was made from to one verdict.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::StaleStatus;
use super::facts::Facts;
use super::graph::{Graph, Vertex};
use super::lineage::VerifiedLineage;
use super::offers::Offers;
use super::personal;
use super::question::Party;
use super::questions::{Questions, questions};
use super::standing::Standing;
use super::titled::{as_titled, own_of};
use super::ways::{Answered, Way, doubted, instants, ways};
use crate::id::{ManifestId, StatementId};
use crate::lineage::Completeness;
use crate::proof::Statement;
use crate::rights::{
    Action, Acts, DutyDue, DutyKind, Ground, Missing, Outcome, Reason, Use, Verdict,
    share_alike_conflict,
};

/// Everything that came together so far.
#[derive(Default)]
pub(super) struct Answer {
    reasons: Vec<Ground<Reason>>,
    missing: Vec<Ground<Missing>>,
    duties: BTreeSet<DutyDue>,
    /// The sets of share-alike terms that what is passed on has to comply with.
    alike: BTreeMap<BTreeSet<String>, Alike>,
    stale: BTreeSet<StatementId>,
}

/// Who asks for one set of share-alike terms.
#[derive(Clone, Copy)]
struct Alike {
    /// The first licence of those that do, and what it is about; of those without a choice if there is one.
    by: (ManifestId, StatementId),
    /// Whether some dataset can be used in no other way.
    without_choice: bool,
}

impl Answer {
    /// What is passed on has to go under one of these terms, by one of several ways or by the only one.
    fn share_alike(&mut self, terms: &BTreeSet<String>, asks: Alike) {
        match self.alike.get_mut(terms) {
            Some(known) => {
                if (!asks.without_choice, asks.by) < (!known.without_choice, known.by) {
                    *known = asks;
                }
            }
            None => {
                self.alike.insert(terms.clone(), asks);
            }
        }
    }

    /// Says which sets of terms no one licence satisfies; where a choice that is left may help, that the offer
    /// is not said.
    fn settle_share_alike(&mut self) {
        if !share_alike_conflict(self.alike.keys()) {
            return;
        }
        let fixed = || self.alike.iter().filter(|(_, alike)| alike.without_choice);
        if share_alike_conflict(fixed().map(|(terms, _)| terms)) {
            let code = Reason::ShareAlikeConflict;
            let ground = |alike: &Alike| Ground::new(code, alike.by.0, Some(alike.by.1));
            self.reasons.extend(fixed().map(|(_, alike)| ground(alike)));
        } else {
            let open = self.alike.values().filter(|alike| !alike.without_choice);
            let ground = |alike: &Alike| Ground::new(Missing::Offer, alike.by.0, Some(alike.by.1));
            self.missing.extend(open.map(ground));
        }
    }

    pub(super) fn miss(&mut self, ground: Ground<Missing>) {
        self.missing.push(ground);
    }

    /// What was relied on may have been taken back since, and no fresh status says that it was not.
    pub(super) fn without_status(&mut self, facts: &Facts, manifest: ManifestId, id: StatementId) {
        match facts.stale_status {
            StaleStatus::Accept => {
                self.stale.insert(id);
            }
            StaleStatus::Refuse => {
                self.missing.push(Ground::new(Missing::Status, manifest, Some(id)));
            }
        }
    }

    /// Nothing that counts is offered: why each offer does not, or that there is none.
    fn without_licence(&mut self, manifest: ManifestId, offers: &Offers<'_>) {
        if offers.terms.is_empty() {
            self.missing.push(Ground::new(Missing::Licence, manifest, None));
        }
        for offer in &offers.terms {
            let missing = match offer.standing {
                Standing::Contested => Missing::Trust,
                Standing::None(missing) => missing,
                Standing::Anchor
                | Standing::Claimant(_)
                | Standing::Exceeds(_)
                | Standing::Observed
                | Standing::Sublicence
                | Standing::Unreadable => continue,
            };
            self.missing.push(Ground::new(missing, manifest, Some(offer.id)));
        }
    }

    /// What stands against the use at some place, or is missing there; what is owed is not added by this.
    pub(super) fn add(
        &mut self,
        outcome: Outcome,
        manifest: ManifestId,
        statement: Option<StatementId>,
    ) {
        match outcome {
            Outcome::Deny(reasons) => self
                .reasons
                .extend(reasons.into_iter().map(|code| Ground::new(code, manifest, statement))),
            Outcome::Unknown(missing) => self
                .missing
                .extend(missing.into_iter().map(|code| Ground::new(code, manifest, statement))),
            Outcome::Permit(_) => {}
        }
    }
}

pub(super) fn verdict(lineage: &VerifiedLineage, intended: &Use) -> Verdict {
    let mut answer = Answer { missing: lineage.gaps().to_vec(), ..Answer::default() };
    let facts = lineage.facts();
    questions(lineage, intended, |vertex, asked| match vertex {
        Vertex::Activity(place) => step(lineage, intended, place, &mut answer),
        Vertex::Manifest { id, number } => {
            // Who never was believed vouches for nothing to begin with. What its issuer took back is disputed
            // still, and what he is believed in no longer.
            for dataset in lineage.described(number).filter_map(Statement::as_dataset) {
                if lineage.is_heard(dataset.id()) {
                    vouched(facts, intended, dataset.id(), || id, &mut answer);
                }
            }
            judge(lineage, intended, (id, number), asked, &mut answer);
            personal::judge(lineage, intended, id, asked, &mut answer);
        }
    });
    answer.settle_share_alike();
    let duties: Vec<DutyDue> = answer.duties.into_iter().collect();
    answer.reasons.sort_unstable();
    answer.reasons.dedup();
    answer.missing.sort_unstable();
    answer.missing.dedup();
    if !answer.reasons.is_empty() {
        Verdict::Deny { reasons: answer.reasons }
    } else if !answer.missing.is_empty() {
        Verdict::Unknown { missing: answer.missing }
    } else {
        Verdict::Permit {
            duties,
            status_as_of: facts.status_as_of,
            stale_status_relied_on: answer.stale,
            profile: intended.profile,
        }
    }
}

/// What stands against the step at this place of the proof, whatever is asked.
fn step(lineage: &VerifiedLineage, intended: &Use, place: usize, answer: &mut Answer) {
    if lineage.step(place).is_none_or(|known| !known.is_questioned) {
        return;
    }
    let statement = lineage.proof().statements().get(place);
    let Some(activity) = statement.and_then(Statement::as_activity) else { return };
    let (facts, id) = (lineage.facts(), activity.id());
    let made = || activity.payload().generated().min().unwrap_or(lineage.subject());
    // A step that its own issuer took back by then vouches for nothing.
    if facts.ended.get(&id).is_some_and(|end| *end <= instants(intended, facts)[1]) {
        answer.missing.push(Ground::new(Missing::Withdrawn, made(), Some(id)));
    }
    vouched(facts, intended, id, made, answer);
}

/// What stands against a step or a dataset that somebody vouches for, whatever is asked.
fn vouched(
    facts: &Facts,
    intended: &Use,
    id: StatementId,
    place: impl Fn() -> ManifestId,
    answer: &mut Answer,
) {
    let mut miss = |code| answer.missing.push(Ground::new(code, place(), Some(id)));
    let instants = instants(intended, facts);
    if facts.disputes.get(&id).is_some_and(|one| instants.iter().any(|at| one.open_at(*at))) {
        miss(Missing::Disputed);
    }
    facts.doubts.get(&id).into_iter().flatten().for_each(|doubt| miss(*doubt));
    match (facts.lacks_status(id, intended.at), facts.stale_status) {
        (false, _) => {}
        (true, StaleStatus::Accept) => {
            answer.stale.insert(id);
        }
        (true, StaleStatus::Refuse) => miss(Missing::Status),
    }
}

/// What the licences of one dataset say to what is asked of it.
fn judge(
    lineage: &VerifiedLineage,
    intended: &Use,
    (manifest, number): (ManifestId, usize),
    asked: &Questions<'_>,
    answer: &mut Answer,
) {
    let facts = lineage.facts();
    let offers = lineage.offers(manifest, number);
    let is_any_offered = offers.bind(None, facts) || !offers.preferences.is_empty();
    let is_taken_over = || {
        let user = intended.party.as_deref().filter(|_| manifest == lineage.subject());
        user.is_some_and(|user| lineage.takes_over(user))
    };
    let is_needed = lineage.needs_licence(number) || is_taken_over();
    if !is_any_offered {
        if is_needed {
            answer.without_licence(manifest, &offers);
        } else {
            let acts: Vec<Acts> = asked.iter().map(|(_, question)| question.acts).collect();
            as_titled(lineage, (intended, &acts), (manifest, number), &offers, answer);
        }
        if !offers.has_contested(facts) {
            return;
        }
    }
    let own = OnceCell::new();
    let own_of = || own_of(lineage, intended, (manifest, number), &offers);
    let mut own_acts = Vec::new();
    for asked @ (action, question) in asked.iter() {
        let maker = match question.party {
            Party::One(party) if lineage.made(manifest, party) => *own.get_or_init(own_of),
            Party::Maker(_) | Party::One(_) | Party::Several | Party::Unsaid => None,
        };
        // What a maker grants to others does not bind him, and he owes none of what he asks of them.
        let is_free = !offers.bind(maker, facts) && (maker.is_some() || !is_needed);
        if is_free && offers.preferences.is_empty() {
            own_acts.push(question.acts);
            if !offers.has_contested(facts) {
                continue;
            }
        }
        let mut ways = ways(&offers, (None, true), intended, asked, facts);
        if (maker.is_some() || is_free) && ways.iter().all(|way| way.rank() > 0) {
            // Where nobody's licence is needed, preferences that leave it open are not against it.
            ways = super::ways::ways(&offers, (maker, !is_free), intended, asked, facts);
            own_acts.extend(is_free.then_some(question.acts));
        }
        let Some(best) = ways.iter().map(Way::rank).min() else {
            if is_any_offered && !is_free {
                answer.without_licence(manifest, &offers);
            }
            for Answered { licence, outcome, .. } in doubted(&offers, maker, intended, asked, facts)
            {
                answer.add(outcome, manifest, Some(licence));
            }
            continue;
        };
        if best == 0 {
            let mut permits = ways.iter().filter(|way| way.rank() == 0);
            let is_fixed = |way: &Way| way.is_alike_without_choice(&offers, action);
            let without_choice = permits.next().is_some_and(is_fixed) && permits.next().is_none();
            let permits = ways.into_iter().filter(|way| way.rank() == 0);
            if let Some(way) = permits.min_by_key(Way::cost) {
                rely((manifest, without_choice), way, action, facts, answer);
            }
            continue;
        }
        for Answered { licence, outcome, .. } in ways.into_iter().flat_map(|way| way.answers) {
            if outcome.rank() == best {
                answer.add(outcome, manifest, Some(licence));
            }
        }
    }
    if !own_acts.is_empty() {
        as_titled(lineage, (intended, &own_acts), (manifest, number), &offers, answer);
    }
}

/// Takes a permitting way: its duties are owed, and what could have been revoked needs a fresh status.
///
/// `without_choice` where it is the only one for that dataset, and leaves none of its own.
fn rely(
    (manifest, without_choice): (ManifestId, bool),
    way: Way,
    action: Action,
    facts: &Facts,
    answer: &mut Answer,
) {
    let passes_on = action.leaves().any(Action::is_distribution);
    for Answered { licence, outcome, needs_status } in way.answers {
        if let Outcome::Permit(duties) = outcome {
            let alike = duties.iter().filter(|duty| passes_on && duty.kind == DutyKind::ShareAlike);
            for duty in alike {
                answer
                    .share_alike(&duty.licences, Alike { by: (manifest, licence), without_choice });
            }
            answer
                .duties
                .extend(duties.iter().map(|duty| DutyDue::new(duty.clone(), manifest, licence)));
        }
        if needs_status {
            answer.without_status(facts, manifest, licence);
        }
    }
}

/// What is missing whatever the use: origins, believed signers, disclosed inputs.
pub(super) fn gaps(graph: &Graph, statements: &[Statement], facts: &Facts) -> Vec<Ground<Missing>> {
    let mut gaps = Vec::new();
    let groundless = graph.groundless();
    for (index, (vertex, edges)) in graph.vertices.iter().zip(graph.edges.iter()).enumerate() {
        match vertex {
            Vertex::Manifest { id, .. } => {
                if edges.is_empty() || groundless.contains(&index) {
                    gaps.push(Ground::new(Missing::Origin, *id, None));
                }
            }
            Vertex::Activity(at) => {
                let Some(Statement::Activity(activity)) = statements.get(*at) else { continue };
                let (id, payload) = (activity.id(), activity.payload());
                let mut gap = |code| {
                    let place = payload.generated().min();
                    gaps.extend(place.map(|place| Ground::new(code, place, Some(id))));
                };
                // What casts doubt on it says so itself.
                if !facts.has_role(*at) {
                    gap(Missing::Trust);
                }
                if payload.completeness == Completeness::Undisclosed {
                    gap(Missing::InputsUndisclosed);
                }
            }
        }
    }
    gaps
}
