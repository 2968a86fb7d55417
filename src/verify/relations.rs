//! Structural claims: decided where rows or opened trees are at hand, else marked as asserted.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::{Bound, Code, Finding, FindingCode, Node, Rejection, Verifier};
use crate::id::{IndexId, ManifestId};
use crate::lineage::{Relation, TreeName};
use crate::manifest::relation::{Claim, Decidable, Given};
use crate::manifest::{Composite, Evidence, Index, Manifest, ManifestSource, Mounts, Sha256Index};
use crate::proof::{LineageProof, Statement};
use crate::text::excerpt;
use crate::tree::Judgement;

/// Whether a structural claim holds; unknown where the rows it is about are not at hand.
///
/// A claim about an index is one about the index that the source declares
/// ([`ManifestSource::declared`]). On `content` a composite is all its parts together, so the
/// source has to give it and each of them, or at least all of its mounts.
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
    let declared = |of, rule: &str| source.declared(of, rule);
    let left = Cell::new(usize::MAX);
    let at_hand =
        AtHand { source: Some(source), evidence: &nothing, declared: &declared, left: &left };
    at_hand.claim(relation).ok().flatten().map_or(Judgement::Unknown, Decidable::judge)
}

/// Checks every relation of every activity; a false one rejects the proof.
///
/// So does a dataset that its own trees contradict: nothing that its maker says of it counts.
/// What is opened of the trees but does not decide a relation leaves it asserted.
/// On an index a relation is about the one that a believed `dataset` statement declares.
///
/// Those that hold, by the place of the activity in the proof and their number in it.
pub(super) fn check(
    verifier: &Verifier<'_>,
    proof: &LineageProof,
    facts: &Facts,
    findings: &mut Vec<Finding>,
) -> Result<BTreeSet<(usize, usize)>, Rejection> {
    let (source, budget) = (verifier.manifests, verifier.budget.rows);
    let evidence = proof.evidence();
    if let Some(fraud) = evidence.manifests().find_map(|id| evidence.contradiction(id)) {
        return Err(Rejection::new(Code::Contradiction, Node::Manifest(fraud.manifest)));
    }
    let declared = declared(proof, facts);
    let index = |of, rule: &str| declared.get(&(of, rule)).copied().flatten();
    let left = Cell::new(budget);
    let at_hand = AtHand { source, evidence: proof.evidence(), declared: &index, left: &left };
    mounted(proof, &at_hand, findings);
    let mut proven = BTreeSet::new();
    for (place, statement) in proof.statements().iter().enumerate() {
        let Statement::Activity(activity) = statement else { continue };
        for (number, relation) in activity.payload().relations.iter().enumerate() {
            let exceeded = || Rejection::over(Bound::Rows, Node::Statement(activity.id()));
            let code = match at_hand.claim(relation).map_err(|Exceeded| exceeded())? {
                None => FindingCode::RelationAsserted,
                Some(claim) => {
                    at_hand.spend(claim.work()).map_err(|Exceeded| exceeded())?;
                    match claim.judge() {
                        Judgement::Holds => {
                            proven.insert((place, number));
                            FindingCode::RelationProven
                        }
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
    Ok(proven)
}

/// Datasets that the proof names, mounted in composites that are known to be so.
///
/// Reads each mount once, of those that the evidence opens and of those that the caller has.
fn mounted(proof: &LineageProof, at_hand: &AtHand<'_>, findings: &mut Vec<Finding>) {
    let numbers = proof.numbers();
    let is_named = |id: &ManifestId| numbers.manifest(id).is_some();
    let others = proof.evidence().manifests().filter(|id| !is_named(id));
    for composite in numbers.manifests().copied().chain(others) {
        let Some(mounts) = at_hand.mounts(composite) else { continue };
        let mut told = BTreeSet::new();
        for mount in mounts.rows {
            let part = mount.manifest();
            // One that is mounted often is told once, with the first name in the order of the tree.
            if is_named(&part) && told.insert(part) {
                let detail = format!("in {composite} at {}", excerpt(&mount.name));
                findings.push(Finding::new(FindingCode::Mounted, Node::Manifest(part), detail));
            }
        }
    }
}

/// The index of each dataset and rule that believed statements declare; none where they disagree.
fn declared<'a>(
    proof: &'a LineageProof,
    facts: &Facts,
) -> BTreeMap<(ManifestId, &'a str), Option<IndexId>> {
    let mut declared = BTreeMap::new();
    for (place, statement) in proof.statements().iter().enumerate() {
        let Statement::Dataset(dataset) = statement else { continue };
        if !facts.is_believed(place, dataset.id()) {
            continue;
        }
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
    /// How many mounts, rows and opened items may still be read.
    left: &'a Cell<usize>,
}

/// More was to be read than the budget allows.
struct Exceeded;

impl<'a> AtHand<'a> {
    /// The relation with what is at hand of each dataset in it; `None` where some of it is missing.
    ///
    /// Of each dataset all rows where they are at hand, else what the proof opens: rows tell
    /// whatever a tree over them does.
    fn claim<'t>(&self, relation: &'t Relation) -> Result<Option<Decidable<'a, 't>>, Exceeded> {
        let Relation { of, with, kind, tree } = relation;
        let with = with.iter().copied();
        let exceeded = Cell::new(false);
        let mounts = |id| {
            let mounts = self.mounts(id)?;
            // What is not read is not known.
            let spent = self.spend(mounts.rows.len().max(1));
            exceeded.set(exceeded.get() || spent.is_err());
            spent.ok().map(|()| mounts)
        };
        let claim = Claim::new(*kind, tree, *of, with, &mounts);
        if exceeded.get() {
            return Err(Exceeded);
        }
        let find = |id| self.rows(id, tree).or_else(|| self.opened(id, tree));
        Ok(claim.and_then(|claim| claim.given(tree, find)))
    }

    /// Takes work off what is left.
    fn spend(&self, work: usize) -> Result<(), Exceeded> {
        self.left.set(self.left.get().checked_sub(work).ok_or(Exceeded)?);
        Ok(())
    }

    /// What is mounted in a composite; `None` where nobody knows it as one.
    fn mounts(&self, id: ManifestId) -> Option<Mounts<'a>> {
        let rows = self.composite(id).map(|composite| composite.mounts().iter().collect());
        let known = rows.map(|rows| Mounts { rows, is_whole: true });
        known.or_else(|| self.evidence.mounts_of(id))
    }

    fn composite(&self, id: ManifestId) -> Option<&'a Composite> {
        self.source?.composite(id).filter(|composite| composite.id() == id)
    }

    fn manifest(&self, id: ManifestId) -> Option<&'a Manifest> {
        self.source?.manifest(id).filter(|manifest| manifest.id() == id)
    }

    /// All rows, from the caller. A source that answers with something else has not answered.
    fn rows(&self, id: ManifestId, tree: &TreeName) -> Option<Given<'a>> {
        match tree {
            TreeName::Content => self.manifest(id).map(Given::All),
            TreeName::Parts => {
                let mounts = || self.composite(id).map(Given::Mounts);
                self.manifest(id).map(Given::All).or_else(mounts)
            }
            // What an index is declared as, it may not be.
            TreeName::Index(rule) if rule == Sha256Index::RULE => {
                let declared = (self.declared)(id, rule)?;
                let index = self.source?.sha256(declared)?;
                let is_it = index.id() == declared && index.of() == id;
                let manifest = self.manifest(id).filter(|_| is_it)?;
                Some(Given::Sha256(index.rows(manifest)))
            }
            TreeName::Index(rule) => {
                let declared = (self.declared)(id, rule)?;
                let index = self.source?.records(declared)?;
                let is_it = index.id() == declared && index.of() == id;
                // What it leaves out might decide.
                let is_whole = index.files().is_none();
                let is_it = is_it && is_whole && index.rule().to_string() == *rule;
                is_it.then_some(Given::Records(index))
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
