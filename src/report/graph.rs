//! The lineage as a picture: Mermaid and DOT.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{short, title, visible};
use crate::id::ManifestId;
use crate::verify::VerifiedLineage;

/// Datasets and activities with the arrows of PROV turned in the direction of time.
struct Picture {
    /// Name and label of each vertex; activities have a flag.
    vertices: Vec<(String, Vec<String>, Shape)>,
    arrows: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Activity,
    Dataset,
    Subject,
    /// An activity whose signer is not believed.
    Unbelieved,
}

impl Picture {
    fn new(lineage: &VerifiedLineage) -> Self {
        let mut names: BTreeMap<ManifestId, String> = BTreeMap::new();
        let mut vertices = Vec::new();
        for (number, manifest) in lineage.manifests().enumerate() {
            let name = format!("m{number}");
            let shape = if manifest == lineage.subject() { Shape::Subject } else { Shape::Dataset };
            let mut label = vec![title(lineage, manifest)];
            if label != [short(manifest)] {
                label.push(short(manifest));
            }
            vertices.push((name.clone(), label, shape));
            names.insert(manifest, name);
        }
        let mut arrows = Vec::new();
        for (number, activity) in lineage.activities().enumerate() {
            let name = format!("a{number}");
            let label = vec![activity.payload().kind.to_string(), activity.header().issuer.clone()];
            let believed = lineage.is_believed(activity.id());
            let shape = if believed { Shape::Activity } else { Shape::Unbelieved };
            vertices.push((name.clone(), label, shape));
            for input in activity.payload().used() {
                if let Some(input) = names.get(&input) {
                    arrows.push((input.clone(), name.clone()));
                }
            }
            for output in activity.payload().generated() {
                if let Some(output) = names.get(&output) {
                    arrows.push((name.clone(), output.clone()));
                }
            }
        }
        Self { vertices, arrows }
    }
}

/// The lineage as a Mermaid flowchart, origins above and the subject below.
///
/// ```
/// # use datadeed::{id::ManifestId, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let weights = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(weights).build()?.to_bytes();
/// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
/// let lineage = Verifier::new(&trust, now).verify(&proof, weights)?;
/// assert!(datadeed::report::mermaid(&lineage).starts_with("flowchart TD\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mermaid(lineage: &VerifiedLineage) -> String {
    let picture = Picture::new(lineage);
    let mut text = String::from("flowchart TD\n");
    for (name, label, shape) in &picture.vertices {
        let (open, close) = match shape {
            Shape::Activity | Shape::Unbelieved => ("([\"", "\"])"),
            Shape::Dataset => ("[\"", "\"]"),
            Shape::Subject => ("[[\"", "\"]]"),
        };
        let label: Vec<String> = label.iter().map(|line| mermaid_escape(line)).collect();
        let class = if *shape == Shape::Unbelieved { ":::unbelieved" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {name}{open}{}{close}{class}", label.join("<br/>"));
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "    {from} --> {to}");
    }
    text.push_str("    classDef unbelieved stroke-dasharray: 4 4\n");
    text
}

/// The lineage as a DOT digraph (Graphviz), origins above and the subject below.
///
/// ```
/// # use datadeed::{id::ManifestId, proof::LineageProof, trust::TrustStore, verify::Verifier};
/// # let weights = ManifestId::from_bytes([1; 32]);
/// # let proof = LineageProof::builder(weights).build()?.to_bytes();
/// # let (trust, now) = (TrustStore::default(), "2026-11-22T00:00:00Z".parse()?);
/// let lineage = Verifier::new(&trust, now).verify(&proof, weights)?;
/// assert!(datadeed::report::dot(&lineage).starts_with("digraph lineage {\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dot(lineage: &VerifiedLineage) -> String {
    let picture = Picture::new(lineage);
    let mut text = String::from("digraph lineage {\n    rankdir=TB;\n");
    for (name, label, shape) in &picture.vertices {
        let style = match shape {
            Shape::Activity => "shape=ellipse",
            Shape::Dataset => "shape=box",
            Shape::Subject => "shape=box, peripheries=2",
            Shape::Unbelieved => "shape=ellipse, style=dashed",
        };
        let label: Vec<String> = label.iter().map(|line| dot_escape(line)).collect();
        let _ = writeln!(text, "    {name} [{style}, label=\"{}\"];", label.join("\\n"));
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "    {from} -> {to};");
    }
    text.push_str("}\n");
    text
}

/// Everything but letters, digits, spaces and a few harmless marks becomes a numeric entity.
fn mermaid_escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || " -_.,:/@+…".contains(character) {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "#{};", u32::from(character));
        }
    }
    escaped
}

fn dot_escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in visible(text).chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            c => escaped.push(c),
        }
    }
    escaped
}
