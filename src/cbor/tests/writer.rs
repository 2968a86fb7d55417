//! Single writes, byte by byte.

use super::*;

#[test]
fn every_write_appends_its_item() {
    let mut writer = Writer::with_capacity(0);
    writer.nint(0);
    writer.bytes_head(3);
    writer.raw(b"abc");
    writer.text_of(&["d", "", "ef"]);
    writer.tag(18);
    assert_eq!(writer.as_bytes(), b"\x20\x43abc\x63def\xd2");
    writer.clear();
    assert_eq!(writer.as_bytes(), b"");
    writer.int(7);
    assert_eq!(writer.finish(), b"\x07");
}

/// The values around every length of head, and for a major type whose bits are not all zero.
#[test]
fn every_head_is_as_short_as_its_value_allows() {
    let heads: [(u64, &[u8]); 9] = [
        (23, b"\x17"),
        (24, b"\x18\x18"),
        (0xff, b"\x18\xff"),
        (0x100, b"\x19\x01\0"),
        (0xffff, b"\x19\xff\xff"),
        (0x1_0000, b"\x1a\0\x01\0\0"),
        (0xffff_ffff, b"\x1a\xff\xff\xff\xff"),
        (0x1_0000_0000, b"\x1b\0\0\0\x01\0\0\0\0"),
        (u64::MAX, b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
    ];
    for (value, head) in heads {
        let mut writer = Writer::new();
        writer.uint(value);
        assert_eq!(writer.as_bytes(), head);
        assert_eq!(Reader::new(head).uint(), Ok(value));
        writer.clear();
        writer.tag(value);
        assert_eq!(writer.as_bytes(), [&[0xc0 | head[0]], &head[1..]].concat());
    }
}

proptest! {
    #[test]
    fn an_integer_of_either_sign_stands_as_another_encoder_writes_it(
        value in prop_oneof![any::<i64>(), -300_i64..300, Just(i64::MIN), Just(i64::MAX)]
    ) {
        let mut writer = Writer::new();
        writer.int(value);
        prop_assert_eq!(writer.as_bytes(), to_vec(&ciborium::Value::Integer(value.into())));
        prop_assert_eq!(Reader::new(writer.as_bytes()).int(), Ok(value));
    }
}
