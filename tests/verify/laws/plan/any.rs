//! Which lineages and questions there are.

use std::collections::BTreeSet;

use datadeed::lineage::ActivityKind;
use datadeed::rights::{
    Action, Condition, ConflictStrategy, Constraint, Duty, DutyKind, Licence, Outbound, Profile,
    Purpose, Regime, Rule, Territory, Use,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use super::{Grant, Happening, Kind, Plan, Said, Step, iss};
use crate::story::{but, day, manifest};

fn among<T: Copy + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = T> + use<T> {
    select(all.to_vec())
}

/// None, or rarely some of `values`.
fn few<T: std::fmt::Debug>(
    values: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    prop::option::weighted(0.3, vec(values, 1..=most)).prop_map(Option::unwrap_or_default)
}

fn party() -> impl Strategy<Value = &'static str> {
    among(&["buyer", "curator", "seller", "trainer"])
}

fn place() -> impl Strategy<Value = Territory> {
    among(&["CN", "CN-BJ", "US"]).prop_map(|code| code.parse().unwrap())
}

fn constraint() -> impl Strategy<Value = Constraint> {
    prop_oneof![
        3 => subsequence(Purpose::ALL, 1..4).prop_map(Constraint::purpose),
        1 => place().prop_map(|place| Constraint::processing_in([&place])),
        1 => place().prop_map(|place| Constraint::storage_in([&place])),
        1 => place().prop_map(|place| Constraint::distribution_in([&place])),
        1 => (1..22_u64).prop_map(|from| Constraint::not_before(day(from))),
        1 => (4..25_u64).prop_map(|end| Constraint::until(day(end))),
        1 => party().prop_map(|name| Constraint::licensee([iss(name)])),
        1 => (0..3_u64).prop_map(Constraint::hops),
        1 => Just(Constraint::new("zodiac", "any_of", ["leo".to_owned()])),
    ]
}

fn duty() -> impl Strategy<Value = Duty> {
    let alike = subsequence(vec!["CC-BY-SA-4.0", "LicenseRef-a", "LicenseRef-b"], 1..3);
    let delete = |end| but(Duty::new(DutyKind::DeleteAfter), |duty| duty.after = Some(day(end)));
    prop_oneof![
        3 => among(&[DutyKind::Attribute, DutyKind::Notice, DutyKind::Report]).prop_map(Duty::new),
        3 => alike.prop_map(Duty::share_alike),
        1 => Just(Duty::revenue_share(iss("supplier"), 100)),
        1 => Just(Duty::new(DutyKind::ObtainConsent)),
        1 => (4..25_u64).prop_map(delete),
    ]
}

fn permission() -> impl Strategy<Value = Rule> {
    let some = subsequence(Action::ALL, 1..8);
    let actions = prop_oneof![3 => Just(vec![Action::Use]), 1 => some];
    (actions, few(constraint(), 1), few(duty(), 3)).prop_map(|(actions, constraints, duties)| {
        let rule = constraints.into_iter().fold(Rule::permit(actions), Rule::when);
        duties.into_iter().fold(rule, Rule::duty)
    })
}

pub(in super::super) fn prohibition() -> impl Strategy<Value = Rule> {
    (subsequence(Action::ALL, 1..4), few(constraint(), 2)).prop_map(|(actions, constraints)| {
        constraints.into_iter().fold(Rule::prohibit(actions), Rule::when)
    })
}

prop_compose! {
    fn grant()(
        by in prop_oneof![2 => Just("supplier"), 1 => party()],
        rules in vec(permission(), 1..3),
        prohibited in prop::option::weighted(0.2, prohibition()),
        conflict in prop::option::weighted(0.4, among(ConflictStrategy::ALL)),
        (until, survives) in (prop::option::weighted(0.2, 6..25_u64), any::<Option<bool>>()),
        licensee in prop::option::weighted(0.1, party()),
        (revocable, is_resold, is_old) in
            (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.8)),
        (on, seen) in (0..8_u64, prop::option::of(8..10_u64)),
    ) -> Grant {
        let mut terms = Licence::granted(manifest(""), rules.into_iter().chain(prohibited));
        (terms.conflict, terms.until, terms.survives) = (conflict, until.map(day), survives);
        (terms.revocable, terms.from) = (revocable, is_old.then_some(day(0)));
        let resold = is_resold.then(|| terms.clone());
        if is_resold {
            terms.rules.insert(Rule::permit([Action::Sublicense]));
            terms.licensees = [iss("dealer")].into();
        } else {
            terms.licensees = licensee.map(iss).into_iter().collect();
        }
        Grant { by, terms, on, seen, resold }
    }
}

fn said() -> impl Strategy<Value = Said> {
    let licences = ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CDLA-Sharing-1.0"];
    let others = ["ODbL-1.0", "MIT OR CC-BY-NC-4.0", "CC-BY-ND-4.0", "NOASSERTION", "NONE"];
    let spdx = prop_oneof![4 => among(&licences), 1 => among(&others)];
    let by = || among(&["collector", "observer"]);
    let described = |(by, personal)| Said::Described { by, personal };
    prop_oneof![
        6 => (by(), spdx).prop_map(|(by, spdx)| Said::Observed { by, spdx }),
        9 => grant().prop_map(|grant| Said::Granted(Box::new(grant))),
        1 => (by(), any::<Option<bool>>()).prop_map(described),
        1 => among(&["seller", "supplier", "trainer"]).prop_map(|claimant| Said::Registered { claimant }),
        1 => among(&["train-ai=n", "train-ai=y"]).prop_map(Said::Stated),
        1 => Just(Said::Consented),
    ]
}

/// What lets nobody in question do anything: what publishers refuse or leave open, a licence for somebody else, a
/// title of somebody who grants nothing.
pub(in super::super) fn hindrance() -> impl Strategy<Value = Said> {
    let usages = ["", "search=n", "search=n, train-ai=n", "train-ai=n"];
    let for_another = |mut grant: Grant| {
        (grant.terms.licensees, grant.resold) = ([iss("court")].into(), None);
        Said::Granted(Box::new(grant))
    };
    prop_oneof![
        among(&usages).prop_map(Said::Stated),
        grant().prop_map(for_another),
        among(&["court", "observer"]).prop_map(|claimant| Said::Registered { claimant }),
    ]
}

/// A title to it.
pub(in super::super) fn registered(claimant: &'static str) -> Said {
    Said::Registered { claimant }
}

/// All rights, to everybody, for good.
pub(in super::super) fn everything() -> Said {
    let mut terms = Licence::granted(manifest(""), [Rule::permit([Action::Use])]);
    terms.from = Some(day(0));
    Said::Granted(Box::new(Grant { by: "supplier", terms, on: 0, seen: Some(8), resold: None }))
}

/// What was collected, with what is said of it.
pub(in super::super) fn source() -> impl Strategy<Value = Step> {
    (vec(said(), 1..3), prop::option::of(1..10_u64)).prop_map(|(said, seen)| Step {
        kind: ActivityKind::Collect,
        by: "collector",
        parents: BTreeSet::new(),
        model: 0,
        is_undisclosed: false,
        place: None,
        on: 1,
        seen,
        said,
    })
}

fn made() -> impl Strategy<Value = Step> {
    let curated = [
        ActivityKind::Clean,
        ActivityKind::Convert,
        ActivityKind::MergeCollect,
        ActivityKind::MergeDerive,
        ActivityKind::Synthesize,
    ];
    let trained = [ActivityKind::Train, ActivityKind::FineTune, ActivityKind::Distil];
    // What passes from one to another needs a licence, so that one takes most steps.
    let curator = prop_oneof![4 => Just("trainer"), 1 => among(&["curator", "seller"])];
    let learner = prop_oneof![4 => Just("trainer"), 1 => Just("buyer")];
    let by = prop_oneof![(among(&curated), curator), (among(&trained), learner)];
    let when = (2..10_u64, prop::option::weighted(0.7, 2..12_u64));
    let place = prop::option::weighted(0.2, place());
    (by, few(said(), 2), place, when, prop::bool::weighted(0.03)).prop_map(
        |((kind, by), said, place, (on, seen), is_undisclosed)| {
            let (parents, model) = (BTreeSet::new(), 0);
            Step { kind, by, parents, model, is_undisclosed, place, on, seen, said }
        },
    )
}

pub(in super::super) fn happening() -> impl Strategy<Value = Happening> {
    let kind =
        prop_oneof![party().prop_map(Kind::Breach), Just(Kind::Dispute), Just(Kind::Revocation),];
    let by = prop::option::of(among(&["court", "dealer", "registrar", "supplier"]));
    (kind, any::<Index>(), by, 2..24_u64, 3..19_u64)
        .prop_map(|(kind, target, by, on, known)| Happening { kind, target, by, on, known })
}

pub(in super::super) fn plan() -> impl Strategy<Value = Plan> {
    let made = vec((made(), any::<Index>(), any::<Index>()), 1..4);
    let delegators =
        subsequence(vec!["collector", "observer", "registrar", "supplier", "trainer"], 1..3);
    let delegators = prop::option::weighted(0.3, delegators);
    let rest = (few(happening(), 2), delegators, prop::bool::weighted(0.8));
    (vec(source(), 1..4), made, rest).prop_map(|(mut steps, made, rest)| {
        let (happenings, delegators, is_fresh) = rest;
        let delegators = delegators.into_iter().flatten().collect();
        for (mut step, one, other) in made {
            // The one before leads on, so that little is left unused.
            let before = steps.len();
            step.model = one.index(before);
            step.parents = [before - 1, step.model, other.index(before)].into();
            steps.push(step);
        }
        Plan { steps, happenings, delegators, more: None, is_fresh }
    })
}

prop_compose! {
    fn outbound()(
        terms in among(&["MIT", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "LicenseRef-a", "NONE"]),
        is_limited in any::<bool>(),
    ) -> Outbound {
        let limit = Condition::Purpose([Purpose::NonCommercial].into());
        Outbound::new(terms).limited_to(is_limited.then_some(limit))
    }
}

/// What is most often done with data and models.
const OFTEN: [Action; 6] = [
    Action::Derive,
    Action::Distribute,
    Action::DistributeDerived,
    Action::DistributeModel,
    Action::ServeOutputs,
    Action::Train,
];

prop_compose! {
    /// A use of the subject.
    pub(in super::super) fn question()(
        action in prop_oneof![2 => among(&OFTEN), 1 => among(Action::ALL)],
        purpose in prop::option::weighted(0.8, among(Purpose::ALL)),
        [processing, storage, distribution] in
            prop::array::uniform3(prop::option::weighted(0.8, place())),
        at in prop::option::weighted(0.3, 1..24_u64),
        party in prop::option::weighted(0.3, party()),
        outbound in prop::option::weighted(0.3, outbound()),
        (is_strict, is_in_china) in (any::<bool>(), prop::bool::weighted(0.1)),
    ) -> Use {
        let mut ask = Use::new(action);
        (ask.purpose, ask.at, ask.outbound) = (purpose, at.map(day), outbound);
        (ask.processing, ask.storage, ask.distribution) = (processing, storage, distribution);
        ask.party = party.map(iss);
        ask.regime = is_in_china.then_some(Regime::China);
        ask.profile = if is_strict { Profile::Strict } else { Profile::Declared };
        ask
    }
}
