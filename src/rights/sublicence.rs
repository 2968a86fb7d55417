//! Whether a sublicence lies within the licence above it, in every dimension.

use super::{Action, ConflictStrategy, Duty, DutyKind, Effect, Licence, Rule};
use crate::cbor::codes;

codes! {
    /// In what a sublicence can exceed the licence above it.
    pub enum SublicenceDimension("dimension of a sublicence") in rights {
        /// Actions that no rule above permits.
        Actions = "actions",
        /// Conditions that are wider, or missing.
        Constraints = "constraints",
        /// Duties that are less, or missing.
        Duties = "duties",
        /// A public licence below, or the other way about one by rules, which nobody can compare.
        Form = "form",
        /// An earlier start.
        From = "from",
        /// Prohibitions that are missing or narrower.
        Prohibitions = "prohibitions",
        /// It cannot be taken back, and the licence above can.
        Revocable = "revocable",
        /// Models outlive the term below and not, or not surely, above.
        Survives = "survives",
        /// A later end.
        Until = "until",
    }
}

/// In what `child` exceeds `parent`, first; `None` where it lies within.
///
/// Under a public licence that lets one sublicense any terms are within it: what the public licence itself
/// asks binds whoever relies on them as well. Terms by rules have to be no wider one by one: each
/// permission below within one above, with its conditions at least as narrow and its duties at least as much.
pub(crate) fn sublicence_exceeds(child: &Licence, parent: &Licence) -> Option<SublicenceDimension> {
    use SublicenceDimension as D;
    if parent.spdx.is_some() {
        return None;
    }
    if child.spdx.is_some() {
        return Some(D::Form);
    }
    let from_late_enough =
        parent.from.is_none_or(|start| child.from.is_some_and(|from| from >= start));
    let until_early_enough =
        parent.until.is_none_or(|end| child.until.is_some_and(|until| until <= end));
    let term = (!from_late_enough).then_some(D::From).or((!until_early_enough).then_some(D::Until));
    let survives = child.survives == Some(true) && parent.survives != Some(true)
        || child.survives.is_none() && parent.survives == Some(false);
    term.or(survives.then_some(D::Survives))
        .or((parent.revocable && !child.revocable).then_some(D::Revocable))
        .or_else(|| permissions(child).find_map(|rule| permission_exceeds(rule, parent)))
        .or_else(|| {
            // Prohibitions that permissions outweigh are none.
            let outweighs = |licence: &Licence| licence.conflict == Some(ConflictStrategy::Permit);
            let is_weaker = outweighs(child) && !outweighs(parent);
            let kept = |above: &&Rule| {
                permissions(child).all(|rule| !is_reached(rule, above))
                    || !is_weaker
                        && prohibitions(child).any(|below| prohibits_as_much(below, above))
            };
            prohibitions(parent).find(|above| !kept(above)).map(|_| D::Prohibitions)
        })
}

fn permissions(licence: &Licence) -> impl Iterator<Item = &Rule> {
    licence.rules.iter().filter(|rule| rule.effect == Effect::Permit)
}

fn prohibitions(licence: &Licence) -> impl Iterator<Item = &Rule> {
    licence.rules.iter().filter(|rule| rule.effect == Effect::Prohibit)
}

/// In what a permission exceeds that one above which it exceeds least; `None` where it lies within one.
///
/// Each of its actions may lie within another permission.
fn permission_exceeds(rule: &Rule, parent: &Licence) -> Option<SublicenceDimension> {
    use SublicenceDimension as D;
    // Rule by rule once, for a rule may have many actions.
    let above: Vec<(&Rule, Option<D>)> = permissions(parent)
        .filter(|above| rule.actions.iter().any(|action| covers(above, *action)))
        .map(|above| {
            let by = if rule.conditions_dropped_from(above).next().is_some() {
                Some(D::Constraints)
            } else if owes_as_much(rule, above) {
                None
            } else {
                Some(D::Duties)
            };
            (above, by)
        })
        .collect();
    let mut exceeded = None;
    for action in &rule.actions {
        let by = above.iter().filter(|(above, _)| covers(above, *action)).map(|(_, by)| *by);
        exceeded = exceeded.max(by.min().unwrap_or(Some(D::Actions)));
    }
    exceeded
}

/// Whether a rule is about an action, or one around it.
fn covers(rule: &Rule, action: Action) -> bool {
    rule.actions.iter().any(|wide| action.is_within(*wide))
}

/// Whether a permission and a prohibition speak of some action both.
fn is_reached(permission: &Rule, prohibition: &Rule) -> bool {
    permission.actions.iter().any(|permitted| {
        prohibition.actions.iter().any(|of| permitted.is_within(*of) || of.is_within(*permitted))
    })
}

/// Whether one prohibition applies wherever another does.
fn prohibits_as_much(below: &Rule, above: &Rule) -> bool {
    let covers =
        above.actions.iter().all(|of| below.actions.iter().any(|wide| of.is_within(*wide)));
    covers && above.conditions_dropped_from(below).next().is_none()
}

/// Whether for each duty of another rule some duty of a rule is at least as much, and of money one for each.
///
/// The greater amounts are matched first, each with the least that is enough for it. Where floors or ceilings
/// make that a bad choice it refuses what a better one would let through, and never the other way about.
fn owes_as_much(rule: &Rule, above: &Rule) -> bool {
    let is_money = |duty: &&Duty| matches!(duty.kind, DutyKind::Pay | DutyKind::RevenueShare);
    let amount = |duty: &&Duty| (duty.basis_points, duty.amount);
    // Whatever stands in both is matched with itself.
    let mut left: Vec<&Duty> = rule.duties.difference(&above.duties).filter(is_money).collect();
    let (mut money, others): (Vec<&Duty>, Vec<&Duty>) =
        above.duties.difference(&rule.duties).partition(is_money);
    money.sort_by_key(|duty| std::cmp::Reverse(amount(duty)));
    let mut take = |duty: &Duty| {
        let enough = left.iter().enumerate().filter(|(_, own)| is_at_least(own, duty));
        let least = enough.min_by_key(|(_, own)| amount(own)).map(|(place, _)| place);
        least.map(|place| left.swap_remove(place)).is_some()
    };
    others.iter().all(|duty| rule.duties.iter().any(|own| is_at_least(own, duty)))
        && money.into_iter().all(&mut take)
}

/// Whether whoever fulfils `own` has fulfilled `other` as well, or pays as much to somebody else in its place.
///
/// A sublicensor may be paid a price himself, for his own licence counts only once he has paid whoever is above. A
/// share of revenue is owed by whoever has the revenue, so it goes to the same payee.
fn is_at_least(own: &Duty, other: &Duty) -> bool {
    if own.kind != other.kind {
        return false;
    }
    let same_currency = own.currency == other.currency;
    match own.kind {
        DutyKind::DeleteAfter => own.after <= other.after,
        // What has no stated amount is for the payee to say, so it has to be the same payee.
        DutyKind::Pay => match (own.amount, other.amount) {
            (Some(own), Some(other)) => same_currency && own >= other,
            (None, None) => own.payee == other.payee,
            (Some(_), None) | (None, Some(_)) => false,
        },
        DutyKind::RevenueShare => {
            let ceiling = match (own.ceiling, other.ceiling) {
                (None, _) => true,
                (Some(own), Some(other)) => same_currency && own >= other,
                (Some(_), None) => false,
            };
            let floor = match (own.floor, other.floor) {
                (_, None) => true,
                (Some(own), Some(other)) => same_currency && own >= other,
                (None, Some(_)) => false,
            };
            let same_share = own.payee == other.payee && own.of == other.of;
            own.basis_points >= other.basis_points && same_share && ceiling && floor
        }
        DutyKind::ShareAlike => own.licences.is_subset(&other.licences),
        DutyKind::Attribute
        | DutyKind::NoExtraRestrictions
        | DutyKind::Notice
        | DutyKind::ObtainConsent
        | DutyKind::PassThrough
        | DutyKind::ProvideAlterations
        | DutyKind::Report => own == other,
    }
}
