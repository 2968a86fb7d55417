use super::*;

const CREDIT: [DutyKind; 2] = [DutyKind::Attribute, DutyKind::Notice];

#[track_caller]
fn train(expression: &str, expected: &Outcome) {
    assert_eq!(&evaluate(&spdx(expression), &commercial(Action::Train)), expected, "{expression}");
}

#[test]
fn or_takes_the_best_branch_and_and_takes_all() {
    let unknown = Outcome::unknown(Missing::Licence);
    let purpose = Outcome::deny(Reason::Purpose);
    let table = [
        ("MIT", permit(CREDIT)),
        ("MIT OR Zlib", permit([DutyKind::Notice])),
        ("Zlib OR MIT", permit([DutyKind::Notice])),
        ("MIT AND CC0-1.0", permit(CREDIT)),
        ("CC0-1.0 AND CC0-1.0", Outcome::free()),
        ("MIT OR CC-BY-NC-4.0", permit(CREDIT)),
        ("CC-BY-NC-4.0 OR MIT", permit(CREDIT)),
        ("MIT AND CC-BY-NC-4.0", purpose.clone()),
        ("CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0", purpose.clone()),
        // AND binds more tightly than OR.
        ("MIT OR CC-BY-NC-4.0 AND CC-BY-NC-SA-4.0", permit(CREDIT)),
        ("CC-BY-NC-4.0 AND MIT OR Zlib", permit([DutyKind::Notice])),
        ("(MIT OR CC-BY-NC-4.0) AND CC-BY-NC-SA-4.0", purpose.clone()),
        ("((MIT) OR (CC-BY-NC-4.0 AND (CC0-1.0 OR Zlib)))", permit(CREDIT)),
        // An unknown licence decides nothing, and hides neither a permit in OR nor a denial in AND.
        ("SSPL-1.0", unknown.clone()),
        ("SSPL-1.0 OR MIT", permit(CREDIT)),
        ("SSPL-1.0 AND MIT", unknown.clone()),
        ("SSPL-1.0 OR CC-BY-NC-4.0", unknown),
        ("SSPL-1.0 AND CC-BY-NC-4.0", purpose),
    ];
    for (expression, expected) in &table {
        train(expression, expected);
    }
}

#[test]
fn exceptions_and_later_versions_are_rows_or_unknown() {
    let unknown = Outcome::unknown(Missing::Licence);
    let table = [
        ("Apache-2.0 WITH LLVM-exception", permit(CREDIT)),
        ("MIT WITH LLVM-exception", unknown.clone()),
        ("Apache-2.0 WITH Classpath-exception-2.0", unknown.clone()),
        ("Apache-2.0 WITH AdditionRef-mine", unknown.clone()),
        ("Apache-2.0 WITH LLVM", unknown.clone()),
        ("Apache-2.0+", permit(CREDIT)),
        ("CC-BY-NC-4.0+", Outcome::deny(Reason::Purpose)),
        ("GPL-3.0+", unknown.clone()),
        ("GPL-3.0-or-later", permit(CREDIT)),
        ("CC-BY-SA-3.0+", permit(CREDIT)),
        ("GPL-2.0-only WITH Classpath-exception-2.0", unknown),
    ];
    for (expression, expected) in &table {
        train(expression, expected);
    }
}

#[test]
fn no_licence_is_denied_and_no_assertion_is_unknown() {
    train("NONE", &Outcome::deny(Reason::NoGrant));
    train("NOASSERTION", &Outcome::unknown(Missing::Licence));
    for expression in ["NONE", "NOASSERTION"] {
        assert!(!is_public(expression));
        assert!(!is_irrevocable(&spdx(expression)));
    }
    denies(&spdx("NONE"), &ask(Action::Search), [Reason::NoGrant]);
}

#[test]
fn what_is_no_expression_of_known_licences_is_unknown() {
    for expression in [
        "",
        " ",
        "()",
        "(MIT",
        "MIT)",
        "MIT OR",
        "OR MIT",
        "MIT MIT",
        "MIT/Apache-2.0",
        "MIT, Apache-2.0",
        "MIT WITH",
        "mit",
        "Mit",
        "cc0-1.0",
        "Apache 2.0",
        "apache2",
        "none",
        "None",
        "noassertion",
        "NONE AND MIT",
        "MIT AND NOASSERTION",
        "LicenseRef-mine",
        "DocumentRef-spdx:LicenseRef-MIT",
        "GPL-3.0",
        "AGPL-1.0",
        "BSD-2-Clause-FreeBSD",
        "other",
        "unknown",
        "null",
        "Various",
        "CC-BY-4.0\0",
        "CC\u{2011}BY-4.0",
        "МIT",
        "MIT OR 😀",
        "https://opensource.org/license/mit",
    ] {
        train(expression, &Outcome::unknown(Missing::Licence));
        assert!(!is_public(expression), "{expression:?}");
        assert!(!is_irrevocable(&spdx(expression)), "{expression:?}");
    }
}

#[test]
fn long_and_deep_expressions_end() {
    let nested = |depth: usize| format!("{}MIT{}", "(".repeat(depth), ")".repeat(depth));
    train(&nested(500), &permit(CREDIT));
    train(&nested(510), &permit(CREDIT));
    assert_eq!(nested(511).len(), crate::limits::MAX_EXPRESSION + 1);
    train(&nested(511), &Outcome::unknown(Missing::Licence));
    train(&nested(1_000_000), &Outcome::unknown(Missing::Licence));
    train(&"(".repeat(1_024), &Outcome::unknown(Missing::Licence));
    train(&"MIT AND ".repeat(10_000), &Outcome::unknown(Missing::Licence));
    let chain = |operator: &str, count: usize| vec!["MIT"; count].join(operator);
    train(&chain(" OR ", 146), &permit(CREDIT));
    train(&chain(" AND ", 128), &permit(CREDIT));
    train(&chain(" OR ", 147), &Outcome::unknown(Missing::Licence));
    let right = format!("{}MIT{}", "MIT OR (".repeat(110), ")".repeat(110));
    train(&right, &permit(CREDIT));
}

/// The expressions that occur among this crate's own dependencies.
#[test]
fn real_expressions_are_public_and_permit_commercial_training() {
    for expression in [
        "MIT OR Apache-2.0",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "BSD-3-Clause",
        "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
        "CC0-1.0 OR Apache-2.0 OR Apache-2.0 WITH LLVM-exception",
        "CC0-1.0 OR MIT-0 OR Apache-2.0",
        "Zlib OR Apache-2.0 OR MIT",
        "BSD-2-Clause OR Apache-2.0 OR MIT",
        "Unlicense OR MIT",
    ] {
        assert!(is_public(expression), "{expression}");
        permits(&spdx(expression), &commercial(Action::Train));
    }
}

#[test]
fn an_expression_is_irrevocable_if_all_its_licences_are() {
    for (expression, irrevocable) in [
        ("CC-BY-4.0", true),
        ("CC0-1.0 OR Apache-2.0", true),
        ("CC0-1.0 AND Apache-2.0 WITH LLVM-exception", true),
        ("CC0-1.0 OR MIT", false),
        ("SSPL-1.0 OR CC0-1.0", false),
        ("LicenseRef-x AND CC0-1.0", false),
    ] {
        assert_eq!(is_irrevocable(&spdx(expression)), irrevocable, "{expression}");
    }
    assert!(!is_public("MIT OR SSPL-1.0"));
    assert!(!is_public("MIT OR LicenseRef-x"));
}

/// Terms that SPDX does not list, under identifiers of this crate's own; all others are somebody's own.
#[test]
fn identifiers_of_this_crate_are_evaluated() {
    let gemma = "LicenseRef-datadeed-Gemma";
    assert!(is_public(gemma) && is_public("MIT AND LicenseRef-datadeed-Gemma"));
    permits(&spdx(gemma), &commercial(Action::Train));
    for expression in [
        "LicenseRef-Gemma",
        "LicenseRef-datadeed-gemma",
        "LicenseRef-datadeed-MIT",
        "LicenseRef-MIT",
        "DocumentRef-a:LicenseRef-datadeed-Gemma",
        "LicenseRef-datadeed-Gemma WITH LLVM-exception",
        "LicenseRef-datadeed-Gemma WITH AdditionRef-x",
    ] {
        train(expression, &Outcome::unknown(Missing::Licence));
        assert!(!is_public(expression), "{expression}");
    }
}

/// A choice binds the offering party to none; a conjunction to the strictest.
#[test]
fn a_tag_and_the_licences_of_the_components() {
    // BAAI's COIG: tagged Apache-2.0, with components "Various", "Unspecified" and CC-BY-SA-4.0.
    train("Apache-2.0", &permit(CREDIT));
    train("Apache-2.0 AND NOASSERTION", &Outcome::unknown(Missing::Licence));
    train(
        "Apache-2.0 AND CC-BY-SA-4.0 AND LicenseRef-Various",
        &Outcome::unknown(Missing::Licence),
    );
    train("Apache-2.0 AND CC-BY-SA-4.0", &permit(CREDIT));
    // Dolly 15k.
    train("CC-BY-SA-3.0", &permit(CREDIT));
    // aidatatang.
    train("CC-BY-NC-ND-4.0", &Outcome::deny(Reason::Purpose));
}
