//! Benefit sharing (利益分配): what each payee gets of an amount, by the duties of a permitted use.

mod allocation;
mod flow;
mod graph;
mod split;

use std::collections::{BTreeMap, BTreeSet};

use flow::Flow;
use graph::Claim;

pub use allocation::{Allocation, Entitlement, Limit, Line, Rounding, Withheld, WithheldReason};

use super::{DutyDue, DutyKind, Verdict};
use crate::id::StatementId;

/// Benefit sharing (利益分配): an amount to be shared by the duties of a permitted use.
///
/// A `revenue_share` is a share of the whole, or of what another payee
/// receives; a payee is a party, or the registered claimants of a
/// registration. So the amount flows from payee to payee. Whatever one of them
/// receives, on every way, is added up before others share in it.
///
/// Every amount is a whole number of minor units. Where an amount is split,
/// all who share in it and whoever keeps the rest are rounded together, by the
/// largest remainder (Hamilton): each gets the exact share rounded down, and
/// one unit each of what is left goes to the largest remainders; of equal ones
/// to the first by payee, licence and dataset, and to whoever keeps the rest
/// last. So nobody is more than one unit from his exact share, and the sum is exact.
///
/// # What is never guessed
///
/// What a duty comes to may depend on something that is not known: a rate of
/// exchange, the claimants of a title, who of two sharing in each other's
/// receipts comes first. Then the money stands in [`Allocation::withheld`], with the reason, and goes
/// neither to anybody else nor back to whoever uses. If more is asked of an
/// amount than there is, nobody is cut: all of that amount is withheld.
///
/// A licence cannot take from a third party. That one licence shares in what the
/// payee of another receives would let anybody write himself into others'
/// income, so a share `of` a payee counts if he is known to be bound by that
/// licence ([`Sharing::bound`]), and is withheld otherwise, without touching him.
///
/// A pool is a share of the whole beside those of the licences, which are of
/// the whole as well, as their terms say: whoever uses pays for the pool, not
/// the payees.
///
/// ```
/// use datadeed::rights::{Action, Sharing, Use, Verdict};
/// # use datadeed::key::{Signer, SigningKey};
/// # use datadeed::lineage::{Activity, ActivityKind};
/// # use datadeed::rights::{Duty, Licence, Rule};
/// # use datadeed::statement::{Issuer, Payload};
/// # use datadeed::trust::{Anchor, Role, TrustStore};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, verify::Verifier};
/// # let (corpus, now): (_, Timestamp) = (ManifestId::from_bytes([1; 32]), "2026-11-22T00:00:00Z".parse()?);
/// # let supplier = Issuer::new("did:web:supplier.example", SigningKey::from_seed(&[7; 32]));
/// # let roles = [Role::RightsHolder, Role::Collector];
/// # let trust = TrustStore::new([Anchor::new(supplier.iss(), supplier.public_key(), roles)]);
/// # let rule = Rule::permit([Action::Distribute]).duty(Duty::revenue_share(supplier.iss(), 250));
/// # let licence = Licence::granted(corpus, [rule]).sign(&supplier, now)?;
/// # let collect = Activity::new(ActivityKind::Collect).output(corpus, []).sign(&supplier, now)?;
/// # let proof = LineageProof::builder(corpus).statement(collect).statement(licence).build()?.to_bytes();
/// # let lineage = Verifier::new(&trust, now).verify(&proof, corpus)?;
///
/// // A corpus whose supplier asks for 2.5 %, sold for 10,000.00 yuan; 1 % goes to a pool for compensation.
/// let verdict = lineage.rights(&Use::new(Action::Distribute));
/// let sharing = Sharing::new(1_000_000, "CNY").pool("did:web:pool.example", 100);
/// let shares = sharing.of_verdict(&verdict)?;
/// assert_eq!(shares.totals()["did:web:supplier.example"], 25_000);
/// assert_eq!(shares.totals()["did:web:pool.example"], 10_000);
/// assert_eq!(shares.retained, 965_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Sharing {
    amount: u64,
    currency: String,
    pools: Vec<(String, u64)>,
    /// Sorted by `iss`, each of them once.
    claimants: BTreeMap<StatementId, Vec<(String, Option<u64>)>>,
    bound: BTreeSet<(StatementId, String)>,
}

impl Sharing {
    /// The revenue of a use, in minor units of an ISO 4217 currency.
    pub fn new(amount: u64, currency: impl Into<String>) -> Self {
        Self {
            amount,
            currency: currency.into(),
            pools: Vec::new(),
            claimants: BTreeMap::new(),
            bound: BTreeSet::new(),
        }
    }

    /// A pool for compensation (补偿金池), in hundredths of a percent of the whole; each call adds one.
    pub fn pool(mut self, payee: impl Into<String>, basis_points: u64) -> Self {
        self.pools.push((payee.into(), basis_points));
        self
    }

    /// The registered claimants of a registration at the time of the use, by `iss`, each with his share in
    /// hundredths of a percent as far as one is stated.
    ///
    /// One without a share holds all of it; the shares of several, or of one who has one, have to add up
    /// to 10,000. Whoever stands there twice holds the sum.
    pub fn claimants<I: Into<String>>(
        mut self,
        registration: StatementId,
        claimants: impl IntoIterator<Item = (I, Option<u64>)>,
    ) -> Self {
        let mut shares: BTreeMap<String, Option<u64>> = BTreeMap::new();
        for (iss, share) in claimants {
            shares
                .entry(iss.into())
                .and_modify(|sum| *sum = sum.zip(share).map(|(sum, more)| sum.saturating_add(more)))
                .or_insert(share);
        }
        self.claimants.insert(registration, shares.into_iter().collect());
        self
    }

    /// A payee is bound by a licence: he granted it, or used the dataset by it.
    ///
    /// Only then does a duty of that licence share in what he receives. `payee` is written as in the duty's
    /// [`of`](super::Duty::of).
    pub fn bound(mut self, payee: impl Into<String>, licence: StatementId) -> Self {
        self.bound.insert((licence, payee.into()));
        self
    }

    /// Who gets what by the duties of a verdict.
    ///
    /// # Errors
    ///
    /// [`SharingError::NotPermitted`] for any verdict but [`Verdict::Permit`]; otherwise as [`Sharing::allocate`].
    pub fn of_verdict(&self, verdict: &Verdict) -> Result<Allocation, SharingError> {
        match verdict {
            Verdict::Permit { duties, .. } => self.allocate(duties),
            Verdict::Deny { .. } | Verdict::Unknown { .. } => {
                Err(SharingError::NotPermitted { verdict: verdict.word() })
            }
        }
    }

    /// Who gets what by these duties, whatever their order; what stands there twice is owed once.
    ///
    /// Payments are listed as settled, as no use is permitted before they are made; duties that are
    /// not about money are left out.
    ///
    /// # Errors
    ///
    /// [`SharingError::TooManyShares`] and [`SharingError::TooDeep`] beyond the bounds of [`limits`](crate::limits).
    pub fn allocate(&self, duties: &[DutyDue]) -> Result<Allocation, SharingError> {
        let duties: BTreeSet<&DutyDue> = duties.iter().collect();
        let mut settled = Vec::new();
        let mut claims: Vec<(Option<&str>, Claim<'_>)> = Vec::new();
        let mut unusable: Vec<(&DutyDue, WithheldReason)> = Vec::new();
        claims.extend(self.pools.iter().map(|(payee, points)| (None, Claim::pool(payee, *points))));
        let mut shares = Vec::new();
        for due in duties {
            if due.duty.kind == DutyKind::Pay {
                settled.push(due.clone());
            } else if due.duty.kind == DutyKind::RevenueShare {
                shares.push(due);
            }
        }
        for due in shares {
            let of = due.duty.of.as_deref();
            let is_bound = |of: &str| self.bound.contains(&(due.licence, of.to_owned()));
            match Claim::duty(due, &self.currency) {
                None => unusable.push((due, WithheldReason::Malformed)),
                Some(_) if !of.is_none_or(is_bound) => {
                    unusable.push((due, WithheldReason::NotBound));
                }
                Some(claim) => claims.push((of, claim)),
            }
        }
        let nodes = graph::nodes(self, claims)?;
        let order = graph::order(&nodes)?;
        let mut flow = Flow::new(
            nodes.len(),
            Allocation {
                amount: self.amount,
                currency: self.currency.clone(),
                lines: Vec::new(),
                retained: 0,
                withheld: Vec::new(),
                settled,
            },
        );
        for (due, why) in unusable {
            let payee = due.duty.payee.as_deref();
            let payee = nodes.binary_search_by(|node| node.name.cmp(&payee)).ok();
            flow.withhold_duty(due, payee.filter(|at| *at > 0), why);
        }
        let in_cycles = || nodes.iter().enumerate().filter(|(_, node)| node.in_cycle);
        in_cycles().for_each(|(_, node)| flow.doubt_payees(node));
        for at in order {
            if let Some(node) = nodes.get(at) {
                flow.pass_on(at, node);
            }
        }
        in_cycles().for_each(|(at, node)| flow.stop(at, node, WithheldReason::Cycle, None));
        Ok(flow.finish())
    }
}

/// Why nothing is shared.
///
/// ```
/// use datadeed::rights::{Action, Sharing, SharingError, Use};
/// # use datadeed::{ManifestId, Timestamp, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let corpus = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(corpus).build()?.to_bytes();
/// # let lineage = Verifier::new(&TrustStore::default(), Timestamp::MIN).verify(&proof, corpus)?;
///
/// // A lineage of which nobody said anything:
/// let verdict = lineage.rights(&Use::new(Action::Train));
/// let refused = Sharing::new(1_000_000, "CNY").of_verdict(&verdict);
/// assert_eq!(refused, Err(SharingError::NotPermitted { verdict: "unknown" }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SharingError {
    /// The use is not permitted, so there is no revenue to share.
    #[error("nothing is shared of a use that is not permitted: {verdict}")]
    NotPermitted {
        /// Its word, `deny` or `unknown`.
        verdict: &'static str,
    },
    /// Payees share in receipts of payees who share in receipts, and so on.
    #[error("receipts are shared more than {limit} times in a row")]
    TooDeep {
        /// [`MAX_SHARE_DEPTH`](crate::limits::MAX_SHARE_DEPTH).
        limit: usize,
    },
    /// There are more shares than this crate computes.
    #[error("{found} shares, at most {limit} allowed")]
    TooManyShares {
        /// Pools, duties and claimants, counted until there were too many.
        found: usize,
        /// [`MAX_SHARES`](crate::limits::MAX_SHARES).
        limit: usize,
    },
}

#[cfg(test)]
mod tests;
