//! Dates on the command line.

use std::error::Error;

use datadeed::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads `YYYY-MM-DD` as that day's beginning in UTC, and any RFC 3339 time.
pub(crate) fn parse(text: &str) -> Result<Timestamp, Box<dyn Error>> {
    let time = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let time = OffsetDateTime::parse(&time, &Rfc3339)
        .map_err(|_| format!("{text:?} is neither YYYY-MM-DD nor an RFC 3339 time"))?;
    Ok(Timestamp::try_from(time)?)
}
