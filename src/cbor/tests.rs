mod codec;
mod reader;
mod writer;

use proptest::prelude::*;

use super::*;

fn fault(bytes: &[u8]) -> (usize, CborFault) {
    let err = Item::decode(bytes).expect_err("the profile refuses this");
    (err.offset, err.fault)
}

/// One fault each, with its exact error and offset.
#[test]
fn every_departure_from_the_profile_is_named_and_placed() {
    use CborFault as F;
    let cases: &[(&[u8], usize, F)] = &[
        (&[], 0, F::Truncated),
        (&[0x18], 0, F::Truncated),
        (&[0x18, 0x17], 0, F::NonMinimal),
        (&[0x19, 0x00, 0xff], 0, F::NonMinimal),
        (&[0x1a, 0x00, 0x00, 0xff, 0xff], 0, F::NonMinimal),
        (&[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], 0, F::NonMinimal),
        (&[0x58, 0x01, 0x00], 0, F::NonMinimal),
        (&[0x1c], 0, F::Reserved),
        (&[0x1f], 0, F::Reserved),
        (&[0xdf], 0, F::Reserved),
        (&[0xfe], 0, F::Reserved),
        (&[0x5f, 0x41, 0x00, 0xff], 0, F::IndefiniteLength),
        (&[0x7f, 0xff], 0, F::IndefiniteLength),
        (&[0x9f, 0x01, 0xff], 0, F::IndefiniteLength),
        (&[0xbf, 0xff], 0, F::IndefiniteLength),
        (&[0xff], 0, F::IndefiniteLength),
        (&[0x81, 0xf9, 0x3c, 0x00], 1, F::Float),
        (&[0xfa, 0, 0, 0, 0], 0, F::Float),
        (&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], 0, F::Float),
        (&[0xf6], 0, F::Simple { found: 22 }),
        (&[0xf7], 0, F::Simple { found: 23 }),
        (&[0xe0], 0, F::Simple { found: 0 }),
        (&[0xf8, 0x14], 0, F::Simple { found: 20 }),
        (&[0xf8, 0xff], 0, F::Simple { found: 255 }),
        (&[0xc1, 0x00], 0, F::Tag { found: 1 }),
        (&[0x81, 0xd8, 0x20, 0x00], 1, F::Tag { found: 32 }),
        (&[0x80], 0, F::EmptyCollection),
        (&[0xa0], 0, F::EmptyCollection),
        (&[0x61, 0xff], 0, F::Utf8),
        (&[0x62, b'a'], 0, F::Truncated),
        (&[0x82, 0x01], 0, F::Truncated),
        (&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 0, F::Truncated),
        (
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            0,
            F::TooLong { found: u64::MAX, limit: crate::limits::MAX_STATEMENT },
        ),
        (&[0x79, 0x20, 0x01], 0, F::TooLong { found: 8_193, limit: crate::limits::MAX_TEXT }),
        (&[0x01, 0x02], 1, F::TrailingBytes { count: 1 }),
        (&[0xa2, 0x61, b'a', 0x01, 0x61, b'a', 0x02], 4, F::Duplicate),
        (&[0xa2, 0x61, b'b', 0x01, 0x61, b'a', 0x02], 4, F::Unordered),
        (&[0xa2, 0x62, b'a', b'a', 0x01, 0x61, b'b', 0x02], 5, F::Unordered),
        (&[0xa2, 0x01, 0x01, 0x61, b'a', 0x02], 3, F::MixedKeys),
        (&[0xa1, 0x20, 0x01], 1, F::MixedKeys),
        (&[0xa1, 0x41, 0x00, 0x01], 1, F::MixedKeys),
        (&[0xa1, 0xf5, 0x01], 1, F::MixedKeys),
        (&[0xa1, 0x81, 0x01, 0x01], 1, F::MixedKeys),
    ];
    for (bytes, offset, expected) in cases {
        assert_eq!(fault(bytes), (*offset, expected.clone()), "{bytes:02x?}");
    }
}

#[test]
fn nesting_ends_at_the_limit() {
    let mut deep = vec![0x81; crate::limits::MAX_DEPTH];
    deep.push(0x01);
    assert_eq!(Item::decode(&deep).unwrap().as_bytes(), deep);
    deep.insert(0, 0x81);
    assert_eq!(fault(&deep), (16, CborFault::TooDeep { limit: 16 }));
    // 100,000 nested arrays end the walk as early as 17 do.
    assert_eq!(fault(&vec![0x81; 100_000]), (16, CborFault::TooDeep { limit: 16 }));
}

record! {
    /// A record with every shape of field.
    pub(crate) struct Sample {
        "id" => id: u64,
        "tag" => tag: Option<String>,
        "seen" => seen: std::collections::BTreeSet<u64>,
        "when" => when: crate::timestamp::Timestamp,
        "extra" => extra: std::collections::BTreeMap<String, Item>,
    }
}

fn sample() -> Sample {
    Sample {
        id: 7,
        tag: None,
        seen: [300, 2].into(),
        when: crate::timestamp::Timestamp::MIN,
        extra: [("b".to_owned(), Item::uint(1)), ("aa".to_owned(), Item::text("x"))].into(),
    }
}

#[test]
fn a_record_is_a_map_in_canonical_order() {
    // {"id": 7, "seen": [2, 300], "when": 0, "extra": {"b": 1, "aa": "x"}}
    let expected =
        b"\xa4\x62id\x07\x64seen\x82\x02\x19\x01\x2c\x64when\x00\x65extra\xa2\x61b\x01\x62aa\x61x";
    assert_eq!(encode(&sample()), expected);
    assert_eq!(decode::<Sample>(expected), Ok(sample()));
}

#[test]
fn a_record_refuses_what_it_would_not_have_written() {
    let err = |bytes: &[u8]| {
        let err = decode::<Sample>(bytes).expect_err("not canonical");
        (err.offset, err.fault)
    };
    assert_eq!(err(b"\xa1\x62id\x07"), (0, CborFault::MissingKey { key: "when" }));
    assert_eq!(
        err(b"\xa1\x62id\x07\x64when\x00"),
        (0, CborFault::MissingKey { key: "when" }),
        "a key behind the end of the map"
    );
    assert_eq!(err(b"\xa2\x64when\x00\x62id\x07"), (0, CborFault::MissingKey { key: "id" }));
    assert_eq!(err(b"\xa3\x62id\x07\x64when\x00\x62id\x07"), (11, CborFault::Unordered));
    assert_eq!(err(b"\xa3\x62id\x07\x62id\x07\x64when\x00"), (5, CborFault::Duplicate));
    assert_eq!(
        err(b"\xa3\x62id\x07\x63why\x07\x64when\x00"),
        (5, CborFault::UnknownKey { key: "why".into() })
    );
    assert_eq!(
        err(b"\xa3\x62id\x07\x64when\x00\x67unknown\x07"),
        (11, CborFault::UnknownKey { key: "unknown".into() })
    );
    assert_eq!(err(b"\xa3\x62id\x07\x63tag\x60\x64when\x00"), (9, CborFault::EmptyText));
    assert_eq!(err(b"\xa3\x62id\x07\x64seen\x80\x64when\x00"), (10, CborFault::EmptyCollection));
    assert_eq!(err(b"\xa3\x62id\x07\x64seen\x82\x02\x01\x64when\x00"), (12, CborFault::Unordered));
    assert_eq!(err(b"\xa3\x62id\x07\x64seen\x82\x02\x02\x64when\x00"), (12, CborFault::Duplicate));
    assert_eq!(err(b"\xa2\x62id\x07\x64when\x00\x00"), (11, CborFault::TrailingBytes { count: 1 }));
    assert_eq!(
        err(b"\xa2\x62id\xf6\x64when\x00"),
        (4, CborFault::Simple { found: 22 }),
        "null is not absence"
    );
}

#[test]
fn key_order_is_length_first() {
    assert!(sorted(&["b", "aa", "ab"]));
    assert!(!sorted(&["aa", "b"]));
    assert!(!sorted(&["a", "a"]));
    let (long, longest) = ("k".repeat(24), "k".repeat(23));
    assert!(!sorted(&[&long]), "for one head byte");
    assert!(sorted(&["b", &longest]));
    assert!(!sorted(&["b", &long]));
}

/// Items of the profile, as ciborium's values.
fn profile_value() -> impl Strategy<Value = ciborium::Value> {
    use ciborium::Value;
    let leaf = prop_oneof![
        any::<u64>().prop_map(|n| Value::Integer(n.into())),
        any::<i64>().prop_map(|n| Value::Integer(n.into())),
        any::<bool>().prop_map(Value::Bool),
        ".{0,40}".prop_map(Value::Text),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..8).prop_map(Value::Array),
            proptest::collection::btree_map(".{0,30}", inner, 1..8).prop_map(|map| {
                let mut pairs: Vec<_> = map.into_iter().map(|(k, v)| (Value::Text(k), v)).collect();
                pairs.sort_by_key(|(key, _)| to_vec(key));
                Value::Map(pairs)
            }),
        ]
    })
}

fn to_vec(value: &ciborium::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

proptest! {
    #[test]
    fn the_profile_is_what_another_encoder_writes_of_it(value in profile_value()) {
        let bytes = to_vec(&value);
        let item = Item::decode(&bytes).unwrap();
        prop_assert_eq!(item.as_bytes(), &bytes[..]);
    }

    #[test]
    fn accepted_bytes_mean_one_value_that_encodes_to_them(
        bytes in proptest::collection::vec(any::<u8>(), 0..12)
    ) {
        if let Ok(item) = Item::decode(&bytes) {
            let value: ciborium::Value = ciborium::from_reader(&bytes[..]).unwrap();
            prop_assert_eq!(to_vec(&value), item.as_bytes());
        }
    }

    #[test]
    fn one_changed_byte_never_decodes_to_the_same_item(
        value in profile_value(), at in any::<prop::sample::Index>(), flip in 1_u8..
    ) {
        let bytes = to_vec(&value);
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= flip;
        if let Ok(item) = Item::decode(&changed) {
            prop_assert_ne!(item.as_bytes(), &bytes[..]);
        }
    }
}
