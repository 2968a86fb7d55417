//! Manifests against the compressions that their definition needs.

use std::hint::black_box;

use datadeed::manifest::{Manifest, Profile};

use crate::common::file_entries;
use crate::interleave::{each, interleave, timed};

/// Both trees of 1,000,000 entries, sorting included, on one thread v 9 million `blake3::hash(64 B)`.
///
/// The profile is `Any`: what more a profile asks of names is no part of the trees.
pub(crate) fn build_1m() -> f64 {
    let entries = file_entries(1_000_000);
    let block = [0x5a; 64];
    interleave(
        5,
        || {
            let entries = entries.clone();
            timed(|| Manifest::files(entries, Profile::Any).expect("sound entries"))
        },
        || each(9_000_000, || blake3::hash(black_box(&block))),
    )
}
