//! Models that were made from models, and what the law of a place asks.

use datadeed::StatementId;
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::rights::{Consent, ConsentBasis, Profile, Regime};
use datadeed::trust::Anchor;

use super::*;

/// A model trained on the source on day 3, tuned on other data on day 5 by whoever.
struct Tuned {
    source: Signed<Licence>,
    other: Signed<Licence>,
    base: Option<Signed<Licence>>,
    by: &'static str,
}

impl Tuned {
    fn of(source: &str) -> Self {
        let other = seen("tuning", "CC0-1.0");
        Self { source: seen("source", source), other, base: None, by: "trainer" }
    }

    fn case(&self) -> Case {
        let tune = Activity::new(ActivityKind::FineTune)
            .base_model(manifest("base"), [])
            .input(manifest("tuning"), [])
            .output(manifest("weights"), [])
            .between(day(5), day(5));
        let case = Case::source([self.source.clone().into(), self.other.clone().into()])
            .collected(manifest("tuning"))
            .step("trainer", ActivityKind::Train, &["source"], "base", 3)
            .with(sign(self.by, &tune));
        let case = self.base.iter().cloned().fold(case, Case::with);
        Case { subject: manifest("weights"), ..case }
    }
}

/// What was learned by one step and cleaned by another may be data as well, so that tuning it may be training on it.
#[test]
fn what_other_steps_made_too_is_no_model_for_certain() {
    let rules = [Rule::permit([Action::Use]), Rule::prohibit([Action::Train])];
    let licence = Licence::granted(manifest("base"), rules).sign(&issuer("trainer"), day(4));
    let licence = licence.unwrap();
    let tuned = Tuned { base: Some(licence.clone()), by: "dealer", ..Tuned::of("CC0-1.0") };
    let trust = but_for("trainer", &[Role::Curator, Role::RightsHolder, Role::Trainer]);
    let case = Case { trust, ..tuned.case() };
    let ask = commercial(Action::DistributeModel);
    permits(&case.rights(&ask), &[]);
    let both = case.step("trainer", ActivityKind::Clean, &["tuning"], "base", 4);
    let both = Case { subject: manifest("weights"), ..both };
    denies(&both.rights(&ask), &[(Reason::Prohibited, "base", Some(licence.id()))]);
}

#[test]
fn case_40_a_model_tuned_from_one_of_non_commercial_data() {
    let tuned = Tuned::of("CC-BY-NC-4.0");
    let inherited = [(Reason::Purpose, "source", Some(tuned.source.id()))];
    for action in [Action::ServeOutputs, Action::DistributeModel] {
        denies(&tuned.case().rights(&commercial(action)), &inherited);
    }
    // A free licence of the model between cleans nothing, nor one of the model itself.
    let free = |of: &str| {
        let licence = Licence::granted_spdx(manifest(of), "Apache-2.0");
        licence.sign(&issuer("trainer"), day(4)).unwrap()
    };
    let laundered = Tuned { base: Some(free("base")), by: "dealer", ..tuned };
    let trust = but_for("trainer", &[Role::Trainer, Role::RightsHolder]);
    let case = Case { trust: trust.clone(), ..laundered.case() };
    denies(&case.rights(&commercial(Action::ServeOutputs)), &inherited);
    let own = free("weights");
    let case = case.with(sign("dealer", own.payload()));
    denies(&case.rights(&commercial(Action::ServeOutputs)), &inherited);
    // With data that are free for it the same models may serve.
    let clean = Tuned { source: seen("source", "CC-BY-4.0"), ..laundered };
    let case = Case { trust, ..clean.case() };
    let verdict = case.rights(&commercial(Action::ServeOutputs));
    assert!(verdict.is_permit(), "{verdict:?}");
    let of_source = |kind| {
        let mut duties = verdict.duties().iter();
        duties.any(|due| (due.duty.kind, due.licence) == (kind, clean.source.id()))
    };
    assert!(of_source(DutyKind::Attribute) && of_source(DutyKind::Notice), "{verdict:?}");
}

/// The data that it was tuned on bind as well.
#[test]
fn a_model_answers_for_what_it_was_tuned_on() {
    let other = seen("tuning", "CC-BY-NC-4.0");
    let tuned = Tuned { other: other.clone(), ..Tuned::of("CC0-1.0") };
    let verdict = tuned.case().rights(&commercial(Action::ServeOutputs));
    denies(&verdict, &[(Reason::Purpose, "tuning", Some(other.id()))]);
}

/// A student answers for its teacher: for the data that this learnt, and for its own terms.
#[test]
fn a_distilled_model_answers_for_its_teacher() {
    let distilled = |of_source: &str, of_teacher: Option<&str>| {
        let distil = Activity::new(ActivityKind::Distil)
            .teacher_model(manifest("teacher"), [])
            .input(manifest("prompts"), [])
            .output(manifest("student"), [])
            .between(day(5), day(5));
        let (source, prompts) = (seen("source", of_source), seen("prompts", "CC0-1.0"));
        let case = Case::source([source.into(), prompts.into()])
            .collected(manifest("prompts"))
            .step("trainer", ActivityKind::Train, &["source"], "teacher", 3)
            .with(sign("trainer", &distil));
        let terms = of_teacher.map(|spdx| seen("teacher", spdx));
        let case = terms.into_iter().fold(case, Case::with);
        Case { subject: manifest("student"), ..case }
    };
    let nothing_of_it = [(Reason::Purpose, "source", Some(seen("source", "CC-BY-NC-4.0").id()))];
    for action in [Action::ServeOutputs, Action::DistributeModel] {
        denies(&distilled("CC-BY-NC-4.0", None).rights(&commercial(action)), &nothing_of_it);
        let verdict = distilled("CC0-1.0", None).rights(&commercial(action));
        assert!(verdict.is_permit(), "{verdict:?}");
    }
    // What a teacher's own terms say reaches what is derived from it.
    let teacher = seen("teacher", "CC-BY-ND-4.0").id();
    let verdict =
        distilled("CC0-1.0", Some("CC-BY-ND-4.0")).rights(&commercial(Action::DistributeModel));
    denies(&verdict, &[(Reason::NoDerivatives, "teacher", Some(teacher))]);
}

/// A model that passes to somebody else needs a licence of its own.
#[test]
fn whoever_tunes_anothers_model_needs_a_licence_in_it() {
    let tuned = Tuned { by: "dealer", ..Tuned::of("CC0-1.0") };
    let verdict = tuned.case().rights(&commercial(Action::ServeOutputs));
    lacks(&verdict, &[(Missing::Licence, "base", None)]);
    // One that allows no derivatives allows no tuning, for a model's own terms reach it in any case.
    let base = seen("base", "CC-BY-ND-4.0");
    let tuned = Tuned { base: Some(base.clone()), ..tuned };
    for profile in [Profile::Strict, Profile::Declared] {
        let verdict = tuned.case().rights(&commercial(Action::ServeOutputs).profile(profile));
        denies(&verdict, &[(Reason::NoDerivatives, "base", Some(base.id()))]);
    }
}

/// Whoever may train models and sell them may tune, convert and assign them: the data are touched by training alone.
#[test]
fn what_is_done_to_a_model_is_not_done_to_its_data() {
    let rule = Rule::permit([Action::Train, Action::DistributeModel]);
    let case = Tuned { by: "trainer", ..Tuned::of("CC0-1.0") }.case();
    let negotiated = granted("supplier", [rule]);
    let replaced = |by: &Signed<Licence>| {
        let others = case.statements.iter().filter(|one| {
            one.as_licence().is_none_or(|licence| licence.payload().manifest != manifest("source"))
        });
        Case { statements: others.cloned().collect(), ..case.clone() }.with(by.clone())
    };
    for action in [Action::DistributeModel, Action::Transfer, Action::Sublicense] {
        permits(&model_of(&negotiated).rights(&commercial(action)), &[]);
    }
    for action in [Action::Derive, Action::FormatShift, Action::Reproduce, Action::DistributeModel]
    {
        permits(&replaced(&negotiated).rights(&commercial(action)), &[]);
    }
    // Who may train and no more passes on no model, by whatever name.
    let private = granted("supplier", [Rule::permit([Action::Train])]);
    for action in [Action::DistributeModel, Action::Transfer, Action::Sublicense] {
        let verdict = model_of(&private).rights(&commercial(action));
        denies(&verdict, &[(Reason::NoGrant, "source", Some(private.id()))]);
    }
    // Nor is what may be sold what may be trained on again.
    let sold = granted("supplier", [Rule::permit([Action::DistributeModel])]);
    let verdict = model_of(&sold).rights(&commercial(Action::Derive));
    denies(&verdict, &[(Reason::NoGrant, "source", Some(sold.id()))]);
    // Of the data themselves the same is asked as before.
    let cleaned = Case::cleaned([negotiated.clone().into()]);
    let verdict = cleaned.rights(&commercial(Action::Train));
    denies(&verdict, &[(Reason::NoGrant, "source", Some(negotiated.id()))]);
}

/// Terms that end at the model say nothing of whatever is done to it.
#[test]
fn terms_that_do_not_reach_models_leave_them_free() {
    for (spdx, is_free) in [("CDLA-Permissive-2.0", true), ("CC-BY-NC-4.0", false)] {
        let case = model_of(&seen("source", spdx));
        for action in [Action::Derive, Action::Synthesize, Action::Transfer, Action::Use] {
            let ask = commercial(action);
            let verdict = case.rights(&ask);
            assert_eq!(verdict.is_permit(), is_free, "{spdx} {verdict:?}");
        }
    }
    let of_data = Case::source([seen("source", "CDLA-Permissive-2.0").into()]);
    let licence = of_data.statements.iter().find_map(Statement::as_licence).map(Signed::id);
    let verdict = of_data.rights(&commercial(Action::Transfer));
    denies(&verdict, &[(Reason::NoGrant, "source", licence)]);
}

/// The source's model, its terms being these.
fn model_of(licence: &Signed<Licence>) -> Case {
    Case::trained([licence.clone().into()])
}

fn is_personal() -> Signed<Dataset> {
    let dataset = Dataset::new(manifest("source"), "Source", ScanMethod::Full);
    sign("collector", &but(dataset, |one| one.personal_information = Some(true)))
}

/// That there is no basis for what somebody says holds personal information.
fn without_basis() -> [(Reason, &'static str, Option<StatementId>); 1] {
    [(Reason::Consent, "source", Some(is_personal().id()))]
}

/// The source, which its collector says holds personal information.
fn personal(consents: &[Signed<Consent>]) -> Case {
    let case = Case::source([seen("source", "CC0-1.0").into()]).with(is_personal());
    consents.iter().cloned().fold(case, Case::with)
}

/// As the collector recorded it on day 1.
fn consent(change: impl FnOnce(&mut Consent)) -> Signed<Consent> {
    let consent = Consent::new(manifest("source"), ConsentBasis::Consent);
    but(consent, change).sign(&issuer("collector"), day(1)).unwrap()
}

#[test]
fn case_56_personal_information_without_a_basis_of_processing() {
    let train = commercial(Action::Train);
    let in_china = train.clone().regime(Regime::China);
    denies(&personal(&[]).rights(&in_china), &without_basis());
    // The licence says nothing of it, and nobody else's law was asked.
    permits(&personal(&[]).rights(&train), &[]);
    let given = consent(|_| {});
    permits(&personal(std::slice::from_ref(&given)).rights(&in_china), &[]);
    // For this purpose and this action, while it lasts, by somebody who is believed.
    for narrower in [
        consent(|one| one.purposes = [Purpose::Research].into()),
        consent(|one| one.actions = [Action::Search].into()),
        consent(|one| one.until = Some(day(20))),
        consent(|one| one.from = Some(Timestamp::from_seconds(day(20).seconds() + 1).unwrap())),
        given.payload().sign(&issuer("trainer"), day(1)).unwrap(),
    ] {
        denies(&personal(&[narrower]).rights(&in_china), &without_basis());
    }
    // A consent that was withdrawn covers what was done before.
    let withdrawn = crate::story::revocation(given.id(), day(12));
    let case = personal(&[given]).recorded("collector", &withdrawn);
    denies(&case.rights(&in_china), &without_basis());
    permits(&case.rights(&in_china.at(day(11))), &[]);
}

/// Of the same action, once done to it and once to what was made of it, the first needs a basis.
#[test]
fn personal_information_that_is_worked_on_twice_needs_a_basis_for_the_first_step() {
    let train = commercial(Action::Train).regime(Regime::China);
    let said = |of: &str| {
        let mut dataset = Dataset::new(manifest(of), of, ScanMethod::Full);
        dataset.personal_information = Some(false);
        sign("curator", &dataset)
    };
    let twice = |consents: &[Signed<Consent>]| {
        personal(consents)
            .step("curator", ActivityKind::Clean, &["source"], "clean", 4)
            .step("curator", ActivityKind::Clean, &["clean"], "corpus", 5)
            .with(said("clean"))
            .with(said("corpus"))
            .rights(&train)
    };
    denies(&twice(&[]), &without_basis());
    permits(&twice(&[consent(|_| {})]), &[]);
}

/// Whatever was trained on personal information answers for the training.
#[test]
fn a_model_of_personal_information_needs_a_basis_for_its_training() {
    let sell = commercial(Action::DistributeModel).regime(Regime::China);
    let model = |consents: &[Signed<Consent>]| {
        let case = personal(consents);
        case.step("trainer", ActivityKind::Train, &["source"], "weights", 5).rights(&sell)
    };
    denies(&model(&[]), &without_basis());
    permits(&model(&[consent(|_| {})]), &[]);
    let for_search = consent(|one| one.actions = [Action::Search].into());
    denies(&model(&[for_search]), &without_basis());
    // A collector for other sources is none here.
    let elsewhere = Anchor::new(iss("observer"), crate::story::key("observer"), [Role::Collector]);
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != iss("observer")).cloned();
    let trust = TrustStore::new(others.chain([elsewhere.scope(["https://other.example/"])]));
    let given = consent(|_| {}).payload().sign(&issuer("observer"), day(1)).unwrap();
    let case = Case { trust, ..personal(&[given]) };
    denies(&case.rights(&commercial(Action::Train).regime(Regime::China)), &without_basis());
}
