//! Packs what a lineage rests on for a dispute, as files that are checked by hand.
//!
//! `cargo run --example pack -- target/exchange/model.safetensors --trust target/exchange/trust.cbor
//! --events target/exchange/events.cbor --at 2026-11-20 --out target/exchange/pack`, after the example `exchange`.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use common::{Args, Failure, file, output};
use datadeed::ManifestId;
use datadeed::manifest::Manifest;
use datadeed::report::{EvidencePack, Report};
use datadeed::rights::{Action, Purpose, Use};
use datadeed::verify::Verifier;

const HELP: &str = "\
Packs everything that the lineage of a model or dataset rests on, for a dispute: verifies its proof and
writes a folder with every statement, what was signed, keys, receipts, events, the report, and how to check
each by hand with common tools.

Usage: pack FILE --trust FILE --out FOLDER [--events FILE] [--at DATE] [OPTIONS]

FILE is a model with a proof in it, or a proof; then --of is needed.

Options:
  --out FOLDER        where to; there must be nothing yet, or an empty folder
  --trust FILE        whom to believe
  --events FILE       which later events are known
  --at DATE           the day of the decision, YYYY-MM-DD or RFC 3339 [default: now]
  --of FILE           what the proof must be about: the manifest one scanned, or an id
  --manifest FILE...  manifests with which structural claims are recomputed
  --witnesses N       how many witnesses must have seen a log [default: 0]
  --action CODE       what is to be done, for the report [default: distribute_model]
  --purpose CODE      what for [default: commercial]
  --in CODE           where, ISO 3166 [default: CN]
  -h, --help          print this

The last line on standard output is `packed: N files, N bytes`. Begin with CHECK.en.md or CHECK.zh.md.
Exit codes: 0 packed, whatever the verdict; 1 rejected (`rejected: CODE at NODE`); 2 usage, unreadable or
not written.";

fn main() -> ExitCode {
    common::run(HELP, pack)
}

fn pack(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let (at, folder) = (args.at()?, args.path("out")?);
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
    let lineage = verifier.verify(&proof, subject)?;

    let action = args.code("action", Action::ALL, Action::code)?;
    let purpose = args.code("purpose", Purpose::ALL, Purpose::code)?;
    let ask = Use::new(action.unwrap_or(Action::DistributeModel))
        .purpose(purpose.unwrap_or(Purpose::Commercial))
        .territory(args.find_text("in")?.unwrap_or("CN").parse()?)
        .at(at);
    let report = Report::new(&lineage).ask("the use that was asked about", ask);
    let mut pack = EvidencePack::new(&report, &trust);
    if let Some(status) = &status {
        pack = pack.status(status);
    }
    empty(folder)?;
    let (mut files, mut size) = (0_usize, 0_usize);
    for (path, bytes) in pack.files() {
        let path = folder.join(path);
        fs::create_dir_all(output::directory(&path))
            .map_err(|error| file::cannot("written", &path, error))?;
        output::write(&path, &bytes, output::Existing::Keep)?;
        (files, size) = (files + 1, size + bytes.len());
    }
    println!("packed: {files} files, {size} bytes");
    Ok(())
}

/// Files of another pack would stand among those of this one, in no list.
fn empty(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| file::cannot("written", folder, error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| file::cannot("read", folder, error))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(format!("--out: {} is not empty", folder.display()).into()),
    }
}
