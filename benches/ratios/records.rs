//! Records against the hashes that their keys are.

use std::hint::black_box;

use datadeed::manifest::{RecordIndexBuilder, RecordRule};
use datadeed::{Digest, ManifestId};

use crate::data;
use crate::interleave::{interleave, timed};

const LINES: usize = 1_000_000;
const LINE: usize = 200;

/// Digests of 1,000,000 lines of 200 B, collected for an index, v `blake3::hash` of each line, on one thread.
pub(crate) fn line_raw() -> f64 {
    let file = file();
    let lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').take(LINES).collect();
    let index = || {
        let of = ManifestId::from_bytes([7; 32]);
        let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
        builder.file(black_box(&file)).expect("lines are any bytes");
        builder
    };
    let hash = || lines.iter().map(|line| Digest::of(black_box(line))).collect::<Vec<_>>();
    interleave(5, || timed(index), || timed(hash))
}

/// 1,000,000 lines of 200 B, all different.
fn file() -> Vec<u8> {
    let mut file = Vec::new();
    let size = u64::try_from(LINES * (LINE + 1)).expect("a size");
    data::write(&mut file, 1, size).expect("memory takes every write");
    for line in file.chunks_mut(LINE + 1) {
        line.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
        if let Some(last) = line.last_mut() {
            *last = b'\n';
        }
    }
    file
}
