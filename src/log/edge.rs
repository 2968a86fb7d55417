//! The right edge of a log: what it takes to go on, whatever its size.

use super::hash::node_hash;
use super::subtrees::joined;
use crate::digest::Sha256;

/// Hashes of a full tile, and entries of a full bundle.
pub(super) const TILE: u16 = 256;

/// A hash of a tile stands for 2^8 of those below it.
pub(super) const TILE_HEIGHT: u32 = 8;

/// A tile that is full from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FullTile {
    pub(super) level: u8,
    pub(super) index: u64,
    pub(super) hashes: Vec<Sha256>,
}

/// The tiles that are not full yet: at most 8 of at most 255 hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Edge {
    size: u64,
    /// The lowest level first; none, one or more of them are empty.
    levels: Vec<Vec<Sha256>>,
}

impl Edge {
    /// The edge of a log of `size` entries, of the tiles at each level.
    pub(super) const fn new(size: u64, levels: Vec<Vec<Sha256>>) -> Self {
        Self { size, levels }
    }

    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; the tiles that it fills come behind `full`, the lowest first.
    pub(super) fn push(&mut self, leaf: Sha256, full: &mut Vec<FullTile>) {
        self.size = self.size.saturating_add(1);
        let mut hash = leaf;
        for level in 0_u8.. {
            let place = usize::from(level);
            if self.levels.len() <= place {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(place) else { return };
            hashes.push(hash);
            if hashes.len() < usize::from(TILE) {
                return;
            }
            let hashes = std::mem::take(hashes);
            hash = fold(&hashes);
            let index = subtrees(self.size, level.saturating_add(1)).saturating_sub(1);
            full.push(FullTile { level, index, hashes });
        }
    }

    /// The root of all leaves.
    pub(super) fn root(&self) -> Sha256 {
        let mut full = Vec::new();
        for hashes in self.levels.iter().rev() {
            let mut rest = hashes.as_slice();
            while let Some(level) = rest.len().checked_ilog2() {
                let (subtree, right) = rest.split_at(1_usize.checked_shl(level).unwrap_or(1));
                full.push(fold(subtree));
                rest = right;
            }
        }
        joined(full)
    }

    /// The hashes of the tile that is not full yet at this level, if there are any.
    pub(super) fn tile(&self, level: u8) -> &[Sha256] {
        self.levels.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// Number of that tile at its level.
    pub(super) fn index(&self, level: u8) -> u64 {
        subtrees(self.size, level.saturating_add(1))
    }

    /// The tiles that are not full, with their levels.
    pub(super) fn tiles(&self) -> impl Iterator<Item = (u8, &[Sha256])> {
        (0_u8..).zip(self.levels.iter().map(Vec::as_slice)).filter(|(_, tile)| !tile.is_empty())
    }
}

/// How many full subtrees of 256^level leaves there are among `size`.
pub(super) fn subtrees(size: u64, level: u8) -> u64 {
    size.checked_shr(TILE_HEIGHT.saturating_mul(u32::from(level))).unwrap_or(0)
}

/// The place of a hash in its tile, or of an entry in its bundle.
pub(super) const fn place(index: u64) -> u8 {
    let [low, ..] = index.to_le_bytes();
    low
}

/// The root of a full subtree of these hashes, a power of two of them.
pub(super) fn fold(hashes: &[Sha256]) -> Sha256 {
    let mut hashes = hashes.to_vec();
    while hashes.len() > 1 {
        let above = hashes.chunks_exact(2).filter_map(|pair| match pair {
            [left, right] => Some(node_hash(left, right)),
            _ => None,
        });
        hashes = above.collect();
    }
    hashes.first().copied().unwrap_or_else(|| Sha256::of(b""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::log::{MerkleTree, leaf_hash};

    #[test]
    fn the_edge_has_the_root_of_the_tree_and_fills_every_tile_once() {
        let (mut edge, mut tree, mut full) = (Edge::default(), MerkleTree::new(), Vec::new());
        assert_eq!(edge.root(), tree.root());
        for number in 0..66_000_u64 {
            let leaf = leaf_hash(&number.to_be_bytes());
            edge.push(leaf, &mut full);
            tree.push(leaf);
            if number < 1_100 || number % 977 == 0 || number > 65_500 {
                assert_eq!(edge.root(), tree.root(), "{number}");
            }
        }
        let places: Vec<(u8, u64)> = full.iter().map(|tile| (tile.level, tile.index)).collect();
        let mut expected: Vec<(u8, u64)> = (0..257).map(|index| (0, index)).collect();
        expected.insert(256, (1, 0));
        assert_eq!(places, expected);
        assert_eq!(
            edge.tiles().map(|(level, tile)| (level, tile.len())).collect::<Vec<_>>(),
            [(0, 208), (1, 1), (2, 1)]
        );
        assert_eq!((edge.index(0), edge.index(1), edge.index(2)), (257, 1, 0));
    }

    proptest! {
        #[test]
        fn an_edge_goes_on_from_its_tiles(size in 0_u64..1_000, more in 0_u64..600) {
            let leaf = |number: u64| leaf_hash(&number.to_be_bytes());
            let mut edge = Edge::default();
            (0..size).for_each(|number| edge.push(leaf(number), &mut Vec::new()));
            let mut again = Edge::new(size, edge.levels.clone());
            let mut whole = edge;
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for number in size..size + more {
                again.push(leaf(number), &mut a);
                whole.push(leaf(number), &mut b);
            }
            prop_assert_eq!((again.root(), a), (whole.root(), b));
        }
    }
}
