//! What every tool does alike.
//!
//! | file | what |
//! |---|---|
//! | `args` | the command line, as the help text describes it |
//! | `date` | dates and the clock |
//! | `file` | reading by content |
//! | `output` | writing whole files or none |
//! | `sign` | who signs, and when |
//!
//! Tools that read directories have `directory` beside it, for the options of that.
//!
//! Exit codes: 0 done, 1 checked and refused, 2 usage or unreadable. What a
//! script needs is the last line on standard output; errors go to standard
//! error, with their sources.
#![allow(dead_code, reason = "each tool uses a part")]

pub(crate) mod args;
pub(crate) mod date;
pub(crate) mod file;
pub(crate) mod output;
pub(crate) mod sign;

use std::error::Error;
use std::process::ExitCode;

use datadeed::verify::Rejection;

pub(crate) use args::Args;

/// Anything that goes wrong.
pub(crate) type Failure = Box<dyn Error>;

/// What was asked about was checked, and the answer is no: exit code 1.
#[derive(Debug, thiserror::Error)]
#[error("{last_line}")]
pub(crate) struct Refused {
    last_line: String,
    #[source]
    source: Option<Failure>,
}

impl Refused {
    /// With this as the last line.
    pub(crate) fn new(last_line: impl Into<String>) -> Self {
        Self { last_line: last_line.into(), source: None }
    }

    /// `refused: ` and the error, with its source.
    pub(crate) fn because(error: impl Error) -> Self {
        let source = error.source().map(|source| source.to_string().into());
        Self { last_line: format!("refused: {error}"), source }
    }
}

/// Runs a tool on the command line that its help text describes.
pub(crate) fn run(help: &'static str, tool: fn(&Args) -> Result<(), Failure>) -> ExitCode {
    let done = match Args::parse(help, lexopt::Parser::from_env()) {
        Ok(Some(args)) => tool(&args),
        Ok(None) => {
            println!("{help}");
            Ok(())
        }
        Err(error) => Err(error),
    };
    done.map_or_else(|error| exit(error.as_ref()), |()| ExitCode::SUCCESS)
}

/// Says what went wrong, and gives the exit code for it.
pub(crate) fn exit(error: &(dyn Error + 'static)) -> ExitCode {
    let refused = if let Some(rejection) = error.downcast_ref::<Rejection>() {
        println!("rejected: {rejection}");
        true
    } else if let Some(refused) = error.downcast_ref::<Refused>() {
        println!("{refused}");
        true
    } else {
        eprintln!("error: {error}");
        false
    };
    let mut source = error.source();
    while let Some(error) = source {
        eprintln!("  because: {error}");
        source = error.source();
    }
    ExitCode::from(if refused { 1 } else { 2 })
}
