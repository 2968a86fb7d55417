//! Timestamps as text.

use datadeed::Timestamp;

/// Whether `data` is a timestamp; there is one spelling of each.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(data) else { return false };
    let Ok(time) = text.parse::<Timestamp>() else { return false };
    assert_eq!(time.to_string(), text);
    assert_eq!(Timestamp::from_seconds(time.seconds()), Ok(time));
    true
}
