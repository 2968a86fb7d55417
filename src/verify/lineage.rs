//! The result of a verification.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::graph::{Graph, Vertex};
use super::passing::{KnownStep, Used, uses_of_models};
use super::receipts::Logged;
use super::{
    Encumbrance, Finding, FindingCode, Node, ProofOfTime, RegisteredTitle, Transfer,
    registered_title, rights, sharing,
};
use crate::id::{ManifestId, StatementId};
use crate::lineage::{Activity, ActivityKind};
use crate::manifest::Dataset;
use crate::proof::{LineageProof, Lists, Statement};
use crate::rights::{
    Assessment, Basis, Consent, Ground, Licence, Missing, Preference, Registration, Sharing,
    Transaction, Use, Verdict, is_irrevocable,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// A lineage in which every signature, reference and date was verified.
///
/// Made by [`Verifier::verify`](super::Verifier::verify) alone. Verified is who
/// said what; [`VerifiedLineage::is_believed`] says whether the trust store
/// gives the signer that role, and [`VerifiedLineage::rights`] what follows.
///
/// ```
/// use datadeed::verify::Verifier;
/// # use datadeed::key::SigningKey;
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof};
/// # let (source, corpus) = (ManifestId::from_bytes([1; 32]), ManifestId::from_bytes([2; 32]));
/// # let now: Timestamp = "2026-11-22T00:00:00Z".parse()?;
/// # let curator = Issuer::new("did:web:curator.example", SigningKey::from_seed(&[7; 32]));
/// # let trust = TrustStore::new([Anchor::new(curator.iss(), curator.public_key(), [Role::Curator])]);
/// # let clean = Activity::new(ActivityKind::Clean).input(source, []).output(corpus, []);
/// # let clean = clean.sign(&curator, now)?;
/// # let proof = LineageProof::builder(corpus).statement(clean).build()?.to_bytes();
///
/// // A curator cleaned a source:
/// let lineage = Verifier::new(&trust, now).verify(&proof, corpus)?;
/// assert_eq!(lineage.path_to(source), [corpus, source]);
/// for step in lineage.activities() {
///     assert_eq!(step.header().issuer, "did:web:curator.example");
///     assert!(lineage.is_believed(step.id()));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedLineage {
    proof: LineageProof,
    facts: Facts,
    graph: Graph,
    findings: Vec<Finding>,
    gaps: Vec<Ground<Missing>>,
    /// Of each dataset in use, by its number, whether whoever uses it needs a licence of its own.
    needs_licence: Vec<bool>,
    /// Of each dataset, by its number, the places of the statements that describe it, or say on which terms it may
    /// be used: of most that lie on the way there are none.
    described: Lists,
    /// Of each activity, by its place in the proof, what every question asks of it.
    steps: Vec<Option<KnownStep>>,
    /// Of each activity that used a model, by its place in the proof, as what it used each of its inputs.
    used: BTreeMap<usize, Vec<Used>>,
}

impl VerifiedLineage {
    pub(super) fn new(proof: LineageProof, facts: Facts, mut findings: Vec<Finding>) -> Self {
        let graph = Graph::new(&proof);
        let gaps = rights::gaps(&graph, proof.statements(), &facts);
        for gap in &gaps {
            let node = Node::Manifest(gap.manifest);
            if gap.code == Missing::Origin {
                findings.push(Finding::new(FindingCode::OriginMissing, node, ""));
            } else if gap.code == Missing::InputsUndisclosed {
                findings.push(Finding::new(FindingCode::InputsUndisclosed, node, ""));
            }
        }
        let numbers = proof.numbers();
        for vertex in &graph.vertices {
            if let Vertex::Manifest { id, number } = vertex {
                let about = numbers.about.of(*number).iter();
                let about = about.filter_map(|place| proof.statements().get(*place));
                if collected_without_terms(about) {
                    let (code, node) = (FindingCode::CollectedWithoutTerms, Node::Manifest(*id));
                    findings.push(Finding::new(code, node, ""));
                }
            }
        }
        findings.sort_unstable();
        findings.dedup();
        let (described, steps) = (described(&proof), KnownStep::of_all(&proof, &facts));
        let (needs_licence, used) = (Vec::new(), BTreeMap::new());
        let mut lineage =
            Self { proof, facts, graph, findings, gaps, needs_licence, described, steps, used };
        lineage.needs_licence = lineage.in_need_of_licences();
        lineage.used = uses_of_models(&lineage);
        lineage
    }

    /// What the lineage is about.
    pub const fn subject(&self) -> ManifestId {
        self.proof.subject()
    }

    /// The proof that was verified.
    pub const fn proof(&self) -> &LineageProof {
        &self.proof
    }

    /// The time of the verification.
    pub const fn now(&self) -> Timestamp {
        self.facts.now()
    }

    /// Up to when the caller knew of events; `None` where he gave no status.
    pub const fn status_as_of(&self) -> Option<Timestamp> {
        self.facts.status_as_of
    }

    /// What was found, sorted by code and place, each once.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The verdict on a use of the subject.
    ///
    /// Deny outweighs Unknown outweighs Permit, over every dataset the subject
    /// was made from.
    pub fn rights(&self, intended: &Use) -> Verdict {
        rights::verdict(self, intended)
    }

    /// The revenue of a use, in minor units of an ISO 4217 currency, to be shared by its verdict.
    ///
    /// Every payee is bound by the licences that he granted himself, if the trust store knows him by name, and by
    /// those that he granted them under;
    /// who is bound by others' is for the caller to add. What is owed to a registration goes to its
    /// claimants at the time of the use ([`Use::at`], or the verification), as far as these are
    /// beyond doubt: registered, not disputed, with a fresh status, and not just passing to others.
    ///
    /// ```
    /// use datadeed::rights::{Action, SharingError, Use};
    /// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
    /// # let corpus = ManifestId::from_bytes([1; 32]);
    /// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
    /// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
    /// let ask = Use::new(Action::Distribute);
    /// let verdict = lineage.rights(&ask);
    /// match lineage.sharing(&ask, 1_000_000, "CNY").pool("did:web:pool.example", 100).of_verdict(&verdict) {
    ///     Ok(shares) => assert!(shares.is_determined()),
    ///     Err(SharingError::NotPermitted { verdict }) => assert_eq!(verdict, "unknown"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sharing(&self, intended: &Use, amount: u64, currency: &str) -> Sharing {
        sharing::of(self, intended, amount, currency)
    }

    /// The datasets from the subject (first) to `manifest` (last) on a shortest way; empty where none leads there.
    pub fn path_to(&self, manifest: ManifestId) -> Vec<ManifestId> {
        let number = self.proof.numbers().manifest(&manifest);
        let vertex = number.and_then(|number| self.graph.manifest(number));
        vertex.map(|vertex| self.graph.path(vertex)).unwrap_or_default()
    }

    /// Of every dataset but the subject, the next one on a shortest way to the subject.
    ///
    /// All of [`VerifiedLineage::path_to`] at once: following the entries from a dataset gives
    /// its path backwards.
    pub fn towards_subject(&self) -> BTreeMap<ManifestId, ManifestId> {
        self.graph.towards_subject()
    }

    /// Every dataset in use, the subject first, nearer ones before farther ones.
    pub fn manifests(&self) -> impl Iterator<Item = ManifestId> {
        self.graph.vertices.iter().filter_map(|vertex| match vertex {
            Vertex::Manifest { id, .. } => Some(*id),
            Vertex::Activity(_) => None,
        })
    }

    /// The activities that led to the subject, nearer ones before farther ones.
    pub fn activities(&self) -> impl Iterator<Item = &Signed<Activity>> {
        self.graph.vertices.iter().filter_map(|vertex| match vertex {
            Vertex::Activity(index) => self.proof.statements().get(*index)?.as_activity(),
            Vertex::Manifest { .. } => None,
        })
    }

    /// The statement with this id.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.proof.statement(id)
    }

    pub(super) fn statements_about(
        &self,
        manifest: ManifestId,
    ) -> impl Iterator<Item = &Statement> + Clone {
        let numbers = self.proof.numbers();
        let number = numbers.manifest(&manifest);
        let places = number.map_or(&[][..], |number| numbers.about.of(number));
        places.iter().filter_map(|place| self.proof.statements().get(*place))
    }

    /// The statements that describe the dataset with this number, or say on which terms it may be used.
    pub(super) fn described(&self, number: usize) -> impl Iterator<Item = &Statement> + Clone {
        let places = self.described.of(number).iter();
        places.filter_map(|place| self.proof.statements().get(*place))
    }

    /// The `dataset` statements about a manifest.
    pub fn datasets(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Dataset>> {
        self.statements_about(manifest).filter_map(Statement::as_dataset)
    }

    /// The registrations of a manifest.
    pub fn registrations(
        &self,
        manifest: ManifestId,
    ) -> impl Iterator<Item = &Signed<Registration>> {
        self.statements_about(manifest).filter_map(Statement::as_registration)
    }

    /// What every believed registration of a dataset comes to at `at`: the chain of its title.
    ///
    /// In the order of the proof: those that cover it then, those that did, and those that were published
    /// by then and are to be issued; also by a registration of an earlier version of a growing dataset,
    /// once its claimant added to that (更新). One whose registrar is not believed is not among them. Of
    /// what happens after the time of the verification only that is known which was said before.
    pub fn titles(&self, manifest: ManifestId, at: Timestamp) -> Vec<RegisteredTitle<'_>> {
        registered_title::titles(&self.proof, &self.facts, manifest, at)
    }

    /// The transfers of a registration's title that count, in the order of their numbers.
    pub fn transfers(&self, registration: StatementId) -> impl Iterator<Item = &Transfer> {
        self.facts.transfers.get(&registration).into_iter().flatten()
    }

    /// The pledges of a registration's title, released ones included.
    pub fn encumbrances(&self, registration: StatementId) -> &[Encumbrance] {
        self.facts.encumbrances.get(&registration).map_or(&[], Vec::as_slice)
    }

    /// The licences about a manifest, whether they count or not.
    pub fn licences(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Licence>> {
        self.statements_about(manifest).filter_map(Statement::as_licence)
    }

    /// On what basis personal information in a manifest is processed, whether it counts or not.
    pub fn consents(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Consent>> {
        self.statements_about(manifest).filter_map(Statement::as_consent)
    }

    /// What somebody found who examined a manifest, whether he is believed or not.
    pub fn assessments(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Assessment>> {
        self.statements_about(manifest).filter_map(Statement::as_assessment)
    }

    /// The deals about a manifest as each of their parties signed them, whether they are made or not.
    pub fn transactions(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Transaction>> {
        self.statements_about(manifest).filter_map(Statement::as_transaction)
    }

    /// What publishers state for machines about a manifest, whether it counts or not.
    pub fn preferences(&self, manifest: ManifestId) -> impl Iterator<Item = &Signed<Preference>> {
        self.statements_about(manifest).filter_map(Statement::as_preference)
    }

    /// Whether the trust store gives the statement's signer the role to say it.
    ///
    /// Of licences it says whether they count, by standing or as observed; of batches and events nothing (`false`).
    pub fn is_believed(&self, id: StatementId) -> bool {
        let standing = self.facts.standing.get(&id).copied().unwrap_or_default();
        let has_standing = standing.counts();
        let place = self.proof.numbers().statement(&id);
        let is_believed = place.is_some_and(|place| self.facts.is_believed(place, id));
        is_believed || (has_standing && !self.facts.doubts.contains_key(&id))
    }

    /// The earliest instant by which the statement is proven to exist.
    ///
    /// That is the earliest of the caller's records of it, of the receipts that count, and of both for
    /// batches that name it; without any, the time of the verification. [`Self::proof_of_time`] says which.
    /// What its signer says of the time stands in the statement, and is a claim.
    pub fn proven_by(&self, id: StatementId) -> Timestamp {
        self.facts.proven_by(id)
    }

    /// The logs that have the statement, of those that count, in the order of the receipts.
    pub fn logged(&self, id: StatementId) -> &[Logged] {
        self.facts.logged.get(&id).map_or(&[], Vec::as_slice)
    }

    /// By when the statement is proven to exist, and how.
    pub fn proof_of_time(&self, id: StatementId) -> ProofOfTime {
        self.facts.proof_of_time(id)
    }

    /// From when an event that counts ends the statement; `None` where there is none, and of a licence that nobody
    /// can take back by its terms.
    pub fn ended_at(&self, id: StatementId) -> Option<Timestamp> {
        let terms = self.statement(id).and_then(Statement::as_licence).map(Signed::payload);
        let ended = self.facts.ended.get(&id).copied();
        ended.filter(|_| {
            terms.is_none_or(|terms| terms.basis == Basis::Observed || !is_irrevocable(terms))
        })
    }

    /// Whether its signer has the role to say what he says, doubts apart.
    pub(super) fn has_role(&self, id: StatementId) -> bool {
        let place = self.proof.numbers().statement(&id);
        place.is_some_and(|place| self.facts.has_role(place))
    }

    /// Whether its signer may have had the role to say it, which is enough for what hurts.
    pub(super) fn is_heard(&self, id: StatementId) -> bool {
        self.has_role(id) || self.facts.hurtful.contains(&id)
    }

    pub(super) const fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(super) const fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Whether a use needs a licence of the dataset with this number, beside those of what it was made from:
    /// at an origin, and wherever it passes from a maker to somebody else.
    pub(super) fn needs_licence(&self, number: usize) -> bool {
        self.needs_licence.get(number).copied().unwrap_or(true)
    }

    /// The activity at this place.
    pub(super) fn step(&self, place: usize) -> Option<KnownStep> {
        self.steps.get(place).copied().flatten()
    }

    /// As what the activity at this place used each of its inputs; absent where all of them are data.
    pub(super) fn used_by(&self, place: usize) -> Option<&[Used]> {
        self.used.get(&place).map(Vec::as_slice)
    }

    pub(super) fn gaps(&self) -> &[Ground<Missing>] {
        &self.gaps
    }
}

fn described(proof: &LineageProof) -> Lists {
    let about = &proof.numbers().about;
    let is_told = |place: usize| match proof.statements().get(place) {
        Some(Statement::Dataset(_) | Statement::Licence(_) | Statement::Preference(_)) => true,
        Some(
            Statement::Activity(_)
            | Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Consent(_)
            | Statement::Delegation(_)
            | Statement::Event(_)
            | Statement::Registration(_)
            | Statement::Transaction(_),
        )
        | None => false,
    };
    let places: Vec<bool> = (0..proof.statements().len()).map(is_told).collect();
    let is_told = |place: &usize| places.get(*place).is_some_and(|told| *told);
    Lists::of_pairs(about.len(), about.pairs().filter(move |(_, place)| is_told(place)))
}

/// Whether, by the statements about it, somebody collected a dataset and nobody says by what right.
fn collected_without_terms<'a>(about: impl Iterator<Item = &'a Statement>) -> bool {
    let mut is_collected = false;
    for statement in about {
        match statement {
            Statement::Activity(step) => {
                is_collected |= step.payload().kind == ActivityKind::Collect;
            }
            Statement::Consent(_)
            | Statement::Licence(_)
            | Statement::Preference(_)
            | Statement::Registration(_)
            | Statement::Transaction(_) => return false,
            Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Dataset(_)
            | Statement::Delegation(_)
            | Statement::Event(_) => {}
        }
    }
    is_collected
}
