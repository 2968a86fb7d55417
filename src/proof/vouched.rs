//! Which batches stand for which unsigned statements.

use std::collections::BTreeMap;

use super::lists::Lists;
use super::numbers::Numbers;
use super::{ProofError, Statement};
use crate::batch::{Batch, Members, check_headers};
use crate::id::StatementId;
use crate::statement::Signed;
use crate::tree::PrunedTree;

/// What is opened of the trees of batches; of a batch that is not here all members are in the proof.
pub(super) type Opened = BTreeMap<StatementId, PrunedTree<StatementId>>;

/// Finds the batches of every unsigned statement, and refuses a statement that has none.
///
/// A batch stands for the members that its tree shows. One without a tree stands for all unsigned
/// statements of its issuer and key for which no other batch does, and their tree is its own.
///
/// Gives for each statement, by place, the places of its batches: at least one for an unsigned one,
/// none for a signed one.
pub(super) fn check(
    statements: &[Statement],
    numbers: &Numbers,
    opened: &Opened,
) -> Result<Lists, ProofError> {
    let batches = batches(statements);
    if let Some(batch) = opened.keys().find(|id| !batches.contains_key(id)) {
        return Err(ProofError::UnreachableMembers { batch: *batch });
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut vouched = vec![false; statements.len()];
    for (id, tree) in opened {
        let Some((of, batch)) = batches.get(id) else { continue };
        if *tree.root() != batch.payload().tree {
            return Err(ProofError::BatchRoot { batch: *id });
        }
        for member in tree.rows() {
            let Some(place) = numbers.statement(member) else { continue };
            let unsigned = statements.get(place).filter(|one| !one.is_signed());
            if unsigned.is_some_and(|one| check_headers(batch.header(), one.header()).is_ok())
                && let Some(mark) = vouched.get_mut(place)
            {
                *mark = true;
                pairs.push((place, *of));
            }
        }
    }
    let mut left: BTreeMap<usize, Vec<(usize, &Statement)>> = BTreeMap::new();
    let all = statements.iter().zip(&vouched).zip(&numbers.signer_of).enumerate();
    for (place, ((statement, is_vouched), signer)) in all {
        if !statement.is_signed() && !is_vouched {
            left.entry(*signer).or_default().push((place, statement));
        }
    }
    for (id, (of, batch)) in batches.iter().filter(|(id, _)| !opened.contains_key(id)) {
        let signer = numbers.signer_of.get(*of);
        let members = signer.and_then(|signer| left.remove(signer)).unwrap_or_default();
        let sound = |one: &Statement| check_headers(batch.header(), one.header()).is_ok();
        let tree = Members::new(members.iter().map(|(_, one)| one.id())).root();
        if tree != batch.payload().tree || !members.iter().all(|(_, one)| sound(one)) {
            return Err(ProofError::BatchRoot { batch: *id });
        }
        pairs.extend(members.iter().map(|(place, _)| (*place, *of)));
    }
    match left.values().flatten().map(|(_, one)| one.id()).min() {
        None => Ok(Lists::of_pairs(statements.len(), pairs.into_iter())),
        Some(id) => Err(ProofError::Unvouched { id }),
    }
}

/// Refuses a tree that is opened as a whole where less would do.
pub(super) fn check_needed(
    statements: &[Statement],
    numbers: &Numbers,
    opened: &Opened,
) -> Result<(), ProofError> {
    if !opened.values().any(PrunedTree::is_whole) {
        return Ok(());
    }
    let needed = needed(statements, numbers, opened);
    match opened.iter().find(|(batch, tree)| needed.get(batch) != Some(tree)) {
        None => Ok(()),
        Some((batch, _)) => Err(ProofError::NeedlessMembers { batch: *batch }),
    }
}

/// What a proof has to open so that every batch in it shows those of its members that are `statements`.
///
/// `known` is what is known of the trees; where that is all of one, no more is opened than needed.
pub(super) fn needed(statements: &[Statement], numbers: &Numbers, known: &Opened) -> Opened {
    let is_unsigned = |id: &&StatementId| {
        let place = numbers.statement(id);
        place.and_then(|place| statements.get(place)).is_some_and(|one| !one.is_signed())
    };
    let mut needed = Opened::new();
    let mut alone: BTreeMap<usize, Vec<StatementId>> = BTreeMap::new();
    for (statement, signer) in statements.iter().zip(&numbers.signer_of) {
        let Statement::Batch(batch) = statement else { continue };
        let Some(tree) = known.get(&batch.id()) else { continue };
        let members = || tree.rows().filter(is_unsigned).copied();
        let opened = if tree.is_whole() {
            if members().count() == tree.rows().count() {
                alone.entry(*signer).or_default().push(batch.id());
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
    if check(statements, numbers, &without).is_ok() { without } else { needed }
}

/// Each batch by id, with its place.
fn batches(statements: &[Statement]) -> BTreeMap<StatementId, (usize, &Signed<Batch>)> {
    let batches = statements.iter().enumerate();
    let batches = batches.filter_map(|(place, one)| Some((place, one.as_batch()?)));
    batches.map(|(place, batch)| (batch.id(), (place, batch))).collect()
}
