//! A licence, granted or observed: `cargo run --example grant -- FILE --permit train,distribute_model ...`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, file, sign};
use datadeed::rights::{
    Action, Constraint, Duty, DutyKind, Licence, Observation, Purpose, Rule, Territory, VolumeUnit,
};
use datadeed::{Digest, ManifestId};

const HELP: &str = "\
Signs a `licence` statement: rights in a dataset or model, by rules of one's own or an SPDX expression.

Usage: grant FILE (--permit ACTION | --spdx EXPR) --key FILE --iss TEXT --out FILE [OPTIONS]

FILE is a manifest, a model, or an id `manifest:...`.

Rules:
  --permit ACTION...    train, derive, distribute_model, ...; separated by commas
  --prohibit ACTION...  what is forbidden whatever else permits it
  --purpose CODE...     permitted for these alone: commercial, research, ...
  --in CODE...          permitted in these places alone, ISO 3166 such as CN or CN-BJ
  --field TEXT...       permitted in these fields of use alone, such as medical
  --product TEXT...     permitted for these products alone
  --hops N              of what is derived from it, permitted over at most N steps
  --volume UNIT=N...    at most so much: in bytes, files, records, requests or tokens
  --duty CODE...        what is owed: attribute, notice, report, ...
  --share ISS=POINTS... a share of revenue in hundredths of a percent, and to whom; after that,
                        separated by commas, floor=N, ceiling=N and currency=CODE: no less and
                        no more, in minor units; of=ISS: of what that payee receives instead
  --pay ISS=N,currency=CODE...
                        a payment that comes first, in minor units, and to whom
  --revocable           the signer may take it back
  --survives YES        whether models made meanwhile may be used after the end, yes or no
                        [default: not said]
Public licences:
  --spdx EXPR           such as CC-BY-4.0
  --seen SOURCE         the signer does not grant it but saw it there, such as https://data.example/corpus
  --text FILE           the text in which it was seen
  --method TEXT         how it was seen [default: read]
Both:
  --licensee ISS...     who may rely on it [default: anybody]
  --from DATE           start of the term, inclusive [default: none]
  --until DATE          end of the term, exclusive [default: none]
  --key FILE            the secret key, in PEM
  --iss TEXT            who signs, such as did:web:supplier.example
  --at DATE             the date of the signature, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE            where the statement goes
  --force               replace that file
  -h, --help            print this

The last line on standard output is the id, `statement:...`.
Exit codes: 0 done; 2 usage, unreadable, or what no verifier would accept.";

fn main() -> ExitCode {
    common::run(HELP, grant)
}

fn grant(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let manifest = file::subject(path)?;
    let mut licence = match (args.find_text("spdx")?, args.find_text("seen")?) {
        (Some(spdx), Some(source)) => Licence::observed(manifest, spdx, observed(args, source)?),
        (Some(spdx), None) => Licence::granted_spdx(manifest, spdx),
        (None, Some(_)) => return Err("--seen without the --spdx expression that was seen".into()),
        (None, None) => negotiated(args, manifest)?,
    };
    licence.revocable = args.has("revocable");
    licence.survives = match args.find_text("survives")? {
        None => None,
        Some("yes") => Some(true),
        Some("no") => Some(false),
        Some(other) => return Err(format!("--survives: {other:?} is neither yes nor no").into()),
    };
    licence.licensees = args.texts("licensee")?.into_iter().map(str::to_owned).collect();
    licence.from = args.date("from")?;
    licence.until = args.date("until")?;
    sign::statement(args, &licence)
}

/// What was seen, when it was signed.
fn observed(args: &Args, source: &str) -> Result<Observation, Failure> {
    let text = file::read(args.path("text")?)?;
    let method = args.find_text("method")?.unwrap_or("read");
    Ok(Observation::new(source, method, Digest::of(&text), args.at()?))
}

/// One permission under all conditions, and one prohibition.
fn negotiated(args: &Args, manifest: ManifestId) -> Result<Licence, Failure> {
    let actions = |name| args.codes(name, Action::ALL, Action::code);
    let (permitted, prohibited) = (actions("permit")?, actions("prohibit")?);
    if permitted.is_empty() {
        return Err("no --permit and no --spdx given; --help says how".into());
    }
    let mut rule = Rule::permit(permitted);
    let purposes = args.codes("purpose", Purpose::ALL, Purpose::code)?;
    if !purposes.is_empty() {
        rule = rule.when(Constraint::purpose(purposes));
    }
    let places: Result<Vec<Territory>, _> =
        args.texts("in")?.iter().flat_map(|text| text.split(',')).map(str::parse).collect();
    let places = places?;
    if !places.is_empty() {
        rule = rule.when(Constraint::processing_in(&places));
        rule = rule.when(Constraint::distribution_in(&places));
    }
    let names = |name| -> Result<Vec<String>, Failure> {
        Ok(args.texts(name)?.into_iter().map(str::to_owned).collect())
    };
    let (fields, products) = (names("field")?, names("product")?);
    if !fields.is_empty() {
        rule = rule.when(Constraint::field(fields));
    }
    if !products.is_empty() {
        rule = rule.when(Constraint::product(products));
    }
    if let Some(at_most) = args.find("hops")? {
        rule = rule.when(Constraint::hops(at_most));
    }
    for (unit, at_most) in args.pairs("volume")? {
        let unit = VolumeUnit::from_code(unit)
            .ok_or_else(|| format!("--volume: {unit:?} is no unit; --help lists them"))?;
        rule = rule.when(Constraint::volume(at_most.parse()?, unit));
    }
    for kind in args.codes("duty", DutyKind::ALL, DutyKind::code)? {
        rule = rule.duty(Duty::new(kind));
    }
    for text in args.texts("share")? {
        rule = rule.duty(owed("share", text, |payee, points| Duty::revenue_share(payee, points))?);
    }
    for text in args.texts("pay")? {
        let pay = |payee: &str, amount| {
            let mut duty = Duty::new(DutyKind::Pay);
            (duty.payee, duty.amount) = (Some(payee.to_owned()), Some(amount));
            duty
        };
        rule = rule.duty(owed("pay", text, pay)?);
    }
    let mut rules = vec![rule];
    if !prohibited.is_empty() {
        rules.push(Rule::prohibit(prohibited));
    }
    Ok(Licence::granted(manifest, rules))
}

/// What somebody is to get: `ISS=NUMBER`, and after that what bounds it.
fn owed(name: &str, text: &str, duty: fn(&str, u64) -> Duty) -> Result<Duty, Failure> {
    let mut parts = text.split(',');
    let (payee, number) = Args::pair(name, parts.next().unwrap_or_default())?;
    let mut duty = duty(payee, number.parse()?);
    for part in parts {
        match part.split_once('=') {
            Some(("ceiling", most)) => duty.ceiling = Some(most.parse()?),
            Some(("currency", code)) => duty.currency = Some(code.to_owned()),
            Some(("floor", least)) => duty.floor = Some(least.parse()?),
            Some(("of", payee)) => duty.of = Some(payee.to_owned()),
            _ => {
                return Err(format!("--{name}: {part:?}; --help lists what may stand there").into());
            }
        }
    }
    Ok(duty)
}
