//! Typed reads: one fault each, with its exact error and offset.

use super::*;
use crate::cbor::CborFault as F;
use crate::limits::MAX_STATEMENT;

/// What one typed read says of some bytes, and what it passed over.
type Read = fn(&mut Reader<'_>) -> Result<(), CborError>;

const BOOL: Read = |reader| reader.bool().map(drop);
const UINT: Read = |reader| reader.uint().map(drop);
const NINT: Read = |reader| reader.nint().map(drop);
const INT: Read = |reader| reader.int().map(drop);
const BYTES: Read = |reader| reader.bytes(3).map(drop);
const BYTES_HEAD: Read = |reader| reader.bytes_head(3).map(drop);
const TEXT: Read = |reader| reader.text(3).map(drop);
const FIXED: Read = |reader| reader.fixed::<2>().map(drop);
const ARRAY: Read = |reader| reader.array(2).map(drop);
const FIVE: Read = |reader| reader.exact_array(5);
const SHAPE: Read = |reader| reader.array_or_empty(2).map(drop);
const MAP: Read = |reader| reader.map(2).map(drop);
const HEADER: Read = |reader| reader.map_or_empty(2).map(drop);
const EIGHTEEN: Read = |reader| reader.tag(18);
const SEVEN: Read = |reader| reader.exactly(7);
const WORD: Read = |reader| reader.exact_text("word");
const NULL: Read = |reader| reader.null().map(drop);
const SKIP: Read = |reader| reader.skip();

const fn unexpected(found: &'static str, expected: &'static str) -> CborFault {
    F::UnexpectedType { found, expected }
}

const fn length(found: u64, expected: u64) -> CborFault {
    F::OutOfRange { found, min: expected, max: expected }
}

fn mismatch(found: &str, expected: &str) -> CborFault {
    F::Mismatch { found: found.into(), expected: expected.into() }
}

/// Bytes stand after a first item, so that offsets show.
#[test]
fn every_typed_read_names_and_places_its_fault() {
    let cases: &[(Read, &[u8], CborFault)] = &[
        // Every type where another is expected.
        (BYTES, b"\x00", unexpected("unsigned integer", "byte string")),
        (BYTES, b"\x20", unexpected("negative integer", "byte string")),
        (TEXT, b"\x40", unexpected("byte string", "text string")),
        (BYTES, b"\x60", unexpected("text string", "byte string")),
        (UINT, b"\x80", unexpected("array", "unsigned integer")),
        (NINT, b"\xa0", unexpected("map", "negative integer")),
        (ARRAY, b"\xf5", unexpected("simple value", "array")),
        (MAP, b"\xf4", unexpected("simple value", "map")),
        (EIGHTEEN, b"\x12", unexpected("unsigned integer", "tag")),
        (BOOL, b"\x14", unexpected("unsigned integer", "boolean")),
        (INT, b"\x60", unexpected("text string", "integer")),
        (UINT, b"\x20", unexpected("negative integer", "unsigned integer")),
        // A tag, and a simple value other than a boolean, say more than their type.
        (UINT, b"\xd2\x00", F::Tag { found: 18 }),
        (BOOL, b"\xd2\xf4", F::Tag { found: 18 }),
        (INT, b"\xd2\x00", F::Tag { found: 18 }),
        (EIGHTEEN, b"\xd1\x00", F::Tag { found: 17 }),
        (UINT, b"\xf6", F::Simple { found: 22 }),
        (BOOL, b"\xf6", F::Simple { found: 22 }),
        (BOOL, b"\xf3", F::Simple { found: 19 }),
        (INT, b"\xf7", F::Simple { found: 23 }),
        // Heads.
        (UINT, b"", F::Truncated),
        (UINT, b"\x18\x17", F::NonMinimal),
        (UINT, b"\x1c", F::Reserved),
        (BYTES, b"\x5f\xff", F::IndefiniteLength),
        (BOOL, b"\xf9\x00\x00", F::Float),
        // Lengths.
        (BYTES, b"\x44abcd", F::TooLong { found: 4, limit: 3 }),
        (BYTES_HEAD, b"\x44", F::TooLong { found: 4, limit: 3 }),
        (BYTES_HEAD, b"\x63", unexpected("text string", "byte string")),
        (TEXT, b"\x64abcd", F::TooLong { found: 4, limit: 3 }),
        (BYTES, b"\x43ab", F::Truncated),
        (TEXT, b"\x63ab", F::Truncated),
        (TEXT, b"\x61\xff", F::Utf8),
        (FIXED, b"\x41a", length(1, 2)),
        (FIXED, b"\x43abc", length(3, 2)),
        (FIXED, b"\x42a", F::Truncated),
        (ARRAY, b"\x80", F::EmptyCollection),
        (ARRAY, b"\x83\x00\x00\x00", F::TooLong { found: 3, limit: 2 }),
        (ARRAY, b"\x82\x00", F::Truncated),
        (FIVE, b"\x84\x00\x00\x00\x00", length(4, 5)),
        (SHAPE, b"\x83\x00\x00\x00", F::TooLong { found: 3, limit: 2 }),
        (MAP, b"\xa0", F::EmptyCollection),
        (MAP, b"\xa3\x00\x00\x01\x00\x02\x00", F::TooLong { found: 3, limit: 2 }),
        (MAP, b"\xa2\x00\x00\x01", F::Truncated),
        (HEADER, b"\xa3\x00\x00\x01\x00\x02\x00", F::TooLong { found: 3, limit: 2 }),
        (HEADER, b"\xa1\x00", F::Truncated),
        // Fixed values.
        (SEVEN, b"\x08", mismatch("8", "7")),
        (WORD, b"\x64wort", mismatch("wort", "word")),
        (WORD, b"\x63wor", mismatch("wor", "word")),
        (WORD, b"\x64wor\xff", F::Utf8),
        (WORD, b"\x44word", unexpected("byte string", "text string")),
        (NULL, b"", F::Truncated),
        // What is passed over is still well-formed.
        (SKIP, b"\x81", F::Truncated),
        (SKIP, b"\x42a", F::Truncated),
        (SKIP, b"\x61\xff", F::Utf8),
    ];
    for (read, bytes, fault) in cases {
        let input = [b"\x00", *bytes].concat();
        let mut reader = Reader::new(&input);
        reader.uint().unwrap();
        assert_eq!(read(&mut reader), Err(CborError::new(1, fault.clone())), "{bytes:02x?}");
        // In a part of a larger input, offsets are those of the whole.
        let mut reader = Reader::at(bytes, 100);
        assert_eq!(read(&mut reader), Err(CborError::new(100, fault.clone())), "{bytes:02x?}");
    }
}

#[test]
fn every_typed_read_ends_behind_its_item() {
    let cases: &[(Read, &[u8], usize)] = &[
        (BOOL, b"\xf4\xff", 1),
        (BOOL, b"\xf5\xff", 1),
        (UINT, b"\x19\x01\x00\xff", 3),
        (NINT, b"\x37\xff", 1),
        (INT, b"\x39\x01\x00\xff", 3),
        (BYTES, b"\x43abc\xff", 4),
        (BYTES_HEAD, b"\x43", 1),
        (TEXT, b"\x63abc\xff", 4),
        (FIXED, b"\x42ab\xff", 3),
        (ARRAY, b"\x82\x00\x00\xff", 1),
        (FIVE, b"\x85\x00\x00\x00\x00\x00\xff", 1),
        (SHAPE, b"\x80\xff", 1),
        (MAP, b"\xa2\x00\x00\x01\x00\xff", 1),
        (HEADER, b"\xa0\xff", 1),
        (EIGHTEEN, b"\xd2\xff", 1),
        (SEVEN, b"\x07\xff", 1),
        (WORD, b"\x64word\xff", 5),
        (NULL, b"\xf6\xff", 1),
        (NULL, b"\x40\xff", 0),
        (SKIP, b"\x40\xff", 1),
        (SKIP, b"\x82\xa2\x00\x80\x20\xa0\xc1\xc2\x41a\xff", 10),
        (SKIP, b"\xa1\xf6\xf7\xff", 3),
    ];
    for (read, bytes, end) in cases {
        let mut reader = Reader::new(bytes);
        assert_eq!(read(&mut reader), Ok(()), "{bytes:02x?}");
        assert_eq!(reader.offset(), *end, "{bytes:02x?}");
    }
}

#[test]
fn values_are_those_on_the_wire() {
    assert_eq!(Reader::new(b"\xf4").bool(), Ok(false));
    assert_eq!(Reader::new(b"\xf5").bool(), Ok(true));
    assert_eq!(Reader::new(b"\xf6").null(), Ok(true));
    assert_eq!(Reader::new(b"\xf5").null(), Ok(false));
    assert_eq!(Reader::new(b"\x16").null(), Ok(false), "22, not null");
    assert_eq!(Reader::new(b"\x38\x63").nint(), Ok(99));
    assert_eq!(Reader::new(b"\x38\x63").int(), Ok(-100));
    assert_eq!(Reader::new(b"\x18\x63").int(), Ok(99));
    assert_eq!(Reader::new(b"\x43").bytes_head(3), Ok(3));
    assert_eq!(Reader::new(b"\x83\x01\x02\x03").array(3), Ok(3));
    assert_eq!(Reader::new(b"\x82\x01\x02").array_or_empty(2), Ok(2));
    assert_eq!(Reader::new(b"\xa2\x01\x02\x03\x04").map(2), Ok(2));
    assert_eq!(Reader::new(b"\xa2\x01\x02\x03\x04").map_or_empty(2), Ok(2));
    assert_eq!(Reader::new(b"\x63abc").text(3), Ok("abc"));
    assert_eq!(Reader::new(b"\x42ab").fixed(), Ok(*b"ab"));
}

/// 64 bits hold as many negative numbers as others, so one bound on the head serves both.
#[test]
fn an_integer_of_either_sign_fits_64_bits_with_it() {
    let read = |bytes: &[u8]| Reader::new(bytes).int();
    assert_eq!(read(b"\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"), Ok(i64::MAX));
    assert_eq!(read(b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"), Ok(i64::MIN));
    let (found, max) = (1 << 63, (1 << 63) - 1);
    let fault = CborError::new(0, F::OutOfRange { found, min: 0, max });
    for head in [b"\x1b", b"\x3b"] {
        assert_eq!(read(&[&head[..], b"\x80\0\0\0\0\0\0\0"].concat()), Err(fault.clone()));
    }
}

/// A stream that took too few bytes for a head would refuse it, or with too many read the next item.
#[test]
fn the_rest_of_a_head_is_as_long_as_its_first_byte_says() {
    for major in 0..8_u8 {
        let rest = |info: u8| head_rest(major << 5 | info);
        assert!((0..24).all(|info| rest(info) == 0));
        assert_eq!([24, 25, 26, 27].map(rest), [1, 2, 4, 8]);
        assert!((28..32).all(|info| rest(info) == 0));
    }
}

/// A key is only taken where exactly it stands; everything else is left to the slow path.
#[test]
fn a_key_is_taken_only_where_it_stands() {
    let take = |bytes: &[u8], key: &str| {
        let mut reader = Reader::new(bytes);
        (reader.take_key(key), reader.offset())
    };
    assert_eq!(take(b"\x63key\x00", "key"), (true, 4));
    assert_eq!(take(b"\x63kez\x00", "key"), (false, 0));
    assert_eq!(take(b"\x64keys", "key"), (false, 0));
    assert_eq!(take(b"\x43key", "key"), (false, 0));
    assert_eq!(take(b"\x78\x03key", "key"), (false, 0));
    assert_eq!(take(b"\x62ke", "key"), (false, 0));
    assert_eq!(take(b"", "key"), (false, 0));
    let (long, longest) = ("k".repeat(24), "k".repeat(23));
    assert_eq!(take(&[b"\x78\x18", long.as_bytes()].concat(), &long), (false, 0));
    assert_eq!(take(&[b"\x78", long.as_bytes()].concat(), &long), (false, 0));
    assert_eq!(take(&[b"\x77", longest.as_bytes()].concat(), &longest), (true, 24));
}

#[test]
fn an_item_may_be_as_long_as_a_statement() {
    let item = |len: usize| {
        let mut bytes = vec![0x5a];
        bytes.extend(u32::try_from(len).unwrap().to_be_bytes());
        bytes.resize(5 + len, 0);
        Item::decode(&bytes).map(drop)
    };
    assert_eq!(item(MAX_STATEMENT), Ok(()));
    let found = u64::try_from(MAX_STATEMENT + 1).unwrap();
    let fault = F::TooLong { found, limit: MAX_STATEMENT };
    assert_eq!(item(MAX_STATEMENT + 1), Err(CborError::new(0, fault)));
}
