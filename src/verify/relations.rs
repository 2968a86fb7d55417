//! Structural claims: decided where rows or opened trees are at hand, else marked as asserted.

use super::{Code, Finding, FindingCode, Node, Rejection};
use crate::id::ManifestId;
use crate::lineage::{Relation, TreeName};
use crate::manifest::relation::{Given, judge};
use crate::manifest::{Evidence, ManifestSource};
use crate::proof::{LineageProof, Statement};
use crate::tree::Judgement;

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
    match decide(relation, &given(relation, Some(source), &Evidence::default())?) {
        Judgement::Holds => Some(true),
        Judgement::Fails => Some(false),
        Judgement::Unknown => None,
    }
}

/// Checks every relation of every activity; a false one rejects the proof.
///
/// What is opened of the trees but does not decide a relation leaves it asserted.
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
            let code = match given(relation, source, proof.evidence()) {
                None => FindingCode::RelationAsserted,
                Some(given) => {
                    let rows = given.iter().map(|given| count(given, &relation.tree));
                    let rows = rows.fold(0, usize::saturating_add);
                    left = left
                        .checked_sub(rows)
                        .ok_or(Rejection::statement(Code::BudgetExceeded, activity.id()))?;
                    match decide(relation, &given) {
                        Judgement::Holds => FindingCode::RelationProven,
                        Judgement::Fails => {
                            return Err(Rejection::statement(Code::RelationFalse, activity.id()));
                        }
                        Judgement::Unknown => FindingCode::RelationAsserted,
                    }
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

/// What is at hand of what the relation is about, then of what that is compared with; `None`
/// where some of it is missing.
///
/// All rows, where they are at hand of every dataset; else what the proof opens, which two of
/// its trees may have in common though their rows are not given.
fn given<'a>(
    relation: &Relation,
    source: Option<&'a dyn ManifestSource>,
    evidence: &'a Evidence,
) -> Option<Vec<Given<'a>>> {
    let ids = || std::iter::once(&relation.of).chain(&relation.with);
    let all = |id: &ManifestId| {
        let source = match relation.tree {
            TreeName::Content | TreeName::Parts => source?,
            TreeName::Index(_) => return None,
        };
        // A source that answers with another manifest has not answered.
        source.manifest(*id).filter(|manifest| manifest.id() == *id).map(Given::All)
    };
    if let Some(rows) = ids().map(all).collect() {
        return Some(rows);
    }
    let opened = |id: &ManifestId| evidence.tree(*id, &relation.tree).map(Given::Pruned);
    ids().map(|id| opened(id).or_else(|| all(id))).collect()
}

/// Rows of the tree that a comparison reads; each relation costs one at least.
fn count(given: &Given<'_>, tree: &TreeName) -> usize {
    let rows = match given {
        Given::All(manifest) if *tree == TreeName::Content => manifest.content_rows().len(),
        Given::All(manifest) => {
            let files = manifest.file_entries().map_or(0, <[_]>::len);
            files.saturating_add(manifest.tensor_entries().map_or(0, <[_]>::len))
        }
        Given::Pruned(opened) => opened.items(),
    };
    rows.max(1)
}

fn decide(relation: &Relation, given: &[Given<'_>]) -> Judgement {
    match given.split_first() {
        Some((of, with)) => judge(relation.kind, &relation.tree, *of, with),
        None => Judgement::Unknown,
    }
}
