//! Instants: UTC, whole seconds.
//!
//! ```
//! use std::time::Duration;
//!
//! use datadeed::Timestamp;
//!
//! let issued: Timestamp = "2026-11-21T08:30:00Z".parse()?;
//! let day = Duration::from_secs(86_400);
//! assert_eq!(issued.saturating_add(day).to_string(), "2026-11-22T08:30:00Z");
//! assert_eq!(issued.saturating_add(day).saturating_since(issued), day);
//! # Ok::<(), datadeed::TimestampError>(())
//! ```

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::text::excerpt;

/// An instant in UTC whole seconds, from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z.
///
/// Text is RFC 3339 in one spelling, `2026-11-21T08:30:00Z`: upper-case `T`
/// and `Z`, no fraction, no offset.
///
/// ```
/// use datadeed::Timestamp;
///
/// let issued: Timestamp = "2026-11-21T08:30:00Z".parse()?;
/// assert_eq!(issued.seconds(), 1_795_249_800);
/// assert_eq!(issued.to_string(), "2026-11-21T08:30:00Z");
/// assert!("2026-11-21T16:30:00+08:00".parse::<Timestamp>().is_err());
/// # Ok::<(), datadeed::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// Not an instant this crate can hold.
///
/// ```
/// use datadeed::{Timestamp, TimestampError};
///
/// let offset = "2026-11-21T16:30:00+08:00";
/// let malformed = TimestampError::Malformed { found: offset.into() };
/// assert_eq!(offset.parse::<Timestamp>(), Err(malformed));
/// let too_early = TimestampError::OutOfRange { found: -1 };
/// assert_eq!("1969-12-31T23:59:59Z".parse::<Timestamp>(), Err(too_early));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// Not the RFC 3339 spelling `YYYY-MM-DDThh:mm:ssZ`.
    #[error("{found:?} is not a time like 2026-11-21T08:30:00Z")]
    Malformed {
        /// What stood there, at most 80 bytes of it.
        found: String,
    },
    /// Before 1970 or after 9999.
    #[error("{found} s from 1970 is outside 0 to {}", Timestamp::MAX.0)]
    OutOfRange {
        /// Seconds since 1970-01-01T00:00:00Z.
        found: i128,
    },
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// 9999-12-31T23:59:59Z.
    pub const MAX: Self = Self(253_402_300_799);

    /// The instant `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    ///
    /// [`TimestampError::OutOfRange`] past [`Timestamp::MAX`].
    pub const fn from_seconds(seconds: u64) -> Result<Self, TimestampError> {
        if seconds > Self::MAX.0 {
            return Err(TimestampError::OutOfRange { found: widen(seconds) });
        }
        Ok(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// Whole seconds from `earlier` to `self`; zero where `earlier` is later.
    #[must_use]
    pub const fn saturating_since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }

    /// The instant `duration` later, its fraction of a second dropped; at most [`Timestamp::MAX`].
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.as_secs())).min(Self::MAX)
    }
}

#[expect(clippy::as_conversions, reason = "u64 to i128 loses nothing and From is not const")]
const fn widen(seconds: u64) -> i128 {
    seconds as i128
}

/// Fractions of a second are dropped.
///
/// # Errors
///
/// [`TimestampError::OutOfRange`] before 1970.
impl TryFrom<OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: OffsetDateTime) -> Result<Self, TimestampError> {
        let found = time.unix_timestamp();
        let seconds = u64::try_from(found)
            .map_err(|_| TimestampError::OutOfRange { found: i128::from(found) })?;
        Self::from_seconds(seconds)
    }
}

impl From<Timestamp> for OffsetDateTime {
    fn from(time: Timestamp) -> Self {
        // Every `Timestamp` is a valid date of `time`, whose years end with 9999.
        i64::try_from(time.0)
            .ok()
            .and_then(|seconds| Self::from_unix_timestamp(seconds).ok())
            .unwrap_or(Self::UNIX_EPOCH)
    }
}

/// # Errors
///
/// [`TimestampError::Malformed`] for any other spelling, [`TimestampError::OutOfRange`] before 1970.
impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let malformed = || TimestampError::Malformed { found: excerpt(text) };
        let parsed = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| malformed())?;
        let instant = Self::try_from(parsed)?;
        // RFC 3339 has many spellings of one instant; only ours is read.
        if instant.to_string() == text { Ok(instant) } else { Err(malformed()) }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from(*self);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "2026-11-21t08:30:00Z",
            "2026-11-21T08:30:00z",
            "2026-11-21T08:30:00.0Z",
            "2026-11-21T08:30:00+00:00",
            "2026-11-21 08:30:00Z",
            "2026-11-21",
            "2026-02-30T00:00:00Z",
            "",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Malformed { found: text.to_owned() })
            );
        }
    }

    #[test]
    fn the_range_ends_where_it_says() {
        assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(
            Timestamp::from_seconds(Timestamp::MAX.seconds() + 1),
            Err(TimestampError::OutOfRange { found: 253_402_300_800 })
        );
        assert_eq!(
            "1969-12-31T23:59:59Z".parse::<Timestamp>(),
            Err(TimestampError::OutOfRange { found: -1 })
        );
    }

    proptest! {
        #[test]
        fn text_and_foreign_type_read_back(seconds in 0..=Timestamp::MAX.seconds()) {
            let time = Timestamp::from_seconds(seconds).unwrap();
            prop_assert_eq!(time.to_string().parse::<Timestamp>(), Ok(time));
            prop_assert_eq!(Timestamp::try_from(OffsetDateTime::from(time)), Ok(time));
        }
    }
}
