//! Pruned trees from their bytes alone: the root, and what a traversal finds, as the definitions read.
//!
//! Recursive and slow, and nothing of the crate is used. Whatever is no pruned
//! tree panics.

use ciborium::Value;

/// `keyed_hash(derive_key("datadeed v1 <role>", ""), input)`.
pub(crate) fn role_hash(role: &str, input: &[u8]) -> [u8; 32] {
    *blake3::keyed_hash(&role_key(role), input).as_bytes()
}

pub(crate) fn role_key(role: &str) -> [u8; 32] {
    blake3::derive_key(&format!("datadeed v1 {role}"), b"")
}

/// The bit at `index`, the most significant first.
pub(crate) fn bit(key: &[u8; 32], index: usize) -> bool {
    key[index / 8] >> (7 - index % 8) & 1 == 1
}

pub(crate) fn summary(hash: &[u8; 32], count: u64, bytes: u64) -> [u8; 48] {
    let parts = [&hash[..], &count.to_le_bytes(), &bytes.to_le_bytes()].concat();
    parts.try_into().unwrap()
}

/// The first `depth` bits of a key, a 1 bit, then 0 bits.
pub(crate) fn prefix(key: &[u8; 32], depth: usize) -> [u8; 32] {
    let mut prefix = [0; 32];
    for index in 0..depth {
        prefix[index / 8] |= u8::from(bit(key, index)) << (7 - index % 8);
    }
    prefix[depth / 8] |= 0x80 >> (depth % 8);
    prefix
}

/// What the rows of a tree are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// `[digest, count, size]` of contents.
    Contents,
    /// Files or tensors.
    Entries,
    /// Heads of manifests, with the names under which they are mounted.
    Mounts,
    /// `[digest, count, size]` of records.
    Records,
    /// Files with their SHA-256.
    Sha256,
}

impl Rows {
    fn leaf_role(self) -> &'static str {
        match self {
            Self::Contents => "content leaf",
            Self::Entries | Self::Mounts => "parts leaf",
            Self::Records | Self::Sha256 => "index leaf",
        }
    }
}

/// What a traversal ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The row, in CBOR.
    Present(Vec<u8>),
    Absent,
    Unknown,
}

/// A subtree as it is written down.
#[derive(Debug)]
pub(crate) struct Tree {
    item: Item,
    hash: [u8; 32],
    count: u64,
    bytes: u64,
}

#[derive(Debug)]
enum Item {
    Empty,
    Closed,
    Leaf { key: [u8; 32], row: Option<Vec<u8>> },
    Node { depth: usize, key: [u8; 32], sides: Box<[Tree; 2]> },
}

impl Tree {
    /// All of `bytes`.
    pub(crate) fn read(rows: Rows, bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let tree = Self::item(rows, &mut rest, 0);
        assert!(rest.is_empty(), "bytes after the end");
        tree
    }

    pub(crate) fn root(&self) -> [u8; 48] {
        summary(&self.hash, self.count, self.bytes)
    }

    /// At a node, a key that does not begin with its prefix is absent, else the bit after it tells
    /// the side; at a leaf keys are compared.
    pub(crate) fn find(&self, wanted: &[u8; 32]) -> Found {
        match &self.item {
            Item::Closed => Found::Unknown,
            Item::Leaf { key, row } if key == wanted => {
                row.clone().map_or(Found::Unknown, Found::Present)
            }
            Item::Empty | Item::Leaf { .. } => Found::Absent,
            Item::Node { depth, key, sides } => {
                if (0..*depth).any(|index| bit(key, index) != bit(wanted, index)) {
                    return Found::Absent;
                }
                sides[usize::from(bit(wanted, *depth))].find(wanted)
            }
        }
    }

    /// The keys of all leaves and the beginnings of all nodes.
    pub(crate) fn keys(&self) -> Vec<[u8; 32]> {
        match &self.item {
            Item::Empty | Item::Closed => vec![],
            Item::Leaf { key, .. } => vec![*key],
            Item::Node { depth, key, sides } => {
                let mut keys = vec![prefix(key, *depth)];
                keys.extend(sides.iter().flat_map(Self::keys));
                keys
            }
        }
    }

    /// Every row that is given.
    pub(crate) fn rows(&self) -> Vec<Vec<u8>> {
        match &self.item {
            Item::Leaf { row, .. } => row.iter().cloned().collect(),
            Item::Node { sides, .. } => sides.iter().flat_map(Self::rows).collect(),
            Item::Empty | Item::Closed => vec![],
        }
    }

    /// Nodes, leaves and closed subtrees; the empty tree is one too.
    pub(crate) fn items(&self) -> usize {
        match &self.item {
            Item::Node { sides, .. } => 1 + sides.iter().map(Self::items).sum::<usize>(),
            Item::Empty | Item::Closed | Item::Leaf { .. } => 1,
        }
    }

    /// A key below, or the beginning of one.
    fn key(&self) -> Option<[u8; 32]> {
        match &self.item {
            Item::Empty | Item::Closed => None,
            Item::Leaf { key, .. } | Item::Node { key, .. } => Some(*key),
        }
    }

    /// `first` is the bit after the one at which the node above parts its keys.
    fn item(rows: Rows, rest: &mut &[u8], first: usize) -> Self {
        let leaf =
            |key: [u8; 32], value: [u8; 32]| role_hash(rows.leaf_role(), &[key, value].concat());
        match take::<1>(rest) {
            [0] => Self { item: Item::Empty, hash: [0; 32], count: 0, bytes: 0 },
            [1] => {
                let hash = take(rest);
                Self { item: Item::Closed, hash, count: number(rest), bytes: number(rest) }
            }
            [2] => {
                let (key, value) = (take(rest), take(rest));
                let item = Item::Leaf { key, row: None };
                Self { item, hash: leaf(key, value), count: number(rest), bytes: number(rest) }
            }
            [3] => {
                let start = *rest;
                let row: Value = ciborium::from_reader(&mut *rest).unwrap();
                let row_bytes = start[..start.len() - rest.len()].to_vec();
                let (key, value, count, bytes) = match rows {
                    Rows::Contents | Rows::Records => counted_leaf(&row),
                    Rows::Mounts => mounted_leaf(&row),
                    Rows::Entries | Rows::Sha256 => {
                        let (key, size) = named_leaf(&row);
                        (key, role_hash("entry", &row_bytes), 1, size)
                    }
                };
                let item = Item::Leaf { key, row: Some(row_bytes) };
                Self { item, hash: leaf(key, value), count, bytes }
            }
            [tag @ (4 | 5 | 0x80..)] => {
                let depth = match tag {
                    0x80.. => first + usize::from(tag - 0x80),
                    _ => usize::from(take::<1>(rest)[0]),
                };
                let mut written = [0; 32];
                if tag == 5 {
                    for byte in written.iter_mut().take(depth.div_ceil(8)) {
                        [*byte] = take(rest);
                    }
                }
                let sides = [(); 2].map(|()| Self::item(rows, rest, depth + 1));
                let key = sides.iter().find_map(Self::key).unwrap_or(written);
                let [left, right] = sides.each_ref().map(Self::root);
                let input = [&prefix(&key, depth)[..], &left, &right].concat();
                let [left, right] = &sides;
                Self {
                    hash: role_hash("node", &input),
                    count: left.count + right.count,
                    bytes: left.bytes + right.bytes,
                    item: Item::Node { depth, key, sides: Box::new(sides) },
                }
            }
            [other] => panic!("no item begins with {other}"),
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let (taken, left) = rest.split_first_chunk().expect("more bytes");
    *rest = left;
    *taken
}

/// Unsigned LEB128.
fn number(rest: &mut &[u8]) -> u64 {
    let mut shift = 0;
    let mut value = 0;
    loop {
        let [byte] = take::<1>(rest);
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

fn uint(value: &Value) -> u64 {
    value.as_integer().unwrap().try_into().unwrap()
}

/// Key, value, count and bytes of `[digest, count, size]`.
fn counted_leaf(row: &Value) -> ([u8; 32], [u8; 32], u64, u64) {
    let [digest, count, size] = &row.as_array().unwrap()[..] else { panic!("no row of contents") };
    let (count, size) = (uint(count), uint(size));
    let value = [&count.to_le_bytes()[..], &size.to_le_bytes(), &[0; 16]].concat();
    let key = digest.as_bytes().unwrap()[..].try_into().unwrap();
    (key, value.try_into().unwrap(), count, count * size)
}

/// Key and size of an entry.
fn named_leaf(row: &Value) -> ([u8; 32], u64) {
    let name = field(row, "name").as_text().unwrap();
    (role_hash("name", name.as_bytes()), uint(field(row, "size")))
}

/// Key, value, count and bytes of a mount: its entry has the id in the place of the head.
fn mounted_leaf(row: &Value) -> ([u8; 32], [u8; 32], u64, u64) {
    let encode = |value: &Value| {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).unwrap();
        bytes
    };
    let (head, name) = (field(row, "head"), field(row, "name"));
    let id = role_hash("manifest", &encode(head));
    let entry = Value::Map(vec![
        ("name".into(), name.clone()),
        ("manifest".into(), Value::Bytes(id.into())),
    ]);
    let parts = field(head, "parts").as_bytes().unwrap();
    let sum = |at: usize| u64::from_le_bytes(parts[at..at + 8].try_into().unwrap());
    let key = role_hash("name", name.as_text().unwrap().as_bytes());
    (key, role_hash("entry", &encode(&entry)), sum(32), sum(40))
}

fn field<'a>(row: &'a Value, key: &str) -> &'a Value {
    let pairs = row.as_map().unwrap();
    pairs.iter().find(|(found, _)| found.as_text() == Some(key)).map(|(_, value)| value).unwrap()
}
