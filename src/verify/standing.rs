//! Who may grant rights in a dataset: its claimants by registration, anchors, and those who saw what is public.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::roles::Speakers;
use super::title::{Title, Titles, replaced};
use super::{Finding, FindingCode, Node};
use crate::id::{ManifestId, StatementId};
use crate::limits::MAX_SUBLICENCES;
use crate::proof::{LineageProof, Statement};
use crate::rights::{
    Acts, Basis, Ended, Licence, Missing, Observation, SublicenceDimension, is_public,
    sublicence_exceeds,
};
use crate::statement::{Header, Signed};
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Authority, Role};

/// Why a licence counts, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its signer is an anchor for the dataset.
    Anchor,
    /// Its signer is the registered claimant by this registration.
    Claimant(StatementId),
    /// It was observed by a collector who is not believed for no other reason than that a delegation has ended,
    /// is contested or in doubt: it counts for what hurts and nothing else.
    Contested,
    /// It is a sublicence that grants in this what the licence above does not, and so nothing.
    Exceeds(SublicenceDimension),
    /// It grants nothing.
    None(Missing),
    /// It was observed by a collector who is believed.
    Observed,
    /// It is a sublicence of one that has standing, and within it.
    Sublicence,
    /// It was observed by a collector who is believed, and nobody here knows all of its terms.
    Unreadable,
}

/// Nobody judged it.
impl Default for Standing {
    fn default() -> Self {
        Self::None(Missing::Standing)
    }
}

impl Standing {
    /// Whether it is one that has standing, or would have if it granted less.
    pub(super) const fn is_sublicence(self) -> bool {
        matches!(self, Self::Exceeds(_) | Self::Sublicence)
    }

    /// Whether what has it counts.
    pub(super) const fn counts(self) -> bool {
        match self {
            Self::Anchor | Self::Claimant(_) | Self::Observed | Self::Sublicence => true,
            Self::Contested | Self::Exceeds(_) | Self::None(_) | Self::Unreadable => false,
        }
    }
}

/// Judges the standing of every licence and preference, and what is known of disputes about titles.
pub(super) fn judge(
    speakers: Speakers<'_, '_>,
    proof: &LineageProof,
    titles: &Titles<'_>,
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) {
    for (manifest, titles) in titles {
        if !titles.is_empty() {
            facts.titled.insert(*manifest);
        }
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
        let ((standing, by), without) = match statement {
            Statement::Licence(licence) => {
                let standing = match licence.payload().parent {
                    Some(parent) => {
                        of_sublicence(speakers.trusted, licence, (parent, proof), facts)
                    }
                    None => of_licence(speakers, licence, titles, facts),
                };
                if matches!(standing, (Standing::None(_), _)) {
                    let (header, of) = (licence.header(), licence.payload());
                    let grant = Grant::new(header, of.manifest, header.issued_at);
                    let is_grant = of.basis == Basis::Granted && of.parent.is_none();
                    let might_grant = || might_grant(speakers.trusted, grant, titles, facts);
                    let by = is_grant.then(might_grant).flatten();
                    facts.doubtful_grants.extend(by.map(|by| (licence.id(), by)));
                }
                (standing, FindingCode::LicenceWithoutStanding)
            }
            Statement::Preference(preference) => {
                let seen = &preference.payload().observation;
                let proven = facts.proven_by(preference.id());
                let by = of_observation(speakers, preference.header(), seen, proven);
                (by, FindingCode::SignerNotTrusted)
            }
            Statement::Activity(_)
            | Statement::Assessment(_)
            | Statement::Batch(_)
            | Statement::Consent(_)
            | Statement::Dataset(_)
            | Statement::Delegation(_)
            | Statement::Event(_)
            | Statement::Registration(_)
            | Statement::Transaction(_) => continue,
        };
        let id = statement.id();
        facts.rests_on(id, by);
        if let Standing::Claimant(registration) = standing {
            facts.rests_on_all_of(id, registration);
        }
        if let (Statement::Licence(licence), Standing::Sublicence) = (statement, standing)
            && let Some(parent) = licence.payload().parent
        {
            facts.rests_on_all_of(id, parent);
        }
        if let Standing::Exceeds(dimension) = standing {
            let code = FindingCode::SublicenceTooBroad;
            findings.push(Finding::new(code, Node::Statement(id), dimension.to_string()));
        }
        let lacks = match standing {
            Standing::Contested => Some(Missing::Trust),
            Standing::None(missing) => Some(missing),
            Standing::Unreadable => Some(Missing::Licence),
            Standing::Anchor
            | Standing::Claimant(_)
            | Standing::Exceeds(_)
            | Standing::Observed
            | Standing::Sublicence => None,
        };
        if let Some(missing) = lacks {
            let detail = format!("{missing}: {}", statement.header().issuer);
            findings.push(Finding::new(without, Node::Statement(id), detail));
        }
        facts.standing.insert(id, standing);
    }
}

/// Why a licence counts, and by what authority of its signer.
fn of_licence<'a, 'b>(
    speakers: Speakers<'a, 'b>,
    licence: &Signed<Licence>,
    titles: &Titles<'_>,
    facts: &Facts,
) -> (Standing, Vec<&'b Authority<'a>>) {
    let (header, payload) = (licence.header(), licence.payload());
    let proven = facts.proven_by(licence.id());
    if let (Basis::Observed, Some(observation)) = (payload.basis, &payload.observation) {
        let standing = of_observation(speakers, header, observation, proven);
        let public = payload.spdx.as_deref().is_some_and(is_public);
        return match standing {
            (Standing::Observed, by) if !public => (Standing::Unreadable, by),
            standing => standing,
        };
    }
    of_grantor(speakers.trusted, Grant::new(header, payload.manifest, proven), titles, facts)
}

/// A sublicence counts if its signer is who he says, and grants no more of the same dataset than a licence above
/// that counts itself; whether that let him grant, and to whom, is asked with each use.
fn of_sublicence<'a, 'b>(
    authorities: &'b Authorities<'a>,
    licence: &Signed<Licence>,
    (parent, proof): (StatementId, &LineageProof),
    facts: &Facts,
) -> (Standing, Vec<&'b Authority<'a>>) {
    let (header, payload) = (licence.header(), licence.payload());
    let nothing = |missing| (Standing::None(missing), Vec::new());
    let Some(parent) = proof.statement(parent).and_then(Statement::as_licence) else {
        return nothing(Missing::Standing);
    };
    // Parents stand before what refers to them.
    let above = facts.standing.get(&parent.id()).copied().unwrap_or_default();
    if parent.payload().manifest != payload.manifest || !above.counts() {
        return nothing(Missing::Standing);
    }
    let mut depth = 1_usize;
    let mut next = parent.payload().parent;
    while let Some(one) = next.and_then(|id| proof.statement(id)?.as_licence()) {
        depth = depth.saturating_add(1);
        next = one.payload().parent.filter(|_| depth <= MAX_SUBLICENCES);
    }
    if depth > MAX_SUBLICENCES {
        return nothing(Missing::Standing);
    }
    let proven = facts.proven_by(licence.id());
    let at = header.issued_at;
    let Some(by) = authorities.identifies_claimant(header, &payload.manifest, at, proven) else {
        return nothing(Missing::Trust);
    };
    let standing = match sublicence_exceeds(payload, parent.payload()) {
        Some(dimension) => Standing::Exceeds(dimension),
        None => Standing::Sublicence,
    };
    (standing, vec![by])
}

/// Whoever says that he saw something at a source has to be a collector for it when he looked, and still when
/// he said so. That he was one by his own date is enough for what hurts.
fn of_observation<'a, 'b>(
    Speakers { trusted, heard }: Speakers<'a, 'b>,
    header: &Header,
    seen: &Observation,
    proven: Timestamp,
) -> (Standing, Vec<&'b Authority<'a>>) {
    let collects = [Role::Collector];
    let dates = [seen.time, header.issued_at];
    let by = dates.map(|at| trusted.believes(header, &collects, &seen.source, at, proven));
    if let Some(by) = by.into_iter().collect::<Option<Vec<_>>>() {
        return (Standing::Observed, by);
    }
    let claimed = header.issued_at;
    let may_collect = |at| heard.believes(header, &collects, &seen.source, at, claimed).is_some();
    if dates.into_iter().all(may_collect) {
        (Standing::Contested, Vec::new())
    } else {
        (Standing::None(Missing::Trust), Vec::new())
    }
}

/// Somebody grants rights in something.
#[derive(Clone, Copy)]
pub(super) struct Grant<'a> {
    header: &'a Header,
    manifest: ManifestId,
    /// Claimed.
    at: Timestamp,
    proven: Timestamp,
}

impl<'a> Grant<'a> {
    /// When it was signed, and by when that is proven.
    pub(super) const fn new(header: &'a Header, manifest: ManifestId, proven: Timestamp) -> Self {
        Self { header, manifest, at: header.issued_at, proven }
    }

    /// When it was made, as claimed.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }

    /// The same, made only later because others had to sign as well.
    pub(super) fn completed(self, at: Timestamp, proven: Timestamp) -> Self {
        Self { at: self.at.max(at), proven: self.proven.max(proven), ..self }
    }
}

/// By what right somebody may grant: as an anchor, or as the registered claimant.
pub(super) fn of_grantor<'a, 'b>(
    authorities: &'b Authorities<'a>,
    grant: Grant<'_>,
    titles: &Titles<'_>,
    facts: &Facts,
) -> (Standing, Vec<&'b Authority<'a>>) {
    let Grant { header, manifest, at, proven } = grant;
    if let Some(by) = authorities.believes(header, &[Role::RightsHolder], &manifest, at, proven) {
        return (Standing::Anchor, vec![by]);
    }
    // Claimants are compared by `iss`, so the trust store must say whose it is.
    let by = authorities.identifies_claimant(header, &manifest, at, proven);
    let Some(by) = by else {
        return (Standing::None(Missing::Trust), Vec::new());
    };
    let standing = claimant(grant, titles.get(&manifest).map_or(&[], Vec::as_slice), facts);
    (standing, vec![by])
}

/// By what right somebody could grant if all dates are believed, and whatever is contested or in doubt.
///
/// Not if by his own date his right had ended, nor if he never had one.
pub(super) fn might_grant(
    authorities: &Authorities<'_>,
    grant: Grant<'_>,
    titles: &Titles<'_>,
    facts: &Facts,
) -> Option<Standing> {
    let claimed = Grant { proven: grant.at, ..grant };
    let (standing, _) = of_grantor(authorities.adverse(), claimed, titles, facts);
    Some(standing).filter(|one| !matches!(one, Standing::None(Missing::Standing | Missing::Trust)))
}

/// Standing by registration at the time of the grant.
///
/// The grant was made at some time from its date, which is a claim, until it is proven to exist.
/// A title has to cover all of that time; another one that covers any of it stands against it.
fn claimant(grant: Grant<'_>, titles: &[Title<'_>], facts: &Facts) -> Standing {
    let (issuer, granted_at) = (grant.header.issuer.as_str(), grant.at);
    let proven = grant.proven.max(granted_at);
    let grant = Acts { earliest: granted_at, latest: granted_at, proven };
    let mut claims: BTreeSet<Vec<&str>> = BTreeSet::new();
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
                claims.insert(span.claimants.keys().copied().collect());
                live.insert(title.id);
            }
            if span.from > granted_at || !span.claimants.contains_key(issuer) {
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
