//! What is offered for one dataset: licences, sublicences, deals, and what publishers state for machines.

use std::borrow::Cow;

use super::facts::Facts;
use super::lineage::VerifiedLineage;
use super::standing::Standing;
use crate::id::{ManifestId, StatementId};
use crate::proof::Statement;
use crate::rights::{Basis, Licence, Missing, Preference, ReadTerms};
use crate::statement::Signed;
use crate::timestamp::Timestamp;

/// All that is offered for one dataset, whether it counts or not.
pub(super) struct Offers<'a> {
    pub(super) terms: Vec<Offer<'a>>,
    /// As collectors saw them who are believed.
    pub(super) preferences: Vec<&'a Signed<Preference>>,
    /// As others saw them, who count for what hurts alone.
    pub(super) contested: Vec<&'a Signed<Preference>>,
}

/// Whoever made a dataset himself, whom what he grants in it to others does not bind.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub(super) maker: &'a str,
    /// Whether he is its registered claimant, alone or with others, beyond doubt and dispute.
    pub(super) is_claimant: bool,
}

impl<'a> Offers<'a> {
    /// The terms but for those that do not bind whoever made the dataset.
    pub(super) fn of_others(
        &self,
        but_of: Option<Own<'_>>,
        facts: &Facts,
    ) -> impl Iterator<Item = &Offer<'a>> {
        self.terms.iter().filter(move |offer| but_of.is_none_or(|own| !offer.is_of(own, facts)))
    }

    /// Whether there are terms that count, but for those that do not bind whoever made the dataset.
    pub(super) fn bind(&self, but_of: Option<Own<'_>>, facts: &Facts) -> bool {
        self.of_others(but_of, facts).any(Offer::counts)
    }

    /// Whether there is anything that counts for what hurts alone.
    pub(super) fn has_contested(&self, facts: &Facts) -> bool {
        let is_one = |offer: &Offer<'_>| {
            offer.standing == Standing::Contested || offer.doubted(facts).is_some()
        };
        !self.contested.is_empty() || self.terms.iter().any(is_one)
    }
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
    /// What the terms mean.
    pub(super) read: Cow<'a, ReadTerms>,
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

    /// Whether it is a grant of this one, and nothing that he saw.
    pub(super) fn is_granted_by(&self, name: &str) -> bool {
        self.terms.basis == Basis::Granted && self.issuer == name
    }

    /// Whether it is to be asked, whatever it says.
    fn counts(&self) -> bool {
        self.is_mismatch || !matches!(self.standing, Standing::Contested | Standing::None(_))
    }

    /// Whether it does not bind this one: it is his grant or one below it, or, where he is a claimant, one by the
    /// title, which he has now, whoever else has it or had it when that was granted.
    fn is_of(&self, Own { maker, is_claimant }: Own<'_>, facts: &Facts) -> bool {
        let first = self.above.last().unwrap_or(self);
        let by = facts.doubtful_grants.get(&first.id).copied().unwrap_or(first.standing);
        let by_title = match by {
            Standing::Claimant(_) | Standing::None(_) => first.terms.basis == Basis::Granted,
            Standing::Anchor
            | Standing::Contested
            | Standing::Exceeds(_)
            | Standing::Observed
            | Standing::Sublicence
            | Standing::Unreadable => false,
        };
        first.is_granted_by(maker) || (is_claimant && by_title)
    }

    /// What is in doubt of a grant that may count after all, and does not.
    pub(super) fn doubted(&self, facts: &Facts) -> Option<Missing> {
        match self.standing {
            Standing::None(missing) => {
                facts.doubtful_grants.contains_key(&self.id).then_some(missing)
            }
            Standing::Anchor
            | Standing::Claimant(_)
            | Standing::Contested
            | Standing::Exceeds(_)
            | Standing::Observed
            | Standing::Sublicence
            | Standing::Unreadable => None,
        }
    }

    /// Whether it is a sublicence of what a collector saw, and of no agreement.
    pub(super) fn is_of_observed(&self) -> bool {
        self.above.iter().any(|above| above.standing == Standing::Observed)
    }
}

impl VerifiedLineage {
    /// What is offered for this dataset, which has this number in the proof.
    pub(super) fn offers(&self, manifest: ManifestId, number: usize) -> Offers<'_> {
        let facts = self.facts();
        let statements = self.described(number);
        let licences = statements.clone().filter_map(Statement::as_licence);
        let deals = facts.deals.get(&manifest).into_iter().flatten().map(|deal| Offer {
            id: deal.id,
            others: &deal.others,
            issuer: &deal.seller,
            at: deal.at,
            terms: &deal.terms,
            read: Cow::Borrowed(&deal.read),
            standing: deal.standing,
            is_mismatch: deal.is_mismatch,
            above: Vec::new(),
        });
        let preferences = |standing: Standing| {
            let stated = statements.clone().filter_map(Statement::as_preference);
            stated.filter(|one| facts.standing.get(&one.id()) == Some(&standing)).collect()
        };
        Offers {
            terms: licences.map(|licence| self.offer(licence)).chain(deals).collect(),
            preferences: preferences(Standing::Observed),
            contested: preferences(Standing::Contested),
        }
    }

    fn offer<'a>(&'a self, licence: &'a Signed<Licence>) -> Offer<'a> {
        let facts = self.facts();
        let of = |one: &'a Signed<Licence>| {
            let read = facts.read.get(&one.id()).map(Cow::Borrowed);
            Offer {
                id: one.id(),
                others: &[],
                issuer: &one.header().issuer,
                at: one.header().issued_at,
                terms: one.payload(),
                read: read.unwrap_or_else(|| Cow::Owned(ReadTerms::of(one.payload()))),
                standing: facts.standing.get(&one.id()).copied().unwrap_or_default(),
                is_mismatch: false,
                above: Vec::new(),
            }
        };
        let mut offer = of(licence);
        // Whatever has standing, or would if it granted less, has as few above it as are allowed.
        let mut parent = offer.terms.parent.filter(|_| offer.standing.is_sublicence());
        while let Some(next) = parent.and_then(|id| self.statement(id)?.as_licence()) {
            parent = next.payload().parent;
            offer.above.push(of(next));
        }
        offer
    }
}
