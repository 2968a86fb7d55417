//! Whom to believe, from a list to a trust file: `cargo run --example trust -- LIST --out FILE`.

mod common;

use std::path::Path;
use std::process::ExitCode;

use common::{Args, Failure, date, file, output, sign};
use datadeed::trust::{Anchor, Role, TrustStore};

const HELP: &str = "\
Turns a list of anchors into a trust file: who is believed, in what, about what.

Usage: trust LIST --out FILE

Options:
  --out FILE    where the trust file goes
  --force       replace that file
  -h, --help    print this

LIST is a text with an anchor a line, its fields separated by spaces:

  ISS KEY ROLE[,ROLE] [SCOPE...] [from=DATE] [until=DATE] [scheme=NAME...] [place=CODE...] [depth=N]

  ISS     the identity, such as did:web:curator.example
  KEY     `ed25519:...`, or a PEM file with the key, relative to LIST
  ROLE    auditor, collector, court, curator, exchange, log, registrar, rights_holder, trainer or
          witness
  SCOPE   prefixes of what it is believed about: ids such as manifest:..., for collectors the
          sources where they observe licences, for logs and witnesses the origins [default: anything]
  scheme  a registration scheme of a registrar [default: every one]
  place   a territory where a registrar registers, such as CN-BJ [default: everywhere]
  depth   levels of delegation it may add [default: as many as there may be]

Empty lines and lines that begin with # are left out. The last line on standard output is `N anchors`.
Exit codes: 0 done; 2 usage or unreadable.";

fn main() -> ExitCode {
    common::run(HELP, trust)
}

fn trust(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["LIST"])?;
    let text = String::from_utf8(file::read(path)?)?;
    let directory = path.parent().unwrap_or(Path::new(""));
    let lines = text.lines().map(str::trim).zip(1..);
    let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let anchors: Result<Vec<Anchor>, Failure> = lines
        .map(|(line, number)| {
            anchor(line, directory).map_err(|error| format!("line {number}: {error}").into())
        })
        .collect();
    let store = TrustStore::new(anchors?);
    output::given(args, &store.to_bytes())?;
    println!("{} anchors", store.anchors().count());
    Ok(())
}

fn anchor(line: &str, directory: &Path) -> Result<Anchor, Failure> {
    let mut fields = line.split_whitespace();
    let (Some(iss), Some(key), Some(roles)) = (fields.next(), fields.next(), fields.next()) else {
        return Err("not ISS KEY ROLES".into());
    };
    let is_text = key.starts_with("ed25519:");
    let key = if is_text { key.parse()? } else { sign::public_key(&directory.join(key))? };
    let role = |code| Role::from_code(code).ok_or_else(|| format!("{code:?} is no role"));
    let roles: Vec<Role> = roles.split(',').map(role).collect::<Result<_, _>>()?;
    let mut anchor = Anchor::new(iss, key, roles);
    let mut scope = Vec::new();
    for field in fields {
        match field.split_once('=') {
            Some(("from", from)) => anchor.mandate.from = Some(date::parse(from)?),
            Some(("until", until)) => anchor.mandate.until = Some(date::parse(until)?),
            Some(("scheme", scheme)) => drop(anchor.mandate.schemes.insert(scheme.to_owned())),
            Some(("place", place)) => drop(anchor.mandate.jurisdictions.insert(place.parse()?)),
            Some(("depth", levels)) => anchor.depth = Some(levels.parse()?),
            // A word that is misspelled would pass as a prefix of nothing, and take its bound along.
            Some((word, _)) if word.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                return Err(format!("{field:?} is no field").into());
            }
            _ => scope.push(field),
        }
    }
    Ok(if scope.is_empty() { anchor } else { anchor.scope(scope) })
}
