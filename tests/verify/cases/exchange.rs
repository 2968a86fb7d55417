//! What passes over an exchange before it is sold: data of several kinds, cleaned by rules, annotated and calibrated.

use datadeed::cbor::Item;
use datadeed::lineage::{AgentRole, Agents, Sampling};
use datadeed::manifest::{Dataset, Modality, ScanMethod};
use datadeed::report::{Language, Report};
use datadeed::rights::{Assessment, AssessmentKind, AssessmentResult};

use super::*;

const RULES: &[u8] = b"1. Nothing that is no UTF-8. 2. No names of private persons.";

/// The row of a page's table that is about a step or dataset of this kind.
#[track_caller]
fn row<'a>(page: &'a str, of: &str) -> &'a str {
    let mut rows = page.lines().filter(|line| line.starts_with('|') && line.contains(of));
    rows.next().unwrap_or_else(|| panic!("no row of {of:?} in {page}"))
}

fn page(case: &Case) -> String {
    Report::new(&case.verify()).markdown(Language::English)
}

/// A step on a day from the dataset before it, by somebody who says how he did it.
fn worked(
    case: Case,
    by: &str,
    (kind, from, to): (ActivityKind, &str, &str),
    how: impl FnOnce(&mut Activity),
) -> Case {
    let step = Activity::new(kind)
        .input(manifest(from), [])
        .output(manifest(to), [])
        .between(day(2), day(2));
    let step = but(step, how).sign(&issuer(by), day(2)).unwrap();
    let id = step.id();
    Case { subject: manifest(to), ..case }.with(step).seen(id, 2)
}

/// 合规清洗: the step names the rules that it applied, and whoever examined their keeping names the same.
#[test]
fn compliance_cleaning_is_bound_to_its_rules() {
    let rules = Digest::of(RULES);
    let cleaned = |licence: &str, rules: Digest| {
        let case = Case::source([seen("source", licence).into()]);
        let step = (ActivityKind::Clean, "source", "corpus");
        worked(case, "curator", step, |step| step.rules = Some(rules))
    };
    let case = cleaned("CC-BY-4.0", rules);
    let lineage = case.verify();
    let steps: Vec<_> = lineage.activities().collect();
    assert_eq!(steps.iter().find_map(|step| step.payload().rules), Some(rules));
    // Other rules are another step, signed anew.
    let ids = |case: &Case| case.statements.iter().map(Statement::id).collect::<Vec<_>>();
    assert_ne!(ids(&case), ids(&cleaned("CC-BY-4.0", Digest::of(b"none"))));

    let kept = |result| {
        let kind = AssessmentKind::Compliance;
        let kept = Assessment::new(manifest("corpus"), kind, Some(result), day(3));
        but(kept, |one| one.rules = Some(rules))
    };
    let trust = but_for("observer", &[Role::Auditor]);
    let examined = |result| {
        let case = case.clone().with(kept(result).sign(&issuer("observer"), day(3)).unwrap());
        Case { trust: trust.clone(), ..case }
    };
    for (result, word) in
        [(AssessmentResult::Passed, "passed"), (AssessmentResult::Failed, "failed")]
    {
        let case = examined(result);
        let page = page(&case);
        assert!(row(&page, "compliance").contains(word), "{page}");
        let json = Report::new(&case.verify()).json();
        assert_eq!(json.matches(&rules.to_string()).count(), 2, "{json}");
        // It is for people: what may be done with the data, licences say.
        let licence = seen("source", "CC-BY-4.0").id();
        let owed = [DutyKind::Attribute, DutyKind::Notice].map(|kind| (kind, "source", licence));
        permits(&case.rights(&commercial(Action::Train)), &owed);
    }
    let nc = seen("source", "CC-BY-NC-4.0").id();
    let verdict = cleaned("CC-BY-NC-4.0", rules).rights(&commercial(Action::Train));
    denies(&verdict, &[(Reason::Purpose, "source", Some(nc))]);
}

/// 数据质量: what somebody measured is for people.
#[test]
fn what_was_measured_is_shown_and_changes_no_verdict() {
    let case = Case::source([seen("source", "CC0-1.0").into()]);
    let trust = but_for("observer", &[Role::Auditor]);
    let measured = |result| {
        let kind = AssessmentKind::Quality;
        let one = Assessment::new(manifest("source"), kind, Some(result), day(3));
        let one = but(one, |one| {
            one.method = Some("ISO/IEC 5259-2".to_owned());
            one.measures = [
                ("accuracy".to_owned(), Item::text("0.985")),
                // {"zh": [30000, 1000]}
                (
                    "records".to_owned(),
                    Item::decode(b"\xa1\x62zh\x82\x19\x75\x30\x19\x03\xe8").unwrap(),
                ),
            ]
            .into();
        });
        let case = case.clone().with(sign("observer", &one));
        Case { trust: trust.clone(), ..case }
    };
    for result in [AssessmentResult::Passed, AssessmentResult::Failed] {
        let case = measured(result);
        permits(&case.rights(&commercial(Action::Train)), &[]);
        let page = page(&case);
        let row = row(&page, "quality");
        assert!(
            row.contains(r#"accuracy: \"0.985\"; records: \{ \"zh\"\: \[ 30000, 1000 \]\}"#),
            "{row}"
        );
        assert!(row.contains("method: ISO/IEC 5259-2"), "{row}");
    }
}

/// 标注与校准: who took part and what sampling found is signed and shown; the source's terms pass through.
#[test]
fn annotation_and_calibration_are_steps() {
    let labelled = |licence: &str| {
        let case = Case::source([seen("source", licence).into()]);
        let step = (ActivityKind::Annotate, "source", "labels");
        let case = worked(case, "curator", step, |step| {
            step.rules = Some(Digest::of(RULES));
            step.agents = [Agents::new(AgentRole::Annotator, 40)].into();
        });
        let step = (ActivityKind::Calibrate, "labels", "calibrated");
        worked(case, "curator", step, |step| {
            step.agents = [Agents::new(AgentRole::Inspector, 2)].into();
            step.sampling = Some(Sampling::new(2_000, 1_986));
        })
    };
    let free = labelled("CC0-1.0");
    permits(&free.rights(&commercial(Action::Train)), &[]);
    let page = page(&free);
    assert!(row(&page, "annotator").contains("40"), "{page}");
    assert!(row(&page, "inspector").contains("drawn: 2000, passed: 1986"), "{page}");

    let bound = seen("source", "CC-BY-NC-4.0").id();
    let verdict = labelled("CC-BY-NC-4.0").rights(&commercial(Action::Train));
    denies(&verdict, &[(Reason::Purpose, "source", Some(bound))]);
    // Whoever may make no derivatives may not annotate.
    let verdict = labelled("CC-BY-ND-4.0").rights(&commercial(Action::Distribute));
    let Verdict::Deny { reasons } = verdict else { panic!("{verdict:?}") };
    assert!(reasons.iter().all(|one| one.code == Reason::NoDerivatives), "{reasons:?}");
}

/// 多模态: each component keeps its own licence, and what is made of all of them answers for each.
#[test]
fn texts_and_pictures_answer_each_for_themselves() {
    let component = |name: &str, modality, media_type: &str| {
        let one = Dataset::new(manifest(name), name, ScanMethod::Full);
        let one = but(one, |one| {
            one.modalities = [modality].into();
            one.media_types = [media_type.to_owned()].into();
        });
        sign("collector", &one)
    };
    let corpus = |of_pictures: &str| {
        let merge = Activity::new(ActivityKind::MergeCollect)
            .input(manifest("texts"), [])
            .input(manifest("pictures"), [])
            .output(manifest("corpus"), [])
            .between(day(2), day(2));
        let merge = sign("curator", &merge);
        let id = merge.id();
        Case::about(manifest("corpus"))
            .collected(manifest("texts"))
            .collected(manifest("pictures"))
            .with(component("texts", Modality::Text, "text/plain"))
            .with(component("pictures", Modality::Image, "image/png"))
            .with(seen("texts", "CC0-1.0"))
            .with(seen("pictures", of_pictures))
            .with(merge)
            .seen(id, 2)
    };
    let (mixed, free) = (corpus("CC-BY-NC-4.0"), corpus("CC0-1.0"));
    let pictures = seen("pictures", "CC-BY-NC-4.0").id();
    let verdict = mixed.rights(&commercial(Action::Train));
    denies(&verdict, &[(Reason::Purpose, "pictures", Some(pictures))]);
    permits(&free.rights(&commercial(Action::Train)), &[]);
    let page = page(&mixed);
    assert!(row(&page, "image/png").contains("image"), "{page}");
    assert!(row(&page, "text/plain").contains("text"), "{page}");
    // The texts by themselves are free.
    let texts = Case { subject: manifest("texts"), ..mixed };
    let alone = |one: &Statement| match one {
        Statement::Activity(step) => step.payload().kind == ActivityKind::Collect,
        _ => true,
    };
    let is_of_texts = |one: &Statement| {
        alone(one) && one.header().subject == datadeed::id::Subject::Manifest(manifest("texts"))
    };
    let statements = texts.statements.iter().filter(|one| is_of_texts(one)).cloned().collect();
    permits(&Case { statements, ..texts }.rights(&commercial(Action::Train)), &[]);
}
