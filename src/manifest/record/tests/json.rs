use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::limits::MAX_JSON_DEPTH;
use crate::manifest::record::json::{Canonicalizer, Integers};

/// The canonical form, or the first fault with its place.
pub(super) fn canonical(text: impl AsRef<[u8]>) -> Result<String, (u64, RecordFault)> {
    Canonicalizer::default()
        .canonicalize(text.as_ref(), Integers::Own)
        .map(str::to_owned)
        .map_err(|error| (error.offset, error.fault))
}

#[track_caller]
fn refused(text: impl AsRef<[u8]>, at: u64, fault: RecordFault) {
    assert_eq!(canonical(text), Err((at, fault)));
}

#[test]
fn the_example_of_rfc_8785_section_3_2_2_is_canonical() {
    let text = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let expected = concat!(
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#,
        r#""string":"€$\u000f\nA'B\"\\\\\"/"}"#,
    );
    assert_eq!(canonical(text).as_deref(), Ok(expected));
}

#[test]
fn members_stand_in_the_order_of_their_utf_16_as_rfc_8785_section_3_2_3_says() {
    let text = r#"{
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\ud83d\ude00": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis"
    }"#;
    let expected = concat!(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",",
        "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",",
        "\"😀\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
    assert_eq!(canonical(text).as_deref(), Ok(expected));
}

#[test]
fn inner_objects_are_ordered_too() {
    let text = r#"{"b":{"d":[{"y":1,"x":2}],"c":{}},"a":[]}"#;
    let expected = r#"{"a":[],"b":{"c":{},"d":[{"x":2,"y":1}]}}"#;
    assert_eq!(canonical(text).as_deref(), Ok(expected));
}

#[test]
fn only_what_must_be_is_escaped() {
    let text = r#""\u007f\u2028\u0000\u001F\b\f\t\u0008\/<\u00e9\uD83D\uDE00""#;
    let expected = "\"\u{7f}\u{2028}\\u0000\\u001f\\b\\f\\t\\b/<é😀\"";
    assert_eq!(canonical(text).as_deref(), Ok(expected));
}

#[test]
fn a_key_that_occurs_twice_is_refused_however_it_is_spelled() {
    refused(r#"{"a":1,"b":2,"a":3}"#, 13, RecordFault::DuplicateKey { key: "a".into() });
    refused(r#"{"a":1,"\u0061":1}"#, 7, RecordFault::DuplicateKey { key: "a".into() });
    refused(r#"[{"x":{"":1,"":1}}]"#, 12, RecordFault::DuplicateKey { key: String::new() });
    assert!(canonical(r#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for (text, at, found) in [
        (r#""\ud800""#, 1, 0xd800),
        (r#""a\udc00b""#, 2, 0xdc00),
        (r#""\ud83dx""#, 1, 0xd83d),
        (r#""\ud83d\n""#, 1, 0xd83d),
        (r#""\ud83d\u0041""#, 1, 0xd83d),
        (r#"{"\ude00\ud83d":1}"#, 2, 0xde00),
    ] {
        refused(text, at, RecordFault::LoneSurrogate { found });
    }
}

#[test]
fn what_is_not_utf_8_is_refused() {
    refused(b"[\"\xff\"]", 2, RecordFault::NotUtf8);
    // A surrogate in three bytes.
    refused(b"\"\xed\xa0\x80\"", 1, RecordFault::NotUtf8);
}

#[test]
fn nothing_follows_the_value() {
    refused("1 2", 2, RecordFault::Syntax { expected: "the end" });
    refused("{}}", 2, RecordFault::Syntax { expected: "the end" });
    assert_eq!(canonical(" \t\r\n1 \n").as_deref(), Ok("1"));
}

#[test]
fn what_is_no_json_is_refused() {
    for (text, at, expected) in [
        ("", 0, "a value"),
        ("\u{feff}1", 0, "a value"),
        ("tru", 0, "a value"),
        ("True", 0, "a value"),
        ("'a'", 0, "a value"),
        ("[1,]", 3, "a value"),
        ("[,1]", 1, "a value"),
        ("[1 2]", 3, "`,` or `]`"),
        ("[1}", 2, "`,` or `]`"),
        ("{\"a\":1]", 6, "`,` or `}`"),
        ("{\"a\":1,}", 7, "a key"),
        ("{a:1}", 1, "a key"),
        ("{\"a\" 1}", 5, "`:`"),
        ("{\"a\":}", 5, "a value"),
        ("[1", 2, "`,` or `]`"),
        ("{", 1, "a key"),
        ("[", 1, "a value"),
        ("\"a", 2, "the end of a string"),
        ("\"\\x\"", 2, "an escape"),
        ("\"\\u12g4\"", 5, "four hexadecimal digits"),
        ("\"a\tb\"", 2, "an escape instead of a control character"),
        ("\u{a0}1", 0, "a value"),
        ("// comment\n1", 0, "a value"),
    ] {
        assert_eq!(canonical(text), Err((at, RecordFault::Syntax { expected })), "{text}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(canonical(nested(MAX_JSON_DEPTH)), Ok(nested(MAX_JSON_DEPTH)));
    let limit = MAX_JSON_DEPTH;
    refused(nested(limit + 1), 128, RecordFault::TooDeep { limit });
    // Memory and time do not depend on what is announced.
    refused("{\"a\":".repeat(1 << 20), 5 * 128, RecordFault::TooDeep { limit });
}

#[test]
fn one_canonicalizer_is_used_again_after_a_fault() {
    let mut json = Canonicalizer::default();
    let fault = RecordFault::Syntax { expected: "a value" };
    let unfinished = json.canonicalize(b"{\"a\":[{\"b\":", Integers::Own);
    assert_eq!(unfinished, Err(RecordError { offset: 11, fault }));
    assert_eq!(json.canonicalize(b"{\"b\":1,\"a\":2}", Integers::Own), Ok(r#"{"a":2,"b":1}"#));
}

/// Slow and obvious: by recursion over a tree, on what has no numbers but small ones.
fn oracle(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(oracle).collect::<Vec<_>>().join(","))
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| name.encode_utf16().collect::<Vec<_>>());
            let spelled = |(name, value): &(&String, &Value)| {
                format!("{}:{}", oracle(&Value::from(name.as_str())), oracle(value))
            };
            format!("{{{}}}", members.iter().map(spelled).collect::<Vec<_>>().join(","))
        }
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "([a-c\"\\\\/\u{0}-\u{1f}\u{7f}]|[\u{fff0}-\u{10010}]|水){0,5}".prop_map(Value::from),
    ];
    let key = "([ab]|[\u{fb00}-\u{fffd}]|[\u{10000}-\u{10010}]){0,2}";
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_spelling_of_a_value_has_the_canonical_form_of_the_oracle(value in value()) {
        let expected = oracle(&value);
        prop_assert_eq!(canonical(value.to_string()), Ok(expected.clone()));
        prop_assert_eq!(canonical(serde_json::to_string_pretty(&value).unwrap()), Ok(expected.clone()));
        // What is canonical stays as it is.
        prop_assert_eq!(canonical(&expected), Ok(expected));
    }

    #[test]
    fn every_double_reads_back_and_is_canonical(
        bits in prop_oneof![any::<u64>(), (0_u64..1 << 60).prop_map(|bits| bits + (0x42 << 56))],
    ) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite() && bits << 1 != 0);
        // As Rust and as C would write it.
        for spelled in [format!("{number:e}"), format!("{number:.17e}")] {
            let form = canonical(&spelled).unwrap();
            prop_assert_eq!(form.parse(), Ok(number), "{}", spelled);
            prop_assert_eq!(canonical(&form), Ok(form));
        }
    }

    #[test]
    fn whatever_is_accepted_is_json_to_another_parser(
        text in "([{}\\[\\],:]|\"a\"|\"\\\\u00e9\"|[0-9]{1,3}|-|\\.|e|true|null| ){0,12}",
    ) {
        let theirs = serde_json::from_str::<Value>(&text);
        match canonical(&text) {
            Ok(form) => {
                let theirs = theirs.unwrap();
                prop_assert_eq!(serde_json::from_str::<Value>(&form).unwrap().is_object(), theirs.is_object());
            }
            Err((_, RecordFault::Syntax { .. })) => prop_assert!(theirs.is_err(), "{}", text),
            Err(_) => {}
        }
    }
}
