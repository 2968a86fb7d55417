//! A picture as SVG inside the page.

use std::fmt::Write as _;

use super::document::columns;
use super::html::{Sink, escape};
use super::layout::{Arrow, Drawing, WIDTH, Way, What};
use super::message::Phrase;
use super::picture::{Detail, Name, Picture, Shape, Vertex};

/// How many narrow columns fit into a vertex, in large and in small letters.
const NAME_COLUMNS: usize = 22;
const DETAIL_COLUMNS: usize = 31;

/// Draws the picture.
pub(super) fn draw(picture: &Picture, page: &mut Sink) {
    let drawing = Drawing::new(picture);
    let (width, height) = (drawing.width, drawing.height);
    page.raw(&format!(
        "<div class=\"graph\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">\
         <path d=\"M0 0 8 4 0 8z\"/></marker></defs>\n"
    ));
    for arrow in &drawing.arrows {
        page.raw(&format!("<path class=\"arrow\" d=\"{}\"/>\n", path(arrow)));
    }
    for placed in &drawing.boxes {
        let vertex = match placed.what {
            What::Folded(_) => None,
            What::Vertex(index) => picture.vertices.get(index),
        };
        page.raw(&format!("<g transform=\"translate({} {})\">", placed.x, placed.y));
        match (vertex, placed.what) {
            (Some(vertex), _) => draw_vertex(vertex, placed.height, page),
            (None, What::Folded(count)) => {
                page.raw(&frame("folded", placed.height, 6));
                let en = format!("{count} more");
                let zh = format!("另有 {count} 项");
                page.raw(&both("name", 20, &en, &zh));
            }
            (None, What::Vertex(_)) => {}
        }
        page.raw("</g>\n");
    }
    page.raw("</svg></div>\n");
}

fn draw_vertex(vertex: &Vertex, height: i32, page: &mut Sink) {
    let (class, radius) = match vertex.shape {
        Shape::Activity => ("step", 20),
        Shape::Dataset => ("data", 6),
        Shape::Subject => ("subject", 6),
        Shape::Unbelieved => ("step unbelieved", 20),
    };
    if let Some(anchor) = vertex.anchor {
        page.raw(&format!("<a href=\"#{anchor}\">"));
    }
    let many = vertex.count > 1;
    if many {
        page.raw(&frame_at(class, 4, 4, height, radius));
    }
    page.raw(&frame(class, height, radius));
    let step = matches!(vertex.shape, Shape::Activity | Shape::Unbelieved);
    let (first, second) = if step { (17, 31) } else { (19, 36) };
    let counted = |words: &str| match (many, &vertex.name) {
        (true, _) => format!("{} × {words}", vertex.count),
        (false, _) => words.to_owned(),
    };
    let title = match &vertex.name {
        Name::Sources => {
            page.raw(&both("name", first, &counted("sources"), &counted("来源数据集")));
            String::new()
        }
        Name::Step(Phrase { en, zh }) => {
            page.raw(&both("name", first, &counted(en), &counted(zh)));
            String::new()
        }
        Name::Title(title) => {
            page.raw(&format!(
                "<text class=\"name\" y=\"{first}\">{}</text>",
                escape(&fit(title, NAME_COLUMNS))
            ));
            format!("{title} ")
        }
    };
    match &vertex.detail {
        Detail::Licences(count) => {
            let (en, zh) = match count {
                0 => ("no licence".to_owned(), "无许可".to_owned()),
                count => (format!("{count} licences"), format!("{count} 种许可")),
            };
            page.raw(&both("detail", second, &en, &zh));
        }
        Detail::Text(detail) => page.raw(&format!(
            "<text class=\"detail\" y=\"{second}\">{}</text><title>{}</title>",
            escape(&fit(detail, DETAIL_COLUMNS)),
            escape(&format!("{title}{detail}")),
        )),
    }
    if vertex.anchor.is_some() {
        page.raw("</a>");
    }
}

fn frame(class: &str, height: i32, radius: i32) -> String {
    frame_at(class, 0, 0, height, radius)
}

fn frame_at(class: &str, right: i32, down: i32, height: i32, radius: i32) -> String {
    let left = right.saturating_sub(WIDTH.div_euclid(2));
    format!(
        "<rect class=\"{class}\" x=\"{left}\" y=\"{down}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"{radius}\"/>"
    )
}

/// A line of our own words in both languages, one of which the page shows.
fn both(class: &str, y: i32, en: &str, zh: &str) -> String {
    format!(
        "<text class=\"{class}\" y=\"{y}\" lang=\"en\">{}</text><text class=\"{class}\" y=\"{y}\" lang=\"zh\">{}</text>",
        escape(en),
        escape(zh)
    )
}

/// The line of an arrow: down, across between two layers, down.
fn path(arrow: &Arrow) -> String {
    let ((x, y), (to_x, to_y)) = (arrow.from, arrow.to);
    // The tip stands free of the frame, and the last piece upright so that the tip does.
    let tip = to_y.saturating_sub(2);
    let mut path = format!("M{x} {y}");
    // Writing to a String cannot fail.
    let _ = match arrow.way {
        Way::Straight(bottom, top) => {
            let end = top.saturating_sub(9);
            let bend = bottom.saturating_add(end).div_euclid(2);
            write!(path, "V{bottom}C{x} {bend} {to_x} {bend} {to_x} {end}V{tip}")
        }
        Way::Aside(lane) => {
            let (down, up) = (y.saturating_add(16), to_y.saturating_sub(16));
            let end = to_y.saturating_sub(9);
            write!(
                path,
                "C{x} {down} {lane} {y} {lane} {down}V{up}C{lane} {end} {to_x} {up} {to_x} {end}V{tip}"
            )
        }
    };
    path
}

/// As much of a text as fits.
fn fit(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut fitted = String::new();
    for character in text.chars() {
        fitted.push(character);
        if columns(&fitted) >= room.saturating_sub(1) {
            break;
        }
    }
    fitted.push('…');
    fitted
}
