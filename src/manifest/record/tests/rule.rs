use proptest::prelude::*;

use super::*;
use crate::limits::MAX_RULE;

#[test]
fn every_rule_has_one_name() {
    for (name, rule) in [
        ("json-jcs/1", RecordRule::JsonJcs),
        ("line-raw/1", RecordRule::LineRaw),
        ("tar-member/1", RecordRule::TarMember),
        ("text/1#", text_rule("")),
        ("text/1#/a:b/~0~1/水", text_rule("/a:b/~0~1/水")),
        ("urn:example:words/1", RecordRule::Own("urn:example:words/1".parse().unwrap())),
        ("webdataset/1", RecordRule::WebDataset),
    ] {
        assert_eq!(name.parse().as_ref(), Ok(&rule));
        assert_eq!(rule.to_string(), name);
    }
}

#[test]
fn what_is_neither_ours_nor_a_uri_is_unknown() {
    for found in [
        "",
        "line-raw",
        "line-raw/1 ",
        "Line-raw/1",
        "line-raw/2",
        "sha256",
        "text/1",
        "text/2#/a",
        "text/1:/a",
        ":x",
        "urn:",
        "Urn:x",
        "1a:x",
        "urn:a b",
        "urn:水",
        "urn:\u{7f}",
        "statement/1",
    ] {
        let unknown = RuleError::Unknown { found: found.to_owned() };
        assert_eq!(found.parse::<RecordRule>(), Err(unknown));
    }
}

#[test]
fn a_pointer_that_rfc_6901_does_not_know_is_refused() {
    for found in ["a", "#/a", "/~", "/~2", "/a~", "~0"] {
        let fault = Err(RuleError::Pointer { found: found.to_owned() });
        assert_eq!(format!("text/1#{found}").parse::<RecordRule>(), fault);
    }
}

#[test]
fn a_name_has_a_limit() {
    let name = |length: usize| format!("urn:{}", "a".repeat(length - 4));
    assert!(name(MAX_RULE).parse::<RecordRule>().is_ok());
    let fault = RuleError::TooLong { found: MAX_RULE + 1, limit: MAX_RULE };
    assert_eq!(name(MAX_RULE + 1).parse::<RecordRule>(), Err(fault.clone()));
    assert_eq!(name(MAX_RULE + 1).parse::<OwnRule>(), Err(fault));
}

#[test]
fn every_pointer_makes_a_rule_that_reads_back() {
    let limit = MAX_RULE - "text/1#".len();
    let longest: JsonPointer = format!("/{}", "a".repeat(limit - 1)).parse().unwrap();
    let rule = RecordRule::Text(longest);
    assert_eq!(rule.to_string().parse(), Ok(rule));
    let longer = format!("/{}", "a".repeat(limit)).parse::<JsonPointer>();
    assert_eq!(longer, Err(RuleError::TooLong { found: limit + 1, limit }));
}

proptest! {
    #[test]
    fn whatever_is_a_rule_is_spelled_as_it_was_read(
        name in "(text/1#|line-raw/1|urn:|https://)?[a-z/~01:#. ]{0,8}",
    ) {
        if let Ok(rule) = name.parse::<RecordRule>() {
            prop_assert_eq!(rule.to_string(), name);
        }
    }
}
