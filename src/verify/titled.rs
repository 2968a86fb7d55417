//! What registrations say of whoever made a dataset himself and uses it under nobody's licence.

use super::TitleState;
use super::instants::Instants;
use super::lineage::VerifiedLineage;
use super::offers::{Offer, Offers, Own};
use super::registered_title::had_by_others;
use super::rights::Answer;
use super::standing::Standing;
use crate::id::ManifestId;
use crate::rights::{Acts, Ground, Missing, Use};

/// Its one maker, and whether registrations say that it is his.
pub(super) fn own_of<'a>(
    lineage: &'a VerifiedLineage,
    intended: &Use,
    (manifest, number): (ManifestId, usize),
    offers: &Offers<'_>,
) -> Option<Own<'a>> {
    let maker = lineage.maker_of(number)?;
    let at = Instants::of(intended, lineage.facts()).used;
    // Where nobody grants anything it is of no account.
    let is_claimant = !offers.terms.is_empty()
        && lineage.facts().titled.contains(&manifest)
        && lineage.titles(manifest, at).iter().any(|title| title.is_his(maker));
    Some(Own { maker, is_claimant })
}

/// What they say against him: that others are its registered claimants, or were when he acted, or that it is
/// disputed who is.
pub(super) fn as_titled(
    lineage: &VerifiedLineage,
    (intended, acts): (&Use, &[Acts]),
    (manifest, number): (ManifestId, usize),
    offers: &Offers<'_>,
    answer: &mut Answer,
) {
    if !lineage.facts().titled.contains(&manifest) {
        return;
    }
    let (facts, maker) = (lineage.facts(), lineage.maker_of(number));
    let instants = Instants::of(intended, facts);
    let is_sure = |offer: &&Offer<'_>| {
        let is_disputed =
            facts.disputes.get(&offer.id).is_some_and(|one| instants.are_disputed(one));
        !is_disputed && !facts.doubts.contains_key(&offer.id)
    };
    // Whoever may grant it by another right may use it.
    let own = offers.terms.iter().filter(|offer| maker.is_some_and(|one| offer.is_granted_by(one)));
    let by_anchor = own.filter(|offer| offer.standing == Standing::Anchor).filter(is_sure);
    let by_anchor = by_anchor.map(|offer| (facts.lacks_status(offer.id, intended.at), offer.id));
    let by_anchor = by_anchor.min();
    for at in [instants.used, instants.known] {
        for title in lineage.titles(manifest, at) {
            let id = title.registration.id();
            let is_against = title.stands_against(maker);
            if let Some((true, grant)) = by_anchor.filter(|_| is_against) {
                answer.without_status(facts, manifest, grant);
            }
            // To whom it went after the use takes nothing from that; a dispute may be about the time before.
            let is_then = at == instants.used;
            let missing = match title.state {
                // A title that is over settles nothing.
                _ if title.disputes().next().is_some() => Missing::Disputed,
                TitleState::Disputed if is_then => Missing::Disputed,
                _ if is_then && is_against && by_anchor.is_none() => Missing::Licence,
                TitleState::Disputed | TitleState::Registered => {
                    if !facts.is_fresh_at(intended.at) || facts.lacks_status(id, intended.at) {
                        answer.without_status(facts, manifest, id);
                    }
                    continue;
                }
                TitleState::Cancelled
                | TitleState::Expired
                | TitleState::Publicised
                | TitleState::Replaced
                | TitleState::Revoked => continue,
            };
            answer.miss(Ground::new(missing, manifest, Some(id)));
        }
    }
    if by_anchor.is_some() {
        return;
    }
    for acts in acts.iter().filter(|acts| **acts != Acts::proven_at(instants.used)) {
        for (at, id) in had_by_others(lineage.proof(), facts, manifest, maker, *acts) {
            // Whether he acted by then is his word alone.
            let is_then = at <= acts.latest;
            let missing = if is_then { Missing::Licence } else { Missing::ActTimeUnproven };
            answer.miss(Ground::new(missing, manifest, Some(id)));
        }
    }
}
