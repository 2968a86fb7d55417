//! Ids and roots computed from bytes alone, by nothing of the crate.

pub(crate) mod pruned;

use ciborium::Value;
use sha2::Digest as _;

use pruned::{bit, prefix, summary};
pub(crate) use pruned::{role_hash, role_key};

/// `["Signature1", protected, h'', payload]` of an envelope.
pub(crate) fn sig_structure(envelope: &[u8]) -> Vec<u8> {
    let Ok(Value::Tag(18, parts)) = ciborium::from_reader(envelope) else {
        panic!("no tagged COSE_Sign1")
    };
    let [protected, _, payload, _] = <[Value; 4]>::try_from(parts.into_array().unwrap()).unwrap();
    let context = Value::Text("Signature1".into());
    encode(&Value::Array(vec![context, protected, Value::Bytes(vec![]), payload]))
}

/// `{1: 1, -1: 6, -2: x}`.
pub(crate) fn cose_key(x: &[u8; 32]) -> Vec<u8> {
    let int = |number: i64| Value::Integer(number.into());
    encode(&Value::Map(vec![
        (int(1), int(1)),
        (int(-1), int(6)),
        (int(-2), Value::Bytes(x.to_vec())),
    ]))
}

pub(crate) fn sha256(input: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(input).into()
}

pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// A leaf's key with its summary: hash, count and bytes.
pub(crate) type Leaf = ([u8; 32], [u8; 32], u64, u64);

pub(crate) fn leaf(role: &str, key: [u8; 32], value: [u8; 32], (count, bytes): (u64, u64)) -> Leaf {
    (key, role_hash(role, &[key, value].concat()), count, bytes)
}

/// The root over leaves in any order: by recursion, as the definition reads.
pub(crate) fn root(mut leaves: Vec<Leaf>) -> [u8; 48] {
    leaves.sort_unstable();
    let (hash, count, bytes) =
        if leaves.is_empty() { ([0; 32], 0, 0) } else { subtree(&leaves, 0) };
    summary(&hash, count, bytes)
}

fn subtree(leaves: &[Leaf], depth: usize) -> ([u8; 32], u64, u64) {
    if let [(_, hash, count, bytes)] = leaves {
        return (*hash, *count, *bytes);
    }
    let split = leaves.partition_point(|(key, ..)| !bit(key, depth));
    if split == 0 || split == leaves.len() {
        return subtree(leaves, depth + 1);
    }
    let (left, right) =
        (subtree(&leaves[..split], depth + 1), subtree(&leaves[split..], depth + 1));
    let prefix = prefix(&leaves[0].0, depth);
    let sides = [summary(&left.0, left.1, left.2), summary(&right.0, right.1, right.2)].concat();
    (role_hash("node", &[&prefix[..], &sides].concat()), left.1 + right.1, left.2 + right.2)
}
