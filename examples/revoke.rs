//! Takes a statement back: `cargo run --example revoke -- STATEMENT --effective DATE ...`.

mod common;

use std::process::ExitCode;

use common::file::Content;
use common::{Args, Failure, file, sign};
use datadeed::id::Subject;
use datadeed::rights::Event;

const HELP: &str = "\
Signs an `event` statement: a licence, registration or other statement counts no longer.

Usage: revoke STATEMENT --key FILE --iss TEXT --out FILE [OPTIONS]

STATEMENT is a file, or an id `statement:...`. Whether its terms allow that, and whether the signer
may say so, is for verifiers to judge.

Options:
  --effective DATE   from when on [default: the date of the signature]
  --reason TEXT      why
  --key FILE         the secret key, in PEM
  --iss TEXT         who signs, as a rule whoever signed the statement
  --at DATE          the date of the signature, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE         where the statement goes
  --force            replace that file
  -h, --help         print this

The last line on standard output is the id, `statement:...`.
Exit codes: 0 done; 2 usage, unreadable, or what no verifier would accept.";

fn main() -> ExitCode {
    common::run(HELP, revoke)
}

fn revoke(args: &Args) -> Result<(), Failure> {
    let [target] = args.operands(["STATEMENT"])?;
    let id = match target.to_str().and_then(|text| text.parse().ok()) {
        Some(id) => id,
        None => match Content::of(target)? {
            Content::Statement(statement) => statement.id(),
            _ => return Err(file::unusable(target, "it is no statement").into()),
        },
    };
    let effective = args.date("effective")?.map_or_else(|| args.at(), Ok)?;
    let mut event = Event::revocation(Subject::Statement(id), effective);
    event.reason = args.find("reason")?;
    sign::statement(args, &event)
}
