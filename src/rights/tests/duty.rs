use super::*;

/// The least duty of each kind that is sound.
fn sound(kind: DutyKind) -> Duty {
    let duty = Duty::new(kind);
    match kind {
        DutyKind::DeleteAfter => Duty { after: Some(at(T)), ..duty },
        DutyKind::Pay => Duty {
            payee: Some("did:web:payee.example".into()),
            amount: Some(100),
            currency: Some("CNY".into()),
            ..duty
        },
        DutyKind::RevenueShare => Duty::revenue_share("did:web:payee.example", 250),
        DutyKind::ShareAlike => Duty::share_alike(["CC-BY-SA-4.0"]),
        _ => duty,
    }
}

#[test]
fn each_kind_has_its_fields_and_no_others() {
    for &kind in DutyKind::ALL {
        let is = |kinds: &[DutyKind]| kinds.contains(&kind);
        let duty = sound(kind);
        assert!(duty.is_sound(), "{kind}");
        let pays = is(&[DutyKind::Pay]);
        let shares = is(&[DutyKind::RevenueShare]);
        let toggled = |present: bool| (!present).then_some(1);
        let after = duty.after.is_none().then(|| at(T));
        assert!(!Duty { after, ..duty.clone() }.is_sound(), "{kind}: after");
        let amount = toggled(pays);
        assert!(!Duty { amount, ..duty.clone() }.is_sound(), "{kind}: amount");
        let basis_points = toggled(shares);
        assert!(!Duty { basis_points, ..duty.clone() }.is_sound(), "{kind}: basis_points");
        let currency = duty.currency.is_none().then(|| "CNY".to_owned());
        assert!(!Duty { currency, ..duty.clone() }.is_sound(), "{kind}: currency");
        let licences = if duty.licences.is_empty() { ["MIT".to_owned()].into() } else { [].into() };
        assert!(!Duty { licences, ..duty.clone() }.is_sound(), "{kind}: licences");
        let anonymous = Duty { payee: None, ..duty.clone() };
        assert_eq!(anonymous.is_sound(), !(pays || shares), "{kind}: no payee");
        let payee = Some("did:web:payee.example".to_owned());
        assert!(Duty { payee, ..duty.clone() }.is_sound(), "{kind}: payee");
        let terms = Some("in words".to_owned());
        assert!(Duty { terms, ..duty.clone() }.is_sound(), "{kind}: terms");
        let ceiling = Some(1);
        assert!(!Duty { ceiling, currency: None, ..duty.clone() }.is_sound(), "{kind}: ceiling");
        let capped = Duty { ceiling, currency: Some("CNY".into()), ..duty };
        assert_eq!(capped.is_sound(), shares, "{kind}: ceiling and currency");
        let floor = Some(1);
        let least = Duty { ceiling: None, floor, ..capped };
        assert_eq!(least.is_sound(), shares, "{kind}: floor and currency");
        assert!(!Duty { currency: None, ..least }.is_sound(), "{kind}: floor");
        let of = Some("did:web:supplier.example".to_owned());
        assert_eq!(Duty { of, ..sound(kind) }.is_sound(), shares, "{kind}: of");
    }
}

#[test]
fn a_floor_is_at_most_the_ceiling() {
    let between = |floor, ceiling| Duty {
        floor,
        ceiling,
        currency: Some("CNY".into()),
        ..sound(DutyKind::RevenueShare)
    };
    assert!(between(Some(5), Some(5)).is_sound());
    assert!(!between(Some(6), Some(5)).is_sound());
    assert!(between(Some(u64::MAX), None).is_sound());
}

#[test]
fn nobody_shares_in_what_he_receives_himself() {
    let of = |payee: &str| Duty { of: Some(payee.into()), ..sound(DutyKind::RevenueShare) };
    assert!(!of("did:web:payee.example").is_sound());
    assert!(of("did:web:payee.example.").is_sound());
}

#[test]
fn a_share_is_at_most_the_whole() {
    for (basis_points, sound) in [(0, true), (10_000, true), (10_001, false), (u64::MAX, false)] {
        let duty = Duty::revenue_share("did:web:payee.example", basis_points);
        assert_eq!(duty.is_sound(), sound, "{basis_points}");
    }
}

#[test]
fn payment_and_consent_come_first() {
    for &kind in DutyKind::ALL {
        let first = matches!(kind, DutyKind::Pay | DutyKind::ObtainConsent);
        assert_eq!(kind.is_precondition(), first, "{kind}");
        let licence = granted([Rule::permit([Action::DistributeModel]).duty(sound(kind))]);
        let early = Ask { acts: Acts::proven_at(at(T - 1)), ..ask(Action::DistributeModel) };
        if first {
            denies(&licence, &early, [Reason::UnmetDuty]);
        } else {
            let owed = Outcome::Permit([sound(kind)].into());
            assert_eq!(evaluate(&licence, &early), owed, "{kind}");
        }
    }
}

/// Of two permissions nobody shares his revenue by the one who can do the same by the other.
#[test]
fn a_part_of_the_revenue_weighs_more_than_other_duties() {
    let share = Duty::revenue_share("did:web:supplier.example", 1);
    let light = [DutyKind::Attribute, DutyKind::Notice].map(Duty::new);
    let cheap = light.iter().cloned().fold(Rule::permit([Action::Train]), Rule::duty);
    let dear = Rule::permit([Action::Train]).duty(share);
    let licence = granted([dear, cheap]);
    assert_eq!(evaluate(&licence, &ask(Action::Train)), Outcome::Permit(light.into()));
}

/// What is adapted has to go on under them, and nothing else: as with public licences.
#[test]
fn share_alike_terms_are_owed_for_what_is_adapted_and_passed_on() {
    let licence = granted([Rule::permit([Action::Use]).duty(sound(DutyKind::ShareAlike))]);
    for action in Action::Use.leaves() {
        let adapts = [Action::DistributeDerived, Action::DistributeModel, Action::ServeOutputs];
        let owed = adapts.contains(&action).then(|| sound(DutyKind::ShareAlike));
        let expected = Outcome::Permit(owed.into_iter().collect());
        assert_eq!(evaluate(&licence, &commercial(action)), expected, "{action}");
    }
}

#[test]
fn what_must_be_deleted_is_not_used_afterwards() {
    let licence = granted([Rule::permit([Action::Train]).duty(sound(DutyKind::DeleteAfter))]);
    let during = |acts| Ask { acts, ..ask(Action::Train) };
    permits(&licence, &during(Acts::proven_at(at(T - 1))));
    denies(&licence, &during(Acts::proven_at(at(T))), [Reason::UnmetDuty]);
    misses(&licence, &during(unproven()), [Missing::ActTimeUnproven]);
    let paid = granted([Rule::permit([Action::Train])
        .duty(sound(DutyKind::DeleteAfter))
        .duty(sound(DutyKind::Pay))]);
    denies(&paid, &during(unproven()), [Reason::UnmetDuty]);
}

#[test]
fn an_unmet_duty_denies_whatever_else_is_unsaid() {
    let licence = granted([Rule::permit([Action::Train])
        .when(Constraint::purpose([Purpose::Research]))
        .duty(sound(DutyKind::ObtainConsent))]);
    denies(&licence, &ask(Action::Train), [Reason::UnmetDuty]);
}

#[test]
fn share_alike_duties_need_a_common_licence() {
    let table: &[(&[&[&str]], bool)] = &[
        (&[], false),
        (&[&["A"]], false),
        (&[&["A"], &["A"]], false),
        (&[&["A"], &["B"]], true),
        (&[&["A", "B"], &["B", "C"]], false),
        (&[&["A", "B"], &["B", "C"], &["C", "A"]], true),
        (&[&["A", "B", "C"], &["B", "C"], &["C", "A"]], false),
    ];
    for (sets, conflict) in table {
        let set = |names: &&[&str]| -> BTreeSet<String> {
            names.iter().map(ToString::to_string).collect()
        };
        let mut alike: Vec<BTreeSet<String>> = sets.iter().map(set).collect();
        assert_eq!(share_alike_conflict(&alike), *conflict, "{sets:?}");
        alike.reverse();
        assert_eq!(share_alike_conflict(&alike), *conflict, "{sets:?} reversed");
    }
}
