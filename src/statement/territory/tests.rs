use std::collections::{BTreeMap, BTreeSet};

use super::edition::{COUNTRIES, TWINS};
use super::*;

fn place(code: &str) -> Territory {
    code.parse().unwrap()
}

#[test]
fn codes_have_one_form() {
    for code in ["CN", "CN-BJ", "US-CA", "GB-ENG", "FR-2A", "AT-9"] {
        assert_eq!(place(code).code(), code);
        assert_eq!(place(code).to_string(), code);
    }
    for text in [
        "", "C", "cn", "CHN", "CN-", "CN-bj", "CN-ABCD", "CN-BJ-1", "-BJ", "C1", "CN BJ", " CN",
        "CN ", "中国", "CN_BJ", "CN-Å",
    ] {
        assert_eq!(
            text.parse::<Territory>(),
            Err(TerritoryError { found: text.to_owned() }),
            "{text:?}"
        );
    }
}

#[test]
fn a_code_that_merely_begins_alike_is_not_contained() {
    assert!(place("CN").contains(&place("CN-BJ")));
    assert!(!place("CN-B").contains(&place("CN-BJ")));
    assert!(!place("CN-BJ").contains(&place("CN-B")));
    assert!(!place("CN").contains(&place("CA-BJ")));
}

/// Every code of the edition.
fn assigned() -> Vec<Territory> {
    let subdivisions = |country: &str, ends: &[&str]| -> Vec<Territory> {
        ends.iter().map(|end| place(&format!("{country}-{end}"))).collect()
    };
    let countries = COUNTRIES.iter();
    countries
        .flat_map(|(code, ends)| [vec![place(code)], subdivisions(code, ends)].concat())
        .collect()
}

#[test]
fn the_edition_has_its_codes_and_no_others() {
    let all = assigned();
    let (subdivisions, countries): (Vec<Territory>, Vec<Territory>) =
        all.iter().copied().partition(|place| place.code().contains('-'));
    assert_eq!((countries.len(), subdivisions.len()), (249, 5_046));
    assert!(all.iter().all(Territory::is_assigned));
    assert!(countries.is_sorted() && subdivisions.is_sorted());
    for code in ["UK", "EU", "XK", "SU", "CN-11", "CN-ZZ", "GB-LON", "FR-75", "US-00", "NL-BQ4"] {
        assert!(!place(code).is_assigned(), "{code}");
    }
}

/// The places of one country, and those of the countries that ISO 3166-2 lists under it or it under.
fn kin(all: &[Territory]) -> Vec<Vec<Territory>> {
    let country = |place: &Territory| place.code()[..2].to_owned();
    let mut of: BTreeMap<String, Vec<Territory>> = BTreeMap::new();
    for place in all {
        of.entry(country(place)).or_default().push(*place);
    }
    let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::from([("NO", ["SJ"].into())]);
    for (subdivision, twin) in TWINS {
        listed.entry(&subdivision[..2]).or_default().insert(&twin[..2]);
    }
    for (country, others) in listed {
        let others: Vec<Territory> = others.into_iter().flat_map(|of_| of[of_].clone()).collect();
        of.get_mut(country).unwrap().extend(others);
    }
    of.into_values().collect()
}

/// The laws of containing and being apart, over all codes of the edition.
#[test]
fn territories_form_a_forest() {
    let mut within = 0_usize;
    for kin in kin(&assigned()) {
        let contains: Vec<Vec<bool>> =
            kin.iter().map(|one| kin.iter().map(|two| one.contains(two)).collect()).collect();
        for (a, one) in kin.iter().enumerate() {
            assert!(contains[a][a], "{one}");
            for (b, two) in kin.iter().enumerate().filter(|(b, _)| *b != a) {
                if contains[a][b] && contains[b][a] {
                    let codes = (one.code(), two.code());
                    let twins = TWINS.contains(&codes) || TWINS.contains(&(codes.1, codes.0));
                    assert!(twins, "{one} {two}");
                }
                if contains[a][b] {
                    within += 1;
                    let parts = (0..kin.len()).filter(|c| contains[b][*c]);
                    assert!(parts.clone().all(|c| contains[a][c]), "{one} {two}");
                    assert!(!one.is_apart_from(two) && !two.is_apart_from(one), "{one} {two}");
                } else if (a + b) % 5 == 0 {
                    assert_eq!(one.is_apart_from(two), two.is_apart_from(one), "{one} {two}");
                }
            }
        }
    }
    assert!(within > 5_046, "{within}");
}

/// Places of countries that have nothing to do with one another are apart.
#[test]
fn places_of_different_countries_are_apart() {
    let all = kin(&assigned());
    let some: Vec<(usize, Territory)> = all
        .iter()
        .enumerate()
        .flat_map(|(number, kin)| kin.iter().step_by(20).map(move |place| (number, *place)))
        .collect();
    for (kin, one) in &some {
        for (other, two) in &some {
            if kin != other && !all[*kin].contains(two) && !all[*other].contains(one) {
                assert!(one.is_apart_from(two) && !one.contains(two), "{one} {two}");
            }
        }
    }
}

#[test]
fn subdivisions_lie_in_one_another() {
    for (area, part) in [
        ("FR-IDF", "FR-75C"),
        ("FR", "FR-75C"),
        ("GB-ENG", "GB-LND"),
        ("ES-CT", "ES-B"),
        ("IT-62", "IT-RM"),
        ("BE-VLG", "BE-VAN"),
        ("UM", "UM-67"),
        ("US-UM", "UM-67"),
        ("SJ", "NO-21"),
        ("NL-BQ1", "BQ-BO"),
        ("BQ", "NL-BQ1"),
        ("CN-HK", "HK"),
        ("HK", "CN-HK"),
    ] {
        assert!(place(area).contains(&place(part)), "{area} {part}");
    }
    for (one, two) in [
        ("FR-IDF", "FR-69"),
        ("FR-ARA", "FR-75C"),
        ("GB-SCT", "GB-LND"),
        ("CN-BJ", "CN-SH"),
        ("HK", "CN-GD"),
        ("CN-HK", "CN-GD"),
        ("HK", "MO"),
        ("AX", "FI-18"),
        ("SJ", "NO-03"),
        ("US-CA", "PR"),
    ] {
        assert!(place(one).is_apart_from(&place(two)), "{one} {two}");
    }
}

/// Both lists of ISO 3166 have them, and the country's code may stand for them or not.
#[test]
fn a_place_under_two_codes_is_neither_in_the_other_country_nor_apart_from_it() {
    for (whole, codes) in [
        ("CN", ["HK", "CN-HK"]),
        ("CN", ["MO", "CN-MO"]),
        ("CN", ["TW", "CN-TW"]),
        ("FI", ["AX", "FI-01"]),
        ("FR", ["GP", "FR-971"]),
        ("NL", ["AW", "NL-AW"]),
        ("NL", ["BQ-BO", "NL-BQ1"]),
        ("NO", ["SJ", "NO-21"]),
        ("US", ["PR", "US-PR"]),
    ] {
        for code in codes {
            assert!(!place(whole).contains(&place(code)), "{whole} {code}");
            assert!(!place(code).contains(&place(whole)), "{whole} {code}");
            assert!(!place(whole).is_apart_from(&place(code)), "{whole} {code}");
        }
    }
}

#[test]
fn an_authority_and_what_it_governs_are_not_told_apart() {
    for (one, two) in [("FR-69", "FR-69M"), ("FR-6AE", "FR-67"), ("FR-68", "FR-6AE")] {
        let (one, two) = (place(one), place(two));
        assert!(!one.is_apart_from(&two) && !two.is_apart_from(&one), "{one} {two}");
        assert!(!one.contains(&two) && !two.contains(&one), "{one} {two}");
    }
}
