//! What changed between two trees, in the order of keys.

use super::{Opened, Region, Row, Side, Trie, common_prefix};

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
    from: Ahead<A>,
    to: Ahead<B>,
}

/// What of a tree is to be looked at, from the least key on.
struct Ahead<T: Trie> {
    tree: T,
    /// The next place last.
    places: Vec<Place<T::At>>,
}

/// A subtree and the keys that may stand there.
#[derive(Clone, Copy)]
struct Place<A> {
    region: Region,
    at: A,
    /// Whether it is a leaf, and `region` its key alone.
    is_opened_leaf: bool,
}

impl<T: Trie> Ahead<T> {
    fn new(tree: T) -> Self {
        let mut ahead = Self { places: Vec::new(), tree };
        if let Some(root) = ahead.tree.root() {
            ahead.push(Region::ALL, root);
        }
        ahead
    }

    fn push(&mut self, region: Region, at: T::At) {
        self.places.push(Place { region, at, is_opened_leaf: false });
    }

    fn next(&self) -> Option<Place<T::At>> {
        self.places.last().copied()
    }

    /// Opens the next place, unless it is an opened leaf.
    fn open(&mut self) -> Result<(), T::Error> {
        if let Some(Place { at, .. }) = self.places.pop_if(|place| !place.is_opened_leaf) {
            let opened = self.tree.open(at)?;
            self.put(&opened, at);
        }
        Ok(())
    }

    /// What the place at `at`, which is no longer there, turned out to be.
    fn put(&mut self, opened: &Opened<T::At>, at: T::At) {
        match opened {
            Opened::Leaf(leaf) => self.put_leaf(leaf.key, at),
            Opened::Node(node) => {
                self.push(node.region(Side::Right), node.right);
                self.push(node.region(Side::Left), node.left);
            }
        }
    }

    fn put_leaf(&mut self, key: [u8; 32], at: T::At) {
        self.places.push(Place { region: Region::of_key(key), at, is_opened_leaf: true });
    }

    /// The row of the next place, a leaf, and passes over it.
    fn take_row(&mut self) -> Result<Option<T::Row>, T::Error> {
        self.places.pop().map(|place| self.tree.row(place.at)).transpose()
    }
}

impl<A, B> Diff<A, B>
where
    A: Trie<Row: PartialEq>,
    B: Trie<Row = A::Row, Error = A::Error>,
{
    pub(crate) fn new(from: A, to: B) -> Self {
        Self { from: Ahead::new(from), to: Ahead::new(to) }
    }

    fn step(&mut self) -> Result<Option<Change<A::Row>>, A::Error> {
        loop {
            let (a, b) = (self.from.next(), self.to.next());
            let regions = (a.map(|a| a.region), b.map(|b| b.region));
            let Some(lead) = regions.0.into_iter().chain(regions.1).min() else {
                return Ok(None);
            };
            match (a.filter(|a| a.region == lead), b.filter(|b| b.region == lead)) {
                (Some(a), Some(b)) => {
                    self.from.places.pop();
                    self.to.places.pop();
                    if let Some(change) = self.compare(a, b)? {
                        return Ok(Some(change));
                    }
                }
                (Some(a), None) if a.is_opened_leaf && is_elsewhere(regions.1, &lead) => {
                    return Ok(self.from.take_row()?.map(Change::Removed));
                }
                (None, Some(b)) if b.is_opened_leaf && is_elsewhere(regions.0, &lead) => {
                    return Ok(self.to.take_row()?.map(Change::Added));
                }
                (Some(_), _) => self.from.open()?,
                (None, _) => self.to.open()?,
            }
        }
    }

    /// Compares what both have at one place; what is not decided is put ahead again.
    fn compare(
        &mut self,
        a: Place<A::At>,
        b: Place<B::At>,
    ) -> Result<Option<Change<A::Row>>, A::Error> {
        let are_opened = a.is_opened_leaf && b.is_opened_leaf;
        if are_opened || self.are_leaves(a.at, b.at) == Some(true) {
            let (from, to) = (self.from.tree.row(a.at)?, self.to.tree.row(b.at)?);
            if from == to {
                return Ok(None);
            }
            let (x, y) = (from.key(), to.key());
            if x == y {
                return Ok(Some(Change::Changed { from, to }));
            }
            self.from.put_leaf(x, a.at);
            self.to.put_leaf(y, b.at);
            return Ok(None);
        }
        if self.is_same(a.at, b.at)? {
            return Ok(None);
        }
        let (x, y) = (self.from.tree.open(a.at)?, self.to.tree.open(b.at)?);
        let (Opened::Node(x), Opened::Node(y)) = (&x, &y) else {
            self.from.put(&x, a.at);
            self.to.put(&y, b.at);
            return Ok(None);
        };
        if x.depth != y.depth || common_prefix(&x.key, &y.key) < u32::from(x.depth) {
            self.from.put(&Opened::Node(*x), a.at);
            self.to.put(&Opened::Node(*y), b.at);
            return Ok(None);
        }
        // Both part here, so what is the same on a side need not be put ahead.
        for (side, x_at, y_at) in [(Side::Right, x.right, y.right), (Side::Left, x.left, y.left)] {
            if !self.is_same(x_at, y_at)? {
                let region = x.region(side);
                self.from.push(region, x_at);
                self.to.push(region, y_at);
            }
        }
        Ok(None)
    }

    /// Whether two subtrees at one place have the same rows.
    ///
    /// Rows are compared where they are at hand, which costs less than to hash them.
    fn is_same(&self, a: A::At, b: B::At) -> Result<bool, A::Error> {
        match self.are_leaves(a, b) {
            Some(true) => Ok(self.from.tree.row(a)? == self.to.tree.row(b)?),
            Some(false) => Ok(false),
            None => Ok(self.from.tree.summary(a)? == self.to.tree.summary(b)?),
        }
    }

    /// True for two leaves, false for a leaf and a node; `None` for nodes, and where it is not known.
    fn are_leaves(&self, a: A::At, b: B::At) -> Option<bool> {
        let (a, b) = (self.from.tree.is_leaf(a)?, self.to.tree.is_leaf(b)?);
        (a || b).then_some(a == b)
    }
}

/// Whether a tree whose next place is `place` has nothing in a region.
fn is_elsewhere(place: Option<Region>, region: &Region) -> bool {
    place.is_none_or(|place| !region.covers(&place))
}

impl<A, B> Iterator for Diff<A, B>
where
    A: Trie<Row: PartialEq>,
    B: Trie<Row = A::Row, Error = A::Error>,
{
    type Item = Result<Change<A::Row>, A::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}
