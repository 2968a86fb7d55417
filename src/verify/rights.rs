//! From what is asked of every dataset that the subject was made from to one verdict.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::graph::{Graph, Vertex};
use super::instants::Instants;
use super::lineage::VerifiedLineage;
use super::offers::Offers;
use super::questions::questions;
use super::standing::Standing;
use super::{StaleStatus, asset, personal};
use crate::id::{ManifestId, StatementId};
use crate::lineage::Completeness;
use crate::proof::Statement;
use crate::rights::{
    DutyDue, Ground, Missing, Outcome, Reason, Use, Verdict, share_alike_conflict,
};

/// Everything that came together so far.
#[derive(Default)]
pub(super) struct Answer {
    reasons: Vec<Ground<Reason>>,
    missing: Vec<Ground<Missing>>,
    pub(super) duties: BTreeSet<DutyDue>,
    /// The sets of share-alike terms that what is passed on has to comply with.
    alike: BTreeMap<BTreeSet<String>, Alike>,
    stale: BTreeSet<StatementId>,
}

/// Who asks for one set of share-alike terms.
#[derive(Clone, Copy)]
pub(super) struct Alike {
    /// The first licence of those that do, and what it is about; of those without a choice if there is one.
    pub(super) by: (ManifestId, StatementId),
    /// Whether some dataset can be used in no other way.
    pub(super) without_choice: bool,
}

impl Answer {
    /// What is passed on has to go under one of these terms, by one of several ways or by the only one.
    pub(super) fn share_alike(&mut self, terms: &BTreeSet<String>, asks: Alike) {
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
    pub(super) fn without_licence(&mut self, manifest: ManifestId, offers: &Offers<'_>) {
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
            asset::judge(lineage, intended, (id, number), asked, &mut answer);
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
    if facts.ended.get(&id).is_some_and(|end| *end <= Instants::of(intended, facts).known) {
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
    let instants = Instants::of(intended, facts);
    if facts.disputes.get(&id).is_some_and(|one| instants.are_disputed(one)) {
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
