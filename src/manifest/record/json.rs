//! One JSON text in the canonical form of RFC 8785 (JCS).
//!
//! One pass over the text, without a tree and without recursion: values are
//! written as they are read, and the members of an object are put in order
//! when it ends. What two readers could take differently has no canonical form
//! and is refused: a key twice, half a surrogate pair, bytes that are not
//! UTF-8, a whole number that is spelled as another, a number beyond all doubles,
//! anything after the value.
//!
//! The crates that do the same read numbers and maps through `serde_json`,
//! which drops the first of two equal keys and rounds whole numbers silently,
//! so little would be left for them to do.

pub(super) mod number;
mod parse;
pub(super) mod pointer;

use std::ops::Range;

use super::{RecordError, RecordFault};
use crate::limits::{MAX_JSON_DEPTH, MAX_RECORD};
use crate::text::excerpt;
use parse::Parser;

/// What to do about whole numbers that are several to one double.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Integers {
    /// They are rounded; the caller does not look at them.
    Any,
    /// They are refused unless RFC 8785 spells them the same.
    Own,
}

/// The white space of JSON (RFC 8259 section 2).
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Writes canonical texts one after the other into the same memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Canonicalizer {
    out: String,
    /// Members of an object on their way into order.
    moved: String,
    /// The names of the members of all open objects, without escapes.
    names: String,
    /// The members of all open objects, those of an inner one after those of an outer.
    members: Vec<Member>,
    open: Vec<Open>,
}

/// A member that was written.
#[derive(Clone, Debug)]
struct Member {
    /// In the names.
    name: Range<usize>,
    /// `"name":value` in the output.
    text: Range<usize>,
    /// Where its name begins in the input.
    at: usize,
}

/// A container that has not ended.
#[derive(Clone, Copy, Debug)]
enum Open {
    Array,
    /// Where its own part of the names and of the members begins.
    Object {
        names: usize,
        members: usize,
    },
}

impl Canonicalizer {
    /// The canonical form of the one JSON text that `text` is, white space around it aside.
    pub(super) fn canonicalize(
        &mut self,
        text: &[u8],
        integers: Integers,
    ) -> Result<&str, RecordError> {
        if text.len() > MAX_RECORD {
            return Err(RecordError::new(0, RecordFault::TooLong { limit: MAX_RECORD }));
        }
        let text = str::from_utf8(text)
            .map_err(|error| RecordError::new(error.valid_up_to(), RecordFault::NotUtf8))?;
        self.out.clear();
        self.names.clear();
        self.members.clear();
        self.open.clear();
        let mut parser = Parser::new(text);
        loop {
            if self.value(&mut parser, integers)? {
                while self.ends(&mut parser)? {}
            }
            if self.open.is_empty() {
                break;
            }
            if let Some(Open::Object { .. }) = self.open.last() {
                self.name(&mut parser)?;
            }
        }
        parser.end()?;
        Ok(&self.out)
    }

    /// Writes a value, or the beginning of a container; whether a value has ended.
    fn value(&mut self, parser: &mut Parser<'_>, integers: Integers) -> Result<bool, RecordError> {
        let at = parser.skip_space();
        let close = match parser.peek() {
            Some(b'{') => {
                let (names, members) = (self.names.len(), self.members.len());
                self.open(at, Open::Object { names, members })?;
                b'}'
            }
            Some(b'[') => {
                self.open(at, Open::Array)?;
                b']'
            }
            Some(b'"') => {
                parser.string(&mut self.out, None)?;
                return Ok(true);
            }
            Some(b'-' | b'0'..=b'9') => {
                let text = parser.number()?;
                number::write(&mut self.out, text, integers)
                    .map_err(|fault| RecordError::new(at, fault))?;
                return Ok(true);
            }
            _ => {
                self.out.push_str(parser.literal()?);
                return Ok(true);
            }
        };
        parser.step();
        parser.skip_space();
        // An empty container has ended; `ends` sees to it.
        Ok(parser.peek() == Some(close))
    }

    fn open(&mut self, at: usize, container: Open) -> Result<(), RecordError> {
        if self.open.len() >= MAX_JSON_DEPTH {
            return Err(RecordError::new(at, RecordFault::TooDeep { limit: MAX_JSON_DEPTH }));
        }
        self.out.push(match container {
            Open::Array => '[',
            Open::Object { .. } => '{',
        });
        self.open.push(container);
        Ok(())
    }

    /// Reads what follows a value, and ends the container where that is its end; whether it was.
    fn ends(&mut self, parser: &mut Parser<'_>) -> Result<bool, RecordError> {
        let Some(open) = self.open.last().copied() else { return Ok(false) };
        if let Open::Object { members, .. } = open
            && let Some(last) = self.members.get_mut(members..).and_then(<[Member]>::last_mut)
        {
            last.text.end = self.out.len();
        }
        let at = parser.skip_space();
        let close = match open {
            Open::Array => b']',
            Open::Object { .. } => b'}',
        };
        match parser.peek() {
            Some(b',') => {
                parser.step();
                self.out.push(',');
                Ok(false)
            }
            Some(found) if found == close => {
                parser.step();
                if let Open::Object { names, members } = open {
                    self.order(members)?;
                    self.members.truncate(members);
                    self.names.truncate(names);
                }
                self.out.push(char::from(close));
                self.open.pop();
                Ok(true)
            }
            _ => {
                let expected = match open {
                    Open::Array => "`,` or `]`",
                    Open::Object { .. } => "`,` or `}`",
                };
                Err(RecordError::new(at, RecordFault::Syntax { expected }))
            }
        }
    }

    /// `"name":`
    fn name(&mut self, parser: &mut Parser<'_>) -> Result<(), RecordError> {
        let at = parser.skip_space();
        if parser.peek() != Some(b'"') {
            return Err(RecordError::new(at, RecordFault::Syntax { expected: "a key" }));
        }
        let (name, text) = (self.names.len(), self.out.len());
        parser.string(&mut self.out, Some(&mut self.names))?;
        // The text ends where the value will.
        self.members.push(Member { name: name..self.names.len(), text: text..text, at });
        let at = parser.skip_space();
        if parser.peek() != Some(b':') {
            return Err(RecordError::new(at, RecordFault::Syntax { expected: "`:`" }));
        }
        parser.step();
        self.out.push(':');
        Ok(())
    }

    /// Puts the members from `first` on in the order of the UTF-16 of their names (RFC 8785 section 3.2.3).
    fn order(&mut self, first: usize) -> Result<(), RecordError> {
        let Self { out, moved, names, members, .. } = self;
        let members = members.get_mut(first..).unwrap_or_default();
        let name = |member: &Member| names.get(member.name.clone()).unwrap_or_default();
        let compare = |a: &Member, b: &Member| name(a).encode_utf16().cmp(name(b).encode_utf16());
        let Some(start) = members.first().map(|member| member.text.start) else { return Ok(()) };
        if members.is_sorted_by(|a, b| compare(a, b).is_lt()) {
            return Ok(());
        }
        members.sort_by(compare);
        let second = members.iter().skip(1);
        if let Some((_, second)) =
            members.iter().zip(second).find(|(first, second)| name(first) == name(second))
        {
            let key = excerpt(name(second));
            return Err(RecordError::new(second.at, RecordFault::DuplicateKey { key }));
        }
        moved.clear();
        for member in &*members {
            if !moved.is_empty() {
                moved.push(',');
            }
            moved.push_str(out.get(member.text.clone()).unwrap_or_default());
        }
        out.truncate(start);
        out.push_str(moved);
        Ok(())
    }
}
