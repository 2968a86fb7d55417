use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::id::ManifestId;
use crate::rights::{Registrant, RegistrantKind, RegistrantRole};

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn place(code: &str) -> Territory {
    code.parse().unwrap()
}

fn registration(scheme: Option<&str>, jurisdiction: Option<&str>) -> Registration {
    let (kind, role) = (RegistrantKind::LegalPerson, RegistrantRole::Holder);
    let who = Registrant::new("did:web:curator.example", "Curator Co.", kind, role);
    let manifest = ManifestId::from_bytes([1; 32]);
    let mut registration = Registration::new(manifest, "Corpus", [who], at(0), at(100));
    registration.scheme = scheme.map(str::to_owned);
    registration.jurisdiction = jurisdiction.map(str::to_owned);
    registration
}

#[test]
fn a_prefix_ends_at_a_boundary() {
    let mandate = Mandate::new([Role::Collector]).scope([
        "https://a.example/data",
        "manifest:",
        "cargo:serde",
    ]);
    for (subject, covered) in [
        ("https://a.example/data", true),
        ("https://a.example/data/x", true),
        ("https://a.example/data?x", true),
        ("https://a.example/database", false),
        ("https://a.example/dat", false),
        ("https://a.example.evil/data", false),
        ("manifest:00", true),
        ("cargo:serde@1.0", true),
        ("cargo:serde_json@1.0", false),
        ("", false),
    ] {
        assert_eq!(mandate.covers(Role::Collector, subject, at(0)), covered, "{subject}");
    }
    assert!(!mandate.covers(Role::Curator, "manifest:00", at(0)));
    let nothing = Mandate::new([Role::Collector]).scope([""; 0]);
    assert!(!nothing.covers(Role::Collector, "manifest:00", at(0)));
}

#[test]
fn a_log_is_covered_by_its_origin() {
    let log = Mandate::new([Role::Log]).scope(["log.registry.example"]);
    assert!(log.covers(Role::Log, "log.registry.example/2026", at(0)));
    assert!(!log.covers(Role::Log, "log.registry.example.evil/2026", at(0)));
    assert!(!log.covers(Role::Witness, "log.registry.example/2026", at(0)));
}

#[test]
fn a_term_includes_its_start_and_not_its_end() {
    let mandate = Mandate::new([Role::Trainer]).between(at(10), at(20));
    for (second, valid) in [(9, false), (10, true), (19, true), (20, false)] {
        assert_eq!(mandate.covers(Role::Trainer, "manifest:00", at(second)), valid);
    }
}

#[test]
fn a_registrar_is_bounded_by_scheme_and_place() {
    let registrar = Mandate::new([Role::Registrar])
        .schemes(["数据知识产权登记"])
        .jurisdictions([place("CN-BJ"), place("DE")]);
    for (scheme, jurisdiction, covered) in [
        (Some("数据知识产权登记"), Some("CN-BJ"), true),
        (Some("数据知识产权登记"), Some("DE-BE"), true),
        (Some("数据知识产权登记"), Some("CN"), false),
        (Some("数据知识产权登记"), Some("CN-SH"), false),
        (Some("数据产权登记"), Some("CN-BJ"), false),
        // What a registration leaves open is not within a bound.
        (None, Some("CN-BJ"), false),
        (Some("数据知识产权登记"), None, false),
    ] {
        let registration = registration(scheme, jurisdiction);
        let found = registrar.covers_registration(&registration, at(0));
        assert_eq!(found, covered, "{scheme:?} {jurisdiction:?}");
    }
    let anywhere = Mandate::new([Role::Registrar]);
    assert!(anywhere.covers_registration(&registration(None, None), at(0)));
    let no_registrar = Mandate::new([Role::Curator]);
    assert!(!no_registrar.covers_registration(&registration(None, None), at(0)));
}

#[test]
fn bounds_of_a_registrar_are_not_left_out_by_asking_for_the_role_alone() {
    let bounded = Mandate::new([Role::Curator, Role::Registrar]).schemes(["数据知识产权登记"]);
    assert!(!bounded.covers(Role::Registrar, "manifest:00", at(0)));
    assert!(bounded.covers(Role::Curator, "manifest:00", at(0)));
}

#[test]
fn each_dimension_that_is_exceeded_is_named() {
    let parent = Mandate::new([Role::Registrar, Role::Log])
        .scope(["manifest:", "https://a.example"])
        .schemes(["数据知识产权登记"])
        .jurisdictions([place("CN")])
        .between(at(10), at(20));
    let child = Mandate::new([Role::Registrar])
        .scope(["https://a.example/x"])
        .schemes(["数据知识产权登记"])
        .jurisdictions([place("CN-BJ")])
        .between(at(11), at(19));
    assert_eq!(parent.exceeded_by(&child), None);
    assert_eq!(parent.exceeded_by(&parent), None);
    let anywhere = Mandate { jurisdictions: [].into(), ..child.clone() };
    for (dimension, wider) in [
        (Dimension::Roles, Mandate { roles: [Role::Trainer].into(), ..child.clone() }),
        (Dimension::Scope, child.clone().scope(["any"])),
        (Dimension::Scope, child.clone().scope(["https://a.example:8080/x"])),
        (Dimension::Scope, child.clone().scope(["https://a.example/x", "statement:"])),
        (Dimension::Schemes, child.clone().schemes([""; 0])),
        (Dimension::Schemes, child.clone().schemes(["数据知识产权登记", "数据产权登记"])),
        (Dimension::Jurisdictions, anywhere),
        (Dimension::Jurisdictions, child.clone().jurisdictions([place("CN-BJ"), place("DE")])),
        (Dimension::From, child.clone().between(at(9), at(19))),
        (Dimension::From, Mandate { from: None, ..child.clone() }),
        (Dimension::Until, child.clone().between(at(11), at(21))),
        (Dimension::Until, Mandate { until: None, ..child }),
    ] {
        assert_eq!(parent.exceeded_by(&wider), Some(dimension), "{wider:?}");
    }
}

/// Few values, so that mandates often contain each other; each in the universe of questions.
const PREFIXES: [&str; 8] =
    ["any", "a:", "a:b", "a:bc", "a:b/c", "https://h", "https://h:1", "https://h/p"];
const SUBJECTS: [&str; 13] = [
    "x",
    "any",
    "a:",
    "a:b",
    "a:bc",
    "a:b/c",
    "a:b/d",
    "a:x",
    "https://h",
    "https://h:1",
    "https://h:1/p",
    "https://h/p",
    "https://h/q",
];
const SCHEMES: [&str; 2] = ["s", "t"];
const PLACES: [&str; 4] = ["CN", "CN-BJ", "CN-SH", "DE"];

fn mandate() -> impl Strategy<Value = Mandate> {
    let roles = subsequence(vec![Role::Registrar, Role::Trainer, Role::Log], 1..=3);
    let scope = subsequence(PREFIXES.to_vec(), 1..=3);
    let schemes = subsequence(SCHEMES.to_vec(), 0..=2);
    let places = subsequence(PLACES.to_vec(), 0..=3);
    let instant = || select(vec![None, Some(1), Some(2), Some(3)]);
    (roles, scope, schemes, places, instant(), instant()).prop_map(
        |(roles, scope, schemes, places, from, until)| {
            let places = places.into_iter().map(place);
            let mut mandate =
                Mandate::new(roles).scope(scope).schemes(schemes).jurisdictions(places);
            mandate.from = from.map(at);
            mandate.until = until.map(|until| at(until + 3));
            mandate
        },
    )
}

/// Whether `parent` covers everything that `child` covers, asked one by one.
fn contains_pointwise(parent: &Mandate, child: &Mandate) -> bool {
    let none = std::iter::once(None);
    let schemes: Vec<_> = none.clone().chain(SCHEMES.map(Some)).collect();
    let places: Vec<_> = none.chain(PLACES.map(Some)).collect();
    (0..8).all(|second| {
        SUBJECTS.iter().all(|subject| {
            let each_role = [Role::Trainer, Role::Log].into_iter().all(|role| {
                !child.covers(role, subject, at(second)) || parent.covers(role, subject, at(second))
            });
            each_role
                && schemes.iter().all(|scheme| {
                    places.iter().all(|code| {
                        let place = code.map(place);
                        let covers = |mandate: &Mandate| {
                            mandate.covers_but_registers(Role::Registrar, subject, at(second))
                                && mandate.covers_scheme(*scheme)
                                && mandate.covers_place(place.as_ref())
                        };
                        !covers(child) || covers(parent)
                    })
                })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_mandate_contains_another_exactly_if_it_covers_all_that_the_other_covers(
        parent in mandate(), child in mandate(),
    ) {
        let found = parent.exceeded_by(&child);
        let pointwise = contains_pointwise(&parent, &child);
        // Bounds of a registrar are compared whatever the roles; they may be kept for nothing.
        let harmless = !child.roles.contains(&Role::Registrar)
            && matches!(found, Some(Dimension::Schemes | Dimension::Jurisdictions));
        if harmless {
            let same = Mandate {
                schemes: parent.schemes.clone(),
                jurisdictions: parent.jurisdictions.clone(),
                ..child
            };
            prop_assert_eq!(parent.exceeded_by(&same).is_none(), pointwise);
        } else {
            prop_assert_eq!(found.is_none(), pointwise, "{:?}", found);
        }
    }

    #[test]
    fn containment_is_transitive(a in mandate(), b in mandate(), c in mandate()) {
        let contains = |x: &Mandate, y: &Mandate| x.exceeded_by(y).is_none();
        if contains(&a, &b) && contains(&b, &c) {
            prop_assert!(contains(&a, &c));
        }
    }
}
