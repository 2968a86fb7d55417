//! A document as a few lines for a terminal.

use std::fmt::Write as _;

use super::document::{Block, Document, Inline, Table, columns, pieces, short};
use super::message::Language;

/// Most columns that a cell is filled up to, so that one long cell does not push all others aside.
const WIDEST: usize = 48;

pub(super) fn render(document: &Document, language: Language) -> String {
    let mut text = document.title.in_language(language).to_owned();
    text.push('\n');
    blocks(&document.blocks, language, 0, &mut text);
    text
}

fn blocks(blocks_: &[Block], language: Language, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (index, block) in blocks_.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = match block {
            Block::Card { title, blocks: inner, .. } => {
                let _ = writeln!(text, "\n{indent}{}", inlines(title, language));
                blocks(inner, language, depth.saturating_add(1), text);
                Ok(())
            }
            Block::Facts(facts) => {
                let rows = facts.iter().map(|(label, value)| {
                    vec![label.in_language(language).to_owned(), inlines(value, language)]
                });
                aligned(&rows.collect::<Vec<_>>(), &indent, text);
                Ok(())
            }
            Block::Fold { told: true, summary, .. } => {
                writeln!(text, "{indent}  {}", inlines(summary, language))
            }
            Block::Fold { .. } | Block::Picture(_) => Ok(()),
            Block::Heading(_) if is_empty(blocks_, index) => Ok(()),
            Block::Heading(words) => writeln!(text, "\n{indent}{}", words.in_language(language)),
            Block::Prose(words) => writeln!(text, "{indent}{}", inlines(words, language)),
            Block::Table(table) => {
                rows(table, language, &indent, text);
                Ok(())
            }
        };
    }
}

/// Whether nothing of what stands under a heading is shown here.
fn is_empty(blocks: &[Block], heading: usize) -> bool {
    let below = blocks.iter().skip(heading.saturating_add(1));
    below
        .take_while(|block| !matches!(block, Block::Heading(_)))
        .all(|block| matches!(block, Block::Fold { .. } | Block::Picture(_)))
}

fn rows(table: &Table, language: Language, indent: &str, text: &mut String) {
    let head = table.head.iter().map(|words| words.in_language(language).to_owned());
    let cells = table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| inlines(cell, language)).collect::<Vec<String>>());
    let rows: Vec<Vec<String>> = std::iter::once(head.collect()).chain(cells).collect();
    aligned(&rows, &format!("{indent}  "), text);
}

/// Cells in columns, two spaces between them.
fn aligned(rows: &[Vec<String>], indent: &str, text: &mut String) {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = columns(cell).min(WIDEST);
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            let padding = width.saturating_sub(columns(cell)).saturating_add(2);
            line.push_str(&" ".repeat(padding));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn inlines(parts: &[Inline], language: Language) -> String {
    parts.iter().map(|part| inline(part, language)).collect()
}

fn inline(part: &Inline, language: Language) -> String {
    match part {
        Inline::Badge(_, words) => words.in_language(language).to_owned(),
        Inline::Code(code) => (*code).to_owned(),
        Inline::Id(text) | Inline::Plain(text) | Inline::Quote(text) => text.clone(),
        Inline::Link(_, inner) => inline(inner, language),
        Inline::Next => "; ".to_owned(),
        Inline::Say(words, parts) => pieces(words.in_language(language), parts)
            .map(|(words, part)| match part {
                Some(part) => inline(part, language),
                None => words.to_owned(),
            })
            .collect(),
        Inline::ShortId(id) => short(id),
        Inline::Time(time) => time.to_string(),
    }
}
