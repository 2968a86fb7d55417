//! Structural claims: recomputed where the rows are at hand, else marked as asserted.

use super::{Code, Finding, FindingCode, Node, Rejection};
use crate::lineage::{Relation, RelationKind, TreeName};
use crate::manifest::relation::{Rows, disjoint, same, subset, sum, union};
use crate::manifest::{Manifest, ManifestSource};
use crate::proof::{LineageProof, Statement};

/// Whether a structural claim holds; `None` where the rows it is about are not at hand.
///
/// What [`Verifier::verify`](super::Verifier::verify) asks of every claim in a proof, for whoever
/// is about to sign one. Takes time and memory for all rows, without a budget.
///
/// ```
/// use datadeed::lineage::{Relation, RelationKind, TreeName};
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::{Digest, verify};
///
/// let entry = |name: &str| FileEntry::new(name, 1, Digest::of(b"x"));
/// let raw = Manifest::files(vec![entry("a"), entry("b")], NameProfile::Portable)?;
/// let clean = Manifest::files(vec![entry("a")], NameProfile::Portable)?;
/// let subset = |of: &Manifest, with: &Manifest| {
///     Relation::new(of.id(), RelationKind::SubsetOf, TreeName::Parts, [with.id()])
/// };
/// let (kept, claimed) = (subset(&clean, &raw), subset(&raw, &clean));
/// let rows = vec![raw, clean];
/// assert_eq!(verify::relation_holds(&kept, &rows), Some(true));
/// assert_eq!(verify::relation_holds(&claimed, &rows), Some(false));
/// assert_eq!(verify::relation_holds(&kept, &rows[..1].to_vec()), None);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
pub fn relation_holds(relation: &Relation, source: &dyn ManifestSource) -> Option<bool> {
    Some(recompute(relation, &manifests(relation, Some(source))?))
}

/// Checks every relation of every activity; a false one rejects the proof.
pub(super) fn check(
    proof: &LineageProof,
    source: Option<&dyn ManifestSource>,
    budget: usize,
    findings: &mut Vec<Finding>,
) -> Result<(), Rejection> {
    let mut left = budget;
    for statement in proof.statements() {
        let Statement::Activity(activity) = statement else { continue };
        for relation in &activity.payload().relations {
            let code = match manifests(relation, source) {
                None => FindingCode::RelationAsserted,
                Some(manifests) => {
                    let rows = manifests.iter().map(|manifest| count(manifest, &relation.tree));
                    let rows = rows.fold(0, usize::saturating_add);
                    left = left
                        .checked_sub(rows)
                        .ok_or(Rejection::statement(Code::BudgetExceeded, activity.id()))?;
                    if !recompute(relation, &manifests) {
                        return Err(Rejection::statement(Code::RelationFalse, activity.id()));
                    }
                    FindingCode::RelationProven
                }
            };
            findings.push(Finding::new(
                code,
                Node::Statement(statement.id()),
                relation.to_string(),
            ));
        }
    }
    Ok(())
}

/// What the relation is about, then what it is compared with; `None` where some rows are not at hand.
fn manifests<'a>(
    relation: &Relation,
    source: Option<&'a dyn ManifestSource>,
) -> Option<Vec<&'a Manifest>> {
    let source = match relation.tree {
        TreeName::Content | TreeName::Parts => source?,
        TreeName::Index(_) => return None,
    };
    let ids = std::iter::once(&relation.of).chain(&relation.with);
    // A source that answers with another manifest has not answered.
    ids.map(|id| source.manifest(*id).filter(|manifest| manifest.id() == *id)).collect()
}

/// Rows of the tree; each relation costs one at least.
fn count(manifest: &Manifest, tree: &TreeName) -> usize {
    let entries = match tree {
        TreeName::Content => manifest.content_rows().len(),
        TreeName::Parts | TreeName::Index(_) => {
            let files = manifest.file_entries().map_or(0, <[_]>::len);
            files.saturating_add(manifest.tensor_entries().map_or(0, <[_]>::len))
        }
    };
    entries.max(1)
}

fn recompute(relation: &Relation, manifests: &[&Manifest]) -> bool {
    let rows = |manifest: &&Manifest| match relation.tree {
        TreeName::Content => Rows::content(manifest),
        TreeName::Parts | TreeName::Index(_) => Rows::parts(manifest),
    };
    let Some((of, with)) = manifests.split_first() else { return false };
    let of = rows(of);
    let with: Vec<Rows> = with.iter().map(rows).collect();
    match (relation.kind, with.as_slice()) {
        (RelationKind::Same, [one]) => same(&of, one),
        (RelationKind::SubsetOf, [one]) => subset(&of, one),
        (RelationKind::UnionOf, all) => union(&of, all),
        (RelationKind::SumOf, all) => sum(&of, all),
        (RelationKind::DisjointFrom, all) => disjoint(&of, all),
        // The payload's own check leaves no other number of manifests.
        (RelationKind::Same | RelationKind::SubsetOf, _) => false,
    }
}
