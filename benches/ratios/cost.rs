//! CPU time beside wall time.

use std::fs;
use std::time::Duration;

use crate::interleave::{median, timed};

/// As [`interleave`](crate::interleave::interleave), of wall time and of CPU time where the system tells that.
pub(crate) fn interleave_cost<T, U>(
    rounds: usize,
    mut subject: impl FnMut() -> T,
    mut rival: impl FnMut() -> U,
) -> (f64, Option<f64>) {
    assert!(rounds >= 5, "a median of fewer than 5 says little");
    drop((subject(), rival()));
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let (subject, rival) = (cost(&mut subject), cost(&mut rival));
        wall.push(subject.0.as_secs_f64() / rival.0.as_secs_f64());
        cpu.extend(subject.1.zip(rival.1).map(|(subject, rival)| subject / rival));
    }
    let cpu = Some(cpu).filter(|cpu| cpu.len() == rounds);
    (median(wall), cpu.map(median))
}

/// Wall time, and CPU time of all threads in ticks.
fn cost<T>(work: &mut impl FnMut() -> T) -> (Duration, Option<f64>) {
    let before = cpu_ticks();
    let wall = timed(work);
    (wall, cpu_ticks().zip(before).map(|(after, before)| f64::from(after - before)))
}

/// User and system time of this process so far, threads that ended included: Linux alone tells without `unsafe`.
fn cpu_ticks() -> Option<u32> {
    // `pid (comm) state ppid ...`; comm may hold spaces and parentheses. utime and stime are fields 14 and 15.
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}
