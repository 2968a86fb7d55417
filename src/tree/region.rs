//! Places in a trie: which keys may stand there.

use super::{Side, common_prefix};

/// All keys that begin with the same bits: those that a correct traversal leads to one place.
///
/// A leaf's place is its key alone, the root's all keys, and that of a node's
/// child the bits of the node's prefix followed by the bit of the side. Of two
/// regions one holds the other, or they have no key in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Region {
    /// The least key: the shared bits, then zeros.
    first: [u8; 32],
    /// How many bits are shared, 0 to 256.
    bits: u16,
}

impl Region {
    /// All keys.
    pub(crate) const ALL: Self = Self { first: [0; 32], bits: 0 };

    /// One key alone.
    pub(crate) const fn of_key(key: [u8; 32]) -> Self {
        Self { first: key, bits: 256 }
    }

    /// Where `side` of a node begins that parts at bit `depth` and below which `key` stands, on either side.
    pub(crate) fn below(key: &[u8; 32], depth: u8, side: Side) -> Self {
        let mut first = *key;
        let mut bytes = first.iter_mut();
        if let Some(byte) = bytes.nth(usize::from(depth / 8)) {
            let bit = 0x80_u8 >> (depth % 8);
            // The bits before the one at `depth` are kept, those after it cleared.
            *byte &= !(bit | bit.wrapping_sub(1));
            if side == Side::Right {
                *byte |= bit;
            }
        }
        bytes.for_each(|byte| *byte = 0);
        Self { first, bits: u16::from(depth).saturating_add(1) }
    }

    /// The least key.
    pub(crate) const fn first(&self) -> &[u8; 32] {
        &self.first
    }

    /// The bit at which the node above parts its keys; `None` for all keys.
    pub(crate) fn parent_depth(&self) -> Option<u32> {
        u32::from(self.bits).checked_sub(1)
    }

    /// Whether `key` belongs here.
    pub(crate) fn holds(&self, key: &[u8; 32]) -> bool {
        common_prefix(&self.first, key) >= u32::from(self.bits)
    }

    /// Whether every key of `other` belongs here.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.bits <= other.bits && self.holds(&other.first)
    }

    /// Whether any of `keys`, which increase, belongs here.
    pub(crate) fn holds_any(&self, keys: &[[u8; 32]]) -> bool {
        let from = keys.partition_point(|key| *key < self.first);
        keys.get(from).is_some_and(|key| self.holds(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_the_keys_that_begin_like_it() {
        let mut key = [0xff; 32];
        key[1] = 0b1010_1111;
        // 8 + 4 bits of the key, then a 0 or a 1.
        let left = Region::below(&key, 12, Side::Left);
        let right = Region::below(&key, 12, Side::Right);
        assert!(right.holds(&key) && !left.holds(&key));
        assert_eq!(left.first()[..3], [0xff, 0b1010_0000, 0]);
        assert_eq!(right.first()[..3], [0xff, 0b1010_1000, 0]);
        assert!(left < right && !left.covers(&right) && !right.covers(&left));
        assert!(Region::ALL.covers(&left) && !left.covers(&Region::ALL));
        assert!(right.covers(&Region::of_key(key)) && right.covers(&right));
        // Where two begin at one key the wider one comes first.
        let first = Region::below(&[0; 32], 0, Side::Left);
        assert!(Region::ALL < first && first < Region::of_key([0; 32]));
    }

    #[test]
    fn the_last_bit_parts_two_keys() {
        let (even, odd) =
            (Region::below(&[7; 32], 255, Side::Left), Region::below(&[7; 32], 255, Side::Right));
        let mut key = [7; 32];
        assert_eq!(odd, Region::of_key(key));
        key[31] = 6;
        assert_eq!(even, Region::of_key(key));
    }

    #[test]
    fn keys_are_found_in_a_region_by_their_order() {
        let keys = [[1; 32], [0x41; 32], [0x81; 32]];
        assert!(Region::ALL.holds_any(&keys) && !Region::ALL.holds_any(&[]));
        let [low, high] = [Side::Left, Side::Right].map(|side| Region::below(&[0; 32], 0, side));
        assert!(low.holds_any(&keys[..2]) && !high.holds_any(&keys[..2]));
        assert!(high.holds_any(&keys) && !low.holds_any(&keys[2..]));
    }
}
