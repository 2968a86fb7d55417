//! What conditions make of places whose codes overlap, or are not assigned.

use super::*;

/// A country, and a place that stands under a code of it and under one of its own.
#[test]
fn a_place_under_two_codes_is_neither_permitted_by_the_other_country_nor_free_of_its_prohibitions()
{
    for (whole, codes) in [
        ("CN", ["HK", "CN-HK"]),
        ("FI", ["AX", "FI-01"]),
        ("FR", ["GP", "FR-971"]),
        ("NL", ["BQ-BO", "NL-BQ1"]),
        ("US", ["PR", "US-PR"]),
    ] {
        for code in codes {
            let there = everywhere(Some(place(code)), ask(Action::Train));
            let here = Constraint::processing_in([&place(whole)]);
            misses(&train_when(here.clone()), &there, [Missing::Constraint]);
            denies(&train_except(here), &there, [Reason::Prohibited]);
            let everywhere = everywhere(Some(place(whole)), ask(Action::Train));
            let only_there = Constraint::processing_in([&place(code)]);
            denies(&train_when(only_there.clone()), &everywhere, [Reason::Territory]);
            denies(&train_except(only_there), &everywhere, [Reason::Prohibited]);
        }
    }
}

#[test]
fn what_cannot_be_told_apart_is_not_permitted_and_is_prohibited() {
    for (one, two) in [("FR-69", "FR-69M"), ("FR-6AE", "FR-67"), ("FR-68", "FR-6AE")] {
        let (one, two) = (place(one), place(two));
        let there = everywhere(Some(two), ask(Action::Train));
        let constraint = Constraint::storage_in([&one]);
        denies(&train_when(constraint.clone()), &there, [Reason::Territory]);
        denies(&train_except(constraint), &there, [Reason::Prohibited]);
    }
}

/// Who writes UK for GB must neither be permitted nor escape a prohibition.
#[test]
fn codes_that_are_not_assigned_are_unknown() {
    let (gb, uk, later) = (place("GB"), place("UK"), place("GB-ZZZ"));
    for code in [uk, later] {
        let constraint = Constraint::storage_in([&code]);
        assert_eq!(constraint.condition(), None);
        let both = Constraint::storage_in([&code, &gb]);
        for asked in [gb, code] {
            let ask = everywhere(Some(asked), ask(Action::Train));
            for constraint in [&constraint, &both] {
                misses(&train_when(constraint.clone()), &ask, [Missing::Constraint]);
                misses(&train_except(constraint.clone()), &ask, [Missing::Constraint]);
            }
        }
        let asked = everywhere(Some(code), ask(Action::Train));
        let in_gb = Constraint::storage_in([&gb]);
        misses(&train_when(in_gb.clone()), &asked, [Missing::Territory]);
        misses(&train_except(in_gb), &asked, [Missing::Territory]);
    }
}
