//! Slices held against those of the `bao` crate, both ways.

mod common;

use std::io::{Cursor, Read};

use bao::decode::SliceDecoder;
use bao::encode::SliceExtractor;
use common::{bytes, slice};
use datadeed::Digest;
use datadeed_byte_ranges::{FileSize, Span, check};
use proptest::prelude::*;

/// The slice that `bao` makes of the same bytes; no bytes are as one to it.
fn theirs(file: &[u8], start: u64, len: u64) -> Vec<u8> {
    let (encoded, hash) = bao::encode::encode(file);
    assert_eq!(hash.as_bytes(), Digest::of(file).as_bytes());
    let mut slice = Vec::new();
    SliceExtractor::new(Cursor::new(encoded), start, len).read_to_end(&mut slice).unwrap();
    slice
}

/// Both make the same slice of `start..start + len`, and both read it alike.
#[track_caller]
fn agree(size: u64, start: u64, len: u64) {
    let file = bytes(size);
    let span = Span::new(start, start.saturating_add(len)).unwrap();
    let ours = slice(&file, span);
    assert!(ours == theirs(&file, start, len), "{span} of {size} bytes is cut otherwise");

    let digest = Digest::of(&file);
    let mut out = Vec::new();
    let proven = check(ours.as_slice(), digest, size, span, &mut out).unwrap();
    let within = span.within(size);
    assert_eq!(proven.bytes, within);
    let expected =
        &file[usize::try_from(within.start).unwrap()..usize::try_from(within.end).unwrap()];
    assert!(out == expected, "{span} of {size} bytes are others");

    let mut read = Vec::new();
    let hash = (*digest.as_bytes()).into();
    SliceDecoder::new(ours.as_slice(), &hash, start, len).read_to_end(&mut read).unwrap();
    assert!(read == expected, "bao reads other bytes of {span} of {size}");
}

#[test]
fn sizes_and_ranges_around_chunks_agree() {
    let sizes = [0, 1, 2, 1023, 1024, 1025, 2047, 2048, 2049, 3072, 3073, 4096, 4097, 7168, 16_385];
    let places = [0, 1, 1023, 1024, 1025, 2047, 2048, 2049, 4096, 4097, 16_384, 16_385, 16_386];
    for size in sizes {
        for start in places {
            for len in places {
                agree(size, start, len);
            }
        }
    }
}

#[test]
fn every_range_of_whole_chunks_agrees() {
    for chunks in 1..=9 {
        for start in 0..chunks {
            for len in 1..=chunks - start {
                agree(chunks * 1024 - 1, start * 1024, len * 1024);
            }
        }
    }
}

#[test]
fn a_range_past_the_end_proves_the_size_alone() {
    for (size, start, len) in [(0, 0, 0), (0, 7, 7), (5000, 5000, 0), (5000, 9000, u64::MAX)] {
        agree(size, start, len);
        let (file, mut out) = (bytes(size), Vec::new());
        let span = Span::starting(start);
        let slice = slice(&file, span);
        let proven = check(slice.as_slice(), Digest::of(&file), size, span, &mut out).unwrap();
        assert_eq!((proven.size, out), (FileSize::Proven, vec![]));
    }
}

#[test]
fn no_bytes_prove_the_chunk_where_they_would_stand() {
    agree(5000, 1024, 0);
    let span = Span::new(1024, 1024).unwrap();
    let slice = slice(&bytes(5000), span);
    // The root, the node over four chunks, that over the first two, and the second chunk.
    assert_eq!(slice.len(), 8 + 3 * 64 + 1024);
    let digest = Digest::of(&bytes(5000));
    let proven = check(slice.as_slice(), digest, 5000, span, Vec::new()).unwrap();
    assert_eq!((proven.bytes, proven.size), (1024..1024, FileSize::Stated));
}

#[test]
fn three_percent_of_some_megabytes_cost_three_percent() {
    let size = 4_000_037;
    let (start, len) = (1_234_567, size * 3 / 100);
    agree(size, start, len);
    let slice = slice(&bytes(size), Span::new(start, start + len).unwrap());
    assert!(slice.len() as u64 <= len + len / 16 + 2 * 1024 + 2 * 12 * 64, "{}", slice.len());
}

#[test]
fn the_whole_file_is_the_combined_encoding() {
    for size in [0, 1, 1024, 4_000_037] {
        let file = bytes(size);
        assert!(slice(&file, Span::ALL) == bao::encode::encode(&file).0, "{size} bytes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_range_of_any_file_agrees(size in 0..40_000_u64, start in 0..45_000_u64, len in 0..45_000_u64) {
        agree(size, start, len);
    }
}
