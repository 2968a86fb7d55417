//! `Content-Usage`.

use super::*;
use crate::limits::MAX_PREFERENCE_TEXT;

const GENERATIVE: Action = Action::TrainGenerative;

fn field(text: &str) -> Reading {
    Reading::content_usage(text.as_bytes()).unwrap()
}

/// The link that searching owes.
fn search() -> Rule {
    let terms = "link to the original location; excerpts only to judge relevance, no summaries";
    Rule::permit([Action::Search])
        .duty(Duty { terms: Some(terms.into()), ..Duty::new(DutyKind::Attribute) })
}

#[test]
fn case_43_no_to_training_is_about_generative_models() {
    let reading = field("train-ai=n");
    let preference = &seen(reading);
    let stated = |action| preferences(&[(preference, &[])], &commercial(action)).all;
    assert_eq!(stated(GENERATIVE).alone(), Outcome::deny(Reason::Prohibited));
    assert_eq!(stated(Action::TrainNongenerative), Stated::Silent);
    assert_eq!(stated(Action::TrainNongenerative).alone(), Outcome::unknown(Missing::Licence));
    // Training of any kind is generative training too.
    assert_eq!(stated(Action::Train).alone(), Outcome::deny(Reason::Prohibited));
}

#[test]
fn case_46_a_value_that_is_no_token_and_a_key_that_is_none_say_nothing() {
    let reading = field("train-ai=y, train-ai");
    assert_eq!(says(&reading, GENERATIVE).alone(), Outcome::unknown(Missing::Licence));
    assert_eq!(ignored(&reading), [("train-ai", WhyIgnored::UnknownValue)]);

    let reading = field("Train-AI=n");
    assert_eq!(says(&reading, GENERATIVE).alone(), Outcome::unknown(Missing::Licence));
    assert_eq!(ignored(&reading), [("Train-AI=n", WhyIgnored::Malformed)]);
}

#[test]
fn each_category_goes_to_its_leaves() {
    let table = [
        ("", vec![]),
        ("train-ai=y", vec![Rule::permit([GENERATIVE])]),
        ("train-ai=n", vec![prohibit([GENERATIVE])]),
        ("ai-use=n", vec![prohibit([Action::InferInput])]),
        ("ai-use=y", vec![]),
        ("search=n", vec![prohibit([Action::Index, Action::Search])]),
        ("search=y", vec![search()]),
        (
            "train-ai=y, search=n",
            vec![Rule::permit([GENERATIVE]), prohibit([Action::Index, Action::Search])],
        ),
    ];
    for (text, rules) in table {
        assert_eq!(field(text).rules, rules.into_iter().collect(), "{text:?}");
    }
    assert_eq!(ignored(&field("ai-use=y")), [("ai-use=y", WhyIgnored::Narrower)]);
}

/// draft-ietf-aipref-vocab-08 section 6.5.
#[test]
fn the_last_value_of_a_key_counts_without_its_parameters() {
    let yes: BTreeSet<Rule> = [Rule::permit([GENERATIVE])].into();
    for text in ["train-ai;allow=n, train-ai=y", "train-ai=n,train-ai=y", "train-ai=y;x;y=\"?\""] {
        assert_eq!(field(text).rules, yes, "{text:?}");
    }
    for text in [
        "train-ai=y, train-ai, search=n, search=\"n\"",
        "train-ai;has;parameters=\"?\"",
        "train-ai=Y",
        "train-ai=yes",
        "train-ai=?1",
        "train-ai=(y)",
        "train-ai=1",
        "train-ai=\"y\"",
        "train-ai=:eQ==:",
        "train-ai=@1",
        "train-ai=%\"y\"",
        "train_ai=y",
        "bots=y",
    ] {
        assert_eq!(field(text).rules, BTreeSet::new(), "{text:?}");
    }
}

/// RFC 9651 section 4.2: one fault anywhere, and nothing of the field counts.
#[test]
fn a_fault_anywhere_fails_the_whole_field() {
    for fault in [
        "train-ai=y,",
        "train-ai=y, ",
        "train-ai = y",
        "train-ai=y x",
        ",train-ai=y",
        "train-ai=y;;x",
        "train-ai=y;",
        "train-ai=y; X",
        "train-ai=",
        "train-ai=y, a=1.",
        "train-ai=y, a=1.2345",
        "train-ai=y, a=1234567890123456",
        "train-ai=y, a=1234567890123.1",
        "train-ai=y, a=-",
        "train-ai=y, a=\"b",
        "train-ai=y, a=\"\\b\"",
        "train-ai=y, a=\"\u{e9}\"",
        "train-ai=y, a=:a:",
        "train-ai=y, a=:ab-c:",
        "train-ai=y, a=:ab",
        "train-ai=y, a=?2",
        "train-ai=y, a=@1.5",
        "train-ai=y, a=@y",
        "train-ai=y, a=%\"%C3%A9\"",
        "train-ai=y, a=%\"%c3\"",
        "train-ai=y, a=%y",
        "train-ai=y, a=(y",
        "train-ai=y, a=(y\ty)",
        "train-ai=y, a=(\"x\"\"y\")",
        "train-ai=y, a=((y))",
        "train-ai=y, a=()x",
        "\ttrain-ai=y",
        "train-ai=y\n",
        "train-ai=y\u{a0}",
        "train-ai=y # no comments here",
    ] {
        let reading = field(fault);
        assert_eq!(reading.rules, BTreeSet::new(), "{fault:?}");
        assert_eq!(ignored(&reading), [(fault, WhyIgnored::Malformed)]);
    }
}

#[test]
fn whatever_else_a_dictionary_may_hold_changes_nothing() {
    for sound in [
        "  train-ai=y  ",
        "train-ai=y\t,\ta",
        "train-ai=y, a;b;c=1;*d=t",
        "train-ai=y, a=-1, b=1.234, c=123456789012345, d=123456789012.123",
        "train-ai=y, a=\"x\\\"\\\\\", b=:aGVsbG8=:, c=:aGVsbG8:, d=::",
        "train-ai=y, a=?0, b=@-1, c=%\"%c3%a9\", d=*t/x:y!",
        "train-ai=y, a=(), b=( 1  \"x\";p=2 t );q, *a.b-c_d=t",
    ] {
        assert_eq!(field(sound).rules, [Rule::permit([GENERATIVE])].into(), "{sound:?}");
    }
}

#[test]
fn a_field_that_is_too_long_is_not_cut_off() {
    let text = vec![b' '; MAX_PREFERENCE_TEXT + 1];
    let (found, limit) = (MAX_PREFERENCE_TEXT + 1, MAX_PREFERENCE_TEXT);
    assert_eq!(Reading::content_usage(&text), Err(ReadingError::TooLong { found, limit }));
    assert!(Reading::content_usage(&text[1..]).is_ok());
}
