//! Writing a pruned tree.

use super::decode::{EMPTY, FAR_NODE, KEYED, NODE, NODE_OVER_STUBS, OPEN, STUB, first_bit};
use super::{Known, PrunedTree, Spot};
use crate::cbor::encode;
use crate::tree::{Row, common_prefix};

/// A node, told by where neighbouring spots part.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    /// Its first spot.
    start: usize,
    /// The bit at which its keys part.
    depth: u8,
    /// The last spot of its left side.
    last_left: usize,
}

#[expect(private_bounds, reason = "sealed: rows are those of this crate")]
impl<R: Row> PrunedTree<R> {
    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.spots.len().saturating_mul(48).saturating_add(64));
        if self.spots.is_empty() {
            out.push(EMPTY);
        }
        let mut nodes = self.nodes().into_iter().peekable();
        // The nodes above the spot at hand, each at a greater bit than the one before.
        let mut above: Vec<u8> = Vec::new();
        for (index, spot) in self.spots.iter().enumerate() {
            // Whatever parts its keys further on than this spot parts from the last one has ended there.
            let parted = index.checked_sub(1).and_then(|last| self.depth(last));
            while above.pop_if(|above| Some(*above) > parted).is_some() {}
            while let Some(node) = nodes.next_if(|node| node.start == index) {
                self.write_node(node, above.last().copied(), &mut out);
                above.push(node.depth);
            }
            spot.write(&mut out);
        }
        out
    }

    /// The nodes in preorder.
    ///
    /// Of all places where neighbours in a subtree part, its root is the one of the least
    /// depth, which no other has.
    fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(self.spots.len());
        // Nodes whose right side goes on, each deeper than the one before.
        let mut open: Vec<Node> = Vec::new();
        for last_left in 1..self.spots.len() {
            let last_left = last_left.saturating_sub(1);
            let mut node =
                Node { start: last_left, depth: self.depth(last_left).unwrap_or(0), last_left };
            while let Some(ended) = open.pop_if(|open| open.depth > node.depth) {
                node.start = ended.start;
            }
            open.push(node);
            nodes.push(node);
        }
        nodes.sort_unstable();
        nodes
    }

    /// The bit at which a spot and the next one part; `None` after the last.
    fn depth(&self, spot: usize) -> Option<u8> {
        let (a, b) = (self.spots.get(spot)?, self.spots.get(spot.checked_add(1)?)?);
        u8::try_from(common_prefix(a.region.first(), b.region.first())).ok()
    }

    fn write_node(&self, node: Node, above: Option<u8>, out: &mut Vec<u8>) {
        let right = node.last_left.saturating_add(1);
        let before = node.last_left.checked_sub(1).and_then(|before| self.depth(before));
        let is_stub = |spot: usize| self.spots.get(spot).is_some_and(|spot| spot.leaf.is_none());
        let sides_are_spots = before < Some(node.depth) && self.depth(right) < Some(node.depth);
        if sides_are_spots && is_stub(node.last_left) && is_stub(right) {
            out.extend_from_slice(&[NODE_OVER_STUBS, node.depth]);
            if let Some(spot) = self.spots.get(node.last_left) {
                // What of the left side's region is beyond the prefix is zeros.
                let whole = usize::from(node.depth).div_ceil(8);
                out.extend(spot.region.first().iter().take(whole));
            }
            return;
        }
        let skipped = u16::from(node.depth).saturating_sub(first_bit(above));
        match u8::try_from(skipped).ok().and_then(|skipped| NODE.checked_add(skipped)) {
            Some(tag) => out.push(tag),
            None => out.extend_from_slice(&[FAR_NODE, node.depth]),
        }
    }
}

impl<R: Row> Spot<R> {
    fn write(&self, out: &mut Vec<u8>) {
        match &self.leaf {
            None => {
                out.push(STUB);
                out.extend_from_slice(self.summary.hash());
            }
            Some(Known { row: Some(row), .. }) => {
                out.push(OPEN);
                out.extend_from_slice(&encode(row));
                return;
            }
            Some(Known { value, row: None }) => {
                out.push(KEYED);
                out.extend_from_slice(self.region.first());
                out.extend_from_slice(value);
            }
        }
        number(self.summary.count(), out);
        number(self.summary.bytes(), out);
    }
}

/// Unsigned LEB128 in its shortest form.
fn number(mut value: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}
