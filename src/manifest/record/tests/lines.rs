use proptest::prelude::*;

use super::*;
use crate::limits::MAX_RECORD;

fn raw(file: &[u8]) -> Vec<(Digest, u64)> {
    records(&RecordRule::LineRaw, file).unwrap()
}

#[test]
fn an_empty_file_has_no_line() {
    assert_eq!(raw(b""), []);
}

#[test]
fn an_empty_line_is_an_empty_record() {
    assert_eq!(raw(b"\n"), [record("")]);
    assert_eq!(raw(b"a\n\nb\n\n"), ["a", "", "b", ""].map(record));
}

#[test]
fn the_last_line_needs_no_line_feed() {
    assert_eq!(raw(b"a\nb"), ["a", "b"].map(record));
    assert_eq!(raw(b"a\nb"), raw(b"a\nb\n"));
}

#[test]
fn a_carriage_return_belongs_to_its_line() {
    assert_eq!(raw(b"a\r\n\r\n"), ["a\r", "\r"].map(record));
}

#[test]
fn a_line_is_any_bytes() {
    assert_eq!(raw(b"\xff\0\n\xfe"), [record(b"\xff\0"), record(b"\xfe")]);
}

#[test]
fn a_document_of_two_lines_is_no_line() {
    let fault = Err(RecordError { offset: 1, fault: RecordFault::LineFeed });
    assert_eq!(RecordRule::LineRaw.digest_of(b"a\nb"), fault);
    assert_eq!(RecordRule::LineRaw.digest_of(b"a\n"), fault);
    assert_eq!(RecordRule::LineRaw.digest_of(b"a\r"), Ok(Digest::of(b"a\r")));
}

#[test]
fn a_line_of_json_white_space_is_no_json_record() {
    let file = b"\n{\"a\":1}\r\n \t\r\n\n[2]\n  ";
    assert_eq!(records(&RecordRule::JsonJcs, file), Ok(vec![record("{\"a\":1}"), record("[2]")]));
    assert_eq!(records(&text_rule(""), b" \n\"a\"\n"), Ok(vec![record("a")]));
}

#[test]
fn a_fault_is_told_by_its_place_in_the_file() {
    let fault = RecordFault::Syntax { expected: "a value" };
    assert_fault(&RecordRule::JsonJcs, b"[1]\n\n[1, ]\n", 9, fault);
}

#[test]
fn a_splitter_that_has_failed_stays_so() {
    let mut splitter = RecordRule::JsonJcs.splitter().unwrap();
    let fault = splitter.push(b"}\n", &mut |_, _| {}).unwrap_err();
    assert_eq!(splitter.push(b"{}\n", &mut |_, _| panic!("a record")), Err(fault.clone()));
    assert_eq!(splitter.finish(&mut |_, _| panic!("a record")), Err(fault));
}

#[test]
fn a_line_of_json_has_a_limit_wherever_it_is_cut() {
    let fault = RecordError { offset: 3, fault: RecordFault::TooLong { limit: MAX_RECORD } };
    let mut file = b"[]\n".to_vec();
    file.resize(3 + MAX_RECORD + 1, b' ');
    assert_eq!(in_pieces(&RecordRule::JsonJcs, &file, &[1 << 20]), Err(fault.clone()));
    file.push(b'\n');
    assert_eq!(records(&RecordRule::JsonJcs, &file), Err(fault));
    file.remove(3);
    assert_eq!(records(&RecordRule::JsonJcs, &file), Ok(vec![record("[]")]));
    assert_eq!(records(&RecordRule::LineRaw, &file).unwrap().len(), 2);
    let fault = RecordError { offset: 0, fault: RecordFault::TooLong { limit: MAX_RECORD } };
    assert_eq!(RecordRule::JsonJcs.digest_of(&file), Err(fault.clone()));
    assert_eq!(text_rule("").digest_of(&file), Err(fault));
}

#[test]
fn only_the_maker_of_an_own_rule_makes_its_records() {
    let rule: RecordRule = "urn:example:words".parse().unwrap();
    let fault = RecordFault::OwnRule { rule: "urn:example:words".into() };
    let fault = RecordError { offset: 0, fault };
    assert_eq!(rule.splitter().err(), Some(fault.clone()));
    assert_eq!(rule.digest_of(b"word"), Err(fault));
}

proptest! {
    #[test]
    fn lines_are_what_stands_between_line_feeds(
        file in prop::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..200),
        lengths in prop::collection::vec(1_usize..40, 1..5),
    ) {
        let mut lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
        if lines.last() == Some(&&b""[..]) {
            lines.pop();
        }
        let expected: Vec<_> = lines.iter().map(record).collect();
        prop_assert_eq!(in_pieces(&RecordRule::LineRaw, &file, &lengths), Ok(expected.clone()));
        prop_assert_eq!(raw(&file), expected);
        for line in lines {
            prop_assert_eq!(RecordRule::LineRaw.digest_of(line), Ok(Digest::of(line)));
        }
    }

    #[test]
    fn cuts_between_pieces_do_not_matter_to_json(
        file in "([{}\\[\\]\", :0-9.eE\\\\ux\n-]|\"a\"|[é水]|true){0,40}",
        lengths in prop::collection::vec(1_usize..40, 1..5),
    ) {
        for rule in [RecordRule::JsonJcs, text_rule(""), text_rule("/a/0")] {
            let whole = records(&rule, file.as_bytes());
            prop_assert_eq!(in_pieces(&rule, file.as_bytes(), &lengths), whole);
        }
    }
}
