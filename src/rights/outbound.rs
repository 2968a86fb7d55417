//! Under which terms something is offered on, and what in the terms it came under stands against that.

mod recipients;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::recipients::Recipients;
use super::evaluate::Ask;
use super::outcome::Outcome;
use spdx::{LicenseItem, LicenseReq};

use super::expression::parse;
use super::public::{shares_adaptation, stops_before};
use super::read::ReadRule;
use super::table::{Adaptations, PublicLicence, named};
use super::{Condition, Duty, DutyKind, Missing, Purpose, Reason};

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
/// - limits on adaptations, and of negotiated terms those on purpose, field,
///   product and places of distribution: it has them too. Recipients of a
///   public licence may use it anywhere, for anything, unless commercial use is
///   not allowed to them. All other conditions are about acts of the licensee;
/// - unchanged copies, and derived data, of what came under negotiated terms: a public licence lets recipients do
///   nothing with them that those do not permit anybody, for good, however often, and without payment or consent. To
///   offer unchanged copies under one, or what is derived where those name their licensees, they let rights be
///   granted on, too;
/// - models: no more of their outputs than negotiated terms leave, which permit whatever they do not forbid of a model
///   that may be passed on.
///
/// A licence that is not in the table (a `LicenseRef-` of somebody's own, too)
/// is in a set only if the set names it, and repeats nothing. What recipients
/// may do under a `LicenseRef-` is what [`limited_to`](Self::limited_to) says; whether it is
/// broader than a limit of which nothing is said there, or any other licence
/// outside the table than any limit, nobody knows, so the answer is Unknown.
/// `NONE` offers nothing: it is no broader than anything and in no set.
/// `NOASSERTION`, and what is no expression, is Unknown.
///
/// ```
/// use datadeed::rights::{Condition, Outbound};
///
/// // A fine-tuned model under MIT, with the use restrictions of its base repeated.
/// let terms = Outbound::new("MIT").passing_on(["LicenseRef-datadeed-BigScience-OpenRAIL-M"]);
/// assert_eq!(terms.expression(), "MIT");
/// assert!(terms.can_be_evaluated());
/// assert!(!Outbound::new("MIT/Apache-2.0").can_be_evaluated());
///
/// // Under a contract of one's own, by which recipients keep it in China.
/// let china = Condition::Distribution(["CN".parse()?].into());
/// let contract = Outbound::new("LicenseRef-contract").limited_to([china.clone()]);
/// assert!(contract.limits().eq([&china]));
/// # Ok::<(), datadeed::rights::TerritoryError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    expression: String,
    /// Every licence of the expression as it is named there; `None`: nobody can tell.
    licences: Option<BTreeMap<String, Offered>>,
    repeated: BTreeSet<String>,
    limits: BTreeSet<Condition>,
}

/// One licence of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Offered {
    /// Terms of somebody's own, of which his conditions say something.
    Contract,
    /// `NONE`: nothing.
    Nothing,
    /// A public licence with a row.
    Public(&'static PublicLicence),
    /// A public licence without one: nobody here knows what it says.
    Unlisted,
}

impl Offered {
    /// Of any later version as well nobody knows what it will say.
    fn of(name: &LicenseReq) -> Self {
        match (named(&name.to_string()), &name.license) {
            (Some(row), _) => Self::Public(row),
            (None, LicenseItem::Other(_)) => Self::Contract,
            (None, LicenseItem::Spdx { .. }) => Self::Unlisted,
        }
    }
}

impl Outbound {
    /// An SPDX expression, as a licence statement holds one.
    pub fn new(expression: impl Into<String>) -> Self {
        let expression = expression.into();
        let licences = match expression.as_str() {
            "NONE" => Some([(expression.clone(), Offered::Nothing)].into()),
            "NOASSERTION" => None,
            text => parse(text)
                .map(|parsed| {
                    let names = parsed.requirements().map(|one| &one.req);
                    names.map(|one| (one.to_string(), Offered::of(one))).collect()
                })
                // Of a part nobody says what it is offered under.
                .filter(|licences: &BTreeMap<String, Offered>| {
                    !licences.contains_key("NOASSERTION")
                }),
        };
        Self { expression, licences, repeated: BTreeSet::new(), limits: BTreeSet::new() }
    }

    /// Identifiers of the licences whose restrictions the terms repeat and bind recipients to.
    #[must_use]
    pub fn passing_on(mut self, licences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.repeated.extend(licences.into_iter().map(Into::into));
        self
    }

    /// Conditions that the terms bind recipients to, all of them: purpose, field, product and
    /// distribution, of which any other kind says nothing of recipients.
    ///
    /// They are those of a contract: no public licence is changed by them.
    #[must_use]
    pub fn limited_to(mut self, conditions: impl IntoIterator<Item = Condition>) -> Self {
        self.limits.extend(conditions);
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

    /// Conditions that the terms bind recipients to.
    pub fn limits(&self) -> impl Iterator<Item = &Condition> {
        self.limits.iter()
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

    /// What stands against offering on what a rule lets go on: what its duties bind to, and what its conditions
    /// keep recipients from.
    ///
    /// Duties name the licences that they let it go on under, and restrictions to be repeated.
    pub(super) fn answers_permission(&self, rule: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
        let Some(licences) = &self.licences else { return Outcome::unknown(Missing::Licence) };
        let against = |duty: &Duty| match duty.kind {
            DutyKind::ShareAlike => {
                let complies = licences.keys().all(|name| duty.licences.contains(name));
                let is_bound = shares_adaptation(ask.action) && !complies;
                is_bound.then_some(Reason::ShareAlikeConflict)
            }
            DutyKind::PassThrough => {
                // Restrictions without a name are those of the contract, under which it is to be offered.
                let repeats = |terms: &String| {
                    self.repeated.contains(terms) || licences.keys().all(|name| name == terms)
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
            | DutyKind::RevenueShare => None,
        };
        let duties = rule.rule.duties.iter().filter_map(against).map(Outcome::deny);
        let kept = self.recipients().map(|recipients| recipients.stay_within(rule.conditions));
        duties.chain(kept).fold(Outcome::free(), Outcome::meet)
    }

    /// What stands against offering on what a rule forbids in part: recipients who may do that part.
    pub(super) fn answers_prohibition(&self, rule: ReadRule<'_>, ask: &Ask<'_>) -> Outcome {
        self.recipients()
            .map(|to| to.stay_clear_of(rule.conditions, ask))
            .fold(Outcome::free(), Outcome::meet)
    }

    /// What stands against offering on what came under `row`: nothing, reasons, or what is not known.
    pub(super) fn passes(&self, row: &PublicLicence, passed: Passed) -> Outcome {
        let Some(licences) = &self.licences else { return Outcome::unknown(Missing::Licence) };
        let each = licences.iter().map(|(name, theirs)| self.complies(name, *theirs, row, passed));
        each.fold(Outcome::free(), Outcome::meet)
    }

    /// One licence of the expression.
    fn complies(
        &self,
        name: &str,
        theirs: Offered,
        row: &PublicLicence,
        passed: Passed,
    ) -> Outcome {
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
        let unknown = match theirs {
            Offered::Public(theirs) => {
                reasons.extend(is_broader(theirs, row).then_some(Reason::OutboundTooBroad));
                false
            }
            Offered::Contract => !self.keeps_limits_of(row),
            Offered::Unlisted => !Self::has_no_limits(row),
            Offered::Nothing => false,
        };
        match (reasons.is_empty(), unknown) {
            (false, _) => Outcome::Deny(reasons),
            (true, true) => Outcome::unknown(Missing::Licence),
            (true, false) => Outcome::free(),
        }
    }

    /// Whether terms of one's own say that recipients may not do what `row` lets nobody do.
    fn keeps_limits_of(&self, row: &PublicLicence) -> bool {
        let commercial = Condition::Purpose([Purpose::Commercial].into());
        let is_not_for_gain = || self.limits.iter().any(|limit| limit.excludes(&commercial));
        row.shares_adaptations() && (row.is_commercial() || is_not_for_gain())
    }

    /// Whether nothing can be broader than `row`.
    const fn has_no_limits(row: &PublicLicence) -> bool {
        row.shares_adaptations() && row.is_commercial()
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
