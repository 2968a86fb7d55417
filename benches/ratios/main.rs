//! The crate against the limits and rivals it is measured by: `cargo bench --bench ratios [-- FILTER]`.
//!
//! Prints `ratio <name> <value> <target> ok|MISSED` for every ratio whose name
//! contains the filter. A ruler, not a gate: the exit code is 0 whatever the figures.
//!
//! Machines are shared and noisy, so a figure is always a quotient of two
//! things measured in turn in the same run. A new ratio is a function that
//! returns the quotient and a line in [`RATIOS`]; ratios of one module share a
//! file beside this one. Files are made in `DATADEED_BENCH_DIR` or the system's
//! temporary directory, and removed.

mod attach;
#[path = "../common/mod.rs"]
mod common;
#[cfg(feature = "fs")]
mod cost;
mod data;
mod interleave;
mod lineage;
mod log;
mod manifest;
mod proof;
mod records;
mod rights;
#[cfg(feature = "fs")]
mod scale;
#[cfg(feature = "fs")]
mod scan;
mod statement;

use std::env;

struct Ratio {
    name: &'static str,
    /// `<=` or `>=`, a space, and the figure to reach.
    target: &'static str,
    /// The quotient; NaN where the system cannot tell, and nothing is printed.
    measure: fn() -> f64,
}

impl Ratio {
    const fn new(name: &'static str, target: &'static str, measure: fn() -> f64) -> Self {
        Self { name, target, measure }
    }
}

const RATIOS: &[Ratio] = &[
    Ratio::new("attach_1gb", "<= 1.50", attach::attach_1gb),
    Ratio::new("batch_absent_10k", "<= 0.50", proof::batch_absent_10k),
    Ratio::new("batch_vouch", "<= 0.10", lineage::batch_vouch),
    Ratio::new("batch_vouch_alone", "<= 0.10", lineage::batch_vouch_alone),
    #[cfg(feature = "fs")]
    Ratio::new("check_large_wall", "<= 1.05", scan::check_large_wall),
    Ratio::new("diff_100", "<= 0.02", proof::diff_100),
    Ratio::new("extract_1gb", "<= 1.50", attach::extract_1gb),
    Ratio::new("lineage_10k", "<= 1.10", lineage::verify_10k),
    Ratio::new("lineage_bytes", "<= 700", lineage::bytes),
    Ratio::new("lineage_linear", "<= 2.20", lineage::linear),
    Ratio::new("lineage_warm", "<= 0.05", lineage::warm),
    Ratio::new("log_append", "<= 5.00", log::append),
    Ratio::new("manifest_build_1m", "<= 1.40", manifest::build_1m),
    Ratio::new("manifest_build_2_threads", ">= 1.70", manifest::build_2_threads),
    Ratio::new("proof_bytes_1e9", "<= 1500", proof::bytes_1e9),
    Ratio::new("proof_make", "<= 2.00", proof::make),
    Ratio::new("proof_verify", "<= 1.50", proof::verify),
    Ratio::new("receipt_verify", "<= 3.00", log::receipt_verify),
    Ratio::new("records_line_raw", "<= 1.15", records::line_raw),
    #[cfg(feature = "fs")]
    Ratio::new("merge_64", "<= 1.10", scale::merge_64),
    #[cfg(feature = "fs")]
    Ratio::new("scan_large_cpu", "<= 0.90", scan::large_cpu),
    #[cfg(feature = "fs")]
    Ratio::new("scan_large_wall", "<= 1.00", scan::large_wall),
    #[cfg(feature = "fs")]
    Ratio::new("scan_small_wall", "<= 1.05", scan::small_wall),
    Ratio::new("statement_sign", "<= 1.15", statement::sign),
    Ratio::new("statement_verify", "<= 1.08", statement::verify),
    #[cfg(feature = "fs")]
    Ratio::new("stream_rss", "<= 320", scale::stream_rss),
    Ratio::new("verdict_10k", "<= 0.05", lineage::verdict_10k),
    Ratio::new("verdict_mixed", "<= 0.05", rights::verdict_mixed),
];

fn main() {
    #[cfg(feature = "fs")]
    if scale::is_child() {
        return;
    }
    // cargo adds `--bench`.
    let filter =
        env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for ratio in RATIOS.iter().filter(|ratio| ratio.name.contains(&filter)) {
        let value = (ratio.measure)();
        if value.is_nan() {
            continue;
        }
        let verdict = if reaches(value, ratio.target) { "ok" } else { "MISSED" };
        println!("ratio {} {value:.3} {} {verdict}", ratio.name, ratio.target);
    }
}

fn reaches(value: f64, target: &str) -> bool {
    let (relation, figure) = target.split_once(' ').expect("a relation and a figure");
    let figure: f64 = figure.parse().expect("a figure");
    match relation {
        "<=" => value <= figure,
        ">=" => value >= figure,
        other => panic!("unknown relation {other}"),
    }
}
