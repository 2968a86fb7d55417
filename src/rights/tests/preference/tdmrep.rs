//! TDM Reservation Protocol.

use super::*;

#[test]
fn reserved_rights_prohibit_every_kind_of_mining() {
    let reading = reads(Reading::tdm_reservation(b" 1\t", None), [prohibit(data_mine())]);
    for action in data_mine() {
        assert_eq!(says(&reading, action), against(Reason::Prohibited));
    }
    assert_eq!(says(&reading, Action::DataMine), against(Reason::Prohibited));
    assert_eq!(says(&reading, Action::Search), Stated::Silent);
}

#[test]
fn rights_that_are_not_reserved_are_not_granted() {
    let reading = reads(Reading::tdm_reservation(b"0", None), []);
    assert_eq!(ignored(&reading), [("tdm-reservation: 0", WhyIgnored::Narrower)]);
    assert_eq!(says(&reading, Action::DataMine), Stated::Silent);
}

#[test]
fn any_other_value_counts_as_none() {
    for value in ["", "2", "01", "true", "1, 1", "1;x", "\u{661}"] {
        let reading = reads(Reading::tdm_reservation(value.as_bytes(), None), []);
        assert_eq!(ignored(&reading), [(value, WhyIgnored::UnknownValue)]);
    }
}

/// The example of the report, section "TDM File on the Origin Server".
const FILE: &str = r#"[
    {"location": "/directory-a/", "tdm-reservation": 1},
    {"location": "/directory-b/html/", "tdm-reservation": 1,
     "tdm-policy": "https://provider.com/policies/policy.json"},
    {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0}
]"#;

#[test]
fn the_example_of_the_report_reads_as_it_says() {
    let file = |path| Reading::tdmrep_json(FILE.as_bytes(), path);
    reads(file("/directory-a/x.pdf"), [prohibit(data_mine())]);
    let html = reads(file("/directory-b/html/x"), [prohibit(data_mine())]);
    let policy = "https://provider.com/policies/policy.json";
    assert_eq!(ignored(&html), [(policy, WhyIgnored::Elsewhere)]);
    let images = reads(file("/directory-b/images/a/b.jpg"), []);
    assert_eq!(ignored(&images), [("tdm-reservation: 0", WhyIgnored::Narrower)]);
    let elsewhere = reads(file("/directory-c/"), []);
    assert_eq!(ignored(&elsewhere), []);
}

#[test]
fn the_first_location_that_matches_decides() {
    let file =
        br#"[{"location": "/", "tdm-reservation": 0}, {"location": "/a", "tdm-reservation": 1}]"#;
    reads(Reading::tdmrep_json(file, "/a"), []);
    let file =
        br#"[{"location": "/a", "tdm-reservation": "1"}, {"location": "/", "tdm-reservation": 1}]"#;
    let reading = reads(Reading::tdmrep_json(file, "/a"), []);
    assert_eq!(ignored(&reading), [("/a", WhyIgnored::UnknownValue)]);
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    let file = b"\xef\xbb\xbf[{\"location\": \"/\", \"tdm-reservation\": 1}]";
    reads(Reading::tdmrep_json(file, "/"), [prohibit(data_mine())]);
}

#[test]
fn what_is_malformed_reserves_nothing_and_allows_nothing() {
    let malformed = WhyIgnored::Malformed;
    for file in ["", "{}", "1", "[", r#"{"location": "/", "tdm-reservation": 1}"#] {
        let reading = reads(Reading::tdmrep_json(file.as_bytes(), "/"), []);
        assert_eq!(ignored(&reading), [(file, malformed)]);
    }
    for rule in [
        r#"{"tdm-reservation": 1}"#,
        "7",
        r#"{"location": 1}"#,
        r#"{"location": "/", "location": "/"}"#,
    ] {
        let file = format!(r#"[{rule}, {{"location": "/", "tdm-reservation": 1}}]"#);
        let reading = reads(Reading::tdmrep_json(file.as_bytes(), "/"), [prohibit(data_mine())]);
        assert_eq!(ignored(&reading), [("a rule without a location", malformed)], "{rule}");
    }
    for value in ["1.0", "-1", "null", "true", "[1]", r#"1, "tdm-reservation": 1"#] {
        let file = format!(r#"[{{"location": "/", "tdm-reservation": {value}}}]"#);
        let reading = reads(Reading::tdmrep_json(file.as_bytes(), "/"), []);
        assert_eq!(ignored(&reading), [("/", WhyIgnored::UnknownValue)], "{value}");
    }
}
