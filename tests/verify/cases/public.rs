//! Public licences that a collector saw.

use DutyKind::{
    Attribute, NoExtraRestrictions, Notice, PassThrough, ProvideAlterations, ShareAlike,
};
use datadeed::rights::{Duty, Profile, hub_licence, licences};

use super::*;

/// Asks it of the source under one licence.
fn of_source(spdx: &str, ask: &Use) -> (StatementId, Verdict) {
    let licence = seen("source", spdx);
    (licence.id(), Case::source([licence.into()]).rights(ask))
}

/// Of what was cleaned.
fn of_cleaned(spdx: &str, ask: &Use) -> (StatementId, Verdict) {
    let licence = seen("source", spdx);
    (licence.id(), Case::cleaned([licence.into()]).rights(ask))
}

/// Of what was trained.
fn of_model(spdx: &str, ask: &Use) -> (StatementId, Verdict) {
    let licence = seen("source", spdx);
    (licence.id(), Case::trained([licence.into()]).rights(ask))
}

/// Duties that one licence of the source asks.
fn owed(kinds: &[DutyKind], by: StatementId) -> Vec<(DutyKind, &'static str, StatementId)> {
    kinds.iter().map(|kind| (*kind, "source", by)).collect()
}

#[test]
fn case_01_non_commercial_data_for_commercial_training() {
    let (licence, verdict) = of_source("CC-BY-NC-4.0", &commercial(Action::Train));
    denies(&verdict, &[(Reason::Purpose, "source", Some(licence))]);
    // So is the model that was trained on them, whoever trained it.
    for action in [Action::DistributeModel, Action::ServeOutputs] {
        let (licence, verdict) = of_model("CC-BY-NC-4.0", &commercial(action));
        denies(&verdict, &[(Reason::Purpose, "source", Some(licence))]);
    }
}

#[test]
fn case_03_attribution_data_for_commercial_training() {
    let (licence, verdict) = of_source("CC-BY-4.0", &commercial(Action::Train));
    permits(&verdict, &owed(&[Attribute, Notice], licence));
    let (licence, verdict) = of_model("CC-BY-4.0", &commercial(Action::DistributeModel));
    permits(&verdict, &owed(&[Attribute, Notice], licence));
}

#[test]
fn case_04_dedicated_data_for_commercial_training() {
    permits(&of_source("CC0-1.0", &commercial(Action::Train)).1, &[]);
    permits(&of_model("CC0-1.0", &commercial(Action::DistributeModel)).1, &[]);
}

#[test]
fn case_05_a_derived_dataset_under_a_licence_outside_the_set() {
    let share = commercial(Action::Distribute);
    let (licence, verdict) = of_cleaned("CC-BY-SA-4.0", &under("MIT", share.clone()));
    denies(&verdict, &[(Reason::ShareAlikeConflict, "source", Some(licence))]);
    let (licence, verdict) = of_cleaned("CC-BY-SA-4.0", &under("CC-BY-SA-4.0", share));
    let owes = owed(&[Attribute, NoExtraRestrictions, Notice, ShareAlike], licence);
    permits(&verdict, &owes);
}

#[test]
fn case_07_two_share_alike_licences_leave_no_terms_at_all() {
    let inputs = [("a", "CC-BY-SA-4.0"), ("b", "CC-BY-NC-SA-4.0")];
    let case = inputs.iter().fold(Case::about(manifest("merged")), |case, (name, spdx)| {
        case.collected(manifest(name)).with(seen(name, spdx))
    });
    let between =
        inputs.map(|(name, spdx)| (Reason::ShareAlikeConflict, name, Some(seen(name, spdx).id())));
    let case = case.step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2);
    let lineage = case.verify();
    let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial).at(day(20));
    // No terms are named, and none could be.
    denies(&lineage.rights(&ask), &between);
    for row in licences().iter().filter(|row| row.exception.is_empty()) {
        let verdict = lineage.rights(&under(row.id, ask.clone()));
        let Verdict::Deny { reasons } = &verdict else { panic!("{}: {verdict:?}", row.id) };
        let conflicts = |name: &str| {
            let conflict = (Reason::ShareAlikeConflict, manifest(name));
            reasons
                .iter()
                .any(|one| (one.code, one.manifest) == conflict && one.statement.is_some())
        };
        assert!(conflicts("a") || conflicts("b"), "{}: {reasons:?}", row.id);
    }
}

/// Where a licence leaves a choice, one of its branches may satisfy all: the question has to say which it is.
#[test]
fn a_choice_of_share_alike_terms_is_for_the_offer_to_make() {
    let merged = |a: &str, b: &str, c: &str| {
        let inputs = [("a", a), ("b", b), ("c", c)];
        let case = inputs.iter().fold(Case::about(manifest("merged")), |case, (name, spdx)| {
            case.collected(manifest(name)).with(seen(name, spdx))
        });
        case.step("curator", ActivityKind::MergeDerive, &["a", "b", "c"], "merged", 2)
    };
    let (alike, other) = ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0");
    let either = format!("{other} OR {alike}");
    let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial).at(day(20));
    let case = merged(&either, alike, "CC0-1.0");
    let open = [(Missing::Offer, "a", Some(seen("a", &either).id()))];
    lacks(&case.rights(&ask), &open);
    let verdict = case.rights(&under(alike, ask.clone()));
    assert!(verdict.is_permit(), "{verdict:?}");
    // No branch helps where two others conflict.
    let case = merged(&either, alike, other);
    let between = [("b", alike), ("c", other)]
        .map(|(of, spdx)| (Reason::ShareAlikeConflict, of, Some(seen(of, spdx).id())));
    denies(&case.rights(&ask), &between);
    // One set that all are in is no conflict, however it came about.
    let verdict = merged(&either, other, "CC0-1.0").rights(&ask);
    assert!(verdict.is_permit() || verdict.word() == "unknown", "{verdict:?}");
}

/// A grant without share-alike terms leaves the offer open, though it costs more; where the offer suits these, they cost less.
#[test]
fn a_grant_that_leaves_the_offer_open_is_relied_on_until_it_is_said() {
    let (alike, other) = ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0");
    let share = Duty::revenue_share(iss("supplier"), 100);
    let dear = Licence::granted(manifest("a"), [Rule::permit([Action::Use]).duty(share.clone())]);
    let dear = dear.sign(&issuer("supplier"), day(0)).unwrap();
    let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial).at(day(20));
    let merged = |b: &str| {
        let inputs = [("a", alike), ("b", b)];
        let case = inputs.iter().fold(Case::about(manifest("merged")), |case, (name, spdx)| {
            case.collected(manifest(name)).with(seen(name, spdx))
        });
        case.with(dear.clone()).step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2)
    };
    let shares = |verdict: &Verdict| verdict.duties().iter().any(|due| due.duty == share);
    for b in [other, "CC0-1.0"] {
        let verdict = merged(b).rights(&ask);
        assert!(verdict.is_permit() && shares(&verdict), "{verdict:?}");
    }
    let verdict = merged("CC0-1.0").rights(&under(alike, ask));
    assert!(verdict.is_permit() && !shares(&verdict), "{verdict:?}");
}

/// What counts for nothing, or is about another action, leaves no choice where there is none.
#[test]
fn a_choice_is_one_between_terms_that_permit_what_is_asked() {
    let (alike, other) = ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0");
    let ask = Use::new(Action::Distribute).purpose(Purpose::NonCommercial).at(day(20));
    let merged = |more: Signed<Licence>| {
        let case =
            Case::about(manifest("merged")).collected(manifest("a")).collected(manifest("b"));
        let case = case.with(seen("a", alike)).with(seen("b", other)).with(more);
        case.step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2).rights(&ask)
    };
    let between = [("a", alike), ("b", other)]
        .map(|(of, spdx)| (Reason::ShareAlikeConflict, of, Some(seen(of, spdx).id())));
    let stranger = Licence::granted_spdx(manifest("a"), "MIT OR Zlib");
    denies(&merged(stranger.sign(&issuer("stranger"), day(3)).unwrap()), &between);
    // One rule for each action is no choice between two.
    let rule = |action| Rule::permit([action]).duty(Duty::share_alike(["LicenseRef-a"]));
    let rules = [rule(Action::Derive), rule(Action::DistributeDerived)];
    let case = Case::about(manifest("merged")).collected(manifest("a")).collected(manifest("b"));
    let own = Licence::granted(manifest("a"), rules).sign(&issuer("supplier"), day(0)).unwrap();
    let case = case.with(own.clone()).with(seen("b", other));
    let case = case.step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2);
    let between = [("a", own.id()), ("b", seen("b", other).id())];
    let between = between.map(|(of, id)| (Reason::ShareAlikeConflict, of, Some(id)));
    denies(&case.rights(&ask), &between);
}

#[test]
fn case_09_no_derivatives_in_another_format() {
    let owes = |by| owed(&[Attribute, NoExtraRestrictions, Notice], by);
    let (licence, verdict) = of_source("CC-BY-ND-4.0", &commercial(Action::FormatShift));
    permits(&verdict, &owed(&[Attribute, Notice], licence));
    let (licence, verdict) = of_source("CC-BY-ND-4.0", &commercial(Action::Distribute));
    permits(&verdict, &owes(licence));
    // What was converted is distributed as it was, and what was cleaned is not.
    let licence = seen("source", "CC-BY-ND-4.0");
    let converted = |kind| {
        let case = Case::source([licence.clone().into()]);
        case.step("curator", kind, &["source"], "corpus", 2).rights(&commercial(Action::Distribute))
    };
    permits(&converted(ActivityKind::Convert), &owes(licence.id()));
    let cleaned = converted(ActivityKind::Clean);
    denies(&cleaned, &[(Reason::NoDerivatives, "source", Some(licence.id()))]);
}

#[test]
fn case_13_models_and_enhanced_data_of_a_sharing_agreement() {
    let model = under("LicenseRef-proprietary", commercial(Action::DistributeModel));
    permits(&of_model("CDLA-Sharing-1.0", &model).1, &[]);
    let enhanced = under("MIT", commercial(Action::Distribute));
    let (licence, verdict) = of_cleaned("CDLA-Sharing-1.0", &enhanced);
    denies(&verdict, &[(Reason::ShareAlikeConflict, "source", Some(licence))]);
}

#[test]
fn case_14_data_for_computational_use() {
    permits(&of_source("C-UDA-1.0", &commercial(Action::Train)).1, &[]);
    permits(&of_model("C-UDA-1.0", &commercial(Action::DistributeModel)).1, &[]);
    permits(&of_model("C-UDA-1.0", &under("MIT", commercial(Action::DistributeModel))).1, &[]);
}

#[test]
fn case_16_a_derivative_database_under_an_attribution_licence() {
    let share = commercial(Action::Distribute);
    let (licence, verdict) = of_cleaned("ODbL-1.0", &under("CC-BY-4.0", share.clone()));
    denies(&verdict, &[(Reason::ShareAlikeConflict, "source", Some(licence))]);
    let kinds = [Attribute, NoExtraRestrictions, Notice, ProvideAlterations, ShareAlike];
    let (licence, verdict) = of_cleaned("ODbL-1.0", &under("ODbL-1.0", share));
    permits(&verdict, &owed(&kinds, licence));
}

#[test]
fn case_18_a_model_of_open_database_data_under_a_free_licence() {
    let free = under("MIT", commercial(Action::DistributeModel));
    let (licence, verdict) = of_model("ODbL-1.0", &free);
    denies(&verdict, &[(Reason::ShareAlikeConflict, "source", Some(licence))]);
    let (licence, verdict) = of_model("ODbL-1.0", &free.profile(Profile::Declared));
    // Whoever trains copies the data, and credits them.
    permits(&verdict, &owed(&[Attribute, Notice], licence));
    let Verdict::Permit { profile, .. } = verdict else { unreachable!() };
    assert_eq!(profile, Profile::Declared);
}

#[test]
fn case_19_no_assertion_and_hub_tags() {
    for tag in ["NOASSERTION", "null", "other", "unknown", "Various"] {
        for spdx in [tag, hub_licence(tag)] {
            let (licence, verdict) = of_source(spdx, &commercial(Action::Train));
            lacks(&verdict, &[(Missing::Licence, "source", Some(licence))]);
            let (licence, verdict) = of_model(spdx, &commercial(Action::DistributeModel));
            lacks(&verdict, &[(Missing::Licence, "source", Some(licence))]);
        }
    }
}

#[test]
fn case_20_no_licence() {
    let (licence, verdict) = of_source("NONE", &commercial(Action::Train));
    denies(&verdict, &[(Reason::NoGrant, "source", Some(licence))]);
}

/// Whatever else the collector could not read is not thereby allowed.
#[test]
fn terms_that_nobody_can_read_stand_beside_those_that_permit() {
    for spdx in ["NOASSERTION", "LicenseRef-Terms", "MIT OR LicenseRef-Terms", "no expression"] {
        let (free, other) =
            (seen("source", "CC0-1.0"), seen_by("observer", manifest("source"), spdx));
        let case = Case::source([free.into(), other.clone().into()]);
        let verdict = case.rights(&commercial(Action::Train));
        lacks(&verdict, &[(Missing::Licence, "source", Some(other.id()))]);
        let mismatch = [Node::Manifest(manifest("source"))];
        assert_eq!(case.found(FindingCode::LicenceMismatch), mismatch, "{spdx}");
    }
    let (free, none) = (seen("source", "CC0-1.0"), seen_by("observer", manifest("source"), "NONE"));
    let verdict =
        Case::source([free.into(), none.clone().into()]).rights(&commercial(Action::Train));
    denies(&verdict, &[(Reason::NoGrant, "source", Some(none.id()))]);
    // Whoever is no collector saw nothing.
    let (free, other) = (seen("source", "CC0-1.0"), seen_by("trainer", manifest("source"), "NONE"));
    permits(&Case::source([free.into(), other.into()]).rights(&commercial(Action::Train)), &[]);
}

#[test]
fn case_21_permissive_data_merged_with_data_of_unknown_terms() {
    let (mit, unknown) = (seen("a", "MIT"), seen("b", hub_licence("unknown")));
    let case = Case::about(manifest("merged"))
        .collected(manifest("a"))
        .collected(manifest("b"))
        .with(mit)
        .with(unknown.clone())
        .step("curator", ActivityKind::MergeDerive, &["a", "b"], "merged", 2);
    let verdict = case.rights(&commercial(Action::Train));
    lacks(&verdict, &[(Missing::Licence, "b", Some(unknown.id()))]);
}

#[test]
fn case_23_choice_and_conjunction() {
    let train = commercial(Action::Train);
    let (licence, verdict) = of_source("MIT OR CC-BY-NC-4.0", &train);
    permits(&verdict, &owed(&[Attribute, Notice], licence));
    let (licence, verdict) = of_source("MIT AND CC-BY-NC-4.0", &train);
    denies(&verdict, &[(Reason::Purpose, "source", Some(licence))]);
}

#[test]
fn case_31_a_creative_commons_licensor_withdraws() {
    let licence = seen("source", "CC-BY-4.0");
    let withdrawal = super::super::story::revocation(licence.id(), day(3));
    let case = Case::source([licence.clone().into()]).recorded("supplier", &withdrawal);
    let verdict = case.rights(&commercial(Action::Train));
    permits(&verdict, &owed(&[Attribute, Notice], licence.id()));
    assert_eq!(case.found(FindingCode::WithdrawalIgnored), [Node::Statement(licence.id())]);
}

#[test]
fn case_32_an_attribution_licence_broken_and_cured() {
    let licence = seen("source", "CC-BY-4.0");
    let source = Case::source([licence.clone().into()]);
    let train = |on| commercial(Action::Train).party(iss("trainer")).at(day(on));
    let breach = |parties: &[&str]| {
        let parties = parties.iter().map(|name| iss(name));
        Event::breach(licence.id(), parties, day(2))
    };
    let uncured = source.clone().recorded("supplier", &breach(&["trainer"]));
    denies(&uncured.rights(&train(20)), &[(Reason::Breach, "source", Some(licence.id()))]);
    assert_eq!(uncured.found(FindingCode::LicenceBroken), [Node::Statement(licence.id())]);
    // Nobody else's licence has ended, and who does not say who he is may be the one.
    let owes = owed(&[Attribute, Notice], licence.id());
    permits(&uncured.rights(&train(20).party(iss("buyer"))), &owes);
    let of_both = source.clone().recorded("court", &breach(&["buyer", "trainer"]));
    let by_buyer = of_both.rights(&train(20).party(iss("buyer")));
    denies(&by_buyer, &[(Reason::Breach, "source", Some(licence.id()))]);

    let cured = |on: u64, by: &str| {
        let breach = breach(&["trainer"]).sign(&issuer("supplier"), day(2)).unwrap();
        let cure = Event::cure(breach.id(), day(on));
        let case =
            Case { status: source.status.clone().event(breach, day(2)).unwrap(), ..source.clone() };
        case.on(60).recorded(by, &cure)
    };
    // Thirty days from day 2 on, the last second included.
    let in_time = cured(32, "supplier");
    permits(&in_time.rights(&train(60)), &owes);
    permits(&in_time.rights(&train(32)), &owes);
    denies(&in_time.rights(&train(31)), &[(Reason::Breach, "source", Some(licence.id()))]);
    let too_late = cured(33, "supplier").rights(&train(60));
    denies(&too_late, &[(Reason::Breach, "source", Some(licence.id()))]);
    // Whoever is in breach does not say himself that it is over.
    for by in ["trainer", "court"] {
        let verdict = cured(10, by).rights(&train(60));
        denies(&verdict, &[(Reason::Breach, "source", Some(licence.id()))]);
    }
    // Nor is it over because whoever has the licensor's lost key says so.
    let breach = breach(&["trainer"]).sign(&issuer("supplier"), day(2)).unwrap();
    let cure = Event::cure(breach.id(), day(10)).sign(&issuer("supplier"), day(10)).unwrap();
    let said = source.clone().on(60).seen(breach.id(), 2).seen(cure.id(), 31);
    let said = said.with(breach).with(cure);
    permits(&said.rights(&train(60)), &owes);
    let lost = Event::key_revocation(crate::story::key("supplier").id(), day(20));
    let verdict = said.recorded("court", &lost).rights(&train(60));
    denies(&verdict, &[(Reason::Breach, "source", Some(licence.id()))]);
}

/// Nor does just anybody say that terms were broken.
#[test]
fn a_breach_is_for_a_rights_holder_or_a_court_to_say() {
    let licence = seen("source", "CC-BY-4.0");
    let breach = Event::breach(licence.id(), [iss("trainer")], day(2));
    for by in ["buyer", "collector", "dealer", "registrar", "seller"] {
        let case = Case::source([licence.clone().into()]).recorded(by, &breach);
        let owes = owed(&[Attribute, Notice], licence.id());
        permits(&case.rights(&commercial(Action::Train).party(iss("trainer"))), &owes);
        assert_eq!(case.found(FindingCode::EventWithoutEffect), [Node::Statement(licence.id())]);
    }
}

#[test]
fn case_34_sublicensing_and_distributing_under_a_direct_offer() {
    let (licence, verdict) = of_source("CC-BY-4.0", &commercial(Action::Sublicense));
    denies(&verdict, &[(Reason::NoGrant, "source", Some(licence))]);
    let (licence, verdict) = of_source("CC-BY-4.0", &commercial(Action::Distribute));
    permits(&verdict, &owed(&[Attribute, NoExtraRestrictions, Notice], licence));
}

#[test]
fn case_41_a_derivative_that_omits_the_use_restrictions() {
    const BASE: &str = "LicenseRef-datadeed-BigScience-OpenRAIL-M";
    let base = seen("base", BASE);
    let free = seen("source", "CC0-1.0");
    let tune = Activity::new(ActivityKind::FineTune)
        .base_model(manifest("base"), [])
        .input(manifest("source"), [])
        .output(manifest("weights"), [])
        .between(day(5), day(5));
    let case = Case::about(manifest("weights"))
        .collected(manifest("base"))
        .collected(manifest("source"))
        .with(base.clone())
        .with(free)
        .with(sign("trainer", &tune));
    let share = commercial(Action::DistributeModel);
    let omitted = case.rights(&under("MIT", share.clone()));
    denies(&omitted, &[(Reason::PassThrough, "base", Some(base.id()))]);
    let repeats = share.clone().offered_under(Outbound::new("MIT").passing_on([BASE]));
    for ask in [repeats, under(BASE, share.clone()), share] {
        let verdict = case.rights(&ask);
        assert!(verdict.is_permit(), "{verdict:?}");
        let of_base = |kind| {
            verdict.duties().iter().any(|due| {
                (due.duty.kind, due.manifest, due.licence) == (kind, manifest("base"), base.id())
            })
        };
        assert!(of_base(PassThrough), "{verdict:?}");
    }
}
