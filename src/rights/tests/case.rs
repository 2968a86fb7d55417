//! The worked rights cases that one licence decides alone; the numbers are their stable names.

use super::*;

const CREDIT: [DutyKind; 2] = [DutyKind::Attribute, DutyKind::Notice];

/// Credit, and nothing that keeps recipients from what the licensor offers them.
const OPEN: [DutyKind; 3] = [DutyKind::Attribute, DutyKind::NoExtraRestrictions, DutyKind::Notice];

/// A question about a model that was trained on it, to be sold.
fn of_model(profile: Profile) -> Ask<'static> {
    let trained = Some(Acts::proven_at(at(T)));
    Ask { profile, trained, ..commercial(Action::DistributeModel) }
}

fn permit_alike(kinds: &[DutyKind], licence: &str) -> Outcome {
    let kinds = kinds.iter().copied().map(Duty::new);
    Outcome::Permit(kinds.chain([Duty::share_alike([licence])]).collect())
}

#[test]
fn case_01_non_commercial_data_for_commercial_training() {
    denies(&spdx("CC-BY-NC-4.0"), &commercial(Action::Train), [Reason::Purpose]);
}

#[test]
fn case_03_attribution_data_for_commercial_training() {
    let outcome = evaluate(&spdx("CC-BY-4.0"), &commercial(Action::Train));
    assert_eq!(outcome, permit(CREDIT));
}

#[test]
fn case_04_dedicated_data_for_commercial_training() {
    assert_eq!(evaluate(&spdx("CC0-1.0"), &commercial(Action::Train)), Outcome::free());
}

#[test]
fn case_09_no_derivatives_in_another_format() {
    for action in [Action::FormatShift, Action::Distribute] {
        permits(&spdx("CC-BY-ND-4.0"), &commercial(action));
    }
}

#[test]
fn case_11_non_commercial_no_derivatives_redistributed_commercially() {
    denies(&spdx("CC-BY-NC-ND-4.0"), &commercial(Action::Distribute), [Reason::Purpose]);
}

/// The model half is free; what is made of the data goes on as it came.
#[test]
fn case_13_models_and_enhanced_data_of_a_sharing_agreement() {
    let licence = spdx("CDLA-Sharing-1.0");
    assert_eq!(evaluate(&licence, &commercial(Action::Train)), Outcome::free());
    assert_eq!(evaluate(&licence, &of_model(Profile::Strict)), Outcome::free());
    let enhanced = evaluate(&licence, &commercial(Action::DistributeDerived));
    assert_eq!(enhanced, permit_alike(&OPEN, "CDLA-Sharing-1.0"));
}

#[test]
fn case_14_data_for_computational_use() {
    let licence = spdx("C-UDA-1.0");
    assert_eq!(evaluate(&licence, &commercial(Action::Train)), Outcome::free());
    assert_eq!(evaluate(&licence, &of_model(Profile::Strict)), Outcome::free());
}

const DATABASE: [DutyKind; 4] = [
    DutyKind::Attribute,
    DutyKind::NoExtraRestrictions,
    DutyKind::Notice,
    DutyKind::ProvideAlterations,
];

#[test]
fn case_16_a_derivative_database_in_public() {
    let outcome = evaluate(&spdx("ODbL-1.0"), &commercial(Action::DistributeDerived));
    assert_eq!(outcome, permit_alike(&DATABASE, "ODbL-1.0"));
}

/// Reached or a Produced Work: then a notice (4.3) is all that is owed.
#[test]
fn case_18_a_model_of_open_database_data() {
    let licence = spdx("ODbL-1.0");
    let strict = evaluate(&licence, &of_model(Profile::Strict));
    assert_eq!(strict, permit_alike(&DATABASE, "ODbL-1.0"));
    let declared = evaluate(&licence, &of_model(Profile::Declared));
    assert_eq!(declared, permit([DutyKind::Notice]));
}

#[test]
fn case_19_no_assertion_and_hub_tags() {
    for tag in ["NOASSERTION", "null", "other", "unknown", "Various"] {
        misses(&spdx(tag), &commercial(Action::Train), [Missing::Licence]);
        misses(&spdx(hub_licence(tag)), &commercial(Action::Train), [Missing::Licence]);
    }
}

#[test]
fn case_20_no_licence() {
    denies(&spdx("NONE"), &commercial(Action::Train), [Reason::NoGrant]);
}

#[test]
fn case_23_choice_and_conjunction() {
    permits(&spdx("MIT OR CC-BY-NC-4.0"), &commercial(Action::Train));
    denies(&spdx("MIT AND CC-BY-NC-4.0"), &commercial(Action::Train), [Reason::Purpose]);
}

#[test]
fn case_26_the_second_before_the_end_and_the_end() {
    let rule = Rule::permit([Action::Train]);
    let term = Licence { until: Some(at(T)), ..granted([rule.clone()]) };
    for licence in [term, granted([rule.when(Constraint::until(at(T)))])] {
        let act = |seconds| Ask { acts: Acts::proven_at(at(seconds)), ..commercial(Action::Train) };
        permits(&licence, &act(T - 1));
        denies(&licence, &act(T), [Reason::Expired]);
    }
}

#[test]
fn case_27_trained_in_term_and_served_after_it() {
    let served =
        Ask { trained: Some(Acts::proven_at(at(T - 1))), ..commercial(Action::ServeOutputs) };
    let rule = Rule::permit([Action::Train, Action::ServeOutputs]);
    let licence =
        |survives, rule: &Rule| Licence { until: Some(at(T)), survives, ..granted([rule.clone()]) };
    permits(&licence(Some(true), &rule), &served);
    misses(&licence(None, &rule), &served, [Missing::Survival]);
    denies(&licence(Some(false), &rule), &served, [Reason::Expired]);
    let deleted = rule.duty(Duty { after: Some(at(T)), ..Duty::new(DutyKind::DeleteAfter) });
    for survives in [None, Some(true)] {
        denies(&licence(survives, &deleted), &served, [Reason::UnmetDuty]);
    }
}

#[test]
fn case_30_acts_after_and_before_a_revocation() {
    let licence = Licence { revocable: true, ..granted([Rule::permit([Action::Train])]) };
    let act = |acts| Ask { acts, revoked: Some(at(T)), ..commercial(Action::Train) };
    denies(&licence, &act(Acts::proven_at(at(T))), [Reason::Revoked]);
    permits(&licence, &act(Acts::proven_at(at(T - 1))));
    misses(&licence, &act(unproven()), [Missing::ActTimeUnproven]);
}

#[test]
fn case_31_a_creative_commons_licensor_withdraws() {
    let act = Ask { revoked: Some(at(T - 100)), ..commercial(Action::Train) };
    assert_eq!(evaluate(&spdx("CC-BY-4.0"), &act), permit(CREDIT));
}

#[test]
fn case_34_sublicensing_and_distributing_under_a_direct_offer() {
    denies(&spdx("CC-BY-4.0"), &commercial(Action::Sublicense), [Reason::NoGrant]);
    let outcome = evaluate(&spdx("CC-BY-4.0"), &commercial(Action::Distribute));
    assert_eq!(outcome, permit(OPEN));
}

/// Whoever uses it or passes it on is told whose restrictions bind him and go with it.
#[test]
fn case_41_restrictions_of_use_that_must_be_passed_on() {
    let base = "LicenseRef-datadeed-BigScience-OpenRAIL-M";
    let pass = Duty { terms: Some(base.into()), ..Duty::new(DutyKind::PassThrough) };
    assert!(pass.is_sound());
    for ask in [
        commercial(Action::Distribute),
        commercial(Action::DistributeDerived),
        commercial(Action::ServeOutputs),
        of_model(Profile::Declared),
    ] {
        let Outcome::Permit(duties) = evaluate(&spdx(base), &ask) else { panic!("{ask:?}") };
        assert!(duties.contains(&pass), "{ask:?}");
    }
}

#[test]
fn case_51_training_for_a_price_that_nobody_shows_as_paid() {
    let price = Duty {
        payee: Some("did:web:payee.example".into()),
        amount: Some(100),
        currency: Some("CNY".into()),
        ..Duty::new(DutyKind::Pay)
    };
    let licence = granted([Rule::permit([Action::Train]).duty(price)]);
    denies(&licence, &commercial(Action::Train), [Reason::UnmetDuty]);
}

#[test]
fn case_58_a_condition_nobody_knows() {
    let mut strange = Constraint::purpose([Purpose::Commercial]);
    strange.operand = "moon.phase".into();
    misses(&train_when(strange), &commercial(Action::Train), [Missing::Constraint]);
}
