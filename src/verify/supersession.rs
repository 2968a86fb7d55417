//! Registrations that replace others: what a record says of the one before it.
//!
//! A registrar may say by an event that a title ended or passed to others, or issue a record that says so.
//! Both come to the same: the record counts against whoever held the title if its issuer is the
//! registration's, from when it was issued and never before it is proven to exist, even if its
//! key was revoked since. Whoever it names goes on holding what he held.

use std::collections::{BTreeMap, BTreeSet};

use super::events::{Heard, believed};
use super::facts::Facts;
use super::{Finding, FindingCode, Node};
use crate::id::StatementId;
use crate::proof::Statement;
use crate::rights::{Registration, RegistrationKind, effective_from};
use crate::statement::Signed;
use crate::timestamp::Timestamp;
use crate::trust::{Authorities, Role};

/// What a record takes from whoever held the title that it replaces.
pub(super) struct Supersession<'a> {
    /// The record.
    pub(super) by: StatementId,
    /// Whoever holds it still, as long as the record says so.
    pub(super) claimants: BTreeSet<&'a str>,
    /// From when it counts against all others.
    pub(super) from: Timestamp,
    /// Whether its issuer is believed in both and its key beyond doubt, so that it may count in favour of others.
    pub(super) sure: bool,
}

/// Per registration that is replaced.
pub(super) type Supersessions<'a> = BTreeMap<StatementId, Vec<Supersession<'a>>>;

/// Applies the records of a proof that replace others.
pub(super) fn apply<'a>(
    heard: &Heard<'a>,
    authorities: &Authorities<'_>,
    facts: &mut Facts,
    findings: &mut Vec<Finding>,
) -> Supersessions<'a> {
    let mut found = Supersessions::new();
    for (place, statement) in heard.proof.statements().iter().enumerate() {
        let Statement::Registration(record) = statement else { continue };
        let Some(replaced) = record.payload().supersedes else { continue };
        let Some(target) = heard.statement(replaced) else { continue };
        let (kind, issuer) = (record.payload().kind, &record.header().issuer);
        let mut find = |code, detail: String| {
            findings.push(Finding::new(code, Node::Statement(replaced), detail));
        };
        if !heard.is_issuer(record.header(), target.header(), facts.proven_by(record.id())) {
            find(FindingCode::RecordWithoutEffect, format!("{kind} by {issuer}"));
            continue;
        }
        let from = effective_from(record.payload().issued_at, facts.proven_by(record.id()));
        let code = match kind {
            RegistrationKind::Cancellation | RegistrationKind::Revocation => {
                facts.end(replaced, from);
                FindingCode::StatementRevoked
            }
            RegistrationKind::Transfer => FindingCode::TitleTransferred,
            RegistrationKind::Change
            | RegistrationKind::Correction
            | RegistrationKind::Initial
            | RegistrationKind::Renewal => FindingCode::RegistrationReplaced,
        };
        find(code, format!("{kind} by {issuer}, from {from}"));
        // It may be about another dataset than what it replaces, and its key believed about that alone.
        let (header, proven) = (record.header(), facts.proven_by(record.id()));
        let (roles, at) = (&[Role::Registrar], header.issued_at);
        let sure = facts.has_role(place)
            && !facts.doubts.contains_key(&record.id())
            && believed(authorities, header, roles, target, at, proven);
        let (by, claimants) = (record.id(), claimants(record));
        found.entry(replaced).or_default().push(Supersession { by, claimants, from, sure });
    }
    found
}

/// Whom a record names as holders; one that takes a title away names those who lose it.
fn claimants(record: &Signed<Registration>) -> BTreeSet<&str> {
    let registration = record.payload();
    if registration.kind.gives_title() {
        registration.registrants.iter().map(|who| who.iss.as_str()).collect()
    } else {
        BTreeSet::new()
    }
}
