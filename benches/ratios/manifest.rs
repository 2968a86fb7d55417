//! Manifests against the compressions that their definition needs.

use std::hint::black_box;
use std::time::Duration;

use datadeed::manifest::{ManifestBuilder, NameProfile};

use crate::common::file_entries;
use crate::interleave::{each, interleave, timed};

/// Both trees of 1,000,000 entries, sorting included, on one thread v 9 million `blake3::hash(64 B)`.
///
/// The profile is `Any`: what more a profile asks of names is no part of the trees.
pub(crate) fn build_1m() -> f64 {
    let block = [0x5a; 64];
    let build = build(1);
    interleave(5, build, || each(9_000_000, || blake3::hash(black_box(&block))))
}

/// The same on one thread v on two.
pub(crate) fn build_2_threads() -> f64 {
    interleave(5, build(1), build(2))
}

fn build(threads: usize) -> impl Fn() -> Duration {
    let entries = file_entries(1_000_000);
    let builder = ManifestBuilder::new().profile(NameProfile::Any).threads(threads);
    move || {
        let entries = entries.clone();
        timed(|| builder.files(entries).expect("sound entries"))
    }
}
