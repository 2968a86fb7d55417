//! Set relations between datasets, by all their rows or by what is opened of their trees.
//!
//! On `content` a composite is all its parts together, each as often as it is mounted. What
//! both sides have in common is taken away first where counts add up, so that a claim that
//! follows from the mounts alone needs no rows.

use std::collections::BTreeMap;
use std::convert::Infallible;

use super::composite::{Below, Mounts, Part};
use super::evidence::Opened;
use super::{Composite, ContentRow, Entries, Manifest, RecordIndex, Sha256Entry};
use crate::id::ManifestId;
use crate::tree::{
    self, Front, Judgement, Merged, Pruned, RelationKind, Root, Row, Rows, Summary, TreeName,
};

/// What is at hand of one dataset.
#[derive(Clone, Debug)]
pub(crate) enum Given<'a> {
    /// All its rows.
    All(&'a Manifest),
    /// All its mounts.
    Mounts(&'a Composite),
    /// What is opened of the tree in question.
    Pruned(&'a Opened),
    /// All rows of the index in question.
    Records(&'a RecordIndex),
    /// The root of the tree in question.
    Root(Summary),
    /// All rows of the index in question.
    Sha256(Vec<Sha256Entry>),
}

type AnyFront<'a> = Box<dyn Front<Error = Infallible> + 'a>;

impl Given<'_> {
    /// The tree in the order of its keys; `None` where it is another one.
    fn front(&self, tree: &TreeName) -> Option<AnyFront<'_>> {
        Some(match (self, tree) {
            (Self::All(manifest), TreeName::Content) => rows::<ContentRow>(&manifest.content),
            (Self::All(manifest), TreeName::Parts) => match &manifest.entries {
                Entries::Files(entries) => rows(entries),
                Entries::Tensors(entries) => rows(entries),
            },
            (Self::Mounts(composite), TreeName::Parts) => rows(composite.mounts()),
            (Self::Records(index), TreeName::Index(_)) => rows(index.rows()),
            (Self::Sha256(entries), TreeName::Index(_)) => rows(entries),
            (Self::Root(root), TreeName::Content) => Box::new(Root::new(*root)),
            (Self::Pruned(Opened::Content(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Files(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Mounts(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Records(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Sha256(tree)), _) => Box::new(Pruned::new(tree)),
            (Self::Pruned(Opened::Tensors(tree)), _) => Box::new(Pruned::new(tree)),
            (
                Self::All(_) | Self::Mounts(_) | Self::Records(_) | Self::Root(_) | Self::Sha256(_),
                _,
            ) => return None,
        })
    }

    /// Rows and opened items that a comparison reads, at least one.
    fn work(&self, tree: &TreeName) -> usize {
        let rows = match self {
            Self::All(manifest) if *tree == TreeName::Content => manifest.content.len(),
            Self::All(manifest) => match &manifest.entries {
                Entries::Files(entries) => entries.len(),
                Entries::Tensors(entries) => entries.len(),
            },
            Self::Mounts(composite) => composite.mounts().len(),
            Self::Pruned(opened) => opened.items(),
            Self::Records(index) => index.rows().len(),
            Self::Root(_) => 1,
            Self::Sha256(entries) => entries.len(),
        };
        rows.max(1)
    }
}

fn rows<R: Row>(rows: &[R]) -> AnyFront<'_> {
    Box::new(Rows::new(rows))
}

/// Datasets that are taken together.
pub(crate) type Bag = BTreeMap<ManifestId, Part>;

/// A relation between datasets none of which is a composite, several of them taken together.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) kind: RelationKind,
    pub(crate) of: Bag,
    pub(crate) with: Vec<Bag>,
}

impl Claim {
    /// What a relation says of the parts of whatever `mounts` knows as a composite; `None` where not
    /// every mount is known, or one dataset counts more often than 64 bits tell.
    ///
    /// On `parts` and in indexes a composite is a dataset like any other.
    pub(crate) fn new<'a>(
        kind: RelationKind,
        tree: &TreeName,
        of: ManifestId,
        with: impl IntoIterator<Item = ManifestId>,
        mounts: &dyn Fn(ManifestId) -> Option<Mounts<'a>>,
    ) -> Option<Self> {
        let mut has_composites = false;
        let below = |id| if *tree == TreeName::Content { Below::new(id, mounts) } else { None };
        let mut bag = |id| match below(id) {
            None => Some(Bag::from([(id, Part::ITSELF)])),
            Some(below) => {
                has_composites = true;
                below.is_whole.then_some(below.datasets)
            }
        };
        let of = bag(of)?;
        let with = with.into_iter().map(bag).collect::<Option<Vec<Bag>>>()?;
        let claim = Self { kind, of, with };
        if has_composites { claim.reduced() } else { Some(claim) }
    }

    /// The same claim in fewer terms; `None` where they count to more than 64 bits tell.
    fn reduced(mut self) -> Option<Self> {
        let is_pair = self.with.len() == 1;
        match self.kind {
            // Counts add up, whoever has them.
            RelationKind::SumOf => {
                let all = std::mem::take(&mut self.with).into_iter().flatten();
                let mut sum = Bag::new();
                for (id, part) in all {
                    let known = sum.entry(id).or_insert(Part { times: 0, ..part });
                    // Each composite counts to 64 bits, several of them to more.
                    known.times = known.times.checked_add(part.times)?;
                    known.content = known.content.or(part.content);
                }
                (self.kind, self.with) = (RelationKind::Same, vec![sum]);
                self.cancel();
            }
            RelationKind::PartitionOf if is_pair => {
                self.kind = RelationKind::Same;
                self.cancel();
            }
            RelationKind::Same | RelationKind::SubsetOf | RelationKind::SupersetOf if is_pair => {
                self.cancel();
            }
            // Counts are free, so who has the same datasets has the same keys.
            RelationKind::SameKeys if is_pair => {
                self.once();
                if self.with.iter().all(|with| with.keys().eq(self.of.keys())) {
                    self.of.clear();
                    self.with = vec![Bag::new()];
                }
            }
            RelationKind::UnionOf | RelationKind::DisjointFrom => {
                self.once();
                let mut all = Bag::new();
                for (id, part) in std::mem::take(&mut self.with).into_iter().flatten() {
                    let known = all.entry(id).or_insert(part);
                    known.content = known.content.or(part.content);
                }
                if self.kind == RelationKind::UnionOf && all.keys().eq(self.of.keys()) {
                    self.of.clear();
                } else {
                    self.with = all.into_iter().map(|part| Bag::from([part])).collect();
                }
            }
            // Each row is in one of them only, which their ids do not tell; or it compares with one.
            RelationKind::PartitionOf
            | RelationKind::Same
            | RelationKind::SubsetOf
            | RelationKind::SupersetOf
            | RelationKind::SameKeys => {}
        }
        Some(self)
    }

    /// Takes away what both sides have.
    fn cancel(&mut self) {
        for with in &mut self.with {
            self.of.retain(|id, of| {
                if let Some(other) = with.get_mut(id) {
                    let both = of.times.min(other.times);
                    of.times = of.times.saturating_sub(both);
                    other.times = other.times.saturating_sub(both);
                }
                of.times > 0
            });
            with.retain(|_, part| part.times > 0);
        }
    }

    fn once(&mut self) {
        for bag in self.with.iter_mut().chain([&mut self.of]) {
            for part in bag.values_mut() {
                part.times = 1;
            }
        }
    }

    /// The claim with what `find` has of each dataset; `None` where it has nothing of one and no
    /// mount tells its root.
    pub(crate) fn given<'a, 't>(
        &self,
        tree: &'t TreeName,
        find: impl Fn(ManifestId) -> Option<Given<'a>>,
    ) -> Option<Decidable<'a, 't>> {
        let one = |(id, part): (&ManifestId, &Part)| {
            let root = part.content.map(Given::Root);
            Some((find(*id).or(root)?, part.times))
        };
        let all = |bag: &Bag| bag.iter().map(one).collect::<Option<Vec<_>>>();
        let with = self.with.iter().map(all).collect::<Option<Vec<_>>>()?;
        Some(Decidable { kind: self.kind, tree, of: all(&self.of)?, with })
    }
}

/// Datasets that are taken together, each so often.
type Sum<'a> = Vec<(Given<'a>, u64)>;

/// A claim with something of every dataset in it.
#[derive(Clone, Debug)]
pub(crate) struct Decidable<'a, 't> {
    kind: RelationKind,
    tree: &'t TreeName,
    of: Sum<'a>,
    with: Vec<Sum<'a>>,
}

impl Decidable<'_, '_> {
    /// Rows and opened items that deciding reads, at least one.
    pub(crate) fn work(&self) -> usize {
        let all = self.with.iter().flatten().chain(&self.of);
        let rows = all.map(|(given, _)| given.work(self.tree));
        rows.fold(0, usize::saturating_add).max(1)
    }

    /// Whether it holds; unknown also where it compares with one dataset and there is not one.
    pub(crate) fn judge(self) -> Judgement {
        let front = |sum| front(sum, self.tree);
        let with: Option<Vec<AnyFront<'_>>> = self.with.iter().map(front).collect();
        let Some((mut of, mut with)) = front(&self.of).zip(with) else {
            return Judgement::Unknown;
        };
        let mut others: Vec<&mut dyn Front<Error = Infallible>> = Vec::with_capacity(with.len());
        for front in &mut with {
            others.push(&mut **front);
        }
        let Ok(judgement) = tree::judge(self.kind, &mut *of, &mut others);
        judgement
    }
}

fn front<'a>(sum: &'a Sum<'_>, tree: &TreeName) -> Option<AnyFront<'a>> {
    if let [(only, 1)] = sum.as_slice() {
        return only.front(tree);
    }
    let part = |(given, times): &'a (Given<'_>, u64)| Some((given.front(tree)?, *times));
    let parts = sum.iter().map(part).collect::<Option<Vec<_>>>()?;
    Some(Box::new(Merged::new(parts)))
}

/// Whether a relation holds on one tree of datasets that are no composites.
#[cfg(test)]
pub(crate) fn judge(
    kind: RelationKind,
    tree: &TreeName,
    of: Given<'_>,
    with: &[Given<'_>],
) -> Judgement {
    let with = with.iter().map(|given| vec![(given.clone(), 1)]).collect();
    Decidable { kind, tree, of: vec![(of, 1)], with }.judge()
}

#[cfg(test)]
mod tests;
