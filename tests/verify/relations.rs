//! Structural claims: proven by rows or evidence, merely asserted, or false.

mod lying_sources;
mod of_composites;
mod on_records;

use std::collections::BTreeMap;

use datadeed::digest::{Digest, Sha256};
use datadeed::lineage::{Activity, ActivityKind, Relation, RelationKind, TreeName};
use datadeed::manifest::{
    Composite, CompositeProver, Dataset, DatasetIndex, Evidence, EvidenceBuilder, FileEntry, Head,
    Manifest, ManifestSource, Mount, NameProfile, Provable, Prover, RecordIndex,
    RecordIndexBuilder, RecordRule, ScanMethod, Sha256Index,
};
use datadeed::proof::{Builder, LineageProof, ProofError};
use datadeed::statement::Signed;
use datadeed::tree::Judgement;
use datadeed::verify::{
    Bound, Budget, Code, FindingCode, Node, Rejection, VerifiedLineage, Verifier, judge_relation,
};
use datadeed::{IndexId, ManifestId};

use super::story::{day, key, sign, trust};

fn rows(pairs: &[(&str, &str)]) -> Manifest {
    let entry = |(name, text): &(&str, &str)| {
        FileEntry::new(*name, text.len() as u64, Digest::of(text.as_bytes()))
    };
    Manifest::files(pairs.iter().map(entry).collect(), NameProfile::Portable).unwrap()
}

/// A collection, then a step from it with these relations, asked about its first output.
fn step(
    inputs: &[&Manifest],
    outputs: &[&Manifest],
    relations: Vec<Relation>,
) -> (Vec<u8>, Signed<Activity>, ManifestId) {
    let (builder, activity) = step_of(inputs, outputs, relations);
    (builder.build().unwrap().to_bytes(), activity, outputs[0].id())
}

/// The same, to be built with evidence.
fn step_of(
    inputs: &[&Manifest],
    outputs: &[&Manifest],
    relations: Vec<Relation>,
) -> (Builder, Signed<Activity>) {
    let mut builder = LineageProof::builder(outputs[0].id());
    let mut activity = Activity::new(ActivityKind::Subset);
    for input in inputs {
        let collect = Activity::new(ActivityKind::Collect).output(input.id(), []);
        let collect = sign("collector", &collect);
        activity = activity.input(input.id(), [collect.id()]);
        builder = builder.statement(collect);
    }
    for output in outputs {
        activity = activity.output(output.id(), []);
    }
    for relation in relations {
        activity = activity.relation(relation);
    }
    let activity = sign("curator", &activity);
    (builder.statement(activity.clone()), activity)
}

#[test]
fn true_ones_are_proven_and_false_ones_refused() {
    let all = rows(&[("a", "x"), ("b", "y"), ("c", "x")]);
    let train = rows(&[("a", "x"), ("c", "x")]);
    let test = rows(&[("b", "y")]);
    let leaky = rows(&[("a", "x"), ("b", "y")]);
    let source = vec![all.clone(), train.clone(), test.clone(), leaky.clone()];
    let trust = trust();
    let subset =
        |of: &Manifest| Relation::new(of.id(), RelationKind::SubsetOf, TreeName::Parts, [all.id()]);
    let disjoint = |of: &Manifest, with: &Manifest| {
        Relation::new(of.id(), RelationKind::DisjointFrom, TreeName::Content, [with.id()])
    };

    let (proof, activity, subject) = step(
        &[&all],
        &[&train, &test],
        vec![subset(&train), subset(&test), disjoint(&train, &test)],
    );
    let verifier = Verifier::new(&trust, day(20));
    let proven = |lineage: &VerifiedLineage, code| {
        lineage.findings().iter().filter(|finding| finding.code == code).count()
    };
    let lineage = verifier.manifests(&source).verify(&proof, subject).unwrap();
    assert_eq!(proven(&lineage, FindingCode::RelationProven), 3);
    assert_eq!(proven(&lineage, FindingCode::RelationAsserted), 0);
    // Without rows, or without one side's rows, somebody merely says so.
    let lineage = verifier.verify(&proof, subject).unwrap();
    assert_eq!(proven(&lineage, FindingCode::RelationAsserted), 3);
    let some = vec![all.clone(), train.clone()];
    let lineage = verifier.manifests(&some).verify(&proof, subject).unwrap();
    assert_eq!(proven(&lineage, FindingCode::RelationProven), 1);
    assert_eq!(proven(&lineage, FindingCode::RelationAsserted), 2);
    assert_eq!(activity.payload().relations.len(), 3);

    let (proof, activity, subject) =
        step(&[&all], &[&train, &leaky], vec![disjoint(&train, &leaky)]);
    let rejection = verifier.manifests(&source).verify(&proof, subject).unwrap_err();
    assert_eq!(
        (rejection.code, rejection.node),
        (Code::RelationFalse, Node::Statement(activity.id()))
    );
}

#[test]
fn an_index_that_nobody_has_is_asserted() {
    let (all, train) = (rows(&[("a", "x"), ("b", "y")]), rows(&[("a", "x")]));
    let relation = Relation::new(
        train.id(),
        RelationKind::SubsetOf,
        TreeName::Index("line-raw/1".into()),
        [all.id()],
    );
    let (proof, _, subject) = step(&[&all], &[&train], vec![relation]);
    let source = vec![all, train];
    let lineage =
        Verifier::new(&trust(), day(20)).manifests(&source).verify(&proof, subject).unwrap();
    assert_eq!(
        lineage.findings().iter().filter(|f| f.code == FindingCode::RelationAsserted).count(),
        1
    );
}

/// A split of 40 files into three: what is claimed of it, and the evidence of all that.
struct Split {
    all: Manifest,
    parts: [Manifest; 3],
    relations: Vec<Relation>,
}

impl Split {
    fn new() -> Self {
        let entry = |i: usize| (format!("{i}.txt"), format!("text {}", i % 35));
        let part = |keep: &dyn Fn(usize) -> bool| {
            let pairs: Vec<(String, String)> = (0..40).filter(|i| keep(*i)).map(entry).collect();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
            rows(&pairs)
        };
        let parts = [
            part(&|i| i % 35 < 20),
            part(&|i| (20..28).contains(&(i % 35))),
            part(&|i| i % 35 >= 28),
        ];
        let all = part(&|_| true);
        let [a, b, c] = [&parts[0], &parts[1], &parts[2]].map(Manifest::id);
        let relations = vec![
            Relation::new(all.id(), RelationKind::PartitionOf, TreeName::Content, [a, b, c]),
            Relation::new(all.id(), RelationKind::PartitionOf, TreeName::Parts, [a, b, c]),
            Relation::new(a, RelationKind::SubsetOf, TreeName::Parts, [all.id()]),
            Relation::new(a, RelationKind::DisjointFrom, TreeName::Content, [b, c]),
        ];
        Self { all, parts, relations }
    }

    fn manifest(&self, id: &ManifestId) -> &Manifest {
        std::iter::once(&self.all).chain(&self.parts).find(|one| one.id() == *id).unwrap()
    }

    fn evidence(&self) -> Evidence {
        let provers: Vec<Prover<'_>> =
            std::iter::once(&self.all).chain(&self.parts).map(Prover::new).collect();
        let prover = |id: &ManifestId| provers.iter().find(|one| one.id() == *id).unwrap();
        let mut builder = EvidenceBuilder::new();
        for relation in &self.relations {
            let with: Vec<&dyn Provable<_>> =
                relation.with.iter().map(|id| prover(id) as _).collect();
            let Ok(holds) =
                builder.relation(relation.kind, &relation.tree, prover(&relation.of), &with);
            assert_eq!(holds, Judgement::Holds, "{relation}");
        }
        let Ok(evidence) = builder.build();
        evidence
    }

    fn proof(&self, evidence: &Evidence) -> Result<LineageProof, ProofError> {
        let parts: Vec<&Manifest> = self.parts.iter().collect();
        step_of(&[&self.all], &parts, self.relations.clone()).0.evidence(evidence).build()
    }

    fn verify(&self, proof: &LineageProof) -> Result<VerifiedLineage, Rejection> {
        Verifier::new(&trust(), day(20)).verify(&proof.to_bytes(), self.parts[0].id())
    }
}

fn count(lineage: &VerifiedLineage, code: FindingCode) -> usize {
    lineage.findings().iter().filter(|finding| finding.code == code).count()
}

#[test]
fn evidence_in_the_proof_needs_no_rows() {
    let split = Split::new();
    let proof = split.proof(&split.evidence()).unwrap();
    assert_eq!(LineageProof::decode(&proof.to_bytes()).as_ref(), Ok(&proof));
    let lineage = split.verify(&proof).unwrap();
    assert_eq!(count(&lineage, FindingCode::RelationProven), 4);
    assert_eq!(count(&lineage, FindingCode::RelationAsserted), 0);
    let bare = split.verify(&split.proof(&Evidence::default()).unwrap()).unwrap();
    assert_eq!(count(&bare, FindingCode::RelationProven), 0);
    assert_eq!(count(&bare, FindingCode::RelationAsserted), 4);
}

#[test]
fn rows_of_one_dataset_go_with_evidence_of_the_others() {
    let split = Split::new();
    let proof = split.proof(&split.evidence()).unwrap().to_bytes();
    for rows in std::iter::once(&split.all).chain(&split.parts) {
        let (source, trust) = (vec![rows.clone()], trust());
        let verifier = Verifier::new(&trust, day(20)).manifests(&source);
        let lineage = verifier.verify(&proof, split.parts[0].id()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 4);
    }
}

#[test]
fn evidence_of_some_relations_proves_no_others() {
    let mut split = Split::new();
    let all = std::mem::take(&mut split.relations);
    split.relations = vec![all[3].clone()];
    let evidence = split.evidence();
    split.relations = all;
    let lineage = split.verify(&split.proof(&evidence).unwrap()).unwrap();
    assert_eq!(count(&lineage, FindingCode::RelationProven), 1);
    assert_eq!(count(&lineage, FindingCode::RelationAsserted), 3);
}

#[test]
fn evidence_that_shows_a_claim_to_be_false_rejects() {
    let split = Split::new();
    let [a, b, _] = &split.parts;
    let claim = Relation::new(a.id(), RelationKind::SameKeys, TreeName::Content, [b.id()]);
    let provers = [Prover::new(a), Prover::new(b)];
    let mut builder = EvidenceBuilder::new();
    let Ok(holds) = builder.relation(claim.kind, &claim.tree, &provers[0], &[&provers[1]]);
    assert_eq!(holds, Judgement::Fails);
    let Ok(evidence) = builder.build();
    let (proof, activity) = step_of(&[&split.all], &[a, b], vec![claim]);
    let proof = proof.evidence(&evidence).build().unwrap().to_bytes();
    let rejection = Verifier::new(&trust(), day(20)).verify(&proof, a.id()).unwrap_err();
    let expected = (Code::RelationFalse, Node::Statement(activity.id()));
    assert_eq!((rejection.code, rejection.node), expected);
}

#[test]
fn evidence_is_only_of_what_relations_name() {
    let split = Split::new();
    let evidence = split.evidence();
    // Whoever builds a proof need not look; whoever reads one does.
    let unrelated = Split { relations: split.relations[3..].to_vec(), ..Split::new() };
    let proof = unrelated.proof(&evidence).unwrap();
    assert_eq!(proof.evidence().head(split.all.id()), None);
    let bare = unrelated.proof(&Evidence::default()).unwrap().to_bytes();
    // {"v": 1, "keys"?, "subject": bstr32, "statements": ..} with evidence before the statements.
    let at = bare.windows(11).position(|bytes| bytes == b"\x6astatements").unwrap();
    let field = [b"\x68evidence", &evidence.to_bytes()[..]].concat();
    let mut smuggled = [&bare[..at], &field, &bare[at..]].concat();
    smuggled[0] += 1;
    // The first in order of id that is not the content of a part.
    let of = std::iter::once(&split.all).chain(&split.parts).map(Manifest::id).min().unwrap();
    let tree = if of == split.all.id() { TreeName::Content } else { TreeName::Parts };
    let error = ProofError::UnreachableEvidence { of, tree };
    assert_eq!(LineageProof::decode(&smuggled), Err(error));
    let rejection =
        Verifier::new(&trust(), day(20)).verify(&smuggled, split.parts[0].id()).unwrap_err();
    assert_eq!((rejection.code, rejection.node), (Code::UnreachableEvidence, Node::Manifest(of)));
    let nothing = [&bare[..at], b"\x68evidence\xa1\x61v\x01", &bare[at..]].concat();
    let mut nothing = nothing;
    nothing[0] += 1;
    assert_eq!(LineageProof::decode(&nothing), Err(ProofError::EmptyEvidence));
}

#[test]
fn evidence_follows_what_it_is_about_when_proofs_are_joined_and_pruned() {
    let split = Split::new();
    let proof = split.proof(&split.evidence()).unwrap();
    let [a, b, _] = &split.parts;
    // Joining what is there changes nothing, whatever part of the evidence it has.
    let again = LineageProof::builder(a.id()).join(&proof).join(&proof).build();
    assert_eq!(again.as_ref(), Ok(&proof));
    assert_eq!(proof.prune(b.id()).unwrap().evidence(), proof.evidence());
    // The collection has no relations.
    assert!(proof.prune(split.all.id()).unwrap().evidence().is_empty());
}

/// A liar's head: the names of one dataset, the contents of another of the same size.
#[test]
fn a_dataset_that_its_own_trees_contradict_rejects() {
    let (real, shown) = (rows(&[("a", "my work")]), rows(&[("a", "nobodys")]));
    let mut head = real.head().clone();
    head.content = shown.head().content;
    let liar = head.id();
    let evidence_of = |manifest: &Manifest, tree: &TreeName| {
        let prover = Prover::new(manifest);
        let mut builder = EvidenceBuilder::new();
        match tree {
            TreeName::Parts => builder.names(&prover, ["a"]),
            _ => builder.contents(&prover, [Digest::of(b"my work")]),
        }
        let Ok(evidence) = builder.build();
        evidence.to_bytes()
    };
    // {"v": 1, "datasets": [{"head": .., "parts": .., "content": ..}]}, put together by hand.
    let pruned = |bytes: Vec<u8>, key: &[u8]| {
        let at = bytes.windows(key.len()).rposition(|window| window == key).unwrap();
        bytes[at..].to_vec()
    };
    let parts = pruned(evidence_of(&real, &TreeName::Parts), b"\x65parts");
    let content = pruned(evidence_of(&shown, &TreeName::Content), b"\x67content");
    let dataset = [b"\xa3\x64head", &head.to_bytes()[..], &parts, &content].concat();
    let bytes = [b"\xa2\x61v\x01\x68datasets\x81", &dataset[..]].concat();
    let evidence = Evidence::decode(&bytes).unwrap();
    assert!(evidence.contradiction(liar).is_some());

    let other = rows(&[("b", "other")]);
    let claim = |tree| Relation::new(liar, RelationKind::DisjointFrom, tree, [other.id()]);
    let collect = sign("collector", &Activity::new(ActivityKind::Collect).output(other.id(), []));
    let step = Activity::new(ActivityKind::Subset)
        .input(other.id(), [collect.id()])
        .output(liar, [])
        .relation(claim(TreeName::Parts))
        .relation(claim(TreeName::Content));
    let step = sign("curator", &step);
    let proof = LineageProof::builder(liar)
        .statement(collect)
        .statement(step)
        .evidence(&evidence)
        .build()
        .unwrap();
    let rejection = Verifier::new(&trust(), day(20)).verify(&proof.to_bytes(), liar).unwrap_err();
    assert_eq!((rejection.code, rejection.node), (Code::Contradiction, Node::Manifest(liar)));
}

#[test]
fn evidence_is_work_that_the_budget_bounds() {
    let split = Split::new();
    let proof = split.proof(&split.evidence()).unwrap().to_bytes();
    let verify = |budget| {
        Verifier::new(&trust(), day(20)).budget(budget).verify(&proof, split.parts[0].id())
    };
    let fewest =
        (0..10_000).find(|nodes| verify(Budget { nodes: *nodes, ..Budget::default() }).is_ok());
    let less = Budget { nodes: fewest.unwrap() - 1, ..Budget::default() };
    let rejection = verify(less).unwrap_err();
    assert_eq!(rejection.bound, Some(Bound::Nodes));
    assert!(matches!(rejection.node, Node::Manifest(id) if split.manifest(&id).id() == id));
    let rejection = verify(Budget { rows: 3, ..Budget::default() }).unwrap_err();
    assert_eq!(rejection.bound, Some(Bound::Rows));
}
