//! Partial files with one fault each.

use super::{Format, Malformed};
use crate::partial_files;

fn new(name: &str, bytes: Vec<u8>, shows: &'static str) -> Malformed {
    Malformed::new(Format::PartialFile, name, bytes, shows)
}

pub(super) fn all() -> Vec<Malformed> {
    let sound = partial_files::shards().to_bytes();
    let changed = |at: usize, bytes: &[u8]| {
        let mut changed = sound.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let id = |id: &[u8]| sound.windows(id.len()).position(|window| window == id).unwrap();
    // After the id a byte string of 48 bytes, in it the count after 32 of them.
    let count = id(b"part-1") + 6 + 2 + 32;
    vec![
        new(
            "commitment",
            changed(count - 1, &[sound[count - 1] ^ 1]),
            "A commitment to other rows",
        ),
        new("count", changed(count, &[3]), "A commitment to more rows than the block has"),
        new(
            "shard-order",
            changed(id(b"part-1"), b"part-9"),
            "Shards out of the order of their ids",
        ),
        new("shard-twice", changed(id(b"part-2"), b"part-1"), "A shard that stands twice"),
        new("trailing-byte", [&sound[..], &[0]].concat(), "A byte after the last shard"),
        new("truncated", sound[..sound.len() - 1].to_vec(), "The last byte is missing"),
    ]
}
