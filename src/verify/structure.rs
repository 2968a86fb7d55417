//! Whether references fit what they refer to, and the work fits the budget.

use super::sequence::follows;
use super::{Budget, Code, Node, Rejection};
use crate::id::StatementId;
use crate::limits::MAX_SUBLICENCES;
use crate::proof::{LineageProof, Statement};
use crate::rights::Licence;
use crate::statement::Kind;

/// Depth, signatures, edges, terms and delegations of a decoded proof; how many edges are left over.
pub(super) fn check_budget(proof: &LineageProof, budget: &Budget) -> Result<usize, Rejection> {
    let mut edges = 0_usize;
    let mut terms = 0_usize;
    let mut delegations = 0_usize;
    for statement in proof.statements() {
        match statement {
            Statement::Activity(activity) => {
                edges = edges.saturating_add(activity.payload().edges());
            }
            Statement::Licence(licence) => {
                terms = terms.saturating_add(terms_of(proof, licence.payload()));
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
    let within = proof.height() <= budget.depth
        && proof.statements().len() <= budget.signatures
        && terms <= budget.terms
        && delegations <= budget.delegations;
    let left = budget.edges.checked_sub(edges).filter(|_| within);
    left.ok_or_else(|| Rejection::new(Code::BudgetExceeded, Node::Proof))
}

/// What evaluation of a licence may have to look at: its terms, and those of the licences that it is a sublicence
/// of, with which they are also compared, rule by rule.
fn terms_of(proof: &LineageProof, licence: &Licence) -> usize {
    /// So many comparisons take as long as the evaluation of a term.
    const COMPARISONS: usize = 64;
    let own = licence.terms();
    let above = |licence: &Licence| proof.statement(licence.parent?)?.as_licence();
    let parents = std::iter::successors(above(licence), |one| above(one.payload()));
    let parents = parents.take(MAX_SUBLICENCES).map(|one| one.payload().terms());
    let compared = above(licence).map_or(0, |one| own.saturating_mul(one.payload().terms()));
    parents.fold(own, usize::saturating_add).saturating_add(compared / COMPARISONS)
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
