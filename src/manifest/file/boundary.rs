//! Where the blocks of a manifest file end.

use std::collections::VecDeque;

use crate::tree::common_prefix;

/// Cuts rows in key order into blocks.
///
/// A block is a largest subtree of at most `limit` rows: a single row, or all
/// rows that share one more bit than the rows before and after it do, while
/// the subtree above it has more than `limit` rows. So the blocks are a
/// function of the set of keys.
///
/// One pass with a window of `limit` rows. A subtree that begins where a block
/// ended reaches as far as rows share more bits with their neighbour than that
/// end did; where that is more than `limit` rows, it reaches as far as rows
/// share more bits than any subtree with the row after the window could.
///
/// A cut costs a look at the whole window. That is cheap also where rows are
/// made to be cut often: every block hangs from a path of at most 256 nodes to
/// a node of more than `limit` rows, so n rows have at most 256 n / `limit` blocks.
#[derive(Debug)]
pub(super) struct Boundaries {
    limit: usize,
    last: Option<[u8; 32]>,
    /// The number of bits that rows not yet in a block share with the next one.
    shared: VecDeque<u32>,
    /// The number of bits shared across the last boundary; `None` before the first.
    parted: Option<u32>,
}

impl Boundaries {
    /// Blocks of at most `limit` rows, at least 1.
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, last: None, shared: VecDeque::new(), parted: None }
    }

    /// Takes the next greater key; the number of rows in the next block, once that is certain.
    pub(super) fn push(&mut self, key: &[u8; 32]) -> Option<usize> {
        if let Some(last) = self.last.replace(*key) {
            self.shared.push_back(common_prefix(&last, key));
        }
        if self.shared.len() < self.limit {
            return None;
        }
        let least = self.shared.iter().min().copied();
        self.cut(self.parted.max(least))
    }

    /// After the last key: the numbers of rows in the remaining blocks.
    pub(super) fn finish(mut self) -> Vec<usize> {
        let mut blocks = Vec::new();
        while let Some(rows) = self.cut(self.parted) {
            blocks.push(rows);
        }
        if self.last.is_some() {
            blocks.push(self.shared.len().saturating_add(1));
        }
        blocks
    }

    /// Ends a block where its last row shares at most `bits` with the next row.
    fn cut(&mut self, bits: Option<u32>) -> Option<usize> {
        let at = self.shared.iter().position(|shared| Some(*shared) <= bits)?;
        let rows = at.saturating_add(1);
        self.parted = self.shared.drain(..rows).next_back();
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// The definition: a subtree of at most `limit` rows, or the blocks of both its sides.
    fn oracle(keys: &[[u8; 32]], limit: usize) -> Vec<usize> {
        if keys.is_empty() {
            return Vec::new();
        }
        if keys.len() <= limit {
            return vec![keys.len()];
        }
        let bit = |key: &[u8; 32], i: usize| key[i / 8] & (0x80 >> (i % 8)) != 0;
        let at = (0..256).find(|&i| keys.iter().any(|key| bit(key, i) != bit(&keys[0], i)));
        let at = at.expect("the keys differ");
        let right = keys.iter().position(|key| bit(key, at)).expect("both sides have keys");
        let (left, right) = keys.split_at(right);
        [oracle(left, limit), oracle(right, limit)].concat()
    }

    fn blocks(keys: &[[u8; 32]], limit: usize) -> Vec<usize> {
        let mut boundaries = Boundaries::new(limit);
        let mut blocks: Vec<usize> = keys.iter().filter_map(|key| boundaries.push(key)).collect();
        blocks.extend(boundaries.finish());
        blocks
    }

    /// Keys that share long prefixes as well as keys that share none.
    fn keys() -> impl Strategy<Value = Vec<[u8; 32]>> {
        let key = prop_oneof![
            any::<[u8; 32]>(),
            (0_usize..32, any::<u8>()).prop_map(|(at, byte)| {
                let mut key = [0xaa; 32];
                key[at] = byte;
                key
            }),
            any::<u8>().prop_map(|byte| [byte; 32]),
        ];
        proptest::collection::btree_set(key, 0..80)
            .prop_map(BTreeSet::into_iter)
            .prop_map(Vec::from_iter)
    }

    proptest! {
        #[test]
        fn blocks_are_those_of_the_definition(keys in keys(), limit in 1_usize..20) {
            prop_assert_eq!(blocks(&keys, limit), oracle(&keys, limit));
        }
    }

    #[test]
    fn a_comb_of_256_levels_is_cut_as_defined() {
        let mut keys: Vec<[u8; 32]> = vec![[0; 32]];
        for depth in (0..256_usize).rev() {
            let mut key = [0; 32];
            key[depth / 8] = 0x80 >> (depth % 8);
            keys.push(key);
        }
        for limit in [1, 2, 7, 255, 256, 257, 300] {
            assert_eq!(blocks(&keys, limit), oracle(&keys, limit), "{limit}");
        }
    }

    #[test]
    fn no_rows_make_no_block_and_few_make_one() {
        assert_eq!(blocks(&[], 4), [0_usize; 0]);
        assert_eq!(blocks(&[[1; 32]], 4), [1]);
        assert_eq!(blocks(&[[1; 32], [2; 32], [3; 32], [4; 32]], 4), [4]);
        // 1 | 2 3 | 4 5: the first bit at which these part is that of 4.
        assert_eq!(blocks(&[[1; 32], [2; 32], [3; 32], [4; 32], [5; 32]], 4), [3, 2]);
    }
}
