//! Licence tags of dataset hubs.

use super::rows::TABLE;

/// The identifier that a hub's licence tag stands for: an SPDX one, one of this crate's own for terms
/// that SPDX does not list, or `NOASSERTION`.
///
/// A tag is an identifier of [`licences`](super::licences) in lower case, or a
/// name that hubs made up for one. It counts only if it names one version of
/// one licence that is there: families (`cc`, `gpl`, `gfdl`, `openrail`), tags
/// that say nothing (`other`, `unknown`, `null`, `Various`, `Unspecified`),
/// terms that are not in the table, and what no hub writes are `NOASSERTION`,
/// which evaluates to Unknown. A GNU tag such as `gpl-3.0` does not say whether
/// later versions count, so it is the one version only; `odbl`, `odc-by`,
/// `pddl` and `c-uda` are licences of one version each. `NONE` is never a tag's
/// meaning: that somebody has no licence is a statement, not a gap.
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
    let tag = tag.trim();
    let renamed = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag)).map(|(_, id)| *id);
    let spelled = || TABLE.iter().filter(|row| row.exception.is_empty()).map(|row| row.id);
    let spelled = || spelled().find(|id| id.eq_ignore_ascii_case(tag));
    renamed.or_else(spelled).unwrap_or("NOASSERTION")
}

/// What hubs call by another name than SPDX does.
pub(in crate::rights) const NAMES: &[(&str, &str)] = &[
    ("agpl-3.0", "AGPL-3.0-only"),
    ("bigcode-openrail-m", "LicenseRef-datadeed-BigCode-OpenRAIL-M-1"),
    ("bigscience-bloom-rail-1.0", "LicenseRef-datadeed-BigScience-BLOOM-RAIL-1.0"),
    ("bigscience-openrail-m", "LicenseRef-datadeed-BigScience-OpenRAIL-M"),
    ("c-uda", "C-UDA-1.0"),
    ("creativeml-openrail-m", "LicenseRef-datadeed-CreativeML-OpenRAIL-M"),
    ("gemma", "LicenseRef-datadeed-Gemma"),
    ("gpl-2.0", "GPL-2.0-only"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("lgpl-2.1", "LGPL-2.1-only"),
    ("lgpl-3.0", "LGPL-3.0-only"),
    ("lgpl-lr", "LGPLLR"),
    ("llama2", "LicenseRef-datadeed-Llama-2"),
    ("llama3", "LicenseRef-datadeed-Llama-3"),
    ("llama3.1", "LicenseRef-datadeed-Llama-3.1"),
    ("odbl", "ODbL-1.0"),
    ("odc-by", "ODC-By-1.0"),
    ("pddl", "PDDL-1.0"),
];
