//! The trees that can be walked: all rows, a pruned tree, a tree that can be opened.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use super::{Front, Place, What};
use crate::cbor::encode;
use crate::tree::pruned::{Known, Spot};
use crate::tree::{Leaf, Opened, PrunedTree, Region, RootBuilder, Row, Side, Summary, Trie};

/// All rows of a tree, in key order.
pub(crate) struct Rows<'a, R, E> {
    ahead: &'a [R],
    /// The leaf of the first of them, once it was asked for.
    next: Option<Leaf>,
    error: PhantomData<E>,
}

impl<'a, R: Row, E> Rows<'a, R, E> {
    /// Rows that make a tree.
    pub(crate) fn new(rows: &'a [R]) -> Self {
        Self { ahead: rows, next: None, error: PhantomData }
    }
}

#[expect(clippy::expect_used, reason = "every row made its leaf when its manifest was built")]
fn leaf<R: Row>(row: &R) -> Leaf {
    row.leaf(row.key(), &encode(row)).expect("it was made before")
}

impl<R: Row, E> Front for Rows<'_, R, E> {
    type Error = E;

    fn place(&mut self) -> Result<Option<Place>, E> {
        let Some(row) = self.ahead.first() else { return Ok(None) };
        let leaf = self.next.get_or_insert_with(|| leaf(row));
        Ok(Some(Place::leaf::<R>(leaf.key, leaf.value, leaf.count)))
    }

    fn pass(&mut self) {
        self.ahead = self.ahead.split_first().map_or(&[], |(_, rest)| rest);
        self.next = None;
    }

    fn open(&mut self) -> Result<bool, E> {
        Ok(false)
    }

    /// Whoever has all rows knows every subtree over them.
    fn closed(&self, region: &Region) -> Option<Summary> {
        let mut root = RootBuilder::new(R::KIND);
        for row in self.ahead.iter().take_while(|row| region.holds(&row.key())) {
            root.push(&leaf(row)).ok()?;
        }
        root.finish().ok()
    }
}

/// What is opened of a tree.
pub(crate) struct Pruned<'a, R, E> {
    spots: &'a [Spot<R>],
    error: PhantomData<E>,
}

impl<'a, R: Row, E> Pruned<'a, R, E> {
    pub(crate) fn new(tree: &'a PrunedTree<R>) -> Self {
        Self { spots: tree.spots(), error: PhantomData }
    }
}

impl<R: Row, E> Front for Pruned<'_, R, E> {
    type Error = E;

    fn place(&mut self) -> Result<Option<Place>, E> {
        Ok(self.spots.first().map(|spot| match &spot.leaf {
            None => Place { region: spot.region, what: What::Subtree(spot.summary) },
            Some(Known { value, .. }) => {
                Place::leaf::<R>(*spot.region.first(), *value, spot.summary.count())
            }
        }))
    }

    fn pass(&mut self) {
        self.spots = self.spots.split_first().map_or(&[], |(_, rest)| rest);
    }

    fn open(&mut self) -> Result<bool, E> {
        Ok(false)
    }

    /// Whatever is opened of a subtree, its root follows from that.
    fn closed(&self, region: &Region) -> Option<Summary> {
        let mut root = RootBuilder::new(R::KIND);
        for spot in self.spots.iter().take_while(|spot| region.covers(&spot.region)) {
            root.push_subtree(*spot.region.first(), spot.summary).ok()?;
        }
        root.finish().ok()
    }
}

/// A tree that is opened as far as a walk asks, and remembers where it was.
pub(crate) struct Walk<T: Trie> {
    tree: T,
    /// What is ahead, the next place last.
    ahead: Vec<(Place, T::At)>,
    /// In the order of opening, each once.
    opened: Vec<Region>,
}

impl<T: Trie> Walk<T> {
    pub(crate) fn new(tree: T) -> Result<Self, T::Error> {
        let mut walk = Self { tree, ahead: Vec::new(), opened: Vec::new() };
        if let Some(root) = walk.tree.root() {
            walk.push(root, Region::ALL)?;
        }
        Ok(walk)
    }

    fn push(&mut self, at: T::At, region: Region) -> Result<(), T::Error> {
        let what = What::Subtree(self.tree.summary(at)?);
        self.ahead.push((Place { region, what }, at));
        Ok(())
    }

    /// Where the tree was opened since this was asked last.
    pub(crate) fn take_opened(&mut self) -> BTreeSet<Region> {
        std::mem::take(&mut self.opened).into_iter().collect()
    }
}

impl<T: Trie> Front for Walk<T> {
    type Error = T::Error;

    fn place(&mut self) -> Result<Option<Place>, T::Error> {
        Ok(self.ahead.last().map(|(place, _)| *place))
    }

    fn pass(&mut self) {
        self.ahead.pop();
    }

    fn open(&mut self) -> Result<bool, T::Error> {
        let Some((Place { region, what: What::Subtree(_) }, at)) = self.ahead.last().copied()
        else {
            return Ok(false);
        };
        let opened = self.tree.open(at)?;
        self.ahead.pop();
        self.opened.push(region);
        match opened {
            Opened::Leaf(leaf) => {
                let place = Place::leaf::<T::Row>(leaf.key, leaf.value, leaf.count);
                self.ahead.push((place, at));
            }
            Opened::Node(node) => {
                self.push(node.right, node.region(Side::Right))?;
                self.push(node.left, node.region(Side::Left))?;
            }
        }
        Ok(true)
    }

    /// Whoever can open subtrees need not close them.
    fn closed(&self, _: &Region) -> Option<Summary> {
        None
    }
}
