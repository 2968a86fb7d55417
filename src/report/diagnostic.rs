//! CBOR diagnostic notation (RFC 8949 section 8) of what was decoded before.

use std::fmt::Write as _;

use super::document::is_hidden;
use crate::text::hex;

/// Deepest nesting shown; the profile allows less.
const MAX_DEPTH: usize = 64;

/// An item in readable notation, with a line for each member; whatever cannot be read ends it.
///
/// Characters that hide or reorder text stand as `\u` escapes, so that a text is read as it is.
pub(super) fn notation(bytes: &[u8]) -> String {
    let mut printer = Printer { rest: bytes, text: String::new() };
    if printer.item(0).is_none() {
        printer.text.push_str("...");
    }
    printer.text
}

struct Printer<'a> {
    rest: &'a [u8],
    text: String,
}

impl<'a> Printer<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    /// Major type and argument of definite items; nothing else is in the profile.
    fn head(&mut self) -> Option<(u8, u64)> {
        let [first] = *self.take(1)?.first_chunk()?;
        let more = match first & 0x1f {
            small @ 0..24 => return Some((first >> 5, u64::from(small))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let argument = self.take(more)?.iter();
        Some((first >> 5, argument.fold(0, |sum, byte| (sum << 8) | u64::from(*byte))))
    }

    fn item(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let (major, argument) = self.head()?;
        // Writing to a String cannot fail.
        let _ = match major {
            0 => write!(self.text, "{argument}"),
            1 => write!(self.text, "{}", !i128::from(argument)),
            2 => {
                let bytes = self.take(usize::try_from(argument).ok()?)?;
                write!(self.text, "h'{}'", hex(bytes))
            }
            3 => {
                let bytes = self.take(usize::try_from(argument).ok()?)?;
                self.string(std::str::from_utf8(bytes).ok()?);
                Ok(())
            }
            4 | 5 => return self.members(major == 5, argument, depth),
            6 => {
                let _ = write!(self.text, "{argument}(");
                self.item(depth.saturating_add(1))?;
                write!(self.text, ")")
            }
            _ => match argument {
                20 => write!(self.text, "false"),
                21 => write!(self.text, "true"),
                22 => write!(self.text, "null"),
                other => write!(self.text, "simple({other})"),
            },
        };
        Some(())
    }

    fn members(&mut self, is_map: bool, len: u64, depth: usize) -> Option<()> {
        let [open, close] = if is_map { ['{', '}'] } else { ['[', ']'] };
        let inner = depth.saturating_add(1);
        self.text.push(open);
        for number in 0..len {
            self.text.push_str(if number > 0 { ",\n" } else { "\n" });
            self.text.push_str(&"  ".repeat(inner));
            self.item(inner)?;
            if is_map {
                self.text.push_str(": ");
                self.item(inner)?;
            }
        }
        if len > 0 {
            self.text.push('\n');
            self.text.push_str(&"  ".repeat(depth));
        }
        self.text.push(close);
        Some(())
    }

    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                hidden if is_hidden(hidden) => {
                    for unit in hidden.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.text, "\\u{unit:04x}");
                    }
                }
                seen => self.text.push(seen),
            }
        }
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_written_as_rfc_8949_does() {
        let shown = |hex: &str| {
            let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            notation(&(0..hex.len()).step_by(2).map(digit).collect::<Vec<_>>())
        };
        // From appendix A.
        for (bytes, text) in [
            ("00", "0"),
            ("1903e8", "1000"),
            ("1bffffffffffffffff", "18446744073709551615"),
            ("3bffffffffffffffff", "-18446744073709551616"),
            ("20", "-1"),
            ("f4", "false"),
            ("f6", "null"),
            ("c11a514b67b0", "1(1363896240)"),
            ("4401020304", "h'01020304'"),
            ("62225c", r#""\"\\""#),
            ("63e6b0b4", "\"水\""),
            ("80", "[]"),
            ("a0", "{}"),
            ("a26161016162820203", "{\n  \"a\": 1,\n  \"b\": [\n    2,\n    3\n  ]\n}"),
        ] {
            assert_eq!(shown(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn hidden_characters_are_seen() {
        let text = "a\u{202e}b\n\u{e0041}";
        let bytes = [&[0x60 + u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        assert_eq!(notation(&bytes), "\"a\\u202eb\\u000a\\udb40\\udc41\"");
    }

    #[test]
    fn what_cannot_be_read_ends_it() {
        for bytes in [&[][..], &[0x82, 0x01], &[0x44, 0x01], &[0x9f], &[0x81; 100], &[0xff; 9]] {
            assert!(notation(bytes).ends_with("..."), "{bytes:?}");
        }
    }
}
