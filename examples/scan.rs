//! A directory to a manifest file: `cargo run --release --example scan -- DIR --out FILE`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, file, output};
use datadeed::manifest::Profile;
use datadeed::scan::{Links, Progress, Scan};

const HELP: &str = "\
Reads every file below a directory and writes its manifest: names, sizes and digests.

Usage: scan DIR --out FILE [OPTIONS]

Options:
  --out FILE      where the manifest goes
  --force         replace that file
  --threads N     how many threads read [default: as many as the machine runs at once]
  --links         follow symbolic links inside DIR; otherwise any link is refused
  --any-names     accept names that not every system can hold
  -h, --help      print this

The last line on standard output is the id, `manifest:...`; it depends on names and bytes alone.
Exit codes: 0 done; 2 usage, unreadable, or a directory that makes no manifest.";

fn main() -> ExitCode {
    common::run(HELP, scan)
}

fn scan(args: &Args) -> Result<(), Failure> {
    let [root] = args.operands(["DIR"])?;
    let bar = file::bar("scanning", 0);
    let show = |progress: Progress| {
        bar.set_length(progress.bytes);
        bar.set_position(progress.bytes_done);
    };
    let mut scan = Scan::new(root).progress(&show);
    if let Some(threads) = args.find("threads")? {
        scan = scan.threads(threads);
    }
    if args.has("links") {
        scan = scan.links(Links::FollowInside);
    }
    if args.has("any-names") {
        scan = scan.profile(Profile::Any);
    }
    let manifest = scan.run()?;
    bar.finish_and_clear();
    output::given(args, &manifest.to_file())?;
    println!("{} files, {} bytes", manifest.parts().count(), manifest.parts().bytes());
    println!("{}", manifest.id());
    Ok(())
}
