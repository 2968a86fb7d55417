//! How much work one verification may be.

use std::collections::BTreeMap;

use super::{Node, Rejection};
use crate::cbor::codes;
use crate::id::{ManifestId, StatementId, Subject};
use crate::limits::{
    BUDGET_BYTES, BUDGET_DELEGATIONS, BUDGET_DEPTH, BUDGET_EDGES, BUDGET_NODES, BUDGET_RECEIPTS,
    BUDGET_ROWS, BUDGET_SIGNATURES, BUDGET_STATEMENTS, BUDGET_TERMS,
};
use crate::proof::{LineageProof, Statement};
use crate::rights::{Event, EventKind};
use crate::statement::{Header, Signed};
use crate::trust::{Authorities, Role};

codes! {
    /// One of the bounds of a [`Budget`], named as its field.
    ///
    /// ```
    /// use datadeed::verify::{Bound, Budget, Verifier};
    /// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore};
    /// # let (corpus, trust) = (ManifestId::from_bytes([1; 32]), TrustStore::default());
    /// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
    ///
    /// let small = Budget { bytes: 10, ..Budget::default() };
    /// let verifier = Verifier::new(&trust, Timestamp::MIN).budget(small);
    /// let refused = verifier.verify(&proof, corpus).unwrap_err();
    /// assert_eq!(refused.bound, Some(Bound::Bytes));
    /// # Ok::<(), datadeed::proof::ProofError>(())
    /// ```
    pub enum Bound("bound of a budget") in verify {
        /// [`Budget::bytes`].
        Bytes = "bytes",
        /// [`Budget::delegations`].
        Delegations = "delegations",
        /// [`Budget::depth`].
        Depth = "depth",
        /// [`Budget::edges`].
        Edges = "edges",
        /// [`Budget::nodes`].
        Nodes = "nodes",
        /// [`Budget::receipts`].
        Receipts = "receipts",
        /// [`Budget::rows`].
        Rows = "rows",
        /// [`Budget::signatures`].
        Signatures = "signatures",
        /// [`Budget::statements`].
        Statements = "statements",
        /// [`Budget::terms`].
        Terms = "terms",
    }
}

/// Upper bounds, each inclusive; what exceeds one is rejected as `budget-exceeded`, with the [`Bound`].
///
/// ```
/// use datadeed::verify::Budget;
///
/// let small = Budget { bytes: 1 << 20, statements: 1_000, ..Budget::default() };
/// ```
#[expect(clippy::exhaustive_structs, reason = "made to be written as a literal over the default")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of the proof.
    pub bytes: usize,
    /// Statements in the proof.
    pub statements: usize,
    /// Inputs, outputs, vouchers and relations of all activities, and what else is to be looked up.
    ///
    /// An event, in the proof or in the status, counts for each statement that it reaches, an activity for
    /// each of its outputs: itself, all members of a batch, or what was disputed. Only by whoever
    /// could do more than object; an objection of anybody else is one look-up, so that nobody
    /// stops a verification by objecting. Whatever a delegate says counts again for each way of
    /// delegation to him, and a licence for each claimant of its dataset by a registrar, and for each
    /// event or record that may change such a title.
    pub edges: usize,
    /// References on the longest path.
    pub depth: usize,
    /// Receipts in the proof, and signatures of the checkpoints in it.
    pub receipts: usize,
    /// Signatures of statements to verify, in the proof and in the status.
    pub signatures: usize,
    /// Rules, actions, conditions and their values, duties, licensees and SPDX ids of all licences, and the breaches
    /// of each in the proof; of a sublicence also those above it. All of it as often as there are places in which
    /// one step was taken.
    pub terms: usize,
    /// Delegations in the proof, and the ways over them, and over those that the caller knows, from anchors
    /// to delegates, tried in vain or not.
    pub delegations: usize,
    /// Nodes, leaves and closed subtrees of all evidence.
    pub nodes: usize,
    /// Rows of the caller's manifests and indexes, opened items of evidence, and mounts of composites,
    /// to compare for all relations together.
    pub rows: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: BUDGET_BYTES,
            statements: BUDGET_STATEMENTS,
            edges: BUDGET_EDGES,
            depth: BUDGET_DEPTH,
            receipts: BUDGET_RECEIPTS,
            signatures: BUDGET_SIGNATURES,
            terms: BUDGET_TERMS,
            delegations: BUDGET_DELEGATIONS,
            nodes: BUDGET_NODES,
            rows: BUDGET_ROWS,
        }
    }
}

/// Whether somebody could do more than object to what another issued, as far as a glance can tell.
pub(super) fn could_bind(identities: &Authorities<'_>, by: &Header, of: &Header) -> bool {
    by.issuer == of.issuer
        || identities.adverse().has_any(by, &[Role::Court, Role::Registrar, Role::RightsHolder])
}

/// Rejects a proof, or a status with it, whose events and delegates are more to look up than `edges`,
/// which is what is left of the budget's after those that activities state.
pub(super) fn check_look_ups<'a>(
    edges: usize,
    proof: &'a LineageProof,
    identities: &'a Authorities<'a>,
    status: impl IntoIterator<Item = &'a Signed<Event>>,
) -> Result<(), Rejection> {
    let status: Vec<&Signed<Event>> = status.into_iter().collect();
    let look_ups = LookUps::new(proof, identities, &status);
    let titles = look_ups.titles(&status);
    let mut left = Some(edges);
    let mut take = |count: usize, node| {
        left = left.and_then(|left| left.checked_sub(count));
        left.map(|_| ()).ok_or_else(|| Rejection::over(Bound::Edges, node))
    };
    // Whatever a delegate says counts again for each way of delegation to him.
    let ways = proof.by_signer(|header| identities.adverse().delegated_ways(header));
    for (statement, ways) in proof.statements().iter().zip(ways) {
        let again = |about: usize| ways.saturating_mul(about);
        let count = match statement {
            Statement::Activity(_) => again(outputs(statement)),
            Statement::Event(event) => look_ups.of_event(event),
            Statement::Licence(licence) => again(1)
                .saturating_add(titles.get(&licence.payload().manifest).copied().unwrap_or(0)),
            Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Consent(_)
            | Statement::Dataset(_)
            | Statement::Delegation(_)
            | Statement::Preference(_)
            | Statement::Registration(_) => again(1),
            // Its seller's standing is that of whoever grants.
            Statement::Transaction(deal) => {
                again(1).saturating_add(titles.get(&deal.payload().manifest).copied().unwrap_or(0))
            }
        };
        take(count, Node::Proof)?;
    }
    status.into_iter().try_for_each(|event| take(look_ups.of_event(event), Node::Status))
}

/// How much is to be looked up for an event.
struct LookUps<'a> {
    identities: &'a Authorities<'a>,
    proof: &'a LineageProof,
    /// Of each statement of the proof, by place: its datasets, of a batch those of all members.
    counts: Vec<usize>,
    /// Of each dispute, breach and pledge who issued it, and how much it is about.
    disputes: BTreeMap<StatementId, (&'a Header, usize)>,
}

impl<'a> LookUps<'a> {
    fn new(
        proof: &'a LineageProof,
        identities: &'a Authorities<'a>,
        status: &[&'a Signed<Event>],
    ) -> Self {
        let mut counts: Vec<usize> = proof.statements().iter().map(outputs).collect();
        for (member, batch) in proof.vouched().pairs() {
            let of_member = counts.get(member).copied().unwrap_or(1);
            if let Some(count) = counts.get_mut(batch) {
                *count = count.saturating_add(of_member);
            }
        }
        let mut look_ups = Self { identities, proof, counts, disputes: BTreeMap::new() };
        let in_proof = proof.statements().iter().filter_map(Statement::as_event);
        let events = in_proof.chain(status.iter().copied());
        let can_end =
            |kind| matches!(kind, EventKind::Breach | EventKind::Dispute | EventKind::Pledge);
        let disputes = events.filter(|event| can_end(event.payload().kind));
        let disputes = disputes.filter_map(|event| {
            let Subject::Statement(target) = &event.payload().target else { return None };
            let (_, count) = look_ups.target(target)?;
            Some((event.id(), (event.header(), count)))
        });
        look_ups.disputes = disputes.collect();
        look_ups
    }

    /// Who issued what an event is about, and how much it is.
    fn target(&self, id: &StatementId) -> Option<(&'a Header, usize)> {
        let in_proof = || {
            let place = self.proof.numbers().statement(id)?;
            Some((self.proof.statements().get(place)?.header(), *self.counts.get(place)?))
        };
        self.disputes.get(id).copied().or_else(in_proof)
    }

    /// Of each dataset, the claimants who may have a title, and the events and records that may change one.
    fn titles(&self, status: &[&Signed<Event>]) -> BTreeMap<ManifestId, usize> {
        let (numbers, statements) = (self.proof.numbers(), self.proof.statements());
        // Of each statement, by place.
        let mut events = vec![0_usize; statements.len()];
        let in_proof = statements.iter().filter_map(Statement::as_event);
        for event in in_proof.chain(status.iter().copied()) {
            let Subject::Statement(id) = &event.payload().target else { continue };
            let Some((place, target)) =
                numbers.statement(id).and_then(|place| Some((place, statements.get(place)?)))
            else {
                continue;
            };
            if could_bind(self.identities, event.header(), target.header())
                && let Some(count) = events.get_mut(place)
            {
                *count = count.saturating_add(1);
            }
        }
        // A record about another one is as much as an event, whichever dataset it is about itself.
        for record in statements.iter().filter_map(Statement::as_registration) {
            let superseded = record.payload().supersedes;
            let place = superseded.and_then(|id| numbers.statement(&id));
            if let Some(count) = place.and_then(|place| events.get_mut(place)) {
                *count = count.saturating_add(1);
            }
        }
        let mut titles: BTreeMap<ManifestId, usize> = BTreeMap::new();
        for (place, (statement, batches)) in
            statements.iter().zip(self.proof.vouched().iter()).enumerate()
        {
            let Statement::Registration(registration) = statement else { continue };
            if self.identities.adverse().has_any(statement.header(), &[Role::Registrar]) {
                let about = batches.iter().chain([&place]).filter_map(|place| events.get(*place));
                let claimants = registration.payload().registrants.len();
                let count = about.fold(claimants, |sum, events| sum.saturating_add(*events));
                let sum = titles.entry(registration.payload().manifest).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        titles
    }

    fn of_event(&self, event: &Signed<Event>) -> usize {
        let by = event.header();
        let reached = match &event.payload().target {
            Subject::Statement(target) => self
                .target(target)
                .filter(|(of, _)| could_bind(self.identities, by, of))
                .map_or(1, |(_, count)| count),
            Subject::Index(_) | Subject::Key(_) | Subject::Manifest(_) | Subject::Origin(_) => 1,
        };
        reached.saturating_add(self.identities.adverse().delegated_ways(by).saturating_mul(reached))
    }
}

/// How many datasets are looked up for a statement.
fn outputs(statement: &Statement) -> usize {
    statement.as_activity().map_or(1, |activity| activity.payload().outputs.len().max(1))
}
