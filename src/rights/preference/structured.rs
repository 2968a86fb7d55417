//! Dictionaries of HTTP structured fields (RFC 9651), read strictly.
//!
//! Only what a preference needs is kept: of each key, whether its last value is a
//! token, and which. Everything else is checked all the same, because one fault
//! anywhere makes the whole field fail (section 4.2).

use std::collections::BTreeMap;

/// The last value of a key, without its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member<'a> {
    /// A token, such as the `y` of `a=y`.
    Token(&'a str),
    /// A number, string, byte sequence, boolean, date, display string or inner list.
    Other,
}

/// The members of a dictionary (section 4.2.2); `None` where it has any fault.
pub(super) fn dictionary(field: &[u8]) -> Option<BTreeMap<&str, Member<'_>>> {
    let mut rest = Rest(field);
    let mut members = BTreeMap::new();
    rest.spaces();
    while !rest.0.is_empty() {
        let key = rest.key()?;
        let member = if rest.take(b'=') { rest.member()? } else { Member::Other };
        rest.parameters()?;
        members.insert(key, member);
        rest.optional_white_space();
        if rest.0.is_empty() {
            break;
        }
        if !rest.take(b',') {
            return None;
        }
        rest.optional_white_space();
        if rest.0.is_empty() {
            return None;
        }
    }
    Some(members)
}

/// What is left to read.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Whether `byte` comes next, which is then taken.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.next();
        }
        found
    }

    /// Everything up to the first byte that is none of `these`.
    fn take_while(&mut self, these: impl Fn(u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !these(*byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, &[]));
        self.0 = rest;
        taken
    }

    fn spaces(&mut self) {
        self.take_while(|byte| byte == b' ');
    }

    fn optional_white_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Section 4.2.3.3.
    fn key(&mut self) -> Option<&'a str> {
        self.peek().filter(|byte| byte.is_ascii_lowercase() || *byte == b'*')?;
        let key = self.take_while(|byte| {
            byte.is_ascii_lowercase()
                || byte.is_ascii_digit()
                || matches!(byte, b'_' | b'-' | b'.' | b'*')
        });
        str::from_utf8(key).ok()
    }

    /// Section 4.2.3.2.
    fn parameters(&mut self) -> Option<()> {
        while self.take(b';') {
            self.spaces();
            self.key()?;
            if self.take(b'=') {
                self.bare_item()?;
            }
        }
        Some(())
    }

    /// An item or an inner list, its own parameters apart.
    fn member(&mut self) -> Option<Member<'a>> {
        if self.take(b'(') { self.inner_list() } else { self.bare_item() }
    }

    /// Section 4.2.1.2, after the parenthesis.
    fn inner_list(&mut self) -> Option<Member<'a>> {
        loop {
            self.spaces();
            if self.take(b')') {
                return Some(Member::Other);
            }
            self.bare_item()?;
            self.parameters()?;
            self.peek().filter(|byte| matches!(byte, b' ' | b')'))?;
        }
    }

    /// Section 4.2.3.1.
    fn bare_item(&mut self) -> Option<Member<'a>> {
        match self.peek()? {
            b'*' | b'A'..=b'Z' | b'a'..=b'z' => return self.token(),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b'"' => self.string(),
            b':' => self.byte_sequence(),
            b'?' => self.boolean(),
            b'@' => self.date(),
            b'%' => self.display_string(),
            _ => None,
        }?;
        Some(Member::Other)
    }

    /// Section 4.2.6.
    fn token(&mut self) -> Option<Member<'a>> {
        let token = self.take_while(|byte| {
            byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~:/".contains(&byte)
        });
        str::from_utf8(token).ok().map(Member::Token)
    }

    /// Whether it is an integer (section 4.2.4); `None` for what is no number.
    fn number(&mut self) -> Option<bool> {
        self.take(b'-');
        let whole = self.take_while(|byte| byte.is_ascii_digit()).len();
        if !self.take(b'.') {
            return (1..=15).contains(&whole).then_some(true);
        }
        let fraction = self.take_while(|byte| byte.is_ascii_digit()).len();
        ((1..=12).contains(&whole) && (1..=3).contains(&fraction)).then_some(false)
    }

    /// Section 4.2.5.
    fn string(&mut self) -> Option<()> {
        self.next()?;
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => {
                    self.next().filter(|byte| matches!(byte, b'"' | b'\\'))?;
                }
                0x20..=0x7e => {}
                _ => return None,
            }
        }
    }

    /// Section 4.2.7; what no alphabet of base64 can mean fails too.
    fn byte_sequence(&mut self) -> Option<()> {
        self.next()?;
        let digits =
            self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
        let padding = self.take_while(|byte| byte == b'=').len();
        (self.take(b':') && digits.len() % 4 != 1 && padding <= 2).then_some(())
    }

    /// Section 4.2.8.
    fn boolean(&mut self) -> Option<()> {
        self.next()?;
        self.next().filter(|byte| matches!(byte, b'0' | b'1')).map(drop)
    }

    /// Section 4.2.9.
    fn date(&mut self) -> Option<()> {
        self.next()?;
        self.number()?.then_some(())
    }

    /// Section 4.2.10.
    fn display_string(&mut self) -> Option<()> {
        self.next()?;
        self.next().filter(|byte| *byte == b'"')?;
        let mut text = Vec::new();
        loop {
            match self.next()? {
                b'"' => return String::from_utf8(text).ok().map(drop),
                b'%' => {
                    let (high, low) = (lower_hex(self.next()?)?, lower_hex(self.next()?)?);
                    text.push(high << 4 | low);
                }
                byte @ 0x20..=0x7e => text.push(byte),
                _ => return None,
            }
        }
    }
}

fn lower_hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a').and_then(|value| value.checked_add(10)),
        _ => None,
    }
}
