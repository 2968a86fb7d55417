//! What changed between two trees, in the order of keys.

use super::relation::What;
use super::{Front, Place, Region, Row, Trie, Walk};

/// A change of one row.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile, Prover};
/// use datadeed::tree::Change;
///
/// let file = |name: &str, text: &str| FileEntry::new(name, text.len() as u64, Digest::of(text.as_bytes()));
/// let old = Manifest::files(vec![file("a", "x"), file("b", "y")], NameProfile::Portable)?;
/// let new = Manifest::files(vec![file("a", "x"), file("b", "z")], NameProfile::Portable)?;
/// let (old, new) = (Prover::new(&old), Prover::new(&new));
/// let changes: Vec<_> = old.diff(&new).into_iter().flatten().collect();
/// assert_eq!(changes, [Change::Changed { from: file("b", "y"), to: file("b", "z") }]);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a row is in the one, in the other, or in both")]
pub enum Change<R> {
    /// A row under a key that was not there.
    Added(R),
    /// Another row under a key that was there.
    Changed {
        /// What it was.
        from: R,
        /// What it is.
        to: R,
    },
    /// A row under a key that is no longer there.
    Removed(R),
}

impl<R> Change<R> {
    /// The row after the change, if there is one.
    pub const fn to(&self) -> Option<&R> {
        match self {
            Self::Added(to) | Self::Changed { to, .. } => Some(to),
            Self::Removed(_) => None,
        }
    }

    /// The row before the change, if there was one.
    pub const fn from(&self) -> Option<&R> {
        match self {
            Self::Changed { from, .. } | Self::Removed(from) => Some(from),
            Self::Added(_) => None,
        }
    }
}

#[expect(private_bounds, reason = "sealed: rows are those of this crate")]
impl<R: Row> Change<R> {
    /// The key and the row that then stands under it, if one does.
    pub(crate) fn keyed(self) -> ([u8; 32], Option<R>) {
        match self {
            Self::Added(to) | Self::Changed { to, .. } => (to.key(), Some(to)),
            Self::Removed(from) => (from.key(), None),
        }
    }
}

/// The changes that lead from one tree to another, found one after another.
///
/// Subtrees that are the same at the same place are not opened, so it takes
/// time in proportion to changes times depth.
pub(crate) struct Diff<A: Trie, B: Trie> {
    from: Walk<A>,
    to: Walk<B>,
}

impl<A, B> Diff<A, B>
where
    A: Trie,
    B: Trie<Row = A::Row, Error = A::Error>,
{
    pub(crate) fn new(from: A, to: B) -> Result<Self, A::Error> {
        Ok(Self { from: Walk::new(from)?, to: Walk::new(to)? })
    }

    fn step(&mut self) -> Result<Option<Change<A::Row>>, A::Error> {
        loop {
            let (a, b) = (self.from.place()?, self.to.place()?);
            let Some(lead) = a.iter().chain(&b).map(|place| place.region).min() else {
                return Ok(None);
            };
            let here = |place: Option<Place>| place.filter(|place| place.region == lead);
            let (elsewhere_a, elsewhere_b) = (is_elsewhere(a, &lead), is_elsewhere(b, &lead));
            match (here(a).map(|a| a.what), here(b).map(|b| b.what)) {
                (Some(x), Some(y)) if x == y => {
                    self.from.pass();
                    self.to.pass();
                }
                (Some(What::Leaf { .. }), Some(What::Leaf { .. })) => {
                    let (from, to) = (self.from.take_row()?, self.to.take_row()?);
                    return Ok(from.zip(to).map(|(from, to)| Change::Changed { from, to }));
                }
                (Some(What::Leaf { .. }), None) if elsewhere_b => {
                    return Ok(self.from.take_row()?.map(Change::Removed));
                }
                (None, Some(What::Leaf { .. })) if elsewhere_a => {
                    return Ok(self.to.take_row()?.map(Change::Added));
                }
                (x, y) => {
                    if matches!(x, Some(What::Subtree(_))) {
                        self.from.open()?;
                    }
                    if matches!(y, Some(What::Subtree(_))) {
                        self.to.open()?;
                    }
                }
            }
        }
    }
}

/// Whether a tree has nothing in a region.
fn is_elsewhere(place: Option<Place>, region: &Region) -> bool {
    place.is_none_or(|place| !region.covers(&place.region))
}

impl<A, B> Iterator for Diff<A, B>
where
    A: Trie,
    B: Trie<Row = A::Row, Error = A::Error>,
{
    type Item = Result<Change<A::Row>, A::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}
