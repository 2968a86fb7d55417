//! The same story with one thing changed, for the questions that need it.

use std::error::Error;

use datadeed::ManifestId;
use datadeed::id::Subject;
use datadeed::proof::LineageProof;
use datadeed::rights::{Basis, Event, Licence};
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
/// The supplier's data under an irrevocable public licence instead.
pub(crate) const WITHDRAWN: &str = "what-if/withdrawn.deed";
/// That licence taken back.
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

    let (mut proof, mut events) = (None, None);
    if let Some(licence) = ledger.licence(|licence| licence.revocable) {
        let public = irrevocable(licence)?;
        let withdrawal = ended(ledger, &public, Day::WITHDRAWN)?;
        proof = Some(ledger.what_if(weights, licence.id(), public)?.to_bytes());
        events = Some(status(ledger, withdrawal, Day::WITHDRAWN)?);
    }
    files.replace(WITHDRAWN, proof.as_deref())?;
    files.replace(WITHDRAWN_EVENTS, events.as_deref())
}

/// The same grant as CC-BY-4.0, which says that it is irrevocable (section 2(a)(1)).
fn irrevocable(licence: &Signed<Licence>) -> Result<Signed<Licence>, Box<dyn Error>> {
    let (payload, header) = (licence.payload(), licence.header());
    let mut public = Licence::granted_spdx(payload.manifest, "CC-BY-4.0");
    public.from = payload.from;
    Ok(public.sign(&party::issuer(&header.issuer), header.issued_at)?)
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
    ledger.what_if(weights, licence.id(), seen)
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
