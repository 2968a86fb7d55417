//! What one output of a proof needs, as a proof of its own.

use std::collections::BTreeMap;

use super::numbers::Numbers;
use super::{LineageProof, ProofError, Statement, reach, vouched};
use crate::batch::Members;
use crate::id::{ManifestId, StatementId};

/// A dataset or model that a proof does not name.
///
/// ```
/// use datadeed::ManifestId;
/// use datadeed::proof::LineageProof;
///
/// let (subject, other) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
/// let fault = LineageProof::builder(subject).build()?.prune(other).unwrap_err();
/// assert_eq!((fault.output, fault.subject), (other, subject));
/// # Ok::<(), datadeed::proof::ProofError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{output} does not occur in the proof of {subject}")]
#[non_exhaustive]
pub struct NotInProof {
    /// What was asked for.
    pub output: ManifestId,
    /// What the proof is about.
    pub subject: ManifestId,
}

impl LineageProof {
    /// The largest part of this proof that is a proof about `output`.
    ///
    /// Kept is whatever a decoder accepts in a proof about `output`, no less:
    ///
    /// - every statement that produces or declares `output` or anything it was
    ///   made from, or is a licence or registration of it;
    /// - every statement that one of these refers to, so that none is missing;
    /// - every event about one of these, whoever issued it: pruning loses no
    ///   revocation of what is kept;
    /// - every delegation to a key that signed any of these;
    /// - the keys that signed any of these, and the evidence of their structural claims.
    ///
    /// Left out is what lies downstream of `output` or beside it, with the
    /// events about that. An input that nobody says anything of has the empty
    /// proof. Nothing is verified.
    ///
    /// Of a dataset that the subject was made from this is everything the
    /// parties to this proof had to say. Of an output that an activity made
    /// beside it, which nothing on the way to the subject used, a proof holds
    /// no licences and registrations to begin with.
    ///
    /// ```
    /// use datadeed::id::ManifestId;
    /// use datadeed::key::SigningKey;
    /// use datadeed::lineage::{Activity, ActivityKind};
    /// use datadeed::proof::LineageProof;
    /// use datadeed::statement::{Issuer, Payload};
    ///
    /// let (corpus, weights) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
    /// let issuer = Issuer::new("did:web:trainer.example", SigningKey::from_seed(&[7; 32]));
    /// let now = "2026-11-21T00:00:00Z".parse()?;
    /// let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&issuer, now)?;
    /// let train = Activity::train().input(corpus, [collect.id()]).output(weights, []);
    /// let of_corpus = LineageProof::builder(corpus).statement(collect).build()?;
    /// let of_weights = LineageProof::builder(weights)
    ///     .join(&of_corpus)
    ///     .statement(train.sign(&issuer, now)?)
    ///     .build()?;
    /// assert_eq!(of_weights.prune(corpus)?, of_corpus);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotInProof`] where `output` is neither the subject nor anything that a
    /// statement of the proof is about or an activity used.
    #[expect(clippy::missing_panics_doc, reason = "it does not")]
    #[expect(clippy::expect_used, reason = "a part that is closed under references is a proof")]
    pub fn prune(&self, output: ManifestId) -> Result<Self, NotInProof> {
        if self.numbers.manifest(&output).is_none() {
            return Err(NotInProof { output, subject: self.subject });
        }
        Ok(self
            .part(output)
            .expect("whatever a kept statement refers to is kept, in the same order"))
    }

    fn part(&self, output: ManifestId) -> Result<Self, ProofError> {
        let reached = reach::reached(output, &self.statements, &self.numbers, &self.vouched);
        let kept = self.statements.iter().zip(reached).filter(|(_, reached)| *reached);
        let statements: Vec<Statement> = kept.map(|(statement, _)| statement.clone()).collect();
        let numbers = Numbers::new(output, &statements)?;
        let signers = reach::keys(&statements, &numbers);
        let keys = self.keys.iter().filter(|key| signers.contains(&key.id())).copied().collect();
        let height = numbers.height(&statements)?;
        let needed = reach::needed_trees(&self.evidence, &statements);
        let evidence = self.evidence.retain(|of, tree| needed.contains(&(of, tree.clone())));
        let batches = vouched::needed(&statements, &numbers, &self.known_members());
        let vouched = vouched::check(&statements, &numbers, &batches)?;
        let logged = self.logged.clone().retain(&statements);
        Ok(Self {
            subject: output,
            keys,
            statements,
            numbers,
            evidence,
            batches,
            vouched,
            logged,
            height,
        })
    }
}

impl LineageProof {
    /// What this proof knows of the trees of its batches: of those without a tree, all.
    pub(super) fn known_members(&self) -> vouched::Opened {
        let mut known = self.batches.clone();
        let mut whole: BTreeMap<StatementId, Vec<StatementId>> = BTreeMap::new();
        for (member, batch) in self.vouched.pairs() {
            if let [Some(member), Some(batch)] = [member, batch].map(|at| self.statements.get(at))
                && !self.batches.contains_key(&batch.id())
            {
                whole.entry(batch.id()).or_default().push(member.id());
            }
        }
        for (batch, members) in whole {
            known.insert(batch, Members::new(members.iter().copied()).open(members));
        }
        known
    }
}
