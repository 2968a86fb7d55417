//! Verifies a lineage proof, and whether a use is permitted.
//!
//! `cargo run --example verify -- target/exchange/model.safetensors --trust target/exchange/trust.cbor
//! --events target/exchange/events.cbor --at 2026-11-20`, after the example `exchange`.

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use common::file::Kind;
use common::{Args, Failure, Refused, file, output};
use datadeed::ManifestId;
use datadeed::attach::AttachError;
use datadeed::manifest::Manifest;
use datadeed::report::{Language, Report};
use datadeed::rights::{Action, Purpose, Use};
use datadeed::verify::Verifier;

const HELP: &str = "\
Verifies the lineage proof of a model or dataset, and whether it may be used as asked:
unless told otherwise, whether a model may be sold commercially in CN.

Usage: verify FILE --trust FILE [--events FILE] [--at DATE] [OPTIONS]

FILE is a model with a proof in it, or a proof; then --of is needed.

Options:
  --trust FILE        whom to believe, as the example `trust` or TrustStore::to_bytes writes it
  --events FILE       which later events are known, as `status` or Status::to_bytes writes it
  --at DATE           the day of the decision, YYYY-MM-DD or RFC 3339 [default: now]
  --of FILE           what the proof must be about: the manifest one scanned, or an id
  --manifest FILE...  manifests with which structural claims are recomputed
  --action CODE       what is to be done [default: distribute_model]
  --purpose CODE      what for [default: commercial]
  --in CODE           where, ISO 3166 [default: CN]
  --party TEXT        by whom, as an identity [default: by the maker]
  --html FILE         writes the whole report there, in Chinese and English, to look at or print
  --force             lets --html replace a file
  --must-permit       exit with 1 unless the verdict is permit
  -h, --help          print this

The last line on standard output is `verdict: permit|deny|unknown ...`.
Exit codes: 0 verified, whatever the verdict; 1 rejected (`rejected: CODE at NODE`), or not permitted
with --must-permit; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, verify)
}

fn verify(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let at = args.at()?;
    let trust = file::trust(args.path("trust")?)?;
    let status = args.find_path("events").map(file::status).transpose()?;
    let manifests: Result<Vec<Manifest>, _> = args.paths("manifest").map(file::manifest).collect();
    let manifests: BTreeMap<ManifestId, Manifest> =
        manifests?.into_iter().map(|manifest| (manifest.id(), manifest)).collect();
    let (proof, subject) = subject(args, path)?;

    let mut verifier = Verifier::new(&trust, at).manifests(&manifests);
    if let Some(status) = &status {
        verifier = verifier.known_events(status);
    }
    let lineage = verifier.verify(&proof, subject)?;
    let ask = intended(args)?.at(at);
    let verdict = lineage.rights(&ask);
    let report = Report::new(&lineage).ask(path.display().to_string(), ask);
    println!("{}", report.text(Language::English));
    if let Some(html) = args.find_path("html") {
        let page = report.html(Language::English);
        output::write(html, page.as_bytes(), output::existing(args))?;
    }
    if args.has("must-permit") && !verdict.is_permit() {
        return Err(Refused::new(format!("verdict: {verdict}")).into());
    }
    println!("verdict: {verdict}");
    Ok(())
}

/// What is to be done with it.
fn intended(args: &Args) -> Result<Use, Failure> {
    let action = args.code("action", Action::ALL, Action::code)?;
    let purpose = args.code("purpose", Purpose::ALL, Purpose::code)?;
    let ask = Use::new(action.unwrap_or(Action::DistributeModel))
        .purpose(purpose.unwrap_or(Purpose::Commercial))
        .territory(args.find_text("in")?.unwrap_or("CN").parse()?);
    Ok(match args.find_text("party")? {
        Some(party) => ask.party(party),
        None => ask,
    })
}

/// The bytes of the proof, and what the reader knows that it has to be about.
fn subject(args: &Args, path: &Path) -> Result<(Vec<u8>, ManifestId), Failure> {
    let of = args.find_path("of").map(file::subject).transpose()?;
    match Kind::of(path)? {
        Kind::Model => {
            let model = file::model(path)?;
            let (proof, weights) = (model.proof().ok_or(AttachError::NoProof)?, model.weights());
            match of.filter(|of| *of != weights) {
                Some(of) => Err(Refused::new(format!("refused: {weights}, not {of}")).into()),
                None => Ok((proof.to_vec(), weights)),
            }
        }
        Kind::Proof => {
            let of = of.ok_or("a proof alone, and no --of given; --help says how")?;
            Ok((file::read(path)?, of))
        }
        _ => Err(file::unusable(path, "it is neither a model nor a proof").into()),
    }
}
