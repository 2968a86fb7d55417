//! Whose signer has the role to say what he says.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::{Finding, FindingCode, Node};
use crate::lineage::ActivityKind;
use crate::proof::{LineageProof, Statement};
use crate::trust::{Authorities, Authority, Role};

/// Who may say what, by what is known when their statements are judged.
#[derive(Clone, Copy)]
pub(super) struct Speakers<'a, 'b> {
    /// Whose statements count, for what helps and for what hurts.
    pub(super) trusted: &'b Authorities<'a>,
    /// Those, and all others who may say what hurts, whenever they say it.
    pub(super) heard: &'b Authorities<'a>,
}

/// Of each statement, by place, whether its signer has the role; what is judged otherwise has none here.
pub(super) fn judge(
    Speakers { trusted, heard }: Speakers<'_, '_>,
    proof: &LineageProof,
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) -> Vec<bool> {
    let refused: BTreeMap<_, _> = trusted.refused().collect();
    let mut roles = Vec::with_capacity(proof.statements().len());
    for statement in proof.statements() {
        let (id, node) = (statement.id(), Node::Statement(statement.id()));
        roles.push(match statement {
            Statement::Delegation(_) => {
                let fault = refused.get(&id);
                let code = FindingCode::DelegationWithoutEffect;
                findings.extend(fault.map(|fault| Finding::new(code, node, fault.to_string())));
                fault.is_none()
            }
            // Judged by what they are aimed at, by their members, and by standing.
            Statement::Batch(_)
            | Statement::Event(_)
            | Statement::Licence(_)
            | Statement::Preference(_)
            | Statement::Transaction(_) => false,
            Statement::Activity(_)
            | Statement::Assessment(_)
            | Statement::Consent(_)
            | Statement::Dataset(_)
            | Statement::Registration(_) => {
                let authority = by_role(trusted, statement, Some(facts));
                let has_role = authority.is_some();
                if !has_role {
                    if by_role(heard, statement, None).is_some() {
                        facts.hurtful.insert(id);
                    }
                    // By his own date: a title that may have been given in time stands against others.
                    if by_role(trusted.adverse(), statement, None).is_some() {
                        facts.contested.insert(id);
                    }
                    let issuer = statement.header().issuer.clone();
                    findings.push(Finding::new(FindingCode::SignerNotTrusted, node, issuer));
                }
                facts.rests_on(id, authority.into_iter().flatten());
                has_role
            }
        });
    }
    roles
}

/// By what authority the signer says this, in a role that fits it, about everything it is about; without `facts`
/// as if it were as old as he says.
fn by_role<'a, 'b>(
    authorities: &'b Authorities<'a>,
    statement: &Statement,
    facts: Option<&Facts>,
) -> Option<Vec<&'b Authority<'a>>> {
    let header = statement.header();
    let proven = facts.map_or(header.issued_at, |facts| facts.proven_by(statement.id()));
    let roles: &[Role] = match statement {
        Statement::Activity(activity) => match activity.payload().kind {
            ActivityKind::Collect => &[Role::Collector, Role::RightsHolder],
            ActivityKind::Annotate
            | ActivityKind::Calibrate
            | ActivityKind::Clean
            | ActivityKind::Convert
            | ActivityKind::Deduplicate
            | ActivityKind::MergeCollect
            | ActivityKind::MergeDerive
            | ActivityKind::Subset
            | ActivityKind::Synthesize => &[Role::Curator],
            ActivityKind::Distil | ActivityKind::FineTune | ActivityKind::Train => &[Role::Trainer],
        },
        Statement::Assessment(_) => &[Role::Auditor],
        Statement::Consent(_) => &[Role::Collector, Role::RightsHolder],
        Statement::Dataset(_) => {
            &[Role::Collector, Role::Curator, Role::RightsHolder, Role::Trainer]
        }
        Statement::Registration(signed) => {
            let registration = signed.payload();
            let authority = authorities.believes_registration(header, registration, proven)?;
            return Some(vec![authority]);
        }
        Statement::Batch(_)
        | Statement::Delegation(_)
        | Statement::Event(_)
        | Statement::Licence(_)
        | Statement::Preference(_)
        | Statement::Transaction(_) => return None,
    };
    let by = statement
        .manifests()
        .map(|manifest| authorities.believes(header, roles, &manifest, header.issued_at, proven));
    by.collect()
}
