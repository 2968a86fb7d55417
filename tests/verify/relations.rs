//! Structural claims: proven by rows or evidence, merely asserted, or false.

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
    Budget, Code, FindingCode, Node, Rejection, VerifiedLineage, Verifier, judge_relation,
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

mod on_records {
    use super::*;

    fn index(of: &Manifest, lines: &str) -> RecordIndex {
        let mut builder = RecordIndexBuilder::new(of.id(), RecordRule::LineRaw);
        builder.file(lines.as_bytes()).unwrap();
        builder.finish().unwrap()
    }

    /// The indexes of a training set and of a test set, declared by `by`, and the claim that they share no line.
    struct Apart {
        sets: [Manifest; 2],
        indexes: [RecordIndex; 2],
        claim: Relation,
    }

    impl Apart {
        fn new(train: &str, test: &str) -> Self {
            let sets = [rows(&[("train", train)]), rows(&[("test", test)])];
            let indexes = [index(&sets[0], train), index(&sets[1], test)];
            let tree = TreeName::Index("line-raw/1".into());
            let claim =
                Relation::new(sets[0].id(), RelationKind::DisjointFrom, tree, [sets[1].id()]);
            Self { sets, indexes, claim }
        }

        fn evidence(&self) -> Evidence {
            let [a, b] =
                [0, 1].map(|i| Prover::new(&self.sets[i]).with_records(&self.indexes[i]).unwrap());
            let mut builder = EvidenceBuilder::new();
            let Ok(_) = builder.relation(self.claim.kind, &self.claim.tree, &a, &[&b]);
            let Ok(evidence) = builder.build();
            evidence
        }

        /// The claim with its evidence, and who declares which indexes of the two sets.
        fn proof(
            &self,
            declared: &[(&str, usize, DatasetIndex)],
            evidence: &Evidence,
        ) -> (Vec<u8>, Signed<Activity>) {
            let all = rows(&[("all", "one\ntwo\nthree\n")]);
            let [train, test] = &self.sets;
            let collect =
                sign("collector", &Activity::new(ActivityKind::Collect).output(all.id(), []));
            let mut builder = LineageProof::builder(train.id()).evidence(evidence);
            let mut vouchers = [vec![], vec![]];
            for (by, set, index) in declared {
                let mut dataset = Dataset::new(self.sets[*set].id(), "Lines", ScanMethod::Full);
                dataset.indexes.insert(index.clone());
                let dataset = sign(by, &dataset);
                vouchers[*set].push(dataset.id());
                builder = builder.statement(dataset).key(key(by));
            }
            let [of_train, of_test] = vouchers;
            let split = Activity::new(ActivityKind::Subset)
                .input(all.id(), [collect.id()])
                .output(train.id(), of_train)
                .output(test.id(), of_test)
                .relation(self.claim.clone());
            let split = sign("curator", &split);
            let proof = builder.statement(collect).statement(split.clone()).build().unwrap();
            (proof.to_bytes(), split)
        }

        fn verify(
            &self,
            declared: &[(&str, usize, DatasetIndex)],
        ) -> Result<VerifiedLineage, Rejection> {
            let (proof, _) = self.proof(declared, &self.evidence());
            Verifier::new(&trust(), day(20)).verify(&proof, self.sets[0].id())
        }

        fn declared(&self) -> [DatasetIndex; 2] {
            [self.indexes[0].dataset_index(), self.indexes[1].dataset_index()]
        }
    }

    #[test]
    fn a_claim_about_declared_indexes_is_proven_or_false() {
        let apart = Apart::new("one\ntwo\n", "three\n");
        let [train, test] = apart.declared();
        let lineage = apart.verify(&[("curator", 0, train), ("curator", 1, test)]).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 1);

        let leaky = Apart::new("one\ntwo\n", "two\n");
        let [train, test] = leaky.declared();
        let declared = [("curator", 0, train), ("curator", 1, test)];
        let rejection = leaky.verify(&declared).unwrap_err();
        let (_, split) = leaky.proof(&declared, &leaky.evidence());
        let expected = (Code::RelationFalse, Node::Statement(split.id()));
        assert_eq!((rejection.code, rejection.node), expected);
    }

    #[test]
    fn an_index_that_nobody_believed_declares_proves_nothing() {
        let apart = Apart::new("one\ntwo\n", "three\n");
        let [train, test] = apart.declared();
        let other = index(&apart.sets[1], "four\n").dataset_index();
        for declared in [
            vec![("curator", 0, train.clone())],
            vec![("curator", 0, train.clone()), ("stranger", 1, test.clone())],
            vec![("curator", 0, train.clone()), ("curator", 1, other.clone())],
            // Two believed parties who do not agree.
            vec![("curator", 0, train), ("curator", 1, test), ("collector", 1, other)],
        ] {
            let lineage = apart.verify(&declared).unwrap();
            assert_eq!(count(&lineage, FindingCode::RelationProven), 0, "{declared:?}");
            assert_eq!(count(&lineage, FindingCode::RelationAsserted), 1, "{declared:?}");
        }
    }

    struct Shelf(Vec<RecordIndex>);

    impl ManifestSource for Shelf {
        fn manifest(&self, _: ManifestId) -> Option<&Manifest> {
            None
        }

        fn records(&self, id: IndexId) -> Option<&RecordIndex> {
            self.0.iter().find(|index| index.id() == id)
        }
    }

    #[test]
    fn an_index_of_another_dataset_or_rule_proves_nothing_whatever_it_is_declared_as() {
        // Both sets have a line in common; who hides it declares an index where it is not.
        let apart = Apart::new("one\ntwo\n", "two\n");
        let elsewhere = index(&rows(&[("other", "three\n")]), "three\n");
        let own = RecordRule::Own("urn:example:none".parse().unwrap());
        let mut otherwise = RecordIndexBuilder::new(apart.sets[1].id(), own);
        otherwise.digests([(Digest::of(b"three"), 5)]);
        for other in [elsewhere, otherwise.finish().unwrap()] {
            let [train, _] = apart.declared();
            let test = DatasetIndex::new(other.id(), "line-raw/1");
            let declared = [("curator", 0, train), ("curator", 1, test)];
            let (proof, _) = apart.proof(&declared, &Evidence::default());
            let shelf = Shelf(vec![apart.indexes[0].clone(), other]);
            let trust = trust();
            let verifier = Verifier::new(&trust, day(20));
            let lineage = verifier.manifests(&shelf).verify(&proof, apart.sets[0].id()).unwrap();
            assert_eq!(count(&lineage, FindingCode::RelationProven), 0);
        }
    }

    #[test]
    fn an_index_of_some_files_proves_nothing() {
        let mut apart = Apart::new("one\ntwo\n", "three\n");
        let some = *rows(&[("train/0", "one\n")]).parts();
        let mut part = RecordIndexBuilder::new(apart.sets[0].id(), RecordRule::LineRaw).only(some);
        part.file(b"one\n").unwrap();
        apart.indexes[0] = part.finish().unwrap();
        let [train, test] = apart.declared();
        let declared = [("curator", 0, train), ("curator", 1, test)];
        let lineage = apart.verify(&declared).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationAsserted), 1);
        // Nor does it where the caller has all its rows.
        let (proof, _) = apart.proof(&declared, &Evidence::default());
        let shelf = Shelf(apart.indexes.to_vec());
        let trust = trust();
        let verifier = Verifier::new(&trust, day(20)).manifests(&shelf);
        let lineage = verifier.verify(&proof, apart.sets[0].id()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationAsserted), 1);
    }

    #[test]
    fn indexes_that_the_caller_has_need_no_evidence() {
        let apart = Apart::new("one\ntwo\n", "three\n");
        let [train, test] = apart.declared();
        let declared = [("curator", 0, train), ("curator", 1, test)];
        let (proof, _) = apart.proof(&declared, &Evidence::default());
        let shelf = Shelf(apart.indexes.to_vec());
        let trust = trust();
        let verifier = Verifier::new(&trust, day(20));
        let lineage = verifier.manifests(&shelf).verify(&proof, apart.sets[0].id()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 1);
        let lineage = verifier.verify(&proof, apart.sets[0].id()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 0);
    }
}

mod of_composites {
    use super::*;

    /// A corpus of two datasets, one of them through another composite, a test set that has nothing
    /// in common with it, and a dataset that nobody mounts.
    struct Corpus {
        news: Manifest,
        books: Manifest,
        test: Manifest,
        stray: Manifest,
        inner: Composite,
        all: Composite,
    }

    fn mounted(mounts: &[(&str, &Head)]) -> Composite {
        let mounts = mounts.iter().map(|(name, head)| Mount::new(*name, (*head).clone()));
        Composite::new(mounts.collect(), NameProfile::Portable).unwrap()
    }

    impl Corpus {
        fn new() -> Self {
            let many = |prefix: &str, count: usize| {
                let pairs: Vec<_> =
                    (0..count).map(|i| (format!("{i}"), format!("{prefix} {i}"))).collect();
                let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
                rows(&pairs)
            };
            let (news, books) = (many("news", 20), many("book", 30));
            let inner = mounted(&[("books", books.head())]);
            let all = mounted(&[("news", news.head()), ("more", inner.head())]);
            Self { news, books, test: many("test", 5), stray: many("stray", 3), inner, all }
        }

        fn claim(&self, kind: RelationKind) -> Relation {
            Relation::new(self.all.id(), kind, TreeName::Content, [self.test.id()])
        }

        /// What is opened of the two sides of a claim.
        fn evidence(&self, kind: RelationKind) -> Evidence {
            let [news, books, test] = [&self.news, &self.books, &self.test].map(Prover::new);
            let inner = CompositeProver::new(&self.inner).with(&books);
            let all = CompositeProver::new(&self.all).with(&news).with(&inner);
            let mut builder = EvidenceBuilder::new();
            let Ok(judged) = builder.relation(kind, &TreeName::Content, &all, &[&test]);
            assert!(judged != Judgement::Unknown);
            let Ok(evidence) = builder.build();
            evidence
        }

        /// A step from the test set to the corpus, with a claim and some evidence.
        fn proof(&self, claim: &Relation) -> Builder {
            let collect = Activity::new(ActivityKind::Collect).output(self.test.id(), []);
            let collect = sign("collector", &collect);
            let step = Activity::new(ActivityKind::MergeDerive)
                .input(self.test.id(), [collect.id()])
                .output(self.all.id(), [])
                .relation(claim.clone());
            let step = sign("curator", &step);
            LineageProof::builder(self.all.id()).statement(collect).statement(step)
        }

        fn verify(&self, proof: &[u8], budget: Budget) -> Result<VerifiedLineage, Rejection> {
            Verifier::new(&trust(), day(20)).budget(budget).verify(proof, self.all.id())
        }
    }

    #[test]
    fn evidence_opens_what_is_mounted_in_a_dataset_that_a_relation_is_about() {
        let corpus = Corpus::new();
        let kind = RelationKind::DisjointFrom;
        let proof = corpus.proof(&corpus.claim(kind)).evidence(&corpus.evidence(kind));
        let proof = proof.build().unwrap();
        assert_eq!(LineageProof::decode(&proof.to_bytes()).as_ref(), Ok(&proof));
        let lineage = corpus.verify(&proof.to_bytes(), Budget::default()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 1);
        assert_eq!(proof.prune(corpus.all.id()).unwrap().evidence(), proof.evidence());
        assert!(proof.prune(corpus.test.id()).unwrap().evidence().is_empty());

        let false_claim = corpus.claim(RelationKind::SupersetOf);
        let evidence = corpus.evidence(RelationKind::SupersetOf);
        let proof = corpus.proof(&false_claim).evidence(&evidence).build().unwrap();
        let rejection = corpus.verify(&proof.to_bytes(), Budget::default()).unwrap_err();
        assert_eq!(rejection.code, Code::RelationFalse);
    }

    #[test]
    fn evidence_of_what_is_not_mounted_is_refused() {
        let corpus = Corpus::new();
        let kind = RelationKind::DisjointFrom;
        let sound = corpus.evidence(kind);
        let only = |evidence: &Evidence, of: &Manifest, tree: TreeName| {
            let prover = Prover::new(of);
            let mut builder = EvidenceBuilder::new();
            match tree {
                TreeName::Parts => builder.names(&prover, ["0"]),
                _ => builder.contents(&prover, [Digest::of(b"stray 0")]),
            }
            let Ok(more) = builder.build();
            evidence.join(&more).unwrap()
        };
        let without_inner = {
            let [news, books, test] = [&corpus.news, &corpus.books, &corpus.test].map(Prover::new);
            let mut builder = EvidenceBuilder::new();
            builder.composite(&corpus.all);
            for prover in [&news, &books, &test] {
                builder.contents(prover, [Digest::of(b"stray 0")]);
            }
            let Ok(evidence) = builder.build();
            evidence
        };
        for (evidence, of, tree) in [
            (only(&sound, &corpus.stray, TreeName::Content), &corpus.stray, TreeName::Content),
            // The contents are asked for, not the names.
            (only(&sound, &corpus.news, TreeName::Parts), &corpus.news, TreeName::Parts),
            // What would mount the books is not opened.
            (without_inner, &corpus.books, TreeName::Content),
        ] {
            let bare = corpus.proof(&corpus.claim(kind)).build().unwrap().to_bytes();
            let at = bare.windows(11).position(|bytes| bytes == b"\x6astatements").unwrap();
            let field = [b"\x68evidence", &evidence.to_bytes()[..]].concat();
            let mut smuggled = [&bare[..at], &field, &bare[at..]].concat();
            smuggled[0] += 1;
            let error = ProofError::UnreachableEvidence { of: of.id(), tree: tree.clone() };
            assert_eq!(LineageProof::decode(&smuggled), Err(error));
            // Whoever builds a proof leaves it out.
            let built = corpus.proof(&corpus.claim(kind)).evidence(&evidence).build().unwrap();
            assert!(built.evidence().opened_contents(corpus.stray.id()).is_none());
            assert!(built.evidence().opened_files(corpus.news.id()).is_none());
        }
    }

    #[test]
    fn mounts_and_parts_are_work_that_the_budget_bounds() {
        let corpus = Corpus::new();
        let kind = RelationKind::DisjointFrom;
        let proof = corpus.proof(&corpus.claim(kind)).evidence(&corpus.evidence(kind));
        let proof = proof.build().unwrap().to_bytes();
        let fewest = (0..10_000).find(|rows| {
            corpus.verify(&proof, Budget { rows: *rows, ..Budget::default() }).is_ok()
        });
        // Mounts alone are three rows; the trees have more items than there are test files.
        assert!(fewest.unwrap() > 3 + 5);
        for rows in [0, 2, fewest.unwrap() - 1] {
            let rejection =
                corpus.verify(&proof, Budget { rows, ..Budget::default() }).unwrap_err();
            assert_eq!(rejection.code, Code::BudgetExceeded);
        }
    }

    #[test]
    fn mounts_that_are_not_whole_leave_a_claim_asserted_and_cost_work() {
        let corpus = Corpus::new();
        let kind = RelationKind::DisjointFrom;
        let mut builder = EvidenceBuilder::new();
        builder.mounts(&corpus.all, ["news"]);
        let Ok(evidence) = builder.build();
        let proof = corpus.proof(&corpus.claim(kind)).evidence(&evidence).build().unwrap();
        let lineage = corpus.verify(&proof.to_bytes(), Budget::default()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationAsserted), 1);
        let none = Budget { rows: 0, ..Budget::default() };
        let rejection = corpus.verify(&proof.to_bytes(), none).unwrap_err();
        assert_eq!(rejection.code, Code::BudgetExceeded);
    }

    #[test]
    fn a_part_that_the_proof_names_is_told_where_mounts_show_it() {
        let corpus = Corpus::new();
        let kind = RelationKind::DisjointFrom;
        let evidence = corpus.evidence(kind);
        let of_books = Activity::new(ActivityKind::Collect).output(corpus.books.id(), []);
        let of_books = sign("collector", &of_books);
        // Books are an input too, and nothing else says that they are in the corpus.
        let merge = Activity::new(ActivityKind::MergeDerive)
            .input(corpus.test.id(), [])
            .input(corpus.books.id(), [of_books.id()])
            .output(corpus.all.id(), [])
            .relation(corpus.claim(kind));
        let merge = sign("curator", &merge);
        let proof = LineageProof::builder(corpus.all.id()).statement(of_books).statement(merge);
        let told = |lineage: &VerifiedLineage| -> Vec<(Node, String)> {
            let findings = lineage.findings().iter();
            let mounted = findings.filter(|finding| finding.code == FindingCode::Mounted);
            mounted.map(|finding| (finding.node, finding.detail.clone())).collect()
        };
        let bare = proof.clone().build().unwrap().to_bytes();
        let lineage = corpus.verify(&bare, Budget::default()).unwrap();
        assert_eq!(told(&lineage), []);
        let shown = proof.evidence(&evidence).build().unwrap().to_bytes();
        let lineage = corpus.verify(&shown, Budget::default()).unwrap();
        let detail = format!("in {} at books", corpus.inner.id());
        assert_eq!(told(&lineage), [(Node::Manifest(corpus.books.id()), detail)]);
    }

    /// All rows and mounts, some of them under ids that are not theirs.
    #[derive(Default)]
    struct Shelf {
        manifests: Vec<Manifest>,
        composites: BTreeMap<ManifestId, Composite>,
        sha256: Vec<Sha256Index>,
        declared: Vec<(ManifestId, DatasetIndex)>,
    }

    impl ManifestSource for Shelf {
        fn manifest(&self, id: ManifestId) -> Option<&Manifest> {
            self.manifests.manifest(id)
        }

        fn composite(&self, id: ManifestId) -> Option<&Composite> {
            self.composites.get(&id)
        }

        fn sha256(&self, id: IndexId) -> Option<&Sha256Index> {
            self.sha256.iter().find(|index| index.id() == id)
        }

        fn declared(&self, of: ManifestId, rule: &str) -> Option<IndexId> {
            let mut all = self.declared.iter();
            all.find(|(id, index)| *id == of && index.rule == rule).map(|(_, index)| index.id)
        }
    }

    #[test]
    fn rows_and_mounts_that_the_caller_has_need_no_evidence() {
        let corpus = Corpus::new();
        let claim = corpus.claim(RelationKind::DisjointFrom);
        let Corpus { news, books, test, inner, all, .. } = &corpus;
        let mut shelf = Shelf {
            manifests: vec![news.clone(), books.clone(), test.clone()],
            composites: [inner, all].map(|one| (one.id(), one.clone())).into(),
            ..Shelf::default()
        };
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Holds);
        let mounts =
            Relation::new(all.id(), RelationKind::SupersetOf, TreeName::Parts, [inner.id()]);
        assert_eq!(judge_relation(&mounts, &shelf), Judgement::Fails);
        let proof = corpus.proof(&claim).build().unwrap().to_bytes();
        let trust = trust();
        let verifier = Verifier::new(&trust, day(20));
        let lineage = verifier.manifests(&shelf).verify(&proof, all.id()).unwrap();
        assert_eq!(count(&lineage, FindingCode::RelationProven), 1);
        // Another one in the place of the composite has not answered.
        shelf.composites.insert(inner.id(), mounted(&[("books", test.head())]));
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Unknown);
    }

    #[test]
    fn sha256_indexes_are_compared_as_they_are_declared() {
        let (one, two) = (rows(&[("a", "x"), ("b", "y")]), rows(&[("a", "x")]));
        let index = |of: &Manifest, salt: &str| {
            let entries = of.file_entries().unwrap().iter();
            let digests = entries.map(|row| Sha256::of(format!("{salt}{}", row.name).as_bytes()));
            Sha256Index::new(of, digests.collect()).unwrap()
        };
        let (all, part, lied) = (index(&one, ""), index(&two, ""), index(&two, "no"));
        let tree = TreeName::Index(Sha256Index::RULE.into());
        let claim = Relation::new(two.id(), RelationKind::SubsetOf, tree, [one.id()]);
        let mut shelf = Shelf {
            manifests: vec![one.clone(), two.clone()],
            sha256: vec![all.clone(), part.clone(), lied.clone()],
            declared: vec![(one.id(), all.dataset_index()), (two.id(), part.dataset_index())],
            ..Shelf::default()
        };
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Holds);
        shelf.declared[1].1 = lied.dataset_index();
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Fails);
        // Declared, and of another dataset.
        shelf.declared[1].1 = all.dataset_index();
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Unknown);
        shelf.declared.pop();
        assert_eq!(judge_relation(&claim, &shelf), Judgement::Unknown);
    }
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
    assert_eq!(rejection.code, Code::BudgetExceeded);
    assert!(matches!(rejection.node, Node::Manifest(id) if split.manifest(&id).id() == id));
    let rejection = verify(Budget { rows: 3, ..Budget::default() }).unwrap_err();
    assert_eq!(rejection.code, Code::BudgetExceeded);
}
