//! Files to cut from.
#![allow(dead_code, reason = "each test uses a part")]

use std::fs::File;
use std::io::{Seek as _, Write as _};

use datadeed_byte_ranges::{Span, cut};

/// Some bytes that do not repeat with the chunks.
pub(crate) fn bytes(size: u64) -> Vec<u8> {
    (0..size).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()[7]).collect()
}

/// A file that is gone when it is closed.
pub(crate) fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// The slice of a file with these bytes.
pub(crate) fn slice(bytes: &[u8], span: Span) -> Vec<u8> {
    let mut slice = Vec::new();
    cut(&file(bytes), span, file(b""), &mut slice).unwrap();
    slice
}
