//! From datasets on this machine to a model on an exchange, and what may be done with it.
//!
//! `cargo run --release --example exchange` scans the sources of this crate's
//! own dependencies, signs where they came from and under which licences,
//! curates and registers them, trains a model and attaches the lineage proof.
//! Then it takes the exchange's side, which has nothing but files and a date.
//! `--help` lists the options.
//!
//! | file | who |
//! |---|---|
//! | `source` | what is found on this machine |
//! | `collect`, `curate`, `register`, `sell`, `train` | the parties, in the order of the story |
//! | `what_if` | the same story with one thing changed |
//! | `market`, `print` | the exchange: verifies, asks, prints, writes the report |
//! | `tamper` | an attacker |
//! | `registry` | the log that has what they sign, and its witness |
//! | `party`, `ledger`, `files` | keys and trust; what was signed; what was written |

mod collect;
#[path = "../common/mod.rs"]
mod common;
mod curate;
mod files;
mod ledger;
mod market;
mod options;
mod party;
mod print;
mod register;
mod registry;
mod sell;
mod source;
mod tamper;
mod train;
mod what_if;

use std::error::Error;
use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::process::ExitCode;

use datadeed::ManifestId;
use datadeed::attach::safetensors::Model;
use datadeed::trust::Status;

use curate::Stage;
use files::Files;
use ledger::{Day, Ledger};
use options::Options;
use source::{Contents, Source, Terms};

fn main() -> ExitCode {
    run().map_or_else(|error| common::exit(error.as_ref()), |()| ExitCode::SUCCESS)
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = Options::parse(lexopt::Parser::from_env())? else {
        println!("{}", options::HELP);
        return Ok(());
    };
    println!("A demonstration: the parties (did:web:*.example), their registrations and all dates");
    println!("are invented and their keys are public; datasets, licences and model are real.\n");
    let files = Files::create(&options.out)?;
    tell(&options, &files)?;
    if let Some(tamper) = options.tamper {
        println!("\nan attacker: {tamper}");
        tamper.apply(&files)?;
    }
    println!();
    market::decide(&files, options.at)
}

/// The story up to the point where the model is offered.
fn tell(options: &Options, files: &Files) -> Result<(), Box<dyn Error>> {
    let sources = sources(options, files)?;
    let supplied = sources.iter().filter(|source| !matches!(source.terms, Terms::Public { .. }));
    let supplied: Vec<ManifestId> = supplied.map(|source| source.manifest.id()).collect();
    let trust = party::trust(&supplied);
    files.trust(&trust)?;
    let mut ledger = Ledger::new(options.at, trust)?;
    let collected = sources
        .iter()
        .map(|source| Ok((source, collect::collect(&mut ledger, source)?)))
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    ledger.publish(Day::COLLECTED)?;
    sources.iter().try_for_each(|source| collect::license(&mut ledger, source))?;
    ledger.publish(Day::GRANTED)?;
    if let Some(path) = &options.model {
        // How it was made nobody here knows, so it is said to rest on the datasets as they are.
        let inputs = collected.iter().map(|(source, voucher)| Stage {
            manifest: source.manifest.clone(),
            voucher: *voucher,
        });
        let inputs: Vec<Stage> = inputs.collect();
        let model = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        offer(ledger, &inputs, model, name.as_deref(), files)?;
    } else {
        let mut contents = Contents::of(&sources);
        let curated = curate::curate(&mut ledger, &collected, &mut contents)?;
        ledger.publish(Day::CURATED)?;
        ledger.prove()?;
        let registered = register::register(&mut ledger, &curated)?;
        register::examine(&mut ledger, &curated.training.manifest, &contents)?;
        ledger.publish(Day::REGISTERED)?;
        sell::sell(&mut ledger, &curated.training.manifest, registered)?;
        ledger.publish(Day::SOLD)?;
        files.bought(Some(&ledger.proof(curated.training.manifest.id())?))?;
        let model = train::Bigram::train(&curated.training, &contents)?.to_safetensors();
        offer(ledger, &[curated.training], Cursor::new(model), None, files)?;
    }
    files.events(&Status::new(options.at))
}

fn sources(options: &Options, files: &Files) -> Result<Vec<Source>, Box<dyn Error>> {
    let mut sources = if options.datasets.is_empty() && options.model.is_none() {
        source::dependencies()?
    } else {
        source::directories(&options.datasets)?
    };
    let count: u64 = sources.iter().map(|source| source.manifest.parts().count()).sum();
    println!("collected     {} datasets, {count} files", sources.len());
    if options.datasets.is_empty() && options.model.is_none() {
        let supplied = source::supplier(files.dir())?;
        for source in &supplied {
            println!("supplied      {}, {}", source.title, curate::size(&source.manifest));
        }
        sources.extend(supplied);
    }
    Ok(sources)
}

/// The trainer signs, and puts the proof into the model; what could have been is written beside it.
fn offer(
    mut ledger: Ledger,
    inputs: &[Stage],
    model: impl Read + Seek,
    title: Option<&str>,
    files: &Files,
) -> Result<(), Box<dyn Error>> {
    let mut model = Model::open(model)?;
    let weights = model.weights();
    train::sign(&mut ledger, inputs, weights, title)?;
    ledger.publish(Day::TRAINED)?;
    ledger.keep("model", model.manifest());
    let proof = ledger.proof(weights)?;
    println!(
        "trained       {} tensors; the proof has {} statements in {}",
        model.manifest().parts().count(),
        proof.statements().len(),
        indicatif::DecimalBytes(u64::try_from(proof.to_bytes().len())?),
    );
    println!(
        "logged        {} statements in {}, published {} times, each seen by a witness",
        ledger.registered(),
        party::origin()?,
        proof.checkpoints().len(),
    );
    if title.is_some() {
        files.bought(None)?;
    }
    files.attach(&mut model, &proof.to_bytes())?;
    files.manifests(ledger.manifests())?;
    what_if::write(&ledger, weights, files)
}
