//! The lineage as a picture for other programs: Mermaid and DOT.

use std::fmt::Write as _;

use super::picture::{Detail, Name, Picture, Shape, Vertex};

/// A Mermaid flowchart.
pub(super) fn mermaid(picture: &Picture) -> String {
    let mut text = String::from("flowchart TD\n");
    for (number, vertex) in picture.vertices.iter().enumerate() {
        let (open, close) = match vertex.shape {
            Shape::Activity | Shape::Unbelieved => ("([\"", "\"])"),
            Shape::Dataset => ("[\"", "\"]"),
            Shape::Subject => ("[[\"", "\"]]"),
        };
        let label: Vec<String> = lines(vertex).iter().map(|line| mermaid_escape(line)).collect();
        let class = if vertex.shape == Shape::Unbelieved { ":::unbelieved" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    v{number}{open}{}{close}{class}", label.join("<br/>"));
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "    v{from} --> v{to}");
    }
    text.push_str("    classDef unbelieved stroke-dasharray: 4 4\n");
    text
}

/// A DOT digraph.
pub(super) fn dot(picture: &Picture) -> String {
    let mut text = String::from("digraph lineage {\n    rankdir=TB;\n");
    for (number, vertex) in picture.vertices.iter().enumerate() {
        let style = match vertex.shape {
            Shape::Activity => "shape=ellipse",
            Shape::Dataset => "shape=box",
            Shape::Subject => "shape=box, peripheries=2",
            Shape::Unbelieved => "shape=ellipse, style=dashed",
        };
        let label: Vec<String> = lines(vertex).iter().map(|line| dot_escape(line)).collect();
        let _ = writeln!(text, "    v{number} [{style}, label=\"{}\"];", label.join("\\n"));
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "    v{from} -> v{to};");
    }
    text.push_str("}\n");
    text
}

/// The label: how many, what, and the detail where it says more.
fn lines(vertex: &Vertex) -> Vec<String> {
    let name = match &vertex.name {
        Name::Sources => "sources",
        Name::Step(words) => words.en,
        Name::Title(title) => title,
    };
    let first =
        if vertex.count > 1 { format!("{} × {name}", vertex.count) } else { name.to_owned() };
    let detail = match &vertex.detail {
        Detail::Licences(0) => "no licence".to_owned(),
        Detail::Licences(count) => format!("{count} licences"),
        Detail::Text(text) => text.clone(),
    };
    if detail.is_empty() || detail == name { vec![first] } else { vec![first, detail] }
}

/// Everything but letters, digits, spaces and a few harmless marks becomes a numeric entity.
fn mermaid_escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || " -_.,:/@+…×".contains(character) {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "#{};", u32::from(character));
        }
    }
    escaped
}

fn dot_escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            // Labels may hold entities, and some viewers read markup in them.
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}
