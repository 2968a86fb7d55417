//! Countries and their subdivisions.

use std::fmt;
use std::str::FromStr;

use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::limits::MAX_TEXT;
use crate::text::excerpt;

/// A country (ISO 3166-1 alpha-2, `CN`) or a subdivision of one (ISO 3166-2, `CN-BJ`).
///
/// The form is checked, not whether the code is assigned.
///
/// ```
/// use datadeed::rights::Territory;
///
/// let (china, beijing): (Territory, Territory) = ("CN".parse()?, "CN-BJ".parse()?);
/// assert!(china.contains(&beijing));
/// assert!(!beijing.contains(&china));
/// # Ok::<(), datadeed::rights::TerritoryError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Territory {
    /// The code with NULs behind it, which sort as its end does.
    code: [u8; 6],
}

/// Text that has not the form of a country or subdivision code.
///
/// ```
/// use datadeed::rights::Territory;
///
/// let error = "China".parse::<Territory>().unwrap_err();
/// assert_eq!(error.found, "China");
/// assert_eq!(error.to_string(), r#""China" is not like "CN" or "CN-BJ""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not like \"CN\" or \"CN-BJ\"")]
#[non_exhaustive]
pub struct TerritoryError {
    /// What stood there, at most 80 bytes of it.
    pub found: String,
}

impl Territory {
    /// Whether `other` is this territory or a subdivision of it.
    pub fn contains(&self, other: &Self) -> bool {
        let rest = other.code().strip_prefix(self.code());
        self == other || rest.is_some_and(|rest| rest.starts_with('-'))
    }

    /// The code.
    pub fn code(&self) -> &str {
        let end = self.code.iter().position(|byte| *byte == 0).unwrap_or(self.code.len());
        // Nothing but ASCII is ever put in.
        self.code.get(..end).and_then(|code| str::from_utf8(code).ok()).unwrap_or_default()
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Territory").field(&self.code()).finish()
    }
}

/// # Errors
///
/// [`TerritoryError`] unless two capital letters, or those with a hyphen and 1 to 3 capital letters or digits.
impl FromStr for Territory {
    type Err = TerritoryError;

    fn from_str(text: &str) -> Result<Self, TerritoryError> {
        let (country, subdivision) = match text.split_once('-') {
            Some((country, subdivision)) => (country, Some(subdivision)),
            None => (text, None),
        };
        let sound_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        let sound_subdivision = subdivision.is_none_or(|subdivision| {
            (1..=3).contains(&subdivision.len())
                && subdivision.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        let mut code = [0; 6];
        match code.get_mut(..text.len()) {
            Some(written) if sound_country && sound_subdivision => {
                written.copy_from_slice(text.as_bytes());
                Ok(Self { code })
            }
            Some(_) | None => Err(TerritoryError { found: excerpt(text) }),
        }
    }
}

/// The code as text.
impl Codec for Territory {
    fn encode(&self, writer: &mut Writer) {
        writer.text(self.code());
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CborError> {
        let offset = reader.offset();
        let text = reader.text(MAX_TEXT)?;
        text.parse().map_err(|TerritoryError { found }| {
            CborError::new(offset, CborFault::UnknownCode { found, of: "territory" })
        })
    }
}
