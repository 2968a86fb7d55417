//! A document as Markdown (`CommonMark`) with the tables of GitHub, every list in full.

use std::fmt::Write as _;

use super::document::{Block, Document, Inline, Table, pieces, short};
use super::graph;
use super::message::Language;

pub(super) fn render(document: &Document, language: Language) -> String {
    let mut text = format!("# {}\n", document.title.in_language(language));
    blocks(&document.blocks, language, 2, &mut text);
    text
}

fn blocks(blocks_: &[Block], language: Language, level: usize, text: &mut String) {
    let hashes = "#".repeat(level.min(6));
    let deeper = level.saturating_add(1);
    for block in blocks_ {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Card { title, blocks: inner, .. } => {
                let _ = writeln!(text, "\n#{hashes} {}", inlines(title, language));
                blocks(inner, language, deeper, text);
                Ok(())
            }
            Block::Facts(facts) => {
                text.push('\n');
                facts.iter().try_for_each(|(label, value)| {
                    let label = label.in_language(language);
                    // More of the fact before.
                    let label =
                        if label.is_empty() { label.to_owned() } else { format!("**{label}**: ") };
                    writeln!(text, "- {label}{}", inlines(value, language))
                })
            }
            Block::Fold { summary, blocks: inner, .. } => {
                let _ = writeln!(text, "\n**{}**", inlines(summary, language));
                blocks(inner, language, level, text);
                Ok(())
            }
            Block::Heading(words) => writeln!(text, "\n{hashes} {}", words.in_language(language)),
            Block::Picture(picture) => {
                writeln!(text, "\n```mermaid\n{}```", graph::mermaid(picture))
            }
            Block::Prose(words) => writeln!(text, "\n{}", inlines(words, language)),
            Block::Table(table) => {
                rows(table, language, text);
                Ok(())
            }
        };
    }
}

fn rows(table: &Table, language: Language, text: &mut String) {
    text.push_str("\n|");
    for words in &table.head {
        let _ = write!(text, " {} |", words.in_language(language));
    }
    text.push_str("\n|");
    text.push_str(&"---|".repeat(table.head.len()));
    for row in &table.rows {
        text.push_str("\n|");
        for cell in &row.cells {
            let _ = write!(text, " {} |", inlines(cell, language));
        }
    }
    text.push('\n');
}

fn inlines(parts: &[Inline], language: Language) -> String {
    parts.iter().map(|part| inline(part, language)).collect()
}

fn inline(part: &Inline, language: Language) -> String {
    match part {
        Inline::Badge(_, words) => format!("**{}**", words.in_language(language)),
        // Codes and ids hold nothing that a code span would end at.
        Inline::Code(code) => format!("`{code}`"),
        Inline::Id(id) => format!("`{id}`"),
        Inline::Link(_, inner) => inline(inner, language),
        Inline::Plain(text) => text.clone(),
        Inline::Quote(text) => escape(text),
        Inline::Next => "; ".to_owned(),
        Inline::Say(words, parts) => pieces(words.in_language(language), parts)
            .map(|(words, part)| match part {
                Some(part) => inline(part, language),
                None => words.to_owned(),
            })
            .collect(),
        Inline::ShortId(id) => format!("`{}`", short(id)),
        Inline::Time(time) => time.to_string(),
    }
}

/// A backslash before every mark that could mean something.
///
/// Some renderers make links of bare addresses nevertheless; they lead where they say.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() && !"-.,/%;?".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
