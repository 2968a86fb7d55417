//! RFC 8949 appendix A: what the profile says of every example.

use CborFault as F;
use datadeed::CborError;
use datadeed::cbor::{CborFault, Item};

use super::unhex;

/// Diagnostic notation, encoding, and the fault with its offset where the profile refuses it.
type Row = (&'static str, &'static str, Option<(usize, CborFault)>);

/// In the order of the appendix. RFC 7049 had one row more, `simple(24)` as
/// f818, which RFC 8949 section 3.3 makes ill-formed.
const EXAMPLES: &[Row] = &[
    ("0", "00", None),
    ("1", "01", None),
    ("10", "0a", None),
    ("23", "17", None),
    ("24", "1818", None),
    ("25", "1819", None),
    ("100", "1864", None),
    ("1000", "1903e8", None),
    ("1000000", "1a000f4240", None),
    ("1000000000000", "1b000000e8d4a51000", None),
    ("18446744073709551615", "1bffffffffffffffff", None),
    ("18446744073709551616", "c249010000000000000000", Some((0, F::Tag { found: 2 }))),
    ("-18446744073709551616", "3bffffffffffffffff", None),
    ("-18446744073709551617", "c349010000000000000000", Some((0, F::Tag { found: 3 }))),
    ("-1", "20", None),
    ("-10", "29", None),
    ("-100", "3863", None),
    ("-1000", "3903e7", None),
    ("0.0", "f90000", Some((0, F::Float))),
    ("-0.0", "f98000", Some((0, F::Float))),
    ("1.0", "f93c00", Some((0, F::Float))),
    ("1.1", "fb3ff199999999999a", Some((0, F::Float))),
    ("1.5", "f93e00", Some((0, F::Float))),
    ("65504.0", "f97bff", Some((0, F::Float))),
    ("100000.0", "fa47c35000", Some((0, F::Float))),
    ("3.4028234663852886e+38", "fa7f7fffff", Some((0, F::Float))),
    ("1.0e+300", "fb7e37e43c8800759c", Some((0, F::Float))),
    ("5.960464477539063e-8", "f90001", Some((0, F::Float))),
    ("0.00006103515625", "f90400", Some((0, F::Float))),
    ("-4.0", "f9c400", Some((0, F::Float))),
    ("-4.1", "fbc010666666666666", Some((0, F::Float))),
    ("Infinity", "f97c00", Some((0, F::Float))),
    ("NaN", "f97e00", Some((0, F::Float))),
    ("-Infinity", "f9fc00", Some((0, F::Float))),
    ("Infinity", "fa7f800000", Some((0, F::Float))),
    ("NaN", "fa7fc00000", Some((0, F::Float))),
    ("-Infinity", "faff800000", Some((0, F::Float))),
    ("Infinity", "fb7ff0000000000000", Some((0, F::Float))),
    ("NaN", "fb7ff8000000000000", Some((0, F::Float))),
    ("-Infinity", "fbfff0000000000000", Some((0, F::Float))),
    ("false", "f4", None),
    ("true", "f5", None),
    ("null", "f6", Some((0, F::Simple { found: 22 }))),
    ("undefined", "f7", Some((0, F::Simple { found: 23 }))),
    ("simple(16)", "f0", Some((0, F::Simple { found: 16 }))),
    ("simple(255)", "f8ff", Some((0, F::Simple { found: 255 }))),
    (
        r#"0("2013-03-21T20:04:00Z")"#,
        "c074323031332d30332d32315432303a30343a30305a",
        Some((0, F::Tag { found: 0 })),
    ),
    ("1(1363896240)", "c11a514b67b0", Some((0, F::Tag { found: 1 }))),
    ("1(1363896240.5)", "c1fb41d452d9ec200000", Some((0, F::Tag { found: 1 }))),
    ("23(h'01020304')", "d74401020304", Some((0, F::Tag { found: 23 }))),
    ("24(h'6449455446')", "d818456449455446", Some((0, F::Tag { found: 24 }))),
    (
        r#"32("http://www.example.com")"#,
        "d82076687474703a2f2f7777772e6578616d706c652e636f6d",
        Some((0, F::Tag { found: 32 })),
    ),
    ("h''", "40", None),
    ("h'01020304'", "4401020304", None),
    (r#""""#, "60", None),
    (r#""a""#, "6161", None),
    (r#""IETF""#, "6449455446", None),
    (r#""\"\\""#, "62225c", None),
    (r#""\u00fc""#, "62c3bc", None),
    (r#""\u6c34""#, "63e6b0b4", None),
    (r#""\ud800\udd51""#, "64f0908591", None),
    ("[]", "80", Some((0, F::EmptyCollection))),
    ("[1, 2, 3]", "83010203", None),
    ("[1, [2, 3], [4, 5]]", "8301820203820405", None),
    ("[1, 2, ..., 25]", "98190102030405060708090a0b0c0d0e0f101112131415161718181819", None),
    ("{}", "a0", Some((0, F::EmptyCollection))),
    ("{1: 2, 3: 4}", "a201020304", None),
    (r#"{"a": 1, "b": [2, 3]}"#, "a26161016162820203", None),
    (r#"["a", {"b": "c"}]"#, "826161a161626163", None),
    (r#"{"a": "A", ..., "e": "E"}"#, "a56161614161626142616361436164614461656145", None),
    ("(_ h'0102', h'030405')", "5f42010243030405ff", Some((0, F::IndefiniteLength))),
    (r#"(_ "strea", "ming")"#, "7f657374726561646d696e67ff", Some((0, F::IndefiniteLength))),
    ("[_ ]", "9fff", Some((0, F::IndefiniteLength))),
    ("[_ 1, [2, 3], [_ 4, 5]]", "9f018202039f0405ffff", Some((0, F::IndefiniteLength))),
    ("[_ 1, [2, 3], [4, 5]]", "9f01820203820405ff", Some((0, F::IndefiniteLength))),
    ("[1, [2, 3], [_ 4, 5]]", "83018202039f0405ff", Some((5, F::IndefiniteLength))),
    ("[1, [_ 2, 3], [4, 5]]", "83019f0203ff820405", Some((2, F::IndefiniteLength))),
    (
        "[_ 1, 2, ..., 25]",
        "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
        Some((0, F::IndefiniteLength)),
    ),
    (r#"{_ "a": 1, "b": [_ 2, 3]}"#, "bf61610161629f0203ffff", Some((0, F::IndefiniteLength))),
    (r#"["a", {_ "b": "c"}]"#, "826161bf61626163ff", Some((3, F::IndefiniteLength))),
    (r#"{_ "Fun": true, "Amt": -2}"#, "bf6346756ef563416d7421ff", Some((0, F::IndefiniteLength))),
];

#[test]
fn conformance_rfc_8949_appendix_a() {
    assert_eq!(EXAMPLES.len(), 81);
    for (diagnostic, hex, fault) in EXAMPLES {
        let bytes = unhex(hex);
        match (Item::decode(&bytes), fault) {
            (Ok(item), None) => assert_eq!(item.as_bytes(), bytes, "{diagnostic}"),
            (Err(CborError { offset, fault, .. }), Some(expected)) => {
                assert_eq!((offset, fault), *expected, "{diagnostic}");
            }
            (found, expected) => panic!("{diagnostic}: {found:?}, expected {expected:?}"),
        }
    }
}

#[test]
fn conformance_rfc_8949_long_simple_value_below_32() {
    let CborError { offset, fault, .. } = Item::decode(&unhex("f818")).expect_err("ill-formed");
    assert_eq!((offset, fault), (0, F::Simple { found: 24 }));
}
