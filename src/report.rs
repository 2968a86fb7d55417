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
pub fn title(lineage: &VerifiedLineage, manifest: ManifestId) -> String {
    lineage
        .datasets(manifest)
        .find(|dataset| lineage.is_believed(dataset.id()))
        .map_or_else(|| short(manifest), |dataset| dataset.payload().title.clone())
}

/// The first 12 hexadecimal digits of an id with its prefix: for people, never for comparison.
fn short(manifest: ManifestId) -> String {
    let text = manifest.to_string();
    format!("{}…", text.get(..21).unwrap_or(&text))
}

#[cfg(test)]
mod tests;
