use super::*;
use crate::Digest;
use crate::cbor::Item;
use crate::id::{ManifestId, Subject};
use crate::key::SigningKey;
use crate::lineage::{ActivityKind, AgentRole};
use crate::manifest::{Modality, ReleaseMode, ScanMethod};
use crate::proof::{LineageProof, Statement};
use crate::report::{Language, Report};
use crate::rights::{
    Action, Event, Licence, Observation, Registrant, RegistrantKind, RegistrantRole, Registration,
    ReviewKind, Rule, SourceEvidence, SourceKind,
};
use crate::statement::{DataClass, Issuer, Payload, Signed};
use crate::timestamp::Timestamp;
use crate::trust::{Anchor, Role, TrustStore};
use crate::verify::{VerifiedLineage, Verifier};

fn manifest(seed: u8) -> ManifestId {
    ManifestId::from_bytes([seed; 32])
}

fn maker() -> Issuer<SigningKey> {
    Issuer::new("did:web:maker.example", SigningKey::from_seed(&[1; 32]))
}

fn stranger() -> Issuer<SigningKey> {
    Issuer::new("did:web:stranger.example", SigningKey::from_seed(&[2; 32]))
}

/// A description that says everything, each text of it this one.
pub(in crate::report) fn full_dataset(manifest: ManifestId, text: &str) -> Dataset {
    let mut dataset = Dataset::new(manifest, text, ScanMethod::Full);
    dataset.version = Some(text.to_owned());
    dataset.languages = [text.to_owned()].into();
    dataset.modalities = [Modality::Image, Modality::Text].into();
    dataset.media_types = [text.to_owned()].into();
    dataset.data_class = Some(DataClass::Enterprise);
    dataset.source_category = Some(text.to_owned());
    dataset.confidentiality = Some(text.to_owned());
    dataset.release_mode = Some(ReleaseMode::Trade);
    dataset.personal_information = Some(false);
    dataset
}

/// A step of which everything is said, each text of it this one.
pub(in crate::report) fn full_step(mut step: Activity, text: &str) -> Activity {
    let mut agents = Agents::new(AgentRole::Annotator, 40);
    (agents.party, agents.qualification) = (Some(text.to_owned()), Some(text.to_owned()));
    step.agents = [agents, Agents::new(AgentRole::Reviewer, 5)].into();
    let mut tool = Tool::new(text, text);
    tool.digest = Some(Digest::of(b"tool"));
    step.tool = Some(tool);
    step.rules = Some(Digest::of(b"rules"));
    step.params = [(text.to_owned(), Item::uint(7))].into();
    step.measures = [(text.to_owned(), Item::text(text))].into();
    let mut sampling = Sampling::new(2_000, 1_986);
    sampling.method = Some(text.to_owned());
    step.sampling = Some(sampling);
    step.processed_in = ["CN", "SG"].map(|code| code.parse().unwrap()).into();
    step.stored_in = ["CN-BJ".parse().unwrap()].into();
    step
}

/// A certificate that says all of its form that tables show, each text of it this one.
fn full_certificate(mut form: Registration, text: &str) -> Registration {
    let some = || Some(text.to_owned());
    form.source_kind = Some(SourceKind::Purchased);
    form.source_evidence = [SourceEvidence::new(text, Digest::of(b"contract"))].into();
    form.data_class = Some(DataClass::Public);
    (form.object_class, form.industry, form.application_scenario) = (some(), some(), some());
    (form.scale, form.format, form.structure, form.period) = (some(), some(), some(), some());
    (form.update_frequency, form.processing_rule_summary) = (some(), some());
    (form.ai_generated, form.sample_root) = (Some(true), Some(manifest(9)));
    form.extra = [(text.to_owned(), Item::uint(1))].into();
    (form.personal_information, form.important_data) = (Some(true), Some(false));
    (form.security_level, form.disclosure_state) = (some(), some());
    form.cross_border = Some(false);
    (form.scheme, form.jurisdiction) = (some(), Some("CN-BJ".to_owned()));
    form.review_kind = Some(ReviewKind::Formal);
    form
}

fn verified(statements: Vec<Statement>, subject: ManifestId) -> VerifiedLineage {
    let roles = [Role::Collector, Role::Curator, Role::Registrar, Role::RightsHolder];
    let known = Anchor::new(maker().iss(), maker().public_key(), roles);
    // Nothing that is said here is for a log to say.
    let other = Anchor::new(stranger().iss(), stranger().public_key(), [Role::Log]);
    let trust = TrustStore::new([known, other]);
    let builder = LineageProof::builder(subject).statements(statements);
    let proof = builder.build().unwrap().to_bytes();
    Verifier::new(&trust, Timestamp::MIN).verify(&proof, subject).unwrap()
}

fn signed<P: Payload>(payload: &P) -> Signed<P> {
    payload.sign(&maker(), Timestamp::MIN).unwrap()
}

fn observed(of: ManifestId, spdx: &str) -> Licence {
    let seen = Observation::new("https://a.example", "http-get", Digest::of(b""), Timestamp::MIN);
    Licence::observed(of, spdx, seen)
}

/// A described source and one that nobody describes, put together by a step of which everything is said.
fn merged(text: &str) -> VerifiedLineage {
    let [first, second, corpus] = [1, 2, 3].map(manifest);
    let dataset = signed(&full_dataset(first, text));
    let collect = |of| Activity::new(ActivityKind::Collect).output(of, []);
    let [one, other] = [first, second].map(collect).map(|one| signed(&one));
    let merge = Activity::new(ActivityKind::MergeCollect)
        .input(first, [dataset.id(), one.id()])
        .input(second, [other.id()])
        .output(corpus, []);
    let merge = signed(&full_step(merge, text));
    let negotiated = signed(&Licence::granted(first, [Rule::permit([Action::Train])]));
    let seen = observed(first, "CC-BY-4.0").sign(&stranger(), Timestamp::MIN).unwrap();
    let who = Registrant::new(
        "did:web:a.example",
        "A",
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    let until = "1980-01-01T00:00:00Z".parse().unwrap();
    let registration = Registration::new(first, text, [who], Timestamp::MIN, until);
    let registration = signed(&full_certificate(registration, text));
    let statements = vec![
        dataset.into(),
        one.into(),
        other.into(),
        merge.into(),
        negotiated.into(),
        seen.into(),
        registration.into(),
    ];
    verified(statements, corpus)
}

/// The first characters of an id with its prefix.
fn brief(id: &impl ToString) -> String {
    crate::report::document::short(&id.to_string())
}

fn ids(lineage: &VerifiedLineage) -> [String; 3] {
    let [dataset] = lineage.datasets(manifest(1)).collect::<Vec<_>>()[..] else { panic!() };
    let [title] = lineage.registrations(manifest(1)).collect::<Vec<_>>()[..] else { panic!() };
    let [merge, ..] = lineage.activities().collect::<Vec<_>>()[..] else { panic!() };
    [dataset.id(), title.id(), merge.id()].map(|id| brief(&id))
}

/// The lines from a heading to the next empty line after its table.
#[track_caller]
fn below<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let (_, rest) = text.split_once(heading).unwrap_or_else(|| panic!("{heading} in {text}"));
    let lines = rest.lines().skip(1);
    lines.take_while(|line| !line.starts_with("## ") && !line.is_empty()).collect()
}

/// The cells of a row of a table in a text, which two spaces part.
fn cells(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

const DATASETS: &str = "What is said of the datasets (said, not checked)";
const STEPS: &str = "What is said of the steps (said, not checked)";

#[test]
fn a_text_says_what_is_said_of_datasets_and_steps() {
    let lineage = merged("some text");
    let [dataset, title, merge] = ids(&lineage);
    let [second, corpus] = [2, 3].map(|seed| brief(&manifest(seed)));
    let maker = "did:web:maker.example; believed";
    let text = Report::new(&lineage).text(Language::English);
    let lines = below(&text, DATASETS);
    assert_eq!(
        lines[0],
        "In the words of their signers, no findings of this report. A dash: not said."
    );
    let rows: Vec<_> = lines[2..].iter().map(|line| cells(line)).collect();
    let parts = format!(
        "some text: negotiated, CC-BY-4.0 grants nothing; {second}: no licence; by {merge}, believed"
    );
    assert_eq!(rows[0], [corpus.as_str(), "-", "-", "-", "-", "-", &parts]);
    let described = [
        &format!("some text; version: some text; {dataset}"),
        &format!("{maker}; every byte read"),
        "data of enterprises; category: some text",
        "languages: some text; pictures, text; some text",
        "no",
        "confidentiality: some text; traded on an exchange",
        "-",
    ];
    assert_eq!(rows[1], described);
    let [contract, sample] = [brief(&Digest::of(b"contract")), brief(&manifest(9))];
    let certified = [
        &format!("some text; {title}"),
        maker,
        &format!(
            "data of public bodies; source: bought; shown by: some text, {contract}; object: some text; industry: some text; for: some text"
        ),
        &format!(
            "scale: some text; format: some text; structure: some text; period: some text; updated: some text; processing: some text; processed by AI alone: yes; sample: {sample}; some text: 1"
        ),
        "yes; important data: no",
        "level: some text; disclosure: some text; provision abroad declared: no",
        "-",
    ];
    assert_eq!(rows[2], certified);
    assert_eq!(rows.len(), 3);
    // How it was registered stands with what it comes to.
    let registrar = format!("{maker}; some text; CN-BJ; examined in form");
    assert!(text.contains(&registrar), "{text}");

    let lines = below(&text, STEPS);
    let [rules, tool] = [&b"rules"[..], b"tool"].map(|one| brief(&Digest::of(one)));
    let step = [
        &format!("put together; all inputs named; made: {corpus}; {merge}"),
        maker,
        "signed 1970-01-01T00:00:00Z",
        &format!(
            "rules: {rules}; tool: some text, version: some text, {tool}; parameters: some text: 7"
        ),
        "annotator, persons: 40, of: some text, qualification: some text; reviewer of labels, persons: 5",
        "processed in: CN, SG; stored in: CN-BJ",
        "drawn: 2000, passed: 1986, method: some text; some text: \"some text\"",
    ];
    assert_eq!(cells(lines[2]), step);
    // Two collections, of which nothing else is said.
    assert_eq!(lines[3..], ["Nothing of this is said of 2 other steps."]);
}

#[test]
fn a_chinese_text_says_it_in_chinese() {
    let lineage = merged("some text");
    let [dataset, title, merge] = ids(&lineage);
    let [second, corpus] = [2, 3].map(|seed| brief(&manifest(seed)));
    let maker = "did:web:maker.example; 采信";
    let text = Report::new(&lineage).text(Language::Chinese);
    let lines = below(&text, "数据集说明（仅为签发方陈述，未经核验）");
    assert_eq!(lines[0], "以下为签发方的陈述，并非本报告的核验结论。“-”表示未作说明。");
    let rows: Vec<_> = lines[2..].iter().map(|line| cells(line)).collect();
    let parts = format!(
        "some text: 协议许可, CC-BY-4.0 无授权效力; {second}: 无许可声明; 依据 {merge}, 采信"
    );
    assert_eq!(rows[0], [corpus.as_str(), "-", "-", "-", "-", "-", &parts]);
    let described = [
        &format!("some text; 版本: some text; {dataset}"),
        &format!("{maker}; 逐字节读取"),
        "企业数据; 来源类别: some text",
        "语言: some text; 图像, 文本; some text",
        "否",
        "密级: some text; 交易",
        "-",
    ];
    assert_eq!(rows[1], described);
    let [contract, sample] = [brief(&Digest::of(b"contract")), brief(&manifest(9))];
    let certified = [
        &format!("some text; {title}"),
        maker,
        &format!(
            "公共数据; 数据来源: 购买; 来源证明: some text, {contract}; 对象类别: some text; 所属行业: some text; 应用场景: some text"
        ),
        &format!(
            "规模: some text; 数据格式: some text; 数据结构: some text; 时段: some text; 更新频率: some text; 算法规则简要说明: some text; AI加工: 是; 样例: {sample}; some text: 1"
        ),
        "是; 重要数据: 否",
        "分类分级: some text; 公开状态: some text; 已申报出境: 否",
        "-",
    ];
    assert_eq!(rows[2], certified);

    let lines = below(&text, "处理活动说明（仅为签发方陈述，未经核验）");
    let [rules, tool] = [&b"rules"[..], b"tool"].map(|one| brief(&Digest::of(one)));
    let step = [
        &format!("汇编; 输入已全部列明; 产出: {corpus}; {merge}"),
        maker,
        "签发 1970-01-01T00:00:00Z",
        &format!("规则: {rules}; 工具: some text, 版本: some text, {tool}; 参数: some text: 7"),
        "标注员, 人数: 40, 所属: some text, 资质: some text; 审核员, 人数: 5",
        "处理地: CN, SG; 存储地: CN-BJ",
        "抽取: 2000, 合格: 1986, 方法: some text; some text: \"some text\"",
    ];
    assert_eq!(cells(lines[2]), step);
    assert_eq!(lines[3..], ["另有 2 项处理活动未作上述说明。"]);
}

/// Text that would end a cell, a line, a tag or a code span, and how Markdown and HTML show it.
const HOSTILE: &str = "a|<b>`x`\n| c\u{202e} &";
const MARKDOWN: &str = r"a\|\<b\>\`x\`\| c \&";
const HTML: &str = "<bdi>a|&lt;b&gt;`x`| c &amp;</bdi>";

#[test]
fn markdown_escapes_what_is_said() {
    let lineage = merged(HOSTILE);
    let [dataset, title, merge] = ids(&lineage);
    let [second, corpus] = [2, 3].map(|seed| brief(&manifest(seed)));
    let maker = r"did\:web\:maker.example; believed";
    let x = MARKDOWN;
    let [contract, sample] = [brief(&Digest::of(b"contract")), brief(&manifest(9))];
    let page = Report::new(&lineage).markdown(Language::English);
    let (_, rest) = page.split_once(&format!("\n## {DATASETS}\n\nIn the words")).unwrap();
    let (said, _) = rest.split_once("\n## Registrations\n").unwrap();
    let rows: Vec<&str> = said.lines().filter(|line| line.starts_with('|')).collect();
    let expected = [
        format!(
            "| `{corpus}` | - | - | - | - | - | {x}: negotiated, CC-BY-4.0 **grants nothing**; `{second}`: no licence; by `{merge}`, believed |"
        ),
        format!(
            "| {x}; version: {x}; `{dataset}` | {maker}; every byte read | data of enterprises; category: {x} | languages: {x}; pictures, text; {x} | no | confidentiality: {x}; traded on an exchange | - |"
        ),
        format!(
            "| {x}; `{title}` | {maker} | data of public bodies; source: bought; shown by: {x}, `{contract}`; object: {x}; industry: {x}; for: {x} | scale: {x}; format: {x}; structure: {x}; period: {x}; updated: {x}; processing: {x}; processed by AI alone: yes; sample: `{sample}`; {x}: 1 | yes; important data: no | level: {x}; disclosure: {x}; provision abroad declared: no | - |"
        ),
    ];
    assert_eq!(rows[2..5], expected);
    let [rules, tool] = [&b"rules"[..], b"tool"].map(|one| brief(&Digest::of(one)));
    // A value is shown in a notation, in which what hides is escaped.
    let measured = r#"\"a\|\<b\>\`x\`\\u000a\| c\\u202e \&\""#;
    let step = format!(
        "| put together; all inputs named; made: `{corpus}`; `{merge}` | {maker} | signed 1970-01-01T00:00:00Z | rules: `{rules}`; tool: {x}, version: {x}, `{tool}`; parameters: {x}: 7 | annotator, persons: 40, of: {x}, qualification: {x}; reviewer of labels, persons: 5 | processed in: CN, SG; stored in: CN-BJ | drawn: 2000, passed: 1986, method: {x}; {x}: {measured} |"
    );
    assert_eq!(rows[7..], [step]);
}

/// Words of ours as a page has them.
fn both(en: &str, zh: &str) -> String {
    format!("<span lang=\"en\">{en}</span><span lang=\"zh\">{zh}</span>")
}

#[test]
fn html_escapes_what_is_said() {
    let lineage = merged(HOSTILE);
    let page = Report::new(&lineage).html(Language::English);
    let heading = both(DATASETS, "数据集说明（仅为签发方陈述，未经核验）");
    assert!(page.contains(&format!("<h2>{heading}</h2>")), "{page}");
    let next = " <span class=\"next\">·</span> ";
    let label = |en, zh| format!("{}: {HTML}", both(en, zh));
    let row = [
        format!(
            "{}{next}{}",
            both("data of enterprises", "企业数据"),
            label("category", "来源类别")
        ),
        [
            label("languages", "语言"),
            format!("{}, {}", both("pictures", "图像"), both("text", "文本")),
            HTML.to_owned(),
        ]
        .join(next),
        both("no", "否"),
        format!(
            "{}{next}{}",
            label("confidentiality", "密级"),
            both("traded on an exchange", "交易")
        ),
        "-".to_owned(),
    ];
    let row = format!("<td>{}</td></tr>", row.join("</td><td>"));
    assert_eq!(page.matches(&row).count(), 1, "{row} in {page}");
    let people = [
        format!(
            "{}, {}: 40, {}, {}",
            both("annotator", "标注员"),
            both("persons", "人数"),
            label("of", "所属"),
            label("qualification", "资质")
        ),
        format!("{}, {}: 5", both("reviewer of labels", "审核员"), both("persons", "人数")),
    ];
    let people = format!("<td>{}</td>", people.join(next));
    assert_eq!(page.matches(&people).count(), 1, "{people} in {page}");
}

#[test]
fn a_table_shows_all_that_the_json_has() {
    let of_dataset = full_dataset(manifest(1), "some text");
    let of_step = full_step(Activity::new(ActivityKind::Annotate), "some text");
    let shown_otherwise = ["title", "inputs", "outputs"];
    for said in [dataset(&of_dataset), activity(&of_step)] {
        assert!(said.len() >= 10);
        for one in &said {
            assert_eq!(one.shown.is_none(), shown_otherwise.contains(&one.field), "{}", one.field);
        }
    }
    // Every column that is filled is one of a table.
    let lineage = merged("some text");
    let text = Report::new(&lineage).text(Language::English);
    for said in [dataset(&of_dataset), activity(&of_step)] {
        for (column, label) in said.iter().filter_map(|one| one.shown) {
            assert!(!cell(&said, column).is_empty());
            assert!(text.contains(label.en), "{}", label.en);
        }
    }
}

#[test]
fn long_lists_and_many_rows_are_shown_in_part_and_counted() {
    let corpus = manifest(0);
    let mut merge = Activity::new(ActivityKind::MergeDerive).output(corpus, []);
    let mut statements: Vec<Statement> = Vec::new();
    for seed in 1..=20 {
        let mut one = Dataset::new(manifest(seed), format!("part {seed}"), ScanMethod::Computed);
        one.media_types = (0..9).map(|number| format!("text/x{number}")).collect();
        let collect = signed(&Activity::new(ActivityKind::Collect).output(manifest(seed), []));
        merge = merge.input(manifest(seed), [collect.id()]);
        statements.extend([signed(&one).into(), collect.into()]);
    }
    let mut prev = None;
    for seq in 0..9 {
        let mut licence = observed(manifest(1), &format!("LicenseRef-{seq}"));
        (licence.seq, licence.prev) = (seq, prev);
        let licence = signed(&licence);
        prev = Some(licence.id());
        statements.push(licence.into());
    }
    statements.push(signed(&merge).into());
    let lineage = verified(statements, corpus);
    let text = Report::new(&lineage).text(Language::English);
    let lines = below(&text, DATASETS);
    // Prose, head, the rows shown at once, and how many more there are.
    assert_eq!(lines.len(), 2 + 12 + 1);
    assert_eq!(lines[14].trim(), "9 more");
    let media = "text/x0, text/x1, text/x2, text/x3, text/x4, text/x5, 3 more";
    assert!(lines[3].contains(media), "{}", lines[3]);
    assert!(lines[2].contains("; 14 more; by "), "{}", lines[2]);
    assert!(lines[2].contains(": LicenseRef-0 grants nothing, "), "{}", lines[2]);
    assert!(
        lines[2].contains("LicenseRef-5 grants nothing, 3 more; part 2: no licence"),
        "{}",
        lines[2]
    );
    // Nothing is said of how: no table, and nothing that is left out of one.
    assert!(!text.contains(STEPS), "{text}");
    let page = Report::new(&lineage).markdown(Language::English);
    assert!(page.contains("part 20; `statement"), "{page}");
}

#[test]
fn descriptions_that_say_more_than_a_title_come_first() {
    let corpus = manifest(0);
    let mut filter = Activity::new(ActivityKind::Clean).output(corpus, []);
    let mut statements: Vec<Statement> = Vec::new();
    for seed in 1..=20 {
        let mut one = Dataset::new(manifest(seed), format!("part {seed}"), ScanMethod::Full);
        one.personal_information = (seed == 20).then_some(true);
        let collect = signed(&Activity::new(ActivityKind::Collect).output(manifest(seed), []));
        filter = filter.input(manifest(seed), [collect.id()]);
        statements.extend([signed(&one).into(), collect.into()]);
    }
    statements.push(signed(&filter).into());
    let lineage = verified(statements, corpus);
    let text = Report::new(&lineage).text(Language::English);
    let rows = below(&text, DATASETS);
    assert!(rows[2].starts_with("  part 20; ") && rows[2].contains("  yes  "), "{text}");
    assert!(rows[3].starts_with("  part 1; "), "{text}");
}

#[test]
fn a_stranger_who_hides_inputs_is_told_apart() {
    let [source, corpus] = [1, 2].map(manifest);
    let collect = signed(&Activity::new(ActivityKind::Collect).output(source, []));
    let merge = Activity::new(ActivityKind::MergeCollect).input(source, [collect.id()]);
    let mut merge = merge.output(corpus, []).undisclosed_inputs();
    merge.processed_in = ["CN".parse().unwrap()].into();
    let merge = merge.sign(&stranger(), Timestamp::MIN).unwrap();
    let by = brief(&merge.id());
    let lineage = verified(vec![collect.into(), merge.into()], corpus);
    let text = Report::new(&lineage).text(Language::English);
    let parts = format!(": no licence; inputs not all named; by {by}, not believed");
    assert!(below(&text, DATASETS)[2].ends_with(&parts), "{text}");
    let step = below(&text, STEPS)[2];
    assert!(step.starts_with("  put together; inputs not all named; made: "), "{step}");
    assert!(step.contains("did:web:stranger.example; not believed  "), "{step}");
}

#[test]
fn what_was_taken_back_is_shown_as_ended() {
    let source = manifest(1);
    let dataset = signed(&Dataset::new(source, "\u{200b} ", ScanMethod::Full));
    let mut step = Activity::new(ActivityKind::Collect).output(source, [dataset.id()]);
    step.tool = Some(Tool::new("crawler", "1"));
    let step = signed(&step);
    let taken_back = [dataset.id(), step.id()].map(|id| {
        let event = Event::revocation(Subject::Statement(id), Timestamp::MIN);
        Statement::from(signed(&event))
    });
    let statements = [dataset.into(), step.into()].into_iter().chain(taken_back);
    let lineage = verified(statements.collect(), source);
    let text = Report::new(&lineage).text(Language::English);
    for heading in [DATASETS, STEPS] {
        let row = below(&text, heading)[2];
        assert!(row.contains("ended 1970-01-01T00:00:00Z"), "{row}");
        // Its title shows nothing.
        assert!(row.contains(&brief(&source)), "{row}");
    }
}
