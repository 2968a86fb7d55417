//! A document as one page: no script, nothing from elsewhere, both languages.
//!
//! Words of ours stand in both languages, and two radio buttons decide by
//! style alone which of them shows. The page forbids scripts to itself, in
//! case anything ever escapes the escaping.

use super::document::{Block, Document, Inline, Row, Table, Tone, pieces, short};
use super::message::{Language, Phrase};
use super::svg;

const STYLE: &str = include_str!("page.css");

/// Where a page is written to.
pub(super) struct Sink {
    page: String,
}

impl Sink {
    /// Markup of ours; everything else goes through [`escape`] first.
    pub(super) fn raw(&mut self, markup: &str) {
        self.page.push_str(markup);
    }
}

pub(super) fn render(document: &Document, language: Language) -> String {
    let mut sink = Sink { page: String::new() };
    let (tag, en, zh) = match language {
        Language::Chinese => ("zh-CN", "", " checked"),
        Language::English => ("en", " checked", ""),
    };
    let title = document.title.in_language(language);
    sink.raw(&format!(
        "<!DOCTYPE html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <input type=\"radio\" name=\"language\" id=\"en\"{en}><label for=\"en\">English</label>\n\
         <input type=\"radio\" name=\"language\" id=\"zh\"{zh}><label for=\"zh\">中文</label>\n<main>\n<h1>"
    ));
    phrase(document.title, &[], &mut sink);
    sink.raw("</h1>\n");
    blocks(&document.blocks, 2, &mut sink);
    sink.raw("</main>\n</body>\n</html>\n");
    sink.page
}

fn blocks(blocks_: &[Block], level: usize, sink: &mut Sink) {
    let level = level.min(6);
    let deeper = level.saturating_add(1);
    for block in blocks_ {
        match block {
            Block::Card { tone, title, blocks: inner } => {
                sink.raw(&format!("<section class=\"card {}\"><h{deeper}>", class(*tone)));
                inlines(title, sink);
                sink.raw(&format!("</h{deeper}>\n"));
                blocks(inner, deeper, sink);
                sink.raw("</section>\n");
            }
            Block::Facts(facts) => {
                sink.raw("<dl>\n");
                for (label, value) in facts {
                    sink.raw("<div><dt>");
                    phrase(*label, &[], sink);
                    sink.raw("</dt><dd>");
                    inlines(value, sink);
                    sink.raw("</dd></div>\n");
                }
                sink.raw("</dl>\n");
            }
            Block::Fold { summary, blocks: inner, .. } => {
                sink.raw("<details><summary>");
                inlines(summary, sink);
                sink.raw("</summary>\n");
                blocks(inner, level, sink);
                sink.raw("</details>\n");
            }
            Block::Heading(words) => {
                sink.raw(&format!("<h{level}>"));
                phrase(*words, &[], sink);
                sink.raw(&format!("</h{level}>\n"));
            }
            Block::Picture(picture) => svg::draw(picture, sink),
            Block::Prose(words) => {
                sink.raw("<p>");
                inlines(words, sink);
                sink.raw("</p>\n");
            }
            Block::Table(table) => rows(table, sink),
        }
    }
}

fn rows(table: &Table, sink: &mut Sink) {
    sink.raw("<div class=\"wide\"><table>\n<thead><tr>");
    for words in &table.head {
        sink.raw("<th scope=\"col\">");
        phrase(*words, &[], sink);
        sink.raw("</th>");
    }
    sink.raw("</tr></thead>\n<tbody>\n");
    for Row { anchor, cells } in &table.rows {
        match anchor {
            Some(anchor) => sink.raw(&format!("<tr id=\"{anchor}\">")),
            None => sink.raw("<tr>"),
        }
        for cell in cells {
            sink.raw("<td>");
            inlines(cell, sink);
            sink.raw("</td>");
        }
        sink.raw("</tr>\n");
    }
    sink.raw("</tbody>\n</table></div>\n");
}

fn inlines(parts: &[Inline], sink: &mut Sink) {
    for part in parts {
        inline(part, sink);
    }
}

fn inline(part: &Inline, sink: &mut Sink) {
    match part {
        Inline::Badge(tone, words) => {
            sink.raw(&format!("<span class=\"badge {}\">", class(*tone)));
            phrase(*words, &[], sink);
            sink.raw("</span>");
        }
        Inline::Code(code) => sink.raw(&format!("<code>{}</code>", escape(code))),
        Inline::Id(id) => sink.raw(&format!("<code class=\"id\">{}</code>", escape(id))),
        Inline::Link(anchor, inner) => {
            sink.raw(&format!("<a href=\"#{anchor}\">"));
            inline(inner, sink);
            sink.raw("</a>");
        }
        Inline::Next => sink.raw(" <span class=\"next\">·</span> "),
        Inline::Plain(text) => sink.raw(&escape(text)),
        // Apart from what stands around it, in whichever direction it is written.
        Inline::Quote(text) => sink.raw(&format!("<bdi>{}</bdi>", escape(text))),
        Inline::Say(words, parts) => phrase(*words, parts, sink),
        Inline::ShortId(id) => sink.raw(&format!(
            "<code class=\"short\" title=\"{}\">{}</code>",
            escape(id),
            escape(&short(id))
        )),
        Inline::Time(time) => sink.raw(&format!("<time datetime=\"{time}\">{time}</time>")),
    }
}

/// Words of ours in both languages.
fn phrase(words: Phrase, parts: &[Inline], sink: &mut Sink) {
    for (tag, words) in [("en", words.en), ("zh", words.zh)] {
        sink.raw(&format!("<span lang=\"{tag}\">"));
        for (words, part) in pieces(words, parts) {
            sink.raw(&escape(words));
            if let Some(part) = part {
                inline(part, sink);
            }
        }
        sink.raw("</span>");
    }
}

const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Good => "good",
        Tone::Unsure => "unsure",
    }
}

/// Text that can stand between tags and in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
