//! Scans against the plainest programs that hash the same files.

use std::fs::{self, File};
use std::hint::black_box;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;

use datadeed::manifest::Manifest;
use datadeed::scan::{self, Scan};

use crate::cost::interleave_cost;
use crate::data;
use crate::interleave::{interleave, timed};

const ROUNDS: usize = 5;

/// Wall and CPU of the same runs.
static LARGE: LazyLock<(f64, Option<f64>)> = LazyLock::new(large);

/// Scan of 8 x 256 MiB v `update_mmap_rayon` of one file after the other, as `b3sum` does.
pub(crate) fn large_wall() -> f64 {
    LARGE.0
}

/// The same, CPU time.
pub(crate) fn large_cpu() -> f64 {
    LARGE.1.unwrap_or(f64::NAN)
}

/// Delivery check of the same v scan.
pub(crate) fn check_large_wall() -> f64 {
    let root = data::directory();
    tree(root.path(), 1, 8, 256 << 20).expect("room for 2 GiB");
    let manifest = scanned(root.path());
    let checked = || {
        let delivery = Scan::new(root.path()).check(&manifest).run();
        assert!(delivery.expect("nobody else writes here").is_complete());
    };
    interleave(ROUNDS, || timed(checked), || timed(|| scanned(root.path())))
}

fn large() -> (f64, Option<f64>) {
    let root = data::directory();
    tree(root.path(), 1, 8, 256 << 20).expect("room for 2 GiB");
    let mut paths: Vec<PathBuf> = fs::read_dir(root.path().join("000"))
        .expect("made before")
        .map(|entry| entry.expect("made before").path())
        .collect();
    paths.sort();
    interleave_cost(
        ROUNDS,
        || scanned(root.path()),
        || paths.iter().map(|path| mapped(path)).collect::<Vec<_>>(),
    )
}

fn scanned(root: &Path) -> Manifest {
    scan::directory(root).expect("nobody else writes here")
}

fn mapped(path: &Path) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update_mmap_rayon(path).expect("nobody else writes here").finalize()
}

/// Scan of 50,000 x 4 KiB v a parallel walk with `std::fs::read` and `blake3::hash` on the same number of threads.
pub(crate) fn small_wall() -> f64 {
    let root = data::directory();
    tree(root.path(), 50, 1_000, 4 << 10).expect("room for 200 MiB");
    interleave(
        ROUNDS,
        || timed(|| scanned(root.path())),
        || timed(|| walked(root.path()).expect("nobody else writes here")),
    )
}

/// The size and hash of every file below `root`, in no order.
fn walked(root: &Path) -> io::Result<Vec<(PathBuf, usize, blake3::Hash)>> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let open = Mutex::new(vec![root.to_owned()]);
    // Directories that are waiting or being listed: at 0 there will be no more.
    let left = AtomicUsize::new(1);
    let work = || {
        let mut found = Vec::new();
        while left.load(Ordering::Acquire) > 0 {
            let Some(folder) = open.lock().expect("no panic").pop() else {
                thread::yield_now();
                continue;
            };
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    left.fetch_add(1, Ordering::Relaxed);
                    open.lock().expect("no panic").push(entry.path());
                } else {
                    let path = entry.path();
                    let content = fs::read(&path)?;
                    found.push((path, content.len(), blake3::hash(black_box(&content))));
                }
            }
            left.fetch_sub(1, Ordering::Release);
        }
        Ok(found)
    };
    thread::scope(|scope| {
        let helpers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let parts = helpers.into_iter().map(|helper| helper.join().expect("no panic"));
        parts.collect::<io::Result<Vec<_>>>().map(|parts| parts.concat())
    })
}

/// `folders` x `files` files of `size` bytes each.
fn tree(root: &Path, folders: u64, files: u64, size: u64) -> io::Result<()> {
    for folder in 0..folders {
        let path = root.join(format!("{folder:03}"));
        fs::create_dir(&path)?;
        for file in 0..files {
            let mut output = File::create(path.join(format!("{file:05}.bin")))?;
            data::write(&mut output, folder * files + file, size)?;
        }
    }
    Ok(())
}
