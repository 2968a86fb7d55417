//! Pruned trees: a tree in which whatever is not needed is replaced by its summary.
//!
//! ```text
//! pruned = 00                                   the empty tree
//!        / item
//! item   = 01 hash[32] count bytes              a subtree that is not opened
//!        / 02 key[32] value[32] count bytes     a leaf without its row
//!        / 03 row                               a leaf with its row, in CBOR
//!        / node item item                       a node, left side first
//!        / 05 depth prefix item item            a node neither of whose sides is opened
//! node   = 80 + skipped                         bits between the node above, or the first one, and its own
//!        / 04 depth                             the same where more than 127 are skipped
//! depth  = one byte                             the bit at which the node parts its keys
//! prefix = the first `depth` bits, zeros to the end of the last byte
//! count, bytes = unsigned LEB128
//! ```
//!
//! Items stand in preorder. A node's prefix is the beginning of any key below
//! it, so it stands there only where no key does. Leaves of counted trees always
//! have their rows, which are no longer than a value. So every pruned tree has
//! one encoding, and what is read writes the same bytes again.
//!
//! A prefix that does not extend the one above cannot be written down, and a leaf
//! off its path is refused; where a dishonest tree has such things, the root comes
//! out differently or they stay in a summary, where no traversal finds them.

mod decode;
mod encode;
mod fault;

use std::collections::BTreeMap;

pub use fault::PrunedTreeError;

use super::{
    Change, Leaf, Opened, Region, RootBuilder, Row, Side, Summary, TreeError, Trie, common_prefix,
};
use crate::cbor::encode as encoded;

/// A tree of rows `R` of which some parts are opened: enough to answer some questions under its root.
///
/// Whoever has compared [`PrunedTree::root`] with a root he trusts may believe
/// the answers. A root commits to the keys that a correct traversal reaches.
///
/// ```
/// use datadeed::Digest;
/// use datadeed::manifest::{EvidenceBuilder, FileEntry, Manifest, NameProfile, Prover};
/// use datadeed::tree::{Change, PrunedTree};
///
/// let file = |name: &str| FileEntry::new(name, 1, Digest::of(name.as_bytes()));
/// let before = Manifest::files(vec![file("a"), file("b"), file("c")], NameProfile::Portable)?;
/// let after = Manifest::files(vec![file("a"), file("b"), file("d")], NameProfile::Portable)?;
/// let changes = [Change::Removed(file("c")), Change::Added(file("d"))];
///
/// // Who has all rows opens what the changes touch ...
/// let prover = Prover::new(&before);
/// let mut evidence = EvidenceBuilder::new();
/// let Ok(()) = evidence.changes(&prover, changes.clone());
/// let Ok(evidence) = evidence.build();
/// let bytes = evidence.opened_files(before.id()).map(PrunedTree::to_bytes).unwrap_or_default();
///
/// // ... and who knows the root of the one needs no more to compute that of the other.
/// let opened = PrunedTree::<FileEntry>::decode(&bytes, 1_000)?;
/// assert_eq!(opened.root(), before.parts());
/// assert_eq!(opened.apply(changes)?, Some(*after.parts()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrunedTree<R> {
    /// Leaves and subtrees that are not opened, in the order of their keys.
    spots: Vec<Spot<R>>,
    root: Summary,
}

/// A leaf, or a subtree that is not opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot<R> {
    pub(super) region: Region,
    pub(super) summary: Summary,
    pub(super) leaf: Option<Known<R>>,
}

/// What is known of a leaf beside its key and its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known<R> {
    pub(super) value: [u8; 32],
    pub(super) row: Option<R>,
}

/// Whether a key is in a tree.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::manifest::Evidence;
/// use datadeed::tree::Membership;
///
/// // Of a dataset that the evidence has nothing of, nothing is known.
/// let says_nothing = Evidence::default();
/// let answer = says_nothing.file(ManifestId::from_bytes([1; 32]), "a.txt");
/// assert_eq!(answer, Membership::Unknown);
/// assert_eq!(answer.present(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth answer")]
pub enum Membership<T> {
    /// It is, with this row.
    Present(T),
    /// It is not.
    Absent,
    /// What is opened does not tell.
    Unknown,
}

impl<T> Membership<T> {
    /// The row, where there is one.
    pub fn present(self) -> Option<T> {
        match self {
            Self::Present(row) => Some(row),
            Self::Absent | Self::Unknown => None,
        }
    }
}

/// What to open of a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut {
    /// Keys to answer for, strictly increasing.
    pub(crate) keys: Vec<[u8; 32]>,
    /// Places to open, together with those above them.
    pub(crate) regions: std::collections::BTreeSet<Region>,
}

impl Cut {
    fn opens(&self, region: &Region) -> bool {
        self.regions.contains(region) || region.holds_any(&self.keys)
    }
}

#[expect(private_bounds, reason = "sealed: rows are those of this crate")]
impl<R: Row> PrunedTree<R> {
    /// The part of `tree` that answers for the keys of `cut` and has its places opened.
    pub(crate) fn new<T: Trie<Row = R>>(tree: &T, cut: &Cut) -> Result<Self, T::Error> {
        let Some(top) = tree.root() else { return Ok(Self::empty()) };
        let root = tree.summary(top)?;
        let mut spots = Vec::new();
        let mut open = vec![(top, Region::ALL)];
        while let Some((at, region)) = open.pop() {
            if !cut.opens(&region) {
                spots.push(Spot { region, summary: tree.summary(at)?, leaf: None });
                continue;
            }
            match tree.open(at)? {
                Opened::Leaf(leaf) => {
                    let asked = R::COUNTED || cut.keys.binary_search(&leaf.key).is_ok();
                    let row = if asked { Some(tree.row(at)?) } else { None };
                    spots.push(Spot::leaf(&leaf, row));
                }
                Opened::Node(node) => {
                    open.push((node.right, node.region(Side::Right)));
                    open.push((node.left, node.region(Side::Left)));
                }
            }
        }
        Ok(Self { spots, root })
    }

    const fn empty() -> Self {
        Self { spots: Vec::new(), root: Summary::EMPTY }
    }

    /// What the tree commits to, computed from what is opened.
    pub const fn root(&self) -> &Summary {
        &self.root
    }

    /// Whether `key` is in the tree; present only where its row is opened.
    ///
    /// What the key of a row is, the table of [trees](crate::guide::format#trees) says: the
    /// digest of a content or record, the hash of a name
    /// ([`name_key`](crate::manifest::name_key)). Every traversal of the tree whose root this is
    /// comes to the same answer, or to none where less is opened.
    pub fn get(&self, key: &[u8; 32]) -> Membership<&R> {
        // Regions have no key in common, so none but the last to begin before the key can hold it.
        let after = self.spots.partition_point(|spot| spot.region.first() <= key);
        let spot = after.checked_sub(1).and_then(|index| self.spots.get(index));
        match spot.filter(|spot| spot.region.holds(key)) {
            None => Membership::Absent,
            Some(spot) => match spot.row() {
                Some(row) => Membership::Present(row),
                None => Membership::Unknown,
            },
        }
    }

    /// The rows that are opened, in the order of their keys.
    pub fn rows(&self) -> impl Iterator<Item = &R> {
        self.spots.iter().filter_map(Spot::row)
    }

    /// Whether every row of the tree is opened.
    pub(crate) fn is_whole(&self) -> bool {
        self.spots.iter().all(|spot| spot.row().is_some())
    }

    /// The root after `changes`; of several of one key the last one counts.
    ///
    /// A row that is added takes the place of one that is there, and to remove
    /// what is not there changes nothing. `None` where not enough is opened: the
    /// place of a change, and one level of every subtree that a removal lifts.
    /// Else the rows under the new root are those under the old one with the
    /// changes, also where the tree was made dishonestly: whatever moves is known to
    /// hold only keys that belong at its old place and at its new one.
    ///
    /// # Errors
    ///
    /// [`TreeError::SumOverflow`] where counts or bytes then exceed 2^64 - 1.
    pub fn apply(
        &self,
        changes: impl IntoIterator<Item = Change<R>>,
    ) -> Result<Option<Summary>, TreeError> {
        let changes: BTreeMap<[u8; 32], Option<R>> =
            changes.into_iter().map(Change::keyed).collect();
        self.apply_rows(&changes)
    }

    /// The root with these rows under their keys, and none where there is none.
    pub(crate) fn apply_rows(
        &self,
        changes: &BTreeMap<[u8; 32], Option<R>>,
    ) -> Result<Option<Summary>, TreeError> {
        let Some(pieces) = self.changed(changes)? else { return Ok(None) };
        if !lifted(&pieces).is_empty() {
            return Ok(None);
        }
        let mut root = RootBuilder::new(R::KIND);
        for (region, summary, _) in &pieces {
            root.push_subtree(*region.first(), *summary)?;
        }
        root.finish().map(Some)
    }

    /// The places that [`PrunedTree::apply`] needs opened beside those of the changes themselves.
    pub(crate) fn lifted(
        &self,
        changes: &BTreeMap<[u8; 32], Option<R>>,
    ) -> Result<Vec<Region>, TreeError> {
        Ok(self.changed(changes)?.map(|pieces| lifted(&pieces)).unwrap_or_default())
    }

    /// What is left of this tree and what comes to it; `None` where a change is in a closed subtree.
    fn changed(
        &self,
        changes: &BTreeMap<[u8; 32], Option<R>>,
    ) -> Result<Option<Vec<Piece>>, TreeError> {
        let mut pieces: Vec<Piece> = Vec::new();
        for spot in &self.spots {
            let is_stub = spot.leaf.is_none();
            let from = changes.range(*spot.region.first()..).next();
            let is_changed = from.is_some_and(|(key, _)| spot.region.holds(key));
            if is_changed && is_stub {
                return Ok(None);
            }
            if !is_changed {
                pieces.push((spot.region, spot.summary, is_stub));
            }
        }
        for (key, row) in changes {
            if let Some(row) = row {
                let leaf = row.leaf(*key, &encoded(row))?;
                pieces.push((Region::of_key(*key), leaf.summary(R::KIND), false));
            }
        }
        pieces.sort_unstable_by_key(|(region, ..)| *region);
        Ok(Some(pieces))
    }

    /// This tree with all that is opened in `other`, which has the same root; `None` if it has not.
    pub(crate) fn join(&self, other: &Self) -> Option<Self> {
        if self.root != other.root {
            return None;
        }
        let mut spots: Vec<Spot<R>> = Vec::with_capacity(self.spots.len().max(other.spots.len()));
        let mut both: Vec<&Spot<R>> = self.spots.iter().chain(&other.spots).collect();
        // A region stands before those that it covers.
        both.sort_by_key(|spot| spot.region);
        for spot in both {
            while let Some(last) = spots.last()
                && last.region != spot.region
                && last.region.covers(&spot.region)
            {
                spots.pop();
            }
            match spots.last_mut() {
                Some(last) if last.region == spot.region => {
                    if last.detail() < spot.detail() {
                        *last = spot.clone();
                    }
                }
                _ => spots.push(spot.clone()),
            }
        }
        Some(Self { spots, root: self.root })
    }

    /// Nodes, leaves and subtrees that are not opened.
    pub(crate) fn items(&self) -> usize {
        // A binary tree has a node fewer than leaves; the empty one is an item too.
        self.spots.len().saturating_mul(2).saturating_sub(1).max(1)
    }

    pub(super) fn spots(&self) -> &[Spot<R>] {
        &self.spots
    }
}

impl<R> Spot<R> {
    fn row(&self) -> Option<&R> {
        self.leaf.as_ref()?.row.as_ref()
    }

    /// 0 for a subtree, 1 for a leaf, 2 for a leaf with its row.
    fn detail(&self) -> u8 {
        match &self.leaf {
            None => 0,
            Some(Known { row: None, .. }) => 1,
            Some(Known { row: Some(_), .. }) => 2,
        }
    }
}

impl<R: Row> Spot<R> {
    pub(super) fn leaf(leaf: &Leaf, row: Option<R>) -> Self {
        let known = Known { value: leaf.value, row };
        Self { region: Region::of_key(leaf.key), summary: leaf.summary(R::KIND), leaf: Some(known) }
    }
}

/// A leaf or subtree at its place, and whether it is a closed subtree.
type Piece = (Region, Summary, bool);

/// The closed subtrees that no longer hang from the node they hung from.
fn lifted(pieces: &[Piece]) -> Vec<Region> {
    let shared = |a: usize, b: Option<usize>| {
        let (a, b) = (pieces.get(a)?, pieces.get(b?)?);
        Some(common_prefix(a.0.first(), b.0.first()))
    };
    let closed = pieces.iter().enumerate().filter(|(_, piece)| piece.2);
    let moved = closed.filter(|(index, (region, ..))| {
        let before = shared(*index, index.checked_sub(1));
        let after = shared(*index, index.checked_add(1));
        // The node above parts at the last bit that its places share.
        before.max(after) != region.parent_depth()
    });
    moved.map(|(_, (region, ..))| *region).collect()
}

#[cfg(test)]
pub(super) mod tests;
