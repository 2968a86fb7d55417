//! Is this document in it? `cargo run --release --example records -- DIR MANIFEST --rule RULE`.

mod common;
#[path = "common/directory.rs"]
mod directory;

use std::fs::File;
use std::process::ExitCode;

use common::{Args, Failure, Refused, file, output};
use datadeed::manifest::{Document, FileEntry, RecordIndexReader, RecordPresence, RecordRule};

const HELP: &str = "\
Indexes the records of a directory that is as its manifest states, and looks documents up.

Usage: records DIR MANIFEST --rule RULE [OPTIONS]

Options:
  --rule RULE     what a record is: line-raw/1, json-jcs/1, text/1#POINTER such as text/1#/text,
                  tar-member/1 or webdataset/1
  --ending TEXT   only files whose names end so, such as .jsonl
  --threads N     how many threads read [default: as many as the machine runs at once]
  --links         follow symbolic links inside DIR; otherwise any link is refused
  --out FILE      write the index to a record index file, which is then what documents are looked
                  up in: for more records than memory holds
  --memory MB     with --out, how much memory records may take before they are spilled beside FILE
                  [default: 256]
  --force         with --out, replace FILE
  --find FILE...  a document as it stands in a file of the directory: a line without its line feed,
                  a JSON text, a member's content, an archive of one sample
  --text TEXT...  a bare text
  -h, --help      print this

The last line on standard output is the id, `index:...`, or where documents are looked up
`present: all N`, or `absent: N of M`, with the number of those that make no record: in the form that the rule defines, from these files.
Exit codes: 0 done, or all present; 1 some absent; 2 usage, unreadable, other bytes than the
manifest's, or files that make no records.";

fn main() -> ExitCode {
    common::run(HELP, records)
}

fn records(args: &Args) -> Result<(), Failure> {
    let [root, manifest] = args.operands(["DIR", "MANIFEST"])?;
    let rule: RecordRule = args.text("rule")?.parse()?;
    let manifest = file::manifest(manifest)?;
    let ending = args.find_text("ending")?.unwrap_or_default();
    let is_chosen = |file: &FileEntry| file.name.ends_with(ending);
    let bar = file::bar("indexing", 0);
    let show = directory::moves(&bar);
    let scan = directory::scan(args, root)?.progress(&show);
    let records = scan.records(&manifest, rule).only(&is_chosen);
    if args.find_text("out")?.is_none() {
        let index = records.run()?;
        bar.finish_and_clear();
        println!("{} records, {} of them duplicates", index.records(), index.duplicates());
        println!("{}", index.id());
        return look_up(args, |document| Ok(index.look_up(document)));
    }
    let (path, memory) = (args.path("out")?, args.find("memory")?.unwrap_or(256_usize));
    let mut written = None;
    output::write_with(path, output::existing(args), |file| {
        let memory = memory.saturating_mul(1_000_000);
        written = Some(records.write(file, output::directory(path), memory)?);
        Ok(())
    })?;
    bar.finish_and_clear();
    let index = written.ok_or("nothing was written")?;
    println!("{} records", index.tree.count());
    println!("{}", index.id());
    // Only what is asked for is read.
    let reader = RecordIndexReader::open(File::open(path)?, index.id())?;
    look_up(args, |document| Ok(reader.look_up(document)?))
}

fn look_up(
    args: &Args,
    ask: impl Fn(Document<'_>) -> Result<RecordPresence, Failure>,
) -> Result<(), Failure> {
    let (mut asked, mut absent, mut unfit) = (0, 0, 0);
    let mut tell = |name: &str, document: Document<'_>| -> Result<(), Failure> {
        asked += 1;
        match ask(document)? {
            RecordPresence::Present { count, digest } => {
                println!("present {name:?}: {count} times, {digest}");
            }
            RecordPresence::Absent { digest } => {
                absent += 1;
                println!("absent  {name:?}: {digest}");
            }
            RecordPresence::AbsentFromFiles { digest, files } => {
                absent += 1;
                let files = files.count();
                println!("absent  {name:?} from the {files} files that are indexed: {digest}");
            }
            RecordPresence::NoRecord(error) => {
                unfit += 1;
                println!("unknown {name:?}: no record under this rule, {error}");
            }
            other => unreachable!("the rule was applied: {other:?}"),
        }
        Ok(())
    };
    for path in args.paths("find") {
        tell(&path.display().to_string(), Document::Record(&file::read(path)?))?;
    }
    for text in args.texts("text")? {
        tell(text, Document::Text(text))?;
    }
    match (asked, absent, unfit) {
        (0, ..) => Ok(()),
        (_, 0, 0) => {
            println!("present: all {asked}");
            Ok(())
        }
        (_, _, 0) => Err(Refused::new(format!("absent: {absent} of {asked}")).into()),
        _ => Err(Refused::new(format!("absent: {absent} of {asked}, not asked: {unfit}")).into()),
    }
}
