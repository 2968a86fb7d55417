//! Statements and proofs to one proof: `cargo run --example join -- SUBJECT FILE... --out FILE`.

mod common;

use std::process::ExitCode;

use common::file::Content;
use common::{Args, Failure, Refused, file, output, sign};
use datadeed::proof::LineageProof;

const HELP: &str = "\
Puts statements and proofs together, as the lineage proof of one dataset or model.

Usage: join SUBJECT FILE... --out FILE [OPTIONS]

SUBJECT is a manifest, a model, or an id `manifest:...`; each FILE a statement or a proof.

Options:
  --public-key KEY...  a public key (`ed25519:...` or a PEM file) of a signer whom verifiers may not know
  --out FILE           where the proof goes
  --force              replace that file
  -h, --help           print this

The last line on standard output is `proof of SUBJECT, N statements`.
Exit codes: 0 done; 1 something is missing or has nothing to do with SUBJECT (`refused: ...`);
2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, join)
}

fn join(args: &Args) -> Result<(), Failure> {
    let (subject, files) = args.one_or_more("SUBJECT")?.split_first().ok_or("no SUBJECT given")?;
    let mut builder = LineageProof::builder(file::subject(subject)?);
    for path in files {
        builder = match Content::of(path)? {
            Content::Proof(proof) => builder.join(&proof),
            Content::Statement(statement) => builder.statement(*statement),
            _ => return Err(file::unusable(path, "it is no statement and no proof").into()),
        };
    }
    for key in args.paths("public-key") {
        builder = builder.key(sign::public_key(key)?);
    }
    let proof = builder.build().map_err(Refused::because)?;
    output::given(args, &proof.to_bytes())?;
    println!("proof of {}, {} statements", proof.subject(), proof.statements().len());
    Ok(())
}
