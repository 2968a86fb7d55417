//! Sells and checks parts of a file: `cargo run --release -- cut FILE --range A..B --out FILE`.

#[path = "../../common/mod.rs"]
mod common;

use std::fs::File;
use std::path::Path;
use std::process::ExitCode;

use common::file::{cannot, read, unusable};
use common::{Args, Failure, Refused, file, output};
use datadeed::manifest::{
    Evidence, EvidenceBuilder, Manifest, ManifestReadError, ManifestReader, Prover,
};
use datadeed::tree::Membership;
use datadeed::{Digest, ManifestId};
use datadeed_byte_ranges::{CheckError, FileSize, Span, check, cut};

const HELP: &str = "\
Cuts bytes out of a file so that a buyer can check them without the rest, as a bao slice.

Usage: byte-ranges cut FILE --range A..B --out SLICE [--manifest FILE --name NAME [--evidence FILE]]
       byte-ranges check SLICE --range A..B --manifest FILE --name NAME [--id ID] --out FILE
       byte-ranges check SLICE --range A..B --evidence FILE --name NAME [--id ID] --out FILE

`cut` is for the seller, who has the file; `check` for the buyer, who gets exactly the bytes A..B,
or nothing.

Options:
  --range A..B     the bytes from A on, before B; `A..` are those to the end of the file
  --out FILE       where the slice, or the bytes go
  --manifest FILE  the manifest that has the file, or a model that has the tensor
  --name NAME      the name of the file or tensor in it; to `cut`, it must be the one that is cut
  --evidence FILE  what the manifest has under that name, in place of the manifest; `cut` writes it
  --id ID          the manifest that the buyer believes, `manifest:...`; of a manifest file only a
                   few ranges are read then. Without it, the one that the last line tells
  --force          replace what is there
  -h, --help       print this

The last line on standard output tells what was cut, or what is proven and under which manifest.
Exit codes: 0 done; 1 checked and refused (`refused: ...`); 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, |args| {
        let [command, operand] = args.operands(["COMMAND", "FILE"])?;
        match command.to_str() {
            Some("cut") => seller(args, operand),
            Some("check") => buyer(args, operand),
            _ => Err(format!("{} is neither cut nor check", command.display()).into()),
        }
    })
}

fn seller(args: &Args, path: &Path) -> Result<(), Failure> {
    let span = span(args)?;
    let out = args.path("out")?;
    let listed = match args.find_path("manifest") {
        Some(manifest) => Some((file::manifest(manifest)?, args.text("name")?)),
        None => None,
    };
    let file = File::open(path).map_err(|error| cannot("read", path, error))?;
    let scratch = tempfile::tempfile_in(output::directory(out))?;
    let mut found = None;
    output::write_with(out, output::existing(args), |slice| {
        let is = cut(&file, span, scratch, slice)?;
        must_have(span, is.size)?;
        if let Some((manifest, name)) = &listed {
            let listed = entry_of(manifest, name).ok_or_else(|| absent(name, manifest.id()))?;
            if listed != (is.digest, is.size) {
                let (path, id) = (path.display(), manifest.id());
                return Err(Refused::new(format!("refused: {path} is not {name} in {id}")).into());
            }
        }
        found = Some(is);
        Ok(())
    })?;
    if let Some(path) = args.find_path("evidence") {
        let (manifest, name) = listed.as_ref().ok_or("--evidence needs --manifest and --name")?;
        output::write(path, &evidence_of(manifest, name), output::existing(args))?;
    }
    if let Some(is) = found {
        println!("bytes {span} of {} of {} bytes", is.digest, is.size);
    }
    Ok(())
}

fn buyer(args: &Args, path: &Path) -> Result<(), Failure> {
    let (span, name) = (span(args)?, args.text("name")?);
    let (id, (digest, size)) = believed(args, name)?;
    must_have(span, size)?;
    let slice = File::open(path).map_err(|error| cannot("read", path, error))?;
    let mut proven = None;
    output::write_with(args.path("out")?, output::existing(args), |bytes| {
        proven = Some(check(slice, digest, size, span, bytes).map_err(|error| match error {
            CheckError::Slice(fault) => Failure::from(Refused::because(fault)),
            error => error.into(),
        })?);
        Ok(())
    })?;
    if let Some(proven) = proven {
        let of = match proven.size {
            FileSize::Proven => "proven",
            _ => "stated",
        };
        let (start, end) = (proven.bytes.start, proven.bytes.end);
        println!("bytes {start}..{end} of {name:?} ({size} bytes, {of}) in {id}");
    }
    Ok(())
}

fn span(args: &Args) -> Result<Span, Failure> {
    args.find("range")?.ok_or_else(|| "no --range given; --help says how".into())
}

/// A part of what was asked for must not pass for all of it.
fn must_have(span: Span, size: u64) -> Result<(), Failure> {
    if span.exceeds(size) {
        return Err(Refused::new(format!("refused: {span} of a file of {size} bytes")).into());
    }
    Ok(())
}

fn absent(name: &str, id: ManifestId) -> Failure {
    Refused::new(format!("refused: {name:?} is not in {id}")).into()
}

/// Digest and size of a file or tensor, under the id of a manifest.
fn believed(args: &Args, name: &str) -> Result<(ManifestId, (Digest, u64)), Failure> {
    let id = args.find("id")?;
    match (args.find_path("manifest"), args.find_path("evidence"), id) {
        (Some(path), None, Some(id)) => Ok((id, by_ranges(path, id, name)?)),
        (Some(path), None, None) => {
            let manifest = file::manifest(path)?;
            let id = manifest.id();
            Ok((id, entry_of(&manifest, name).ok_or_else(|| absent(name, id))?))
        }
        (None, Some(path), id) => by_evidence(path, id, name),
        _ => Err("give either --manifest or --evidence".into()),
    }
}

fn entry_of(manifest: &Manifest, name: &str) -> Option<(Digest, u64)> {
    let files = manifest.file_entries().unwrap_or_default();
    let tensors = manifest.tensor_entries().unwrap_or_default();
    let file =
        files.iter().find(|entry| entry.name == name).map(|entry| (entry.digest, entry.size));
    let tensor = || tensors.iter().find(|entry| entry.name == name);
    file.or_else(|| tensor().map(|entry| (entry.digest, entry.size)))
}

/// A manifest file of which three ranges are read, whatever its size.
fn by_ranges(path: &Path, id: ManifestId, name: &str) -> Result<(Digest, u64), Failure> {
    let file = File::open(path).map_err(|error| cannot("read", path, error))?;
    let fault = |error| match error {
        error @ ManifestReadError::OtherManifest { .. } => Failure::from(Refused::because(error)),
        error => unusable(path, error).into(),
    };
    let reader = ManifestReader::open(file, id).map_err(fault)?;
    if let Some(entry) = reader.file(name).map_err(fault)? {
        return Ok((entry.digest, entry.size));
    }
    let tensor = reader.tensor(name).map_err(fault)?.ok_or_else(|| absent(name, id))?;
    Ok((tensor.digest, tensor.size))
}

fn by_evidence(
    path: &Path,
    id: Option<ManifestId>,
    name: &str,
) -> Result<(ManifestId, (Digest, u64)), Failure> {
    let evidence = Evidence::decode(&read(path)?).map_err(|error| unusable(path, error))?;
    let mut all = evidence.manifests();
    let only = all.next().filter(|_| all.next().is_none());
    let which = || unusable(path, "it is not of one dataset; --id tells which");
    let id = id.or(only).ok_or_else(which)?;
    match (evidence.file(id, name), evidence.tensor(id, name)) {
        (Membership::Present(file), _) => Ok((id, (file.digest, file.size))),
        (_, Membership::Present(tensor)) => Ok((id, (tensor.digest, tensor.size))),
        (Membership::Absent, _) | (_, Membership::Absent) => Err(absent(name, id)),
        _ => Err(Refused::new(format!("refused: no evidence of {name:?} in {id}")).into()),
    }
}

/// What the manifest has under one name, for whoever has its id alone.
fn evidence_of(manifest: &Manifest, name: &str) -> Vec<u8> {
    let prover = Prover::new(manifest);
    let mut evidence = EvidenceBuilder::new();
    evidence.names(&prover, [name]);
    let Ok(evidence) = evidence.build();
    evidence.to_bytes()
}
