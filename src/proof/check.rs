//! The rules on the structure of a proof, whether decoded or built.

use super::logged::Logged;
use super::numbers::Numbers;
use super::{LineageProof, ProofError, Statement, reach, vouched};
use crate::id::ManifestId;
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
        let numbers = Numbers::new(subject, &statements)?;
        let height = numbers.height(&statements)?;
        let vouched = vouched::check(&statements, &numbers, &batches)?;
        vouched::check_needed(&statements, &numbers, &batches)?;
        reach::check(subject, &statements, &numbers, &vouched)?;
        let signers = reach::keys(&statements, &numbers);
        if let Some(key) = keys.iter().find(|key| !signers.contains(&key.id())) {
            return Err(ProofError::UnreachableKey { id: key.id() });
        }
        reach::check_evidence(&evidence, &statements)?;
        logged.check(&statements, &numbers)?;
        Ok(Self { subject, keys, statements, numbers, evidence, batches, vouched, logged, height })
    }
}
