//! The training and data mining assertion.

use super::*;

fn entries(text: &str) -> Reading {
    Reading::training_mining(format!(r#"{{"entries": {{{text}}}}}"#).as_bytes()).unwrap()
}

#[test]
fn each_entry_goes_to_its_leaf() {
    for (name, leaf) in [
        ("ai_generative_training", Action::TrainGenerative),
        ("ai_training", Action::TrainNongenerative),
        ("ai_inference", Action::InferInput),
    ] {
        for prefix in ["cawg", "c2pa"] {
            let allowed = entries(&format!(r#""{prefix}.{name}": {{"use": "allowed"}}"#));
            assert_eq!(allowed.rules, [Rule::permit([leaf])].into());
            assert_eq!(says(&allowed, leaf), Stated::For(Duties::NONE));
            let not = entries(&format!(r#""{prefix}.{name}": {{"use": "notAllowed"}}"#));
            assert_eq!(not.rules, [prohibit([leaf])].into());
            assert_eq!(ignored(&not), []);
        }
    }
}

#[test]
fn a_constrained_use_is_unknown_and_not_silent() {
    for info in ["", r#", "constraint_info": "CC BY-NC""#, r#", "constraints_info": "ask us""#] {
        let reading = entries(&format!(r#""cawg.ai_training": {{"use": "constrained"{info}}}"#));
        assert_eq!(says(&reading, Action::TrainNongenerative), unclear(Missing::Constraint));
        assert_eq!(says(&reading, Action::TrainGenerative), Stated::Silent);
    }
}

/// An entry that allows all and states a constraint says two things.
#[test]
fn what_is_allowed_under_a_constraint_is_unknown() {
    for info in [r#""constraint_info": "CC BY-NC""#, r#""constraints_info": 7"#] {
        let reading = entries(&format!(r#""cawg.ai_training": {{"use": "allowed", {info}}}"#));
        assert_eq!(says(&reading, Action::TrainNongenerative), unclear(Missing::Constraint));
        assert_eq!(ignored(&reading), [("cawg.ai_training", WhyIgnored::Malformed)]);
    }
}

#[test]
fn an_entry_beside_the_map_counts_as_well() {
    let text = br#"{"entries": {"cawg.ai_training": {"use": "allowed"}}, "metadata": {},
                    "c2pa.ai_training": {"use": "notAllowed"}}"#;
    let reading = Reading::training_mining(text).unwrap();
    assert_eq!(says(&reading, Action::TrainNongenerative), against(Reason::Prohibited));
    assert_eq!(ignored(&reading), []);
}

#[test]
fn mining_covers_the_leaves_without_an_entry_of_their_own() {
    let reading = entries(
        r#""cawg.data_mining": {"use": "notAllowed"}, "cawg.ai_training": {"use": "allowed"}"#,
    );
    assert_eq!(says(&reading, Action::TrainNongenerative), Stated::For(Duties::NONE));
    for leaf in [Action::TrainGenerative, Action::InferInput, Action::Evaluate, Action::Synthesize]
    {
        assert_eq!(says(&reading, leaf), against(Reason::Prohibited));
    }
    // What is not understood takes nothing out of it.
    for unread in [r#"{"use": "Allowed"}"#, "{}", "7"] {
        let reading = entries(&format!(
            r#""cawg.data_mining": {{"use": "notAllowed"}}, "cawg.ai_training": {unread}"#
        ));
        assert_eq!(says(&reading, Action::TrainNongenerative), against(Reason::Prohibited));
        assert_eq!(ignored(&reading), [("cawg.ai_training", WhyIgnored::UnknownValue)]);
    }
    let reading = entries(r#""cawg.data_mining": {"use": "allowed"}"#);
    assert_eq!(reading.rules, BTreeSet::new());
    assert_eq!(ignored(&reading), [("cawg.data_mining", WhyIgnored::Narrower)]);
}

#[test]
fn the_map_may_stand_without_its_name_as_in_version_1_0() {
    let text = br#"{"cawg.ai_inference": {"use": "notAllowed"}}"#;
    reads(Reading::training_mining(text), [prohibit([Action::InferInput])]);
}

#[test]
fn of_a_repeated_entry_the_no_counts() {
    let reading = entries(
        r#""cawg.ai_training": {"use": "notAllowed"}, "cawg.ai_training": {"use": "allowed"}"#,
    );
    assert_eq!(says(&reading, Action::TrainNongenerative), against(Reason::Prohibited));
    let reading = entries(r#""cawg.ai_training": {"use": "notAllowed", "use": "allowed"}"#);
    assert_eq!(says(&reading, Action::TrainNongenerative), Stated::Silent);
    assert_eq!(ignored(&reading), [("cawg.ai_training", WhyIgnored::UnknownValue)]);
}

#[test]
fn unknown_entries_and_values_say_nothing() {
    let reading = entries(
        r#""x.ai_training": {"use": "allowed"}, "cawg.ai_training": {"use": "Allowed"},
           "ai_training": {"use": "allowed"}, "cawg.ai_inference": "allowed""#,
    );
    assert_eq!(reading.rules, BTreeSet::new());
    assert_eq!(
        ignored(&reading),
        [
            ("x.ai_training", WhyIgnored::UnknownName),
            ("cawg.ai_training", WhyIgnored::UnknownValue),
            ("ai_training", WhyIgnored::UnknownName),
            ("cawg.ai_inference", WhyIgnored::UnknownValue),
        ]
    );
    for text in ["", "[]", "{\"entries\"", "{\"entries\": []}", "\u{0}"] {
        let reading = reads(Reading::training_mining(text.as_bytes()), []);
        assert_eq!(ignored(&reading), [(text, WhyIgnored::Malformed)]);
    }
}

#[test]
fn entries_that_repeat_with_ever_other_constraints_are_too_many() {
    let entry = |index: usize| {
        format!(r#""cawg.ai_training": {{"use": "constrained", "constraint_info": "{index}"}}"#)
    };
    let text: Vec<String> = (0..257).map(entry).collect();
    let text = |count: usize| format!("{{{}}}", text[..count].join(","));
    assert!(Reading::training_mining(text(256).as_bytes()).is_ok());
    let error = Reading::training_mining(text(257).as_bytes()).unwrap_err();
    assert_eq!(error, ReadingError::TooManyRules { found: 257, limit: 256 });
}
