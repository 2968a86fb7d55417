//! Verifies the lineage proof in a safetensors model, and whether the model may be sold commercially in China.
//!
//! `cargo run --example verify -- target/exchange/model.safetensors --trust target/exchange/trust.cbor
//! --events target/exchange/events.cbor --at 2026-11-20`, after the example `exchange`.

#[path = "exchange/date.rs"]
mod date;

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use datadeed::Timestamp;
use datadeed::attach::safetensors;
use datadeed::report::{Language, Report};
use datadeed::rights::{Action, Purpose, Use};
use datadeed::trust::{Status, TrustStore};
use datadeed::verify::{Rejection, Verifier};
use lexopt::{Arg, Parser, ValueExt};

const HELP: &str = "\
Verifies the lineage proof in a model, and whether the model may be sold commercially in CN.

Usage: verify FILE --trust FILE [--events FILE] [--at DATE]

Options:
  --trust FILE    whom to believe, as written by TrustStore::to_bytes
  --events FILE   which later events are known, as written by Status::to_bytes
  --at DATE       the day of the decision, YYYY-MM-DD or RFC 3339 [default: now]
  -h, --help      print this

The last line on standard output is `verdict: permit|deny|unknown ...`.
Exit codes: 0 verified, whatever the verdict; 1 rejected (`rejected: CODE at NODE`); 2 usage or unreadable.";

struct Options {
    model: PathBuf,
    trust: PathBuf,
    events: Option<PathBuf>,
    at: Timestamp,
}

fn main() -> ExitCode {
    let Err(error) = run() else { return ExitCode::SUCCESS };
    if let Some(rejection) = error.downcast_ref::<Rejection>() {
        println!("rejected: {rejection}");
        return ExitCode::from(1);
    }
    eprintln!("error: {error}");
    ExitCode::from(2)
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = parse(Parser::from_env())? else {
        println!("{HELP}");
        return Ok(());
    };
    let trust = TrustStore::decode(&read(&options.trust)?)?;
    let status = options.events.as_deref().map(read).transpose()?;
    let status = status.map(|bytes| Status::decode(&bytes)).transpose()?;
    let model = File::open(&options.model)
        .map_err(|error| format!("{}: {error}", options.model.display()))?;

    let found = safetensors::read(model)?;
    let mut verifier = Verifier::new(&trust, options.at);
    if let Some(status) = &status {
        verifier = verifier.known_events(status);
    }
    let lineage = verifier.verify(&found.proof, found.weights)?;
    let ask = Use::new(Action::DistributeModel)
        .purpose(Purpose::Commercial)
        .territory("CN".parse()?)
        .at(options.at);
    let verdict = lineage.rights(&ask);
    let report = Report::new(&lineage).ask("sell the model commercially in CN", ask);
    println!("{}", report.text(Language::English));
    println!("verdict: {verdict}");
    Ok(())
}

/// `None` where only help was asked for.
fn parse(mut parser: Parser) -> Result<Option<Options>, Box<dyn Error>> {
    let (mut model, mut trust, mut events, mut at) = (None, None, None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Value(file) if model.is_none() => model = Some(PathBuf::from(file)),
            Arg::Long("trust") => trust = Some(parser.value()?.into()),
            Arg::Long("events") => events = Some(parser.value()?.into()),
            Arg::Long("at") => at = Some(date::parse(&parser.value()?.string()?)?),
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Some(Options {
        model: model.ok_or("no model given; --help says how")?,
        trust: trust.ok_or("no --trust given; --help says how")?,
        events,
        at: at.map_or_else(now, Ok)?,
    }))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The one look at a clock: the crate itself takes the time as an argument.
#[expect(clippy::disallowed_methods, reason = "a command line tool decides as of now unless told")]
fn now() -> Result<Timestamp, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp::from_seconds(since.as_secs())?)
}
