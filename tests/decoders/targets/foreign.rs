//! COSE structures of other implementations: envelopes and keys.

use ciborium::Value;
use datadeed::cbor::Item;
use datadeed::key::cose_key_id;
use datadeed::proof::Statement;
use datadeed::statement::Foreign;

/// Whether `data` is a COSE_Sign1 or a COSE_Key; it is never both.
pub(crate) fn accepts(data: &[u8]) -> bool {
    let (envelope, key) = (accepts_envelope(data), accepts_key(data));
    assert!(!(envelope && key));
    // Whatever is a statement of this crate is well-formed for others too.
    assert!(envelope || Statement::decode(data).is_err());
    envelope || key
}

/// The tag changes nothing, and what is to be signed is one deterministic item.
fn accepts_envelope(data: &[u8]) -> bool {
    let Ok(foreign) = Foreign::decode(data) else { return false };
    let message = foreign.to_be_signed(b"aad");
    assert_eq!(message.is_ok(), foreign.payload().is_some());
    if let Ok(message) = &message {
        assert_eq!(Item::decode(message).expect("an array").as_bytes(), message);
    }
    let other = match data.strip_prefix(&[0xd2]) {
        Some(untagged) => untagged.to_vec(),
        None => [&[0xd2], data].concat(),
    };
    let other = Foreign::decode(&other).expect("decoded before");
    assert_eq!(other.to_be_signed(b"aad"), message);
    assert_eq!(other.algorithm(), foreign.algorithm());
    true
}

/// The order of members changes nothing, as another encoder writes them.
fn accepts_key(data: &[u8]) -> bool {
    let Ok(id) = cose_key_id(data) else { return false };
    // ciborium does not read every simple value.
    if let Ok(Value::Map(mut members)) = ciborium::from_reader(data) {
        members.reverse();
        let mut reversed = Vec::new();
        ciborium::into_writer(&Value::Map(members), &mut reversed).expect("an encoder");
        assert_eq!(cose_key_id(&reversed), Ok(id));
    }
    true
}
