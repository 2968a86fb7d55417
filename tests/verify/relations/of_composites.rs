//! Claims about composites, by their mounts and parts.

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
    let fewest = (0..10_000)
        .find(|rows| corpus.verify(&proof, Budget { rows: *rows, ..Budget::default() }).is_ok());
    // Mounts alone are three rows; the trees have more items than there are test files.
    assert!(fewest.unwrap() > 3 + 5);
    for rows in [0, 2, fewest.unwrap() - 1] {
        let rejection = corpus.verify(&proof, Budget { rows, ..Budget::default() }).unwrap_err();
        assert_eq!(rejection.bound, Some(Bound::Rows));
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
    assert_eq!(rejection.bound, Some(Bound::Rows));
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
    let mounts = Relation::new(all.id(), RelationKind::SupersetOf, TreeName::Parts, [inner.id()]);
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
