use proptest::prelude::*;

use super::*;
use crate::manifest::record::text::fold;

#[test]
fn white_space_is_the_25_code_points_of_unicode() {
    let found: Vec<u32> = ('\0'..=char::MAX).filter(|c| c.is_whitespace()).map(u32::from).collect();
    let mut expected = vec![0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000];
    expected.extend(0x09..=0x0d);
    expected.extend(0x2000..=0x200a);
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn white_space_is_one_space_between_words() {
    assert_eq!(fold("  To\tbe,\r\n or\u{3000}not \u{a0}"), "To be, or not");
    assert_eq!(fold(" \n"), "");
    assert_eq!(fold(""), "");
    // Not white space to Unicode: zero-width space, joiner, byte order mark.
    assert_eq!(fold("a\u{200b}b\u{200d}\u{feff}"), "a\u{200b}b\u{200d}\u{feff}");
}

#[test]
fn a_text_is_in_normalization_form_c() {
    assert_eq!(fold("e\u{301}"), "é");
    assert_eq!(fold("\u{212b}"), "Å");
    // Compatibility is not folded.
    assert_eq!(fold("ﬁ"), "ﬁ");
    assert_eq!(fold(" \u{301}a"), "\u{301}a");
}

#[test]
fn the_string_at_the_pointer_is_the_record() {
    let file = "{\"id\":18446744073709551615,\"a\":{\"b~/\":[0,\"x\",\" e\\u0301\\n\"]}}\n";
    let rule = text_rule("/a/b~0~1/2");
    assert_eq!(records(&rule, file.as_bytes()), Ok(vec![record("é")]));
    assert_eq!(rule.digest_of(file.as_bytes()), Ok(record("é").0));
    assert_eq!(rule.digest_of_text("é"), Some(record("é").0));
    assert_eq!(RecordRule::JsonJcs.digest_of_text("é"), None);
}

#[test]
fn an_empty_pointer_is_the_whole_text() {
    assert_eq!(records(&text_rule(""), b"\" a\"\n\"\""), Ok(vec![record("a"), record("")]));
}

#[test]
fn a_line_without_the_field_is_refused() {
    for (pointer, line) in [
        ("/b", r#"{"a":"b"}"#),
        ("/a/b", r#"{"a":"b"}"#),
        ("/1", r#"["a"]"#),
        ("/-", r#"["a"]"#),
        ("/00", r#"["a"]"#),
        ("/+0", r#"["a"]"#),
        ("/0", "[]"),
        ("/", "{}"),
        ("/a", "\"a\""),
    ] {
        let fault = RecordFault::NoField { pointer: pointer.into() };
        assert_fault(&text_rule(pointer), line.as_bytes(), 0, fault);
    }
}

#[test]
fn a_field_that_is_no_string_is_refused() {
    for (value, found) in [
        ("null", "null"),
        ("true", "a boolean"),
        ("-1.5", "a number"),
        ("[\"x\"]", "an array"),
        ("{}", "an object"),
    ] {
        let file = format!("{{\"a\":\"x\"}}\n{{\"a\":{value}}}\n");
        let fault = RecordFault::NotText { pointer: "/a".into(), found };
        assert_fault(&text_rule("/a"), file.as_bytes(), 10, fault);
    }
}

#[test]
fn a_key_twice_is_refused_wherever_it_is() {
    let fault = RecordFault::DuplicateKey { key: "x".into() };
    assert_fault(&text_rule("/a"), br#"{"a":"","b":{"x":1,"x":2}}"#, 19, fault);
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "([a ]|\\s|[e\u{301}\u{327}\u{e9}가ᄀ]|\\PC){0,12}") {
        let folded = fold(&text);
        prop_assert_eq!(fold(&folded), folded.as_ref());
        prop_assert!(unicode_normalization::is_nfc(&folded));
        // In the other order, by what the definition says.
        let words: Vec<&str> = text.split(char::is_whitespace).filter(|word| !word.is_empty()).collect();
        let joined = unicode_normalization::UnicodeNormalization::nfc(words.join(" ").as_str()).collect::<String>();
        prop_assert_eq!(folded.as_ref(), joined);
    }

    #[test]
    fn a_pointer_finds_what_serde_json_finds(
        tokens in prop::collection::vec("[ab0-2~/\"\\\\]{0,2}", 0..4),
        values in prop::collection::vec("[ab\"\\\\,{}\\[\\]:\n]{0,4}", 3),
    ) {
        let names = ["a", "b", "", "0", "\"", "\\", "~", "/", "a/", "~1"];
        let leaf = |index: usize| serde_json::Value::from(values[index % 3].as_str());
        let inner: serde_json::Value =
            names.iter().enumerate().map(|(i, name)| ((*name).to_owned(), leaf(i))).collect();
        let outer = serde_json::json!({"a": [inner, leaf(1), [leaf(2)]], "b": inner, "\"": leaf(0), "/": {"~": leaf(1)}});
        let tokens = tokens.iter().map(|token| token.replace('~', "~0").replace('/', "~1"));
        let pointer = tokens.fold(String::new(), |pointer, token| pointer + "/" + &token);
        let expected = outer.pointer(&pointer).and_then(serde_json::Value::as_str);
        let found = text_rule(&pointer).digest_of(outer.to_string().as_bytes());
        prop_assert_eq!(found.ok(), expected.map(|text| Digest::of(fold(text).as_bytes())));
    }
}
