//! What the licences of one dataset say to one question, each by the right by which it counts.

use super::facts::Facts;
use super::standing::Standing;
use crate::id::StatementId;
use crate::rights::{
    Action, Acts, Ask, Basis, Ended, Licence, Missing, Outcome, Use, depends_on_status, evaluate,
    is_irrevocable,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party<'a> {
    /// Whoever made the subject, because the question does not say who acts.
    Maker(&'a str),
    One(&'a str),
    Several,
    Unsaid,
}

impl Party<'_> {
    pub(super) fn and(self, other: Self) -> Self {
        if self == other { self } else { Self::Several }
    }
}

/// What is asked of a vertex under one action, of the data or of models trained on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question<'a> {
    pub(super) acts: Acts,
    pub(super) trained: Option<Acts>,
    pub(super) party: Party<'a>,
}

impl Question<'_> {
    /// Both; either both are about a model or neither is.
    pub(super) fn and(self, other: Self) -> Self {
        let trained = self.trained.zip(other.trained).map(|(a, b)| a.and(b));
        Self { acts: self.acts.and(other.acts), trained, party: self.party.and(other.party) }
    }
}

/// What one licence says to one question.
pub(super) struct Answered {
    pub(super) licence: StatementId,
    pub(super) outcome: Outcome,
    /// Whether a revocation that nobody here knows of could make it worse, and no fresh status rules that out.
    pub(super) needs_status: bool,
}

/// What one way of being licensed comes to: one granted licence, or all observed ones.
pub(super) struct Way {
    pub(super) answers: Vec<Answered>,
}

impl Way {
    /// 0 permit, 1 unknown, 2 deny: the worst of its answers.
    pub(super) fn rank(&self) -> u8 {
        let rank = |answered: &Answered| match answered.outcome {
            Outcome::Permit(_) => 0,
            Outcome::Unknown(_) => 1,
            Outcome::Deny(_) => 2,
        };
        self.answers.iter().map(rank).max().unwrap_or(2)
    }

    /// First the ways that need no status, then those with fewer duties.
    pub(super) fn cost(&self) -> (bool, usize) {
        let duties = self.answers.iter().map(|answered| match &answered.outcome {
            Outcome::Permit(duties) => duties.len(),
            Outcome::Deny(_) | Outcome::Unknown(_) => 0,
        });
        let needs_status = self.answers.iter().any(|answered| answered.needs_status);
        (needs_status, duties.fold(0, usize::saturating_add))
    }
}

/// When the use takes place, and when its verification does if that is later.
pub(super) fn instants(intended: &Use, facts: &Facts) -> [Timestamp; 2] {
    let at = intended.at.unwrap_or(facts.now());
    [at, at.max(facts.now())]
}

/// Any granted licence with standing suffices; all observed ones must agree.
pub(super) fn ways(
    licences: &[&Signed<Licence>],
    intended: &Use,
    action: Action,
    question: &Question<'_>,
    facts: &Facts,
) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut observed = Vec::new();
    let instants = instants(intended, facts);
    for licence in licences {
        let (id, payload) = (licence.id(), licence.payload());
        let granted = payload.basis == Basis::Granted;
        let revoked = if granted { facts.ended.get(&id) } else { facts.withdrawn.get(&id) };
        let bears = |end: &&Timestamp| **end <= instants[1] && !is_irrevocable(payload);
        let ask = Ask {
            // A model's own licence speaks of the model as of any asset.
            action: match (action, question.trained) {
                (Action::DistributeModel, None) => Action::Distribute,
                _ => action,
            },
            acts: question.acts,
            purpose: intended.purpose,
            processing: intended.processing,
            storage: intended.storage,
            distribution: intended.distribution,
            field: intended.field.as_deref(),
            product: intended.product.as_deref(),
            volumes: &intended.volumes,
            licensee: match question.party {
                Party::Maker(party) | Party::One(party) => Some(party),
                Party::Several | Party::Unsaid => None,
            },
            profile: intended.profile,
            // A grant counts from its signature unless it says from when; a public licence was there before.
            since: payload.from.or(granted.then_some(licence.header().issued_at)),
            revoked: revoked.copied(),
            proven: revoked.filter(|_| granted).filter(bears).map(|_| facts.proven_by(id)),
            fulfilled: facts.fulfilments.get(&id).map_or(&[], Vec::as_slice),
            broken: facts.breaches.get(&id).map_or(&[], Vec::as_slice),
            trained: question.trained,
        };
        let by_registration = match facts.standing.get(&id) {
            Some(Standing::Anchor | Standing::Observed) => false,
            Some(Standing::Claimant(_)) => true,
            Some(Standing::None(_)) | None => continue,
        };
        let outcome = match facts.doubts.get(&id) {
            Some(doubts) => Outcome::Unknown(doubts.clone()),
            None => evaluate(payload, &ask)
                .meet(observation(licence, question.acts, facts))
                .meet(undisputed(licence, by_registration, instants, facts)),
        };
        let lacks = facts.lacks_status(id, intended.at)
            || (by_registration && facts.incomplete_titles.contains(&payload.manifest));
        let depends = by_registration || depends_on_status(payload, &ask);
        let needs_status = matches!(outcome, Outcome::Permit(_))
            && (lacks || (depends && !facts.is_fresh_at(intended.at)));
        let answered = Answered { licence: id, outcome, needs_status };
        if granted {
            ways.push(Way { answers: vec![answered] });
        } else {
            observed.push(answered);
        }
    }
    if !observed.is_empty() {
        ways.push(Way { answers: observed });
    }
    ways
}

/// What a collector's own withdrawal of an observation leaves of it: acts before stay covered.
fn observation(licence: &Signed<Licence>, acts: Acts, facts: &Facts) -> Outcome {
    let end = facts.ended.get(&licence.id());
    match end.filter(|_| licence.payload().basis == Basis::Observed).map(|end| acts.ended_by(*end))
    {
        None | Some(Ended::Before) => Outcome::free(),
        Some(Ended::After) => Outcome::unknown(Missing::Withdrawn),
        Some(Ended::Unproven) => Outcome::unknown(Missing::ActTimeUnproven),
    }
}

/// What a dispute about the licence, or about a title that it rests on, leaves of it while it is open.
fn undisputed(
    licence: &Signed<Licence>,
    by_registration: bool,
    instants: [Timestamp; 2],
    facts: &Facts,
) -> Outcome {
    let manifest = licence.payload().manifest;
    let of_title = facts.title_disputes.get(&manifest).filter(|_| by_registration);
    let of_licence = facts.disputes.get(&licence.id());
    let mut disputes = of_title.into_iter().chain(of_licence);
    if disputes.any(|one| instants.iter().any(|at| one.open_at(*at))) {
        Outcome::unknown(Missing::Disputed)
    } else {
        Outcome::free()
    }
}
