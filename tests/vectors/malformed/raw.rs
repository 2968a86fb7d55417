//! CBOR and COSE put together by hand, so that anything can be wrong with it.

use ciborium::Value;
use datadeed::key::{PublicKey, Signer as _, SigningKey};

use crate::oracle::{encode, sig_structure};
use crate::statement::SEED;

/// Encoded keys with their encoded values.
pub(crate) type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

pub(crate) fn key() -> PublicKey {
    SigningKey::from_seed(&SEED).public_key()
}

pub(crate) fn head(major: u8, value: usize) -> Vec<u8> {
    let major = major << 5;
    match value {
        0..24 => vec![major | u8::try_from(value).unwrap()],
        24..256 => vec![major | 0x18, u8::try_from(value).unwrap()],
        256..0x1_0000 => {
            [&[major | 0x19][..], &u16::try_from(value).unwrap().to_be_bytes()].concat()
        }
        _ => [&[major | 0x1a][..], &u32::try_from(value).unwrap().to_be_bytes()].concat(),
    }
}

pub(crate) fn uint(value: usize) -> Vec<u8> {
    head(0, value)
}

pub(crate) fn bytes(content: &[u8]) -> Vec<u8> {
    [&head(2, content.len()), content].concat()
}

pub(crate) fn text(content: &str) -> Vec<u8> {
    [&head(3, content.len()), content.as_bytes()].concat()
}

pub(crate) fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len()), items.concat()].concat()
}

pub(crate) fn map(pairs: &Pairs) -> Vec<u8> {
    let pairs_encoded: Vec<u8> =
        pairs.iter().flat_map(|(key, value)| [&key[..], value].concat()).collect();
    [head(5, pairs.len()), pairs_encoded].concat()
}

/// The header of `statement/dataset-least`.
pub(crate) fn header() -> Pairs {
    vec![
        (uint(1), vec![0x32]),
        (uint(3), text("application/vnd.datadeed.dataset.v1+cbor")),
        (uint(4), bytes(key().id().as_bytes())),
        (uint(15), map(&claims())),
        (uint(16), text("application/scitt-statement+cose")),
    ]
}

pub(crate) fn claims() -> Pairs {
    vec![
        (uint(1), text("did:web:curator.example")),
        (uint(2), text(&format!("manifest:{}", "01".repeat(32)))),
        (uint(6), vec![0x1a, 0x6b, 0x01, 0x56, 0x88]),
    ]
}

/// The payload of `statement/dataset-least`.
pub(crate) fn payload() -> Pairs {
    vec![
        (text("seq"), uint(0)),
        (text("scan"), text("full")),
        (text("title"), text("Court decisions")),
        (text("manifest"), bytes(&[1; 32])),
    ]
}

/// The four items of an envelope, signed over what the first and the third are.
pub(crate) fn parts(protected: &[u8], payload: &[u8]) -> [Vec<u8>; 4] {
    let unsigned = [bytes(protected), vec![0xa0], bytes(payload), bytes(&[0; 64])];
    let message = sig_structure(&envelope(&unsigned));
    let signature = SigningKey::from_seed(&SEED).sign(&message).unwrap();
    let [protected, unprotected, payload, _] = unsigned;
    [protected, unprotected, payload, bytes(signature.as_bytes())]
}

pub(crate) fn envelope(parts: &[Vec<u8>]) -> Vec<u8> {
    [vec![0xd2], array(parts)].concat()
}

pub(crate) fn statement(header: &Pairs, payload: &Pairs) -> Vec<u8> {
    envelope(&parts(&map(header), &map(payload)))
}

/// `pairs` with the pair at `index` replaced.
pub(crate) fn but(mut pairs: Pairs, index: usize, pair: (Vec<u8>, Vec<u8>)) -> Pairs {
    pairs[index] = pair;
    pairs
}

/// `pairs` with one more at `index`.
pub(crate) fn with(mut pairs: Pairs, index: usize, pair: (Vec<u8>, Vec<u8>)) -> Pairs {
    pairs.insert(index, pair);
    pairs
}

/// The pairs of a map, in its order.
pub(crate) fn pairs_of(map: &[u8]) -> Pairs {
    let Ok(Value::Map(pairs)) = ciborium::from_reader(map) else { panic!("no map") };
    pairs.iter().map(|(key, value)| (encode(key), encode(value))).collect()
}

/// The items of an array, or of a tagged one.
pub(crate) fn items_of(array: &[u8]) -> Vec<Vec<u8>> {
    let items = match ciborium::from_reader(array) {
        Ok(Value::Tag(_, inner)) => inner.into_array().unwrap(),
        Ok(Value::Array(items)) => items,
        other => panic!("{other:?}"),
    };
    items.iter().map(encode).collect()
}

/// What stands in an encoded byte string.
pub(crate) fn content(string: &[u8]) -> Vec<u8> {
    let Ok(Value::Bytes(content)) = ciborium::from_reader(string) else { panic!("no bytes") };
    content
}

/// The value of the pair under this text.
pub(crate) fn value<'a>(pairs: &'a mut Pairs, key: &str) -> &'a mut Vec<u8> {
    let key = text(key);
    &mut pairs.iter_mut().find(|(known, _)| *known == key).unwrap().1
}

/// Everything in the map but what is under this text.
pub(crate) fn without(mut pairs: Pairs, key: &str) -> Pairs {
    let key = text(key);
    let at = pairs.iter().position(|(known, _)| *known == key).unwrap();
    pairs.remove(at);
    pairs
}

#[test]
fn without_a_fault_it_is_a_statement() {
    let sound = crate::statements::statement();
    let least = sound.into_iter().find(|(name, _)| *name == "dataset-least").unwrap().1;
    assert_eq!(statement(&header(), &payload()), least);
}
