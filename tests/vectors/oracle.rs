//! Ids and roots computed from bytes alone, by nothing of the crate.

use ciborium::Value;
use sha2::Digest as _;

/// `keyed_hash(derive_key("datadeed v1 <role>", ""), input)`.
pub(crate) fn role_hash(role: &str, input: &[u8]) -> [u8; 32] {
    *blake3::keyed_hash(&role_key(role), input).as_bytes()
}

pub(crate) fn role_key(role: &str) -> [u8; 32] {
    blake3::derive_key(&format!("datadeed v1 {role}"), b"")
}

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
    let mut prefix = [0; 32];
    for index in 0..depth {
        prefix[index / 8] |= u8::from(bit(&leaves[0].0, index)) << (7 - index % 8);
    }
    prefix[depth / 8] |= 0x80 >> (depth % 8);
    let sides = [summary(&left.0, left.1, left.2), summary(&right.0, right.1, right.2)].concat();
    (role_hash("node", &[&prefix[..], &sides].concat()), left.1 + right.1, left.2 + right.2)
}

/// The bit at `index`, the most significant first.
fn bit(key: &[u8; 32], index: usize) -> bool {
    key[index / 8] >> (7 - index % 8) & 1 == 1
}

fn summary(hash: &[u8; 32], count: u64, bytes: u64) -> [u8; 48] {
    let parts = [&hash[..], &count.to_le_bytes(), &bytes.to_le_bytes()].concat();
    parts.try_into().unwrap()
}
