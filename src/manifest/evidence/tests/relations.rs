//! Relations and changes by evidence: as by all rows, wherever the trees are kept.

use super::*;

/// Two datasets that have much in common, and a third.
fn datasets() -> impl Strategy<Value = [Manifest; 3]> {
    let some = prop::collection::btree_map(0_u8..20, 0_u8..6, 0..20);
    let kept = prop::collection::vec(any::<bool>(), 20);
    (some.clone(), kept, some).prop_map(|(all, kept, other)| {
        let manifest = |pairs: Vec<(u8, u8)>| {
            let entries = pairs
                .into_iter()
                .map(|(name, content)| entry(&name.to_string(), &content.to_string()));
            Manifest::files(entries.collect(), NameProfile::Any).unwrap()
        };
        let part = all
            .iter()
            .filter(|(name, _)| kept[usize::from(**name)])
            .map(|(a, b)| (*a, *b))
            .collect();
        [manifest(all.into_iter().collect()), manifest(part), manifest(other.into_iter().collect())]
    })
}

proptest! {
    #[test]
    fn what_evidence_decides_all_rows_decide(all in datasets(), order in Just([0, 1, 2]).prop_shuffle()) {
        let [of, with, more] = order.map(|index: usize| &all[index]);
        let [a, b, c] = [of, with, more].map(Prover::new);
        let readers = [ManifestReader::open(with.to_bytes(), with.id()).unwrap()];
        for kind in RelationKind::ALL {
            for tree in [TreeName::Parts, TreeName::Content] {
                let several = !kind.is_with_one();
                let mut builder = EvidenceBuilder::new();
                let others = if several { vec![&b, &c] } else { vec![&b] };
                let all: Vec<&dyn Provable<_>> = others.iter().map(|one| *one as _).collect();
                let Ok(found) = builder.relation(*kind, &tree, &a, &all);
                let Ok(evidence) = builder.build();
                let mut mixed = EvidenceBuilder::reading();
                let all = [&readers[0] as &dyn Provable<_>, &c];
                let judged = mixed.relation(*kind, &tree, &a, &all[..others.len()]).unwrap();
                prop_assert_eq!(judged, found);
                prop_assert_eq!(&mixed.build().unwrap(), &evidence);
                let ids = others.iter().map(|other| other.id());
                prop_assert_eq!(evidence.relation(*kind, &tree, of.id(), ids), found);
                let rows: Vec<Given<'_>> = others.iter().map(|other| Given::All(other.manifest())).collect();
                let judged = judge(*kind, &tree, Given::All(of), &rows);
                prop_assert_eq!(found, judged, "{} {}", kind, tree);
                prop_assert!(judged != Judgement::Unknown);
                // Rows of one side, evidence of the other.
                let opened = |one: &&Prover<'_>| evidence.tree(one.id(), &tree).map(Given::Pruned);
                let opened: Vec<Given<'_>> = others.iter().filter_map(opened).collect();
                prop_assert_eq!(judge(*kind, &tree, Given::All(of), &opened), judged);
                let opened = evidence.tree(of.id(), &tree).map(Given::Pruned).unwrap();
                prop_assert_eq!(judge(*kind, &tree, opened, &rows), judged);
                prop_assert_eq!(Evidence::decode(&evidence.to_bytes()), Ok(evidence));
            }
        }
    }

    #[test]
    fn a_diff_leads_from_one_dataset_to_the_other([old, _, new] in datasets()) {
        let (from, to) = (Prover::new(&old), Prover::new(&new));
        let changes: Vec<Change<FileEntry>> = from.diff(&to).unwrap().collect();
        let mut rows: BTreeMap<String, FileEntry> = old.file_entries().unwrap().iter().map(|row| (row.name.clone(), row.clone())).collect();
        for change in &changes {
            match change {
                Change::Added(to) => prop_assert_eq!(rows.insert(to.name.clone(), to.clone()), None),
                Change::Changed { from, to } => prop_assert_eq!(rows.insert(to.name.clone(), to.clone()), Some(from.clone())),
                Change::Removed(from) => prop_assert_eq!(rows.remove(&from.name), Some(from.clone())),
            }
        }
        prop_assert_eq!(Manifest::files(rows.into_values().collect(), NameProfile::Any), Ok(new.clone()));
        let mut builder = EvidenceBuilder::new();
        let Ok(()) = builder.changes(&from, changes.clone());
        let Ok(evidence) = builder.build();
        if let Some(opened) = evidence.opened_files(old.id()) {
            prop_assert_eq!(opened.apply(changes), Ok(Some(*new.parts())));
        }
    }
}

/// An index that somebody keeps without the dataset.
struct Elsewhere<'a> {
    index: &'a RecordIndex,
    rows: Nodes<'a, RecordRow>,
}

impl<'a> Elsewhere<'a> {
    fn new(index: &'a RecordIndex) -> Self {
        Self { index, rows: Nodes::new(index.rows()).unwrap() }
    }
}

impl<E> Trees<E> for Elsewhere<'_> {
    fn of(&self) -> ManifestId {
        self.index.of()
    }

    fn preimage(&self, tree: &TreeName) -> Option<Preimage> {
        let index = Some(self.index.preimage());
        index
            .filter(|index| matches!(tree, TreeName::Index(rule) if *rule == index.rule))
            .map(Preimage::Index)
    }

    fn tree<'a>(&'a self, tree: &'a TreeName) -> Option<Box<dyn AnyTree<E> + 'a>>
    where
        E: 'a,
    {
        Trees::<E>::preimage(self, tree).map(|_| erased(&self.rows))
    }
}

impl<E> Provable<E> for Elsewhere<'_> {}

#[test]
fn an_index_may_be_elsewhere_than_the_dataset() {
    let [one, two] = [hundred(), files(&[("a", "x")])];
    let [apart, other] = [lines(one.id(), b"one\ntwo\n"), lines(two.id(), b"three\n")];
    let (reader, elsewhere) =
        (ManifestReader::open(one.to_bytes(), one.id()).unwrap(), Elsewhere::new(&apart));
    let prover = Prover::new(&two).with_records(&other).unwrap();
    let mut builder = EvidenceBuilder::reading();
    // The one has the files, the other the records.
    builder.names(&reader, ["0"]);
    builder.names(&elsewhere, ["0"]);
    builder.records(&reader, &RecordRule::LineRaw, [digest("two")]);
    builder.records(&elsewhere, &RecordRule::LineRaw, [digest("two")]);
    let tree = TreeName::Index("line-raw/1".into());
    let kind = RelationKind::DisjointFrom;
    let judged = builder.relation(kind, &tree, &elsewhere, &[&prover]).unwrap();
    assert_eq!(judged, Judgement::Holds);
    let judged = builder.relation(kind, &tree, &reader, &[&prover]).unwrap();
    assert_eq!(judged, Judgement::Unknown);
    let evidence = builder.build().unwrap();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    assert!(evidence.file(one.id(), "0").present().is_some());
    let present = RecordPresence::Present { count: 1, digest: digest("two") };
    let declared = apart.dataset_index();
    assert_eq!(evidence.look_up(one.id(), &declared, Document::Text("two")), present);
    assert_eq!(evidence.relation(kind, &tree, one.id(), [two.id()]), Judgement::Holds);
}
