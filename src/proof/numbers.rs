//! Numbers for the ids in a proof, so that an id is looked up once.
//!
//! A statement has the number of its place in the proof, a dataset its rank among the ids of all datasets
//! that the proof names.

use super::directory::Directory;
use super::lists::Lists;
use super::{ProofError, Statement};
use crate::id::{ManifestId, StatementId};

/// Which statements refer to which, and to which datasets, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    statements: Directory<StatementId>,
    manifests: Directory<ManifestId>,
    /// Of each statement those it refers to, as [`Statement::references`] tells them.
    pub(crate) references: Lists,
    /// Of each statement the datasets that it produces, declares or is about.
    pub(crate) manifests_of: Lists,
    /// Of each dataset those statements.
    pub(crate) about: Lists,
    /// Of each activity the datasets that it used; no other statement has any.
    pub(crate) used_by: Lists,
    /// Of each dataset the activities that used it.
    pub(crate) users_of: Lists,
}

impl Numbers {
    /// Of statements in an order in which each stands after those it refers to.
    ///
    /// # Errors
    ///
    /// [`ProofError::DuplicateStatement`], [`ProofError::MissingStatement`], and
    /// [`ProofError::UnorderedStatement`] for one that stands after a statement that refers to it.
    pub(super) fn new(subject: ManifestId, statements: &[Statement]) -> Result<Self, ProofError> {
        let by_id = Directory::of_places(statements.iter().map(Statement::id))
            .map_err(|id| ProofError::DuplicateStatement { id })?;
        let mut references = Lists::with_capacity(statements.len());
        for (place, statement) in statements.iter().enumerate() {
            let by = statement.id();
            for id in statement.references() {
                let of = by_id.get(&id).ok_or(ProofError::MissingStatement { id, by })?;
                if of >= place {
                    return Err(ProofError::UnorderedStatement { id });
                }
                references.add(of);
            }
            references.end();
        }
        let mut named = vec![subject];
        let [mut manifests_of, mut used_by] =
            [0; 2].map(|_| Lists::with_capacity(statements.len()));
        for statement in statements {
            for manifest in statement.manifests() {
                manifests_of.add(named.len());
                named.push(manifest);
            }
            for manifest in statement.used() {
                used_by.add(named.len());
                named.push(manifest);
            }
            manifests_of.end();
            used_by.end();
        }
        let (manifests, ranks) = Directory::of_ranks(named.iter().copied());
        manifests_of.translate(&ranks);
        used_by.translate(&ranks);
        let about = manifests_of.inverted(manifests.len());
        let users_of = used_by.inverted(manifests.len());
        Ok(Self {
            statements: by_id,
            manifests,
            references,
            manifests_of,
            about,
            used_by,
            users_of,
        })
    }

    /// The place of a statement in the proof.
    pub(crate) fn statement(&self, id: &StatementId) -> Option<usize> {
        self.statements.get(id)
    }

    /// The number of a dataset that the proof names.
    pub(crate) fn manifest(&self, id: &ManifestId) -> Option<usize> {
        self.manifests.get(id)
    }

    /// Every dataset that the proof names, its subject included, by number.
    pub(crate) fn manifests(&self) -> impl ExactSizeIterator<Item = &ManifestId> {
        self.manifests.ids()
    }

    /// The dataset with this number.
    pub(crate) fn manifest_at(&self, number: usize) -> Option<&ManifestId> {
        self.manifests.at(number)
    }

    /// The greatest height of a statement; 0 without any.
    ///
    /// # Errors
    ///
    /// [`ProofError::UnorderedStatement`] where statements are not strictly increasing by height and id.
    pub(super) fn height(&self, statements: &[Statement]) -> Result<usize, ProofError> {
        let mut heights: Vec<usize> = Vec::with_capacity(statements.len());
        let mut last: Option<(usize, StatementId)> = None;
        // Every reference points backwards, so one pass computes all heights.
        for (statement, references) in statements.iter().zip(self.references.iter()) {
            let id = statement.id();
            let below = references.iter().filter_map(|place| heights.get(*place));
            let height = below.max().map_or(0, |below| below.saturating_add(1));
            let order = Some((height, id));
            if last >= order {
                return Err(ProofError::UnorderedStatement { id });
            }
            last = order;
            heights.push(height);
        }
        Ok(last.map_or(0, |(height, _)| height))
    }
}
