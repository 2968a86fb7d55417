//! Texts that differ in nothing that a reader sees as white space.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::json::pointer::unescape;
use super::json::{Canonicalizer, Integers};
use super::{JsonPointer, RecordError, RecordFault};
use crate::text::excerpt;

/// `text` in normalization form C, each run of white space (Unicode `White_Space`)
/// one space, none at either end.
///
/// White space neither composes with anything nor comes of anything else, so
/// which of the two is done first makes no difference.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    let text = if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    if is_folded(&text) {
        return text;
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    Cow::Owned(folded)
}

/// Single spaces between words, and no other white space.
fn is_folded(text: &str) -> bool {
    let mut after_space = true;
    for character in text.chars() {
        if character.is_whitespace() {
            if after_space || character != ' ' {
                return false;
            }
            after_space = true;
        } else {
            after_space = false;
        }
    }
    text.is_empty() || !after_space
}

/// The folded string at `pointer` in the JSON text `document`.
pub(super) fn field<'a>(
    json: &'a mut Canonicalizer,
    document: &[u8],
    pointer: &JsonPointer,
) -> Result<Cow<'a, str>, RecordError> {
    let canonical = json.canonicalize(document, Integers::Any)?;
    let fault = |fault| Err(RecordError::new(0, fault));
    let Some(value) = pointer.find(canonical) else {
        return fault(RecordFault::NoField { pointer: excerpt(pointer.as_str()) });
    };
    let found = match value.as_bytes().first() {
        Some(b'"') => {
            return Ok(match unescape(value) {
                Cow::Borrowed(text) => fold(text),
                Cow::Owned(text) => Cow::Owned(fold(&text).into_owned()),
            });
        }
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    };
    fault(RecordFault::NotText { pointer: excerpt(pointer.as_str()), found })
}
