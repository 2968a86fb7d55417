use super::*;

#[test]
fn the_tree_has_the_leaves_of_its_drawing() {
    let leaves = |action: Action| action.leaves().collect::<BTreeSet<Action>>();
    let train = BTreeSet::from([Action::TrainGenerative, Action::TrainNongenerative]);
    assert_eq!(leaves(Action::Train), train);
    let mut data_mine = train;
    data_mine.extend([Action::InferInput, Action::Evaluate, Action::Synthesize]);
    assert_eq!(leaves(Action::DataMine), data_mine);
    let inner = [Action::Use, Action::DataMine, Action::Train];
    let mut all: BTreeSet<Action> = Action::ALL.iter().copied().collect();
    all.retain(|action| !inner.contains(action));
    assert_eq!(leaves(Action::Use), all);
    for leaf in all {
        assert_eq!(leaves(leaf), BTreeSet::from([leaf]));
    }
}

#[test]
fn everything_is_within_itself_its_ancestors_and_use_alone() {
    for &action in Action::ALL {
        assert!(action.is_within(action));
        assert!(action.is_within(Action::Use));
        assert_eq!(Action::Use.is_within(action), action == Action::Use);
        assert_eq!(action.parent().is_none(), action == Action::Use);
    }
    assert!(Action::TrainNongenerative.is_within(Action::Train));
    assert!(Action::Evaluate.is_within(Action::DataMine));
    assert!(!Action::Train.is_within(Action::TrainGenerative));
    assert!(!Action::Evaluate.is_within(Action::Train));
    assert!(!Action::DistributeDerived.is_within(Action::Distribute));
    assert!(!Action::ServeOutputs.is_within(Action::DistributeModel));
}

#[test]
fn an_inner_action_is_permitted_only_if_all_its_leaves_are() {
    let licence = granted([Rule::permit([Action::TrainGenerative])]);
    permits(&licence, &ask(Action::TrainGenerative));
    denies(&licence, &ask(Action::Train), [Reason::NoGrant]);
    let both = granted([
        Rule::permit([Action::TrainGenerative]),
        Rule::permit([Action::TrainNongenerative]),
    ]);
    permits(&both, &ask(Action::Train));
    denies(&both, &ask(Action::DataMine), [Reason::NoGrant]);
}

#[test]
fn a_rule_about_an_inner_action_covers_what_is_below_it() {
    let licence = granted([Rule::permit([Action::DataMine])]);
    for action in [Action::DataMine, Action::Train, Action::TrainGenerative, Action::Synthesize] {
        permits(&licence, &ask(action));
    }
    for action in [Action::Use, Action::Derive, Action::Distribute, Action::ServeOutputs] {
        denies(&licence, &ask(action), [Reason::NoGrant]);
    }
}

#[test]
fn a_prohibited_leaf_denies_what_is_above_it_and_not_its_sibling() {
    let licence = granted([Rule::permit([Action::Use]), Rule::prohibit([Action::TrainGenerative])]);
    for action in [Action::TrainGenerative, Action::Train, Action::DataMine, Action::Use] {
        denies(&licence, &ask(action), [Reason::Prohibited]);
    }
    for action in [Action::TrainNongenerative, Action::InferInput, Action::Transfer] {
        permits(&licence, &ask(action));
    }
}

#[test]
fn a_prohibited_inner_action_denies_every_leaf_below_it() {
    let licence = granted([Rule::permit([Action::Use]), Rule::prohibit([Action::DataMine])]);
    for leaf in Action::DataMine.leaves() {
        denies(&licence, &ask(leaf), [Reason::Prohibited]);
    }
    permits(&licence, &ask(Action::Search));
}
