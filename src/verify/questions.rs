//! From a use of the subject to questions about every dataset it was made from.
//!
//! A use asks its action of the subject. Each activity on the way asks its own
//! action of its inputs and passes on what is asked of its outputs, translated
//! by what it does: what is distributed of a derived dataset is distributed
//! derived, of a trained model as a model. Each vertex is visited once, with
//! all that is asked of it by then.

use std::collections::BTreeSet;

use super::graph::Vertex;
use super::lineage::VerifiedLineage;
use super::passing::Step;
use super::question::{Party, Places, Question};
use crate::limits::MAX_PLACES;
use crate::proof::Statement;
use crate::rights::{Action, Acts, Use};

/// One for each action, whether a model is asked about, which may outlive a term that the data do not, and
/// where it is done.
///
/// Increasing by these. There are few, and as many of these lists as vertices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Questions<'a>(Vec<(Action, Question<'a>)>);

impl<'a> Questions<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = (Action, Question<'a>)> {
        self.0.iter().copied()
    }

    pub(super) fn ask(&mut self, action: Action, question: Question<'a>) {
        let Err(place) = self.join(action, question) else { return };
        let respect = (action, question.trained.is_some());
        let is_alike = |(action, known): &&(Action, Question<'a>)| {
            (*action, known.trained.is_some()) == respect
        };
        if self.0.iter().filter(is_alike).count() < MAX_PLACES {
            self.0.insert(place, (action, question));
            return;
        }
        let elsewhere = Question { places: Places::Unsaid, ..question };
        if let Err(place) = self.join(action, elsewhere) {
            self.0.insert(place, (action, elsewhere));
        }
    }

    /// Joins it to what is asked like it; otherwise where it would stand.
    fn join(&mut self, action: Action, question: Question<'a>) -> Result<(), usize> {
        let key = |(action, question): &(Action, Question<'a>)| {
            (*action, question.trained.is_some(), question.places)
        };
        let place = self.0.binary_search_by_key(&key(&(action, question)), key)?;
        if let Some((_, known)) = self.0.get_mut(place) {
            *known = known.and(question);
        }
        Ok(())
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

/// Visits each vertex with all that is asked of it, nearer ones before farther ones.
pub(super) fn questions<'a>(
    lineage: &'a VerifiedLineage,
    intended: &'a Use,
    mut visit: impl FnMut(Vertex, &Questions<'a>),
) {
    let graph = lineage.graph();
    // What is asked of each vertex so far; nothing any longer once it was visited.
    let mut asked: Vec<Questions<'a>> = vec![Questions::default(); graph.vertices.len()];
    if let Some(subject) = asked.first_mut() {
        subject.ask(intended.action, of_subject(lineage, intended));
    }
    for component in graph.components.iter() {
        let own = match component {
            [member] => {
                let own = asked.get_mut(*member).map(std::mem::take).unwrap_or_default();
                pass(lineage, *member, &own, 1, |to, action, question| {
                    if let Some(target) = asked.get_mut(to) {
                        target.ask(action, question);
                    }
                });
                own
            }
            members => pass_cycle(lineage, members, &mut asked),
        };
        for member in component {
            if let Some(vertex) = graph.vertices.get(*member) {
                visit(*vertex, &own);
            }
        }
    }
}

fn of_subject<'a>(lineage: &'a VerifiedLineage, intended: &'a Use) -> Question<'a> {
    let party = match (&intended.party, sole_maker(lineage)) {
        (Some(party), _) => Party::One(party),
        (None, Some(maker)) => Party::Maker(maker),
        (None, None) => Party::Unsaid,
    };
    let acts = Acts::proven_at(intended.at.unwrap_or(lineage.facts().now()));
    Question { acts, trained: None, party, places: Places::Intended, hops: 0, is_direct: true }
}

/// Whatever is asked of one member of a cycle is asked of all.
fn pass_cycle<'a>(
    lineage: &'a VerifiedLineage,
    members: &[usize],
    asked: &mut [Questions<'a>],
) -> Questions<'a> {
    let inside: BTreeSet<usize> = members.iter().copied().collect();
    let mut shared = Questions::default();
    for own in members.iter().filter_map(|member| asked.get(*member)) {
        shared.ask_all(own);
    }
    // Actions and extremes only grow and there are few of either, so this ends soon.
    loop {
        let before = shared.clone();
        for member in members {
            pass(lineage, *member, &before, 0, |to, action, question| {
                if inside.contains(&to) {
                    shared.ask(action, question);
                }
            });
        }
        if shared == before {
            break;
        }
    }
    // The longest way through a cycle takes each of its activities once.
    let activities = members.iter().filter(|member| step(lineage, **member).is_some());
    shared.recede(activities.fold(0, |count, _| u64::saturating_add(count, 1)));
    for member in members {
        pass(lineage, *member, &shared, 0, |to, action, question| {
            if let Some(target) = asked.get_mut(to).filter(|_| !inside.contains(&to)) {
                target.ask(action, question);
            }
        });
    }
    shared
}

/// Asks of each vertex that one leads to what follows from what is asked of it, so many `hops` farther away.
fn pass<'a>(
    lineage: &'a VerifiedLineage,
    member: usize,
    asked: &Questions<'a>,
    hops: u64,
    mut ask: impl FnMut(usize, Action, Question<'a>),
) {
    let targets = lineage.graph().edges.of(member);
    match step(lineage, member) {
        Some(step) => step.ask_each(targets.len(), asked, hops, |input, action, question| {
            targets.get(input).into_iter().for_each(|to| ask(*to, action, question));
        }),
        None => targets.iter().for_each(|to| {
            asked.iter().for_each(|(action, question)| ask(*to, action, question));
        }),
    }
}

fn step(lineage: &VerifiedLineage, vertex: usize) -> Option<Step<'_>> {
    match lineage.graph().vertices.get(vertex)? {
        Vertex::Activity(place) => Step::new(lineage, *place),
        Vertex::Manifest { .. } => None,
    }
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
