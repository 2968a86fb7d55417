//! A directory to a manifest file: `cargo run --release --example scan -- DIR --out FILE`.

mod common;
#[path = "common/directory.rs"]
mod directory;

use std::path::Path;
use std::process::ExitCode;

use common::output::Existing;
use common::{Args, Failure, file, output};
use datadeed::manifest::{ManifestFile, NameProfile};
use datadeed::scan::{Scan, probe};

const HELP: &str = "\
Reads every file below a directory and writes its manifest: names, sizes and digests.

Usage: scan DIR --out FILE [OPTIONS]

Options:
  --out FILE      where the manifest goes
  --force         replace that file
  --threads N     how many threads read [default: as many as the machine runs at once]
  --links         follow symbolic links inside DIR; otherwise any link is refused
  --cache FILE    take digests of files that look unchanged since the last scan with this cache, and
                  update it; to be kept outside DIR, on the same file system, from those who
                  could mislead the scan
  --sha256        take the SHA-256 of every file too, for hubs, Git LFS, Croissant and OCI; not
                  beside --cache, which holds none
  --any-names     accept names that not every system can hold
  -h, --help      print this

With --sha256 a line on standard output tells the id of that index, `index:...`. The last line on standard output is the id, `manifest:...`; it depends on names and bytes alone.
Exit codes: 0 done; 2 usage, unreadable, or a directory that makes no manifest.";

fn main() -> ExitCode {
    common::run(HELP, scan)
}

fn scan(args: &Args) -> Result<(), Failure> {
    let [root] = args.operands(["DIR"])?;
    let bar = file::bar("scanning", 0);
    let show = directory::moves(&bar);
    let mut scan = directory::scan(args, root)?.progress(&show);
    if args.has("any-names") {
        scan = scan.profile(NameProfile::Any);
    }
    let scanned = match (args.find_path("cache"), args.has("sha256")) {
        (None, false) => ManifestFile::new(scan.run()?),
        (None, true) => scan.with_sha256().run()?,
        (Some(path), false) => cached(&scan, path)?,
        (Some(_), true) => return Err("--sha256 reads every file; leave --cache out".into()),
    };
    bar.finish_and_clear();
    output::given(args, &scanned.to_bytes())?;
    if let Some(index) = scanned.sha256() {
        println!("sha256 {}", index.id());
    }
    let manifest = scanned.manifest();
    println!("{} files, {} bytes", manifest.parts().count(), manifest.parts().bytes());
    println!("{}", manifest.id());
    Ok(())
}

/// Reads what has changed since the last scan with this cache.
fn cached(scan: &Scan<'_>, path: &Path) -> Result<ManifestFile, Failure> {
    let cache = if path.exists() { file::read(path)? } else { Vec::new() };
    let beside = tempfile::tempdir_in(output::directory(path))?;
    let scanned = scan.cached(&cache, probe(&beside.path().join("now"))?).run()?;
    if let Some(notice) = scanned.notice().filter(|_| !cache.is_empty()) {
        println!("cache not used: {notice}");
    }
    println!("{} of {} files read", scanned.read(), scanned.read() + scanned.reused());
    output::write(path, &scanned.cache().to_bytes(), Existing::Replace)?;
    Ok(ManifestFile::new(scanned.manifest().clone()))
}
