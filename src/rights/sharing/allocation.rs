//! What a split of revenue came to.

use std::collections::BTreeMap;

use crate::cbor::codes;
use crate::id::{ManifestId, StatementId};
use crate::rights::DutyDue;

codes! {
    /// How a share came to a whole number of minor units.
    pub enum Rounding("rounding") in rights {
        /// Less than one unit was left out.
        Down = "down",
        /// It is one by itself.
        Exact = "exact",
        /// Less than one unit was added.
        Up = "up",
    }
}

codes! {
    /// Why an amount, or a duty, is withheld.
    pub enum WithheldReason("reason to withhold") in rights {
        /// What it is a share of is itself not determined.
        Base = "base",
        /// Nobody said who the registered claimants are.
        Claimants = "claimants",
        /// Its ceiling or floor is in another currency, or the floor of another share of the same receipts is.
        Currency = "currency",
        /// Payees share in each other's receipts, in a circle.
        Cycle = "cycle",
        /// More is asked than there is.
        Exceeds = "exceeds",
        /// The duty lacks what its kind needs.
        Malformed = "malformed",
        /// It is a share of what somebody receives who receives nothing.
        NobodyReceives = "nobody-receives",
        /// The payee in whose receipts it shares is not known to be bound by the licence.
        NotBound = "not-bound",
        /// The shares of several claimants are not stated, or do not add up to the whole.
        Shares = "shares",
    }
}

/// A bound that decided what a share comes to, in minor units.
///
/// ```
/// use datadeed::rights::{Limit, Rounding, Sharing};
///
/// let line = &Sharing::new(7, "CNY").pool("did:web:pool.example", 5_000).allocate(&[])?.lines[0];
/// assert_eq!((line.amount, line.limit, line.rounding), (4, None, Rounding::Up));
/// assert_ne!(line.limit, Some(Limit::Ceiling(4)));
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Limit {
    /// The share would be more: this is the most.
    Ceiling(u64),
    /// The share would be less: this is the least.
    Floor(u64),
}

/// What a line rests on.
///
/// ```
/// use datadeed::rights::{Entitlement, Sharing};
///
/// let shares = Sharing::new(100, "CNY").pool("did:web:pool.example", 100).allocate(&[])?;
/// assert_eq!(shares.lines[0].by, Entitlement::Pool);
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Entitlement {
    /// A pool that whoever shares decided on.
    Pool,
    /// A duty of a licence.
    #[non_exhaustive]
    Duty {
        /// The dataset it is owed for.
        manifest: ManifestId,
        /// The licence that asks it.
        licence: StatementId,
    },
    /// Being a registered claimant, by his share of this registration.
    Title(StatementId),
}

/// One way on which money reaches a payee.
///
/// ```
/// use datadeed::rights::Sharing;
///
/// let shares = Sharing::new(1_000, "CNY").pool("did:web:pool.example", 250).allocate(&[])?;
/// let line = &shares.lines[0];
/// assert_eq!((line.base, line.basis_points, line.share, line.amount), (1_000, 250, 25, 25));
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// Who, as an `iss`; or the id of a registration, whose claimants' lines follow.
    pub payee: String,
    /// What he keeps of it, in minor units.
    pub amount: u64,
    /// What it came to before others shared in his receipts, in minor units.
    pub share: u64,
    /// Of whose receipts it is a share; absent: of the whole.
    pub of: Option<String>,
    /// What it is a share of, in minor units.
    pub base: u64,
    /// The share, in hundredths of a percent.
    pub basis_points: u64,
    /// What it rests on.
    pub by: Entitlement,
    /// The ceiling or floor that decided it.
    pub limit: Option<Limit>,
    /// What rounding did to it.
    pub rounding: Rounding,
}

/// What could not be determined: an amount that nobody gets, a duty of which nobody knows the amount, or both.
///
/// ```
/// use datadeed::rights::{Sharing, WithheldReason};
///
/// // 60 % and 50 %:
/// let sharing = Sharing::new(1_000, "CNY").pool("did:web:a.example", 6_000);
/// let shares = sharing.pool("did:web:b.example", 5_000).allocate(&[])?;
/// let money = &shares.withheld[0];
/// assert_eq!((money.reason, money.amount), (WithheldReason::Exceeds, 1_000));
/// assert_eq!(money.owed, Some(1_100));
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Withheld {
    /// Of whose receipts; absent: of the whole.
    pub of: Option<String>,
    /// Who asks for it; absent: whoever shares in those receipts.
    pub payee: Option<String>,
    /// The duty; absent for a pool, and for receipts that are withheld as they are.
    pub due: Option<DutyDue>,
    /// In minor units; 0 where the money stands in another entry or the amount is not known.
    pub amount: u64,
    /// Why.
    pub reason: WithheldReason,
    /// For [`WithheldReason::Exceeds`]: what is asked of these receipts altogether, in minor units, rounded up.
    pub owed: Option<u64>,
}

/// Who gets what of an amount.
///
/// The amounts of all lines, what is retained and what is withheld add up to
/// the amount, exactly.
///
/// ```
/// use datadeed::rights::Sharing;
///
/// let shares = Sharing::new(1_001, "CNY").pool("did:web:pool.example", 100).allocate(&[])?;
/// assert_eq!(shares.totals().get("did:web:pool.example"), Some(&10));
/// assert_eq!((shares.retained, shares.withheld_total()), (991, 0));
/// assert!(shares.is_determined());
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allocation {
    /// What was shared, in minor units.
    pub amount: u64,
    /// ISO 4217.
    pub currency: String,
    /// Every way on which money reaches somebody: shares of the whole first, then of receipts; within one
    /// base by payee, licence and dataset.
    pub lines: Vec<Line>,
    /// What is left to whoever uses, in minor units; free only where nothing is withheld.
    pub retained: u64,
    /// What could not be determined: of the whole first, then by whose receipts, by who asks, by duty.
    pub withheld: Vec<Withheld>,
    /// Payments that came before the use was permitted: nothing of the amount goes to them.
    pub settled: Vec<DutyDue>,
}

impl Allocation {
    /// What each payee keeps over all lines, by `iss`; in minor units.
    pub fn totals(&self) -> BTreeMap<&str, u64> {
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.payee.parse::<StatementId>().is_err()) {
            let total = totals.entry(&line.payee).or_default();
            *total = total.saturating_add(line.amount);
        }
        totals
    }

    /// What is withheld altogether, in minor units.
    pub fn withheld_total(&self) -> u64 {
        self.withheld.iter().fold(0, |sum, one| sum.saturating_add(one.amount))
    }

    /// Whether nothing is withheld, so that everything retained is free.
    pub const fn is_determined(&self) -> bool {
        self.withheld.is_empty()
    }
}
