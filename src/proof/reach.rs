//! What a subject rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::Lists;
use super::numbers::Numbers;
use super::{ProofError, Statement};
use crate::id::{KeyId, ManifestId, Subject};
use crate::manifest::Evidence;
use crate::tree::TreeName;

/// Refuses the first statement that is neither reachable from `subject` nor aimed at something reachable.
pub(super) fn check(
    subject: ManifestId,
    statements: &[Statement],
    numbers: &Numbers,
    vouched: &Lists,
) -> Result<(), ProofError> {
    let reached = reached(subject, statements, numbers, vouched);
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
pub(super) fn keys(statements: &[Statement], numbers: &Numbers) -> BTreeSet<KeyId> {
    let signed = numbers.signers.iter().filter_map(|place| statements.get(*place));
    signed.map(|statement| statement.header().key).collect()
}

/// For each statement, whether the subject rests on it. Each is visited once.
pub(super) fn reached(
    subject: ManifestId,
    statements: &[Statement],
    numbers: &Numbers,
    vouched: &Lists,
) -> Vec<bool> {
    let mut by_target: BTreeMap<&Subject, Vec<usize>> = BTreeMap::new();
    let mut by_delegate: BTreeMap<KeyId, Vec<usize>> = BTreeMap::new();
    for (place, statement) in statements.iter().enumerate() {
        if let Statement::Event(event) = statement {
            by_target.entry(&event.payload().target).or_default().push(place);
        }
        if let Statement::Delegation(delegation) = statement {
            let delegate = delegation.payload().key.id();
            by_delegate.entry(delegate).or_default().push(place);
        }
    }
    let mut reached = vec![false; statements.len()];
    let mut named = vec![false; numbers.manifests().len()];
    let mut open: Vec<usize> = Vec::new();
    let mut name = |manifest: usize, open: &mut Vec<usize>| {
        if named.get_mut(manifest).is_some_and(|mark| !std::mem::replace(mark, true)) {
            open.extend(numbers.about.of(manifest));
        }
    };
    numbers.manifest(&subject).into_iter().for_each(|subject| name(subject, &mut open));
    while let Some(place) = open.pop() {
        let (Some(mark), Some(statement)) = (reached.get_mut(place), statements.get(place)) else {
            continue;
        };
        if std::mem::replace(mark, true) {
            continue;
        }
        open.extend(numbers.references.of(place));
        open.extend(vouched.of(place));
        // Whoever signed may have done so for somebody else.
        if !by_delegate.is_empty() {
            open.extend(by_delegate.remove(&statement.header().key).unwrap_or_default());
        }
        // What happened to the statement, and to the key that signed it.
        if !by_target.is_empty() {
            let targets =
                [Subject::Statement(statement.id()), Subject::Key(statement.header().key)];
            for target in targets {
                open.extend(by_target.remove(&target).unwrap_or_default());
            }
        }
        numbers.used_by.of(place).iter().for_each(|manifest| name(*manifest, &mut open));
    }
    reached
}
