//! One manifest made by several processes, one of them killed and tried again: `cargo run --release --example partials -- DIR`.

mod common;

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use common::output::{self, Existing};
use common::{Args, Failure, Refused};
use datadeed::digest::Hasher;
use datadeed::manifest::{FileEntry, NameProfile, Partial, ShardId};
use datadeed::scan::Scan;

const HELP: &str = "\
Builds the manifest of a directory with several processes, as a cluster would with several machines.

Usage: partials DIR [OPTIONS]

The files are dealt to shards by their order. Each worker, a process of this program, reads those of
one shard and writes a partial file; one of them is killed halfway and started again, another does
its work twice. The partials are merged and must give what a plain scan of DIR gives.

Options:
  --workers N     how many workers [default: 4]
  --shard K       be worker K, from 0, of so many
  --halt          as a worker: stop halfway, and wait to be killed
  --out FILE      as a worker: where the partial file goes
  -h, --help      print this

The last line on standard output is the id, `manifest:...`.
Exit codes: 0 done, and the same as a plain scan; 1 it is not; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, partials)
}

fn partials(args: &Args) -> Result<(), Failure> {
    let [root] = args.operands(["DIR"])?;
    let workers = args.find("workers")?.unwrap_or(4);
    if workers < 2 {
        return Err("--workers: two at least, of which one is killed".into());
    }
    match args.find("shard")? {
        Some(shard) if shard < workers => work(args, root, shard, workers),
        Some(_) => Err("--shard: less than the number of workers".into()),
        None => coordinate(root, workers),
    }
}

/// One worker: the entries of every `workers`th file from `shard` on.
fn work(args: &Args, root: &Path, shard: usize, workers: usize) -> Result<(), Failure> {
    let mine: Vec<String> = names(root)?.into_iter().skip(shard).step_by(workers).collect();
    let mut entries = Vec::new();
    for (done, name) in mine.iter().enumerate() {
        if args.has("halt") && done == mine.len() / 2 {
            println!("halfway");
            io::stdin().read_to_end(&mut Vec::new())?;
        }
        entries.push(entry(root, name)?);
    }
    let partial = Partial::files(id(shard)?, entries)?;
    // Whole or not at all: whoever is killed leaves nothing that could be taken for his work.
    output::write_with(args.path("out")?, Existing::Replace, |file| Ok(partial.write_to(file)?))
}

fn coordinate(root: &Path, workers: usize) -> Result<(), Failure> {
    let results = tempfile::tempdir()?;
    let file = |shard: usize, attempt: usize| results.path().join(format!("{shard}-{attempt}"));
    let mut doomed = worker(root, 0, workers, &file(0, 0), true)?;
    let others: Vec<Child> = (1..workers)
        .map(|shard| worker(root, shard, workers, &file(shard, 0), false))
        .collect::<Result<_, _>>()?;
    let again = worker(root, 1, workers, &file(1, 1), false)?;

    let mut line = String::new();
    BufReader::new(doomed.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    doomed.kill()?;
    doomed.wait()?;
    println!("worker 0 killed {}, its result {}", line.trim(), state(&file(0, 0)));
    let retried = worker(root, 0, workers, &file(0, 1), false)?;
    for mut child in others.into_iter().chain([again, retried]) {
        if !child.wait()?.success() {
            return Err("a worker failed".into());
        }
    }

    // Whatever answered, in no order, pair by pair as a tree of reducers would.
    let mut partials: Vec<Partial> = Vec::new();
    for path in fs::read_dir(results.path())? {
        partials.push(Partial::read_from(File::open(path?.path())?)?);
    }
    println!("{} results of {workers} shards", partials.len());
    while partials.len() > 1 {
        let mut pairs = partials.into_iter();
        let mut merged = Vec::new();
        while let Some(one) = pairs.next() {
            merged.push(one.merge(pairs.next().unwrap_or_default())?);
        }
        partials = merged;
    }
    let all = partials.pop().unwrap_or_default();
    for (shard, commitment) in all.shards() {
        println!("{shard}: {} files, {} bytes", commitment.count(), commitment.bytes());
    }
    if all.shards().len() != workers {
        return Err(Refused::new(format!("refused: {} shards", all.shards().len())).into());
    }
    let manifest = all.finish(NameProfile::Portable, 1)?;
    let plain = Scan::new(root).run()?;
    if manifest != plain {
        let (found, expected) = (manifest.id(), plain.id());
        return Err(Refused::new(format!("refused: {found}, a plain scan {expected}")).into());
    }
    println!("the same as a plain scan");
    println!("{}", manifest.id());
    Ok(())
}

/// This program again, for one shard.
fn worker(
    root: &Path,
    shard: usize,
    workers: usize,
    out: &Path,
    halt: bool,
) -> Result<Child, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(root).args(["--shard", &shard.to_string(), "--workers", &workers.to_string()]);
    command.arg("--out").arg(out);
    if halt {
        // It waits for an end of input that never comes.
        command.arg("--halt").stdin(Stdio::piped()).stdout(Stdio::piped());
    }
    Ok(command.spawn()?)
}

fn state(path: &Path) -> &'static str {
    if path.exists() { "there" } else { "not there" }
}

fn id(shard: usize) -> Result<ShardId, Failure> {
    Ok(ShardId::new(format!("part-{shard:05}"))?)
}

/// The names of all files, in bytewise order: every worker sees the same.
fn names(root: &Path) -> Result<Vec<String>, Failure> {
    let (mut names, mut directories) = (Vec::new(), vec![(root.to_owned(), String::new())]);
    while let Some((path, inside)) = directories.pop() {
        for found in fs::read_dir(&path)? {
            let found = found?;
            let name = found.file_name();
            let name = name.to_str().ok_or_else(|| not_named(&found.path()))?;
            let kind = found.file_type()?;
            if kind.is_dir() {
                directories.push((found.path(), format!("{inside}{name}/")));
            } else if kind.is_file() {
                names.push(format!("{inside}{name}"));
            } else {
                return Err(format!("{} is no regular file", found.path().display()).into());
            }
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn not_named(path: &Path) -> Failure {
    format!("{} is not named in UTF-8", path.display()).into()
}

fn entry(root: &Path, name: &str) -> Result<FileEntry, Failure> {
    let mut path = PathBuf::from(root);
    path.extend(name.split('/'));
    let (mut file, mut hasher, mut size) = (File::open(path)?, Hasher::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(FileEntry::new(name, size, hasher.finish()));
        }
        hasher.update(&buffer[..read]);
        size += u64::try_from(read)?;
    }
}
