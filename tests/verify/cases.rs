//! The worked rights cases on whole lineages: what is said is signed, proven and verified, and a use is asked.
//!
//! Their numbers are stable names, whose gaps are intended.

mod audits;
mod contested;
mod deals;
mod doubted;
mod exchange;
mod makers;
mod models;
mod negotiated;
mod personal;
mod places;
mod preferences;
mod public;
mod real;
mod reports;
mod sublicences;
mod title;
mod unchanged;

use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::Manifest;
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Action, DutyKind, Event, Licence, Missing, Observation, Outbound, Preference, Purpose, Reading,
    Reason, Rule, Use, Verdict,
};
use datadeed::statement::{Payload, Signed};
use datadeed::trust::{Role, Status, TrustStore};
use datadeed::verify::{FindingCode, Node, VerifiedLineage, Verifier};
use datadeed::{Digest, ManifestId, StatementId, Timestamp};

use super::story::{anchor, but, day, issuer, manifest, sign};

/// A lineage that is told statement by statement.
#[derive(Clone)]
struct Case {
    subject: ManifestId,
    statements: Vec<Statement>,
    /// The manifests at hand, by whose rows structural claims are recomputed.
    rows: Vec<Manifest>,
    trust: TrustStore,
    status: Status,
    now: Timestamp,
}

impl Case {
    /// A lineage of `subject`, verified on day 20.
    fn about(subject: ManifestId) -> Self {
        let (statements, rows) = (Vec::new(), Vec::new());
        let (status, now) = (Status::new(day(20)), day(20));
        Self { subject, statements, rows, trust: everybody(), status, now }
    }

    /// The source, as its collector found it on day 1.
    fn source(licences: impl IntoIterator<Item = Statement>) -> Self {
        let case = Self::about(manifest("source")).collected(manifest("source"));
        licences.into_iter().fold(case, Self::with)
    }

    /// What the curator made of the source by cleaning it on day 2.
    fn cleaned(licences: impl IntoIterator<Item = Statement>) -> Self {
        Self::source(licences).step("curator", ActivityKind::Clean, &["source"], "corpus", 2)
    }

    /// What the trainer trained on the source on day 5, which is proven.
    fn trained(licences: impl IntoIterator<Item = Statement>) -> Self {
        let case = Self::source(licences);
        case.step("trainer", ActivityKind::Train, &["source"], "weights", 5)
    }

    fn with(mut self, statement: impl Into<Statement>) -> Self {
        self.statements.push(statement.into());
        self
    }

    fn collected(self, of: ManifestId) -> Self {
        let collect = Activity::new(ActivityKind::Collect).output(of, []).between(day(1), day(1));
        self.with(sign("collector", &collect))
    }

    /// What somebody made on a day, which is proven, and is the subject from now on.
    fn step(self, by: &str, kind: ActivityKind, from: &[&str], to: &str, on: u64) -> Self {
        let step = from
            .iter()
            .fold(Activity::new(kind), |step, name| step.input(manifest(name), []))
            .output(manifest(to), [])
            .between(day(on), day(on));
        let step = step.sign(&issuer(by), day(on)).unwrap();
        let id = step.id();
        Self { subject: manifest(to), ..self }.with(step).seen(id, on)
    }

    /// The caller first saw it on a day.
    fn seen(self, id: StatementId, on: u64) -> Self {
        Self { status: self.status.seen(id, day(on)).unwrap(), ..self }
    }

    /// What happened on a day, which the caller recorded at once.
    fn recorded(self, by: &str, event: &Event) -> Self {
        let signed = event.sign(&issuer(by), event.effective).unwrap();
        Self { status: self.status.event(signed, event.effective).unwrap(), ..self }
    }

    /// Verified on another day, with as fresh a status.
    fn on(self, number: u64) -> Self {
        let old = self.status;
        let mut status = Status::new(day(number));
        for one in old.events() {
            status = status.event(one.event.clone(), one.recorded_at).unwrap();
        }
        for seen in old.sightings() {
            status = status.seen(seen.id, seen.recorded_at).unwrap();
        }
        Self { status, now: day(number), ..self }
    }

    #[track_caller]
    fn verify(&self) -> VerifiedLineage {
        let builder = self
            .statements
            .iter()
            .fold(LineageProof::builder(self.subject), |builder, statement| {
                builder.statement(statement.clone())
            });
        // The keys of whoever no trust store lists.
        let names = ["mallory", "stranger"];
        let signs = |name: &&str| {
            let by = |one: &Statement| one.header().issuer == issuer(name).iss();
            self.statements.iter().any(by)
        };
        let keys = names.iter().filter(|name| signs(name)).map(|name| super::story::key(name));
        let proof = keys.fold(builder, datadeed::proof::Builder::key).build().unwrap().to_bytes();
        let verifier = Verifier::new(&self.trust, self.now).known_events(&self.status);
        verifier.manifests(&self.rows).verify(&proof, self.subject).expect("it is sound")
    }

    #[track_caller]
    fn rights(&self, ask: &Use) -> Verdict {
        self.verify().rights(ask)
    }

    /// Where it has findings of this code.
    #[track_caller]
    fn found(&self, code: FindingCode) -> Vec<Node> {
        let lineage = self.verify();
        lineage.findings().iter().filter(|one| one.code == code).map(|one| one.node).collect()
    }
}

/// Everybody in the cases but mallory and the stranger.
fn everybody() -> TrustStore {
    TrustStore::new([
        anchor("buyer", &[Role::Trainer]),
        anchor("collector", &[Role::Collector]),
        anchor("court", &[Role::Court]),
        anchor("curator", &[Role::Curator]),
        anchor("dealer", &[Role::Trainer]),
        anchor("exchange", &[Role::Exchange]),
        anchor("observer", &[Role::Collector]),
        anchor("registrar", &[Role::Registrar]),
        anchor("seller", &[Role::Curator]),
        anchor("supplier", &[Role::RightsHolder]),
        anchor("trainer", &[Role::Trainer]),
    ])
}

/// The same, but of one of them other roles.
fn but_for(name: &str, roles: &[Role]) -> TrustStore {
    let all = everybody();
    let others = all.anchors().filter(|one| one.iss != issuer(name).iss()).cloned();
    TrustStore::new(others.chain([anchor(name, roles)]))
}

fn iss(name: &str) -> String {
    issuer(name).iss().to_owned()
}

fn observation(source: &str) -> Observation {
    Observation::new(source, "http-get", Digest::of(source.as_bytes()), day(1))
}

/// The licence that a collector saw at the source of a dataset.
fn seen_by(name: &str, of: ManifestId, spdx: &str) -> Signed<Licence> {
    sign(name, &Licence::observed(of, spdx, observation("https://data.example/")))
}

fn seen(of: &str, spdx: &str) -> Signed<Licence> {
    seen_by("collector", manifest(of), spdx)
}

/// What somebody granted in the source on day 0.
fn granted(by: &str, rules: impl IntoIterator<Item = Rule>) -> Signed<Licence> {
    Licence::granted(manifest("source"), rules).sign(&issuer(by), day(0)).unwrap()
}

/// What the source's publisher states for machines, as the collector read it.
fn stated(reading: Reading) -> Signed<Preference> {
    let seen = observation("https://data.example/robots.txt");
    sign("collector", &reading.preference(manifest("source"), seen))
}

/// For commercial purposes, in China, on day 20.
fn commercial(action: Action) -> Use {
    Use::new(action).purpose(Purpose::Commercial).territory("CN".parse().unwrap()).at(day(20))
}

fn under(terms: &str, ask: Use) -> Use {
    ask.offered_under(Outbound::new(terms))
}

/// A reason or something missing, the name of where it arises, and the statement that it comes from.
type At<'a, C> = (C, &'a str, Option<StatementId>);

#[track_caller]
fn denies(verdict: &Verdict, expected: &[At<'_, Reason>]) {
    let Verdict::Deny { reasons } = verdict else { panic!("{verdict:?}") };
    let found = reasons.iter().map(|one| (one.code, one.manifest, one.statement));
    assert_eq!(found.collect::<Vec<_>>(), at(expected), "{verdict}");
}

#[track_caller]
fn lacks(verdict: &Verdict, expected: &[At<'_, Missing>]) {
    let Verdict::Unknown { missing } = verdict else { panic!("{verdict:?}") };
    let found = missing.iter().map(|one| (one.code, one.manifest, one.statement));
    assert_eq!(found.collect::<Vec<_>>(), at(expected), "{verdict}");
}

/// Permitted by a fresh status, for nothing but these duties, each with the licence that asks it.
#[track_caller]
fn permits(verdict: &Verdict, expected: &[(DutyKind, &str, StatementId)]) {
    let Verdict::Permit { duties, stale_status_relied_on, .. } = verdict else {
        panic!("{verdict:?}")
    };
    let mut found: Vec<_> =
        duties.iter().map(|due| (due.duty.kind, due.manifest, due.licence)).collect();
    found.sort_unstable();
    let mut expected: Vec<_> =
        expected.iter().map(|(kind, name, by)| (*kind, manifest(name), *by)).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(stale_status_relied_on.is_empty(), "{verdict:?}");
}

fn at<C: Copy + Ord>(expected: &[At<'_, C>]) -> Vec<(C, ManifestId, Option<StatementId>)> {
    let mut expected: Vec<_> =
        expected.iter().map(|(code, name, by)| (*code, manifest(name), *by)).collect();
    expected.sort_unstable();
    expected
}
