//! Dates on the command line, and the clock.

use std::time::SystemTime;

use datadeed::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Failure;

/// Reads `YYYY-MM-DD` as that day's beginning in UTC, and any RFC 3339 time.
pub(crate) fn parse(text: &str) -> Result<Timestamp, Failure> {
    let time = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let time = OffsetDateTime::parse(&time, &Rfc3339)
        .map_err(|_| format!("{text:?} is neither YYYY-MM-DD nor an RFC 3339 time"))?;
    Ok(Timestamp::try_from(time)?)
}

/// The one look at a clock: the crate itself takes the time as an argument.
#[expect(clippy::disallowed_methods, reason = "a command line tool acts now unless told")]
pub(crate) fn now() -> Result<Timestamp, Failure> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp::from_seconds(since.as_secs())?)
}
