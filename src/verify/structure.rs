//! Whether references fit what they refer to, and the work fits the budget.

use super::sequence::follows;
use super::{Budget, Code, Node, Rejection};
use crate::id::StatementId;
use crate::proof::{LineageProof, Statement};

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
                terms = terms.saturating_add(licence.payload().terms());
            }
            Statement::Delegation(_) => delegations = delegations.saturating_add(1),
            Statement::Batch(_)
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
                        Statement::Batch(_)
                        | Statement::Delegation(_)
                        | Statement::Event(_)
                        | Statement::Licence(_),
                    ) => Code::VoucherKind,
                    Some(
                        Statement::Activity(_) | Statement::Dataset(_) | Statement::Registration(_),
                    )
                    | None => Code::VoucherMismatch,
                };
                Err(Rejection::statement(code, id))
            })?;
        }
        let is_of_its_kind = |other: StatementId| {
            let other = proof.statement(other);
            other.is_some_and(|other| other.header().kind == statement.header().kind)
        };
        let sound = more_of_its_kind(statement).is_none_or(is_of_its_kind)
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

/// What it refers to beside its predecessor that has to be of its own kind.
fn more_of_its_kind(statement: &Statement) -> Option<StatementId> {
    match statement {
        Statement::Activity(_)
        | Statement::Batch(_)
        | Statement::Dataset(_)
        | Statement::Delegation(_)
        | Statement::Event(_) => None,
        Statement::Licence(signed) => signed.payload().parent,
        Statement::Registration(signed) => signed.payload().supersedes,
    }
}

fn is_next(statement: &Statement, seq: u64, prev: &Statement) -> bool {
    let before = prev.sequence();
    before.is_some_and(|before| follows((statement.header(), seq), (prev.header(), before.seq)))
}
