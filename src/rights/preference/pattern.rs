//! Patterns of paths, as RFC 9309 sections 2.2.2 and 2.2.3 match them.

/// A path, or a path with its query, in the form in which patterns are held against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(String);

impl Path {
    /// `None` unless it begins with `/`; a fragment is cut off.
    pub(super) fn new(path: &str) -> Option<Self> {
        let path = path.split('#').next().unwrap_or_default();
        path.starts_with('/').then(|| Self(normal(path.as_bytes(), Form::Literal)))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// How specific `pattern` is, as its length in bytes once encoded, if it matches.
    pub(super) fn matched_by(&self, pattern: &[u8]) -> Option<usize> {
        let pattern = normal(pattern, Form::Pattern);
        let (open, anchored) = match pattern.strip_suffix('$') {
            Some(open) => (open, true),
            None => (pattern.as_str(), false),
        };
        let mut parts = open.split('*');
        let mut rest = self.0.strip_prefix(parts.next().unwrap_or_default())?;
        let mut last = None;
        for part in parts {
            // The leftmost place leaves most for those that follow.
            let at = rest.find(part)?;
            last = Some((rest, part));
            rest = rest.get(at.checked_add(part.len())?..)?;
        }
        let reaches_end = match last {
            _ if !anchored => true,
            Some((before, part)) => before.ends_with(part),
            None => rest.is_empty(),
        };
        reaches_end.then_some(pattern.len())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `*` and `$` stand for themselves.
    Literal,
    /// `*` is any text, and `$` the end where it is last.
    Pattern,
}

/// Unreserved octets as they are, all others but the reserved ones as `%XX`.
fn normal(text: &[u8], form: Form) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let encoded = match (byte, after.first(), after.get(1)) {
            (b'%', Some(high), Some(low)) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = encoded {
            rest = after.get(2..).unwrap_or_default();
            let octet = high << 4 | low;
            if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
                out.push(char::from(octet));
            } else {
                push_encoded(&mut out, octet);
            }
            continue;
        }
        let special = match byte {
            b'*' => form == Form::Pattern,
            b'$' => form == Form::Pattern && after.is_empty(),
            _ => byte.is_ascii_graphic(),
        };
        if special { out.push(char::from(*byte)) } else { push_encoded(&mut out, *byte) }
    }
    out
}

fn push_encoded(out: &mut String, octet: u8) {
    out.push('%');
    for digit in [octet >> 4, octet & 0xf] {
        out.extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| value.try_into().ok())
}
