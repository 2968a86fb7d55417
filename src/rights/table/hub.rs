//! Licence tags of dataset hubs.

/// The identifier that a hub's licence tag stands for: an SPDX one, one of this crate's own for terms
/// that SPDX does not list, or `NOASSERTION`.
///
/// Tags are compared in lower case, as hubs write them. A tag counts only if it
/// names one version of one licence that [`licences`](super::licences) has:
/// families (`cc`, `gpl`, `gfdl`, `openrail`), tags that say nothing (`other`,
/// `unknown`, `null`, `Various`, `Unspecified`), terms that are not in the
/// table, and what no hub writes are `NOASSERTION`, which evaluates to Unknown.
/// A GNU tag such as `gpl-3.0` does not say whether later versions count, so it
/// is the one version only. `odbl`, `odc-by`, `pddl` and `c-uda` are licences of
/// one version each. `NONE` is never a tag's meaning: that somebody has no
/// licence is a statement, not a gap.
///
/// ```
/// use datadeed::rights::hub_licence;
///
/// assert_eq!(hub_licence("cc-by-4.0"), "CC-BY-4.0");
/// assert_eq!(hub_licence("gpl-3.0"), "GPL-3.0-only");
/// assert_eq!(hub_licence("gemma"), "LicenseRef-datadeed-Gemma");
/// assert_eq!(hub_licence("other"), "NOASSERTION");
/// ```
pub fn hub_licence(tag: &str) -> &'static str {
    let tag = tag.trim().to_ascii_lowercase();
    let found = TAGS.binary_search_by(|(known, _)| (*known).cmp(tag.as_str())).ok();
    found.and_then(|at| TAGS.get(at)).map_or("NOASSERTION", |(_, id)| id)
}

/// Tags by name, as hubs write them, with what they mean.
pub(in crate::rights) const TAGS: &[(&str, &str)] = &[
    ("0bsd", "0BSD"),
    ("afl-3.0", "AFL-3.0"),
    ("agpl-3.0", "AGPL-3.0-only"),
    ("apache-2.0", "Apache-2.0"),
    ("artistic-2.0", "Artistic-2.0"),
    ("bigcode-openrail-m", "LicenseRef-datadeed-BigCode-OpenRAIL-M-1"),
    ("bigscience-bloom-rail-1.0", "LicenseRef-datadeed-BigScience-BLOOM-RAIL-1.0"),
    ("bigscience-openrail-m", "LicenseRef-datadeed-BigScience-OpenRAIL-M"),
    ("bsd-2-clause", "BSD-2-Clause"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("bsd-3-clause-clear", "BSD-3-Clause-Clear"),
    ("bsl-1.0", "BSL-1.0"),
    ("c-uda", "C-UDA-1.0"),
    ("c-uda-1.0", "C-UDA-1.0"),
    ("cc-by-2.0", "CC-BY-2.0"),
    ("cc-by-2.5", "CC-BY-2.5"),
    ("cc-by-3.0", "CC-BY-3.0"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("cc-by-nc-2.0", "CC-BY-NC-2.0"),
    ("cc-by-nc-3.0", "CC-BY-NC-3.0"),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ("cc-by-nc-nd-3.0", "CC-BY-NC-ND-3.0"),
    ("cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0"),
    ("cc-by-nc-sa-2.0", "CC-BY-NC-SA-2.0"),
    ("cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0"),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
    ("cc-by-nd-4.0", "CC-BY-ND-4.0"),
    ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    ("cc0-1.0", "CC0-1.0"),
    ("cdla-permissive-1.0", "CDLA-Permissive-1.0"),
    ("cdla-permissive-2.0", "CDLA-Permissive-2.0"),
    ("cdla-sharing-1.0", "CDLA-Sharing-1.0"),
    ("creativeml-openrail-m", "LicenseRef-datadeed-CreativeML-OpenRAIL-M"),
    ("ecl-2.0", "ECL-2.0"),
    ("epl-1.0", "EPL-1.0"),
    ("epl-2.0", "EPL-2.0"),
    ("etalab-2.0", "etalab-2.0"),
    ("eupl-1.1", "EUPL-1.1"),
    ("eupl-1.2", "EUPL-1.2"),
    ("gemma", "LicenseRef-datadeed-Gemma"),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("isc", "ISC"),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("lgpl-lr", "LGPLLR"),
    ("llama2", "LicenseRef-datadeed-Llama-2"),
    ("llama3", "LicenseRef-datadeed-Llama-3"),
    ("llama3.1", "LicenseRef-datadeed-Llama-3.1"),
    ("lppl-1.3c", "LPPL-1.3c"),
    ("mit", "MIT"),
    ("mpl-2.0", "MPL-2.0"),
    ("ms-pl", "MS-PL"),
    ("ncsa", "NCSA"),
    ("odbl", "ODbL-1.0"),
    ("odbl-1.0", "ODbL-1.0"),
    ("odc-by", "ODC-By-1.0"),
    ("odc-by-1.0", "ODC-By-1.0"),
    ("osl-3.0", "OSL-3.0"),
    ("pddl", "PDDL-1.0"),
    ("pddl-1.0", "PDDL-1.0"),
    ("postgresql", "PostgreSQL"),
    ("unlicense", "Unlicense"),
    ("wtfpl", "WTFPL"),
    ("zlib", "Zlib"),
];
