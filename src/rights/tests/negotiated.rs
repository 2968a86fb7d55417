use super::*;

fn during(acts: Acts) -> Ask<'static> {
    Ask { acts, ..ask(Action::Train) }
}

/// One act of offering a model at [`T`], trained as said.
fn serve(trained: Acts) -> Ask<'static> {
    Ask { trained: Some(trained), ..ask(Action::ServeOutputs) }
}

fn all(until: Option<u64>) -> Licence {
    Licence { until: until.map(at), ..granted([Rule::permit([Action::Use])]) }
}

#[test]
fn what_no_rule_grants_is_denied() {
    let licence = granted([Rule::permit([Action::Search])]);
    permits(&licence, &ask(Action::Search));
    for leaf in Action::Use.leaves().filter(|leaf| *leaf != Action::Search) {
        denies(&licence, &ask(leaf), [Reason::NoGrant]);
    }
    let prohibition = granted([Rule::prohibit([Action::Train])]);
    denies(&prohibition, &ask(Action::Train), [Reason::NoGrant, Reason::Prohibited]);
    denies(&prohibition, &ask(Action::Search), [Reason::NoGrant]);
}

#[test]
fn sublicensing_and_transfer_must_be_granted_by_name() {
    let licence = granted([Rule::permit([Action::Distribute, Action::Derive])]);
    denies(&licence, &ask(Action::Sublicense), [Reason::NoGrant]);
    denies(&licence, &ask(Action::Transfer), [Reason::NoGrant]);
    let licence = granted([Rule::permit([Action::Sublicense, Action::Transfer])]);
    permits(&licence, &ask(Action::Sublicense));
    permits(&licence, &ask(Action::Transfer));
}

#[test]
fn the_term_begins_inclusive_and_ends_exclusive() {
    let licence = all(Some(T));
    let since = |acts| Ask { since: Some(at(T - 5)), ..during(acts) };
    denies(&licence, &since(Acts::proven_at(at(T - 6))), [Reason::NotYetValid]);
    permits(&licence, &since(Acts::proven_at(at(T - 5))));
    permits(&licence, &since(Acts::proven_at(at(T - 1))));
    denies(&licence, &since(Acts::proven_at(at(T))), [Reason::Expired]);
    let around = Acts { earliest: at(T - 6), latest: at(T), proven: at(T) };
    denies(&licence, &since(around), [Reason::Expired, Reason::NotYetValid]);
    let reaching_back = Acts { earliest: at(T - 6), latest: at(T - 1), proven: at(T - 1) };
    denies(&licence, &since(reaching_back), [Reason::NotYetValid]);
}

#[test]
fn an_act_that_cannot_prove_its_time_is_unknown_at_every_end() {
    misses(&all(Some(T)), &during(unproven()), [Missing::ActTimeUnproven]);
    let revocable = Licence { revocable: true, ..all(None) };
    let revoked = Ask { revoked: Some(at(T)), ..during(unproven()) };
    misses(&revocable, &revoked, [Missing::ActTimeUnproven]);
    let by_then = Acts { proven: at(T - 1), ..unproven() };
    permits(&all(Some(T)), &during(by_then));
}

#[test]
fn the_licensees_bound_every_rule() {
    let licence = Licence { licensees: [TRAINER.to_owned()].into(), ..all(None) };
    permits(&licence, &Ask { licensee: Some(TRAINER), ..ask(Action::Train) });
    let other = Ask { licensee: Some("did:web:other.example"), ..ask(Action::Train) };
    denies(&licence, &other, [Reason::Licensee]);
    misses(&licence, &ask(Action::Train), [Missing::Licensee]);
    let public = Licence { licensees: licence.licensees, ..spdx("CC0-1.0") };
    denies(&public, &other, [Reason::Licensee]);
    misses(&public, &ask(Action::Train), [Missing::Licensee]);
}

/// Deny > Unknown: a fact that is missing never hides a reason that is not.
#[test]
fn a_reason_outweighs_what_is_missing() {
    let licensed = |licence| Licence { licensees: [TRAINER.to_owned()].into(), ..licence };
    denies(&licensed(all(Some(T))), &ask(Action::Train), [Reason::Expired]);
    let search = licensed(granted([Rule::permit([Action::Search])]));
    denies(&search, &ask(Action::Train), [Reason::NoGrant]);
    let until = Licence { until: Some(at(T)), ..granted([Rule::permit([Action::Search])]) };
    denies(&until, &during(unproven()), [Reason::NoGrant]);
    let revocable = Licence { revocable: true, ..train_except(Constraint::purpose([])) };
    let revocable = Licence {
        rules: revocable.rules.into_iter().chain([Rule::prohibit([Action::Use])]).collect(),
        ..revocable
    };
    let revoked = Ask { revoked: Some(at(T)), ..during(unproven()) };
    denies(&revocable, &revoked, [Reason::Prohibited]);
}

#[test]
fn a_prohibition_wins_over_every_permission() {
    let licence = granted([
        Rule::permit([Action::Use]),
        Rule::permit([Action::TrainGenerative]),
        Rule::prohibit([Action::Train]),
    ]);
    denies(&licence, &ask(Action::TrainGenerative), [Reason::Prohibited]);
    permits(&licence, &ask(Action::Derive));
}

#[test]
fn the_best_of_several_permissions_counts() {
    let free = Rule::permit([Action::Train]).when(Constraint::purpose([Purpose::Research]));
    let paid = Rule::permit([Action::Train])
        .duty(Duty::new(DutyKind::Attribute))
        .duty(Duty::revenue_share("did:web:payee.example", 250));
    let licence = granted([free.clone(), paid.clone()]);
    let research = Ask { purpose: Some(Purpose::Research), ..ask(Action::Train) };
    assert_eq!(evaluate(&licence, &research), Outcome::free());
    let owed = Outcome::Permit(paid.duties.into());
    assert_eq!(evaluate(&licence, &commercial(Action::Train)), owed);
    // Not said what for: the free rule is unknown, the other is enough.
    assert_eq!(evaluate(&licence, &ask(Action::Train)), owed);
    let bound = Rule::permit([Action::Train]).when(Constraint::until(at(T)));
    let licence = granted([free, bound]);
    misses(&licence, &ask(Action::Train), [Missing::Purpose]);
    denies(&licence, &commercial(Action::Train), [Reason::Expired, Reason::Purpose]);
}

#[test]
fn duties_of_the_leaves_add_up() {
    let licence = granted([
        Rule::permit([Action::TrainGenerative]).duty(Duty::new(DutyKind::Attribute)),
        Rule::permit([Action::TrainNongenerative]).duty(Duty::new(DutyKind::Report)),
    ]);
    let both = permit([DutyKind::Attribute, DutyKind::Report]);
    assert_eq!(evaluate(&licence, &ask(Action::Train)), both);
    let one = permit([DutyKind::Report]);
    assert_eq!(evaluate(&licence, &ask(Action::TrainNongenerative)), one);
}

#[test]
fn models_outlive_the_term_only_where_the_terms_say_so() {
    let before = Acts::proven_at(at(T - 1));
    let table = [
        (before, Some(true), Outcome::free()),
        (before, None, Outcome::unknown(Missing::Survival)),
        (before, Some(false), Outcome::deny(Reason::Expired)),
        (unproven(), Some(true), Outcome::unknown(Missing::ActTimeUnproven)),
        (unproven(), None, Outcome::unknown(Missing::ActTimeUnproven)),
        (unproven(), Some(false), Outcome::deny(Reason::Expired)),
        (Acts::proven_at(at(T)), Some(true), Outcome::deny(Reason::Expired)),
        (Acts::proven_at(at(T)), None, Outcome::deny(Reason::Expired)),
        (Acts::proven_at(at(T)), Some(false), Outcome::deny(Reason::Expired)),
    ];
    for (trained, survives, expected) in table {
        let term = Licence { survives, ..all(Some(T)) };
        assert_eq!(evaluate(&term, &serve(trained)), expected, "{trained:?} {survives:?}");
        let revoked = Ask { revoked: Some(at(T)), ..serve(trained) };
        let revocable = Licence { survives, revocable: true, ..all(None) };
        let expected = match expected {
            Outcome::Deny(_) => Outcome::deny(Reason::Revoked),
            other => other,
        };
        assert_eq!(evaluate(&revocable, &revoked), expected, "{trained:?} {survives:?}");
        // The data themselves are not a model.
        let data = Ask { trained: None, ..serve(trained) };
        denies(&term, &data, [Reason::Expired]);
    }
}

#[test]
fn a_late_use_that_is_allowed_needs_no_proof_of_having_been_early() {
    let trained = Some(Acts::proven_at(at(T - 20)));
    let early = Ask { acts: unproven(), trained, ..ask(Action::ServeOutputs) };
    for (survives, expected) in [
        (Some(true), Outcome::free()),
        (None, Outcome::unknown(Missing::ActTimeUnproven)),
        (Some(false), Outcome::unknown(Missing::ActTimeUnproven)),
    ] {
        let licence = Licence { survives, ..all(Some(T)) };
        assert_eq!(evaluate(&licence, &early), expected, "{survives:?}");
    }
}

#[test]
fn what_was_irrevocable_is_not_ended_by_a_revocation() {
    let revoked = Ask { revoked: Some(at(T - 5)), ..ask(Action::Train) };
    permits(&all(None), &revoked);
    let revocable = Licence { revocable: true, ..all(None) };
    denies(&revocable, &revoked, [Reason::Revoked]);
    permits(&revocable, &Ask { acts: Acts::proven_at(at(T - 6)), ..revoked });
    denies(&revocable, &Ask { acts: Acts::proven_at(at(T - 5)), ..revoked }, [Reason::Revoked]);
    assert!(is_irrevocable(&all(None)));
    assert!(!is_irrevocable(&revocable));
}

#[test]
fn acts_are_as_late_as_the_last_of_them() {
    let early = Acts::proven_at(at(T - 9));
    let both = early.and(Acts { earliest: at(T - 4), latest: at(T - 3), proven: at(T + 1) });
    assert_eq!(both, Acts { earliest: at(T - 9), latest: at(T - 3), proven: at(T + 1) });
    assert_eq!(early.ended_by(at(T - 9)), Ended::After);
    assert_eq!(early.ended_by(at(T - 8)), Ended::Before);
    assert_eq!(both.ended_by(at(T - 3)), Ended::After);
    assert_eq!(both.ended_by(at(T - 2)), Ended::Unproven);
    assert_eq!(both.ended_by(at(T + 1)), Ended::Unproven);
    assert_eq!(both.ended_by(at(T + 2)), Ended::Before);
}

#[test]
fn terms_count_what_evaluation_looks_at() {
    let rule = Rule::permit([Action::Train, Action::Derive])
        .when(Constraint::purpose([Purpose::Commercial, Purpose::Research]))
        .duty(Duty::new(DutyKind::Notice));
    assert_eq!(granted([rule]).terms(), 1 + 2 + 1 + 2 + 1);
    let licensees = [TRAINER.to_owned()].into();
    assert_eq!(Licence { licensees, ..spdx("MIT OR Apache-2.0") }.terms(), 4);
    for space in ["\t", "\n", "\u{b}", "\u{3000}"] {
        let licence = spdx(&["MIT", "OR", "ISC"].join(space));
        permits(&licence, &commercial(Action::Train));
        assert_eq!(licence.terms(), 3, "{space:?}");
    }
}
