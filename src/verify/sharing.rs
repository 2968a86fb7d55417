//! What a lineage says of who shares in whose receipts.

use super::VerifiedLineage;
use crate::proof::Statement;
use crate::rights::Sharing;

/// A sharing in which everybody is bound by the licences that he granted himself.
///
/// A name that was lent by whoever delegates is not its bearer's word.
pub(super) fn of(lineage: &VerifiedLineage, amount: u64, currency: &str) -> Sharing {
    let lent = &lineage.facts().lent_names;
    let licences = lineage.proof().statements().iter().filter_map(Statement::as_licence);
    let own = licences.filter(|licence| !lent.contains(&licence.id())).filter(|licence| {
        let issuer = licence.header().issuer.as_str();
        let mut duties = licence.payload().rules.iter().flat_map(|rule| &rule.duties);
        duties.any(|duty| duty.of.as_deref() == Some(issuer))
    });
    own.fold(Sharing::new(amount, currency), |sharing, licence| {
        sharing.bound(&licence.header().issuer, licence.id())
    })
}
