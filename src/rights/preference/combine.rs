//! The preferences about *one asset* together, as AI Preferences combine them.
//!
//! This is not how the terms of several inputs meet along a lineage
//! ([`Outcome::meet`]): there what is permitted of one input and open of
//! another is open, here an allowance of one publisher's text is not taken back by
//! the silence of another text about the same asset.

use std::collections::BTreeSet;

use super::super::duties::Duties;
use super::super::evaluate::{permission, prohibition};
use super::super::read::{Meaning, ReadRule};
use super::super::{Ask, Effect, Fulfilment, Missing, Outcome, Reason, Rule};
use super::Preference;

/// What preferences say of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    /// One is against it, or a condition on which one allows it does not hold.
    Against(BTreeSet<Reason>),
    /// Whether one is against it hangs on what is not known.
    Unclear(BTreeSet<Missing>),
    /// One allows it and none is against it; what they ask in return.
    For(Duties),
    /// None says anything about it.
    Silent,
}

impl Stated {
    /// Of several preferences about one asset: any that is against it decides, then any that may be, then any for it.
    ///
    /// Associative, commutative, idempotent, with [`Stated::Silent`] neutral;
    /// draft-ietf-aipref-vocab-08 section 5.1, where its unknown is silence. A
    /// condition that cannot be evaluated is not silence: it might be against.
    pub(in super::super) fn combine(self, other: Self) -> Self {
        match (self, other) {
            (Self::Against(a), Self::Against(b)) => Self::Against(a.into_iter().chain(b).collect()),
            (against @ Self::Against(_), _) | (_, against @ Self::Against(_)) => against,
            (Self::Unclear(a), Self::Unclear(b)) => Self::Unclear(a.into_iter().chain(b).collect()),
            (unclear @ Self::Unclear(_), _) | (_, unclear @ Self::Unclear(_)) => unclear,
            (Self::For(a), Self::For(b)) => Self::For(a.both(b)),
            (stated @ Self::For(_), Self::Silent) | (Self::Silent, stated) => stated,
        }
    }

    /// Of several leaves that all belong to what is asked: silence about one leaves the whole open.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Silent, Self::For(_)) | (Self::For(_), Self::Silent) => Self::Silent,
            (a, b) => a.combine(b),
        }
    }

    /// The answer where nothing else speaks of the asset: silence permits nothing.
    pub(crate) fn alone(self) -> Outcome {
        self.outcome().unwrap_or_else(|| Outcome::unknown(Missing::Licence))
    }

    /// The answer beside what an observed licence of the asset comes to, to which silence changes nothing.
    pub(crate) fn beside(self, licence: Outcome) -> Outcome {
        match self.outcome() {
            Some(outcome) => licence.meet(outcome),
            None => licence,
        }
    }

    fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Against(reasons) => Some(Outcome::Deny(reasons)),
            Self::Unclear(missing) => Some(Outcome::Unknown(missing)),
            Self::For(duties) => Some(Outcome::Permit(duties)),
            Self::Silent => None,
        }
    }
}

impl From<Outcome> for Stated {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Deny(reasons) => Self::Against(reasons),
            Outcome::Unknown(missing) => Self::Unclear(missing),
            Outcome::Permit(duties) => Self::For(duties),
        }
    }
}

/// What preferences about one asset say.
pub(crate) struct Together {
    /// All of them.
    pub(crate) all: Stated,
    /// What each adds to that, in their order: of reasons, of missing facts, of duties.
    pub(crate) each: Vec<Stated>,
}

/// What `preferences` about one asset say to `ask`, whoever saw them; each with what was fulfilled of it.
pub(crate) fn preferences(preferences: &[(&Preference, &[Fulfilment])], ask: &Ask<'_>) -> Together {
    let mut each = vec![Stated::Silent; preferences.len()];
    let leaves = ask.action.leaves().map(|action| Ask { action, ..*ask });
    let of_leaf = |leaf: Ask<'_>| {
        let mut all = Stated::Silent;
        for ((preference, fulfilled), known) in preferences.iter().zip(&mut each) {
            let stated = stated(preference, &Ask { fulfilled, ..leaf });
            *known = std::mem::replace(known, Stated::Silent).combine(stated.clone());
            all = all.combine(stated);
        }
        all
    };
    let all = leaves.map(of_leaf).reduce(Stated::and).unwrap_or(Stated::Silent);
    Together { all, each }
}

/// What one preference says of one leaf: a prohibition that applies stands against every permission.
fn stated(preference: &Preference, ask: &Ask<'_>) -> Stated {
    let is_about = |rule: &&Rule| rule.actions.contains(&ask.action);
    let mut permitted: Option<Outcome> = None;
    let mut prohibited = Outcome::free();
    for rule in preference.rules.iter().filter(is_about) {
        let meaning = Meaning::of(rule);
        let read = ReadRule::new(rule, &meaning);
        match rule.effect {
            Effect::Permit => {
                let also = permission(read, ask);
                permitted = Some(match permitted {
                    Some(known) => known.best(also),
                    None => also,
                });
            }
            Effect::Prohibit => prohibited = prohibited.meet(prohibition(read, ask)),
        }
    }
    // What somebody saw allowed was allowed then; what it was before nobody says. Against a use it counts anyway.
    let is_earlier = ask.acts.earliest < preference.observation.time;
    match permitted.filter(|one| !is_earlier || !matches!(one, Outcome::Permit(_))) {
        Some(permitted) => permitted.meet(prohibited).into(),
        None if prohibited == Outcome::free() => Stated::Silent,
        None => prohibited.into(),
    }
}
