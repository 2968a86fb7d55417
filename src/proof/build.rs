//! Putting a proof together.

use std::collections::BTreeMap;

use super::logged::Logged;
use super::numbers::Numbers;
use super::{LineageProof, ProofError, Statement, reach, vouched};
use crate::batch::{Batch, Members};
use crate::id::{KeyId, ManifestId, StatementId};
use crate::key::PublicKey;
use crate::log::{Receipt, SignedCheckpoint};
use crate::manifest::Evidence;
use crate::statement::Signed;
use crate::tree::PrunedTree;

/// Collects the statements of a proof, in any order.
///
/// ```
/// use datadeed::proof::LineageProof;
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::Activity;
/// # use datadeed::manifest::{Dataset, ScanMethod};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::ManifestId;
/// # let (corpus, weights) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[6; 32]));
/// # let trainer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
/// # let now = "2026-11-21T00:00:00Z".parse()?;
/// # let dataset = Dataset::new(corpus, "Court decisions", ScanMethod::Full).sign(&curator, now)?;
/// # let voucher = dataset.id();
/// # let train = Activity::train().input(corpus, [voucher]).output(weights, []).sign(&trainer, now)?;
///
/// // The seller's part, which comes with the corpus, and the trainer's part.
/// let bought = LineageProof::builder(corpus).statement(dataset).key(curator.public_key()).build()?;
/// let proof = LineageProof::builder(weights).join(&bought).statement(train).build()?;
/// assert_eq!((proof.subject(), proof.statements().len()), (weights, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    subject: ManifestId,
    keys: BTreeMap<KeyId, PublicKey>,
    statements: Vec<Statement>,
    evidence: Vec<Evidence>,
    batches: vouched::Opened,
    receipts: Vec<(StatementId, Receipt)>,
    checkpoints: Vec<SignedCheckpoint>,
    /// Of a statement whose envelope had a receipt that cannot be decoded.
    unsound: Option<ProofError>,
}

impl Builder {
    pub(super) const fn new(subject: ManifestId) -> Self {
        Self {
            subject,
            keys: BTreeMap::new(),
            statements: Vec::new(),
            evidence: Vec::new(),
            batches: vouched::Opened::new(),
            receipts: Vec::new(),
            checkpoints: Vec::new(),
            unsound: None,
        }
    }

    /// Adds a statement, with the receipts in its envelope.
    pub fn statement(mut self, statement: impl Into<Statement>) -> Self {
        self.push(statement.into());
        self
    }

    /// A statement has one form in a proof; its receipts stand beside it.
    fn push(&mut self, statement: Statement) {
        let id = statement.id();
        for receipt in statement.envelope().receipts() {
            match Receipt::decode(receipt) {
                Ok(receipt) => self.receipts.push((id, receipt)),
                Err(source) => {
                    let source = Box::new(source);
                    self.unsound.get_or_insert(ProofError::Receipt { id, source });
                }
            }
        }
        self.statements.push(statement.without_receipts());
    }

    /// Adds a receipt of a statement.
    pub fn receipt(mut self, of: StatementId, receipt: Receipt) -> Self {
        self.receipts.push((of, receipt));
        self
    }

    /// Adds a checkpoint, which signs what a receipt does not: how many entries a log has, and with
    /// cosignatures that others saw it. Those of logs without a receipt in the proof are left out.
    pub fn checkpoint(mut self, checkpoint: SignedCheckpoint) -> Self {
        self.checkpoints.push(checkpoint);
        self
    }

    /// Adds a batch for those of its members that are added, too; `members` are all of them.
    pub fn batch(self, batch: Signed<Batch>, members: &Members) -> Self {
        let all = members.open(members.ids().iter().copied());
        self.members(batch, &all)
    }

    /// Adds a batch with what is opened of its tree.
    pub fn members(mut self, batch: Signed<Batch>, opened: &PrunedTree<StatementId>) -> Self {
        self.open(batch.id(), opened);
        self.statement(batch)
    }

    fn open(&mut self, batch: StatementId, opened: &PrunedTree<StatementId>) {
        let known = self.batches.get(&batch);
        // One of two trees with other roots is wrong, which is found when the proof is checked.
        let both = known.and_then(|known| known.join(opened)).unwrap_or_else(|| opened.clone());
        self.batches.insert(batch, both);
    }

    /// Adds several statements.
    pub fn statements<T: Into<Statement>>(
        mut self,
        statements: impl IntoIterator<Item = T>,
    ) -> Self {
        for statement in statements {
            self.push(statement.into());
        }
        self
    }

    /// Adds a public key, for verifiers whose trust store does not hold it.
    pub fn key(mut self, key: PublicKey) -> Self {
        self.keys.insert(key.id(), key);
        self
    }

    /// Adds evidence of structural claims.
    ///
    /// Trees that no relation of the statements needs are left out. A relation on the contents of a
    /// composite needs its mounts and the contents of what is mounted.
    pub fn evidence(mut self, evidence: &Evidence) -> Self {
        self.evidence.push(evidence.clone());
        self
    }

    /// Adds everything of another proof, such as that of a dataset one bought.
    pub fn join(mut self, other: &LineageProof) -> Self {
        self.keys.extend(other.keys.iter().map(|key| (key.id(), *key)));
        self.statements.extend(other.statements.iter().cloned());
        self.evidence.push(other.evidence.clone());
        for (batch, opened) in &other.known_members() {
            self.open(*batch, opened);
        }
        for (id, receipts) in &other.logged.receipts {
            self.receipts.extend(receipts.iter().map(|receipt| (*id, receipt.clone())));
        }
        self.checkpoints.extend(other.logged.checkpoints.iter().cloned());
        self
    }

    /// Orders everything and checks it as a decoder would.
    ///
    /// The same envelope added twice counts once.
    ///
    /// # Errors
    ///
    /// [`ProofError::DuplicateStatement`] for two envelopes of one statement,
    /// [`ProofError::MissingStatement`] for a reference to a statement that was not added,
    /// [`ProofError::Evidence`] for evidence that names two indexes of one dataset by one rule,
    /// [`ProofError::UnreachableStatement`] and [`ProofError::UnreachableKey`] for what the
    /// subject does not rest on,
    /// [`ProofError::Receipt`], [`ProofError::UnreachableReceipt`] and [`ProofError::UnsignedReceipt`]
    /// for an unsound receipt, one of a statement that was not added, and one of an unsigned one,
    /// [`ProofError::Unvouched`] for an unsigned statement without a batch, and
    /// [`ProofError::BatchRoot`] for a batch with members of another one.
    pub fn build(self) -> Result<LineageProof, ProofError> {
        if let Some(unsound) = self.unsound {
            return Err(unsound);
        }
        let mut unique: BTreeMap<StatementId, Statement> = BTreeMap::new();
        for statement in self.statements {
            let id = statement.id();
            if let Some(twin) = unique.get(&id)
                && *twin != statement
            {
                return Err(ProofError::DuplicateStatement { id });
            }
            unique.insert(id, statement);
        }
        let heights = heights(&unique)?;
        let mut statements: Vec<Statement> = unique.into_values().collect();
        statements.sort_by_cached_key(|statement| {
            (heights.get(&statement.id()).copied(), statement.id())
        });
        let mut evidence = Evidence::default();
        for more in &self.evidence {
            evidence.add(more)?;
        }
        let needed = reach::needed_trees(&evidence, &statements);
        let evidence = evidence.retain(|of, tree| needed.contains(&(of, tree.clone())));
        let numbers = Numbers::new(self.subject, &statements)?;
        let batches = vouched::needed(&statements, &numbers, &self.batches);
        let keys = self.keys.into_values().collect();
        let mut logged = Logged::new(self.receipts, self.checkpoints);
        logged.keep_checkpoints_of_receipts();
        LineageProof::check(self.subject, keys, statements, evidence, batches, logged)
    }
}

/// Kahn's algorithm: a statement is done when everything it refers to is.
fn heights(
    statements: &BTreeMap<StatementId, Statement>,
) -> Result<BTreeMap<StatementId, usize>, ProofError> {
    let mut waiting: BTreeMap<StatementId, usize> = BTreeMap::new();
    let mut referrers: BTreeMap<StatementId, Vec<StatementId>> = BTreeMap::new();
    for (by, statement) in statements {
        let waits = waiting.entry(*by).or_default();
        for id in statement.references() {
            *waits = waits.saturating_add(1);
            if !statements.contains_key(&id) {
                return Err(ProofError::MissingStatement { id, by: *by });
            }
            referrers.entry(id).or_default().push(*by);
        }
    }
    let mut heights: BTreeMap<StatementId, usize> = BTreeMap::new();
    let mut ready: Vec<StatementId> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = ready.pop() {
        let below = heights.entry(id).or_default().saturating_add(1);
        for by in referrers.remove(&id).unwrap_or_default() {
            let height = heights.entry(by).or_default();
            *height = (*height).max(below);
            if let Some(count) = waiting.get_mut(&by) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(by);
                }
            }
        }
    }
    Ok(heights)
}
