//! Answers for people, one line each.

use std::collections::BTreeSet;

use datadeed::ManifestId;
use datadeed::report::title;
use datadeed::rights::{Allocation, Verdict};
use datadeed::verify::{FindingCode, VerifiedLineage};

/// One line: the number, the verdict with its codes, the question, and where the trouble lies.
pub(crate) fn answer(number: u8, question: &str, lineage: &VerifiedLineage, verdict: &Verdict) {
    let kinds: BTreeSet<&str> = verdict.duties().iter().map(|due| due.duty.kind.code()).collect();
    let mut codes = verdict.to_string();
    for kind in kinds {
        codes.extend([" ", kind]);
    }
    let places: BTreeSet<ManifestId> = verdict.grounds().map(|ground| ground.manifest).collect();
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

/// One line: what each payee gets of an amount, in minor units.
pub(crate) fn shares(shares: &Allocation) {
    let totals = shares.totals();
    let each = totals.iter().map(|(payee, amount)| format!("{amount} to {payee}, "));
    let (amount, currency) = (shares.amount, &shares.currency);
    println!(
        "   of {amount} {currency} minor units: {}{} kept",
        each.collect::<String>(),
        shares.retained
    );
}

/// The datasets from the subject to the place, by title.
fn way(lineage: &VerifiedLineage, place: ManifestId) -> String {
    let titles: Vec<String> =
        lineage.path_to(place).into_iter().map(|manifest| title(lineage, manifest)).collect();
    titles.join(" < ")
}
