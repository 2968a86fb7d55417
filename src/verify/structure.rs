//! Whether references fit what they refer to, and the work fits the budget.

use super::{Budget, Code, Node, Rejection};
use crate::id::StatementId;
use crate::proof::{LineageProof, Statement};

/// Depth, signatures, edges and terms of a decoded proof.
pub(super) fn check_budget(proof: &LineageProof, budget: &Budget) -> Result<(), Rejection> {
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
        && edges <= budget.edges
        && terms <= budget.terms
        && delegations <= budget.delegations;
    if within { Ok(()) } else { Err(Rejection::new(Code::BudgetExceeded, Node::Proof)) }
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
                    _ => Code::VoucherMismatch,
                };
                Err(Rejection::statement(code, id))
            })?;
        }
        let (prev, others) = references_of_one_kind(statement);
        let sound = others.iter().all(|other| {
            let other = proof.statement(*other);
            other.is_some_and(|other| other.header().kind == statement.header().kind)
        }) && prev.is_none_or(|(seq, prev)| {
            proof.statement(prev).is_some_and(|prev| follows(statement, seq, prev))
        });
        if !sound {
            return Err(Rejection::statement(Code::ReferenceMismatch, id));
        }
    }
    Ok(())
}

/// `seq` with `prev`, and the other references that must be of the statement's own kind.
fn references_of_one_kind(statement: &Statement) -> (Option<(u64, StatementId)>, Vec<StatementId>) {
    match statement {
        Statement::Activity(_) | Statement::Batch(_) => (None, Vec::new()),
        Statement::Dataset(signed) => {
            let dataset = signed.payload();
            (dataset.prev.map(|prev| (dataset.seq, prev)), Vec::new())
        }
        Statement::Delegation(signed) => {
            let delegation = signed.payload();
            (delegation.prev.map(|prev| (delegation.seq, prev)), Vec::new())
        }
        Statement::Event(signed) => {
            let event = signed.payload();
            (event.prev.map(|prev| (event.seq, prev)), Vec::new())
        }
        Statement::Licence(signed) => {
            let licence = signed.payload();
            (licence.prev.map(|prev| (licence.seq, prev)), licence.parent.into_iter().collect())
        }
        Statement::Registration(signed) => {
            let registration = signed.payload();
            let prev = registration.prev.map(|prev| (registration.seq, prev));
            (prev, registration.supersedes.into_iter().collect())
        }
    }
}

/// Whether `prev` is number `seq - 1` of the same kind by the same issuer about the same subject.
fn follows(statement: &Statement, seq: u64, prev: &Statement) -> bool {
    let number = match prev {
        Statement::Activity(_) | Statement::Batch(_) => return false,
        Statement::Dataset(signed) => signed.payload().seq,
        Statement::Delegation(signed) => signed.payload().seq,
        Statement::Event(signed) => signed.payload().seq,
        Statement::Licence(signed) => signed.payload().seq,
        Statement::Registration(signed) => signed.payload().seq,
    };
    let (this, before) = (statement.header(), prev.header());
    this.kind == before.kind
        && this.issuer == before.issuer
        && this.subject == before.subject
        && number.checked_add(1) == Some(seq)
}
