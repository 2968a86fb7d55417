use proptest::prelude::*;

use super::*;
use crate::id::ManifestId;
use crate::manifest::{Dataset, DatasetIndex, Index, ScanMethod};
use crate::tree::{self, Kind, Leaf, Row as _, Summary, TreeError};

const OF: ManifestId = ManifestId::from_bytes([7; 32]);

fn builder(rule: RecordRule) -> RecordIndexBuilder {
    RecordIndexBuilder::new(OF, rule)
}

/// Slow and obvious: all records sorted, equal ones counted, one leaf after the other.
fn oracle(records: &[(Digest, u64)]) -> (Summary, Vec<RecordRow>) {
    let mut sorted = records.to_vec();
    sorted.sort_unstable();
    let mut rows: Vec<RecordRow> = Vec::new();
    for (digest, size) in sorted {
        match rows.iter_mut().find(|row| row.digest == digest) {
            Some(row) => row.count += 1,
            None => rows.push(RecordRow { digest, count: 1, size }),
        }
    }
    let leaf = |row: &RecordRow| Leaf::counted(*row.digest.as_bytes(), row.count, row.size);
    let root = tree::root(Kind::Index, rows.iter().map(|row| leaf(row).unwrap())).unwrap();
    (root, rows)
}

#[test]
fn duplicates_are_counted() {
    let mut builder = builder(RecordRule::LineRaw);
    builder.file(b"a\nbb\na\n").unwrap();
    builder.file(b"a\n").unwrap();
    let index = builder.finish().unwrap();
    assert_eq!((index.records(), index.distinct(), index.duplicates()), (4, 2, 2));
    assert_eq!(index.root().bytes(), 5);
    assert_eq!(index.count_of(Digest::of(b"a")), 3);
    assert_eq!(index.count_of(Digest::of(b"bb")), 1);
    assert_eq!(index.count_of(Digest::of(b"c")), 0);
}

#[test]
fn an_index_without_records_is_empty() {
    let index = builder(RecordRule::LineRaw).finish().unwrap();
    assert_eq!(index.root(), &Summary::EMPTY);
    assert_eq!((index.records(), index.distinct(), index.duplicates()), (0, 0, 0));
}

#[test]
fn the_id_covers_dataset_rule_and_records() {
    let made = |of, rule: &RecordRule, line: &[u8]| {
        let mut builder = RecordIndexBuilder::new(of, rule.clone());
        builder.digests([record(line)]);
        builder.finish().unwrap()
    };
    let index = made(OF, &RecordRule::LineRaw, b"a");
    assert_eq!(index.id(), Index::new(OF, "line-raw/1", *index.root()).id());
    assert_eq!(index.dataset_index(), DatasetIndex::new(index.id(), "line-raw/1"));
    let other = ManifestId::from_bytes([8; 32]);
    assert_ne!(made(other, &RecordRule::LineRaw, b"a").id(), index.id());
    assert_ne!(made(OF, &RecordRule::TarMember, b"a").id(), index.id());
    assert_ne!(made(OF, &RecordRule::LineRaw, b"b").id(), index.id());
}

#[test]
fn one_digest_with_two_sizes_is_refused() {
    let (digest, _) = record("a");
    let mut builder = builder(RecordRule::LineRaw);
    builder.digests([(digest, 2), (digest, 1), (digest, 2)]);
    let conflict = RecordIndexError::SizeConflict { digest, one: 1, other: 2 };
    assert_eq!(builder.finish(), Err(conflict));
}

#[test]
fn sizes_that_add_up_to_too_much_are_refused() {
    let mut builder = builder(RecordRule::LineRaw);
    builder.digests([(Digest::of(b"a"), u64::MAX), (Digest::of(b"b"), 1)]);
    assert_eq!(builder.finish(), Err(TreeError::SumOverflow.into()));
}

#[test]
fn records_of_another_dataset_rule_or_files_are_not_merged() {
    let mut here = builder(RecordRule::LineRaw);
    let (found, expected) = (ManifestId::from_bytes([8; 32]), OF);
    let other = RecordIndexBuilder::new(found, RecordRule::LineRaw);
    assert_eq!(here.merge(other), Err(RecordIndexError::OtherManifest { found, expected }));
    let (found, expected) = (RecordRule::JsonJcs, RecordRule::LineRaw);
    let fault = RecordIndexError::OtherRule { found: found.clone(), expected };
    assert_eq!(here.merge(builder(found)), Err(fault));
    let some = builder(RecordRule::LineRaw).only(Summary::EMPTY);
    assert_eq!(here.merge(some), Err(RecordIndexError::OtherFiles { of: OF }));
    assert!(here.finish().is_ok());
}

#[test]
fn a_file_that_failed_leaves_no_index() {
    let error = RecordError { offset: 4, fault: RecordFault::Syntax { expected: "a value" } };
    let incomplete = RecordIndexError::Incomplete { source: Some(error.clone()) };
    let mut failed = builder(RecordRule::JsonJcs);
    assert_eq!(failed.file(b"[1]\nx"), Err(error));
    failed.file(b"[2]").unwrap();
    assert_eq!(failed.clone().finish(), Err(incomplete.clone()));
    let mut other = builder(RecordRule::JsonJcs);
    other.merge(failed).unwrap();
    assert_eq!(other.finish(), Err(incomplete));
}

#[test]
fn a_stream_that_fails_leaves_no_index() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("broken"))
        }
    }
    let mut builder = builder(RecordRule::LineRaw);
    assert!(matches!(builder.read(Broken), Err(RecordReadError::Read(_))));
    assert_eq!(builder.finish(), Err(RecordIndexError::Incomplete { source: None }));
}

#[test]
fn a_row_makes_the_leaf_of_a_multiset() {
    let row = RecordRow { digest: Digest::of(b"a"), count: 3, size: 2 };
    let leaf = row.leaf(row.key(), &crate::cbor::encode(&row)).unwrap();
    assert_eq!((leaf.key, leaf.count, leaf.bytes), (*row.digest.as_bytes(), 3, 6));
    assert_eq!(leaf.value[..17], [3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(crate::cbor::decode(&crate::cbor::encode(&row)), Ok(row));
}

#[test]
fn many_duplicates_take_the_memory_of_few_rows() {
    let mut builder = builder(RecordRule::LineRaw);
    let few: Vec<_> = (0..100_u8).map(|i| record([i])).collect();
    for _ in 0..5_000 {
        builder.digests(few.iter().copied());
    }
    assert!(builder.rows_held() < 256 * 1_024, "{} rows", builder.rows_held());
    assert_eq!(builder.finish().unwrap().count_of(few[7].0), 5_000);
}

#[test]
fn a_dataset_answers_under_every_rule_it_declares() {
    let line = br#"{"text": "To be, or not", "id": 7}"#;
    let mut dataset = Dataset::new(OF, "Plays", ScanMethod::Full);
    let rules = [RecordRule::JsonJcs, RecordRule::LineRaw, text_rule("/text"), text_rule("/id")];
    let mut indexes: Vec<RecordIndex> = rules[..3]
        .iter()
        .map(|rule| {
            let mut builder = builder(rule.clone());
            builder.file(line).unwrap();
            builder.finish().unwrap()
        })
        .collect();
    dataset.indexes.extend(indexes.iter().map(RecordIndex::dataset_index));
    let unheld = DatasetIndex::new(builder(rules[3].clone()).finish().unwrap().id(), "text/1#/id");
    dataset.indexes.extend([unheld, DatasetIndex::new(OF_SHA, "sha256")]);
    let ask = |indexes: &[RecordIndex], document| {
        let answers = dataset.look_up(indexes, document);
        let mut answers: Vec<_> =
            answers.into_iter().map(|answer| (answer.index.rule, answer.presence)).collect();
        answers.sort_by(|a, b| a.0.cmp(&b.0));
        answers
    };
    let present = |rule: &RecordRule| {
        let digest = rule.digest_of(line).unwrap();
        (rule.to_string(), RecordPresence::Present { count: 1, digest })
    };
    let unknown = ("text/1#/id".to_owned(), RecordPresence::Unknown);
    assert_eq!(
        ask(&indexes, Document::Record(line)),
        [present(&rules[0]), present(&rules[1]), unknown, present(&rules[2])]
    );
    let bare = ask(&indexes, Document::Text(" To be, or\nnot"));
    assert!(matches!(bare[0].1, RecordPresence::NoRecord(_)));
    assert!(matches!(bare[1].1, RecordPresence::NoRecord(_)));
    assert_eq!(bare[3], present(&rules[2]));
    let absent = Document::Text("That is the question");
    assert!(matches!(ask(&indexes, absent)[3].1, RecordPresence::Absent { .. }));
    // Whoever hands over other rows hands over no answer.
    indexes[1] = builder(RecordRule::LineRaw).finish().unwrap();
    assert_eq!(ask(&indexes, Document::Record(line))[1].1, RecordPresence::Unknown);
}

const OF_SHA: crate::id::IndexId = crate::id::IndexId::from_bytes([9; 32]);

#[test]
fn nobody_here_can_look_up_under_an_own_rule() {
    let rule: RecordRule = "urn:example:words".parse().unwrap();
    let index = builder(rule).finish().unwrap();
    assert_eq!(index.look_up(Document::Text("word")), RecordPresence::Unknown);
}

fn some_records() -> impl Strategy<Value = Vec<(Digest, u64)>> {
    // Some in one pile, some with equal first bytes, some equal.
    let digest = prop_oneof![
        any::<[u8; 32]>(),
        (0_usize..32, 0_u8..3).prop_map(|(at, byte)| {
            let mut digest = [0xaa; 32];
            digest[at] = byte;
            digest
        }),
    ];
    let record = digest.prop_map(|bytes| (Digest::from_bytes(bytes), u64::from(bytes[31])));
    prop::collection::vec(record, 0..80)
}

proptest! {
    #[test]
    fn neither_order_nor_threads_nor_partition_change_the_index(
        records in some_records(),
        shuffled in any::<prop::sample::Index>(),
        parts in 1_usize..5,
        threads in 0_usize..4,
    ) {
        let (root, rows) = oracle(&records);
        let mut moved = records.clone();
        if !moved.is_empty() {
            let by = shuffled.index(moved.len());
            moved.rotate_left(by);
        }
        let mut merged = builder(RecordRule::LineRaw).threads(threads);
        for part in moved.chunks(moved.len().div_ceil(parts).max(1)).rev() {
            let mut builder = builder(RecordRule::LineRaw);
            builder.digests(part.iter().copied());
            merged.merge(builder).unwrap();
        }
        let index = merged.finish().unwrap();
        prop_assert_eq!(index.rows(), rows);
        prop_assert_eq!(index.root(), &root);
        prop_assert_eq!(index.records(), u64::try_from(records.len()).unwrap());
    }
}

#[test]
fn an_index_that_is_declared_under_another_rule_answers_nothing() {
    let of = ManifestId::from_bytes([7; 32]);
    let mut builder = RecordIndexBuilder::new(of, RecordRule::LineRaw);
    builder.file(b"{}\n").unwrap();
    let index = builder.finish().unwrap();
    let mut dataset = Dataset::new(of, "Lines", ScanMethod::Full);
    dataset.indexes.insert(DatasetIndex::new(index.id(), "json-jcs/1"));
    let answers = dataset.look_up(&[index], Document::Record(b"{ }"));
    assert_eq!(answers[0].presence, RecordPresence::Unknown);
}

#[test]
fn an_index_of_another_dataset_that_is_declared_answers_nothing() {
    let mut builder = RecordIndexBuilder::new(ManifestId::from_bytes([7; 32]), RecordRule::LineRaw);
    builder.file(b"{}\n").unwrap();
    let index = builder.finish().unwrap();
    let mut dataset = Dataset::new(ManifestId::from_bytes([8; 32]), "Lines", ScanMethod::Full);
    dataset.indexes.insert(index.dataset_index());
    let answers = dataset.look_up(&[index], Document::Record(b"{}"));
    assert_eq!(answers[0].presence, RecordPresence::Unknown);
}
