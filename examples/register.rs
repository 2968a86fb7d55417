//! A registrar's certificate: `cargo run --example register -- FILE --object TEXT --registrant ISS=NAME ...`.

mod common;

use std::process::ExitCode;

use common::{Args, Failure, file, sign};
use datadeed::rights::{
    Registrant, RegistrantKind, RegistrantRole, Registration, RegistrationKind, ReviewKind,
    RightsClaim, SourceKind,
};

const HELP: &str = "\
Signs a `registration` statement: a registrar's snapshot of a registration of data IP at issue.

Usage: register FILE --object TEXT --registrant ISS=NAME --until DATE --key FILE --iss TEXT --out FILE [OPTIONS]

FILE is a manifest, a model, or an id `manifest:...`.

Options:
  --object TEXT              what is registered, as its name for people
  --registrant ISS=NAME...   who claims it: identity in statements, and name
  --from DATE                start of the term, inclusive [default: the date of the signature]
  --until DATE               end of the term, exclusive
  --kind CODE                initial, renewal, transfer, ... [default: initial]
  --person CODE              what the registrants are: legal_person, natural_person or organisation
                             [default: legal_person]
  --role CODE                holder or processor [default: holder]
  --rights CODE...           hold, use, operate, ...; separated by commas
  --source CODE              own_collection, public, purchased, ...
  --review CODE              formal or substantive
  --scheme TEXT              under which rules
  --jurisdiction CODE        ISO 3166, such as CN-BJ
  --number TEXT              number of the registration
  --certificate TEXT         number of the certificate
  --key FILE                 the registrar's secret key, in PEM
  --iss TEXT                 the registrar, such as did:web:registrar.example
  --at DATE                  the date of the signature, YYYY-MM-DD or RFC 3339 [default: now]
  --out FILE                 where the statement goes
  --force                    replace that file
  -h, --help                 print this

The last line on standard output is the id, `statement:...`.
Exit codes: 0 done; 2 usage, unreadable, or what no verifier would accept.";

fn main() -> ExitCode {
    common::run(HELP, register)
}

fn register(args: &Args) -> Result<(), Failure> {
    let [path] = args.operands(["FILE"])?;
    let kind = args.code("person", RegistrantKind::ALL, RegistrantKind::code)?;
    let role = args.code("role", RegistrantRole::ALL, RegistrantRole::code)?;
    let registrants = args.pairs("registrant")?.into_iter().map(|(iss, name)| {
        let kind = kind.unwrap_or(RegistrantKind::LegalPerson);
        Registrant::new(iss, name, kind, role.unwrap_or(RegistrantRole::Holder))
    });
    let from = args.date("from")?.map_or_else(|| args.at(), Ok)?;
    let until = args.date("until")?.ok_or("no --until given; --help says how")?;
    let object = args.text("object")?;
    let manifest = file::subject(path)?;
    let mut registration = Registration::new(manifest, object, registrants, from, until);
    if let Some(kind) = args.code("kind", RegistrationKind::ALL, RegistrationKind::code)? {
        registration.kind = kind;
    }
    let rights = args.codes("rights", RightsClaim::ALL, RightsClaim::code)?;
    registration.rights = rights.into_iter().collect();
    registration.source_kind = args.code("source", SourceKind::ALL, SourceKind::code)?;
    registration.review_kind = args.code("review", ReviewKind::ALL, ReviewKind::code)?;
    registration.scheme = args.find("scheme")?;
    registration.jurisdiction = args.find("jurisdiction")?;
    registration.registration_no = args.find("number")?;
    registration.certificate_no = args.find("certificate")?;
    sign::statement(args, &registration)
}
