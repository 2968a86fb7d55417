//! A lineage in a few lines.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{title, visible};
use crate::rights::Licence;
use crate::statement::Signed;
use crate::verify::{FindingCode, VerifiedLineage};

/// What the subject was made from, by whom, under which registrations and licences, with claimed and proven times.
///
/// One line a fact; claimed times stand beside the instants by which the
/// statements are proven to exist. Control characters of statements are left out.
pub fn text(lineage: &VerifiedLineage) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(text, "subject {}", lineage.subject());
    let _ = match lineage.status_as_of() {
        Some(as_of) => writeln!(text, "verified at {}, status of {as_of}", lineage.now()),
        None => writeln!(text, "verified at {}, no status", lineage.now()),
    };
    let mut activities: BTreeMap<String, usize> = BTreeMap::new();
    for activity in lineage.activities() {
        let claimed = activity.payload().started.unwrap_or(activity.header().issued_at);
        let line = format!(
            "{} by {}{}, claimed {claimed}, proven by {}",
            activity.payload().kind,
            visible(&activity.header().issuer),
            unless_believed(lineage.is_believed(activity.id())),
            lineage.proven_by(activity.id()),
        );
        let count = activities.entry(line).or_default();
        *count = count.saturating_add(1);
    }
    for (activity, count) in activities {
        let _ = writeln!(text, "{count} x {activity}");
    }
    for manifest in lineage.manifests() {
        for registration in lineage.registrations(manifest) {
            let payload = registration.payload();
            let number = payload.registration_no.as_deref().unwrap_or("without number");
            let claimants: Vec<String> =
                payload.registrants.iter().map(|registrant| visible(&registrant.iss)).collect();
            let _ = writeln!(
                text,
                "registration {} of {}, registered claimant {}, by {}{}, until {}",
                visible(number),
                visible(&payload.object_name),
                claimants.join(", "),
                visible(&registration.header().issuer),
                unless_believed(lineage.is_believed(registration.id())),
                payload.ends_at(),
            );
        }
    }
    let mut licences: BTreeMap<String, usize> = BTreeMap::new();
    for manifest in lineage.manifests() {
        for licence in lineage.licences(manifest) {
            let count = licences.entry(describe(lineage, licence)).or_default();
            *count = count.saturating_add(1);
        }
    }
    for (licence, count) in licences {
        let _ = writeln!(text, "{count} x {licence}");
    }
    text
}

/// How many findings of each code there are, with the first of each in full.
pub fn findings(lineage: &VerifiedLineage) -> String {
    let mut by_code: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for finding in lineage.findings() {
        let count = by_code.entry(finding.code).or_default();
        *count = count.saturating_add(1);
    }
    let mut text = String::new();
    for (code, count) in by_code {
        let first = lineage.findings().iter().find(|finding| finding.code == code);
        let first = first.map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(text, "{count} x {}", visible(&first));
    }
    text
}

fn describe(lineage: &VerifiedLineage, licence: &Signed<Licence>) -> String {
    let payload = licence.payload();
    let terms = payload.spdx.as_deref().map_or_else(|| "negotiated".to_owned(), visible);
    let place = match payload.spdx {
        Some(_) => String::new(),
        None => format!(" for {}", visible(&title(lineage, payload.manifest))),
    };
    format!(
        "licence {terms}{place}, {} by {}{}",
        payload.basis,
        visible(&licence.header().issuer),
        unless_believed(lineage.is_believed(licence.id())),
    )
}

const fn unless_believed(believed: bool) -> &'static str {
    if believed { "" } else { " (not believed)" }
}
