//! The same story with one thing changed, for the questions that need it.

use std::error::Error;

use datadeed::ManifestId;
use datadeed::id::Subject;
use datadeed::proof::LineageProof;
use datadeed::rights::{Basis, Event, Licence, Revocation, licences};
use datadeed::statement::{Payload, Signed};
use datadeed::trust::Status;

use crate::files::Files;
use crate::ledger::{Day, Ledger};
use crate::party;

/// One source under a non-commercial licence.
pub(crate) const NON_COMMERCIAL: &str = "what-if/non-commercial.deed";
/// The negotiated licence revoked, as an honest prover would say.
pub(crate) const REVOKED: &str = "what-if/revoked.deed";
/// The same revocation on the exchange's own list.
pub(crate) const REVOKED_EVENTS: &str = "what-if/revoked.events.cbor";
/// An irrevocable public licence taken back.
pub(crate) const WITHDRAWN_EVENTS: &str = "what-if/withdrawn.events.cbor";

/// Writes what the story has the makings of, and removes the rest.
pub(crate) fn write(
    ledger: &Ledger,
    weights: ManifestId,
    files: &Files,
) -> Result<(), Box<dyn Error>> {
    let observed = ledger.licence(|licence| licence.basis == Basis::Observed);
    let proof = observed.map(|licence| non_commercial(ledger, licence, weights)).transpose()?;
    files.replace(NON_COMMERCIAL, proof.map(|proof| proof.to_bytes()).as_deref())?;

    let (mut proof, mut events) = (None, None);
    if let Some(licence) = ledger.licence(|licence| licence.revocable) {
        let revocation = ended(ledger, licence, Day::REVOKED)?;
        let builder = LineageProof::builder(weights).join(&ledger.proof(weights)?);
        proof = Some(builder.statement(revocation.clone()).build()?.to_bytes());
        events = Some(status(ledger, revocation, Day::REVOKED)?);
    }
    files.replace(REVOKED, proof.as_deref())?;
    files.replace(REVOKED_EVENTS, events.as_deref())?;

    let withdrawn = ledger.licence(|licence| licence.spdx.as_deref().is_some_and(irrevocable));
    let events = match withdrawn {
        Some(licence) => {
            let withdrawal = ended(ledger, licence, Day::WITHDRAWN)?;
            Some(status(ledger, withdrawal, Day::WITHDRAWN)?)
        }
        None => None,
    };
    files.replace(WITHDRAWN_EVENTS, events.as_deref())
}

/// The collector saw another licence at one source.
fn non_commercial(
    ledger: &Ledger,
    licence: &Signed<Licence>,
    weights: ManifestId,
) -> Result<LineageProof, Box<dyn Error>> {
    let mut seen = licence.payload().clone();
    seen.spdx = Some("CC-BY-NC-4.0".to_owned());
    let header = licence.header();
    let seen = seen.sign(&party::issuer(&header.issuer), header.issued_at)?;
    ledger.what_if(licence.id(), seen).proof(weights)
}

/// The issuer of a licence takes it back.
fn ended(
    ledger: &Ledger,
    licence: &Signed<Licence>,
    day: Day,
) -> Result<Signed<Event>, Box<dyn Error>> {
    let mut event = Event::revocation(Subject::Statement(licence.id()), ledger.time(day));
    event.reason = Some("what if".to_owned());
    Ok(event.sign(&party::issuer(&licence.header().issuer), ledger.time(day))?)
}

/// The exchange's list with that event, recorded on the day it was signed.
fn status(ledger: &Ledger, event: Signed<Event>, day: Day) -> Result<Vec<u8>, Box<dyn Error>> {
    let status = Status::new(ledger.time(Day(0))).event(event, ledger.time(day))?;
    Ok(status.to_bytes())
}

/// Whether the expression is one licence whose text says that it is irrevocable.
fn irrevocable(expression: &str) -> bool {
    licences().iter().any(|licence| {
        licence.id == expression
            && licence.exception.is_empty()
            && licence.revocation == Revocation::Irrevocable
    })
}
