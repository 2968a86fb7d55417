//! What is known of later events: `cargo run --example status -- --at DATE --out FILE`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, Refused, date, file, output};
use datadeed::proof::Statement;
use datadeed::trust::Status;

const HELP: &str = "\
Writes a status: up to a date, these are all events known, and these statements were seen.

Usage: status --out FILE [OPTIONS]

Options:
  --at DATE             up to when every event is known, YYYY-MM-DD or RFC 3339 [default: now]
  --event FILE=DATE...  an event, and when it was recorded
  --seen FILE=DATE...   a statement, or all of a proof, and when it was first seen; proves that it
                        existed by then
  --out FILE            where the status goes
  --force               replace that file
  -h, --help            print this

The last line on standard output is `status of DATE, N events`.
Exit codes: 0 done; 1 recorded later than the status (`refused: ...`); 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, status)
}

fn status(args: &Args) -> Result<(), Failure> {
    let [] = args.operands([])?;
    let as_of = args.at()?;
    let mut status = Status::new(as_of);
    for (path, recorded) in args.pairs("event")? {
        let recorded = date::parse(recorded)?;
        for statement in file::statements(path.as_ref())? {
            let Statement::Event(event) = statement else {
                return Err(format!("{path:?}: {} is no event", statement.id()).into());
            };
            status = status.event(event, recorded).map_err(Refused::because)?;
        }
    }
    for (path, recorded) in args.pairs("seen")? {
        let recorded = date::parse(recorded)?;
        for statement in file::statements(path.as_ref())? {
            status = status.seen(statement.id(), recorded).map_err(Refused::because)?;
        }
    }
    output::given(args, &status.to_bytes())?;
    println!("status of {as_of}, {} events", status.events().len());
    Ok(())
}
