//! Checkpoints with one fault each. What is wrong with their text is signed by the log.

use datadeed::key::{Signer as _, SigningKey};

use super::{Format, Malformed};
use crate::logs;
use crate::oracle::sha256;
use crate::statement::SEED;

const ROOT: &str = "VBleKrB27z0mJzOY0pkM7GuXrg4s1vCMXclfPXPOlLg=";

fn alone() -> String {
    let alone = logs::checkpoint().into_iter().find(|(name, _)| *name == "alone").unwrap().1;
    String::from_utf8(alone).unwrap()
}

/// A text with the plain signature of the log under it.
fn signed(text: &str) -> Vec<u8> {
    format!("{text}\n{}", line(text)).into_bytes()
}

fn line(text: &str) -> String {
    let key = SigningKey::from_seed(&SEED);
    let origin = "registry.example/log";
    let public = key.public_key();
    let id = sha256(&[origin.as_bytes(), b"\n\x01", public.as_bytes()].concat());
    let signature = key.sign(text.as_bytes()).unwrap();
    let bytes = [&id[..4], signature.as_bytes()].concat();
    format!("\u{2014} {origin} {}\n", data_encoding::BASE64.encode(&bytes))
}

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::Checkpoint, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let text = format!("registry.example/log\n12\n{ROOT}\n");
    let sound = alone();
    assert!(sound.starts_with(&String::from_utf8(signed(&text)).unwrap()));
    let mut vectors = texts();
    vectors.extend(signatures(&text, &sound));
    vectors
}

fn texts() -> Vec<Malformed> {
    let of = |origin: &str, size: &str, root: &str| signed(&format!("{origin}\n{size}\n{root}\n"));
    let sized = |size: &str| of("registry.example/log", size, ROOT);
    let rooted = |root: &str| of("registry.example/log", "12", root);
    let named = |origin: &str| of(origin, "12", ROOT);
    let extended = |line: &str| signed(&format!("registry.example/log\n12\n{ROOT}\n{line}\n"));
    let unpadded = ROOT.trim_end_matches('=');
    let loose = format!("{}h=", unpadded.strip_suffix('g').unwrap());
    vec![
        new("empty-log", sized("0"), "A log without entries, with a root"),
        new("extension-control", extended("a\tb"), "A tab in an extension line"),
        new("origin-plus", named("registry.example+log"), "An origin with a plus sign"),
        new("origin-space", named("registry example/log"), "An origin with a space"),
        new("root-loose", rooted(&loose), "A root with unused bits that are not 0"),
        new("root-missing", signed("registry.example/log\n12\n"), "A text of two lines"),
        new("root-short", rooted("AAAA"), "A root of 3 bytes"),
        new("root-unpadded", rooted(unpadded), "A root without padding"),
        new("size-beyond", sized("18446744073709551616"), "A size of 2^64"),
        new("size-negative", sized("-12"), "A size below 0"),
        new("size-plus", sized("+12"), "A size with a sign"),
        new("size-zeros", sized("012"), "A size with a 0 before it"),
    ]
}

fn signatures(text: &str, sound: &str) -> Vec<Malformed> {
    let under = |lines: &str| format!("{text}\n{lines}").into_bytes();
    let line = line(text);
    let other = format!("registry.example/log\n13\n{ROOT}\n");
    let flipped = sound.replacen("\n12\n", "\n13\n", 1);
    let unpadded = line.replace('=', "");
    assert_ne!(unpadded, line);
    let no_utf8 = [sound.as_bytes(), &[0xff]].concat();
    vec![
        new("line-empty", [sound.as_bytes(), b"\n"].concat(), "An empty line after the end"),
        new(
            "line-hyphen",
            under(&line.replace('\u{2014}', "-")),
            "A hyphen in the place of the dash",
        ),
        new(
            "line-short",
            under("\u{2014} registry.example/log j4Qwjf==\n"),
            "A signature shorter than a key id",
        ),
        new("line-unpadded", under(&unpadded), "A signature without padding"),
        new("no-signature", text.as_bytes().to_vec(), "A text that nobody signed"),
        new("signature-none", under(""), "No line after the empty one"),
        new("signature-of-other", under(&self::line(&other)), "A signature of another text"),
        new("signatures-65", under(&line.repeat(65)), "A signature 65 times"),
        new("size-changed", flipped.into_bytes(), "A size that the log did not sign"),
        new(
            "stranger",
            under(&line.replace("registry.example/log", "court.example/w")),
            "A signature under another name alone",
        ),
        new(
            "truncated",
            sound.as_bytes()[..sound.len() - 1].to_vec(),
            "The last newline is missing",
        ),
        new("utf8", no_utf8, "A byte that is not UTF-8 after the end"),
    ]
}
