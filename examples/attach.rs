//! Puts a proof into a model: `cargo run --release --example attach -- MODEL --proof FILE --out FILE`.

mod common;

use std::process::ExitCode;

use common::file::Content;
use common::{Args, Failure, Refused, file, output};

const HELP: &str = "\
Writes a copy of a safetensors model with a lineage proof in it, in place of any it carries.

Usage: attach MODEL --proof FILE --out FILE

Options:
  --proof FILE  a proof of the model's weights
  --out FILE    where the model goes; may be MODEL itself with --force
  --force       replace that file
  -h, --help    print this

The last line on standard output is the id of the weights, `manifest:...`.
Exit codes: 0 done; 1 the proof is of something else (`refused: ...`); 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, attach)
}

fn attach(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["MODEL"])?;
    let proof_path = args.path("proof")?;
    let proof = Content::of(proof_path)?.into_proof(proof_path)?;
    let mut model = file::model(path)?;
    if proof.subject() != model.weights() {
        let (subject, weights) = (proof.subject(), model.weights());
        return Err(Refused::new(format!("refused: a proof of {subject}, not of {weights}")).into());
    }
    let existing = output::existing(args);
    output::write_with(args.path("out")?, existing, |output| {
        Ok(model.attach(&proof.to_bytes(), output)?)
    })?;
    println!("{}", model.weights());
    Ok(())
}
