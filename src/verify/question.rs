//! What is asked of a dataset: of which acts, by whom and where.

use std::collections::BTreeSet;

use crate::rights::Acts;
use crate::statement::Territory;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party<'a> {
    /// Whoever made the subject, because the question does not say who acts.
    Maker(&'a str),
    One(&'a str),
    Several,
    Unsaid,
}

impl<'a> Party<'a> {
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (this, that) if this == that => this,
            (Self::Maker(this), Self::One(that)) | (Self::One(this), Self::Maker(that))
                if this == that =>
            {
                Self::Maker(this)
            }
            _ => Self::Several,
        }
    }

    /// The one who acts, where that is known.
    pub(super) const fn name(self) -> Option<&'a str> {
        match self {
            Self::Maker(party) | Self::One(party) => Some(party),
            Self::Several | Self::Unsaid => None,
        }
    }
}

/// Where acts take place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Places<'a> {
    /// Where the use is intended.
    Intended,
    /// Where a step says that it was done, and that it kept the data.
    Stated { processed: &'a BTreeSet<Territory>, stored: &'a BTreeSet<Territory> },
    /// In too many places to tell.
    Unsaid,
}

impl Places<'_> {
    /// Where data are processed and where they are stored, `None` for a place that nobody says; of what a
    /// step leaves out it was done where the use is intended.
    pub(super) fn where_done(
        self,
        processing: Option<Territory>,
        storage: Option<Territory>,
    ) -> [Vec<Option<Territory>>; 2] {
        let said = |places: &BTreeSet<Territory>, intended| match places.len() {
            0 => vec![intended],
            _ => places.iter().copied().map(Some).collect(),
        };
        match self {
            Self::Intended => [vec![processing], vec![storage]],
            Self::Unsaid => [vec![None], vec![None]],
            Self::Stated { processed, stored } => {
                [said(processed, processing), said(stored, storage)]
            }
        }
    }
}

/// What is asked of a vertex under one action, of the data or of models trained on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question<'a> {
    pub(super) acts: Acts,
    pub(super) trained: Option<Acts>,
    pub(super) party: Party<'a>,
    pub(super) places: Places<'a>,
    /// How many activities lie between the vertex and what is used, on the longest way.
    ///
    /// On the longest, because whoever shows a lineage can claim a step that leaves others out.
    pub(super) hops: u64,
    /// Whether some act in question is done to the vertex itself, and not to what was made of it.
    pub(super) is_direct: bool,
}

impl Question<'_> {
    /// Both; either both are about a model or neither is, and both are asked of the same places.
    pub(super) fn and(self, other: Self) -> Self {
        let trained = self.trained.zip(other.trained).map(|(a, b)| a.and(b));
        Self {
            acts: self.acts.and(other.acts),
            trained,
            party: self.party.and(other.party),
            places: self.places,
            hops: self.hops.max(other.hops),
            is_direct: self.is_direct || other.is_direct,
        }
    }
}
