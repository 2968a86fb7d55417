//! What one dataset in a proof needs: `cargo run --example prune -- PROOF OUTPUT --out FILE`.

mod common;

use std::process::ExitCode;

use common::file::Content;
use common::{Args, Failure, Refused, file, output};

const HELP: &str = "\
Takes from a proof what one of the datasets in it needs, as a proof of that dataset.

Usage: prune PROOF OUTPUT --out FILE

PROOF is a proof or a model that carries one; OUTPUT a manifest, a model, or an id `manifest:...`.

Options:
  --out FILE    where the proof goes
  --force       replace that file
  -h, --help    print this

The last line on standard output is `proof of OUTPUT, N of M statements`.
Exit codes: 0 done; 1 OUTPUT is not in the proof (`refused: ...`); 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, prune)
}

fn prune(args: &Args) -> Result<(), Failure> {
    let [proof, output] = args.operands(["PROOF", "OUTPUT"])?;
    let whole = Content::of(proof)?.into_proof(proof)?;
    let pruned = whole.prune(file::subject(output)?).map_err(Refused::because)?;
    output::given(args, &pruned.to_bytes())?;
    let (kept, all) = (pruned.statements().len(), whole.statements().len());
    println!("proof of {}, {kept} of {all} statements", pruned.subject());
    Ok(())
}
