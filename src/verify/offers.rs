//! What is offered for one dataset: licences, sublicences, deals, and what publishers state for machines.

use super::lineage::VerifiedLineage;
use super::standing::Standing;
use crate::id::{ManifestId, StatementId};
use crate::rights::{Licence, Preference};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// All that is offered for one dataset, whether it counts or not.
pub(super) struct Offers<'a> {
    pub(super) terms: Vec<Offer<'a>>,
    /// As collectors saw them who are believed.
    pub(super) preferences: Vec<&'a Signed<Preference>>,
}

/// Terms that somebody offers, or that a collector saw.
pub(super) struct Offer<'a> {
    /// The statement that it is named by.
    pub(super) id: StatementId,
    /// The other statements that it consists of.
    others: &'a [StatementId],
    pub(super) issuer: &'a str,
    /// When it was made, as claimed.
    pub(super) at: Timestamp,
    pub(super) terms: &'a Licence,
    pub(super) standing: Standing,
    /// Whether it is about other content than what is registered under the registration that it names.
    pub(super) is_mismatch: bool,
    /// The licences that it is a sublicence of, the nearest first.
    pub(super) above: Vec<Self>,
}

impl Offer<'_> {
    /// The statements that it consists of.
    pub(super) fn statements(&self) -> impl Iterator<Item = StatementId> {
        std::iter::once(self.id).chain(self.others.iter().copied())
    }
}

impl Offers<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty() && self.preferences.is_empty()
    }
}

impl VerifiedLineage {
    pub(super) fn offers(&self, manifest: ManifestId) -> Offers<'_> {
        let facts = self.facts();
        let licences = self.licences(manifest).map(|licence| self.offer(licence));
        let deals = facts.deals.get(&manifest).into_iter().flatten().map(|deal| Offer {
            id: deal.id,
            others: &deal.others,
            issuer: &deal.seller,
            at: deal.at,
            terms: &deal.terms,
            standing: deal.standing,
            is_mismatch: deal.is_mismatch,
            above: Vec::new(),
        });
        let is_believed =
            |one: &&Signed<Preference>| facts.standing.get(&one.id()) == Some(&Standing::Observed);
        Offers {
            terms: licences.chain(deals).collect(),
            preferences: self.preferences(manifest).filter(is_believed).collect(),
        }
    }

    fn offer<'a>(&'a self, licence: &'a Signed<Licence>) -> Offer<'a> {
        let of = |one: &'a Signed<Licence>| Offer {
            id: one.id(),
            others: &[],
            issuer: &one.header().issuer,
            at: one.header().issued_at,
            terms: one.payload(),
            standing: self.facts().standing.get(&one.id()).copied().unwrap_or_default(),
            is_mismatch: false,
            above: Vec::new(),
        };
        // Whatever has standing has as few above it as are allowed.
        let mut above = Vec::new();
        let mut parent = licence.payload().parent.filter(|_| of(licence).standing.is_sublicence());
        while let Some(next) = parent.and_then(|id| self.statement(id)?.as_licence()) {
            parent = next.payload().parent;
            above.push(of(next));
        }
        Offer { above, ..of(licence) }
    }
}
