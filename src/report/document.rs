//! What a report shows, apart from any format: every renderer walks the same blocks.
//!
//! Words of ours are [`Phrase`]s; whatever comes from a statement or a caller
//! is an [`Inline::Quote`], which each renderer escapes in one place.

use super::message::Phrase;
use super::picture::Picture;
use crate::manifest::is_mark;
use crate::timestamp::Timestamp;

/// Most characters shown of a text that a statement or a caller brought.
///
/// Such a text may stand in many places, so the length of a report would not
/// be bounded by that of its proof otherwise. JSON has each in full, once.
const MAX_QUOTE: usize = 72;

/// A page, a file or a few lines.
pub(super) struct Document {
    pub(super) title: Phrase,
    pub(super) blocks: Vec<Block>,
}

pub(super) enum Block {
    /// Something that belongs together and has a heading of its own, such as a verdict.
    Card {
        tone: Tone,
        title: Vec<Inline>,
        blocks: Vec<Self>,
    },
    /// Pairs of a label and what it says.
    Facts(Vec<(Phrase, Vec<Inline>)>),
    /// A long list behind its summary; text leaves it out.
    Fold {
        /// Whether text has the summary, because it says how much is left out.
        told: bool,
        summary: Vec<Inline>,
        blocks: Vec<Self>,
    },
    Heading(Phrase),
    Picture(Picture),
    Prose(Vec<Inline>),
    Table(Table),
}

pub(super) struct Table {
    pub(super) head: Vec<Phrase>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    /// Where links to it lead.
    pub(super) anchor: Option<Anchor>,
    pub(super) cells: Vec<Vec<Inline>>,
}

impl Row {
    pub(super) const fn new(cells: Vec<Vec<Inline>>) -> Self {
        Self { anchor: None, cells }
    }
}

/// A row that others link to; by number, so that no text of a statement gets into a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Dataset(usize),
    Statement(usize),
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dataset(number) => write!(f, "d{number}"),
            Self::Statement(number) => write!(f, "s{number}"),
        }
    }
}

/// How something is to be taken; always said in words as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Bad,
    Good,
    Unsure,
}

#[derive(Clone, Debug)]
pub(super) enum Inline {
    /// A few words that stand out.
    Badge(Tone, Phrase),
    /// A stable code.
    Code(&'static str),
    /// An id in full.
    Id(String),
    /// Leads to a row.
    Link(Anchor, Box<Self>),
    /// Between the items of one cell.
    Next,
    /// Our own characters: numbers, signs.
    Plain(String),
    /// Text of a statement or a caller, made visible and bounded by [`quote`].
    Quote(String),
    /// Words of ours in which `{0}`, `{1}` ... stand for the parts.
    Say(Phrase, Vec<Self>),
    /// An id, shortened where the format has room for the whole elsewhere.
    ShortId(String),
    Time(Timestamp),
}

/// Words of ours without parts.
pub(super) fn say(en: &'static str, zh: &'static str) -> Inline {
    Inline::Say(Phrase::new(en, zh), Vec::new())
}

/// Words of ours with parts.
pub(super) fn fill(en: &'static str, zh: &'static str, parts: Vec<Inline>) -> Inline {
    Inline::Say(Phrase::new(en, zh), parts)
}

pub(super) fn number(value: usize) -> Inline {
    Inline::Plain(value.to_string())
}

/// Text that is not ours.
pub(super) fn quote(text: &str) -> Inline {
    Inline::Quote(clamp(&visible(text)))
}

/// The parts of a phrase in one language, and the words between them.
pub(super) fn pieces<'a>(
    words: &'static str,
    parts: &'a [Inline],
) -> impl Iterator<Item = (&'static str, Option<&'a Inline>)> {
    let mut pieces = words.split('{');
    let first = pieces.next().map(|words| (words, None));
    let rest = pieces.flat_map(move |piece| {
        let (number, words) = piece.split_once('}').unwrap_or(("", piece));
        let part = number.parse::<usize>().ok().and_then(|number| parts.get(number));
        [("", part), (words, None)]
    });
    first.into_iter().chain(rest)
}

/// The first [`MAX_QUOTE`] characters.
pub(super) fn clamp(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Most marks of a character that are shown; Hebrew with accents has five.
///
/// More of them would be drawn over the lines around.
const MAX_MARKS: usize = 6;

/// Without the characters that [`is_hidden`], with one space for each run of
/// blanks and at most [`MAX_MARKS`] marks on a character.
///
/// A run of blanks could push what follows it to the start of the next line of
/// a terminal, where it would pass for words of ours.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    let mut marks = 0_usize;
    for character in text.chars().filter(|c| !is_hidden(*c)) {
        let is_blank = character.is_whitespace() || character == BRAILLE_BLANK;
        marks = if is_mark(character) { marks.saturating_add(1) } else { 0 };
        match (is_blank, marks > MAX_MARKS) {
            (true, _) if visible.ends_with(' ') => {}
            (true, _) => visible.push(' '),
            (false, true) => {}
            (false, false) => visible.push(character),
        }
    }
    visible
}

/// Whether a character of a [`visible`] text is seen by itself: no blank, joiner or mark.
pub(super) fn shows(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{200c}' | '\u{200d}') && !is_mark(c)
}

/// No white space to Unicode, though it shows nothing.
const BRAILLE_BLANK: char = '\u{2800}';

/// Whether a character shows nothing and changes how others show: controls, line
/// separators, marks that reorder text, spaces without width, fillers, tags.
///
/// What Unicode calls `Default_Ignorable_Code_Point`, but for the two joiners
/// and the variation selectors, which some scripts and emoji are written with;
/// and the characters that break lines.
pub(super) const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// The first 12 hexadecimal digits of an id with its prefix: for people, never for comparison.
pub(super) fn short(id: &str) -> String {
    let end = id.find(':').map_or(0, |colon| colon.saturating_add(13));
    match id.get(..end) {
        Some(start) if end > 0 && end < id.len() => format!("{start}…"),
        Some(_) | None => id.to_owned(),
    }
}

/// How many columns of a terminal a text takes: wide characters of East Asia take two.
pub(super) fn columns(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}' | '\u{20000}'..='\u{3fffd}');
    text.chars().map(|c| if wide(c) { 2_usize } else { 1 }).fold(0, usize::saturating_add)
}
