//! Where the vertices of a picture stand: origins above, the subject below.
//!
//! A vertex stands one layer above the highest of those it leads to. What
//! would make the picture unreadable is folded into one vertex a layer, so a
//! drawing has at most [`MAX_LAYERS`] times [`MAX_LAYER`] vertices, however
//! large the lineage is.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "coordinates are bounded by MAX_LAYERS, MAX_LAYER and the sizes below"
)]

use super::picture::{Picture, Shape};

/// Most layers drawn, in vertices on a path; those farther away are folded.
const MAX_LAYERS: usize = 48;
/// Most vertices drawn in a layer, in two rows; the last stands for those left out.
const MAX_LAYER: usize = 9;
/// Most vertices in one row.
const ROW: usize = 5;

/// Width of a vertex, in pixels.
pub(super) const WIDTH: i32 = 184;
/// From the middle of a vertex to that of its neighbour.
const PITCH: i32 = WIDTH + 20;
/// Between rows of one layer, and between layers.
const ROW_GAP: i32 = 16;
const LAYER_GAP: i32 = 34;
/// At either side, for arrows that pass layers.
const MARGIN: i32 = 44;

/// What is drawn.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) boxes: Vec<Placed>,
    pub(super) arrows: Vec<Arrow>,
}

/// A vertex in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub(super) what: What,
    /// The middle.
    pub(super) x: i32,
    /// The upper edge.
    pub(super) y: i32,
    pub(super) height: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// So many datasets and steps that are not drawn.
    Folded(usize),
    /// The vertex of the picture with this index.
    Vertex(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrow {
    /// The lower edge of where it begins, and the upper edge of where it ends.
    pub(super) from: (i32, i32),
    pub(super) to: (i32, i32),
    pub(super) way: Way,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To the next layer, whose arrows bend between these two heights.
    Straight(i32, i32),
    /// Beside the layers it passes, at this x.
    Aside(i32),
}

/// A vertex to be drawn before it has a place.
struct Cell {
    what: What,
    layer: usize,
    height: i32,
}

impl Drawing {
    pub(super) fn new(picture: &Picture) -> Self {
        let (cells, cell_of) = cells(picture, &ranks(picture));
        let mut arrows: Vec<(usize, usize)> = Vec::new();
        for (from, to) in &picture.arrows {
            if let (Some(from), Some(to)) = (cell_of.get(*from), cell_of.get(*to))
                && from != to
            {
                arrows.push((*from, *to));
            }
        }
        arrows.sort_unstable();
        arrows.dedup();
        let mut drawing = Self::default();
        drawing.place(&cells, &arrows);
        drawing.connect(&cells, &arrows);
        drawing
    }

    /// Layer by layer from the subject up, each vertex near those it leads to.
    fn place(&mut self, cells: &[Cell], arrows: &[(usize, usize)]) {
        let layers = cells.iter().map(|cell| cell.layer + 1).max().unwrap_or(0);
        let mut layered: Vec<Vec<usize>> = vec![Vec::new(); layers];
        for (index, cell) in cells.iter().enumerate() {
            if let Some(layer) = layered.get_mut(cell.layer) {
                layer.push(index);
            }
        }
        let widest = layered.iter().map(|layer| row_length(layer.len())).max().unwrap_or(1);
        let columns = i32::try_from(widest).unwrap_or(1);
        // The second row of a layer may stand half a place aside.
        self.width = (columns * PITCH).max(2 * PITCH) + PITCH / 2 + 2 * MARGIN;
        let middle = self.width / 2;
        let mut x = vec![middle; cells.len()];
        let mut rows: Vec<Vec<Vec<usize>>> = Vec::new();
        for layer in &mut layered {
            layer.sort_by_cached_key(|cell| (mean(*cell, arrows, &x), *cell));
            let split = split(layer);
            let aside = split.len() > 1 && layer.len() % 2 == 0;
            for (number, row) in split.iter().enumerate() {
                let shift = match (aside, number) {
                    (false, _) => 0,
                    (true, 0) => -PITCH / 4,
                    (true, _) => PITCH / 4,
                };
                let half = i32::try_from(row.len()).unwrap_or(1) - 1;
                let mut at = middle + shift - half * PITCH / 2;
                for cell in row {
                    if let Some(x) = x.get_mut(*cell) {
                        *x = at;
                    }
                    at += PITCH;
                }
            }
            rows.push(split);
        }
        let mut y = 8;
        let mut placed: Vec<Option<Placed>> = vec![None; cells.len()];
        for row in rows.iter().rev().flat_map(|rows| {
            let last = rows.len().saturating_sub(1);
            rows.iter().enumerate().map(move |(number, row)| (row, number == last))
        }) {
            let (row, is_last) = row;
            let tallest = row.iter().filter_map(|cell| cells.get(*cell)).map(|cell| cell.height);
            let tallest = tallest.max().unwrap_or(0);
            for index in row {
                if let (Some(cell), Some(x)) = (cells.get(*index), x.get(*index))
                    && let Some(place) = placed.get_mut(*index)
                {
                    let y = y + (tallest - cell.height) / 2;
                    *place = Some(Placed { what: cell.what, x: *x, y, height: cell.height });
                }
            }
            y += tallest + if is_last { LAYER_GAP } else { ROW_GAP };
        }
        self.height = y - LAYER_GAP + 8;
        self.boxes = placed.into_iter().flatten().collect();
    }

    fn connect(&mut self, cells: &[Cell], arrows: &[(usize, usize)]) {
        let layers = cells.iter().map(|cell| cell.layer + 1).max().unwrap_or(0);
        // Of each layer the upper and the lower edge.
        let mut edges: Vec<(i32, i32)> = vec![(i32::MAX, i32::MIN); layers];
        for (cell, placed) in cells.iter().zip(&self.boxes) {
            if let Some((top, bottom)) = edges.get_mut(cell.layer) {
                *top = placed.y.min(*top);
                *bottom = (placed.y + placed.height).max(*bottom);
            }
        }
        let mut aside = 0_i32;
        for (from, to) in arrows {
            let (Some(a), Some(b)) = (self.boxes.get(*from), self.boxes.get(*to)) else { continue };
            let layer = |cell: &usize| cells.get(*cell).map_or(0, |cell| cell.layer);
            let next = layer(from) == layer(to) + 1;
            let edges = (edges.get(layer(from)), edges.get(layer(to)));
            let way = if let (true, (Some((_, bottom)), Some((top, _)))) = (next, edges) {
                Way::Straight(*bottom, *top)
            } else {
                aside += 1;
                let lane = 6 + (aside % 6) * 6;
                let left = a.x + b.x < self.width || (a.x + b.x == self.width && aside % 2 == 0);
                Way::Aside(if left { lane } else { self.width - lane })
            };
            self.arrows.push(Arrow { from: (a.x, a.y + a.height), to: (b.x, b.y), way });
        }
    }
}

/// The mean place of what a vertex leads to in the layers below, which have theirs already.
fn mean(cell: usize, arrows: &[(usize, usize)], x: &[i32]) -> i32 {
    let start = arrows.partition_point(|(from, _)| *from < cell);
    let to = arrows.iter().skip(start).take_while(|(from, _)| *from == cell);
    let (mut sum, mut count) = (0_i32, 0_i32);
    for at in to.filter_map(|(_, to)| x.get(*to)) {
        sum += at;
        count += 1;
    }
    if count == 0 { 0 } else { sum / count }
}

/// The rows of a layer: one, or two of which each fits the gaps of the other.
fn split(layer: &[usize]) -> Vec<Vec<usize>> {
    if layer.len() <= ROW {
        return vec![layer.to_vec()];
    }
    let every_second = |of: usize| {
        let row = layer.iter().enumerate().filter(move |(index, _)| index % 2 == of);
        row.map(|(_, cell)| *cell).collect()
    };
    vec![every_second(0), every_second(1)]
}

const fn row_length(layer: usize) -> usize {
    if layer <= ROW { layer } else { layer.div_ceil(2) }
}

/// The layer of each vertex, from 0 at the subject; arrows that close a cycle do not count.
fn ranks(picture: &Picture) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum State {
        Done,
        New,
        Open,
    }
    let count = picture.vertices.len();
    let mut states = vec![State::New; count];
    let mut ranks = vec![0_usize; count];
    let start = |vertex: usize| picture.arrows.partition_point(|(from, _)| *from < vertex);
    for root in 0..count {
        if states.get(root) != Some(&State::New) {
            continue;
        }
        // Each frame is a vertex and the next of its arrows.
        let mut frames = vec![(root, start(root))];
        while let Some((vertex, arrow)) = frames.pop() {
            if let Some(state) = states.get_mut(vertex) {
                *state = State::Open;
            }
            match picture.arrows.get(arrow) {
                Some((from, to)) if *from == vertex => match states.get(*to) {
                    Some(State::New) => frames.extend([(vertex, arrow), (*to, start(*to))]),
                    Some(State::Done) => {
                        let above = ranks.get(*to).map_or(0, |rank| rank + 1);
                        if let Some(rank) = ranks.get_mut(vertex) {
                            *rank = above.max(*rank);
                        }
                        frames.push((vertex, arrow + 1));
                    }
                    Some(State::Open) | None => frames.push((vertex, arrow + 1)),
                },
                Some(_) | None => {
                    if let Some(state) = states.get_mut(vertex) {
                        *state = State::Done;
                    }
                }
            }
        }
    }
    ranks
}

/// What is drawn, sorted by layer, and of each vertex of the picture where it went.
fn cells(picture: &Picture, ranks: &[usize]) -> (Vec<Cell>, Vec<usize>) {
    let mut order: Vec<usize> = (0..picture.vertices.len()).collect();
    let layer = |vertex: usize| ranks.get(vertex).copied().unwrap_or(0).min(MAX_LAYERS);
    // Of each layer first what stands for most.
    let count = |vertex: usize| picture.vertices.get(vertex).map_or(0, |vertex| vertex.count);
    order.sort_by_key(|vertex| (layer(*vertex), std::cmp::Reverse(count(*vertex)), *vertex));
    let mut cells: Vec<Cell> = Vec::new();
    let mut cell_of = vec![0_usize; picture.vertices.len()];
    for members in order.chunk_by(|a, b| layer(*a) == layer(*b)) {
        let at = members.first().map_or(0, |vertex| layer(*vertex));
        let drawn = match (at == MAX_LAYERS, members.len() > MAX_LAYER) {
            (true, _) => 0,
            (false, true) => MAX_LAYER - 1,
            (false, false) => members.len(),
        };
        let (drawn, folded) = members.split_at(drawn);
        for vertex in drawn {
            let shape = picture.vertices.get(*vertex).map(|vertex| vertex.shape);
            let is_step = matches!(shape, Some(Shape::Activity | Shape::Unbelieved));
            let height = if is_step { 40 } else { 46 };
            if let Some(cell) = cell_of.get_mut(*vertex) {
                *cell = cells.len();
            }
            cells.push(Cell { what: What::Vertex(*vertex), layer: at, height });
        }
        if !folded.is_empty() {
            let all = folded.iter().map(|vertex| count(*vertex)).fold(0, usize::saturating_add);
            for vertex in folded {
                if let Some(cell) = cell_of.get_mut(*vertex) {
                    *cell = cells.len();
                }
            }
            cells.push(Cell { what: What::Folded(all), layer: at, height: 30 });
        }
    }
    (cells, cell_of)
}
