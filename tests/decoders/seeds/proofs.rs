//! Proofs that the verifier of `targets/verify.rs` accepts.
//!
//! They are the proofs of `tests/vectors/v1` too, so from version 0.1.0 on they are only added to.

use datadeed::batch::Members;
use datadeed::id::Origin;
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
use datadeed::log::{Checkpoint, LogKey, MerkleTree, Receipt, leaf_hash, leaf_of};
use datadeed::manifest::{Dataset, Evidence, EvidenceBuilder, Prover, ScanMethod};
use datadeed::proof::{Builder, LineageProof, Statement};
use datadeed::rights::{
    Action, Constraint, Event, Licence, Observation, Purpose, Registrant, RegistrantKind,
    RegistrantRole, Registration, Rule, Transferee,
};
use datadeed::statement::Issuer;
use datadeed::tree::Judgement;
use datadeed::{Digest, StatementId, Subject};

use super::Seed;
use crate::verify::{corpus, day, key, public_key, revoked, sign, source, weights};

pub(crate) fn proofs() -> Vec<Seed> {
    let empty = LineageProof::builder(weights());
    let bytes = |builder: Builder| builder.build().unwrap().to_bytes();
    vec![
        ("batch", bytes(batched(&[]))),
        ("batch-part", bytes(batched(&[StatementId::from_bytes([1; 32])]))),
        ("contested", bytes(contested(story()))),
        ("empty", bytes(empty)),
        ("events", bytes(events(story()))),
        ("evidence", bytes(story().statement(observed()).evidence(&evidence()))),
        ("logged", bytes(logged())),
        ("story", bytes(story().statement(observed()))),
    ]
}

/// That the corpus is a subset of its source.
fn evidence() -> Evidence {
    let (source, corpus) = (source(), corpus());
    let (all, kept) = (Prover::new(&source), Prover::new(&corpus));
    let mut evidence = EvidenceBuilder::new();
    let subset = evidence.relation(RelationKind::SubsetOf, &TreeName::Parts, &kept, &[&all]);
    assert_eq!(subset, Ok(Judgement::Holds));
    let Ok(evidence) = evidence.build();
    evidence
}

fn observed() -> datadeed::statement::Signed<Licence> {
    let text = Digest::of(b"licence text");
    let seen = Observation::new("https://data.example/source", "http-get", text, day(1));
    sign("collector", &Licence::observed(source().id(), "CC-BY-4.0 OR MIT", seen))
}

/// The story with one signature of the collector, over an index that also names `others`.
fn batched(others: &[StatementId]) -> Builder {
    let proof = story().statement(observed()).build().unwrap();
    let (part, rest): (Vec<&Statement>, Vec<&Statement>) = proof
        .statements()
        .iter()
        .partition(|one| one.header().issuer == observed().header().issuer);
    let part: Vec<Statement> = part.into_iter().map(unsigned).collect();
    let members = Members::new(part.iter().map(Statement::id).chain(others.iter().copied()));
    let batch = sign("collector", &members.batch().unwrap());
    LineageProof::builder(weights())
        .statements(rest.into_iter().cloned())
        .statements(part)
        .batch(batch, &members)
}

/// The story with the training in the log of the registry, and a checkpoint that the court saw.
fn logged() -> Builder {
    let proof = story().statement(observed()).build().unwrap();
    let train = proof.statements().iter().find(|one| one.vouches_for(weights())).unwrap();
    let mut tree = MerkleTree::new();
    for entry in ["policy", "another"] {
        tree.push(leaf_hash(entry.as_bytes()));
    }
    tree.push(leaf_of(train.envelope()));
    let origin = Origin::new("registry.example/log").unwrap();
    let pinned = LogKey::new(origin.clone(), public_key("registry"));
    let checkpoint = Checkpoint::new(origin, tree.len(), tree.root()).unwrap();
    let signed = checkpoint.sign(&key("registry"), day(11)).unwrap();
    let verified = signed.verify(&pinned).unwrap();
    let court = Origin::new("court.example/witness").unwrap();
    let cosigned = verified.cosign(&court, &key("court"), day(12)).unwrap();
    let registry = Issuer::new("did:web:registry.example", key("registry"));
    let path = tree.prove_inclusion(2, 3).unwrap();
    let leaf = leaf_of(train.envelope());
    let receipt = Receipt::sign(&registry, &verified, leaf, &path, day(11)).unwrap();
    story().statement(observed()).receipt(train.id(), receipt).checkpoint(cosigned)
}

/// The statement with a zero-length signature.
fn unsigned(statement: &Statement) -> Statement {
    let bytes = statement.as_bytes();
    Statement::decode(&[&bytes[..bytes.len() - 66], &[0x40]].concat()).unwrap()
}

/// Everything but a licence of the source.
fn story() -> Builder {
    let (source, corpus) = (source().id(), corpus().id());
    let dataset = sign("collector", &Dataset::new(source, "Source", ScanMethod::Full));
    let collect = Activity::new(ActivityKind::Collect).output(source, [dataset.id()]);
    let collect = sign("collector", &collect.between(day(1), day(1)));
    let clean = Activity::new(ActivityKind::Clean)
        .input(source, [collect.id()])
        .output(corpus, [])
        .relation(Relation::new(corpus, RelationKind::SubsetOf, TreeName::Parts, [source]))
        .between(day(2), day(2));
    let clean = sign("curator", &clean);
    let rule = Rule::permit([Action::Train, Action::DistributeModel]);
    let mut grant =
        Licence::granted(corpus, [rule.when(Constraint::purpose([Purpose::Commercial]))]);
    grant.from = Some(day(2));
    let train = Activity::train().input(corpus, [clean.id()]).output(weights(), []);
    let train = sign("trainer", &train.between(day(5), day(6)));
    LineageProof::builder(weights())
        .statement(dataset)
        .statement(collect)
        .statement(clean)
        .statement(sign("curator", &grant))
        .statement(train)
}

fn registration() -> Registration {
    let claimant = Registrant::new(
        "did:web:curator.example",
        "Curator Co.",
        RegistrantKind::LegalPerson,
        RegistrantRole::Holder,
    );
    Registration::new(source().id(), "Source", [claimant], day(3), day(300))
}

/// An event of every kind but a revocation.
fn events(builder: Builder) -> Builder {
    let registration = sign("registrar", &registration());
    let trainer = Transferee::new("did:web:trainer.example");
    let transfer = sign("registrar", &Event::transfer(registration.id(), [trainer], day(9)));
    let struck_off = Event::cancellation(registration.id(), day(200)).after(&transfer);
    let objection = sign("stranger", &Event::objection(registration.id(), day(9)));
    let dispute = sign("court", &Event::dispute(registration.id(), day(9)));
    let settlement = Event::settlement(dispute.id(), day(10));
    let key = sign("stranger", &Event::key_revocation(public_key("stranger").id(), day(9)));
    builder
        .statement(sign("registrar", &struck_off))
        .statement(sign("court", &settlement))
        .statement(key)
        .statement(registration)
        .statement(transfer)
        .statement(objection)
        .statement(dispute)
        .statement(observed())
        .key(public_key("stranger"))
}

/// A registration by which another grants, a licence that was revoked, an issuer nobody knows, an event of his.
fn contested(builder: Builder) -> Builder {
    let by_stranger = sign("stranger", &Licence::granted_spdx(source().id(), "MIT"));
    let event = Event::revocation(Subject::Statement(by_stranger.id()), day(9));
    builder
        .statement(sign("registrar", &registration()))
        .statement(revoked())
        .statement(sign("stranger", &event))
        .statement(by_stranger)
        .key(public_key("stranger"))
}
