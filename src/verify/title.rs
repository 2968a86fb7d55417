//! Titles: what registrars gave to whom, from when until when, and for which versions of a dataset.

use std::collections::{BTreeMap, BTreeSet};

use super::events::{TitleChange, TitleChanges};
use super::facts::Facts;
use super::supersession::{Supersession, Supersessions};
use super::{Bound, Finding, FindingCode, Node, Rejection};
use crate::id::{ManifestId, StatementId};
use crate::lineage::{Activity, Relation, RelationKind, TreeName};
use crate::proof::{LineageProof, Statement};
use crate::rights::{Ended, EventKind, Missing, Registration};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::Authorities;

/// By `iss`, with their shares in hundredths of a percent where those are stated.
pub(super) type Claimants<'a> = BTreeMap<&'a str, Option<u64>>;

/// A registration by a believed registrar, with what became of it.
#[derive(Clone)]
pub(super) struct Title<'a> {
    pub(super) id: StatementId,
    /// In the proof.
    place: usize,
    pub(super) registration: &'a Registration,
    /// The latest first.
    pub(super) spans: Vec<Span<'a>>,
    /// The events that end it or give it to others.
    pub(super) changes: &'a [TitleChange<'a>],
    /// By the records that replace it.
    pub(super) superseded: &'a [Supersession<'a>],
    /// Why it gives no standing; it stands against others all the same.
    pub(super) doubt: Option<Missing>,
    /// By which step it covers a later version; absent for what was registered.
    pub(super) version: Option<Version>,
}

/// A later version of a growing dataset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// The step that added to the version before.
    pub(super) step: StatementId,
    /// From when there may have been one, as claimed or seen.
    pub(super) since: Timestamp,
}

/// Some claimants and their time.
#[derive(Clone)]
pub(super) struct Span<'a> {
    pub(super) claimants: Claimants<'a>,
    /// The transfer that gave it to them; none for the registrants.
    pub(super) by: Option<StatementId>,
    /// From when those before hold it no longer; of the registrants, from when it was issued.
    pub(super) since: Timestamp,
    /// From when, as claimed; inclusive.
    pub(super) from: Timestamp,
    /// From when beyond doubt, as far as that differs: an adverse event bears on how they came to it.
    pub(super) proven_from: Timestamp,
    /// The same if one does.
    pub(super) proven: Timestamp,
    /// Until when, with every event that hurts them; exclusive.
    pub(super) end: Timestamp,
    /// Until when, by events beyond doubt alone; exclusive. Until then they stand against others.
    pub(super) sure_end: Timestamp,
    /// Whether what gave it to them counts in their favour.
    pub(super) favoured: bool,
}

/// In the order of the proof.
pub(super) type Titles<'a> = BTreeMap<ManifestId, Vec<Title<'a>>>;

/// The titles that registrars gave. A record that takes one away gives none.
pub(super) fn given<'a>(
    proof: &'a LineageProof,
    (changes, superseded): (&'a TitleChanges<'a>, &'a Supersessions<'a>),
    facts: &Facts,
    findings: &mut Vec<Finding>,
) -> Titles<'a> {
    let mut titles = Titles::new();
    for (place, statement) in proof.statements().iter().enumerate() {
        let Statement::Registration(signed) = statement else { continue };
        let (id, registration) = (signed.id(), signed.payload());
        let contested = facts.contested.contains(&id);
        if registration.kind.gives_title() && (contested || facts.has_role(place)) {
            let changes = changes.get(&id).map_or(&[][..], Vec::as_slice);
            let superseded = superseded.get(&id).map_or(&[][..], Vec::as_slice);
            let spans = spans(registration, changes, superseded, facts);
            let doubts = facts.doubts.get(&id).and_then(|doubts| doubts.last().copied());
            let doubt = doubts.or(contested.then_some(Missing::Trust));
            let ends = registration.ends_at();
            if superseded.is_empty() && ends <= facts.now() {
                let (node, detail) = (Node::Statement(id), format!("on {ends}"));
                findings.push(Finding::new(FindingCode::TitleExpired, node, detail));
            }
            let version = None;
            let title =
                Title { id, place, registration, spans, changes, superseded, doubt, version };
            titles.entry(registration.manifest).or_default().push(title);
        }
    }
    titles
}

/// A step that left everything that was there in place and added to it, as was recomputed.
struct Growth<'a> {
    step: &'a Signed<Activity>,
    to: ManifestId,
}

/// Gives titles to the later versions of growing datasets that registrations cover.
///
/// A claimant who goes on adding to what he registered has the title to the new version, too, as long
/// as the registration says (更新): every row of the version before is in the new one, proven by rows or
/// evidence, and he took the step before `update_until`.
///
/// # Errors
///
/// [`Bound::Edges`] for more than `limit` to read of titles for versions, and of what is said of those.
pub(super) fn cover<'a>(
    authorities: &Authorities<'_>,
    proof: &'a LineageProof,
    titles: &mut Titles<'a>,
    (facts, limit): (&Facts, usize),
    findings: &mut Vec<Finding>,
) -> Result<(), Rejection> {
    let growths = growths(proof, facts);
    if growths.is_empty() {
        return Ok(());
    }
    let pairs = |(of, titles): (&ManifestId, &Vec<Title<'a>>)| {
        titles.iter().map(|title| (*of, title.clone())).collect::<Vec<_>>()
    };
    let mut open: Vec<(ManifestId, Title<'a>)> = titles.iter().flat_map(pairs).collect();
    let mut known = BTreeSet::new();
    let mut left = limit;
    while let Some((of, title)) = open.pop() {
        for Growth { step, to } in growths.get(&of).into_iter().flatten() {
            // What is read of a title is read again for whatever is said of the version.
            let read = title.spans.len().saturating_add(title.superseded.len());
            let numbers = proof.numbers();
            let about = numbers.manifest(to).map_or(0, |number| numbers.about.of(number).len());
            let read = read.saturating_mul(about.saturating_add(1));
            left = left
                .checked_sub(read.saturating_add(1))
                .ok_or_else(|| Rejection::over(Bound::Edges, Node::Statement(step.id())))?;
            let Some(covered) = title.extended(authorities, step, *to, facts) else { continue };
            if !known.insert((title.id, *to, covered.doubt)) {
                continue;
            }
            let detail = format!("by {}", title.id);
            let node = Node::Manifest(*to);
            findings.push(Finding::new(FindingCode::VersionCovered, node, detail));
            titles.entry(*to).or_default().push(covered.clone());
            open.push((*to, covered));
        }
    }
    for titles in titles.values_mut() {
        titles.sort_by_key(|title| title.place);
    }
    Ok(())
}

/// By the version before.
fn growths<'a>(proof: &'a LineageProof, facts: &Facts) -> BTreeMap<ManifestId, Vec<Growth<'a>>> {
    let mut growths: BTreeMap<ManifestId, Vec<Growth<'a>>> = BTreeMap::new();
    for (place, step) in proof.statements().iter().enumerate() {
        let Statement::Activity(step) = step else { continue };
        for relation in facts.proven_relations(place, step) {
            let Relation { of, with, kind, tree } = relation;
            let adds = *kind == RelationKind::SupersetOf && *tree == TreeName::Parts;
            for before in with.iter().filter(|before| adds && *before != of) {
                growths.entry(*before).or_default().push(Growth { step, to: *of });
            }
        }
    }
    growths
}

impl Title<'_> {
    /// The same for what a step made of its dataset, if it extends to that; in doubt where it may.
    fn extended(
        &self,
        authorities: &Authorities<'_>,
        step: &Signed<Activity>,
        to: ManifestId,
        facts: &Facts,
    ) -> Option<Self> {
        let (header, proven) = (step.header(), facts.proven_by(step.id()));
        authorities.identifies_claimant(header, &to, header.issued_at, proven)?;
        let (issuer, acts) = (header.issuer.as_str(), facts.acts(step));
        let by_records = self.superseded.iter().filter(|one| !one.claimants.contains(issuer));
        let by_records = by_records.map(|one| one.from).min();
        let until = self.registration.update_until?.min(by_records.unwrap_or(Timestamp::MAX));
        let held = self.spans.iter().filter(|span| {
            span.favoured
                && span.claimants.contains_key(issuer)
                && span.proven_from <= acts.earliest
        });
        let ends = held.map(|span| acts.ended_by(span.end.min(until)));
        let in_doubt = facts.doubts.get(&step.id()).and_then(|doubts| doubts.first().copied());
        let doubt = match ends.min_by_key(|ended| match ended {
            Ended::Before => 0,
            Ended::Unproven => 1,
            Ended::After => 2,
        })? {
            Ended::Before => in_doubt,
            Ended::Unproven => Some(in_doubt.unwrap_or(Missing::ActTimeUnproven)),
            Ended::After => return None,
        };
        let version = Some(Version { step: step.id(), since: acts.earliest });
        Some(Self { doubt: self.doubt.or(doubt), version, ..self.clone() })
    }
}

/// Who holds the title when: the registrants, and after each transfer whom that names.
///
/// A transfer counts against whoever held the title before from when it is effective, never before it is
/// proven to exist; in favour of the new claimants from its claimed time, or, where an adverse
/// event bears on the title, from when it is proven.
fn spans<'a>(
    registration: &'a Registration,
    changes: &'a [TitleChange<'a>],
    superseded: &[Supersession<'_>],
    facts: &Facts,
) -> Vec<Span<'a>> {
    let (mut transfers, ends): (Vec<&TitleChange<'_>>, Vec<&TitleChange<'_>>) =
        changes.iter().partition(|change| change.event.payload().kind == EventKind::Transfer);
    transfers.sort_by_key(|change| (change.event.payload().seq, change.event.id()));
    let term = registration.ends_at();
    let last = |sure: bool| {
        let ends = ends.iter().filter(|end| end.sure || !sure).map(|end| end.from);
        ends.fold(term, Timestamp::min)
    };
    let (mut end, mut sure_end) = (last(false), last(true));
    let registrants = || -> Claimants<'a> {
        registration.registrants.iter().map(|who| (who.iss.as_str(), who.share)).collect()
    };
    let given = |change: &&'a TitleChange<'a>| -> Claimants<'a> {
        change.event.payload().to.iter().map(|one| (one.iss.as_str(), one.share)).collect()
    };
    let holders = transfers.last().map_or_else(registrants, given);
    // What may have come after the last holder: nothing, or an end that is known now.
    let mut contested = ends.iter().any(|end| end.from <= facts.now())
        || superseded.iter().any(|one| !holders.keys().all(|who| one.claimants.contains(who)));
    let mut spans = Vec::with_capacity(transfers.len().saturating_add(1));
    for change in transfers.into_iter().rev() {
        let (event, header) = (change.event.payload(), change.event.header());
        let from = event.effective.max(header.issued_at);
        let proven = facts.proven_by(change.event.id());
        spans.push(Span {
            claimants: given(&change),
            by: Some(change.event.id()),
            since: change.from,
            from,
            proven_from: if contested { from.max(proven) } else { from },
            proven: from.max(proven),
            end,
            sure_end,
            favoured: change.favours,
        });
        contested |= change.from <= facts.now();
        end = end.min(change.from);
        if change.sure {
            sure_end = sure_end.min(change.from);
        }
    }
    spans.push(Span {
        claimants: registrants(),
        by: None,
        since: registration.issued_at,
        from: registration.issued_at,
        proven_from: registration.issued_at,
        proven: registration.issued_at,
        end,
        sure_end,
        favoured: true,
    });
    spans
}

/// Until when each title is one for `issuer` as far as records replace it, exclusive; titles are in the
/// order of the proof, so that whatever replaces one stands after it.
///
/// Whoever a record names held the title all the time, until he holds it by the record no longer. One of
/// another dataset, and one whose issuer is not believed, is no title here and carries nobody on.
pub(super) fn replaced(issuer: &str, titles: &[Title<'_>]) -> Vec<Option<Timestamp>> {
    let mut held: BTreeMap<StatementId, Timestamp> = BTreeMap::new();
    let mut ends = Vec::with_capacity(titles.len());
    for title in titles.iter().rev() {
        let until = |one: &Supersession<'_>| {
            let goes_on = one.claimants.contains(issuer).then(|| held.get(&one.by).copied());
            goes_on.flatten().unwrap_or(one.from)
        };
        let end = title.superseded.iter().map(until).min();
        // Of the registrants, whom a record names.
        let by_events = title.spans.last().map(|span| span.end);
        held.extend(end.into_iter().chain(by_events).min().map(|until| (title.id, until)));
        ends.push(end);
    }
    ends.reverse();
    ends
}
