//! Whether references fit what they refer to, and the work fits the budget.

use std::collections::BTreeMap;

use super::sequence::follows;
use super::{Bound, Budget, Code, Node, Rejection};
use crate::id::{StatementId, Subject};
use crate::limits::MAX_SUBLICENCES;
use crate::proof::{LineageProof, Statement};
use crate::rights::{EventKind, Licence};
use crate::statement::{Kind, Signed};

/// Depth, signatures, edges, terms and delegations of a decoded proof; how many edges are left over.
pub(super) fn check_budget(proof: &LineageProof, budget: &Budget) -> Result<usize, Rejection> {
    let mut edges = 0_usize;
    let mut terms = 0_usize;
    // Terms are asked for each place in which a step on the way was taken.
    let mut places = 1_usize;
    let mut delegations = 0_usize;
    let breaches = breaches(proof);
    for statement in proof.statements() {
        match statement {
            Statement::Activity(activity) => {
                edges = edges.saturating_add(activity.payload().edges());
                places = places.max(activity.payload().places());
            }
            Statement::Licence(licence) => {
                terms = terms.saturating_add(terms_of(proof, &breaches, licence));
            }
            Statement::Preference(preference) => {
                terms = terms.saturating_add(preference.payload().terms());
            }
            Statement::Transaction(deal) => terms = terms.saturating_add(deal.payload().terms()),
            Statement::Delegation(_) => delegations = delegations.saturating_add(1),
            Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Consent(_)
            | Statement::Dataset(_)
            | Statement::Event(_)
            | Statement::Registration(_) => {}
        }
    }
    let over = |bound| Rejection::over(bound, Node::Proof);
    for (needed, allowed, bound) in [
        (proof.height(), budget.depth, Bound::Depth),
        (proof.statements().len(), budget.signatures, Bound::Signatures),
        (terms.saturating_mul(places), budget.terms, Bound::Terms),
        (delegations, budget.delegations, Bound::Delegations),
    ] {
        if needed > allowed {
            return Err(over(bound));
        }
    }
    budget.edges.checked_sub(edges).ok_or_else(|| over(Bound::Edges))
}

/// How often somebody says that the terms of a statement were broken, of all that do.
fn breaches(proof: &LineageProof) -> BTreeMap<StatementId, usize> {
    let events = proof.statements().iter().filter_map(Statement::as_event);
    let mut breaches: BTreeMap<StatementId, usize> = BTreeMap::new();
    for event in events.filter(|event| event.payload().kind == EventKind::Breach) {
        if let Subject::Statement(of) = event.payload().target {
            let count = breaches.entry(of).or_default();
            *count = count.saturating_add(1);
        }
    }
    breaches
}

/// What evaluation of a licence may have to look at: its terms and breaches, and those of the licences that it is
/// a sublicence of, with which its terms are also compared, rule by rule.
fn terms_of(
    proof: &LineageProof,
    breaches: &BTreeMap<StatementId, usize>,
    licence: &Signed<Licence>,
) -> usize {
    /// So many comparisons take as long as the evaluation of a term.
    const COMPARISONS: usize = 64;
    let broken = |id: &StatementId| breaches.get(id).copied().unwrap_or(0);
    let own = |licence: &Signed<Licence>| {
        let id = licence.id();
        let all = proof.batches_of(id).chain([id]).map(|id| broken(&id));
        all.fold(licence.payload().terms(), usize::saturating_add)
    };
    let above =
        |licence: &Signed<Licence>| proof.statement(licence.payload().parent?)?.as_licence();
    let parents = std::iter::successors(above(licence), |one| above(one));
    let parents = parents.take(MAX_SUBLICENCES).map(own);
    let compared = above(licence)
        .map_or(0, |one| licence.payload().terms().saturating_mul(one.payload().terms()));
    parents.fold(own(licence), usize::saturating_add).saturating_add(compared / COMPARISONS)
}

/// Every voucher vouches for what it is named for; every `prev`, `parent` and `supersedes` fits.
pub(super) fn check_references(proof: &LineageProof) -> Result<(), Rejection> {
    let references = proof.numbers().references.iter();
    for (statement, references) in proof.statements().iter().zip(references) {
        let id = statement.id();
        if let Statement::Activity(activity) = statement {
            // Vouchers are all it refers to.
            let mut references = references.iter();
            activity.payload().vouchers().try_for_each(|(manifest, _)| {
                let voucher = references.next().and_then(|place| proof.statements().get(*place));
                if voucher.is_some_and(|other| other.vouches_for(manifest)) {
                    return Ok(());
                }
                let code = match voucher {
                    Some(
                        Statement::Assessment(_)
                        | Statement::Batch(_)
                        | Statement::Consent(_)
                        | Statement::Delegation(_)
                        | Statement::Event(_)
                        | Statement::Licence(_)
                        | Statement::Preference(_)
                        | Statement::Transaction(_),
                    ) => Code::VoucherKind,
                    Some(
                        Statement::Activity(_) | Statement::Dataset(_) | Statement::Registration(_),
                    )
                    | None => Code::VoucherMismatch,
                };
                Err(Rejection::statement(code, id))
            })?;
        }
        let is_of_kind = |(other, kind): (StatementId, Kind)| {
            proof.statement(other).is_some_and(|other| other.header().kind == kind)
        };
        let sound = other_reference(statement).is_none_or(is_of_kind)
            && statement.sequence().is_none_or(|number| {
                number.prev.is_none_or(|prev| {
                    proof.statement(prev).is_some_and(|prev| is_next(statement, number.seq, prev))
                })
            });
        if !sound {
            return Err(Rejection::statement(Code::ReferenceMismatch, id));
        }
    }
    Ok(())
}

/// What it refers to beside its predecessor, and of which kind that has to be.
fn other_reference(statement: &Statement) -> Option<(StatementId, Kind)> {
    let (other, kind) = match statement {
        Statement::Activity(_)
        | Statement::Assessment(_)
        | Statement::Batch(_)
        | Statement::Consent(_)
        | Statement::Dataset(_)
        | Statement::Delegation(_)
        | Statement::Event(_)
        | Statement::Preference(_) => return None,
        Statement::Licence(signed) => (signed.payload().parent, Kind::Licence),
        Statement::Registration(signed) => (signed.payload().supersedes, Kind::Registration),
        Statement::Transaction(signed) => (signed.payload().registration, Kind::Registration),
    };
    other.map(|other| (other, kind))
}

fn is_next(statement: &Statement, seq: u64, prev: &Statement) -> bool {
    let before = prev.sequence();
    before.is_some_and(|before| follows((statement.header(), seq), (prev.header(), before.seq)))
}
