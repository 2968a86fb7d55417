//! Verifies a lineage proof, and whether a use is permitted.
//!
//! `cargo run --example verify -- target/exchange/model.safetensors --trust target/exchange/trust.cbor
//! --events target/exchange/events.cbor --at 2026-11-20`, after the example `exchange`.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::{Args, Failure, Refused, file, output};
use datadeed::ManifestId;
use datadeed::manifest::Manifest;
use datadeed::report::{Language, Refusal, Report};
use datadeed::rights::{Action, Purpose, Use, VolumeUnit};
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
  --witnesses N       how many of the witnesses whom the trust file lists must have seen a log, or its
                      receipts count for nothing [default: 0]
  --action CODE       what is to be done [default: distribute_model]
  --purpose CODE      what for [default: commercial]
  --in CODE           where, ISO 3166 [default: CN]
  --processing CODE   where it is processed [default: as --in]
  --storage CODE      where copies are kept [default: as --in]
  --distribution CODE where it is offered [default: as --in]
  --field TEXT        in which field of use, such as medical [default: not said]
  --product TEXT      for which product [default: not said]
  --volume UNIT=N...  how much of any one dataset at most, in bytes, files, records, requests or tokens
  --party TEXT        by whom, as an identity [default: by the maker]
  --report FILE       write the report too, or why the proof was rejected: as HTML, JSON or Markdown,
                      by the ending .html, .json or .md
  --force             replace that file
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
    let (proof, subject) = file::verifiable(args, path)?;

    let mut verifier = Verifier::new(&trust, at).manifests(&manifests);
    if let Some(witnesses) = args.find("witnesses")? {
        verifier = verifier.witnesses(witnesses);
    }
    if let Some(status) = &status {
        verifier = verifier.known_events(status);
    }
    let lineage = match verifier.verify(&proof, subject) {
        Ok(lineage) => lineage,
        Err(rejection) => {
            let refusal = Refusal::new(&rejection).about(subject).at(at);
            write(args, |ending| rendered_refusal(&refusal, ending))?;
            return Err(rejection.into());
        }
    };
    let action = args.code("action", Action::ALL, Action::code)?;
    let purpose = args.code("purpose", Purpose::ALL, Purpose::code)?;
    let mut ask = Use::new(action.unwrap_or(Action::DistributeModel))
        .purpose(purpose.unwrap_or(Purpose::Commercial))
        .territory(args.find_text("in")?.unwrap_or("CN").parse()?)
        .at(at);
    if let Some(party) = args.find_text("party")? {
        ask = ask.party(party);
    }
    ask = particulars(args, ask)?;
    let verdict = lineage.rights(&ask);
    let report = Report::new(&lineage).ask("the use that was asked about", ask);
    println!("{}", report.text(Language::English));
    write(args, |ending| rendered(&report, ending))?;
    if args.has("must-permit") && !verdict.is_permit() {
        return Err(Refused::new(format!("verdict: {verdict}")).into());
    }
    println!("verdict: {verdict}");
    Ok(())
}

/// What only some licences ask for.
fn particulars(args: &Args, mut ask: Use) -> Result<Use, Failure> {
    if let Some(place) = args.find("processing")? {
        ask = ask.processing_in(place);
    }
    if let Some(place) = args.find("storage")? {
        ask = ask.storage_in(place);
    }
    if let Some(place) = args.find("distribution")? {
        ask = ask.distribution_in(place);
    }
    if let Some(field) = args.find_text("field")? {
        ask = ask.field(field);
    }
    if let Some(product) = args.find_text("product")? {
        ask = ask.product(product);
    }
    for (unit, at_most) in args.pairs("volume")? {
        let unit = VolumeUnit::from_code(unit)
            .ok_or_else(|| format!("--volume: {unit:?} is no unit; --help lists them"))?;
        ask = ask.volume(at_most.parse()?, unit);
    }
    Ok(ask)
}

/// Writes the report where `--report` says, in the format that the file's ending names.
fn write(args: &Args, rendered: impl FnOnce(&str) -> Option<String>) -> Result<(), Failure> {
    let Some(path) = args.find_path("report") else { return Ok(()) };
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let text = rendered(ending)
        .ok_or("--report: the name ends neither in .html nor in .json nor in .md")?;
    output::write(path, text.as_bytes(), output::existing(args))
}

fn rendered(report: &Report<'_>, ending: &str) -> Option<String> {
    match ending {
        "html" => Some(report.html(Language::English)),
        "json" => Some(report.json()),
        "md" => Some(report.markdown(Language::English)),
        _ => None,
    }
}

fn rendered_refusal(refusal: &Refusal<'_>, ending: &str) -> Option<String> {
    match ending {
        "html" => Some(refusal.html(Language::English)),
        "json" => Some(refusal.json()),
        "md" => Some(refusal.markdown(Language::English)),
        _ => None,
    }
}
