//! What a registration says of the dataset itself, in the fields of its form.

use super::{BARE, Column, Said, Sayings, Value, code, named, some};
use crate::report::message::{Phrase, phrase};
use crate::rights::{Registration, SourceEvidence};

pub(in crate::report) fn registration(registration: &Registration) -> Vec<Said<'_>> {
    let said = Sayings::default()
        .apart("title", Value::Text(&registration.object_name))
        .put(Column::Class, BARE, "data_class", registration.data_class.map(|one| code!(one)))
        .put(
            Column::PersonalInformation,
            BARE,
            "personal_information",
            registration.personal_information.map(Value::Flag),
        )
        .put(
            Column::Class,
            Phrase::new("source", "数据来源"),
            "source_kind",
            registration.source_kind.map(|one| code!(one)),
        );
    circulation(content(origin(said, registration), registration), registration).0
}

/// What kind of thing it is, and how its registrant came to it.
fn origin<'a>(said: Sayings<'a>, registration: &'a Registration) -> Sayings<'a> {
    let text = |one: &'a Option<String>| one.as_deref().map(Value::Text);
    let evidence = registration.source_evidence.iter().map(evidence);
    let (class, industry) =
        (Phrase::new("object", "对象类别"), Phrase::new("industry", "所属行业"));
    let scenario = Phrase::new("for", "应用场景");
    said.put(Column::Class, Phrase::new("shown by", "来源证明"), "source_evidence", some(evidence))
        .put(Column::Class, class, "object_class", text(&registration.object_class))
        .put(Column::Class, industry, "industry", text(&registration.industry))
        .put(
            Column::Class,
            scenario,
            "application_scenario",
            text(&registration.application_scenario),
        )
}

fn evidence(one: &SourceEvidence) -> Value<'_> {
    let digest = Value::Id(one.digest.to_string());
    Value::Object(vec![("kind", BARE, Value::Text(&one.kind)), ("digest", BARE, digest)])
}

fn content<'a>(said: Sayings<'a>, registration: &'a Registration) -> Sayings<'a> {
    let texts = [
        ("scale", Phrase::new("scale", "规模"), &registration.scale),
        ("format", Phrase::new("format", "数据格式"), &registration.format),
        ("structure", Phrase::new("structure", "数据结构"), &registration.structure),
        ("period", Phrase::new("period", "时段"), &registration.period),
        ("update_frequency", Phrase::new("updated", "更新频率"), &registration.update_frequency),
        (
            "processing_rule_summary",
            Phrase::new("processing", "算法规则简要说明"),
            &registration.processing_rule_summary,
        ),
    ];
    let said = texts.into_iter().fold(said, |said, (field, label, text)| {
        said.put(Column::Content, label, field, text.as_deref().map(Value::Text))
    });
    let by_ai = Phrase::new("processed by AI alone", "AI加工");
    let sample = registration.sample_root.map(|one| Value::Id(one.to_string()));
    said.put(Column::Content, by_ai, "ai_generated", registration.ai_generated.map(Value::Flag))
        .put(Column::Content, Phrase::new("sample", "样例"), "sample_root", sample)
        .put(Column::Content, BARE, "extra", named(&registration.extra))
}

fn circulation<'a>(said: Sayings<'a>, registration: &'a Registration) -> Sayings<'a> {
    let text = |one: &'a Option<String>| one.as_deref().map(Value::Text);
    let (important, abroad) = (registration.important_data, registration.cross_border);
    let level = Phrase::new("level", "分类分级");
    let disclosure = Phrase::new("disclosure", "公开状态");
    let declared = Phrase::new("provision abroad declared", "已申报出境");
    said.put(
        Column::PersonalInformation,
        Phrase::new("important data", "重要数据"),
        "important_data",
        important.map(Value::Flag),
    )
    .put(Column::Circulation, level, "security_level", text(&registration.security_level))
    .put(Column::Circulation, disclosure, "disclosure_state", text(&registration.disclosure_state))
    .put(Column::Circulation, declared, "cross_border", abroad.map(Value::Flag))
}
