//! Terms that are read once for all that is asked of them.

use super::duties::Duties;
use super::{Action, Condition, Effect, Licence, Rule, expression};

/// What the texts in a licence mean: its expression, or the conditions of its rules.
#[derive(Clone, Debug)]
pub(crate) enum ReadTerms {
    Public(expression::Terms),
    /// Of each rule, in their order.
    Negotiated(Vec<Meaning>),
}

/// What a rule means.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    /// `None` for one that nobody can evaluate.
    conditions: Vec<Option<Condition>>,
    duties: Duties,
}

impl Meaning {
    pub(super) fn of(rule: &Rule) -> Self {
        let conditions = rule.constraints.iter().map(super::Constraint::condition).collect();
        Self { conditions, duties: rule.duties.clone().into() }
    }
}

/// A rule with what it means.
#[derive(Clone, Copy)]
pub(super) struct ReadRule<'a> {
    pub(super) rule: &'a Rule,
    pub(super) conditions: &'a [Option<Condition>],
    pub(super) duties: &'a Duties,
}

impl<'a> ReadRule<'a> {
    pub(super) fn new(rule: &'a Rule, Meaning { conditions, duties }: &'a Meaning) -> Self {
        Self { rule, conditions, duties }
    }
}

impl ReadRule<'_> {
    /// How many conditions, and places in them, are looked at for each of another rule.
    pub(super) fn weight(self) -> usize {
        let places = self.conditions.iter().flatten().map(|condition| match condition {
            Condition::Distribution(places)
            | Condition::Processing(places)
            | Condition::Storage(places) => places.len(),
            Condition::Field(_)
            | Condition::From(_)
            | Condition::Hops { .. }
            | Condition::Licensee(_)
            | Condition::Product(_)
            | Condition::Purpose(_)
            | Condition::Until(_)
            | Condition::Volume { .. } => 0,
        });
        places.fold(self.conditions.len().saturating_add(1), usize::saturating_add)
    }

    /// Whether some condition of this permission of an action holds nowhere that one of the prohibition does.
    pub(super) fn is_apart_from(self, prohibition: Self, action: Action) -> bool {
        let theirs = || prohibition.conditions.iter().flatten();
        let mut ours = self.conditions.iter().flatten().filter(|one| one.binds(action));
        ours.any(|ours| theirs().any(|theirs| ours.excludes(theirs)))
    }
}

impl ReadTerms {
    pub(crate) fn of(licence: &Licence) -> Self {
        match &licence.spdx {
            Some(spdx) => Self::Public(expression::Terms::parse(spdx)),
            None => Self::Negotiated(licence.rules.iter().map(Meaning::of).collect()),
        }
    }

    /// Whether an action can be permitted in more ways than one, which may ask for different things.
    pub(crate) fn has_choice(&self, licence: &Licence, action: Action) -> bool {
        match self {
            Self::Public(terms) => terms.has_choice(),
            Self::Negotiated(_) => action.leaves().any(|leaf| {
                let permits = licence.rules.iter().filter(|rule| {
                    rule.effect == Effect::Permit
                        && rule.actions.iter().any(|of| leaf.is_within(*of))
                });
                permits.count() > 1
            }),
        }
    }
}

/// The rules of one effect with what each means.
pub(super) fn rules<'a>(
    licence: &'a Licence,
    meanings: &'a [Meaning],
    effect: Effect,
) -> impl Iterator<Item = ReadRule<'a>> {
    let rules = licence.rules.iter().zip(meanings);
    let rules = rules.map(|(rule, meaning)| ReadRule::new(rule, meaning));
    rules.filter(move |read| read.rule.effect == effect)
}
