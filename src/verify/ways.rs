//! What the licences of one dataset say to one question, each by the right by which it counts.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::instants::Instants;
use super::offers::{Offer, Offers, Own};
use super::question::Question;
use super::standing::Standing;
use crate::id::StatementId;
use crate::rights::{
    Action, Acts, Ask, Basis, Duty, DutyKind, Ended, Fulfilment, Missing, Outbound, Outcome,
    Preference, Rank, Reason, Together, Use, bounds, burden, depends_on_status, grants,
    is_irrevocable, preferences, unbroken,
};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// What one licence says to one question.
#[derive(Clone)]
pub(super) struct Answered {
    pub(super) licence: StatementId,
    pub(super) outcome: Outcome,
    /// Whether a revocation that nobody here knows of could make it worse, and no fresh status rules that out.
    pub(super) needs_status: bool,
}

impl Answered {
    /// One whose outcome no event can change.
    const fn new(licence: StatementId, outcome: Outcome) -> Self {
        Self { licence, outcome, needs_status: false }
    }

    /// The same without what is owed, where a licence below asks at least as much.
    ///
    /// Nobody compared what a public licence asks.
    fn without_duties_of(self, above: &Offer<'_>) -> Self {
        match self.outcome {
            Outcome::Permit(_) if above.terms.spdx.is_none() => {
                Self { outcome: Outcome::free(), ..self }
            }
            Outcome::Deny(_) | Outcome::Permit(_) | Outcome::Unknown(_) => self,
        }
    }

    /// Of what is owed for sublicensing alone, the shares of what the sublicensor receives; the rest is his affair.
    fn with_shares_of(self, sublicensor: &str, covers: &Self, above: &Offer<'_>) -> Self {
        let (Outcome::Permit(duties), Outcome::Permit(of_use)) = (&self.outcome, &covers.outcome)
        else {
            return self;
        };
        if above.terms.spdx.is_some() {
            return self;
        }
        let is_his = |duty: &&Duty| {
            // Whoever shares with himself keeps what he has.
            duty.kind == DutyKind::RevenueShare
                && duty.payee.as_deref() != Some(sublicensor)
                && duty.of.as_deref().is_none_or(|of| of == sublicensor)
        };
        let shares = duties.difference(of_use).filter(is_his).cloned();
        let shares = shares.map(|duty| Duty { of: Some(sublicensor.to_owned()), ..duty });
        Self { outcome: Outcome::Permit(shares.collect()), ..self }
    }
}

/// What one way of being licensed comes to: one offer with all above it, or all that was observed.
pub(super) struct Way {
    pub(super) answers: Vec<Answered>,
}

impl Way {
    /// The worst of its answers.
    pub(super) fn rank(&self) -> Rank {
        self.answers.iter().map(|answered| answered.outcome.rank()).max().unwrap_or(Rank::Deny)
    }

    /// Whether it asks for share-alike terms, which none of its own terms leaves a choice about.
    pub(super) fn is_alike_without_choice(&self, offers: &Offers<'_>, action: Action) -> bool {
        self.is_alike() && !self.has_choice(offers, action)
    }

    /// Whether it asks for share-alike terms.
    fn is_alike(&self) -> bool {
        self.answers.iter().any(|answered| match &answered.outcome {
            Outcome::Permit(duties) => duties.iter().any(|one| one.kind == DutyKind::ShareAlike),
            Outcome::Deny(_) | Outcome::Unknown(_) => false,
        })
    }

    /// Whether some of its terms permit the action in several ways.
    fn has_choice(&self, offers: &Offers<'_>, action: Action) -> bool {
        let asked: BTreeSet<StatementId> = self.answers.iter().map(|one| one.licence).collect();
        let mut terms = offers.terms.iter().filter(|offer| asked.contains(&offer.id));
        terms.any(|offer| offer.read.has_choice(offer.terms, action))
    }

    /// First the ways that need no status, then those that leave it open what it is offered on under, if that is
    /// not said, then those with a lighter burden.
    pub(super) fn cost(&self, is_offer_open: bool) -> (bool, bool, usize, usize) {
        let burdens = self.answers.iter().map(|answered| match &answered.outcome {
            Outcome::Permit(duties) => burden(duties),
            Outcome::Deny(_) | Outcome::Unknown(_) => (0, 0),
        });
        let needs_status = self.answers.iter().any(|answered| answered.needs_status);
        let (shares, duties) = burdens.fold((0_usize, 0_usize), |(shares, duties), of| {
            (of.0.saturating_add(shares), of.1.saturating_add(duties))
        });
        (needs_status, is_offer_open && self.is_alike(), shares, duties)
    }
}

/// Of what is offered, any granted licence or deal with standing suffices; all observed licences must agree, with
/// each other and with what publishers state for machines. An agreement covers what such preferences are against.
///
/// Those that do not bind `but_of` are left aside; unless a licence `is_needed`, preferences that leave it open
/// permit it.
pub(super) fn ways(
    offers: &Offers<'_>,
    (but_of, is_needed): (Option<Own<'_>>, bool),
    intended: &Use,
    (action, question): (Action, Question<'_>),
    facts: &Facts,
) -> Vec<Way> {
    let outbound = intended.outbound.as_ref();
    let asked = Asked { intended, action, question, outbound, facts };
    let mut ways = Vec::new();
    let mut observed = Vec::new();
    let mut in_doubt = Vec::new();
    for offer in offers.of_others(but_of, facts) {
        match offer.standing {
            // A title to what is registered gives none to what was delivered in its place.
            Standing::None(_) if offer.is_mismatch => {
                let outcome = Outcome::deny(Reason::ContentMismatch);
                ways.push(Way { answers: vec![Answered::new(offer.id, outcome)] });
            }
            // Whoever sublicenses what collectors saw gives no more than all of them saw, who are asked themselves.
            Standing::Sublicence if offer.is_of_observed() => {}
            Standing::Anchor | Standing::Claimant(_) | Standing::Sublicence => {
                ways.push(asked.of_chain(offer));
            }
            Standing::Exceeds(_) => {
                let outcome = Outcome::deny(Reason::SublicenceTooBroad);
                ways.push(Way { answers: vec![Answered::new(offer.id, outcome)] });
            }
            Standing::None(_) => {}
            // Whoever lost the right to say so may have seen it all the same; what is free by it is not.
            Standing::Contested => {
                let answered = asked.of_offer(offer, asked.licensee());
                in_doubt.extend(contested(offer.id, answered.outcome));
            }
            Standing::Observed => observed.push(asked.of_offer(offer, asked.licensee())),
            // What a collector saw and nobody can read is not thereby allowed.
            Standing::Unreadable => {
                let answered = asked.of_offer(offer, asked.licensee());
                let outcome = answered.outcome.meet(Outcome::unknown(Missing::Licence));
                observed.push(Answered::new(offer.id, outcome));
            }
        }
    }
    let company = if observed.is_empty() && is_needed { Company::Nobody } else { Company::Right };
    observed.extend(asked.of_preferences(&offers.preferences, company));
    in_doubt.extend(offers.contested.iter().filter_map(|one| {
        let said = asked.of_preferences(&[*one], Company::Right);
        let all = said.into_iter().map(|answered| answered.outcome);
        contested(one.id(), all.fold(Outcome::free(), Outcome::meet))
    }));
    observed.append(&mut in_doubt);
    if !observed.is_empty() {
        ways.push(Way { answers: observed });
    }
    ways
}

/// What grants say against a use that may count after all, where nothing else is offered.
///
/// Those that do not bind `but_of` are left aside.
pub(super) fn doubted(
    offers: &Offers<'_>,
    but_of: Option<Own<'_>>,
    intended: &Use,
    (action, question): (Action, Question<'_>),
    facts: &Facts,
) -> Vec<Answered> {
    let outbound = intended.outbound.as_ref();
    let asked = Asked { intended, action, question, outbound, facts };
    let others = offers.of_others(but_of, facts);
    let in_doubt = others.filter_map(|offer| Some((offer, offer.doubted(facts)?)));
    let against =
        in_doubt.filter(|(offer, _)| hurts(&asked.of_offer(offer, asked.licensee()).outcome));
    against.map(|(offer, missing)| Answered::new(offer.id, Outcome::unknown(missing))).collect()
}

/// An observation in doubt permits nothing, and a use that it does not permit is Unknown.
fn contested(id: StatementId, outcome: Outcome) -> Option<Answered> {
    let doubted = Outcome::unknown(Missing::Trust);
    let outcome = match outcome {
        Outcome::Permit(_) => return None,
        Outcome::Deny(_) => doubted,
        unknown @ Outcome::Unknown(_) => unknown.meet(doubted),
    };
    Some(Answered::new(id, outcome))
}

const fn hurts(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Permit(_))
}

/// What stands beside what publishers state for machines.
#[derive(Clone, Copy)]
enum Company {
    /// Nothing: they alone say what is allowed.
    Nobody,
    /// A licence that a collector saw, or that nobody's is needed: what they leave open stays as it is.
    Right,
}

/// One question to one dataset.
struct Asked<'a> {
    intended: &'a Use,
    action: Action,
    question: Question<'a>,
    outbound: Option<&'a Outbound>,
    facts: &'a Facts,
}

impl<'a> Asked<'a> {
    fn licensee(&self) -> Option<&'a str> {
        self.question.party.name()
    }

    /// The question to terms that nothing bears on.
    fn ask(&self, licensee: Option<&'a str>) -> Ask<'a> {
        let Use { purpose, processing, storage, distribution, profile, .. } = *self.intended;
        Ask {
            // A model's own licence speaks of the model as of any asset.
            action: match (self.action, self.question.trained) {
                (Action::DistributeModel, None) => Action::Distribute,
                (action, _) => action,
            },
            acts: self.question.acts,
            purpose,
            processing,
            storage,
            distribution,
            field: self.intended.field.as_deref(),
            product: self.intended.product.as_deref(),
            volumes: &self.intended.volumes,
            hops: self.question.hops,
            licensee,
            profile,
            outbound: self.outbound,
            since: None,
            revoked: None,
            proven: None,
            fulfilled: &[],
            broken: &[],
            trained: self.question.trained,
        }
    }

    /// The question for each place where the act in question took place with each where data were kept: what
    /// was processed in which of them and kept where, nobody says, so licences have to cover all of it.
    fn in_each_place(&self, ask: Ask<'a>) -> impl Iterator<Item = Ask<'a>> + use<'a> {
        let [processed, stored] = self.question.places.where_done(ask.processing, ask.storage);
        processed.into_iter().flat_map(move |processing| {
            let kept = stored.clone().into_iter();
            kept.map(move |storage| Ask { processing, storage, ..ask })
        })
    }

    /// An offer, and all that it is a sublicence of: each has to cover the use by whoever grants below it, and
    /// that he grants. Whoever relies on it owes what the offer itself asks, which is at least as much; whoever
    /// sublicenses owes of what he receives what was asked for that. Whoever broke terms does not get around
    /// that by what somebody else was granted under them.
    fn of_chain(&self, offer: &Offer<'a>) -> Way {
        let mut answers = vec![self.of_offer(offer, self.licensee())];
        let mut below = offer;
        let mut farther = vec![self.licensee()];
        for above in &offer.above {
            let at = Acts {
                earliest: below.at,
                latest: below.at,
                proven: self.facts.proven_by(below.id).max(below.at),
            };
            let question = Question { acts: at, trained: None, ..self.question };
            // That somebody may grant says nothing of what is offered on.
            let grants = Self { action: Action::Sublicense, question, outbound: None, ..*self };
            let covers = self.of_offer(above, Some(below.issuer));
            let granting = grants.of_offer(above, Some(below.issuer));
            answers.push(granting.with_shares_of(below.issuer, &covers, above));
            answers.push(covers.without_duties_of(above));
            let broken = farther.iter().map(|party| self.unbroken(above, *party));
            let broken = broken.fold(Outcome::free(), Outcome::meet);
            answers.extend((broken != Outcome::free()).then(|| Answered::new(above.id, broken)));
            farther.push(Some(below.issuer));
            below = above;
        }
        Way { answers }
    }

    /// What breaches by one party leave of an offer.
    fn unbroken(&self, offer: &Offer<'a>, party: Option<&'a str>) -> Outcome {
        let broken = self.facts.breaches.get(&offer.id).map_or(&[][..], Vec::as_slice);
        unbroken(offer.terms, &Ask { broken, ..self.ask(party) })
    }

    /// What one offer says to whoever acts.
    fn of_offer(&self, offer: &Offer<'a>, licensee: Option<&'a str>) -> Answered {
        let (facts, terms) = (self.facts, offer.terms);
        let is_granted = terms.basis == Basis::Granted;
        let ends = if is_granted { &facts.ended } else { &facts.withdrawn };
        let revoked = ends.get(&offer.id).copied();
        let known = Instants::of(self.intended, facts).known;
        let bears = |end: &Timestamp| *end <= known && !is_irrevocable(terms);
        let ask = Ask {
            // A grant counts from its signature unless it says from when; a public licence was there before.
            since: terms.from.or(is_granted.then_some(offer.at)),
            revoked,
            proven: revoked
                .filter(|end| is_granted && bears(end))
                .map(|_| facts.proven_by(offer.id)),
            fulfilled: facts.fulfilments.get(&offer.id).map_or(&[], Vec::as_slice),
            broken: facts.breaches.get(&offer.id).map_or(&[], Vec::as_slice),
            ..self.ask(licensee)
        };
        let doubts = offer.statements().filter_map(|id| facts.doubts.get(&id)).flatten();
        let doubts: BTreeSet<Missing> = doubts.copied().collect();
        // A dispute about a title stands against whatever is granted in the dataset.
        let is_titled = is_granted && facts.titled.contains(&terms.manifest);
        let outcome = if !doubts.is_empty() {
            Outcome::Unknown(doubts)
        } else if offer.is_mismatch {
            Outcome::deny(Reason::ContentMismatch)
        } else {
            let each = self.in_each_place(ask).map(|ask| grants(terms, &offer.read, &ask));
            each.fold(bounds(terms, &ask), Outcome::meet)
                .meet(self.observation(offer))
                .meet(self.undisputed(offer))
        };
        let lacks = offer.statements().any(|id| facts.lacks_status(id, self.intended.at))
            || (is_titled && facts.incomplete_titles.contains(&terms.manifest));
        // That takes two evaluations more, and is the same to whoever has a fresh status.
        let depends = || is_titled || depends_on_status(terms, &offer.read, &ask);
        let needs_status = matches!(outcome, Outcome::Permit(_))
            && (lacks || (!facts.is_fresh_at(self.intended.at) && depends()));
        Answered { licence: offer.id, outcome, needs_status }
    }

    /// What publishers state for machines.
    fn of_preferences(&self, stated: &[&'a Signed<Preference>], company: Company) -> Vec<Answered> {
        let Some(first) = stated.first() else { return Vec::new() };
        let facts = self.facts;
        let fulfilled = |id| facts.fulfilments.get(&id).map_or(&[][..], Vec::as_slice);
        let each: Vec<(&Preference, &[Fulfilment])> =
            stated.iter().map(|one| (one.payload(), fulfilled(one.id()))).collect();
        let ask = self.ask(self.licensee());
        let mut outcome = Outcome::free();
        let mut said = vec![Outcome::free(); stated.len()];
        for ask in self.in_each_place(ask) {
            let Together { all, each } = preferences(&each, &ask);
            outcome = outcome.meet(match company {
                Company::Nobody => all.alone(),
                Company::Right => all.beside(Outcome::free()),
            });
            for (known, one) in said.iter_mut().zip(each) {
                *known = one.beside(std::mem::replace(known, Outcome::free()));
            }
        }
        // Each is named for what it says of that; where all are silent, the first.
        let says = |one: &Outcome| one.rank() == outcome.rank() && *one != Outcome::free();
        let mut answers: Vec<Answered> = stated
            .iter()
            .zip(&said)
            .filter(|(_, one)| says(one))
            .map(|(one, said)| Answered::new(one.id(), said.clone()))
            .collect();
        if answers.is_empty() {
            answers.push(Answered::new(first.id(), outcome));
        }
        let instants = Instants::of(self.intended, facts);
        for one in stated {
            let id = one.id();
            let doubts = facts.doubts.get(&id).cloned().map_or(Outcome::free(), Outcome::Unknown);
            let outcome =
                doubts.meet(self.withdrawn(id)).meet(instants.undisputed(facts.disputes.get(&id)));
            let needs_status = facts.lacks_status(id, self.intended.at);
            if needs_status || outcome != Outcome::free() {
                answers.push(Answered { licence: id, outcome, needs_status });
            }
        }
        answers
    }

    /// What a collector's own withdrawal of an observation leaves of it: acts before stay covered.
    fn observation(&self, offer: &Offer<'_>) -> Outcome {
        if offer.terms.basis == Basis::Observed {
            self.withdrawn(offer.id)
        } else {
            Outcome::free()
        }
    }

    fn withdrawn(&self, id: StatementId) -> Outcome {
        let end = self.facts.ended.get(&id);
        match end.map(|end| self.question.acts.ended_by(*end)) {
            None | Some(Ended::Before) => Outcome::free(),
            Some(Ended::After) => Outcome::unknown(Missing::Withdrawn),
            Some(Ended::Unproven) => Outcome::unknown(Missing::ActTimeUnproven),
        }
    }

    /// What a dispute about the terms, or about a title to the dataset, leaves of them while it is open.
    ///
    /// Whoever grants says that he may, which a dispute about any title puts in question; of what somebody saw
    /// nobody has to say so.
    fn undisputed(&self, offer: &Offer<'_>) -> Outcome {
        let facts = self.facts;
        let of_title = facts.title_disputes.get(&offer.terms.manifest);
        let of_title = of_title.filter(|_| offer.terms.basis == Basis::Granted);
        let of_offer = offer.statements().filter_map(|id| facts.disputes.get(&id));
        Instants::of(self.intended, facts).undisputed(of_title.into_iter().chain(of_offer))
    }
}
