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
pub(super) struct Parent {
    /// Place of the first name below it.
    pub(super) first: u64,
    /// Length of its own name with the `/`, in bytes; 0 for the root.
    pub(super) len: usize,
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
    let mut walk = Walk { parents: parents(names, last), files: files(names, last) };
    for (place, name) in names.iter().enumerate().skip(start).take(RUN) {
        let folds = check_alone(name, profile)?;
        walk.step(last, name, number(place), |parent, end| {
            if folds == Folds::Maybe {
                let component = name.get(parent.len..end).unwrap_or_default();
                let (folded, path) = (folded(component), name.get(..end).unwrap_or_default());
                if folded != component {
                    folding.push(Folding { parent, folded, path });
                }
            }
        })?;
        last = name;
    }
    Ok(folding)
}

/// Whether a name or a directory of it may have another folded form, where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folds {
    Maybe,
    No,
}

/// Checks one name by itself.
pub(crate) fn check_alone(name: &str, profile: NameProfile) -> Result<Folds, NameError> {
    let glance = glance(name);
    if !glance.is_plain {
        check_file(name)?;
        if profile == NameProfile::Portable {
            check_portable(name)?;
        }
    }
    let matters = glance.folds && profile == NameProfile::Portable;
    Ok(if matters { Folds::Maybe } else { Folds::No })
}

/// A pass over names in bytewise order: what there is to know of those before.
#[derive(Debug)]
pub(super) struct Walk {
    /// The directories of the last name, the root first.
    parents: Vec<Parent>,
    /// Lengths of the names that the last one begins with, itself included.
    files: Vec<usize>,
}

impl Walk {
    /// Before the first name.
    #[cfg(feature = "fs")]
    pub(super) fn new() -> Self {
        Self { parents: vec![ROOT], files: Vec::new() }
    }

    /// Goes from `last`, empty before the first name, to `name` at `place`; `path` is given
    /// every path that `last` has not: the directory it is in, and where it ends in `name`.
    pub(super) fn step(
        &mut self,
        last: &str,
        name: &str,
        place: u64,
        mut path: impl FnMut(Parent, usize),
    ) -> Result<(), NameError> {
        if last == name {
            return Err(NameError::Duplicate { name: excerpt(name) });
        }
        // Names below one directory stand together, so it is new where the name before is not
        // below it. Only what is new is looked at: names are long, and many share their beginning.
        let shared = shared(last, name);
        self.parents.truncate(self.parents.partition_point(|parent| parent.len <= shared));
        self.files.truncate(self.files.partition_point(|file| *file <= shared));
        let mut parent = self.parents.last().copied().unwrap_or(ROOT);
        let rest = name.bytes().enumerate().skip(shared);
        for (slash, _) in rest.filter(|(_, byte)| *byte == b'/') {
            // Between a file of that name and this one stand only names that begin with it.
            if self.files.last() == Some(&slash) {
                let directory = name.get(..slash).unwrap_or_default();
                return Err(NameError::FileAndDirectory { name: excerpt(directory) });
            }
            path(parent, slash);
            parent = Parent { first: place, len: slash.saturating_add(1) };
            self.parents.push(parent);
        }
        path(parent, name.len());
        self.files.push(name.len());
        Ok(())
    }
}

fn number(place: usize) -> u64 {
    u64::try_from(place).unwrap_or(u64::MAX)
}

const ROOT: Parent = Parent { first: 0, len: 0 };

/// The root and the directories of a name, which is among `names`.
fn parents(names: &[&str], name: &str) -> Vec<Parent> {
    let directories = name.match_indices('/').map(|(slash, _)| {
        let len = slash.saturating_add(1);
        let inside = name.get(..len).unwrap_or_default();
        Parent { first: number(names.partition_point(|name| *name < inside)), len }
    });
    std::iter::once(ROOT).chain(directories).collect()
}

/// Lengths of the names that `name`, which is among `names`, begins with and later ones may be below.
fn files(names: &[&str], name: &str) -> Vec<usize> {
    // Where it goes on with anything greater than `/`, all below a shorter name stand before it.
    let shorter = name.bytes().enumerate().filter(|(_, byte)| *byte < b'/').map(|(len, _)| len);
    let is_name =
        |len: &usize| name.get(..*len).is_some_and(|shorter| names.binary_search(&shorter).is_ok());
    let whole = (!name.is_empty()).then_some(name.len());
    shorter.filter(is_name).chain(whole).collect()
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
