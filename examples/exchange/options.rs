//! The command line.

use std::error::Error;
use std::path::PathBuf;

use datadeed::Timestamp;
use lexopt::{Arg, Parser, ValueExt};

use crate::common::date;
use crate::tamper::Tamper;

/// The day of the story; a fixed one, so that the same sources give the same bytes.
const DEFAULT_DATE: &str = "2026-11-20";

pub(crate) const HELP: &str = "\
Takes real datasets from their sources to a model on an exchange, and asks what may be done with it.

Usage: exchange [OPTIONS]

Without options the datasets are the sources of this crate's own dependencies,
and a few texts of an invented data supplier.

Options:
  --dataset DIR         use this directory as a dataset; repeatable, each followed by its --license
  --license EXPR        the SPDX expression that the dataset before it is offered under
  --model FILE          use this safetensors model instead of training one; the file is not
                        changed, the proof goes into a copy. Its inputs are the --dataset
                        directories, without any they are recorded as undisclosed
  --tamper KIND         attack the files that were written, then verify them:
                          weight          change one bit of one tensor
                          statement-byte  spell one length in a statement with more bytes than needed
                          signature       change one bit of a signature
                          swapped-parent  re-sign the training with another dataset's statement as voucher
                          edited-licence  loosen a licence and keep its old signature
                          removed-parent  leave out a statement that others rest on
                          other-key       re-sign the training as the trainer, with another key
                          other-receipt   show for the training the log's receipt of another statement
                          checkpoint      say that the log has one entry more than it signed
                          replayed-proof  put in the true proof of another model
  --at DATE             the day on which the exchange decides, YYYY-MM-DD or RFC 3339;
                        everything else in the story is dated relative to it [default: 2026-11-20]
  --out DIR             where to write [default: target/exchange]
  -h, --help            print this

The last line on standard output is `verdict: permit|deny|unknown`, the answer to question 1.
Exit codes: 0 verified, whatever the verdict; 1 rejected (`rejected: CODE at NODE`); 2 usage or unreadable.";

/// What to do.
pub(crate) struct Options {
    /// Directories with their licence expressions; empty: the default sources.
    pub(crate) datasets: Vec<(PathBuf, String)>,
    pub(crate) model: Option<PathBuf>,
    pub(crate) tamper: Option<Tamper>,
    pub(crate) at: Timestamp,
    pub(crate) out: PathBuf,
}

impl Options {
    /// `None` where only help was asked for.
    pub(crate) fn parse(mut parser: Parser) -> Result<Option<Self>, Box<dyn Error>> {
        let mut options = Self {
            datasets: Vec::new(),
            model: None,
            tamper: None,
            at: date::parse(DEFAULT_DATE)?,
            out: PathBuf::from("target/exchange"),
        };
        let mut unlicensed: Option<PathBuf> = None;
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("dataset") => {
                    no_licence_missing(unlicensed.as_ref())?;
                    unlicensed = Some(parser.value()?.into());
                }
                Arg::Long("license") => {
                    let expression = parser.value()?.string()?;
                    let dir = unlicensed.take().ok_or("--license without a --dataset before it")?;
                    options.datasets.push((dir, expression));
                }
                Arg::Long("model") => options.model = Some(parser.value()?.into()),
                Arg::Long("tamper") => {
                    options.tamper = Some(Tamper::parse(&parser.value()?.string()?)?);
                }
                Arg::Long("at") => options.at = date::parse(&parser.value()?.string()?)?,
                Arg::Long("out") => options.out = parser.value()?.into(),
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                other => return Err(other.unexpected().into()),
            }
        }
        no_licence_missing(unlicensed.as_ref())?;
        Ok(Some(options))
    }
}

fn no_licence_missing(unlicensed: Option<&PathBuf>) -> Result<(), String> {
    match unlicensed {
        None => Ok(()),
        Some(dir) => Err(format!("--dataset {} without a --license after it", dir.display())),
    }
}
