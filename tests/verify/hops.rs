//! How far from an asset its terms let one go.

use datadeed::ManifestId;
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{Action, Constraint, Licence, Reason, Rule, Use, Verdict};
use datadeed::trust::Status;
use datadeed::verify::Verifier;

use crate::story::{Story, but, day, manifest, sign, trust};

/// Everything is granted for what is at most so many hops away.
fn within(of: &str, hops: u64) -> Statement {
    let rule = Rule::permit([Action::Use]).when(Constraint::hops(hops));
    let licence = but(Licence::granted(manifest(of), [rule]), |l| l.from = Some(day(0)));
    sign("supplier", &licence).into()
}

fn collected(name: &str) -> Statement {
    sign("collector", &Activity::new(ActivityKind::Collect).output(manifest(name), [])).into()
}

/// By the curator, who needs no licence in what he makes.
fn step(from: &str, to: &str) -> Statement {
    let step =
        Activity::new(ActivityKind::Clean).input(manifest(from), []).output(manifest(to), []);
    sign("curator", &step).into()
}

fn distribute(subject: &str, statements: &[Statement]) -> Verdict {
    let subject: ManifestId = manifest(subject);
    let builder = statements
        .iter()
        .fold(LineageProof::builder(subject), |builder, one| builder.statement(one.clone()));
    let proof = builder.build().unwrap().to_bytes();
    let (trust, status) = (trust(), Status::new(day(20)));
    let verifier = Verifier::new(&trust, day(20)).known_events(&status);
    let ask = Use::new(Action::Distribute).at(day(20));
    verifier.verify(&proof, subject).unwrap().rights(&ask)
}

/// Permitted at `hops` and not at one fewer.
#[track_caller]
fn lies_at(hops: u64, subject: &str, statements: &[Statement]) {
    let at = |bound: u64| {
        let all: Vec<Statement> =
            statements.iter().cloned().chain([within("source", bound)]).collect();
        distribute(subject, &all)
    };
    assert!(at(hops).is_permit(), "{}", at(hops));
    if let Some(nearer) = hops.checked_sub(1) {
        let denied = at(nearer);
        let Verdict::Deny { reasons } = &denied else { panic!("{denied}") };
        assert!(
            reasons.iter().all(|g| g.code == Reason::Hops && g.manifest == manifest("source")),
            "{denied}"
        );
    }
}

#[test]
fn every_activity_on_the_way_is_a_hop() {
    let way = [collected("source"), step("source", "b"), step("b", "c")];
    lies_at(0, "source", &way[..1]);
    lies_at(1, "b", &way[..2]);
    lies_at(2, "c", &way);
    // So is training: the story sells a model that was trained on what was cleaned.
    let sold = |bound| Story::licensed([within("source", bound)]).verdict();
    assert!(sold(2).is_permit(), "{}", sold(2));
    assert_eq!(sold(1).to_string(), "deny hops");
}

/// Whoever used the asset himself used the asset itself.
#[test]
fn the_first_activity_uses_the_asset_at_no_hop() {
    let derive = Rule::permit([Action::Derive]).when(Constraint::hops(0));
    let pass_on = Rule::permit([Action::DistributeDerived]).when(Constraint::hops(1));
    let licence = Licence::granted(manifest("source"), [derive, pass_on]);
    let licence = sign("supplier", &but(licence, |l| l.from = Some(day(0)))).into();
    let clean = step("source", "b");
    assert!(distribute("b", &[collected("source"), clean, licence]).is_permit());
}

/// Otherwise a claimed step would bring one as near as one likes.
#[test]
fn a_shorter_way_does_not_shorten_the_longest() {
    let long = [collected("source"), step("source", "b"), step("b", "c"), step("c", "d")];
    lies_at(3, "d", &long);
    let short = [step("source", "d"), step("source", "c")];
    lies_at(3, "d", &[&long[..], &short].concat());
}

#[test]
fn each_activity_of_a_cycle_is_a_hop_once() {
    let again = || step("source", "source");
    lies_at(1, "source", &[collected("source"), again()]);
    // Two between two datasets, and one to the subject.
    let circle = [collected("source"), step("source", "b"), step("b", "source"), step("b", "c")];
    // Who collected it is in no circle.
    lies_at(3, "c", &circle);
    let after = [&circle[..], &[step("c", "d")]].concat();
    lies_at(4, "d", &after);
    // A circle behind which the asset lies is passed once.
    let behind = [collected("source"), step("source", "b"), step("b", "b"), step("b", "c")];
    lies_at(3, "c", &behind);
}
