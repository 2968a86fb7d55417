//! Makes a signing key: `cargo run --example keygen -- --out curator.pem`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, output};
use datadeed::key::{Signer, SigningKey};

const HELP: &str = "\
Makes an Ed25519 signing key from the system's randomness.

Usage: keygen --out FILE

Options:
  --out FILE    where the secret goes, as PKCS#8 in PEM; readable by its owner alone, and no
                file is ever replaced
  -h, --help    print this

Prints the public key as PEM and as the last line in the spelling that `trust` reads, `ed25519:...`.
Exit codes: 0 done; 2 usage or unwritable.";

fn main() -> ExitCode {
    common::run(HELP, keygen)
}

fn keygen(args: &Args) -> Result<(), Failure> {
    let [] = args.operands([])?;
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| error.to_string())?;
    let key = SigningKey::from_seed(&seed);
    output::write_secret(args.path("out")?, key.to_pkcs8_pem().as_bytes())?;
    print!("{}", key.public_key().to_spki_pem());
    println!("{}", key.public_key());
    Ok(())
}
