//! What a composite consists of, through all composites in it.

use std::collections::{BTreeMap, BTreeSet};

use super::Mount;
use crate::id::ManifestId;
use crate::manifest::ManifestKind;
use crate::tree::Summary;

/// What is known to be mounted in one composite.
#[derive(Clone, Debug)]
pub(crate) struct Mounts<'a> {
    pub(crate) rows: Vec<&'a Mount>,
    /// Whether no other mount can be there.
    pub(crate) is_whole: bool,
}

/// The datasets that a composite consists of.
#[derive(Clone, Debug)]
pub(crate) struct Below {
    /// Those that are no composites.
    pub(crate) datasets: BTreeMap<ManifestId, Part>,
    /// Whether no other mount can be there.
    pub(crate) is_whole: bool,
}

/// A dataset of several that are taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// How often it counts; at least once.
    pub(crate) times: u64,
    /// The root of its contents, where a mount has told it.
    pub(crate) content: Option<Summary>,
}

impl Part {
    /// A dataset by itself.
    pub(crate) const ITSELF: Self = Self { times: 1, content: None };
}

impl Below {
    /// What `composite` consists of, as far as `mounts` knows; `None` where that does not know it as one.
    ///
    /// Asks for the mounts of every composite once, however often it is mounted. That they form no
    /// cycle follows from their being mounted by hash.
    pub(crate) fn new<'a>(
        composite: ManifestId,
        mounts: &dyn Fn(ManifestId) -> Option<Mounts<'a>>,
    ) -> Option<Self> {
        let mut known = BTreeMap::from([(composite, Some(mounts(composite)?))]);
        let order = composites_from(composite, &mut known, mounts);
        let mut below = Self { datasets: BTreeMap::new(), is_whole: true };
        let mut times = BTreeMap::from([(composite, 1_u64)]);
        for id in order {
            let here = times.get(&id).copied().unwrap_or(0);
            let Some(Mounts { rows, is_whole }) = known.remove(&id).flatten() else {
                below.is_whole = false;
                continue;
            };
            below.is_whole &= is_whole;
            for mount in rows {
                let id = mount.manifest();
                let count = match mount.head.kind {
                    ManifestKind::Composite => times.entry(id).or_insert(0),
                    ManifestKind::Files | ManifestKind::Tensors => {
                        let part = Part { times: 0, content: mount.head.content };
                        &mut below.datasets.entry(id).or_insert(part).times
                    }
                };
                // Each time counts an entry at least, and all entries fit 64 bits.
                *count = count.saturating_add(here);
            }
        }
        Some(below)
    }
}

/// A composite and all composites that are mounted in it, none before one that it is mounted in.
fn composites_from<'a>(
    composite: ManifestId,
    known: &mut BTreeMap<ManifestId, Option<Mounts<'a>>>,
    mounts: &dyn Fn(ManifestId) -> Option<Mounts<'a>>,
) -> Vec<ManifestId> {
    let (mut seen, mut finished) = (BTreeSet::new(), Vec::new());
    let mut open = vec![(composite, false)];
    while let Some((id, is_finished)) = open.pop() {
        if is_finished {
            finished.push(id);
        } else if seen.insert(id) {
            open.push((id, true));
            let rows = known.entry(id).or_insert_with(|| mounts(id)).iter();
            let rows = rows.flat_map(|mounts| &mounts.rows);
            let composites = rows.filter(|row| row.head.kind == ManifestKind::Composite);
            open.extend(composites.map(|mount| (mount.manifest(), false)));
        }
    }
    finished.reverse();
    finished
}
