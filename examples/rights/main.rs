//! Answers rights cases from JSON: `cargo run --example rights -- FILE.json`.
//!
//! What a file tells is signed, put into a proof, verified and asked, exactly as what real parties say
//! is. Without a file the worked cases in `examples/rights/cases` are answered, each a template for one's own.
//!
//! **For trying out only.** Keys are computed from the names of the parties, so anybody has them, and
//! datasets consist of files whose contents are their names. Real keys and data go through the other tools.
//!
//! ```json
//! {
//!   "about": "A corpus under CC-BY-NC-4.0 to train a commercial model",
//!   "licences": [{"observed": "CC-BY-NC-4.0"}],
//!   "uses": [{"action": "train", "purpose": "commercial", "expect": "deny purpose"}]
//! }
//! ```
//!
//! Codes are those of statements: of actions, purposes, duties, kinds of steps and events, relations and roles.
//! A wrong code is answered with a list of the right ones, a wrong key with those that are known there. Wherever
//! a list stands, one member may stand without brackets. Dates are `YYYY-MM-DD` or RFC 3339.
//!
//! # The case
//!
//! | key | what |
//! |---|---|
//! | `about` | the case in a line; the one key that must be there, with `uses` |
//! | `now` | when it is verified; `2026-11-20` unless said |
//! | `status` | up to when the verifier knows of events; `now` unless said, `null` for no status |
//! | `trust` | by party: its roles, or `{"roles", "scope"}`; beside the parties below, or in their place |
//! | `datasets` | by name: `{"files", "personal_information"}`; for what is not named in steps, or is not one file |
//! | `subject` | the dataset or model that is asked about; what the last step makes, or the only dataset |
//! | `steps`, `registrations`, `licences`, `preferences`, `consents`, `deals`, `events` | what is said, below |
//! | `uses` | what is asked, and what the answer should be |
//! | `findings` | the codes of all findings that verification should have |
//!
//! A party is `supplier`, which stands for `did:web:supplier.example`, or any text with a colon. Believed are, unless
//! `trust` says otherwise: `collector` and `observer` as collectors, `curator` and `seller` as curators, `trainer`,
//! `buyer` and `dealer` as trainers, `supplier` as rights holder, `registrar`, `exchange` and `court` as what they are
//! called. An empty list of roles is a party whom nobody believes.
//!
//! Whatever is said may have `by` (who), `signed` (when; see below), `seen` (from when that is proven; when it was
//! signed unless said, `null` for not at all) and `name`, by which what comes after may refer to it. It is about
//! the dataset `of`, which may be left out where there is but one that no step makes.
//!
//! # What is said
//!
//! | of | keys | by, on |
//! |---|---|---|
//! | `steps` | `kind`, `inputs`, `base_models`, `teacher_models`, `outputs`, `on`, `relations` (`of`, `relation`, `with`, `tree`), `undisclosed_inputs`, `processed_in`, `stored_in` | trainer or curator, 2026-11-05 |
//! | `registrations` | `claimants` (parties, or `party` and `share`), `from`, `until`, `update_until`, `agreement_cap`, `object`, `jurisdiction`, `scheme`, `personal_information`, `important_data`, `supersedes` | registrar, 2026-11-01 |
//! | `licences` | `observed` (SPDX), `hub` (the tag of a hub), `spdx` or `rules` (granted); `from`, `until`, `survives`, `revocable`, `conflict`, `licensees`, `parent`, `source` | collector or supplier, 2026-11-01 |
//! | `preferences` | `content_usage`, `robots` (with `product`, `path`), `tdm_reservation` (with `tdm_policy`), `tdmrep` (with `path`), `cawg` or `rsl`: the text as published; `source` | collector, 2026-11-01 |
//! | `consents` | `basis`, `actions`, `purposes`, `from`, `until`, `method` | collector, 2026-11-01 |
//! | `deals` | `number`, `seller`, `buyer`, `exchange`, `rules`, `amount`, `currency`, `delivery`, `from`, `until`, `survives`, `registration`, `signed_by` | its parties, 2026-11-03 |
//! | `events` | `event`, `of` (a name; of a key revocation a party), `on`, `recorded`, `parties`, `duty`, `to`, `into`, `licence`, `amount`, `currency`, `reason` | who `by` names |
//!
//! What no step makes was collected by `collector`. Events of trusted parties stand in the status, others in the proof.
//!
//! A rule is `{"permit": [...]}` or `{"prohibit": [...]}` with actions, `when` (all must hold: `purpose`, `in` or any of
//! `processing`, `storage` and `distribution`, `from`, `until`, `licensee`, `field`, `product`, `hops`,
//! `volume`: `{"records": 1000}`, `other`: `{"operand", "operator", "values"}`) and `duties`: a code, or
//! `{"duty", "payee", "of", "amount", "currency", "basis_points", "floor", "ceiling", "licences", "after", "terms"}`.
//!
//! # What is asked
//!
//! A use has an `action` and may have `purpose`, `in` (or `processing`, `storage`, `distribution`), `field`, `product`,
//! `volume`, `by`, `at`, `under` (the terms it is offered under; with `passing_on`, and `limited_to`: conditions like `when`), `regime` (`CN`), `profile`
//! (`strict`, `declared`) and `label`. `expect` is the whole answer: `deny` with all reasons, `unknown` with all that is
//! missing, `permit` with all duties, sorted, those that name a payee as `pay(supplier)`.

mod case;
#[path = "../common/mod.rs"]
mod common;
mod events;
mod reader;
mod statements;
mod terms;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use case::{Case, answer};
use common::file::cannot;
use common::{Args, Failure, Refused};
use datadeed::report::{Language, Refusal, Report};

/// The cases that stand beside this file.
const SHIPPED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rights/cases");

const HELP: &str = "\
Answers rights cases: who said what of which data, what became of it, and whether it may be used.

Usage: rights [FILE...] [OPTIONS]

FILE is a case in JSON, as the beginning of examples/rights/main.rs describes it. Of one the report is
printed, of several a table; without any the cases that are shipped with the example are answered.

Options:
  --language CODE  of the report: en or zh [default: en]
  --json           print the report of one case as JSON
  -h, --help       print this

The last line on standard output is the answer where one is asked for, `verdict: permit|deny|unknown ...`,
and otherwise how many there are.
Exit codes: 0 answered, as expected where the file says what to expect; 1 one differs; 2 usage or
unreadable, with the place in the file.";

fn main() -> ExitCode {
    common::run(HELP, rights)
}

fn rights(args: &Args) -> Result<(), Failure> {
    let language = match args.find_text("language")? {
        None | Some("en") => Language::English,
        Some("zh") => Language::Chinese,
        Some(other) => return Err(format!("--language: {other:?} is neither en nor zh").into()),
    };
    match args.any_operands() {
        [] => table(&shipped()?),
        [path] => print(&read(path)?, language, args.has("json")),
        paths => table(paths),
    }
}

fn shipped() -> Result<Vec<PathBuf>, Failure> {
    let directory = Path::new(SHIPPED);
    let entries = fs::read_dir(directory).map_err(|error| cannot("read", directory, error))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_, Failure>>()?;
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Case, Failure> {
    let bytes = fs::read(path).map_err(|error| cannot("read", path, error))?;
    Case::read(&bytes).map_err(|error| common::file::unusable(path, error).into())
}

/// What is answered to each question, and how it differs from what the file expects.
struct Answered {
    label: String,
    answer: String,
    expected: Option<String>,
}

impl Answered {
    fn is_other(&self) -> bool {
        self.expected.as_ref().is_some_and(|expected| *expected != self.answer)
    }
}

fn answered(case: &Case) -> Vec<Answered> {
    let lineage = case.verify();
    let answers = case.questions.iter().map(|question| Answered {
        label: question.label.clone(),
        answer: match &lineage {
            Ok(lineage) => answer(&lineage.rights(&question.ask)),
            Err(rejection) => format!("rejected {rejection}"),
        },
        expected: question.expect.clone(),
    });
    let findings = lineage.as_ref().ok().and_then(|lineage| case.findings(lineage));
    let findings = findings.map(|[answer, expected]| Answered {
        label: "findings".into(),
        answer,
        expected: Some(expected),
    });
    answers.chain(findings).collect()
}

/// The report of one case.
fn print(case: &Case, language: Language, is_json: bool) -> Result<(), Failure> {
    match case.verify() {
        Err(rejection) => {
            let refusal = Refusal::new(&rejection).about(case.subject).at(case.now);
            println!("{}", if is_json { refusal.json() } else { refusal.text(language) });
        }
        Ok(lineage) => {
            let report = case.questions.iter().fold(Report::new(&lineage), |report, question| {
                report.ask(&question.label, question.ask.clone())
            });
            println!("{}", if is_json { report.json() } else { report.text(language) });
        }
    }
    let all = answered(case);
    for one in all.iter().filter(|one| one.is_other()) {
        let expected = one.expected.as_deref().unwrap_or_default();
        eprintln!("{}: {}, where the file expects {expected}", one.label, one.answer);
    }
    let last = match all.as_slice() {
        [only] => format!("verdict: {}", only.answer),
        several => format!("{} answers", several.len()),
    };
    finish(&all, if is_json { None } else { Some(last) })
}

/// A line for each question of each case.
fn table(paths: &[PathBuf]) -> Result<(), Failure> {
    let mut all = Vec::new();
    println!("{:<44}  {:<44}  answer", "case: use", "expected");
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let case = read(path)?;
        println!("{name}: {}", case.about);
        for one in answered(&case) {
            let expected = one.expected.as_deref().unwrap_or("-");
            let mark = if one.is_other() { "  <-- differs" } else { "" };
            println!("  {:<42}  {expected:<44}  {}{mark}", one.label, one.answer);
            all.push(one);
        }
    }
    let (answers, cases) = (all.len(), paths.len());
    finish(&all, Some(format!("{answers} answers to {cases} cases")))
}

fn finish(all: &[Answered], last: Option<String>) -> Result<(), Failure> {
    let others = all.iter().filter(|one| one.is_other()).count();
    if others > 0 {
        return Err(Refused::new(format!("{others} of {} answers differ", all.len())).into());
    }
    if let Some(last) = last {
        println!("{last}");
    }
    Ok(())
}
