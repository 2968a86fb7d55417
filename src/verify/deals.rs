//! Deals: which are made, by all whom they name, and what stands against them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::roles::Speakers;
use super::standing::{self, Grant, Standing};
use super::title::Titles;
use super::{Finding, FindingCode, Node};
use crate::id::StatementId;
use crate::proof::{LineageProof, Statement};
use crate::rights::{Licence, Missing, ReadTerms, Transaction};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Authority, Role};

/// A deal, whether it is made or not.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    /// The statement of its seller; where he did not sign, any of it.
    pub(super) id: StatementId,
    /// The others by which it is made; of one that is not made, all others.
    pub(super) others: Vec<StatementId>,
    pub(super) seller: String,
    /// What it grants to the buyer.
    pub(super) terms: Licence,
    /// What these terms mean.
    pub(super) read: ReadTerms,
    /// When the last of its parties signed, as claimed.
    pub(super) at: Timestamp,
    /// By which right its seller may grant it, or why it does not count.
    pub(super) standing: Standing,
    /// Whether it is made, about something else than what is registered under the registration it names.
    pub(super) is_mismatch: bool,
}

type Signature<'a> = &'a Signed<Transaction>;

/// Judges every deal in the proof.
///
/// Each of its parties has to sign the same terms under a name that is his: seller and buyer as the
/// trust store knows them, the exchange as one for what is sold. The seller needs standing when the
/// last of them had signed. One number of an exchange for two deals leaves neither, also where it is
/// doubtful by now whether the exchange gave it to one of them.
pub(super) fn judge(
    Speakers { trusted, heard }: Speakers<'_, '_>,
    proof: &LineageProof,
    titles: &Titles<'_>,
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) {
    let mut by_terms: BTreeMap<&Transaction, Vec<Signature<'_>>> = BTreeMap::new();
    for signed in proof.statements().iter().filter_map(Statement::as_transaction) {
        by_terms.entry(signed.payload()).or_default().push(signed);
    }
    let mut numbers: BTreeMap<(&str, &str), BTreeSet<&Transaction>> = BTreeMap::new();
    for (terms, signed) in &by_terms {
        // Whoever else signs a number cannot spoil the deal that has it.
        if signed.iter().any(|one| gives_number(heard, one)) {
            numbers.entry((&terms.exchange, &terms.number)).or_default().insert(terms);
        }
    }
    for (terms, signed) in &by_terms {
        let number = (terms.exchange.as_str(), terms.number.as_str());
        let is_unique = numbers.get(&number).is_none_or(|deals| deals.len() == 1);
        if let Some(deal) = Signatures::of(trusted, terms, signed, facts) {
            deal.judge(trusted, (proof, titles), is_unique, facts, findings);
        }
    }
}

/// One set of terms with all that was signed of it.
struct Signatures<'a, 'b> {
    terms: &'a Transaction,
    /// By whomever; not empty.
    signed: &'b [Signature<'a>],
    /// Of seller, buyer and exchange, what counts and by what authority.
    of_parties: [Option<(Signature<'a>, &'b Authority<'b>)>; 3],
    /// The first that counts, or the first there is.
    first: Signature<'a>,
}

impl<'a, 'b> Signatures<'a, 'b> {
    fn of(
        authorities: &'b Authorities<'b>,
        terms: &'a Transaction,
        signed: &'b [Signature<'a>],
        facts: &Facts,
    ) -> Option<Self> {
        let of_parties = terms.parties().map(|party| signature(authorities, party, signed, facts));
        let first = of_parties.into_iter().flatten().next().map(|(one, _)| one);
        let first = first.or(signed.first().copied())?;
        Some(Self { terms, signed, of_parties, first })
    }

    /// Those by which the deal is made, of each party one.
    fn made(&self) -> Option<[(Signature<'a>, &'b Authority<'b>); 3]> {
        match self.of_parties {
            [Some(seller), Some(buyer), Some(exchange)] => Some([seller, buyer, exchange]),
            _ => None,
        }
    }

    /// By what right its seller signed it, as all of its parties did, if what is contested or in doubt is so.
    fn may_be_made(
        &self,
        authorities: &Authorities<'_>,
        titles: &Titles<'_>,
        facts: &Facts,
    ) -> Option<Standing> {
        let (terms, known) = (self.terms, authorities.adverse());
        let may_sign = |party: &str| {
            let mut his = self.signed.iter().filter(|one| one.header().issuer == party);
            his.find(|one| is_by(known, party, one, one.header().issued_at).is_some())
        };
        let [Some(seller), Some(buyer), Some(exchange)] = terms.parties().map(may_sign) else {
            return None;
        };
        let grant = Grant::new(seller.header(), terms.manifest, Timestamp::MIN);
        let grant = [seller, buyer, exchange]
            .iter()
            .fold(grant, |grant, one| grant.completed(one.header().issued_at, Timestamp::MIN));
        standing::might_grant(authorities, grant, titles, facts)
    }

    /// The statement by which the deal is named.
    fn id(&self) -> StatementId {
        self.first.id()
    }

    fn judge(
        &self,
        authorities: &'b Authorities<'b>,
        (proof, titles): (&LineageProof, &Titles<'_>),
        is_unique: bool,
        facts: &mut Facts,
        findings: &mut Vec<Finding>,
    ) {
        let (terms, id) = (self.terms, self.id());
        let mut found = |code, detail: String| {
            findings.push(Finding::new(code, Node::Statement(id), detail));
        };
        let mut at = self.first.header().issued_at;
        let standing = match self.made() {
            None => {
                let parties = terms.parties();
                let lacks = parties.iter().zip(&self.of_parties);
                let lacks = lacks.filter(|(_, signed)| signed.is_none()).map(|(party, _)| *party);
                let lacks: Vec<&str> = lacks.collect();
                let detail = format!("{}: {}", terms.number, lacks.join(", "));
                found(FindingCode::DealIncomplete, detail);
                Standing::None(Missing::Parties)
            }
            Some(_) if !is_unique => {
                found(FindingCode::DealNumberReused, terms.number.clone());
                Standing::None(Missing::SequenceConflict)
            }
            Some(signatures) => {
                let grant = signatures.iter().fold(
                    Grant::new(signatures[0].0.header(), terms.manifest, Timestamp::MIN),
                    |grant, (one, _)| {
                        grant.completed(one.header().issued_at, facts.proven_by(one.id()))
                    },
                );
                at = grant.at();
                let (standing, by) = standing::of_grantor(authorities, grant, titles, facts);
                facts.rests_on(id, by.into_iter().chain(signatures.map(|(_, by)| by)));
                if let Standing::Claimant(registration) = standing {
                    facts.rests_on_all_of(id, registration);
                }
                if let Standing::None(missing) = standing {
                    let detail = format!("{missing}: {}", terms.seller);
                    found(FindingCode::LicenceWithoutStanding, detail);
                }
                standing
            }
        };
        let delivered = terms.registration.map(|named| delivers(proof, titles, terms, named));
        if delivered == Some(Delivered::Other) {
            found(FindingCode::ContentMismatch, terms.number.clone());
        }
        let is_made = self.made().is_some() && is_unique;
        let is_mismatch = delivered == Some(Delivered::Other) && is_made;
        let standing = match delivered {
            Some(Delivered::Maybe(doubt)) if standing.counts() => Standing::None(doubt),
            Some(_) | None => standing,
        };
        let is_doubtful = matches!(standing, Standing::None(_));
        let may_be_made = || self.may_be_made(authorities, titles, facts);
        let by = is_doubtful.then(may_be_made).flatten();
        facts.doubtful_grants.extend(by.map(|by| (id, by)));
        let others = self.gather(facts);
        facts.standing.extend(self.signed.iter().map(|one| (one.id(), standing)));
        let (seller, granted) = (terms.seller.clone(), terms.to_licence());
        let read = ReadTerms::of(&granted);
        let deal = Deal { id, others, seller, terms: granted, read, at, standing, is_mismatch };
        facts.deals.entry(terms.manifest).or_default().push(deal);
    }

    /// Holds against the deal what is said of any signature of it; the statements that are named beside the first.
    fn gather(&self, facts: &mut Facts) -> Vec<StatementId> {
        let (id, parties) = (self.id(), self.terms.parties());
        let all = || self.signed.iter().map(|one| (one.header().issuer.as_str(), one.id()));
        let (statements, again): (Vec<StatementId>, Vec<StatementId>) = match self.made() {
            Some(signatures) => {
                let made = signatures.map(|(one, _)| one.id());
                // A party that signs again does not get away from what was said of its signature before.
                let again = all().filter(|(by, one)| parties.contains(by) && !made.contains(one));
                (made.into(), again.map(|(_, one)| one).collect())
            }
            None => (all().map(|(_, one)| one).collect(), Vec::new()),
        };
        for one in &again {
            if let Some(disputes) = facts.disputes.get(one).cloned() {
                facts.disputes.entry(id).or_default().extend(&disputes);
            }
            if facts.incomplete.contains(one) {
                facts.incomplete.insert(id);
            }
        }
        let others: Vec<StatementId> = statements.into_iter().filter(|one| *one != id).collect();
        let broken = others.iter().chain(&again).filter_map(|one| facts.breaches.get(one));
        let broken: Vec<_> = broken.flatten().cloned().collect();
        if !broken.is_empty() {
            facts.breaches.entry(id).or_default().extend(broken);
        }
        others
    }
}

/// Whether what a deal delivers is what its registration is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivered {
    /// That, or a version of it that the title covers.
    Registered,
    /// A version of it, if what is missing were known.
    Maybe(Missing),
    Other,
}

fn delivers(
    proof: &LineageProof,
    titles: &Titles<'_>,
    terms: &Transaction,
    registration: StatementId,
) -> Delivered {
    let named = proof.statement(registration).and_then(Statement::as_registration);
    if named.is_some_and(|named| named.payload().manifest == terms.manifest) {
        return Delivered::Registered;
    }
    let versions = titles.get(&terms.manifest).into_iter().flatten();
    let doubts = versions.filter(|title| title.id == registration).map(|title| title.doubt);
    match doubts.min() {
        None => Delivered::Other,
        Some(None) => Delivered::Registered,
        Some(Some(doubt)) => Delivered::Maybe(doubt),
    }
}

/// Whether the signature may be one of the exchange, as it is dated.
fn gives_number(known: &Authorities<'_>, signature: Signature<'_>) -> bool {
    let (header, terms) = (signature.header(), signature.payload());
    let at = header.issued_at;
    let is_exchange = || known.believes(header, &[Role::Exchange], &terms.manifest, at, at);
    header.issuer == terms.exchange && is_exchange().is_some()
}

/// What one party signed of a deal under a name that is his, and by what authority it is.
fn signature<'a, 'b>(
    authorities: &'b Authorities<'b>,
    party: &str,
    signed: &[Signature<'a>],
    facts: &Facts,
) -> Option<(Signature<'a>, &'b Authority<'b>)> {
    let his = signed.iter().filter(|one| one.header().issuer == party);
    let mut his = his.filter(|one| !facts.doubts.contains_key(&one.id()));
    his.find_map(|one| Some((*one, is_by(authorities, party, one, facts.proven_by(one.id()))?)))
}

/// By what authority a party signed that of a deal, under a name that is its own.
fn is_by<'b>(
    authorities: &'b Authorities<'b>,
    party: &str,
    signed: &Signed<Transaction>,
    proven: Timestamp,
) -> Option<&'b Authority<'b>> {
    let (header, terms) = (signed.header(), signed.payload());
    let at = header.issued_at;
    if party == terms.exchange {
        authorities.believes(header, &[Role::Exchange], &terms.manifest, at, proven)
    } else {
        authorities.identifies_claimant(header, &terms.manifest, at, proven)
    }
}
