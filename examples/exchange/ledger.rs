//! What has been signed so far, and when in the story.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use datadeed::manifest::{Evidence, EvidenceBuilder, Manifest, Provable, Prover};
use datadeed::proof::{LineageProof, Statement};
use datadeed::rights::Licence;
use datadeed::statement::{Payload, Signed};
use datadeed::tree::Judgement;
use datadeed::trust::TrustStore;
use datadeed::{ManifestId, StatementId, Timestamp};

use crate::party;
use crate::registry::Registry;

/// Days before the exchange decides.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) u64);

/// How long after it is signed a statement is in the log.
const PUBLISHED_AFTER: Duration = Duration::from_secs(6 * 3_600);

impl Day {
    const OPENED: Self = Self(41);
    pub(crate) const COLLECTED: Self = Self(40);
    pub(crate) const GRANTED: Self = Self(39);
    pub(crate) const CURATED: Self = Self(35);
    pub(crate) const PUBLICISED: Self = Self(34);
    pub(crate) const REGISTERED: Self = Self(30);
    pub(crate) const SOLD: Self = Self(25);
    pub(crate) const REVOKED: Self = Self(22);
    pub(crate) const TRAINING: Self = Self(20);
    pub(crate) const TRAINED: Self = Self(19);
    pub(crate) const WITHDRAWN: Self = Self(10);
}

/// All statements and manifests of the story.
pub(crate) struct Ledger {
    at: Timestamp,
    statements: Vec<Statement>,
    manifests: Vec<(String, Manifest)>,
    evidence: Evidence,
    registry: Registry,
}

impl Ledger {
    /// Nothing signed yet, and a log that takes what the parties of `trust` sign.
    pub(crate) fn new(at: Timestamp, trust: TrustStore) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            at,
            statements: Vec::new(),
            manifests: Vec::new(),
            evidence: Evidence::default(),
            registry: Registry::open(trust, before(at, Day::OPENED))?,
        })
    }

    /// The instant of a day in the story.
    pub(crate) fn time(&self, day: Day) -> Timestamp {
        before(self.at, day)
    }

    /// Signs on that day as that party, keeps the statement, and hands it to the log.
    pub(crate) fn sign<P: Payload>(
        &mut self,
        iss: &str,
        day: Day,
        payload: &P,
    ) -> Result<StatementId, Box<dyn Error>>
    where
        Statement: From<Signed<P>>,
    {
        let signed = payload.sign(&party::issuer(iss), self.time(day))?;
        let id = signed.id();
        self.registry.take(signed.envelope(), self.time(day))?;
        self.statements.push(signed.into());
        Ok(id)
    }

    /// The log publishes what was signed on that day.
    pub(crate) fn publish(&mut self, day: Day) -> Result<(), Box<dyn Error>> {
        let now = self.time(day).saturating_add(PUBLISHED_AFTER).min(self.at);
        self.registry.publish(now)
    }

    /// How many statements the log has.
    pub(crate) fn registered(&self) -> usize {
        self.statements.iter().filter(|one| self.registry.receipt(one.id()).is_some()).count()
    }

    /// Keeps a manifest under a name for people.
    pub(crate) fn keep(&mut self, name: &str, manifest: &Manifest) {
        self.manifests.push((name.to_owned(), manifest.clone()));
    }

    pub(crate) fn manifests(&self) -> &[(String, Manifest)] {
        &self.manifests
    }

    /// Proves every structural claim made so far, from the manifests that were kept.
    ///
    /// The proofs hold the evidence; whoever verifies them needs no manifest.
    pub(crate) fn prove(&mut self) -> Result<(), Box<dyn Error>> {
        let provers: BTreeMap<ManifestId, Prover<'_>> =
            self.manifests.iter().map(|(_, kept)| (kept.id(), Prover::new(kept))).collect();
        let prover = |id| provers.get(id).ok_or_else(|| format!("no manifest of {id}"));
        let mut evidence = EvidenceBuilder::new();
        let activities = self.statements.iter().filter_map(Statement::as_activity);
        for relation in activities.flat_map(|activity| &activity.payload().relations) {
            let with = relation.with.iter().map(|id| Ok(prover(id)? as &dyn Provable<_>));
            let with = with.collect::<Result<Vec<_>, String>>()?;
            let of = prover(&relation.of)?;
            if evidence.relation(relation.kind, &relation.tree, of, &with)? != Judgement::Holds {
                return Err(format!("this does not hold: {relation}").into());
            }
        }
        self.evidence = evidence.build()?;
        Ok(())
    }

    /// The first licence of a kind.
    pub(crate) fn licence(&self, wanted: impl Fn(&Licence) -> bool) -> Option<&Signed<Licence>> {
        self.statements.iter().find_map(|statement| match statement {
            Statement::Licence(licence) if wanted(licence.payload()) => Some(licence),
            _ => None,
        })
    }

    /// Everything signed so far, as the proof of one dataset or model.
    pub(crate) fn proof(&self, subject: ManifestId) -> Result<LineageProof, Box<dyn Error>> {
        self.proof_by(subject, self.statements.iter().cloned())
    }

    /// The same story with another statement in the place of one that no other refers to.
    ///
    /// The other one no log has.
    pub(crate) fn what_if(
        &self,
        subject: ManifestId,
        replaced: StatementId,
        by: impl Into<Statement>,
    ) -> Result<LineageProof, Box<dyn Error>> {
        let others = self.statements.iter().filter(|statement| statement.id() != replaced);
        self.proof_by(subject, others.cloned().chain([by.into()]))
    }

    fn proof_by(
        &self,
        subject: ManifestId,
        statements: impl Iterator<Item = Statement>,
    ) -> Result<LineageProof, Box<dyn Error>> {
        let mut builder = LineageProof::builder(subject).evidence(&self.evidence);
        for statement in statements {
            if let Some(receipt) = self.registry.receipt(statement.id()) {
                builder = builder.receipt(statement.id(), receipt.clone());
            }
            builder = builder.statement(statement);
        }
        for checkpoint in self.registry.checkpoints() {
            builder = builder.checkpoint(checkpoint.clone());
        }
        Ok(builder.build()?)
    }
}

/// So many days before the exchange decides.
fn before(at: Timestamp, day: Day) -> Timestamp {
    let seconds = at.saturating_since(Timestamp::MIN).as_secs();
    let earlier = seconds.saturating_sub(day.0.saturating_mul(86_400));
    Timestamp::MIN.saturating_add(Duration::from_secs(earlier))
}
