//! What a lineage says of who shares in whose receipts.

use super::{VerifiedLineage, registered_title};
use crate::id::StatementId;
use crate::proof::Statement;
use crate::rights::{Sharing, Use};

/// A sharing in which everybody is bound by the licences that he granted himself, and by those that he granted
/// under, and registrations pay to their claimants.
///
/// A name that was lent by whoever delegates is not its bearer's word.
pub(super) fn of(
    lineage: &VerifiedLineage,
    intended: &Use,
    amount: u64,
    currency: &str,
) -> Sharing {
    let facts = lineage.facts();
    // A name that somebody lent, a key that was lost: whose word that is nobody knows.
    let is_his = |id: &StatementId| {
        !facts.lent_names.contains(id)
            && !facts.doubts.contains_key(id)
            && facts.standing.get(id).is_some_and(|standing| standing.counts())
    };
    let licences = lineage.proof().statements().iter().filter_map(Statement::as_licence);
    let own = licences.filter(|licence| is_his(&licence.id()));
    let at = intended.at.unwrap_or(lineage.now());
    let payees = registered_title::payees(lineage.proof(), facts, at);
    let sharing = payees
        .into_iter()
        .fold(Sharing::new(amount, currency), |sharing, (of, who)| sharing.claimants(of, who));
    let sold = facts.deals.values().flatten().filter(|deal| deal.standing.counts());
    let sharing = sold.fold(sharing, |sharing, deal| sharing.bound(&deal.seller, deal.id));
    own.fold(sharing, |sharing, licence| {
        let (issuer, above) = (&licence.header().issuer, licence.payload().parent);
        [Some(licence.id()), above]
            .into_iter()
            .flatten()
            .fold(sharing, |sharing, id| sharing.bound(issuer, id))
    })
}
