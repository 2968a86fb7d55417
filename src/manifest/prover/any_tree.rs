//! A tree of whatever rows, wherever they are.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use super::Fails;
use crate::manifest::evidence::Opened;
use crate::tree::{self, Cut, Front, PrunedTree, Region, Root, Summary, Trie, Walk};

/// A tree, reading which can fail with `E`.
pub(crate) trait AnyTree<E> {
    /// A walk over it.
    fn walk<'a>(self: Box<Self>) -> Result<Box<dyn AnyWalk<E> + 'a>, E>
    where
        Self: 'a;

    /// What `cut` says of it.
    fn open(&self, cut: &Cut) -> Result<Opened, E>;
}

/// A walk that tells where it has opened the tree.
pub(crate) trait AnyWalk<E>: Front<Error = E> {
    /// Where, since this was asked last.
    fn opened(&mut self) -> BTreeSet<Region>;
}

/// A tree without its type.
pub(crate) fn erased<'a, T, E: 'a>(tree: T) -> Box<dyn AnyTree<E> + 'a>
where
    T: Trie<Error: Fails<E>> + 'a,
    Opened: From<PrunedTree<T::Row>>,
{
    Box::new(Failing { tree, error: PhantomData })
}

/// A tree of which reading fails as something else.
struct Failing<T, E> {
    tree: T,
    error: PhantomData<E>,
}

impl<T: Trie<Error: Fails<E>>, E> AnyTree<E> for Failing<T, E>
where
    Opened: From<PrunedTree<T::Row>>,
{
    fn walk<'a>(self: Box<Self>) -> Result<Box<dyn AnyWalk<E> + 'a>, E>
    where
        Self: 'a,
    {
        Ok(Box::new(Walk::new(*self)?))
    }

    fn open(&self, cut: &Cut) -> Result<Opened, E> {
        Ok(PrunedTree::new(self, cut)?.into())
    }
}

impl<T: Trie> AnyWalk<T::Error> for Walk<T> {
    fn opened(&mut self) -> BTreeSet<Region> {
        self.take_opened()
    }
}

/// Of a root there is nothing to open.
impl<E> AnyWalk<E> for Root<E> {
    fn opened(&mut self) -> BTreeSet<Region> {
        BTreeSet::new()
    }
}

impl<T: Trie<Error: Fails<E>>, E> Trie for Failing<T, E> {
    type Row = T::Row;
    type Error = E;
    type At = T::At;

    fn root(&self) -> Option<T::At> {
        self.tree.root()
    }

    fn summary(&self, at: T::At) -> Result<Summary, E> {
        self.tree.summary(at).map_err(Fails::into_fault)
    }

    fn open(&self, at: T::At) -> Result<tree::Opened<T::At>, E> {
        self.tree.open(at).map_err(Fails::into_fault)
    }

    fn row(&self, at: T::At) -> Result<T::Row, E> {
        self.tree.row(at).map_err(Fails::into_fault)
    }
}
