mod refused;
mod relations;

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

#[test]
fn evidence_that_says_nothing_has_one_encoding() {
    let empty = Evidence::default();
    assert!(empty.is_empty());
    assert_eq!(Evidence::decode(&empty.to_bytes()), Ok(empty));
}
