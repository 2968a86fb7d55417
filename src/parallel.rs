//! Work shared among threads, where the system grants any: else the calling one does it all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Runs `work` on up to `threads` threads, the calling one included.
pub(crate) fn on_threads<T: Send>(threads: usize, work: impl Fn() -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        // A system short of threads, or without, is no fault of the input.
        let helpers: Vec<_> = (1..threads)
            .map_while(|_| thread::Builder::new().spawn_scoped(scope, &work).ok())
            .collect();
        let mut results = vec![work()];
        for helper in helpers {
            match helper.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

/// `work` of every item, on up to `threads` threads, in the order of the items.
pub(crate) fn map<I, T: Send>(
    threads: usize,
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let items = items.into_iter();
    if threads <= 1 {
        return items.map(work).collect();
    }
    let queue = Mutex::new(items.enumerate());
    let take = || locked(&queue).next();
    let mut done: Vec<(usize, T)> = on_threads(threads, || {
        let mut done = Vec::new();
        while let Some((index, item)) = take() {
            done.push((index, work(item)));
        }
        done
    })
    .into_iter()
    .flatten()
    .collect();
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What both give, `helper` on a thread of its own; where there is none, before `here`.
#[cfg(feature = "fs")]
#[expect(clippy::expect_used, reason = "the helper is run once, here or there")]
pub(crate) fn beside<A: Send, B>(
    helper: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> (A, B) {
    let helper = Mutex::new(Some(helper));
    let run = || {
        let helper = locked(&helper).take();
        helper.expect("a helper that was not run")()
    };
    thread::scope(|scope| {
        let Ok(thread) = thread::Builder::new().spawn_scoped(scope, run) else {
            let done = run();
            return (done, here());
        };
        let here = here();
        match thread.join() {
            Ok(done) => (done, here),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// What a panic left behind is not used: the panic goes on.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_items() {
        for threads in [0, 1, 2, 7] {
            let squares = map(threads, 0..1_000_u64, |i| i * i);
            assert!(squares.into_iter().eq((0..1_000).map(|i| i * i)), "{threads} threads");
        }
    }

    #[cfg(feature = "fs")]
    #[test]
    fn a_helper_works_beside_the_caller() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let (sum, sent) = beside(
            move || receiver.iter().sum::<u32>(),
            move || (0..10).map(|i| sender.send(i).unwrap()).count(),
        );
        assert_eq!((sum, sent), (45, 10));
        let panics = || beside(|| panic!("a helper"), || ());
        assert!(std::panic::catch_unwind(panics).is_err());
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let run = || map(3, 0..9, |i| assert_ne!(i, 5));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
