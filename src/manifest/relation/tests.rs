use proptest::prelude::*;

use super::*;
use crate::digest::Digest;
use crate::manifest::prover::Trees;
use crate::manifest::{
    CompositeProver, Evidence, EvidenceBuilder, FileEntry, Head, Mount, NameProfile, Provable,
    Prover,
};

fn entry(number: usize, content: &str, size: u64) -> FileEntry {
    FileEntry::new(number.to_string(), size, Digest::of(content.as_bytes()))
}

/// Files with these contents.
fn files<S: AsRef<str>>(contents: &[S]) -> Manifest {
    let entries = contents.iter().map(AsRef::as_ref).enumerate();
    let entries = entries.map(|(number, content)| entry(number, content, 1)).collect();
    Manifest::files(entries, NameProfile::Any).unwrap()
}

fn composite(mounts: &[&Head]) -> Composite {
    let mounts = mounts.iter().enumerate();
    let mounts = mounts.map(|(number, head)| Mount::new(number.to_string(), (*head).clone()));
    Composite::new(mounts.collect(), NameProfile::Any).unwrap()
}

/// What there is of some datasets and composites.
#[derive(Default)]
struct Shelf<'a> {
    datasets: BTreeMap<ManifestId, &'a Manifest>,
    composites: BTreeMap<ManifestId, &'a Composite>,
}

impl<'a> Shelf<'a> {
    fn new(datasets: &'a [Manifest], composites: &'a [Composite]) -> Self {
        Self {
            datasets: datasets.iter().map(|one| (one.id(), one)).collect(),
            composites: composites.iter().map(|one| (one.id(), one)).collect(),
        }
    }

    fn judge(&self, kind: RelationKind, of: ManifestId, with: &[ManifestId]) -> Judgement {
        let tree = TreeName::Content;
        let mounts = |id| {
            let composite: &&Composite = self.composites.get(&id)?;
            Some(Mounts { rows: composite.mounts().iter().collect(), is_whole: true })
        };
        let claim = Claim::new(kind, &tree, of, with.iter().copied(), &mounts);
        let find = |id| self.datasets.get(&id).map(|manifest| Given::All(manifest));
        claim
            .and_then(|claim| claim.given(&tree, find))
            .map_or(Judgement::Unknown, Decidable::judge)
    }
}

/// All mounts of the composites, and all contents of the datasets.
fn evidence(datasets: &[Manifest], composites: &[Composite]) -> Evidence {
    let provers: Vec<Prover<'_>> = datasets.iter().map(Prover::new).collect();
    let mut builder = EvidenceBuilder::new();
    for composite in composites {
        builder.composite(composite);
    }
    for prover in &provers {
        builder.contents(prover, prover.manifest().content_rows().iter().map(|row| row.digest));
    }
    let Ok(evidence) = builder.build();
    Evidence::decode(&evidence.to_bytes()).unwrap()
}

/// Datasets, and composites of what stands before them; of each its head and all its contents.
#[derive(Clone, Debug)]
struct World {
    datasets: Vec<Manifest>,
    composites: Vec<Composite>,
    all: Vec<(Head, Vec<String>)>,
}

fn worlds() -> impl Strategy<Value = World> {
    let datasets = prop::collection::vec(prop::collection::vec(0_u8..6, 1..6), 1..5);
    let mounts = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 1..6);
    (datasets, mounts).prop_map(|(datasets, mounts)| {
        let mut all: Vec<(Head, Vec<String>)> = Vec::new();
        let datasets: Vec<Manifest> = datasets
            .iter()
            .map(|rows| {
                let rows: Vec<String> = rows.iter().map(u8::to_string).collect();
                let made = files(&rows);
                all.push((made.head().clone(), rows));
                made
            })
            .collect();
        let mut composites = Vec::new();
        for picks in &mounts {
            let picks = picks.iter().map(|pick| usize::from(*pick) % all.len());
            let picks: Vec<usize> = picks.filter(|pick| all[*pick].0.parts.count() > 0).collect();
            let heads: Vec<&Head> = picks.iter().map(|pick| &all[*pick].0).collect();
            let made = composite(&heads);
            let rows = picks.iter().flat_map(|pick| all[*pick].1.clone()).collect();
            all.push((made.head().clone(), rows));
            composites.push(made);
        }
        World { datasets, composites, all }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn contents_of_composites_are_judged_as_those_of_one_dataset_with_all_entries(
        world in worlds(),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 2..4),
        hidden in any::<u16>(),
    ) {
        let World { datasets, composites, all } = &world;
        let picked: Vec<&(Head, Vec<String>)> = picks.iter().map(|pick| pick.get(all)).collect();
        let flat: Vec<Manifest> = picked.iter().map(|(_, rows)| files(rows)).collect();
        let ids: Vec<ManifestId> = picked.iter().map(|(head, _)| head.id()).collect();
        let shelf = Shelf::new(datasets, composites);
        let mut partly = Shelf::new(datasets, composites);
        let mut number = 0;
        let mut kept = || { number += 1; hidden >> (number % 16) & 3 != 0 };
        partly.datasets.retain(|_, _| kept());
        partly.composites.retain(|_, _| kept());
        let whole = evidence(datasets, composites);
        let some = whole.retain(|of, _| of.as_bytes()[0] & 7 != u8::try_from(hidden & 7).unwrap());
        for kind in RelationKind::ALL.iter().copied() {
            let several = if kind.is_with_one() { 2 } else { ids.len() };
            let (of, with) = (ids[0], &ids[1..several]);
            let rows: Vec<Given<'_>> = flat[1..several].iter().map(Given::All).collect();
            let expected = judge(kind, &TreeName::Content, Given::All(&flat[0]), &rows);
            prop_assert!(expected != Judgement::Unknown);
            prop_assert_eq!(shelf.judge(kind, of, with), expected, "{} by rows", kind);
            let judged = |evidence: &Evidence| {
                evidence.relation(kind, &TreeName::Content, of, with.iter().copied())
            };
            prop_assert_eq!(judged(&whole), expected, "{} by evidence", kind);
            let (found, proof) = proven(&world, kind, of, with);
            prop_assert_eq!(found, expected, "{} by opening", kind);
            prop_assert_eq!(judged(&proof), expected, "{} by the proof", kind);
            let more = proof.join(&some).unwrap();
            prop_assert_eq!(judged(&more), expected, "{} by more than the proof", kind);
            for judged in [partly.judge(kind, of, with), judged(&some)] {
                prop_assert!(judged == expected || judged == Judgement::Unknown, "{} {:?}", kind, judged);
            }
        }
    }
}

/// What a builder finds, and the evidence of it.
fn proven(
    world: &World,
    kind: RelationKind,
    of: ManifestId,
    with: &[ManifestId],
) -> (Judgement, Evidence) {
    let provers: Vec<Prover<'_>> = world.datasets.iter().map(Prover::new).collect();
    let parts =
        |composite| provers.iter().fold(CompositeProver::new(composite), |all, one| all.with(one));
    let inner: Vec<CompositeProver<'_>> = world.composites.iter().map(parts).collect();
    // Each with all datasets, and with the composites before it.
    let composites: Vec<CompositeProver<'_>> = world
        .composites
        .iter()
        .map(|composite| {
            inner.iter().fold(CompositeProver::new(composite), |all, one| all.with(one))
        })
        .collect();
    let find = |id: &ManifestId| -> &dyn Provable<_> {
        let at = |one: &CompositeProver<'_>| Trees::of(one) == *id;
        let dataset = || provers.iter().find(|one| one.id() == *id).unwrap() as _;
        composites.iter().find(|one| at(one)).map_or_else(dataset, |one| one as _)
    };
    let with: Vec<&dyn Provable<_>> = with.iter().map(find).collect();
    let mut builder = EvidenceBuilder::new();
    let Ok(found) = builder.relation(kind, &TreeName::Content, find(&of), &with);
    let Ok(evidence) = builder.build();
    (found, Evidence::decode(&evidence.to_bytes()).unwrap())
}

#[test]
fn what_follows_from_mounts_needs_no_rows() {
    let [one, two, three] = [files(&["a", "b"]), files(&["b", "c"]), files(&["d"])];
    let heads = [one.head(), two.head(), three.head()];
    let both = composite(&heads[..2]);
    let all = composite(&heads);
    let nested = composite(&[both.head(), heads[2]]);
    let composites = [both.clone(), all.clone(), nested.clone()];
    let shelf = Shelf::new(&[], &composites);
    let [one, two, three] = [one.id(), two.id(), three.id()];
    for (kind, of, with) in [
        (RelationKind::SumOf, both.id(), vec![one, two]),
        (RelationKind::SumOf, all.id(), vec![both.id(), three]),
        (RelationKind::UnionOf, all.id(), vec![one, both.id(), three]),
        (RelationKind::Same, all.id(), vec![nested.id()]),
        (RelationKind::SameKeys, all.id(), vec![nested.id()]),
        (RelationKind::PartitionOf, all.id(), vec![nested.id()]),
        (RelationKind::SubsetOf, both.id(), vec![nested.id()]),
        (RelationKind::SupersetOf, nested.id(), vec![both.id()]),
    ] {
        assert_eq!(shelf.judge(kind, of, &with), Judgement::Holds, "{kind}");
    }
    // One of them is there twice.
    let twice = composite(&[heads[0], heads[0]]);
    let composites = [both.clone(), twice.clone()];
    let shelf = Shelf::new(&[], &composites);
    let judged = |kind, of: &Composite, with: &[ManifestId]| shelf.judge(kind, of.id(), with);
    assert_eq!(judged(RelationKind::SumOf, &twice, &[one]), Judgement::Fails);
    assert_eq!(judged(RelationKind::UnionOf, &twice, &[one]), Judgement::Holds);
    // Whether the parts have rows in common their ids do not tell.
    assert_eq!(judged(RelationKind::PartitionOf, &both, &[one, two]), Judgement::Unknown);
}

#[test]
fn a_claim_about_a_mount_that_is_not_known_is_unknown() {
    let [one, two] = [files(&["a"]), files(&["b"])];
    let inner = composite(&[two.head()]);
    let outer = composite(&[one.head(), inner.head()]);
    let datasets = [one.clone(), two];
    let composites = [outer.clone()];
    // What is known of it is a subset of nothing, and would be one of itself.
    let shelf = Shelf::new(&datasets, &composites);
    for kind in RelationKind::ALL.iter().copied() {
        assert_eq!(shelf.judge(kind, outer.id(), &[one.id()]), Judgement::Unknown, "{kind}");
        assert_eq!(shelf.judge(kind, one.id(), &[outer.id()]), Judgement::Unknown, "{kind}");
    }
}

#[test]
fn a_digest_with_two_sizes_in_one_composite_decides_nothing() {
    let honest = files(&["a"]);
    let liar = Manifest::files(vec![entry(0, "a", 9)], NameProfile::Any).unwrap();
    let both = composite(&[honest.head(), liar.head()]);
    let two = files(&["a", "a"]);
    let datasets = [honest, liar, two.clone()];
    let composites = [both.clone()];
    let shelf = Shelf::new(&datasets, &composites);
    for kind in [RelationKind::Same, RelationKind::SubsetOf, RelationKind::SupersetOf] {
        assert_eq!(shelf.judge(kind, both.id(), &[two.id()]), Judgement::Unknown, "{kind}");
    }
}

#[test]
fn a_mount_counts_by_the_contents_that_its_head_commits_to() {
    // The names of one, the contents of another.
    let [shown, real] = [files(&["a"]), files(&["b"])];
    let head = Head { content: real.head().content, ..shown.head().clone() };
    let both = composite(&[&head]);
    let composites = [both.clone()];
    let datasets = [shown.clone(), real.clone()];
    let shelf = Shelf::new(&datasets, &composites);
    // Nobody has rows under the liar's id; the root of its contents is known.
    assert_eq!(shelf.judge(RelationKind::Same, both.id(), &[real.id()]), Judgement::Holds);
    let judged = shelf.judge(RelationKind::SubsetOf, both.id(), &[shown.id()]);
    assert_eq!(judged, Judgement::Unknown);
}

#[test]
fn dishonest_counts_of_mounts_do_not_wrap() {
    let mut of = files(&["a"]).content_rows().to_vec();
    of[0].count = 1 << 63;
    let nodes = tree::Nodes::new(&of[..]).unwrap();
    let cut = tree::Cut { keys: vec![*of[0].digest.as_bytes()], ..Default::default() };
    let Ok(tree) = tree::PrunedTree::new(&nodes, &cut);
    let opened = Opened::Content(tree);
    let zero = files::<&str>(&[]);
    let sum = Decidable {
        kind: RelationKind::Same,
        tree: &TreeName::Content,
        of: vec![(Given::Pruned(&opened), 2)],
        with: vec![vec![(Given::All(&zero), 1)]],
    };
    assert_eq!(sum.judge(), Judgement::Fails);
    let same = Decidable {
        kind: RelationKind::SupersetOf,
        tree: &TreeName::Content,
        of: vec![(Given::Pruned(&opened), 2)],
        with: vec![vec![(Given::Pruned(&opened), 1)]],
    };
    assert_eq!(same.judge(), Judgement::Unknown);
}

#[test]
fn one_dataset_that_several_composites_have_more_than_2_to_the_64_times_is_not_judged() {
    let one = Manifest::files(vec![entry(0, "a", 0)], NameProfile::Any).unwrap();
    // Each has the one before it twice: 2^1 to 2^63 times the file.
    let mut doubled = vec![composite(&[one.head(), one.head()])];
    for _ in 1..63 {
        let last = doubled.last().unwrap().head().clone();
        doubled.push(composite(&[&last, &last]));
    }
    let heads = || doubled.iter().map(Composite::head);
    let most = composite(&heads().chain([one.head()]).collect::<Vec<_>>());
    assert_eq!(most.parts().count(), u64::MAX);
    let half = doubled.last().unwrap().clone();
    // As often as the last one, put together in another way.
    let same = composite(&heads().take(62).chain([one.head(), one.head()]).collect::<Vec<_>>());
    assert_eq!((half.parts().count(), same.parts().count()), (1 << 63, 1 << 63));
    let (of, with) = (most.id(), [half.id(), same.id()]);
    let datasets = [one];
    let composites = [doubled, vec![most, same]].concat();
    let shelf = Shelf::new(&datasets, &composites);
    assert_eq!(shelf.judge(RelationKind::SumOf, of, &with), Judgement::Unknown);
    assert_eq!(shelf.judge(RelationKind::SumOf, of, &with[..1]), Judgement::Fails);
    assert_eq!(shelf.judge(RelationKind::SumOf, with[0], &with[1..]), Judgement::Holds);
    assert_eq!(shelf.judge(RelationKind::UnionOf, of, &with), Judgement::Holds);
}

#[test]
fn rows_that_several_datasets_have_together_do_not_wrap() {
    let half = {
        let mut rows = files(&["a"]).content_rows().to_vec();
        rows[0].count = 1 << 63;
        rows
    };
    let most = vec![ContentRow { count: u64::MAX, ..half[0] }];
    let opened = |rows: &[ContentRow]| {
        let nodes = tree::Nodes::new(rows).unwrap();
        let cut = tree::Cut { keys: vec![*rows[0].digest.as_bytes()], ..Default::default() };
        let Ok(tree) = tree::PrunedTree::new(&nodes, &cut);
        Opened::Content(tree)
    };
    let (half, most) = (opened(&half), opened(&most));
    let judge = |kind| {
        let of = vec![(Given::Pruned(&most), 1)];
        let with = vec![vec![(Given::Pruned(&half), 1), (Given::Pruned(&half), 1)]];
        Decidable { kind, tree: &TreeName::Content, of, with }.judge()
    };
    assert_eq!(judge(RelationKind::Same), Judgement::Unknown);
    assert_eq!(judge(RelationKind::SupersetOf), Judgement::Unknown);
}

/// The same contents under other names, so another dataset with the same root of contents.
fn renamed(contents: &[&str]) -> Manifest {
    let entries = contents.iter().enumerate();
    let entries = entries.map(|(number, content)| entry(number + 100, content, 1)).collect();
    Manifest::files(entries, NameProfile::Any).unwrap()
}

#[test]
fn what_is_taken_together_is_not_told_by_one_of_it() {
    let [one, two, again] = [files(&["a", "b"]), files(&["c", "d"]), renamed(&["a", "b"])];
    assert_ne!(one.id(), again.id());
    let [both, alone] = [composite(&[one.head(), two.head()]), composite(&[again.head()])];
    let datasets = [one, two];
    let composites = [both.clone(), alone.clone()];
    let shelf = Shelf::new(&datasets, &composites);
    // Of the other side the root alone is known, which is that of one part.
    for kind in [RelationKind::Same, RelationKind::SubsetOf, RelationKind::SupersetOf] {
        assert_eq!(shelf.judge(kind, both.id(), &[alone.id()]), Judgement::Unknown, "{kind}");
        assert_eq!(shelf.judge(kind, alone.id(), &[both.id()]), Judgement::Unknown, "{kind}");
    }
    let (kind, with) = (RelationKind::SumOf, [alone.id()]);
    assert_eq!(shelf.judge(kind, both.id(), &with), Judgement::Unknown);
}

#[test]
fn roots_alone_tell_what_counts_are_free_in_and_what_is_left_of_a_sum() {
    let [one, again] = [files(&["a", "b"]), renamed(&["a", "b"])];
    let twice = composite(&[one.head(), one.head()]);
    let [alone, same] = [composite(&[again.head()]), composite(&[one.head()])];
    let both = composite(&[one.head(), again.head()]);
    let composites = [twice.clone(), alone.clone(), same.clone(), both.clone()];
    let shelf = Shelf::new(&[], &composites);
    let judge = |kind, of: &Composite, with: &[ManifestId]| shelf.judge(kind, of.id(), with);
    assert_eq!(judge(RelationKind::SameKeys, &twice, &[alone.id()]), Judgement::Holds);
    assert_eq!(judge(RelationKind::UnionOf, &twice, &[alone.id()]), Judgement::Holds);
    assert_eq!(judge(RelationKind::DisjointFrom, &twice, &[alone.id()]), Judgement::Fails);
    assert_eq!(judge(RelationKind::Same, &twice, &[alone.id()]), Judgement::Unknown);
    // A mount tells the root of what stands beside it by itself.
    let with = [one.id(), same.id()];
    assert_eq!(judge(RelationKind::SumOf, &both, &with), Judgement::Holds);
    assert_eq!(judge(RelationKind::UnionOf, &alone, &with), Judgement::Holds);
}

/// Each of these mounts what stands before it, which is at hand with it twice.
fn judged_at_hand(
    composites: &[Composite],
    inner: &dyn Provable<Infallible>,
    other: &Prover<'_>,
) -> Judgement {
    if let Some((next, rest)) = composites.split_first() {
        let prover = CompositeProver::new(next).with(inner).with(inner);
        return judged_at_hand(rest, &prover, other);
    }
    let (kind, tree) = (RelationKind::DisjointFrom, TreeName::Content);
    let Ok(judged) = EvidenceBuilder::new().relation(kind, &tree, inner, &[other]);
    judged
}

#[test]
fn what_is_at_hand_often_is_visited_once() {
    let [one, other] = [files(&["a"]), files(&["b"])];
    let mut doubled = vec![composite(&[one.head(), one.head()])];
    for _ in 1..60 {
        let last = doubled.last().unwrap().head().clone();
        doubled.push(composite(&[&last, &last]));
    }
    let judged = judged_at_hand(&doubled, &Prover::new(&one), &Prover::new(&other));
    assert_eq!(judged, Judgement::Holds);
}
