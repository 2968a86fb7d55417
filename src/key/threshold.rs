//! How many of several keys signed: the one place where that is counted.

use std::collections::{BTreeMap, BTreeSet};

use super::PublicKey;

/// A set of keys, of which so many must have signed.
///
/// Counts public keys, never names, ids or signatures: a key that signed twice counts once, as
/// does one that stands under two names. Whatever asks for several signers counts them here.
///
/// ```
/// use datadeed::key::{Signer, SigningKey, Threshold, ThresholdNotMet};
///
/// let [a, b, c] = [1, 2, 3].map(|seed| SigningKey::from_seed(&[seed; 32]).public_key());
/// let board = Threshold::new([a, b, c], 2)?;
/// assert_eq!(board.check([a, c]), Ok(()));
/// assert_eq!(board.check([a, a]), Err(ThresholdNotMet { valid: 1, needed: 2 }));
/// # Ok::<(), datadeed::key::ThresholdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    keys: BTreeSet<PublicKey>,
    needed: usize,
}

/// A number of signers that asks for nothing, or for more than there are.
///
/// ```
/// use datadeed::key::{Signer, SigningKey, Threshold};
///
/// let key = SigningKey::from_seed(&[1; 32]).public_key();
/// let error = Threshold::new([key, key], 2).unwrap_err();
/// assert_eq!((error.keys, error.needed), (1, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{needed} of {keys} distinct keys needed, which is never or always so")]
#[expect(clippy::exhaustive_structs, reason = "the two numbers that contradict each other")]
pub struct ThresholdError {
    /// Distinct public keys in the set.
    pub keys: usize,
    /// How many of them were to sign.
    pub needed: usize,
}

/// Too few distinct keys of a set signed.
///
/// ```
/// use datadeed::key::{Signer, SigningKey, Threshold};
///
/// let [a, b] = [1, 2].map(|seed| SigningKey::from_seed(&[seed; 32]).public_key());
/// let error = Threshold::new([a, b], 2)?.check([b]).unwrap_err();
/// assert_eq!(error.to_string(), "signed by 1 of the keys, 2 needed");
/// # Ok::<(), datadeed::key::ThresholdError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("signed by {valid} of the keys, {needed} needed")]
#[expect(clippy::exhaustive_structs, reason = "what was found and what was needed")]
pub struct ThresholdNotMet {
    /// Distinct keys of the set that signed.
    pub valid: usize,
    /// How many were needed.
    pub needed: usize,
}

impl Threshold {
    /// At least `needed` of the distinct keys among `keys`.
    ///
    /// # Errors
    ///
    /// [`ThresholdError`] where `needed` is 0 or more than there are distinct keys.
    pub fn new(
        keys: impl IntoIterator<Item = PublicKey>,
        needed: usize,
    ) -> Result<Self, ThresholdError> {
        let keys: BTreeSet<PublicKey> = keys.into_iter().collect();
        if needed == 0 || needed > keys.len() {
            return Err(ThresholdError { keys: keys.len(), needed });
        }
        Ok(Self { keys, needed })
    }

    /// The distinct keys, in the order of their bytes.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &PublicKey> {
        self.keys.iter()
    }

    /// How many of them must sign, at least 1.
    pub const fn needed(&self) -> usize {
        self.needed
    }

    /// Whether enough keys of the set are among `signers`, whose signatures the caller verified.
    ///
    /// # Errors
    ///
    /// [`ThresholdNotMet`] with how many distinct keys of the set there are.
    pub fn check(
        &self,
        signers: impl IntoIterator<Item = PublicKey>,
    ) -> Result<(), ThresholdNotMet> {
        self.supported(signers.into_iter().map(|signer| (signer, ())))
    }

    /// The greatest value that enough keys of the set stand behind, each for its own or any lesser one.
    ///
    /// `signed` has every key with what it signed for, such as a time; the caller verified the
    /// signatures. Of a key that signed for several values the greatest counts.
    ///
    /// # Errors
    ///
    /// [`ThresholdNotMet`] as [`Threshold::check`].
    pub fn supported<T: Ord>(
        &self,
        signed: impl IntoIterator<Item = (PublicKey, T)>,
    ) -> Result<T, ThresholdNotMet> {
        let mut greatest = BTreeMap::new();
        for (key, value) in signed.into_iter().filter(|(key, _)| self.keys.contains(key)) {
            match greatest.get(&key) {
                Some(known) if *known >= value => {}
                _ => drop(greatest.insert(key, value)),
            }
        }
        let valid = greatest.len();
        let mut values: Vec<T> = greatest.into_values().collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let last = self.needed.saturating_sub(1);
        values.into_iter().nth(last).ok_or(ThresholdNotMet { valid, needed: self.needed })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::key::{Signer as _, SigningKey};

    fn key(seed: u8) -> PublicKey {
        SigningKey::from_seed(&[seed; 32]).public_key()
    }

    fn two_of_three() -> Threshold {
        Threshold::new([key(1), key(2), key(3)], 2).unwrap()
    }

    #[test]
    fn one_key_signing_twice_counts_once() {
        let error = ThresholdNotMet { valid: 1, needed: 2 };
        assert_eq!(two_of_three().check([key(1), key(1)]), Err(error));
        assert_eq!(two_of_three().supported([(key(1), 5), (key(1), 6)]), Err(error));
        assert_eq!(two_of_three().check([key(1), key(1), key(2)]), Ok(()));
    }

    #[test]
    fn one_key_under_two_names_counts_once() {
        let listed = [("registry", key(1)), ("registry-backup", key(1)), ("court", key(2))];
        let keys = || listed.iter().map(|(_, key)| *key);
        assert_eq!(Threshold::new(keys(), 3), Err(ThresholdError { keys: 2, needed: 3 }));
        let both = Threshold::new(keys(), 2).unwrap();
        assert_eq!(both.keys().len(), 2);
        let signed_under_both_names = keys().take(2);
        let error = ThresholdNotMet { valid: 1, needed: 2 };
        assert_eq!(both.check(signed_under_both_names), Err(error));
    }

    #[test]
    fn a_key_that_is_not_of_the_set_does_not_count() {
        let error = |valid| ThresholdNotMet { valid, needed: 2 };
        assert_eq!(two_of_three().check([key(4), key(5)]), Err(error(0)));
        assert_eq!(two_of_three().check([key(1), key(4)]), Err(error(1)));
        assert_eq!(two_of_three().check([]), Err(error(0)));
    }

    #[test]
    fn a_threshold_that_nothing_or_everything_meets_is_none() {
        let error = |keys, needed| Err(ThresholdError { keys, needed });
        assert_eq!(Threshold::new([key(1)], 0), error(1, 0));
        assert_eq!(Threshold::new([key(1)], 2), error(1, 2));
        assert_eq!(Threshold::new([], 0), error(0, 0));
        assert_eq!(Threshold::new([key(1)], 1).map(|one| one.needed()), Ok(1));
    }

    #[test]
    fn enough_keys_stand_behind_what_is_supported() {
        let signed = [(key(1), 30), (key(2), 10), (key(3), 20)];
        assert_eq!(two_of_three().supported(signed), Ok(20));
        // A stranger's value supports nothing, a key's later one replaces its earlier one.
        assert_eq!(two_of_three().supported([(key(1), 30), (key(2), 10), (key(4), 40)]), Ok(10));
        assert_eq!(two_of_three().supported([(key(1), 5), (key(2), 10), (key(1), 8)]), Ok(8));
    }

    proptest! {
        #[test]
        fn a_value_is_supported_exactly_if_enough_distinct_keys_reach_it(
            signed in proptest::collection::vec((1_u8..6, 0_u8..10), 0..12), needed in 1_usize..=3,
        ) {
            let threshold = Threshold::new([key(1), key(2), key(3)], needed).unwrap();
            let reach = |value| {
                (1..=3).filter(|seed| signed.iter().any(|(by, at)| by == seed && *at >= value)).count()
            };
            let found = threshold.supported(signed.iter().map(|(by, at)| (key(*by), *at)));
            let expected = (0..10).rev().find(|value| reach(*value) >= needed);
            let error = ThresholdNotMet { valid: reach(0), needed };
            prop_assert_eq!(found, expected.ok_or(error));
        }
    }
}
