//! Licences under licences.

use datadeed::limits::MAX_SUBLICENCES;
use datadeed::rights::{ConflictStrategy, Constraint, Duty, SublicenceDimension};
use datadeed::verify::{Code, Finding};
use proptest::prelude::*;

use super::*;
use crate::story::revocation;

/// Granted by the supplier to the dealer alone, who may let others train.
fn parent(change: impl FnOnce(&mut Licence)) -> Signed<Licence> {
    let licence = Licence::granted(manifest("source"), [may()]);
    let licence = but(licence, |licence| licence.licensees = [iss("dealer")].into());
    but(licence, change).sign(&issuer("supplier"), day(0)).unwrap()
}

fn may() -> Rule {
    Rule::permit([Action::Train, Action::Sublicense])
}

/// Granted by the dealer on day 3, to anybody.
fn child(parent: &Signed<Licence>, change: impl FnOnce(&mut Licence)) -> Signed<Licence> {
    let licence = Licence::granted(manifest("source"), [Rule::permit([Action::Train])]);
    let licence = but(licence, |licence| licence.parent = Some(parent.id()));
    but(licence, change).sign(&issuer("dealer"), day(3)).unwrap()
}

fn both(parent: &Signed<Licence>, child: &Signed<Licence>) -> Case {
    Case::source([parent.clone().into(), child.clone().into()])
}

fn train() -> Use {
    commercial(Action::Train).party(iss("buyer"))
}

/// That the parent is the dealer's and not the buyer's, which he is told wherever it decides.
fn not_his(parent: &Signed<Licence>) -> At<'static, Reason> {
    (Reason::Licensee, "source", Some(parent.id()))
}

#[test]
fn a_sublicence_within_its_parent_is_a_grant() {
    let attribute = || Duty::new(DutyKind::Attribute);
    let above = parent(|one| one.rules = [may().duty(attribute())].into());
    let rule = Rule::permit([Action::Train]).duty(attribute());
    let below = child(&above, |one| one.rules = [rule.duty(Duty::new(DutyKind::Report))].into());
    // Whoever relies on it owes what it asks, which is what is asked above and more, once.
    let owes = [DutyKind::Attribute, DutyKind::Report].map(|kind| (kind, "source", below.id()));
    permits(&both(&above, &below).rights(&train()), &owes);
    // From when it was granted.
    let early = both(&above, &below).rights(&train().at(day(2)));
    denies(&early, &[not_his(&above), (Reason::NotYetValid, "source", Some(below.id()))]);
}

#[test]
fn a_sublicence_counts_by_the_standing_of_the_licence_above() {
    let above = parent(|_| {});
    let by = |name: &str| above.payload().sign(&issuer(name), day(0)).unwrap();
    for name in ["trainer", "dealer", "registrar"] {
        let above = by(name);
        let below = child(&above, |_| {});
        let missing = [&above, &below].map(|one| (Missing::Standing, "source", Some(one.id())));
        let case = both(&above, &below);
        lacks(&case.rights(&train()), &missing);
        assert_eq!(case.found(FindingCode::LicenceWithoutStanding).len(), 2);
    }
    // The dealer's name by somebody who lends it is not the dealer's.
    let below = child(&above, |_| {});
    let lacking = but_for("dealer", &[Role::Trainer]);
    let others = lacking.anchors().filter(|one| one.iss != iss("dealer")).cloned();
    let trust = TrustStore::new(others);
    let mandate = datadeed::trust::Mandate::new([Role::Trainer]);
    let key = crate::story::key("dealer");
    let lent = datadeed::trust::Delegation::new(iss("dealer"), key, mandate);
    let lent = |by: &str| lent.sign(&issuer(by), day(2)).unwrap();
    let case = Case { trust, ..both(&above, &below) }.with(lent("trainer"));
    // So nothing but the parent counts, and that is not the buyer's.
    denies(&case.rights(&train()), &[not_his(&above)]);
    let detail = format!("trust: {}", iss("dealer"));
    let finding = (Node::Statement(below.id()), detail);
    assert_eq!(details(&case, FindingCode::LicenceWithoutStanding), [finding]);
}

fn details(case: &Case, code: FindingCode) -> Vec<(Node, String)> {
    let lineage = case.verify();
    let all = lineage.findings().iter().filter(|one| one.code == code);
    all.map(|Finding { node, detail, .. }| (*node, detail.clone())).collect()
}

#[test]
fn nobody_grants_on_what_was_granted_to_others() {
    let above = parent(|one| one.licensees = [iss("trainer")].into());
    let verdict = both(&above, &child(&above, |_| {})).rights(&train());
    denies(&verdict, &[not_his(&above)]);
    // One that is anybody's is the dealer's, too.
    let open = parent(|one| one.licensees.clear());
    permits(&both(&open, &child(&open, |_| {})).rights(&train()), &[]);
}

#[test]
fn whoever_grants_on_needs_the_right_to_sublicense() {
    let above = parent(|one| one.rules = [Rule::permit([Action::Train])].into());
    let verdict = both(&above, &child(&above, |_| {})).rights(&train());
    denies(&verdict, &[not_his(&above), (Reason::NoGrant, "source", Some(above.id()))]);
    let above = parent(|one| one.rules = [may(), Rule::prohibit([Action::Sublicense])].into());
    let below = child(&above, |one| {
        one.rules = [Rule::permit([Action::Train]), Rule::prohibit([Action::Sublicense])].into();
    });
    let verdict = both(&above, &below).rights(&train());
    denies(&verdict, &[not_his(&above), (Reason::Prohibited, "source", Some(above.id()))]);
}

/// A public licence is every recipient's from its licensor; nobody stands between them.
#[test]
fn a_direct_offer_is_nobodys_to_sublicense() {
    let above = Licence::granted_spdx(manifest("source"), "CC-BY-4.0");
    let above = but(above, |one| one.licensees = [iss("dealer")].into());
    let above = above.sign(&issuer("supplier"), day(0)).unwrap();
    let verdict = both(&above, &child(&above, |_| {})).rights(&train());
    denies(&verdict, &[not_his(&above), (Reason::NoGrant, "source", Some(above.id()))]);
}

/// What collectors saw has to agree, and whoever sublicenses one of it sublicenses no more than all of it.
#[test]
fn nobody_sublicenses_the_best_of_what_was_seen() {
    let free = seen("source", "MIT");
    let bound = seen_by("observer", manifest("source"), "CC-BY-NC-4.0");
    let below = child(&free, |_| {});
    let reasons = [(Reason::Purpose, "source", Some(bound.id()))];
    let two = Case::source([free.clone().into(), bound.into()]);
    denies(&two.rights(&train()), &reasons);
    denies(&two.with(below.clone()).rights(&train()), &reasons);
    // Nor is it an agreement with anybody who could cover what the publisher is against.
    let no = stated(Reading::content_usage(b"train-ai=n").unwrap());
    let reasons = [(Reason::Prohibited, "source", Some(no.id()))];
    let two = Case::source([free.clone().into(), no.into()]);
    denies(&two.rights(&train()), &reasons);
    denies(&two.with(below.clone()).rights(&train()), &reasons);
    // Where nothing is against it, it is as good as what was seen.
    let one = Case::source([free.into(), below.into()]).rights(&train());
    assert!(one.is_permit(), "{one:?}");
}

/// The parent and the child that exceeds it in this alone.
fn exceeding(dimension: SublicenceDimension) -> (Signed<Licence>, Signed<Licence>) {
    use SublicenceDimension as D;

    let on = |rule: Rule| [rule].into();
    let train = || Rule::permit([Action::Train]);
    let commercial = || Constraint::purpose([Purpose::Commercial]);
    let free = |_: &mut Licence| {};
    let made = |above: Signed<Licence>, change: &dyn Fn(&mut Licence)| {
        let below = child(&above, change);
        (above, below)
    };
    match dimension {
        D::Actions => made(parent(free), &|one| {
            one.rules = on(Rule::permit([Action::Train, Action::Derive]));
        }),
        D::Constraints => made(parent(|one| one.rules = on(may().when(commercial()))), &|_| {}),
        D::Duties => {
            let share = |points| Duty::revenue_share(iss("supplier"), points);
            let above = parent(|one| one.rules = on(may().duty(share(1_000))));
            made(above, &move |one| one.rules = on(train().duty(share(999))))
        }
        D::Form => made(parent(free), &|one| {
            (one.spdx, one.rules) = (Some("CC0-1.0".into()), [].into());
        }),
        D::From => made(parent(|one| one.from = Some(day(1))), &|one| one.from = Some(day(0))),
        D::Prohibitions => {
            let prohibited = || Rule::prohibit([Action::Train]).when(Constraint::until(day(2)));
            made(parent(|one| one.rules = [may(), prohibited()].into()), &|_| {})
        }
        D::Revocable => made(parent(|one| one.revocable = true), &|_| {}),
        D::Survives => {
            made(parent(|one| (one.until, one.survives) = (Some(day(90)), Some(false))), &|one| {
                one.until = Some(day(90));
            })
        }
        D::Until => made(parent(|one| one.until = Some(day(90))), &|one| one.until = Some(day(91))),
        other => panic!("{other} is tested nowhere"),
    }
}

#[test]
fn a_sublicence_that_exceeds_its_parent_in_anything_grants_nothing() {
    use SublicenceDimension as D;

    for dimension in [
        D::Actions,
        D::Constraints,
        D::Duties,
        D::Form,
        D::From,
        D::Prohibitions,
        D::Revocable,
        D::Survives,
        D::Until,
    ] {
        let (above, below) = exceeding(dimension);
        let case = both(&above, &below);
        let verdict = case.rights(&train());
        let Verdict::Deny { reasons } = &verdict else { panic!("{dimension}: {verdict:?}") };
        let too_broad = (Reason::SublicenceTooBroad, Some(below.id()));
        assert!(reasons.iter().any(|one| (one.code, one.statement) == too_broad), "{dimension}");
        assert!(
            reasons.iter().all(|one| one.statement == Some(above.id()) || one.code == too_broad.0),
            "{dimension}: {reasons:?}"
        );
        let finding = (Node::Statement(below.id()), dimension.to_string());
        assert_eq!(details(&case, FindingCode::SublicenceTooBroad), [finding]);
    }
}

/// Below a parent whose prohibitions stand, none may yield to permissions.
#[test]
fn a_sublicence_keeps_prohibitions_from_yielding_to_permissions() {
    let not_to_buyer =
        || Rule::prohibit([Action::Train]).when(Constraint::licensee([iss("buyer")]));
    let above = parent(|one| one.rules = [may(), not_to_buyer()].into());
    let below = |conflict| {
        child(&above, |one| {
            one.rules = [Rule::permit([Action::Train]), not_to_buyer()].into();
            one.conflict = conflict;
        })
    };
    for conflict in [None, Some(ConflictStrategy::Prohibit), Some(ConflictStrategy::Invalid)] {
        let verdict = both(&above, &below(conflict)).rights(&train());
        assert!(matches!(verdict, Verdict::Deny { .. }), "{conflict:?}: {verdict:?}");
        let other = commercial(Action::Train).party(iss("trainer"));
        if conflict != Some(ConflictStrategy::Invalid) {
            permits(&both(&above, &below(conflict)).rights(&other), &[]);
        }
    }
    let yielding = below(Some(ConflictStrategy::Permit));
    let verdict = both(&above, &yielding).rights(&train());
    let Verdict::Deny { reasons } = &verdict else { panic!("{verdict:?}") };
    let too_broad = (Reason::SublicenceTooBroad, Some(yielding.id()));
    assert!(reasons.iter().any(|one| (one.code, one.statement) == too_broad), "{verdict:?}");
}

/// That somebody may grant on says nothing of the terms under which a model is offered.
#[test]
fn an_offer_is_held_against_terms_of_use_and_not_of_sublicensing() {
    let mut restricted = Duty::new(DutyKind::PassThrough);
    restricted.terms = Some("LicenseRef-parent".to_owned());
    let by_name = Rule::permit([Action::Sublicense]).duty(restricted);
    let model = [Action::Train, Action::DistributeModel];
    let above = parent(|one| one.rules = [Rule::permit(model), by_name].into());
    let below = child(&above, |one| one.rules = [Rule::permit(model)].into());
    let case = both(&above, &below).step("buyer", ActivityKind::Train, &["source"], "weights", 5);
    let sell = commercial(Action::DistributeModel).party(iss("buyer"));
    permits(&case.rights(&under("MIT", sell)), &[]);
}

#[test]
fn case_35_a_share_of_revenue_below_its_parents() {
    let share = |points| Duty::revenue_share(iss("supplier"), points);
    let above = parent(|one| one.rules = [may().duty(share(1_000))].into());
    let owing = |points| {
        let rule = Rule::permit([Action::Train]).duty(share(points));
        child(&above, |one| one.rules = [rule].into())
    };
    let less = owing(800);
    let verdict = both(&above, &less).rights(&train());
    denies(&verdict, &[not_his(&above), (Reason::SublicenceTooBroad, "source", Some(less.id()))]);
    for points in [1_000, 1_001] {
        let below = owing(points);
        let owes = [(DutyKind::RevenueShare, "source", below.id())];
        permits(&both(&above, &below).rights(&train()), &owes);
    }
}

/// A prohibition about somebody below binds whoever sublicenses to him, whatever he says of conflicts.
#[test]
fn a_sublicence_does_not_let_permissions_outweigh_what_is_prohibited_above() {
    let not_the_buyer =
        || Rule::prohibit([Action::Train]).when(Constraint::licensee([iss("buyer")]));
    let above = parent(|one| one.rules = [may(), not_the_buyer()].into());
    let rules = || [Rule::permit([Action::Train]), not_the_buyer()];
    let below = child(&above, |one| one.rules = rules().into());
    // The licence above is not the buyer's.
    let not_his =
        [Reason::Licensee, Reason::Prohibited].map(|code| (code, "source", Some(above.id())));
    let denied = |by_below| not_his.into_iter().chain([by_below]).collect::<Vec<_>>();
    let own = (Reason::Prohibited, "source", Some(below.id()));
    denies(&both(&above, &below).rights(&train()), &denied(own));
    let loud = child(&above, |one| {
        (one.rules, one.conflict) = (rules().into(), Some(ConflictStrategy::Permit));
    });
    let too_broad = (Reason::SublicenceTooBroad, "source", Some(loud.id()));
    denies(&both(&above, &loud).rights(&train()), &denied(too_broad));
    let exceeded = (Node::Statement(loud.id()), SublicenceDimension::Prohibitions.to_string());
    assert_eq!(details(&both(&above, &loud), FindingCode::SublicenceTooBroad), [exceeded]);
}

/// One share is not two, and nobody gets what is owed to another.
#[test]
fn one_share_below_does_not_stand_for_two_above() {
    let share = |of: &str| Duty::revenue_share(iss(of), 1_000);
    let above = parent(|one| {
        one.rules = [may().duty(share("supplier")).duty(share("seller"))].into();
    });
    let owing = |duties: &[Duty]| {
        let rule = duties.iter().cloned().fold(Rule::permit([Action::Train]), Rule::duty);
        child(&above, |one| one.rules = [rule].into())
    };
    for one in [share("dealer"), share("supplier")] {
        let below = owing(&[one]);
        let reasons = [
            (Reason::Licensee, "source", Some(above.id())),
            (Reason::SublicenceTooBroad, "source", Some(below.id())),
        ];
        denies(&both(&above, &below).rights(&train()), &reasons);
        let exceeded = (Node::Statement(below.id()), SublicenceDimension::Duties.to_string());
        assert_eq!(details(&both(&above, &below), FindingCode::SublicenceTooBroad), [exceeded]);
    }
    for others in [["dealer", "seller"], ["dealer", "buyer"]] {
        let below = owing(&others.map(share));
        let verdict = both(&above, &below).rights(&train());
        let Verdict::Deny { reasons } = &verdict else { panic!("{verdict:?}") };
        let too_broad = (Reason::SublicenceTooBroad, Some(below.id()));
        assert!(reasons.iter().any(|one| (one.code, one.statement) == too_broad), "{verdict:?}");
    }
    // Each payee above gets his, and the dealer what he asks beside.
    for payees in [&["supplier", "seller"][..], &["supplier", "seller", "dealer"]] {
        let duties: Vec<Duty> = payees.iter().map(|one| share(one)).collect();
        let verdict = both(&above, &owing(&duties)).rights(&train());
        assert_eq!(verdict.duties().len(), payees.len(), "{verdict:?}");
    }
}

/// Whoever holds a sublicence loses it with the licence above.
#[test]
fn what_ends_a_licence_ends_what_was_granted_under_it() {
    let above = parent(|one| one.revocable = true);
    let below = child(&above, |one| one.revocable = true);
    let case = both(&above, &below).seen(above.id(), 0).seen(below.id(), 3);
    permits(&case.rights(&train()), &[]);
    let revoked = case.clone().recorded("supplier", &revocation(above.id(), day(12)));
    let reasons = [not_his(&above), (Reason::Revoked, "source", Some(above.id()))];
    denies(&revoked.rights(&train()), &reasons);
    permits(&revoked.rights(&train().at(day(11))), &[]);
    // And loses it alone where that alone is revoked; nobody else may.
    let alone = case.clone().recorded("dealer", &revocation(below.id(), day(12)));
    denies(
        &alone.rights(&train()),
        &[not_his(&above), (Reason::Revoked, "source", Some(below.id()))],
    );
    permits(
        &case.clone().recorded("supplier", &revocation(below.id(), day(12))).rights(&train()),
        &[],
    );
    // Without a fresh status nobody knows.
    let stale = Case { status: Status::new(day(2)), ..case };
    let missing = [&above, &below].map(|one| (Missing::Status, "source", Some(one.id())));
    lacks(&stale.rights(&train()), &missing);
}

#[test]
fn a_breach_by_whoever_grants_on_ends_what_he_granted() {
    let above = parent(|_| {});
    let below = child(&above, |_| {});
    let breach = |party: &str| Event::breach(above.id(), [iss(party)], day(12));
    let case = both(&above, &below).recorded("supplier", &breach("dealer"));
    denies(
        &case.rights(&train()),
        &[not_his(&above), (Reason::Breach, "source", Some(above.id()))],
    );
    permits(&both(&above, &below).recorded("supplier", &breach("trainer")).rights(&train()), &[]);
}

/// Nor does whoever broke terms get around that by what others were granted under them, however far below.
#[test]
fn a_breach_counts_whoever_granted_on() {
    let above = parent(|one| one.licensees = [iss("dealer"), iss("buyer")].into());
    let middle = child(&above, |one| {
        (one.rules, one.licensees) = ([may()].into(), [iss("trainer")].into());
    });
    let below = Licence::granted(manifest("source"), [Rule::permit([Action::Train])]);
    let below = but(below, |one| one.parent = Some(middle.id()));
    let below = below.sign(&issuer("trainer"), day(4)).unwrap();
    let case = Case::source([&above, &middle, &below].map(|one| one.clone().into()));
    let broken = |party: &str| {
        let breach = Event::breach(above.id(), [iss(party)], day(12));
        case.clone().recorded("supplier", &breach)
    };
    let by_others = (Reason::Licensee, "source", Some(middle.id()));
    let above_all = (Reason::Breach, "source", Some(above.id()));
    denies(&broken("buyer").rights(&train()), &[by_others, above_all]);
    denies(
        &broken("trainer").rights(&train().party(iss("seller"))),
        &[not_his(&above), by_others, above_all],
    );
    permits(&broken("seller").rights(&train()), &[]);
    permits(&broken("buyer").rights(&train().at(day(11))), &[]);
}

/// What is to be paid first above is to be paid by whoever grants below.
#[test]
fn whoever_grants_on_fulfils_what_comes_first() {
    let price = but(Duty::new(DutyKind::Pay), |duty| {
        duty.payee = Some(iss("supplier"));
        (duty.amount, duty.currency) = (Some(100), Some("CNY".into()));
    });
    let above = parent(|one| one.rules = [may().duty(price.clone())].into());
    let rule = Rule::permit([Action::Train]).duty(price.clone());
    let below = child(&above, |one| one.rules = [rule].into());
    let paid =
        |of: &Signed<Licence>, by: &str| Event::fulfilment(of.id(), price.clone(), iss(by), day(4));
    let unmet = |of: &Signed<Licence>| (Reason::UnmetDuty, "source", Some(of.id()));
    let case = both(&above, &below);
    denies(&case.rights(&train()), &[not_his(&above), unmet(&above), unmet(&below)]);
    let buyer = case.clone().recorded("supplier", &paid(&below, "buyer"));
    denies(&buyer.rights(&train()), &[not_his(&above), unmet(&above)]);
    let dealer = case.recorded("supplier", &paid(&above, "dealer"));
    denies(&dealer.rights(&train()), &[not_his(&above), unmet(&above), unmet(&below)]);
}

#[test]
fn a_chain_is_as_long_as_allowed() {
    let names = |number: usize| format!("link{number}");
    let chain = |links: usize| {
        let anchors = (0..links).map(|number| anchor(&names(number), &[Role::Trainer]));
        let all = everybody();
        let trust = TrustStore::new(all.anchors().cloned().chain(anchors));
        let mut licences = vec![parent(|one| one.licensees = [iss(&names(0))].into())];
        for number in 0..links {
            let licence = Licence::granted(manifest("source"), [may()]);
            let licence = but(licence, |one| {
                one.parent = licences.last().map(Signed::id);
                if number + 1 < links {
                    one.licensees = [iss(&names(number + 1))].into();
                }
            });
            licences.push(licence.sign(&issuer(&names(number)), day(3)).unwrap());
        }
        let case = Case::source(licences.iter().cloned().map(Statement::from));
        (Case { trust, ..case }, licences)
    };
    let (case, _) = chain(MAX_SUBLICENCES);
    permits(&case.rights(&train()), &[]);
    let (case, licences) = chain(MAX_SUBLICENCES + 1);
    let last = licences.last().unwrap();
    let others: Vec<_> = licences.iter().filter(|one| *one != last).map(not_his).collect();
    denies(&case.rights(&train()), &others);
    let without = [Node::Statement(last.id())];
    assert_eq!(case.found(FindingCode::LicenceWithoutStanding), without);
}

#[test]
fn a_sublicence_is_about_what_its_parent_is_about() {
    let elsewhere = parent(|one| one.manifest = manifest("base"));
    let below = child(&elsewhere, |_| {});
    let case = both(&elsewhere, &below);
    lacks(&case.rights(&train()), &[(Missing::Standing, "source", Some(below.id()))]);
    assert_eq!(case.found(FindingCode::LicenceWithoutStanding), [Node::Statement(below.id())]);
}

/// Ids are hashes of what names its parent, so no licence can be above itself; what is named has to be there.
#[test]
fn no_licence_stands_above_itself() {
    let above = parent(|_| {});
    let below = child(&above, |_| {});
    // A parent made to name the child is another statement than the one that the child names.
    let forged = parent(|one| one.parent = Some(below.id()));
    assert_ne!(forged.id(), above.id());
    let case = Case::source([below.clone().into(), forged.into()]);
    let builder =
        case.statements.iter().fold(LineageProof::builder(case.subject), |builder, statement| {
            builder.statement(statement.clone())
        });
    let err = builder.build().unwrap_err();
    assert!(err.to_string().contains(&above.id().to_string()), "{err}");
    // And a proof of others that lacks it is refused.
    let raw: Vec<Vec<u8>> = [crate::story::raw_proof(
        manifest("source"),
        &[&crate::story::key("dealer").as_bytes()[..]],
        &[below.as_bytes()],
    )]
    .into();
    let refused = Verifier::new(&case.trust, day(20)).verify(&raw[0], case.subject).unwrap_err();
    assert_eq!(refused.code, Code::MissingStatement, "{refused}");
}

/// Some terms, of few kinds so that they often meet.
fn terms() -> impl Strategy<Value = Licence> {
    let actions = || {
        proptest::collection::btree_set(
            prop_oneof![
                4 => Just(Action::Train),
                2 => Just(Action::Sublicense),
                1 => Just(Action::Derive),
                1 => Just(Action::TrainGenerative),
                1 => Just(Action::Use),
            ],
            1..4,
        )
    };
    let permitted = (actions(), any::<bool>(), any::<bool>(), 0_u64..3);
    let rules = permitted.prop_map(|(actions, bound, credit, points)| {
        let mut rule = Rule::permit(actions);
        if bound {
            rule = rule.when(Constraint::purpose([Purpose::Commercial]));
        }
        if credit {
            rule = rule.duty(Duty::new(DutyKind::Attribute));
        }
        if points > 0 {
            rule = rule.duty(Duty::revenue_share(iss("supplier"), points));
        }
        rule
    });
    let prohibited = proptest::option::weighted(0.2, actions().prop_map(Rule::prohibit));
    let until = proptest::option::of(18_u64..24);
    (proptest::collection::vec(rules, 1..3), prohibited, until, any::<bool>()).prop_map(
        |(rules, prohibited, until, revocable)| {
            let licence = Licence::granted(manifest("source"), rules.into_iter().chain(prohibited));
            but(licence, |one| (one.until, one.revocable) = (until.map(day), revocable))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever a sublicence permits its parent permits to whoever granted it, and that he grants it.
    #[test]
    fn what_a_sublicence_permits_its_parent_permits_to_its_grantor(
        above in terms(),
        below in terms(),
        is_like in any::<bool>(),
    ) {
        let above = parent(|one| {
            let licensees = std::mem::take(&mut one.licensees);
            *one = but(above.clone(), |one| one.licensees = licensees);
        });
        let below = child(&above, |one| {
            // Unrelated terms are seldom within each other.
            let terms = if is_like { but(above.payload().clone(), |one| one.licensees.clear()) } else { below };
            *one = but(terms, |terms| terms.parent = one.parent);
        });
        let (all, alone) = (both(&above, &below).verify(), Case::source([above.clone().into()]).verify());
        for action in [Action::Train, Action::TrainGenerative, Action::Derive, Action::Distribute] {
            for at in [18, 19, 20, 21, 22] {
                for purpose in [Purpose::Commercial, Purpose::Research] {
                    let ask = Use::new(action).purpose(purpose).at(day(at));
                    if all.rights(&ask.clone().party(iss("buyer"))).is_permit() {
                        let dealer = alone.rights(&ask.party(iss("dealer")));
                        prop_assert!(dealer.is_permit(), "{} on day {}: {}", action, at, dealer);
                        let on = Use::new(Action::Sublicense).purpose(purpose).at(day(3));
                        let grants = alone.rights(&on.party(iss("dealer")));
                        prop_assert!(grants.is_permit(), "{}", grants);
                    }
                }
            }
        }
    }
}
