//! What one row of the table of public licences decides.

use std::collections::BTreeSet;

use super::acts::Ended;
use super::evaluate::{Ask, Outcome};
use super::table::{PublicLicence, Reach, Revocation};
use super::{Action, Duty, DutyKind, Missing, Profile, Purpose, Reason};

/// One row of the table.
pub(super) fn public(row: &PublicLicence, ask: &Ask<'_>) -> Outcome {
    // Of a model's own licence there is nothing to reach: it is about the model.
    let about_derived_model = ask.action.is_about_model() && ask.trained.is_some();
    if about_derived_model && !reaches_model(row, ask.profile) {
        return Outcome::free();
    }
    let revocation = match ask.revoked.map(|revoked| ask.acts.ended_by(revoked)) {
        Some(Ended::After | Ended::Unproven) if row.revocation == Revocation::Silent => {
            Outcome::unknown(Missing::RevocationContested)
        }
        Some(_) | None => Outcome::free(),
    };
    let purpose = match ask.purpose {
        _ if row.commercial => Outcome::free(),
        Some(Purpose::NonCommercial | Purpose::Personal) => Outcome::free(),
        Some(Purpose::Commercial) => Outcome::deny(Reason::Purpose),
        // Research, teaching and government may be either; the question must say which.
        Some(Purpose::Research | Purpose::Education | Purpose::Government) | None => {
            Outcome::unknown(Missing::Purpose)
        }
    };
    granted(row, ask.action).meet(purpose).meet(revocation)
}

/// What a row grants of one action, whatever the purpose.
fn granted(row: &PublicLicence, action: Action) -> Outcome {
    let adapted = matches!(
        action,
        Action::DistributeDerived | Action::DistributeModel | Action::ServeOutputs
    );
    let grants_on = action == Action::Transfer || (action == Action::Sublicense && !row.sublicense);
    if grants_on {
        return Outcome::deny(Reason::NoGrant);
    }
    if adapted && !row.share_adaptations {
        return Outcome::deny(Reason::NoDerivatives);
    }
    let mut duties = BTreeSet::new();
    if row.attribute {
        duties.insert(Duty::new(DutyKind::Attribute));
    }
    if row.notice {
        duties.insert(Duty::new(DutyKind::Notice));
    }
    if adapted && !row.share_alike.is_empty() {
        duties.insert(Duty::share_alike(row.share_alike.iter().copied()));
    }
    Outcome::Permit(duties)
}

fn reaches_model(row: &PublicLicence, profile: Profile) -> bool {
    match (row.reaches_model, profile) {
        (Reach::Yes, _) | (Reach::Contested, Profile::Strict) => true,
        (Reach::No, _) | (Reach::Contested, Profile::Declared) => false,
    }
}
