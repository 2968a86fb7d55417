//! What each payee gets of an amount.

use std::collections::BTreeMap;

use super::document::{
    Block, Document, Inline, Row, Table, Tone, clamp, fill, number, quote, say, short, visible,
};
use super::message::{Language, Phrase, phrase};
use super::picture::{Detail, Name, Picture, Shape, Vertex};
use super::{graph, html, json, markdown, text};
use crate::id::StatementId;
use crate::rights::{Allocation, DutyDue, Entitlement, Limit, Line, Withheld};

/// Most lines shown at once; more of them stand in a list to be opened.
const MAX_LINES: usize = 24;

/// Most payees of a picture: of more than this nobody could tell one from another.
const MAX_VERTICES: usize = 64;

/// Who gets what of an amount, to be shown line by line.
///
/// ```
/// use datadeed::report::{Language, Shares};
/// use datadeed::rights::Sharing;
///
/// let allocation = Sharing::new(1_000_000, "CNY").pool("did:web:pool.example", 250).allocate(&[])?;
/// let shares = Shares::new(&allocation);
/// assert!(shares.text(Language::English).contains("did:web:pool.example  25000"));
/// assert!(shares.markdown(Language::Chinese).contains("利益分配明细"));
/// assert!(shares.json().contains(r#""retained": 975000"#));
/// # Ok::<(), datadeed::rights::SharingError>(())
/// ```
///
/// # Fields of the JSON
///
/// As those of [reports](super#fields-of-the-json): in this order, an absent one left out. Amounts are in minor units.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `format` | text | `datadeed-shares` |
/// | `version` | number | 1 |
/// | `amount` | number | what was shared |
/// | `currency` | text | ISO 4217 |
/// | `retained` | number | left to whoever uses; free only if `determined` |
/// | `determined` | flag | whether nothing is withheld |
/// | `totals` | list | by payee |
/// | `totals[].payee` | text | an `iss` |
/// | `totals[].amount` | number | what he keeps over all lines |
/// | `lines` | list | as [`Allocation::lines`] |
/// | `lines[].payee` | text | an `iss`, or the id of a registration |
/// | `lines[].amount` | number | what he keeps of it |
/// | `lines[].share` | number | what it came to |
/// | `lines[].of` | text | of whose receipts; absent: of the whole |
/// | `lines[].base` | number | what it is a share of |
/// | `lines[].basis_points` | number | hundredths of a percent |
/// | `lines[].by` | text | `duty`, `pool` or `title` |
/// | `lines[].manifest` | id | of a duty: the dataset it is owed for |
/// | `lines[].licence` | id | of a duty: the licence that asks it |
/// | `lines[].registration` | id | of a title |
/// | `lines[].ceiling` | number | the most, where that decided |
/// | `lines[].floor` | number | the least, where that decided |
/// | `lines[].rounding` | code | [`rights::Rounding`](crate::rights::Rounding) |
/// | `withheld` | list | as [`Allocation::withheld`] |
/// | `withheld[].reason` | code | [`rights::WithheldReason`](crate::rights::WithheldReason) |
/// | `withheld[].amount` | number | |
/// | `withheld[].of` | text | of whose receipts; absent: of the whole |
/// | `withheld[].payee` | text | who asks; absent: all who share in them |
/// | `withheld[].owed` | number | of `exceeds`: what is asked altogether |
/// | `withheld[].manifest` | id | of a duty |
/// | `withheld[].licence` | id | of a duty |
/// | `settled` | list | payments that came first |
/// | `settled[].payee` | text | |
/// | `settled[].amount` | number | |
/// | `settled[].currency` | text | ISO 4217 |
/// | `settled[].manifest` | id | the dataset it was owed for |
/// | `settled[].licence` | id | the licence that asks it |
#[derive(Clone, Debug)]
#[must_use]
pub struct Shares<'a> {
    pub(super) allocation: &'a Allocation,
}

impl<'a> Shares<'a> {
    /// A report of the allocation.
    pub const fn new(allocation: &'a Allocation) -> Self {
        Self { allocation }
    }

    /// A few lines for a terminal.
    pub fn text(&self, language: Language) -> String {
        text::render(&self.document(), language)
    }

    /// Markdown (`CommonMark`) with the tables of GitHub and a Mermaid picture.
    pub fn markdown(&self, language: Language) -> String {
        markdown::render(&self.document(), language)
    }

    /// One self-contained page in both languages; the reader can change from `language` to the other.
    pub fn html(&self, language: Language) -> String {
        html::render(&self.document(), language)
    }

    /// For programs.
    pub fn json(&self) -> String {
        json::shares(self.allocation)
    }

    /// From whom the money goes to whom, as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        graph::mermaid(&picture(self.allocation))
    }

    /// From whom the money goes to whom, as a DOT digraph (Graphviz).
    pub fn dot(&self) -> String {
        graph::dot(&picture(self.allocation))
    }

    fn document(&self) -> Document {
        let allocation = self.allocation;
        let mut blocks = vec![Block::Facts(overview(allocation))];
        let payees = totals(allocation);
        if payees.rows.is_empty() {
            blocks.push(Block::Prose(vec![say("Nobody is paid a share.", "无分成款项。")]));
        } else {
            blocks.push(Block::Heading(Phrase::new("Who gets what", "各方所得")));
            blocks.push(listed(payees));
            blocks.push(Block::Picture(picture(allocation)));
        }
        if !allocation.lines.is_empty() {
            blocks.push(Block::Heading(Phrase::new("Line by line", "逐项说明")));
            blocks.push(listed(lines(allocation)));
        }
        if !allocation.withheld.is_empty() {
            blocks.push(Block::Heading(Phrase::new("Withheld", "暂缓分配")));
            blocks.push(listed(withheld(allocation)));
        }
        if !allocation.settled.is_empty() {
            let heading = Phrase::new("Paid before the use was permitted", "使用获准前已付款项");
            blocks.push(Block::Heading(heading));
            blocks.push(listed(settled(allocation)));
        }
        blocks.push(Block::Heading(Phrase::new("How to read this", "说明")));
        blocks.push(Block::Prose(vec![say(
            "All amounts are whole minor units of the currency. What payees keep, what is left and what is \
             withheld add up to the amount. Shares of one base are rounded down, and units left over go to \
             the largest remainders.",
            "所有金额均以该币种的最小货币单位计，取整数。各方实得、留存与暂缓分配之和等于总金额。\
             同一基数的各项份额先向下取整，余下单位按最大余数法分配。",
        )]));
        Document { title: Phrase::new("Benefit sharing in detail", "利益分配明细"), blocks }
    }
}

fn overview(allocation: &Allocation) -> Vec<(Phrase, Vec<Inline>)> {
    let money = |amount: u64| {
        let parts = vec![Inline::Plain(amount.to_string()), quote(&allocation.currency)];
        fill("{0} minor units of {1}", "{0}（{1} 最小货币单位）", parts)
    };
    let mut retained = vec![money(allocation.retained)];
    if !allocation.is_determined() {
        retained.push(Inline::Plain(" ".to_owned()));
        retained.push(Inline::Badge(
            Tone::Unsure,
            Phrase::new("not free while anything is withheld", "有暂缓事项，不得自由支配"),
        ));
    }
    vec![
        (Phrase::new("Shared", "分配总额"), vec![money(allocation.amount)]),
        (Phrase::new("Left to whoever uses", "使用方留存"), retained),
        (Phrase::new("Withheld", "暂缓分配"), vec![money(allocation.withheld_total())]),
    ]
}

/// A table, behind its count where it is long.
fn listed(table: Table) -> Block {
    if table.rows.len() <= MAX_LINES {
        return Block::Table(table);
    }
    let summary = fill("{0} entries", "共 {0} 项", vec![number(table.rows.len())]);
    Block::Fold { told: true, summary: vec![summary], blocks: vec![Block::Table(table)] }
}

const AMOUNT: Phrase = Phrase::new("Amount", "金额");
const LICENCE: Phrase = Phrase::new("Licence", "许可");
const OF: Phrase = Phrase::new("Of", "基数");
const PAYEE: Phrase = Phrase::new("Payee", "收款方");

fn totals(allocation: &Allocation) -> Table {
    let rows = allocation.totals().into_iter().map(|(payee, amount)| {
        Row::new(vec![vec![quote(payee)], vec![Inline::Plain(amount.to_string())]])
    });
    Table { head: vec![PAYEE, AMOUNT], rows: rows.collect() }
}

fn lines(allocation: &Allocation) -> Table {
    let rows = allocation.lines.iter().map(|line| {
        let mut base = of(line.of.as_deref());
        base.push(Inline::Plain(format!(" ({})", line.base)));
        Row::new(vec![
            vec![payee(&line.payee)],
            vec![percent(line.basis_points)],
            base,
            vec![Inline::Plain(line.share.to_string())],
            decided(line),
            vec![Inline::Plain(line.amount.to_string())],
            by(line.by),
        ])
    });
    let head = vec![
        PAYEE,
        Phrase::new("Share", "比例"),
        OF,
        Phrase::new("Comes to", "应得"),
        Phrase::new("Decided by", "取值方式"),
        Phrase::new("Keeps", "实得"),
        Phrase::new("Rests on", "依据"),
    ];
    Table { head, rows: rows.collect() }
}

fn withheld(allocation: &Allocation) -> Table {
    let rows = allocation.withheld.iter().map(|one: &Withheld| {
        let mut why = vec![Inline::Say(phrase(one.reason), Vec::new())];
        why.extend(one.owed.map(|owed| {
            fill(" ({0} asked)", "（合计应得 {0}）", vec![Inline::Plain(owed.to_string())])
        }));
        Row::new(vec![
            why,
            vec![Inline::Code(one.reason.code())],
            of(one.of.as_deref()),
            match &one.payee {
                Some(asks) => vec![payee(asks)],
                None => vec![say("all who share in it", "全部分成方")],
            },
            vec![Inline::Plain(one.amount.to_string())],
            one.due.as_ref().map_or_else(Vec::new, owed_by),
        ])
    });
    let head = vec![
        Phrase::new("Why", "原因"),
        Phrase::new("Code", "代码"),
        OF,
        Phrase::new("Asked by", "主张方"),
        AMOUNT,
        LICENCE,
    ];
    Table { head, rows: rows.collect() }
}

fn settled(allocation: &Allocation) -> Table {
    let rows = allocation.settled.iter().map(|due| {
        let amount = due.duty.amount.map_or_else(Vec::new, |amount| {
            let currency = quote(due.duty.currency.as_deref().unwrap_or_default());
            let parts = vec![Inline::Plain(amount.to_string()), currency];
            vec![fill("{0} minor units of {1}", "{0}（{1} 最小货币单位）", parts)]
        });
        let payee = due.duty.payee.as_deref().map(payee).into_iter().collect();
        Row::new(vec![payee, amount, owed_by(due)])
    });
    Table { head: vec![PAYEE, AMOUNT, LICENCE], rows: rows.collect() }
}

/// A party, or the registered claimants of a registration.
fn payee(name: &str) -> Inline {
    match name.parse::<StatementId>() {
        Ok(id) => fill("claimants of {0}", "{0} 的登记主体", vec![Inline::ShortId(id.to_string())]),
        Err(_) => quote(name),
    }
}

/// Of whose receipts.
fn of(name: Option<&str>) -> Vec<Inline> {
    vec![match name {
        Some(name) => fill("receipts of {0}", "{0} 所得", vec![payee(name)]),
        None => say("the whole", "总额"),
    }]
}

fn percent(points: u64) -> Inline {
    let (whole, rest) = (points.div_euclid(100), points.rem_euclid(100));
    Inline::Plain(format!("{whole}.{rest:02} %"))
}

fn decided(line: &Line) -> Vec<Inline> {
    let minor = |limit: u64| vec![Inline::Plain(limit.to_string())];
    vec![match line.limit {
        Some(Limit::Ceiling(most)) => fill("at most {0}", "上限 {0}", minor(most)),
        Some(Limit::Floor(least)) => fill("at least {0}", "下限 {0}", minor(least)),
        None => Inline::Say(phrase(line.rounding), Vec::new()),
    }]
}

fn by(entitlement: Entitlement) -> Vec<Inline> {
    let short = |id: String| Inline::ShortId(id);
    vec![match entitlement {
        Entitlement::Pool => say("pool for compensation", "补偿金池"),
        Entitlement::Duty { manifest, licence } => {
            let parts = vec![short(licence.to_string()), short(manifest.to_string())];
            fill("licence {0} of {1}", "{1} 的许可 {0}", parts)
        }
        Entitlement::Title(id) => fill("registration {0}", "登记 {0}", vec![short(id.to_string())]),
    }]
}

fn owed_by(due: &DutyDue) -> Vec<Inline> {
    by(Entitlement::Duty { manifest: due.manifest, licence: due.licence })
}

/// The whole, whoever receives of it, and arrows along which money goes.
fn picture(allocation: &Allocation) -> Picture {
    let whole = format!("{} {}", allocation.amount, visible(&allocation.currency));
    let mut picture = Picture::default();
    let vertex = |shape, name, detail: String| Vertex {
        shape,
        count: 1,
        name,
        detail: Detail::Text(clamp(&detail)),
        anchor: None,
    };
    let shared = Name::Step(Phrase::new("shared", "分配总额"));
    picture.vertices.push(vertex(Shape::Subject, shared, whole));
    let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
    for line in &allocation.lines {
        let kept = kept.entry(&line.payee).or_default();
        *kept = kept.saturating_add(line.amount);
    }
    let mut places: BTreeMap<Option<&str>, usize> = BTreeMap::from([(None, 0)]);
    for line in &allocation.lines {
        let place = picture.vertices.len();
        if place < MAX_VERTICES && !places.contains_key(&Some(line.payee.as_str())) {
            let is_title = line.payee.parse::<StatementId>().is_ok();
            let (shape, name) = if is_title {
                (Shape::Activity, short(&line.payee))
            } else {
                (Shape::Dataset, clamp(&visible(&line.payee)))
            };
            let kept = kept.get(line.payee.as_str()).copied().unwrap_or_default();
            let detail = if is_title { String::new() } else { kept.to_string() };
            picture.vertices.push(vertex(shape, Name::Title(name), detail));
            places.insert(Some(&line.payee), place);
        }
        let ends = places.get(&line.of.as_deref()).zip(places.get(&Some(line.payee.as_str())));
        picture.arrows.extend(ends.map(|(from, to)| (*from, *to)));
    }
    let rests = [
        (Phrase::new("left to whoever uses", "使用方留存"), Shape::Dataset, allocation.retained),
        (Phrase::new("withheld", "暂缓分配"), Shape::Unbelieved, allocation.withheld_total()),
    ];
    for (words, shape, amount) in rests.into_iter().filter(|(_, _, amount)| *amount > 0) {
        picture.arrows.push((0, picture.vertices.len()));
        picture.vertices.push(vertex(shape, Name::Step(words), amount.to_string()));
    }
    picture.arrows.sort_unstable();
    picture.arrows.dedup();
    picture
}

#[cfg(test)]
mod tests;
