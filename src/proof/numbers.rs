//! Numbers for the ids in a proof, so that an id is looked up once.
//!
//! A statement has the number of its place in the proof, a dataset its rank among the ids of all datasets
//! that the proof names.

use std::collections::BTreeMap;

use super::directory::Directory;
use super::lists::Lists;
use super::{ProofError, Statement};
use crate::id::{KeyId, ManifestId, StatementId};

/// Which statements refer to which, and to which datasets, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    statements: Directory<StatementId>,
    manifests: Directory<ManifestId>,
    /// Of each statement those it refers to, as [`Statement::references`] tells them.
    pub(crate) references: Lists,
    /// Of each dataset the statements that produce it, declare it or are about it.
    pub(crate) about: Lists,
    /// Of each activity the datasets that it used; no other statement has any.
    pub(crate) used_by: Lists,
    /// Of each dataset the activities that used it.
    pub(crate) users_of: Lists,
    /// Of each signer, who is one of an issuer and a key, the place of his first statement.
    pub(crate) signers: Vec<usize>,
    /// Of each statement the number of its signer.
    pub(crate) signer_of: Vec<usize>,
}

impl Numbers {
    /// Of statements in an order in which each stands after those it refers to.
    ///
    /// # Errors
    ///
    /// [`ProofError::DuplicateStatement`], [`ProofError::MissingStatement`], and
    /// [`ProofError::UnorderedStatement`] for one that stands after a statement that refers to it.
    pub(super) fn new(
        subject: ManifestId,
        statements: &[Statement],
    ) -> Result<Box<Self>, ProofError> {
        let by_id = Directory::of_places(statements.iter().map(Statement::id))
            .map_err(|id| ProofError::DuplicateStatement { id })?;
        let [mut references, mut manifests_of, mut used_by] =
            [0; 3].map(|_| Lists::with_capacity(statements.len()));
        // Each time that a dataset is named; lists of places in here become lists of its ranks.
        let mut named = vec![subject];
        let mut by_signer: BTreeMap<(&str, KeyId), usize> = BTreeMap::new();
        let mut signers = Vec::new();
        let mut signer_of = Vec::with_capacity(statements.len());
        for (place, statement) in statements.iter().enumerate() {
            let (by, header) = (statement.id(), statement.header());
            statement.references().try_for_each(|id| {
                let of = by_id.get(&id).ok_or(ProofError::MissingStatement { id, by })?;
                if of >= place {
                    return Err(ProofError::UnorderedStatement { id });
                }
                references.add(of);
                Ok(())
            })?;
            references.end();
            statement.manifests().for_each(|manifest| {
                manifests_of.add(named.len());
                named.push(manifest);
            });
            manifests_of.end();
            statement.used().for_each(|manifest| {
                used_by.add(named.len());
                named.push(manifest);
            });
            used_by.end();
            signer_of.push(*by_signer.entry((&header.issuer, header.key)).or_insert_with(|| {
                signers.push(place);
                signers.len().saturating_sub(1)
            }));
        }
        let (manifests, ranks) = Directory::of_ranks(named.iter().copied());
        manifests_of.translate(&ranks);
        used_by.translate(&ranks);
        Ok(Box::new(Self {
            statements: by_id,
            about: manifests_of.inverted(manifests.len()),
            users_of: used_by.inverted(manifests.len()),
            manifests,
            references,
            used_by,
            signers,
            signer_of,
        }))
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
