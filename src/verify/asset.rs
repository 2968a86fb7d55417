//! What the licences of one dataset say to what is asked of it.

use std::cell::OnceCell;

use super::facts::Facts;
use super::lineage::VerifiedLineage;
use super::offers::{Offers, Own};
use super::question::{Party, Question};
use super::questions::Questions;
use super::rights::{Alike, Answer};
use super::titled::{as_titled, own_of};
use super::ways::{Answered, Way, doubted, ways};
use crate::id::ManifestId;
use crate::rights::{Action, DutyDue, DutyKind, Outcome, Rank, Use};

/// Adds what stands against the use in one dataset, or is missing there, and what is owed for it.
pub(super) fn judge(
    lineage: &VerifiedLineage,
    intended: &Use,
    place: (ManifestId, usize),
    asked: &Questions<'_>,
    answer: &mut Answer,
) {
    let asset = Asset::new(lineage, intended, place);
    let mut own_acts = Vec::new();
    if asset.is_any_offered || asset.offers.has_contested(lineage.facts()) {
        for (action, question) in asked.iter() {
            if asset.ask((action, question), answer) {
                own_acts.push(question.acts);
            }
        }
    }
    if !asset.is_any_offered && asset.is_needed {
        answer.without_licence(place.0, &asset.offers);
    } else if !asset.is_any_offered {
        own_acts = asked.iter().map(|(_, question)| question.acts).collect();
    }
    if !own_acts.is_empty() {
        as_titled(lineage, (intended, &own_acts), place, &asset.offers, answer);
    }
}

/// A dataset, and what is offered for it.
struct Asset<'a> {
    lineage: &'a VerifiedLineage,
    intended: &'a Use,
    /// Its id, and its number in the proof.
    place: (ManifestId, usize),
    offers: Offers<'a>,
    /// Whether anything is offered that counts.
    is_any_offered: bool,
    /// Whether whoever uses it needs a licence of its own.
    is_needed: bool,
    /// Its one maker, once somebody asked for him.
    own: OnceCell<Option<Own<'a>>>,
}

impl<'a> Asset<'a> {
    fn new(lineage: &'a VerifiedLineage, intended: &'a Use, place: (ManifestId, usize)) -> Self {
        let (manifest, number) = place;
        let offers = lineage.offers(manifest, number);
        let is_any_offered = offers.bind(None, lineage.facts()) || !offers.preferences.is_empty();
        let is_taken_over = || {
            let user = intended.party.as_deref().filter(|_| manifest == lineage.subject());
            user.is_some_and(|user| lineage.takes_over(user))
        };
        let is_needed = lineage.needs_licence(number) || is_taken_over();
        let own = OnceCell::new();
        Self { lineage, intended, place, offers, is_any_offered, is_needed, own }
    }

    /// Its maker, if it is he who acts.
    fn acting_maker(&self, question: &Question<'_>) -> Option<Own<'a>> {
        let own_of = || own_of(self.lineage, self.intended, self.place, &self.offers);
        match question.party {
            Party::One(party) if self.lineage.made(self.place.0, party) => {
                *self.own.get_or_init(own_of)
            }
            Party::Maker(_) | Party::One(_) | Party::Several | Party::Unsaid => None,
        }
    }

    /// Asks one question; whether whoever acts does so under nobody's licence, which his title has to bear.
    fn ask(&self, asked: (Action, Question<'_>), answer: &mut Answer) -> bool {
        let (facts, offers) = (self.lineage.facts(), &self.offers);
        let maker = self.acting_maker(&asked.1);
        // What a maker grants to others does not bind him, and he owes none of what he asks of them.
        let is_free = !offers.bind(maker, facts) && (maker.is_some() || !self.is_needed);
        let is_unbound = is_free && offers.preferences.is_empty();
        if is_unbound && !offers.has_contested(facts) {
            return true;
        }
        let mut ways = ways(offers, (None, true), self.intended, asked, facts);
        let is_licensed = ways.iter().any(|way| way.rank() == Rank::Permit);
        if (maker.is_some() || is_free) && !is_licensed {
            // Where nobody's licence is needed, preferences that leave it open are not against it.
            ways = super::ways::ways(offers, (maker, !is_free), self.intended, asked, facts);
        }
        let is_unlicensed = is_free && !is_licensed;
        let best = self.answer_by(ways, is_free, asked.0, answer);
        if best.is_none() || (is_unlicensed && best == Some(Rank::Permit)) {
            let doubted = doubted(offers, maker, self.intended, asked, facts);
            for Answered { licence, outcome, .. } in doubted {
                answer.add(outcome, self.place.0, Some(licence));
            }
        }
        is_unbound || is_unlicensed
    }

    /// What comes of a question by the best of the ways there are, or without any: how good that is.
    fn answer_by(
        &self,
        ways: Vec<Way>,
        is_free: bool,
        action: Action,
        answer: &mut Answer,
    ) -> Option<Rank> {
        let manifest = self.place.0;
        let best = ways.iter().map(Way::rank).min();
        match best {
            None => {
                if self.is_any_offered && !is_free {
                    answer.without_licence(manifest, &self.offers);
                }
            }
            Some(Rank::Permit) => self.rely_on_cheapest(ways, action, answer),
            Some(best) => {
                for Answered { licence, outcome, .. } in
                    ways.into_iter().flat_map(|way| way.answers)
                {
                    if outcome.rank() == best {
                        answer.add(outcome, manifest, Some(licence));
                    }
                }
            }
        }
        best
    }

    fn rely_on_cheapest(&self, mut ways: Vec<Way>, action: Action, answer: &mut Answer) {
        ways.retain(|way| way.rank() == Rank::Permit);
        let without_choice = match ways.as_slice() {
            [only] => only.is_alike_without_choice(&self.offers, action),
            _ => false,
        };
        let passes_on = action.leaves().any(Action::is_distribution);
        let is_offer_open = passes_on && self.intended.outbound.is_none();
        if let Some(way) = ways.into_iter().min_by_key(|way| way.cost(is_offer_open)) {
            rely((self.place.0, without_choice), way, action, self.lineage.facts(), answer);
        }
    }
}

/// Takes a permitting way: its duties are owed, and what could have been revoked needs a fresh status.
///
/// `without_choice` where it is the only one for that dataset, and leaves none of its own.
fn rely(
    (manifest, without_choice): (ManifestId, bool),
    way: Way,
    action: Action,
    facts: &Facts,
    answer: &mut Answer,
) {
    let passes_on = action.leaves().any(Action::is_distribution);
    for Answered { licence, outcome, needs_status } in way.answers {
        if let Outcome::Permit(duties) = outcome {
            let alike = duties.iter().filter(|duty| passes_on && duty.kind == DutyKind::ShareAlike);
            for duty in alike {
                answer
                    .share_alike(&duty.licences, Alike { by: (manifest, licence), without_choice });
            }
            answer
                .duties
                .extend(duties.iter().map(|duty| DutyDue::new(duty.clone(), manifest, licence)));
        }
        if needs_status {
            answer.without_status(facts, manifest, licence);
        }
    }
}
