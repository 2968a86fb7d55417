//! Any of our files in readable form: `cargo run --example show -- FILE...`.

#[path = "../common/mod.rs"]
mod common;
mod evidence;
mod spell;

use std::path::Path;
use std::process::ExitCode;

use ciborium::Value;
use common::file::{self, Content};
use common::{Args, Failure};
use datadeed::key::{PublicKey, Signer as _};
use datadeed::manifest::{Manifest, ManifestFile, RecordIndex};
use datadeed::proof::{LineageProof, Statement};
use datadeed::tree::Summary;
use datadeed::trust::Status;
use serde_json::{Value as Json, json};

const HELP: &str = "\
Prints manifests, record indexes, statements, proofs, evidence, trust and status files, models and keys
in readable form.

Usage: show FILE... [--json]

What a file is, its content tells. Nothing is verified: this is what the file says. Of a secret key
only the public half is printed.

Options:
  --json        one JSON object a line and file
  -h, --help    print this

Exit codes: 0 done; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, show)
}

fn show(args: &Args) -> Result<(), Failure> {
    for path in args.one_or_more("FILE")? {
        let shown = describe(path)?;
        if args.has("json") {
            println!("{shown}");
        } else {
            println!("{}: {shown:#}", path.display());
        }
    }
    Ok(())
}

fn describe(path: &Path) -> Result<Json, Failure> {
    Ok(match Content::of(path)? {
        Content::Evidence(found) => evidence::evidence(&found),
        Content::Manifest(file) => with_sha256(&file),
        Content::Model(model) => {
            let mut shown = rows(model.manifest());
            shown["type"] = json!("model");
            shown["proof"] = match model.proof() {
                Some(bytes) => proof(&LineageProof::decode(bytes)?)?,
                None => Json::Null,
            };
            shown
        }
        Content::Proof(found) => proof(&found)?,
        Content::PublicKey(key) => public(&key),
        Content::Records(index) => records(&index),
        Content::SecretKey(key) => public(&key.public_key()),
        Content::Statement(found) => statement(&found)?,
        Content::Status(found) => status(&found)?,
        Content::Trust(_) => {
            let mut shown = spell::record(&read(path)?)?;
            shown["type"] = json!("trust");
            shown
        }
    })
}

fn read(path: &Path) -> Result<Value, Failure> {
    Ok(ciborium::from_reader(file::read(path)?.as_slice())?)
}

fn public(key: &PublicKey) -> Json {
    json!({ "type": "key", "key": key.to_string(), "id": key.id().to_string() })
}

/// A manifest with the column that its file may have.
fn with_sha256(file: &ManifestFile) -> Json {
    let mut shown = rows(file.manifest());
    if let Some(index) = file.sha256() {
        shown["sha256"] = json!(index.id().to_string());
        for (at, sha256) in index.digests().iter().enumerate() {
            shown["entries"][at]["sha256"] = json!(sha256.to_string());
        }
    }
    shown
}

fn rows(manifest: &Manifest) -> Json {
    let files = manifest.file_entries().unwrap_or_default().iter();
    let files = files.map(|entry| {
        json!({ "name": entry.name, "size": entry.size, "digest": entry.digest.to_string() })
    });
    let tensors = manifest.tensor_entries().unwrap_or_default().iter();
    let tensors = tensors.map(|entry| {
        let (dtype, shape) = (entry.dtype.to_string(), &entry.shape);
        let digest = entry.digest.to_string();
        json!({ "name": entry.name, "dtype": dtype, "shape": shape.dimensions(), "digest": digest })
    });
    json!({
        "type": "manifest",
        "id": manifest.id().to_string(),
        "kind": manifest.kind().code(),
        "count": manifest.parts().count(),
        "bytes": manifest.parts().bytes(),
        "entries": files.chain(tensors).collect::<Vec<Json>>(),
    })
}

/// An index over records, with each distinct one.
fn records(index: &RecordIndex) -> Json {
    let rows = index.rows().iter();
    let rows = rows.map(
        |row| json!({ "digest": row.digest.to_string(), "count": row.count, "size": row.size }),
    );
    json!({
        "type": "records",
        "id": index.id().to_string(),
        "of": index.of().to_string(),
        "rule": index.rule().to_string(),
        "files": index.files().map(Summary::count),
        "count": index.records(),
        "records": rows.collect::<Vec<Json>>(),
    })
}

fn proof(proof: &LineageProof) -> Result<Json, Failure> {
    let statements: Result<Vec<Json>, _> = proof.statements().iter().map(statement).collect();
    Ok(json!({
        "type": "proof",
        "subject": proof.subject().to_string(),
        "keys": proof.keys().iter().map(ToString::to_string).collect::<Vec<_>>(),
        "statements": statements?,
        "evidence": evidence::evidence(proof.evidence())["datasets"],
    }))
}

fn status(status: &Status) -> Result<Json, Failure> {
    let events = status.events().iter().map(|recorded| {
        let event = statement(&Statement::from(recorded.event.clone()))?;
        Ok(json!({ "recorded_at": recorded.recorded_at.to_string(), "event": event }))
    });
    let events: Result<Vec<Json>, Failure> = events.collect();
    let seen = status.sightings().iter().map(
        |seen| json!({ "id": seen.id.to_string(), "recorded_at": seen.recorded_at.to_string() }),
    );
    let (as_of, seen) = (status.as_of().to_string(), seen.collect::<Vec<Json>>());
    Ok(json!({ "type": "status", "as_of": as_of, "events": events?, "seen": seen }))
}

/// Header and payload of a statement, which is `18([protected, {}, payload, signature])`.
fn statement(statement: &Statement) -> Result<Json, Failure> {
    let envelope: Value = ciborium::from_reader(statement.as_bytes())?;
    let payload = envelope.into_tag().ok().and_then(|(_, array)| array.into_array().ok());
    let payload = payload.and_then(|array| array.into_iter().nth(2)?.into_bytes().ok());
    let payload: Value = ciborium::from_reader(payload.unwrap_or_default().as_slice())?;
    let header = statement.header();
    Ok(json!({
        "type": header.kind.code(),
        "id": statement.id().to_string(),
        "iss": header.issuer,
        "sub": header.subject.to_string(),
        "iat": header.issued_at.to_string(),
        "key": header.key.to_string(),
        "payload": spell::record(&payload)?,
    }))
}
