//! Values of every type that records are made of.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::cbor::CborFault as F;
use crate::digest::Digest;
use crate::id::{IndexId, KeyId, ManifestId, StatementId, Subject};
use crate::limits::MAX_TEXT;
use crate::timestamp::Timestamp;

#[track_caller]
fn stands_as<T: Codec + std::fmt::Debug + PartialEq>(value: &T, bytes: &[u8]) {
    assert_eq!(encode(value), bytes);
    assert_eq!(&decode::<T>(bytes).unwrap(), value);
}

#[track_caller]
fn refused<T: Codec + std::fmt::Debug>(bytes: &[u8], offset: usize, fault: CborFault) {
    let found = decode::<T>(bytes).expect_err("not what the encoder writes");
    assert_eq!(found, CborError::new(offset, fault), "{bytes:02x?}");
}

#[test]
fn every_value_has_one_encoding() {
    stands_as(&7_u64, b"\x07");
    stands_as(&u64::MAX, b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff");
    stands_as(&true, b"\xf5");
    stands_as(&false, b"\xf4");
    stands_as(&"ab".to_owned(), b"\x62ab");
    stands_as(&Some(3_u64), b"\x03");
    stands_as(&vec![2_u64, 1, 1], b"\x83\x02\x01\x01");
    stands_as(&BTreeSet::from([300_u64]), b"\x81\x19\x01\x2c");
    stands_as(&BTreeSet::from([300_u64, 2]), b"\x82\x02\x19\x01\x2c");
    stands_as(
        &BTreeMap::from([("b".to_owned(), 1_u64), ("aa".into(), 2)]),
        b"\xa2\x61b\x01\x62aa\x02",
    );
    stands_as(&Timestamp::from_seconds(9).unwrap(), b"\x09");
    stands_as(&Version1, b"\x01");
    let bytes32 = [b"\x58\x20", &[7; 32][..]].concat();
    stands_as(&Digest::from_bytes([7; 32]), &bytes32);
    stands_as(&IndexId::from_bytes([7; 32]), &bytes32);
    stands_as(&KeyId::from_bytes([7; 32]), &bytes32);
    stands_as(&ManifestId::from_bytes([7; 32]), &bytes32);
    stands_as(&StatementId::from_bytes([7; 32]), &bytes32);
    let id =
        |head: &[u8], prefix: &str| [head, prefix.as_bytes(), "07".repeat(32).as_bytes()].concat();
    stands_as(&Subject::Index(IndexId::from_bytes([7; 32])), &id(b"\x78\x46", "index:"));
    stands_as(&Subject::Key(KeyId::from_bytes([7; 32])), &id(b"\x78\x44", "key:"));
    stands_as(&Subject::Manifest(ManifestId::from_bytes([7; 32])), &id(b"\x78\x49", "manifest:"));
    stands_as(
        &Subject::Statement(StatementId::from_bytes([7; 32])),
        &id(b"\x78\x4a", "statement:"),
    );
}

/// A set is sorted by encoding, which for texts is not the order of `Ord`.
#[test]
fn a_set_is_sorted_by_encoding() {
    let set = BTreeSet::from(["aa".to_owned(), "b".to_owned()]);
    stands_as(&set, b"\x82\x61b\x62aa");
    refused::<BTreeSet<String>>(b"\x82\x62aa\x61b", 4, F::Unordered);
    refused::<BTreeSet<u64>>(b"\x82\x02\x02", 2, F::Duplicate);
    refused::<BTreeMap<String, u64>>(b"\xa2\x61a\x00\x61a\x00", 4, F::Duplicate);
    refused::<BTreeMap<String, u64>>(b"\xa2\x62aa\x00\x61b\x00", 5, F::Unordered);
}

#[test]
fn values_outside_their_type_are_refused() {
    refused::<String>(b"\x60", 0, F::EmptyText);
    let mut long = vec![0x79, 0x20, 0x00];
    long.resize(3 + MAX_TEXT, b'x');
    assert!(decode::<String>(&long).is_ok());
    long[2] = 0x01;
    long.push(b'x');
    refused::<String>(&long, 0, F::TooLong { found: 8_193, limit: MAX_TEXT });
    refused::<Vec<u64>>(b"\x80", 0, F::EmptyCollection);
    refused::<BTreeSet<u64>>(b"\x80", 0, F::EmptyCollection);
    refused::<BTreeMap<String, u64>>(b"\xa0", 0, F::EmptyCollection);
    let max = Timestamp::MAX.seconds();
    let late = encode(&(max + 1));
    refused::<Timestamp>(&late, 0, F::OutOfRange { found: max + 1, min: 0, max });
    stands_as(&Timestamp::MAX, &encode(&max));
    refused::<Version1>(b"\x02", 0, F::Mismatch { found: "2".into(), expected: "1".into() });
    refused::<Digest>(b"\x41\x00", 0, F::OutOfRange { found: 1, min: 32, max: 32 });
    let text = F::UnknownCode { found: "blake3:00".into(), of: "id" };
    refused::<Subject>(b"\x69blake3:00", 0, text);
}

#[test]
fn a_list_longer_than_the_limit_is_refused_before_it_is_read() {
    let limit = crate::limits::MAX_LIST;
    let mut long = vec![0x9a];
    long.extend(u32::try_from(limit + 1).unwrap().to_be_bytes());
    long.resize(6 + limit, 0);
    let fault = F::TooLong { found: u64::try_from(limit + 1).unwrap(), limit };
    refused::<Vec<u64>>(&long, 0, fault.clone());
    refused::<BTreeSet<u64>>(&long, 0, fault);
}

#[test]
fn only_what_may_be_absent_is_omitted() {
    assert!(!7_u64.is_absent());
    assert_eq!(u64::absent(), None);
    assert_eq!(String::absent(), None);
    assert!(None::<u64>.is_absent());
    assert!(!Some(0_u64).is_absent());
    assert_eq!(Option::<u64>::absent(), Some(None));
    assert!(Vec::<u64>::new().is_absent());
    assert!(!vec![0_u64].is_absent());
    assert_eq!(Vec::<u64>::absent(), Some(vec![]));
    assert!(BTreeSet::<u64>::new().is_absent());
    assert!(!BTreeSet::from([0_u64]).is_absent());
    assert_eq!(BTreeSet::<u64>::absent(), Some(BTreeSet::new()));
    assert!(BTreeMap::<String, u64>::new().is_absent());
    assert!(!BTreeMap::from([("a".to_owned(), 0_u64)]).is_absent());
    assert_eq!(BTreeMap::<String, u64>::absent(), Some(BTreeMap::new()));
}

#[test]
fn a_code_that_is_not_defined_is_refused_and_quoted_in_part() {
    use crate::statement::Kind;

    let of = "kind of statement";
    for kind in Kind::ALL {
        let text = encode(&kind.code().to_owned());
        stands_as(kind, &text);
        assert_eq!(kind.to_string(), kind.code());
    }
    refused::<Kind>(b"\x64deed", 0, F::UnknownCode { found: "deed".into(), of });
    let long = [b"\x78\x64", &[b'x'; 100][..]].concat();
    refused::<Kind>(&long, 0, F::UnknownCode { found: "x".repeat(80), of });
}
