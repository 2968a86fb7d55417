//! Manifest files with one fault each.

use datadeed::manifest::Composite;

use super::raw::{bytes, map, text, uint};
use super::{Format, Malformed};
use crate::manifest_files;
use crate::manifests::manifest;

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::ManifestFile, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let sound = manifest_files::with_sha256().to_bytes();
    let end = sound.len();
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = sound.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    // The trailer ends the file; the directory begins where it says.
    let directory = usize::try_from(u64::from_le_bytes(*sound.last_chunk().unwrap())).unwrap();
    // Content rows end the last block, 37 bytes each.
    let rows = directory - 3 * 37;
    let swapped = [&sound[rows + 37..rows + 74], &sound[rows..rows + 37]].concat();
    // The block of parts ends with a summary, before it the SHA-256 of its entries.
    let content = after(&sound, &[0x58, 0xa4, 0x83, 0x01]) - 4;
    let column = content - 2 - 48 - 1;
    let length = after(&sound[directory..], &[0x19, 0x01]) + directory;
    let weights = manifest("tensors").head().clone();
    let files = manifest("files-many").head().clone();
    let composite = Composite::model(weights, files).unwrap();
    let composite = vec![(text("v"), uint(1)), (text("head"), composite.head().to_bytes())];
    vec![
        new("composite", bytes(&map(&composite)), "The header of a composite, which has no rows"),
        new("count", changed(content - 16, &[5]), "A subtree of another count than its rows have"),
        new("directory-length", changed(length, &[0xee]), "A length that is not that of the block"),
        new("row-order", changed(rows, &swapped), "Rows of a block out of key order"),
        new(
            "sha256",
            changed(column, &[sound[column] ^ 1]),
            "One bit of the SHA-256 of an entry differs",
        ),
        new("trailer", changed(end - 8, &[0]), "A trailer that points elsewhere"),
        new("trailing-byte", [&sound[..], &[0]].concat(), "A byte after the trailer"),
        new("truncated", sound[..end - 1].to_vec(), "The last byte is missing"),
    ]
}

/// Where the first occurrence of `pattern` ends.
fn after(bytes: &[u8], pattern: &[u8]) -> usize {
    let at = bytes.windows(pattern.len()).position(|window| window == pattern);
    at.unwrap() + pattern.len()
}
