//! Which batches stand for which unsigned statements.

use std::collections::{BTreeMap, BTreeSet};

use super::{ProofError, Statement};
use crate::batch::{Batch, Members, check_headers};
use crate::id::{KeyId, StatementId};
use crate::statement::{Header, Signed};
use crate::tree::PrunedTree;

/// What is opened of the trees of batches; of a batch that is not here all members are in the proof.
pub(super) type Opened = BTreeMap<StatementId, PrunedTree<StatementId>>;

/// For each unsigned statement the batches that stand for it, at least one.
pub(crate) type Vouched = BTreeMap<StatementId, Vec<StatementId>>;

/// Finds the batches of every unsigned statement, and refuses a statement that has none.
///
/// A batch stands for the members that its tree shows. One without a tree stands for all unsigned
/// statements of its issuer and key for which no other batch does, and their tree is its own.
pub(super) fn check(statements: &[Statement], opened: &Opened) -> Result<Vouched, ProofError> {
    let unsigned: BTreeMap<StatementId, &Statement> =
        statements.iter().filter(|one| !one.is_signed()).map(|one| (one.id(), one)).collect();
    let batches: BTreeMap<StatementId, &Signed<Batch>> =
        statements.iter().filter_map(Statement::as_batch).map(|one| (one.id(), one)).collect();
    if let Some(batch) = opened.keys().find(|id| !batches.contains_key(id)) {
        return Err(ProofError::UnreachableMembers { batch: *batch });
    }
    let mut vouched: Vouched = unsigned.keys().map(|id| (*id, Vec::new())).collect();
    for (id, tree) in opened {
        let Some(batch) = batches.get(id) else { continue };
        if *tree.root() != batch.payload().tree {
            return Err(ProofError::BatchRoot { batch: *id });
        }
        for member in tree.rows() {
            let Some(statement) = unsigned.get(member) else { continue };
            if check_headers(batch.header(), statement.header()).is_ok() {
                vouched.entry(*member).or_default().push(*id);
            }
        }
    }
    let mut left: BTreeMap<(&str, KeyId), Vec<StatementId>> = BTreeMap::new();
    for (id, _) in vouched.iter().filter(|(_, by)| by.is_empty()) {
        if let Some(statement) = unsigned.get(id) {
            left.entry(signer(statement.header())).or_default().push(*id);
        }
    }
    for (id, batch) in batches.iter().filter(|(id, _)| !opened.contains_key(id)) {
        let members = left.remove(&signer(batch.header())).unwrap_or_default();
        let sound = |member| {
            unsigned
                .get(member)
                .is_some_and(|one| check_headers(batch.header(), one.header()).is_ok())
        };
        let whole = Members::new(members.iter().copied()).root() == batch.payload().tree;
        if !whole || !members.iter().all(sound) {
            return Err(ProofError::BatchRoot { batch: *id });
        }
        for member in members {
            vouched.entry(member).or_default().push(*id);
        }
    }
    match vouched.iter().find(|(_, by)| by.is_empty()) {
        None => Ok(vouched),
        Some((id, _)) => Err(ProofError::Unvouched { id: *id }),
    }
}

/// Refuses a tree that is opened as a whole where less would do.
pub(super) fn check_needed(statements: &[Statement], opened: &Opened) -> Result<(), ProofError> {
    if !opened.values().any(PrunedTree::is_whole) {
        return Ok(());
    }
    let needed = needed(statements, opened);
    match opened.iter().find(|(batch, tree)| needed.get(batch) != Some(tree)) {
        None => Ok(()),
        Some((batch, _)) => Err(ProofError::NeedlessMembers { batch: *batch }),
    }
}

/// What a proof has to open so that every batch in it shows those of its members that are `statements`.
///
/// `known` is what is known of the trees; where that is all of one, no more is opened than needed.
pub(super) fn needed(statements: &[Statement], known: &Opened) -> Opened {
    let unsigned: BTreeSet<StatementId> =
        statements.iter().filter(|one| !one.is_signed()).map(Statement::id).collect();
    let mut needed = Opened::new();
    let mut alone: BTreeMap<(&str, KeyId), Vec<StatementId>> = BTreeMap::new();
    for batch in statements.iter().filter_map(Statement::as_batch) {
        let Some(tree) = known.get(&batch.id()) else { continue };
        let members = || tree.rows().filter(|id| unsigned.contains(id)).copied();
        let opened = if tree.is_whole() {
            if members().count() == tree.rows().count() {
                alone.entry(signer(batch.header())).or_default().push(batch.id());
            }
            Members::new(tree.rows().copied()).open(members())
        } else {
            tree.clone()
        };
        needed.insert(batch.id(), opened);
    }
    // Where all members are here and no other batch without a tree could be meant, none is needed.
    let mut without = needed.clone();
    for batches in alone.into_values() {
        if let [batch] = batches.as_slice() {
            without.remove(batch);
        }
    }
    if check(statements, &without).is_ok() { without } else { needed }
}

fn signer(header: &Header) -> (&str, KeyId) {
    (&header.issuer, header.key)
}
