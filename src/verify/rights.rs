//! From a use of the subject to questions about every dataset it was made from, and back to one verdict.
//!
//! A use asks its action of the subject. Each activity on the way asks its own
//! action of its inputs and passes on what is asked of its outputs, translated
//! by what it does: what is distributed of a derived dataset is distributed
//! derived, of a trained model as a model. Each vertex is visited once, with
//! all that is asked of it by then.

use std::collections::BTreeSet;

use super::StaleStatus;
use super::facts::Facts;
use super::graph::{Graph, Vertex};
use super::lineage::VerifiedLineage;
use super::passing::Step;
use super::personal;
use super::standing::Standing;
use super::ways::{Answered, Party, Places, Question, Way, instants, ways};
use crate::id::{ManifestId, StatementId};
use crate::lineage::Completeness;
use crate::proof::Statement;
use crate::rights::{
    Action, Acts, DutyDue, Ground, Missing, Outcome, Reason, Use, Verdict, share_alike_conflict,
};
use crate::statement::Signed;

/// One for each action and whether a model is asked about, which may outlive a term that the data do not.
///
/// Increasing by these two. There are few, and as many of these lists as vertices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Questions<'a>(Vec<(Action, Question<'a>)>);

impl<'a> Questions<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (Action, Question<'a>)> {
        self.0.iter().copied()
    }

    pub(super) fn ask(&mut self, action: Action, question: Question<'a>) {
        let key =
            |(action, question): &(Action, Question<'a>)| (*action, question.trained.is_some());
        let place = self.0.binary_search_by_key(&key(&(action, question)), key);
        match place.map(|place| self.0.get_mut(place)) {
            Ok(known) => known.into_iter().for_each(|(_, known)| *known = known.and(question)),
            Err(place) => self.0.insert(place, (action, question)),
        }
    }

    /// As asked of something so many hops farther away.
    fn recede(&mut self, hops: u64) {
        for (_, question) in &mut self.0 {
            question.hops = question.hops.saturating_add(hops);
        }
    }

    fn ask_all(&mut self, others: &Self) {
        others.0.iter().for_each(|(action, question)| self.ask(*action, *question));
    }
}

/// Everything that came together so far.
#[derive(Default)]
pub(super) struct Answer {
    reasons: Vec<Ground<Reason>>,
    missing: Vec<Ground<Missing>>,
    duties: BTreeSet<DutyDue>,
    stale: BTreeSet<StatementId>,
}

impl Answer {
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
    let asked = questions(lineage, intended);
    let mut answer = Answer { missing: lineage.gaps().to_vec(), ..Answer::default() };
    let facts = lineage.facts();
    for activity in lineage.activities() {
        let id = activity.id();
        let place = || activity.payload().generated().min().unwrap_or(lineage.subject());
        // A step that its own issuer took back by then vouches for nothing.
        if facts.ended.get(&id).is_some_and(|end| *end <= instants(intended, facts)[1]) {
            answer.missing.push(Ground::new(Missing::Withdrawn, place(), Some(id)));
        }
        vouched(facts, intended, id, place, &mut answer);
    }
    for manifest in lineage.manifests() {
        // Who is not believed vouches for nothing to begin with. What its issuer took back is disputed still.
        for dataset in lineage.datasets(manifest).map(Signed::id) {
            if lineage.has_role(dataset) {
                vouched(facts, intended, dataset, || manifest, &mut answer);
            }
        }
    }
    for (vertex, asked) in lineage.graph().vertices.iter().zip(&asked) {
        if let Vertex::Manifest { id, .. } = vertex {
            judge(lineage, intended, *id, asked, &mut answer);
            personal::judge(lineage, intended, *id, asked, &mut answer);
        }
    }
    let duties: Vec<DutyDue> = answer.duties.into_iter().collect();
    if share_alike_conflict(&duties) {
        let place = lineage.subject();
        answer.reasons.push(Ground::new(Reason::ShareAlikeConflict, place, None));
    }
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

/// What is asked of each vertex, in the order of the graph's vertices.
fn questions<'a>(lineage: &'a VerifiedLineage, intended: &'a Use) -> Vec<Questions<'a>> {
    let (graph, facts) = (lineage.graph(), lineage.facts());
    let step = |vertex: usize| match graph.vertices.get(vertex) {
        Some(Vertex::Activity(place)) => Step::new(lineage, *place),
        Some(Vertex::Manifest { .. }) | None => None,
    };
    let mut asked: Vec<Questions<'a>> = vec![Questions::default(); graph.vertices.len()];
    if let Some(subject) = asked.first_mut() {
        let party = match (&intended.party, sole_maker(lineage)) {
            (Some(party), _) => Party::One(party),
            (None, Some(maker)) => Party::Maker(maker),
            (None, None) => Party::Unsaid,
        };
        let acts = Acts::proven_at(intended.at.unwrap_or(facts.now()));
        subject.ask(
            intended.action,
            Question {
                acts,
                trained: None,
                party,
                places: Places::Intended,
                hops: 0,
                is_direct: true,
            },
        );
    }
    let mut component_of = vec![usize::MAX; graph.vertices.len()];
    for (index, component) in graph.components.iter().enumerate() {
        for member in component {
            if let Some(of) = component_of.get_mut(*member) {
                *of = index;
            }
        }
    }
    for (index, component) in graph.components.iter().enumerate() {
        // Whatever is asked of one member of a cycle is asked of all.
        let mut shared = Questions::default();
        for own in component.iter().filter_map(|member| asked.get(*member)) {
            shared.ask_all(own);
        }
        // The longest way through a cycle takes each of its activities once; all are counted below.
        let cyclic = component.len() > 1;
        let hops = u64::from(!cyclic);
        // To each vertex that one leads to, what is asked of it.
        let passed = |of: &Questions<'a>, member: usize| -> Vec<(usize, Questions<'a>)> {
            let targets = graph.edges.of(member).iter().copied();
            match step(member) {
                Some(step) => targets.zip(step.asks(lineage, of, hops)).collect(),
                None => targets.map(|target| (target, of.clone())).collect(),
            }
        };
        let is_inside = |target: usize| component_of.get(target) == Some(&index);
        // Actions and extremes only grow and there are few of either, so this ends soon.
        while component.len() > 1 {
            let before = shared.clone();
            for member in component {
                let inside = passed(&before, *member).into_iter();
                inside.filter(|(to, _)| is_inside(*to)).for_each(|(_, asks)| shared.ask_all(&asks));
            }
            if shared == before {
                break;
            }
        }
        if cyclic {
            let activities = component.iter().filter(|member| step(**member).is_some());
            shared.recede(activities.fold(0, |count, _| u64::saturating_add(count, 1)));
        }
        for member in component {
            for (to, asks) in passed(&shared, *member) {
                if let Some(target) = asked.get_mut(to).filter(|_| !is_inside(to)) {
                    target.ask_all(&asks);
                }
            }
            if let Some(own) = asked.get_mut(*member) {
                own.clone_from(&shared);
            }
        }
    }
    asked
}

/// The one issuer of all activities that produced the subject.
fn sole_maker(lineage: &VerifiedLineage) -> Option<&str> {
    let by = || lineage.statements_about(lineage.subject()).filter_map(Statement::as_activity);
    let lent = by().any(|activity| lineage.facts().lent_names.contains(&activity.id()));
    let makers: BTreeSet<&str> = by().map(|activity| activity.header().issuer.as_str()).collect();
    match (makers.first(), makers.len()) {
        (Some(maker), 1) if !lent => Some(maker),
        _ => None,
    }
}

/// What the licences of one dataset say to what is asked of it.
fn judge(
    lineage: &VerifiedLineage,
    intended: &Use,
    manifest: ManifestId,
    asked: &Questions<'_>,
    answer: &mut Answer,
) {
    let facts = lineage.facts();
    let offers = lineage.offers(manifest);
    if offers.is_empty() {
        if lineage.needs_licence(manifest, intended.party.as_deref()) {
            answer.missing.push(Ground::new(Missing::Licence, manifest, None));
        }
        return;
    }
    for (action, question) in &asked.0 {
        let asked = (*action, *question);
        let mut ways = ways(&offers, None, intended, asked, facts);
        if ways.iter().all(|way| way.rank() > 0)
            && let Party::One(party) = question.party
            && lineage.made(manifest, party)
        {
            // What a maker grants to others does not bind him.
            let others = offers.terms.iter().filter(|offer| offer.issuer != party).count();
            if others == 0 && offers.preferences.is_empty() {
                continue;
            }
            ways = super::ways::ways(&offers, Some(party), intended, asked, facts);
        }
        let Some(best) = ways.iter().map(Way::rank).min() else {
            // There are licences, and none of them counts.
            for offer in &offers.terms {
                if let Standing::None(missing) = offer.standing {
                    answer.missing.push(Ground::new(missing, manifest, Some(offer.id)));
                }
            }
            continue;
        };
        if best == 0 {
            let permits = ways.into_iter().filter(|way| way.rank() == 0);
            if let Some(way) = permits.min_by_key(Way::cost) {
                rely(manifest, way, facts, answer);
            }
            continue;
        }
        for Answered { licence, outcome, .. } in ways.into_iter().flat_map(|way| way.answers) {
            if outcome.rank() == best {
                answer.add(outcome, manifest, Some(licence));
            }
        }
    }
}

/// Takes a permitting way: its duties are owed, and what could have been revoked needs a fresh status.
fn rely(manifest: ManifestId, way: Way, facts: &Facts, answer: &mut Answer) {
    for Answered { licence, outcome, needs_status } in way.answers {
        if let Outcome::Permit(duties) = outcome {
            answer
                .duties
                .extend(duties.into_iter().map(|duty| DutyDue::new(duty, manifest, licence)));
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
