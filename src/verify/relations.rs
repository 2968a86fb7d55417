//! Structural claims: recomputed where the rows are at hand, else marked as asserted.

use super::{Code, Finding, FindingCode, Node, Rejection};
use crate::id::ManifestId;
use crate::lineage::{Relation, RelationKind, TreeName};
use crate::manifest::relation::{Rows, disjoint, same, subset, sum, union};
use crate::manifest::{Manifest, ManifestSource};
use crate::proof::{LineageProof, Statement};

/// Checks every relation of every activity; a false one rejects the proof.
pub(super) fn check(
    proof: &LineageProof,
    source: Option<&dyn ManifestSource>,
    findings: &mut Vec<Finding>,
) -> Result<(), Rejection> {
    for statement in proof.statements() {
        let Statement::Activity(activity) = statement else { continue };
        for relation in &activity.payload().relations {
            let code = match holds(relation, source) {
                None => FindingCode::RelationAsserted,
                Some(true) => FindingCode::RelationProven,
                Some(false) => {
                    return Err(Rejection::statement(Code::RelationFalse, activity.id()));
                }
            };
            let detail = format!(
                "{} {} {} on {}",
                relation.of,
                relation.kind,
                relation.with.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
                relation.tree
            );
            findings.push(Finding::new(code, Node::Statement(statement.id()), detail));
        }
    }
    Ok(())
}

/// `None` where some rows are not at hand.
fn holds(relation: &Relation, source: Option<&dyn ManifestSource>) -> Option<bool> {
    let rows = |id: ManifestId| -> Option<Rows> {
        // A source that answers with another manifest has not answered.
        let manifest: &Manifest = source?.manifest(id).filter(|manifest| manifest.id() == id)?;
        match relation.tree {
            TreeName::Content => Some(Rows::content(manifest)),
            TreeName::Parts => Some(Rows::parts(manifest)),
            TreeName::Index(_) => None,
        }
    };
    let of = rows(relation.of)?;
    let with: Vec<Rows> = relation.with.iter().map(|id| rows(*id)).collect::<Option<_>>()?;
    match (relation.kind, with.as_slice()) {
        (RelationKind::Same, [one]) => Some(same(&of, one)),
        (RelationKind::SubsetOf, [one]) => Some(subset(&of, one)),
        (RelationKind::UnionOf, all) => Some(union(&of, all)),
        (RelationKind::SumOf, all) => Some(sum(&of, all)),
        (RelationKind::DisjointFrom, all) => Some(disjoint(&of, all)),
        // The payload's own check leaves no other number of manifests.
        (RelationKind::Same | RelationKind::SubsetOf, _) => Some(false),
    }
}
