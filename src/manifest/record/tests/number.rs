//! RFC 8785 appendix B, and the checksums that its authors publish for a generated sequence.

use std::fmt::Write as _;

use super::json::canonical;
use crate::digest::sha256;
use crate::manifest::record::RecordFault;
use crate::manifest::record::json::number::write_double;

/// RFC 8785 appendix B: bits of a double, and how it is written.
const APPENDIX_B: &[(u64, &str)] = &[
    (0x0000_0000_0000_0000, "0"),
    (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"),
    (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"),
    (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
    (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
    (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
    (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"),
    (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"),
    (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
];

fn written(bits: u64) -> String {
    let mut out = String::new();
    write_double(&mut out, f64::from_bits(bits));
    out
}

#[test]
fn numbers_are_written_as_appendix_b_of_rfc_8785_says() {
    for (bits, text) in APPENDIX_B {
        assert_eq!(written(*bits), *text, "{bits:016x}");
        assert_eq!(canonical(text).as_deref(), Ok(*text), "{bits:016x}");
    }
}

/// The sequence `es6testfile100m` of the authors of RFC 8785: some chosen doubles,
/// the first normal ones, then those of a chain of SHA-256 from 32 zero bytes.
fn sequence() -> impl Iterator<Item = u64> {
    let mut block = [0; 32];
    let chained = std::iter::repeat_with(move || {
        block = sha256(&block);
        block.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect::<Vec<_>>()
    });
    let usable = |bits: &u64| f64::from_bits(*bits).is_finite() && bits << 1 != 0;
    let first_normal = 0x0010_0000_0000_0000;
    let chosen = include_str!("es6_numbers.txt").split_whitespace();
    chosen
        .map(|hex| u64::from_str_radix(hex, 16).unwrap())
        .chain(first_normal..first_normal + 2_000)
        .chain(chained.flatten().filter(usable))
}

#[test]
fn the_published_sequence_has_its_published_checksum() {
    let mut lines = String::new();
    for bits in sequence().take(100_000) {
        writeln!(lines, "{bits:x},{}", written(bits)).unwrap();
    }
    assert_eq!(
        data_encoding::HEXLOWER.encode(&sha256(lines.as_bytes())),
        "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7"
    );
}

#[test]
fn a_number_is_written_in_one_way() {
    for (text, one) in [
        ("-0", "0"),
        ("-0.0e5", "0"),
        ("1.0", "1"),
        ("10e-1", "1"),
        ("1E+2", "100"),
        ("-1.50", "-1.5"),
        ("0.1e21", "100000000000000000000"),
        ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"),
        ("0.00000123", "0.00000123"),
        ("0.000000123", "1.23e-7"),
        ("4.50", "4.5"),
        ("2e-3", "0.002"),
        ("333333333.33333329", "333333333.3333333"),
        ("999999999999999", "999999999999999"),
        ("-12345", "-12345"),
    ] {
        assert_eq!(canonical(text).as_deref(), Ok(one), "{text}");
    }
}

#[test]
fn a_whole_number_that_is_spelled_as_another_is_refused() {
    for own in ["9007199254740992", "9007199254740994", "-9007199254740992", "1152921504606847000"]
    {
        assert_eq!(canonical(own).as_deref(), Ok(own));
    }
    for found in [
        "9007199254740993",
        "-9007199254740993",
        "18446744073709551615",
        // 2^60, which a double holds, but which has the same double as the last above.
        "1152921504606846976",
        "1000000000000000000000",
    ] {
        let fault = RecordFault::BigInteger { found: found.into() };
        assert_eq!(canonical(found), Err((0, fault)));
    }
    assert_eq!(canonical("1152921504606846976.0").as_deref(), Ok("1152921504606847000"));
    let long = "1".repeat(300);
    let fault = RecordFault::BigInteger { found: long[..80].into() };
    assert_eq!(canonical(&long), Err((0, fault)));
}

#[test]
fn a_number_beyond_all_doubles_is_refused() {
    for found in ["1e309", "-1e309", "1e-400", "-0.0001e-330"] {
        let fault = RecordFault::NumberRange { found: found.into() };
        assert_eq!(canonical(found), Err((0, fault)), "{found}");
    }
    assert_eq!(canonical("0e-400").as_deref(), Ok("0"));
    assert_eq!(canonical("1".repeat(310)).map_err(|(at, _)| at), Err(0));
}

#[test]
fn what_json_does_not_call_a_number_is_refused() {
    for (text, at, expected) in [
        ("01", 1, "the end"),
        ("-", 1, "a digit"),
        ("1.", 2, "a digit"),
        (".5", 0, "a value"),
        ("+1", 0, "a value"),
        ("1e", 2, "a digit"),
        ("1e+", 3, "a digit"),
        ("NaN", 0, "a value"),
        ("-Infinity", 1, "a digit"),
        ("0x10", 1, "the end"),
    ] {
        assert_eq!(canonical(text), Err((at, RecordFault::Syntax { expected })), "{text}");
    }
}
