//! The rules on the structure of a proof, whether decoded or built.

use std::collections::BTreeMap;

use super::logged::Logged;
use super::{LineageProof, ProofError, Statement, reach, vouched};
use crate::id::{ManifestId, StatementId};
use crate::key::PublicKey;
use crate::manifest::Evidence;

impl LineageProof {
    /// Every rule on the structure of a proof.
    pub(super) fn check(
        subject: ManifestId,
        keys: Vec<PublicKey>,
        statements: Vec<Statement>,
        evidence: Evidence,
        batches: vouched::Opened,
        logged: Logged,
    ) -> Result<Self, ProofError> {
        for pair in keys.windows(2) {
            if let [a, b] = pair
                && a.id() >= b.id()
            {
                return Err(ProofError::UnorderedKey { id: b.id() });
            }
        }
        let height = check_order(&statements)?;
        let vouched = vouched::check(&statements, &batches)?;
        vouched::check_needed(&statements, &batches)?;
        reach::check(subject, &statements, &vouched)?;
        let signers = reach::signers(&statements);
        if let Some(key) = keys.iter().find(|key| !signers.contains(&key.id())) {
            return Err(ProofError::UnreachableKey { id: key.id() });
        }
        reach::check_evidence(&evidence, &statements)?;
        logged.check(&statements)?;
        Ok(Self { subject, keys, statements, evidence, batches, vouched, logged, height })
    }
}

/// Every reference points backwards in the order by (height, id), so one pass computes all heights.
pub(super) fn check_order(statements: &[Statement]) -> Result<usize, ProofError> {
    let mut present: BTreeMap<StatementId, Option<usize>> = BTreeMap::new();
    for statement in statements {
        if present.insert(statement.id(), None).is_some() {
            return Err(ProofError::DuplicateStatement { id: statement.id() });
        }
    }
    let mut last: Option<(usize, StatementId)> = None;
    for statement in statements {
        let by = statement.id();
        let mut height = 0_usize;
        for id in statement.references() {
            match present.get(&id) {
                None => return Err(ProofError::MissingStatement { id, by }),
                Some(None) => return Err(ProofError::UnorderedStatement { id }),
                Some(Some(below)) => height = height.max(below.saturating_add(1)),
            }
        }
        let place = (height, by);
        if last.is_some_and(|last| last >= place) {
            return Err(ProofError::UnorderedStatement { id: by });
        }
        last = Some(place);
        present.insert(by, Some(height));
    }
    Ok(last.map_or(0, |(height, _)| height))
}
