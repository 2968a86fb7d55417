//! Verified results for people: text and graphs.
//!
//! Titles and issuers come from statements and are escaped, so no statement
//! can change the structure of a picture.

mod graph;
mod text;

pub use graph::{dot, mermaid};
pub use text::{findings, text};

use crate::id::ManifestId;
use crate::verify::VerifiedLineage;

/// The title that a believed `dataset` statement gives a manifest, else the short form of its id.
///
/// Without control characters and without the marks that reorder text.
pub fn title(lineage: &VerifiedLineage, manifest: ManifestId) -> String {
    lineage
        .datasets(manifest)
        .find(|dataset| lineage.is_believed(dataset.id()))
        .map_or_else(|| short(manifest), |dataset| visible(&dataset.payload().title))
}

/// Without control characters and without the marks that reorder text.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|c| !hidden(*c)).collect()
}

/// The first 12 hexadecimal digits of an id with its prefix: for people, never for comparison.
fn short(manifest: ManifestId) -> String {
    let text = manifest.to_string();
    format!("{}…", text.get(..21).unwrap_or(&text))
}

#[cfg(test)]
mod tests;
