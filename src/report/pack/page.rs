//! How to check the files of a pack by hand, and what each does not prove.

use crate::report::message::Language;
use crate::verify::VerifiedLineage;

const ENGLISH: &str = include_str!("check.en.md");
const CHINESE: &str = include_str!("check.zh.md");

/// The page, with a statement and its key for the commands, and what the report was asked.
///
/// Nothing of it comes from a statement but ids.
pub(super) fn text(
    language: Language,
    example: Option<&(String, String)>,
    lineage: &VerifiedLineage,
) -> String {
    let page = match language {
        Language::Chinese => CHINESE,
        Language::English => ENGLISH,
    };
    let none = ("STATEMENT".to_owned(), "KEY".to_owned());
    let (statement, key) = example.unwrap_or(&none);
    page.replace("{statement}", statement)
        .replace("{key}", key)
        .replace("{subject}", &lineage.subject().to_string())
        .replace("{verified_at}", &lineage.now().to_string())
}
