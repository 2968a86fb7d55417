//! Structural claims: decided where rows or opened trees are at hand, else marked as asserted.

use std::collections::BTreeMap;

use super::facts::Facts;
use super::{Code, Finding, FindingCode, Node, Rejection};
use crate::id::{IndexId, ManifestId};
use crate::lineage::{Relation, TreeName};
use crate::manifest::relation::{Given, judge};
use crate::manifest::{Evidence, Index, ManifestSource};
use crate::proof::{LineageProof, Statement};
use crate::tree::Judgement;

/// Whether a structural claim holds; unknown where the rows it is about are not at hand, and of indexes,
/// which only statements in a proof declare.
///
/// What [`Verifier::verify`](super::Verifier::verify) asks of every claim in a proof, for whoever
/// is about to sign one. Takes time and memory for all rows, without a budget.
///
/// ```
/// use datadeed::lineage::{Relation, RelationKind, TreeName};
/// use datadeed::manifest::{FileEntry, Manifest, NameProfile};
/// use datadeed::tree::Judgement;
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
/// assert_eq!(verify::judge_relation(&kept, &rows), Judgement::Holds);
/// assert_eq!(verify::judge_relation(&claimed, &rows), Judgement::Fails);
/// assert_eq!(verify::judge_relation(&kept, &rows[..1].to_vec()), Judgement::Unknown);
/// # Ok::<(), datadeed::manifest::ManifestError>(())
/// ```
pub fn judge_relation(relation: &Relation, source: &dyn ManifestSource) -> Judgement {
    let nothing = Evidence::default();
    let at_hand = AtHand { source: Some(source), evidence: &nothing, declared: &|_, _| None };
    at_hand.given(relation).map_or(Judgement::Unknown, |given| decide(relation, &given))
}

/// Checks every relation of every activity; a false one rejects the proof.
///
/// So does a dataset that its own trees contradict: nothing that its maker says of it counts.
/// What is opened of the trees but does not decide a relation leaves it asserted.
/// On an index a relation is about the one that a believed `dataset` statement declares.
pub(super) fn check(
    proof: &LineageProof,
    source: Option<&dyn ManifestSource>,
    facts: &Facts,
    budget: usize,
    findings: &mut Vec<Finding>,
) -> Result<(), Rejection> {
    let evidence = proof.evidence();
    if let Some(fraud) = evidence.manifests().find_map(|id| evidence.contradiction(id)) {
        return Err(Rejection::new(Code::Contradiction, Node::Manifest(fraud.manifest)));
    }
    let declared = declared(proof, facts);
    let index = |of, rule: &str| declared.get(&(of, rule)).copied().flatten();
    let at_hand = AtHand { source, evidence: proof.evidence(), declared: &index };
    let mut left = budget;
    for statement in proof.statements() {
        let Statement::Activity(activity) = statement else { continue };
        for relation in &activity.payload().relations {
            let code = match at_hand.given(relation) {
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

/// The index of each dataset and rule that believed statements declare; none where they disagree.
fn declared<'a>(
    proof: &'a LineageProof,
    facts: &Facts,
) -> BTreeMap<(ManifestId, &'a str), Option<IndexId>> {
    let mut declared = BTreeMap::new();
    let datasets = proof.statements().iter().filter_map(Statement::as_dataset);
    for dataset in datasets.filter(|dataset| facts.believed.contains(&dataset.id())) {
        let dataset = dataset.payload();
        for index in &dataset.indexes {
            declared
                .entry((dataset.manifest, index.rule.as_str()))
                .and_modify(|id: &mut Option<IndexId>| *id = id.filter(|id| *id == index.id))
                .or_insert(Some(index.id));
        }
    }
    declared
}

/// What there is to decide relations by.
struct AtHand<'a> {
    source: Option<&'a dyn ManifestSource>,
    evidence: &'a Evidence,
    /// The index of a dataset by a rule.
    declared: &'a dyn Fn(ManifestId, &str) -> Option<IndexId>,
}

impl<'a> AtHand<'a> {
    /// What is at hand of what the relation is about, then of what that is compared with; `None`
    /// where some of it is missing.
    ///
    /// Of each dataset all rows where they are at hand, else what the proof opens: rows tell
    /// whatever a tree over them does.
    fn given(&self, relation: &Relation) -> Option<Vec<Given<'a>>> {
        let ids = std::iter::once(&relation.of).chain(&relation.with);
        let tree = &relation.tree;
        ids.map(|id| self.rows(*id, tree).or_else(|| self.opened(*id, tree))).collect()
    }

    /// All rows, from the caller. A source that answers with something else has not answered.
    fn rows(&self, id: ManifestId, tree: &TreeName) -> Option<Given<'a>> {
        let source = self.source?;
        match tree {
            TreeName::Content | TreeName::Parts => {
                source.manifest(id).filter(|manifest| manifest.id() == id).map(Given::All)
            }
            TreeName::Index(rule) => {
                let declared = (self.declared)(id, rule)?;
                let index = source.records(declared).filter(|index| index.id() == declared)?;
                // What it is declared as, it may not be.
                let is_it = index.of() == id && index.rule().to_string() == *rule;
                // What it leaves out might decide.
                let is_whole = index.files().is_none();
                (is_it && is_whole).then_some(Given::Records(index))
            }
        }
    }

    fn opened(&self, id: ManifestId, tree: &TreeName) -> Option<Given<'a>> {
        if let TreeName::Index(rule) = tree
            && (self.declared)(id, rule) != self.evidence.index(id, rule).map(Index::id)
        {
            return None;
        }
        self.evidence.comparable(id, tree).map(Given::Pruned)
    }
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
        Given::Records(index) => index.rows().len(),
    };
    rows.max(1)
}

fn decide(relation: &Relation, given: &[Given<'_>]) -> Judgement {
    match given.split_first() {
        Some((of, with)) => judge(relation.kind, &relation.tree, *of, with),
        None => Judgement::Unknown,
    }
}
