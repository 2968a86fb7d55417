//! Signs what a dataset or model is: `cargo run --example describe -- FILE --title TEXT ...`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, file, sign};
use datadeed::manifest::{Dataset, DatasetIndex, Modality, ReleaseMode, ScanMethod};

const HELP: &str = "\
Signs a `dataset` statement: this manifest exists under this title, and I vouch for it.

Usage: describe FILE --title TEXT --key FILE --iss TEXT --out FILE [OPTIONS]

FILE is a manifest, a model, or an id `manifest:...`. The statement names the SHA-256 index of a
manifest that has one, and with --records the indexes over its records.

Options:
  --title TEXT          a name for people
  --edition TEXT        which version of the dataset
  --modality CODE...    text, image, audio, ...; separated by commas
  --release CODE        open, shared, circulation or trade
  --scan CODE           how the signer knows the content: full, cached or computed [default: full]
  --records FILE...     record index files of the manifest
  --created DATE        when the content was fixed
  --key FILE            the secret key, in PEM
  --iss TEXT            who signs, such as did:web:curator.example
  --at DATE             the date of the signature, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE            where the statement goes
  --force               replace that file
  -h, --help            print this

The last line on standard output is the id, `statement:...`.
Exit codes: 0 done; 2 usage, unreadable, or what no verifier would accept.";

fn main() -> ExitCode {
    common::run(HELP, describe)
}

fn describe(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let scan = args.code("scan", ScanMethod::ALL, ScanMethod::code)?.unwrap_or(ScanMethod::Full);
    let (manifest, index) = file::indexed(path)?;
    let mut dataset = Dataset::new(manifest, args.text("title")?, scan);
    dataset.indexes.extend(index);
    for path in args.paths("records") {
        let index = file::record_index(path)?;
        if index.of != manifest {
            return Err(file::unusable(path, format!("it is over {}", index.of)).into());
        }
        dataset.indexes.insert(DatasetIndex::new(index.id(), index.rule));
    }
    dataset.version = args.find("edition")?;
    dataset.modalities =
        args.codes("modality", Modality::ALL, Modality::code)?.into_iter().collect();
    dataset.release_mode = args.code("release", ReleaseMode::ALL, ReleaseMode::code)?;
    dataset.created = args.date("created")?;
    sign::statement(args, &dataset)
}
