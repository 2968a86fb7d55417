//! What a subject rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::{ProofError, Statement, Vouched};
use crate::id::{KeyId, ManifestId, StatementId, Subject};
use crate::manifest::Evidence;
use crate::tree::TreeName;

/// Refuses the first statement that is neither reachable from `subject` nor aimed at something reachable.
pub(super) fn check(
    subject: ManifestId,
    statements: &[Statement],
    vouched: &Vouched,
) -> Result<(), ProofError> {
    let reached = reached(subject, statements, vouched);
    match statements.iter().zip(reached).find(|(_, reached)| !reached) {
        None => Ok(()),
        Some((statement, _)) => Err(ProofError::UnreachableStatement { id: statement.id() }),
    }
}

/// Refuses the first tree that no relation of an activity needs.
pub(super) fn check_evidence(
    evidence: &Evidence,
    statements: &[Statement],
) -> Result<(), ProofError> {
    let needed = needed_trees(evidence, statements);
    match evidence.trees().find(|(of, tree)| !needed.contains(&(*of, (*tree).clone()))) {
        None => Ok(()),
        Some((of, tree)) => Err(ProofError::UnreachableEvidence { of, tree: tree.clone() }),
    }
}

/// The trees that relations of activities are about.
///
/// The contents of a composite are those of its parts: of each that `evidence` shows to be mounted,
/// and of what is mounted in that.
pub(super) fn needed_trees(
    evidence: &Evidence,
    statements: &[Statement],
) -> BTreeSet<(ManifestId, TreeName)> {
    let activities = statements.iter().filter_map(Statement::as_activity);
    let relations = activities.flat_map(|activity| &activity.payload().relations);
    let trees = relations.flat_map(|relation| {
        let datasets = std::iter::once(&relation.of).chain(&relation.with);
        datasets.map(|id| (*id, &relation.tree))
    });
    let named: BTreeSet<(ManifestId, &TreeName)> = trees.collect();
    let of_contents = named.iter().filter(|(_, tree)| **tree == TreeName::Content);
    let mut needed = evidence.content_trees(of_contents.map(|(of, _)| *of));
    needed.extend(named.into_iter().map(|(of, tree)| (of, tree.clone())));
    needed
}

/// The keys that signed something.
pub(super) fn signers(statements: &[Statement]) -> BTreeSet<KeyId> {
    statements.iter().map(|statement| statement.header().key).collect()
}

/// For each statement, whether the subject rests on it. Each is visited once.
pub(super) fn reached(
    subject: ManifestId,
    statements: &[Statement],
    vouched: &Vouched,
) -> Vec<bool> {
    let mut by_id: BTreeMap<StatementId, usize> = BTreeMap::new();
    let mut by_manifest: BTreeMap<ManifestId, Vec<usize>> = BTreeMap::new();
    let mut by_target: BTreeMap<Subject, Vec<usize>> = BTreeMap::new();
    let mut by_delegate: BTreeMap<KeyId, Vec<usize>> = BTreeMap::new();
    for (index, statement) in statements.iter().enumerate() {
        by_id.insert(statement.id(), index);
        for manifest in statement.manifests() {
            by_manifest.entry(manifest).or_default().push(index);
        }
        if let Statement::Event(event) = statement {
            by_target.entry(event.payload().target.clone()).or_default().push(index);
        }
        if let Statement::Delegation(delegation) = statement {
            let delegate = delegation.payload().key.id();
            by_delegate.entry(delegate).or_default().push(index);
        }
    }
    let mut reached = vec![false; statements.len()];
    let mut open: Vec<usize> = by_manifest.remove(&subject).unwrap_or_default();
    while let Some(index) = open.pop() {
        let (Some(mark), Some(statement)) = (reached.get_mut(index), statements.get(index)) else {
            continue;
        };
        if std::mem::replace(mark, true) {
            continue;
        }
        open.extend(statement.references().iter().filter_map(|id| by_id.get(id)));
        let batches = vouched.get(&statement.id()).into_iter().flatten();
        open.extend(batches.filter_map(|id| by_id.get(id)));
        // Whoever signed may have done so for somebody else.
        open.extend(by_delegate.remove(&statement.header().key).unwrap_or_default());
        // What happened to the statement, and to the key that signed it.
        for target in [Subject::Statement(statement.id()), Subject::Key(statement.header().key)] {
            open.extend(by_target.remove(&target).unwrap_or_default());
        }
        if let Statement::Activity(activity) = statement {
            for input in activity.payload().used() {
                open.extend(by_manifest.remove(&input).unwrap_or_default());
            }
        }
    }
    reached
}
