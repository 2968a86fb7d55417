//! Whatever a publisher writes: no panic, and no permission that nobody wrote.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::statement::Payload as _;

/// Every parser over one text.
fn every(text: &[u8]) -> Vec<Result<Reading, ReadingError>> {
    vec![
        Reading::content_usage(text),
        Reading::robots_txt(text, "ExampleBot", "/a/b?c"),
        Reading::tdm_reservation(text, Some(text)),
        Reading::tdmrep_json(text, "/a/b?c"),
        Reading::training_mining(text),
        Reading::rsl(text, "https://a.example/a/b?c"),
    ]
}

/// Pieces of all the syntaxes, without any of the words that allow something.
const PIECES: &[&str] = &[
    "train-ai",
    "ai-use",
    "search",
    "=n",
    "=?1",
    "=\"y\"",
    ", ",
    ";y",
    ";a=1",
    "(",
    ")",
    "=Y",
    "=yes",
    "User-agent: *\n",
    "User-agent: ExampleBot\n",
    "Allow: /\n",
    "Disallow: /a*\n",
    "Content-Usage: ",
    "Content-Usage: /a ",
    "\n",
    "#",
    "*",
    "$",
    "%41",
    "1",
    "0",
    " ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    ":",
    ",",
    "\"location\": \"/\"",
    "\"tdm-reservation\": ",
    "\"entries\": ",
    "\"cawg.ai_training\": ",
    "\"c2pa.data_mining\": ",
    "\"use\": ",
    "\"notAllowed\"",
    "\"Allowed\"",
    "\"not allowed\"",
    "<rsl xmlns=\"https://rslstandard.org/rsl\">",
    "</rsl>",
    "<content url=\"/\">",
    "</content>",
    "<license>",
    "</license>",
    "<prohibits type=\"usage\">",
    "</prohibits>",
    "ai-all",
    "ai-train",
    "<payment type=\"free\"/>",
    "<permit type=\"usage\">",
    "</permit>",
    "<!--",
    "-->",
    "&amp;",
    "\u{e9}",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

/// A text that allows something, with the bytes that say so.
const ALLOWING: &[(&str, &str)] = &[
    ("train-ai=y", "=y"),
    ("User-agent: *\nContent-Usage: train-ai=y\n", "=y"),
    (r#"{"entries": {"cawg.ai_training": {"use": "allowed"}}}"#, r#""allowed""#),
    (
        r#"<rsl xmlns="https://rslstandard.org/rsl"><content url="/"><license><permits type="usage">all</permits></license></content></rsl>"#,
        "<permits type=\"usage\">all",
    ),
];

fn permits(reading: &Result<Reading, ReadingError>) -> bool {
    let rules = reading.as_ref().map(|reading| reading.rules.clone()).unwrap_or_default();
    rules.iter().any(|rule| rule.effect == Effect::Permit)
}

#[test]
fn the_allowing_texts_allow() {
    for (text, token) in ALLOWING {
        assert!(text.contains(token));
        assert!(every(text.as_bytes()).iter().any(permits), "{text}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(text in prop::collection::vec(any::<u8>(), 0..200)) {
        every(&text);
    }

    #[test]
    fn any_address_is_taken_or_refused(address in ".{0,40}") {
        Reading::robots_txt(b"User-agent: *\nDisallow: /*a$", "a", &address).ok();
        Reading::tdmrep_json(br#"[{"location": "*"}]"#, &address).ok();
        Reading::rsl(br#"<rsl xmlns="https://rslstandard.org/rsl"><content url="/"/></rsl>"#, &address).ok();
    }

    #[test]
    fn nothing_is_permitted_where_no_word_permits(text in text()) {
        for reading in every(text.as_bytes()) {
            prop_assert!(!permits(&reading), "{text:?} {reading:?}");
        }
    }

    #[test]
    fn a_changed_byte_of_the_word_that_permits_takes_the_permission_away(
        (text, token) in select(ALLOWING),
        offset in any::<prop::sample::Index>(),
        byte in 0x21..0x7f_u8,
    ) {
        let at = text.find(token).unwrap() + offset.index(token.len());
        let mut changed = text.as_bytes().to_vec();
        // White space may stand in XML, and quotes may be of the other kind if both are.
        prop_assume!(changed[at] != byte && changed[at] != b' ');
        changed[at] = byte;
        for reading in every(&changed) {
            prop_assert!(!permits(&reading), "{:?} {reading:?}", String::from_utf8_lossy(&changed));
        }
    }

    #[test]
    fn whatever_is_read_is_a_sound_preference(text in text()) {
        for reading in every(text.as_bytes()).into_iter().flatten() {
            prop_assert_eq!(seen(reading).check(), Ok(()));
        }
    }
}
