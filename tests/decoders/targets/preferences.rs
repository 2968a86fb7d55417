//! What publishers state for machines, in every syntax that is read.

use datadeed::rights::{Effect, Observation, Reading, ReadingError, WhyIgnored};
use datadeed::statement::Payload as _;
use datadeed::{Digest, ManifestId, Timestamp};

/// Whether `data` is the number of a syntax, a text in it that states something, and 255.
///
/// Whatever stands there, what is read makes a sound statement, and nothing is
/// permitted without the word that permits.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Some(([first], [text @ .., 255])) = data.split_first_chunk() else { return false };
    let says = |word: &str| text.windows(word.len()).any(|part| part == word.as_bytes());
    let (reading, may_permit) = match first {
        0 => (Reading::content_usage(text), says("=y")),
        1 => (robots_txt(text), says("=y")),
        2 => (Reading::tdm_reservation(text, None), false),
        3 => (Reading::tdmrep_json(text, "/a/b?c"), false),
        // A backslash may spell any letter.
        4 => (Reading::training_mining(text), says("allowed") || says("constrained") || says("\\")),
        5 => (Reading::rsl(text, "https://a.example/a/b?c"), says("permits")),
        _ => return false,
    };
    let Ok(reading) = reading else { return false };
    let permits = reading.rules.iter().any(|rule| rule.effect == Effect::Permit);
    assert!(may_permit || !permits, "{reading:?}");
    for part in &reading.ignored {
        assert!(part.text.len() <= 80, "{part}");
    }
    let all = reading.ignored.iter().all(|part| part.why == WhyIgnored::Elsewhere);
    let states = !reading.rules.is_empty() && all;
    let seen = Observation::new("https://a.example/", "http-get", Digest::of(text), Timestamp::MIN);
    let preference = reading.preference(ManifestId::from_bytes([1; 32]), seen);
    assert_eq!(preference.check(), Ok(()));
    states
}

/// How its lines end makes no difference, nor a blank line between them.
fn robots_txt(text: &[u8]) -> Result<Reading, ReadingError> {
    let read = |text: &[u8]| Reading::robots_txt(text, "ExampleBot", "/a/b?c");
    let reading = read(text);
    if let Ok(expected) = &reading
        && let Ok(found) =
            read(&text.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(&b"\r\n\n"[..]))
    {
        assert_eq!(&found, expected);
    }
    reading
}
