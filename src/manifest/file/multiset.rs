//! Whether two trees count the same contents, from one pass over each in constant memory.
//!
//! The `content` rows of a file must be exactly those that its `parts` rows
//! give. A dishonest file can have two sound trees that differ in this, and so
//! "prove" the absence of a work that it contains. Rows of `parts` come in the
//! order of their names, so to compare them one by one all must be kept. Their
//! sums suffice instead:
//!
//! ```text
//! k      = H[multiset](ManifestId)
//! F(row) = keyed_hash(k, digest[32] | size u64le)      an integer, little-endian
//! sum    = Σ count × F(row) mod 2^256                  1 for the count of each part
//! ```
//!
//! This is MSet-Add-Hash of Clarke, Devadas, van Dijk, Gassend and Suh,
//! "Incremental Multiset Hash Functions and Their Application to Memory
//! Integrity Checking", ASIACRYPT 2003, with a key that is known but comes too
//! late: the `ManifestId` commits to both roots, and so to both multisets,
//! before F can be computed (the transformation of Fiat and Shamir). Whoever
//! wants two multisets to agree must fix them first and then see whether they do.
//!
//! **How likely that is.** Let d(row) be the count of a row in one multiset
//! less that in the other. If they differ, some d is not 0; all are less than
//! 2^64 in magnitude, as counts are 64-bit numbers. With F a random function
//! and all other values of it given, the sums agree for only those values x of
//! F(row) with d(row) · x = c mod 2^256 for one certain c. If 2^t is the
//! greatest power of two that divides d(row), then t <= 63, and there are at
//! most 2^t such x. So an attempt succeeds with probability at most
//! 2^(63-256) = 2^-193, and every attempt costs a head of its own. To find
//! two sets of rows for one root is easier: a collision of BLAKE3, some 2^128.
//!
//! The key must depend on both roots. Under one that is fixed beforehand, such
//! as the role's own, sums of 256 bits fall to Wagner's generalised birthday
//! attack (CRYPTO 2002) in some 2^32 steps.
//!
//! A row whose count is 0 adds nothing, so it must be refused before it comes here.

use crate::digest::{Digest, Role, keyed};
use crate::id::ManifestId;

/// The sum of a multiset of contents with their sizes, under the key of one manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Multiset {
    key: [u8; 32],
    /// The least significant 64 bits first.
    sum: [u64; 4],
}

impl Multiset {
    /// The empty one.
    pub(super) fn new(id: ManifestId) -> Self {
        Self { key: Role::Multiset.hash(id.as_bytes()), sum: [0; 4] }
    }

    /// Adds a content that occurs `count` times.
    pub(super) fn add(&mut self, digest: Digest, size: u64, count: u64) {
        let mut row = [0; 40];
        let (first, last) = row.split_at_mut(32);
        first.copy_from_slice(digest.as_bytes());
        last.copy_from_slice(&size.to_le_bytes());
        let value = keyed(&self.key, &row);
        let (limbs, _) = value.as_chunks::<8>();
        let mut carry = 0;
        for (sum, limb) in self.sum.iter_mut().zip(limbs) {
            // (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1: no bit is lost.
            let wide = u128::from(u64::from_le_bytes(*limb))
                .wrapping_mul(u128::from(count))
                .wrapping_add(u128::from(*sum))
                .wrapping_add(u128::from(carry));
            (*sum, carry) = halves(wide);
        }
        // What is carried out of the last limb is a multiple of 2^256.
    }
}

/// The least significant 64 bits, and the others.
fn halves(wide: u128) -> (u64, u64) {
    let low = wide & u128::from(u64::MAX);
    let half = |bits| u64::try_from(bits).unwrap_or(u64::MAX);
    (half(low), half(wide >> 64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers below 2^256 as 256 bits, least significant first; added bit by bit.
    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Bits(Vec<bool>);

    impl Bits {
        fn of(bytes: &[u8]) -> Self {
            Self((0..256).map(|bit| bytes[bit / 8] >> (bit % 8) & 1 == 1).collect())
        }

        fn plus(&self, other: &Self) -> Self {
            let mut carry = false;
            let bits = self.0.iter().zip(&other.0).map(|(a, b)| {
                let ones = [*a, *b, carry].iter().filter(|bit| **bit).count();
                carry = ones >= 2;
                ones % 2 == 1
            });
            Self(bits.collect())
        }

        /// By doubling.
        fn times(&self, count: u64) -> Self {
            let mut product = Self::of(&[0; 32]);
            for bit in (0..64).rev() {
                product = product.plus(&product.clone());
                if count >> bit & 1 == 1 {
                    product = product.plus(self);
                }
            }
            product
        }
    }

    fn key() -> ManifestId {
        ManifestId::from_bytes([7; 32])
    }

    /// What the module says, word for word.
    fn oracle(rows: &[(Digest, u64, u64)]) -> Bits {
        let key = Role::Multiset.hash(key().as_bytes());
        rows.iter().fold(Bits::of(&[0; 32]), |sum, (digest, size, count)| {
            let row = [&digest.as_bytes()[..], &size.to_le_bytes()].concat();
            sum.plus(&Bits::of(&keyed(&key, &row)).times(*count))
        })
    }

    fn sum(rows: &[(Digest, u64, u64)]) -> Multiset {
        let mut multiset = Multiset::new(key());
        for (digest, size, count) in rows {
            multiset.add(*digest, *size, *count);
        }
        multiset
    }

    fn bits(multiset: &Multiset) -> Bits {
        let bytes: Vec<u8> = multiset.sum.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        Bits::of(&bytes)
    }

    fn digest(byte: u8) -> Digest {
        Digest::of(&[byte])
    }

    fn rows() -> impl Strategy<Value = Vec<(Digest, u64, u64)>> {
        let count = prop_oneof![
            1_u64..4,
            any::<u64>(),
            (0_u32..64).prop_map(|bit| 1 << bit),
            Just(u64::MAX),
        ];
        let row = (any::<u8>().prop_map(digest), any::<u64>(), count);
        proptest::collection::vec(row, 0..12)
    }

    proptest! {
        #[test]
        fn sums_are_those_of_plain_arithmetic(rows in rows()) {
            prop_assert_eq!(bits(&sum(&rows)), oracle(&rows));
        }

        #[test]
        fn order_and_grouping_do_not_matter(
            (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
        ) {
            let split: Vec<(Digest, u64, u64)> = shuffled
                .iter()
                .flat_map(|(digest, size, count)| {
                    [(*digest, *size, count / 2), (*digest, *size, count - count / 2)]
                })
                .collect();
            prop_assert_eq!(sum(&rows), sum(&split));
        }
    }

    #[test]
    fn all_ones_carry_through_every_limb() {
        let all = Bits::of(&[0xff; 32]);
        // (2^256 - 1) + (2^256 - 1) = 2^256 - 2 mod 2^256.
        let mut twice = all.0.clone();
        twice[0] = false;
        assert_eq!(all.plus(&all), Bits(twice.clone()));
        assert_eq!(all.times(2), Bits(twice));
        assert_eq!(halves(u128::MAX), (u64::MAX, u64::MAX));
        let mut full = Multiset { key: [0; 32], sum: [u64::MAX; 4] };
        full.add(digest(1), 0, u64::MAX);
        let value = Bits::of(&keyed(&[0; 32], &[&digest(1).as_bytes()[..], &[0; 8]].concat()));
        assert_eq!(bits(&full), all.plus(&value.times(u64::MAX)));
    }

    #[test]
    fn multisets_that_differ_have_other_sums() {
        let (x, y) = (digest(1), digest(2));
        let one = sum(&[(x, 1, 2), (y, 1, 3)]);
        for other in [
            // Left out, counted otherwise, of another size, swapped.
            &[(x, 1, 2)][..],
            &[(x, 1, 2), (y, 1, 2)],
            &[(x, 2, 2), (y, 1, 3)],
            &[(x, 1, 3), (y, 1, 2)],
            &[(x, 1, 5)],
            &[(x, 1, 2), (y, 1, 3), (digest(3), 0, 1)],
            &[(x, 1, 2 + (1 << 63)), (y, 1, 3)],
            &[(x, 1, 2 + (1 << 63)), (y, 1, 3 + (1 << 63))],
            &[(x, 1, 2), (y, 1, 3), (x, 1, u64::MAX)],
        ] {
            assert_ne!(one, sum(other), "{other:?}");
        }
        // 2^63 times a value leaves its 193 lowest bits, not 256 of them.
        let highest = sum(&[(x, 1, 1 << 63)]);
        assert_eq!(highest.sum[0] & (u64::MAX >> 1), 0);
        assert_ne!(highest, sum(&[]));
        assert_ne!(highest, sum(&[(y, 1, 1 << 63)]));
    }

    #[test]
    fn every_manifest_has_a_key_of_its_own() {
        let other = Multiset::new(ManifestId::from_bytes([8; 32]));
        assert_ne!(other.key, Multiset::new(key()).key);
        assert_ne!(other.key, *key().as_bytes());
    }
}
