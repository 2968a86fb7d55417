//! Evidence with one fault each.

use datadeed::Digest;

use super::raw::{array, bytes, map, text, uint};
use super::{Format, Malformed};
use crate::manifests::manifest;
use crate::oracle::pruned::{Rows, Tree};
use crate::{evidence, pruned_trees};

/// Evidence in pieces.
#[derive(Clone, Default)]
struct Pieces {
    datasets: Vec<Dataset>,
    /// Preimage and pruned tree.
    indexes: Vec<(Vec<u8>, Vec<u8>)>,
}

#[derive(Clone)]
struct Dataset {
    head: Vec<u8>,
    parts: Option<Vec<u8>>,
    content: Option<Vec<u8>>,
}

impl Pieces {
    /// The contents and the closed names of `files-many`, a name of `files-two`, an index of the former.
    fn sound() -> Self {
        let pruned = pruned_trees::bytes;
        let mut datasets = [
            ("files-many", pruned("closed"), Some(pruned("contents"))),
            ("files-two", pruned("two"), None),
        ];
        datasets.sort_unstable_by_key(|(name, ..)| id(name));
        let datasets = datasets.map(|(name, parts, content)| Dataset {
            head: head(name),
            parts: Some(parts),
            content,
        });
        Self { datasets: datasets.into(), indexes: vec![index("line-raw/1")] }
    }

    fn but(change: impl FnOnce(&mut Self)) -> Vec<u8> {
        let mut pieces = Self::sound();
        datadeed::manifest::Evidence::decode(&pieces.bytes()).expect("sound evidence");
        change(&mut pieces);
        pieces.bytes()
    }

    fn bytes(&self) -> Vec<u8> {
        let index = |(index, pruned): &(Vec<u8>, Vec<u8>)| {
            map(&vec![(text("index"), index.clone()), (text("pruned"), bytes(pruned))])
        };
        let dataset = |Dataset { head, parts, content }: &Dataset| {
            let mut pairs = vec![(text("head"), head.clone())];
            pairs.extend(parts.as_ref().map(|parts| (text("parts"), bytes(parts))));
            pairs.extend(content.as_ref().map(|content| (text("content"), bytes(content))));
            map(&pairs)
        };
        let mut pairs = vec![(text("v"), uint(1))];
        let indexes = self.indexes.iter().map(index).collect::<Vec<_>>();
        let datasets = self.datasets.iter().map(dataset).collect::<Vec<_>>();
        for (name, list) in [("indexes", &indexes), ("datasets", &datasets)] {
            if !list.is_empty() {
                pairs.push((text(name), array(list)));
            }
        }
        map(&pairs)
    }

    fn dataset(&mut self, of: &str) -> &mut Dataset {
        let head = head(of);
        self.datasets.iter_mut().find(|dataset| dataset.head == head).unwrap()
    }

    /// What is opened of the names of this dataset.
    fn parts(&mut self, of: &str) -> &mut Vec<u8> {
        self.dataset(of).parts.as_mut().unwrap()
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

/// An index of which nothing is opened.
fn index(rule: &str) -> (Vec<u8>, Vec<u8>) {
    let of = manifest("files-many");
    let root = of.content();
    let preimage = map(&vec![
        (text("v"), uint(1)),
        (text("of"), bytes(of.id().as_bytes())),
        (text("rule"), text(rule)),
        (text("tree"), bytes(&root.to_bytes())),
    ]);
    let sums = [root.count(), root.bytes()].map(|sum| u8::try_from(sum).unwrap());
    (preimage, [&[1][..], root.hash(), &sums].concat())
}

pub(super) fn all() -> Vec<Malformed> {
    let new = |name, bytes, shows| Malformed::new(Format::Evidence, name, bytes, shows);
    let version = map(&vec![(text("v"), uint(2))]);
    let sound = evidence::bytes("answers");
    vec![
        new("head-totals", unequal(), "A head whose trees have different sums"),
        new("composite-content", composite(), "A tree of contents of a composite"),
        new(
            "dataset-order",
            Pieces::but(|pieces| pieces.datasets.swap(0, 1)),
            "Datasets out of the order of their ids",
        ),
        new(
            "dataset-twice",
            Pieces::but(|pieces| pieces.datasets.insert(0, pieces.datasets[0].clone())),
            "A dataset stands twice",
        ),
        new(
            "dataset-unopened",
            Pieces::but(|pieces| pieces.dataset("files-two").parts = None),
            "A dataset of which nothing is opened",
        ),
        new(
            "index-order",
            Pieces::but(|pieces| pieces.indexes.push(index("json-jcs/1"))),
            "Indexes out of the order of their rules",
        ),
        new(
            "index-root",
            Pieces::but(|pieces| *pieces.indexes[0].1.last_mut().unwrap() += 1),
            "The tree of an index of more bytes than it says",
        ),
        new(
            "index-twice",
            Pieces::but(|pieces| pieces.indexes.push(index("line-raw/1"))),
            "An index stands twice",
        ),
        new("row-name", escaping(), "An opened file whose name no manifest holds"),
        new(
            "sums",
            Pieces::but(|pieces| *pieces.parts("files-many").last_mut().unwrap() += 1),
            "A subtree of more bytes than the head says",
        ),
        new(
            "tree-kind",
            Pieces::but(|pieces| {
                let names = pruned_trees::bytes("leaf-absent");
                pieces.dataset("files-many").content = Some(names);
            }),
            "Names where contents should be",
        ),
        new(
            "tree-other",
            Pieces::but(|pieces| *pieces.parts("files-two") = pieces.parts("files-many").clone()),
            "A tree of another dataset",
        ),
        new(
            "tree-unsound",
            Pieces::but(|pieces| pieces.parts("files-two")[0] = 0x81),
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
    one(head, Some(pruned_trees::bytes("two")), None)
}

/// A composite, whose contents are those of its parts, with contents of its own.
fn composite() -> Vec<u8> {
    let of = manifest("files-many");
    let head = map(&vec![
        (text("v"), uint(1)),
        (text("kind"), text("composite")),
        (text("parts"), bytes(&of.content().to_bytes())),
    ]);
    one(head, None, Some(pruned_trees::bytes("contents")))
}

/// Evidence of one dataset.
fn one(head: Vec<u8>, parts: Option<Vec<u8>>, content: Option<Vec<u8>>) -> Vec<u8> {
    Pieces { datasets: vec![Dataset { head, parts, content }], indexes: vec![] }.bytes()
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
    one(head, Some(pruned), None)
}
