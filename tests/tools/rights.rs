//! Cases of rights, as they stand in files.

use super::*;

#[test]
fn every_worked_case_is_answered_as_expected() {
    let desk = Desk::new();
    let run = desk.done("rights", &[]);
    let cases = fs::read_dir("examples/rights/cases").unwrap().count();
    assert!(cases >= 40, "{run:?}");
    let answers = run.lines.len() - cases - 2; // the head of the table and the last line
    assert_eq!(run.last(), format!("{answers} answers to {cases} cases"));
}

/// One with whatever the format can say.
const CASE: &str = r#"{
    "about": "A lineage of everything",
    "now": "2026-11-20T12:00:00Z",
    "status": "2026-11-20",
    "trust": {"buyer": ["curator", "trainer"], "author": "rights_holder", "stranger": [], "fund": {"roles": ["rights_holder"], "scope": ["x:"]}},
    "datasets": {"source": {"files": ["a.txt", "b.txt"], "personal_information": true}, "base": {"personal_information": false},
                 "part": {"files": "a.txt", "personal_information": false}},
    "subject": "weights",
    "steps": [
        {"kind": "subset", "inputs": "source", "outputs": "part", "processed_in": "CN", "stored_in": ["CN-BJ"],
         "relations": {"of": "part", "relation": "subset_of", "with": "source", "tree": "parts"}, "by": "buyer"},
        {"kind": "fine_tune", "inputs": ["part"], "base_models": "base", "outputs": "weights", "on": "2026-11-06", "by": "buyer"}
    ],
    "registrations": [
        {"of": "source", "name": "title", "claimants": ["seller", {"party": "fund", "share": 100}], "until": "2028-11-01",
         "update_until": "2027-11-01", "agreement_cap": "2028-01-01", "object": "Corpus", "jurisdiction": "CN-BJ",
         "scheme": "data-ip", "personal_information": true, "important_data": false}
    ],
    "licences": [
        {"of": "base", "spdx": "Apache-2.0", "by": "author"},
        {"of": "source", "name": "parent", "licensees": "dealer", "by": "supplier", "rules": [{"permit": ["use"]}]},
        {"of": "source", "by": "dealer", "parent": "parent", "signed": "2026-11-02", "seen": "2026-11-03", "survives": true,
         "until": "2026-11-15", "from": "2026-11-02", "conflict": "prohibit", "licensees": "trainer",
         "rules": [
            {"permit": ["train", "distribute_model"], "duties": ["attribute", {"duty": "report", "terms": "each month"}],
             "when": {"purpose": ["commercial", "research"], "in": "CN", "storage": "CN-BJ", "from": "2026-11-01",
                      "until": "2026-12-01", "licensee": "trainer", "field": "medical", "product": "x", "hops": 2,
                      "volume": {"records": 10, "bytes": 100}}},
            {"prohibit": "sublicense", "when": {"other": {"operand": "o", "operator": "is", "values": "v"}}}]}
    ],
    "preferences": [
        {"of": "part", "robots": "User-agent: *\nAllow: /\nContent-Usage: train-ai=y", "product": "Bot", "path": "/a"},
        {"of": "part", "tdm_reservation": 0, "tdm_policy": "https://data.example/p"},
        {"of": "part", "tdmrep": [{"location": "/", "tdm-reservation": 0}], "path": "/a"},
        {"of": "part", "cawg": {"entries": {}}, "source": "https://data.example/b"}
    ],
    "consents": [{"of": "source", "basis": "consent", "actions": "use", "purposes": "commercial", "method": "form",
                  "from": "2026-11-01", "until": "2027-11-01"}],
    "deals": [{"of": "source", "number": "T-1", "amount": 100, "currency": "CNY", "delivery": "api", "registration": "title",
               "name": "sale", "survives": true, "until": "2027-01-01", "signed_by": ["seller", "buyer", "exchange"],
               "rules": {"permit": "use",
                         "duties": {"duty": "pay", "payee": "seller", "amount": 100, "currency": "CNY"}}}],
    "events": [
        {"event": "fulfilment", "of": "sale", "by": "seller", "on": "2026-11-04", "recorded": "2026-11-05", "parties": "buyer",
         "duty": {"duty": "pay", "payee": "seller", "amount": 100, "currency": "CNY"}},
        {"event": "pledge", "name": "pledge", "of": "title", "by": "registrar", "on": "2026-11-07", "parties": "fund",
         "amount": 5, "currency": "CNY"},
        {"event": "release", "of": "pledge", "by": "registrar", "on": "2026-11-08"},
        {"event": "licence_filing", "of": "title", "licence": "parent", "by": "registrar", "on": "2026-11-08"},
        {"event": "transfer", "of": "title", "by": "registrar", "on": "2026-11-09", "to": ["fund", {"party": "seller", "share": 1}]},
        {"event": "key_revocation", "of": "observer", "by": "observer", "on": "2026-11-09", "reason": "lost"}
    ],
    "uses": [
        {"action": "distribute_model", "purpose": "commercial", "in": "CN", "regime": "CN", "by": "buyer",
         "at": "2026-11-20", "expect": "permit attribute notice pay(seller)"},
        {"action": "distribute_model", "processing": "CN", "storage": "CN", "distribution": "FR", "field": "medical",
         "product": "x", "volume": {"records": 11}, "under": "MIT", "passing_on": "Apache-2.0", "profile": "declared",
         "label": "elsewhere"}
    ]
}"#;

#[test]
fn a_case_of_ones_own_is_answered_in_three_forms() {
    let desk = Desk::new();
    fs::write(desk.path("case.json"), CASE).unwrap();
    let run = desk.done("rights", &["case.json"]);
    assert_eq!(run.last(), "2 answers");
    assert!(run.lines.iter().any(|line| line.contains("elsewhere")), "{run:?}");
    let chinese = desk.done("rights", &["case.json", "--language", "zh"]);
    assert!(chinese.lines[0].starts_with("数据"), "{chinese:?}");
    let json = desk.done("rights", &["case.json", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.lines.join("\n")).unwrap();
    assert!(json.is_object());
    // What the file expects is held against the answer.
    fs::write(desk.path("case.json"), CASE.replace("permit attribute notice pay(seller)", "deny"))
        .unwrap();
    let run = desk.ends(1, "1 of 2 answers differ", "rights", "case.json");
    let found = "distribute_model, commercial: permit attribute notice pay(seller), where the file expects deny";
    assert!(run.errors.starts_with(found), "{run:?}");
}

#[test]
fn what_is_wrong_in_a_case_is_named_with_its_place() {
    let desk = Desk::new();
    for (wrong, right, place) in [
        (
            r#""purpose": "commercial", "in""#,
            r#""purpos": "commercial", "in""#,
            r#"uses[0]: "purpos" is no key here; there are: action, at, by"#,
        ),
        (
            r#""permit": ["train", "#,
            r#""permit": ["trian", "#,
            r#"licences[2].rules[0].permit[0]: "trian" is no action; there are: data_mine, derive"#,
        ),
        (
            r#""until": "2028-11-01""#,
            r#""until": "soon""#,
            r#"registrations[0].until: "soon" is neither YYYY-MM-DD nor an RFC 3339 time"#,
        ),
        (
            r#""parent": "parent""#,
            r#""parent": "other""#,
            r#"licences[2].parent: no statement before this one has the "name" "other"; there are: parent, title"#,
        ),
        (
            r#""of": "base""#,
            r#""of": "bse""#,
            r#"licences[0].of: "bse" is no dataset of "datasets" or "steps"; there are: base, part, source, weights"#,
        ),
        (
            r#""hops": 2"#,
            r#""hops": -2"#,
            "licences[2].rules[0].when.hops: -2 is no whole number from 0 on",
        ),
        (
            r#""bytes": 100"#,
            r#""byte": 100"#,
            r#"licences[2].rules[0].when.volume: "byte" is no unit of volume; there are: bytes, files"#,
        ),
        (r#""distribution": "FR""#, r#""distribution": "France""#, "uses[1].distribution: "),
        (
            r#""under": "MIT""#,
            r#""under": "MIT", "limited_to": {"other": [{"operand": "moon", "operator": "is", "values": ["new"]}]}"#,
            "uses[1].limited_to: nobody can tell what one of these conditions means",
        ),
        (
            r#""spdx": "Apache-2.0""#,
            r#""from": "2026-11-01""#,
            r#"licences[0]: one of "observed", "hub", "spdx" and "rules" says what the terms are"#,
        ),
        (
            r#""survives": true,"#,
            r#""survives": "yes","#,
            r#"licences[2].survives: "yes" is no true or false"#,
        ),
        (r#""currency": "CNY", "delivery""#, r#""currency": "yuan", "delivery""#, "deals[0]: "),
        (r#""recorded": "2026-11-05""#, r#""recorded": "2026-12-05""#, "events: "),
        (
            r#""by": "observer", "on""#,
            r#""by": "stranger", "on""#,
            "events[5]: what is asked about does not rest on this",
        ),
        (r#""about":"#, r#""abuot":"#, r#"the case: "about" is missing"#),
        // Of two, JSON parsers take the last.
        (r#""hops": 2"#, r#""hops": 2, "field": "any""#, r#""field" stands here twice at line"#),
        (
            r#""licensees": "dealer""#,
            r#""licensees": "dealer", "rules": []"#,
            r#""rules" stands here twice at line"#,
        ),
    ] {
        assert!(CASE.contains(wrong), "{wrong}");
        fs::write(desk.path("case.json"), CASE.replacen(wrong, right, 1)).unwrap();
        let run = desk.run("rights", &["case.json"]);
        assert_eq!(run.code, Some(2), "{right}: {run:?}");
        assert!(run.errors.contains(&format!("because: {place}")), "{right}: {run:?}");
    }
    fs::write(desk.path("case.json"), "{").unwrap();
    assert_eq!(desk.run("rights", &["case.json"]).code, Some(2));
}
