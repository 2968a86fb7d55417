use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::tree::TreeError;

mod refused;

fn id(id: &str) -> ShardId {
    ShardId::new(id).unwrap()
}

fn file(name: &str, content: &str) -> FileEntry {
    FileEntry::new(name, content.len() as u64, Digest::of(content.as_bytes()))
}

fn partial(shard: &str, files: &[(&str, &str)]) -> Partial {
    let files = files.iter().map(|(name, content)| file(name, content)).collect();
    Partial::files(id(shard), files).unwrap()
}

fn commitment(files: &[(&str, &str)]) -> Summary {
    *partial("any", files).shards().next().unwrap().1
}

fn ids(partial: &Partial) -> Vec<&str> {
    partial.shards().map(|(id, _)| id.as_str()).collect()
}

/// Few names, some of which collide when folded or are both file and directory, and few contents.
fn entries() -> impl Strategy<Value = Vec<FileEntry>> {
    let digest = (0_u8..6).prop_map(|byte| Digest::from_bytes([byte; 32]));
    let size = prop_oneof![60 => Just(1_u64), 1 => Just(2), 1 => Just(u64::MAX)];
    let name = prop_oneof![200 => "[a-z]{3}(/[a-z]{2})?", 1 => "[a-cA-C]"];
    let entry = (name, digest, size);
    proptest::collection::vec(entry, 0..40).prop_map(|entries| {
        let mut entries: Vec<_> = entries
            .into_iter()
            .map(|(name, digest, size)| FileEntry::new(name, size, digest))
            .collect();
        entries.sort();
        entries.dedup_by(|a, b| a.name == b.name);
        entries
    })
}

proptest! {
    #[test]
    fn every_partition_merged_in_any_way_with_any_retries_gives_the_manifest_of_all(
        entries in entries(),
        shards in proptest::collection::vec(0_usize..7, 40),
        retries in proptest::collection::vec(0_usize..7, 0..6),
        joins in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 20),
        threads in 1_usize..4,
        portable in any::<bool>(),
    ) {
        let profile = if portable { NameProfile::Portable } else { NameProfile::Any };
        let plain = Manifest::files(entries.clone(), profile).map_err(PartialError::from);
        let mut dealt: Vec<Vec<FileEntry>> = vec![Vec::new(); 7];
        for (entry, shard) in entries.into_iter().zip(shards) {
            dealt[shard].push(entry);
        }
        let one = |shard: usize| Partial::files(id(&format!("part-{shard}")), dealt[shard].clone());
        // Only what is wrong within one shard is found before all are together.
        let Ok(mut partials) = (0..7).chain(retries).map(one).collect::<Result<Vec<_>, _>>() else {
            prop_assert!(plain.is_err());
            return Ok(());
        };
        // Any tree of merges, some of them sent over a wire, some of what is merged sent again.
        for (a, b, again) in joins {
            if partials.len() < 2 {
                break;
            }
            let one = partials.swap_remove(a.index(partials.len()));
            let other = partials.swap_remove(b.index(partials.len()));
            let merged = one.clone().merge(other.clone()).unwrap();
            prop_assert_eq!(&other.clone().merge(one).unwrap(), &merged);
            if again {
                partials.push(Partial::decode(&merged.to_bytes()).unwrap());
                partials.push(other);
            } else {
                partials.push(merged);
            }
        }
        let all = Partial::merge_all(partials).unwrap();
        prop_assert_eq!(all.shards().len(), 7);
        prop_assert_eq!(all.finish(profile, threads), plain);
    }

    #[test]
    fn merging_is_associative_also_where_it_fails(
        tables in proptest::collection::vec(proptest::collection::btree_map(0_u8..4, 0_u8..3, 0..4), 3),
    ) {
        // Shard s with content c, for few of both: overlaps agree or conflict.
        let [a, b, c] = [0, 1, 2].map(|table: usize| {
            Partial::merge_all(tables[table].iter().map(|(shard, content)| {
                partial(&shard.to_string(), &[(&format!("f{shard}"), &content.to_string())])
            }))
            .unwrap()
        });
        let left = a.clone().merge(b.clone()).and_then(|both| both.merge(c.clone()));
        let right = b.clone().merge(c.clone()).and_then(|both| a.clone().merge(both));
        prop_assert_eq!(left.as_ref().ok(), right.as_ref().ok());
        prop_assert_eq!(left.ok(), Partial::merge_all([c, b, a]).ok());
    }
}

#[test]
fn no_partial_changes_what_it_is_merged_with() {
    let one = partial("1", &[("a", "x")]);
    assert_eq!(Partial::new().merge(one.clone()), Ok(one.clone()));
    assert_eq!(one.clone().merge(Partial::new()), Ok(one));
    let none = Partial::new().finish(NameProfile::Portable, 1).unwrap();
    assert_eq!(none, Manifest::files(vec![], NameProfile::Portable).unwrap());
}

#[test]
fn a_shard_sent_twice_counts_once_alone_or_among_others() {
    let one = partial("1", &[("a", "x")]);
    let two = partial("2", &[("b", "same"), ("c", "same")]);
    let both = one.clone().merge(two.clone()).unwrap();
    assert_eq!(both.clone().merge(two.clone()), Ok(both.clone()));
    assert_eq!(two.merge(both.clone()), Ok(both.clone()));
    assert_eq!(one.merge(both.clone()), Ok(both.clone()));
    assert_eq!((ids(&both), both.rows()), (vec!["1", "2"], 3));
    let entries = both.entries().map(|(id, file)| (id.as_str(), file.name.as_str()));
    assert!(entries.eq([("1", "a"), ("2", "b"), ("2", "c")]));
    let manifest = both.finish(NameProfile::Portable, 1).unwrap();
    assert_eq!(manifest.content_rows().iter().map(|row| row.count).max(), Some(2));
}

#[test]
fn a_shard_without_files_is_known_to_be_done() {
    let empty = partial("done", &[]);
    assert_eq!(empty.shards().collect::<Vec<_>>(), [(&id("done"), &Summary::EMPTY)]);
    assert_eq!(Partial::decode(&empty.to_bytes()), Ok(empty));
}

#[test]
fn a_shard_with_other_rows_is_refused_by_name_whatever_the_order() {
    let (first, second) = ([("a", "x")], [("a", "y")]);
    let [one, other] = [commitment(&first), commitment(&second)];
    let (one, other) = (one.min(other), one.max(other));
    let conflict = Err(PartialError::Conflict { shard: id("1"), one, other });
    let both = partial("1", &first).merge(partial("2", &[("b", "z")])).unwrap();
    assert_eq!(both.clone().merge(partial("1", &second)), conflict);
    assert_eq!(partial("1", &second).merge(both), conflict);
}

#[test]
fn of_several_conflicts_the_first_shard_is_named() {
    let many = |content| ["3", "1", "2"].map(|shard| partial(shard, &[(shard, content)]));
    let (one, other) =
        (Partial::merge_all(many("x")).unwrap(), Partial::merge_all(many("y")).unwrap());
    let Err(PartialError::Conflict { shard, .. }) = one.merge(other) else { panic!("a conflict") };
    assert_eq!(shard, id("1"));
}

#[test]
fn a_name_in_two_shards_names_both() {
    let [c, a, b] = ["c", "a", "b"].map(|shard| partial(shard, &[("same", shard), (shard, "x")]));
    let shared = PartialError::SharedName { name: "same".into(), one: id("a"), other: id("b") };
    let all = Partial::merge_all([c, a, b]).unwrap();
    assert_eq!(all.finish(NameProfile::Any, 2), Err(shared));
}

#[test]
fn what_stands_between_shards_is_found_at_the_end() {
    let finish = |one: &[(&str, &str)], other: &[(&str, &str)], profile| {
        partial("1", one).merge(partial("2", other)).unwrap().finish(profile, 1)
    };
    let fault = NameError::FileAndDirectory { name: "a".into() };
    let fault = ManifestError::from(fault).into();
    assert_eq!(finish(&[("a", "x")], &[("a/b", "y")], NameProfile::Any), Err(fault));
    let fault = NameError::Collision { name: "a".into(), other: "A".into() };
    let fault = ManifestError::from(fault).into();
    assert_eq!(finish(&[("a", "x")], &[("A", "y")], NameProfile::Portable), Err(fault));
    assert!(finish(&[("a", "x")], &[("A", "y")], NameProfile::Any).is_ok());
}

#[test]
fn one_digest_with_two_sizes_is_found_within_and_between_shards() {
    let digest = Digest::of(b"x");
    let [one, other] = [("a", 1), ("b", 2)].map(|(name, size)| FileEntry::new(name, size, digest));
    let conflict = Err(ManifestError::SizeConflict { digest, one: 1, other: 2 }.into());
    let within = Partial::files(id("1"), vec![one.clone(), other.clone()]).unwrap();
    assert_eq!(within.finish(NameProfile::Any, 1), conflict);
    let [one, other] = [("1", one), ("2", other)]
        .map(|(shard, file)| Partial::files(id(shard), vec![file]).unwrap());
    assert_eq!(other.merge(one).unwrap().finish(NameProfile::Any, 1), conflict);
}

#[test]
fn a_shard_is_refused_for_its_names_and_sums() {
    let files = |files| Partial::files(id("1"), files).map(drop);
    let twice = NameError::Duplicate { name: "a".into() };
    assert_eq!(files(vec![file("a", "x"), file("a", "y")]), Err(twice.into()));
    let dots = NameError::DotComponent { name: "../a".into() };
    assert_eq!(files(vec![file("../a", "x")]), Err(dots.into()));
    let huge = FileEntry::new("a", u64::MAX, Digest::of(b"a"));
    assert_eq!(files(vec![huge, file("b", "x")]), Err(TreeError::SumOverflow.into()));
}

#[test]
fn ids_of_shards_are_short_texts_without_control_characters() {
    assert_eq!(ShardId::new(""), Err(ShardIdError::Empty));
    assert_eq!(ShardId::new("a\tb"), Err(ShardIdError::Control { id: "a\tb".into() }));
    assert_eq!(ShardId::new("x".repeat(MAX_SHARD_ID)).unwrap().as_str().len(), MAX_SHARD_ID);
    let long = "x".repeat(MAX_SHARD_ID + 1);
    let error = ShardIdError::TooLong { id: "x".repeat(80), found: 256, limit: 255 };
    assert_eq!(ShardId::new(long), Err(error));
    assert_eq!("数据/分片 7".parse::<ShardId>().unwrap().to_string(), "数据/分片 7");
}

#[test]
fn many_rows_are_read_as_they_were_written() {
    let files: Vec<FileEntry> = (0..9_000)
        .map(|i| FileEntry::new(format!("d{:03}/{i}", i % 100), 8, Digest::of(&[0; 8])))
        .collect();
    let (first, second) = files.split_at(8_192);
    let all = [("1", first), ("2", second)]
        .map(|(shard, files)| Partial::files(id(shard), files.to_vec()).unwrap());
    let all = Partial::merge_all(all).unwrap();
    let bytes = all.to_bytes();
    let read = Partial::read_from(bytes.as_slice()).unwrap();
    assert_eq!(read, all);
    assert_eq!(read.to_bytes(), bytes);
    let manifest = Manifest::files(files, NameProfile::Any).unwrap();
    assert_eq!(read.finish(NameProfile::Any, 2), Ok(manifest));
}
