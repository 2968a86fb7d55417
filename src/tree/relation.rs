//! Set relations between trees, decided in one walk over all of them.
//!
//! Every tree is read as a sequence of places in key order, each a leaf or a
//! subtree that is not opened. Two subtrees with equal summaries at one place
//! have the same rows, whoever built them; anything else of a subtree is
//! unknown until it is opened, but that it has rows: its summary counts them. (Of a
//! dishonest tree that may be false, so a claim about one may fail though a
//! traversal would bear it out. None holds that a traversal would not bear out.) So the same walk judges full rows and pruned
//! trees, and where it may open subtrees it finds what a proof has to open.

mod front;
mod merged;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Region, Row, Summary};
use crate::cbor::codes;

pub(crate) use front::{Pruned, Rows, Walk};
pub(crate) use merged::{Merged, Root};

codes! {
    /// What holds between the rows of datasets.
    ///
    /// On `parts` a row is the whole entry, and each counts once. On `content` and
    /// in record indexes a row is its key, a digest, and is counted; in other
    /// indexes it is as on `parts`.
    pub enum RelationKind("relation") in lineage {
        /// No key of `of` is in any of `with`.
        DisjointFrom = "disjoint_from",
        /// Each row of `of` is in exactly one of `with`, as often, and they have no other rows.
        PartitionOf = "partition_of",
        /// The same rows with the same counts; one `with`.
        Same = "same",
        /// The same keys, rows and counts free: on `parts`, other content under the same names; one `with`.
        SameKeys = "same_keys",
        /// Every row of `of` is in `with`, its count not larger; one `with`.
        SubsetOf = "subset_of",
        /// Counts of `of` are the sums of counts in `with`.
        SumOf = "sum_of",
        /// Every row of `with` is in `of`, its count not larger: nothing was lost or changed; one `with`.
        SupersetOf = "superset_of",
        /// The rows of `of` are those that occur in any of `with`, counts free.
        UnionOf = "union_of",
    }
}

/// What became of a claim.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::lineage::{Relation, RelationKind, TreeName};
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::tree::Judgement;
/// use datadeed::verify::judge_relation;
///
/// let entry = |name: &str| FileEntry::new(name, 1, Digest::of(b"x"));
/// let raw = Manifest::files(vec![entry("a"), entry("b")], NameProfile::Portable)?;
/// let clean = Manifest::files(vec![entry("a")], NameProfile::Portable)?;
/// let kept = Relation::new(clean.id(), RelationKind::SubsetOf, TreeName::Parts, [raw.id()]);
/// assert_eq!(judge_relation(&kept, &vec![raw, clean]), Judgement::Holds);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a claim that does not hold is not to be signed"]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum Judgement {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// What is opened does not tell.
    Unknown,
}

/// A leaf, or a subtree that is not opened, at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) region: Region,
    pub(crate) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A row without its count, and the count.
    Leaf {
        row: [u8; 32],
        count: u64,
    },
    Subtree(Summary),
    /// Rows of several trees, or of one several times, which no summary tells.
    Mixed,
}

impl What {
    /// Whether there may be something to open.
    const fn is_closed(self) -> bool {
        matches!(self, Self::Subtree(_) | Self::Mixed)
    }
}

impl Place {
    /// A leaf; of a counted tree the value begins with the count.
    ///
    /// In any other tree each row counts once, whatever `count` a leaf without its row claims.
    pub(crate) fn leaf<R: Row>(key: [u8; 32], value: [u8; 32], count: u64) -> Self {
        let mut row = value;
        if R::COUNTED {
            row.iter_mut().take(8).for_each(|byte| *byte = 0);
        }
        let count = if R::COUNTED { count } else { 1 };
        Self { region: Region::of_key(key), what: What::Leaf { row, count } }
    }
}

/// The places of one tree, from the least key on.
pub(crate) trait Front {
    /// How reading can fail.
    type Error;

    /// The next place.
    fn place(&mut self) -> Result<Option<Place>, Self::Error>;

    /// Passes over the next place.
    fn pass(&mut self);

    /// Opens the next place, a subtree; false where that cannot be.
    fn open(&mut self) -> Result<bool, Self::Error>;

    /// The summary of all places ahead that `region` covers, where it can be told.
    fn closed(&self, region: &Region) -> Option<Summary>;
}

/// Whether `claim` holds of the first tree and the others.
pub(crate) fn judge<E>(
    kind: RelationKind,
    of: &mut dyn Front<Error = E>,
    with: &mut [&mut dyn Front<Error = E>],
) -> Result<Judgement, E> {
    if kind.is_with_one() && with.len() != 1 {
        return Ok(Judgement::Unknown);
    }
    let mut judgement = Judgement::Holds;
    // The others by their next place: on top the first to begin, of those the widest. So a step
    // costs what is there, however many others there are.
    let mut ahead = BinaryHeap::with_capacity(with.len());
    let mut here: Vec<usize> = Vec::with_capacity(with.len());
    let mut others = Vec::with_capacity(with.len());
    here.extend(0..with.len());
    loop {
        for index in here.drain(..) {
            if let Some(tree) = with.get_mut(index)
                && let Some(place) = tree.place()?
            {
                ahead.push(Reverse((place.region, index)));
            }
        }
        let first = of.place()?;
        let next = ahead.peek().map(|Reverse((region, _))| *region);
        // The first region that begins is one that covers all that begin in it.
        let Some(lead) = first.map(|place| place.region).into_iter().chain(next).min() else {
            return Ok(judgement);
        };
        others.clear();
        while let Some(Reverse((region, index))) = ahead.peek().copied()
            && lead.covers(&region)
        {
            ahead.pop();
            if let Some(tree) = with.get_mut(index) {
                others.push(Seen::new(tree.place()?, &lead));
                here.push(index);
            }
        }
        let seen = Seen::new(first, &lead);
        match kind.decide(seen, &others) {
            Judgement::Holds => {}
            Judgement::Fails => return Ok(Judgement::Fails),
            Judgement::Unknown => {
                let mut opened = seen.is_closed() && of.open()?;
                for (index, seen) in here.iter().zip(&others) {
                    if let Some(tree) = with.get_mut(*index).filter(|_| seen.is_closed()) {
                        opened |= tree.open()?;
                    }
                }
                if opened {
                    continue;
                }
                // One tree may be opened further than another, for the sake of another question.
                let seen = seen.closed(&*of, &lead);
                for (index, seen) in here.iter().zip(&mut others) {
                    *seen = with.get(*index).map_or(*seen, |tree| seen.closed(&**tree, &lead));
                }
                match kind.decide(seen, &others) {
                    Judgement::Holds => {}
                    Judgement::Fails => return Ok(Judgement::Fails),
                    // What is decided elsewhere may still show that the claim fails.
                    Judgement::Unknown => judgement = Judgement::Unknown,
                }
            }
        }
        pass(&mut *of, &lead)?;
        for index in &here {
            if let Some(tree) = with.get_mut(*index) {
                pass(&mut **tree, &lead)?;
            }
        }
    }
}

/// Passes over all that is in `region`.
fn pass<E>(tree: &mut dyn Front<Error = E>, region: &Region) -> Result<(), E> {
    while tree.place()?.is_some_and(|place| region.covers(&place.region)) {
        tree.pass();
    }
    Ok(())
}

/// What a tree has in the region that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// One place: all of the region.
    Here(What),
    /// Places in some part of the region.
    Inside,
    /// Nothing.
    Nowhere,
}

impl Seen {
    fn new(place: Option<Place>, lead: &Region) -> Self {
        match place {
            Some(place) if place.region == *lead => Self::Here(place.what),
            Some(place) if lead.covers(&place.region) => Self::Inside,
            _ => Self::Nowhere,
        }
    }

    /// What is there as one subtree, if that can be told.
    fn closed<E>(self, tree: &dyn Front<Error = E>, region: &Region) -> Self {
        match self {
            Self::Here(What::Leaf { .. }) | Self::Inside => {
                tree.closed(region).map_or(self, |all| Self::Here(What::Subtree(all)))
            }
            Self::Here(What::Subtree(_) | What::Mixed) | Self::Nowhere => self,
        }
    }

    fn is_closed(self) -> bool {
        matches!(self, Self::Here(what) if what.is_closed())
    }
}

impl RelationKind {
    /// Whether it compares with one other dataset, not with several.
    pub const fn is_with_one(self) -> bool {
        matches!(self, Self::Same | Self::SameKeys | Self::SubsetOf | Self::SupersetOf)
    }

    /// Decides one region, the same for all trees; `with` are those that have something there.
    fn decide(self, of: Seen, with: &[Seen]) -> Judgement {
        let present = with.iter().filter(|seen| **seen != Seen::Nowhere).count();
        match (self, of, with) {
            (Self::SubsetOf | Self::DisjointFrom, Seen::Nowhere, _) => Judgement::Holds,
            (Self::DisjointFrom | Self::SupersetOf, _, _) if present == 0 => Judgement::Holds,
            (_, Seen::Nowhere, _) => Judgement::Fails,
            _ if present == 0 => Judgement::Fails,
            (Self::DisjointFrom, ..) => disjoint(of, with),
            (Self::PartitionOf | Self::SumOf, ..) if present == 1 => {
                let only = with.iter().find(|seen| **seen != Seen::Nowhere);
                only.map_or(Judgement::Fails, |only| pair(of, *only, |a, b| a == b))
            }
            (Self::PartitionOf | Self::SumOf | Self::UnionOf, ..) => several(self, of, with),
            (Self::Same, _, [one]) => pair(of, *one, |a, b| a == b),
            (Self::SameKeys, _, [one]) => pair(of, *one, |_, _| true),
            (Self::SubsetOf, _, [one]) => pair(of, *one, |a, b| a.0 == b.0 && a.1 <= b.1),
            (Self::SupersetOf, _, [one]) => pair(of, *one, |a, b| a.0 == b.0 && a.1 >= b.1),
            // These compare with one tree.
            (Self::Same | Self::SameKeys | Self::SubsetOf | Self::SupersetOf, ..) => {
                Judgement::Unknown
            }
        }
    }
}

/// A row without its count, and the count.
type Counted = ([u8; 32], u64);

/// Both have something here.
fn pair(of: Seen, with: Seen, holds: impl Fn(Counted, Counted) -> bool) -> Judgement {
    match (of, with) {
        (
            Seen::Here(What::Leaf { row, count }),
            Seen::Here(What::Leaf { row: other, count: others }),
        ) => {
            if holds((row, count), (other, others)) {
                Judgement::Holds
            } else {
                Judgement::Fails
            }
        }
        (Seen::Here(What::Subtree(a)), Seen::Here(What::Subtree(b))) if a == b => Judgement::Holds,
        _ => Judgement::Unknown,
    }
}

/// It has something here, and so has at least one of the others.
fn disjoint(of: Seen, with: &[Seen]) -> Judgement {
    let one = with.iter().filter(|seen| **seen != Seen::Nowhere);
    let mut judged = one.map(|seen| pair(of, *seen, |_, _| true));
    // One row or subtree in common is enough.
    if judged.any(|judgement| judgement == Judgement::Holds) {
        Judgement::Fails
    } else {
        Judgement::Unknown
    }
}

/// It has something here, and so have several of the others, or one for a union.
fn several(kind: RelationKind, of: Seen, with: &[Seen]) -> Judgement {
    let mut sum = Some(0_u64);
    for seen in with.iter().filter(|seen| **seen != Seen::Nowhere) {
        match (of, *seen) {
            (Seen::Here(What::Leaf { row, .. }), Seen::Here(What::Leaf { row: other, count })) => {
                if row != other {
                    return Judgement::Fails;
                }
                sum = sum.and_then(|sum| sum.checked_add(count));
            }
            // In a union it does not matter who else has the same rows.
            (Seen::Here(What::Subtree(a)), Seen::Here(What::Subtree(b)))
                if a == b && kind == RelationKind::UnionOf => {}
            _ => return Judgement::Unknown,
        }
    }
    match (kind, of) {
        (RelationKind::SumOf, Seen::Here(What::Leaf { count, .. })) if sum != Some(count) => {
            Judgement::Fails
        }
        (RelationKind::PartitionOf, Seen::Here(What::Leaf { .. })) => Judgement::Fails,
        _ => Judgement::Holds,
    }
}

#[cfg(test)]
mod tests;
