//! Laws of the preferences about one asset, against a slow oracle.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;

/// A rule whose conditions and duties are of the few kinds that the oracle knows.
fn rule() -> impl Strategy<Value = Rule> {
    let conditions = vec![
        Constraint::purpose([Purpose::Commercial]),
        Constraint::purpose([Purpose::Personal]),
        unevaluable(),
    ];
    let duties = [DutyKind::Attribute, DutyKind::Notice, DutyKind::Pay].map(Duty::new).to_vec();
    let leaves: Vec<Action> = data_mine().into_iter().collect();
    let parts =
        (subsequence(leaves, 1..4), subsequence(conditions, 0..2), subsequence(duties, 0..2));
    (any::<bool>(), parts).prop_map(|(permit, (actions, conditions, duties))| {
        let mut rule = if permit { Rule::permit(actions) } else { Rule::prohibit(actions) };
        rule.constraints.extend(conditions);
        rule.duties.extend(duties.into_iter().filter(|_| permit));
        rule
    })
}

fn unevaluable() -> Constraint {
    Constraint::new("rsl.user", "any_of", ["commercial".to_owned()])
}

fn preference() -> impl Strategy<Value = Preference> {
    prop::collection::vec(rule(), 0..4)
        .prop_map(|rules| Preference::new(manifest(), Vocabulary::Rsl, observation(), rules))
}

fn action() -> impl Strategy<Value = Action> {
    select(vec![Action::TrainGenerative, Action::Evaluate, Action::Train, Action::DataMine])
}

fn together(preferences: &[Preference], action: Action) -> Stated {
    let all: Vec<&Preference> = preferences.iter().collect();
    crate::rights::preferences(&unfulfilled(&all), &commercial(action)).all
}

/// Against > Unclear > For, and silence apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    No,
    Perhaps,
    Yes,
    Nothing,
}

fn word(stated: &Stated) -> Word {
    match stated {
        Stated::Against(_) => Word::No,
        Stated::Unclear(_) => Word::Perhaps,
        Stated::For(_) => Word::Yes,
        Stated::Silent => Word::Nothing,
    }
}

/// How good the answer is for whoever wants to act, where nothing else speaks of the asset.
fn rank(stated: &Stated) -> u8 {
    match stated.clone().alone() {
        Outcome::Deny(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Permit(_) => 2,
    }
}

/// The rules of the domain, read off one after the other.
fn oracle(preferences: &[Preference], action: Action) -> Word {
    let of_leaf = |leaf: Action| {
        let words: Vec<Word> = preferences.iter().map(|one| oracle_one(one, leaf)).collect();
        [Word::No, Word::Perhaps, Word::Yes]
            .into_iter()
            .find(|word| words.contains(word))
            .unwrap_or(Word::Nothing)
    };
    let words: Vec<Word> = action.leaves().map(of_leaf).collect();
    [Word::No, Word::Perhaps, Word::Nothing]
        .into_iter()
        .find(|word| words.contains(word))
        .unwrap_or(Word::Yes)
}

fn oracle_one(preference: &Preference, leaf: Action) -> Word {
    let personal = Constraint::purpose([Purpose::Personal]);
    let (mut permits, mut prohibits) = (Vec::new(), Vec::new());
    for rule in preference.rules.iter().filter(|rule| rule.actions.contains(&leaf)) {
        let off = rule.constraints.contains(&personal);
        let open = rule.constraints.contains(&unevaluable());
        let pays = rule.duties.contains(&Duty::new(DutyKind::Pay));
        if rule.effect == Effect::Permit {
            permits.push(match (off || pays, open) {
                (true, _) => Word::No,
                (false, true) => Word::Perhaps,
                (false, false) => Word::Yes,
            });
        } else if !off {
            prohibits.push(if open { Word::Perhaps } else { Word::No });
        }
    }
    let granted =
        [Word::Yes, Word::Perhaps, Word::No].into_iter().find(|word| permits.contains(word));
    let all: Vec<Word> = prohibits.into_iter().chain(granted).collect();
    [Word::No, Word::Perhaps, Word::Yes]
        .into_iter()
        .find(|word| all.contains(word))
        .unwrap_or(Word::Nothing)
}

/// Of which nothing was fulfilled.
fn unfulfilled<'a>(all: &[&'a Preference]) -> Vec<(&'a Preference, &'static [Fulfilment])> {
    all.iter().map(|one| (*one, &[][..])).collect()
}

proptest! {
    #[test]
    fn preferences_are_combined_as_the_rules_read_off_say(
        preferences in prop::collection::vec(preference(), 0..4),
        action in action(),
    ) {
        let stated = together(&preferences, action);
        prop_assert_eq!(word(&stated), oracle(&preferences, action));
    }

    #[test]
    fn order_and_repetition_of_preferences_change_nothing(
        preferences in prop::collection::vec(preference(), 1..4),
        action in action(),
        by in 0..4_usize,
    ) {
        let stated = together(&preferences, action);
        let mut turned = preferences.clone();
        turned.rotate_left(by % preferences.len());
        prop_assert_eq!(&together(&turned, action), &stated);
        turned.reverse();
        turned.push(preferences[0].clone());
        prop_assert_eq!(&together(&turned, action), &stated);
    }

    #[test]
    fn how_preferences_are_grouped_changes_nothing_about_a_leaf(
        a in preference(), b in preference(), c in preference(),
    ) {
        let of = |preferences: &[&Preference]| {
            crate::rights::preferences(&unfulfilled(preferences), &commercial(Action::Evaluate)).all
        };
        let (x, y, z) = (of(&[&a]), of(&[&b]), of(&[&c]));
        let join = |a: &Stated, b: &Stated| a.clone().combine(b.clone());
        prop_assert_eq!(join(&x, &join(&y, &z)), join(&join(&x, &y), &z));
        prop_assert_eq!(of(&[&a, &b, &c]), join(&join(&x, &y), &z));
        prop_assert_eq!(join(&x, &y), join(&y, &x));
        prop_assert_eq!(&join(&x, &x), &x);
        prop_assert_eq!(&join(&x, &Stated::Silent), &x);
    }

    #[test]
    fn another_preference_never_betters_a_deny_nor_an_open_condition(
        preferences in prop::collection::vec(preference(), 0..3),
        other in preference(),
        action in action(),
    ) {
        let before = together(&preferences, action);
        let mut more = preferences;
        more.push(other);
        let after = together(&more, action);
        if !matches!(before, Stated::Silent) {
            prop_assert!(rank(&after) <= rank(&before), "{before:?} {after:?}");
        }
    }

    #[test]
    fn another_prohibition_never_betters_an_answer(
        mut preference in preference(),
        rule in rule(),
        action in action(),
    ) {
        let before = together(&[preference.clone()], action);
        let prohibition = Rule { effect: Effect::Prohibit, duties: BTreeSet::new(), ..rule };
        preference.rules.insert(prohibition);
        let after = together(&[preference], action);
        prop_assert!(rank(&after) <= rank(&before), "{before:?} {after:?}");
    }

    #[test]
    fn a_prohibition_of_a_leaf_is_one_of_everything_around_it(
        preferences in prop::collection::vec(preference(), 0..3),
        leaf in select(data_mine().into_iter().collect::<Vec<_>>()),
    ) {
        let mut preferences = preferences;
        preferences.push(Preference::new(manifest(), Vocabulary::Rsl, observation(), [prohibit([leaf])]));
        for action in [leaf, Action::DataMine, Action::Use] {
            prop_assert_eq!(word(&together(&preferences, action)), Word::No);
        }
    }

    #[test]
    fn beside_a_licence_silence_is_neutral_and_anything_else_meets_it(
        preferences in prop::collection::vec(preference(), 0..3),
        action in action(),
        spdx in select(vec!["CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0", "NOASSERTION"]),
    ) {
        let licence = evaluate(&super::super::spdx(spdx), &commercial(action));
        let stated = together(&preferences, action);
        let beside = stated.clone().beside(licence.clone());
        match stated {
            Stated::Silent => prop_assert_eq!(beside, licence),
            other => prop_assert_eq!(beside, licence.meet(other.alone())),
        }
    }
}

/// What tells this operator from the meet of several inputs.
#[test]
fn silence_takes_no_allowance_back_and_an_input_without_terms_does() {
    let yes = Reading::content_usage(b"train-ai=y").unwrap();
    let nothing = Reading::content_usage(b"").unwrap();
    let texts = [yes, nothing];
    let inputs = texts.clone().map(|text| says(&text, Action::TrainGenerative).alone());
    let together = together(&texts.map(seen), Action::TrainGenerative);
    assert_eq!(together.alone(), Outcome::free());
    let met = inputs.into_iter().reduce(Outcome::meet).unwrap();
    assert_eq!(met, Outcome::unknown(Missing::Licence));
}
