//! What stands against the terms under which something is offered on.

fn evaluate_offered(licence: &Licence, ask: &Ask<'_>, outbound: Option<&Outbound>) -> Outcome {
    evaluate(licence, &Ask { outbound, ..*ask })
}
use super::super::outbound::Passed::{self, Adapted, Unchanged};
use super::super::table::named;
use super::*;

fn passes(inbound: &str, outbound: &str, passed: Passed) -> Outcome {
    Outbound::new(outbound).passes(named(inbound).expect(inbound), passed)
}

fn conflict() -> Outcome {
    Outcome::deny(Reason::ShareAlikeConflict)
}

/// What a licence says to somebody who passes on, personally, under `outbound`.
fn offered(inbound: &str, action: Action, outbound: &str) -> Outcome {
    let personal = Ask { purpose: Some(Purpose::Personal), ..ask(action) };
    evaluate_offered(&spdx(inbound), &personal, Some(&Outbound::new(outbound)))
}

#[test]
fn case_05_a_derived_dataset_under_a_licence_outside_the_set() {
    assert_eq!(passes("CC-BY-SA-4.0", "MIT", Adapted), conflict());
    assert_eq!(offered("CC-BY-SA-4.0", Action::DistributeDerived, "MIT"), conflict());
    for id in ["CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3"] {
        assert_eq!(passes("CC-BY-SA-4.0", id, Adapted), Outcome::free(), "{id}");
    }
}

/// Two sets with nothing in common: every licence conflicts with one of them.
#[test]
fn case_07_two_share_alike_licences_leave_no_terms_at_all() {
    let both = "CC-BY-SA-4.0 AND CC-BY-NC-SA-4.0";
    let rows = licences().iter().filter(|row| row.exception.is_empty()).map(|row| row.id);
    for id in rows.chain(["LicenseRef-x", "SSPL-1.0", "NONE", both]) {
        let outcome = offered(both, Action::DistributeDerived, id);
        let Outcome::Deny(reasons) = outcome else { panic!("{id}: {outcome:?}") };
        assert!(reasons.contains(&Reason::ShareAlikeConflict), "{id}: {reasons:?}");
    }
}

#[test]
fn case_13_enhanced_data_of_a_sharing_agreement() {
    assert_eq!(passes("CDLA-Sharing-1.0", "MIT", Adapted), conflict());
    assert_eq!(passes("CDLA-Sharing-1.0", "MIT", Unchanged), conflict());
    assert_eq!(passes("CDLA-Sharing-1.0", "CDLA-Sharing-1.0", Adapted), Outcome::free());
    // And a model trained on it under whatever terms.
    let trained = Some(Acts::proven_at(at(T)));
    let model = Ask { trained, ..commercial(Action::DistributeModel) };
    let proprietary = Outbound::new("LicenseRef-proprietary");
    let outcome = evaluate_offered(&spdx("CDLA-Sharing-1.0"), &model, Some(&proprietary));
    assert_eq!(outcome, Outcome::free());
}

#[test]
fn case_16_a_derivative_database_under_an_attribution_licence() {
    assert_eq!(passes("ODbL-1.0", "CC-BY-4.0", Adapted), conflict());
    assert_eq!(passes("ODbL-1.0", "ODbL-1.0", Adapted), Outcome::free());
}

#[test]
fn case_18_a_model_of_open_database_data_under_a_free_licence() {
    let trained = Some(Acts::proven_at(at(T)));
    let model = Ask { trained, ..commercial(Action::DistributeModel) };
    let declared = Ask { profile: Profile::Declared, ..model };
    let mit = Outbound::new("MIT");
    let odbl = spdx("ODbL-1.0");
    assert_eq!(evaluate_offered(&odbl, &model, Some(&mit)), conflict());
    // As a Produced Work it is free, but says where it comes from (4.3).
    assert_eq!(evaluate_offered(&odbl, &declared, Some(&mit)), permit([DutyKind::Notice]));
}

#[test]
fn case_24_a_collection_of_share_alike_data_under_another_tag() {
    // COIG: one component CC-BY-SA-4.0, the whole tagged Apache-2.0.
    assert_eq!(offered("CC-BY-SA-4.0", Action::DistributeDerived, "Apache-2.0"), conflict());
    let unchanged = offered("CC-BY-SA-4.0", Action::Distribute, "Apache-2.0");
    assert_eq!(unchanged, Outcome::deny(Reason::NoGrant));
}

#[test]
fn case_41_a_derivative_that_omits_the_use_restrictions() {
    let base = "LicenseRef-datadeed-BigScience-OpenRAIL-M";
    let missing = Outcome::deny(Reason::PassThrough);
    let row = named(base).unwrap();
    for passed in [Adapted, Unchanged] {
        assert_eq!(passes(base, "MIT", passed), missing);
        assert_eq!(passes(base, "LicenseRef-datadeed-Gemma", passed), missing);
        assert_eq!(passes(base, base, passed), Outcome::free());
        let mit = Outbound::new("MIT");
        assert_eq!(mit.clone().passing_on([base]).passes(row, passed), Outcome::free());
        assert_eq!(mit.passing_on(["MIT"]).passes(row, passed), missing);
    }
}

#[test]
fn a_later_version_complies_where_the_set_names_it() {
    for (inbound, outbound, complies) in [
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", true),
        ("CC-BY-SA-3.0", "CC-BY-SA-3.0-DE", true),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0", false),
        ("CC-BY-SA-1.0", "CC-BY-SA-2.0", false),
        ("CC-BY-NC-SA-3.0", "CC-BY-SA-4.0", false),
        ("GPL-2.0-or-later", "GPL-3.0-only", true),
        ("GPL-2.0-only", "GPL-3.0-only", false),
        ("GPL-3.0-only", "GPL-3.0-or-later", false),
        // Whatever comes later is in no set.
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0+", false),
        ("GPL-2.0-only", "GPL-2.0-only WITH Classpath-exception-2.0", false),
    ] {
        let outcome = passes(inbound, outbound, Adapted);
        assert_eq!(outcome == Outcome::free(), complies, "{inbound} as {outbound}: {outcome:?}");
    }
}

#[test]
fn every_licence_of_the_expression_has_to_comply() {
    for outbound in
        ["CC-BY-SA-4.0 OR MIT", "MIT OR CC-BY-SA-4.0", "CC-BY-SA-4.0 AND MIT", "LicenseRef-x"]
    {
        assert_eq!(passes("CC-BY-SA-4.0", outbound, Adapted), conflict(), "{outbound}");
    }
    let both = "CC-BY-SA-4.0 OR GPL-3.0-only";
    assert_eq!(passes("CC-BY-SA-4.0", both, Adapted), Outcome::free());
}

#[test]
fn unchanged_copies_keep_their_licence() {
    let no_grant = Outcome::deny(Reason::NoGrant);
    let free = Outcome::free();
    for (inbound, outbound, expected) in [
        ("CC-BY-4.0", "CC-BY-4.0", &free),
        ("CC-BY-4.0", "MIT", &no_grant),
        ("CC-BY-4.0", "CC-BY-4.0 OR MIT", &no_grant),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", &no_grant),
        ("BSD-3-Clause", "MIT", &no_grant),
        ("CC-BY-4.0", "NONE", &no_grant),
        ("CC-BY-4.0", "LicenseRef-proprietary", &no_grant),
        // Sublicences are allowed, or nothing is owed.
        ("Apache-2.0", "MIT", &free),
        ("CDLA-Permissive-1.0", "LicenseRef-proprietary", &free),
        ("CC0-1.0", "LicenseRef-proprietary", &free),
        ("DL-DE-ZERO-2.0", "CC-BY-NC-4.0", &free),
        // Terms that speak of unchanged copies and name others.
        ("GPL-2.0-or-later", "GPL-3.0-or-later", &free),
        ("ODC-By-1.0", "ODbL-1.0", &conflict()),
        ("EUPL-1.2", "MIT", &conflict()),
        ("C-UDA-1.0", "C-UDA-1.0", &free),
    ] {
        assert_eq!(&passes(inbound, outbound, Unchanged), expected, "{inbound} as {outbound}");
    }
    assert_eq!(passes("CC-BY-4.0", "MIT", Adapted), free, "an adaptation may go on as anything");
}

#[test]
fn terms_that_allow_more_are_too_broad() {
    let broad = Outcome::deny(Reason::OutboundTooBroad);
    for (inbound, outbound, complies) in [
        ("CC-BY-NC-4.0", "CC-BY-4.0", false),
        ("CC-BY-NC-4.0", "MIT", false),
        ("CC-BY-NC-4.0", "CC-BY-NC-3.0", true),
        ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", true),
        ("CC-BY-NC-4.0", "CC-BY-NC-4.0 OR CC-BY-4.0", false),
        ("CC-BY-ND-4.0", "CC-BY-4.0", false),
        ("CC-BY-ND-3.0", "CC-BY-ND-4.0", false),
        ("CC-BY-ND-4.0", "CC-BY-ND-3.0", true),
        ("CC-BY-4.0", "CC0-1.0", true),
        ("CC-BY-NC-4.0", "NONE", true),
    ] {
        let expected = if complies { Outcome::free() } else { broad.clone() };
        assert_eq!(passes(inbound, outbound, Adapted), expected, "{inbound} as {outbound}");
    }
}

#[test]
fn terms_that_nobody_can_read_never_pass() {
    let unknown = Outcome::unknown(Missing::Licence);
    let part = ["MIT AND NOASSERTION", "NOASSERTION OR CC-BY-SA-4.0"];
    let none = ["NOASSERTION", "", "MIT/Apache-2.0", "mit", "proprietary"];
    for outbound in none.into_iter().chain(part) {
        for inbound in ["CC0-1.0", "MIT", "CC-BY-SA-4.0", "CC-BY-NC-4.0"] {
            assert_eq!(passes(inbound, outbound, Adapted), unknown, "{inbound} as {outbound:?}");
        }
        assert!(!Outbound::new(outbound).can_be_evaluated());
    }
    // Whether somebody's own terms are broader than limits that there are nobody knows.
    for outbound in ["LicenseRef-proprietary", "SSPL-1.0", "CC-BY-NC-4.0+"] {
        assert_eq!(passes("CC-BY-NC-4.0", outbound, Adapted), unknown, "{outbound}");
        assert_eq!(passes("CC-BY-4.0", outbound, Adapted), Outcome::free(), "{outbound}");
    }
}

/// One branch allows the use, the other the offer: no branch allows both.
#[test]
fn of_a_choice_one_branch_allows_the_use_and_the_offer() {
    let either = spdx("CC-BY-SA-4.0 OR CC-BY-NC-4.0");
    let sell = commercial(Action::DistributeDerived);
    let outcome = |terms| evaluate_offered(&either, &sell, Some(&Outbound::new(terms)));
    let reasons = [Reason::ShareAlikeConflict, Reason::Purpose];
    assert_eq!(outcome("CC-BY-NC-SA-4.0"), Outcome::Deny(reasons.into()));
    assert!(matches!(outcome("CC-BY-SA-4.0"), Outcome::Permit(_)));
}

#[test]
fn what_is_not_passed_on_needs_no_terms() {
    for action in [Action::Train, Action::Derive, Action::Reproduce, Action::Search] {
        let personal = Ask { purpose: Some(Purpose::Personal), ..ask(action) };
        for row in licences().iter().filter(|row| row.exception.is_empty()) {
            let licence = spdx(row.id);
            let nothing = Outbound::new("NOASSERTION");
            let offered = evaluate_offered(&licence, &personal, Some(&nothing));
            assert_eq!(offered, evaluate(&licence, &personal), "{} {action}", row.id);
        }
    }
}

#[test]
fn under_the_licence_it_came_under_anything_may_go_on() {
    for row in licences() {
        let name = match row.exception {
            "" => row.id.to_owned(),
            exception => format!("{} WITH {exception}", row.id),
        };
        for passed in [Adapted, Unchanged] {
            assert_eq!(Outbound::new(&name).passes(row, passed), Outcome::free(), "{name}");
        }
    }
}

/// Whatever complies is no broader, and copies go on as something else only where the text lets them.
#[test]
fn what_complies_keeps_every_limit() {
    for row in licences() {
        for theirs in
            licences().iter().filter(|theirs| *theirs != row && theirs.exception.is_empty())
        {
            let outbound = Outbound::new(theirs.id);
            for passed in [Adapted, Unchanged] {
                if outbound.passes(row, passed) != Outcome::free() {
                    continue;
                }
                let pair = format!("{} as {}, {passed:?}", row.id, theirs.id);
                assert!(row.is_commercial() || !theirs.is_commercial(), "{pair}");
                assert!(row.shares_adaptations() || !theirs.shares_adaptations(), "{pair}");
                assert_eq!(row.pass_through, None, "{pair}");
                let set = row.share_alike.filter(|set| passed == Adapted || set.verbatim);
                assert!(set.is_none_or(|set| set.licences.contains(&theirs.id)), "{pair}");
                let free = row.sublicense.is_some() || row.is_unconditional() || set.is_some();
                assert!(passed == Adapted || free, "{pair}");
            }
        }
    }
}

#[test]
fn an_offer_never_makes_an_answer_better() {
    let rank = |outcome: &Outcome| match outcome {
        Outcome::Deny(_) => 0,
        Outcome::Unknown(_) => 1,
        Outcome::Permit(_) => 2,
    };
    for row in licences() {
        for action in [Action::Use, Action::Distribute, Action::DistributeDerived, Action::Train] {
            for terms in ["MIT", "CC-BY-SA-4.0", "LicenseRef-x", "NONE", "NOASSERTION"] {
                let (licence, ask) = (spdx(row.id), commercial(action));
                let alone = evaluate(&licence, &ask);
                let offered = evaluate_offered(&licence, &ask, Some(&Outbound::new(terms)));
                assert!(rank(&offered) <= rank(&alone), "{} {action} {terms}", row.id);
            }
        }
    }
}
