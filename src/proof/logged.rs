//! What logs say of the statements in a proof: receipts and checkpoints.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::Numbers;
use super::{ProofError, Statement};
use crate::cbor::{ByteString, record};
use crate::id::{Origin, StatementId};
use crate::limits::MAX_RECEIPTS;
use crate::log::{Receipt, SignedCheckpoint};

record! {
    /// A receipt with the statement it is of, which it does not name itself.
    pub(super) struct StatementReceipt {
        "id" => id: StatementId,
        "receipt" => receipt: ByteString,
    }
}

/// Receipts by statement and checkpoints; nobody has looked at their signatures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Logged {
    /// By statement, then by bytes.
    pub(super) receipts: BTreeMap<StatementId, Vec<Receipt>>,
    /// In the order of their bytes.
    pub(super) checkpoints: Vec<SignedCheckpoint>,
}

impl Logged {
    /// At most `limit` receipts and signatures of checkpoints together.
    pub(super) fn decode(
        receipts: Vec<StatementReceipt>,
        checkpoints: Vec<ByteString>,
        limit: usize,
    ) -> Result<Self, ProofError> {
        let mut found = receipts.len().saturating_add(checkpoints.len());
        if found > limit {
            return Err(ProofError::TooManyReceipts { found, limit });
        }
        let mut last: Option<(StatementId, ByteString)> = None;
        let mut logged = Self::default();
        for StatementReceipt { id, receipt } in receipts {
            let decoded = Receipt::decode(&receipt.0)
                .map_err(|source| ProofError::Receipt { id, source: Box::new(source) })?;
            let place = Some((id, receipt));
            if last >= place {
                return Err(ProofError::UnorderedReceipt { id });
            }
            last = place;
            logged.receipts.entry(id).or_default().push(decoded);
        }
        let mut last: Option<ByteString> = None;
        for (index, checkpoint) in checkpoints.into_iter().enumerate() {
            let decoded = SignedCheckpoint::decode(&checkpoint.0)
                .map_err(|source| ProofError::Checkpoint { index, source })?;
            let place = Some(checkpoint);
            if last >= place {
                return Err(ProofError::UnorderedCheckpoint { index });
            }
            last = place;
            // The first one is counted already.
            found = found.saturating_add(decoded.signers().skip(1).count());
            if found > limit {
                return Err(ProofError::TooManyReceipts { found, limit });
            }
            logged.checkpoints.push(decoded);
        }
        Ok(logged)
    }

    /// The same parts in their one order, each once.
    pub(super) fn new(
        receipts: impl IntoIterator<Item = (StatementId, Receipt)>,
        checkpoints: impl IntoIterator<Item = SignedCheckpoint>,
    ) -> Self {
        let mut by_id: BTreeMap<StatementId, BTreeMap<Vec<u8>, Receipt>> = BTreeMap::new();
        for (id, receipt) in receipts {
            by_id.entry(id).or_default().insert(receipt.as_bytes().to_vec(), receipt);
        }
        let checkpoints: BTreeMap<Vec<u8>, SignedCheckpoint> =
            checkpoints.into_iter().map(|one| (one.to_bytes(), one)).collect();
        Self {
            receipts: by_id
                .into_iter()
                .map(|(id, receipts)| (id, receipts.into_values().collect()))
                .collect(),
            checkpoints: checkpoints.into_values().collect(),
        }
    }

    pub(super) fn to_files(&self) -> (Vec<StatementReceipt>, Vec<ByteString>) {
        let receipts = self.receipts.iter().flat_map(|(id, receipts)| {
            let bytes = receipts.iter().map(|receipt| ByteString(receipt.as_bytes().to_vec()));
            bytes.map(|receipt| StatementReceipt { id: *id, receipt })
        });
        let checkpoints = self.checkpoints.iter().map(|one| ByteString(one.to_bytes()));
        (receipts.collect(), checkpoints.collect())
    }

    /// A statement has few receipts, each is of a signed one here, every checkpoint of a log that gave a receipt.
    ///
    /// One of an unsigned statement would prove nothing of its issuer; that of its batch does.
    pub(super) fn check(
        &self,
        statements: &[Statement],
        numbers: &Numbers,
    ) -> Result<(), ProofError> {
        for (id, receipts) in &self.receipts {
            let (found, limit) = (receipts.len(), MAX_RECEIPTS);
            if found > limit {
                return Err(ProofError::TooManyReceipts { found, limit });
            }
            let statement = numbers.statement(id).and_then(|place| statements.get(place));
            match statement.map(Statement::is_signed) {
                Some(true) => {}
                Some(false) => return Err(ProofError::UnsignedReceipt { id: *id }),
                None => return Err(ProofError::UnreachableReceipt { id: *id }),
            }
        }
        let origins = self.origins();
        let mut checkpoints = self.checkpoints.iter().enumerate();
        match checkpoints.find(|(_, one)| !origins.contains(one.checkpoint().origin())) {
            None => Ok(()),
            Some((index, _)) => Err(ProofError::UnreachableCheckpoint { index }),
        }
    }

    /// What is left where only these statements are.
    pub(super) fn retain(mut self, statements: &[Statement]) -> Self {
        let signed: BTreeSet<StatementId> =
            statements.iter().filter(|one| one.is_signed()).map(Statement::id).collect();
        self.receipts.retain(|id, _| signed.contains(id));
        self.keep_checkpoints_of_receipts();
        self
    }

    /// Drops the checkpoints of logs that gave no receipt here.
    pub(super) fn keep_checkpoints_of_receipts(&mut self) {
        let origins: BTreeSet<Origin> = self.origins().into_iter().cloned().collect();
        self.checkpoints.retain(|one| origins.contains(one.checkpoint().origin()));
    }

    /// The logs that gave receipts.
    fn origins(&self) -> BTreeSet<&Origin> {
        self.receipts.values().flatten().map(Receipt::origin).collect()
    }
}
