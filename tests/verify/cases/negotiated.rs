//! Terms that a rights holder granted.

use datadeed::rights::{ConflictStrategy, Constraint, Duty};

use super::*;
use crate::story::{negotiated, revocation};

/// Everything that a trainer does with data and models.
fn model() -> Rule {
    Rule::permit([Action::Train, Action::DistributeModel, Action::ServeOutputs])
}

fn grant(change: impl FnOnce(&mut Licence)) -> Signed<Licence> {
    let licence = but(Licence::granted(manifest("source"), [model()]), change);
    licence.sign(&issuer("supplier"), day(0)).unwrap()
}

#[test]
fn case_26_the_second_before_the_end_and_the_end() {
    let end = day(15);
    let before = Timestamp::from_seconds(end.seconds() - 1).unwrap();
    let term = grant(|licence| licence.until = Some(end));
    let rule = granted("supplier", [model().when(Constraint::until(end))]);
    for licence in [term, rule] {
        let case = Case::source([licence.clone().into()]);
        let act = |at| case.rights(&commercial(Action::Train).at(at));
        permits(&act(before), &[]);
        denies(&act(end), &[(Reason::Expired, "source", Some(licence.id()))]);
    }
}

#[test]
fn case_27_trained_in_term_and_served_after_it() {
    let serve = commercial(Action::ServeOutputs);
    let until_day_8 =
        |survives| grant(|licence| (licence.until, licence.survives) = (Some(day(8)), survives));
    let served = |licence: &Signed<Licence>| Case::trained([licence.clone().into()]).rights(&serve);
    permits(&served(&until_day_8(Some(true))), &[]);
    let silent = until_day_8(None);
    lacks(&served(&silent), &[(Missing::Survival, "source", Some(silent.id()))]);
    let ends = until_day_8(Some(false));
    denies(&served(&ends), &[(Reason::Expired, "source", Some(ends.id()))]);
    let delete = but(Duty::new(DutyKind::DeleteAfter), |duty| duty.after = Some(day(8)));
    let deleted = granted("supplier", [model().duty(delete)]);
    denies(&served(&deleted), &[(Reason::UnmetDuty, "source", Some(deleted.id()))]);
    // That it was trained in time has to be proven.
    let survives = until_day_8(Some(true));
    let mut case = Case::trained([survives.clone().into()]);
    case.status = Status::new(day(20));
    lacks(&case.rights(&serve), &[(Missing::ActTimeUnproven, "source", Some(survives.id()))]);
}

#[test]
fn case_30_acts_after_and_before_a_revocation() {
    let licence = grant(|licence| licence.revocable = true);
    let case = Case::source([licence.clone().into()])
        .seen(licence.id(), 0)
        .recorded("supplier", &revocation(licence.id(), day(12)));
    let act = |at| case.rights(&commercial(Action::Train).at(at));
    denies(&act(day(12)), &[(Reason::Revoked, "source", Some(licence.id()))]);
    permits(&act(Timestamp::from_seconds(day(12).seconds() - 1).unwrap()), &[]);
    // A licence that nobody saw by then could be dated back.
    let unseen = Case::source([licence.clone().into()])
        .recorded("supplier", &revocation(licence.id(), day(12)))
        .rights(&commercial(Action::Train).at(day(11)));
    lacks(&unseen, &[(Missing::ActTimeUnproven, "source", Some(licence.id()))]);
    // What was trained before is served after if the terms say so.
    for (survives, code) in [(Some(true), None), (Some(false), Some(Reason::Revoked))] {
        let licence = grant(|one| (one.revocable, one.survives) = (true, survives));
        let case = Case::trained([licence.clone().into()])
            .seen(licence.id(), 0)
            .recorded("supplier", &revocation(licence.id(), day(12)));
        let verdict = case.rights(&commercial(Action::ServeOutputs));
        match code {
            None => permits(&verdict, &[]),
            Some(code) => denies(&verdict, &[(code, "source", Some(licence.id()))]),
        }
    }
}

/// Terms of PIL parents that are reciprocal name themselves and nothing else.
#[test]
fn case_37_reciprocal_parents_of_different_terms() {
    let parent = |name: &str, terms: &str| {
        let rule = Rule::permit([Action::Derive, Action::DistributeDerived])
            .duty(Duty::share_alike([terms]));
        Licence::granted(manifest(name), [rule]).sign(&issuer("supplier"), day(0)).unwrap()
    };
    let merged = |terms: [&str; 2]| {
        let parents = [parent("a", terms[0]), parent("b", terms[1])];
        let case = Case::about(manifest("merged"))
            .collected(manifest("a"))
            .collected(manifest("b"))
            .step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2);
        (parents.iter().cloned().fold(case, Case::with), parents.map(|one| one.id()))
    };
    let share = commercial(Action::Distribute);
    let (case, [a, b]) = merged(["LicenseRef-pil-1", "LicenseRef-pil-2"]);
    let between = [("a", a), ("b", b)].map(|(of, id)| (Reason::ShareAlikeConflict, of, Some(id)));
    denies(&case.rights(&share), &between);
    for (terms, name, id) in [("LicenseRef-pil-1", "b", b), ("LicenseRef-pil-2", "a", a)] {
        let verdict = case.rights(&under(terms, share.clone()));
        denies(&verdict, &[(Reason::ShareAlikeConflict, name, Some(id))]);
    }
    // Who keeps to himself what he makes of both passes nothing on, and owes it to nobody.
    let rule = |action| Rule::permit([action]).duty(Duty::share_alike(["LicenseRef-pil-3"]));
    let other = Licence::granted(manifest("b"), [rule(Action::Derive)]);
    let other = other.sign(&issuer("supplier"), day(0)).unwrap();
    let own = parent("a", "LicenseRef-pil-1");
    let derive = Case::about(manifest("merged"))
        .collected(manifest("a"))
        .collected(manifest("b"))
        .step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2)
        .with(own)
        .with(other)
        .rights(&commercial(Action::Derive));
    permits(&derive, &[]);
    let (case, [a, b]) = merged(["LicenseRef-pil-1"; 2]);
    let alike = [(DutyKind::ShareAlike, "a", a), (DutyKind::ShareAlike, "b", b)];
    permits(&case.rights(&under("LicenseRef-pil-1", share)), &alike);
}

/// PIL terms with `aiLearningModels: false` let one do anything but train.
#[test]
fn case_39_terms_without_learning_models() {
    let rules = [Rule::permit([Action::Use]), Rule::prohibit([Action::Train])];
    let licence = granted("supplier", rules);
    let prohibited = [(Reason::Prohibited, "source", Some(licence.id()))];
    let source = Case::source([licence.clone().into()]);
    denies(&source.rights(&commercial(Action::Train)), &prohibited);
    denies(&source.rights(&commercial(Action::TrainNongenerative)), &prohibited);
    permits(&source.rights(&commercial(Action::Derive)), &[]);
    let model = Case::trained([licence.into()]);
    denies(&model.rights(&commercial(Action::ServeOutputs)), &prohibited);
}

#[test]
fn case_52_a_policy_that_contradicts_itself() {
    let rules =
        || [Rule::permit([Action::Train, Action::Evaluate]), Rule::prohibit([Action::Train])];
    let policy = |conflict| {
        let policy = but(Licence::granted(manifest("source"), rules()), |l| l.conflict = conflict);
        policy.sign(&issuer("supplier"), day(0)).unwrap()
    };
    let void = policy(Some(ConflictStrategy::Invalid));
    // All of it, whatever is asked.
    for action in [Action::Train, Action::Evaluate] {
        let verdict = Case::source([void.clone().into()]).rights(&commercial(action));
        denies(&verdict, &[(Reason::VoidPolicy, "source", Some(void.id()))]);
    }
    let silent = policy(None);
    let case = Case::source([silent.clone().into()]);
    let train = case.rights(&commercial(Action::Train));
    denies(&train, &[(Reason::Prohibited, "source", Some(silent.id()))]);
    permits(&case.rights(&commercial(Action::Evaluate)), &[]);
}

#[test]
fn case_58_a_condition_nobody_knows() {
    let strange = Constraint::new("moon.phase", "any_of", ["full".to_owned()]);
    let licence = granted("supplier", [model().when(strange.clone())]);
    let unknown = [(Missing::Constraint, "source", Some(licence.id()))];
    let train = Case::source([licence.clone().into()]).rights(&commercial(Action::Train));
    lacks(&train, &unknown);
    let serve = Case::trained([licence.into()]).rights(&commercial(Action::ServeOutputs));
    lacks(&serve, &unknown);
    // In a prohibition it stands against nothing surely, and permits nothing.
    let prohibits = granted("supplier", [model(), Rule::prohibit([Action::Train]).when(strange)]);
    let train = Case::source([prohibits.clone().into()]).rights(&commercial(Action::Train));
    lacks(&train, &[(Missing::Constraint, "source", Some(prohibits.id()))]);
}

/// A price of the licence of the source, that the supplier is to be paid.
fn price() -> Duty {
    but(Duty::new(DutyKind::Pay), |duty| {
        duty.payee = Some(iss("supplier"));
        (duty.amount, duty.currency) = (Some(150_000), Some("CNY".into()));
    })
}

#[test]
fn what_is_paid_first_is_shown_as_paid_by_its_payee_alone() {
    let licence = granted("supplier", [model().duty(price())]);
    let source = Case::source([licence.clone().into()]);
    let train = commercial(Action::Train).party(iss("buyer"));
    let receipt = |duty| Event::fulfilment(licence.id(), duty, iss("buyer"), day(4));
    let unmet = [(Reason::UnmetDuty, "source", Some(licence.id()))];
    denies(&source.rights(&train), &unmet);
    let paid = source.clone().recorded("supplier", &receipt(price()));
    permits(&paid.rights(&train), &[(DutyKind::Pay, "source", licence.id())]);
    assert_eq!(paid.found(FindingCode::DutyFulfilled), [Node::Statement(licence.id())]);
    // By somebody else, before it was paid, of another price, or by whoever says so himself.
    denies(&paid.rights(&train.clone().party(iss("trainer"))), &unmet);
    denies(&paid.rights(&train.clone().at(day(3))), &unmet);
    for amount in [149_999, 150_001] {
        let other = but(price(), |duty| duty.amount = Some(amount));
        denies(&source.clone().recorded("supplier", &receipt(other)).rights(&train), &unmet);
    }
    for by in ["buyer", "court", "mallory", "registrar"] {
        let case = source.clone().recorded(by, &receipt(price()));
        denies(&case.rights(&train), &unmet);
    }
}

/// Whoever has a payee's lost key could say so, too.
#[test]
fn a_receipt_by_a_lost_key_has_to_be_from_before() {
    let licence = granted("supplier", [model().duty(price())]);
    let receipt = Event::fulfilment(licence.id(), price(), iss("buyer"), day(4));
    let receipt = receipt.sign(&issuer("supplier"), day(4)).unwrap();
    let lost = Event::key_revocation(crate::story::key("supplier").id(), day(12));
    let case = Case::source([licence.clone().into()])
        .seen(licence.id(), 0)
        .with(receipt.clone())
        .recorded("supplier", &lost);
    let train = commercial(Action::Train).party(iss("buyer"));
    let unmet = [(Reason::UnmetDuty, "source", Some(licence.id()))];
    denies(&case.rights(&train), &unmet);
    denies(&case.clone().seen(receipt.id(), 12).rights(&train), &unmet);
    let owes = [(DutyKind::Pay, "source", licence.id())];
    permits(&case.seen(receipt.id(), 11).rights(&train), &owes);
}

/// Whoever delegates could give a payee's name to anybody.
#[test]
fn a_payee_by_a_lent_name_shows_nothing() {
    use datadeed::statement::Issuer;
    use datadeed::trust::{Delegation, Mandate};

    let payee = "did:web:payee.example";
    let owed = but(price(), |duty| duty.payee = Some(payee.into()));
    let licence = granted("supplier", [model().duty(owed.clone())]);
    let mandate = Mandate::new([Role::Trainer]);
    let lent = sign("trainer", &Delegation::new(payee, crate::story::key("mallory"), mandate));
    let lent_by_holder =
        Delegation::new(payee, crate::story::key("mallory"), Mandate::new([Role::RightsHolder]));
    let train = commercial(Action::Train).party(iss("buyer"));
    for delegation in [lent, sign("supplier", &lent_by_holder)] {
        let bearer = Issuer::new(payee, crate::story::signing_key("mallory"));
        let receipt = Event::fulfilment(licence.id(), owed.clone(), iss("buyer"), day(11));
        let receipt = receipt.sign(&bearer, day(11)).unwrap();
        let case = Case::source([licence.clone().into()]).with(delegation).with(receipt);
        let verdict = case.rights(&train);
        denies(&verdict, &[(Reason::UnmetDuty, "source", Some(licence.id()))]);
        let node = Node::Statement(licence.id());
        assert_eq!(case.found(FindingCode::EventWithoutEffect), [node]);
    }
}

/// One licence's receipt is not another's, though both ask the same.
#[test]
fn a_receipt_serves_the_terms_that_it_names() {
    let train = granted("supplier", [Rule::permit([Action::Train]).duty(price())]);
    let share =
        Licence::granted(manifest("source"), [Rule::permit([Action::Distribute]).duty(price())]);
    let share = crate::story::numbered(share, 1, train.id());
    let share = share.sign(&issuer("supplier"), day(0)).unwrap();
    let receipt = Event::fulfilment(train.id(), price(), iss("buyer"), day(4));
    let case = Case::source([train.clone().into(), share.clone().into()]);
    let case = case.recorded("supplier", &receipt);
    let ask = |action| case.rights(&commercial(action).party(iss("buyer")));
    permits(&ask(Action::Train), &[(DutyKind::Pay, "source", train.id())]);
    let denied = ask(Action::Distribute);
    let no_grant = (Reason::NoGrant, "source", Some(train.id()));
    denies(&denied, &[no_grant, (Reason::UnmetDuty, "source", Some(share.id()))]);
}

/// What the story's curator grants is no less for being checked with every other case.
#[test]
fn what_a_maker_grants_on_comes_beside_what_the_source_asks() {
    let source = seen("source", "CC-BY-4.0");
    let corpus = negotiated(manifest("corpus")).sign(&issuer("curator"), day(3)).unwrap();
    let case = Case::cleaned([source.clone().into()]).with(corpus.clone());
    let case = case.step("trainer", ActivityKind::Train, &["corpus"], "weights", 5);
    let sell = commercial(Action::DistributeModel);
    lacks(&case.rights(&sell), &[(Missing::Standing, "corpus", Some(corpus.id()))]);
    let trusted = Case { trust: but_for("curator", &[Role::Curator, Role::RightsHolder]), ..case };
    let credit = [DutyKind::Attribute, DutyKind::Notice].map(|kind| (kind, "source", source.id()));
    permits(&trusted.rights(&sell), &credit);
}

/// What a maker asks of others in return he does not owe himself, whether his licence permits his own use or not.
#[test]
fn a_maker_owes_nothing_under_his_own_licence() {
    let alike = |of: &str, by: &str, terms: &str, prohibited: Option<Rule>| {
        let rule = Rule::permit([Action::Use]).duty(Duty::share_alike([terms]));
        let licence = Licence::granted(manifest(of), [rule].into_iter().chain(prohibited));
        licence.sign(&issuer(by), day(0)).unwrap()
    };
    let source = alike("source", "supplier", "LicenseRef-a", None);
    for prohibited in [None, Some(Rule::prohibit([Action::Use]))] {
        let is_open = prohibited.is_none();
        let own = alike("corpus", "trainer", "LicenseRef-b", prohibited);
        let case = Case::source([source.clone().into()]);
        let roles = [Role::Curator, Role::RightsHolder];
        let case = Case { trust: but_for("trainer", &roles), ..case }
            .step("trainer", ActivityKind::Clean, &["source"], "corpus", 2)
            .with(own.clone())
            .step("trainer", ActivityKind::Clean, &["corpus"], "other", 5);
        let ask = |party| case.rights(&commercial(Action::Distribute).party(iss(party)));
        permits(&ask("trainer"), &[(DutyKind::ShareAlike, "source", source.id())]);
        // Others do.
        let code = if is_open { Reason::ShareAlikeConflict } else { Reason::Prohibited };
        let Verdict::Deny { reasons } = ask("buyer") else { panic!("{is_open}") };
        assert!(reasons.iter().any(|one| (one.code, one.statement) == (code, Some(own.id()))));
    }
}

/// Who may search until day 4, and never: all is void until then, and what was done meanwhile stays so.
#[test]
fn what_was_done_under_void_terms_is_not_mended_by_doing_it_again() {
    let void = grant(|licence| {
        let search = Rule::permit([Action::Search]).when(Constraint::until(day(4)));
        let derive = Rule::permit([Action::Derive]);
        licence.rules = [derive, search, Rule::prohibit([Action::Search])].into();
        licence.conflict = Some(ConflictStrategy::Invalid);
    });
    let made =
        |case: Case, on| case.step("curator", ActivityKind::Clean, &["source"], "corpus", on);
    let derive = commercial(Action::Derive);
    let denied = [(Reason::VoidPolicy, "source", Some(void.id()))];
    let source = Case::source([void.into()]);
    let early = made(source.clone(), 2);
    denies(&early.rights(&derive.clone().at(day(3))), &denied);
    denies(&early.rights(&derive), &denied);
    denies(&made(early, 10).rights(&derive), &denied);
    permits(&made(source, 10).rights(&derive), &[]);
}
