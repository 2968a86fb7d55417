//! One fault each, and its exact error.

use super::*;
use crate::attach::AttachError;
use crate::limits::{MAX_NAME, MAX_RANK};
use crate::manifest::{ManifestError, NameError};
use crate::text::TextError;

#[track_caller]
fn open_err(file: &[u8]) -> AttachError {
    Model::open(Cursor::new(file)).unwrap_err()
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "every caller builds it in place")]
fn refused(header: &str, data: &[u8], expected: HeaderError) {
    match open_err(&file(header, data)) {
        AttachError::Header(found) => assert_eq!(found, expected, "{header}"),
        other => panic!("{header}: {other:?}"),
    }
}

fn t() -> String {
    "t".to_owned()
}

const NUMBERS: &str = "a shape as a list of whole numbers below 2^64";
const OFFSETS: &str = "data_offsets as two whole numbers below 2^64";

#[test]
fn only_an_object_and_spaces_make_a_header() {
    let end = |found| HeaderError::End { found };
    let start = |found| HeaderError::Start { found };
    let syntax = |line, column| HeaderError::Syntax { line, column };
    for (header, expected) in [
        ("", start(None)),
        (" {}", start(Some(b' '))),
        ("[]", start(Some(b'['))),
        ("\u{feff}{}", start(Some(0xef))),
        ("{", syntax(1, 1)),
        ("{} {}", syntax(1, 4)),
        ("{}}", syntax(1, 3)),
        ("{}\0", syntax(1, 3)),
        ("{,}", syntax(1, 2)),
        (r#"{"a"}"#, syntax(1, 5)),
        ("{\n1:2}", syntax(2, 1)),
        (r#"{"\ud800":{}}"#, syntax(1, 9)),
        ("{}\n", end(b'\n')),
        ("{} \t ", end(b'\t')),
    ] {
        refused(header, b"", expected);
    }
    let mut bytes = file("{\"a\":1}", b"");
    bytes[10] = 0xff;
    let AttachError::Header(found) = open_err(&bytes) else { panic!() };
    assert_eq!(found, HeaderError::Utf8 { position: 2 });
}

#[test]
fn no_key_occurs_twice() {
    let entry = |name: &str| HeaderError::DuplicateEntry { name: name.to_owned() };
    let b = r#"{"dtype":"U8","shape":[1],"data_offsets":[8,9]}"#;
    refused(&format!(r#"{{{A},"a":{b}}}"#), DATA, entry("a"));
    // The same key in another spelling.
    refused(&format!(r#"{{{A},"\u0061":{b}}}"#), DATA, entry("a"));
    let metadata = r#""__metadata__":{}"#;
    refused(&format!("{{{metadata},{A},{B},{metadata}}}"), DATA, entry("__metadata__"));
    let key = |key: &str| HeaderError::DuplicateMetadata { key: key.to_owned() };
    refused(r#"{"__metadata__":{"k":"1","l":"","k":"1"}}"#, b"", key("k"));
    let twice = r#"{"__metadata__":{"datadeed.lineage":"","datadeed\u002elineage":""}}"#;
    refused(twice, b"", key(KEY));
    for (header, field) in [
        (r#"{"t":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, "dtype"),
        (r#"{"t":{"shape":[1],"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, "shape"),
        (r#"{"t":{"data_offsets":[0,1],"data_offsets":[0,1]}}"#, "data_offsets"),
    ] {
        refused(header, b"x", HeaderError::DuplicateField { name: t(), field });
    }
}

#[test]
fn fields_are_exactly_the_known_ones() {
    for (header, field) in [
        (r#"{"t":{"shape":[1],"data_offsets":[0,1]}}"#, "dtype"),
        (r#"{"t":{"dtype":"U8","data_offsets":[0,1]}}"#, "shape"),
        (r#"{"t":{"dtype":"U8","shape":[1]}}"#, "data_offsets"),
        (r#"{"t":{}}"#, "dtype"),
    ] {
        refused(header, b"x", HeaderError::MissingField { name: t(), field });
    }
    for (header, field) in [
        (r#"{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":[[[]]]}}"#, "x"),
        (r#"{"t":{"Dtype":"U8"}}"#, "Dtype"),
    ] {
        refused(header, b"x", HeaderError::UnknownField { name: t(), field: field.to_owned() });
    }
    for found in ["u8", "F128", "", "INT4"] {
        let header = format!(r#"{{"t":{{"dtype":"{found}","shape":[1],"data_offsets":[0,1]}}}}"#);
        refused(&header, b"x", HeaderError::Dtype { name: t(), found: found.to_owned() });
    }
}

#[test]
fn values_have_their_one_type() {
    let wrong = |name: &str, expected| HeaderError::WrongType { name: name.to_owned(), expected };
    for value in ["null", "1", "\"x\"", "[]"] {
        refused(&format!(r#"{{"t":{value}}}"#), b"", wrong("t", "an object"));
        let header = format!(r#"{{"__metadata__":{value}}}"#);
        refused(&header, b"", wrong("__metadata__", "an object of strings"));
    }
    for value in ["null", "1", "[]", "{}", "true"] {
        let header = format!(r#"{{"__metadata__":{{"k":{value}}}}}"#);
        refused(&header, b"", wrong("k", "a string"));
        let header = format!(r#"{{"t":{{"dtype":{value}}}}}"#);
        refused(&header, b"", wrong("t", "a dtype as a string"));
    }
    for number in ["-1", "-0", "1.0", "1e3", "18446744073709551616", "\"1\"", "null", "[1]"] {
        let header = format!(r#"{{"t":{{"shape":[2,{number}]}}}}"#);
        refused(&header, b"", wrong("t", NUMBERS));
        let header = format!(r#"{{"t":{{"data_offsets":[{number},1]}}}}"#);
        refused(&header, b"", wrong("t", OFFSETS));
    }
    for list in ["1", "{}", "\"\""] {
        refused(&format!(r#"{{"t":{{"shape":{list}}}}}"#), b"", wrong("t", NUMBERS));
        refused(&format!(r#"{{"t":{{"data_offsets":{list}}}}}"#), b"", wrong("t", OFFSETS));
    }
    for list in ["[]", "[0]", "[0,1,1]"] {
        refused(&format!(r#"{{"t":{{"data_offsets":{list}}}}}"#), b"", wrong("t", OFFSETS));
    }
    refused(r#"{"t":{"shape":[01]}}"#, b"", HeaderError::Syntax { line: 1, column: 17 });
}

#[test]
fn nesting_ends_at_once() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    let header = format!(r#"{{"t":{{"shape":{}}}}}"#, deep(1_000_000));
    refused(&header, b"", HeaderError::WrongType { name: t(), expected: NUMBERS });
    let header = format!(r#"{{"__metadata__":{{"t":{}}}}}"#, r#"{"t":"#.repeat(1_000_000));
    refused(&header, b"", HeaderError::WrongType { name: t(), expected: "a string" });
}

#[test]
fn tensors_cover_their_data_exactly() {
    let u8s = |tensors: &[(&str, u64, u64)]| {
        let entry = |&(name, begin, end): &(&str, u64, u64)| {
            let size = end.saturating_sub(begin);
            format!(r#""{name}":{{"dtype":"U8","shape":[{size}],"data_offsets":[{begin},{end}]}}"#)
        };
        format!("{{{}}}", tensors.iter().map(entry).collect::<Vec<_>>().join(","))
    };
    let gap = |name: &str, begin, expected| {
        let name = name.to_owned();
        HeaderError::Gap { name, begin, expected }
    };
    let overlap = |name: &str, begin, expected| {
        let name = name.to_owned();
        HeaderError::Overlap { name, begin, expected }
    };
    for (tensors, expected) in [
        (&[("a", 1, 9)][..], gap("a", 1, 0)),
        (&[("b", 5, 9), ("a", 0, 4)], gap("b", 5, 4)),
        (&[("a", 0, 9), ("z", 10, 10)], gap("z", 10, 9)),
        (&[("a", 0, 5), ("b", 4, 9)], overlap("b", 4, 5)),
        (&[("a", 0, 9), ("b", 0, 9)], overlap("b", 0, 9)),
        (&[("a", 0, 9), ("b", 2, 4)], overlap("b", 2, 9)),
        (&[("z", 4, 4), ("a", 0, 9)], overlap("z", 4, 9)),
    ] {
        refused(&u8s(tensors), DATA, expected);
    }
    let reversed = HeaderError::Reversed { name: t(), begin: 5, end: 4 };
    refused(&u8s(&[("t", 5, 4)]), DATA, reversed);
    refused(&u8s(&[("a", 0, 8)]), DATA, HeaderError::Trailing { end: 8, found: 9 });
    refused("{}", b"x", HeaderError::Trailing { end: 0, found: 1 });
    let header = u8s(&[("a", 0, u64::MAX)]);
    match open_err(&file(&header, DATA)) {
        AttachError::Truncated { found, required: u64::MAX } => {
            assert_eq!(found, u64::try_from(8 + header.len() + 9).unwrap());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn sizes_are_those_of_dtype_and_shape() {
    for (dtype, shape, found, required) in [
        ("F32", "[2]", 9, Some(8)),
        ("F32", "[]", 9, Some(4)),
        ("F32", "[0,18446744073709551615,2]", 9, Some(0)),
        ("F4", "[17]", 9, None),
        ("U8", "[4294967296,4294967296]", 9, None),
        ("U16", "[9223372036854775808]", 9, None),
    ] {
        let header =
            format!(r#"{{"t":{{"dtype":"{dtype}","shape":{shape},"data_offsets":[0,9]}}}}"#);
        refused(&header, DATA, HeaderError::Size { name: t(), found, required });
    }
}

#[test]
fn dimensions_end_at_their_limit() {
    let header = |rank: usize| {
        let shape = vec![1; rank];
        format!(r#"{{"t":{{"dtype":"U8","shape":{shape:?},"data_offsets":[0,1]}}}}"#)
    };
    open(&file(&header(MAX_RANK), b"x"));
    let expected = HeaderError::Rank { name: t(), found: MAX_RANK + 1, limit: MAX_RANK };
    refused(&header(MAX_RANK + 1), b"x", expected);
}

#[test]
fn names_are_those_a_manifest_holds() {
    let named = |name: &str| {
        let text = serde_json::to_string(name).unwrap();
        file(&format!(r#"{{{text}:{{"dtype":"U8","shape":[],"data_offsets":[0,1]}}}}"#), b"x")
    };
    let longest = "n".repeat(MAX_NAME);
    open(&named(&longest));
    open(&named("../\u{1} \\"));
    let shown = "n".repeat(80);
    let too_long = NameError::TooLong { name: shown, found: MAX_NAME + 1, limit: MAX_NAME };
    for (name, expected) in [
        (String::new(), NameError::Empty { name: String::new() }),
        ("a\0".to_owned(), NameError::Nul { name: "a\0".to_owned() }),
        (format!("{longest}n"), too_long),
    ] {
        match open_err(&named(&name)) {
            AttachError::Manifest(ManifestError::Name(found)) => assert_eq!(found, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_proof_is_base64url_without_padding() {
    for (text, position) in [("_x", 1), ("_w==", 2), ("/w", 0)] {
        let input = file(&format!(r#"{{"__metadata__":{{"{KEY}":"{text}"}}}}"#), b"");
        match open_err(&input) {
            AttachError::Proof(found) => assert_eq!(found, TextError::Base64 { position }),
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(read(Cursor::new(two())), Err(AttachError::NoProof)));
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    let whole = attached(&two(), b"proof");
    let header = 8 + usize::try_from(u64::from_le_bytes(*whole.first_chunk().unwrap())).unwrap();
    for cut in 0..whole.len() {
        let needed = match cut {
            0..8 => 8,
            _ if cut < header => header,
            _ => whole.len(),
        };
        match open_err(&whole[..cut]) {
            AttachError::Truncated { found, required } => {
                assert_eq!(
                    (found, required),
                    (u64::try_from(cut).unwrap(), u64::try_from(needed).unwrap())
                );
            }
            other => panic!("{cut}: {other:?}"),
        }
    }
}

#[test]
fn a_declared_length_is_never_believed() {
    for (length, limited) in
        [(MAX_SAFETENSORS_HEADER, false), (MAX_SAFETENSORS_HEADER + 1, true), (u64::MAX, true)]
    {
        let mut input = two();
        input[..8].copy_from_slice(&length.to_le_bytes());
        match open_err(&input) {
            AttachError::Header(fault) => {
                let limit = MAX_SAFETENSORS_HEADER;
                assert_eq!(fault, HeaderError::TooLong { found: length, limit });
                assert!(limited);
            }
            AttachError::Truncated { required, .. } => {
                assert_eq!((required, limited), (length + 8, false));
            }
            other => panic!("{other:?}"),
        }
    }
}
