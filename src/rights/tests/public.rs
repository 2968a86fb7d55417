use super::*;

fn due(kinds: &[DutyKind], share_alike: &[&str]) -> Outcome {
    let mut duties: BTreeSet<Duty> = kinds.iter().map(|kind| Duty::new(*kind)).collect();
    if !share_alike.is_empty() {
        duties.insert(Duty::share_alike(share_alike.iter().copied()));
    }
    Outcome::Permit(duties.into())
}

const CREDIT: &[DutyKind] = &[DutyKind::Attribute, DutyKind::Notice];

/// Credit, and nothing that restricts recipients further.
const OPEN: &[DutyKind] = &[DutyKind::Attribute, DutyKind::NoExtraRestrictions, DutyKind::Notice];

/// Rows of every sort, and what their texts say: commercial, adaptations, duties, sublicence, irrevocable.
#[test]
fn rows_say_what_their_texts_say() {
    type Row = (&'static str, bool, bool, &'static [DutyKind], bool, bool);
    let rows: &[Row] = &[
        ("0BSD", true, true, &[], false, false),
        ("Apache-2.0", true, true, CREDIT, true, true),
        ("Apache-2.0 WITH LLVM-exception", true, true, CREDIT, true, true),
        ("BSD-2-Clause", true, true, CREDIT, false, false),
        ("BSD-3-Clause", true, true, CREDIT, false, false),
        ("BSL-1.0", true, true, CREDIT, false, false),
        ("CC-BY-4.0", true, true, CREDIT, false, true),
        ("CC-BY-NC-4.0", false, true, CREDIT, false, true),
        ("CC-BY-NC-ND-4.0", false, false, CREDIT, false, true),
        ("CC-BY-NC-SA-4.0", false, true, CREDIT, false, true),
        ("CC-BY-ND-4.0", true, false, CREDIT, false, true),
        ("CC-BY-SA-4.0", true, true, CREDIT, false, true),
        ("CC0-1.0", true, true, &[], false, true),
        ("ISC", true, true, CREDIT, false, false),
        ("MIT", true, true, CREDIT, true, false),
        ("MIT-0", true, true, &[], true, false),
        ("Unicode-3.0", true, true, CREDIT, false, false),
        ("Unlicense", true, true, &[], false, false),
        ("Zlib", true, true, &[DutyKind::Notice], false, false),
    ];
    for &(id, for_money, adaptations, duties, sublicense, irrevocable) in rows {
        let licence = spdx(id);
        let personal = |action| Ask { purpose: Some(Purpose::Personal), ..ask(action) };
        assert_eq!(evaluate(&licence, &personal(Action::Train)), due(duties, &[]), "{id}");
        let commercially = evaluate(&licence, &commercial(Action::Train));
        let denied = Outcome::deny(Reason::Purpose);
        assert_eq!(commercially, if for_money { due(duties, &[]) } else { denied }, "{id}");
        let derived = evaluate(&licence, &personal(Action::DistributeDerived));
        assert_eq!(matches!(derived, Outcome::Permit(_)), adaptations, "{id}");
        let sublicence = evaluate(&licence, &personal(Action::Sublicense));
        let none = Outcome::deny(Reason::NoGrant);
        assert_eq!(sublicence, if sublicense { due(duties, &[]) } else { none.clone() }, "{id}");
        assert_eq!(evaluate(&licence, &personal(Action::Transfer)), none, "{id}");
        assert_eq!(is_irrevocable(&licence), irrevocable, "{id}");
        let revoked = Ask { revoked: Some(at(T)), ..personal(Action::Train) };
        let contested = Outcome::unknown(Missing::RevocationContested);
        let withdrawn = if irrevocable { due(duties, &[]) } else { contested };
        assert_eq!(evaluate(&licence, &revoked), withdrawn, "{id}");
    }
}

#[test]
fn non_commercial_licences_answer_every_purpose() {
    for id in ["CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-4.0"] {
        for &purpose in Purpose::ALL {
            let expected = match purpose {
                Purpose::NonCommercial | Purpose::Personal => due(CREDIT, &[]),
                Purpose::Commercial => Outcome::deny(Reason::Purpose),
                _ => Outcome::unknown(Missing::Purpose),
            };
            let ask = Ask { purpose: Some(purpose), ..ask(Action::Train) };
            assert_eq!(evaluate(&spdx(id), &ask), expected, "{id} {purpose}");
        }
        misses(&spdx(id), &ask(Action::Train), [Missing::Purpose]);
        // What is not granted for any purpose is denied before the purpose is asked for.
        denies(&spdx(id), &ask(Action::Transfer), [Reason::NoGrant]);
    }
    denies(&spdx("CC-BY-NC-ND-4.0"), &ask(Action::DistributeDerived), [Reason::NoDerivatives]);
    denies(
        &spdx("CC-BY-NC-ND-4.0"),
        &commercial(Action::DistributeDerived),
        [Reason::NoDerivatives, Reason::Purpose],
    );
}

#[test]
fn no_derivatives_means_not_shared_rather_than_not_made() {
    let licence = spdx("CC-BY-ND-4.0");
    for action in [Action::Derive, Action::FormatShift, Action::Train] {
        assert_eq!(evaluate(&licence, &commercial(action)), due(CREDIT, &[]), "{action}");
    }
    assert_eq!(evaluate(&licence, &commercial(Action::Distribute)), due(OPEN, &[]));
    for action in [Action::DistributeDerived, Action::DistributeModel, Action::ServeOutputs] {
        denies(&licence, &commercial(action), [Reason::NoDerivatives]);
    }
}

#[test]
fn share_alike_is_owed_for_what_is_derived_and_shared() {
    let table: &[(&str, &[&str])] = &[
        ("CC-BY-SA-4.0", &["CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3"]),
        ("CC-BY-NC-SA-4.0", &["CC-BY-NC-SA-4.0"]),
        ("CC-BY-4.0", &[]),
        ("MIT", &[]),
    ];
    for (id, set) in table {
        let personal = |action| Ask { purpose: Some(Purpose::Personal), ..ask(action) };
        for action in [Action::DistributeDerived, Action::DistributeModel, Action::ServeOutputs] {
            // Attribution licences leave the terms of an adaptation to whoever made it.
            let kinds = if set.is_empty() { CREDIT } else { OPEN };
            assert_eq!(evaluate(&spdx(id), &personal(action)), due(kinds, set), "{id} {action}");
        }
        for action in [Action::Derive, Action::Train, Action::Reproduce] {
            assert_eq!(evaluate(&spdx(id), &personal(action)), due(CREDIT, &[]), "{id} {action}");
        }
    }
}

/// Both must be met, and no licence is in both sets.
#[test]
fn two_share_alike_licences_are_both_owed() {
    let both = spdx("CC-BY-SA-4.0 AND CC-BY-NC-SA-4.0");
    let ask = Ask { purpose: Some(Purpose::NonCommercial), ..ask(Action::DistributeDerived) };
    let Outcome::Permit(duties) = evaluate(&both, &ask) else { panic!("each alone permits") };
    assert_eq!(duties.len(), 5);
    let alike = duties.iter().filter(|duty| duty.kind == DutyKind::ShareAlike);
    assert!(share_alike_conflict(alike.map(|duty| &duty.licences)));
}

#[test]
fn the_profile_decides_whether_contested_terms_reach_the_model() {
    let declared = |ask: Ask<'static>| Ask { profile: Profile::Declared, ..ask };
    for action in [Action::DistributeModel, Action::ServeOutputs] {
        for row in licences().iter().filter(|row| row.exception.is_empty()) {
            let licence = spdx(row.id);
            let trained = Some(Acts::proven_at(at(T)));
            let of_model = Ask { trained, ..commercial(action) };
            let strict = evaluate(&licence, &of_model);
            let reached = row.reaches_model != Reach::No;
            assert_eq!(strict != Outcome::free(), reached, "{} {action}", row.id);
            let bold = evaluate(&licence, &declared(of_model));
            let owed = row.product_notice.map(|_| Duty::new(DutyKind::Notice));
            let stops = Outcome::Permit(owed.into_iter().collect());
            let says_so = row.reaches_model == Reach::Yes;
            assert_eq!(bold, if says_so { strict } else { stops }, "{} {action}", row.id);
        }
    }
    // About the data the profile says nothing.
    for action in [Action::Train, Action::Derive, Action::DistributeDerived] {
        denies(&spdx("CC-BY-NC-4.0"), &declared(commercial(action)), [Reason::Purpose]);
    }
    // And negotiated rules are taken at their word.
    let train = granted([Rule::permit([Action::Train])]);
    denies(&train, &declared(ask(Action::DistributeModel)), [Reason::NoGrant]);
}

#[test]
fn a_silent_licence_taken_back_is_contested_for_later_and_unproven_acts() {
    let licence = spdx("MIT");
    let revoked = |acts| Ask { acts, revoked: Some(at(T)), ..commercial(Action::Train) };
    permits(&licence, &revoked(Acts::proven_at(at(T - 1))));
    misses(&licence, &revoked(Acts::proven_at(at(T))), [Missing::RevocationContested]);
    misses(&licence, &revoked(unproven()), [Missing::RevocationContested]);
    let transfer = Ask { action: Action::Transfer, ..revoked(unproven()) };
    denies(&licence, &transfer, [Reason::NoGrant]);
    permits(&spdx("MIT OR Apache-2.0"), &revoked(unproven()));
    misses(&spdx("MIT AND Apache-2.0"), &revoked(unproven()), [Missing::RevocationContested]);
}

#[test]
fn a_term_bounds_public_licences_too() {
    let licence = Licence { until: Some(at(T)), ..spdx("CC0-1.0") };
    denies(&licence, &ask(Action::Train), [Reason::Expired]);
    permits(&licence, &Ask { acts: Acts::proven_at(at(T - 1)), ..ask(Action::Train) });
    misses(&licence, &Ask { acts: unproven(), ..ask(Action::Train) }, [Missing::ActTimeUnproven]);
    let since = Ask { since: Some(at(T + 1)), ..ask(Action::Train) };
    denies(&spdx("CC0-1.0"), &since, [Reason::NotYetValid]);
}

/// Versions 1.0 to 3.0 grant no right to make an adaptation (section 3), and a model is one as far as
/// the terms reach it.
#[test]
fn no_derivatives_before_4_0_means_not_made() {
    for id in ["CC-BY-ND-1.0", "CC-BY-ND-2.5", "CC-BY-ND-3.0", "CC-BY-NC-ND-3.0-IGO"] {
        let personal = |action| Ask { purpose: Some(Purpose::Personal), ..ask(action) };
        for action in [Action::Derive, Action::TrainGenerative, Action::Synthesize] {
            denies(&spdx(id), &personal(action), [Reason::NoDerivatives]);
        }
        for action in [Action::FormatShift, Action::Reproduce, Action::Index, Action::Evaluate] {
            assert_eq!(evaluate(&spdx(id), &personal(action)), due(CREDIT, &[]), "{id} {action}");
        }
        assert_eq!(evaluate(&spdx(id), &personal(Action::Distribute)), due(OPEN, &[]), "{id}");
        let declared = |action| Ask { profile: Profile::Declared, ..personal(action) };
        permits(&spdx(id), &declared(Action::Train));
        denies(&spdx(id), &declared(Action::Derive), [Reason::NoDerivatives]);
    }
}

#[test]
fn what_is_learned_from_data_whose_terms_stop_there_is_free() {
    for id in ["C-UDA-1.0", "O-UDA-1.0", "CDLA-Sharing-1.0", "CDLA-Permissive-2.0", "CC0-1.0"] {
        for action in [Action::Train, Action::Evaluate, Action::Synthesize, Action::DataMine] {
            assert_eq!(evaluate(&spdx(id), &commercial(action)), Outcome::free(), "{id} {action}");
        }
    }
    let passed_on = evaluate(&spdx("CDLA-Permissive-1.0"), &commercial(Action::Distribute));
    assert_eq!(passed_on, due(CREDIT, &[]));
}

#[test]
fn copyleft_data_asks_for_the_changes_too() {
    let kinds = [OPEN, &[DutyKind::ProvideAlterations]].concat();
    let table: &[(&str, &[&str])] = &[
        ("ODbL-1.0", &["ODbL-1.0"]),
        ("GPL-2.0-only", &["GPL-2.0-only"]),
        ("MPL-2.0", &["MPL-2.0"]),
        ("LGPL-3.0-only", &["GPL-3.0-only", "LGPL-3.0-only"]),
    ];
    for (id, set) in table {
        let shared = evaluate(&spdx(id), &commercial(Action::DistributeDerived));
        assert_eq!(shared, due(&kinds, set), "{id}");
        // Unchanged copies stay under their licence and are no adaptation.
        for (action, kinds) in [(Action::Distribute, OPEN), (Action::Derive, CREDIT)] {
            assert_eq!(evaluate(&spdx(id), &commercial(action)), due(kinds, &[]), "{id} {action}");
        }
    }
}

/// 1(b)(v) and 2 of those terms turn on what the model is for and on who uses it.
#[test]
fn terms_with_conditions_on_the_user_are_not_evaluated() {
    for id in ["Llama-2", "Llama-3", "Llama-3.1"] {
        let licence = spdx(&format!("LicenseRef-datadeed-{id}"));
        for action in [Action::Train, Action::Distribute, Action::DistributeModel] {
            misses(&licence, &commercial(action), [Missing::Constraint]);
        }
        denies(&licence, &commercial(Action::Sublicense), [Reason::NoGrant]);
    }
}
