//! Trees as a liar may make them, and what a traversal finds in them.
//!
//! Prefixes, places and sums are whatever; only hashes are right. A
//! [`PrunedTree`] of such a tree is what its bytes give, if they are read at all.

use proptest::prelude::*;

use super::pruned::tests::{Named, key};
use super::{Kind, Region, Row, Side, Summary, common_prefix, prefix};
use crate::cbor::encode;
use crate::digest::Role;

/// A subtree with everything in it.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Leaf(Named),
    Node { key: [u8; 32], depth: u8, left: Box<Self>, right: Box<Self>, lie: u64 },
}

impl Raw {
    pub(super) fn summary(&self) -> Summary {
        match self {
            Self::Leaf(row) => row.leaf(row.key, &encode(row)).unwrap().summary(Kind::Parts),
            Self::Node { key, depth, left, right, lie } => {
                let (left, right) = (left.summary(), right.summary());
                let prefix = prefix(key, u32::from(*depth));
                let hash = [&prefix[..], &left.to_bytes(), &right.to_bytes()].concat();
                Summary {
                    hash: Role::Node.hash(&hash),
                    count: left.count() + right.count() + lie,
                    bytes: left.bytes() + right.bytes(),
                }
            }
        }
    }

    /// What a correct traversal finds under `wanted`.
    pub(super) fn find(&self, wanted: &[u8; 32]) -> Option<&Named> {
        match self {
            Self::Leaf(row) => (row.key == *wanted).then_some(row),
            Self::Node { key, depth, left, right, .. } => {
                if common_prefix(key, wanted) < u32::from(*depth) {
                    return None;
                }
                match Side::of(wanted, *depth) {
                    Side::Left => left.find(wanted),
                    Side::Right => right.find(wanted),
                }
            }
        }
    }

    /// The keys of all leaves, wherever they are.
    pub(super) fn keys(&self) -> Vec<[u8; 32]> {
        match self {
            Self::Leaf(row) => vec![row.key],
            Self::Node { left, right, .. } => [left.keys(), right.keys()].concat(),
        }
    }

    /// The bytes of a pruned tree in which `opens` decides of each subtree in preorder, told whether
    /// it belongs where it is, and the subtrees that are leaves of it.
    pub(super) fn write<'a>(
        &'a self,
        place: Region,
        opens: &mut impl FnMut(bool) -> bool,
        out: &mut Vec<u8>,
        spots: &mut Vec<&'a Self>,
    ) {
        let (Self::Leaf(Named { key, .. }) | Self::Node { key, .. }) = self;
        match self {
            _ if !opens(place.holds(key)) => self.write_stub(out, spots),
            Self::Leaf(row) => {
                out.push(3);
                out.extend(encode(row));
                spots.push(self);
            }
            Self::Node { key, depth, left, right, .. } => {
                let (mut below, mut inside) = (Vec::new(), Vec::new());
                for (side, child) in [(Side::Left, left), (Side::Right, right)] {
                    let place = Region::below(key, *depth, side);
                    child.write(place, opens, &mut below, &mut inside);
                }
                // Two closed subtrees of 35 bytes each.
                let over_stubs = below.len() == 70 && below[0] == 1 && below[35] == 1;
                let first = place.parent_depth().map_or(0, |above| above + 1);
                match u32::from(*depth).checked_sub(first) {
                    Some(skipped @ 0..128) if !over_stubs => {
                        out.push(0x80 + u8::try_from(skipped).unwrap());
                    }
                    _ => out.extend([if over_stubs { 5 } else { 4 }, *depth]),
                }
                if over_stubs {
                    let kept = &prefix(key, u32::from(*depth))[..usize::from(*depth).div_ceil(8)];
                    let mut kept = kept.to_vec();
                    if depth % 8 != 0 {
                        *kept.last_mut().unwrap() &= !(0x80 >> (depth % 8));
                    }
                    out.extend(kept);
                }
                out.extend(below);
                spots.extend(inside);
            }
        }
    }

    fn write_stub<'a>(&'a self, out: &mut Vec<u8>, spots: &mut Vec<&'a Self>) {
        let summary = self.summary();
        out.push(1);
        out.extend(summary.hash());
        let one_byte = |sum: u64| u8::try_from(sum).ok().filter(|sum| *sum < 128).unwrap();
        out.extend([one_byte(summary.count()), one_byte(summary.bytes())]);
        spots.push(self);
    }
}

/// The tree over pieces in key order, each with a key that stands for its place.
pub(super) fn assemble(pieces: &[([u8; 32], Raw)]) -> Raw {
    if let [(_, only)] = pieces {
        return only.clone();
    }
    let depth = pieces.windows(2).map(|pair| common_prefix(&pair[0].0, &pair[1].0)).min().unwrap();
    let depth = u8::try_from(depth).unwrap();
    let right = pieces.partition_point(|(key, _)| Side::of(key, depth) == Side::Left);
    let (left, right) = pieces.split_at(right);
    Raw::Node {
        key: pieces[0].0,
        depth,
        left: Box::new(assemble(left)),
        right: Box::new(assemble(right)),
        lie: 0,
    }
}

fn honest() -> impl Strategy<Value = Raw> {
    prop::collection::btree_map(key(), 0_u64..2, 1..12).prop_map(|map| {
        let leaf = |(key, size)| (key, Raw::Leaf(Named { key, size }));
        assemble(&map.into_iter().map(leaf).collect::<Vec<_>>())
    })
}

/// Honest trees, with any parts of them replaced by others, under prefixes that may be lies.
pub(super) fn raw() -> impl Strategy<Value = Raw> {
    let lie = prop_oneof![8 => Just(0_u64), 1 => 1_u64..3];
    let node = (key(), prop_oneof![0_u8..9, any::<u8>()], lie);
    let above = (honest(), honest(), node).prop_map(|(left, right, (key, depth, lie))| Raw::Node {
        key,
        depth,
        left: Box::new(left),
        right: Box::new(right),
        lie,
    });
    let above = above.boxed();
    let graft = (honest(), prop_oneof![honest(), above.clone()], any::<u64>());
    let grafted = graft.prop_map(|(mut tree, part, way)| {
        graft_at(&mut tree, part, way);
        tree
    });
    prop_oneof![1 => honest(), 1 => above, 4 => grafted]
}

/// Puts `part` where `way` leads: at each node a bit for the side, and one to stop.
fn graft_at(tree: &mut Raw, part: Raw, way: u64) {
    match tree {
        Raw::Node { left, right, .. } if way & 3 != 3 => {
            graft_at(if way & 1 == 0 { left } else { right }, part, way >> 2);
        }
        _ => *tree = part,
    }
}
