//! Evidence with one fault each.

use datadeed::Digest;
use datadeed::manifest::Index;

use super::raw::{array, bytes, map, text, uint};
use super::{Format, Malformed};
use crate::manifests::manifest;
use crate::oracle::pruned::{Rows, Tree};
use crate::oracle::role_hash;
use crate::{evidence, pruned_trees};

/// Evidence in pieces.
#[derive(Clone, Default)]
struct Pieces {
    heads: Vec<Vec<u8>>,
    /// Dataset, name, bytes.
    trees: Vec<([u8; 32], &'static str, Vec<u8>)>,
    indexes: Vec<Vec<u8>>,
}

impl Pieces {
    /// The contents and the closed names of `files-many`, a name of `files-two`.
    fn sound() -> Self {
        let mut datasets = [
            ("files-many", &[("content", "contents"), ("parts", "closed")][..]),
            ("files-two", &[("parts", "two")]),
        ];
        datasets.sort_unstable_by_key(|(name, _)| id(name));
        let mut pieces = Self::default();
        for (name, trees) in datasets {
            pieces.heads.push(head(name));
            let trees = trees.iter().map(|(tree, of)| (id(name), *tree, pruned_trees::bytes(of)));
            pieces.trees.extend(trees);
        }
        pieces
    }

    fn but(change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut pieces = Self::sound();
        datadeed::manifest::Evidence::decode(&pieces.bytes()).expect("sound evidence");
        change(&mut pieces);
        pieces.bytes()
    }

    fn bytes(&self) -> Vec<u8> {
        let tree = |(of, name, pruned): &([u8; 32], &str, Vec<u8>)| {
            map(&vec![
                (text("of"), bytes(of)),
                (text("tree"), text(name)),
                (text("pruned"), bytes(pruned)),
            ])
        };
        let mut pairs = vec![(text("v"), uint(1))];
        let trees = self.trees.iter().map(tree).collect::<Vec<_>>();
        for (name, list) in [("heads", &self.heads), ("trees", &trees), ("indexes", &self.indexes)]
        {
            if !list.is_empty() {
                pairs.push((text(name), array(list)));
            }
        }
        map(&pairs)
    }

    /// The tree of this dataset.
    fn tree(&mut self, of: &str, name: &str) -> &mut Vec<u8> {
        let of = id(of);
        let tree = self.trees.iter_mut().find(|tree| tree.0 == of && tree.1 == name);
        &mut tree.unwrap().2
    }
}

fn id(name: &str) -> [u8; 32] {
    *manifest(name).id().as_bytes()
}

fn head(name: &str) -> Vec<u8> {
    let manifest = manifest(name);
    head_of(&manifest.parts().to_bytes(), &manifest.content().to_bytes())
}

fn head_of(parts: &[u8; 48], content: &[u8; 48]) -> Vec<u8> {
    map(&vec![
        (text("v"), uint(1)),
        (text("kind"), text("files")),
        (text("parts"), bytes(parts)),
        (text("content"), bytes(content)),
    ])
}

fn index() -> Vec<u8> {
    let of = manifest("files-many");
    let index = Index::new(of.id(), "line-raw/1", *of.content());
    map(&vec![
        (text("v"), uint(1)),
        (text("of"), bytes(of.id().as_bytes())),
        (text("rule"), text("line-raw/1")),
        (text("tree"), bytes(&index.tree.to_bytes())),
    ])
}

pub(super) fn all() -> Vec<Malformed> {
    let new = |name, bytes, shows| Malformed::new(Format::Evidence, name, bytes, shows);
    let version = map(&vec![(text("v"), uint(2))]);
    let sound = evidence::bytes("answers");
    vec![
        new("head-totals", unequal(), "A head whose trees have different sums"),
        new(
            "head-missing",
            Pieces::but(|pieces| drop(pieces.heads.remove(0))),
            "A tree of a dataset whose head is missing",
        ),
        new(
            "head-order",
            Pieces::but(|pieces| pieces.heads.swap(0, 1)),
            "Heads out of the order of their ids",
        ),
        new(
            "head-twice",
            Pieces::but(|pieces| pieces.heads.insert(0, pieces.heads[0].clone())),
            "A head stands twice",
        ),
        new(
            "head-unused",
            Pieces::but(|pieces| pieces.trees.retain(|tree| tree.0 != id("files-two"))),
            "A head of which no tree is opened",
        ),
        new(
            "index-unused",
            Pieces::but(|pieces| pieces.indexes.push(index())),
            "An index of which no tree is opened",
        ),
        new("row-name", escaping(), "An opened file whose name no manifest holds"),
        new(
            "sums",
            Pieces::but(|pieces| *pieces.tree("files-many", "parts").last_mut().unwrap() += 1),
            "A subtree of more bytes than the head says",
        ),
        new(
            "tree-kind",
            Pieces::but(|pieces| {
                *pieces.tree("files-many", "content") = pruned_trees::bytes("leaf-absent");
            }),
            "Names where contents should be",
        ),
        new(
            "tree-order",
            Pieces::but(|pieces| pieces.trees.reverse()),
            "Trees out of the order of datasets and names",
        ),
        new(
            "tree-other",
            Pieces::but(|pieces| {
                let other = pieces.tree("files-many", "parts").clone();
                *pieces.tree("files-two", "parts") = other;
            }),
            "A tree of another dataset",
        ),
        new(
            "tree-twice",
            Pieces::but(|pieces| pieces.trees.insert(0, pieces.trees[0].clone())),
            "A tree stands twice",
        ),
        new(
            "tree-unsound",
            Pieces::but(|pieces| pieces.tree("files-two", "parts")[1] = 1),
            "A pruned tree that is none: a node parts its keys at another bit than it says",
        ),
        new("trailing-byte", [&sound[..], &[0]].concat(), "A byte after the end"),
        new("truncated", sound[..sound.len() - 1].to_vec(), "The last byte is missing"),
        new("version-2", version, "A version that this one does not define"),
    ]
}

/// A dataset whose maker left a content out.
fn unequal() -> Vec<u8> {
    let (of, other) = (manifest("files-two"), manifest("files-one"));
    let head = head_of(&of.parts().to_bytes(), &other.content().to_bytes());
    let trees = vec![(role_hash("manifest", &head), "parts", pruned_trees::bytes("two"))];
    Pieces { heads: vec![head], trees, indexes: vec![] }.bytes()
}

/// A dataset whose maker gave a file a name that leads out of it.
fn escaping() -> Vec<u8> {
    let row = map(&vec![
        (text("name"), text("../a")),
        (text("size"), uint(1)),
        (text("digest"), bytes(Digest::of(b"x").as_bytes())),
    ]);
    let pruned = [&[3][..], &row].concat();
    let root = Tree::read(Rows::Entries, &pruned).root();
    let head = head_of(&root, &root);
    let trees = vec![(role_hash("manifest", &head), "parts", pruned)];
    Pieces { heads: vec![head], trees, indexes: vec![] }.bytes()
}
