use super::*;

#[test]
fn codes_have_one_form() {
    for code in ["CN", "CN-BJ", "US-CA", "GB-ENG", "FR-2A", "AT-9"] {
        assert_eq!(place(code).code(), code);
        assert_eq!(place(code).to_string(), code);
    }
    for text in [
        "", "C", "cn", "CHN", "CN-", "CN-bj", "CN-ABCD", "CN-BJ-1", "-BJ", "C1", "CN BJ", " CN",
        "CN ", "中国", "CN_BJ", "CN-Å",
    ] {
        assert_eq!(
            text.parse::<Territory>(),
            Err(TerritoryError { found: text.to_owned() }),
            "{text:?}"
        );
    }
}

#[test]
fn a_code_that_merely_begins_alike_is_not_contained() {
    assert!(place("CN").contains(&place("CN-BJ")));
    assert!(!place("CN-B").contains(&place("CN-BJ")));
    assert!(!place("CN-BJ").contains(&place("CN-B")));
    assert!(!place("CN").contains(&place("CA-BJ")));
}
