use super::*;
use proptest::test_runner::TestRunner;

fn acts(earliest: u64, latest: u64) -> Acts {
    Acts { earliest: at(earliest), latest: at(latest), proven: at(latest) }
}

fn during(acts: Acts) -> Ask<'static> {
    Ask { acts, ..ask(Action::Train) }
}

fn raw(operand: &str, operator: &str, values: &[&str]) -> Constraint {
    Constraint {
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        operand: operand.to_owned(),
        operator: operator.to_owned(),
    }
}

#[test]
fn from_is_inclusive() {
    let licence = train_when(Constraint::not_before(at(T)));
    denies(&licence, &during(acts(T - 1, T - 1)), [Reason::NotYetValid]);
    permits(&licence, &during(acts(T, T)));
    denies(&licence, &during(acts(T - 1, T + 1)), [Reason::NotYetValid]);
}

#[test]
fn until_is_exclusive() {
    let licence = train_when(Constraint::until(at(T)));
    permits(&licence, &during(acts(T - 1, T - 1)));
    denies(&licence, &during(acts(T, T)), [Reason::Expired]);
    denies(&licence, &during(acts(T - 1, T)), [Reason::Expired]);
    misses(&licence, &during(unproven()), [Missing::ActTimeUnproven]);
    let proven_at_the_end = Acts { proven: at(T), ..acts(T - 1, T - 1) };
    misses(&licence, &during(proven_at_the_end), [Missing::ActTimeUnproven]);
}

#[test]
fn a_prohibition_from_an_instant_stops_every_act_not_proven_earlier() {
    let licence = train_except(Constraint::not_before(at(T)));
    permits(&licence, &during(acts(T - 1, T - 1)));
    denies(&licence, &during(acts(T, T)), [Reason::Prohibited]);
    denies(&licence, &during(acts(T - 1, T)), [Reason::Prohibited]);
    misses(&licence, &during(unproven()), [Missing::ActTimeUnproven]);
}

#[test]
fn a_prohibition_until_an_instant_stops_every_earlier_act() {
    let licence = train_except(Constraint::until(at(T)));
    denies(&licence, &during(acts(T - 1, T - 1)), [Reason::Prohibited]);
    denies(&licence, &during(acts(T - 1, T + 1)), [Reason::Prohibited]);
    denies(&licence, &during(unproven()), [Reason::Prohibited]);
    permits(&licence, &during(acts(T, T)));
}

#[test]
fn purposes_are_a_closed_list() {
    let licence = train_when(Constraint::purpose([Purpose::Research, Purpose::Education]));
    for &purpose in Purpose::ALL {
        let ask = Ask { purpose: Some(purpose), ..ask(Action::Train) };
        if matches!(purpose, Purpose::Research | Purpose::Education) {
            permits(&licence, &ask);
        } else {
            denies(&licence, &ask, [Reason::Purpose]);
        }
    }
    misses(&licence, &ask(Action::Train), [Missing::Purpose]);
}

/// Nobody can tell what was meant by none of something: it neither never holds nor always does.
#[test]
fn a_condition_without_values_cannot_be_evaluated() {
    let told = Ask {
        licensee: Some(TRAINER),
        field: Some("medical"),
        product: Some("assistant"),
        ..everywhere(Some(place("CN")), commercial(Action::Train))
    };
    for none in [
        Constraint::distribution_in([]),
        Constraint::field([]),
        Constraint::licensee([]),
        Constraint::processing_in([]),
        Constraint::product([]),
        Constraint::purpose([]),
        Constraint::storage_in([]),
        Constraint::new("time", "until", []),
    ] {
        assert_eq!(none.condition(), None, "{none:?}");
        misses(&train_when(none.clone()), &told, [Missing::Constraint]);
        misses(&train_except(none), &told, [Missing::Constraint]);
    }
}

#[test]
fn a_prohibited_purpose_denies_and_an_unsaid_one_is_unknown() {
    let licence = train_except(Constraint::purpose([Purpose::Commercial]));
    denies(&licence, &commercial(Action::Train), [Reason::Prohibited]);
    let personal = Ask { purpose: Some(Purpose::Personal), ..ask(Action::Train) };
    permits(&licence, &personal);
    misses(&licence, &ask(Action::Train), [Missing::Purpose]);
}

#[test]
fn a_country_includes_its_subdivisions_and_not_the_reverse() {
    let (china, beijing, shanghai, chile) =
        (place("CN"), place("CN-BJ"), place("CN-SH"), place("CL"));
    let table = [
        (&china, &china, true),
        (&china, &beijing, true),
        (&beijing, &beijing, true),
        (&beijing, &china, false),
        (&beijing, &shanghai, false),
        (&china, &chile, false),
    ];
    for (allowed, asked, holds) in table {
        for (action, constraint) in [
            (Action::Train, Constraint::processing_in([allowed])),
            (Action::Train, Constraint::storage_in([allowed])),
            (Action::Distribute, Constraint::distribution_in([allowed])),
        ] {
            let licence = granted([Rule::permit([action]).when(constraint)]);
            let ask = everywhere(Some(*asked), ask(action));
            if holds {
                permits(&licence, &ask);
            } else {
                denies(&licence, &ask, [Reason::Territory]);
            }
        }
    }
    let several = train_when(Constraint::processing_in([&chile, &beijing]));
    permits(&several, &everywhere(Some(beijing), ask(Action::Train)));
    misses(&several, &ask(Action::Train), [Missing::Territory]);
}

/// Who asks about all of China asks about Beijing too.
#[test]
fn a_prohibition_in_a_part_denies_the_whole() {
    let (china, beijing, shanghai) = (place("CN"), place("CN-BJ"), place("CN-SH"));
    let in_beijing = train_except(Constraint::processing_in([&beijing]));
    let in_china = train_except(Constraint::storage_in([&china]));
    for (licence, asked, prohibited) in [
        (&in_beijing, &china, true),
        (&in_beijing, &beijing, true),
        (&in_beijing, &shanghai, false),
        (&in_china, &beijing, true),
    ] {
        let ask = everywhere(Some(*asked), ask(Action::Train));
        if prohibited {
            denies(licence, &ask, [Reason::Prohibited]);
        } else {
            permits(licence, &ask);
        }
    }
    misses(&in_beijing, &ask(Action::Train), [Missing::Territory]);
    let share = Rule::permit([Action::Distribute]);
    let but_in =
        |one| Rule::prohibit([Action::Distribute]).when(Constraint::distribution_in([one]));
    let licence = granted([share, but_in(&beijing)]);
    let sharing_in = |one| everywhere(Some(one), ask(Action::Distribute));
    denies(&licence, &sharing_in(china), [Reason::Prohibited]);
    denies(&licence, &sharing_in(beijing), [Reason::Prohibited]);
    permits(&licence, &sharing_in(shanghai));
}

#[test]
fn places_of_processing_and_of_distribution_bind_their_own_actions() {
    let (china, chile) = (place("CN"), place("CL"));
    let here = |constraint| granted([Rule::permit([Action::Use]).when(constraint)]);
    let processing = here(Constraint::processing_in([&china]));
    let distribution = here(Constraint::distribution_in([&china]));
    let storage = here(Constraint::storage_in([&china]));
    for leaf in Action::Use.leaves() {
        let ask = everywhere(Some(chile), ask(leaf));
        let unsaid = super::ask(leaf);
        denies(&storage, &ask, [Reason::Territory]);
        misses(&storage, &unsaid, [Missing::Territory]);
        let (binding, other) = if leaf.is_distribution() {
            (&distribution, &processing)
        } else {
            (&processing, &distribution)
        };
        denies(binding, &ask, [Reason::Territory]);
        misses(binding, &unsaid, [Missing::Territory]);
        permits(other, &ask);
        permits(other, &unsaid);
    }
}

#[test]
fn a_rule_may_name_its_licensees() {
    let licence = train_when(Constraint::licensee([TRAINER.to_owned()]));
    permits(&licence, &Ask { licensee: Some(TRAINER), ..ask(Action::Train) });
    for other in ["did:web:trainer.example.", "did:web:TRAINER.example", "did:web:trainer"] {
        let ask = Ask { licensee: Some(other), ..ask(Action::Train) };
        denies(&licence, &ask, [Reason::Licensee]);
    }
    misses(&licence, &ask(Action::Train), [Missing::Licensee]);
    let banned = train_except(Constraint::licensee([TRAINER.to_owned()]));
    let trainer = Ask { licensee: Some(TRAINER), ..ask(Action::Train) };
    denies(&banned, &trainer, [Reason::Prohibited]);
    misses(&banned, &ask(Action::Train), [Missing::Licensee]);
}

#[test]
fn the_three_places_are_told_apart() {
    let (china, chile) = (place("CN"), place("CL"));
    let all = granted([Rule::permit([Action::Use])
        .when(Constraint::processing_in([&china]))
        .when(Constraint::storage_in([&china]))
        .when(Constraint::distribution_in([&china]))]);
    let (train, distribute) = (ask(Action::Train), ask(Action::Distribute));
    permits(&all, &Ask { distribution: Some(chile), ..everywhere(Some(china), train) });
    denies(
        &all,
        &Ask { processing: Some(chile), ..everywhere(Some(china), train) },
        [Reason::Territory],
    );
    for ask in [train, distribute] {
        let abroad = Ask { storage: Some(chile), ..everywhere(Some(china), ask) };
        denies(&all, &abroad, [Reason::Territory]);
        let unsaid = Ask { storage: None, ..abroad };
        misses(&all, &unsaid, [Missing::Territory]);
    }
    permits(&all, &Ask { processing: Some(chile), ..everywhere(Some(china), distribute) });
    denies(
        &all,
        &Ask { distribution: Some(chile), ..everywhere(Some(china), distribute) },
        [Reason::Territory],
    );
    for (constraint, there) in [
        (Constraint::processing_in([&china]), Ask { processing: Some(china), ..train }),
        (Constraint::storage_in([&china]), Ask { storage: Some(china), ..train }),
        (Constraint::distribution_in([&china]), Ask { distribution: Some(china), ..train }),
    ] {
        let licence = train_except(constraint);
        denies(&licence, &there, [Reason::Prohibited]);
        misses(&licence, &train, [Missing::Territory]);
        permits(&licence, &everywhere(Some(chile), train));
    }
}

#[test]
fn a_volume_is_allowed_at_its_bound_and_denied_above() {
    for &unit in VolumeUnit::ALL {
        for bound in [0, 1, 1_000, u64::MAX - 1] {
            let licence = train_when(Constraint::volume(bound, unit));
            let used = |volume| BTreeMap::from([(unit, volume)]);
            let (at, above) = (used(bound), used(bound + 1));
            permits(&licence, &Ask { volumes: &at, ..ask(Action::Train) });
            denies(&licence, &Ask { volumes: &above, ..ask(Action::Train) }, [Reason::Volume]);
            misses(&licence, &ask(Action::Train), [Missing::Volume]);
        }
    }
    let records = train_when(Constraint::volume(10, VolumeUnit::Records));
    let bytes = BTreeMap::from([(VolumeUnit::Bytes, 1)]);
    misses(&records, &Ask { volumes: &bytes, ..ask(Action::Train) }, [Missing::Volume]);
}

#[test]
fn hops_are_allowed_at_their_bound_and_denied_above() {
    for bound in [0, 1, 1_000, u64::MAX - 1] {
        let licence = train_when(Constraint::hops(bound));
        permits(&licence, &Ask { hops: bound, ..ask(Action::Train) });
        denies(&licence, &Ask { hops: bound + 1, ..ask(Action::Train) }, [Reason::Hops]);
        // Nobody escapes a prohibition by steps that he claims.
        let except = train_except(Constraint::hops(bound));
        for hops in [bound, bound + 1] {
            denies(&except, &Ask { hops, ..ask(Action::Train) }, [Reason::Prohibited]);
        }
    }
}

/// Who distributes much in small parts distributes small parts.
#[test]
fn a_prohibition_of_small_volumes_stops_every_volume() {
    let licence = train_except(Constraint::volume(10, VolumeUnit::Records));
    for volume in [0, 10, 11, u64::MAX] {
        let volumes = BTreeMap::from([(VolumeUnit::Records, volume)]);
        let ask = Ask { volumes: &volumes, ..ask(Action::Train) };
        denies(&licence, &ask, [Reason::Prohibited]);
    }
    misses(&licence, &ask(Action::Train), [Missing::Volume]);
}

#[test]
fn fields_and_products_are_compared_exactly() {
    let names = || ["medical".to_owned(), "医疗".to_owned()];
    let in_field = |field| Ask { field: Some(field), ..ask(Action::Train) };
    let of_product = |product| Ask { product: Some(product), ..ask(Action::Train) };
    let field = Constraint::field(names());
    let product = Constraint::product(names());
    for said in ["medical", "医疗"] {
        permits(&train_when(field.clone()), &in_field(said));
        permits(&train_when(product.clone()), &of_product(said));
        denies(&train_except(field.clone()), &in_field(said), [Reason::Prohibited]);
        denies(&train_except(product.clone()), &of_product(said), [Reason::Prohibited]);
    }
    for said in ["Medical", "medical ", "med", "医", ""] {
        denies(&train_when(field.clone()), &in_field(said), [Reason::Field]);
        denies(&train_when(product.clone()), &of_product(said), [Reason::Product]);
        permits(&train_except(field.clone()), &in_field(said));
        permits(&train_except(product.clone()), &of_product(said));
    }
    for licence in [train_when(field.clone()), train_except(field)] {
        misses(&licence, &of_product("medical"), [Missing::Field]);
    }
    for licence in [train_when(product.clone()), train_except(product)] {
        misses(&licence, &in_field("medical"), [Missing::Product]);
    }
}

#[test]
fn what_cannot_be_evaluated_is_unknown_in_permissions_and_prohibitions() {
    let china = place("CN");
    let volumes = VolumeUnit::ALL.iter().map(|unit| (*unit, 0)).collect();
    let told = Ask {
        licensee: Some(TRAINER),
        field: Some("medical"),
        product: Some("assistant"),
        volumes: &volumes,
        ..everywhere(Some(china), commercial(Action::TrainGenerative))
    };
    let cases = [
        raw("volume", "at_most", &["5"]),
        raw("volume", "at_most", &["5 parsecs"]),
        raw("volume", "at_most", &["5 Bytes"]),
        raw("volume", "at_most", &["5  bytes"]),
        raw("volume", "at_most", &["5 bytes "]),
        raw("volume", "at_most", &["05 bytes"]),
        raw("volume", "at_most", &["+5 bytes"]),
        raw("volume", "at_most", &["5.0 bytes"]),
        raw("volume", "at_most", &["-1 bytes"]),
        raw("volume", "at_most", &[" bytes"]),
        raw("volume", "at_most", &["18446744073709551616 bytes"]),
        raw("volume", "at_most", &["5 bytes", "6 bytes"]),
        raw("volume", "at_most", &[]),
        raw("volume", "at_least", &["5 bytes"]),
        raw("hops", "at_most", &["-1"]),
        raw("hops", "at_most", &["007"]),
        raw("hops", "at_most", &["two"]),
        raw("hops", "at_most", &["1", "2"]),
        raw("hops", "at_most", &[]),
        raw("hops", "at_least", &["1"]),
        raw("field", "none_of", &["military"]),
        raw("product", "is", &["assistant"]),
        raw("purpose", "none_of", &["research"]),
        raw("purpose", "any_of", &["commercial", "world domination"]),
        raw("Purpose", "any_of", &["commercial"]),
        raw("territory", "any_of", &["CN"]),
        raw("territory.processing", "none_of", &["US"]),
        raw("territory.processing", "any_of", &["CN", "China"]),
        raw("territory.storage", "any_of", &["cn"]),
        raw("time", "until", &["2100-01-01"]),
        raw("time", "from", &["1990-01-01T00:00:00+08:00"]),
        raw("time", "until", &["2100-01-01T00:00:00Z", "2101-01-01T00:00:00Z"]),
        raw("time", "until", &[]),
        raw("time", "before", &["2100-01-01T00:00:00Z"]),
        raw("licensee", "all_of", &[TRAINER]),
    ];
    for constraint in cases {
        misses(&train_when(constraint.clone()), &told, [Missing::Constraint]);
        misses(&train_except(constraint), &told, [Missing::Constraint]);
    }
}

#[test]
fn all_conditions_of_a_permission_count_whatever_their_order() {
    let rule = |constraints: &[Constraint]| {
        let rule = Rule::permit([Action::Train]);
        granted([constraints.iter().cloned().fold(rule, Rule::when)])
    };
    let unknown = raw("zodiac", "any_of", &["leo"]);
    let research = Constraint::purpose([Purpose::Research]);
    let late = Constraint::until(at(T));
    let nobody = Constraint::licensee(["did:web:other.example".to_owned()]);
    let ask = commercial(Action::TrainGenerative);
    let both = rule(&[research.clone(), late.clone()]);
    denies(&both, &ask, [Reason::Expired, Reason::Purpose]);
    denies(&rule(&[unknown.clone(), late]), &ask, [Reason::Expired]);
    denies(&rule(&[unknown.clone(), research]), &ask, [Reason::Purpose]);
    misses(&rule(&[unknown, nobody]), &ask, [Missing::Constraint, Missing::Licensee]);
}

#[test]
fn one_condition_that_fails_lifts_a_prohibition() {
    let rule = |constraint| {
        granted([
            Rule::permit([Action::Train]),
            Rule::prohibit([Action::Train])
                .when(Constraint::purpose([Purpose::Personal]))
                .when(constraint),
        ])
    };
    let unknown = rule(raw("zodiac", "any_of", &["leo"]));
    permits(&unknown, &commercial(Action::Train));
    let personal = Ask { purpose: Some(Purpose::Personal), ..ask(Action::Train) };
    misses(&unknown, &personal, [Missing::Constraint]);
    misses(&unknown, &ask(Action::Train), [Missing::Constraint, Missing::Purpose]);
    let until = rule(Constraint::until(at(T)));
    permits(&until, &personal);
    let earlier = Ask { acts: Acts::proven_at(at(T - 1)), ..personal };
    denies(&until, &earlier, [Reason::Prohibited]);
}

/// What is for gain, or without, may be research or not; what is research may be for gain or not.
#[test]
fn purposes_that_may_be_both_are_not_known_apart() {
    use Purpose::{Commercial, Education, Government, NonCommercial, Personal, Research};
    let asked = |purpose| Ask { purpose: Some(purpose), ..ask(Action::Train) };
    let ends = [Commercial, NonCommercial, Personal];
    let activities = [Education, Government, Research];
    for end in ends {
        for activity in activities {
            for (prohibited, purpose) in [(end, activity), (activity, end)] {
                let licence = train_except(Constraint::purpose([prohibited]));
                misses(&licence, &asked(purpose), [Missing::Purpose]);
            }
        }
    }
    for (prohibited, purpose) in [
        (Commercial, NonCommercial),
        (Commercial, Personal),
        (NonCommercial, Commercial),
        (Personal, Commercial),
        (Research, Education),
        (Education, Government),
    ] {
        permits(&train_except(Constraint::purpose([prohibited])), &asked(purpose));
    }
    // What is personal is not commercial; what is not commercial may be personal.
    let train = Constraint::purpose([NonCommercial]);
    denies(&train_except(train.clone()), &asked(Personal), [Reason::Prohibited]);
    permits(&train_when(train), &asked(Personal));
    misses(
        &train_except(Constraint::purpose([Personal])),
        &asked(NonCommercial),
        [Missing::Purpose],
    );
    denies(&train_when(Constraint::purpose([Personal])), &asked(NonCommercial), [Reason::Purpose]);
    // As of public licences: whether research is for gain the question has to say.
    for activity in activities {
        for end in [Commercial, NonCommercial] {
            misses(&train_when(Constraint::purpose([end])), &asked(activity), [Missing::Purpose]);
        }
        // Nobody else is let do what research is let do.
        denies(&train_when(Constraint::purpose([activity])), &asked(Commercial), [Reason::Purpose]);
    }
}

/// Texts that no parser foresaw decide nothing.
#[test]
fn arbitrary_operands_operators_and_values_never_permit() {
    use proptest::prelude::*;
    let texts = prop::collection::vec(any::<char>(), 1..6);
    let strategy = (texts.clone(), texts.clone(), prop::collection::vec(texts, 0..3));
    let text = |chars: &[char]| chars.iter().collect::<String>();
    TestRunner::default()
        .run(&strategy, |(operand, operator, values)| {
            let constraint = Constraint {
                values: values.iter().map(|value| text(value)).collect(),
                operand: text(&operand),
                operator: text(&operator),
            };
            let outcome = evaluate(&train_when(constraint), &commercial(Action::Train));
            prop_assert_eq!(outcome, Outcome::unknown(Missing::Constraint));
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_narrower_condition_implies_a_wider_one_and_not_the_reverse() {
    let (china, beijing, hong_kong) = (place("CN"), place("CN-BJ"), place("HK"));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let pairs = [
        (Constraint::processing_in([&beijing]), Constraint::processing_in([&china])),
        (Constraint::storage_in([&beijing]), Constraint::storage_in([&china, &hong_kong])),
        (
            Constraint::distribution_in([&beijing]),
            Constraint::distribution_in([&china, &hong_kong]),
        ),
        (
            Constraint::purpose([Purpose::Research]),
            Constraint::purpose(Purpose::ALL.iter().copied()),
        ),
        (Constraint::field(names(&["a"])), Constraint::field(names(&["a", "b"]))),
        (Constraint::product(names(&["a"])), Constraint::product(names(&["a", "b"]))),
        (Constraint::licensee(names(&["a"])), Constraint::licensee(names(&["a", "b"]))),
        (Constraint::not_before(at(T)), Constraint::not_before(at(T - 1))),
        (Constraint::until(at(T - 1)), Constraint::until(at(T))),
        (Constraint::hops(1), Constraint::hops(2)),
        (Constraint::volume(1, VolumeUnit::Files), Constraint::volume(2, VolumeUnit::Files)),
    ];
    for (narrow, wide) in &pairs {
        assert!(narrow.implies(wide) && !wide.implies(narrow), "{narrow:?} {wide:?}");
        assert!(narrow.implies(narrow) && wide.implies(wide), "{narrow:?} {wide:?}");
        for (_, other) in pairs.iter().filter(|(_, other)| other.operand != wide.operand) {
            assert!(!narrow.implies(other), "{narrow:?} {other:?}");
        }
    }
    for (one, two) in [
        (Constraint::processing_in([&hong_kong]), Constraint::processing_in([&china])),
        (Constraint::storage_in([&beijing]), Constraint::storage_in([&china, &place("UK")])),
        (Constraint::not_before(at(T)), Constraint::until(at(T))),
        (Constraint::volume(1, VolumeUnit::Files), Constraint::volume(2, VolumeUnit::Bytes)),
        (raw("zodiac", "any_of", &["leo"]), raw("zodiac", "any_of", &["leo", "virgo"])),
    ] {
        assert!(!one.implies(&two) && !two.implies(&one), "{one:?} {two:?}");
    }
}
