//! Laws that hold for all licences, questions and outcomes.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// Deny < Unknown < Permit.
fn rank(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Deny(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Permit(_) => 2,
    }
}

fn duties() -> impl Strategy<Value = BTreeSet<Duty>> {
    let mut pool: Vec<Duty> = DutyKind::ALL.iter().copied().map(Duty::new).collect();
    pool.push(Duty { after: Some(at(T)), ..Duty::new(DutyKind::DeleteAfter) });
    subsequence(pool, 0..3).prop_map(BTreeSet::from_iter)
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let some = |len: usize| 1..=len.min(4);
    let missing = subsequence(Missing::ALL, some(Missing::ALL.len()));
    prop_oneof![
        subsequence(Reason::ALL, some(Reason::ALL.len()))
            .prop_map(|reasons| Outcome::Deny(reasons.into_iter().collect())),
        missing.prop_map(|missing| Outcome::Unknown(missing.into_iter().collect())),
        duties().prop_map(|duties| Outcome::Permit(duties.into())),
    ]
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (T - 3..=T + 3).prop_map(at)
}

fn acts() -> impl Strategy<Value = Acts> {
    (instant(), instant(), instant()).prop_map(|(a, b, proven)| Acts {
        earliest: a.min(b),
        latest: a.max(b),
        proven,
    })
}

const PLACES: [&str; 4] = ["CN", "CN-BJ", "CN-SH", "US"];

fn places() -> impl Strategy<Value = Vec<Territory>> {
    subsequence(PLACES.map(place).to_vec(), 1..3)
}

fn constraint() -> impl Strategy<Value = Constraint> {
    prop_oneof![
        subsequence(Purpose::ALL, 1..4).prop_map(Constraint::purpose),
        places().prop_map(|places| Constraint::processing_in(&places)),
        places().prop_map(|places| Constraint::storage_in(&places)),
        places().prop_map(|places| Constraint::distribution_in(&places)),
        instant().prop_map(Constraint::not_before),
        instant().prop_map(Constraint::until),
        select(vec![TRAINER, "did:web:other.example"])
            .prop_map(|party| Constraint::licensee([party.to_owned()])),
        select(vec!["medical", "games"]).prop_map(|name| Constraint::field([name.to_owned()])),
        select(vec!["medical", "games"]).prop_map(|name| Constraint::product([name.to_owned()])),
        (0..4_u64).prop_map(Constraint::hops),
        (0..4_u64, select(VolumeUnit::ALL))
            .prop_map(|(at_most, unit)| Constraint::volume(at_most, unit)),
        Just(Constraint::new("zodiac", "any_of", ["leo".to_owned()])),
    ]
}

fn rule(effect: Effect) -> impl Strategy<Value = Rule> {
    let actions = subsequence(Action::ALL, 1..4);
    let constraints = prop::collection::btree_set(constraint(), 0..3);
    (actions, constraints, duties()).prop_map(move |(actions, constraints, duties)| Rule {
        duties: if effect == Effect::Permit { duties } else { BTreeSet::new() },
        effect,
        actions: actions.into_iter().collect(),
        constraints,
    })
}

prop_compose! {
    fn licence()(
        permits in prop::collection::vec(rule(Effect::Permit), 1..4),
        prohibits in prop::collection::vec(rule(Effect::Prohibit), 0..2),
        wide in any::<bool>(),
        until in prop::option::of(instant()),
        survives in any::<Option<bool>>(),
        revocable in any::<bool>(),
        restricted in any::<bool>(),
        conflict in prop::option::of(select(ConflictStrategy::ALL)),
    ) -> Licence {
        let wide = wide.then(|| Rule::permit([Action::Use]));
        Licence {
            until,
            survives,
            revocable,
            conflict,
            licensees: restricted.then(|| TRAINER.to_owned()).into_iter().collect(),
            ..granted(permits.into_iter().chain(prohibits).chain(wide))
        }
    }
}

/// A question, with what it borrows kept beside it.
#[derive(Clone, Debug)]
struct Question {
    ask: Ask<'static>,
    volumes: BTreeMap<VolumeUnit, u64>,
}

impl Question {
    fn to(&self, licence: &Licence) -> Outcome {
        evaluate(licence, &Ask { volumes: &self.volumes, ..self.ask })
    }

    fn there(&self, place: Option<Territory>) -> Self {
        Self { ask: everywhere(place, self.ask), ..self.clone() }
    }
}

fn somewhere() -> impl Strategy<Value = Territory> {
    select(PLACES.map(place).to_vec())
}

fn named() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::of(select(vec!["medical", "games", "warfare"]))
}

prop_compose! {
    fn question()(
        action in select(Action::ALL),
        (acts, since, revoked, trained) in (
            acts(),
            prop::option::of(instant()),
            prop::option::of(instant()),
            prop::option::of(acts()),
        ),
        purpose in prop::option::of(select(Purpose::ALL)),
        processing in prop::option::of(somewhere()),
        storage in prop::option::of(somewhere()),
        distribution in prop::option::of(somewhere()),
        licensee in prop::option::of(select(vec![TRAINER, "did:web:third.example"])),
        (field, product) in (named(), named()),
        volumes in prop::collection::btree_map(select(VolumeUnit::ALL), 0..5_u64, 0..5),
        hops in 0..5_u64,
    ) -> Question {
        let ask = Ask {
            acts, purpose, processing, storage, distribution, field, product, hops, licensee,
            since, revoked, trained, ..ask(action)
        };
        Question { ask, volumes }
    }
}

fn expression() -> impl Strategy<Value = String> {
    let ids: Vec<String> = licences()
        .iter()
        .filter(|row| row.exception.is_empty())
        .map(|row| row.id.to_owned())
        .chain(["SSPL-1.0".to_owned(), "LicenseRef-x".to_owned()])
        .collect();
    select(ids).prop_recursive(4, 12, 2, |inner| {
        (inner.clone(), select(vec!["AND", "OR"]), inner)
            .prop_map(|(left, operator, right)| format!("({left} {operator} {right})"))
    })
}

proptest! {
    #[test]
    fn meet_is_a_semilattice_with_free_as_its_top(a in outcome(), b in outcome(), c in outcome()) {
        prop_assert_eq!(a.clone().meet(b.clone()), b.clone().meet(a.clone()));
        prop_assert_eq!(
            a.clone().meet(b.clone()).meet(c.clone()),
            a.clone().meet(b.clone().meet(c))
        );
        prop_assert_eq!(&a.clone().meet(a.clone()), &a);
        prop_assert_eq!(&a.clone().meet(Outcome::free()), &a);
        prop_assert_eq!(rank(&a.clone().meet(b.clone())), rank(&a).min(rank(&b)));
    }

    #[test]
    fn best_is_a_semilattice_that_takes_the_higher(
        a in outcome(), b in outcome(), c in outcome(),
    ) {
        prop_assert_eq!(
            a.clone().best(b.clone()).best(c.clone()),
            a.clone().best(b.clone().best(c))
        );
        prop_assert_eq!(&a.clone().best(a.clone()), &a);
        let best = a.clone().best(b.clone());
        prop_assert_eq!(rank(&best), rank(&a).max(rank(&b)));
        prop_assert_eq!(best, b.best(a));
    }

    #[test]
    fn another_prohibition_never_helps(
        licence in licence(), question in question(), rule in rule(Effect::Prohibit),
    ) {
        let before = rank(&question.to(&licence));
        let mut licence = licence;
        licence.rules.insert(rule);
        prop_assert!(rank(&question.to(&licence)) <= before);
    }

    #[test]
    fn another_condition_on_a_permission_never_helps(
        permission in rule(Effect::Permit), question in question(), constraint in constraint(),
    ) {
        let before = rank(&question.to(&granted([permission.clone()])));
        prop_assert!(rank(&question.to(&granted([permission.when(constraint)]))) <= before);
    }

    /// But where a contradiction makes all void.
    #[test]
    fn another_permission_never_hurts(
        licence in licence(), question in question(), rule in rule(Effect::Permit),
    ) {
        prop_assume!(licence.conflict != Some(ConflictStrategy::Invalid));
        let before = rank(&question.to(&licence));
        let mut licence = licence;
        licence.rules.insert(rule);
        prop_assert!(rank(&question.to(&licence)) >= before);
    }

    #[test]
    fn nothing_is_permitted_without_a_rule_for_each_leaf(
        licence in licence(), question in question(),
    ) {
        let granted = |leaf: Action| licence.rules.iter().any(|rule| {
            rule.effect == Effect::Permit && rule.actions.iter().any(|action| leaf.is_within(*action))
        });
        if !question.ask.action.leaves().all(granted) {
            prop_assert_eq!(rank(&question.to(&licence)), 0);
        }
    }

    /// What is permitted without a fact is permitted whatever the fact is.
    #[test]
    fn silence_is_never_better_than_an_answer(
        licence in licence(),
        question in question(),
        purpose in select(Purpose::ALL),
        place in somewhere(),
        name in select(vec!["medical", "games"]),
        (unit, volume) in (select(VolumeUnit::ALL), any::<u64>()),
        licensee in select(vec![TRAINER, "did:web:other.example", "did:web:third.example"]),
    ) {
        let mut silent = question.clone();
        silent.ask.purpose = None;
        let mut told = question.clone();
        told.ask.purpose = Some(purpose);
        prop_assert!(rank(&silent.to(&licence)) < 2 || rank(&told.to(&licence)) == 2);
        let (silent, told) = (question.there(None), question.there(Some(place)));
        prop_assert!(rank(&silent.to(&licence)) < 2 || rank(&told.to(&licence)) == 2);
        let (mut silent, mut told) = (question.clone(), question.clone());
        (silent.ask.field, silent.ask.product) = (None, None);
        (told.ask.field, told.ask.product) = (Some(name), Some(name));
        prop_assert!(rank(&silent.to(&licence)) < 2 || rank(&told.to(&licence)) == 2);
        let (mut silent, mut told) = (question.clone(), question.clone());
        silent.volumes.remove(&unit);
        told.volumes.insert(unit, volume);
        prop_assert!(rank(&silent.to(&licence)) < 2 || rank(&told.to(&licence)) == 2);
        let mut silent = question.clone();
        silent.ask.licensee = None;
        let mut told = question;
        told.ask.licensee = Some(licensee);
        prop_assert!(rank(&silent.to(&licence)) < 2 || rank(&told.to(&licence)) == 2);
    }

    /// What is permitted in a country is permitted in its parts.
    #[test]
    fn a_part_is_permitted_with_the_whole(licence in licence(), question in question()) {
        let there = |code: &str| question.there(Some(place(code)));
        if rank(&there("CN").to(&licence)) == 2 {
            prop_assert_eq!(rank(&there("CN-BJ").to(&licence)), 2);
            prop_assert_eq!(rank(&there("CN-SH").to(&licence)), 2);
        }
    }

    /// Whatever part a permission is asked about is a part that a prohibition looks at.
    #[test]
    fn what_holds_for_all_touches_some(constraint in constraint(), question in question()) {
        let ask = Ask { volumes: &question.volumes, ..question.ask };
        let bound = match constraint.condition() {
            Some(Condition::Processing(_)) => !ask.action.is_distribution(),
            Some(Condition::Distribution(_)) => ask.action.is_distribution(),
            _ => true,
        };
        if let Some(condition) = constraint.condition()
            && bound
            && condition.holds(&ask) == Holds::Yes
        {
            prop_assert_eq!(condition.touches(&ask), Holds::Yes);
        }
    }

    /// A condition narrows a prohibition: it can lift one and never make one.
    #[test]
    fn another_condition_on_a_prohibition_never_hurts(
        prohibition in rule(Effect::Prohibit), question in question(), constraint in constraint(),
    ) {
        let all = Rule::permit([Action::Use]);
        let before = rank(&question.to(&granted([all.clone(), prohibition.clone()])));
        let after = rank(&question.to(&granted([all, prohibition.when(constraint)])));
        prop_assert!(after >= before);
    }

    /// Less is permitted with more.
    #[test]
    fn less_is_permitted_with_more(
        licence in licence(), question in question(), unit in select(VolumeUnit::ALL), less in 0..5_u64,
    ) {
        if rank(&question.to(&licence)) == 2 {
            let mut smaller = question;
            smaller.volumes.entry(unit).and_modify(|volume| *volume = (*volume).min(less));
            prop_assert_eq!(rank(&smaller.to(&licence)), 2);
        }
    }

    /// What implies another condition holds in fewer cases, and in none that the other refuses.
    #[test]
    fn what_is_implied_holds_too(a in constraint(), b in constraint(), question in question()) {
        let ask = Ask { volumes: &question.volumes, ..question.ask };
        prop_assert!(a.implies(&a));
        if let Some((this, that)) = a.condition().zip(b.condition())
            && this.implies(&that)
            && this.holds(&ask) == Holds::Yes
        {
            prop_assert_eq!(that.holds(&ask), Holds::Yes);
        }
    }

    /// A rule that drops no condition permits nothing that the parent's conditions do not.
    #[test]
    fn a_rule_that_drops_no_condition_is_within_its_parent(
        parent in rule(Effect::Permit), child in rule(Effect::Permit), question in question(),
    ) {
        let child = Rule { actions: parent.actions.clone(), ..child };
        let dropped: BTreeSet<Constraint> =
            child.conditions_dropped_from(&parent).cloned().collect();
        prop_assert!(dropped.is_subset(&parent.constraints));
        let kept = Rule {
            constraints: parent.constraints.difference(&dropped).cloned().collect(),
            duties: BTreeSet::new(),
            ..parent
        };
        if rank(&question.to(&granted([child]))) == 2 {
            prop_assert_eq!(rank(&question.to(&granted([kept]))), 2);
        }
    }

    /// One spelling, both ways.
    #[test]
    fn a_condition_is_the_constraint_it_came_from(constraint in constraint()) {
        if let Some(condition) = constraint.condition() {
            let again: Constraint = condition.into();
            prop_assert_eq!(again, constraint);
        }
    }

    /// What two acts may do together each may do alone.
    #[test]
    fn one_act_is_permitted_with_both(
        licence in licence(), question in question(), a in acts(), b in acts(),
    ) {
        let mut during = question;
        during.ask.acts = a.and(b);
        if rank(&during.to(&licence)) == 2 {
            during.ask.acts = a;
            prop_assert_eq!(rank(&during.to(&licence)), 2);
            during.ask.acts = b;
            prop_assert_eq!(rank(&during.to(&licence)), 2);
        }
    }

    /// An act that may lie after the end is permitted only where models survive it.
    #[test]
    fn an_unproven_act_is_never_permitted(licence in licence(), question in question()) {
        let revoked = question.ask.revoked.filter(|_| licence.revocable);
        for end in [licence.until, revoked].into_iter().flatten() {
            let survives = licence.survives == Some(true)
                && question.ask.trained.is_some_and(|trained| trained.ended_by(end) == Ended::Before);
            if question.ask.acts.ended_by(end) != Ended::Before && !survives {
                prop_assert_ne!(rank(&question.to(&licence)), 2);
            }
        }
    }

    #[test]
    fn an_inner_action_is_the_meet_of_its_leaves(licence in licence(), question in question()) {
        let mut leaf_question = question.clone();
        let leaves = question.ask.action.leaves().map(|leaf| {
            leaf_question.ask.action = leaf;
            leaf_question.to(&licence)
        });
        prop_assert_eq!(leaves.reduce(Outcome::meet), Some(question.to(&licence)));
    }

    /// `AND` never helps and `OR` never hurts, whatever the licences.
    #[test]
    fn operators_move_an_answer_one_way(
        left in expression(), right in expression(), question in question(),
    ) {
        let to = |expression: &str| rank(&question.to(&spdx(expression)));
        let both = format!("({left}) AND ({right})");
        let either = format!("({left}) OR ({right})");
        if both.len() <= crate::limits::MAX_EXPRESSION && question.ask.action.parent().is_some() {
            prop_assert!(to(&both) <= to(&left).min(to(&right)));
            prop_assert!(to(&either) >= to(&left).max(to(&right)));
            prop_assert_eq!(is_public(&both), is_public(&left) && is_public(&right));
        }
    }

    #[test]
    fn garbage_is_never_a_licence(chars in prop::collection::vec(any::<char>(), 0..40)) {
        let text: String = chars.into_iter().collect();
        prop_assert_ne!(rank(&evaluate(&spdx(&text), &commercial(Action::Train))), 2);
    }
}
