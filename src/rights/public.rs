//! What one row of the table of public licences decides.

use std::collections::BTreeSet;

use super::acts::Ended;
use super::duties::Duties;
use super::evaluate::Ask;
use super::outcome::Outcome;
use super::table::{Adaptations, PublicLicence, Reach, Revocation};
use super::{Action, Duty, DutyKind, Missing, Profile, Purpose, Reason};

/// What `row` says to `ask`, which is about one leaf of the tree of actions.
pub(super) fn public(row: &PublicLicence, ask: &Ask<'_>) -> Outcome {
    if stops_before(row, ask) {
        let notice = row.product_notice.map(|_| Duty::new(DutyKind::Notice));
        return Outcome::Permit(notice.into_iter().collect());
    }
    let revocation = match ask.revoked.map(|revoked| ask.acts.ended_by(revoked)) {
        Some(Ended::After | Ended::Unproven) if row.revocation() == Revocation::Silent => {
            Outcome::unknown(Missing::RevocationContested)
        }
        Some(_) | None => Outcome::free(),
    };
    let purpose = match ask.purpose {
        _ if row.is_commercial() => Outcome::free(),
        Some(Purpose::NonCommercial | Purpose::Personal) => Outcome::free(),
        Some(Purpose::Commercial) => Outcome::deny(Reason::Purpose),
        // Research, teaching and government may be either; the question must say which.
        Some(Purpose::Research | Purpose::Education | Purpose::Government) | None => {
            Outcome::unknown(Missing::Purpose)
        }
    };
    let condition = match row.condition {
        Some(_) => Outcome::unknown(Missing::Constraint),
        None => Outcome::free(),
    };
    granted(row, ask).meet(purpose).meet(condition).meet(revocation)
}

/// Whether the question is about a model that the terms do not reach.
///
/// Of a model's own licence there is nothing to reach: it is about the model.
pub(super) fn stops_before(row: &PublicLicence, ask: &Ask<'_>) -> bool {
    ask.trained.is_some() && !reaches_model(row, ask.profile)
}

/// What a row grants of one action, whatever the purpose.
fn granted(row: &PublicLicence, ask: &Ask<'_>) -> Outcome {
    let action = ask.action;
    let grants_on =
        action == Action::Transfer || (action == Action::Sublicense && row.sublicense.is_none());
    if grants_on {
        return Outcome::deny(Reason::NoGrant);
    }
    let allowed = match row.adaptations {
        Adaptations::Shared => true,
        Adaptations::Private(_) => !shares_adaptation(action),
        Adaptations::None(_) => !shares_adaptation(action) && !makes_adaptation(row, ask),
    };
    if allowed {
        Outcome::Permit(duties(row, action))
    } else {
        Outcome::deny(Reason::NoDerivatives)
    }
}

/// What is owed for one action.
fn duties(row: &PublicLicence, action: Action) -> Duties {
    // What is learned from data whose terms stop there is nobody's but the learner's.
    if row.reaches_model == Reach::No && action.is_within(Action::DataMine) {
        return Duties::NONE;
    }
    let shared = shares_adaptation(action);
    let mut duties = BTreeSet::new();
    let mut owe = |term: Option<&str>, kind| duties.extend(term.map(|_| Duty::new(kind)));
    owe(row.attribute, DutyKind::Attribute);
    owe(row.notice, DutyKind::Notice);
    // Of adaptations only share-alike terms say so; others leave them to whoever made them.
    let restricts = if shared { row.share_alike.is_some() } else { action.is_distribution() };
    owe(row.no_extra_restrictions.filter(|_| restricts), DutyKind::NoExtraRestrictions);
    owe(row.provide_alterations.filter(|_| shared), DutyKind::ProvideAlterations);
    // The restrictions bind the user too, so he is told whatever he does.
    duties.extend(
        row.pass_through
            .map(|_| Duty { terms: Some(row.id.to_owned()), ..Duty::new(DutyKind::PassThrough) }),
    );
    // Unchanged copies beside others are a collection, whose parts each keep their terms.
    let share_alike = row.share_alike.filter(|_| shared);
    duties.extend(share_alike.map(|set| Duty::share_alike(set.licences.iter().copied())));
    duties.into()
}

/// Whether what is passed on is made from the data rather than the data.
pub(super) const fn shares_adaptation(action: Action) -> bool {
    matches!(action, Action::DistributeDerived | Action::DistributeModel | Action::ServeOutputs)
}

/// Making one, shared or not: a model is one as far as the terms reach it.
fn makes_adaptation(row: &PublicLicence, ask: &Ask<'_>) -> bool {
    let learns = ask.action.is_within(Action::Train) || ask.action == Action::Synthesize;
    ask.action == Action::Derive || (learns && reaches_model(row, ask.profile))
}

fn reaches_model(row: &PublicLicence, profile: Profile) -> bool {
    match (row.reaches_model, profile) {
        (Reach::Yes, _) | (Reach::Contested, Profile::Strict) => true,
        (Reach::No, _) | (Reach::Contested, Profile::Declared) => false,
    }
}
