//! JSON pointers (RFC 6901), and what they lead to in a canonical text.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::limits::MAX_RULE;
use crate::manifest::record::RuleError;
use crate::manifest::record::rule::TEXT;
use crate::text::excerpt;

/// Where in a JSON text a value stands (RFC 6901), such as `/messages/0/content`.
///
/// ```
/// use datadeed::manifest::{JsonPointer, RecordRule};
///
/// let pointer: JsonPointer = "/a~1b/0".parse()?; // the first element of the member `a/b`
/// let rule = RecordRule::Text(pointer);
/// assert_eq!(rule.to_string(), "text/1#/a~1b/0");
/// # Ok::<(), datadeed::manifest::RuleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPointer {
    text: String,
}

impl JsonPointer {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The value that this leads to in a canonical text.
    pub(in crate::manifest::record) fn find<'a>(&self, canonical: &'a str) -> Option<&'a str> {
        let mut value = canonical;
        for token in self.text.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            value = match value.as_bytes().first() {
                Some(b'{') => items(value).map(member).find(|(name, _)| **name == token)?.1,
                Some(b'[') => items(value).nth(index(&token)?)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

impl fmt::Display for JsonPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// # Errors
///
/// [`RuleError::Pointer`] where the text is no pointer: it is neither empty nor
/// begins with `/`, or a `~` stands before anything but 0 and 1.
/// [`RuleError::TooLong`] where it is longer than any rule with a pointer may hold.
impl FromStr for JsonPointer {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let limit = MAX_RULE.saturating_sub(TEXT.len());
        if text.len() > limit {
            return Err(RuleError::TooLong { found: text.len(), limit });
        }
        let begins = text.is_empty() || text.starts_with('/');
        let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if begins && escapes {
            Ok(Self { text: text.to_owned() })
        } else {
            Err(RuleError::Pointer { found: excerpt(text) })
        }
    }
}

/// The index that a token is; nothing has the index `-` or one with a leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || token.starts_with(|first| matches!(first, '1'..='9'));
    token.parse().ok().filter(|_| plain)
}

/// The elements of an array, or the members of an object.
fn items(container: &str) -> impl Iterator<Item = &str> {
    let inside = container.len().checked_sub(1).and_then(|end| container.get(1..end));
    let mut rest = inside.unwrap_or_default();
    std::iter::from_fn(move || {
        let item = rest.get(..item_len(rest))?;
        rest = rest.get(item.len()..)?.strip_prefix(',').unwrap_or_default();
        (!item.is_empty()).then_some(item)
    })
}

/// How many bytes there are before the comma that ends the first item.
fn item_len(items: &str) -> usize {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in items.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at,
            _ => {}
        }
    }
    items.len()
}

/// The name and the value of `"name":value`.
fn member(item: &str) -> (Cow<'_, str>, &str) {
    let mut escaped = false;
    let end = item.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let split = end.and_then(|end| item.split_at_checked(end.saturating_add(2)));
    let (name, rest) = split.unwrap_or((item, ""));
    (unescape(name), rest.strip_prefix(':').unwrap_or_default())
}

/// The characters of a canonical string; the quotation marks around it are not among them.
pub(in crate::manifest::record) fn unescape(string: &str) -> Cow<'_, str> {
    let inside = string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let inside = inside.unwrap_or_default();
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut text = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut characters = escape.chars();
        let character = match characters.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let code = escape.get(1..5).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                characters = escape.get(5..).unwrap_or_default().chars();
                code.and_then(char::from_u32).unwrap_or_default()
            }
            Some(itself) => itself,
            None => break,
        };
        text.push(character);
        rest = characters.as_str();
    }
    text.push_str(rest);
    Cow::Owned(text)
}
