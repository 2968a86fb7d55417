mod action;
mod case;
mod constraint;
mod duty;
mod expression;
mod law;
mod negotiated;
mod outbound;
mod payload;
mod performance;
mod preference;
mod public;
mod recipients;
mod round_trip;
mod sources;
mod table;
mod territory;

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::Holds;
use super::*;
use crate::digest::Digest;
use crate::id::{ManifestId, StatementId};
use crate::timestamp::Timestamp;

/// The instant that most tests turn on.
const T: u64 = 1_800_000_000;

static NO_VOLUMES: BTreeMap<VolumeUnit, u64> = BTreeMap::new();

const TRAINER: &str = "did:web:trainer.example";

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn manifest() -> ManifestId {
    ManifestId::from_bytes([1; 32])
}

fn statement() -> StatementId {
    StatementId::from_bytes([2; 32])
}

fn place(code: &str) -> Territory {
    code.parse().unwrap()
}

/// A question about one act at [`T`], with nothing else said.
fn evaluate(licence: &Licence, ask: &Ask<'_>) -> Outcome {
    super::evaluate(licence, &ReadTerms::of(licence), ask)
}

fn ask(action: Action) -> Ask<'static> {
    Ask {
        action,
        acts: Acts::proven_at(at(T)),
        purpose: None,
        processing: None,
        storage: None,
        distribution: None,
        field: None,
        product: None,
        volumes: &NO_VOLUMES,
        hops: 0,
        licensee: None,
        profile: Profile::Strict,
        since: None,
        revoked: None,
        proven: None,
        outbound: None,
        fulfilled: &[],
        broken: &[],
        trained: None,
    }
}

/// Where everything takes place.
fn everywhere(territory: Option<Territory>, ask: Ask<'_>) -> Ask<'_> {
    Ask { processing: territory, storage: territory, distribution: territory, ..ask }
}

fn commercial(action: Action) -> Ask<'static> {
    Ask { purpose: Some(Purpose::Commercial), ..ask(action) }
}

fn granted(rules: impl IntoIterator<Item = Rule>) -> Licence {
    Licence::granted(manifest(), rules)
}

/// A licence to train, under one condition.
fn train_when(constraint: Constraint) -> Licence {
    granted([Rule::permit([Action::Train]).when(constraint)])
}

/// A licence to train, except under one condition.
fn train_except(constraint: Constraint) -> Licence {
    granted([Rule::permit([Action::Train]), Rule::prohibit([Action::Train]).when(constraint)])
}

fn spdx(expression: &str) -> Licence {
    Licence::granted_spdx(manifest(), expression)
}

/// Claims to lie before [`T`] and is proven only after it.
fn unproven() -> Acts {
    Acts { earliest: at(T - 10), latest: at(T - 10), proven: at(T + 10) }
}

fn observation() -> Observation {
    Observation::new("crates:serde", "cargo-manifest", Digest::from_bytes([3; 32]), at(T))
}

fn permit<const N: usize>(kinds: [DutyKind; N]) -> Outcome {
    Outcome::Permit(kinds.into_iter().map(Duty::new).collect())
}

#[track_caller]
fn permits(licence: &Licence, ask: &Ask<'_>) {
    let outcome = evaluate(licence, ask);
    assert!(matches!(outcome, Outcome::Permit(_)), "{outcome:?}");
}

#[track_caller]
fn denies<const N: usize>(licence: &Licence, ask: &Ask<'_>, reasons: [Reason; N]) {
    assert_eq!(evaluate(licence, ask), Outcome::Deny(reasons.into()));
}

#[track_caller]
fn misses<const N: usize>(licence: &Licence, ask: &Ask<'_>, missing: [Missing; N]) {
    assert_eq!(evaluate(licence, ask), Outcome::Unknown(missing.into()));
}
