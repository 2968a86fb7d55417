//! The rows, in the order of identifier and exception.
//!
//! A call is a term and its argument the clause that the term comes from, as
//! the text numbers it. Texts without numbers have their paragraphs named.
//! Terms about programs alone (object code, patents, interfaces) are left
//! out; data is its own source form.

use super::Adaptations::{None as Never, Private};
use super::{Cure, PublicLicence};

/// Creative Commons 1.0 to 3.0. All have the notice (and no sublicence) in 4(a), the promise not to
/// withdraw in 7(b), and end by any breach, 7(a), with nothing that reinstates them. None of them
/// licenses rights in databases.
const fn cc_1_to_3(id: &'static str) -> PublicLicence {
    row(id, "3").notice("4(a)").no_extra_restrictions("4(a)").irrevocable("7(b)").ends("7(a)")
}

/// The ports of 3.0 for intergovernmental organisations, which have the cure of 4.0.
const fn cc_3_igo(id: &'static str) -> PublicLicence {
    row(id, "3")
        .notice("4(a)")
        .no_extra_restrictions("4(a)")
        .irrevocable("7(a)")
        .ends_unless_cured("7(b)", Cure::discovered(30, "7(b)"))
}

/// Creative Commons 4.0: no sublicences but a direct offer to every recipient, 2(a)(5)(A).
const fn cc_4(id: &'static str) -> PublicLicence {
    row(id, "2(a)(1)")
        .attribute("3(a)(1)")
        .notice("3(a)(1)")
        .no_extra_restrictions("2(a)(5)(B)")
        .database_rights("4(a)")
        .irrevocable("2(a)(1)")
        .ends_unless_cured("6(a)", Cure::discovered(30, "6(b)(1)"))
}

/// The same with share alike, which counts the offers of 2(a)(5) differently.
const fn cc_4_sa(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    cc_4(id).no_extra_restrictions("2(a)(5)(C), 3(b)(3)").share_alike("3(b)(1)", licences)
}

/// GNU licences of version 3, general and Affero.
const fn gnu_3(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    row(id, "2")
        .attribute("4")
        .notice("4, 5(b)")
        .copyleft("4, 5(c)", licences)
        .provide_alterations("6")
        .no_extra_restrictions("10")
        .irrevocable("2")
        .ends_unless_cured("8", Cure::notified(30, "8"))
}

/// The lesser one, a set of additions to version 3 of the general one.
const fn lgpl_3(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    row(id, "0, with GPL-3.0 2")
        .attribute("GPL-3.0 4")
        .notice("GPL-3.0 4, 5(b)")
        .copyleft("2, with GPL-3.0 4, 5(c)", licences)
        .provide_alterations("GPL-3.0 6")
        .no_extra_restrictions("GPL-3.0 10")
        .irrevocable("GPL-3.0 2")
        .ends_unless_cured("GPL-3.0 8", Cure::notified(30, "GPL-3.0 8"))
}

const fn gpl_2(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    row(id, "1, 2")
        .attribute("1")
        .notice("1, 2(a)")
        .copyleft("1, 2(b)", licences)
        .provide_alterations("3")
        .no_extra_restrictions("6")
        .ends("4")
}

const fn lgpl_2_1(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    row(id, "1, 2")
        .attribute("1")
        .notice("1, 2(b)")
        .copyleft("1, 2(c), 3", licences)
        .provide_alterations("4")
        .no_extra_restrictions("10")
        .ends("8")
}

/// GNU Free Documentation License 1.1 and 1.2; 1.3 differs in its cure. Rows with invariant sections,
/// which say themselves that parts may not be changed, are left out. A form that can be revised is owed
/// with more than 100 copies in one that cannot (3); the row does not count copies.
const fn gfdl(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    row(id, "2, 4")
        .attribute("4(B), 4(D)")
        .notice("2, 4(F), 4(H)")
        .copyleft("2, 4", licences)
        .provide_alterations("3")
        .no_extra_restrictions("2")
        .ends("9")
}

const fn gfdl_1_3(id: &'static str, licences: &'static [&'static str]) -> PublicLicence {
    gfdl(id, licences).ends_unless_cured("9", Cure::notified(30, "9"))
}

/// Open Government Licences, which number nothing: `grant` and `conditions` are their two lists.
const fn ogl(id: &'static str) -> PublicLicence {
    row(id, "grant").attribute("conditions, 1st").notice("conditions, 1st").ends("conditions, last")
}

const fn nlod(id: &'static str) -> PublicLicence {
    row(id, "2").attribute("5").notice("5").database_rights("1").ends("4")
}

/// Responsible AI licences in the form that `BigScience` gave them: models, and what is made of them
/// (1(e)), go on under any terms that include the restrictions of paragraph 5 and Attachment A.
const fn rail(id: &'static str) -> PublicLicence {
    row(id, "2")
        .attribute("4(d)")
        .notice("4(b), 4(c)")
        .sublicense("2")
        .pass_through("4(a), 5")
        .reaches("1(e), 4(a)")
        .irrevocable("2")
}

/// Llama terms: the agreement goes with everything made of the model, and its policy of acceptable use
/// binds every user. Who had more than 700 million monthly users at the release has no rights (2).
const fn llama(id: &'static str) -> PublicLicence {
    row(id, "1(a)")
        .attribute("1(b)(iii)")
        .notice("1(b)(i)")
        .pass_through("1(b)(i), 1(b)(iv)")
        .condition("2")
        .reaches("1(b)(i)")
        .ends("6")
}

const fn row(id: &'static str, grant: &'static str) -> PublicLicence {
    PublicLicence::new(id, grant)
}

/// A licence that asks nothing in return, so nothing can follow into a model.
const fn free(id: &'static str, grant: &'static str) -> PublicLicence {
    row(id, grant).stops_before_model(grant)
}

const AGPL_3_LATER: &[&str] = &["AGPL-3.0-only", "AGPL-3.0-or-later"];
const BY_NC_SA_2: &[&str] = &[
    "CC-BY-NC-SA-2.0",
    "CC-BY-NC-SA-2.0-DE",
    "CC-BY-NC-SA-2.0-FR",
    "CC-BY-NC-SA-2.0-UK",
    "CC-BY-NC-SA-2.5",
    "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-3.0-DE",
    "CC-BY-NC-SA-3.0-IGO",
    "CC-BY-NC-SA-4.0",
];
const BY_NC_SA_2_5: &[&str] = &[
    "CC-BY-NC-SA-2.5",
    "CC-BY-NC-SA-3.0",
    "CC-BY-NC-SA-3.0-DE",
    "CC-BY-NC-SA-3.0-IGO",
    "CC-BY-NC-SA-4.0",
];
const BY_NC_SA_3: &[&str] =
    &["CC-BY-NC-SA-3.0", "CC-BY-NC-SA-3.0-DE", "CC-BY-NC-SA-3.0-IGO", "CC-BY-NC-SA-4.0"];
const BY_SA_2: &[&str] = &[
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.0-UK",
    "CC-BY-SA-2.1-JP",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-AT",
    "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
    "CC-BY-SA-4.0",
];
const BY_SA_2_5: &[&str] = &[
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-AT",
    "CC-BY-SA-3.0-DE",
    "CC-BY-SA-3.0-IGO",
    "CC-BY-SA-4.0",
];
const BY_SA_3: &[&str] =
    &["CC-BY-SA-3.0", "CC-BY-SA-3.0-AT", "CC-BY-SA-3.0-DE", "CC-BY-SA-3.0-IGO", "CC-BY-SA-4.0"];
/// Compatible with 4.0 by decision of Creative Commons (1(c)): GPL version 3 and no later one, one
/// way; Free Art License 1.3.
const BY_SA_4: &[&str] = &["CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3"];
const GFDL_1_1_LATER: &[&str] = &[
    "GFDL-1.1-only",
    "GFDL-1.1-or-later",
    "GFDL-1.2-only",
    "GFDL-1.2-or-later",
    "GFDL-1.3-only",
    "GFDL-1.3-or-later",
];
const GFDL_1_1_NO_INVARIANTS_LATER: &[&str] = &[
    "GFDL-1.1-no-invariants-only",
    "GFDL-1.1-no-invariants-or-later",
    "GFDL-1.2-no-invariants-only",
    "GFDL-1.2-no-invariants-or-later",
    "GFDL-1.3-no-invariants-only",
    "GFDL-1.3-no-invariants-or-later",
];
const GFDL_1_2_LATER: &[&str] =
    &["GFDL-1.2-only", "GFDL-1.2-or-later", "GFDL-1.3-only", "GFDL-1.3-or-later"];
const GFDL_1_2_NO_INVARIANTS_LATER: &[&str] = &[
    "GFDL-1.2-no-invariants-only",
    "GFDL-1.2-no-invariants-or-later",
    "GFDL-1.3-no-invariants-only",
    "GFDL-1.3-no-invariants-or-later",
];
const GFDL_1_3_LATER: &[&str] = &["GFDL-1.3-only", "GFDL-1.3-or-later"];
const GFDL_1_3_NO_INVARIANTS_LATER: &[&str] =
    &["GFDL-1.3-no-invariants-only", "GFDL-1.3-no-invariants-or-later"];
const GPL_2_LATER: &[&str] =
    &["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"];
const GPL_3_LATER: &[&str] = &["GPL-3.0-only", "GPL-3.0-or-later"];
/// By section 3 also the ordinary licence, of version 2 or a newer one.
const LGPL_2_1: &[&str] = &["GPL-2.0-only", "GPL-3.0-only", "LGPL-2.1-only"];
const LGPL_2_1_LATER: &[&str] = &[
    "GPL-2.0-only",
    "GPL-3.0-only",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
];
/// By section 2(b) also the ordinary licence.
const LGPL_3: &[&str] = &["GPL-3.0-only", "LGPL-3.0-only"];
const LGPL_3_LATER: &[&str] = &["GPL-3.0-only", "LGPL-3.0-only", "LGPL-3.0-or-later"];

pub(super) const TABLE: &[PublicLicence] = &[
    free("0BSD", "only paragraph"),
    row("AFL-3.0", "1").attribute("6").notice("6").sublicense("1, 1(c)").ends("9"),
    gnu_3("AGPL-3.0-only", &["AGPL-3.0-only"]).provide_alterations("6, 13"),
    gnu_3("AGPL-3.0-or-later", AGPL_3_LATER).provide_alterations("6, 13"),
    row("Apache-2.0", "2")
        .attribute("4(c)")
        .notice("4(a), 4(b), 4(d)")
        .sublicense("2")
        .irrevocable("2"),
    // The exception waives 4(a), (b) and (d) for embedded object code only, so nothing for data.
    row("Apache-2.0", "2")
        .with("LLVM-exception")
        .attribute("4(c)")
        .notice("4(a), 4(b), 4(d)")
        .sublicense("2")
        .irrevocable("2"),
    row("Artistic-2.0", "1, 2, 4").attribute("2").notice("2, 4"),
    row("BSD-2-Clause", "permission").attribute("1, 2").notice("1, 2"),
    row("BSD-3-Clause", "permission").attribute("1, 2").notice("1, 2"),
    row("BSD-3-Clause-Clear", "permission")
        .attribute("1st, 2nd condition")
        .notice("1st, 2nd condition"),
    row("BSL-1.0", "1st paragraph").attribute("2nd paragraph").notice("2nd paragraph"),
    // For computational use only (2.1), to which recipients are bound.
    row("C-UDA-1.0", "1.1")
        .attribute("3.1.1")
        .copyleft("3.1.2", &["C-UDA-1.0"])
        .pass_through("2.1, 3.1.2")
        .stops_before_model("2.2, 5.5"),
    cc_1_to_3("CC-BY-1.0").attribute("4(b)"),
    cc_1_to_3("CC-BY-2.0").attribute("4(b)"),
    cc_1_to_3("CC-BY-2.5").attribute("4(b)"),
    cc_1_to_3("CC-BY-3.0").attribute("4(b)"),
    cc_3_igo("CC-BY-3.0-IGO").attribute("4(b)"),
    cc_4("CC-BY-4.0"),
    cc_1_to_3("CC-BY-NC-1.0").non_commercial("4(b)").attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-2.0").non_commercial("4(b)").attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-2.5").non_commercial("4(b)").attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-3.0").non_commercial("4(b)").attribute("4(c)"),
    cc_3_igo("CC-BY-NC-3.0-IGO").non_commercial("4(b)").attribute("4(c)"),
    cc_4("CC-BY-NC-4.0").non_commercial("2(a)(1)"),
    cc_1_to_3("CC-BY-NC-ND-1.0").non_commercial("4(b)").adaptations(Never("3")).attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-ND-2.0").non_commercial("4(b)").adaptations(Never("3")).attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-ND-2.5").non_commercial("4(b)").adaptations(Never("3")).attribute("4(c)"),
    cc_1_to_3("CC-BY-NC-ND-3.0").non_commercial("4(b)").adaptations(Never("3")).attribute("4(c)"),
    cc_3_igo("CC-BY-NC-ND-3.0-IGO")
        .non_commercial("4(b)")
        .adaptations(Never("3"))
        .attribute("4(c)"),
    cc_4("CC-BY-NC-ND-4.0").non_commercial("2(a)(1)").adaptations(Private("2(a)(1)(B)")),
    cc_1_to_3("CC-BY-NC-SA-1.0")
        .non_commercial("4(c)")
        .attribute("4(d)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", &["CC-BY-NC-SA-1.0"]),
    cc_1_to_3("CC-BY-NC-SA-2.0")
        .non_commercial("4(c)")
        .attribute("4(d)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_NC_SA_2),
    cc_1_to_3("CC-BY-NC-SA-2.5")
        .non_commercial("4(c)")
        .attribute("4(d)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_NC_SA_2_5),
    cc_1_to_3("CC-BY-NC-SA-3.0")
        .non_commercial("4(c)")
        .attribute("4(d)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_NC_SA_3),
    cc_3_igo("CC-BY-NC-SA-3.0-IGO")
        .non_commercial("4(c)")
        .attribute("4(d)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_NC_SA_3),
    cc_4_sa("CC-BY-NC-SA-4.0", &["CC-BY-NC-SA-4.0"]).non_commercial("2(a)(1)"),
    cc_1_to_3("CC-BY-ND-1.0").adaptations(Never("3")).attribute("4(b)"),
    cc_1_to_3("CC-BY-ND-2.0").adaptations(Never("3")).attribute("4(b)"),
    cc_1_to_3("CC-BY-ND-2.5").adaptations(Never("3")).attribute("4(b)"),
    cc_1_to_3("CC-BY-ND-3.0").adaptations(Never("3")).attribute("4(b)"),
    cc_4("CC-BY-ND-4.0").adaptations(Private("2(a)(1)(B)")),
    cc_1_to_3("CC-BY-SA-1.0")
        .attribute("4(c)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", &["CC-BY-SA-1.0"]),
    cc_1_to_3("CC-BY-SA-2.0")
        .attribute("4(c)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_SA_2),
    cc_1_to_3("CC-BY-SA-2.5")
        .attribute("4(c)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_SA_2_5),
    cc_1_to_3("CC-BY-SA-3.0")
        .attribute("4(c)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_SA_3),
    cc_3_igo("CC-BY-SA-3.0-IGO")
        .attribute("4(c)")
        .no_extra_restrictions("4(a), 4(b)")
        .share_alike("4(b)", BY_SA_3),
    cc_4_sa("CC-BY-SA-4.0", BY_SA_4),
    free("CC0-1.0", "2, 3").database_rights("1").irrevocable("2, 3"),
    row("CDLA-Permissive-1.0", "2.1")
        .attribute("3.1(c)")
        .notice("3.1(a), 3.1(b)")
        .sublicense("3.1(a)")
        .stops_before_model("3.4")
        .database_rights("2.2")
        .irrevocable("2.1")
        .ends("5.1"),
    row("CDLA-Permissive-2.0", "1.1").notice("2.1").stops_before_model("3.1, 5.4"),
    row("CDLA-Sharing-1.0", "2.1")
        .attribute("3.1(c)")
        .notice("3.1(b), 3.3")
        .copyleft("3.1(a), 3.3", &["CDLA-Sharing-1.0"])
        .no_extra_restrictions("3.2, 3.3")
        .stops_before_model("3.5")
        .database_rights("2.2")
        .irrevocable("2.1")
        .ends("5.1"),
    row("DL-DE-BY-2.0", "(1)").attribute("(2)").notice("(2), (3)"),
    free("DL-DE-ZERO-2.0", "1st paragraph"),
    row("ECL-2.0", "2")
        .attribute("4(c)")
        .notice("4(a), 4(b), 4(d)")
        .sublicense("2")
        .irrevocable("2"),
    row("EPL-1.0", "2(a)")
        .attribute("3")
        .notice("3")
        .copyleft("3, 7", &["EPL-1.0", "EPL-2.0"])
        .provide_alterations("3")
        .sublicense("2(a)")
        .ends("7"),
    row("EPL-2.0", "2(a)")
        .attribute("3.3")
        .notice("3.2(b), 3.3")
        .copyleft("3.2(a)", &["EPL-2.0"])
        .provide_alterations("3.1(a)")
        .sublicense("2(a)")
        .ends("7"),
    // The licences of the appendices count only for what is combined with a work under one of them.
    row("EUPL-1.1", "2")
        .attribute("5")
        .notice("5")
        .copyleft("5", &["EUPL-1.1", "EUPL-1.2"])
        .provide_alterations("5")
        .no_extra_restrictions("5")
        .sublicense("2")
        .ends("12"),
    row("EUPL-1.2", "2")
        .attribute("5")
        .notice("5")
        .copyleft("5", &["EUPL-1.2"])
        .provide_alterations("5")
        .no_extra_restrictions("5")
        .sublicense("2")
        .ends("12"),
    gfdl("GFDL-1.1-no-invariants-only", &["GFDL-1.1-no-invariants-only"]),
    gfdl("GFDL-1.1-no-invariants-or-later", GFDL_1_1_NO_INVARIANTS_LATER),
    gfdl("GFDL-1.1-only", &["GFDL-1.1-only"]),
    gfdl("GFDL-1.1-or-later", GFDL_1_1_LATER),
    gfdl("GFDL-1.2-no-invariants-only", &["GFDL-1.2-no-invariants-only"]),
    gfdl("GFDL-1.2-no-invariants-or-later", GFDL_1_2_NO_INVARIANTS_LATER),
    gfdl("GFDL-1.2-only", &["GFDL-1.2-only"]),
    gfdl("GFDL-1.2-or-later", GFDL_1_2_LATER),
    gfdl_1_3("GFDL-1.3-no-invariants-only", &["GFDL-1.3-no-invariants-only"]),
    gfdl_1_3("GFDL-1.3-no-invariants-or-later", GFDL_1_3_NO_INVARIANTS_LATER),
    gfdl_1_3("GFDL-1.3-only", &["GFDL-1.3-only"]),
    gfdl_1_3("GFDL-1.3-or-later", GFDL_1_3_LATER),
    gpl_2("GPL-2.0-only", &["GPL-2.0-only"]),
    gpl_2("GPL-2.0-or-later", GPL_2_LATER),
    gnu_3("GPL-3.0-only", &["GPL-3.0-only"]),
    gnu_3("GPL-3.0-or-later", GPL_3_LATER),
    row("ISC", "permission").attribute("permission").notice("permission"),
    row("LAL-1.3", "2.1, 2.2, 2.3")
        .attribute("2.2")
        .notice("2.2")
        .share_alike("2.3, 5", &["LAL-1.3"])
        .ends("8"),
    lgpl_2_1("LGPL-2.1-only", LGPL_2_1),
    lgpl_2_1("LGPL-2.1-or-later", LGPL_2_1_LATER),
    lgpl_3("LGPL-3.0-only", LGPL_3),
    lgpl_3("LGPL-3.0-or-later", LGPL_3_LATER),
    row("LGPLLR", "1, 2")
        .attribute("1")
        .notice("1, 2(b)")
        .copyleft("1, 2(c)", &["LGPLLR"])
        .no_extra_restrictions("7")
        .ends("5"),
    row("LPPL-1.3c", "2, 5, 6").attribute("6(b)").notice("6(b), 6(d)").provide_alterations("7"),
    row("LicenseRef-datadeed-BigCode-OpenRAIL-M-1", "2")
        .attribute("5.2(c)")
        .notice("5.2(a), 5.2(b)")
        .sublicense("5.1")
        .pass_through("4, 5.1")
        .reaches("5.1"),
    rail("LicenseRef-datadeed-BigScience-BLOOM-RAIL-1.0"),
    rail("LicenseRef-datadeed-BigScience-OpenRAIL-M"),
    rail("LicenseRef-datadeed-CreativeML-OpenRAIL-M"),
    row("LicenseRef-datadeed-Gemma", "2.2")
        .notice("3.1(2), 3.1(3), 3.1(4)")
        .pass_through("3.1(1), 3.2")
        .reaches("1.1(e), 3.1")
        .ends("4.5"),
    // Versions 2 and 3 also forbid to improve other language models with them, 1(b)(v).
    llama("LicenseRef-datadeed-Llama-2").condition("1(b)(v), 2"),
    llama("LicenseRef-datadeed-Llama-3").condition("1(b)(v), 2"),
    llama("LicenseRef-datadeed-Llama-3.1"),
    row("MIT", "1st paragraph")
        .attribute("2nd paragraph")
        .notice("2nd paragraph")
        .sublicense("1st paragraph"),
    free("MIT-0", "only paragraph").sublicense("only paragraph"),
    row("MPL-2.0", "2.1(a)")
        .attribute("3.4")
        .notice("3.1, 3.4")
        .copyleft("3.1", &["MPL-2.0"])
        .provide_alterations("3.2(a)")
        .no_extra_restrictions("3.1")
        .ends_unless_cured("5.1", Cure::notified(30, "5.1")),
    row("MS-PL", "2(A)").attribute("3(C)").notice("3(C), 3(D)").copyleft("3(D)", &["MS-PL"]),
    row("MulanPSL-2.0", "1").attribute("4").notice("4").irrevocable("1"),
    row("NCSA", "permission")
        .attribute("1st, 2nd condition")
        .notice("1st, 2nd condition")
        .sublicense("permission"),
    nlod("NLOD-1.0"),
    nlod("NLOD-2.0"),
    // Under terms of one's choice, which must ask for the same credit and disclaim as much.
    row("O-UDA-1.0", "1.1")
        .attribute("3.1.1")
        .sublicense("3.1")
        .pass_through("3.1.1, 3.1.2")
        .stops_before_model("2.1.2, 5.4"),
    // Attribution by its name, but 4.2(a) lets derivative databases go on under no other licence.
    row("ODC-By-1.0", "3.1")
        .attribute("4.2(c), 4.3")
        .notice("4.2(b), 4.2(c)")
        .copyleft("4.2(a)", &["ODC-By-1.0"])
        .no_extra_restrictions("4.4")
        .product_notice("4.3")
        .database_rights("2.2(b)")
        .irrevocable("3.1, 9.5")
        .ends_unless_cured("9.1", Cure::notified(30, "9.4(c)")),
    row("ODbL-1.0", "3.1")
        .attribute("4.2(c), 4.3")
        .notice("4.2(b), 4.2(c)")
        .copyleft("4.4(a), 4.2(a)", &["ODbL-1.0"])
        .provide_alterations("4.6")
        .no_extra_restrictions("4.7(a), 4.8")
        .product_notice("4.3, 4.5(b)")
        .database_rights("2.2(b)")
        .irrevocable("3.1, 9.5")
        .ends_unless_cured("9.1", Cure::notified(30, "9.4(c)")),
    row("OGL-Canada-2.0", "grant")
        .attribute("conditions, 1st")
        .notice("conditions, 1st")
        .ends("conditions, last"),
    ogl("OGL-UK-1.0").database_rights("grant"),
    ogl("OGL-UK-2.0").database_rights("grant"),
    ogl("OGL-UK-3.0").database_rights("grant"),
    row("OSL-3.0", "1")
        .attribute("6")
        .notice("6")
        .copyleft("1(c)", &["OSL-3.0"])
        .provide_alterations("3")
        .sublicense("1")
        .ends("9"),
    free("PDDL-1.0", "3.1, 3.2, 3.3")
        .sublicense("1.0")
        .database_rights("2.2(b)")
        .irrevocable("3.1"),
    row("PostgreSQL", "permission").attribute("permission").notice("permission"),
    row("Unicode-3.0", "permission").attribute("(a), (b)").notice("(a), (b)"),
    free("Unlicense", "1st to 3rd paragraph"),
    free("WTFPL", "0"),
    row("Zlib", "permission").notice("1, 2, 3"),
    row("etalab-2.0", "1st section").attribute("1st section").database_rights("3rd section"),
];
