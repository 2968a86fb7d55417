//! What must hold of the names of one `files` manifest, each by itself and all together.

use super::{NameError, NameProfile, check_file, check_portable, folded, glance};
use crate::parallel;
use crate::text::excerpt;

/// Names that one thread checks at a time: some 100 us of work.
const RUN: usize = 2_048;

/// A path, of a file or of a directory, whose last component has another folded form.
struct Folding<'a> {
    parent: Parent,
    /// Of the last component.
    folded: String,
    path: &'a str,
}

/// A directory, told from others without looking at its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Parent {
    /// Place of the first name below it.
    first: usize,
    /// Length of its own name with the `/`, in bytes; 0 for the root.
    len: usize,
}

/// Checks the names of all files; `names` are in bytewise order.
///
/// Of several faults the first in that order is reported; collisions come last.
pub(crate) fn check_together(
    names: &[&str],
    profile: NameProfile,
    threads: usize,
) -> Result<(), NameError> {
    let runs = (0..names.len()).step_by(RUN);
    let mut folding = Vec::new();
    for run in parallel::map(threads, runs, |start| check_run(names, start, profile)) {
        folding.extend(run?);
    }
    check_collisions(names, folding)
}

/// Checks [`RUN`] names from `start`; with [`NameProfile::Portable`] gives what may collide.
fn check_run<'a>(
    names: &[&'a str],
    start: usize,
    profile: NameProfile,
) -> Result<Vec<Folding<'a>>, NameError> {
    let mut folding = Vec::new();
    let before = start.checked_sub(1).and_then(|before| names.get(before));
    let mut last = before.copied().unwrap_or_default();
    // The directories of `last`, the root first.
    let mut parents = parents(names, last);
    for (place, name) in names.iter().enumerate().skip(start).take(RUN) {
        let glance = glance(name);
        if !glance.is_plain {
            check_file(name)?;
            if profile == NameProfile::Portable {
                check_portable(name)?;
            }
        }
        if last == *name {
            return Err(NameError::Duplicate { name: excerpt(name) });
        }
        // Names below one directory stand together, so it is new where the name before is not
        // below it. Only what is new is looked at: names are long, and many share their beginning.
        let shared = shared(last, name);
        parents.truncate(parents.partition_point(|parent| parent.len <= shared));
        let mut push = |parent: Parent, end| {
            if glance.folds && profile == NameProfile::Portable {
                let component = name.get(parent.len..end).unwrap_or_default();
                let (folded, path) = (folded(component), name.get(..end).unwrap_or_default());
                if folded != component {
                    folding.push(Folding { parent, folded, path });
                }
            }
        };
        let mut parent = parents.last().copied().unwrap_or(ROOT);
        let rest = name.bytes().enumerate().skip(shared);
        for (slash, _) in rest.filter(|(_, byte)| *byte == b'/') {
            let directory = name.get(..slash).unwrap_or_default();
            // Between a file of that name and this one stand only names that begin with it.
            if slash == shared && names.binary_search(&directory).is_ok() {
                return Err(NameError::FileAndDirectory { name: excerpt(directory) });
            }
            push(parent, slash);
            parent = Parent { first: place, len: slash.saturating_add(1) };
            parents.push(parent);
        }
        push(parent, name.len());
        last = name;
    }
    Ok(folding)
}

const ROOT: Parent = Parent { first: 0, len: 0 };

/// The root and the directories of a name, which is among `names`.
fn parents(names: &[&str], name: &str) -> Vec<Parent> {
    let directories = name.match_indices('/').map(|(slash, _)| {
        let len = slash.saturating_add(1);
        let inside = name.get(..len).unwrap_or_default();
        Parent { first: names.partition_point(|name| *name < inside), len }
    });
    std::iter::once(ROOT).chain(directories).collect()
}

/// How many bytes both texts begin with.
fn shared(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// Two paths of one folded form; of the smallest such path that is not the first of its form.
///
/// Directories collide too: `A/x` and `a/y` cannot stand side by side. A path
/// folds component by component, so the first that collide are in one
/// directory. Of two such at least one differs from its folded form, so only
/// those and what stands under their folded forms need be looked at.
fn check_collisions(names: &[&str], mut folding: Vec<Folding<'_>>) -> Result<(), NameError> {
    folding
        .sort_unstable_by(|a, b| (a.parent, &a.folded, a.path).cmp(&(b.parent, &b.folded, b.path)));
    let mut first: Option<(String, String)> = None;
    for same in folding.chunk_by(|a, b| (a.parent, &a.folded) == (b.parent, &b.folded)) {
        let Some(Folding { parent, folded, path }) = same.first() else { continue };
        let plain = [path.get(..parent.len).unwrap_or_default(), folded].concat();
        let mut paths: Vec<&str> = same.iter().map(|folding| folding.path).collect();
        if is_path(names, &plain) && super::folded(folded) == *folded {
            paths.push(&plain);
            paths.sort_unstable();
        }
        if let [other, name, ..] = paths.as_slice()
            && first.as_ref().is_none_or(|(known, _)| **name < **known)
        {
            first = Some(((*name).to_owned(), (*other).to_owned()));
        }
    }
    match first {
        None => Ok(()),
        Some((name, other)) => {
            Err(NameError::Collision { name: excerpt(&name), other: excerpt(&other) })
        }
    }
}

/// Whether a file or directory of this name is among the files.
fn is_path(names: &[&str], path: &str) -> bool {
    if names.binary_search(&path).is_ok() {
        return true;
    }
    let inside = format!("{path}/");
    let at = names.partition_point(|name| *name < inside.as_str());
    names.get(at).is_some_and(|name| name.starts_with(&inside))
}

#[cfg(test)]
mod tests;
