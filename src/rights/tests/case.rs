//! The worked rights cases that one licence decides alone; the numbers are their stable names.

use super::*;

const CREDIT: [DutyKind; 2] = [DutyKind::Attribute, DutyKind::Notice];

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

#[test]
fn case_19_no_assertion_and_hub_tags() {
    for tag in ["NOASSERTION", "null", "other", "unknown", "Various"] {
        misses(&spdx(tag), &commercial(Action::Train), [Missing::Licence]);
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
    assert_eq!(outcome, permit(CREDIT));
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
