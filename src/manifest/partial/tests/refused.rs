//! Partial files with one fault each, and its exact error.

use std::io::{self, Read};

use super::*;
use crate::cbor::encode;
use crate::limits::{BLOCK_ROWS, MAX_PARTIAL_ITEM};

type Fault = PartialFileError;

/// An item with its head, around these pieces.
fn item(pieces: &[&[u8]]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.bytes(&pieces.concat());
    writer.finish()
}

fn header(shards: u8) -> Vec<u8> {
    item(&[b"\xa2\x61v\x01\x66shards", &[shards]])
}

fn shard(name: &str, commitment: Summary) -> Vec<u8> {
    item(&[b"\x82", &encode(&name.to_owned()), &encode(&commitment)])
}

fn block(files: &[FileEntry]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(files.len());
    for file in files {
        file.encode(&mut writer);
    }
    item(&[writer.as_bytes()])
}

/// In order of names.
fn rows(files: &[(&str, &str)]) -> Vec<FileEntry> {
    let rows = partial("1", files).shards.into_values().flat_map(|shard| shard.rows);
    rows.map(|row| row.entry).collect()
}

const FILES: &[(&str, &str)] = &[("a", "x"), ("b", "y"), ("c", "z")];

#[track_caller]
fn refused(items: &[Vec<u8>]) -> Fault {
    let bytes = items.concat();
    let error = Partial::decode(&bytes).expect_err("a faulty file");
    let streamed = Partial::read_from(bytes.as_slice()).expect_err("a faulty file");
    assert!(matches!(streamed, PartialReadError::File(streamed) if streamed == error));
    error
}

fn cbor(offset: usize, fault: CborFault) -> Fault {
    Fault::Cbor(CborError::new(offset, fault))
}

#[test]
fn the_bytes_are_those_of_the_grammar() {
    let sound = [header(1), shard("1", commitment(FILES)), block(&rows(FILES))].concat();
    assert_eq!(partial("1", FILES).to_bytes(), sound);
}

#[test]
fn every_truncation_is_told() {
    let bytes = partial("1", FILES).to_bytes();
    for len in 0..bytes.len() {
        let Err(Fault::Truncated { offset, .. }) = Partial::decode(&bytes[..len]) else {
            panic!("{len} bytes are accepted");
        };
        assert_eq!(offset, len as u64);
    }
}

#[test]
fn no_byte_may_follow() {
    let bytes = partial("1", FILES).to_bytes();
    let end = bytes.len() as u64;
    assert_eq!(refused(&[bytes, vec![0]]), Fault::TrailingBytes { offset: end });
    let fewer = [header(0), shard("1", Summary::EMPTY)];
    assert_eq!(refused(&fewer), Fault::TrailingBytes { offset: header(0).len() as u64 });
}

#[test]
fn shards_stand_in_order_and_once() {
    let of = |names: [&str; 2]| {
        refused(&[header(2), shard(names[0], Summary::EMPTY), shard(names[1], Summary::EMPTY)])
    };
    assert_eq!(of(["2", "1"]), Fault::UnorderedShard { shard: id("1"), last: id("2") });
    assert_eq!(of(["1", "1"]), Fault::UnorderedShard { shard: id("1"), last: id("1") });
    // Bytewise, not by number.
    assert_eq!(of(["2", "10"]), Fault::UnorderedShard { shard: id("10"), last: id("2") });
}

#[test]
fn rows_stand_in_order_of_names_and_once() {
    let rows = rows(FILES);
    let of = |rows: &[FileEntry]| refused(&[header(1), shard("1", commitment(FILES)), block(rows)]);
    let [a, b, c] = rows.as_slice() else { panic!("three rows") };
    let unordered = |row| Fault::Unordered { shard: id("1"), row };
    assert_eq!(of(&[b.clone(), a.clone(), c.clone()]), unordered(1));
    assert_eq!(of(&[a.clone(), b.clone(), b.clone()]), unordered(2));
}

#[test]
fn a_commitment_is_recomputed() {
    let (found, expected) =
        (commitment(&[("a", "x"), ("b", "y"), ("c", "other")]), commitment(FILES));
    let items = [header(1), shard("1", found), block(&rows(FILES))];
    // Only the sizes tell otherwise, as they are part of the summary.
    assert_eq!(refused(&items), Fault::Commitment { shard: id("1"), found, expected });
}

#[test]
fn a_block_has_the_rows_of_its_place() {
    let fault = |found, expected| Fault::Block { shard: id("1"), row: 0, found, expected };
    let two = rows(&FILES[..2]);
    assert_eq!(refused(&[header(1), shard("1", commitment(FILES)), block(&two)]), fault(2, 3));
    let more = shard("1", commitment(&FILES[..2]));
    assert_eq!(refused(&[header(1), more, block(&rows(FILES))]), fault(3, 2));

    let many: Vec<FileEntry> = (0..=BLOCK_ROWS).map(|i| file(&i.to_string(), "x")).collect();
    let many = Partial::files(id("1"), many).unwrap();
    let (_, whole) = many.shards().next().unwrap();
    let all: Vec<FileEntry> =
        many.shards.values().flat_map(|shard| &shard.rows).map(|row| row.entry.clone()).collect();
    let one_block = [header(1), shard("1", *whole), block(&all)];
    assert_eq!(refused(&one_block), fault(4_097, 4_096));
}

#[test]
fn names_are_checked_alone_and_within_their_shard() {
    let dots = FileEntry::new("..", 1, Digest::of(b"x"));
    let source = NameError::DotComponent { name: "..".into() }.into();
    let items = [header(1), shard("1", commitment(&FILES[..1])), block(&[dots])];
    assert_eq!(refused(&items), Fault::Entry { shard: id("1"), row: 0, source });

    let entries = [file("a", "x"), file("a/b", "y")];
    let commitment = commitment(&FILES[..2]);
    let source = NameError::FileAndDirectory { name: "a".into() }.into();
    let items = [header(1), shard("1", commitment), block(&entries)];
    assert_eq!(refused(&items), Fault::Entries { shard: id("1"), source });
}

#[test]
fn sizes_that_overflow_are_refused() {
    let huge = [("a", u64::MAX), ("b", 1)]
        .map(|(name, size)| FileEntry::new(name, size, Digest::of(name.as_bytes())));
    let source = TreeError::SumOverflow.into();
    let items = [header(1), shard("1", commitment(&FILES[..2])), block(&huge)];
    assert_eq!(refused(&items), Fault::Entries { shard: id("1"), source });
}

#[test]
fn items_are_the_cbor_that_they_should_be() {
    let sound = header(1).len();
    let bad = item(&[b"\x82\x61\n", &encode(&Summary::EMPTY)]);
    let fault = CborFault::Unreadable { expected: "the id of a shard" };
    assert_eq!(refused(&[header(1), bad]), cbor(sound + 3, fault));
    let empty = item(&[b"\x82\x60", &encode(&Summary::EMPTY)]);
    let fault = CborFault::Unreadable { expected: "the id of a shard" };
    assert_eq!(refused(&[header(1), empty]), cbor(sound + 3, fault));
    let version = item(&[b"\xa2\x61v\x02\x66shards\x00"]);
    let fault = CborFault::Mismatch { found: "2".into(), expected: "1".into() };
    assert_eq!(refused(&[version]), cbor(4, fault));
    let fault = CborFault::UnexpectedType { found: "array", expected: "byte string" };
    assert_eq!(refused(&[vec![0x80]]), cbor(0, fault));
    let (start, content) = (sound, vec![0x59, 0xff, 0xff]);
    let fault = CborFault::TooLong { found: 0xffff, limit: MAX_PARTIAL_ITEM };
    assert_eq!(refused(&[header(1), content]), cbor(start, fault));
}

#[test]
fn an_announced_length_allocates_nothing() {
    // 2^64 - 1 shards, or a shard of as many rows, of which none comes.
    let many = item(&[b"\xa2\x61v\x01\x66shards\x1b\xff\xff\xff\xff\xff\xff\xff\xff"]);
    let end = many.len() as u64;
    assert_eq!(refused(&[many]), Fault::Truncated { start: end, offset: end });
    let mut bytes = commitment(FILES).to_bytes();
    bytes[32..40].fill(0xff);
    let rows = [header(1), shard("1", Summary::from_bytes(&bytes).unwrap())];
    let end = rows.concat().len() as u64;
    assert_eq!(refused(&rows), Fault::Truncated { start: end, offset: end });
}

#[test]
fn a_failing_stream_is_told_from_a_short_file() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }
    let begin = header(1);
    let read = Partial::read_from(begin.as_slice().chain(Broken));
    let Err(PartialReadError::Read { offset, .. }) = read else { panic!("a failed stream") };
    assert_eq!(offset, begin.len() as u64);
}
