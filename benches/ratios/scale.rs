//! Manifests of many machines, and of more entries than memory holds.

use std::env;
use std::fs::{self, File};
use std::process::Command;

use datadeed::Digest;
use datadeed::manifest::{FileEntry, ManifestBuilder, NameProfile, Partial, ShardId};
use datadeed::scan::ManifestWriter;

use crate::common::file_entries;
use crate::data;
use crate::interleave::{interleave, timed};

/// Merging and finishing 64 partials of 1,000,000 entries in all v building the manifest of the entries, on one thread.
///
/// Both begin with their entries in memory, every 64th of them in one partial,
/// and end with the same manifest. What a worker does for its shard (hashing
/// names, entries and leaves, sorting, its commitment) is not in the timed
/// part, as it is elsewhere and at the same time that it is done.
pub(crate) fn merge_64() -> f64 {
    const SHARDS: usize = 64;
    let entries = file_entries(1_000_000);
    let partials: Vec<Partial> = (0..SHARDS)
        .map(|shard| {
            let id = ShardId::new(format!("part-{shard:05}")).expect("a short id");
            let mine = entries.iter().skip(shard).step_by(SHARDS).cloned().collect();
            Partial::files(id, mine).expect("sound entries")
        })
        .collect();
    let builder = ManifestBuilder::new().profile(NameProfile::Any);
    interleave(
        5,
        || {
            let partials = partials.clone();
            timed(|| {
                let all = Partial::merge_all(partials).expect("shards of their own");
                all.finish(NameProfile::Any, 1).expect("sound entries")
            })
        },
        || {
            let entries = entries.clone();
            timed(|| builder.files(entries).expect("sound entries"))
        },
    )
}

/// That this process is the one that [`stream_rss`] measures.
const CHILD: &str = "DATADEED_BENCH_STREAM";

const ROWS: u64 = 10_000_000;
const MEMORY: usize = 256_000_000;

/// Peak memory of writing 10,000,000 entries in no order under a bound of 256 MB, in MB; NaN where the system does not tell.
///
/// In a process of its own, which makes the entries one by one.
pub(crate) fn stream_rss() -> f64 {
    if peak().is_none() {
        println!("not measured: stream_rss (no /proc/self/status)");
        return f64::NAN;
    }
    let program = env::current_exe().expect("a program has a path");
    let output = Command::new(program).env(CHILD, "1").output().expect("this program again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a figure")
}

/// Does what [`stream_rss`] asks for, if this is its process.
pub(crate) fn is_child() -> bool {
    if env::var_os(CHILD).is_none() {
        return false;
    }
    let root = data::directory();
    let mut writer = ManifestWriter::new(root.path(), MEMORY).expect("room for runs");
    for number in 0..ROWS {
        // A permutation: the factor is coprime to the number of rows.
        let number = number * 7_654_321 % ROWS;
        let name = format!("train/shard-{:05}/part-{number:08}.parquet", number / 1_000);
        let digest = Digest::of(&number.to_le_bytes());
        writer.push(&FileEntry::new(name, 4_096 + number % 1_000, digest)).expect("a sound entry");
    }
    let out = File::create(root.path().join("manifest")).expect("a new file");
    let head = writer.finish(out).expect("sound entries");
    assert_eq!(head.parts.count(), ROWS);
    println!("{}", peak().expect("asked for where there is one"));
    true
}

/// The most memory this process had at any time, in MB of 10^6 bytes.
fn peak() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1_024.0 / 1_000_000.0)
}
