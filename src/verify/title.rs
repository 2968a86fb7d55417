//! Who may grant rights in a dataset: its claimants by registration, anchors, and those who saw a public licence.

use std::collections::{BTreeMap, BTreeSet};

use super::events::{TitleChange, TitleChanges};
use super::facts::Facts;
use super::supersession::{Supersession, Supersessions};
use super::{Finding, FindingCode, Node};
use crate::id::{ManifestId, StatementId};
use crate::proof::{LineageProof, Statement};
use crate::rights::{Acts, Basis, Ended, EventKind, Licence, Missing, Registration, is_public};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Authority, Role};

/// Why a licence counts, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its signer is an anchor for the dataset.
    Anchor,
    /// Its signer is the registered claimant by this registration.
    Claimant(StatementId),
    /// It grants nothing.
    None(Missing),
    /// It was observed by a collector who is believed.
    Observed,
}

/// A registration by a believed registrar, with what became of it.
struct Title<'a> {
    id: StatementId,
    spans: Vec<Span<'a>>,
    /// By the records that replace it.
    superseded: &'a [Supersession<'a>],
    /// Why it gives no standing; it stands against others all the same.
    doubt: Option<Missing>,
}

/// Some claimants and their time.
struct Span<'a> {
    claimants: BTreeSet<&'a str>,
    /// From when, as claimed; inclusive.
    from: Timestamp,
    /// From when beyond doubt, as far as that differs: an adverse event bears on how they came to it.
    proven_from: Timestamp,
    /// The same if one does.
    proven: Timestamp,
    /// Until when, with every event that hurts them; exclusive.
    end: Timestamp,
    /// Until when, by events beyond doubt alone; exclusive. Until then they stand against others.
    sure_end: Timestamp,
    /// Whether what gave it to them counts in their favour.
    favoured: bool,
}

type Titles<'a> = BTreeMap<ManifestId, Vec<Title<'a>>>;

/// Judges the standing of every licence, and what is known of disputes about titles.
pub(super) fn judge(
    authorities: &Authorities<'_>,
    proof: &LineageProof,
    changes: (&TitleChanges<'_>, &Supersessions<'_>),
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) {
    let titles = titles(proof, changes, facts);
    for (manifest, titles) in &titles {
        for title in titles {
            if let Some(disputes) = facts.disputes.get(&title.id) {
                facts.title_disputes.entry(*manifest).or_default().extend(disputes);
            }
            if facts.incomplete.contains(&title.id) {
                facts.incomplete_titles.insert(*manifest);
            }
        }
    }
    for statement in proof.statements() {
        let Statement::Licence(licence) = statement else { continue };
        let (standing, by) = standing(authorities, licence, &titles, facts);
        facts.rests_on(licence.id(), by);
        if let Standing::Claimant(registration) = standing {
            facts.rests_on_all_of(licence.id(), registration);
        }
        if let Standing::None(missing) = standing {
            let node = Node::Statement(licence.id());
            let detail = format!("{missing}: {}", licence.header().issuer);
            findings.push(Finding::new(FindingCode::LicenceWithoutStanding, node, detail));
        }
        facts.standing.insert(licence.id(), standing);
    }
}

/// The titles that registrars gave. A record that takes one away gives none.
fn titles<'a>(
    proof: &'a LineageProof,
    (changes, superseded): (&'a TitleChanges<'a>, &'a Supersessions<'a>),
    facts: &Facts,
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
            let title = Title { id, spans, superseded, doubt };
            titles.entry(registration.manifest).or_default().push(title);
        }
    }
    titles
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
    let registrants = || registration.registrants.iter().map(|who| who.iss.as_str()).collect();
    let given = |change: &&'a TitleChange<'a>| -> BTreeSet<&str> {
        change.event.payload().to.iter().map(|one| one.iss.as_str()).collect()
    };
    let holders: BTreeSet<&str> = transfers.last().map_or_else(registrants, given);
    // What may have come after the last holder: nothing, or an end that is known now.
    let mut contested = ends.iter().any(|end| end.from <= facts.now())
        || superseded.iter().any(|one| !holders.is_subset(&one.claimants));
    let mut spans = Vec::with_capacity(transfers.len().saturating_add(1));
    for change in transfers.into_iter().rev() {
        let (event, header) = (change.event.payload(), change.event.header());
        let from = event.effective.max(header.issued_at);
        let proven = facts.proven_by(change.event.id());
        spans.push(Span {
            claimants: given(&change),
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
        from: registration.issued_at,
        proven_from: registration.issued_at,
        proven: registration.issued_at,
        end,
        sure_end,
        favoured: true,
    });
    spans
}

/// Why a licence counts, and by what authority of its signer.
fn standing<'a, 'b>(
    authorities: &'b Authorities<'a>,
    licence: &Signed<Licence>,
    titles: &Titles<'_>,
    facts: &Facts,
) -> (Standing, Vec<&'b Authority<'a>>) {
    let (header, payload) = (licence.header(), licence.payload());
    let proven = facts.proven_by(licence.id());
    if let (Basis::Observed, Some(observation)) = (payload.basis, &payload.observation) {
        let public = payload.spdx.as_deref().is_some_and(is_public);
        // He has to be one when he looked, and still when he said so.
        let roles = &[Role::Collector];
        let by = [observation.time, header.issued_at]
            .map(|at| authorities.believes(header, roles, &observation.source, at, proven));
        let collector: Option<Vec<_>> = by.into_iter().collect();
        return match (collector, public) {
            (Some(by), true) => (Standing::Observed, by),
            (Some(_), false) => (Standing::None(Missing::Licence), Vec::new()),
            (None, _) => (Standing::None(Missing::Trust), Vec::new()),
        };
    }
    // A sublicence would have to be held against its parent, which nothing does yet.
    if payload.parent.is_some() {
        return (Standing::None(Missing::Standing), Vec::new());
    }
    let manifest = payload.manifest;
    let granted_at = header.issued_at;
    if let Some(by) =
        authorities.believes(header, &[Role::RightsHolder], &manifest, granted_at, proven)
    {
        return (Standing::Anchor, vec![by]);
    }
    // Claimants are compared by `iss`, so the trust store must say whose it is.
    let by = authorities.identifies_claimant(header, &manifest, granted_at, proven);
    let Some(by) = by else {
        return (Standing::None(Missing::Trust), Vec::new());
    };
    let standing = claimant(licence, titles.get(&manifest).map_or(&[], Vec::as_slice), facts);
    (standing, vec![by])
}

/// Standing by registration at the time of the grant.
///
/// The grant was made at some time from its date, which is a claim, until it is proven to exist.
/// A title has to cover all of that time; another one that covers any of it stands against it.
fn claimant(licence: &Signed<Licence>, titles: &[Title<'_>], facts: &Facts) -> Standing {
    let granted_at = licence.header().issued_at;
    let proven = facts.proven_by(licence.id()).max(granted_at);
    let grant = Acts { earliest: granted_at, latest: granted_at, proven };
    let issuer = licence.header().issuer.as_str();
    let mut claims: BTreeSet<&BTreeSet<&str>> = BTreeSet::new();
    let mut live: BTreeSet<StatementId> = BTreeSet::new();
    let mut by = None;
    let mut missing = BTreeSet::new();
    for (title, end) in titles.iter().zip(replaced(issuer, titles)) {
        let sure_end = title.superseded.iter().filter(|one| one.sure).map(|one| one.from).min();
        let earlier = |a: Timestamp, b: Option<Timestamp>| b.map_or(a, |b| a.min(b));
        let contested = end.is_some_and(|end| end <= facts.now());
        for span in &title.spans {
            if span.from > proven {
                continue;
            }
            if grant.ended_by(earlier(span.sure_end, sure_end)) != Ended::After {
                claims.insert(&span.claimants);
                live.insert(title.id);
            }
            if span.from > granted_at || !span.claimants.contains(issuer) {
                continue;
            }
            let since = if contested { span.proven } else { span.proven_from };
            match (grant.ended_by(earlier(span.end, end)), title.doubt) {
                (Ended::After, _) => {}
                (_, Some(doubt)) => {
                    missing.insert(doubt);
                }
                (Ended::Before, None) if span.favoured && since <= granted_at => {
                    by = Some(title.id);
                }
                (Ended::Before | Ended::Unproven, None) => {
                    missing.insert(Missing::ActTimeUnproven);
                }
            }
        }
    }
    match by {
        _ if missing.contains(&Missing::SequenceConflict) => {
            Standing::None(Missing::SequenceConflict)
        }
        // Two live titles with different claimants stand against each other.
        _ if live.len() > 1 && claims.len() > 1 => Standing::None(Missing::Disputed),
        Some(id) => Standing::Claimant(id),
        None => Standing::None(missing.first().copied().unwrap_or(Missing::Standing)),
    }
}

/// Until when each title is one for `issuer` as far as records replace it, exclusive; titles are in the
/// order of the proof, so that whatever replaces one stands after it.
///
/// Whoever a record names held the title all the time, until he holds it by the record no longer. One of
/// another dataset, and one whose issuer is not believed, is no title here and carries nobody on.
fn replaced(issuer: &str, titles: &[Title<'_>]) -> Vec<Option<Timestamp>> {
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
