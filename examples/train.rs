//! Records a training run, in the model itself: `cargo run --release --example train -- MODEL --input FILE ...`.

mod common;

use std::process::ExitCode;

use common::file::Content;
use common::{Args, Failure, Refused, file, output, sign};
use datadeed::lineage::Activity;
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::statement::Payload;

const HELP: &str = "\
Signs that a model was trained on datasets, and writes a copy of it with the lineage proof in it.

Usage: train MODEL --input FILE --title TEXT --key FILE --iss TEXT --out FILE [OPTIONS]

MODEL is a trained safetensors file. Nothing is trained here: that the weights come from the inputs
is what the signer says.

Options:
  --input FILE...    what was used: the proof that came with a dataset; or a manifest, with the
                     statements about it under --with
  --undisclosed      there were other inputs
  --with FILE...     further statements and proofs about the inputs or the model, such as licences
  --title TEXT       the name of the model, for people
  --started DATE     when the training began
  --ended DATE       when it ended [default: with --started, the date of the signature]
  --key FILE         the trainer's secret key, in PEM
  --iss TEXT         the trainer, such as did:web:trainer.example
  --at DATE          the date of the signatures, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE         where the model goes
  --force            replace that file
  -h, --help         print this

The last line on standard output is the id of the weights, `manifest:...`.
Exit codes: 0 done; 1 the statements make no proof (`refused: ...`); 2 usage, unreadable, or what no
verifier would accept.";

fn main() -> ExitCode {
    common::run(HELP, train)
}

fn train(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["MODEL"])?;
    let (issuer, at) = sign::issuer(args)?;
    let mut model = file::model(path)?;
    let weights = model.weights();

    let described = Dataset::new(weights, args.text("title")?, ScanMethod::Full);
    let described = described.sign(&issuer, at)?;
    let mut run = Activity::train().output(weights, [described.id()]);
    let mut builder = LineageProof::builder(weights).statement(described);
    let mut known = Vec::new();
    for path in args.paths("input").chain(args.paths("with")) {
        match Content::of(path)? {
            Content::Proof(bought) => {
                known.extend_from_slice(bought.statements());
                builder = builder.join(&bought);
            }
            Content::Statement(statement) => known.push(*statement),
            Content::Manifest(_) => {}
            _ => return Err(file::unusable(path, "it says nothing of an input").into()),
        }
    }
    for path in args.paths("input") {
        let input = file::subject(path)?;
        let vouchers = known.iter().filter(|statement| statement.vouches_for(input));
        run = run.input(input, vouchers.map(Statement::id));
    }
    if args.has("undisclosed") {
        run = run.undisclosed_inputs();
    }
    if let Some(started) = args.date("started")? {
        run = run.between(started, args.date("ended")?.unwrap_or(at));
    }
    let proof = builder
        .statements(known)
        .statement(run.sign(&issuer, at)?)
        .build()
        .map_err(Refused::because)?;

    let existing = output::existing(args);
    output::write_with(args.path("out")?, existing, |output| {
        Ok(model.attach(&proof.to_bytes(), output)?)
    })?;
    println!("{} statements", proof.statements().len());
    println!("{weights}");
    Ok(())
}
