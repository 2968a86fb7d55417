//! Bytes and times of manifests and proofs by the number of entries: `cargo bench --bench sizes`.
//!
//! Prints the table of the guide `size_and_time`, in Markdown, for 10^3, 10^6 and 10^7 entries and,
//! by formula, 10^9; `-- MOST` leaves out what has more entries than that, and `-- log` measures a log
//! instead. Needs less than 4 GB
//! of memory, and twice the manifest file in `DATADEED_BENCH_DIR` or the system's temporary directory.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "what is made here is entries alone")]
mod common;
#[path = "../ratios/interleave.rs"]
#[expect(dead_code, reason = "nothing is compared here")]
mod interleave;
mod log;

use std::env;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{
    ContentAnswer, Evidence, EvidenceBuilder, ManifestBuilder, ManifestReadError, ManifestReader,
    NameProfile, diff,
};
use datadeed::tree::Judgement;
use datadeed::{Digest, ManifestId};
use tempfile::TempDir;

use crate::common::file_entries;
use crate::interleave::timed;

const SIZES: [u64; 3] = [1_000, 1_000_000, 10_000_000];
/// Entries that one of two manifests lacks.
const CHANGES: u64 = 100;
const BATCH: u64 = 1_000;
/// Each step is done so often, and the median counts.
const ROUNDS: usize = 5;

/// What is measured of one manifest.
#[derive(Clone, Copy, Default)]
struct Column {
    build: Duration,
    file: f64,
    inclusion: Proof,
    absence: Proof,
    batch: Proof,
    subset: Proof,
    diff: Duration,
}

#[derive(Clone, Copy, Default)]
struct Proof {
    bytes: f64,
    make: Duration,
    check: Duration,
}

/// One of the proofs of a column.
type Which = fn(&Column) -> Proof;

fn main() {
    // cargo adds `--bench`.
    let most = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(u64::MAX);
    if env::args().skip(1).any(|argument| argument == "log" || argument == "log-child") {
        return log::main(most);
    }
    let sizes: Vec<u64> = SIZES.into_iter().filter(|size| *size <= most).collect();
    let mut columns: Vec<Column> = sizes.iter().map(|size| measure(*size)).collect();
    let mut heads: Vec<String> = sizes.iter().map(|size| format!("10^{}", size.ilog10())).collect();
    if let (Some(last), Some(size)) = (columns.last(), sizes.last()) {
        columns.push(extrapolate(last, *size));
        heads.push("10^9, by formula".into());
    }
    println!("| entries | {} |", heads.join(" | "));
    println!("|---|{}", "---:|".repeat(heads.len()));
    row("manifest built, one thread", &columns, |column| time(column.build));
    row("manifest file", &columns, |column| bytes(column.file));
    let proofs: [(&str, Which); 4] = [
        ("one name is there", |column| column.inclusion),
        ("one content is absent", |column| column.absence),
        ("1,000 contents are absent", |column| column.batch),
        ("a subset without 100 entries", |column| column.subset),
    ];
    for (what, proof) in proofs {
        row(&format!("proof: {what}"), &columns, |column| bytes(proof(column).bytes));
        row("made", &columns, |column| time(proof(column).make));
        row("checked", &columns, |column| time(proof(column).check));
    }
    row("diff of 100 entries", &columns, |column| time(column.diff));
}

fn row(what: &str, columns: &[Column], cell: impl Fn(&Column) -> String) {
    let cells: Vec<String> = columns.iter().map(cell).collect();
    println!("| {what} | {} |", cells.join(" | "));
}

/// Three digits, with a unit.
fn scaled(mut value: f64, step: f64, units: &[&str]) -> String {
    let mut units = units.iter();
    let mut unit = units.next().expect("a unit");
    for next in units {
        if value < step {
            break;
        }
        (value, unit) = (value / step, next);
    }
    let digits = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.digits$} {unit}")
}

fn bytes(value: f64) -> String {
    if value < 10_000.0 {
        format!("{value:.0} B")
    } else {
        scaled(value, 1e3, &["B", "kB", "MB", "GB"])
    }
}

fn time(value: Duration) -> String {
    // What no formula tells.
    if value.is_zero() {
        return "-".into();
    }
    scaled(value.as_secs_f64() * 1e6, 1e3, &["us", "ms", "s"])
}

/// What proofs of 10^9 entries take, by those of `size`, and what building them does.
///
/// Building and the file grow with the entries. A proof has `log2(10^9 / size)` levels more on
/// each of its paths, a node of 1 B and a subtree beside the path: 33 B, its count (5 B) and its
/// sum of bytes (6 B); and checking it takes time by its bytes. What reads the file takes what the
/// store takes.
fn extrapolate(column: &Column, size: u64) -> Column {
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let more = 1e9 / size as f64;
    let grown = |proof: Proof, paths: f64| {
        let bytes = proof.bytes + paths * more.log2() * (1.0 + 33.0 + 5.0 + 6.0);
        Proof { bytes, check: proof.check.mul_f64(bytes / proof.bytes), ..Proof::default() }
    };
    Column {
        build: column.build.mul_f64(more),
        file: column.file * more,
        inclusion: grown(column.inclusion, 1.0),
        absence: grown(column.absence, 1.0),
        batch: grown(column.batch, 1e3),
        subset: grown(column.subset, 2e2),
        ..Column::default()
    }
}

fn median(mut work: impl FnMut() -> Duration) -> Duration {
    let mut taken: Vec<Duration> = (0..ROUNDS).map(|_| work()).collect();
    taken.sort_unstable();
    taken[ROUNDS / 2]
}

type Reader = ManifestReader<File>;
type Builder<'a> = EvidenceBuilder<'a, ManifestReadError>;

fn evidence<'a, const N: usize>(
    files: &'a [Reader; N],
    ask: impl FnOnce(&mut Builder<'a>, &'a [Reader; N]),
) -> Evidence {
    let mut builder = Builder::reading();
    ask(&mut builder, files);
    builder.build().expect("a file that can be read")
}

/// A proof made and written, and read and asked.
fn proof(make: impl Fn() -> Evidence, holds: impl Fn(&Evidence) -> bool) -> Proof {
    let proof = make().to_bytes();
    let check = || assert!(Evidence::decode(&proof).is_ok_and(|evidence| holds(&evidence)));
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let bytes = proof.len() as f64;
    Proof { bytes, make: median(|| timed(|| make().to_bytes())), check: median(|| timed(check)) }
}

fn directory() -> TempDir {
    let root = env::var_os("DATADEED_BENCH_DIR").map_or_else(env::temp_dir, Into::into);
    tempfile::Builder::new().prefix("datadeed-sizes-").tempdir_in(root).expect("a directory")
}

/// The manifest without its first `missing` entries, in a file.
fn write(size: u64, missing: u64, path: &Path) -> (ManifestId, Duration) {
    let mut entries = file_entries(size);
    entries.drain(..usize::try_from(missing).expect("few"));
    let builder = ManifestBuilder::new().profile(NameProfile::Any).threads(1);
    let mut manifest = None;
    let taken = timed(|| manifest = Some(builder.files(entries).expect("sound entries")));
    let manifest = manifest.expect("it was built");
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    manifest.write_to(&mut out).expect("room for the file");
    out.flush().expect("room for the file");
    (manifest.id(), taken)
}

fn measure(size: u64) -> Column {
    let directory = directory();
    let [all, kept] = ["all", "kept"].map(|name| directory.path().join(name));
    let (all_id, build) = write(size, 0, &all);
    let (kept_id, _) = write(size, CHANGES, &kept);
    #[expect(clippy::cast_precision_loss, reason = "below 2^52")]
    let file = all.metadata().expect("it was written").len() as f64;
    let open = |path: &Path, id| {
        ManifestReader::open(File::open(path).expect("a file"), id).expect("the file of the id")
    };
    // Opened for every proof, so that each reads what it needs.
    let (all, kept) = (|| open(&all, all_id), || open(&kept, kept_id));
    let name = file_entries(size.min(10_000)).swap_remove(500).name;
    let works = |count: u64| (0..count).map(|work| Digest::of(format!("work {work}").as_bytes()));
    let are_absent = |evidence: &Evidence, count| {
        works(count)
            .all(|work| matches!(evidence.content(all_id, work), ContentAnswer::Absent { .. }))
    };
    let (subset, parts) = (RelationKind::SubsetOf, TreeName::Parts);
    Column {
        build,
        file,
        inclusion: proof(
            || evidence(&[all()], |builder, [all]| builder.names(all, [&name])),
            |evidence| evidence.file(all_id, &name).present().is_some(),
        ),
        absence: proof(
            || evidence(&[all()], |builder, [all]| builder.contents(all, works(1))),
            |evidence| are_absent(evidence, 1),
        ),
        batch: proof(
            || evidence(&[all()], |builder, [all]| builder.contents(all, works(BATCH))),
            |evidence| are_absent(evidence, BATCH),
        ),
        subset: proof(
            || {
                evidence(&[all(), kept()], |builder, [all, kept]| {
                    let found = builder.relation(subset, &parts, kept, &[all]);
                    assert_eq!(found.expect("a file"), Judgement::Holds);
                })
            },
            |evidence| evidence.relation(subset, &parts, kept_id, [all_id]) == Judgement::Holds,
        ),
        diff: median(|| {
            timed(|| {
                let (all, kept) = (all(), kept());
                let found = diff(&all, &kept)
                    .expect("files")
                    .try_fold(0, |sum, change| change.map(|_| sum + 1));
                assert_eq!(found.expect("a file"), CHANGES);
            })
        }),
    }
}
