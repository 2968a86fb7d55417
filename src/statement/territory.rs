//! Countries and their subdivisions.

mod edition;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use crate::cbor::{CborError, CborFault, Codec, Reader, Writer};
use crate::limits::MAX_TEXT;
use crate::text::excerpt;

/// A country (ISO 3166-1 alpha-2, `CN`) or a subdivision of one (ISO 3166-2, `CN-BJ`).
///
/// Reading one checks its form and not whether the code is assigned, so that
/// codes of later editions can be read; [`is_assigned`](Self::is_assigned)
/// tells, by the edition in Unicode CLDR 48. Which subdivision lies in which,
/// as `FR-75C` does in `FR-IDF`, is known from there too.
///
/// Some places stand in both lists of ISO 3166: as a country, such as `HK`,
/// and as a subdivision of another, such as `CN-HK`. Both codes name one
/// place. Whether a text that names the other country means that place too is
/// for the text to say, so it is neither contained in it for sure nor apart
/// from it for sure. This is about codes and takes no position on anything
/// else.
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
    pub(crate) const CHINA: Self = Self { code: *b"CN\0\0\0\0" };

    /// Whether all of `other` surely lies in this territory.
    pub fn contains(&self, other: &Self) -> bool {
        let area = self.home();
        other.home().ways_up().any(|around| around == area)
    }

    /// Whether the two surely have nothing in common.
    ///
    /// Of a code that is not assigned nothing is sure but what contains it by its form.
    ///
    /// ```
    /// use datadeed::rights::Territory;
    ///
    /// let place = |code: &str| code.parse::<Territory>();
    /// assert!(place("CN-BJ")?.is_apart_from(&place("CN-SH")?));
    /// assert!(!place("CN")?.is_apart_from(&place("HK")?) && !place("CN")?.contains(&place("HK")?));
    /// assert!(place("CN-HK")?.contains(&place("HK")?) && place("HK")?.contains(&place("CN-HK")?));
    /// # Ok::<(), datadeed::rights::TerritoryError>(())
    /// ```
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let entangled = |(one, two): &(&str, &str)| {
            let codes = (self.code(), other.code());
            codes == (*one, *two) || codes == (*two, *one)
        };
        self.is_assigned()
            && other.is_assigned()
            && !self.may_contain(*other)
            && !other.may_contain(*self)
            && !edition::ENTANGLED.iter().any(entangled)
    }

    /// Whether it contains `other`, or would if it stood for all that ISO 3166-2 lists under it.
    pub(crate) fn may_contain(self, other: Self) -> bool {
        let is_country = self.halves().1.is_none();
        self.contains(&other) || (is_country && other.home().country().is_listed_under(self))
    }

    /// Whether the code is assigned in ISO 3166, by the edition that this version knows.
    pub fn is_assigned(&self) -> bool {
        let (country, subdivision) = self.halves();
        let known = letters(country).and_then(|country| LETTERS.binary_search(&country).ok());
        known.and_then(|at| edition::COUNTRIES.get(at)).is_some_and(|(_, subdivisions)| {
            subdivision.is_none_or(|code| subdivisions.binary_search(&code).is_ok())
        })
    }

    /// The one code of places that have two.
    fn home(self) -> Self {
        let twin = edition::TWINS.binary_search_by_key(&self.code(), |(code, _)| code).ok();
        twin.and_then(|at| edition::TWINS.get(at)).map_or(self, |(_, twin)| Self::of(twin))
    }

    /// It, what it lies in, and so on up to a country; for a [`home`](Self::home).
    fn ways_up(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |place| place.around())
    }

    fn around(self) -> Option<Self> {
        let (country, subdivision) = self.halves();
        let subdivision = subdivision?;
        if let Some((_, whole)) = edition::PARTS.iter().find(|(part, _)| *part == self.code()) {
            return Some(Self::of(whole));
        }
        let first = edition::WITHIN.partition_point(|(code, _)| *code < country);
        let mut nested = edition::WITHIN.iter().skip(first);
        let around = nested
            .by_ref()
            .take_while(|(code, _)| code.starts_with(country))
            .find(|(_, parts)| parts.binary_search(&subdivision).is_ok());
        Some(Self::of(around.map_or(country, |(code, _)| code)))
    }

    /// The country at the end of its way up.
    fn country(self) -> Self {
        self.ways_up().last().unwrap_or(self)
    }

    /// Whether ISO 3166-2 lists this country, or its parts, as subdivisions of that country.
    fn is_listed_under(self, country: Self) -> bool {
        // Country codes have two letters, so that no other begins alike.
        edition::TWINS.iter().chain(&edition::PARTS).any(|(subdivision, twin)| {
            twin.starts_with(self.code()) && subdivision.starts_with(country.code())
        })
    }

    /// A code of the edition, whose form a test checks.
    fn of(code: &str) -> Self {
        let mut place = Self { code: [0; 6] };
        place.code.iter_mut().zip(code.bytes()).for_each(|(slot, byte)| *slot = byte);
        place
    }

    fn halves(&self) -> (&str, Option<&str>) {
        let code = self.code();
        code.split_once('-').map_or((code, None), |(country, rest)| (country, Some(rest)))
    }

    /// The code.
    pub fn code(&self) -> &str {
        let end = self.code.iter().position(|byte| *byte == 0).unwrap_or(self.code.len());
        // Nothing but ASCII is ever put in.
        self.code.get(..end).and_then(|code| str::from_utf8(code).ok()).unwrap_or_default()
    }
}

/// Of each country of the edition the two letters, which are searched far quicker than texts elsewhere.
static LETTERS: LazyLock<Vec<[u8; 2]>> = LazyLock::new(|| {
    edition::COUNTRIES.iter().filter_map(|(country, _)| letters(country)).collect()
});

fn letters(country: &str) -> Option<[u8; 2]> {
    country.as_bytes().try_into().ok()
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
        // At most six bytes then.
        if sound_country && sound_subdivision {
            Ok(Self::of(text))
        } else {
            Err(TerritoryError { found: excerpt(text) })
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

#[cfg(test)]
mod tests;
