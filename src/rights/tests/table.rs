//! The table of public licences against what others say of the same licences.

use super::super::expression::parse;
use super::super::table::{find, named};
use super::*;

/// What is no licence of the SPDX list is one of this crate's own.
const OWN: &str = "LicenseRef-datadeed-";

fn is_own(id: &str) -> bool {
    id.starts_with(OWN)
}

/// The rows without exceptions that SPDX lists.
fn listed() -> impl Iterator<Item = (&'static PublicLicence, spdx::LicenseId)> {
    let rows = licences().iter().filter(|row| row.exception.is_empty() && !is_own(row.id));
    rows.map(|row| (row, spdx::license_id(row.id).expect(row.id)))
}

#[test]
fn every_row_is_there_once_and_found() {
    assert!(licences().len() >= 100, "{}", licences().len());
    let keys: Vec<(&str, &str)> = licences().iter().map(|row| (row.id, row.exception)).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "sorted, each once");
    for row in licences() {
        assert_eq!(find(row.id, row.exception), Some(row));
        let name = match row.exception {
            "" => row.id.to_owned(),
            exception => format!("{} WITH {exception}", row.id),
        };
        assert_eq!(named(&name), Some(row));
        assert!(is_public(&name), "{name}");
    }
    assert_eq!(find("Apache-2.0", "Classpath-exception-2.0"), None);
    for name in ["Apache-2.0 WITH ", "Apache-2.0 WITH LLVM", "MIT ", "MI", ""] {
        assert_eq!(named(name), None, "{name:?}");
    }
}

#[test]
fn every_identifier_is_one_of_spdx_that_is_not_deprecated() {
    for (row, id) in listed() {
        assert_eq!(id.name, row.id, "spelled as in the list");
        assert!(!id.is_deprecated(), "{}", row.id);
    }
    for row in licences().iter().filter(|row| is_own(row.id)) {
        assert!(parse(row.id).is_some(), "{}", row.id);
        let name = row.id.strip_prefix(OWN).unwrap();
        assert_eq!(spdx::license_id(name), None, "{name} has an identifier of SPDX");
    }
}

/// Every clause of a row, with the name of its term.
fn clauses(row: &PublicLicence) -> Vec<(&'static str, &'static str)> {
    let adaptations = match row.adaptations {
        Adaptations::None(clause) | Adaptations::Private(clause) => Some(clause),
        Adaptations::Shared => None,
    };
    let cure = row.breach.and_then(|breach| breach.cure);
    [
        ("grant", Some(row.grant)),
        ("non_commercial", row.non_commercial),
        ("adaptations", adaptations),
        ("attribute", row.attribute),
        ("notice", row.notice),
        ("share_alike", row.share_alike.map(|set| set.clause)),
        ("provide_alterations", row.provide_alterations),
        ("no_extra_restrictions", row.no_extra_restrictions),
        ("sublicense", row.sublicense),
        ("pass_through", row.pass_through),
        ("condition", row.condition),
        ("reach", row.reach),
        ("product_notice", row.product_notice),
        ("database_rights", row.database_rights),
        ("irrevocable", row.irrevocable),
        ("breach", row.breach.map(|breach| breach.clause)),
        ("cure", cure.map(|cure| cure.clause)),
    ]
    .into_iter()
    .filter_map(|(term, clause)| clause.map(|clause| (term, clause)))
    .collect()
}

/// A number or the name of a paragraph, never the text.
#[test]
fn every_term_has_its_clause() {
    for row in licences() {
        for (term, clause) in clauses(row) {
            assert!((1..=24).contains(&clause.len()), "{} {term}: {clause:?}", row.id);
            assert_eq!(clause.trim(), clause, "{} {term}", row.id);
        }
        let silent = row.reaches_model == Reach::Contested;
        assert_eq!(row.reach.is_none(), silent, "{}: a text is silent or has a clause", row.id);
    }
}

#[test]
fn share_alike_sets_name_known_licences_and_this_one() {
    for row in licences() {
        let Some(set) = row.share_alike else { continue };
        assert!(set.licences.is_sorted_by(|a, b| a < b), "{}", row.id);
        assert!(set.licences.contains(&row.id), "{}", row.id);
        for id in set.licences {
            let known = spdx::license_id(id);
            assert!(known.is_some_and(|known| known.name == *id && !known.is_deprecated()), "{id}");
        }
    }
}

fn set(id: &str) -> &'static [&'static str] {
    named(id).and_then(|row| row.share_alike).map_or(&[], |set| set.licences)
}

/// `-or-later` may go on as any version from its own, `-only` as no other of its family.
#[test]
fn later_versions_are_in_the_sets_of_those_that_allow_them() {
    for (row, _) in listed() {
        if let Some(stem) = row.id.strip_suffix("-or-later") {
            let only = format!("{stem}-only");
            assert!(set(row.id).contains(&only.as_str()), "{}", row.id);
            assert!(!set(&only).contains(&row.id), "{only}");
            // What it goes on as, anybody may pass on as that allows.
            for id in set(row.id).iter().filter(|id| id.ends_with("-or-later")) {
                assert!(set(id).iter().all(|later| set(row.id).contains(later)), "{} {id}", row.id);
            }
        }
    }
    let sets: [(&str, &[&str], &[&str]); 4] = [
        ("CC-BY-SA-1.0", &[], &["CC-BY-SA-2.0", "CC-BY-SA-4.0"]),
        ("CC-BY-SA-2.0", &["CC-BY-SA-2.0-UK", "CC-BY-SA-2.5", "CC-BY-SA-4.0"], &["CC-BY-SA-1.0"]),
        ("CC-BY-SA-3.0", &["CC-BY-SA-3.0-DE", "CC-BY-SA-4.0"], &["CC-BY-SA-2.5", "GPL-3.0-only"]),
        ("CC-BY-NC-SA-3.0", &["CC-BY-NC-SA-4.0"], &["CC-BY-SA-4.0", "CC-BY-NC-SA-2.0"]),
    ];
    for (id, with, without) in sets {
        assert!(with.iter().all(|other| set(id).contains(other)), "{id}");
        assert!(!without.iter().any(|other| set(id).contains(other)), "{id}");
    }
}

/// What ccREL does not speak of, transcribed from the legal code of each version: 2(a)(5) of 4.0 and 4(a)
/// of those before it for sublicences, the grants and section 7 of those before 4.0 for revocation, and
/// 6(b)(1) of 4.0 and 7(b) of the IGO ports for the cure.
#[test]
fn creative_commons_rows_have_the_terms_of_their_version() {
    let rows = licences().iter().filter(|row| row.id.starts_with("CC-BY-"));
    for row in rows {
        assert_eq!(row.sublicense, None, "{}", row.id);
        assert_eq!(row.revocation(), Revocation::Irrevocable, "{}", row.id);
        let days = row.breach.and_then(|breach| breach.cure).map(|cure| cure.days);
        let cured = row.id.ends_with("-4.0") || row.id.ends_with("-3.0-IGO");
        assert_eq!(days, cured.then_some(30), "{}", row.id);
    }
}

/// Licences whose text lets what is shared go on under no other, and that lack the flag of the `spdx`
/// crate; there are none the other way round.
const COPYLEFT_HERE_ALONE: [&str; 8] = [
    "C-UDA-1.0",
    "CDLA-Sharing-1.0",
    "EPL-1.0",
    "EPL-2.0",
    "LAL-1.3",
    "LGPLLR",
    "ODC-By-1.0",
    "ODbL-1.0",
];

#[test]
fn the_copyleft_flag_agrees_but_for_named_licences() {
    let differing = |here: bool| -> Vec<&str> {
        let rows = listed()
            .filter(|(row, id)| row.share_alike.is_some() == here && id.is_copyleft() != here);
        rows.map(|(row, _)| row.id).collect()
    };
    assert_eq!(differing(true), COPYLEFT_HERE_ALONE);
    assert_eq!(differing(false), [""; 0]);
}

/// Open source and free software allow every purpose and shared adaptations, and restrict no use.
#[test]
fn what_is_open_or_free_restricts_no_use() {
    for (row, id) in listed().filter(|(_, id)| id.is_osi_approved() || id.is_fsf_free_libre()) {
        let open = row.is_commercial() && row.shares_adaptations();
        assert!(open && row.pass_through.is_none() && row.condition.is_none(), "{}", id.name);
    }
}

#[test]
fn every_name_of_a_hub_is_that_of_a_row() {
    let names = super::super::table::NAMES;
    assert!(names.is_sorted_by(|(a, _), (b, _)| a < b));
    for (name, id) in names {
        assert!(named(id).is_some(), "{name}: {id}");
        assert_eq!(hub_licence(name), *id);
        assert_eq!(hub_licence(&format!(" {}\n", name.to_ascii_uppercase())), *id);
    }
    for row in licences().iter().filter(|row| row.exception.is_empty()) {
        assert_eq!(hub_licence(&row.id.to_ascii_lowercase()), row.id);
    }
}

/// The list that the largest hub has in its documentation, but for families and what is not here.
#[test]
fn tags_of_a_hub_stand_for_rows() {
    for tag in [
        "afl-3.0",
        "agpl-3.0",
        "apache-2.0",
        "artistic-2.0",
        "bigcode-openrail-m",
        "bigscience-bloom-rail-1.0",
        "bigscience-openrail-m",
        "bsd-2-clause",
        "bsd-3-clause",
        "bsd-3-clause-clear",
        "bsl-1.0",
        "c-uda",
        "cc-by-2.0",
        "cc-by-2.5",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-nc-2.0",
        "cc-by-nc-3.0",
        "cc-by-nc-4.0",
        "cc-by-nc-nd-3.0",
        "cc-by-nc-nd-4.0",
        "cc-by-nc-sa-2.0",
        "cc-by-nc-sa-3.0",
        "cc-by-nc-sa-4.0",
        "cc-by-nd-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "cdla-sharing-1.0",
        "creativeml-openrail-m",
        "ecl-2.0",
        "epl-1.0",
        "epl-2.0",
        "etalab-2.0",
        "eupl-1.1",
        "gemma",
        "gpl-2.0",
        "gpl-3.0",
        "isc",
        "lgpl-2.1",
        "lgpl-3.0",
        "lgpl-lr",
        "llama2",
        "lppl-1.3c",
        "mit",
        "mpl-2.0",
        "ms-pl",
        "ncsa",
        "odbl",
        "odc-by",
        "osl-3.0",
        "pddl",
        "postgresql",
        "unlicense",
        "wtfpl",
        "zlib",
    ] {
        let row = named(hub_licence(tag)).unwrap_or_else(|| panic!("{tag}"));
        let version = tag.rsplit_once('-').map_or("", |(_, last)| last);
        if version.starts_with(|first: char| first.is_ascii_digit()) {
            assert!(row.id.contains(version), "{tag}: {}", row.id);
        }
    }
}

#[test]
fn tags_that_name_no_one_version_assert_nothing() {
    for tag in [
        "",
        "other",
        "unknown",
        "null",
        "none",
        "NONE",
        "Various",
        "Unspecified",
        "No License",
        "cc",
        "gpl",
        "lgpl",
        "gfdl",
        "bsd",
        "openrail",
        "openrail++",
        "cc-by",
        "cc-by-sa",
        "mit or apache",
        "apache",
        "deepfloyd-if-license",
        "ofl-1.1",
        "llama4",
        "CC-BY-4.0, MIT",
    ] {
        assert_eq!(hub_licence(tag), "NOASSERTION", "{tag:?}");
    }
}
