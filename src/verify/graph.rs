//! The lineage as a graph: datasets, the activities that produced them, and what those used.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::ManifestId;
use crate::proof::{LineageProof, Statement};

/// A vertex; edges lead from the subject towards the origins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vertex {
    /// Index of an activity among the proof's statements.
    Activity(usize),
    /// A dataset or model in use.
    Manifest(ManifestId),
}

/// Everything the subject was made from, each vertex once.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    /// The subject is vertex 0.
    pub(super) vertices: Vec<Vertex>,
    /// From a dataset to the activities that produced it, from an activity to its inputs.
    pub(super) edges: Vec<Vec<usize>>,
    /// On a shortest path from the subject: the vertex before; the subject has none.
    pub(super) before: Vec<Option<usize>>,
    /// Strongly connected components, each one after all that lead to it.
    ///
    /// An output may equal an input, so datasets can lie on cycles even though statements cannot.
    pub(super) components: Vec<Vec<usize>>,
}

impl Graph {
    pub(super) fn new(proof: &LineageProof) -> Self {
        let mut producers: BTreeMap<ManifestId, Vec<usize>> = BTreeMap::new();
        for (index, statement) in proof.statements().iter().enumerate() {
            if let Statement::Activity(activity) = statement {
                for manifest in activity.payload().generated() {
                    producers.entry(manifest).or_default().push(index);
                }
            }
        }
        let mut graph = Self {
            vertices: vec![Vertex::Manifest(proof.subject())],
            edges: Vec::new(),
            before: vec![None],
            components: Vec::new(),
        };
        let mut manifests: BTreeMap<ManifestId, usize> = [(proof.subject(), 0)].into();
        let mut activities: BTreeMap<usize, usize> = BTreeMap::new();
        // Breadth first, so that `before` gives shortest paths.
        let mut next = 0_usize;
        while let Some(vertex) = graph.vertices.get(next).copied() {
            let mut edges = Vec::new();
            match vertex {
                Vertex::Manifest(id) => {
                    for index in producers.get(&id).into_iter().flatten() {
                        let to = *activities.entry(*index).or_insert(graph.vertices.len());
                        graph.discover(to, Vertex::Activity(*index), next);
                        edges.push(to);
                    }
                }
                Vertex::Activity(index) => {
                    if let Some(Statement::Activity(activity)) = proof.statements().get(index) {
                        for input in activity.payload().used() {
                            let to = *manifests.entry(input).or_insert(graph.vertices.len());
                            graph.discover(to, Vertex::Manifest(input), next);
                            edges.push(to);
                        }
                    }
                }
            }
            graph.edges.push(edges);
            next = next.saturating_add(1);
        }
        graph.components = components(&graph.edges);
        graph
    }

    fn discover(&mut self, index: usize, vertex: Vertex, from: usize) {
        if index == self.vertices.len() {
            self.vertices.push(vertex);
            self.before.push(Some(from));
        }
    }

    /// The datasets from the subject to this vertex on a shortest path, both included.
    pub(super) fn path(&self, vertex: usize) -> Vec<ManifestId> {
        let steps = std::iter::successors(Some(vertex), |at| self.before.get(*at).copied()?);
        let mut path: Vec<ManifestId> = steps
            .filter_map(|at| match self.vertices.get(at) {
                Some(Vertex::Manifest(id)) => Some(*id),
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
            let Vertex::Manifest(id) = vertex else { return None };
            // A dataset was found from an activity, and that from a dataset.
            match self.vertices.get(before(before(at)?)?)? {
                Vertex::Manifest(next) => Some((*id, *next)),
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
        let mut waiting: Vec<usize> = Vec::new();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); self.vertices.len()];
        let mut ready: Vec<usize> = Vec::new();
        for (from, (vertex, to)) in self.vertices.iter().zip(&self.edges).enumerate() {
            let needed = match vertex {
                Vertex::Activity(_) => to.len(),
                Vertex::Manifest(_) => to.len().min(1),
            };
            waiting.push(needed);
            if needed == 0 {
                ready.push(from);
            }
            for to in to {
                if let Some(users) = users.get_mut(*to) {
                    users.push(from);
                }
            }
        }
        let mut standing: BTreeSet<usize> = BTreeSet::new();
        while let Some(vertex) = ready.pop() {
            if !standing.insert(vertex) {
                continue;
            }
            for user in users.get(vertex).into_iter().flatten() {
                if let Some(needed) = waiting.get_mut(*user) {
                    *needed = needed.saturating_sub(1);
                    if *needed == 0 {
                        ready.push(*user);
                    }
                }
            }
        }
        (0..self.vertices.len()).filter(|vertex| !standing.contains(vertex)).collect()
    }
}

/// Tarjan's strongly connected components, iteratively, in topological order.
fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut number = vec![NEW; edges.len()];
    let mut low = vec![NEW; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let mut stack: Vec<usize> = Vec::new();
    let mut components: Vec<Vec<usize>> = Vec::new();
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
            if let Some(next) = edges.get(vertex).and_then(|to| to.get(followed)).copied() {
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
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    set(&mut on_stack, member, false);
                    component.push(member);
                    if member == vertex {
                        break;
                    }
                }
                components.push(component);
            }
            if let Some((parent, _)) = frames.last().copied() {
                let lowest = get(&low, parent).min(get(&low, vertex));
                set(&mut low, parent, lowest);
            }
        }
    }
    components.reverse();
    components
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}
