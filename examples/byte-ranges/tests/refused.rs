//! What a buyer must not accept, and what he is told.

mod common;

use std::fs::File;
use std::io::{self, Read, Seek as _, Write};
use std::sync::LazyLock;

use common::{bytes, file, slice};
use datadeed::Digest;
use datadeed_byte_ranges::{CheckError, CutError, FileSize, Place, SliceError, Span, check, cut};

/// Of the bytes 10,000..15,000 of 20,000: six chunks, 9 to 14.
const SIZE: u64 = 20_000;

fn span() -> Span {
    Span::new(10_000, 15_000).unwrap()
}

/// The fault of a slice, and what was written before it.
#[track_caller]
fn refused_of(slice: &[u8], digest: Digest, size: u64, span: Span) -> (SliceError, Vec<u8>) {
    let mut out = Vec::new();
    match check(slice, digest, size, span, &mut out).unwrap_err() {
        CheckError::Slice(fault) => (fault, out),
        other => panic!("{other:?}"),
    }
}

/// As [`refused_of`], of the file; only bytes of the file were written.
#[track_caller]
fn refused(slice: &[u8]) -> SliceError {
    static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| bytes(SIZE));
    let file = FILE.as_slice();
    let (fault, out) = refused_of(slice, Digest::of(file), SIZE, span());
    assert!(
        file[10_000..15_000].starts_with(&out),
        "{} bytes are not those of the file",
        out.len()
    );
    fault
}

#[test]
fn every_changed_byte_is_refused_where_it_is() {
    let honest = slice(&bytes(SIZE), span());
    let mut places = Vec::new();
    for at in 8..honest.len() {
        let mut changed = honest.clone();
        changed[at] ^= 1;
        let SliceError::Mismatch(place) = refused(&changed) else { panic!("byte {at}") };
        places.push(place);
    }
    places.dedup();
    let hashes = |start: u64, end: u64| Place::Hashes(start * 1024..SIZE.min(end * 1024));
    let chunk = |at: u64| Place::Bytes(at * 1024..(at + 1) * 1024);
    assert_eq!(
        places,
        [
            hashes(0, 32),
            hashes(0, 16),
            hashes(8, 16),
            hashes(8, 12),
            hashes(8, 10),
            chunk(9),
            hashes(10, 12),
            chunk(10),
            chunk(11),
            hashes(12, 16),
            hashes(12, 14),
            chunk(12),
            chunk(13),
            hashes(14, 16),
            chunk(14),
        ]
    );
}

#[test]
fn every_truncation_is_refused_where_it_ends() {
    let honest = slice(&bytes(SIZE), span());
    for end in 0..honest.len() {
        let fault = refused(&honest[..end]);
        assert!(matches!(fault, SliceError::Truncated(_)), "{end}: {fault}");
    }
    assert_eq!(refused(&honest[..7]), SliceError::Truncated(Place::Size));
    assert_eq!(refused(&honest[..8]), SliceError::Truncated(Place::Hashes(0..SIZE)));
    let last = Place::Bytes(14 * 1024..15 * 1024);
    assert_eq!(refused(&honest[..honest.len() - 1]), SliceError::Truncated(last));
}

#[test]
fn bytes_after_the_last_chunk_are_refused() {
    let mut slice = slice(&bytes(SIZE), span());
    slice.push(0);
    let last = Place::Bytes(14 * 1024..15 * 1024);
    assert_eq!(refused(&slice), SliceError::TrailingBytes(last));
}

#[test]
fn a_slice_of_another_range_is_refused() {
    let of = |text: &str| refused(&slice(&bytes(SIZE), text.parse().unwrap()));
    let chunk = |at: u64| Place::Bytes(at * 1024..(at + 1) * 1024);
    // It begins elsewhere, ends later, or ends earlier.
    assert_eq!(of("0..5000"), SliceError::Mismatch(Place::Hashes(8 * 1024..16 * 1024)));
    assert_eq!(of("8192..15000"), SliceError::Mismatch(chunk(9)));
    assert_eq!(of("10000..16000"), SliceError::TrailingBytes(chunk(14)));
    assert_eq!(of("10000..14000"), SliceError::Truncated(Place::Hashes(14 * 1024..16 * 1024)));
    // What has the same chunks is the same slice.
    let same = slice(&bytes(SIZE), Span::new(9 * 1024, 15 * 1024).unwrap());
    assert!(same == slice(&bytes(SIZE), span()));
}

#[test]
fn a_slice_of_another_file_is_refused() {
    let mut other = bytes(SIZE);
    other[19_999] ^= 1; // far from what was bought
    let root = SliceError::Mismatch(Place::Hashes(0..SIZE));
    assert_eq!(refused(&slice(&other, span())), root);
}

#[test]
fn another_size_is_refused_before_anything_is_read() {
    let mut slice = slice(&bytes(SIZE), span());
    for found in [0, SIZE - 1, SIZE + 1, u64::MAX] {
        slice[..8].copy_from_slice(&found.to_le_bytes());
        assert_eq!(refused(&slice), SliceError::Size { found, expected: SIZE });
    }
}

#[test]
fn a_manifest_that_lies_about_the_size_moves_no_byte() {
    let file = bytes(SIZE);
    let honest = slice(&file, span());
    for size in (0..3 * SIZE).step_by(97).chain([u64::MAX - 1024, u64::MAX]) {
        let (mut lie, mut out) = (honest.clone(), Vec::new());
        lie[..8].copy_from_slice(&size.to_le_bytes());
        if let Ok(proven) = check(lie.as_slice(), Digest::of(&file), size, span(), &mut out) {
            assert_eq!(proven.size, FileSize::Stated);
            assert_eq!(proven.bytes, 10_000..15_000);
        }
        assert!(file[10_000..15_000].starts_with(&out), "{size}");
    }
}

#[test]
fn the_end_of_the_file_tells_a_lie_about_its_size() {
    let file = bytes(SIZE);
    let honest = slice(&file, Span::starting(SIZE));
    for size in (0..3 * SIZE).filter(|size| *size != SIZE).step_by(89).chain([u64::MAX]) {
        let mut lie = honest.clone();
        lie[..8].copy_from_slice(&size.to_le_bytes());
        let fault = refused_of(&lie, Digest::of(&file), size, Span::starting(size)).0;
        assert!(matches!(fault, SliceError::Mismatch(_) | SliceError::Truncated(_)), "{fault}");
    }
}

#[test]
fn an_empty_file_is_not_accepted_for_another() {
    let empty = slice(b"", Span::ALL);
    assert_eq!(empty, [0; 8]);
    let nothing = Place::Bytes(0..0);
    let fault = refused_of(&empty, Digest::of(b"x"), 0, Span::ALL).0;
    assert_eq!(fault, SliceError::Mismatch(nothing));
}

#[test]
fn a_source_that_fails_is_no_slice_that_ends() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    let honest = slice(&bytes(SIZE), span());
    for end in [0, 8, 100, honest.len() - 1, honest.len()] {
        let source = honest[..end].chain(Failing);
        let error = check(source, Digest::of(&bytes(SIZE)), SIZE, span(), Vec::new()).unwrap_err();
        let CheckError::Read(error) = error else { panic!("{end}: {error:?}") };
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
}

#[test]
fn a_file_that_changes_while_it_is_cut_gives_no_slice() {
    /// Changes the file as soon as something of the slice is written.
    struct Meddling<'a>(&'a File);
    impl Write for Meddling<'_> {
        fn write(&mut self, slice: &[u8]) -> io::Result<usize> {
            self.0.rewind()?;
            self.0.write_all(&vec![0xff; 20_000])?;
            Ok(slice.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let changing = file(&bytes(SIZE));
    let error = cut(&changing, span(), file(b""), Meddling(&changing)).unwrap_err();
    assert!(matches!(error, CutError::Changed { at: 9216 }), "{error:?}");
}
