//! Record index files with one fault each.

use super::{Format, Malformed};
use crate::records;

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::RecordIndexFile, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let sound = records::lines().1.to_bytes();
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = sound.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let find = |bytes: &[u8]| sound.windows(bytes.len()).position(|window| window == bytes);
    let rule = find(b"line-raw/1").unwrap();
    // Blocks begin with the number of their tree and a summary, descriptions with a key.
    let block = find(&[0x83, 3, 0x58, 48]).unwrap();
    let directory = find(&[0x84, 3, 0x58, 32]).unwrap();
    let flipped = |at: usize| changed(at, &[sound[at] ^ 1]);
    vec![
        new("block-of-content", changed(block + 1, &[1]), "A block of another tree"),
        new("block-summary", flipped(block + 4), "A block with the summary of other rows"),
        new("directory-key", flipped(directory + 4), "A directory with another first key"),
        new("rule", changed(rule, b"line-raw/2"), "A rule that there is not"),
        new("trailer", flipped(sound.len() - 8), "A trailer that points elsewhere"),
        new("trailing-byte", [&sound[..], &[0]].concat(), "A byte after the trailer"),
        new("truncated", sound[..sound.len() - 1].to_vec(), "The last byte is missing"),
    ]
}
