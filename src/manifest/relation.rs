//! Set relations between datasets, by all their rows or by what is opened of their trees.

use std::convert::Infallible;

use super::evidence::Opened;
use super::{ContentRow, Entries, Manifest, RecordIndex};
use crate::tree::{self, Front, Judgement, Pruned, RelationKind, Row, Rows, TreeName};

/// What is at hand of one dataset.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given<'a> {
    /// All its rows.
    All(&'a Manifest),
    /// What is opened of the tree in question.
    Pruned(&'a Opened),
    /// All rows of the index in question.
    Records(&'a RecordIndex),
}

type AnyFront<'a> = Box<dyn Front<Error = Infallible> + 'a>;

impl<'a> Given<'a> {
    /// The tree in the order of its keys; `None` where it is another one.
    fn front(self, tree: &TreeName) -> Option<AnyFront<'a>> {
        Some(match (self, tree) {
            (Self::All(manifest), TreeName::Content) => rows::<ContentRow>(&manifest.content),
            (Self::All(manifest), TreeName::Parts) => match &manifest.entries {
                Entries::Files(entries) => rows(entries),
                Entries::Tensors(entries) => rows(entries),
            },
            (Self::Records(index), TreeName::Index(_)) => rows(index.rows()),
            (Self::All(_), TreeName::Index(_))
            | (Self::Records(_), TreeName::Content | TreeName::Parts) => return None,
            (Self::Pruned(Opened::Content(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Files(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Mounts(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Records(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Sha256(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Tensors(tree)), _) => Box::new(Pruned::new(tree)),
        })
    }
}

fn rows<R: Row>(rows: &[R]) -> AnyFront<'_> {
    Box::new(Rows::new(rows))
}

/// Whether a relation holds on one tree; unknown also where it is to one dataset and `with` is not one.
pub(crate) fn judge(
    kind: RelationKind,
    tree: &TreeName,
    of: Given<'_>,
    with: &[Given<'_>],
) -> Judgement {
    let of = of.front(tree);
    let with: Option<Vec<AnyFront<'_>>> = with.iter().map(|given| given.front(tree)).collect();
    let Some((mut of, mut with)) = of.zip(with) else { return Judgement::Unknown };
    let mut others: Vec<&mut dyn Front<Error = Infallible>> = Vec::with_capacity(with.len());
    for front in &mut with {
        others.push(&mut **front);
    }
    let Ok(judgement) = tree::judge(kind, &mut *of, &mut others);
    judgement
}
