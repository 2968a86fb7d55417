//! The lineage as a graph: datasets, the activities that produced them, and what those used.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::ManifestId;
use crate::proof::{LineageProof, Lists, Statement};

/// A vertex; edges lead from the subject towards the origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vertex {
    /// An activity, by its place among the proof's statements.
    Activity(usize),
    /// A dataset or model in use, with its number in the proof.
    Manifest { id: ManifestId, number: usize },
}

/// Everything the subject was made from, each vertex once.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// The subject is vertex 0.
    pub(super) vertices: Vec<Vertex>,
    /// From a dataset to the activities that produced it, from an activity to its inputs.
    pub(super) edges: Lists,
    /// On a shortest path from the subject: the vertex before; the subject has none.
    before: Vec<Option<usize>>,
    /// Strongly connected components, each one after all that lead to it.
    ///
    /// An output may equal an input, so datasets can lie on cycles even though statements cannot.
    pub(super) components: Lists,
    /// The vertex of each dataset, by its number in the proof.
    manifests: Vec<Option<usize>>,
    /// The vertex of each activity, by its place in the proof; no other statement has any.
    activities: Vec<Option<usize>>,
}

impl Graph {
    pub(super) fn new(proof: &LineageProof) -> Self {
        let numbers = proof.numbers();
        let mut graph = Self {
            vertices: Vec::new(),
            edges: Lists::with_capacity(proof.statements().len()),
            before: Vec::new(),
            components: Lists::default(),
            manifests: vec![None; numbers.manifests().len()],
            activities: vec![None; proof.statements().len()],
        };
        if let Some(number) = numbers.manifest(&proof.subject()) {
            graph.discover(Vertex::Manifest { id: proof.subject(), number }, None);
        }
        // Breadth first, so that `before` gives shortest paths.
        let mut next = 0_usize;
        while let Some(vertex) = graph.vertices.get(next).copied() {
            match vertex {
                Vertex::Manifest { number, .. } => {
                    for place in numbers.about.of(number) {
                        if let Some(Statement::Activity(_)) = proof.statements().get(*place) {
                            graph.lead(next, Vertex::Activity(*place));
                        }
                    }
                }
                Vertex::Activity(place) => {
                    for number in numbers.used_by.of(place) {
                        if let Some(id) = numbers.manifest_at(*number) {
                            graph.lead(next, Vertex::Manifest { id: *id, number: *number });
                        }
                    }
                }
            }
            graph.edges.end();
            next = next.saturating_add(1);
        }
        graph.components = components(&graph.edges);
        graph
    }

    /// Adds an edge to a vertex, which may be new.
    fn lead(&mut self, from: usize, vertex: Vertex) {
        let to = self.find(vertex).unwrap_or_else(|| self.discover(vertex, Some(from)));
        self.edges.add(to);
    }

    fn find(&self, vertex: Vertex) -> Option<usize> {
        match vertex {
            Vertex::Activity(place) => self.activities.get(place).copied()?,
            Vertex::Manifest { number, .. } => self.manifests.get(number).copied()?,
        }
    }

    fn discover(&mut self, vertex: Vertex, from: Option<usize>) -> usize {
        let new = self.vertices.len();
        self.vertices.push(vertex);
        self.before.push(from);
        match vertex {
            Vertex::Activity(place) => set(&mut self.activities, place, Some(new)),
            Vertex::Manifest { number, .. } => set(&mut self.manifests, number, Some(new)),
        }
        new
    }

    /// Whether the statement at this place is an activity that led to the subject.
    pub(super) fn has_activity(&self, place: usize) -> bool {
        self.find(Vertex::Activity(place)).is_some()
    }

    /// The vertex of the dataset with this number.
    pub(super) fn manifest(&self, number: usize) -> Option<usize> {
        self.manifests.get(number).copied().flatten()
    }

    /// The datasets from the subject to this vertex on a shortest path, both included.
    pub(super) fn path(&self, vertex: usize) -> Vec<ManifestId> {
        let steps = std::iter::successors(Some(vertex), |at| self.before.get(*at).copied()?);
        let mut path: Vec<ManifestId> = steps
            .filter_map(|at| match self.vertices.get(at) {
                Some(Vertex::Manifest { id, .. }) => Some(*id),
                Some(Vertex::Activity(_)) | None => None,
            })
            .collect();
        path.reverse();
        path
    }

    /// Of every dataset but the subject, the next one on a shortest way to the subject.
    pub(super) fn towards_subject(&self) -> BTreeMap<ManifestId, ManifestId> {
        let before = |at: usize| self.before.get(at).copied().flatten();
        let ways = self.vertices.iter().enumerate().filter_map(|(at, vertex)| {
            let Vertex::Manifest { id, .. } = vertex else { return None };
            // A dataset was found from an activity, and that from a dataset.
            match self.vertices.get(before(before(at)?)?)? {
                Vertex::Manifest { id: next, .. } => Some((*id, *next)),
                Vertex::Activity(_) => None,
            }
        });
        ways.collect()
    }

    /// The vertices that rest on themselves alone: cycles of datasets without any origin below.
    ///
    /// Datasets without producers and activities without inputs are origins or faults of their own.
    pub(super) fn groundless(&self) -> BTreeSet<usize> {
        // An activity stands when all it used stands, a dataset when one of its producers does.
        let waits = self.vertices.iter().zip(self.edges.iter()).map(|(vertex, to)| match vertex {
            Vertex::Activity(_) => to.len(),
            Vertex::Manifest { .. } => to.len().min(1),
        });
        let mut waits: Vec<usize> = waits.collect();
        let mut ready: Vec<usize> =
            (0..).zip(&waits).filter(|(_, waits)| **waits == 0).map(|(vertex, _)| vertex).collect();
        let users = self.edges.inverted(self.vertices.len());
        let mut standing = vec![false; self.vertices.len()];
        while let Some(vertex) = ready.pop() {
            if standing.get(vertex).is_none_or(|standing| *standing) {
                continue;
            }
            set(&mut standing, vertex, true);
            for user in users.of(vertex) {
                if let Some(needed) = waits.get_mut(*user) {
                    *needed = needed.saturating_sub(1);
                    if *needed == 0 {
                        ready.push(*user);
                    }
                }
            }
        }
        (0..).zip(standing).filter(|(_, standing)| !standing).map(|(vertex, _)| vertex).collect()
    }
}

/// Tarjan's strongly connected components, iteratively, in topological order.
fn components(edges: &Lists) -> Lists {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; edges.len()];
    let mut low = vec![NEW; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let mut stack: Vec<usize> = Vec::new();
    let mut components = Lists::with_capacity(edges.len());
    let mut count = 0_usize;
    let get = |list: &[usize], index: usize| list.get(index).copied().unwrap_or(NEW);
    for root in 0..edges.len() {
        if get(&number, root) != NEW {
            continue;
        }
        // Each frame is a vertex and how many of its edges were followed.
        let mut frames: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((vertex, followed)) = frames.pop() {
            if followed == 0 {
                set(&mut number, vertex, count);
                set(&mut low, vertex, count);
                count = count.saturating_add(1);
                stack.push(vertex);
                set(&mut on_stack, vertex, true);
            }
            if let Some(next) = edges.of(vertex).get(followed).copied() {
                frames.push((vertex, followed.saturating_add(1)));
                if get(&number, next) == NEW {
                    frames.push((next, 0));
                } else if on_stack.get(next) == Some(&true) {
                    let lowest = get(&low, vertex).min(get(&number, next));
                    set(&mut low, vertex, lowest);
                }
                continue;
            }
            if get(&low, vertex) == get(&number, vertex) {
                while let Some(member) = stack.pop() {
                    set(&mut on_stack, member, false);
                    components.add(member);
                    if member == vertex {
                        break;
                    }
                }
                components.end();
            }
            if let Some((parent, _)) = frames.last().copied() {
                let lowest = get(&low, parent).min(get(&low, vertex));
                set(&mut low, parent, lowest);
            }
        }
    }
    components.reversed()
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}
