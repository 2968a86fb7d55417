//! Under which terms something is offered on, and what in the terms it came under stands against that.

use std::collections::BTreeSet;

use super::evaluate::{Ask, Outcome};
use super::expression::parse;
use super::public::{shares_adaptation, stops_before};
use super::table::{Adaptations, PublicLicence, named};
use super::{Action, Duty, DutyKind, Missing, Reason};

/// The terms under which a dataset or a model is offered to others.
///
/// Recipients may choose any licence of an `OR`, and rely on any of an `AND`
/// for the part that it is about, so every licence of the expression has to
/// comply with what the data came under:
///
/// - share-alike terms: it is in their set. Adaptations only, except where the
///   text speaks of unchanged copies too;
/// - unchanged copies: it is the same licence, unless sublicences are allowed
///   or nothing is owed;
/// - restrictions to be passed on: it is the same licence, or the terms repeat
///   them ([`passing_on`](Self::passing_on));
/// - limits on purposes and adaptations: it has them too.
///
/// A licence that is not in the table (a `LicenseRef-` of somebody's own, too)
/// is in a set only if the set names it, and repeats nothing. Whether it is
/// broader than limits that there are nobody knows, so the answer is Unknown.
/// `NONE` offers nothing: it is no broader than anything and in no set.
/// `NOASSERTION`, and what is no expression, is Unknown.
///
/// ```
/// use datadeed::rights::Outbound;
///
/// // A fine-tuned model under MIT, with the use restrictions of its base repeated.
/// let terms = Outbound::new("MIT").passing_on(["LicenseRef-datadeed-BigScience-OpenRAIL-M"]);
/// assert_eq!(terms.expression(), "MIT");
/// assert!(terms.can_be_evaluated());
/// assert!(!Outbound::new("MIT/Apache-2.0").can_be_evaluated());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    expression: String,
    /// Every licence of the expression as it is named there; `None`: nobody can tell.
    licences: Option<BTreeSet<String>>,
    repeated: BTreeSet<String>,
}

impl Outbound {
    /// An SPDX expression, as a licence statement holds one.
    pub fn new(expression: impl Into<String>) -> Self {
        let expression = expression.into();
        let licences = match expression.as_str() {
            "NONE" => Some([expression.clone()].into()),
            "NOASSERTION" => None,
            text => parse(text)
                .map(|parsed| parsed.requirements().map(|req| req.req.to_string()).collect()),
        };
        Self { expression, licences, repeated: BTreeSet::new() }
    }

    /// Identifiers of the licences whose restrictions the terms repeat and bind recipients to.
    #[must_use]
    pub fn passing_on(mut self, licences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.repeated.extend(licences.into_iter().map(Into::into));
        self
    }

    /// The expression.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// Identifiers of the licences whose restrictions the terms repeat.
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        self.repeated.iter().map(String::as_str)
    }

    /// Whether it is an expression, or `NONE`, and not `NOASSERTION`.
    pub const fn can_be_evaluated(&self) -> bool {
        self.licences.is_some()
    }

    /// What stands against offering on, by `ask`, what came under `row`.
    pub(super) fn answers(&self, row: &PublicLicence, ask: &Ask<'_>) -> Outcome {
        if !ask.action.is_distribution() || stops_before(row, ask) {
            return Outcome::free();
        }
        let adapted = shares_adaptation(ask.action);
        self.passes(row, if adapted { Passed::Adapted } else { Passed::Unchanged })
    }

    /// What negotiated terms say to `action` if it is offered on so; `terms` is what they say without that, and
    /// `commercial` what they would say to a commercial use.
    ///
    /// Their duties name the licences that they let it go on under, and restrictions to be repeated. Whoever
    /// takes it may use it as the offer allows, which the terms have to allow as well.
    pub(super) fn answers_terms(
        &self,
        terms: Outcome,
        action: Action,
        commercial: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let Outcome::Permit(duties) = &terms else { return terms };
        if !action.is_distribution() {
            return terms;
        }
        let Some(licences) = &self.licences else { return Outcome::unknown(Missing::Licence) };
        let against = |duty: &Duty| match duty.kind {
            DutyKind::ShareAlike
                if shares_adaptation(action) && !licences.is_subset(&duty.licences) =>
            {
                Some(Reason::ShareAlikeConflict)
            }
            DutyKind::PassThrough => {
                // Restrictions without a name are those of the contract, under which it is to be offered.
                let repeats = |terms: &String| {
                    self.repeated.contains(terms) || licences.iter().all(|one| one == terms)
                };
                let is_kept = duty.terms.as_ref().is_some_and(repeats);
                (!is_kept).then_some(Reason::PassThrough)
            }
            DutyKind::Attribute
            | DutyKind::DeleteAfter
            | DutyKind::NoExtraRestrictions
            | DutyKind::Notice
            | DutyKind::ObtainConsent
            | DutyKind::Pay
            | DutyKind::ProvideAlterations
            | DutyKind::Report
            | DutyKind::RevenueShare
            | DutyKind::ShareAlike => None,
        };
        let reasons: BTreeSet<Reason> = duties.iter().filter_map(against).collect();
        let rows: Option<Vec<&PublicLicence>> = licences.iter().map(|name| named(name)).collect();
        let broader = match rows {
            _ if licences.contains("NONE") => Outcome::free(),
            Some(rows) if !rows.iter().any(|row| row.is_commercial()) => Outcome::free(),
            rows => match (commercial(), rows) {
                (Outcome::Permit(_), _) => Outcome::free(),
                (Outcome::Deny(_), Some(_)) => Outcome::deny(Reason::OutboundTooBroad),
                (Outcome::Unknown(missing), Some(_)) => Outcome::Unknown(missing),
                (Outcome::Deny(_) | Outcome::Unknown(_), None) => {
                    Outcome::unknown(Missing::Licence)
                }
            },
        };
        let against = if reasons.is_empty() { Outcome::free() } else { Outcome::Deny(reasons) };
        terms.meet(against).meet(broader)
    }

    /// What stands against offering on what came under `row`: nothing, reasons, or what is not known.
    pub(super) fn passes(&self, row: &PublicLicence, passed: Passed) -> Outcome {
        let Some(licences) = &self.licences else { return Outcome::unknown(Missing::Licence) };
        let each = licences.iter().map(|name| self.complies(name, row, passed));
        each.fold(Outcome::free(), Outcome::meet)
    }

    /// One licence of the expression.
    fn complies(&self, name: &str, row: &PublicLicence, passed: Passed) -> Outcome {
        if row.is_named(name) {
            return Outcome::free();
        }
        let mut reasons = BTreeSet::new();
        let bound = row.share_alike.filter(|set| passed == Passed::Adapted || set.verbatim);
        let relicensed = match bound {
            Some(set) if set.licences.contains(&name) => None,
            Some(_) => Some(Reason::ShareAlikeConflict),
            None if passed == Passed::Adapted || row.sublicense.is_some() => None,
            None if row.is_unconditional() => None,
            None => Some(Reason::NoGrant),
        };
        reasons.extend(relicensed);
        if row.pass_through.is_some() && !self.repeated.contains(row.id) {
            reasons.insert(Reason::PassThrough);
        }
        let is_limited = !row.is_commercial() || !row.shares_adaptations();
        let unknown = match named(name) {
            Some(theirs) => {
                reasons.extend(is_broader(theirs, row).then_some(Reason::OutboundTooBroad));
                false
            }
            None => is_limited && name != "NONE",
        };
        match (reasons.is_empty(), unknown) {
            (false, _) => Outcome::Deny(reasons),
            (true, true) => Outcome::unknown(Missing::Licence),
            (true, false) => Outcome::free(),
        }
    }
}

/// How something is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    Adapted,
    Unchanged,
}

/// Whether recipients would get what `row` does not allow.
const fn is_broader(theirs: &PublicLicence, row: &PublicLicence) -> bool {
    let commercial = theirs.is_commercial() && !row.is_commercial();
    let adaptations = match (theirs.adaptations, row.adaptations) {
        (Adaptations::Shared, Adaptations::Private(_) | Adaptations::None(_))
        | (Adaptations::Private(_), Adaptations::None(_)) => true,
        (Adaptations::Shared, Adaptations::Shared)
        | (Adaptations::Private(_), Adaptations::Shared | Adaptations::Private(_))
        | (Adaptations::None(_), _) => false,
    };
    commercial || adaptations
}
