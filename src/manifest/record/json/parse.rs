//! The tokens of JSON (RFC 8259).

use super::is_space;
use crate::manifest::record::{RecordError, RecordFault};

/// A place in a text.
pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next byte.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past one byte.
    pub(super) fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Goes past white space, to where this then is.
    pub(super) fn skip_space(&mut self) -> usize {
        self.skip_while(is_space);
        self.at
    }

    fn skip_while(&mut self, matches: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().position(|byte| !matches(*byte)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(count);
        count
    }

    fn fault(&self, expected: &'static str) -> RecordError {
        RecordError::new(self.at, RecordFault::Syntax { expected })
    }

    /// Nothing follows but white space.
    pub(super) fn end(&mut self) -> Result<(), RecordError> {
        self.skip_space();
        if self.peek().is_none() { Ok(()) } else { Err(self.fault("the end")) }
    }

    /// `true`, `false` or `null`.
    pub(super) fn literal(&mut self) -> Result<&'static str, RecordError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word));
        let word = found.ok_or_else(|| self.fault("a value"))?;
        self.at = self.at.saturating_add(word.len());
        Ok(word)
    }

    /// The text of a number.
    pub(super) fn number(&mut self) -> Result<&'a str, RecordError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.step();
        }
        // No digit follows a leading zero.
        if self.peek() == Some(b'0') {
            self.step();
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.step();
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.step();
            if let Some(b'+' | b'-') = self.peek() {
                self.step();
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> Result<(), RecordError> {
        if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            return Err(self.fault("a digit"));
        }
        Ok(())
    }

    /// Writes a string with its quotation marks, and appends its characters to `decoded`.
    pub(super) fn string(
        &mut self,
        out: &mut String,
        mut decoded: Option<&mut String>,
    ) -> Result<(), RecordError> {
        self.step();
        out.push('"');
        loop {
            let start = self.at;
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            // What stands as itself is canonical.
            let plain = self.text.get(start..self.at).unwrap_or_default();
            out.push_str(plain);
            if let Some(decoded) = &mut decoded {
                decoded.push_str(plain);
            }
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    out.push('"');
                    return Ok(());
                }
                Some(b'\\') => {
                    let character = self.escape()?;
                    escape(out, character);
                    if let Some(decoded) = &mut decoded {
                        decoded.push(character);
                    }
                }
                Some(_) => return Err(self.fault("an escape instead of a control character")),
                None => return Err(self.fault("the end of a string")),
            }
        }
    }

    /// The character that an escape stands for.
    fn escape(&mut self) -> Result<char, RecordError> {
        let start = self.at;
        self.step();
        let character = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_units(start),
            _ => return Err(self.fault("an escape")),
        };
        self.step();
        Ok(character)
    }

    /// `\uXXXX`, or two of them that are one character; this is at the first `u`.
    fn code_units(&mut self, start: usize) -> Result<char, RecordError> {
        let first = self.code_unit()?;
        if let Some(character) = char::from_u32(first.into()) {
            return Ok(character);
        }
        let lone = RecordError::new(start, RecordFault::LoneSurrogate { found: first });
        let next = self.text.get(self.at..).unwrap_or_default();
        if !next.starts_with("\\u") {
            return Err(lone);
        }
        self.step();
        let second = self.code_unit()?;
        match char::decode_utf16([first, second]).next() {
            Some(Ok(character)) => Ok(character),
            _ => Err(lone),
        }
    }

    /// `uXXXX`
    fn code_unit(&mut self) -> Result<u16, RecordError> {
        self.step();
        let mut unit = 0_u16;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.and_then(|digit| u16::try_from(digit).ok());
            let digit = digit.ok_or_else(|| self.fault("four hexadecimal digits"))?;
            unit = unit << 4 | digit;
            self.step();
        }
        Ok(unit)
    }
}

/// Writes a character of a string as RFC 8785 section 3.2.2.2 does.
fn escape(out: &mut String, character: char) {
    let short = match character {
        '"' => '"',
        '\\' => '\\',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\0'..='\u{1f}' => {
            out.push_str("\\u00");
            for half in [u32::from(character) >> 4, u32::from(character) & 0xf] {
                out.extend(char::from_digit(half, 16));
            }
            return;
        }
        plain => {
            out.push(plain);
            return;
        }
    };
    out.push('\\');
    out.push(short);
}
