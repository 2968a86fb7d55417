//! A delivered directory against its manifest: `cargo run --release --example check -- DIR MANIFEST`.

mod common;
#[path = "common/directory.rs"]
mod directory;

use std::process::ExitCode;

use common::{Args, Failure, Refused, file};
use datadeed::scan::Delivery;

const HELP: &str = "\
Reads every file below a directory, and tells how it differs from a manifest.

Usage: check DIR MANIFEST [OPTIONS]

Options:
  --only NAME...  ask for these names alone; of the others any may be absent
  --threads N     how many threads read [default: as many as the machine runs at once]
  --links         follow symbolic links inside DIR; otherwise any link is refused
  -h, --help      print this

The last line on standard output is `complete: manifest:...`, or `refused: N differences`.
Exit codes: 0 complete; 1 it differs, a line for each name; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, check)
}

fn check(args: &Args) -> Result<(), Failure> {
    let [root, manifest] = args.operands(["DIR", "MANIFEST"])?;
    let manifest = file::manifest(manifest)?;
    let bar = file::bar("checking", 0);
    let show = directory::moves(&bar);
    let scan = directory::scan(args, root)?.progress(&show);
    let mut check = scan.check(&manifest);
    if args.has("only") {
        check = check.only(args.texts("only")?);
    }
    let delivery = check.run()?;
    bar.finish_and_clear();
    print(&delivery);
    if !delivery.is_complete() {
        let lists = [delivery.missing().len(), delivery.extra().len()];
        let pairs = [delivery.changed().len(), delivery.renamed().len()];
        let count: usize = lists.iter().chain(&pairs).sum();
        return Err(Refused::new(format!("refused: {count} differences")).into());
    }
    println!("complete: {}", delivery.manifest());
    Ok(())
}

fn print(delivery: &Delivery) {
    println!("{} files asked for, {} bytes", delivery.asked(), delivery.bytes());
    for missing in delivery.missing() {
        println!("missing {:?}", missing.name);
    }
    for extra in delivery.extra() {
        println!("extra   {:?}", extra.name);
    }
    for changed in delivery.changed() {
        println!("changed {:?}: {}", changed.found.name, changed.found.digest);
    }
    for renamed in delivery.renamed() {
        println!("renamed {:?}: {:?}", renamed.expected.name, renamed.found.name);
    }
    if !delivery.not_asked().is_empty() {
        println!("{} files more, as the manifest has them", delivery.not_asked().len());
    }
}
