//! What a preference may hold.

use super::*;
use crate::cbor::{decode, encode};
use crate::statement::Payload as _;

fn stating<const N: usize>(rules: [Rule; N]) -> Preference {
    Preference::new(manifest(), Vocabulary::Rsl, observation(), rules)
}

#[track_caller]
fn refuses(rule: Rule, field: &str, fault: &str) {
    let error = stating([rule]).check().unwrap_err();
    assert_eq!((error.field, error.fault), (field, fault));
}

#[test]
fn a_preference_round_trips_with_rules_and_without() {
    let pay = Duty { terms: Some("crawl, 0.015 USD".into()), ..Duty::new(DutyKind::Pay) };
    let rules = [Rule::permit([Action::TrainGenerative]).duty(pay), prohibit([Action::Search])];
    for preference in [stating(rules), stating([])] {
        assert_eq!(preference.check(), Ok(()));
        assert_eq!(decode::<Preference>(&encode(&preference)), Ok(preference));
    }
}

#[test]
fn rules_are_about_leaves_and_prohibitions_owe_nothing() {
    refuses(Rule::permit([]), "actions", "must not be empty");
    for inner in [Action::Use, Action::DataMine, Action::Train] {
        refuses(prohibit([Action::Search, inner]), "actions", "must be leaves");
    }
    let credit = Duty::new(DutyKind::Attribute);
    refuses(prohibit([Action::Search]).duty(credit), "duties", "must be absent in a prohibition");
}

#[test]
fn what_is_to_be_paid_may_be_for_the_payee_to_say() {
    let permit = |duty: Duty| Rule::permit([Action::Search]).duty(duty);
    let pay = Duty::new(DutyKind::Pay);
    let priced = Duty { amount: Some(1), currency: Some("CNY".into()), ..pay.clone() };
    for duty in
        [pay.clone(), Duty { payee: Some("did:web:a.example".into()), ..pay.clone() }, priced]
    {
        assert_eq!(stating([permit(duty)]).check(), Ok(()));
    }
    let fault = "must have the fields of their kind and no others";
    for duty in [
        Duty { amount: Some(1), ..pay.clone() },
        Duty { currency: Some("CNY".into()), ..pay.clone() },
        Duty { basis_points: Some(1), ..pay },
        Duty::new(DutyKind::RevenueShare),
        Duty::new(DutyKind::DeleteAfter),
        Duty { amount: Some(1), ..Duty::new(DutyKind::Attribute) },
    ] {
        refuses(permit(duty), "duties", fault);
    }
}

#[test]
fn a_fulfilment_names_the_duty_as_it_was_seen() {
    let pay = Duty { terms: Some("purchase, 1500.00 USD".into()), ..Duty::new(DutyKind::Pay) };
    let paid = Event::fulfilment(statement(), pay.clone(), TRAINER, at(T));
    assert_eq!(paid.check(), Ok(()));
    let paid = Event::fulfilment(statement(), Duty { amount: Some(1), ..pay }, TRAINER, at(T));
    assert_eq!(paid.check().unwrap_err().field, "duty");
}

#[test]
fn rules_are_counted() {
    let rule = |index: usize| {
        prohibit([Action::Search]).when(Constraint::licensee([format!("did:web:{index}.example")]))
    };
    let of = |count: usize| {
        Preference::new(manifest(), Vocabulary::Rsl, observation(), (0..count).map(rule))
    };
    assert_eq!(of(256).check(), Ok(()));
    let error = of(257).check().unwrap_err();
    assert_eq!((error.field, error.fault), ("rules", "must be at most 256"));
}
