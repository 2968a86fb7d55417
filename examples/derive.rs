//! A processing step, from datasets to datasets: `cargo run --example derive -- KIND --input FILE --output FILE ...`.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::{Args, Failure, Refused, file, sign};
use datadeed::ManifestId;
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, Tool, TreeName};
use datadeed::proof::Statement;
use datadeed::tree::Judgement;
use datadeed::verify::judge_relation;

const HELP: &str = "\
Signs an `activity` statement: these outputs were made from these inputs.

Usage: derive KIND --output FILE --key FILE --iss TEXT --out FILE [OPTIONS]

KIND is collect, clean, merge_derive, deduplicate, subset or train.

Options:
  --input FILE...      a manifest, model or proof of what was used, or its id
  --undisclosed        there were other inputs
  --output FILE...     a manifest or model that was made, or its id
  --with FILE...       statements and proofs; those about inputs and outputs are named as vouchers
  --relation REL...    a structural claim, KIND or KIND:TREE: same, subset_of, union_of or sum_of holds
                       between each output and the inputs, disjoint_from between the first output and
                       the others; on the tree `parts` (rows with names) unless `content` is named
  --tool TEXT          the program, as NAME or NAME=VERSION
  --started DATE       when it began [default: not said]
  --ended DATE         when it ended [default: not said]
  --key FILE           the secret key, in PEM
  --iss TEXT           who signs, such as did:web:curator.example
  --at DATE            the date of the signature, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE           where the statement goes
  --force              replace that file
  -h, --help           print this

A claim is checked before it is signed where the manifests of all it is about are given as files.
The last line on standard output is the id, `statement:...`.
Exit codes: 0 done; 1 a false claim (`refused: not ...`); 2 usage, unreadable, or what no verifier
would accept.";

fn main() -> ExitCode {
    common::run(HELP, derive)
}

fn derive(args: &Args) -> Result<(), Failure> {
    let [kind] = args.operands(["KIND"])?;
    let kind = kind.to_str().and_then(ActivityKind::from_code);
    let mut activity = Activity::new(kind.ok_or("KIND is none that --help names")?);
    let statements: Result<Vec<_>, _> = args.paths("with").map(file::statements).collect();
    let statements = statements?.concat();
    let vouchers = |of: ManifestId| {
        let all = statements.iter().filter(move |one| one.vouches_for(of));
        all.map(Statement::id)
    };
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    let mut manifests = BTreeMap::new();
    for (name, ids) in [("input", &mut inputs), ("output", &mut outputs)] {
        for path in args.paths(name) {
            ids.push(file::subject(path)?);
            manifests.extend(file::manifest(path).ok().map(|manifest| (manifest.id(), manifest)));
        }
    }
    activity = inputs.iter().fold(activity, |activity, id| activity.input(*id, vouchers(*id)));
    activity = outputs.iter().fold(activity, |activity, id| activity.output(*id, vouchers(*id)));
    for text in args.texts("relation")? {
        let relations = relations(text, &inputs, &outputs)?;
        activity = relations.into_iter().fold(activity, Activity::relation);
    }
    if args.has("undisclosed") {
        activity = activity.undisclosed_inputs();
    }
    if let Some(tool) = args.find_text("tool")? {
        let (name, version) = tool.split_once('=').map_or((tool, None), |(n, v)| (n, Some(v)));
        let mut tool = Tool::new(name, "");
        tool.version = version.map(str::to_owned);
        activity = activity.tool(tool);
    }
    activity.started = args.date("started")?;
    activity.ended = args.date("ended")?;
    // What a verifier with the same manifests would find.
    let mut claims = activity.relations.iter();
    if let Some(claim) = claims.find(|claim| judge_relation(claim, &manifests) == Judgement::Fails)
    {
        return Err(Refused::new(format!("refused: not {claim}")).into());
    }
    sign::statement(args, &activity)
}

/// The claims that one `--relation` stands for.
fn relations(
    text: &str,
    inputs: &[ManifestId],
    outputs: &[ManifestId],
) -> Result<Vec<Relation>, Failure> {
    let (kind, tree) = text.split_once(':').unwrap_or((text, "parts"));
    let tree = match tree {
        "parts" => TreeName::Parts,
        "content" => TreeName::Content,
        _ => return Err(format!("--relation: {tree:?} is neither parts nor content").into()),
    };
    let kind = RelationKind::from_code(kind)
        .ok_or_else(|| format!("--relation: {kind:?} is no kind of relation"))?;
    let claim = |of: &ManifestId, with: &[ManifestId]| {
        Relation::new(*of, kind, tree.clone(), with.iter().copied())
    };
    Ok(match (kind, outputs.split_first()) {
        (RelationKind::DisjointFrom, Some((first, others))) => vec![claim(first, others)],
        _ => outputs.iter().map(|output| claim(output, inputs)).collect(),
    })
}
