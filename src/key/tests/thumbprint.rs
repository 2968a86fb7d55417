use super::*;
use crate::cbor::CborFault as F;

/// RFC 9679 section 6.
const EC2_X: &str = "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d";
const EC2_Y: &str = "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c";

fn ec2(y: &[u8]) -> Vec<u8> {
    [b"\xa4\x01\x02\x20\x01\x21\x58\x20", &hex(EC2_X)[..], b"\x22", y].concat()
}

#[track_caller]
fn refused(bytes: &[u8], offset: usize, fault: CborFault) {
    assert_eq!(cose_key_id(bytes), Err(CborError::new(offset, fault)), "{bytes:02x?}");
}

/// The example is an EC2 key with a `kid`, which is no part of the thumbprint.
#[test]
fn conformance_thumbprint_rfc_9679_section_6() {
    let y = hex(EC2_Y);
    let kid = b"\x02\x78\x24meriadoc.brandybuck@buckland.example";
    let mut key = [&ec2(b"\x58\x20")[..], &y, kid].concat();
    key[0] = 0xa5;
    let expected = hex("496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec");
    assert_eq!(cose_key_id(&key), Ok(KeyId::from_bytes(expected)));
}

#[test]
fn the_order_of_members_and_the_optional_ones_do_not_matter() {
    let key = SigningKey::from_seed(&[7; 32]).public_key();
    let x = key.as_bytes();
    let canonical = [b"\xa3\x01\x01\x20\x06\x21\x58\x20", &x[..]].concat();
    assert_eq!(cose_key_id(&canonical), Ok(key.id()));
    // {-2: x, 4: [1(2), null, {}, [], -1], 3: -8, 1: 1, -70001: {-1: {2: "x", 1: true}}, -1: 6}
    let other = [
        b"\xa6\x21\x58\x20",
        &x[..],
        b"\x04\x85\xc1\x02\xf6\xa0\x80\x20\x03\x27\x01\x01",
        b"\x3a\x00\x01\x11\x70\xa1\x20\xa2\x02\x61x\x01\xf5\x20\x06",
    ]
    .concat();
    assert_eq!(cose_key_id(&other), Ok(key.id()));
}

#[test]
fn each_key_type_has_its_own_members() {
    let sha = |bytes: &[u8]| KeyId::from_bytes(crate::digest::sha256(bytes));
    // {1: 3, -1: n, -2: e}
    let rsa = b"\xa3\x01\x03\x20\x43\xc3\x01\x01\x21\x43\x01\x00\x01";
    assert_eq!(cose_key_id(rsa), Ok(sha(rsa)));
    // {1: 5, -1: pub}
    let hss = b"\xa2\x01\x05\x20\x44\x00\x00\x00\x01";
    assert_eq!(cose_key_id(hss), Ok(sha(hss)));
    // {1: 1, -1: -300, -2: x} on a curve that is not known here.
    let okp = b"\xa3\x01\x01\x20\x39\x01\x2b\x21\x42\x00\x01";
    assert_eq!(cose_key_id(okp), Ok(sha(okp)));
}

#[test]
fn coordinates_have_the_length_of_their_curve() {
    // Ed25519, X25519, X448, Ed448; P-256, P-384, P-521, secp256k1.
    let sizes = [(1, 6, 32), (1, 4, 32), (1, 5, 56), (1, 7, 57)];
    let sizes = sizes.into_iter().chain([(2, 1, 32), (2, 2, 48), (2, 3, 66), (2, 8, 32)]);
    for (kty, curve, size) in sizes {
        let key = |len: usize| {
            let mut writer = Writer::new();
            writer.map(if kty == 1 { 3 } else { 4 });
            for (label, value) in [(1, kty), (-1, curve)] {
                writer.int(label);
                writer.int(value);
            }
            writer.int(-2);
            writer.bytes(&vec![7; len]);
            if kty == 2 {
                writer.int(-3);
                writer.bytes(&vec![7; size]);
            }
            writer.finish()
        };
        assert!(cose_key_id(&key(size)).is_ok(), "curve {curve}");
        let size = u64::try_from(size).unwrap();
        let fault = |found| F::OutOfRange { found, min: size, max: size };
        refused(&key(usize::try_from(size).unwrap() - 1), 6, fault(size - 1));
        refused(&key(usize::try_from(size).unwrap() + 1), 6, fault(size + 1));
    }
    refused(&ec2(b"\x41\x00"), 41, F::OutOfRange { found: 1, min: 32, max: 32 });
}

#[test]
fn what_has_no_one_thumbprint_is_refused() {
    // A compressed point.
    let compressed = F::UnexpectedType { found: "simple value", expected: "byte string" };
    refused(&ec2(b"\xf5"), 41, compressed);
    // Leading zeros, or nothing, in a number.
    let number = F::Unreadable { expected: "a positive number without leading zeros" };
    refused(b"\xa3\x01\x03\x20\x42\x00\xc3\x21\x43\x01\x00\x01", 4, number.clone());
    refused(b"\xa3\x01\x03\x20\x42\xc3\x01\x21\x40", 8, number);
    // A symmetric key, one of text, and none.
    let of = "public COSE key type (1, 2, 3 or 5)";
    refused(b"\xa2\x01\x04\x20\x41\x07", 2, F::UnknownCode { found: "4".into(), of });
    let text = F::UnexpectedType { found: "text string", expected: "integer" };
    refused(b"\xa1\x01\x63OKP", 2, text);
    refused(b"\xa0", 0, F::MissingKey { key: "1 (kty)" });
    refused(b"\xa1\x01\x01", 0, F::MissingKey { key: "-1 (crv)" });
    refused(b"\xa2\x01\x01\x20\x06", 0, F::MissingKey { key: "-2 (x)" });
    refused(b"\xa1\x01\x03", 0, F::MissingKey { key: "-1 (n)" });
    refused(b"\xa2\x01\x03\x20\x41\x07", 0, F::MissingKey { key: "-2 (e)" });
    refused(b"\xa1\x01\x05", 0, F::MissingKey { key: "-1 (pub)" });
    let mut no_y = ec2(b"\x58\x20");
    no_y.truncate(40);
    no_y[0] = 0xa3;
    refused(&no_y, 0, F::MissingKey { key: "-3 (y)" });
}

#[test]
fn a_key_that_is_not_well_formed_is_refused() {
    refused(b"", 0, F::Truncated);
    refused(b"\xbf\x01\x01\xff", 0, F::IndefiniteLength);
    refused(b"\xa2\x01\x01\x01\x01", 3, F::Duplicate);
    refused(b"\xa2\x01\x01\x18\x02\x00", 3, F::NonMinimal);
    refused(b"\xa1\x01\x05\x00", 3, F::TrailingBytes { count: 1 });
    refused(b"\xa1\x61a\x05", 1, F::UnexpectedType { found: "text string", expected: "integer" });
    refused(b"\xa1\x02\xfa\x00\x00\x00\x00", 2, F::Float);
    refused(b"\xa1\x02\x61\xff", 2, F::Utf8);
    refused(b"\xa1\x02\x82\x00", 2, F::Truncated);
    let max = i64::MAX.unsigned_abs();
    let large = F::OutOfRange { found: max + 1, min: 0, max };
    refused(b"\xa1\x1b\x80\x00\x00\x00\x00\x00\x00\x00\x00", 1, large.clone());
    refused(b"\xa1\x3b\x80\x00\x00\x00\x00\x00\x00\x00\x00", 1, large);
    let mut many = vec![0xb9, 0x01, 0x01];
    many.resize(3 + 2 * 257, 0x00);
    refused(&many, 0, F::TooLong { found: 257, limit: 256 });
    // Depth costs nothing where nothing is wanted.
    let mut deep = b"\xa2\x01\x05\x02".to_vec();
    deep.resize(100_000, 0x81);
    refused(&deep, 99_999, F::Truncated);
}

#[test]
fn integers_of_both_signs_read_back() {
    for value in [0, 1, 23, 24, 255, 256, i64::MAX, -1, -24, -25, -257, i64::MIN] {
        let mut writer = Writer::new();
        writer.int(value);
        assert_eq!(Reader::new(writer.as_bytes()).int(), Ok(value));
    }
}
