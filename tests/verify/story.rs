//! A small lineage that everything is well with, to be told with one thing different.
//!
//! source (collector) --clean (curator)--> corpus --train (trainer)--> weights

use ciborium::Value;
use datadeed::digest::Digest;
use datadeed::id::{ManifestId, Subject};
use datadeed::key::{PublicKey, Signer, SigningKey};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::{
    Action, Constraint, Event, Licence, Observation, Purpose, Rule, Use, Verdict,
};
use datadeed::statement::{Issuer, Payload, Signed};
use datadeed::trust::{Anchor, Role, Status, TrustStore};
use datadeed::verify::{Rejection, VerifiedLineage, Verifier};
use datadeed::{StatementId, Timestamp};

pub(crate) const DAY: u64 = 86_400;

/// Day `number` of the story, at midnight.
pub(crate) fn day(number: u64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + number * DAY).unwrap()
}

pub(crate) fn signing_key(name: &str) -> SigningKey {
    SigningKey::from_seed(Digest::of(name.as_bytes()).as_bytes())
}

pub(crate) fn issuer(name: &str) -> Issuer<SigningKey> {
    Issuer::new(format!("did:web:{name}.example"), signing_key(name))
}

pub(crate) fn key(name: &str) -> PublicKey {
    signing_key(name).public_key()
}

pub(crate) fn manifest(name: &str) -> ManifestId {
    ManifestId::from_bytes(*Digest::of(name.as_bytes()).as_bytes())
}

pub(crate) fn anchor(name: &str, roles: &[Role]) -> Anchor {
    Anchor::new(format!("did:web:{name}.example"), key(name), roles.iter().copied())
}

pub(crate) fn trust() -> TrustStore {
    TrustStore::new([
        anchor("collector", &[Role::Collector]).scope(["manifest:", "https://data.example/"]),
        anchor("curator", &[Role::Curator, Role::RightsHolder]),
        anchor("registrar", &[Role::Registrar]),
        anchor("supplier", &[Role::RightsHolder])
            .scope([manifest("source").to_string(), manifest("corpus").to_string()]),
        anchor("trainer", &[Role::Trainer]),
    ])
}

/// Day 10: everything is said; the story is verified on day 20.
pub(crate) fn sign<T: Payload>(name: &str, payload: &T) -> Signed<T> {
    payload.sign(&issuer(name), day(10)).unwrap()
}

pub(crate) fn observed(of: ManifestId, spdx: &str) -> Licence {
    let seen = Observation::new(
        "https://data.example/source",
        "http-get",
        Digest::of(b"licence text"),
        day(1),
    );
    Licence::observed(of, spdx, seen)
}

/// Everything a model trainer needs, for commercial purposes.
pub(crate) fn negotiated(of: ManifestId) -> Licence {
    let rule = Rule::permit([
        Action::Derive,
        Action::Train,
        Action::DistributeModel,
        Action::DistributeDerived,
    ]);
    Licence::granted(of, [rule.when(Constraint::purpose([Purpose::Commercial]))])
}

/// `value` with one thing different.
pub(crate) fn but<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

/// The licence as number `seq` of its issuer, after `prev`.
pub(crate) fn numbered(licence: Licence, seq: u64, prev: StatementId) -> Licence {
    but(licence, |l| (l.seq, l.prev) = (seq, Some(prev)))
}

pub(crate) fn revocation(of: StatementId, effective: Timestamp) -> Event {
    Event::revocation(Subject::Statement(of), effective)
}

/// What the curator grants in the corpus, in every story.
pub(crate) fn corpus_grant() -> Signed<Licence> {
    sign("curator", &but(negotiated(manifest("corpus")), |l| l.from = Some(day(2))))
}

pub(crate) struct Story {
    pub(crate) statements: Vec<Statement>,
    pub(crate) extra_keys: Vec<PublicKey>,
    pub(crate) trust: TrustStore,
    pub(crate) status: Option<Status>,
    pub(crate) train: StatementId,
}

impl Default for Story {
    fn default() -> Self {
        Self::licensed([Statement::from(sign(
            "collector",
            &observed(manifest("source"), "CC-BY-4.0"),
        ))])
    }
}

impl Story {
    /// The story with these licences of the source.
    pub(crate) fn licensed(licences: impl IntoIterator<Item = Statement>) -> Self {
        let (source, corpus, weights) =
            (manifest("source"), manifest("corpus"), manifest("weights"));
        let dataset = sign("collector", &Dataset::new(source, "Source", ScanMethod::Full));
        let collect = sign(
            "collector",
            &Activity::new(ActivityKind::Collect)
                .output(source, [dataset.id()])
                .between(day(1), day(1)),
        );
        let clean = sign(
            "curator",
            &Activity::new(ActivityKind::Clean)
                .input(source, [collect.id()])
                .output(corpus, [])
                .between(day(2), day(2)),
        );
        let train = Activity::train()
            .input(corpus, [clean.id()])
            .output(weights, [])
            .between(day(5), day(6));
        let train = sign("trainer", &train);
        let train_id = train.id();
        let mut statements: Vec<Statement> =
            vec![dataset.into(), collect.into(), clean.into(), corpus_grant().into(), train.into()];
        statements.extend(licences);
        Self {
            statements,
            extra_keys: Vec::new(),
            trust: trust(),
            status: Some(Status::new(day(20))),
            train: train_id,
        }
    }

    pub(crate) fn with(mut self, statement: impl Into<Statement>) -> Self {
        self.statements.push(statement.into());
        self
    }

    pub(crate) fn proof(&self) -> Vec<u8> {
        let mut builder = LineageProof::builder(manifest("weights"));
        for statement in &self.statements {
            builder = builder.statement(statement.clone());
        }
        for key in &self.extra_keys {
            builder = builder.key(*key);
        }
        builder.build().unwrap().to_bytes()
    }

    pub(crate) fn verify(&self) -> Result<VerifiedLineage, Rejection> {
        self.verify_bytes(&self.proof())
    }

    pub(crate) fn verify_bytes(&self, proof: &[u8]) -> Result<VerifiedLineage, Rejection> {
        let verifier = Verifier::new(&self.trust, day(20));
        let verifier = match &self.status {
            Some(status) => verifier.known_events(status),
            None => verifier,
        };
        verifier.verify(proof, manifest("weights"))
    }

    #[track_caller]
    pub(crate) fn verdict(&self) -> Verdict {
        self.verify().expect("the story is sound").rights(&sell())
    }
}

/// Selling the model commercially on day 20.
pub(crate) fn sell() -> Use {
    Use::new(Action::DistributeModel)
        .purpose(Purpose::Commercial)
        .territory("CN".parse().unwrap())
        .at(day(20))
}

/// A proof put together from any bytes, by another encoder.
pub(crate) fn raw_proof(subject: ManifestId, keys: &[&[u8]], statements: &[&[u8]]) -> Vec<u8> {
    let list = |items: &[&[u8]]| {
        Value::Array(items.iter().map(|item| Value::Bytes(item.to_vec())).collect())
    };
    let mut pairs = vec![(Value::Text("v".into()), Value::Integer(1.into()))];
    if !keys.is_empty() {
        pairs.push((Value::Text("keys".into()), list(keys)));
    }
    pairs.push((Value::Text("subject".into()), Value::Bytes(subject.as_bytes().to_vec())));
    if !statements.is_empty() {
        pairs.push((Value::Text("statements".into()), list(statements)));
    }
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(pairs), &mut bytes).unwrap();
    bytes
}
