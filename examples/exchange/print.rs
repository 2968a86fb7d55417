//! Results for people.

use std::collections::{BTreeMap, BTreeSet};

use datadeed::proof::Statement;
use datadeed::report::title;
use datadeed::rights::{DutyDue, DutyKind, Verdict};
use datadeed::verify::{FindingCode, VerifiedLineage};
use datadeed::{ManifestId, StatementId};

/// Who made what from where, under which registrations and licences.
pub(crate) fn lineage(lineage: &VerifiedLineage) {
    println!("  what         {}, {}", title(lineage, lineage.subject()), lineage.subject());
    println!(
        "  status       {}",
        lineage.status_as_of().map_or("none".to_owned(), |at| format!("of {at}"))
    );
    // From the origins on, equal steps together.
    let mut steps: Vec<(&str, &str, usize)> = Vec::new();
    for activity in lineage.activities().collect::<Vec<_>>().into_iter().rev() {
        let (kind, issuer) = (activity.payload().kind.code(), activity.header().issuer.as_str());
        match steps.iter_mut().find(|step| (step.0, step.1) == (kind, issuer)) {
            Some(step) => step.2 += 1,
            None => steps.push((kind, issuer, 1)),
        }
    }
    for (kind, issuer, count) in steps {
        println!("  who          {count:>3} x {kind} by {issuer}");
    }
    let mut licences: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut registrations = Vec::new();
    for manifest in lineage.manifests() {
        for licence in lineage.licences(manifest) {
            let payload = licence.payload();
            let terms = payload.spdx.clone().unwrap_or_else(|| {
                let end = if payload.revocable { "revocable" } else { "irrevocable" };
                format!(
                    "negotiated, {end}, by {} for {}",
                    licence.header().issuer,
                    title(lineage, manifest)
                )
            });
            *licences.entry((terms, payload.basis.code())).or_default() += 1;
        }
        registrations.extend(lineage.registrations(manifest));
    }
    let sources = lineage
        .activities()
        .filter(|activity| activity.payload().inputs.is_empty())
        .flat_map(|activity| activity.payload().generated())
        .filter(|manifest| *manifest != lineage.subject());
    println!("  from where   {:>3} sources", sources.collect::<BTreeSet<_>>().len());
    for registration in registrations {
        let payload = registration.payload();
        let claimants: Vec<&str> = payload.registrants.iter().map(|one| one.iss.as_str()).collect();
        println!(
            "  registered   {} {:?} by {}, registered claimant {}, until {}",
            payload.registration_no.as_deref().unwrap_or("-"),
            payload.object_name,
            registration.header().issuer,
            claimants.join(", "),
            payload.ends_at()
        );
    }
    for ((terms, basis), count) in licences {
        println!("  {basis:<12} {count:>3} x {terms}");
    }
}

/// How many findings of each kind there are.
pub(crate) fn findings(lineage: &VerifiedLineage) {
    let mut counts: BTreeMap<FindingCode, usize> = BTreeMap::new();
    for finding in lineage.findings() {
        *counts.entry(finding.code).or_default() += 1;
    }
    for (code, count) in counts {
        println!("  found        {count:>3} x {code}");
    }
}

/// What is owed, to whom, for how many datasets.
pub(crate) fn duties(lineage: &VerifiedLineage, duties: &[DutyDue]) {
    let mut owed: BTreeMap<(String, DutyKind, String), BTreeSet<ManifestId>> = BTreeMap::new();
    for due in duties {
        let payee = due.duty.payee.clone().unwrap_or_else(|| holders(lineage, due.licence));
        let detail = match due.duty.basis_points {
            Some(points) => format!("{}.{:02} % of revenue", points / 100, points % 100),
            None => due.duty.terms.clone().unwrap_or_default(),
        };
        owed.entry((payee, due.duty.kind, detail)).or_default().insert(due.manifest);
    }
    println!("\n  {:<67} {:<14} datasets", "owed to", "duty");
    for ((payee, kind, detail), datasets) in owed {
        let line = format!("  {payee:<67} {:<14} {:>8}  {detail}", kind.code(), datasets.len());
        println!("{}", line.trim_end());
    }
}

/// A public licence names no payee: its duties are owed to whoever holds the rights.
fn holders(lineage: &VerifiedLineage, licence: StatementId) -> String {
    match lineage.statement(licence) {
        Some(Statement::Licence(licence)) => {
            let terms = licence.payload().spdx.as_deref().unwrap_or("a negotiated licence");
            format!("holders under {terms}")
        }
        _ => "unknown".to_owned(),
    }
}

/// One line: the number, the verdict with its codes, the question, and where the trouble lies.
pub(crate) fn answer(number: u8, question: &str, lineage: &VerifiedLineage, verdict: &Verdict) {
    let (codes, places) = match verdict {
        Verdict::Permit { duties, .. } => {
            let kinds: BTreeSet<&str> = duties.iter().map(|due| due.duty.kind.code()).collect();
            let kinds: Vec<&str> = kinds.into_iter().collect();
            (format!("permit {}", kinds.join(" ")), BTreeSet::new())
        }
        Verdict::Deny { reasons } => {
            (verdict.to_string(), reasons.iter().map(|ground| ground.manifest).collect())
        }
        Verdict::Unknown { missing } => {
            (verdict.to_string(), missing.iter().map(|ground| ground.manifest).collect())
        }
        _ => (verdict.to_string(), BTreeSet::new()),
    };
    let ignored = lineage
        .findings()
        .iter()
        .filter(|finding| finding.code == FindingCode::WithdrawalIgnored)
        .map(|finding| format!("; {}", finding.code));
    // The nearest place in full; there may be hundreds.
    let nearest = places.iter().min_by_key(|place| lineage.path_to(**place).len());
    let place = match (nearest, places.len()) {
        (None, _) => String::new(),
        (Some(nearest), 1) => format!("; at {}", way(lineage, *nearest)),
        (Some(nearest), all) => format!("; at {} and {} more", way(lineage, *nearest), all - 1),
    };
    println!("{number}: {codes} ({question}{}{place})", ignored.collect::<String>());
}

/// The datasets from the subject to the place, by title.
fn way(lineage: &VerifiedLineage, place: ManifestId) -> String {
    let titles: Vec<String> =
        lineage.path_to(place).into_iter().map(|manifest| title(lineage, manifest)).collect();
    titles.join(" < ")
}

/// The verdict in one word.
pub(crate) const fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Permit { .. } => "permit",
        Verdict::Deny { .. } => "deny",
        _ => "unknown",
    }
}
