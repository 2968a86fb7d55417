//! One amount, split: exact parts, rounded by the largest remainder (Hamilton).

use super::{Limit, Rounding};

/// The whole, in hundredths of a percent.
pub(super) const WHOLE: u64 = 10_000;

/// What somebody asks of an amount.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) basis_points: u64,
    pub(super) floor: Option<u64>,
    pub(super) ceiling: Option<u64>,
}

/// What he gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) amount: u64,
    pub(super) limit: Option<Limit>,
    pub(super) rounding: Rounding,
}

/// More is asked than there is; the sum, rounded up, at most `u64::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exceeds(pub(super) u64);

/// Splits `amount` among those who ask, in this order, and what is left.
///
/// Ceilings and floors meet the exact shares before these are rounded, so a
/// share below its ceiling never passes it. What is left is rounded with the
/// others and comes last where remainders are equal.
pub(super) fn split(amount: u64, asked: &[Asked]) -> Result<(Vec<Part>, u64), Exceeds> {
    let (base, unit) = (u128::from(amount), u128::from(WHOLE));
    let shares = asked.iter().map(|one| {
        // At most (2^64 - 1)^2, and with 10,000 basis points less than 2^78.
        let exact = base.saturating_mul(u128::from(one.basis_points));
        let minor = |limit: u64| u128::from(limit).saturating_mul(unit);
        match (one.floor, one.ceiling) {
            (_, Some(most)) if exact > minor(most) => (minor(most), Some(Limit::Ceiling(most))),
            (Some(least), _) if exact < minor(least) => (minor(least), Some(Limit::Floor(least))),
            _ => (exact, None),
        }
    });
    let shares: Vec<(u128, Option<Limit>)> = shares.collect();
    let owed = shares.iter().fold(0, |sum: u128, (exact, _)| sum.saturating_add(*exact));
    let Some(rest) = base.saturating_mul(unit).checked_sub(owed) else {
        return Err(Exceeds(u64::try_from(owed.div_ceil(unit)).unwrap_or(u64::MAX)));
    };
    let exact = shares.iter().map(|(exact, _)| *exact).chain([rest]);
    let mut rounded = round(amount, unit, exact);
    let (rest, _) = rounded.pop().unwrap_or((amount, Rounding::Exact));
    let parts = shares.iter().zip(rounded);
    let part = |((_, limit), (amount, rounding)): (&(u128, Option<Limit>), (u64, Rounding))| Part {
        amount,
        limit: *limit,
        rounding,
    };
    Ok((parts.map(part).collect(), rest))
}

/// Splits all of `amount` by weights that add up to `whole`, in this order; nothing of nothing.
pub(super) fn apportion(amount: u64, whole: u64, weights: &[u64]) -> Vec<(u64, Rounding)> {
    let exact = weights.iter().map(|weight| u128::from(amount).saturating_mul(u128::from(*weight)));
    round(amount, u128::from(whole.max(1)), exact)
}

/// Rounds shares that are given in `unit`ths and add up to `amount`.
///
/// Each is rounded down; one unit each of what is left goes to the largest
/// remainders, of equal ones to the first.
fn round(amount: u64, unit: u128, exact: impl Iterator<Item = u128>) -> Vec<(u64, Rounding)> {
    let mut order = Vec::new();
    let mut rounded: Vec<(u64, Rounding)> = Vec::new();
    let mut left = amount;
    for (index, exact) in exact.enumerate() {
        let down = exact.checked_div(unit).unwrap_or_default();
        let remainder = exact.checked_rem(unit).unwrap_or_default();
        let down = u64::try_from(down).unwrap_or(u64::MAX);
        left = left.saturating_sub(down);
        rounded.push((down, if remainder == 0 { Rounding::Exact } else { Rounding::Down }));
        if remainder > 0 {
            order.push((std::cmp::Reverse(remainder), index));
        }
    }
    order.sort_unstable();
    // What is left is the sum of the remainders, so there are more of those than units.
    let up = usize::try_from(left).unwrap_or(usize::MAX);
    for (_, index) in order.into_iter().take(up) {
        if let Some((share, rounding)) = rounded.get_mut(index) {
            *share = share.saturating_add(1);
            *rounding = Rounding::Up;
        }
    }
    rounded
}
