//! The crate against the limits and rivals it is measured by: `cargo bench --bench ratios [-- FILTER]`.
//!
//! Prints `ratio <name> <value> <target> ok|MISSED` for every ratio whose name
//! contains the filter. A ruler, not a gate: the exit code is 0 whatever the figures.
//!
//! Machines are shared and noisy, so a figure is always a quotient of two
//! things measured in turn in the same run. A new ratio is a function that
//! returns the quotient and a line in [`RATIOS`]; ratios of one module share a
//! file beside this one.

#[path = "../common/mod.rs"]
mod common;
mod interleave;
mod manifest;
mod statement;

use std::env;

struct Ratio {
    name: &'static str,
    /// `<=` or `>=`, a space, and the figure to reach.
    target: &'static str,
    measure: fn() -> f64,
}

const RATIOS: &[Ratio] = &[
    // attach, log, proof, scan, verify: as they land.
    Ratio { name: "manifest_build_1m", target: "<= 1.40", measure: manifest::build_1m },
    Ratio { name: "statement_sign", target: "<= 1.15", measure: statement::sign },
    Ratio { name: "statement_verify", target: "<= 1.08", measure: statement::verify },
];

fn main() {
    // cargo adds `--bench`.
    let filter =
        env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for ratio in RATIOS.iter().filter(|ratio| ratio.name.contains(&filter)) {
        let value = (ratio.measure)();
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
