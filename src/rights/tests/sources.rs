//! The table of public licences against machine-readable sources that others keep.
//!
//! The files are in `sources/`, whose README names each source, its version and its licence. A test
//! compares every term of a row that its source speaks of; where row and source differ on purpose, the
//! term is in a list with the reason, and a list that names more than differs fails too.
//!
//! No source has the clauses, the sets of share alike, sublicences, the reach into models, rights in
//! databases, revocation and cures: these are transcribed from the texts of the licences themselves, in
//! the versions of the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// A row and the term that its source has another word on.
type Difference = (&'static str, &'static str);

/// The same, with the reason why the row stands.
type Exception = (&'static str, &'static str, &'static str);

/// The rows that a source means by an identifier: old ones of GNU do not say whether later versions
/// count.
fn rows(id: &str) -> impl Iterator<Item = &'static PublicLicence> + use<'_> {
    const SUFFIXES: [&str; 5] =
        ["", "-only", "-or-later", "-no-invariants-only", "-no-invariants-or-later"];
    licences()
        .iter()
        .filter(move |row| row.id.strip_prefix(id).is_some_and(|suffix| SUFFIXES.contains(&suffix)))
}

/// The terms where a row has not what it should.
fn differences(
    row: &PublicLicence,
    terms: impl IntoIterator<Item = (&'static str, bool, bool)>,
) -> impl Iterator<Item = Difference> {
    let id = row.id;
    let terms = terms.into_iter().filter(|(_, row, source)| row != source);
    terms.map(move |(term, ..)| (id, term))
}

#[track_caller]
fn assert_only(mut found: Vec<Difference>, exceptions: &[Exception]) {
    found.sort_unstable();
    found.dedup();
    let named: Vec<Difference> = exceptions.iter().map(|(id, term, _)| (*id, *term)).collect();
    assert_eq!(found, named);
    assert!(exceptions.iter().all(|(_, _, why)| !why.is_empty()));
}

/// What `choosealicense.com` says of one licence.
struct Choice<'a> {
    id: &'a str,
    permissions: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
}

impl<'a> Choice<'a> {
    fn read(record: &'a str) -> Self {
        let mut lists: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let (mut id, mut list) = ("", "");
        for line in record.lines() {
            if let Some(item) = line.strip_prefix("  - ") {
                assert!(lists.entry(list).or_default().insert(item), "{line}");
            } else if let Some(name) = line.strip_prefix("spdx-id: ") {
                id = name;
            } else {
                list = line.strip_suffix(':').or_else(|| line.strip_suffix(": []")).expect(line);
            }
        }
        let mut take = |list| lists.remove(list).unwrap_or_default();
        let choice = Self { id, permissions: take("permissions"), conditions: take("conditions") };
        assert!(!choice.permissions.is_empty() && lists.is_empty(), "{record}");
        choice
    }

    /// Every term that it speaks of: in the row, and here.
    fn terms(&self, row: &PublicLicence) -> Vec<(&'static str, bool, bool)> {
        let permits = |name| self.permissions.contains(name);
        let asks = |prefix| self.conditions.iter().any(|name| name.starts_with(prefix));
        let mut terms = vec![
            ("grant", true, permits("distribution") && permits("private-use")),
            ("non_commercial", row.is_commercial(), permits("commercial-use")),
            ("adaptations", row.shares_adaptations(), permits("modifications")),
            ("attribute", row.attribute.is_some(), asks("include-copyright")),
            ("notice", row.notice.is_some(), asks("include-copyright")),
            ("share_alike", row.share_alike.is_some(), asks("same-license")),
            ("provide_alterations", row.provide_alterations.is_some(), asks("disclose-source")),
        ];
        // Not the other way round: a notice may be of the licence alone, and sources are disclosed to
        // recipients too.
        if asks("document-changes") {
            terms.push(("notice", row.notice.is_some(), true));
        }
        if asks("network-use-disclose") {
            terms.push(("provide_alterations", row.provide_alterations.is_some(), true));
        }
        terms
    }
}

fn choices() -> Vec<Choice<'static>> {
    let records = include_str!("sources/choosealicense.txt").split("---\n");
    records.filter(|record| !record.is_empty()).map(Choice::read).collect()
}

const CHOICE_EXCEPTIONS: [Exception; 2] = [
    (
        "MS-PL",
        "share_alike",
        "3(D): source code goes on under this licence only, and data is its own source form",
    ),
    ("Zlib", "attribute", "1: an acknowledgment is not required; the notice stays by 3"),
];

#[test]
fn terms_are_those_that_a_chooser_of_licences_names() {
    let mut found = Vec::new();
    for choice in choices() {
        assert!(spdx::license_id(choice.id).is_some(), "{}", choice.id);
        for row in rows(choice.id) {
            found.extend(differences(row, choice.terms(row)));
        }
    }
    assert_only(found, &CHOICE_EXCEPTIONS);
}

/// A word of the source that nothing here reads would be a term left out of the comparison.
#[test]
fn every_word_of_the_chooser_is_read() {
    let choices = choices();
    let permitted: BTreeSet<&str> =
        choices.iter().flat_map(|choice| &choice.permissions).copied().collect();
    let asked: BTreeSet<&str> =
        choices.iter().flat_map(|choice| &choice.conditions).copied().collect();
    // The table has no patents.
    let permissions =
        ["commercial-use", "distribution", "modifications", "patent-use", "private-use"];
    assert_eq!(permitted, BTreeSet::from(permissions));
    let conditions = [
        "disclose-source",
        "document-changes",
        "include-copyright",
        "include-copyright--source",
        "network-use-disclose",
        "same-license",
        "same-license--file",
        "same-license--library",
    ];
    assert_eq!(asked, BTreeSet::from(conditions));
}

const NS: &str = "http://creativecommons.org/ns#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// What Creative Commons says of one licence in ccREL: pairs such as `requires`, `Notice`.
struct Record {
    /// The address below `creativecommons.org`, without the last slash.
    about: String,
    says: BTreeSet<(String, String)>,
}

impl Record {
    fn read(node: roxmltree::Node<'_, '_>) -> Self {
        let about = node.attribute((RDF, "about")).expect("an address");
        let about = about.strip_prefix("http://creativecommons.org/").expect(about);
        let says = node.children().filter(roxmltree::Node::is_element).map(|said| {
            let what = said.attribute((RDF, "resource")).expect("a term");
            let what = what.strip_prefix(NS).expect(what);
            (said.tag_name().name().to_owned(), what.to_owned())
        });
        Self { about: about.trim_end_matches('/').to_owned(), says: says.collect() }
    }

    /// As SPDX names it; `None` for what SPDX does not list.
    fn id(&self) -> Option<String> {
        let parts: Vec<&str> = self.about.split('/').collect();
        let id = match *parts.as_slice() {
            ["publicdomain", "zero", version] => format!("CC0-{version}"),
            ["publicdomain", "mark", version] => format!("CC-PDM-{version}"),
            ["licenses", "publicdomain"] => "CC-PDDC".to_owned(),
            ["licenses", "MIT"] => "MIT".to_owned(),
            ["licenses", family @ ("GPL" | "LGPL"), version] => format!("{family}-{version}"),
            // SPDX has one order of the elements for all versions.
            ["licenses", "by-nd-nc", version] => format!("CC-BY-NC-ND-{version}"),
            ["licenses", elements, version] => {
                format!("CC-{}-{version}", elements.to_ascii_uppercase())
            }
            ["licenses", elements, version, port] => {
                format!("CC-{elements}-{version}-{port}").to_ascii_uppercase()
            }
            _ => return None,
        };
        spdx::license_id(&id).map(|_| id)
    }

    fn terms(&self, row: &PublicLicence) -> [(&'static str, bool, bool); 7] {
        let says = |verb: &str, what: &str| self.says.contains(&(verb.into(), what.into()));
        let shares = says("permits", "Reproduction") && says("permits", "Distribution");
        let alterations = row.provide_alterations.is_some();
        [
            ("grant", true, shares),
            ("non_commercial", row.is_commercial(), !says("prohibits", "CommercialUse")),
            ("adaptations", row.shares_adaptations(), says("permits", "DerivativeWorks")),
            ("attribute", row.attribute.is_some(), says("requires", "Attribution")),
            ("notice", row.notice.is_some(), says("requires", "Notice")),
            ("share_alike", row.share_alike.is_some(), says("requires", "ShareAlike")),
            ("provide_alterations", alterations, says("requires", "SourceCode")),
        ]
    }
}

fn records() -> Vec<Record> {
    let texts = [
        include_str!("sources/cc.licenserdf.xml"),
        include_str!("sources/cc-legal-tools-data.xml"),
    ];
    let read = |text: &str| -> Vec<Record> {
        let document = roxmltree::Document::parse(text).expect("XML");
        let records = document.root_element().children().filter(roxmltree::Node::is_element);
        records.map(Record::read).collect()
    };
    texts.into_iter().flat_map(read).collect()
}

/// ccREL has no word of its own for the copyright notice that stays, which is the credit of these.
const KEPT_NOTICE: &str =
    "the copyright notice that stays is credit here, and part of Notice there";

const CCREL_EXCEPTIONS: [Exception; 5] = [
    ("GPL-2.0-only", "attribute", KEPT_NOTICE),
    ("GPL-2.0-or-later", "attribute", KEPT_NOTICE),
    ("LGPL-2.1-only", "attribute", KEPT_NOTICE),
    ("LGPL-2.1-or-later", "attribute", KEPT_NOTICE),
    ("MIT", "attribute", KEPT_NOTICE),
];

/// Records of what SPDX does not list, and of the "BSD" licence, which says not which.
const NOT_OF_SPDX: [&str; 9] = [
    "licenses/BSD",
    "licenses/devnations/2.0",
    "licenses/nc-sa/1.0",
    "licenses/nc-sampling+/1.0",
    "licenses/nc/1.0",
    "licenses/nd-nc/1.0",
    "licenses/nd/1.0",
    "licenses/sampling+/1.0",
    "licenses/sampling/1.0",
];

#[test]
fn terms_are_those_that_creative_commons_names() {
    let (mut found, mut others, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let records = records();
    for record in &records {
        let Some(id) = record.id() else {
            others.push(record.about.as_str());
            continue;
        };
        for row in rows(&id) {
            found.extend(differences(row, record.terms(row)));
            seen.insert(row.id);
        }
    }
    assert_eq!(others, NOT_OF_SPDX);
    let theirs = licences().iter().map(|row| row.id).filter(|id| id.starts_with("CC"));
    let missed: Vec<&str> = theirs.filter(|id| !seen.contains(id)).collect();
    assert_eq!(missed, [""; 0], "licences of Creative Commons");
    assert_only(found, &CCREL_EXCEPTIONS);
}

#[test]
fn every_word_of_creative_commons_is_read() {
    let records = records();
    let listed = records.iter().filter(|record| record.id().is_some());
    let words: BTreeSet<(&str, &str)> = listed
        .flat_map(|record| record.says.iter().map(|(verb, what)| (verb.as_str(), what.as_str())))
        .collect();
    let read = [
        ("permits", "DerivativeWorks"),
        ("permits", "Distribution"),
        ("permits", "Reproduction"),
        ("prohibits", "CommercialUse"),
        ("requires", "Attribution"),
        ("requires", "Notice"),
        ("requires", "ShareAlike"),
        ("requires", "SourceCode"),
    ];
    assert_eq!(words, BTreeSet::from(read));
}

/// Identifiers and the categories that `ScanCode` puts them in.
fn categories() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = include_str!("sources/licensedcode.tsv").lines();
    lines.map(|line| line.split_once('\t').expect(line))
}

/// Licences for models that SPDX does not list, by `ScanCode`'s name and this crate's.
const MODELS: [(&str, &str); 8] = [
    ("bigcode-open-rail-m-v1", "BigCode-OpenRAIL-M-1"),
    ("bigscience-open-rail-m", "BigScience-OpenRAIL-M"),
    ("bigscience-rail-1.0", "BigScience-BLOOM-RAIL-1.0"),
    ("gemma-tou-2024-04-01", "Gemma"),
    ("gemma-tou-2025-03-24", "Gemma"),
    ("llama-2-license-2023", "Llama-2"),
    ("llama-3.1-license-2024", "Llama-3.1"),
    ("stable-diffusion-2022-08-22", "CreativeML-OpenRAIL-M"),
];

/// Other versions, and a policy that is part of terms, which are no rows.
const NO_ROW: [&str; 7] = [
    "bigscience-open-rail-m2",
    "gemma-pup-2024-02-21",
    "llama-3.2-license-2024",
    "llama-3.3-license-2024",
    "llama-4-cla-2025",
    "llama-4-license-2025",
    "llama-license-2023",
];

/// The identifier here of what `ScanCode` names for itself, or by SPDX.
fn renamed(id: &str) -> String {
    let Some(theirs) = id.strip_prefix("LicenseRef-scancode-") else { return id.to_owned() };
    let ours = MODELS.iter().find(|(name, _)| *name == theirs).map(|(_, ours)| *ours);
    assert!(ours.is_some() != NO_ROW.contains(&theirs), "{id}");
    ours.map_or_else(|| id.to_owned(), |ours| format!("LicenseRef-datadeed-{ours}"))
}

/// What a category says: whether share alike is asked for, whether purposes, users or adaptations are
/// restricted, and whether nothing is owed.
fn category_terms(row: &PublicLicence, category: &str) -> Vec<(&'static str, bool, bool)> {
    let open = row.is_commercial() && row.shares_adaptations();
    let restricted = !open || row.pass_through.is_some() || row.condition.is_some();
    let share_alike = row.share_alike.is_some();
    match category {
        "Copyleft" | "Copyleft Limited" => {
            vec![("share_alike", share_alike, true), ("restricted", restricted, false)]
        }
        "Permissive" => {
            vec![("share_alike", share_alike, false), ("restricted", restricted, false)]
        }
        "Public Domain" => {
            vec![("unconditional", row.is_unconditional(), true), ("restricted", restricted, false)]
        }
        // Share alike may or may not come with these.
        "Free Restricted" | "Proprietary Free" | "Source-available" => {
            vec![("restricted", restricted, true)]
        }
        other => panic!("{}: {other}", row.id),
    }
}

const CATEGORY_EXCEPTIONS: [Exception; 5] = [
    ("Artistic-2.0", "share_alike", "4: its own or a like licence is but one of three ways, 4(c)"),
    (
        "LPPL-1.3c",
        "share_alike",
        "10(a): a derived work may go on under another licence that honours 6",
    ),
    (
        "MS-PL",
        "share_alike",
        "3(D): source code goes on under this licence only, and data is its own source form",
    ),
    (
        "O-UDA-1.0",
        "restricted",
        "3.1.1, 3.1.2: terms of one's choice must bind recipients to credit and disclaimer",
    ),
    ("ODC-By-1.0", "share_alike", "4.2(a): what is conveyed goes on under this licence only"),
];

#[test]
fn rows_are_of_the_category_that_a_scanner_puts_them_in() {
    let mut found = Vec::new();
    for (id, category) in categories() {
        let ours = renamed(id);
        for row in licences().iter().filter(|row| row.id == ours) {
            found.extend(differences(row, category_terms(row, category)));
        }
    }
    assert_only(found, &CATEGORY_EXCEPTIONS);
}

/// Terms that none of the sources has: the row is transcribed from the agreement as Meta published it with
/// version 3, of 18 April 2024.
const WITHOUT_SOURCE: &str = "LicenseRef-datadeed-Llama-3";

#[test]
fn every_row_but_for_a_named_one_has_a_source() {
    let mut seen: BTreeSet<String> = categories().map(|(id, _)| renamed(id)).collect();
    seen.extend(choices().iter().flat_map(|choice| rows(choice.id)).map(|row| row.id.to_owned()));
    let records: Vec<String> = records().iter().filter_map(Record::id).collect();
    seen.extend(records.iter().flat_map(|id| rows(id)).map(|row| row.id.to_owned()));
    let missed: Vec<&str> =
        licences().iter().map(|row| row.id).filter(|id| !seen.contains(*id)).collect();
    assert_eq!(missed, [WITHOUT_SOURCE]);
}
