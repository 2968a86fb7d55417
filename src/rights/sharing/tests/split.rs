use super::super::split::{Asked, Exceeds, Part, apportion, split};
use super::*;

fn points(all: &[u64]) -> Vec<Asked> {
    let asked = |points: &u64| Asked { basis_points: *points, floor: None, ceiling: None };
    all.iter().map(asked).collect()
}

#[track_caller]
fn splits(amount: u64, shares: &[u64], parts: &[u64], rest: u64) {
    let (found, left) = split(amount, &points(shares)).unwrap();
    let found: Vec<u64> = found.iter().map(|part| part.amount).collect();
    assert_eq!((found.as_slice(), left), (parts, rest));
}

#[test]
fn units_go_to_the_largest_remainders() {
    // 1.5, 2.6, and 5.9 are left.
    splits(10, &[1_500, 2_600], &[1, 3], 6);
    // 3.333 three times, and 0.001 is left.
    splits(10, &[3_333; 3], &[4, 3, 3], 0);
    // 2.3 three times, and 3.1 is left.
    splits(10, &[2_300; 3], &[3, 2, 2], 3);
}

#[test]
fn of_equal_remainders_the_rest_comes_last() {
    splits(1, &[5_000], &[1], 0);
    splits(3, &[2_500, 2_500], &[1, 1], 1);
}

#[test]
fn rounding_says_what_it_did() {
    let part = |amount, rounding| Part { amount, limit: None, rounding };
    let parts = vec![part(5, Rounding::Exact), part(1, Rounding::Up), part(0, Rounding::Down)];
    assert_eq!(split(10, &points(&[5_000, 900, 100])), Ok((parts, 4)));
}

#[test]
fn a_limit_is_whole_and_leaves_rounding_to_others() {
    let capped = Asked { basis_points: 5_000, floor: None, ceiling: Some(2) };
    let raised = Asked { basis_points: 0, floor: Some(3), ceiling: None };
    let asked = [capped, raised, points(&[1_500])[0]];
    let (parts, rest) = split(7, &asked).unwrap();
    // 2, 3, 1.05; 0.95 is left.
    let amounts: Vec<u64> = parts.iter().map(|part| part.amount).collect();
    assert_eq!((amounts, rest), (vec![2, 3, 1], 1));
    let limits: Vec<_> = parts.iter().map(|part| part.limit).collect();
    assert_eq!(limits, [Some(Limit::Ceiling(2)), Some(Limit::Floor(3)), None]);
}

#[test]
fn more_than_there_is_is_split_among_nobody() {
    assert_eq!(split(1, &points(&[10_000, 1])), Err(Exceeds(2)));
    assert_eq!(split(100, &points(&[6_000, 5_000])), Err(Exceeds(110)));
    let most = [Asked { basis_points: u64::MAX, floor: None, ceiling: None }; 3];
    assert_eq!(split(u64::MAX, &most), Err(Exceeds(u64::MAX)));
    let floor = Asked { basis_points: 0, floor: Some(1), ceiling: None };
    assert_eq!(split(0, &[floor]), Err(Exceeds(1)));
}

#[test]
fn nothing_is_apportioned_of_nothing() {
    assert_eq!(apportion(0, 0, &[]), []);
    assert_eq!(apportion(0, 0, &[0]), [(0, Rounding::Exact)]);
    let most = apportion(u64::MAX, u64::MAX, &[u64::MAX - 1, 1]);
    assert_eq!(most, [(u64::MAX - 1, Rounding::Exact), (1, Rounding::Exact)]);
}
