//! Claims about records, by the indexes that are declared.

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
        let claim = Relation::new(sets[0].id(), RelationKind::DisjointFrom, tree, [sets[1].id()]);
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
        let collect = sign("collector", &Activity::new(ActivityKind::Collect).output(all.id(), []));
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
