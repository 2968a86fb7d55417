//! Any CBOR item of the profile.

use datadeed::cbor::Item;

/// Whether `data` is accepted.
///
/// What is accepted is kept verbatim, and another implementation reads it and
/// writes the same bytes: the profile is a part of CBOR with one spelling.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let Ok(item) = Item::decode(data) else { return false };
    assert_eq!(item.as_bytes(), data);
    let value: ciborium::Value = ciborium::from_reader(data).expect("an independent decoder");
    let mut again = Vec::new();
    ciborium::into_writer(&value, &mut again).expect("an independent encoder");
    assert_eq!(again, data, "{value:?}");
    true
}
