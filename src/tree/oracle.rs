//! The definition of the trie, recursively and without any cleverness.

use super::{Kind, Leaf, Summary};
use crate::digest::Role;

fn bit(key: &[u8; 32], index: usize) -> bool {
    key[index / 8] & (0x80 >> (index % 8)) != 0
}

/// The root over a set of leaves in any order.
pub(crate) fn root(kind: Kind, leaves: &[Leaf]) -> Summary {
    match leaves {
        [] => Summary::EMPTY,
        [leaf] => {
            let role = match kind {
                Kind::Content => Role::ContentLeaf,
                Kind::Index => Role::IndexLeaf,
                Kind::Parts => Role::PartsLeaf,
            };
            let hash = role.hash(&[leaf.key, leaf.value].concat());
            Summary { hash, count: leaf.count, bytes: leaf.bytes }
        }
        [first, ..] => {
            let depth = (0..256)
                .find(|&i| leaves.iter().any(|leaf| bit(&leaf.key, i) != bit(&first.key, i)))
                .expect("the keys differ");
            let (right, left): (Vec<Leaf>, Vec<Leaf>) =
                leaves.iter().partition(|leaf| bit(&leaf.key, depth));
            let (left, right) = (root(kind, &left), root(kind, &right));
            let mut prefix = [0_u8; 32];
            for i in (0..depth).filter(|&i| bit(&first.key, i)) {
                prefix[i / 8] |= 0x80 >> (i % 8);
            }
            prefix[depth / 8] |= 0x80 >> (depth % 8);
            let hash =
                Role::Node.hash(&[&prefix[..], &left.to_bytes(), &right.to_bytes()].concat());
            Summary { hash, count: left.count + right.count, bytes: left.bytes + right.bytes }
        }
    }
}
