use std::collections::BTreeSet;

use super::described::tests::{full_dataset, full_step};
use super::layout::Drawing;
use super::picture::{Detail, Name, Shape, Vertex};
use super::*;
use crate::Digest;
use crate::key::{Signer, SigningKey};
use crate::lineage::{Activity, ActivityKind};
use crate::manifest::{Dataset, ScanMethod};
use crate::proof::LineageProof;
use crate::rights::{
    Action, Assessment, AssessmentKind, AssessmentResult, Consent, ConsentBasis, DeliveryMethod,
    Duty, DutyKind, Licence, Observation, Outbound, Preference, Regime, Registrant, RegistrantKind,
    RegistrantRole, Registration, Rule, Transaction, Vocabulary,
};
use crate::statement::{Issuer, Payload};
use crate::timestamp::Timestamp;
use crate::trust::{Anchor, Role, Status, TrustStore};
use crate::verify::{Code, Node, Rejection, Verifier};

const BOTH: [Language; 2] = [Language::Chinese, Language::English];

/// Everything that could end a string, a cell, a tag, a line or a code span, and reorder or hide text.
const HOSTILE: &str = "\"<b>]];'`|**[x](https://evil.example)<script>alert(1)</script>--> v0\n# h\r\n```\n</svg>&amp;\\%%\u{1b}[31m\u{202e}\u{200b}\u{e0041}\u{7f}{0}${x}";

fn id(seed: u64) -> ManifestId {
    ManifestId::from_bytes(*Digest::of(&seed.to_be_bytes()).as_bytes())
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

/// A dataset of which every text is as hostile as text can be, offered under a hostile licence.
fn hostile() -> VerifiedLineage {
    let iss = format!("did:web:{HOSTILE}");
    let issuer = Issuer::new(&iss, key(1));
    let now = Timestamp::MIN;
    let manifest = id(1);
    let dataset = full_dataset(manifest, HOSTILE).sign(&issuer, now).unwrap();
    let collect = Activity::new(ActivityKind::Collect).output(manifest, [dataset.id()]);
    let collect = full_step(collect, HOSTILE).sign(&issuer, now).unwrap();
    let mut attribute = Duty::new(DutyKind::Attribute);
    attribute.terms = Some(HOSTILE.to_owned());
    attribute.payee = Some(HOSTILE.to_owned());
    let alike = Duty::share_alike([HOSTILE]);
    let rule = Rule::permit([Action::Use]).duty(attribute).duty(alike);
    let granted = Licence::granted(manifest, [rule]).sign(&issuer, now).unwrap();
    let seen = Observation::new(HOSTILE, HOSTILE, Digest::of(b""), now);
    let mut observed = Licence::observed(manifest, HOSTILE, seen);
    (observed.seq, observed.prev) = (1, Some(granted.id()));
    let observed = observed.sign(&issuer, now).unwrap();
    let who =
        Registrant::new(HOSTILE, HOSTILE, RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let mut registration =
        Registration::new(manifest, HOSTILE, [who], now, "1980-01-01T00:00:00Z".parse().unwrap());
    registration.registration_no = Some(HOSTILE.to_owned());
    let registration = registration.sign(&issuer, now).unwrap();
    let deal = [&iss, HOSTILE, "did:web:exchange.example"];
    let mut deal = Transaction::new(HOSTILE, manifest, deal, DeliveryMethod::Sandbox);
    deal.evidence_code = Some(HOSTILE.to_owned());
    let deal = deal.sign(&issuer, now).unwrap();
    let passed = Some(AssessmentResult::Passed);
    let mut quality = Assessment::new(manifest, AssessmentKind::Quality, passed, now);
    quality.method = Some(HOSTILE.to_owned());
    let quality = quality.sign(&issuer, now).unwrap();
    let mut consent = Consent::new(manifest, ConsentBasis::Consent);
    consent.method = Some(HOSTILE.to_owned());
    let consent = consent.sign(&issuer, now).unwrap();
    let seen = Observation::new(HOSTILE, HOSTILE, Digest::of(b""), now);
    let preference = Preference::new(
        manifest,
        Vocabulary::Aipref,
        seen,
        [Rule::prohibit([Action::TrainGenerative])],
    );
    let preference = preference.sign(&issuer, now).unwrap();
    let proof = LineageProof::builder(manifest)
        .statement(dataset)
        .statement(collect)
        .statement(granted)
        .statement(observed)
        .statement(registration)
        .statement(deal)
        .statement(quality)
        .statement(consent)
        .statement(preference)
        .build()
        .unwrap();
    let roles = [Role::Collector, Role::RightsHolder, Role::Registrar];
    let trust = TrustStore::new([Anchor::new(&iss, key(1).public_key(), roles)]);
    let status = Status::new(now);
    let verifier = Verifier::new(&trust, now).known_events(&status);
    verifier.verify(&proof.to_bytes(), manifest).unwrap()
}

fn hostile_report(lineage: &VerifiedLineage) -> Report<'_> {
    let terms = Outbound::new(HOSTILE).passing_on([HOSTILE]);
    let party = Use::new(Action::Distribute).party(HOSTILE).offered_under(terms);
    let party = party.regime(Regime::China);
    let report = Report::new(lineage).ask(HOSTILE, party).ask("label", Use::new(Action::Train));
    assert_eq!(report.questions[1].verdict.word(), "permit");
    report
}

/// Every rendering of something hostile.
fn renderings() -> Vec<String> {
    let lineage = hostile();
    let report = hostile_report(&lineage);
    let rejection = lineage_of(b"no proof");
    let refusal = Refusal::new(&rejection).about(id(1)).at(Timestamp::MIN);
    let mut all = vec![report.json(), report.mermaid(), report.dot(), refusal.json()];
    for language in BOTH {
        all.extend([report.text(language), report.markdown(language), report.html(language)]);
        all.extend([refusal.text(language), refusal.markdown(language), refusal.html(language)]);
    }
    all
}

fn lineage_of(proof: &[u8]) -> Rejection {
    let trust = TrustStore::default();
    Verifier::new(&trust, Timestamp::MIN).verify(proof, id(1)).unwrap_err()
}

#[test]
fn nothing_hides_or_reorders_text_in_any_format() {
    for text in renderings() {
        let hidden = text.chars().find(|c| *c != '\n' && document::is_hidden(*c));
        assert_eq!(hidden, None, "{text}");
        assert!(!text.to_lowercase().contains("owner") && !text.contains("所有人"));
    }
}

#[test]
fn characters_that_show_nothing_are_left_out() {
    let fillers =
        "\u{34f}\u{115f}\u{1160}\u{17b4}\u{3164}\u{ffa0}\u{fff8}\u{1bca0}\u{1d173}\u{e0fff}";
    assert_eq!(visible(fillers), "");
    assert!(!"\u{200d}\u{fe0f} \u{200c}".chars().any(shows), "no title");
    // Persian and emoji need these.
    assert_eq!(
        visible("\u{646}\u{200c}\u{647} \u{2764}\u{fe0f}"),
        "\u{646}\u{200c}\u{647} \u{2764}\u{fe0f}"
    );
}

#[test]
fn blanks_push_nothing_to_another_line() {
    let title = format!("Court{}\u{2800} \t 1. sell: permit", "\u{3000}".repeat(30));
    assert_eq!(visible(&title), "Court 1. sell: permit");
}

#[test]
fn marks_do_not_cover_the_lines_around() {
    let flood = format!("a{}b\u{301}", "\u{337}\u{20dd}\u{e47}".repeat(300));
    let shown = "a\u{337}\u{20dd}\u{e47}\u{337}\u{20dd}\u{e47}b\u{301}";
    assert_eq!(visible(&flood), shown);
}

#[test]
fn a_title_cannot_change_a_picture() {
    let lineage = hostile();
    let mermaid = Report::new(&lineage).mermaid();
    assert_eq!(mermaid.matches("-->").count(), 1, "{mermaid}");
    assert_eq!(mermaid.lines().count(), 5, "{mermaid}");
    assert!(!mermaid.replace("<br/>", "").contains(['<', '`']), "{mermaid}");
    let dot = Report::new(&lineage).dot();
    assert_eq!(dot.lines().count(), 6, "{dot}");
    assert!(!dot.contains('<'), "{dot}");
    assert!(dot.contains("label=\"\\\"&lt;b&gt;]];'`|"), "{dot}");
}

#[test]
fn text_of_statements_adds_no_line_to_a_text() {
    let lineage = hostile();
    for language in BOTH {
        let report = Report::new(&lineage).ask("label", Use::new(Action::Train));
        let lines = report.text(language).lines().count();
        let hostile = Report::new(&lineage).ask(HOSTILE, Use::new(Action::Train));
        assert_eq!(hostile.text(language).lines().count(), lines);
    }
}

/// Markdown without what is escaped and without the Mermaid picture, whose escapes have a test of their own.
fn unescaped(markdown: &str) -> String {
    let (before, rest) = markdown.split_once("```mermaid\n").unwrap();
    let (_, after) = rest.split_once("```\n").unwrap();
    let mut characters = before.chars().chain(after.chars());
    let mut kept = String::new();
    while let Some(c) = characters.next() {
        if c == '\\' {
            assert!(characters.next().unwrap().is_ascii_punctuation());
        } else {
            kept.push(c);
        }
    }
    kept
}

#[test]
fn text_of_statements_is_no_markdown() {
    let lineage = hostile();
    for language in BOTH {
        let markdown = unescaped(&hostile_report(&lineage).markdown(language));
        for mark in ["[", "](", "<", ">", "&", "\"", "$", "{", "~"] {
            assert!(!markdown.contains(mark), "{mark} in {markdown}");
        }
        assert_eq!(markdown.matches("\n# ").count(), 0);
        assert_eq!(markdown.matches('`').count() % 2, 0);
        // Every row of a table has as many cells as its head.
        let mut cells = None;
        for line in markdown.lines() {
            let found = line.starts_with('|').then(|| line.matches('|').count());
            assert!(cells.is_none() || found.is_none() || cells == found, "{line}");
            cells = found;
        }
    }
}

/// Names of the elements of a page, having checked that they are ours, nested and closed.
#[track_caller]
fn elements(page: &str) -> BTreeSet<&str> {
    const VOID: [&str; 1] = ["input"];
    let mut open: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    for piece in page.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("unclosed {piece}"));
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('!') || VOID.contains(&name) || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag} closes another");
        } else {
            open.push(name);
            seen.insert(name);
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains('\''), "{tag}");
    }
    assert_eq!(open, [""; 0]);
    seen
}

#[test]
fn text_of_statements_is_no_html() {
    let lineage = hostile();
    let rejection = lineage_of(b"no proof");
    for language in BOTH {
        let body = |page: String| page.split_once("</head>").unwrap().1.to_owned();
        let page = body(hostile_report(&lineage).html(language));
        let plain = Report::new(&lineage).ask("label", Use::new(Action::Train));
        let plain = body(plain.ask("denied", Use::new(Action::Sublicense)).html(language));
        let page = format!("<html>{page}");
        assert_eq!(elements(&page), elements(&format!("<html>{plain}")));
        elements(&format!("<html>{}", body(Refusal::new(&rejection).html(language))));
    }
}

#[test]
fn a_page_needs_nothing_from_elsewhere_and_runs_nothing() {
    let lineage = hostile();
    let page = hostile_report(&lineage).html(Language::Chinese);
    for way_out in [
        "http:",
        "src=",
        "@import",
        "url(h",
        "url(/",
        "<link",
        "<iframe",
        "<form",
        "onload",
        "javascript:",
    ] {
        assert!(!page.contains(way_out), "{way_out}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("<html lang=\"zh-CN\">"));
    // The one address in it is text of the hostile title.
    assert_eq!(page.matches("href=\"#").count(), page.matches("href=").count());
}

#[test]
fn json_holds_texts_as_they_were_signed() {
    let lineage = hostile();
    let text = hostile_report(&lineage).json();
    assert!(!text.contains(['<', '>', '&', '\u{202e}', '\u{e0041}']), "{text}");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["datasets"][0]["title"], HOSTILE);
    assert_eq!(json["questions"][0]["label"], HOSTILE);
}

#[test]
fn a_refusal_says_what_where_and_why() {
    let rejection = lineage_of(b"no proof");
    let refusal = Refusal::new(&rejection).about(id(1)).at(Timestamp::MIN);
    for (language, words) in [
        (Language::Chinese, "证明的编码不符合唯一规范形式"),
        (Language::English, "the bytes of the proof are not in their one form"),
    ] {
        for text in [refusal.text(language), refusal.markdown(language), refusal.html(language)] {
            for part in [words, "malformed-proof", &id(1).to_string(), "1970-01-01T00:00:00Z"] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }
    let json: serde_json::Value = serde_json::from_str(&refusal.json()).unwrap();
    assert_eq!(json["outcome"], "rejected");
    assert_eq!(json["rejection"]["code"], "malformed-proof");
    assert_eq!(json["rejection"]["node"], "proof");
    let cause = rejection.cause.as_ref().unwrap();
    assert_eq!(json["rejection"]["causes"][0], cause.to_string());
    let at_statement =
        Rejection { code: Code::BadSignature, node: Node::Position(3), bound: None, cause: None };
    let text = Refusal::new(&at_statement).text(Language::English);
    assert!(text.contains("a statement by its place from 0, position:3"), "{text}");
}

/// A chain of steps, each of which also uses some sources; the subject is number 0.
fn chain(steps: u64, sources: u64) -> (VerifiedLineage, usize) {
    let issuer = Issuer::new("did:web:maker.example", key(1));
    let now = Timestamp::MIN;
    let mut builder = LineageProof::builder(id(0));
    let collect = |seed| {
        let collect = Activity::new(ActivityKind::Collect).output(id(seed), []);
        collect.sign(&issuer, now).unwrap()
    };
    let mut voucher = collect(steps);
    builder = builder.statement(voucher.clone());
    for step in (0..steps).rev() {
        let mut merge = Activity::new(ActivityKind::MergeDerive)
            .input(id(step + 1), [voucher.id()])
            .output(id(step), []);
        for source in 0..sources {
            let seed = 1_000_000 * (source + 1) + step;
            let collected = collect(seed);
            merge = merge.input(id(seed), [collected.id()]);
            builder = builder.statement(collected);
        }
        voucher = merge.sign(&issuer, now).unwrap();
        builder = builder.statement(voucher.clone());
    }
    let proof = builder.build().unwrap().to_bytes();
    let roles = [Role::Collector, Role::Curator];
    let trust = TrustStore::new([Anchor::new("did:web:maker.example", key(1).public_key(), roles)]);
    (Verifier::new(&trust, now).verify(&proof, id(0)).unwrap(), proof.len())
}

#[test]
fn a_long_way_lacks_its_middle_and_says_so() {
    let (lineage, _) = chain(20, 0);
    let report = Report::new(&lineage);
    let way = |step: u64| (0..=step).map(id).collect::<Vec<_>>();
    assert_eq!(report.path(id(0)), (vec![], 0, way(0)));
    assert_eq!(report.path(id(6)), (vec![], 0, way(6)));
    let tail = |step: u64| (step - 2..=step).map(id).collect::<Vec<_>>();
    assert_eq!(report.path(id(7)), (way(2), 2, tail(7)));
    assert_eq!(report.path(id(20)), (way(2), 15, tail(20)));
    assert_eq!(report.path(id(999)), (vec![], 0, vec![id(999)]));
    let text = report.ask("all", Use::new(Action::Train)).text(Language::English);
    assert!(text.contains("← 15 more ←"), "{text}");
}

#[test]
fn a_report_grows_as_its_proof_does() {
    let sizes = |steps| {
        let (lineage, proof) = chain(steps, 2);
        // Nothing is licensed, so each dataset is a ground, with its way.
        let report = Report::new(&lineage).ask("all", Use::new(Action::Train));
        let mut lengths = vec![report.json().len(), report.mermaid().len(), report.dot().len()];
        for language in BOTH {
            let all = [report.text(language), report.markdown(language), report.html(language)];
            lengths.extend(all.map(|text| text.len()));
        }
        (lengths, proof)
    };
    let ((small, _), (large, proof)) = (sizes(60), sizes(240));
    for (small, large) in small.iter().zip(&large) {
        assert!(*large < 5 * *small, "{small} to {large}");
        assert!(*large < 24 * proof, "{large} of {proof}");
    }
}

#[test]
fn a_long_text_in_many_places_is_shown_in_part() {
    let iss = format!("did:web:{}", "x".repeat(8_000));
    let issuer = Issuer::new(&iss, key(1));
    let now = Timestamp::MIN;
    let title = "y".repeat(8_000);
    let dataset = Dataset::new(id(1), &title, ScanMethod::Full).sign(&issuer, now).unwrap();
    let collect = Activity::new(ActivityKind::Collect).output(id(1), [dataset.id()]);
    let duties = (0..500).fold(Rule::permit([Action::Use]), |rule, number| {
        let mut duty = Duty::new(DutyKind::Attribute);
        duty.terms = Some(format!("{number}"));
        rule.duty(duty)
    });
    let licence = Licence::granted(id(1), [duties]);
    let proof = LineageProof::builder(id(1))
        .statement(dataset)
        .statement(collect.sign(&issuer, now).unwrap())
        .statement(licence.sign(&issuer, now).unwrap())
        .build()
        .unwrap()
        .to_bytes();
    let roles = [Role::Collector, Role::RightsHolder];
    let trust = TrustStore::new([Anchor::new(&iss, key(1).public_key(), roles)]);
    let lineage = Verifier::new(&trust, now).verify(&proof, id(1)).unwrap();
    let report = Report::new(&lineage).ask("all", Use::new(Action::Train));
    assert_eq!(report.questions[0].verdict.duties().len(), 500);
    for language in BOTH {
        for text in [report.text(language), report.markdown(language), report.html(language)] {
            assert!(text.len() < 12 * proof.len(), "{} of {}", text.len(), proof.len());
        }
    }
}

#[test]
fn sources_collected_and_used_alike_are_one_vertex() {
    let (lineage, _) = chain(1, 300);
    let picture = Picture::new(&Report::new(&lineage));
    let counts: Vec<usize> = picture.vertices.iter().map(|vertex| vertex.count).collect();
    assert_eq!(counts, [301, 301, 1, 1]);
    assert_eq!(picture.arrows, [(0, 1), (1, 3), (3, 2)]);
}

fn vertex() -> Vertex {
    let (name, detail) = (Name::Title("title".to_owned()), Detail::Text("detail".to_owned()));
    Vertex { shape: Shape::Dataset, count: 1, name, detail, anchor: None }
}

/// No two boxes overlap and all lie inside the drawing.
#[track_caller]
fn assert_legible(picture: &Picture) -> Drawing {
    let drawing = Drawing::new(picture);
    let half = layout::WIDTH / 2;
    for (index, a) in drawing.boxes.iter().enumerate() {
        assert!(a.x - half >= 0 && a.x + half <= drawing.width, "{a:?}");
        assert!(a.y >= 0 && a.y + a.height <= drawing.height, "{a:?}");
        for b in &drawing.boxes[..index] {
            let beside = (a.x - b.x).abs() >= layout::WIDTH;
            let below = a.y + a.height <= b.y || b.y + b.height <= a.y;
            assert!(beside || below, "{a:?} {b:?}");
        }
    }
    drawing
}

#[test]
fn any_graph_is_drawn_legibly() {
    // A fan, a chain, everything to everything below, and cycles.
    let fan = (1..500).map(|from| (from, 0)).collect();
    let chain = (1..500).map(|from| (from, from - 1)).collect();
    let dense = (0..60).flat_map(|from| (0..from).map(move |to| (from, to))).collect();
    let cycle = (0..100).map(|from| (from, (from + 1) % 100)).collect();
    let own: Vec<(usize, usize)> = vec![(0, 0), (1, 0)];
    for mut arrows in [fan, chain, dense, cycle, own] {
        let arrows_: &mut Vec<(usize, usize)> = &mut arrows;
        arrows_.sort_unstable();
        let count = arrows.iter().map(|(from, to)| from.max(to) + 1).max().unwrap();
        let picture = Picture { vertices: vec![vertex(); count], arrows };
        let drawing = assert_legible(&picture);
        assert!(drawing.boxes.len() <= 49 * 9);
        let drawn = drawing.boxes.iter().map(|placed| match placed.what {
            layout::What::Folded(count) => count,
            layout::What::Vertex(_) => 1,
        });
        assert_eq!(drawn.sum::<usize>(), count, "what is not drawn is counted");
    }
    assert_legible(&Picture::default());
}

#[test]
fn a_deal_says_who_signed_it_and_whether_it_counts() {
    let lineage = hostile();
    let text = Report::new(&lineage).text(Language::English);
    assert!(text.contains("exchange did:web:exchange.example, not signed"), "{text}");
    let deals = text.split_once("\nDeals\n").unwrap().1;
    let row = deals.lines().nth(1).unwrap();
    assert!(row.starts_with("  no. \"") && row.contains(", signed"), "{row}");
    assert!(row.contains("used where it lies"), "{row}");
    assert!(row.ends_with("grants nothing"), "{row}");
}

#[test]
fn what_is_beside_a_lineage_has_a_section_each() {
    let lineage = hostile();
    for (language, headings) in [
        (Language::English, ["Assessments", "Personal information", "Preferences for machines"]),
        (Language::Chinese, ["评估", "个人信息", "机器可读偏好"]),
    ] {
        let text = Report::new(&lineage).text(language);
        for heading in headings {
            assert!(text.lines().any(|line| line == heading), "{heading} in {text}");
        }
    }
}

#[test]
fn a_question_is_shown_with_its_offer_and_its_law() {
    let lineage = hostile();
    let terms = Outbound::new("MIT").passing_on(["LicenseRef-base"]);
    let ask = Use::new(Action::Distribute).offered_under(terms).regime(Regime::China);
    let report = Report::new(&lineage).ask("label", ask);
    let text = report.text(Language::English);
    let line = |of: &str| text.lines().find(|line| line.trim().starts_with(of)).unwrap_or_default();
    let offered = line("Offered on under");
    assert!(offered.ends_with("MIT; repeating the restrictions of LicenseRef-base"), "{text}");
    assert!(line("Personal information law of").ends_with(" CN"), "{text}");
    let json = report.json();
    assert!(json.contains("\"outbound\": \"MIT\""), "{json}");
    assert!(json.contains("\"regime\": \"CN\""), "{json}");
}
