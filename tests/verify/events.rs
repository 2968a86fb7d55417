//! What events do: who may issue them, from when they count, and what happens to those that are wrong.

mod batches;
mod bounds;
pub(crate) mod chain;
mod delegates;
mod disputes;
mod keys;
mod laws;
mod records;
mod sequences;
mod status;
mod time;
mod title;

use datadeed::rights::{Event, Licence, Missing, Reason, Verdict};
use datadeed::statement::{Payload, Signed};
use datadeed::trust::Status;
use datadeed::verify::{FindingCode, Node};
use datadeed::{ManifestId, StatementId};

use crate::story::*;

/// The reasons or missing facts of a verdict with their places, each once; none for a permit.
#[track_caller]
fn grounds(verdict: &Verdict) -> Vec<(&'static str, ManifestId)> {
    let mut grounds: Vec<_> = verdict.grounds().map(|g| (g.code, g.manifest)).collect();
    grounds.dedup();
    grounds
}

#[track_caller]
fn permitted(verdict: &Verdict) {
    assert!(verdict.is_permit(), "{verdict:?}");
}

#[track_caller]
fn denied(verdict: &Verdict, reason: Reason, at: &str) {
    assert_eq!(verdict.word(), "deny", "{verdict:?}");
    assert_eq!(grounds(verdict), [(reason.code(), manifest(at))]);
}

#[track_caller]
fn unknown(verdict: &Verdict, missing: Missing, at: &str) {
    assert_eq!(verdict.word(), "unknown", "{verdict:?}");
    assert_eq!(grounds(verdict), [(missing.code(), manifest(at))]);
}

/// Where a story has findings of this code.
fn found(story: &Story, code: FindingCode) -> Vec<Node> {
    let lineage = story.verify().unwrap();
    lineage.findings().iter().filter(|one| one.code == code).map(|one| one.node).collect()
}

/// A licence of the source that covers everything in the story, signed on a day.
fn granted(name: &str, on: u64) -> Signed<Licence> {
    let licence = but(negotiated(manifest("source")), |l| l.from = Some(day(1)));
    licence.sign(&issuer(name), day(on)).unwrap()
}

fn revocable(name: &str, on: u64) -> Signed<Licence> {
    but(granted(name, on).payload().clone(), |l| l.revocable = true)
        .sign(&issuer(name), day(on))
        .unwrap()
}

fn signed(name: &str, event: &Event, on: u64) -> Signed<Event> {
    event.sign(&issuer(name), day(on)).unwrap()
}

/// What the caller knows of besides: an event that he recorded on a day.
fn recorded(story: &mut Story, event: &Signed<Event>, on: u64) {
    let status = story.status.take().unwrap_or_else(|| Status::new(day(20)));
    story.status = Some(status.event(event.clone(), day(on)).unwrap());
}

fn seen(story: &mut Story, id: StatementId, on: u64) {
    let status = story.status.take().unwrap_or_else(|| Status::new(day(20)));
    story.status = Some(status.seen(id, day(on)).unwrap());
}
