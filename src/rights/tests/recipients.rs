//! What those to whom it is offered on may do, held against negotiated terms.

use super::*;

const PLAIN: Reason = Reason::OutboundTooBroad;

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn places(codes: &[&str]) -> BTreeSet<Territory> {
    codes.iter().map(|code| code.parse().expect("a code")).collect()
}

/// What rules say to whoever offers a model on, in China, for a product in law, commercially.
fn offered(rules: impl IntoIterator<Item = Rule>, terms: &Outbound) -> Outcome {
    let china = "CN-BJ".parse().ok();
    let ask = Ask {
        processing: china,
        storage: china,
        distribution: china,
        field: Some("law"),
        product: Some("assistant"),
        outbound: Some(terms),
        ..commercial(Action::DistributeModel)
    };
    evaluate(&granted(rules), &ask)
}

fn may() -> Rule {
    Rule::permit([Action::DistributeModel])
}

fn contract(limits: impl IntoIterator<Item = Condition>) -> Outbound {
    Outbound::new("LicenseRef-contract").limited_to(limits)
}

/// Each condition on what becomes of it: one that holds of what is asked, with a narrower and a wider one.
fn limits() -> [[Condition; 3]; 4] {
    [
        [&["CN"][..], &["CN-BJ"], &["CN", "SG"]]
            .map(|codes| Condition::Distribution(places(codes))),
        [&["law", "tax"][..], &["law"], &["law", "tax", "war"]]
            .map(|of| Condition::Field(names(of))),
        [&["assistant", "search"][..], &["assistant"], &["assistant", "search", "robot"]]
            .map(|of| Condition::Product(names(of))),
        [
            &[Purpose::Commercial, Purpose::Research][..],
            &[Purpose::Commercial],
            &[Purpose::Commercial, Purpose::Government],
        ]
        .map(|purposes| Condition::Purpose(purposes.iter().copied().collect())),
    ]
}

#[test]
fn whoever_takes_a_public_licence_is_bound_to_no_limit() {
    for [limit, ..] in limits() {
        let is_purpose = matches!(limit, Condition::Purpose(_));
        let rules = [may().when(limit.clone().into())];
        for terms in ["MIT", "Apache-2.0 OR CC-BY-NC-4.0", "MIT AND LicenseRef-contract"] {
            let outcome = offered(rules.clone(), &Outbound::new(terms).limited_to([limit.clone()]));
            // Whoever lets it be used for gain lets it be used.
            let expected = if is_purpose { Outcome::free() } else { Outcome::deny(PLAIN) };
            assert_eq!(outcome, expected, "{limit:?} under {terms}");
        }
        assert_eq!(offered(rules, &Outbound::new("NONE")), Outcome::free(), "{limit:?}");
    }
}

#[test]
fn a_contract_binds_recipients_to_as_much() {
    for [limit, narrower, wider] in limits() {
        let rules = [may().when(limit.clone().into())];
        let outcome = |limits: &[&Condition]| {
            offered(rules.clone(), &contract(limits.iter().copied().cloned()))
        };
        assert_eq!(outcome(&[&limit]), Outcome::free(), "{limit:?}");
        assert_eq!(outcome(&[&narrower]), Outcome::free(), "{narrower:?}");
        assert_eq!(outcome(&[&wider, &narrower]), Outcome::free(), "{wider:?} and {narrower:?}");
        if matches!(limit, Condition::Purpose(_)) {
            continue;
        }
        assert_eq!(outcome(&[&wider]), Outcome::deny(PLAIN), "{wider:?}");
        let unsaid = Outcome::unknown(Missing::Licence);
        assert_eq!(outcome(&[]), unsaid, "nothing is said that keeps to {limit:?}");
        let other = Condition::Hops { at_most: 0 };
        assert_eq!(outcome(&[&other]), unsaid, "{limit:?}");
    }
}

#[test]
fn purposes_without_gain_are_passed_on_one_by_one() {
    let research = Condition::Purpose([Purpose::Research].into());
    let rule = may().when(research.clone().into());
    let said = |terms: &Outbound| {
        let ask = ask(Action::DistributeModel);
        let ask = Ask { purpose: Some(Purpose::Research), outbound: Some(terms), ..ask };
        evaluate(&granted([rule.clone()]), &ask)
    };
    assert_eq!(said(&Outbound::new("MIT")), Outcome::deny(PLAIN));
    // Non-commercial use is more than research.
    assert_eq!(said(&Outbound::new("CC-BY-NC-4.0")), Outcome::deny(PLAIN));
    assert_eq!(said(&contract([research])), Outcome::free());
    assert_eq!(said(&contract([])), Outcome::unknown(Missing::Licence));
    let both = may().when(Constraint::purpose([Purpose::NonCommercial, Purpose::Research]));
    let terms = Outbound::new("CC-BY-NC-4.0");
    let ask = Ask {
        purpose: Some(Purpose::Research),
        outbound: Some(&terms),
        ..ask(Action::DistributeModel)
    };
    assert_eq!(evaluate(&granted([both]), &ask), Outcome::free());
}

#[test]
fn conditions_of_the_licensees_own_acts_bind_no_recipient() {
    let conditions = [
        Condition::From(at(T - 1)),
        Condition::Hops { at_most: 0 },
        Condition::Licensee(names(&["did:web:me.example"])),
        Condition::Processing(places(&["CN"])),
        Condition::Storage(places(&["CN"])),
        Condition::Until(at(T + 1)),
        Condition::Volume { at_most: 1, unit: VolumeUnit::Records },
    ];
    let rule = conditions.into_iter().fold(may(), |rule, one| rule.when(one.into()));
    let mit = Outbound::new("MIT");
    let volumes = [(VolumeUnit::Records, 1)].into();
    let china = "CN".parse().ok();
    let ask = Ask {
        licensee: Some("did:web:me.example"),
        processing: china,
        storage: china,
        volumes: &volumes,
        outbound: Some(&mit),
        ..ask(Action::DistributeModel)
    };
    assert_eq!(evaluate(&granted([rule]), &ask), Outcome::free());
}

#[test]
fn what_is_forbidden_in_part_is_forbidden_to_recipients() {
    let forbidden = [
        Condition::Field(names(&["war"])),
        Condition::Product(names(&["robot"])),
        Condition::Distribution(places(&["SG"])),
        Condition::Purpose([Purpose::Personal].into()),
    ];
    let kept = [
        Condition::Field(names(&["law"])),
        Condition::Product(names(&["assistant"])),
        Condition::Distribution(places(&["CN"])),
        Condition::Purpose([Purpose::Commercial].into()),
    ];
    for (condition, limit) in forbidden.into_iter().zip(kept) {
        let rules = [may(), Rule::prohibit([Action::Use]).when(condition.clone().into())];
        let outcome = |terms: &Outbound| offered(rules.clone(), terms);
        assert_eq!(outcome(&Outbound::new("MIT")), Outcome::deny(PLAIN), "{condition:?}");
        assert_eq!(outcome(&contract([limit.clone()])), Outcome::free(), "{limit:?}");
        assert_eq!(outcome(&contract([condition.clone()])), Outcome::deny(PLAIN), "{condition:?}");
        let unsaid = Outcome::unknown(Missing::Licence);
        assert_eq!(outcome(&contract([])), unsaid, "{condition:?}");
        assert_eq!(outcome(&Outbound::new("NONE")), Outcome::free(), "{condition:?}");
        // One condition that cannot hold of them is enough.
        let narrow =
            Rule::prohibit([Action::Use]).when(condition.into()).when(Constraint::until(at(T)));
        assert_eq!(offered([may(), narrow], &Outbound::new("MIT")), Outcome::free());
    }
}

/// A cheap permission that lets nothing go on freely does not lend its price to a dear one that does.
#[test]
fn the_permission_that_lets_it_go_on_is_the_one_whose_duties_are_owed() {
    let home =
        may().when(Constraint::distribution_in(&places(&["CN"]).into_iter().collect::<Vec<_>>()));
    let share = Duty::revenue_share("did:web:supplier.example", 100);
    let rules = [home, may().duty(share.clone())];
    assert_eq!(offered(rules.clone(), &Outbound::new("MIT")), Outcome::Permit([share].into()));
    assert_eq!(
        offered(rules, &contract([Condition::Distribution(places(&["CN"]))])),
        Outcome::free()
    );
    let mut alike = Duty::new(DutyKind::ShareAlike);
    alike.licences = names(&["CC-BY-SA-4.0"]);
    let report = Duty::new(DutyKind::Report);
    let notice = Duty::new(DutyKind::Notice);
    let may = Rule::permit([Action::Use]);
    let rules =
        granted([may.clone().duty(alike.clone()), may.duty(report.clone()).duty(notice.clone())]);
    let said = |terms| {
        let terms = Outbound::new(terms);
        evaluate(&rules, &Ask { outbound: Some(&terms), ..ask(Action::DistributeDerived) })
    };
    assert_eq!(said("MIT"), Outcome::Permit([report, notice].into()));
    assert_eq!(said("CC-BY-SA-4.0"), Outcome::Permit([alike].into()));
}

#[test]
fn terms_that_nobody_can_read_let_nothing_negotiated_go_on() {
    for terms in ["NOASSERTION", "MIT/Apache-2.0"] {
        let outcome = offered([may()], &Outbound::new(terms));
        assert_eq!(outcome, Outcome::unknown(Missing::Licence), "{terms}");
    }
}

/// What a rule is void by is the rule, not what somebody asks to offer.
#[test]
fn an_offer_does_not_unmake_a_contradiction() {
    let limited = may().when(Constraint::field(["law".to_owned()]));
    let against = Rule::prohibit([Action::DistributeModel]).when(Constraint::hops(3));
    let licence =
        Licence { conflict: Some(ConflictStrategy::Invalid), ..granted([limited, against]) };
    let mit = Outbound::new("MIT");
    let ask = Ask { field: Some("law"), ..commercial(Action::DistributeModel) };
    let offered = Ask { outbound: Some(&mit), ..ask };
    for ask in [ask, offered] {
        assert_eq!(evaluate(&licence, &ask), Outcome::deny(Reason::VoidPolicy));
    }
}

#[test]
fn a_contract_without_gain_keeps_the_limit_of_a_public_licence() {
    let personal = Ask { purpose: Some(Purpose::Personal), ..ask(Action::DistributeDerived) };
    let said = |inbound, limits: &[Purpose]| {
        let limits = limits.iter().copied().collect();
        let terms = contract([Condition::Purpose(limits)]);
        evaluate(&spdx(inbound), &Ask { outbound: Some(&terms), ..personal })
    };
    let free = [Purpose::NonCommercial, Purpose::Personal];
    assert!(matches!(said("CC-BY-NC-4.0", &free), Outcome::Permit(_)));
    let unsaid = Outcome::unknown(Missing::Licence);
    assert_eq!(said("CC-BY-NC-4.0", &[Purpose::Research]), unsaid, "which may be for gain");
    assert_eq!(said("CC-BY-NC-4.0", &[Purpose::Commercial]), unsaid);
}

fn copies(rules: &[Rule], terms: &str) -> Outcome {
    let terms = Outbound::new(terms);
    let ask = Ask { outbound: Some(&terms), ..commercial(Action::Distribute) };
    evaluate(&granted(rules.iter().cloned()), &ask)
}

fn all_but(action: Action) -> Rule {
    Rule::permit(Action::Use.leaves().filter(|leaf| !leaf.is_within(action)))
}

/// That copies may go on lets nobody grant rights in them, and a public licence does.
#[test]
fn whoever_may_not_grant_rights_offers_no_copies_under_a_public_licence() {
    let rules = [all_but(Action::Sublicense)];
    for terms in ["MIT", "CC0-1.0", "CC-BY-ND-4.0", "BSD-1-Clause", "LicenseRef-x OR MIT"] {
        assert_eq!(copies(&rules, terms), Outcome::deny(Reason::NoGrant), "{terms}");
    }
    for terms in ["LicenseRef-x", "NONE"] {
        assert_eq!(copies(&rules, terms), Outcome::free(), "{terms}");
    }
    let forbidden = [Rule::permit([Action::Use]), Rule::prohibit([Action::Sublicense])];
    assert_eq!(copies(&forbidden, "MIT"), Outcome::deny(Reason::Prohibited));
    let priced = [all_but(Action::Sublicense), Rule::permit([Action::Sublicense]).duty(report())];
    assert_eq!(copies(&priced, "MIT"), Outcome::Permit([report()].into()));
}

fn report() -> Duty {
    Duty::new(DutyKind::Report)
}

/// What one party may do for a time, here, or so often is not what everybody may do.
#[test]
fn recipients_of_a_public_licence_act_whoever_wherever_and_whenever_they_are() {
    let train = Rule::permit([Action::Train]);
    let said = |condition: Condition, terms: &str| {
        copies(&[all_but(Action::Train), train.clone().when(condition.into())], terms)
    };
    for condition in [
        Condition::Hops { at_most: 3 },
        Condition::Licensee([TRAINER.to_owned()].into()),
        Condition::Processing(places(&["CN"])),
        Condition::Storage(places(&["CN"])),
        Condition::Until(at(u64::from(u32::MAX))),
        Condition::Volume { at_most: 10, unit: VolumeUnit::Records },
    ] {
        assert_eq!(said(condition.clone(), "MIT"), Outcome::deny(PLAIN), "{condition:?}");
        assert_eq!(said(condition.clone(), "LicenseRef-x"), Outcome::free(), "{condition:?}");
        let unknown = Outcome::unknown(Missing::Licence);
        assert_eq!(said(condition.clone(), "BSD-1-Clause"), unknown, "{condition:?}");
    }
    assert_eq!(said(Condition::From(at(T)), "MIT"), Outcome::free());
    let early = Outcome::deny(Reason::NotYetValid);
    assert_eq!(said(Condition::From(at(T + 1)), "MIT"), early);
}

/// Of a public licence without a row nobody knows what it lets recipients do; what the offer says besides changes
/// nothing about it.
#[test]
fn public_licences_outside_the_table_are_no_contracts() {
    let unknown = Outcome::unknown(Missing::Licence);
    let free = [Condition::Purpose([Purpose::NonCommercial].into())];
    for name in ["Apache-2.0+", "BSD-1-Clause", "CC-BY-3.0-US"] {
        assert_eq!(copies(&[Rule::permit([Action::Use])], name), Outcome::free(), "{name}");
        let sole = Rule::permit([Action::Distribute, Action::Sublicense]);
        assert_eq!(copies(&[sole], name), unknown, "{name}");
        let terms = Outbound::new(name).limited_to(free.clone());
        let ask = Ask { outbound: Some(&terms), ..ask(Action::DistributeDerived) };
        let ask = Ask { purpose: Some(Purpose::Personal), ..ask };
        assert_eq!(evaluate(&spdx("CC-BY-NC-4.0"), &ask), unknown, "{name}");
    }
}

/// Copies under a public licence let recipients do whatever that lets them.
#[test]
fn copies_are_offered_under_no_more_than_the_rules_permit() {
    let (broad, no_grant) = (|| Outcome::deny(PLAIN), || Outcome::deny(Reason::NoGrant));
    let all = Rule::permit([Action::Use]);
    assert_eq!(copies(std::slice::from_ref(&all), "MIT"), Outcome::free());
    // Who may pass copies on and no more lets nobody train on them.
    let sole = Rule::permit([Action::Distribute]);
    assert_eq!(copies(std::slice::from_ref(&sole), "MIT"), broad().meet(no_grant()));
    assert_eq!(copies(std::slice::from_ref(&sole), "LicenseRef-contract"), Outcome::free());
    assert_eq!(copies(std::slice::from_ref(&sole), "NONE"), Outcome::free());
    let grants = |rules: &[Rule], terms: &str| {
        let terms = Outbound::new(terms);
        let ask = Ask { outbound: Some(&terms), ..commercial(Action::Sublicense) };
        evaluate(&granted(rules.iter().cloned()), &ask)
    };
    assert_eq!(grants(std::slice::from_ref(&all), "MIT"), Outcome::free());
    assert_eq!(grants(&[Rule::permit([Action::Sublicense, Action::Train])], "MIT"), broad());
    // Nor who may do all but train, or train for research only, or may not train for gain.
    let no_training = [all.clone(), Rule::prohibit([Action::Train])];
    assert_eq!(copies(&no_training, "CC-BY-4.0"), broad());
    assert_eq!(copies(&no_training, "MIT AND LicenseRef-contract"), broad());
    let others = all_but(Action::Train);
    let research = Rule::permit([Action::Train]).when(Constraint::purpose([Purpose::Research]));
    assert_eq!(copies(&[others.clone(), research], "MIT"), broad());
    let unread = Rule::permit([Action::Train]).when(Constraint::new("moon", "is", []));
    let unknown = Outcome::unknown(Missing::Constraint);
    assert_eq!(copies(&[others, unread], "MIT"), unknown);
    let gain = Constraint::purpose([Purpose::Commercial]);
    let not_for_gain = [all.clone(), Rule::prohibit([Action::Train]).when(gain)];
    assert_eq!(copies(&not_for_gain, "MIT"), broad());
    assert_eq!(copies(&not_for_gain, "CC-BY-NC-4.0"), Outcome::free());
    // What is adapted is not passed on under a licence without derivatives, nor made under some.
    let unchanged = [all.clone(), Rule::prohibit([Action::DistributeDerived])];
    assert_eq!(copies(&unchanged, "CC-BY-4.0"), broad());
    assert_eq!(copies(&unchanged, "CC-BY-ND-4.0"), Outcome::free());
    let unmade = [all, Rule::prohibit([Action::Derive])];
    assert_eq!(copies(&unmade, "CC-BY-ND-4.0"), broad());
    assert_eq!(copies(&unmade, "CC-BY-ND-3.0"), Outcome::free());
}

fn derived(rules: &[Rule], terms: &str) -> Outcome {
    let terms = Outbound::new(terms);
    let ask = Ask { outbound: Some(&terms), ..commercial(Action::DistributeDerived) };
    evaluate(&granted(rules.iter().cloned()), &ask)
}

/// Whoever makes something of the data grants no more in it than he has.
#[test]
fn derived_data_are_offered_under_no_more_than_the_rules_permit() {
    let broad = Outcome::deny(PLAIN);
    let all = Rule::permit([Action::Use]);
    for left_out in [Action::Train, Action::Derive, Action::Reproduce, Action::ServeOutputs] {
        let rules = [all_but(left_out)];
        assert_eq!(derived(&rules, "MIT"), broad, "{left_out}");
        let rules = [all.clone(), Rule::prohibit([left_out])];
        assert_eq!(derived(&rules, "MIT"), broad, "{left_out}");
        for terms in ["LicenseRef-x", "NONE"] {
            assert_eq!(derived(&rules, terms), Outcome::free(), "{left_out} under {terms}");
        }
    }
    // They pass on what is derived, and grant no rights in what it was derived from.
    for left_out in [Action::Distribute, Action::Sublicense, Action::Transfer] {
        assert_eq!(derived(&[all_but(left_out)], "MIT"), Outcome::free(), "{left_out}");
    }
    let china = Constraint::processing_in(&["CN".parse().expect("a country")]);
    let sole = Rule::permit([Action::Train]).when(china);
    assert_eq!(derived(&[all_but(Action::Train), sole], "MIT"), broad);
    let unlisted = derived(&[all_but(Action::Train)], "BSD-1-Clause");
    assert_eq!(unlisted, Outcome::unknown(Missing::Licence));
}

/// Terms that name their licensees let nobody else use what is derived, unless rights may be granted on.
#[test]
fn derived_data_of_named_licensees_take_the_right_to_grant_it() {
    let said = |rule: Rule, terms: &str| {
        let terms = Outbound::new(terms);
        let named = Licence { licensees: [TRAINER.to_owned()].into(), ..granted([rule]) };
        let ask = Ask { licensee: Some(TRAINER), ..commercial(Action::DistributeDerived) };
        evaluate(&named, &Ask { outbound: Some(&terms), ..ask })
    };
    assert_eq!(said(Rule::permit([Action::Use]), "MIT"), Outcome::free());
    let kept = all_but(Action::Sublicense);
    assert_eq!(said(kept.clone(), "MIT"), Outcome::deny(Reason::NoGrant));
    assert_eq!(said(kept, "LicenseRef-x"), Outcome::free());
}

/// Nobody else has paid, asked or deleted for whoever takes a public licence.
#[test]
fn recipients_of_a_public_licence_have_earned_nothing() {
    let mut pay = Duty::new(DutyKind::Pay);
    (pay.amount, pay.currency, pay.payee) =
        (Some(1), Some("CNY".into()), Some("did:web:supplier.example".into()));
    let mut delete = Duty::new(DutyKind::DeleteAfter);
    delete.after = Some(at(T + 1));
    for duty in [Duty::new(DutyKind::ObtainConsent), pay, delete] {
        let train = Rule::permit([Action::Train]).duty(duty.clone());
        let rules = [all_but(Action::Train), train.clone()];
        assert_eq!(derived(&rules, "MIT"), Outcome::deny(PLAIN), "{duty:?}");
        assert_eq!(copies(&rules, "MIT"), Outcome::deny(PLAIN), "{duty:?}");
        assert_eq!(derived(&rules, "LicenseRef-x"), Outcome::free(), "{duty:?}");
        let free = Rule::permit([Action::Train]).duty(report());
        assert_eq!(derived(&[all_but(Action::Train), train, free], "MIT"), Outcome::free());
    }
}

#[test]
fn recipients_of_a_public_licence_act_after_any_term() {
    let said = |action, terms: &str| {
        let terms = Outbound::new(terms);
        let ends = Licence { until: Some(at(T + 1)), ..granted([Rule::permit([Action::Use])]) };
        evaluate(&ends, &Ask { outbound: Some(&terms), ..commercial(action) })
    };
    for action in [Action::Distribute, Action::DistributeDerived, Action::Sublicense] {
        assert_eq!(said(action, "MIT"), Outcome::deny(PLAIN), "{action}");
        assert_eq!(said(action, "LicenseRef-x"), Outcome::free(), "{action}");
    }
    // Whether models outlive it, it says itself.
    assert_eq!(said(Action::DistributeModel, "MIT"), Outcome::free());
}

/// Whoever lets a model be passed on lets it be used as models are, unless he says otherwise.
#[test]
fn models_are_offered_under_no_more_than_is_forbidden_of_them() {
    let model = |rules: &[Rule], conflict, terms: &str| {
        let terms = Outbound::new(terms);
        let ask = Ask { outbound: Some(&terms), ..commercial(Action::DistributeModel) };
        evaluate(&Licence { conflict, ..granted(rules.iter().cloned()) }, &ask)
    };
    assert_eq!(model(&[may()], None, "MIT"), Outcome::free());
    for action in [Action::ServeOutputs, Action::Synthesize] {
        let forbidden = Rule::prohibit([action]);
        let rules = [may(), forbidden.clone()];
        assert_eq!(model(&rules, None, "MIT"), Outcome::deny(PLAIN), "{action}");
        assert_eq!(model(&rules, None, "LicenseRef-x"), Outcome::free(), "{action}");
        assert_eq!(model(&rules, None, "BSD-1-Clause"), Outcome::unknown(Missing::Licence));
        let outweighs = Some(ConflictStrategy::Permit);
        assert_eq!(model(&rules, outweighs, "MIT"), Outcome::deny(PLAIN), "{action}");
        let permitted = [may(), forbidden.clone(), Rule::permit([action])];
        assert_eq!(model(&permitted, outweighs, "MIT"), Outcome::free(), "{action}");
        let for_gain = [may(), forbidden.when(Constraint::purpose([Purpose::Commercial]))];
        assert_eq!(model(&for_gain, None, "MIT"), Outcome::deny(PLAIN), "{action}");
    }
    // Of data that nobody searches in, nobody says that models may not be searched.
    assert_eq!(model(&[may(), Rule::prohibit([Action::Search])], None, "MIT"), Outcome::free());
}
