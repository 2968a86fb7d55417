//! Are these works in it? `cargo run --release --example prove -- DATASET --works LIST --out FILE`.

mod common;

use std::path::Path;
use std::process::ExitCode;

use common::{Args, Failure, Refused, file, output};
use datadeed::lineage::{RelationKind, TreeName};
use datadeed::manifest::{Evidence, EvidenceBuilder, Manifest, Prover};
use datadeed::tree::{Judgement, Membership};
use datadeed::{Digest, ManifestId};

const HELP: &str = "\
Proves what is in a dataset, and what is not, to whoever knows its id; or checks such evidence.

Usage: prove DATASET [QUESTIONS] --out FILE
       prove DATASET [QUESTIONS] --check FILE

DATASET is a manifest or a model; to check, an id `manifest:...` is enough.

Questions:
  --name NAME...           is there an entry of this name?
  --content FILE...        is the content of this file there, under whatever name?
  --works LIST             and these contents: a list of digests `blake3:...`, one a line
  --disjoint-from OTHER... have the two datasets no content in common?

Options:
  --out FILE    where the evidence goes
  --check FILE  evidence that answers the questions
  --force       replace the file that --out names
  -h, --help    print this

Works are found by their exact bytes. The last line on standard output is `answered: all N`, or
`refused: ...` where the evidence does not tell, contradicts itself or shows contents in common.
Exit codes: 0 answered, whatever the answers; 1 refused; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, prove)
}

fn prove(args: &Args) -> Result<(), Failure> {
    let [dataset] = args.operands(["DATASET"])?;
    let works = works(args)?;
    if let Some(path) = args.find_path("check") {
        let bytes = file::read(path)?;
        let evidence = Evidence::decode(&bytes).map_err(Refused::because)?;
        let others: Result<Vec<ManifestId>, Failure> =
            args.paths("disjoint-from").map(file::subject).collect();
        println!("{}", tell(args, &evidence, file::subject(dataset)?, &works, &others?)?);
        return Ok(());
    }
    let of = file::manifest(dataset)?;
    let others: Result<Vec<Manifest>, _> =
        args.paths("disjoint-from").map(file::manifest).collect();
    let others = others?;
    let evidence = make(args, &of, &works, &others)?;
    let others: Vec<ManifestId> = others.iter().map(Manifest::id).collect();
    let last_line = tell(args, &evidence, of.id(), &works, &others)?;
    output::given(args, &evidence.to_bytes())?;
    println!("{last_line}");
    Ok(())
}

/// The digests that are asked for.
fn works(args: &Args) -> Result<Vec<Digest>, Failure> {
    let content = |path: &Path| Ok(Digest::of(&file::read(path)?));
    let mut works: Vec<Digest> =
        args.paths("content").map(content).collect::<Result<_, Failure>>()?;
    if let Some(path) = args.find_path("works") {
        let list = String::from_utf8(file::read(path)?)?;
        for (number, line) in (1..).zip(list.lines().map(str::trim)) {
            if !line.is_empty() && !line.starts_with('#') {
                works.push(line.parse().map_err(|error| format!("line {number}: {error}"))?);
            }
        }
    }
    Ok(works)
}

fn make(
    args: &Args,
    of: &Manifest,
    works: &[Digest],
    others: &[Manifest],
) -> Result<Evidence, Failure> {
    let prover = Prover::new(of);
    let others: Vec<Prover<'_>> = others.iter().map(Prover::new).collect();
    let mut evidence = EvidenceBuilder::new();
    if args.has("name") {
        evidence.names(&prover, args.texts("name")?);
    }
    if !works.is_empty() {
        evidence.contents(&prover, works.iter().copied());
    }
    for other in &others {
        let apart = RelationKind::DisjointFrom;
        // Whatever comes of it, `tell` says what the evidence says.
        let _ = evidence.relation(apart, &TreeName::Content, &prover, &[other])?;
    }
    Ok(evidence.build()?)
}

/// Asks evidence for everything, and says what it says; the last line is the caller's to print.
fn tell(
    args: &Args,
    evidence: &Evidence,
    of: ManifestId,
    works: &[Digest],
    others: &[ManifestId],
) -> Result<String, Failure> {
    let mut untold = 0;
    let names = args.texts("name")?;
    for name in &names {
        let file = evidence.file(of, name);
        let tensor = evidence.tensor(of, name);
        let answer = match (file, tensor) {
            (Membership::Present(row), _) => format!("present, {}", row.digest),
            (_, Membership::Present(row)) => format!("present, {}", row.digest),
            (Membership::Absent, _) | (_, Membership::Absent) => "absent".to_owned(),
            (Membership::Unknown, Membership::Unknown) => {
                untold += 1;
                "not told".to_owned()
            }
        };
        println!("{name:?}: {answer}");
    }
    if !works.is_empty() {
        let answers = evidence.contents(of, works.iter().copied());
        for (digest, _) in answers.present() {
            println!("{digest} is there");
        }
        let [absent, unknown] = [answers.absent().count(), answers.unknown().count()];
        untold += unknown;
        println!("{}", summary(works.len(), absent, unknown));
        if absent > 0 {
            println!("not audited: whether the tree of contents leaves out what the names have");
        }
    }
    for other in others {
        match evidence.relation(RelationKind::DisjointFrom, &TreeName::Content, of, [*other]) {
            Judgement::Holds => println!("no content in common with {other}"),
            Judgement::Fails => {
                let refused = format!("refused: contents in common with {other}");
                return Err(Refused::new(refused).into());
            }
            Judgement::Unknown => untold += 1,
        }
    }
    if let Some(found) = evidence.contradiction(of) {
        let (digest, names) = (found.digest, found.names.join(", "));
        let refused = format!("refused: contradiction, {digest} is {names} and is not there");
        return Err(Refused::new(refused).into());
    }
    let asked = names.len() + works.len() + others.len();
    match untold {
        _ if asked == 0 => Err("no question asked; --help says how".into()),
        0 => Ok(format!("answered: all {}", grouped(asked))),
        _ => {
            let refused = format!("refused: {} of {} not told", grouped(untold), grouped(asked));
            Err(Refused::new(refused).into())
        }
    }
}

/// `5,000 works: 12 present, 4,988 absent`
fn summary(works: usize, absent: usize, unknown: usize) -> String {
    let present = works - absent - unknown;
    let [works, present, absent] = [works, present, absent].map(grouped);
    let untold =
        if unknown == 0 { String::new() } else { format!(", {} not told", grouped(unknown)) };
    format!("{works} works: {present} present, {absent} absent{untold}")
}

/// With a comma before each three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
