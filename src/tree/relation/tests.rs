use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Debug;

use proptest::prelude::*;

use super::*;
use crate::cbor::encode;
use crate::tree::dishonest::{Raw, raw};
use crate::tree::pruned::tests::{Named, Tally, key, named, tallies};
use crate::tree::{Cut, Nodes, PrunedTree};

/// Key, row without its count, count.
type Set = BTreeMap<[u8; 32], ([u8; 32], u64)>;

fn set<R: Row>(rows: &[R]) -> Set {
    places(rows)
        .map(|place| match place.what {
            What::Leaf { row, count } => (*place.region.first(), (row, count)),
            What::Subtree(_) | What::Mixed => unreachable!("all are rows"),
        })
        .collect()
}

fn places<R: Row>(rows: &[R]) -> impl Iterator<Item = Place> {
    rows.iter().map(|row| {
        let leaf = row.leaf(row.key(), &encode(row)).unwrap();
        Place::leaf::<R>(leaf.key, leaf.value, leaf.count)
    })
}

/// The definitions, one set after another.
fn oracle(kind: RelationKind, of: &Set, with: &[Set]) -> bool {
    let keys: BTreeSet<&[u8; 32]> = with.iter().flat_map(Set::keys).collect();
    let within = |a: &Set, b: &Set| {
        a.iter().all(|(key, (row, count))| {
            b.get(key).is_some_and(|(other, limit)| row == other && count <= limit)
        })
    };
    let rows_agree =
        with.iter().flatten().all(|(key, (row, _))| of.get(key).is_some_and(|of| of.0 == *row));
    let sums = || {
        of.iter().all(|(key, (_, count))| {
            with.iter().filter_map(|set| set.get(key)).map(|row| row.1).sum::<u64>() == *count
        })
    };
    match kind {
        RelationKind::DisjointFrom => keys.iter().all(|key| !of.contains_key(*key)),
        RelationKind::PartitionOf => {
            let once = keys
                .iter()
                .all(|key| with.iter().filter(|set| set.contains_key(*key)).count() == 1);
            once && rows_agree && sums()
        }
        RelationKind::Same => *of == with[0],
        RelationKind::SameKeys => of.keys().eq(with[0].keys()),
        RelationKind::SubsetOf => within(of, &with[0]),
        RelationKind::SumOf => rows_agree && sums(),
        RelationKind::SupersetOf => within(&with[0], of),
        RelationKind::UnionOf => rows_agree && keys.len() == of.len(),
    }
}

fn judge_rows<R: Row>(kind: RelationKind, of: &[R], with: &[Vec<R>]) -> Judgement {
    let mut with: Vec<_> = with.iter().map(|rows| Rows::new(rows)).collect();
    let mut with: Vec<&mut dyn Front<Error = Infallible>> =
        with.iter_mut().map(|rows| rows as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(kind, &mut Rows::new(of), &mut with);
    judgement
}

fn judge_pruned<R: Row>(
    kind: RelationKind,
    of: &PrunedTree<R>,
    with: &[PrunedTree<R>],
) -> Judgement {
    let mut with: Vec<Pruned<'_, R, Infallible>> = with.iter().map(Pruned::new).collect();
    let mut with: Vec<&mut dyn Front<Error = Infallible>> =
        with.iter_mut().map(|tree| tree as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(kind, &mut Pruned::new(of), &mut with);
    judgement
}

/// One tree after another by its rows or by what is opened of it, as `by_rows` says.
fn judge_mixed<R: Row>(
    kind: RelationKind,
    rows: &[&[R]],
    trees: &[PrunedTree<R>],
    by_rows: [bool; 4],
) -> Judgement {
    let mut fronts: Vec<Box<dyn Front<Error = Infallible> + '_>> = rows
        .iter()
        .zip(trees)
        .zip(by_rows)
        .map(|((rows, tree), by_rows)| -> Box<dyn Front<Error = Infallible> + '_> {
            if by_rows { Box::new(Rows::new(rows)) } else { Box::new(Pruned::new(tree)) }
        })
        .collect();
    let (of, with) = fronts.split_first_mut().unwrap();
    let mut with: Vec<&mut dyn Front<Error = Infallible>> =
        with.iter_mut().map(|front| &mut **front as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(kind, &mut **of, &mut with);
    judgement
}

/// The judgement with everything at hand, and what a proof of it opens, beside the `more` keys of the
/// tree with the same number.
fn prove<R: Row>(
    kind: RelationKind,
    of: &[R],
    with: &[Vec<R>],
    more: &[&[[u8; 32]]],
) -> (Judgement, Vec<PrunedTree<R>>) {
    let all: Vec<Nodes<'_, R>> = std::iter::once(of)
        .chain(with.iter().map(Vec::as_slice))
        .map(|rows| Nodes::new(rows).unwrap())
        .collect();
    let mut walks: Vec<Walk<_>> = all.iter().map(|tree| Walk::new(tree).unwrap()).collect();
    let (of, with) = walks.split_first_mut().unwrap();
    let mut with: Vec<&mut dyn Front<Error = Infallible>> =
        with.iter_mut().map(|walk| walk as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(kind, of, &mut with);
    let more = more.iter().copied().chain(std::iter::repeat(&[][..]));
    let cuts = walks
        .iter_mut()
        .zip(more)
        .map(|(walk, keys)| Cut { keys: keys.to_vec(), regions: walk.take_opened() });
    let trees = all.iter().zip(cuts).map(|(tree, cut)| PrunedTree::new(tree, &cut).unwrap());
    (judgement, trees.collect())
}

fn check<R: Row + Debug>(of: &[R], with: &[Vec<R>], keys: &[[u8; 32]], by_rows: [bool; 4]) {
    let sets: Vec<Set> = with.iter().map(|rows| set(rows)).collect();
    let cut = Cut { keys: keys.to_vec(), regions: BTreeSet::new() };
    let pruned = |rows: &[R]| PrunedTree::new(&Nodes::new(rows).unwrap(), &cut).unwrap();
    let some: Vec<_> = with.iter().map(|rows| pruned(rows)).collect();
    for kind in RelationKind::ALL.iter().copied() {
        let is_pair = kind.is_with_one();
        let (with, sets, some) = if is_pair {
            (&with[..1], &sets[..1], &some[..1])
        } else {
            (with, &sets[..], &some[..])
        };
        let holds = oracle(kind, &set(of), sets);
        let expected = if holds { Judgement::Holds } else { Judgement::Fails };
        assert_eq!(judge_rows(kind, of, with), expected, "{kind:?} by all rows");

        let (judgement, trees) = prove(kind, of, with, &[]);
        assert_eq!(judgement, expected, "{kind:?} by opening");
        let (pruned_of, pruned_with) = trees.split_first().unwrap();
        // Of what fails the walk stops at the first sign, and that is opened too.
        assert_eq!(judge_pruned(kind, pruned_of, pruned_with), expected, "{kind:?} by the proof");

        // To open more of some trees, for another question, takes nothing from the proof.
        let (few, many) = keys.split_at(keys.len() / 3);
        let (_, trees) = prove(kind, of, with, &[few, many, &[], keys]);
        let (pruned_of, pruned_with) = trees.split_first().unwrap();
        let judged = judge_pruned(kind, pruned_of, pruned_with);
        assert_eq!(judged, expected, "{kind:?} by more than the proof");

        let judged = judge_pruned(kind, &pruned(of), some);
        assert!(judged == expected || judged == Judgement::Unknown, "{kind:?} {judged:?}");

        // Rows in the place of some trees take nothing from the proof, nor from anything else.
        let all: Vec<&[R]> = std::iter::once(of).chain(with.iter().map(Vec::as_slice)).collect();
        assert_eq!(judge_mixed(kind, &all, &trees, by_rows), expected, "{kind:?} {by_rows:?}");
        let trees: Vec<_> = std::iter::once(pruned(of)).chain(some.iter().cloned()).collect();
        let mixed = judge_mixed(kind, &all, &trees, by_rows);
        assert!(mixed == expected || mixed == Judgement::Unknown, "{kind:?} {mixed:?}");
        assert!(mixed == expected || judged == Judgement::Unknown, "{kind:?} {by_rows:?}");
    }
}

/// Sets that have to do with each other: parts of one, shared out by chance, or anything.
fn family<R: Clone + Debug + 'static>(
    rows: impl Strategy<Value = Vec<R>> + 'static,
) -> impl Strategy<Value = (Vec<R>, Vec<Vec<R>>)> {
    let rows = rows.boxed();
    let any = (rows.clone(), prop::collection::vec(rows.clone(), 1..4));
    let shared =
        (rows, prop::collection::vec(1_u8..8, 40), 1_u8..4).prop_map(|(of, shares, several)| {
            let part =
                |bit: u8| {
                    let kept = of.iter().zip(&shares);
                    // Most in one part, some in several.
                    kept.filter(|(_, share)| {
                        if several == 1 { **share % 3 == bit } else { **share >> bit & 1 == 1 }
                    })
                    .map(|(row, _)| row.clone())
                    .collect::<Vec<R>>()
                };
            (of.clone(), vec![part(0), part(1), part(2)])
        });
    prop_oneof![
        any,
        shared.clone(),
        shared.prop_map(|(of, with)| {
            let first = with[0].clone();
            (first, vec![of, with[1].clone()])
        })
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn all_rows_opened_trees_and_proofs_agree_with_the_definitions(
        (of, with) in family(named()),
        (counted, others) in family(tallies()),
        mut keys in prop::collection::vec(key(), 0..20),
        by_rows in any::<[bool; 4]>(),
    ) {
        keys.sort_unstable();
        keys.dedup();
        check(&of, &with, &keys, by_rows);
        check(&counted, &others, &keys, by_rows);
    }

    #[test]
    fn what_holds_by_dishonest_trees_holds_of_what_a_traversal_finds(
        trees in prop::collection::vec(raw(), 1..3),
        same in any::<[bool; 2]>(),
        opened in prop::collection::vec(any::<u64>(), 3),
    ) {
        let of = trees[0].clone();
        // The same tree again, or another.
        let with: Vec<Raw> = same
            .iter()
            .zip(1..)
            .map(|(same, i)| if *same { of.clone() } else { trees.get(i).unwrap_or(&of).clone() })
            .collect();
        let all: Vec<&Raw> = std::iter::once(&of).chain(&with).collect();
        let mut read = Vec::new();
        for (tree, opened) in all.iter().zip(&opened) {
            let (mut bytes, mut at) = (Vec::new(), 0_u32);
            let mut opens = |fits: bool| {
                at += 1;
                (opened.rotate_right(at * 2) & 3 != 0) == fits
            };
            tree.write(Region::ALL, &mut opens, &mut bytes, &mut Vec::new());
            match PrunedTree::<Named>::decode(&bytes, 100) {
                Ok(pruned) if *pruned.root() == tree.summary() => read.push(pruned),
                _ => return Ok(()),
            }
        }
        let keys: BTreeSet<[u8; 32]> = all.iter().flat_map(|tree| tree.keys()).collect();
        let found = |tree: &Raw| {
            let rows: Vec<Named> = keys.iter().filter_map(|key| tree.find(key).cloned()).collect();
            set(&rows)
        };
        let sets: Vec<Set> = with.iter().map(found).collect();
        for kind in RelationKind::ALL.iter().copied() {
            let is_pair = kind.is_with_one();
            let several = if is_pair { 1 } else { 2 };
            if judge_pruned(kind, &read[0], &read[1..=several]) == Judgement::Holds {
                prop_assert!(oracle(kind, &found(&of), &sets[..several]), "{:?}", kind);
            }
        }
    }
}

/// What several trees have together, each so often.
fn sum(parts: &[(&[Tally], u64)]) -> Vec<Tally> {
    let mut all: BTreeMap<[u8; 32], u64> = BTreeMap::new();
    for (rows, times) in parts {
        for row in *rows {
            *all.entry(row.key).or_default() += row.count * times;
        }
    }
    all.into_iter().map(|(key, count)| Tally { key, count }).collect()
}

type Dynamic<'a> = Box<dyn Front<Error = Infallible> + 'a>;

/// The first sum compared with the others; each tree in one by its number and how often it counts.
fn judge_sums<'a>(
    kind: RelationKind,
    sums: &[Vec<(usize, u64)>],
    mut front: impl FnMut(usize) -> Dynamic<'a>,
) -> Judgement {
    let mut sum = |parts: &Vec<(usize, u64)>| {
        Merged::new(parts.iter().map(|(pick, times)| (front(*pick), *times)).collect())
    };
    let mut sums: Vec<_> = sums.iter().map(&mut sum).collect();
    let (of, with) = sums.split_first_mut().unwrap();
    let mut with: Vec<&mut dyn Front<Error = Infallible>> =
        with.iter_mut().map(|sum| sum as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(kind, of, &mut with);
    judgement
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn sums_of_trees_are_judged_as_one_tree_of_all_their_rows(
        (first, more) in family(tallies()),
        picks in prop::collection::vec((prop::collection::vec(0_usize..4, 0..4), 1_u64..3), 2..4),
        keys in prop::collection::btree_set(key(), 0..12),
        by_rows in any::<u32>(),
    ) {
        let sets: Vec<&[Tally]> = std::iter::once(&first).chain(&more).map(Vec::as_slice).collect();
        let nodes: Vec<Nodes<'_, Tally>> = sets.iter().map(|rows| Nodes::new(*rows).unwrap()).collect();
        // The first sum is compared with the others.
        let sums: Vec<Vec<(usize, u64)>> = picks
            .iter()
            .map(|(sets_of, times)| {
                let parts = sets_of.iter().filter(|pick| **pick < sets.len()).enumerate();
                // Only the first of them more than once.
                parts.map(|(at, pick)| (*pick, if at == 0 { *times } else { 1 })).collect()
            })
            .collect();
        let flat: Vec<Vec<Tally>> = sums
            .iter()
            .map(|parts| sum(&parts.iter().map(|(pick, times)| (sets[*pick], *times)).collect::<Vec<_>>()))
            .collect();
        let cut = Cut { keys: keys.into_iter().collect(), ..Cut::default() };
        let pruned: Vec<PrunedTree<Tally>> = nodes.iter().map(|tree| PrunedTree::new(tree, &cut).unwrap()).collect();
        for kind in RelationKind::ALL.iter().copied() {
            let several = if kind.is_with_one() { 2 } else { sums.len() };
            let sums = &sums[..several];
            let sets_with: Vec<Set> = flat[1..several].iter().map(|rows| set(rows)).collect();
            let holds = oracle(kind, &set(&flat[0]), &sets_with);
            let expected = if holds { Judgement::Holds } else { Judgement::Fails };

            let judged = judge_sums(kind, sums, |pick| Box::new(Rows::new(sets[pick])));
            prop_assert_eq!(judged, expected, "{:?} by all rows", kind);
            let judged = judge_sums(kind, sums, |pick| Box::new(Walk::new(&nodes[pick]).unwrap()));
            prop_assert_eq!(judged, expected, "{:?} by opening", kind);
            let mut number = 0_u32;
            let judged = judge_sums(kind, sums, |pick| {
                number += 1;
                match by_rows >> (number % 32) & 1 {
                    0 => Box::new(Rows::new(sets[pick])),
                    _ => Box::new(Pruned::new(&pruned[pick])),
                }
            });
            prop_assert!(judged == expected || judged == Judgement::Unknown, "{:?} {:?}", kind, judged);

            // What a walk opens of each is enough, also where more is opened.
            let mut walks: Vec<_> = sums.iter().map(|parts| {
                Merged::new(parts.iter().map(|(pick, times)| (Walk::new(&nodes[*pick]).unwrap(), *times)).collect())
            }).collect();
            let (of, with) = walks.split_first_mut().unwrap();
            let mut with: Vec<&mut dyn Front<Error = Infallible>> =
                with.iter_mut().map(|walk| walk as &mut dyn Front<Error = Infallible>).collect();
            let Ok(judged) = judge(kind, of, &mut with);
            prop_assert_eq!(judged, expected);
            let mut opened: Vec<BTreeSet<Region>> = vec![BTreeSet::new(); sets.len()];
            for (walk, parts) in walks.into_iter().zip(sums) {
                for (mut walk, (pick, _)) in walk.into_parts().zip(parts) {
                    opened[*pick].extend(walk.take_opened());
                }
            }
            let proof: Vec<PrunedTree<Tally>> = nodes.iter().zip(opened).map(|(tree, regions)| {
                let keys = if by_rows & 1 == 0 { Vec::new() } else { cut.keys.clone() };
                PrunedTree::new(tree, &Cut { keys, regions }).unwrap()
            }).collect();
            let judged = judge_sums(kind, sums, |pick| Box::new(Pruned::new(&proof[pick])));
            prop_assert_eq!(judged, expected, "{:?} by the proof", kind);
        }
    }
}

#[test]
fn a_split_by_one_bit_is_proven_by_a_handful_of_items() {
    let rows: Vec<Named> = (0_u32..2_000)
        .map(|i| Named { key: *blake3::hash(&i.to_le_bytes()).as_bytes(), size: 1 })
        .collect();
    let mut rows = rows;
    rows.sort_by_key(|row| row.key);
    let split = rows.partition_point(|row| row.key[0] < 0x80);
    let parts = [rows[..split].to_vec(), rows[split..].to_vec()];
    let (judgement, trees) = prove(RelationKind::PartitionOf, &rows, &parts, &[]);
    assert_eq!(judgement, Judgement::Holds);
    // Each half is opened one level in the whole and by itself.
    let spots: Vec<usize> = trees.iter().map(|tree| tree.spots().len()).collect();
    assert_eq!(spots, [4, 2, 2]);
}

#[test]
fn equal_subtrees_at_other_places_are_not_taken_for_equal_sets() {
    // A leaf that is not opened, as the root of one tree and a side of another: a liar's
    // leaf may be off its path there.
    let rows: Vec<Named> = [0_u8, 0x80].map(|byte| Named { key: [byte; 32], size: 1 }).into();
    let cut = Cut { keys: Vec::new(), regions: BTreeSet::from([Region::ALL]) };
    let whole = PrunedTree::new(&Nodes::new(&rows).unwrap(), &cut).unwrap();
    let closed = PrunedTree::new(&Nodes::new(&rows[..1]).unwrap(), &Cut::default()).unwrap();
    assert_eq!(
        judge_pruned(RelationKind::SubsetOf, &closed, std::slice::from_ref(&whole)),
        Judgement::Unknown
    );
    assert_eq!(judge_pruned(RelationKind::SupersetOf, &whole, &[closed]), Judgement::Unknown);
}

#[test]
fn counts_that_overflow_are_no_sum() {
    let tally = |count| vec![Tally { key: [7; 32], count }];
    let (of, with) = (tally(u64::MAX), [tally(u64::MAX - 1), tally(5)]);
    assert_eq!(judge_rows(RelationKind::SumOf, &of, &with), Judgement::Fails);
}

#[test]
fn a_row_of_parts_counts_once_whatever_a_leaf_without_its_row_claims() {
    let row = Named { key: [7; 32], size: 1 };
    let value = row.leaf(row.key, &encode(&row)).unwrap().value;
    let keyed = |count: u8| {
        let mut bytes = vec![2];
        bytes.extend(row.key);
        bytes.extend(value);
        bytes.extend([count, 1]);
        PrunedTree::<Named>::decode(&bytes, 1).unwrap()
    };
    let sum = judge_pruned(RelationKind::SumOf, &keyed(2), &[keyed(1), keyed(1)]);
    assert_eq!(sum, Judgement::Fails);
}

#[test]
fn many_small_trees_cost_no_look_at_each_for_every_row() {
    // 20,000 rows, and 5,000 trees of one row each behind all of them.
    let row = |i: u32| {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&i.to_be_bytes());
        Named { key, size: 1 }
    };
    let of: Vec<Named> = (0..20_000).map(row).collect();
    let with: Vec<Vec<Named>> = (0..5_000).map(|i| vec![row(1 << 30 | i)]).collect();
    let mut watched: Vec<Watched<_>> =
        with.iter().map(|rows| Watched { inner: Rows::new(rows), looks: 0 }).collect();
    let mut fronts: Vec<&mut dyn Front<Error = Infallible>> =
        watched.iter_mut().map(|rows| rows as &mut dyn Front<Error = Infallible>).collect();
    let Ok(judgement) = judge(RelationKind::DisjointFrom, &mut Rows::new(&of), &mut fronts);
    assert_eq!(judgement, Judgement::Holds);
    let looks = watched.iter().map(|rows| rows.looks).sum::<u64>();
    assert!(looks < 10 * 25_000, "{looks} looks");
}

#[test]
fn many_small_trees_in_one_sum_cost_no_look_at_each_for_every_row() {
    // 5,000 trees of two rows, one before and one behind all that is compared.
    let row = |i: u32| {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&i.to_be_bytes());
        Tally { key, count: 1 }
    };
    let of: Vec<Tally> = (0..20_000).map(|i| row(1 << 29 | i)).collect();
    let parts: Vec<Vec<Tally>> = (0..5_000).map(|i| vec![row(i), row(1 << 30 | i)]).collect();
    let watched = |rows| (Watched { inner: Rows::<_, Infallible>::new(rows), looks: 0 }, 2);
    let mut sum = Merged::new(parts.iter().map(|rows| watched(rows.as_slice())).collect());
    let Ok(judgement) = judge(RelationKind::DisjointFrom, &mut Rows::new(&of), &mut [&mut sum]);
    assert_eq!(judgement, Judgement::Holds);
    let looks = sum.into_parts().map(|part| part.looks).sum::<u64>();
    assert!(looks < 10 * 30_000, "{looks} looks");
}

/// Counts how often the next place is asked for.
struct Watched<F> {
    inner: F,
    looks: u64,
}

impl<F: Front> Front for Watched<F> {
    type Error = F::Error;

    fn place(&mut self) -> Result<Option<Place>, F::Error> {
        self.looks += 1;
        self.inner.place()
    }

    fn pass(&mut self) {
        self.inner.pass();
    }

    fn open(&mut self) -> Result<bool, F::Error> {
        self.inner.open()
    }

    fn closed(&self, region: &Region) -> Option<Summary> {
        self.inner.closed(region)
    }
}

#[test]
fn a_closed_subtree_has_rows_because_its_maker_counts_them() {
    // A leaf off its path, closed, beside one that both trees have: no traversal finds it, and
    // it is counted. Whoever made such a tree is not to be compared with anything.
    let row = |byte: u8| Raw::Leaf(Named { key: [byte; 32], size: 1 });
    let of = row(0xc0);
    let (left, right) = (Box::new(row(0x80)), Box::new(of.clone()));
    let with = Raw::Node { key: [0; 32], depth: 0, left, right, lie: 0 };
    let read = |tree: &Raw| {
        let mut bytes = Vec::new();
        tree.write(Region::ALL, &mut |fits| fits, &mut bytes, &mut Vec::new());
        PrunedTree::<Named>::decode(&bytes, 10).unwrap()
    };
    assert_eq!([0x80, 0].map(|byte| with.find(&[byte; 32])), [None, None]);
    let judged = judge_pruned(RelationKind::Same, &read(&of), &[read(&with)]);
    assert_eq!(judged, Judgement::Fails);
}
