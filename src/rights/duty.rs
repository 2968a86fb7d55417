//! What a permission asks in return.

use std::collections::BTreeSet;

use super::transaction::is_currency;
use crate::cbor::{codes, record};
use crate::timestamp::Timestamp;

codes! {
    /// Kind of duty.
    pub enum DutyKind("duty") in rights {
        /// Credit the source.
        Attribute = "attribute",
        /// Delete the data, and what the terms say of it, after an instant.
        DeleteAfter = "delete_after",
        /// Add no terms that restrict recipients further.
        NoExtraRestrictions = "no_extra_restrictions",
        /// Keep the licence notice.
        Notice = "notice",
        /// Obtain consent first.
        ObtainConsent = "obtain_consent",
        /// Pass certain restrictions on to recipients.
        PassThrough = "pass_through",
        /// Pay an amount first.
        Pay = "pay",
        /// Publish the changes made.
        ProvideAlterations = "provide_alterations",
        /// Report the use.
        Report = "report",
        /// Share a part of the revenue.
        RevenueShare = "revenue_share",
        /// License what is derived under one of certain licences.
        ShareAlike = "share_alike",
    }
}

impl DutyKind {
    /// Whether it must be fulfilled, with evidence, before the permission counts.
    ///
    /// The others are continuing duties. A verdict returns both, these as fulfilled.
    pub const fn is_precondition(self) -> bool {
        matches!(self, Self::ObtainConsent | Self::Pay)
    }
}

record! {
    /// One duty; fields that its kind does not use are absent.
    ///
    /// ```
    /// use datadeed::rights::{Duty, DutyKind};
    ///
    /// let mut pay = Duty::new(DutyKind::Pay);
    /// pay.payee = Some("did:web:supplier.example".into());
    /// (pay.amount, pay.currency) = (Some(150_000), Some("CNY".into())); // 1500.00 yuan
    /// assert!(pay.kind.is_precondition());
    ///
    /// let share = Duty::revenue_share("did:web:supplier.example", 250); // 2.5 %
    /// assert!(!share.kind.is_precondition());
    ///
    /// // A tenth of what the supplier receives, for him who licensed the supplier:
    /// let mut nested = Duty::revenue_share("did:web:author.example", 1_000);
    /// nested.of = Some("did:web:supplier.example".into());
    /// ```
    pub struct Duty {
        /// For `revenue_share`: the payee, as in `payee`, of whose receipts it is a share; absent: of all revenue.
        ///
        /// Never the payee of this duty himself. It takes from whom it names only if he is bound by the
        /// licence ([`Sharing::bound`](super::Sharing::bound)).
        "of" => of: Option<String>,
        /// What is to be done.
        "duty" => kind: DutyKind,
        /// For `delete_after`: the instant, exclusive.
        "after" => after: Option<Timestamp>,
        /// For `revenue_share`: the least owed, in minor units of the currency; not above the ceiling.
        "floor" => floor: Option<u64>,
        /// Whom it is owed to, as an `iss`; for `revenue_share` also as the id of a registration,
        /// `statement:` and 64 hex digits: its registered claimants at the time of the use, by their shares.
        "payee" => payee: Option<String>,
        /// In words, for people: an attribution text, a restriction.
        "terms" => terms: Option<String>,
        /// For `pay`: in minor units of the currency.
        "amount" => amount: Option<u64>,
        /// For `revenue_share`: the most owed, in minor units of the currency.
        "ceiling" => ceiling: Option<u64>,
        /// ISO 4217.
        "currency" => currency: Option<String>,
        /// For `share_alike`: SPDX ids of the licences allowed.
        "licences" => licences: BTreeSet<String>,
        /// For `revenue_share`: hundredths of a percent, 0 to 10,000, of revenue or of what `of` receives.
        "basis_points" => basis_points: Option<u64>,
    }
}

impl Duty {
    /// A duty of this kind with no further field.
    pub const fn new(kind: DutyKind) -> Self {
        Self {
            of: None,
            kind,
            after: None,
            floor: None,
            terms: None,
            amount: None,
            payee: None,
            ceiling: None,
            currency: None,
            licences: BTreeSet::new(),
            basis_points: None,
        }
    }

    /// A share of revenue: `basis_points` hundredths of a percent, owed to `payee`.
    pub fn revenue_share(payee: impl Into<String>, basis_points: u64) -> Self {
        Self {
            payee: Some(payee.into()),
            basis_points: Some(basis_points),
            ..Self::new(DutyKind::RevenueShare)
        }
    }

    /// Sharing alike under one of these SPDX ids.
    pub fn share_alike<'a>(licences: impl IntoIterator<Item = &'a str>) -> Self {
        let licences = licences.into_iter().map(str::to_owned).collect();
        Self { licences, ..Self::new(DutyKind::ShareAlike) }
    }

    /// Whether the fields of its kind are there and no others, as far as a publisher states them.
    ///
    /// What is to be paid is often for the payee to say, and who he is: without payee or amount the
    /// duty is as he says, and no less a precondition.
    pub(super) fn is_sound_as_seen(&self) -> bool {
        if self.kind != DutyKind::Pay || self.amount.is_some() != self.currency.is_some() {
            return self.is_sound();
        }
        let payee = self.payee.clone().or(Some(String::new()));
        let amount = self.amount.or(Some(0));
        let currency = self.currency.clone().or(Some("XXX".to_owned()));
        Self { payee, amount, currency, ..self.clone() }.is_sound()
    }

    /// Whether the fields that its kind needs are there, and no others.
    pub(crate) fn is_sound(&self) -> bool {
        let is = |kind| self.kind == kind;
        let pays = is(DutyKind::Pay);
        let shares = is(DutyKind::RevenueShare);
        self.after.is_some() == is(DutyKind::DeleteAfter)
            && self.amount.is_some() == pays
            && (self.payee.is_some() || !(pays || shares))
            && self.basis_points.is_some() == shares
            && self.basis_points.is_none_or(|points| points <= 10_000)
            && (shares || (self.of.is_none() && self.floor.is_none() && self.ceiling.is_none()))
            && (self.of.is_none() || self.of != self.payee)
            && self.ceiling.is_none_or(|most| self.floor.is_none_or(|least| least <= most))
            && self.currency.is_some() == (pays || self.floor.is_some() || self.ceiling.is_some())
            && self.licences.is_empty() != is(DutyKind::ShareAlike)
            && self.currency.as_deref().is_none_or(is_currency)
    }
}
