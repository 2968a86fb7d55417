use proptest::prelude::*;

use super::*;
use crate::cbor;
use crate::digest::Sha256;
use crate::id::IndexId;
use crate::manifest::prover::{AnyTree, Preimage, Trees, erased};
use crate::manifest::relation::judge;
use crate::manifest::{
    Dtype, IndexError, Manifest, ManifestError, ManifestReader, NameError, NameProfile, Provable,
    Prover, RecordIndex, RecordIndexBuilder, ScanMethod,
};
use crate::tree::{Change, Nodes, PrunedTreeError, TreeError};

fn entry(name: &str, content: &str) -> FileEntry {
    FileEntry::new(name, content.len() as u64, Digest::of(content.as_bytes()))
}

fn files(pairs: &[(&str, &str)]) -> Manifest {
    let entries = pairs.iter().map(|(name, content)| entry(name, content)).collect();
    Manifest::files(entries, NameProfile::Any).unwrap()
}

/// 100 files of 90 contents.
fn hundred() -> Manifest {
    let entries = (0..100).map(|i| entry(&format!("{i}"), &format!("content {}", i % 90)));
    Manifest::files(entries.collect(), NameProfile::Any).unwrap()
}

/// Files `0` and `new`, contents 0, 95 and 3.
fn evidence(manifest: &Manifest) -> Evidence {
    let prover = Prover::new(manifest);
    let mut builder = EvidenceBuilder::new();
    builder.names(&prover, ["0", "new"]);
    builder.contents(&prover, ["content 0", "content 95", "content 3"].map(digest));
    let Ok(evidence) = builder.build();
    evidence
}

fn digest(content: &str) -> Digest {
    Digest::of(content.as_bytes())
}

#[test]
fn names_and_contents_are_present_absent_or_unknown() {
    let manifest = hundred();
    let evidence = Evidence::decode(&evidence(&manifest).to_bytes()).unwrap();
    let (id, none) = (manifest.id(), Audit::None);
    assert_eq!(evidence.file(id, "0"), Membership::Present(&entry("0", "content 0")));
    assert_eq!(evidence.file(id, "new"), Membership::Absent);
    assert_eq!(evidence.file(id, "7"), Membership::Unknown);
    assert_eq!(evidence.tensor(id, "0"), Membership::Unknown);
    let answers = evidence.contents(id, ["content 0", "content 95", "content 7"].map(digest));
    let row = ContentRow { digest: digest("content 0"), count: 2, size: 9 };
    let expected = [
        (digest("content 0"), ContentAnswer::Present(row)),
        (digest("content 95"), ContentAnswer::Absent { audit: none }),
        (digest("content 7"), ContentAnswer::Unknown),
    ];
    assert_eq!(answers, expected.into_iter().collect());
    assert_eq!(answers.to_string(), "3 asked: 1 present, 1 absent, 1 unknown");
    let of_names = evidence.files(id, ["0", "new", "7"]);
    let outcomes = of_names.iter().map(|(name, answer)| (*name, answer.outcome()));
    let expected = [("0", Outcome::Present), ("new", Outcome::Absent), ("7", Outcome::Unknown)];
    assert_eq!(outcomes.collect::<Vec<_>>(), expected);
    assert_eq!(evidence.tensors(id, ["0"]).unknown().count(), 1);
    assert_eq!(evidence.content(id, digest("content 95")), ContentAnswer::Absent { audit: none });
    // Of another dataset nothing is said.
    let other = ManifestId::from_bytes([9; 32]);
    assert_eq!(evidence.file(other, "new"), Membership::Unknown);
    assert_eq!(evidence.content(other, digest("content 95")), ContentAnswer::Unknown);
    assert_eq!(evidence.manifests().collect::<Vec<_>>(), [id]);
    assert_eq!(evidence.head(id), Some(manifest.head()));
}

#[test]
fn tensors_are_told_by_name() {
    let data = Digest::of(&[0; 8]);
    let tensor = TensorEntry::new("w", Dtype::F32, vec![2], 8, data);
    let manifest = Manifest::tensors(vec![tensor.clone()]).unwrap();
    let prover = Prover::new(&manifest);
    let mut builder = EvidenceBuilder::new();
    builder.names(&prover, ["w", "b"]);
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    assert_eq!(evidence.tensor(manifest.id(), "w"), Membership::Present(&tensor));
    assert_eq!(evidence.tensor(manifest.id(), "b"), Membership::Absent);
    assert_eq!(evidence.file(manifest.id(), "w"), Membership::Unknown);
    assert_eq!(evidence.opened_files(manifest.id()), None);
}

#[test]
fn of_an_empty_dataset_everything_is_absent() {
    let manifest = files(&[]);
    let evidence = Evidence::decode(&evidence(&manifest).to_bytes()).unwrap();
    assert_eq!(evidence.file(manifest.id(), "0"), Membership::Absent);
    let absent = ContentAnswer::Absent { audit: Audit::None };
    assert_eq!(evidence.content(manifest.id(), digest("x")), absent);
}

#[test]
fn proofs_for_many_keys_share_their_paths() {
    let manifest = hundred();
    let prover = Prover::new(&manifest);
    let size = |names: &[String]| {
        let mut builder = EvidenceBuilder::new();
        builder.names(&prover, names);
        let Ok(evidence) = builder.build();
        evidence.to_bytes().len()
    };
    let names: Vec<String> = (0..50).map(|i| i.to_string()).collect();
    let single: usize = names.iter().map(|name| size(std::slice::from_ref(name))).sum();
    assert!(size(&names) * 4 < single, "{} of {single}", size(&names));
}

#[test]
fn a_changed_dataset_has_the_root_that_its_changes_give() {
    let (old, new) = (
        files(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")]),
        files(&[("a", "1"), ("b", "5"), ("e", "6")]),
    );
    let (from, to) = (Prover::new(&old), Prover::new(&new));
    let changes: Vec<Change<FileEntry>> = from.diff(&to).unwrap().collect();
    let mut builder = EvidenceBuilder::new();
    let Ok(()) = builder.changes(&from, changes.clone());
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    let opened = evidence.opened_files(old.id()).unwrap();
    assert_eq!(opened.apply(changes.clone()), Ok(Some(*new.parts())));
    assert_eq!(evidence.apply(old.id(), changes.clone()), Ok(Some(new.head().clone())));
    let huge = Change::Added(FileEntry::new("a", u64::MAX, digest("2")));
    assert_eq!(opened.apply([huge]), Err(TreeError::SumOverflow));
    assert_eq!(evidence.apply(new.id(), changes), Ok(None));
}

#[test]
fn changes_to_what_is_not_opened_lead_to_no_id() {
    let manifest = hundred();
    let evidence = evidence(&manifest);
    let apply = |change| evidence.apply(manifest.id(), [change]).unwrap();
    assert_eq!(apply(Change::Removed(entry("7", "content 7"))), None);
    assert_eq!(apply(Change::Added(entry("new", "content 7"))), None);
    // To remove what is not there changes nothing.
    let gone = Change::Removed(entry("new", "content 7"));
    assert_eq!(apply(gone).as_ref(), Some(manifest.head()));
}

#[test]
fn a_change_of_a_file_whose_content_is_not_opened_leads_to_no_id() {
    let manifest = files(&[("a", "1")]);
    let prover = Prover::new(&manifest);
    let mut builder = EvidenceBuilder::new();
    // The leaf of `a` tells that there is no `b`, and not what is in `a`.
    builder.names(&prover, ["b"]);
    builder.contents(&prover, [digest("1"), digest("2")]);
    let Ok(evidence) = builder.build();
    let apply = |change| evidence.apply(manifest.id(), [change]).unwrap();
    assert_eq!(apply(Change::Removed(entry("a", "1"))), None);
    assert_eq!(apply(Change::Added(entry("a", "2"))), None);
    assert!(apply(Change::Added(entry("b", "2"))).is_some());
}

/// The evidence for `changes` to `manifest`, and what comes out of them.
fn applied(
    manifest: &Manifest,
    changes: &[Change<FileEntry>],
) -> Result<Option<Head>, ChangeError> {
    let prover = Prover::new(manifest);
    let mut builder = EvidenceBuilder::new();
    let Ok(()) = builder.changes(&prover, changes.to_vec());
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    evidence.apply(manifest.id(), changes.to_vec())
}

#[test]
fn changes_that_make_no_manifest_are_refused() {
    let manifest = files(&[("a", "1"), ("b", "1"), ("c", "2")]);
    let sized = |name, content, size| Change::Added(FileEntry::new(name, size, digest(content)));
    let conflict =
        |one, other| Err(ManifestError::SizeConflict { digest: digest("1"), one, other }.into());
    assert_eq!(applied(&manifest, &[sized("d", "1", 5)]), conflict(1, 5));
    assert_eq!(applied(&manifest, &[sized("a", "1", 0)]), conflict(0, 1));
    // With no file left of the old size, the new one is the only one.
    let both = applied(&manifest, &[sized("a", "1", 5), sized("b", "1", 5)]).unwrap().unwrap();
    assert_eq!((both.parts.count(), both.parts.bytes()), (3, 11));
    let overflow = Err(ManifestError::Tree(TreeError::SumOverflow).into());
    assert_eq!(applied(&manifest, &[sized("d", "4", u64::MAX)]), overflow);
    let name = NameError::DotComponent { name: "../d".into() };
    assert_eq!(applied(&manifest, &[sized("../d", "4", 1)]), Err(ManifestError::Name(name).into()));
    // Two new names that do not suit each other are told without the old ones.
    let both = [sized("e/f", "4", 1), sized("e", "4", 1)];
    let name = NameError::FileAndDirectory { name: "e".into() };
    assert_eq!(applied(&manifest, &both), Err(ManifestError::Name(name).into()));
    let moved = [sized("e/f", "4", 1), sized("e", "4", 1), Change::Removed(entry("e", "4"))];
    assert_eq!(applied(&manifest, &moved).unwrap().unwrap().parts.count(), 4);
}

#[test]
fn a_dataset_that_contradicts_itself_has_no_next_version() {
    let (parts, content) = (files(&[("0", "content 1")]), files(&[("0", "content 0")]));
    let (head, evidence) = two_faced(&parts, &content);
    let changes = [Change::Removed(entry("0", "content 1"))];
    let found = Box::new(evidence.contradiction(head.id()).unwrap());
    assert_eq!(evidence.apply(head.id(), changes), Err(ChangeError::Contradiction(found)));
}

proptest! {
    #[test]
    fn changes_lead_from_the_old_id_to_the_new_one(
        before in prop::collection::btree_map(0..20_u8, 0..4_u8, 0..16),
        after in prop::collection::btree_map(0..20_u8, 0..4_u8, 0..16),
    ) {
        let [old, new] = [&before, &after].map(|rows| {
            let row = |(name, content): (&u8, &u8)| entry(&name.to_string(), &content.to_string());
            Manifest::files(rows.iter().map(row).collect(), NameProfile::Any).unwrap()
        });
        let (from, to) = (Prover::new(&old), Prover::new(&new));
        let changes: Vec<_> = from.diff(&to).unwrap().collect();
        prop_assert_eq!(applied(&old, &changes), Ok(Some(new.head().clone())));
    }
}

fn lines(of: ManifestId, content: &[u8]) -> RecordIndex {
    let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
    builder.file(content).unwrap();
    builder.finish().unwrap()
}

#[test]
fn records_are_told_by_the_index_that_is_declared() {
    let manifest = hundred();
    let index = lines(manifest.id(), b"one\ntwo\ntwo\nthree\n");
    let prover = Prover::new(&manifest).with_records(&index).unwrap();
    let mut builder = EvidenceBuilder::new();
    builder.documents(&prover, &RecordRule::LineRaw, ["two", "fo\nur", "four"].map(Document::Text));
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    let declared = index.dataset_index();
    let ask =
        |of, declared: &DatasetIndex, text| evidence.look_up(of, declared, Document::Text(text));
    let of = manifest.id();
    let present = RecordPresence::Present { count: 2, digest: digest("two") };
    assert_eq!(ask(of, &declared, "two"), present);
    assert_eq!(ask(of, &declared, "four"), RecordPresence::Absent { digest: digest("four") });
    assert_eq!(ask(of, &declared, "one"), RecordPresence::Unknown);
    let no_record = ask(of, &declared, "two\nlines");
    assert!(matches!(no_record, RecordPresence::NoRecord(_)));
    // What was not looked up is not absent.
    assert_eq!(no_record.outcome(), Outcome::Unknown);
    let by_digest = evidence.look_up(of, &declared, Document::Digest(digest("two")));
    assert_eq!(by_digest, present);
    let mut dataset = Dataset::new(of, "Lines", ScanMethod::Full);
    dataset.indexes.insert(declared.clone());
    dataset.indexes.insert(DatasetIndex::new(IndexId::from_bytes([2; 32]), "json-jcs/1"));
    let answers = evidence.look_up_declared(&dataset, Document::Text("two"));
    let answers: Vec<_> =
        answers.into_iter().map(|answer| (answer.index.rule, answer.presence)).collect();
    let [json, lines] = ["json-jcs/1", "line-raw/1"].map(str::to_owned);
    assert_eq!(answers.len(), 2);
    assert!(answers.contains(&(json, RecordPresence::Unknown)), "{answers:?}");
    assert!(answers.contains(&(lines, present)), "{answers:?}");
    // Of another index, by the same rule or by another, nothing is said.
    let other = DatasetIndex::new(IndexId::from_bytes([1; 32]), "line-raw/1");
    assert_eq!(ask(of, &other, "two"), RecordPresence::Unknown);
    let other = DatasetIndex::new(declared.id, "json-jcs/1");
    assert_eq!(ask(of, &other, "two"), RecordPresence::Unknown);
    assert_eq!(ask(ManifestId::from_bytes([9; 32]), &declared, "two"), RecordPresence::Unknown);
    assert_eq!(evidence.index(of, "line-raw/1"), Some(&index.preimage()));
    // The dataset's own trees are not needed for that, nor its head.
    assert_eq!(evidence.head(of), None);
    assert_eq!(evidence.manifests().collect::<Vec<_>>(), [of]);
}

#[test]
fn an_index_of_some_files_tells_nothing_of_the_others() {
    let manifest = hundred();
    let some = *files(&[("0", "content 0")]).parts();
    let all = || RecordIndexBuilder::new(manifest.id(), RecordRule::LineRaw);
    let index = |builder: RecordIndexBuilder| {
        let mut builder = builder;
        builder.file(b"one\n").unwrap();
        builder.finish().unwrap()
    };
    let (whole, part) = (index(all()), index(all().only(some)));
    assert_ne!(whole.id(), part.id());
    assert_eq!((whole.files(), part.files()), (None, Some(&some)));
    let prover = Prover::new(&manifest).with_records(&part).unwrap();
    let mut builder = EvidenceBuilder::new();
    builder.records(&prover, &RecordRule::LineRaw, ["one", "two"].map(digest));
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    let ask = |text| {
        let declared = part.dataset_index();
        evidence.look_up(manifest.id(), &declared, Document::Text(text))
    };
    assert_eq!(ask("one"), RecordPresence::Present { count: 1, digest: digest("one") });
    let absent = RecordPresence::AbsentFromFiles { digest: digest("two"), files: some };
    assert_eq!(ask("two"), absent);
    assert_eq!(part.look_up(Document::Text("two")), absent);
    assert_eq!(evidence.look_up(manifest.id(), &whole.dataset_index(), Document::Text("one")), {
        RecordPresence::Unknown
    });
}

#[test]
fn an_index_of_some_files_decides_no_relation() {
    let (manifest, other) = (hundred(), files(&[("a", "x")]));
    let some = *files(&[("0", "content 0")]).parts();
    let index = |of: &Manifest, only: Option<Summary>, content: &[u8]| {
        let builder = RecordIndexBuilder::new(of.id(), RecordRule::LineRaw);
        let mut builder = only.into_iter().fold(builder, RecordIndexBuilder::only);
        builder.file(content).unwrap();
        builder.finish().unwrap()
    };
    let apart = |only, expected| {
        let (one, two) = (index(&manifest, only, b"one\n"), index(&other, None, b"two\n"));
        let one = Prover::new(&manifest).with_records(&one).unwrap();
        let two = Prover::new(&other).with_records(&two).unwrap();
        let (kind, tree) = (RelationKind::DisjointFrom, TreeName::Index("line-raw/1".into()));
        let mut builder = EvidenceBuilder::new();
        let Ok(judged) = builder.relation(kind, &tree, &one, &[&two]);
        assert_eq!(judged, expected, "by opening");
        builder.records(&one, &RecordRule::LineRaw, [digest("one"), digest("two")]);
        builder.records(&two, &RecordRule::LineRaw, [digest("one"), digest("two")]);
        let Ok(evidence) = builder.build();
        assert!(evidence.index(manifest.id(), "line-raw/1").is_some());
        assert_eq!(evidence.relation(kind, &tree, manifest.id(), [other.id()]), expected);
        assert_eq!(evidence.relation(kind, &tree, other.id(), [manifest.id()]), expected);
    };
    apart(None, Judgement::Holds);
    apart(Some(some), Judgement::Unknown);
}

#[test]
fn a_sha256_index_of_some_files_tells_nothing_of_the_others() {
    let manifest = files(&[("a", "x"), ("b", "y")]);
    let (some, index) = {
        let index = Sha256Index::new(&manifest, vec![Sha256::of(b"x"); 2]).unwrap();
        let prover = Prover::new(&manifest).with_sha256(&index).unwrap();
        let mut builder = EvidenceBuilder::new();
        builder.sha256(&prover, ["a", "c"]);
        let Ok(evidence) = builder.build();
        assert_eq!(evidence.sha256(manifest.id(), "c"), Membership::Absent);
        (*manifest.parts(), evidence)
    };
    let mut part = index;
    for preimage in part.indexes.values_mut() {
        *preimage = preimage.clone().only(some);
    }
    let part = Evidence::decode(&part.to_bytes()).unwrap();
    assert!(part.sha256(manifest.id(), "a").present().is_some());
    assert_eq!(part.sha256(manifest.id(), "c"), Membership::Unknown);
}

#[test]
fn an_index_is_of_the_dataset_it_is_proven_with() {
    let manifest = hundred();
    let (found, expected) = (ManifestId::from_bytes([9; 32]), manifest.id());
    let foreign = lines(found, b"one\n");
    let error = IndexError::OtherManifest { found, expected };
    assert_eq!(Prover::new(&manifest).with_records(&foreign).unwrap_err(), error);
    let other = files(&[("a", "x")]);
    let sha256 = Sha256Index::new(&other, vec![Sha256::of(b"x")]).unwrap();
    let error = IndexError::OtherManifest { found: other.id(), expected };
    assert_eq!(Prover::new(&manifest).with_sha256(&sha256).unwrap_err(), error);
}

#[test]
fn sha256_digests_are_told_by_name() {
    let manifest = hundred();
    let entries = manifest.file_entries().unwrap();
    let index = Sha256Index::new(
        &manifest,
        entries.iter().map(|row| Sha256::of(row.name.as_bytes())).collect(),
    )
    .unwrap();
    let prover = Prover::new(&manifest).with_sha256(&index).unwrap();
    let mut builder = EvidenceBuilder::new();
    builder.sha256(&prover, ["7", "new"]);
    let Ok(evidence) = builder.build();
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    let row = Sha256Entry { name: "7".into(), size: 9, sha256: Sha256::of(b"7") };
    assert_eq!(evidence.sha256(manifest.id(), "7"), Membership::Present(&row));
    assert_eq!(evidence.sha256(manifest.id(), "new"), Membership::Absent);
    assert_eq!(evidence.sha256(manifest.id(), "8"), Membership::Unknown);
    assert_eq!(evidence.index(manifest.id(), "sha256"), Some(&index.preimage()));
}

/// The head of a liar: the contents of `content` under the names of `parts`.
fn two_faced(parts: &Manifest, content: &Manifest) -> (Head, Evidence) {
    let head = Head { content: Some(*content.content()), ..parts.head().clone() };
    let (names, works) = (evidence(parts), evidence(content));
    let mut evidence = Evidence::default();
    for (honest, tree) in [(&names, TreeName::Parts), (&works, TreeName::Content)] {
        let (_, opened) = honest.trees.iter().find(|((_, name), _)| *name == tree).unwrap();
        evidence.trees.insert((head.id(), tree), opened.clone());
    }
    evidence.heads.insert(head.id(), head.clone());
    (head, evidence)
}

#[test]
fn a_work_among_the_parts_that_is_not_among_the_contents_is_a_contradiction() {
    let (parts, content) = (files(&[("0", "content 0")]), files(&[("0", "content 3")]));
    let (head, evidence) = two_faced(&parts, &content);
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    let (manifest, names) = (head.id(), vec!["0".to_owned()]);
    let fraud = Contradiction { manifest, digest: digest("content 0"), names, count: 0 };
    assert_eq!(evidence.contradiction(manifest), Some(fraud));
    assert_eq!(evidence.contradiction(parts.id()), None);
}

#[test]
fn a_work_of_another_size_among_the_contents_is_a_contradiction() {
    let sized = |zero, one| {
        let file =
            |name: &str, size| FileEntry::new(name, size, digest(&format!("content {name}")));
        Manifest::files(vec![file("0", zero), file("1", one)], NameProfile::Any).unwrap()
    };
    let (head, evidence) = two_faced(&sized(1, 2), &sized(2, 1));
    assert_eq!(head.check(), Ok(()));
    let found = evidence.contradiction(head.id()).unwrap();
    assert_eq!((found.digest, found.count), (digest("content 0"), 0));
    assert_eq!(found.names, ["0"]);
}

#[test]
fn a_work_that_occurs_less_often_among_the_contents_is_a_contradiction() {
    let parts = files(&[("0", "content 0"), ("new", "content 0")]);
    let content = files(&[("0", "content 0"), ("1", "content 1")]);
    let (head, evidence) = two_faced(&parts, &content);
    let found = evidence.contradiction(head.id()).unwrap();
    assert_eq!((found.names.len(), found.count), (2, 1));
    let honest = two_faced(&parts, &parts).1;
    assert_eq!(honest.contradiction(parts.id()), None);
}

mod refused {
    use super::super::wire::EvidenceIndex;
    use super::*;
    use crate::limits::BUDGET_NODES;

    /// What `change` makes of sound evidence about two datasets.
    #[track_caller]
    fn check(
        change: impl FnOnce(&mut EvidenceFile),
        error: impl FnOnce(ManifestId, ManifestId) -> EvidenceError,
    ) {
        let (a, b) = (hundred(), files(&[("0", "content 0"), ("1", "content 1")]));
        let (a, b) = if a.id() < b.id() { (a, b) } else { (b, a) };
        let mut file = evidence(&a).join(&evidence(&b)).unwrap().to_file();
        let sound = cbor::encode(&file);
        assert_eq!(Evidence::decode(&sound).unwrap().to_bytes(), sound);
        change(&mut file);
        let refused = Evidence::decode(&cbor::encode(&file)).unwrap_err();
        assert_eq!(refused, error(a.id(), b.id()));
    }

    #[test]
    fn a_tree_of_another_dataset() {
        check(
            |file| {
                let (a, b) = file.datasets.split_at_mut(1);
                std::mem::swap(&mut a[0].parts, &mut b[0].parts);
            },
            |of, _| {
                let (a, b) = (hundred(), files(&[("0", "content 0"), ("1", "content 1")]));
                let (found, expected) = if a.id() < b.id() { (b, a) } else { (a, b) };
                let (found, expected) = (Box::new(*found.parts()), Box::new(*expected.parts()));
                EvidenceError::Root { of, tree: TreeName::Parts, found, expected }
            },
        );
    }

    #[test]
    fn a_tree_of_another_kind() {
        check(
            |file| file.datasets[0].content = file.datasets[0].parts.clone(),
            |of, _| {
                // A leaf with its name is not a counted row.
                let refused = PrunedTree::<ContentRow>::decode(&parts_bytes(of), 1 << 20);
                let source = refused.unwrap_err();
                EvidenceError::Tree { of, tree: TreeName::Content, source }
            },
        );
    }

    fn parts_bytes(of: ManifestId) -> Vec<u8> {
        let all = [hundred(), files(&[("0", "content 0"), ("1", "content 1")])];
        let manifest = all.iter().find(|manifest| manifest.id() == of).unwrap();
        evidence(manifest).opened_files(of).unwrap().to_bytes()
    }

    #[test]
    fn datasets_out_of_order() {
        let unordered = |of| EvidenceError::Unordered { list: "datasets", of };
        check(|file| file.datasets.swap(0, 1), |of, _| unordered(of));
        check(|file| file.datasets[1] = file.datasets[0].clone(), |of, _| unordered(of));
    }

    #[test]
    fn a_dataset_of_which_nothing_is_opened() {
        check(
            |file| (file.datasets[1].parts, file.datasets[1].content) = (None, None),
            |_, of| EvidenceError::Unopened { of },
        );
    }

    #[test]
    fn indexes_out_of_order_and_two_by_one_rule() {
        let of = hundred().id();
        let index = |rule: &str, bytes: &str| {
            let root = *files(&[("x", bytes)]).content();
            EvidenceIndex { index: Index::new(of, rule, root), pruned: closed(&root).into() }
        };
        let unordered = EvidenceError::Unordered { list: "indexes", of };
        let by = |rules: [(&str, &str); 2]| {
            let indexes = rules.map(|(rule, bytes)| index(rule, bytes)).into();
            let file = EvidenceFile { indexes, ..Evidence::default().to_file() };
            Evidence::decode(&cbor::encode(&file)).map(|evidence| evidence.indexes.len())
        };
        assert_eq!(by([("a", "x"), ("b", "y")]), Ok(2));
        assert_eq!(by([("b", "x"), ("a", "y")]), Err(unordered.clone()));
        assert_eq!(by([("a", "x"), ("a", "y")]), Err(unordered.clone()));
        assert_eq!(by([("a", "x"), ("a", "x")]), Err(unordered));
    }

    /// A tree of which nothing is opened.
    fn closed(root: &Summary) -> Vec<u8> {
        let [count, bytes] = [root.count(), root.bytes()].map(|sum| u8::try_from(sum).unwrap());
        [&[1][..], root.hash(), &[count, bytes]].concat()
    }

    #[test]
    fn an_index_with_another_root() {
        let (found, expected) = (files(&[("x", "x")]), files(&[("x", "y")]));
        let index = Index::new(found.id(), "line-raw/1", *expected.content());
        let indexes = vec![EvidenceIndex { index, pruned: closed(found.content()).into() }];
        let file = EvidenceFile { indexes, ..Evidence::default().to_file() };
        let error = EvidenceError::Root {
            of: found.id(),
            tree: TreeName::Index("line-raw/1".into()),
            found: Box::new(*found.content()),
            expected: Box::new(*expected.content()),
        };
        assert_eq!(Evidence::decode(&cbor::encode(&file)), Err(error));
    }

    #[test]
    fn a_row_that_no_manifest_holds() {
        let bad = FileEntry::new("../escape", 1, digest("x"));
        let bytes = [vec![3], cbor::encode(&bad)].concat();
        let tree: PrunedTree<FileEntry> = PrunedTree::decode(&bytes, 1).unwrap();
        let head = Head { parts: *tree.root(), ..files(&[("a", "x")]).head().clone() };
        let mut evidence = Evidence::default();
        let of = head.id();
        evidence.heads.insert(of, head);
        evidence.trees.insert((of, TreeName::Parts), Opened::Files(tree));
        let source = ManifestError::Name(NameError::DotComponent { name: "../escape".into() });
        let error = EvidenceError::Entry { of, tree: TreeName::Parts, source: Box::new(source) };
        assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(error));
    }

    #[test]
    fn more_nodes_than_allowed_in_all_trees_together() {
        let file = evidence(&hundred()).to_file();
        let all = Evidence::from_file(file.clone(), BUDGET_NODES).unwrap();
        // `content` stands first among the trees, and last in the file.
        let items: Vec<usize> = all.trees.values().map(Opened::items).collect();
        let (of, tree) = (hundred().id(), TreeName::Content);
        let enough = items.iter().sum();
        assert_eq!(Evidence::from_file(file.clone(), enough), Ok(all));
        let source = PrunedTreeError::TooManyItems { limit: items[0] - 1 };
        let error = EvidenceError::Tree { of, tree, source };
        assert_eq!(Evidence::from_file(file, enough - 1), Err(error));
    }

    #[test]
    fn more_nodes_than_allowed_in_all_indexes_together() {
        let manifest = hundred();
        let [first, second] = [RecordRule::JsonJcs, RecordRule::LineRaw].map(|rule| {
            let mut builder = RecordIndexBuilder::new(manifest.id(), rule);
            builder.file(b"1\n2\n3\n").unwrap();
            builder.finish().unwrap()
        });
        let prover = Prover::new(&manifest).with_records(&first).unwrap();
        let prover = prover.with_records(&second).unwrap();
        let mut builder = EvidenceBuilder::new();
        builder.records(&prover, first.rule(), first.rows().iter().map(|row| row.digest));
        builder.records(&prover, second.rule(), second.rows().iter().map(|row| row.digest));
        let Ok(all) = builder.build();
        let file = all.to_file();
        // Three leaves and two nodes each.
        assert_eq!(Evidence::from_file(file.clone(), 10), Ok(all));
        let (of, tree) = (manifest.id(), TreeName::Index(second.rule().to_string()));
        let error =
            EvidenceError::Tree { of, tree, source: PrunedTreeError::TooManyItems { limit: 4 } };
        assert_eq!(Evidence::from_file(file, 9), Err(error));
    }

    #[test]
    fn indexes_that_disagree_are_not_joined() {
        let of = hundred().id();
        let with = |content| {
            let mut evidence = Evidence::default();
            let index = Index::new(of, "line-raw/1", *files(&[("x", content)]).content());
            evidence.indexes.insert((of, "line-raw/1".into()), index);
            evidence
        };
        let error = EvidenceError::IndexConflict { of, rule: "line-raw/1".into() };
        assert_eq!(with("x").join(&with("y")), Err(error));
        assert_eq!(with("x").join(&with("x")), Ok(with("x")));
    }
}

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

#[test]
fn evidence_that_says_nothing_has_one_encoding() {
    let empty = Evidence::default();
    assert!(empty.is_empty());
    assert_eq!(Evidence::decode(&empty.to_bytes()), Ok(empty));
}
