//! Measuring two things in turn, A B A B, and the median of their quotients.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// The median over `rounds` of time of `subject` / time of `rival`.
///
/// Each closure answers with what its measured part took, so preparation costs
/// nothing; see [`timed`] and [`each`]. Both run once before the first round.
pub(crate) fn interleave(
    rounds: usize,
    mut subject: impl FnMut() -> Duration,
    mut rival: impl FnMut() -> Duration,
) -> f64 {
    assert!(rounds >= 5, "a median of fewer than 5 says little");
    subject();
    rival();
    let quotients = (0..rounds).map(|_| subject().as_secs_f64() / rival().as_secs_f64()).collect();
    median(quotients)
}

/// The middle of an odd number of values, the upper middle of an even one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// How long `work` takes; its result is dropped outside.
#[expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(work());
    let taken = start.elapsed();
    drop(result);
    taken
}

/// How long `times` calls of `work` take together, each result dropped at once.
pub(crate) fn each<T>(times: usize, mut work: impl FnMut() -> T) -> Duration {
    timed(|| (0..times).for_each(|_| drop(black_box(work()))))
}
