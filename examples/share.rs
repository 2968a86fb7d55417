//! Shares what a use earns among those to whom its verdict owes a part.
//!
//! `cargo run --example share -- target/exchange/model.safetensors --trust target/exchange/trust.cbor
//! --events target/exchange/events.cbor --at 2026-11-20 --amount 1000000`, after the example `exchange`.

mod common;

use std::collections::BTreeMap;
use std::process::ExitCode;

use common::{Args, Failure, Refused, file, output};
use datadeed::StatementId;
use datadeed::report::{Language, Shares};
use datadeed::rights::{Action, Purpose, Sharing, SharingError, Use};
use datadeed::verify::Verifier;

const HELP: &str = "\
Shares revenue (利益分配): verifies the lineage proof of a model or dataset, and says what each payee gets
of an amount if the use is permitted; to the last minor unit, and what is withheld as nobody can know it.

Usage: share FILE --trust FILE --amount N [OPTIONS]

FILE is a model with a proof in it, or a proof; then --of is needed.

Options:
  --amount N          the revenue, in minor units
  --currency CODE     ISO 4217 [default: CNY]
  --pool ISS=POINTS...
                      a pool for compensation: who keeps it, and its hundredths of a percent of the whole
  --claimant REG=ISS=POINTS...
                      a registered claimant at the time of the use: of the registration `statement:...`,
                      with his share in hundredths of a percent; a sole claimant needs no =POINTS
  --bound ISS=LICENCE...
                      a payee in whose receipts the licence `statement:...` shares, who accepted it
  --trust FILE        whom to believe
  --events FILE       which later events are known
  --at DATE           the day of the use, YYYY-MM-DD or RFC 3339 [default: now]
  --of FILE           what the proof must be about: the manifest one scanned, or an id
  --action CODE       what is done [default: distribute_model]
  --purpose CODE      what for [default: commercial]
  --in CODE           where, ISO 3166 [default: CN]
  --report FILE       write the shares too: as HTML, JSON or Markdown, by the ending .html, .json or .md
  --force             replace that file
  --language CODE     of the text: en or zh [default: en]
  -h, --help          print this

The last line on standard output is `shared: N retained: N withheld: N`.
Exit codes: 0 shared; 1 rejected (`rejected: CODE at NODE`), or not permitted (`verdict: ...`); 2 usage or
unreadable.";

fn main() -> ExitCode {
    common::run(HELP, share)
}

fn share(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let at = args.at()?;
    let amount = args.find("amount")?.ok_or("no --amount given; --help says how")?;
    let language = match args.find_text("language")? {
        None | Some("en") => Language::English,
        Some("zh") => Language::Chinese,
        Some(other) => return Err(format!("--language: {other:?} is neither en nor zh").into()),
    };
    let trust = file::trust(args.path("trust")?)?;
    let status = args.find_path("events").map(file::status).transpose()?;
    let (proof, subject) = file::verifiable(args, path)?;
    let mut verifier = Verifier::new(&trust, at);
    if let Some(status) = &status {
        verifier = verifier.known_events(status);
    }
    let lineage = verifier.verify(&proof, subject)?;

    let action = args.code("action", Action::ALL, Action::code)?;
    let purpose = args.code("purpose", Purpose::ALL, Purpose::code)?;
    let ask = Use::new(action.unwrap_or(Action::DistributeModel))
        .purpose(purpose.unwrap_or(Purpose::Commercial))
        .territory(args.find_text("in")?.unwrap_or("CN").parse()?)
        .at(at);
    let verdict = lineage.rights(&ask);
    let currency = args.find_text("currency")?.unwrap_or("CNY");
    let sharing = told(args, lineage.sharing(&ask, amount, currency))?;
    let allocation = match sharing.of_verdict(&verdict) {
        Err(SharingError::NotPermitted { .. }) => {
            return Err(Refused::new(format!("verdict: {verdict}")).into());
        }
        other => other?,
    };

    let shares = Shares::new(&allocation);
    println!("{}", shares.text(language));
    if let Some(path) = args.find_path("report") {
        let text = match path.extension().and_then(|ending| ending.to_str()) {
            Some("html") => shares.html(language),
            Some("json") => shares.json(),
            Some("md") => shares.markdown(language),
            _ => return Err("--report: the name ends in none of .html, .json and .md".into()),
        };
        output::write(path, text.as_bytes(), output::existing(args))?;
    }
    let (retained, withheld) = (allocation.retained, allocation.withheld_total());
    let paid: u64 = allocation.totals().values().sum();
    println!("shared: {paid} retained: {retained} withheld: {withheld}");
    Ok(())
}

/// What the lineage does not say: pools, claimants, and who is bound by others' licences.
fn told(args: &Args, mut sharing: Sharing) -> Result<Sharing, Failure> {
    for (payee, points) in args.pairs("pool")? {
        sharing = sharing.pool(payee, points.parse()?);
    }
    for (payee, licence) in args.pairs("bound")? {
        sharing = sharing.bound(payee, licence.parse()?);
    }
    let mut claimants: BTreeMap<StatementId, Vec<(&str, Option<u64>)>> = BTreeMap::new();
    for text in args.texts("claimant")? {
        let (registration, claimant) =
            text.split_once('=').ok_or_else(|| format!("--claimant: {text:?} has no `=`"))?;
        let share =
            claimant.rsplit_once('=').and_then(|(iss, share)| Some((iss, share.parse().ok()?)));
        let (iss, share) = share.map_or((claimant, None), |(iss, share)| (iss, Some(share)));
        claimants.entry(registration.parse()?).or_default().push((iss, share));
    }
    Ok(claimants.into_iter().fold(sharing, |sharing, (id, all)| sharing.claimants(id, all)))
}
