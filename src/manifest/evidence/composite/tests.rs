use proptest::prelude::*;

use super::*;
use crate::cbor::{Version1, decode, encode};
use crate::digest::Digest;
use crate::manifest::evidence::wire::EvidenceFile;
use crate::manifest::{
    EvidenceError, FileEntry, Head, HeadError, Manifest, ManifestError, ManifestKind, NameError,
    Prover,
};
use crate::tree::{self, Judgement, Leaf, PrunedTreeError, RelationKind};

fn digest(content: &str) -> Digest {
    Digest::of(content.as_bytes())
}

/// Files with these contents.
fn files(contents: &[&str]) -> Manifest {
    let entries = contents.iter().enumerate().map(|(number, content)| {
        FileEntry::new(number.to_string(), content.len() as u64, digest(content))
    });
    Manifest::files(entries.collect(), NameProfile::Any).unwrap()
}

fn composite(mounts: &[(&str, &Head)]) -> Composite {
    let mounts = mounts.iter().map(|(name, head)| Mount::new(*name, (*head).clone()));
    Composite::new(mounts.collect(), NameProfile::Any).unwrap()
}

/// All mounts of the composites, and what the datasets say of the contents.
fn evidence(composites: &[&Composite], datasets: &[&Manifest], contents: &[&str]) -> Evidence {
    let provers: Vec<Prover<'_>> = datasets.iter().map(|manifest| Prover::new(manifest)).collect();
    let mut builder = EvidenceBuilder::new();
    for composite in composites {
        builder.composite(composite);
    }
    for prover in &provers {
        builder.contents(prover, contents.iter().map(|content| digest(content)));
    }
    let Ok(evidence) = builder.build();
    Evidence::decode(&evidence.to_bytes()).unwrap()
}

fn row(content: &str, count: u64) -> ContentRow {
    ContentRow { digest: digest(content), count, size: content.len() as u64 }
}

const ABSENT: ContentAnswer = ContentAnswer::Absent { audit: Audit::None };

#[test]
fn mounts_are_present_absent_or_unknown() {
    let (one, two) = (files(&["x"]), files(&["y"]));
    let all = composite(&[("one", one.head()), ("two", two.head()), ("three", one.head())]);
    let mut builder = EvidenceBuilder::new();
    builder.mounts(&all, ["one"]);
    builder.mounts(&all, ["four"]);
    let Ok(partly) = builder.build();
    let partly = Evidence::decode(&partly.to_bytes()).unwrap();
    let mount = Mount::new("one", one.head().clone());
    assert_eq!(partly.mount(all.id(), "one"), Membership::Present(&mount));
    assert_eq!(partly.mount(all.id(), "four"), Membership::Absent);
    assert_eq!(partly.mount(all.id(), "two"), Membership::Unknown);
    assert_eq!(partly.mount(one.id(), "one"), Membership::Unknown);
    assert_eq!(partly.file(all.id(), "one"), Membership::Unknown);
    assert_eq!(partly.composite(all.id()), None);
    // Joined with the rest it is all there.
    let whole = partly.join(&all.to_evidence()).unwrap();
    assert_eq!(whole, all.to_evidence());
    assert_eq!(Evidence::decode(&whole.to_bytes()).unwrap().composite(all.id()), Some(all));
}

#[test]
fn contents_are_those_of_all_parts() {
    let (one, two) = (files(&["x", "x", "y"]), files(&["x", "z"]));
    let all = composite(&[("one", one.head()), ("two", two.head())]);
    let works = ["x", "y", "z", "none"];
    let evidence = evidence(&[&all], &[&one, &two], &works);
    let answers = works.map(|work| evidence.content(all.id(), digest(work)));
    let [x, y, z] = [row("x", 3), row("y", 1), row("z", 1)].map(ContentAnswer::Present);
    assert_eq!(answers, [x, y, z, ABSENT]);
    let answers = evidence.contents(all.id(), works.map(digest));
    assert_eq!(answers.to_string(), "4 asked: 3 present, 1 absent, 0 unknown");
}

#[test]
fn a_part_that_does_not_answer_leaves_absence_and_counts_unknown() {
    let (one, two) = (files(&["x", "y"]), files(&["x"]));
    let all = composite(&[("one", one.head()), ("two", two.head())]);
    let works = ["x", "y", "none"];
    // Of the second part nothing is opened.
    let of_one = evidence(&[&all], &[&one], &works);
    let answers = works.map(|work| of_one.content(all.id(), digest(work)));
    let [x, y] = [row("x", 1), row("y", 1)].map(ContentAnswer::AtLeast);
    assert_eq!(answers, [x, y, ContentAnswer::Unknown]);
    let answers = of_one.contents(all.id(), works.map(digest));
    assert_eq!(answers.to_string(), "3 asked: 2 present, 0 absent, 1 unknown");
    // Of nothing known to be mounted, nothing is known.
    let of_nothing = evidence(&[], &[&one, &two], &works);
    assert_eq!(of_nothing.content(all.id(), digest("x")), ContentAnswer::Unknown);
}

#[test]
fn a_mount_that_is_not_opened_leaves_absence_unknown() {
    let (one, two) = (files(&["x", "y"]), files(&["x"]));
    let all = composite(&[("one", one.head()), ("two", two.head())]);
    let of_parts = evidence(&[], &[&one, &two], &["x", "none"]);
    // The key of the other mount stands there, and not what it mounts.
    let mut keyed = EvidenceBuilder::new();
    keyed.mounts(&all, ["one"]);
    let Ok(keyed) = keyed.build();
    let evidence = of_parts.join(&keyed).unwrap();
    assert_eq!(evidence.content(all.id(), digest("x")), ContentAnswer::AtLeast(row("x", 1)));
    assert_eq!(evidence.content(all.id(), digest("none")), ContentAnswer::Unknown);
    // A leaf without its row tells no more than a closed subtree.
    let spots = evidence.opened_mounts(all.id()).unwrap().to_bytes();
    let leaf = Mount::new("two", two.head().clone());
    let leaf = leaf.leaf(leaf.key(), &[]).unwrap();
    let stub = [&[1][..], leaf.summary(tree::Kind::Parts).hash(), &[1, 1]].concat();
    let at = spots.windows(stub.len()).position(|window| window == stub).unwrap();
    let as_leaf = [&[2][..], &leaf.key, &leaf.value, &[1, 1]].concat();
    let spots = [&spots[..at], &as_leaf, &spots[at + stub.len()..]].concat();
    let tree = PrunedTree::<Mount>::decode(&spots, 100).unwrap();
    assert_eq!(tree.root(), all.parts());
    let mut evidence = evidence;
    evidence.trees.insert((all.id(), TreeName::Parts), Opened::Mounts(tree));
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    assert_eq!(evidence.content(all.id(), digest("none")), ContentAnswer::Unknown);
    assert_eq!(evidence.mount(all.id(), "two"), Membership::Unknown);
}

#[test]
fn composites_are_asked_through_composites() {
    let (one, two) = (files(&["x", "y"]), files(&["x"]));
    let inner = composite(&[("a", one.head()), ("b", two.head()), ("c", one.head())]);
    let outer = composite(&[("inner", inner.head()), ("two", two.head())]);
    let works = ["x", "none"];
    let all = evidence(&[&outer, &inner], &[&one, &two], &works);
    assert_eq!(all.content(outer.id(), digest("x")), ContentAnswer::Present(row("x", 4)));
    assert_eq!(all.content(outer.id(), digest("none")), ABSENT);
    // The mounts of the inner one are unknown.
    let without = evidence(&[&outer], &[&one, &two], &works);
    assert_eq!(without.content(outer.id(), digest("x")), ContentAnswer::AtLeast(row("x", 1)));
    assert_eq!(without.content(outer.id(), digest("none")), ContentAnswer::Unknown);
}

#[test]
fn what_is_mounted_often_is_visited_once() {
    let one = files(&["x"]);
    let mut composites = vec![composite(&[("0", one.head()), ("1", one.head())])];
    for _ in 1..63 {
        let below = composites.last().unwrap().head().clone();
        composites.push(composite(&[("0", &below), ("1", &below)]));
    }
    let evidence = evidence(&composites.iter().collect::<Vec<_>>(), &[&one], &["x", "none"]);
    let top = composites.last().unwrap().id();
    assert_eq!(evidence.content(top, digest("x")), ContentAnswer::Present(row("x", 1 << 63)));
    assert_eq!(evidence.content(top, digest("none")), ABSENT);
}

#[test]
fn deep_nesting_takes_no_stack() {
    let one = files(&["x"]);
    let mut composites = vec![composite(&[("0", one.head())])];
    for _ in 1..5_000 {
        let below = composites.last().unwrap().head().clone();
        composites.push(composite(&[("0", &below)]));
    }
    let evidence = evidence(&composites.iter().collect::<Vec<_>>(), &[&one], &["none"]);
    assert_eq!(evidence.content(composites.last().unwrap().id(), digest("none")), ABSENT);
}

#[test]
fn of_a_composite_without_mounts_everything_is_absent() {
    let nothing = composite(&[]);
    let evidence = evidence(&[&nothing], &[], &[]);
    assert_eq!(evidence.content(nothing.id(), digest("x")), ABSENT);
    assert_eq!(evidence.mount(nothing.id(), "a"), Membership::Absent);
    assert_eq!(evidence.composite(nothing.id()), Some(nothing));
}

#[test]
fn a_digest_with_two_sizes_has_no_exact_count() {
    let (one, two) = (files(&["x", "x"]), files(&["x"]));
    let lie = FileEntry::new("lie", 9, digest("x"));
    let liar = Manifest::files(vec![lie], NameProfile::Any).unwrap();
    let most = composite(&[("a", one.head()), ("b", liar.head())]);
    let even = composite(&[("a", two.head()), ("b", liar.head())]);
    let evidence = evidence(&[&most, &even], &[&one, &two, &liar], &["x"]);
    assert_eq!(evidence.content(most.id(), digest("x")), ContentAnswer::AtLeast(row("x", 2)));
    assert_eq!(evidence.content(even.id(), digest("x")), ContentAnswer::AtLeast(row("x", 1)));
}

/// Evidence of one tree of mounts under the head that its root gives.
fn of_tree(tree: PrunedTree<Mount>) -> (ManifestId, Evidence) {
    let (kind, parts) = (ManifestKind::Composite, *tree.root());
    of_head(Head { v: Version1, kind, parts, content: None }, tree)
}

fn of_head(head: Head, tree: PrunedTree<Mount>) -> (ManifestId, Evidence) {
    let (id, mut evidence) = (head.id(), Evidence::default());
    evidence.heads.insert(id, head);
    evidence.trees.insert((id, TreeName::Parts), Opened::Mounts(tree));
    (id, evidence)
}

fn open(mounts: &[Mount]) -> PrunedTree<Mount> {
    let cut = Cut { keys: mounts.iter().map(Mount::key).collect(), ..Cut::default() };
    let Ok(tree) = PrunedTree::new(&Nodes::new(mounts).unwrap(), &cut);
    tree
}

#[test]
fn an_opened_mount_is_one_that_a_composite_may_have() {
    let sound = files(&["x"]).head().clone();
    let entry = |mount: Mount, source: ManifestError| {
        let (of, evidence) = of_tree(open(&[mount]));
        let refused = EvidenceError::Entry { of, tree: TreeName::Parts, source: Box::new(source) };
        assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(refused));
    };
    let error = NameError::DotComponent { name: "..".into() };
    entry(Mount::new("..", sound.clone()), error.into());
    // Not the head of a manifest: files without contents, trees of other sums.
    let mut head = sound.clone();
    head.content = None;
    let source = HeadError::NoContent { kind: ManifestKind::Files };
    entry(Mount::new("a", head), ManifestError::MountHead { name: "a".into(), source });
    let content = *files(&["x", "y"]).content();
    let head = Head { content: Some(content), ..sound };
    let (parts, content) = (Box::new(head.parts), Box::new(content));
    let source = HeadError::Totals { parts, content };
    entry(Mount::new("a", head), ManifestError::MountHead { name: "a".into(), source });
}

#[test]
fn an_empty_mount_is_refused() {
    let sound = Mount::new("a", files(&["x"]).head().clone());
    let (of, evidence) = of_tree(open(std::slice::from_ref(&sound)));
    let mut file: EvidenceFile = decode(&evidence.to_bytes()).unwrap();
    let empty = Mount::new("a", files(&[]).head().clone());
    file.datasets[0].parts = Some([&[3][..], &encode(&empty)].concat().into());
    let source = PrunedTreeError::Empty { offset: 0 };
    let refused = EvidenceError::Tree { of, tree: TreeName::Parts, source };
    assert_eq!(Evidence::decode(&encode(&file)), Err(refused));
}

#[test]
fn a_composite_cannot_count_other_sums_than_its_mounts_have() {
    let mount = Mount::new("a", files(&["x"]).head().clone());
    let leaf = mount.leaf(mount.key(), &[]).unwrap();
    for lied in [Leaf { count: 2, ..leaf }, Leaf { bytes: 0, ..leaf }] {
        let (kind, parts) = (ManifestKind::Composite, lied.summary(tree::Kind::Parts));
        let head = Head { v: Version1, kind, parts, content: None };
        let (of, evidence) = of_head(head, open(std::slice::from_ref(&mount)));
        let found = Box::new(leaf.summary(tree::Kind::Parts));
        let (tree, expected) = (TreeName::Parts, Box::new(parts));
        let refused = EvidenceError::Root { of, tree, found, expected };
        assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(refused));
    }
}

#[test]
fn heads_of_no_manifest_are_refused() {
    let manifest = files(&["x"]);
    let content = *files(&["x", "y"]).content();
    let lied = Head { content: Some(content), ..manifest.head().clone() };
    let mut evidence = evidence(&[], &[&manifest], &["x"]);
    let (of, mut trees) = (lied.id(), std::mem::take(&mut evidence.trees));
    let (_, tree) = trees.pop_first().unwrap();
    evidence.trees.insert((of, TreeName::Content), tree);
    evidence.heads = BTreeMap::from([(of, lied.clone())]);
    let source = HeadError::Totals { parts: lied.parts.into(), content: content.into() };
    let refused = EvidenceError::Head { of, source };
    assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(refused));
}

#[test]
fn a_composite_has_no_tree_of_contents() {
    let one = files(&["x"]);
    let all = composite(&[("a", one.head())]);
    let mut evidence = evidence(&[&all], &[&one], &["x"]);
    let (of, tree) = (all.id(), TreeName::Content);
    let opened = evidence.trees[&(one.id(), TreeName::Content)].clone();
    evidence.trees.insert((of, tree.clone()), opened);
    assert_eq!(Evidence::decode(&evidence.to_bytes()), Err(EvidenceError::NoTree { of, tree }));
}

#[test]
fn a_tree_of_mounts_that_nest_makes_no_composite() {
    let head = files(&["x"]).head().clone();
    let mut mounts = ["a", "a/b"].map(|name| Mount::new(name, head.clone()));
    mounts.sort_by_key(Mount::key);
    let (id, evidence) = of_tree(open(&mounts));
    let evidence = Evidence::decode(&evidence.to_bytes()).unwrap();
    assert_eq!(evidence.composite(id), None);
}

#[test]
fn relations_on_parts_are_about_mounts() {
    let (one, two) = (files(&["x"]), files(&["y"]));
    let less = composite(&[("a", one.head())]);
    let more = composite(&[("a", one.head()), ("b", two.head())]);
    let evidence = less.to_evidence().join(&more.to_evidence()).unwrap();
    let holds = |kind, tree: TreeName, of: &Composite, with: &Composite| {
        evidence.relation(kind, &tree, of.id(), [with.id()])
    };
    assert_eq!(holds(RelationKind::SubsetOf, TreeName::Parts, &less, &more), Judgement::Holds);
    assert_eq!(holds(RelationKind::SubsetOf, TreeName::Parts, &more, &less), Judgement::Fails);
    // Those on contents are about all parts together: here they follow from mounts.
    assert_eq!(holds(RelationKind::SubsetOf, TreeName::Content, &less, &more), Judgement::Holds);
    assert_eq!(holds(RelationKind::Same, TreeName::Content, &less, &more), Judgement::Fails);
    let apart = holds(RelationKind::DisjointFrom, TreeName::Content, &less, &more);
    assert_eq!(apart, Judgement::Fails);
    let parts = TreeName::Content;
    let apart = evidence.relation(RelationKind::DisjointFrom, &parts, less.id(), [two.id()]);
    assert_eq!(apart, Judgement::Unknown);
}

proptest! {
    #[test]
    fn every_flipped_bit_is_refused(bit in 0_usize..400 * 8) {
        let (one, two) = (files(&["x"]), files(&["y"]));
        let all = composite(&[("a", one.head()), ("b", two.head())]);
        let evidence = all.to_evidence();
        let mut bytes = evidence.to_bytes();
        if let Some(byte) = bytes.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
            prop_assert!(Evidence::decode(&bytes).is_err());
        }
    }

    #[test]
    fn parts_answer_as_all_their_rows_together_would(
        datasets in proptest::collection::vec(proptest::collection::vec(0_u8..6, 1..6), 1..5),
        mounts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..4), 1..6),
        hidden in any::<u16>(),
    ) {
        let contents: Vec<String> = (0..7).map(|number| format!("content {number}")).collect();
        let datasets: Vec<Manifest> = datasets.iter().map(|rows| {
            let rows: Vec<&str> = rows.iter().map(|row| contents[usize::from(*row)].as_str()).collect();
            files(&rows)
        }).collect();
        // What can be mounted: datasets, then composites, each of what stands before it; with all its rows.
        let mut heads: Vec<(Head, Vec<Digest>)> = datasets.iter().map(|dataset| {
            let rows = dataset.file_entries().unwrap().iter().map(|entry| entry.digest);
            (dataset.head().clone(), rows.collect())
        }).collect();
        let mut composites: Vec<Composite> = Vec::new();
        for picks in &mounts {
            let picks: Vec<usize> = picks.iter().map(|pick| usize::from(*pick) % heads.len()).collect();
            let picks = picks.into_iter().filter(|pick| heads[*pick].0.parts.count() > 0);
            let picks: Vec<usize> = picks.collect();
            let mounts = picks.iter().enumerate()
                .map(|(number, pick)| Mount::new(number.to_string(), heads[*pick].0.clone()));
            let made = Composite::new(mounts.collect(), NameProfile::Any).unwrap();
            let rows = picks.iter().flat_map(|pick| heads[*pick].1.clone()).collect();
            heads.push((made.head().clone(), rows));
            composites.push(made);
        }
        let works: Vec<&str> = contents.iter().map(String::as_str).collect();
        let all = evidence(&composites.iter().collect::<Vec<_>>(), &datasets.iter().collect::<Vec<_>>(), &works);
        // Some trees are left out.
        let mut partly = all.clone();
        let mut number = 0;
        partly.trees.retain(|_, _| { number += 1; hidden >> (number % 16) & 1 == 0 });
        for composite in &composites {
            let (_, rows) = heads.iter().find(|(head, _)| head.id() == composite.id()).unwrap();
            for work in &works {
                let count = rows.iter().filter(|row| **row == digest(work)).count() as u64;
                let expected = if count == 0 { ABSENT } else { ContentAnswer::Present(row(work, count)) };
                prop_assert_eq!(all.content(composite.id(), digest(work)), expected);
                match partly.content(composite.id(), digest(work)) {
                    ContentAnswer::Unknown => {}
                    ContentAnswer::AtLeast(row) => prop_assert!(row.count <= count && row.count > 0),
                    answer => prop_assert_eq!(answer, expected),
                }
            }
        }
    }
}
