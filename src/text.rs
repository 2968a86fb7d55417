//! Strict hexadecimal, prefixed and base64 text.
//!
//! One spelling for one value: lower case, no white space, no padding but where C2SP asks for it,
//! no unused bits.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};

/// Text that is not the one spelling of a value.
///
/// ```
/// use datadeed::{Digest, ManifestId, TextError};
///
/// let found = Digest::of(b"x").to_string();
/// let expected = "manifest"; // a digest of content is no manifest's id
/// assert_eq!(found.parse::<ManifestId>(), Err(TextError::Prefix { found, expected }));
/// let found = "7".to_owned();
/// assert_eq!("manifest:7".parse::<ManifestId>(), Err(TextError::Hex { found }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// The text is not base64url without padding (RFC 4648 section 5).
    #[error("not base64url without padding at byte {position}")]
    Base64 {
        /// Offset of the first byte at fault.
        position: usize,
    },
    /// The text is not 64 lower-case hexadecimal digits.
    #[error("{found:?} is not 64 lower-case hexadecimal digits")]
    Hex {
        /// What stood there, at most 80 bytes of it.
        found: String,
    },
    /// The text cannot name a log or a key in a signed note (C2SP signed-note).
    #[error("{found:?} is no name of a log or key")]
    Name {
        /// What stood there, at most 80 bytes of it.
        found: String,
    },
    /// The text does not begin with the prefix of its type.
    #[error("{found:?} does not begin with \"{expected}:\"")]
    Prefix {
        /// What stood there, at most 80 bytes of it.
        found: String,
        /// The prefix, without its colon.
        expected: &'static str,
    },
}

/// At most 80 bytes of `text`, for an error message.
pub(crate) fn excerpt(text: &str) -> String {
    let mut end = text.len().min(80);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    text.get(..end).unwrap_or_default().to_owned()
}

/// `prefix:<64 lower-case hex>`.
pub(crate) fn prefixed(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(prefix.len().saturating_add(65));
    text.push_str(prefix);
    text.push(':');
    HEXLOWER.encode_append(bytes, &mut text);
    text
}

/// Reads what [`prefixed`] writes, and nothing else.
pub(crate) fn parse_prefixed(prefix: &'static str, text: &str) -> Result<[u8; 32], TextError> {
    let hex = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix(':'))
        .ok_or_else(|| TextError::Prefix { found: excerpt(text), expected: prefix })?;
    parse_hex(hex)
}

fn parse_hex(hex: &str) -> Result<[u8; 32], TextError> {
    let fault = || TextError::Hex { found: excerpt(hex) };
    if hex.len() != 64 {
        return Err(fault());
    }
    let mut bytes = [0; 32];
    HEXLOWER.decode_mut(hex.as_bytes(), &mut bytes).map_err(|_| fault())?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Base64url without padding.
pub(crate) fn base64url(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Reads what [`base64url`] writes, and nothing else.
pub(crate) fn parse_base64url(text: &str) -> Result<Vec<u8>, TextError> {
    BASE64URL_NOPAD
        .decode(text.as_bytes())
        .map_err(|fault| TextError::Base64 { position: fault.position })
}

/// Base64 with padding (RFC 4648 section 4), as C2SP notes have it.
pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Reads what [`base64`] writes, and nothing else.
pub(crate) fn parse_base64(text: &str) -> Option<Vec<u8>> {
    // The decoder takes padding in the middle too.
    BASE64.decode(text.as_bytes()).ok().filter(|bytes| base64(bytes) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixed_text_reads_back() {
        let bytes = std::array::from_fn(|i| u8::try_from(i).unwrap());
        let text = prefixed("blake3", &bytes);
        assert!(text.starts_with("blake3:000102"));
        assert_eq!(parse_prefixed("blake3", &text), Ok(bytes));
    }

    #[test]
    fn only_one_spelling_is_read() {
        let text = prefixed("key", &[0xab; 32]);
        let upper = text.replace('a', "A");
        assert_eq!(
            parse_prefixed("key", &upper),
            Err(TextError::Hex { found: upper.strip_prefix("key:").unwrap().to_owned() })
        );
        let short = &text[..text.len() - 1];
        assert_eq!(
            parse_prefixed("key", short),
            Err(TextError::Hex { found: short[4..].to_owned() })
        );
        assert_eq!(
            parse_prefixed("manifest", &text),
            Err(TextError::Prefix { found: text, expected: "manifest" })
        );
    }

    #[test]
    fn base64url_refuses_padding_and_unused_bits() {
        assert_eq!(base64url(&[0xff]), "_w");
        assert_eq!(parse_base64url("_w"), Ok(vec![0xff]));
        assert_eq!(parse_base64url("_w=="), Err(TextError::Base64 { position: 2 }));
        assert_eq!(parse_base64url("_x"), Err(TextError::Base64 { position: 1 }));
        assert_eq!(parse_base64url("/w"), Err(TextError::Base64 { position: 0 }));
    }

    #[test]
    fn base64_is_read_in_one_spelling() {
        assert_eq!(base64(&[0xff]), "/w==");
        assert_eq!(parse_base64("/w=="), Some(vec![0xff]));
        for other in ["/w", "/w=", "/x==", "_w==", "/w==\n", "/w==/w=="] {
            assert_eq!(parse_base64(other), None, "{other}");
        }
    }

    #[test]
    fn excerpts_end_on_a_character() {
        let long = "é".repeat(60);
        assert_eq!(excerpt(&long).chars().count(), 40);
        assert_eq!(excerpt("short"), "short");
    }
}
