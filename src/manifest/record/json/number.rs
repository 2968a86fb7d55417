//! Numbers as ECMAScript writes them (RFC 8785 section 3.2.2.3).

use std::fmt::Write as _;

use super::Integers;
use crate::manifest::record::RecordFault;
use crate::text::excerpt;

/// Whole numbers of so many digits are below 2^53, so that a double holds each.
const EXACT_DIGITS: usize = 15;

/// Writes a number that is spelled as JSON allows.
///
/// A program that reads whole numbers as such tells apart all those that are one
/// double. Only one of them is accepted, the one that this writes, so that none
/// stands for another and whatever was written can be read again.
pub(super) fn write(out: &mut String, text: &str, integers: Integers) -> Result<(), RecordFault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole && digits.len() <= EXACT_DIGITS {
        out.push_str(if digits == "0" { digits } else { text });
        return Ok(());
    }
    let value = parse(text)?;
    let start = out.len();
    write_double(out, value);
    if whole && integers == Integers::Own && out.get(start..) != Some(text) {
        return Err(RecordFault::BigInteger { found: excerpt(text) });
    }
    Ok(())
}

/// The nearest double.
fn parse(text: &str) -> Result<f64, RecordFault> {
    let fault = || RecordFault::NumberRange { found: excerpt(text) };
    let value: f64 = text.parse().map_err(|_| fault())?;
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = value.to_bits() << 1 == 0;
    let says_zero = mantissa.bytes().all(|byte| !matches!(byte, b'1'..=b'9'));
    if value.is_finite() && is_zero == says_zero { Ok(value) } else { Err(fault()) }
}

/// Writes a finite double (ECMA-262 section 6.1.6.1.20, `Number::toString`, with its note 2).
pub(crate) fn write_double(out: &mut String, value: f64) {
    if value.to_bits() << 1 == 0 {
        out.push('0');
        return;
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    let value = value.abs();
    let mut spelled = format!("{value:e}");
    // The fewest digits that read back are given, but of two such the nearer one
    // is wanted, and of two equally near ones the even: that is how a fixed
    // number of digits is rounded.
    let mantissa = spelled.split('e').next().unwrap_or_default();
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let rounded = format!("{value:.*e}", digits.saturating_sub(1));
    if rounded.parse() == Ok(value) {
        spelled = rounded;
    }
    let (mantissa, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    lay_out(out, &format!("{first}{rest}"), exponent.saturating_add(1));
}

/// Writes 0.`digits` times 10^`point`, as the standard says for k digits and n = `point`.
fn lay_out(out: &mut String, digits: &str, point: i32) {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    let (head, tail) = usize::try_from(point)
        .ok()
        .and_then(|point| digits.split_at_checked(point))
        .unwrap_or((digits, ""));
    match point {
        count_or_more if count <= count_or_more && point <= 21 => {
            out.push_str(digits);
            out.push_str(&zeros(point.saturating_sub(count)));
        }
        1..=21 => {
            out.push_str(head);
            out.push('.');
            out.push_str(tail);
        }
        -5..=0 => {
            out.push_str("0.");
            out.push_str(&zeros(point.saturating_neg()));
            out.push_str(digits);
        }
        _ => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
            let dot = if rest.is_empty() { "" } else { "." };
            // Memory takes every write.
            _ = write!(out, "{first}{dot}{rest}e{:+}", point.saturating_sub(1));
        }
    }
}
