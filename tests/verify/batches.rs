//! Statements that a batch stands for, in a proof.

use ciborium::Value;
use datadeed::batch::{Batch, Members};
use datadeed::lineage::{Activity, ActivityKind};
use datadeed::manifest::{Dataset, ScanMethod};
use datadeed::proof::{LineageProof, ProofError, Statement};
use datadeed::rights::Verdict;
use datadeed::statement::{Payload, Signed};
use datadeed::tree::PrunedTree;
use datadeed::verify::{Bound, Budget, Code, Node, Verifier};
use datadeed::{StatementId, Timestamp};
use proptest::prelude::*;

use super::story::*;

fn unsigned<T: Payload>(name: &str, payload: &T) -> Signed<T> {
    payload.unsigned(&issuer(name), day(10)).unwrap()
}

/// What the collector says in the story.
fn collected() -> (Dataset, Activity) {
    let source = manifest("source");
    let dataset = Dataset::new(source, "Source", ScanMethod::Full);
    let id = sign("collector", &dataset).id();
    let collect = Activity::new(ActivityKind::Collect).output(source, [id]);
    (dataset, collect.between(day(1), day(1)))
}

/// The three statements of the collector, without signatures.
fn of_the_collector() -> Vec<Statement> {
    let (dataset, collect) = collected();
    let licence = observed(manifest("source"), "CC-BY-4.0");
    vec![
        unsigned("collector", &dataset).into(),
        unsigned("collector", &collect).into(),
        unsigned("collector", &licence).into(),
    ]
}

fn ids(statements: &[Statement]) -> Vec<StatementId> {
    statements.iter().map(Statement::id).collect()
}

pub(crate) fn stranger(n: u8) -> StatementId {
    StatementId::from_bytes([n; 32])
}

fn batch(name: &str, members: &Members, at: Timestamp) -> Signed<Batch> {
    members.batch().unwrap().sign(&issuer(name), at).unwrap()
}

/// The story with the collector's part vouched for by a batch, which also names `others`.
pub(crate) fn batched(
    others: impl IntoIterator<Item = StatementId>,
) -> (LineageProof, StatementId) {
    let story = Story::default();
    let part = of_the_collector();
    let rest = story.statements.iter().filter(|one| !ids(&part).contains(&one.id()));
    let members = Members::new(ids(&part).into_iter().chain(others));
    let batch = batch("collector", &members, day(10));
    let id = batch.id();
    let proof = LineageProof::builder(manifest("weights"))
        .statements(rest.cloned())
        .statements(part)
        .batch(batch, &members)
        .build()
        .unwrap();
    (proof, id)
}

/// The proof in bytes, with the trees of its batches replaced.
fn with_trees(proof: &LineageProof, trees: &[(StatementId, Vec<u8>)]) -> Vec<u8> {
    let bytes = proof.to_bytes();
    let Value::Map(mut pairs) = ciborium::from_reader(&bytes[..]).unwrap() else { panic!() };
    let name = Value::Text("batches".into());
    pairs.retain(|(key, _)| *key != name);
    let items = trees.iter().map(|(batch, tree)| {
        Value::Map(vec![
            (Value::Text("batch".into()), Value::Bytes(batch.as_bytes().to_vec())),
            (Value::Text("pruned".into()), Value::Bytes(tree.clone())),
        ])
    });
    if !trees.is_empty() {
        let at = pairs.iter().position(|(key, _)| *key == Value::Text("subject".into())).unwrap();
        pairs.insert(at, (name, Value::Array(items.collect())));
    }
    let mut bytes = Vec::new();
    ciborium::into_writer(&Value::Map(pairs), &mut bytes).unwrap();
    bytes
}

#[track_caller]
fn refused(proof: &[u8], code: Code, node: Node) -> Option<ProofError> {
    let rejection = Story::default().verify_bytes(proof).expect_err("must be refused");
    assert_eq!((rejection.code, rejection.node), (code, node), "{rejection:?}");
    rejection.cause.map(|cause| *cause)
}

#[test]
fn the_verdict_is_that_of_the_signed_statements() {
    let signed = Story::default().verify().unwrap();
    for others in [vec![], vec![stranger(1), stranger(2)]] {
        let (proof, id) = batched(others);
        let lineage = Story::default().verify_bytes(&proof.to_bytes()).unwrap();
        assert!(matches!(lineage.rights(&sell()), Verdict::Permit { .. }));
        assert_eq!(lineage.rights(&sell()), signed.rights(&sell()));
        assert_eq!(lineage.findings(), signed.findings());
        for member in ids(&of_the_collector()) {
            assert!(lineage.statement(member).is_some_and(|one| !one.is_signed()));
            assert_eq!(proof.batches_of(member).collect::<Vec<_>>(), [id]);
            assert_eq!(lineage.is_believed(member), signed.is_believed(member));
        }
    }
}

#[test]
fn a_batch_whose_members_are_all_there_needs_no_tree() {
    let (whole, id) = batched([]);
    assert_eq!(whole.members(id), None);
    let (part, id) = batched([stranger(1)]);
    assert_eq!(part.members(id).unwrap().root().count(), 4);
    for proof in [whole, part] {
        assert_eq!(LineageProof::decode(&proof.to_bytes()), Ok(proof));
    }
}

#[test]
fn a_statement_without_signature_or_batch_is_refused() {
    let story = Story::default();
    let part = of_the_collector();
    let rest = story.statements.iter().filter(|one| !ids(&part).contains(&one.id()));
    let builder = LineageProof::builder(manifest("weights")).statements(rest.cloned());
    let first = *ids(&part).iter().min().unwrap();
    assert_eq!(builder.statements(part).build(), Err(ProofError::Unvouched { id: first }));

    // By a batch of somebody else, or of the same issuer with another key, or from before.
    let members = Members::new(ids(&of_the_collector()));
    for batch in [batch("curator", &members, day(10)), batch("collector", &members, day(9))] {
        let builder = LineageProof::builder(manifest("weights"))
            .statements(
                story.statements.iter().filter(|one| !members.ids().contains(&one.id())).cloned(),
            )
            .statements(of_the_collector())
            .batch(batch, &members);
        assert_eq!(builder.build(), Err(ProofError::Unvouched { id: first }));
    }
}

#[test]
fn a_batch_with_a_bad_signature_stands_for_nothing() {
    let (proof, id) = batched([stranger(1)]);
    let mut bytes = proof.to_bytes();
    let batch = proof.statements().iter().find(|one| one.id() == id).unwrap().as_bytes();
    let at = bytes.windows(batch.len()).position(|window| window == batch).unwrap();
    bytes[at + batch.len() - 1] ^= 1;
    refused(&bytes, Code::BadSignature, Node::Statement(id));
}

#[test]
fn the_members_are_those_of_the_batch() {
    let (proof, id) = batched([stranger(1)]);
    let others = Members::new(ids(&of_the_collector()).into_iter().chain([stranger(2)]));
    let tree = others.open(ids(&of_the_collector())).to_bytes();
    let root = Some(ProofError::BatchRoot { batch: id });
    assert_eq!(
        refused(&with_trees(&proof, &[(id, tree)]), Code::MalformedBatch, Node::Statement(id)),
        root
    );
    // Without a tree they would have to be all.
    assert_eq!(refused(&with_trees(&proof, &[]), Code::MalformedBatch, Node::Statement(id)), root);
    // Closed, the tree shows nobody.
    let members = Members::new(ids(&of_the_collector()).into_iter().chain([stranger(1)]));
    let closed = with_trees(&proof, &[(id, members.open([]).to_bytes())]);
    let first = *ids(&of_the_collector()).iter().min().unwrap();
    refused(&closed, Code::Unvouched, Node::Statement(first));
    // And no tree is no tree.
    refused(&with_trees(&proof, &[(id, vec![9])]), Code::MalformedBatch, Node::Statement(id));
}

#[test]
fn members_belong_to_a_batch_of_the_proof_and_stand_in_order() {
    let (proof, id) = batched([stranger(1)]);
    let tree = proof.members(id).unwrap().to_bytes();
    let other = StatementId::from_bytes([0xff; 32]);
    let two = with_trees(&proof, &[(id, tree.clone()), (other, tree.clone())]);
    let missing = Some(ProofError::UnreachableMembers { batch: other });
    assert_eq!(refused(&two, Code::UnreachableBatch, Node::Statement(other)), missing);
    let twice = with_trees(&proof, &[(id, tree.clone()), (id, tree)]);
    let unordered = Some(ProofError::UnorderedBatch { batch: id });
    assert_eq!(refused(&twice, Code::Unordered, Node::Statement(id)), unordered);
}

#[test]
fn a_batch_that_stands_for_nothing_here_is_refused() {
    let members = Members::new([stranger(1)]);
    let batch = batch("collector", &members, day(10));
    let id = batch.id();
    let builder = LineageProof::builder(manifest("weights"))
        .statements(Story::default().statements)
        .batch(batch, &members);
    assert_eq!(builder.build(), Err(ProofError::UnreachableStatement { id }));
}

#[test]
fn the_nodes_of_a_batch_are_within_the_budget() {
    let (proof, id) = batched([stranger(1), stranger(2)]);
    let story = Story::default();
    let verify = |nodes| {
        let verifier =
            Verifier::new(&story.trust, day(20)).budget(Budget { nodes, ..Budget::default() });
        verifier.verify(&proof.to_bytes(), manifest("weights"))
    };
    let items = (1..100).find(|nodes| verify(*nodes).is_ok()).unwrap();
    assert!(items >= 5, "three members, each with what stands beside it: {items}");
    let rejection = verify(items - 1).unwrap_err();
    assert_eq!((rejection.bound, rejection.node), (Some(Bound::Nodes), Node::Statement(id)));
}

#[test]
fn receipts_stand_beside_the_statements_of_a_proof() {
    let story = Story::default();
    let first = Statement::decode(&story.statements[0].to_bytes()).unwrap();
    let attached = first.envelope().clone().with_receipts([b"receipt".to_vec()]).unwrap();
    let proof = LineageProof::decode(&story.proof()).unwrap();
    let envelopes: Vec<Vec<u8>> = proof
        .statements()
        .iter()
        .map(|one| if one.id() == first.id() { attached.to_bytes() } else { one.to_bytes() })
        .collect();
    let envelopes: Vec<&[u8]> = envelopes.iter().map(Vec::as_slice).collect();
    let bytes = raw_proof(manifest("weights"), &[], &envelopes);
    let error = Some(ProofError::AttachedReceipts { id: first.id() });
    assert_eq!(refused(&bytes, Code::AttachedReceipts, Node::Statement(first.id())), error);
}

#[test]
fn pruning_keeps_the_batches_of_what_is_kept() {
    for others in [vec![], vec![stranger(1)]] {
        let (proof, id) = batched(others);
        let source = proof.prune(manifest("source")).unwrap();
        assert_eq!(LineageProof::decode(&source.to_bytes()).as_ref(), Ok(&source));
        assert_eq!(source.statements().iter().filter(|one| one.id() == id).count(), 1);
        // Nothing of the batch is left where none of its members is.
        let joined = LineageProof::builder(manifest("weights"))
            .statements(
                proof.statements().iter().filter(|one| one.is_signed() && one.id() != id).cloned(),
            )
            .join(&source)
            .build()
            .unwrap();
        assert_eq!(joined, proof);
    }
}

#[test]
fn two_batches_of_one_issuer_stay_apart() {
    let story = Story::default();
    let part = of_the_collector();
    let rest: Vec<Statement> =
        story.statements.iter().filter(|one| !ids(&part).contains(&one.id())).cloned().collect();
    let (first, second) = part.split_at(1);
    let builder = || {
        LineageProof::builder(manifest("weights")).statements(rest.clone()).statements(part.clone())
    };
    let members = [first, second].map(|part| Members::new(ids(part)));
    let [one, two] = members.each_ref().map(|members| batch("collector", members, day(10)));
    let proof =
        builder().batch(one.clone(), &members[0]).batch(two.clone(), &members[1]).build().unwrap();
    assert_eq!(LineageProof::decode(&proof.to_bytes()).as_ref(), Ok(&proof));
    assert!(proof.members(one.id()).is_some() && proof.members(two.id()).is_some());
    assert!(Story::default().verify_bytes(&proof.to_bytes()).is_ok());
    // Both without trees, nobody could say whose members are whose.
    let ids = [one.id(), two.id()];
    let rejection = Story::default().verify_bytes(&with_trees(&proof, &[])).unwrap_err();
    assert_eq!(rejection.code, Code::MalformedBatch);
    assert!(ids.iter().any(|id| rejection.node == Node::Statement(*id)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever bits change, nothing is accepted that was not signed.
    #[test]
    fn a_changed_tree_shows_the_members_or_nothing(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (proof, id) = batched([stranger(1), stranger(2), stranger(3)]);
        let mut tree = proof.members(id).unwrap().to_bytes();
        let at = at.index(tree.len());
        tree[at] ^= 1_u8 << bit;
        let decoded = PrunedTree::<StatementId>::decode(&tree, 1_000);
        let rejection = Story::default().verify_bytes(&with_trees(&proof, &[(id, tree)])).unwrap_err();
        prop_assert_eq!(rejection.node, Node::Statement(id));
        prop_assert_eq!(rejection.code, Code::MalformedBatch);
        if let Ok(decoded) = decoded {
            prop_assert_ne!(decoded.root(), proof.members(id).unwrap().root());
        }
    }
}
